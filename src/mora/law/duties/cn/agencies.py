"""By when must an agency be evaluated, and a collector be trained? GB/T 45251-2025, sections 5.4 and 5.2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.cn.facts import Agency, CollectorTraining
from mora.law.duties.numbers import Ruling, ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.library import Law

_EVALUATE = Words(zh="评价受托催收机构", en="Evaluating the agency")
_TRAIN = Words(zh="年度培训", en="Yearly training")


def agency_evaluation(law: Law, agency: Agency, as_of: date) -> tuple[Duty, ...]:
    """The yearly evaluations, and one more before the contract ends (``cn.gbt45251.agency.eval``).

    The first year counts from the contract, or from the standard's first day when that is later. The last one is
    asked for within the months before the end, so that an old evaluation does not stand in for it.

    :raises UnknownRule: the packs hold no rule for the day counted from.
    """
    rule = law.rule("cn.gbt45251.agency.eval")
    first = rule.versions[0].start
    began = max(agency.contract_began_on, first) if first is not None else agency.contract_began_on
    if began > as_of:
        return ()
    ends = agency.contract_ends_on
    yearly = _yearly(
        law,
        rule.id,
        "eval_interval_months",
        _EVALUATE,
        began,
        agency.evaluations,
        ends,
        as_of,
        Words(zh=f"合同于{ends}终止", en=f"the contract ends on {ends}"),
    )
    before = ruling(law, rule.id, began)
    if ends is None or before.version.params.get("eval_before_expiry") is not True:
        return yearly
    opens = add_months(ends, -before.whole("eval_interval_months"))
    done = min((each for each in agency.evaluations if opens < each <= min(ends, as_of)), default=None)
    last = duty(
        before,
        Kind.ACT_BY,
        Words(zh="合同到期前再评价一次", en="One more evaluation before the contract ends"),
        Words(zh=f"合同{ends}到期", en=f"The contract ends on {ends}"),
        day=ends,
        as_of=as_of,
        counted_from=ends,
        met_on=done,
        lapses=True,
        by="eval_before_expiry",
    )
    return (*yearly, last)


def collector_training(law: Law, collector: CollectorTraining, as_of: date) -> tuple[Duty, ...]:
    """Training before the work begins, and at least once a year from then (``cn.gbt45251.training``).

    Nobody whose training lapsed is given cases. Who was at work before the standard's first day owes the yearly one.

    :raises UnknownRule: the packs hold no rule for the day counted from.
    """
    rule = law.rule("cn.gbt45251.training")
    first = rule.versions[0].start
    begins = collector.starts_work_on
    found: list[Duty] = []
    trainings = sorted(collector.trainings)
    if first is None or begins >= first:
        before = ruling(law, rule.id, begins)
        if before.version.params.get("pre_job") is True:
            done = max((each for each in trainings if each <= min(begins, as_of)), default=None)
            late = min((each for each in trainings if begins < each <= as_of), default=None)
            found.append(
                duty(
                    before,
                    Kind.ACT_BY,
                    Words(zh="岗前培训", en="Training before work"),
                    Words(zh=f"{begins}上岗", en=f"Work begins on {begins}"),
                    day=begins,
                    as_of=as_of,
                    counted_from=begins,
                    met_on=done or late,
                    by="pre_job",
                )
            )
    start = max([each for each in trainings if each <= begins] or [begins])
    start = max(start, first) if first is not None else start
    if begins <= as_of:
        left = collector.left_on
        found += _yearly(
            law,
            rule.id,
            "interval_months",
            _TRAIN,
            start,
            trainings,
            left,
            as_of,
            Words(zh=f"已于{left}离岗", en=f"the collector left on {left}"),
        )
    return tuple(found)


def _yearly(
    law: Law,
    rule_id: str,
    name: str,
    what: Words,
    start: date,
    done: Sequence[date],
    ends: date | None,
    as_of: date,
    ended: Words,
) -> tuple[Duty, ...]:
    """Each time it was done or is to be done, counted from the one before; none is asked for after ``ends``."""
    found = []
    known = sorted(each for each in done if start < each <= as_of)
    for each in (*known, None):
        rule: Ruling = ruling(law, rule_id, start)
        months = rule.whole(name)
        day = add_months(start, months)
        over = each is None and ends is not None and ends < day
        found.append(
            duty(
                rule,
                Kind.ACT_BY,
                what,
                Words(zh=f"{start}起{months}个月", en=f"{months} months from {start}"),
                day=day,
                as_of=as_of,
                counted_from=start,
                met_on=each,
                not_needed=ended if over else None,
                moot=ends is not None and ends <= as_of,
                by=name,
            )
        )
        start = each if each is not None else start
    return tuple(found)
