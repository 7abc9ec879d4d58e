"""Where gate and checker once read a rule differently: the smallest request, and what was settled.

A stranger may be answered, but not told of the debt. A one-way call can ask nobody who is there. Somebody comes of age
when it is the birthday in every zone where he or she may be. To tell of an assignment is no demand. Permissions and
holds are looked at claim by claim, for the claims a rule is about.
"""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gate.adversary.by_hand import BEIJING, CARD, LONDON, NEW_YORK, SISTER, ask, at, made
from gate.adversary.checker import read
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
        "an answer to a stranger names the debt",
        "us.regf.thirdparty",
        None,
        True,
        [ask(NOON_US, "us", party=SISTER, purpose=Purpose.REPLY, message=TOLD, debtor=Debtor("lin"))],
    ),
    (
        "an answer to a stranger names the debt",
        "cn.gbt45251.contacts",
        None,
        True,
        [ask(NOON_CN, "cn", party=SISTER, purpose=Purpose.REPLY, message=TOLD, debtor=Debtor("lin"))],
    ),
    (
        "a one-way call names the debt to whoever answers",
        "house.prudent.opening",
        "prudent",
        True,
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
        "a birthday in New York, not yet in Anchorage",
        "house.prudent.people",
        "prudent",
        True,
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
        "who bought a claim tells of the assignment",
        "cn.civil.546",
        None,
        False,
        [ask(NOON_CN, "cn", channel=Channel.LETTER, purpose=Purpose.INFORM, **BOUGHT)],
    ),
    (
        "who bought a claim tells of the assignment",
        "eu.dir2021-2167.notice",
        None,
        False,
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
        "a permission for the one claim that needs it",
        "cn.gbt45251.hours",
        None,
        False,
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
        "a permission for the one claim that needs it",
        "us.regf.calls.7in7",
        None,
        False,
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
        "a hold about a claim outside the rule",
        "uk.conc7.9",
        None,
        False,
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


@pytest.mark.parametrize(
    ("what", "rule", "house", "refuses", "log"), CASES, ids=[f"{case[1]}: {case[0]}" for case in CASES]
)
def test_gate_and_checker_agree(what: str, rule: str, house: str | None, refuses: bool, log: list[Entry]):
    *_, (entry, _, broken) = read(log, house)
    assert entry.request is not None
    history = tuple(each.made for each in log if each.made is not None)
    verdict = Gate.of(house).ask(msgspec.structs.replace(entry.request, history=history))
    refused = {finding.rule for finding in verdict.findings if finding.effect is Effect.REFUSE}
    assert (rule in refused, rule in broken) == (refuses, refuses), what
