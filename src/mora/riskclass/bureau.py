"""What is a credit bureau told?

Two code lists whose edges differ by a day: China's counts 1 to 30 days as its first band, Metro 2
calls 0 to 29 days current. The product's jurisdiction chooses; for the EU and the UK no list is
held and the status is empty.
"""

from __future__ import annotations

from mora.core.words import Words
from mora.riskclass.case import AMERICAN, CHINESE, Case

CN_NORMAL, CN_SETTLED, CN_NO_HISTORY, CN_BAD_DEBT, CN_ENDED = "N", "C", "*", "B", "G"
CN_LATE = ((1, "1"), (31, "2"), (61, "3"), (91, "4"), (121, "5"), (151, "6"), (181, "7"))
"""First day past due of each figure of the second-generation credit report 二代征信."""

METRO_CURRENT, METRO_PAID, METRO_CHARGED_OFF = "11", "13", "97"
METRO_LATE = ((30, "71"), (60, "78"), (90, "80"), (120, "82"), (150, "83"), (180, "84"))
"""First day past due of each Metro 2 account status."""


def _late_words(starts: tuple[tuple[int, str], ...]) -> dict[str, Words]:
    ends: list[int | None] = [first - 1 for first, _ in starts[1:]]
    return {
        code: Words(f"逾期 {first} 天以上", f"{first} days late or more")
        if last is None
        else Words(f"逾期 {first} 至 {last} 天", f"{first} to {last} days late")
        for (first, code), last in zip(starts, [*ends, None], strict=True)
    }


STATUS_WORDS = {
    CN_NORMAL: Words("正常", "normal"),
    CN_SETTLED: Words("结清", "settled"),
    CN_NO_HISTORY: Words("未到首个还款日", "no payment due yet"),
    CN_BAD_DEBT: Words("呆账", "bad debt"),
    CN_ENDED: Words("结束（转出）", "ended (transferred)"),
    **_late_words(CN_LATE),
    METRO_CURRENT: Words("正常或逾期不满 30 天", "current, or less than 30 days late"),
    METRO_PAID: Words("结清", "paid or closed"),
    METRO_CHARGED_OFF: Words("已冲销", "charged off"),
    **_late_words(METRO_LATE),
}
"""What a code tells; the two lists share none."""


def bureau_status(case: Case) -> str:
    """The bureau's code for the loan on the position's day; empty where no code list is held."""
    position = case.position
    settled = position.outstanding_principal_minor == 0 and position.payoff_minor == 0
    if case.scheme in CHINESE:
        return _chinese(case, settled)
    if case.scheme not in AMERICAN:
        return ""
    if case.is_written_off:
        return METRO_CHARGED_OFF
    return METRO_PAID if settled else _banded(case.days, METRO_LATE, METRO_CURRENT)


def _chinese(case: Case, settled: bool) -> str:
    if case.is_sold:
        return CN_ENDED
    if case.is_written_off:
        return CN_BAD_DEBT
    if settled:
        return CN_SETTLED
    begins = max(case.loan.started_on, case.facts.first_due_on or case.loan.started_on)
    if case.days == 0 and case.as_of < begins:
        return CN_NO_HISTORY
    return _banded(case.days, CN_LATE, CN_NORMAL)


def _banded(days: int, starts: tuple[tuple[int, str], ...], otherwise: str) -> str:
    return next((code for first, code in reversed(starts) if days >= first), otherwise)
