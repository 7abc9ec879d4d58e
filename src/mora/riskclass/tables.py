"""The law's numbers laid out as lookup tables: one row a scheme, one place a day past due.

Days decide nearly everything, so a whole book is classed by looking up (scheme, days). A *slot*
is a class with its reason; slots are few, and their texts are the dictionary of the reason column.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from mora.core.errors import Refused
from mora.riskclass.numbers import Numbers, Ruling, exact, percent_text
from mora.riskclass.terms import RiskClass, Scheme

Bytes = npt.NDArray[np.int8]

CN = (Scheme.CN_LOAN, Scheme.CN_CARD)
US = (Scheme.US_CLOSED_END, Scheme.US_OPEN_END, Scheme.US_REAL_ESTATE)
EU = (Scheme.EU, Scheme.EU_MATERIAL)

BUREAU_CODES = (
    "", "N", "1", "2", "3", "4", "5", "6", "7", "C", "*", "B", "G",
    "11", "71", "78", "80", "82", "83", "84", "13", "97",
)  # fmt: skip
"""Dictionary of the bureau column: none, China, Metro 2."""
CN_EDGES, METRO_EDGES = (0, 1, 31, 61, 91, 121, 151, 181), (0, 30, 60, 90, 120, 150, 180)

WRITTEN_OFF, GRACE, AGAIN, NPL_STAYS, FLOOR, UPGRADE, IMPAIRED, CROSS10, CROSS20, MATERIAL, CURE, RELAPSE = range(12)
"""Reasons that do not follow from days alone."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything a chunk is looked up in; made once a run."""

    numbers: Numbers
    width: int
    """Places a row; later days are clipped to the last."""
    texts: tuple[str, ...]
    """Reason text of each slot."""
    classes: Bytes
    """Class of each slot."""
    by_days: Bytes
    """Slot of (scheme, days), flat."""
    ungraced: Bytes
    """The same without the floors a technical delay is exempt from."""
    stage: Bytes
    """Presumed stage of (scheme, days), flat."""
    is_sicr: npt.NDArray[np.bool_]
    is_default: npt.NDArray[np.bool_]
    bureau: Bytes
    special: dict[int, int]
    """Slot of the reasons above, where their rules decide."""
    loss_slots: tuple[tuple[Fraction, int], ...]
    """Expected-loss ratio and slot, largest first; empty while the rule only warns."""
    rates: tuple[tuple[int, Fraction], ...]
    """Specific provision rate by class, where not zero."""


class _Slots:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.classes: list[int] = []

    def add(self, risk_class: RiskClass, text: str) -> int:
        if text in self.texts:
            # Schemes share reasons; a dictionary holds each text once.
            return self.texts.index(text)
        self.texts.append(text)
        self.classes.append(int(risk_class))
        return len(self.texts) - 1


def make_tables(numbers: Numbers, schemes: Iterable[Scheme]) -> Tables:
    """Lay the numbers out for the schemes a book uses.

    :raises Refused: a rule one of the schemes cannot do without is not loaded.
    """
    used = sorted(set(schemes))
    slots = _Slots()
    width = max(_last_edge(numbers), CN_EDGES[-1], METRO_EDGES[-1]) + 2
    by_days = np.zeros((len(Scheme), width), np.int8)
    ungraced, stage = np.zeros_like(by_days), np.ones_like(by_days)
    is_sicr, is_default = np.zeros(by_days.shape, np.bool_), np.zeros(by_days.shape, np.bool_)
    bureau = np.zeros_like(by_days)
    special: dict[int, int] = {WRITTEN_OFF: slots.add(RiskClass.LOSS, "book: written off")}
    loss_slots: tuple[tuple[Fraction, int], ...] = ()
    if any(each in CN for each in used):
        loss_slots = _chinese(numbers, slots, by_days, ungraced, special)
    if any(each in US for each in used):
        _american(numbers.need("us.urcc.chargeoff"), slots, by_days)
    for each in used:
        if each in (*EU, Scheme.UK):
            _european(numbers, each, slots, by_days, special)
        sicr, default = _backstops(numbers, each)
        is_sicr[each, sicr:], is_default[each, default:] = True, True
    stage[is_sicr] = 2
    stage[is_default] = 3
    for each in CN:
        _fill(bureau[each], CN_EDGES, BUREAU_CODES.index("N"))
    for each in US:
        _fill(bureau[each], METRO_EDGES, BUREAU_CODES.index("11"))
    if len(slots.texts) > 127:
        raise Refused(f"{len(slots.texts)} different class reasons; at most 127 fit their column")
    return Tables(
        numbers, width, tuple(slots.texts), np.array(slots.classes, np.int8), by_days.ravel(), ungraced.ravel(),
        stage.ravel(), is_sicr.ravel(), is_default.ravel(), bureau.ravel(), special,
        loss_slots, _rates(numbers),
    )  # fmt: skip


def _last_edge(numbers: Numbers) -> int:
    edges = [0]
    for rule_id, names in (
        ("us.urcc.chargeoff", ("closed_end_dpd", "open_end_dpd", "substandard_dpd")),
        ("eu.crr178.default", ("dpd_gt",)), ("eu.ifrs9.sicr", ("dpd_gt",)), ("eu.ifrs9.default", ("dpd",)),
        ("cn.ecl2022", ("sicr_dpd_gt", "default_dpd_gt")),
    ):  # fmt: skip
        rule = numbers.get(rule_id)
        edges += [rule.whole(name) for name in names] if rule else []
    dpd, card = numbers.get("cn.class2023.dpd"), numbers.get("cn.card2011.a92.class")
    edges += [day for day, _ in dpd.days_floors("floors")] if dpd else []
    edges += [day for day, _ in card.bands("bands")] if card else []
    return max(edges)


def _fill(row: Bytes, edges: tuple[int, ...], first: int) -> None:
    for place, edge in enumerate(edges):
        row[edge:] = first + place


def _floors(rule: Ruling, starts: tuple[tuple[int, RiskClass], ...], slots: _Slots, width: int) -> Bytes:
    row = np.full(width, slots.add(RiskClass.NORMAL, f"{rule.label}: not past due"), np.int8)
    for start, risk_class in starts:
        if risk_class is not RiskClass.NORMAL:
            row[start:] = slots.add(risk_class, f"{rule.label}: days past due >= {start}")
    return row


def _chinese(
    numbers: Numbers, slots: _Slots, by_days: Bytes, ungraced: Bytes, special: dict[int, int]
) -> tuple[tuple[Fraction, int], ...]:
    base = numbers.need("cn.class2023.dpd")
    row = _floors(base, base.days_floors("floors"), slots, by_days.shape[1])
    by_days[list(CN)] = row
    grace = numbers.deciding("cn.class2023.techgrace")
    if grace is not None and grace.params.get("enabled"):
        text = f"{grace.label}: technical delay of at most {grace.whole('grace_days')} days"
        special[GRACE] = slots.add(RiskClass.NORMAL, text)
        ungraced[list(CN)] = special[GRACE]
    card = numbers.deciding("cn.card2011.a92.class")
    if card is not None:
        own = _floors(card, card.bands("bands"), slots, by_days.shape[1])
        severity = np.array(slots.classes)
        for table in (by_days, ungraced):
            before = table[Scheme.CN_CARD]
            table[Scheme.CN_CARD] = np.where(severity[own] > severity[before], own, before)
    floor = numbers.deciding("cn.class2023.restructured.floor")
    if floor is not None and numbers.get("cn.class2023.restructured.obs") is not None:
        again, at_least = (RiskClass[str(floor.params[name]).upper()] for name in ("second_restructure_floor", "floor"))
        special[AGAIN] = slots.add(again, f"{floor.label}: restructured again under observation")
        if floor.params.get("npl_stays"):
            text = f"{floor.label}: was non-performing before restructuring"
            special[NPL_STAYS] = slots.add(RiskClass.SUBSTANDARD, text)
        special[FLOOR] = slots.add(at_least, f"{floor.label}: restructured, under observation")
    upgrade = numbers.deciding("cn.class2023.upgrade")
    if upgrade is not None:
        text = f"{upgrade.label}: upgrade from non-performing not yet earned"
        special[UPGRADE] = slots.add(RiskClass.SUBSTANDARD, text)
    loss = numbers.deciding("cn.class2023.ecl")
    loss_slots: list[tuple[Fraction, int]] = []
    if loss is not None:
        for ratio, risk_class in reversed(loss.ratio_floors("ecl_ratio")):
            text = f"{loss.label}: expected loss >= {percent_text(ratio)} % of book"
            loss_slots.append((ratio, slots.add(risk_class, text)))
        special[IMPAIRED] = slots.add(RiskClass[str(loss.params["impaired"]).upper()], f"{loss.label}: credit-impaired")
    ten, twenty = numbers.deciding("cn.class2023.cross10"), numbers.deciding("cn.class2023.cross20")
    if ten is not None:
        share = percent_text(ten.ratio("own_bank_npl_share_gt"))
        text = f"{ten.label}: contagion, over {share} % of the debtor's claims here non-performing"
        special[CROSS10] = slots.add(RiskClass.SUBSTANDARD, text)
    if twenty is not None:
        share = percent_text(twenty.ratio("all_bank_over90_share_gt"))
        text = f"{twenty.label}: contagion, over {share} % of the debtor's bank debt over 90 days late"
        special[CROSS20] = slots.add(RiskClass.SUBSTANDARD, text)
    return tuple(loss_slots)


def _american(rule: Ruling, slots: _Slots, by_days: Bytes) -> None:
    watch = rule.whole("substandard_dpd")
    passed = slots.add(RiskClass.NORMAL, f"{rule.label}: pass, days past due < {watch}")
    for scheme, kind, loss in (
        (Scheme.US_CLOSED_END, "closed-end", rule.whole("closed_end_dpd")),
        (Scheme.US_OPEN_END, "open-end", rule.whole("open_end_dpd")),
        (Scheme.US_REAL_ESTATE, "real estate", None),
    ):
        by_days[scheme] = passed
        by_days[scheme, watch:] = slots.add(RiskClass.SUBSTANDARD, f"{rule.label}: {kind}, days past due >= {watch}")
        if loss is not None:
            by_days[scheme, loss:] = slots.add(RiskClass.LOSS, f"{rule.label}: {kind}, days past due >= {loss}")


def _european(numbers: Numbers, scheme: Scheme, slots: _Slots, by_days: Bytes, special: dict[int, int]) -> None:
    sicr = numbers.need("eu.ifrs9.sicr")
    watch = sicr.whole("dpd_gt") + 1
    row = by_days[scheme]
    row[:] = slots.add(RiskClass.NORMAL, f"{sicr.label}: days past due < {watch}")
    row[watch:] = slots.add(RiskClass.SPECIAL_MENTION, f"{sicr.label}: days past due >= {watch}")
    default = numbers.deciding("eu.crr178.default") if scheme in EU else None
    if default is None:
        late = numbers.need("eu.ifrs9.default")
        row[late.whole("dpd") :] = slots.add(
            RiskClass.SUBSTANDARD, f"{late.label}: days past due >= {late.whole('dpd')}"
        )
    elif scheme is Scheme.EU:
        start = default.whole("dpd_gt") + 1
        row[start:] = slots.add(RiskClass.SUBSTANDARD, f"{default.label}: days past due >= {start}")
    else:
        start = default.whole("dpd_gt") + 1
        special[MATERIAL] = slots.add(RiskClass.SUBSTANDARD, f"{default.label}: material days >= {start}")
    cure, relapse = numbers.get("eu.forborne.cure"), numbers.get("eu.forborne.relapse")
    if scheme in EU and cure is not None and relapse is not None:
        if cure.decides:
            special[CURE] = slots.add(RiskClass.SUBSTANDARD, f"{cure.label}: forborne, not yet cured")
        if relapse.decides:
            text = f"{relapse.label}: probation, days past due > {relapse.whole('dpd_gt')}"
            special[RELAPSE] = slots.add(RiskClass.SUBSTANDARD, text)


def _backstops(numbers: Numbers, scheme: Scheme) -> tuple[int, int]:
    own = numbers.deciding("cn.ecl2022") if scheme in CN else None
    if own is not None:
        return own.whole("sicr_dpd_gt") + 1, own.whole("default_dpd_gt") + 1
    return numbers.need("eu.ifrs9.sicr").whole("dpd_gt") + 1, numbers.need("eu.ifrs9.default").whole("dpd")


def _rates(numbers: Numbers) -> tuple[tuple[int, Fraction], ...]:
    rule = numbers.deciding("cn.prov2002.specific")
    if rule is None:
        return ()
    rates = ((int(each), exact(rule.params["specific"].get(each.word, 0))) for each in RiskClass)
    return tuple((each, rate) for each, rate in rates if rate)
