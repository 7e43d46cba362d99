"""The glossary: the official Chinese term, the English one and the name of every record, field and code list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kunjing_exchange.codes import code_list, list_names
from kunjing_exchange.model import RECORDS, elements

__all__ = ["Term", "glossary"]


@dataclass(frozen=True, slots=True)
class Term:
    """One term. ``name`` is the name in Python, JSON and tables; ``where`` are the records that have the field.

    ``kind`` is ``record``, ``field`` or ``code list``; ``english`` is the name read aloud; ``code_list`` is that of a
    coded field; ``meaning`` is what the model or the list says of it.
    """

    chinese: str
    english: str
    name: str
    kind: str
    where: tuple[str, ...]
    code_list: str
    meaning: str


def _aloud(name: str) -> str:
    return name.replace("_", " ")


def _records() -> Iterator[Term]:
    for name, record in RECORDS.items():
        meaning = (record.__doc__ or "").strip().splitlines()
        yield Term(record.title(), _aloud(name), name, "record", (), "", meaning[0] if meaning else "")


def _fields() -> Iterator[Term]:
    found: dict[tuple[str, str, str, str], list[str]] = {}
    for record_name, record in RECORDS.items():
        for element in elements(record):
            if element.lexical is not None:
                listed = element.lexical.code_list or ""
                key = (element.title, element.name, listed, element.description)
                found.setdefault(key, []).append(record_name)
    for (title, name, listed, description), where in found.items():
        yield Term(title, _aloud(name), name, "field", tuple(where), listed, description)


def _lists() -> Iterator[Term]:
    for one in map(code_list, list_names()):
        yield Term(one.title_zh, one.title_en, one.name, "code list", (), one.name, one.standard)


def glossary() -> list[Term]:
    """Every term, by kind and name."""
    terms = (*_records(), *_fields(), *_lists())
    return sorted(terms, key=lambda term: (("record", "field", "code list").index(term.kind), term.name, term.where))
