"""With these words: the text of a request is read by the wording guard, and the verdict says so with the clause."""

from __future__ import annotations

from gate.asks import request
from mora.gate import Gate, Outcome
from mora.gate.record import record_of, replay

GATE = Gate.of()
POLITE = (
    "【示范银行】林先生您好，您的信用卡已逾期3天，欠款1,234.56元，继续逾期将按日计收利息。"
    "请通过手机银行还款，如有疑问或异议请致电95500，投诉请拨95501。"
)


def _asked(text: str, **change: object) -> object:
    return request(channel="sms", message={"text": text}, **change)


def test_telling_others_refuses_with_its_clause_and_other_words() -> None:
    verdict = GATE.ask(_asked("再不还钱就爆你通讯录，让你身败名裂"))  # type: ignore[arg-type]
    assert verdict.outcome is Outcome.REFUSED
    found = [each for each in verdict.findings if each.effect == "refuse"]
    assert {each.rule for each in found} & {"cn.collect.bans", "cn.civil.1032-1033", "cn.crim.293-1"}
    assert all("建议" in each.message_zh and "Suggested" in each.message_en for each in found)


def test_a_polite_reminder_is_not_refused() -> None:
    verdict = GATE.ask(_asked(POLITE))  # type: ignore[arg-type]
    assert [each.message_en for each in verdict.findings if each.effect == "refuse"] == []


def test_without_a_text_nothing_is_read() -> None:
    assert GATE.ask(request(channel="sms")).outcome is Outcome.ALLOWED


def test_the_words_are_in_the_record_and_answer_the_same_again() -> None:
    record = record_of(GATE, _asked("再不还钱就爆你通讯录，让你身败名裂"))  # type: ignore[arg-type]
    again = replay(record, GATE)
    assert again.same
    assert again.recorded.outcome is Outcome.REFUSED
