"""``mora law``: read the rules, check that packs are sound, and count days by them.

Exit codes: 0 done, 2 refused (no such rule, a pack with errors, a house pack that loosens).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from mora.cli.arguments import REFUSED, say_refused
from mora.cli.duties import duties
from mora.core.errors import Refused
from mora.core.findings import Severity
from mora.core.words import Language, Words
from mora.gate.standing import named, questions_of, same_question
from mora.law import Law, Rule, Version, load
from mora.law.house import shown
from mora.law.lints import check as check_packs
from mora.law.register import Entry, entry
from mora.law.terms import Effect, HouseChange, Known, Scope, Since, Status
from mora.law.vocabulary import Jurisdiction, Room

app = typer.Typer(
    help="规则：清单、单条、检查。 The rules: list them, show one, check the packs.", no_args_is_help=True
)

app.command()(duties)

House = Annotated[
    str | None,
    typer.Option("--house", metavar="NAME|DIR", help="机构规则包 A house pack laid over the law: its name or folder"),
]
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 Machine-readable")]

_EFFECT = {Effect.DECIDES: ("可决定 decides", "green"), Effect.WARNS: ("仅提示 warns only", "yellow")}
_KNOWN = {
    Known.PRIMARY: Words(zh="已读原文", en="the text itself was read"),
    Known.SECONDARY: Words(zh="二手资料载明", en="stated by secondary texts"),
    Known.MEMORY: Words(zh="未找到来源", en="not found in a source"),
    Known.MIXED: Words(zh="部分已核", en="partly verified"),
}


@app.command("list")
def list_rules(
    room: Annotated[Room | None, typer.Option("--room", help="按用途 Only rules this room reads or will read")] = None,
    jurisdiction: Annotated[
        Jurisdiction | None, typer.Option("--jurisdiction", "-j", help="按法域 Only this law")
    ] = None,
    status: Annotated[Status | None, typer.Option("--status", help="按状态 Only rules with this status")] = None,
    lang: Annotated[
        Language | None, typer.Option("--lang", help="标题语言，默认双语 Titles in one language; both when absent")
    ] = None,
    house: House = None,
    as_json: AsJson = False,
) -> None:
    """规则登记簿：用途、状态、效力。 The register: every rule with its room, status and effect."""
    law = _load(jurisdiction, house)
    rules = [rule for rule in law if room in (None, rule.room) and status in (None, rule.status)]
    entries = [entry(rule) for rule in rules]
    if as_json:
        _print_json([asdict(item) for item in entries])
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("规则 rule", "名称 title", "用途 room", "状态 status", "效力 effect", "施行 in force from"):
        table.add_column(name, no_wrap="title" not in name, overflow="fold")
    for item in entries:
        word, colour = _EFFECT[item.effect]
        table.add_row(item.id, _title(item, lang), item.room, item.status, Text(word, style=colour), _in_force(item))
    console = _console()
    console.print(table)
    console.print(_counts(rules))


@app.command("show")
def show_rule(
    id_: Annotated[str, typer.Argument(metavar="ID", help="规则编号 Rule id, such as cn.class2023.dpd")],
    on: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="标出当日有效的版本 Mark the values in force that day"),
    ] = None,
    house: House = None,
    as_json: AsJson = False,
) -> None:
    """单条规则全文。 One rule: its words, values by date, citation, how well it is known, what it does, who asks it."""
    prefix, _, rest = id_.partition(".")
    if prefix == "house" and house is None:
        house = rest.partition(".")[0]
    law = _load(Jurisdiction(prefix) if prefix in {member.value for member in Jurisdiction} else None, house)
    try:
        rule = law.rule(id_)
    except Refused as refused:
        raise _stop(refused) from None
    day = on.date() if on is not None else None
    asked = _asked(rule, house)
    if as_json:
        _print_json(_as_json(rule, day) | asked)
        return
    _console().print(_page(rule, day, asked))


@app.command("check")
def check(
    directory: Annotated[Path | None, typer.Argument(help="另查此目录或文件 Also check this folder or file")] = None,
    notes: Annotated[bool, typer.Option("--notes", help="连同提示 Also say what is merely worth knowing")] = False,
    as_json: AsJson = False,
) -> None:
    """检查规则包，有错误时退出码为 2。 Lint every pack, and a folder of your own; exit 2 when there are errors."""
    found = check_packs(*([directory] if directory is not None else []))
    counts = Counter(item.severity for item in found)
    if as_json:
        _print_json([item.as_dict() for item in found])
    else:
        console = _console()
        for item in found:
            if notes or item.severity is not Severity.NOTE:
                colour = {Severity.ERROR: "red", Severity.WARNING: "yellow"}.get(item.severity, "dim")
                console.print(Text(f"{item.severity.value:8}", style=colour) + Text(str(item)), soft_wrap=True)
        console.print(
            f"{sum(1 for _ in load().ids)} rules: {counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings,"
            f" {counts[Severity.NOTE]} notes."
        )
    if counts[Severity.ERROR]:
        raise typer.Exit(2)


def _print_json(value: object) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def _load(jurisdiction: Jurisdiction | None, house: str | None) -> Law:
    try:
        return load(*([jurisdiction.value] if jurisdiction is not None else []), house=house)
    except Refused as refused:
        raise _stop(refused) from None


def _stop(refused: Refused) -> typer.Exit:
    say_refused(refused.words, [])
    return typer.Exit(REFUSED)


def _console() -> Console:
    # A pipe has no width; 80 columns would fold ids, so it gets room.
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=140)


def _title(item: Entry, lang: Language | None) -> Text:
    if lang is not None:
        return Text(item.title.in_(lang))
    return Text(item.title.zh) + Text("\n" + item.title.en, style="dim")


def _in_force(item: Entry) -> str:
    return item.in_force_from + (f" until {item.in_force_until}" if item.in_force_until else "")


def _counts(rules: Iterable[Rule]) -> str:
    listed = list(rules)
    by_status = Counter(rule.status for rule in listed)
    parts = ", ".join(f"{by_status[status]} {status.value}" for status in Status)
    return f"\n{len(listed)} rules: {parts}; {sum(rule.decides for rule in listed)} decide, the others warn only."


def _asked(rule: Rule, house: str | None) -> dict[str, list[str]]:
    """The gate's questions on a rule, and the rules beside it that ask the same; the lender's own are those of the
    pack named, else of the one the gate uses by default."""
    questions = questions_of(rule)
    beside = same_question(rule, _load(None, house or "prudent")) if questions else ()
    return {"asked_by": [named(question) for question in questions], "asked_beside": list(beside)}


def _page(rule: Rule, day: date | None, asked: Mapping[str, list[str]]) -> RenderableType:
    grid = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("效力 effect", Text(_effect_text(rule), style=_EFFECT[rule.effect][1]))
    grid.add_row("性质 law", f"{rule.jurisdiction} · {rule.modality} · {', '.join(rule.action)}" + _override(rule))
    grid.add_row("范围 scope", _scope(rule.scope))
    grid.add_row(
        "用途 room", f"{rule.room} · {rule.status}" + (f" · read by {', '.join(rule.uses)}" if rule.uses else "")
    )
    if asked["asked_by"]:
        grid.add_row("准入所问 asked", Text("\n".join(asked["asked_by"])))
    if asked["asked_beside"]:
        grid.add_row("同问 beside", Text(", ".join(asked["asked_beside"])))
    if rule.why is not None:
        grid.add_row("缘由 why", _both(rule.why))
    grid.add_row("数值 values", Group(*(_values(rule, version, day) for version in rule.versions)))
    if day is not None and rule.on(day) is None:
        grid.add_row("", Text(f"nothing in force on {day}", style="yellow"))
    article = "条文未查明 article not known" if rule.citation.article is None else f"art. {rule.citation.article}"
    grid.add_row("出处 citation", _both(rule.citation.instrument) + Text(f"\n{article}"))
    grid.add_row("核实 verified", _verified(rule))
    if rule.house is not None:
        grid.add_row("机构 house", _house(rule.house))
    for pair in rule.together:
        grid.add_row("并用 with", f"{pair.rule}: {pair.take.value.replace('_', ' ')} counts")
    for example in rule.examples:
        grid.add_row("例 example", _both(example))
    if rule.cases:
        grid.add_row("测例 cases", ", ".join(rule.cases))
    if rule.notes is not None:
        grid.add_row("说明 notes", _both(rule.notes))
    heading = Text(f"{rule.id}\n", style="bold") + Text(f"{rule.title.zh} · {rule.title.en}\n", style="bold")
    return Group(heading, Text(f"{rule.statement.zh}\n{rule.statement.en}\n"), grid)


def _scope(scope: Scope) -> str:
    return "; ".join(", ".join(part) for part in (scope.actors, scope.products, scope.channels))


def _effect_text(rule: Rule) -> str:
    if rule.house is not None and rule.house.confirmed_on is not None:
        return f"decides: confirmed by the house pack {rule.house.pack} on {rule.house.confirmed_on}"
    if not rule.decides:
        return "warns only: unverified 仅提示：未核实"
    if rule.verification.unverified_params:
        return f"decides, except by {', '.join(rule.verification.unverified_params)}: unverified, warns only"
    return "decides 可作决定"


def _override(rule: Rule) -> str:
    return "" if rule.override.value == "none" else f" · set aside by {rule.override.value.replace('_', ' ')}"


def _values(rule: Rule, version: Version, day: date | None) -> Text:
    mark = "▸ " if day is not None and rule.on(day) is version else "  "
    text = Text(mark + period(version), style="bold" if mark.strip() else "")
    if version.cite:
        text.append(f"  ({version.cite})", style="dim")
    for name, value in version.params.items():
        unverified = name in rule.verification.unverified_params and not rule.decides_by(name)
        text.append(f"\n    {name}: {'unknown' if value is None else shown(value)}")
        text.append("  unverified" if unverified else "", style="yellow")
    return text


def period(version: Version) -> str:
    """A version's days in words; the end is the first day no longer in force."""
    if version.since is Since.PENDING:
        return "pending, not in force"
    approx = {Since.MONTH: " (only the month is known)", Since.YEAR: " (only the year is known)"}.get(version.since, "")
    start = f"from {version.start}{approx}" if version.start is not None else "in force, since when is not known"
    return start + (f", until {version.until} (that day not)" if version.until is not None else "")


def _verified(rule: Rule) -> Text:
    known = rule.verification
    text = _both(_KNOWN[known.status])
    text.append(f"\n{known.readings} readings, looked at {known.checked_on}")
    if known.sources:
        text.append(f"\n{'; '.join(known.sources)}", style="dim")
    if known.unverified_parts is not None:
        text.append(f"\n未核：{known.unverified_parts.zh}\nunverified: {known.unverified_parts.en}", style="yellow")
    return text


def _house(change: HouseChange) -> Text:
    lines = [f"{change.id} ({change.pack})", f"{change.title.zh} · {change.title.en}"]
    if change.tightened:
        lines.append(f"tightened: {', '.join(change.tightened)}")
    if change.confirmed_by is not None:
        lines.append(f"confirmed on {change.confirmed_on}: {change.confirmed_by.zh} · {change.confirmed_by.en}")
    return Text("\n".join(lines))


def _both(words: Words) -> Text:
    return Text(words.zh) if words.zh == words.en else Text(f"{words.zh}\n{words.en}")


def _as_json(rule: Rule, day: date | None) -> dict[str, object]:
    held = rule.on(day) if day is not None else None
    plain = {name: _plain(getattr(rule, name)) for name in rule.__dataclass_fields__ if name not in ("file", "line")}
    more = {"effect": rule.effect.value, "on": _plain(day), "params": _plain(held.params) if held is not None else None}
    return plain | (more if day is not None else {"effect": rule.effect.value})


def _plain(value: object) -> object:
    """Plain JSON values; decimals and dates as text, so that nothing is rounded on the way."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(member) for key, member in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(member) for member in value]
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {name: _plain(getattr(value, name)) for name in fields}
    return str(value)
