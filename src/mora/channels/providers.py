"""The channels file: which providers a lender has, how fast they may be used, what they cost.

    sms-main:
      way: sms
      rate: {count: 50, burst: 50}
      prices: [{from_on: 2026-01-01, per_unit: "0.035"}]
      settings: {host: smsc.example, port: 2775, system_id: mora, password: {env: SMS_PASSWORD}}

A secret is named, never written: ``{env: NAME}`` or ``{file: path}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from mora.channels import Way, load_way
from mora.channels.prices import Price
from mora.channels.rates import Rate
from mora.core.errors import BadInput


class Provider(Struct, frozen=True):
    """One contract with one provider."""

    name: str
    way: Way
    settings: Struct
    rate: Rate | None
    """None: as fast as it takes them."""
    prices: tuple[Price, ...]


class _Row(Struct, frozen=True, forbid_unknown_fields=True):
    way: str
    settings: dict[str, Any] = {}
    rate: Rate | None = None
    prices: tuple[Price, ...] = ()


def read_providers(text: str, environment: Mapping[str, str]) -> dict[str, Provider]:
    """Every provider of a channels file, by name.

    :param environment: where ``{env: NAME}`` is looked up.
    :raises BadInput: says which provider, which field and what would be accepted; a secret's value is never in it.
    """
    try:
        rows = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise BadInput(f"The channels file is not YAML: {error}.") from error
    if not isinstance(rows, dict):
        raise BadInput("The channels file must map names to providers, such as 'sms-main: {way: sms, ...}'.")
    return {str(name): _provider(str(name), row, environment) for name, row in rows.items()}


def _provider(name: str, raw: object, environment: Mapping[str, str]) -> Provider:
    try:
        row = msgspec.convert(raw, _Row, strict=False)
        way = load_way(row.way)
        settings = msgspec.convert(_revealed(row.settings, environment), way.settings)
    except (msgspec.ValidationError, ValueError, OSError) as error:
        raise BadInput(f"Provider {name}: {error}.") from None  # the cause may hold a secret's value
    return Provider(name, way, settings, row.rate, row.prices)


def _revealed(value: object, environment: Mapping[str, str]) -> object:
    if isinstance(value, dict):
        if set(value) == {"env"}:
            if str(value["env"]) not in environment:
                raise ValueError(f"the environment has no {value['env']}")
            return environment[str(value["env"])]
        if set(value) == {"file"}:
            return Path(str(value["file"])).read_text(encoding="utf-8").strip()
        return {key: _revealed(each, environment) for key, each in value.items()}
    if isinstance(value, list):
        return [_revealed(each, environment) for each in value]
    return value
