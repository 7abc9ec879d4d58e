"""What did we learn? Today's book in tables, and how it moved since the day before.

Answers, from positions alone: how much is late and how bad it is, per currency; who moved from where
to where; which loans matter most; which figures of a past day read differently now. Reads no law of
its own: classes and provisions come with the positions; ratios follow cn.prov2011's definitions.
Pure: frames in, frozen records out.
"""

from __future__ import annotations

from mora.insight.day import summarise, summarise_parts
from mora.insight.history import DIFFERENCES, ChangeReason, differences, summarise_history
from mora.insight.terms import (
    CurrencySummary,
    DaySummary,
    Figures,
    HistoryChange,
    HistoryChanges,
    LargeArrears,
    LatePosting,
    Line,
    Movement,
    MovementKind,
    RollCell,
    SetAside,
    Standing,
)

__all__ = [
    "DIFFERENCES", "ChangeReason", "CurrencySummary", "DaySummary", "Figures", "HistoryChange", "HistoryChanges",
    "LargeArrears", "LatePosting", "Line", "Movement", "MovementKind", "RollCell", "SetAside", "Standing",
    "differences", "summarise", "summarise_history", "summarise_parts",
]  # fmt: skip
