"""``mora gate words``: what is wrong with a text, each fault with its clause and words that would do instead."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import pyarrow.parquet as pq
import typer
from rich.console import Console
from rich.text import Text

from mora.cli.arguments import REFUSED, refusing
from mora.core.errors import BadInput
from mora.core.words import Language
from mora.gate.clauses import clauses
from mora.gate.terms import ActorKind, Channel, Effect
from mora.gate.words import Reading, read
from mora.law.vocabulary import ProductKind

FOUND = 1
"""Exit code: read, and a fault was found that is to be refused."""


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date such as 2026-11-22") from None


@refusing
def words(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="要检查的文字，- 为标准输入 The text; - reads stdin")],
    on: Annotated[
        date | None,
        typer.Option("--on", metavar="DATE", parser=_day, help="适用哪一日的法规，默认今日 Whose day's law; today"),
    ] = None,
    lang: Annotated[Language | None, typer.Option("--lang", help="文字的语言 Language of the text")] = None,
    to: Annotated[str, typer.Option("--to", help="debtor 或 third_party The person addressed")] = "debtor",
    position: Annotated[
        Path | None, typer.Option("--position", metavar="FILE", help="账户：JSON对象或单行Parquet A position")
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", help="适用地法律，可多次；默认cn Whose law, repeatable; cn by default"),
    ] = None,
    channel: Annotated[
        Channel | None, typer.Option("--channel", help="渠道，给出时核对必备内容 How it goes out")
    ] = None,
    actor: Annotated[ActorKind, typer.Option("--actor", help="由谁发出 Who speaks")] = ActorKind.LENDER,
    product: Annotated[
        list[ProductKind] | None, typer.Option("--product", help="债务种类，可多次 What kind of debt, repeatable")
    ] = None,
    first: Annotated[bool, typer.Option("--first", help="首次联络 The first contact about the debt")] = False,
    house: Annotated[str, typer.Option("--house", metavar="NAME|DIR", help="机构规则包 A house pack")] = "prudent",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 Machine-readable")] = False,
) -> None:
    """检查用语：威胁、侮辱、冒充、虚构后果、泄露等，附条款与替代用语；应拒绝时退出码为1。 Read a text for faults."""
    reading = read(
        sys.stdin.read() if text == "-" else text,
        on=on or datetime.now(tz=UTC).astimezone().date(),
        language=lang.value if lang is not None else None,
        to=to,
        position=None if position is None else _position(position),
        places=tuple(place or ["cn"]),
        channel=channel,
        actor=actor,
        products=tuple(product or ()),
        first=first,
        rules=clauses(None if house == "none" else house),
    )
    if as_json:
        typer.echo(msgspec.json.format(msgspec.json.encode(reading), indent=1).decode())
    else:
        _show(reading)
    if reading.effect is Effect.REFUSE:
        raise typer.Exit(FOUND)


def _position(file: Path) -> dict[str, object]:
    """A row of positions from a file.

    :raises BadInput: no such file, neither a JSON object nor Parquet, or not exactly one row.
    """
    if not file.is_file():
        raise BadInput(f"There is no file {file}.")
    if file.suffix == ".parquet":
        try:
            rows: list[dict[str, object]] = pq.read_table(file).to_pylist()
        except Exception as problem:  # noqa: BLE001 - whatever the reader says about the file is the message
            raise BadInput(f"{file} cannot be read as Parquet: {problem}") from None
        if len(rows) != 1:
            raise BadInput(f"{file} holds {len(rows)} rows; a position is one.")
        return rows[0]
    try:
        # Decimals stay text and are then refused as amounts, instead of becoming floats.
        row = json.loads(file.read_text(encoding="utf-8"), parse_float=str)
    except (UnicodeDecodeError, json.JSONDecodeError) as problem:
        raise BadInput(f"{file} is not JSON: {problem}") from None
    if not isinstance(row, dict):
        raise BadInput(f"{file} holds {type(row).__name__}; a position is a JSON object.")
    return row


def _show(reading: Reading) -> None:
    console = Console(highlight=False)
    if not reading.findings:
        console.print(
            "未发现问题。 Nothing found. 未发现不等于没有 The guard finds what it knows; it does not clear a text."
        )
        return
    for each in reading.findings:
        colour = "red" if each.effect is Effect.REFUSE else "yellow"
        word = "拒绝 refused" if each.effect is Effect.REFUSE else "提示 warned"
        where = f" [{each.start}:{each.end}]" if each.end else ""
        quote = f" “{each.quote}”" if each.quote else ""
        console.print(Text(f"{word}  {each.kind.value}{where}{quote}", style=colour), soft_wrap=True)
        for line in (
            each.message_zh,
            each.message_en,
            f"{each.rule}  {each.clause_zh}  {each.clause_en}" if each.rule else "",
        ):
            if line:
                console.print(Text(f"    {line}"), soft_wrap=True)
        console.print(
            Text(f"    可改为 instead: {each.suggestion_zh}\n    {each.suggestion_en}", style="dim"), soft_wrap=True
        )


__all__ = ["REFUSED", "words"]
