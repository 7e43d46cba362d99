"""A department's file as located canonical records of kind ``department_record``.

CSV and XLSX hold one record a row below a heading; XML holds repeated elements; JSON is one message, a list of records,
or one record a line. The layout is told by the caller, or by the file's own names (:func:`recognise`). What the sender
got wrong is said in its own terms: its element and its row.
"""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from kunjing_exchange import wire
from kunjing_exchange.departments.checking import Level, check, levels, named, sound, unfit
from kunjing_exchange.departments.layout import Element, Home, Layout, layout, layouts
from kunjing_exchange.departments.mapping import LocalCodes, Mapping, mapping
from kunjing_exchange.errors import UnknownFormat
from kunjing_exchange.findings import Path, Problem, clip
from kunjing_exchange.model import NAMESPACE, VERSION, elements
from kunjing_exchange.wire import KINDS, Located, Place, Plain, Reader, Source, work_folder
from kunjing_exchange.wire.cells import Cell, Fault, Sheets, column_letters
from kunjing_exchange.wire.csv import CsvFiles
from kunjing_exchange.wire.json_schema import accepts, explain
from kunjing_exchange.wire.xlsx import Workbook

__all__ = ["DepartmentReader", "open_reader", "recognise"]

_KIND = "department_record"
_ENOUGH = 0.6
"""Share of a file's names that have to be a layout's own for the file to be told to have it."""


class DepartmentReader:
    """Bytes of a department's file → located canonical records.

    A header made up for them comes first; it has no sender's county where nothing says it.

    Args:
        source: what :func:`kunjing_exchange.wire.open_source` gives.
        of: the layout.
        on: day the data are as of; today where it is not given.
        division: county of the sender, for the header; told by the first record where it is not given.
        local: the place's own codes.
    """

    ordered = True

    def __init__(
        self,
        source: Source,
        of: Layout,
        *,
        on: datetime.date | None = None,
        division: str | None = None,
        local: LocalCodes | None = None,
    ) -> None:
        self.problems: list[Problem] = []
        self.layout = of
        self._source = source
        self._mapping = Mapping(of, local) if local else mapping(of.name)
        self._sound = sound(of)
        self._on = (on or datetime.date.today()).isoformat()
        self._division = division
        self._sheet: tuple[Sheets, str, dict[str, int]] | None = None

    def __iter__(self) -> Iterator[Located]:
        self.problems.clear()
        records = self._records()
        first = next(records, None)
        if first is None:
            self.problems.append(Problem("KJ-SYS-013"))
            return
        yield Located(0, "header", self._header(first), Place(line=1))
        yield first
        yield from records

    def _header(self, first: Located) -> Plain:
        """What stands for the header that departments don't send."""
        data = first.data or {}
        said = (
            data.get("division"),
            data.get("child", {}).get("residence_division"),
            *(one.get("school_division") for one in data.get("schooling", ())),
            *(one.get("division") for one in data.get("insurance", ())),
        )
        division = self._division or next((one for one in said if isinstance(one, str)), None)
        return {
            "version": VERSION,
            "message_type": "department_records",
            "sender_name": self.layout.title_zh,
            **({"sender_division": division} if division else {}),
            "period": self._on[:7],
            "period_end": self._on,
            "kind": "full",
        }

    # --- records ----------------------------------------------------------------------------------------------------
    def _records(self) -> Iterator[Located]:
        for number, (raw, place, problems) in enumerate(self._raw(), 1):
            yield self._located(number, raw, place, problems)

    def _raw(self) -> Iterator[tuple[Plain, Place, list[Problem]]]:
        if self._source.format in ("csv", "xlsx"):
            return self._from_sheet()
        return self._from_xml() if self._source.format == "xml" else self._from_json()

    def _located(self, number: int, raw: Plain, place: Place, problems: list[Problem]) -> Located:
        if not self._sound(raw):
            raw = _texts(raw)
            check(self.layout, raw, problems)

        def refuse(finding: str, element: Element, text: str, home: Home) -> None:
            if named(element) not in {problem.facts.get("element") for problem in problems}:
                problems.append(unfit(finding, element, text, home))

        read = self._mapping.read(raw, refuse)
        data = {
            "record_key": f"{self.layout.name}:{number}",
            "department": self.layout.department,
            "layout": self.layout.name,
            "as_of": read.pop("as_of", self._on),
        }
        for name in self._mapping.tops:
            if name in read:
                data[name] = read[name]
        fits = accepts(_KIND, data)
        if not fits:
            said = {problem.facts.get("element") for problem in problems if problem.id != "KJ-DEPT-005"}
            for problem in explain(_KIND, data, self._source.limits.problems_per_record):
                element = self._mapping.element_at(problem.path)
                if element is None or named(element) not in said:
                    problems.append(problem)
        placed = [self._placed(problem, place) for problem in problems] if problems else []
        return Located(number, _KIND, data, place, placed, fits=fits)

    def _placed(self, problem: Problem, place: Place) -> Problem:
        if problem.line is not None or problem.cell is not None:
            return problem
        element = self._mapping.element_at(problem.path) if problem.path else None
        name = element.name if element else problem.facts.get("element", "").partition(" ")[0]
        line, cell = self._cell(place, name)
        return Problem(problem.id, problem.path, line, cell, problem.facts)

    def locate(self, place: Place, path: Path) -> tuple[int | None, str | None]:
        """(line, place in the department's own terms) of a canonical path: ``C5 XSDQZTM``, or the element alone."""
        element = self._mapping.element_at(path)
        return self._cell(place, element.name if element else "")

    def _cell(self, place: Place, name: str) -> tuple[int | None, str | None]:
        rows = (place.rows or {}).get(_KIND)
        if rows is None or self._sheet is None:
            return place.line, name or None
        sheets, sheet, columns = self._sheet
        at = column_letters(columns.get(name, 0))
        return sheets.line(sheet, rows[0]), f"{sheets.label(sheet)}!{at}{rows[0]} {name}".strip()

    # --- tables -----------------------------------------------------------------------------------------------------
    def _from_sheet(self) -> Iterator[tuple[Plain, Place, list[Problem]]]:
        source = self._source
        with work_folder() as folder, contextlib.ExitStack() as stack:
            if source.format == "xlsx":
                sheets: Any = stack.enter_context(Workbook(source.path, source.name, source.limits, folder))
            else:
                sheets = stack.enter_context(CsvFiles(source.path, source.name, source.limits))
            for name in sheets.names():
                rows = sheets.rows(name)
                heading = _heading(rows, self.layout)
                if heading is not None:
                    yield from self._rows(sheets, name, rows, heading)
                    break
            else:
                self.problems.append(Problem("KJ-DEPT-006", facts={"layout": self.layout.name}))
            self.problems.extend(sheets.problems)

    def _rows(
        self, sheets: Sheets, name: str, rows: Iterable[tuple[int, dict[int, Cell]]], heading: dict[int, str]
    ) -> Iterator[tuple[Plain, Place, list[Problem]]]:
        known = {self.layout.heading(element): element for element in self.layout.elements}
        known |= {element.name: element for element in self.layout.elements}
        columns = {at: known[text] for at, text in heading.items() if text in known}
        self._sheet = sheets, name, {element.name: at for at, element in columns.items()}
        for at, text in heading.items():
            if text not in known:
                self.problems.append(
                    Problem("KJ-SYS-041", cell=f"{sheets.label(name)}!{column_letters(at)}", facts={"name": clip(text)})
                )
        for element in self.layout.elements:
            if element.required == "Y" and element not in columns.values():
                self.problems.append(Problem("KJ-DEPT-007", cell=sheets.label(name), facts={"element": named(element)}))
        blanks = self.layout.blanks
        named_columns = [(at, element.name, element) for at, element in columns.items()]
        for number, cells in rows:
            problems: list[Problem] = []
            raw: Plain = {}
            for at, key, element in named_columns:
                cell = cells.get(at)
                if cell is None:
                    continue
                text = cell.strip() if type(cell) is str else _text(cell, element, problems)
                if text and text not in blanks:
                    raw[key] = text
            if raw or problems:
                place = Place(line=sheets.line(name, number), rows={_KIND: (number,)})
                yield raw, place, problems

    # --- XML --------------------------------------------------------------------------------------------------------
    def _from_xml(self) -> Iterator[tuple[Plain, Place, list[Problem]]]:
        root = levels(self.layout.name)
        with self._source.path.open("rb") as stream:
            parsed = etree.iterparse(
                stream, events=("end",), tag=self.layout.record, resolve_entities=False, no_network=True,
                load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False,
            )  # fmt: skip
            try:
                declared = None
                for _, node in parsed:
                    if declared is None:  # it would stand before everything else
                        declared = bool(node.getroottree().docinfo.doctype)
                    if declared:
                        self.problems.append(Problem("KJ-SYS-003"))
                        return
                    problems: list[Problem] = []
                    yield _plain(node, root, problems), Place(line=node.sourceline), problems
                    node.clear()
                    while node.getprevious() is not None:
                        del node.getparent()[0]
            except etree.XMLSyntaxError as error:
                self.problems.append(Problem("KJ-SYS-001", line=error.lineno or None))

    # --- JSON -------------------------------------------------------------------------------------------------------
    def _from_json(self) -> Iterator[tuple[Plain, Place, list[Problem]]]:
        parser = _Parser()
        with self._source.path.open("rb") as stream:
            first = stream.readline()
            stream.seek(0)
            if isinstance(parser.parse(first)[0], dict) and stream.readline() and (following := stream.readline()):
                stream.seek(0)
                if following.strip():
                    yield from self._from_lines(parser, stream)
                    return
            stream.seek(0)
            whole = stream.read(self._source.limits.record_bytes * 64 + 1)
        if len(whole) > self._source.limits.record_bytes * 64:
            maximum = str(self._source.limits.record_bytes * 64)
            self.problems.append(Problem("KJ-SYS-004", facts={"limit": "record_bytes", "maximum": maximum}))
            return
        value, problems = parser.parse(whole)
        if isinstance(value, dict):
            yield value, Place(line=1), problems
        elif isinstance(value, list):
            self.problems.extend(problems)
            for index, one in enumerate(value):
                if isinstance(one, dict):
                    yield one, Place(index=index), []
                else:
                    yield {}, Place(index=index), [Problem("KJ-SYS-002")]
        else:
            self.problems.append(Problem("KJ-SYS-001", line=1))

    def _from_lines(self, parser: _Parser, stream: Iterable[bytes]) -> Iterator[tuple[Plain, Place, list[Problem]]]:
        for line, raw in enumerate(stream, 1):
            if not raw.strip():
                continue
            value, problems = parser.parse(raw)
            if isinstance(value, dict):
                yield value, Place(line=line), problems
            else:
                yield {}, Place(line=line), [*problems, Problem("KJ-SYS-002")]


def _heading(rows: Iterator[tuple[int, dict[int, Cell]]], of: Layout) -> dict[int, str] | None:
    """The texts of the heading row: the first of a few rows most of whose cells the layout knows."""
    names = {of.heading(element) for element in of.elements} | {element.name for element in of.elements}
    for _, (_, cells) in zip(range(6), rows, strict=False):
        texts = {at: _plain_heading(cell) for at, cell in cells.items() if isinstance(cell, str)}
        known = sum(text in names for text in texts.values())
        if known and known >= _ENOUGH * len(texts):
            return texts
    return None


def _plain_heading(text: str) -> str:
    return text.strip().removesuffix("*").strip()


def _text(cell: Cell, element: Element, problems: list[Problem]) -> str:
    """A cell as text. A number where text belongs has lost digits already: it is said, and not read."""
    if isinstance(cell, str):
        return cell.strip()
    facts = {"name": element.name, "title": element.title}
    if isinstance(cell, Fault):
        problems.append(Problem(cell.id, facts=facts | {"element": named(element)} | dict(cell.facts)))
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, datetime.date):
        problems.append(Problem("KJ-SYS-047", facts=facts | {"element": named(element)}))
        day = cell.isoformat()[:10]
        forms = {home.transform for home in element.homes}
        return day.replace("-", "") if "date8" in forms else day
    if isinstance(cell, float) and element.type in ("number", "integer"):
        return f"{cell:.15g}"
    problems.append(Problem("KJ-SYS-040", facts=facts | {"element": named(element)}))
    return ""


def _plain(node: Any, level: Level, problems: list[Problem]) -> Plain:
    """An XML element's children by name; a child given twice where the layout has no list is said."""
    data: Plain = {}
    for child in node:
        tag = child.tag
        name = tag.rpartition("}")[2] if tag[0] == "{" else tag
        below, repeated = level.below.get(name, _UNKNOWN)
        value: Any = _plain(child, below, problems) if len(child) else (child.text or "").strip()
        if repeated:
            data.setdefault(name, []).append(value)
        elif name in data:
            problems.append(
                Problem("KJ-SYS-025", line=child.sourceline, facts={"name": clip(name), "title": clip(name)})
            )
        elif value:
            data[name] = value
    return data


_UNKNOWN = (Level(), False)


class _Parser:
    """JSON with numbers as they are written."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self._decode = json.JSONDecoder(
            parse_float=str, parse_int=str, parse_constant=self._refuse, object_pairs_hook=self._object
        ).raw_decode

    def parse(self, raw: bytes) -> tuple[Any, list[Problem]]:
        """The value and what is wrong with it; None where it is no JSON."""
        self._problems = []
        try:
            text = raw.decode("utf-8", "surrogatepass").strip(" \t\r\n")
            value, end = self._decode(text)
        except (ValueError, RecursionError):
            return None, self._problems
        return value if end == len(text) else None, self._problems

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) < len(pairs):
            data = {}
            for name, value in pairs:
                if name in data:
                    self._problems.append(Problem("KJ-SYS-005", facts={"name": clip(name)}))
                else:
                    data[name] = value
        return data

    def _refuse(self, constant: str) -> None:
        self._problems.append(Problem("KJ-SYS-006"))


def _texts(value: Any) -> Any:
    """True and false as ``1`` and ``0``; null and empty text are not there."""
    if isinstance(value, dict):
        return {name: _texts(item) for name, item in value.items() if item is not None and item != ""}
    if isinstance(value, list):
        return [_texts(item) for item in value]
    if isinstance(value, bool):
        return "1" if value else "0"
    return value


# --- which layout it is ----------------------------------------------------------------------------------------------
def recognise(source: Source) -> Layout | None:
    """The layout that a file's own names tell, or None where no department's fits: it is one of ours, or unknown.

    The one with the largest share of names in common wins; two that fit alike are no answer.
    """
    names = _names_of(source)
    if not names:
        return None
    scores: list[tuple[float, Layout]] = []
    for known in layouts().values():
        if (
            source.format not in {"jsonl": "json"}.get(source.format, source.format)
            and source.format not in known.formats
        ):
            continue
        own = _known_names(known.name)
        shared = len(names & own)
        if shared >= max(2, _ENOUGH * len(names)) or (source.format == "xml" and known.root in names and shared):
            scores.append((shared / len(names | own) + (known.root in names), known))
    scores.sort(key=lambda pair: -pair[0])
    if not scores or (len(scores) > 1 and scores[0][0] == scores[1][0]):
        return None
    return scores[0][1]


@functools.cache
def _known_names(name: str) -> frozenset[str]:
    of = layout(name)
    return frozenset(
        {of.heading(element) for element in of.elements}
        | {step for element in of.elements for step, _ in element.steps}
    )


_HEAD_BYTES = 256 * 1024


def _names_of(source: Source) -> frozenset[str]:
    """The names that a file uses: headings, elements of its first record, keys of its first object."""
    if source.format in ("csv", "xlsx"):
        return _sheet_names(source)
    with source.path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    if source.format == "xml":
        return _xml_names(head)
    return _json_names(head)


def _sheet_names(source: Source) -> frozenset[str]:
    best: frozenset[str] = frozenset()
    try:
        with work_folder() as folder, contextlib.ExitStack() as stack:
            if source.format == "xlsx":
                sheets: Any = stack.enter_context(Workbook(source.path, source.name, source.limits, folder))
            else:
                sheets = stack.enter_context(CsvFiles(source.path, source.name, source.limits))
            for name in sheets.names():
                for _, (_, cells) in zip(range(6), sheets.rows(name), strict=False):
                    texts = frozenset(_plain_heading(cell) for cell in cells.values() if isinstance(cell, str))
                    best = max(best, texts, key=len)
    except ValueError:
        return frozenset()
    return best


def _xml_names(head: bytes) -> frozenset[str]:
    names: set[str] = set()
    parser = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True, load_dtd=False)
    with contextlib.suppress(etree.XMLSyntaxError):
        parser.feed(head)
    with contextlib.suppress(etree.XMLSyntaxError):
        for _, node in parser.read_events():
            if isinstance(node.tag, str):
                names.add(etree.QName(node).localname)
            if len(names) > 400:
                break
    return frozenset(names)


def _json_names(head: bytes) -> frozenset[str]:
    value = None
    for text in (head, head.partition(b"\n")[0]):
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(text, parse_int=str)
            break
    if isinstance(value, list):
        value = value[0] if value else None
    names: set[str] = set()

    def visit(one: Any) -> None:
        for name, item in one.items() if isinstance(one, dict) else ():
            names.add(name)
            visit(item[0] if isinstance(item, list) and item else item)

    visit(value)
    return frozenset(names)


def open_reader(
    source: Source,
    name: str | None = None,
    *,
    on: datetime.date | None = None,
    division: str | None = None,
    local: LocalCodes | None = None,
) -> Reader:
    """The reader of any file: of the layout named, of canonical records, else of the layout that its content tells.

    Args:
        source: what :func:`kunjing_exchange.wire.open_source` gives.
        name: a layout, such as ``education:student``.
        on: day a department's data are as of; today where it is not given.
        division: county of the department, where its file does not say.
        local: the place's own codes (:func:`local_codes`).

    Raises:
        UnknownFormat: there is no layout of that name, it does not come in the file's format, or a table's heading is
            no layout's.
    """
    if name is None and _canonical(source):
        return wire.open_reader(source)
    of = layout(name) if name is not None else recognise(source)
    if of is None:
        if source.format == "csv":
            raise UnknownFormat(
                f"无法识别表格的标题行：{source.name}（用 --layout 指定部门格式）",
                f"the heading of {source.name} is no known layout's (name it with --layout)",
            )
        return wire.open_reader(source)
    form = "json" if source.format == "jsonl" else source.format
    if form not in of.formats:
        raise UnknownFormat(
            f"{of.name} 没有 {form} 格式；可用：{'、'.join(of.formats)}",
            f"{of.name} does not come as {form}; one of {', '.join(of.formats)}",
        )
    return DepartmentReader(source, of, on=on, division=division, local=local)


def _canonical(source: Source) -> bool:
    """Whether a file says that it holds our own records."""
    if source.format == "jsonl":
        return True
    if source.format == "csv":
        return source.path.is_dir() or zipfile.is_zipfile(source.path)
    if source.format == "xlsx":
        with work_folder() as folder, Workbook(source.path, source.name, source.limits, folder) as workbook:
            return not _OWN_SHEETS.isdisjoint(workbook.names())
    with source.path.open("rb") as stream:
        head = stream.read(_FIRST_BYTES)
    if source.format == "xml":
        return NAMESPACE.encode() in head or b"<!" in head
    return any(re.match(rb'\s*\{\s*"%s"\s*:' % name.encode(), head) for name in (*KINDS, *_OWN_FIELDS))


_FIRST_BYTES = 4096
_OWN_SHEETS = {record.title() for record in KINDS.values()}
_OWN_FIELDS = {element.name for kind in KINDS for element in elements(KINDS[kind])}
