"""Make the pictures of the workbench: a synthetic book, three days, some work done, every page photographed.

Run: ``PYTHONPATH=src python docs/make_screens.py [--only NAME] [--out DIR]``. Needs Chromium (``--chromium``).
All people and loans in the pictures are made up.
"""

from __future__ import annotations

import argparse
import os
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
        _photograph(address, asked.out, asked.only, asked.chromium, whole=asked.whole)


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


def _photograph(address: str, out: Path, only: str, chromium: str, *, whole: bool) -> None:
    from playwright.sync_api import sync_playwright

    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for language, locale in LANGUAGES.items():
            for width, (w, h) in WIDTHS.items():
                for name, who, act in _pages():
                    if only not in name:
                        continue
                    context = browser.new_context(viewport={"width": w, "height": h}, locale=locale)
                    page = context.new_page()
                    if who:
                        _log_in(context, address, who, language, steps=name == "first-steps")
                    act(page, address)
                    page.wait_for_load_state("networkidle")
                    page.screenshot(path=out / f"{name}.{language}.{width}.png", full_page=whole)
                    context.close()
        browser.close()


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


def _pages() -> list[tuple[str, str, Any]]:
    """Name, who looks, and how to get there."""
    from mora.store.models import Case, Promise

    pinned = Case.objects.filter(pinned=True).first()
    promised = Promise.objects.order_by("made_at").first()
    here = f"/cases/{pinned.number}/" if pinned else "/queue/"
    kept = f"/cases/{promised.case.number}/" if promised else "/queue/"

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
        ("keys", "chen", pressed("/queue/", "?")),
        ("first-steps", "chen", at("/queue/")),
        ("board", "sun", at("/board/")),
        ("approvals", "sun", at("/approvals/")),
        ("portfolio", "qian", at("/portfolio/")),
        ("rights", "qian", at("/rights/")),
        ("audit", "zheng", at("/audit/")),
        ("health", "admin", at("/health/page/")),
        ("not-for-this-role", "chen", at("/audit/")),
        ("nothing-here", "chen", at("/cases/none/")),
    ]


if __name__ == "__main__":
    main()
