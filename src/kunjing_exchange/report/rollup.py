"""Roll-up of returns: a city checks its counties' tables, adds them, and holds them against its own count."""

from __future__ import annotations

import datetime
import json
import os
import pathlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kunjing_exchange.errors import ExchangeError, UnreadableInput
from kunjing_exchange.findings import Finding, Severity, Verdict
from kunjing_exchange.report.check import added, check, found, higher
from kunjing_exchange.report.filled import Cell, Figure, Report, Row
from kunjing_exchange.report.place import LEVELS
from kunjing_exchange.report.table import StatColumn
from kunjing_exchange.report.table import table as stat_table

__all__ = ["BadReturn", "Return", "Rollup", "read_return", "report_of", "rollup"]

_TOLERANCE = 50
"""Per cent by which a figure may change from one period to the next before somebody should look: the project's own."""
_SMALL = 20
"""Figures that were smaller, and stay so, change by chance."""


class BadReturn(ValueError):
    """A return is not of the form; ``place`` says where."""

    def __init__(self, place: str) -> None:
        super().__init__(place)
        self.place = place


@dataclass(frozen=True, slots=True)
class Return:
    """The tables that one file holds, or where it is not of the form."""

    file: str
    reports: tuple[Report, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Rollup:
    """Returns added up, and what was found in them."""

    reports: Mapping[str, Report]
    findings: tuple[Finding, ...]

    @property
    def adds_up(self) -> bool:
        """Whether no return has an error."""
        return all(finding.severity is not Severity.ERROR for finding in self.findings)

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """For JSON."""
        return {
            "adds_up": self.adds_up,
            "findings": [finding.as_dict(lang) for finding in self.findings],
            "tables": [report.as_dict(lang) for report in self.reports.values()],
        }


def report_of(data: object) -> Report:
    """The table of a return, as :meth:`Report.as_dict` gave it.

    Raises:
        BadReturn: it is not of that form.
    """
    if not isinstance(data, dict):
        raise BadReturn("table")
    try:
        table = stat_table(_str(data, "table"))
    except ExchangeError:
        raise BadReturn("table") from None
    level = _str(data, "by")
    if level not in LEVELS:
        raise BadReturn("by")
    ids = [column.id for column in table.columns]
    rows = data.get("rows")
    if not isinstance(rows, list):
        raise BadReturn("rows")
    behind = data.get("behind", {})
    if not isinstance(behind, dict) or not all(_counts(counts, ids) for counts in behind.values()):
        raise BadReturn("behind")
    made = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not isinstance(row.get("code"), str):
            raise BadReturn(f"rows[{number}].code")
        if set(row) != {"code", "name", *ids} or not isinstance(row["name"], str):
            raise BadReturn(f"rows[{number}]")
        figures = tuple(_figure(row[column.id], column, f"rows[{number}].{column.id}") for column in table.columns)
        made.append(Row(row["code"], row["name"], row["name"], figures, behind.get(row["code"], {})))
    if len({row.code for row in made}) != len(made):
        raise BadReturn("rows")
    total = data.get("total")
    if not isinstance(total, dict) or set(total) != set(ids):
        raise BadReturn("total")
    left_out = data.get("left_out", {})
    if not isinstance(left_out, dict) or not all(count is None or _whole(count) for count in left_out.values()):
        raise BadReturn("left_out")
    try:
        verdict = Verdict(_str(data, "verdict"))
    except ValueError:
        raise BadReturn("verdict") from None
    return Report(
        table=table,
        level=level,
        period=_str(data, "period"),
        period_start=_day(data, "period_start"),
        period_end=_day(data, "period_end"),
        sender=_str(data, "sender"),
        rows=tuple(made),
        totals=tuple(_figure(total[column.id], column, f"total.{column.id}") for column in table.columns),
        left_out=left_out,
        verdict=verdict,
        edition=_str(data, "edition"),
        from_dataset=data.get("from_dataset") is True,
    )


def _str(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise BadReturn(name)
    return value


def _day(data: Mapping[str, Any], name: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(_str(data, name))
    except ValueError:
        raise BadReturn(name) from None


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _counts(value: object, ids: Sequence[str]) -> bool:
    return isinstance(value, dict) and value.keys() <= set(ids) and all(map(_whole, value.values()))


def _figure(value: object, column: StatColumn, place: str) -> Figure:
    if value is None:
        return None
    if column.by_hand or (column.additive and not column.money):
        if isinstance(value, int) and _whole(value):
            return value
        raise BadReturn(place)
    try:
        amount = Decimal(value) if isinstance(value, str) and len(value) <= 20 else None
    except InvalidOperation:
        amount = None
    if amount is None or not amount.is_finite():
        raise BadReturn(place)
    return amount


def read_return(path: str | os.PathLike[str]) -> Return:
    """The tables of a file: one as ``kunjing report --format json`` writes it, or several in a list under ``tables``.

    What is not of the form is a finding (KJ-REP-001), not an exception.

    Raises:
        UnreadableInput: the file can't be opened.
    """
    file = pathlib.Path(path)
    try:
        raw = file.read_bytes()
    except OSError:
        raise UnreadableInput(f"无法打开 {file}", f"can't open {file}") from None
    try:
        data = json.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        return Return(file.name, (), (_malformed(file.name, "JSON"),))
    several = data["tables"] if isinstance(data, dict) and isinstance(data.get("tables"), list) else [data]
    try:
        return Return(file.name, tuple(report_of(one) for one in several))
    except BadReturn as bad:
        return Return(file.name, (), (_malformed(file.name, bad.place),))


def _malformed(file: str, place: str) -> Finding:
    return found("KJ-REP-001", Cell("", "", "", place), None, None, file=file)


def rollup(
    returns: Sequence[Return],
    *,
    by: str | None = None,
    previous: Iterable[Return] = (),
    own: Mapping[str, Report] | None = None,
) -> Rollup:
    """Check returns of one period, and add them. What a return hides is an error: the sum is not there either.

    Args:
        by: the level of the sums; that of the returns where it is not given.
        previous: the returns of the period before: a figure that changed by more than half is a warning, an opening
            figure that is not the closing one an error.
        own: the own count from the case files, by table: what differs is a warning.

    Raises:
        InvalidArgument: the returns are of different levels or periods.
    """
    findings: list[Finding] = []
    last = [report for one in previous for report in one.reports]
    seen: dict[tuple[str, str], str] = {}
    by_table: dict[str, list[Report]] = {}
    for one in returns:
        findings += one.findings
        findings += check(one.reports, previous=last, file=one.file)
        findings += [finding for report in one.reports for finding in _hidden(report, one.file)]
        findings += [finding for report in one.reports for finding in _implausible(report, last, one.file)]
        for report in one.reports:
            for row in report.rows:
                earlier = seen.setdefault((report.table.id, row.code), one.file)
                if earlier != one.file:
                    cell = Cell(report.table.id, report.level, row.code, "")
                    findings.append(found("KJ-REP-008", cell, None, None, file=one.file, earlier=earlier))
            by_table.setdefault(report.table.id, []).append(report)
    sums = {}
    for table_id, reports in by_table.items():
        total = added(reports)
        sums[table_id] = higher(total, by) if by is not None else total
        if own is not None and table_id in own:
            findings += _differences(total, own[table_id])
    return Rollup(sums, tuple(findings))


def _hidden(report: Report, file: str) -> list[Finding]:
    """A row with figures that are not published: they are no 0, and what they would be added to is not known."""
    findings = []
    for row in report.rows:
        columns = [
            column.id
            for column, figure in zip(report.table.columns, row.figures, strict=True)
            if figure is None and column.additive
        ]
        if columns:
            cell = Cell(report.table.id, report.level, row.code, "")
            findings.append(found("KJ-REP-009", cell, len(columns), None, file=file, columns=", ".join(columns)))
    return findings


def _implausible(report: Report, last: Sequence[Report], file: str) -> list[Finding]:
    findings = []
    for before in last:
        if (before.table.id, before.level) != (report.table.id, report.level) or before.period == report.period:
            continue
        old = {(division, column): figure for division, column, figure in before.cells()}
        codes = {row.code for row in report.rows}
        for division, column, figure in report.cells():
            was = old.get((division, column))
            if division not in codes or figure is None or was is None or not report.table.column(column).additive:
                continue
            now, then = Decimal(figure), Decimal(was)
            if max(now, then) >= _SMALL and abs(now - then) * 100 > _TOLERANCE * max(then, Decimal(1)):
                cell = Cell(report.table.id, report.level, division, column)
                findings.append(found("KJ-REP-006", cell, figure, was, file=file))
    return findings


def _differences(returned: Report, own: Report) -> list[Finding]:
    mine = {(division, column): figure for division, column, figure in own.cells()}
    theirs = {(division, column): figure for division, column, figure in returned.cells()}
    findings = []
    for division, column in dict.fromkeys((*theirs, *mine)):
        if not own.table.column(column).additive:
            continue
        stated, counted = theirs.get((division, column), 0), mine.get((division, column), 0)
        if stated is not None and counted is not None and stated != counted:
            cell = Cell(own.table.id, own.level, division, column)
            findings.append(found("KJ-REP-007", cell, stated, counted))
    return findings
