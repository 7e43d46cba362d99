"""Findings as text, for people: verdict, counts, the findings by id with their remedy."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from typing import TextIO

from kunjing_exchange.documents.review import Noted, Review
from kunjing_exchange.documents.words import (
    finding_line,
    left_out_text,
    pick,
    place_text,
    remedy,
    severity_text,
    state_text,
    title_of,
    verdict_text,
)
from kunjing_exchange.rules import RuleOutcome

__all__ = ["SHOWN_PER_ID", "first_of_each", "write_text"]

SHOWN_PER_ID = 100
"""How many findings of one id are shown unless told otherwise."""

Paint = Callable[[str, str], str]
"""(text, ``error``/``warning``/``info``/``good``) → the text in colour, or as it is."""


def _uncoloured(text: str, _: str) -> str:
    return text


def write_text(
    review: Review,
    stream: TextIO,
    *,
    file: str,
    lang: str,
    limit: int = SHOWN_PER_ID,
    paint: Paint = _uncoloured,
) -> None:
    """Verdict, counts, the findings by id (``limit`` of each), and the rules that could not be evaluated."""
    findings = review.findings
    summary = findings.summary
    accepted = summary.records - summary.rejected
    colour = "good" if findings.verdict.value.startswith("accepted") else "error"
    records = pick(
        lang,
        f"记录：{summary.records} 条，接受 {accepted}，退回 {summary.rejected}",
        f"Records: {summary.records}, accepted {accepted}, rejected {summary.rejected}",
    )
    stream.write(
        f"{pick(lang, '结论：', 'Verdict: ')}{paint(verdict_text(findings.verdict, lang), colour)}\n"
        f"{pick(lang, '文件：', 'File: ')}{file} ({findings.edition.name})\n"
        f"{records}\n"
        f"{pick(lang, '发现：', 'Findings: ')}{_by_severity(summary.by_severity, lang)}\n"
    )
    if review.compared:
        counts = pick(lang, "，", ", ").join(f"{state_text(state, lang)} {n}" for state, n in review.states.items())
        stream.write(f"{pick(lang, '与上次相比：', 'Since last time: ')}{counts}\n")
    if review.answers is not None:
        stream.write(pick(lang, f"已说明：{review.answered} 处\n", f"Answered: {review.answered}\n"))
    groups = first_of_each(review, limit)
    for finding_id in sorted(groups, key=lambda one: (-groups[one][0].finding.severity.rank, one)):
        lines = _group_lines(groups[finding_id], summary.by_id[finding_id], limit, lang, paint)
        stream.write("\n" + "\n".join(lines) + "\n")
    _write_fixed(review, stream, lang, limit)
    _write_idle_answers(review, stream, lang)
    _write_shadow(review, stream, lang, limit)
    _write_not_evaluated(findings.rules, stream, lang)


def _by_severity(counts: Mapping[str, int], lang: str) -> str:
    return pick(lang, "，", ", ").join(
        f"{severity_text(name, lang)} {counts.get(name, 0)}" for name in ("error", "warning", "info")
    )


def first_of_each(review: Review, limit: int) -> dict[str, list[Noted]]:
    """The first ``limit`` findings of each id, one at least for the heading; read no further than needed."""
    wanted = {finding_id: min(count, max(limit, 1)) for finding_id, count in review.findings.summary.by_id.items()}
    missing = sum(wanted.values())
    groups: dict[str, list[Noted]] = {}
    if missing:
        for noted in review:
            group = groups.setdefault(noted.finding.id, [])
            if len(group) < wanted[noted.finding.id]:
                group.append(noted)
                missing -= 1
                if not missing:
                    break
    return groups


def _group_lines(group: list[Noted], count: int, limit: int, lang: str, paint: Paint) -> Iterator[str]:
    first = group[0].finding
    title = title_of(first.id, lang)
    severity = paint(severity_text(first.severity.value, lang), first.severity.value)
    yield f"{severity} {first.id} {title}{pick(lang, f'（{count} 处）', f' ({count} found)')}"
    if first.clause:
        yield f"  {pick(lang, '依据：', 'Source: ')}{first.clause}"
    if advice := remedy(first, lang):
        yield f"  {pick(lang, '更正：', 'Remedy: ')}{advice}"
    for finding, state, answer in group[:limit]:
        marks = (state_text(state, lang) if state else "", answer.text(lang) if answer else "")
        yield f"  - {''.join(f'[{mark}] ' for mark in marks if mark)}{finding_line(finding, lang, title)}"
    if count > limit:
        yield pick(lang, f"  … 另有 {count - limit} 处", f"  … and {count - limit} more")


def _write_fixed(review: Review, stream: TextIO, lang: str, limit: int) -> None:
    count = review.states.get("fixed", 0)
    if count:
        stream.write(f"\n{state_text('fixed', lang)}{pick(lang, f'（{count} 处）', f' ({count})')}\n")
    for one in itertools.islice(review.fixed(), limit):
        place = one.location
        parts = (one.id, one.title(lang), place_text(place, lang), place.record, place.path)
        stream.write(f"  - {'  '.join(part for part in parts if part)}\n")
    if count > limit:
        stream.write(f"  … {left_out_text(count - limit, lang)}\n")


_IDLE = {
    "unknown": ("没有这条规则", "there is no such rule"),
    "refused": ("这类问题不能说明，只能更正", "this has to be corrected and can't be explained"),
    "expired": ("已过期", "expired"),
    "unused": ("没有对应的问题", "answers nothing"),
}


def _write_idle_answers(review: Review, stream: TextIO, lang: str) -> None:
    idle = list(review.answers.idle()) if review.answers is not None else []
    if idle:
        stream.write(f"\n{pick(lang, '没有起作用的答复：', 'Answers without effect:')}\n")
    for state, answer in idle:
        reason = pick(lang, *_IDLE[state])
        stream.write(
            f"  - {pick(lang, f'第 {answer.number} 条', f'no. {answer.number}')}  {answer.about()}  {reason}\n"
        )


def _write_shadow(review: Review, stream: TextIO, lang: str, limit: int) -> None:
    """Who would newly fail, were the shadow edition in force."""
    shadow = review.findings.shadow
    if shadow is None:
        return
    summary = shadow.summary
    count = sum(summary.by_id.values())
    severities, rejected = _by_severity(summary.by_severity, lang), summary.newly_rejected
    newly = pick(
        lang,
        f"新增或加重 {count} 处（{severities}），新退回记录 {rejected} 条",
        f"{count} new or graver ({severities}), {rejected} records newly rejected",
    )
    stream.write(
        f"\n{pick(lang, '试行版本 ', 'Shadow edition ')}{shadow.edition.name}{pick(lang, '：', ': ')}{newly}\n"
    )
    for one in itertools.islice(shadow.newly, limit):
        stream.write(f"  - {severity_text(one.severity.value, lang)} {one.id}  {finding_line(one, lang)}\n")
    if count > limit:
        stream.write(f"  … {left_out_text(count - limit, lang)}\n")


def _write_not_evaluated(rules: Mapping[str, RuleOutcome], stream: TextIO, lang: str) -> None:
    skipped = [outcome for outcome in rules.values() if outcome.not_evaluated]
    if skipped:
        stream.write(f"\n{pick(lang, '未能评估的规则：', 'Rules not evaluated:')}\n")
    for outcome in skipped:
        reason = pick(lang, outcome.reason_zh, outcome.reason_en)
        stream.write(f"  - {outcome.rule} {title_of(outcome.rule, lang)}{pick(lang, '：', ': ')}{reason}\n")
