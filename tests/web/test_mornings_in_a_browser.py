"""A leader's, a risk reviewer's and an auditor's morning in a real browser, by keyboard; the collector's stands beside.

Each is one story: what the person looks at first, what is done about it, and what stands in the record afterwards.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django.urls import URLPattern

from casework.conftest import emptied  # noqa: F401  a fixture used here too
from mora.casework import acts, complaints, listing, people, reviews
from mora.engine.book.manifest import Book
from mora.gate.terms import HoldKind
from mora.store import audit
from mora.store.models import (
    Absence,
    Approval,
    Case,
    CaseLoan,
    Event,
    Hold,
    ListEntry,
    Note,
    Review,
    SavedList,
    Team,
    User,
)
from mora.store.models.people import Role
from mora.web.workbench.asked import EVERYBODY
from mora.web.workbench.urls import urlpatterns
from web.conftest import AFTERNOON, TODAY, _made
from web.hands import MARKS, Hands, Open, browser, open_, work  # noqa: F401  fixtures used here too
from web.test_in_a_browser import late_loan
from web.test_rights_matrix import _address

pytestmark = MARKS
# Fixtures of another file are arguments by the same name.
# ruff: noqa: F811


def goes(hands: Hands, letter: str, path: str) -> None:
    """To a page of the navigation: g and its letter."""
    hands.key("g")
    hands.key(letter, f"location.pathname == '{path}'")
    hands.rest()


def opens(hands: Hands, path: str) -> None:
    """Enter on what the keyboard is on, which leads to a page."""
    hands.key("Enter", f"location.href.includes('{path}')")
    hands.rest()


def test_a_leaders_morning(open_: Open, work: list[Case]) -> None:
    late, complained, asked, shared, _ = work
    chen, sun = User.objects.get(username="chen"), User.objects.get(username="sun")
    Case.objects.filter(pk=late.pk).update(level_due_on=TODAY - timedelta(days=2), escalated_to=sun)
    Case.objects.filter(pk=shared.pk).update(level="L2", days_past_due=5)
    complaints.take(chen, complained, "complaint", TODAY - timedelta(days=20), "says we called five times", AFTERNOON)
    acts.hold(chen, asked, HoldKind.HARDSHIP, AFTERNOON + timedelta(days=60), "in hospital", AFTERNOON)
    listing.ask(chen, asked, "black", "broke three promises", TODAY + timedelta(days=9), ("promise",), AFTERNOON)

    # The board: one case is over its clock. Its figure leads to the list, the list to the case.
    hands = open_("sun")
    hands.go("/")
    goes(hands, "b", "/board/")
    hands.key("Tab")
    opens(hands, "#main")  # past the navigation
    hands.tab_to("1")
    opens(hands, "clock=over")
    hands.key("j")
    opens(hands, late.number)
    hands.reads("act by")

    # The owner gets three days more, with the reason; then the case goes to a colleague.
    hands.key("t", "document.activeElement.id == 'clock-until'")
    hands.words("+3")
    hands.key("Tab")
    hands.words("the branch looks for a new number")
    hands.key("Enter")
    hands.reads("The clock runs until 2026-11-23 now.")
    hands.key("a", "document.activeElement.id == 'to'")
    hands.key("Home")
    hands.key("Tab")
    hands.words("speaks the dialect")
    hands.key("Enter")
    hands.reads("Assigned to")
    late.refresh_from_db()
    assert late.level_due_on == date(2026, 11, 23)
    assert late.owner == chen

    # Cases that should have an owner are shared out; somebody who will be away gets a deputy.
    goes(hands, "t", "/team/")
    hands.reads("1 case of L2, L3 has no owner")
    hands.key("a")
    hands.reads("1 case given.")
    shared.refresh_from_db()
    assert shared.owner is not None
    hands.key("j")
    hands.key("Enter")
    hands.tab_to("since")
    hands.words("+1")
    hands.key("Tab")
    hands.words("+4")
    hands.key("Tab")
    hands.key("End")  # the last of those who could stand in
    hands.tab_to("Record absence")
    hands.key("Enter")
    hands.reads("recorded.")
    absence = Absence.objects.get()
    assert (absence.since, absence.until) == (date(2026, 11, 21), date(2026, 11, 24))
    assert absence.deputy is not None

    # Two wait for a decision. The first is granted with words. A refusal without words is not taken; with words it is.
    goes(hands, "a", "/approvals/")
    hands.key("j")
    hands.words("seen the papers")
    hands.key("Tab")
    hands.key("Enter")
    hands.reads("Granted.")
    hands.key("j")
    hands.keys("Tab", "Tab", "Enter")
    hands.reads("ay why", ".problem")
    hands.key("j")
    hands.words("two were kept in part")
    hands.keys("Tab", "Tab", "Enter")
    hands.reads("Not granted.")
    assert set(Approval.objects.values_list("state", "decision")) == {
        ("granted", "seen the papers"), ("denied", "two were kept in part"),
    }  # fmt: skip
    assert not ListEntry.objects.exists()
    assert Hold.objects.get(case=asked).until == AFTERNOON + timedelta(days=60)

    # An answer is overdue; it is found, given, and its hold is lifted.
    goes(hands, "o", "/complaints/")
    hands.reads("overdue")
    hands.key("j")
    opens(hands, complained.number)
    hands.key("u", "document.activeElement.name == 'upheld'")
    hands.key("ArrowDown")
    hands.key("Tab")
    hands.words("five calls were made; one person calls from now on")
    hands.key("Enter")
    hands.reads("Answer recorded; its hold is lifted.")
    assert complained.complaints.get().answered_on == TODAY

    # The list that is looked at each morning is kept, and taken along as a file.
    hands.go("/queue/?show=open&level=L2")
    hands.key("y", "document.activeElement.id == 'keep-name'")
    hands.words("second level")
    hands.key("Enter")
    hands.reads("second level", ".chips.saved")
    assert SavedList.objects.get(user=sun).name == "second level"
    with hands.page.expect_download() as taken:
        hands.key("x")
    assert taken.value.suggested_filename.endswith(".xlsx")
    assert Event.objects.filter(action="list.export", actor="sun").exists()
    assert not hands.refused
    assert not list(audit.verify())


def test_a_risk_reviewers_morning(open_: Open, work: list[Case], book: Book) -> None:
    wu, qian = (User.objects.get(username=name) for name in ("wu", "qian"))
    reviewers = Team.objects.get(code="risk-reviewer")
    for name, shown in (("he", "何平"), ("xu", "徐真")):
        people.make_person("mora", name, shown, Role.RISK_REVIEWER, "x-1-long-enough", AFTERNOON, team=reviewers)
    first, opined, split = (_made(n, "risk-reviewer") for n in (7, 8, 9))
    Case.objects.filter(team=reviewers).update(level="L3", days_past_due=9)
    Case.objects.exclude(team=reviewers).update(state="closed")
    CaseLoan.objects.filter(case=first).update(loan_id=late_loan(book), as_of=TODAY)
    for case in (opined, split):
        case.refresh_from_db()
        reviews.opine(User.objects.get(username="he"), case, "court", "two addresses, no income", AFTERNOON)
    reviews.opine(qian, split, "keep", "a guarantor pays", AFTERNOON)

    # The most pressing case: what is owed, and why, to the day and the cent.
    hands = open_("wu")
    hands.go("/queue/")
    hands.key("n", f"document.querySelector('[data-case]')?.dataset.case == '{first.number}'")
    hands.rest()
    hands.key("e", "document.querySelector('#panel dl.figures')")
    hands.reads("Why so many days", "#panel")
    hands.reads("Why this class", "#panel")
    hands.reads("newest first", "#panel")
    hands.key("Escape", "!document.getElementById('panel').open")

    # A first opinion: chosen with the arrows, its grounds in several lines, sent with Ctrl and Enter.
    hands.key("r", "document.getElementById('act-review').open")
    hands.tab_to("view")
    hands.keys("Space", "ArrowDown")
    hands.tab_to("view_words")
    hands.words("income fell by half\nwilling to pay in parts")
    hands.key("Control+Enter")
    hands.reads("Opinion recorded. Somebody else gives the second one.")
    made = Review.objects.get(case=first)
    assert (made.first_by, made.first_view, made.closed_at) == (wu, "plan", None)
    hands.key("r", "document.getElementById('act-review').open")
    hands.reads("somebody else goes on", "#act-review")

    # The second opinion on another, the same: the review is closed, and the clock stops.
    hands.go(f"/cases/{opined.number}/")
    hands.reads("second opinion wanted")
    hands.key("r", "document.getElementById('act-review').open")
    hands.tab_to("view")
    hands.keys("Space", "ArrowUp")  # the last one: to court
    hands.tab_to("view_words")
    hands.words("cannot be found at either address")
    hands.key("Control+Enter")
    hands.reads("Review closed: Prepare for court early.")
    assert Review.objects.get(case=opined).outcome == "court"

    # Where two differ a third decides: this one goes back to the collectors' work.
    hands.go(f"/cases/{split.number}/")
    hands.reads("opinions differ")
    hands.key("r", "document.getElementById('act-review').open")
    hands.tab_to("view")
    hands.key("Space")  # the first one: go on as now
    hands.tab_to("view_words")
    hands.words("the guarantor has paid twice")
    hands.key("Control+Enter")
    hands.reads("Review closed: Go on as now.")
    decided = Review.objects.get(case=split)
    assert (decided.outcome, decided.outcome_by) == ("keep", wu)
    split.refresh_from_db()
    assert split.level_due_on is None
    spoken = Event.objects.filter(actor="wu", action__startswith="review").order_by("seq")
    assert list(spoken.values_list("action", flat=True)) == ["review.first", "review.second", "review.decide"]
    assert not hands.refused


def test_an_auditors_morning(open_: Open, work: list[Case]) -> None:
    case, chen = work[0], User.objects.get(username="chen")
    acts.reveal(chen, case.party, "name", case, "to call back", AFTERNOON)
    acts.note(chen, case, "reached after six in the evening", AFTERNOON)
    seq, written_down = audit.head()

    # Is the record whole? The number and hash written down yesterday still stand.
    hands = open_("zheng")
    hands.go("/")
    goes(hands, "u", "/audit/")
    hands.key("Tab")
    opens(hands, "#main")
    hands.tab_to("seq")
    hands.words(str(seq))
    hands.key("Tab")
    hands.words(written_down)
    hands.key("Enter")
    hands.reads("are whole and in their order")
    hands.reads("The event written down still stands there.")

    # Who read personal data, and why?
    hands.tab_to("action")
    hands.key("ArrowDown", "location.search.includes('action=reads')")
    hands.rest()
    hands.reads("to call back", "table.list")
    assert "reached after six" not in hands.page.inner_text("main")
    assert hands.page.locator("table.list tbody tr").count() == 1
    hands.key("j")
    opens(hands, case.number)

    # The case is seen whole, and nothing on it can be done: no form, no button that acts, no key.
    hands.reads("You may read this case, and not work on it.")
    hands.reads("reached after six in the evening")
    assert hands.page.locator("main form[method=post]").count() == 0
    assert hands.page.locator("details.act").count() == 0
    hands.keys("p", "h", "r", "a", "n")
    assert hands.case() == case.number
    assert hands.page.locator("dialog[open], details.act[open]").count() == 0

    # The list of all cases can be taken along.
    hands.go("/queue/?show=all")
    hands.reads("5 cases")
    with hands.page.expect_download() as taken:
        hands.key("x")
    assert Path(taken.value.path()).read_bytes().startswith(b"PK")

    # Pages of others' work say that they are not for this role, and who may do what.
    hands.go("/approvals/")
    hands.reads("Not for this role")
    hands.tab_to("Who may do what")
    opens(hands, "/rights/")

    # Acts tried without a form are refused, each one; nothing changes and nothing is recorded.
    before = Event.objects.count(), Note.objects.count()
    zheng = User.objects.get(username="zheng")
    token = {"X-CSRFToken": hands.page.evaluate("JSON.parse(document.body.getAttribute('hx-headers'))['X-CSRFToken']")}
    tried = [each for each in urlpatterns if isinstance(each, URLPattern) and "POST" in each.callback.methods]
    own = {EVERYBODY, "see_case", "see_audit"}  # language and first steps, one's own lists, reading the chain
    # The token comes first, and a form without it is refused for another reason: so this one is sent, and answers.
    assert hands.page.request.post(f"{hands.address}/audit/verify/", headers=token).status == 200
    before = Event.objects.count(), Note.objects.count()
    for pattern in tried:
        if pattern.callback.right in own:
            continue
        answer = hands.page.request.post(hands.address + _address(pattern, case, zheng), headers=token)
        assert answer.status == 403, pattern.name
        assert "Not for this role" in answer.text(), pattern.name
    assert Event.objects.count() == before[0]
    assert not hands.refused
