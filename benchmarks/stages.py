"""What validating costs by stage, and what one case file costs.

The stages come from a validation in this process with a stopwatch around each part; loading runs in a second thread
beside reading, so that its time overlaps.
"""

from __future__ import annotations

import argparse
import importlib
import pathlib
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from run import ROOT, Run, make, python, table


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed."""

        def timed(*arguments: Any, **options: Any) -> Any:
            before = time.perf_counter()
            try:
                return function(*arguments, **options)
            finally:
                self.seconds[stage] = self.seconds.get(stage, 0.0) + time.perf_counter() - before

        return timed

    def through(self, stage: str, items: Iterator[Any]) -> Iterator[Any]:
        """The items, the time of getting each counted."""
        advance = self.around(stage, lambda: next(items, None))
        while (item := advance()) is not None:
            yield item


class _TimedReader:
    """A reader whose records are timed."""

    def __init__(self, reader: Any, watch: Stopwatch) -> None:
        self._reader = reader
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def __iter__(self) -> Iterator[Any]:
        return self._watch.through("read and schema", iter(self._reader))


def stages(path: pathlib.Path) -> dict[str, float]:
    """Seconds by stage of one validation in this process. Loading runs beside reading, in a second thread."""
    module = importlib.import_module("kunjing_exchange.validate")
    loader = importlib.import_module("kunjing_exchange.tables.load").Loader
    watch = Stopwatch()
    stage_of = {
        "check_values": "codes, identifiers, names",
        "run_rules": "rules",
        "canonical_body": "digest",
    }
    kept = {name: getattr(module, name) for name in ("open_reader", *stage_of)}
    methods = {name: getattr(loader, name) for name in ("add", "close", "_load")}
    try:
        module.open_reader = lambda *what, **more: _TimedReader(kept["open_reader"](*what, **more), watch)  # type: ignore[attr-defined]
        for name, stage in stage_of.items():
            setattr(module, name, watch.around(stage, kept[name]))
        loader.add = watch.around("hand over to the load", methods["add"])
        loader.close = watch.around("wait for the load", methods["close"])
        loader._load = watch.around("load (in its thread)", methods["_load"])
        before = time.perf_counter()
        with module.validate(path):
            watch.seconds["all"] = time.perf_counter() - before
    finally:
        for name, value in kept.items():
            setattr(module, name, value)
        for name, value in methods.items():
            setattr(loader, name, value)
    return watch.seconds


STAGES = ("read and schema", "digest", "hand over to the load", "wait for the load", "load (in its thread)",
          "codes, identifiers, names", "rules", "all")  # fmt: skip


PREPARED = ("read and schema", "hand over to the load", "wait for the load")
"""Reading, typing and loading, as the file waits for them; the rest of the load runs beside reading."""


def break_down(files: dict[str, pathlib.Path], children: int) -> None:
    """What the stages cost, in microseconds a child."""
    found = {to: stages(files[to]) for to in ("xml", "jsonl")}
    table(
        ("stage, µs a child", "XML", "JSON Lines"),
        [(stage, *(f"{found[to].get(stage, 0.0) / children * 1e6:,.1f}" for to in found)) for stage in STAGES],
    )
    ratios = (f"{to} {by['rules'] / sum(by.get(stage, 0.0) for stage in PREPARED):.2f}" for to, by in found.items())
    print(f"All rules to reading, typing and loading the same file: {', '.join(ratios)} (at most 0.33)\n")


ONE = """
import sys, time
before = time.perf_counter()
from kunjing_exchange.validate import validate
started = time.perf_counter()
for _ in range(int(sys.argv[2])):
    last = time.perf_counter()
    with validate(sys.argv[1]) as findings:
        list(findings)
print(started - before, time.perf_counter() - last)
"""


def one_case_file() -> None:
    """One case file through all layers: with the process's start, after the imports, and in a warm process."""
    fixture = ROOT / "fixtures" / "case_file.xml"
    rows = []
    for name, times in (("first in a process", 1), ("warm: the tenth in a process", 10)):
        run = Run([*python(ONE, fixture), str(times)])
        imported, last = map(float, run.said.split())
        rows.append((name, run.seconds if times == 1 else "", imported if times == 1 else "", last))
    table(("one case file, s", "with start", "imports", "validate"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--children", type=int, default=10_000)
    children = parser.parse_args().children
    with tempfile.TemporaryDirectory(prefix="kunjing-benchmark-") as folder:
        break_down(make(pathlib.Path(folder), children), children)
    one_case_file()
