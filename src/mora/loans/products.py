"""What does a product file say? ``products.yaml`` to terms, and terms back to ``products.yaml``.

The way in is :func:`parse_products` (or :func:`parse_sheets`, with schedule generation), the way
out :func:`dump_products`; docs/reference/products.md lists every key.
"""

from __future__ import annotations

from mora.loans.product_reading import ProductSheet, parse_products, parse_sheets
from mora.loans.product_writing import dump_products

__all__ = ["ProductSheet", "dump_products", "parse_products", "parse_sheets"]
