"""The rule book: every finding that can be made, built-in or by a rule, as one list."""

from __future__ import annotations

import functools
import importlib.resources
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kunjing_exchange import policy
from kunjing_exchange.coverage import clauses_of
from kunjing_exchange.explain import severity_of
from kunjing_exchange.faults import FAULTS
from kunjing_exchange.findings import BUILT_IN, BuiltIn, built_in
from kunjing_exchange.rules import Rule, bind, rules

__all__ = ["Example", "RuleEntry", "entry", "examples", "explained", "rule_book"]

_BUILT_IN_SCOPES = {"schema": "field", "codes": "field", "identifiers": "field", "header": "submission"}


@dataclass(frozen=True, slots=True)
class Example:
    """One change that makes a right record wrong: what is there at a path, as JSON, or nothing where it is absent."""

    path: str
    right: str | None
    wrong: str | None


@functools.cache
def examples() -> Mapping[str, tuple[Example, ...]]:
    """How the conformance documents of each rule differ (``examples.json`` is made from them)."""
    text = importlib.resources.files("kunjing_exchange").joinpath("examples.json").read_text(encoding="utf-8")
    return {name: tuple(Example(**one) for one in changes) for name, changes in json.loads(text).items()}


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule or built-in finding in an edition.

    ``layer`` is the layer of a built-in finding, ``rules/<subject>`` of a rule; ``seedable`` says that made-up data can
    be given this fault; ``examples`` are the changes that make a right document wrong.
    """

    id: str
    layer: str
    title_zh: str
    title_en: str
    message_zh: str
    message_en: str
    scope: str
    effect: str
    severity: str
    fields: tuple[str, ...]
    source: str
    fix_zh: str
    fix_en: str
    seedable: bool
    examples: tuple[Example, ...]

    def as_dict(self, lang: str) -> dict[str, object]:
        """For JSON."""
        return {
            "id": self.id,
            "layer": self.layer,
            "title": self.title_zh if lang == "zh" else self.title_en,
            "scope": self.scope,
            "effect": self.effect,
            "severity": self.severity,
            "fields": list(self.fields),
            "source": self.source,
            "fix": self.fix_zh if lang == "zh" else self.fix_en,
            "seedable": self.seedable,
        }


def _entry(one: Rule | BuiltIn, edition: policy.Edition) -> RuleEntry:
    if isinstance(one, Rule):
        layer, scope = f"rules/{one.subject}", one.scope
        fields = tuple(f"{table}.{column}" for table, column in one.fields)
    else:
        layer, fields = one.layer, ()
        scope = _BUILT_IN_SCOPES.get(layer, "submission" if one.effect == "submission" else "record")
    return RuleEntry(
        id=one.id,
        layer=layer,
        title_zh=one.title_zh,
        title_en=one.title_en,
        message_zh=one.message_zh,
        message_en=one.message_en,
        scope=scope,
        effect=one.effect,
        severity=severity_of(one.id, edition).value,
        fields=fields,
        source=one.source,
        fix_zh=one.fix_zh,
        fix_en=one.fix_en,
        seedable=one.id in FAULTS,
        examples=examples().get(one.id, ()),
    )


def rule_book(edition: policy.Edition) -> Mapping[str, RuleEntry]:
    """Every built-in finding and every rule by id, with the severity an edition gives it."""
    every: list[Rule | BuiltIn] = [*BUILT_IN.values(), *rules().values()]
    return {one.id: _entry(one, edition) for one in every}


def entry(rule_id: str, edition: policy.Edition) -> RuleEntry:
    """The entry of one id.

    Raises:
        UnknownRule: there is none.
    """
    return _entry(rules().get(rule_id) or built_in(rule_id), edition)


def explained(rule_id: str, edition: policy.Edition, lang: str) -> dict[str, Any]:
    """The entry of one id with its clauses in words, a right and a wrong value, and its SQL.

    Raises:
        UnknownRule: there is none.
    """
    one = entry(rule_id, edition)
    zh = lang == "zh"
    absent = "（无）" if zh else "(absent)"
    told = one.as_dict(lang) | {"message": one.message_zh if zh else one.message_en}
    rule = rules().get(rule_id)
    if rule is not None:
        told["clauses"] = "\n".join(
            f"  {clause.document} {clause.clause}: {clause.summary_zh if zh else clause.summary_en}"
            for clause in clauses_of(rule)
        )
    told["example"] = "\n".join(
        f"  {change.path}: {change.right or absent} → {change.wrong or absent}" for change in one.examples
    )
    if rule is not None:
        told["sql"] = bind(rule.sql, edition)
    return told
