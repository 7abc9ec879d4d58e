"""The second reader: what it sees of a sentence, that it only adds warnings, and when it settles a kind."""

from __future__ import annotations

from datetime import date

import pytest

from mora.gate.terms import Effect
from mora.gate.words import read, second
from mora.gate.words.speech import faults
from mora.gate.words.terms import SPEECH, Kind

ON = date(2026, 11, 24)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_table_has_one_weight_for_every_question_and_stays_small(language):
    known = second.model(language)
    assert known is not None
    assert known.kinds == SPEECH
    assert len(known.bias) == len(SPEECH) + 1
    assert {len(row) for row in known.weights.values()} == {len(SPEECH) + 1}
    assert max(abs(each) for row in known.weights.values() for each in row) <= second.MOST


def test_senses_meet_though_the_words_were_never_seen_together():
    assert "<kin>body" in second.features("your uncle has fingers", "en")
    assert "<kin>body" in second.features("你舅舅的手指", "zh")


def test_an_ending_is_dropped_only_when_a_word_stays():
    assert [second.stem(word) for word in ("visits", "visiting", "visited", "ring", "sing", "is")] == [
        "visit", "visit", "visit", "ring", "sing", "is",
    ]  # fmt: skip


def test_what_only_the_second_reader_found_never_refuses():
    found = 0
    for text in (
        "Your allotment's coming on nicely. Pity how easily these things get trampled",
        "They do let you keep your own socks in there, I think",
        "您家对面那个早点摊不错，我们这几天都在那儿吃",
        "从今往后，您的来电显示会很好看",
    ):
        for finding in read(text, on=ON, places=("cn",)).findings:
            if ".second." in finding.pattern:
                found += 1
                assert finding.effect is Effect.WARN, text
    assert found


def test_it_reads_no_message_to_a_third_party():
    hits = faults("他嫂子，你小叔子的账我们是从你家这边查到的，你劝劝他。", "zh", True)
    assert not any(".second." in hit.pattern for hit in hits)


def test_too_little_to_judge_is_not_judged():
    assert second.weighed("policy", "en") == ()
    assert second.weighed("山门外的网点", "zh") == ()


def test_of_two_kinds_found_in_one_sentence_the_likelier_is_told():
    """Asking a relative to take out a loan is what is said; that the relative is told of the debt is not."""
    hits = faults("Ask your mum to take a loan out for you, she's got good credit.", "en", False)
    assert {hit.kind for hit in hits} == {Kind.INDUCE_BORROWING}
