"""Put the tables of the book format into docs/reference/book-format.md, between the two markers.

python docs/make_book_format.py
"""

from __future__ import annotations

from pathlib import Path

from mora.engine.door.rows import MAY_BE_NEGATIVE, MOVES_MONEY, MOVES_NONE
from mora.feeds.columns import TABLES, Column, Kind, Table
from mora.loans.terms import REVERSIBLE, PostingKind

PAGE = Path(__file__).parent / "reference/book-format.md"
BEGIN, END = "<!-- tables: made by docs/make_book_format.py -->", "<!-- end of tables -->"
TYPES = {
    Kind.AMOUNT: "int64", Kind.RATE: "int64 (or decimal or text under the plain name)", Kind.DATE: "date32",
    Kind.INSTANT: "timestamp with time zone", Kind.NUMBER: "any integer",
}  # fmt: skip


def tables() -> str:
    """Every table and column, and what each posting kind asks for."""
    parts = [_table(table) for table in TABLES.values()]
    return "\n\n".join([*parts, _kinds()])


def _table(table: Table) -> str:
    lines = [f"### {table.name}", "", f"{table.about.zh}。{table.about.en}. Key: {', '.join(table.key)}.", "",
             "| column | in Parquet | needed | what it holds | example |", "|---|---|---|---|---|"]  # fmt: skip
    lines += [_row(column) for column in table.columns]
    return "\n".join(lines)


def _row(column: Column) -> str:
    typed = f"`{column.typed_name}` {TYPES.get(column.kind, 'text')}"
    about = f"{column.about.zh}。{column.about.en}."
    if column.choices and len(column.choices) <= 6:
        about += " One of " + ", ".join(column.choices) + "."
    return f"| `{column.name}` | {typed} | {'yes' if column.required else ''} | {about} | `{column.example}` |"


def _kinds() -> str:
    lines = ["### Posting kinds", "", "| kind | amount | also needs | may be reversed |", "|---|---|---|---|"]
    also = {PostingKind.WAIVER: "component", PostingKind.REVERSAL: "reverses"}
    for kind in PostingKind:
        if kind in MOVES_MONEY:
            amount = "above zero"
        elif kind in MOVES_NONE:
            amount = "0"
        elif kind is PostingKind.REVERSAL:
            amount = "the same as that of the posting it reverses"
        else:
            amount = "any but 0" if kind in MAY_BE_NEGATIVE else "zero or more"
        lines.append(
            f"| `{kind.name.lower()}` | {amount} | {also.get(kind, '')} | {'yes' if kind in REVERSIBLE else ''} |"
        )
    return "\n".join(lines)


def page() -> str:
    """The whole page with its tables as they are now."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
