"""What an edition is: the policy as typed, dated data."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kunjing_exchange.findings import BUILT_IN, Severity

__all__ = ["RELATIONS", "Edition", "Pairing", "Parameter", "Rate", "SeverityChange", "TimeLimit"]

Parameter = int | str | Decimal | datetime.date

RELATIONS = ("exclusive", "higher", "top_up", "together")
"""How two benefits stand to each other: never both; the higher one alone (择高); the lower one in full and the other
only for the difference (补差); both in full."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two kinds of benefit, in no order, and how they stand to each other. ``memory``: the clause is from memory."""

    kind_a: str
    kind_b: str
    relation: str
    clause: str
    memory: bool = False


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Days that a step of the procedure may take. ``working``: working days; ``certainty`` as in the code lists:
    ``verified``, ``single`` (one source) or ``memory``."""

    step: str
    days: int
    working: bool
    clause: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Rate:
    """What a place pays for a kind of benefit between two days, both inclusive; no end while it lasts.

    A rate of a city (``411300``) or province holds where the county has none of its own.
    """

    kind: str
    division: str
    start_date: datetime.date
    end_date: datetime.date | None
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class SeverityChange:
    """A severity that a place gives a rule, with its reason, to the day ``until`` inclusive."""

    rule: str
    severity: Severity
    reason: str = ""
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """One policy edition.

    ``parameters`` are typed: ages and days int, amounts Decimal, dates date. ``memory`` names, as dotted keys
    (``parameters.unattended_from``), what was written down from memory and has no text behind it.
    ``unattended_situations`` are the codes of ``parent_situation`` that count for 事实无人抚养, with the months that
    the situation has to last. ``locked`` rules can't be lowered by a place; ``tighten`` says which parameters it may
    make stricter, and whether that is ``lower`` or ``higher``. ``rates`` and ``changes`` come from its overlay.
    ``not_at_hand`` names (zh, en) later documents whose text the edition does not have.
    """

    name: str
    title_zh: str
    title_en: str
    source: str
    valid_from: datetime.date
    scheme: str
    parameters: Mapping[str, Parameter]
    leap_birthday: str
    severities: Mapping[str, Severity]
    extends: str | None = None
    memory: frozenset[str] = frozenset()
    compatibility: tuple[Pairing, ...] = ()
    time_limits: Mapping[str, TimeLimit] = dataclasses.field(default_factory=dict)
    unattended_situations: Mapping[str, int] = dataclasses.field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    tighten: Mapping[str, str] = dataclasses.field(default_factory=dict)
    code_editions: Mapping[str, str] = dataclasses.field(default_factory=dict)
    not_at_hand: tuple[tuple[str, str], ...] = ()
    rates: tuple[Rate, ...] = ()
    changes: tuple[SeverityChange, ...] = ()

    def severity_of(self, rule_id: str, default: Severity = Severity.ERROR) -> Severity:
        """The severity this edition gives a rule or built-in finding."""
        entry = BUILT_IN.get(rule_id)
        return self.severities.get(rule_id, entry.severity if entry is not None else default)

    def in_force(self, day: datetime.date) -> Edition:
        """The edition with those of a place's severities that have not run out by that day."""
        valid = {change.rule: change.severity for change in self.changes if change.until is None or day <= change.until}
        return dataclasses.replace(self, severities={**self.severities, **valid}) if valid else self
