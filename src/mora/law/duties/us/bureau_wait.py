"""From which day may a debt be reported to a bureau? 12 CFR 1006.30(a) (``us.regf.report14``)."""

from __future__ import annotations

from datetime import date

from mora.core.words import Words
from mora.law.duties.counting import days_after
from mora.law.duties.numbers import ruling
from mora.law.duties.standing import duty
from mora.law.duties.terms import Duty, Kind
from mora.law.duties.us.facts import CollectionAccount
from mora.law.library import Law

_WHAT = Words(zh="向征信机构报送", en="Reporting to a bureau")


def bureau_wait(law: Law, account: CollectionAccount, as_of: date) -> tuple[Duty, ...]:
    """The first day for reporting: the day of a conversation, or 14 days after a letter that did not come back.

    The day is unknown while neither has happened, or when the letter was returned within the wait.

    :raises UnknownRule: the packs hold no rule for the as-of date or the day of the letter.
    """
    spoke = account.spoke_on if account.spoke_on is not None and account.spoke_on <= as_of else None
    sent = account.letter_sent_on if account.letter_sent_on is not None and account.letter_sent_on <= as_of else None
    rule = ruling(law, "us.regf.report14", sent or spoke or as_of)
    wait = rule.whole("wait_days")
    after_letter = days_after(sent, wait) if sent is not None else None
    back = account.undeliverable_on
    if back is not None and after_letter is not None and back <= min(as_of, after_letter):
        after_letter = None
    day = min((each for each in (spoke, after_letter) if each is not None), default=None)
    if day is None:
        how = Words(
            zh="须先与消费者通话，或发信而未退回", en="First speak to the consumer, or send a letter that arrives"
        )
    elif day == spoke:
        how = Words(zh=f"{spoke}已与消费者通话", en=f"The consumer was spoken to on {spoke}")
    else:
        how = Words(zh=f"{sent}发信后等待{wait}日", en=f"{wait} days after the letter of {sent}")
    return (
        duty(
            rule,
            Kind.NOT_BEFORE,
            _WHAT,
            how,
            day=day,
            as_of=as_of,
            counted_from=spoke if day == spoke else sent,
            by="wait_days",
        ),
    )
