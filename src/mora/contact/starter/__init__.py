"""The templates that come with Mora: a start, to be read and approved by the lender before anything is sent.

before_due.yaml  early.yaml  late.yaml  promises.yaml  help.yaml  meetings.yaml  formal.yaml  us.yaml
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from mora.contact.reading import read_templates
from mora.contact.terms import Template
from mora.core.errors import BadInput
from mora.core.findings import Finding


@cache
def starter() -> Mapping[str, Template]:
    """Every starter template, by code.

    :raises BadInput: a file is not in the form, or two files share a code.
    """
    made: dict[str, Template] = {}
    found: list[Finding] = []
    for file in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        if not file.name.endswith(".yaml"):
            continue
        templates, wrong = read_templates(file.read_text(encoding="utf-8"), file.name)
        found += wrong
        found += [
            Finding("TEMPLATE.DOUBLED", "the code stands in another file too.", file.name, value=code)
            for code in templates.keys() & made.keys()
        ]
        made |= templates
    if found:
        raise BadInput(f"The starter templates cannot be used: {found[0]}", tuple(found))
    return MappingProxyType(made)
