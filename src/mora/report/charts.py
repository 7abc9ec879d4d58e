"""The pictures of a report, as inline SVG: bars, signed bars and one composition strip.

Drawn by hand on purpose (docs/decisions/0005-report-pictures.md): each is one to nine rectangles that take
their colours from the page's style sheet, so they follow dark mode and print, and stretch with
their column. Widths come from exact shares. Every bar stands beside its figure, so all are hidden
from screen readers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from markupsafe import Markup

from mora.core.money import round_fraction


def _percent(share: Fraction) -> str:
    """A share as an SVG length, to a tenth of a thousandth, without floats."""
    scaled = round_fraction(share * 10000)
    return f"{scaled // 100}.{scaled % 100:02d}%"


_BAR = Markup('<svg class="bar" aria-hidden="true"><rect class="s{}" width="{}" height="100%" rx="2"/></svg>')
_SIGNED = Markup(
    '<svg class="bar signed" aria-hidden="true">{}<line class="axis" x1="50%" x2="50%" y1="0" y2="100%"/></svg>'
)
_SIGNED_RECT = Markup('<rect class="{}" x="{}" width="{}" height="100%" rx="2"/>')
_STRIP = Markup('<svg class="strip" aria-hidden="true">{}</svg>')
_STRIP_RECT = Markup('<rect class="s{}" x="{}" width="{}" height="100%"/>')


def bar(part: int, whole: int, step: int) -> Markup:
    """A horizontal bar of ``part`` of ``whole``, in a step of the lateness ladder. What is not zero can be seen."""
    if whole <= 0 or part <= 0:
        return Markup("")
    return _BAR.format(step, _percent(min(Fraction(1), max(Fraction(part, whole), Fraction(1, 200)))))


def signed_bar(change: int, most: int, kind: str) -> Markup:
    """A bar right of a middle line for more, left for less. ``most`` is the largest size of any change beside it.

    :param kind: CSS class, ``worse``, ``better`` or ``still``.
    """
    if most <= 0:
        return Markup("")
    half, rect = Fraction(1, 2), Markup("")
    if change:
        share = max(Fraction(abs(change), most), Fraction(1, 100)) * half
        rect = _SIGNED_RECT.format(kind, _percent(half if change > 0 else half - share), _percent(share))
    return _SIGNED.format(rect)


def strip(parts: Sequence[tuple[int, int]]) -> Markup:
    """One full-width strip of what a whole is made of.

    :param parts: (amount, step of the lateness ladder), drawn left to right; amounts not negative.
    """
    whole = sum(part for part, _ in parts)
    if whole <= 0:
        return Markup("")
    rects, upto = [], 0
    for part, step in parts:
        if part > 0:
            rects.append(_STRIP_RECT.format(step, _percent(Fraction(upto, whole)), _percent(Fraction(part, whole))))
        upto += part
    return _STRIP.format(Markup("").join(rects))


def heat(part: int, whole: int) -> int:
    """How deep to shade a cell holding ``part`` of its row: 0 (nothing) to 5, on a scale that shows small shares.

    Overnight most loans stay where they are: steps at 0, 2 %, 10 %, 25 % and 50 % tell a trickle from a flood.
    """
    if whole <= 0 or part <= 0:
        return 0
    share = Fraction(part, whole)
    return 1 + sum(share >= Fraction(edge, 100) for edge in (2, 10, 25, 50))
