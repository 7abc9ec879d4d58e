"""The case on one screen: who, may I, what is owed, what was said, what to do, and everything that happened."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mora.casework import asking, contact, history, queue
from mora.casework.places import judged
from mora.casework.policy_files import level_at, promise_rule, script_at
from mora.casework.queue import Busy
from mora.casework.rights import may
from mora.core.errors import Refused
from mora.core.money import format_minor
from mora.core.words import Language, Words
from mora.gate.terms import Effect, Finding, HoldKind
from mora.store.models import Case, Cause, Promise, User
from mora.web.refused import language
from mora.web.workbench import case_more
from mora.web.workbench.asked import covers, now, page

HOLDS = ("hardship", "vulnerable", "plan_being_made", "represented", "bankruptcy", "death", "cease_requested", "fraud")
"""Holds a person sets; disputes and complaints have an act of their own, because a clock starts."""
MOST_PROMISES = 20
"""So many are looked at for the last one of each currency."""
_RIGHTS = ("work_case", "record_attempt", "take_promise", "write_note", "reveal", "set_hold", "take_complaint",
           "assign_case", "list_party", "attach_file", "open_file",
           "review_case", "decide_review", "prepare_court", "answer_complaint")  # fmt: skip


@page("see_case")
def show(request: HttpRequest, case: Case) -> HttpResponse:
    """The page."""
    return answer(request, case)


def answer(
    request: HttpRequest, case: Case, *, act: str = "", problem: str = "", about: str = "", said: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The case as it stands now; its inner part alone for a page that is open already.

    :param act: the act whose form is open.
    :param problem: why it was refused, shown at the field it is ``about`` or on top of the form.
    :param said: what was done, shown on top.
    """
    at = now()
    told: dict[str, Any] = facts(request, case)
    told |= {
        "act": act, "problem": problem, "about": about, "said": said, "typed": request.POST,
        "typed_dealings": request.POST.getlist("dealings"),
        "key": uuid.uuid4().hex,
        "at": at, "refused_key": request.POST.get("key", "") if problem else "",
    }  # fmt: skip
    name = "case/inner.html" if request.htmx and not request.htmx.boosted else "case/page.html"
    return render(request, name, told, status=status)


def facts(request: HttpRequest, case: Case) -> dict[str, Any]:
    """Everything the page shows."""
    at, user = now(), request.user
    prefetch_related_objects([case], "loans")
    ways = list(asking.ways(case, user, at))
    rule, chosen = level_at(case.days_past_due), _chosen(ways)
    holds = list(case.holds.filter(lifted_at__isnull=True).order_by("-since"))
    told = history.entries(case)
    return {
        "case": case, "party": case.party,
        "loans": sorted(case.loans.all(), key=lambda each: (-each.days_past_due, each.loan_id)),
        "laws": judged(case), "ways": ways, "chosen": chosen, "lines": _lines(ways), "common": _common(ways),
        "kinds": _kinds(ways), "rights_here": _rights(request, case),
        "holds": [each for each in holds if each.until is None or each.until > at], "hold_kinds": HOLDS,
        "cause": case.causes.order_by("-at").first(), "causes": Cause.Why.choices, "degrees": Cause.Degree.choices,
        "promises": _last_promises(case),
        "contacts": [each for each in told if each.kind == "contact"][:5],
        "entries": told, "kind_names": history.KINDS, "rule": rule, "script": _script(case, user),
        "promise_rule": promise_rule(), "skips": queue.SKIPS, "busy": _busy(case, user, at),
        "colleagues": _colleagues(case) if covers(request, "assign_case", case) else (),
    } | case_more.facts(request.user, case, at)  # fmt: skip


def _last_promises(case: Case) -> list[Promise]:
    """The last promise of each currency, the newest first."""
    newest: dict[str, Promise] = {}
    for each in case.promises.select_related("taken_by", "reminder__point").order_by("-made_at", "-pk")[:MOST_PROMISES]:
        newest.setdefault(each.currency, each)
    return list(newest.values())


def _script(case: Case, user: User) -> dict[str, str]:
    """What is said first, with this case's figures."""
    days, lang = case.days_past_due, language()
    late = Words(f"逾期{days}天", f"{days} day{'s'[: days != 1]} late").in_(lang)
    filled = {
        "organisation": settings.MORA_ORGANISATION, "caller": str(user), "late": late,
        **dict(zip(("amount", "currency"), _said_amounts(case, lang), strict=True)), "as_of": f"{case.as_of:%Y-%m-%d}",
    }  # fmt: skip
    return {part: words.in_(lang).format(**filled) for part, words in script_at(case.level).items()}


def _said_amounts(case: Case, lang: Language) -> tuple[str, str]:
    """What is in arrears, as it is said, up to the last amount; and that one's currency. Each currency by itself."""
    owed = [each for each in case.sums if each.arrears_minor] or case.sums[:1]
    *before, last = [(format_minor(each.arrears_minor, each.currency), each.currency) for each in owed]
    join = Words("、", " and ").in_(lang)
    space = Words("", " ").in_(lang)
    return "".join(f"{amount}{space}{currency}{join}" for amount, currency in before) + last[0], last[1]


def _rights(request: HttpRequest, case: Case) -> dict[str, bool]:
    today = now().date()
    open_ = case.state == Case.State.OPEN
    return {name: open_ and may(request.user, name, case, today) for name in _RIGHTS}


def _busy(case: Case, user: User, at: Any) -> User | None:
    """Somebody else who works on it at this moment."""
    other = case.taken_by_id not in (None, user.pk) and case.taken_until is not None and case.taken_until > at
    return case.taken_by if other else None


def _colleagues(case: Case) -> list[User]:
    people = User.objects.filter(is_active=True).order_by("username")
    return list(people.filter(memberships__team=case.team) if case.team_id else people)


def _objections(way: asking.Way) -> list[Finding]:
    return [each for each in way.verdict.findings if each.effect in (Effect.REFUSE, Effect.WARN)]


def _common(ways: Sequence[asking.Way]) -> list[Finding]:
    """What the gate says of every way: it is shown once, not at each."""
    said = [{(each.rule, each.message_en) for each in _objections(way)} for way in ways]
    shared = set.intersection(*said) if said else set()
    return [each for each in _objections(ways[0]) if (each.rule, each.message_en) in shared] if ways else []


def _lines(ways: Sequence[asking.Way]) -> list[tuple[asking.Way, list[Finding]]]:
    """Each way with what the gate says of it alone."""
    shared = {(each.rule, each.message_en) for each in _common(ways)}
    return [(way, [each for each in _objections(way) if (each.rule, each.message_en) not in shared]) for way in ways]


def _chosen(ways: list[asking.Way]) -> asking.Way | None:
    """The way a contact is recorded by unless another is picked: the first open one, calls before messages."""
    rank = {"allowed": 0, "warned": 1, "refused": 2}
    return min(ways, key=lambda way: (rank[way.verdict.outcome], way.channel != "voice"), default=None)


def _kinds(ways: list[asking.Way]) -> list[tuple[str, tuple[str, ...]]]:
    """The results that can be recorded, by kind of channel that occurs."""
    occur = {kind_of(way.channel) for way in ways}
    return [(kind, results) for kind, results in contact.RESULTS.items() if kind in occur]


def kind_of(channel: str) -> str:
    """Which list of results belongs to a channel."""
    return "call" if channel.startswith("voice") else "visit" if channel in ("visit", "interview") else "written"


@page("work_case", "POST")
def hold(request: HttpRequest, case: Case) -> HttpResponse:
    """Keep the case while its page is open; says who has it otherwise."""
    with suppress(Busy):
        queue.hold_case(request.user, case, now())
    return render(request, "case/holder.html", {"case": case, "busy": _busy(case, request.user, now())})


def hold_kind(text: str) -> HoldKind:
    """The kind of hold a form names.

    :raises Refused: none that a person sets.
    """
    if text not in HOLDS:
        raise Refused(Words("请选择停催原因", "choose why contact rests"), about="kind")
    return HoldKind(text)
