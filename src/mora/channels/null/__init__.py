"""Nothing leaves. Says what would have left, word for word, and calls it accepted.

For trials, demonstrations and rehearsals of a strategy; also the folder to copy for a channel of one's own. Needs
nothing. Nothing comes back, so its messages stay ``sent``.
"""
