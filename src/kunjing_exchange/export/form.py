"""A form: what an entry of a dictionary or catalogue holds, declared once; JSON, XML, XSD, workbook and page from it.

An entry is a mapping of section names to a mapping of attribute names to values, or, for a section that repeats, to a
list of such. A value that is not there is not known; there are no empty ones.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import html
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from kunjing_exchange.errors import MissingExtra

__all__ = ["Attribute", "Entry", "Form", "Section", "as_dict", "html_text", "write_workbook", "xml_bytes", "xsd_text"]

Entry = Mapping[str, Any]

_XSD = "http://www.w3.org/2001/XMLSchema"
_XSD_TYPES = {"text": "xs:string", "boolean": "xs:boolean", "integer": "xs:nonNegativeInteger", "date": "xs:date"}


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. ``certainty`` (``verified single memory own``) is of its name, ``source`` where that is from."""

    name: str
    title_zh: str
    title_en: str
    certainty: str
    source: str
    type: str = "text"
    required: bool = True
    repeated: bool = False

    @property
    def xml_name(self) -> str:
        """``name_zh`` → ``NameZh``."""
        return _camel(self.name)


@dataclass(frozen=True, slots=True)
class Section:
    """Attributes that belong together; ``repeated`` where an entry has any number of them."""

    name: str
    title_zh: str
    title_en: str
    attributes: tuple[Attribute, ...]
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What every entry holds. ``notes`` are for who reads the result: Chinese and English."""

    name: str
    title_zh: str
    title_en: str
    namespace: str
    root: str
    entry: str
    sections: tuple[Section, ...]
    notes: tuple[tuple[str, str], ...]


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def as_dict(form: Form, entries: Iterable[Entry]) -> dict[str, Any]:
    """The document for JSON: titles, notes and the attributes with their certainty, then the entries."""
    return {
        "title": {"zh": form.title_zh, "en": form.title_en},
        "notes": [{"zh": zh, "en": en} for zh, en in form.notes],
        "attributes": [
            {
                "section": section.name,
                "name": attribute.name,
                "title": {"zh": attribute.title_zh, "en": attribute.title_en},
                "certainty": attribute.certainty,
                "source": attribute.source,
            }
            for section in form.sections
            for attribute in section.attributes
        ],
        "entries": [dict(entry) for entry in entries],
    }


# --- XML -------------------------------------------------------------------------------------------------------------


def _lexical(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _add_values(parent: Any, form: Form, section: Section, values: Mapping[str, Any]) -> None:
    node = etree.SubElement(parent, f"{{{form.namespace}}}{_camel(section.name)}")
    for attribute in section.attributes:
        value = values.get(attribute.name)
        items = () if value is None else value if attribute.repeated else (value,)
        for item in items:
            etree.SubElement(node, f"{{{form.namespace}}}{attribute.xml_name}").text = _lexical(item)


def xml_bytes(form: Form, entries: Iterable[Entry]) -> bytes:
    """The document as XML by :func:`xsd_text`."""
    root = etree.Element(f"{{{form.namespace}}}{form.root}", nsmap={None: form.namespace})
    for zh, en in form.notes:
        for lang, text in (("zh", zh), ("en", en)):
            note = etree.SubElement(root, f"{{{form.namespace}}}Note")
            note.set("{http://www.w3.org/XML/1998/namespace}lang", lang)
            note.text = text
    for section in form.sections:
        for attribute in section.attributes:
            etree.SubElement(
                root, f"{{{form.namespace}}}Attribute", section=_camel(section.name), name=attribute.xml_name,
                titleZh=attribute.title_zh, titleEn=attribute.title_en, certainty=attribute.certainty,
                source=attribute.source,
            )  # fmt: skip
    for entry in entries:
        node = etree.SubElement(root, f"{{{form.namespace}}}{form.entry}")
        for section in form.sections:
            found = entry[section.name]
            for values in found if section.repeated else (found,):
                _add_values(node, form, section, values)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _node(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{_XSD}}}{tag}", **attributes)


def _occurs(required: bool, repeated: bool) -> dict[str, str]:
    return {
        **({} if required and not repeated else {"minOccurs": "0"}),
        **({"maxOccurs": "unbounded"} if repeated else {}),
    }


def xsd_text(form: Form) -> str:
    """The schema of :func:`xml_bytes`: the project's own."""
    schema = etree.Element(f"{{{_XSD}}}schema", nsmap={"xs": _XSD, None: form.namespace})
    schema.set("targetNamespace", form.namespace)
    schema.set("elementFormDefault", "qualified")
    _node(
        _node(schema, "annotation"), "documentation"
    ).text = f"{form.title_zh} {form.title_en}. This schema is the project's own."
    root = _node(_node(_node(schema, "element", name=form.root), "complexType"), "sequence")
    note = _node(_node(root, "element", name="Note", minOccurs="0", maxOccurs="unbounded"), "complexType")
    content = _node(_node(note, "simpleContent"), "extension", base="xs:string")
    # a wildcard takes xml:lang: importing it by name would need a file or the network
    _node(content, "anyAttribute", namespace="http://www.w3.org/XML/1998/namespace", processContents="skip")
    about = _node(_node(root, "element", name="Attribute", maxOccurs="unbounded"), "complexType")
    for name in ("section", "name", "titleZh", "titleEn", "source"):
        _node(about, "attribute", name=name, type="xs:string", use="required")
    certainty = _node(_node(about, "attribute", name="certainty", use="required"), "simpleType")
    restriction = _node(certainty, "restriction", base="xs:string")
    for value in ("verified", "single", "memory", "own"):
        _node(restriction, "enumeration", value=value)
    entry = _node(root, "element", name=form.entry, minOccurs="0", maxOccurs="unbounded")
    sections = _node(_node(entry, "complexType"), "sequence")
    for section in form.sections:
        held = _node(sections, "element", name=_camel(section.name), **_occurs(True, section.repeated))
        attributes = _node(_node(held, "complexType"), "sequence")
        for attribute in section.attributes:
            one = _node(
                attributes, "element", name=attribute.xml_name, **_occurs(attribute.required, attribute.repeated)
            )
            kind = _XSD_TYPES[attribute.type]
            if attribute.type != "text":
                one.set("type", kind)
                continue
            filled = _node(_node(one, "simpleType"), "restriction", base=kind)
            _node(filled, "minLength", value="1")
    return str(etree.tostring(schema, encoding="unicode", pretty_print=True))


# --- for people ------------------------------------------------------------------------------------------------------


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


_NARROWEST, _WIDEST, _PAGE = 10, 44, 150
"""Widths of a column, and of a page, in characters."""


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F or char in "“”‘’—…" else 1 for char in text)


def _lines(text: str, width: int) -> int:
    return sum(math.ceil((_width(line) or 1) / (width - 2)) for line in text.split("\n"))


def _sheet(book: Any, name: str, heads: Sequence[str], body: Iterable[Sequence[str]]) -> None:
    text = book.add_format({"font_name": "宋体", "font_size": 10, "valign": "top", "text_wrap": True, "border": 1})
    head = book.add_format(
        {"font_name": "宋体", "font_size": 10, "bold": True, "border": 1, "text_wrap": True, "bg_color": "#EDEDED"}
    )
    sheet = book.add_worksheet(name)
    rows = [heads, *body]
    widths = []
    for column, cells in enumerate(zip(*rows, strict=True)):
        longest = max(_width(line) for cell in cells for line in cell.split("\n"))
        widths.append(min(max(longest + 3, _NARROWEST), _WIDEST))
        sheet.set_column(column, column, widths[-1])
    for number, row in enumerate(rows):
        # Said outright: not every program fits a row to its text when it opens a workbook.
        lines = max(_lines(value, width) for value, width in zip(row, widths, strict=True))
        sheet.set_row(number, min(14 * lines, 400))
        for column, value in enumerate(row):
            sheet.write_string(number, column, value, text if number else head)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, len(rows) - 1, len(heads) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(math.ceil(sum(widths) / _PAGE), 0)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)


def write_workbook(form: Form, entries: Sequence[Entry], stream: BinaryIO) -> None:
    """The document as a workbook: the notes, the entries, and a sheet for each section that repeats.

    Raises:
        MissingExtra: ``xlsx`` is not installed.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise MissingExtra("xlsx", "写出工作簿", "writing a workbook") from None
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": datetime.datetime(2017, 1, 1), "title": form.title_zh})
    single = [section for section in form.sections if not section.repeated]
    key = single[0].attributes[0]
    _sheet(
        book, form.title_zh, [f"{one.title_zh}\n{one.title_en}" for s in single for one in s.attributes],
        ([_shown(entry[s.name].get(one.name)) for s in single for one in s.attributes] for entry in entries),
    )  # fmt: skip
    for section in form.sections:
        if section.repeated:
            _sheet(
                book, section.title_zh,
                [f"{one.title_zh}\n{one.title_en}" for one in (key, *section.attributes)],
                (
                    [entry[single[0].name][key.name], *(_shown(values.get(one.name)) for one in section.attributes)]
                    for entry in entries for values in entry[section.name]
                ),
            )  # fmt: skip
    _sheet(
        book, "说明", ["名称 Name", "说明 Note", "可信度 Certainty", "来源 Source"],
        _about(form),
    )  # fmt: skip
    book.close()
    stream.write(whole.getvalue())


def _about(form: Form) -> Iterator[tuple[str, str, str, str]]:
    for zh, en in form.notes:
        yield form.title_zh, f"{zh}\n{en}", "", ""
    for section in form.sections:
        for one in section.attributes:
            title = f"{section.title_zh} {section.title_en}"
            yield f"{one.title_zh} {one.title_en}", title, one.certainty, one.source


_STYLE = """
body{font:15px/1.5 "Noto Sans CJK SC","Microsoft YaHei","PingFang SC",sans-serif;margin:1.5rem;max-width:70rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;border-bottom:1px solid #8888}h3{font-size:1rem;margin:1rem 0 .3rem}
nav{columns:14rem}nav a{display:block}
table{border-collapse:collapse;width:100%}
th,td{border:1px solid #8886;padding:.2rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:normal;width:13rem}th.section{width:7rem}
article{break-inside:avoid}
@media print{nav{display:none}@page{size:A4}body{margin:0;font-size:10px}}
"""
_STYLE_DIGEST = f"'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'"


def html_text(form: Form, entries: Sequence[Entry], group_by: str) -> str:
    """The document as one page that needs nothing else; ``group_by`` names the attribute of the first section that
    entries are gathered under."""
    first = form.sections[0]
    key, title = first.attributes[0].name, first.attributes[1].name
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(entry[first.name][group_by], []).append(entry)
    parts = [
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; style-src {_STYLE_DIGEST}">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{_text(form.title_zh)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{_text(form.title_zh)} {_text(form.title_en)}</h1>\n"
    ]
    parts += [f"<p>{_text(zh)}<br>{_text(en)}</p>\n" for zh, en in form.notes]
    links = "".join(f'<a href="#{_anchor(name)}">{_text(name)}</a>' for name in groups)
    parts.append(f"<nav>{links}</nav>\n")
    for name, members in groups.items():
        parts.append(f'<h2 id="{_anchor(name)}">{_text(name)}</h2>\n')
        for entry in members:
            head = entry[first.name]
            parts.append(f"<article>\n<h3>{_text(head[title])} <code>{_text(head[key])}</code></h3>\n<table>\n")
            parts.extend(_rows(form, entry))
            parts.append("</table>\n</article>\n")
    parts.append("</body>\n</html>\n")
    return "".join(parts)


def _rows(form: Form, entry: Entry) -> Iterator[str]:
    for section in form.sections:
        for values in entry[section.name] if section.repeated else (entry[section.name],):
            rows = [(one, values[one.name]) for one in section.attributes if values.get(one.name) not in (None, [])]
            for at, (one, value) in enumerate(rows):
                head = f'<th class="section" rowspan="{len(rows)}">{_text(section.title_zh)}</th>' if at == 0 else ""
                shown = _text(_shown(value)).replace("\n", "<br>")
                yield f"<tr>{head}<th>{_text(one.title_zh)} {_text(one.title_en)}</th><td>{shown}</td></tr>\n"


def _anchor(name: str) -> str:
    return _text(name.replace(" ", "-"))


def _text(text: str) -> str:
    return html.escape(text)
