"""The rule book: every finding that can be made, built-in or by a rule, as one list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kunjing_exchange import policy
from kunjing_exchange.explain import severity_of
from kunjing_exchange.faults import FAULTS
from kunjing_exchange.findings import BUILT_IN, BuiltIn, built_in
from kunjing_exchange.rules import Rule, rules

__all__ = ["RuleEntry", "entry", "rule_book"]

_BUILT_IN_SCOPES = {"schema": "field", "codes": "field", "identifiers": "field", "header": "submission"}


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """One rule or built-in finding in an edition.

    ``layer`` is the layer of a built-in finding, ``rules/<subject>`` of a rule; ``seedable`` says that made-up data can
    be given this fault.
    """

    id: str
    layer: str
    title_zh: str
    title_en: str
    scope: str
    effect: str
    severity: str
    fields: tuple[str, ...]
    source: str
    fix_zh: str
    fix_en: str
    seedable: bool

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
        scope=scope,
        effect=one.effect,
        severity=severity_of(one.id, edition).value,
        fields=fields,
        source=one.source,
        fix_zh=one.fix_zh,
        fix_en=one.fix_en,
        seedable=one.id in FAULTS,
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
