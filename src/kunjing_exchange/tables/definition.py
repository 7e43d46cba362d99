"""Table definitions, made from the models."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kunjing_exchange.findings import Path
from kunjing_exchange.model import TOP_RECORDS, Element, Header, Record, elements

__all__ = [
    "PREVIOUS",
    "PREVIOUS_TABLES",
    "TABLES",
    "UNKNOWN_FACT",
    "Column",
    "Table",
    "create_sql",
    "tables_of",
    "tables_sql",
]

_SQL_TYPES = {
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "money": "DECIMAL(14,2)",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One scalar field as a column."""

    name: str
    sql_type: str
    element: Element


@dataclass(frozen=True, slots=True)
class Table:
    """One record type as a table.

    ``steps`` leads from the top record to this one: ``(("benefit", True), ("payment", True))``, true where it repeats;
    ``tops`` are the top records that hold it there. ``keys`` are the key columns, ``record_no`` first.
    """

    name: str
    title: str
    record: type[Record]
    tops: tuple[str, ...]
    steps: tuple[tuple[str, bool], ...]
    keys: tuple[str, ...]
    columns: tuple[Column, ...]

    def path(self, numbers: tuple[int, ...], column: str | None) -> Path:
        """The path of a column of the row whose item numbers (from 1, outer first) are given."""
        path: list[str | int] = []
        remaining = iter(numbers)
        for name, repeated in self.steps:
            path.append(name)
            if repeated:
                path.append(next(remaining) - 1)
        return (*path, column) if column else tuple(path)


def _columns(record: type[Record]) -> tuple[Column, ...]:
    return tuple(
        Column(element.name, _SQL_TYPES.get(element.lexical.kind, f"VARCHAR({element.lexical.max_length})"), element)
        for element in elements(record)
        if element.lexical is not None
    )


def _keys(steps: tuple[tuple[str, bool], ...]) -> tuple[str, ...]:
    repeated = [name for name, repeats in steps if repeats]
    return ("record_no", *(f"{name}_item_no" for name in repeated[:-1]), *(["item_no"] if repeated else []))


def tables_of(top: str, record: type[Record]) -> Iterator[Table]:
    """The tables of a top record: its own first, then those below it in wire order."""

    def visit(record: type[Record], steps: tuple[tuple[str, bool], ...]) -> Iterator[Table]:
        yield Table(record.table(), record.title(), record, (top,), steps, _keys(steps), _columns(record))
        for element in elements(record):
            if element.record is not None:
                yield from visit(element.record, (*steps, (element.name, element.repeated)))

    return visit(record, ())


_TOPS: Mapping[str, type[Record]] = {"header": Header, **TOP_RECORDS}


def _shared() -> dict[str, Table]:
    found: dict[str, Table] = {}
    for top, record in _TOPS.items():
        for table in tables_of(top, record):
            known = found.get(table.name)
            found[table.name] = replace(known, tops=(*known.tops, top)) if known else table
    return found


TABLES: Mapping[str, Table] = _shared()
"""Every canonical table by name. A record type lies at the same place in every top record that holds it, and has one
table: what departments hold of a child's schooling stands beside what the case files say of it."""

PREVIOUS = "previous_"
"""What the names of tables begin with that hold the submission before."""

PREVIOUS_TABLES: Mapping[str, Table] = {
    f"{PREVIOUS}{name}": dataclasses.replace(table, name=f"{PREVIOUS}{name}") for name, table in TABLES.items()
}
"""The same tables for the submission before: its records are numbered by themselves."""


def create_sql(table: Table) -> str:
    """``CREATE TABLE`` in the portable subset."""
    lines = [f"  {key} {'BIGINT' if key == 'record_no' else 'INTEGER'} NOT NULL" for key in table.keys]
    lines += [f"  {column.name} {column.sql_type}" for column in table.columns]
    return f"CREATE TABLE {table.name} (\n" + ",\n".join(lines) + "\n)"


UNKNOWN_FACT: Mapping[str, str] = {
    "record_no": "BIGINT",
    "table_name": "VARCHAR",
    "parent_item_no": "INTEGER",
    "item_no": "INTEGER",
    "column_name": "VARCHAR",
    "reason": "VARCHAR",
}
"""The columns of ``unknown_fact``: one row for every fact that is unknown, with its reason; the fact itself is NULL."""


def tables_sql() -> str:
    """All tables as a script with comments, for a department's own database (PostgreSQL)."""
    parts = [
        "-- The canonical tables of kunjing_exchange v1. Generated from the models; don't edit.\n"
        "-- record_no numbers the records of a submission (header 0); item_no numbers what repeats within its parent.\n"
    ]
    for table in TABLES.values():
        parts.append(f"{create_sql(table)};")
        parts.append(f"COMMENT ON TABLE {table.name} IS '{table.title}';")
        parts.extend(
            f"COMMENT ON COLUMN {table.name}.{column.name} IS '{column.element.title}';" for column in table.columns
        )
        parts.append("")
    columns = ",\n".join(f"  {name} {sql_type}" for name, sql_type in UNKNOWN_FACT.items())
    parts.append(f"CREATE TABLE unknown_fact (\n{columns}\n);")
    parts.append("COMMENT ON TABLE unknown_fact IS '未知的事实及原因';\n")
    parts.append(
        "-- The submission before, for rules of scope previous_submission: a case file (case_id, division) once."
    )
    parts.extend(f"CREATE TABLE {PREVIOUS}{name} (LIKE {name});" for name in TABLES)
    parts.append("")
    return "\n".join(parts)
