"""A rule, or a question of the policy, as one statement for a department's own database, in that database's dialect.

The statement stands alone over the tables of ``schemas/v1/tables.sql``: ages are written out, and what it reads of the
policy (parameters, compatibility, rates) comes along as common table expressions.
"""

from __future__ import annotations

import datetime
import functools
from typing import TYPE_CHECKING, Any

import duckdb

from kunjing_exchange import policy
from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.rules import Rule, bind

if TYPE_CHECKING:
    from kunjing_exchange.policy.assess import Question

__all__ = ["DIALECTS", "portable_answer", "portable_sql"]

DIALECTS = ("duckdb", "postgres", "spark")

Rows = list[tuple[Any, ...]]


def _sqlglot() -> Any:
    try:
        import sqlglot
    except ImportError:
        raise MissingExtra("sql", "转换 SQL 方言", "translating SQL") from None
    return sqlglot


@functools.lru_cache(maxsize=8)
def _policy_tables(statements: tuple[str, ...]) -> dict[str, tuple[list[tuple[str, str]], Rows]]:
    """The tables that a policy edition makes: (column, type) of each and its rows."""
    with duckdb.connect() as connection:
        for statement in statements:
            connection.execute(statement)
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            name: (
                [(row[0], row[1]) for row in connection.execute(f"describe {name}").fetchall()],
                connection.execute(f"select * from {name} order by all").fetchall(),
            )
            for name in names
        }


def _literal(exp: Any, value: object) -> Any:
    return exp.Literal.string(value.isoformat()) if isinstance(value, datetime.date) else exp.convert(value)


def _as_query(sqlglot: Any, columns: list[tuple[str, str]], rows: Rows) -> Any:
    """A query that gives these rows."""
    exp = sqlglot.exp

    def select(row: tuple[Any, ...]) -> Any:
        values = zip(row, columns, strict=True)
        return exp.select(
            *(
                exp.alias_(exp.cast(_literal(exp, value), kind, dialect="duckdb"), name)
                for value, (name, kind) in values
            )
        )

    if not rows:
        return select((None,) * len(columns)).where("1 = 0")
    query = select(rows[0])
    for row in rows[1:]:
        query = exp.union(query, select(row), distinct=False, copy=False)
    return query


def portable_sql(rule: Rule, edition: policy.Edition, dialect: str) -> str:
    """The statement of a rule bound to an edition, complete but for the canonical tables.

    Raises:
        MissingExtra: ``sqlglot`` is not installed (extra ``sql``).
    """
    return _portable(bind(rule.sql, edition), f"{rule.id} {rule.title_zh} | {rule.title_en}", edition, dialect)


def portable_answer(question: Question, sql: str, edition: policy.Edition, dialect: str) -> str:
    """What :func:`kunjing_exchange.assess.answer_sql` says of a question, complete but for the canonical tables.

    Raises:
        MissingExtra: ``sqlglot`` is not installed (extra ``sql``).
    """
    return _portable(sql, f"{question.id} {question.title_zh} | {question.title_en}", edition, dialect)


def _portable(sql: str, title: str, edition: policy.Edition, dialect: str) -> str:
    sqlglot = _sqlglot()
    exp = sqlglot.exp
    tree = sqlglot.parse_one(sql, read="duckdb")
    tables = {table.alias_or_name: table.name for table in tree.find_all(exp.Table)}
    read = {(tables.get(column.table), column.name) for column in tree.find_all(exp.Column)}
    queries = []
    for name, (columns, rows) in _policy_tables(tuple(policy.tables(edition))).items():
        kept = [position for position, (column, _) in enumerate(columns) if (name, column) in read]
        if kept:
            chosen = [tuple(row[position] for position in kept) for row in rows]
            queries.append((name, _as_query(sqlglot, [columns[position] for position in kept], chosen)))
    for position, (name, query) in enumerate([*queries, *((one.alias, one.this) for one in tree.ctes)]):
        tree = tree.with_(name, query, append=position > 0, copy=False)
    return f"-- {title} ({edition.name})\n{tree.sql(dialect=dialect, pretty=True)}"
