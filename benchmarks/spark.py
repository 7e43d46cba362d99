"""What validating and reporting cost on Spark in local mode: ``python -m benchmarks spark --children 20000 60000``.

CPU seconds are those of this process and all its children (the JVM and Spark's Python workers), so that other work on
the machine hardly changes them. From two sizes follows what each run costs whatever its size, and what a child costs.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import tempfile
import time
from collections.abc import Callable

from kunjing_exchange import spark
from kunjing_exchange.faults import seeder
from kunjing_exchange.generate import generate
from kunjing_exchange.wire import open_writer


def _cpu() -> float:
    """CPU seconds of this process and everything below it (Linux)."""
    found: dict[int, tuple[int, int]] = {}
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            found[int(entry.name)] = int(fields[1]), sum(map(int, fields[11:15]))
    waiting, total = [os.getpid()], 0
    while waiting:
        one = waiting.pop()
        total += found[one][1]
        waiting += [number for number, (parent, _) in found.items() if parent == one]
    return total / os.sysconf("SC_CLK_TCK")


def _timed(name: str, work: Callable[[], object]) -> float:
    wall, cpu = time.monotonic(), _cpu()
    said = work()
    cpu = _cpu() - cpu
    print(f"{name}: {cpu:.1f} CPU s, {time.monotonic() - wall:.1f} s {said or ''}", flush=True)
    return cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, nargs=2, default=[20000, 60000])
    parser.add_argument("--cores", type=int, default=2)
    parser.add_argument("--memory", default="3g")
    args = parser.parse_args()
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": args.memory,
        "spark.sql.shuffle.partitions": str(args.cores),
        "spark.sql.files.maxPartitionBytes": str(32 * 1024 * 1024),
    }
    sessions: list[object] = []
    _timed("start", lambda: sessions.append(spark.open_session(f"local[{args.cores}]", settings)))
    session = spark.open_session()
    session.sparkContext.setLogLevel("ERROR")
    costs: dict[str, list[float]] = {"validate": [], "report": []}
    with tempfile.TemporaryDirectory() as folder:
        for children in (500, *args.children):  # the first run warms the JVM up and does not count
            path = pathlib.Path(folder) / f"{children}.jsonl"
            with path.open("wb") as stream:
                writer = open_writer("jsonl", stream)
                for kind, data in generate(children, seed=7, distort=seeder("all", 0.02)):
                    writer.write(kind, data)
                writer.close()

            done: list[spark.Submission] = []

            def validated(source: pathlib.Path = path, done: list[spark.Submission] = done) -> str:
                done.append(spark.validate(session, source))
                return f"({done[0].verdict.value}, {sum(done[0].summary.by_id.values())} findings)"

            def reported(done: list[spark.Submission] = done) -> str:
                return f"({len(spark.report(done[0]))} tables)"

            spent = (
                _timed(f"{children} children, validate", validated),
                _timed(f"{children} children, report", reported),
            )
            if children in args.children:
                costs["validate"].append(spent[0])
                costs["report"].append(spent[1])
            done[0].close()
    few, many = args.children
    for name, (small, large) in costs.items():
        each = (large - small) / (many - few)
        fixed = small - each * few
        print(f"{name}: {fixed:.0f} CPU s a run, {each * 1000:.2f} CPU ms a child: {1 / each:.0f} children/s a core")
