"""A validation as it is to be told: each finding with what became of it since last time, and with its answer."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TextIO

from kunjing_exchange.documents.answers import Answer, AnswerFile
from kunjing_exchange.documents.words import title_of
from kunjing_exchange.errors import InvalidArgument, UnknownRule, UnreadableInput
from kunjing_exchange.findings import Finding, Location, Severity, mask, record_key
from kunjing_exchange.model import KNOWN_NAMES
from kunjing_exchange.validate import Findings
from kunjing_exchange.wire import work_folder

__all__ = ["Fixed", "Noted", "Review"]

_BLOCK = 1024 * 1024
_LONGEST = 64 * _BLOCK
"""Of a finding, or of what stands before the first one: beyond this it is not our document."""

_START = re.compile(r'"findings"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_SEVERITIES = frozenset(severity.value for severity in Severity)
_FINGERPRINT = re.compile("[0-9a-f]{16}")
_ID = re.compile("[A-Z][A-Z0-9-]{1,39}")
_CELL = re.compile("[^!]{1,40}![A-Z]{1,3}[0-9]{1,7}")


class Noted(NamedTuple):
    """A finding; ``new`` or ``still_open`` where there is an earlier run to compare with; the answer that holds."""

    finding: Finding
    state: str | None = None
    answer: Answer | None = None

    def as_dict(self, lang: str) -> dict[str, object]:
        """The finding for JSON, with ``state`` and ``answer`` where there are any."""
        facts = self.finding.as_dict(lang)
        if self.state is not None:
            facts["state"] = self.state
        if self.answer is not None:
            facts["answer"] = self.answer.as_dict()
        return facts


@dataclass(frozen=True, slots=True)
class Fixed:
    """A finding of the earlier run that is there no more: its place and rule, none of the texts that file had."""

    id: str
    severity: str
    fingerprint: str
    location: Location

    def title(self, lang: str) -> str:
        """The title of its rule; the id alone where the rule is gone."""
        try:
            return title_of(self.id, lang)
        except UnknownRule:
            return self.id

    def as_dict(self, lang: str) -> dict[str, object]:
        """For JSON."""
        return {
            "id": self.id,
            "severity": self.severity,
            "message": self.title(lang),
            "location": self.location.as_dict(),
            "fingerprint": self.fingerprint,
            "state": "fixed",
        }


@dataclass(slots=True)
class _Counts:
    states: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    """By id."""
    unanswered: Counter[Severity] = field(default_factory=Counter)


class Review:
    """The findings of a validation, held against an earlier run and against answers where they are given.

    Every document is made from this object. It can be iterated many times, and needs no more memory for a million
    findings than for ten: the earlier findings lie on disk, in a private folder that goes with the ``with`` block.

    Args:
        findings: what :func:`kunjing_exchange.validate` returned.
        previous: the document ``--format json`` of an earlier run. A finding is the same where its fingerprint is.
        answers: see :mod:`kunjing_exchange.documents.answers`.

    Raises:
        UnreadableInput: ``previous`` is no such document.
        InvalidArgument: findings were left out of it.
    """

    def __init__(
        self,
        findings: Findings,
        *,
        previous: str | os.PathLike[str] | None = None,
        answers: AnswerFile | None = None,
    ) -> None:
        self.findings = findings
        self.answers = answers
        self._stack = contextlib.ExitStack()
        self._earlier: sqlite3.Connection | None = None
        self._counts: _Counts | None = None
        try:
            if previous is not None:
                self._earlier = self._load(previous)
            if previous is not None or answers is not None:
                self._counts = self._count()
        except BaseException:
            self._stack.close()
            raise

    def __enter__(self) -> Review:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def total(self) -> int:
        """How many findings there are."""
        return sum(self.findings.summary.by_id.values())

    @property
    def compared(self) -> bool:
        """Whether there is an earlier run to compare with."""
        return self._earlier is not None

    @property
    def states(self) -> dict[str, int]:
        """How many are ``new`` and ``still_open``, and how many of the earlier ones are ``fixed``."""
        counts = self._counts.states if self._counts is not None else {}
        return {state: counts.get(state, 0) for state in ("new", "still_open", "fixed")} if self.compared else {}

    @property
    def answered(self) -> int:
        """How many findings have an answer that holds."""
        return self._counts.answered.total() if self._counts is not None else 0

    def worst(self) -> Severity | None:
        """The gravest severity among the findings that no answer explains."""
        if self._counts is None:
            return self.findings.worst()
        return max(self._counts.unanswered, key=lambda severity: severity.rank, default=None)

    def unanswered(self, finding_id: str) -> int:
        """How many findings of an id no answer explains."""
        answered = self._counts.answered[finding_id] if self._counts is not None else 0
        return self.findings.summary.by_id.get(finding_id, 0) - answered

    def summary(self) -> dict[str, object]:
        """The counts for JSON; ``answered`` and ``states`` where there are answers and an earlier run."""
        counts = self.findings.summary.as_dict()
        if self.answers is not None:
            counts["answered"] = self.answered
        if self.compared:
            counts["states"] = self.states
        return counts

    def __iter__(self) -> Iterator[Noted]:
        for finding in self.findings:
            answer = self.answers.to(finding) if self.answers is not None else None
            yield Noted(finding, self._state(finding), answer)

    def fixed(self) -> Iterator[Fixed]:
        """The earlier findings that are there no more, in their order."""
        if self._earlier is not None:
            for (body,) in self._earlier.execute("select body from earlier where not seen order by rowid"):
                yield _fixed(json.loads(body))

    def _state(self, finding: Finding) -> str | None:
        if self._earlier is None:
            return None
        known = self._earlier.execute("select 1 from earlier where fingerprint = ?", (finding.fingerprint,)).fetchone()
        return "still_open" if known else "new"

    def _count(self) -> _Counts:
        counts = _Counts()
        for noted in self:
            if noted.answer is None:
                counts.unanswered[noted.finding.severity] += 1
            else:
                counts.answered[noted.finding.id] += 1
            if self._earlier is not None and noted.state is not None:
                counts.states[noted.state] += 1
                self._earlier.execute("update earlier set seen = 1 where fingerprint = ?", (noted.finding.fingerprint,))
        if self._earlier is not None:
            (counts.states["fixed"],) = self._earlier.execute("select count(*) from earlier where not seen").fetchone()
        return counts

    def _load(self, path: str | os.PathLike[str]) -> sqlite3.Connection:
        folder = self._stack.enter_context(work_folder())
        database = sqlite3.connect(folder / "earlier.db", isolation_level=None)
        self._stack.callback(database.close)
        database.executescript(
            "pragma journal_mode = off; pragma synchronous = off;"
            "create table earlier (fingerprint text unique, body text, seen integer default 0); begin;"
        )
        try:
            with open(path, encoding="utf-8-sig") as stream:
                for facts in _earlier_findings(stream):
                    database.execute(
                        "insert or ignore into earlier (fingerprint, body) values (?, ?)",
                        (_fixed(facts).fingerprint, json.dumps(facts)),
                    )
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            name = os.fspath(path)
            raise UnreadableInput(
                f"不是以前校验的结果（--format json）：{name}",
                f"this is no result of an earlier validate --format json: {name}",
                path=name,
            ) from None
        return database


def _earlier_findings(stream: TextIO) -> Iterator[dict[str, Any]]:
    """The findings of a JSON document of ours, however it is indented, block by block.

    A quotation mark inside a JSON text is escaped, so that the key is found wherever the array begins.
    """
    text = ""
    while (start := _START.search(text)) is None:
        text += _more(stream, len(text))
    head = json.loads(text[: start.start()].rstrip().removesuffix(",") + "}")
    if head.get("left_out"):
        raise InvalidArgument(
            "以前的结果不完整（用过 --max-findings），不能比较",
            "the earlier result is not complete (--max-findings was given) and can't be compared with",
        )
    decoder = json.JSONDecoder()
    at = start.end()
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        if text[at : at + 1] == "]":
            return
        try:
            facts, at = decoder.raw_decode(text, at)
        except ValueError:
            text = text[at:]
            at = 0
            text += _more(stream, len(text))
            continue
        yield facts


def _more(stream: TextIO, held: int) -> str:
    block = stream.read(_BLOCK)
    if not block or held > _LONGEST:
        raise ValueError
    return block


def _fixed(facts: dict[str, Any]) -> Fixed:
    """What is taken over from an earlier file. It may have been made with values shown, or changed since."""
    finding_id, severity, fingerprint, place = (facts[name] for name in ("id", "severity", "fingerprint", "location"))
    if not (_ID.fullmatch(finding_id) and _FINGERPRINT.fullmatch(fingerprint) and severity in _SEVERITIES):
        raise ValueError
    line, cell, path = place.get("line"), place.get("cell"), place.get("path")
    return Fixed(
        finding_id,
        severity,
        fingerprint,
        Location(
            file="",
            line=line if isinstance(line, int) else None,
            cell=cell if isinstance(cell, str) and _CELL.fullmatch(cell) else None,
            path=re.sub(r"[^/\[\]0-9][^/\[\]]*", _known_or_shape, path) if isinstance(path, str) else None,
            record=record_key(place.get("record")),
        ),
    )


def _known_or_shape(step: re.Match[str]) -> str:
    return step[0] if step[0] in KNOWN_NAMES else mask(step[0])
