"""White, black and watch list: asked for by one, granted by another, in force until its day, and what each changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.conftest import AFTERNOON, DAYS
from mora.casework import acts, from_day, listing, lists, priority, promises, queue
from mora.core.errors import BadInput, Refused
from mora.engine.book.manifest import Book
from mora.store.models import Approval, Case, Event, ListEntry, Membership, Team, User

TODAY = AFTERNOON.date()
QUARTER = TODAY + timedelta(days=90)


def _entered(house: dict[str, User], case: Case, name: str, dealings: tuple[str, ...] = ()) -> ListEntry:
    """Asked for by the manager's reviewer, granted by the leader."""
    asked = listing.ask(house["wu"], case, name, "reason", QUARTER, dealings, AFTERNOON)
    acts.decide(house["sun"], asked, True, "agreed", AFTERNOON)
    return ListEntry.objects.get(party=case.party, name=name)


@pytest.fixture
def one(cases: list[Case], house: dict[str, User]) -> Case:
    found = Case.objects.filter(team__code="collector").order_by("number").first()
    assert found is not None
    return found


@pytest.mark.django_db
def test_an_entry_waits_for_somebody_else(one: Case, house: dict[str, User]) -> None:
    asked = listing.ask(house["chen"], one, "watch", "three phones changed in a month", QUARTER, (), AFTERNOON)
    assert not lists.standing(one.party, TODAY).exists(), "nothing is in force before it is granted"
    with pytest.raises(Refused, match="waits"):
        listing.ask(house["chen"], one, "watch", "again", QUARTER, (), AFTERNOON)
    acts.decide(house["sun"], asked, True, "plausible", AFTERNOON)
    entry = lists.standing(one.party, TODAY).get()
    assert (entry.by, entry.approved_by, entry.since, entry.until) == (house["chen"], house["sun"], TODAY, QUARTER)
    told = Event.objects.filter(subject=one.number, action__startswith="list")
    assert list(told.values_list("action", flat=True)) == ["list.ask", "list.enter"]
    with pytest.raises(Refused, match="on this list until"):
        listing.ask(house["chen"], one, "watch", "again", QUARTER, (), AFTERNOON)


@pytest.mark.django_db
def test_nobody_grants_his_own_and_a_collector_grants_none(one: Case, house: dict[str, User]) -> None:
    asked = listing.ask(house["sun"], one, "white", "paid for ten years", QUARTER, (), AFTERNOON)
    with pytest.raises(Refused, match="nobody decides what he or she asked for"):
        acts.decide(house["sun"], asked, True, "ok", AFTERNOON)
    with pytest.raises(Refused, match="may not approve"):
        acts.decide(house["chen"], asked, True, "ok", AFTERNOON)
    acts.decide(house["qian"], asked, False, "no ground", AFTERNOON)
    assert not ListEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "about", "message"),
    [
        ({"name": "grey"}, "list", "choose a list"),
        ({"reason": "  "}, "reason", "has a reason"),
        ({"until": TODAY}, "until", "ends after today"),
        ({"until": TODAY + timedelta(days=181)}, "until", "by 2027-05-19 at the latest"),
        ({"name": "black"}, "dealings", "choose what is closed"),
        ({"name": "black", "dealings": ("complaint",)}, "dealings", "choose what is closed"),
        ({"dealings": ("promise",)}, "dealings", "this list closes nothing"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    one: Case, house: dict[str, User], told: dict[str, Any], about: str, message: str
) -> None:
    given = {"name": "white", "reason": "r", "until": QUARTER, "dealings": ()} | told
    with pytest.raises(Refused, match=message) as refused:
        listing.ask(house["chen"], one, at=AFTERNOON, **given)
    assert refused.value.about == about
    assert not Approval.objects.exists()


@pytest.mark.django_db
def test_black_closes_the_chosen_dealings_only_and_until_its_day(one: Case, house: dict[str, User]) -> None:
    _entered(house, one, "black", ("promise", "agency"))
    with pytest.raises(Refused, match="no more promises are taken"):
        promises.promise(house["chen"], one, 100, TODAY, "voice", AFTERNOON)
    agency = house["agency"]
    with pytest.raises(Refused, match="not given to an outside agency"):
        queue.hand_over(house["sun"], one, agency, "", AFTERNOON)
    queue.snooze(house["chen"], one, AFTERNOON + timedelta(hours=1), "", AFTERNOON)  # not chosen, stays open
    last = AFTERNOON + timedelta(days=90)
    assert promises.promise(house["chen"], one, 100, last.date(), "voice", last), "the day it ends it closes nothing"


@pytest.mark.django_db
def test_black_never_closes_protection() -> None:
    assert not set(lists.rules()["black"].dealings) & {"hold", "complaint", "dispute", "hardship"}


@pytest.mark.django_db
def test_white_keeps_the_level_while_days_grow(book: Book, house: dict[str, User]) -> None:
    from_day.take_in(book, DAYS[0], at=AFTERNOON)
    # Somebody long late whose case stands one level lower, as if days had just grown past L4's edge.
    white = Case.objects.filter(level="L4", days_past_due__gt=60).order_by("-days_past_due").first()
    assert white is not None, "the synthetic book has somebody long late"
    Case.objects.filter(pk=white.pk).update(level="L3X")
    days = white.days_past_due
    entry = ListEntry.objects.create(
        party=white.party, name="white", reason="r", since=DAYS[0], until=DAYS[2], by=house["wu"],
        approved_by=house["sun"],
    )  # fmt: skip
    taken = from_day.take_in(book, DAYS[1], at=AFTERNOON)
    white.refresh_from_db()
    assert (white.level, white.days_past_due) == ("L3X", days + 1)
    assert taken.kept == 1
    assert Event.objects.filter(subject=white.number, action="case.kept").count() == 1
    taken = from_day.take_in(book, DAYS[2], at=AFTERNOON)  # the entry's end is exclusive: it holds no longer
    white.refresh_from_db()
    assert (white.level, taken.kept) == ("L4", 0)
    assert entry.until == white.as_of


@pytest.mark.django_db
def test_watched_cases_come_earlier_and_say_why(one: Case, house: dict[str, User]) -> None:
    place = one.priority
    entry = _entered(house, one, "watch")
    one.refresh_from_db()
    assert one.priority == priority.priority(one, TODAY) >= place + lists.rules()["watch"].points
    assert "on the watch list" in {words.en for _, words in priority.points(one, TODAY)}
    listing.end(house["chen"], one, entry, "moved away", AFTERNOON)
    one.refresh_from_db()
    assert "on the watch list" not in {words.en for _, words in priority.points(one, TODAY)}
    with pytest.raises(Refused, match="ended already"):
        listing.end(house["chen"], one, entry, "again", AFTERNOON)


@pytest.mark.django_db
def test_what_waited_beyond_its_end_is_not_entered(one: Case, house: dict[str, User]) -> None:
    asked = listing.ask(house["chen"], one, "watch", "r", TODAY + timedelta(days=2), (), AFTERNOON)
    with pytest.raises(Refused, match="has passed"):
        acts.decide(house["sun"], asked, True, "late", AFTERNOON + timedelta(days=2))
    asked.refresh_from_db()
    assert asked.state == "waiting"


@pytest.mark.django_db
def test_the_page_shows_whose_cases_one_may_see(one: Case, house: dict[str, User]) -> None:
    _entered(house, one, "watch")
    assert listing.entries_for(house["chen"], TODAY, "", "in force").count() == 1
    Membership.objects.filter(user=house["lin"], team=Team.objects.get(code="collector")).delete()
    assert not listing.entries_for(house["lin"], TODAY, "", "in force").exists()
    assert not listing.entries_for(house["chen"], TODAY, "black", "in force").exists()
    assert not listing.entries_for(house["chen"], TODAY, "", "soon").exists()
    assert listing.entries_for(house["chen"], date(2027, 2, 10), "", "soon").exists()
    assert listing.entries_for(house["chen"], QUARTER, "", "past").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("grey: {says: {zh: 灰, en: grey}, longest_days: 3}", "is not one of white, black, watch"),
        ("white: {longest_days: 3}", "a list has says and longest_days"),
        ("white: {says: {zh: 白, en: w}, longest_days: 3, colour: blue}", "a list has says and longest_days"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused(tmp_path: Path, settings: Any, text: str, message: str) -> None:
    (tmp_path / "lists.yaml").write_text(text, encoding="utf-8")
    settings.MORA_POLICY = str(tmp_path)
    lists.rules.cache_clear()
    try:
        with pytest.raises(BadInput, match=message):
            lists.rules()
    finally:
        settings.MORA_POLICY = ""
        lists.rules.cache_clear()
