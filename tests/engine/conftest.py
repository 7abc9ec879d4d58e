"""A synthetic book of two thousand loans with ten days to come, made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from mora.engine.book import import_book
from mora.engine.spark_session import spark_session
from mora.feeds.synthetic import Order, write_book

START = date(2026, 11, 20)
DAYS = 10


@pytest.fixture(scope="session")
def synthetic_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "source"
    write_book(Order(loans=2000, seed=11, as_of=START, days=DAYS), folder)
    return folder


@pytest.fixture(scope="session")
def imported_book(synthetic_source: Path) -> Path:
    """For tests that only read."""
    import_book(synthetic_source, synthetic_source.parent / "book")
    return synthetic_source.parent / "book"


@pytest.fixture
def synthetic_book(imported_book: Path, tmp_path: Path) -> Path:
    """A copy, for a test to change."""
    shutil.copytree(imported_book, tmp_path / "book")
    return tmp_path / "book"


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """One Spark session for a module: starting one takes seconds."""
    with spark_session("local[2]") as started:
        yield started
