"""The statistical tables as SDMX: structures and data, 2.1 and 3.0, written by the library pysdmx.

Every table has a data structure of its own: what is counted (``INDICATOR``, a figure of the table), where
(``REF_AREA``), when (``TIME_PERIOD``) and how often (``FREQ``). The concepts are SDMX's cross-domain ones by name; the
agency and the structures are the project's own, registered nowhere.
"""

from __future__ import annotations

import datetime
import importlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, BinaryIO

from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument, MissingExtra, UnreadableInput
from kunjing_exchange.report import StatColumn, StatTable, table_names
from kunjing_exchange.report import table as stat_table
from kunjing_exchange.report.layout import state

__all__ = ["DATA_FORMATS", "STRUCTURE_FORMATS", "read_report", "write_data", "write_structures"]

AGENCY = "KUNJING"
VERSION = "1.0"

STRUCTURE_FORMATS = {"ml-2.1": "STRUCTURE_SDMX_ML_2_1", "ml-3.0": "STRUCTURE_SDMX_ML_3_0"}
DATA_FORMATS = {
    "csv": "DATA_SDMX_CSV_2_0_0",
    "csv-1.0": "DATA_SDMX_CSV_1_0_0",
    "ml-2.1": "DATA_SDMX_ML_2_1_STR",
    "ml-2.1-generic": "DATA_SDMX_ML_2_1_GEN",
    "ml-3.0": "DATA_SDMX_ML_3_0",
}

_TOTAL, _NOT_GIVEN = "_T", "_X"
_AREA_LISTS = ("division", "division_statistical", "township", "village")
_HENAN = "41"

# Names and codes of SDMX's cross-domain lists, from memory: only those that are used.
_CONCEPTS = {
    "FREQ": ("频度", "Frequency"),
    "REF_AREA": ("地区", "Reference area"),
    "INDICATOR": ("指标", "Indicator"),
    "TIME_PERIOD": ("报告期", "Time period"),
    "OBS_VALUE": ("数值", "Observation value"),
    "UNIT_MEASURE": ("计量单位", "Unit of measure"),
    "OBS_STATUS": ("数值状态", "Observation status"),
    "CONF_STATUS": ("保密状态", "Confidentiality status"),
}
_FREQ = {"A": ("年", "Annual"), "S": ("半年", "Half-yearly"), "Q": ("季", "Quarterly"), "M": ("月", "Monthly")}
_OBS_STATUS = {
    "A": ("正常", "Normal value"),
    "O": ("缺", "Missing value"),
    "Q": ("缺：已抑制", "Missing value; suppressed"),
}
_CONF_STATUS = {
    "F": ("可以公布", "Free (free for publication)"),
    "N": ("仅供内部使用", "Not for publication, restricted for internal use only"),
    "C": ("保密", "Confidential statistical information"),
}


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise MissingExtra("sdmx", "SDMX 导出", "the export to SDMX") from None


# --- structures ------------------------------------------------------------------------------------------------------


def _chinese(text: str) -> tuple[Any, ...]:
    """The Chinese name beside the English one: the library writes every name as English, a title has no language."""
    return (_library("pysdmx.model").Annotation(id="zh", type="NAME_ZH", title=text),)


def _code_list(list_id: str, zh: str, en: str, items: Iterable[tuple[str, str, str, str]]) -> Any:
    """A code list of (code, Chinese, English, description)."""
    model = _library("pysdmx.model")
    codes = [
        model.Code(code, name=name_en or name_zh, description=about or None, annotations=_chinese(name_zh))
        for code, name_zh, name_en, about in items
    ]
    return model.Codelist(list_id, name=en, agency=AGENCY, version=VERSION, items=codes, annotations=_chinese(zh))


def _areas() -> Iterator[tuple[str, str, str, str]]:
    yield _TOTAL, "合计", "Total", ""
    yield _NOT_GIVEN, "未填", "Not given", ""
    seen: set[str] = set()
    for name in _AREA_LISTS:
        codes = code_list(name)
        for code in codes:
            if code.startswith(_HENAN) and code not in seen:
                seen.add(code)
                zh = codes.name_of(code) or code
                yield code, zh, codes.name_of(code, None, "en") or zh, ""


def _indicators(table: StatTable) -> Iterator[tuple[str, str, str, str]]:
    for column in table.columns:
        yield column.id, _name(column, "zh"), _name(column, "en"), column.definition_en


def _name(column: StatColumn, lang: str) -> str:
    return " · ".join(column.headings_zh if lang == "zh" else column.headings_en)


def _suffix(table_id: str) -> str:
    return table_id.replace("-", "_")


def _code_lists(tables: Iterable[StatTable]) -> Mapping[str, Any]:
    def plain(codes: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str, str, str]]:
        return ((code, zh, en, "") for code, (zh, en) in codes.items())

    return {
        "FREQ": _code_list("CL_FREQ", "频度", "Frequency", plain(_FREQ)),
        "REF_AREA": _code_list("CL_AREA", "河南省行政区划", "Divisions of Henan", _areas()),
        "OBS_STATUS": _code_list("CL_OBS_STATUS", "数值状态", "Observation status", plain(_OBS_STATUS)),
        "CONF_STATUS": _code_list("CL_CONF_STATUS", "保密状态", "Confidentiality status", plain(_CONF_STATUS)),
        **{
            table.id: _code_list(
                f"CL_{_suffix(table.id)}", f"{table.title_zh}指标", f"Figures of {table.title_en}", _indicators(table)
            )
            for table in tables
        },
    }


def _structure(table: StatTable, lists: Mapping[str, Any], value_type: str) -> Any:
    """The data structure of a table with the code lists at hand; ``value_type`` is the SDMX type of the figures."""
    model = _library("pysdmx.model")

    def component(concept: str, role: Any, codes: Any = None, dtype: str | None = None, required: bool = True) -> Any:
        return model.Component(
            concept,
            required,
            role,
            model.ItemReference("Concept", AGENCY, "CS_KUNJING", VERSION, concept),
            local_codes=codes,
            local_dtype=None if dtype is None else model.DataType(dtype),
            attachment_level="O" if role is model.Role.ATTRIBUTE else None,
        )

    dimension, measure, attribute = model.Role.DIMENSION, model.Role.MEASURE, model.Role.ATTRIBUTE
    components = [
        component("FREQ", dimension, lists.get("FREQ")),
        component("REF_AREA", dimension, lists.get("REF_AREA")),
        component("INDICATOR", dimension, lists.get(table.id)),
        component("TIME_PERIOD", dimension, dtype="ObservationalTimePeriod"),
        component("OBS_VALUE", measure, dtype=value_type, required=False),
        component("UNIT_MEASURE", attribute, dtype="String"),
        component("OBS_STATUS", attribute, lists.get("OBS_STATUS")),
        component("CONF_STATUS", attribute, lists.get("CONF_STATUS")),
    ]
    return model.DataStructureDefinition(
        f"DSD_{_suffix(table.id)}", name=table.title_en, agency=AGENCY, version=VERSION,
        components=model.Components(components), annotations=_chinese(table.title_zh),
    )  # fmt: skip


def write_structures(stream: BinaryIO, format: str, table: str | None = None) -> None:  # noqa: A002 - as elsewhere
    """Write concepts, code lists, and data structure and dataflow of a table, or of every one.

    Raises:
        InvalidArgument: no such format.
        UnknownTable: no such table.
        MissingExtra: ``sdmx`` is not installed.
    """
    chosen = _format(STRUCTURE_FORMATS, format)
    tables = [stat_table(name) for name in (table_names() if table is None else (table,))]
    model = _library("pysdmx.model")
    lists = _code_lists(tables)
    concepts = model.ConceptScheme(
        "CS_KUNJING", name="Concepts", agency=AGENCY, version=VERSION, annotations=_chinese("概念"),
        items=[model.Concept(one, name=en, annotations=_chinese(zh)) for one, (zh, en) in _CONCEPTS.items()],
    )  # fmt: skip
    structures = [_structure(one, lists, "Decimal") for one in tables]
    flows = [
        model.Dataflow(
            f"DF_{_suffix(one.id)}", name=one.title_en, agency=AGENCY, version=VERSION, structure=structure,
            annotations=_chinese(one.title_zh),
        )
        for one, structure in zip(tables, structures, strict=True)
    ]  # fmt: skip
    _write(stream, [*lists.values(), concepts, *structures, *flows], chosen, "structures")


# --- data ------------------------------------------------------------------------------------------------------------


def read_report(text: str | bytes, name: str = "-") -> dict[str, Any]:
    """A table as ``kunjing report --format json`` writes it; a figure with a decimal point is exact.

    Raises:
        UnreadableInput: it is no JSON, or no such table.
    """
    try:
        document = json.loads(text, parse_float=Decimal)
        complete = document["table"], document["period"], document["columns"], document["rows"], document["total"]
    except (ValueError, KeyError, TypeError, RecursionError):
        complete = None
    if complete is None:
        raise UnreadableInput(
            f"{name} 不是汇总表的 JSON（kunjing report --format json 的输出）",
            f"{name} is no table in JSON, as kunjing report --format json writes it",
        )
    found: dict[str, Any] = document
    return found


def write_data(stream: BinaryIO, report: Mapping[str, Any], format: str = "csv") -> None:  # noqa: A002 - as elsewhere
    """Write a filled table (:meth:`Report.as_dict`, or :func:`read_report`) in one of :data:`DATA_FORMATS`.

    The sum over the rows is the area ``_T``, a row without a division ``_X``. A hidden figure has no value, the status
    ``Q`` and is confidential, whether it is hidden for its own sake or for another's; every other is free in a table
    made to be published (:func:`kunjing_exchange.report.released`), and for internal use in any other.

    Raises:
        InvalidArgument: no such format, or a row or period that SDMX has no place for.
        UnknownTable: no such table.
        MissingExtra: ``sdmx`` is not installed.
    """
    chosen = _format(DATA_FORMATS, format)
    table = stat_table(report["table"])
    rows = list(_observations(table, report))
    pandas, datasets = _library("pandas"), _library("pysdmx.io.pd")
    # The figures go through as text: as numbers the library would make floats of them.
    schema = _library("pysdmx.model").Schema(
        "dataflow", AGENCY, f"DF_{_suffix(table.id)}", _structure(table, {}, "String").components, VERSION
    )
    dataset = datasets.PandasDataset(structure=schema, data=pandas.DataFrame(rows, dtype=str))
    _write(stream, [dataset], chosen, f"{_suffix(table.id)}-{report['period']}")


def _observations(table: StatTable, report: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    frequency, period = _period(report["period"])
    units = {column["id"]: column.get("unit", report["unit"]) for column in report["columns"]}
    shown = "F" if "disclosure" in report else "N"
    seen: set[str] = set()
    for row in (*report["rows"], {**report["total"], "code": _TOTAL}):
        area = row["code"] or _NOT_GIVEN
        if area in seen or not re.fullmatch("[0-9A-Za-z_@$-]+", area):
            raise InvalidArgument(
                "汇总表中有两行是同一地区，或地区代码不合 SDMX 的写法",
                "two rows of the table are one area, or an area's code is none that SDMX can write",
            )
        seen.add(area)
        values = [row.get(column.id) for column in table.columns]
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            hidden = state(table, values, place) == "hidden"
            yield {
                "FREQ": frequency,
                "REF_AREA": area,
                "INDICATOR": column.id,
                "TIME_PERIOD": period,
                "OBS_VALUE": "" if value is None else str(value),
                "UNIT_MEASURE": units.get(column.id, report["unit"]),
                "OBS_STATUS": "Q" if hidden else "O" if value is None else "A",
                "CONF_STATUS": "C" if hidden else shown,
            }


def _period(text: str) -> tuple[str, str]:
    """``2017H2`` → (``S``, ``2017-S2``)."""
    match = re.fullmatch("([0-9]{4})(?:([HQ])([1-4])|-([0-9]{2}))?", text)
    if match is None:
        raise InvalidArgument(f"报告期 {text} 不是年、半年、季或月", f"{text} is no year, half-year, quarter or month")
    year, letter, number, month = match.groups()
    if letter is not None:
        frequency = {"H": "S", "Q": "Q"}[letter]
        return frequency, f"{year}-{frequency}{number}"
    return ("M", f"{year}-{month}") if month else ("A", year)


def _format(known: Mapping[str, str], name: str) -> str:
    try:
        return known[name]
    except KeyError:
        raise InvalidArgument(
            f"没有 SDMX 格式 {name}；可用：{'、'.join(known)}", f"no SDMX format {name}; one of {', '.join(known)}"
        ) from None


def _write(stream: BinaryIO, objects: list[Any], format_name: str, message_id: str) -> None:
    io, model = _library("pysdmx.io"), _library("pysdmx.model")
    header = _library("pysdmx.model.message").Header(
        id=message_id, prepared=datetime.datetime.now(datetime.UTC), sender=model.Organisation(id=AGENCY)
    )
    try:
        text = io.write_sdmx(objects, _library("pysdmx.io.format").Format[format_name], header=header)
    except ImportError:  # the parts of the library for XML and for data are extras of its own
        raise MissingExtra("sdmx", "SDMX 导出", "the export to SDMX") from None
    stream.write(text.encode())
