"""Measured processes, made-up submissions and Markdown tables, for all benchmarks."""

from __future__ import annotations

import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence

ROOT = pathlib.Path(__file__).resolve().parents[1]

# What the processes run: argument 1 is the file, argument 2 another.
MAKE = """
import sys
from kunjing_exchange.generate import generate
from kunjing_exchange.wire import open_writer
with open(sys.argv[1], "wb") as stream:
    writer = open_writer("jsonl", stream)
    for kind, data in generate(int(sys.argv[2]), seed=7):
        writer.write(kind, data)
    writer.close()
"""


class Failed(SystemExit):
    """A process ended with an error; ``said`` is its last line."""

    def __init__(self, command: Sequence[str | pathlib.Path], said: str) -> None:
        begun = " ".join(map(str, command[:3])).splitlines()[0]
        super().__init__(f"{begun} … failed: {said}")
        self.said = said


class Run:
    """One process and its children: seconds of wall clock, processor seconds, peak memory in MB, what it said last.

    The processor seconds are those of the process itself. Peak memory is the system's figure for the largest process;
    where several live at once and there is /proc, the most that looks have found all of them to hold together, shared
    pages counted once. A look stops the processes for a moment: it is taken every tenth of a second, or as seldom as
    makes it a fiftieth of the time.
    """

    def __init__(self, command: Sequence[str | pathlib.Path]) -> None:
        path = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
        before = time.perf_counter()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(
                command, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONPATH": path}
            )
            watch = _Memory(process.pid)
            watch.start()
            self.processor, largest = _usage(process)
            self.seconds = time.perf_counter() - before
            watch.ended.set()
            watch.join()
            self.memory = max(largest, watch.peak)
            output.seek(0)
            self.said = (output.read().decode(errors="replace").strip().splitlines() or [""])[-1]
        if process.returncode:
            raise Failed(command, self.said)


def _usage(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


class _Memory(threading.Thread):
    """The most that a process with its children was seen to hold, in MB; 0 where it never had any."""

    def __init__(self, root: int) -> None:
        super().__init__(daemon=True)
        self.root = root
        self.peak = 0.0
        self.ended = threading.Event()

    def run(self) -> None:
        pause = 0.1
        while not self.ended.wait(pause):
            before = time.perf_counter()
            family = _family(self.root)
            if len(family) > 1:
                self.peak = max(self.peak, sum(map(_held, family)))
            pause = max(0.1, 50 * (time.perf_counter() - before))


def _family(root: int) -> set[int]:
    """The process and all below it."""
    parents: dict[int, int] = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            number, _, rest = stat.read_text(errors="replace").rpartition(")")
        except OSError:  # ended meanwhile
            continue
        parents[int(number.split()[0])] = int(rest.split()[1])
    family, before = {root}, 0
    while len(family) > before:
        before = len(family)
        family |= {process for process, parent in parents.items() if parent in family}
    return family


def _held(process: int) -> float:
    """MB of a process, a page that several share counted in parts."""
    try:
        text = pathlib.Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return int(text.partition("\nPss:")[2].split()[0]) / 1024 if "\nPss:" in text else 0.0


def python(code: str, *arguments: pathlib.Path) -> list[str]:
    """The command that runs code with this interpreter."""
    return [sys.executable, "-c", code, *map(str, arguments)]


def kunjing(*arguments: str | pathlib.Path) -> list[str]:
    """The command that runs this library's command line."""
    return [sys.executable, "-m", "kunjing_exchange", *map(str, arguments)]


def make(folder: pathlib.Path, children: int) -> dict[str, pathlib.Path]:
    """The same submission in two formats. A process's peak counts from what its parent held: stay small here."""
    files = {to: folder / f"{children}.{to}" for to in ("jsonl", "xml")}
    Run([*python(MAKE, files["jsonl"]), str(children)])
    Run(kunjing("convert", files["jsonl"], files["xml"]))
    return files


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, figures to the right."""
    print(markdown(headings, rows))


def markdown(headings: Sequence[str], rows: Sequence[Sequence[object]], texts: int = 1) -> str:
    """A Markdown table; the first columns are texts, the figures of the others stand to the right."""
    lines = [f"| {' | '.join(headings)} |", f"|{' --- |' * texts}{' ---: |' * (len(headings) - texts)}"]
    for row in rows:
        lines.append(f"| {' | '.join(f'{cell:,.2f}' if isinstance(cell, float) else str(cell) for cell in row)} |")
    return "\n".join([*lines, ""])
