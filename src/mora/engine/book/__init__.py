"""The loan book on disk: what it holds, how rows come in, and whether it ties.

``open_book(path)`` gives a :class:`Book`; ``import_book(source, path)`` adds to one; ``check_alignment(book)``
proves the contract that ageing relies on.
"""

from mora.engine.book.importing import import_book
from mora.engine.book.layout import check_alignment
from mora.engine.book.manifest import Book, open_book
from mora.engine.book.report import ImportReport

__all__ = ["Book", "ImportReport", "check_alignment", "import_book", "open_book"]
