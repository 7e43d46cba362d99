"""What all wire formats share: a plain record with its place, limits, canonical order, digest.

A *plain record* is what JSON says: ``dict`` with fields in the model's names, text for every scalar but integers and
booleans, lists of dicts for what repeats, ``{"unknown": reason}`` for a fact that is unknown. Formats turn bytes into
plain records and back; nothing else does.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from pydantic_core import from_json, to_json

from kunjing_exchange.findings import Path, Problem
from kunjing_exchange.model import TOP_RECORDS, Header, Record, Row, elements

__all__ = [
    "KINDS",
    "OWN_KEYS",
    "Digester",
    "Limits",
    "Located",
    "Part",
    "PartReader",
    "Place",
    "Plain",
    "Reader",
    "Writer",
    "arrange",
    "canonical_body",
    "canonical_json",
    "key_of",
    "read_json",
]

Plain = dict[str, Any]

KINDS: Mapping[str, type[Record]] = {"header": Header, **TOP_RECORDS}
"""What a submission is made of: the header, then records, by name."""

OWN_KEYS = {
    "department_record": "record_key",  # first: it may name the case it is about
    "case_file": "case_id",
    "organisation": "credit_code",
    "worker": "worker_id",
    "service_site": "site_id",
}
"""The field that is a record's own key, by kind."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Our own limits, named as in the finding KJ-SYS-004. Sizes in bytes, texts in characters."""

    record_bytes: int = 4 * 1024 * 1024
    depth: int = 32
    text_length: int = 100_000
    prolog_bytes: int = 64 * 1024
    outside_bytes: int = 1024 * 1024
    archive_bytes: int = 4 * 1024**3
    archive_ratio: int = 200
    problems_per_record: int = 200


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record is: first line (from 1), position in its JSON array (from 0), byte range, or spreadsheet rows.

    ``rows`` gives the sheet's row numbers (from 1) in item order for each list of the record, by its path: ``benefit``,
    ``benefit[2]/payment``, ``household/member``; the record's own row by its kind.
    """

    line: int | None = None
    index: int | None = None
    offset: int | None = None
    length: int | None = None
    rows: Mapping[str, Sequence[int]] | None = None


@dataclass(slots=True)
class Located:
    """One plain record with its place and what reading and schema found wrong with it.

    ``number`` counts records from 1; the header is 0 with kind ``header``. ``clean`` says that the schema accepted it:
    then ``data`` has the model's shape. ``raw`` is a clean record's JSON as it was written, where that is canonical but
    for the order of its fields, which nobody looked at; ``rows`` are its rows, where reading gave them.
    ``data`` is ``None`` where the record could not be read at all. ``fits`` says that ``data`` has the model's shape
    whatever the problems are: those of a department's record by its own layout.
    """

    number: int
    kind: str
    data: Plain | None
    place: Place
    problems: list[Problem] = field(default_factory=list)
    raw: bytes | None = None
    rows: Sequence[Row] | None = None
    fits: bool = False

    @property
    def clean(self) -> bool:
        """Whether the schema accepted the record (notices aside)."""
        return self.data is not None and not any(problem.id not in _NOTICES for problem in self.problems)


_NOTICES = frozenset({"KJ-SYS-007", "KJ-SYS-047", "KJ-DEPT-001", "KJ-DEPT-005"})


class Reader(Protocol):
    """Bytes → located plain records, one at a time, the header first.

    ``problems`` are those of the document as a whole; they are complete once the iteration has ended. ``ordered`` says
    that clean records come in canonical form, because the format fixes the order of fields.
    """

    ordered: bool
    problems: list[Problem]

    def __iter__(self) -> Iterator[Located]: ...

    def locate(self, place: Place, path: Path) -> tuple[int | None, str | None]:
        """(line, cell) of a path in a record, read again from its place; the nearest parent's where it is absent."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A range of a file's bytes, from behind one record to behind another; ``end`` ``None`` is the file's end."""

    start: int = 0
    end: int | None = None


@runtime_checkable
class PartReader(Reader, Protocol):
    """A reader that can read a part of its file as it would within the whole.

    Where records end is guessed (:meth:`cut`) and proved afterwards: reading a part goes on to the end of the record
    in which the part ends, so that where it stopped the next one has to start. Numbers and lines count from the part's
    start. Known once the iteration has ended: where it ``stopped``, how many ``lines`` were passed, and whether it was
    ``orderly``, so that nothing was met that only the whole file can judge.
    """

    stopped: int
    lines: int
    orderly: bool

    def cut(self, wanted: int) -> int:
        """Where a record seems to end, from a byte on; the file's end where none does."""
        ...

    def read(self, part: Part) -> Iterator[Located]: ...


class Writer(Protocol):
    """Plain records → bytes. The header is written first, records of one kind together or mixed.

    ``canonical`` says that a record is in canonical form already (see :func:`arrange`), and need not be looked at.
    ``losses`` names what could not be expressed.
    """

    losses: list[Problem]

    def write(self, kind: str, data: Plain, *, canonical: bool = False) -> None: ...

    def close(self) -> None: ...


_Plan = dict[str, tuple[type[Record] | None, bool]]
"""A record's fields in the model's order: the record of each where it is one, and whether it repeats."""


@functools.cache
def _plan(record: type[Record]) -> _Plan:
    return {element.name: (element.record, element.repeated) for element in elements(record)}


@functools.lru_cache(maxsize=4096)
def _records_of(record: type[Record], names: tuple[str, ...]) -> list[tuple[str, type[Record], bool]] | None:
    """Those of a record's fields that are records themselves, and whether they repeat; None out of order.

    Files have few shapes of records, whatever their number.
    """
    plan = _plan(record)
    known = set(names)
    if [name for name in plan if name in known] != list(names):
        return None
    return [(name, nested, repeated) for name in names for nested, repeated in [plan[name]] if nested is not None]


def _in_order(record: type[Record], data: Plain) -> bool:
    """Whether a record is in canonical form already. Most are: they were written by a program."""
    below = _records_of(record, tuple(data))
    if below is None or None in data.values():
        return False
    for name, nested, repeated in below:
        value = data[name]
        if repeated:
            if type(value) is not list or not value:
                return False
            for item in value:
                if type(item) is not dict or not _in_order(nested, item):
                    return False
        elif type(value) is not dict or not _in_order(nested, value):
            return False
    return True


def arrange(record: type[Record], data: Plain, unknown: list[Path] | None = None) -> Plain:
    """The record in canonical form: fields in the model's order, no ``None``, no empty list.

    What the model has no place for is left out, and its path appended to ``unknown``. A record that is in canonical
    form already is returned as it is.
    """
    return data if _in_order(record, data) else _arranged(record, data, [] if unknown is None else unknown, ())


def _arranged(record: type[Record], data: Plain, unknown: list[Path], path: Path) -> Plain:
    plan = _plan(record)
    unknown.extend((*path, name) for name in data if name not in plan)
    ordered: Plain = {}
    for name, (nested, repeated) in plan.items():
        value, here = data.get(name), (*path, name)
        if value is None or value == []:
            continue
        if nested is None:
            ordered[name] = value
        elif repeated and isinstance(value, list):
            unknown.extend((*here, place) for place, item in enumerate(value) if not isinstance(item, dict))
            ordered[name] = [
                _arranged(nested, item, unknown, (*here, place))
                for place, item in enumerate(value)
                if isinstance(item, dict)
            ]
        elif not repeated and isinstance(value, dict):
            ordered[name] = _arranged(nested, value, unknown, here)
        else:
            unknown.append(here)
    return ordered


read_json: Callable[[bytes], Any] = from_json
_to_json: Callable[[Any], bytes] = to_json
with contextlib.suppress(ImportError):  # the extra `fast`: twice as quick, and the same in all that a record may hold
    import orjson

    read_json, _to_json = orjson.loads, orjson.dumps


def canonical_json(data: Plain) -> bytes:
    """The canonical JSON of an arranged record: UTF-8, no white space, nothing escaped that need not be."""
    try:
        return _to_json(data)
    except TypeError:  # a whole number beyond 64 bits
        return to_json(data)


def canonical_body(located: Located, *, ordered: bool, as_written: bool = False) -> bytes:
    """The canonical JSON of a record that has data.

    ``ordered`` is the reader's; ``as_written`` takes a record's own spelling where only its order is in doubt.
    """
    data = located.data or {}
    if as_written and located.raw is not None:
        return located.raw
    return canonical_json(data if ordered and located.clean else arrange(KINDS[located.kind], data))


class Digester:
    """The digest of a submission's records, the same in every format.

    For each kind of record, SHA-256 over its canonical JSON Lines in document order; then SHA-256 over the lines
    ``kind:hex`` of the kinds that occur, in canonical order of kinds. Kinds may therefore be mixed or grouped.
    """

    def __init__(self) -> None:
        self._hashes: dict[str, Any] = {}
        self.count = 0

    def add(self, kind: str, line: bytes) -> None:
        """Take in one record (not the header) as canonical JSON."""
        known = self._of(kind)
        known.update(line)
        known.update(b"\n")
        self.count += 1

    def add_lines(self, kind: str, lines: bytes) -> None:
        """Take in records of a kind as canonical JSON Lines, uncounted."""
        self._of(kind).update(lines)

    def _of(self, kind: str) -> Any:
        known = self._hashes.get(kind)
        if known is None:
            known = self._hashes[kind] = hashlib.sha256()
        return known

    def digest(self) -> str:
        """``sha256:`` and 64 hexadecimal digits."""
        lines = (f"{kind}:{self._hashes[kind].hexdigest()}\n" for kind in KINDS if kind in self._hashes)
        return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def key_of(kind: str, data: Plain | None) -> str | None:
    """The record's own key (case id, credit code, …), where it has one that is text."""
    value = data.get(OWN_KEYS[kind]) if data is not None and kind in OWN_KEYS else None
    return value if isinstance(value, str) else None
