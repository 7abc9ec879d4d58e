"""What screens show of a name, a number, an address."""

from __future__ import annotations

import pytest

from mora.casework.masks import initials, name_mask, point_mask, tail_mask


@pytest.mark.parametrize(
    ("name", "mask", "letters"),
    [
        ("林明", "林*", "lm"),
        ("林小明", "林*明", "lxm"),
        ("欧阳小明", "欧**明", "oyxm"),
        ("林小明（测试）", "林*明（测试）", "lxm"),  # what stands in brackets is no part of the name
        ("John Q Public", "J*** Q*** P***", "jqp"),
        ("Ann Lee (test)", "A*** L*** (test)", "al"),
        ("（测试）", "****", ""),  # nothing but brackets: hidden whole
        ("", "", ""),
    ],
)
def test_names(name: str, mask: str, letters: str) -> None:
    assert name_mask(name) == mask
    assert initials(name) == letters


def test_points() -> None:
    assert tail_mask("+8613800001234") == "****1234"
    assert tail_mask("1234") == "****"  # nothing is left to show of four
    assert point_mask("lin.ming@example.cn") == "l***@example.cn"
    assert point_mask("+8613800001234") == "****1234"
