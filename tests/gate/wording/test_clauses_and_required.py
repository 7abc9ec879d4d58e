"""Which clause a fault breaks and what it does; what a message must hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from mora.core.errors import BadInput
from mora.gate.terms import ActorKind, Channel, Effect
from mora.gate.words import Kind, read
from mora.gate.words.grounds import GROUNDS
from mora.gate.words.patterns import book, told
from mora.gate.words.required import items
from mora.gate.words.terms import SPEECH
from mora.law import Status, load
from mora.law.vocabulary import ProductKind

DAY = date(2026, 11, 24)
CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "cases/clauses.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_clauses(case: dict[str, Any]) -> None:
    reading = read(
        case["text"],
        on=case.get("day", DAY),
        places=tuple(case.get("places", ["cn"])),
        actor=ActorKind(case.get("actor", "lender")),
    )
    if case["kind"] is None:
        assert reading.findings == ()
        return
    found = next(each for each in reading.findings if each.kind == case["kind"])
    assert (found.rule, found.effect.value) == (case["rule"], case["effect"])
    assert found.rules == tuple(case.get("rules", found.rules))
    if found.rule:
        assert found.clause_zh
        assert found.clause_en


def gaps(text: str, **context: Any) -> dict[str, tuple[str, Effect]]:
    found = read(text, on=DAY, **context).findings
    return {each.pattern: (each.rule, each.effect) for each in found if each.kind is Kind.MISSING}


def test_a_text_message_in_china_holds_what_the_house_asks() -> None:
    whole = (
        "【临江银行】我是客户经理小林，工号0512。您在本行的贷款截至3月17日逾期35天，应还1,234.56元，继续逾期按合同计收罚息，"
        "可通过手机银行还款；如有异议请致电95500，回复T退订。"
    )
    assert gaps(whole, channel=Channel.SMS) == {}
    bare = gaps("请尽快还款。", channel=Channel.SMS)
    assert set(bare) == {
        "who_calls",
        "for_whom",
        "amount",
        "days_late",
        "further_cost",
        "how_to_pay",
        "how_to_complain",
    }
    assert set(bare.values()) == {("house.prudent.wording", Effect.WARN)}


def test_nothing_is_missing_from_a_spoken_line_or_a_word_to_somebody_else() -> None:
    assert gaps("请尽快还款。") == {}
    assert gaps("请尽快还款。", channel=Channel.VOICE) == {}
    assert gaps("请转告他回电。", channel=Channel.SMS, to="third_party") == {}


def test_a_card_letter_holds_what_the_measures_list() -> None:
    lacks = gaps("请尽快还款。", channel=Channel.LETTER, products=(ProductKind.CARD,))
    assert {name for name, (rule, _) in lacks.items() if rule == "cn.card2011.a69.letter"} == {
        "name", "amount", "reason", "rights", "how_to_complain", "contact", "seal",
    }  # fmt: skip
    assert lacks["seal"][1] is Effect.REFUSE
    assert not any(rule == "cn.card2011.a69.letter" for rule, _ in gaps("请还款。", channel=Channel.LETTER).values())


def test_an_agency_in_the_united_states_offers_a_way_out_and_says_who_it_is() -> None:
    text = "Please pay your balance of $50."
    agency = gaps(text, channel=Channel.SMS, places=("us",), actor=ActorKind.AGENCY)
    assert agency["opt_out"] == ("us.regf.optout", Effect.REFUSE)
    assert agency["later_disclosure"] == ("us.regf.false", Effect.WARN)
    first = gaps(text, channel=Channel.LETTER, places=("us",), actor=ActorKind.AGENCY, first=True)
    assert first["first_disclosure"] == ("us.regf.false", Effect.WARN)
    assert first["validation_dispute"] == ("us.regf.validation", Effect.WARN)
    assert "opt_out" not in first  # a letter needs none
    assert "opt_out" not in gaps(
        text + " Reply STOP to opt out.", channel=Channel.SMS, places=("us",), actor=ActorKind.AGENCY
    )


def test_items_may_be_asked_for_by_name() -> None:
    assert set(gaps("您好", required=("amount",))) == {"amount"}
    assert gaps("您好", required=(), channel=Channel.SMS) == {}
    with pytest.raises(BadInput, match="amont"):
        read("您好", on=DAY, required=("amont",))


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"to": "spouse"}, {"places": ("mars",)}])
def test_a_question_that_cannot_be_answered(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read("您好", on=DAY, **wrong)


@pytest.mark.parametrize(
    "text", ["您应还{amount}元", "您应还{{ 金额 }}元", "Pay ${amount} now", "您好\ue000先生", "\ud800"]
)
def test_what_cannot_be_read_is_not_passed(text: str) -> None:
    assert any(each.kind is Kind.UNREADABLE and each.effect is Effect.REFUSE for each in read(text, on=DAY).findings)


def test_a_text_too_long_to_read_is_not_passed() -> None:
    assert read("。" * 100_001, on=DAY).effect is Effect.REFUSE


def test_every_kind_is_told_and_every_rule_is_there_and_encoded() -> None:
    assert set(told()) == set(Kind)
    law = load(house="prudent")
    for kind in SPEECH:
        assert GROUNDS[kind]
    for ground in {each for grounds in GROUNDS.values() for each in grounds}:
        rule = law.rule(ground.rule)
        assert rule.status is Status.ENCODED
        assert "mora.gate.words.grounds" in rule.uses
        lists = [set(version.params.get(ground.among, ())) for version in rule.versions] if ground.among else []
        assert not ground.among or any(set(ground.tags) & each for each in lists)


def test_patterns_have_names_of_their_own_and_every_kind_has_some() -> None:
    for language in ("zh", "en"):
        known = book(language).patterns
        names = [each.id for each in known]
        assert len(names) == len(set(names))
        assert {each.kind for each in known} == set(SPEECH)
    for item in items().values():
        assert item.title.zh
        assert item.add.en
