"""The tables of the page, cell by cell, as text and bars ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from mora.ageing.terms import BUCKETS
from mora.core.words import Words
from mora.insight import CurrencySummary, Figures, HistoryChange, HistoryChanges, Line, MovementKind, Standing
from mora.insight.roll import TARGETS
from mora.insight.terms import NEW
from mora.report import charts, figures, words
from mora.report.sentences import history_lines, late_postings, lead, off_book
from mora.report.words import Speaker

Row = dict[str, object]

DRILL_ROWS = 12
"""Rows of a drill table before the rest become one."""

_BETTER = {MovementKind.EASED, MovementKind.CURED, MovementKind.LEFT_LATE}
_WORSE = {MovementKind.FELL_LATE, MovementKind.NEW_LATE, MovementKind.WORSENED}


def book_tables(book: CurrencySummary, speaker: Speaker, *, first_day: bool) -> Row:
    """Everything of one currency, by the names the template uses."""
    return {
        "currency": book.currency,
        "is_empty": not (book.total.loans or book.off_book or book.total_before),
        "lead": lead(book, speaker),
        "key_figures": _key_figures(book, speaker),
        "strip": charts.strip(
            [(line.figures.principal_minor, figures.LATENESS_STEP[str(line.key)]) for line in book.ladder]
        ),
        "ladder": _ladder(book),
        "total": _cells(book.total, book.total, book.currency),
        "late": _late_total(book),
        "off_book": off_book(book, speaker),
        "is_classified": book.is_classified,
        "classes": _graded(book, book.classes, words.RISK_CLASS, figures.CLASS_STEP, speaker),
        "npl": _npl(book),
        "stages": _graded(book, book.stages, words.ECL_STAGE, figures.STAGE_STEP, speaker)
        if any(line.key for line in book.stages)
        else [],
        "requirement": requirement_rows(book, speaker),
        "requirement_note": requirement_note(book, speaker),
        "first_day": first_day,
        "roll": _roll(book, speaker) if book.roll else None,
        "movements": _movements(book, speaker),
        "movement_total": _movement_total(book),
        "largest": _largest(book, speaker),
        "drills": _drills(book, speaker),
    }


def _cells(one: Figures, whole: Figures, currency: str) -> Row:
    """Cells that every table of groups shares."""
    return {
        "loans": figures.count(one.loans),
        "late_loans": figures.count(one.late_loans),
        "arrears": figures.amount(one.arrears_minor, currency),
        "principal": figures.amount(one.principal_minor, currency),
        "share": figures.percent(_of(one, whole)),
        "provision": figures.amount(one.known_provision_minor, currency),
        "provision_rate": figures.percent(one.provision_ratio),
        "late_ratio": figures.percent(one.late_ratio),
    }


def _of(one: Figures, whole: Figures) -> Fraction | None:
    return Fraction(one.principal_minor, whole.principal_minor) if whole.principal_minor else None


def _key_figures(book: CurrencySummary, speaker: Speaker) -> list[Row]:
    now, before, currency = book.total, book.total_before, book.currency

    def change(text: str | None, *, known: bool = True) -> str | None:
        if before is None or not known:
            return None
        return speaker.say(words.CHANGE, change=text) if text else speaker.UNCHANGED

    def money(name: str, minor: int, minor_before: int | None) -> Row:
        moved = minor - (minor_before or 0)
        text = ("+" if moved > 0 else "") + figures.short(moved, currency, speaker.language) if moved else None
        short = figures.short(minor, currency, speaker.language)
        return {"name": name, "value": short, "note": figures.amount(minor, currency), "change": change(text)}

    def share(name: str, ratio: Fraction | None, ratio_before: Fraction | None, note: str) -> Row:
        moved = figures.points(ratio, ratio_before)
        text = f"{moved} {speaker.POINTS}" if moved else None
        known = ratio is not None and ratio_before is not None
        return {"name": name, "value": figures.percent(ratio), "note": note, "change": change(text, known=known)}

    late_moved = now.late_loans - before.late_loans if before else 0
    known = book.is_classified

    def note(pair: Words, minor: int) -> str:
        return speaker.say(pair, amount=figures.short(minor, currency, speaker.language))

    return [
        money(speaker.PRINCIPAL, now.principal_minor, before.principal_minor if before else None),
        money(speaker.ARREARS, now.arrears_minor, before.arrears_minor if before else None),
        {
            "name": speaker.LATE_LOANS,
            "value": figures.count(now.late_loans),
            "note": speaker.say(words.OF_LOANS, n=figures.count(now.loans)),
            "change": change(figures.signed_count(late_moved) if late_moved else None),
        },
        share(
            speaker.LATE_RATIO,
            now.late_ratio,
            before.late_ratio if before else None,
            note(words.LATE_NOTE, now.late_principal_minor),
        ),
        share(
            speaker.NPL_RATIO,
            now.npl_ratio if known else None,
            before.npl_ratio if before else None,
            note(words.NPL_NOTE, now.non_performing_principal_minor) if known else "",
        ),
        share(
            speaker.COVERAGE_RATIO,
            now.coverage_ratio if known else None,
            before.coverage_ratio if before else None,
            note(words.PROVISION_NOTE, now.provision_minor) if known and now.known_provision_minor is not None else "",
        ),
    ]


def _ladder(book: CurrencySummary) -> list[Row]:
    most = max((line.figures.late_principal_minor for line in book.ladder), default=0)
    return [
        {
            "name": line.key,
            "days": figures.bucket_days(str(line.key)),
            "step": figures.LATENESS_STEP[str(line.key)],
            "bar": charts.bar(line.figures.late_principal_minor, most, figures.LATENESS_STEP[str(line.key)]),
            **_cells(line.figures, book.total, book.currency),
        }
        for line in book.ladder
    ]


def _late_total(book: CurrencySummary) -> Row | None:
    late = sum((line.figures for line in book.ladder[1:]), Figures())
    return _cells(late, book.total, book.currency) if late.loans else None


def _graded(
    book: CurrencySummary,
    lines: tuple[Line, ...],
    names: dict[str, Words],
    steps: dict[str, int],
    speaker: Speaker,
) -> list[Row]:
    return [
        {
            "name": speaker.named(names, line.key),
            "step": steps.get(line.key or ""),
            **_cells(line.figures, book.total, book.currency),
        }
        for line in lines
    ]


def _npl(book: CurrencySummary) -> Row | None:
    bad = [line.figures for line in book.classes if line.figures.non_performing_loans]
    return _cells(sum(bad, Figures()), book.total, book.currency) if bad else None


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure of the law against the book."""

    name: str
    held: str
    required: str
    result: str
    is_met: bool | None
    """None: there is nothing to measure, as without non-performing loans."""


def requirement_rows(book: CurrencySummary, speaker: Speaker) -> tuple[Measured, ...]:
    """The two ratios and the amount the law asks of provisions; nothing where it asks nothing."""
    asked = book.requirement
    if asked is None:
        return ()

    def ratio(name: str, held: Fraction | None, required: Fraction) -> Measured:
        is_met = None if held is None else held >= required
        result = figures.DASH if is_met is None else speaker.MET if is_met else speaker.NOT_MET
        # A ratio just below what is asked must not read like it.
        places = 2 if is_met is not False or figures.percent(held) != figures.percent(required) else 6
        return Measured(name, figures.percent(held, places), figures.percent(required, places), result, is_met)

    missing = asked.shortfall_minor
    short = speaker.say(words.SHORT_OF, amount=figures.amount(missing, book.currency))
    held, required = (figures.amount(each, book.currency) for each in (asked.held_minor, asked.required_minor))
    return (
        ratio(speaker.LOAN_PROVISION_RATIO, book.total.provision_ratio, asked.of_loans),
        ratio(speaker.COVERAGE_RATIO, book.total.coverage_ratio, asked.of_npl),
        Measured(speaker.REQUIRED_PROVISION, held, required, short if missing else speaker.MET, not missing),
    )


def requirement_note(book: CurrencySummary, speaker: Speaker) -> str:
    """Which clause asks, and what the comparison leaves out."""
    asked = book.requirement
    if asked is None:
        return ""
    return speaker.say(words.REQUIREMENT_NOTE, cite=asked.citation.in_(speaker.language), rule=asked.rule_id)


def _roll(book: CurrencySummary, speaker: Speaker) -> Row:
    cells = {(cell.origin, cell.target): cell for cell in book.roll}
    exits = [target for target in TARGETS[len(BUCKETS) :] if any(cell.target == target for cell in book.roll)]
    origins = [*BUCKETS, *([NEW] if any(cell.origin == NEW for cell in book.roll) else [])]
    rows = []
    for origin in origins:
        of_row = sum(cell.loans for cell in book.roll if cell.origin == origin)
        row: list[Row] = []
        for target in (*BUCKETS, *exits):
            cell = cells.get((origin, target))
            if cell is None:
                row.append({"loans": "", "amount": "", "shade": ""})
                continue
            minor = cell.principal_minor if origin == NEW else cell.principal_before_minor
            row.append(
                {
                    "loans": figures.count(cell.loans),
                    "amount": figures.short(minor, book.currency, speaker.language, places=1),
                    "shade": _shade(origin, target, charts.heat(cell.loans, of_row)),
                }
            )
        name = speaker.NEW_LOANS if origin == NEW else origin
        step = figures.LATENESS_STEP.get(origin)
        rows.append({"name": name, "step": step, "cells": row, "loans": figures.count(of_row)})
    return {
        "heads": [{"name": name, "step": figures.LATENESS_STEP[name]} for name in BUCKETS],
        "exits": [speaker.named(words.STANDING, name) for name in exits],
        "rows": rows,
    }


def _shade(origin: str, target: str, depth: int) -> str:
    """CSS class of a heat cell: warm for later, blue for earlier or settled, grey for unmoved and neither."""
    if target not in BUCKETS:
        return f"b{depth}" if target == Standing.SETTLED and origin != BUCKETS[0] else f"g{depth}"
    if origin == NEW:
        return f"g{depth}" if target == BUCKETS[0] else f"r{depth}"
    step = BUCKETS.index(target) - BUCKETS.index(origin)
    return f"{'r' if step > 0 else 'b' if step < 0 else 'g'}{depth}"


def _movements(book: CurrencySummary, speaker: Speaker) -> list[Row]:
    most = max((abs(movement.arrears_change_minor) for movement in book.movements), default=0)
    return [
        {
            "name": words.MOVEMENT_KIND[movement.kind].in_(speaker.language),
            "loans": figures.count(movement.loans),
            "before": figures.amount(movement.arrears_before_minor, book.currency),
            "now": figures.amount(movement.arrears_minor, book.currency),
            "change": figures.signed(movement.arrears_change_minor, book.currency),
            "bar": charts.signed_bar(
                movement.arrears_change_minor,
                most,
                "worse" if movement.kind in _WORSE else "better" if movement.kind in _BETTER else "still",
            ),
        }
        for movement in book.movements
    ]


def _movement_total(book: CurrencySummary) -> Row:
    before = sum(movement.arrears_before_minor for movement in book.movements)
    now = sum(movement.arrears_minor for movement in book.movements)
    return {
        "loans": figures.count(sum(movement.loans for movement in book.movements)),
        "before": figures.amount(before, book.currency),
        "now": figures.amount(now, book.currency),
        "change": figures.signed(now - before, book.currency),
    }


def _largest(book: CurrencySummary, speaker: Speaker) -> list[Row]:
    return [
        {
            "loan": one.loan_id,
            "product": one.product or figures.DASH,
            "branch": one.branch or figures.DASH,
            "days": figures.count(one.days_past_due),
            "bucket": one.bucket,
            "step": figures.LATENESS_STEP[one.bucket],
            "class": speaker.named(words.RISK_CLASS, one.risk_class) if one.risk_class else figures.DASH,
            "since": one.oldest_unpaid_due_on.isoformat() if one.oldest_unpaid_due_on else figures.DASH,
            "arrears": figures.amount(one.arrears_minor, book.currency),
            "principal": figures.amount(one.principal_minor, book.currency),
        }
        for one in book.largest
    ]


def _drills(book: CurrencySummary, speaker: Speaker) -> list[Row]:
    tables: list[Row] = []
    for column, lines in book.drills.items():
        if not any(line.key for line in lines):
            continue
        names = words.PARTY_KIND if column == "party_kind" else {}
        whole = max((line.figures.late_principal_minor for line in lines), default=0)
        cut = DRILL_ROWS if len(lines) > DRILL_ROWS + 1 else len(lines)
        rows = [
            {
                "name": speaker.named(names, line.key),
                "is_rest": False,
                "bar": charts.bar(line.figures.late_principal_minor, whole, 2),
                **_cells(line.figures, book.total, book.currency),
            }
            for line in lines[:cut]
        ]
        if rest := lines[cut:]:
            together = sum((line.figures for line in rest), Figures())
            name = speaker.say(words.OTHERS, n=figures.count(len(rest)))
            rows.append({"name": name, "is_rest": True, "bar": "", **_cells(together, book.total, book.currency)})
        tables.append({"title": words.DRILL[column].in_(speaker.language), "rows": rows})
    return tables


@dataclass(frozen=True, slots=True)
class RereadFigure:
    """A figure of a past day, as it was and as it reads now."""

    figure: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class RereadLoan:
    """What a past day says of a loan now, and why."""

    loan: str
    rows: tuple[RereadFigure, ...]
    reason: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RereadDay:
    """How a past day reads now."""

    as_of: str
    lines: tuple[str, ...]
    reasons: tuple[Row, ...]
    loans: tuple[RereadLoan, ...]


def history_table(history: HistoryChanges, speaker: Speaker) -> RereadDay:
    """How a past day reads now: loan by loan, its telling figures as they were and are, and why."""
    loans: dict[str, list[HistoryChange]] = {}
    for one in history.examples:
        loans.setdefault(one.loan_id, []).append(one)
    return RereadDay(
        history.as_of.isoformat(),
        tuple(history_lines(history, speaker)),
        tuple(
            {"name": speaker.named(words.CHANGE_REASON, reason), "loans": figures.count(n)}
            for reason, n in history.by_reason.items()
        ),
        tuple(_reread_loan(loan, changes, speaker) for loan, changes in loans.items()),
    )


def _reread_loan(loan: str, changes: list[HistoryChange], speaker: Speaker) -> RereadLoan:
    first = changes[0]
    rows = [
        RereadFigure(
            speaker.named(words.FIGURE_NAME, one.column),
            _history_value(one.was, one, speaker),
            _history_value(one.now, one, speaker),
        )
        for one in changes
        if one.column != "loan_id"
    ]
    reason = speaker.named(words.CHANGE_REASON, first.reason)
    return RereadLoan(loan, tuple(rows), reason, tuple(late_postings(first, speaker)))


def _history_value(value: str | None, of: HistoryChange, speaker: Speaker) -> str:
    if value is None:
        return figures.DASH
    if of.column.endswith("_minor") and of.currency:
        return f"{figures.amount(int(value), of.currency)} {of.currency}"
    if of.column == "ecl_stage":
        return speaker.named(words.ECL_STAGE, value)
    return speaker.named(words.RISK_CLASS, value) if of.column == "risk_class" else value
