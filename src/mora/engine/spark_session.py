"""A Spark session for one piece of work: the caller's own where there is one, else started and stopped here."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import mora
from mora.core.errors import Refused

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HOWTO = "docs/howto/spark.md"
_LOG = Path(__file__).with_name("spark-log4j2.properties")
# Spark's own part is handing out tasks, so the time a compiler of hot code takes never comes back.
_JAVA = f"-Dlog4j2.configurationFile={_LOG.as_uri()} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_ALWAYS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.sql.ansi.enabled": "true",  # Spark 3 and 4 have different defaults
    "spark.sql.session.timeZone": "UTC",
    "spark.executorEnv.POLARS_MAX_THREADS": "1",  # a worker has one core; its neighbours have the others
}
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executorEnv.PYTHONPATH": str(Path(mora.__file__).parent.parent),
}


def check_installed() -> None:
    """See that Spark can be started from here.

    :raises Refused: no pyspark, or no Java; says what to install.
    """
    try:
        from pyspark.sql.pandas import utils  # noqa: PLC0415 - an extra, and slow to import

        utils.require_minimum_pandas_version()  # mapInArrow insists, though nothing here is a pandas frame
        utils.require_minimum_pyarrow_version()
    except ImportError as error:
        raise Refused(
            f"running on Spark needs the extra: pip install 'mora[spark]' ({error})",
            zh=f"在 Spark 上运行需要附加组件：pip install 'mora[spark]'（{error}）",
        ) from error
    home = os.environ.get("JAVA_HOME")
    if not shutil.which(os.path.join(home, "bin", "java") if home else "java"):
        where = f"under JAVA_HOME={home}" if home else "on the PATH"
        raise Refused(
            f"running on Spark needs Java 17 and there is none {where}. "
            "Debian: apt-get install openjdk-17-jre-headless; elsewhere set JAVA_HOME",
            zh=f"在 Spark 上运行需要 Java 17，而{f' JAVA_HOME={home} 下' if home else ' PATH 中'}没有。"
            "Debian：apt-get install openjdk-17-jre-headless；其他系统请设置 JAVA_HOME",
        )


@contextmanager
def spark_session(master: str = "local[*]", given: SparkSession | None = None) -> Iterator[SparkSession]:
    """The session given, or the process's active one, left as it is; else a new one at ``master``, stopped at the end.

    :param master: ``local[*]`` for the cores of this machine, ``spark://host:7077`` and the like for a cluster.
    :raises Refused: Spark is not installed or did not start.
    """
    if given is not None:
        yield given
        return
    check_installed()
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    active = SparkSession.getActiveSession()
    if active is not None:
        yield active
        return
    with _sigint_kept():
        session = _started(master)
        try:
            yield session
        finally:
            session.stop()


def _started(master: str) -> SparkSession:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    builder = SparkSession.builder.master(master).appName("Mora")
    for name, value in (_ALWAYS | (_LOCAL if master.startswith("local") else {})).items():
        builder = builder.config(name, value)
    # Spark would take the first python3 of the PATH, which knows nothing of Mora.
    named = os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        return builder.getOrCreate()
    except spark_errors() as error:
        raise Refused(
            f"Spark did not start at {master}: {in_a_line(error)}; see {HOWTO}",
            zh=f"Spark 未能在 {master} 启动：{in_a_line(error)}；见 {HOWTO}",
        ) from error
    finally:
        if named is sys.executable:
            del os.environ["PYSPARK_PYTHON"]


def spark_errors() -> tuple[type[Exception], ...]:
    """What Spark raises when something fails in Java, in a worker, or on the way there."""
    from py4j.protocol import Py4JError  # type: ignore[import-untyped] # noqa: PLC0415 - an extra
    from pyspark.errors import PySparkException  # noqa: PLC0415 - an extra

    return Py4JError, PySparkException, OSError


def in_a_line(error: Exception) -> str:
    """What an exception of Spark says, without where in Java it was said."""
    lines = [line.strip(" :") for line in str(error).splitlines()]
    # Py4J opens with which object was being called; the Java exception stands below.
    said = (line for line in lines if line and not line.startswith("An error occurred while calling"))
    return next(said, type(error).__name__)


@contextmanager
def _sigint_kept() -> Iterator[None]:
    """Spark's handler of Ctrl-C cancels jobs of its context, and would fail once that is stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        with suppress(TypeError):  # None: it was not set from Python and cannot be set back
            signal.signal(signal.SIGINT, before)
