"""JSON Schema 2020-12 of the canonical records, made from the models, and what it refuses said exactly.

The schema decides fast and the same in every implementation; :func:`explain` walks the model and says what is wrong
with a record that was refused. Both see the *plain record* of :mod:`kunjing_exchange.wire.record`.

Stricter than the models: ``null``, ``[]`` and ``{}`` are refused, since an absent field is left out on the wire.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Iterator
from typing import Any, Protocol

from kunjing_exchange.findings import Path, Problem, clip
from kunjing_exchange.model import (
    NAMESPACE,
    RECORDS,
    TOP_RECORDS,
    UNKNOWN_REASON,
    Element,
    Header,
    Lexical,
    Record,
    elements,
    record_types,
)
from kunjing_exchange.wire.record import Limits

__all__ = ["SUBMISSION", "Validator", "accepts", "expected_form", "explain", "json_schema", "validator"]

SUBMISSION = "submission"
"""Name of the schema of a whole JSON document."""

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NO_FINAL_NEWLINE = {"type": "string", "pattern": "\\n"}
_FORMS = {
    "date": "YYYY-MM-DD",
    "month": "YYYY-MM",
    "datetime": "YYYY-MM-DDThh:mm:ss",
    "money": "0.00 (n..14,2)",
    "boolean": "true / false",
}
_INTEGER_NOTE = (
    "An integer literal. JSON Schema counts 1.0 as an integer; the reader of kunjing_exchange does not, and reports it."
)


def json_schema(name: str) -> dict[str, Any]:
    """The schema of ``submission`` or of one record of :data:`~kunjing_exchange.model.RECORDS`.

    Keywords ``x-…`` carry the data element (GB/T 18391.3); validators ignore them. Code lists are not in the schema: a
    code is judged on the record's own date.

    Raises:
        KeyError: there is no record of that name.
    """
    root = None if name == SUBMISSION else RECORDS[name]
    records: list[type[Record]] = [Header, *TOP_RECORDS.values()] if root is None else [root]
    nested = dict.fromkeys(below for record in records for below in record_types(record))
    definitions: dict[str, Any] = {record.table(): _object(record) for record in nested if record is not root}
    for element in (element for record in nested for element in elements(record)):
        if element.lexical is not None:
            definitions[_definition_name(element)] = (
                _fact(element.lexical) if element.fact else _scalar(element.lexical)
            )
            if element.fact:
                definitions[UNKNOWN_REASON.name] = _scalar(UNKNOWN_REASON)
    return {
        "$schema": _DIALECT,
        "$id": f"{NAMESPACE}:{name}",
        **(_submission() if root is None else _object(root)),
        "$defs": dict(sorted(definitions.items())),
    }


def _submission() -> dict[str, Any]:
    properties: dict[str, Any] = {"header": {"$ref": "#/$defs/header"}}
    for kind in TOP_RECORDS:
        properties[kind] = {"type": "array", "minItems": 1, "items": {"$ref": f"#/$defs/{kind}"}}
    return {
        "title": "报送文件",
        "description": "A submission: the header, then the records by kind.",
        "type": "object",
        "properties": properties,
        "required": ["header"],
        "additionalProperties": False,
    }


def _object(record: type[Record]) -> dict[str, Any]:
    fields = elements(record)
    schema: dict[str, Any] = {
        "title": record.title(),
        "description": " ".join((record.__doc__ or "").split()).partition(": ")[2],
        "type": "object",
        "properties": {element.name: _property(element) for element in fields},
        "required": [element.name for element in fields if element.required],
        "additionalProperties": False,
        "minProperties": 1,
    }
    return schema if schema["required"] else {key: schema[key] for key in schema if key != "required"}


def _property(element: Element) -> dict[str, Any]:
    reference = {"$ref": f"#/$defs/{_definition_name(element)}"}
    schema: dict[str, Any] = {"title": element.title, "description": element.description}
    schema |= {"type": "array", "minItems": 1, "items": reference} if element.repeated else reference
    schema["x-element"] = element.identifier
    for name in ("standard", "clause", "restricted"):
        if value := getattr(element, name):
            schema[f"x-{name}"] = value
    return schema


def _definition_name(element: Element) -> str:
    if element.record is not None:
        return element.record.table()
    assert element.lexical is not None  # noqa: S101 - exactly one of the two is set
    return f"{element.lexical.name}OrUnknown" if element.fact else element.lexical.name


def _scalar(lexical: Lexical) -> dict[str, Any]:
    schema: dict[str, Any]
    if lexical.kind == "boolean":
        schema = {"type": "boolean"}
    elif lexical.kind == "integer":
        schema = {"description": _INTEGER_NOTE, "type": "integer", "minimum": 0, "maximum": 10**lexical.max_length - 1}
    else:
        schema = {
            "type": "string",
            "minLength": lexical.min_length,
            "maxLength": lexical.max_length,
            "pattern": f"^(?:{lexical.pattern})$",
        }
        if lexical.min_length != lexical.max_length:  # `$` lets a final newline pass in some implementations
            schema["not"] = _NO_FINAL_NEWLINE
    schema["x-representation"] = lexical.representation
    if lexical.code_list:
        schema["x-code-list"] = lexical.code_list
    return schema


def _fact(lexical: Lexical) -> dict[str, Any]:
    """A value or ``{"unknown": reason}`` as one flat schema: each keyword looks at its own type only, no ``anyOf``."""
    schema = _scalar(lexical)
    return {
        **schema,
        "type": [schema["type"], "object"],
        "properties": {"unknown": {"$ref": f"#/$defs/{UNKNOWN_REASON.name}"}},
        "required": ["unknown"],
        "additionalProperties": False,
    }


class Validator(Protocol):
    """What can say whether a plain record is accepted."""

    def is_valid(self, instance: Any) -> bool: ...


class _ModelWalk:
    """The schema's verdict without a JSON Schema implementation: some ten times as fast as one in Python."""

    def __init__(self, record: type[Record]) -> None:
        self._record = record

    def is_valid(self, instance: Any) -> bool:
        return isinstance(instance, dict) and next(_object_problems(self._record, instance, ()), None) is None


@functools.cache
def validator(name: str) -> Validator:
    """What decides on a record, once per process: jsonschema-rs where it is installed (extra ``fast``), else the model.

    The tests hold both, and jsonschema, to the same verdict.

    Raises:
        KeyError: there is no record of that name.
    """
    record = RECORDS[name]
    try:
        import jsonschema_rs
    except ImportError:
        return _ModelWalk(record)
    options = jsonschema_rs.RegexOptions()  # our patterns need nothing that the quicker engine has not
    compiled: Validator = jsonschema_rs.Draft202012Validator(_essential(json_schema(name)), pattern_options=options)
    return compiled


def _essential(schema: Any) -> Any:
    """A schema without what is for other readers, and for implementations in which ``$`` lets a final newline pass."""
    if isinstance(schema, list):
        return [_essential(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {key: _essential(one) for key, one in schema.items() if one is not _NO_FINAL_NEWLINE}


def accepts(name: str, data: object) -> bool:
    """Whether the schema accepts a plain record. What the validator can't even look at is not."""
    try:
        return validator(name).is_valid(data)
    except (ValueError, OverflowError, RecursionError):  # lone surrogates, huge numbers, deep nesting
        return False


def explain(name: str, data: object, limit: int = Limits().problems_per_record) -> list[Problem]:
    """All that is wrong with a record (``KJ-SYS-006``, ``020`` to ``028``), with path and remedy; empty for a good one.

    After ``limit`` problems the rest is one ``KJ-SYS-004``.

    Raises:
        KeyError: there is no record of that name.
    """
    record = RECORDS[name]
    facts = {"name": name, "title": record.title()}
    if not isinstance(data, dict):
        return [Problem("KJ-SYS-022", facts={**facts, "expected": "object"})]
    problems = list(itertools.islice(_object_problems(record, data, ()), limit + 1))
    if len(problems) > limit:
        over = {"limit": "problems_per_record", "maximum": str(limit)}
        problems[limit:] = [Problem("KJ-SYS-004", facts=over)]
    if not problems and not accepts(name, data):
        problems.append(Problem("KJ-SYS-023", facts={**facts, "expected": f"{NAMESPACE}:{name}"}))
    return problems


def _object_problems(record: type[Record], data: dict[str, Any], path: Path) -> Iterator[Problem]:
    if not data:
        yield Problem("KJ-SYS-028", path, facts={"name": record.table(), "title": record.title()})
        return
    fields = _fields(record)
    if not data.keys() <= fields.keys():
        for name in (clip(name) for name in data if name not in fields):
            yield Problem("KJ-SYS-020", (*path, name), facts={"name": name})
    for name, element in fields.items():
        if name in data:
            value = data[name]
            if element.lexical is None or not element.lexical.accepts(value):
                yield from _value_problems(element, value, (*path, name))
        elif element.required:
            yield Problem("KJ-SYS-021", (*path, name), facts={"name": name, "title": element.title})


def _value_problems(element: Element, value: object, path: Path) -> Iterator[Problem]:
    if value is None or value in ("", [], {}):
        yield _problem("KJ-SYS-028", element, path)
    elif element.lexical is not None:
        yield from _scalar_problems(element, element.lexical, value, path)
    elif element.repeated and isinstance(value, list):
        for position, item in enumerate(value):
            yield from _record_problems(element, item, (*path, position))
    elif element.repeated:
        yield _problem("KJ-SYS-022", element, path, value, "array")
    else:
        yield from _record_problems(element, value, path)


def _record_problems(element: Element, value: object, path: Path) -> Iterator[Problem]:
    assert element.record is not None  # noqa: S101 - the element has no lexical
    if value is None:
        yield _problem("KJ-SYS-028", element, path)
    elif isinstance(value, dict):
        yield from _object_problems(element.record, value, path)
    else:
        yield _problem("KJ-SYS-022", element, path, value, "object")


def _scalar_problems(element: Element, lexical: Lexical, value: object, path: Path) -> Iterator[Problem]:
    if isinstance(value, float) and not math.isfinite(value):
        yield _problem("KJ-SYS-006", element, path)
    elif element.fact and isinstance(value, dict):
        if value.keys() != {"unknown"} or not UNKNOWN_REASON.accepts(value["unknown"]):
            yield _problem("KJ-SYS-027", element, path)
    elif not _right_type(lexical, value):
        yield _problem("KJ-SYS-022", element, path, value, _expected_type(lexical, value))
    elif isinstance(value, str) and lexical.kind in ("text", "code") and len(value) > lexical.max_length:
        yield _problem("KJ-SYS-024", element, path, value, f"{lexical.min_length}–{lexical.max_length}")
    else:
        yield _problem("KJ-SYS-023", element, path, value, expected_form(lexical))


def _right_type(lexical: Lexical, value: object) -> bool:
    if lexical.kind == "boolean":
        return isinstance(value, bool)
    if lexical.kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str)


def _expected_type(lexical: Lexical, value: object) -> str:
    if not lexical.is_string:
        return lexical.kind
    # The commonest mistake: a number or code without quotes, whose leading zeros and last digits are lost.
    return 'string ("…")' if isinstance(value, (int, float)) else "string"


def expected_form(lexical: Lexical) -> str:
    """How a value is written, for the fact ``expected``: a picture, a short pattern, or the representation."""
    if lexical.kind in _FORMS:
        return _FORMS[lexical.kind]
    return lexical.pattern if len(lexical.pattern) <= 40 and lexical.is_string else lexical.representation


def _problem(id_: str, element: Element, path: Path, value: object = None, expected: str | None = None) -> Problem:
    facts = {"name": element.name, "title": element.title}
    if expected is not None:
        facts["expected"] = expected
    if isinstance(value, bool):
        facts["value"] = str(value).lower()
    elif isinstance(value, (str, int, float)):
        facts["value"] = clip(str(value))
    return Problem(id_, path, facts=facts)


@functools.cache
def _fields(record: type[Record]) -> dict[str, Element]:
    return {element.name: element for element in elements(record)}
