"""Do figures add up: within a table, along the divisions, across tables and periods; and what changed between two."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.findings import Finding, Location, Verdict, built_in
from kunjing_exchange.report.filled import TOTAL, Cell, Equation, Figure, Report, Row, joined, totals_of
from kunjing_exchange.report.place import LEVELS, placed, row_names
from kunjing_exchange.report.table import StatColumn

__all__ = ["Change", "added", "check", "compare", "equations", "found", "higher"]


def equations(reports: Iterable[Report]) -> Iterator[Equation]:
    """How the cells of several tables of one period add up: within each (:meth:`Report.equations`), across tables, and
    from each level to the next above that is there."""
    given = list(reports)
    for one in given:
        yield from one.equations()
    by_place = {(one.table.id, one.level): one for one in given}
    for one in given:
        for column, figures in one.table.same_as.items():
            yield from _across(one, column, figures, by_place)
        above = _above(one, by_place)
        if above is not None:
            yield from _along(one, above)


def _across(
    one: Report, column: str, figures: Sequence[str], by_place: Mapping[tuple[str, str], Report]
) -> Iterator[Equation]:
    """A figure that other tables hold as well, where all of them are there; a division that one lacks is 0 in it."""
    signed = [(figure.startswith("-"), *figure.removeprefix("-").partition(".")) for figure in figures]
    twins = {table_id: by_place.get((table_id, one.level)) for _, table_id, _, _ in signed}
    if any(twin is None for twin in twins.values()):
        return
    present = {table_id: {TOTAL, *(row.code for row in twin.rows)} for table_id, twin in twins.items() if twin}
    for division in (*(row.code for row in one.rows), TOTAL):
        parts, less = (
            tuple(
                Cell(table_id, one.level, division, other)
                for off, table_id, _, other in signed
                if off is taken_off and division in present[table_id]
            )
            for taken_off in (False, True)
        )
        if parts:
            yield Equation(Cell(one.table.id, one.level, division, column), parts, less)


def _above(report: Report, by_place: Mapping[tuple[str, str], Report]) -> Report | None:
    """The same table by the next level above that is there."""
    for level in LEVELS[LEVELS.index(report.level) + 1 :]:
        if (report.table.id, level) in by_place:
            return by_place[report.table.id, level]
    return None


def _along(below: Report, above: Report) -> Iterator[Equation]:
    parts: dict[str, list[str]] = {row.code: [] for row in above.rows}
    for row in below.rows:
        parts.setdefault(_parent(row.code, above.level, below.period_end), []).append(row.code)
    for division, codes in parts.items():
        for column in below.table.columns:
            if column.additive:
                yield Equation(
                    Cell(above.table.id, above.level, division, column.id),
                    tuple(Cell(below.table.id, below.level, code, column.id) for code in codes),
                )
    for column in below.table.columns:
        if column.additive:
            yield Equation(
                Cell(above.table.id, above.level, TOTAL, column.id),
                (Cell(below.table.id, below.level, TOTAL, column.id),),
            )


def _parent(code: str, level: str, on: datetime.date) -> str:
    """The row of a division, or of one above it, at a level."""
    if level in ("village", "township"):
        return code[:9] if level == "township" else code
    found_at: str = getattr(placed(code[:6], on), level)
    return found_at


def higher(report: Report, by: str) -> Report:
    """A table with its rows added along the divisions, up to a level.

    Raises:
        InvalidArgument: the table is of a higher level already.
    """
    if LEVELS.index(by) < LEVELS.index(report.level):
        raise InvalidArgument(
            f"按 {report.level} 汇总的表不能细分到 {by}", f"a table by {report.level} can't be split by {by}"
        )
    rows: dict[str, list[Row]] = {}
    for row in report.rows:
        rows.setdefault(_parent(row.code, by, report.period_end), []).append(row)
    summed = tuple(
        joined(report.table, parts, code, *row_names(code, by, report.period_end))
        for code, parts in sorted(rows.items())
    )
    return dataclasses.replace(report, level=by, rows=summed, totals=totals_of(report.table, summed))


def check(reports: Iterable[Report], *, previous: Iterable[Report] = (), file: str = "") -> list[Finding]:
    """What does not add up, with both figures.

    KJ-REP-002 within a row, KJ-REP-003 along the rows and divisions, KJ-REP-004 between tables, KJ-REP-005 an opening
    figure that is not the closing one of the period before (``previous``).
    """
    given = list(reports)
    figures: dict[Cell, Figure] = {
        Cell(one.table.id, one.level, division, column): figure
        for one in given
        for division, column, figure in one.cells()
    }
    findings = []
    for equation in equations(given):
        stated = figures.get(equation.total, 0)
        parts = [figures.get(cell) for cell in equation.parts]
        less = [figures.get(cell) for cell in equation.less]
        if stated is None or None in parts or None in less:
            continue  # not published
        reckoned = _sum(parts) - _sum(less)
        if stated != reckoned:
            findings.append(found(_kind(equation), equation.total, stated, reckoned, file=file))
    closing = {(one.level, row.code): _named(one, row, "closing") for one in previous for row in _movement(one)}
    for one in given:
        for row in _movement(one):
            before = closing.get((one.level, row.code))
            opening = _named(one, row, "opening")
            if before is not None and opening is not None and before != opening:
                cell = Cell(one.table.id, one.level, row.code, "opening")
                findings.append(found("KJ-REP-005", cell, opening, before, file=file))
    return findings


def _sum(figures: Iterable[Figure]) -> int | Decimal:
    return sum((figure for figure in figures if figure is not None), 0)


def _movement(report: Report) -> Sequence[Row]:
    """Rows and total of a table of movement; nothing of another."""
    if not {"opening", "closing"} <= {column.id for column in report.table.columns}:
        return ()
    return (*report.rows, Row(TOTAL, "", "", report.totals))


def _named(report: Report, row: Row, column: str) -> Figure:
    return row.figures[report.table.columns.index(report.table.column(column))]


def _kind(equation: Equation) -> str:
    if any(cell.table != equation.total.table for cell in equation.parts):
        return "KJ-REP-004"
    along = not equation.parts or any(cell[1:3] != equation.total[1:3] for cell in equation.parts)
    return "KJ-REP-003" if along else "KJ-REP-002"


def found(finding_id: str, cell: Cell, value: Figure, expected: Figure, *, file: str = "", **facts: str) -> Finding:
    """A finding about one figure, with what it is and what it should be."""
    entry = built_in(finding_id)
    said = {
        "table": cell.table,
        "division": cell.division,
        "column": cell.column,
        "found": str(value),
        "expected": str(expected),
        **facts,
    }
    return Finding(
        id=finding_id,
        severity=entry.severity,
        message_zh=entry.message_zh.format(**said),
        message_en=entry.message_en.format(**said),
        location=Location(file, path=f"{cell.table}/{cell.division}/{cell.column}", record=cell.division),
        effect=entry.effect,
        value=str(value),
        expected=str(expected),
        clause=entry.source,
        fix_zh=entry.fix_zh,
        fix_en=entry.fix_en,
    )


def added(reports: Sequence[Report]) -> Report:
    """Tables of one kind, period and level as one: rows of the same division are added.

    Raises:
        InvalidArgument: they are of different tables, levels or periods.
    """
    first = reports[0]
    if any(
        (one.table.id, one.level, one.period, one.period_end)
        != (first.table.id, first.level, first.period, first.period_end)
        for one in reports
    ):
        raise InvalidArgument(
            "表、层级或报告期不同的汇总表不能相加", "tables of different kinds, levels or periods can't be added"
        )
    if len(reports) == 1:
        return first
    rows: dict[str, list[Row]] = {}
    for one in reports:
        for row in one.rows:
            rows.setdefault(row.code, []).append(row)
    summed = tuple(
        joined(first.table, same, code, same[0].name_zh, same[0].name_en) for code, same in sorted(rows.items())
    )
    reasons = dict.fromkeys(reason for one in reports for reason in one.left_out)
    return dataclasses.replace(
        first,
        rows=summed,
        totals=totals_of(first.table, summed),
        sender="、".join(dict.fromkeys(one.sender for one in reports)),
        left_out={reason: _all([one.left_out.get(reason, 0) for one in reports]) for reason in reasons},
        verdict=max((one.verdict for one in reports), key=list(Verdict).index),
        from_dataset=any(one.from_dataset for one in reports),
    )


def _all(counts: Sequence[int | None]) -> int | None:
    """Their sum; None where one is not published."""
    return None if None in counts else sum(count or 0 for count in counts)


@dataclass(frozen=True, slots=True)
class Change:
    """One figure in two tables. ``percent`` has one decimal; None where there was nothing before."""

    division: str
    name_zh: str
    name_en: str
    column: StatColumn
    before: Figure
    now: Figure
    difference: Figure
    percent: Decimal | None

    def as_dict(self, lang: str) -> dict[str, Any]:
        """For JSON."""
        return {
            "division": self.division,
            "name": self.name_zh if lang == "zh" else self.name_en,
            "column": self.column.id,
            "title": "·".join(self.column.headings_zh if lang == "zh" else self.column.headings_en),
            "before": _text(self.before),
            "now": _text(self.now),
            "difference": _text(self.difference),
            "percent": _text(self.percent),
        }


def _text(figure: Figure) -> int | str | None:
    return str(figure) if isinstance(figure, Decimal) else figure


def compare(now: Report, before: Report) -> list[Change]:
    """Every figure of two tables of one kind and level, the total at the end: with the period before, or the same of
    last year. A division that only one of them has counts as nought in the other.

    Raises:
        InvalidArgument: they are of different tables or levels.
    """
    if (now.table.id, now.level) != (before.table.id, before.level):
        raise InvalidArgument("只能比较同一种表、同一层级", "only tables of one kind and level can be compared")
    names = {row.code: (row.name_zh, row.name_en) for one in (before, now) for row in one.rows}
    names[TOTAL] = ("合计", "Total")
    old = {(division, column): figure for division, column, figure in before.cells()}
    new = {(division, column): figure for division, column, figure in now.cells()}
    changes = []
    for division in (*sorted(names.keys() - {TOTAL}), TOTAL):
        for column in now.table.columns:
            nought = 0 if column.additive else None
            was, is_now = old.get((division, column.id), nought), new.get((division, column.id), nought)
            difference = is_now - was if is_now is not None and was is not None else None
            percent = None
            if difference is not None and was:
                percent = (Decimal(difference) * 100 / Decimal(was)).quantize(Decimal("0.1"), ROUND_HALF_UP)
            changes.append(Change(division, *names[division], column, was, is_now, difference, percent))
    return changes
