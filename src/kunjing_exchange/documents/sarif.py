"""Findings as SARIF 2.1.0 (OASIS), for tools that show the results of checkers."""

from __future__ import annotations

import itertools
import pathlib
import urllib.parse
from collections.abc import Iterator
from typing import TextIO

from kunjing_exchange import __version__
from kunjing_exchange.documents.json import JsonStream
from kunjing_exchange.documents.review import Fixed, Noted, Review
from kunjing_exchange.documents.words import left_out_text, pick
from kunjing_exchange.explain import effect_of, severity_of
from kunjing_exchange.findings import BUILT_IN, Location, Severity, Verdict
from kunjing_exchange.policy import Edition
from kunjing_exchange.rules import rule

__all__ = ["write_sarif"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}
_BASELINE = {"new": "new", "still_open": "unchanged", "fixed": "absent"}
_FINGERPRINT = "kunjing/v1"


def write_sarif(review: Review, stream: TextIO, *, file: str, lang: str, limit: int | None = None) -> None:
    """One run: its rules, then a result for each finding; a notification says how many were left out.

    A finding of an earlier run that is fixed is a result whose ``baselineState`` is ``absent``; one with an answer has
    a suppression.
    """
    findings = review.findings
    ids = list(findings.summary.by_id)
    notifications = []
    if limit is not None and review.total > limit:
        notifications.append({"level": "warning", "message": {"text": left_out_text(review.total - limit, lang)}})
    head: dict[str, object] = {
        "tool": {
            "driver": {
                "name": "kunjing",
                "version": __version__,
                "rules": [_descriptor(one, findings.edition, lang) for one in ids],
            }
        },
        "language": pick(lang, "zh-CN", "en-US"),
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": findings.verdict is not Verdict.UNDETERMINED,
                "toolExecutionNotifications": notifications,
            }
        ],
        "artifacts": [{"location": {"uri": _uri(file)}}],
        "properties": {
            "verdict": findings.verdict.value,
            "edition": findings.edition.name,
            "summary": review.summary(),
        },
    }
    stream.write(f'{{\n"$schema": "{_SCHEMA}",\n"version": "2.1.0",\n"runs": [\n')
    run = JsonStream(stream, head)
    run.array("results", _results(review, {one: place for place, one in enumerate(ids)}, _uri(file), lang, limit))
    run.close()
    stream.write("]\n}\n")


def _uri(file: str) -> str:
    """A URI reference of the file as it was named."""
    path = pathlib.PurePath(file)
    return path.as_uri() if path.is_absolute() else urllib.parse.quote(path.as_posix())


def _descriptor(finding_id: str, edition: Edition, lang: str) -> dict[str, object]:
    one = BUILT_IN.get(finding_id) or rule(finding_id)
    return {
        "id": one.id,
        "shortDescription": {"text": pick(lang, one.title_zh, one.title_en)},
        "help": {"text": pick(lang, one.fix_zh, one.fix_en)},
        "defaultConfiguration": {"level": _LEVELS[severity_of(one.id, edition)]},
        "properties": {"clause": one.source, "effect": effect_of(one.id)},
    }


def _results(
    review: Review, places: dict[str, int], uri: str, lang: str, limit: int | None
) -> Iterator[dict[str, object]]:
    for noted in itertools.islice(review, limit):
        yield _result(noted, places[noted.finding.id], uri, lang)
    for one in review.fixed():
        yield _fixed(one, uri, lang)


def _result(noted: Noted, place: int, uri: str, lang: str) -> dict[str, object]:
    finding = noted.finding
    facts: dict[str, object] = {
        "ruleId": finding.id,
        "ruleIndex": place,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message(lang)},
        "locations": [_location(finding.location, uri)],
        "partialFingerprints": {_FINGERPRINT: finding.fingerprint},
    }
    if noted.state is not None:
        facts["baselineState"] = _BASELINE[noted.state]
    if noted.answer is not None:
        text = noted.answer.text(lang)
        facts["suppressions"] = [{"kind": "external", "status": "accepted", "justification": text}]
    shown = {"value": finding.value, "expected": finding.expected, "cell": finding.location.cell}
    if known := {name: value for name, value in shown.items() if value is not None}:
        facts["properties"] = known
    return facts


def _fixed(one: Fixed, uri: str, lang: str) -> dict[str, object]:
    return {
        "ruleId": one.id,
        "level": _LEVELS[Severity(one.severity)],
        "message": {"text": one.title(lang)},
        "locations": [_location(one.location, uri)],
        "partialFingerprints": {_FINGERPRINT: one.fingerprint},
        "baselineState": _BASELINE["fixed"],
    }


def _location(place: Location, uri: str) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": {"uri": uri, "index": 0}}
    if place.line is not None:
        physical["region"] = {"startLine": place.line}
    elif place.offset is not None:
        physical["region"] = {"byteOffset": place.offset, "byteLength": 0}
    facts: dict[str, object] = {"physicalLocation": physical}
    # A cell has no line: where it is goes with the record and its path into the logical location.
    if name := "/".join(part for part in (place.record, place.path or place.cell) if part):
        facts["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "member"}]
    return facts
