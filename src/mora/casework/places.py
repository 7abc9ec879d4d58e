"""Whose law protects a party? That of each loan, and of where the party lives; the house's own only where neither says.

A loan's place is its product's jurisdiction, as the book describes it, else the lender's own word on its branch
(``policy/places.yaml``). The party's region, an ISO 3166 code, adds the law of where he or she lives, down to the
state: a Chinese loan of somebody in Massachusetts stands under both. Loans under the same laws are asked about
together, loans under others apart, so that no loan is judged by a law that is not its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from mora.casework.policy_files import read
from mora.core.errors import BadInput
from mora.core.words import Words
from mora.gate.zones import PLACES, check_places
from mora.store.models import Case, CaseLoan, Party

NAMES: Mapping[str, Words] = {
    "cn": Words("中国大陆", "mainland China"), "us": Words("美国", "the United States"),
    "uk": Words("英国", "the United Kingdom"), "eu": Words("欧盟", "the European Union"),
}  # fmt: skip
_UK = {"GB": "uk", "UK": "uk", "GB-ENG": "uk-eng", "GB-WLS": "uk-wls", "GB-SCT": "uk-sct", "GB-NIR": "uk-nir"}


@dataclass(frozen=True, slots=True)
class Judged:
    """Loans of a case that stand under the same laws."""

    places: tuple[str, ...]
    """As the gate names them, the loan's own first."""
    loans: tuple[CaseLoan, ...]
    """None of them, when a case shows no loan."""
    assumed: bool = False
    """Neither product, branch nor region says where; the house's own place is taken."""

    @property
    def words(self) -> Words:
        """The places by name."""
        named = [name(each) for each in self.places]
        return Words("、".join(each.zh for each in named), " and ".join(each.en for each in named))


def name(place: str) -> Words:
    """What people call a place; a part of one with its code."""
    whole = NAMES[place[:2]]
    part = place[3:].upper()
    return Words(f"{whole.zh} {part}", f"{whole.en} ({part})") if part else whole


def house_place() -> str:
    """The lender's own place, the setting ``MORA_PLACE``.

    :raises BadInput: no such place.
    """
    place: str = settings.MORA_PLACE
    check_places((place,))
    return place


@cache
def branch_places() -> Mapping[str, str]:
    """The lender's word on where branches are, for loans whose product says nothing.

    :raises BadInput: a place there is not.
    """
    told = (read("places.yaml") or {}).get("branches") or {}
    for branch, place in told.items():
        try:
            check_places((place,))
        except BadInput as problem:
            raise BadInput(f"places.yaml: branch {branch}: {problem}") from None
    return told


def place_of_region(region: str) -> str:
    """The gate's place for an ISO 3166 region (CN-SH, US-MA, GB-SCT, DE-BY); empty where it is none Mora knows.

    >>> place_of_region("US-MA"), place_of_region("DE-BY"), place_of_region("unknown")
    ('us-ma', 'eu-de', '')
    """
    code = region.strip().upper()
    country, _, part = code.partition("-")
    if country == "CN":
        return "cn"
    if country == "US":
        narrow = f"us-{part.lower()}"
        return narrow if narrow in PLACES else "us"
    if country in ("GB", "UK"):
        return _UK.get(code.replace("UK", "GB", 1), "uk")
    return place if (place := f"eu-{country.lower()}") in PLACES else ""


def places_of(loan: CaseLoan | None, party: Party) -> tuple[str, ...]:
    """Every place whose law protects the party in this loan; empty where nothing says."""
    own = (loan.place or branch_places().get(loan.branch, "")) if loan is not None else ""
    lives = place_of_region(party.region)
    roots = [own[:2], own, lives[:2], lives]
    return tuple(dict.fromkeys(each for each in roots if each))


def judged(case: Case, loans: Iterable[CaseLoan] | None = None) -> tuple[Judged, ...]:
    """The case's loans by the laws they stand under; one part at least, in the order of the loans' ids."""
    parts: dict[tuple[str, ...], list[CaseLoan]] = {}
    for loan in sorted(case.loans.all() if loans is None else loans, key=lambda each: each.loan_id):
        parts.setdefault(places_of(loan, case.party), []).append(loan)
    if not parts:
        parts[places_of(None, case.party)] = []
    return tuple(Judged(places or (house_place(),), tuple(held), assumed=not places) for places, held in parts.items())


def stands_under(case: Case, jurisdiction: str) -> bool:
    """Whether any loan of the case stands under this jurisdiction's law."""
    return any(place[:2] == jurisdiction for part in judged(case) for place in part.places)
