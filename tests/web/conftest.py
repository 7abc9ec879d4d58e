"""The house of tests/casework with pages: a client for each person, the clock at three in the afternoon."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from casework.conftest import AFTERNOON, DAYS, book, cases, house  # noqa: F401  fixtures used here too
from django.test import Client

from mora.casework import asking
from mora.engine.book.manifest import Book
from mora.store.models import Case, User

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in the thread of the tests
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def afternoon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Pages take the moment from one place; here it stands still."""
    monkeypatch.setattr(asking, "local_now", lambda: AFTERNOON)
    return AFTERNOON


@pytest.fixture(autouse=True)
def on_the_book(settings: object, request: pytest.FixtureRequest) -> Iterator[None]:
    """Pages work on the book of the test, where it has one."""
    if "book" in request.fixturenames:
        held: Book = request.getfixturevalue("book")
        settings.MORA_BOOK = str(held.path)  # type: ignore[attr-defined]
    yield


As = Callable[[str], Client]


@pytest.fixture
def as_(house: dict[str, User]) -> As:  # noqa: F811
    """A client logged in as somebody, who reads English."""

    def log_in(username: str, language: str = "en") -> Client:
        User.objects.filter(username=username).update(language=language)
        client = Client()
        client.force_login(User.objects.get(username=username), backend=BACKEND)
        return client

    return log_in


@pytest.fixture
def case(cases: list[Case], house: dict[str, User]) -> Case:  # noqa: F811
    """A case of the collectors' team with one loan and a telephone, waiting."""
    found = (
        Case.objects.filter(team__code="collector", party__points__channel="mobile", currency="CNY")
        .order_by("number")
        .first()
    )
    assert found is not None, "the synthetic book has such a case"
    return found


def way(held: Case, channel: str = "voice") -> str:
    """How a form names the case's telephone."""
    return f"{channel}:{held.party.points.get(channel='mobile').pk}"
