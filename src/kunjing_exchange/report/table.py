"""Declarations of statistical tables: what each figure is called, means and rests on."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from kunjing_exchange.errors import UnknownTable

__all__ = ["StatColumn", "StatTable", "table", "table_names"]


@dataclass(frozen=True, slots=True)
class StatColumn:
    """One figure of a table. ``part_of`` names the column it is a part of, so that it isn't added again."""

    id: str
    group_zh: str
    group_en: str
    title_zh: str
    title_en: str
    definition_zh: str
    definition_en: str
    clause: str
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class StatTable:
    """One statistical table: its declaration and its query."""

    id: str
    title_zh: str
    title_en: str
    unit_zh: str
    unit_en: str
    source: str
    population_zh: str
    population_en: str
    columns: tuple[StatColumn, ...]
    sql: str


@functools.cache
def _tables() -> Mapping[str, StatTable]:
    found = {}
    folder = importlib.resources.files(__package__)
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            data = tomllib.loads(entry.read_text(encoding="utf-8"))
            columns = tuple(StatColumn(**column) for column in data.pop("column"))
            sql = folder.joinpath(entry.name.removesuffix(".toml") + ".sql").read_text(encoding="utf-8")
            found[data["id"]] = StatTable(**data, columns=columns, sql=sql)
    return found


def table_names() -> tuple[str, ...]:
    """The ids of the tables at hand."""
    return tuple(_tables())


def table(table_id: str) -> StatTable:
    """The table of that id.

    Raises:
        UnknownTable: there is none; the text names those there are.
    """
    try:
        return _tables()[table_id]
    except KeyError:
        known = ", ".join(_tables())
        raise UnknownTable(
            f"没有统计表 {table_id}；现有：{known}", f"no table {table_id}; there are: {known}"
        ) from None
