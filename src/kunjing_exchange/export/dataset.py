"""A submission as a dataset for analysis: Parquet and CSV with a Frictionless data package and a DCAT description.

The tables are the canonical ones, as they were loaded, with the records that are accepted. For analysis names, numbers,
addresses, telephones, free text and restricted facts are left out, and so are birth dates (the month stays) and the
village: what remains is pseudonymous, not anonymous, and no table for publication. ``whole`` writes everything, for the
county's own use.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import shutil
import tempfile
from dataclasses import dataclass
from typing import Any, BinaryIO

import duckdb

from kunjing_exchange import policy
from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument, NotAccepted, OutputExists
from kunjing_exchange.findings import Verdict
from kunjing_exchange.model import NAMESPACE, VERSION, Element, Lexical
from kunjing_exchange.tables import TABLES, Table
from kunjing_exchange.validate import validate
from kunjing_exchange.wire import Limits

__all__ = ["Dataset", "export_dataset"]

_KEPT_TEXT = frozenset(
    {"BasicLifeMeasures", "DisabilityWelfareMeasures", "Icd10", "LayoutName", "MedicalMeasures", "Period", "VersionNo",
     "Year"}
)  # fmt: skip
"""The only texts that are no name, number, address or free text."""

_BIRTH, _BIRTH_MONTH = "birth_date", "birth_month"
_TYPES = {
    "date": ("date", "default"), "month": ("yearmonth", "default"), "datetime": ("datetime", "%Y-%m-%dT%H:%M:%S"),
    "money": ("number", "default"), "integer": ("integer", "default"), "boolean": ("boolean", "default"),
}  # fmt: skip
_KEYS_ZH = {"record_no": "记录序号", "item_no": "项序号"}


@dataclass(frozen=True, slots=True)
class Dataset:
    """What was written: the folder, the rows of every table, and the fields that were left out of each."""

    folder: pathlib.Path
    rows: dict[str, int]
    left_out: dict[str, tuple[str, ...]]


def _kept(element: Element) -> bool:
    """Whether a field may go for analysis."""
    lexical = element.lexical
    if element.restricted or lexical is None or element.name == _BIRTH or lexical.code_list == "village":
        return False
    return lexical.kind != "text" or lexical.name in _KEPT_TEXT


@dataclass(frozen=True, slots=True)
class _Resource:
    """One table as it is written: its keys, its columns with their expression, what is left out."""

    name: str
    title: str
    keys: tuple[str, ...]
    columns: tuple[tuple[Element, str], ...]
    left_out: tuple[str, ...]
    parent: str | None

    @classmethod
    def of(cls, table: Table, whole: bool) -> _Resource:
        chosen = [column.element for column in table.columns if whole or _kept(column.element)]
        names = {column.name for column in table.columns}
        columns = tuple(
            (
                element,
                f"coalesce({_BIRTH_MONTH}, strftime({_BIRTH}, '%Y-%m'))"
                if not whole and element.name == _BIRTH_MONTH and _BIRTH in names
                else element.name,
            )
            for element in chosen
        )
        kept = {element.name for element in chosen}
        repeated = [name for name, repeats in table.steps if repeats]
        return cls(
            table.name, table.title, table.keys, columns,
            tuple(column.name for column in table.columns if column.name not in kept),
            repeated[-2] if len(repeated) > 1 else None,
        )  # fmt: skip

    def sql(self) -> str:
        columns = (
            *self.keys,
            *(f'{expression} as "{element.name}"' for element, expression in self.columns),
        )
        return f"select {', '.join(columns)} from {self.name} anti join rejected_record using (record_no)"


_SIDE = (
    ("record", "记录", "select record_no, kind from record_place anti join rejected_record using (record_no)"),
    ("unknown_fact", "未知的事实及原因", "select record_no, table_name, parent_item_no, item_no, column_name, reason "
     "from unknown_fact anti join rejected_record using (record_no) where table_name || '.' || column_name "
     "in (select unnest($1))"),
)  # fmt: skip


def export_dataset(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    folder: str | os.PathLike[str],
    *,
    for_analysis: bool = False,
    whole: bool = False,
    edition: str = policy.DEFAULT_EDITION,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limits: Limits | None = None,
    force: bool = False,
    jobs: int = 1,
) -> Dataset:
    """Write the accepted records of a submission into a folder: ``parquet/``, ``csv/``, ``datapackage.json``,
    ``dcat.jsonld``. The folder is whole or absent.

    Args:
        source: what :func:`kunjing_exchange.validate` takes.
        folder: where to; made where it is not there.
        for_analysis: leave out what says who somebody is.
        whole: leave out nothing: personal data of children.
        edition: policy edition, such as ``henan-2017``.
        force: overwrite the files that are there; others in the folder stay.
        jobs: processes that read a large file, as in :func:`kunjing_exchange.validate`.

    Raises:
        InvalidArgument: neither, or both, of ``for_analysis`` and ``whole``.
        NotAccepted: the submission is rejected or could not be judged, or does not say period and county.
        OutputExists: the folder is there already and holds something.
        UnreadableInput, UnknownFormat, UnknownEdition
    """
    if for_analysis == whole:
        raise InvalidArgument(
            "数据集含儿童个人信息：请指明 --for-analysis（不含姓名、号码、地址和限制字段）"
            "或 --whole（全部，仅供本县区内部使用）之一",
            "a dataset holds personal data of children: say one of --for-analysis (without names, numbers, addresses "
            "and restricted facts) and --whole (everything, for the county's own use)",
        )
    target = pathlib.Path(folder)
    if target.is_file() or (target.is_dir() and any(target.iterdir()) and not force):
        raise OutputExists(
            f"输出文件夹已存在：{target}（用 --force 覆盖其中的同名文件）",
            f"the folder exists: {target} (--force overwrites the files in it)",
            path=str(target),
        )
    with validate(source, edition=edition, format=format, encoding=encoding, limits=limits, jobs=jobs) as findings:
        if findings.verdict in (Verdict.REJECTED, Verdict.UNDETERMINED):
            raise NotAccepted(
                "报送未被接受，不能导出；请先按 kunjing validate 的结果更正",
                "the submission is not accepted and can't be exported; put right what kunjing validate finds",
                verdict=findings.verdict.value,
            )
        facts = {
            **_header(findings.connection),
            "verdict": findings.verdict.value,
            "edition": findings.edition.name,
            "rejected": _rejected(findings.connection),
        }
        target.parent.mkdir(parents=True, exist_ok=True)
        made = pathlib.Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            dataset = _write(findings.connection, made, facts, whole)
            _give(made, target)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return Dataset(target, dataset.rows, dataset.left_out)


def _give(made: pathlib.Path, target: pathlib.Path) -> None:
    """Move what was made to its place: in one step where nothing is there, else file by file."""
    mask = os.umask(0)
    os.umask(mask)
    made.chmod(0o777 & ~mask)
    if not target.exists():
        made.rename(target)
        return
    for path in sorted(made.rglob("*")):
        place = target / path.relative_to(made)
        if path.is_dir():
            place.mkdir(exist_ok=True)
        else:
            path.replace(place)


def _header(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    row = connection.execute("select sender_name, sender_division, period, period_end from header").fetchone()
    if row is None or row[3] is None:
        raise NotAccepted("没有报送头，不知道报告期", "there is no header: the period is not known")
    if row[1] is None:
        raise NotAccepted(
            "文件没有说明来自哪个县区：请先用 kunjing convert --division 转换",
            "the file does not say which county it comes from: convert it first, with kunjing convert --division",
        )
    return dict(zip(("sender", "division", "period", "period_end"), row, strict=True))


def _rejected(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """How many records were not accepted, by kind; those that could not be read at all are in no table."""
    counted = {
        name: connection.execute(f"select count(*) from {name} semi join rejected_record using (record_no)").fetchall()
        for name, table in TABLES.items()
        if not table.steps
    }
    return {name: rows[0][0] for name, rows in counted.items() if rows[0][0]}


def _write(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, facts: dict[str, Any], whole: bool) -> Dataset:
    resources = [_Resource.of(table, whole) for table in TABLES.values()]
    for name in ("csv", "parquet"):
        (folder / name).mkdir()
    kept = [f"{one.name}.{element.name}" for one in resources for element, _ in one.columns]
    rows = {name: _copy(connection, folder, name, sql, [kept] if "$1" in sql else []) for name, _, sql in _SIDE} | {
        one.name: _copy(connection, folder, one.name, one.sql(), []) for one in resources
    }
    package = _package(resources, rows, facts, whole, folder)
    for file, document in (("datapackage.json", package), ("dcat.jsonld", _dcat(package, facts))):
        (folder / file).write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Dataset(folder, rows, {one.name: one.left_out for one in resources if one.left_out})


_COPIED = {
    "parquet": "format parquet, compression zstd",
    "csv": "format csv, header, timestampformat '%Y-%m-%dT%H:%M:%S'",
}


def _copy(connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, name: str, sql: str, values: list[Any]) -> int:
    connection.execute(f"create or replace temp table exported as {sql}", values)
    for kind, options in _COPIED.items():
        path = str(folder / kind / f"{name}.{kind}").replace("'", "''")
        connection.execute(f"copy (select * from exported order by all) to '{path}' ({options})")
    row = connection.execute("select count(*) from exported").fetchone()
    return int(row[0]) if row else 0


# --- descriptions ----------------------------------------------------------------------------------------------------


def _field(element: Element, lexical: Lexical) -> dict[str, Any]:
    kind, form = _TYPES.get(lexical.kind, ("string", "default"))
    field: dict[str, Any] = {
        "name": element.name,
        "title": element.title,
        "description": element.description,
        "type": kind,
        **({"format": form} if form != "default" else {}),
        "element": element.identifier,
    }
    constraints: dict[str, Any] = {}
    if element.required and not element.fact:
        constraints["required"] = True
    if kind == "string":
        constraints |= {"maxLength": lexical.max_length, "pattern": lexical.pattern}
    if lexical.code_list is not None:
        field["codeList"] = f"{NAMESPACE}:codes:{lexical.code_list}"
    if constraints:
        field["constraints"] = constraints
    return field


def _key_field(name: str) -> dict[str, Any]:
    owner = name.removesuffix("_item_no")
    title = _KEYS_ZH.get(name) or f"{TABLES[owner].title}项序号"
    return {"name": name, "title": title, "type": "integer", "constraints": {"required": True, "minimum": 0}}


def _schema(one: _Resource) -> dict[str, Any]:
    keys: list[dict[str, Any]] = [
        {"fields": "record_no", "reference": {"resource": "record", "fields": "record_no"}},
    ]
    if one.parent is not None:
        above = TABLES[one.parent]
        keys.append({"fields": [*one.keys[:-1]], "reference": {"resource": above.name, "fields": [*above.keys]}})
    return {
        "fields": [
            *map(_key_field, one.keys),
            *(_field(element, element.lexical) for element, _ in one.columns if element.lexical),
        ],
        "primaryKey": [*one.keys],
        "foreignKeys": keys,
        "missingValues": [""],
    }


def _side_schema(name: str) -> dict[str, Any]:
    number: dict[str, Any] = {"name": "record_no", "title": "记录序号", "type": "integer"}
    if name == "record":
        kinds = {"name": "kind", "title": "记录种类", "type": "string", "constraints": {"required": True}}
        return {"fields": [number, kinds], "primaryKey": ["record_no"], "missingValues": [""]}
    return {
        "fields": [
            number,
            {"name": "table_name", "title": "表", "type": "string"},
            {"name": "parent_item_no", "title": "上级项序号", "type": "integer"},
            {"name": "item_no", "title": "项序号", "type": "integer"},
            {"name": "column_name", "title": "字段", "type": "string"},
            {
                "name": "reason", "title": "未知原因", "type": "string",
                "codeList": f"{NAMESPACE}:codes:unknown_reason",
            },
        ],
        "foreignKeys": [{"fields": "record_no", "reference": {"resource": "record", "fields": "record_no"}}],
        "missingValues": [""],
    }  # fmt: skip


_WITHOUT = (
    "供分析用：不含姓名、号码、地址、电话、自由文本和限制使用的字段；出生日期只到年月，不含村居。"
    "记录仍对应真实儿童：是假名数据，不是匿名数据，不得公开。",
    "For analysis: without names, numbers, addresses, telephones, free text and restricted facts; birth dates by "
    "month, no village. A row is still one real child: pseudonymous, not anonymous, and not for publication.",
)
_WHOLE = (
    "全部字段，含儿童个人信息：仅供本县区内部使用。",
    "All fields, personal data of children: for the county's own use only.",
)


def _digest(path: pathlib.Path) -> str:
    with path.open("rb") as stream:
        return f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"


def _package(
    resources: list[_Resource], rows: dict[str, int], facts: dict[str, Any], whole: bool, folder: pathlib.Path
) -> dict[str, Any]:
    """The data package descriptor: the CSV files with their Table Schema, beside each its Parquet file."""

    def resource(name: str, title: str, schema: dict[str, Any], left_out: tuple[str, ...]) -> dict[str, Any]:
        path = folder / "csv" / f"{name}.csv"
        return {
            "profile": "tabular-data-resource",
            "name": name,
            "title": title,
            "path": f"csv/{name}.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": path.stat().st_size,
            "hash": _digest(path),
            "rows": rows[name],
            "parquet": f"parquet/{name}.parquet",
            "parquetHash": _digest(folder / "parquet" / f"{name}.parquet"),
            **({"leftOut": list(left_out)} if left_out else {}),
            "schema": schema,
        }

    zh, en = _WHOLE if whole else _WITHOUT
    return {
        "profile": "tabular-data-package",
        "name": "kunjing-dataset",
        "id": ":".join((NAMESPACE, "dataset", facts["division"], facts["period"], "whole" if whole else "analysis")),
        "title": f"困境儿童档案数据集 {facts['sender']} {facts['period']}",
        "description": f"{zh}\n{en}",
        "version": VERSION,
        "personalData": "whole" if whole else "pseudonymous",
        "edition": facts["edition"],
        "verdict": facts["verdict"],
        "rejected": facts["rejected"],
        "period": facts["period"],
        "periodEnd": facts["period_end"].isoformat(),
        "resources": [
            *(resource(name, title, _side_schema(name), ()) for name, title, _ in _SIDE),
            *(resource(one.name, one.title, _schema(one), one.left_out) for one in resources),
        ],
    }


_DCAT_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def _dcat(package: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """The dataset by DCAT 2, as JSON-LD with its context inside."""
    zh, en = package["description"].split("\n")
    division = facts["division"]
    name = code_list("division").name_of(division) or code_list("division_statistical").name_of(division)
    said = [{"@language": "zh", "@value": zh}, {"@language": "en", "@value": en}]
    return {
        "@context": _DCAT_CONTEXT,
        "@id": package["id"],
        "@type": "dcat:Dataset",
        "dct:title": {"@language": "zh", "@value": package["title"]},
        "dct:description": said,
        "dct:identifier": package["id"],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": facts["sender"]},
        "dct:spatial": {"@type": "dct:Location", "dct:identifier": division, "rdfs:label": name or ""},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "rdfs:label": facts["period"],
            "dcat:endDate": {"@type": "xsd:date", "@value": package["periodEnd"]},
        },
        "dct:accessRights": {"@type": "dct:RightsStatement", "rdfs:label": said},
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "@id": f"{package['id']}:{one['name']}.{kind}",
                "dct:title": {"@language": "zh", "@value": one["title"]},
                "dcat:downloadURL": {"@id": path},
                "dcat:mediaType": media,
            }
            for one in package["resources"]
            for kind, path, media in (
                ("csv", one["path"], "text/csv"),
                ("parquet", one["parquet"], "application/vnd.apache.parquet"),
            )
        ],
    }
