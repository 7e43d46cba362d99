"""Where SQL text runs: DuckDB inside this process, bounded in memory, spilling to a private folder.

Knows no rule and no policy.
"""

from __future__ import annotations

import contextlib
import errno
import os
import pathlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import duckdb

from kunjing_exchange.engine.notebook import Notebook
from kunjing_exchange.errors import OutOfSpace
from kunjing_exchange.wire.spool import work_folder

__all__ = ["JUDGING_MEMORY", "MEMORY_LIMIT", "Engine", "Notebook", "one_thread", "open_engine", "run_at_once"]

MEMORY_LIMIT = "192MB"
"""What DuckDB may hold; resident memory runs up to 85 MB over it (measured)."""
JUDGING_MEMORY = "320MB"
"""What it may hold once all is read, and the processes that read are gone."""

_CHECKPOINT = "256MB"
"""How much is loaded between two checkpoints: each writes the last rows of every table again."""


class Engine:
    """A connection with its folder."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: pathlib.Path) -> None:
        self.connection = connection
        self.folder = folder


@contextlib.contextmanager
def open_engine(
    *, memory_limit: str = MEMORY_LIMIT, threads: int | None = None, small: bool = False
) -> Iterator[Engine]:
    """An empty database in a private folder that is gone afterwards.

    ``small`` says that what comes fits into memory many times over: then no file is made for it.

    Raises:
        OutOfSpace: what was done with it filled the disk or went beyond the memory limit.
    """
    with work_folder() as folder:
        connection = duckdb.connect(
            ":memory:" if small else str(folder / "tables.duckdb"),
            config={
                "memory_limit": memory_limit,
                "threads": threads or min(os.cpu_count() or 1, 4),
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
                "wal_autocheckpoint": _CHECKPOINT,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        try:
            connection.execute("set enable_progress_bar = false; pragma disable_checkpoint_on_shutdown")
            yield Engine(connection, folder)
        except (duckdb.Error, OSError) as error:
            if _is_full(error):
                raise OutOfSpace(str(folder.parent)) from None
            raise
        finally:
            connection.close()


@contextlib.contextmanager
def one_thread(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """While small batches are loaded: several threads would only get in one another's way."""
    row = connection.execute("select current_setting('threads')").fetchone()
    connection.execute("set threads = 1")
    yield
    connection.execute(f"set threads = {row[0] if row else 1}")


def _is_full(error: duckdb.Error | OSError) -> bool:
    """DuckDB has no exception of its own for a full disk."""
    if isinstance(error, OSError):
        return error.errno == errno.ENOSPC
    return isinstance(error, duckdb.OutOfMemoryException) or os.strerror(errno.ENOSPC) in str(error)


def run_at_once(
    connection: duckdb.DuckDBPyConnection,
    works: Iterable[Callable[[duckdb.DuckDBPyConnection], object]],
    *,
    large: bool = False,
) -> None:
    """Run pieces of work, each with a cursor that it has to itself, as many at a time as the database has threads.

    A statement over few rows, and the planning of any, uses one thread. Temporary tables are a cursor's own. Over
    ``large`` tables a statement uses all threads and much of the memory, so they run one after the other.
    """
    if large:
        for work in works:
            work(connection)
        return
    row = connection.execute("select current_setting('threads'), current_setting('search_path')").fetchone()
    threads, path = (int(row[0]), row[1]) if row else (1, "")
    waiting = list(works)

    def run(cursor: duckdb.DuckDBPyConnection) -> None:
        while waiting:
            try:
                work = waiting.pop()
            except IndexError:  # another took the last
                return
            work(cursor)

    with contextlib.ExitStack() as stack:
        cursors = [connection.cursor() for _ in range(threads)]
        for cursor in cursors:
            stack.callback(cursor.close)
            cursor.execute("set search_path = ?", [path])
        with ThreadPoolExecutor(threads) as workers:
            list(workers.map(run, cursors))
