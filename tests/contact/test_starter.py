"""The starter set: every text passes the guard and holds what the law and the house rule ask, in both languages."""

from __future__ import annotations

from datetime import date

import pytest

from mora.contact import Amount, Kind, Medium, check, check_filled, fill, read_template, starter
from mora.contact.advice import advice_by_place, advice_text, help_in
from mora.contact.checking import CURRENCY_OF, NOT_ASKED, samples, worst
from mora.core.words import Language
from mora.gate.terms import Effect, Purpose
from mora.gate.words import Kind as Fault
from mora.gate.words import read
from mora.gate.words.required import VALIDATION_ITEMS
from mora.law.vocabulary import ProductKind

ON = date(2026, 11, 24)
FORM_OF_LAW = {("validation.us", Language.EN, "en.second.suspect")}
"""Words of Model Form B-1 that the second reader is unsure of. It warns, and a person looks; the form's words stay."""


@pytest.mark.parametrize("code", starter())
def test_the_guard_finds_nothing_in_either_language_small_or_huge(code: str) -> None:
    found = [
        each for each in check(starter()[code], ON) if (code, each.language, each.finding.pattern) not in FORM_OF_LAW
    ]
    assert [(each.language, each.finding.kind, each.finding.quote, each.finding.pattern) for each in found] == []


def test_every_kind_has_a_text_and_three_tones_are_there() -> None:
    assert {each.kind for each in starter().values()} == set(Kind)
    assert {each.tone.value for each in starter().values()} == {"plain", "warm", "firm"}
    assert {medium for each in starter().values() for medium in each.media} == set(Medium) - {Medium.IM}


def test_what_the_house_rule_does_not_ask_is_only_what_tells_of_arrears() -> None:
    for kind, items in NOT_ASKED.items():
        assert items <= {"amount", "days_late", "further_cost", "how_to_pay"}, kind
    for kind in (Kind.DAYS_1_3, Kind.DAYS_4_7, Kind.DAYS_8_15, Kind.DAYS_16_30, Kind.BEYOND_30, Kind.DEMAND):
        assert kind not in NOT_ASKED
        assert kind.purpose is Purpose.COLLECT


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("huge", [False, True])
def test_the_demand_holds_the_seven_things_of_card_letters(language: Language, huge: bool) -> None:
    # 商业银行信用卡业务监督管理办法 art. 69: name, balance, reason, rights, dispute channel, contact, seal
    template = starter()["demand.letter"]
    values = samples(template, language, huge, "CNY")
    filled = fill(template, values, language)
    found = check_filled(
        template, filled, values, position=None, on=ON, medium=Medium.LETTER, places=("cn",),
        products=(ProductKind.CARD,),
    )  # fmt: skip
    assert found == ()


@pytest.mark.parametrize("language", Language)
def test_the_validation_notice_holds_the_items_of_1006_34(language: Language) -> None:
    template = starter()["validation.us"]
    values = samples(template, language, False, "USD") | {
        "itemised": Amount(223456, "USD"), "interest_since": Amount(7500, "USD"), "fees_since": Amount(2500, "USD"),
        "paid_since": Amount(5000, "USD"), "total_now": Amount(228456, "USD"),
    }  # fmt: skip
    text = fill(template, values, language).body
    reading = read(text, on=ON, required=(*VALIDATION_ITEMS, "first_disclosure"), places=("us",))
    assert [each.pattern for each in reading.findings if each.kind is Fault.MISSING] == []
    # (c)(2): collector, consumer, creditors then and now, account, date, sum, itemization, total
    for name in (
        "agency", "agency_address", "customer", "customer_address", "creditor_then", "creditor_now", "account_end",
        "itemised_on", "itemised", "interest_since", "fees_since", "paid_since", "total_now", "dispute_by",
    ):  # fmt: skip
        assert name in template.text(language).names
    # 2,234.56 + 75.00 + 25.00 - 50.00 = 2,284.56
    for figure in ("2,234.56", "75.00", "25.00", "50.00", "2,284.56"):
        assert figure in text
    assert "www.cfpb.gov/debt-collection" in text


# -- a template is held to its own figures, a message to the account ------------------------------------------


def _early(zh: str, en: str = "{lender:name}: your loan is overdue."):
    template, found = read_template({
        "code": "own.sms", "kind": "days_1_3", "tone": "plain", "media": ["sms"], "places": ["cn"],
        "title": {"zh": "自拟", "en": "Own"}, "zh": {"body": zh}, "en": {"body": en},
    })  # fmt: skip
    assert template is not None, found
    return template


def test_a_threat_is_found_at_its_place_in_the_template() -> None:
    zh = "【{lender:name}】{customer:name}，再不还款就爆你通讯录，应还{arrears:money}。"
    found = [each for each in check(_early(zh), ON) if each.finding.kind is Fault.DISCLOSURE]
    assert worst(tuple(found)) is Effect.REFUSE
    assert {zh[each.start : each.end] for each in found} == {"爆你通讯录"}
    assert {each.field for each in found} == {"body"}


def test_a_threat_that_only_comes_about_with_a_value_covers_the_variable() -> None:
    zh = "【{lender:name}】{customer:name}，{advice:text}"
    template = _early(zh)
    values = samples(template, Language.ZH, False, "CNY") | {"advice": "再不还款就爆你通讯录"}
    filled = fill(template, values, Language.ZH)
    found = check_filled(template, filled, values, position=None, on=ON, medium=Medium.SMS, places=("cn",))
    assert "{advice:text}" in {zh[each.start : each.end] for each in found if each.finding.kind is Fault.DISCLOSURE}


def test_a_figure_written_by_hand_is_found() -> None:
    found = check(
        _early("【{lender:name}】{customer:name}，您已逾期{days_late:days}，应还500元，另有{arrears:money}。"), ON
    )
    assert "500元" in {each.finding.quote for each in found if each.finding.kind is Fault.AMOUNT_MISMATCH}


POSITION = {
    "currency": "CNY", "as_of": ON, "arrears_minor": 123456, "days_past_due": 3,
    "oldest_unpaid_due_on": date(2026, 11, 21),
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({}, set()),
        ({"arrears": Amount(123457, "CNY")}, {Fault.AMOUNT_MISMATCH}),  # a cent more than the account says
        ({"days_late": 4}, {Fault.DAYS_MISMATCH}),
        ({"as_of": date(2026, 11, 23)}, {Fault.DATE_MISMATCH}),
        ({"arrears": Amount(123456, "USD")}, {Fault.AMOUNT_MISMATCH}),
    ],
)
def test_a_message_about_to_leave_is_held_against_the_account(changed, kinds) -> None:
    template = starter()["days_1_3.sms"]
    for language in Language:
        values = samples(template, language, False, "CNY") | {
            "arrears": Amount(123456, "CNY"), "days_late": 3, "as_of": ON, "daily_cost": Amount(35, "CNY")
        } | changed  # fmt: skip
        filled = fill(template, values, language)
        found = check_filled(
            template, filled, values, position=POSITION, on=ON, medium=Medium.SMS, places=("cn",)
        )  # fmt: skip
        assert {each.finding.kind for each in found} == kinds, language


# -- independent advice ---------------------------------------------------------------------------------------


def test_advice_names_its_source_and_what_nobody_looked_up_is_unknown() -> None:
    for place, known in advice_by_place().items():
        assert place in CURRENCY_OF
        assert all(each.source and each.checked_on for each in known)
    assert help_in("us-ny") == help_in("us")
    assert help_in("eu-de") is None
    assert advice_text("eu-de", Language.ZH) is None
    assert "0800 138 1111" in (advice_text("uk", Language.EN) or "")
    assert "12348" in (advice_text("cn", Language.ZH) or "")
