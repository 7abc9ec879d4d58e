"""May we, and by what figure? Rules as dated, cited data, and how far each may be trusted.

Words added: rule, version, effect (decides or warns), house pack. Law read: all of it; every other room asks here.

    >>> from datetime import date
    >>> law = load("cn")
    >>> law.params("cn.civil.188", on=date(2026, 1, 1))["years"]
    3
    >>> law.rule("cn.class2023.upgrade").decides   # nobody has found it in a source yet
    False
"""

from mora.law.library import Law, load
from mora.law.terms import Action, Effect, Known, Modality, Override, Params, Rule, Status, Version
from mora.law.vocabulary import Jurisdiction, Room

__all__ = [
    "Action", "Effect", "Jurisdiction", "Known", "Law", "Modality", "Override", "Params", "Room", "Rule", "Status",
    "Version", "load",
]  # fmt: skip
