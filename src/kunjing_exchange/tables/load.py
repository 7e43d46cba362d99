"""The typed load: located plain records → lines of the tables → DuckDB, in batches.

A record becomes one line of text for every row of every table (:class:`Flattener`): Python does that faster than DuckDB
takes a nested record apart, and a worker process can do it. What the schema accepted is cast as it stands. What it
doubted is typed here value by value, by the same :class:`~kunjing_exchange.model.Lexical` that made the schema: a value
that can't be typed becomes NULL *and* a row in ``unreadable``, so that a rule that needs it is not evaluated instead of
silently passing.
"""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Any

import duckdb

from kunjing_exchange.model import UNKNOWN_REASON, Element, Record, elements
from kunjing_exchange.tables.definition import UNKNOWN_FACT, Table, create_sql

__all__ = ["Flattener", "Lines", "Loader", "Unreadable", "shape"]

Plain = dict[str, Any]
Unreadable = tuple[str, tuple[int, ...], str]
"""(table, item numbers from 1, column) of a value that is there and can't be typed."""

BATCH_CHARACTERS = 8 * 1024 * 1024
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


@dataclass(slots=True)
class _Plan:
    """How a record becomes a line: the columns that are text in a clean record (or an unknown fact), the flags, the
    numbers, and what is below it. ``lines`` is where the line goes, if it has a table."""

    table: str
    lines: list[str] | None
    texts: tuple[str, ...]
    flags: tuple[str, ...]
    numbers: tuple[str, ...]
    below: tuple[tuple[str, bool, _Plan], ...]


_BLANKS = repeat("")
_FLAG: Mapping[object, str] = {None: "", True: "true", False: "false"}


def _text(value: object) -> str:
    """A scalar as the table's cast reads it; what is absent or unknown is NULL, which no text is written as."""
    if isinstance(value, str):
        return value
    return "" if value is None or isinstance(value, dict) else str(value).lower()


def _number(value: int | None) -> str:
    """A whole number as text; of a dict a TypeError."""
    return "" if value is None else f"{value:d}"


def _split(table: Table) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The names of a table's columns: those that are written as text on the wire, the flags, and the numbers."""
    texts: list[str] = []
    flags: list[str] = []
    numbers: list[str] = []
    for column in table.columns:
        lexical = column.element.lexical
        is_string = lexical is not None and lexical.is_string
        (texts if is_string else flags if column.sql_type == "BOOLEAN" else numbers).append(column.name)
    return tuple(texts), tuple(flags), tuple(numbers)


class Flattener:
    """Turns plain records into the lines of the tables.

    ``size`` is what has been gathered since the last :meth:`take`, in characters.
    """

    def __init__(self, tables: Mapping[str, Table], prefix: str = "") -> None:
        self.size = 0
        self._prefix = prefix
        self._lines: dict[str, list[str]] = {
            name: [] for name in (*tables, *(f"{prefix}{side}" for side in _SIDE_TABLES))
        }
        self._places = self._lines[f"{prefix}record_place"]
        self._tops = {table.record.table(): table.record for table in tables.values() if not table.steps}
        self._plans = {top: self._plan(record, tables) for top, record in self._tops.items()}

    def _plan(self, record: type[Record], tables: Mapping[str, Table]) -> _Plan:
        name = f"{self._prefix}{record.table()}"
        texts, flags, numbers = _split(tables[name]) if name in tables else ((), (), ())
        below = tuple(
            (element.name, element.repeated, self._plan(element.record, tables))
            for element in elements(record)
            if element.record is not None
        )
        return _Plan(name, self._lines.get(name), texts, flags, numbers, below)

    def add(
        self,
        number: int,
        kind: str,
        data: Plain | None,
        *,
        clean: bool = True,
        blocked: bool = False,
        place: tuple[int | None, int | None, int | None, int | None, str | None] = (None, None, None, None, None),
    ) -> None:
        """Take in one record; see :meth:`Loader.add`."""
        if data is not None and not clean:
            data = self._shaped(number, kind, data)
        line = _SEPARATOR.join(map(_text, (number, kind, *place, blocked, data is not None)))
        self._places.append(line)
        self.size += len(line)
        if data is not None:
            self._walk(self._plans[kind], data, f"{number}{_SEPARATOR}")

    def take(self) -> dict[str, list[str]]:
        """The lines of each table that has any; the flattener is empty afterwards."""
        taken = {name: lines[:] for name, lines in self._lines.items() if lines}
        for lines in self._lines.values():
            lines.clear()
        self.size = 0
        return taken

    def _walk(self, plan: _Plan, data: Plain, keys: str) -> None:
        get = data.get
        if plan.lines is not None:
            try:
                cells = [*map(get, plan.texts, _BLANKS), *map(_FLAG.get, map(get, plan.flags))]
                if plan.numbers:
                    cells += map(_number, map(get, plan.numbers))
                line = keys + _SEPARATOR.join(cells)
            except TypeError:  # a dict: an unknown fact
                names = (*plan.texts, *plan.flags, *plan.numbers)
                line = keys + _SEPARATOR.join(map(_text, map(get, names)))
                self._note_unknown(plan, names, data, keys)
            plan.lines.append(line)
            self.size += len(line)
        for name, repeated, inner in plan.below:
            value = get(name)
            if value is None:
                continue
            if repeated:
                for number, item in enumerate(value, 1):
                    self._walk(inner, item, f"{keys}{number}{_SEPARATOR}")
            else:
                self._walk(inner, value, keys)

    def _note_unknown(self, plan: _Plan, columns: Iterable[str], data: Plain, keys: str) -> None:
        number, *items = keys.split(_SEPARATOR)[:-1]
        parent, item = (["", "", *items])[-2:]
        for column in columns:
            value = data.get(column)
            if isinstance(value, dict):
                row = (number, plan.table, parent, item, column, value["unknown"])
                self._lines[f"{self._prefix}unknown_fact"].append(_SEPARATOR.join(row))

    def _shaped(self, number: int, kind: str, data: Plain) -> Plain:
        unreadable: list[Unreadable] = []
        shaped = shape(self._tops[kind], data, unreadable)
        self._lines[f"{self._prefix}unreadable"] += (
            _SEPARATOR.join((str(number), f"{self._prefix}{table}", column)) for table, _, column in unreadable
        )
        return shaped


# --- lines to tables -------------------------------------------------------------------------------------------------


def _columns(table: Table) -> dict[str, str]:
    """The columns of a table's lines with their types, in the lines' order."""
    types = {column.name: column.sql_type for column in table.columns}
    keys = {key: "BIGINT" if key == "record_no" else "INTEGER" for key in table.keys}
    return keys | {name: types[name] for names in _split(table) for name in names}


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
        self._flattener = Flattener(tables, prefix)
        self._columns: dict[str, Mapping[str, str]] = {name: _columns(table) for name, table in tables.items()}
        self._columns |= {f"{prefix}{name}": columns for name, columns in _SIDE_TABLES.items()}
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
        blocked: bool = False,
        place: tuple[int | None, int | None, int | None, int | None, str | None] = (None, None, None, None, None),
    ) -> None:
        """Take in one record.

        ``clean`` says that the schema accepted it; ``place`` is (line, index, offset, length, spreadsheet rows as
        JSON).
        """
        self._flattener.add(number, kind, data, clean=clean, blocked=blocked, place=place)
        if self._flattener.size >= BATCH_CHARACTERS:
            self._flush()

    def close(self) -> None:
        """Load what is left, and give the connection back."""
        try:
            self._flush()
            self._pending.result()
        finally:
            self._worker.shutdown()

    def _create(self, statements: str) -> None:
        self._connection.execute(statements)

    def _flush(self) -> None:
        self._pending.result()
        if lines := self._flattener.take():
            self._pending = self._worker.submit(self._load, lines)

    def load(self, lines: Lines, *, records: int = 0, passed: int = 0) -> None:
        """Load lines that were put aside; so many ``records`` and lines of the file came before them."""
        self._pending.result()
        shifts = {"record_no": records, "line": passed}
        for name, rows in lines.few.items():
            self._insert(name, rows, shifts)
        for name, file in lines.files.items():
            self._copy(name, file, lines.longest[name], shifts)

    def _load(self, taken: Mapping[str, list[str]]) -> None:
        lines = Lines(self._folder)
        lines.add(taken)
        for name, rows in lines.few.items():
            self._insert(name, rows, {})
        for name, file in lines.files.items():
            self._copy(name, file, lines.longest[name], {})
            file.unlink()

    def _insert(self, name: str, rows: Iterable[str], shifts: Mapping[str, int]) -> None:
        columns = self._columns[name]
        moved = [shifts.get(column, 0) for column in columns]
        values = [
            str(int(value) + move) if move and value else value or None
            for row in rows
            for value, move in zip(row.split(_SEPARATOR), moved, strict=True)
        ]
        one = f"({', '.join('?' * len(columns))})"
        many = ", ".join([one] * (len(values) // len(columns)))
        self._connection.execute(f"insert into {name} ({', '.join(columns)}) values {many}", values)

    def _copy(self, name: str, file: pathlib.Path, longest: int, shifts: Mapping[str, int]) -> None:
        columns = self._columns[name]
        path = str(file).replace("'", "''")
        line = max(65536, 4 * longest)
        read = (
            f"select * from read_csv('{path}', auto_detect=false, header=false, delim='{_SEPARATOR}', quote='', "
            f"escape='', nullstr='', new_line='\\n', max_line_size={line}, "
            f"buffer_size={max(4 * 1024 * 1024, 2 * line)}, columns={columns})"
        )
        self._connection.execute(f"insert into {name} ({', '.join(columns)}) {_shifted(columns, read, shifts)}")


def _shifted(columns: Iterable[str], query: str, shifts: Mapping[str, int]) -> str:
    """The query with so much added to some of its columns."""
    if not any(shifts.values()):
        return query
    chosen = ", ".join(f"{name} + {shifts[name]}" if shifts.get(name) else name for name in columns)
    return f"select {chosen} from ({query}) as relative"
