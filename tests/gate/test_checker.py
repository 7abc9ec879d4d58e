"""The checker against worked examples of the rule tables, so that it is not merely the gate's echo."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from gate.adversary.by_hand import BEIJING, LONDON, MOBILE, NEW_YORK, SISTER, WORK, ask, at, made
from gate.adversary.checker import read
from gate.adversary.chinese import seventh_unanswered
from gate.adversary.record import Entry
from mora.gate.terms import (
    Actor,
    ActorKind,
    Channel,
    Claim,
    Debtor,
    Hold,
    HoldKind,
    Message,
    Party,
    Permission,
    PermissionKind,
    Purpose,
    Result,
    Role,
)


def broken(*log: Entry) -> set[str]:
    """Rules the last entry would break, by the law alone."""
    *_, (_, _, rules) = read(list(log), None)
    return rules


@pytest.mark.parametrize(
    ("clock", "night"), [("21:59:59", False), ("22:00", True), ("07:59:59", True), ("08:00", False)]
)
def test_t_cn_1_hours(clock, night):
    rules = broken(ask(at(f"2026-03-02 {clock}", BEIJING), "cn"))
    assert rules == ({"cn.gbt45251.hours", "cn.cba2026.hours"} if night else set())


def test_t_cn_2_effective_calls():
    calls = [made(at(f"2026-03-02 {hour}:00", BEIJING), result=Result.CONNECTED) for hour in ("09", "12", "18")]
    fourth = ask(at("2026-03-02 20:00", BEIJING), "cn")
    assert broken(*calls, fourth) == {"cn.gbt45251.freq.voice"}
    assert broken(*calls[1:], made(at("2026-03-02 19:00", BEIJING), inbound=True), fourth) == set()
    assert broken(*calls, ask(at("2026-03-02 20:00", BEIJING), "cn", actor=Actor(ActorKind.AGENCY, "yi"))) == set()
    assert broken(*calls, ask(at("2026-03-03 08:00", BEIJING), "cn")) == set()


def test_t_cn_3_notice_calls_of_all_together():
    said = {"channel": Channel.VOICE_NOTICE, "result": Result.CONNECTED}
    calls = [made(at(f"2026-03-02 {hour}:00", BEIJING), actor=who, **said) for hour, who in ((10, "bank"), (11, "jia"))]
    last = ask(at("2026-03-02 15:00", BEIJING), "cn", channel=Channel.VOICE_NOTICE)
    assert broken(*calls, last) == set()
    assert broken(*calls, made(at("2026-03-02 14:00", BEIJING), actor="yi", **said), last) == {
        "cn.gbt45251.freq.notice"
    }


def test_t_cn_4_unanswered_calls_by_number():
    log = [made(at("2026-03-02 09:00", BEIJING) + timedelta(minutes=n)) for n in range(6)]
    for point, many in ((MOBILE, True), (WORK, False)):
        *_, (_, asked, rules) = read([*log, ask(at("2026-03-02 20:00", BEIJING), "cn", point=point)], None)
        assert (seventh_unanswered(asked), rules) == (many, set())


def test_t_cn_5_third_persons():
    log = [made(at("2026-03-02 09:00", BEIJING) + timedelta(hours=n)) for n in range(3)]
    locate = {"party": SISTER, "purpose": Purpose.LOCATE, "debtor": Debtor("lin")}
    sister = ask(at("2026-03-02 15:00", BEIJING), "cn", **locate)
    both = {"cn.gbt45251.contacts", "cn.cba2026.contacts.unreachable"}
    assert broken(*log[1:], sister) == both
    assert broken(*log, sister) == set()
    named = ask(at("2026-03-02 15:00", BEIJING), "cn", **locate, message=Message(discloses=True))
    assert broken(*log, named) == {*both, "cn.card2011.a68"}


def test_los_angeles_with_a_new_york_number():
    """Unsure where the consumer is: only from 08:00 to 18:00 in Los Angeles."""
    unsure = Party("lin", Role.DEBTOR, zones=("America/Los_Angeles", "America/New_York"))
    there = ZoneInfo("America/Los_Angeles")
    late = [
        "us.regf.hours" in broken(ask(at(f"2026-06-01 {clock}", there), "us", party=unsure))
        for clock in ("07:59:59", "08:00", "17:59:59", "18:00")
    ]
    assert late == [True, False, False, True]


def test_t_us_f12_seven_days_after_a_conversation():
    talk = made(at("2026-06-01 10:00", NEW_YORK), result=Result.RIGHT_PARTY)
    for day, cooling in ((2, True), (7, True), (8, False)):
        rules = broken(talk, ask(at(f"2026-06-0{day} 10:00", NEW_YORK), "us"))
        assert rules == ({"us.regf.calls.afterconv"} if cooling else set())


def test_t_us_f13_seven_calls_in_seven_days():
    calls = [made(at("2026-06-01 10:00", NEW_YORK))]
    calls += [made(at("2026-06-02 10:00", NEW_YORK) + timedelta(hours=n)) for n in range(6)]
    assert broken(*calls, ask(at("2026-06-07 20:59", NEW_YORK), "us")) == {"us.regf.calls.7in7"}
    assert broken(*calls, ask(at("2026-06-08 08:00", NEW_YORK), "us")) == set()


def test_t_us_f6_and_f7_what_counts():
    for result, counts in (
        (Result.BUSY, False),
        (Result.NOT_IN_SERVICE, False),
        (Result.VOICEMAIL, True),
        (Result.DROPPED, True),
    ):
        calls = [made(at("2026-06-02 10:00", NEW_YORK) + timedelta(hours=n), result=result) for n in range(7)]
        rules = broken(*calls, ask(at("2026-06-03 10:00", NEW_YORK), "us"))
        assert rules == ({"us.regf.calls.7in7"} if counts else set())


def test_t_us_f8_a_conversation_ends_consent():
    calls = [made(at("2026-06-02 10:00", NEW_YORK) + timedelta(hours=n)) for n in range(7)]
    agreed = tuple(
        Permission(rule, PermissionKind.CONSENT, at("2026-06-02 09:00", NEW_YORK))
        for rule in ("us.regf.calls.7in7", "us.regf.calls.afterconv")
    )
    eighth = ask(at("2026-06-03 12:00", NEW_YORK), "us", permissions=agreed)
    assert broken(*calls, eighth) == set()
    talk = made(at("2026-06-03 09:00", NEW_YORK), result=Result.RIGHT_PARTY, inbound=True)
    assert broken(*calls, talk, eighth) == {"us.regf.calls.7in7", "us.regf.calls.afterconv"}


def test_t_us_f14_student_loans_under_one_account():
    first, second = (Claim(name, ("consumer",), account="sallie", student_loan=True) for name in ("one", "two"))
    talk = made(at("2026-06-01 10:00", NEW_YORK), result=Result.RIGHT_PARTY, claims=("one",))
    earlier = ask(at("2026-05-30 10:00", NEW_YORK), "us", claims=(first,))
    assert broken(earlier, talk, ask(at("2026-06-02 10:00", NEW_YORK), "us", claims=(second,))) == {
        "us.regf.calls.afterconv"
    }


def test_massachusetts_monday_tuesday_wednesday():
    lender = Actor(ActorKind.LENDER, "bank")
    calls = [made(at(f"2026-06-0{day} 10:00", NEW_YORK), actor="bank") for day in (1, 2)]
    assert broken(*calls, ask(at("2026-06-03 10:00", NEW_YORK), "us-ma", actor=lender)) == {"us.ma.940cmr7"}
    assert broken(*calls, ask(at("2026-06-08 10:00", NEW_YORK), "us-ma", actor=lender)) == set()


def test_new_york_city_counts_every_channel():
    contacts = [
        made(at("2026-09-07 10:00", NEW_YORK), channel=Channel.SMS, result=Result.SENT),
        made(at("2026-09-08 10:00", NEW_YORK), channel=Channel.LETTER, result=Result.SENT),
        made(at("2026-09-09 10:00", NEW_YORK)),
    ]
    assert broken(*contacts, ask(at("2026-09-13 20:00", NEW_YORK), "us-ny-nyc")) == {"us.nyc.shield"}
    assert broken(*contacts, ask(at("2026-09-14 08:00", NEW_YORK), "us-ny-nyc")) == set()


def test_clocks_that_change_move_the_window():
    """2026-03-08 has 23 hours in New York: days are counted, not hours."""
    talk = made(at("2026-03-03 20:59", NEW_YORK), result=Result.RIGHT_PARTY)
    assert broken(talk, ask(at("2026-03-09 20:59:59", NEW_YORK), "us")) == {"us.regf.calls.afterconv"}
    assert broken(talk, ask(at("2026-03-10 08:00", NEW_YORK), "us")) == set()


def test_breathing_space_counts_its_first_day():
    """From 2026-03-02, counting that day: last day 2026-04-30."""
    person = Party("lin", Role.DEBTOR, zones=("Europe/London",))
    space = (Hold(HoldKind.BREATHING_SPACE, at("2026-03-02 15:00", LONDON).astimezone(UTC)),)
    for day, rests in (("2026-04-30 20:00", True), ("2026-05-01 08:00", False)):
        rules = broken(ask(at(day, LONDON), "uk", party=person, holds=space))
        assert rules == ({"uk.breathing"} if rests else set())
