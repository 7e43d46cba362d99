"""Coverage: each clause of the policy, the rules that hold it, and what no rule can hold and why."""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from kunjing_exchange.rules import Rule, rules

__all__ = ["Clause", "clauses_of", "coverage"]

_PART = re.compile(r"(?P<section>[一二三四五六七])(?:\((?P<sub>[一二三四五六])\))?(?P<item>末款|[0-9](?:、[0-9])*)?")


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause. ``rules`` are the ids of those that cite it.

    ``left`` is what no rule holds of it, ``excuse`` why no rule can hold any of it; each says the reason.
    """

    document: str
    clause: str
    summary_zh: str
    summary_en: str
    left_zh: str
    left_en: str
    excuse_zh: str
    excuse_en: str
    words: tuple[str, ...]
    rules: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether no rule holds it and nothing says why."""
        return not self.rules and not self.excuse_zh

    def as_dict(self, lang: str) -> dict[str, object]:
        """For JSON."""
        return {
            "document": self.document,
            "clause": self.clause,
            "summary": self.summary_zh if lang == "zh" else self.summary_en,
            "rules": list(self.rules),
            "tests": [f"tests/conformance/v1/invalid/{rule}.json" for rule in self.rules],
            "left": self.left_zh if lang == "zh" else self.left_en,
            "excuse": self.excuse_zh if lang == "zh" else self.excuse_en,
        }


@functools.cache
def _clauses() -> tuple[Clause, ...]:
    text = importlib.resources.files("kunjing_exchange").joinpath("clauses.toml").read_text(encoding="utf-8")
    return tuple(
        Clause(
            document=data["document"],
            clause=data["id"],
            summary_zh=data["summary_zh"],
            summary_en=data["summary_en"],
            left_zh=data.get("left_zh", ""),
            left_en=data.get("left_en", ""),
            excuse_zh=data.get("excuse_zh", ""),
            excuse_en=data.get("excuse_en", ""),
            words=tuple(data.get("words", ())),
        )
        for data in tomllib.loads(text)["clause"]
    )


def _cited(source: str) -> Iterator[tuple[str, str]]:
    """(document, clause) of everything that a source names; a clause without a document is of the one before."""
    document = ""
    for part in source.split(";"):
        known = next((one.document for one in _clauses() if one.document in part), None)
        document = known or document
        text = part.replace(document, "").strip() if known or _PART.match(part.strip()) else ""
        for cited in re.split("、(?=[一二三四五六七])", text.split(" ")[0]):
            match = _PART.fullmatch(cited)
            if match is None:
                continue
            clause = match["section"] + (f"({match['sub']})" if match["sub"] else "")
            within = [
                one.clause
                for one in _clauses()
                if one.document == document
                and one.clause.startswith(clause)
                and any(word in part for word in one.words)
            ]
            if match["item"] and match["item"] != "末款":
                yield from ((document, clause + item) for item in match["item"].split("、"))
            elif match["item"]:
                yield document, f"{clause}末款"
            else:
                yield document, within[0] if within else clause


def clauses_of(rule: Rule) -> tuple[Clause, ...]:
    """The clauses that a rule cites."""
    cited = set(_cited(rule.source))
    return tuple(one for one in _clauses() if (one.document, one.clause) in cited)


@functools.cache
def coverage() -> tuple[Clause, ...]:
    """Every clause with the rules that cite it."""
    citing: dict[tuple[str, str], list[str]] = {}
    for rule in rules().values():
        for one in clauses_of(rule):
            citing.setdefault((one.document, one.clause), []).append(rule.id)
    return tuple(
        dataclasses.replace(one, rules=tuple(citing.get((one.document, one.clause), ()))) for one in _clauses()
    )
