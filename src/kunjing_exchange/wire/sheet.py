"""Submissions as spreadsheets: a workbook, or a folder or zip of CSV.

One sheet for each type of record, named by its title (``报送``, ``机构``, … ``发放``); headings in the first row, with
``*`` where required; one row for each record. Below a case file a row says whose it is: ``档案编号`` names the case,
``上级序号`` the row of the sheet above where there can be several, ``序号`` the place in the list.

Cells are text as in every other format, but ``是``/``否`` for booleans and ``未知:refused`` for an unknown fact. What
would be read as something else (``未知…`` in such a field, ``#N/A``) has a backslash before it. Blank cells are absent
fields; white space around a value is no part of it. Codes are written bare; ``1 男性`` and ``男性`` are read too.
Digits are never repaired: a number where text belongs is a finding and stays a number, which no check accepts.
"""

from __future__ import annotations

import datetime
import decimal
import functools
import os
import pathlib
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Self

from pydantic_core import from_json, to_json

from kunjing_exchange.codes import CodeList, code_list
from kunjing_exchange.errors import UnknownCodeList, UnknownFormat
from kunjing_exchange.findings import Path, Problem, clip, path_text
from kunjing_exchange.model import UNKNOWN_REASON, VERSION, CaseFile, Element, Lexical, Record, elements
from kunjing_exchange.wire.cells import Cell, ColumnForm, Fault, SheetForm, Sheets, Sink, column_letters
from kunjing_exchange.wire.csv import CsvFiles, CsvFolderSink, CsvZipSink
from kunjing_exchange.wire.json_schema import accepts, explain
from kunjing_exchange.wire.record import KINDS, Located, Place, Plain
from kunjing_exchange.wire.source import Source
from kunjing_exchange.wire.spool import work_folder
from kunjing_exchange.wire.xlsx import CODES_SHEET, FINDINGS_SHEET, GUIDE_SHEET, Workbook, WorkbookSink, check_archive

__all__ = ["CsvFolderWriter", "CsvWriter", "SheetReader", "WorkbookWriter", "write_template"]

_SHEET_KINDS = tuple(kind for kind in KINDS if kind != "department_record")
"""What has sheets. Departments send tables of their own layout, not ours."""
_CASE_ID = next(element for element in elements(CaseFile) if element.name == "case_id")
_KEY_TITLES = {"case_id": _CASE_ID.title, "parent_no": "上级序号", "item_no": "序号"}
_FLAGS = {"是": True, "否": False, "true": True, "false": False}
_ERRORS = "#N/A|#REF!|#NAME[?]|#VALUE!|#DIV/0!|#NULL!|#NUM!"
_RESERVED = re.compile(rf"\\*({_ERRORS})")
_RESERVED_FACT = re.compile(rf"\\*({_ERRORS}|未知([:：].*)?)")
_SCIENTIFIC = re.compile("-?[0-9]([.][0-9]+)?[Ee][+][0-9]+")
_WHOLE = re.compile("[0-9]{1,9}")
_LONG_LISTS = {"division", "township", "village"}
_MOST_CHOICES = 200


# --- layout --------------------------------------------------------------------------------------------------------
@dataclass(slots=True, eq=False)
class _Layout:
    """The sheet of one record type. ``name`` is its field in the record of the sheet above, ``parent``."""

    record: type[Record]
    name: str
    parent: _Layout | None = None
    repeated: bool = False
    children: dict[str, _Layout] = field(default_factory=dict)
    table: str = field(init=False)
    title: str = field(init=False)
    fields: tuple[Element, ...] = field(init=False)
    keys: tuple[str, ...] = field(init=False, default=())
    """The columns that say where a row belongs."""

    def __post_init__(self) -> None:
        self.table, self.title = self.record.table(), self.record.title()
        self.fields = tuple(element for element in elements(self.record) if element.lexical is not None)
        if self.parent is not None:
            above = ("parent_no",) if self.parent.repeated else ()
            self.keys = ("case_id", *above, *(("item_no",) if self.repeated else ()))

    @property
    def headings(self) -> tuple[str, ...]:
        keys = (_KEY_TITLES[key] + ("*" if key == "case_id" else "") for key in self.keys)
        return (*keys, *(element.title + ("*" if element.required else "") for element in self.fields))


def _lay_out(record: type[Record], name: str, parent: _Layout | None, repeated: bool) -> Iterator[_Layout]:
    layout = _Layout(record, name, parent, repeated)
    if parent is not None:
        parent.children[name] = layout
    yield layout
    for element in elements(record):
        if element.record is not None:
            yield from _lay_out(element.record, element.name, layout, element.repeated)


@functools.cache
def _layouts() -> dict[str, _Layout]:
    """The sheets by table, in order, outer before inner."""
    every = (layout for kind in _SHEET_KINDS for layout in _lay_out(KINDS[kind], kind, None, False))
    return {layout.table: layout for layout in every}


# --- cells ---------------------------------------------------------------------------------------------------------
@functools.cache
def _codes(name: str) -> CodeList | None:
    try:
        return code_list(name)
    except UnknownCodeList:
        return None


def _code(lexical: Lexical, text: str) -> str:
    """The code of ``1``, ``1 男性`` or ``男性``; the text itself where that is not certain."""
    if lexical.accepts(text):
        return text
    codes = _codes(lexical.code_list) if lexical.code_list else None
    if codes is None:
        return text
    code, _, name = text.partition(" ")
    if code in codes and any(period.name_zh == name.strip() for period in codes.periods(code)):
        return code
    return codes.code_of(text) or text


def _written(element: Element, value: Any) -> str:
    """The text of a cell for a plain value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dict):
        return f"未知:{value['unknown']}"
    text = str(value)
    return "\\" + text if text[0] in "\\#未" and _reserved(element).fullmatch(text) else text


def _reserved(element: Element) -> re.Pattern[str]:
    """What is not read as it stands."""
    return _RESERVED_FACT if element.fact else _RESERVED


def _read_text(element: Element, lexical: Lexical, text: str) -> tuple[Any, Fault | None]:
    if text[0] in "\\#未" and _reserved(element).fullmatch(text):
        if text[0] == "\\":
            return text[1:], None
        if text[0] == "#":
            return _unreadable(lexical, text), Fault("KJ-SYS-046", {"value": text})
        code = _code(lexical, text) if lexical.kind == "code" else text
        return (code if code != text else {"unknown": _code(UNKNOWN_REASON, text[3:].strip())}), None
    if lexical.kind == "code":
        return _code(lexical, text), None
    if lexical.kind == "boolean":
        return _FLAGS.get(text.lower(), text), None
    if lexical.kind == "integer":
        return (int(text) if re.fullmatch(lexical.pattern, text) else text), None
    if "+" in text and _SCIENTIFIC.fullmatch(text) and not lexical.accepts(text):
        return text, Fault("KJ-SYS-040", {"value": text})
    return text, None


def _read_typed(lexical: Lexical, cell: Cell) -> tuple[Any, Fault | None]:
    if isinstance(cell, Fault):
        return _unreadable(lexical, cell.facts.get("value", "")), cell
    if isinstance(cell, bool):
        return cell, None
    if isinstance(cell, float):
        whole = int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
        if not lexical.is_string:
            return whole, None
        if lexical.kind == "money":
            shortest = f"{decimal.Decimal(repr(whole)):f}"
            if lexical.accepts(shortest):
                return shortest, None
        return whole, Fault("KJ-SYS-040", {"value": repr(whole)})
    assert not isinstance(cell, str)  # noqa: S101 - text is read elsewhere
    moment = cell.isoformat()
    if isinstance(cell, datetime.date):
        day = not isinstance(cell, datetime.datetime)
        if lexical.kind == "date" and day:
            return moment, Fault("KJ-SYS-047", {})
        if lexical.kind == "datetime":
            return (f"{moment}T00:00:00" if day else moment), Fault("KJ-SYS-047", {})
    return _unreadable(lexical, moment), Fault("KJ-SYS-040", {"value": moment})


def _unreadable(lexical: Lexical, text: str) -> bool | str:
    """What stands for a value that can't be used: of another JSON type, so that nothing takes it for a value."""
    return False if lexical.is_string else text


def _read_cell(element: Element, cell: Cell) -> tuple[Any, Fault | None]:
    """(plain value, what is wrong with the cell); ``None`` for a blank one."""
    assert element.lexical is not None  # noqa: S101 - columns are scalars
    if not isinstance(cell, str):
        return _read_typed(element.lexical, cell)
    text = cell.strip()
    return _read_text(element, element.lexical, text) if text else (None, None)


def _whole(cell: Cell | None) -> int | None:
    if isinstance(cell, str) and _WHOLE.fullmatch(cell.strip()):
        return int(cell)
    return int(cell) if isinstance(cell, float) and cell.is_integer() and 0 <= cell < 1e9 else None


def _blank(cell: Cell | None) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


# --- reading -------------------------------------------------------------------------------------------------------
def _plain_heading(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).rstrip("*").casefold()


@dataclass(slots=True)
class _Heading:
    """What the first row of a sheet says: which column is which field. ``name`` is the sheet's, as it was found."""

    name: str
    row: int
    keys: dict[str, int] = field(default_factory=dict)
    fields: dict[str, tuple[int, Element]] = field(default_factory=dict)
    known: set[int] = field(default_factory=set)
    _plan: list[tuple[int, Element]] | None = None

    def column(self, name: str | None = None) -> int:
        """The column of a field, else of the case number, else the first."""
        if name in self.fields:
            return self.fields[name][0]
        return self.keys.get("case_id", 0)

    def plan(self, layout: _Layout) -> list[tuple[int, Element]]:
        """The columns in the order of the model."""
        if self._plan is None:
            self._plan = [self.fields[element.name] for element in layout.fields if element.name in self.fields]
        return self._plan


class _Row(NamedTuple):
    """A row as it was read. ``faults`` are (field, finding id, facts)."""

    number: int
    data: Plain
    faults: list[tuple[str, str, dict[str, str]]]
    item_no: int | None = None
    parent_no: str | None = None


class _Spool:
    """The rows below the case files, on disk until their case file comes."""

    def __init__(self, folder: pathlib.Path) -> None:
        self._database = sqlite3.connect(folder / "rows.db", isolation_level=None)
        self._database.executescript(
            "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -16384;"
            "create table held (owner text, sheet integer, row integer, item integer, parent text, body blob);"
            "create table owners (owner text primary key) without rowid; begin;"
        )
        self._sheets = list(_layouts())

    def add(self, owner: str, table: str, row: _Row) -> None:
        values = (owner, self._sheets.index(table), row.number, row.item_no, row.parent_no)
        self._database.execute("insert into held values (?, ?, ?, ?, ?, ?)", (*values, to_json((row.data, row.faults))))

    def seal(self) -> None:
        """All rows are in."""
        self._database.execute("create index held_by_owner on held (owner, sheet, row)")

    def claim(self, owner: str) -> dict[str, list[_Row]] | None:
        """The rows of a case file by table, in the order of their sheets; ``None`` where another one has them."""
        if not self._database.execute("insert or ignore into owners values (?)", (owner,)).rowcount:
            return None
        found: dict[str, list[_Row]] = {}
        query = "select sheet, row, item, parent, body from held where owner = ? order by sheet, row"
        for sheet, number, item, parent, body in self._database.execute(query, (owner,)):
            data, faults = from_json(body)
            found.setdefault(self._sheets[sheet], []).append(_Row(number, data, faults, item, parent))
        return found

    def unclaimed(self) -> Iterator[tuple[str, int]]:
        """(table, row) of the rows that nobody claimed."""
        query = "select sheet, row from held where owner not in (select owner from owners) order by sheet, row"
        for sheet, row in self._database.execute(query):
            yield self._sheets[sheet], row

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._database.close()


def _owner(value: object) -> str | None:
    """What rows of one case file have in common. A number goes with the same number only: no digit is guessed."""
    if isinstance(value, str):
        return value
    return f"\0{value!r}" if isinstance(value, (int, float)) and not isinstance(value, bool) else None


class SheetReader:
    """A workbook, or a folder or zip of CSV, as located plain records: header, organisations, workers, sites, cases.

    Sheets and columns may come in any order, and those that are not needed may be missing. ``place.rows`` has the row
    numbers of each list by its path (``benefit``, ``benefit[2]/payment``), of the record itself by its kind.

    Raises:
        UnreadableInput: it is no workbook or zip, is encrypted, has a DTD or is over a limit.
    """

    ordered = True

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._headings: dict[str, _Heading] = {}
        self._sheets: Sheets | None = None
        if source.format == "xlsx":
            check_archive(source.path, source.name, source.limits)

    def __iter__(self) -> Iterator[Located]:
        self.problems.clear()
        source = self._source
        with work_folder() as folder, _Spool(folder) as spool:
            if source.format == "xlsx":
                with Workbook(source.path, source.name, source.limits, folder) as workbook:
                    yield from self._records(workbook, spool)
            else:
                with CsvFiles(source.path, source.name, source.limits) as files:
                    yield from self._records(files, spool)

    def _records(self, sheets: Sheets, spool: _Spool) -> Iterator[Located]:
        self._sheets = sheets
        names = self._match(sheets)
        for table, layout in _layouts().items():
            if layout.parent is not None and table in names:
                self._hold(layout, names[table], spool)
        spool.seal()
        count, headed = 0, False
        for kind in _SHEET_KINDS:
            for row in self._rows(_layouts()[kind], names.get(kind)):
                if kind == "header" and headed:
                    self._report("KJ-SYS-011", kind, row.number)
                    continue
                headed = headed or kind == "header"
                count += kind != "header"
                yield self._record(kind, 0 if kind == "header" else count, row, spool)
        for table, number in spool.unclaimed():
            self._report("KJ-SYS-044", table, number)
        if not headed and count != 1:
            self._note(Problem("KJ-SYS-010"))
        for problem in sheets.problems:
            self._note(problem)

    def _note(self, problem: Problem) -> None:
        """Note a problem of the document; a hostile file doesn't make a list without end."""
        most = self._source.limits.problems_per_record
        if len(self.problems) < most:
            self.problems.append(problem)
        elif len(self.problems) == most:
            facts = {"limit": "problems_per_record", "maximum": str(most)}
            self.problems.append(Problem("KJ-SYS-004", facts=facts))

    def _report(self, finding: str, table: str, row: int, column: int | None = None, **facts: str) -> None:
        heading = self._headings[table]
        line, cell = self._cell(heading, row, heading.column() if column is None else column)
        self._note(Problem(finding, line=line, cell=cell, facts=facts))

    def _cell(self, heading: _Heading, row: int, column: int) -> tuple[int | None, str]:
        assert self._sheets is not None  # noqa: S101 - there is no heading before there are sheets
        return self._sheets.line(heading.name, row), f"{self._sheets.label(heading.name)}!{column_letters(column)}{row}"

    def _match(self, sheets: Sheets) -> dict[str, str]:
        """The sheets' names by table."""
        wanted = {
            _plain_heading(name): layout for layout in _layouts().values() for name in (layout.title, layout.table)
        }
        found: dict[str, str] = {}
        for position, name in enumerate(sheets.names(), start=1):
            layout = wanted.get(_plain_heading(name))
            if layout is not None and layout.table not in found:
                found[layout.table] = name
            elif name not in (GUIDE_SHEET, CODES_SHEET, FINDINGS_SHEET) and any(True for _ in sheets.rows(name)):
                # no cell: the name itself may be a person's
                self._note(Problem("KJ-SYS-042", facts={"name": clip(name), "position": str(position)}))
        return found

    def _read_heading(self, layout: _Layout, name: str, row: int, cells: dict[int, Cell]) -> _Heading:
        heading = self._headings[layout.table] = _Heading(name, row)
        keys = {_plain_heading(text): key for key in layout.keys for text in (key, _KEY_TITLES[key])}
        fields = {_plain_heading(text): element for element in layout.fields for text in (element.name, element.title)}
        for column, cell in cells.items():
            text = _plain_heading(str(cell)) if isinstance(cell, (str, float)) else ""
            if not text and _blank(cell):
                continue
            heading.known.add(column)
            key, element = keys.get(text), fields.get(text)
            shown = clip(str(cell).strip()) if isinstance(cell, str) else column_letters(column)
            if key in heading.keys or (element is not None and element.name in heading.fields):
                self._report("KJ-SYS-045", layout.table, row, column, name=shown)
            elif key is not None:
                heading.keys[key] = column
            elif element is not None:
                heading.fields[element.name] = (column, element)
            else:
                self._report("KJ-SYS-041", layout.table, row, column, name=shown)
        return heading

    def _complete(self, layout: _Layout, heading: _Heading) -> bool:
        """Report the required columns that are missing; whether rows can be told apart at all."""
        for element in layout.fields:
            if element.required and element.name not in heading.fields:
                self._report("KJ-SYS-043", layout.table, heading.row, name=element.name, title=element.title)
        if "case_id" in layout.keys and "case_id" not in heading.keys:
            self._report("KJ-SYS-043", layout.table, heading.row, name="case_id", title=_CASE_ID.title)
            return False
        return True

    def _cells(self, layout: _Layout, name: str | None) -> Iterator[tuple[_Heading, int, dict[int, Cell]]]:
        """The rows below the heading that are not blank."""
        assert self._sheets is not None  # noqa: S101 - called by _records
        heading: _Heading | None = None
        begun = False
        for number, cells in self._sheets.rows(name) if name is not None else ():
            if all(_blank(cell) for cell in cells.values()):
                continue
            if heading is None:
                heading = self._read_heading(layout, str(name), number, cells)
                continue
            if not begun and not self._complete(layout, heading):
                return
            begun = True
            for column in cells.keys() - heading.known:
                if not _blank(cells[column]):
                    heading.known.add(column)
                    self._report("KJ-SYS-041", layout.table, heading.row, column, name=column_letters(column))
            yield heading, number, cells

    def _rows(self, layout: _Layout, name: str | None) -> Iterator[_Row]:
        for heading, number, cells in self._cells(layout, name):
            yield _row(layout, heading, number, cells)

    def _hold(self, layout: _Layout, name: str, spool: _Spool) -> None:
        for heading, number, cells in self._cells(layout, name):
            value, fault = _read_cell(_CASE_ID, cells.get(heading.keys["case_id"], ""))
            row = _row(layout, heading, number, cells)
            if fault is not None:
                row.faults.insert(0, ("case_id", *_named(_CASE_ID, fault)))
            spool.add(_owner(value) or "", layout.table, row)

    def _record(self, kind: str, number: int, row: _Row, spool: _Spool) -> Located:
        rows: dict[str, tuple[int, ...]] = {kind: (row.number,)}
        assert self._sheets is not None  # noqa: S101 - called by _records
        place = Place(line=self._sheets.line(self._headings[kind].name, row.number), rows=rows)
        located = Located(number, kind, row.data, place)
        self._add_faults(located, row, ())
        owner = _owner(row.data.get("case_id")) if kind == "case_file" else None
        held = spool.claim(owner) if owner else {}
        if held is None:
            self._add(located, "KJ-SYS-048", ("case_id",), {})
        elif kind == "case_file":
            self._assemble(located, rows, held)
        self._judge(located, alone=held is None)
        return located

    def _add(self, located: Located, finding: str, path: Path, facts: dict[str, str]) -> None:
        line, cell = self.locate(located.place, path)
        located.problems.append(Problem(finding, path, line, cell, facts))

    def _add_faults(self, located: Located, row: _Row, path: Path) -> None:
        for name, finding, facts in row.faults:
            self._add(located, finding, (*path, name), facts)

    def _assemble(self, located: Located, rows: dict[str, tuple[int, ...]], held: dict[str, list[_Row]]) -> None:
        """Hang the rows of the sheets below into the record, outer before inner."""
        top = _layouts()[located.kind]
        record = located.data
        assert record is not None  # noqa: S101 - a row always makes a record
        homes: dict[str, list[_Home]] = {top.table: [_Home(1, record, ())]}
        for table, layout in _layouts().items():
            if layout.parent is None or layout.parent.table not in homes:
                continue
            groups: dict[Path, list[_Row]] = {}
            for row in held.get(table, ()):
                home = _home_of(row, layout.parent, homes[layout.parent.table])
                if home is None:
                    self._report("KJ-SYS-044", table, row.number)
                else:
                    groups.setdefault(home.path, []).append(row)
            homes[table] = []
            for home in homes[layout.parent.table]:
                path = (*home.path, layout.name)
                group = groups.get(home.path, [])
                if layout.repeated:
                    numbered = _in_order(group)
                    if numbered:
                        rows[path_text(path)] = tuple(row.number for _, row in numbered)
                        home.record[layout.name] = [row.data for _, row in numbered]
                    placed = [(no, row, (*path, position)) for position, (no, row) in enumerate(numbered)]
                else:
                    if group:
                        rows[path_text(path)] = (group[0].number,)
                    first = group[0] if group else _Row(0, {}, [])
                    home.record[layout.name] = first.data
                    placed = [(1, first, path)]
                    for row in group[1:]:
                        line, cell = self._cell(self._headings[table], row.number, self._headings[table].column())
                        facts = {"name": layout.name, "title": layout.title}
                        located.problems.append(Problem("KJ-SYS-025", path, line, cell, facts))
                for no, row, item_path in placed:
                    homes[table].append(_Home(no, row.data, item_path))
                    self._add_faults(located, row, item_path)
        for layout in top.children.values():
            if not layout.repeated and not record.get(layout.name, True):
                del record[layout.name]

    def _judge(self, located: Located, *, alone: bool) -> None:
        """Ask the schema; what a cell's own finding says already is not said again."""
        kind, record = located.kind, located.data
        assert record is not None  # noqa: S101 - a row always makes a record
        if not accepts(kind, record):
            said = {problem.path for problem in located.problems}
            below = _layouts()[kind].children if alone else {}
            for problem in explain(kind, record, self._source.limits.problems_per_record):
                if problem.path not in said and not (problem.path and problem.path[0] in below):
                    self._add(located, problem.id, problem.path, dict(problem.facts))
        version = record.get("version")
        if kind == "header" and isinstance(version, str) and version != VERSION:
            facts = {"name": "version", "value": version, "expected": VERSION}
            self._add(located, "KJ-SYS-009", ("version",), facts)

    def locate(self, place: Place, path: Path) -> tuple[int | None, str | None]:
        """(line, cell) of a path in a record: ``待遇!D7`` in a workbook, ``待遇.csv!D7`` with its line in CSV.

        The cell of a field that is absent is where it would be; without a column for it, the row's case number.
        """
        if not self._headings:
            for _ in self:
                pass
        rows = place.rows or {}
        layout = next((layout for kind, layout in _layouts().items() if kind in rows and layout.parent is None), None)
        if layout is None:
            return place.line, None
        found, row = layout, rows[layout.table][0]
        name: str | None = None
        at = 0
        while at < len(path) and (below := layout.children.get(str(path[at]))) is not None:
            numbers = rows.get(path_text(path[: at + 1]), ())
            at += 1
            position = 0
            if below.repeated:
                index = path[at] if at < len(path) else 0
                position = index if isinstance(index, int) else 0
                at += 1
            if position < len(numbers):
                found, row = below, numbers[position]
            layout = below
        if found is layout and at < len(path):
            name = str(path[at])
        heading = self._headings[found.table]
        return self._cell(heading, row, heading.column(name))


class _Home(NamedTuple):
    """A record that rows of the sheets below can hang on."""

    number: int
    record: Plain
    path: Path


def _home_of(row: _Row, parent: _Layout, homes: list[_Home]) -> _Home | None:
    if not parent.repeated or row.parent_no is None:
        return homes[0] if len(homes) == 1 else None
    return next((home for home in homes if str(home.number) == row.parent_no), None)


def _in_order(group: list[_Row]) -> list[tuple[int, _Row]]:
    """(number, row) by the numbers given, where every row has its own; else numbered as they stand."""
    given = [row.item_no for row in group if row.item_no is not None]
    if len(set(given)) == len(group):
        return sorted(zip(given, group, strict=True), key=lambda pair: pair[0])
    return list(enumerate(group, start=1))


def _named(element: Element, fault: Fault) -> tuple[str, dict[str, str]]:
    return fault.id, {"name": element.name, "title": element.title, **fault.facts}


def _row(layout: _Layout, heading: _Heading, number: int, cells: dict[int, Cell]) -> _Row:
    """A row's plain fields in the model's order, whatever the order of the columns."""
    data: Plain = {}
    faults = []
    for column, element in heading.plan(layout):
        if column not in cells:
            continue
        value, fault = _read_cell(element, cells[column])
        if value is not None:
            data[element.name] = value
        if fault is not None:
            faults.append((element.name, *_named(element, fault)))
    item, parent = (cells.get(heading.keys.get(key, -1)) for key in ("item_no", "parent_no"))
    return _Row(number, data, faults, _whole(item), None if _blank(parent) else str(_whole(parent)))


# --- writing -------------------------------------------------------------------------------------------------------
def _choices(element: Element) -> tuple[str, ...]:
    assert element.lexical is not None  # noqa: S101 - columns are scalars
    if element.lexical.kind == "boolean":
        return ("是", "否")
    name = element.lexical.code_list
    codes = _codes(name) if name and name not in _LONG_LISTS else None
    if codes is None or len(codes) > _MOST_CHOICES:
        return ()
    return tuple(f"{code} {codes.name_of(code) or ''}".strip() for code in codes)


def _forms() -> list[SheetForm]:
    """The sheets as they are written."""
    forms = []
    for layout in _layouts().values():
        headings = layout.headings
        columns = [ColumnForm(heading, max(10, 2 * len(heading) + 2)) for heading in headings[: len(layout.keys)]]
        for element, heading in zip(layout.fields, headings[len(layout.keys) :], strict=True):
            longest = element.lexical.max_length if element.lexical is not None else 0
            width = max(2 * len(heading) + 2, min(longest + 2, 30))
            columns.append(ColumnForm(heading, width, _choices(element)))
        forms.append(SheetForm(layout.title, tuple(columns), max(1, len(layout.keys))))
    return forms


def _guide() -> list[str]:
    """The sheet that says how to fill in the others."""
    reasons = _codes(UNKNOWN_REASON.code_list or "")
    known = "、".join(f"{code}({reasons.name_of(code)})" for code in reasons) if reasons is not None else "refused"
    return [
        "困境儿童信息报送表填写说明",
        "1. 每类信息一张表,第一行是列标题,请勿改动;从第二行起每行填一条。标题带 * 的为必填。",
        "2. “报送”表只填一行。没有的内容整张表留空即可。",
        "3. 其余各表以“档案编号”与“档案”表对应;“序号”为同一档案内该表的第几条,从 1 起;"
        "“上级序号”填上一级表中对应行的“序号”(如“发放”填所属“待遇”的序号)。",
        "4. 所有单元格均为文本格式。身份证件号码、编号、代码、日期不得存成数字,否则末尾数位和前导零会丢失。",
        "5. 日期写作 2017-09-01,月份写作 2017-09,时间写作 2017-09-01T08:30:00,金额写作 600 或 600.50。",
        "6. 代码列可从下拉项中选择,也可只填代码。是非项填“是”或“否”。",
        f"7. 空白表示没有填报。已经查问仍不掌握的,填“未知:原因代码”,如“未知:refused”。原因代码:{known}。",
        "8. 请勿使用公式;从别处复制的内容请“粘贴为值”。",
        "9. 文字恰为“未知”“未知:…”或“#N/A”一类、又确是其内容的,在前面加反斜杠“\\”。",
    ]


class _SheetWriter:
    """Plain records → rows of all sheets at once. As a context, an error leaves no output behind."""

    def __init__(self, sink: Sink) -> None:
        self.losses: list[Problem] = []
        self._sink = sink
        self._filled = Counter({layout.title: 1 for layout in _layouts().values()})
        self._cases: set[str] = set()

    def write(self, kind: str, data: Plain, *, canonical: bool = False) -> None:
        """Write one record in the model's shape.

        What a spreadsheet can't hold is not written but goes to ``losses``: a case file without a number
        (``KJ-SYS-021``), a second one of the same number (``KJ-SYS-048``), more rows than a sheet has (``KJ-SYS-004``).

        Raises:
            UnknownFormat: it is a department record.
        """
        if kind == "department_record":
            raise UnknownFormat(
                "部门数据没有工作簿格式：请转为 XML、JSON 或部门自己的格式",
                "department records have no workbook: choose XML, JSON or a department's own layout",
            )
        if kind == "case_file":
            case_id = data.get("case_id")
            if not isinstance(case_id, str):
                self.losses.append(Problem("KJ-SYS-021", ("case_id",), facts={"name": "case_id", "title": "档案编号"}))
                return
            if case_id in self._cases:
                self.losses.append(Problem("KJ-SYS-048", ("case_id",), facts={"value": case_id}))
                return
            self._cases.add(case_id)
        rows = list(_rows_of(_layouts()[kind], data, data.get("case_id", ""), "", Counter()))
        filled = Counter(title for title, _ in rows)
        most = self._sink.max_rows
        if most is not None and any(self._filled[title] + filled[title] > most for title in filled):
            self.losses.append(Problem("KJ-SYS-004", facts={"limit": "rows", "maximum": str(most)}))
            return
        self._filled += filled
        for title, texts in rows:
            self._sink.append(title, texts)

    def close(self) -> None:
        """Finish: now the output is there."""
        self._sink.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self._sink.close()
        else:
            self._sink.discard()


def _rows_of(
    layout: _Layout, data: Plain, case_id: str, parent_no: str, numbers: Counter[str]
) -> Iterator[tuple[str, list[str]]]:
    """(title, texts) of the row of a record and of all below it."""
    numbers[layout.title] += 1
    item_no = str(numbers[layout.title])
    keys = {"case_id": case_id, "parent_no": parent_no, "item_no": item_no}
    yield layout.title, [keys[key] for key in layout.keys] + [_written(e, data.get(e.name)) for e in layout.fields]
    for name, below in layout.children.items():
        value = data.get(name)
        for item in value if below.repeated and value else [value] if value else []:
            yield from _rows_of(below, item, case_id, item_no, numbers)


class WorkbookWriter(_SheetWriter):
    """A workbook (.xlsx) with all sheets, drop-down lists and a guide; empty it is the template.

    Raises:
        MissingExtra: the extra ``xlsx`` is not installed.
    """

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(WorkbookSink(stream, _forms(), _guide()))


class CsvWriter(_SheetWriter):
    """A zip with one CSV file for each sheet."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(CsvZipSink(stream, _forms()))


class CsvFolderWriter(_SheetWriter):
    """A folder with one CSV file for each sheet, there when it is whole.

    Raises:
        OutputExists: it is there already and ``force`` is not set.
    """

    def __init__(self, path: str | os.PathLike[str], *, force: bool = False) -> None:
        super().__init__(CsvFolderSink(path, _forms(), force=force))


def write_template(stream: BinaryIO) -> None:
    """The empty workbook, to be filled in.

    Raises:
        MissingExtra: the extra ``xlsx`` is not installed.
    """
    with WorkbookWriter(stream):
        pass
