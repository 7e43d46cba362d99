"""Filled tables as one workbook: a sheet each, laid out as an office expects it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.report.layout import Heading, Layout, mark

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Figure, Report
    from kunjing_exchange.report.table import StatColumn

__all__ = ["write_workbook"]

_ACROSS = 12
"""So many columns of figures fit a landscape page of A4 and stay legible, where names of divisions head them."""

_PAGE, _UNIT = 110, 12
"""Widths, in characters: what a page holds at a size that is easy to read, and the column of units."""

_TOP = 2
"""The headings begin below the title and the line of facts."""


def write_workbook(reports: Iterable[Report], stream: BinaryIO, lang: str = "zh") -> None:
    """A sheet for every table: title, facts, merged headings, borders, signatures, notes; A4 landscape, with the
    headings on every page.

    Raises:
        MissingExtra: ``xlsx`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsx", "写出工作簿", "writing a workbook") from None
    layouts = [Layout(report, lang) for report in reports]
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = layouts[0].title if len(layouts) == 1 else layouts[0].words["tables"]
    book.set_properties({"created": datetime.datetime(2017, 1, 1), "title": title})
    formats = _Formats(book)
    ids = [layout.report.table.id for layout in layouts]
    for layout in layouts:
        # A sheet's name has at most 31 characters; the table's id is enough where it is there once.
        alone = ids.count(layout.report.table.id) == 1
        _Sheet(book.add_worksheet(layout.report.table.id if alone else layout.key), layout, formats).write()
    book.close()


class _Formats:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}
        self.plain = self(valign="vcenter")
        self.right = self(valign="vcenter", align="right")
        self.note = self(valign="top", text_wrap=True, font_size=9)
        self.title = self(font_name="黑体", font_size=16, bold=True, align="center", valign="vcenter")
        self.head = self(valign="vcenter", align="center", bold=True, border=1, text_wrap=True, bg_color="#EDEDED")
        self.side = self(valign="vcenter", align="left", border=1, text_wrap=True)
        self.group = self(valign="vcenter", align="left", border=1, bold=True, bg_color="#EDEDED")
        self.unit = self(valign="vcenter", align="center", border=1, text_wrap=True)

    def __call__(self, **style: object) -> Any:
        whole = {"font_name": "宋体", "font_size": 10, **style}
        key = tuple(sorted(whole.items(), key=lambda pair: pair[0]))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def figure(self, column: StatColumn, *, total: bool) -> Any:
        form = "#,##0.00" if column.money else "0.0" if column.ratio else "#,##0"
        return self(valign="vcenter", align="right", border=1, num_format=form, **({"bold": True} if total else {}))

    def name(self, *, total: bool) -> Any:
        return self(valign="vcenter", align="left", border=1, text_wrap=True, **({"bold": True} if total else {}))


class _Sheet:
    """One table on its sheet."""

    def __init__(self, sheet: Any, layout: Layout, formats: _Formats) -> None:
        self.sheet = sheet
        self.layout = layout
        self.formats = formats
        self.columns = layout.report.table.columns
        self.rows = layout.rows()
        self.inner = max(1, layout.depth - 1)
        money = any(column.money for column in self.columns)
        self.figures = 13.0 if layout.tall and money else 9.5
        room = _PAGE - _UNIT - self.figures * min(len(self.rows), _ACROSS)
        self.side = min(40.0, max(16.0, room / self.inner))

    def write(self) -> None:
        layout, sheet, formats = self.layout, self.sheet, self.formats
        last = self.inner + len(self.rows) if layout.tall else len(self.columns)
        pages = max(1, -(-len(self.rows) // _ACROSS)) if layout.tall else 1
        fits = min(last, self.inner + -(-len(self.rows) // pages)) - (pages > 1) if layout.tall else last
        # Title, facts and notes stay within the first page of a sheet that is several wide.
        self._merge(0, 0, 0, fits, layout.title, formats.title)
        sheet.set_row(0, 30)
        first, *facts = layout.facts()
        widths = [self.side] * self.inner + [_UNIT] if layout.tall else [18]
        widths += [self.figures] * (fits + 1 - len(widths))
        width = sum(widths)
        sender = next(place for place in range(fits + 1) if sum(widths[: place + 1]) * 3 >= width)
        self._merge(1, 0, 1, sender, first, formats.plain)
        self._merge(1, sender + 1, 1, fits, "  ".join(facts), formats.right)
        bottom = self._tall() if layout.tall else self._broad()
        signatures = layout.signatures()
        for number, word in enumerate(signatures):
            sheet.write_string(bottom, number * (fits + 1) // len(signatures), word, formats.plain)
        for line, note in enumerate(layout.notes(), bottom + 1):
            self._merge(line, 0, line, fits, note, formats.note)
            sheet.set_row(line, 13 * (1 + int(_width(note) // width)))
            bottom = line
        heads = _TOP + (1 if layout.tall else layout.depth)
        sheet.freeze_panes(heads, self.inner + 1 if layout.tall else 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.center_horizontally()
        sheet.fit_to_pages(pages, 0)
        sheet.repeat_rows(_TOP, heads - 1)
        if pages > 1:
            sheet.repeat_columns(0, self.inner)
        sheet.print_area(0, 0, bottom, last)
        sheet.set_footer("&L&A&C&P / &N")

    def _broad(self) -> int:
        """Divisions below one another; returns the line after the last."""
        layout, sheet, formats, depth = self.layout, self.sheet, self.formats, self.layout.depth
        sheet.set_column(0, 0, 18, formats.plain)
        sheet.set_column(1, len(self.columns), self.figures, formats.plain)
        self._merge(_TOP, 0, _TOP + depth - 1, 0, layout.words[layout.report.level], formats.head)
        for one in layout.headings():
            top, left = _TOP + one.level, 1 + one.place
            self._merge(top, left, top + one.levels - 1, left + one.length - 1, one.text, formats.head)
        for level in range(depth):
            lines = (
                1 + int(_width(one.text) // (self.figures * one.length))
                for one in layout.headings()
                if one.level == level
            )
            sheet.set_row(_TOP + level, max(18, 14 * max(lines)) if level < depth - 1 else 42)
        line = _TOP + depth
        for number, (name, figures) in enumerate(self.rows):
            total = number == len(self.rows) - 1
            sheet.set_row(line, 18)
            sheet.write_string(line, 0, name, formats.name(total=total))
            for place in range(len(self.columns)):
                self._figure(line, 1 + place, figures, place, total=total)
            line += 1
        return line

    def _tall(self) -> int:
        """Figures below one another; returns the line after the last."""
        layout, sheet, formats, inner = self.layout, self.sheet, self.formats, self.inner
        sheet.set_column(0, inner - 1, self.side, formats.plain)
        sheet.set_column(inner, inner, _UNIT, formats.plain)
        sheet.set_column(inner + 1, inner + len(self.rows), self.figures, formats.plain)
        self._merge(_TOP, 0, _TOP, inner - 1, layout.words["figure"], formats.head)
        sheet.write_string(_TOP, inner, layout.words["unit"], formats.head)
        for place, (name, _) in enumerate(self.rows, inner + 1):
            sheet.write_string(_TOP, place, name, formats.head)
        sheet.set_row(_TOP, 30)
        line = _TOP + 1
        for outer, lines in layout.groups():
            if outer is not None:
                self._merge(line, 0, line, inner + len(self.rows), outer.text, formats.group)
                line += 1
            for place, headings in lines:
                for one in headings:
                    self._side(line, one)
                column = self.columns[place]
                sheet.write_string(line, inner, layout.of(column, "unit"), formats.unit)
                for number, (_, figures) in enumerate(self.rows):
                    self._figure(line, inner + 1 + number, figures, place, total=number == 0)
                line += 1
        return line

    def _side(self, line: int, one: Heading) -> None:
        left = max(0, one.level - 1)
        columns = one.levels if one.level else self.inner
        self._merge(line, left, line + one.length - 1, left + columns - 1, one.text, self.formats.side)
        if one.length == 1:
            # A merged cell does not make its line higher by itself.
            lines = 1 + int(_width(one.text) // (self.side * columns))
            if lines > 1:
                self.sheet.set_row(line, 14 * lines)

    def _figure(self, line: int, at: int, figures: Sequence[Figure], place: int, *, total: bool) -> None:
        form = self.formats.figure(self.columns[place], total=total)
        figure = figures[place]
        if figure is not None:
            self.sheet.write_number(line, at, figure, form)
        elif text := mark(self.layout.report.table, figures, place):
            self.sheet.write_string(line, at, text, form)
        else:
            self.sheet.write_blank(line, at, None, form)

    def _merge(self, top: int, left: int, bottom: int, right: int, text: str, form: Any) -> None:
        if (top, left) == (bottom, right):
            self.sheet.write_string(top, left, text, form)
        else:
            self.sheet.merge_range(top, left, bottom, right, text, form)


def _width(text: str) -> float:
    """The width of a text in columns of a sheet; a Chinese character takes two."""
    return sum(1 if char.isascii() else 2 for char in text)
