"""What does everything else agree on? Money, dates, rates, findings, citations, words.

This room knows nothing of loans. It has no clock: an as-of date is always an argument.
"""
