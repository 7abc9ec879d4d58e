"""Lists a person keeps for the own use: a name for what the queue page was asked. They change nobody's work and are no
events; a search text is never kept, because it may be somebody's name or number.
"""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict

from mora.core.errors import Refused
from mora.core.words import Words
from mora.store.models import SavedList, User

KEPT = (
    "show", "level", "product", "branch", "least", "most", "clock", "escalated", "court", "asked", "promise", "team",
    "owner", "touched_by", "sort",
)  # fmt: skip
"""What an address may ask that is kept."""
MOST = 20


def keep(user: User, name: str, query: str) -> SavedList:
    """Keep what an address asks under a name; the same name again replaces it.

    :raises Refused: no name, nothing asked, or twenty kept already.
    """
    if not name.strip():
        raise Refused(Words("请为清单命名", "give the list a name"), about="name")
    asked = QueryDict(query)
    kept = QueryDict(mutable=True)
    for key in KEPT:
        values = [value for value in asked.getlist(key) if value]
        if values:
            kept.setlist(key, values)
    if not kept:
        raise Refused(Words("请先筛选，再保存", "filter first, then keep the list"), about="name")
    with transaction.atomic():
        others = SavedList.objects.filter(user=user).exclude(name=name.strip()[:40])
        if others.count() >= MOST:
            raise Refused(Words(f"最多保存 {MOST} 个清单", f"{MOST} lists are kept at most"), about="name")
        made, _ = SavedList.objects.update_or_create(
            user=user, name=name.strip()[:40], defaults={"query": kept.urlencode()[:800]}
        )
    return made


def forget(user: User, pk: int) -> None:
    """No longer keep a list of one's own."""
    SavedList.objects.filter(user=user, pk=pk).delete()
