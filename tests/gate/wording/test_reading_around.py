"""Spelling tricks do not hide a fault, spans always slice the original, and nothing makes the guard fall over."""

from __future__ import annotations

from datetime import date

import opencc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mora.gate.words import Kind, read
from mora.gate.words.english import _one_apart
from mora.gate.words.speech import faults, languages, views

DAY = date(2026, 11, 24)
FAULTS = {
    "再不还钱就打断你的腿": "threat", "你这个老赖": "insult", "爆你通讯录": "disclosure",
    "今晚上门堵你": "unconsented_entry",
    "不还就等着坐牢": "false_consequence", "我们是派出所的": "impersonation", "去借网贷还我们": "induce_borrowing",
}  # fmt: skip
ENGLISH = {
    "I will break your legs": "threat", "you pathetic deadbeat": "insult",
    "I will tell your boss about the debt": "disclosure",
    "you will be arrested": "false_consequence", "this is your last chance": "false_urgency",
}  # fmt: skip
FILLERS = st.sampled_from([" ", "\u200b", "\u2060", "-", "*", "·", "\u00ad", "  ", "_", "|"])


def kinds(text: str) -> set[str]:
    return {each.kind.value for each in faults(text, None, False)}


@given(st.sampled_from(sorted(FAULTS)), FILLERS)
def test_filler_between_characters_hides_nothing(text: str, filler: str) -> None:
    assert FAULTS[text] in kinds(filler.join(text))


@given(st.sampled_from(sorted(FAULTS)), st.data())
def test_zero_width_characters_anywhere_hide_nothing(text: str, data: st.DataObject) -> None:
    places = data.draw(st.sets(st.integers(0, len(text))))
    dressed = "".join(("\u200b" if place in places else "") + char for place, char in enumerate(text))
    assert FAULTS[text] in kinds(dressed)


@pytest.mark.parametrize("text", FAULTS)
def test_traditional_characters_hide_nothing(text: str) -> None:
    assert FAULTS[text] in kinds(opencc.OpenCC("s2t").convert(text))


@pytest.mark.parametrize("text", ENGLISH)
def test_full_width_and_upper_case_hide_nothing(text: str) -> None:
    wide = "".join(
        chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else "\u3000" if char == " " else char for char in text.upper()
    )
    assert ENGLISH[text] in kinds(wide)
    assert ENGLISH[text] in kinds(text.upper())


@pytest.mark.parametrize("text", ENGLISH)
def test_letters_of_another_alphabet_hide_nothing(text: str) -> None:
    assert ENGLISH[text] in kinds(text.translate(str.maketrans("aeopc", "аеорс")))


@pytest.mark.parametrize("text", ENGLISH)
def test_spaced_letters_hide_nothing(text: str) -> None:
    assert ENGLISH[text] in kinds("  ".join(" ".join(word) for word in text.split()))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("弄四你", "threat"), ("我们是砝院的", "impersonation"), ("今晚上们堵你", "unconsented_entry"),
        ("nong si ni", "threat"),
        ("bao你通讯录", "disclosure"), ("ni ge la ji, bu yao lian", "insult"), ("佢今晚上門堵你", "unconsented_entry"),
        ("u will b arr3sted", "false_consequence"), ("ur a de4dbeat", "insult"),
        ("F.B.I. agent speaking, pay", "impersonation"),
    ],
)  # fmt: skip
def test_sound_alikes_pinyin_dialect_and_leet(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "公安县支行欢迎您",
        "这两天忙死了",
        "山门外的网点",
        "It would break my heart",
        "Let us bury the hatchet",
        "policy",
    ],
)
def test_words_that_only_look_alike_are_left_alone(text: str) -> None:
    assert kinds(text) == set()


ANYTHING = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("你我打断腿上门法院公安欠钱不会说“”「」。，,.!?'\"*-_ \u200b\n"),
        st.sampled_from("abcdeilnorstuy 0134$@'"),
    ),
    max_size=120,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING, st.sampled_from([None, "zh", "en"]), st.sampled_from(["debtor", "third_party"]))
def test_spans_slice_the_original_and_nothing_is_raised(text: str, language: str | None, to: str) -> None:
    reading = read(
        text,
        on=DAY,
        language=language,
        to=to,
        position={"currency": "CNY", "arrears_minor": 1, "days_past_due": 2, "as_of": DAY},
    )
    for each in reading.findings:
        assert each.quote == text[each.start : each.end]
        assert 0 <= each.start <= each.end <= len(text)
        assert each.quote or each.kind is Kind.MISSING
    assert reading == read(
        text,
        on=DAY,
        language=language,
        to=to,
        position={"currency": "CNY", "arrears_minor": 1, "days_past_due": 2, "as_of": DAY},
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ANYTHING)
def test_a_view_knows_where_each_of_its_characters_comes_from(text: str) -> None:
    for _, seen in views(text, None):
        assert len(seen.text) == len(seen.starts) == len(seen.ends)
        assert all(0 <= start < end <= len(text) for start, end in zip(seen.starts, seen.ends, strict=True))
        assert list(seen.starts) == sorted(seen.starts)
        assert all(0 <= opens < closes <= len(seen.text) for opens, closes in seen.quotes)


@pytest.mark.parametrize(
    "unit",
    [
        "你",
        "你家",
        "打断你的",
        "明天上门",
        "“",
        "a",
        "you will ",
        "we know where your ",
        "i will tell your ",
        "$1,",
        "一",
        "ni ",
        "d.e.",
    ],
)
def test_a_hostile_long_text_is_read_to_its_end(unit: str) -> None:
    """Repetition is what makes searches explode; seconds when all is well, no end when it is not."""
    text = (unit * 20_000)[:20_000] + "。你这个老赖"
    assert any(hit.kind is Kind.INSULT and hit.end == len(text) for hit in faults(text, "zh", False))


def test_languages_are_told_apart() -> None:
    assert languages("您好", None) == ("zh",)
    assert languages("Hello there", None) == ("en",)
    assert languages("wo men bu hui", None) == ("zh",)
    assert languages("您好, call me", None) == ("zh", "en")
    assert languages("", None) == ("en",)


def test_one_letter_apart() -> None:
    assert _one_apart("police", "polise")
    assert _one_apart("theif", "thief")
    assert _one_apart("arest", "arrest")
    assert not _one_apart("court", "curts")
