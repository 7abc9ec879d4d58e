"""Taking a list out of the house is an act: it is written into the audit chain before the file is made."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mora.casework.rights import require
from mora.store import audit
from mora.store.models import User


def exported(user: User, rows: int, asked: str, at: datetime) -> None:
    """Record that a list of so many cases leaves, and what was asked for (the filters; never a search text).

    :raises NotAllowed: the person may not.
    """
    require(user, "export", None, at.date())
    with transaction.atomic():
        audit.append(user.username, "list.export", "cases", at=at, rows=rows, asked=asked)
