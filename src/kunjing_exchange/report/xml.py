"""Filled tables as XML, and the schema that their declarations make.

Every table is an element of its id (``KJ-T1``), every figure one of its column's id, in the order of the columns:
counts are whole numbers, amounts have two places, ratios one or two. A figure that is not there (not published, written
in by hand, nothing to divide by) is ``xsi:nil``, and its ``state`` says which. The schema is the project's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from lxml import etree

from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.findings import Verdict
from kunjing_exchange.model import NAMESPACE
from kunjing_exchange.report.layout import STATES, state
from kunjing_exchange.report.place import LEVELS
from kunjing_exchange.report.release import METHODS

if TYPE_CHECKING:
    from kunjing_exchange.report.filled import Figure, Report
    from kunjing_exchange.report.table import StatColumn, StatTable

__all__ = ["TABLES_NAMESPACE", "write_xml", "xsd_text"]

TABLES_NAMESPACE = f"{NAMESPACE}:tables"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{_XSI}}}nil"
_XSD = "http://www.w3.org/2001/XMLSchema"


def _name(tag: str) -> str:
    return f"{{{TABLES_NAMESPACE}}}{tag}"


def write_xml(reports: Iterable[Report], stream: BinaryIO, lang: str = "zh") -> None:
    """The tables as one document by :func:`xsd_text`; ``lang`` is that of the names of divisions.

    Raises:
        InvalidArgument: the name of a sender or division holds a character that XML can't.
    """
    root = etree.Element(_name("Tables"), nsmap={None: TABLES_NAMESPACE, "xsi": _XSI})
    for report in reports:
        try:
            _add(root, report, lang)
        except ValueError:
            raise InvalidArgument(
                "填报单位或区划名称含 XML 不允许的控制字符，请改正后再写出 XML",
                "the name of the sender or of a division holds a control character, which XML can't: correct it first",
            ) from None
    stream.write(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _add(root: Any, report: Report, lang: str) -> None:
    node = etree.SubElement(
        root, _name(report.table.id), period=report.period, start=report.period_start.isoformat(),
        end=report.period_end.isoformat(), by=report.level, sender=report.sender, edition=report.edition,
        verdict=report.verdict.value,
    )  # fmt: skip
    if report.known_on is not None:
        node.set("knownOn", report.known_on.isoformat())
    if report.from_dataset:
        node.set("fromDataset", "true")
    if report.release is not None:
        release = report.release
        node.set("disclosure", release.method)
        node.set("least", str(release.least))
        if release.base:
            node.set("base", str(release.base))
    for number in report.replaced:
        etree.SubElement(node, _name("Replaced")).text = number
    for reason, count in report.left_out.items():
        one = etree.SubElement(node, _name("LeftOut"), reason=reason)
        if count is None:
            one.set(_NIL, "true")
        else:
            one.text = str(count)
    for row in report.rows:
        name = row.name_zh if lang == "zh" else row.name_en
        _figures(etree.SubElement(node, _name("Row"), code=row.code, name=name), report.table, row.figures)
    _figures(etree.SubElement(node, _name("Total")), report.table, report.totals)


def _figures(node: Any, table: StatTable, figures: Sequence[Figure]) -> None:
    for place, (column, figure) in enumerate(zip(table.columns, figures, strict=True)):
        one = etree.SubElement(node, _name(column.id))
        if figure is None:
            one.set(_NIL, "true")
            one.set("state", state(table, figures, place))
        else:
            one.text = str(figure)


# --- the schema ------------------------------------------------------------------------------------------------------


def _node(parent: Any, tag: str, **attributes: str) -> Any:
    return etree.SubElement(parent, f"{{{_XSD}}}{tag}", **attributes)


def _documented(parent: Any, zh: str, en: str) -> None:
    _node(_node(parent, "annotation"), "documentation").text = f"{zh} | {en}"


def _simple(schema: Any, name: str, base: str, **facets: str | Iterable[str]) -> None:
    restriction = _node(_node(schema, "simpleType", name=name), "restriction", base=base)
    for facet, values in facets.items():
        for value in (values,) if isinstance(values, str) else values:
            _node(restriction, facet, value=value)


_VALUES = {"Count": "CountValue", "Amount": "AmountValue", "Ratio": "AmountValue"}


def xsd_text(tables: Iterable[StatTable]) -> str:
    """The schema of :func:`write_xml` for these tables, with what every figure means."""
    schema = etree.Element(f"{{{_XSD}}}schema", nsmap={"xs": _XSD, None: TABLES_NAMESPACE})
    schema.set("targetNamespace", TABLES_NAMESPACE)
    schema.set("elementFormDefault", "qualified")
    _documented(schema, "困境儿童统计表；本结构为本项目自定", "statistical tables; this schema is the project's own")
    root = _node(_node(schema, "element", name="Tables"), "complexType")
    choice = _node(root, "choice", minOccurs="0", maxOccurs="unbounded")
    _simple(schema, "Level", "xs:string", enumeration=LEVELS)
    _simple(schema, "Disclosure", "xs:string", enumeration=[method for method in METHODS if method != "none"])
    _simple(schema, "Verdict", "xs:string", enumeration=[one.value for one in Verdict])
    _simple(schema, "State", "xs:string", enumeration=[one for one in STATES if one != "given"])
    _simple(schema, "Period", "xs:string", pattern="(19|20|21)[0-9]{2}(-(0[1-9]|1[0-2])|Q[1-4]|H[12])?")
    _simple(schema, "CountValue", "xs:nonNegativeInteger")
    _simple(schema, "AmountValue", "xs:decimal", fractionDigits="2")
    for name, base in _VALUES.items():
        content = _node(_node(schema, "complexType", name=name), "simpleContent")
        _node(_node(content, "extension", base=base), "attribute", name="state", type="State")
    left_out = _node(_node(schema, "complexType", name="LeftOut"), "simpleContent")
    _node(
        _node(left_out, "extension", base="xs:nonNegativeInteger"), "attribute", name="reason", type="xs:string",
        use="required",
    )  # fmt: skip
    for table in tables:
        _node(choice, "element", name=table.id, type=f"{table.id}.Table")
        _add_table(schema, table)
    return str(etree.tostring(schema, encoding="unicode", pretty_print=True))


def _add_table(schema: Any, table: StatTable) -> None:
    group = _node(_node(schema, "group", name=f"{table.id}.Figures"), "sequence")
    for column in table.columns:
        one = _node(group, "element", name=column.id, type=_kind(column), nillable="true")
        zh, en = " · ".join(column.headings_zh), " · ".join(column.headings_en)
        _documented(
            one, f"{zh}：{column.definition_zh}（{column.unit_zh}；{column.clause}）",
            f"{en}: {column.definition_en} ({column.unit_en})",
        )  # fmt: skip
    whole = _node(schema, "complexType", name=f"{table.id}.Table")
    _documented(
        whole, f"{table.title_zh}。{table.population_zh}。{table.source}", f"{table.title_en}. {table.population_en}"
    )
    parts = _node(whole, "sequence")
    _node(parts, "element", name="Replaced", type="xs:string", minOccurs="0", maxOccurs="unbounded")
    _node(parts, "element", name="LeftOut", type="LeftOut", minOccurs="0", maxOccurs="unbounded", nillable="true")
    row = _node(_node(parts, "element", name="Row", minOccurs="0", maxOccurs="unbounded"), "complexType")
    _node(_node(row, "sequence"), "group", ref=f"{table.id}.Figures")
    code = _node(_node(_node(row, "attribute", name="code", use="required"), "simpleType"), "restriction")
    code.set("base", "xs:string")
    _node(code, "pattern", value="[0-9]{6}([0-9]{3}([0-9]{3})?)?")
    _node(row, "attribute", name="name", type="xs:string", use="required")
    total = _node(_node(parts, "element", name="Total"), "complexType")
    _node(_node(total, "sequence"), "group", ref=f"{table.id}.Figures")
    for name, kind, use in (
        ("period", "Period", "required"), ("start", "xs:date", "required"), ("end", "xs:date", "required"),
        ("by", "Level", "required"), ("sender", "xs:string", "required"), ("edition", "xs:string", "required"),
        ("verdict", "Verdict", "required"), ("knownOn", "xs:date", "optional"),
        ("fromDataset", "xs:boolean", "optional"),
        ("disclosure", "Disclosure", "optional"), ("least", "xs:positiveInteger", "optional"),
        ("base", "xs:positiveInteger", "optional"),
    ):  # fmt: skip
        _node(whole, "attribute", name=name, type=kind, use=use)


def _kind(column: StatColumn) -> str:
    return "Ratio" if column.ratio else "Amount" if column.money else "Count"
