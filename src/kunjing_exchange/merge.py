"""Merge what departments say into case files: field by field, with who said so, and nothing overwritten in silence.

Whose word counts is data (``merge_rules.toml``). What a case file lacks is filled; what is equal stays; a differing
value is a conflict, and replaces what the case file has only where its department is the authority for the field and
its data are not older than what is known of the field already. Children are matched by identifier only; whoever has
none is for :mod:`kunjing_exchange.reconcile`.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import importlib.resources
import os
import pathlib
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO

import duckdb
from pydantic_core import from_json, to_json

from kunjing_exchange import findings, wire
from kunjing_exchange.convert import format_of
from kunjing_exchange.departments import LocalCodes, open_reader
from kunjing_exchange.engine import Engine, open_engine
from kunjing_exchange.errors import InvalidArgument, LossyConversion, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Path, Severity, path_text
from kunjing_exchange.identifiers import check_digit
from kunjing_exchange.model import CaseFile, DepartmentRecord, Element, Header, Member, Record, elements
from kunjing_exchange.wire import (
    KINDS,
    Digester,
    Limits,
    Located,
    Plain,
    Reader,
    Source,
    arrange,
    canonical_json,
    open_output,
    open_source,
    open_writer,
)
from kunjing_exchange.wire.json_schema import accepts

__all__ = [
    "HINTS",
    "OUTCOMES",
    "REASONS",
    "Authority",
    "Change",
    "Conflict",
    "File",
    "Hint",
    "Merge",
    "Merging",
    "Origin",
    "Provenance",
    "Statement",
    "Unmatched",
    "authorities",
    "merge",
    "merge_files",
]

OUTCOMES: Mapping[str, tuple[str, str]] = {
    "replaced": ("已按主管部门数据更新", "replaced by the authority's"),
    "filled": ("空缺，已按主管部门数据填入", "was absent, filled by the authority's"),
    "kept": ("保持档案原值", "the case file's value stays"),
    "older": ("部门数据较旧，保持原值", "the department's data are older, the value stays"),
    "undecided": ("说法不一，无从取舍，未改动", "nothing decides between them, unchanged"),
}
"""What became of a conflict: (zh, en). In the first two, precedence was applied."""

REASONS: Mapping[str, tuple[str, str]] = {
    "unknown": ("没有号码相同的档案", "no case file has its numbers"),
    "ambiguous": ("号码对应多份档案", "its numbers are those of several case files"),
    "contradictory": ("学籍号或残疾人证号相同，身份证件号码不同", "same certificate or student number, other identity"),
    "not_yet": ("数据日期晚于合并日期", "as of a later day than the merge"),
    "void": ("部门标明无效", "the department keeps it as void"),
    "unanswered": ("部门未成功答复", "the inquiry ended in an error"),
    "withdrawn": ("部门已撤回", "the department withdrew it"),
    "invalid": ("不合格式，请先校验该文件", "does not fit the schema: validate its file"),
}
"""Why a department's record was not merged: (zh, en)."""

HINTS: Mapping[str, tuple[str, str]] = {
    "claim": ("部门标识", "a mark that the department puts on the child"),
    "identity_check": ("身份核验结果", "what the police register says of name and number"),
    "roll_change": ("学籍异动", "a change of the school roll"),
    "medical_assistance": ("医疗救助结算", "a settlement of medical costs"),
    "correction": ("部门更正", "a correction"),
    "incomplete": ("不足以新增一项", "an item that lacks what a new one needs"),
}
"""What a department says that changes no fact: (zh, en)."""

_HINTED = ("claim", "roll_change", "medical_assistance", "correction")
_SHOWN = 20
_NOT_SUPPLIED = {"unknown": "not_supplied"}


# --- what comes out --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Origin:
    """Who says something: the department's record and the day its data are as of."""

    department: str
    layout: str
    record_key: str
    as_of: datetime.date


@dataclass(frozen=True, slots=True)
class Statement:
    """A value, and who says so."""

    value: Any
    source: Origin


@dataclass(frozen=True, slots=True)
class Change:
    """One field that was filled or replaced; ``old`` is None where it was absent."""

    path: str
    old: Any
    new: Any
    source: Origin


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field on which a department and the case file, or two departments, differ.

    ``here`` is what the case file had; ``outcome`` is of :data:`OUTCOMES`; ``authority`` the department whose word
    counts for the field, None where nobody's does.
    """

    path: str
    here: Any
    said: tuple[Statement, ...]
    authority: str | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Hint:
    """What a department says that changes no fact; ``kind`` is of :data:`HINTS`."""

    kind: str
    path: str
    value: Any
    source: Origin


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A department's record that was not merged; ``reason`` is of :data:`REASONS`."""

    source: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who a field's present value is from, and when it was merged. Has no value."""

    case_id: str
    path: str
    source: Origin
    merged_on: datetime.date


@dataclass(frozen=True, slots=True)
class Merge:
    """One case file with what departments say. ``record`` is the plain record, in canonical form.

    ``provenance`` is what is known of every field, what was given included: give it to the next merge.
    """

    record: Plain
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    hints: tuple[Hint, ...]
    unmatched: tuple[Unmatched, ...]
    provenance: tuple[Provenance, ...]

    @property
    def case_file(self) -> CaseFile:
        """The record as a model object."""
        return CaseFile.model_validate(self.record)


@dataclass(frozen=True, slots=True)
class File:
    """One department's file: how many records it has, and how many of them were merged."""

    name: str
    records: int
    merged: int


@dataclass(frozen=True, slots=True)
class Merging:
    """What a merge of files did.

    ``counts`` has ``change``, ``conflict``, ``hint`` and ``unmatched``; ``outcomes`` the conflicts by
    outcome. ``listed`` are the first entries of each list as the conflicts file has them.
    """

    case_files: int
    changed: int
    files: tuple[File, ...]
    counts: Mapping[str, int]
    outcomes: Mapping[str, int]
    listed: tuple[Mapping[str, Any], ...]


# --- rules -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Authority:
    """Whose word counts for a field and all below it, of all items or of those that have the values of ``where``."""

    department: str
    basis: str
    field: tuple[str, ...]
    where: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Items:
    """By what two items of a list are one."""

    keys: tuple[tuple[str, ...], ...]
    distinct: tuple[tuple[str, ...], ...] = ()


@functools.cache
def _rules() -> Mapping[str, Any]:
    text = importlib.resources.files("kunjing_exchange").joinpath("merge_rules.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@functools.cache
def authorities() -> tuple[Authority, ...]:
    """Who has authority for what, as ``merge_rules.toml`` says."""
    return tuple(
        Authority(entry["department"], entry["basis"], tuple(name.split(".")), entry.get("where", {}))
        for entry in _rules()["authority"]
        for name in entry["fields"]
    )


@functools.cache
def _of_field(names: tuple[str, ...]) -> tuple[Authority, ...]:
    return tuple(one for one in authorities() if names[: len(one.field)] == one.field)


@functools.cache
def _items_of(name: str) -> _Items:
    rule = _rules()["items"][name]
    return _Items(tuple(map(tuple, rule["keys"])), tuple(map(tuple, rule.get("distinct", ()))))


def _authority(path: Path, records: Iterable[Plain]) -> str | None:
    names = tuple(step for step in path if isinstance(step, str))
    for one in _of_field(names):
        if all(any(record.get(name) == value for record in records) for name, value in one.where.items()):
            return one.department
    return None


# --- who is meant ----------------------------------------------------------------------------------------------------
_RESIDENT = re.compile("[0-9]{17}[0-9X]")


def _known(value: Any) -> bool:
    return value is not None and not isinstance(value, dict)


def _number(child: Plain) -> str | None:
    """The identity document as kind and number; a number that can only be a resident id needs no kind."""
    number, kind = child.get("id_number"), child.get("id_document_type")
    if not isinstance(number, str):
        return None
    return f"id:{kind or ('111' if _RESIDENT.fullmatch(number) else '')}:{number}"


def _holder(number: str) -> Iterator[str]:
    """The resident id of which a certificate or student number is made, where its check digit is right."""
    if _RESIDENT.fullmatch(number) and check_digit(number[:17]) == number[17]:
        yield f"id:111:{number}"


def _keys(data: Plain) -> frozenset[str]:
    """The identifiers by which a case file, or a department's record, says whose it is."""
    found = {f"case:{data['case_id']}"} if "case_id" in data else set()
    if number := _number(data.get("child", {})):
        found.add(number)
    for item in data.get("disability", ()):
        if _known(number := item.get("certificate_no")):
            found |= {f"certificate:{number}", *_holder(number[:18])}
    for item in data.get("schooling", ()):
        if _known(number := item.get("student_no")):
            found |= {f"student:{number}", *(_holder(number[1:]) if number[0] == "G" else ())}
    return frozenset(found)


def _persons(data: Plain) -> frozenset[str]:
    """The departments' own numbers of the child: the record's, or those of the insurance that a case file has."""
    if "record_key" in data:
        return frozenset({f"person:{data['department']}:{data['person_no']}"} if "person_no" in data else ())
    numbers = (item.get("person_no") for item in data.get("insurance", ()))
    return frozenset(f"person:health_insurance:{number}" for number in numbers if number)


def _refusal(data: Plain, on: datetime.date) -> str | None:
    """Why a record says nothing, whoever it is about."""
    if data["as_of"] > on.isoformat():
        return "not_yet"
    if data.get("valid") is False:
        return "void"
    if data.get("answered") is False:
        return "unanswered"
    if any(item["kind"] == "withdrawal" for item in data.get("correction", ())):
        return "withdrawn"
    return None


def _stranger(case: Plain, data: Plain) -> str | None:
    """Why a record is not about the child of a case file, its department's own number of the child aside."""
    shared = _keys(case) & _keys(data)
    if not shared:
        return "unknown"
    here, there = _number(case["child"]), _number(data.get("child", {}))
    told = any(key.startswith("case:") for key in shared)
    if here and there and here != there and here[:7] == there[:7] and not told:
        return "contradictory"
    return None


def _linked(case: Plain, records: Sequence[Plain]) -> list[str | None]:
    """For every record, why it is not about the child; None where it is.

    A record that has nothing but its department's own number of the child is joined by it: to the case file that has
    the number, or to the department's other records of the child.
    """
    reasons = [_stranger(case, data) for data in records]
    persons = _persons(case).union(
        *(_persons(data) for data, reason in zip(records, reasons, strict=True) if reason is None)
    )
    return [
        None if reason == "unknown" and not _keys(data) and _persons(data) & persons else reason
        for data, reason in zip(records, reasons, strict=True)
    ]


# --- one case file ---------------------------------------------------------------------------------------------------
_Said = list[tuple[Plain, Origin]]
"""What departments say of one record."""


def merge(
    case_file: CaseFile | Mapping[str, Any],
    records: Iterable[DepartmentRecord | Mapping[str, Any]],
    *,
    on: datetime.date | None = None,
    provenance: Iterable[Provenance] = (),
) -> Merge:
    """Bring a case file up to what departments say of the child.

    Args:
        case_file: a model object or a plain record.
        records: departments' records, of the child and of others; which are about it is told by identifier: identity
            document, else certificate, student number or number of the case file.
        on: day of the merge; today where it is not given.
        provenance: what earlier merges gave.

    Raises:
        InvalidArgument: the case file or a record does not fit the schema.
    """
    told = [_plain("department_record", record) for record in records]
    case, day = _plain("case_file", case_file), on or datetime.date.today()
    reasons = [_refusal(data, day) or reason for data, reason in zip(told, _linked(case, told), strict=True)]
    return _merge(case, told, reasons, day, provenance)


def _plain(kind: str, record: Record | Mapping[str, Any]) -> Plain:
    data = from_json(record.model_dump_json(exclude_none=True)) if isinstance(record, Record) else dict(record)
    data = arrange(KINDS[kind], data)
    if not accepts(kind, data):
        raise InvalidArgument(
            f"记录不合格式（{KINDS[kind].title()}）；请先校验", f"a {kind} does not fit the schema: validate it first"
        )
    return data


def _merge(
    case: Plain,
    records: Sequence[Plain],
    reasons: Sequence[str | None],
    on: datetime.date,
    provenance: Iterable[Provenance],
) -> Merge:
    """Merge the records for which there is no reason not to."""
    work = _Work(case["case_id"], on, provenance)
    unmatched: list[Unmatched] = []
    said: _Said = []
    for data, reason in zip(records, reasons, strict=True):
        if reason is not None:
            unmatched.append(Unmatched(_origin(data), reason))
        else:
            work.hint(data)
            said.append((_facts(data), _origin(data)))
    record = work.record(CaseFile, case, said, (), fresh=False) if said else case
    return Merge(
        record, tuple(work.changes), tuple(work.conflicts), tuple(work.hints), tuple(unmatched),
        tuple(work.held.values()),
    )  # fmt: skip


def _origin(data: Plain) -> Origin:
    return Origin(data["department"], data["layout"], data["record_key"], datetime.date.fromisoformat(data["as_of"]))


_SHARED = frozenset(element.name for element in elements(CaseFile) if element.record) & frozenset(
    element.name for element in elements(DepartmentRecord)
)
"""What both have. A scalar of the same name is about the department's record itself."""
_MEMBER = frozenset(element.name for element in elements(Member))


def _facts(data: Plain) -> Plain:
    """What a department's record says, in the places of a case file; relatives are members of the household."""
    facts = {name: value for name, value in data.items() if name in _SHARED}
    if relatives := data.get("relative"):
        members = [{name: value for name, value in one.items() if name in _MEMBER} for one in relatives]
        household = facts.get("household", {})
        facts["household"] = household | {"member": [*household.get("member", ()), *members]}
    return facts


@dataclass(slots=True)
class _Slot:
    """One item of a list: what the case file has, and what departments say of it.

    ``view`` is the item by what it will be: the case file's, the authority's newest word above it, the rest below.
    """

    base: Plain | None
    view: Plain
    said: _Said = field(default_factory=list)

    def take(self, item: Plain, source: Origin, authority: str | None) -> None:
        """Take in what a department says. The authority's newest word comes first."""
        if source.department == authority and all(one.department != authority for _, one in self.said):
            self.view = {**self.view, **{name: value for name, value in item.items() if _known(value)}}
        else:
            self.view = {**item, **{name: value for name, value in self.view.items() if _known(value)}}
        self.said.append((item, source))


class _Work:
    """One merge as it goes: what it holds of every field, and what it has to tell."""

    def __init__(self, case_id: str, on: datetime.date, provenance: Iterable[Provenance]) -> None:
        self.changes: list[Change] = []
        self.conflicts: list[Conflict] = []
        self.hints: list[Hint] = []
        self.held = {one.path: one for one in provenance if one.case_id == case_id}
        self._case_id = case_id
        self._on = on

    def hint(self, data: Plain) -> None:
        """List what a record says beside facts."""
        source = _origin(data)
        if value := data.get("identity_check"):
            self.hints.append(Hint("identity_check", "identity_check", value, source))
        for name in _HINTED:
            for place, item in enumerate(data.get(name, ())):
                value = item.get("kind", item.get("settlement_no"))
                self.hints.append(Hint(name, path_text((name, place)), value, source))

    def record(self, record: type[Record], base: Plain, said: _Said, path: Path, *, fresh: bool) -> Plain:
        """A record as it becomes; ``fresh`` where the case file has none yet."""
        made: Plain = {}
        for element in elements(record):
            name, value = element.name, base.get(element.name)
            if any(name in item for item, _ in said):
                here = (*path, name)
                if element.record is None:
                    value = self._field(element, value, base, said, here, fresh=fresh)
                else:
                    below = [(item[name], source) for item, source in said if name in item]
                    value = (
                        self._list(element.record, value or [], below, here, fresh=fresh)
                        if element.repeated
                        else self.record(element.record, value or {}, below, here, fresh=fresh or not value)
                    )
            if value is None and fresh and element.required and element.fact:
                value = next((item[name] for item, _ in said if isinstance(item.get(name), dict)), _NOT_SUPPLIED)
            if value is not None and value not in ([], {}):
                made[name] = value
        return made

    # --- lists ------------------------------------------------------------------------------------------------------
    def _list(
        self,
        record: type[Record],
        base: list[Plain],
        said: list[tuple[list[Plain], Origin]],
        path: Path,
        *,
        fresh: bool,
    ) -> list[Plain]:
        authority = _authority(path, ())
        slots = [_Slot(item, item) for item in base]
        for items, source in sorted(said, key=lambda one: _order(one[1], authority)):
            self._assign(record, items, source, slots, path, authority)
        made: list[Plain] = []
        for slot in slots:
            here = (*path, len(made))
            if slot.base is not None:
                made.append(self.record(record, slot.base, slot.said, here, fresh=False) if slot.said else slot.base)
            elif (item := self._new(record, slot, here)) is not None:
                made.append(item)
        return made

    def _assign(
        self, record: type[Record], items: list[Plain], source: Origin, slots: list[_Slot], path: Path,
        authority: str | None,
    ) -> None:  # fmt: skip
        """Find every item of one record its place: the strongest key first, no two in one place."""
        rule = _items_of(record.table())
        left, taken = list(items), []
        for key in rule.keys:
            for item in tuple(left):
                places = [
                    slot for slot in slots if slot not in taken and _same_item(rule, key, item, slot.view, source)
                ]
                if places:
                    best = max(places, key=lambda slot: _likeness(item, slot.view))
                    best.take(item, source, authority)
                    taken.append(best)
                    left.remove(item)
        for item in left:
            if any(_key(key, item, None) for key in rule.keys):
                slots.append(_Slot(None, {}))
                slots[-1].take(item, source, authority)
                taken.append(slots[-1])
            else:  # it could not be told again the next time
                self.hints.append(Hint("incomplete", path_text(path), None, source))

    def _new(self, record: type[Record], slot: _Slot, path: Path) -> Plain | None:
        """An item that the case file has not, where enough of it is known; else it is a hint and nothing else."""
        changes, conflicts, held = len(self.changes), len(self.conflicts), dict(self.held)
        item = self.record(record, {}, slot.said, path, fresh=True)
        if all(element.name in item for element in elements(record) if element.required):
            return item
        del self.changes[changes:], self.conflicts[conflicts:]
        self.held = held
        self.hints.extend(Hint("incomplete", path_text(path[:-1]), None, source) for _, source in slot.said)
        return None

    # --- fields -----------------------------------------------------------------------------------------------------
    def _field(self, element: Element, base: Any, whole: Plain, said: _Said, path: Path, *, fresh: bool) -> Any:
        """What a field becomes."""
        authority = _authority(path, (whole, *(item for item, _ in said)))
        told = _present(Statement(item.get(element.name), source) for item, source in said)
        if not told:
            return base
        empty = not _known(base)
        word = [one for one in told if one.source.department == authority]
        if not word and empty and (fresh or element.name not in _rules()["closing"]):
            word = told
        same = functools.partial(_same, element)
        held = None if fresh or empty else self.held.get(path_text(path))
        newest = max(word, key=lambda one: one.source.as_of, default=None)
        value, outcome = base, "kept"
        if newest is not None:
            agreed = all(same(one.value, newest.value) for one in word)
            if agreed and (empty or not same(newest.value, base)):
                day = held.source.as_of if held else datetime.date.min
                if newest.source.as_of < day:
                    outcome = "older"
                elif newest.source.as_of == day and held and held.source.department == authority:
                    outcome = "undecided"  # the authority itself has said both of one day
                else:
                    value, outcome = newest.value, "filled" if empty else "replaced"
                    self._change(path, base, newest)
            elif agreed and newest.source.department == authority:
                self._hold(path, newest)
            elif not agreed:
                outcome = "undecided"
        elif held and all(one.source.as_of < held.source.as_of for one in told):
            outcome = "older"
        reference = base if outcome == "replaced" else value
        differing = tuple(one for one in told if not _known(reference) or not same(one.value, reference))
        if differing:
            self.conflicts.append(Conflict(path_text(path), base, differing, authority, outcome))
        return value

    def _change(self, path: Path, old: Any, new: Statement) -> None:
        self.changes.append(Change(path_text(path), old, new.value, new.source))
        self.held[path_text(path)] = Provenance(self._case_id, path_text(path), new.source, self._on)

    def _hold(self, path: Path, said: Statement) -> None:
        """The authority confirms what the case file has: older data of its own can't replace it afterwards."""
        held = self.held.get(path_text(path))
        if held is None or held.source.as_of < said.source.as_of:
            self.held[path_text(path)] = Provenance(self._case_id, path_text(path), said.source, self._on)


def _order(source: Origin, authority: str | None) -> tuple[Any, ...]:
    """The authority first, then the newest; the rest so that the order of files does not matter."""
    return (
        source.department != authority,
        -source.as_of.toordinal(),
        source.department,
        source.layout,
        source.record_key,
    )


def _present(said: Iterable[Statement]) -> list[Statement]:
    """What every department says at last; an unknown says nothing."""
    known = sorted((one for one in said if _known(one.value)), key=lambda one: _order(one.source, None))
    newest: dict[str, datetime.date] = {}
    for one in known:
        newest.setdefault(one.source.department, one.source.as_of)
    return [one for one in known if one.source.as_of == newest[one.source.department]]


def _same(element: Element, one: Any, other: Any) -> bool:
    """Whether two values say the same; 600 yuan are 600.00."""
    if element.lexical is not None and element.lexical.kind == "money":
        return Decimal(one) == Decimal(other)
    return bool(one == other)


def _key(fields: tuple[str, ...], item: Plain, source: Origin | None) -> tuple[str, ...] | None:
    """An item's key, where it has one; ``source`` tells the year of what is only known as of a day."""
    values = []
    for spec in fields:
        name, _, otherwise = spec.partition(":")
        value = item.get(name)
        if not _known(value):
            if otherwise == "absent":
                value = ""
            elif otherwise == "as_of" and source is not None:
                value = str(source.as_of.year)
            else:
                return None
        values.append(str(value))
    return tuple(values)


def _same_item(rule: _Items, key: tuple[str, ...], item: Plain, other: Plain, source: Origin) -> bool:
    found = _key(key, item, source)
    if found is None or found != _key(key, other, None):
        return False
    if _over(item, other) or _over(other, item):
        return False
    return not any(
        all(_known(item.get(name)) and _known(other.get(name)) and item[name] != other[name] for name in names)
        for names in rule.distinct
    )


def _over(item: Plain, later: Plain) -> bool:
    """Whether an item ended before another began."""
    end, start = item.get("end_date"), later.get("start_date")
    return isinstance(end, str) and isinstance(start, str) and end < start


def _likeness(item: Plain, other: Plain) -> tuple[int, bool]:
    """How much two items have in common; of two alike the one that lasts."""
    return sum(other.get(name) == value for name, value in item.items() if _known(value)), "end_date" not in other


# --- files -----------------------------------------------------------------------------------------------------------
def merge_files(
    cases: str | os.PathLike[str] | bytes | BinaryIO,
    files: Sequence[str | os.PathLike[str] | bytes | BinaryIO],
    target: str | os.PathLike[str],
    *,
    on: datetime.date | None = None,
    layouts: Sequence[str | None] = (),
    local: LocalCodes | None = None,
    provenance: str | os.PathLike[str] | None = None,
    conflicts: str | os.PathLike[str] | None = None,
    to: str | None = None,
    force: bool = False,
    limits: Limits | None = None,
    show_values: bool = False,
) -> Merging:
    """Merge departments' files into every case file of a submission.

    Who says what of which field goes to ``TARGET.provenance.jsonl``, without values. All outputs are whole or absent.

    Args:
        cases: the submission, in any wire format.
        files: departments' files.
        target: a path. The header keeps its fields; count and digest are made anew.
        on: day of the merge, and of departments' data that say no day of their own; today where it is not given.
        layouts: the layout of each file, in their order; None or a missing one is told by the content.
        local: the place's own codes (:func:`kunjing_exchange.departments.local_codes`).
        provenance: what an earlier merge wrote; ``CASES.provenance.jsonl`` where that is there.
        conflicts: where every change, conflict, hint and unmatched record is listed, as JSON Lines.
        to: target format; told by the target's suffix where it is not given.
        force: overwrite the outputs.
        limits: our own limits on sizes and depth.
        show_values: list values instead of their shape. They are personal data of children.

    Raises:
        UnreadableInput: a file is broken, or a case file does not fit the schema.
        InvalidArgument: there is no department's file, more layouts than files, a file has no record of a department,
            the submission has no header, or the target is standard output.
        OutputExists, UnknownFormat, MissingExtra
    """
    if not files or len(layouts) > len(files):
        raise InvalidArgument(
            "需要至少一个部门文件，且 layout 不多于文件",
            "wants at least one department's file, and no more layouts than files",
        )
    if os.fspath(target) == "-":
        raise InvalidArgument("合并结果须写入文件（-o），不能写到标准输出", "a merge is written to a file (-o)")
    day = on or datetime.date.today()
    form = to or format_of(target)
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open_output(target, force=force))
        origins = stack.enter_context(open_output(f"{os.fspath(target)}{_SIDE}", force=force))
        listing = stack.enter_context(open_output(conflicts, force=force)) if conflicts is not None else None
        engine = stack.enter_context(open_engine())
        opened = stack.enter_context(open_source(cases, limits=limits))
        told = _Told(listing, show_values)
        with _Index(engine, told) as index:
            for place, file in enumerate(files):
                with open_source(file, limits=limits) as source:
                    layout = layouts[place] if place < len(layouts) else None
                    index.file(source.name, open_reader(source, layout, on=day, local=local), day)
            header = index.cases(opened)
        index.match(provenance or _beside(cases))
        spool = engine.folder / "merged"
        header |= _merge_all(opened, index, spool, origins, day, told)
        writer = open_writer(form, output)
        writer.write("header", arrange(Header, header))
        with spool.open("rb") as lines:
            for line in lines:
                kind, _, body = line.partition(b"\t")
                writer.write(kind.decode(), from_json(body))
        writer.close()
        if writer.losses:
            raise LossyConversion(
                f"{form} 不能完整写出合并结果，未写出",
                f"{form} can't hold all of the merged records; nothing was written",
            )
        return Merging(index.case_files, told.changed, index.files(), told.counts, told.outcomes, tuple(told.listed))


_SIDE = ".provenance.jsonl"


def _beside(cases: Any) -> str | None:
    """What the merge that made the case files has left beside them."""
    path = f"{os.fspath(cases)}{_SIDE}" if isinstance(cases, str | os.PathLike) else ""
    return path if os.path.isfile(path) else None


class _Told:
    """What is listed: counted, written as JSON Lines, the first ones kept."""

    def __init__(self, stream: BinaryIO | None, show_values: bool) -> None:
        self.counts = dict.fromkeys(("change", "conflict", "hint", "unmatched"), 0)
        self.outcomes = dict.fromkeys(OUTCOMES, 0)
        self.listed: list[Mapping[str, Any]] = []
        self.changed = 0
        self._stream = stream
        self._show_values = show_values

    def result(self, case_id: str, result: Merge) -> None:
        """List what the merge of a case file did."""
        self.changed += bool(result.changes)
        for change in result.changes:
            facts = {"path": change.path, "old": self._shown(change.old), "new": self._shown(change.new)}
            self._add("change", {"case_id": findings.record_key(case_id), **facts, **_named(change.source)})
        for conflict in result.conflicts:
            self.outcomes[conflict.outcome] += 1
            said = [{"value": self._shown(one.value), **_named(one.source)} for one in conflict.said]
            facts = {"path": conflict.path, "here": self._shown(conflict.here), "said": said}
            more = {"authority": conflict.authority, "outcome": conflict.outcome}
            self._add("conflict", {"case_id": findings.record_key(case_id), **facts, **more})
        for hint in result.hints:
            facts = {"hint": hint.kind, "path": hint.path, "value": self._shown(hint.value)}
            self._add("hint", {"case_id": findings.record_key(case_id), **facts, **_named(hint.source)})

    def unmatched(self, file: str, one: Unmatched) -> None:
        """List a department's record that was not merged."""
        self._add("unmatched", {"file": file, "reason": one.reason, **_named(one.source)})

    def _add(self, name: str, facts: Mapping[str, Any]) -> None:
        entry = {"list": name, **{key: value for key, value in facts.items() if value is not None}}
        self.counts[name] += 1
        if self.counts[name] <= _SHOWN:
            self.listed.append(entry)
        if self._stream is not None:
            self._stream.write(to_json(entry) + b"\n")

    def _shown(self, value: Any) -> Any:
        if value is None or self._show_values:
            return value
        return f"unknown:{value['unknown']}" if isinstance(value, dict) else findings.mask(str(value))


def _named(source: Origin) -> dict[str, str | None]:
    return {
        "department": source.department,
        "layout": source.layout,
        "record_key": findings.record_key(source.record_key),
        "as_of": source.as_of.isoformat(),
    }


class _Index(contextlib.AbstractContextManager["_Index"]):
    """Departments' records on disk, found by the case file they are about."""

    def __init__(self, engine: Engine, told: _Told) -> None:
        self.case_files = 0
        self._connection = engine.connection
        self._told = told
        self._folder = engine.folder
        self._records = (engine.folder / "records.jsonl").open("wb")
        self._cases = (engine.folder / "cases.jsonl").open("wb")
        self._names: list[str] = []
        self._counts: list[int] = []
        self._merged: list[int] = []
        self._last = 0

    def __exit__(self, *_: object) -> None:
        self._records.close()
        self._cases.close()

    def files(self) -> tuple[File, ...]:
        """What became of each file."""
        return tuple(map(File, self._names, self._counts, self._merged))

    def file(self, name: str, reader: Reader, on: datetime.date) -> None:
        """Take in a department's file. Void records, and those that don't fit the schema, are only listed."""
        self._names.append(name)
        self._counts.append(0)
        self._merged.append(0)
        for located in reader:
            if located.kind == "header":
                continue
            if located.kind != "department_record":
                raise InvalidArgument(
                    f"{name} 不是部门数据文件（含有 {located.kind}）",
                    f"{name} is no department's file: it has a {located.kind}",
                )
            self._counts[-1] += 1
            self._take(name, located, on)
        _refuse_broken(reader, name)

    def _take(self, name: str, located: Located, on: datetime.date) -> None:
        data = located.data or {}
        if not located.clean:
            with contextlib.suppress(
                KeyError, TypeError, ValueError
            ):  # what does not say whose it is has its count only
                self._told.unmatched(name, Unmatched(_origin(data), "invalid"))
            return
        if reason := _refusal(data, on):
            self._told.unmatched(name, Unmatched(_origin(data), reason))
            return
        self._last += 1
        self._records.write(
            canonical_json(
                {
                    "record_no": self._last,
                    "file_no": len(self._names) - 1,
                    "keys": sorted(_keys(data)),
                    "person": next(iter(_persons(data)), None),
                    "data": data,
                }
            )
            + b"\n"
        )

    def cases(self, source: Source) -> Plain:
        """Take in the identifiers of the case files; gives the header."""
        header: Plain | None = None
        reader = wire.open_reader(source)
        for located in _sound(reader, source.name):
            if located.kind == "header":
                header = located.data
            elif located.kind == "case_file":
                case: Plain = located.data or {}
                self.case_files += 1
                keys = sorted(_keys(case) | _persons(case))
                line = {"case_no": self.case_files, "case_id": case["case_id"], "keys": keys}
                self._cases.write(canonical_json(line) + b"\n")
        if header is None or not self.case_files:
            raise InvalidArgument(
                f"{source.name} 不是含有报送头和档案的报送文件",
                f"{source.name} is no submission with a header and case files",
            )
        return header

    def match(self, provenance: str | os.PathLike[str] | None) -> None:
        """Find the case file of every record; list those that have none, or several."""
        run = self._connection.execute
        run(_READ.format("record", self._folder / "records.jsonl", _RECORD))
        run(_READ.format("case_file", self._folder / "cases.jsonl", _CASE))
        run(_HIT)
        run(_JOINED)
        run(_MATCHED)
        self._held(provenance)
        cursor = self._connection.cursor().execute(_UNMATCHED)
        while rows := cursor.fetchmany(1000):
            for file_no, data, reason in rows:
                self._told.unmatched(self._names[file_no], Unmatched(_origin(from_json(data)), reason))
        self._found = _by_case(self._connection.cursor().execute(_FOUND))
        self._known = _by_case(self._connection.cursor().execute(_KNOWN))

    def _held(self, provenance: str | os.PathLike[str] | None) -> None:
        if provenance is None:
            self._connection.execute(f"create table held ({_HELD_COLUMNS})")
            return
        name = os.fspath(provenance)
        columns = ", ".join(f"'{part.split()[0]}': '{part.split()[1]}'" for part in _HELD_COLUMNS.split(", "))
        try:
            quoted = name.replace("'", "''")
            self._connection.execute(_READ.format("held", quoted, columns))
        except duckdb.Error:
            raise UnreadableInput(
                f"读不出来源记录：{name}（须是以前合并写出的 .provenance.jsonl）",
                f"can't read the provenance {name}: it has to be what an earlier merge wrote",
                finding_id="KJ-SYS-001",
            ) from None

    def merge(self, case_no: int, case: Plain, on: datetime.date) -> Merge:
        """The merge of the next case file; they come in their order."""
        held = [
            Provenance(case["case_id"], path, Origin(*source), merged_on)
            for path, *source, merged_on in self._known(case_no)
        ]
        numbers, texts = [], []
        for file_no, text in self._found(case_no):
            numbers.append(file_no)
            texts.append(from_json(text))
        reasons = _linked(case, texts)
        result = _merge(case, texts, reasons, on, held)
        refused = iter(result.unmatched)
        for file_no, reason in zip(numbers, reasons, strict=True):
            if reason is None:
                self._merged[file_no] += 1
            else:
                self._told.unmatched(self._names[file_no], next(refused))
        return result


_READ = "create table {0} as select * from read_json('{1}', format='newline_delimited', columns={{{2}}})"
_RECORD = "'record_no': 'BIGINT', 'file_no': 'INTEGER', 'keys': 'VARCHAR[]', 'person': 'VARCHAR', 'data': 'JSON'"
_CASE = "'case_no': 'BIGINT', 'case_id': 'VARCHAR', 'keys': 'VARCHAR[]'"
_HELD_COLUMNS = (
    "case_id VARCHAR, path VARCHAR, department VARCHAR, layout VARCHAR, record_key VARCHAR, as_of DATE, merged_on DATE"
)
_HIT = """
create table hit as
select distinct case_no, record_no
from (select case_no, unnest(keys) as key from case_file)
join (select record_no, unnest(case when len(keys) = 0 then [person] else keys end) as key from record) using (key)
"""
# What has nothing but its department's own number of the child is about whom that department's other records are.
_JOINED = """
insert into hit
select distinct hit.case_no, record.record_no
from record join record as other using (person) join hit on hit.record_no = other.record_no
where len(record.keys) = 0 and record.record_no not in (select record_no from hit)
"""
_MATCHED = "create table matched as select * from hit qualify count(*) over (partition by record_no) = 1"
_UNMATCHED = """
select file_no, data, case when record_no in (select record_no from hit) then 'ambiguous' else 'unknown' end
from record where record_no not in (select record_no from matched) order by record_no
"""
_FOUND = "select case_no, file_no, data from matched join record using (record_no) order by case_no, record_no"
_KNOWN = """
select case_no, path, department, layout, record_key, as_of, merged_on
from case_file join held using (case_id) order by case_no, path
"""


def _by_case(cursor: duckdb.DuckDBPyConnection) -> Callable[[int], list[tuple[Any, ...]]]:
    """What gives the rows of a case file; asked in the order of the rows."""

    def rows() -> Iterator[tuple[Any, ...]]:
        while batch := cursor.fetchmany(500):
            yield from batch

    remaining = rows()
    ahead = next(remaining, None)

    def take(case_no: int) -> list[tuple[Any, ...]]:
        nonlocal ahead
        found = []
        while ahead is not None and ahead[0] == case_no:
            found.append(ahead[1:])
            ahead = next(remaining, None)
        return found

    return take


def _merge_all(
    source: Source, index: _Index, spool: pathlib.Path, origins: BinaryIO, on: datetime.date, told: _Told
) -> Plain:
    """Merge case file by case file into the spool; gives what the header says of them."""
    digester = Digester()
    case_no = 0
    with spool.open("wb") as lines:
        for located in _sound(wire.open_reader(source), source.name):
            data: Plain = located.data or {}
            if located.kind == "header":
                continue
            if located.kind == "case_file":
                case_no += 1
                result = index.merge(case_no, data, on)
                data = result.record
                told.result(data["case_id"], result)
                for one in result.provenance:
                    facts = {**dataclasses.asdict(one.source), "merged_on": one.merged_on}
                    origins.write(to_json({"case_id": one.case_id, "path": one.path, **facts}) + b"\n")
            line = canonical_json(arrange(KINDS[located.kind], data))
            digester.add(located.kind, line)
            lines.write(located.kind.encode() + b"\t" + line + b"\n")
    return {"record_count": digester.count, "digest": digester.digest()}


def _sound(reader: Reader, name: str) -> Iterator[Located]:
    """The records of a submission, all of which have to fit the schema."""
    for located in reader:
        if not located.clean:
            place_zh = f"{name} 第 {located.number} 条记录"
            line = located.place.line
            raise UnreadableInput(
                f"{place_zh}{f'（第 {line} 行）' if line else ''}不合格式；请先运行 kunjing validate",
                f"record {located.number} of {name}{f' (line {line})' if line else ''} does not fit the schema;"
                " run kunjing validate first",
                number=located.number,
                line=line,
            )
        yield located
    _refuse_broken(reader, name)


def _refuse_broken(reader: Reader, name: str) -> None:
    for problem in reader.problems:
        entry = BUILT_IN[problem.id]
        if entry.severity is Severity.ERROR and entry.effect == "submission":
            raise UnreadableInput(
                f"{name}：{entry.title_zh}（{problem.id}），未合并",
                f"{name}: {entry.title_en} ({problem.id}); nothing was merged",
                finding_id=problem.id,
                line=problem.line,
            )
