"""How a file of reports is read: cells to :class:`Report`, one loan at a time, and derived loans to raw tables.

The file is small (one row a loan and month) and derivation needs a loan's whole history, so it is read at once. Every
amount goes from its text to minor units; no float is on the way. Rows of derived tables are numbered from 1 in the
order given, because one report can bring several postings.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl

from mora.core.money import format_minor, parse_minor
from mora.core.words import Words
from mora.feeds import ROW, RawBook, RawTable
from mora.feeds.abs_ee.derive import Contract, Derived, Report, derive
from mora.feeds.faults import RefusedBook, Told, refused

CURRENCY = "USD"
NEEDED = (
    "loanID", "dateFiled", "reportingPeriodBeginningDate", "reportingPeriodEndDate", "originationDate",
    "originalLoanAmount", "originalInterestRatePercentage", "maturityDate", "firstLoanPaymentDueDate",
    "graceDaysAllowedNumber", "paidThroughDate", "scheduledPrincipalAmount", "scheduledInterestAmount",
    "unscheduledPrincipalCollectedAmount", "realizedLossToTrustAmount", "liquidationPrepaymentDate",
    "prepaymentPremiumYieldMaintenanceReceivedAmount", "reportPeriodBeginningScheduleLoanBalanceAmount",
    "reportPeriodEndScheduledLoanBalanceAmount", "lastModificationDate", "postModificationMaturityDate",
    "originatorName",
)  # fmt: skip
"""Columns read. The trustee's paymentStatusLoanCode is not one of them."""

MARKS = {"reportingPeriodEndDate", "paidThroughDate", "firstLoanPaymentDueDate"}
"""Names by which a header is known for Schedule AL's."""

COLUMNS = {
    "loans": ("loan_id", "party_id", "product", "currency", "principal", "annual_rate", "started_on", "matures_on",
              "first_due_on", "collateral_kind", "restructured_on", "written_off_on", "originator"),
    "schedule": ("loan_id", "n", "due_on", "principal", "interest"),
    "postings": ("loan_id", "posting_id", "value_on", "kind", "amount", "reverses", "note"),
    "parties": ("party_id", "kind", "region"),
}  # fmt: skip

Cells = dict[str, str]


class _Line:
    """One row of the file, and the place findings point to."""

    def __init__(self, file: str, number: int, cells: Cells) -> None:
        self.file = file
        self.number = number
        self.cells = cells

    def wrong(self, code: str, column: str) -> RefusedBook:
        return RefusedBook(Told(code, file=self.file, row=self.number, column=column, value=self.cells[column]))

    def day(self, column: str) -> date:
        try:
            return date.fromisoformat(self.cells[column])
        except ValueError:
            raise self.wrong("BOOK.DATE", column) from None

    def day_or_none(self, column: str) -> date | None:
        return self.day(column) if self.cells[column] else None

    def count(self, column: str) -> int:
        if not self.cells[column].isdecimal():
            raise self.wrong("BOOK.NUMBER", column)
        return int(self.cells[column])

    def minor(self, column: str) -> int:
        if not self.cells[column]:
            return 0
        try:
            return parse_minor(self.cells[column], CURRENCY)
        except ValueError:
            raise self.wrong("BOOK.AMOUNT", column) from None


def find_reports(source: Path) -> list[Path]:
    """CSV files of the directory (or the file itself) whose header has Schedule AL's names."""
    paths = [source] if source.is_file() else sorted(source.glob("*.csv")) if source.is_dir() else []
    return [path for path in paths if path.suffix.lower() == ".csv" and set(_header(path)) >= MARKS]


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="", errors="replace") as file:
        return next(csv.reader(file), [])


def read_directory(source: Path) -> RawBook:
    """Every report file of the directory, with product terms of the reports' own conventions."""
    tables: list[RawTable] = []
    graces: set[int] = set()
    for path in find_reports(source):
        made = _book(path)
        graces |= {int(row[2].rpartition("_")[2]) for row in made["loans"] if "grace" in row[2]}
        tables += [_table(path, name, made[name]) for name in COLUMNS]
    order = list(COLUMNS)
    tables.sort(key=lambda table: order.index(table.table))
    return RawBook(
        tuple(tables),
        products_yaml=products(sorted(graces)),
        products_file="products of Form ABS-EE",
        findings=(Told("BOOK.DERIVED", detail=f"{DERIVED.zh}|{DERIVED.en}"),),
    )


DERIVED = Words(
    "由已付至日逐期推出，付款日取应还款日或报告期末；逾期天数按受托人口径，应还款日当天计为第一天"
    "（due_day_counts）。见 feeds/abs_ee/README.md",
    "from the paid-through date, report by report, on the due date or the period's last day; days past due are counted "
    "as the trustee does, the due day being day one (due_day_counts). See feeds/abs_ee/README.md",
)
"""What a reader of figures from this feed must know."""


def products(graces: list[int]) -> str:
    """Product terms as a trustee counts: see README.md."""
    lines = [
        "# Payments and their days are derived from paid-through dates; Form ABS-EE does not report them.",
        "# Days are counted as the trustee does: an instalment unpaid at the end of its due date is one day late. By",
        "# Mora's default the due day is not late; of the sample's 2,720 loan-months five need this rule.",
        "abs_ee:",
        "  jurisdiction: us",
        "  kind: mortgage",
        "  early_money: last        # unscheduled principal lowers the balloon, not the next instalments",
        "  penalty: {uplift: 0}     # default interest is not reported",
        "  lateness: {rule: due_day_counts}  # unpaid at the end of its due date is late that evening",
        "  write_off: reduces       # a realised loss leaves the trust",
        "  write_off_order: [principal, interest, fee, penalty, compound]",
    ]
    for grace in graces:
        lines += [f"abs_ee_grace_{grace}:", "  extends: abs_ee", f"  lateness: {{grace_days: {grace}}}"]
    return "\n".join(lines) + "\n"


def _lines(path: Path) -> dict[str, list[_Line]]:
    """The file's rows by loan, in the order of their periods; of several filings for one period, the last."""
    if path.stat().st_size == 0:
        raise refused("BOOK.EMPTY_FILE", file=path.name)
    latest: dict[tuple[str, str], _Line] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for column in NEEDED:
                if column not in (reader.fieldnames or ()):
                    raise refused("BOOK.MISSING_COLUMN", file=path.name, column=column)
            for cells in reader:
                line = _Line(path.name, reader.line_num, {name: (cells[name] or "").strip() for name in NEEDED})
                key = (line.cells["loanID"], line.cells["reportingPeriodEndDate"])
                if key not in latest or latest[key].cells["dateFiled"] <= line.cells["dateFiled"]:
                    latest[key] = line
    except UnicodeDecodeError as error:
        raise refused("BOOK.ENCODING", file=path.name, detail=str(error)) from None
    loans: dict[str, list[_Line]] = defaultdict(list)
    for (loan_id, _), line in latest.items():
        loans[loan_id].append(line)
    for lines in loans.values():
        lines.sort(key=lambda line: line.day("reportingPeriodEndDate"))
    return loans


def _report(line: _Line) -> Report:
    return Report(
        line=line.number,
        begins_on=line.day("reportingPeriodBeginningDate"),
        ends_on=line.day("reportingPeriodEndDate"),
        paid_through=line.day_or_none("paidThroughDate"),
        principal=line.minor("scheduledPrincipalAmount"),
        interest=line.minor("scheduledInterestAmount"),
        unscheduled=line.minor("unscheduledPrincipalCollectedAmount"),
        premium=line.minor("prepaymentPremiumYieldMaintenanceReceivedAmount"),
        loss=line.minor("realizedLossToTrustAmount"),
        left_on=line.day_or_none("liquidationPrepaymentDate"),
        opening_balance=line.minor("reportPeriodBeginningScheduleLoanBalanceAmount"),
        closing_balance=line.minor("reportPeriodEndScheduledLoanBalanceAmount"),
    )


def derive_file(path: Path) -> dict[str, tuple[Contract, list[Report], Derived]]:
    """Every loan of a file: its contract, its reports and what is derived from them.

    :raises BadInput: as :func:`read_directory`.
    """
    return {loan_id: _derive(loan_id, lines) for loan_id, lines in _lines(path).items()}


def _derive(loan_id: str, lines: list[_Line]) -> tuple[Contract, list[Report], Derived]:
    contract = _contract(loan_id, lines)
    reports = [_report(line) for line in lines]
    return contract, reports, derive(contract, reports)


def _contract(loan_id: str, lines: list[_Line]) -> Contract:
    changed = [day for line in lines if (day := line.day_or_none("postModificationMaturityDate"))]
    matures_on = changed[-1] if changed else lines[0].day("maturityDate")
    first = lines[0]
    return Contract(loan_id, first.minor("originalLoanAmount"), first.day("firstLoanPaymentDueDate"), matures_on)


def _book(path: Path) -> dict[str, list[tuple[str, ...]]]:
    """Rows of each derived table, cells as text in the order of COLUMNS."""
    made: dict[str, list[tuple[str, ...]]] = {name: [] for name in COLUMNS}
    for loan_id, lines in _lines(path).items():
        contract, _, derived = _derive(loan_id, lines)
        first, last = lines[0], lines[-1]
        grace = first.count("graceDaysAllowedNumber")
        changes = [line.cells["lastModificationDate"] for line in lines if line.cells["lastModificationDate"]]
        modified = changes[-1] if changes else ""
        made["loans"].append(
            (loan_id, loan_id, f"abs_ee_grace_{grace}" if grace else "abs_ee", CURRENCY, _text(contract.principal),
             first.cells["originalInterestRatePercentage"], first.cells["originationDate"], str(contract.matures_on),
             str(contract.first_due_on), "commercial property", modified, str(derived.lost_on or ""),
             last.cells["originatorName"])
        )  # fmt: skip
        made["parties"].append((loan_id, "company", "US"))
        made["schedule"] += [
            (loan_id, str(n), str(row.due_on), _text(row.principal), _text(row.interest))
            for n, row in enumerate(derived.rows, start=1)
        ]
        disbursed = (loan_id, "disbursement", first.cells["originationDate"], "disbursement", _text(contract.principal))
        made["postings"].append((*disbursed, "", ""))
        made["postings"] += [
            (loan_id, each.posting_id, str(each.value_on), each.kind.name.lower(), _text(each.amount), each.reverses,
             each.note)
            for each in derived.entries
        ]  # fmt: skip
    return made


def _text(minor: int) -> str:
    return format_minor(minor, CURRENCY, thousands=False)


def _table(path: Path, name: str, rows: list[tuple[str, ...]]) -> RawTable:
    columns = COLUMNS[name]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String), orient="row").with_columns(
        pl.int_range(1, len(rows) + 1, dtype=pl.Int64).alias(ROW)
    )
    return RawTable(name, f"{path.name} ({name})", columns, partial(_once, frame), rows=len(rows), sources=(path,))


def _once(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    yield frame
