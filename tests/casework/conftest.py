"""A small house: the demonstration's people, and a book of late loans run for three days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from mora.casework import from_day, people
from mora.engine.book.manifest import Book, open_book
from mora.engine.day import run_day
from mora.store.models import Case, Event, User

BEIJING = ZoneInfo("Asia/Shanghai")
DAYS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
AFTERNOON = datetime(2026, 11, 20, 15, 0, tzinfo=BEIJING)


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """Three hundred synthetic loans, aged on three days in a row."""
    from typer.testing import CliRunner

    from mora.cli.main import app

    folder = tmp_path_factory.mktemp("work")
    assert CliRunner().invoke(app, ["synth", "300", "--out", str(folder / "trial")]).exit_code == 0
    assert CliRunner().invoke(app, ["import", str(folder / "trial"), "--book", str(folder / "book")]).exit_code in (
        0,
        1,
    )
    held = open_book(folder / "book")
    for day in DAYS:
        run_day(held, day)
    return held


@pytest.fixture
def house(db: None) -> dict[str, User]:
    """The demonstration's people by user name."""
    return {user.username: user for user in people.demonstration(AFTERNOON)}


@pytest.fixture
def cases(book: Book, house: dict[str, User]) -> list[Case]:
    """The cases of the last day."""
    from_day.take_in(book, DAYS[-1], at=AFTERNOON)
    return list(Case.objects.order_by("number"))


def behind_its_back(change: Callable[[], object]) -> None:
    """What somebody with the keys of the database could do: switch the triggers off, change, switch them on."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("alter table store_event disable trigger user")
            change()
            cursor.execute("alter table store_event enable trigger user")
            return
        cursor.execute("select name, sql from sqlite_master where type = 'trigger' and tbl_name = 'store_event'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"drop trigger {name}")
        change()
        for _, sql in triggers:
            cursor.execute(sql)


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """For tests with real transactions: lets the audit chain be emptied afterwards, which its triggers refuse."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("alter table store_event enable trigger user")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("alter table store_event disable trigger user")
    else:
        behind_its_back(Event.objects.all().delete)
