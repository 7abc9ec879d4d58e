"""Until when does a spoken request not to be called at work hold? Massachusetts, 940 CMR 7.04 (``us.ma.940cmr7``)."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.facts import CollectionAccount
from mora.law.library import Law


def no_work_calls(law: Law, account: CollectionAccount, as_of: date) -> tuple[Duty, ...]:
    """The end of the ten days for which a request by word of mouth holds.

    :raises UnknownRule: the packs hold no rule for the day of the request.
    """
    asked = account.no_work_calls_asked_on
    if asked is None or asked > as_of:
        return ()
    rule = ruling(law, "us.ma.940cmr7", asked)
    days = rule.whole("work_oral_days")
    return (
        duty(
            rule,
            Kind.UNTIL,
            Words(zh="不得致电工作单位", en="No calls to the place of work"),
            Words(
                zh=f"{asked}口头提出，{days}日内有效", en=f"Asked for by word of mouth on {asked}, good for {days} days"
            ),
            day=days_after(asked, days),
            as_of=as_of,
            counted_from=asked,
            by="work_oral_days",
        ),
    )
