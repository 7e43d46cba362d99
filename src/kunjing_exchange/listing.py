"""Findings written out: as text for people, as JSON and JSON Lines for programs. They are streamed, however many.

The keys of the JSON are a promise to scripts.
"""

from __future__ import annotations

import codecs
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from kunjing_exchange.findings import BUILT_IN, Finding, Verdict
from kunjing_exchange.rules import RuleOutcome, rule
from kunjing_exchange.validate import Findings

__all__ = ["finding_line", "severity_text", "verdict_text", "write_json", "write_json_lines", "write_text"]

SHOWN_PER_ID = 100
"""How many findings of one id the text shows unless told otherwise."""

Paint = Callable[[str, str], str]
"""(text, ``error``/``warning``/``info``/``good``) → the text in colour, or as it is."""

_VERDICTS = {
    Verdict.ACCEPTED: ("接受", "accepted"),
    Verdict.ACCEPTED_WITH_WARNINGS: ("接受，有提醒", "accepted with warnings"),
    Verdict.PARTLY_ACCEPTED: ("部分接受", "partly accepted"),
    Verdict.REJECTED: ("退回", "rejected"),
    Verdict.UNDETERMINED: ("不能确定", "undetermined"),
}
_SEVERITIES = {"error": ("错误", "error"), "warning": ("提醒", "warning"), "info": ("说明", "info")}


def _pick(lang: str, zh: str, en: str) -> str:
    return zh if lang == "zh" else en


def verdict_text(verdict: Verdict, lang: str) -> str:
    """A verdict in words."""
    return _pick(lang, *_VERDICTS[verdict])


def severity_text(severity: str, lang: str) -> str:
    """A severity in words."""
    return _pick(lang, *_SEVERITIES[severity])


# --- for programs ----------------------------------------------------------------------------------------------------


def _json(value: object, stream: TextIO, indent: int | None = None) -> str:
    """JSON that the stream can carry: all ASCII where it is not UTF-8."""
    utf8 = codecs.lookup(stream.encoding or "ascii").name == "utf-8"
    return json.dumps(value, ensure_ascii=not utf8, indent=indent)


def _outcome(outcome: RuleOutcome, lang: str) -> dict[str, object]:
    return {
        "id": outcome.rule,
        "outcome": outcome.outcome,
        "findings": outcome.findings,
        "not_evaluated": outcome.not_evaluated,
        "reason": _pick(lang, outcome.reason_zh, outcome.reason_en),
    }


def write_json(findings: Findings, stream: TextIO, *, file: str, lang: str, limit: int | None = None) -> None:
    """One document: ``verdict, edition, file, summary, rules[], findings[]``; at most ``limit`` findings."""
    head = {
        "verdict": findings.verdict.value,
        "edition": findings.edition.name,
        "file": file,
        "summary": findings.summary.as_dict(),
        "rules": [_outcome(outcome, lang) for outcome in findings.rules.values()],
    }
    stream.write(_json(head, stream, indent=2).removesuffix("\n}") + ',\n  "findings": [')
    separator = ""
    for finding in itertools.islice(findings, limit):
        stream.write(f"{separator}\n    {_json(finding.as_dict(lang), stream)}")
        separator = ","
    stream.write("\n  ]\n}\n" if separator else "]\n}\n")


def write_json_lines(findings: Findings, stream: TextIO, *, lang: str, limit: int | None = None) -> None:
    """One finding a line; the last line is ``{"verdict": …, "summary": …}``."""
    for finding in itertools.islice(findings, limit):
        stream.write(_json(finding.as_dict(lang), stream) + "\n")
    last = {"verdict": findings.verdict.value, "summary": findings.summary.as_dict()}
    stream.write(_json(last, stream) + "\n")


# --- for people ------------------------------------------------------------------------------------------------------


def _uncoloured(text: str, _: str) -> str:
    return text


def write_text(
    findings: Findings,
    stream: TextIO,
    *,
    file: str,
    lang: str,
    limit: int = SHOWN_PER_ID,
    paint: Paint = _uncoloured,
) -> None:
    """Verdict, counts, the findings by id (``limit`` of each), and the rules that could not be evaluated."""
    summary = findings.summary
    accepted = summary.records - summary.rejected
    counts = _pick(lang, "，", ", ").join(
        f"{severity_text(name, lang)} {summary.by_severity.get(name, 0)}" for name in _SEVERITIES
    )
    colour = "good" if findings.verdict.value.startswith("accepted") else "error"
    records = _pick(
        lang,
        f"记录：{summary.records} 条，接受 {accepted}，退回 {summary.rejected}",
        f"Records: {summary.records}, accepted {accepted}, rejected {summary.rejected}",
    )
    stream.write(
        f"{_pick(lang, '结论：', 'Verdict: ')}{paint(verdict_text(findings.verdict, lang), colour)}\n"
        f"{_pick(lang, '文件：', 'File: ')}{file} ({findings.edition.name})\n"
        f"{records}\n"
        f"{_pick(lang, '发现：', 'Findings: ')}{counts}\n"
    )
    groups = _first_of_each(findings, limit)
    for finding_id in sorted(groups, key=lambda one: (-groups[one][0].severity.rank, one)):
        lines = _group_lines(groups[finding_id], summary.by_id[finding_id], limit, lang, paint)
        stream.write("\n" + "\n".join(lines) + "\n")
    _write_not_evaluated(findings.rules, stream, lang)


def _first_of_each(findings: Findings, limit: int) -> dict[str, list[Finding]]:
    """The first ``limit`` findings of each id, one at least for the heading; read no further than needed."""
    wanted = {finding_id: min(count, max(limit, 1)) for finding_id, count in findings.summary.by_id.items()}
    missing = sum(wanted.values())
    groups: dict[str, list[Finding]] = {}
    if missing:
        for finding in findings:
            group = groups.setdefault(finding.id, [])
            if len(group) < wanted[finding.id]:
                group.append(finding)
                missing -= 1
                if not missing:
                    break
    return groups


def _title(finding_id: str, lang: str) -> str:
    one = BUILT_IN.get(finding_id) or rule(finding_id)
    return _pick(lang, one.title_zh, one.title_en)


def _group_lines(group: list[Finding], count: int, limit: int, lang: str, paint: Paint) -> Iterator[str]:
    first = group[0]
    title = _title(first.id, lang)
    severity = paint(severity_text(first.severity.value, lang), first.severity.value)
    yield f"{severity} {first.id} {title}{_pick(lang, f'（{count} 处）', f' ({count} found)')}"
    if first.clause:
        yield f"  {_pick(lang, '依据：', 'Source: ')}{first.clause}"
    if remedy := first.fix_zh if lang == "zh" else first.fix_en:
        yield f"  {_pick(lang, '更正：', 'Remedy: ')}{remedy}"
    for finding in group[:limit]:
        yield f"  - {finding_line(finding, lang, title)}"
    if count > limit:
        yield _pick(lang, f"  … 另有 {count - limit} 处", f"  … and {count - limit} more")


def finding_line(finding: Finding, lang: str, heading: str = "") -> str:
    """Place, message, value and expectation in a line; the message is left out where it repeats the heading."""
    place, message = finding.location, finding.message(lang)
    if place.cell is not None:
        at = place.cell
    elif place.line is not None:
        at = _pick(lang, f"第 {place.line} 行", f"line {place.line}")
    else:
        at = f"[{place.index}]" if place.index is not None else ""
    parts = [at, place.record, place.path, message if message != heading else ""]
    if finding.value is not None:
        parts.append(f"{_pick(lang, '值', 'value')} {finding.value}")
    # Masked, the two often look the same, and say nothing.
    if finding.expected is not None and finding.expected != finding.value and finding.expected not in message:
        parts.append(f"{_pick(lang, '应为', 'expected')} {finding.expected}")
    return "  ".join(part for part in parts if part)


def _write_not_evaluated(rules: Mapping[str, RuleOutcome], stream: TextIO, lang: str) -> None:
    skipped = [outcome for outcome in rules.values() if outcome.not_evaluated]
    if skipped:
        stream.write(f"\n{_pick(lang, '未能评估的规则：', 'Rules not evaluated:')}\n")
    for outcome in skipped:
        reason = _pick(lang, outcome.reason_zh, outcome.reason_en)
        stream.write(f"  - {outcome.rule} {_title(outcome.rule, lang)}{_pick(lang, '：', ': ')}{reason}\n")
