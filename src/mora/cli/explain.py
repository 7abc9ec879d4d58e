"""``mora explain``: why one loan stands where it stands."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from mora.cli.arguments import AsOf, BookPath, House, KnownAt, refusing
from mora.core.words import Language
from mora.engine.book.manifest import open_book
from mora.engine.explain import explain as explain_loan
from mora.report.explain import print_explanation


@refusing
def explain(
    loan_id: Annotated[str, typer.Argument(metavar="LOAN_ID", help="贷款编号 The loan")],
    book: BookPath,
    as_of: AsOf,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 Machine-readable")] = False,
    known_at: KnownAt = None,
    house: House = None,
    lang: Annotated[Language, typer.Option("--lang", help="语言 Language")] = Language.ZH,
) -> None:
    """说明一笔贷款：每笔钱的去向、罚息如何计、为何逾期这些天、分类依据哪一条。 Explain one loan line by line."""
    told = explain_loan(open_book(book), loan_id, as_of, known_at=known_at, house=house)
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=1, default=str))  # noqa: T201 - what was asked for
        return
    print_explanation(told, lang, Console())
