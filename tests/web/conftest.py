"""The house of tests/casework with pages: a client for each person, the clock at three in the afternoon."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from casework.conftest import AFTERNOON, DAYS, book, cases, house  # noqa: F401  fixtures used here too
from mora.casework import asking
from mora.casework.masks import initials, name_mask, point_mask, tail_mask
from mora.engine.book.manifest import Book
from mora.store import audit
from mora.store.models import Case, CaseLoan, ContactPoint, Party, Team, User
from mora.store.sealing import blind

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's own loop runs in the thread of the tests
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def afternoon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Pages take the moment from one place; here it stands still."""
    monkeypatch.setattr(asking, "local_now", lambda: AFTERNOON)
    return AFTERNOON


@pytest.fixture(autouse=True)
def on_the_book(settings: object, request: pytest.FixtureRequest) -> None:
    """Pages work on the book of the test, where it has one."""
    if "book" in request.fixturenames:
        held: Book = request.getfixturevalue("book")
        settings.MORA_BOOK = str(held.path)  # type: ignore[attr-defined]


TODAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def fresh_cache() -> None:
    """Limits on attempts are kept in the cache; each test begins without."""
    cache.clear()


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


def _made(number: int, team: str = "collector") -> Case:
    """A case by hand: somebody with a name, a document, a telephone and one late loan. A whole day takes seconds."""
    name, document, phone = f"林小{'明红华'[number % 3]}", f"11010119900307{number:04}", f"+8613800000{number:03}"
    party = Party(
        party_id=f"W{number}", name=name, name_mask=name_mask(name), pinyin=initials(name), zones=["Asia/Shanghai"],
        name_index=blind(name, "name"), id_number=document, id_number_mask=tail_mask(document),
        id_number_index=blind(document, "id_number"), born_on=date(1990, 3, 7), language="zh",
    )  # fmt: skip
    party.save(force_insert=True)
    point = ContactPoint(
        party=party, channel="mobile", value=phone, value_mask=point_mask(phone), value_index=blind(phone, "mobile")
    )
    point.save(force_insert=True)
    case = Case.objects.create(
        party=party, number=f"C-W{number:04}", level="L1", level_since=TODAY, level_due_on=TODAY, currency="CNY",
        arrears_minor=123456, outstanding_minor=10_000_000, days_past_due=2, risk_class="special_mention", as_of=TODAY,
        opened_on=TODAY, team=Team.objects.get(code=team), priority=100 - number,
    )  # fmt: skip
    CaseLoan.objects.create(
        case=case, loan_id=f"LW{number}", product="cn_consumer", days_past_due=2, overdue_principal_minor=100_000,
        overdue_interest_minor=23_000, overdue_fee_minor=0, penalty_minor=456, compound_minor=0, arrears_minor=123456,
        outstanding_principal_minor=10_000_000, next_due_on=date(2026, 12, 18), next_due_minor=123_000,
        risk_class="special_mention", branch="SYN-BR01", as_of=TODAY,
    )  # fmt: skip
    with transaction.atomic():
        audit.append("mora", "case.open", case.number, at=AFTERNOON, level="L1")
    return case


@pytest.fixture
def case(house: dict[str, User]) -> Case:  # noqa: F811
    """A case of the collectors' team, the first that waits."""
    return _made(1)


@pytest.fixture
def second(case: Case) -> Case:
    """The case after it."""
    return _made(2)


@pytest.fixture
def aged(cases: list[Case], house: dict[str, User]) -> Case:  # noqa: F811
    """A case of the synthetic book, in the collectors' team."""
    found = Case.objects.filter(team__code="collector", currency="CNY").order_by("number").first()
    assert found is not None, "the synthetic book has such a case"
    return found


def way(held: Case, channel: str = "voice") -> str:
    """How a form names the case's telephone."""
    return f"{channel}:{held.party.points.get(channel='mobile').pk}"
