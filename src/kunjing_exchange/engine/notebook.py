"""Problems of reading and schema, in the order of records, on disk beyond a few."""

from __future__ import annotations

import json
import pathlib
from collections import Counter
from collections.abc import Iterator

from kunjing_exchange.findings import Problem
from kunjing_exchange.wire.record import Located, Place, key_of

__all__ = ["Notebook"]


class Notebook:
    """A file of problems; ``counts`` has how many of each finding's id. Iterating reads them in the order of noting."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._stream = path.open("w+", encoding="utf-8", errors="surrogatepass")
        self.counts: Counter[str] = Counter()

    def take(self, located: Located, blocking: frozenset[str]) -> bool:
        """Note what reading and schema found wrong with a record; whether that is one of ``blocking``."""
        if not located.problems:
            return False
        key = key_of(located.kind, located.data)
        for problem in located.problems:
            self.note(located.number, key, located.place, problem)
        return any(problem.id in blocking for problem in located.problems)

    def note(self, number: int, key: str | None, place: Place, problem: Problem) -> None:
        """Add a problem of the record of that number; ``key`` is the record's own, where it is known."""
        self.counts[problem.id] += 1
        entry = [
            number,
            key,
            [place.line, place.index, place.offset],
            [problem.id, problem.path, problem.line, problem.cell, dict(problem.facts)],
        ]
        self._stream.write(json.dumps(entry) + "\n")

    def __iter__(self) -> Iterator[tuple[int, str | None, Place, Problem]]:
        self._stream.flush()
        return self.read(self._path)

    @staticmethod
    def read(path: pathlib.Path) -> Iterator[tuple[int, str | None, Place, Problem]]:
        """What was noted in a file."""
        with path.open(encoding="utf-8", errors="surrogatepass") as stream:
            for line in stream:
                number, key, (start_line, index, offset), (problem_id, steps, problem_line, cell, facts) = json.loads(
                    line
                )
                place = Place(line=start_line, index=index, offset=offset)
                yield number, key, place, Problem(problem_id, tuple(steps), problem_line, cell, facts)

    def close(self) -> None:
        """Close the file; it stays until its folder goes."""
        self._stream.close()
