"""Filling a table from a submission."""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import dataclass
from typing import Any, BinaryIO

import duckdb

from kunjing_exchange import policy
from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument, NotAccepted
from kunjing_exchange.findings import Verdict
from kunjing_exchange.report.render import as_dict, as_text, write_workbook
from kunjing_exchange.report.table import StatTable
from kunjing_exchange.report.table import table as stat_table
from kunjing_exchange.validate import Findings, validate
from kunjing_exchange.wire import Limits

__all__ = ["LEVELS", "Report", "Row", "report"]

LEVELS = ("county", "township")
"""What a row of a table may be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One division with its figures, in the column order of the table. ``code`` is None where the case gives none."""

    code: str | None
    name_zh: str
    name_en: str
    figures: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A filled table.

    ``left_out`` counts the case files that are not in it, by reason: ``rejected`` (not accepted), ``closed`` (not on
    the register on the last day), ``no_category`` (on it, with no recognition in force).
    """

    table: StatTable
    level: str
    period: str
    period_end: datetime.date
    sender: str
    rows: tuple[Row, ...]
    left_out: dict[str, int]
    verdict: Verdict

    @property
    def totals(self) -> tuple[int, ...]:
        """The sums over the rows."""
        columns = range(len(self.table.columns))
        return tuple(sum(row.figures[column] for row in self.rows) for column in columns)

    def text(self, lang: str = "zh") -> str:
        """The table for a terminal."""
        return as_text(self, lang)

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The table for JSON, with the definition of every figure."""
        return as_dict(self, lang)

    def write_xlsx(self, stream: BinaryIO, lang: str = "zh") -> None:
        """The table laid out as an office expects it, A4 landscape.

        Raises:
            MissingExtra: ``xlsx`` is not installed.
        """
        write_workbook(self, stream, lang)


def report(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    table: str = "HN-2017-1",
    by: str = "county",
    edition: str = policy.DEFAULT_EDITION,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limits: Limits | None = None,
) -> Report:
    """Validate a submission and fill a table from the case files that are accepted.

    Args:
        source: what :func:`kunjing_exchange.validate` takes.
        table: which table, such as ``HN-2017-1``.
        by: what a row is: ``county`` or ``township``.

    Raises:
        NotAccepted: the submission is rejected or could not be judged, so that counting it would mislead.
        UnknownTable, InvalidArgument, UnreadableInput, UnknownFormat
    """
    chosen = stat_table(table)
    if by not in LEVELS:
        raise InvalidArgument(f"汇总层级只能是 {'、'.join(LEVELS)}", f"a row is one of {', '.join(LEVELS)}, not {by}")
    with validate(source, edition=edition, format=format, encoding=encoding, limits=limits) as findings:
        if findings.verdict in (Verdict.REJECTED, Verdict.UNDETERMINED):
            raise NotAccepted(
                "报送未被接受，不能汇总；请先按 kunjing validate 的结果更正",
                "the submission is not accepted and can't be counted; put right what kunjing validate finds",
                verdict=findings.verdict.value,
            )
        return _fill(chosen, by, findings)


def _fill(chosen: StatTable, by: str, findings: Findings) -> Report:
    connection = findings.connection
    header = connection.execute("select period, period_end, sender_name from header").fetchone()
    if header is None or header[1] is None:
        raise NotAccepted("没有报送头，不知道报告期", "there is no header: the period is not known")
    period, period_end, sender = header
    _prepare(connection, by)
    rows = tuple(_row(code, figures, by, period_end) for code, *figures in connection.execute(chosen.sql).fetchall())
    total_column = [column.id for column in chosen.columns].index("total")
    counted = sum(row.figures[total_column] for row in rows)
    return Report(
        chosen, by, period, period_end, sender, rows, _left_out(connection, period_end, counted), findings.verdict
    )


def _prepare(connection: duckdb.DuckDBPyConnection, by: str) -> None:
    """What table queries read beside the canonical tables."""
    connection.execute(
        "create or replace view counted as select record_no from case_file anti join rejected_record using (record_no)"
    )
    column = "coalesce(township, division)" if by == "township" else "division"
    connection.execute(f"create or replace view area as select record_no, {column} as division from case_file")
    for name, list_name, pattern in (
        ("benefit_field", "benefit_kind", r"field=([a-z_]+)"),
        ("service_field", "service_kind", r"form=[A-Z]()"),
    ):
        pairs = [
            (row["code"], match[1] or "disability")
            for row in code_list(list_name).rows()
            if (match := re.search(pattern, row["note"]))
        ]
        connection.execute(f"create or replace temp table {name} (kind VARCHAR, field VARCHAR)")
        columns = [list(part) for part in zip(*pairs, strict=True)]
        connection.execute(f"insert into {name} select unnest($1), unnest($2)", columns)


def _row(code: str | None, figures: list[int], by: str, on: datetime.date) -> Row:
    names = {"zh": "未填", "en": "not given"}
    if code is not None:
        for list_name in ("township",) if len(code) == 9 else ("division", "division_statistical"):
            codes = code_list(list_name)
            for lang in names:
                names[lang] = codes.name_of(code, on, lang) or codes.name_of(code, None, lang) or names[lang]
            if code in codes:
                break
        else:
            names = {"zh": code, "en": code}
        if by == "township" and len(code) == 6:
            names = {"zh": f"{names['zh']}（乡镇未填）", "en": f"{names['en']} (township not given)"}
    return Row(code, names["zh"], names["en"], tuple(figures))


def _left_out(connection: duckdb.DuckDBPyConnection, period_end: datetime.date, counted: int) -> dict[str, int]:
    row = connection.execute(
        "select count(*), count(*) filter (where c.record_no is null), "
        "count(*) filter (where c.record_no is not null and (f.closed_on <= $1 or f.opened_on > $1)) "
        "from case_file as f left join counted as c using (record_no)",
        [period_end],
    ).fetchone()
    total, rejected, closed = row or (0, 0, 0)
    return {"rejected": rejected, "closed": closed, "no_category": total - rejected - closed - counted}
