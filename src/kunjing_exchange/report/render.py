"""A filled table as text, JSON and a workbook."""

from __future__ import annotations

import datetime
import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING, Any, BinaryIO

from kunjing_exchange.errors import MissingExtra

if TYPE_CHECKING:
    from kunjing_exchange.report.fill import Report

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
    "zh": {"division": "县（市、区）", "township": "乡镇（街道）", "total": "合计", "unit": "单位", "period": "报告期",
           "as_of": "截止日期", "sender": "填报单位", "left_out": "未计入", "filler": "填表人：", "checker": "复核人：",
           "date": "填报日期：", "population": "统计范围", "none": "（无）"},
    "en": {"division": "Division", "township": "Township", "total": "Total", "unit": "Unit", "period": "Period",
           "as_of": "As of", "sender": "Reported by", "left_out": "Not counted", "filler": "Filled in by:",
           "checker": "Checked by:", "date": "Date:", "population": "Population", "none": "(none)"},
}  # fmt: skip


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _titles(report: Report, lang: str) -> list[tuple[str, str]]:
    return [(getattr(c, f"group_{lang}"), getattr(c, f"title_{lang}")) for c in report.table.columns]


def _notes(report: Report, lang: str) -> list[str]:
    words = _WORDS[lang]
    left_out = [f"{_LEFT_OUT[lang][reason]} {count}" for reason, count in report.left_out.items() if count]
    separator = "、" if lang == "zh" else ", "
    return [
        f"{words['population']}: {getattr(report.table, f'population_{lang}')}",
        f"{words['left_out']}: {separator.join(left_out) or words['none']}",
        *(
            f"{column.title_zh if lang == 'zh' else column.title_en}: {getattr(column, f'definition_{lang}')}"
            for column in report.table.columns
            if column.part_of or column.id in {other.part_of for other in report.table.columns}
        ),
    ]


def _names(report: Report, lang: str) -> list[str]:
    return [row.name_zh if lang == "zh" else row.name_en for row in report.rows]


def _groups(titles: list[tuple[str, str]]) -> list[tuple[str, list[int]]]:
    """The heading groups with the places of their columns."""
    return [
        (group, [place for place, _ in members])
        for group, members in groupby(enumerate(titles), lambda pair: pair[1][0])
    ]


def as_text(report: Report, lang: str) -> str:
    """The table for a terminal, columns aligned by display width."""
    words = _WORDS[lang]
    titles = _titles(report, lang)
    heading = words["township" if report.level == "township" else "division"]
    figures = [row.figures for row in report.rows]
    body = [*zip(_names(report, lang), figures, strict=True), (words["total"], report.totals)]
    first = max(_width(heading), *(_width(name) for name, _ in body))
    widths = [max(_width(title), *(len(str(row[place])) for _, row in body)) for place, (_, title) in enumerate(titles)]
    groups = []
    for group, places in _groups(titles):
        width = sum(widths[place] for place in places) + 2 * (len(places) - 1)
        widths[places[-1]] += max(0, _width(group) - width)
        groups.append(_pad(group, max(width, _width(group))))
    headings = [_pad(title, width, right=True) for (_, title), width in zip(titles, widths, strict=True)]
    lines = [
        f"{report.table.id} {getattr(report.table, f'title_{lang}')}",
        f"{words['period']} {report.period}  {words['as_of']} {report.period_end}  "
        f"{words['unit']} {getattr(report.table, f'unit_{lang}')}",
        "",
        "  ".join((_pad("", first), *groups)).rstrip(),
        "  ".join((_pad(heading, first), *headings)),
        "-" * (first + sum(widths) + 2 * len(widths)),
        *(
            "  ".join((_pad(name, first), *(str(value).rjust(width) for value, width in zip(row, widths, strict=True))))
            for name, row in body
        ),
        "",
        *_notes(report, lang),
    ]
    return "\n".join(lines) + "\n"


def as_dict(report: Report, lang: str) -> dict[str, Any]:
    """The table for JSON."""
    ids = [column.id for column in report.table.columns]
    return {
        "table": report.table.id,
        "title": getattr(report.table, f"title_{lang}"),
        "period": report.period,
        "period_end": report.period_end.isoformat(),
        "unit": getattr(report.table, f"unit_{lang}"),
        "by": report.level,
        "sender": report.sender,
        "verdict": report.verdict.value,
        "source": report.table.source,
        "population": getattr(report.table, f"population_{lang}"),
        "columns": [
            {
                "id": column.id,
                "group": getattr(column, f"group_{lang}"),
                "title": getattr(column, f"title_{lang}"),
                "definition": getattr(column, f"definition_{lang}"),
                "clause": column.clause,
                **({"part_of": column.part_of} if column.part_of else {}),
            }
            for column in report.table.columns
        ],
        "rows": [
            {"code": row.code, "name": name, **dict(zip(ids, row.figures, strict=True))}
            for row, name in zip(report.rows, _names(report, lang), strict=True)
        ],
        "total": dict(zip(ids, report.totals, strict=True)),
        "left_out": report.left_out,
    }


def write_workbook(report: Report, stream: BinaryIO, lang: str) -> None:
    """The table as a workbook: title, unit, merged headings, borders, signatures; A4 landscape, one page wide."""
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsx", "写出工作簿", "writing a workbook") from None
    words = _WORDS[lang]
    titles = _titles(report, lang)
    last = len(titles)
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.datetime(2017, 1, 1), "title": getattr(report.table, f"title_{lang}")})
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
    name_cell = book.add_format({**font, "border": 1})
    figure = book.add_format({**font, "border": 1, "align": "right", "num_format": "0"})
    sum_name = book.add_format({**font, "border": 1, "bold": True})
    sum_figure = book.add_format({**font, "border": 1, "align": "right", "bold": True, "num_format": "0"})
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
    sheet.merge_range(2, 0, 3, 0, words["township" if report.level == "township" else "division"], head)
    for group, places in _groups(titles):
        if len(places) > 1:
            sheet.merge_range(2, places[0] + 1, 2, places[-1] + 1, group, head)
        else:
            sheet.write_string(2, places[0] + 1, group, head)
    sheet.set_row(3, 42)
    for place, (_, text) in enumerate(titles, 1):
        sheet.write_string(3, place, text, head)
    line = 4
    for row, name in zip(report.rows, _names(report, lang), strict=True):
        sheet.set_row(line, 18)
        sheet.write_string(line, 0, name, name_cell)
        for place, value in enumerate(row.figures, 1):
            sheet.write_number(line, place, value, figure)
        line += 1
    sheet.set_row(line, 18)
    sheet.write_string(line, 0, words["total"], sum_name)
    for place, value in enumerate(report.totals, 1):
        sheet.write_number(line, place, value, sum_figure)
    line += 1
    third = (last + 1) // 3
    for start, word in ((0, "filler"), (third, "checker"), (2 * third, "date")):
        sheet.write_string(line, start, words[word], plain)
    line += 1
    for note in _notes(report, lang):
        sheet.merge_range(line, 0, line, last, note, wrapped)
        sheet.set_row(line, 26)
        line += 1
    sheet.freeze_panes(4, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2, 3)
    sheet.print_area(0, 0, line - 1, last)
    sheet.set_footer("&C&P / &N")
    book.close()
