"""What a field is: its datatype, its title and its data element.

A field of a record is declared once, as a Pydantic field whose annotation carries a :class:`Lexical` (how the value is
written) and whose default is made by :func:`required`, :func:`optional` or :func:`several` (what the value means). The
XSD, the JSON Schema, the tables, the spreadsheet template and the data-element dictionary are all made from
:func:`elements`, which reads the declarations back.

Source of the attributes: GB/T 18391.3 (ISO/IEC 11179-3): identifier, object class, property, representation.
"""

from __future__ import annotations

import datetime
import decimal
import functools
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticUndefined, core_schema

__all__ = [
    "POLICY",
    "Element",
    "Fact",
    "Lexical",
    "Record",
    "Unknown",
    "elements",
    "optional",
    "record_types",
    "required",
    "several",
]

POLICY = "豫政办〔2017〕47号"
"""The policy that clauses are cited from."""

Kind = Literal["text", "code", "date", "month", "datetime", "money", "integer", "boolean"]

_PARSERS: dict[str, tuple[type, Callable[[str], object], Any]] = {
    "date": (datetime.date, datetime.date.fromisoformat, "date"),
    "datetime": (datetime.datetime, datetime.datetime.fromisoformat, "datetime"),
    "money": (decimal.Decimal, decimal.Decimal, "decimal"),
}


@dataclass(frozen=True, slots=True)
class Lexical:
    """How a scalar is written on the wire, the same in every format.

    ``pattern`` has to match the whole value; it keeps to what XSD, ECMA-262, Python, Rust and RE2 all read alike.
    ``representation`` is the format by GB/T 19488.1 (``an..18``, ``n8``, ``d8``). Dates, months, times and money are
    strings on the wire; integers and booleans are JSON's own.
    """

    name: str
    kind: Kind
    pattern: str
    representation: str
    max_length: int
    min_length: int = 1
    code_list: str | None = None
    identifier: str | None = None

    @property
    def is_string(self) -> bool:
        """Whether JSON carries it as a string."""
        return self.kind not in ("integer", "boolean")

    def accepts(self, value: object) -> bool:
        """Whether a plain wire value is of this type."""
        if self.kind == "boolean":
            return isinstance(value, bool)
        if self.kind == "integer":
            return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**self.max_length
        if not isinstance(value, str) or not self.min_length <= len(value) <= self.max_length:
            return False
        return _compiled(self.pattern).fullmatch(value) is not None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if self.kind == "boolean":
            return core_schema.bool_schema(strict=True)
        if self.kind == "integer":
            return core_schema.int_schema(strict=True, ge=0, lt=10**self.max_length)
        text = core_schema.str_schema(
            strict=True, pattern=f"^(?:{self.pattern})$", min_length=self.min_length, max_length=self.max_length
        )
        if self.kind not in _PARSERS:
            return text
        python_type, parse, serializer = _PARSERS[self.kind]
        return core_schema.union_schema(
            [
                core_schema.is_instance_schema(python_type),
                core_schema.no_info_after_validator_function(parse, text),
            ],
            serialization=core_schema.simple_ser_schema(serializer),
        )


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class _Frozen(BaseModel):
    # defer_build: tables, schemas and readers need the declarations only, and a start without validators is twice as quick
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True, defer_build=True)


UNKNOWN_REASON = Lexical("UnknownReasonCode", "code", "[a-z][a-z0-9_]{0,31}", "a..32", 32, code_list="unknown_reason")


class Unknown(_Frozen):
    """The third state of a fact: it is not known, and this is why.

    JSON ``{"unknown": "refused"}``; XML ``<BirthDate xsi:nil="true" unknown="refused"/>``; a spreadsheet cell
    ``未知:refused``. An absent field says nothing; an unknown one says that somebody tried.
    """

    unknown: Annotated[str, UNKNOWN_REASON]


_Value = TypeVar("_Value")
Fact = Union[_Value, Unknown]  # noqa: UP007 - a generic alias needs Union on Python 3.11


class Record(_Frozen):
    """A canonical record: frozen, strict, no field beside those declared.

    The first word of a record's docstring is its Chinese name.
    """

    @classmethod
    def table(cls) -> str:
        """The record's one name in Python fields, JSON and tables: ``CaseFile`` → ``case_file``."""
        return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", cls.__name__).lower()

    @classmethod
    def title(cls) -> str:
        """The record's Chinese name."""
        return (cls.__doc__ or "").split(maxsplit=1)[0].rstrip(":")


def _field(default: object, title: str, description: str, facts: dict[str, object], **more: Any) -> Any:
    # pydantic types the extras as JSON values; these are text and booleans
    return Field(default, title=title, description=description, json_schema_extra=facts, **more)  # type: ignore[arg-type]


def required(title: str, description: str, *, standard: str = "", clause: str = "", restricted: bool = False) -> Any:
    """A field that has to be there.

    ``clause`` is of :data:`POLICY`; ``restricted`` facts leave only where a purpose names them.
    """
    facts: dict[str, object] = {"standard": standard, "clause": clause, "restricted": restricted}
    return _field(PydanticUndefined, title, description, facts)


def optional(title: str, description: str, *, standard: str = "", clause: str = "", restricted: bool = False) -> Any:
    """A field that may be absent (see :func:`required`)."""
    facts: dict[str, object] = {"standard": standard, "clause": clause, "restricted": restricted}
    return _field(None, title, description, facts)


def several(title: str, description: str, *, clause: str = "", restricted: bool = False) -> Any:
    """A field that repeats: a tuple of records, empty where there are none."""
    facts: dict[str, object] = {"standard": "", "clause": clause, "restricted": restricted}
    return _field((), title, description, facts, strict=False)


@dataclass(frozen=True, slots=True)
class Element:
    """One field as a data element: where it belongs, what it means and how it is written.

    Exactly one of ``lexical`` (a scalar) and ``record`` (a nested record) is set. ``fact`` says that the value may be
    :class:`Unknown`; ``repeated`` that it is a list.
    """

    owner: type[Record]
    name: str
    title: str
    description: str
    lexical: Lexical | None
    record: type[Record] | None
    required: bool
    repeated: bool
    fact: bool
    standard: str
    clause: str
    restricted: bool

    @property
    def xml_name(self) -> str:
        """The XML element name, by one rule: ``birth_date`` → ``BirthDate``."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def identifier(self) -> str:
        """The data element's identifier: the project's own, ``KJ.child.birth_date``."""
        return f"KJ.{self.owner.table()}.{self.name}"


def _unwrap(annotation: Any) -> tuple[Lexical | None, type[Record] | None, bool, bool]:
    """(lexical, record, repeated, fact) of a field's annotation."""
    if get_origin(annotation) is Annotated:
        lexicals = [item for item in get_args(annotation)[1:] if isinstance(item, Lexical)]
        return (lexicals[0] if lexicals else None), None, False, False
    if get_origin(annotation) in (Union, types.UnionType):
        members = [member for member in get_args(annotation) if member is not type(None)]
        fact = Unknown in members
        (inner,) = [member for member in members if member is not Unknown]
        lexical, record, repeated, _ = _unwrap(inner)
        return lexical, record, repeated, fact
    if get_origin(annotation) is tuple:
        _, record, _, _ = _unwrap(get_args(annotation)[0])
        return None, record, True, False
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return None, annotation, False, False
    raise TypeError(f"no data element in {annotation!r}")


@functools.cache
def elements(record: type[Record]) -> tuple[Element, ...]:
    """The fields of a record as data elements, in wire order."""
    found = []
    for name, info in record.model_fields.items():
        facts: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
        annotation: Any = info.annotation
        for item in info.metadata:  # pydantic takes the metadata of a bare Annotated off the annotation
            if isinstance(item, Lexical):
                annotation = Annotated[annotation, item]
        lexical, nested, repeated, fact = _unwrap(annotation)
        found.append(
            Element(
                owner=record,
                name=name,
                title=info.title or "",
                description=info.description or "",
                lexical=lexical,
                record=nested,
                required=info.is_required(),
                repeated=repeated,
                fact=fact,
                standard=str(facts.get("standard", "")),
                clause=str(facts.get("clause", "")),
                restricted=bool(facts.get("restricted", False)),
            )
        )
    return tuple(found)


def record_types(root: type[Record]) -> Iterator[type[Record]]:
    """``root`` and every record type below it, each once, outer before inner, in wire order."""
    seen: list[type[Record]] = []

    def visit(record: type[Record]) -> None:
        if record in seen:
            return
        seen.append(record)
        for element in elements(record):
            if element.record is not None:
                visit(element.record)

    visit(root)
    return iter(seen)
