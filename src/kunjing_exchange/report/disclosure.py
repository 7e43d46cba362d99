"""Disclosure control: what of a table may be published without pointing to a child.

A table is plain data here: cells ``{(row, column): count}``, and the equations that tie them together
(:class:`Equation`; :func:`adding_up` makes those of a table with sub-totals). Tables that share margins are protected
together: put their cells into one mapping and their equations into one list.

Two ways: :func:`suppress` replaces small cells, and as many others as it takes, by ``*``; :func:`rounded` rounds every
cell. docs/disclosure.md says what each holds off, and what it doesn't.

How suppression works. A reader knows every cell that is shown, the equations, and the rule: counts are whole and not
negative, and a ``*`` is no 0 where zeros are shown. A cell is protected by *witnesses*: other tables of whole numbers
that agree with all the reader knows and have another figure in its place. First a greedy pass gives every equation
with one hidden cell a second; then linear programs (HiGHS) look for witnesses among the hidden cells, and, where there
are none, for the cheapest cells to hide beside them. Each witness is checked in whole numbers before it counts, so that
nothing rests on a solver's tolerance. At the end, cells that no needed witness moves are shown again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kunjing_exchange.errors import InvalidArgument, MissingExtra

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]

__all__ = ["BASE", "LEAST", "MARK", "Cell", "Equation", "Protected", "Rounded", "adding_up", "rounded", "suppress"]

Cell = tuple[str, str]
"""A row and a column; of several tables, the table's id belongs into the row or the column."""

LEAST = 5
"""The smallest count that is shown. The project's own choice (docs/disclosure.md)."""

BASE = 5
"""What :func:`rounded` rounds to."""

MARK = "*"
"""What stands for a figure that is not published, whether for its own sake or for another's."""

# How the search is steered: counts of steps, not of seconds, so that a table gives the same answer on any machine.
_HIDDEN_COST = 1e-3
# A move through a cell that is hidden already costs nearly nothing; that it costs something keeps detours out.
_IDLE, _GAIN = 2, 0.95
# So many attempts among the hidden cells that leave more than this share of the cells open, before more are hidden.
_TOGETHER = 16
# So many cells are protected by one program that hides more (or this part of them): fewer hide less, and take longer.
_SINGLY = 3000
# Before more are hidden, cells are tried one by one among the hidden, where there are not more pairs of the two.
_NODES, _GAP = 2000, 0.1
# Where no linear program has a whole answer: how far to search for one, and how much dearer than the best it may be.


@dataclass(frozen=True, slots=True)
class Equation:
    """``total`` is the sum of ``parts`` less the sum of ``less`` (closing = opening + in - out); as a bound: it is
    that or more (all children, those with a disability)."""

    total: Cell
    parts: tuple[Cell, ...]
    less: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Protected:
    """A table fit to be published: ``cells`` has None where a figure is hidden.

    Only ``cells`` and what :meth:`summary` tells are for publication. ``primary``, ``secondary`` and ``intervals`` are
    for the office's own check: who knows which cells are primary knows that they are small. ``intervals`` are the
    figures proven possible, lowest and highest; what a reader can work out is at least as wide.
    """

    cells: Mapping[Cell, int | None]
    least: int
    width: int
    zeros: bool
    primary: frozenset[Cell] = field(repr=False)
    secondary: frozenset[Cell] = field(repr=False)
    intervals: Mapping[Cell, tuple[int, int]] = field(repr=False)
    share: float
    """Of the sum of the cells that are nobody's total, how much is in cells that are shown; 1.0 where it is 0."""

    def text(self, cell: Cell) -> str:
        """The figure as it is published, or ``*``."""
        value = self.cells[cell]
        return MARK if value is None else str(value)

    def summary(self) -> dict[str, int | float]:
        """What is said beside the table: how many cells, how many hidden and why, and how much is still told."""
        return {
            "cells": len(self.cells),
            "primary": len(self.primary),
            "secondary": len(self.secondary),
            "least": self.least,
            "share": round(self.share, 4),
        }


@dataclass(frozen=True, slots=True)
class Rounded:
    """A table of multiples of ``base``. ``additive``: the margins add up; otherwise the table has to say they don't."""

    cells: Mapping[Cell, int]
    base: int
    additive: bool


def adding_up(
    rows: Iterable[str],
    columns: Iterable[str],
    row_sums: Iterable[tuple[str, Sequence[str]]] = (),
    column_sums: Iterable[tuple[str, Sequence[str]]] = (),
) -> list[Equation]:
    """The equations of one table.

    Args:
        rows: all of them, totals and parts.
        columns: all of them, totals and parts.
        row_sums: a row and the rows it is the sum of (a township and its villages), one for each sub-total.
        column_sums: the same of columns; a total that is split by sex and by age is there twice.
    """
    rows, columns = list(rows), list(columns)
    return [
        *(
            Equation((total, column), tuple((part, column) for part in parts))
            for total, parts in row_sums
            for column in columns
        ),
        *(Equation((row, total), tuple((row, part) for part in parts)) for total, parts in column_sums for row in rows),
    ]


def suppress(
    cells: Mapping[Cell, int],
    equations: Iterable[Equation] = (),
    *,
    bounds: Iterable[Equation] = (),
    least: int = LEAST,
    width: int | None = None,
    zeros: bool = False,
    also: Mapping[Cell, int] | None = None,
) -> Protected:
    """Hide the small cells, and as few others as can be found so that nobody can work them out.

    Every hidden cell could, by all that is shown, be any of a range of figures: its highest possible figure is at
    least ``width`` above its lowest, and that of a small cell is ``least`` or more, so that the reader can't even tell
    that it is small. The result does not depend on the order of ``cells`` or ``equations``.

    Args:
        cells: every cell that is going to be published, totals too.
        equations: every sum a reader can form with them. One that is left out is one that is not protected against.
        bounds: where a figure is never less than others are together, though no equation says so.
        least: the smallest count that is shown; 1 … ``least`` - 1 is hidden.
        width: how far apart the lowest and the highest possible figure have to be; ``least`` - 1 unless given.
        zeros: whether 0 is small as well. A 0 points to no child, so that it is shown unless this is asked for.
        also: other cells to hide, each with the width it needs (an amount that gives its count away).

    Raises:
        InvalidArgument: a figure is negative, an equation or bound names a cell that is not there or does not hold, or
            ``least``, ``width`` or ``also`` make no sense.
        MissingExtra: there is something to hide, and SciPy is not installed (extra ``report``). There is no weaker way
            without it: a cell that can't be computed exactly may still be known to be 3 or 4.
    """
    equations = _checked(cells, equations)
    bounds = _checked(cells, bounds, exact=False)
    if least < 2:
        raise InvalidArgument("最小公布值至少为 2", "the smallest count that is shown is at least 2")
    width = least - 1 if width is None else width
    also = {} if also is None else also
    if min([width, *also.values()]) < 1:
        raise InvalidArgument("保护区间宽度至少为 1", "a protection width is at least 1")
    if unknown := sorted(set(also) - set(cells)):
        raise InvalidArgument(f"没有单元格 {_place(unknown[0])}", f"there is no cell {_place(unknown[0])}")
    lowest = 0 if zeros else 1
    small = {cell for cell, value in cells.items() if lowest <= value < least}
    primary = small | {cell for cell in also if cells[cell] >= lowest}
    intervals: dict[Cell, tuple[int, int]] = {}
    if primary:
        widths = {cell: also.get(cell, width if cell in small else 1) for cell in cells}
        intervals = _Protection(cells, equations, bounds, lowest, least, small, widths).run(primary)
    shown = {cell: None if cell in intervals else value for cell, value in cells.items()}
    inner = set(cells) - {equation.total for equation in equations}
    whole = sum(cells[cell] for cell in inner)
    told = sum(cells[cell] for cell in inner - intervals.keys())
    return Protected(
        cells=shown,
        least=least,
        width=width,
        zeros=zeros,
        primary=frozenset(primary),
        secondary=frozenset(intervals.keys() - primary),
        intervals=intervals,
        share=told / whole if whole else 1.0,
    )


def _place(cell: Cell) -> str:
    return f"（{cell[0]}, {cell[1]}）"


def _checked(cells: Mapping[Cell, int], equations: Iterable[Equation], *, exact: bool = True) -> list[Equation]:
    """The equations in a fixed order, each found to hold; without ``exact`` bounds."""
    for cell, value in cells.items():
        if value < 0:
            raise InvalidArgument(f"单元格{_place(cell)}是负数", f"the cell {_place(cell)} is negative")
    ordered = sorted(set(equations), key=lambda equation: (equation.total, equation.parts, equation.less))
    for equation in ordered:
        for cell in (equation.total, *equation.parts, *equation.less):
            if cell not in cells:
                raise InvalidArgument(
                    f"合计关系用到的单元格{_place(cell)}不在表中",
                    f"an equation names {_place(cell)}: there is no such cell",
                )
        beyond = _beyond(cells, equation)
        if beyond < 0 or (exact and beyond):
            raise InvalidArgument(
                f"单元格{_place(equation.total)}不等于其各部分之和；请先核对表内关系",
                f"the cell {_place(equation.total)} is not the sum of its parts; check the table first",
            )
    return ordered


def _beyond(cells: Mapping[Cell, int], equation: Equation) -> int:
    """By how much the total is more than what it is the sum of."""
    plus, minus = (sum(cells[cell] for cell in side) for side in (equation.parts, equation.less))
    return cells[equation.total] - plus + minus


def _matrix(order: Mapping[Cell, int], equations: Sequence[Equation]) -> Any:
    """One row for each equation, one column for each cell of ``order``; rows without any of them are left out."""
    sparse = _scipy()[1]
    rows, columns, signs = [], [], []
    row = 0
    for equation in equations:
        signed = [(equation.total, -1), *((c, 1) for c in equation.parts), *((c, -1) for c in equation.less)]
        inside = [(order[cell], sign) for cell, sign in signed if cell in order]
        for column, sign in inside:
            rows.append(row)
            columns.append(column)
            signs.append(sign)
        row += bool(inside)
    return sparse.csc_array((signs, (rows, columns)), shape=(row, len(order)), dtype="int64")


def _scipy() -> tuple[Any, Any]:
    try:
        from scipy import optimize, sparse
    except ImportError:
        raise MissingExtra(
            "report",
            "统计表的小数保护（不离开本单位的表可用 --disclosure none）",
            "disclosure control of tables (--disclosure none for what stays in the office)",
        ) from None
    return optimize, sparse


def _whole(costs: Reals, matrix: Any, sums: Ints, low: Reals, high: Reals, *, search: bool) -> Ints | None:
    """The cheapest whole numbers between ``low`` and ``high`` with ``matrix @ x == sums``; None where none is found.

    Without ``search`` only where the linear program happens to have a whole answer: it nearly always has where areas
    are crossed with one breakdown, less often where three breakdowns are crossed.
    """
    import numpy as np

    optimize, _ = _scipy()
    limits = {"A_eq": matrix, "b_eq": sums} if matrix.shape[0] else {}
    found = optimize.linprog(costs, bounds=np.stack([low, high], axis=1), method="highs-ds", **limits)
    for attempt in range(1 + search):
        if attempt:
            found = optimize.milp(
                costs,
                integrality=np.ones(len(costs)),
                bounds=optimize.Bounds(low, high),
                constraints=optimize.LinearConstraint(matrix, sums, sums) if matrix.shape[0] else (),
                options={"node_limit": _NODES, "mip_rel_gap": _GAP},
            )
        if found.x is None:
            return None
        nearest: Ints = np.rint(found.x).astype(np.int64)
        if np.array_equal(matrix @ nearest, sums) and np.all(nearest >= low) and np.all(nearest <= high):
            return nearest
    return None


class _Protection:
    """The state of one suppression: which cells are hidden, and how far their witnesses reach."""

    def __init__(
        self,
        cells: Mapping[Cell, int],
        equations: Sequence[Equation],
        bounds: Sequence[Equation],
        lowest: int,
        least: int,
        small: set[Cell],
        widths: Mapping[Cell, int],
    ) -> None:
        _scipy()
        import numpy as np

        # What a bound leaves open is a cell of its own: nobody publishes it, and it may be 0.
        rests = {("", str(number)): bound for number, bound in enumerate(bounds)}
        self.keys = [*rests, *sorted(cell for cell, value in cells.items() if value >= lowest)]
        self.order = {cell: place for place, cell in enumerate(self.keys)}
        closed = [Equation(bound.total, (*bound.parts, rest), bound.less) for rest, bound in rests.items()]
        self.matrix = _matrix(self.order, [*equations, *closed])
        left = {rest: _beyond(cells, bound) for rest, bound in rests.items()}
        self.value: Ints = np.array([{**cells, **left}[cell] for cell in self.keys], dtype=np.int64)
        self.rest: Flags = np.arange(len(self.keys)) < len(rests)
        self.floor: Ints = np.where(self.rest, 0, lowest)
        self.width: Ints = np.array([widths.get(cell, 1) for cell in self.keys], dtype=np.int64)
        self.reach: Ints = np.array([least if cell in small else 0 for cell in self.keys], dtype=np.int64)
        self.primary: Flags = np.zeros(len(self.keys), dtype=np.bool_)
        self.hidden: Flags = self.rest.copy()
        self.low, self.high = self.value.copy(), self.value.copy()
        self.moves: list[Ints] = []
        # Which move took a cell to its lowest and its highest figure.
        self.low_move, self.high_move = np.full(len(self.keys), -1), np.full(len(self.keys), -1)

    def run(self, primary: set[Cell]) -> dict[Cell, tuple[int, int]]:
        """The cells to hide, each with the lowest and the highest figure that is proven possible."""
        self.primary[[self.order[cell] for cell in primary]] = True
        self.hidden |= self.primary
        self._pair()
        turn, idle = 0, 0
        while len(cells := self._open()):
            if idle < _IDLE:
                self._among_hidden(cells, turn)
                turn += 1
                idle = 0 if len(self._open()) <= len(cells) * _GAIN else idle + 1
            else:
                self._hide_more(cells)
                idle = 0
        return self._intervals()

    def _open(self) -> Ints:
        """The primary cells that are not protected yet."""
        import numpy as np

        short = (self.high - self.low < self.width) | (self.high < self.reach)
        return np.flatnonzero(self.primary & short).astype(np.int64)

    def _pair(self) -> None:
        """Where one cell of an equation is hidden, hide the cheapest other: alone it could be computed."""
        by_row = self.matrix.tocsr()
        members = [by_row.indices[by_row.indptr[row] : by_row.indptr[row + 1]] for row in range(by_row.shape[0])]
        of_cell = [
            self.matrix.indices[self.matrix.indptr[place] : self.matrix.indptr[place + 1]]
            for place in range(len(self.keys))
        ]
        # Where there is a rest, nothing can be computed exactly.
        count = [int(self.hidden[cells].sum() + self.rest[cells].sum()) for cells in members]
        queue = deque(row for row in range(len(members)) if count[row] == 1)
        while queue:
            row = queue.popleft()
            if count[row] != 1:
                continue
            need = self.width[members[row]][self.hidden[members[row]]].max()

            def price(place: int, need: int = need) -> tuple[bool, int, int]:
                alone = sum(count[other] == 0 for other in of_cell[place])
                narrow = self.value[place] - self.floor[place] < need
                return bool(narrow), int(self.value[place]) * (1 + alone), place

            choice = min((int(place) for place in members[row] if not self.hidden[place]), key=price, default=None)
            if choice is None:
                continue
            self.hidden[choice] = True
            for other in of_cell[choice]:
                count[other] += 1
                if count[other] == 1:
                    queue.append(other)

    def _wanted(self, cells: Ints) -> Ints:
        """How far up each cell has to move to be protected."""
        import numpy as np

        value = self.value[cells]
        wanted: Ints = np.maximum(self.reach[cells] - value, self.width[cells] - value + self.low[cells])
        return wanted

    def _move(self, free: Flags, targets: Ints, *, forced: bool) -> bool:
        """Look for another table that differs in ``free`` cells only, and where the targets are as high as they need.

        ``forced``: every target moves, and published cells are hidden where that takes them, as cheaply as can be.
        Otherwise as many targets as can be. Says whether anything was won.
        """
        import numpy as np

        sparse = _scipy()[1]
        places = np.flatnonzero(free)
        matrix = self.matrix[:, places]
        matrix = matrix[np.diff(matrix.tocsr().indptr) > 0, :]
        count = len(places)
        cost = np.where(self.hidden[places], _HIDDEN_COST, self.value[places].astype(np.float64))
        costs = np.concatenate([cost, cost])
        room = np.concatenate([np.full(count, np.inf), (self.value[places] - self.floor[places]).astype(np.float64)])
        at = np.searchsorted(places, targets)
        room[at + count] = 0
        if not forced:
            costs[at] = -1
        both = sparse.hstack([matrix, -matrix], format="csc")
        sums = np.zeros(both.shape[0], dtype=np.int64)
        alone = forced and len(targets) == 1
        for step, search in ((1, False), (2, False), (6, False), (1, True))[: 4 if alone else 3]:
            # Where a corner of what is possible is not whole, it is halves or thirds: moves by steps of 2 or 6 are.
            high = np.floor(room / step) * step
            high[at] = np.ceil(self._wanted(targets) / step) * step
            low = np.zeros(2 * count)
            if forced:
                low[at] = high[at]
            found = _whole(costs, both, sums, low, high, search=search)
            if found is not None:
                break
        else:
            return False
        move = np.zeros(len(self.keys), dtype=np.int64)
        move[places] = found[:count] - found[count:]
        return self._note(move)

    def _note(self, move: Ints) -> bool:
        """Take in a witness: the cells it moves are hidden, and reach as far as it takes them."""
        import numpy as np

        if np.any(self.matrix @ move) or np.any(self.value + move < self.floor):
            return False
        self.hidden |= move != 0
        cells = self._open()
        there = self.value[cells] + move[cells]
        higher, lower = cells[there > self.high[cells]], cells[there < self.low[cells]]
        self.high[higher] = (self.value + move)[higher]
        self.low[lower] = (self.value + move)[lower]
        self.high_move[higher] = self.low_move[lower] = len(self.moves)
        self.moves.append(move)
        return bool(len(higher) or len(lower))

    def _among_hidden(self, cells: Ints, turn: int) -> bool:
        """Move some of the cells up among those hidden: others have to go down. Which, changes with every turn."""
        import numpy as np

        # Walsh patterns: over the turns, any two cells are on the same side as often as not.
        chosen = np.array([(place & turn % 64).bit_count() % 2 == turn % 2 for place in range(len(cells))])
        return bool(chosen.any()) and self._move(self.hidden, cells[chosen], forced=False)

    def _hide_more(self, cells: Ints) -> None:
        """Protect cells that can't be protected by those hidden already: a few that share no equation, or the first."""
        import numpy as np

        # Several that were asked for at once may have stood in one another's way.
        if len(cells) * np.count_nonzero(self.hidden) <= _SINGLY:
            moved = [self._move(self.hidden, cells[place : place + 1], forced=True) for place in range(len(cells))]
            if any(moved):
                return
        everything = np.ones(len(self.keys), dtype=np.bool_)
        apart: list[int] = []
        touched: set[int] = set()
        for place in cells.tolist():
            rows = set(self.matrix.indices[self.matrix.indptr[place] : self.matrix.indptr[place + 1]].tolist())
            if len(apart) < max(_TOGETHER, len(cells) // _TOGETHER) and not rows & touched:
                touched |= rows
                apart.append(place)
        while apart:
            if self._move(everything, np.array(apart), forced=True):
                return
            apart = apart[: len(apart) // 2]
        # Twice, three times … the table holds every equation, as every equation is a sum: always a witness.
        tied = _scipy()[1].csgraph.connected_components(abs(self.matrix.T) @ abs(self.matrix), directed=False)[1]
        first = int(cells[0])
        times = -(-int(self._wanted(cells[:1])[0]) // max(1, int(self.value[first])))
        if not self._note(np.where(tied == tied[first], times * self.value, 0)):
            place = _place(self.keys[first])
            raise InvalidArgument(
                f"合计关系本身就决定了单元格{place}，无法保护",
                f"the equations alone fix the cell {place}: it can't be protected",
            )

    def _intervals(self) -> dict[Cell, tuple[int, int]]:
        """What moves in the witnesses that protect the primary cells, from where to where; nothing else is hidden."""
        import numpy as np

        used = sorted({*self.low_move[self.primary].tolist(), *self.high_move[self.primary].tolist()} - {-1})
        tables = np.stack([self.value, *(self.value + self.moves[number] for number in used)])
        low, high = tables.min(axis=0), tables.max(axis=0)
        return {
            self.keys[place]: (int(low[place]), int(high[place])) for place in np.flatnonzero((low < high) & ~self.rest)
        }


def rounded(
    cells: Mapping[Cell, int], equations: Iterable[Equation] = (), *, base: int = BASE, additive: bool = True
) -> Rounded:
    """Every cell as a multiple of ``base``; no chance is in it, the same table gives the same figures.

    Args:
        additive: round up or down so that every equation still holds, with the least change on the whole (controlled
            rounding). A multiple of the base stays, and every figure moves by less than the base; where no such table
            exists, by more, but a 0 stays 0. Without it: to the nearest multiple, half upward, and the margins don't
            add up; the table has to say so.

    Raises:
        InvalidArgument: as :func:`suppress`, or the base is below 3.
        MissingExtra: ``additive``, and SciPy is not installed (extra ``report``).
    """
    equations = _checked(cells, equations)
    if base < 3:
        raise InvalidArgument("取整基数至少为 3", "the base is at least 3")
    if not additive:
        return Rounded(
            {cell: (value + base // 2) // base * base for cell, value in cells.items()}, base, additive=False
        )
    return Rounded(_controlled(cells, equations, base), base, additive=True)


def _controlled(cells: Mapping[Cell, int], equations: Sequence[Equation], base: int) -> dict[Cell, int]:
    _, sparse = _scipy()
    import numpy as np

    keys = sorted(cells)
    matrix = _matrix({cell: place for place, cell in enumerate(keys)}, equations)
    value = np.array([cells[cell] for cell in keys], dtype=np.int64)
    floor, rest = value // base, value % base
    sums = -(matrix @ floor)
    count, none = len(keys), np.zeros(len(keys))
    near = _whole((base - 2 * rest).astype(np.float64), matrix, sums, none, (rest > 0).astype(np.float64), search=True)
    if near is None:
        # Beside the step to the next multiple, any number of steps up and down.
        three = sparse.hstack([matrix, matrix, -matrix], format="csc")
        costs = np.concatenate([base - 2 * rest, np.full(2 * count, base)]).astype(np.float64)
        high = np.concatenate([rest > 0, np.where(value > 0, np.inf, 0.0), floor]).astype(np.float64)
        far = _whole(costs, three, sums, np.zeros(3 * count), high, search=True)
        if far is None:
            raise InvalidArgument(
                "在规定步数内找不到保持合计关系的取整结果；请改用不保持合计的取整或隐去",
                "no rounding was found that keeps the sums; round without them, or suppress",
            )
        near = far[:count] + far[count : 2 * count] - far[2 * count :]
    return dict(sorted(zip(keys, (base * (floor + near)).tolist(), strict=True)))
