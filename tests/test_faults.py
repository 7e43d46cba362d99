"""Faults: each is found where it says, and nothing else changes."""

from __future__ import annotations

import copy
import random
from collections import Counter, defaultdict
from typing import Any

import pytest

from kunjing_exchange.errors import InvalidArgument, UnknownRule
from kunjing_exchange.faults import FAULTS, seeder
from kunjing_exchange.findings import BUILT_IN, record_key
from kunjing_exchange.generate import generate
from kunjing_exchange.rules import rules
from kunjing_exchange.validate import validate
from made import FORMATS, cases, submission, written

Plain = dict[str, Any]

NOT_SEEDABLE = {
    "KJ-CHILD-001",
    "KJ-CAT-004",
    "KJ-BATCH-105",
    "KJ-BATCH-106",
    "KJ-BATCH-108",
    "KJ-BATCH-109",
    "KJ-BATCH-110",
    *(f"KJ-BATCH-{number}" for number in range(111, 131)),
    *(name for name, one in rules().items() if one.scope == "previous_submission"),
}
"""Rules about the header, workers and sites, two about the passing of time, and those that compare two submissions."""

BESIDES = {
    ("KJ-CAT-012", "KJ-CODE-002"),  # the code list of categories begins in 2017
}

_CASES = cases(submission(80))


def test_every_rule_has_a_fault() -> None:
    assert set(rules()) - set(FAULTS) == NOT_SEEDABLE
    assert set(FAULTS) - set(rules()) <= set(BUILT_IN)
    assert all(fault.id == name for name, fault in FAULTS.items())


@pytest.mark.parametrize("to", ["jsonl", "xml"])
def test_what_is_seeded_is_found_and_nothing_else(to: str) -> None:
    assert to in FORMATS
    log: list[Plain] = []
    records = generate(900, seed=5, distort=seeder("all", 0.6, log.append))
    found: dict[str | None, list[tuple[str, str | None]]] = defaultdict(list)
    with validate(written(records, to), format=to, show_values=True) as findings:
        for finding in findings:
            found[finding.location.record].append((finding.id, finding.location.path))
    assert len({entry["rule"] for entry in log}) > 200
    for entry in log:
        here = found[record_key(entry["case_id"])]
        assert (entry["rule"], entry["path"]) in here
        assert [name for name, _ in here if name != entry["rule"] and (entry["rule"], name) not in BESIDES] == []
    assert set(found) == {record_key(entry["case_id"]) for entry in log}


def test_seeding_repeats() -> None:
    logs: tuple[list[Plain], list[Plain]] = ([], [])
    for log in logs:
        list(generate(60, seed=3, distort=seeder("all", 0.5, log.append)))
    assert logs[0] == logs[1]
    assert logs[0]


def test_ids_take_turns() -> None:
    log: list[Plain] = []
    ids = ("KJ-CASE-005", "KJ-CASE-011", "KJ-BATCH-107")
    list(generate(200, seed=3, distort=seeder(ids, 1.0, log.append)))
    counts = Counter(entry["rule"] for entry in log)
    assert set(counts) == set(ids)
    assert max(counts.values()) - min(counts.values()) < 15
    assert len(log) == 200


def test_rate_nought_changes_nothing() -> None:
    assert list(generate(30, seed=7, distort=seeder("all", 0))) == submission(30)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)
def test_a_case_that_can_not_carry_it_stays_as_it_was(fault: Any) -> None:
    previous = None
    for case in _CASES:
        changed = copy.deepcopy(case)
        path = fault.apply(changed, previous, random.Random(0))
        assert (path is None) == (changed == case)
        previous = case


def test_unknown_rule() -> None:
    with pytest.raises(UnknownRule):
        seeder(["KJ-BEN-999"], 0.1)


@pytest.mark.parametrize("finding", ["KJ-BATCH-105", "KJ-SYS-001", "KJ-SYS-020"])
def test_what_can_not_be_seeded(finding: str) -> None:
    with pytest.raises(InvalidArgument):
        seeder([finding], 0.1)


@pytest.mark.parametrize("rate", [-0.1, 1.1])
def test_rate_that_is_none(rate: float) -> None:
    with pytest.raises(InvalidArgument):
        seeder("all", rate)
