"""A record as the rows of its tables: what a reader that never makes a dict of it hands on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

__all__ = ["Node", "Row", "Rows"]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A record type at its place in a top record, ``depth`` steps below it.

    ``names`` are its scalar fields in the model's order, ``other`` those that are not text in JSON; ``below`` are the
    records within, which come after the scalars, and whether they repeat.
    """

    table: str
    name: str
    depth: int
    names: tuple[str, ...]
    other: tuple[tuple[int, str, Callable[[str], object]], ...]
    below: tuple[tuple[str, bool], ...]


Row = tuple[Node, tuple[int, ...], Sequence[str], Mapping[str, str]]
"""(where, item numbers from 1 of what repeats, every scalar field as text, reasons of the facts that are unknown)."""


class Rows:
    """An accepted record as the rows of its tables: what is within a record comes before it."""

    __slots__ = ("_rows",)

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def record(self) -> dict[str, Any]:
        """The plain record, in canonical form."""
        made: defaultdict[int, dict[str, list[dict[str, Any]]]] = defaultdict(dict)
        for node, _, values, unknown in self._rows:
            data: dict[str, Any] = dict(compress(zip(node.names, values, strict=False), values))
            if unknown:
                told: dict[str, Any] = {**data, **{name: {"unknown": reason} for name, reason in unknown.items()}}
                data = {name: told[name] for name in node.names if name in told}
            for position, name, convert in node.other:
                if values[position]:
                    data[name] = convert(values[position])
            if node.below:
                below = made.pop(node.depth + 1, {})
                for name, repeated in node.below:
                    if name in below:
                        data[name] = below[name] if repeated else below[name][0]
            here = made[node.depth]
            if node.name in here:
                here[node.name].append(data)
            else:
                here[node.name] = [data]
        ((record,),) = made[0].values()
        return record
