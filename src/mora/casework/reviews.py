"""A risk review: a first opinion, a second by another person, and the outcome; a third decides where the two differ."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mora.casework.level_clock import stop_if_met
from mora.casework.policy_files import rule_of
from mora.casework.rights import require
from mora.core.errors import Refused
from mora.core.words import Words
from mora.store import audit
from mora.store.models import Case, Review, User


def open_review(case: Case) -> Review | None:
    """The review that is being made, with its people."""
    found = case.reviews.filter(closed_at__isnull=True)
    return found.select_related("first_by", "second_by").first()


def opine(user: User, case: Case, view: str, words: str, at: datetime) -> Review:
    """Give the opinion that is wanted next: the first, the second, or the decision between two that differ.

    :raises NotAllowed: the person may not review.
    :raises Refused: the level asks for no review, no view or words, or the person has spoken already.
    """
    require(user, "review_case", case, at.date())
    rule = rule_of(case.level)
    if rule is None or rule.met_by != "review":
        raise Refused(Words(f"{case.level} 级不需要风险复核", f"level {case.level} asks for no review"))
    if view not in Review.View.values:
        raise Refused(Words("请选择意见", "choose an opinion"), about="view")
    if not words.strip():
        raise Refused(Words("请写明依据", "say what the opinion rests on"), about="view_words")
    with transaction.atomic():
        # The case's row is locked, so that two who speak at once speak one after the other.
        Case.objects.select_for_update().get(pk=case.pk)
        held = open_review(case)
        if held is None:
            return _first(user, case, view, words.strip(), at)
        if user.pk in (held.first_by_id, held.second_by_id):
            raise Refused(Words("您已出具意见，须由他人继续", "you have given an opinion; somebody else goes on"))
        if held.second_by_id is None:
            return _second(user, held, view, words.strip(), at)
        return _decided(user, held, view, words.strip(), at)


def _first(user: User, case: Case, view: str, words: str, at: datetime) -> Review:
    made = Review.objects.create(
        case=case, level=case.level, first_by=user, first_at=at, first_view=view, first_words=words
    )
    audit.append(user.username, "review.first", case.number, at=at, reason=words[:400], view=view, review=made.pk)
    return made


def _second(user: User, held: Review, view: str, words: str, at: datetime) -> Review:
    held.second_by, held.second_at, held.second_view, held.second_words = user, at, view, words
    held.save()
    audit.append(user.username, "review.second", held.case.number, at=at, reason=words[:400], view=view, review=held.pk)
    if view == held.first_view:
        return _close(user, held, view, at)
    return held


def _decided(user: User, held: Review, view: str, words: str, at: datetime) -> Review:
    require(user, "decide_review", held.case, at.date())
    held.outcome_by, held.outcome_words = user, words
    audit.append(
        user.username, "review.decide", held.case.number, at=at, reason=words[:400], view=view, review=held.pk,
        between=[held.first_view, held.second_view],
    )  # fmt: skip
    return _close(user, held, view, at)


def _close(user: User, held: Review, view: str, at: datetime) -> Review:
    held.outcome, held.closed_at = view, at
    held.save()
    stop_if_met(held.case, user.username, at)
    return held
