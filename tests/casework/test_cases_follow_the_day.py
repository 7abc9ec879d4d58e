"""Cases open, move, close and keep what people did, day by day; a day taken in twice or broken off changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from unittest.mock import patch

import polars as pl
import pytest

from casework.conftest import AFTERNOON, DAYS
from mora.casework import acts, from_day, promises
from mora.casework.policy_files import level_at
from mora.engine import snapshots
from mora.engine.book.manifest import Book
from mora.store import audit
from mora.store.models import Case, Event, User

pytestmark = pytest.mark.django_db


def _late(book: Book, day: date) -> pl.DataFrame:
    frame = snapshots.positions(book, day).filter(pl.col("days_past_due") > 0, pl.col("arrears_minor") > 0)
    return frame.group_by("party_id").agg(pl.col("arrears_minor").sum(), pl.col("days_past_due").max()).collect()


def _take(book: Book, day: date) -> from_day.Taken:
    return from_day.take_in(book, day, at=AFTERNOON - (DAYS[-1] - day))


def test_every_late_party_has_one_case_with_its_figures(book: Book, house: dict[str, User]) -> None:
    _take(book, DAYS[0])
    late = {row["party_id"]: row for row in _late(book, DAYS[0]).to_dicts()}
    assert late
    held = {case.party.party_id: case for case in Case.objects.select_related("party")}
    assert held.keys() == late.keys()
    for party, case in held.items():
        assert case.arrears_minor == late[party]["arrears_minor"]
        assert case.arrears_minor == sum(loan.arrears_minor for loan in case.loans.all())
        assert case.days_past_due == late[party]["days_past_due"]
        rule = level_at(case.days_past_due)
        assert rule is not None
        assert case.level == rule.level
        assert case.level_due_on == DAYS[0] + timedelta(days=rule.clock_days)
        assert case.team is not None
        assert case.team.code == rule.role.replace("_", "-")


def test_the_levels_are_the_policys_to_the_day() -> None:
    rules = {days: level_at(days) for days in (0, 1, 3, 4, 7, 8, 15, 16, 30, 31, 400)}
    reached = {days: rule.level if rule is not None else None for days, rule in rules.items()}
    assert reached == {
        0: None, 1: "L1", 3: "L1", 4: "L2", 7: "L2", 8: "L3", 15: "L3", 16: "L3X", 30: "L3X", 31: "L4", 400: "L4"
    }  # fmt: skip


def test_over_three_days_cases_stand_as_the_last_day_says(book: Book, house: dict[str, User]) -> None:
    for day in DAYS:
        _take(book, day)
    late = {row["party_id"]: row["days_past_due"] for row in _late(book, DAYS[-1]).to_dicts()}
    open_cases = {case.party.party_id: case.days_past_due for case in Case.objects.filter(state="open")}
    assert open_cases == late
    closed = Case.objects.filter(state="closed")
    assert all(case.closed_why == "cured" for case in closed)
    assert not set(late) & {case.party.party_id for case in closed}
    moved = Event.objects.filter(action="case.escalate")
    assert moved.exists(), "somebody crosses a level in three days"
    assert list(audit.verify()) == []


def test_the_same_day_twice_changes_nothing(book: Book, house: dict[str, User]) -> None:
    first = _take(book, DAYS[0])
    before = list(Case.objects.order_by("pk").values()), Event.objects.count()
    assert _take(book, DAYS[0]) == first
    assert (list(Case.objects.order_by("pk").values()), Event.objects.count()) == before


@pytest.mark.parametrize("after", [0, 1, 7])
def test_a_day_broken_off_goes_on_where_it_stopped(book: Book, house: dict[str, User], after: int) -> None:
    class Killed(BaseException):
        pass

    done = 0

    def follow(*args: object) -> None:
        nonlocal done
        if done == after:
            raise Killed
        done += 1
        real(*args)

    real = from_day._follow
    with patch.object(from_day, "_follow", follow), pytest.raises(Killed):
        _take(book, DAYS[0])
    assert Case.objects.count() == after
    _take(book, DAYS[0])
    assert Case.objects.count() == len(_late(book, DAYS[0]))
    assert Event.objects.filter(action="case.open").count() == Case.objects.count(), "nothing was opened twice"


def test_what_people_did_stays_when_the_figures_move(book: Book, house: dict[str, User]) -> None:
    _take(book, DAYS[0])
    both = set(_late(book, DAYS[0])["party_id"]) & set(_late(book, DAYS[1])["party_id"])
    case = Case.objects.filter(party__party_id__in=both, team__code="collector").first()
    assert case is not None
    chen, at = house["chen"], AFTERNOON - timedelta(days=2)
    acts.note(chen, case, "Will ring back after work", at)
    made = promises.promise(chen, case, case.arrears_minor, DAYS[0] + timedelta(days=6), "voice", at)
    case.refresh_from_db()
    waits = case.not_before
    _take(book, DAYS[1])
    case.refresh_from_db()
    assert case.as_of == DAYS[1]
    assert [note.text for note in case.notes.all()] == ["Will ring back after work"]
    made.refresh_from_db()
    assert made.state == "open"
    assert case.not_before == waits
