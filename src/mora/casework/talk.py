"""A talk with the right party that ends in a promise: the contact and the promise, as one act."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from mora.casework.contact import record_attempt
from mora.casework.promises import promise
from mora.gate.terms import Channel, Result
from mora.store.models import Case, ContactPoint, Promise, User


def promised_on_call(
    user: User, case: Case, amount_minor: int, due_on: date, *, channel: Channel, point: ContactPoint | None,
    at: datetime, key: str, said: str = "", inbound: bool = False, currency: str = "",
) -> Promise:  # fmt: skip
    """Record that the borrower was spoken with, and what he or she promised; both or neither.

    The same page sent twice records one contact and one promise.

    :raises Refused: as :func:`mora.casework.promises.promise` and :func:`mora.casework.contact.record_attempt`.
    """
    with transaction.atomic():
        recorded = record_attempt(
            user, case, channel=channel, point=point, result=Result.RIGHT_PARTY, at=at, key=key, said=said,
            inbound=inbound,
        )  # fmt: skip
        held = case.promises.filter(made_at=recorded.attempt.at, taken_by=user).first()
        if recorded.repeated and held is not None:
            return held
        return promise(user, case, amount_minor, due_on, channel, at, currency=currency, key=key)
