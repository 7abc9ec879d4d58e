"""Each bad input gives the message written beside it, and docs/errors.md is what running them says."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from mora.core.words import Language
from mora.feeds.faults import FAULTS, FILE_FAULTS, ROW_FAULTS

ROOT = Path(__file__).parents[2]
BAD = Path(__file__).parent / "bad"


def _make_errors() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_errors", ROOT / "docs/make_errors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_errors"] = module
    spec.loader.exec_module(module)
    return module


make_errors = _make_errors()


@pytest.mark.parametrize("case", sorted(BAD.iterdir()), ids=lambda path: path.name)
def test_a_bad_input_gives_the_message_written_beside_it(case: Path) -> None:
    expected = yaml.safe_load((case / "expect.yaml").read_text(encoding="utf-8"))
    assert make_errors.run(case).as_dict() == expected


def test_every_code_has_a_bad_input_and_every_bad_input_a_code() -> None:
    assert {path.name for path in BAD.iterdir()} == set(FAULTS)


def test_the_page_of_messages_is_what_running_them_says() -> None:
    assert (ROOT / "docs/errors.md").read_text(encoding="utf-8") == make_errors.page(), "run python docs/make_errors.py"


def test_every_message_is_written_in_both_languages() -> None:
    for code, fault in FAULTS.items():
        assert fault.message.zh != fault.message.en, code
        for words in (fault.message, fault.expected):
            assert bool(words.in_(Language.ZH)) == bool(words.in_(Language.EN)), code
    assert not set(ROW_FAULTS) & set(FILE_FAULTS)


def test_the_book_format_page_has_the_tables_that_the_door_checks() -> None:
    spec = importlib.util.spec_from_file_location("make_book_format", ROOT / "docs/make_book_format.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), "run python docs/make_book_format.py"
