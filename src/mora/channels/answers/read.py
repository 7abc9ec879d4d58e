"""Read one answer.

1. the text undressed: full-width forms, case, traditional characters
2. a refusal that is the whole message: certain, and nothing else is looked for
3. clause by clause: near misses blanked out, then each meaning's words
4. promises: a clause that says "will pay" without "not" and without a question, and names a day or an amount
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

import opencc
import yaml

from mora.channels.answers.amount import amounts, in_full
from mora.channels.answers.terms import Answer, Meaning
from mora.channels.answers.when import days
from mora.gate.words.view import Cell, View, cells, view

_Known = TypeVar("_Known")

LIMIT = 5_000
"""Characters that are read; who writes more is read by a person anyway."""
_CLAUSE = re.compile(r"(?:[^,。;!?\n…、]|(?<=\d),(?=\d{3}))+")
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
_SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})
_WILL_ZH = re.compile(
    r"(?:还款|还清|还上|还你|还钱|付款|付清|支付|转账|转给|转过|存入|存进|缴|汇款|打款|打钱|结清|处理)"
    r"|还(?![没有是在要想能会不差欠剩得算行可用需好真以了过想只款清上你钱])|付(?![出不了])|转(?![告达发人了])"
)
_WILL_EN = re.compile(
    r"\b(?:i'?ll|i will|we'?ll|we will|will|i can|can|i'?m going to|going to|gonna|i'?d|i promise to|promise to|i shall"
    r"|let me|plan to|able to|i could)\b.{0,25}\b(?:pay|transfer|send|settle|clear)\b|\bpaying\b|^pay\b|^payment\b"
)
_NOT = re.compile(
    r"不|没|无法|别|未|拒绝|休想|\b(?:can'?t|cannot|won'?t|not|never|unable|don'?t|didn'?t|no|nothing|refuse|already|paid)\b"
    r"|n't\b|已|了$|[过清完上]了|刚"
)
_ASKS = re.compile(
    r"吗|么$|呢$|能不能|可不可以|可否|能否|是不是|行不行|好不好|怎么|什么时候|何时|多少|是否|谁|凭什么|为什么"
    r"|让我|叫我|要我|催|你们|他|她"
    r"|^(?:please )?(?:can|could|may|when|how|what|why|who|do|did|is|are|should|would|if)\b|\bask(?:ed|ing)? me\b"
    r"|\byou (?:said|want|told)\b"
)
"""Questions, and what others say or do."""


@dataclass(frozen=True)
class _Words:
    """One meaning's patterns."""

    whole: re.Pattern[str] | None
    near: re.Pattern[str] | None
    says: re.Pattern[str]
    urgent: re.Pattern[str] | None


@cache
def _vocabulary() -> dict[Meaning, _Words]:
    raw = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return {
        Meaning(name): _Words(
            _any(told.get("whole", ())),
            _any(told.get("not", ())),
            re.compile("|".join(f"(?:{each})" for each in told["says"])),
            _any(told.get("urgent", ())),
        )
        for name, told in raw.items()
    }


def _any(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{each})" for each in patterns)) if patterns else None


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=8192)
def _simple(char: str) -> str:
    new = _simplifier().convert(char)
    return new if len(new) == 1 else char


def answers(text: str, on: date, currency: str = "CNY") -> tuple[Answer, ...]:
    """Everything recognised, in the order of the text.

    :param on: the day it was written, where the person is.
    :param currency: the loan's; an amount in another one is unknown.
    """
    held = text[:LIMIT]
    seen = view([Cell(_simple(each.char).translate(_SAME), each.start, each.end) for each in cells(held)])
    refusal = _vocabulary()[Meaning.OPT_OUT].whole
    bare = _AROUND.sub("", seen.text)
    if bare and refusal is not None and refusal.fullmatch(" ".join(bare.split())):
        return (_answer(seen, held, Meaning.OPT_OUT, 0, len(seen.text), certain=len(text) <= LIMIT),)
    found = [*_meanings(seen, held), *_promises(seen, held, on, currency)]
    return tuple(sorted(found, key=lambda each: (each.start, each.end, each.meaning)))


def _answer(seen: View, text: str, meaning: Meaning, start: int, end: int, **more: object) -> Answer:
    first, last = seen.original(start, end)
    return Answer(meaning, first, last, text[first:last], **more)  # type: ignore[arg-type]


def _meanings(seen: View, text: str) -> Iterator[Answer]:
    """Each meaning once: its first words, urgent ones before others."""
    for meaning, words in _vocabulary().items():
        urgent = words.urgent.search(seen.text) if words.urgent else None
        if urgent is not None:
            yield _answer(seen, text, meaning, *urgent.span(), urgent=True)
            continue
        for clause in _CLAUSE.finditer(seen.text):
            held = clause.group()
            if words.near is not None:
                held = words.near.sub(lambda match: "\0" * len(match.group()), held)
            lead = len(held) - len(held.lstrip())
            said = words.says.search(held.strip())
            if said is not None:
                at = clause.start() + lead
                yield _answer(seen, text, meaning, at + said.start(), at + said.end())
                break


def _promises(seen: View, text: str, on: date, currency: str) -> Iterator[Answer]:
    for clause in _CLAUSE.finditer(seen.text):
        held = clause.group().strip()
        at = clause.start() + len(clause.group()) - len(clause.group().lstrip())
        asks = seen.text[clause.end() : clause.end() + 1] == "?"
        will = _WILL_ZH.search(held) or _WILL_EN.search(held)
        if will is None or asks or _ASKS.search(held) or _NOT.search(held):
            continue
        named = days(held, on)
        sums = amounts(held, currency, [(day.start, day.end) for day in named])
        everything = in_full(held)
        if not named and not sums and not everything:
            continue
        once = len(_WILL_ZH.findall(held)) < 2  # 先还200剩下的月底还: which day is which amount's?
        starts = [will.start(), *(each.start for each in named), *(each.start for each in sums)]
        ends = [will.end(), *(each.end for each in named), *(each.end for each in sums)]
        yield _answer(
            seen, text, Meaning.PROMISE, at + min(starts), at + max(ends),
            due_on=_one({each.on for each in named if once}),
            amount_minor=_one({each.minor for each in sums if once}), in_full=everything and not sums,
        )  # fmt: skip


def _one(values: set[_Known]) -> _Known | None:
    """The only one; None when there are several, for then it is not clear which is meant."""
    return next(iter(values)) if len(values) == 1 else None
