"""What tests that run inside Spark need, and how they say that it is missing."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pytest

MISSING = [
    what
    for what, there in (("pyspark (extra [spark])", find_spec("pyspark")), ("Java", shutil.which("java")))
    if not there
]
on_spark = [
    pytest.mark.spark,
    pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)}"),
    pytest.mark.filterwarnings("ignore:distutils Version classes are deprecated"),  # pyspark's own
]
