"""Batches of letters: whole or absent, once each, with sheets a printer can use."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from channels.hands import Book, HandClock, message
from mora.channels.letter import durable, send
from mora.channels.letter.receipts import read
from mora.channels.letter.send import Letters
from mora.channels.letter.send import sender as way_out
from mora.channels.letter.settings import Settings
from mora.channels.state import Standing, state
from mora.channels.terms import Accepted, Attachment, Fault, Message, RefusedForGood, RefusedForNow
from mora.core.errors import BadInput

PDF = Attachment("催告函.pdf", b"%PDF-1.7 first", pages=2)


def letter(key: str = "m-1", **more: object) -> Message:
    told = message("", "", key, name="王某", address=("北京市某区某路1号", "100000"), attachments=(PDF,))
    return replace(told, **more)


@pytest.fixture
def letters(tmp_path: Path) -> Letters:
    return way_out(Settings(str(tmp_path / "post")), HandClock(), Book())


def sheet(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_a_batch_is_closed_with_its_letters_and_two_sheets(letters: Letters, tmp_path: Path) -> None:
    assert letters.hand_over(letter()) == Accepted(("m-1",), units=2)
    letters.hand_over(letter("m-2", name="=李某"))
    assert letters.close_batch() == "batch-20260302-01"
    folder = tmp_path / "post" / "batch-20260302-01"
    assert (folder / "m-1-1.pdf").read_bytes() == PDF.content
    addresses, register = sheet(folder / "addresses.csv"), sheet(folder / "register.csv")
    assert [row["name"] for row in addresses] == ["王某", "'=李某"]
    assert addresses[0] | {"no": "1", "file": "m-1-1.pdf", "pages": "2"} == addresses[0]
    assert (register[1]["key"], register[1]["service"], register[1]["tracking_number"]) == ("m-2", "挂号信", "")
    assert not [each for each in folder.iterdir() if each.name.startswith(".")]


def test_an_empty_batch_is_none_and_the_next_of_the_day_has_the_next_number(letters: Letters) -> None:
    assert letters.close_batch() is None
    letters.hand_over(letter())
    letters.close_batch()
    letters.hand_over(letter("m-2"))
    assert letters.close_batch() == "batch-20260302-02"


def test_the_same_letter_twice_lies_there_once_even_after_its_batch_was_closed(
    letters: Letters, tmp_path: Path
) -> None:
    first = letters.hand_over(letter())
    assert letters.hand_over(letter()) == first
    letters.close_batch()
    assert letters.hand_over(letter()) == first
    assert letters.close_batch() is None
    assert len(list((tmp_path / "post").rglob("*.pdf"))) == 1


def test_the_same_key_with_another_letter_is_refused(letters: Letters) -> None:
    letters.hand_over(letter())
    for other in (
        letter(attachments=(Attachment("a.pdf", b"%PDF-1.7 other", pages=2),)),
        letter(attachments=(PDF, PDF)),
        letter(name="李某"),
    ):
        handed = letters.hand_over(other)
        assert isinstance(handed, RefusedForGood)
        assert handed.code == "mora changed"


class Killed(BaseException):
    """The process ends here."""


@contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ends at the n-th durable step: a file gets its name, a name is made durable, a folder is renamed."""
    left = iter(range(step))

    def ending(real: Callable[..., Any]) -> Callable[..., Any]:
        def step_or_end(*told: Any) -> Any:
            if next(left, None) is None:
                raise Killed
            return real(*told)

        return step_or_end

    with monkeypatch.context() as patched:
        for owner, name in [(Path, "replace"), (Path, "rename"), (durable, "keep"), (send, "keep")]:
            patched.setattr(owner, name, ending(getattr(owner, name)))
        yield


def test_killed_at_any_step_the_letter_is_posted_once_and_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(100):
        post = tmp_path / str(step)
        ended = True
        with killed_at(step, monkeypatch), suppress(Killed):
            before = way_out(Settings(str(post)), HandClock(), Book())
            before.hand_over(letter())
            before.close_batch()
            ended = False
        after = way_out(Settings(str(post)), HandClock(), Book())
        assert isinstance(after.hand_over(letter()), Accepted)
        after.close_batch()
        batches = list(post.glob("batch-*"))
        assert [row["key"] for each in batches for row in sheet(each / "addresses.csv")] == ["m-1"]
        assert [each.read_bytes() for each in post.rglob("m-1-1.pdf")] == [PDF.content]
        if not ended:
            assert step > 10  # so many durable steps were tried
            return
    pytest.fail("it never came to its end")


def test_a_disk_that_takes_nothing_is_a_refusal_for_now(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("a file where the folder should be")
    handed = way_out(Settings(str(tmp_path / "post")), HandClock(), Book()).hand_over(letter())
    assert isinstance(handed, RefusedForNow)


@pytest.mark.parametrize(
    "wrong", [{"name": " "}, {"address": ()}, {"attachments": ()}, {"attachments": (Attachment("a.pdf", b"<html>"),)}]
)
def test_what_is_no_letter_is_refused(letters: Letters, wrong: dict[str, object]) -> None:
    assert isinstance(letters.hand_over(letter(**wrong)), RefusedForGood)


def test_pages_nobody_counted_are_left_blank_and_paid_as_one(letters: Letters, tmp_path: Path) -> None:
    assert letters.hand_over(letter(attachments=(Attachment("a.pdf", b"%PDF-1"),))) == Accepted(("m-1",), units=1)
    letters.close_batch()
    assert sheet(tmp_path / "post" / "batch-20260302-01" / "addresses.csv")[0]["pages"] == ""


# -- the register comes back --------------------------------------------------------------------------------------

HEADER = "no,key,name,address,service,tracking_number,posted_on,ended,ended_on\n"


def test_the_register_says_what_was_posted_and_how_it_ended() -> None:
    raw = HEADER + (
        "1,m-1,王某,北京,挂号信,XA123,2026-03-02,妥投,2026-03-05\n"
        "2,m-2,李某,北京,挂号信,XA124,2026-03-02,拒收,2026-03-06\n"
        "3,m-3,赵某,北京,挂号信,XA125,2026-03-02,,\n"
        "4,m-4,钱某,北京,挂号信,,,,\n"
    )
    found = read(raw.encode("gb18030"))
    standings = {key: state([key], found).standing for key in ("m-1", "m-2", "m-3", "m-4")}  # type: ignore[arg-type]
    assert list(standings.values()) == [Standing.DELIVERED, Standing.UNDELIVERABLE, Standing.PENDING, Standing.SENT]
    assert found == read(raw.encode("utf-8-sig"))
    assert {each.fault for each in found} == {None, Fault.BLOCKED}  # type: ignore[union-attr]


def test_a_register_that_says_something_else_is_told_row_by_row() -> None:
    with pytest.raises(BadInput, match="2 rows") as told:
        read((HEADER + "1,m-1,a,b,c,d,2026-03-02,lost,\n2,m-2,a,b,c,d,yesterday,,\n").encode())
    assert [each.row for each in told.value.findings] == [2, 3]
    with pytest.raises(BadInput, match="lacks"):
        read(b"no,key\n")
