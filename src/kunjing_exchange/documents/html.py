"""Findings as one HTML page that needs nothing else: filters by severity, rule and place, and no network.

The page's policy (CSP) allows its own style and script by their digests and nothing besides: whatever a record might
smuggle in as text, the browser runs none of it.
"""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
from collections.abc import Iterable
from typing import TextIO

from kunjing_exchange.codes import code_list
from kunjing_exchange.documents.review import Noted, Review
from kunjing_exchange.documents.words import (
    left_out_text,
    pick,
    place_text,
    remedy,
    severity_text,
    state_text,
    title_of,
    verdict_text,
)
from kunjing_exchange.findings import Finding

__all__ = ["SHOWN", "write_html"]

SHOWN = 20_000
"""How many findings a page lists unless told otherwise: beyond this browsers become slow."""

_STYLE = """
:root{color-scheme:light dark;--line:#8886;--error:#c0392b;--warning:#b9770e;--info:#2874a6;--good:#1e8449}
body{font:15px/1.5 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;margin:1.5rem;max-width:110rem}
h1{font-size:1.4rem;margin:0}
.accepted{color:var(--good)}.refused{color:var(--error)}
.counts{display:flex;gap:1rem;flex-wrap:wrap;margin:.8rem 0;padding:0;list-style:none}
.counts li{border:1px solid var(--line);border-radius:.4rem;padding:.3rem .8rem}
.counts b{font-size:1.2rem;margin-left:.4rem}
form{position:sticky;top:0;background:Canvas;padding:.6rem 0;display:flex;gap:.8rem;flex-wrap:wrap;align-items:end}
form[hidden]{display:none}
label{display:flex;flex-direction:column;font-size:.8rem}
select,input{font:inherit;max-width:min(24rem,85vw);padding:.2rem}
table{border-collapse:collapse;width:100%}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
th,td:first-child{white-space:nowrap}
td.at{min-width:9rem}
code{font-family:ui-monospace,Consolas,monospace;font-size:.85em;overflow-wrap:anywhere}
small{display:block;opacity:.75}
.error{color:var(--error)}.warning{color:var(--warning)}.info{color:var(--info)}
.tag{border:1px solid currentColor;border-radius:.3rem;padding:0 .3rem;white-space:nowrap}
@media(max-width:40rem){
thead{display:none}tr:not([hidden]),td{display:block}td{border:0;padding:.1rem 0}tr{border-bottom:1px solid var(--line)}
}
@media print{form{display:none}}
"""

_SCRIPT = """
const form=document.querySelector("form"),rows=[...document.querySelectorAll("tbody tr")];
const shown=document.getElementById("shown");
function apply(){
  const want=[...form.elements].filter(e=>e.name&&e.name!=="text"&&e.value).map(e=>[e.name,e.value]);
  const text=form.elements.text.value.trim().toLowerCase();
  let count=0;
  for(const row of rows){
    const fits=want.every(([name,value])=>row.dataset[name]===value)
      &&(!text||row.textContent.toLowerCase().includes(text));
    row.hidden=!fits;count+=fits;
  }
  shown.textContent=count;
}
form.hidden=false;form.addEventListener("input",apply);form.addEventListener("reset",()=>setTimeout(apply));
form.addEventListener("submit",e=>e.preventDefault());apply();
"""


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


_POLICY = (
    f"default-src 'none'; style-src {_digest(_STYLE)}; script-src {_digest(_SCRIPT)}; "
    "base-uri 'none'; form-action 'none'"
)


def write_html(review: Review, stream: TextIO, *, file: str, lang: str, limit: int = SHOWN) -> None:
    """The page: verdict and counts, filters, a row for each finding; a line says how many were left out."""
    findings = review.findings
    places = _Places(review, limit, lang)
    title = f"{pick(lang, '校验结果：', 'Findings: ')}{verdict_text(findings.verdict, lang)}"
    colour = "accepted" if findings.verdict.value.startswith("accepted") else "refused"
    stream.write(
        f'<!DOCTYPE html>\n<html lang="{pick(lang, "zh-CN", "en")}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1 class="{colour}">{_text(title)}</h1>\n'
        f'<p>{_text(file)} · {_text(findings.edition.name)}</p>\n<ul class="counts">\n'
    )
    stream.writelines(f"<li>{_text(name)}<b>{count}</b></li>\n" for name, count in _counts(review, lang))
    stream.write("</ul>\n")
    if limit < review.total:
        stream.write(f"<p><strong>{_text(left_out_text(review.total - limit, lang))}</strong></p>\n")
    _write_filters(review, places, stream, lang)
    heads = [("级别", "Severity"), ("问题", "Finding"), ("位置", "Place"), ("更正办法", "Remedy")]
    cells = "".join(f"<th>{_text(pick(lang, *head))}</th>" for head in heads)
    stream.write(f"<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n")
    stream.writelines(_row(noted, places.of(noted.finding), lang) for noted in itertools.islice(review, limit))
    for one in itertools.islice(review.fixed(), limit):
        place = " · ".join(filter(None, (one.location.record, one.location.path)))
        stream.write(
            f'<tr data-severity="{one.severity}" data-rule="{_text(one.id)}" data-state="fixed" data-place="">'
            f"<td>{_state('fixed', lang)}</td>"
            f"<td>{_text(one.title(lang))}<small><code>{_text(one.id)}</code></small></td>"
            f'<td class="at">{_text(place)}</td><td></td></tr>\n'
        )
    stream.write("</tbody>\n</table>\n")
    if limit < (fixed := review.states.get("fixed", 0)):
        stream.write(f"<p>{_text(state_text('fixed', lang))}: {_text(left_out_text(fixed - limit, lang))}</p>\n")
    stream.write(f"<script>{_SCRIPT}</script>\n</body>\n</html>\n")


def _text(text: str) -> str:
    return html.escape(text)


def _counts(review: Review, lang: str) -> Iterable[tuple[str, int]]:
    summary = review.findings.summary
    yield pick(lang, "记录", "Records"), summary.records
    yield pick(lang, "接受", "Accepted"), summary.records - summary.rejected
    yield pick(lang, "退回", "Rejected"), summary.rejected
    for severity in ("error", "warning", "info"):
        yield severity_text(severity, lang), summary.by_severity.get(severity, 0)
    for state, count in review.states.items():
        yield state_text(state, lang), count
    if review.answers is not None:
        yield pick(lang, "已答复", "Answered"), review.answered


def _write_filters(review: Review, places: _Places, stream: TextIO, lang: str) -> None:
    titles = {one.id: one.title(lang) for one in review.fixed()}
    titles.update((finding_id, title_of(finding_id, lang)) for finding_id in review.findings.summary.by_id)
    choices = {
        "severity": (("级别", "Severity"), {one: severity_text(one, lang) for one in ("error", "warning", "info")}),
        "rule": (("规则", "Rule"), {one: f"{one} {title}" for one, title in sorted(titles.items())}),
        "place": (("地方", "Place"), places.names()),
    }
    if review.compared:
        states = {one: state_text(one, lang) for one in ("new", "still_open", "fixed")}
        choices["state"] = (("状态", "State"), states)
    stream.write('<form hidden autocomplete="off">\n')
    for name, (label, values) in choices.items():
        options = "".join(f'<option value="{_text(value)}">{_text(text)}</option>' for value, text in values.items())
        stream.write(
            f'<label>{_text(pick(lang, *label))}<select name="{name}">'
            f'<option value="">{pick(lang, "全部", "all")}</option>{options}</select></label>\n'
        )
    stream.write(
        f'<label>{pick(lang, "查找", "Search")}<input type="search" name="text"></label>\n'
        f'<label>{pick(lang, "显示", "Shown")}<output id="shown"></output></label>\n'
        f'<button type="reset">{pick(lang, "清除", "Reset")}</button>\n</form>\n'
    )


def _state(state: str, lang: str) -> str:
    return f'<span class="tag">{_text(state_text(state, lang))}</span>'


def _row(noted: Noted, place: str, lang: str) -> str:
    finding = noted.finding
    at = finding.location
    severity = finding.severity.value
    details = "".join(
        f"<small>{_text(name)} <code>{_text(value)}</code></small>"
        for name, value in (
            (pick(lang, "值", "value"), finding.value),
            # Masked, the two often look the same, and say nothing.
            (pick(lang, "应为", "expected"), finding.expected if finding.expected != finding.value else None),
        )
        if value is not None
    )
    answer = f'<small class="info">{_text(noted.answer.text(lang))}</small>' if noted.answer is not None else ""
    state = f" {_state(noted.state, lang)}" if noted.state is not None else ""
    where = f"<small>{_text(at.record or '')} <code>{_text(at.path or '')}</code></small>"
    source = f"<small>{_text(finding.clause)}</small>" if finding.clause else ""
    return (
        f'<tr data-severity="{severity}" data-rule="{_text(finding.id)}" data-place="{_text(place)}"'
        f' data-state="{noted.state or ""}"><td class="{severity}">{_text(severity_text(severity, lang))}{state}</td>'
        f"<td>{_text(finding.message(lang))}<small><code>{_text(finding.id)}</code></small>{details}{answer}</td>"
        f'<td class="at">{_text(place_text(at, lang))}{where}</td>'
        f"<td>{_text(remedy(finding, lang) or '')}{source}</td></tr>\n"
    )


# No place of its own; not empty, for that is the filter's word for all.
_WHOLE = "-"


def _sheet(cell: str) -> str:
    return cell.rpartition("!")[0]


class _Places:
    """Which place a finding belongs to: the township of the case file, else its county, else the sheet."""

    def __init__(self, review: Review, limit: int, lang: str) -> None:
        keys: set[str] = set()
        self._names = {_WHOLE: pick(lang, "（全文）", "(whole document)")}
        for noted in itertools.islice(review, limit):
            place = noted.finding.location
            if place.record is not None:
                keys.add(place.record)
            if place.cell is not None:
                sheet = _sheet(place.cell)
                self._names[sheet] = sheet
        rows = review.findings.connection.execute(
            "select distinct case_id, township, division from case_file where list_contains($1, case_id)",
            [sorted(keys)],
        ).fetchall()
        townships, divisions = code_list("township"), code_list("division")
        self._of_case: dict[str, str] = {}
        for case_id, township, division in rows:
            # Only what the lists know: another nine digits may be anything.
            for code, codes in ((township, townships), (division, divisions)):
                if code is not None and code in codes:
                    self._of_case[case_id] = code
                    self._names[code] = f"{code} {codes.name_of(code, lang=lang) or ''}"
                    break

    def of(self, finding: Finding) -> str:
        """The code of the township or county, the sheet's name, or that it is of the whole document."""
        cell = finding.location.cell
        place = self._of_case.get(finding.location.record or "")
        return place or (_sheet(cell) if cell is not None else _WHOLE)

    def names(self) -> dict[str, str]:
        """What there is to choose from, by code."""
        return dict(sorted(self._names.items()))
