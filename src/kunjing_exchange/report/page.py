"""Filled tables as one HTML page that needs nothing else: no script, no network, no font, no other file."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kunjing_exchange.report.layout import WORDS, Heading, Layout, shown

if TYPE_CHECKING:
    from kunjing_exchange.report.charts import Chart
    from kunjing_exchange.report.filled import Figure, Report

__all__ = ["html_text"]

_SIDE_BY_SIDE = 10
"""So many divisions stand side by side on a landscape page of A4; a table of more is in parts."""

_STYLE = """
:root{color-scheme:light}
body{font:14px/1.5 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",sans-serif;
color:#111;background:#fff;margin:1.5rem auto;padding:0 1.5rem;max-width:90rem}
h1{font-size:1.5rem;text-align:center;margin:.5rem 0}
h2{font-size:1.25rem;text-align:center;margin:2rem 0 .3rem}
nav ol{columns:22rem;padding-left:1.5rem;margin:.5rem 0}
.facts{display:flex;flex-wrap:wrap;justify-content:space-between;gap:.2rem 2rem;margin:.3rem 0;padding:0;
list-style:none}
.signatures{display:grid;grid-template-columns:1fr 1fr 1fr;margin:.6rem 0;padding:0;list-style:none}
.scroll{overflow-x:auto}
table{border-collapse:collapse;margin:.3rem auto;min-width:60%}
table.broad{width:100%}
caption{text-align:left;padding:.2rem 0}
th,td{border:1px solid #666;padding:.15rem .45rem}
td{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th{font-weight:600;background:#ededed}
thead th{text-align:center;vertical-align:middle}
tbody th{text-align:left;font-weight:400;background:#f6f6f6}
tbody th[rowspan]{vertical-align:top}
tr.group th{font-weight:600;background:#ededed}
tr.total>*,td.total,thead th.total{font-weight:700}
td.unit{text-align:center;color:#333}
.notes{font-size:.9em;margin:.3rem 0;padding-left:1.2rem}
details{font-size:.9em}summary{cursor:pointer}
dl{columns:30rem}dt{font-weight:600}dd{margin:0 0 .3rem 1rem;break-before:avoid}
figure{margin:1rem auto;max-width:60rem;break-inside:avoid}
figure img{width:100%;height:auto}
figcaption{font-size:.9em}
@page{size:A4 landscape;margin:12mm 10mm 14mm;@bottom-center{content:counter(page) " / " counter(pages);font-size:9pt}}
@media print{
body{font-size:9pt;margin:0;padding:0;max-width:none}
details:not([open]){display:none}
nav a{color:inherit;text-decoration:none}
section+section,header+section{break-before:page}
h1,h2,.facts{break-after:avoid}
h2{margin-top:0}
.scroll{overflow:visible}
.scroll+.scroll{break-before:page}
thead{display:table-header-group}
table{width:100%}
tr{break-inside:avoid}
.signatures,.notes{break-inside:avoid}
th,td{padding:.05rem .3rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
tr.group{break-after:avoid}
figure{margin:0 auto 5mm;text-align:center}
figure img{width:auto;max-width:100%;max-height:160mm}
}
"""
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()


def html_text(reports: Iterable[Report], lang: str = "zh", *, charts: Sequence[Chart] = (), note: str = "") -> str:
    """The page: every table with its headings, facts, signatures, notes and definitions, then the charts.

    ``note`` is said where the charts would be, such as why there are none.
    """
    words = WORDS[lang]
    layouts = [Layout(report, lang) for report in reports]
    periods = sorted({layout.report.period for layout in layouts})
    title = f"{words['tables']} {'、'.join(periods) if lang == 'zh' else ', '.join(periods)}".rstrip()
    links = [(layout.key, f"{layout.report.table.id} {layout.title}") for layout in layouts]
    if charts or note:
        links.append(("charts", words["charts"]))
    parts = [
        f'<!DOCTYPE html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        f"style-src 'sha256-{_DIGEST}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<header>\n<h1>{_text(title)}</h1>\n"
        f'<nav aria-label="{_text(words["contents"])}"><ol>\n'
    ]
    parts += [f'<li><a href="#{_text(anchor)}">{_text(name)}</a></li>\n' for anchor, name in links]
    parts.append("</ol></nav>\n</header>\n")
    for layout in layouts:
        parts.extend(_section(layout))
    if charts or note:
        parts.append(
            f'<section id="charts" aria-labelledby="charts-title">\n<h2 id="charts-title">{links[-1][1]}</h2>\n'
        )
        parts += [f"<p>{_text(note)}</p>\n"] if note else []
        parts += [_figure(chart) for chart in charts]
        parts.append("</section>\n")
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _text(text: str) -> str:
    return html.escape(text)


def _figure(chart: Chart) -> str:
    data = base64.b64encode(chart.svg.encode()).decode()
    return (
        f'<figure>\n<img alt="{_text(chart.description)}" src="data:image/svg+xml;base64,{data}">\n'
        f"<figcaption>{_text(chart.description)}</figcaption>\n</figure>\n"
    )


def _list(name: str, items: Iterable[str]) -> str:
    return f'<ul class="{name}">\n{"".join(f"<li>{_text(item)}</li>{chr(10)}" for item in items)}</ul>\n'


def _section(layout: Layout) -> Iterator[str]:
    key = _text(layout.key)
    yield f'<section id="{key}" aria-labelledby="{key}-title">\n'
    yield f'<h2 id="{key}-title">{_text(layout.report.table.id)} {_text(layout.title)}</h2>\n'
    yield _list("facts", layout.facts())
    yield from _tall(layout) if layout.tall else _broad(layout)
    yield _list("signatures", layout.signatures())
    yield _list("notes", layout.notes())
    definitions = layout.definitions()
    yield f"<details><summary>{_text(layout.words['definitions'])} ({len(definitions)})</summary>\n<dl>\n"
    for name, text in definitions:
        yield f"<dt>{_text(name)}</dt><dd>{_text(text)}</dd>\n"
    yield "</dl></details>\n</section>\n"


def _spans(**spans: int) -> str:
    return "".join(f' {name}="{count}"' for name, count in spans.items() if count > 1)


def _scroll(layout: Layout, kind: str) -> str:
    key = _text(layout.key)
    return f'<div class="scroll" role="region" aria-labelledby="{key}-title" tabindex="0">\n<table class="{kind}">\n'


def _broad(layout: Layout) -> Iterator[str]:
    """Divisions below one another, figures side by side."""
    headings, depth = layout.headings(), layout.depth
    outer = [heading for heading in headings if heading.level == 0]
    yield _scroll(layout, "broad")
    yield "".join(("<colgroup></colgroup>", *(f'<colgroup span="{one.length}"></colgroup>' for one in outer)))
    yield "\n<thead>\n"
    for level in range(depth):
        yield "<tr>"
        if level == 0:
            yield f'<th scope="col"{_spans(rowspan=depth)}>{_text(layout.words[layout.report.level])}</th>'
        for one in headings:
            if one.level == level:
                scope = "colgroup" if one.level == 0 and one.length > 1 else "col"
                yield f'<th scope="{scope}"{_spans(colspan=one.length, rowspan=one.levels)}>{_text(one.text)}</th>'
        yield "</tr>\n"
    yield "</thead>\n<tbody>\n"
    rows = layout.rows()
    for number, (name, figures) in enumerate(rows):
        kind = ' class="total"' if number == len(rows) - 1 else ""
        yield f'<tr{kind}><th scope="row">{_text(name)}</th>{_cells(layout, figures)}</tr>\n'
    yield "</tbody>\n</table>\n</div>\n"


def _cells(layout: Layout, figures: Sequence[Figure]) -> str:
    table = layout.report.table
    return "".join(f"<td>{shown(table, figures, place)}</td>" for place in range(len(figures)))


def _tall(layout: Layout) -> Iterator[str]:
    """Figures below one another, divisions side by side, in parts that fit a page; each part begins with the total."""
    total, *divisions = layout.rows()
    inner = max(1, layout.depth - 1)
    count = max(1, -(-len(divisions) // _SIDE_BY_SIDE))
    for number in range(count):
        rows = [total, *divisions[number * _SIDE_BY_SIDE : (number + 1) * _SIDE_BY_SIDE]]
        yield _scroll(layout, "tall")
        if count > 1:
            part = layout.words["part"].format(number=number + 1, count=count)
            yield f"<caption>{_text(layout.report.table.id)} {_text(layout.title)}{_text(part)}</caption>\n"
        yield f'<thead>\n<tr><th scope="col"{_spans(colspan=inner)}>{_text(layout.words["figure"])}</th>'
        yield f'<th scope="col">{_text(layout.words["unit"])}</th>'
        for place, (name, _) in enumerate(rows):
            yield f'<th scope="col"{"" if place else _TOTAL}>{_text(name)}</th>'
        yield "</tr>\n</thead>\n"
        for outer, lines in layout.groups():
            yield "<tbody>\n"
            if outer is not None:
                yield f'<tr class="group"><th scope="rowgroup" colspan="{inner + 1 + len(rows)}">{_text(outer.text)}'
                yield "</th></tr>\n"
            for place, headings in lines:
                yield f"<tr>{''.join(_row_heading(one, inner) for one in headings)}"
                yield f"{_across(layout, rows, place)}</tr>\n"
            yield "</tbody>\n"
        yield "</table>\n</div>\n"


_TOTAL = ' class="total"'


def _across(layout: Layout, rows: Sequence[tuple[str, Sequence[Figure]]], place: int) -> str:
    table = layout.report.table
    cells = (
        f"<td{_TOTAL if not number else ''}>{shown(table, figures, place)}</td>"
        for number, (_, figures) in enumerate(rows)
    )
    return f'<td class="unit">{_text(layout.of(table.columns[place], "unit"))}</td>{"".join(cells)}'


def _row_heading(one: Heading, inner: int) -> str:
    """A heading beside its figures; one that has no other above it takes all the room there is."""
    columns = one.levels if one.level else inner
    return f'<th scope="row"{_spans(rowspan=one.length, colspan=columns)}>{_text(one.text)}</th>'
