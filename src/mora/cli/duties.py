"""``mora law duties``: by which day must we act, and under which clause?

Exit codes: 0 done, 2 refused (the facts cannot be used; no such house pack).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mora.cli.arguments import AsOf, refusing
from mora.core.errors import BadInput
from mora.core.findings import Finding
from mora.core.words import Language, Words
from mora.law import load
from mora.law.duties import Duty, DutyStatus, Kind, duties_of
from mora.law.vocabulary import Jurisdiction

_STATUS = {
    DutyStatus.DUE: (Words(zh="待办", en="due"), "yellow"),
    DutyStatus.MET: (Words(zh="已办", en="met"), "green"),
    DutyStatus.NOT_NEEDED: (Words(zh="无须", en="not needed"), "dim"),
    DutyStatus.OVERDUE: (Words(zh="逾期", en="overdue"), "red"),
    DutyStatus.MISSED: (Words(zh="曾漏办", en="missed"), "magenta"),
    DutyStatus.RUNNING: (Words(zh="期间内", en="running"), "cyan"),
    DutyStatus.OVER: (Words(zh="期间已过", en="over"), "dim"),
}
_DAY = {
    Kind.ACT_BY: Words(zh="最迟 ", en="by "),
    Kind.NOT_BEFORE: Words(zh="不早于 ", en="not before "),
    Kind.UNTIL: Words(zh="至 ", en="until "),
}


@refusing
def duties(
    facts: Annotated[
        Path, typer.Argument(metavar="FACTS.json", help="事实文件 The facts, see docs/algorithms/duties.md")
    ],
    as_of: AsOf,
    house: Annotated[
        str | None, typer.Option("--house", metavar="NAME|DIR", help="机构规则包 A house pack laid over the law")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 Machine-readable")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="语言 Language")] = Language.ZH,
) -> None:
    """何日前须办理何事，依据哪一条。 By which day must we act, and under which clause?"""
    read = _read(facts)
    known = {member.value for member in Jurisdiction}
    named = sorted({str(name).partition("_")[0] for name in read} & known) if isinstance(read, dict) else []
    found = duties_of(load(*named, house=house), read, as_of)
    if as_json:
        typer.echo(json.dumps([_as_json(each) for each in found], ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    console = console if console.is_terminal else Console(highlight=False, width=140)
    console.print(_table(found, lang))
    console.print()
    for each in found:
        console.print(Text(f"{each.matter}  {each.rule_id}  ", style="dim") + Text(each.sentence.in_(lang)))


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.") from None
    except (OSError, UnicodeDecodeError) as problem:
        raise BadInput(f"{path} cannot be read as UTF-8 text: {problem}") from None
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as problem:
        raise BadInput(f"{path}:{problem.lineno}: this is not JSON: {problem.msg} (column {problem.colno}).") from None
    except RecursionError:
        raise BadInput(f"{path}: this is nested too deeply to be facts.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's members; a key written twice is refused, for one of the two would be lost."""
    held = dict(pairs)
    if len(held) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        fault = Finding("DUTIES.KEY", f"the key {twice} is written twice.", column=twice, expected="each key once")
        raise BadInput(f"The facts cannot be used: {fault}", (fault,))
    return held


def _table(found: tuple[Duty, ...], lang: Language) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("期限 day", "状态 status", "事项 what", "条款 clause", "出自 matter"):
        table.add_column(name, overflow="fold", no_wrap=name.startswith(("期限", "状态", "出自")))
    for each in found:
        word, colour = _STATUS[each.status]
        table.add_row(
            _day(each, lang), Text(word.in_(lang), style=colour), each.what.in_(lang),
            f"{each.rule_id}\n{each.clause.in_(lang)}", each.matter,
        )  # fmt: skip
    return table


def _day(each: Duty, lang: Language) -> Text:
    if each.day is None:
        return Text(Words(zh="未知", en="not known").in_(lang), style="yellow")
    text = Text(f"{_DAY[each.kind].in_(lang)}{each.day}")
    if each.provisional:
        text.append(Words(zh=" 暂定", en=" provisional").in_(lang), style="yellow")
    if not each.decides:
        text.append(Words(zh=" 未核实", en=" unverified").in_(lang), style="yellow")
    return text


def _as_json(each: Duty) -> dict[str, object]:
    def words(pair: Words) -> dict[str, str]:
        return {"zh": pair.zh, "en": pair.en}

    def day(value: object) -> str | None:
        return None if value is None else str(value)

    return {
        "matter": each.matter, "rule": each.rule_id, "also": list(each.also), "clause": words(each.clause),
        "what": words(each.what), "kind": each.kind.value, "day": day(each.day), "act_by": day(each.act_by),
        "provisional": each.provisional, "counted_from": day(each.counted_from), "status": each.status.value,
        "as_of": day(each.as_of), "met_on": day(each.met_on), "late": each.late, "decides": each.decides,
        "sentence": words(each.sentence),
    }  # fmt: skip
