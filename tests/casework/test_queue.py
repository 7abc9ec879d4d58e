"""The queue gives each case to one person only, best first, and never loses one."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, connections

from casework.conftest import AFTERNOON, DAYS
from mora.casework import contact, from_day, people, queue
from mora.casework.rights import NotAllowed
from mora.core.errors import Refused
from mora.engine.book.manifest import Book
from mora.gate.terms import Channel, Result
from mora.store import audit
from mora.store.models import Absence, Attempt, Case, Event, Team, User
from mora.store.models.people import Role


@pytest.mark.django_db
def test_the_best_case_comes_first_and_is_kept_from_others(cases: list[Case], house: dict[str, User]) -> None:
    chen, sun = house["chen"], house["sun"]
    best = queue.waiting(chen, AFTERNOON).first()
    assert best is not None
    assert best.priority == max(case.priority for case in queue.waiting(chen, AFTERNOON))
    assert queue.next_case(chen, AFTERNOON) == best
    assert best not in queue.waiting(sun, AFTERNOON)
    with pytest.raises(queue.Busy, match="陈静"):
        queue.hold_case(sun, best, AFTERNOON)
    assert best in queue.waiting(sun, AFTERNOON + queue.LEASE), "after the lease it is free again"


@pytest.mark.django_db
def test_taking_the_next_lets_the_former_go(cases: list[Case], house: dict[str, User]) -> None:
    first = queue.next_case(house["chen"], AFTERNOON)
    assert first is not None
    queue.skip(house["chen"], first, "language", AFTERNOON)
    second = queue.next_case(house["chen"], AFTERNOON)
    assert second != first
    assert Case.objects.filter(taken_by=house["chen"]).count() == 1


@pytest.mark.django_db
def test_snoozed_cases_wait_and_come_back(cases: list[Case], house: dict[str, User]) -> None:
    case = queue.next_case(house["chen"], AFTERNOON)
    assert case is not None
    queue.snooze(house["chen"], case, AFTERNOON + timedelta(hours=2), "rings back at five", AFTERNOON)
    assert case not in queue.waiting(house["chen"], AFTERNOON + timedelta(hours=1))
    assert case in queue.waiting(house["chen"], AFTERNOON + timedelta(hours=2))
    queue.wake(house["chen"], case, AFTERNOON)
    assert case in queue.waiting(house["chen"], AFTERNOON)
    with pytest.raises(Refused, match="thirty days"):
        queue.snooze(house["chen"], case, AFTERNOON + timedelta(days=31), "", AFTERNOON)


@pytest.mark.django_db
def test_a_deputy_works_the_cases_of_whoever_is_away(cases: list[Case], house: dict[str, User]) -> None:
    case = queue.next_case(house["chen"], AFTERNOON)
    assert case is not None
    Case.objects.filter(pk=case.pk).update(owner=house["chen"], taken_by=None, taken_until=None)
    assert case not in queue.waiting(house["lin"], AFTERNOON)
    Absence.objects.create(
        user=house["chen"], deputy=house["lin"], since=AFTERNOON.date(), until=AFTERNOON.date() + timedelta(days=1)
    )
    assert case in queue.waiting(house["lin"], AFTERNOON)
    assert case not in queue.waiting(house["lin"], AFTERNOON + timedelta(days=1)), "the day it ends is not covered"


@pytest.mark.django_db
def test_who_has_no_right_gets_nothing(cases: list[Case], house: dict[str, User]) -> None:
    for name in ("zheng", "admin", "qian"):
        with pytest.raises(NotAllowed, match="take_next"):
            queue.next_case(house[name], AFTERNOON)
    assert queue.next_case(house["agency"], AFTERNOON) is None, "nothing is placed with the agency"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_never_share_a_case_nor_lose_a_record(emptied: None, book: Book) -> None:
    """Fifty people on PostgreSQL, eight on SQLite: each pulls and records until nothing is left."""
    many = 50 if connection.vendor == "postgresql" else 8
    people.demonstration(AFTERNOON)
    from_day.take_in(book, DAYS[-1], at=AFTERNOON)
    team = Team.objects.get(code="collector")
    Case.objects.update(team=team)
    users = [
        people.make_person("mora", f"p{number}", f"P{number}", Role.COLLECTOR, "x", AFTERNOON, team=team)
        for number in range(many)
    ]
    total = Case.objects.filter(state="open").count()
    given: list[tuple[str, str]] = []
    lock = threading.Lock()

    def work(user: User) -> int:
        done = 0
        try:
            while (case := queue.next_case(user, AFTERNOON)) is not None:
                with lock:
                    given.append((case.number, user.username))
                contact.record_attempt(
                    user, case, channel=Channel.VOICE, point=None, result=Result.RIGHT_PARTY, at=AFTERNOON,
                    key=f"{case.number}:{user.username}",
                )  # fmt: skip
                done += 1
            return done
        finally:
            connections.close_all()

    with ThreadPoolExecutor(many) as pool:
        done = list(pool.map(work, users))
    assert sum(done) == total
    twice = [number for number, times in Counter(number for number, _ in given).items() if times > 1]
    assert twice == []
    assert Attempt.objects.count() == total
    assert Event.objects.filter(action="contact.record").count() == total
    assert list(audit.verify()) == []
