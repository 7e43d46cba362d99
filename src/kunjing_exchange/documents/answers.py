"""Answers: findings that somebody has looked into and explained, in a file beside the submission.

Only a warning or an information can be explained; an error has to be put right, since an answer changes neither verdict
nor acceptance. An answer holds to its last day; after it the finding counts again. Its note stays in the file: a note
about a child is personal data, and no document of findings shows it.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kunjing_exchange.documents.words import pick
from kunjing_exchange.errors import InvalidArgument, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Finding, Severity, record_key
from kunjing_exchange.rules import rules

__all__ = ["REASONS", "Answer", "AnswerFile", "read_answers"]

REASONS: Mapping[str, tuple[str, str]] = {
    "confirmed": ("已核实，情况属实", "checked, and it is so"),
    "lawful": ("有政策或文件依据", "a policy or document allows it"),
    "in_progress": ("正在办理，到期前完成", "being dealt with, done before the last day"),
    "other_office": ("应由其他部门更正，已转办", "another office has to correct it and knows"),
    "unobtainable": ("材料确实无法取得", "the document can't be had"),
    "other": ("其他，见说明", "something else: see the note"),
}
"""Why a finding may stay, by code."""

_KEYS = frozenset({"fingerprint", "rule", "record", "reason", "note", "who", "until"})


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: to a finding by its fingerprint, or to all findings of a rule in a record.

    ``number`` counts the file's entries from 1.
    """

    number: int
    reason: str
    who: str
    until: datetime.date
    fingerprint: str | None = None
    rule: str | None = None
    record: str | None = None

    def about(self) -> str:
        """What it answers."""
        return self.fingerprint or f"{self.rule} {record_key(self.record)}"

    def text(self, lang: str) -> str:
        """Reason, who, and the last day."""
        return f"{pick(lang, *REASONS[self.reason])} ({self.who}, {pick(lang, '至', 'until')} {self.until})"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        target: dict[str, object] = (
            {"fingerprint": self.fingerprint}
            if self.fingerprint
            else {"rule": self.rule, "record": record_key(self.record)}
        )
        return {"number": self.number, **target, "reason": self.reason, "who": self.who, "until": str(self.until)}


def _refusal(path: str, number: int, zh: str, en: str) -> InvalidArgument:
    return InvalidArgument(f"{path} 第 {number} 条答复：{zh}", f"{path}, answer {number}: {en}")


def _answer(path: str, number: int, entry: Any) -> Answer:
    if not isinstance(entry, dict) or not entry.keys() <= _KEYS:
        allowed = "、".join(sorted(_KEYS))
        raise _refusal(path, number, f"只能有 {allowed}", f"takes {', '.join(sorted(_KEYS))} and nothing else")
    facts = {name: str(value) for name, value in entry.items() if isinstance(value, str | datetime.date) and value}
    if not ({"fingerprint"} <= facts.keys() or {"rule", "record"} <= facts.keys()):
        raise _refusal(path, number, "须有 fingerprint，或 rule 和 record", "wants fingerprint, or rule and record")
    if not {"reason", "who", "until"} <= facts.keys():
        raise _refusal(path, number, "须有 reason、who、until", "wants reason, who and until")
    if facts["reason"] not in REASONS:
        raise _refusal(path, number, f"reason 可选：{'、'.join(REASONS)}", f"reason is one of {', '.join(REASONS)}")
    if facts["reason"] == "other" and "note" not in facts:
        raise _refusal(path, number, "reason 为 other 时须写 note", "the reason other wants a note")
    try:
        until = datetime.date.fromisoformat(facts["until"])
    except ValueError:
        raise _refusal(path, number, "until 须为日期，如 2018-03-31", "until is a day such as 2018-03-31") from None
    return Answer(
        number, facts["reason"], facts["who"], until,
        facts.get("fingerprint"), facts.get("rule"), facts.get("record"),
    )  # fmt: skip


def read_answers(path: str | os.PathLike[str]) -> list[Answer]:
    """The answers of a TOML file (``[[answer]]``) or a JSON file (``{"answer": […]}``).

    Raises:
        UnreadableInput: it can't be opened or parsed.
        InvalidArgument: an entry lacks something or has something unknown; the text says which entry.
    """
    name = os.fspath(path)
    try:
        text = pathlib.Path(path).read_text(encoding="utf-8-sig")
        data = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (OSError, ValueError, RecursionError):
        raise UnreadableInput(f"读不了答复文件：{name}", f"can't read the answers: {name}", path=name) from None
    entries = data.get("answer")
    if not isinstance(entries, list) or data.keys() != {"answer"}:
        raise InvalidArgument(
            f"{name} 应当只有 [[answer]] 条目", f"{name} should hold [[answer]] entries and nothing else"
        )
    return [_answer(name, number, entry) for number, entry in enumerate(entries, 1)]


class AnswerFile:
    """Answers held against findings on a day: which hold, and what is to be said about the others.

    After every finding has been asked about, each answer that did nothing is in one of ``unknown`` (no such rule),
    ``refused`` (it is an error), ``expired`` and ``unused``.
    """

    def __init__(self, answers: list[Answer], on: datetime.date) -> None:
        self.answers = answers
        self._on = on
        self._by_fingerprint = {one.fingerprint: one for one in answers if one.fingerprint}
        self._by_record = {(one.rule, one.record): one for one in answers if not one.fingerprint}
        self._used: dict[int, str] = {}

    def to(self, finding: Finding) -> Answer | None:
        """The answer that holds for a finding."""
        answer = self._by_fingerprint.get(finding.fingerprint)
        answer = answer or self._by_record.get((finding.id, finding.location.record))
        if answer is None:
            return None
        if finding.severity is Severity.ERROR:
            self._used[answer.number] = "refused"
        elif answer.until < self._on:
            self._used.setdefault(answer.number, "expired")
        else:
            self._used.setdefault(answer.number, "used")
            return answer
        return None

    def idle(self) -> Iterator[tuple[str, Answer]]:
        """(``unknown``, ``refused``, ``expired`` or ``unused``; answer) of those that did nothing, in their order."""
        for answer in self.answers:
            state = self._used.get(answer.number, "unused")
            if answer.rule is not None and answer.rule not in BUILT_IN and answer.rule not in rules():
                state = "unknown"
            if state != "used":
                yield state, answer
