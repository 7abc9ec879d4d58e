"""The variables a template may use: name, type, what it is, and samples small and huge to read a template with.

``variables.yaml`` holds those that come with Mora; a lender adds its own by the same form.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from mora.contact.written import Amount, Type, Value, written
from mora.core.errors import BadInput
from mora.core.words import Language, Words
from mora.gate.words.facts import AMOUNTS, DATES, DAYS

_SHANGHAI = timezone(timedelta(hours=8))
_SAMPLES: Mapping[Type, tuple[Value, Value]] = {
    Type.MONEY: (1, 10**15),  # made amounts in the currency asked for
    Type.DATE: (date(2026, 3, 9), date(2199, 12, 31)),
    Type.MOMENT: (datetime(2026, 3, 9, 9, 5, tzinfo=_SHANGHAI), datetime(2199, 12, 31, 19, 59, tzinfo=_SHANGHAI)),
    Type.DAYS: (1, 36_500),
    Type.COUNT: (1, 999),
    Type.ACCOUNT_END: ("66", "889966"),
    Type.LINK: ("https://pay.example/a", "https://repayment.lender.example/" + "a1B2c3D4" * 8),
    Type.TELEPHONE: ("95500", "+86 10 6600 0000 8888"),
}


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    type: Type
    zh: str
    en: str
    column: str = ""
    small: str | dict[str, str] | None = None
    huge: str | dict[str, str] | None = None


class Variable(Struct, frozen=True):
    """One variable."""

    name: str
    type: Type
    title: Words
    column: str
    """The column of a position it repeats; empty when the position does not hold it."""
    samples: Mapping[str, tuple[Value, Value]]
    """By language: a small value and a huge one. Money is in minor units until a currency is chosen."""

    def sample(self, language: Language, huge: bool, currency: str) -> Value:
        """A value to read a template with."""
        value = self.samples[language.value][huge]
        return Amount(value, currency) if self.type is Type.MONEY and isinstance(value, int) else value


@cache
def variables() -> Mapping[str, Variable]:
    """The variables that come with Mora, by name."""
    text = files("mora.contact").joinpath("variables.yaml").read_text(encoding="utf-8")
    return read_variables(text)


def read_variables(text: str) -> Mapping[str, Variable]:
    """Variables of a file, by name.

    :raises BadInput: not the form; names the variable and what would be accepted.
    """
    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadInput(f"The file of variables is not YAML: {error}.") from None
    if not isinstance(rows, dict):
        raise BadInput("The file of variables must map names to variables, such as 'arrears: {type: money, ...}'.")
    return MappingProxyType({str(name): _variable(str(name), row) for name, row in rows.items()})


def _variable(name: str, raw: Any) -> Variable:
    try:
        row = msgspec.convert(raw, _Row)
    except msgspec.ValidationError as error:
        types = ", ".join(Type)
        raise BadInput(
            f"Variable {name}: {error}. A variable has type ({types}), zh, en and may have column."
        ) from None
    known = {Type.MONEY: AMOUNTS, Type.DATE: DATES, Type.DAYS: DAYS}.get(row.type, {})
    if row.column and row.column not in known:
        accepted = ", ".join(known) or "none for this type"
        raise BadInput(f"Variable {name}: no column {row.column!r} of a position fits; accepted are {accepted}.")
    samples: dict[str, tuple[Value, Value]] = {}
    for language in Language:
        ready = _SAMPLES.get(row.type)
        pair = (_own(row.small, language), _own(row.huge, language))
        small = pair[0] if pair[0] is not None else ready[0] if ready else None
        huge = pair[1] if pair[1] is not None else ready[1] if ready else small
        if small is None or huge is None:
            raise BadInput(
                f"Variable {name}: a {row.type} needs a sample; add small: and huge:, per language if they differ."
            )
        for each in (small, huge):
            if row.type is not Type.MONEY:
                _try(name, row.type, each, language)
        samples[language.value] = (small, huge)
    return Variable(name, row.type, Words(zh=row.zh, en=row.en), row.column, samples)


def _own(given: str | dict[str, str] | None, language: Language) -> str | None:
    return given.get(language.value) if isinstance(given, dict) else given


def _try(name: str, type_: Type, value: Value, language: Language) -> None:
    try:
        written(type_, value, language)
    except ValueError as error:
        raise BadInput(f"Variable {name}: its sample {value!r} is not {error}.") from None
