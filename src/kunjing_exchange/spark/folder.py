"""A folder of submissions, one a file: each is validated or converted whole, by one task, as on one machine."""

from __future__ import annotations

import dataclasses
import json
import os
import pathlib
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from kunjing_exchange import policy
from kunjing_exchange.convert import convert
from kunjing_exchange.errors import ExchangeError, InvalidArgument, UnreadableInput
from kunjing_exchange.findings import Finding, Verdict
from kunjing_exchange.spark.session import located
from kunjing_exchange.validate import Summary
from kunjing_exchange.validate import validate as validate_one

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Checked", "Converted", "convert_folder", "validate_folder"]

_ROWS = "file string, said string, findings binary"


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one file. Where it could not be checked at all, ``failure`` says why (zh, en), and ``verdict`` is
    undetermined."""

    file: str
    verdict: Verdict
    summary: Summary
    findings: tuple[Finding, ...]
    failure: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one file: where it was written, its records, and how many losses. ``failure`` as in
    :class:`Checked`."""

    file: str
    target: str
    records: int
    losses: int
    failure: tuple[str, str] | None = None


def validate_folder(
    session: SparkSession,
    folder: str | os.PathLike[str],
    *,
    edition: str = policy.DEFAULT_EDITION,
    show_values: bool = False,
) -> Iterator[Checked]:
    """Validate every file of a folder as a submission of its own, in the order of their names.

    A file is read whole by one task: at most 2 GB each. Nothing is compared across files.

    Raises:
        UnreadableInput: there is no file.
        UnknownEdition
    """
    policy.edition(edition)
    work = partial(_validate, edition=edition, show_values=show_values)
    for row in _files(session, folder).mapInArrow(work, _ROWS).sort("file").toLocalIterator():
        said = json.loads(row["said"])
        summary = Summary(**said["summary"])
        failure = tuple(said["failure"]) if said["failure"] else None
        findings: tuple[Finding, ...] = pickle.loads(bytes(row["findings"]))  # noqa: S301 - our own worker's
        yield Checked(row["file"], Verdict(said["verdict"]), summary, findings, failure)


def convert_folder(
    session: SparkSession,
    folder: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    to: str,
    force: bool = False,
) -> Iterator[Converted]:
    """Convert every file of a folder into a file of another format, in the order of their names.

    Args:
        target: a folder that every worker sees under this name; made where it is not there.
        to: ``xml``, ``json``, ``jsonl`` or ``xlsx``.

    Raises:
        UnreadableInput: there is no file.
    """
    if to not in ("xml", "json", "jsonl", "xlsx"):
        raise InvalidArgument(f"目标格式只能是 xml、json、jsonl 或 xlsx：{to}", f"xml, json, jsonl or xlsx, not {to}")
    work = partial(_convert, target=os.fspath(target), to=to, force=force)
    for row in _files(session, folder).mapInArrow(work, _ROWS).sort("file").toLocalIterator():
        said = json.loads(row["said"])
        failure = tuple(said["failure"]) if said["failure"] else None
        yield Converted(row["file"], said["target"], said["records"], said["losses"], failure)


def _files(session: SparkSession, folder: str | os.PathLike[str]) -> DataFrame:
    from pyspark.errors import PySparkException

    try:
        files = session.read.format("binaryFile").load(located(folder)).select("path", "content")
        if files.select("path").head() is not None:
            return files
    except PySparkException:
        pass
    raise UnreadableInput(
        f"文件夹里没有文件：{os.fspath(folder)}", f"there is no file in {os.fspath(folder)}", finding_id="KJ-SYS-001"
    )


# --- in the worker ---------------------------------------------------------------------------------------------------


def _each(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[str, bytes]]:
    for batch in batches:
        for path, content in zip(batch.column("path").to_pylist(), batch.column("content").to_pylist(), strict=True):
            yield path.removeprefix("file:"), content


def _row(file: str, said: dict[str, Any], findings: tuple[Finding, ...]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict(
        {"file": [file], "said": [to_json(said).decode()], "findings": [pickle.dumps(findings)]},
        pa.schema([("file", pa.string()), ("said", pa.string()), ("findings", pa.binary())]),
    )


def _validate(batches: Iterator[pa.RecordBatch], *, edition: str, show_values: bool) -> Iterator[pa.RecordBatch]:
    for file, content in _each(batches):
        verdict, summary, failure = Verdict.UNDETERMINED, Summary(0, 0, {}, {}), None
        found: tuple[Finding, ...] = ()
        try:
            with validate_one(content, edition=edition, show_values=show_values) as findings:
                verdict, summary = findings.verdict, findings.summary
                found = tuple(
                    dataclasses.replace(one, location=dataclasses.replace(one.location, file=file)) for one in findings
                )
        except ExchangeError as error:
            failure = (error.zh.replace("<memory>", file), error.en.replace("<memory>", file))
        said = {"verdict": verdict.value, "summary": dataclasses.asdict(summary), "failure": failure}
        yield _row(file, said, found)


def _convert(batches: Iterator[pa.RecordBatch], *, target: str, to: str, force: bool) -> Iterator[pa.RecordBatch]:
    for file, content in _each(batches):
        output = pathlib.Path(target) / f"{pathlib.PurePosixPath(file).stem}.{to}"
        said: dict[str, Any] = {"target": str(output), "records": 0, "losses": 0, "failure": None}
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
            done = convert(content, output, to=to, force=force)
            said |= {"records": done.records, "losses": done.loss_count}
        except ExchangeError as error:
            said["failure"] = (error.zh.replace("<memory>", file), error.en.replace("<memory>", file))
        yield _row(file, said, ())
