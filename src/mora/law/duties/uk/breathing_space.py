"""Until when does a breathing space last, and by when may its review be asked for? SI 2020/1311."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.uk.facts import BreathingSpace
from mora.law.library import Law

_SPACE = Words(zh="债务喘息期", en="The breathing space")


def breathing_space(law: Law, space: BreathingSpace, as_of: date) -> tuple[Duty, ...]:
    """Its last day: the 60th counting the first (``uk.breathing``), or 30 days after crisis treatment ended
    (``uk.breathing.mh``; unknown while treatment goes on). Whether the first day counts is unverified, and said.

    :raises UnknownRule: the packs hold no rule for its first day.
    """
    if space.began_on > as_of:
        return ()
    if space.mental_health_crisis:
        rule, name = ruling(law, "uk.breathing.mh", space.began_on), "tail_days"
        days = rule.whole(name)
        ended = space.treatment_ended_on if space.treatment_ended_on and space.treatment_ended_on <= as_of else None
        day = days_after(ended, days) if ended is not None else None
        how = Words(zh=f"治疗于{ended}结束，其后{days}日", en=f"{days} days after treatment ended on {ended}")
        if ended is None:
            how = Words(zh=f"治疗尚在进行，结束后{days}日", en=f"Treatment goes on; it ends {days} days after")
    else:
        rule, name = ruling(law, "uk.breathing", space.began_on), "days"
        days = rule.whole(name)
        day = days_after(space.began_on, days - 1)
        how = Words(
            zh=f"{space.began_on}起，当日计入，共{days}日", en=f"{days} days from {space.began_on}, that day counted"
        )
    cancelled = space.cancelled_on
    reason = Words(zh=f"已于{cancelled}取消", en=f"it was cancelled on {cancelled}")
    return (
        duty(
            rule,
            Kind.UNTIL,
            _SPACE,
            how,
            day=day,
            as_of=as_of,
            counted_from=space.began_on,
            not_needed=reason if cancelled is not None and cancelled <= as_of else None,
            by=name,
        ),
    )


def review(law: Law, space: BreathingSpace, as_of: date) -> tuple[Duty, ...]:
    """Our last day to ask the debt adviser for a review, and the adviser's to decide it (``uk.breathing.review``).

    :raises UnknownRule: the packs hold no rule for its first day.
    """
    began = space.began_on
    if began > as_of:
        return ()
    rule = ruling(law, "uk.breathing.review", began)
    ask, decide = rule.whole("request_days"), rule.whole("decide_days")
    asked = space.review_requested_on
    found = [
        duty(
            rule,
            Kind.ACT_BY,
            Words(zh="债权人请求复核（可选）", en="Asking for a review, if we want one"),
            Words(zh=f"{began}起{ask}日", en=f"{ask} days from {began}"),
            day=days_after(began, ask),
            as_of=as_of,
            counted_from=began,
            met_on=asked,
            lapses=True,
            moot=True,
            by="request_days",
        )
    ]
    if asked is not None and asked <= as_of:
        found.append(
            duty(
                rule,
                Kind.ACT_BY,
                Words(zh="债务顾问作出复核决定", en="The adviser decides the review"),
                Words(zh=f"{began}起{decide}日", en=f"{decide} days from {began}"),
                day=days_after(began, decide),
                as_of=as_of,
                counted_from=began,
                met_on=space.review_decided_on,
                by="decide_days",
            )
        )
    return tuple(found)
