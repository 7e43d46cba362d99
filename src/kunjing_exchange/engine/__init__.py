"""Where SQL text runs: DuckDB inside this process, bounded in memory, spilling to a private folder.

Knows no rule and no policy.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
from collections.abc import Iterator

import duckdb

from kunjing_exchange.engine.notebook import Notebook
from kunjing_exchange.wire.spool import work_folder

__all__ = ["MEMORY_LIMIT", "Engine", "Notebook", "open_engine"]

MEMORY_LIMIT = "192MB"
"""What DuckDB may hold; resident memory runs up to 85 MB over it (measured)."""


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
    """
    with work_folder() as folder:
        connection = duckdb.connect(
            ":memory:" if small else str(folder / "tables.duckdb"),
            config={
                "memory_limit": memory_limit,
                "threads": threads or min(os.cpu_count() or 1, 4),
                "temp_directory": str(folder / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        try:
            connection.execute("set enable_progress_bar = false")
            yield Engine(connection, folder)
        finally:
            connection.close()
