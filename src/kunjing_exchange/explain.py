"""From a problem to a finding: severity by the edition, message, remedy, and a value masked unless asked for."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from kunjing_exchange.findings import (
    BUILT_IN,
    VALUE_LIMIT,
    Finding,
    Location,
    Problem,
    Severity,
    mask,
    path_text,
    record_key,
)
from kunjing_exchange.model import KNOWN_NAMES, RECORDS, Element, elements
from kunjing_exchange.policy import Edition
from kunjing_exchange.rules import rule
from kunjing_exchange.wire import Place

__all__ = ["Explainer", "effect_of", "severity_of"]

_ELEMENTS: Mapping[tuple[str, str], Element] = {
    (name, element.name): element for name, record in RECORDS.items() for element in elements(record)
}


def effect_of(finding_id: str) -> str:
    """What a finding of this id blocks where it is an error: ``none``, ``record``, ``household`` or ``submission``."""
    entry = BUILT_IN.get(finding_id)
    return entry.effect if entry is not None else rule(finding_id).effect


def severity_of(finding_id: str, edition: Edition) -> Severity:
    """The severity of a finding in an edition: the edition's own, else the catalogue's."""
    entry = BUILT_IN.get(finding_id)
    return edition.severity_of(finding_id, entry.severity if entry is not None else Severity.ERROR)


class Explainer:
    """Makes findings for one file. ``show_values`` shows values of records instead of their shape.

    ``on`` is the day the records are as of, once it is read.
    """

    def __init__(self, file: str, edition: Edition, *, show_values: bool) -> None:
        self.file = file
        self.edition = edition
        self.show_values = show_values
        self.on: datetime.date | None = None

    def _shown(self, value: str) -> str:
        if self.show_values:
            return value[:VALUE_LIMIT] + ("…" if len(value) > VALUE_LIMIT else "")
        return mask(value)

    def _named(self, name: str) -> str:
        """A field's name where the models know it, else its shape: a key or a heading may hold anybody's name."""
        return name if name in KNOWN_NAMES else self._shown(name)

    def finding(self, problem: Problem, key: str | None, place: Place) -> Finding:
        """The finding that a problem at a record's place makes."""
        facts = dict(problem.facts)
        path = tuple(step if isinstance(step, int) else self._named(step) for step in problem.path)
        if "name" in facts:
            facts["name"] = self._named(facts["name"])
        location = Location(
            file=self.file,
            line=problem.line if problem.line is not None else place.line,
            cell=problem.cell,
            index=place.index,
            offset=place.offset,
            path=path_text(path) or None,
            record=record_key(key),
        )
        value, expected = facts.get("value"), facts.get("expected_value")
        shown = self._shown(value) if value is not None else None
        severity = severity_of(problem.id, self.edition)
        entry = BUILT_IN.get(problem.id)
        if entry is None:
            one = rule(problem.id)
            due = self._shown(expected) if expected is not None else None
            said = {"title": one.element.title, "name": one.column}
            said |= {"on": self.on.isoformat()} if self.on else {}
            zh, en = ({"found": shown or nothing, "expected": due or nothing} for nothing in ("空", "nothing"))
            return Finding(
                id=one.id, severity=severity, message_zh=_fill(one.message_zh, said | zh),
                message_en=_fill(one.message_en, said | en), location=location,
                effect=one.effect, value=shown, expected=due,
                clause=one.source, fix_zh=one.fix_zh, fix_en=one.fix_en, edition=self.edition.name,
            )  # fmt: skip
        if "column" in facts:
            table, _, column = facts["column"].partition(".")
            facts.setdefault("title", _ELEMENTS[table, column].title)
            facts.setdefault("name", column)
        return Finding(
            id=entry.id, severity=severity, message_zh=_fill(entry.message_zh, facts),
            message_en=_fill(entry.message_en, facts), location=location, effect=entry.effect, value=shown,
            expected=facts.get("expected"), clause=entry.source, fix_zh=entry.fix_zh, fix_en=entry.fix_en,
            edition=self.edition.name, code_list=facts.get("code_list"),
        )  # fmt: skip


def _fill(template: str, facts: Mapping[str, str]) -> str:
    return re.sub(r"\{([a-z_]+)\}", lambda match: str(facts.get(match[1], "?")), template)
