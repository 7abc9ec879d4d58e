"""Where can a borrower find independent help here? By place, with the source of each; unknown where nobody looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

import msgspec
import yaml
from msgspec import Struct

from mora.core.words import Language


class _Pair(Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class Help(Struct, frozen=True, forbid_unknown_fields=True):
    """One place to turn to."""

    name: _Pair
    about: _Pair
    contact: str
    kind: Literal["advice", "complaint"]
    """``advice``: helps the borrower think. ``complaint``: hears a complaint about the lender."""
    status: Literal["secondary", "memory"]
    checked_on: date
    source: str


@cache
def advice_by_place() -> Mapping[str, tuple[Help, ...]]:
    """Everything known, by jurisdiction."""
    raw = yaml.safe_load(files("mora.contact").joinpath("advice.yaml").read_text(encoding="utf-8"))
    return MappingProxyType(msgspec.convert(raw, dict[str, tuple[Help, ...]]))


def help_in(place: str) -> tuple[Help, ...] | None:
    """What is known for a place such as ``uk`` or ``us-ny``; None when nothing is known, which is not "nothing"."""
    return advice_by_place().get(place.partition("-")[0])


def advice_text(place: str, language: Language) -> str | None:
    """Independent advice in one sentence or two, for the variable ``advice``; None when nothing is known here.

    >>> advice_text("us", Language.EN)
    'For free, independent advice: National Foundation for Credit Counseling (NFCC) (800-388-2227).'
    """
    known = [each for each in help_in(place) or () if each.kind == "advice"]
    if not known:
        return None
    if language is Language.ZH:
        return "免费的独立咨询渠道：" + "；".join(f"{each.name.zh}（{each.contact}）" for each in known) + "。"
    return "For free, independent advice: " + "; ".join(f"{each.name.en} ({each.contact})" for each in known) + "."
