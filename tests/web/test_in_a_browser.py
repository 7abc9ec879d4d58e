"""A collector's morning with hands on the keys; every page, form and panel under axe, on both widths, and weighed.

Keystrokes are counted. Typing an amount or a day is the work itself and is not; everything else is. The budgets: the
next case one key, no answer recorded in two, a promise in four, the reason behind a figure in one.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern

from casework.conftest import emptied  # noqa: F401  a fixture used here too
from mora.casework import acts, attachments, complaints, listing, promises, reviews, saved, team
from mora.casework.rights import reach
from mora.engine.book.manifest import Book
from mora.gate.terms import HoldKind
from mora.store.models import Attempt, Case, CaseLoan, DayJob, Promise, Upload, User
from mora.web.workbench.asked import EVERYBODY
from mora.web.workbench.urls import urlpatterns
from web.conftest import AFTERNOON, TODAY
from web.hands import DESK, MARKS, PHONE, Hands, Open, browser, open_, work  # noqa: F401  fixtures used here too

pytestmark = MARKS
# Fixtures of another file are arguments by the same name.
# ruff: noqa: F811


def test_a_collectors_morning_in_keys(open_: Open, work: list[Case]) -> None:
    hands = open_("chen")
    hands.go("/queue/")

    # The next case: one key.
    hands.key("n", "document.querySelector('[data-case]')")
    assert hands.spent() == 1
    first = hands.case()
    assert first == work[0].number

    # No answer: two keys, and the next case is there.
    hands.key("1")
    hands.key("Enter", f"document.querySelector('[data-case]')?.dataset.case != '{first}'")
    assert hands.spent() == 2
    assert Attempt.objects.get(case=work[0]).result == "no_answer"
    second = hands.case()
    assert second == work[1].number

    # A promise: p, the amount, Tab, the day, Enter. How it was understood stands there before it is recorded.
    hands.key("p")
    hands.words("1.2万")
    hands.key("Tab")
    hands.words("下周五")
    hands.wait("document.getElementById('understood').innerText.includes('2026-11-27')")
    assert "12,000.00" in hands.page.inner_text("#understood")
    hands.key("Enter", f"document.querySelector('[data-case]')?.dataset.case != '{second}'")
    assert hands.spent() <= 4
    made = Promise.objects.get(case=work[1])
    assert (made.amount_minor, f"{made.due_on}") == (1_200_000, "2026-11-27")
    assert Attempt.objects.get(case=work[1]).result == "right_party"

    # Why: one key. Escape closes it, and what it held is gone.
    hands.key("e", "document.getElementById('panel').open")
    assert hands.spent() == 1
    hands.key("Escape", "!document.getElementById('panel').open")

    # Keys sleep in fields.
    third = hands.case()
    hands.key("w")
    hands.page.keyboard.type("n1pe/?")
    assert hands.case() == third
    assert hands.page.input_value("#note") == "n1pe/?"
    hands.key("Escape")
    hands.key("?", "document.getElementById('keys').open")
    hands.key("Escape", "!document.getElementById('keys').open")
    hands.key("g")
    hands.key("q", "!document.querySelector('[data-case]')")
    assert hands.page.url.endswith("/queue/")
    assert not hands.refused


def test_a_refusal_keeps_place_and_words(open_: Open, work: list[Case]) -> None:
    hands = open_("chen")
    hands.go(f"/cases/{work[0].number}/")
    hands.key("p")
    hands.words("many")
    hands.key("Tab")
    hands.words("+7")
    hands.key("Enter", "document.querySelector('.forms .problem')")
    assert "is no amount" in hands.page.inner_text(".forms .problem")
    assert hands.page.input_value("#amount") == "many"
    assert hands.page.input_value("#due_on") == "+7"
    assert hands.case() == work[0].number
    assert not Promise.objects.exists()


def test_the_method_of_a_chinese_keyboard_does_not_trigger_keys(open_: Open, work: list[Case]) -> None:
    hands = open_("chen")
    hands.go(f"/cases/{work[0].number}/")
    press = "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Process', bubbles: true, %s}))"
    hands.page.evaluate(press % "code: 'KeyN', isComposing: true")
    assert hands.case() == work[0].number
    # Outside composing, the physical key counts, whatever letter the layout gives.
    hands.page.evaluate(press % "code: 'KeyP'")
    assert hands.page.evaluate("document.getElementById('act-promise').open")


def test_nothing_for_a_call_lies_below_the_first_screen(open_: Open, work: list[Case]) -> None:
    for language in ("zh", "en"):
        hands = open_("chen", language)
        hands.go(f"/cases/{work[0].number}/")
        for part in (".who", ".gate", ".owed", ".two", ".step", "#record [data-record]"):
            box = hands.page.locator(part).bounding_box()
            assert box["y"] + box["height"] <= 900, f"{part} ends at {box['y'] + box['height']}"


def test_the_first_steps_stay_until_put_away_and_come_again(open_: Open) -> None:
    hands = open_("chen", steps=True)
    for _ in range(2):
        hands.go("/queue/")
        assert hands.page.locator(".first-steps li").count() == 5
    hands.page.click(".first-steps button")
    hands.wait("document.querySelector('.first-steps') == null")
    assert hands.page.locator(".first-steps").count() == 0
    hands.go("/queue/")
    assert hands.page.locator(".first-steps").count() == 0
    hands.page.click("button[name=steps][value=back]")
    hands.page.wait_for_load_state()
    assert hands.page.locator(".first-steps li").count() == 5


def test_what_was_revealed_goes_with_the_panel(open_: Open, work: list[Case]) -> None:
    hands = open_("chen")
    hands.go(f"/cases/{work[0].number}/")
    hands.key("v", "document.querySelector('#panel-body #reveal-reason')")
    hands.words("to call")
    hands.key("Enter", "document.querySelector('.revealed')")
    name = work[0].party._meta.get_field("name").open(Case.objects.get(pk=work[0].pk).party)
    assert hands.page.inner_text(".revealed") == name
    hands.key("Escape", "!document.getElementById('panel').open")
    assert name not in hands.page.content()


@pytest.fixture
def busy(work: list[Case], book: Book) -> list[Case]:
    """The same cases with everything a page can show: opinions, complaints, lists, holds, files, absences, a book."""
    person = {user.username: user for user in User.objects.all()}
    chen, sun, wu, qian = (person[name] for name in ("chen", "sun", "wu", "qian"))
    told, reviewed, court, complained, quiet = work
    CaseLoan.objects.filter(case=told).update(loan_id=late_loan(book), as_of=TODAY)
    promises.promise(chen, told, 50_000, TODAY + timedelta(days=3), "voice", AFTERNOON)
    acts.note(chen, told, "白天在工地，傍晚六点后方便接电话。", AFTERNOON)
    acts.cause(chen, told, "income_fall", "partly", "yes", "公司减薪", AFTERNOON)
    attachments.attach(
        chen, told, kind="hardship", about="收入证明",
        name="a.pdf", content=b"%PDF-1.4\n%%EOF", size=14, at=AFTERNOON,
    )  # fmt: skip
    for name, closes in (("watch", ()), ("black", ("promise", "agency"))):
        asked = listing.ask(chen, complained, name, "承诺屡次未履行", TODAY + timedelta(days=9), closes, AFTERNOON)
        acts.decide(sun, asked, True, "属实", AFTERNOON)
    listing.ask(chen, quiet, "white", "住院期间", TODAY + timedelta(days=30), (), AFTERNOON)
    acts.hold(chen, quiet, HoldKind.HARDSHIP, AFTERNOON + timedelta(days=60), "住院治疗", AFTERNOON)
    complaints.take(chen, complained, "complaint", TODAY - timedelta(days=20), "称一日内来电五次", AFTERNOON)
    complaints.take(chen, complained, "credit", TODAY, "称征信记录有误", AFTERNOON, forwarded=True)
    Case.objects.filter(pk=reviewed.pk).update(level="L3", days_past_due=9, escalated_to=sun, escalated_on=TODAY)
    reviewed.refresh_from_db()
    reviews.opine(wu, reviewed, "plan", "收入中断，但有还款意愿", AFTERNOON)
    Case.objects.filter(pk=court.pk).update(level="L4", days_past_due=40)
    team.away(sun, chen, TODAY + timedelta(days=3), TODAY + timedelta(days=5), sun, AFTERNOON)
    saved.keep(sun, "逾期较久", "show=open&level=L3")
    Upload.objects.create(
        at=AFTERNOON, by=qian, state=Upload.State.TAKEN, import_id="none", files=[{"name": "loans.csv"}],
        tables={"loans": {"rows": {"in": 3, "kept": 2, "unchanged": 0, "set_aside": 1}}}, codes={"ROW.AMOUNT": 1},
    )  # fmt: skip
    counts = {"opened": 1, "updated": 2, "escalated": 0, "eased": 0, "closed": 0, "judged": 1}
    DayJob.objects.create(as_of=TODAY, asked_by=qian, asked_at=AFTERNOON, state="done", counts=counts)
    return work


def late_loan(book: Book) -> str:
    """A loan of the book that is late, and can be explained."""
    import polars as pl

    from mora.engine import snapshots

    late = snapshots.positions(book, TODAY).filter(pl.col("days_past_due") > 5).collect()
    return str(late.sort("loan_id")["loan_id"][0])


NOT_PAGES = {
    "home": "sends on", "next": "sends on", "case-understood": "a line of a form",
    "case-timeline": "a part of the case",
    "case-reveal": "a panel, opened below", "day-progress": "a part of its page", "health": "read by machines",
    "export": "a file", "case-file": "a file", "intake-set-aside": "a file",
}  # fmt: skip
"""Addresses that answer GET with something else than a page. Every other one is looked at, without being named."""
MORE_LOOKS = {
    "queue": [("chen", "/queue/?q=nothing"), ("sun", "/queue/?show=open&level=L1&product=cn_consumer"),
              ("chen+steps", "/queue/"), ("lin", "/queue/")],
    "case": [("sun", "/cases/C-W0002/"), ("sun", "/cases/C-W0004/"), ("zhao", "/cases/C-W0003/"),
             ("zheng", "/cases/C-W0005/")],
    "audit": [("chen", "/audit/"), ("zheng+steps", "/audit/?since=someday")],
    "complaints": [("sun", "/complaints/?show=overdue"), ("wu", "/complaints/?show=answered")],
    "health-page": [("admin+steps", "/health/page/")],
    "intake": [("admin", "/intake/")],
    "people": [("admin", "/people/?show=all")],
}  # fmt: skip
"""Further looks at a page: another person, a filter, nothing found, a refusal, the first steps."""
OUTSIDE = [
    ("", "/accounts/login/"), ("chen", "/nothing/"), ("chen", "/accounts/2fa/"), ("chen", "/accounts/password/change/"),
    ("chen", "/accounts/logout/"), ("chen", "/accounts/2fa/totp/activate/"), ("chen", "/accounts/reauthenticate/"),
]  # fmt: skip
"""Pages that are not the workbench's own."""
FIRST = ("chen", "sun", "qian", "wu", "zhao", "zheng", "admin")
"""Who looks at a page nobody is named for: the first who may."""


def looks(busy: list[Case], language: str) -> list[tuple[str, str]]:
    """Who looks at which address: every page of the workbench, and those outside it."""
    from mora.core.words import Language
    from mora.report.page import page_name
    from web.test_rights_matrix import _address

    people = {user.username: user for user in User.objects.all()}
    found = list(OUTSIDE)
    for pattern in urlpatterns:
        assert isinstance(pattern, URLPattern)
        if "GET" not in pattern.callback.methods or pattern.name in NOT_PAGES:
            continue
        right = pattern.callback.right
        who = next(name for name in FIRST if right == EVERYBODY or reach(people[name], right))
        address = _address(pattern, busy[0], people[who]).replace("day.en.html", page_name(Language(language)))
        found.append((who, address))
        found += MORE_LOOKS.get(pattern.name, [])
    return found


AXE_AT = {"zh": DESK, "en": PHONE}
"""Where axe looks in the ordinary run; the long one has it look at each language on both."""


@pytest.mark.parametrize(
    ("language", "everything"),
    [("zh", False), ("en", False), *(pytest.param(each, True, marks=pytest.mark.long) for each in ("zh", "en"))],
)
def test_every_page_is_whole(open_: Open, busy: list[Case], language: str, everything: bool) -> None:
    """On the desk and on the phone: nothing for axe, nothing wider than the window; light, and from one house."""
    found, now = [], ""
    hands = open_("", language, *DESK)
    for who, path in looks(busy, language):
        name, _, steps = who.partition("+")
        if who != now:
            hands.become(name, language, steps=bool(steps))
            now = who
        hands.sized(DESK)
        hands.go(path)
        weight = sum(hands.weights.values())
        if weight >= 200_000:
            found.append(f"{path} weighs {weight}: {hands.weights}")
        found += [f"{path} asks another house: {url}" for url in hands.weights if not url.startswith(hands.address)]
        assert hands.page.evaluate("document.documentElement.lang").startswith(language), path
        # The report is large and the same on both: each language of it is read on one.
        for size in (DESK, PHONE) if "/report/" not in path else (PHONE if language == "en" else DESK,):
            hands.sized(size)
            if everything or size == AXE_AT[language]:
                found += [f"{who} {path} {size[0]}: {each}" for each in hands.barriers()]
            if wide := hands.too_wide():
                found.append(f"{who} {path}: wider than {size[0]} because of {wide}")
    found += hands.refused
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_form_and_panel_is_whole(open_: Open, busy: list[Case], language: str) -> None:
    """Each act's form and each panel, opened by its key: nothing for axe, nothing wider than the window."""
    there: set[str] = set()
    opened: set[str] = set()
    found = []
    hands = open_("chen", language, *DESK)
    for who, number, keys in (
        ("chen", 1, "phkolsbfve?"), ("sun", 2, "rta"), ("sun", 4, "ta"), ("zhao", 3, "ob"),
    ):  # fmt: skip
        hands.become(who, language)
        hands.go(f"/cases/C-W000{number}/")
        for key in keys:
            hands.key(key, "document.querySelector('details.act[open], dialog[open]')")
            hands.rest()
            shown = hands.page.evaluate("document.querySelector('dialog[open], details.act[open]').id")
            opened.add(shown)
            for size in (DESK, PHONE):
                hands.sized(size)
                parts = ["dialog[open]"] if shown in ("panel", "keys") else [".acts"]
                found += [f"{who} {number} {key} {size[0]}: {each}" for each in hands.barriers(*parts)]
                if wide := hands.too_wide():
                    found.append(f"{who} {number} {key}: wider than {size[0]} because of {wide}")
            hands.sized(DESK)
            hands.key("Escape")
            hands.wait("!document.querySelector('details.act[open], dialog[open]')")
        there |= set(hands.page.evaluate("[...document.querySelectorAll('details.act, dialog')].map(each => each.id)"))
    # A refusal at its field, too.
    hands.become("chen", language)
    hands.go("/cases/C-W0001/")
    hands.key("p")
    hands.words("many")
    hands.key("Tab")
    hands.words("+7")
    hands.key("Enter", "document.querySelector('.forms .problem')")
    found += hands.barriers(".acts")
    assert opened == there
    assert not found, "\n".join(found)


def test_made_static_files_are_whole(tmp_path: Path, settings: Any) -> None:
    """What an installation collects: every file a style sheet names is there, and named by its content."""
    from django.core.management import call_command

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    made = (tmp_path / "staticfiles.json").read_text()
    for name in ("mora/mora.css", "mora/mora.js", "bootstrap/css/bootstrap.min.css", "django_htmx/htmx-2.min.js"):
        assert f'"{name}"' in made
