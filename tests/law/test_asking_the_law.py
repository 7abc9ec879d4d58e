"""What code gets when it asks: values by day, plain refusals, and only as much reading as it needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from mora.core.errors import BadInput, UnknownRule
from mora.law import Effect, library, load

DAY = date(2026, 1, 1)


def test_the_floors_of_2023_hold_from_their_first_day() -> None:
    law = load("cn")
    floors = law.params("cn.class2023.dpd", on=date(2023, 7, 1))["floors"]
    assert floors == ((1, "special_mention"), (91, "substandard"), (271, "doubtful"), (361, "loss"))
    with pytest.raises(UnknownRule, match=r"cn\.class2023\.dpd has no value on 2023-06-30: in force from 2023-07-01\."):
        law.params("cn.class2023.dpd", on=date(2023, 6, 30))


def test_an_end_day_is_not_in_force() -> None:
    law = load("cn")
    assert law.params("cn.nifa2024.scope", on=date(2025, 2, 27))
    with pytest.raises(UnknownRule, match="until 2025-02-28"):
        law.params("cn.nifa2024.scope", on=date(2025, 2, 28))


def test_a_version_holds_until_the_next_and_may_stand_in_another_instrument() -> None:
    rule = load("cn").rule("cn.gbt45251.freq.notice")
    before, after = rule.on(date(2025, 2, 27)), rule.on(date(2025, 2, 28))
    assert before is not None
    assert after is not None
    assert "NIFA" in before.cite
    assert before.until == after.start == date(2025, 2, 28)


def test_a_pending_rule_holds_on_no_day_and_one_of_unknown_start_on_every_day() -> None:
    law = load("us")
    with pytest.raises(UnknownRule, match="pending, not in force"):
        law.params("us.regx.pending", on=date(2100, 1, 1))
    assert law.params("us.nonaccrual", on=date(1990, 1, 1))["dpd"] == 90


def test_a_month_is_read_as_its_first_day() -> None:
    law = load("cn")
    assert law.value("cn.ecl2022", "sicr_dpd_gt", on=date(2022, 5, 1)) == 30
    with pytest.raises(UnknownRule):
        law.value("cn.ecl2022", "sicr_dpd_gt", on=date(2022, 4, 30))


def test_an_unknown_value_is_refused_not_guessed() -> None:
    with pytest.raises(UnknownRule, match=r"min_visitors is unknown \(null\); it is not guessed"):
        load("cn").value("cn.gbt45251.visit", "min_visitors", on=DAY)


def test_near_misses_are_suggested() -> None:
    with pytest.raises(UnknownRule, match=r"Did you mean cn\.class2023\.dpd\?"):
        load("cn").rule("cn.class2023.dpt")
    with pytest.raises(UnknownRule, match="Did you mean min_months"):
        load("cn").value("cn.class2023.upgrade", "min_month", on=DAY)
    with pytest.raises(UnknownRule, match="No law packs for 'fr'"):
        load("fr")


def test_parameters_are_exact_and_read_only() -> None:
    params = load("cn").params("cn.rate.penalty", on=DAY)
    assert params["overdue_uplift"] == (Decimal("0.3"), Decimal("0.5"))
    with pytest.raises(TypeError):
        params["overdue_uplift"] = 1  # type: ignore[index]


def test_times_of_day_stay_text() -> None:
    assert load("cn").value("cn.gbt45251.hours", "quiet_start", on=DAY) == "22:00"


def test_a_rule_known_from_memory_warns_and_one_parameter_may_be_unverified_alone() -> None:
    law = load("cn")
    assert law.rule("cn.class2023.upgrade").effect is Effect.WARNS
    specific = law.rule("cn.prov2002.specific")
    assert specific.effect is Effect.DECIDES
    assert specific.decides_by("specific")
    assert not specific.decides_by("float")
    assert not specific.decides_by("float.doubtful")
    assert not law.rule("cn.class2023.upgrade").decides_by("min_months")


def test_only_what_is_asked_for_is_read() -> None:
    library._rule_of.cache_clear()
    library._records_of.cache_clear()
    law = load("cn")
    assert library._records_of.cache_info().currsize == 1  # China alone was opened
    assert library._rule_of.cache_info().currsize == 0  # and nothing parsed yet
    law.rule("cn.class2023.dpd")
    assert library._rule_of.cache_info().currsize == 1
    assert "us.nonaccrual" not in law
    assert all(id_.startswith("cn.") for id_ in law.ids)


def test_several_jurisdictions_stand_side_by_side() -> None:
    law = load("cn", "eu")
    assert law.rule("eu.ifrs9.sicr").jurisdiction == "eu"
    assert law.rule("cn.class2023.dpd").jurisdiction == "cn"


def test_a_house_pack_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput, match="there is no house pack nowhere"):
        load("cn", house="nowhere")
