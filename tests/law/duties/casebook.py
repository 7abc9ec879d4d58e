"""The worked cases of duties, read from YAML: facts in, days out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from mora.law.duties import Duty

FOLDER = Path(__file__).parent / "cases"
EXPECTED = {"rule", "day", "status", "from", "met", "late", "provisional", "decides", "also", "zh", "matter", "kind"}


@dataclass(frozen=True)
class Case:
    """One worked case."""

    name: str
    says: str
    status: str
    as_of: date
    facts: dict[str, Any]
    expect: list[dict[str, Any]]
    none: list[str] = field(default_factory=list)
    delinquent_days: int | None = None


@cache
def casebook() -> dict[str, Case]:
    """Every case by ``file/name``."""
    cases = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for record in yaml.safe_load(path.read_text(encoding="utf-8")):
            key = f"{path.stem}/{record['name']}"
            assert key not in cases, f"{key} stands twice"
            cases[key] = Case(**record)
    return cases


def seen(duty: Duty) -> dict[str, object]:
    """A duty as cases speak of it."""
    return {
        "rule": duty.rule_id, "day": duty.day, "status": duty.status.value, "from": duty.counted_from,
        "met": duty.met_on, "late": duty.late, "provisional": duty.provisional, "decides": duty.decides,
        "matter": duty.matter, "kind": duty.kind.value,
    }  # fmt: skip
