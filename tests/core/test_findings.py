"""Findings and errors: what, where, what would be accepted."""

from __future__ import annotations

from mora.core.errors import BadInput, MoraError, Refused, UnknownLoan, UnknownRule
from mora.core.findings import Finding, Severity
from mora.core.words import Language, Words


def test_a_finding_reads_as_one_line_with_its_place_and_a_way_out() -> None:
    finding = Finding("BOOK.DATE", "31 February is no day", "loans.csv", 7, "started_on", "2026-02-31", "2026-02-28")
    assert str(finding) == (
        "loans.csv:7: [BOOK.DATE] 31 February is no day (column started_on, value '2026-02-31'). Expected: 2026-02-28"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert str(Finding("BOOK.EMPTY", "the file is empty")) == "[BOOK.EMPTY] the file is empty"
    assert str(Finding("BOOK.COLUMN", "missing", "loans.csv", column="currency")) == (
        "loans.csv: [BOOK.COLUMN] missing (column currency)"
    )


def test_a_finding_stops_the_row_unless_it_says_otherwise() -> None:
    assert Finding("X", "y").severity is Severity.ERROR


def test_a_finding_is_a_row_of_plain_values() -> None:
    row = Finding("X", "y", row=3, severity=Severity.WARNING, cite="cn.civil.561").as_dict()
    assert row == {
        "code": "X", "message": "y", "file": "", "row": 3, "column": "", "value": "", "expected": "",
        "severity": "warning", "cite": "cn.civil.561", "message_zh": "",
    }  # fmt: skip
    assert type(row["severity"]) is str


def test_bad_input_carries_its_findings() -> None:
    problem = BadInput("loans.csv is not usable", (Finding("X", "y"),))
    assert str(problem) == "loans.csv is not usable"
    assert problem.findings == (Finding("X", "y"),)
    assert BadInput("z").findings == ()


def test_everything_raised_on_purpose_can_be_caught_as_one_family() -> None:
    for kind in (BadInput, UnknownLoan, UnknownRule):
        assert issubclass(kind, Refused)
    assert issubclass(Refused, MoraError)


def test_a_finding_speaks_the_reader_s_language_where_it_can() -> None:
    both = Finding("X", "late", message_zh="逾期")
    assert [both.message_in(language) for language in Language] == ["逾期", "late"]
    assert Finding("X", "late").message_in(Language.ZH) == "late"


def test_a_refusal_has_words_in_both_languages_where_it_can() -> None:
    assert Refused("no", zh="不行").words == Words("不行", "no")
    assert Refused("no").words == Words("no", "no")
    assert BadInput("no", zh="不行").words == Words("不行", "no")
