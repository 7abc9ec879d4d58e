"""Bringing in the loan book and running its day, for a lender whose book fits into an upload."""

from __future__ import annotations

from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any

import polars as pl
import xlsxwriter
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from mora.casework import intake
from mora.casework.book import days_run
from mora.casework.policy_files import intake_limits
from mora.casework.rights import reach
from mora.casework.unpacking import MIB, TooMuch
from mora.core.errors import Refused
from mora.core.words import Words
from mora.feeds.faults import ROW_FAULTS, RefusedBook
from mora.report import page_name
from mora.store.models import DayJob, Upload
from mora.web.refused import language, sentence
from mora.web.workbench.asked import now, page

SIZE = 50
"""Rows set aside shown at a time."""
LAST = 10
"""Uploads and days shown."""
SHEET_ROWS = 1_000_000
"""A sheet holds a little more."""


@page("run_day")
def show(request: HttpRequest) -> HttpResponse:
    """The page: the book, what was brought in, the day, and the days that were run."""
    return whole(request)


def whole(request: HttpRequest, status: int = 200, **more: object) -> HttpResponse:
    """The page with what an act that was refused says and what was typed."""
    at = now()
    told: dict[str, Any] = {
        "limits": intake_limits(),
        "suggested": at.date() - timedelta(days=1),
        "job": DayJob.objects.select_related("asked_by").order_by("-asked_at").first(),
    }
    try:
        told |= ran()
        told["suggested"] = max([told["suggested"], *told["days"][:1]])
    except Refused as refusal:
        told["book_problem"] = sentence(refusal)
        status = max(status, 409) if status == 200 else status
    if reach(request.user, "import_book"):
        uploads = Upload.objects.select_related("by").order_by("-at", "-pk")[:LAST]
        told["uploads"] = [{"upload": each, **_sums(each)} for each in uploads]
    return render(request, "intake/page.html", told | more, status=status)


def ran() -> dict[str, Any]:
    """The book and the days that were run on it, newest first.

    :raises Refused: no book is named, or what is named is something else.
    """
    book = intake.book_if_any()
    days = days_run(book) if book is not None else []
    return {"book": book, "days": days[::-1][:LAST], "report_name": page_name(language())}


def _sums(upload: Upload) -> dict[str, int]:
    """Rows of all tables together, by what became of them."""
    rows = [table["rows"] for table in upload.tables.values()]
    return {fate: sum(row[fate] for row in rows) for fate in ("in", "kept", "unchanged", "set_aside")}


@csrf_exempt  # the body is read only after its size is known; the token is then asked for as everywhere
@page("import_book", "POST")
def upload(request: HttpRequest) -> HttpResponse:
    """Files are brought in. Too much is refused before it is read."""
    most = intake_limits().upload_mib
    if int(request.META.get("CONTENT_LENGTH") or 0) > most * MIB:
        words = Words(
            f"一次上传不超过 {most} MiB；可打成 zip 再上传，更大的账簿请在服务器上用 mora import 导入",
            f"one upload is {most} MiB at most; zip it, or bring a larger book in on the server with mora import",
        )
        return whole(request, 413, lines=[sentence(Refused(words))])
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    if not request.FILES.getlist("files"):
        words = Words("请先选择文件", "choose files first")
        return whole(request, 422, lines=[sentence(Refused(words))])
    brought, refusal = intake.bring_in(request.user, request.FILES.getlist("files"), now())
    if refusal is None:
        return redirect("intake-result", upload=brought.pk)
    locked = isinstance(refusal, RefusedBook) and any(each.code == "BOOK.LOCKED" for each in refusal.told)
    status = 413 if isinstance(refusal, TooMuch) else 409 if locked else 422
    return whole(request, status, lines=intake.lines(brought, language()))


@page("import_book")
def result(request: HttpRequest, upload: int) -> HttpResponse:
    """What came of one upload: counts by table, reasons, and the rows set aside one by one."""
    held = get_object_or_404(Upload.objects.select_related("by"), pk=upload)
    told: dict[str, object] = {
        "upload": held, "tables": list(held.tables.items()), "sums": _sums(held),
        "lines": intake.lines(held, language()),
        "codes": [(code, _meaning(code), count) for code, count in held.codes.items()],
    }  # fmt: skip
    if held.codes:
        skip = int(request.GET["after"]) if request.GET.get("after", "").isdecimal() else 0
        try:
            rows, total = intake.set_aside(intake.main_book(), held.import_id, language(), skip=skip, size=SIZE)
        except Refused:
            # A later import took its place, or the book is another one.
            rows, total = [], 0
        told |= {"rows": rows, "total": total, "skip": skip, "after": skip + SIZE if skip + SIZE < total else ""}
    return render(request, "intake/result.html", told)


def _meaning(code: str) -> str:
    """What would be accepted, which is what a row's owner wants to know; the code where the list does not know it."""
    return ROW_FAULTS[code].expected.in_(language()) if code in ROW_FAULTS else ""


@page("import_book")
def set_aside(request: HttpRequest, upload: int) -> HttpResponse:
    """The rows set aside as a workbook, one sheet for each file that was read; cells are text, so nothing runs."""
    held = get_object_or_404(Upload, pk=upload)
    try:
        frames = intake.take_out_set_aside(request.user, intake.main_book(), held.import_id, now())
    except Refused as refusal:
        return whole(request, 409, lines=[sentence(refusal)])
    out = TemporaryFile()  # noqa: SIM115  the response closes it
    made = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    for number, (name, frame) in enumerate(frames, 1):
        _sheet(made, f"{number} {name}"[:31], frame)
    if not frames:
        made.add_worksheet()
    made.close()
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"set-aside-{held.import_id}.xlsx")


def _sheet(made: xlsxwriter.Workbook, name: str, frame: pl.DataFrame) -> None:
    sheet = made.add_worksheet("".join("-" if letter in "[]:*?/\\" else letter for letter in name))
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(frame.columns) - 1, 20)
    bold = made.add_format({"bold": True})
    for column, head in enumerate(frame.columns):
        sheet.write_string(0, column, head, bold)
    for line, row in enumerate(frame.head(SHEET_ROWS).iter_rows(), 1):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write_string(line, column, str(value))
