"""Ordinary words of banks' letters in which nothing is wrong, beside their neighbours in which something is."""

from __future__ import annotations

from datetime import date

import pytest

from mora.gate.terms import Channel
from mora.gate.words import Kind, read

ON = date(2026, 11, 24)


@pytest.mark.parametrize("text", [
    "有一条账户信息，请您本人查收。",  # 本人查收 sounds like 人渣
    "您可以登录手机银行查询个人查账记录。",
    "您与我行签订的消费贷款合同约定了还款日。",  # 签订 is no signing up for loans in somebody's name
    "双方订立的贷款合同继续有效。",
    "关于修订贷款合同的通知。",
])  # fmt: skip
def test_nothing_is_found_in_these(text: str) -> None:
    assert [(each.kind, each.quote) for each in read(text, on=ON).findings] == []


@pytest.mark.parametrize(("text", "kind"), [
    ("你就是个人渣", Kind.INSULT), ("用你的号码注册一百个贷款网站", Kind.HARASSMENT),
    ("给你订几十个广告推销", Kind.HARASSMENT),
])  # fmt: skip
def test_their_neighbours_are_still_found(text: str, kind: Kind) -> None:
    assert kind in read(text, on=ON).kinds


def _missing(text: str, *items: str) -> set[str]:
    return {each.pattern for each in read(text, on=ON, required=items, channel=Channel.SMS).findings
            if each.kind is Kind.MISSING}  # fmt: skip


@pytest.mark.parametrize(("text", "item"), [
    ("【云溪农村商业银行股份有限公司青石桥科技支行】王先生您好", "who_calls"),
    ("【云溪农村商业银行股份有限公司青石桥科技支行】王先生您好", "for_whom"),
    ("[Yunxi Bank] Dear Mr Wang, please call.", "who_calls"),
    ("[Yunxi Bank] Dear Mr Wang, please call.", "for_whom"),
    ("Your personal loan with us is late.", "for_whom"),
    ("The amount is CNY 1,234.56.", "amount"),
    ("现欠总额：2,284.56美元", "amount"),
    ("We are trying to collect a debt that you owe to Bank of Rockville.", "first_disclosure"),  # Model Form B-1
    ("截至2026年1月2日所欠金额2,234.56美元；其后利息75.00美元；费用25.00美元；还款50.00美元", "validation_itemised"),
])  # fmt: skip
def test_what_is_there_is_recognised(text: str, item: str) -> None:
    assert _missing(text, item) == set()


@pytest.mark.parametrize(("text", "item"), [
    ("王先生您好，请还款", "who_calls"), ("Dear Mr Wang, please pay.", "who_calls"),
    ("Dear Mr Wang, please pay.", "for_whom"), ("The number is 1,234.56.", "amount"),
    ("We are trying to reach you.", "first_disclosure"), ("截至今日，请尽快还款", "validation_itemised"),
])  # fmt: skip
def test_what_is_not_there_is_missing(text: str, item: str) -> None:
    assert _missing(text, item) == {item}
