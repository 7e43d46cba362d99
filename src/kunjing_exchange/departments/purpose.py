"""What may be sent to whom: views of the layouts, each for one purpose, and the record of every disclosure.

``purposes.toml`` is the table, and a person can read it: to whom, why, on which legal basis, which elements of which
layout, how precisely. :class:`PurposeWriter` writes exactly that; an element that the purpose does not name is not
even looked up, whether the layout requires it or not.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import hmac
import pathlib
import re
import tomllib
from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from kunjing_exchange import __version__, model
from kunjing_exchange.departments.checking import refused
from kunjing_exchange.departments.layout import Element, Home, Layout, layout
from kunjing_exchange.departments.mapping import Mapping
from kunjing_exchange.departments.transform import TRANSFORMS
from kunjing_exchange.departments.writing import DepartmentWriter
from kunjing_exchange.errors import InvalidArgument, MissingExtra, UnknownFormat
from kunjing_exchange.wire import Plain

__all__ = ["PRECISIONS", "Basis", "Purpose", "PurposeWriter", "pseudonym", "purpose", "purposes", "version"]

PRECISIONS: abc.Mapping[str, tuple[str, str]] = {
    "full": ("原样", "as it is"),
    "month": ("只到月", "to the month"),
    "year": ("只到年", "to the year"),
    "county": ("只到县区", "to the county"),
    "township": ("只到乡镇", "to the township"),
    "pseudonym": ("假名", "pseudonym"),
    "present": ("只说有无", "only whether there is one"),
}
"""How precisely a value leaves, in Chinese and English."""

_CUTS = {"month": 7, "year": 4, "county": 6, "township": 9}
_DATED = ("date", "datetime", "month")
_PLACES = {"county": ("division", "township", "village"), "township": ("township", "village")}
_NUMBERS = ("CaseId", "IdNumber", "SourceKey")
"""Identifiers that no code list of identifiers knows by a rule of its own."""
_LEAST_KEY = 16
_LOSSES = 1000
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause that allows the disclosure. ``certainty``: ``verified``, or ``memory`` where its text was not read."""

    clause: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: which elements of a layout may go to whom, and why.

    ``fields`` gives the precision of each element that may go, in the layout's order; ``view`` is the layout with those
    elements alone. ``only`` is a canonical path that has to be there, such as ``benefit[kind=orphan_allowance]``: other
    children are passed over, and of the list only what it chooses is looked at. Where ``in_force`` is set, what has
    ended by the day and closed files are passed over as well. ``restricted`` says for each restricted fact why it is
    needed, in Chinese and English.
    """

    name: str
    title_zh: str
    title_en: str
    layout: Layout
    view: Layout
    recipient_zh: str
    recipient_en: str
    why_zh: str
    why_en: str
    basis: tuple[Basis, ...]
    only: str
    in_force: bool
    fields: abc.Mapping[str, str]
    restricted: abc.Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, name: str, facts: abc.Mapping[str, Any]) -> Purpose:
        """The purpose that a table of ``purposes.toml`` describes.

        Raises:
            ValueError: it names an element that the layout has not or never writes, a precision that does not fit the
                element, a restricted fact without a reason, or no basis.
            UnknownFormat: there is no such layout.
        """
        of = layout(facts["layout"])
        fields: abc.Mapping[str, str] = facts["fields"]
        restricted = {key: (value["zh"], value["en"]) for key, value in facts.get("restricted", {}).items()}
        for element, precision in fields.items():
            fault = _fault(of, element, precision, element in restricted)
            if fault:
                raise ValueError(f"{name}: {element}: {fault}")
        basis = tuple(Basis(one["clause"], one.get("certainty", "verified")) for one in facts["basis"])
        if not basis or not fields or not restricted.keys() <= fields.keys():
            raise ValueError(f"{name}: a basis and fields are needed, and reasons only for fields it names")
        _path(facts.get("only", ""))
        kept = tuple(_coarse(one, fields[one.name]) for one in of.elements if one.name in fields)
        view = replace(of, elements=kept, by_name={one.name: one for one in kept})
        return cls(
            name=name, title_zh=facts["title_zh"], title_en=facts["title_en"], layout=of, view=view,
            recipient_zh=facts["recipient_zh"], recipient_en=facts["recipient_en"], why_zh=facts["why_zh"],
            why_en=facts["why_en"], basis=basis, only=facts.get("only", ""), in_force=facts.get("in_force", True),
            fields={one.name: fields[one.name] for one in kept}, restricted=restricted,
        )  # fmt: skip

    @property
    def keyed(self) -> bool:
        """Whether pseudonyms go, which needs a key."""
        return "pseudonym" in self.fields.values()

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "purpose": self.name,
            "title": {"zh": self.title_zh, "en": self.title_en},
            "recipient": {"zh": self.recipient_zh, "en": self.recipient_en},
            "why": {"zh": self.why_zh, "en": self.why_en},
            "basis": [{"clause": one.clause, "certainty": one.certainty} for one in self.basis],
            "layout": self.layout.name,
            "only": self.only or None,
            "in_force": self.in_force,
            "fields": [
                {"element": one.name, "title": one.title, "precision": self.fields[one.name]}
                for one in self.view.elements
            ],
            "restricted": [{"element": name, "zh": zh, "en": en} for name, (zh, en) in self.restricted.items()],
        }


def _coarse(element: Element, precision: str) -> Element:
    """A value that is not as it was has neither the layout's type nor its length or codes."""
    return element if precision == "full" else replace(element, type="string", length=None, codes="")


def _written(element: Element) -> list[Home]:
    return [home for home in element.homes if home.direction in ("both", "out")]


def _chain(home: Home) -> Iterator[model.Element]:
    """The canonical fields that lead to a home."""
    record: type[model.Record] = model.DepartmentRecord
    for step in home.steps:
        found = next(one for one in model.elements(record) if one.name == step.name)
        yield found
        record = found.record or record


def _fault(of: Layout, name: str, precision: str, reasoned: bool) -> str:
    """What is wrong with an element of a purpose; empty where nothing is."""
    element = of.by_name.get(name)
    if element is None:
        return f"{of.name} has no such element"
    homes = _written(element)
    if not homes:
        return f"{of.name} never writes it"
    if any(one.restricted for home in homes for one in _chain(home)) != reasoned:
        return "a restricted fact needs a reason, and only a restricted fact has one"
    if not all(_fits(home, precision) for home in homes) or len({home.transform for home in homes}) > 1:
        return f"precision {precision} does not fit"
    return ""


def _fits(home: Home, precision: str) -> bool:
    lexical = list(_chain(home))[-1].lexical
    if lexical is None or precision not in PRECISIONS:
        return False
    if precision == "full":
        return True
    if precision == "present":
        return lexical.kind != "boolean"  # that a flag was set says nothing
    if home.map:
        return False
    if precision in ("month", "year"):
        return lexical.kind in _DATED
    if precision == "pseudonym":
        return lexical.identifier is not None or lexical.name in _NUMBERS
    return lexical.code_list in _PLACES[precision]


# --- the table -------------------------------------------------------------------------------------------------------
@functools.cache
def _table() -> abc.Mapping[str, Any]:
    with (pathlib.Path(__file__).parent / "purposes.toml").open("rb") as stream:
        return tomllib.load(stream)


def version() -> str:
    """The version of the table of purposes."""
    return str(_table()["version"])


@functools.cache
def purposes() -> abc.Mapping[str, Purpose]:
    """Every purpose by its name, such as ``education:aid-list``."""
    return {name: Purpose.of(name, facts) for name, facts in _table()["purpose"].items()}


def purpose(name: str) -> Purpose:
    """A purpose by its name.

    Raises:
        UnknownFormat: there is none of that name.
    """
    try:
        return purposes()[name]
    except KeyError:
        known = purposes()
        raise UnknownFormat(
            f"没有名为 {name} 的用途；可用：{'、'.join(known)}", f"no purpose {name}; one of {', '.join(known)}"
        ) from None


# --- what a purpose is about -----------------------------------------------------------------------------------------
_STEP = re.compile(r"([a-z_0-9]+)(?:\[(?:([a-z_0-9]+)=([^\]]+))?\])?")
_Test = tuple[str, tuple[str, ...]] | None
_Only = tuple[tuple[str, _Test], ...]


@functools.cache
def _path(only: str) -> _Only:
    """``benefit[kind=a|b].payment[]`` → ``(("benefit", ("kind", ("a", "b"))), ("payment", None))``."""
    steps: list[tuple[str, _Test]] = []
    for text in only.split(".") if only else ():
        match = _STEP.fullmatch(text)
        if match is None:
            raise ValueError(f"not a canonical path: {only}")
        name, key, values = match.groups()
        steps.append((name, (key, tuple(values.split("|"))) if key else None))
    return tuple(steps)


def _chosen(data: Plain, only: _Only) -> Plain | None:
    """The record with what the path chooses of its lists; none where there is nothing of it."""
    if not only:
        return data
    (name, test), rest = only[0], only[1:]
    value = data.get(name)
    if isinstance(value, str | int):
        return None if rest else data
    items = value if isinstance(value, list) else [value] if value and "unknown" not in value else []
    matching = (item for item in items if test is None or item.get(test[0]) in test[1])
    parts = [part for item in matching if (part := _chosen(item, rest)) is not None]
    return (data | {name: parts if isinstance(value, list) else parts[0]}) if parts else None


def _current(data: Plain, day: str) -> Plain:
    """The record without what has ended by the day, or not begun."""
    kept: Plain = {}
    for name, value in data.items():
        if isinstance(value, list):
            kept[name] = [_current(item, day) for item in value if _in_force(item, day)]
        else:
            kept[name] = _current(value, day) if isinstance(value, dict) else value
    return kept


def _in_force(item: Plain, day: str) -> bool:
    start, end, year = item.get("start_date"), item.get("end_date"), item.get("year")
    return (
        not (isinstance(start, str) and start > day)
        and not (isinstance(end, str) and end < day)
        and not (isinstance(year, str) and year != day[:4])
    )


# --- how precisely ---------------------------------------------------------------------------------------------------
def pseudonym(key: bytes, context: str, text: str) -> str:
    """The pseudonym of an identifier: HMAC with SM3 (GB/T 32905) over ``context``, a zero byte and the text.

    The context is the purpose's name, so that what two recipients hold can't be joined.

    Raises:
        MissingExtra: neither OpenSSL nor the extra ``crypto`` has SM3.
    """
    message = f"{context}\0{text.upper()}".encode()
    try:
        return hmac.new(key, message, "sm3").hexdigest()
    except ValueError:
        pass
    try:
        from cryptography.hazmat.primitives.hashes import SM3
        from cryptography.hazmat.primitives.hmac import HMAC
    except ImportError:
        raise MissingExtra("crypto", "计算 SM3 假名", "making pseudonyms with SM3") from None
    digest = HMAC(key, SM3())
    digest.update(message)
    return digest.finalize().hex()


_Treat = Callable[[str | None], str | None]


def _treatment(of: Purpose, element: Element, key: bytes) -> _Treat:
    """What makes of an element's text what may go."""
    precision = of.fields[element.name]
    if precision == "full":
        return lambda text: text
    if precision == "present":
        return lambda text: "是" if text else "否"
    if precision == "pseudonym":
        return lambda text: pseudonym(key, of.name, text) if text else None
    read = TRANSFORMS[_written(element)[0].transform].read

    def cut(text: str | None) -> str | None:
        value = read(text) if text else None
        return None if value is None else str(value)[: _CUTS[precision]]

    return cut


def _treatments(of: Purpose, key: bytes) -> dict[str, Any]:
    """The view's elements as a tree; a leaf is its treatment."""
    root: dict[str, Any] = {}
    for element in of.view.elements:
        *above, (last, _) = element.steps
        node = root
        for step, _ in above:
            node = node.setdefault(step, {})
        node[last] = _treatment(of, element, key)
    return root


def _seen(row: Plain, treatments: dict[str, Any]) -> Plain:
    """What the purpose lets through of a department's record."""
    made: Plain = {}
    for name, below in treatments.items():
        value = row.get(name)
        if not isinstance(below, dict):
            text = below(value if isinstance(value, str) else None)
            if text is not None:
                made[name] = text
        elif isinstance(value, list):
            made[name] = [_seen(item, below) for item in value if isinstance(item, dict)]
        elif isinstance(value, dict):
            made[name] = _seen(value, below)
    return made


class PurposeWriter(DepartmentWriter):
    """Case files or department records → what a purpose lets through of them, and the record of the disclosure.

    Args:
        stream: seekable and readable, since its digest is taken at the end.
        of: the purpose.
        format: as of the purpose's layout.
        encoding: of a text output: ``utf-8`` or ``gb18030``.
        key: of the pseudonyms, 16 bytes or more; whoever has it can tell whose they are.
        on: day on which things have to be in force; the submission's last day, the day that a department's record is as
            of, or today where it is not given.
        clock: what tells the time of the disclosure.

    Raises:
        InvalidArgument: the purpose needs a key, and there is none or a short one.
        UnknownFormat, MissingExtra: as :class:`DepartmentWriter`.
    """

    def __init__(
        self,
        stream: BinaryIO,
        of: Purpose,
        format: str,  # noqa: A002 - as DepartmentWriter
        *,
        encoding: str = "utf-8",
        key: bytes | None = None,
        on: datetime.date | None = None,
        clock: Callable[[], datetime.datetime] | None = None,
    ) -> None:
        if of.keyed and (key is None or len(key) < _LEAST_KEY):
            raise InvalidArgument(
                f"用途 {of.name} 含假名，须用 --key-file 给出不少于 {_LEAST_KEY} 字节的密钥",
                f"the purpose {of.name} has pseudonyms: give a key of at least {_LEAST_KEY} bytes with --key-file",
            )
        self._stream = stream
        self._start = stream.tell()
        super().__init__(stream, of.view, format, encoding=encoding)
        self._mapping = Mapping(of.view)
        self.purpose = of
        self.children = 0
        self._format = format
        self._treatments = _treatments(of, key or b"")
        self._on = on.isoformat() if on else None
        self._period: str | None = None
        self._period_end: str | None = None
        self._clock = clock or (lambda: datetime.datetime.now().astimezone())
        self._disclosure: dict[str, Any] | None = None

    def write(self, kind: str, data: Plain) -> None:
        """Write what the purpose lets through of one record; a header says the period and the day."""
        if kind == "header":
            self._period, self._period_end = data.get("period"), data.get("period_end")
        if kind not in ("case_file", "department_record"):
            return
        day = self._on or self._period_end or data.get("as_of") or datetime.date.today().isoformat()
        if self.purpose.in_force:
            if data.get("status") == "closed":
                return
            data = _current(data, day)
        chosen = _chosen(data, _path(self.purpose.only))
        if chosen is None:
            return
        before = self.count
        super().write(kind, chosen)
        self.children += self.count > before

    def put(self, row: Plain) -> None:
        """Write what the purpose lets through of one record of the layout's own."""
        seen = _seen(row, self._treatments)
        for element in self.layout.elements:
            if element.required == "Y" and len(element.steps) == 1 and not seen.get(element.name):
                self._lack(element)
        self._sink.write(seen)
        self.count += 1

    def _lack(self, element: Element) -> None:
        if len(self.losses) < _LOSSES:
            self.losses.append(refused("KJ-DEPT-002", element, "", ""))

    def close(self) -> None:
        """Finish the file."""
        super().close()
        self._stream.flush()
        self._stream.seek(self._start)
        digest = hashlib.sha256()
        while chunk := self._stream.read(_CHUNK):
            digest.update(chunk)
        self._disclosure = self._record(digest.hexdigest())

    def disclosure(self) -> dict[str, Any]:
        """What went to whom, why, how many, when; no personal value. There once the file is finished."""
        if self._disclosure is None:
            raise ValueError("close the writer first")
        return self._disclosure

    def _record(self, digest: str) -> dict[str, Any]:
        return {
            **self.purpose.as_dict(),
            "format": self._format,
            "records": self.count,
            "children": self.children,
            "period": self._period,
            "as_of": self._on or self._period_end,
            "disclosed_at": self._clock().isoformat(timespec="seconds"),
            "sha256": digest,
            "purposes_version": version(),
            "library": f"kunjing-exchange {__version__}",
        }
