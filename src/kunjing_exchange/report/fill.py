"""Filling tables from submissions."""

from __future__ import annotations

import dataclasses
import datetime
import os
import pathlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import BinaryIO, Literal, NamedTuple, overload

from kunjing_exchange import policy
from kunjing_exchange.errors import InvalidArgument, NotAccepted
from kunjing_exchange.findings import Verdict
from kunjing_exchange.policy import Edition
from kunjing_exchange.report.check import added
from kunjing_exchange.report.count import Connection, Counting, reads_villages
from kunjing_exchange.report.dataset import PART as DATASET_PART
from kunjing_exchange.report.dataset import Opened as Dataset
from kunjing_exchange.report.dataset import is_dataset, open_dataset
from kunjing_exchange.report.filled import Report, Row, totals_of
from kunjing_exchange.report.period import period_of
from kunjing_exchange.report.place import LEVELS, row_names
from kunjing_exchange.report.table import StatTable, table_names
from kunjing_exchange.report.table import table as stat_table
from kunjing_exchange.tables import TABLES
from kunjing_exchange.validate import validate
from kunjing_exchange.wire import Limits

__all__ = ["Source", "count_tables", "report", "trace"]

Source = str | os.PathLike[str] | bytes | BinaryIO
"""What :func:`kunjing_exchange.validate` takes, or the folder of a dataset."""


class _Header(NamedTuple):
    """What the header of a submission says of it as a whole."""

    period: str
    period_end: datetime.date
    sender_division: str
    sender: str
    kind: str
    number: str | None
    replaces: str | None
    created_at: datetime.datetime | None


PART = 100_000
"""So many records are grouped and joined at a time, in the memory that a validation lets DuckDB have: twice as many are
a quarter faster, four times as many do not fit."""


class _Opened(NamedTuple):
    """A submission ready to be counted; ``dataset`` where it is one.

    Where ``part`` says how many records at a time, ``tables`` are its tables as a query reads them.
    """

    connection: Connection
    header: _Header
    edition: Edition
    verdict: Verdict
    tables: Mapping[str, str] = {}
    part: int | None = None
    dataset: Dataset | None = None


@overload
def report(  # type: ignore[overload-overlap]  # "all" is a str too
    source: Source | list[Source] | tuple[Source, ...],
    *,
    table: Literal["all"] | list[str] | tuple[str, ...],
    by: str = ...,
    period: str | None = ...,
    known_on: datetime.date | None = ...,
    edition: str = ...,
    format: str | None = ...,
    encoding: str | None = ...,
    limits: Limits | None = ...,
    jobs: int = ...,
) -> dict[str, Report]: ...


@overload
def report(
    source: Source | list[Source] | tuple[Source, ...],
    *,
    table: str = ...,
    by: str = ...,
    period: str | None = ...,
    known_on: datetime.date | None = ...,
    edition: str = ...,
    format: str | None = ...,
    encoding: str | None = ...,
    limits: Limits | None = ...,
    jobs: int = ...,
) -> Report: ...


def report(
    source: Source | list[Source] | tuple[Source, ...],
    *,
    table: str | list[str] | tuple[str, ...] = "HN-2017-1",
    by: str = "county",
    period: str | None = None,
    known_on: datetime.date | None = None,
    edition: str = policy.DEFAULT_EDITION,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limits: Limits | None = None,
    jobs: int = 1,
) -> Report | dict[str, Report]:
    """Validate submissions and fill tables from the case files that are accepted.

    Of several submissions of one sender for one period only the newest counts, so that a correction takes the place of
    what it corrects; those of different senders are added.

    Args:
        source: what :func:`kunjing_exchange.validate` takes, or several of it in a list or tuple. The folder of a
            dataset that :func:`kunjing_exchange.export.export_dataset` wrote whole is counted as it is: its records
            were accepted when it was written, and are not validated again.
        table: which table, such as ``HN-2017-1``; for several, or ``all``, a mapping by id is returned.
        by: what a row is: ``village``, ``township``, ``county``, ``city`` or ``province``.
        period: ``2017``, ``2017H2``, ``2017Q3`` or ``2017-09``; that of the submission where it is not given. Files
            tell their own past, so that an earlier or shorter period can be counted, and a later one can't.
        known_on: count by what was known on that day: submissions made after it are left aside.
        jobs: processes that read a large file, as in :func:`kunjing_exchange.validate`.

    Raises:
        NotAccepted: a submission is rejected or could not be judged, so that counting it would mislead.
        UnknownTable, InvalidArgument, UnreadableInput, UnknownFormat
    """
    many = table == "all" or not isinstance(table, str)
    names = table_names() if table == "all" else (table,) if isinstance(table, str) else tuple(table)
    chosen = [stat_table(name) for name in names]
    if by not in LEVELS:
        raise InvalidArgument(f"汇总层级只能是 {'、'.join(LEVELS)}", f"a row is one of {', '.join(LEVELS)}, not {by}")
    counted: dict[tuple[str, str], tuple[_Header, list[Report]]] = {}
    replaced: list[str] = []
    for one in source if isinstance(source, list | tuple) else [source]:
        with _opened(one, edition, format, encoding, limits, jobs) as opened:
            header = opened.header
            if known_on is not None and header.created_at is not None and header.created_at.date() > known_on:
                continue
            key = (header.sender_division, header.period)
            earlier = counted.get(key)
            if earlier is not None:
                newer = _newer(header, earlier[0])
                replaced.append((earlier[0] if newer else header).number or "")
                if not newer:
                    continue
            counted[key] = header, _counted(opened, chosen, by, period)
    if not counted:
        raise InvalidArgument(f"{known_on} 还没有报送", f"no submission was known on {known_on}")
    filled = [added(list(same)) for same in zip(*(reports for _, reports in counted.values()), strict=True)]
    filled = [dataclasses.replace(one, known_on=known_on, replaced=tuple(replaced)) for one in filled]
    return {one.table.id: one for one in filled} if many else filled[0]


def trace(
    source: Source,
    table: str,
    column: str,
    division: str | None = None,
    *,
    by: str = "county",
    period: str | None = None,
    edition: str = policy.DEFAULT_EDITION,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limits: Limits | None = None,
) -> list[str]:
    """The case ids behind a figure, sorted; in KJ-T7 the numbers of workers, sites and villages.

    Args:
        column: id of the figure, such as ``category_a``.
        division: code of the row; of all rows where it is not given.

    Raises:
        InvalidArgument: the figure is a ratio or filled in by hand: no case files stand behind it.
        NotAccepted, UnknownTable, UnreadableInput, UnknownFormat
    """
    chosen = stat_table(table)
    figure = chosen.column(column)
    if by not in LEVELS:
        raise InvalidArgument(f"汇总层级只能是 {'、'.join(LEVELS)}", f"a row is one of {', '.join(LEVELS)}, not {by}")
    if not figure.additive:
        raise InvalidArgument(
            f"指标 {column} 由其他指标算出或由手工填报，没有对应的档案",
            f"{column} is computed from others or filled in by hand: no case files stand behind it",
        )
    with (
        _opened(source, edition, format, encoding, limits) as opened,
        _counting(opened, period) as counting,
    ):
        return counting.trace(chosen, figure, by, division)


def count_tables(
    connection: Connection,
    *,
    edition: Edition,
    period: str,
    period_end: datetime.date | None = None,
    table: str | Sequence[str] = "all",
    by: str = "county",
    sender: str = "",
    rejected: str | None = None,
    dialect: str = "duckdb",
) -> dict[str, Report]:
    """Fill tables from canonical tables that lie in a database already, by id.

    Nothing is validated: ``rejected`` may name a table of the ``record_no`` that don't count. ``dialect`` is sqlglot's
    name of the database where it is not DuckDB; temporary tables are made and removed.

    Raises:
        UnknownTable, InvalidArgument, MissingExtra
    """
    names = table_names() if table == "all" else (table,) if isinstance(table, str) else tuple(table)
    chosen = [stat_table(name) for name in names]
    span = period_of(period)
    with Counting(connection, edition, span, last_day=period_end, rejected=rejected, dialect=dialect) as counting:
        filled = _filled(counting, chosen, by, sender, Verdict.ACCEPTED, edition.name)
    return {one.table.id: one for one in filled}


def _newer(header: _Header, earlier: _Header) -> bool:
    """Whether a submission takes the place of another of the same sender and period."""
    if header.replaces is not None and header.replaces == earlier.number:
        return True
    if earlier.replaces is not None and earlier.replaces == header.number:
        return False
    never = datetime.datetime.min
    return (header.created_at or never) >= (earlier.created_at or never)


@contextmanager
def _opened(
    source: Source, edition: str, format_: str | None, encoding: str | None, limits: Limits | None, jobs: int = 1
) -> Iterator[_Opened]:
    if format_ is None and is_dataset(source):
        in_force = policy.edition(edition)
        with open_dataset(pathlib.Path(os.fspath(source)), in_force.name) as dataset:  # type: ignore[arg-type]
            header = _header(dataset.connection, dataset.verdict)
            yield _Opened(dataset.connection, header, in_force, dataset.verdict, dataset.files, DATASET_PART, dataset)
        return
    with validate(source, edition=edition, format=format_, encoding=encoding, limits=limits, jobs=jobs) as findings:
        if findings.verdict in (Verdict.REJECTED, Verdict.UNDETERMINED):
            raise NotAccepted(
                "报送未被接受，不能汇总；请先按 kunjing validate 的结果更正",
                "the submission is not accepted and can't be counted; put right what kunjing validate finds",
                verdict=findings.verdict.value,
            )
        header = _header(findings.connection, findings.verdict)
        database = findings.connection.execute("select current_database()").fetchall()[0][0]
        loaded = {name: f"{database}.main.{name}" for name in TABLES}
        yield _Opened(findings.connection, header, findings.edition, findings.verdict, loaded, PART)


def _header(connection: Connection, verdict: Verdict) -> _Header:
    row = connection.execute(
        "select period, period_end, sender_division, sender_name, kind, submission_no, replaces, created_at from header"
    ).fetchone()
    if row is None or row[0] is None or row[1] is None:
        raise NotAccepted("没有报送头，不知道报告期", "there is no header: the period is not known")
    header = _Header(*row)
    if header.kind in ("delta", "withdrawal"):
        raise NotAccepted(
            "增量报送和撤回不能单独汇总，请用全量报送",
            "a delta or a withdrawal can't be counted alone: give the full submission",
            verdict=verdict.value,
        )
    return header


def _counting(opened: _Opened, period: str | None) -> Counting:
    header = opened.header
    span = period_of(period or header.period)
    last_day = header.period_end if period in (None, header.period) else span.last_day
    if last_day > header.period_end or last_day < span.first_day:
        raise InvalidArgument(
            f"报送截止 {header.period_end}，不能汇总报告期 {span.name}",
            f"the submission ends on {header.period_end} and can't tell of the period {span.name}",
        )
    return Counting(opened.connection, opened.edition, span, last_day=last_day, rejected="rejected_record")


def _counted(opened: _Opened, tables: list[StatTable], by: str, period: str | None) -> list[Report]:
    """The tables of a submission, part by part of its records, where what they count adds up over them."""

    def fill(chosen: list[StatTable], left_out: Mapping[str, int | None] | None = None) -> list[Report]:
        if not chosen:
            return []
        with _counting(opened, period) as counting:
            return _filled(counting, chosen, by, opened.header.sender, opened.verdict, opened.edition.name, left_out)

    starts = _starts(opened)
    if len(starts) == 1:
        filled = fill(tables)
    else:
        in_parts = [one for one in tables if not reads_villages(one)]
        filled = [added(list(same)) for same in zip(*(fill(in_parts) for _ in _parts(opened, starts)), strict=True)]
        filled += fill([one for one in tables if reads_villages(one)], filled[0].left_out if filled else None)
    by_table = {one.table.id: one for one in filled}
    if opened.dataset is None:
        return [by_table[one.id] for one in tables]
    left_out = {**filled[0].left_out, "rejected": opened.dataset.rejected}
    return [dataclasses.replace(by_table[one.id], left_out=left_out, from_dataset=True) for one in tables]


def _starts(opened: _Opened) -> Sequence[int]:
    """The number with which each part of the records begins."""
    if opened.part is None:
        return (0,)
    last = opened.connection.execute("select coalesce(max(record_no), 0) from case_file").fetchall()[0][0]
    return range(0, last + 1, opened.part)


def _parts(opened: _Opened, starts: Sequence[int]) -> Iterator[None]:
    """Leave one part of the records after the other in views of the tables' names, and at the end all again."""
    for start, end in zip(starts, (*starts[1:], None), strict=True):
        bounds = [f"record_no >= {start}"] if start else []
        bounds += [f"record_no < {end}"] if end is not None else []
        _narrow(opened, bounds)
        yield
    _narrow(opened, [])


def _narrow(opened: _Opened, bounds: list[str]) -> None:
    where = f" where {' and '.join(bounds)}" if bounds else ""
    for name, table in opened.tables.items():
        opened.connection.execute(f"create or replace temporary view {name} as select * from {table}{where}")


def _filled(
    counting: Counting,
    tables: list[StatTable],
    by: str,
    sender: str,
    verdict: Verdict,
    edition: str,
    without: Mapping[str, int | None] | None = None,
) -> list[Report]:
    left_out: dict[str, int | None] = {**(counting.left_out() if without is None else without)}
    reports = []
    for one in tables:
        behind = counting.behind(one, by)
        rows = tuple(
            Row(code, *row_names(code, by, counting.last_day), tuple(figures), behind.get(code, {}))
            for code, figures in counting.rows(one, by)
        )
        reports.append(
            Report(
                table=one,
                level=by,
                period=counting.period.name,
                period_start=counting.period.first_day,
                period_end=counting.last_day,
                sender=sender,
                rows=rows,
                totals=totals_of(one, rows),
                left_out=left_out,
                verdict=verdict,
                edition=edition,
            )
        )
    return reports
