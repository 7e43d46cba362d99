"""The schema files of the wire formats and tables, and a referee that checks a document by them alone.

The referee uses the libraries xmlschema and jsonschema and none of our readers, so that a quarrel about a document can
be settled. It holds the whole document in memory.
"""

from __future__ import annotations

import functools
import json
import os
import pathlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from kunjing_exchange.errors import InvalidArgument, UnknownFormat, UnreadableInput
from kunjing_exchange.model import RECORDS, elements
from kunjing_exchange.tables import tables_sql
from kunjing_exchange.wire import KINDS, open_output, open_source
from kunjing_exchange.wire.json_schema import SUBMISSION, json_schema
from kunjing_exchange.wire.xsd import xsd_text

__all__ = ["SchemaError", "check_document", "schema_files", "schema_text", "write_schemas"]


@functools.cache
def schema_files() -> Mapping[str, str]:
    """The files of ``schemas/v1`` by name: the XSD, JSON Schemas of a submission and its records, the tables."""
    files = {"submission.xsd": xsd_text(), "tables.sql": tables_sql()}
    for name in (SUBMISSION, *KINDS):
        files[f"{name}.schema.json"] = json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n"
    return files


def schema_text(name: str) -> str:
    """The text of one schema file.

    Raises:
        InvalidArgument: there is none of that name; the text names those there are.
    """
    try:
        return schema_files()[name]
    except KeyError:
        known = ", ".join(schema_files())
        raise InvalidArgument(f"没有结构文件 {name}；现有：{known}", f"no schema {name}; there are: {known}") from None


def write_schemas(folder: str | os.PathLike[str], *, force: bool = False) -> list[pathlib.Path]:
    """Write every schema file into a folder, which is made where it is not there.

    Raises:
        OutputExists: one is there already and ``force`` is not set.
    """
    place = pathlib.Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    for name, text in schema_files().items():
        with open_output(place / name, force=force) as stream:
            stream.write(text.encode())
    return [place / name for name in schema_files()]


@dataclass(frozen=True, slots=True)
class SchemaError:
    """One place where a document does not fit. ``detail`` is the library's own text and may hold values of records."""

    path: str
    rule: str
    detail: str


def check_document(
    source: str | os.PathLike[str] | bytes | BinaryIO, *, encoding: str | None = None
) -> Iterator[SchemaError]:
    """What the schemas alone say against an XML, JSON or JSON Lines document; nothing where it is valid.

    Raises:
        UnreadableInput: it is not well-formed, or has a DOCTYPE.
        UnknownFormat: it is a workbook or CSV, which have no schema.
    """
    with open_source(source, encoding=encoding) as opened:
        if opened.format not in ("xml", "json", "jsonl"):
            raise UnknownFormat("表格没有结构文件，请先转换", "a spreadsheet has no schema: convert it first")
        text = opened.path.read_text(encoding="utf-8-sig", errors="replace")
    if opened.format == "xml":
        yield from _check_xml(text, opened.name)
    elif opened.format == "json":
        yield from _check_json(*_named(_parse(text, opened.name)))
    else:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                for error in _check_json(*_named(_parse(line, f"{opened.name}:{number}"))):
                    yield SchemaError(f"{number}: {error.path}", error.rule, error.detail)


def _not_well_formed(name: str) -> UnreadableInput:
    return UnreadableInput(f"{name} 不合语法", f"{name} is not well-formed", finding_id="KJ-SYS-001")


@functools.cache
def _names() -> frozenset[str]:
    fields = [element for record in RECORDS.values() for element in elements(record)]
    records = {"Submission", *KINDS, *(record.__name__ for record in RECORDS.values())}
    return frozenset(records | {field.name for field in fields} | {field.xml_name for field in fields})


def _shown(step: str) -> str:
    """A step of a path; a name of the document's own might be somebody's."""
    return step if step in _names() or step.isdecimal() else "?"


@functools.cache
def _compiled_xsd() -> Any:
    import xmlschema

    return xmlschema.XMLSchema(xsd_text())


def _check_xml(text: str, name: str) -> Iterator[SchemaError]:
    import xml.etree.ElementTree as Tree

    import xmlschema

    # What is text already has no encoding to declare.
    text = text.partition("?>")[2] if text.lstrip().startswith("<?xml") else text
    try:
        document = xmlschema.XMLResource(text.lstrip(), defuse="always", allow="none")
        for error in _compiled_xsd().iter_errors(document):
            path = re.sub(r"[^/\[\]]+", lambda step: _shown(step[0]), error.path or "/")
            yield SchemaError(path, type(error.validator).__name__, error.reason or "")
    except (Tree.ParseError, xmlschema.XMLResourceError):
        raise _not_well_formed(name) from None


def _parse(text: str, name: str) -> Any:
    def refuse(_: str) -> Any:
        raise ValueError

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise _not_well_formed(name) from None


_TELLING_KEYS = {
    "case_id": "case_file",
    "credit_code": "organisation",
    "worker_id": "worker",
    "site_id": "service_site",
}


def _named(document: Any) -> tuple[str, Any]:
    """(schema, instance): a submission, one record in its envelope, or one record bare."""
    if isinstance(document, dict):
        if len(document) == 1 and (kind := next(iter(document))) in KINDS and isinstance(document[kind], dict):
            return kind, document[kind]
        for key, kind in _TELLING_KEYS.items():
            if key in document:
                return kind, document
    return SUBMISSION, document


@functools.cache
def _compiled_json_schema(name: str) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(json_schema(name))


def _check_json(name: str, document: Any) -> Iterator[SchemaError]:
    for error in _compiled_json_schema(name).iter_errors(document):
        steps = (f"[{step}]" if isinstance(step, int) else _shown(step) for step in error.path)
        yield SchemaError("/".join((name, *steps)), str(error.validator), error.message)
