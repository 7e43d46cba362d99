"""The JSON-LD 1.1 context of the canonical JSON: what a JSON document of ours says, as triples.

A term is ``urn:kunjing-exchange:v1#RECORD.FIELD``, since a name such as ``name`` means another thing in another record:
the terms of a record are in scope below the fields that hold it. Codes are literals whose datatype is their list
(``urn:kunjing-exchange:v1:codes:sex``); an unknown fact is a node with ``unknown`` as its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kunjing_exchange.model import NAMESPACE, RECORDS, TOP_RECORDS, UNKNOWN_REASON, Element, Header, Record, elements

__all__ = ["BASE", "jsonld_context", "term"]

BASE = f"{NAMESPACE}#"
"""What every term begins with."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DATATYPES = {"date": "date", "month": "gYearMonth", "datetime": "dateTime", "money": "decimal"}
# integers and booleans are JSON's own, and JSON-LD types them itself


def term(element: Element) -> str:
    """The IRI of a field: ``urn:kunjing-exchange:v1#child.birth_date``."""
    return f"{BASE}{element.owner.table()}.{element.name}"


def _codes(code_list: str) -> str:
    return f"{NAMESPACE}:codes:{code_list}"


def _definition(element: Element) -> dict[str, Any]:
    definition: dict[str, Any] = {"@id": term(element)}
    if element.record is not None:
        definition["@context"] = _scope(element.record)
    elif element.lexical is not None and element.lexical.code_list is not None:
        definition["@type"] = _codes(element.lexical.code_list)
    elif element.lexical is not None and element.lexical.kind in _DATATYPES:
        definition["@type"] = _XSD + _DATATYPES[element.lexical.kind]
    return definition


def _scope(record: type[Record]) -> dict[str, Any]:
    return {element.name: _definition(element) for element in elements(record)}


def _tops() -> Iterator[tuple[str, type[Record]]]:
    yield Header.table(), Header
    yield from TOP_RECORDS.items()


def jsonld_context() -> dict[str, Any]:
    """The context: a document ``{"@context": …}`` to put before a converted JSON document, or beside it by a link.

    The classes of the records are terms too (``CaseFile``), for who adds a ``@type``.
    """
    return {
        "@context": {
            "@version": 1.1,
            "unknown": {"@id": f"{BASE}unknown", "@type": _codes(UNKNOWN_REASON.code_list or "")},
            **{record.__name__: f"{BASE}{record.__name__}" for record in RECORDS.values()},
            **{name: {"@id": f"{BASE}{name}", "@context": _scope(record)} for name, record in _tops()},
        }
    }
