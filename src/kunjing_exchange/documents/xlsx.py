"""The sender's own workbook back: wrong cells coloured, the remedy as a comment, and a first page that says what to do.

What came as a workbook goes back as that workbook, with everything the sender has in it (openpyxl keeps values, styles,
widths, formulas and comments; it loses shapes and macros). What came otherwise is made into a workbook first. openpyxl
holds the whole workbook in memory: for a very large submission take CSV or JSON.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import os
import pathlib
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers import expat

from kunjing_exchange.convert import convert
from kunjing_exchange.documents.review import Noted, Review
from kunjing_exchange.documents.words import (
    left_out_text,
    pick,
    place_text,
    remedy,
    severity_text,
    state_text,
    verdict_text,
)
from kunjing_exchange.errors import MissingExtra, UnreadableInput
from kunjing_exchange.findings import Finding, Path, record_key
from kunjing_exchange.model import Header, elements
from kunjing_exchange.wire import Place, key_of, open_reader, open_source, work_folder
from kunjing_exchange.wire.xlsx import FINDINGS_SHEET

__all__ = ["LISTED", "write_workbook"]

LISTED = 5_000
"""How many findings the first page lists unless told otherwise; every cell is marked all the same."""

_PER_CELL = 8
"""How many findings a comment tells."""

_AUTHOR = "kunjing"
_RULER = "―――― 校验 ――――"
"""Stands between a comment of the sender's and ours."""

_FILLS = {"error": "FFF4B6B6", "warning": "FFFFE699", "info": "FFD6E6F5"}
_FONT = "宋体"
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STEP = re.compile(r"([^/\[\]]+)(?:\[([0-9]+)\])?")

_Cells = Callable[[Finding], str | None]
"""The cell of a finding in the workbook that is marked: ``待遇!D7``."""


def write_workbook(
    review: Review,
    stream: BinaryIO,
    source: str | os.PathLike[str],
    *,
    file: str,
    lang: str,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limit: int | None = None,
) -> None:
    """Mark the workbook of a submission and write it.

    Args:
        review: the findings.
        stream: where the workbook goes.
        source: the submission: a path, which is read again.
        file: what the first page calls it.
        lang: of the first page and the comments: ``zh`` or ``en``.
        format: of the source, as it was validated.
        encoding: of the source, as it was validated.
        limit: how many findings to list on the first page, which says how many it leaves out.

    Raises:
        MissingExtra: openpyxl is not installed.
        UnreadableInput: the document is broken, so that no whole workbook can be made of it.
    """
    try:
        import openpyxl
    except ImportError:
        raise MissingExtra("xlsx", "标注工作簿", "marking a workbook") from None
    with contextlib.ExitStack() as stack:
        path, cells = _workbook_of(review, source, format, encoding, stack.enter_context(work_folder()), stack)
        _refuse_doctype(path, file)
        try:
            with path.open("rb") as workbook:  # by content: openpyxl refuses names that it does not know
                book = openpyxl.load_workbook(workbook, rich_text=True)
        except (KeyError, ValueError, TypeError, AttributeError, IndexError, SyntaxError, OSError, zipfile.BadZipFile):
            raise UnreadableInput(
                f"无法标注这个工作簿（其中有不合规范的部分），请改用 html 或 csv：{file}",
                f"this workbook can't be marked (parts of it break the format), take html or csv: {file}",
            ) from None
        _unmark(book)
        _mark(book, review, cells, lang)
        _write_first_page(book, review, cells, file, lang, LISTED if limit is None else limit)
        book.save(stream)


# --- the workbook and its cells --------------------------------------------------------------------------------------


def _workbook_of(
    review: Review,
    source: str | os.PathLike[str],
    format: str | None,  # noqa: A002 - as above
    encoding: str | None,
    folder: pathlib.Path,
    stack: contextlib.ExitStack,
) -> tuple[pathlib.Path, _Cells]:
    opened = stack.enter_context(open_source(source, format=format, encoding=encoding))
    if opened.format == "xlsx":
        return opened.path, lambda finding: finding.location.cell
    made = folder / "made.xlsx"
    convert(source, made, to="xlsx", format=format, source_encoding=encoding)
    return made, _cells_of(made, review, stack)


def _cells_of(path: pathlib.Path, review: Review, stack: contextlib.ExitStack) -> _Cells:
    """Where in a workbook that was made from the records the findings lie: by record key and path."""
    wanted = {noted.finding.location.record for noted in review}
    reader = open_reader(stack.enter_context(open_source(path, format="xlsx")))
    places: dict[str, Place] = {}
    header: Place | None = None
    for located in reader:
        key = key_of(located.kind, located.data)
        if located.kind == "header":
            header = located.place
        elif key is not None and key in wanted and record_key(key) == key:
            places.setdefault(key, located.place)
    of_header = {element.name for element in elements(Header)}

    def cell(finding: Finding) -> str | None:
        place, path = finding.location.record, _path(finding.location.path or "")
        of_document = header if path and path[0] in of_header else None
        found = places.get(place) if place is not None else of_document
        return reader.locate(found, path)[1] if found is not None else None

    return cell


def _path(text: str) -> Path:
    """``benefit[2]/start_date`` → ``("benefit", 1, "start_date")``."""
    steps: list[str | int] = []
    for match in _STEP.finditer(text):
        steps.append(match[1])
        if match[2]:
            steps.append(int(match[2]) - 1)
    return tuple(steps)


def _refuse_doctype(path: pathlib.Path, name: str) -> None:
    """openpyxl reads parts that our own reader does not look at: none may declare entities."""

    class _Begun(Exception):
        pass

    def begin(*_: object) -> None:
        raise _Begun

    def refuse(*_: object) -> None:
        raise UnreadableInput(
            f"文件含有文档类型定义（DOCTYPE），出于安全不予读取：{name}",
            f"{name} has a DOCTYPE; it is refused for safety",
            finding_id="KJ-SYS-003",
        )

    with zipfile.ZipFile(path) as archive:
        for part in archive.namelist():
            if not part.lower().endswith((".xml", ".rels", ".vml")):
                continue
            parser = expat.ParserCreate()
            parser.StartDoctypeDeclHandler = refuse
            parser.StartElementHandler = begin
            with archive.open(part) as stream, contextlib.suppress(_Begun, expat.ExpatError):
                while block := stream.read(65536):
                    parser.Parse(block, False)


# --- marks -----------------------------------------------------------------------------------------------------------


def _unmark(book: Any) -> None:
    """Take away what an earlier run put in: its page, its comments, its colours."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for sheet in list(book.worksheets):
        if sheet.title == FINDINGS_SHEET:
            book.remove(sheet)
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment is not None and _RULER in cell.comment.text:
                    kept = cell.comment.text.partition(_RULER)[0].rstrip("\n")
                    cell.comment = Comment(kept, cell.comment.author) if kept else None
                    cell.fill = PatternFill()


def _mark(book: Any, review: Review, cells: _Cells, lang: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    marks: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    gravest: dict[str, Noted] = {}
    for noted in review:
        place = cells(noted.finding)
        if place is None:
            continue
        counts[place] = counts.get(place, 0) + 1
        if counts[place] <= _PER_CELL:
            marks.setdefault(place, []).append(_remark(noted, lang))
        if place not in gravest or noted.finding.severity.rank > gravest[place].finding.severity.rank:
            gravest[place] = noted
    for place, remarks in marks.items():
        cell = _cell(book, place)
        if cell is None:
            continue
        if counts[place] > len(remarks):
            remarks.append(left_out_text(counts[place] - len(remarks), lang))
        own = f"{cell.comment.text}\n" if cell.comment is not None else ""
        comment = Comment(_clean(f"{own}{_RULER}\n" + "\n\n".join(remarks)), _AUTHOR)
        comment.width, comment.height = 340, min(60 + 64 * len(remarks), 420)
        cell.comment = comment
        cell.fill = PatternFill("solid", fgColor=_FILLS[gravest[place].finding.severity.value])


def _remark(noted: Noted, lang: str) -> str:
    finding = noted.finding
    lines = [f"【{severity_text(finding.severity.value, lang)}】{finding.message(lang)}"]
    if advice := remedy(finding, lang):
        lines.append(f"{pick(lang, '更正：', 'Remedy: ')}{advice}")
    if noted.answer is not None:
        lines.append(noted.answer.text(lang))
    return "\n".join([*lines, finding.id])


def _cell(book: Any, place: str) -> Any:
    """The cell; of a merged one the first, which alone can have a comment. None where the sheet is not there."""
    title, _, coordinate = place.rpartition("!")
    if title not in book.sheetnames:
        return None
    sheet = book[title]
    for merged in sheet.merged_cells.ranges:
        if coordinate in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[coordinate]


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


# --- the first page --------------------------------------------------------------------------------------------------

_STEPS = {
    "zh": (
        "1. 有颜色的格子有问题：红色是错误，必须更正；黄色是提醒，请核对；蓝色是说明，可不改。",
        "2. 把鼠标停在有颜色的格子上，批注里写着问题和更正办法。也可以点下面清单中的“位置”，直接跳到那一格。",
        "3. 直接在格子里改。证件号码、编号、代码、日期一律用文本；对照原始材料填写，不要估填。",
        "4. 全部改完后保存，把这个文件重新报送。本页和批注不用删除，重新报送时不会当作数据。",
        "5. 位置栏空白的问题不在某一格上（如整份文件的问题），按“怎样更正”一栏办理。",
    ),
    "en": (
        "1. Coloured cells have findings: red is an error and must be put right; yellow is a warning, check it; "
        "blue is a note and may stay.",
        "2. Rest the mouse on a coloured cell: its comment says what is wrong and what to do. Or click a place below.",
        "3. Correct the cell itself. Identifiers, numbers, codes and dates are text; go by the papers, never guess.",
        "4. Save, and send this very file again. This page and the comments may stay: they are not read as data.",
        "5. A finding without a place is not about one cell (but the whole file, say): do as its remedy says.",
    ),
}  # fmt: skip
_COLUMNS = (
    ("序号", "No.", 6), ("级别", "Severity", 9), ("位置（点击跳转）", "Place (click)", 22),
    ("档案或记录", "Record", 20), ("问题", "Finding", 44), ("怎样更正", "Remedy", 44), ("依据", "Source", 34),
    ("编号", "Id", 15), ("状态", "State", 14),
)  # fmt: skip


def _write_first_page(book: Any, review: Review, cells: _Cells, file: str, lang: str, limit: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    sheet = book.create_sheet(FINDINGS_SHEET, 0)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0
    columns = _COLUMNS if review.compared or review.answers is not None else _COLUMNS[:-1]
    for position, (_, _, width) in enumerate(columns):
        sheet.column_dimensions[chr(65 + position)].width = width
    row = _Rows(sheet)
    row.add(f"{pick(lang, '校验结果：', 'Findings: ')}{verdict_text(review.findings.verdict, lang)}")
    sheet["A1"].font = Font(name=_FONT, size=16, bold=True)
    row.add(f"{file} · {review.findings.edition.name}")
    row.add(_counted(review, lang))
    sheet["A3"].font = Font(name=_FONT, bold=True)
    row.add()
    for step in _STEPS[lang]:
        row.add(step)
    last = chr(64 + len(columns))
    for number in range(1, row.number + 1):
        sheet.merge_cells(f"A{number}:{last}{number}")
        sheet[f"A{number}"].alignment = Alignment(wrap_text=True, vertical="center")
        sheet.row_dimensions[number].height = 28 if number == 1 else 18
    row.add()
    row.add(*(pick(lang, zh, en) for zh, en, _ in columns))
    heading = row.number
    for cell in sheet[heading]:
        cell.font, cell.fill = Font(name=_FONT, bold=True), PatternFill("solid", fgColor="FFDDEBF7")
    for number, noted in enumerate(itertools.islice(review, limit), 1):
        _list(row, number, noted, cells(noted.finding), lang)
    for fixed in itertools.islice(review.fixed(), limit):
        texts = (
            severity_text(fixed.severity, lang),
            "",
            fixed.location.record or "",
            fixed.title(lang),
            "",
            "",
            fixed.id,
        )
        row.add("", *texts, state_text("fixed", lang))
    if row.number > heading:
        sheet.auto_filter.ref = f"A{heading}:{last}{row.number}"
    left_out = max(review.total - limit, 0) + max(review.states.get("fixed", 0) - limit, 0)
    if left_out:
        row.add(left_out_text(left_out, lang))
    sheet.freeze_panes = f"A{heading + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{heading}:{heading}"


def _counted(review: Review, lang: str) -> str:
    summary = review.findings.summary
    parts = [f"{severity_text(name, lang)} {summary.by_severity.get(name, 0)}" for name in ("error", "warning", "info")]
    parts += [f"{state_text(state, lang)} {count}" for state, count in review.states.items()]
    if review.answers is not None:
        parts.append(f"{pick(lang, '已答复', 'answered')} {review.answered}")
    records = pick(
        lang,
        f"记录 {summary.records} 条，接受 {summary.records - summary.rejected}，退回 {summary.rejected}",
        f"{summary.records} records, {summary.records - summary.rejected} accepted, {summary.rejected} rejected",
    )
    return f"{records}    {pick(lang, '，', ', ').join(parts)}"


class _Rows:
    """Rows of text cells, one after another. Every cell is a string, whatever it begins with."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.number = 0

    def add(self, *texts: str) -> Iterator[Any]:
        """Write the next row and give its cells."""
        self.number += 1
        cells = []
        for column, text in enumerate(texts, 1):
            if text:
                cell = self.sheet.cell(self.number, column)
                cell.value = _clean(text)
                cell.data_type = "s"
                cells.append(cell)
        return iter(cells)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text)


def _list(rows: _Rows, number: int, noted: Noted, place: str | None, lang: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    finding = noted.finding
    state = state_text(noted.state, lang) if noted.state is not None else ""
    if noted.answer is not None:
        state = f"{state} {noted.answer.text(lang)}".strip()
    cells = rows.add(
        str(number), severity_text(finding.severity.value, lang), place or place_text(finding.location, lang),
        finding.location.record or "", finding.message(lang), remedy(finding, lang) or "", finding.clause or "",
        finding.id, state,
    )  # fmt: skip
    lines = 1
    for cell in cells:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        # Said outright: not every program fits a row to its text when it opens a workbook.
        lines = max(lines, math.ceil(_width(cell.value) / (_COLUMNS[cell.column - 1][2] - 2)))
        if cell.column_letter == "B":
            cell.fill = PatternFill("solid", fgColor=_FILLS[finding.severity.value])
        elif cell.column_letter == "C" and place is not None:
            title, _, coordinate = place.rpartition("!")
            quoted = title.replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!{coordinate}")
            cell.font = Font(name=_FONT, color="FF0563C1", underline="single")
    rows.sheet.row_dimensions[rows.number].height = 15 * lines
