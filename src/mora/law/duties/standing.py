"""How does a duty stand on the as-of date, and how is it said?"""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.numbers import Ruling
from mora.law.duties.terms import Duty, DutyStatus, Kind


def duty(
    ruling: Ruling,
    kind: Kind,
    what: Words,
    how: Words,
    *,
    day: date | None,
    as_of: date,
    counted_from: date | None,
    met_on: date | None = None,
    not_needed: Words | None = None,
    moot: bool = False,
    lapses: bool = False,
    provisional: bool = False,
    moved_from: date | None = None,
    by: str = "",
    also: tuple[str, ...] = (),
) -> Duty:
    """Put a duty together: its status at the as-of date and its sentence.

    :param what: the act or period, a few words without a full stop.
    :param how: how the day was counted, a sentence without a full stop; may be empty.
    :param met_on: when it was done; ignored when after ``as_of``, for nobody knew.
    :param not_needed: why nothing has to be done; then that is the status.
    :param moot: when its day has passed undone, nothing is left to do (:attr:`DutyStatus.MISSED`).
    :param lapses: a right is lost after the day, so a later act does not help.
    :param moved_from: where the period would have ended had that not been a holiday; may be ``day`` itself.
    :param by: the parameter the day came from, to ask whether it may decide.
    """
    if met_on is not None and met_on > as_of:
        met_on = None
    status = _status(kind, day, as_of, met_on, not_needed, moot, lapses)
    decides = ruling.decides_by(by)
    if moved_from is not None and day is not None and moved_from != day:
        how = Words(
            zh=f"{how.zh}；{moved_from}为法定休假日，顺延",
            en=f"{how.en}; {moved_from} is a day off, so the first day after",
        )
    sentence = _sentence(ruling, kind, what, how, day, as_of, status, met_on, not_needed, provisional, decides)
    return Duty(
        rule_id=ruling.rule.id,
        clause=ruling.clause,
        what=what,
        kind=kind,
        day=day,
        provisional=provisional,
        counted_from=counted_from,
        status=status,
        as_of=as_of,
        met_on=met_on,
        decides=decides,
        sentence=sentence,
        also=also,
    )


def _status(
    kind: Kind, day: date | None, as_of: date, met_on: date | None, not_needed: Words | None, moot: bool, lapses: bool
) -> DutyStatus:
    if not_needed is not None:
        return DutyStatus.NOT_NEEDED
    if met_on is not None:
        too_late = lapses and day is not None and met_on > day
        return DutyStatus.OVERDUE if too_late else DutyStatus.MET
    if kind is Kind.ACT_BY:
        if day is None or as_of <= day:
            return DutyStatus.DUE
        return DutyStatus.MISSED if moot else DutyStatus.OVERDUE
    if day is None or as_of < day or (kind is Kind.UNTIL and as_of == day):
        return DutyStatus.RUNNING
    return DutyStatus.OVER


def _sentence(
    ruling: Ruling,
    kind: Kind,
    what: Words,
    how: Words,
    day: date | None,
    as_of: date,
    status: DutyStatus,
    met_on: date | None,
    not_needed: Words | None,
    provisional: bool,
    decides: bool,
) -> Words:
    parts = [_opening(kind, what, day), how, _state(kind, day, as_of, status, met_on, not_needed)]
    if provisional:
        parts.append(
            Words(
                zh="所涉年度的节假日安排尚未公布，此日暂定，未作顺延",
                en="The holidays of a year it depends on are not announced: the day is provisional and was not moved",
            )
        )
    if not decides:
        parts.append(Words(zh="该项规则未经核实，仅作提醒", en="Unverified: this only reminds"))
    elif ruling.rule.verification.unverified_parts is not None:
        part = ruling.rule.verification.unverified_parts
        parts.append(Words(zh=f"尚未核实：{part.zh}", en=f"Not verified: {part.en}"))
    return Words(
        zh="".join(f"{part.zh}。" for part in parts if part.zh), en=" ".join(f"{part.en}." for part in parts if part.en)
    )


def _opening(kind: Kind, what: Words, day: date | None) -> Words:
    if day is None:
        return Words(zh=f"{what.zh}：日期未知", en=f"{what.en}: the day is not known")
    if kind is Kind.ACT_BY:
        return Words(zh=f"{what.zh}：最迟{day}", en=f"{what.en}: by {day}")
    if kind is Kind.NOT_BEFORE:
        return Words(zh=f"{what.zh}：不早于{day}", en=f"{what.en}: not before {day}")
    return Words(zh=f"{what.zh}：至{day}（含当日）", en=f"{what.en}: until the end of {day}")


def _state(
    kind: Kind, day: date | None, as_of: date, status: DutyStatus, met_on: date | None, not_needed: Words | None
) -> Words:
    passed = (as_of - day).days if day is not None else 0
    match status:
        case DutyStatus.NOT_NEEDED:
            assert not_needed is not None
            return Words(zh=f"无须办理：{not_needed.zh}", en=f"Not needed: {not_needed.en}")
        case DutyStatus.MET:
            late = (met_on - day).days if met_on is not None and day is not None and kind is Kind.ACT_BY else 0
            zh, en = (f"，迟延{late}日", f", {late} days late") if late > 0 else ("", "")
            return Words(zh=f"已于{met_on}办理{zh}", en=f"Done on {met_on}{en}")
        case DutyStatus.DUE:
            if day is None:
                return Words(zh="尚未办理", en="Not done yet")
            if passed == 0:
                return Words(zh="尚未办理，今日为最后一日", en="Not done yet; today is the last day")
            return Words(zh=f"尚未办理，尚余{-passed}日", en=f"Not done yet; {-passed} days left")
        case DutyStatus.OVERDUE if met_on is not None:
            return Words(zh=f"{met_on}办理时已过期，权利已失", en=f"Done on {met_on}, when the right was already lost")
        case DutyStatus.OVERDUE:
            return Words(zh=f"尚未办理，已超期{passed}日", en=f"Not done; {passed} days past")
        case DutyStatus.MISSED:
            return Words(zh="届期未办理，其后已无须办理", en="Not done in time; since then nothing is left to do")
        case DutyStatus.RUNNING:
            if kind is Kind.NOT_BEFORE:
                return Words(zh="尚不得办理", en="Not allowed yet")
            return Words(zh="期间尚未届满", en="It still runs")
        case DutyStatus.OVER:
            if kind is Kind.NOT_BEFORE:
                return Words(zh="已可办理", en="Allowed since then")
            return Words(zh="期间已届满", en="It has ended")
