"""The labelled sentences keep their form, their split and the counts their page gives."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest
import yaml

from gate.words import split

SENTENCES = split.read_sentences()
SECOND = split.read_sentences(split.SECOND)


def bare(text: str) -> str:
    """A text without width, case, blanks and marks: what is left when a rewording changes nothing."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def rows(part: str) -> list[dict[str, object]]:
    loaded = yaml.safe_load((split.HERE / f"{part}.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, list)
    return loaded


def test_ids_are_given_once():
    assert [i for i, n in Counter(s.id for s in SENTENCES).items() if n > 1] == []


def test_an_id_names_the_language_of_its_sentence():
    for s in SENTENCES:
        assert s.id.startswith(f"{s.lang}-")
        if s.lang == "en":
            assert not re.search(r"[\u4e00-\u9fff]", s.text), s.id


def test_texts_differ_in_more_than_marks_and_case():
    assert [t for t, n in Counter(bare(s.text) for s in SENTENCES).items() if n > 1] == []


@pytest.mark.parametrize("part", split.PARTS)
def test_every_span_stands_in_its_text_and_every_label_has_one(part):
    for row in rows(part):
        assert list(row["spans"]) == row["labels"], row["id"]
        assert set(row["labels"]) <= set(split.KINDS), row["id"]
        for words in row["spans"].values():
            assert words, row["id"]
            assert all(w == w.strip() and w in row["text"] for w in words), row["id"]


@pytest.mark.parametrize("part", split.PARTS)
def test_every_field_holds_a_known_value(part):
    for row in rows(part):
        assert list(row) == ["id", "lang", "form", "to", "text", "labels", "spans"]
        assert row["lang"] in split.LANGUAGES
        assert row["form"] in split.FORMS
        assert row["to"] in split.READERS
        assert row["text"].strip() == row["text"] != ""


def test_a_near_miss_is_clean_and_a_hint_is_not():
    assert [s.id for s in SENTENCES if s.form == "near_miss" and s.labels] == []
    assert [s.id for s in SENTENCES if s.form == "euphemism" and not s.labels] == []


def test_files_named_for_a_kind_hold_it_and_clean_files_hold_none():
    for s in SENTENCES:
        family = s.id.split("-")[1]
        if family in split.KINDS:
            assert family in s.labels, s.id
        elif family == "mixed":
            assert len(s.labels) > 1, s.id
        else:
            assert s.labels == [], s.id


def test_the_split_is_the_documented_rule():
    # By another tool: printf 'mora words zh-threat-001' | b2sum -l 8 gives c8, even; -004 gives 6b, odd.
    assert split.part_of("zh-threat-001") == "development"
    assert split.part_of("zh-threat-004") == "test"
    assert {p: {r["id"] for r in rows(p)} for p in split.PARTS} == {
        p: {s.id for s in SENTENCES if split.part_of(s.id) == p} for p in split.PARTS
    }


def test_parts_and_counts_are_what_the_sentences_give():
    for path, text in split.outputs(SENTENCES).items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run split.py"


def test_the_set_is_large_even_and_about_half_clean():
    chinese = sum(s.lang == "zh" for s in SENTENCES)
    clean = sum(not s.labels for s in SENTENCES)
    assert len(SENTENCES) >= 1400
    assert 0.45 <= chinese / len(SENTENCES) <= 0.55
    assert 0.45 <= clean / len(SENTENCES) <= 0.55
    assert sum(s.form == "near_miss" for s in SENTENCES) >= 250


@pytest.mark.parametrize("lang", split.LANGUAGES)
def test_each_kind_is_there_fifty_times_and_in_both_parts(lang):
    for kind in split.KINDS:
        held = [split.part_of(s.id) for s in SENTENCES if s.lang == lang and kind in s.labels]
        assert len(held) >= 50, kind
        assert min(held.count(p) for p in split.PARTS) >= 15, kind


def test_the_guide_quotes_nothing_from_the_test_part():
    guide = split.README.read_text(encoding="utf-8")
    quoted = [q for q in re.findall(r'"([^"\n]+)"', guide) if len(bare(q)) >= 6]
    assert len(quoted) >= 20
    texts = [bare(s.text) for s in SENTENCES if split.part_of(s.id) == "test"]
    assert [q for q in quoted if any(bare(q) in t for t in texts)] == []


def test_the_second_development_part_shares_no_id_and_no_text_with_the_set():
    assert [i for i, n in Counter(s.id for s in SECOND).items() if n > 1] == []
    assert {s.id for s in SECOND} & {s.id for s in SENTENCES} == set()
    first = {bare(s.text) for s in SENTENCES}
    assert [s.id for s in SECOND if bare(s.text) in first] == []
    assert [t for t, n in Counter(bare(s.text) for s in SECOND).items() if n > 1] == []


def test_the_second_development_part_keeps_the_form_of_the_set():
    for s in SECOND:
        assert s.id.startswith(f"{s.lang}-")
        family = s.id.split("-")[1]
        if family in split.KINDS:
            assert family in s.labels, s.id
        elif family == "mixed":
            assert len(s.labels) > 1, s.id
        else:
            assert s.labels == [], s.id
        for words in s.spans.values():
            assert all(w == w.strip() and w in s.text for w in words), s.id


@pytest.mark.parametrize("lang", split.LANGUAGES)
def test_the_second_development_part_holds_every_kind_in_both_halves(lang):
    for kind in split.KINDS:
        held = [split.half_of(s.id) for s in SECOND if s.lang == lang and kind in s.labels]
        assert min(held.count(half) for half in split.HALVES) >= 15, kind


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("zh-threat-001 | plain | debtor", "expected"),
        ("zh-threat-001 | plane | debtor | 您好", "'plane' is not one of"),
        ("zh-threat-001 | plain | neighbour | 您好", "'neighbour' is not one of"),
        ("zh-threat-001 | plain | debtor | {menace: 小心点}", "menace is not one of"),
        ("zh-threat-001 | plain | debtor | {threat: 小心点", "brace"),
        ("fr-threat-001 | plain | debtor | bonjour", "'fr' is not one of"),
    ],
)
def test_a_line_out_of_form_is_refused_with_its_place(line, told):
    with pytest.raises(ValueError, match=re.escape(told)) as refusal:
        split.read_line(line, "here.txt:7")
    assert str(refusal.value).startswith("here.txt:7")
