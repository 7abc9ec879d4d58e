"""Which clause does a fault break, here and on this day? Kinds of fault to the rules that speak of them.

A rule speaks when it is in force that day, its jurisdiction is among the places, and (where it lists tags) its list of
that version holds one of the kind's. What it may do follows from the law packs: a verified rule that forbids refuses,
an unverified one warns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from mora.gate.clauses import Clauses, Ruling
from mora.gate.terms import ActorKind, Effect
from mora.gate.words.terms import Kind

BANS = "cn.collect.bans"
LETTER = "cn.card2011.a69.letter"
OPT_OUT = "us.regf.optout"
FALSE = "us.regf.false"
VALIDATION = "us.regf.validation"
OWN_WORDING = "wording"
"""The question of the lender's own rules on wording."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A rule, and the words in one of its lists by which it speaks of a kind."""

    rule: str
    among: str = ""
    tags: tuple[str, ...] = ()


GROUNDS: Mapping[Kind, tuple[Ground, ...]] = {
    Kind.THREAT: (
        Ground(BANS, "prohibited_tags", ("threat", "violence")), Ground("cn.crim.293-1"),
        Ground("eu.dir2021-2167.conduct", "block", ("coercion",)), Ground(FALSE),
    ),
    Kind.INSULT: (
        Ground(BANS, "prohibited_tags", ("abuse",)), Ground("eu.dir2021-2167.conduct", "block", ("harassment",)),
    ),
    Kind.IMPERSONATION: (
        Ground(BANS, "prohibited_tags", ("impersonate_authority",)),
        Ground("eu.dir2021-2167.conduct", "block", ("misleading",)), Ground(FALSE),
    ),
    Kind.FALSE_CONSEQUENCE: (
        Ground(BANS, "prohibited_tags", ("false_legal_consequence", "false_credit_blacklist")),
        Ground("eu.dir2021-2167.conduct", "block", ("misleading",)), Ground(FALSE),
    ),
    Kind.DISCLOSURE: (
        Ground("cn.civil.1032-1033", "tags", ("private_info_disclosure",)),
        Ground(BANS, "prohibited_tags", ("public_posting",)),
        Ground("us.regf.thirdparty"), Ground("uk.conc7.9"), Ground("eu.dir2021-2167.conduct", "block", ("harassment",)),
    ),
    Kind.FALSE_URGENCY: (
        Ground(BANS, "prohibited_tags", ("threat",)),
        Ground("eu.dir2021-2167.conduct", "block", ("misleading",)), Ground(FALSE),
    ),
    Kind.EXTRA_FEE: (
        Ground(BANS, "prohibited_tags", ("extra_fee", "inflated_amount")), Ground("us.regf.unfair"),
        Ground("eu.dir2021-2167.conduct", "block", ("misleading",)),
    ),
    Kind.INDUCE_BORROWING: (
        Ground(BANS, "prohibited_tags", ("induce_borrowing",)),
        Ground("eu.dir2021-2167.conduct", "block", ("coercion",)),
    ),
    Kind.HARASSMENT: (
        Ground(BANS, "prohibited_tags", ("harassment",)), Ground("cn.civil.1032-1033", "tags", ("harassing_comms",)),
        Ground("cn.crim.293-1"), Ground("cn.publicorder.harass"), Ground("uk.conc7.9"),
        Ground("eu.dir2021-2167.conduct", "block", ("harassment",)),
    ),
    Kind.UNCONSENTED_ENTRY: (
        Ground(BANS, "prohibited_tags", ("unconsented_entry",)), Ground("cn.civil.1032-1033", "tags", ("home_entry",)),
        Ground("cn.crim.293-1"), Ground("uk.conc7.9"),
        Ground("eu.dir2021-2167.conduct", "block", ("coercion", "harassment")),
    ),
    Kind.AMOUNT_MISMATCH: (
        Ground("eu.dir2021-2167.conduct", "block", ("misleading",)), Ground(FALSE),
    ),
    Kind.DATE_MISMATCH: (Ground("eu.dir2021-2167.conduct", "block", ("misleading",)), Ground(FALSE)),
    Kind.DAYS_MISMATCH: (Ground("eu.dir2021-2167.conduct", "block", ("misleading",)), Ground(FALSE)),
}  # fmt: skip
"""Rules that speak of each kind, the most particular first."""
INFLATED = Ground(BANS, "prohibited_tags", ("inflated_amount",))
"""Of a sum above everything that is owed."""
_AGENCIES_ONLY = frozenset({FALSE, "us.regf.unfair", "us.regf.thirdparty", OPT_OUT, VALIDATION})
"""Rules that bind debt collectors, not a creditor collecting its own debts in its own name."""


def speaking(
    grounds: tuple[Ground, ...], clauses: Clauses, places: tuple[str, ...], day: date, actor: ActorKind
) -> Iterator[Ruling]:
    """The rules that speak, each with its version of the day."""
    roots = {place[:2] for place in places}
    for ground in grounds:
        if ground.rule[:2] not in roots or (ground.rule in _AGENCIES_ONLY and actor is not ActorKind.AGENCY):
            continue
        ruling = clauses.of(ground.rule, day)
        if ruling is not None and (not ground.among or set(ground.tags) & set(ruling.names(ground.among))):
            yield ruling


def effect_of(ruling: Ruling) -> Effect:
    """What a rule that is broken does: refuse when it forbids and is known well enough, else warn."""
    return Effect.REFUSE if ruling.forbids and ruling.rule.decides else Effect.WARN
