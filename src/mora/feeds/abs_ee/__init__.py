"""Monthly loan reports of US commercial-mortgage securitisations (SEC Form ABS-EE, Schedule AL), as one CSV.

The reports hold no payments. They are derived from how the paid-through date moves from report to report; what is
derived from what, and what is lost, stands in README.md beside this file.
"""

from __future__ import annotations

from pathlib import Path

from mora.core.words import Words
from mora.feeds import RawBook
from mora.feeds.abs_ee.read import find_reports, read_directory

NAME = "abs_ee"
about = Words(
    "美国 ABS-EE 商业按揭月报（Schedule AL），由已付至日推出还款",
    "US ABS-EE commercial-mortgage monthly reports (Schedule AL); payments derived from paid-through dates",
)


def recognises(source: Path) -> bool:
    """Whether the directory holds a CSV with Schedule AL's column names."""
    return bool(find_reports(source))


def read(source: Path) -> RawBook:
    """Loans, schedule, postings and parties derived from every report file of the directory.

    :raises BadInput: a file is empty, lacks a column, or has a cell on which other rows depend that cannot be read.
    """
    return read_directory(source)
