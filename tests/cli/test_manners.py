"""The command line with wrong words: never a traceback, 2 when refused, the reason in Chinese and in English."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.street import street, write_csv
from mora.cli import main as command_line
from mora.engine.book import import_book

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``mora`` with these words: exit code, output, errors."""

    def called(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["mora", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            command_line.main()
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        return int(left.value.code or 0), told.out, told.err

    return called


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a book, its source, a file, an empty folder and headers without rows; the working directory."""
    monkeypatch.chdir(tmp_path)
    tables = street(loans=12)
    import_book(write_csv(tmp_path / "source", tables), tmp_path / "book")
    (tmp_path / "file").write_text("no book")
    (tmp_path / "empty").mkdir()
    write_csv(tmp_path / "headers", {name: (columns, []) for name, (columns, _) in tables.items()})
    return tmp_path


DAY = ("--as-of", "2026-01-31")
WRONG = [
    ("nonsense",),
    ("synth", "200"),
    ("synth", "many", "--out", "s"),
    ("synth", "50", "--out", "s"),
    ("synth", "200", "--out", "source"),
    ("synth", "200", "--out", "s", "--as-of", "2026-13-01"),
    ("import", "nowhere", "--book", "b"),
    ("import", "empty", "--book", "b"),
    ("import", "file", "--book", "b"),
    ("import", "source"),
    ("import", "source", "--book", "file"),
    ("import", "source", "--book", "b", "--feed", "nope"),
    ("day", "--book", "book"),
    ("day", "--book", "nowhere", *DAY),
    ("day", "--book", "empty", *DAY),
    ("day", "--book", "file", *DAY),
    ("day", "--book", "book", "--as-of", "31.1.2026"),
    ("day", "--book", "book", "--as-of", "9999-12-31"),
    ("day", "--book", "book", *DAY, "--house", "nope"),
    ("day", "--book", "book", *DAY, "--window", "99"),
    ("day", "--bok", "book"),
    ("age", "--book", "book", *DAY),
    ("age", "--book", "nowhere", *DAY, "--out", "p"),
    ("age", "--book", "book", *DAY, "--out", "empty"),
    ("age", "--book", "book", *DAY, "--out", "file/p"),
    ("age", "--book", "book", *DAY, "--out", "p", "--instalments", "p"),
    ("age", "--book", "book", *DAY, "--out", "p", "--known-at", "2026-01-31"),
    ("explain", "--book", "book", *DAY),
    ("explain", "NOPE", "--book", "book", *DAY),
    ("explain", "L-00001", "--book", "nowhere", *DAY),
    ("book", "check", "--book", "nowhere"),
    ("law", "show", "cn.nope"),
    ("law", "list", "--house", "nope"),
]


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_wrong_words_are_refused_with_the_reason_in_both_languages(
    run: Run, place: Path, words: tuple[str, ...]
) -> None:
    code, out, err = run(*words)
    assert code == 2, out + err
    assert re.search(r"[\u4e00-\u9fff]", err)
    if words[0] != "import":  # which speaks one language, by --lang
        assert re.search(r"Refused: |Error", err)


@pytest.mark.parametrize("words", [each for each in WRONG if each[0] == "import" and "--book" in each], ids=" ".join)
def test_an_import_refuses_in_the_language_asked_for(run: Run, place: Path, words: tuple[str, ...]) -> None:
    code, _, err = run(*words, "--lang", "en")
    assert code == 2
    assert "Refused; the book is as it was" in err
    assert not re.search(r"[\u4e00-\u9fff]", err)


def test_an_empty_book_is_a_book_and_can_grow(run: Run, place: Path) -> None:
    assert run("import", "headers", "--book", "b")[0] == 0
    code, out, _ = run("day", "--book", "b", *DAY)
    assert code == 0
    assert "贷款簿内没有贷款" in out
    assert run("age", "--book", "b", *DAY, "--out", "p")[0] == 0
    assert run("explain", "L-00001", "--book", "b", *DAY)[0] == 2
    assert run("book", "check", "--book", "b")[0] == 0
    assert run("import", "source", "--book", "b")[0] == 0
    code, out, _ = run("day", "--book", "b", *DAY)
    assert code == 0
    assert "逾期阶段分布" in out


def test_a_fault_of_mora_itself_has_a_code_of_its_own(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("mora.cli.explain.explain_loan", broken)
    code, _, err = run("explain", "L-00001", "--book", "book", *DAY)
    assert code == command_line.FAULT
    assert "这是 Mora 的缺陷" in err
    assert "ZeroDivisionError: by nothing" in err


def test_a_packaged_house_pack_can_be_named(run: Run, place: Path) -> None:
    assert run("day", "--book", "book", *DAY, "--house", "example", "--quiet")[0] == 0
