"""Running the rules over loaded tables, and judging which records they could not judge."""

from __future__ import annotations

import functools
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from kunjing_exchange.engine import one_thread, run_at_once
from kunjing_exchange.policy import Edition, tables
from kunjing_exchange.rules.doubt import asking, doubt
from kunjing_exchange.rules.rule import Rule, bind
from kunjing_exchange.tables import PREVIOUS, PREVIOUS_TABLES, TABLES

__all__ = ["FINDING_COLUMNS", "RuleOutcome", "create_findings", "match_previous", "occupied_tables", "run_rules"]

FINDING_COLUMNS = {
    "id": "VARCHAR",
    "record_no": "BIGINT",
    "table_name": "VARCHAR",
    "parent_item_no": "INTEGER",
    "item_no": "INTEGER",
    "column_name": "VARCHAR",
    "found": "VARCHAR",
    "expected": "VARCHAR",
    "facts": "VARCHAR",
}
"""The table ``rule_finding``: one row a finding of rules, codes or identifiers; ``facts`` is JSON.

A finding of a record that only the previous submission has carries ``-1 - record_no``, so that no number means two.
"""


def occupied_tables(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """The canonical tables that hold any row, with their counts."""
    asked = " union all ".join(f"select '{name}', count(*) from {name}" for name in TABLES)
    return {name: count for name, count in connection.execute(asked).fetchall() if count}


def create_findings(connection: duckdb.DuckDBPyConnection, *, previous: bool = False) -> None:
    """Make the empty table ``rule_finding`` and the view ``record_key`` (each record's own key).

    ``previous`` says that there are previous tables, whose records may be found missing.
    """
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in FINDING_COLUMNS.items())
    connection.execute(f"create table rule_finding ({columns})")
    connection.execute(
        "create view record_key as select record_no, case_id as key from case_file"
        " union all select record_no, credit_code from organisation"
        " union all select record_no, worker_id from worker union all select record_no, site_id from service_site"
        + (" union all select -1 - record_no, case_id from previous_case_file" if previous else "")
    )


def match_previous(connection: duckdb.DuckDBPyConnection) -> int:
    """Say which case file was which in the previous submission; how many there can't be compared.

    A file without a readable number, and all that share one, are taken out of the previous tables: each would be
    compared with what may be another child's. Makes the table ``previous_match`` (``record_no``, ``previous_no``).
    """
    connection.execute(
        "create temp table set_aside as select record_no from previous_case_file where case_id is null "
        "or division is null or (case_id, division) in "
        "(select (case_id, division) from previous_case_file group by case_id, division having count(*) > 1)"
    )
    set_aside = _one(connection, "select count(*) from set_aside")
    if set_aside:
        for table in PREVIOUS_TABLES.values():
            if "case_file" in table.tops:
                connection.execute(f"delete from {table.name} where record_no in (select record_no from set_aside)")
    connection.execute(
        "create table previous_match as select case_file.record_no, previous_case_file.record_no as previous_no "
        "from case_file join previous_case_file using (case_id, division)"
    )
    unread = "select count(*) from previous_record_place where record_no > 0 and not readable"
    return set_aside + _one(connection, unread)


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What became of one rule: ``pass``, ``fail`` or ``not_evaluated``.

    ``not_evaluated`` counts the records it could not judge; with outcome ``not_evaluated`` it judged none. A rule that
    does not hold on the day of the records, or compares with a previous submission where none is given, has that
    outcome and counts none.
    ``crashed`` is true where the statement itself failed.
    """

    rule: str
    outcome: str
    findings: int
    not_evaluated: int
    reason_zh: str = ""
    reason_en: str = ""
    crashed: bool = False


def _wrapped(rule: Rule, edition: Edition) -> str:
    keys = rule.table.keys[1:]
    parent = keys[-2] if len(keys) > 1 else "null"
    item = keys[-1] if keys else "null"
    number = "-1 - record_no" if rule.table.name in PREVIOUS_TABLES else "record_no"
    return (
        f"select '{rule.id}', {number}, '{rule.table.name}', cast({parent} as integer), cast({item} as integer), "
        f"'{rule.column}', cast(found as varchar), cast(expected as varchar), null "
        f"from ({bind(rule.sql, edition)}) as {rule.id.replace('-', '_').lower()}"
    )


def run_rules(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], edition: Edition, *, whole: bool | None = None
) -> Mapping[str, RuleOutcome]:
    """Run the rules into the table ``rule_finding``; one that crashes is known by name and stops no other.

    ``whole`` is ``None`` where there is no previous submission; else it says whether both were read to the last case
    file, so that a file may be called missing.
    """
    chosen = list(rules)
    for sql in tables(edition):
        connection.execute(sql)
    crashed: dict[str, bool] = {}
    occupied = occupied_tables(connection)
    row = connection.execute("select period_end from header").fetchone()
    idle = {one.id: _OUT_OF_TIME for one in chosen if not one.holds_on(row[0] if row else None)}
    if whole is None:
        idle |= {one.id: _NO_PREVIOUS for one in chosen if one.scope == "previous_submission"}
    # what repeats and is not there can't be wrong
    wanted = [
        one
        for one in chosen
        if one.id not in idle
        and ("item_no" not in one.table.keys or one.table.name not in TABLES or one.table.name in occupied)
    ]
    doubts = {one.id: part for one in wanted if (part := doubt(one)) is not None}
    held: set[str] = set()
    undoubted = [one for one in wanted if one.id not in doubts]
    large = sum(occupied.values()) > _LARGE
    works = [*_statements(undoubted, edition, crashed), *asking(doubts.values(), edition, held)]
    run_at_once(connection, works, large=large)
    works = _statements([one for one in wanted if one.id in held], edition, crashed)
    run_at_once(connection, works, large=large)
    for one in [one for one in wanted if crashed.get(one.id)]:
        del crashed[one.id]
        with one_thread(connection):
            _run_bundle(connection, [one], edition, crashed)
    if "department_record" in occupied:
        # a department tells its own part of a child: what a rule misses in another table may lie with another office
        several = [one.id for one in chosen if len(one.tables) > 1]
        connection.execute(
            "delete from rule_finding where id in (select unnest($1)) "
            "and record_no in (select record_no from department_record)",
            [several],
        )
    return _judge(connection, chosen, crashed, idle, whole)


_LARGE = 5_000_000
"""From so many rows on, some 200 000 children, two joins at a time want more memory than there is."""
_BUNDLE = 6
"""How many rules of a subject make one statement."""


def _statements(
    chosen: Iterable[Rule], edition: Edition, crashed: dict[str, bool]
) -> list[Callable[[duckdb.DuckDBPyConnection], None]]:
    """The rules as pieces of work."""
    subjects: dict[str, list[Rule]] = {}
    for one in chosen:
        subjects.setdefault(one.subject, []).append(one)
    return [
        functools.partial(_run_bundle, rules=members[start : start + _BUNDLE], edition=edition, crashed=crashed)
        for members in subjects.values()
        for start in range(0, len(members), _BUNDLE)
    ]


def _run_bundle(
    connection: duckdb.DuckDBPyConnection, rules: list[Rule], edition: Edition, crashed: dict[str, bool]
) -> None:
    """Run some rules in one statement; where that fails, each alone, so that the one that crashes is known.

    ``crashed`` says of it whether it was for want of memory, which others may have used.
    """
    try:
        connection.execute("insert into rule_finding " + " union all ".join(_wrapped(one, edition) for one in rules))
    except duckdb.Error as error:
        if len(rules) == 1:
            crashed[rules[0].id] = isinstance(error, duckdb.OutOfMemoryException)
            return
        for one in rules:
            _run_bundle(connection, [one], edition, crashed)


_OUT_OF_TIME = ("规则在截止日期不适用", "the rule does not hold on the day of the records")
_NO_PREVIOUS = ("没有给出上次报送", "no previous submission given")


def _judge(
    connection: duckdb.DuckDBPyConnection,
    rules: list[Rule],
    crashed: Container[str],
    idle: Mapping[str, tuple[str, str]],
    whole: bool | None,
) -> Mapping[str, RuleOutcome]:
    """Drop what rules said of records that they could not judge, and count."""
    total = _one(connection, "select count(*) from record_place where record_no > 0")
    unread = _one(connection, "select count(*) from record_place where record_no > 0 and not readable")
    headers = {
        name: _one(connection, f"select count(*) from {name}") > 0
        for name in ("header", *(() if whole is None else (f"{PREVIOUS}header",)))
    }
    broken: set[tuple[str, str]] = set()
    for name in ("unreadable", *(() if whole is None else (f"{PREVIOUS}unreadable",))):
        broken.update(connection.execute(f"select distinct table_name, column_name from {name}").fetchall())
    outcomes: dict[str, RuleOutcome] = {}
    counted = "select id, count(*) from rule_finding group by id"
    counts: dict[str, int] = dict(connection.execute(counted).fetchall())
    for one in rules:
        if one.id in idle:
            outcomes[one.id] = RuleOutcome(one.id, "not_evaluated", 0, 0, *idle[one.id])
            continue
        if one.id in crashed:
            outcomes[one.id] = RuleOutcome(
                one.id, "not_evaluated", 0, total, "规则运行失败", "the rule crashed", crashed=True
            )
            continue
        of_header = [(table, column) for table, column in one.fields if table in headers]
        lost = [f"{table}.{column}" for table, column in of_header if not headers[table] or (table, column) in broken]
        if lost:
            if one.id in counts:
                connection.execute("delete from rule_finding where id = ?", [one.id])
            outcomes[one.id] = RuleOutcome(
                one.id,
                "not_evaluated",
                0,
                total,
                f"报送头无法读取：{'、'.join(lost)}",
                f"not readable in the header: {', '.join(lost)}",
            )
            continue
        affected = unread
        unreadable = [pair for pair in one.fields if pair in broken]
        unjudged = _unjudged(one, unreadable, whole)
        if unjudged:
            records = " union ".join(unjudged)
            affected += _one(connection, f"select count(distinct record_no) from ({records}) where record_no >= 0")
            if one.id in counts:
                connection.execute(f"delete from rule_finding where id = ? and record_no in ({records})", [one.id])
                counts[one.id] = _one(connection, f"select count(*) from rule_finding where id = '{one.id}'")
        findings = counts.get(one.id, 0)
        names = ", ".join(f"{table}.{column}" for table, column in unreadable)
        outcomes[one.id] = RuleOutcome(
            one.id,
            "fail" if findings else "not_evaluated" if total and affected == total else "pass",
            findings,
            affected,
            *_reason(affected, names, parted=not names and whole is False and one.scope == "previous_submission"),
        )
    return outcomes


def _reason(affected: int, names: str, *, parted: bool) -> tuple[str, str]:
    if not affected:
        return "", ""
    if parted:
        return (
            f"{affected} 条记录：两次报送没有都读全，找不到对应的档案",
            f"{affected} records without a counterpart, and one of the two submissions was not read whole",
        )
    return f"{affected} 条记录的所需字段无法读取：{names}", f"{affected} records with unreadable fields: {names}"


def _unjudged(rule: Rule, unreadable: list[tuple[str, str]], whole: bool | None) -> list[str]:
    """Queries for the records that a rule can't judge.

    What the previous submission says unreadably makes the same file here unjudged. Where one of the two was not read
    whole, or says unreadably what the rule looks for, so is every file that only one of them seems to have.
    """
    condition = " or ".join(f"(table_name = '{table}' and column_name = '{column}')" for table, column in unreadable)
    queries = [f"select record_no from unreadable where {condition}"] if unreadable else []
    if rule.scope == "previous_submission" and whole is not None:
        if unreadable:
            queries += [
                f"select record_no from previous_match join (select record_no as previous_no from previous_unreadable "
                f"where {condition}) as earlier using (previous_no)",
                f"select -1 - record_no from previous_unreadable where {condition}",
            ]
        reads_files = any(table in PREVIOUS_TABLES and table != f"{PREVIOUS}header" for table, _ in rule.fields)
        if reads_files and (unreadable or not whole):
            queries += [
                "select record_no from case_file where record_no not in (select record_no from previous_match)",
                "select -1 - record_no from previous_case_file",
            ]
    return queries


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
