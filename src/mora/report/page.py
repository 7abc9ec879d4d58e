"""The day as one self-contained HTML page in one language: no script, no outside request, prints as it looks.

:mod:`mora.report.tables` turns a summary into ready strings, ``templates/day.html`` lays them out and
``templates/day.css`` gives them their face.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from mora.core.words import Language
from mora.insight import DaySummary
from mora.report import figures, words
from mora.report.tables import book_tables, history_table
from mora.report.words import Speaker


def page_name(language: Language) -> str:
    """The file name under which the page of a language looks for its sister."""
    return f"day.{language.value}.html"


def render_day(summary: DaySummary, language: Language, *, other_href: str | None = None) -> str:
    """The page as text.

    :param other_href: where the same page in the other language lies; None leaves the link out.
    """
    speaker = Speaker(language)
    return _environment().get_template("day.html").render(
        w=speaker,
        lang="zh-CN" if language is Language.ZH else "en",
        other_lang="en" if language is Language.ZH else "zh-CN",
        other_href=other_href,
        as_of=summary.as_of.isoformat(),
        previous=summary.previous_as_of.isoformat() if summary.previous_as_of else None,
        synthetic=summary.synthetic,
        books=[book_tables(one, speaker, first_day=summary.previous_as_of is None) for one in summary.currencies],
        many=len(summary.currencies) > 1,
        aside=[
            {
                "code": one.code,
                "file": one.file or figures.DASH,
                "rows": figures.count(one.rows),
                "example": one.example_in(language),
            }
            for one in summary.set_aside
        ],
        aside_rows=figures.count(sum(one.rows for one in summary.set_aside)),
        history=[history_table(each, speaker) for each in summary.history],
        history_loans=figures.count(sum(each.loans for each in summary.history)),
        method=[line.in_(language) for line in words.METHOD_LINES],
    )  # fmt: skip


def write_day(summary: DaySummary, folder: Path) -> dict[Language, Path]:
    """Write ``day.zh.html`` and ``day.en.html``, each linked to the other, and say where they lie."""
    paths = {}
    for language in Language:
        other = Language.EN if language is Language.ZH else Language.ZH
        paths[language] = folder / page_name(language)
        paths[language].write_text(render_day(summary, language, other_href=page_name(other)), encoding="utf-8")
    return paths


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mora.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
