"""How fast may we hand over? A token bucket, exact, with the time given.

The bucket is a value: whoever shares a provider among several senders keeps it in a row and replaces it by
compare-and-set. It is counted in units of which each microsecond brings ``count`` and a message takes a million times
``seconds``: whole numbers, so asking often loses nothing to rounding. A bucket belongs to its rate; under a new one
begin with a full bucket.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

_MICRO = timedelta(microseconds=1)


class Rate(Struct, frozen=True, forbid_unknown_fields=True):
    """``count`` messages in each ``seconds``, and at most ``burst`` at once."""

    count: int
    seconds: int = 1
    burst: int = 1

    def __post_init__(self) -> None:
        if min(self.count, self.seconds, self.burst) < 1:
            raise ValueError(
                "count, seconds and burst must each be at least 1, such as count: 20, seconds: 60, burst: 5"
            )


class Bucket(Struct, frozen=True):
    """What is left at a moment."""

    units: int
    at: datetime


def _per_message(rate: Rate) -> int:
    return rate.seconds * 10**6


def full(rate: Rate, at: datetime) -> Bucket:
    """A bucket nobody has drawn from."""
    return Bucket(rate.burst * _per_message(rate), at)


def take(rate: Rate, bucket: Bucket, at: datetime, count: int = 1) -> tuple[Bucket, timedelta]:
    """Draw ``count`` messages (segments, where the provider counts these), or learn how long to wait.

    :param at: a moment with its zone; one before the bucket's own counts as that, so a clock set back gives nothing.
    :returns: the bucket afterwards and no time at all when drawn; otherwise the bucket refilled and undrawn, and after
        how long the draw succeeds if nobody else draws. More than ``burst`` at once are drawn on credit from a full
        bucket, since waiting would never make room for them.
    """
    each = _per_message(rate)
    gained = max(timedelta(0), at - bucket.at) // _MICRO * rate.count
    held = Bucket(min(rate.burst * each, bucket.units + gained), max(at, bucket.at))
    needed = min(count, rate.burst) * each
    if held.units >= needed:
        return Bucket(held.units - count * each, held.at), timedelta(0)
    return held, -((held.units - needed) // rate.count) * _MICRO
