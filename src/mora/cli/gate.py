"""``mora gate``: may this contact be made? One request, many, a text, or a recorded verdict asked again.

Exit codes: 0 answered (whatever the answer), 1 answered with requests set aside, 2 refused (unreadable, or a record
that does not prove its verdict).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from mora.cli.arguments import REFUSED, progress_bar, refusing
from mora.cli.gate_words import words
from mora.core.errors import BadInput
from mora.gate import Gate
from mora.gate.reading import convert_request, read_request, schema
from mora.gate.record import record_of, replay
from mora.gate.terms import Effect, Outcome, Request, Verdict

_STYLE = {Outcome.ALLOWED: "green", Outcome.WARNED: "yellow", Outcome.REFUSED: "red"}
_EFFECT = {
    Effect.REFUSE: Text("拒绝 refused", "red"), Effect.WARN: Text("提示 warned", "yellow"),
    Effect.EXCUSED: Text("已获许可 excused", "cyan"), Effect.NOTE: Text("备注 note", "dim"),
}  # fmt: skip


class _AskByDefault(TyperGroup):
    """``mora gate REQUEST.json`` is ``mora gate ask REQUEST.json``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["ask", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_AskByDefault,
    help="准入：能否联络。 The gate: may this contact be made? `mora gate REQUEST.json` asks; see also the commands.",
    no_args_is_help=True,
)

House = Annotated[
    str,
    typer.Option(
        "--house", metavar="NAME|DIR", help="机构规则包；none 表示仅按法律 A house pack; none for the law alone"
    ),
]


def gate_of(house: str) -> Gate:
    """The gate with a house pack by name or folder; ``none`` for the law alone."""
    return Gate.of(None if house == "none" else house)


@app.command("ask")
@refusing
def ask(
    request: Annotated[
        Path | None, typer.Argument(metavar="REQUEST.json", help="一份请求，- 为标准输入 One request; - reads stdin")
    ] = None,
    batch: Annotated[
        Path | None, typer.Option("--batch", metavar="FILE", help="JSON行或Parquet，每行一份请求 JSON lines or Parquet")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="批量结果写入文件 Where a batch's verdicts go")
    ] = None,
    house: House = "prudent",
    as_record: Annotated[
        bool, typer.Option("--record", help="输出可复核的记录 Print the record that proves the verdict")
    ] = False,
    table: Annotated[bool, typer.Option("--table", help="给人看的表 A table for people instead of JSON")] = False,
) -> None:
    """能否联络？输出JSON。 May this contact be made? Prints the verdict as JSON."""
    if (request is None) == (batch is None):
        raise BadInput("give one REQUEST.json, or --batch FILE with many")
    gate = gate_of(house)
    if batch is not None:
        _batch(gate, batch, out)
        return
    assert request is not None
    asked = read_request(_bytes(request), str(request))
    if as_record:
        typer.echo(record_of(gate, asked).decode())
        return
    verdict = gate.ask(asked)
    if table:
        _show(verdict)
        return
    typer.echo(msgspec.json.format(msgspec.json.encode(answer(verdict)), indent=2).decode())


def answer(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain values, with ``allowed`` first."""
    return {"allowed": verdict.allowed, **msgspec.to_builtins(verdict)}


@app.command("replay")
@refusing
def replay_(
    record: Annotated[Path, typer.Argument(metavar="FILE", help="记录文件 A record printed by `mora gate --record`")],
    house: House = "prudent",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 Machine-readable")] = False,
) -> None:
    """复核记录：按当时的规则重新判断。 Ask a recorded verdict again, by its own rules and by today's."""
    done = replay(_bytes(record), gate_of(house))
    if as_json:
        told = {
            "same": done.same, "intact": done.intact, "same_today": done.same_today,
            "recorded": answer(done.recorded), "again": answer(done.again), "now": answer(done.now),
        }  # fmt: skip
        typer.echo(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
    else:
        _show(done.recorded)
        console = _console()
        _line(console, done.intact, "记录未被改动 the text is as it was sealed", "记录已被改动 the text was altered")
        _line(console, done.same, "按当时规则重判，结论一致 asked again by its own rules, it answers the same",
              "按当时规则重判，结论不一致 asked again by its own rules, it answers differently")  # fmt: skip
        console.print(
            Text("按今日规则，结论一致 today's rules answer the same", "dim")
            if done.same_today
            else Text(
                f"按今日规则，结论为 {done.now.outcome} by today's rules the answer is {done.now.outcome}", "yellow"
            )
        )
    if not done.same:
        raise typer.Exit(REFUSED)


app.command("words")(words)


@app.command("schema")
def schema_() -> None:
    """请求的JSON Schema。 The JSON Schema of a request."""
    typer.echo(json.dumps(schema(), ensure_ascii=False, indent=2))


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    return path.read_bytes()


def _requests(path: Path) -> Iterator[tuple[str, Request | BadInput]]:
    """Each request of a batch with where it stands; one that cannot be read comes as its refusal."""
    if path.suffix == ".parquet":
        try:
            frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as problem:
            raise BadInput(f"{path} is not a Parquet file: {problem}") from None
        for number, row in enumerate(frame.iter_rows(named=True), 1):
            where = f"{path}:{number}"
            text = row.get("request")
            try:
                yield where, read_request(text, where) if isinstance(text, str) else convert_request(_given(row), where)
            except BadInput as refused:
                yield where, refused
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"{path}:{number}"
                try:
                    yield where, read_request(line, where)
                except BadInput as refused:
                    yield where, refused


def _given(value: Any) -> Any:
    """A row of nested columns without the nulls that stand for fields not given."""
    if isinstance(value, dict):
        return {key: _given(each) for key, each in value.items() if each is not None}
    return [_given(each) for each in value] if isinstance(value, list) else value


def _batch(gate: Gate, path: Path, out: Path | None) -> None:
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    lines: list[bytes] = []
    aside = 0
    with progress_bar("准入 gate") as bar:
        task = bar.add_task("gate", total=None)
        for where, asked in _requests(path):
            if isinstance(asked, BadInput):
                aside += 1
                lines.append(msgspec.json.encode({"where": where, "error": str(asked)}))
            else:
                lines.append(msgspec.json.encode({"where": where, **answer(gate.ask(asked))}))
            bar.advance(task)
    if out is None:
        for line in lines:
            typer.echo(line.decode())
    elif out.suffix == ".parquet":
        _frame(lines).write_parquet(out)
    else:
        out.write_bytes(b"".join(line + b"\n" for line in lines))
    if aside:
        Console(stderr=True).print(
            f"{aside}份请求不可读，已逐行注明。 {aside} requests could not be read; each says why in its line.",
            style="yellow",
            soft_wrap=True,
        )
        raise typer.Exit(1)


def _frame(lines: list[bytes]) -> pl.DataFrame:
    """Verdicts as columns: where, outcome, allowed, rules that refuse and warn, earliest_at, and the whole as JSON."""
    told = [msgspec.json.decode(line) for line in lines]

    def rules(each: dict[str, Any], effect: str) -> list[str]:
        return [found["rule"] for found in each.get("findings", ()) if found["effect"] == effect]

    return pl.DataFrame(
        {
            "where": [each["where"] for each in told],
            "allowed": [each.get("allowed") for each in told],
            "outcome": [each.get("outcome") for each in told],
            "refused_by": [rules(each, "refuse") for each in told],
            "warned_by": [rules(each, "warn") for each in told],
            "earliest_at": [each.get("earliest_at") for each in told],
            "error": [each.get("error") for each in told],
            "verdict": [line.decode() for line in lines],
        },
        schema={
            "where": pl.String, "allowed": pl.Boolean, "outcome": pl.String, "refused_by": pl.List(pl.String),
            "warned_by": pl.List(pl.String), "earliest_at": pl.String, "error": pl.String, "verdict": pl.String,
        },
    ).with_columns(pl.col("earliest_at").str.to_datetime(time_zone="UTC", strict=False))  # fmt: skip


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=140)


def _line(console: Console, good: bool, yes: str, no: str) -> None:
    console.print(Text(yes, "green") if good else Text(no, "bold red"))


def _show(verdict: Verdict) -> None:
    """The verdict as a person reads it: the answer, then each rule with its clause."""
    console = _console()
    word = {Outcome.ALLOWED: "可以联络 allowed", Outcome.WARNED: "可以联络，请先阅提示 allowed with warnings",
            Outcome.REFUSED: "不得联络 refused"}[verdict.outcome]  # fmt: skip
    console.print(Text(word, f"bold {_STYLE[verdict.outcome]}"))
    if verdict.outcome is Outcome.REFUSED:
        when = verdict.earliest_at
        console.print(
            "等待不能解决 waiting alone does not help" if when is None else f"最早 earliest: {when.isoformat()}"
        )
    if verdict.findings:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("", "规则 rule", "依据 clause", "说明 why"):
            table.add_column(name, overflow="fold")
        for each in sorted(verdict.findings, key=lambda found: list(_EFFECT).index(found.effect)):
            table.add_row(
                _EFFECT[each.effect], each.rule, f"{each.clause}\n{each.clause_en}",
                f"{each.message_zh}\n{each.message_en}" + (f"\n{each.permission}" if each.permission else ""),
            )  # fmt: skip
        console.print(table)
    counted = [each for each in verdict.counters if each.limit is not None]
    if counted:
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in ("规则 rule", "计数 counted", "次数 count", "上限 limit", "对象 of"):
            table.add_column(name)
        for count in counted:
            table.add_row(count.rule, count.what, str(count.count), str(count.limit), count.key)
        console.print(table)
