"""The words of templates: what a message is for, how it sounds, which way it goes, and what identifies a version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import msgspec

from mora.contact.pieces import Piece, pieces
from mora.core.words import Language, Words
from mora.gate.terms import ActorKind, Channel, Purpose
from mora.law.vocabulary import ProductKind


class Kind(StrEnum):
    """What a message is for. A template has one; a treatment asks for a kind and not for a text."""

    BEFORE_DUE = "before_due"
    """An instalment falls due in a few days; nothing is late."""
    DAYS_1_3 = "days_1_3"
    DAYS_4_7 = "days_4_7"
    DAYS_8_15 = "days_8_15"
    DAYS_16_30 = "days_16_30"
    BEYOND_30 = "beyond_30"
    PROMISE_REMINDER = "promise_reminder"
    """A promised payment is near."""
    PROMISE_BROKEN = "promise_broken"
    PLAN_CONFIRMED = "plan_confirmed"
    """What was agreed, in writing."""
    HARDSHIP_OFFER = "hardship_offer"
    """We can talk about a lighter schedule."""
    INTERVIEW = "interview"
    """An invitation to the branch."""
    VISIT = "visit"
    """An appointment for a visit, agreed beforehand."""
    DEMAND = "demand"
    """The formal demand 催告函."""
    VALIDATION = "validation"
    """The validation notice of 12 CFR 1006.34."""
    GUARANTOR = "guarantor"
    """To a guarantor, about the debt guaranteed."""
    CURE_THANKS = "cure_thanks"
    """Thanks: the account is up to date."""
    STATEMENT = "statement"
    """The note that goes with a statement."""
    GUIDE = "guide"
    """What helps when money is short: for the borrower, not for the debt."""

    @property
    def purpose(self) -> Purpose:
        """What the gate is told the contact is for."""
        return Purpose.INFORM if self in _TELLS else Purpose.COLLECT


_TELLS = frozenset({Kind.PLAN_CONFIRMED, Kind.VALIDATION, Kind.CURE_THANKS, Kind.STATEMENT, Kind.GUIDE})


class Tone(StrEnum):
    """How it sounds. None of them threatens."""

    PLAIN = "plain"
    WARM = "warm"
    FIRM = "firm"
    """Says what the contract and the law provide, as they do, without softening and without pressing."""


class Medium(StrEnum):
    """The way a text is read or heard: the gate's channels, and the lender's own portal, which is none."""

    SMS = "sms"
    EMAIL = "email"
    IM = "im"
    LETTER = "letter"
    VOICE = "voice"
    """What a person says on the telephone."""
    VOICE_NOTICE = "voice_notice"
    PORTAL = "portal"

    @property
    def channel(self) -> Channel | None:
        """The gate's name of it; None for the portal."""
        return None if self is Medium.PORTAL else Channel(self.value)

    @property
    def has_subject(self) -> bool:
        """Whether a text for it carries a subject."""
        return self in {Medium.EMAIL, Medium.LETTER, Medium.PORTAL}


@dataclass(frozen=True)
class Text:
    """A subject and a body in one language, as written, and cut into pieces."""

    subject: str
    body: str

    @cached_property
    def subject_pieces(self) -> tuple[Piece, ...]:
        """The subject as literal text and variables."""
        return pieces(self.subject)

    @cached_property
    def body_pieces(self) -> tuple[Piece, ...]:
        """The body as literal text and variables."""
        return pieces(self.body)

    @property
    def names(self) -> frozenset[str]:
        """The variables in it."""
        return frozenset(each.name for each in (*self.subject_pieces, *self.body_pieces) if each.name)


@dataclass(frozen=True)
class Template:
    """One text for one purpose, in two languages. Changing a character of it makes another version."""

    code: str
    """Unique: ``days_1_3.sms``; the version is not part of it."""
    kind: Kind
    tone: Tone
    media: tuple[Medium, ...]
    places: tuple[str, ...]
    """Whose law it was written for, as in a gate request: ``cn``, ``us``, ``uk``, ``eu-de``."""
    title: Words
    """What a person choosing among templates sees."""
    zh: Text
    en: Text
    actors: tuple[ActorKind, ...] = (ActorKind.LENDER,)
    """Who may speak with it."""
    products: tuple[ProductKind, ...] = ()
    """For these debts only; empty for any."""
    first: bool = False
    """Whether it opens the first contact about the debt."""

    def text(self, language: Language) -> Text:
        """Its text in that language."""
        return self.zh if language is Language.ZH else self.en

    @property
    def names(self) -> frozenset[str]:
        """Every variable, of both languages."""
        return self.zh.names | self.en.names

    @cached_property
    def version(self) -> str:
        """SHA-256 over everything above, as hex: two templates with the same version say the same."""
        content: Mapping[str, object] = {
            "code": self.code, "kind": self.kind, "tone": self.tone, "media": sorted(self.media),
            "places": sorted(self.places), "actors": sorted(self.actors), "products": sorted(self.products),
            "first": self.first, "title": [self.title.zh, self.title.en],
            "zh": [self.zh.subject, self.zh.body], "en": [self.en.subject, self.en.body],
        }  # fmt: skip
        return hashlib.sha256(msgspec.json.encode(content, order="sorted")).hexdigest()
