"""The audit chain: whatever is altered, removed or moved is found, and the database refuses it in the first place."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from casework.conftest import AFTERNOON, behind_its_back
from mora.store import audit
from mora.store.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain() -> list[Event]:
    """Five events."""
    made = []
    for number in range(5):
        with transaction.atomic():
            made.append(
                audit.append("chen", "note.write", f"C{number}", at=AFTERNOON + timedelta(minutes=number), note=number)
            )
    return made


def test_an_untouched_chain_is_whole(chain: list[Event]) -> None:
    assert list(audit.verify()) == []
    assert audit.head() == (5, chain[-1].hash)


@pytest.mark.parametrize(
    ("change", "found_at"),
    [
        (lambda: Event.objects.filter(seq=3).update(data={"note": 99}), 3),
        (lambda: Event.objects.filter(seq=3).update(actor="wu"), 3),
        (lambda: Event.objects.filter(seq=3).update(at=AFTERNOON), 3),
        (lambda: Event.objects.filter(seq=1).update(reason="afterwards"), 1),
        (lambda: Event.objects.filter(seq=3).delete(), 4),
        (lambda: Event.objects.filter(seq=1).delete(), 2),
        (lambda: (Event.objects.filter(seq=2).update(seq=20), Event.objects.filter(seq=3).update(seq=2),
                  Event.objects.filter(seq=20).update(seq=3)), 2),
    ],
    ids=["data", "actor", "time", "reason of the first", "one removed", "the first removed", "two exchanged"],
)  # fmt: skip
def test_what_somebody_with_the_keys_changes_is_found(
    chain: list[Event], change: Callable[[], object], found_at: int
) -> None:
    behind_its_back(change)
    breaks = list(audit.verify())
    assert breaks
    assert breaks[0].seq == found_at


def test_an_event_slipped_in_is_found(chain: list[Event]) -> None:
    forged = Event(seq=6, at=AFTERNOON, actor="chen", action="promise.take", subject="C1", before=chain[2].hash)
    forged.hash = audit._hash(forged)
    forged.save(force_insert=True)
    assert [each.what for each in audit.verify()] == ["does not follow the event before it"]


def test_a_cut_off_end_is_found_by_the_head_that_was_written_down(chain: list[Event]) -> None:
    written_down = audit.head()
    behind_its_back(lambda: Event.objects.filter(seq__gte=4).delete())
    assert list(audit.verify()) == [], "what is left hangs together"
    assert [each.what for each in audit.verify(upto=written_down)] == ["the end of the chain was cut off"]


def test_a_chain_written_anew_is_found_by_the_head(chain: list[Event]) -> None:
    written_down = audit.head()
    behind_its_back(lambda: Event.objects.all().delete())
    for number in range(6):
        with transaction.atomic():
            audit.append("chen", "note.write", f"C{number}", at=AFTERNOON)
    assert list(audit.verify()) == []
    assert [each.what for each in audit.verify(upto=written_down)] == ["is not the event that was written down"]


@pytest.mark.parametrize("statement", ["update store_event set actor = 'x'", "delete from store_event"])
def test_the_database_itself_refuses(chain: list[Event], statement: str) -> None:
    with pytest.raises(DatabaseError, match="events are never"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_what_it_records(emptied: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        audit.append("chen", "note.write", "C1", at=AFTERNOON)


def test_what_is_rolled_back_leaves_no_event(chain: list[Event]) -> None:
    def fails() -> None:
        with transaction.atomic():
            audit.append("chen", "note.write", "C1", at=AFTERNOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert Event.objects.count() == 5
    assert list(audit.verify()) == []
