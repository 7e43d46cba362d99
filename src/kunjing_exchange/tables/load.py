"""The typed load: located plain records → tables, in batches of JSON Lines that DuckDB reads itself.

What the schema accepted is cast as it stands. What it doubted is typed here value by value, by the same
:class:`~kunjing_exchange.model.Lexical` that made the schema: a value that can't be typed becomes NULL *and* a row in
``unreadable``, so that a rule that needs it is not evaluated instead of silently passing.
"""

from __future__ import annotations

import functools
import pathlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import duckdb
from pydantic_core import to_json

from kunjing_exchange.model import UNKNOWN_REASON, Element, Record, elements
from kunjing_exchange.tables.definition import UNKNOWN_FACT, Table, create_sql

__all__ = ["Loader", "Unreadable", "shape"]

Plain = dict[str, Any]
Unreadable = tuple[str, tuple[int, ...], str]
"""(table, item numbers from 1, column) of a value that is there and can't be typed."""

BATCH_BYTES = 8 * 1024 * 1024


def _is_unknown(value: object) -> bool:
    return isinstance(value, dict) and list(value) == ["unknown"] and UNKNOWN_REASON.accepts(value["unknown"])


def shape(record: type[Record], data: object, unreadable: list[Unreadable], numbers: tuple[int, ...] = ()) -> Plain:
    """The readable part of a record that the schema doubted; what can't be typed is named in ``unreadable``."""
    table = record.table()
    shaped: Plain = {}
    if not isinstance(data, dict):
        unreadable.extend((table, numbers, element.name) for element in elements(record) if element.lexical)
        return shaped
    for element in elements(record):
        value = data.get(element.name)
        if value is None and element.name not in data:
            continue
        if element.lexical is not None:
            if element.lexical.accepts(value) or (element.fact and _is_unknown(value)):
                shaped[element.name] = value
            else:
                unreadable.append((table, numbers, element.name))
        elif element.record is not None:
            shaped[element.name] = _shape_nested(element, element.record, value, unreadable, numbers)
    return shaped


def _shape_nested(
    element: Element, record: type[Record], value: object, unreadable: list[Unreadable], numbers: tuple[int, ...]
) -> object:
    if not element.repeated:
        return shape(record, value, unreadable, numbers)
    items = value if isinstance(value, list) else [value]
    return [shape(record, item, unreadable, (*numbers, number)) for number, item in enumerate(items, 1)]


def _struct(record: type[Record]) -> str:
    """The type that ``read_json`` is told: every scalar as text, since a fact may be an object."""
    parts = []
    for element in elements(record):
        if element.record is None:
            parts.append(f"{element.name} VARCHAR")
        else:
            parts.append(f"{element.name} {_struct(element.record)}{'[]' if element.repeated else ''}")
    return f"STRUCT({', '.join(parts)})"


def _rows(table: Table, top: str) -> tuple[str, str]:
    """(what a batch gives the table's rows as, the expression of a row): keys beside it.

    The path is spelled out in one expression down to the next list: a projection of the whole record would copy its
    type of hundreds of fields for every table.
    """
    source, row, keys = "batch", top, ["record_no"]
    remaining = [key for key in table.keys if key != "record_no"]
    for name, repeated in table.steps:
        row = f"{row}.{name}"
        if repeated:
            key = remaining.pop(0)
            columns = f"{', '.join(keys)}, generate_subscripts({row}, 1) as {key}, unnest({row}) as r"
            source, row = f"(select {columns} from {source})", "r"
            keys.append(key)
    return source, row


def _insert(table: Table, top: str) -> str:
    source, row = _rows(table, top)
    values = []
    for column in table.columns:
        text = f"{row}.{column.name}"
        if column.element.fact:
            text = f"case when starts_with({text}, '{{') then null else {text} end"  # no text begins with {
        values.append(text if column.sql_type.startswith("VARCHAR") else f"cast({text} as {column.sql_type})")
    chosen = ", ".join((*table.keys, *values))
    return f"insert into {table.name} select {chosen} from {source} where {row} is not null"


def _unknown_facts(
    record: type[Record], data: Plain, numbers: tuple[int, ...] = ()
) -> Iterator[tuple[str, tuple[int, ...], str, str]]:
    """(table, item numbers, column, reason) of every fact that is unknown."""
    table = record.table()
    nested = _nested(record)
    for name, value in data.items():
        if isinstance(value, dict):
            if name in nested:
                yield from _unknown_facts(nested[name], value, numbers)
            else:
                yield table, numbers, name, value["unknown"]
        elif isinstance(value, list):
            for number, item in enumerate(value, 1):
                yield from _unknown_facts(nested[name], item, (*numbers, number))


@functools.cache
def _nested(record: type[Record]) -> Mapping[str, type[Record]]:
    return {element.name: element.record for element in elements(record) if element.record is not None}


_SIDE_TABLES = {
    "unreadable": {"record_no": "BIGINT", "table_name": "VARCHAR", "column_name": "VARCHAR"},
    "unknown_fact": UNKNOWN_FACT,
}
_PLACE = {
    "record_no": "BIGINT",
    "kind": "VARCHAR",
    "line": "BIGINT",
    "idx": "BIGINT",
    "start": "BIGINT",
    "length": "BIGINT",
    "sheet_rows": "VARCHAR",
    "blocked": "BOOLEAN",
}


class Loader:
    """Loads plain records into the tables of a DuckDB connection.

    Beside the tables there are ``record_place`` (every record with its kind, its place, whether reading or schema block
    it, and whether it could be read at all), ``unknown_fact`` and ``unreadable``. Call :meth:`add` for each record and
    :meth:`close` at the end; in between the connection belongs to the loader, which loads one batch while the caller
    prepares the next. ``prefix`` is put before the names of those three, where the tables' own have one.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        tables: Mapping[str, Table],
        folder: pathlib.Path,
        prefix: str = "",
    ) -> None:
        self._connection = connection
        self._folder = folder
        self._prefix = prefix
        self._tops = {table.record.table(): table.record for table in tables.values() if not table.steps}
        self._structs = {top: _struct(record) for top, record in self._tops.items()}
        self._inserts = [
            (top, table.steps[-1][0] if table.steps else top, _insert(table, top))
            for table in tables.values()
            for top in table.tops
        ]
        self._lines: list[bytes] = []
        self._size = 0
        self._side: dict[str, list[Plain]] = {name: [] for name in _SIDE_TABLES}
        self._worker = ThreadPoolExecutor(max_workers=1)
        self._pending: Future[None] | None = None
        for table in tables.values():
            connection.execute(create_sql(table))
        for name, columns in {"record_place": {**_PLACE, "readable": "BOOLEAN"}, **_SIDE_TABLES}.items():
            listed = ", ".join(f"{column} {sql_type}" for column, sql_type in columns.items())
            connection.execute(f"create table {prefix}{name} ({listed})")

    def add(
        self,
        number: int,
        kind: str,
        data: Plain | None,
        *,
        raw: bytes | None = None,
        clean: bool = True,
        blocked: bool = False,
        place: tuple[int | None, int | None, int | None, int | None, str | None] = (None, None, None, None, None),
    ) -> None:
        """Take in one record.

        ``raw`` is its JSON where it is clean and at hand; ``clean`` says that the schema accepted it; ``place`` is
        (line, index, offset, length, spreadsheet rows as JSON).
        """
        if data is not None and not clean:
            data, raw = self._shaped(number, kind, data), None
        body = (raw or to_json(data)) if data is not None else b"null"
        if data is not None and b'{"unknown"' in body:
            prefix = self._prefix
            for table, numbers, column, reason in _unknown_facts(self._tops[kind], data):
                parent, item = (numbers[-2] if len(numbers) > 1 else None), (numbers[-1] if numbers else None)
                self._side["unknown_fact"].append(
                    dict(
                        zip(
                            _SIDE_TABLES["unknown_fact"],
                            (number, prefix + table, parent, item, column, reason),
                            strict=True,
                        )
                    )
                )
        head = to_json(dict(zip(_PLACE, (number, kind, *place, blocked), strict=True)))
        line = b'%b,"%b":%b}\n' % (head[:-1], kind.encode(), body)
        self._lines.append(line)
        self._size += len(line)
        if self._size >= BATCH_BYTES:
            self._flush()

    def close(self) -> None:
        """Load what is left, and give the connection back."""
        try:
            self._flush()
            if self._pending is not None:
                self._pending.result()
        finally:
            self._worker.shutdown()

    def _shaped(self, number: int, kind: str, data: Plain) -> Plain:
        unreadable: list[Unreadable] = []
        shaped = shape(self._tops[kind], data, unreadable)
        self._side["unreadable"].extend(
            dict(zip(_SIDE_TABLES["unreadable"], (number, self._prefix + table, column), strict=True))
            for table, _, column in unreadable
        )
        return shaped

    def _flush(self) -> None:
        if self._pending is not None:
            self._pending.result()
        if self._lines:
            self._pending = self._worker.submit(self._load, self._lines, self._side)
            self._lines, self._size = [], 0
            self._side = {name: [] for name in _SIDE_TABLES}

    def _load(self, lines: list[bytes], side: dict[str, list[Plain]]) -> None:
        connection = self._connection
        batch = b"".join(lines)
        file = self._write("batch", batch)
        largest = max(65536, *map(len, lines)) + 1
        named = {name for name in {name for _, name, _ in self._inserts} if b'"%b":' % name.encode() in batch}
        structs = {top: struct for top, struct in self._structs.items() if top in named}
        connection.execute(
            f"create or replace temp table batch as select * from read_json('{file}', format='newline_delimited', "
            f"maximum_object_size={largest}, columns={_PLACE | structs})"
        )
        for top, name, sql in self._inserts:
            if top in structs and name in named:
                connection.execute(sql)
        readable = " or ".join(f"{top} is not null" for top in structs)
        connection.execute(f"insert into {self._prefix}record_place select {', '.join(_PLACE)}, {readable} from batch")
        connection.execute("drop table batch")
        for name, rows in side.items():
            if rows:
                file = self._write(name, b"".join(to_json(row) + b"\n" for row in rows))
                connection.execute(
                    f"insert into {self._prefix}{name} select * from read_json('{file}', format='newline_delimited', "
                    f"columns={_SIDE_TABLES[name]})"
                )

    def _write(self, name: str, lines: bytes) -> str:
        """Write a batch for ``read_json``; its path as it stands in SQL."""
        file = self._folder / f"{name}.jsonl"
        file.write_bytes(lines)
        return str(file).replace("'", "''")
