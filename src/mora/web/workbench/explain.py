"""Why? One loan explained line by line, by the same rules that aged it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mora.casework.book import held_book
from mora.core.errors import Refused
from mora.core.words import Language
from mora.engine.explain import explain as why
from mora.report.explain import FIGURES
from mora.store.models import Case
from mora.web.refused import language, sentence
from mora.web.workbench.asked import page


@page("see_case")
def explain(request: HttpRequest, case: Case, loan: str) -> HttpResponse:
    """The explanation of a loan of the case, as of the day its figures are of."""
    held = case.loans.filter(loan_id=loan).first()
    if held is None:
        raise Http404
    told: dict[str, object] = {"case": case, "held": held}
    try:
        book = held_book(held.book)
        if book is None:
            raise Refused(_("No loan book is named (MORA_BOOK), so nothing can be explained."))
        told["why"] = _read(why(book, loan, held.as_of))
    except Refused as refusal:
        told["problem"] = sentence(refusal)
    name = "case/explain.html" if request.htmx else "case/explain_page.html"
    return render(request, name, told, status=409 if "problem" in told else 200)


def _read(told: dict[str, Any]) -> dict[str, Any]:
    """The explanation in the reader's language, ready to be laid out."""
    lang = language()
    position, class_ = told["position"], told["class"]
    figures = [
        (words.in_(lang), name, position.get(name)) for name, words in FIGURES.items() if position.get(name) is not None
    ]
    return {
        "loan": told["loan"], "position": position, "figures": figures,
        "why_days": told["why_days_past_due"][lang.value],
        "class_name": class_.get(lang.value) or "", "class_reason": class_["reason"][lang.value]
        if isinstance(class_["reason"], dict) else class_["reason"],
        "class_cite": _cite(class_["reason"], lang),
        "life": _newest_first(told["life"], lang),
        "penalty": [line[lang.value] for line in told["penalty"]],
        "not_seen": [(line["day"], line["posting_id"], line["amount_minor"], line[lang.value])
                     for line in told["not_seen"]],
    }  # fmt: skip


def _cite(reason: Any, lang: Language) -> str:
    """The clause of a class, where the reason names one."""
    cited = reason.get("citation") if isinstance(reason, dict) else None
    return str(cited[lang.value] if isinstance(cited, dict) else cited or "")


def _newest_first(life: list[dict[str, Any]], lang: Language) -> list[tuple[object, object, bool]]:
    """Postings from the newest back, each followed by where its money went."""
    groups: list[list[tuple[object, object, bool]]] = []
    for line in life:
        head = line["what"] in ("posting", "version", "credit")
        if head or not groups:
            groups.append([])
        groups[-1].append((line["day"], line[lang.value], head))
    return [line for group in reversed(groups) for line in group]
