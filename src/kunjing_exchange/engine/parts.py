"""Parts of one file read by several processes, and handed back in the file's order.

A worker gets a path and a range of bytes, never a record: it reads, judges by the schema, and leaves the lines of the
tables in files of its own, which the parent loads. What comes out is what one process would have found, in the same
order; where that can't be promised, :class:`Disorder` says so and the file is read whole.
"""

from __future__ import annotations

import contextlib
import ctypes
import pathlib
import shutil
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import IO

from kunjing_exchange.engine.notebook import Notebook
from kunjing_exchange.findings import Problem
from kunjing_exchange.tables import TABLES, Flattener, Lines
from kunjing_exchange.wire import Part, PartReader, Source, canonical_body, open_reader
from kunjing_exchange.workers import context

__all__ = ["Disorder", "PartRead", "PartTask", "read_parts", "split"]

_LEAST, _MOST = 4 * 1024 * 1024, 96 * 1024 * 1024
_BUFFER = 256 * 1024
_AT_ONCE = 4 * 1024 * 1024
"""Characters of lines that a worker holds before it writes them."""


class Disorder(Exception):
    """Something was met that only reading the whole file in one process can judge."""


@dataclass(frozen=True, slots=True)
class PartTask:
    """What a worker is told. ``blocking`` are the findings that block a record; ``digest`` asks for its JSON."""

    source: Source
    part: Part
    folder: pathlib.Path
    blocking: frozenset[str]
    digest: bool


@dataclass(slots=True)
class PartRead:
    """What a worker found in a part; numbers and lines count from the part's start.

    ``lines`` are those of the tables, ``bodies`` files of canonical JSON Lines by kind; with ``as_written`` the order
    of fields is the sender's.
    """

    part: Part
    stopped: int = 0
    passed: int = 0
    orderly: bool = True
    records: int = 0
    problems: list[Problem] = field(default_factory=list)
    noted: pathlib.Path | None = None
    lines: Lines | None = None
    bodies: dict[str, pathlib.Path] = field(default_factory=dict)
    as_written: bool = False


def split(reader: PartReader, size: int, jobs: int) -> list[Part]:
    """Parts of a file of ``size`` bytes: smaller towards its end, so that all workers end at about the same time."""
    cuts = [0]
    while True:
        share = (size - cuts[-1]) // (2 * jobs)
        cut = reader.cut(cuts[-1] + min(_MOST, max(_LEAST, share)))
        if cut >= size:
            return [Part(start, end) for start, end in zip(cuts, (*cuts[1:], None), strict=True)]
        cuts.append(cut)


# --- in a worker -----------------------------------------------------------------------------------------------------


def _begin_worker() -> None:
    """An interrupt is the parent's to handle, and a worker whose parent is gone goes too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        set_death_signal = 1
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(set_death_signal, signal.SIGKILL)


def _read(task: PartTask) -> PartRead:
    reader = open_reader(task.source)
    assert isinstance(reader, PartReader)  # noqa: S101 - the parent asked it for the parts
    task.folder.mkdir()
    found = PartRead(task.part, noted=task.folder / "problems.jsonl")
    notebook = Notebook(task.folder / "problems.jsonl")
    flattener, lines = Flattener(TABLES), Lines(task.folder)
    with contextlib.ExitStack() as stack:
        stack.callback(notebook.close)
        bodies = _Bodies(task.folder, stack)
        for located in reader.read(task.part):
            blocked = notebook.take(located, task.blocking)
            place = located.place
            flattener.add(
                located.number, located.kind, located.data, clean=located.clean, rows=located.rows, blocked=blocked,
                place=(place.line, place.index, place.offset, place.length, None),
            )  # fmt: skip
            found.records += located.kind != "header"
            if task.digest and located.data is not None and located.kind != "header":
                found.as_written = found.as_written or located.raw is not None
                bodies.add(located.kind, canonical_body(located, ordered=reader.ordered, as_written=True))
            if flattener.size >= _AT_ONCE:
                lines.add(flattener.take())
    lines.add(flattener.take())
    found.lines, found.bodies = lines, bodies.files
    found.problems = reader.problems
    found.stopped, found.passed, found.orderly = reader.stopped, reader.lines, reader.orderly
    return found


class _Bodies:
    """Files of canonical JSON Lines, one a kind."""

    def __init__(self, folder: pathlib.Path, stack: contextlib.ExitStack) -> None:
        self.files: dict[str, pathlib.Path] = {}
        self._folder = folder
        self._stack = stack
        self._streams: dict[str, IO[bytes]] = {}

    def add(self, kind: str, body: bytes) -> None:
        stream = self._streams.get(kind)
        if stream is None:
            self.files[kind] = self._folder / f"{kind}.jsonl"
            stream = self._streams[kind] = self._stack.enter_context(self.files[kind].open("wb", _BUFFER))
        stream.write(body + b"\n")


# --- in the parent ---------------------------------------------------------------------------------------------------


def read_parts(tasks: Iterable[PartTask], jobs: int) -> Iterator[PartRead | None]:
    """The parts in their order, a few ahead of the caller; the files of each go when the next one is asked for.

    A part whose worker died is read once more, alone; ``None`` stands for one whose worker died again, and is the last.
    """
    waiting: deque[tuple[PartTask, Future[PartRead]]] = deque()
    remaining = iter(tasks)
    pool = _Pool(jobs)
    try:
        while True:
            while len(waiting) <= jobs and (task := next(remaining, None)) is not None:
                waiting.append((task, pool.submit(task)))
            if not waiting:
                return
            task, future = waiting.popleft()
            found = _result(future)
            if found is None:
                # nobody can say which of the parts under way killed its worker: each is read again by itself
                pool.close()
                found = _alone(task)
                again = [other for other, other_future in waiting if _result(other_future) is None]
                pool = _Pool(jobs)
                waiting = deque(
                    (other, pool.submit(_emptied(other)) if other in again else other_future)
                    for other, other_future in waiting
                )
            yield found
            if found is None:
                return
            shutil.rmtree(task.folder, ignore_errors=True)
    finally:
        pool.close()


def _result(future: Future[PartRead]) -> PartRead | None:
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def _emptied(task: PartTask) -> PartTask:
    shutil.rmtree(task.folder, ignore_errors=True)
    return task


def _alone(task: PartTask) -> PartRead | None:
    pool = _Pool(1)
    try:
        return _result(pool.submit(_emptied(task)))
    finally:
        pool.close()


class _Pool:
    """Worker processes and their end."""

    def __init__(self, jobs: int) -> None:
        self._executor = ProcessPoolExecutor(jobs, mp_context=context(), initializer=_begin_worker)

    def submit(self, task: PartTask) -> Future[PartRead]:
        run: Callable[[PartTask], PartRead] = _read
        return self._executor.submit(run, task)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)
