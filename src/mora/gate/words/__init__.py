"""What is wrong with these words? Threats, insults, impersonation, invented consequences, disclosure and the rest.

    >>> from datetime import date
    >>> from mora.gate.words import read
    >>> reading = read("再不还钱就爆你通讯录", on=date(2026, 11, 24))
    >>> [(each.kind.value, each.quote, each.rule) for each in reading.findings][0]
    ('disclosure', '爆你通讯录', 'cn.civil.1032-1033')

Words added: kind of fault, view (a text as a reader means it), mention (words denied, reported, taught or quoted). Law
read: the rules named in :mod:`mora.gate.words.grounds`.
"""

from mora.gate.words.facts import Position
from mora.gate.words.guard import read
from mora.gate.words.terms import Kind, Reading, WordFinding

__all__ = ["Kind", "Position", "Reading", "WordFinding", "read"]
