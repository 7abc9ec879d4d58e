"""British and European rules as the checker reads them."""

from __future__ import annotations

from datetime import timedelta

from mora.gate.terms import HoldKind, Purpose
from mora.law.vocabulary import ProductKind

from . import readings as law
from .asked import Asked, told
from .clocks import BRUSSELS, LONDON


def mortgage_hours(asked: Asked) -> bool:
    """MCOB 13.5.3R and 13.5.4G: a reasonable hour, 8 am to 9 pm, whoever calls for the lender."""
    mortgage = any(ProductKind.MORTGAGE in claim.products for claim in asked.claims)
    return mortgage and asked.late(asked.zones("uk"), law.OPENS, law.CLOSES)


def reasonable_requests(asked: Asked) -> bool:
    """CONC 7.9: what a customer of consumer credit asked for."""
    kinds = (
        HoldKind.CEASE_REQUESTED,
        HoldKind.OPTED_OUT,
        HoldKind.INCONVENIENT_TIME,
        HoldKind.INCONVENIENT_PLACE,
        HoldKind.EMPLOYER_FORBIDS,
        HoldKind.NO_WORK_CALLS,
    )
    return any(asked.stopped(hold, asked.everywhere()) for hold in asked.running(kinds, asked.consumer))


def breathing_space(asked: Asked) -> bool:
    """Sixty days, the first counted; only answers go out."""
    today = asked.at.astimezone(LONDON).date()
    last = timedelta(days=law.BREATHING_DAYS - 1)
    return asked.purpose is not Purpose.REPLY and any(
        today <= hold.since.astimezone(LONDON).date() + last for hold in asked.running((HoldKind.BREATHING_SPACE,))
    )


def crisis(asked: Asked) -> bool:
    """Until thirty days after the treatment, which the hold's own end is read to be."""
    today = asked.at.astimezone(LONDON).date()
    tail = timedelta(days=law.CRISIS_TAIL_DAYS)
    return asked.purpose is not Purpose.REPLY and any(
        hold.kind is HoldKind.BREATHING_SPACE_CRISIS
        and hold.since <= asked.at
        and (hold.until is None or today <= hold.until.astimezone(LONDON).date() + tail)
        and asked.concerns(hold, asked.claims)
        for hold in asked.request.holds
    )


def transfer_notice(asked: Asked) -> bool:
    """Directive (EU) 2021/2167, article 10(2): the durable notice comes before the first collection."""
    day = asked.at.astimezone(BRUSSELS).date()
    return (
        asked.sold
        and asked.collecting
        and day >= law.EU_DIRECTIVE
        and any(
            ProductKind.NON_PERFORMING in claim.products and not told(claim.assignment_notice_in_form_on, day)
            for claim in asked.claims
        )
    )


BRITISH = {
    "uk.mcob13.5.3": mortgage_hours,
    "uk.conc7.9": reasonable_requests,
    "uk.breathing": breathing_space,
    "uk.breathing.mh": crisis,
}
EUROPEAN = {"eu.dir2021-2167.notice": transfer_notice}
