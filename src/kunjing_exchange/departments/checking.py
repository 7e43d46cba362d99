"""What a department's record gets wrong by its own layout, said by its own elements."""

from __future__ import annotations

import functools
import sys

from kunjing_exchange.codes import code_list
from kunjing_exchange.departments.layout import Element, Home, Layout, layout
from kunjing_exchange.departments.transform import TRANSFORMS
from kunjing_exchange.findings import Problem, clip
from kunjing_exchange.wire import Plain

__all__ = ["Level", "check", "levels", "named", "refused", "unfit"]


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
    _check(levels(of.name), raw, problems)
    for group, (element, value) in of.needs.items():
        if raw.get(element) == value and not _there(raw, group):
            problems.append(Problem("KJ-DEPT-002", facts={"element": group, "value": "", "expected": ""}))


def _there(raw: Plain, group: str) -> bool:
    here: object = raw
    for step in group.split("."):
        here = here.get(step) if isinstance(here, dict) else None
    return bool(here)


class _Leaf:
    """What a value of an element has to be."""

    __slots__ = ("codes", "element", "longest")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.longest = sys.maxsize if element.length is None else element.length
        # an empty value is judged by whether the element is required
        self.codes = frozenset(("", *code_list(element.codes))) if element.codes else None

    def problem(self, value: object) -> Problem:
        """What is wrong with a value that was not accepted."""
        if not isinstance(value, str):
            return refused("KJ-DEPT-003", self.element, "", self.element.type)
        if len(value) > self.longest:
            return refused("KJ-DEPT-003", self.element, value, f"≤ {self.longest}")
        return refused("KJ-DEPT-004", self.element, value, self.element.codes)


class Level:
    """One level of a layout's elements; ``below`` says of each group whether it repeats."""

    def __init__(self) -> None:
        self.leaves: dict[str, _Leaf] = {}
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
        node.leaves[last] = _Leaf(element)
        if element.required == "Y":
            node.required.append((last, element))
    return root


def _check(node: Level, raw: Plain, problems: list[Problem]) -> None:
    leaves = node.leaves
    for name, value in raw.items():
        leaf = leaves.get(name)
        if leaf is None:
            _check_group(node, name, value, problems)
        elif (
            type(value) is not str or len(value) > leaf.longest or (leaf.codes is not None and value not in leaf.codes)
        ):
            problems.append(leaf.problem(value))
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
