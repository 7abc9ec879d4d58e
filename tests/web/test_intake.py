"""Bringing a book in and running its day from the page: counts, reasons, mending, refusals, and what is recorded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mora.casework import intake, policy_files, running
from mora.casework.policy_files import IntakeLimits
from mora.core.errors import Refused
from mora.engine import snapshots
from mora.engine.book.lock import writing
from mora.engine.book.manifest import open_book
from mora.store import audit
from mora.store.models import Case, DayJob, Event, Upload, User
from web.conftest import AFTERNOON, BACKEND

As = Callable[[str], Client]
DAY = "2026-11-20"


@pytest.fixture(scope="session")
def trial(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A synthetic book's files, by name."""
    from typer.testing import CliRunner

    from mora.cli.main import app

    folder = tmp_path_factory.mktemp("intake") / "trial"
    assert CliRunner().invoke(app, ["synth", "150", "--out", str(folder)]).exit_code == 0
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix in (".csv", ".yaml", ".txt")}


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Where the book will lie; nothing yet. Jobs run at once, in the request."""
    from mora.web.clock import clock

    settings.MORA_BOOK = str(tmp_path / "book")
    settings.HOME = tmp_path / "home"
    clock.immediate = True
    yield tmp_path / "book"
    clock.immediate = False


def given(files: dict[str, bytes]) -> dict[str, list[SimpleUploadedFile]]:
    return {"files": [SimpleUploadedFile(name, content) for name, content in files.items()]}


def zipped(files: dict[str, bytes], folder: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(folder + name, content)
    return out.getvalue()


def bring(client: Client, files: dict[str, bytes]) -> Any:
    return client.post("/intake/upload/", given(files))


def broken(trial: dict[str, bytes]) -> dict[str, bytes]:
    """The same files, one amount not an amount and one birthday not a day."""
    lines = trial["postings.csv"].decode().split("\n")
    cells = lines[2].split(",")
    lines[2] = ",".join([*cells[:4], "a lot", *cells[5:]])
    people = trial["parties.csv"].decode().split("\n")
    cells = people[1].split(",")
    people[1] = ",".join([*cells[:8], "3 March 1990", *cells[9:]])
    return trial | {"postings.csv": "\n".join(lines).encode(), "parties.csv": "\n".join(people).encode()}


def written(book: Path) -> dict[str, int]:
    """Every file of a book and when it was written."""
    return {str(each): each.stat().st_mtime_ns for each in book.rglob("*") if each.is_file() and each.name != ".lock"}


def left_behind(settings: Any) -> list[str]:
    """Anything of an upload that outlived it."""
    folder = Path(settings.HOME) / "intake"
    return [path.name for path in folder.iterdir()] if folder.is_dir() else []


def test_from_empty_to_cases_and_report(as_: As, place: Path, trial: dict[str, bytes], settings: Any) -> None:
    client = as_("qian")
    page = client.get("/intake/").content.decode()
    assert "The book is still empty" in page
    assert "disabled" in page.split("day-run" if "day-run" in page else "/intake/day/")[1].split("</form>")[0]

    came = bring(client, {"book.zip": zipped(trial, "a folder/")})
    assert came.status_code == 302
    upload = Upload.objects.get()
    assert upload.state == Upload.State.TAKEN
    assert upload.tables["loans"]["rows"] == {"in": 150, "kept": 150, "unchanged": 0, "set_aside": 0}
    assert {file["name"] for file in upload.files} == set(trial)
    assert "150" in client.get(came["Location"]).content.decode()
    assert left_behind(settings) == []

    assert client.post("/intake/day/", {"as_of": DAY}).status_code == 302
    job = DayJob.objects.get()
    assert (job.state, job.step) == (DayJob.State.DONE, "report")
    assert job.counts["opened"] == Case.objects.filter(state="open").count() > 0
    assert snapshots.run_of(open_book(place), date(2026, 11, 20)) is not None
    page = client.get("/intake/").content.decode()
    assert "Cases opened" in page
    assert f"/intake/report/{DAY}/day.en.html" in page

    shown = client.get(f"/intake/report/{DAY}/day.en.html")
    body = b"".join(shown.streaming_content).decode()
    assert shown.status_code == 200
    assert DAY in body
    assert "<script" not in body
    assert "'unsafe-inline'" in shown["Content-Security-Policy"].split("style-src")[1].split(";")[0]
    assert "'unsafe-inline'" not in shown["Content-Security-Policy"].split("script-src")[1].split(";")[0]
    taken = client.get(f"/intake/report/{DAY}/day.zh.html?take")
    assert taken["Content-Disposition"].startswith("attachment")

    acts = list(Event.objects.exclude(action__startswith="case.").values_list("actor", "action"))
    assert [each for each in acts if each[1] != "person.make"] == [
        ("qian", "book.upload"), ("qian", "book.import"), ("qian", "day.ask"), ("mora", "day.done"),
        ("qian", "report.take"),
    ]  # fmt: skip
    assert list(audit.verify()) == []


def test_rows_set_aside_are_told_and_mended(as_: As, place: Path, trial: dict[str, bytes]) -> None:
    client = as_("admin")
    came = bring(client, broken(trial))
    upload = Upload.objects.get()
    aside = sum(table["rows"]["set_aside"] for table in upload.tables.values())
    assert aside == 2
    page = client.get(came["Location"]).content.decode()
    assert "a lot" in page
    assert "is not a plain decimal" in page
    assert "3 March 1990" not in page, "a birthday is personal"
    assert "*** is not a date" in page or "&#x27;***&#x27; is not a date" in page

    # Taken out, the rows are as they were given, and who took them is recorded.
    sheets = client.get(f"/intake/{upload.pk}/set-aside/")
    content = b"".join(sheets.streaming_content)
    book = pl.read_excel(io.BytesIO(content), sheet_id=0, engine="calamine")
    cells = {str(cell) for frame in book.values() for row in frame.iter_rows() for cell in row}
    assert {"a lot", "3 March 1990"} <= cells
    assert Event.objects.filter(actor="admin", action="book.set_aside", subject=upload.import_id).count() == 1

    # Mended and brought in again: what was there changes nothing, what was missing comes.
    bring(client, trial)
    again = Upload.objects.latest("pk")
    assert again.tables["postings"]["rows"]["kept"] == 1
    assert again.tables["parties"]["rows"]["kept"] >= 1
    assert again.tables["loans"]["rows"]["unchanged"] == 150
    assert sum(table["rows"]["set_aside"] for table in again.tables.values()) == 0
    # And a third time nothing at all.
    bring(client, trial)
    assert Upload.objects.latest("pk").state == Upload.State.UNCHANGED


def test_a_mended_book_moves_the_cases_of_the_same_day(as_: As, place: Path, trial: dict[str, bytes]) -> None:
    client = as_("qian")
    bring(client, trial)
    client.post("/intake/day/", {"as_of": DAY})
    case = Case.objects.filter(state="open", currency="CNY").order_by("-arrears_minor").first()
    assert case is not None
    figures = {each.pk: (each.arrears_minor, each.version) for each in Case.objects.all()}
    loan = case.loans.order_by("-arrears_minor")[0]
    head = b"loan_id,posting_id,value_on,kind,amount,booked_at\n"
    line = f"{loan.loan_id},NEW-1,2026-11-19,payment,100.00,2026-11-19T08:00:00Z\n".encode()
    bring(client, {"postings.csv": head + line})
    client.post("/intake/day/", {"as_of": DAY})
    case.refresh_from_db()
    assert case.arrears_minor == figures[case.pk][0] - 10_000
    assert {job.counts["updated"] for job in DayJob.objects.all()} == {0, 1}, "no other case was touched"
    others = Case.objects.exclude(pk=case.pk)
    assert {each.pk: (each.arrears_minor, each.version) for each in others} == {
        pk: told for pk, told in figures.items() if pk != case.pk
    }


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"loans.pdf": b"%PDF"}, "“loans.pdf” is not a file of a loan book"),
        ({"book.zip": b"no archive"}, "the archive “book.zip” cannot be read"),
        ({"book.zip": zipped({"readme.md": b"x"})}, "there is no table in it"),
        ({"loans.csv": b""}, "BOOK.EMPTY_FILE"),
        ({"loans.csv": b"nothing,known\n1,2\n"}, "BOOK."),
        ({"loans.parquet": b"PAR1 cut short"}, "BOOK.TRUNCATED"),
        ({"loans.xlsx": b"PK no workbook"}, "BOOK.WORKBOOK"),
        ({"products.yaml": b"\xff\xfe\xfa"}, "is not UTF-8 text"),
        ({"products.yaml": b"a: [b"}, "BOOK."),
        ({"postings.csv": b"loan_id,posting_id,value_on,kind,amount\nL,P,2026-01-01,payment,1.00\n"}, "BOOK.NO_LOANS"),
        ({"a.zip": zipped({"loans.csv": b"x"}), "loans.csv": b"x"}, "two files are called “loans.csv”"),
        ({"x" * 201 + ".csv": b"x"}, "is too long"),
    ],
)
def test_bad_uploads_say_what_would_be_accepted(
    as_: As, place: Path, settings: Any, files: dict[str, bytes], said: str
) -> None:
    response = bring(as_("qian"), files)
    assert response.status_code == 422
    page = response.content.decode()
    assert said.lower() in page.lower()
    assert "Refused; the book is as it was." in page
    assert not (place / "book.json").exists()
    assert left_behind(settings) == []
    assert Upload.objects.get().state == Upload.State.REFUSED
    assert Event.objects.filter(actor="qian", action="book.refuse").count() == 1
    assert list(audit.verify()) == []


def test_without_a_file_nothing_is_recorded(as_: As, place: Path) -> None:
    response = bring(as_("qian"), {})
    assert response.status_code == 422
    assert "Choose files first." in response.content.decode()
    assert not Upload.objects.exists()
    assert not Event.objects.filter(actor="qian").exists()


def test_refused_in_chinese(as_: As, place: Path) -> None:
    page = bring(as_("qian", "zh"), {"loans.pdf": b"%PDF"}).content.decode()
    assert "不能识别文件“loans.pdf”。可上传" in page
    assert "未导入，账簿未变。" in page


def test_a_refused_upload_leaves_a_book_that_is_there_as_it_was(as_: As, place: Path, trial: dict[str, bytes]) -> None:
    client = as_("qian")
    bring(client, trial)
    before = written(place)
    assert bring(client, {"loans.csv": b"nothing,known\n1,2\n"}).status_code == 422
    assert bring(client, {"loans.parquet": b"PAR1"}).status_code == 422
    assert written(place) == before


def test_the_policy_limits_what_one_upload_brings(as_: As, place: Path, monkeypatch: Any, settings: Any) -> None:
    client = as_("qian")

    def limited(limits: IntakeLimits) -> None:
        for module in (intake, policy_files):
            monkeypatch.setattr(module, "intake_limits", lambda: limits)
        monkeypatch.setattr("mora.web.workbench.intake.intake_limits", lambda: limits)

    limited(IntakeLimits(1, 1, 40))
    sent = bring(client, {"loans.csv": b"x" * (1 << 20)})
    assert sent.status_code == 413
    assert "One upload is 1 MiB at most" in sent.content.decode()
    assert not Upload.objects.exists(), "nothing of it was read"
    # An archive that unfolds: counted as it is written, whatever it says of itself.
    bomb = bring(client, {"book.zip": zipped({"loans.csv": b"0" * (2 << 20)})})
    assert bomb.status_code == 413
    assert "Unpacked it is more than 1 MiB" in bomb.content.decode()
    inside = io.BytesIO()
    with zipfile.ZipFile(inside, "w", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr("xl/worksheets/sheet1.xml", b"0" * (2 << 20))
    assert bring(client, {"loans.xlsx": inside.getvalue()}).status_code == 413
    limited(IntakeLimits(1, 1, 2))
    assert bring(client, {f"loans-{n}.csv": b"x" for n in range(3)}).status_code == 413
    assert left_behind(settings) == []
    assert not (place / "book.json").exists()


def test_names_cannot_lead_out_of_the_folder(as_: As, place: Path, trial: dict[str, bytes], tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in trial.items():
            archive.writestr(f"../../../{name}", content)
    bring(as_("qian"), {"book.zip": out.getvalue()})
    assert Upload.objects.get().state == Upload.State.TAKEN
    found = {path.name for path in tmp_path.rglob("loans.csv")}
    assert not found


def test_while_another_process_writes_nobody_imports(as_: As, place: Path, trial: dict[str, bytes]) -> None:
    with writing(place):
        response = bring(as_("qian"), trial)
    assert response.status_code == 409
    assert "BOOK.LOCKED" in response.content.decode()


def test_without_the_token_nothing_is_brought_in(house: dict[str, User], place: Path, trial: dict[str, bytes]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(house["qian"], backend=BACKEND)
    assert bring(client, trial).status_code == 403
    assert not Upload.objects.exists()


@pytest.mark.parametrize(
    ("as_of", "said"),
    [("", "Give a day"), ("soon", "is no day"), ("2026-11-21", "is still to come"), ("2026-11-18", "stand at")],
)
def test_days_that_cannot_be_run_keep_what_was_typed(
    as_: As, place: Path, trial: dict[str, bytes], as_of: str, said: str
) -> None:
    client = as_("qian")
    bring(client, trial)
    client.post("/intake/day/", {"as_of": "2026-11-19"})
    response = client.post("/intake/day/", {"as_of": as_of})
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert f'value="{as_of}"' in page
    assert DayJob.objects.count() == 1


def test_an_empty_book_has_no_day(as_: As, place: Path) -> None:
    response = as_("qian").post("/intake/day/", {"as_of": DAY})
    assert response.status_code == 422
    assert "the book is still empty" in response.content.decode().lower()


def test_a_day_asked_for_twice_runs_once(as_: As, place: Path, trial: dict[str, bytes], house: dict[str, User]) -> None:
    bring(as_("qian"), trial)
    first = running.ask(house["qian"], date(2026, 11, 20), AFTERNOON)
    assert running.ask(house["admin"], date(2026, 11, 20), AFTERNOON).pk == first.pk
    with pytest.raises(Refused, match="is being run"):
        running.ask(house["qian"], date(2026, 11, 19), AFTERNOON)
    assert running.broken_off() == [first.pk]
    assert running.work(first.pk, AFTERNOON).state == DayJob.State.DONE
    assert running.broken_off() == []
    events = Event.objects.count()
    assert running.work(first.pk, AFTERNOON).state == DayJob.State.DONE
    assert Event.objects.count() == events


def test_progress_is_a_part_of_the_page_that_asks_again_until_the_end(
    as_: As, place: Path, trial: dict[str, bytes], house: dict[str, User]
) -> None:
    client = as_("qian")
    bring(client, trial)
    job = running.ask(house["qian"], date(2026, 11, 20), AFTERNOON)
    DayJob.objects.filter(pk=job.pk).update(state="running", step="cases", done=3, total=12)
    part = client.get(f"/intake/day/{job.pk}/").content.decode()
    assert 'hx-trigger="every 1s"' in part
    assert '<progress max="12" value="3"' in part
    assert "3 / 12" in part
    running.work(job.pk, AFTERNOON)
    part = client.get(f"/intake/day/{job.pk}/").content.decode()
    assert "hx-trigger" not in part
    assert "Cases opened" in part
    assert 'hx-swap-oob="true"' in part


def test_a_day_that_fails_says_so_and_can_be_run_again(
    as_: As, place: Path, trial: dict[str, bytes], house: dict[str, User], monkeypatch: Any
) -> None:
    bring(as_("qian"), trial)
    job = running.ask(house["qian"], date(2026, 11, 20), AFTERNOON)
    with monkeypatch.context() as patched:
        patched.setattr("mora.casework.nightly.judge_promises", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            running.work(job.pk, AFTERNOON)
    job.refresh_from_db()
    assert job.state == DayJob.State.FAILED
    page = as_("qian").get("/intake/").content.decode()
    assert "a fault of Mora" in page
    again = running.ask(house["qian"], date(2026, 11, 20), AFTERNOON)
    assert running.work(again.pk, AFTERNOON).state == DayJob.State.DONE


def test_the_clock_asks_at_night_and_takes_up_a_night_it_slept_through(
    as_: As, place: Path, trial: dict[str, bytes]
) -> None:
    bring(as_("qian"), trial)
    assert running.missed_night(AFTERNOON) is None, "no night was run by the clock before"
    job = running.ask_by_clock(date(2026, 11, 18), AFTERNOON)
    assert job is not None
    running.work(job.pk, AFTERNOON)
    assert running.missed_night(AFTERNOON) == date(2026, 11, 19)
    from mora.web.clock import take_up

    take_up()
    assert DayJob.objects.get(as_of=date(2026, 11, 19)).state == DayJob.State.DONE
    assert running.missed_night(AFTERNOON) is None


def test_reports_are_only_those_of_days_that_were_run(as_: As, place: Path, trial: dict[str, bytes]) -> None:
    client = as_("qian")
    assert client.get(f"/intake/report/{DAY}/day.en.html").status_code == 404
    bring(client, trial)
    client.post("/intake/day/", {"as_of": DAY})
    for address in ("2026-11-19/day.en.html", f"{DAY}/book.json", "x/day.en.html", f"{DAY}/day.fr.html"):
        assert client.get(f"/intake/report/{address}").status_code == 404, address
    # A report somebody took away is written again.
    (place / "reports" / DAY / "day.en.html").unlink()
    assert client.get(f"/intake/report/{DAY}/day.en.html").status_code == 200


def test_queries_do_not_grow_with_what_was_set_aside(as_: As, place: Path, trial: dict[str, bytes]) -> None:
    client = as_("qian")
    bring(client, broken(trial))
    bring(client, trial)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as told:
            client.get("/intake/")
        counts.append(len(told))
        for n in range(5):
            bring(client, {"loans.pdf": b"%d" % n})
    assert counts[0] == counts[1]
    first = Upload.objects.order_by("pk")[0]
    with CaptureQueriesContext(connection) as told:
        client.get(f"/intake/{first.pk}/")
    assert len(told) <= 5


def test_an_upload_cut_off_by_a_kill_says_so(as_: As, place: Path, trial: dict[str, bytes], monkeypatch: Any) -> None:
    client = as_("qian")

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(intake, "_taken", killed)
        with pytest.raises(Killed):
            bring(client, trial)
    upload = Upload.objects.get()
    assert upload.state == Upload.State.BEGUN
    assert "Bring the same files in again" in client.get(f"/intake/{upload.pk}/").content.decode()
    bring(client, trial)
    again = Upload.objects.latest("pk")
    assert again.state == Upload.State.UNCHANGED
    assert again.tables["loans"]["rows"]["unchanged"] == 150
