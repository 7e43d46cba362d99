"""A filled table: rows of figures, and the relations in which they have to stand to one another."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, BinaryIO, NamedTuple

from kunjing_exchange.findings import Verdict
from kunjing_exchange.report.render import as_dict, as_text
from kunjing_exchange.report.table import StatTable
from kunjing_exchange.report.workbook import write_workbook

__all__ = ["TOTAL", "Cell", "Equation", "Figure", "Release", "Report", "Row", "derived", "joined", "totals_of"]

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
    """One division with its figures, in the column order of the table.

    ``behind`` says how many children stand behind a figure that is no number of children (an amount, payments,
    events), by column; it is the office's own, for :func:`kunjing_exchange.report.released`.
    """

    code: str
    name_zh: str
    name_en: str
    figures: tuple[Figure, ...]
    behind: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Release:
    """How the tables of one publication were made fit for it, and how much they still tell.

    ``method`` is ``suppress`` or ``round``. ``least``, ``zeros`` and ``base`` are as in
    :mod:`kunjing_exchange.report.disclosure`; ``base`` is 0 where nothing is rounded. Of ``figures``, ``small`` are
    hidden for their own sake and ``others`` so that those can't be worked out; ``share`` of the children counted are in
    figures that are shown.
    """

    method: str
    least: int
    zeros: bool
    base: int
    figures: int
    small: int
    others: int
    share: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Report:
    """A filled table.

    ``left_out`` counts the case files that are not in the population, by reason: ``rejected`` (not accepted),
    ``closed`` (not on the register on the last day), ``no_category`` (on it, with no recognition in force).
    ``totals`` are the sums over the rows, as they were counted or, in a return, as they were stated. ``replaced`` names
    the submissions that a later one took the place of; ``known_on`` is the day the knowledge of which counts, where
    one was asked for. ``from_dataset``: records were counted as a dataset holds them, accepted when it was written and
    not validated again. ``release`` is there where the table is fit to be published: a figure that is hidden is None,
    and so is a count in ``left_out``.
    """

    table: StatTable
    level: str
    period: str
    period_start: datetime.date
    period_end: datetime.date
    sender: str
    rows: tuple[Row, ...]
    totals: tuple[Figure, ...]
    left_out: Mapping[str, int | None]
    verdict: Verdict
    edition: str
    known_on: datetime.date | None = None
    replaced: tuple[str, ...] = field(default=())
    from_dataset: bool = False
    release: Release | None = None

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

    def bounds(self) -> Iterator[Equation]:
        """Where a figure is the sum of others or more: all children, and those with a disability."""
        for division in (*(row.code for row in self.rows), TOTAL):
            for whole, parts in self.table.bounds:
                yield Equation(self._cell(division, whole), tuple(self._cell(division, column) for column in parts))

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
    """The sums over rows, and the ratios of the sums; None where a part is not published."""
    sums: dict[str, Figure] = {
        column.id: Decimal("0.00") if column.money else 0 for column in table.columns if column.additive
    }
    for row in rows:
        for column, figure in zip(table.columns, row.figures, strict=True):
            if column.additive:
                so_far = sums[column.id]
                sums[column.id] = None if so_far is None or figure is None else so_far + figure
    return tuple(derived(table, sums))


def joined(table: StatTable, rows: Sequence[Row], code: str, name_zh: str, name_en: str) -> Row:
    """Rows added to one."""
    behind: Counter[str] = Counter()
    for row in rows:
        behind.update(row.behind)
    return Row(code, name_zh, name_en, totals_of(table, rows), dict(behind))
