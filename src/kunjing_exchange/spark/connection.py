"""One face for two engines: records lie in Spark, what is made of them and is small lies in DuckDB on the driver.

Checks, rules and counting speak to a DuckDB connection. Here a statement that reads a table of records is translated by
sqlglot and run by Spark; every other one is run by DuckDB. What Spark needs of DuckDB (the edition's parameters, the
header) is sent along, and what Spark finds is brought back.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import duckdb

from kunjing_exchange.errors import MissingExtra

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Connection"]

_READ = re.compile(r"\b(?:from|join)\s+([a-z_][a-z_0-9]*)")
_INSERT = re.compile(r"\s*insert into ([a-z_]+)\s+(?=select\b)")
_CREATE = re.compile(r"\s*create (?:or replace )?(?:temp(?:orary)? )?(?:table|view) ([a-z_]+) as\s")
_DROP = re.compile(r"\s*drop (?:table|view) (?:if exists )?([a-z_]+)\s*$")
_WRITTEN = re.compile(
    r"\s*(?:insert into|create [a-z ]*?(?:table|view)|delete from|drop table(?: if exists)?) ([a-z_]+)"
)


def _parsed(sql: str) -> Any:
    try:
        import sqlglot
    except ImportError:
        raise MissingExtra("spark", "在 Apache Spark 上运行", "running on Apache Spark") from None
    try:
        return sqlglot.parse_one(sql, read="duckdb")
    except sqlglot.errors.SqlglotError as error:
        raise duckdb.ParserException(str(error)) from None


def _days_between(node: Any) -> Any:
    """The days between two dates: Spark gives an interval for their difference, and the number by another name."""
    from sqlglot.expressions import Cast, DateDiff, Sub

    dates = isinstance(node, Sub) and all(
        isinstance(side, Cast) and side.is_type("date") for side in (node.this, node.expression)
    )
    return DateDiff(this=node.this, expression=node.expression) if dates else node


class Connection:
    """As much of a DuckDB connection as checks, rules and counting use.

    ``local`` is the DuckDB database of the driver. Tables of records are added with :meth:`add`.

    Raises (in :meth:`execute`):
        duckdb.Error: the statement failed, on either engine.
    """

    def __init__(
        self, session: SparkSession, local: duckdb.DuckDBPyConnection, shared: Connection | None = None
    ) -> None:
        self.session = session
        self.local = local
        self.tables: dict[str, DataFrame] = shared.tables if shared else {}
        self._sent: dict[str, DataFrame] = shared._sent if shared else {}
        self._lock: threading.Lock = shared._lock if shared else threading.Lock()

    def cursor(self) -> Connection:
        """Another one over the same tables, for a thread of its own."""
        return Connection(self.session, self.local.cursor(), self)

    def close(self) -> None:
        """Close the driver's side; the tables of records stay for the others."""
        self.local.close()

    def add(self, name: str, frame: DataFrame) -> None:
        """Give a table of records its name."""
        frame.createOrReplaceTempView(name)
        self.tables[name] = frame

    def execute(self, sql: str, parameters: Sequence[Any] | None = None) -> Any:
        """Run one statement where its tables are; what it gives has ``fetchone`` and ``fetchall``."""
        with self._lock:
            if (dropped := _DROP.match(sql)) and dropped[1] in self.tables:
                self.tables.pop(dropped[1]).unpersist()
                self.session.catalog.dropTempView(dropped[1])
                return None
            read = set(_READ.findall(sql))
            if not read & self.tables.keys() or sql.lstrip().startswith("delete"):
                if written := _WRITTEN.match(sql):
                    self._sent.pop(written[1], None)
                return _Rows(self.local.execute(sql, parameters).fetchall())
        if parameters is not None:
            raise duckdb.NotImplementedException("no parameters for a statement over records")
        if created := _CREATE.match(sql):
            frame = self.frame(sql[created.end() :])
            self.add(created[1], frame if " view " in created[0] else frame.persist())
            return None
        if inserted := _INSERT.match(sql):
            self.bring(inserted[1], self.frames(sql[inserted.end() :]))
            return None
        columns = [column.to_pylist() for column in self._collect(self.frame(sql)).columns]
        return _Rows(list(zip(*columns, strict=True)))

    def frame(self, sql: str) -> DataFrame:
        """A query in DuckDB's dialect as a frame of Spark."""
        return self._planned(_parsed(sql))

    def frames(self, sql: str) -> Iterator[DataFrame]:
        """The members of a ``union all`` one by one: Spark holds memory for all of what it plans together."""
        from sqlglot.expressions import Union

        members, tree = [], _parsed(sql)
        while isinstance(tree, Union) and not tree.args.get("distinct"):
            members.append(tree.expression)
            tree = tree.this
        return map(self._planned, (tree, *reversed(members)))

    def _planned(self, tree: Any) -> DataFrame:
        from pyspark.errors import PySparkException
        from sqlglot.errors import SqlglotError
        from sqlglot.expressions import Table

        with self._lock:
            self._send({table.name for table in tree.find_all(Table)})
            try:
                return self.session.sql(tree.transform(_days_between).sql(dialect="spark"))
            except (PySparkException, SqlglotError) as error:
                raise duckdb.ProgrammingError(str(error).partition("\n")[0]) from None

    def bring(self, table: str, frames: Iterable[DataFrame]) -> None:
        """Append what frames hold to a table of the driver's database; all of it or nothing."""
        for found in [self._collect(frame) for frame in frames]:
            if found.num_rows:
                self.local.register("brought", found)
                self.local.execute(f"insert into {table} select * from brought")
                self.local.unregister("brought")
        with self._lock:
            self._sent.pop(table, None)

    def _collect(self, frame: DataFrame) -> Any:
        from py4j.protocol import Py4JJavaError
        from pyspark.errors import PySparkException

        try:
            return frame.toArrow()
        except (PySparkException, Py4JJavaError) as error:
            raise duckdb.ProgrammingError(str(error).partition("\n")[0]) from None

    def _send(self, names: set[str]) -> None:
        """Let Spark read the driver's tables of these names as they are now."""
        wanted = names - self.tables.keys() - self._sent.keys()
        if not wanted:
            return
        known = "select table_name from duckdb_tables() union all select view_name from duckdb_views()"
        for (name,) in self.local.execute(known).fetchall():
            if name in wanted:
                frame = self.session.createDataFrame(self.local.sql(f"select * from {name}").to_arrow_table())
                frame.createOrReplaceTempView(name)
                self._sent[name] = frame


class _Rows:
    """The rows of a query."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows
        self._at = 0

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row."""
        self._at += 1
        return self._rows[self._at - 1] if self._at <= len(self._rows) else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        rest, self._at = self._rows[self._at :], len(self._rows)
        return rest
