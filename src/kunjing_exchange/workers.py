"""Worker processes: for which files they are worth their start, and the process that they are forked from.

Imports nothing heavy, so that the command line can start that process before it imports what the work needs.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

__all__ = ["WORTH_WORKERS", "context", "start_early"]

WORTH_WORKERS = 8 * 1024 * 1024
"""From so many bytes on, workers gain more than they take to start."""

_PRELOADED = "kunjing_exchange.engine.parts"
"""What the process that workers are forked from imports for all of them."""


def context() -> Any:
    """The way that workers start: without what this process holds, since a fork would copy locks of its threads."""
    import multiprocessing

    way = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    chosen: Any = multiprocessing.get_context(way)
    if way == "forkserver":
        chosen.set_forkserver_preload([_PRELOADED])
    return chosen


def start_early(files: Iterable[str], jobs: int) -> None:
    """Where several processes will read a file, let the one that they are forked from import while this one does.

    Goes by names and sizes alone: what they don't tell starts later.
    """
    if jobs > 1 and any(map(_is_large, files)) and context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        forkserver.ensure_running()


def _is_large(file: str) -> bool:
    try:
        return file.endswith((".xml", ".jsonl")) and os.path.getsize(file) >= WORTH_WORKERS
    except OSError:  # who reads it says what is wrong with it
        return False
