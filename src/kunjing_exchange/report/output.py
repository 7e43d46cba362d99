"""Writing filled tables: one function for every format, and the folder of workbook and page."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from kunjing_exchange.errors import InvalidArgument, MissingExtra
from kunjing_exchange.report.charts import charts
from kunjing_exchange.report.page import html_text

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Report

__all__ = ["FOLDER_FILES", "FORMATS", "format_of", "tables_json", "tables_text", "write_folder", "write_report"]

FOLDER_FILES = ("tables.xlsx", "tables.html")
"""What :func:`write_folder` writes."""


def tables_text(reports: Sequence[Report], lang: str) -> str:
    """The tables for a terminal, one below the other."""
    return "\n".join(report.text(lang).rstrip("\n") + "\n" for report in reports)


def tables_json(reports: Sequence[Report], lang: str) -> dict[str, Any]:
    """For JSON: one table as it is, several in a list under ``tables``; both are returns."""
    tables = [report.as_dict(lang) for report in reports]
    return tables[0] if len(tables) == 1 else {"tables": tables}


def _text(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    stream.write(tables_text(reports, lang).encode())


def _json(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    stream.write((json.dumps(tables_json(reports, lang), ensure_ascii=False, indent=2) + "\n").encode())


def _xlsx(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    from kunjing_exchange.report.workbook import write_workbook

    write_workbook(reports, stream, lang)


def _page(reports: Sequence[Report], lang: str) -> str:
    """The page with its charts; without the extra ``plots`` it says how to get them."""
    try:
        return html_text(reports, lang, charts=charts(reports, lang))
    except MissingExtra as missing:
        return html_text(reports, lang, note=missing.text(lang))


def _html(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    stream.write(_page(reports, lang).encode())


def _pdf(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    from kunjing_exchange.report.pdf import write_pdf

    write_pdf(_page(reports, lang), stream)


def _csv(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    from kunjing_exchange.report.cells import write_csv

    write_csv(reports, stream, lang)


def _parquet(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    from kunjing_exchange.report.cells import write_parquet

    write_parquet(reports, stream, lang)


def _xml(reports: Sequence[Report], stream: BinaryIO, lang: str) -> None:
    from kunjing_exchange.report.xml import write_xml

    write_xml(reports, stream, lang)


FORMATS: Mapping[str, Callable[[Sequence[Report], BinaryIO, str], None]] = {
    "text": _text,
    "json": _json,
    "xlsx": _xlsx,
    "html": _html,
    "pdf": _pdf,
    "csv": _csv,
    "xml": _xml,
    "parquet": _parquet,
}
"""How each format is written."""

_SUFFIXES = {".txt": "text", ".htm": "html"} | {f".{name}": name for name in FORMATS if name != "text"}


def format_of(path: str | os.PathLike[str]) -> str | None:
    """The format that a path's suffix names; None where it names none."""
    return _SUFFIXES.get(pathlib.Path(path).suffix.lower())


def write_report(
    reports: Report | Iterable[Report] | Mapping[str, Report],
    target: str | os.PathLike[str] | BinaryIO,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    lang: str = "zh",
    *,
    force: bool = False,
) -> None:
    """Write filled tables, one or several, into a file (whole or not at all) or a stream.

    Args:
        reports: one, several, or what :func:`kunjing_exchange.report.report` gives for several; an iterator is run
            through only when the file is open.
        target: a path, ``-`` for standard output, or a binary stream.
        format: one of :data:`FORMATS`; by the path's suffix where it is not given.
        force: overwrite the file.

    Raises:
        InvalidArgument: there is no such format, or no table.
        MissingExtra: ``xlsx`` is not installed. Without ``plots`` a page is written without charts and says so.
        MissingProgram: nothing that prints a page as PDF is installed.
        OutputExists
    """
    from kunjing_exchange.wire import open_output

    if format is None and isinstance(target, str | os.PathLike):
        format = format_of(target)  # noqa: A001
    if format is None or format not in FORMATS:
        known = ", ".join(FORMATS)
        raise InvalidArgument(f"请指明格式：{known}", f"say the format, one of {known}", format=format)
    if isinstance(target, str | os.PathLike):
        with open_output(target, force=force) as stream:
            FORMATS[format](_listed(reports), stream, lang)
    else:
        FORMATS[format](_listed(reports), target, lang)


def write_folder(
    reports: Report | Iterable[Report] | Mapping[str, Report],
    folder: str | os.PathLike[str],
    lang: str = "zh",
    *,
    force: bool = False,
) -> tuple[pathlib.Path, ...]:
    """Write the workbook and the page of these tables into a folder, made where it is not there; returns the files.

    ``reports`` as for :func:`write_report`.

    Raises:
        MissingExtra: ``xlsx`` is not installed.
        OutputExists: one of the files is there and ``force`` is not set; then neither is written.
    """
    from kunjing_exchange.wire import open_output

    given = _listed(reports)
    place = pathlib.Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    workbook, page = (place / name for name in FOLDER_FILES)
    with open_output(workbook, force=force) as book_stream, open_output(page, force=force) as page_stream:
        _xlsx(given, book_stream, lang)
        _html(given, page_stream, lang)
    return workbook, page


def _listed(reports: Report | Iterable[Report] | Mapping[str, Report]) -> list[Report]:
    from kunjing_exchange.report.filled import Report as Filled

    if isinstance(reports, Filled):
        return [reports]
    given = list(reports.values() if isinstance(reports, Mapping) else reports)
    if not given:
        raise InvalidArgument("没有可写出的表", "there is no table to write")
    return given
