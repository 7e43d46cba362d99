"""Made-up submissions for tests: generated records, written in any format, changed in one place."""

from __future__ import annotations

import copy
import functools
import io
from collections.abc import Callable, Iterable
from typing import Any

from kunjing_exchange.findings import Finding
from kunjing_exchange.generate import generate
from kunjing_exchange.wire import FORMATS, KINDS, Digester, arrange, canonical_json, open_writer

__all__ = ["FORMATS", "Records", "cases", "faults_of", "header_of", "sealed", "submission", "written"]

Records = list[tuple[str, dict[str, Any]]]


@functools.cache
def _generated(children: int, seed: int) -> Records:
    return list(generate(children, seed=seed))


def submission(children: int, seed: int = 7) -> Records:
    """A submission without fault, the caller's own."""
    return copy.deepcopy(_generated(children, seed))


def cases(records: Records) -> list[dict[str, Any]]:
    """The case files of a submission, as they stand in it."""
    return [data for kind, data in records if kind == "case_file"]


def header_of(records: Records) -> dict[str, Any]:
    """The header of a submission, as it stands in it."""
    return records[0][1]


def sealed(records: Records) -> Records:
    """The submission with count and digest as its sender would have made them of the records as they are."""
    digester = Digester()
    for kind, data in records[1:]:
        digester.add(kind, canonical_json(arrange(KINDS[kind], data)))
    header_of(records).update(record_count=digester.count, digest=digester.digest())
    return records


def written(records: Iterable[tuple[str, dict[str, Any]]], to: str, *, encoding: str = "utf-8") -> bytes:
    """The records as a file of a format."""
    stream = io.BytesIO()
    writer = open_writer(to, stream, encoding=encoding)
    for kind, data in records:
        writer.write(kind, data)
    writer.close()
    assert not writer.losses
    return stream.getvalue()


def faults_of(findings: Iterable[Finding]) -> list[tuple[str, str | None, str | None]]:
    """(id, record, path) of findings, sorted: what does not depend on the format."""
    facts = ((one.id, one.location.record, one.location.path) for one in findings)
    return sorted(facts, key=lambda fact: tuple(part or "" for part in fact))


def first(records: Records, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The first case file of which something holds, as it stands in the submission."""
    return next(case for case in cases(records) if wanted(case))
