"""What number is written here? Arabic and Chinese numerals as exact integers of the smallest unit.

Capital forms 壹贰叁, 两, 〇 and mixed forms such as 12.5万 are read; nothing is ever a float.
"""

from __future__ import annotations

from decimal import Decimal

_DIGIT = {char: value for value, chars in enumerate(
    ("零〇0", "一壹1", "二贰两弐2", "三叁叄参3", "四肆4", "五伍5", "六陆陸6", "七柒7", "八捌8", "九玖9"),
) for char in chars}  # fmt: skip
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
CHINESE = "零〇一二两三四五六七八九十百千万亿壹贰叁叄肆伍陆陸柒捌玖拾佰仟萬億"
"""Every character of a Chinese numeral, for a character class."""


def chinese_integer(text: str) -> int | None:
    """The whole number a Chinese numeral writes; None when it is not one.

    >>> chinese_integer("壹万贰仟叁佰"), chinese_integer("三千五"), chinese_integer("二〇二六"), chinese_integer("十")
    (12300, 3500, 2026, 10)
    """
    if not text or any(char not in _DIGIT and char not in _SMALL and char not in _LARGE for char in text):
        return None
    if all(char in _DIGIT for char in text):
        return int("".join(str(_DIGIT[char]) for char in text)) if len(text) > 1 else _DIGIT[text]
    total = section = 0
    digit: int | None = None
    last = 1
    for char in text:
        if char in _DIGIT:
            digit = _DIGIT[char]
            if digit == 0:
                last = 1
        elif char in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[char]
            digit, last = None, _SMALL[char]
        else:
            section += digit or 0
            total = (total + section) * _LARGE[char] if char in "亿億" else total + section * _LARGE[char]
            section, digit, last = 0, None, _LARGE[char]
    if digit is not None:
        section += digit * (last // 10 if last >= 100 else 1)  # 三千五 is 3,500, 一百二 is 120
    return total + section


def scaled(text: str, unit: str, places: int) -> int | None:
    """A number such as ``1,234.5`` times its unit (empty, 千, 万, 亿, k) in minor units; None when finer than one.

    :param places: decimals of the minor unit.

    >>> scaled("12.5", "万", 2), scaled("1,234.56", "", 2), scaled("1.234", "", 2)
    (12500000, 123456, None)
    """
    plain = text.replace(",", "")
    whole = Decimal(plain) * {"": 1, "十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10**4, "亿": 10**8}[unit]
    minor = whole.scaleb(places)
    return int(minor) if minor == minor.to_integral_value() else None
