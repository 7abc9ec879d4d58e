"""Which loan book can be tried without anybody's data? One made up from a seed.

``write_book(Order(loans=1000, seed=7), directory)`` writes a book in the book format, with
borrowers who pay on time, late, in parts, twice, or not at all, and every kind of posting a
ledger knows. Everything in it is labelled synthetic; docs/reference/synthetic-book.md says
what is in it and why nobody in it can exist.
"""

from __future__ import annotations

from mora.feeds.synthetic.files import Form
from mora.feeds.synthetic.write import DEFAULT_AS_OF, Order, write_book

__all__ = ["DEFAULT_AS_OF", "Form", "Order", "write_book"]
