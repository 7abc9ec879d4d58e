"""Mora: the whole life of an overdue loan, exact to the cent and the day.

The folders are the loan's journey, read downwards: ``core`` and ``law`` (words and
rules), ``loans`` (what is owed), ``ageing`` (how late), ``riskclass`` (how bad),
``insight`` (what the book looks like), then the machine: ``feeds`` (ways into the book),
``engine`` (columns, not loans), ``report`` (what people look at) and ``cli``.

A room imports the rooms above it and never one below.
"""

__version__ = "0.1.0"
