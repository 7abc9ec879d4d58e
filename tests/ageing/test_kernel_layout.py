"""The C kernel and Python agree on the widths of everything they hand each other."""

from __future__ import annotations

from mora.ageing import columns, kernels
from mora.loans.columns import COMPONENTS, MAX_STEPS, encode
from mora.loans.terms import Product


def test_the_kernel_was_built_with_the_widths_python_uses() -> None:
    assert kernels.layout() == (
        encode([Product()]).shape[1],
        kernels.LOAN_FIELDS,
        kernels.INTS,
        kernels.AMOUNTS,
        kernels.ITEM_META,
        kernels.ITEM_BLOCK,
    )


def test_an_item_row_holds_every_amount_of_every_component() -> None:
    assert len(columns.ITEM_AMOUNTS) * COMPONENTS == kernels.ITEM_BLOCK
    # loan_id and as_of stand for the loan's place in the chunk, the first of the meta numbers
    assert len(columns.INSTALMENTS.names) - kernels.ITEM_BLOCK == kernels.ITEM_META + 1


def test_a_waterfall_of_every_pair_has_room() -> None:
    assert MAX_STEPS == 3 * COMPONENTS
