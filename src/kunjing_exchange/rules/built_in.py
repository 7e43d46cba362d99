"""Checks of code lists, identifiers and names over loaded tables.

Fast accept, slow explain: SQL finds the distinct values that a cheap test does not accept, and only those are judged by
:mod:`kunjing_exchange.codes` and :mod:`kunjing_exchange.identifiers`, which alone know what is right.
"""

from __future__ import annotations

import datetime
import functools
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from kunjing_exchange.codes import CodeList, code_list
from kunjing_exchange.engine import run_at_once
from kunjing_exchange.identifiers import IDENTIFIERS, Identifier
from kunjing_exchange.rules.run import occupied_tables
from kunjing_exchange.tables import TABLES, Column, Table

__all__ = ["check_values", "resident_number", "resident_test"]

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
"""Up to so many rows of a table, judging every value costs less than planning a statement a column."""
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


@dataclass(frozen=True, slots=True)
class _Check:
    """What a table is asked: the distinct values of some SQL expressions over its rows ``t``, and who judges them."""

    asked: tuple[str, ...]
    judge: Callable[[duckdb.DuckDBPyConnection, Collection[tuple[Any, ...]]], None]


def _check_one(connection: duckdb.DuckDBPyConnection, *, table: Table, check: _Check) -> None:
    rows = connection.execute(f"select distinct {', '.join(check.asked)} from {table.name} as t").fetchall()
    check.judge(connection, rows)


def _check_few(connection: duckdb.DuckDBPyConnection, *, table: Table, checks: list[_Check]) -> None:
    """All that is asked of a table with few rows, in one statement."""
    place = {sql: index for index, sql in enumerate(dict.fromkeys(sql for check in checks for sql in check.asked))}
    if place:
        rows = connection.execute(f"select {', '.join(place)} from {table.name} as t").fetchall()
        for check in checks:
            check.judge(connection, {tuple(row[place[sql]] for sql in check.asked) for row in rows})


# --- codes -----------------------------------------------------------------------------------------------------------


def _code_checks(table: Table, period_end: datetime.date | None) -> Iterator[_Check]:
    """Every code by its list, on the record's own date where it has one, else on the last day of the period."""
    day = _day_of_code(table, period_end)
    for column in table.columns:
        lexical = column.element.lexical
        if lexical is None or lexical.code_list is None:
            continue
        codes = code_list(lexical.code_list)
        on = day if codes.dated else None
        judge = functools.partial(_judge_codes, table=table, column=column.name, codes=codes, day=on)
        yield _Check((f"t.{column.name}", *((on,) if on is not None else ())), judge)


def _day_of_code(table: Table, period_end: datetime.date | None) -> str | None:
    own = next((column.name for column in table.columns if column.name in _OWN_DATE), None)
    days = [f"t.{own}"] if own else []
    if period_end is not None:
        # a date that is there and can't be read is no absent one: then nothing is said of the code
        unreadable = f"select record_no from unreadable where table_name = '{table.name}' and column_name = '{own}'"
        days.append(f"case when t.record_no not in ({unreadable}) then date '{period_end}' end")
    return f"coalesce({', '.join(days)})" if days else None


def _judge_codes(
    connection: duckdb.DuckDBPyConnection, rows: Collection[tuple[Any, ...]], *, table: Table, column: str,
    codes: CodeList, day: str | None,
) -> None:  # fmt: skip
    values = {row[0] for row in rows if row[0] is not None}
    unknown = {value for value in values if value not in codes}
    bad = [(value, *verdict) for value in unknown if (verdict := _unknown_code(codes, value)) is not None]
    if bad:
        _bad_values(connection, bad)
        join = f"join bad_value as b on t.{column} = b.value"
        connection.execute(_pick(table, column, "true", "b.id", "b.facts", join))
    if day is None:
        return
    known = values - unknown
    for code, on in sorted(
        (code, on) for code, on in rows if on is not None and code in known and not codes.is_valid(code, on)
    ):
        facts = json.dumps({"on": on.isoformat()})
        condition = f"t.{column} = '{code}' and {day} = date '{on}'"
        connection.execute(_pick(table, column, condition, "'KJ-CODE-002'", f"'{facts}'"))


def _unknown_code(codes: CodeList, value: str) -> tuple[str, str] | None:
    """(id, facts) of a code that is not in the list; none where the list does not reach that far."""
    if codes.coverage and not value.startswith(codes.coverage):
        return None
    if codes.name == "division" and value in code_list("division_statistical"):
        return "KJ-CODE-004", "{}"
    certain = codes.certainty in ("verified", "own")
    facts = {"code_list": codes.name, "edition": codes.edition, "updated": str(codes.updated)}
    return ("KJ-CODE-001" if certain else "KJ-CODE-003"), json.dumps(facts, ensure_ascii=False)


def _check_unknown_reasons(connection: duckdb.DuckDBPyConnection) -> None:
    reasons = code_list("unknown_reason")
    bad = [
        (reason, *verdict)
        for (reason,) in connection.execute("select distinct reason from unknown_fact").fetchall()
        if reason not in reasons and (verdict := _unknown_code(reasons, reason)) is not None
    ]
    if bad:
        _bad_values(connection, bad)
        connection.execute(
            "insert into rule_finding select b.id, record_no, table_name, parent_item_no, item_no, column_name, "
            "reason, null, b.facts from unknown_fact as u join bad_value as b on u.reason = b.value"
        )


# --- identifiers -----------------------------------------------------------------------------------------------------


def resident_number(text: str) -> str:
    """SQL for the first 17 digits of a resident id as a number, to be worked out once and given to the test by name."""
    return f"try_cast(substr({text}, 1, 17) as bigint)"


def resident_test(text: str, number: str) -> str:
    """SQL that accepts a resident id of 18 digits by shape, date and check digit (GB 11643-1999, MOD 11-2).

    ``number`` is its :func:`resident_number`.
    """
    total = " + ".join(f"({number} // {10 ** (16 - place)}) % 10 * {weight}" for place, weight in enumerate(_WEIGHTS))
    day = f"substr({text}, 7, 4) || '-' || substr({text}, 11, 2) || '-' || substr({text}, 13, 2)"
    shape = f"regexp_full_match({text}, '[1-9][0-9]{{5}}(19|20|21)[0-9]{{9}}[0-9X]')"
    digit = f"substr('10X98765432', cast(({total}) % 11 as integer) + 1, 1)"
    return f"({shape} and try_cast({day} as date) is not null and {digit} = substr({text}, 18, 1))"


_RESIDENT = {
    "resident_id": (1, "length(value) = 18"),
    "disability_certificate": (1, "regexp_full_match(value, '.{18}[1-7][1-4]')"),
    "student_number": (2, "value[1] = 'G' and length(value) = 19"),
}
"""Identifiers that hold a resident id: where it begins, and what is asked of the rest."""


def _tested(name: str, values: str) -> str:
    """SQL for (value, good) of some values; ``good`` surely accepts only what the identifier does, division aside."""
    if name in _RESIDENT:
        start, rest = _RESIDENT[name]
        inner = f"select value, substr(value, {start}, 18) as resident from ({values})"
        numbered = f"select value, resident, {resident_number('resident')} as number from ({inner})"
        test = f"coalesce({rest} and {resident_test('resident', 'number')}, false)"
        return f"select value, {test} as good from ({numbered})"
    quick = "false"
    if name in ("household_number", "certificate_number"):
        quick = "regexp_full_match(value, '[0-9A-Za-z-]{1,30}')"
    return f"select value, {quick} as good from ({values})"


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


def _identifier_checks(table: Table) -> Iterator[_Check]:
    """Every value of a column of identifiers."""
    for column, name, condition in _identified(table):
        judge = functools.partial(_judge_identifiers, table=table, column=column.name, name=name, condition=condition)
        yield _Check((f"case when {condition} then t.{column.name} end",), judge)


def _judge_identifiers(
    connection: duckdb.DuckDBPyConnection, rows: Collection[tuple[Any, ...]], *, table: Table, column: str, name: str,
    condition: str,
) -> None:  # fmt: skip
    bad = [row for (value,) in rows if value is not None for row in _verdicts(IDENTIFIERS[name], value)]
    if bad:
        _bad_values(connection, bad)
        join = f"join bad_value as b on t.{column} = b.value"
        connection.execute(_pick(table, column, condition, "b.id", "b.facts", join))


def _check_identified(
    connection: duckdb.DuckDBPyConnection, *, table: Table, column: str, name: str, condition: str
) -> None:
    """Judge a column of many identifiers: those that the quick test doubts, and of the others one for each pair of
    division and birth year."""
    identifier, text = IDENTIFIERS[name], f"t.{column}"
    tested = _tested(name, f"select {text} as value from {table.name} as t where {condition}")
    start, _ = _RESIDENT.get(name, (0, ""))
    found = connection.execute(
        f"select {f'substr(value, {start}, 10)' if start else 'null'}, min(value) filter (where good), "
        f"list(distinct value) filter (where not good) from ({tested}) group by 1"
    ).fetchall()
    doubted = [(value,) for _, _, values in found for value in values or ()]
    _judge_identifiers(connection, doubted, table=table, column=column, name=name, condition=condition)
    outside = [
        (prefix, _VERDICT_IDS["division"], "{}")
        for prefix, sample, _ in found
        if start and sample is not None and any(verdict.kind == "division" for verdict in identifier.validate(sample))
    ]
    if outside:
        _bad_values(connection, outside)
        join = (
            f"join bad_value as b on substr({text}, {start}, 10) = b.value "
            f"join (select distinct value from ({tested}) where good) as tested on {text} = tested.value"
        )
        connection.execute(_pick(table, column, condition, "b.id", "b.facts", join))


# --- names -----------------------------------------------------------------------------------------------------------


def _name_checks(table: Table) -> Iterator[_Check]:
    """Look-alikes of the middle dot U+00B7 in names; a name is never rejected for its characters."""
    for column in table.columns:
        if column.element.lexical is not None and column.element.lexical.name == "Name":
            condition = f"regexp_matches(t.{column.name}, '[{_LOOK_ALIKE_DOTS}]')"
            judge = functools.partial(_judge_names, table=table, column=column.name, condition=condition)
            yield _Check((condition,), judge)


def _judge_names(
    connection: duckdb.DuckDBPyConnection,
    rows: Collection[tuple[Any, ...]],
    *,
    table: Table,
    column: str,
    condition: str,
) -> None:
    if (True,) in rows:
        connection.execute(_pick(table, column, condition, "'KJ-SYS-014'", "null"))


# --- all of them -----------------------------------------------------------------------------------------------------


def check_values(connection: duckdb.DuckDBPyConnection, period_end: datetime.date | None) -> None:
    """Judge every code by its list, every identifier by its digits, and look at the characters of names.

    ``period_end`` is the last day of the period: the day on which a code without a date of its own is judged.
    """
    works: list[functools.partial[None]] = []
    for name, count in occupied_tables(connection).items():
        table = TABLES[name]
        checks = [*_code_checks(table, period_end), *_name_checks(table)]
        if count <= FEW:
            checks += _identifier_checks(table)
            works.append(functools.partial(_check_few, table=table, checks=checks))
        else:
            works += (functools.partial(_check_one, table=table, check=check) for check in checks)
            works += (
                functools.partial(
                    _check_identified, table=table, column=column.name, name=identifier, condition=condition
                )
                for column, identifier, condition in _identified(table)
            )
    run_at_once(connection, works)
    _check_unknown_reasons(connection)
