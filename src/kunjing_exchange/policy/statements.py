"""An edition as tables, for rules, entitlements and statistics to join."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal

from kunjing_exchange.policy.definition import Edition, Parameter
from kunjing_exchange.policy.load import edition, edition_names

__all__ = ["tables"]


def _literal(value: Parameter | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, datetime.date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, Decimal | int):  # a truth value is an int, and its name its literal
        return str(value)
    return "'" + value.replace("'", "''") + "'"


def _sql_type(value: Parameter) -> str:
    if isinstance(value, datetime.date):
        return "DATE"
    if isinstance(value, Decimal):
        return "DECIMAL(14,2)"
    return "INTEGER" if isinstance(value, int) else "VARCHAR(40)"


def _values(one: Edition) -> dict[str, Parameter]:
    return {**one.parameters, **{f"{step}_days": limit.days for step, limit in one.time_limits.items()}}


@functools.cache
def _every_column() -> Mapping[str, str]:
    """The columns that any edition has: one text of a rule runs under them all."""
    return {name: _sql_type(value) for one in map(edition, edition_names()) for name, value in _values(one).items()}


def _made(name: str, columns: Mapping[str, str], rows: Iterable[Iterable[Parameter | None]]) -> list[str]:
    listed = ", ".join(f"{column} {sql_type}" for column, sql_type in columns.items())
    statements = [f"create table {name} ({listed})"]
    if lines := ", ".join(f"({', '.join(map(_literal, row))})" for row in rows):
        statements.append(f"insert into {name} values {lines}")
    return statements


_KIND, _CODE = "VARCHAR(40)", "VARCHAR(12)"
_PAIR = {"kind_a": _KIND, "kind_b": _KIND, "relation": _CODE, "from_memory": "BOOLEAN"}
_RATE = {
    "kind": _KIND,
    "division": _CODE,
    "start_date": "DATE",
    "end_date": "DATE",
    "amount": "DECIMAL(14,2)",
    "unit": _CODE,
}


def tables(one: Edition) -> list[str]:
    """Statements that make the edition's tables, in the portable subset.

    ``edition``: one row, a column a parameter, and ``STEP_days`` a time limit; NULL where the edition does not have it.
    ``compatibility``: how two kinds of benefit stand to each other, every pair in both orders; what is
    ``from_memory`` may warn and never block.
    ``local_rate``: what a place pays, from its overlay.
    ``unattended_situation``: the situations of a parent that count for 事实无人抚养, and the months they have to last.
    """
    values = _values(one)
    columns = {**_every_column(), **{name: _sql_type(value) for name, value in values.items()}}
    pairs = [
        (*kinds, pair.relation, pair.memory)
        for pair in one.compatibility
        for kinds in ((pair.kind_a, pair.kind_b), (pair.kind_b, pair.kind_a))
    ]
    rates = ((rate.kind, rate.division, rate.start_date, rate.end_date, rate.amount, rate.unit) for rate in one.rates)
    return [
        *_made("edition", columns, [[values.get(name) for name in columns]]),
        *_made("compatibility", _PAIR, pairs),
        *_made("local_rate", _RATE, rates),
        *_made("unattended_situation", {"situation": _CODE, "months": "INTEGER"}, one.unattended_situations.items()),
    ]
