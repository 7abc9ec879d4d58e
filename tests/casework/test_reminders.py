"""Reminders: proposed with the promise, asked of the gate in their time, dropped when not needed, sent by a person."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.conftest import AFTERNOON
from mora.casework import acts, history, policy_files, priority, promises, reminders
from mora.core.errors import BadInput, Refused
from mora.gate.terms import HoldKind
from mora.gate.words.guard import read
from mora.store.models import Attempt, Case, ContactPoint, Event, Party, Promise, Reminder, Team, User

TODAY = AFTERNOON.date()
DUE = TODAY + timedelta(days=4)  # Tuesday 24 November; the reminder is proposed for Monday at ten
TEN = datetime.combine(DUE - timedelta(days=1), datetime.min.time(), tzinfo=AFTERNOON.tzinfo).replace(hour=10)


def _case(name: str, phone: bool = True, language: str = "zh") -> Case:
    party = Party.objects.create(
        party_id=name, name_mask="林*明", language=language, zones=["Asia/Shanghai"], born_on=TODAY.replace(year=1990)
    )
    if phone:
        ContactPoint.objects.create(
            party=party, channel="mobile", value="+8613800000001", value_mask="****0001", value_index=name
        )
    return Case.objects.create(
        party=party, number=f"C-{name}", level="L1", level_since=TODAY, currency="CNY", arrears_minor=100_000,
        outstanding_minor=100_000, days_past_due=2, as_of=TODAY, opened_on=TODAY,
        team=Team.objects.get(code="collector"),
    )  # fmt: skip


@pytest.fixture
def one(house: dict[str, User]) -> Case:
    return _case("R1")


def _promise(case: Case, house: dict[str, User], days: int = 4, at: datetime = AFTERNOON) -> Promise:
    return promises.promise(house["chen"], case, 50_000, at.date() + timedelta(days=days), "voice", at)


@pytest.mark.django_db
def test_proposed_for_the_day_before_and_not_when_that_hour_has_passed(one: Case, house: dict[str, User]) -> None:
    assert _promise(one, house).reminder.due_at == TEN
    assert not Reminder.objects.filter(promise=_promise(one, house, days=1)).exists(), "ten of today has passed"
    morning = AFTERNOON.replace(hour=9)
    assert _promise(one, house, days=1, at=morning).reminder.due_at == morning.replace(hour=10)


@pytest.mark.django_db
def test_nothing_is_asked_before_its_time_and_then_the_gate_is(one: Case, house: dict[str, User]) -> None:
    made = _promise(one, house)
    assert reminders.run(TEN - timedelta(minutes=1)) == {}
    assert reminders.run(TEN) == {"cleared": 1}
    held = Reminder.objects.get()
    assert (held.state, held.channel, held.point) == ("cleared", "sms", one.party.points.get())
    record = json.loads(held.verdict)
    assert held.text in json.dumps(record, ensure_ascii=False), "the words were put to the gate with the rest"
    assert str(made.due_on) in held.text
    assert "500" not in held.text
    assert reminders.run(TEN + timedelta(minutes=10)) == {"cleared": 1}, "asked once"
    assert Event.objects.filter(action="remind.cleared").count() == 1
    assert not Attempt.objects.exists(), "nothing was sent by itself"


@pytest.mark.django_db
def test_a_hold_refuses_and_says_so(one: Case, house: dict[str, User]) -> None:
    _promise(one, house)
    acts.hold(house["chen"], one, HoldKind.HARDSHIP, AFTERNOON + timedelta(days=20), "ill", AFTERNOON)
    assert reminders.run(TEN) == {"refused": 1}
    assert Event.objects.filter(action="remind.refused", subject=one.number).exists()


@pytest.mark.django_db
def test_refused_for_the_hour_it_is_asked_again_when_the_gate_allows_it(
    one: Case, house: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    _promise(one, house)
    Reminder.objects.update(due_at=TEN.replace(hour=6))
    assert reminders.run(TEN.replace(hour=6)) == {"waiting": 1}
    assert Reminder.objects.get().due_at == TEN.replace(hour=8), "contact is allowed from eight"
    assert reminders.run(TEN.replace(hour=8)) == {"cleared": 1}


@pytest.mark.django_db
def test_dropped_when_the_promise_was_kept_or_replaced_or_is_over(one: Case, house: dict[str, User]) -> None:
    first = _promise(one, house)
    promises.judge(first, 50_000, TODAY, AFTERNOON)
    second = _promise(one, house, days=5)
    third = _promise(one, house, days=6)
    assert reminders.run(TEN) == {"dropped": 1}, "kept before its time"
    assert reminders.run(TEN + timedelta(days=1)) == {"dropped": 1}, "replaced"
    assert reminders.run(AFTERNOON + timedelta(days=7)) == {"dropped": 1}, "its day is over"
    assert {each.reminder.state for each in Promise.objects.filter(pk__in=(first.pk, second.pk, third.pk))} == {
        "dropped"
    }


@pytest.mark.django_db
def test_without_a_way_it_is_refused(house: dict[str, User]) -> None:
    _promise(_case("R2", phone=False), house)
    assert reminders.run(TEN) == {"refused": 1}


@pytest.mark.django_db
def test_sent_counts_as_a_contact_once_and_the_case_still_rests(one: Case, house: dict[str, User]) -> None:
    _promise(one, house)
    reminders.run(TEN)
    one.refresh_from_db()
    rests = one.not_before
    held = Reminder.objects.select_related("promise__case", "point").get()
    with pytest.raises(Refused, match="not to be sent now"):
        reminders.sent(house["chen"], held, TEN.replace(hour=23))
    reminders.sent(house["chen"], held, TEN)
    with pytest.raises(Refused, match="may not be sent"):
        reminders.sent(house["chen"], held, TEN)
    attempt = Attempt.objects.get()
    assert (attempt.channel, attempt.result, attempt.said) == ("sms", "sent", held.text)
    one.refresh_from_db()
    assert one.not_before == rests, "until the promise's grace is over"


@pytest.mark.django_db
def test_the_words_hold_before_the_guard_in_both_languages(house: dict[str, User]) -> None:
    for name, language in (("Z", "zh"), ("E", "en")):
        case = _case(name, language=language)
        text, stated = reminders.words_for(_promise(case, house).reminder)
        assert stated == language
        reading = read(text, on=TODAY, language=language, channel=None)
        assert not [each for each in reading.findings if each.effect == "refuse"], text


@pytest.mark.django_db
def test_the_timeline_tells_how_promises_ended(one: Case, house: dict[str, User]) -> None:
    _promise(one, house)
    second = _promise(one, house, days=5)
    promises.judge(second, 20_000, second.due_on + timedelta(days=3), AFTERNOON + timedelta(days=8))
    told = [each.what.en for each in history.entries(one, ("promise",))]
    assert "Promise partly kept, received 200.00 CNY" in told
    assert "Promise superseded" in told
    assert {each.state for each in history.entries(one, ("promise",)) if each.amount_minor} == {"superseded", "partly"}


@pytest.mark.django_db
@pytest.mark.parametrize(("paid", "words"), [(0, "a promise was broken"), (100, "a promise was kept in part")])
def test_a_broken_promise_goes_before_the_worst_that_never_promised(
    one: Case, house: dict[str, User], paid: int, words: str
) -> None:
    made = _promise(one, house)
    promises.judge(made, paid, made.due_on + timedelta(days=3), AFTERNOON)
    one.refresh_from_db()
    assert priority.reason(one, TODAY).en.startswith(words)
    worst = _case("R9")
    worst.days_past_due, worst.arrears_minor = 4000, 2**62
    worst.level_due_on = TODAY - timedelta(days=400)
    assert priority.priority(one, TODAY) > priority.priority(worst, TODAY)
    _promise(one, house, days=9)
    one.refresh_from_db()
    assert priority.priority(one, TODAY) < priority.priority(worst, TODAY), "a new promise is a new word"


@pytest.mark.parametrize(
    ("line", "message"),
    [("remind_at: noon", "noon"), ("reminder: {zh: '{amount}', en: x}", "amount"), ("colour: blue", "colour")],
)
def test_a_policy_that_does_not_fit_is_refused(tmp_path: Path, settings: Any, line: str, message: str) -> None:
    base = "longest_days: 30\ngrace_days: 2\ntolerance_percent: 5\nremind_days_before: 1\n"
    (tmp_path / "promises.yaml").write_text(base + line, encoding="utf-8")
    settings.MORA_POLICY = str(tmp_path)
    policy_files.promise_rule.cache_clear()
    try:
        with pytest.raises(BadInput, match=message):
            policy_files.promise_rule()
        (tmp_path / "promises.yaml").write_text(base, encoding="utf-8")
        assert policy_files.promise_rule().remind_at == "10:00", "a file from before reminders still reads"
    finally:
        settings.MORA_POLICY = ""
        policy_files.promise_rule.cache_clear()
