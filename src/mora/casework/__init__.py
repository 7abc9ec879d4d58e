"""The only place where things happen: commands that change work, each with its event in the audit chain.

Pages, the command line and the day call these; nothing else writes to :mod:`mora.store`.
"""
