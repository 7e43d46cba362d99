"""The same generated file validated by this library and by its peers, in one run, printed as ratios.

Every row is a process of its own, so that its peak memory is its own; the stages come from one more run in this process
with a stopwatch around each part. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

ROOT = pathlib.Path(__file__).resolve().parents[1]
XSD = ROOT / "schemas" / "v1" / "submission.xsd"

# What the processes run: argument 1 is the file, argument 2 another. Standard output is the verdict.
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
VALIDATE = """
import sys
from kunjing_exchange.validate import validate
with validate(sys.argv[1]) as findings:
    for finding in findings:
        pass
    print(findings.verdict.value)
"""
CONVERT = """
import sys
from kunjing_exchange.convert import convert
print(convert(sys.argv[1], sys.argv[2], force=True).records)
"""
SCHEMA_ONLY = """
import json, sys
import jsonschema_rs
from kunjing_exchange.wire.json_schema import json_schema
judges = {}
bad = 0
with open(sys.argv[1], "rb") as lines:
    for line in lines:
        ((kind, record),) = json.loads(line).items()
        judge = judges.get(kind)
        if judge is None:
            judge = judges[kind] = jsonschema_rs.Draft202012Validator(json_schema(kind))
        bad += not judge.is_valid(record)
print(bad, "bad")
"""


class Run:
    """One process: seconds of wall clock, processor seconds, peak memory in MB, what it said last."""

    def __init__(self, command: Sequence[str]) -> None:
        before = time.perf_counter()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
            self.processor, self.memory = _usage(process)
            self.seconds = time.perf_counter() - before
            output.seek(0)
            self.said = (output.read().decode(errors="replace").strip().splitlines() or [""])[-1]
        if process.returncode:
            raise SystemExit(f"{' '.join(command[:3])} … failed: {self.said}")


def _usage(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)


def python(code: str, *arguments: pathlib.Path) -> list[str]:
    """The command that runs code with this interpreter and this library."""
    path = json.dumps(str(ROOT / "src"))
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {path})\n{code}", *map(str, arguments)]


def make(folder: pathlib.Path, children: int) -> dict[str, pathlib.Path]:
    """The same submission in three formats. A process's peak counts from what its parent held: stay small here."""
    files = {to: folder / f"{children}.{to}" for to in ("jsonl", "xml", "json")}
    Run([*python(MAKE, files["jsonl"]), str(children)])
    for to in ("xml", "json"):
        Run(python(CONVERT, files["jsonl"], files[to]))
    return files


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, figures to the right."""
    print(f"| {' | '.join(headings)} |")
    print(f"| --- |{' ---: |' * (len(headings) - 1)}")
    for row in rows:
        print(f"| {' | '.join(f'{cell:,.2f}' if isinstance(cell, float) else str(cell) for cell in row)} |")
    print()


def compare(files: dict[str, pathlib.Path], children: int) -> None:
    """Validation against the schema-only peers."""
    xmllint = shutil.which("xmllint")
    rows: list[tuple[str, str, Run]] = [
        ("validate XML, all layers", "xml", Run(python(VALIDATE, files["xml"]))),
        ("validate JSON Lines, all layers", "jsonl", Run(python(VALIDATE, files["jsonl"]))),
        ("validate JSON, all layers", "json", Run(python(VALIDATE, files["json"]))),
    ]
    if xmllint:
        command = [xmllint, "--nonet", "--stream", "--noout", "--schema", str(XSD), str(files["xml"])]
        rows.append(("xmllint --stream, XSD only", "xml", Run(command)))
    if importlib.util.find_spec("jsonschema_rs"):
        rows.append(("jsonschema-rs, schema only", "jsonl", Run(python(SCHEMA_ONLY, files["jsonl"]))))
    peers = {run_to: run.seconds for name, run_to, run in rows if "only" in name}
    peers["json"] = peers.get("jsonl", float("nan"))
    table(
        ("what", "s", "children/s", "MB/s", "peak MB", "of the peer's rate"),
        [
            (
                name,
                run.seconds,
                f"{children / run.seconds:,.0f}",
                files[to].stat().st_size / 1e6 / run.seconds,
                f"{run.memory:,.0f}",
                "1 (peer)" if "only" in name else peers.get(to, float("nan")) / run.seconds,
            )
            for name, to, run in rows
        ],
    )


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
    replaced = (
        "open_reader",
        "check_codes",
        "check_identifiers",
        "check_names",
        "run_rules",
        "arrange",
        "canonical_json",
    )
    kept = {name: getattr(module, name) for name in replaced}
    methods = {name: getattr(loader, name) for name in ("add", "close", "_load")}
    try:
        module.open_reader = lambda *what, **more: _TimedReader(kept["open_reader"](*what, **more), watch)  # type: ignore[attr-defined]
        for name, stage in (("check_codes", "codes"), ("check_identifiers", "identifiers"), ("check_names", "names"),
                            ("run_rules", "rules"), ("arrange", "digest"), ("canonical_json", "digest")):  # fmt: skip
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


STAGES = ("read and schema", "digest", "hand over to the load", "wait for the load", "load (in its thread)", "codes",
          "identifiers", "names", "rules", "all")  # fmt: skip


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


def memory(folder: pathlib.Path, sizes: Sequence[int]) -> None:
    """Peak memory of validating and converting, by size."""
    rows = []
    for children in sizes:
        files = make(folder, children)
        row: list[object] = [f"{children:,}"]
        for to in ("xml", "jsonl", "json"):
            row.append(f"{Run(python(VALIDATE, files[to])).memory:,.0f}")
        for to, target in (("xml", "jsonl"), ("jsonl", "xml"), ("json", "xml")):
            row.append(f"{Run(python(CONVERT, files[to], folder / f'out.{target}')).memory:,.0f}")
        rows.append(row)
        for path in (*files.values(), folder / "out.jsonl", folder / "out.xml"):
            path.unlink()
    headings = ("validate XML", "JSON Lines", "JSON", "XML → JSON Lines", "JSON Lines → XML", "JSON → XML")
    table(("children, peak MB", *headings), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--children", type=int, default=20_000, help="children in the file that is validated")
    parser.add_argument("--memory", type=int, metavar="N", help="also peak memory at 1 000 and at N children")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT / "src"))
    with tempfile.TemporaryDirectory(prefix="kunjing-benchmark-") as name:
        folder = pathlib.Path(name)
        files = make(folder, options.children)
        sizes = ", ".join(f"{to} {path.stat().st_size / 1e6:,.1f} MB" for to, path in files.items())
        print(f"{options.children:,} children ({sizes}); Python {platform.python_version()}\n")
        compare(files, options.children)
        if options.memory:
            memory(folder, (1000, options.memory))
        break_down(files, options.children)
        one_case_file()


if __name__ == "__main__":
    main()
