"""What does a person see? Turns a day's summary into a page and into terminal tables, in Chinese or English.

Nothing is computed here that is not in the summary; figures are only written out.
"""

from __future__ import annotations

from mora.report.page import page_name, render_day, write_day
from mora.report.terminal import print_day

__all__ = ["page_name", "print_day", "render_day", "write_day"]
