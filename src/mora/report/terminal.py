"""The day in the terminal: the same tables as the page, readable at 80 columns and without colour.

Nothing is cut: where a table does not fit, columns that can be spared go first, then large
figures are shortened with their unit, and figures never wrap in the middle of a digit group.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from rich import box
from rich.console import Console, RenderableType
from rich.measure import Measurement
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from mora.ageing.terms import BUCKETS
from mora.core.words import Language, Words
from mora.insight import CurrencySummary, DaySummary, Figures, HistoryChanges, Line
from mora.insight.roll import TARGETS
from mora.insight.terms import NEW
from mora.report import figures, words
from mora.report.sentences import history_lines, lead, off_book
from mora.report.tables import history_table, requirement_note, requirement_rows
from mora.report.words import Speaker

_STEP_STYLES = ("", "yellow", "dark_orange", "red", "bold red")
"""The lateness ladder in terminal colours; the words beside it carry the meaning."""

LARGEST_SHOWN = 10


def print_day(summary: DaySummary, language: Language, console: Console) -> None:
    """Print a day's summary: ladder, classes, roll matrix, movements, largest arrears, what was set aside.

    :param console: where to; its width and colours are respected.
    """
    speaker = Speaker(language)
    for part in _parts(summary, speaker, console):
        console.print(part)


def _parts(summary: DaySummary, speaker: Speaker, console: Console) -> Iterable[RenderableType]:
    if summary.synthetic:
        yield Text(f"合成数据 SYNTHETIC  {speaker.SYNTHETIC_NOTE}", style="bold cyan")
    dates = f"{speaker.AS_OF} {summary.as_of}"
    compared = f"{speaker.COMPARED} {summary.previous_as_of}" if summary.previous_as_of else speaker.FIRST_DAY
    yield Text.assemble((speaker.TITLE, "bold"), "  ", dates, "  ", (compared, "dim"))
    if not summary.currencies:
        yield Text(f"\n{speaker.NO_LOANS}\n{speaker.NO_LOANS_NOTE}")
    for book in summary.currencies:
        if len(summary.currencies) > 1:
            yield Padding(Rule(book.currency, style="dim"), (1, 0, 0, 0))
        yield from _book(book, speaker, console, first_day=summary.previous_as_of is None)
    yield _heading(speaker.SET_ASIDE)
    if summary.set_aside:
        table = _table(speaker.CODE, speaker.FILE, (speaker.ROWS,), speaker.EXAMPLE)
        for one in summary.set_aside:
            table.add_row(one.code, one.file or figures.DASH, figures.count(one.rows), one.example_in(speaker.language))
        yield table
    else:
        yield Text(speaker.NOTHING_SET_ASIDE)
    for history in summary.history:
        yield _heading(f"{speaker.HISTORY}  {history.as_of}")
        yield Text(speaker.gap.join(history_lines(history, speaker)))
        for reason, loans in history.by_reason.items():
            yield Text(f"  {speaker.named(words.CHANGE_REASON, reason)}  {figures.count(loans)}")
        yield from _reread(history, speaker)


def _reread(history: HistoryChanges, speaker: Speaker) -> Iterable[RenderableType]:
    """Loan by loan: why a past day says something else, and what it says."""
    for one in history_table(history, speaker).loans:
        lines = Text.assemble("\n  ", one.loan, "  ", (one.reason, "dim"))
        for line in one.because:
            lines.append(f"\n    {line}")
        for row in one.rows:
            lines.append(f"\n    {row.figure}  {row.was} → {row.now}")
        yield lines


def _book(book: CurrencySummary, speaker: Speaker, console: Console, *, first_day: bool) -> Iterable[RenderableType]:
    yield Padding(Text(lead(book, speaker)), (1, 0, 0, 0))
    yield _key_figures(book, speaker)
    yield _heading(f"{speaker.LADDER}  {book.currency}")
    yield _ladder(book, speaker, console)
    if line := off_book(book, speaker):
        yield Text(line, style="dim")
    yield _heading(f"{speaker.CLASSES}  {book.currency}")
    yield _classes(book, speaker, console) if book.is_classified else Text(speaker.NOT_CLASSIFIED)
    if rows := requirement_rows(book, speaker):
        yield _heading(f"{speaker.REQUIREMENT}  {book.currency}")
        table = _table(speaker.MEASURED, (speaker.IN_BOOK,), (speaker.REQUIREMENT_SHORT,), speaker.RESULT)
        for row in rows:
            table.add_row(
                row.name, row.held, row.required, Text(row.result, style="red" if row.is_met is False else "")
            )
        yield table
        yield Text(requirement_note(book, speaker), style="dim")
    if first_day:
        yield _heading(speaker.ROLL)
        yield Text(speaker.NO_PREVIOUS)
    elif book.roll:
        yield _heading(speaker.ROLL_LOANS)
        yield _roll(book, speaker, console)
        yield _heading(f"{speaker.MOVEMENTS}  {book.currency}")
        yield _movements(book, speaker)
    yield _heading(f"{speaker.LARGEST}  {book.currency}")
    yield _largest(book, speaker, console) if book.largest else Text(speaker.NOTHING_OWED)


def _heading(text: str) -> RenderableType:
    return Padding(Text(text, style="bold"), (1, 0, 0, 0))


def _table(*heads: str | tuple[str]) -> Table:
    """A hairline table; a head in a tuple is a column of figures: right-aligned, never wrapped."""
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="dim", padding=(0, 1, 0, 0))
    for head in heads:
        if isinstance(head, tuple):
            table.add_column(head[0], justify="right", no_wrap=True, overflow="fold")
        else:
            table.add_column(head, overflow="fold")
    return table


def _fits(table: Table, console: Console) -> bool:
    wide = console.options.update(width=10_000, max_width=10_000)
    return Measurement.get(console, wide, table).maximum <= console.width


def _key_figures(book: CurrencySummary, speaker: Speaker) -> Table:
    now, before = book.total, book.total_before
    known = book.is_classified
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column()
    table.add_column(justify="right", no_wrap=True)
    table.add_column(justify="right", style="dim", no_wrap=True)

    def row(name: str, value: str, change: str | None) -> None:
        table.add_row(name, value, change or "")

    def money(name: str, minor: int, minor_before: int | None) -> None:
        change = None if minor_before is None else figures.signed(minor - minor_before, book.currency)
        row(f"{name} {book.currency}", figures.amount(minor, book.currency), change)

    def points(now_ratio: Fraction | None, old_ratio: Fraction | None) -> str | None:
        change = figures.points(now_ratio, old_ratio)
        return f"{change} {speaker.POINTS}" if change else None

    money(speaker.PRINCIPAL, now.principal_minor, before.principal_minor if before else None)
    money(speaker.ARREARS, now.arrears_minor, before.arrears_minor if before else None)
    row(
        speaker.LATE_LOANS,
        f"{figures.count(now.late_loans)} / {figures.count(now.loans)}",
        figures.signed_count(now.late_loans - before.late_loans) if before else None,
    )
    row(
        speaker.LATE_RATIO,
        figures.percent(now.late_ratio),
        points(now.late_ratio, before.late_ratio if before else None),
    )
    row(
        speaker.NPL_RATIO,
        figures.percent(now.npl_ratio if known else None),
        points(now.npl_ratio, before.npl_ratio if before else None) if known else None,
    )
    row(
        speaker.COVERAGE_RATIO,
        figures.percent(now.coverage_ratio if known else None),
        points(now.coverage_ratio, before.coverage_ratio if before else None) if known else None,
    )
    return table


def _ladder(book: CurrencySummary, speaker: Speaker, console: Console) -> Table:
    most = max((line.figures.late_principal_minor for line in book.ladder), default=0)

    def build(*, bars: bool, short: bool) -> Table:
        money = _money(book, speaker, short=short)
        table = _table(
            speaker.BUCKET, (speaker.DAYS_SHORT,), (speaker.LOANS,), (speaker.ARREARS,), (speaker.PRINCIPAL_SHORT,),
            (speaker.SHARE,), *([""] if bars else []),
        )  # fmt: skip
        for line in book.ladder:
            name, one = str(line.key), line.figures
            style = _STEP_STYLES[figures.LATENESS_STEP[name]] if one.loans else "dim"
            cells: list[str | Text] = [
                Text(name, style=style), figures.bucket_days(name), figures.count(one.loans), money(one.arrears_minor),
                money(one.principal_minor), figures.percent(_share(one, book.total)),
            ]  # fmt: skip
            bar = Text(_bar(one.late_principal_minor, most), style=style)
            table.add_row(*cells, *([bar] if bars else []))
        table.add_section()
        total = book.total
        table.add_row(
            Text(speaker.TOTAL, style="bold"), "", figures.count(total.loans), money(total.arrears_minor),
            money(total.principal_minor), figures.percent(_share(total, total)),
        )  # fmt: skip
        return table

    return _first_that_fits(
        console, build(bars=True, short=False), build(bars=False, short=False), build(bars=False, short=True)
    )


def _classes(book: CurrencySummary, speaker: Speaker, console: Console) -> Table:
    def build(*, short: bool) -> Table:
        money = _money(book, speaker, short=short)
        table = _table(
            speaker.CLASS_SHORT, (speaker.LOANS,), (speaker.PRINCIPAL_SHORT,), (speaker.SHARE,), (speaker.PROVISION,),
            (speaker.PROVISION_RATE_SHORT,),
        )  # fmt: skip

        def add(name: Text, one: Figures) -> None:
            table.add_row(
                name, figures.count(one.loans), money(one.principal_minor), figures.percent(_share(one, book.total)),
                money(one.known_provision_minor), figures.percent(one.provision_ratio),
            )  # fmt: skip

        def lines(of: tuple[Line, ...], names: dict[str, Words], steps: dict[str, int]) -> None:
            for line in of:
                style = _STEP_STYLES[steps.get(line.key or "", 0)]
                add(Text(speaker.named(names, line.key), style=style), line.figures)
            table.add_section()

        lines(book.classes, words.RISK_CLASS, figures.CLASS_STEP)
        bad = [line.figures for line in book.classes if line.figures.non_performing_loans]
        if bad:
            add(Text(speaker.NPL_SHORT), sum(bad, Figures()))
        add(Text(speaker.TOTAL, style="bold"), book.total)
        if any(line.key for line in book.stages):
            table.add_section()
            lines(book.stages, words.ECL_STAGE, figures.STAGE_STEP)
        return table

    return _first_that_fits(console, build(short=False), build(short=True))


def _roll(book: CurrencySummary, speaker: Speaker, console: Console) -> Table:
    cells = {(cell.origin, cell.target): cell.loans for cell in book.roll}
    used_targets = {cell.target for cell in book.roll} | {cell.origin for cell in book.roll}
    origins = [*BUCKETS, *([NEW] if any(cell.origin == NEW for cell in book.roll) else [])]

    def build(*, every: bool, short: bool) -> Table:
        targets = [t for t in TARGETS if t in used_targets or (every and t in BUCKETS)]
        heads = [(t if t in BUCKETS else speaker.named(words.STANDING, t),) for t in targets]
        table = _table(speaker.ROLL_FROM, *heads)
        for origin in origins:
            if not every and not any(cell.origin == origin for cell in book.roll):
                continue
            row = [Text(speaker.NEW_LOANS if origin == NEW else origin)]
            for target in targets:
                loans = cells.get((origin, target), 0)
                # Currency XAF has no minor unit: shortens a plain count.
                text = figures.short(loans, "XAF", speaker.language, places=1) if short else figures.count(loans)
                row.append(Text(text if loans else "·", style=_roll_style(origin, target, loans)))
            table.add_row(*row)
        return table

    return _first_that_fits(
        console, build(every=True, short=False), build(every=False, short=False), build(every=False, short=True)
    )


def _roll_style(origin: str, target: str, loans: int) -> str:
    if not loans:
        return "dim"
    if origin == target:
        return "bold"
    if target not in BUCKETS or origin == NEW:
        return ""
    return "red" if BUCKETS.index(target) > BUCKETS.index(origin) else "blue"


def _movements(book: CurrencySummary, speaker: Speaker) -> Table:
    table = _table(speaker.MOVEMENT, (speaker.LOANS,), (speaker.ARREARS_CHANGE,))
    for movement in book.movements:
        table.add_row(
            words.MOVEMENT_KIND[movement.kind].in_(speaker.language),
            figures.count(movement.loans),
            figures.signed(movement.arrears_change_minor, book.currency),
        )
    return table


def _largest(book: CurrencySummary, speaker: Speaker, console: Console) -> Table:
    def build(*, facts: bool, short: bool) -> Table:
        money = _money(book, speaker, short=short)
        table = _table(
            speaker.LOAN, *([speaker.PRODUCT] if facts else []), speaker.BUCKET, (speaker.DAYS_SHORT,),
            speaker.CLASS_SHORT, (speaker.ARREARS,), (speaker.PRINCIPAL_SHORT,),
        )  # fmt: skip
        for one in book.largest[:LARGEST_SHOWN]:
            style = _STEP_STYLES[figures.LATENESS_STEP[one.bucket]]
            table.add_row(
                one.loan_id, *([one.product or figures.DASH] if facts else []), Text(one.bucket, style=style),
                figures.count(one.days_past_due),
                speaker.named(words.RISK_CLASS, one.risk_class) if one.risk_class else figures.DASH,
                money(one.arrears_minor), money(one.principal_minor),
            )  # fmt: skip
        return table

    return _first_that_fits(
        console, build(facts=True, short=False), build(facts=False, short=False), build(facts=False, short=True)
    )


def _first_that_fits(console: Console, *tables: Table) -> Table:
    """The fullest table that the console can hold; the last one when none can (its names then wrap)."""
    return next((table for table in tables if _fits(table, console)), tables[-1])


class _Money:
    """Writes amounts of one currency, in full or shortened."""

    def __init__(self, currency: str, language: Language, *, short: bool) -> None:
        self.currency, self.language, self.is_short = currency, language, short

    def __call__(self, minor: int | None) -> str:
        if self.is_short and minor is not None:
            return figures.short(minor, self.currency, self.language)
        return figures.amount(minor, self.currency)


def _money(book: CurrencySummary, speaker: Speaker, *, short: bool) -> _Money:
    return _Money(book.currency, speaker.language, short=short)


def _share(one: Figures, whole: Figures) -> Fraction | None:
    return Fraction(one.principal_minor, whole.principal_minor) if whole.principal_minor else None


def _bar(part: int, most: int, width: int = 8) -> str:
    """A bar of blocks, half up, at least one where there is anything."""
    return "█" * max(1, (2 * part * width + most) // (2 * most)) if part > 0 and most > 0 else ""
