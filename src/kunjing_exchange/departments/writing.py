"""Canonical records as a department's own file."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Mapping
from html import escape
from json.encoder import encode_basestring
from typing import Any, BinaryIO, NamedTuple

from kunjing_exchange.departments.checking import check, unfit
from kunjing_exchange.departments.layout import Element, Home, Layout
from kunjing_exchange.departments.mapping import mapping
from kunjing_exchange.errors import InvalidArgument, MissingExtra, UnknownFormat
from kunjing_exchange.findings import Problem
from kunjing_exchange.wire import Plain

__all__ = ["DepartmentWriter"]

_LOSSES = 1000


class DepartmentWriter:
    """Case files or department records → a department's file, one record of its layout after the other.

    ``supplied`` gives texts of elements that no record holds, such as the operator of a message.

    ``losses`` names what the layout could not take: codes without a counterpart (KJ-DEPT-005), values that don't fit
    (KJ-DEPT-003), required elements that nobody filled (KJ-DEPT-002). Headers and other records are not written.

    Raises:
        UnknownFormat: the layout does not come in that format.
        InvalidArgument: an element is supplied that the layout has not.
        MissingExtra: a workbook is asked for and the extra ``xlsx`` is not installed.
    """

    def __init__(
        self,
        stream: BinaryIO,
        of: Layout,
        format: str,  # noqa: A002 - as everywhere
        *,
        encoding: str = "utf-8",
        supplied: Mapping[str, str] | None = None,
    ) -> None:
        if format not in of.formats and not (format == "jsonl" and "json" in of.formats):
            raise UnknownFormat(
                f"{of.name} 没有 {format} 格式；可用：{'、'.join(of.formats)}",
                f"{of.name} does not come as {format}; one of {', '.join(of.formats)}",
            )
        unknown = (supplied or {}).keys() - of.by_name.keys()
        if unknown:
            names = ", ".join(sorted(unknown))
            raise InvalidArgument(f"{of.name} 没有元素 {names}", f"{of.name} has no element {names}")
        self.losses: list[Problem] = []
        self.count = 0
        self.layout = of
        self._supplied = {**of.fixed, **(supplied or {})}
        self._mapping = mapping(of.name)
        self._sink: Any = _SINKS[format](stream, of, encoding)

    def write(self, kind: str, data: Plain) -> None:
        """Write what the layout holds of one record."""
        if kind not in ("case_file", "department_record"):
            return
        for row in self._mapping.rows(data, self._refuse):
            self.put(row)

    def put(self, row: Plain) -> None:
        """Write one record of the layout's own."""
        for name, text in self._supplied.items():
            here = row
            *above, last = name.split(".")
            for step in above:
                here = here.setdefault(step, {})
            here.setdefault(last, text)
        if len(self.losses) < _LOSSES:
            problems: list[Problem] = []
            check(self.layout, row, problems)
            self.losses.extend(problems[: _LOSSES - len(self.losses)])
        self._sink.write(row)
        self.count += 1

    def close(self) -> None:
        """Finish the file."""
        self._sink.close()

    def _refuse(self, finding: str, element: Element, text: str, home: Home) -> None:
        if len(self.losses) < _LOSSES:
            self.losses.append(unfit(finding, element, text, home))


class _CsvSink:
    def __init__(self, stream: BinaryIO, of: Layout, encoding: str) -> None:
        # Excel takes UTF-8 only with a mark; GB18030 is what it saves itself
        self._text = io.TextIOWrapper(stream, "utf-8-sig" if encoding == "utf-8" else encoding, newline="")
        self._names = [element.name for element in of.elements]
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._writer.writerow([of.heading(element) for element in of.elements])

    def write(self, row: Plain) -> None:
        self._writer.writerow([row.get(name, "") for name in self._names])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class _XlsxSink:
    def __init__(self, stream: BinaryIO, of: Layout, encoding: str) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtra("xlsx", "写工作簿", "writing workbooks") from None
        self._book = xlsxwriter.Workbook(
            stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_numbers": False,
                     "strings_to_urls": False},
        )  # fmt: skip
        self._book.set_properties({"created": datetime.datetime(2017, 1, 1), "author": "kunjing_exchange"})
        text = self._book.add_format({"num_format": "@"})
        bold = self._book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7", "bottom": 1})
        self._sheet = self._book.add_worksheet(of.title_zh[:31])
        self._sheet.freeze_panes(1, 1)
        self._names = [element.name for element in of.elements]
        for at, element in enumerate(of.elements):
            heading = of.heading(element) + ("*" if element.required == "Y" else "")
            self._sheet.set_column(at, at, max(10, 2 * len(heading) + 2), text)
            self._sheet.write_string(0, at, heading, bold)
        self._next = 1

    def write(self, row: Plain) -> None:
        for at, name in enumerate(self._names):
            if value := row.get(name):
                self._sheet.write_string(self._next, at, value)
        self._next += 1

    def close(self) -> None:
        self._book.close()


class _XmlSink:
    def __init__(self, stream: BinaryIO, of: Layout, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._layout = of
        self._order = _order(of)
        self._put(f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n<{of.root}>\n')

    def _put(self, text: str) -> None:
        self._stream.write(text.encode(self._encoding, "xmlcharrefreplace"))

    def write(self, row: Plain) -> None:
        parts: list[str] = []
        _xml(self._layout.record, row, self._order, "  ", parts)
        self._put("".join(parts))

    def close(self) -> None:
        self._put(f"</{self._layout.root}>\n")


class _JsonSink:
    """One message, or a list of them; numbers where the layout says so."""

    def __init__(self, stream: BinaryIO, of: Layout, encoding: str) -> None:
        self._stream = stream
        self._encoding = encoding
        self._text = _json_writer(_order(of))
        self._held: list[bytes] = []
        self._open = False

    def write(self, row: Plain) -> None:
        text = self._text(row).encode(self._encoding)
        if not self._open and not self._held:
            self._held.append(text)  # one message stands alone; a second makes a list
            return
        if not self._open:
            self._stream.write(b"[\n" + self._held.pop())
            self._open = True
        self._stream.write(b",\n" + text)

    def close(self) -> None:
        self._stream.write(b"\n]\n" if self._open else (self._held.pop() + b"\n" if self._held else b"[]\n"))


class _JsonLinesSink(_JsonSink):
    def write(self, row: Plain) -> None:
        self._stream.write(self._text(row).encode(self._encoding) + b"\n")

    def close(self) -> None:
        self._stream.flush()


_SINKS = {"csv": _CsvSink, "xlsx": _XlsxSink, "xml": _XmlSink, "json": _JsonSink, "jsonl": _JsonLinesSink}


class _Place(NamedTuple):
    """A name of a level of the layout, in its order; ``below`` is empty of an element."""

    name: str
    bare: bool
    """Whether JSON has the text as a number."""
    below: list[_Place]


def _order(of: Layout) -> list[_Place]:
    """The layout's elements as a tree in their order."""
    root: list[_Place] = []
    for element in of.elements:
        level = root
        for name, _ in element.steps:
            place = next((one for one in level if one.name == name), None)
            if place is None:
                # a number only where it is an element: what is above one is never looked at
                place = _Place(name, element.type in ("number", "integer"), [])
                level.append(place)
            level = place.below
    return root


def _xml(name: str, row: Plain, order: list[_Place], indent: str, parts: list[str]) -> None:
    parts.append(f"{indent}<{name}>\n")
    for key, _, below in order:
        value = row.get(key)
        if value is None:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                _xml(key, one, below, indent + "  ", parts)
            else:
                parts.append(f"{indent}  <{key}>{escape(one, quote=False)}</{key}>\n")
    parts.append(f"{indent}</{name}>\n")


def _json_writer(order: list[_Place]) -> Callable[[Plain], str]:
    """What writes a record as JSON in the layout's order, as straight code; a number has the digits that its text has.

    For an age and a list of identities it is::

        def written(row):
            text = ''
            value = row.get('age')
            if value is not None:
                text += ',"age":' + value
            value = row.get('idetinfo')
            if value is not None:
                text += ',"idetinfo":' + below1(value)
            return '{' + text[1:] + '}'
    """
    known: dict[str, Any] = {"quoted": encode_basestring}
    lines = ["def written(row):", "    text = ''"]
    for at, (name, bare, below) in enumerate(order):
        if below:
            known[f"below{at}"] = _part_writer(_json_writer(below))
        said = f"below{at}(value)" if below else "value" if bare else "quoted(value)"
        label = f",{encode_basestring(name)}:"
        lines += [f"    value = row.get({name!r})", "    if value is not None:", f"        text += {label!r} + {said}"]
    # nothing but the names of the layout's table, as Python writes them, goes into the code
    exec("\n".join([*lines, "    return '{' + text[1:] + '}'"]), known)  # noqa: S102
    made: Callable[[Plain], str] = known["written"]
    return made


def _part_writer(write: Callable[[Plain], str]) -> Callable[[Any], str]:
    """What writes a part of a record, or a list of them."""
    return lambda value: f"[{','.join(map(write, value))}]" if type(value) is list else write(value)
