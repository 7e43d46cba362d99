"""Reading on Spark: each part of a JSON Lines submission becomes the rows of its tables, in the worker that holds it.

A part is read, checked against the schema and loaded into a DuckDB database of the worker's own by the very functions
that do so for one file; codes, identifiers and names are judged there too, since they look at one record. What comes
out are the tables as Arrow, numbered within the part. The driver adds up the parts' counts, and so knows which number
each part begins with.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from kunjing_exchange.engine import open_engine
from kunjing_exchange.rules import check_values, create_findings
from kunjing_exchange.tables import TABLES, Loader
from kunjing_exchange.wire import KINDS, Limits, Located, Place, Source, arrange, canonical_json, key_of
from kunjing_exchange.wire.json import JsonLinesReader

if TYPE_CHECKING:
    import datetime

    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["TAKEN", "LineReader", "Part", "lines_of", "parts_of", "read_parts", "table_frame"]

BLOB = "part long, name string, rows long, blob binary"
"""What a worker gives: a piece of a table (its rows as Arrow, compressed), or something said of the part in JSON."""

TAKEN = (*(name for name in TABLES if name != "header"), "record_place", "unreadable", "unknown_fact", "rule_finding")
"""The tables that a worker gives."""
_LINE = ("part", "path", "start", "size", "line")
_ROWS_PER_BLOB = 100_000


class LineReader(JsonLinesReader):
    """Reads lines that are handed to it; of the order of header and records the driver judges."""

    def __init__(self) -> None:
        super().__init__(Source(pathlib.Path(), "", "jsonl", "utf-8", Limits()))

    def take(self, line: bytes, place: Place) -> Located | None:
        """The record of a line; none where the line is blank or holds no record."""
        return self._record(line, place) if line.strip(b" \t\n\r") else None

    def _next(self, kind: str, place: Place) -> Located:
        return Located(0, kind, None, place) if kind == "header" else super()._next(kind, place)


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part that was read, and how many records, lines and bytes lie before it.

    ``headers`` are the lines that hold one, each with the number of records and of bytes before it. ``torn``
    is the last line, where its JSON is broken.
    """

    id: int
    path: str
    start: int
    size: int
    records: int
    lines: int
    bytes: int
    headers: tuple[tuple[int, int, int], ...]
    torn: int | None
    problems: tuple[tuple[str, int, Mapping[str, str]], ...]
    records_before: int = 0
    lines_before: int = 0
    bytes_before: int = 0


def lines_of(session: SparkSession, path: str) -> DataFrame:
    """Every line of the files at a path, with the part it belongs to."""
    return (
        session.read.option("lineSep", "\n")
        .text(path)
        .selectExpr(
            "cast(value as binary) as line", "_metadata.file_path as path", "_metadata.file_block_start as start",
            "_metadata.file_size as size",
        )
        .selectExpr("xxhash64(path, start) as part", "*")
    )  # fmt: skip


def read_parts(lines: DataFrame, period_end: datetime.date | None, blocks: frozenset[str]) -> DataFrame:
    """The tables of every part in pieces (:data:`BLOB`). ``blocks`` are the ids of problems that reject a record."""
    return lines.mapInArrow(partial(_read, period_end=period_end, blocks=blocks), BLOB)


# --- in the worker ---------------------------------------------------------------------------------------------------


def _read(
    batches: Iterator[pa.RecordBatch], *, period_end: datetime.date | None, blocks: frozenset[str]
) -> Iterator[pa.RecordBatch]:
    rows = (row for batch in batches for row in zip(*(batch.column(name).to_pylist() for name in _LINE), strict=True))
    for (part, path, start, size), lines in groupby(rows, key=lambda row: row[:4]):
        yield from _read_part(part, path, start, size, (row[4] for row in lines), period_end, blocks)


def _read_part(
    part: int,
    path: str,
    start: int,
    size: int,
    lines: Iterator[bytes],
    period_end: datetime.date | None,
    blocks: frozenset[str],
) -> Iterator[pa.RecordBatch]:
    reader = LineReader()
    problems: list[Any] = []
    bodies: list[tuple[int, str | None, str | None]] = []
    headers: list[tuple[int, int, int]] = []
    number, records, offset, torn = 0, 0, 0, None
    with open_engine(threads=1) as engine:
        connection = engine.connection
        loader = Loader(connection, TABLES, engine.folder)
        for number, text in enumerate(lines, 1):
            line = text + b"\n"
            place = Place(line=number, offset=offset, length=len(line))
            offset += len(line)
            torn = None
            located = reader.take(line, place)
            if located is None or located.kind == "header":
                bodies.append((number, None, None))
                if located is not None:
                    headers.append((number, records, offset - len(line)))
                continue
            records = located.number
            if located.raw is None:
                data = located.data
                body = canonical_json(arrange(KINDS[located.kind], data)).decode() if data is not None else None
                bodies.append((number, located.kind, body))
            key = key_of(located.kind, located.data)
            for problem in located.problems:
                problems.append([records, key, number, place.offset, problem.id, problem.path, dict(problem.facts)])
                torn = number if problem.id == "KJ-SYS-002" else torn
            loader.add(
                records, located.kind, located.data, clean=located.clean,
                blocked=any(problem.id in blocks for problem in located.problems),
                place=(number, None, place.offset, place.length, None),
            )  # fmt: skip
        loader.close()
        create_findings(connection)
        check_values(connection, period_end)
        said = {
            "path": path, "start": start, "size": size, "records": records, "lines": number, "bytes": offset,
            "headers": headers, "torn": torn,
            "problems": [(one.id, one.line or number, dict(one.facts)) for one in reader.problems],
        }  # fmt: skip
        yield _blob(part, "part", 1, to_json(said))
        if problems:
            yield _blob(part, "problem", len(problems), json.dumps(problems).encode())
        if bodies:
            yield _blob(part, "body", len(bodies), json.dumps(bodies).encode())
        for name in TAKEN:
            for batch in connection.table(name).to_arrow_reader(_ROWS_PER_BLOB):
                if batch.num_rows:
                    yield _blob(part, name, batch.num_rows, _packed(batch))


def _blob(part: int, name: str, rows: int, blob: bytes) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_pydict(
        {"part": [part], "name": [name], "rows": [rows], "blob": [blob]},
        pa.schema([("part", pa.int64()), ("name", pa.string()), ("rows", pa.int64()), ("blob", pa.binary())]),
    )


def _packed(batch: pa.RecordBatch) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


# --- at the driver ---------------------------------------------------------------------------------------------------


def parts_of(pieces: DataFrame) -> list[Part]:
    """The parts in the order of the submission, with what lies before each."""
    found = []
    for row in pieces.where("name = 'part'").select("part", "blob").collect():
        said = json.loads(bytes(row["blob"]))
        found.append(
            Part(
                id=row["part"],
                **{name: said[name] for name in ("path", "start", "size", "records", "lines", "bytes", "torn")},
                headers=tuple(map(tuple, said["headers"])),
                problems=tuple(map(tuple, said["problems"])),
            )
        )
    found.sort(key=lambda part: (part.path, part.start))
    before = accumulate(
        found,
        lambda sums, part: (sums[0] + part.records, sums[1] + part.lines, sums[2] + part.bytes),
        initial=(0, 0, 0),
    )
    return [
        replace(part, records_before=records, lines_before=lines, bytes_before=size)
        for part, (records, lines, size) in zip(found, before, strict=False)
    ]


def table_frame(pieces: DataFrame, name: str, schema: Any, parts: Iterable[Part]) -> DataFrame:
    """One table of all parts, its records numbered through the submission."""
    from pyspark.sql.pandas.types import from_arrow_schema

    before = {part.id: (part.records_before, part.lines_before, part.bytes_before) for part in parts}
    typed = from_arrow_schema(schema, prefer_timestamp_ntz=True)
    return pieces.where(f"name = '{name}'").select("part", "blob").mapInArrow(partial(_unpack, before=before), typed)


def _unpack(
    batches: Iterator[pa.RecordBatch], *, before: Mapping[int, tuple[int, int, int]]
) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa
    import pyarrow.compute as pc

    for batch in batches:
        for part, blob in zip(batch.column("part").to_pylist(), batch.column("blob"), strict=True):
            sums = dict(zip(("record_no", "line", "start"), before[part], strict=True))
            with pa.ipc.open_stream(blob.as_buffer()) as stream:
                for rows in stream:
                    yield pa.RecordBatch.from_arrays(
                        [
                            pc.add(column, sums[name]) if name in sums else column
                            for name, column in zip(rows.schema.names, rows.columns, strict=True)
                        ],
                        schema=rows.schema,
                    )
