"""The data-element dictionary: every field of the canonical records with its five kinds of attributes.

By GB/T 18391 (ISO/IEC 11179) and GB/T 19488.1: identifying, definitional, relational, representational and
administrative attributes. All of it is read from the models; nothing is said twice.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from kunjing_exchange.codes import code_list, crosswalk_names
from kunjing_exchange.departments import layouts
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.export.form import (
    Attribute,
    Entry,
    Form,
    Section,
    as_dict,
    html_text,
    write_workbook,
    xml_bytes,
    xsd_text,
)
from kunjing_exchange.model import POLICY, RECORDS, VERSION, DepartmentRecord, Element, Record, elements
from kunjing_exchange.model.types import TEXT_PATTERN

__all__ = ["ELEMENTS_FORM", "ELEMENT_FORMATS", "data_elements", "write_elements"]

ELEMENT_FORMATS = ("xlsx", "html", "json", "xml", "xsd")

_STANDARD = "GB/T 18391.3 (ISO/IEC 11179-3), GB/T 19488.1"
_OWN = "kunjing_exchange"


def _of_standard(name: str, zh: str, en: str, **more: Any) -> Attribute:
    return Attribute(name, zh, en, "memory", _STANDARD, **more)


def _own(name: str, zh: str, en: str, **more: Any) -> Attribute:
    return Attribute(name, zh, en, "own", _OWN, **more)


ELEMENTS_FORM = Form(
    "elements",
    "困境儿童数据元目录",
    "Data-element dictionary of records of children in difficulty",
    "urn:kunjing-exchange:elements:v1",
    "DataElements",
    "DataElement",
    (
        Section(
            "identifying",
            "标识类属性",
            "identifying",
            (
                _of_standard("identifier", "内部标识符", "identifier"),
                _of_standard("name_zh", "中文名称", "name (Chinese)"),
                _of_standard("name_en", "英文名称", "name (English)"),
                _of_standard("context", "语境", "context"),
                _of_standard("version", "版本", "version"),
                _own("field", "字段名", "field and column"),
                _own("xml_element", "XML 元素名", "XML element"),
            ),
        ),
        Section(
            "definitional",
            "定义类属性",
            "definitional",
            (
                _of_standard("definition", "定义", "definition"),
                _of_standard("object_class", "对象类词", "object class term"),
                _of_standard("property", "特性词", "property term"),
            ),
        ),
        Section(
            "relational",
            "关系类属性",
            "relational",
            (
                _of_standard("related", "相关数据元", "related data elements", repeated=True),
                _own("holds", "所含记录", "record it holds", required=False),
                _own("department_elements", "对应的部门数据元", "departments' elements", repeated=True),
                _own("code_crosswalks", "代码对照", "cross-walks of its codes", repeated=True),
            ),
        ),
        Section(
            "representational",
            "表示类属性",
            "representational",
            (
                _of_standard("representation", "表示词", "representation term"),
                _of_standard("datatype", "数据类型", "datatype"),
                _of_standard("format", "数据格式", "representation layout", required=False),
                _of_standard("max_length", "最大长度", "maximum length", type="integer", required=False),
                _of_standard("value_domain", "值域", "permissible values", required=False),
                _of_standard("unit", "计量单位", "unit of measure", required=False),
                _own("pattern", "正则表达式", "pattern", required=False),
                _own("unknown_allowed", "可否注明未知", "may be unknown, with a reason", type="boolean"),
            ),
        ),
        Section(
            "administrative",
            "管理类属性",
            "administrative",
            (
                _of_standard("status", "状态", "registration status"),
                _of_standard("registration_authority", "注册机构", "registration authority"),
                _of_standard("submitting_organisation", "提交机构", "submitting organisation"),
                _of_standard("obligation", "约束", "obligation"),
                _of_standard("occurrence", "最大出现次数", "maximum occurrence"),
                _own("standard", "依据标准", "standard", required=False),
                _own("clause", "依据条款", "clause", required=False),
                _own("restricted", "是否限制使用", "restricted", type="boolean"),
            ),
        ),
    ),
    (
        (
            "本目录由 kunjing_exchange 的数据模型生成。标识符为本项目自定，未在任何注册机构注册；"
            "属性的分类依 GB/T 18391（ISO/IEC 11179），属性名称凭一般了解写出，未与 GB/T 19488.1 原文核对。",
            "Made from the models of kunjing_exchange. The identifiers are the project's own and registered nowhere. "
            "The kinds of attributes follow GB/T 18391 (ISO/IEC 11179); the names of attributes are as commonly known "
            "and were not compared with the text of GB/T 19488.1.",
        ),
    ),
)

_TERMS = {
    "code": "代码 code",
    "date": "日期 date",
    "month": "年月 month",
    "datetime": "日期时间 date and time",
    "money": "金额 amount",
    "integer": "数量 count",
    "boolean": "指示符 indicator",
}
_TYPES = {
    "text": "字符型 string",
    "code": "字符型 string",
    "date": "日期型 date",
    "month": "日期型 date",
    "datetime": "日期时间型 dateTime",
    "money": "数值型 decimal",
    "integer": "数值型 integer",
    "boolean": "布尔型 boolean",
}


def _representation(element: Element) -> str:
    lexical = element.lexical
    if lexical is None:
        return "复合 composite"
    if lexical.kind != "text":
        return _TERMS[lexical.kind]
    if lexical.name.startswith("Text"):
        return "文本 text"
    return "名称 name" if lexical.name == "Name" else "号码 identifier"


@functools.cache
def _department_elements() -> Mapping[str, tuple[str, ...]]:
    """The departments' elements that are read or written as a field, by the field's identifier."""
    found: dict[str, dict[str, None]] = {}
    for name, layout in layouts().items():
        for one in layout.elements:
            for home in one.homes:
                if home.direction == "none" or not home.steps:
                    continue
                record: type[Record] = DepartmentRecord
                for step in home.steps:
                    (element,) = (each for each in elements(record) if each.name == step.name)
                    record = element.record or record
                found.setdefault(element.identifier, {})[f"{name} {one.name}"] = None
    return {identifier: tuple(names) for identifier, names in found.items()}


def _related(element: Element) -> Iterator[str]:
    """The same field of a record that this one is the narrower or wider form of."""
    for record in RECORDS.values():
        if record is not element.owner and (issubclass(record, element.owner) or issubclass(element.owner, record)):
            yield from (other.identifier for other in elements(record) if other.name == element.name)


def _value_domain(element: Element) -> str | None:
    lexical = element.lexical
    if lexical is None or lexical.code_list is None:
        return None
    codes = code_list(lexical.code_list)
    standard = f"{codes.standard} {codes.edition}".strip()
    return f"{codes.name} {codes.title_zh}（{standard}）"


def _entry(element: Element) -> Entry:
    lexical = element.lexical
    walks = [f"{one}→{other}" for one, other in crosswalk_names() if lexical and lexical.code_list in (one, other)]
    record = element.owner
    representational = {
        "representation": _representation(element),
        "datatype": _TYPES[lexical.kind] if lexical else "复合型 record",
        "format": lexical.representation if lexical else None,
        "max_length": lexical.max_length if lexical else None,
        "value_domain": _value_domain(element),
        "unit": "元 CNY" if lexical and lexical.kind == "money" else None,
        "pattern": lexical.pattern if lexical and lexical.pattern != TEXT_PATTERN else None,
        "unknown_allowed": element.fact,
    }
    administrative = {
        "status": "试用 trial use",
        "registration_authority": "kunjing_exchange（本项目自定 the project's own）",
        "submitting_organisation": "kunjing_exchange",
        "obligation": "必备 mandatory" if element.required else "可选 optional",
        "occurrence": "多次 unbounded" if element.repeated else "1",
        "standard": element.standard or None,
        "clause": f"{POLICY} {element.clause}" if element.clause else None,
        "restricted": element.restricted,
    }
    return {
        "identifying": {
            "identifier": element.identifier,
            "name_zh": element.title,
            "name_en": element.name.replace("_", " "),
            "context": f"{record.title()} {record.table()}",
            "version": VERSION,
            "field": element.name,
            "xml_element": element.xml_name,
        },
        "definitional": {
            "definition": element.description,
            "object_class": f"{record.title()} {record.__name__}",
            "property": element.title,
        },
        "relational": {
            "related": list(_related(element)),
            **({"holds": element.record.table()} if element.record else {}),
            "department_elements": list(_department_elements().get(element.identifier, ())),
            "code_crosswalks": walks,
        },
        "representational": {name: value for name, value in representational.items() if value is not None},
        "administrative": {name: value for name, value in administrative.items() if value is not None},
    }


def data_elements() -> list[Entry]:
    """Every field of the canonical records as an entry of :data:`ELEMENTS_FORM`, in the order of the records."""
    return [_entry(element) for record in RECORDS.values() for element in elements(record)]


def write_elements(stream: BinaryIO, format: str) -> None:  # noqa: A002 - the command line's name for it
    """Write the dictionary in one of :data:`ELEMENT_FORMATS`; ``xsd`` is the schema of ``xml``.

    Raises:
        InvalidArgument: no such format.
        MissingExtra: ``xlsx`` is not installed.
    """
    form = ELEMENTS_FORM
    if format == "xlsx":
        write_workbook(form, data_elements(), stream)
    elif format == "html":
        stream.write(html_text(form, data_elements(), "context").encode())
    elif format == "json":
        stream.write(json.dumps(as_dict(form, data_elements()), ensure_ascii=False, indent=2).encode() + b"\n")
    elif format == "xml":
        stream.write(xml_bytes(form, data_elements()))
    elif format == "xsd":
        stream.write(xsd_text(form).encode())
    else:
        raise InvalidArgument(
            f"数据元目录没有格式 {format}；可用：{'、'.join(ELEMENT_FORMATS)}",
            f"no format {format} of the dictionary; one of {', '.join(ELEMENT_FORMATS)}",
        )
