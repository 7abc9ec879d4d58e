"""A real browser in tests: a window for each person, hands on its keys, axe over what is shown, and what it weighs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import brotli
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from mora.casework import people
from mora.store.models import Case, User
from web.conftest import AFTERNOON, BACKEND, _made

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
MARKS = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: chromium)"),
    pytest.mark.filterwarnings("ignore"),
]
DESK, PHONE = (1440, 900), (390, 844)
_AT_REST = (
    "document.readyState == 'complete' && "
    "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling, .htmx-added')"
)
"""Parts that were swapped in hear nothing until they have settled."""
_KINDS = ("document", "stylesheet", "script", "image", "font", "xhr", "fetch")


class Hands:
    """A page and the keys pressed on it."""

    def __init__(self, page: Any, address: str) -> None:
        self.page, self.address, self.pressed = page, address, 0
        self.refused: list[str] = []
        """What the content policy refused."""
        self.weights: dict[str, int] = {}
        """Bytes by address since the last page was gone to, as delivered: static files as whitenoise packs them."""
        page.on("pageerror", lambda error: pytest.fail(f"script: {error}"))
        page.on("console", lambda told: self.refused.append(told.text) if "Content Security" in told.text else None)
        page.on("response", self._weigh)

    def _weigh(self, response: Any) -> None:
        if response.request.resource_type not in _KINDS:
            return
        if "/static/" in response.url and response.status == 200:
            self.weights[response.url] = _STATIC.get(response.url) or _STATIC.setdefault(
                response.url, _packed(response.body())
            )
        else:
            self.weights[response.url] = len(response.body()) if response.status in (200, 403, 404) else 0

    def become(self, username: str, language: str = "en", *, steps: bool = False) -> None:
        """Log in as somebody who reads a language, in the same window; its store of static files stays warm."""
        self.page.context.clear_cookies()
        if not username:
            return
        User.objects.filter(username=username).update(language=language, first_steps_put_away=not steps)
        client = Client()
        client.force_login(User.objects.get(username=username), backend=BACKEND)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.address}
        self.page.context.add_cookies([cookie])

    def go(self, path: str) -> None:
        """Go to an address and wait until nothing more is under way."""
        self.weights.clear()
        self.page.goto(self.address + path)
        self.rest()

    def rest(self) -> None:
        """Wait until the page and its parts are there."""
        self.wait(_AT_REST)

    def key(self, key: str, until: str = "") -> None:
        """Press a key, and wait for what it should bring about."""
        self.pressed += 1
        self.page.keyboard.press(key)
        if until:
            self.wait(f"({until}) && {_AT_REST}")

    def keys(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.key(key)

    def wait(self, until: str) -> None:
        """Look until something holds. Playwright's own way evaluates text, which the content policy rightly refuses."""
        from playwright.sync_api import Error

        for _ in range(1200):
            try:
                if self.page.evaluate(until):
                    return
            except Error:
                pass  # between two pages there is nothing to look at
            self.page.wait_for_timeout(25)
        pytest.fail(f"never came: {until}, at {self.page.url}")

    def reads(self, text: str, within: str = "main") -> None:
        """Wait until a part of the page says something."""
        self.wait(f"document.querySelector({within!r})?.innerText.includes({text!r})")

    def words(self, text: str) -> None:
        """Type what a person would; it is the work itself and counts as no key."""
        self.page.keyboard.insert_text(text)

    def spent(self) -> int:
        """Keys pressed since it was asked last."""
        pressed, self.pressed = self.pressed, 0
        return pressed

    def case(self) -> str:
        """The case that is open."""
        return self.page.evaluate("document.querySelector('[data-case]')?.dataset.case ?? ''")

    def holds(self) -> str:
        """What the keyboard is on: name or id of the element, else its words."""
        return self.page.evaluate("(e => e.name || e.id || e.innerText.split('\\n')[0].trim())(document.activeElement)")

    def tab_to(self, meant: str) -> None:
        """Tab until the keyboard is on something by its name, id or words; a page has an end."""
        for _ in range(120):
            if self.holds() == meant:
                return
            self.key("Tab")
        pytest.fail(f"Tab never comes to {meant} at {self.page.url}")

    def sized(self, size: tuple[int, int]) -> None:
        """Make the window another size; the page fits itself to it."""
        if self.page.viewport_size["width"] != size[0]:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def barriers(self, *parts: str) -> list[str]:
        """What axe finds on the page, or on parts of it."""
        if not self.page.evaluate("typeof axe == 'object'"):
            self.page.evaluate(_axe())
        told = self.page.evaluate(
            "async parts => (await axe.run(parts.length ? {include: parts.map(each => [each])} : document, "
            "{resultTypes: ['violations']})).violations"
            ".flatMap(v => v.nodes.map(n => v.id + ' ' + n.html.slice(0, 160)))",
            list(parts),
        )
        return [str(each) for each in told]

    def too_wide(self) -> str:
        """What reaches beyond the window's width, if the page does."""
        return self.page.evaluate(
            "(w => document.documentElement.scrollWidth <= w ? '' : [...document.querySelectorAll('main *')]"
            ".filter(e => e.getBoundingClientRect().right > w && !e.closest('.scroll'))"
            ".map(e => e.tagName + '.' + e.className).slice(0, 3).join(' ') || 'the page')(window.innerWidth)"
        )


_STATIC: dict[str, int] = {}
"""Packed sizes of static files by address: they are the same on every page."""


@cache
def _packed(content: bytes) -> int:
    return len(brotli.compress(content))


@cache
def _axe() -> str:
    return str(Axe().axe_script)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        held = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield held
        held.close()


@pytest.fixture
def work(emptied: None, transactional_db: None) -> list[Case]:
    """The demonstration's people and five cases; committed, because the server has connections of its own."""
    people.demonstration(AFTERNOON)
    return [_made(n) for n in range(1, 6)]


Open = Callable[..., Hands]


@pytest.fixture
def open_(browser: Any, live_server: Any, work: list[Case]) -> Iterator[Open]:
    """A window for somebody who is logged in and has put the first steps away."""
    contexts = []

    def opened(
        username: str, language: str = "en", width: int = 1440, height: int = 900, *, steps: bool = False
    ) -> Hands:
        locale = "zh-CN" if language == "zh" else "en"
        context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
        context.set_default_timeout(60_000)
        contexts.append(context)
        hands = Hands(context.new_page(), live_server.url)
        hands.become(username, language, steps=steps)
        return hands

    yield opened
    for context in contexts:
        context.close()
