"""Every page for every role, on own, team's and others' cases: the rights file says what happens, nothing else does.

The table is made from the addresses and rights.yaml. An address without a right, or with a right the file does not
know, fails here; so does a page that opens to a role the file does not name.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import URLPattern
from django.urls.converters import get_converters

from mora.casework.names import RIGHT
from mora.casework.policy_files import rights
from mora.store.models import (
    Absence,
    Approval,
    Attachment,
    Branch,
    Case,
    CaseLoan,
    Complaint,
    DayJob,
    Hold,
    ListEntry,
    Membership,
    Note,
    Party,
    Promise,
    Reminder,
    SavedList,
    Team,
    Upload,
    User,
)
from mora.store.models.people import Role
from mora.web.workbench.asked import EVERYBODY, NOBODY_ASKED
from mora.web.workbench.urls import urlpatterns
from web.conftest import AFTERNOON, BACKEND

TODAY = date(2026, 11, 20)
ROWS = {
    "home": EVERYBODY, "queue": "see_case", "next": "take_next", "export": "export", "case": "see_case",
    "case-holder": "work_case",
    "case-record": "record_attempt", "case-promise": "take_promise", "case-understood": "take_promise",
    "case-note": "write_note", "case-note-withdraw": "write_note", "case-cause": "write_note", "case-hold": "set_hold",
    "case-hold-lift": "set_hold", "case-complaint": "take_complaint", "case-aside": "work_case",
    "case-wake": "work_case", "case-skip": "work_case", "case-assign": "assign_case", "case-pin": "assign_case",
    "case-reveal": "reveal", "case-explain": "see_case", "case-timeline": "see_case", "board": "see_board",
    "approvals": "approve", "approval-decide": "approve", "portfolio": "see_portfolio", "rights": "see_rights",
    "audit": "see_audit", "audit-verify": "see_audit", "health": NOBODY_ASKED, "health-page": "see_health",
    "language": EVERYBODY, "lists": "see_lists", "case-list": "list_party", "case-list-end": "list_party",
    "case-file-attach": "attach_file", "case-file": "open_file", "case-file-withdraw": "see_case",
    "case-file-restore": "see_case",
    "case-review": "review_case", "case-check": "prepare_court", "case-clock": "assign_case",
    "list-keep": "see_case", "list-forget": "see_case", "team": "manage_team", "team-away": "manage_team",
    "team-back": "manage_team", "team-able": "manage_team", "team-share": "assign_case",
    "complaints": "see_complaints", "case-complaint-answer": "answer_complaint",
    "intake": "run_day", "intake-upload": "import_book", "intake-result": "import_book",
    "intake-set-aside": "import_book", "day-run": "run_day", "day-progress": "run_day", "day-report": "see_portfolio",
    "first-steps": EVERYBODY,
    "case-remind": "record_attempt",
    **dict.fromkeys(
        ("people", "people-add", "person", "person-place", "person-tell", "person-disable", "person-enable",
         "person-password", "person-factor", "person-unlock", "teams", "teams-add", "teams-change", "branch-add",
         "branch-change"), "manage_people",
    ),
}  # fmt: skip
"""What each page asks for, written here a second time: a page without a row, or with another right, fails."""
PATTERNS = [each for each in urlpatterns if isinstance(each, URLPattern)]


def test_every_address_says_a_right_the_file_knows() -> None:
    for pattern in PATTERNS:
        right = getattr(pattern.callback, "right", None)
        assert right is not None, f"{pattern.name} says no right"
        assert pattern.name in ROWS, f"{pattern.name} has no row in this test"
        assert right == ROWS[pattern.name], f"{pattern.name}: {right}"
        assert right in {EVERYBODY, NOBODY_ASKED} | set(rights()), f"{pattern.name}: {right} is not in rights.yaml"
    assert set(ROWS) == {pattern.name for pattern in PATTERNS}


def test_every_right_has_a_name_people_read() -> None:
    assert set(rights()) <= set(RIGHT)


@pytest.fixture
def world(db: None) -> dict[str, Case]:
    """Three cases: one's own, one of one's team, and one of another team. Both teams are agencies' for the agency."""
    made = {}
    for whose, agency in (("own", False), ("team", False), ("other", False), ("placed", True), ("placed_other", True)):
        code = {"own": "ours", "team": "ours", "other": "theirs", "placed": "agency-a", "placed_other": "agency-b"}
        team, _ = Team.objects.get_or_create(code=code[whose], defaults={"name": code[whose], "agency": agency})
        party = Party.objects.create(party_id=f"P-{whose}", name_mask="林*明")
        made[whose] = Case.objects.create(
            party=party, number=f"C-{whose}", level="L1", level_since=TODAY, currency="CNY", arrears_minor=100,
            outstanding_minor=1000, days_past_due=3, as_of=TODAY, opened_on=TODAY, team=team,
        )  # fmt: skip
        CaseLoan.objects.create(
            case=made[whose], loan_id=f"L-{whose}", product="cn_consumer", days_past_due=3, overdue_principal_minor=100,
            overdue_interest_minor=0, overdue_fee_minor=0, penalty_minor=0, compound_minor=0, arrears_minor=100,
            outstanding_principal_minor=1000, as_of=TODAY,
        )  # fmt: skip
    return made


def _person(role: Role, world: dict[str, Case]) -> User:
    user = User.objects.create(username=f"u-{role}", role=role, language="en")
    team = world["placed"].team if role is Role.AGENCY else world["own"].team
    Membership.objects.create(user=user, team=team)
    if role is not Role.AGENCY:
        Case.objects.filter(pk=world["own"].pk).update(owner=user)
    return user


def _reaches(reach: str, whose: str) -> bool:
    """What the file's word means for a case."""
    return {
        "": False, "all": True, "own": whose == "own", "team": whose in ("own", "team"), "placed": whose == "placed",
    }[reach]  # fmt: skip


def _people_there(case: Case, other: User) -> dict[str, object]:
    """Somebody, a team and a branch an administrator can look after."""
    branch = Branch.objects.get_or_create(code="b1", defaults={"name": "B1"})[0]
    return {"person": other.pk, "team": case.team_id, "branch": branch.pk}


def _address(pattern: URLPattern, case: Case, user: User) -> str:
    """An address of the pattern for a case, with things that are there."""
    other = User.objects.get_or_create(username="somebody-else", defaults={"role": Role.COLLECTOR})[0]
    given: dict[str, object] = {"number": case.number, "loan": case.loans.get().loan_id}
    names = pattern.pattern.converters
    if "note" in names:
        given["note"] = Note.objects.create(case=case, by=user, at=AFTERNOON, text="x").pk
    if "hold" in names:
        given["hold"] = Hold.objects.create(case=case, kind="hardship", since=AFTERNOON, reason="x", set_by=other).pk
    if "saved_list" in names:
        given["saved_list"] = SavedList.objects.get_or_create(user=user, name="x", query="show=open")[0].pk
    if "absence" in names:
        given["absence"] = Absence.objects.create(user=user, since=TODAY, until=date(2026, 12, 1)).pk
    if "complaint" in names:
        given["complaint"] = Complaint.objects.create(
            case=case, kind="complaint", received_on=TODAY, about="x", taken_by=other
        ).pk
    if "reminder" in names:
        promise = Promise.objects.create(
            case=case, amount_minor=1, currency="CNY", due_on=TODAY, grace_days=0, tolerance_minor=0, made_at=AFTERNOON,
            how="voice",
        )  # fmt: skip
        given["reminder"] = Reminder.objects.create(promise=promise, due_at=AFTERNOON).pk
    if "file" in names:
        given["file"] = Attachment.objects.create(
            case=case, kind="other", about="x", name="x.pdf", type="pdf", size=1, sha256="0" * 64, stored="none",
            by=other, at=AFTERNOON, key=uuid.uuid4().hex,
        ).pk  # fmt: skip
    if "entry" in names:
        given["entry"] = ListEntry.objects.create(
            party=case.party, name="watch", reason="x", since=TODAY, until=date(2027, 1, 1), by=other
        ).pk
    if "asked" in names:
        given["asked"] = Approval.objects.create(
            act="close_by_hand", case=case, reason="x", asked_by=other, asked_at=AFTERNOON
        ).pk
    if "upload" in names:
        given["upload"] = Upload.objects.get_or_create(at=AFTERNOON, by=other, import_id="none")[0].pk
    if "job" in names:
        given["job"] = DayJob.objects.get_or_create(as_of=TODAY, asked_at=AFTERNOON, state="done")[0].pk
    given |= {"as_of": str(TODAY), "name": "day.en.html"} | _people_there(case, other)
    route = str(pattern.pattern)
    for name in names:
        kind = next(k for k in get_converters() if f"<{k}:{name}>" in route)
        route = route.replace(f"<{kind}:{name}>", str(given[name]))
    return "/" + route


def _expected(pattern: URLPattern, role: Role, whose: str) -> Iterator[int]:
    """Statuses the file allows: what is not seen is not there (404), what is seen and not given is forbidden (403)."""
    right = ROWS[pattern.name]
    reach = rights().get(right, {}).get(role, "")
    if right in (EVERYBODY, NOBODY_ASKED):
        yield from (200, 302, 400, 503)  # without saying which language or what to do with the steps, 400
    elif not reach:
        yield 403
    elif "number" in pattern.pattern.converters:
        if not _reaches(rights()["see_case"].get(role, ""), whose):
            yield 404
        elif not _reaches(reach, whose):
            yield 403
        else:
            yield from (200, 302, 409, 422)  # allowed: what was sent may still be refused
    elif pattern.name in ("team-away", "team-able"):
        yield 404  # nobody was named
    elif pattern.name == "approval-decide":
        yield from (200, 302, 422) if _reaches(reach, whose) else (404,)
    elif pattern.name == "day-report":
        yield 404  # no day was run in this world
    else:
        yield from (200, 302, 409, 422)


def _narrower() -> dict[str, dict[str, str]]:
    """A lender's own rights file, in which people see their team's cases and act on their own."""
    return {
        right: {role: "own" if right != "see_case" and reach == "team" else reach for role, reach in row.items()}
        for right, row in rights().items()
    }


FILES = [
    *(pytest.param("as it comes", role, id=f"as it comes-{role}") for role in Role),
    *(
        pytest.param("narrower", role, id=f"narrower-{role}")
        for role in Role
        if any(row.get(role) != rights()[right].get(role) for right, row in _narrower().items())
    ),
]
"""Every role under the file as it comes, and those whom the narrower file narrows under that."""


@pytest.fixture
def file(request: pytest.FixtureRequest, tmp_path: Path, settings: Any) -> Iterator[str]:
    """The rights file that holds while a test runs; which one it is."""
    if request.param == "narrower":
        (tmp_path / "rights.yaml").write_text(yaml.safe_dump(_narrower()), encoding="utf-8")
        settings.MORA_POLICY = str(tmp_path)
    rights.cache_clear()
    yield request.param
    settings.MORA_POLICY = ""
    rights.cache_clear()


@pytest.mark.parametrize(("file", "role"), FILES, indirect=["file"])
def test_matrix(world: dict[str, Case], file: str, role: Role) -> None:
    user = _person(role, world)
    client = Client()
    client.force_login(user, backend=BACKEND)
    wrong = []
    for pattern in PATTERNS:
        if file == "narrower" and rights().get(ROWS[pattern.name], {}).get(role) != "own":
            continue  # says what the file says as it comes
        # An address that names nothing is the same whosever case one thinks of.
        for whose, case in list(world.items()) if pattern.pattern.converters else [("own", world["own"])]:
            address = _address(pattern, case, user)
            for method in pattern.callback.methods:
                client.cookies.pop("messages", None)
                response = client.generic(method, address, "", "application/x-www-form-urlencoded")
                allowed = set(_expected(pattern, role, whose))
                if response.status_code not in allowed:
                    wrong.append(f"{role} {method} {address} ({whose}): {response.status_code}, not one of {allowed}")
                if pattern.name == "case" and response.status_code == 404:
                    assert case.party.name_mask not in response.content.decode()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda each: each.name)
def test_without_log_in_one_is_sent_to_it(world: dict[str, Case], pattern: URLPattern) -> None:
    user = _person(Role.COLLECTOR, world)
    address = _address(pattern, world["own"], user)
    for method in pattern.callback.methods:
        response = Client().generic(method, address)
        if ROWS[pattern.name] == NOBODY_ASKED:
            assert response.status_code in (200, 503)
        else:
            assert response.status_code == 302
            assert response["Location"].startswith("/accounts/login/")


def test_other_methods_are_not_offered(world: dict[str, Case]) -> None:
    user = _person(Role.TEAM_LEADER, world)
    client = Client()
    client.force_login(user, backend=BACKEND)
    for pattern in PATTERNS:
        if "POST" in pattern.callback.methods and "GET" not in pattern.callback.methods:
            assert client.get(_address(pattern, world["own"], user)).status_code == 405, pattern.name


def test_an_agency_sees_no_name_of_another_agency(world: dict[str, Case]) -> None:
    user = _person(Role.AGENCY, world)
    client = Client()
    client.force_login(user, backend=BACKEND)
    page = client.get("/queue/?show=all").content.decode()
    assert "C-placed" in page
    assert "C-placed_other" not in page
    assert "C-own" not in page


def test_unknown_things_are_not_there(world: dict[str, Case]) -> None:
    user = _person(Role.TEAM_LEADER, world)
    client = Client()
    client.force_login(user, backend=BACKEND)
    assert client.get("/cases/none/").status_code == 404
    assert client.get(f"/cases/{world['own'].number}/why/none/").status_code == 404
    assert client.post(f"/approvals/{uuid.uuid4()}/").status_code == 404
    assert client.post(f"/cases/{world['own'].number}/notes/999/withdraw/").status_code == 404
