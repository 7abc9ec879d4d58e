"""The list as an Excel file: what the address asks for, masked as on the screen."""

from __future__ import annotations

import io
from decimal import Decimal

import xlsxwriter
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from mora.casework import finding
from mora.casework.exporting import exported
from mora.core.money import exponent
from mora.web.workbench import keyset
from mora.web.workbench.asked import now, page
from mora.web.workbench.queue import read

MOST = 50_000
"""Rows of one file; a longer list is narrowed first."""


@page("export")
def export(request: HttpRequest) -> HttpResponse:
    """The file."""
    at = now()
    wanted, _problem = read(request)
    cases = finding.find(request.user, wanted, at).select_related("party", "team", "owner")
    rows = keyset.cut(cases.annotate(n_loans=Count("loans")), request.GET.get("sort", "priority"), "", MOST).rows
    asked = "&".join(f"{name}={value}" for name, value in sorted(request.GET.items()) if name != "q" and value)
    exported(request.user, len(rows), asked, at)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(_("Cases"))
    bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    heads = (_("Case"), _("Name"), _("Level"), _("Days late"), _("Currency"), _("Arrears"), _("Outstanding principal"),
             _("Loans"), _("Due by"), _("Team"), _("Owner"), _("As of"))  # fmt: skip
    sheet.write_row(0, 0, heads, bold)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 1, 22)
    sheet.set_column(5, 6, 18)
    sheet.set_column(8, 11, 14)
    # A case of two currencies has a line for each, so that no column adds them up.
    lines = [(case, owed) for case in rows for owed in case.sums]
    for line, (case, owed) in enumerate(lines, 1):
        scale = Decimal(1).scaleb(-exponent(owed.currency))
        sheet.write_string(line, 0, case.number)
        sheet.write_string(line, 1, case.party.name_mask)
        sheet.write_string(line, 2, case.level)
        sheet.write_number(line, 3, case.days_past_due)
        sheet.write_string(line, 4, owed.currency)
        sheet.write_number(line, 5, owed.arrears_minor * scale, money)
        sheet.write_number(line, 6, owed.outstanding_minor * scale, money)
        sheet.write_number(line, 7, case.n_loans)
        if case.level_due_on:
            sheet.write_datetime(line, 8, case.level_due_on, day)
        sheet.write_string(line, 9, str(case.team or ""))
        sheet.write_string(line, 10, str(case.owner or ""))
        sheet.write_datetime(line, 11, case.as_of, day)
    sheet.autofilter(0, 0, max(1, len(lines)), len(heads) - 1)
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = HttpResponse(out.getvalue(), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="cases-{at:%Y%m%d-%H%M}.xlsx"'
    return response
