"""What `kunjing report` writes gives no small figure away: read back, and attacked with linear programs."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
import pathlib
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pytest
from lxml import etree
from scipy.optimize import linprog
from scipy.sparse import csr_array

from kunjing_exchange import cli
from kunjing_exchange.errors import InvalidArgument, MissingExtra
from kunjing_exchange.report import (
    TOTAL,
    Report,
    count_tables,
    equations,
    read_return,
    released,
    report,
    rollup,
    table,
    table_names,
    trace,
    write_report,
    xsd_text,
)  # fmt: skip
from kunjing_exchange.report import charts as drawing

COUNTY = str(pathlib.Path(__file__).parents[1] / "fixtures/nanyang/county.xml")
COMMAND = ["report", COUNTY, "--table", "all", "--period", "2017Q3"]


@pytest.fixture(scope="module")
def exact() -> dict[str, list[Report]]:
    """Every table by county and by township, with all figures."""
    return {
        by: [*report(COUNTY, table=[*table_names(), "KJ-AGES"], by=by, period="2017Q3").values()]
        for by in ("county", "township")
    }


@pytest.fixture(scope="module")
def public(exact: dict[str, list[Report]]) -> dict[str, list[Report]]:
    return {by: released(reports) for by, reports in exact.items()}


# --- the attack ------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    table: str
    division: str
    column: str


class Term(NamedTuple):
    sign: int
    place: Place


def relations(published: Sequence[dict[str, Any]]) -> Iterator[tuple[bool, list[Term]]]:
    """(exact, terms that come to 0 or, where not exact, to 0 or less), by the declarations of the tables."""
    there = {one["table"]: {TOTAL, *(row["code"] for row in one["rows"])} for one in published}
    for one in published:
        declared, divisions = table(one["table"]), there[one["table"]]
        for division in divisions:
            at = [declared.id, division]
            for total, parts, less in declared.sums:
                signed = [(-1, total), *((1, part) for part in parts), *((-1, part) for part in less)]
                yield True, [Term(sign, Place(*at, column)) for sign, column in signed]
            for whole, parts in declared.bounds:
                yield False, [Term(-1, Place(*at, whole)), *(Term(1, Place(*at, part)) for part in parts)]
            for own, others in declared.same_as.items():
                terms = [Term(-1, Place(*at, own))]
                for other in others:
                    name, _, column = other.removeprefix("-").partition(".")
                    terms.append(Term(-1 if other.startswith("-") else 1, Place(name, division, column)))
                if all(term.place.table in there for term in terms):
                    yield True, [term for term in terms if division in there[term.place.table]]
        for column in declared.columns:
            if column.additive:
                rows = [Term(1, Place(declared.id, row["code"], column.id)) for row in one["rows"]]
                yield True, [Term(-1, Place(declared.id, TOTAL, column.id)), *rows]


class Attack:
    """All that a reader of the published tables knows: what is shown, how it adds up, and that ``*`` is no 0."""

    def __init__(self, published: Sequence[dict[str, Any]]) -> None:
        self.shown: dict[Place, Decimal] = {}
        self.hidden: dict[Place, int] = {}
        for one in published:
            for row in (*one["rows"], {**one["total"], "code": TOTAL}):
                for column in table(one["table"]).columns:
                    if column.additive:
                        self._read(Place(one["table"], row["code"], column.id), row[column.id])
        self.sides: dict[bool, list[tuple[dict[int, int], Decimal]]] = {True: [], False: []}
        for is_exact, terms in relations(published):
            known = sum((term.sign * self.shown[term.place] for term in terms if term.place in self.shown), Decimal())
            unknown: dict[int, int] = {}
            for sign, place in terms:
                if place in self.hidden:
                    unknown[self.hidden[place]] = unknown.get(self.hidden[place], 0) + sign
            if unknown:
                self.sides[is_exact].append((unknown, -known))
        (equal, sums), (below, limits) = self._matrix(True), self._matrix(False)
        floor = [(0.01 if table(one.table).column(one.column).money else 1.0, None) for one in self.hidden]
        self.known = {"A_eq": equal, "b_eq": sums, "A_ub": below, "b_ub": limits, "bounds": floor}

    def _read(self, place: Place, figure: Any) -> None:
        if figure is None:
            self.hidden[place] = len(self.hidden)
        else:
            self.shown[place] = Decimal(figure)

    def _matrix(self, is_exact: bool) -> tuple[Any, list[float]]:
        lines = self.sides[is_exact]
        entries = [(row, at, sign) for row, (unknown, _) in enumerate(lines) for at, sign in unknown.items()]
        rows, columns, signs = zip(*entries, strict=True)
        return csr_array((signs, (rows, columns)), shape=(len(lines), len(self.hidden))), [float(s) for _, s in lines]

    def range_of(self, place: Place) -> tuple[float, float]:
        """The lowest and the highest figure that a reader can think possible."""
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(self.hidden))
            aim[self.hidden[place]] = sign
            answer = linprog(aim, method="highs", **self.known)
            assert answer.status in (0, 3), answer.message
            ends.append(math.inf if answer.status == 3 else sign * answer.fun)
        return ends[0], ends[1]


def small(reports: Sequence[Report]) -> dict[Place, tuple[float, int]]:
    """The figures that fewer than five children are behind, with how many; counted again from the rows."""
    found = {}
    for one in reports:
        for row in (*one.rows, None):
            figures = one.totals if row is None else row.figures
            for column, figure in zip(one.table.columns, figures, strict=True):
                if not figure or not column.additive or one.table.public:
                    continue
                behind = sum(each.behind.get(column.id, 0) for each in ([row] if row else one.rows))
                children = int(figure) if column.unit_en == "children" else behind
                if children < 5:
                    found[Place(one.table.id, row.code if row else TOTAL, column.id)] = float(figure), children
    return found


@pytest.mark.parametrize(("by", "step"), [("county", 3), ("township", 97)])
def test_no_small_figure_is_recovered_from_what_is_written(
    exact: dict[str, list[Report]], tmp_path: pathlib.Path, by: str, step: int
) -> None:
    target = tmp_path / "tables.json"
    assert cli.main([*COMMAND, "--by", by, "-o", str(target)]) == 0
    published = json.loads(target.read_text(encoding="utf-8"))["tables"]
    assert [one["table"] for one in published] == [*table_names()]
    attack = Attack(published)
    pointing = small([one for one in exact[by] if one.table.id != "KJ-AGES"])
    assert len(pointing) > 90
    assert pointing.keys() <= attack.hidden.keys()
    for place, (figure, children) in list(pointing.items())[::step]:
        low, high = attack.range_of(place)
        assert low <= figure + 1e-6 <= high + 2e-6, "the attack is wrong"
        assert high - low > 4 * figure / children - 1e-3, place  # as much as four children bring, on the mean
        if table(place.table).column(place.column).of_children:
            assert high > 5 - 1e-6, place
    others = [place for place in attack.hidden if place not in pointing]
    for place in others[:: 2 * step]:
        low, high = attack.range_of(place)
        assert high - low > 0.5, place
