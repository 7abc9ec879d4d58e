"""How often? Counters over what happened before, each with its own unit, window and key.

Days are calendar days: China's in Beijing time, the United States' where the person may be (of several zones the
strictest counts). A window of seven days is today and the six days before. Which results count for which counter:
docs/algorithms/contact-frequency.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta

from mora.core.words import Words
from mora.gate.asking import Ask, Breach, Question
from mora.gate.clauses import Ruling
from mora.gate.terms import CALLS, TALKS, Attempt, Channel, Claim, Counter, Effect, PointKind, Result, Role
from mora.gate.zones import OWN_ZONE, local, start_of_day

ANSWERED = frozenset({Result.CONNECTED, Result.RIGHT_PARTY})
"""Somebody answered, and it is not known to have been another person. What makes a call effective in GB/T 45251-2025 is
not verified (connected, or connected and identified); the stricter reading counts every answered call."""
UNANSWERED = frozenset(
    {Result.NO_ANSWER, Result.BUSY, Result.NOT_IN_SERVICE, Result.REJECTED, Result.VOICEMAIL, Result.DROPPED}
)
NOT_CONNECTED = frozenset({Result.BUSY, Result.NOT_IN_SERVICE})
"""Did not reach the dialled number: comment 14(b)(3)(ii)-1 to Regulation F leaves these out of the count."""

_ELSEWHERE = frozenset({PointKind.WORK, PointKind.OTHER})
"""Neither the home nor a telephone of the person's own."""

Counts = Callable[[Attempt], bool]


def debt_of(claim: Claim) -> str:
    """What counts as one debt: student loans under one account number are one (us.regf.calls.unit)."""
    return claim.account if claim.student_loan and claim.account is not None else claim.id


def same_debt(ask: Ask, claim: Claim) -> frozenset[str]:
    """Ids under which attempts about this debt may have been recorded."""
    debt = debt_of(claim)
    return frozenset({debt, *(each.id for each in ask.request.claims if debt_of(each) == debt)})


def about(attempt: Attempt, debts: frozenset[str]) -> bool:
    """Whether an attempt was, or for all that is recorded may have been, about one of these debts."""
    return not attempt.claims or not debts.isdisjoint(attempt.claims)


def _window(
    ask: Ask, ruling: Ruling, zones: tuple[str, ...], days: int, limit: int, counts: Counts, what: str, key: str
) -> tuple[int, bool, datetime | None]:
    """The largest count over the zones, whether it reached the limit, and when it falls below it; records the counter.

    A limit of none is always reached and never left.
    """
    most, clears, since, until = 0, None, None, None
    held = [attempt for attempt in ask.history if counts(attempt)]
    for name in zones:
        on = [local(attempt.at, name).date() for attempt in held]
        today = local(ask.at, name).date()
        count = _within(on, today, days)
        if since is None or count > most:
            since = start_of_day(today - timedelta(days=days - 1), name)
            until = start_of_day(today + timedelta(days=1), name)
        most = max(most, count)
        if count >= limit > 0:
            day = today + timedelta(days=1)
            while _within(on, day, days) >= limit:
                day += timedelta(days=1)
            opens = start_of_day(day, name)
            clears = opens if clears is None else max(clears, opens)
    ask.counters.append(Counter(ruling.id, what, most, limit, key, since, until))
    return most, most >= limit, clears


def _within(on: list[date], day: date, days: int) -> int:
    first = day - timedelta(days=days - 1)
    return sum(first <= each <= day for each in on)


def _left_out(ask: Ask, kind: str) -> bool:
    """Whether Regulation F leaves calls of a kind out of the count; a lender may leave out less."""
    exclusions = ask.clauses.of("us.regf.calls.exclusions", ask.day_in("us"))
    return exclusions is not None and kind in exclusions.names("exclude")


def _to_a_professional(ask: Ask) -> bool:
    return ask.request.party.role is Role.ATTORNEY and _left_out(ask, "professional_parties")


def effective_calls(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Have this collector's effective calls to the person reached today's limit?"""
    limit, actor, party = ruling.whole("max_per_day"), ask.request.actor.id, ask.request.party.id
    if limit is None or ask.request.channel not in TALKS:
        return

    def counts(each: Attempt) -> bool:
        return (
            each.channel in TALKS and not each.inbound and each.actor == actor and each.party == party
            and each.result in ANSWERED
        )  # fmt: skip

    zones = (OWN_ZONE["cn"],)
    count, reached, clears = _window(ask, ruling, zones, 1, limit, counts, "effective_calls", f"{actor} > {party}")
    if reached:
        yield Breach(
            Words(
                zh=f"本机构今日对该人主动发起的有效通话已达{count}次，上限{limit}次。",
                en=f"This collector has made {count} effective calls to this person today; the limit is {limit}.",
            ),
            clears, count, limit,
        )  # fmt: skip


def connected_notices(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Have one-way calls, by the lender and all its agencies together, been connected as often as they may today?"""
    limit, party = ruling.whole("max_per_day"), ask.request.party.id
    if limit is None or ask.request.channel is not Channel.VOICE_NOTICE:
        return

    def counts(each: Attempt) -> bool:
        return (
            each.channel is Channel.VOICE_NOTICE and not each.inbound and each.party == party
            and each.result in ANSWERED
        )  # fmt: skip

    zones = (OWN_ZONE["cn"],)
    count, reached, clears = _window(ask, ruling, zones, 1, limit, counts, "connected_notices", party)
    if reached:
        yield Breach(
            Words(
                zh=f"贷款人与各机构今日对该人的告知式语音已接通{count}次，合计上限{limit}次。",
                en=f"One-way calls by the lender and its agencies were connected {count} times today; "
                f"together they may be {limit}.",
            ),
            clears, count, limit,
        )  # fmt: skip


def unanswered_attempts(ask: Ask, ruling: Ruling, _: tuple[Claim, ...]) -> Iterator[Breach]:
    """Has this number been tried in vain as often as it should be today?"""
    limit, point, party = ruling.whole("max_attempts_per_day"), ask.request.point, ask.request.party.id
    if limit is None or point is None or ask.request.channel not in CALLS:
        return

    def counts(each: Attempt) -> bool:
        return (
            each.channel in CALLS and not each.inbound and each.party == party and each.point == point.id
            and each.result in UNANSWERED
        )  # fmt: skip

    zones = (OWN_ZONE["cn"],)
    count, reached, clears = _window(
        ask, ruling, zones, 1, limit, counts, "unanswered_attempts", f"{party} > {point.id}"
    )
    if reached:
        yield Breach(
            Words(
                zh=f"今日对该联系方式已有{count}次未接通，不宜超过{limit}次。",
                en=f"{count} attempts to this number went unanswered today; there should be no more than {limit}.",
            ),
            clears, count, limit,
        )  # fmt: skip


def seven_in_seven(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Have there been seven calls within seven days about one of these debts, by this collector to this person?"""
    limit, days = ruling.whole("max_calls"), ruling.whole("window_days")
    if limit is None or days is None or ask.request.channel not in CALLS or _to_a_professional(ask):
        return
    actor, party = ask.request.actor.id, ask.request.party.id
    left_out = NOT_CONNECTED if _left_out(ask, "not_connected") else frozenset[Result]()
    by_consent = _left_out(ask, "prior_consent_le_7d")
    for claim in claims:
        debts = same_debt(ask, claim)

        def counts(each: Attempt, debts: frozenset[str] = debts) -> bool:
            return (
                each.channel in CALLS and not each.inbound and each.actor == actor and each.party == party
                and about(each, debts) and each.result not in left_out and not (by_consent and each.with_consent)
            )  # fmt: skip

        zones = ask.zones_for("us")
        count, reached, clears = _window(
            ask, ruling, zones, days, limit, counts, "calls", f"{actor} > {party}: {debt_of(claim)}"
        )
        if reached:
            yield Breach(
                Words(
                    zh=f"就该笔债务（{debt_of(claim)}）连续{days}日内已拨打{count}次，超过{limit}次即推定违法。",
                    en=f"{count} calls within {days} days about this debt ({debt_of(claim)}); "
                    f"more than {limit} are presumed a violation.",
                ),
                clears, count, limit,
            )  # fmt: skip
        else:
            yield from _rebuttable(ask, ruling, [each for each in ask.history if counts(each)], zones, limit, days)


def _rebuttable(
    ask: Ask, ruling: Ruling, counted: list[Attempt], zones: tuple[str, ...], limit: int, days: int
) -> Iterator[Breach]:
    """Within the count, yet the presumption of compliance may be rebutted (comment 14(b)(2)(i)-2)."""
    gap = ruling.whole("rebut_gap_minutes")
    last = counted[-1] if counted else None
    if gap is not None and last is not None and last.result in UNANSWERED:
        ends = last.at + timedelta(minutes=gap)
        if ask.at < ends:
            yield Breach(
                Words(
                    zh=f"上一次未接通的拨打距今不足{gap}分钟；虽未超次数，合规推定仍可被推翻。",
                    en=f"The last unanswered call was less than {gap} minutes ago; within the count, "
                    "but the presumption of compliance may be rebutted.",
                ),
                ends, at_most=Effect.WARN,
            )  # fmt: skip
    if ruling.flag("rebut_all_in_one_day"):
        for name in zones:
            today = local(ask.at, name).date()
            on = [local(each.at, name).date() for each in counted]
            if on.count(today) == limit - 1 == _within(on, today, days):
                yield Breach(
                    Words(
                        zh=f"{limit}次拨打将集中在同一天；虽未超次数，合规推定仍可被推翻。",
                        en=f"All {limit} calls would fall on one day; within the count, "
                        "but the presumption of compliance may be rebutted.",
                    ),
                    start_of_day(today + timedelta(days=1), name), limit - 1, limit, at_most=Effect.WARN,
                )  # fmt: skip
                return


def after_conversation(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Is it less than seven days since a telephone conversation about one of these debts, whoever began it?"""
    days = ruling.whole("cooldown_days")
    if days is None or ask.request.channel not in CALLS or _to_a_professional(ask):
        return
    actor, party = ask.request.actor.id, ask.request.party.id
    for claim in claims:
        debts = same_debt(ask, claim)
        talks = [
            each for each in ask.history
            if each.actor == actor and each.party == party and conversation(each) and about(each, debts)
        ]  # fmt: skip
        if not talks:
            continue
        opens = max(
            start_of_day(local(talks[-1].at, name).date() + timedelta(days=days), name)
            for name in ask.zones_for("us")
        )  # fmt: skip
        ask.counters.append(
            Counter(
                ruling.id, "conversation", int(ask.at < opens), 0, f"{actor} > {party}: {debt_of(claim)}",
                talks[-1].at, opens,
            )
        )  # fmt: skip
        if ask.at < opens:
            yield Breach(
                Words(
                    zh=f"{local(talks[-1].at, ask.zones_for('us')[0]):%Y-%m-%d}已就该笔债务（{debt_of(claim)}）通话，"
                    f"当日起连续{days}日内不得再打。",
                    en=f"There was a conversation about this debt ({debt_of(claim)}) on "
                    f"{local(talks[-1].at, ask.zones_for('us')[0]):%Y-%m-%d}; "
                    f"no further call within {days} days, that day counted.",
                ),
                opens,
            )


def conversation(attempt: Attempt) -> bool:
    """Whether it was a telephone conversation with the person meant."""
    return attempt.channel in TALKS and attempt.result is Result.RIGHT_PARTY


def massachusetts(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """940 CMR 7.04, 7.05: calls per debt to home or mobile, calls elsewhere, visits, whoever makes them."""
    channel, point, party = ask.request.channel, ask.request.point, ask.request.party.id
    at_work = point is not None and point.kind in _ELSEWHERE
    if channel is Channel.VISIT:
        name, days, kinds = "visit_30d", 30, frozenset({Channel.VISIT})
    elif channel in TALKS:
        name, days, kinds = ("calls_other_30d", 30, TALKS) if at_work else ("calls_7d", 7, TALKS)
    else:
        return
    limit = ruling.whole(name)
    if limit is None:
        return
    for claim in claims:

        def counts(each: Attempt, claim: Claim = claim) -> bool:
            return (
                each.channel in kinds and not each.inbound and each.party == party
                and about(each, frozenset({claim.id}))
                and (channel is Channel.VISIT or each.at_work == at_work)
            )  # fmt: skip

        count, reached, clears = _window(
            ask, ruling, ask.zones_for("us"), days, limit, counts, name, f"{party}: {claim.id}"
        )
        if reached:
            yield Breach(
                Words(
                    zh=f"就该笔债务（{claim.id}）{days}日内已有{count}次，上限{limit}次。",
                    en=f"{count} within {days} days about this debt ({claim.id}); the limit is {limit}.",
                ),
                clears, count, limit,
            )  # fmt: skip


def new_york_city(ask: Ask, ruling: Ruling, claims: tuple[Claim, ...]) -> Iterator[Breach]:
    """Contacts and attempts per account over all channels, whoever makes them for the lender."""
    limit, party = ruling.whole("max_contacts_7d"), ask.request.party.id
    if limit is None:
        return
    for claim in claims:

        def counts(each: Attempt, claim: Claim = claim) -> bool:
            return not each.inbound and each.party == party and about(each, frozenset({claim.id}))

        zones = ask.zones_for("us")
        count, reached, clears = _window(ask, ruling, zones, 7, limit, counts, "contacts", f"{party}: {claim.id}")
        if reached:
            yield Breach(
                Words(
                    zh=f"就该账户（{claim.id}）7日内各渠道联络及尝试已达{count}次，上限{limit}次。",
                    en=f"{count} contacts and attempts within 7 days about this account ({claim.id}), "
                    f"all channels together; the limit is {limit}.",
                ),
                clears, count, limit,
            )  # fmt: skip


QUESTIONS: Mapping[str, Question] = {
    "cn.gbt45251.freq.voice": effective_calls,
    "cn.gbt45251.freq.notice": connected_notices,
    "cn.cba2026.freq.unanswered": unanswered_attempts,
    "us.regf.calls.7in7": seven_in_seven,
    "us.regf.calls.afterconv": after_conversation,
    "us.ma.940cmr7": massachusetts,
    "us.nyc.shield": new_york_city,
}
