"""What a department's record looks like, and where each of its elements has its canonical home.

A layout is one CSV table that a person can read, and a few lines in the department's ``layouts.toml``. The columns:

========== ===========================================================================================================
element    the department's own element name; ``output.insuinfo[].insutype`` where records nest. Where no name is
           published, the printed label's English name, which is the project's own (``certainty`` says so)
title      the department's own label
type       ``string number integer date datetime`` on the department's wire
length     longest value in characters; empty where it is not known
required   ``Y``, ``C`` (under a condition) or empty
codes      the code list the values are of, where it is known
path       the canonical home: ``child.name``, ``schooling[].grade``, ``relative[relation_to_child=51].name``
transform  how the text is read and written (:mod:`.transform`)
map        ``crosswalk:SOURCE>TARGET`` of the code tables, or ``values:NAME`` of the department's ``values.csv``
direction  ``both``, ``in`` (to canonical), ``out`` (to the department) or ``none``: deliberately left out
loss       what is lost, or why the element is left out: Chinese and English
certainty  ``verified single memory own``, as of the element
source     where it is printed
========== ===========================================================================================================

An element may have further lines that give it further homes; only its first line describes the element.
"""

from __future__ import annotations

import csv
import functools
import pathlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kunjing_exchange.errors import UnknownFormat

__all__ = [
    "DEPARTMENTS",
    "Department",
    "Element",
    "Home",
    "Layout",
    "Selector",
    "department",
    "layout",
    "layouts",
    "steps_of",
]

_FOLDER = pathlib.Path(__file__).parent

DEPARTMENTS = (
    "health_insurance",
    "education",
    "disability_federation",
    "civil_affairs",
    "public_security",
    "health",
)
"""The departments, each a folder of this package."""

COLUMNS = (
    "element", "title", "type", "length", "required", "codes", "path", "transform", "map", "direction",
    "loss_zh", "loss_en", "certainty", "source",
)  # fmt: skip

Selector = None | int | tuple[str, str]
"""Which item of a list a step means: the one at hand, the one at a position, or the one whose field has a value."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a canonical path: a field, and which item where it repeats."""

    name: str
    repeated: bool = False
    selector: Selector = None


@dataclass(frozen=True, slots=True)
class Home:
    """One canonical home of an element."""

    path: str
    steps: tuple[Step, ...]
    transform: str
    map: str
    direction: str
    loss_zh: str
    loss_en: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a layout. ``steps`` lead to it in the department's record, true where a step repeats."""

    name: str
    title: str
    type: str
    length: int | None
    required: str
    codes: str
    certainty: str
    source: str
    homes: tuple[Home, ...]

    @property
    def steps(self) -> tuple[tuple[str, bool], ...]:
        """``output.insuinfo[].insutype`` → ``(("output", False), ("insuinfo", True), ("insutype", False))``."""
        return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in self.name.split("."))

    @property
    def two_way(self) -> bool:
        """Whether what is read is written again as it was."""
        return any(home.direction == "both" for home in self.homes)

    @property
    def left_out(self) -> bool:
        """Whether it has no canonical home, on purpose."""
        return all(home.direction == "none" for home in self.homes)


@dataclass(frozen=True, slots=True)
class Layout:
    """One record layout of a department.

    ``each`` is the canonical list of which every item makes one record of its own (``service[kind=legal_aid]``: every
    such item); empty where a child makes one. ``headings`` says whether tables are headed by element names or labels.
    ``constants`` are canonical values that the layout itself says, ``fixed`` texts of elements that every record
    written has, ``needs`` groups that must be there where an element has a value, ``blanks`` marks that stand for an
    empty cell. ``root`` and ``record`` name the XML elements; the wrapper is the project's own wherever ``public`` is
    false or the standard gives none.
    """

    name: str
    department: str
    title_zh: str
    title_en: str
    standard: str
    public: bool
    formats: tuple[str, ...]
    headings: str
    root: str
    record: str
    each: str
    constants: Mapping[str, str | bool]
    fixed: Mapping[str, str]
    needs: Mapping[str, tuple[str, str]]
    blanks: frozenset[str]
    note_zh: str
    note_en: str
    elements: tuple[Element, ...]
    by_name: Mapping[str, Element] = field(repr=False, compare=False)

    @property
    def nested(self) -> bool:
        """Whether its records have structure that a table can't hold."""
        return any("." in element.name for element in self.elements)

    def heading(self, element: Element) -> str:
        """What heads the element's column."""
        return element.title if self.headings == "title" else element.name


@dataclass(frozen=True, slots=True)
class Department:
    """One department with its layouts by name."""

    name: str
    title_zh: str
    title_en: str
    layouts: Mapping[str, Layout]


_STEP = re.compile(r"([a-z_0-9]+)(\[(?:([0-9]+)|([a-z_0-9]+)=([^\]]+))?\])?")


def steps_of(path: str) -> tuple[Step, ...]:
    """The steps of a canonical path.

    Raises:
        ValueError: it is none.
    """
    steps = []
    for text in path.split("."):
        match = _STEP.fullmatch(text)
        if match is None:
            raise ValueError(f"not a canonical path: {path}")
        name, repeated, position, key, value = match.groups()
        selector: Selector = int(position) if position else (key, value) if key else None
        steps.append(Step(name, repeated is not None, selector))
    return tuple(steps)


def _home(row: Mapping[str, str]) -> Home:
    direction = row["direction"] or ("both" if row["path"] else "none")
    return Home(
        row["path"], steps_of(row["path"]) if row["path"] else (), row["transform"] or "text", row["map"], direction,
        row["loss_zh"], row["loss_en"],
    )  # fmt: skip


def _elements(rows: Iterator[Mapping[str, str]]) -> Iterator[Element]:
    gathered: dict[str, list[Mapping[str, str]]] = {}
    for row in rows:
        gathered.setdefault(row["element"], []).append(row)
    for name, lines in gathered.items():
        first = lines[0]
        yield Element(
            name, first["title"], first["type"] or "string", int(first["length"]) if first["length"] else None,
            first["required"], first["codes"], first["certainty"], first["source"], tuple(map(_home, lines)),
        )  # fmt: skip


def _read_layout(department: str, name: str, facts: Mapping[str, Any]) -> Layout:
    with (_FOLDER / department / f"{name.replace('-', '_')}.csv").open(encoding="utf-8") as stream:
        elements = tuple(_elements(iter(csv.DictReader(stream))))
    return Layout(
        name=f"{department}:{name}", department=department, title_zh=facts["title_zh"], title_en=facts["title_en"],
        standard=facts.get("standard", ""), public=facts.get("public", False), formats=tuple(facts["formats"]),
        headings=facts.get("headings", "element"), root=facts.get("root", "Records"),
        record=facts.get("record", "Record"), each=facts.get("each", ""), constants=facts.get("constants", {}),
        fixed=facts.get("fixed", {}),
        needs={group: (value[0], value[1]) for group, value in facts.get("needs", {}).items()},
        blanks=frozenset(facts.get("blanks", ())),
        note_zh=facts.get("note_zh", ""), note_en=facts.get("note_en", ""), elements=elements,
        by_name={element.name: element for element in elements},
    )  # fmt: skip


@functools.cache
def department(name: str) -> Department:
    """A department by its name.

    Raises:
        UnknownFormat: there is none of that name.
    """
    if name not in DEPARTMENTS:
        known = "、".join(DEPARTMENTS)
        raise UnknownFormat(
            f"没有名为 {name} 的部门；可用：{known}", f"no department {name}; one of {', '.join(DEPARTMENTS)}"
        )
    with (_FOLDER / name / "layouts.toml").open("rb") as stream:
        facts = tomllib.load(stream)
    found = {f"{name}:{key}": _read_layout(name, key, value) for key, value in facts["layout"].items()}
    return Department(name, facts["title_zh"], facts["title_en"], found)


def layouts() -> Mapping[str, Layout]:
    """Every layout by its name, such as ``education:student``."""
    return {name: one for known in DEPARTMENTS for name, one in department(known).layouts.items()}


def layout(name: str) -> Layout:
    """A layout by its name, such as ``education:student``.

    Raises:
        UnknownFormat: there is none of that name.
    """
    owner, _, _ = name.partition(":")
    known = department(owner).layouts if owner in DEPARTMENTS else layouts()
    try:
        return known[name]
    except KeyError:
        raise UnknownFormat(
            f"没有名为 {name} 的部门格式；可用：{'、'.join(known)}", f"no layout {name}; one of {', '.join(known)}"
        ) from None
