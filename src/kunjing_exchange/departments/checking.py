"""What a department's record gets wrong by its own layout, said by its own elements."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from kunjing_exchange.codes import code_list
from kunjing_exchange.departments.layout import Element, Home, Layout, layout
from kunjing_exchange.departments.transform import TRANSFORMS
from kunjing_exchange.findings import Problem, clip
from kunjing_exchange.wire import Plain

__all__ = ["Level", "check", "levels", "named", "refused", "sound", "unfit"]


def named(element: Element) -> str:
    """An element as messages name it: ``CSRQ 出生日期``."""
    return element.title if element.title == element.name else f"{element.name} {element.title}"


def refused(finding: str, element: Element, text: str, expected: str) -> Problem:
    """The problem of an element's value; the text is masked where it is shown."""
    return Problem(finding, facts={"element": named(element), "value": text, "expected": expected})


def unfit(finding: str, element: Element, text: str, home: Home) -> Problem:
    """The problem of a value that one of its homes can't take, or an element can't."""
    form = home.map.partition(":")[2] if home.map else TRANSFORMS[home.transform].form
    return refused(finding, element, text, form)


def check(of: Layout, raw: Plain, problems: list[Problem]) -> None:
    """Required elements and groups, lengths, codes, shapes, and names that the layout does not know."""
    if sound(of)(raw):
        return
    _check(levels(of.name), raw, problems)
    for group, (element, value) in of.needs.items():
        if raw.get(element) == value and not _there(raw, group):
            problems.append(Problem("KJ-DEPT-002", facts={"element": group, "value": "", "expected": ""}))


def sound(of: Layout) -> Callable[[Plain], bool]:
    """What tells fast that there is nothing wrong with a record; what it doubts may be right."""
    accepted = _accepting(of.name)
    if not of.needs:
        return accepted
    return lambda raw: (
        accepted(raw)
        and all(raw.get(element) != value or _there(raw, group) for group, (element, value) in of.needs.items())
    )


def _there(raw: Plain, group: str) -> bool:
    here: object = raw
    for step in group.split("."):
        here = here.get(step) if isinstance(here, dict) else None
    return bool(here)


class Level:
    """One level of a layout's elements; ``below`` says of each group whether it repeats."""

    def __init__(self) -> None:
        self.leaves: dict[str, Element] = {}
        self.below: dict[str, tuple[Level, bool]] = {}
        self.required: list[tuple[str, Element]] = []


@functools.cache
def levels(name: str) -> Level:
    """A layout's elements, level by level."""
    root = Level()
    for element in layout(name).elements:
        node = root
        *above, (last, _) = element.steps
        for step, repeated in above:
            node, _ = node.below.setdefault(step, (Level(), repeated))
        node.leaves[last] = element
        if element.required == "Y":
            node.required.append((last, element))
    return root


@functools.cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(code_list(name))


def _schema(level: Level) -> dict[str, Any]:
    """The JSON Schema of what :func:`_check` finds nothing wrong with; null is as good as absent."""
    required = [name for name, _ in level.required]
    properties: dict[str, Any] = {}
    for name, element in level.leaves.items():
        least = int(name in required)
        if element.codes:  # an empty value is judged by whether the element is required
            codes = [code for code in _codes(element.codes) if element.length is None or len(code) <= element.length]
            properties[name] = {"enum": sorted(codes) if least else [*sorted(codes), "", None]}
        else:
            limits = {} if element.length is None else {"maxLength": element.length}
            properties[name] = {"type": "string" if least else ["string", "null"], "minLength": least} | limits
    for name, (below, repeated) in level.below.items():
        part = _schema(below)
        properties[name] = {"type": ["array", "null"], "items": part} if repeated else part
        if not repeated:
            part["type"] = ["object", "null"]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


@functools.cache
def _accepting(name: str) -> Callable[[Plain], bool]:
    node = levels(name)
    try:
        import jsonschema_rs
    except ImportError:
        return lambda raw: not _problems(node, raw)
    valid = jsonschema_rs.Draft202012Validator(_schema(node)).is_valid

    def accepted(raw: Plain) -> bool:
        try:
            return bool(valid(raw))
        except (ValueError, OverflowError, RecursionError):  # lone surrogates, huge numbers, deep nesting
            return False

    return accepted


def _problems(node: Level, raw: Plain) -> list[Problem]:
    problems: list[Problem] = []
    _check(node, raw, problems)
    return problems


def _check(node: Level, raw: Plain, problems: list[Problem]) -> None:
    for name, value in raw.items():
        element = node.leaves.get(name)
        if element is None:
            _check_group(node, name, value, problems)
        elif not isinstance(value, str):
            problems.append(refused("KJ-DEPT-003", element, "", element.type))
        elif element.length is not None and len(value) > element.length:
            problems.append(refused("KJ-DEPT-003", element, value, f"≤ {element.length}"))
        elif element.codes and value and value not in _codes(element.codes):
            problems.append(refused("KJ-DEPT-004", element, value, element.codes))
    for name, element in node.required:
        if not raw.get(name):
            problems.append(refused("KJ-DEPT-002", element, "", ""))


def _check_group(node: Level, name: str, value: object, problems: list[Problem]) -> None:
    if name not in node.below:
        problems.append(Problem("KJ-DEPT-001", facts={"name": clip(name)}))
        return
    below, repeated = node.below[name]
    given = value if isinstance(value, list) and repeated else [value]
    parts = [part for part in given if isinstance(part, dict)]
    if len(parts) < len(given) or (repeated and not isinstance(value, list)):
        # what has the wrong shape was not read
        expected = "[{…}]" if repeated else "{…}"
        problems.append(Problem("KJ-DEPT-003", facts={"element": name, "value": "", "expected": expected}))
        return
    for part in parts:
        _check(below, part, problems)
