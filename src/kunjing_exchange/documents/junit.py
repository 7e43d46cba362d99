"""Findings as JUnit XML, for build servers: a suite for each subject, a case for each rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from kunjing_exchange.documents.review import Noted, Review
from kunjing_exchange.documents.text import SHOWN_PER_ID, first_of_each
from kunjing_exchange.documents.words import finding_line, left_out_text, pick, title_of
from kunjing_exchange.explain import severity_of
from kunjing_exchange.findings import BUILT_IN, Severity
from kunjing_exchange.rules import rule

__all__ = ["write_junit"]

# What XML 1.0 can't hold even as a reference.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class _Case:
    """A rule's case. ``result`` is ``""``, ``failure``, ``error`` or ``skipped``, as JUnit names them."""

    id: str
    suite: str
    result: str
    reason: str


def write_junit(
    review: Review,
    stream: TextIO,
    *,
    file: str,
    lang: str,
    limit: int = SHOWN_PER_ID,
    fail_on: Severity | None = Severity.ERROR,
) -> None:
    """A case fails where the rule has findings of severity ``fail_on`` or worse that no answer explains.

    What is found below that is in ``system-out``; a rule that crashed is an error, one that could judge nothing is
    skipped. At most ``limit`` findings of a rule are written out, and how many more there are.
    """
    groups = first_of_each(review, limit)
    suites: dict[str, list[_Case]] = {}
    for case in _cases(review, lang, fail_on):
        suites.setdefault(case.suite, []).append(case)
    every = [case for cases in suites.values() for case in cases]
    stream.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name={_attribute(file)}{_counts(every)}>\n')
    for name, cases in suites.items():
        stream.write(f"<testsuite name={_attribute(name)}{_counts(cases)}>\n")
        for case in cases:
            _write_case(case, groups.get(case.id, []), review, stream, lang, limit)
        stream.write("</testsuite>\n")
    stream.write("</testsuites>\n")


def _cases(review: Review, lang: str, fail_on: Severity | None) -> Iterator[_Case]:
    findings = review.findings
    for entry in BUILT_IN.values():
        if entry.layer == "report":
            continue  # of tables and returns: no submission has them
        yield _Case(entry.id, entry.layer, _failure(review, entry.id, fail_on), "")
    for outcome in findings.rules.values():
        result = _failure(review, outcome.rule, fail_on)
        if outcome.crashed:
            result = "error"
        elif not result and outcome.outcome == "not_evaluated":
            result = "skipped"
        reason = pick(lang, outcome.reason_zh, outcome.reason_en)
        yield _Case(outcome.rule, rule(outcome.rule).subject, result, reason)


def _failure(review: Review, finding_id: str, fail_on: Severity | None) -> str:
    severity = severity_of(finding_id, review.findings.edition)
    grave = fail_on is not None and severity.rank >= fail_on.rank
    return "failure" if grave and review.unanswered(finding_id) else ""


def _counts(cases: list[_Case]) -> str:
    numbers = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    each = (f' {name}="{sum(case.result == result for case in cases)}"' for name, result in numbers.items())
    return f' tests="{len(cases)}"{"".join(each)}'


def _write_case(case: _Case, group: list[Noted], review: Review, stream: TextIO, lang: str, limit: int) -> None:
    count = review.findings.summary.by_id.get(case.id, 0)
    message = pick(lang, f"{count} 处", f"{count} found") if count else case.reason
    name = f"{case.id} {title_of(case.id, lang)}"
    stream.write(f"<testcase classname={_attribute(f'kunjing.{case.suite}')} name={_attribute(name)}")
    if not (case.result or count or case.reason):
        stream.write("/>\n")
        return
    stream.write(">\n")
    lines = []
    for noted in group[:limit]:
        answer = f"[{noted.answer.text(lang)}] " if noted.answer else ""
        lines.append(answer + finding_line(noted.finding, lang))
    if count > limit:
        lines.append(left_out_text(count - limit, lang))
    body = _text("\n".join(lines))
    if case.result:
        stream.write(f"<{case.result} message={_attribute(message)}>{body}</{case.result}>\n")
    else:
        stream.write(f"<system-out>{_text(message)}\n{body}</system-out>\n")
    stream.write("</testcase>\n")


def _text(text: str) -> str:
    return escape(_UNWRITABLE.sub("�", text))


def _attribute(text: str) -> str:
    return quoteattr(_UNWRITABLE.sub("�", text))
