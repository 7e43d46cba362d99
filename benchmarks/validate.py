"""Validating, reading, converting and writing beside other tools, on the same made-up submissions, in one table.

Each row is a process of its own, its start included; only the rows of "written" tell processor seconds, of their
writing alone. A ratio is a row's rate divided by that of the fastest other tool that does something with the same
format at the same size: 1 is that tool. Slow tools (jsonschema, xmlschema, pydantic-xml, xsdata) are run with 1 000
children at most.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import pathlib
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from run import ROOT, Failed, Run, kunjing, make, markdown, python
from tables import DUCKDB, PANDAS, POLARS, THREE

RATIOS = ROOT / "benchmarks" / "ratios.json"
PAGE = ROOT / "docs" / "benchmarks.md"
MARKS = ("<!-- figures: python -m benchmarks --save --page -->", "<!-- end of figures -->")
PEERS = ROOT / "benchmarks" / "peers.py"
XSD = ROOT / "schemas" / "v1" / "submission.xsd"
SIZES = (1_000, 10_000)
SLOW = 1_000
"""Children at most for slow tools."""


@dataclass(frozen=True)
class Files:
    """A submission in both formats, and a place for what is written."""

    children: int
    records: int
    xml: pathlib.Path
    jsonl: pathlib.Path
    folder: pathlib.Path

    @property
    def out(self) -> pathlib.Path:
        return self.folder / "out"

    @property
    def dataset(self) -> pathlib.Path:
        return self.folder / "dataset"

    def megabytes(self, group: str) -> float:
        """Size of what a group's rows read, or have written."""
        if group == "Parquet":
            return sum(file.stat().st_size for file in self.dataset.glob("parquet/*")) / 1e6
        return {"XML": self.xml, "JSON Lines": self.jsonl, "written": self.out}[group].stat().st_size / 1e6


@dataclass(frozen=True)
class Row:
    """What is measured. ``group`` is the format whose rows are compared; ``needs`` a module or program of others."""

    group: str
    name: str
    does: str
    command: Callable[[Files], Sequence[str | pathlib.Path]]
    needs: str = ""
    slow: bool = False

    @property
    def ours(self) -> bool:
        return not self.needs

    @property
    def missing(self) -> bool:
        return bool(self.needs) and not (shutil.which(self.needs) or importlib.util.find_spec(self.needs))


def peer(name: str, *files: str) -> Callable[[Files], Sequence[str | pathlib.Path]]:
    """The command of a function in peers.py."""
    return lambda at: [sys.executable, PEERS, name, *(getattr(at, one) for one in files)]


def validate(file: str, jobs: int) -> Callable[[Files], Sequence[str | pathlib.Path]]:
    """The command that validates."""
    return lambda at: kunjing("validate", getattr(at, file), "--jobs", str(jobs))


def convert(file: str, to: str) -> Callable[[Files], Sequence[str | pathlib.Path]]:
    """The command that converts."""
    return lambda at: kunjing("convert", getattr(at, file), at.out, "--to", to, "--lossless")


def on_one_core(file: str) -> Callable[[Files], Sequence[str | pathlib.Path]]:
    """The command that validates in one process, all of whose threads share one core."""
    return lambda at: [*python(ONE_CORE), "validate", getattr(at, file), "--jobs", "1"]


ONE_CORE = """
import os, sys
from kunjing_exchange.cli import main
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sys.exit(main())
"""
EXPORT = """
import sys
from kunjing_exchange.export import export_dataset
export_dataset(sys.argv[1], sys.argv[2], whole=True)
"""
ALL = "schema, digest, codes, identifiers, rules"
ROWS = (
    Row("XML", "validate, 1 process on 1 core", ALL, on_one_core("xml")),
    Row("XML", "validate, 1 process", ALL, validate("xml", 1)),
    Row("XML", "validate, 2 processes", ALL, validate("xml", 2)),
    Row("XML", "convert to JSON Lines", "schema, and written", convert("xml", "jsonl")),
    Row("XML", "read", "schema, models", peer("read", "xml")),
    Row("XML", "xmllint --stream --schema", "XSD", lambda at: ["xmllint", "--nonet", "--stream", "--noout", "--schema",
                                                                XSD, at.xml], "xmllint"),
    Row("XML", "xmlschema", "XSD", peer("xmlschema", "xml"), "xmlschema", slow=True),
    Row("XML", "pydantic-xml", "patterns, types, models; no unknown facts", peer("pydantic_xml", "xml"),
        "pydantic_xml", slow=True),
    Row("XML", "xsdata", "types, dataclasses; no patterns", peer("xsdata", "xml", "folder"), "xsdata", slow=True),
    Row("JSON Lines", "validate, 1 process on 1 core", ALL, on_one_core("jsonl")),
    Row("JSON Lines", "validate, 1 process", ALL, validate("jsonl", 1)),
    Row("JSON Lines", "validate, 2 processes", ALL, validate("jsonl", 2)),
    Row("JSON Lines", "convert to XML", "schema, and written", convert("jsonl", "xml")),
    Row("JSON Lines", "read", "schema, models", peer("read", "jsonl")),
    Row("JSON Lines", "jsonschema-rs", "schema", peer("jsonschema_rs", "jsonl"), "jsonschema_rs"),
    Row("JSON Lines", "jsonschema", "schema", peer("jsonschema", "jsonl"), "jsonschema", slow=True),
    Row("JSON Lines", "Pydantic", "patterns, types, models", peer("pydantic", "jsonl"), "pydantic"),
    Row("written", "XML", "of plain records", peer("write_xml", "jsonl", "out")),
    Row("written", "JSON Lines", "of plain records", peer("write_jsonl", "jsonl", "out")),
    Row("written", "Pydantic, JSON", "of models", peer("write_pydantic", "jsonl", "out"), "pydantic"),
    Row("written", "pydantic-xml, XML", "of models", peer("write_pydantic_xml", "jsonl", "out"), "pydantic_xml",
        slow=True),
    Row("Parquet", "report: HN-2017-1, KJ-T1, KJ-T2", "three tables by county", lambda at: python(THREE, at.dataset)),
    Row("Parquet", "DuckDB, SQL by hand", "three groupings of them", lambda at: python(DUCKDB, at.dataset), "duckdb"),
    Row("Parquet", "pandas, by hand", "three groupings of them", lambda at: python(PANDAS, at.dataset), "pandas"),
    Row("Parquet", "polars, by hand", "three groupings of them", lambda at: python(POLARS, at.dataset), "polars"),
)  # fmt: skip


@dataclass(frozen=True)
class Measured:
    """What a row took with so many children; ``trouble`` says why there are no figures."""

    row: Row
    children: int
    seconds: float = 0.0
    megabytes: float = 0.0
    memory: float = 0.0
    trouble: str = ""

    @property
    def rate(self) -> float:
        return 0.0 if self.trouble else self.children / self.seconds


def measure(row: Row, files: Files) -> Measured:
    """One run of a row."""
    if row.missing:
        return Measured(row, files.children, trouble="not installed")
    try:
        command = row.command(files)
        run = Run(command)
        seconds = run.seconds
        if command[1] == PEERS:
            counted, _, rest = run.said.partition(" bad")
            if counted != f"{files.records} records, 0":
                return Measured(row, files.children, trouble=run.said)
            seconds = float(rest.strip(", s")) if rest else seconds
        return Measured(row, files.children, seconds, files.megabytes(row.group), run.memory)
    except Failed as failed:
        return Measured(row, files.children, trouble=failed.said.replace(f"{files.folder}/", "").replace("|", "/"))
    finally:
        files.out.unlink(missing_ok=True)


def measure_all(rows: Iterable[Row], sizes: Iterable[int], repeat: int) -> dict[int, list[Measured]]:
    """By size, the best of so many runs of each row; the rows take turns, so that other work slows all of them."""
    rows = list(rows)
    found: dict[int, list[Measured]] = {}
    for size in sorted(sizes):
        due = {size: [row for row in rows if not row.slow]}
        small = min(size, SLOW)
        if not any(one.row.slow and one.children == small for one in _flat(found)):
            due.setdefault(small, []).extend(row for row in rows if row.slow)
        found[size] = [one for children, some in due.items() for one in _measure_at(children, some, repeat)]
        found[size].sort(key=lambda one: rows.index(one.row))
    return found


def _measure_at(children: int, rows: Sequence[Row], repeat: int) -> Iterable[Measured]:
    if not rows:
        return []
    runs: dict[Row, list[Measured]] = {row: [] for row in rows}
    with tempfile.TemporaryDirectory(prefix="kunjing-benchmark-") as name:
        folder = pathlib.Path(name)
        _tell(f"{children:,} children: making them up")
        made = make(folder, children)
        with made["jsonl"].open("rb") as lines:
            files = Files(children, sum(1 for _ in lines), made["xml"], made["jsonl"], folder)
        if any(row.needs == "xsdata" and not row.missing for row in rows):
            with contextlib.suppress(Failed):  # its row says what is missing
                Run([sys.executable, PEERS, "xsdata_classes", folder])
        if any(row.group == "Parquet" for row in rows):
            Run(python(EXPORT, files.jsonl, files.dataset))
        for number in range(repeat):
            for row in rows:
                _tell(f"{children:,} children, run {number + 1} of {repeat}: {row.group}, {row.name}")
                runs[row].append(measure(row, files))
    return [max(several, key=lambda one: one.rate) for several in runs.values()]


def _flat(found: dict[int, list[Measured]]) -> Iterable[Measured]:
    return (one for measured in found.values() for one in measured)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def ratio(one: Measured, beside: Iterable[Measured]) -> float | None:
    """The rate by that of the fastest other tool of the group."""
    rates = [other.rate for other in beside if other.row.group == one.row.group and not other.row.ours]
    fastest = max(rates, default=0.0)
    return one.rate / fastest if fastest and one.rate else None


def table(found: dict[int, list[Measured]]) -> str:
    """The one table."""
    rows: list[Sequence[object]] = []
    for measured in found.values():
        for one in measured:
            head = (one.row.group, f"**{one.row.name}**" if one.row.ours else one.row.name, one.row.does)
            if one.trouble:
                rows.append((*head, f"{one.children:,}", one.trouble, "", "", "", ""))
                continue
            share = ratio(one, measured)
            rows.append(
                (
                    *head,
                    f"{one.children:,}",
                    one.seconds,
                    f"{one.rate:,.0f}",
                    one.megabytes / one.seconds,
                    f"{one.memory:,.0f}",
                    "" if share is None else share,
                )
            )
    headings = ("format", "what", "does", "children", "s", "children/s", "MB/s", "peak MB", "of the fastest other tool")
    return markdown(headings, rows, texts=3)


def growth(found: dict[int, list[Measured]]) -> str:
    """Microseconds a child and peak memory by size: what grows with the file would show."""
    sizes = list(found)
    rows: list[Sequence[object]] = []
    for row in dict.fromkeys(one.row for one in _flat(found) if not one.row.slow and not one.trouble):
        at = {one.children: one for one in _flat(found) if one.row == row and not one.trouble}
        costs = (f"{at[size].seconds / size * 1e6:,.0f}" if size in at else "" for size in sizes)
        memory = (f"{at[size].memory:,.0f}" if size in at else "" for size in sizes)
        rows.append((row.group, row.name, *costs, *memory))
    headings = ("format", "what", *(f"µs a child, {size:,}" for size in sizes), *(f"MB, {size:,}" for size in sizes))
    return markdown(headings, rows, texts=2)


def scaling(found: dict[int, list[Measured]]) -> str:
    """How many times faster two processes are than one: DuckDB's threads give one process more than one core, too."""
    rows: list[Sequence[object]] = []
    for size, measured in found.items():
        rates = {(one.row.group, one.row.name): one.rate for one in measured if one.rate}
        for (group, name), rate in rates.items():
            if name.startswith("validate, 1 process"):
                two = rates.get((group, "validate, 2 processes"), 0.0)
                rows.append((group, f"2 processes by {name.removeprefix('validate, ')}", f"{size:,}", two / rate))
    return markdown(("format", "what", "children", "times as fast"), rows, texts=2)


def machine() -> str:
    """The machine by its size only, and whether it is busy."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    load = f"load before the run {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores, {memory:.0f} GB; Python {platform.python_version()}; {load}"


Ratios = dict[str, dict[str, float]]


def ratios(found: dict[int, list[Measured]]) -> Ratios:
    """This library's ratios, by size and row."""
    return {
        str(size): {
            f"{one.row.group}: {one.row.name}": round(share, 3)
            for one in measured
            if one.row.ours and (share := ratio(one, measured)) is not None
        }
        for size, measured in found.items()
    }


def committed() -> Ratios:
    """The ratios of the last --save."""
    return json.loads(RATIOS.read_text("utf-8")) if RATIOS.exists() else {}


def worse(then: Ratios, now: Ratios, tolerance: float) -> dict[str, str]:
    """What got worse by more than the tolerance, or can't be told any more."""
    found = {}
    for size, measured in now.items():
        for name, before in then.get(size, {}).items():
            after = measured.get(name, 0.0)
            if after < before * (1 - tolerance):
                found[f"{name}, {size} children"] = f"{before} before, {after or 'no figure'} now"
    return found


def check(then: Ratios, sizes: Sequence[int], repeat: int, tolerance: float) -> int:
    """Exit status 1 where a ratio is worse in every one of so many turns; only what is worse gets another turn."""
    left: dict[str, str] | None = None
    for _ in range(repeat):
        # the slow tools decide no ratio of ours
        rows = [
            row
            for row in ROWS
            if not row.slow and (left is None or any(name.startswith(f"{row.group}:") for name in left))
        ]
        found = measure_all(rows, sizes, 1)
        print(table(found))
        bad = worse(then, ratios(found), tolerance)
        left = {name: text for name, text in bad.items() if left is None or name in left}
        if not left:
            print(f"no ratio worse by more than {tolerance:.0%}")
            return 0
    for name, text in (left or {}).items():
        print(f"worse: {name}: {text}")
    return 1


def write_page(text: str) -> None:
    """Put the figures between the page's marks."""
    before, _, rest = PAGE.read_text("utf-8").partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    PAGE.write_text(f"{before}{MARKS[0]}\n\n{text}\n{MARKS[1]}{after}", "utf-8")


def _sizes(text: str) -> list[int]:
    return sorted({int(one) for one in text.split(",")})


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="Other benchmarks: stages, tables, departments, reconcile, faults (python -m benchmarks NAME --help).",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--children", type=_sizes, metavar="N,N", help="sizes (default: 1000,10000)")
    parser.add_argument(
        "--repeat",
        type=int,
        metavar="N",
        help="best of N (default: 1, with --save 3); with --check turns until it passes, 3",
    )
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--check", action="store_true", help="compare this library's ratios with the committed ones")
    parser.add_argument("--tolerance", type=float, default=0.3, help="how much worse is too bad (default: 0.3)")
    doing.add_argument("--save", action="store_true", help="write the ratios to benchmarks/ratios.json")
    parser.add_argument("--page", action="store_true", help="write the tables into docs/benchmarks.md")
    return parser.parse_args()


def main() -> int:
    asked = arguments()
    then = committed()
    sizes = asked.children or SIZES
    repeat = asked.repeat or (3 if asked.check or asked.save else 1)
    if asked.check:
        if lacking := [size for size in sizes if str(size) not in then]:
            _tell(f"benchmarks/ratios.json has no ratios of {lacking} children: --save them first")
            return 2
        return check(then, sizes, repeat, asked.tolerance)
    place = machine()
    found = measure_all(ROWS, sizes, repeat)
    text = f"{place}; best of {repeat}.\n\n{table(found)}\n{growth(found)}\n{scaling(found)}"
    print(text)
    if asked.page:
        write_page(text)
    if asked.save:
        kept = sorted((then | ratios(found)).items(), key=lambda item: int(item[0]))
        RATIOS.write_text(json.dumps(dict(kept), indent=1) + "\n", "utf-8")
    return 0
