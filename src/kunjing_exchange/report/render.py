"""A filled table as text, JSON and a workbook."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.report.place import addressees

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Figure, Report

__all__ = ["as_dict", "as_text", "write_workbook"]

_LEFT_OUT = {
    "zh": {"rejected": "未接受的档案", "closed": "截止日期不在册的档案", "no_category": "在册但没有当日有效认定的档案"},
    "en": {
        "rejected": "case files not accepted",
        "closed": "case files not on the register on the last day",
        "no_category": "case files on the register with no recognition in force",
    },
}
_WORDS = {
    "zh": {"village": "村（居）", "township": "乡镇（街道）", "county": "县（市、区）", "city": "省辖市（直管县）",
           "province": "省", "total": "合计", "unit": "单位", "period": "报告期", "as_of": "截止日期",
           "sender": "填报单位", "left_out": "未计入", "filler": "填表人：", "checker": "复核人：",
           "date": "填报日期：", "population": "统计范围", "none": "（无）", "known_on": "按此日所知",
           "replaced": "已被替代的报送", "counted_in": "没有行政区划代码，计入{name}", "figure": "指标"},
    "en": {"village": "Village", "township": "Township", "county": "County", "city": "City, or reporting directly",
           "province": "Province", "total": "Total", "unit": "Unit", "period": "Period", "as_of": "As of",
           "sender": "Reported by", "left_out": "Not counted", "filler": "Filled in by:", "checker": "Checked by:",
           "date": "Date:", "population": "Population", "none": "(none)", "known_on": "As known on",
           "replaced": "Submissions replaced", "counted_in": "has no code and is counted in {name}",
           "figure": "Figure"},
}  # fmt: skip

_WIDE = 24
"""A table with more columns is written to a terminal with its figures below one another."""


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _headings(report: Report, lang: str) -> list[tuple[str, ...]]:
    """The headings of every column, outer first."""
    return [column.headings_zh if lang == "zh" else column.headings_en for column in report.table.columns]


def _shown(figure: Figure) -> str:
    return "" if figure is None else str(figure)


def _notes(report: Report, lang: str) -> list[str]:
    words = _WORDS[lang]
    left_out = [f"{_LEFT_OUT[lang].get(reason, reason)} {count}" for reason, count in report.left_out.items() if count]
    separator = "、" if lang == "zh" else ", "
    notes = [
        f"{words['population']}: {getattr(report.table, f'population_{lang}')}",
        f"{words['left_out']}: {separator.join(left_out) or words['none']}",
    ]
    if report.known_on is not None:
        notes.append(f"{words['known_on']}: {report.known_on}")
    if report.replaced:
        notes.append(f"{words['replaced']}: {separator.join(report.replaced)}")
    columns = report.table.columns
    wholes = {column.part_of for column in columns}
    for column in columns:
        if column.part_of or column.id in wholes or column.by_hand:
            title = column.title_zh if lang == "zh" else column.title_en
            notes.append(f"{title}: {column.definition_zh if lang == 'zh' else column.definition_en}")
    names = {row.code: row.name_zh if lang == "zh" else row.name_en for row in report.rows}
    for one in addressees():
        if one.counted_in in names:
            name = one.name_zh if lang == "zh" else one.name_en
            notes.append(f"{name}: {words['counted_in'].format(name=names[one.counted_in])}")
    return notes


def _names(report: Report, lang: str) -> list[str]:
    return [row.name_zh if lang == "zh" else row.name_en for row in report.rows]


def _groups(titles: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Neighbours with the same title, with the places of their columns."""
    return [
        (title, [place for place, _ in members]) for title, members in groupby(enumerate(titles), lambda pair: pair[1])
    ]


def as_text(report: Report, lang: str) -> str:
    """The table for a terminal, columns aligned by display width; a wide one has a line for each figure."""
    words = _WORDS[lang]
    lines = [
        f"{report.table.id} {getattr(report.table, f'title_{lang}')}",
        f"{words['period']} {report.period}  {words['as_of']} {report.period_end}  "
        f"{words['unit']} {getattr(report.table, f'unit_{lang}')}",
        "",
        *(_tall(report, lang) if len(report.table.columns) > _WIDE else _broad(report, lang)),
        "",
        *_notes(report, lang),
    ]
    return "\n".join(lines) + "\n"


def _broad(report: Report, lang: str) -> list[str]:
    words = _WORDS[lang]
    headings = _headings(report, lang)
    heading = words[report.level]
    body = [
        *(
            (name, [_shown(one) for one in row.figures])
            for name, row in zip(_names(report, lang), report.rows, strict=True)
        ),
        (words["total"], [_shown(one) for one in report.totals]),
    ]
    first = max(_width(heading), *(_width(name) for name, _ in body))
    titles = [one[-1] for one in headings]
    widths = [max(_width(title), *(len(row[place]) for _, row in body)) for place, title in enumerate(titles)]
    groups = []
    for group, places in _groups([one[0] for one in headings]):
        width = sum(widths[place] for place in places) + 2 * (len(places) - 1)
        widths[places[-1]] += max(0, _width(group) - width)
        groups.append(_pad(group, max(width, _width(group))))
    padded = [_pad(title, width, right=True) for title, width in zip(titles, widths, strict=True)]
    return [
        "  ".join((_pad("", first), *groups)).rstrip(),
        "  ".join((_pad(heading, first), *padded)),
        "-" * (first + sum(widths) + 2 * len(widths)),
        *(
            "  ".join((_pad(name, first), *(value.rjust(width) for value, width in zip(row, widths, strict=True))))
            for name, row in body
        ),
    ]


def _tall(report: Report, lang: str) -> list[str]:
    words = _WORDS[lang]
    names = [words["total"], *_names(report, lang)]
    labels = [" · ".join(one) for one in _headings(report, lang)]
    columns = [[_shown(one) for one in figures] for figures in (report.totals, *(row.figures for row in report.rows))]
    first = max(_width(words["figure"]), *map(_width, labels))
    widths = [max(_width(name), *map(len, column)) for name, column in zip(names, columns, strict=True)]
    lines = [
        "  ".join(
            (_pad(words["figure"], first), *(_pad(n, w, right=True) for n, w in zip(names, widths, strict=True)))
        ),
        "-" * (first + sum(widths) + 2 * len(widths)),
    ]
    for place, label in enumerate(labels):
        values = (column[place].rjust(width) for column, width in zip(columns, widths, strict=True))
        lines.append("  ".join((_pad(label, first), *values)))
    return lines


def _json(figure: Figure) -> int | str | None:
    return str(figure) if isinstance(figure, Decimal) else figure


def as_dict(report: Report, lang: str) -> dict[str, Any]:
    """The table for JSON."""
    ids = [column.id for column in report.table.columns]
    return {
        "table": report.table.id,
        "title": getattr(report.table, f"title_{lang}"),
        "period": report.period,
        "period_start": report.period_start.isoformat(),
        "period_end": report.period_end.isoformat(),
        "unit": getattr(report.table, f"unit_{lang}"),
        "by": report.level,
        "sender": report.sender,
        "edition": report.edition,
        "verdict": report.verdict.value,
        **({"known_on": report.known_on.isoformat()} if report.known_on is not None else {}),
        **({"replaced": list(report.replaced)} if report.replaced else {}),
        "source": report.table.source,
        "population": getattr(report.table, f"population_{lang}"),
        "columns": [
            {
                "id": column.id,
                "group": getattr(column, f"group_{lang}"),
                "title": getattr(column, f"title_{lang}"),
                "headings": list(getattr(column, f"headings_{lang}")),
                "definition": getattr(column, f"definition_{lang}"),
                "unit": getattr(column, f"unit_{lang}"),
                "period": column.period,
                "clause": column.clause,
                **({"dimensions": dict(column.coordinates)} if column.coordinates else {}),
                **({"part_of": column.part_of} if column.part_of else {}),
                **({"by_hand": True} if column.by_hand else {}),
            }
            for column in report.table.columns
        ],
        "rows": [
            {"code": row.code, "name": name, **dict(zip(ids, map(_json, row.figures), strict=True))}
            for row, name in zip(report.rows, _names(report, lang), strict=True)
        ],
        "total": dict(zip(ids, map(_json, report.totals), strict=True)),
        "left_out": dict(report.left_out),
    }


def write_workbook(reports: Sequence[Report], stream: BinaryIO, lang: str = "zh") -> None:
    """Tables as a workbook, a sheet each: title, unit, merged headings, borders, signatures; A4 landscape.

    Raises:
        MissingExtra: ``xlsx`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsx", "写出工作簿", "writing a workbook") from None
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = "、".join(getattr(report.table, f"title_{lang}") for report in reports)
    book.set_properties({"created": datetime.datetime(2017, 1, 1), "title": title})
    for report in reports:
        _write_sheet(report, book, lang)
    book.close()


def _write_sheet(report: Report, book: Any, lang: str) -> None:
    words = _WORDS[lang]
    headings = _headings(report, lang)
    depth = max(len(one) for one in headings)
    last = len(headings)
    font = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
    plain = book.add_format(font)
    wrapped = book.add_format({**font, "text_wrap": True, "valign": "top", "font_size": 9})
    right = book.add_format({**font, "align": "right"})
    title = book.add_format(
        {"font_name": "黑体", "font_size": 16, "bold": True, "align": "center", "valign": "vcenter"}
    )
    head = book.add_format(
        {**font, "bold": True, "border": 1, "align": "center", "text_wrap": True, "bg_color": "#EDEDED"}
    )
    bold = {**font, "border": 1, "bold": True}
    formats = {
        is_sum: [
            book.add_format(
                {
                    **style,
                    "align": "right",
                    "num_format": "#,##0.00" if column.money else "0.0" if column.ratio else "0",
                }
            )
            for column in report.table.columns
        ]
        for is_sum, style in ((False, {**font, "border": 1}), (True, bold))
    }
    sheet = book.add_worksheet(report.table.id)
    sheet.set_column(0, 0, 18, plain)
    sheet.set_column(1, last, 9.5, plain)
    sheet.merge_range(0, 0, 0, last, getattr(report.table, f"title_{lang}"), title)
    sheet.set_row(0, 30)
    sheet.merge_range(1, 0, 1, last // 2, f"{words['sender']}: {report.sender}", plain)
    period = f"{words['period']}: {report.period}  {words['as_of']}: {report.period_end}"
    sheet.merge_range(
        1, last // 2 + 1, 1, last, f"{period}  {words['unit']}: {getattr(report.table, f'unit_{lang}')}", right
    )

    def block(top: int, left: int, bottom: int, rightmost: int, text: str) -> None:
        if (top, left) == (bottom, rightmost):
            sheet.write_string(top, left, text, head)
        else:
            sheet.merge_range(top, left, bottom, rightmost, text, head)

    block(2, 0, 1 + depth, 0, words[report.level])
    _write_headings(headings, range(last), 0, depth, block)
    sheet.set_row(1 + depth, 42)
    line = 2 + depth

    def write(name: str, figures: Sequence[Figure], is_sum: bool) -> None:
        sheet.set_row(line, 18)
        sheet.write_string(line, 0, name, book_name[is_sum])
        for place, value in enumerate(figures):
            if value is None:
                sheet.write_blank(line, place + 1, None, formats[is_sum][place])
            else:
                sheet.write_number(line, place + 1, value, formats[is_sum][place])

    book_name = {False: book.add_format({**font, "border": 1}), True: book.add_format(bold)}
    for row, name in zip(report.rows, _names(report, lang), strict=True):
        write(name, row.figures, False)
        line += 1
    write(words["total"], report.totals, True)
    line += 1
    third = (last + 1) // 3
    for start, word in ((0, "filler"), (third, "checker"), (2 * third, "date")):
        sheet.write_string(line, start, words[word], plain)
    line += 1
    for note in _notes(report, lang):
        sheet.merge_range(line, 0, line, last, note, wrapped)
        sheet.set_row(line, 26)
        line += 1
    sheet.freeze_panes(2 + depth, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 1 + depth)
    sheet.print_area(0, 0, line - 1, last)
    sheet.set_footer("&C&P / &N")


def _write_headings(
    headings: list[tuple[str, ...]],
    places: Sequence[int],
    level: int,
    depth: int,
    block: Callable[[int, int, int, int, str], None],
) -> None:
    """Headings of columns that share those above: neighbours with the same one are merged, the last reaches down."""
    for text, members in _groups([headings[place][level] for place in places]):
        inside = [places[member] for member in members]
        shallow = any(len(headings[place]) == level + 1 for place in inside)
        if len(inside) == 1 or shallow:
            for place in inside:
                words = " · ".join(headings[place][level:]) if not shallow else text
                block(2 + level, place + 1, 1 + depth, place + 1, words)
        else:
            block(2 + level, inside[0] + 1, 2 + level, inside[-1] + 1, text)
            _write_headings(headings, inside, level + 1, depth, block)
