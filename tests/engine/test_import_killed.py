"""A killed import leaves the book as it was, wherever it dies; the next one starts clean."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.street import live_bytes, state, street, write_csv
from mora.core.errors import BadInput
from mora.engine.book import check_alignment, import_book, open_book
from mora.engine.book.lock import writing

STEPS = ["cleared", "staged", "folded 0", "people", "loans 0", "worked", "set aside", "durable"]

CHILD = """
import os, signal, sys
from pathlib import Path
from mora.engine.book import import_book
def hook(step):
    if step == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)
import_book(Path(sys.argv[1]), Path(sys.argv[2]), hook=hook)
"""


def _run(source: Path, book: Path, step: str) -> int:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run([sys.executable, "-c", CHILD, str(source), str(book), step], env=env, check=False).returncode


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """A book, and a directory with more for it."""
    import_book(write_csv(tmp_path / "first", street(20)), tmp_path / "book")
    tables = street(40)
    tables["postings"][1][-1][4] = "x"
    return tmp_path / "book", write_csv(tmp_path / "more", tables)


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_the_book_is_what_it_was_and_the_next_import_is_whole(
    two: tuple[Path, Path], tmp_path: Path, step: str
) -> None:
    book, more = two
    before = state(book)
    assert _run(more, book, step) == -signal.SIGKILL
    assert state(book) == before
    assert check_alignment(open_book(book)) == []
    import_book(more, book)
    import_book(write_csv(tmp_path / "first", street(20)), tmp_path / "calm")
    import_book(more, tmp_path / "calm")
    assert live_bytes(book) == live_bytes(tmp_path / "calm")
    opened = open_book(book)
    assert {f"data/{p.name}" for p in (book / "data").iterdir() if f"-g{opened.generation}" in p.name} <= opened.live()
    assert sorted(p.name for p in (book / "quarantine").iterdir()) == [opened.imports[1]["id"]]


def test_killed_right_after_the_commit_the_import_counts(two: tuple[Path, Path]) -> None:
    book, more = two
    (more / "products.yaml").write_text("consumer:\n  jurisdiction: cn\n")
    assert _run(more, book, "committed") == -signal.SIGKILL
    opened = open_book(book)
    assert opened.generation == 2
    assert opened.counts["loans"] == 40
    assert (book / "products.yaml").read_text() == opened.products


def test_killed_at_any_moment_the_book_is_whole(two: tuple[Path, Path]) -> None:
    book, more = two
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    before = state(book)
    for wait in (0.4, 0.7, 1.0):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(more), str(book), "never"], env=env)
        time.sleep(wait)
        child.kill()
        if child.wait() == -signal.SIGKILL:
            opened = open_book(book)
            assert opened.generation == 2 or state(book) == before
            assert check_alignment(opened) == []


def test_a_new_book_killed_before_its_commit_is_still_new(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in", street(10))
    assert _run(source, tmp_path / "book", "durable") == -signal.SIGKILL
    assert open_book(tmp_path / "book", new=True).generation == 0
    assert import_book(source, tmp_path / "book").generation == 1


def test_a_second_writer_is_refused_while_the_first_lives_and_not_after(two: tuple[Path, Path]) -> None:
    book, more = two
    before = state(book)
    with writing(book), pytest.raises(BadInput, match=rf"BOOK\.LOCKED.*{os.getpid()}"):
        import_book(more, book)
    assert state(book) == before
    assert import_book(more, book).changed


def test_an_import_refused_leaves_the_book_as_it_was(two: tuple[Path, Path]) -> None:
    book, more = two
    before = state(book)
    (more / "schedule.csv").write_text("loan_id,n,due_on,principle,interest\n")
    with pytest.raises(BadInput, match="principle"):
        import_book(more, book)
    assert state(book) == before
