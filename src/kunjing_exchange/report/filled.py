"""A filled table: rows of figures, and the relations in which they have to stand to one another."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, BinaryIO, NamedTuple

from kunjing_exchange.findings import Verdict
from kunjing_exchange.report.render import as_dict, as_text
from kunjing_exchange.report.table import StatTable
from kunjing_exchange.report.workbook import write_workbook

__all__ = ["TOTAL", "Cell", "Equation", "Figure", "Report", "Row", "derived", "totals_of"]

Figure = int | Decimal | None
"""A count, an amount or a ratio; None where there is nothing to divide by, or where the office writes it in by hand."""

TOTAL = "total"
"""What stands for a division's code in the cells of the total."""


class Cell(NamedTuple):
    """Where a figure stands: table, level of its rows, code of the division (or :data:`TOTAL`), column."""

    table: str
    level: str
    division: str
    column: str


class Equation(NamedTuple):
    """A figure that is the sum of others: ``total`` is the sum of ``parts`` less the sum of ``less``."""

    total: Cell
    parts: tuple[Cell, ...]
    less: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One division with its figures, in the column order of the table."""

    code: str
    name_zh: str
    name_en: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A filled table.

    ``left_out`` counts the case files that are not in the population, by reason: ``rejected`` (not accepted),
    ``closed`` (not on the register on the last day), ``no_category`` (on it, with no recognition in force).
    ``totals`` are the sums over the rows, as they were counted or, in a return, as they were stated. ``replaced`` names
    the submissions that a later one took the place of; ``known_on`` is the day the knowledge of which counts, where
    one was asked for. ``from_dataset``: records were counted as a dataset holds them, accepted when it was written and
    not validated again.
    """

    table: StatTable
    level: str
    period: str
    period_start: datetime.date
    period_end: datetime.date
    sender: str
    rows: tuple[Row, ...]
    totals: tuple[Figure, ...]
    left_out: Mapping[str, int]
    verdict: Verdict
    edition: str
    known_on: datetime.date | None = None
    replaced: tuple[str, ...] = field(default=())
    from_dataset: bool = False

    def cells(self) -> Iterator[tuple[str, str, Figure]]:
        """(code of the division, column, figure) of every cell; those of the total at the end."""
        ids = [column.id for column in self.table.columns]
        for row in self.rows:
            for name, figure in zip(ids, row.figures, strict=True):
                yield row.code, name, figure
        for name, figure in zip(ids, self.totals, strict=True):
            yield TOTAL, name, figure

    def figure(self, division: str, column: str) -> Figure:
        """One figure; ``division`` is the code of a row or :data:`TOTAL`.

        Raises:
            KeyError: there is no such row.
            UnknownTable: there is no such column.
        """
        place = self.table.columns.index(self.table.column(column))
        if division == TOTAL:
            return self.totals[place]
        return next(row.figures[place] for row in self.rows if row.code == division)

    def equations(self) -> Iterator[Equation]:
        """How the cells of this table add up: across the columns in every row, and along the rows to the total."""
        for division in (*(row.code for row in self.rows), TOTAL):
            for total, parts, less in self.table.sums:
                yield Equation(
                    self._cell(division, total),
                    tuple(self._cell(division, column) for column in parts),
                    tuple(self._cell(division, column) for column in less),
                )
        for column in self.table.columns:
            if column.additive and self.rows:
                yield Equation(
                    self._cell(TOTAL, column.id), tuple(self._cell(row.code, column.id) for row in self.rows)
                )

    def _cell(self, division: str, column: str) -> Cell:
        return Cell(self.table.id, self.level, division, column)

    def text(self, lang: str = "zh") -> str:
        """The table for a terminal."""
        return as_text(self, lang)

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """The table for JSON, with the definition of every figure; amounts and ratios are texts."""
        return as_dict(self, lang)

    def write_xlsx(self, stream: BinaryIO, lang: str = "zh") -> None:
        """The table laid out as an office expects it, A4 landscape.

        Raises:
            MissingExtra: ``xlsx`` is not installed.
        """
        write_workbook([self], stream, lang)


def derived(table: StatTable, figures: Mapping[str, Figure]) -> list[Figure]:
    """Figures in the order of the columns: what is summed, the ratios made of it, and None for what is by hand."""
    return [
        figures.get(column.id) if column.ratio is None else _ratio(column.ratio, figures, column.money)
        for column in table.columns
    ]


def _ratio(ratio: tuple[str, str, int], figures: Mapping[str, Figure], money: bool) -> Figure:
    above, below = figures[ratio[0]], figures[ratio[1]]
    if not below or above is None:
        return None
    places = Decimal("0.01") if money else Decimal("0.1")
    return (Decimal(above) * ratio[2] / Decimal(below)).quantize(places, ROUND_HALF_UP)


def totals_of(table: StatTable, rows: Iterable[Row]) -> tuple[Figure, ...]:
    """The sums over rows, and the ratios of the sums."""
    sums: dict[str, Figure] = {
        column.id: Decimal("0.00") if column.money else 0 for column in table.columns if column.additive
    }
    for row in rows:
        for column, figure in zip(table.columns, row.figures, strict=True):
            if column.additive and figure is not None:
                sums[column.id] = (sums[column.id] or 0) + figure
    return tuple(derived(table, sums))
