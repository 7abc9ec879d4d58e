"""Complaints and disputes: the day of the answer by law (cases/complaints.yaml), the hold, the answer, the list."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from casework.conftest import AFTERNOON, BEIJING
from mora.casework import complaints
from mora.casework.rights import NotAllowed
from mora.core.errors import BadInput, Refused
from mora.store.models import Case, Complaint, Event, Hold, Party, Team, User

WORKED = yaml.safe_load((Path(__file__).parent / "cases/complaints.yaml").read_text(encoding="utf-8"))
TODAY = AFTERNOON.date()


@pytest.fixture
def one(house: dict[str, User]) -> Case:
    party = Party.objects.create(party_id="K1", name_mask="林*明")
    return Case.objects.create(
        party=party, number="C-K1", level="L1", level_since=TODAY, currency="CNY", arrears_minor=100,
        outstanding_minor=100, days_past_due=2, as_of=TODAY, opened_on=TODAY, team=Team.objects.get(code="collector"),
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("row", WORKED, ids=lambda row: row["name"])
def test_by_when(row: dict[str, Any], one: Case, house: dict[str, User]) -> None:
    at = datetime.combine(row["received_on"], time(10), tzinfo=BEIJING)
    made = complaints.take(
        house["chen"], one, row["kind"], row["received_on"], "why", at, forwarded=row.get("forwarded", False),
        about_collection=row.get("about_collection", False),
    )  # fmt: skip
    assert (made.answer_by, made.answer_rule) == (row["answer_by"], row["rule"])
    first = complaints.clocks(made, row["received_on"])[0]
    assert first.decides == row["decides"]
    assert first.sentence.zh
    assert first.clause.zh


@pytest.mark.django_db
def test_a_shorter_policy_of_the_lender_comes_first(
    one: Case, house: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = complaints.ComplaintRule({"complaint": 7, "dispute": 15, "credit": 20}, 3)
    monkeypatch.setattr(complaints, "rule", lambda: own)
    made = complaints.take(house["chen"], one, "complaint", TODAY, "why", AFTERNOON, forwarded=True)
    assert (made.answer_by, made.answer_rule) == (date(2026, 11, 27), "")


@pytest.mark.django_db
def test_contact_rests_until_the_answer_and_only_its_own_hold_ends(one: Case, house: dict[str, User]) -> None:
    made = complaints.take(house["chen"], one, "complaint", TODAY, "shouted at", AFTERNOON)
    other = complaints.take(house["chen"], one, "credit", TODAY, "paid in May", AFTERNOON)
    assert set(one.holds.filter(lifted_at__isnull=True).values_list("kind", flat=True)) == {"complaint", "dispute"}
    with pytest.raises(NotAllowed, match="answer_complaint"):
        complaints.answer(house["chen"], made, "sorry", "yes", AFTERNOON)
    with pytest.raises(Refused, match="choose a finding"):
        complaints.answer(house["sun"], made, "sorry", "", AFTERNOON)
    with pytest.raises(Refused, match="what was answered"):
        complaints.answer(house["sun"], made, " ", "yes", AFTERNOON)
    complaints.answer(house["sun"], made, "we apologised in writing", "yes", AFTERNOON + timedelta(days=16))
    with pytest.raises(Refused, match="answered already"):
        complaints.answer(house["sun"], made, "again", "no", AFTERNOON)
    assert list(Hold.objects.filter(lifted_at__isnull=True)) == [other.hold]
    told = Event.objects.get(action="complaint.answer")
    assert (told.data["upheld"], told.data["days_late"]) == ("yes", 1)


@pytest.mark.django_db
def test_overdue_the_day_after(one: Case, house: dict[str, User]) -> None:
    complaints.take(house["chen"], one, "complaint", TODAY, "why", AFTERNOON, forwarded=True)
    last = TODAY + timedelta(days=15)

    def shown(show: str, on: date, who: str = "sun") -> int:
        return complaints.complaints_for(house[who], on, show).count()

    assert (shown("open", TODAY), shown("overdue", last), shown("overdue", last + timedelta(days=1))) == (1, 0, 1)
    assert (shown("soon", last - timedelta(days=4)), shown("soon", last - timedelta(days=3))) == (0, 1)
    assert shown("soon", last + timedelta(days=1)) == 0, "what is overdue is no longer soon"
    assert shown("open", TODAY, "lin") == 0, "another team's"
    assert shown("open", TODAY, "zheng") == 1, "the auditor sees it"
    complaints.answer(house["sun"], Complaint.objects.get(), "done", "no", AFTERNOON)
    assert (shown("open", TODAY), shown("answered", TODAY)) == (0, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "about"),
    [
        ({"kind": "moan"}, "kind"),
        ({"about": " "}, "about"),
        ({"received_on": TODAY + timedelta(days=1)}, "received_on"),
        ({"received_on": TODAY - timedelta(days=366)}, "received_on"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(
    one: Case, house: dict[str, User], told: dict[str, Any], about: str
) -> None:
    given = {"kind": "complaint", "received_on": TODAY, "about": "why"} | told
    with pytest.raises(Refused) as refused:
        complaints.take(house["chen"], one, at=AFTERNOON, **given)
    assert refused.value.about == about
    assert not Complaint.objects.exists()
    assert not Hold.objects.exists()


def test_a_policy_without_a_kind_is_refused(tmp_path: Path, settings: Any) -> None:
    (tmp_path / "complaints.yaml").write_text("own_days: {complaint: 15}\nsoon_days: 3", encoding="utf-8")
    settings.MORA_POLICY = str(tmp_path)
    complaints.rule.cache_clear()
    try:
        with pytest.raises(BadInput, match="says nothing of credit, dispute"):
            complaints.rule()
    finally:
        settings.MORA_POLICY = ""
        complaints.rule.cache_clear()
