"""Each loan is judged by its own law: the product's jurisdiction, and the law of where the party lives."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.conftest import AFTERNOON
from mora.casework import asking, complaints, contact, places
from mora.core.errors import BadInput
from mora.gate.record import replay
from mora.gate.terms import Channel, Outcome, Result
from mora.store.models import Case, CaseLoan, ContactPoint, Party, Team, User

NEW_YORK = ZoneInfo("America/New_York")
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=NEW_YORK)
"""In Shanghai one in the night."""
EVENING = datetime(2026, 11, 20, 20, 30, tzinfo=NEW_YORK)
"""In Shanghai half past nine in the morning: neither law's hours object."""

US = {"loan_id": "US-1", "product": "abs_ee_grace_5", "kind": "mortgage", "place": "us", "currency": "USD"}
"""As the sample of US mortgages brings them: product, kind and jurisdiction from its products file."""
CN = {"loan_id": "CN-1", "product": "cn_consumer", "kind": "loan", "place": "cn", "currency": "CNY"}


def made(*loans: dict[str, str], region: str, zones: tuple[str, ...] = (), team: str = "agency-a") -> Case:
    """A case by hand, with an agency."""
    party = Party.objects.create(party_id="P1", region=region, zones=list(zones), name="", born_on=date(1980, 1, 1))
    ContactPoint.objects.create(
        party=party, channel="mobile", value="+12025550100", value_mask="****0100", value_index="x"
    )
    day = date(2026, 11, 20)
    case = Case.objects.create(
        party=party, number="C-1", level="L1", level_since=day, currency=loans[0]["currency"] if loans else "CNY",
        arrears_minor=100_00, outstanding_minor=0, days_past_due=9, as_of=day, opened_on=day,
        team=Team.objects.get(code=team),
    )  # fmt: skip
    for loan in loans:
        CaseLoan.objects.create(
            case=case, days_past_due=9, overdue_principal_minor=100_00, overdue_interest_minor=0, overdue_fee_minor=0,
            penalty_minor=0, compound_minor=0, arrears_minor=100_00, outstanding_principal_minor=0, as_of=day, **loan,
        )  # fmt: skip
    return case


def call(case: Case, user: User, at: datetime) -> asking.Way:
    """The answer for a call to the party's telephone."""
    return next(way for way in asking.ways(case, user, at) if way.channel is Channel.VOICE)


def seven_calls(case: Case, user: User, at: datetime) -> None:
    """One a day on the seven days up to ``at``, an hour before, none answered."""
    point = case.party.points.get()
    for back in range(6, -1, -1):
        then = at - timedelta(days=back, hours=1)
        contact.record_attempt(user, case, channel=Channel.VOICE, point=point, result=Result.NO_ANSWER, at=then)


def rules(way: asking.Way) -> set[str]:
    return {rule.split("@")[0] for rule in way.verdict.rules}


@pytest.mark.django_db
def test_a_us_mortgage_is_judged_under_regulation_f(house: dict[str, User]) -> None:
    case, agency = made(US, region="US", zones=("America/New_York",)), house["agency"]
    first = call(case, agency, NOON)
    assert first.verdict.outcome is not Outcome.REFUSED
    assert "us.regf.calls.7in7" in rules(first)
    assert not [rule for rule in rules(first) if rule.startswith("cn.")]
    # Seven calls in seven days, none answered: an eighth is presumed a violation (12 CFR 1006.14(b)(2)(i)(A)).
    seven_calls(case, agency, NOON)
    eighth = call(case, agency, NOON)
    assert eighth.verdict.outcome is Outcome.REFUSED
    assert "us.regf.calls.7in7" in {each.rule for each in eighth.verdict.findings if each.effect == "refuse"}


@pytest.mark.django_db
def test_a_chinese_loan_is_judged_under_the_chinese_rules(house: dict[str, User]) -> None:
    case, chen = made(CN, region="CN-SH", zones=("Asia/Shanghai",), team="collector"), house["chen"]
    way = call(case, chen, AFTERNOON)
    assert way.verdict.outcome is not Outcome.REFUSED
    assert [rule for rule in rules(way) if rule.startswith("cn.")]
    assert not [rule for rule in rules(way) if rule.startswith("us.")]
    # Noon in New York is one in the night in Shanghai.
    assert call(case, chen, NOON).verdict.outcome is Outcome.REFUSED


@pytest.mark.django_db
def test_a_party_with_both_is_judged_under_both_and_every_clause_is_shown(house: dict[str, User]) -> None:
    case, agency = made(CN, US, region="unknown", zones=("America/New_York",)), house["agency"]
    assert [part.places for part in places.judged(case)] == [("cn",), ("us",)]
    seven_calls(case, agency, EVENING)
    way = call(case, agency, EVENING)
    refusing = {each.rule: each for each in way.verdict.findings if each.effect == "refuse"}
    assert way.verdict.outcome is Outcome.REFUSED
    # Regulation F counts the calls; China asks that the debtor was told of the agency. Each about its own loan.
    assert set(refusing) == {"us.regf.calls.7in7", "cn.cbirc2022-9.a41"}
    assert "(CN-1)" in refusing["cn.cbirc2022-9.a41"].message_en
    # The proof holds a record for each law, each of which proves itself, and each speaks of its own loan alone.
    _, record = asking.proof(case, agency, Channel.VOICE, case.party.points.get(), EVENING)
    parts = record.splitlines()
    assert [json.loads(part)["request"]["places"] for part in parts] == [["cn"], ["us"]]
    assert [[each["id"] for each in json.loads(part)["request"]["claims"]] for part in parts] == [["CN-1"], ["US-1"]]
    assert all(replay(part, asking.gate()).same for part in parts)


@pytest.mark.django_db
def test_the_strictest_law_decides_and_its_moment_is_one_at_which_all_agree(house: dict[str, User]) -> None:
    """Massachusetts allows a creditor two calls in seven days, China three talks a day: the third call waits."""
    boston = {**US, "place": "us-ma"}
    case = made(CN, boston, region="unknown", zones=("America/New_York",), team="collector")
    chen, point = house["chen"], case.party.points.get()
    first = call(case, chen, EVENING)
    assert first.verdict.outcome is not Outcome.REFUSED
    assert {rule[:3] for rule in rules(first)} >= {"cn.", "us."}
    for back in (2, 1):
        then = EVENING - timedelta(days=back)
        contact.record_attempt(chen, case, channel=Channel.VOICE, point=point, result=Result.NO_ANSWER, at=then)
    third = call(case, chen, EVENING)
    assert third.verdict.outcome is Outcome.REFUSED
    assert {each.rule for each in third.verdict.findings if each.effect == "refuse"} == {"us.ma.940cmr7"}
    earliest = third.verdict.earliest_at
    assert earliest is not None
    assert call(case, chen, earliest).verdict.outcome is not Outcome.REFUSED
    assert call(case, chen, earliest - timedelta(seconds=1)).verdict.outcome is Outcome.REFUSED
    # The American hours open at eight in New York, which is nine in the evening in Shanghai.
    assert earliest.astimezone(NEW_YORK).hour == 8


@pytest.mark.django_db
def test_where_the_party_lives_adds_its_law_down_to_the_state(house: dict[str, User]) -> None:
    case = made(CN, region="US-MA")
    (part,) = places.judged(case)
    assert part.places == ("cn", "us", "us-ma")
    assert part.words.en == "mainland China and the United States and the United States (MA)"
    assert not part.assumed


@pytest.mark.django_db
def test_where_nothing_says_the_house_place_is_taken_and_it_is_said(house: dict[str, User], settings: object) -> None:
    case = made({**CN, "place": ""}, region="unknown")
    (part,) = places.judged(case)
    assert (part.places, part.assumed) == (("cn",), True)
    settings.MORA_PLACE = "uk"  # type: ignore[attr-defined]
    assert places.judged(case)[0].places == ("uk",)
    settings.MORA_PLACE = "atlantis"  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match="atlantis"):
        places.judged(case)


@pytest.mark.django_db
def test_the_lender_says_where_a_branch_is(house: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "branch_places", lambda: {"NYC-1": "us-ny"})
    case = made({**US, "place": "", "branch": "NYC-1"}, region="unknown")
    assert places.judged(case)[0].places == ("us", "us-ny")


def test_a_branch_at_a_place_there_is_not(settings: object, tmp_path: object) -> None:
    (tmp_path / "places.yaml").write_text("branches: {B1: usa}\n")  # type: ignore[operator]
    settings.MORA_POLICY = str(tmp_path)  # type: ignore[attr-defined]
    with pytest.raises(BadInput, match="branch B1"):
        places.branch_places.__wrapped__()


@pytest.mark.parametrize(
    ("region", "place"),
    [("CN-SH", "cn"), ("US-MA", "us-ma"), ("US", "us"), ("US-XX", "us"), ("GB", "uk"), ("GB-SCT", "uk-sct"),
     ("UK", "uk"), ("DE-BY", "eu-de"), ("FR", "eu-fr"), ("unknown", ""), ("", "")],
)  # fmt: skip
def test_regions_are_read_as_places(region: str, place: str) -> None:
    assert places.place_of_region(region) == place


@pytest.mark.django_db
def test_chinese_complaint_clocks_run_for_chinese_cases_alone(house: dict[str, User]) -> None:
    american = made(US, region="US", team="collector")
    taken = complaints.take(house["chen"], american, "complaint", date(2026, 11, 20), "calls", AFTERNOON)
    assert [each.rule for each in complaints.clocks(taken, date(2026, 11, 20))] == [""], "the lender's own days alone"


@pytest.mark.django_db
def test_a_day_brings_the_jurisdiction_its_products_say(cases: list[Case]) -> None:
    told = set(CaseLoan.objects.values_list("product", "place"))
    assert {place for _, place in told} == {"cn", "us", "uk", "eu"} & {place for _, place in told}
    assert "" not in {place for _, place in told}
    for product, place in told:
        assert product.startswith(place), (product, place)
