"""A collector's morning with hands on the keys, every page under axe, and what pages weigh: in a real browser.

Keystrokes are counted. Typing an amount or a day is the work itself and is not; everything else is. The budgets: the
next case one key, no answer recorded in two, a promise in four, the reason behind a figure in one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import brotli
import pytest

from casework.conftest import emptied  # noqa: F401  a fixture used here too
from mora.casework import people
from mora.store.models import Attempt, Case, Promise, User
from web.conftest import BACKEND, _made

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: chromium)"),
    pytest.mark.filterwarnings("ignore"),
]


class Hands:
    """A page and the keys pressed on it."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address, self.pressed = page, address, 0

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")

    def key(self, key: str, until: str = "") -> None:
        """Press a key, and wait for what it should bring about."""
        self.pressed += 1
        self.page.keyboard.press(key)
        if until:
            self.wait(until)

    def wait(self, until: str) -> None:
        """Look until something holds. Playwright's own way evaluates text, which the content policy rightly refuses."""
        from playwright.sync_api import Error

        for _ in range(600):
            try:
                if self.page.evaluate(until):
                    return
            except Error:
                pass  # between two pages there is nothing to look at
            self.page.wait_for_timeout(100)
        pytest.fail(f"never came: {until}")

    def words(self, text: str) -> None:
        """Type what the borrower said."""
        self.page.keyboard.insert_text(text)

    def spent(self) -> int:
        """Keys pressed since it was asked last."""
        pressed, self.pressed = self.pressed, 0
        return pressed

    def case(self) -> str:
        return self.page.evaluate("document.querySelector('[data-case]')?.dataset.case ?? ''")


@pytest.fixture
def work(emptied: None, transactional_db: None) -> list[Case]:  # noqa: F811
    """The demonstration's people and five cases; committed, because the server has connections of its own."""
    from web.conftest import AFTERNOON

    people.demonstration(AFTERNOON)
    return [_made(n) for n in range(1, 6)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        held = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield held
        held.close()


Open = Callable[..., Hands]


@pytest.fixture
def open_(browser: Any, live_server: Any, work: list[Case]) -> Iterator[Open]:
    """A window for somebody who is logged in and has put the first steps away."""
    from django.test import Client

    contexts = []

    def opened(
        username: str, language: str = "en", width: int = 1440, height: int = 900, *, steps: bool = False
    ) -> Hands:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="en")
        context.set_default_timeout(60_000)
        contexts.append(context)
        if username:
            User.objects.filter(username=username).update(language=language, first_steps_put_away=not steps)
            client = Client()
            client.force_login(User.objects.get(username=username), backend=BACKEND)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
        refused: list[str] = []
        page.on("console", lambda told: refused.append(told.text) if "Content Security" in told.text else None)
        hands = Hands(page, live_server.url)
        hands.refused = refused  # type: ignore[attr-defined]
        return hands

    yield opened
    for context in contexts:
        context.close()


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
    assert not hands.refused  # type: ignore[attr-defined]


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


def test_on_the_phone_nothing_is_wider_than_it(open_: Open, work: list[Case]) -> None:
    for who, path in (
        ("chen", "/queue/"),
        ("chen", f"/cases/{work[0].number}/"),
        ("sun", "/board/"),
        ("zheng", "/audit/"),
    ):
        hands = open_(who, "en", 390, 844)
        hands.go(path)
        assert hands.page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_the_first_steps_stay_until_put_away_and_come_again(open_: Open) -> None:
    hands = open_("chen", steps=True)
    for _ in range(2):
        hands.go("/queue/")
        assert hands.page.locator(".first-steps li").count() == 5
    hands.page.click(".first-steps button")
    hands.page.wait_for_load_state()
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


def _pages(work: list[Case]) -> list[tuple[str, str]]:
    here = f"/cases/{work[0].number}/"
    return [
        ("", "/accounts/login/"), ("chen", "/queue/"), ("chen", "/queue/?q=nothing"),
        ("sun", "/queue/?show=open&level=L1"), ("chen", here), ("qian", here), ("sun", here), ("sun", "/board/"),
        ("sun", "/approvals/"), ("qian", "/portfolio/"), ("qian", "/intake/"), ("qian", "/rights/"),
        ("zheng", "/audit/"), ("admin", "/health/page/"), ("chen", "/audit/"), ("chen", "/nothing/"),
        ("chen", "/accounts/2fa/"), ("chen", "/accounts/password/change/"),
        ("sun", "/lists/"), ("sun", "/team/"), ("sun", "/complaints/"),
        ("admin", "/people/?show=all"), ("admin", "/people/add/"), ("admin", "/people/teams/"),
        ("admin", f"/people/{User.objects.get(username='chen').pk}/"),
    ]  # fmt: skip


@pytest.mark.parametrize(("width", "language"), [(1440, "zh"), (390, "en")])
def test_axe_finds_nothing(open_: Open, work: list[Case], width: int, language: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for who, path in _pages(work):
        hands = open_(who, language, width, 900)
        hands.go(path)
        result = Axe().run(hands.page)
        found += [
            f"{path}: {each['id']} {node['html'][:160]}"
            for each in result.response["violations"]
            for node in each["nodes"]
        ]
        hands.page.context.close()
    assert not found, "\n".join(found)


def test_open_forms_and_panels_under_axe(open_: Open, work: list[Case]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    for key in ("p", "h", "k", "o", "l", "s", "b", "f", "v", "?"):
        hands = open_("chen")
        hands.go(f"/cases/{work[0].number}/")
        hands.key(key)
        hands.page.wait_for_timeout(500)
        found = [(each["id"], each["nodes"][0]["html"][:160]) for each in Axe().run(hands.page).response["violations"]]
        assert not found, f"{key}: {found}"


@pytest.mark.long
def test_pages_weigh_less_than_two_hundred_kilobytes(open_: Open, work: list[Case]) -> None:
    """As delivered: pages as they are, static files as whitenoise packs them."""
    for who, path in _pages(work):
        hands = open_(who)
        weights: dict[str, int] = {}

        def weigh(response: Any, weights: dict[str, int] = weights) -> None:
            if response.request.resource_type in ("document", "stylesheet", "script", "image", "font", "xhr", "fetch"):
                body = response.body() if response.status == 200 else b""
                weights[response.url] = len(brotli.compress(body)) if "/static/" in response.url else len(body)

        hands.page.on("response", weigh)
        hands.go(path)
        assert sum(weights.values()) < 200_000, f"{path}: {weights}"
        assert all(url.startswith(hands.address) for url in weights), "a page asks another house"


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
