"""Killed anywhere, the night and every act end as if nothing had happened: nothing lost, nothing twice.

Each place is a named function or step; the process is killed there by SIGKILL, a new one does what a restart does, and
everything in the tables and in the book is compared with a run nobody disturbed, down to the hashes of the audit chain.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mora.casework.nightly import STEPS

HERE = Path(__file__).parent
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        "MORA_DATABASE" in os.environ,
        reason="states are compared down to row numbers; PostgreSQL gives none again when its act never was",
    ),
]

NIGHT = (
    # 1 age: the day's own steps
    "day terms", "day age", "day reread", "day record", "day done",
    "before mora.casework.nightly.run_day 1", "after mora.casework.nightly.run_day 1",
    # 2 cases
    "before mora.casework.nightly.take_in 1", "before mora.casework.from_day._late 1",
    "before mora.casework.from_day._follow 1", "before mora.casework.from_day._follow 3",
    "before mora.casework.from_day._open 1", "before mora.casework.from_day._figures 2",
    "before mora.casework.from_day.total_up 2", "after mora.casework.from_day.total_up 3",
    "after mora.casework.from_day._Taking.counted 2", "after mora.casework.from_day._follow 5",
    "before mora.casework.from_day._cured 1", "before mora.casework.from_day.close_if_cured 1",
    "after mora.casework.from_day.close_if_cured 1", "after mora.casework.nightly.take_in 1",
    # 3 promises
    "before mora.casework.nightly.judge_promises 1", "before mora.casework.payments._judge 1",
    "before mora.casework.payments.judge 2", "after mora.casework.payments.judge 2",
    "before mora.casework.promises.priority 1", "after mora.casework.nightly.judge_promises 1",
    # 4 levels
    "before mora.casework.nightly.escalate_overdue 1", "after mora.casework.nightly.escalate_overdue 1",
    "before mora.casework.nightly.share_out 1", "after mora.casework.nightly.share_out 1",
    # 5 report, and the end
    "before mora.casework.nightly.write_report 1", "before mora.casework.nightly.write_day 1",
    "after mora.casework.nightly.write_day 1", "before mora.casework.running._end 1",
    # every event of the night, before it is written and after
    *(f"{when} mora.store.audit.append {n}" for n in (1, 3, 5) for when in ("before", "after")),
)  # fmt: skip

ACTS = ("take_next", "record", "promise", "note", "hold", "complain", "snooze", "pay")
AT_AN_ACT = ("before mora.store.audit.append 1", "after mora.store.audit.append 1")
TOLD_AGAIN = {
    "record": "after mora.casework.contact.record_attempt 1",
    "pay": "after mora.casework.payments.post_payment 1",
}
"""Killed when all was done but the answer had not left: the page, or the lender's system, tells it again."""


class House:
    """An installation that is copied for each kill."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0
        self.server = os.environ.get("MORA_DATABASE", "")
        self.databases: list[str] = []
        self.first = self._place("first")
        assert self.orders([{"do": "prepare", **self.first}]) == ["ready"]

    def _place(self, name: str) -> dict[str, str]:
        home = self.folder / name
        if not self.server:
            return {"home": str(home), "database": str(home / "mora.sqlite3")}
        database = f"mora_kill_{os.getpid()}_{name}"
        self.databases.append(database)
        self._sql(f"create database {database}" + (f" template {self.first['database']}" if name != "first" else ""))
        return {"home": str(home), "database": database}

    def _sql(self, command: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(command.encode())

    def copy(self) -> dict[str, str]:
        """The installation as it was prepared, once more."""
        self.made += 1
        name = f"copy{self.made}"
        shutil.copytree(self.first["home"], self.folder / name)
        return self._place(name)

    def orders(self, orders: list[dict[str, str]]) -> list[Any]:
        """Answers to orders, from a new process."""
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "MORA_HOME": str(self.folder / "settings"),
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, str(HERE / "kill_at.py")], input=json.dumps(orders), capture_output=True, text=True,
            env=environment, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    def forget(self) -> None:
        for database in self.databases:
            self._sql(f"drop database if exists {database} with (force)")


def _differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Rows that only one of two states has, and everything beside the tables that differs."""
    rows = [
        f"{table}: {row}"
        for table in one["tables"].keys() | other["tables"].keys()
        for row in set(one["tables"].get(table, ())) ^ set(other["tables"].get(table, ()))
    ]
    counts = [table for table in one["tables"] if len(one["tables"][table]) != len(other["tables"].get(table, ()))]
    return sorted(rows) + counts + [key for key in one if key != "tables" and one[key] != other[key]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("killed"))
    yield made
    made.forget()


@pytest.fixture(scope="module")
def nights(installed: House) -> dict[str, tuple[int, dict[str, Any]]]:
    """Place to (signal, state after the restart); the undisturbed night under its own name."""
    homes = {place: installed.copy() for place in ("undisturbed", *NIGHT)}
    signals = installed.orders([{"do": "kill", "work": "night", "place": p, **homes[p]} for p in NIGHT])
    shown = installed.orders([{"do": "finish", "work": "night", **home} for home in homes.values()])
    return {place: (sign, state) for place, sign, state in zip(homes, (0, *signals), shown, strict=True)}


@pytest.mark.parametrize("place", NIGHT)
def test_a_night_killed_anywhere_ends_as_if_it_had_not_been(
    nights: dict[str, tuple[int, dict[str, Any]]], place: str
) -> None:
    sign, state = nights[place]
    assert sign == signal.SIGKILL, f"the night never came to {place}"
    assert state["breaks"] == []
    assert state["unfinished"] == 0
    assert _differences(state, nights["undisturbed"][1]) == []


def test_the_undisturbed_night_did_something(nights: dict[str, tuple[int, dict[str, Any]]]) -> None:
    """Else equal states would say little."""
    tables = nights["undisturbed"][1]["tables"]
    told = "\n".join(tables["Event"])
    for action in ("case.open", "case.close", "case.escalate", "promise.kept", "promise.broken", "day.done"):
        assert f'"{action}"' in told, action
    assert nights["undisturbed"][1]["runs"] == ["2026-11-10", "2026-11-15", "2026-11-20"]
    assert len(nights["undisturbed"][1]["reports"]) == 6


def test_every_step_of_the_night_has_its_kill() -> None:
    """A step without a place above fails here."""
    acts = {
        "age": "run_day",
        "cases": "take_in",
        "promises": "judge_promises",
        "levels": "escalate_overdue",
        "report": "write_report",
    }
    assert set(acts) == set(STEPS)
    for step, function in acts.items():
        assert f"before mora.casework.nightly.{function} 1" in NIGHT, step


@pytest.fixture(scope="module")
def acted(installed: House) -> dict[tuple[str, str], tuple[int, dict[str, Any]]]:
    """(Act, place) to (signal, state when it was done again); undisturbed ones under an empty place."""
    places = [(act, place) for act in ACTS for place in AT_AN_ACT] + list(TOLD_AGAIN.items())
    homes = {key: installed.copy() for key in [*((act, "") for act in ACTS), *places]}
    signals = installed.orders([{"do": "kill", "work": act, "place": p, **homes[act, p]} for act, p in places])
    shown = installed.orders([{"do": "finish", "work": act, **home} for (act, _), home in homes.items()])
    return {
        key: (sign, state) for key, sign, state in zip(homes, ([0] * len(ACTS)) + signals, shown, strict=True)
    }  # fmt: skip


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("place", AT_AN_ACT)
def test_an_act_killed_before_its_end_never_was(
    acted: dict[tuple[str, str], tuple[int, dict[str, Any]]], act: str, place: str
) -> None:
    sign, state = acted[act, place]
    assert sign == signal.SIGKILL
    assert state["breaks"] == []
    assert _differences(state, acted[act, ""][1]) == []


@pytest.mark.parametrize("act", TOLD_AGAIN)
def test_an_act_told_again_counts_once(acted: dict[tuple[str, str], tuple[int, dict[str, Any]]], act: str) -> None:
    sign, state = acted[act, TOLD_AGAIN[act]]
    assert sign == signal.SIGKILL
    assert _differences(state, acted[act, ""][1]) == []
