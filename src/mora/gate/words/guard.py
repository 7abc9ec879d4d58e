"""May these words be sent or said? Everything the wording guard finds in a text, each with its clause.

1. the faults said in it (:mod:`~mora.gate.words.speech`)
2. with a position: figures that equal none of it (:mod:`~mora.gate.words.facts`)
3. to the debtor, by a channel: mandatory content that is missing (:mod:`~mora.gate.words.required`)
4. each gets the rules that speak in these places on this day (:mod:`~mora.gate.words.grounds`), and what they do

The guard never clears a text: it finds what it knows. docs/algorithms/wording.md says what it cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date

from mora.core.errors import BadInput
from mora.core.words import Words
from mora.gate.clauses import Clauses, Ruling, clauses
from mora.gate.terms import ActorKind, Channel, Effect
from mora.gate.words import required as content
from mora.gate.words.facts import Mismatch, Position, mismatches
from mora.gate.words.grounds import GROUNDS, INFLATED, effect_of, speaking
from mora.gate.words.patterns import Told, told
from mora.gate.words.speech import faults, languages
from mora.gate.words.terms import Kind, Reading, WordFinding
from mora.gate.zones import check_places
from mora.law.vocabulary import ProductKind

LIMIT = 100_000
"""Characters that are read; a longer text is refused unread beyond them."""
OWN_TEXT = "text"
"""The question of the lender's own rule on figures and readability."""
_OPAQUE = re.compile("[\ue000-\uf8ff\ufffd\ud800-\udfff]{1,40}")
_UNFILLED = re.compile(
    r"\{\{ ?[^{}\n]{1,40} ?\}\}|\$\{[^{}\n]{1,40}\}|(?<![{$])\{[A-Za-z_\u4e00-\u9fff][^{}\n]{0,39}\}|%\([a-z_]{1,40}\)s"
)


def read(
    text: str,
    *,
    on: date,
    language: str | None = None,
    to: str = "debtor",
    position: Position | Mapping[str, object] | None = None,
    places: tuple[str, ...] = ("cn",),
    channel: Channel | None = None,
    required: tuple[str, ...] | None = None,
    actor: ActorKind = ActorKind.LENDER,
    products: tuple[ProductKind, ...] = (),
    first: bool = False,
    rules: Clauses | None = None,
) -> Reading:
    """Read a text and say what is wrong with it.

    :param on: the day whose law decides.
    :param language: zh or en when it is known; a text is read as whatever it holds besides.
    :param to: ``debtor`` (whoever owes: borrower, co-borrower, guarantor) or ``third_party``.
    :param position: a row of positions (docs/reference/book-format.md), or None when figures are not to be checked.
    :param places: whose law applies, as in a gate request.
    :param channel: how it goes out; None when only the words are asked about.
    :param required: mandatory items instead of those that law and house rules ask for; ``()`` for none.
    :param actor: who speaks: some rules bind agencies only.
    :param products: what kind of debt; the law on card letters asks for a card.
    :param first: whether this is the first contact about the debt.
    :raises BadInput: an unknown language, addressee, place or item, or a position that is none.
    """
    if language not in (None, "zh", "en"):
        raise BadInput(f"The language is {language!r}; the guard reads zh and en.")
    if to not in ("debtor", "third_party"):
        raise BadInput(f"The text is to {to!r}; it must be debtor or third_party.")
    check_places(places)
    weigher = _Weigher(text, clauses() if rules is None else rules, places, on, actor)
    held = text[:LIMIT]
    found = [*weigher.unread()]
    for hit in faults(held, language, to == "third_party"):
        found.append(weigher.said(hit.kind, hit.start, hit.end, hit.pattern))  # noqa: PERF401 - reads in order
    if position is not None:
        of = position if isinstance(position, Position) else Position.of(position)
        found += [weigher.figure(each) for each in mismatches(held, of)]
    spoken = languages(held, language)
    label = spoken[0] if len(spoken) == 1 else "mixed"
    if to == "debtor":
        found += weigher.gaps(held, label, _wanted(weigher, channel, required, products, first))
    found.sort(key=lambda each: (each.start, each.end, each.kind, each.pattern))
    return Reading(tuple(found), label, places, tuple(sorted(weigher.applied)))


def _wanted(
    weigher: _Weigher,
    channel: Channel | None,
    required: tuple[str, ...] | None,
    products: tuple[ProductKind, ...],
    first: bool,
) -> Iterator[tuple[str, Ruling | None, bool]]:
    if required is None:
        yield from content.asked(weigher.rules, weigher.places, weigher.on, channel, weigher.actor, products, first)
        return
    for name in required:
        if name not in content.items():
            raise BadInput(f"Nobody knows the mandatory item {name!r}; known are {', '.join(content.items())}.")
        yield name, None, True


class _Weigher:
    """Turns what was found into findings with their clauses."""

    def __init__(self, text: str, rules: Clauses, places: tuple[str, ...], on: date, actor: ActorKind) -> None:
        self.text, self.rules, self.places, self.on, self.actor = text, rules, places, on, actor
        self.applied: set[str] = set()

    def said(self, kind: Kind, start: int, end: int, pattern: str) -> WordFinding:
        about = told()[kind]
        second = ".second." in pattern
        suggestion = about.suggestions.get(pattern.rpartition(".")[2], about.suggestion)
        return self._finding(kind, start, end, pattern, about, about.message, suggestion, self._speaking(kind), second)

    def figure(self, each: Mismatch) -> WordFinding:
        about = told()[each.kind]
        quote = self.text[each.start : each.end]
        message = Words(
            zh=f"{about.message.zh}账户所载：{each.said.zh}。",
            en=f"{about.message.en} The position says: {each.said.en}.",
        )
        rulings = [*self.rules.own_on((OWN_TEXT,), self.places, self.on), *self._speaking(each.kind)]
        if each.over:
            rulings = [*speaking((INFLATED,), self.rules, self.places, self.on, self.actor), *rulings]
        suggestion = Words(zh=f"“{quote}”：{about.suggestion.zh}", en=f"“{quote}”: {about.suggestion.en}")
        return self._finding(each.kind, each.start, each.end, each.kind.value, about, message, suggestion, rulings)

    def gaps(
        self, text: str, language: str, wanted: Iterator[tuple[str, Ruling | None, bool]]
    ) -> Iterator[WordFinding]:
        about = told()[Kind.MISSING]
        for each in content.missing(text, language, wanted):
            title = each.item.title
            message = Words(zh=f"{about.message.zh}：{title.zh}。", en=f"{about.message.en}: {title.en}.")
            rulings = [] if each.ruling is None else [each.ruling]
            yield self._finding(
                Kind.MISSING, 0, 0, each.item.name, about, message, each.item.add, rulings, not each.certain
            )

    def unread(self) -> Iterator[WordFinding]:
        about = told()[Kind.UNREADABLE]
        rulings = [*self.rules.own_on((OWN_TEXT,), self.places, self.on)]
        stretches = [(match.start(), match.end(), "opaque") for match in _OPAQUE.finditer(self.text, 0, LIMIT)]
        stretches += [(match.start(), match.end(), "unfilled") for match in _UNFILLED.finditer(self.text, 0, LIMIT)]
        if len(self.text) > LIMIT:
            stretches.append((LIMIT, len(self.text), "too_long"))
        for start, end, why in stretches:
            yield self._finding(Kind.UNREADABLE, start, end, why, about, about.message, about.suggestion, rulings)

    def _speaking(self, kind: Kind) -> list[Ruling]:
        return [*speaking(GROUNDS.get(kind, ()), self.rules, self.places, self.on, self.actor)]

    def _finding(
        self,
        kind: Kind,
        start: int,
        end: int,
        pattern: str,
        about: Told,
        message: Words,
        suggestion: Words,
        rulings: list[Ruling],
        only_warns: bool = False,
    ) -> WordFinding:
        ordered = sorted(rulings, key=lambda each: effect_of(each) is not Effect.REFUSE)
        self.applied.update(each.label for each in ordered)
        deciding = ordered[0] if ordered else None
        verified = deciding is None or (deciding.rule.decides and not only_warns)
        effect = Effect.WARN if deciding is None or only_warns else effect_of(deciding)
        if deciding is not None and not deciding.rule.decides:
            message = Words(
                zh=f"{message.zh}（所依规则尚未核实，仅提示。）",
                en=f"{message.en} (The rule it stands on is unverified: this only warns.)",
            )
        return WordFinding(
            kind, start, end, self.text[start:end], effect,
            deciding.id if deciding is not None else "", tuple(each.id for each in ordered),
            deciding.clause.zh if deciding is not None else "", deciding.clause.en if deciding is not None else "",
            f"{about.title.zh}：{message.zh}" if kind is not Kind.MISSING else message.zh,
            f"{about.title.en}. {message.en}" if kind is not Kind.MISSING else message.en,
            suggestion.zh, suggestion.en, pattern, verified,
        )  # fmt: skip
