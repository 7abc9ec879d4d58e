"""Until when must the records of a collection account be kept? 12 CFR 1006.100; New York City's rule."""

from __future__ import annotations

from datetime import date

from mora.core.dates import add_months
from mora.core.words import Words
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.facts import CollectionAccount
from mora.law.library import Law

_EVIDENCE = Words(zh="保存合规证据", en="Evidence of compliance is kept")
_RECORDING = Words(zh="保存通话录音", en="The recording of the call is kept")


def records_kept(law: Law, account: CollectionAccount, as_of: date) -> tuple[Duty, ...]:
    """Until when evidence (from the last activity) and each recording (from its call) are kept (``us.regf.retention``).

    In New York City ``us.nyc.shield`` stands beside it.

    :raises UnknownRule: the packs hold no rule for one of these days.
    """
    last = account.last_activity_on
    found = []
    if last is not None and last <= as_of:
        asked = [("us.regf.retention", "years")]
        if account.new_york_city and law.rule("us.nyc.shield").on(last) is not None:
            asked.append(("us.nyc.shield", "retention_years"))
        found = [_kept(law, rule_id, name, last, as_of, _EVIDENCE) for rule_id, name in asked]
    calls = sorted(each for each in account.recorded_calls if each <= as_of)
    return (
        *found,
        *(_kept(law, "us.regf.retention", "recording_years", call, as_of, _RECORDING) for call in calls),
    )


def _kept(law: Law, rule_id: str, name: str, start: date, as_of: date, what: Words) -> Duty:
    rule = ruling(law, rule_id, start)
    years = rule.whole(name)
    return duty(
        rule,
        Kind.UNTIL,
        what,
        Words(zh=f"{start}起{years}年", en=f"{years} years from {start}"),
        day=add_months(start, 12 * years),
        as_of=as_of,
        counted_from=start,
        by=name,
    )
