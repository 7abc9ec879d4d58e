"""Is it owed? The score is whole percent of weight, and what is to mend comes worst first."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from mora.gate.clauses import Ruling, clauses
from mora.gate.owed import GOOD_ANSWER, MEND, Standing, is_it_owed
from mora.gate.terms import Claim, Outcome, Owed

DAY = date(2026, 3, 2)
PRUDENT = clauses("prudent").of("house.prudent.owed", DAY)
GOOD = {name: answer for name, answer in GOOD_ANSWER.items() if name != "guarantor_in_scope"}


def claim(**owed: bool | None) -> Claim:
    """A claim of which this is known."""
    return Claim("c", (), owed=msgspec.convert(owed, Owed))


def score(policy: Ruling | None, **owed: bool | None) -> int:
    """The score of such a claim."""
    return is_it_owed(claim(**owed), DAY, policy).score


def test_all_good_answers_are_a_hundred_and_none_are_nought() -> None:
    assert score(PRUDENT, **GOOD) == score(None, **GOOD) == 100
    assert score(PRUDENT) == score(None) == 0


def test_answers_weigh_what_the_lender_says() -> None:
    # Weights 3 + 3 + 1 + 2 + 1 + 1 + 3 + 2 + 2 = 18 without the guarantor's question.
    assert score(PRUDENT, identity_matched=True) == 16  # 3 / 18 = 16.7 %
    assert score(PRUDENT, **GOOD | {"complaint_open": True}) == 94  # 17 / 18 = 94.4 %
    assert score(None, identity_matched=True) == 11  # one of nine
    # With it 20; only a guarantor is asked.
    asked = is_it_owed(claim(**GOOD), DAY, PRUDENT, guarantor=True)
    assert asked.score == 90
    assert [each.question for each in asked.to_mend] == ["guarantor_in_scope"]
    assert len(is_it_owed(claim(), DAY, PRUDENT).answers) == 9


def test_without_a_policy_what_is_not_good_warns() -> None:
    answer = is_it_owed(claim(**GOOD | {"dispute_open": True, "balance_reconciled": None}), DAY, None)
    assert answer.outcome is Outcome.WARNED
    told = {each.question: each.outcome for each in answer.to_mend}
    assert told == {"dispute_open": Outcome.WARNED, "balance_reconciled": Outcome.WARNED}


def test_what_is_to_mend_comes_worst_first() -> None:
    answer = is_it_owed(claim(complaint_open=True, dispute_open=True, balance_reconciled=False), DAY, PRUDENT)
    assert answer.outcome is Outcome.REFUSED
    told = [(each.question, each.standing, each.outcome) for each in answer.to_mend]
    assert told[:4] == [
        ("balance_reconciled", Standing.BAD, Outcome.REFUSED),
        ("dispute_open", Standing.BAD, Outcome.REFUSED),
        ("identity_matched", Standing.UNANSWERED, Outcome.WARNED),
        ("owned_by_lender", Standing.UNANSWERED, Outcome.WARNED),
    ]
    assert ("complaint_open", Standing.BAD, Outcome.WARNED) in told
    assert ("death_known", Standing.UNANSWERED, Outcome.ALLOWED) in told


@pytest.mark.parametrize("name", GOOD_ANSWER)
def test_each_question_has_one_good_answer_and_says_what_to_mend(name: str) -> None:
    for given in (True, False, None):
        answers = is_it_owed(claim(**{name: given}), DAY, guarantor=True).answers
        found = next(each for each in answers if each.question == name)
        good = given is GOOD_ANSWER[name]
        assert found.standing is (Standing.UNANSWERED if given is None else Standing.GOOD if good else Standing.BAD)
        assert (found.outcome is Outcome.ALLOWED) == good
        assert (found.mend_zh, found.mend_en) == (MEND[name].zh, MEND[name].en)


def test_the_date_answers_for_limitation_when_nobody_does() -> None:
    barred = msgspec.structs.replace(claim(), barred_from=DAY)
    for day, standing in ((date(2026, 3, 1), Standing.GOOD), (DAY, Standing.BAD)):
        [answer] = [each for each in is_it_owed(barred, day).answers if each.question == "time_barred"]
        assert answer.standing is standing


def test_an_answer_is_published_in_plain_words() -> None:
    told = msgspec.to_builtins(is_it_owed(claim(identity_matched=True, dispute_open=True), DAY, PRUDENT))
    assert {each["standing"] for each in told["answers"]} == {"good", "bad", "unanswered"}
    assert told["score"] == 16


def test_the_answer_names_its_rule_and_its_day() -> None:
    assert is_it_owed(claim(), DAY).rule == ""
    answer = is_it_owed(claim(), DAY, PRUDENT)
    assert (answer.claim, answer.as_of, answer.rule) == ("c", DAY, "house.prudent.owed@unknown")
