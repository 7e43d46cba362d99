"""The rules of merging as data (``rules.toml``): whose word counts, and by what two items of a list are one."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kunjing_exchange.findings import Path
from kunjing_exchange.merge.result import Origin
from kunjing_exchange.wire import Plain

__all__ = [
    "Authority",
    "Items",
    "authorities",
    "authority_of",
    "closing",
    "item_key",
    "items_of",
    "known",
    "likeness",
    "same_item",
]


def known(value: Any) -> bool:
    """Whether a field says something: it is there, and no unknown."""
    return value is not None and not isinstance(value, dict)


@dataclass(frozen=True, slots=True)
class Authority:
    """Whose word counts for a field and all below it, of all items or of those that have the values of ``where``."""

    department: str
    basis: str
    field: tuple[str, ...]
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Items:
    """By what two items of a list are one."""

    keys: tuple[tuple[str, ...], ...]
    distinct: tuple[tuple[str, ...], ...] = ()


@functools.cache
def _rules() -> Mapping[str, Any]:
    text = importlib.resources.files(__package__).joinpath("rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def closing() -> tuple[str, ...]:
    """The fields in which something ends; only the authority ends what lasts."""
    return tuple(_rules()["closing"])


@functools.cache
def authorities() -> tuple[Authority, ...]:
    """Who has authority for what, as ``rules.toml`` says."""
    return tuple(
        Authority(entry["department"], entry["basis"], tuple(name.split(".")), entry.get("where", {}))
        for entry in _rules()["authority"]
        for name in entry["fields"]
    )


@functools.cache
def _of_field(names: tuple[str, ...]) -> tuple[Authority, ...]:
    return tuple(one for one in authorities() if names[: len(one.field)] == one.field)


@functools.cache
def items_of(name: str) -> Items:
    """By what the items of a list are told; ``name`` is their record's."""
    rule = _rules()["items"][name]
    return Items(tuple(map(tuple, rule["keys"])), tuple(map(tuple, rule.get("distinct", ()))))


def authority_of(path: Path, records: Iterable[Plain]) -> str | None:
    """The department whose word counts for a field; ``records`` are what is known of the item it is in."""
    names = tuple(step for step in path if isinstance(step, str))
    for one in _of_field(names):
        if all(any(record.get(name) == value for record in records) for name, value in one.where.items()):
            return one.department
    return None


def item_key(fields: tuple[str, ...], item: Plain, source: Origin | None) -> tuple[str, ...] | None:
    """An item's key, where it has one; ``source`` tells the year of what is only known as of a day."""
    values = []
    for spec in fields:
        name, *otherwise = spec.split("|")
        value = item.get(name)
        for other in otherwise:
            if known(value):
                break
            if other == "absent":
                value = ""
            elif other == "as_of":
                value = str(source.as_of.year) if source is not None else None
            else:
                value = str(item[other])[:4] if known(item.get(other)) else None
        if not known(value):
            return None
        values.append(str(value))
    return tuple(values)


def same_item(rule: Items, key: tuple[str, ...], item: Plain, other: Plain, source: Origin) -> bool:
    """Whether what a department says of is an item that is there, by one key."""
    found = item_key(key, item, source)
    if found is None or found != item_key(key, other, None):
        return False
    if _over(item, other) or _over(other, item):
        return False
    return not any(
        all(known(item.get(name)) and known(other.get(name)) and item[name] != other[name] for name in names)
        for names in rule.distinct
    )


def _over(item: Plain, later: Plain) -> bool:
    """Whether an item ended before another began; two of one beginning are never told apart by it."""
    end, start = item.get("end_date"), later.get("start_date")
    return isinstance(end, str) and isinstance(start, str) and end < start != item.get("start_date")


def likeness(item: Plain, other: Plain) -> tuple[int, bool]:
    """How much two items have in common; of two alike the one that lasts."""
    return sum(other.get(name) == value for name, value in item.items() if known(value)), "end_date" not in other
