"""Tables made fit to leave the office: disclosure control of all figures of one publication together.

A figure is small where fewer than ``least`` children stand behind it: of a number of children itself, of an amount, of
payments or events those they are of. What is hidden of one table is protected against all that the others tell, so that
the tables of a publication go in together. docs/disclosure.md says what that promises.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.report import disclosure
from kunjing_exchange.report.check import check, equations
from kunjing_exchange.report.disclosure import BASE, LEAST
from kunjing_exchange.report.filled import TOTAL, Cell, Equation, Figure, Release, Report, Row
from kunjing_exchange.report.table import StatColumn

__all__ = ["METHODS", "MOST", "released"]

METHODS = ("suppress", "round", "none")
"""Hide small figures and what would tell them; round counts, and hide amounts of few children; leave all as it is."""


MOST = 5_000
"""More small figures that are tied to one another are refused: protecting them would take too long."""


def released(
    reports: Iterable[Report], method: str = "suppress", *, least: int = LEAST, zeros: bool = False, base: int = BASE
) -> list[Report]:
    """The tables of one publication, without the figures that would point to a child.

    Tables whose figures tell of no child (``public``) stay as they are. Whole numbers are suppressed or rounded,
    amounts of money are suppressed in both ways; a ratio is hidden where a figure that it is made of is. The figures
    in ``left_out`` are hidden where they are small.

    Args:
        method: one of :data:`METHODS`; ``none`` gives the tables back.
        least: the smallest number of children that is told.
        zeros: hide figures that are 0 as well.
        base: what ``round`` rounds to.

    Raises:
        InvalidArgument: the tables are of several periods, don't add up, or have hidden figures already, so that it
            can't be known what their readers can work out; more than :data:`MOST` small figures are tied to one
            another; or an option makes no sense.
        MissingExtra: there is something to hide, and SciPy is not installed (extra ``report``).
    """
    given = list(reports)
    if method not in METHODS:
        known = ", ".join(METHODS)
        raise InvalidArgument(f"没有保护方式 {method}；可用：{known}", f"no way of protection {method}; one of {known}")
    if method == "none":
        return given
    if len({one.period for one in given}) > 1 or len({(one.table.id, one.level) for one in given}) < len(given):
        raise InvalidArgument(
            "一起保护的表应为同一报告期，每表每级一张",
            "tables protected together are of one period, and each is there once by every level",
        )
    publication = _Publication(given, least, zeros)
    shown = publication.suppressed() if method == "suppress" else publication.rounded(base)
    release = publication.release(method, shown, base if method == "round" else 0)
    return [_told(one, shown, release) for one in given]


@dataclass(slots=True)
class _Part:
    """Figures, and how they are tied to one another."""

    cells: set[Cell]
    equations: list[disclosure.Equation] = field(default_factory=list)
    bounds: list[disclosure.Equation] = field(default_factory=list)


class _Publication:
    """The figures that have to be protected, as whole numbers (amounts in the smallest coin), and how they add up."""

    def __init__(self, reports: Sequence[Report], least: int, zeros: bool) -> None:
        for finding in check(reports):
            raise InvalidArgument(
                f"表内或表间数字不平衡，无法保护；请先更正：{finding.message_zh}",
                f"the tables don't add up and can't be protected: {finding.message_en}",
            )
        self.least, self.zeros = least, zeros
        self.columns: dict[Cell, StatColumn] = {}
        self.value: dict[Cell, int] = {}
        self.behind: dict[Cell, int] = {}
        self.blocks: dict[tuple[str, ...], list[Cell]] = {}
        for report in reports:
            if not report.table.public:
                for cell, column, figure, behind in _figures(report):
                    self._add(cell, column, figure, behind)
        # What may be less than nothing (payments less recoveries) has no smallest figure to reckon with: all of it is
        # hidden, where one such figure is there.
        below = {(cell.table, self.columns[cell].measure) for cell, value in self.value.items() if value < 0}
        self.closed = {cell for cell in self.value if (cell.table, self.columns[cell].measure) in below}
        self.equations = self._open(equations(reports))
        self.bounds = self._open(bound for report in reports for bound in report.bounds())

    def _add(self, cell: Cell, column: StatColumn, figure: Figure, behind: int) -> None:
        if figure is None:
            raise InvalidArgument(
                f"表 {cell.table} 已有不公布的数字，无法再作保护；请用未隐去数字的汇总表",
                f"table {cell.table} has hidden figures already and can't be protected: use tables that have them all",
            )
        self.columns[cell], self.value[cell], self.behind[cell] = column, int(figure * 100**column.money), behind
        if column.block:
            self.blocks.setdefault((*cell[:3], column.block), []).append(cell)

    def _open(self, relations: Iterable[Equation]) -> list[Equation]:
        """The relations of figures that are protected here, without those that are 0 and shown."""
        kept = []
        for one in relations:
            cells = (one.total, *one.parts, *one.less)
            if all(cell in self.value and cell not in self.closed for cell in cells):
                parts, less = (tuple(filter(self._counts, side)) for side in (one.parts, one.less))
                if self._counts(one.total):
                    kept.append(Equation(one.total, parts, less))
                elif less:  # nobody at the end: who was there at the beginning, or came in, is who left
                    kept.append(Equation(less[0], parts, less[1:]))
        return kept

    def _counts(self, cell: Cell) -> bool:
        """Whether a figure has to be reckoned with: a 0 that is shown tells nothing, and is part of no other figure."""
        return self.zeros or self.value[cell] != 0

    def _small(self, cell: Cell) -> bool:
        return (self.zeros and not self.value[cell]) or 0 < self.behind[cell] < self.least

    def _share_of_one(self, cell: Cell) -> int:
        """What one of the children behind a figure brings to it, on the mean; of a 0, behind that of all divisions."""
        for one in (cell, cell._replace(division=TOTAL)):
            if self.behind[one]:
                return max(1, -(-self.value[one] // self.behind[one]))
        return 1

    def _width(self, cell: Cell) -> int:
        """How far apart the figures have to be that a reader thinks possible."""
        return self._share_of_one(cell) * (self.least - 1 if self._small(cell) else 1)

    def suppressed(self) -> dict[Cell, Figure]:
        """Every figure as it is shown, None where it is hidden."""
        return self._suppressed({cell for cell in self.value if cell not in self.closed})

    def _suppressed(self, cells: set[Cell]) -> dict[Cell, Figure]:
        counted = {cell for cell in cells if self._counts(cell)}
        small = {cell for cell in counted if self._small(cell)}
        also = {cell for cell in small if not self.columns[cell].of_children} | {*self._companions(small)} & counted
        hidden: set[Cell] = set()
        parts = list(self._apart(counted))
        while parts:
            for part in parts:
                hidden = hidden - part.cells | self._hidden(part, also & part.cells)
            given_away = {*self._companions(hidden)} & counted - hidden
            also |= given_away
            parts = [part for part in parts if not part.cells.isdisjoint(given_away)]
        return {cell: None if cell in hidden or cell not in cells else self.value[cell] for cell in self.value}

    def _hidden(self, part: _Part, also: set[Cell]) -> set[Cell]:
        count = sum(map(self._small, part.cells))
        if count > MOST:
            raise InvalidArgument(
                f"一起公布的表中相互关联的小数有 {count} 个，超过 {MOST} 个，无法逐一保护；请按更高一级汇总，"
                "分开公布较少的表，或改用取整（--disclosure round）",
                f"{count} small figures are tied to one another in these tables, more than {MOST}: they can't be "
                "protected; count by a higher level, publish fewer tables, or round (--disclosure round)",
            )
        result = disclosure.suppress(
            {_place(cell): self.value[cell] for cell in part.cells},
            part.equations,
            bounds=part.bounds,
            least=self.least,
            zeros=self.zeros,
            also={_place(cell): self._width(cell) for cell in also},
        )
        return {cell for cell in part.cells if result.cells[_place(cell)] is None}

    def _apart(self, cells: set[Cell]) -> Iterable[_Part]:
        """The figures in parts that no relation ties to one another: they are protected apart, and faster."""
        parts = {cell: _Part({cell}) for cell in cells}
        for relations in (self.equations, self.bounds):
            for one in relations:
                if one.total not in cells:
                    continue
                tied = {id(parts[cell]): parts[cell] for cell in (one.total, *one.parts, *one.less)}
                largest = max(tied.values(), key=lambda part: len(part.cells))
                for part in tied.values():
                    if part is not largest:
                        largest.cells |= part.cells
                        largest.equations += part.equations
                        largest.bounds += part.bounds
                        parts.update(dict.fromkeys(part.cells, largest))
                (largest.equations if relations is self.equations else largest.bounds).append(_placed(one))
        return {id(part): part for part in parts.values()}.values()

    def _companions(self, hidden: set[Cell]) -> Iterator[Cell]:
        """What tells of the same children as a figure that is hidden."""
        for cells in self.blocks.values():
            if not hidden.isdisjoint(cells):
                yield from cells

    def rounded(self, base: int) -> dict[Cell, Figure]:
        """Whole numbers as multiples of the base, amounts shown or hidden."""
        money = {cell for cell in self.value if self.columns[cell].money and cell not in self.closed}
        counts = {cell for cell in self.value if not self.columns[cell].money and self._counts(cell)}
        result = disclosure.rounded(
            {_place(cell): self.value[cell] for cell in counts},
            [_placed(one) for one in self.equations if one.total in counts],
            base=base,
        )
        shown = self._suppressed(money)
        whole = {cell for cell in self.value if not self.columns[cell].money}
        return {**shown, **{cell: result.cells[_place(cell)] if cell in counts else 0 for cell in whole}}

    def release(self, method: str, shown: Mapping[Cell, Figure], base: int) -> Release:
        """What is said below the tables."""
        hidden = {cell for cell, figure in shown.items() if figure is None}
        small = {cell for cell in hidden if self._small(cell)}
        leaves = {cell for cell, column in self.columns.items() if column.of_children}
        leaves -= {one.total for one in self.equations}
        whole = sum(self.value[cell] for cell in leaves)
        told = sum(self.value[cell] for cell in leaves - hidden)
        return Release(
            method, self.least, self.zeros, base, len(self.value), len(small), len(hidden - small),
            round(told / whole, 4) if whole else 1.0,
        )  # fmt: skip


def _place(cell: Cell) -> disclosure.Cell:
    return " ".join(cell[:3]), cell.column


def _placed(one: Equation) -> disclosure.Equation:
    return disclosure.Equation(_place(one.total), tuple(map(_place, one.parts)), tuple(map(_place, one.less)))


def _figures(report: Report) -> Iterator[tuple[Cell, StatColumn, Figure, int]]:
    """Every figure that is summed, with how many children are behind it; where that isn't known, it may be one."""
    rows = [(row.code, row.figures, row.behind) for row in report.rows]
    total = {column.id: sum(row.behind.get(column.id, 0) for row in report.rows) for column in report.table.columns}
    for code, figures, behind in (*rows, (TOTAL, report.totals, total)):
        for column, figure in zip(report.table.columns, figures, strict=True):
            if column.additive:
                cell = Cell(report.table.id, report.level, code, column.id)
                told = int(figure or 0) if column.of_children else behind.get(column.id) or bool(figure)
                yield cell, column, figure, int(told)


def _told(report: Report, shown: Mapping[Cell, Figure], release: Release) -> Report:
    """A table with its figures as they are shown."""
    columns = report.table.columns
    at = {column.id: place for place, column in enumerate(columns)}

    def told(code: str, figures: Sequence[Figure]) -> tuple[Figure, ...]:
        made = list(figures)
        for column, figure in zip(columns, figures, strict=True):
            cell = Cell(report.table.id, report.level, code, column.id)
            if cell in shown:
                # A figure that is shown as it is stays what it was: an amount is no whole number.
                made[at[column.id]] = figure if column.money and shown[cell] is not None else shown[cell]
        for column in columns:
            if column.ratio is not None and None in (made[at[column.ratio[0]]], made[at[column.ratio[1]]]):
                made[at[column.id]] = None
        return tuple(made)

    rows = tuple(Row(row.code, row.name_zh, row.name_en, told(row.code, row.figures)) for row in report.rows)
    left_out = {
        reason: None if count is not None and 0 < count < release.least else count
        for reason, count in report.left_out.items()
    }
    totals = told(TOTAL, report.totals)
    return dataclasses.replace(report, rows=rows, totals=totals, left_out=left_out, release=release)
