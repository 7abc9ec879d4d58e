"""One request for each open point, as small as it can be: gate and checker still differ, or the point is settled."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gate.adversary.by_hand import BEIJING, CARD, LONDON, NEW_YORK, SISTER, ask, at, made
from gate.adversary.checker import read
from gate.adversary.open_points import LENIENT, OPEN, STRICT, point_of
from gate.adversary.record import Entry
from mora.gate import Gate
from mora.gate.terms import (
    Channel,
    Claim,
    Debtor,
    Effect,
    Hold,
    HoldKind,
    Lender,
    LenderKind,
    Message,
    Party,
    Permission,
    PermissionKind,
    Purpose,
    Role,
)
from mora.law.vocabulary import ProductKind

NOON_CN, NOON_US = at("2026-06-03 12:00", BEIJING), at("2026-06-03 12:00", NEW_YORK)
BOUGHT = {"lender": Lender("buyer", LenderKind.TRANSFEREE)}
HOUSE_LOAN = Claim("house-loan", (ProductKind.MORTGAGE,), outsourcing_told_on=date(2026, 1, 1))
LOAN = Claim("loan", (ProductKind.CONSUMER,), outsourcing_told_on=date(2026, 1, 1))
NIGHT = at("2026-06-03 23:00", BEIJING)
TOLD = Message(discloses=True)


def agreed(rule: str, kind: PermissionKind = PermissionKind.CONSENT, *claims: str) -> tuple[Permission, ...]:
    """Given on 2026-06-02 at noon in New York."""
    return (Permission(rule, kind, at("2026-06-02 12:00", NEW_YORK), claims=claims),)


SEVEN = [made(at("2026-06-02 13:00", NEW_YORK) + timedelta(minutes=n)) for n in range(7)]

CASES = [
    (
        "an answer to a stranger may name the debt",
        "us.regf.thirdparty",
        None,
        [ask(NOON_US, "us", party=SISTER, purpose=Purpose.REPLY, message=TOLD, debtor=Debtor("lin"))],
    ),
    (
        "an answer to a stranger may name the debt",
        "cn.gbt45251.contacts",
        None,
        [ask(NOON_CN, "cn", party=SISTER, purpose=Purpose.REPLY, message=TOLD, debtor=Debtor("lin"))],
    ),
    (
        "a one-way call may name the debt to whoever answers",
        "house.prudent.opening",
        "prudent",
        [
            ask(
                NOON_CN,
                "cn",
                channel=Channel.VOICE_NOTICE,
                party=Party("lin", Role.DEBTOR),
                message=TOLD,
                claims=(msgspec.structs.replace(CARD, placed_with=("jia",)),),
            )
        ],
    ),
    (
        "age on the law's day, not the person's",
        "house.prudent.people",
        "prudent",
        [
            ask(
                at("2026-06-03 20:30", ZoneInfo("America/Anchorage")),
                "us",
                party=Party("lin", Role.DEBTOR, zones=("America/Anchorage",), born_on=date(2008, 6, 4)),
                claims=(msgspec.structs.replace(CARD, placed_with=("jia",)),),
            )
        ],
    ),
    (
        "who bought a claim may not tell of the assignment, nor answer, before having told of it",
        "cn.civil.546",
        None,
        [ask(NOON_CN, "cn", channel=Channel.LETTER, purpose=Purpose.INFORM, **BOUGHT)],
    ),
    (
        "who bought a claim may not tell of the assignment, nor answer, before having told of it",
        "eu.dir2021-2167.notice",
        None,
        [
            ask(
                NOON_CN,
                "eu",
                channel=Channel.LETTER,
                purpose=Purpose.INFORM,
                claims=(Claim("npl", (ProductKind.NON_PERFORMING,)),),
                **BOUGHT,
            )
        ],
    ),
    (
        "a permission must cover claims the rule is not about",
        "cn.gbt45251.hours",
        None,
        [
            ask(
                NIGHT,
                "cn",
                claims=(CARD, HOUSE_LOAN),
                permissions=agreed("cn.gbt45251.hours", PermissionKind.AGREEMENT, "card"),
            )
        ],
    ),
    (
        "a permission must cover claims the rule is not about",
        "us.regf.calls.7in7",
        None,
        [
            *SEVEN,
            ask(
                NOON_US,
                "us",
                claims=(CARD, HOUSE_LOAN),
                permissions=agreed("us.regf.calls.7in7", PermissionKind.CONSENT, "card"),
            ),
        ],
    ),
    (
        "a hold about a claim outside the rule counts",
        "uk.conc7.9",
        None,
        [
            ask(
                at("2026-06-03 12:00", LONDON),
                "uk",
                claims=(LOAN, HOUSE_LOAN),
                holds=(Hold(HoldKind.OPTED_OUT, at("2026-06-01 12:00", LONDON), claims=("house-loan",)),),
            )
        ],
    ),
]


@pytest.mark.parametrize(("point", "rule", "house", "log"), CASES, ids=[f"{c[1]}: {c[0]}" for c in CASES])
def test_the_point_is_still_open(point: str, rule: str, house: str | None, log: list[Entry]):
    """When this fails, gate and checker agree: take the point out of ``open_points.py``, and its case from here."""
    *_, (entry, asked, broken) = read(log, house)
    assert entry.request is not None
    history = tuple(each.made for each in log if each.made is not None)
    verdict = Gate.of(house).ask(msgspec.structs.replace(entry.request, history=history))
    refused = {finding.rule for finding in verdict.findings if finding.effect is Effect.REFUSE}
    side = LENIENT if rule in broken else STRICT
    assert (rule in refused) != (rule in broken), "settled"
    assert point_of(asked, rule, side) == point


def test_every_open_point_has_a_case():
    assert {point.name for point in OPEN} == {case[0] for case in CASES}
