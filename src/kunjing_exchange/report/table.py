"""Declarations of statistical tables: what each figure is called, means and rests on.

A table is ``NAME.toml`` and ``NAME.sql`` in this folder. The query says of every record what it is and what it brings:
``record_no``, the ``keys`` and the ``measures`` that the declaration names. Columns are groups of figures, expanded
over the dimensions of ``dimensions.toml`` (``across``), and counting them is the same for every table.
"""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import UnknownTable

__all__ = ["Dimension", "StatColumn", "StatTable", "Value", "table", "table_names"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a dimension. ``codes`` of its key fall under it, and with ``rest`` what no other value takes."""

    id: str
    title_zh: str
    title_en: str
    codes: tuple[str, ...]
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Dimension:
    """What figures are broken down by. ``key`` is the column of a query that it reads.

    Every record has exactly one of the values, so that they add up to the figure without the dimension.
    """

    id: str
    title_zh: str
    title_en: str
    key: str
    values: tuple[Value, ...]

    def condition(self, value_id: str) -> str:
        """The SQL condition that a record has the value."""
        value = next(one for one in self.values if one.id == value_id)
        if not value.rest:
            return f"{self.key} in ({_listed(value.codes)})"
        others = [code for one in self.values if not one.rest for code in one.codes]
        return f"({self.key} is null or {self.key} not in ({_listed(others)}))"


def _listed(codes: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"'{code}'" for code in codes)


@dataclass(frozen=True, slots=True)
class StatColumn:
    """One figure of a table.

    ``headings_zh`` and ``headings_en`` are its two to four headings, outer first. ``coordinates`` are its dimensions
    with the value of each; ``measure`` is the column of the query that is summed, empty where none is, and ``part``
    says of which of its rows; ``period`` is
    ``as_of`` (on the last day) or ``flow`` (in the period). ``part_of`` names the column it is a part of, so that it
    isn't added again. ``ratio`` (above, below, factor) makes it of two other columns. ``by_hand``: no record holds
    it, the office writes it in. Figures of one ``block`` tell of the same children (how many have a benefit, how often
    and how much they were paid), so that one of them gives the others away; empty where a figure stands alone.
    ``at_most`` names a column that it is never more than.
    """

    id: str
    headings_zh: tuple[str, ...]
    headings_en: tuple[str, ...]
    definition_zh: str
    definition_en: str
    clause: str
    unit_zh: str
    unit_en: str
    period: str
    measure: str
    money: bool
    coordinates: Mapping[str, str]
    condition: str
    part: str = ""
    part_of: str = ""
    ratio: tuple[str, str, int] | None = None
    by_hand: bool = False
    block: str = ""
    at_most: str = ""

    @property
    def group_zh(self) -> str:
        """The outermost heading."""
        return self.headings_zh[0]

    @property
    def group_en(self) -> str:
        """The outermost heading."""
        return self.headings_en[0]

    @property
    def title_zh(self) -> str:
        """The innermost heading."""
        return self.headings_zh[-1]

    @property
    def title_en(self) -> str:
        """The innermost heading."""
        return self.headings_en[-1]

    @property
    def additive(self) -> bool:
        """Whether it adds up along the divisions."""
        return self.ratio is None and not self.by_hand

    @property
    def of_children(self) -> bool:
        """Whether it is a number of children, by its unit; not of payments or events, which a child has several of."""
        return self.additive and self.unit_en == "children"


@dataclass(frozen=True, slots=True)
class StatTable:
    """One statistical table: its declaration and its query.

    ``sums`` are the adding-up relations across the columns: (total, parts, what goes off); ``bounds`` are those
    where the total may be more than its parts. ``same_as`` says which
    figures of other tables a column is the sum of: ``{"total": ("HN-2017-1.total",)}``, with a ``-`` before what goes
    off. ``supporting``: it is there for a chart, and not one of those that ``all`` means. ``public``: it tells nothing
    of any child (villages, posts, sites), so that it is published as it is.
    """

    id: str
    title_zh: str
    title_en: str
    unit_zh: str
    unit_en: str
    source: str
    population_zh: str
    population_en: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    dimensions: Mapping[str, Dimension]
    columns: tuple[StatColumn, ...]
    sums: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    bounds: tuple[tuple[str, tuple[str, ...]], ...]
    same_as: Mapping[str, tuple[str, ...]]
    sql: str
    supporting: bool = False
    public: bool = False

    def column(self, column_id: str) -> StatColumn:
        """The column of that id.

        Raises:
            UnknownTable: the table has no such figure.
        """
        for column in self.columns:
            if column.id == column_id:
                return column
        raise UnknownTable(f"表 {self.id} 没有指标 {column_id}", f"table {self.id} has no figure {column_id}")


def _files(suffix: str) -> Mapping[str, str]:
    folder = importlib.resources.files(__package__)
    found = sorted((entry for entry in folder.iterdir() if entry.name.endswith(suffix)), key=lambda entry: entry.name)
    return {entry.name.removesuffix(suffix): entry.read_text(encoding="utf-8") for entry in found}


def _dimension(dimension_id: str, data: dict[str, Any]) -> Dimension:
    values = []
    for one in data.get("value", ()):
        codes = tuple(one.get("codes", [] if one.get("rest") else [one["id"]]))
        values.append(Value(one["id"], one["zh"], one["en"], codes, one.get("rest", False)))
    if "code_list" in data:
        rest = data["rest"]
        for row in code_list(data["code_list"]).rows():
            code = row["code"]
            is_rest = code == rest
            names = row["name_zh"], row["name_en"] or row["name_zh"]
            values.append(Value(code.lower().replace("-", ""), *names, () if is_rest else (code,), is_rest))
        if not any(value.rest for value in values):
            values.append(Value(rest, "不详", "not known", (), True))
    return Dimension(dimension_id, data["zh"], data["en"], data.get("key", dimension_id), tuple(values))


@functools.cache
def _dimensions() -> Mapping[str, Dimension]:
    text = importlib.resources.files(__package__).joinpath("dimensions.toml").read_text(encoding="utf-8")
    return {name: _dimension(name, data) for name, data in tomllib.loads(text).items()}


def _columns(table: dict[str, Any], group: dict[str, Any]) -> Iterator[StatColumn]:
    """The figures of a group, one for every combination of the values it goes across."""
    across = [_dimensions()[name] for name in group.get("across", ())]
    within: dict[str, str] = group.get("within", {})
    fixed = [_dimensions()[name].condition(value) for name, value in within.items()]
    if "part" in group:
        fixed.insert(0, f"part = '{group['part']}'")
    for chosen in itertools.product(*(dimension.values for dimension in across)):
        pairs = list(zip(across, chosen, strict=True))
        conditions = [*fixed, *(dimension.condition(value.id) for dimension, value in pairs)]
        coordinates = {**within, **{dimension.id: value.id for dimension, value in pairs}}
        for figure in group["figure"]:
            said = {**group, **figure}
            headings, definition = {}, {}
            for lang in ("zh", "en"):
                values = [value.title_zh if lang == "zh" else value.title_en for value in chosen]
                own = figure.get(lang)
                headings[lang] = tuple(filter(None, (group[lang], *values, own)))
                text = said[f"definition_{lang}"]
                definition[lang] = text.replace("{value}", ("、" if lang == "zh" else ", ").join(values))
            ratio = said.get("ratio")
            stem = "_".join(filter(None, (group.get("id", ""), *(value.id for value in chosen))))
            yield StatColumn(
                id="_".join(filter(None, (stem, figure.get("id", "")))),
                headings_zh=headings["zh"],
                headings_en=headings["en"],
                definition_zh=definition["zh"],
                definition_en=definition["en"],
                clause=said["clause"],
                unit_zh=said.get("unit_zh", table["unit_zh"]),
                unit_en=said.get("unit_en", table["unit_en"]),
                period=said["period"],
                measure="" if ratio or said.get("by_hand") else said["sum"],
                money=said.get("money", False),
                coordinates=coordinates,
                condition=" and ".join(conditions),
                part=group.get("part", ""),
                part_of=said.get("part_of", ""),
                ratio=(f"{stem}_{ratio[0]}".strip("_"), f"{stem}_{ratio[1]}".strip("_"), ratio[2]) if ratio else None,
                by_hand=said.get("by_hand", False),
                at_most=_sibling(stem, said["at_most"]) if "at_most" in said else "",
                block=f"{stem}.{said['block']}" if "block" in said else "",
            )


def _sibling(stem: str, name: str) -> str:
    """The id of a figure of the same group and values; with ``/`` before it, of any figure of the table."""
    return name.removeprefix("/") if name.startswith("/") else f"{stem}_{name}".strip("_")


def _bounds(
    columns: tuple[StatColumn, ...], sums: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Figures that are parts of another without making it up: the figure with the most of their coordinates, and those
    that declare one (``at_most``)."""
    summed = {part for _, parts, _ in sums for part in parts}
    apart: dict[tuple[str, frozenset[str]], list[str]] = {}
    for column in columns:
        if column.at_most:
            yield column.at_most, (column.id,)
        if not column.measure or column.id in summed:
            continue
        wider = [
            one for one in columns
            if (one.measure, one.part) == (column.measure, column.part)
            and one.coordinates.items() < column.coordinates.items()
        ]  # fmt: skip
        if wider:
            widest = max(wider, key=lambda one: len(one.coordinates))
            apart.setdefault((widest.id, frozenset(column.coordinates)), []).append(column.id)
    for (whole, _), parts in apart.items():
        yield whole, tuple(parts)


def _sums(
    columns: tuple[StatColumn, ...], declared: list[list[str]]
) -> Iterator[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """The relations that dimensions bring with them: a figure is the sum of itself over all values of one more; then
    those that a table declares."""
    places: dict[tuple[str, str, frozenset[tuple[str, str]]], str] = {}
    for column in columns:
        if column.measure:
            places[column.part, column.measure, frozenset(column.coordinates.items())] = column.id
    for (part, measure, coordinates), total in places.items():
        for dimension in _dimensions().values():
            if dimension.id not in dict(coordinates):
                finer = [coordinates | {(dimension.id, value.id)} for value in dimension.values]
                terms = [places.get((part, measure, one)) for one in finer]
                if all(terms):
                    yield total, tuple(term for term in terms if term), ()
    for total, *signed in declared:
        less = tuple(term[1:] for term in signed if term.startswith("-"))
        yield total, tuple(term for term in signed if not term.startswith("-")), less


def _table(data: dict[str, Any], sql: str) -> StatTable:
    groups = data.pop("group")
    columns = tuple(column for group in groups for column in _columns(data, group))
    used = {name for column in columns for name in column.coordinates}
    sums = tuple(_sums(columns, data.get("sums", [])))
    return StatTable(
        id=data["id"],
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        unit_zh=data["unit_zh"],
        unit_en=data["unit_en"],
        source=data["source"],
        population_zh=data["population_zh"],
        population_en=data["population_en"],
        keys=tuple(data["keys"]),
        measures=tuple(data["measures"]),
        dimensions={name: one for name, one in _dimensions().items() if name in used},
        columns=columns,
        sums=sums,
        bounds=tuple(_bounds(columns, sums)),
        same_as={
            own: (other,) if isinstance(other, str) else tuple(other) for own, other in data.get("same_as", {}).items()
        },
        sql=sql,
        supporting=data.get("supporting", False),
        public=data.get("public", False),
    )


@functools.cache
def _tables() -> Mapping[str, StatTable]:
    queries, declared = _files(".sql"), _files(".toml")
    return {
        data["id"]: _table(data, queries[name])
        for name, data in ((name, tomllib.loads(text)) for name, text in declared.items() if name in queries)
    }


def table_names() -> tuple[str, ...]:
    """The ids of the tables at hand, without the supporting ones."""
    return tuple(name for name, one in _tables().items() if not one.supporting)


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
