"""How rule files are read and bound to an edition."""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile

from kunjing_exchange.errors import UnknownRule
from kunjing_exchange.model import Element
from kunjing_exchange.policy import Edition
from kunjing_exchange.tables import PREVIOUS, PREVIOUS_TABLES, TABLES, Table

__all__ = ["Rule", "bind", "rule", "rules"]

SCOPES = ("field", "record", "child", "household", "submission", "previous_submission")
EFFECTS = ("none", "record", "household", "submission")

_TABLES: Mapping[str, Table] = {**TABLES, **PREVIOUS_TABLES}

_HEADER = re.compile(r"^-- ([a-z]+): (.*)$")
_READ = re.compile(r"\b(?:from|join)\s+([a-z_]+)")
_AGE = re.compile(r"\bage\(\s*([a-z_.]+)\s*,\s*([a-z_.]+)\s*\)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``fields`` are (table, column), the place of the finding first; ``sql`` is as written, unbound.

    ``message_zh`` and ``message_en`` are templates with the named parameters ``{title}`` and ``{name}`` (of the field),
    ``{found}``, ``{expected}`` and ``{on}`` (the day the records are as of). The rule holds for submissions that end
    from ``valid_from`` to ``valid_to``, both included.
    """

    id: str
    subject: str
    title_zh: str
    title_en: str
    source: str
    scope: str
    effect: str
    fields: tuple[tuple[str, str], ...]
    fix_zh: str
    fix_en: str
    message_zh: str
    message_en: str
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    sql: str

    def holds_on(self, day: datetime.date | None) -> bool:
        """Whether the rule holds on a day; a rule without dates always does, and on no day only such a rule."""
        if day is None:
            return self.valid_from is None and self.valid_to is None
        return (self.valid_from or day) <= day <= (self.valid_to or day)

    @property
    def table(self) -> Table:
        """The table of the place."""
        return _TABLES[self.fields[0][0]]

    @property
    def tables(self) -> frozenset[str]:
        """The canonical tables that it reads, the header aside."""
        return frozenset(_READ.findall(self.sql)) & _TABLES.keys() - {"header"}

    @property
    def column(self) -> str:
        """The column of the place."""
        return self.fields[0][1]

    @property
    def element(self) -> Element:
        """The field that the column of the place holds."""
        return next(column.element for column in self.table.columns if column.name == self.column)


def _two(text: str, what: str) -> tuple[str, str]:
    zh, separator, en = text.partition(" | ")
    if not separator:
        raise ValueError(f"{what} wants Chinese | English: {text}")
    return zh.strip(), en.strip()


def _day(text: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _parse(subject: str, text: str) -> list[Rule]:
    found = []
    for block in re.split(r"(?m)^(?=-- rule: )", text)[1:]:
        lines = block.splitlines()
        heading = list(takewhile(bool, map(_HEADER.match, lines)))
        headers = {match[1]: match[2].strip() for match in heading if match}
        scope, effect, fields = (
            part.partition(": ")[2].strip() for part in f"scope: {headers['scope']}".split(" · ", 2)
        )
        if scope not in SCOPES or effect not in EFFECTS:
            raise ValueError(f"{headers['rule']}: scope {scope} or effect {effect} is unknown")
        title_zh, title_en = _two(headers["title"], headers["rule"])
        fix_zh, fix_en = _two(headers["fix"], headers["rule"])
        message_zh, message_en = _two(headers.get("message", headers["title"]), headers["rule"])
        pairs = [tuple(name.strip().split(".")) for name in fields.split(",")]
        for table, column in pairs:
            if not any(column == known.name for known in _TABLES[table].columns):
                raise ValueError(f"{headers['rule']}: no column {table}.{column}")
        if any(table.startswith(PREVIOUS) for table, _ in pairs) != (scope == "previous_submission"):
            raise ValueError(f"{headers['rule']}: scope previous_submission reads the previous submission, no other")
        found.append(
            Rule(
                id=headers["rule"],
                subject=subject,
                title_zh=title_zh,
                title_en=title_en,
                source=headers["source"],
                scope=scope,
                effect=effect,
                fields=tuple((table, column) for table, column in pairs),
                fix_zh=fix_zh,
                fix_en=fix_en,
                message_zh=message_zh,
                message_en=message_en,
                valid_from=_day(headers.get("from")),
                valid_to=_day(headers.get("to")),
                sql="\n".join(lines[len(heading) :]).strip().removesuffix(";"),
            )
        )
    return found


@functools.cache
def rules() -> Mapping[str, Rule]:
    """Every rule by id, in order of subject and number."""
    found: dict[str, Rule] = {}
    folder = importlib.resources.files(__package__)
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".sql"):
            for one in _parse(entry.name.removesuffix(".sql"), entry.read_text(encoding="utf-8")):
                if one.id in found:
                    raise ValueError(f"rule {one.id} is there twice")
                found[one.id] = one
    return dict(sorted(found.items()))


def rule(rule_id: str) -> Rule:
    """The rule of that id.

    Raises:
        UnknownRule: there is none.
    """
    try:
        return rules()[rule_id]
    except KeyError:
        raise UnknownRule(f"没有规则 {rule_id}", f"no rule {rule_id}") from None


def _age_sql(birth: str, day: str, leap_birthday: str) -> str:
    """Completed years between two dates: ``date_diff`` counts boundaries here and complete years elsewhere."""
    month_day = f"(extract(month from {birth}) * 100 + extract(day from {birth}))"
    if leap_birthday == "02-28":
        common = (
            f"not ((extract(year from {day}) % 4 = 0 and extract(year from {day}) % 100 <> 0)"
            f" or extract(year from {day}) % 400 = 0)"
        )
        month_day = f"(case when {month_day} = 229 and {common} then 228 else {month_day} end)"
    return (
        f"(extract(year from {day}) - extract(year from {birth}) - case when "
        f"(extract(month from {day}) * 100 + extract(day from {day})) < {month_day} then 1 else 0 end)"
    )


def bind(sql: str, edition: Edition) -> str:
    """The statement with its macros written out for an edition."""
    return _AGE.sub(lambda match: _age_sql(match[1], match[2], edition.leap_birthday), sql)
