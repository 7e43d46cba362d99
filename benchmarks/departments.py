"""What mapping costs: a department's file to canonical JSON Lines, beside two ways that map nothing.

    python benchmarks/departments.py [--records 20000]

``raw`` reads the same file and writes its elements as JSON Lines, and checks nothing either. ``canonical`` reads the
same records from canonical XML, checks the schema and writes. Ratios of the mapped rate to theirs: machines differ.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import tempfile
import time

from kunjing_exchange import convert, departments
from kunjing_exchange.departments import DepartmentWriter
from kunjing_exchange.wire import open_source

FIXTURES = pathlib.Path(__file__).parents[1] / "fixtures" / "departments"
CASES = (
    ("education:student", "student.xml", "xml"),
    ("education:student", "student.csv", "csv"),
    ("disability_federation:certificate", "certificate.csv", "csv"),
    ("health_insurance:nhsa-1101", "nhsa-1101.jsonl", "jsonl"),
)


def _many(layout: str, fixture: str, form: str, target: pathlib.Path, records: int) -> None:
    """The fixture's records over and over."""
    with open_source(FIXTURES / fixture) as source:
        found = [one.data for one in departments.open_reader(source, layout) if one.kind != "header"]
    with target.open("wb") as stream:
        writer = DepartmentWriter(stream, departments.layout(layout), form)
        for number in range(records):
            writer.write("department_record", found[number % len(found)] or {})
        writer.close()


def _seconds(source: pathlib.Path, target: pathlib.Path, layout: str | None = None) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        convert(source, target, layout=layout, division="411303", force=True)
        best = min(best, time.perf_counter() - start)
    return best


def _raw_seconds(source: pathlib.Path, target: pathlib.Path, layout: str) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.perf_counter()
        with open_source(source) as opened, target.open("wb") as stream:
            # the reader's own first half: the elements as they stand
            reader = departments.DepartmentReader(opened, departments.layout(layout))
            for row, _, _ in reader._raw():
                stream.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
        best = min(best, time.perf_counter() - start)
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--records", type=int, default=20_000)
    records = parser.parse_args().records
    print(f"{'layout':36} {'format':6} {'mapped/s':>9} {'of raw':>7} {'of canonical':>13}")
    for layout, fixture, form in CASES:
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder)
            _many(layout, fixture, form, place / f"in.{form}", records)
            raw = _raw_seconds(place / f"in.{form}", place / "raw.jsonl", layout)
            mapped = _seconds(place / f"in.{form}", place / "out.jsonl", layout)
            convert(place / "out.jsonl", place / "canonical.xml", force=True)
            plain = _seconds(place / "canonical.xml", place / "again.jsonl")
        print(f"{layout:36} {form:6} {records / mapped:9.0f} {raw / mapped:7.2f} {plain / mapped:13.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
