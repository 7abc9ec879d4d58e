"""The same truth over a whole book: Arrow columns of a chunk in, class, reason, stage, provision and status out.

Days are looked up for all rows at once; whatever else a rule asks (restructured, impaired,
written off, ...) concerns few rows and is laid over those only. Contagion needs all loans of a debtor
while a chunk holds some: :func:`classify_chunk` first, :func:`party_totals` of each chunk, one
:func:`contagious` over all totals, then :func:`apply_contagion` on each chunk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pyarrow as pa

from mora.core.dates import day_number
from mora.riskclass import tables as t
from mora.riskclass.rows import MISSING, Column, Flags, Ints, Longs, ProductSchemes, Rows, flat, given_losses, schemes
from mora.riskclass.tables import Bytes, Tables
from mora.riskclass.terms import RiskClass, Scheme

_CLASSES = pa.array([each.word for each in RiskClass])
_BUREAU = pa.array(t.BUREAU_CODES)
UNKNOWN = -1
"""A provision that no rate and no given loss determines."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A chunk's outcome as codes, one place a loan."""

    slots: Bytes
    """Place in ``Tables.texts``; class and reason in one."""
    stage: Bytes
    provision: Longs
    bureau: Bytes
    is_chinese: Flags
    off_book: Flags
    is_sold: Flags
    principal: Longs

    def classes(self, tables: Tables) -> Bytes:
        """The class code of each loan (:class:`mora.riskclass.terms.RiskClass`)."""
        return tables.classes[self.slots]

    def columns(self, tables: Tables) -> dict[str, pa.Array]:
        """The columns of :data:`mora.riskclass.columns.WRITTEN`; texts as dictionaries."""
        return {
            "risk_class": pa.DictionaryArray.from_arrays(pa.array(self.classes(tables)), _CLASSES),
            "risk_class_reason": pa.DictionaryArray.from_arrays(pa.array(self.slots), pa.array(tables.texts)),
            "ecl_stage": pa.array(self.stage),
            "provision_minor": pa.array(self.provision, mask=self.provision == UNKNOWN),
            "bureau_status": pa.DictionaryArray.from_arrays(pa.array(self.bureau), _BUREAU),
        }


def classify_chunk(
    as_of: date,
    loans: pa.Table,
    positions: Mapping[str, Column],
    standing: Mapping[str, Column],
    *,
    products: ProductSchemes,
    tables: Tables,
) -> Classified:
    """Class, stage, provision and bureau status of a chunk's loans, each by itself (no contagion yet).

    :param loans: rows of the book's loans; columns named in :mod:`mora.riskclass.columns`.
    :param positions, standing: the columns of the same loans in the same order, as ageing gives them.
    :raises KeyError: a loan's product is not among ``products``.
    :raises ValueError: a flag column with a word that is not a flag.
    """
    today = day_number(as_of)
    rows = Rows(today, loans, positions, standing, schemes(loans["product"], products))
    place = np.minimum(rows.days, tables.width - 1) + rows.scheme.astype(np.int32) * tables.width
    slots = tables.by_days.take(place)
    if any(scheme in t.CN for scheme in products.schemes):
        _lay_chinese(slots, rows, place, tables)
    if any(scheme in t.EU for scheme in products.schemes):
        _lay_european(slots, rows, tables)
    written, sold = rows.has_happened("written_off_on"), rows.has_happened("sold_on")
    slots[written] = tables.special[t.WRITTEN_OFF]
    chunk = Classified(
        slots,
        _stages(rows, place, written, tables),
        np.zeros(0, np.int64),
        _bureau(rows, place, written, sold, tables),
        rows.is_chinese,
        written | sold,
        sold,
        rows.longs("outstanding_principal_minor"),
    )
    return with_slots(chunk, slots, loans, tables)


def _raise(slots: Bytes, rows: Longs, slot: int, tables: Tables) -> None:
    """Give the rows this slot where it is strictly worse: among equals the earlier rule stays."""
    worse = rows[tables.classes[slots[rows]] < tables.classes[slot]]
    slots[worse] = slot


def _where(mask: Flags) -> Longs:
    return np.flatnonzero(mask)


def _lay_chinese(slots: Bytes, rows: Rows, place: Ints, tables: Tables) -> None:
    special = tables.special
    if t.GRACE in special:
        forgiven = rows.flag("technical_delay")
        if forgiven is not None:
            grace = tables.numbers.rulings["cn.class2023.techgrace"].whole("grace_days")
            at = _where(rows.is_chinese & forgiven & (rows.days > 0) & (rows.days <= grace))
            slots[at] = tables.ungraced[place[at]]
    if t.FLOOR in special:
        _lay_restructured(slots, rows, tables)
    if t.UPGRADE in special:
        _lay_upgrade(slots, rows, tables)
    losses = given_losses(rows.loans)
    if losses is not None and tables.loss_slots:
        given, valid = losses
        book = rows.longs("outstanding_principal_minor")
        for ratio, slot in tables.loss_slots:
            # given >= book x ratio, as given >= the ceiling of it, without leaving 64 bits.
            over, under = ratio.numerator, ratio.denominator
            bound = over * (book // under) - (-(over * (book % under)) // under)
            reached = rows.is_chinese & valid & (book > 0) & (given >= bound)
            _raise(slots, _where(reached), slot, tables)
    impaired = rows.flag("credit_impaired")
    if impaired is not None and t.IMPAIRED in special:
        _raise(slots, _where(rows.is_chinese & impaired), special[t.IMPAIRED], tables)


def _lay_restructured(slots: Bytes, rows: Rows, tables: Tables) -> None:
    at = _where(rows.is_chinese & rows.has_happened("restructured_on"))
    if not len(at):
        return
    rule = tables.numbers.rulings["cn.class2023.restructured.obs"]
    start, second = rows.day_of("observation_start_on"), rows.day_of("observation_second_on")
    if start is not None and second is not None:
        ends = np.maximum(add_months(start[at], rule.whole("min_months")), second[at])
        over = (start[at] != MISSING) & (second[at] != MISSING) & (ends <= rows.today)
        at = at[~over]
    for name, slot in (("restructured_again", t.AGAIN), ("npl_before_change", t.NPL_STAYS)):
        marked = rows.flag(name)
        if marked is not None and slot in tables.special:
            _raise(slots, at[marked[at]], tables.special[slot], tables)
    _raise(slots, at, tables.special[t.FLOOR], tables)


def _lay_upgrade(slots: Bytes, rows: Rows, tables: Tables) -> None:
    npl, late = rows.day_of("last_npl_on"), rows.day_of("last_late_on")
    if npl is None:
        return
    at = _where(rows.is_chinese & (npl != MISSING))
    clean = npl[at] if late is None else np.where(late[at] != MISSING, late[at], npl[at])
    earned = add_months(clean + 1, tables.numbers.rulings["cn.class2023.upgrade"].whole("min_months"))
    second = rows.day_of("second_due_after_clean_on")
    if second is not None:
        earned = np.maximum(earned, second[at])
    _raise(slots, at[(rows.days[at] > 0) | (earned > rows.today)], tables.special[t.UPGRADE], tables)


def _lay_european(slots: Bytes, rows: Rows, tables: Tables) -> None:
    if t.MATERIAL in tables.special:
        beyond = tables.numbers.rulings["eu.crr178.default"].whole("dpd_gt")
        material: Ints = flat(rows.standing["material_days"]).to_numpy()
        _raise(
            slots, _where((rows.scheme == Scheme.EU_MATERIAL) & (material > beyond)), tables.special[t.MATERIAL], tables
        )
    marked = rows.flag("npl_before_change")
    cure, relapse = tables.numbers.get("eu.forborne.cure"), tables.numbers.get("eu.forborne.relapse")
    granted = rows.day_of("restructured_on")
    if marked is None or cure is None or relapse is None or granted is None:
        return
    european = (rows.scheme == Scheme.EU) | (rows.scheme == Scheme.EU_MATERIAL)
    at = _where(european & marked & rows.has_happened("restructured_on"))
    days, late, exited = rows.days[at], rows.day_of("last_late_on"), rows.day_of("npe_exited_on")
    recorded = np.full(len(at), MISSING, np.int32) if exited is None else exited[at]
    exit_on = add_months(granted[at], cure.whole("cure_months"))
    if late is not None:
        exit_on = np.maximum(exit_on, np.where(late[at] != MISSING, late[at] + 1, MISSING))
    exit_on = np.where(recorded != MISSING, recorded, exit_on)
    unexited = (recorded == MISSING) & (days > 0)
    curing = unexited | (rows.today < exit_on)
    ends = add_months(exit_on, cure.whole("probation_months"))
    fell = ~curing & (rows.today < ends) & (days > relapse.whole("dpd_gt"))
    for found, slot in ((curing, t.CURE), (fell, t.RELAPSE)):
        if slot in tables.special:
            _raise(slots, at[found], tables.special[slot], tables)


def _stages(rows: Rows, place: Ints, written: Flags, tables: Tables) -> Bytes:
    stage = tables.stage.take(place)
    no_sicr, no_default = rows.has_text("sicr_rebuttal"), rows.has_text("default_rebuttal")
    if no_sicr is not None or no_default is not None:
        none = np.zeros(len(stage), np.bool_)
        no_sicr, no_default = none if no_sicr is None else no_sicr, none if no_default is None else no_default
        at = _where(no_sicr | no_default)
        second = tables.is_sicr[place[at]] & ~no_sicr[at]
        third = tables.is_default[place[at]] & ~no_default[at]
        stage[at] = np.where(third, 3, np.where(second, 2, 1))
    risen = rows.flag("significant_increase")
    if risen is not None:
        stage[risen & (stage == 1)] = 2
    impaired = rows.flag("credit_impaired")
    if impaired is not None:
        stage[impaired] = 3
    stage[written] = 3
    return stage


def _provisions(chunk: Classified, loans: pa.Table, tables: Tables) -> Longs:
    classes = chunk.classes(tables)
    out = np.zeros(len(classes), np.int64)
    for risk_class, rate in tables.rates:
        at = _where(classes == risk_class)
        over, under = rate.numerator, rate.denominator
        whole, rest = np.divmod(chunk.principal[at], under)
        # Half up, with the division taken apart so that nothing leaves 64 bits.
        out[at] = over * whole + (2 * over * rest + under) // (2 * under)
    out[~chunk.is_chinese] = UNKNOWN
    out[chunk.off_book] = 0
    losses = given_losses(loans)
    if losses is not None:
        given, valid = losses
        at = _where(valid & ~chunk.off_book)
        out[at] = np.maximum(out[at], given[at])
    return out


def _bureau(rows: Rows, place: Ints, written: Flags, sold: Flags, tables: Tables) -> Bytes:
    code = {word: number for number, word in enumerate(t.BUREAU_CODES)}
    status = tables.bureau.take(place)
    listed = rows.scheme <= Scheme.US_REAL_ESTATE
    started, first = rows.day_of("started_on"), rows.day_of("first_due_on")
    if started is not None:
        begins = started if first is None else np.maximum(started, first)
        status[rows.is_chinese & (rows.days == 0) & (rows.today < begins)] = code["*"]
    settled = _where((rows.longs("outstanding_principal_minor") == 0) & listed)
    settled = settled[rows.longs("payoff_minor")[settled] == 0]
    status[settled] = np.where(rows.is_chinese[settled], code["C"], code["13"])
    at = _where(written & listed)
    status[at] = np.where(rows.is_chinese[at], code["B"], code["97"])
    status[sold & rows.is_chinese] = code["G"]
    return status


def add_months(days: Ints | Longs, months: int) -> Longs:
    """Day numbers ``months`` later, on the corresponding day or the month's last (Civil Code art. 202)."""
    start = days.astype("datetime64[D]")
    month = start.astype("datetime64[M]")
    target = month + months
    first = target.astype("datetime64[D]")
    length = ((target + 1).astype("datetime64[D]") - first).astype(np.int64)
    day = (start - month.astype("datetime64[D]")).astype(np.int64)
    result: Longs = first.astype(np.int64) + np.minimum(day, length - 1)
    return result


def with_slots(chunk: Classified, slots: Bytes, loans: pa.Table, tables: Tables) -> Classified:
    """The chunk with these classes, its provisions made for them."""
    classed = replace(chunk, slots=slots)
    return replace(classed, provision=_provisions(classed, loans, tables))
