"""Product terms beside the loans: the text as given, the names it defines, and what a changed text touches."""

from __future__ import annotations

import polars as pl

from mora.core.findings import Finding, Severity
from mora.core.words import Language
from mora.engine.book.manifest import Book
from mora.feeds import RawBook
from mora.feeds.faults import RefusedBook, Told, refused
from mora.loans.products import parse_products
from mora.loans.terms import Product


class ProductTerms:
    """The product terms after this import.

    :raises BadInput: the text has errors, or drops a product that loans of the book use.
    """

    def __init__(self, raw: RawBook, book: Book) -> None:
        self.book = book
        self.text = raw.products_yaml if raw.products_yaml is not None else book.products
        self.names: frozenset[str] | None = None
        self._before: dict[str, Product] = _parse(book.products, "products.yaml") if book.products else {}
        self._after: dict[str, Product] = {}
        if self.text is None:
            return
        self._after = _parse(self.text, raw.products_file)
        self.names = frozenset(self._after)
        if book.generation and self.text != book.products:
            for name in self._used():
                if name not in self.names:
                    raise refused("BOOK.PRODUCT_GONE", file=raw.products_file, value=name)

    def _used(self) -> list[str]:
        return sorted(self.book.scan("loans").select(pl.col("product").unique()).collect()["product"].to_list())

    def touched(self) -> pl.Series:
        """Loans of the book whose product's terms became others."""
        nobody = pl.Series("loan_id", [], dtype=pl.String)
        if not self.book.generation or self.text == self.book.products:
            return nobody
        default = {name: Product(name=name) for name in self._used()}
        other = [name for name in default if self._after.get(name) != self._before.get(name, default[name])]
        if not other:
            return nobody
        return self.book.scan("loans").filter(pl.col("product").is_in(other)).select("loan_id").collect()["loan_id"]


def _parse(text: str, file: str) -> dict[str, Product]:
    products, findings = parse_products(text, file, Language.EN)
    if any(each.severity is Severity.ERROR for each in findings):
        _, chinese = parse_products(text, file, Language.ZH)
        raise RefusedBook(*(
            Told("BOOK.PRODUCTS", file=file, row=en.row, column=en.column, value=en.value,
                 detail=f"{_plain(zh)}|{_plain(en)}")
            for zh, en in zip(chinese, findings, strict=True) if en.severity is Severity.ERROR
        ))  # fmt: skip
    return products


def _plain(finding: Finding) -> str:
    """The bar parts the languages, so none may stand in a message."""
    return f"{finding.code} {finding.message}".replace("|", "/")
