"""What mapping costs: a department's file to canonical JSON Lines, beside ways that map nothing.

    python benchmarks/departments.py [--records 20000]

Each figure is the mapped rate divided by another, from CPU seconds, the best of three; machines differ, ratios less so.

``of canonical``
    the same records, canonical and in the format that the department's file has, converted to canonical JSON Lines: the
    same reading, checking, typing and writing without the mapping. Department records have no canonical CSV; there the
    same child and items stand in case files, a CSV file for each list.
``of canonical JSON Lines``
    the same from our fastest format, whatever the department's is: the strictest comparison.
``of raw``
    the department's file read and its elements written as JSON Lines; nothing is typed or checked. What no mapping that
    checks can reach.
``back``
    the canonical JSON Lines written as the department's file, beside the same written as canonical records in the
    format that the department's file has.

The records are those of the fixture over and over, each with another made-up child, so that no value repeats that would
not repeat in a county's file.
"""

from __future__ import annotations

import argparse
import copy
import itertools
import json
import pathlib
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import Any

from kunjing_exchange import convert, departments
from kunjing_exchange.departments import DepartmentWriter
from kunjing_exchange.generate import generate
from kunjing_exchange.model import CaseFile, elements
from kunjing_exchange.wire import Plain, open_source, open_writer

FIXTURES = pathlib.Path(__file__).parents[1] / "fixtures" / "departments"
CASES = (
    ("education:student", "student.xml", "xml"),
    ("education:student", "student.csv", "csv"),
    ("disability_federation:certificate", "certificate.csv", "csv"),
    ("health_insurance:nhsa-1101", "nhsa-1101.jsonl", "jsonl"),
)
DIVISION = "411303"
_COLUMNS = ("of canonical", "of canonical JSON Lines", "of raw", "back")


def _raw(layout: str, path: pathlib.Path) -> Iterator[Plain]:
    """The elements of a file as they stand: the reader's own first half."""
    with open_source(path) as source:
        for row, _, _ in departments.DepartmentReader(source, departments.layout(layout))._raw():
            yield row


def _many(layout: str, fixture: str, form: str, target: pathlib.Path, records: int) -> None:
    """The fixture's records over and over, each with another child's name, id and addresses."""
    rows = list(_raw(layout, FIXTURES / fixture))
    mapping = departments.mapping(layout)
    children = itertools.cycle(data["child"] for kind, data in generate(2_000, seed=7) if kind == "case_file")
    with target.open("wb") as stream:
        writer = DepartmentWriter(stream, departments.layout(layout), form)
        for number, child in zip(range(records), children, strict=False):
            row = copy.deepcopy(rows[number % len(rows)])
            own = mapping.read(row, lambda *_: None).get("child", {})
            known = {name: child[name] for name in own if isinstance(child.get(name), str)}
            for part in mapping.rows({"child": own | known, "disability": [{}]}, lambda *_: None):
                _lay_over(row, part)
            writer.put(row)
        writer.close()
    assert not writer.losses, writer.losses[0].id


def _lay_over(row: Plain, part: Plain) -> None:
    for name, value in part.items():
        if isinstance(value, dict):
            _lay_over(row.setdefault(name, {}), value)
        elif isinstance(value, str):
            row[name] = value


def _as_case_files(source: pathlib.Path, target: pathlib.Path) -> None:
    """What case files hold of department records, in case files, as JSON Lines."""
    shared = {element.name for element in elements(CaseFile) if element.record is not None}
    with source.open(encoding="utf-8") as lines, target.open("wb") as stream:
        writer = open_writer("jsonl", stream)
        for number, line in enumerate(lines):
            ((kind, data),) = json.loads(line).items()
            if kind == "department_record":
                own = {name: value for name, value in data.items() if name in shared}
                facts = {"case_id": f"{DIVISION}-{number:07}", "division": DIVISION, "status": "open"}
                writer.write("case_file", facts | {"opened_on": "2017-08-28", "child": {"name": "某"}} | own)
            else:
                writer.write(kind, {**data, "message_type": "case_files"})
        writer.close()


def _seconds(work: Callable[[], Any]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def _write_raw(layout: str, source: pathlib.Path, target: pathlib.Path) -> None:
    with target.open("wb") as stream:
        for row in _raw(layout, source):
            stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")


def _measure(layout: str, fixture: str, form: str, records: int, place: pathlib.Path) -> tuple[float, ...]:
    """Mapped records a second, and the ratios."""
    given, lines, out = place / f"in.{form}", place / "canonical.jsonl", place / "out.jsonl"
    _many(layout, fixture, form, given, records)
    convert(given, lines, layout=layout, division=DIVISION)
    facts, same = lines, place / {"csv": "canonical.zip", "jsonl": "same.jsonl"}.get(form, f"canonical.{form}")
    if form == "csv":
        facts = place / "case_files.jsonl"
        _as_case_files(lines, facts)
    written = _seconds(lambda: convert(facts, same, force=True))
    for source in (lines, same):
        assert not convert(source, out, force=True).loss_count, "the records are not clean"
    mapped = _seconds(lambda: convert(given, out, layout=layout, division=DIVISION, force=True))
    plain = _seconds(lambda: convert(lines, out, force=True))
    canonical = plain if form == "jsonl" else _seconds(lambda: convert(same, out, force=True))
    raw = _seconds(lambda: _write_raw(layout, given, out))
    back = _seconds(lambda: convert(lines, place / f"back.{form}", to=layout, force=True))
    return records / mapped, canonical / mapped, plain / mapped, raw / mapped, written / back


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=20_000)
    records = parser.parse_args().records
    print(f"{'layout':36} {'format':6} {'mapped/s':>9}", *(f"  {name}" for name in _COLUMNS), sep="")
    for layout, fixture, form in CASES:
        with tempfile.TemporaryDirectory() as folder:
            rate, *ratios = _measure(layout, fixture, form, records, pathlib.Path(folder))
        shown = "".join(f"  {ratio:{len(name)}.2f}" for name, ratio in zip(_COLUMNS, ratios, strict=True))
        print(f"{layout:36} {form:6} {rate:9.0f}{shown}", flush=True)
    return 0
