"""XML Schema and JSON Schema of a department's layout, made from its table (``schemas/departments/``).

They say what the department's own records look like: elements, lengths, what is required. Codes are judged by the
validator on their lists, so that a newer code is no schema error. Elements may come in any order where none repeats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kunjing_exchange.departments.layout import Element, Layout

__all__ = ["json_schema_text", "xsd_text"]

_Tree = dict[str, Any]


def _tree(of: Layout) -> tuple[_Tree, frozenset[str]]:
    """The elements as nested names, and the dotted paths that repeat."""
    root: _Tree = {}
    lists = set()
    for element in of.elements:
        node, path = root, ""
        *above, (last, _) = element.steps
        for step, repeated in above:
            path = f"{path}.{step}" if path else step
            if repeated:
                lists.add(path)
            node = node.setdefault(step, {})
        node[last] = element
    return root, frozenset(lists)


def xsd_text(of: Layout) -> str:
    """The XML Schema of a file of this layout: the wrapper and its records."""
    tree, lists = _tree(of)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified">',
        *_documentation(of.title_zh, f"{of.title_en}. {of.note_en}".strip(), "  "),
        f'  <xs:element name="{of.root}">',
        "    <xs:complexType><xs:sequence>",
        f'      <xs:element ref="{of.record}" minOccurs="0" maxOccurs="unbounded"/>',
        "    </xs:sequence></xs:complexType>",
        "  </xs:element>",
        f'  <xs:element name="{of.record}">',
        *_complex(tree, lists, "", "    "),
        "  </xs:element>",
        "</xs:schema>",
    ]
    return "\n".join(lines) + "\n"


def _documentation(zh: str, en: str, indent: str) -> Iterator[str]:
    yield f"{indent}<xs:annotation>"
    yield f'{indent}  <xs:documentation xml:lang="zh">{escape(zh)}</xs:documentation>'
    yield f'{indent}  <xs:documentation xml:lang="en">{escape(en)}</xs:documentation>'
    yield f"{indent}</xs:annotation>"


def _complex(tree: _Tree, lists: frozenset[str], path: str, indent: str) -> Iterator[str]:
    below = {name: f"{path}.{name}" if path else name for name in tree}
    group = "sequence" if any(one in lists for one in below.values()) else "all"
    yield f"{indent}<xs:complexType><xs:{group}>"
    for name, node in tree.items():
        if isinstance(node, Element):
            optional = "" if node.required == "Y" else ' minOccurs="0"'
            yield f"{indent}  <xs:element name={quoteattr(name)}{optional}>"
            label = f'<xs:documentation xml:lang="zh">{escape(node.title)}</xs:documentation>'
            yield f"{indent}    <xs:annotation>{label}</xs:annotation>"
            most = f'<xs:maxLength value="{node.length}"/>' if node.length else ""
            least = '<xs:minLength value="1"/>' if node.required == "Y" else ""
            yield (
                f'{indent}    <xs:simpleType><xs:restriction base="xs:string">{least}{most}</xs:restriction>'
                "</xs:simpleType>"
            )
            yield f"{indent}  </xs:element>"
        else:
            many = ' maxOccurs="unbounded"' if below[name] in lists else ""
            yield f'{indent}  <xs:element name={quoteattr(name)} minOccurs="0"{many}>'
            yield from _complex(node, lists, below[name], f"{indent}    ")
            yield f"{indent}  </xs:element>"
    yield f"{indent}</xs:{group}></xs:complexType>"


def json_schema_text(of: Layout) -> str:
    """The JSON Schema of one record of this layout."""
    tree, lists = _tree(of)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:kunjing-exchange:departments:{of.name}",
        "title": of.title_zh,
        "description": f"{of.title_en}. {of.note_en}".strip(),
        **_object(tree, lists, ""),
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


_NUMBERS = {"number", "integer"}


def _object(tree: _Tree, lists: frozenset[str], path: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, node in tree.items():
        here = f"{path}.{name}" if path else name
        if isinstance(node, Element):
            properties[name] = _scalar(node)
        else:
            below = _object(node, lists, here)
            properties[name] = {"type": "array", "items": below} if here in lists else below
    required = [name for name, node in tree.items() if isinstance(node, Element) and node.required == "Y"]
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _scalar(element: Element) -> dict[str, Any]:
    types = (["number", "string"] if element.type in _NUMBERS else ["string"]) + (
        [] if element.required == "Y" else ["null"]
    )
    schema: dict[str, Any] = {"title": element.title, "type": types[0] if len(types) == 1 else types}
    if element.length and element.type not in _NUMBERS:
        schema["maxLength"] = element.length
    if element.codes:
        schema["x-code-list"] = element.codes
    return schema
