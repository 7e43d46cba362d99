"""Code lists for other systems: CSV, JSON and genericode 1.0, with edition, days of validity and cross-walks.

genericode: OASIS Code List Representation 1.0. A code that has had several names has several rows; ``period`` numbers
them, oldest first, and is part of the key.
"""

from __future__ import annotations

import csv
import io
import json
import os
import pathlib
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import quote

from lxml import etree

from kunjing_exchange.codes import CodeList, Crosswalk, code_list, crosswalk, crosswalk_names, list_names
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.model import NAMESPACE
from kunjing_exchange.wire import open_output

__all__ = ["CODE_FORMATS", "GENERICODE", "write_all_codes", "write_codes"]

CODE_FORMATS = ("csv", "json", "genericode")
_SUFFIXES = {"csv": ".csv", "json": ".json", "genericode": ".gc"}

GENERICODE = "http://docs.oasis-open.org/codelist/ns/genericode/1.0/"
_BASE = ("code", "period", "name_zh", "name_en", "parent", "valid_from", "valid_to", "note")
_TITLES = {
    "code": "代码", "period": "时期", "name_zh": "中文名称", "name_en": "英文名称", "parent": "上级代码",
    "valid_from": "启用", "valid_to": "停用", "note": "备注",
}  # fmt: skip


def _walks(name: str) -> tuple[Crosswalk, ...]:
    """The cross-walks that lead from this list to another, whichever way they are stored."""
    pairs = [(one, other) if one == name else (other, one) for one, other in crosswalk_names() if name in (one, other)]
    return tuple(walk for walk in (crosswalk(*pair) for pair in sorted(pairs)) if walk.pairs)


def _columns(walks: tuple[Crosswalk, ...]) -> tuple[str, ...]:
    return (*_BASE, *(column for walk in walks for column in (f"to_{walk.target}", f"loss_{walk.target}")))


def _rows(codes: CodeList, walks: tuple[Crosswalk, ...]) -> list[dict[str, str]]:
    """One row a code and period, every value as text, empty where there is none."""
    rows: list[dict[str, str]] = []
    for row in codes.rows():
        period = int(rows[-1]["period"]) + 1 if rows and rows[-1]["code"] == row["code"] else 1
        made = {column: str(period) if column == "period" else row[column] for column in _BASE}
        for walk in walks:
            made[f"to_{walk.target}"] = walk.forward(row["code"]) or ""
            made[f"loss_{walk.target}"] = walk.loss(row["code"])
        rows.append(made)
    return rows


def write_codes(name: str, stream: BinaryIO, format: str) -> None:  # noqa: A002 - the command line's name for it
    """Write one code list in one of :data:`CODE_FORMATS`.

    Raises:
        UnknownCodeList: there is none of that name.
        InvalidArgument: no such format.
    """
    _known(format)
    codes, walks = code_list(name), _walks(name)
    if format == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, _columns(walks), lineterminator="\n")
        writer.writeheader()
        writer.writerows(_rows(codes, walks))
        stream.write(text.getvalue().encode())
    elif format == "json":
        stream.write(json.dumps(_as_dict(codes, walks), ensure_ascii=False, indent=2).encode() + b"\n")
    else:
        stream.write(_genericode(codes, walks))


def write_all_codes(
    folder: str | os.PathLike[str],
    format: str,  # noqa: A002 - the command line's name for it
    *,
    force: bool = False,
) -> list[pathlib.Path]:
    """Write every code list into a folder, which is made where it is not there: one file a list, named as the list.

    Raises:
        InvalidArgument: no such format.
        OutputExists: a file is there already and ``force`` is not set.
    """
    _known(format)
    place = pathlib.Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for name in list_names():
        with open_output(place / f"{name}{_SUFFIXES[format]}", force=force) as stream:
            write_codes(name, stream, format)
        written.append(place / f"{name}{_SUFFIXES[format]}")
    return written


def _known(format: str) -> None:  # noqa: A002 - as above
    if format not in CODE_FORMATS:
        raise InvalidArgument(
            f"代码表没有格式 {format}；可用：{'、'.join(CODE_FORMATS)}",
            f"no format {format} of code lists; one of {', '.join(CODE_FORMATS)}",
        )


def _about(codes: CodeList) -> dict[str, str]:
    return {
        "standard": codes.standard,
        "edition": codes.edition,
        "certainty": codes.certainty,
        "source": codes.source,
        "licence": codes.licence,
        "updated": codes.updated.isoformat() if codes.updated else "",
        "coverage": codes.coverage,
    }


def _as_dict(codes: CodeList, walks: tuple[Crosswalk, ...]) -> dict[str, Any]:
    return {
        "name": codes.name,
        "title": {"zh": codes.title_zh, "en": codes.title_en},
        **{key: value for key, value in _about(codes).items() if value},
        "codes": [
            {column: int(value) if column == "period" else value for column, value in row.items() if value}
            for row in _rows(codes, ())
        ],
        "crosswalks": [
            {
                "target": walk.target,
                "title": {"zh": walk.title_zh, "en": walk.title_en},
                "certainty": walk.certainty,
                "basis": walk.basis,
                "note": {"zh": walk.note_zh, "en": walk.note_en},
                "pairs": [pair._asdict() for pair in walk.pairs],
                "unmapped": list(walk.unmapped()),
            }
            for walk in walks
        ],
    }


# --- genericode ------------------------------------------------------------------------------------------------------

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def _add(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    node = etree.SubElement(parent, tag, attributes)
    node.text = text
    return node


def _names(parent: Any, short: str, long: Mapping[str, str]) -> None:
    _add(parent, "ShortName", short)
    for lang, text in long.items():
        _add(parent, "LongName", text, **{_LANG: lang})


def _genericode(codes: CodeList, walks: tuple[Crosswalk, ...]) -> bytes:
    # genericode's own elements are in no namespace but the root's
    root = etree.Element(f"{{{GENERICODE}}}CodeList", nsmap={"gc": GENERICODE, "kj": f"{NAMESPACE}:codes"})
    about = _add(_add(root, "Annotation"), "AppInfo")
    for key, value in _about(codes).items():
        if value:
            _add(about, f"{{{NAMESPACE}:codes}}{key}", value)
    for walk in walks:
        _add(
            about, f"{{{NAMESPACE}:codes}}crosswalk", walk.note_zh or None,
            target=walk.target, certainty=walk.certainty, basis=walk.basis,
        )  # fmt: skip
    identification = _add(root, "Identification")
    _names(identification, codes.name, {"zh": codes.title_zh, "en": codes.title_en})
    version = codes.edition if codes.edition not in ("", "—") else str(codes.updated or "1")
    _add(identification, "Version", version)
    _add(identification, "CanonicalUri", f"{NAMESPACE}:codes:{codes.name}")
    _add(identification, "CanonicalVersionUri", f"{NAMESPACE}:codes:{codes.name}:{quote(version)}")
    _add(_add(identification, "Agency"), "LongName", codes.standard)
    columns = _columns(walks)
    column_set = _add(root, "ColumnSet")
    for column in columns:
        required = column in ("code", "period", "name_zh")
        node = _add(column_set, "Column", Id=column, Use="required" if required else "optional")
        _names(node, column, {"zh": _TITLES.get(column) or _walk_title(column)})
        _add(node, "Data", Type="positiveInteger" if column == "period" else "string")
    key = _add(column_set, "Key", Id="key")
    _names(key, "key", {"zh": "代码与时期"})
    for column in ("code", "period"):
        _add(key, "ColumnRef", Ref=column)
    simple = _add(root, "SimpleCodeList")
    for row in _rows(codes, walks):
        node = _add(simple, "Row")
        for column in columns:
            if row[column]:
                _add(_add(node, "Value", ColumnRef=column), "SimpleValue", row[column])
    etree.cleanup_namespaces(root, keep_ns_prefixes=["gc", "kj"])
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _walk_title(column: str) -> str:
    kind, _, target = column.partition("_")
    title = code_list(target).title_zh
    return f"对应{title}" if kind == "to" else f"对应{title}时的损失"
