"""Running the rules over loaded tables, and judging which records they could not judge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

from kunjing_exchange.policy import Edition, tables
from kunjing_exchange.rules.rule import Rule, bind
from kunjing_exchange.tables import TABLES

__all__ = ["FINDING_COLUMNS", "RuleOutcome", "create_findings", "occupied_tables", "run_rules"]

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
"""The table ``rule_finding``: one row a finding of rules, codes or identifiers; ``facts`` is JSON."""


def occupied_tables(connection: duckdb.DuckDBPyConnection) -> Mapping[str, int]:
    """The canonical tables that hold any row, with their counts."""
    asked = " union all ".join(f"select '{name}', count(*) from {name}" for name in TABLES)
    return {name: count for name, count in connection.execute(asked).fetchall() if count}


def create_findings(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table ``rule_finding`` and the view ``record_key`` (each record's own key)."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in FINDING_COLUMNS.items())
    connection.execute(f"create table rule_finding ({columns})")
    connection.execute(
        "create view record_key as select record_no, case_id as key from case_file"
        " union all select record_no, credit_code from organisation"
        " union all select record_no, worker_id from worker union all select record_no, site_id from service_site"
    )


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """What became of one rule: ``pass``, ``fail`` or ``not_evaluated``.

    ``not_evaluated`` counts the records it could not judge; with outcome ``not_evaluated`` it judged none. A rule that
    does not hold on the day of the records has that outcome and counts none.
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
    return (
        f"select '{rule.id}', record_no, '{rule.table.name}', cast({parent} as integer), cast({item} as integer), "
        f"'{rule.column}', cast(found as varchar), cast(expected as varchar), null "
        f"from ({bind(rule.sql, edition)}) as {rule.id.replace('-', '_').lower()}"
    )


def run_rules(
    connection: duckdb.DuckDBPyConnection, rules: Iterable[Rule], edition: Edition
) -> Mapping[str, RuleOutcome]:
    """Run the rules into the table ``rule_finding``; one that crashes is known by name and stops no other."""
    chosen = list(rules)
    for sql in tables(edition):
        connection.execute(sql)
    crashed: set[str] = set()
    occupied = occupied_tables(connection)
    row = connection.execute("select period_end from header").fetchone()
    idle = {one.id for one in chosen if not one.holds_on(row[0] if row else None)}
    subjects: dict[str, list[Rule]] = {}
    for one in chosen:
        if one.id in idle:
            continue
        # what repeats and is not there can't be wrong; for one case file, planning is most of the time
        if "item_no" not in one.table.keys or one.table.name in occupied:
            subjects.setdefault(one.subject, []).append(one)
    for members in subjects.values():
        try:
            connection.execute(
                "insert into rule_finding " + " union all ".join(_wrapped(one, edition) for one in members)
            )
        except duckdb.Error:
            for one in members:
                try:
                    connection.execute("insert into rule_finding " + _wrapped(one, edition))
                except duckdb.Error:
                    crashed.add(one.id)
    return _judge(connection, chosen, crashed, idle)


def _judge(
    connection: duckdb.DuckDBPyConnection, rules: list[Rule], crashed: set[str], idle: set[str]
) -> Mapping[str, RuleOutcome]:
    """Drop what rules said of records that they could not judge, and count."""
    total = _one(connection, "select count(*) from record_place where record_no > 0")
    unread = _one(connection, "select count(*) from record_place where record_no > 0 and not readable")
    header = _one(connection, "select count(*) from header") > 0
    broken: dict[tuple[str, str], int] = {
        (table, column): count
        for table, column, count in connection.execute(
            "select table_name, column_name, count(distinct record_no) from unreadable group by all"
        ).fetchall()
    }
    outcomes: dict[str, RuleOutcome] = {}
    counted = "select id, count(*) from rule_finding group by id"
    counts: dict[str, int] = dict(connection.execute(counted).fetchall())
    for one in rules:
        if one.id in idle:
            outcomes[one.id] = RuleOutcome(
                one.id,
                "not_evaluated",
                0,
                0,
                "规则在截止日期不适用",
                "the rule does not hold on the day of the records",
            )
            continue
        if one.id in crashed:
            outcomes[one.id] = RuleOutcome(
                one.id, "not_evaluated", 0, total, "规则运行失败", "the rule crashed", crashed=True
            )
            continue
        of_header = [(table, column) for table, column in one.fields if table == "header"]
        lost = [f"{table}.{column}" for table, column in of_header if not header or (table, column) in broken]
        if lost:
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
        if unreadable:
            condition = " or ".join(
                f"(table_name = '{table}' and column_name = '{column}')" for table, column in unreadable
            )
            records = f"select record_no from unreadable where {condition}"
            affected += _one(connection, f"select count(distinct record_no) from ({records})")
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
            f"{affected} 条记录的所需字段无法读取：{names}" if affected else "",
            f"{affected} records with unreadable fields: {names}" if affected else "",
        )
    return outcomes


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
