"""Logs written by hand: one agency of a bank and one debtor with a card, unless said otherwise."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from mora.gate.terms import (
    Actor,
    ActorKind,
    Attempt,
    Channel,
    Claim,
    Lender,
    LenderKind,
    Party,
    Point,
    PointKind,
    Request,
    Result,
    Role,
)
from mora.law.vocabulary import ProductKind

from .record import Entry

BEIJING, NEW_YORK, LONDON = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Europe/London")
DEBTOR = Party("lin", Role.DEBTOR, zones=("America/New_York",), identified=True)
SISTER = Party("sister", Role.CONTACT, zones=("America/New_York",))
CARD = Claim("card", (ProductKind.CARD,), outsourcing_told_on=date(2026, 1, 1))
MOBILE, WORK = Point("mobile", PointKind.MOBILE), Point("work", PointKind.WORK)


def at(text: str, where: ZoneInfo) -> datetime:
    """Wall clock there."""
    return datetime.fromisoformat(text).replace(tzinfo=where)


def ask(when: datetime, place: str, **facts: Any) -> Entry:
    """What would be asked: agency Jia calls the debtor's mobile about the card."""
    plain: dict[str, Any] = {
        "lender": Lender("bank", LenderKind.BANK),
        "actor": Actor(ActorKind.AGENCY, "jia"),
        "channel": Channel.VOICE,
        "party": DEBTOR,
        "claims": (CARD,),
        "point": MOBILE,
    }
    return Entry(Request(at=when, places=(place,), **(plain | facts)), "refused")


def made(when: datetime, **facts: Any) -> Entry:
    """What happened: agency Jia called the debtor's mobile about the card and nobody answered."""
    plain: dict[str, Any] = {
        "actor": "jia",
        "channel": Channel.VOICE,
        "party": "lin",
        "result": Result.NO_ANSWER,
        "point": "mobile",
        "claims": ("card",),
    }
    return Entry(None, "inbound", made=Attempt(at=when, **(plain | facts)))
