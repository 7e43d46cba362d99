"""Workbooks (ISO/IEC 29500, .xlsx): bytes ↔ named sheets of rows.

Reading is a stream of parser events over the parts of the archive: no tree and no table is built, so that a hostile
sheet (a cell in the last column, a row without end, a formula bomb) costs no memory. What a cell *is* matters as much
as its value: libraries that return values alone give error cells as empty ones, which would be silent loss.
Writing needs the extra ``xlsx``.
"""

from __future__ import annotations

import array
import contextlib
import datetime
import functools
import pathlib
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO
from xml.parsers import expat

from kunjing_exchange.errors import MissingExtra, UnreadableInput
from kunjing_exchange.findings import Problem
from kunjing_exchange.wire.cells import Cell, Fault, Row, SheetForm, column_letters
from kunjing_exchange.wire.record import Limits
from kunjing_exchange.wire.spool import work_folder

__all__ = ["CODES_SHEET", "FINDINGS_SHEET", "GUIDE_SHEET", "MAX_ROWS", "Workbook", "WorkbookSink", "check_archive"]

GUIDE_SHEET = "说明"
CODES_SHEET = "代码表"
FINDINGS_SHEET = "校验结果"
"""The page that a validation puts in front of the sender's workbook; it comes back with the corrected workbook."""
MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
"""Rows and columns of a sheet, ISO/IEC 29500-1 annex."""

_BLOCK = 256 * 1024
_SMALL = 1024 * 1024
"""Entries below this are no bombs, however well they compress."""

_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
_RELATIONSHIPS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_LOCAL = {
    f"{namespace} {name}": name
    for namespace in (*_MAIN, _PACKAGE)
    for name in (
        *("workbookPr", "sheet", "Relationship", "si", "t", "rPh", "numFmt", "cellXfs", "xf"),
        *("row", "c", "v", "f", "is", "sheetData"),
    )
}
_UNPARSABLE = (
    *(expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError),
    *(LookupError, ValueError),  # a part that is missing, an encoding that is unknown, a number of 5 000 digits
)
_NUMBER = re.compile("-?[0-9]+([.][0-9]*)?([Ee][+-]?[0-9]+)?|-?[.][0-9]+([Ee][+-]?[0-9]+)?")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NOT_DATE_LETTERS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)


def check_archive(path: pathlib.Path, name: str, limits: Limits) -> None:
    """Refuse what is no archive, is encrypted or is a bomb, before anything is unpacked.

    Raises:
        UnreadableInput: KJ-SYS-001 where it is broken or encrypted, KJ-SYS-004 where it is over a limit.
    """
    with path.open("rb") as stream:
        if stream.read(4) == b"\xd0\xcf\x11\xe0":
            raise UnreadableInput(
                f"文件设有打开密码,或是旧版 .xls 格式,请另存为不加密的 .xlsx:{name}",
                f"{name} has a password or is an old .xls; save it as .xlsx without a password",
                finding_id="KJ-SYS-001",
            )
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise _broken(name) from None
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableInput(f"压缩文件已加密:{name}", f"the archive is encrypted: {name}", finding_id="KJ-SYS-001")
    shared = sum(entry.compress_size for entry in entries) > path.stat().st_size  # entries that share their bytes
    if shared or any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _broken(name)
    if sum(entry.file_size for entry in entries) > limits.archive_bytes:
        raise _over("archive_bytes", limits.archive_bytes, name)
    for entry in entries:
        if entry.file_size > max(_SMALL, limits.archive_ratio * entry.compress_size):
            raise _over("archive_ratio", limits.archive_ratio, name)


def _broken(name: str) -> UnreadableInput:
    return UnreadableInput(f"压缩文件已损坏:{name}", f"the archive is broken: {name}", finding_id="KJ-SYS-001")


def _over(limit: str, maximum: int, name: str) -> UnreadableInput:
    return UnreadableInput(
        f"超过限制 {limit}(上限 {maximum}):{name}",
        f"over the limit {limit} (at most {maximum}): {name}",
        finding_id="KJ-SYS-004",
        limit=limit,
        maximum=maximum,
    )


class _Strings:
    """The shared strings in a file, so that memory does not grow with the workbook."""

    def __init__(self, path: pathlib.Path) -> None:
        self._stream = path.open("w+b")
        self._ends = array.array("Q", [0])
        self.get = functools.lru_cache(65536)(self._get)

    def add(self, text: str) -> None:
        data = text.encode()
        self._stream.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def _get(self, index: str) -> str | None:
        if not index.isascii() or not index.isdigit() or int(index) >= len(self._ends) - 1:
            return None
        start, end = self._ends[int(index)], self._ends[int(index) + 1]
        self._stream.seek(start)
        return self._stream.read(end - start).decode()

    def close(self) -> None:
        self._stream.close()


class Workbook:
    """A workbook that is open for reading; ``folder`` is where shared strings are kept.

    Raises:
        UnreadableInput: it is no workbook, has a DTD (KJ-SYS-003), or is over a limit (KJ-SYS-004).
    """

    def __init__(self, path: pathlib.Path, name: str, limits: Limits, folder: pathlib.Path) -> None:
        check_archive(path, name, limits)
        self.problems: list[Problem] = []
        self._name = name
        self._limits = limits
        self._archive = zipfile.ZipFile(path)
        self._strings = _Strings(folder / "strings")
        self._parts: dict[str, str] = {}
        self._epoch = datetime.datetime(1899, 12, 30)
        self._date_styles: frozenset[str] = frozenset()
        try:
            self._read_workbook()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Workbook:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._archive.close()
        self._strings.close()

    def names(self) -> tuple[str, ...]:
        """The sheets' names, in the order of their tabs."""
        return tuple(self._parts)

    def label(self, name: str) -> str:
        """The sheet's name."""
        return name

    def line(self, name: str, row: int) -> int | None:
        """A workbook has no lines."""
        return None

    def _events(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None,
        text: Callable[[str], None] | None = None,
    ) -> Iterator[None]:
        """Parse a part, block by block; yields after each block. Names come with their namespace (:data:`_LOCAL`)."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.buffer_size = 65536

        def refuse(*_: object) -> None:
            raise UnreadableInput(
                f"文件含有文档类型定义(DOCTYPE),出于安全不予读取:{self._name}",
                f"{self._name} has a DOCTYPE; it is refused for safety",
                finding_id="KJ-SYS-003",
            )

        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        fed = 0
        try:
            with self._archive.open(part) as stream:
                while block := stream.read(_BLOCK):
                    parser.Parse(block, False)
                    fed += len(block)
                    if fed - parser.CurrentByteIndex > self._limits.record_bytes:
                        raise _over("record_bytes", self._limits.record_bytes, self._name)
                    yield
                parser.Parse(b"", True)
                yield
        except _UNPARSABLE:
            raise _broken(self._name) from None

    def _parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], None],
        end: Callable[[str], None] | None = None,
    ) -> None:
        for _ in self._events(part, start, end):
            pass

    def _read_workbook(self) -> None:
        targets: dict[str, tuple[str, str]] = {}

        def relationship(name: str, facts: dict[str, str]) -> None:
            if _LOCAL.get(name) == "Relationship":
                part = posixpath.normpath(posixpath.join("xl", facts.get("Target", ""))).lstrip("/")
                targets[facts.get("Id", "")] = (facts.get("Type", "").rpartition("/")[2], part)

        def sheet(name: str, facts: dict[str, str]) -> None:
            name = _LOCAL.get(name, "")
            if name == "workbookPr" and facts.get("date1904") in ("1", "true"):
                self._epoch = datetime.datetime(1904, 1, 1)
            elif name == "sheet":
                key = next((facts[f"{space} id"] for space in _RELATIONSHIPS if f"{space} id" in facts), "")
                kind, part = targets.get(key, ("", ""))
                if kind == "worksheet":
                    self._parts[facts.get("name", "")] = part

        self._parse("xl/_rels/workbook.xml.rels", relationship)
        self._parse("xl/workbook.xml", sheet)
        for kind, part in targets.values():
            if kind == "styles":
                self._read_styles(part)
            elif kind == "sharedStrings":
                self._read_strings(part)

    def _read_styles(self, part: str) -> None:
        custom: set[str] = set()
        styles: list[bool] = []
        inside = False

        def start(name: str, facts: dict[str, str]) -> None:
            nonlocal inside
            name = _LOCAL.get(name, "")
            if name == "numFmt":
                letters = _NOT_DATE_LETTERS.sub("", facts.get("formatCode", ""))
                if re.search("[ymdhs]", letters, re.IGNORECASE):
                    custom.add(facts.get("numFmtId", ""))
            elif name == "cellXfs":
                inside = True
            elif name == "xf" and inside:
                number = facts.get("numFmtId", "0")
                styles.append(number in custom or (number.isdigit() and int(number) in _DATE_FORMATS))

        def end(name: str) -> None:
            nonlocal inside
            inside = inside and _LOCAL.get(name) != "cellXfs"

        self._parse(part, start, end)
        self._date_styles = frozenset(str(number) for number, is_date in enumerate(styles) if is_date)

    def _read_strings(self, part: str) -> None:
        pieces: list[str] = []
        content = ""
        phonetic = False

        def start(name: str, facts: dict[str, str]) -> None:
            nonlocal content, phonetic
            tag = _LOCAL.get(name)
            if tag == "si":
                content = ""
            elif tag == "t":
                pieces.clear()
            elif tag == "rPh":
                phonetic = True

        def end(name: str) -> None:
            nonlocal content, phonetic
            tag = _LOCAL.get(name)
            if tag == "t" and not phonetic:
                content += "".join(pieces)
            elif tag == "rPh":
                phonetic = False
            elif tag == "si":
                self._strings.add(_unescape(content))

        for _ in self._events(part, start, end, pieces.append):
            if len(content) + sum(map(len, pieces)) > self._limits.record_bytes:
                raise _over("record_bytes", self._limits.record_bytes, self._name)

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a sheet that are not blank."""
        done: list[Row] = []
        cells: dict[int, Cell] = {}
        pieces: list[str] = []
        facts: dict[str, str] = {}
        content = ""
        number = column = 0
        unfinished = 0
        formula = phonetic = inside = False
        columns: dict[str, int] = {}
        local = _LOCAL.get

        def start(name: str, found: dict[str, str]) -> None:
            nonlocal facts, content, number, column, formula, phonetic, inside
            tag = local(name)
            if tag == "c":
                facts, content, formula = found, "", False
                letters = found.get("r", "").rstrip("0123456789")
                column = columns.get(letters, -1) if letters else column + 1
                if column < 0:
                    column = columns[letters] = _column_number(letters)
                if column >= MAX_COLUMNS:
                    raise _over("columns", MAX_COLUMNS, self._name)
            elif tag in ("t", "v"):
                pieces.clear()
            elif tag == "f":
                formula = True
            elif tag == "rPh":
                phonetic = True
            elif tag == "row":
                given = found.get("r", "")
                number = int(given) if given.isascii() and given.isdigit() else number + 1
                if number > MAX_ROWS:
                    raise _over("rows", MAX_ROWS, self._name)
                column, inside = -1, True

        def end(name: str) -> None:
            nonlocal content, phonetic, cells, inside, unfinished
            tag = local(name)
            if tag in ("t", "v"):
                if not phonetic:
                    content += "".join(pieces)
            elif tag == "c":
                value = self._value(facts, content, formula)
                if value != "":
                    cells[column] = value
            elif tag == "row":
                inside, unfinished = False, 0
                if cells:
                    done.append((number, cells))
                    cells = {}
            elif tag == "rPh":
                phonetic = False

        for _ in self._events(self._parts[name], start, end, pieces.append):
            yield from done
            done.clear()
            if not inside:
                pieces.clear()
                continue
            unfinished += _BLOCK
            if unfinished > self._limits.record_bytes:
                raise _over("record_bytes", self._limits.record_bytes, self._name)

    def _value(self, facts: dict[str, str], text: str, formula: bool) -> Cell:
        kind = facts.get("t", "n")
        if kind == "inlineStr":
            return _unescape(text)
        if kind == "s":
            shared = self._strings.get(text)
            if shared is None:
                raise _broken(self._name)
            return shared
        if kind == "str":
            return _unescape(text)
        if not text:
            return Fault("KJ-SYS-046", {}) if formula else ""
        if kind == "b":
            return text == "1"
        if kind == "n" and _NUMBER.fullmatch(text) and (number := float(text)) * 0 == 0:
            return self._moment(number) if facts.get("s") in self._date_styles else number
        if kind == "d":
            with contextlib.suppress(ValueError):
                moment = datetime.datetime.fromisoformat(text)
                return moment if "T" in text else moment.date()
        return Fault("KJ-SYS-046", {"value": text})

    def _moment(self, serial: float) -> Cell:
        """A day number as a date, or a date and time to the second; time alone where there is no day."""
        if not 0 <= serial < 2_958_465:
            return serial
        if self._epoch.year == 1899 and serial < 60:  # 1900-02-29 never was
            serial += 1
        moment = self._epoch + datetime.timedelta(seconds=round(serial * 86400))
        if moment.date() == self._epoch.date():
            return moment.time()
        return moment if moment.time() != datetime.time() else moment.date()


def _column_number(letters: str) -> int:
    """``A`` → 0; what can't be a column → beyond the last one."""
    if not re.fullmatch("[A-Z]{1,3}", letters):
        return MAX_COLUMNS
    return functools.reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0) - 1


def _unescape(text: str) -> str:
    """``_x4E00_`` → the UTF-16 unit, as ISO/IEC 29500-1 22.9.2.19 (ST_Xstring) says."""
    if "_x" not in text:
        return text
    units = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class WorkbookSink:
    """A workbook being written: a guide, the sheets with text cells and drop-down lists, and a hidden sheet of codes.

    Every cell is written as a string, so that no text can act as a formula or lose digits, and nothing in the bytes
    depends on when or where they were written.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """

    max_rows: int | None = MAX_ROWS

    def __init__(self, stream: BinaryIO, forms: Sequence[SheetForm], guide: Sequence[str]) -> None:
        try:
            import xlsxwriter
        except ImportError:
            raise MissingExtra("xlsx", "读写工作簿", "reading and writing workbooks") from None
        self._stack = contextlib.ExitStack()
        options = {
            "constant_memory": True,
            "tmpdir": str(self._stack.enter_context(work_folder())),
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        self._book = xlsxwriter.Workbook(stream, options)
        self._book.use_zip64()
        self._book.set_properties({"created": datetime.datetime(2017, 1, 1), "author": "kunjing_exchange"})
        self._text = self._book.add_format({"num_format": "@"})
        self._sheets: dict[str, Any] = {}
        self._next: dict[str, int] = {}
        self._write_guide(guide)
        places = _choice_places(forms)
        for form in forms:
            self._write_form(form, places)
        self._write_choices(places)

    def _write_guide(self, guide: Sequence[str]) -> None:
        sheet = self._book.add_worksheet(GUIDE_SHEET)
        sheet.set_column(0, 0, 100, self._book.add_format({"text_wrap": True, "valign": "top"}))
        for row, line in enumerate(guide):
            sheet.write_string(row, 0, line)

    def _write_form(self, form: SheetForm, places: dict[tuple[str, ...], str]) -> None:
        sheet = self._sheets[form.title] = self._book.add_worksheet(form.title)
        self._next[form.title] = 1
        bold = self._book.add_format({"num_format": "@", "bold": True, "bg_color": "#DDEBF7", "bottom": 1})
        sheet.freeze_panes(1, form.frozen)
        for column, (heading, width, choices) in enumerate(form.columns):
            sheet.set_column(column, column, width, self._text)
            sheet.write_string(0, column, heading, bold)
            if choices:
                choice = {
                    "validate": "list",
                    "source": places[choices],
                    "error_type": "warning",
                    "error_title": heading,
                    "error_message": "可选下拉项,也可只填代码;不掌握的填“未知:原因代码”。",
                }
                sheet.data_validation(1, column, MAX_ROWS - 1, column, choice)

    def _write_choices(self, places: dict[tuple[str, ...], str]) -> None:
        sheet = self._book.add_worksheet(CODES_SHEET)
        sheet.hide()
        for row in range(max(map(len, places), default=0)):
            for column, choices in enumerate(places):
                if row < len(choices):
                    sheet.write_string(row, column, choices[row], self._text)

    def append(self, title: str, texts: list[str]) -> None:
        """Write the next row of a sheet; empty texts leave their cells empty."""
        sheet, row = self._sheets[title], self._next[title]
        self._next[title] = row + 1
        for column, text in enumerate(texts):
            if text:
                sheet.write_string(row, column, text, self._text)

    def close(self) -> None:
        """Write the archive to the stream."""
        with self._stack:
            self._book.close()

    def discard(self) -> None:
        """Write nothing."""
        self._book.fileclosed = True  # else XlsxWriter writes the archive when it is collected
        for sheet in self._book.worksheets():
            sheet._opt_close()  # the temporary files, which Windows does not delete while they are open
        self._stack.close()


def _choice_places(forms: Sequence[SheetForm]) -> dict[tuple[str, ...], str]:
    """Where on the sheet of codes each set of choices is to lie, one column each."""
    sets = dict.fromkeys(column.choices for form in forms for column in form.columns if column.choices)
    letters = (column_letters(number) for number in range(sys.maxsize))
    return {
        choices: f"={CODES_SHEET}!${letter}$1:${letter}${len(choices)}"
        for choices, letter in zip(sets, letters, strict=False)
    }
