"""Random house packs, seeded: rules of a lender's own for some places, collectors, debts and channels.

They turn over time. Every question a lender's rule may ask occurs, and every value of it; so do the ways in which a
pack tightens or confirms the law.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from gate.random_requests import DAYS
from mora.gate.owed import GOOD_ANSWER
from mora.gate.terms import HoldKind
from mora.law import Override
from mora.law.vocabulary import Actor, Channel, ProductKind

PLACES = ("cn", "us", "us-ma", "us-ny", "us-ny-nyc", "us-ca", "us-fl", "uk", "uk-eng", "uk-sct", "eu", "eu-de", "eu-pt")
_CLOCKS = ("00:00", "06:00", "08:00", "09:30", "12:00", "20:00", "22:00", "23:59")
_BOUND = tuple(each.value for each in Actor if each not in (Actor.BUREAU, Actor.DATA_PROVIDER))
_CHANNELS = tuple(each.value for each in Channel if each is not Channel.NONE)
_PRODUCTS = tuple(each.value for each in ProductKind)
_USES = {
    "hours": "hours", "effective_calls": "calls", "holds": "holds", "people": "whom", "opening": "manner",
    "visit": "manner", "placement": "by_us", "owed": "owed",
}  # fmt: skip


class _Drawn:
    def __init__(self, seed: int) -> None:
        self.chance = Random(f"house {seed}")

    def some(self, of: Sequence[str], least: int = 0, most: int = 4) -> list[str]:
        return self.chance.sample(of, self.chance.randint(least, min(most, len(of))))

    def flag(self) -> bool:
        return self.chance.random() < 0.7

    def hours(self) -> Mapping[str, Any]:
        return {"allowed": self.chance.sample(_CLOCKS, 2)}

    def effective_calls(self) -> Mapping[str, Any]:
        return {"max_per_day": self.chance.choice((0, 1, 2, 3))}

    def holds(self) -> Mapping[str, Any]:
        return {part: self.some(tuple(HoldKind), 0, 10) for part in ("refuse", "warn")}

    def people(self) -> Mapping[str, Any]:
        return {"min_age": self.chance.choice((16, 18, 20))}

    def opening(self) -> Mapping[str, Any]:
        return {"identity_first": self.flag()}

    def visit(self) -> Mapping[str, Any]:
        flags = ("show_id", "record_av", "appointment", "entry_agreed")
        least = {"min_visitors": self.chance.choice((1, 2, 3))} if self.flag() else {}
        return {**least, **{name: self.flag() for name in flags if self.flag()}}

    def placement(self) -> Mapping[str, Any]:
        return {"only_placed": self.flag()}

    def owed(self) -> Mapping[str, Any]:
        questions = tuple(GOOD_ANSWER)
        weights = {name: self.chance.randint(0, 3) for name in self.some(questions, 0, 10)}
        parts = ("refuse", "refuse_unanswered", "silent")
        return {"weights": weights, **{part: self.some(questions, 0, 5) for part in parts}}

    def values(self, question: str, zone: str | None) -> dict[str, Any]:
        """One to three versions, each for places of its own; hours may be kept by one clock everywhere."""
        ask: Callable[[], Mapping[str, Any]] = getattr(self, question)
        days = sorted(self.chance.sample(DAYS, self.chance.choice((0, 1, 1, 2))))
        first = self.chance.choice((["unknown"], []) if days else (["unknown"],))
        told: dict[str, Any] = {}
        for day in (*first, *days):
            places = {"places": self.some(PLACES, 1, 4)} if self.chance.random() < 0.7 else {}
            clock = {"tz": zone} if zone is not None else {}
            told[str(day)] = {"question": question, **places, **clock, **ask()}
        if days and self.chance.random() < 0.2:
            told[str(days[-1])]["until"] = days[-1] + timedelta(days=self.chance.choice((1, 7, 200)))
        return told

    def rule(self, number: int) -> str:
        question = self.chance.choice(tuple(_USES))
        scope = {
            "actors": self.some(_BOUND, 1, 3) if self.chance.random() < 0.6 else ["everyone"],
            "products": self.some(_PRODUCTS, 1, 4) if self.chance.random() < 0.4 else ["any"],
            "channels": self.some(_CHANNELS, 1, 4) if self.chance.random() < 0.4 else ["any"],
        }
        zone = None
        if question == "hours" and self.chance.random() < 0.4:
            zone = self.chance.choice(("Asia/Shanghai", "America/New_York", "consumer_location"))
        known = self.chance.choice(("primary", "primary", "primary", "memory"))
        sources = ["this file"] if known == "primary" else []
        values = self.values(question, zone)
        held = sorted({name for version in values.values() for name in version} - {"question", "places", "until"})
        unverified = (
            {"unverified_params": self.some(held, 1, 2)} if known == "primary" and self.chance.random() < 0.3 else {}
        )
        action = self.chance.choice(("block", "block", "block", "warn"))
        return _written({
            "id": f"house.random.r{number:02}", "title": _both(question), "statement": _both(question),
            "jurisdiction": self.chance.choice(("cn", "us", "uk", "eu")), "room": "gate", "scope": scope,
            "modality": "must", "action": [action],
            **({"while_unverified": "warn"} if known == "memory" and action == "block" else {}),
            "override": self.chance.choice(tuple(Override)).value, "status": "encoded",
            "uses": [f"mora.gate.{_USES[question]}"], "values": values,
            "citation": {"instrument": _both("policy"), "article": str(number)},
            "verification": {"status": known, "readings": len(sources), "checked_on": date(2026, 11, 24),
                             "sources": sources, **unverified},
        })  # fmt: skip

    def changes(self) -> str:
        """Some of the law tightened from a day on or confirmed."""
        day, sooner = (
            str(self.chance.choice([day for day in DAYS if day >= first]))
            for first in (date(2026, 3, 1), date(2023, 12, 1))
        )  # fmt: skip
        left_out = self.some(("prior_consent_le_7d", "not_connected", "professional_parties"), 0, 2)
        tightened = (
            ("cn.gbt45251.freq.voice", day, {"max_per_day": self.chance.choice((0, 1, 2))}),
            ("cn.cba2026.contacts.unreachable", day,
             {"lost_contact": {"consecutive_failed_attempts": self.chance.choice((4, 5))}}),
            ("us.regf.calls.exclusions", sooner, {"exclude": left_out}),
            ("us.regf.calls.7in7", sooner, {"max_calls": self.chance.choice((3, 5))}),
        )  # fmt: skip
        made = [
            _written({"id": f"house.random.{base}", "base": base, "title": _both(base), "values": {since: values},
                      "citation": {"instrument": _both("policy"), "article": "t"}})
            for base, since, values in tightened if self.chance.random() < 0.7
        ]  # fmt: skip
        confirmed = {"confirmed_by": _both("counsel"), "confirmed_on": date(2026, 11, 22)}
        made += [
            _written({"id": f"house.random.{base}", "base": base, "title": _both(base), **confirmed,
                      "citation": {"instrument": _both("policy"), "article": "c"}})
            for base in ("us.tcpa.hours", "uk.conc7.15") if self.chance.random() < 0.5
        ]  # fmt: skip
        return "\n".join(made)


def random_house(seed: int, rules: int = 14) -> str:
    """The text of a house pack that depends on nothing but the seed."""
    drawn = _Drawn(seed)
    return "\n".join([*(drawn.rule(number) for number in range(rules)), drawn.changes()])


def _both(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def _written(record: Mapping[str, Any]) -> str:
    """A record as YAML, a field a line."""
    lines = [f"{name}: {_flow(value)}" for name, value in record.items()]
    return "- " + "\n  ".join(lines) + "\n"


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {_flow(each)}" for name, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
