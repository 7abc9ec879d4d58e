"""The lender's policy files: levels, rights, promises, authority. A copy of the folder is the lender's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from mora.core.errors import BadInput
from mora.core.words import Words

MET_BY = ("attempt", "talk", "cause", "review", "checklist")
_OWN = Path(__file__).parent / "policy"


@dataclass(frozen=True, slots=True)
class LevelRule:
    """One warning level: from how many days late, whose it is, how long he or she has, and the step."""

    level: str
    days_from: int
    role: str
    clock_days: int
    step: Words
    met_by: str = ""
    """What stops the clock: attempt, talk, cause, review, checklist; empty when only a change of level does."""
    checklist: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PromiseRule:
    """How far ahead a promise may lie, when it counts as kept, when as broken."""

    longest_days: int
    grace_days: int
    tolerance_percent: int
    remind_days_before: int
    remind_at: str = "10:00"
    """The hour of the lender's clock."""
    remind_by: tuple[str, ...] = ("sms", "im", "email")
    reminder: Words = field(
        default_factory=lambda: Words(
            "【{organisation}】温馨提醒：约定日期为{due_on}。", "{organisation}: the agreed date is {due_on}."
        )
    )


def read(name: str) -> Any:
    """What a policy file says: the lender's own where there is one, else the one that comes with Mora.

    :raises BadInput: the file does not read.
    """
    folder = Path(settings.MORA_POLICY) if settings.MORA_POLICY else _OWN
    file = folder / name
    if not file.is_file():
        file = _OWN / name
    try:
        return yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as problem:
        raise BadInput(f"{file}: {problem}") from None


@cache
def levels() -> tuple[LevelRule, ...]:
    """Warning levels, mildest first.

    :raises BadInput: the file does not read, or its days do not rise.
    """
    try:
        found = tuple(
            LevelRule(
                each["level"], each["from"], each["role"], each["clock_days"], Words(**each["step"]),
                each.get("met_by", ""),
                {item: Words(**words) for item, words in each.get("checklist", {}).items()},
            )
            for each in read("levels.yaml")
        )  # fmt: skip
    except (KeyError, TypeError) as problem:
        raise BadInput(f"levels.yaml: {problem}; each level says level, from, role, clock_days, step") from None
    days = [each.days_from for each in found]
    if days != sorted(set(days)) or not days or days[0] < 1:
        raise BadInput(f"levels.yaml: the days must rise from 1, they are {days}")
    for each in found:
        if each.met_by not in ("", *MET_BY):
            raise BadInput(f"levels.yaml: {each.level}: {each.met_by!r} is not one of {', '.join(MET_BY)}")
        if (each.met_by == "checklist") != bool(each.checklist):
            raise BadInput(f"levels.yaml: {each.level}: a checklist and met_by: checklist go together")
    return found


def rule_of(level: str) -> LevelRule | None:
    """The rule of a level by its name; None when the file has it no longer."""
    return next((each for each in levels() if each.level == level), None)


def level_at(days_past_due: int) -> LevelRule | None:
    """The level of a case so many days late; None when nothing is late."""
    return next((each for each in reversed(levels()) if days_past_due >= each.days_from), None)


@cache
def rights() -> Mapping[str, Mapping[str, str]]:
    """Right to role to reach (own, team, placed, all)."""
    table: Mapping[str, Mapping[str, str]] = read("rights.yaml")
    for right, reaches in table.items():
        for role, reach in reaches.items():
            if reach not in ("own", "team", "placed", "all"):
                raise BadInput(f"rights.yaml: {right}, {role}: {reach!r} is not own, team, placed or all")
    return table


@cache
def promise_rule() -> PromiseRule:
    """The lender's rule on promises.

    :raises BadInput: the file says what the rule has not, an hour that is none, or a placeholder there is not.
    """
    told = dict(read("promises.yaml"))
    if "reminder" in told:
        told["reminder"] = Words(**told["reminder"])
    if "remind_by" in told:
        told["remind_by"] = tuple(told["remind_by"])
    try:
        found = PromiseRule(**told)
        time.fromisoformat(found.remind_at)
        found.reminder.zh.format(organisation="", due_on="")
        found.reminder.en.format(organisation="", due_on="")
    except (TypeError, ValueError, KeyError) as problem:
        raise BadInput(f"promises.yaml: {problem}") from None
    return found


@cache
def authority() -> Mapping[str, Mapping[str, Any]]:
    """Acts that need a second pair of eyes: act to its limit and the roles that decide."""
    table: Mapping[str, Mapping[str, Any]] = read("authority.yaml")
    return table


@cache
def scripts() -> Mapping[str, Mapping[str, Words]]:
    """Opening texts: level to its parts (opening, then, end), as pairs of words with {placeholders}."""
    table = read("scripts.yaml")
    return {level: {part: Words(**pair) for part, pair in parts.items()} for level, parts in table.items()}


def script_at(level: str) -> Mapping[str, Words]:
    """The opening text of a level; that of ``any`` where the file has none of its own."""
    return {**scripts()["any"], **scripts().get(level, {})}


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """How much one upload may bring, in MiB as sent and unpacked, and in files."""

    upload_mib: int
    unpacked_mib: int
    files: int


@cache
def intake_limits() -> IntakeLimits:
    """The lender's limits on files brought in through the browser.

    :raises BadInput: the file does not say them all, as whole numbers above nothing.
    """
    told = read("intake.yaml")
    try:
        found = IntakeLimits(**told)
    except TypeError as problem:
        raise BadInput(f"intake.yaml: {problem}; it says upload_mib, unpacked_mib and files") from None
    for name in ("upload_mib", "unpacked_mib", "files"):
        value = getattr(found, name)
        if not isinstance(value, int) or value < 1:
            raise BadInput(f"intake.yaml: {name} is a whole number from 1, not {value!r}")
    return found
