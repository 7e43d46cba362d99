"""How a filled table is laid out for people: headings with their spans, figures down or across, notes, signatures.

The workbook and the page are made of this. A table of more than :data:`WIDE` figures has them below one another, with
the divisions side by side: a sheet of paper is not wide enough for it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kunjing_exchange.report.place import addressees

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Figure, Report
    from kunjing_exchange.report.table import StatColumn, StatTable

__all__ = ["HIDDEN", "NONE", "STATES", "WIDE", "WORDS", "Heading", "Layout", "mark", "shown", "state"]

WIDE = 24
"""A table with more figures has them below one another."""

HIDDEN = "*"
"""What is shown for a figure that is not published."""

NONE = "—"
"""What is shown for a ratio that has nothing to divide by."""

STATES = ("given", "hidden", "undefined", "by_hand")
"""Whether a figure is there, and if not why: not published, nothing to divide by, to be written in by the office."""

_MARKS = {"hidden": HIDDEN, "undefined": NONE, "by_hand": ""}

WORDS = {
    "zh": {
        "village": "村（居）", "township": "乡镇（街道）", "county": "县（市、区）", "city": "省辖市（直管县）",
        "province": "省", "total": "合计", "unit": "单位", "period": "报告期", "as_of": "截止日期",
        "sender": "填报单位", "left_out": "未计入", "filler": "填表人", "checker": "复核人", "date": "填报日期",
        "population": "统计范围", "none": "（无）", "known_on": "按此日所知", "replaced": "已被替代的报送",
        "counted_in": "没有行政区划代码，计入{name}", "figure": "指标", "definitions": "指标说明", "clause": "依据",
        "source": "表式来源", "edition": "政策版本", "rule": "时点", "as_of_rule": "截止日期", "flow": "报告期内",
        "by_hand": "手工填报", "hidden": "“*”：不公布的数字", "undefined": "“—”：分母为零，没有比率",
        "rejected": "未接受的档案", "closed": "截止日期不在册的档案", "no_category": "在册但没有当日有效认定的档案",
        "from_dataset": "由数据集汇总：记录在写出数据集时已被接受，本次未再校验",
        "part": "（{number}/{count}）", "tables": "困境儿童统计表", "charts": "图", "contents": "目录",
        "internal": "未作小数保护，仅供本单位内部使用",
        "suppress": "小数保护：不足 {least} 名儿童的数字{zeros}、以及可以推算出它们的数字不公布。"
        "一起公布的各表共 {figures} 个数字，其中 {hidden} 个不公布",
        "zeros": "（包括 0）", "no_zeros": "（0 除外）",
        "round": "小数保护：人数等按 {base} 取整，合计与分项之和一致；不足 {least} 名儿童的金额、"
        "以及可以推算出它们的金额不公布，共 {hidden} 个",
    },
    "en": {
        "village": "Village", "township": "Township", "county": "County", "city": "City, or reporting directly",
        "province": "Province", "total": "Total", "unit": "Unit", "period": "Period", "as_of": "As of",
        "sender": "Reported by", "left_out": "Not counted", "filler": "Filled in by", "checker": "Checked by",
        "date": "Date", "population": "Population", "none": "(none)", "known_on": "As known on",
        "replaced": "Submissions replaced", "counted_in": "has no code and is counted in {name}",
        "figure": "Figure", "definitions": "What the figures mean", "clause": "Clause", "source": "Source of the form",
        "edition": "Policy edition", "rule": "Time", "as_of_rule": "on the last day", "flow": "in the period",
        "by_hand": "filled in by hand", "hidden": "“*”: a figure that is not published",
        "undefined": "“—”: nothing to divide by", "rejected": "case files not accepted",
        "closed": "case files not on the register on the last day",
        "no_category": "case files on the register with no recognition in force",
        "from_dataset": "Counted from a dataset: records were accepted when it was written, and not validated again",
        "part": " ({number}/{count})", "tables": "Children in difficulty: statistical tables", "charts": "Charts",
        "contents": "Contents", "internal": "No disclosure control: for the office's own use only",
        "suppress": "Disclosure control: figures of fewer than {least} children{zeros} are not published, nor those "
        "that would tell them. Of {figures} figures in the tables published together {hidden} are hidden",
        "zeros": " (and 0)", "no_zeros": " (but 0)",
        "round": "Disclosure control: numbers are multiples of {base}, and add up; amounts of fewer than {least} "
        "children are not published, nor those that would tell them: {hidden} figures",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: over ``length`` figures from ``place`` on, ``levels`` deep from ``level`` on."""

    text: str
    level: int
    levels: int
    place: int
    length: int


def state(table: StatTable, figures: Sequence[Figure], place: int) -> str:
    """One of :data:`STATES`, of a figure in its row."""
    column = table.columns[place]
    if figures[place] is not None:
        return "given"
    if column.by_hand:
        return "by_hand"
    if column.ratio is None:
        return "hidden"
    below = figures[table.columns.index(table.column(column.ratio[1]))]
    return "hidden" if below is None or below else "undefined"


def mark(table: StatTable, figures: Sequence[Figure], place: int) -> str:
    """What stands in the place of a figure that is not there: :data:`HIDDEN`, :data:`NONE` or nothing."""
    return _MARKS[state(table, figures, place)]


def shown(table: StatTable, figures: Sequence[Figure], place: int) -> str:
    """A figure as people read it, thousands parted, or its :func:`mark`."""
    figure = figures[place]
    return mark(table, figures, place) if figure is None else f"{figure:,}"


@dataclass(frozen=True, slots=True)
class Layout:
    """A filled table for people, in ``zh`` or ``en``."""

    report: Report
    lang: str

    @property
    def key(self) -> str:
        """What sets this table apart from others beside it: ``KJ-T1``, its level and its period."""
        return f"{self.report.table.id}-{self.report.level}-{self.report.period}"

    @property
    def words(self) -> dict[str, str]:
        """The words of the language."""
        return WORDS[self.lang]

    @property
    def tall(self) -> bool:
        """Whether the figures stand below one another."""
        return len(self.report.table.columns) > WIDE

    @property
    def depth(self) -> int:
        """How many levels of headings there are."""
        return max(len(one) for one in self._titles())

    @property
    def title(self) -> str:
        """The table's title."""
        return self.of(self.report.table, "title")

    def of(self, declared: object, name: str) -> str:
        """What a declaration says in the language: ``title``, ``definition``, ``unit``, ``population``."""
        return str(getattr(declared, f"{name}_{self.lang}"))

    def labelled(self, word: str, value: object) -> str:
        """``填报单位：南阳市民政局``."""
        return f"{self.words[word]}{'：' if self.lang == 'zh' else ': '}{value}"

    def facts(self) -> list[str]:
        """What stands between title and headings: who reports, which period, as of when, the unit."""
        report = self.report
        facts = [("period", report.period), ("as_of", report.period_end), ("unit", self.of(report.table, "unit"))]
        if report.sender:
            facts.insert(0, ("sender", report.sender))
        return [self.labelled(word, value) for word, value in facts]

    def signatures(self) -> list[str]:
        """What is written in by hand: who filled it in, who checked it, when."""
        return [self.labelled(word, "") for word in ("filler", "checker", "date")]

    def rows(self) -> list[tuple[str, Sequence[Figure]]]:
        """Name and figures of every division; the total last, or first where divisions stand side by side."""
        rows = [(self._name(row.name_zh, row.name_en), row.figures) for row in self.report.rows]
        total = (self.words["total"], self.report.totals)
        return [total, *rows] if self.tall else [*rows, total]

    def headings(self) -> list[Heading]:
        """All headings, each before those under it. Neighbours with the same one share it; a figure whose unit is not
        the table's says so in its last one, unless the units have a place of their own."""
        return list(self._merged(self._titles(), range(len(self.report.table.columns)), 0))

    def groups(self) -> Iterator[tuple[Heading | None, list[tuple[int, list[Heading]]]]]:
        """The outermost headings that are over several figures (None for a figure by itself), each with its figures:
        their place, and the headings that begin at it."""
        outer: Heading | None = None
        lines, waiting = list[tuple[int, list[Heading]]](), list[Heading]()
        for one in self.headings():
            if one.level == 0:
                if lines:
                    yield outer, lines
                outer, lines = (one if one.length > 1 else None), []
                if outer is not None:
                    continue
            waiting.append(one)
            if one.length == 1:
                lines.append((one.place, waiting))
                waiting = []
        yield outer, lines

    def _titles(self) -> list[tuple[str, ...]]:
        titles = []
        for column in self.report.table.columns:
            own: tuple[str, ...] = column.headings_zh if self.lang == "zh" else column.headings_en
            if not self.tall and column.unit_zh != self.report.table.unit_zh:
                unit = self.of(column, "unit")
                own = (*own[:-1], f"{own[-1]}（{unit}）" if self.lang == "zh" else f"{own[-1]} ({unit})")
            titles.append(own)
        return titles

    def _merged(self, titles: list[tuple[str, ...]], places: Sequence[int], level: int) -> Iterator[Heading]:
        depth = max(len(one) for one in titles)
        for text, members in groupby(places, lambda place: titles[place][level]):
            inside = list(members)
            if len(inside) == 1 or any(len(titles[place]) == level + 1 for place in inside):
                for place in inside:
                    yield Heading(" · ".join(titles[place][level:]), level, depth - level, place, 1)
            else:
                yield Heading(text, level, 1, inside[0], len(inside))
                yield from self._merged(titles, inside, level + 1)

    def notes(self) -> list[str]:
        """What a reader has to know: the population, what was left out and why, whose figures are where."""
        report, separator = self.report, "、" if self.lang == "zh" else ", "
        left_out = [
            f"{self.words.get(reason, reason)} {HIDDEN if count is None else count}"
            for reason, count in report.left_out.items()
            if count != 0
        ]
        notes = [
            self.labelled("population", self.of(report.table, "population")),
            self.labelled("left_out", separator.join(left_out) or self.words["none"]),
        ]
        if report.known_on is not None:
            notes.append(self.labelled("known_on", report.known_on))
        if report.replaced:
            notes.append(self.labelled("replaced", separator.join(report.replaced)))
        if report.from_dataset:
            notes.append(self.words["from_dataset"])
        columns = report.table.columns
        wholes = {column.part_of for column in columns}
        for column in columns:
            if column.part_of or column.id in wholes or column.by_hand:
                notes.append(self._said(self.of(column, "title"), self.of(column, "definition")))
        names = {row.code: self._name(row.name_zh, row.name_en) for row in report.rows}
        for one in addressees():
            if one.counted_in in names:
                placed = self.words["counted_in"].format(name=names[one.counted_in])
                notes.append(self._said(self._name(one.name_zh, one.name_en), placed))
        states = {
            state(report.table, figures, place)
            for _, figures in self.rows()
            for place, figure in enumerate(figures)
            if figure is None
        }
        notes += [self.words[word] for word in ("hidden", "undefined") if word in states]
        notes.append(self._protection())
        return [*notes, self.labelled("source", report.table.source), self.labelled("edition", report.edition)]

    def _protection(self) -> str:
        """Whether the table may leave the office, and what was done for that."""
        release = self.report.release
        if release is None:
            return self.words["internal"]
        return self.words[release.method].format(
            least=release.least, base=release.base, figures=release.figures, hidden=release.small + release.others,
            zeros=self.words["zeros" if release.zeros else "no_zeros"],
        )  # fmt: skip

    def definitions(self) -> list[tuple[str, str]]:
        """Every figure with what it means, its unit, time and clause."""
        return [
            (" · ".join(column.headings_zh if self.lang == "zh" else column.headings_en), self._definition(column))
            for column in self.report.table.columns
        ]

    def _definition(self, column: StatColumn) -> str:
        words = self.words
        time = words["by_hand"] if column.by_hand else words["flow" if column.period == "flow" else "as_of_rule"]
        facts = (
            self.labelled("unit", self.of(column, "unit")),
            self.labelled("rule", time),
            self.labelled("clause", column.clause),
        )
        definition = self.of(column, "definition")
        return f"{definition}（{'；'.join(facts)}）" if self.lang == "zh" else f"{definition} ({'; '.join(facts)})"

    def _said(self, name: str, text: str) -> str:
        return f"{name}：{text}" if self.lang == "zh" else f"{name}: {text}"

    def _name(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en
