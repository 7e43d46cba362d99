"""What a workbook and a folder of CSV have in common: named sheets of numbered rows of cells.

:mod:`~kunjing_exchange.wire.xlsx` and :mod:`~kunjing_exchange.wire.csv` turn bytes into these and back and know no
record; :mod:`~kunjing_exchange.wire.sheet` turns these into records and back and knows no bytes.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from kunjing_exchange.findings import Problem

__all__ = ["Cell", "ColumnForm", "Fault", "Row", "SheetForm", "Sheets", "Sink", "column_letters"]


class Fault(NamedTuple):
    """A cell that holds no usable value: the finding that says why, and its facts."""

    id: str
    facts: Mapping[str, str]


Cell = str | bool | float | datetime.date | datetime.time | Fault
"""What a cell holds. Empty cells are left out of a row; a ``datetime`` is a ``date`` too."""

Row = tuple[int, dict[int, Cell]]
"""A row that is not blank: its number from 1, and its cells by column from 0."""


class Sheets(Protocol):
    """Sheets to be read. ``problems`` is complete for a sheet once its rows have been read to the end."""

    problems: list[Problem]

    def names(self) -> tuple[str, ...]:
        """The sheets' names, in their order."""
        ...

    def label(self, name: str) -> str:
        """The sheet as a finding names it: ``待遇``, ``待遇.csv``."""
        ...

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a sheet, from the first to the last."""
        ...

    def line(self, name: str, row: int) -> int | None:
        """The line of the text file on which a row that has been read begins; none in a workbook."""
        ...


class ColumnForm(NamedTuple):
    """A column as it is to be written: heading, width in characters, and the choices of its drop-down list, if any."""

    heading: str
    width: int
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetForm:
    """A sheet as it is to be written; the first ``frozen`` columns stay in view."""

    title: str
    columns: tuple[ColumnForm, ...]
    frozen: int = field(default=1)


class Sink(Protocol):
    """Sheets being written, all of them at once, row by row."""

    max_rows: int | None

    def append(self, title: str, texts: list[str]) -> None:
        """Write the next row of a sheet."""
        ...

    def close(self) -> None:
        """Finish: now the output is there."""
        ...

    def discard(self) -> None:
        """Give up: no output, and nothing temporary stays."""
        ...


def column_letters(column: int) -> str:
    """0 → ``A``, 26 → ``AA``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
