"""Counting: a table's query over the canonical tables, cubed by its keys and summed into its columns.

A table's query says of every record what it is and what it brings; what is done with that is the same for all tables,
here. The text is in the portable subset: DuckDB runs it as it stands, PostgreSQL after a translation.
"""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.policy import Edition
from kunjing_exchange.policy.statements import tables as edition_tables
from kunjing_exchange.report.filled import Figure, derived
from kunjing_exchange.report.period import Period
from kunjing_exchange.report.place import placed
from kunjing_exchange.report.table import StatColumn, StatTable
from kunjing_exchange.rules import bind

__all__ = ["Connection", "Counting", "reads_villages"]


class Connection(Protocol):
    """What runs SQL: a DuckDB connection, or one of psycopg."""

    def execute(self, query: str, /) -> Any:
        """Run one statement; what it gives has ``fetchall``."""


def reads_villages(table: StatTable) -> bool:
    """Whether a table counts villages: several records may name one, so that parts of the records don't add up."""
    return "known_village" in table.sql


@functools.cache
def _shared() -> Mapping[str, str]:
    text = importlib.resources.files(__package__).joinpath("shared.sql").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^-- table: ([a-z_]+)$", text)[1:]
    return dict(zip(blocks[::2], blocks[1::2], strict=True))


_UNIT = """
select record_no, division, township, village from case_file
union all select record_no, division, township, village from worker
union all select record_no, division, township, village from service_site
"""

# A township or village is a row where it lies in the responsible county; else the county is: so that rows add up.
_TOWNSHIP = (
    "case when substr(township, 1, 6) = division then township "
    "when township is null and substr(village, 1, 6) = division then substr(village, 1, 9) else division end"
)
_VILLAGE = (
    "case when substr(village, 1, 6) = division and substr(village, 1, 9) = coalesce(township, substr(village, 1, 9)) "
    f"then village else {_TOWNSHIP} end"
)

_KEY = """
select record_no, case_id as unit_key from case_file
union all select record_no, worker_id from worker
union all select record_no, site_id from service_site
"""


class Counting:
    """The canonical tables of a connection, made ready for counting one period.

    Args:
        connection: has the canonical tables (:func:`kunjing_exchange.tables.create_sql`), as tables or views.
        edition: whose scheme and parameters count.
        period: the period; ``last_day`` is the day that figures are as of, its end where not given.
        rejected: a table of the ``record_no`` that don't count.
        dialect: of sqlglot, where the connection is not DuckDB's.

    Raises:
        MissingExtra: another dialect, and ``sql`` is not installed.
    """

    def __init__(
        self,
        connection: Connection,
        edition: Edition,
        period: Period,
        *,
        last_day: datetime.date | None = None,
        rejected: str | None = None,
        dialect: str = "duckdb",
    ) -> None:
        self._connection = connection
        self._edition = edition
        self._dialect = dialect
        self._made: list[str] = []
        self._level = ""
        self.period = period
        self.last_day = last_day or period.last_day
        self._make_setting(rejected)

    def close(self) -> None:
        """Remove what was made for counting."""
        while self._made:
            self._run(f"drop table if exists {self._made.pop()}")

    def __enter__(self) -> Counting:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def rows(self, table: StatTable, by: str) -> list[tuple[str, list[Figure]]]:
        """(division, figures in the order of the columns), by division."""
        self._place(by, table)
        summed = [column for column in table.columns if column.additive]
        sums = ", ".join(f"{_sum(column)} as figure_{number}" for number, column in enumerate(summed))
        keys = "".join(f", {key}" for key in table.keys)
        measures = "".join(f", sum({measure}) as {measure}" for measure in table.measures)
        places = ", ".join(str(number) for number in range(1, len(table.keys) + 2))
        found = self._run(
            f"with fact as ({self._facts(table)}\n), cube as (select area.code as code{keys}{measures} "
            f"from fact join area on area.record_no = fact.record_no group by {places}) "
            f"select code, {sums} from cube group by code order by code"
        )
        return [
            (
                code,
                derived(table, {column.id: _plain(value, column) for column, value in zip(summed, row, strict=True)}),
            )
            for code, *row in found.fetchall()
        ]

    def behind(self, table: StatTable, by: str) -> dict[str, dict[str, int]]:
        """By division and column: how many children stand behind a figure that is no number of children.

        A child counts once in a figure. Where the figure takes facts of one kind only (one combination of the keys),
        every child has at most one row of it, and they are added; only for the others children have to be told apart.
        """
        columns = [column for column in table.columns if column.additive and not column.of_children]
        if table.public or not columns:
            return {}
        self._place(by, table)
        keys = ", ".join(table.keys)
        measures = list(dict.fromkeys(column.measure for column in columns))
        told = ", ".join(f"max(case when {name} <> 0 then 1 else 0 end) as {name}" for name in measures)
        places = ", ".join(str(number) for number in range(1, len(table.keys) + 3))
        self._create(
            "child_fact",
            f"with fact as ({self._facts(table)}\n) select area.code as code, fact.record_no, {keys}, {told} from fact "
            f"join area on area.record_no = fact.record_no where {' or '.join(f'{name} <> 0' for name in measures)} "
            f"group by {places}",
        )
        kinds = ", ".join(f"count(case when {column.condition or '1 = 1'} then 1 end)" for column in columns)
        row = self._run(f"select {kinds} from (select distinct {keys} from child_fact) as kind").fetchall()[0]
        single = [column for column, count in zip(columns, row, strict=True) if count == 1]
        several = [column for column, count in zip(columns, row, strict=True) if count > 1]
        sums = ", ".join(f"sum({name}) as {name}" for name in measures)
        ones = ", ".join(f"max({_where(column)}) as behind_{number}" for number, column in enumerate(several))
        found: dict[str, dict[str, int]] = {}
        for chosen, within, inner, outer in (
            (single, keys, sums, [f"sum({_where(column)})" for column in single]),
            (several, "record_no", ones, [f"sum(behind_{number})" for number in range(len(several))]),
        ):
            if not chosen:
                continue
            rows = self._run(
                f"select code, {', '.join(outer)} from (select code, {within}, {inner} from child_fact "
                f"group by code, {within}) as part group by code"
            )
            for code, *counts in rows.fetchall():
                told_of = found.setdefault(code, {})
                told_of |= {column.id: int(count) for column, count in zip(chosen, counts, strict=True) if count}
        self._drop("child_fact")
        return found

    def trace(self, table: StatTable, column: StatColumn, by: str, code: str | None) -> list[str]:
        """The case ids (worker, site and village numbers in KJ-T7) behind a figure; of all divisions for ``None``."""
        self._place(by, table)
        conditions = [f"fact.{column.measure} <> 0"]
        if column.condition:
            conditions.append(f"({column.condition})")
        if code is not None:
            conditions.append(f"area.code = '{code}'")
        keys = _KEY + ("union all select record_no, village from known_village\n" if reads_villages(table) else "")
        found = self._run(
            f"with fact as ({self._facts(table)}\n), traced as (select distinct fact.record_no from fact "
            f"join area on area.record_no = fact.record_no where {' and '.join(conditions)}) "
            f"select unit_key from traced join ({keys}) as unit_key_of on unit_key_of.record_no = traced.record_no"
        )
        return sorted(row[0] for row in found.fetchall())

    def left_out(self) -> dict[str, int]:
        """Case files that are not in the population, by reason."""
        self._need("child_now")
        total, rejected, on_register, counted = self._run(
            "select (select count(*) from case_file), "
            "(select count(*) from case_file where record_no not in (select record_no from counted)), "
            "(select count(*) from on_register), (select count(*) from child_now)"
        ).fetchall()[0]
        return {
            "rejected": rejected,
            "closed": total - rejected - on_register,
            "no_category": on_register - counted,
        }

    # --- what is made -------------------------------------------------------------------------------------------------
    def _make_setting(self, rejected: str | None) -> None:
        period, last_day = self.period, self.last_day
        months = [period_month for period_month in _months(period) if period_month[2] <= last_day]
        self._create(
            "reporting",
            f"select {_date(period.first_day)} as first_day, {_date(last_day)} as last_day, "
            f"{_date(period.first_day - datetime.timedelta(days=1))} as day_before, {last_day.year} as year, "
            f"'{period.first_day:%Y-%m}' as first_month, '{last_day:%Y-%m}' as last_month",
        )
        rows = " union all ".join(
            f"select '{name}' as month, {2**number} as bit, {_date(first)} as first_day, {_date(last)} as last_day"
            for number, (name, first, last) in enumerate(months)
        )
        none = (
            f"select '' as month, 0 as bit, {_date(last_day)} as first_day, {_date(last_day)} as last_day where 1 = 0"
        )
        self._create("period_month", rows or none)
        accepted = f" where record_no not in (select record_no from {rejected})" if rejected else ""
        self._create(
            "counted",
            " union all ".join(
                f"select record_no from {name}{accepted}" for name in ("case_file", "worker", "service_site")
            ),
        )
        for statement in edition_tables(self._edition):
            match = re.match(r"create table ([a-z_]+)", statement)
            if match is not None:
                self._made.append(match[1])
            self._run(statement.replace("create table", "create temporary table", 1))
        self._create("benefit_field", _pairs("benefit_kind", r"field=([a-z_]+)", "kind", "field"))
        self._create("service_field", _pairs("service_kind", r"form=([A-Z])", "kind", "form"))

    def _facts(self, table: StatTable) -> str:
        for name in _shared():
            if re.search(rf"\b{name}\b", table.sql):
                self._need(name)
        return "\n" + bind(table.sql, self._edition).rstrip().removesuffix(";")

    def _need(self, name: str) -> None:
        if name in self._made:
            return
        sql = _shared()[name]
        for other in _shared():
            if other != name and re.search(rf"\b(?:from|join) {other}\b", sql):
                self._need(other)
        self._create(name, bind(sql, self._edition))

    def _place(self, by: str, table: StatTable) -> None:
        """The table ``area``: the row of every record."""
        villages = reads_villages(table)
        if villages and "known_village" not in self._made:
            self._make_villages()
            self._level = ""
        if self._level == by:
            return
        units = _UNIT
        if "known_village" in self._made:
            units += (
                "union all select record_no, substr(village, 1, 6), substr(village, 1, 9), village from known_village"
            )
        if by in ("village", "township"):
            code = _VILLAGE if by == "village" else _TOWNSHIP
            self._create("area", f"select record_no, {code} as code from ({units}) as unit")
        else:
            divisions = [row[0] for row in self._run(f"select distinct division from ({units}) as unit").fetchall()]
            rows = " union all ".join(
                f"select '{division}' as division, '{getattr(placed(division, self.last_day), by)}' as code"
                for division in divisions
                if division is not None
            )
            self._create("division_place", rows or "select '' as division, '' as code where 1 = 0")
            self._create(
                "area",
                f"select record_no, code from ({units}) as unit "
                "join division_place on division_place.division = unit.division",
            )
        self._level = by

    def _make_villages(self) -> None:
        """Villages of the code list in the counties that report, and those that records name."""
        counties = {
            row[0] for row in self._run(f"select distinct division from ({_UNIT}) as unit").fetchall() if row[0]
        }
        codes = code_list("village")
        listed = [code for code in codes if code[:6] in counties and codes.is_valid(code, self.last_day)]
        self._drop("listed_village")
        self._run("create temporary table listed_village (village varchar(12))")
        self._made.append("listed_village")
        for start in range(0, len(listed), 1000):
            values = ", ".join(f"('{code}')" for code in listed[start : start + 1000])
            self._run(f"insert into listed_village values {values}")
        self._create(
            "known_village",
            "select -row_number() over (order by village) as record_no, village from ("
            f"select village from listed_village union select village from ({_UNIT}) as unit "
            "where village is not null and record_no in (select record_no from counted) "
            "and substr(village, 1, 6) = division) as named",
        )

    def _create(self, name: str, sql: str) -> None:
        self._drop(name)
        self._run(f"create temporary table {name} as {sql}")
        self._made.append(name)

    def _drop(self, name: str) -> None:
        if name in self._made:
            self._made.remove(name)
            self._run(f"drop table if exists {name}")

    def _run(self, sql: str) -> Any:
        if self._dialect != "duckdb":
            try:
                import sqlglot
            except ImportError:
                raise MissingExtra("sql", "在其他数据库上汇总", "counting on another database") from None
            sql = sqlglot.transpile(sql, read="duckdb", write=self._dialect)[0]
        return self._connection.execute(sql)


def _sum(column: StatColumn) -> str:
    return f"sum({_where(column)})"


def _where(column: StatColumn) -> str:
    """The column's measure where its condition holds."""
    return f"case when {column.condition} then {column.measure} else 0 end" if column.condition else column.measure


def _plain(value: Any, column: StatColumn) -> Figure:
    return Decimal(value).quantize(Decimal("0.01")) if column.money else int(value)


def _date(day: datetime.date) -> str:
    return f"cast('{day.isoformat()}' as date)"


def _months(period: Period) -> Iterator[tuple[str, datetime.date, datetime.date]]:
    for name in period.months:
        first = datetime.date.fromisoformat(f"{name}-01")
        after = (first + datetime.timedelta(days=31)).replace(day=1)
        yield name, first, after - datetime.timedelta(days=1)


def _pairs(list_name: str, pattern: str, first: str, second: str) -> str:
    """Codes of a list with what their note says, as a query."""
    rows: Iterable[tuple[str, Any]] = (
        (row["code"], re.search(pattern, row["note"])) for row in code_list(list_name).rows()
    )
    pairs: Sequence[str] = [
        f"select '{code}' as {first}, '{match[1]}' as {second}" for code, match in rows if match is not None
    ]
    return " union all ".join(pairs)
