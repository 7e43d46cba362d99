"""The typed load: located plain records → lines of the tables → DuckDB, in batches.

A record becomes one line of text for every row of every table (:class:`Flattener`): Python does that faster than DuckDB
takes a nested record apart, and a worker process can do it. What the schema accepted is cast as it stands. What it
doubted is typed here value by value, by the same :class:`~kunjing_exchange.model.Lexical` that made the schema: a value
that can't be typed becomes NULL *and* a row in ``unreadable``, so that a rule that needs it is not evaluated instead of
silently passing.
"""

from __future__ import annotations

import functools
import os
import pathlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import duckdb

from kunjing_exchange.model import UNKNOWN_REASON, Element, Record, Row, elements
from kunjing_exchange.tables.definition import UNKNOWN_FACT, Table, create_sql

__all__ = ["Flattener", "Lines", "Loader", "Unreadable", "shape"]

Plain = dict[str, Any]
Unreadable = tuple[str, tuple[int, ...], str]
"""(table, item numbers from 1, column) of a value that is there and can't be typed."""

BATCH_CHARACTERS = 8 * 1024 * 1024
_LOAD_AT = 32 * 1024 * 1024
"""So many bytes of a table's lines wait before they are loaded: each load leaves rows that the next checkpoint writes
again, so a few large ones cost a third of many small ones."""
_COPY_AT_ONCE = 4
_BUFFER = 4 * 1024 * 1024
"""What DuckDB reads of a file at a time; it is emptied for each file, which costs more than reading a small one."""
FEW = 64
"""So many rows of a table are inserted as values; to open a file for them would take longer."""

_SEPARATOR = "\x1f"
"""Between the columns of a line. No text has it, or a line break: the schema takes no control characters."""


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


# --- records to lines ------------------------------------------------------------------------------------------------

_SIDE_TABLES: Mapping[str, Mapping[str, str]] = {
    "record_place": {
        "record_no": "BIGINT",
        "kind": "VARCHAR",
        "line": "BIGINT",
        "idx": "BIGINT",
        "start": "BIGINT",
        "length": "BIGINT",
        "sheet_rows": "VARCHAR",
        "blocked": "BOOLEAN",
        "readable": "BOOLEAN",
    },
    "unreadable": {"record_no": "BIGINT", "table_name": "VARCHAR", "column_name": "VARCHAR"},
    "unknown_fact": UNKNOWN_FACT,
}


_Write = Callable[[Plain, str], None]
"""Writes the lines of a record and of what is below it; the text is the keys that its line begins with."""
_Maker = Callable[..., _Write]

_SHAPES = 500
"""For so many shapes of a record type a writer is made; a program that writes records has few."""


def _text(value: object) -> str:
    """A scalar as the table's cast reads it; what is absent or unknown is NULL, which no text is written as."""
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, dict) else str(value)


@functools.lru_cache(maxsize=4096)
def _items(numbers: tuple[int, ...]) -> str:
    """The keys of a line behind the record's number."""
    return "".join(f"{number}{_SEPARATOR}" for number in numbers)


def _unknown(table: str, column: str, reason: str, keys: str) -> str:
    """The line of an unknown fact, from the keys of the line that should have it."""
    number, *items = keys.split(_SEPARATOR)[:-1]
    return _SEPARATOR.join((number, table, *["", "", *items][-2:], column, reason))


@functools.lru_cache(maxsize=4096)
def _compiled(names: tuple[str, ...], below: tuple[tuple[str, bool], ...], shape: tuple[str, ...]) -> _Maker:
    """The making of a writer for records that have the fields of a shape, in its order.

    ``names`` are the columns of the table's lines (none: no line), ``below`` the nested records and whether they
    repeat. The writer sees every value once, and looks nothing up.
    """
    variables = {name: f"v{position}" for position, name in enumerate(shape)}
    body = [f"{''.join(f'{variable}, ' for variable in variables.values())} = data.values()"]
    if names:
        cells = (f"{{{variables[name]}}}" if name in variables else "" for name in names)
        body += [
            f'line = f"{{keys}}{_SEPARATOR.join(cells)}"',
            'if "{" in line or "None" in line:',
            "    line = careful(data, keys)",
            "add(line)",
            "gathered.size += len(line)",
        ]
    for position, (name, repeated) in enumerate(below):
        if name in variables and repeated:
            body += [
                f"for number, item in enumerate({variables[name]}, 1):",
                f'    below[{position}][tuple(item)](item, f"{{keys}}{{number}}{_SEPARATOR}")',
            ]
        elif name in variables:
            body.append(f"below[{position}][tuple({variables[name]})]({variables[name]}, keys)")
    inner = "".join(f"        {line}\n" for line in body)
    found: dict[str, Any] = {}
    source = f"def make(gathered, add, careful, below):\n    def write(data, keys):\n{inner}    return write\n"
    exec(compile(source, "<writer of lines>", "exec"), found)  # noqa: S102 - nothing in it comes from a file
    made: _Maker = found["make"]
    return made


class _Shapes(dict[tuple[str, ...], _Write]):
    """How records of a type are written, by the fields that they have: made when a shape is first met."""

    def __init__(self, gathered: Flattener, record: type[Record], tables: Mapping[str, Table]) -> None:
        super().__init__()
        name = gathered.prefix + record.table()
        nested = [element for element in elements(record) if element.record is not None]
        self._gathered = gathered
        self._table = name
        self._names = tuple(column.name for column in tables[name].columns) if name in tables else ()
        self._lines = gathered.lines[name] if name in tables else []
        self._nested = tuple((element.name, element.repeated) for element in nested)
        self._below = [_Shapes(gathered, element.record, tables) for element in nested if element.record is not None]

    def __missing__(self, shape: tuple[str, ...]) -> _Write:
        known = {*self._names, *(name for name, _ in self._nested)}
        if not shape or len(self) >= _SHAPES or not known.issuperset(shape):
            return self._slowly
        make = _compiled(self._names, self._nested, shape)
        write = self[shape] = make(self._gathered, self._lines.append, self._careful, self._below)
        return write

    def _slowly(self, data: Plain, keys: str) -> None:
        if self._names:
            line = self._careful(data, keys)
            self._lines.append(line)
            self._gathered.size += len(line)
        for (name, repeated), inner in zip(self._nested, self._below, strict=True):
            value = data.get(name)
            if value is not None and repeated:
                for number, item in enumerate(value, 1):
                    inner[tuple(item)](item, f"{keys}{number}{_SEPARATOR}")
            elif value is not None:
                inner[tuple(value)](value, keys)

    def _careful(self, data: Plain, keys: str) -> str:
        """The line of a record in which a fact may be unknown, which is noted."""
        for name in self._names:
            value = data.get(name)
            if isinstance(value, dict):
                self._gathered.unknown.append(_unknown(self._table, name, value["unknown"], keys))
        return keys + _SEPARATOR.join(_text(data.get(name)) for name in self._names)


class Flattener:
    """Turns plain records into the lines of the tables.

    ``size`` is what has been gathered since the last :meth:`take`, in characters.
    """

    def __init__(self, tables: Mapping[str, Table], prefix: str = "") -> None:
        self.size = 0
        self.prefix = prefix
        self.lines: dict[str, list[str]] = {
            name: [] for name in (*tables, *(f"{prefix}{side}" for side in _SIDE_TABLES))
        }
        self._by_table = {table.record.table(): self.lines[name] for name, table in tables.items()}
        self.unknown = self.lines[f"{prefix}unknown_fact"]
        self._places = self.lines[f"{prefix}record_place"]
        self._tops = {table.record.table(): table.record for table in tables.values() if not table.steps}
        self._shapes = {top: _Shapes(self, record, tables) for top, record in self._tops.items()}

    def add(
        self,
        number: int,
        kind: str,
        data: Plain | None,
        *,
        clean: bool = True,
        rows: Iterable[Row] | None = None,
        blocked: bool = False,
        place: tuple[int | None, int | None, int | None, int | None, str | None] = (None, None, None, None, None),
    ) -> None:
        """Take in one record; see :meth:`Loader.add`."""
        if data is not None and not clean:
            data = self._shaped(number, kind, data)
        at = _SEPARATOR.join(["" if value is None else str(value) for value in place])
        line = f"{number}{_SEPARATOR}{kind}{_SEPARATOR}{at}{_SEPARATOR}{blocked}{_SEPARATOR}{data is not None}"
        self._places.append(line)
        self.size += len(line)
        keys = f"{number}{_SEPARATOR}"
        if rows is not None:
            self._add_rows(rows, keys)
        elif data is not None:
            self._shapes[kind][tuple(data)](data, keys)

    def _add_rows(self, rows: Iterable[Row], keys: str) -> None:
        for table, items, values, unknown in rows:
            line = f"{keys}{_items(items)}{_SEPARATOR.join(values)}"
            self._by_table[table].append(line)
            self.size += len(line)
            for name, reason in unknown.items():
                self.unknown.append(_unknown(self.prefix + table, name, reason, keys + _items(items)))

    def take(self) -> dict[str, list[str]]:
        """The lines of each table that has any; the flattener is empty afterwards."""
        taken = {name: lines[:] for name, lines in self.lines.items() if lines}
        for lines in self.lines.values():
            lines.clear()
        self.size = 0
        return taken

    def _shaped(self, number: int, kind: str, data: Plain) -> Plain:
        unreadable: list[Unreadable] = []
        shaped = shape(self._tops[kind], data, unreadable)
        self.lines[f"{self.prefix}unreadable"] += (
            _SEPARATOR.join((str(number), f"{self.prefix}{table}", column)) for table, _, column in unreadable
        )
        return shaped


# --- lines to tables -------------------------------------------------------------------------------------------------


def _columns(table: Table) -> dict[str, str]:
    """The columns of a table's lines with their types, in the lines' order."""
    keys = {key: "BIGINT" if key == "record_no" else "INTEGER" for key in table.keys}
    return keys | {column.name: column.sql_type for column in table.columns}


class Lines:
    """Lines of the tables, put aside for a loader that may be in another process: files, and of few lines the lines.

    Can be pickled. ``longest`` is the longest line of a file, in characters.
    """

    def __init__(self, folder: pathlib.Path) -> None:
        self.few: dict[str, list[str]] = {}
        self.files: dict[str, pathlib.Path] = {}
        self.longest: dict[str, int] = {}
        self._folder = folder

    def add(self, lines: Mapping[str, list[str]]) -> None:
        """Put lines behind those that are there already."""
        for name, new in lines.items():
            rows = self.few.pop(name, []) + new
            if len(rows) <= FEW and name not in self.files:
                self.few[name] = rows
                continue
            file = self.files.setdefault(name, self._folder / f"{name}.lines")
            with file.open("a", encoding="utf-8", newline="\n") as stream:
                stream.write("\n".join(rows) + "\n")
            self.longest[name] = max(self.longest.get(name, 0), *map(len, rows))


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file of a table's lines: its longest line, and what is added to some of its columns."""

    file: pathlib.Path
    longest: int
    shifts: Mapping[str, int]


class Loader:
    """Loads plain records into the tables of a DuckDB connection.

    Beside the tables there are ``record_place`` (every record with its kind, its place, whether reading or schema block
    it, and whether it could be read at all), ``unknown_fact`` and ``unreadable``. Call :meth:`add` for each record, or
    :meth:`load` for lines made elsewhere, and :meth:`close` at the end; in between the connection belongs to the
    loader, which writes and loads while the caller prepares the next batch, and the tables are not complete. ``prefix``
    is put before the names of those three, where the tables' own have one.
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
        self._flattener = Flattener(tables, prefix)
        self._lines = Lines(folder)
        self._columns: dict[str, Mapping[str, str]] = {name: _columns(table) for name, table in tables.items()}
        self._columns |= {f"{prefix}{name}": columns for name, columns in _SIDE_TABLES.items()}
        self._waiting: dict[str, list[_Piece]] = {name: [] for name in self._columns}
        self._bytes = dict.fromkeys(self._columns, 0)
        self._moved = 0
        self._worker = ThreadPoolExecutor(max_workers=1)
        created = [create_sql(table) for table in tables.values()]
        for name, columns in _SIDE_TABLES.items():
            listed = ", ".join(f"{column} {sql_type}" for column, sql_type in columns.items())
            created.append(f"create table {prefix}{name} ({listed})")
        self._pending = self._worker.submit(self._create, ";".join(created))

    def add(
        self,
        number: int,
        kind: str,
        data: Plain | None,
        *,
        clean: bool = True,
        rows: Iterable[Row] | None = None,
        blocked: bool = False,
        place: tuple[int | None, int | None, int | None, int | None, str | None] = (None, None, None, None, None),
    ) -> None:
        """Take in one record.

        ``clean`` says that the schema accepted it; ``rows`` are its rows, if they are known; ``place`` is (line, index,
        offset, length, spreadsheet rows as JSON).
        """
        self._flattener.add(number, kind, data, clean=clean, rows=rows, blocked=blocked, place=place)
        if self._flattener.size >= BATCH_CHARACTERS:
            self._flush()

    def load(self, lines: Lines, *, records: int = 0, passed: int = 0) -> None:
        """Take in lines that were put aside, and their files; so many ``records`` and lines of the file came before."""
        self._pending.result()
        shifts = {"record_no": records, "line": passed}
        self._lines.add({name: self._shift(name, rows, shifts) for name, rows in lines.few.items()})
        for name, file in lines.files.items():
            self._take(name, file, lines.longest[name], shifts)

    def close(self) -> None:
        """Load what is left, and give the connection back."""
        try:
            self._flush()
            self._pending.result()
            for name, rows in self._lines.few.items():
                self._insert(name, rows)
            for name in list(self._lines.files):
                self._take_own(name)
            self._copy_all()
        finally:
            self._worker.shutdown()

    def _create(self, statements: str) -> None:
        self._connection.execute(statements)

    def _flush(self) -> None:
        self._pending.result()
        if lines := self._flattener.take():
            self._pending = self._worker.submit(self._put_aside, lines)

    def _put_aside(self, taken: Mapping[str, list[str]]) -> None:
        self._lines.add(taken)
        for name, file in list(self._lines.files.items()):
            if file.stat().st_size >= _LOAD_AT:
                self._take_own(name)

    def _take_own(self, name: str) -> None:
        self._take(name, self._lines.files.pop(name), self._lines.longest.pop(name), {})

    def _take(self, name: str, file: pathlib.Path, longest: int, shifts: Mapping[str, int]) -> None:
        """Keep a file until the table has enough to load."""
        self._moved += 1
        kept = file.rename(self._folder / f"{name}-{self._moved}.lines")
        self._waiting[name].append(_Piece(kept, longest, shifts))
        self._bytes[name] += kept.stat().st_size
        if self._bytes[name] >= _LOAD_AT:
            self._copy(self._connection, name)

    def _shift(self, name: str, rows: list[str], shifts: Mapping[str, int]) -> list[str]:
        """Lines with so much added to some of their columns."""
        moves = [(at, shifts[column]) for at, column in enumerate(self._columns[name]) if shifts.get(column)]
        if not moves:
            return rows
        moved = []
        for row in rows:
            values = row.split(_SEPARATOR)
            for at, move in moves:
                values[at] = str(int(values[at]) + move) if values[at] else ""
            moved.append(_SEPARATOR.join(values))
        return moved

    def _insert(self, name: str, rows: Iterable[str]) -> None:
        columns = self._columns[name]
        values = [value or None for row in rows for value in row.split(_SEPARATOR)]
        one = f"({', '.join('?' * len(columns))})"
        many = ", ".join([one] * (len(values) // len(columns)))
        self._connection.execute(f"insert into {name} ({', '.join(columns)}) values {many}", values)

    def _copy_all(self) -> None:
        """Load what waits, the largest table first, some tables at a time: each by a thread of its own."""
        names = sorted((name for name, pieces in self._waiting.items() if pieces), key=lambda name: -self._bytes[name])
        if not names:
            return

        def copy(name: str) -> None:
            with self._connection.cursor() as cursor:
                self._copy(cursor, name)

        with ThreadPoolExecutor(min(os.cpu_count() or 1, _COPY_AT_ONCE)) as workers:
            list(workers.map(copy, names))

    def _copy(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        columns = self._columns[name]
        pieces, self._waiting[name], self._bytes[name] = self._waiting[name], [], 0
        connection.execute(f"insert into {name} ({', '.join(columns)}) {_read_sql(columns, pieces)}")
        for piece in pieces:
            piece.file.unlink()


def _read_sql(columns: Mapping[str, str], pieces: Sequence[_Piece]) -> str:
    """The lines of the files; to some of their columns is added what each file's says."""
    paths = ", ".join("'" + str(piece.file).replace("'", "''") + "'" for piece in pieces)
    line = max(65536, 4 * max(piece.longest for piece in pieces))
    buffer = max(min(_BUFFER, max(piece.file.stat().st_size for piece in pieces)), 2 * line)
    chosen = []
    for name in columns:
        shifts = [piece.shifts.get(name, 0) for piece in pieces]
        chosen.append(f"{name} + {shifts}[file_index::bigint + 1]" if any(shifts) else name)
    return (
        f"select {', '.join(chosen)} from read_csv([{paths}], auto_detect=false, header=false, delim='{_SEPARATOR}', "
        f"quote='', escape='', nullstr='', new_line='\\n', max_line_size={line}, buffer_size={buffer}, "
        f"columns={columns})"
    )
