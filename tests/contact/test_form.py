"""A template is data: what is wrong in it is told with place and what would be accepted."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mora.contact import Amount, Type, fill, read_template, read_templates, starter, variables, written
from mora.contact.filling import back
from mora.contact.pieces import BadPiece, pieces
from mora.core.errors import BadInput
from mora.core.findings import Severity
from mora.core.money import format_minor
from mora.core.words import Language

ZH, EN = Language.ZH, Language.EN


def raw(**changed: object) -> dict[str, object]:
    return {
        "code": "early.sms", "kind": "days_1_3", "tone": "warm", "media": ["sms"], "places": ["cn"],
        "title": {"zh": "早期提醒", "en": "Early"},
        "zh": {"body": "应还{arrears:money}"}, "en": {"body": "You owe {arrears:money}"},
    } | changed  # fmt: skip


def test_a_whole_template_is_read_and_its_version_is_its_content() -> None:
    template, found = read_template(raw())
    assert found == ()
    assert template is not None
    again, _ = read_template(raw())
    assert again is not None
    assert again.version == template.version
    for changed in (
        {"zh": {"body": "应还{arrears:money}。"}}, {"tone": "plain"}, {"places": ["us"]}, {"first": True},
        {"title": {"zh": "早期提醒。", "en": "Early"}}, {"code": "early.two"},
    ):  # fmt: skip
        other, _ = read_template(raw(**changed))
        assert other is not None
        assert other.version != template.version


@pytest.mark.parametrize(
    ("changed", "code", "place", "accepted"),
    [
        ({"zh": {"body": "应还{arrear:money}"}}, "TEMPLATE.VARIABLE", "zh.body, character 3", "arrears"),
        ({"zh": {"body": "应还{arrears:date}"}}, "TEMPLATE.TYPE", "zh.body, character 3", "{arrears:money}"),
        ({"en": {"body": "Owed {arrears}"}}, "TEMPLATE.BRACE", "en.body, character 6", "{name:type}"),
        ({"en": {"body": "Owed {arrears.real:money}"}}, "TEMPLATE.BRACE", "en.body, character 6", "{name:type}"),
        ({"en": {"body": "Owed } now"}}, "TEMPLATE.BRACE", "en.body, character 6", "{{ or }}"),
        ({"en": {"body": "{% if x %}"}}, "TEMPLATE.BRACE", "en.body, character 1", "{name:type}"),
        ({"kind": "threat"}, "TEMPLATE.FORM", "kind", "days_1_3"),
        ({"tone": "harsh"}, "TEMPLATE.FORM", "tone", "plain, warm, firm"),
        ({"media": ["fax"]}, "TEMPLATE.FORM", "media[0]", "portal"),
        ({"media": []}, "TEMPLATE.EMPTY", "media", "at least one"),
        ({"places": ["atlantis"]}, "TEMPLATE.PLACE", "places", ""),
        ({"zh": {"body": " "}, "en": {"body": "x"}}, "TEMPLATE.EMPTY", "zh.body", ""),
        ({"code": "Early SMS"}, "TEMPLATE.CODE", "code", "days_1_3.sms"),
        ({"colour": "red"}, "TEMPLATE.FORM", "", ""),
        ({"media": ["email"]}, "TEMPLATE.SUBJECT", "zh.subject", "one line"),
        ({"zh": {"body": "应还{arrears:money}", "subject": "提醒"}}, "TEMPLATE.SUBJECT", "zh.subject", "no subject"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_would_be_accepted(changed, code, place, accepted) -> None:
    template, found = read_template(raw(**changed))
    assert template is None
    first = next(each for each in found if each.code == code)
    assert first.column == place
    assert accepted in first.expected


def test_a_variable_of_one_language_only_is_a_warning() -> None:
    template, found = read_template(raw(zh={"body": "应还{arrears:money}，逾期{days_late:days}"}))
    assert template is not None
    assert [(each.code, each.column, each.value, each.severity) for each in found] == [
        ("TEMPLATE.ONE_LANGUAGE", "en.body", "days_late", Severity.WARNING)
    ]


def test_a_file_tells_lines_and_leaves_out_what_is_wrong() -> None:
    text = """
- code: good.sms
  kind: days_1_3
  tone: warm
  media: [sms]
  places: [cn]
  title: {zh: 好, en: Good}
  zh: {body: 应还}
  en: {body: Owed}
- code: good.sms
  kind: days_1_3
  tone: warm
  media: [sms]
  places: [cn]
  title: {zh: 好, en: Good}
  zh: {body: 应还}
  en: {body: Owed}
- code: bad.sms
  kind: days_1_3
"""
    made, found = read_templates(text, "own.yaml")
    assert list(made) == ["good.sms"]
    assert [(each.file, each.row, each.code) for each in found] == [
        ("own.yaml", 10, "TEMPLATE.DOUBLED"), ("own.yaml", 18, "TEMPLATE.FORM")
    ]  # fmt: skip
    for broken in ("a: [", "- &x {code: 1}\n- *x", "just words", ""):
        made, found = read_templates(broken)
        assert made == {}
        assert found[0].severity is Severity.ERROR


# -- how values are written -----------------------------------------------------------------------------------

_EAST = timezone(timedelta(hours=8))
WRITTEN = [
    (Type.MONEY, Amount(123456, "CNY"), "1,234.56元", "CNY 1,234.56"),
    (Type.MONEY, Amount(0, "CNY"), "0.00元", "CNY 0.00"),
    (Type.MONEY, Amount(10**17, "CNY"), "1,000,000,000,000,000.00元", "CNY 1,000,000,000,000,000.00"),
    (Type.MONEY, Amount(5000, "JPY"), "5,000日元", "JPY 5,000"),
    (Type.MONEY, Amount(1234, "KWD"), "1.234 KWD", "KWD 1.234"),
    (Type.MONEY, Amount(5, "USD"), "0.05美元", "$0.05"),
    (Type.DATE, date(2026, 11, 24), "2026年11月24日", "24 November 2026"),
    (Type.MOMENT, datetime(2026, 11, 24, 9, 5, tzinfo=_EAST), "2026年11月24日9:05", "24 November 2026, 9:05"),
    (Type.DAYS, 1, "1天", "1 day"),
    (Type.DAYS, 12, "12天", "12 days"),
    (Type.COUNT, 12, "12", "12"),
    (Type.NAME, "𠮷野 犇", "𠮷野 犇", "𠮷野 犇"),
    (Type.ACCOUNT_END, "6688", "6688", "6688"),
    (Type.LINK, "https://pay.example/a?b=1", "https://pay.example/a?b=1", "https://pay.example/a?b=1"),
    (Type.TELEPHONE, "+86 10 6600 0000", "+86 10 6600 0000", "+86 10 6600 0000"),
    (Type.TEXT, "一\n二", "一\n二", "一\n二"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "value", "zh", "en"), WRITTEN)
def test_values_are_written_as_each_language_writes_them(type_, value, zh, en) -> None:
    assert (written(type_, value, ZH), written(type_, value, EN)) == (zh, en)


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        (Type.MONEY, 12), (Type.MONEY, Amount(-1, "CNY")), (Type.MONEY, Amount(1, "yuan")),
        (Type.MONEY, Amount(1.5, "CNY")), (Type.MONEY, Amount(True, "CNY")),
        (Type.DATE, "2026-11-24"), (Type.DATE, datetime(2026, 1, 1, tzinfo=UTC)), (Type.DATE, date(1066, 1, 1)),
        (Type.MOMENT, date(2026, 1, 1)), (Type.MOMENT, datetime(2026, 1, 1)),  # noqa: DTZ001 - the fault looked for
        (Type.DAYS, -1), (Type.DAYS, True), (Type.DAYS, "3"), (Type.COUNT, 1.0),
        (Type.NAME, ""), (Type.NAME, "  "), (Type.NAME, "a\nb"), (Type.NAME, "a\u202eb"), (Type.NAME, "x" * 201),
        (Type.NAME, "\ue000"), (Type.NAME, None),
        (Type.ACCOUNT_END, "6222021234566688"), (Type.ACCOUNT_END, "**88"),
        (Type.LINK, "http://pay.example"), (Type.LINK, "javascript:alert(1)"), (Type.LINK, "https://"),
        (Type.LINK, "https://a b"), (Type.LINK, "https://bank.example@evil.example/"), (Type.LINK, "https://[::1"),
        (Type.TELEPHONE, "call me"), (Type.TELEPHONE, "95500;rm"), (Type.TEXT, "a\x00b"),
    ],
)  # fmt: skip
def test_what_is_not_of_the_type_is_refused(type_, value) -> None:
    for language in Language:
        with pytest.raises(ValueError, match=r"\w"):
            written(type_, value, language)


# -- filling --------------------------------------------------------------------------------------------------


def test_missing_unknown_and_wrong_values_are_all_told_at_once_and_no_value_is_in_the_message() -> None:
    template = starter()["days_1_3.sms"]
    with pytest.raises(BadInput) as caught:
        fill(template, {"arrears": 12, "account_end": "6222020000001234", "arears": Amount(1, "CNY")}, ZH)
    told = {(each.column, each.code) for each in caught.value.findings}
    assert {("arears", "TEMPLATE.VALUE"), ("arrears", "TEMPLATE.VALUE"), ("customer", "TEMPLATE.VALUE")} <= told
    assert "6222020000001234" not in str(caught.value)
    assert "did you mean" in str(caught.value).lower()
    assert "“称呼" in caught.value.zh or "客户称呼" in caught.value.zh


def test_a_value_is_never_read_as_a_variable() -> None:
    template, _ = read_template(raw(zh={"body": "{{{customer:name}}}"}, en={"body": "{customer:name}"}))
    assert template is not None
    filled = fill(template, {"customer": "{arrears:money} {{ #panic() {% x %}"}, ZH)
    assert filled.body == "{{arrears:money} {{ #panic() {% x %}}"


@given(st.integers(0, 10**18), st.sampled_from(["CNY", "JPY", "KWD", "USD", "XAU"]), st.sampled_from(Language))
def test_money_is_written_to_the_last_minor_unit(minor: int, currency: str, language: Language) -> None:
    assert format_minor(minor, currency) in written(Type.MONEY, Amount(minor, currency), language)


@given(st.text(alphabet="ab{}:_ \n还", max_size=40))
def test_pieces_cover_the_text_or_the_place_at_fault_is_named(text: str) -> None:
    stray = re.search(r"[{}]", re.sub(r"\{\{|\}\}|\{[a-z][a-z0-9_]*:[a-z_]+\}", lambda m: "_" * len(m[0]), text))
    if stray:
        with pytest.raises(BadPiece) as caught:
            pieces(text)
        assert caught.value.at == stray.start()
        return
    cut = pieces(text)
    assert "".join(text[each.start : each.end] for each in cut) == text
    assert all(each.start < each.end for each in cut)


def test_a_place_in_the_filled_text_leads_back_to_the_template() -> None:
    body = "甲{{乙{customer:name}丙丁"
    template, _ = read_template(raw(zh={"body": body}, en={"body": "{customer:name}"}))
    assert template is not None
    filled = fill(template, {"customer": "王小明"}, ZH)
    assert filled.body == "甲{乙王小明丙丁"

    def leads(words: str) -> str:
        start = filled.body.index(words)
        first, last = back(filled.body_from, start, start + len(words))
        return body[first:last]

    assert leads("甲") == "甲"
    assert leads("{") == "{{"
    assert leads("小") == "{customer:name}"
    assert leads("乙王") == "乙{customer:name}"
    assert leads("明丙") == "{customer:name}丙"
    assert leads("丁") == "丁"


def test_every_variable_has_samples_of_its_type_in_both_languages() -> None:
    for variable in variables().values():
        for language in Language:
            for huge in (False, True):
                assert written(variable.type, variable.sample(language, huge, "CNY"), language)
