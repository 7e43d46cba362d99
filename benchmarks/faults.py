"""How well the rules find what was put wrong: made-up children without a fault, then with known ones.

    python -m benchmarks faults [--children 50000] [--rate 0.02] [--seed 7]

Faultless children have to give no finding. Of the faulty ones every fault is logged with the rule that has to speak and
the record it has to speak of. What another rule says of the very item that was put wrong (a recognition moved before
the birth lies before its category was in force, too) is a consequence and counted apart; any other finding is invented.
Exit status 1 where precision or recall is below 1.
"""

from __future__ import annotations

import argparse
import pathlib
import tempfile
from collections import Counter

from kunjing_exchange import validate
from kunjing_exchange.faults import seeder
from kunjing_exchange.generate import generate
from kunjing_exchange.wire import Plain, open_writer

Places = dict[tuple[str, int], str]


def _write(path: pathlib.Path, children: int, seed: int, rate: float = 0.0) -> tuple[Places, dict[int, int]]:
    """The item of every fault put in, by rule and position of its case; the position of the case on each line."""
    seeded: list[Plain] = []
    distort = seeder("all", rate, seeded.append) if rate else None
    lines: dict[int, int] = {}
    with path.open("wb") as stream:
        writer = open_writer("jsonl", stream)
        for line, (kind, record) in enumerate(generate(children, division="411300", seed=seed, distort=distort), 1):
            writer.write(kind, record)
            if kind == "case_file":
                lines[line] = len(lines)
        writer.close()
    return {(one["rule"], one["index"]): one["path"].rpartition("/")[0] for one in seeded}, lines


def _found(path: pathlib.Path, lines: dict[int, int]) -> Places:
    """The item of every finding, by rule and position of its case; -1 where it is of no case."""
    with validate(path) as findings:
        return {
            (finding.id, lines.get(finding.location.line or 0, -1)): (finding.location.path or "").rpartition("/")[0]
            for finding in findings
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--children", type=int, default=50_000)
    parser.add_argument("--rate", type=float, default=0.02)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "made-up.jsonl"
        _, lines = _write(path, args.children, args.seed)
        clean = _found(path, lines)
        print(f"{args.children} faultless children: {len(clean)} findings", *sorted({rule for rule, _ in clean}))
        seeded, lines = _write(path, args.children, args.seed, args.rate)
        found = _found(path, lines)
    missed, other = seeded.keys() - found.keys(), found.keys() - seeded.keys()
    spoilt = {(at, item) for (_, at), item in seeded.items()}
    invented = {pair for pair in other if (pair[1], found[pair]) not in spoilt}
    print(f"{args.children} children, {len(seeded)} faults of {len({rule for rule, _ in seeded})} rules seeded")
    print(f"recall {1 - len(missed) / max(1, len(seeded)):.4f}  precision {1 - len(invented) / max(1, len(found)):.4f}")
    for name, pairs in (("missed", missed), ("invented", invented), ("consequence", other - invented)):
        for rule, count in Counter(rule for rule, _ in pairs).most_common(20):
            print(f"  {name}: {rule} {count}")
    return int(bool(clean or missed or invented))
