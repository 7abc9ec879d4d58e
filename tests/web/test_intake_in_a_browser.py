"""From files to cases with a real browser and a real worker: brought in, mended, run, watched, read."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from casework.conftest import emptied  # noqa: F401  a fixture used here too
from mora.casework import nightly
from mora.store.models import Case, DayJob, Upload
from web.hands import MARKS, Open, browser, open_, work  # noqa: F401  fixtures used here too
from web.test_intake import broken, trial  # noqa: F401

pytestmark = MARKS


@pytest.fixture
def worker(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """An installation without a book, and the worker of ``mora serve`` in a thread."""
    from mora.web.clock import clock

    settings.MORA_BOOK, settings.HOME = str(tmp_path / "book"), tmp_path / "home"
    clock.storage.flush_queue()
    consumer = clock.create_consumer(workers=1, periodic=False, initial_delay=0.1, max_delay=0.2)
    consumer.start()
    yield tmp_path
    consumer.stop(graceful=True)


def lay(folder: Path, files: dict[str, bytes]) -> list[str]:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return [str(folder / name) for name in files]


def test_a_small_lenders_first_day(
    worker: Path,
    open_: Open,  # noqa: F811
    trial: dict[str, bytes],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Case.objects.all().update(state="closed")  # those of the house are another story
    hands = open_("qian")
    hands.go("/")
    hands.key("g")
    hands.key("d", "location.pathname == '/intake/'")
    assert "The book is still empty" in hands.page.inner_text("main")
    assert not hands.barriers()

    # Something else than a book: told what would do, and the page is whole.
    hands.page.set_input_files("#files", lay(worker / "other", {"loans.pdf": b"%PDF"}))
    hands.page.click("button:has-text('Bring in')")
    hands.wait("document.querySelector('.problem')")
    assert "is not a file of a loan book" in hands.page.inner_text(".problem")
    assert not hands.barriers()

    hands.page.set_input_files("#files", lay(worker / "first", broken(trial)))
    hands.page.click("button:has-text('Bring in')")
    hands.wait("document.querySelector('#rows-h')")
    assert "a lot" in hands.page.inner_text("main")
    assert not hands.barriers()
    with hands.page.expect_download() as download:
        hands.page.click("text=Download as Excel")
    assert download.value.suggested_filename.endswith(".xlsx")

    hands.go("/intake/")
    hands.page.set_input_files("#files", lay(worker / "mended", trial))
    hands.page.click("button:has-text('Bring in')")
    hands.wait("document.querySelector('#counts-h')")
    assert Upload.objects.latest("pk").tables["postings"]["rows"]["kept"] == 1

    # The worker waits at one step until the page was seen to tell it.
    seen, judge = threading.Event(), nightly.judge_promises

    def waits(*given: Any) -> int:
        seen.wait(60)
        return judge(*given)

    monkeypatch.setattr(nightly, "judge_promises", waits)
    hands.go("/intake/")
    hands.page.fill("#as_of", "2026-11-20")
    hands.page.click("button:has-text('Run the day')")
    hands.wait("document.querySelector('.stages .now')?.innerText.includes('Promises')")
    assert not hands.barriers()
    seen.set()
    hands.wait("document.querySelector('#job .tag.kept')")
    job = DayJob.objects.get()
    assert job.state == DayJob.State.DONE
    assert job.counts["opened"] > 0
    hands.wait("document.querySelector('#days').innerText.includes('2026-11-20')")
    assert not hands.barriers()

    with hands.page.expect_download() as download:
        hands.page.click("text=Download the report")
    assert "2026-11-20" in Path(download.value.path()).read_text(encoding="utf-8")
    hands.page.click("#days a:has-text('Report') >> nth=0")
    hands.wait("location.pathname.includes('/intake/report/')")
    assert hands.page.evaluate("document.styleSheets.length") >= 1
    assert hands.page.evaluate("[...document.styleSheets].every(each => each.cssRules.length > 0)")
    assert not hands.refused


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_wider_than_the_phone(
    worker: Path,
    open_: Open,  # noqa: F811
    trial: dict[str, bytes],  # noqa: F811
    language: str,
) -> None:
    hands = open_("qian", language, 390, 844)
    hands.go("/intake/")
    assert hands.page.evaluate("document.documentElement.scrollWidth") <= 390
    hands.page.set_input_files("#files", lay(worker / "first", broken(trial)))
    hands.page.click(".bring button")
    hands.wait("document.querySelector('#rows-h')")
    assert hands.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not hands.barriers()
