"""How figures, times and names stand on a page. Zero is 0.00, unknown is a dash."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mora.casework import asking, lists, names
from mora.core.money import format_minor
from mora.core.words import Language, Words
from mora.report.words import RISK_CLASS
from mora.store.models import Approval
from mora.store.models.people import Role
from mora.web.refused import language

register = template.Library()
DASH = "–"
_TABLES = {
    "channel": names.CHANNEL, "result": names.RESULT, "hold": names.HOLD, "outcome": names.OUTCOME, "skip": names.SKIP,
    "right": names.RIGHT, "reach": names.REACH, "act": names.ACT, "event": names.EVENT, "class": RISK_CLASS,
    "promise": names.PROMISE, "list": names.LIST, "skill": names.SKILL, "left": names.LEFT,
}  # fmt: skip


@register.filter
def said(words: Words | None) -> str:
    """A pair of words in the reader's language."""
    return "" if words is None else words.in_(language())


@register.filter
def several(words: Iterable[Words]) -> str:
    """Pairs of words in a row."""
    return Words("、", ", ").in_(language()).join(each.in_(language()) for each in words)


@register.filter
def named(key: str, table: str) -> str:
    """What people call a key of a closed list."""
    if table == "role":
        return str(Role(key).label) if key in Role.values else str(key)
    return names.named(_TABLES[table], str(key)).in_(language()) if key else DASH


@register.filter
def money(minor: int | None, currency: str) -> str:
    """Major units, thousands separated."""
    return DASH if minor is None else format_minor(minor, currency).replace("-", "\u2212")


@register.filter
def day(value: date | None) -> str:
    """2026-11-22."""
    return DASH if value is None else f"{value:%Y-%m-%d}"


@register.filter
def clock(value: datetime | None) -> str:
    """When, as short as it is clear: 18:00 today, otherwise with the day."""
    if value is None:
        return DASH
    local = timezone.localtime(value)
    return f"{local:%H:%M}" if local.date() == asking.local_now().date() else f"{local:%m-%d %H:%M}"


@register.filter
def ago(value: datetime | date | None) -> str | SafeString:
    """3 days ago, with the full time on hover."""
    if value is None:
        return DASH
    at = asking.local_now()
    if isinstance(value, datetime):
        local = timezone.localtime(value)
        full, days, seconds = f"{local:%Y-%m-%d %H:%M}", (at.date() - local.date()).days, (at - local).total_seconds()
    else:
        full, days, seconds = f"{value:%Y-%m-%d}", (at.date() - value).days, 86400.0
    if days < 0:
        return full
    if days == 0 and isinstance(value, datetime):
        minutes = int(seconds // 60)
        if minutes < 1:
            short = _("just now")
        elif minutes < 60:
            short = ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
        else:
            short = f"{full[11:]}"
    elif days == 0:
        short = _("today")
    else:
        short = ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, short)


@register.filter
def late_step(days: int | None) -> int:
    """Step of the lateness ladder: the same colours as in the report of the day."""
    edges = (1, 31, 91, 181)
    return sum((days or 0) >= edge for edge in edges)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value by a key that is only known on the page."""
    return mapping.get(key) if mapping is not None else None


@register.simple_tag(takes_context=True)
def here_with(context: dict[str, Any], **changed: object) -> str:
    """The address of this page with some of its questions asked differently; an empty value takes one away."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    for name, value in changed.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def here_without(context: dict[str, Any], name: str, value: str) -> str:
    """The address of this page with one chip removed."""
    query = context["request"].GET.copy()
    query.pop("after", None)
    query.setlist(name, [each for each in query.getlist(name) if each != value])
    return f"?{query.urlencode()}"


@register.filter
def split(text: str) -> list[str]:
    """The parts of ``a,b,c``."""
    return text.split(",")


@register.filter
def split_words(text: str) -> list[str]:
    """The parts of ``a b c``."""
    return text.split()


@register.filter
def changed(data: dict[str, object]) -> str:
    """What an event changed, from what to what, and what it carries besides."""
    before, after = data.get("before"), data.get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return told(data)
    moved = [
        f"{name} {_flat(before.get(name))} → {_flat(value)}" for name, value in after.items()
        if value != before.get(name)
    ]  # fmt: skip
    rest = told({name: value for name, value in data.items() if name not in ("before", "after")})
    return " · ".join([*moved, *([rest] if rest else [])])


def _flat(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or DASH
    return DASH if value in (None, "") else str(value)


@register.filter
def concat(start: str, end: object) -> str:
    """Two texts as one."""
    return f"{start}{end}"


@register.filter
def digit(place: int) -> str:
    """The digit key of a place: 1 to 9, then 0."""
    return str(place % 10) if place <= 10 else ""


@register.filter
def tail(point: object) -> str:
    """The shown end of a masked number: 1767."""
    return str(point).lstrip("*")


@register.filter
def minutes_since(at: datetime) -> float:
    """How long ago, in minutes."""
    return (asking.local_now() - at).total_seconds() / 60


@register.filter
def message(finding: Any) -> str:
    """A finding of the gate in the reader's language."""
    return finding.message_zh if language() is Language.ZH else finding.message_en


@register.filter
def clause(finding: Any) -> str:
    """The clause behind it."""
    return finding.clause if language() is Language.ZH else finding.clause_en or finding.clause


@register.filter
def plain(value: object) -> str:
    """A value of an explanation: days as ISO text, the rest as it is."""
    return day(value) if isinstance(value, date) else str(value)


@register.filter
def closes(asked: Approval) -> list[Words]:
    """What a list entry that is asked for would close, in words."""
    known = lists.rules()[asked.details["list"]].dealings
    return [known.get(each, Words(each, each)) for each in asked.details.get("dealings", ())]


@register.filter
def told(data: dict[str, object]) -> str:
    """What an event carries, without what is empty."""
    return " · ".join(_parts(data))


def _parts(data: dict[str, object]) -> list[str]:
    kept = ((name, value) for name, value in data.items() if value not in (None, "", [], {}))
    return [f"{names.named(names.DETAIL, name).in_(language())} {_value(value)}" for name, value in kept]


def _value(value: object) -> str:
    """What is within braces comes out of them; of a file its name says enough."""
    if isinstance(value, bool):
        return (Words("是", "yes") if value else Words("否", "no")).in_(language())
    if isinstance(value, dict):
        return str(value["name"]) if "sha256" in value and "name" in value else ", ".join(_parts(value))
    return ", ".join(_value(each) for each in value) if isinstance(value, list) else str(value)


@register.filter
def percent(rate: object) -> str:
    """A rate of one as so many in a hundred: 0.156 is 15.6%."""
    return DASH if rate is None else f"{(Decimal(str(rate)) * 100).normalize():f}%"


@register.filter
def grouped(number: int | None) -> str:
    """A count with its thousands apart; unknown is a dash."""
    return f"{number:,}" if isinstance(number, int) else DASH


@register.filter
def either(told: dict[str, str]) -> str:
    """What is kept in both languages, in the reader's."""
    return told.get(language().value, "")


@register.filter
def stages(job: Any) -> list[dict[str, object]]:
    """The steps of a day's run: done, the one it is at, and those to come."""
    order = list(names.NIGHT)
    at = order.index(job.step) if job.step in order else -1
    state = ("done", "now", "ahead")
    return [
        {"words": names.NIGHT[name], "state": state[(place > at) + (place >= at)]} for place, name in enumerate(order)
    ]
