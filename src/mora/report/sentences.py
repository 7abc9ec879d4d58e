"""The sentences of a report: what the tables say, in one or two lines."""

from __future__ import annotations

from mora.core.words import Language
from mora.insight import CurrencySummary, HistoryChange, HistoryChanges, LatePosting, MovementKind, Standing
from mora.loans.terms import PostingKind
from mora.loans.words import POSTING_WORDS
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
        text += speaker.gap + speaker.say(
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


def history_lines(history: HistoryChanges, speaker: Speaker) -> list[str]:
    """How a past day reads now, and what was not looked at."""
    day, lines = history.as_of.isoformat(), []
    if history.loans:
        lines.append(speaker.say(words.HISTORY_NOTE, count=history.loans, date=day, n=figures.count(history.loans)))
    elif not history.not_compared:
        lines.append(speaker.say(words.HISTORY_NONE, date=day))
    if history.loans > history.example_loans:
        shown = figures.count(history.example_loans)
        lines.append(speaker.say(words.HISTORY_SHOWN, shown=shown, file=history.file))
    elif history.loans and history.file:
        lines.append(speaker.say(words.HISTORY_ALL, file=history.file))
    if history.not_compared:
        pair = words.HISTORY_NOT_COMPARED if history.loans else words.HISTORY_NOT_COMPARED_ONLY
        lines.append(speaker.say(pair, n=figures.count(history.not_compared), date=day))
    if history.terms_changed:
        lines.append(speaker.HISTORY_TERMS)
    return lines


POSTINGS_SHOWN = 3
"""Late postings told for a loan; of more, the number."""


def late_postings(change: HistoryChange, speaker: Speaker) -> list[str]:
    """The postings that changed a past day, each so that a ledger clerk can find it."""
    lines = [_late_posting(each, change.currency, speaker) for each in change.because[:POSTINGS_SHOWN]]
    if len(change.because) > POSTINGS_SHOWN:
        lines.append(speaker.say(words.LATE_MORE, n=figures.count(len(change.because))))
    return lines


def _late_posting(posting: LatePosting, currency: str | None, speaker: Speaker) -> str:
    kind = POSTING_WORDS[PostingKind[posting.kind.upper()]].in_(speaker.language)
    amount = figures.amount(posting.amount_minor, currency) if currency and posting.amount_minor else ""
    text = speaker.say(
        words.LATE_POSTING, kind=kind, amount=amount, id=posting.posting_id, day=posting.value_on.isoformat()
    ).replace(" ，", "，").replace(" ,", ",")  # fmt: skip
    if posting.reverses:
        text += speaker.say(words.LATE_REVERSES, id=posting.reverses)
    if posting.booked_at:
        text += speaker.say(words.LATE_BOOKED, at=f"{posting.booked_at:%Y-%m-%d}")
    if posting.imported_at:
        text += speaker.say(words.LATE_IMPORTED, at=posting.imported_at[:10])
    return text
