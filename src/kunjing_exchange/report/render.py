"""A filled table as text and JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kunjing_exchange.report.layout import WIDE, WORDS, Layout, mark

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Figure, Report

__all__ = ["as_dict", "as_text"]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _pad(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def _headings(report: Report, lang: str) -> list[tuple[str, ...]]:
    """The headings of every column, outer first."""
    return [column.headings_zh if lang == "zh" else column.headings_en for column in report.table.columns]


def _shown(report: Report, figures: Sequence[Figure]) -> list[str]:
    return [
        mark(report.table, figures, place) if figure is None else str(figure) for place, figure in enumerate(figures)
    ]


def _names(report: Report, lang: str) -> list[str]:
    return [row.name_zh if lang == "zh" else row.name_en for row in report.rows]


def _groups(titles: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Neighbours with the same title, with the places of their columns."""
    return [
        (title, [place for place, _ in members]) for title, members in groupby(enumerate(titles), lambda pair: pair[1])
    ]


def as_text(report: Report, lang: str) -> str:
    """The table for a terminal, columns aligned by display width; a wide one has a line for each figure."""
    words = WORDS[lang]
    lines = [
        f"{report.table.id} {getattr(report.table, f'title_{lang}')}",
        f"{words['period']} {report.period}  {words['as_of']} {report.period_end}  "
        f"{words['unit']} {getattr(report.table, f'unit_{lang}')}",
        "",
        *(_tall(report, lang) if len(report.table.columns) > WIDE else _broad(report, lang)),
        "",
        *Layout(report, lang).notes(),
    ]
    return "\n".join(lines) + "\n"


def _broad(report: Report, lang: str) -> list[str]:
    words = WORDS[lang]
    headings = _headings(report, lang)
    heading = words[report.level]
    body = [
        *((name, _shown(report, row.figures)) for name, row in zip(_names(report, lang), report.rows, strict=True)),
        (words["total"], _shown(report, report.totals)),
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
    words = WORDS[lang]
    names = [words["total"], *_names(report, lang)]
    labels = [" · ".join(one) for one in _headings(report, lang)]
    columns = [_shown(report, figures) for figures in (report.totals, *(row.figures for row in report.rows))]
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
        **({"from_dataset": True} if report.from_dataset else {}),
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
        # How many children are behind amounts and events: what the level above needs to protect them in its tables.
        **({"behind": {row.code: dict(row.behind) for row in report.rows if row.behind}} if not report.release else {}),
        **({"disclosure": report.release.as_dict()} if report.release else {}),
    }
