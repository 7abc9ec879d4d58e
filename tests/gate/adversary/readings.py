"""The figures and words of the rules as the checker reads them, typed from the rule tables and not from the packs.

| about | reading |
|---|---|
| hours, China's law | open ``[08:00, 22:00)`` Beijing time wherever the person is; letters are contact at no hour |
| hours, elsewhere | open ``[08:00, 21:00)`` in every zone where the person may be; unknown: every zone of the place |
| the house's hours in China | open ``[08:00, 22:00)`` where the person is |
| purposes | hours and counters hold for every purpose, answers too |
| effective call | outbound, of a person or robot, answered; by collector and person, Beijing days |
| notice | one-way call that was played; by person, of everybody together, Beijing days |
| unanswered | no answer, busy, not in service, rejected, voicemail, dropped; by person and number; only warns |
| Regulation F binds | agencies, and whoever bought the claim; not calls to the person's lawyer |
| its seven calls | outbound calls of every kind but busy, not in service and agreed to; by collector, person and debt |
| its seven days | today and the six days before, in local days, in each zone where the person may be, the strictest |
| conversation | a call of a person or robot in either direction with the right party; by collector, person and debt |
| one debt | a claim; student loans under one account together, which the log names by claim and account |
| an attempt about nobody knows what | counts for each debt of the case |
| consent to more calls | seven days at most, and until a conversation of that collector about that debt |
| Massachusetts | calls of persons and robots, busy ones too, and visits; by person and claim, of everybody together |
| asked by word of mouth not to be called at work | ten days, the day of asking the first |
| hours called inconvenient | wherever the person may be under any law that applies |
| New York City | everything outbound on any channel; by person and claim, of everybody together |
| a stranger to the debt | a contact, or a spouse without a reason for a joint debt; abroad a spouse is a consumer |
| what strangers may be asked | where the debtor is, when lost, dead or incapable; nothing after a refusal (China) |
| lost | every point dead; since 2026-01-30 also three tries (calls, visits) failed in a row, whoever tried |
| a failed try | unanswered, wrong person, not met; somebody of the household neither counts nor breaks the row |
| what breaks the row | an answer, an interview with the person, anything the person sends or calls |
| card measures | bind a bank's cards; the consumer-finance measures bind those companies, whoever acts for them |
| holds that stop asking | no payment asked, nobody looked for; what must be told and answers go |
| holds that stop contact | only answers go |
| crisis breathing space | the hold's end is the end of treatment; thirty days more, the last included |
| permissions | of the right kind, running, covering person, channel, point, and each claim the rule is about |
| what nobody recorded | what must be shown (consent, two visitors, a notice) is not; no fault is assumed |
"""

from __future__ import annotations

from datetime import date, time

from mora.gate.terms import Channel, HoldKind, PermissionKind, Result
from mora.law.vocabulary import ProductKind

OPENS, CLOSES_CN, CLOSES = time(8), time(22), time(21)

NIFA = date(2024, 5, 15)
STANDARD = date(2025, 2, 28)
BANKERS = date(2026, 1, 30)
NEW_YORK_CITY = date(2026, 9, 1)
EU_DIRECTIVE = date(2023, 12, 29)

EFFECTIVE_CALLS_A_DAY = 3
NOTICES_A_DAY = 3
UNANSWERED_A_DAY = 6
FAILED_TRIES = 3
CALLS_IN_SEVEN_DAYS = 7
MASSACHUSETTS_HOME_7D, MASSACHUSETTS_WORK_30D, MASSACHUSETTS_VISITS_30D = 2, 2, 1
NEW_YORK_CITY_7D = 3
ORAL_WORK_REQUEST_DAYS = 10
BREATHING_DAYS = 60
CRISIS_TAIL_DAYS = 30
ADULT = 18
GUARANTEE_MONTHS = 6

CALLS = {Channel.VOICE, Channel.VOICE_ROBOT, Channel.VOICE_NOTICE}
TALKS = {Channel.VOICE, Channel.VOICE_ROBOT}
WRITTEN = {Channel.SMS, Channel.EMAIL, Channel.IM, Channel.LETTER}
ELECTRONIC = {Channel.SMS, Channel.EMAIL, Channel.IM}
MEETINGS = {Channel.VISIT, Channel.INTERVIEW}

ANSWERED = {Result.CONNECTED, Result.RIGHT_PARTY}
UNANSWERED = {Result.NO_ANSWER, Result.BUSY, Result.NOT_IN_SERVICE, Result.REJECTED, Result.VOICEMAIL, Result.DROPPED}
FAILED = UNANSWERED | {Result.WRONG_PARTY, Result.NOT_MET}
"""A try that did not reach the debtor; when somebody of the household answered it neither counts nor breaks the row."""
NOT_CONNECTED = {Result.BUSY, Result.NOT_IN_SERVICE}

CONSUMER = {ProductKind.CONSUMER, ProductKind.CARD}
OTHER_LOANS = {ProductKind.MORTGAGE, ProductKind.AUTO, ProductKind.NON_RETAIL}

CARD_LETTER = {"name", "balance", "reason", "rights", "dispute_channel", "contact", "seal"}

STOPS_ASKING = {
    HoldKind.DISPUTE,
    HoldKind.COMPLAINT,
    HoldKind.HARDSHIP,
    HoldKind.PLAN_BEING_MADE,
    HoldKind.PLAN_IN_FORCE,
    HoldKind.BANKRUPTCY,
    HoldKind.DEATH,
    HoldKind.CEASE_REQUESTED,
    HoldKind.BARRED_STATED,
    HoldKind.FRAUD,
}
"""Nobody is asked to pay, or looked for; what must be told, and answers, still go out."""
STOPS_CONTACT = {
    HoldKind.REPRESENTED,
    HoldKind.BREATHING_SPACE,
    HoldKind.BREATHING_SPACE_CRISIS,
    HoldKind.OPTED_OUT,
    HoldKind.INCONVENIENT_TIME,
    HoldKind.INCONVENIENT_PLACE,
    HoldKind.EMPLOYER_FORBIDS,
    HoldKind.NO_WORK_CALLS,
}
"""Nothing but answers to the person goes out."""
AT_WORK_ONLY = {HoldKind.EMPLOYER_FORBIDS, HoldKind.NO_WORK_CALLS}

AGREED = frozenset({PermissionKind.AGREEMENT, PermissionKind.CONSENT, PermissionKind.DEBTOR_CALLED})
BY_CONSENT = frozenset({PermissionKind.CONSENT, PermissionKind.DEBTOR_CALLED})
SET_ASIDE = {
    "cn.gbt45251.hours": AGREED,
    "cn.cba2026.hours": AGREED,
    "cn.cba2026.freq.unanswered": AGREED,
    "house.prudent.hours": AGREED,
    "house.prudent.hours.cn": AGREED,
    "us.regf.thirdparty": BY_CONSENT,
    "us.regf.calls.7in7": BY_CONSENT,
    "us.regf.calls.afterconv": BY_CONSENT,
    "us.bankruptcy.stay": frozenset({PermissionKind.COURT_ORDER}),
}
"""Rules that a recorded permission sets aside, and by which kinds."""
