"""One case file with what departments say of the child: field by field, item by item."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pydantic_core import from_json

from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.findings import Path, path_text
from kunjing_exchange.merge.identity import linked, refusal
from kunjing_exchange.merge.result import Change, Conflict, Hint, Merge, Origin, Provenance, Statement, Unmatched
from kunjing_exchange.merge.rules import authority_of, closing, item_key, items_of, known, likeness, same_item
from kunjing_exchange.model import CaseFile, DepartmentRecord, Element, Member, Record, elements
from kunjing_exchange.wire import KINDS, Plain, arrange
from kunjing_exchange.wire.json_schema import accepts

__all__ = ["merge", "merge_plain", "origin"]

_NOT_SUPPLIED = {"unknown": "not_supplied"}
_LOOKS = 8
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
    reasons = [refusal(data, day) or reason for data, reason in zip(told, linked(case, told), strict=True)]
    return merge_plain(case, told, reasons, day, provenance)


def _plain(kind: str, record: Record | Mapping[str, Any]) -> Plain:
    data = from_json(record.model_dump_json(exclude_none=True)) if isinstance(record, Record) else dict(record)
    data = arrange(KINDS[kind], data)
    if not accepts(kind, data):
        raise InvalidArgument(
            f"记录不合格式（{KINDS[kind].title()}）；请先校验", f"a {kind} does not fit the schema: validate it first"
        )
    return data


def merge_plain(
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
            unmatched.append(Unmatched(origin(data), reason))
        else:
            work.hint(data)
            said.append((_facts(data), origin(data)))
    record = work.settled(case, said) if said else case
    return Merge(
        record, tuple(work.changes), tuple(work.conflicts), tuple(work.hints), tuple(unmatched),
        tuple(work.held.values()),
    )  # fmt: skip


def origin(data: Plain) -> Origin:
    return Origin(data["department"], data["layout"], data["record_key"], datetime.date.fromisoformat(data["as_of"]))


_SHARED = frozenset(element.name for element in elements(CaseFile) if element.record) & frozenset(
    element.name for element in elements(DepartmentRecord)
)
"""What both have. A scalar of the same name is about the department's record itself."""
_HOMELESS = tuple(
    element
    for element in elements(DepartmentRecord)
    if element.record is not None and element.name not in _SHARED and element.name != "relative"
)
"""What has no place in a case file."""
_TELLING = ("kind", "category", "settlement_no")
"""The field by which a hint says what it is about."""
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
            self.view = {**self.view, **{name: value for name, value in item.items() if known(value)}}
        else:
            self.view = {**item, **{name: value for name, value in self.view.items() if known(value)}}
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
        source = origin(data)
        if value := data.get("identity_check"):
            self.hints.append(Hint("identity_check", "identity_check", value, source))
        for element in _HOMELESS:
            items = data.get(element.name, [])
            for place, item in enumerate(items if element.repeated else [items]):
                if item:
                    value = next((item[name] for name in _TELLING if name in item), None)
                    path = (element.name, place) if element.repeated else (element.name,)
                    self.hints.append(Hint(element.name, path_text(path), value, source))

    def settled(self, case: Plain, said: _Said) -> Plain:
        """The case file as it becomes, so that merging the same once more changes nothing.

        What fills one item may show that a statement is about it and not about another; that takes a second look.
        """
        record = self.record(CaseFile, case, said, (), fresh=False)
        for _ in range(_LOOKS):
            again = _Work(self._case_id, self._on, self.held.values())
            record, before = again.record(CaseFile, record, said, (), fresh=False), record
            if record == before and again.held == self.held:
                break
            told = {conflict.path for conflict in self.conflicts}
            self.changes += again.changes
            self.conflicts += [conflict for conflict in again.conflicts if conflict.path not in told]
            self.held = again.held
        return record

    def record(self, record: type[Record], base: Plain, said: _Said, path: Path, *, fresh: bool) -> Plain:
        """A record as it becomes; ``fresh`` where the case file has none yet."""
        made: Plain = {}
        told = {name for item, _ in said for name in item}
        for element in elements(record):
            name, value = element.name, base.get(element.name)
            if name in told:
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
        authority = authority_of(path, ())
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
        rule = items_of(record.table())
        left, taken = list(items), []
        for key in rule.keys:
            for item in tuple(left):
                places = [slot for slot in slots if slot not in taken and same_item(rule, key, item, slot.view, source)]
                if places:
                    best = max(places, key=lambda slot: likeness(item, slot.view))
                    best.take(item, source, authority)
                    taken.append(best)
                    left.remove(item)
        for item in left:
            if any(item_key(key, item, None) for key in rule.keys):
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
        authority = authority_of(path, (whole, *(item for item, _ in said)))
        told = _present(Statement(item.get(element.name), source) for item, source in said)
        if not told:
            return base
        empty = not known(base)
        word = [one for one in told if one.source.department == authority]
        if not word and empty and (fresh or element.name not in closing()):
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
            elif agreed:  # what the case file has is only ever held against the authority's word
                self._hold(path, newest)
            else:
                outcome = "undecided"
        elif held and all(one.source.as_of < held.source.as_of for one in told):
            outcome = "older"
        reference = base if outcome == "replaced" else value
        differing = tuple(one for one in told if not known(reference) or not same(one.value, reference))
        if differing:
            self.conflicts.append(Conflict(path_text(path), base, differing, authority, outcome))
        return value

    def _change(self, path: Path, old: Any, new: Statement) -> None:
        self.changes.append(Change(path_text(path), old, new.value, new.source))
        self.held[path_text(path)] = Provenance(self._case_id, path_text(path), new.source, self._on)

    def _hold(self, path: Path, said: Statement) -> None:
        """The authority confirms what the case file has: older data of its own can't replace it afterwards."""
        held = self.held.get(path_text(path))
        if held is None or (held.source.as_of, held.source.department == said.source.department) < (
            said.source.as_of,
            True,
        ):
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
    told = sorted((one for one in said if known(one.value)), key=lambda one: _order(one.source, None))
    newest: dict[str, datetime.date] = {}
    for one in told:
        newest.setdefault(one.source.department, one.source.as_of)
    return [one for one in told if one.source.as_of == newest[one.source.department]]


def _same(element: Element, one: Any, other: Any) -> bool:
    """Whether two values say the same; 600 yuan are 600.00."""
    if element.lexical is not None and element.lexical.kind == "money":
        return Decimal(one) == Decimal(other)
    return bool(one == other)
