"""A department's record as a canonical one, and back: a layout compiled once into two functions.

The department's side is a *raw record*: nested dicts of text by element name, lists where the layout repeats. The
canonical side is a plain record of kind ``department_record``; :meth:`Mapping.rows` takes a case file as well, since
both have the same fields in the same places.
"""

from __future__ import annotations

import csv
import functools
import os
import pathlib
from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kunjing_exchange.departments.layout import Element, Home, Layout, Step, layout, steps_of
from kunjing_exchange.departments.transform import TRANSFORMS, code_map
from kunjing_exchange.errors import InvalidArgument, UnreadableInput
from kunjing_exchange.findings import Path
from kunjing_exchange.model import DepartmentRecord, Record, elements
from kunjing_exchange.wire import Plain

__all__ = ["LocalCodes", "Mapping", "local_codes", "mapping"]

LocalCodes = abc.Mapping[str, abc.Mapping[str, str]]
"""A place's own codes: ``{"identity": {"7101": "orphan"}}``."""
NOT_SUPPLIED = "not_supplied"
Refuse = Callable[[str, Element, str, Home], None]
"""Called with (finding id, element, the text or value, the home) for what can't be carried."""


@functools.cache
def _facts_required(record: type[Record]) -> frozenset[str]:
    return frozenset(element.name for element in elements(record) if element.required and element.fact)


def _record_at(steps: tuple[Step, ...]) -> type[Record]:
    record: type[Record] = DepartmentRecord
    for step in steps:
        nested = next((element.record for element in elements(record) if element.name == step.name), None)
        if nested is None:
            raise ValueError(f"{record.table()} has no record {step.name}")
        record = nested
    return record


def _reader(department: str, home: Home, local: LocalCodes) -> Callable[[str], Any] | None:
    """How a text is read; None where it stays as it is."""
    if not home.map:
        return None if home.transform == "text" else TRANSFORMS[home.transform].read
    own = home.map.partition(":")
    codes = local[own[2]] if own[0] == "local" else code_map(department, home.map).read
    if _is_flag(home):
        return {text: value == "true" for text, value in codes.items()}.get
    return codes.get


def _writer(department: str, home: Home) -> Callable[[Any], str | None]:
    if not home.map or home.map.startswith("local:"):
        return TRANSFORMS[home.transform].write
    codes = code_map(department, home.map).write
    if _is_flag(home):
        return {value == "true": text for value, text in codes.items() if value in ("true", "false")}.get
    return codes.get


def _is_flag(home: Home) -> bool:
    found = next((e for e in elements(_record_at(home.steps[:-1])) if e.name == home.steps[-1].name), None)
    if found is None or found.lexical is None:
        raise ValueError(f"no canonical field {home.path}")
    return found.lexical.kind == "boolean"


@dataclass(slots=True)
class _Leaf:
    """One element's way to one canonical field."""

    element: Element
    home: Home
    above: tuple[str, ...]
    """The steps below the group to what holds the element."""
    key: str
    """The element's name there."""
    name: str
    """The canonical field's."""
    read: Callable[[str], Any] | None
    write: Callable[[Any], str | None]


@dataclass(slots=True)
class _Item:
    """One canonical record that a department's record, or one item of its lists, fills.

    ``route`` names the steps to the record, with a number for those of which each part makes an item of its own.
    """

    steps: tuple[Step, ...]
    record: type[Record]
    leaves: list[_Leaf] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    route: tuple[tuple[str, int | None], ...] = ()
    own: str = ""
    """The field that holds the record, where it is one of the whole's own and no list."""
    order: dict[str, None] = field(default_factory=dict)
    """The record's own fields in canonical order."""
    make: Callable[..., Plain | None] = lambda *_: None
    """The record of (refuse, branches of the group …); see :func:`_compiled`."""
    put: Callable[[Plain, Plain, Refuse], None] = lambda *_: None
    """Puts (what the department's record holds, from the canonical record, refuse); see :func:`_compiled_out`."""


@dataclass(slots=True)
class _Group:
    """What is mapped together: the record itself, or every item of one of its lists.

    ``branches`` are the steps to the places that hold its elements, ``numbers`` those of the steps in routes.
    """

    steps: tuple[str, ...]
    items: dict[tuple[Step, ...], _Item] = field(default_factory=dict)
    branches: dict[tuple[str, ...], int] = field(default_factory=dict)
    numbers: dict[tuple[Step, ...], int] = field(default_factory=dict)
    made: list[_Item] = field(default_factory=list)
    """The items that are read at all."""
    anchor: _Item | None = None
    """The first list's item: what the department's list is written from."""

    def compile(self) -> None:
        """Work out what does not depend on a record."""
        for steps, item in self.items.items():
            selector = steps[-1].selector if steps else None
            if isinstance(selector, tuple):
                item.constants.setdefault(*selector)
            item.order = dict.fromkeys(element.name for element in elements(item.record) if element.lexical is not None)
            places = list(item.order)
            item.leaves.sort(key=lambda leaf: places.index(leaf.name))
            for leaf in item.leaves:
                if leaf.home.direction != "out":
                    self.branches.setdefault(leaf.above, len(self.branches))
            item.put = _compiled_out([leaf for leaf in item.leaves if leaf.home.direction != "in"])
            item.route = tuple(
                (step.name, self.numbers.setdefault(steps[: at + 1], len(self.numbers)) if step.repeated else None)
                for at, step in enumerate(steps)
            )
        self.anchor = next((item for steps, item in self.items.items() if steps and steps[-1].repeated), None)
        for item in self.items.values():
            if any(leaf.home.direction != "out" for leaf in item.leaves) or (item.constants and not item.steps):
                item.make = _compiled(item, self.branches)
                self.made.append(item)
            if len(item.route) == 1 and item.route[0][1] is None:
                item.own = item.route[0][0]


def _compiled(item: _Item, branches: dict[tuple[str, ...], int]) -> Callable[..., Plain | None]:
    """One item's record of (refuse, branches …) in canonical order, as straight code: it runs for every record.

    None where no element gives it anything. For ``SFLDRK`` of a school roll it is::

        def make(refuse, b0):
            record = {}
            given = False
            record['kind'] = 'floating_population'
            text = b0.get('SFLDRK')
            if text:
                value = read0(text) if type(text) is str else None
                if value is None:
                    refuse(*doubt(leaf0, text))
                elif value != '':
                    given = True
                    record['value'] = value
            return record if given else None
    """
    facts = _facts_required(item.record)
    known: dict[str, Any] = {"doubt": _doubt}
    lines = [f"def make(refuse, {', '.join(f'b{number}' for number in branches.values())}):"]
    lines += ["    record = {}", "    given = False"]
    for name in item.order:
        read = [leaf for leaf in item.leaves if leaf.name == name and leaf.home.direction != "out"]
        for leaf in read:
            at = len(known)
            known |= {f"leaf{at}": leaf, f"read{at}": leaf.read}
            lines += [f"    text = b{branches[leaf.above]}.get({leaf.key!r})", "    if text:"]
            if leaf.read is None:
                lines += [
                    "        if type(text) is str:",
                    "            given = True",
                    f"            record[{name!r}] = text",
                    "        else:",
                    f"            refuse(*doubt(leaf{at}, text))",
                ]
                continue
            lines += [
                f"        value = read{at}(text) if type(text) is str else None",
                "        if value is None:",
                f"            refuse(*doubt(leaf{at}, text))",
                "        elif value != '':",  # else a word that says nothing for this home
                "            given = True",
                f"            record[{name!r}] = value",
            ]
        if name in item.constants or name in facts:
            default = item.constants.get(name, {"unknown": NOT_SUPPLIED})
            lines += [f"    if {name!r} not in record:"] if read else []
            lines += [f"    {'    ' if read else ''}record[{name!r}] = {default!r}"]
    alone = bool(item.constants) and not item.steps
    lines += [f"    return record{'' if alone else ' if given else None'}"]
    # nothing but names and texts of the layout's table, as Python writes them, goes into the code
    exec("\n".join(lines), known)  # noqa: S102
    made: Callable[..., Plain | None] = known["make"]
    return made


def _compiled_out(leaves: list[_Leaf]) -> Callable[[Plain, Plain, Refuse], None]:
    """What writes one canonical record's elements, as straight code.

    For a certificate's number it is::

        def put(row, found, refuse):
            value = found.get('certificate_no')
            if type(value) is str or (value is not None and type(value) is not dict):
                text = value if type(value) is str else write0(value)
                row['CJZH'] = text
            return None
    """
    known: dict[str, Any] = {"doubt": _doubt, "below": _below}
    lines = ["def put(row, found, refuse):"]
    places = dict.fromkeys(leaf.above for leaf in leaves)
    held = {steps: f"b{number}" if steps else "row" for number, steps in enumerate(places)}
    lines += [f"    {name} = None" for steps, name in held.items() if steps]
    for at, leaf in enumerate(leaves):
        known |= {f"leaf{at}": leaf, f"write{at}": leaf.write}
        place = held[leaf.above]
        lines += [
            f"    value = found.get({leaf.name!r})",
            "    if type(value) is str or (value is not None and type(value) is not dict):",
        ]
        is_text = leaf.home.transform == "text" and not leaf.home.map
        if is_text:
            lines += [f"        text = value if type(value) is str else write{at}(value)"]
        else:
            lines += [
                f"        text = write{at}(value)",
                "        if text is None:",
                f"            refuse(*doubt(leaf{at}, value))",
                "        else:",
            ]
        indent = " " * (8 if is_text else 12)
        if leaf.above:
            lines += [f"{indent}if {place} is None:", f"{indent}    {place} = below(row, {leaf.above!r})"]
        lines += [f"{indent}{place}[{leaf.key!r}] = text"]
    exec("\n".join([*lines, "    return None"]), known)  # noqa: S102 - as above
    made: Callable[[Plain, Plain, Refuse], None] = known["put"]
    return made


def _below(row: Plain, steps: tuple[str, ...]) -> Plain:
    for step in steps:
        row = row.setdefault(step, {})
    return row


def _doubt(leaf: _Leaf, text: object) -> tuple[str, Element, str, Home]:
    """What is told of a value that can't be read."""
    uncoded = leaf.home.map and isinstance(text, str)
    return "KJ-DEPT-005" if uncoded else "KJ-DEPT-003", leaf.element, str(text), leaf.home


class Mapping:
    """One layout, both ways.

    ``local`` holds a place's own codes (``map`` ``local:NAME``), by name, each to the canonical one. Where the place
    gives none of that name the home stays empty; the layout keeps the place's code itself in another.

    Raises:
        ValueError, KeyError: the layout names a field, a transform or a map that there is not.
    """

    def __init__(self, of: Layout, local: LocalCodes | None = None) -> None:
        local = local or {}
        self.layout = of
        self._each = steps_of(of.each) if of.each else ()
        self._groups: dict[tuple[str, ...], _Group] = {(): _Group(())}
        for element in of.elements:
            names = tuple(name for name, _ in element.steps)
            repeats = [at for at, (_, repeated) in enumerate(element.steps) if repeated]
            if len(repeats) > 1:
                raise ValueError(f"{of.name}: {element.name} lies in a list within a list, which would not be read")
            cut = repeats[-1] + 1 if repeats else 0
            group = self._groups.setdefault(names[:cut], _Group(names[:cut]))
            for home in element.homes:
                if home.direction == "none" or (home.map.startswith("local:") and home.map[6:] not in local):
                    continue
                parent, last = home.steps[:-1], home.steps[-1]
                item = group.items.setdefault(parent, _Item(parent, _record_at(parent)))
                _is_flag(home)  # the field is there
                item.leaves.append(
                    _Leaf(element, home, names[cut:-1], names[-1], last.name, _reader(of.department, home, local),
                          _writer(of.department, home))
                )  # fmt: skip
        for path, value in of.constants.items():
            *above, name = path.split(".")
            self._constant(".".join(above), name, value)
        for group in self._groups.values():
            group.compile()
        made = [item for group in self._groups.values() for item in group.made]
        filled = {item.steps[0].name for item in made if item.steps}
        filled |= {leaf.name for item in made if not item.steps for leaf in item.leaves}
        filled |= {name for item in made if not item.steps for name in item.constants}
        self.tops = tuple(element.name for element in elements(DepartmentRecord) if element.name in filled)
        """Fields of the record itself that the layout can fill, in canonical order."""

    def _constant(self, above: str, name: str, value: Any) -> None:
        for group in self._groups.values():
            for steps, item in group.items.items():
                if _written(steps) == above:
                    item.constants[name] = value

    # --- in ---------------------------------------------------------------------------------------------------------
    def read(self, raw: Plain, refuse: Refuse) -> Plain:
        """The canonical record of a department's; keys that the layout itself gives are the caller's to add."""
        data: Plain = {}
        for group in self._groups.values():
            for part in _items(raw, group.steps):
                branches = [_branch(part, steps) if steps else part for steps in group.branches]
                fresh: dict[int, Plain] = {}
                for item in group.made:
                    record = item.make(refuse, *branches)
                    if record is None:
                        continue
                    if item.own and item.own not in data:
                        data[item.own] = record
                    else:
                        _attach(data, fresh, item, record)
        return data

    # --- out --------------------------------------------------------------------------------------------------------
    def rows(self, data: Plain, refuse: Refuse) -> Iterator[Plain]:
        """The department's records of a department record or a case file: one, or one for each item of the list."""
        for context in _contexts(data, self._each) if self._each else ({},):
            row: Plain = {}
            for group in self._groups.values():
                if group.steps:
                    self._write_list(row, group, data, refuse)
                else:
                    for steps, item in group.items.items():
                        found = data.get(item.own) if item.own else _pick(data, steps, context)
                        if isinstance(found, dict):
                            item.put(row, found, refuse)
            yield row

    def _write_list(self, row: Plain, group: _Group, data: Plain, refuse: Refuse) -> None:
        """Every canonical item of the group's first list makes one item of the department's."""
        anchor = group.anchor
        if anchor is None:
            return
        made = []
        for found in data.get(anchor.steps[0].name, ()):
            if not _chosen(found, anchor.steps[-1].selector):
                continue
            part: Plain = {}
            anchor.put(part, found, refuse)
            if part:
                made.append(part)
        if made:
            _below(row, group.steps[:-1])[group.steps[-1]] = made

    # --- places -----------------------------------------------------------------------------------------------------
    @functools.cached_property
    def _by_field(self) -> dict[tuple[str, ...], list[tuple[tuple[Step, ...], Element]]]:
        found: dict[tuple[str, ...], list[tuple[tuple[Step, ...], Element]]] = {}
        for element in self.layout.elements:
            for home in element.homes:
                if home.direction in ("both", "in"):
                    names = tuple(step.name for step in home.steps)
                    found.setdefault(names, []).append((home.steps, element))
        return found

    def element_at(self, path: Path) -> Element | None:
        """The element that a canonical path of a record was read from, where one was."""
        names = tuple(step for step in path if isinstance(step, str))
        position = next((step for step in path if isinstance(step, int)), 0)
        found = self._by_field.get(names, [])
        exact = [element for steps, element in found if any(step.selector == position for step in steps)]
        return exact[0] if exact else found[min(position, len(found) - 1)][1] if found else None


def _written(steps: tuple[Step, ...]) -> str:
    parts = []
    for step in steps:
        chosen = step.selector
        inside = "" if chosen is None else str(chosen) if isinstance(chosen, int) else f"{chosen[0]}={chosen[1]}"
        parts.append(f"{step.name}[{inside}]" if step.repeated else step.name)
    return ".".join(parts)


def _attach(data: Plain, fresh: dict[int, Plain], item: _Item, record: Plain) -> None:
    """Put an item's record where it belongs; ``fresh`` has the items of lists that this part has made."""
    if not item.route:
        _join(data, record, item.order)
        return
    here = data
    for name, number in item.route[:-1]:
        if number is None:
            here = here.setdefault(name, {})
        elif number in fresh:
            here = fresh[number]
        else:
            here.setdefault(name, []).append({})
            here = fresh[number] = here[name][-1]
    name, number = item.route[-1]
    there = here.get(name) if number is None else fresh.get(number)
    if there is not None:
        _join(there, record, item.order)
    elif number is None:
        here[name] = record
    else:
        here.setdefault(name, []).append(record)
        fresh[number] = record


def _join(there: Plain, record: Plain, order: abc.Mapping[str, None]) -> None:
    """Add a record's fields to those that are there already and stay, in canonical order."""
    if not there:
        there.update(record)
        return
    whole = record | there
    below = {name: value for name, value in there.items() if name not in order}
    there.clear()
    there.update({name: whole[name] for name in order if name in whole} | below)


def _branch(part: Plain, steps: tuple[str, ...]) -> Plain:
    """What holds the elements below the steps; nothing where the record has something else there."""
    for step in steps:
        below = part.get(step)
        if type(below) is not dict:
            return {}
        part = below
    return part


def _items(raw: Plain, steps: tuple[str, ...]) -> list[Plain]:
    """The parts of a department's record that a group maps: itself, or the items of a list."""
    if not steps:
        return [raw]
    here: Any = raw
    for step in steps:
        here = here.get(step) if isinstance(here, dict) else None
    return [part for part in here if isinstance(part, dict)] if isinstance(here, list) else []


def _contexts(data: Plain, each: tuple[Step, ...]) -> Iterator[dict[tuple[str, ...], Plain]]:
    """For every item of the list that makes records: the items at hand, by the names that lead to them."""

    def below(
        here: Plain, remaining: tuple[Step, ...], names: tuple[str, ...], held: dict[tuple[str, ...], Plain]
    ) -> Any:
        if not remaining:
            yield held
            return
        for item in here.get(remaining[0].name, ()):
            if not _chosen(item, remaining[0].selector):
                continue
            path = (*names, remaining[0].name)
            yield from below(item, remaining[1:], path, held | {path: item})

    yield from below(data, each, (), {})


def _chosen(item: Plain, selector: Any) -> bool:
    return not isinstance(selector, tuple) or str(item.get(selector[0], "")).lower() == selector[1].lower()


def _pick(data: Plain, steps: tuple[Step, ...], context: dict[tuple[str, ...], Plain]) -> Plain | None:
    """The canonical record that the steps mean, where there is one."""
    here: Any = data
    names: tuple[str, ...] = ()
    for step in steps:
        if context:
            names = (*names, step.name)
            if names in context:
                here = context[names]
                continue
        here = here.get(step.name)
        if step.repeated and here is not None:
            if isinstance(step.selector, int):
                here = here[step.selector] if step.selector < len(here) else None
            else:
                chosen = [item for item in here if _chosen(item, step.selector)]
                # what has not ended speaks for the child; of what has, the first
                here = next((item for item in chosen if "end_date" not in item), chosen[0] if chosen else None)
        if not isinstance(here, dict):
            return None
    found: Plain = here
    return found


@functools.cache
def mapping(name: str) -> Mapping:
    """The mapping of a layout, compiled once.

    Raises:
        UnknownFormat: there is no layout of that name.
    """
    return Mapping(layout(name))


def local_codes(path: str | os.PathLike[str]) -> LocalCodes:
    """A place's own codes from its file: CSV with the columns ``map``, ``source`` and ``target``.

    Raises:
        UnreadableInput: it can't be read.
        InvalidArgument: it has other columns, or gives one code twice.
    """
    name = os.fspath(path)
    found: dict[str, dict[str, str]] = {}
    try:
        with pathlib.Path(path).open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            if not {"map", "source", "target"} <= set(reader.fieldnames or ()):
                raise InvalidArgument(
                    f"{name} 应有 map、source、target 三列", f"{name} wants the columns map, source and target"
                )
            for row in reader:
                codes = found.setdefault((row["map"] or "").strip(), {})
                source, target = (row["source"] or "").strip(), (row["target"] or "").strip()
                if not source or not target or source in codes:
                    line = reader.line_num
                    raise InvalidArgument(
                        f"{name} 第 {line} 行：代码为空或重复", f"{name} line {line}: a code is empty or repeated"
                    )
                codes[source] = target
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UnreadableInput(f"读不出文件：{name}", f"can't read {name}", finding_id="KJ-SYS-001") from None
    return found
