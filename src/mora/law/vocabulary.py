"""Whom and what a rule speaks about: closed lists, so that a misspelt scope is a finding and not a silent gap."""

from __future__ import annotations

from enum import StrEnum


class Jurisdiction(StrEnum):
    """Whose law. Folder names under ``packs/``."""

    CN = "cn"
    """Mainland China."""
    US = "us"
    """United States, federal and named states or cities."""
    UK = "uk"
    """United Kingdom."""
    EU = "eu"
    """European Union, and the accounting standards it adopted."""


class Room(StrEnum):
    """The room that reads, or will read, a rule. Folder names under a jurisdiction."""

    CORE = "core"
    """Dates, calendars, counting of periods."""
    LOANS = "loans"
    """What is owed: order of payment, interest, penalty, caps."""
    AGEING = "ageing"
    """How late."""
    RISKCLASS = "riskclass"
    """How bad: class, stage, provision, write-off."""
    STRATEGY = "strategy"
    """What we intend."""
    GATE = "gate"
    """May we: hours, frequency, party, consent, wording."""
    CONTACT = "contact"
    """What is said and sent, in which form."""
    PLANS = "plans"
    """How it may be put right."""
    FIELD = "field"
    """Visits and outside agencies."""
    LEGAL = "legal"
    """Limitation, guarantee, court."""
    OUTCOMES = "outcomes"
    """What happened: cash, transfers, recoveries."""
    INSIGHT = "insight"
    """What we learn, and credit-bureau reporting."""
    CASEWORK = "casework"
    """Records, complaints, personal data, training: the life of the work itself."""


class Actor(StrEnum):
    """Who is bound."""

    EVERYONE = "everyone"
    LENDER = "lender"
    """Whoever lends or holds the claim, licensed or not."""
    BANK = "bank"
    CARD_ISSUER = "card_issuer"
    CONSUMER_FINANCE = "consumer_finance"
    MICRO_LOAN = "micro_loan"
    INSURER = "insurer"
    PAYMENT_FIRM = "payment_firm"
    PRIVATE_LENDER = "private_lender"
    """Lends without a financial licence."""
    SERVICER = "servicer"
    """Runs a loan for its owner."""
    AGENCY = "agency"
    """Collects for somebody else."""
    TRANSFEREE = "transferee"
    """Bought the claim."""
    BUREAU = "bureau"
    """Keeps credit records."""
    DATA_PROVIDER = "data_provider"
    """Reports to a bureau."""


class ProductKind(StrEnum):
    """Which debts."""

    ANY = "any"
    CARD = "card"
    NON_CARD = "non_card"
    CONSUMER = "consumer"
    """Consumer credit, cards included."""
    PERSONAL = "personal"
    """Loans to natural persons."""
    RETAIL = "retail"
    """Claims managed as a retail portfolio."""
    NON_RETAIL = "non_retail"
    INTERNET = "internet"
    """Made and managed online."""
    AUTO = "auto"
    MORTGAGE = "mortgage"
    """Secured on a home or other real property."""
    SECURED = "secured"
    GUARANTEED = "guaranteed"
    RESTRUCTURED = "restructured"
    OPEN_END = "open_end"
    """Revolving."""
    CLOSED_END = "closed_end"
    """Fixed schedule."""
    FACTORING = "factoring"
    NON_PERFORMING = "non_performing"


class Channel(StrEnum):
    """Which ways of reaching a person; ``none`` when the rule is not about contact."""

    NONE = "none"
    ANY = "any"
    VOICE = "voice"
    """Interactive calls, by a person or a machine that talks back."""
    NOTICE_VOICE = "notice_voice"
    """One-way calls."""
    SMS = "sms"
    IM = "im"
    EMAIL = "email"
    LETTER = "letter"
    VISIT = "visit"
