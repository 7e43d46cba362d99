"""Filled tables as one relation, a row a figure: CSV and Parquet for analysis.

The long form is the same for every table, so that several go into one file and are taken apart by ``table``; who wants
the tables as they are laid out takes the workbook.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import pathlib
import tempfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import duckdb

from kunjing_exchange.report.filled import TOTAL
from kunjing_exchange.report.layout import state

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Figure, Report

__all__ = ["CellRow", "cell_rows", "write_csv", "write_parquet"]


class CellRow(NamedTuple):
    """One figure with all that it is of. ``division`` is ``total`` in the total; ``rule`` is ``as_of`` or ``flow``."""

    table: str
    title: str
    period: str
    period_start: datetime.date
    period_end: datetime.date
    level: str
    sender: str
    division: str
    name: str
    column: str
    heading: str
    rule: str
    unit: str
    figure: Figure
    state: str


_TYPES = {"period_start": "date", "period_end": "date", "figure": "decimal(18, 2)"}


def cell_rows(reports: Iterable[Report], lang: str = "zh") -> Iterator[CellRow]:
    """The relation, in the order of tables, divisions and columns."""
    for report in reports:
        table = report.table
        rows = [(row.code, row.name_zh if lang == "zh" else row.name_en, row.figures) for row in report.rows]
        for division, name, figures in (*rows, (TOTAL, "合计" if lang == "zh" else "total", report.totals)):
            for place, (figure, column) in enumerate(zip(figures, table.columns, strict=True)):
                headings = column.headings_zh if lang == "zh" else column.headings_en
                yield CellRow(
                    table.id, table.title_zh if lang == "zh" else table.title_en, report.period, report.period_start,
                    report.period_end, report.level, report.sender, division, name, column.id, " · ".join(headings),
                    column.period, column.unit_zh if lang == "zh" else column.unit_en, figure,
                    state(table, figures, place),
                )  # fmt: skip


def write_csv(reports: Iterable[Report], stream: BinaryIO, lang: str = "zh") -> None:
    """CSV in UTF-8 with a byte order mark, so that a spreadsheet reads it; one row of headings, then a row a figure.

    A text that a spreadsheet would take for a formula is written with an apostrophe before it.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(CellRow._fields)
    for row in cell_rows(reports, lang):
        writer.writerow("" if value is None else _safe(value) if isinstance(value, str) else value for value in row)
    stream.write(text.getvalue().encode("utf-8-sig"))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text


def write_parquet(reports: Iterable[Report], stream: BinaryIO, lang: str = "zh") -> None:
    """Parquet, with the same columns; ``figure`` is a decimal with two places."""
    types = ", ".join(f"'{name}': '{_TYPES.get(name, 'varchar')}'" for name in CellRow._fields)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        plain, packed = pathlib.Path(folder, "cells.jsonl"), pathlib.Path(folder, "cells.parquet")
        with plain.open("w", encoding="utf-8") as lines:
            for row in cell_rows(reports, lang):
                # an amount goes as text, so that it stays exact
                lines.write(json.dumps(row._asdict(), ensure_ascii=False, default=str) + "\n")
        connection.execute(
            f"copy (select * from read_json({_quoted(plain)}, format = 'newline_delimited', columns = {{{types}}})) "
            f"to {_quoted(packed)} (format parquet, compression zstd)"
        )
        stream.write(packed.read_bytes())


def _quoted(path: pathlib.Path) -> str:
    text = str(path).replace("'", "''")
    return f"'{text}'"
