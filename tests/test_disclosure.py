"""What is published gives no small cell away: attacked with linear programs over all that a reader knows."""

from __future__ import annotations

import itertools
import math
import random
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from kunjing_exchange.errors import InvalidArgument, MissingExtra
from kunjing_exchange.report.disclosure import Cell, Equation, adding_up, rounded, suppress

Table = tuple[dict[Cell, int], list[Equation]]


def attack(
    shown: Mapping[Cell, int | None], equations: Iterable[Equation], *, floor: int = 1
) -> dict[Cell, tuple[float, float]]:
    """The lowest and the highest figure of each hidden cell, by all that is shown: two linear programs each."""
    hidden = sorted(cell for cell, value in shown.items() if value is None)
    place = {cell: number for number, cell in enumerate(hidden)}
    rows, sums = [], []
    for equation in equations:
        row, known = np.zeros(len(hidden)), 0
        for cell, sign in [
            (equation.total, -1),
            *((part, 1) for part in equation.parts),
            *((part, -1) for part in equation.less),
        ]:
            value = shown[cell]
            if value is None:
                row[place[cell]] += sign
            else:
                known -= sign * value
        if row.any():
            rows.append(row)
            sums.append(known)
    limits: dict[str, Any] = {"A_eq": np.array(rows), "b_eq": sums} if rows else {}
    found = {}
    for cell in hidden:
        aim = np.zeros(len(hidden))
        aim[place[cell]] = 1
        ends = []
        for sign in (1, -1):
            answer = linprog(sign * aim, bounds=(floor, None), **limits)
            ends.append(math.inf * -sign if answer.status == 3 else sign * answer.fun)
        found[cell] = (math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6) if ends[1] < math.inf else math.inf)
    return found


def branching(name: str, leaves: int, branch: int) -> tuple[list[str], list[tuple[str, list[str]]]]:
    """Names of leaves, of their sub-totals and of the total, and which is the sum of which."""
    level = [f"{name}{number}" for number in range(leaves)]
    names, sums = list(level), []
    for depth in itertools.count():
        if len(level) == 1:
            return names, sums
        parts = [level[start : start + branch] for start in range(0, len(level), branch)]
        level = [f"{name}-{depth}-{number}" for number in range(len(parts))]
        sums += zip(level, parts, strict=True)
        names += level
    raise AssertionError


def hierarchical(inner: list[list[int]], branch: int = 3) -> Table:
    """Villages, townships, counties … by columns with sub-totals."""
    rows, row_sums = branching("r", len(inner), branch)
    columns, column_sums = branching("c", len(inner[0]), branch)
    cells = {(f"r{i}", f"c{j}"): value for i, line in enumerate(inner) for j, value in enumerate(line)}
    for total, parts in row_sums:
        for j in range(len(inner[0])):
            cells[total, f"c{j}"] = sum(cells[part, f"c{j}"] for part in parts)
    for total, parts in column_sums:
        for row in rows:
            cells[row, total] = sum(cells[row, part] for part in parts)
    return cells, adding_up(rows, columns, row_sums, column_sums)


def random_table(seed: int, rows: int, columns: int, branch: int = 3) -> Table:
    rng = random.Random(seed)
    empty, mean = rng.choice([0, 0.2, 0.5]), rng.choice([3, 8, 30])
    return hierarchical(
        [[0 if rng.random() < empty else int(rng.expovariate(1 / mean)) for _ in range(columns)] for _ in range(rows)],
        branch,
    )


def linked(seed: int, areas: int = 4, kinds: int = 3, ages: int = 3) -> Table:
    """Area by kind, area by age and kind by age, with the margins all three share."""
    rng = random.Random(seed)
    children = {
        (area, kind, age): 0 if rng.random() < 0.3 else int(rng.expovariate(1 / 2))
        for area in range(areas)
        for kind in range(kinds)
        for age in range(ages)
    }
    axes = {"area": range(areas), "kind": range(kinds), "age": range(ages)}
    sides = list(axes)
    cells: dict[Cell, int] = {}
    equations = []
    for one, other in itertools.combinations(sides, 2):
        for place, others in itertools.product([*axes[one], "all"], [*axes[other], "all"]):
            wanted = {one: place, other: others}
            cells[f"{one} {place}", f"{other} {others}"] = sum(
                value
                for key, value in children.items()
                if all(wanted.get(side, "all") in ("all", at) for side, at in zip(sides, key, strict=True))
            )
        names = {side: [f"{side} {place}" for place in axes[side]] for side in (one, other)}
        equations += adding_up(
            [*names[one], f"{one} all"],
            [*names[other], f"{other} all"],
            [(f"{one} all", names[one])],
            [(f"{other} all", names[other])],
        )
    # What two tables both have is the same figure.
    for area in [*axes["area"], "all"]:
        equations.append(Equation((f"area {area}", "kind all"), ((f"area {area}", "age all"),)))
    for kind in [*axes["kind"], "all"]:
        equations.append(Equation(("area all", f"kind {kind}"), ((f"kind {kind}", "age all"),)))
    for age in [*axes["age"], "all"]:
        equations.append(Equation(("area all", f"age {age}"), (("kind all", f"age {age}"),)))
    return cells, equations


def assert_safe(table: Table, **options: Any) -> int:
    """No hidden cell is given away, and nothing but hidden cells differs from the table. Says how many are hidden."""
    cells, equations = table
    result = suppress(cells, equations, **options)
    floor = 0 if result.zeros else 1
    assert {cell for cell, value in cells.items() if floor <= value < result.least} <= result.primary
    hidden = {cell for cell, value in result.cells.items() if value is None}
    assert hidden == result.primary | result.secondary
    assert all(result.cells[cell] == cells[cell] for cell in cells.keys() - hidden)
    for cell, (low, high) in attack(result.cells, equations, floor=floor).items():
        assert low <= cells[cell] <= high, "the attack is wrong"
        if cell in result.primary:
            assert high >= result.least, "known to be small"
            assert high - low >= result.width
        assert high > low, "computed exactly"
        assert low <= result.intervals[cell][0] < result.intervals[cell][1] <= high
    return len(hidden)


@pytest.mark.parametrize("first", range(0, 50, 10))
def test_no_small_cell_of_a_hierarchical_table_is_recovered(first: int) -> None:
    hidden = [assert_safe(random_table(seed, 4 + seed % 4, 3 + seed % 2)) for seed in range(first, first + 10)]
    assert any(hidden)


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=4))
@settings(max_examples=15, deadline=None, derandomize=True)
def test_no_small_cell_of_any_table_is_recovered(inner: list[list[int]]) -> None:
    assert_safe(hierarchical(inner, branch=2))


@pytest.mark.parametrize("seed", range(5))
def test_no_small_cell_of_linked_tables_is_recovered(seed: int) -> None:
    assert assert_safe(linked(seed))


def test_hiding_small_cells_alone_gives_them_away() -> None:
    """What the attack is for: it does find what is found easily."""
    cells, equations = random_table(2, 9, 4)
    naive = {cell: None if 1 <= value < 5 else value for cell, value in cells.items()}
    assert any(low == high for low, high in attack(naive, equations).values())


def test_tables_protected_one_by_one_would_not_be_safe() -> None:
    """The common margins count: what one table hides, another shows."""
    cells, equations = linked(1)
    apart: dict[Cell, int | None] = {}
    for first, second in itertools.combinations(("area", "kind", "age"), 2):
        inside = {
            cell: value for cell, value in cells.items() if cell[0].startswith(first) and cell[1].startswith(second)
        }
        own = [equation for equation in equations if {equation.total, *equation.parts} <= inside.keys()]
        apart |= suppress(inside, own).cells
    assert any(low == high for low, high in attack(apart, equations).values())


def test_a_table_as_it_is_published() -> None:
    rows = {"甲乡": (2, 30, 32), "乙乡": (17, 9, 26), "丙乡": (40, 21, 61), "合计": (59, 60, 119)}
    columns = ("孤儿", "特困", "合计")
    cells = {(row, column): value for row, line in rows.items() for column, value in zip(columns, line, strict=True)}
    equations = adding_up(rows, columns, [("合计", ("甲乡", "乙乡", "丙乡"))], [("合计", ("孤儿", "特困"))])
    result = suppress(cells, equations)
    assert [[result.text((row, column)) for column in columns] for row in rows] == [
        ["*", "*", "32"],
        ["*", "*", "26"],
        ["40", "21", "61"],
        ["59", "60", "119"],
    ]
    assert result.primary == {("甲乡", "孤儿")}
    assert result.summary() == {"cells": 12, "primary": 1, "secondary": 3, "least": 5, "share": round(61 / 119, 4)}
    assert "2" not in repr(result).split("least")[1].split("share")[0], "the office's own fields are not printed"


def test_balance_of_a_movement_table() -> None:
    """Closing = opening + new - ended: a sum with a minus is an equation like any other."""
    areas = {"a": (40, 3, 12, 31), "b": (25, 8, 9, 24), "c": (18, 11, 6, 23), "all": (83, 22, 27, 78)}
    columns = ("opening", "new", "ended", "closing")
    cells = {(area, column): value for area, line in areas.items() for column, value in zip(columns, line, strict=True)}
    equations = [
        *adding_up(areas, columns, [("all", ("a", "b", "c"))]),
        *(Equation((area, "closing"), ((area, "opening"), (area, "new")), ((area, "ended"),)) for area in areas),
    ]
    assert assert_safe((cells, equations)) > 1


def test_nothing_is_hidden_where_nothing_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    cells, equations = hierarchical([[5, 0, 17], [9, 6, 0], [0, 8, 40]])
    result = suppress(cells, equations)
    assert result.cells == cells
    assert result.summary() == {"cells": len(cells), "primary": 0, "secondary": 0, "least": 5, "share": 1.0}


def test_without_the_solver_nothing_is_published_half_protected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy", None)
    cells, equations = hierarchical([[1, 9], [9, 9]])
    with pytest.raises(MissingExtra) as missing:
        suppress(cells, equations)
    assert missing.value.facts["extra"] == "report"
    with pytest.raises(MissingExtra):
        rounded(cells, equations)
    assert rounded(cells, equations, additive=False).cells["r0", "c0"] == 0


@pytest.mark.parametrize("failing", [("milp",), ("milp", "linprog")])
def test_where_a_solver_gives_up_more_is_hidden_and_not_less(
    monkeypatch: pytest.MonkeyPatch, failing: tuple[str, ...]
) -> None:
    class Nothing:
        x = None

    for name in failing:
        monkeypatch.setattr(f"scipy.optimize.{name}", lambda *_, **__: Nothing())
    cells, equations = hierarchical([[1, 9, 8], [9, 9, 30], [12, 7, 0]])
    result = suppress(cells, equations)
    monkeypatch.undo()
    for cell, (low, high) in attack(result.cells, equations).items():
        assert high > low
        assert cell not in result.primary or high - low >= 4


def test_same_answer_in_any_order() -> None:
    cells, equations = random_table(4, 12, 6)
    first = suppress(cells, equations)
    again = suppress(dict(reversed(cells.items())), [*reversed(equations), *equations])
    assert again.cells == first.cells
    assert (again.primary, again.secondary, again.intervals) == (first.primary, first.secondary, first.intervals)
    assert rounded(dict(reversed(cells.items())), reversed(equations)) == rounded(cells, equations)


def test_zeros_are_shown_unless_asked_for() -> None:
    table = hierarchical([[0, 14, 9], [11, 0, 22], [8, 13, 10]])
    assert assert_safe(table) == 0
    assert assert_safe(table, zeros=True) >= 4


def test_other_thresholds_and_widths() -> None:
    table = random_table(5, 8, 4)
    hidden = [
        assert_safe(table, least=least, width=width) for least, width in ((2, 1), (3, 2), (5, 4), (11, 10), (5, 20))
    ]
    assert hidden == sorted(hidden[:4]) + hidden[4:]
    assert hidden[4] >= hidden[2] > 0


def test_amounts_are_hidden_with_their_counts() -> None:
    cells, equations = hierarchical([[9600, 3200, 4100], [7000, 8800, 6000], [5000, 9100, 7700]])
    result = suppress(cells, equations, also={("r0", "c1"): 1000})
    assert result.primary == {("r0", "c1")}
    low, high = attack(result.cells, equations)["r0", "c1"]
    assert high - low >= 1000


def test_a_larger_table_is_protected_by_witnesses_that_fit_what_is_shown() -> None:
    """Too many cells for two programs each: some of them, and the counts."""
    cells, equations = random_table(11, 60, 16, branch=6)
    result = suppress(cells, equations)
    assert result.secondary
    assert result.primary == {cell for cell, value in cells.items() if 1 <= value < 5}
    for cell in result.primary:
        low, high = result.intervals[cell]
        assert 1 <= low <= cells[cell] <= high
        assert high - low >= 4
        assert high >= 5
    kept = sum(value for (row, column), value in cells.items() if row[1] != "-" and column[1] != "-"
               and result.cells[row, column] is not None)  # fmt: skip
    assert result.share == kept / cells["r-2-0", "c-1-0"]


def test_what_makes_no_sense_is_refused() -> None:
    cells, equations = hierarchical([[1, 9], [9, 9]])
    for changed, sums, options in (
        ({**cells, ("r0", "c0"): -1}, [], {}),
        ({**cells, ("r0", "c0"): 2}, equations, {}),
        (cells, [Equation(("r0", "c0"), (("elsewhere", "c0"),))], {}),
        (cells, equations, {"least": 1}),
        (cells, equations, {"width": 0}),
        (cells, equations, {"also": {("elsewhere", "c0"): 3}}),
    ):
        with pytest.raises(InvalidArgument):
            suppress(changed, sums, **options)  # type: ignore[arg-type]
    with pytest.raises(InvalidArgument):
        rounded(cells, equations, base=2)


def test_a_zero_that_the_equations_fix_is_named() -> None:
    cells = {("a", "x"): 0, ("b", "x"): 9, ("c", "x"): 9}
    equations = [Equation(("c", "x"), (("b", "x"),)), Equation(("c", "x"), (("b", "x"), ("a", "x")))]
    with pytest.raises(InvalidArgument, match="a, x"):
        suppress(cells, equations, zeros=True)


def holds(cells: Mapping[Cell, int], equations: Iterable[Equation]) -> bool:
    return all(
        cells[equation.total]
        == sum(cells[cell] for cell in equation.parts) - sum(cells[cell] for cell in equation.less)
        for equation in equations
    )


@pytest.mark.parametrize("base", [3, 5])
@pytest.mark.parametrize("make", [lambda seed: random_table(seed, 9, 5), linked])
def test_controlled_rounding_keeps_the_sums(base: int, make: Any) -> None:
    for seed in range(10):
        cells, equations = make(seed)
        result = rounded(cells, equations, base=base)
        assert result.additive
        assert holds(result.cells, equations)
        assert all(value % base == 0 for value in result.cells.values())
        assert all(abs(result.cells[cell] - value) < base for cell, value in cells.items())


def test_controlled_rounding_goes_further_where_it_has_to() -> None:
    cells = {(name, "x"): 5 for name in "abc"} | {(name, "x"): 10 for name in ("ab", "bc", "ac")}
    equations = [Equation((pair, "x"), ((pair[0], "x"), (pair[1], "x"))) for pair in ("ab", "bc", "ac")]
    result = rounded(cells, equations, base=10)
    assert holds(result.cells, equations)
    assert all(value % 10 == 0 for value in result.cells.values())
    assert any(abs(result.cells[cell] - value) >= 10 for cell, value in cells.items())


def test_conventional_rounding_says_that_sums_do_not_hold() -> None:
    cells, equations = hierarchical([[2, 2], [2, 8]])
    result = rounded(cells, equations, additive=False)
    assert not result.additive
    assert [result.cells["r0", "c0"], result.cells["r1", "c1"], result.cells["r-0-0", "c-0-0"]] == [0, 10, 15]
    assert not holds(result.cells, equations)


def test_a_bound_is_reckoned_with() -> None:
    """Who knows that 19 of an area's children have a disability knows that it has 19 at the least."""
    cells = {("a", "all"): 2, ("b", "all"): 20, ("c", "all"): 40, ("total", "all"): 62} | {
        ("a", "some"): 0, ("b", "some"): 19, ("c", "some"): 8, ("total", "some"): 27,
    }  # fmt: skip
    equations = adding_up(["a", "b", "c", "total"], ["all", "some"], [("total", ["a", "b", "c"])])
    bounds = [Equation((row, "all"), ((row, "some"),)) for row in ("a", "b", "c", "total")]
    careless, careful = suppress(cells, equations), suppress(cells, equations, bounds=bounds)
    assert careless.cells["b", "all"] is None is not careless.cells["b", "some"]  # so that a has 3 at the most
    assert careful.cells["a", "all"] is None
    assert set(careful.cells) == set(cells)
    slack = {(row, "rest"): None for row in ("a", "b", "c", "total")}
    closed = [Equation((row, "all"), ((row, "some"), (row, "rest"))) for row in ("a", "b", "c", "total")]
    low, high = attack({**careful.cells, **slack}, [*equations, *closed], floor=0)["a", "all"]
    assert high >= 5
    assert high - low >= 4
    with pytest.raises(InvalidArgument):
        suppress({**cells, ("b", "some"): 21, ("total", "some"): 29}, equations, bounds=bounds)
