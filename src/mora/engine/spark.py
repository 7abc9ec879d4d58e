"""Ageing a book inside Apache Spark: the local runner's kernel and files, shared out to workers.

 1. A number a unit goes out, a few to a task; ``mapInArrow`` runs :meth:`Ageing.__call__` on a worker, which reads its
    units from the book's Parquet itself, ages them as the local runner does, and leaves the outcomes in a folder that
    workers and driver share. No row passes through Java.
 2. Meanwhile the driver takes the outcomes in order of units and streams them into the one output file.
 3. Loans that wait for their debtor's other loans are classified together on the driver when all have come.

So the file is the local runner's, row for row. What a cluster needs: docs/howto/spark.md.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pyarrow as pa

from mora import __version__
from mora.ageing.columns import INSTALMENTS, POSITIONS
from mora.core.errors import MoraError, Refused
from mora.engine.age import SNAPSHOT, Outcome, Progress, View, Waiting, age_one, read_for
from mora.engine.outcomes import fetch, is_left, leave
from mora.engine.scan import REPORTED_BY, Files, Unit
from mora.engine.sink import Sink
from mora.engine.spark_session import HOWTO, in_a_line, spark_errors, spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

UNITS_A_TASK = 4
"""A task costs Spark some hundredths of a second and a unit about a tenth; larger tasks are waited for at the end."""
_LOOK_SECONDS = 0.02
_TRACEBACK = "Traceback (most recent call last):"
_SETTLE_SECONDS = 60.0
"""How long after the end of the work a file written elsewhere may take to be seen here; network file systems cache."""


@dataclass(frozen=True, slots=True)
class Ageing:
    """What a worker is sent: what to do with the numbers of units it gets."""

    units: tuple[Unit, ...]
    view: View
    folder: Path
    """Where outcomes go; driver and workers see the same."""
    version: str = __version__
    """The driver's version of Mora."""
    snapshot: bool = False
    """Whether the columns of the day's snapshots are wanted."""

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Age the units numbered in column ``id`` and leave their outcomes in the folder; answers with the numbers.

        :raises Refused: the worker has another version of Mora, or does not see the folder.
        """
        if self.version != __version__:
            raise Refused(
                f"a worker has Mora {__version__} and the driver {self.version}; install the same on both",
                zh=f"执行端的 Mora 是 {__version__}，驱动端是 {self.version}；请安装同一版本",
            )
        if not self.folder.is_dir():
            raise Refused(
                f"a worker does not see {self.folder}; driver and workers need a folder they share",
                zh=f"执行端看不到 {self.folder}；驱动端与执行端须共用一个目录",
            )
        for batch in batches:
            for number in batch.column("id").to_pylist():
                more = REPORTED_BY if self.snapshot else ()
                chunk = read_for(self.units[number], self.view, more)
                columns = SNAPSHOT.names if self.snapshot else POSITIONS.names
                leave(age_one(chunk, self.view), self.folder, number, columns)
            yield pa.record_batch({"id": batch.column("id")})


def write_positions(
    units: Sequence[Unit],
    view: View,
    out: Path,
    *,
    instalments: Path | None = None,
    snapshot: bool = False,
    progress: Progress | None = None,
    master: str = "local[*]",
    session: SparkSession | None = None,
    shared: Path | None = None,
) -> int:
    """Age units into ``out`` (and instalments into their own file) on Spark; returns how many loans.

    The same as :func:`mora.engine.age.write_positions`: same file, same rows. Nothing appears under either name unless
    everything was written. A session is started and stopped, unless one is given or active.

    :param snapshot: write the columns of the day's snapshots instead of those of positions.
    :param master: where Spark runs when a session is started: ``local[*]``, or a cluster such as ``spark://host:7077``.
    :param shared: folder for what workers hand over, seen by them and the driver under the same path; the folder of
        ``out`` when not given. Holds some 50 bytes a loan for a short while; emptied in any case.
    :raises Refused: no pyspark or Java, Spark did not start, or workers lack Mora or the shared folder.
    :raises MoraError: ageing failed on a worker; the message is the worker's.
    """
    with ExitStack() as files:
        spark = files.enter_context(spark_session(master, session))
        folder = files.enter_context(_folder(shared or out.parent, out.name))
        sink = files.enter_context(Sink(out, SNAPSHOT if snapshot else POSITIONS))
        items = files.enter_context(Sink(instalments, INSTALMENTS)) if instalments is not None else None
        work = Ageing(tuple(_absolute(each) for each in units), view, folder, snapshot=snapshot)
        waiting = Waiting()
        with closing(_outcomes(spark, work)) as outcomes:
            for made in outcomes:
                sink.write(made.ready)
                if items is not None and made.items is not None:
                    items.write(made.items)
                waiting.add(made)
                if progress is not None:
                    progress(made.loans)
        for settled in waiting.settle(view):
            sink.write(settled.ready)
        expected = sum(each.loans for each in units)
        if sink.rows != expected:
            raise MoraError(f"Spark gave back {sink.rows} of {expected} loans; nothing was written")
        return sink.rows


def _absolute(unit: Unit) -> Unit:
    """Workers have a working directory of their own."""
    files = unit.files
    paths = (str(Path(name).absolute()) for name in (files.loans, files.schedule, files.postings))
    return replace(unit, files=Files(*paths))


def _outcomes(spark: SparkSession, work: Ageing) -> Generator[Outcome]:
    """Outcomes in order of units, while Spark works on those to come."""
    if not work.units:
        return
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(_run, spark, work)
        try:
            for number in range(len(work.units)):
                _wait_for(number, work.folder, job)
                yield fetch(work.folder, number)
            job.result()
        finally:
            if not job.done():
                with suppress(*spark_errors()):  # Java may be what died
                    spark.sparkContext.cancelJobGroup(work.folder.name)


def _run(spark: SparkSession, work: Ageing) -> None:
    count = len(work.units)
    tasks = max(-(-count // UNITS_A_TASK), min(count, spark.sparkContext.defaultParallelism))
    spark.sparkContext.setJobGroup(work.folder.name, f"Mora ages {count} units", interruptOnCancel=True)
    try:
        spark.range(0, count, 1, tasks).mapInArrow(work, "id long").collect()
    except spark_errors() as error:
        raise _told(error) from error


def _told(error: Exception) -> MoraError:
    """What a worker's traceback comes to."""
    text = str(error)
    if "No module named 'mora" in text:
        return Refused(
            f"Mora is not installed for the Python of Spark's workers; see {HOWTO}",
            zh=f"Spark 执行端的 Python 没有安装 Mora；见 {HOWTO}",
        )
    if "LiveListenerBus is stopped" in text or "masters are unresponsive" in text:
        return Refused(
            f"Spark stopped before the work was done; does the master answer? See {HOWTO}",
            zh=f"Spark 在完成之前停止；主节点是否可以连接？见 {HOWTO}",
        )
    # Below the last traceback's indented frames stands what was raised.
    raised = (line for line in text.rpartition(_TRACEBACK)[2].splitlines() if line and not line[0].isspace())
    last = next(raised, "") if _TRACEBACK in text else in_a_line(error)
    kind, _, message = last.partition(": ")
    if kind == f"{Refused.__module__}.{Refused.__qualname__}":
        return Refused(message)
    return MoraError(f"ageing on Spark failed: {last}", zh=f"在 Spark 上计算失败：{last}")


def _wait_for(number: int, folder: Path, job: Future[None]) -> None:
    """Return when a unit's outcome is there; raise what stopped the work when it will not come."""
    until = None
    while not is_left(folder, number):
        if not job.done():
            wait([job], timeout=_LOOK_SECONDS)
            continue
        job.result()
        until = until or monotonic() + _SETTLE_SECONDS
        if monotonic() > until:
            raise MoraError(f"unit {number} was aged, but its rows cannot be seen in {folder}; is the folder shared?")
        sleep(_LOOK_SECONDS)


@contextmanager
def _folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder for outcomes, gone in the end."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f".{name}.", suffix=".spark", dir=parent)).absolute()
    try:
        yield folder
    finally:
        # A worker that was told to stop may still be finishing a file; without the folder it can start no other.
        for _ in range(50):
            shutil.rmtree(folder, ignore_errors=True)
            if not folder.exists():
                break
            sleep(0.1)
