"""Beside the outcome: what was counted, of whom, since when; and sentences with the right figures in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from gate.casebook import BASES, gate, merged, request_of
from mora.core.errors import BadInput
from mora.gate.terms import Counter, Finding, HoldKind, Verdict


def ask(base: str, house: str = "none", **change: Any) -> Verdict:
    """The verdict on a base request with something changed."""
    return gate(house).ask(request_of(merged(BASES[base], change), "test"))


def counter(verdict: Verdict, rule: str) -> Counter:
    """The counter of a rule."""
    [found] = [each for each in verdict.counters if each.rule == rule]
    return found


def said(verdict: Verdict, rule: str) -> Finding:
    """The finding of a rule."""
    [found] = [each for each in verdict.findings if each.rule == rule]
    return found


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text)


def test_counters_say_what_of_whom_and_in_which_window() -> None:
    verdict = ask(
        "lin", history=[["2026-03-02 09:00", "voice", "connected"], ["2026-03-02 10:00", "voice", "no_answer"]]
    )
    day = (at("2026-03-02T00:00:00+08:00"), at("2026-03-03T00:00:00+08:00"))
    rule = "cn.gbt45251.freq.voice"
    assert counter(verdict, rule) == Counter(rule, "effective_calls", 1, 3, "bank > lin", *day)
    rule = "cn.cba2026.freq.unanswered"
    assert counter(verdict, rule) == Counter(rule, "unanswered_attempts", 1, 6, "lin > mobile-1", *day)
    rule = "cn.gbt45251.freq.notice"
    notice = ask("lin", channel="voice_notice")
    assert counter(notice, rule) == Counter(rule, "connected_notices", 0, 3, "lin", *day)
    rule = "cn.gbt45251.hours"
    assert counter(verdict, rule) == Counter(
        rule, "hours", 1, None, "Asia/Shanghai", *[at("2026-03-02T15:00:00+08:00")] * 2
    )


def test_of_several_zones_the_fullest_count_and_its_window_are_told() -> None:
    # 01:30 on 1 June in New York is 22:30 on 31 May in Los Angeles. On the afternoon of 7 June both look at 1-7 June:
    # New York counts two, Los Angeles one.
    zones = {"party": {"zones": ["America/Los_Angeles", "America/New_York"]}, "clock": "America/New_York"}
    history = [["2026-06-01 01:30", "voice", "no_answer"], ["2026-06-02 12:00", "voice", "no_answer"]]
    found = counter(ask("adams", **zones, history=history, at="2026-06-07 15:00"), "us.regf.calls.7in7")
    assert (found.since, found.until) == (at("2026-06-01T00:00:00-04:00"), at("2026-06-08T00:00:00-04:00"))
    assert found.count == 2
    assert found.what == "calls"
    assert found.key == "acme > adams: d1"
    # Where the counts are the same the first zone's window is told.
    same = counter(ask("adams", **zones, history=[["2026-06-03 12:00", "voice", "no_answer"]], at="2026-06-07 15:00"),
                   "us.regf.calls.7in7")  # fmt: skip
    assert (same.count, same.since) == (1, at("2026-06-01T00:00:00-07:00"))
    # One zone full, the other not: it clears when the last is no longer.
    seven = [[f"2026-06-01 01:{minute}", "voice", "no_answer"] for minute in range(10, 17)]
    finding = said(ask("adams", **zones, history=seven, at="2026-06-07 15:00"), "us.regf.calls.7in7")
    assert finding.clears_at == at("2026-06-08T00:00:00-04:00")
    assert (finding.counter, finding.limit) == (7, 7)
    # Both full: seven calls of the afternoon of 1 June leave the week in Los Angeles three hours after New York.
    seven = [[f"2026-06-01 15:{minute}", "voice", "no_answer"] for minute in range(10, 17)]
    finding = said(ask("adams", **zones, history=seven, at="2026-06-07 15:00"), "us.regf.calls.7in7")
    assert finding.clears_at == at("2026-06-08T00:00:00-07:00")


def test_a_conversation_is_told_with_its_day_and_its_end() -> None:
    verdict = ask("adams", history=[["2026-06-01 10:00", "voice", "right_party"]], at="2026-06-02 15:00")
    found = counter(verdict, "us.regf.calls.afterconv")
    assert (found.what, found.count, found.limit) == ("conversation", 1, 0)
    assert (found.since, found.until) == (at("2026-06-01T10:00:00-04:00"), at("2026-06-08T00:00:00-04:00"))
    assert "on 2026-06-01; no further call within 7 days" in said(verdict, "us.regf.calls.afterconv").message_en
    # The lender's own count of failed tries names the debtor.
    lost = ask("wang")
    assert counter(lost, "cn.gbt45251.contacts").key == "lin"


def test_the_sentence_names_the_clock_that_is_shut() -> None:
    zones = {"party": {"zones": ["America/Los_Angeles", "America/New_York"]}}
    verdict = ask("adams", **zones, at="2026-06-01 22:30:15")
    finding = said(verdict, "us.regf.hours")
    assert finding.message_en == (
        "It is 22:30:15 where the person may be (America/New_York), outside the permitted 08:00-21:00."
    )
    assert "（America/New_York）现为22:30:15，不在允许联络的08:00-21:00之内" in finding.message_zh
    assert counter(verdict, "us.regf.hours").key == "America/Los_Angeles, America/New_York"
    assert counter(verdict, "us.regf.hours").until == at("2026-06-02T11:00:00-04:00")


def test_the_doubtful_day_of_breathing_space_ends_at_its_midnight() -> None:
    verdict = ask("clarke", holds=[{"kind": "breathing_space", "since": "2026-03-02 10:00"}], at="2026-05-01 00:00")
    assert said(verdict, "uk.breathing").clears_at == at("2026-05-02T00:00:00+01:00")


def test_an_address_clears_when_the_days_of_the_notice_are_over() -> None:
    # Notice with opt-out on 1 June, 35 days: until 5 July nothing goes there, from 6 July it may.
    point = {"id": "mail", "kind": "email", "notice_sent_on": "2026-06-01"}
    verdict = ask("adams", channel="email", point=point, message={"contains": ["opt_out"]}, at="2026-06-10 15:00")
    [finding] = [each for each in verdict.findings if each.clears_at is not None]
    assert finding.clears_at == at("2026-07-06T00:00:00-04:00")


def test_the_evidence_of_each_claims_permission_is_told() -> None:
    talk = ["2026-06-01 10:00", "voice", "right_party", {"claims": ["d1", "d2"]}]
    given = [
        {"rule": "us.regf.calls.afterconv", "kind": "consent", "since": "2026-06-01 12:00", "claims": [claim],
         "evidence": evidence}
        for claim, evidence in (("d1", "call 17"), ("d2", "call 18"))
    ]  # fmt: skip
    both = ask("adams", at="2026-06-02 15:00", claims=[{"id": "d1"}, {"id": "d2"}], history=[talk], permissions=given)
    told = [each.permission for each in both.findings if each.rule == "us.regf.calls.afterconv"]
    assert told == ["call 17", "call 18"], "one breach a claim, each with its own"
    agreed = [
        {
            "rule": "cn.gbt45251.hours",
            "kind": "agreement",
            "since": "2026-01-01 00:00",
            "claims": [claim],
            "evidence": evidence,
        }
        for claim, evidence in (("card-1", "clause 8"), ("card-2", "clause 9"))
    ]
    late = ask("lin", at="2026-03-02 22:30", claims=[{"id": "card-1"}, {"id": "card-2"}], permissions=agreed)
    assert said(late, "cn.gbt45251.hours").permission == "clause 8; clause 9"
    halves = ask("lin", at="2026-03-02 22:30", claims=[{"id": "card-1"}, {"id": "card-2"}], permissions=agreed[:1])
    assert said(halves, "cn.gbt45251.hours").permission == "agreement: it does not cover card-2"


def test_a_permission_that_does_not_fit_says_why() -> None:
    def why(**change: Any) -> str | None:
        permission = {"rule": "cn.gbt45251.hours", "kind": "consent", "since": "2026-03-01 00:00"} | change
        verdict = ask("lin", at="2026-03-02 22:30", permissions=[permission])
        return said(verdict, "cn.gbt45251.hours").permission

    assert why() == "consent"
    assert why(evidence="call 17") == "call 17"
    assert why(kind="court_order") == "court_order: cn.gbt45251.hours is not set aside by court_order"
    assert why(since="2026-03-03 00:00") == "consent: it begins on 2026-03-03T00:00:00+08:00"
    assert why(until="2026-03-02 12:00") == "consent: it ended on 2026-03-02T12:00:00+08:00"
    assert why(party="wang") == "consent: it was given for another person"
    assert why(channels=["sms"]) == "consent: it does not cover voice"
    assert why(points=["landline"]) == "consent: it does not cover this contact point"
    assert why(claims=["other"]) == "consent: it does not cover card-1"
    assert why(rule="cn.cba2026.hours") is None
    two = [
        {"rule": "cn.gbt45251.hours", "kind": "court_order", "since": "2026-03-01 00:00"},
        {"rule": "cn.gbt45251.hours", "kind": "consent", "since": "2026-03-01 00:00", "party": "wang"},
    ]
    told = said(ask("lin", at="2026-03-02 22:30", permissions=two), "cn.gbt45251.hours").permission
    assert told is not None
    assert told.count("; ") == 1


def test_regulation_f_says_why_a_consent_does_not_fit() -> None:
    def why(at: str = "2026-06-02 15:00", history: tuple[Any, ...] = (), **change: Any) -> str | None:
        permission = {"rule": "us.regf.calls.afterconv", "kind": "consent", "since": "2026-06-01 12:00"} | change
        talk = ["2026-06-01 10:00", "voice", "right_party"]
        verdict = ask("adams", at=at, permissions=[permission], history=[talk, *history])
        return said(verdict, "us.regf.calls.afterconv").permission

    assert why() == "consent"
    assert why(kind="agreement") == "agreement: the rule is not set aside by agreement"
    assert why(history=(["2026-06-01 14:00", "voice", "right_party"],)) == (
        "consent: it ended with the conversation that followed"
    )
    assert why(at="2026-06-03 15:00", since="2026-05-27 12:00", until="2026-07-01 00:00") == (
        "consent: consent of this kind lasts 7 days"
    )


def test_holds_are_told_with_the_day_they_began_on_the_person_s_clock() -> None:
    # 00:30 on 1 March in Beijing is still February in London and New York.
    verdict = ask("lin", house="prudent", holds=[{"kind": "complaint", "since": "2026-02-28T16:30:00+00:00"}])
    finding = said(verdict, "house.prudent.holds")
    assert finding.message_en == "Contact rests since 2026-03-01: a complaint is open."
    assert finding.message_zh == "投诉尚未办结（自2026-03-01起），此间停止联络。"
    found = counter(verdict, "house.prudent.holds")
    assert (found.what, found.count, found.limit, found.key, found.until) == ("hold:complaint", 1, 0, "lin", None)
    assert found.since == at("2026-03-01T00:30:00+08:00")


def test_figures_stand_in_their_findings() -> None:
    heir = {"id": "heir", "role": "heir", "estate": {"value_minor": 3000000}}
    finding = said(ask("lin", party=heir, claim={"amount_minor": 8000000}), "cn.civil.1161")
    assert (finding.counter, finding.limit) == (8000000, 3000000)
    guarantor = {"id": "guo", "role": "guarantor", "guarantee": {"debt_due_on": "2026-01-31", "limit_minor": 5}}
    finding = said(ask("lin", party=guarantor, claim={"amount_minor": 6}), "cn.civil.693")
    assert (finding.counter, finding.limit) == (6, 5)
    late = {"id": "guo", "role": "guarantor", "guarantee": {"debt_due_on": "2025-03-31"}}
    assert "ended on 2025-09-30" in said(ask("lin", party=late), "cn.civil.693").message_en
    young = {"id": "lin", "role": "debtor", "born_on": "2010-06-01"}
    finding = said(ask("lin", house="prudent", party=young), "house.prudent.people")
    assert (finding.counter, finding.limit) == (15, 18)
    letter = {"channel": "letter", "message": {"contains": ["name", "seal"]}}
    finding = said(ask("lin", **letter), "cn.card2011.a69.letter")
    assert (finding.counter, finding.limit) == (5, 0)
    assert finding.message_en == "The letter lacks: balance, reason, rights, dispute_channel, contact."
    visit = {"channel": "visit", "visit": {"visitors": 1, "shows_identity": True, "records": True}}
    finding = said(ask("lin", house="prudent", **visit), "house.prudent.visit")
    assert (finding.counter, finding.limit) == (1, 2)
    nobody = {"channel": "visit", "visit": {"shows_identity": True, "records": True}}
    finding = said(ask("lin", house="prudent", **nobody), "house.prudent.visit")
    assert (finding.counter, finding.limit) == (None, 2)
    assert "现为未知" in finding.message_zh
    owed = said(ask("lin", house="prudent", claim={"owed": {"dispute_open": True}}), "house.prudent.owed")
    assert (owed.counter, owed.limit) == (50, 100), "3 + 3 + 3 of 18"
    assert owed.message_en == "Whether the claim (card-1) is owed is not settled (score 50): answer the dispute first."
    asked = {"party": {"id": "s", "role": "contact"}, "purpose": "locate", "attempt": {"party": "s"}}
    finding = said(ask("adams", **asked, history=[["2026-05-01 10:00", "voice", "third_party"]]), "us.regf.thirdparty")
    assert (finding.counter, finding.limit) == (1, 1)


def test_nobody_is_lost_of_whom_nothing_is_known() -> None:
    finding = said(ask("wang", debtor=None), "cn.cba2026.contacts.unreachable")
    assert (finding.counter, finding.limit) == (0, 3)
    assert "(0 failed tries in a row; 3 are needed" in finding.message_en
    two = [["2026-03-01 09:00", "voice", "no_answer"], ["2026-03-02 09:00", "voice", "busy"]]
    assert said(ask("wang", history=two), "cn.cba2026.contacts.unreachable").counter == 2


def test_breathing_space_and_plans_say_when_they_end() -> None:
    space = {"holds": [{"kind": "breathing_space", "since": "2026-03-02 10:00"}]}
    finding = said(ask("clarke", **space, at="2026-03-05 10:00"), "uk.breathing")
    assert finding.clears_at == at("2026-05-01T00:00:00+01:00")
    assert "60 days from 2026-03-02" in finding.message_en
    finding = said(ask("clarke", **space, at="2026-05-01 10:00"), "uk.breathing")
    assert finding.clears_at == at("2026-05-02T00:00:00+01:00")
    plan = {"holds": [{"kind": "plan_being_made", "since": "2026-03-02 10:00"}]}
    assert said(ask("clarke", **plan, at="2026-03-05 10:00"), "uk.conc7.3").clears_at == at("2026-04-01T00:00:00+01:00")
    short = {"holds": [{"kind": "plan_being_made", "since": "2026-03-02 10:00", "until": "2026-03-10 10:00"}]}
    assert said(ask("clarke", **short, at="2026-03-05 10:00"), "uk.conc7.3").clears_at == at(
        "2026-03-10T10:00:00+00:00"
    )


def test_every_kind_of_hold_has_its_words() -> None:
    told = set()
    for kind in HoldKind:
        hold = {"kind": kind.value, "since": "2026-02-01 10:00"}
        verdict = ask("lin", house="prudent", holds=[hold], point={"kind": "work"})
        told.add(said(verdict, "house.prudent.holds").message_en)
    assert len(told) == len(HoldKind)


def test_ten_days_after_a_word_of_mouth_end_at_midnight_and_the_next_hold_is_still_looked_at() -> None:
    massachusetts = {"places": ["us-ma"], "actor": {"kind": "lender", "id": "bank"}, "point": {"kind": "work"}}
    spoken = {"kind": "no_work_calls", "since": "2026-06-01 10:00", "written": False}
    midnight = ask("adams", **massachusetts, holds=[spoken], at="2026-06-11 00:00")
    assert [each.message_en[:8] for each in midnight.findings if each.rule == "us.ma.940cmr7"] == ["It is 00"]
    again = spoken | {"since": "2026-06-08 10:00"}
    later = said(ask("adams", **massachusetts, holds=[spoken, again], at="2026-06-12 10:00"), "us.ma.940cmr7")
    assert later.clears_at == at("2026-06-18T00:00:00-04:00")
    own_phone = massachusetts | {"point": {"kind": "mobile"}}
    assert ask("adams", **own_phone, holds=[spoken], at="2026-06-02 10:00").findings == ()


def test_the_gap_after_an_unanswered_call_says_when_it_is_over() -> None:
    finding = said(ask("adams", history=[["2026-06-01 14:58", "voice", "no_answer"]]), "us.regf.calls.7in7")
    assert finding.clears_at == at("2026-06-01T15:03:00-04:00")
    assert finding.verified
    six = [[f"2026-06-01 {hour}:00", "voice", "no_answer"] for hour in ("08", "09", "10", "11", "12", "13")]
    finding = said(ask("adams", history=six), "us.regf.calls.7in7")
    assert (finding.clears_at, finding.counter, finding.limit) == (at("2026-06-02T00:00:00-04:00"), 6, 7)


def test_what_ends_as_it_begins_is_refused() -> None:
    for name, more in (("holds", {"kind": "fraud"}), ("permissions", {"kind": "consent", "rule": "cn.gbt45251.hours"})):
        with pytest.raises(BadInput, match=rf"{name}\[0\] ends before it begins"):
            ask("lin", **{name: [more | {"since": "2026-03-01 10:00", "until": "2026-03-01 10:00"}]})
