"""A reconciliation as text, JSON, a page and a workbook, each list with room for the office's decision; and as a list
for each office.

All are written difference by difference, in the lists of :data:`~kunjing_exchange.reconcile.KINDS`; where a list is cut
it says how many were left out.
"""

from __future__ import annotations

import datetime
import html
import os
import pathlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from kunjing_exchange.documents.csv import safe
from kunjing_exchange.documents.json import JsonStream
from kunjing_exchange.documents.words import left_out_text, pick
from kunjing_exchange.errors import MissingExtra, OutputExists
from kunjing_exchange.reconcile import KINDS, OFFICE
from kunjing_exchange.tables import TABLES
from kunjing_exchange.wire.cells import ColumnForm, SheetForm
from kunjing_exchange.wire.csv import CsvFolderSink

if TYPE_CHECKING:
    from kunjing_exchange.reconcile import Difference, File, Party, Reconciliation

__all__ = [
    "SHOWN",
    "SHOWN_IN_TEXT",
    "refuse_existing",
    "write_feedback",
    "write_html",
    "write_json",
    "write_text",
    "write_workbook",
]

SHOWN = 20_000
"""How many differences of one kind a page or a sheet lists unless told otherwise."""

SHOWN_IN_TEXT = 20
"""How many of one kind a terminal shows unless told otherwise."""

_NOTE = (
    "本表只列出数据之间的差异和所涉条款，不作认定；是否纳入、退出、追回由主管部门核实后决定。",
    "This lists where the data differ and which clause it concerns. It decides nothing: the office looks and decides.",
)
_COLUMNS = (
    ("序号", "No.", 7), ("档案编号", "Case file", 18), ("姓名（登记册）", "Name (register)", 14),
    ("证件号码（登记册）", "Number (register)", 22), ("部门文件", "Department's file", 22),
    ("部门记录", "Department's record", 24), ("部门记录编号", "Department's own number", 16), ("位置", "Place", 10),
    ("姓名（部门）", "Name (department)", 14), ("证件号码（部门）", "Number (department)", 22),
    ("出生日期", "Birth date", 12), ("问题", "What", 34), ("字段", "Field", 14), ("登记册所载", "In the register", 22),
    ("部门所载", "In the department's file", 22), ("月份", "Months", 18), ("比对依据", "Matched by", 16),
    ("把握", "Certainty", 10), ("依据条款", "Clause", 26),
)  # fmt: skip
_DECISION = (("处理意见", "Decision", 30), ("经办人", "By", 12), ("日期", "Date", 12))


def _place(party: Party | None, lang: str) -> str:
    """The line, the row of the sheet, or the place in the array."""
    if party is None:
        return ""
    if party.line is not None or party.row is not None:
        number = party.line if party.line is not None else party.row
        return pick(lang, f"第 {number} 行", f"line {number}")
    return f"[{party.index}]" if party.index is not None else ""


def _name(file: File | None) -> str:
    return file.name if file is not None else ""


def _field(one: Difference, lang: str) -> str:
    return pick(lang, one.field_title or "", (one.field or "").rpartition(".")[2])


def _basis(one: Difference, lang: str) -> str:
    words = {"number": ("证件号码相同", "same number"), "likeness": ("姓名等相像", "likeness")}
    said = pick(lang, *words[one.basis]) if one.basis is not None else ""
    return " ".join(filter(None, (said, f"{one.probability:.4f}" if one.probability is not None else "")))


def _cells(one: Difference, lang: str) -> tuple[str, ...]:
    """A difference as the cells of :data:`_COLUMNS`."""
    here, there = one.register, one.department
    born = (here and here.birth_date) or (there and there.birth_date) or ""
    source = _name(one.file)
    if one.other_source:
        source += f"{pick(lang, '；另见 ', '; also ')}{one.other_source}"
    certain = pick(lang, "明确", "clear") if one.certain else pick(lang, "待核实", "to be checked")
    values = (
        str(one.number), here and here.record, here and here.name, here and here.id_number, source,
        there and there.record, there and there.source_no, _place(there, lang), there and there.name,
        there and there.id_number, born, pick(lang, one.title_zh, one.title_en), _field(one, lang), one.here, one.there,
        one.months, _basis(one, lang), certain, one.clause,
    )  # fmt: skip
    return tuple(value or "" for value in values)


def _heading(found: Reconciliation, lang: str) -> Iterator[str]:
    """What was compared, and how much of it could be."""
    totals = found.totals
    yield pick(
        lang,
        f"登记册：{found.register}，{found.on} 在册 {totals['on_register']} 人，档案 {totals['cases']} 份",
        f"Register: {found.register}, on it on {found.on}: {totals['on_register']} of {totals['cases']} files",
    ) + _unread(totals["unread"], lang)
    for one in found.files:
        named = f"{one.name} ({one.layout})" if one.layout else one.name
        yield (
            pick(
                lang,
                f"部门文件：{named}，记录 {one.records} 条，与登记册相符 {one.matched} 人",
                f"File: {named}, {one.records} records, {one.matched} children of the register",
            )
            + _unread(one.unread, lang)
            + _passed_over(one, lang)
        )


def _passed_over(one: File, lang: str) -> str:
    """The records of which nothing is said."""
    void = pick(lang, f"，{one.void} 条无效或查询失败", f", {one.void} void or failed") if one.void else ""
    unnamed = pick(lang, f"，{one.unnamed} 条不知是谁", f", {one.unnamed} that name nobody") if one.unnamed else ""
    return void + unnamed


def _unread(count: int, lang: str) -> str:
    return pick(lang, f"，{count} 条无法读取", f", {count} that could not be read") if count else ""


def _lists(found: Reconciliation) -> Iterator[tuple[str, int]]:
    """(kind, number of differences) of the lists that are not empty."""
    return ((kind, count) for kind, count in found.totals["differences"].items() if count)


# --- text ------------------------------------------------------------------------------------------------------------


def write_text(found: Reconciliation, stream: TextIO, *, lang: str, limit: int | None = None) -> None:
    """What was compared, the counts, and the first differences of each kind."""
    most = SHOWN_IN_TEXT if limit is None else limit
    stream.writelines(f"{line}\n" for line in _heading(found, lang))
    if not any(found.totals["differences"].values()):
        stream.write(pick(lang, "没有差异\n", "No differences\n"))
    for kind, count in _lists(found):
        stream.write(f"\n{pick(lang, *KINDS[kind])}{pick(lang, f'（{count}）', f' ({count})')}\n")
        for one in found.differences(kind, most):
            stream.write(f"  - {_line(one, lang, with_file=len(found.files) > 1)}\n")
        if count > most:
            stream.write(f"  … {left_out_text(count - most, lang)}\n")
    stream.write(f"\n{pick(lang, *_NOTE)}\n")


def _line(one: Difference, lang: str, *, with_file: bool) -> str:
    here, there = one.register, one.department
    field = _field(one, lang)
    if one.here is not None or one.there is not None:
        nothing = pick(lang, "（无）", "(none)")
        field = f"{field} {one.here or nothing} → {one.there or nothing}"
    parts = (
        here.record if here else "",
        _name(one.file) if with_file else "",
        there.record if there else "",
        _place(there, lang),
        pick(lang, one.title_zh, one.title_en),
        field,
        one.months,
        "" if one.certain else pick(lang, "（待核实）", "(to be checked)"),
        one.clause,
    )
    return "  ".join(part for part in parts if part)


# --- JSON ------------------------------------------------------------------------------------------------------------


def write_json(found: Reconciliation, stream: TextIO, *, lang: str, limit: int | None = None) -> None:
    """One document: ``on, register, files[], totals``, and a list of differences for each kind.

    Where differences are left out ``left_out`` says how many, by kind.
    """
    counts = found.totals["differences"]
    head: dict[str, object] = {
        "on": str(found.on),
        "register": found.register,
        "note": pick(lang, *_NOTE),
        "files": [
            {
                "name": one.name,
                "layout": one.layout,
                "office": one.office,
                "records": one.records,
                "unread": one.unread,
                "void": one.void,
                "unnamed": one.unnamed,
                "matched": one.matched,
            }
            for one in found.files
        ],
        "totals": dict(found.totals),
    }
    if limit is not None:
        head["left_out"] = {kind: count - limit for kind, count in counts.items() if count > limit}
    document = JsonStream(stream, head)
    for kind in KINDS:
        document.array(kind, (one.as_dict() for one in found.differences(kind, limit)))
    document.close()


# --- HTML ------------------------------------------------------------------------------------------------------------

_STYLE = """
:root{color-scheme:light dark;--line:#8886}
body{font:15px/1.5 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;margin:1.5rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1.15rem;margin:1.6rem 0 .4rem}
.counts{display:flex;gap:1rem;flex-wrap:wrap;margin:.8rem 0;padding:0;list-style:none}
.counts li{border:1px solid var(--line);border-radius:.4rem;padding:.3rem .8rem}
.counts b{font-size:1.2rem;margin-left:.4rem}
.note{border:1px solid var(--line);border-radius:.4rem;padding:.5rem .8rem}
div.list{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:left;vertical-align:top}
th{white-space:nowrap}th.own{min-width:6rem}
small{display:block;opacity:.75;overflow-wrap:anywhere}
@media print{body{margin:0;font-size:10px}@page{size:A4 landscape}thead{display:table-header-group}}
"""


_HEADS = (
    ("序号", "No."), ("登记册", "Register"), ("部门", "Department"), ("问题", "What"),
    ("登记册所载", "In the register"), ("部门所载", "In the department's file"), ("比对依据", "Matched by"),
)  # fmt: skip


def _stacked(one: Difference, lang: str) -> Iterator[tuple[str, ...]]:
    """A difference as the cells of :data:`_HEADS`: the first line, and what stands small below it."""
    (number, case, name, id_number, source, record, own_number, place, their_name, their_number, born, title, field,
     here, there, months, basis, certain, clause) = _cells(one, lang)  # fmt: skip
    yield (number,)
    yield (name, case, id_number, born if name else "")
    yield (their_name, f"{source} {place}", record, own_number, their_number, "" if name else born)
    yield (title, clause, months)
    yield (here, field if here else "")
    yield (there, field if there else "")
    yield (certain, basis)


def _lines(lines: tuple[str, ...]) -> str:
    first, *others = lines
    return html.escape(first) + "".join(f"<small>{html.escape(line)}</small>" for line in others if line.strip())


def write_html(found: Reconciliation, stream: TextIO, *, lang: str, limit: int | None = None) -> None:
    """A page that needs nothing else and runs nothing: counts, and a table for each list, to print and fill in."""
    most = SHOWN if limit is None else limit
    title = html.escape(pick(lang, "困境儿童登记册与部门数据比对", "Register and departments' data reconciled"))
    stream.write(
        f'<!DOCTYPE html>\n<html lang="{pick(lang, "zh-CN", "en")}">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n"
    )
    stream.writelines(f"<p>{html.escape(line)}</p>\n" for line in _heading(found, lang))
    stream.write(f'<p class="note">{html.escape(pick(lang, *_NOTE))}</p>\n<ul class="counts">\n')
    for kind, count in found.totals["differences"].items():
        name = html.escape(pick(lang, *KINDS[kind]))
        shown = f'<a href="#{kind}">{name}</a>' if count else name
        stream.write(f"<li>{shown}<b>{count}</b></li>\n")
    stream.write("</ul>\n")
    heads = "".join(f"<th>{html.escape(pick(lang, zh, en))}</th>" for zh, en in _HEADS)
    heads += "".join(f'<th class="own">{html.escape(pick(lang, zh, en))}</th>' for zh, en, _ in _DECISION)
    for kind, count in _lists(found):
        stream.write(f'<h2 id="{kind}">{html.escape(pick(lang, *KINDS[kind]))}</h2>\n<div class="list">\n')
        stream.write(f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n")
        for one in found.differences(kind, most):
            cells = "".join(f"<td>{_lines(lines)}</td>" for lines in _stacked(one, lang))
            stream.write(f"<tr>{cells}{'<td></td>' * len(_DECISION)}</tr>\n")
        stream.write("</tbody>\n</table>\n</div>\n")
        if count > most:
            stream.write(f"<p><strong>{html.escape(left_out_text(count - most, lang))}</strong></p>\n")
    stream.write("</body>\n</html>\n")


# --- workbook --------------------------------------------------------------------------------------------------------


def write_workbook(found: Reconciliation, stream: BinaryIO, *, lang: str, limit: int | None = None) -> None:
    """A workbook: a sheet of counts, and a sheet for each list, with filters and empty columns for the decision.

    Every cell is text, whatever it begins with.

    Raises:
        MissingExtra: XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsx", "写出工作簿", "writing a workbook") from None
    most = SHOWN if limit is None else limit
    book = xlsxwriter.Workbook(
        stream, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": datetime.datetime(found.on.year, found.on.month, found.on.day)})
    font = {"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True, "num_format": "@"}
    formats = {
        "plain": book.add_format(font),
        "cell": book.add_format({**font, "border": 1}),
        "head": book.add_format({**font, "bold": True, "border": 1, "bg_color": "#DDEBF7"}),
        "own": book.add_format({**font, "border": 1, "bg_color": "#FFF9E5"}),
        "title": book.add_format({"font_name": "黑体", "font_size": 16, "bold": True}),
    }
    _write_counts(book.add_worksheet(pick(lang, "汇总", "Summary")), found, formats, lang)
    for kind, count in _lists(found):
        sheet = book.add_worksheet(pick(lang, *KINDS[kind])[:31])
        columns = (*_COLUMNS, *_DECISION)
        for at, (zh, en, width) in enumerate(columns):
            sheet.set_column(at, at, width)
            sheet.write_string(0, at, pick(lang, zh, en), formats["head"])
        row = 0
        for row, one in enumerate(found.differences(kind, most), 1):
            for at, cell in enumerate(_cells(one, lang)):
                sheet.write_string(row, at, cell, formats["cell"])
            for at in range(len(_COLUMNS), len(columns)):
                sheet.write_blank(row, at, None, formats["own"])
        if count > most:
            sheet.write_string(row + 1, 0, left_out_text(count - most, lang))
        sheet.autofilter(0, 0, row, len(columns) - 1)
        sheet.freeze_panes(1, 2)
        sheet.set_landscape()
        sheet.set_paper(8)  # A3
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    book.close()


def _write_counts(sheet: Any, found: Reconciliation, formats: dict[str, Any], lang: str) -> None:
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 12)
    sheet.write_string(
        0, 0, pick(lang, "困境儿童登记册与部门数据比对", "Register and departments' data"), formats["title"]
    )
    lines = (*_heading(found, lang), pick(lang, *_NOTE))
    for row, line in enumerate(lines, 1):
        sheet.write_string(row, 0, line, formats["plain"])
    for row, (kind, count) in enumerate(found.totals["differences"].items(), len(lines) + 2):
        sheet.write_string(row, 0, pick(lang, *KINDS[kind]), formats["cell"])
        sheet.write_number(row, 1, count, formats["cell"])


# --- feedback lists --------------------------------------------------------------------------------------------------

_TO_BOTH = ("due_not_registered", "paid_twice", "contradiction", "ambiguous", "number_proposal", "unknown_there")
_TO_REGISTER = ("registered_not_due",)
"""Whom a difference concerns. Who is merely unknown to the register concerns nobody."""

_FEEDBACK = (
    ("序号", "No."), ("类别", "List"), ("问题", "What"), ("本单位文件", "Own file"), ("本单位记录", "Own record"),
    ("本单位编号", "Own number"), ("位置", "Place"), ("姓名", "Name"), ("证件号码", "Identity number"),
    ("出生日期", "Birth date"), ("字段", "Field"), ("本单位所载", "Own value"), ("对方", "The other side"),
    ("对方记录", "Its record"), ("对方所载", "Its value"), ("月份", "Months"), ("把握", "Certainty"),
    ("依据条款", "Clause"),
)  # fmt: skip
_CONFIDENTIAL = frozenset({"hiv_allowance"})
"""Kinds of benefit that tell of a restricted fact."""


def refuse_existing(folder: str | os.PathLike[str], *, force: bool = False) -> None:
    """Say before the work that the folder can't be written.

    Raises:
        OutputExists: it is there already and ``force`` is not set.
    """
    if pathlib.Path(folder).exists() and not force:
        raise OutputExists(
            f"输出文件夹已存在：{folder}（用 --force 覆盖）",
            f"the output exists: {folder} (--force overwrites)",
            path=os.fspath(folder),
        )


def write_feedback(
    found: Reconciliation, folder: str | os.PathLike[str], *, lang: str, force: bool = False
) -> tuple[str, ...]:
    """A folder with a CSV for each office, of what it should look at, in its own record numbers and field names.

    Each gives the names of its own records; of another office's only where it has no record of its own to look at. What
    the other side says is given of the field in question alone, and never of a restricted fact. The folder is there
    whole or not at all.

    Returns:
        The offices: the names of the files without suffix.

    Raises:
        OutputExists: the folder is there already and ``force`` is not set.
    """
    offices = tuple(dict.fromkeys((OFFICE, *(one.office for one in found.files if one.office))))
    heads = tuple(ColumnForm(pick(lang, zh, en), 0) for zh, en in (*_FEEDBACK, *(names[:2] for names in _DECISION)))
    sink = CsvFolderSink(folder, [SheetForm(office, heads) for office in offices], force=force)
    try:
        for one in found:
            for office, cells in _concerned(one, lang):
                sink.append(office, [*map(safe, cells), *[""] * len(_DECISION)])
    except BaseException:
        sink.discard()
        raise
    sink.close()
    return offices


def _concerned(one: Difference, lang: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """(office, the cells of :data:`_FEEDBACK`) of each office that a difference concerns, every office once."""
    if one.kind not in (*_TO_BOTH, *_TO_REGISTER):
        return
    here, there, file, paid = one.register, one.department, one.file, one.other_file
    what = pick(lang, *KINDS[one.kind]), pick(lang, one.title_zh, one.title_en)
    rest = one.months, pick(lang, "明确", "clear") if one.certain else pick(lang, "待核实", "to be checked"), one.clause
    field = f"{one.field_title} {one.field}" if one.field_title else one.field
    said_here, said_there = (_given(one.field, value, lang) for value in (one.here, one.there))

    def row(own: tuple[object, ...], who: Party | None, values: tuple[object, ...]) -> tuple[object, ...]:
        person = (who.name, who.id_number, who.birth_date) if who else ("", "", "")
        return (one.number, *what, *own, *person, *values, *rest)

    between = "；".join if lang == "zh" else "; ".join
    theirs = there.record if there else None
    records = between(filter(None, (theirs, one.other_source if paid else None)))
    files = between(dict.fromkeys(filter(None, (_name(file), _name(paid)))))
    own: tuple[object, ...] = ("", here.record if here else "", "", "")
    said = "" if paid else one.here
    offices = {OFFICE: row(own, here or there, (field, said, files, records, said_there))}
    if file is not None and one.kind in _TO_BOTH:
        own = (file.name, theirs, there and there.source_no, _place(there, lang))
        beside = _name(paid) or pick(lang, "登记册", "the register")
        record = one.other_source or (here and here.record)
        values = (one.element or field, one.there, beside, record, said_here)
        offices.setdefault(file.office, row(own, there or here, values))
        if paid is not None:
            own = (paid.name, one.other_source, "", "")
            values = (field, one.here, file.name, theirs, said_there)
            offices.setdefault(paid.office, row(own, None, values))
    yield from offices.items()


def _given(field: str | None, value: str | None, lang: str) -> str | None:
    """What another office is told of a value."""
    table, _, name = (field or "").partition(".")
    columns = TABLES[table].columns if table in TABLES else ()
    restricted = any(column.element.restricted for column in columns if column.name == name)
    if value is not None and (restricted or value.partition(" ")[0] in _CONFIDENTIAL):
        return pick(lang, "（不提供）", "(not given)")
    return value
