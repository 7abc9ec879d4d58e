"""The sentences of a report: what the tables say, in one or two lines."""

from __future__ import annotations

from mora.core.words import Language
from mora.insight import CurrencySummary, HistoryChanges, MovementKind, Standing
from mora.report import figures, words
from mora.report.words import Speaker


def lead(book: CurrencySummary, speaker: Speaker) -> str:
    """The day in one or two sentences."""
    late = book.total.late_loans
    if late:
        text = speaker.say(
            words.LEAD_LATE, count=late, late=figures.count(late), ratio=figures.percent(book.total.late_ratio)
        )
    else:
        text = speaker.LEAD_NONE
    moved = {movement.kind: movement.loans for movement in book.movements}
    fell = moved.get(MovementKind.FELL_LATE, 0) + moved.get(MovementKind.NEW_LATE, 0)
    cured, worsened = moved.get(MovementKind.CURED, 0), moved.get(MovementKind.WORSENED, 0)
    if fell or cured or worsened:
        gap = "" if speaker.language is Language.ZH else " "
        text += gap + speaker.say(
            words.LEAD_MOVES,
            fell=figures.count(fell), cured=figures.count(cured), worsened=figures.count(worsened),
        )  # fmt: skip
    return text


def off_book(book: CurrencySummary, speaker: Speaker) -> str | None:
    """What is not in the tables: settled loans, and claims written off or sold. None when there are none."""
    items = []
    for line in book.off_book:
        pair = words.OFF_BOOK_ITEM if line.key == Standing.SETTLED else words.OFF_BOOK_CLAIM
        items.append(
            speaker.say(
                pair,
                what=speaker.named(words.STANDING, line.key),
                n=figures.count(line.figures.loans),
                amount=figures.amount(line.figures.principal_minor, book.currency),
            )
        )
    if not items:
        return None
    stop, between = ("。", "；") if speaker.language is Language.ZH else (".", "; ")
    return speaker.OFF_BOOK_NOTE + between.join(items) + stop


def history_line(history: HistoryChanges, speaker: Speaker) -> str:
    """One sentence on how a past day reads now."""
    if not history.loans:
        return speaker.say(words.HISTORY_NONE, date=history.as_of.isoformat())
    return speaker.say(
        words.HISTORY_NOTE, count=history.loans, date=history.as_of.isoformat(), n=figures.count(history.loans)
    )
