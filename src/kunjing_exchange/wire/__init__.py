"""Wire formats: bytes ↔ located plain records, one at a time.

``open_source`` makes an input ready and says its format; ``open_reader`` cuts it into records and checks them against
the schema; ``open_writer`` writes records. Each format's module is loaded when it is used.
"""

from __future__ import annotations

from typing import BinaryIO

from kunjing_exchange.errors import UnknownFormat
from kunjing_exchange.wire.record import (
    KINDS,
    Digester,
    Limits,
    Located,
    Part,
    PartReader,
    Place,
    Plain,
    Reader,
    Writer,
    arrange,
    canonical_body,
    canonical_json,
    key_of,
)
from kunjing_exchange.wire.source import FORMATS, Source, open_source
from kunjing_exchange.wire.spool import open_output, work_folder

__all__ = [
    "FORMATS",
    "KINDS",
    "Digester",
    "Limits",
    "Located",
    "Part",
    "PartReader",
    "Place",
    "Plain",
    "Reader",
    "Source",
    "Writer",
    "arrange",
    "canonical_body",
    "canonical_json",
    "key_of",
    "open_output",
    "open_reader",
    "open_source",
    "open_writer",
    "work_folder",
]


def open_reader(source: Source) -> Reader:
    """The reader of the source's format."""
    if source.format == "xml":
        from kunjing_exchange.wire.xml import XmlReader

        return XmlReader(source)
    if source.format == "json":
        from kunjing_exchange.wire.json import JsonReader

        return JsonReader(source)
    if source.format == "jsonl":
        from kunjing_exchange.wire.json import JsonLinesReader

        return JsonLinesReader(source)
    from kunjing_exchange.wire.sheet import SheetReader

    return SheetReader(source)


def open_writer(format: str, stream: BinaryIO, *, encoding: str = "utf-8") -> Writer:  # noqa: A002 - as validate
    """The writer of a format. ``encoding`` is ``utf-8`` or ``gb18030``; a workbook knows none but its own.

    Raises:
        UnknownFormat: no such format.
    """
    if format == "xml":
        from kunjing_exchange.wire.xml import XmlWriter

        return XmlWriter(stream, encoding=encoding)
    if format == "json":
        from kunjing_exchange.wire.json import JsonWriter

        return JsonWriter(stream, encoding=encoding)
    if format == "jsonl":
        from kunjing_exchange.wire.json import JsonLinesWriter

        return JsonLinesWriter(stream, encoding=encoding)
    if format == "xlsx":
        from kunjing_exchange.wire.sheet import WorkbookWriter

        return WorkbookWriter(stream)
    if format == "csv":
        from kunjing_exchange.wire.sheet import CsvWriter

        return CsvWriter(stream)
    raise UnknownFormat(f"不支持的格式:{format}", f"format not supported: {format}; one of {', '.join(FORMATS)}")
