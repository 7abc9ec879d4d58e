"""A notice in the lender's own app or portal: the record of the hand-over is the notice.

No other system takes part, so nothing can be lost between: whoever keeps the answer of the hand-over (its ``record``)
has the notice, and the portal shows it. Needs nothing. When the person opens it, the portal reports ``read``; it may
report that only where the person agreed to be told on.
"""
