"""Checks of code lists, identifiers and names over loaded tables.

Fast accept, slow explain: SQL finds the distinct values that a cheap test does not accept, and only those are judged by
:mod:`kunjing_exchange.codes` and :mod:`kunjing_exchange.identifiers`, which alone know what is right.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Iterable, Iterator

import duckdb

from kunjing_exchange.codes import CodeList, code_list
from kunjing_exchange.engine import run_at_once
from kunjing_exchange.identifiers import IDENTIFIERS, Identifier
from kunjing_exchange.rules.run import occupied_tables
from kunjing_exchange.tables import TABLES, Column, Table

__all__ = ["check_values", "resident_test"]

_OWN_DATE = ("start_date", "step_date", "visit_date", "handover_date", "opened_on")
_VERDICT_IDS = {
    "length": "KJ-ID-001",
    "characters": "KJ-ID-002",
    "date": "KJ-ID-003",
    "check_digit": "KJ-ID-004",
    "division": "KJ-ID-005",
    "legacy": "KJ-ID-006",
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
FEW = 500
"""Up to so many rows, judging every value costs less than planning the cheap test."""
_LOOK_ALIKE_DOTS = "•‧・･∙⋅●．"


def _pick(table: Table, column: str, condition: str, id_sql: str, facts_sql: str, source: str = "") -> str:
    """Insert a finding for each row of a table that meets a condition."""
    keys = table.keys[1:]
    parent = keys[-2] if len(keys) > 1 else "null"
    item = keys[-1] if keys else "null"
    return (
        f"insert into rule_finding select {id_sql}, record_no, '{table.name}', {parent}, {item}, '{column}', "
        f"t.{column}, null, {facts_sql} from {table.name} as t {source} where {condition}"
    )


def _bad_values(connection: duckdb.DuckDBPyConnection, rows: Iterable[tuple[str, str, str]]) -> None:
    """The temporary table ``bad_value(value, id, facts)``."""
    connection.execute("create or replace temp table bad_value (value VARCHAR, id VARCHAR, facts VARCHAR)")
    listed = list(rows)
    for start in range(0, len(listed), 5000):
        chunk = listed[start : start + 5000]
        connection.execute(
            "insert into bad_value select unnest($1), unnest($2), unnest($3)",
            [list(part) for part in zip(*chunk, strict=True)],
        )


def _distinct(connection: duckdb.DuckDBPyConnection, sql: str) -> Iterator[str]:
    for (value,) in connection.execute(sql).fetchall():
        yield value


# --- codes -----------------------------------------------------------------------------------------------------------


def _check_codes(connection: duckdb.DuckDBPyConnection, *, table: Table, period_end: datetime.date | None) -> None:
    """Judge every code by its list, on the record's own date where it has one, else on the last day of the period."""
    own = next((column.name for column in table.columns if column.name in _OWN_DATE), None)
    for column, codes in _check_known(connection, table):
        if codes.dated:
            _check_in_force(connection, table, column, codes, own, period_end)


def _unknown_code(codes: CodeList, value: str) -> tuple[str, str] | None:
    """(id, facts) of a code that is not in the list; none where the list does not reach that far."""
    if codes.coverage and not value.startswith(codes.coverage):
        return None
    if codes.name == "division" and value in code_list("division_statistical"):
        return "KJ-CODE-004", "{}"
    certain = codes.certainty in ("verified", "own")
    facts = {"code_list": codes.name, "edition": codes.edition, "updated": str(codes.updated)}
    return ("KJ-CODE-001" if certain else "KJ-CODE-003"), json.dumps(facts, ensure_ascii=False)


def _check_known(connection: duckdb.DuckDBPyConnection, table: Table) -> list[tuple[str, CodeList]]:
    """Find the codes that are in no list; the coded columns that have any value, with their lists."""
    lists = {
        column.name: lexical.code_list
        for column in table.columns
        if (lexical := column.element.lexical) and lexical.code_list
    }
    if not lists:
        return []
    asked = " union all ".join(f"(select distinct '{column}', {column} from {table.name})" for column in lists)
    values: dict[str, list[str]] = {}
    for column, value in connection.execute(asked).fetchall():
        if value is not None:
            values.setdefault(column, []).append(value)
    coded = {column: code_list(lists[column]) for column in values}
    for column, codes in coded.items():
        unknown = [value for value in values[column] if value not in codes]
        bad = [(value, *verdict) for value in unknown if (verdict := _unknown_code(codes, value)) is not None]
        if bad:
            _bad_values(connection, bad)
            join = f"join bad_value as b on t.{column} = b.value"
            connection.execute(_pick(table, column, "true", "b.id", "b.facts", join))
    return list(coded.items())


def _check_in_force(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    column: str,
    codes: CodeList,
    own_date: str | None,
    period_end: datetime.date | None,
) -> None:
    days = [f"t.{own_date}"] if own_date else []
    if period_end is not None:
        # a date that is there and can't be read is no absent one: then nothing is said of the code
        unreadable = (
            f"select record_no from unreadable where table_name = '{table.name}' and column_name = '{own_date}'"
        )
        days.append(f"case when t.record_no not in ({unreadable}) then date '{period_end}' end")
    if not days:
        return
    day = f"coalesce({', '.join(days)})"
    pairs = connection.execute(
        f"select t.{column}, {day} from {table.name} as t where t.{column} is not null and {day} is not null "
        "group by 1, 2"
    ).fetchall()
    late = sorted({(code, on) for code, on in pairs if code in codes and not codes.is_valid(code, on)})
    for code, on in late:
        facts = json.dumps({"on": on.isoformat()})
        condition = f"t.{column} = '{code}' and {day} = date '{on}'"
        connection.execute(_pick(table, column, condition, "'KJ-CODE-002'", f"'{facts}'"))


def _check_unknown_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    reasons = code_list("unknown_reason")
    bad = [
        (reason, *verdict)
        for reason in _distinct(connection, "select distinct reason from unknown_fact")
        if reason not in reasons and (verdict := _unknown_code(reasons, reason)) is not None
    ]
    if bad:
        _bad_values(connection, bad)
        connection.execute(
            "insert into rule_finding select b.id, record_no, table_name, parent_item_no, item_no, column_name, "
            "reason, null, b.facts from unknown_fact as u join bad_value as b on u.reason = b.value"
        )


# --- identifiers -----------------------------------------------------------------------------------------------------


def resident_test(text: str) -> str:
    """SQL that accepts a resident id of 18 digits by shape, date and check digit (GB 11643-1999, MOD 11-2)."""
    number = f"try_cast(substr({text}, 1, 17) as bigint)"
    total = " + ".join(f"({number} // {10 ** (16 - place)}) % 10 * {weight}" for place, weight in enumerate(_WEIGHTS))
    day = f"substr({text}, 7, 4) || '-' || substr({text}, 11, 2) || '-' || substr({text}, 13, 2)"
    shape = f"regexp_full_match({text}, '[1-9][0-9]{{5}}(19|20|21)[0-9]{{9}}[0-9X]')"
    digit = f"substr('10X98765432', cast(({total}) % 11 as integer) + 1, 1)"
    return f"({shape} and try_cast({day} as date) is not null and {digit} = substr({text}, 18, 1))"


def _quick_test(identifier: str, text: str) -> str | None:
    """(SQL that surely accepts only what the identifier accepts, division aside); None where every value is judged."""
    if identifier == "resident_id":
        return resident_test(text)
    if identifier == "disability_certificate":
        return f"(regexp_full_match({text}, '.{{18}}[1-7][1-4]') and {resident_test(text)})"
    if identifier == "student_number":
        inner = f"substr({text}, 2)"
        return f"({text}[1] = 'G' and length({text}) = 19 and {resident_test(inner)})"
    if identifier in ("household_number", "certificate_number"):
        return f"regexp_full_match({text}, '[0-9A-Za-z-]{{1,30}}')"
    return None


_RESIDENT_START = {"resident_id": 1, "disability_certificate": 1, "student_number": 2}


def _identified(table: Table) -> Iterator[tuple[Column, str, str]]:
    """(column, identifier, condition under which the value is one)."""
    names = {column.name for column in table.columns}
    for column in table.columns:
        lexical = column.element.lexical
        if lexical is None:
            continue
        if lexical.identifier is not None:
            yield column, lexical.identifier, f"t.{column.name} is not null"
        elif lexical.name == "IdNumber" and column.name.endswith("id_number"):
            looks = f"regexp_full_match(t.{column.name}, '[0-9]{{15}}|[0-9]{{17}}[0-9Xx]')"
            by_type = "t.id_document_type = '111'" if "id_document_type" in names else "false"
            yield column, "resident_id", f"t.{column.name} is not null and ({by_type} or {looks})"


def _verdicts(identifier: Identifier, value: str) -> Iterator[tuple[str, str, str]]:
    for verdict in identifier.validate(value):
        yield value, _VERDICT_IDS[verdict.kind], "{}"


def _check_identified(
    connection: duckdb.DuckDBPyConnection, *, table: Table, column: str, name: str, condition: str, few: bool
) -> None:
    """Judge one column: every value where they are few, else those that the quick test doubts."""
    identifier, text = IDENTIFIERS[name], f"t.{column}"
    quick = None if few else _quick_test(name, "value")
    connection.execute(
        f"create or replace temp table tested as select value, coalesce({quick or 'false'}, false) as good "
        f"from (select distinct {text} as value from {table.name} as t where {condition})"
    )
    doubted = _distinct(connection, "select value from tested where not good")
    bad = [row for value in doubted for row in _verdicts(identifier, value)]
    if bad:
        _bad_values(connection, bad)
        join = f"join bad_value as b on {text} = b.value"
        connection.execute(_pick(table, column, condition, "b.id", "b.facts", join))
    start = _RESIDENT_START.get(name)
    if start is not None and quick and (outside := _bad_divisions(connection, start, identifier)):
        _bad_values(connection, outside)
        join = f"join bad_value as b on substr({text}, {start}, 10) = b.value join tested on {text} = tested.value"
        connection.execute(_pick(table, column, f"{condition} and tested.good", "b.id", "b.facts", join))


def _bad_divisions(
    connection: duckdb.DuckDBPyConnection, start: int, identifier: Identifier
) -> list[tuple[str, str, str]]:
    """The pairs of division and birth year, out of ids otherwise right, that one sample id each fails for."""
    samples = connection.execute(
        f"select substr(value, {start}, 10), min(value) from tested where good group by 1"
    ).fetchall()
    return [
        (prefix, _VERDICT_IDS["division"], "{}")
        for prefix, sample in samples
        if any(verdict.kind == "division" for verdict in identifier.validate(sample))
    ]


# --- names -----------------------------------------------------------------------------------------------------------


def _check_names(connection: duckdb.DuckDBPyConnection, *, table: Table) -> None:
    """Note look-alikes of the middle dot U+00B7 in names; a name is never rejected for its characters."""
    for column in table.columns:
        if column.element.lexical is not None and column.element.lexical.name == "Name":
            condition = f"regexp_matches(t.{column.name}, '[{_LOOK_ALIKE_DOTS}]')"
            connection.execute(_pick(table, column.name, condition, "'KJ-SYS-014'", "null"))


# --- all of them -----------------------------------------------------------------------------------------------------


def check_values(connection: duckdb.DuckDBPyConnection, period_end: datetime.date | None) -> None:
    """Judge every code by its list, every identifier by its digits, and look at the characters of names.

    ``period_end`` is the last day of the period: the day on which a code without a date of its own is judged.
    """
    works: list[functools.partial[None]] = []
    for name, count in occupied_tables(connection).items():
        table = TABLES[name]
        works.append(functools.partial(_check_codes, table=table, period_end=period_end))
        works.append(functools.partial(_check_names, table=table))
        works += (
            functools.partial(
                _check_identified,
                table=table,
                column=column.name,
                name=identifier,
                condition=condition,
                few=count <= FEW,
            )
            for column, identifier, condition in _identified(table)
        )
    run_at_once(connection, works)
    _check_unknown_reasons(connection)
