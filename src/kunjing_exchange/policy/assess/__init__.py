"""Categories, entitlements and differences as SQL over the canonical tables, and how the files are read.

A statement of a category or an entitlement gives one row a record, with a column for each **condition** of its header.
A condition is true, false or null, and null means "can't tell": SQL's own logic of three values is the policy's. The
answer is yes where all conditions are true, no where one is false, and else "can't tell", for want of the fields that
the condition's header line names. A field ``category.A`` is the answer of that category.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kunjing_exchange.policy.definition import Edition

__all__ = ["Condition", "Question", "Statement", "categories", "differences", "entitlements", "preparations"]

_HEADER = re.compile(r"-- ([a-z]+): (.*)")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: the column, what it says, and the fields (table, column) it rests on."""

    column: str
    title_zh: str
    title_en: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement with its header; ``sql`` is as written, unbound."""

    id: str
    headers: Mapping[str, str]
    sql: str

    @property
    def title_zh(self) -> str:
        """What it is called, in Chinese."""
        return self.headers["title"].split(" | ")[0]

    @property
    def title_en(self) -> str:
        """What it is called, in English."""
        return self.headers["title"].split(" | ")[1]

    @property
    def source(self) -> str:
        """The clause."""
        return self.headers["source"]

    def holds_in(self, edition: Edition) -> bool:
        """Whether the edition knows of it: its header may name a parameter that the edition must have."""
        return "when" not in self.headers or self.headers["when"] in edition.parameters


@dataclass(frozen=True, slots=True)
class Question(Statement):
    """A category or an entitlement."""

    conditions: tuple[Condition, ...] = ()

    @property
    def weight(self) -> str:
        """``due``, ``duty``, ``service`` or ``local``."""
        return self.headers["weight"]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of benefit by which an entitlement is received."""
        return _listed(self.headers.get("benefit", ""))

    @property
    def choice(self) -> int | None:
        """The rank among those of which the highest alone is given (择高), where no rates say which that is."""
        return int(self.headers["choice"]) if "choice" in self.headers else None

    @property
    def gives(self) -> tuple[str, ...]:
        """The columns beside the conditions."""
        return _listed(self.headers.get("gives", ""))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _condition(text: str) -> Condition:
    column, title, fields = text.split(" · ")
    zh, en = title.split(" | ")
    pairs = (name.split(".") for name in _listed(fields))
    return Condition(column, zh, en, tuple((table, field) for table, field in pairs))


def _read(file: str) -> Iterator[Question]:
    text = importlib.resources.files(__package__).joinpath(file).read_text(encoding="utf-8")
    for block in re.split(r"(?m)^(?=-- (?:table|category|entitlement|difference): )", text)[1:]:
        headers: dict[str, str] = {}
        conditions = []
        lines = block.splitlines()
        body = 0
        while match := _HEADER.fullmatch(lines[body]):
            name, value = match.groups()
            if name == "condition":
                conditions.append(_condition(value))
            else:
                for part in f"{name}: {value}".split(" · "):
                    key, _, rest = part.partition(": ")
                    headers[key] = rest
            body += 1
        name = next(iter(headers))
        yield Question(headers[name], headers, "\n".join(lines[body:]).strip().removesuffix(";"), tuple(conditions))


@functools.cache
def preparations() -> tuple[Statement, ...]:
    """The tables that the others read, in the order in which they are made."""
    return (*_read("0_rows.sql"), *_read("1_facts.sql"))


@functools.cache
def categories() -> Mapping[str, Question]:
    """Every category by its code, in the order of the policy."""
    return {one.id: one for one in _read("2_category.sql")}


@functools.cache
def entitlements() -> Mapping[str, Question]:
    """Every entitlement by its name, in the order of the policy."""
    return {one.id: one for one in _read("3_entitlement.sql")}


@functools.cache
def differences() -> Mapping[str, Statement]:
    """Every kind of difference between what is due and what is received."""
    return {one.id: one for one in _read("4_difference.sql")}
