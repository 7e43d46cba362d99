"""A Spark session, and the one place where pyspark is asked for."""

from __future__ import annotations

import os
import pathlib
import sys
from typing import TYPE_CHECKING, Any

from kunjing_exchange.errors import MissingExtra, MissingProgram

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["located", "open_session", "own_session"]

_SHUFFLED = "spark.sql.shuffle.partitions"
_SUBMITTED = ("PYSPARK_GATEWAY_PORT", "SPARK_CONF_DIR", "SPARK_HOME")
"""Where one of these is set, somebody else says how Spark runs."""


def open_session(master: str | None = None, settings: dict[str, Any] | None = None) -> SparkSession:
    """The session of this process, made where there is none.

    Args:
        master: such as ``local[4]``; what ``spark-submit`` says where it is not given, else all cores of this machine.
        settings: of Spark, such as ``{"spark.driver.memory": "4g"}``. On one machine Java may hold half of its
            memory where nothing says how much; Spark's own default is 1 GB.

    Raises:
        MissingExtra: pyspark is not installed (extra ``spark``).
        MissingProgram: there is no Java.
    """
    try:
        import pyarrow  # noqa: F401
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise MissingExtra("spark", "在 Apache Spark 上运行", "running on Apache Spark") from None
    builder = SparkSession.builder.appName("kunjing")
    if master is not None:
        builder = builder.master(master)
    for name, value in (_defaults(master) | (settings or {})).items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() != "JAVA_GATEWAY_EXITED":
            raise
        raise MissingProgram(
            "java",
            "Spark 需要 Java 17 或 21：请安装并设置 JAVA_HOME（见 docs/spark.md）",
            "Spark wants Java 17 or 21: install it and set JAVA_HOME (see docs/spark.md)",
        ) from None
    context = session.sparkContext
    if str(context.master).startswith("local") and not os.environ.get("PYSPARK_PYTHON"):
        context.pythonExec = sys.executable  # workers on this machine have what this process has
    return session


def _defaults(master: str | None) -> dict[str, Any]:
    """What is set where the caller doesn't: only for a Spark that this process starts on this machine."""
    if not (master or "local").startswith("local") or any(name in os.environ for name in _SUBMITTED):
        return {}
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):  # not told on this system
        return {}
    return {"spark.driver.memory": f"{max(1, memory // 2**31)}g"}


def own_session(session: SparkSession) -> SparkSession:
    """One with names of its own for views, on the same Spark.

    On one machine a shuffle has as many parts as there are cores, where nobody said how many: with the 200 of Spark's
    own default the hundreds of rules spend their time on starting tasks.
    """
    own = session.newSession()
    context = session.sparkContext
    if str(context.master).startswith("local") and not context.getConf().contains(_SHUFFLED):
        own.conf.set(_SHUFFLED, context.defaultParallelism)
    return own


def located(path: str | os.PathLike[str]) -> str:
    """A path as Spark is told it: one that is there on this machine is meant, whatever Spark's own file system is."""
    name = os.fspath(path)
    return name if "://" in name or not os.path.exists(name) else f"file://{pathlib.Path(name).resolve()}"
