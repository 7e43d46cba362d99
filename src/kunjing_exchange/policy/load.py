"""Editions read from their files: a later one is written as its differences to the one it extends."""

from __future__ import annotations

import dataclasses
import datetime
import fnmatch
import functools
import importlib.resources
import itertools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import UnknownEdition
from kunjing_exchange.findings import BUILT_IN, Severity
from kunjing_exchange.policy.definition import RELATIONS, Edition, Pairing, Parameter, TimeLimit

__all__ = ["DEFAULT_EDITION", "compose", "edition", "edition_names", "lineage", "parameter_value"]

DEFAULT_EDITION = "henan-2017"

_REQUIRED: Mapping[str, type] = {
    "name": str, "title_zh": str, "title_en": str, "source": str, "valid_from": datetime.date, "scheme": str,
}  # fmt: skip
_OPTIONAL: Mapping[str, type] = {
    "extends": str, "memory": list, "locked": list, "not_at_hand": list, "parameters": dict, "leap_day": dict,
    "severity": dict, "time_limits": dict, "unattended_situations": dict, "tighten": dict, "code_editions": dict,
    "compatibility": list,
}  # fmt: skip
_AMOUNT = re.compile(r"[0-9]{1,12}\.[0-9]{2}")
_CERTAINTIES = ("verified", "single", "memory")


def edition_names() -> tuple[str, ...]:
    """The names of the editions at hand."""
    folder = importlib.resources.files(__package__)
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@functools.cache
def edition(name: str = DEFAULT_EDITION) -> Edition:
    """The edition of that name.

    Raises:
        UnknownEdition: there is none; the text names those there are.
    """
    if name not in edition_names():
        known = ", ".join(edition_names())
        raise UnknownEdition(f"没有政策版本 {name}；现有：{known}", f"no policy edition {name}; there are: {known}")
    text = importlib.resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    parent = data.get("extends")
    return compose(data, edition(parent) if parent is not None else None)


def lineage(one: Edition) -> tuple[str, ...]:
    """The edition's name and those of all it extends, the nearest first."""
    return (one.name, *(lineage(edition(one.extends)) if one.extends is not None else ()))


def parameter_value(value: object) -> Parameter:
    """A parameter as it stands in TOML, typed: an amount is text such as ``"600.00"``.

    Raises:
        ValueError: it is no whole number, text, amount or date.
    """
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return Decimal(value)
    # to Python a truth value is an int, and a time of day a date
    if type(value) is datetime.date or (type(value) is int and abs(value) < 2**31):
        return value
    if isinstance(value, str) and len(value) <= 40:
        return value
    raise ValueError('a parameter is a whole number, an amount as text ("600.00"), a date or a name')


def compose(data: Mapping[str, Any], parent: Edition | None) -> Edition:
    """The edition that a file's data describe: what they say, and what the edition they extend says elsewhere.

    Raises:
        ValueError: something is missing, misspelt or names what does not exist; the text begins with the key.
    """
    _check_keys(data)
    scheme, valid_from = data["scheme"], data["valid_from"]
    _known("scheme", [scheme], "scheme")
    _known("unattended_situations", data.get("unattended_situations", {}), "parent_situation")
    own = {name: _at(f"parameters.{name}", parameter_value, value) for name, value in _table(data, "parameters")}
    limits = {step: _time_limit(step, value) for step, value in _table(data, "time_limits")}
    severities = {rule: _at(f"severity.{rule}", Severity, value) for rule, value in _table(data, "severity")}
    birthday = data.get("leap_day", {}).get("birthday", parent.leap_birthday if parent else None)
    if birthday not in ("03-01", "02-28"):
        raise ValueError('leap_day.birthday: wants "03-01" or "02-28"')
    derived: dict[str, Parameter] = {"scheme": scheme, "scheme_valid_from": valid_from}
    one = Edition(
        name=data["name"],
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        source=data["source"],
        valid_from=valid_from,
        scheme=scheme,
        extends=data.get("extends"),
        parameters={**(parent.parameters if parent else {}), **derived, **own},
        leap_birthday=birthday,
        severities={**(parent.severities if parent else {}), **severities},
        compatibility=_pairings(data.get("compatibility", []), parent.compatibility if parent else ()),
        time_limits={**(parent.time_limits if parent else {}), **limits},
        unattended_situations={
            **(parent.unattended_situations if parent else {}),
            **data.get("unattended_situations", {}),
        },
        tighten={**(parent.tighten if parent else {}), **data.get("tighten", {})},
        code_editions={**(parent.code_editions if parent else {}), **data.get("code_editions", {})},
        not_at_hand=tuple((text["zh"], text["en"]) for text in data.get("not_at_hand", [])),
    )
    _check_references(one)
    return _marked(one, data, parent)


def _check_keys(data: Mapping[str, Any]) -> None:
    for key, kind in _REQUIRED.items():
        if not isinstance(data.get(key), kind):
            raise ValueError(f"{key}: wants a {kind.__name__}")
    for key, value in data.items():
        expected = _REQUIRED.get(key) or _OPTIONAL.get(key)
        if expected is None:
            raise ValueError(f"{key}: unknown; known are {', '.join((*_REQUIRED, *_OPTIONAL))}")
        if not isinstance(value, expected):
            raise ValueError(f"{key}: wants a {expected.__name__}")


def _table(data: Mapping[str, Any], key: str) -> Iterable[tuple[str, Any]]:
    table: Mapping[str, Any] = data.get(key, {})
    return table.items()


def _at(key: str, make: Any, value: object) -> Any:
    try:
        return make(value)
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from None


def _known(key: str, codes: Iterable[str], name: str) -> None:
    for code in codes:
        if code not in code_list(name):
            raise ValueError(f"{key}: {code} is not in the code list {name}")


def _time_limit(step: str, value: Mapping[str, Any]) -> TimeLimit:
    key = f"time_limits.{step}"
    if set(value) != {"days", "working", "clause", "certainty"}:
        raise ValueError(f"{key}: wants days, working, clause and certainty")
    if type(value["days"]) is not int or value["days"] < 0:
        raise ValueError(f"{key}.days: wants a whole number from 0")
    if value["certainty"] not in _CERTAINTIES:
        raise ValueError(f"{key}.certainty: wants one of {', '.join(_CERTAINTIES)}")
    return TimeLimit(step, **value)


def _pairings(entries: Iterable[Mapping[str, Any]], inherited: tuple[Pairing, ...]) -> tuple[Pairing, ...]:
    """The matrix, a pair once; a pair of the edition replaces that of the one it extends."""
    matrix = {frozenset((pair.kind_a, pair.kind_b)): pair for pair in inherited}
    stated: set[frozenset[str]] = set()
    for number, entry in enumerate(entries, 1):
        key = f"compatibility[{number}]"
        pairs = list(_pairs(key, entry))
        if entry.get("relation") not in RELATIONS:
            raise ValueError(f"{key}.relation: wants one of {', '.join(RELATIONS)}")
        if not entry.get("clause"):
            raise ValueError(f"{key}.clause: is missing")
        for kind_a, kind_b in pairs:
            pair = frozenset((kind_a, kind_b))
            if len(pair) == 1 or pair in stated:
                raise ValueError(f"{key}: {kind_a} and {kind_b} are the same or a pair that is stated twice")
            stated.add(pair)
            matrix[pair] = Pairing(kind_a, kind_b, entry["relation"], entry["clause"], entry.get("memory", False))
    return tuple(matrix.values())


def _pairs(key: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """``among`` pairs a list's kinds with one another, ``kind`` and ``with`` one kind with each of a list."""
    if unknown := set(entry) - {"among", "kind", "with", "relation", "clause", "memory"}:
        raise ValueError(f"{key}.{min(unknown)}: unknown")
    if "among" in entry:
        _known(key, entry["among"], "benefit_kind")
        return itertools.combinations(entry["among"], 2)
    if "kind" not in entry or "with" not in entry:
        raise ValueError(f"{key}: wants among, or kind and with")
    _known(key, [entry["kind"], *entry["with"]], "benefit_kind")
    return ((entry["kind"], other) for other in entry["with"])


def _check_references(one: Edition) -> None:
    for name, direction in one.tighten.items():
        if name not in one.parameters or direction not in ("lower", "higher"):
            raise ValueError(f"tighten.{name}: wants lower or higher, for a parameter of the edition")
    for name, stated in one.code_editions.items():
        if (at_hand := code_list(name).edition) != stated:
            raise ValueError(f"code_editions.{name}: the list at hand is edition {at_hand}, not {stated}")


def _marked(one: Edition, data: Mapping[str, Any], parent: Edition | None) -> Edition:
    """With the marks of memory and the locked rules: a mark goes where the edition states the fact anew."""
    stated = {f"{section}.{name}" for section in ("parameters", "time_limits") for name, _ in _table(data, section)}
    stated |= {*_REQUIRED, "parameters.scheme_valid_from"}
    memory = (set(parent.memory) if parent else set()) - stated | set(data.get("memory", []))
    memory |= {f"time_limits.{step}" for step, limit in one.time_limits.items() if limit.certainty == "memory"}
    if "valid_from" in memory:
        memory.add("parameters.scheme_valid_from")
    for key in memory:
        section, _, name = key.partition(".")
        if not (key in _REQUIRED or (name and name in getattr(one, section, {}))):
            raise ValueError(f"memory: {key} is no key of the edition")
    locked = set(parent.locked) if parent else set()
    for pattern in data.get("locked", []):
        found = set(fnmatch.filter({*one.severities, *BUILT_IN}, pattern))
        if not found:
            raise ValueError(f"locked: {pattern} names no rule")
        locked |= found
    return dataclasses.replace(one, memory=frozenset(memory), locked=frozenset(locked))
