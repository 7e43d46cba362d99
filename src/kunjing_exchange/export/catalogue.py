"""Catalogue entries (政务信息资源目录) for the messages and the statistical tables.

By GB/T 21063 and the compilation guide of 2017 (政务信息资源目录编制指南（试行）). The labels of the elements are
public (``catalogue_elements.csv`` says where each is printed); short names for them are not, so those here are the
project's own. What only the place can say (its code, its provider, the day of publication) is left out until it is
given.
"""

from __future__ import annotations

import csv
import datetime
import importlib.resources
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from kunjing_exchange.codes import code_list
from kunjing_exchange.departments import Layout, department, layouts, purposes
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.export.form import Attribute, Entry, Form, Section, as_dict, write_workbook, xml_bytes, xsd_text
from kunjing_exchange.identifiers import IDENTIFIERS
from kunjing_exchange.model import POLICY, RECORDS, elements
from kunjing_exchange.report import table as stat_table
from kunjing_exchange.report import table_names
from kunjing_exchange.wire import FORMATS

__all__ = ["CATALOGUE_FORMATS", "Provider", "catalogue", "catalogue_form", "write_catalogue"]

CATALOGUE_FORMATS = ("xlsx", "json", "xml", "xsd")

SUBMISSION = "kunjing:submission"
"""The entry of the canonical submission."""

_OWN = "kunjing_exchange"
_TO_FILL = frozenset({"code", "provider", "provider_code", "published_on"})
"""What the place has to say, so that it may be missing here though the guide requires it."""

_NOTES = (
    (
        "著录项名称和必填要求依《政务信息资源目录编制指南（试行）》；英文短名未见公开，为本项目自定。"
        "分类和共享类型的数字凭记忆。GB/T 21063.3 有 6 个必选和 6 个可选核心元数据，其名称未见公开资料，未与之对照。",
        "The labels of the elements and which are required follow the compilation guide of 2017; short names are not "
        "public, and those used here are the project's own. The digits of class and sharing type are from memory. "
        "GB/T 21063.3 has 6 mandatory and 6 optional core elements; their names were in no public source, so there is "
        "no comparison with them.",
    ),
    (
        "信息资源代码、提供方及其代码、发布日期由提供方或目录管理部门确定；此处没有的即为待填。"
        "分类、共享、开放和更新周期为本项目的建议，由提供方决定。",
        "Code, provider and day of publication are for the provider or the catalogue's keeper to say: what is missing "
        "here is still to be filled in. Classification, sharing, openness and update cycle are the project's "
        "suggestions, and the provider's to decide.",
    ),
)


@dataclass(frozen=True, slots=True)
class Provider:
    """What the place says of itself: the office with its credit code, the code of the catalogue's branch that entries
    are numbered under (``类`` 1 digit, ``项`` 2, ``目`` 3, ``细目`` any), and the day of publication.

    Raises:
        InvalidArgument: the credit code has a wrong check digit, or the branch is no such code.
    """

    name: str | None = None
    code: str | None = None
    branch: str | None = None
    published_on: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.code is not None and not IDENTIFIERS["credit_code"].is_valid(self.code):
            raise InvalidArgument("提供方代码不是正确的统一社会信用代码", "the provider's code is no valid credit code")
        if self.branch is not None and not re.fullmatch("[1-3][0-9]{5,}", self.branch):
            raise InvalidArgument(
                "目录分类代码应为：类 1 位（1—3）、项 2 位、目 3 位、细目任意位，全为数字",
                "the branch is digits: 1 of the class (1 to 3), 2, 3, and any number more",
            )


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def catalogue_form() -> Form:
    """What an entry of the catalogue holds."""
    public = tuple(
        Attribute(
            row["element"], row["title_zh"], row["title_en"], row["certainty"], row["source"],
            type="date" if row["element"] == "published_on" else "text",
            required=row["required"] == "Y" and row["element"] not in _TO_FILL,
            repeated=row["element"] == "related_code",
        )
        for row in _rows("catalogue_elements.csv")
    )  # fmt: skip
    own = (
        Attribute("entry", "条目标识", "entry", "own", _OWN),
        Attribute("standard", "依据标准", "standard", "own", _OWN, required=False),
        Attribute("public_layout", "格式是否公开", "layout is public", "own", _OWN, type="boolean"),
        Attribute("to_fill", "待填著录项", "elements to be filled in", "own", _OWN, repeated=True),
    )
    guide = "政务信息资源目录编制指南（试行）"
    item = (
        Attribute("name", "信息项名称", "item", "verified", guide),
        Attribute("data_type", "数据类型", "data type", "verified", guide),
        Attribute("length", "长度", "length", "own", _OWN, type="integer", required=False),
        Attribute("element", "元素名", "element name", "own", _OWN),
        Attribute("required", "是否必填", "required", "own", _OWN, required=False),
        Attribute("code_list", "代码表", "code list", "own", _OWN, required=False),
        Attribute("definition", "说明", "definition", "own", _OWN, required=False),
        Attribute("certainty", "可信度", "certainty", "own", _OWN, required=False),
    )
    head, *rest = own
    return Form(
        "catalogue",
        "困境儿童政务信息资源目录",
        "Catalogue of information resources on children in difficulty",
        "urn:kunjing-exchange:catalogue:v1",
        "Catalogue",
        "InformationResource",
        (
            Section("resource", "信息资源", "resource", (head, *public, *rest)),
            Section("item", "信息项信息", "items", item, repeated=True),
        ),
        _NOTES,
    )


# --- the entries -----------------------------------------------------------------------------------------------------

_TYPES = {
    "string": "字符型", "number": "数值型", "integer": "数值型", "date": "日期型", "datetime": "日期时间型",
    "text": "字符型", "code": "字符型", "month": "日期型", "money": "数值型", "boolean": "布尔型",
    "object": "复合型",
}  # fmt: skip
_METHOD = "文件交换，或经数据共享交换平台"
_CLOSED = "不开放：含儿童个人信息"


def _share_type() -> str:
    return f"2 {code_list('share_type').name_of('2')}"


def _classification() -> str:
    return f"3 {code_list('catalogue_class').name_of('3')}"


def _layout_entry(of: Layout) -> Entry:
    conditions = [
        f"{one.why_zh}（{'、'.join(basis.clause for basis in one.basis)}）"
        for one in purposes().values()
        if one.layout.name == of.name
    ]
    return {
        "resource": {
            "entry": of.name,
            "classification": _classification(),
            "title": of.title_zh,
            "provider": department(of.department).title_zh,
            "abstract": of.note_zh or of.title_zh,
            "format": "、".join(of.formats),
            "share_type": _share_type(),
            "share_condition": "；".join(conditions) or "含儿童个人信息，须有法定依据，按用途提供并逐次记录",
            "share_method": _METHOD,
            "openness": _CLOSED,
            "update_cycle": "按业务发生",
            "standard": of.standard,
            "public_layout": of.public,
        },
        "item": [
            {
                "name": one.title,
                "data_type": _TYPES[one.type],
                "length": one.length,
                "element": one.name,
                "required": one.required,
                "code_list": one.codes,
                "certainty": one.certainty,
            }
            for one in of.elements
        ],
    }


def _submission_entry() -> Entry:
    return {
        "resource": {
            "entry": SUBMISSION,
            "classification": _classification(),
            "title": "困境儿童档案报送",
            "abstract": "一人一档的困境儿童档案及机构、人员、站点："
            "认定、监护、照料、待遇、就学、医保、康复、安全保护和走访。",
            "format": "、".join(FORMATS),
            "share_type": _share_type(),
            "share_condition": "含儿童个人信息，须有法定依据，按用途提供并逐次记录；限制使用的字段须另有用途说明",
            "share_method": _METHOD,
            "openness": _CLOSED,
            "update_cycle": "按报告期：月、季、半年或年",
            "standard": f"{POLICY}；kunjing_exchange v1",
            "public_layout": True,
        },
        "item": [
            {
                "name": f"{record.title()}.{element.title}",
                "data_type": _TYPES[element.lexical.kind],
                "length": element.lexical.max_length,
                "element": f"{record.table()}.{element.name}",
                "required": "Y" if element.required else "",
                "code_list": element.lexical.code_list,
                "definition": element.description,
                "certainty": "own",
            }
            for record in RECORDS.values()
            for element in elements(record)
            if element.lexical is not None
        ],
    }


def _table_entry(table_id: str) -> Entry:
    table = stat_table(table_id)
    return {
        "resource": {
            "entry": f"kunjing:{table_id}",
            "classification": _classification(),
            "title": table.title_zh,
            "abstract": f"{table.title_zh}：{table.population_zh}",
            "format": "xlsx、json、SDMX-CSV、SDMX-ML",
            "share_type": _share_type(),
            "share_condition": "对外提供前须作小数单元抑制处理",
            "share_method": _METHOD,
            "openness": "经小数单元抑制处理后可以开放，由提供方决定",
            "update_cycle": "按报告期：月、季、半年或年",
            "standard": table.source,
            "public_layout": True,
        },
        "item": [
            {"name": "行政区划", "data_type": "字符型", "length": 12, "element": "code", "certainty": "own"},
            *(
                {
                    "name": "·".join(column.headings_zh),
                    "data_type": "数值型",
                    "element": column.id,
                    "definition": column.definition_zh,
                    "certainty": "own",
                }
                for column in table.columns
            ),
        ],
    }


def _filled(entry: Entry, number: int, provider: Provider, related: list[str]) -> Entry:
    """With what the place says, without what is empty, and naming what is still to be said."""
    resource = dict(entry["resource"])
    if resource.get("provider") in (None, department("civil_affairs").title_zh):
        resource |= {"provider": provider.name or resource.get("provider"), "provider_code": provider.code}
    if provider.published_on is not None:
        resource["published_on"] = provider.published_on.isoformat()
    if provider.branch is not None:
        resource["code"] = f"{provider.branch}/{number}"
        resource["related_code"] = related
        resource["classification"] = (
            f"{provider.branch[0]} {code_list('catalogue_class').name_of(provider.branch[0])}，"
            f"项 {provider.branch[1:3]}，目 {provider.branch[3:6]}"
            + (f"，细目 {provider.branch[6:]}" if provider.branch[6:] else "")
        )
    resource.setdefault("related_code", [])
    resource["to_fill"] = [name for name in sorted(_TO_FILL) if not resource.get(name)]
    return {
        "resource": {name: value for name, value in resource.items() if value not in (None, "")},
        "item": [{name: value for name, value in one.items() if value not in (None, "")} for one in entry["item"]],
    }


def catalogue(provider: Provider | None = None) -> list[Entry]:
    """The entries by :func:`catalogue_form`: the canonical submission, every table, every layout of a department."""
    given = provider or Provider()
    entries = [
        _submission_entry(),
        *map(_table_entry, table_names()),
        *map(_layout_entry, layouts().values()),
    ]
    first = f"{given.branch}/1"  # the tables and the layouts are made from, or read into, the submission
    return [_filled(entry, number, given, [] if number == 1 else [first]) for number, entry in enumerate(entries, 1)]


def write_catalogue(
    stream: BinaryIO,
    format: str,  # noqa: A002 - the command line's name for it
    provider: Provider | None = None,
) -> None:
    """Write the catalogue in one of :data:`CATALOGUE_FORMATS`; ``xsd`` is the schema of ``xml``.

    Raises:
        InvalidArgument: no such format.
        MissingExtra: ``xlsx`` is not installed.
    """
    form = catalogue_form()
    if format == "xlsx":
        write_workbook(form, catalogue(provider), stream)
    elif format == "json":
        document = as_dict(form, catalogue(provider))
        document["code_levels"] = list(_rows("catalogue_code.csv"))
        stream.write(json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n")
    elif format == "xml":
        stream.write(xml_bytes(form, catalogue(provider)))
    elif format == "xsd":
        stream.write(xsd_text(form).encode())
    else:
        raise InvalidArgument(
            f"目录没有格式 {format}；可用：{'、'.join(CATALOGUE_FORMATS)}",
            f"no format {format} of the catalogue; one of {', '.join(CATALOGUE_FORMATS)}",
        )
