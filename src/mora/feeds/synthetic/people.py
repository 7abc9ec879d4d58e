"""Who owes: parties, their roles in the loans, and how they could be reached if they existed.

Party numbers are the block's number times ten million plus a running number, so blocks do not meet.
Companies have two loans and more, one natural person each who guarantees them; some persons
have a second loan; some mortgages have a co-borrower, some consumer loans a contact person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from mora.core.dates import day_number
from mora.feeds.synthetic import identity, names
from mora.feeds.synthetic.catalogue import SHAPES
from mora.feeds.synthetic.draws import Draws
from mora.feeds.synthetic.text import NO_DAY, dates, numbered, palette

Ints = NDArray[np.int64]
COUNTRIES = ("CN", "US", "GB")
COMPANY, PERSON = 0, 1
PARTIES_PER_BLOCK = 10**7
GUARANTEE_DAYS = 3 * 365


@dataclass(slots=True)
class People:
    """The party tables of a block."""

    borrower: pa.Array
    """party_id of each loan's borrower."""
    parties: pa.Table
    roles: pa.Table
    contact_points: pa.Table


def people(block: int, product: Ints, loan_ids: pa.Array, matures_on: Ints, draws: Draws) -> People:
    """Make the parties for the loans of a block.

    :param product: position in SHAPES of each loan's product.
    """
    loans = len(product)
    company = np.array([shape.company for shape in SHAPES])[product]
    country = np.array([COUNTRIES.index(shape.country) for shape in SHAPES])[product]

    # Borrowers: a loan belongs to the same party as the last loan of its kind and country, or to a new party.
    fresh = draws.below("party/fresh", 100, loans) < np.where(company, 45, 94)
    kind = country * 2 + company
    borrower = np.empty(loans, dtype=np.int64)
    known = 0
    kinds: list[Ints] = []
    for which in np.unique(kind):
        rows = np.flatnonzero(kind == which)
        new = fresh[rows].copy()
        new[0] = True
        borrower[rows] = known + np.cumsum(new) - 1
        found = int(new.sum())
        kinds.append(np.full(found, which, dtype=np.int64))
        known += found
    # Others: one guarantor for each company, co-borrowers, contacts; all natural persons in China.
    companies = np.flatnonzero(np.concatenate(kinds) % 2 == 1)
    guarantor = np.full(known, -1, dtype=np.int64)
    guarantor[companies] = known + np.arange(len(companies))
    known += len(companies)
    secured = np.array([shape.collateral == "residential_property" for shape in SHAPES])[product]
    joint = np.flatnonzero(secured & (draws.below("party/joint", 100, loans) < 30))
    co_borrower = known + np.arange(len(joint))
    known += len(joint)
    named = np.flatnonzero((product == 0) & (draws.below("party/contact", 100, loans) < 10))
    contact = known + np.arange(len(named))
    known += len(named)
    kinds.append(np.zeros(known - sum(map(len, kinds)), dtype=np.int64))
    kind_of = np.concatenate(kinds)

    ids = numbered("SYNP", block * PARTIES_PER_BLOCK + np.arange(known), 12)
    guaranteed = np.flatnonzero(company)
    roles = _roles(
        loan_ids, ids, matures_on,
        [(np.arange(loans), borrower, 0), (guaranteed, guarantor[borrower[guaranteed]], 1),
         (joint, co_borrower, 2), (named, contact, 3)],
        draws,
    )  # fmt: skip
    numbers = block * PARTIES_PER_BLOCK + np.arange(known)
    return People(ids.take(pa.array(borrower)), _parties(ids, kind_of, draws), roles,
                  _contact_points(ids, numbers, kind_of, draws))  # fmt: skip


def _roles(
    loan_ids: pa.Array, ids: pa.Array, matures_on: Ints, parts: list[tuple[Ints, Ints, int]], draws: Draws
) -> pa.Table:
    loan = np.concatenate([part[0] for part in parts])
    party = np.concatenate([part[1] for part in parts])
    role = np.concatenate([np.full(len(rows), code, dtype=np.int64) for rows, _, code in parts])
    order = np.lexsort((role, loan))
    loan, party, role = loan[order], party[order], role[order]
    guarantor = role == 1
    general = draws.below("role/general", 10, len(role)) == 0
    until = np.where(guarantor, matures_on[loan] + GUARANTEE_DAYS, NO_DAY)
    return pa.table({
        "loan_id": loan_ids.take(pa.array(loan)),
        "party_id": ids.take(pa.array(party)),
        "role": palette(role, ["borrower", "guarantor", "co_borrower", "contact"]),
        "liability_until": dates(until),
        "guarantee_kind": palette(np.where(guarantor, 1 + general, 0), [None, "joint", "general"]),
        "guarantee_period_until": dates(until),
    })  # fmt: skip


def _parties(ids: pa.Array, kind: Ints, draws: Draws) -> pa.Table:
    rows = len(kind)
    company = kind % 2 == 1
    born = draws.between("party/born", day_number(date(1956, 1, 1)), day_number(date(2004, 1, 1)), rows)
    place = _of_kind(kind // 2, [len(names.PLACES[country]) for country in COUNTRIES], "party/place", draws)
    places = [pair for country in COUNTRIES for pair in names.PLACES[country]]
    named = draws.below("party/name", 1 << 20, rows)
    chinese, companies, english = map(len, (names.CHINESE_NAMES, names.COMPANY_NAMES, names.ENGLISH_NAMES))
    first = np.where(kind == 0, 0, np.where(company, chinese, chinese + companies))
    size = np.where(kind == 0, chinese, np.where(company, companies, english))
    works = draws.below("party/employed", 10, rows)
    employer = np.where(company | (works < 4), 0, np.where(kind < 2, 1 + works % 4, 5 + works % 3))
    return pa.table({
        "party_id": ids,
        "kind": palette(company.astype(np.int64), ["person", "company"]),
        "region": palette(place, [region for region, _ in places]),
        "name": pa.array(names.NAMES, pa.string()).take(pa.array(first + (named * size >> 20))),
        "id_kind": palette(kind, ["cn_identity_card", "cn_credit_code", "us_ssn", None, "uk_nino"]),
        "id_number": _id_numbers(kind, born, draws),
        "language": palette((kind >= 2).astype(np.int64), ["zh", "en"]),
        "time_zone": palette(place, [zone for _, zone in places]),
        "born_on": dates(np.where(company, NO_DAY, born)),
        "employer": palette(employer, names.EMPLOYERS),
    })  # fmt: skip


def _of_kind(which: Ints, sizes: list[int], name: str, draws: Draws) -> Ints:
    """A position in one of several lists laid end to end."""
    starts = np.cumsum([0, *sizes[:-1]])
    drawn = draws.below(name, 1 << 20, len(which))
    place: Ints = starts[which] + (drawn * np.array(sizes)[which] >> 20)
    return place


def _id_numbers(kind: Ints, born: Ints, draws: Draws) -> pa.Array:
    parts, where = [], []
    for code in range(5):
        rows = np.flatnonzero(kind == code)
        if code == 0:
            parts.append(identity.chinese_person(born[rows], draws))
        elif code == 1:
            parts.append(identity.chinese_company(draws, len(rows)))
        elif code == 2:
            parts.append(identity.american(draws, len(rows)))
        elif code == 4:
            parts.append(identity.british(draws, len(rows)))
        else:
            continue
        where.append(rows)
    return pa.concat_arrays(parts).take(pa.array(np.argsort(np.concatenate(where), kind="stable")))


def _contact_points(ids: pa.Array, numbers: Ints, kind: Ints, draws: Draws) -> pa.Table:
    """A telephone for everybody, an e-mail address for six in ten."""
    rows = len(kind)
    mailed = draws.below("contact/mail", 10, rows) < 6
    party, channel, values = [], [], []
    for code, country in enumerate(COUNTRIES):
        here = np.flatnonzero(kind // 2 == code)
        written = here[mailed[here]]
        party += [here, written]
        channel += [np.zeros(len(here), dtype=np.int64), np.ones(len(written), dtype=np.int64)]
        values += [identity.telephone(country, draws, len(here)), identity.email(country, numbers[written])]
    who, how = np.concatenate(party), np.concatenate(channel)
    order = np.lexsort((how, who))
    who, how = who[order], how[order]
    return pa.table({
        "party_id": ids.take(pa.array(who)),
        "channel": palette(how, ["mobile", "email"]),
        "value": pa.concat_arrays(values).take(pa.array(order)),
        "source": palette(np.zeros(len(who), dtype=np.int64), ["synthetic"]),
        "preferred": palette((how == 0).astype(np.int64), ["no", "yes"]),
        "consent": palette((draws.below("contact/consent", 10, len(who)) < 9).astype(np.int64), ["withdrawn", "given"]),
    })  # fmt: skip
