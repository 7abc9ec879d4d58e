"""Make the pictures of the workbench: a synthetic book, three days, some work done, every page photographed.

Run: ``PYTHONPATH=src python docs/make_screens.py``. Without more it makes the pictures that the documents show; with
``--all --out DIR`` every page, for the desk and the phone, in both languages. Needs Chromium (``--chromium``). All
people and loans in the pictures are made up.
"""

from __future__ import annotations

import argparse
import base64
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

FIRST = date(2026, 11, 18)
DAYS = 3
AT = datetime(2026, 11, 20, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
WIDTHS = {"desk": (1440, 900), "phone": (390, 844)}
LANGUAGES = {"zh": "zh-CN", "en": "en"}


def main() -> None:
    """Photograph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "pictures")
    parser.add_argument("--home", type=Path, help="keep the installation here, and use it again")
    parser.add_argument("--all", action="store_true", help="every page, not only those the documents show")
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--whole", action="store_true", help="photograph the whole length of a page")
    asked = parser.parse_args()
    home = asked.home or Path(tempfile.mkdtemp(prefix="mora-screens-"))
    os.environ |= {
        "MORA_HOME": str(home), "MORA_BOOK": str(home / "book"), "DJANGO_SETTINGS_MODULE": "mora.web.settings",
        "MORA_ORGANISATION": "示范银行", "MORA_DEBUG": "1", "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }  # fmt: skip
    import django

    django.setup()
    from mora.casework import asking

    asking.local_now = lambda: AT
    if not (home / "made").exists():
        _make(home)
        (home / "made").touch()
    with _served() as address:
        wanted = None if asked.all else _shown()
        _photograph(address, asked.out, asked.only, asked.chromium, wanted, whole=asked.whole)


def _shown() -> set[str]:
    """The pictures that some document shows."""
    root = Path(__file__).parents[1]
    texts = [root / "README.md", *(root / "docs").rglob("*.md")]
    return {each for text in texts for each in re.findall(r"pictures/([\w.-]+)\.webp", text.read_text("utf-8"))}


def _make(home: Path) -> None:
    """A book, its days, people, and some work done."""
    from django.core.management import call_command

    from mora.casework import acts, contact, from_day, people, promises, queue
    from mora.engine.book import import_book
    from mora.engine.book.manifest import open_book
    from mora.engine.day import run_day
    from mora.feeds.synthetic import Order, write_book
    from mora.gate.terms import Channel, HoldKind, Result

    source = home / "source"
    write_book(Order(loans=3000, as_of=FIRST, days=DAYS - 1), source)
    import_book(source, home / "book", at=AT)
    call_command("migrate", verbosity=0)
    people.demonstration(AT - timedelta(days=DAYS))
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        if n:
            import_book(source / f"day-{day}", home / "book", at=AT)
        book = open_book(home / "book")
        run_day(book, day)
        from_day.take_in(open_book(home / "book"), day, at=AT - timedelta(days=DAYS - 1 - n, hours=7))
    from mora.store.models import User

    chen, sun = User.objects.get(username="chen"), User.objects.get(username="sun")
    voice = [Result.NO_ANSWER, Result.RIGHT_PARTY, Result.BUSY, Result.NO_ANSWER, Result.VOICEMAIL, Result.RIGHT_PARTY]
    for n, result in enumerate(voice):
        at = AT - timedelta(hours=5) + timedelta(minutes=11 * n)
        case = queue.next_case(chen, at)
        if case is None:
            break
        point = case.party.points.filter(channel="mobile").first()
        contact.record_attempt(
            chen, case, channel=Channel.VOICE, point=point, result=result, at=at, key=f"seed-{n}",
            said="周五发工资后还一部分" if result is Result.RIGHT_PARTY else "",
        )  # fmt: skip
        if result is Result.RIGHT_PARTY:
            due = AT.date() + timedelta(days=n)
            promises.promise(chen, case, max(1, case.arrears_minor // 2 // 100 * 100), due, "voice", at)
            acts.cause(chen, case, "income_fall", "partly", "yes", "公司减薪，本月起只发基本工资", at)
    # One case with a past: tried on the days before, waiting again now.
    case = queue.waiting(chen, AT).first()
    assert case is not None, "the synthetic book has a case that waits"
    point = case.party.points.filter(channel="mobile").first()
    for days, result in ((2, Result.NO_ANSWER), (1, Result.BUSY), (1, Result.RIGHT_PARTY)):
        at = AT - timedelta(days=days, hours=3 - days)
        key = f"past-{days}-{result}"
        contact.record_attempt(chen, case, channel=Channel.VOICE, point=point, result=result, at=at, key=key)
    acts.note(chen, case, "白天在工地，傍晚六点后方便接电话。", AT - timedelta(days=1))
    case.refresh_from_db()
    queue.pin(sun, case, True, AT)
    queue.wake(chen, case, AT)
    other = queue.waiting(chen, AT).exclude(pk=case.pk).first()
    assert other is not None
    until, reason = AT + timedelta(days=60), "住院治疗，出院前无收入"
    acts.hold(chen, other, HoldKind.HARDSHIP, until, reason, AT - timedelta(hours=1))
    queue.next_case(chen, AT)
    _work_of_others(source)


def _work_of_others(source: Path) -> None:
    """What reviewers, leaders, legal officers and whoever runs the day did: opinions, lists, complaints, absences."""
    from mora.casework import acts, attachments, complaints, court, demonstration, listing, people, reviews, saved, team
    from mora.store.models import Case, DayJob, Team, User
    from mora.store.models.people import Role

    reviewers = Team.objects.get(code="risk-reviewer")
    people.make_person("mora", "he", "何平", Role.RISK_REVIEWER, people.DEMO_PASSWORD, AT, team=reviewers)
    collectors = Team.objects.get(code="collector")
    people.make_person("mora", "ma", "马俊", Role.COLLECTOR, people.DEMO_PASSWORD, AT, team=collectors)
    person = {user.username: user for user in User.objects.all()}
    chen, sun, wu, he, zhao, qian = (person[name] for name in ("chen", "sun", "wu", "he", "zhao", "qian"))
    demonstration.some_work(AT - timedelta(hours=2))
    ours = list(Case.objects.filter(team=collectors, state="open", taken_by=None).order_by("-priority", "number")[5:14])
    about = ("称一日内来电五次，影响工作", "对罚息计算有异议，认为应自宽限期后起算", "称征信逾期记录与实际还款不符")
    for case, kind, days, words in zip(ours, ("complaint", "dispute", "credit"), (17, 3, 1), about, strict=False):
        complaints.take(chen, case, kind, AT.date() - timedelta(days=days), words, AT - timedelta(days=days))
    for case, name, closes, words in (
        (ours[3], "watch", (), "三个月内两次部分还款后失联"), (ours[4], "black", ("promise",), "承诺三次均未履行"),
        (ours[5], "white", (), "工伤住院，家属已提交证明"),
    ):  # fmt: skip
        asked = listing.ask(chen, case, name, words, AT.date() + timedelta(days=45), closes, AT - timedelta(hours=3))
        acts.decide(sun, asked, True, "材料属实", AT - timedelta(hours=2))
    listing.ask(chen, ours[6], "watch", "更换工作单位，收入待核实", AT.date() + timedelta(days=60), (), AT)
    attachments.attach(
        chen, ours[0], kind="hardship", about="停薪通知", name="通知.pdf", content=b"%PDF-1.4\n%%EOF", size=14, at=AT
    )
    reviewed = list(Case.objects.filter(level="L3", team=reviewers, state="open").order_by("-priority", "number")[:3])
    for case, (first, second) in zip(reviewed, (("plan", ""), ("watch", "court"), ("plan", "plan")), strict=False):
        reviews.opine(he, case, first, "近六个月工资流水下降四成，仍有还款意愿，可商定分期", AT - timedelta(hours=6))
        if second:
            reviews.opine(qian, case, second, "两处住址均无人，担保人未履行", AT - timedelta(hours=4))
    late = Case.objects.filter(level="L4", team__code="legal-officer", state="open").order_by("-priority").first()
    if late is not None:
        for item, words in (
            ("contract", "档案室 B-12"),
            ("statement", "已与核心系统对平"),
            ("identity", "联网核查通过"),
        ):
            court.check(zhao, late, item, True, words, AT - timedelta(hours=3))
    team.away(sun, chen, AT.date() + timedelta(days=3), AT.date() + timedelta(days=8), person["ma"], AT)
    team.able(sun, person["ma"], ["cantonese", "mortgage"], 60, AT)
    saved.keep(sun, "超时未办", "show=open&clock=over")
    acts.reveal(wu, ours[1].party, "name", ours[1], "核对身份", AT - timedelta(hours=1))
    _brought_in(qian, source / f"day-{AT.date()}")
    counts = {"opened": 41, "updated": 287, "escalated": 36, "eased": 9, "closed": 22, "judged": 3}
    DayJob.objects.create(
        as_of=AT.date(), asked_by=qian, asked_at=AT - timedelta(hours=7), state="done", counts=counts
    )  # fmt: skip


def _brought_in(qian: Any, folder: Path) -> None:
    """The last day's files once more, three of their values spoilt: what is there already changes nothing."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from mora.casework import intake

    files = {each.name: each.read_bytes() for each in folder.iterdir() if each.suffix in (".csv", ".yaml", ".txt")}
    lines = files["postings.csv"].decode().split("\n")
    for row, column, value in ((2, 4, "a lot"), (5, 4, "-"), (9, 3, "30.02.2026")):
        cells = lines[row].split(",")
        cells[column] = value
        lines[row] = ",".join(cells)
    files["postings.csv"] = "\n".join(lines).encode()
    given = [SimpleUploadedFile(name, content) for name, content in files.items()]
    intake.bring_in(qian, given, AT - timedelta(hours=8))


@contextmanager
def _served() -> Iterator[str]:
    """The application on a port of this machine, its clock standing at three in the afternoon."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.test.testcases import LiveServerThread

    thread = LiveServerThread("localhost", StaticFilesHandler)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    try:
        yield f"http://localhost:{thread.port}"
    finally:
        thread.terminate()


def _photograph(
    address: str, out: Path, only: str, chromium: str, wanted: set[str] | None, *, whole: bool
) -> None:  # fmt: skip
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        painter = browser.new_page()
        for language, locale in LANGUAGES.items():
            for width, (w, h) in WIDTHS.items():
                for name, who, act in _pages(language):
                    file = f"{name}.{language}.{width}"
                    if only not in name or (wanted is not None and file not in wanted):
                        continue
                    context = browser.new_context(viewport={"width": w, "height": h}, locale=locale)
                    page = context.new_page()
                    if who:
                        _log_in(context, address, who, language, steps=name.startswith("first-steps"))
                    act(page, address)
                    page.wait_for_load_state("networkidle")
                    _write(painter, page.screenshot(full_page=whole), out / f"{file}.webp")
                    context.close()
        browser.close()


def _write(painter: Any, png: bytes, path: Path) -> None:
    """As WebP, which the browser can write: text stays sharp and the file is a third of a PNG."""
    painted = painter.evaluate(
        """async data => {
            const image = new Image();
            image.src = 'data:image/png;base64,' + data;
            await image.decode();
            const canvas = document.createElement('canvas');
            canvas.width = image.width;
            canvas.height = image.height;
            canvas.getContext('2d').drawImage(image, 0, 0);
            return canvas.toDataURL('image/webp', 0.82).split(',')[1];
        }""",
        base64.b64encode(png).decode(),
    )
    path.write_bytes(base64.b64decode(painted))


def _log_in(context: Any, address: str, who: str, language: str, *, steps: bool) -> None:
    """A session, without going through the page each time."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from mora.store.models import User

    User.objects.filter(username=who).update(language=language, first_steps_put_away=not steps)
    user = User.objects.get(username=who)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": address}])


def _pages(language: str) -> list[tuple[str, str, Any]]:
    """Name, who looks, and how to get there: every page a person sees."""
    from mora.core.words import Language
    from mora.report.page import page_name
    from mora.store.models import Case, Complaint, ListEntry, Promise, Review, Upload

    pinned = Case.objects.filter(pinned=True).first()
    promised = Promise.objects.order_by("made_at").first()
    here = f"/cases/{pinned.number}/" if pinned else "/queue/"
    kept = f"/cases/{promised.case.number}/" if promised else "/queue/"

    def case(number: str | None) -> str:
        return f"/cases/{number}/" if number else "/queue/"

    opinions = Review.objects.order_by("pk").values_list("case__number", flat=True)
    waiting = case(opinions.filter(second_by=None).first())
    differ = case(opinions.filter(second_by__isnull=False, closed_at=None).first())
    agreed = case(opinions.filter(closed_at__isnull=False).first())
    court = case(Case.objects.filter(checks__isnull=False).values_list("number", flat=True).first())
    complained = case(Complaint.objects.order_by("answer_by").values_list("case__number", flat=True).first())
    listed = case(ListEntry.objects.filter(name="black").values_list("party__cases__number", flat=True).first())
    why = f"{here}why/{pinned.loans.order_by('-days_past_due').first().loan_id}/" if pinned else "/queue/"
    report = f"/intake/report/{AT.date()}/{page_name(Language(language))}"
    upload = Upload.objects.order_by("-pk").first()
    result = f"/intake/{upload.pk}/" if upload else "/intake/"

    def at(path: str) -> Any:
        return lambda page, address: page.goto(address + path)

    def pressed(path: str, *keys: str, text: tuple[str, ...] = ()) -> Any:
        def act(page: Any, address: str) -> None:
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            for key in keys:
                page.keyboard.press(key)
            for n, each in enumerate(text):
                if n:
                    page.keyboard.press("Tab")
                page.keyboard.type(each)
            page.wait_for_timeout(700)
            while page.evaluate("!!document.querySelector('#panel-body [role=status]')"):
                page.wait_for_timeout(100)

        return act

    def menu(page: Any, address: str) -> None:
        page.goto(address + "/queue/")
        if page.viewport_size["width"] < 768:
            page.click(".menu > summary")

    return [
        ("log-in", "", at("/accounts/login/")),
        ("queue", "chen", at("/queue/")),
        ("queue-filtered", "sun", at("/queue/?show=open&level=L4&level=L3X&sort=amount")),
        ("queue-empty", "lin", at("/queue/?q=99999999")),
        ("case", "chen", at(here)),
        ("case-promised", "chen", at(kept)),
        ("case-promise", "chen", pressed(here, "p", text=("1.2万", "下周五"))),
        ("case-promise-wrong", "chen", pressed(here, "p", text=("many", "someday"))),
        ("case-outcome", "chen", pressed(here, "1")),
        ("case-why", "chen", pressed(here, "e")),
        ("case-reveal", "chen", pressed(here, "v")),
        ("case-read-only", "qian", at(kept)),
        ("case-hold", "chen", pressed(here, "h")),
        ("case-cause", "chen", pressed(here, "k")),
        ("case-complaint-form", "chen", pressed(here, "o")),
        ("case-list-form", "chen", pressed(here, "b")),
        ("case-file-form", "chen", pressed(here, "f")),
        ("case-aside", "chen", pressed(here, "l")),
        ("case-more-time", "sun", pressed(complained, "t")),
        ("case-assign", "sun", pressed(complained, "a")),
        ("case-complaint", "sun", at(complained)),
        ("case-listed", "sun", at(listed)),
        ("case-auditor", "zheng", at(here)),
        ("why", "wu", at(why)),
        ("review", "wu", pressed(waiting, "r")),
        ("review-differ", "wu", pressed(differ, "r")),
        ("review-closed", "wu", at(agreed)),
        ("court", "zhao", at(court)),
        ("keys", "chen", pressed("/queue/", "?")),
        ("menu", "sun", menu),
        ("first-steps", "chen", at("/queue/")),
        ("first-steps-leader", "sun", at("/queue/")),
        ("board", "sun", at("/board/")),
        ("team", "sun", at("/team/")),
        ("approvals", "sun", at("/approvals/")),
        ("complaints", "sun", at("/complaints/")),
        ("lists", "sun", at("/lists/")),
        ("portfolio", "qian", at("/portfolio/")),
        ("report", "qian", at(report)),
        ("intake", "qian", at("/intake/")),
        ("intake-result", "qian", at(result)),
        ("rights", "qian", at("/rights/")),
        ("audit", "zheng", at("/audit/")),
        ("audit-reads", "zheng", at("/audit/?action=reads")),
        ("health", "admin", at("/health/page/")),
        ("second-factor", "chen", at("/accounts/2fa/")),
        ("second-factor-app", "chen", at("/accounts/2fa/totp/activate/")),
        ("password", "chen", at("/accounts/password/change/")),
        ("log-out", "chen", at("/accounts/logout/")),
        ("confirm-it-is-you", "chen", at("/accounts/reauthenticate/")),
        ("not-for-this-role", "chen", at("/audit/")),
        ("nothing-here", "chen", at("/cases/none/")),
    ]


if __name__ == "__main__":
    main()
