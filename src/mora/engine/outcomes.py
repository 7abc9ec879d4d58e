"""Outcomes of units, left in a folder by one process and fetched by another.

A unit's outcome is a folder of Arrow streams named by the unit's number. It is made under another
name and renamed, so whoever sees it sees all of it; when a unit is aged twice, because a machine
was slow or died, the first outcome stays and the second, which is the same, is dropped.
"""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from mora.ageing.columns import POSITIONS
from mora.engine.age import Outcome

_FAST = pa.ipc.IpcWriteOptions(compression="lz4")


def leave(outcome: Outcome, folder: Path, number: int, columns: Sequence[str] = POSITIONS.names) -> None:
    """Put an outcome into ``folder`` as that of unit ``number``; of the ready rows, only some columns.

    :raises FileNotFoundError: there is no such folder.
    """
    own = Path(tempfile.mkdtemp(prefix="making-", dir=folder))
    _write(own / "ready", outcome.ready.select([name for name in columns if name in outcome.ready.column_names]))
    if outcome.waiting.num_rows:
        _write(own / "waiting", outcome.waiting)
        _write(own / "waiting_loans", outcome.waiting_loans)
    if outcome.items is not None:
        _write(own / "items", outcome.items)
    try:
        own.rename(folder / str(number))
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        shutil.rmtree(own, ignore_errors=True)  # done before


def is_left(folder: Path, number: int) -> bool:
    """Whether the outcome of unit ``number`` is there, whole."""
    return (folder / str(number)).is_dir()


def fetch(folder: Path, number: int) -> Outcome:
    """Take the outcome of unit ``number`` out of ``folder``: ready and waiting rows and instalments."""
    own = folder / str(number)
    ready = _read(own / "ready")
    waiting = waiting_loans = ready.slice(0, 0)
    if (own / "waiting").exists():
        waiting, waiting_loans = _read(own / "waiting"), _read(own / "waiting_loans")
    items = _read(own / "items") if (own / "items").exists() else None
    shutil.rmtree(own)
    return Outcome(ready.num_rows + waiting.num_rows, ready, waiting, waiting_loans, items)


def _write(path: Path, table: pa.Table) -> None:
    # A stream, because chunks of a table may have different dictionaries and Arrow's file form allows only one.
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, table.schema, options=_FAST) as writer:
        writer.write_table(table)


def _read(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as file, pa.ipc.open_stream(file) as reader:
        return reader.read_all()
