"""Killed anywhere, the night and every act end as if nothing had happened: nothing lost, nothing twice.

Each place is a named function or step; the process is killed there by SIGKILL, a new one does what a restart does, and
everything in the tables and in the book is compared with a run nobody disturbed, row by row; the audit chain must hold.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mora.casework.nightly import STEPS

HERE = Path(__file__).parent

NIGHT = (
    # 1 age: the day's own steps
    "day age", "day record", "before mora.casework.nightly.run_day 1",
    # 2 cases: between two parties, within one, at the last, and when all are done
    "before mora.casework.nightly.take_in 1", "before mora.casework.from_day._figures 2",
    "after mora.casework.from_day.total_up 3", "after mora.casework.from_day._Taking.counted 2",
    "before mora.casework.from_day._cured 1", "after mora.casework.from_day.close_if_cured 1",
    "after mora.casework.nightly.take_in 1",
    # 3 promises: within the judging of one, and between two
    "before mora.casework.nightly.judge_promises 1", "before mora.casework.promises.priority 1",
    "after mora.casework.payments.judge 2",
    # 4 levels
    "before mora.casework.nightly.escalate_overdue 1", "before mora.casework.nightly.share_out 1",
    # 5 report, and the end
    "before mora.casework.nightly.write_report 1", "after mora.casework.nightly.write_day 1",
    "before mora.casework.running._end 1",
    # an event of the night, before it is written and after
    "before mora.store.audit.append 3", "after mora.store.audit.append 3",
)  # fmt: skip

EVERY_TIME = frozenset(
    {
        "before mora.casework.nightly.take_in 1", "after mora.casework.from_day._Taking.counted 2",
        "before mora.casework.nightly.judge_promises 1", "before mora.casework.nightly.escalate_overdue 1",
        "before mora.casework.running._end 1", "after mora.store.audit.append 3",
    }
)  # fmt: skip
"""A few of them; the long run kills at all."""

ACTS = ("take_next", "record", "promise", "note", "hold", "complain", "snooze", "pay")
AT_AN_ACT = ("before mora.store.audit.append 1", "after mora.store.audit.append 1")
TOLD_AGAIN = {
    "record": "after mora.casework.contact.record_attempt 1",
    "pay": "after mora.casework.payments.post_payment 1",
}
"""Killed when all was done but the answer had not left: the page, or the lender's system, tells it again."""


class House:
    """An installation that is copied for each kill, and the process that is forked for each."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.made = folder, 0
        self.server = os.environ.get("MORA_DATABASE", "")
        self.databases: list[str] = []
        environment = os.environ | {
            "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "MORA_HOME": str(folder / "settings"),
        }  # fmt: skip
        self.forks = subprocess.Popen(
            [sys.executable, str(HERE / "kill_at.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment,
        )  # fmt: skip
        self.first = self._place("first")
        assert self.order(do="prepare", **self.first) == "ready"

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
        """The installation as it was prepared, once more; without what it was made from."""
        self.made += 1
        name = f"copy{self.made}"
        shutil.copytree(self.first["home"], self.folder / name, ignore=shutil.ignore_patterns("trial", "more"))
        return self._place(name)

    def order(self, **order: str) -> Any:
        """The answer to an order, carried out in a fork."""
        assert self.forks.stdin is not None
        assert self.forks.stdout is not None
        self.forks.stdin.write(json.dumps(order) + "\n")
        self.forks.stdin.flush()
        answer = self.forks.stdout.readline()
        assert answer, f"the process that is forked has ended: {self.forks.poll()}"
        return json.loads(answer)

    def forget(self) -> None:
        """End the process, and drop the databases."""
        assert self.forks.stdin is not None
        self.forks.stdin.close()
        self.forks.wait()
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


def _killed_and_finished(house: House, work: str, place: str) -> tuple[int, dict[str, Any]]:
    """The signal that ended the work at the place, and the state when it was done again; 0 without a place."""
    home = house.copy()
    sign = house.order(do="kill", work=work, place=place, **home) if place else 0
    return sign, house.order(do="finish", work=work, **home)


@pytest.fixture(scope="module")
def undisturbed(installed: House) -> dict[str, Any]:
    """The night nobody disturbed."""
    return _killed_and_finished(installed, "night", "")[1]


@pytest.mark.parametrize(
    "place", [place if place in EVERY_TIME else pytest.param(place, marks=pytest.mark.long) for place in NIGHT]
)
def test_a_night_killed_anywhere_ends_as_if_it_had_not_been(
    installed: House, undisturbed: dict[str, Any], place: str
) -> None:
    sign, state = _killed_and_finished(installed, "night", place)
    assert sign == signal.SIGKILL, f"the night never came to {place}"
    assert state["breaks"] == []
    assert state["unfinished"] == 0
    assert _differences(state, undisturbed) == []


def test_the_undisturbed_night_did_something(undisturbed: dict[str, Any]) -> None:
    """Else equal states would say little."""
    told = "\n".join(undisturbed["tables"]["Event"])
    for action in ("case.open", "case.close", "case.escalate", "promise.kept", "promise.broken", "day.done"):
        assert f'"{action}"' in told, action
    assert undisturbed["runs"] == ["2026-11-10", "2026-11-15", "2026-11-20"]
    assert len(undisturbed["reports"]) == 6


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
def done(installed: House) -> Callable[[str], dict[str, Any]]:
    """The state after an act nobody disturbed."""
    return cache(lambda act: _killed_and_finished(installed, act, "")[1])


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("place", AT_AN_ACT)
def test_an_act_killed_before_its_end_never_was(
    installed: House, done: Callable[[str], dict[str, Any]], act: str, place: str
) -> None:
    sign, state = _killed_and_finished(installed, act, place)
    assert sign == signal.SIGKILL
    assert state["breaks"] == []
    assert _differences(state, done(act)) == []


@pytest.mark.parametrize("act", TOLD_AGAIN)
def test_an_act_told_again_counts_once(installed: House, done: Callable[[str], dict[str, Any]], act: str) -> None:
    sign, state = _killed_and_finished(installed, act, TOLD_AGAIN[act])
    assert sign == signal.SIGKILL
    assert _differences(state, done(act)) == []
