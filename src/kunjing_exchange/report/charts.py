"""Charts of filled tables: figures for notebooks, and vector graphics whose glyphs are outlines.

Every function returns a :class:`matplotlib.figure.Figure` (extra ``plots``); :func:`charts` makes all that a set of
tables allows, as SVG that needs no font to be read. Chinese labels need an installed Chinese font: the first of
:data:`FONTS` that is there. Where none is, labels are English, divisions are shown by their code, and the chart says
so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kunjing_exchange.errors import InvalidArgument, MissingExtra
from kunjing_exchange.report.table import StatColumn

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from kunjing_exchange.report.filled import Report

__all__ = [
    "FONTS", "Chart", "age_pyramid", "categories", "charts", "coverage", "front_line", "movement", "svg",
]  # fmt: skip

FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "Microsoft YaHei", "PingFang SC", "Hiragino Sans GB", "SimHei", "DengXian", "SimSun",
    "Noto Serif CJK SC", "Droid Sans Fallback", "Noto Sans CJK JP",
)  # fmt: skip
"""Fonts with Chinese glyphs, the better first."""

_NO_FONT = "no Chinese font is installed: labels are in English, divisions by their code"
_COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#999999")
"""Colours that differ for who is colour-blind, and printed in grey (Okabe and Ito)."""

_MOST = 30
"""So many divisions are drawn; of more those with the greatest figures, and the chart says so."""

_WORDS = {
    "zh": {
        "pyramid": "困境儿童年龄金字塔", "categories": "各地困境儿童（按类别）", "coverage": "保障覆盖：已保与应保",
        "movement": "困境儿童增减变动", "front_line": "村（居）基层人员覆盖率与目标", "age": "周岁", "children": "人数",
        "yes": "已保", "no": "未保", "target": "目标：2020 年 100%", "all": "合计", "share": "覆盖率（%）",
        "most": "只画数量最多的 {count} 个，共 {all} 个", "as_of": "截止 {day}", "hidden": "不公布的数字未画出",
        "ages_over": "18+", "fields": {
            "basic_life": "基本生活", "education": "教育", "medical": "基本医疗", "guardianship": "监护责任",
            "disability": "残疾儿童福利服务"},
    },
    "en": {
        "pyramid": "Age and sex of children in difficulty", "categories": "Children in difficulty by division",
        "coverage": "Protected, of those who should be", "movement": "Movement",
        "front_line": "Villages with a worker, and the target", "age": "Age", "children": "Children",
        "yes": "protected", "no": "not protected", "target": "target for 2020: 100%", "all": "Total",
        "share": "Coverage (%)", "most": "the {count} with the most, of {all}", "as_of": "as of {day}",
        "hidden": "figures not published are not drawn", "ages_over": "18+", "fields": {
            "basic_life": "Basic living", "education": "Education", "medical": "Medical care",
            "guardianship": "Guardianship", "disability": "Services (disabled)"},
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawn chart: its name, what it shows in words, and the graphic."""

    name: str
    description: str
    svg: str


class _Drawing:
    """A figure being drawn: the axes, and the language that the fonts at hand allow."""

    def __init__(self, figure: Figure, lang: str, chinese: bool) -> None:
        self.figure = figure
        self.axes: Axes = figure.add_subplot()
        self.lang = lang if chinese else "en"
        self.chinese = chinese
        self.remarks: list[str] = [] if chinese else [_NO_FONT]

    def word(self, name: str) -> Any:
        return _WORDS[self.lang][name]

    def heading(self, column: StatColumn) -> str:
        return column.title_zh if self.lang == "zh" else column.title_en

    def division(self, report: Report, code: str) -> str:
        row = next(one for one in report.rows if one.code == code)
        name = row.name_zh if self.lang == "zh" else row.name_en
        return name if self.chinese or name.isascii() else code


@contextmanager
def _drawing(title: str, lang: str, height: float, report: Report, *, since: str = "") -> Iterator[_Drawing]:
    """A figure with its title, as-of day and remarks; names of fonts are fixed to its texts before it is given away."""
    try:
        import matplotlib
        from matplotlib.figure import Figure
        from matplotlib.font_manager import get_font_names
    except ImportError:
        raise MissingExtra("plots", "画图", "drawing a chart") from None
    installed = set(get_font_names())
    font = next((name for name in FONTS if name in installed), None)
    settings: Any = {
        "font.family": [font, "DejaVu Sans"] if font else ["DejaVu Sans"],
        "font.size": 10,
        "axes.unicode_minus": False,
        "text.parse_math": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with matplotlib.rc_context(settings):
        drawing = _Drawing(Figure(figsize=(9, height), layout="constrained"), lang, font is not None)
        day = drawing.word("as_of").format(day=report.period_end)
        period = report.period if since in ("", report.period) else f"{since}—{report.period}"
        comma = "，" if drawing.lang == "zh" else ", "
        drawing.axes.set_title(f"{drawing.word(title)}{comma}{period}{comma}{day}", loc="left", fontweight="bold")
        yield drawing
        if drawing.remarks:
            drawing.figure.supxlabel("\n".join(drawing.remarks), x=0.01, ha="left", fontsize=8, color="#444444")
        drawing.figure.draw_without_rendering()


def _number(report: Report, figures: Sequence[Any], column: str) -> Decimal | None:
    place = report.table.columns.index(report.table.column(column))
    figure = figures[place]
    return None if figure is None else Decimal(figure)


def _drawn(value: Decimal | None) -> float:
    return float(value or 0)  # only the length of a bar, never a figure that is told


def _of(report: Report, table: str) -> None:
    if report.table.id != table:
        raise InvalidArgument(
            f"此图由表 {table} 画出，不是 {report.table.id}", f"this chart is of {table}, not of {report.table.id}"
        )


def _chosen(drawing: _Drawing, report: Report, column: str) -> list[Any]:
    """The rows to be drawn, in their order."""
    if len(report.rows) <= _MOST:
        return list(report.rows)
    most = sorted(report.rows, key=lambda row: _number(report, row.figures, column) or Decimal(0), reverse=True)
    kept = {row.code for row in most[:_MOST]}
    drawing.remarks.append(drawing.word("most").format(count=_MOST, all=len(report.rows)))
    return [row for row in report.rows if row.code in kept]


def _remark_hidden(drawing: _Drawing, values: Iterable[Decimal | None]) -> None:
    if any(value is None for value in values):
        drawing.remarks.append(drawing.word("hidden"))


def age_pyramid(report: Report, lang: str = "zh") -> Figure:
    """Children by sex and completed year of age, all divisions together; of the table ``KJ-AGES``.

    Raises:
        MissingExtra: ``plots`` is not installed.
        InvalidArgument: another table.
    """
    _of(report, "KJ-AGES")
    ages = report.table.dimensions["age_year"].values
    with _drawing("pyramid", lang, 6, report) as drawing:
        axes, values = drawing.axes, list[Decimal | None]()
        most = Decimal(1)
        places = range(len(ages))
        for sex, sign, colour in (("male", -1, _COLOURS[0]), ("female", 1, _COLOURS[1])):
            numbers = [_number(report, report.totals, f"sex_age_{sex}_{age.id}") for age in ages]
            values += numbers
            most = max(most, *(number or Decimal(0) for number in numbers))
            label = _value(report, "sex", sex, drawing)
            bars = axes.barh(places, [sign * _drawn(one) for one in numbers], 0.85, color=colour, label=label)
            axes.bar_label(bars, ["*" if one is None else str(one or "") for one in numbers], padding=2, fontsize=8)
        titles = [age.title_zh if drawing.lang == "zh" else age.title_en for age in ages]
        axes.set_yticks(places, titles)
        limit = float(most) * 1.15
        axes.set_xlim(-limit, limit)
        axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
        axes.locator_params(axis="x", integer=True)
        axes.axvline(0, color="#333333", linewidth=0.8)
        axes.set_ylabel(drawing.word("age"))
        axes.set_xlabel(drawing.word("children"))
        axes.legend(frameon=False, ncols=2, loc="upper right")
        _remark_hidden(drawing, values)
    return drawing.figure


def _value(report: Report, dimension: str, value_id: str, drawing: _Drawing) -> str:
    value = next(one for one in report.table.dimensions[dimension].values if one.id == value_id)
    return value.title_zh if drawing.lang == "zh" else value.title_en


def categories(report: Report, lang: str = "zh") -> Figure:
    """Children of every division by category, stacked; of the table ``KJ-T1``.

    Raises:
        MissingExtra: ``plots`` is not installed.
        InvalidArgument: another table.
    """
    _of(report, "KJ-T1")
    with _drawing("categories", lang, 1.8 + 0.32 * max(2, min(len(report.rows), _MOST)), report) as drawing:
        axes, rows = drawing.axes, _chosen(drawing, report, "total")
        places = range(len(rows))
        reached = [0.0] * len(rows)
        values = list[Decimal | None]()
        letters = [one for one in report.table.columns if set(one.coordinates) == {"letter"}]
        for column, colour in zip(letters, _COLOURS, strict=False):
            numbers = [_number(report, row.figures, column.id) for row in rows]
            values += numbers
            if not any(one is None or one for one in numbers):
                continue
            lengths = [_drawn(one) for one in numbers]
            axes.barh(
                places, lengths, 0.75, left=reached, color=colour, label=drawing.heading(column),
                edgecolor="white", linewidth=0.4,
            )  # fmt: skip
            reached = [start + length for start, length in zip(reached, lengths, strict=True)]
        for place, row, end in zip(places, rows, reached, strict=True):
            total = _number(report, row.figures, "total")
            axes.annotate("*" if total is None else str(total), (end, place), (3, 0), textcoords="offset points",
                          va="center", fontsize=8)  # fmt: skip
        _divisions(drawing, report, rows)
        axes.set_xlabel(drawing.word("children"))
        axes.locator_params(axis="x", integer=True)
        axes.set_xlim(0, max(1.0, *reached) * 1.08)
        drawing.figure.legend(*axes.get_legend_handles_labels(), frameon=False, ncols=3, loc="outside lower center")
        _remark_hidden(drawing, values)
    return drawing.figure


def _divisions(drawing: _Drawing, report: Report, rows: Sequence[Any]) -> None:
    drawing.axes.set_yticks(range(len(rows)), [drawing.division(report, row.code) for row in rows])
    drawing.axes.invert_yaxis()


def coverage(report: Report, lang: str = "zh") -> Figure:
    """How many are protected of those who should be, in each field of policy; of the table ``HN-2017-1``.

    Who should be is protected and not protected together: of services for disabled children those with a disability,
    of the other fields every child of the population.

    Raises:
        MissingExtra: ``plots`` is not installed.
        InvalidArgument: another table.
    """
    _of(report, "HN-2017-1")
    with _drawing("coverage", lang, 3.6, report) as drawing:
        axes, fields = drawing.axes, drawing.word("fields")
        places = range(len(fields))
        protected = [_number(report, report.totals, f"{name}_yes") for name in fields]
        others = [_number(report, report.totals, f"{name}_no") for name in fields]
        left = [_drawn(one) for one in protected]
        axes.barh(places, left, 0.65, color=_COLOURS[0], label=drawing.word("yes"))
        axes.barh(
            places, [_drawn(one) for one in others], 0.65, left=left, color="#DDDDDD", edgecolor="#666666",
            hatch="//", linewidth=0.6, label=drawing.word("no"),
        )  # fmt: skip
        for place, yes, no in zip(places, protected, others, strict=True):
            if yes is not None and no is not None and yes + no:
                text = f"{yes} / {yes + no} ({100 * yes / (yes + no):.1f}%)"
                axes.annotate(text, (float(yes + no), place), (4, 0), textcoords="offset points", va="center")
        axes.set_yticks(places, list(fields.values()))
        axes.invert_yaxis()
        axes.margins(x=0.18)
        axes.locator_params(axis="x", integer=True)
        axes.set_xlabel(drawing.word("children"))
        drawing.figure.legend(*axes.get_legend_handles_labels(), frameon=False, ncols=2, loc="outside lower center")
        _remark_hidden(drawing, [*protected, *others])
    return drawing.figure


def movement(reports: Report | Iterable[Report], lang: str = "zh") -> Figure:
    """Who came in and left in every period, and how many there were at its end; of the table ``KJ-T8``, one report a
    period.

    Raises:
        MissingExtra: ``plots`` is not installed.
        InvalidArgument: another table, or none.
    """
    from kunjing_exchange.report.filled import Report as Filled

    given = sorted([reports] if isinstance(reports, Filled) else reports, key=lambda one: one.period_end)
    if not given:
        raise InvalidArgument("没有可画的表", "there is no table to draw")
    for one in given:
        _of(one, "KJ-T8")
    with _drawing("movement", lang, 4, given[-1], since=given[0].period) as drawing:
        axes, last = drawing.axes, given[-1]
        places = range(len(given))
        values = list[Decimal | None]()
        shown = (
            ("opening", -0.3, "#999999"), ("new", -0.1, _COLOURS[2]), ("moved_in", -0.1, _COLOURS[5]),
            ("left", 0.1, _COLOURS[4]), ("closing", 0.3, _COLOURS[0]),
        )  # fmt: skip
        base, most = [0.0] * len(given), 1.0
        for name, offset, colour in shown:
            numbers = [_number(one, one.totals, name) for one in given]
            values += numbers
            lengths = [_drawn(number) for number in numbers]
            bottom = base if name == "moved_in" else [0.0] * len(given)
            most = max(most, *(start + length for start, length in zip(bottom, lengths, strict=True)))
            base = lengths
            column = last.table.column(name)
            label = column.group_zh if drawing.lang == "zh" else column.group_en
            if name in ("new", "moved_in"):
                label = drawing.heading(column)
            bars = axes.bar([place + offset for place in places], lengths, 0.18, bottom=bottom, color=colour,
                            label=label)  # fmt: skip
            texts = ["*" if number is None else str(number) for number in numbers]
            if name in ("new", "moved_in"):
                texts = [text if text != "0" else "" for text in texts]
            axes.bar_label(bars, texts, fontsize=8, label_type="center" if name == "new" else "edge")
        axes.set_ylim(0, most * 1.1)
        axes.set_xlim(-0.8, max(len(given) - 0.2, 2))
        axes.set_xticks(places, [one.period for one in given])
        axes.locator_params(axis="y", integer=True)
        axes.set_ylabel(drawing.word("children"))
        drawing.figure.legend(*axes.get_legend_handles_labels(), frameon=False, ncols=5, loc="outside lower center")
        _remark_hidden(drawing, values)
    return drawing.figure


def front_line(report: Report, lang: str = "zh") -> Figure:
    """The share of villages with a worker in every division beside the target: every village one by 2020; of the table
    ``KJ-T7``.

    Raises:
        MissingExtra: ``plots`` is not installed.
        InvalidArgument: another table.
    """
    _of(report, "KJ-T7")
    with _drawing("front_line", lang, 2 + 0.3 * max(2, min(len(report.rows) + 1, _MOST)), report) as drawing:
        axes, rows = drawing.axes, _chosen(drawing, report, "villages")
        bars: list[tuple[str, Sequence[Any]]] = [(drawing.word("all"), report.totals)]
        bars += [(drawing.division(report, row.code), row.figures) for row in rows]
        shares = [_number(report, figures, "coverage") for _, figures in bars]
        drawn = axes.barh(
            range(len(bars)), [_drawn(share) for share in shares], 0.7,
            color=[_COLOURS[0], *[_COLOURS[5]] * len(rows)],
        )  # fmt: skip
        texts = []
        for share, (_, figures) in zip(shares, bars, strict=True):
            covered, villages = (_number(report, figures, name) for name in ("covered", "villages"))
            parts = "" if covered is None or villages is None else f" ({covered} / {villages})"
            texts.append(f"{share}%{parts}" if share is not None else "*" if not parts else "—")
        axes.axvline(100, color=_COLOURS[4], linestyle="--", label=drawing.word("target"))
        for text in axes.bar_label(drawn, texts, padding=3, fontsize=8):
            text.set_bbox({"facecolor": "white", "edgecolor": "none", "pad": 0.6})
        axes.set_yticks(range(len(bars)), [name for name, _ in bars])
        axes.invert_yaxis()
        axes.set_xlim(0, 125)
        axes.set_xticks(range(0, 101, 20))
        axes.set_xlabel(drawing.word("share"))
        drawing.figure.legend(*axes.get_legend_handles_labels(), frameon=False, loc="outside lower center")
        _remark_hidden(drawing, [_number(report, figures, "covered") for _, figures in bars])
    return drawing.figure


def svg(figure: Figure) -> str:
    """The figure as SVG: glyphs are outlines, so that no font is needed; the same figure gives the same text."""
    import matplotlib

    stream = io.StringIO()
    without: Mapping[str, None] = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "kunjing"}):
        figure.savefig(stream, format="svg", metadata=dict(without))
    return re.sub(r"<!DOCTYPE[^>]*>\s*", "", stream.getvalue(), count=1)


_DRAWN: Mapping[str, Callable[[Report, str], Figure]] = {
    "KJ-AGES": age_pyramid,
    "KJ-T1": categories,
    "HN-2017-1": coverage,
    "KJ-T7": front_line,
}


def charts(reports: Iterable[Report], lang: str = "zh") -> list[Chart]:
    """Every chart that these tables allow.

    Raises:
        MissingExtra: ``plots`` is not installed.
    """
    given = list(reports)
    drawn = [(one.table.id, _DRAWN[one.table.id](one, lang), one) for one in given if one.table.id in _DRAWN]
    moved = [one for one in given if one.table.id == "KJ-T8"]
    if moved:
        drawn.append(("KJ-T8", movement(moved, lang), moved[-1]))
    order = [*_DRAWN, "KJ-T8"]
    drawn.sort(key=lambda one: order.index(one[0]))
    return [Chart(name, _description(name, report, lang), svg(figure)) for name, figure, report in drawn]


_TITLES = {
    "KJ-AGES": "pyramid", "KJ-T1": "categories", "HN-2017-1": "coverage", "KJ-T7": "front_line", "KJ-T8": "movement",
}  # fmt: skip


def _description(name: str, report: Report, lang: str) -> str:
    title = _WORDS[lang][_TITLES[name]]
    if lang == "zh":
        return f"图：{title}。数字见表 {name}，报告期 {report.period}，截止 {report.period_end}。"
    return f"Chart: {title}. The figures are in table {name}, period {report.period}, as of {report.period_end}."
