"""Findings as JSON and JSON Lines, for programs. The keys are a promise to scripts."""

from __future__ import annotations

import codecs
import itertools
import json
from collections.abc import Iterable
from typing import TextIO

from kunjing_exchange.documents.review import Review
from kunjing_exchange.documents.words import pick
from kunjing_exchange.rules import RuleOutcome

__all__ = ["JsonStream", "write_json", "write_json_lines"]


def _dump(value: object, stream: TextIO, indent: int | None = None) -> str:
    """JSON that the stream can carry: all ASCII where it is not UTF-8."""
    utf8 = codecs.lookup(stream.encoding or "ascii").name == "utf-8"
    return json.dumps(value, ensure_ascii=not utf8, indent=indent)


class JsonStream:
    """An object whose long lists are written item by item, one a line.

    ``head`` is written first, whole; each list follows as a key; ``close`` ends what is open.
    """

    def __init__(self, stream: TextIO, head: dict[str, object], indent: int = 2) -> None:
        self._stream = stream
        self._margin = " " * indent
        self._stream.write(_dump(head, stream, indent).removesuffix("\n}"))

    def array(self, name: str, items: Iterable[object]) -> None:
        """Add a list."""
        self._stream.write(f",\n{self._margin}{json.dumps(name)}: [")
        separator = ""
        for item in items:
            self._stream.write(f"{separator}\n{self._margin * 2}{_dump(item, self._stream)}")
            separator = ","
        self._stream.write(f"\n{self._margin}]" if separator else "]")

    def close(self) -> None:
        """End the object."""
        self._stream.write("\n}\n")


def _outcome(outcome: RuleOutcome, lang: str) -> dict[str, object]:
    return {
        "id": outcome.rule,
        "outcome": outcome.outcome,
        "findings": outcome.findings,
        "not_evaluated": outcome.not_evaluated,
        "reason": pick(lang, outcome.reason_zh, outcome.reason_en),
    }


def _more(review: Review, limit: int | None) -> dict[str, object]:
    """What is said only where there is something to say: what was left out, and what became of the answers."""
    facts: dict[str, object] = {}
    if limit is not None and review.total > limit:
        facts["left_out"] = review.total - limit
    if review.answers is not None:
        facts["answers"] = [{"outcome": state, **answer.as_dict()} for state, answer in review.answers.idle()]
    return facts


def write_json(review: Review, stream: TextIO, *, file: str, lang: str, limit: int | None = None) -> None:
    """One document: ``verdict, edition, file, summary, rules[], findings[]``; at most ``limit`` findings.

    Where findings are left out ``left_out`` says how many; with answers ``answers`` lists those that did nothing;
    with an earlier run there is ``fixed[]``; with a shadow edition ``shadow`` and ``newly[]``.
    """
    findings = review.findings
    head: dict[str, object] = {
        "verdict": findings.verdict.value,
        "edition": findings.edition.name,
        "file": file,
        "summary": review.summary(),
        "rules": [_outcome(outcome, lang) for outcome in findings.rules.values()],
        **_more(review, limit),
    }
    shadow = findings.shadow
    if shadow is not None:
        head["shadow"] = {"edition": shadow.edition.name, "summary": shadow.summary.as_dict()}
    document = JsonStream(stream, head)
    document.array("findings", (noted.as_dict(lang) for noted in itertools.islice(review, limit)))
    if review.compared:
        document.array("fixed", (one.as_dict(lang) for one in review.fixed()))
    if shadow is not None:
        document.array("newly", (one.as_dict(lang) for one in shadow.newly))
    document.close()


def write_json_lines(review: Review, stream: TextIO, *, lang: str, limit: int | None = None) -> None:
    """One finding a line, those that are fixed last; the last line is ``{"verdict": …, "summary": …}``.

    Where findings are left out the last line says how many: ``left_out``.
    """
    for noted in itertools.islice(review, limit):
        stream.write(_dump(noted.as_dict(lang), stream) + "\n")
    for one in review.fixed():
        stream.write(_dump(one.as_dict(lang), stream) + "\n")
    last = {"verdict": review.findings.verdict.value, "summary": review.summary(), **_more(review, limit)}
    stream.write(_dump(last, stream) + "\n")
