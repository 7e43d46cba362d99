"""The XML Schema of the canonical records, made from the models (``schemas/v1/submission.xsd``).

XSD 1.0, since libxml2 and every office suite read that. What a document must be for it to pass here is the same as for
``xmllint --schema``: only what XSD can't say (a reason beside ``xsi:nil``) is left to :mod:`kunjing_exchange.wire.xml`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from html import escape

from lxml import etree

from kunjing_exchange.model import NAMESPACE, RECORDS, TOP_RECORDS, UNKNOWN_REASON, VERSION, Header, Record, elements
from kunjing_exchange.model.element import Element, Lexical

__all__ = ["compiled_xsd", "xsd_text"]

_DATE = "(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"

# The built-in type that knows the calendar or the number, and the pattern that takes off what it allows beyond our own
# lexical form (zones, fractions, 24:00:00, signs, leading zeros). ``None``: the lexical's own pattern.
_BUILT_IN: dict[str, tuple[str, str | None]] = {
    "date": ("xs:date", _DATE),
    "month": ("xs:gYearMonth", None),
    "datetime": ("xs:dateTime", f"{_DATE}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"),
    "money": ("xs:decimal", None),
    "integer": ("xs:nonNegativeInteger", None),
    "boolean": ("xs:boolean", None),
}

_KINDS_ZH = {
    "text": "文本",
    "code": "代码",
    "date": "日期",
    "month": "月份",
    "datetime": "日期时间",
    "money": "金额",
    "integer": "整数",
    "boolean": "是否",
}


@functools.cache
def compiled_xsd() -> etree.XMLSchema:
    """The schema compiled by libxml2, once a process."""
    return etree.XMLSchema(etree.fromstring(xsd_text().encode()))


def xsd_text() -> str:
    """The schema document.

    Every record is a global element and a named type, every lexical a named simple type; a fact that may be unknown is
    nillable and carries the reason in the attribute ``unknown``.
    """
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    records = list(RECORDS.values())
    fields = [element for record in records for element in elements(record)]
    lexicals = {element.lexical.name: element.lexical for element in fields if element.lexical is not None}
    lexicals[UNKNOWN_REASON.name] = UNKNOWN_REASON
    facts = sorted({element.lexical.name for element in fields if element.fact and element.lexical is not None})
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{NAMESPACE}" targetNamespace="{NAMESPACE}"'
        f' elementFormDefault="qualified" version="{VERSION}">'
    )
    yield from _documentation("困境儿童数据交换格式", "Exchange of records of children in difficulty.", "  ")
    yield from _submission()
    for record in records:
        yield f'  <xs:element name="{record.__name__}" type="{record.__name__}"/>'
    for record in records:
        yield from _record(record)
    for name in facts:
        yield from _fact(name)
    for name in sorted(lexicals):
        yield from _simple(lexicals[name])
    yield "</xs:schema>"


def _documentation(zh: str, en: str, indent: str) -> Iterator[str]:
    yield f"{indent}<xs:annotation>"
    yield f'{indent}  <xs:documentation xml:lang="zh">{escape(zh, quote=False)}</xs:documentation>'
    yield f'{indent}  <xs:documentation xml:lang="en">{escape(en, quote=False)}</xs:documentation>'
    yield f"{indent}</xs:annotation>"


def _submission() -> Iterator[str]:
    yield '  <xs:element name="Submission">'
    yield from _documentation("报送", "A header, then records in any order.", "    ")
    yield "    <xs:complexType>"
    yield "      <xs:sequence>"
    yield f'        <xs:element ref="{Header.__name__}"/>'
    yield '        <xs:choice minOccurs="0" maxOccurs="unbounded">'
    for record in TOP_RECORDS.values():
        yield f'          <xs:element ref="{record.__name__}"/>'
    yield "        </xs:choice>"
    yield "      </xs:sequence>"
    yield "    </xs:complexType>"
    yield "  </xs:element>"


def _record(record: type[Record]) -> Iterator[str]:
    yield f'  <xs:complexType name="{record.__name__}">'
    _, _, description = (record.__doc__ or "").partition(":")
    yield from _documentation(record.title(), " ".join(description.split()), "    ")
    yield "    <xs:sequence>"
    for element in elements(record):
        yield f"      <xs:element {_particle(element)}>"
        yield from _documentation(element.title, element.description, "        ")
        yield "      </xs:element>"
    yield "    </xs:sequence>"
    yield "  </xs:complexType>"


def _particle(element: Element) -> str:
    if element.record is not None:
        type_name = element.record.__name__
    else:
        assert element.lexical is not None  # noqa: S101 - exactly one of the two is set
        type_name = f"Fact{element.lexical.name}" if element.fact else element.lexical.name
    return (
        f'name="{element.xml_name}" type="{type_name}"'
        + ("" if element.required else ' minOccurs="0"')
        + (' maxOccurs="unbounded"' if element.repeated else "")
        + (' nillable="true"' if element.fact else "")
    )


def _fact(name: str) -> Iterator[str]:
    yield f'  <xs:complexType name="Fact{name}">'
    yield from _documentation("可以注明未知原因的值", f"{name}, or nil with the reason why it is unknown.", "    ")
    yield "    <xs:simpleContent>"
    yield f'      <xs:extension base="{name}">'
    yield f'        <xs:attribute name="unknown" type="{UNKNOWN_REASON.name}"/>'
    yield "      </xs:extension>"
    yield "    </xs:simpleContent>"
    yield "  </xs:complexType>"


def _simple(lexical: Lexical) -> Iterator[str]:
    base, pattern = _BUILT_IN.get(lexical.kind, ("xs:string", None))
    listed = (f",代码表 {lexical.code_list}", f", code list {lexical.code_list}") if lexical.code_list else ("", "")
    yield f'  <xs:simpleType name="{lexical.name}">'
    yield from _documentation(
        f"{_KINDS_ZH[lexical.kind]} {lexical.representation}{listed[0]}",
        f"{lexical.kind}, format {lexical.representation} (GB/T 19488.1){listed[1]}",
        "    ",
    )
    yield f'    <xs:restriction base="{base}">'
    if base == "xs:string":
        yield f'      <xs:minLength value="{lexical.min_length}"/>'
        yield f'      <xs:maxLength value="{lexical.max_length}"/>'
    yield f'      <xs:pattern value="{escape(pattern or lexical.pattern)}"/>'
    yield "    </xs:restriction>"
    yield "  </xs:simpleType>"
