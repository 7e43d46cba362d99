"""A dataset that :func:`kunjing_exchange.export.export_dataset` wrote whole, as the source of tables.

The canonical tables are views over its Parquet files: nothing is copied and nothing is validated again. What makes that
safe is checked before: every file is the one that was written, and has the columns of this version.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import duckdb

from kunjing_exchange.engine import open_engine
from kunjing_exchange.errors import InvalidArgument, UnreadableInput
from kunjing_exchange.findings import Verdict
from kunjing_exchange.model import VERSION
from kunjing_exchange.tables import TABLES, Table

__all__ = ["PART", "Opened", "is_dataset", "open_dataset"]

MEMORY_LIMIT = "512MB"
"""What DuckDB may hold while it counts."""

PART = 400_000
"""So many records are grouped and joined at a time: with all of a million, a third of the time goes into waiting for
memory and into what goes to disk."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The canonical tables as views, and what was told of the records when they were written.

    ``files`` are the tables as a query reads them; ``rejected`` is the number of case files that were not accepted
    then, and are not there.
    """

    connection: duckdb.DuckDBPyConnection
    files: Mapping[str, str]
    verdict: Verdict
    rejected: int


def is_dataset(source: object) -> bool:
    """Whether this is the folder of a dataset, and not one of CSV files."""
    if not isinstance(source, str | pathlib.PurePath):
        return False
    folder = pathlib.Path(source)
    return any((folder / name).exists() for name in ("datapackage.json", "parquet")) or any(folder.glob("*.parquet"))


@contextmanager
def open_dataset(folder: pathlib.Path, edition: str) -> Iterator[Opened]:
    """The tables of a dataset, until the end of the block.

    Raises:
        UnreadableInput: a file is not there or not the one that was written, or a column is missing, foreign or of
            another type: the text names table and column.
        InvalidArgument: another edition than this accepted the records.
    """
    package = _package(folder)
    digests = {one["name"]: one.get("parquetHash") for one in package["resources"]}
    try:
        verdict, accepted_by, rejected = Verdict(package["verdict"]), package["edition"], package["rejected"]
    except (KeyError, ValueError):
        raise _unreadable(
            folder,
            "说明文件没有写明记录由哪个政策版本接受：请用 kunjing export dataset 重新导出",
            "it does not say which edition accepted its records: write it anew, with kunjing export dataset",
        ) from None
    if accepted_by != edition:
        raise InvalidArgument(
            f"数据集 {folder} 的记录由政策版本 {accepted_by} 接受："
            f"请用 --edition {accepted_by}，或按 {edition} 重新导出",
            f"the records of the dataset {folder} were accepted by the edition {accepted_by}: give --edition "
            f"{accepted_by}, or export them anew by {edition}",
        )
    paths = {table.name: folder / "parquet" / f"{table.name}.parquet" for table in TABLES.values()}
    with open_engine(memory_limit=MEMORY_LIMIT) as engine:
        for table in TABLES.values():
            _check_file(folder, paths[table.name], digests.get(table.name))
            _check_columns(folder, table, _view(engine.connection, folder, table, paths[table.name]), package)
        # What was rejected was not written.
        engine.connection.execute("create temporary table rejected_record (record_no bigint)")
        files = {name: _in_sql(path) for name, path in paths.items()}
        yield Opened(engine.connection, files, verdict, int(rejected.get("case_file", 0)))


def _unreadable(folder: pathlib.Path, zh: str, en: str) -> UnreadableInput:
    return UnreadableInput(f"不能使用数据集 {folder}：{zh}", f"the dataset {folder} can't be used: {en}")


def _package(folder: pathlib.Path) -> Mapping[str, Any]:
    """The descriptor, in the form that is read here."""
    try:
        package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
        whole = all(isinstance(one["name"], str) for one in package["resources"]) and isinstance(
            package.get("rejected", {}), dict
        )
    except OSError:
        raise _unreadable(folder, "没有说明文件 datapackage.json", "there is no descriptor datapackage.json") from None
    except (ValueError, TypeError, KeyError, AttributeError):
        whole = False
    if not whole:
        raise _unreadable(
            folder, "datapackage.json 不是 kunjing export dataset 写出的", "datapackage.json is not of kunjing export"
        )
    if package.get("version") != VERSION:
        raise _unreadable(
            folder,
            f"它是另一版本写出的（现为 {VERSION}）：请重新导出",
            f"another version wrote it (this is {VERSION}): export it anew",
        )
    found: Mapping[str, Any] = package
    return found


def _check_file(folder: pathlib.Path, path: pathlib.Path, digest: object) -> None:
    name = f"parquet/{path.name}"
    try:
        with path.open("rb") as stream:
            found = f"sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}"
    except OSError:
        raise _unreadable(
            folder, f"缺少表 {path.stem} 的文件 {name}", f"{name}, the file of the table {path.stem}, is not there"
        ) from None
    if digest is None:
        raise _unreadable(
            folder,
            f"说明文件没有表 {path.stem} 的校验值：请用 kunjing export dataset 重新导出",
            f"its descriptor has no digest of the table {path.stem}: write it anew, with kunjing export dataset",
        )
    if found != digest:
        raise _unreadable(
            folder,
            f"表 {path.stem} 的文件 {name} 与导出时不同（损坏或被改动）：请重新导出",
            f"{name}, the file of the table {path.stem}, is not the one that was written (damaged or changed): "
            "export it anew",
        )


def _in_sql(path: pathlib.Path) -> str:
    """The file as a query reads it. In a path DuckDB takes *, ? and [ for patterns, and folders with = for columns."""
    literal = re.sub(r"([*?\[])", r"[\1]", str(path)).replace("'", "''")
    return f"read_parquet('{literal}', hive_partitioning = false)"


def _view(
    connection: duckdb.DuckDBPyConnection, folder: pathlib.Path, table: Table, path: pathlib.Path
) -> dict[str, str]:
    """Make the view; the columns of the file with their types."""
    try:
        connection.execute(f"create temporary view {table.name} as select * from {_in_sql(path)}")
        return {row[0]: row[1] for row in connection.execute(f"describe {table.name}").fetchall()}
    except duckdb.Error:
        raise _unreadable(
            folder, f"表 {table.name} 的文件不是 Parquet", f"the file of the table {table.name} is not Parquet"
        ) from None


def _check_columns(folder: pathlib.Path, table: Table, found: Mapping[str, str], package: Mapping[str, Any]) -> None:
    expected = {key: "BIGINT" if key == "record_no" else "INTEGER" for key in table.keys} | {
        column.name: column.sql_type.partition("(")[0] if column.sql_type.startswith("VARCHAR") else column.sql_type
        for column in table.columns
    }
    for name, sql_type in expected.items():
        place = f"{table.name}.{name}"
        if name not in found:
            if package.get("personalData") != "whole":
                raise _unreadable(
                    folder,
                    f"它供分析用，没有 {place} 等字段，不能汇总：请用 kunjing export dataset --whole 导出",
                    f"it is one for analysis, without {place} and others, and can't be counted: export it with "
                    "kunjing export dataset --whole",
                )
            raise _unreadable(
                folder, f"缺少字段 {place}：请用本版本重新导出", f"it has no {place}: export it anew with this version"
            )
        if found[name] != sql_type:
            raise _unreadable(
                folder,
                f"字段 {place} 的类型是 {found[name]}，应为 {sql_type}：请用本版本重新导出",
                f"{place} is {found[name]} and not {sql_type}: export it anew with this version",
            )
    for name in found.keys() - expected.keys():
        raise _unreadable(
            folder,
            f"表 {table.name} 有本版本没有的字段 {name}",
            f"the table {table.name} has a column that this version does not know: {name}",
        )
