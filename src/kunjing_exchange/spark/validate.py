"""Validate one submission that is too large for one machine: the same findings, from records that Spark holds."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote

import duckdb
from pydantic_core import from_json

from kunjing_exchange import policy
from kunjing_exchange.engine import Notebook, open_engine
from kunjing_exchange.errors import UnreadableInput
from kunjing_exchange.explain import Explainer
from kunjing_exchange.findings import BUILT_IN, Problem
from kunjing_exchange.model import Header
from kunjing_exchange.rules import check_values, create_findings, rules, run_rules
from kunjing_exchange.spark.connection import Connection
from kunjing_exchange.spark.load import TAKEN, LineReader, Part, lines_of, parts_of, read_parts, table_frame
from kunjing_exchange.spark.session import located, own_session
from kunjing_exchange.tables import TABLES, Loader, shape
from kunjing_exchange.validate import Findings, _blocks, _day, _laid, _Run
from kunjing_exchange.wire import KINDS, Digester, Located, Place, arrange, canonical_json

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["Submission", "validate"]

_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Of UTF-16; that of UTF-8 Spark passes over."""
_LISTED = 200
"""Problems of the document as a whole that are listed, as the reader of one file does."""


class Submission(Findings):
    """A submission that was validated on Spark: its findings as :class:`kunjing_exchange.validate.Findings` gives them,
    and its records.

    Findings lie in a database on the driver (``connection``), records in Spark until :meth:`close`; ``records`` runs
    SQL over both.
    """

    records: Connection

    def __enter__(self) -> Submission:
        return self


def validate(
    session: SparkSession,
    source: str | os.PathLike[str],
    *,
    edition: str = policy.DEFAULT_EDITION,
    overlay: str | os.PathLike[str] | None = None,
    as_of: datetime.date | None = None,
    show_values: bool = False,
) -> Submission:
    """Check a submission in JSON Lines against schema, codes, identifiers and the rules of an edition.

    Args:
        session: of Spark (:func:`kunjing_exchange.spark.open_session`).
        source: a file, or a folder of files that are one submission when put after one another in the order of their
            names; anything Spark reads text from (``hdfs://…``, ``s3a://…``, ``.gz``). UTF-8.
        edition: policy edition, such as ``henan-2017``.
        overlay: a place's policy file (:mod:`kunjing_exchange.policy.overlay`).
        as_of: day on which ages and terms are judged where there is no header to say it.
        show_values: show values of records instead of their shape. They are personal data of children.

    Raises:
        UnreadableInput, UnknownEdition, MissingExtra: nothing could be checked.
        InvalidArgument: the overlay is wrong, or does not fit the edition.
    """
    chosen = _laid(policy.edition(edition), overlay)
    name = os.fspath(source)
    with contextlib.ExitStack() as stack:
        engine = stack.enter_context(open_engine())
        notebook = Notebook(engine.folder / "problems.jsonl")
        stack.callback(notebook.close)
        found = Submission(LineReader(), Explainer(name, chosen, show_values=show_values), notebook, engine)
        run = _SparkRun(found, chosen, notebook, engine)
        run.spark = found.records = Connection(own_session(session), engine.connection)
        run.read(name, as_of, stack)
        run.judge()
        found._stack = stack.pop_all()
        return found


class _SparkRun(_Run):
    """One validation under way: ``connection`` is the driver's database, ``spark`` reads the records as well."""

    spark: Connection

    def read(self, path: str, as_of: datetime.date | None, stack: contextlib.ExitStack) -> None:
        """Read every part, note its problems, number its records, and hold them against the header."""
        lines = _opened(self.spark.session, path)
        header = _header(lines)
        self._set_day((_day(header.data) if header else None) or as_of)
        blocks = frozenset(
            name for name in BUILT_IN if _blocks(self.edition, name, ("record", "household", "submission"))
        )
        pieces = read_parts(lines, _last_day(header, as_of), blocks).persist(_disk())
        stack.callback(pieces.unpersist)
        parts = parts_of(pieces)
        self.records = sum(part.records for part in parts)
        loader = Loader(self.connection, TABLES, self.folder)
        if header is not None:
            self.header, header.place = header.data, _header_place(parts)
            place = (header.place.line, None, header.place.offset, None, None)
            blocked = any(problem.id in blocks for problem in header.problems)
            loader.add(0, "header", header.data, clean=header.clean, blocked=blocked, place=place)
        elif as_of is not None:
            loader.add(0, "header", {"period_end": as_of.isoformat()})
        loader.close()
        self._note_problems(header, pieces, parts)
        end = self.records + 1
        for problem in _of_document(parts):
            self.notebook.note(end, None, Place(), problem)
            self.unplaced = self.unplaced or _blocks(self.edition, problem.id, ("record", "household"))
        self._compare_header(self._digested(pieces, parts), end)
        if self.records == 0 and not self.notebook.counts:
            self.notebook.note(end, None, Place(), Problem("KJ-SYS-013"))
        self._give_tables(pieces, parts, stack)

    def _note_problems(self, header: Located | None, pieces: DataFrame, parts: list[Part]) -> None:
        """Note what is wrong with the header and with records, in the order of their lines."""
        said: dict[int, list[list[Any]]] = {}
        for row in pieces.where("name = 'problem'").select("part", "blob").collect():
            said.setdefault(row["part"], []).extend(json.loads(bytes(row["blob"])))
        noted = [(0, None, header.place, problem) for problem in header.problems] if header is not None else []
        for part in parts:
            for number, key, line, offset, problem_id, path, facts in said.get(part.id, ()):
                place = Place(line=line + part.lines_before, offset=offset + part.bytes_before)
                problem = Problem(problem_id, tuple(path), facts=facts)
                noted.append((number + part.records_before, key, place, problem))
        for number, key, place, problem in sorted(noted, key=lambda entry: entry[2].line or 0):
            self.notebook.note(number, key, place, problem)

    def _digested(self, pieces: DataFrame, parts: list[Part]) -> Digester:
        """The digest of the records as they are written; where that is not the header's, of the records put in order.

        A digest is taken over all records in their order, so the driver reads every line once more.
        """
        digester = Digester()
        if "digest" not in (self.header or {}):
            return digester
        bodies = {
            (row["part"], number): (kind, body)
            for row in pieces.where("name = 'body'").select("part", "blob").collect()
            for number, kind, body in json.loads(bytes(row["blob"]))
        }
        for kind, body in _bodies(self.spark.session, parts, bodies):
            digester.add(kind, body)
        if digester.digest() != (self.header or {}).get("digest"):
            digester = Digester()
            for kind, body in _bodies(self.spark.session, parts, bodies):
                digester.add(kind, canonical_json(arrange(KINDS[kind], from_json(body))))
        return digester

    def _give_tables(self, pieces: DataFrame, parts: list[Part], stack: contextlib.ExitStack) -> None:
        """The tables of records as Spark's, and what the driver needs of them in its own database."""
        local = self.connection
        create_findings(local)
        occupied = {row["name"] for row in pieces.groupBy("name").count().collect()}
        for name in TAKEN:
            frame = table_frame(pieces, name, local.table(name).limit(0).to_arrow_table().schema, parts)
            if name not in occupied:
                # Spark plans nothing for what is surely empty
                frame = self.spark.session.createDataFrame([], frame.schema)
            elif name in TABLES:
                frame = frame.repartition("record_no").persist()  # so that joins of a record's own rows move nothing
                stack.callback(frame.unpersist)
            if name in ("unreadable", "rule_finding"):
                self.spark.bring(name, [frame])
            else:
                self.spark.add("place" if name == "record_place" else name, frame)

    def judge(self) -> None:
        """Codes and identifiers of the header, the rules over all records; then the verdict."""
        local = self.connection
        rows = local.execute("select period_end from header").fetchall()
        check_values(local, rows[0][0] if rows else None)
        self.spark.bring("department_record (record_no)", [self.spark.frame("select record_no from department_record")])
        self._note_places()
        connection = cast(duckdb.DuckDBPyConnection, self.spark)
        self.findings.rules = run_rules(connection, rules().values(), self.edition)
        for outcome in self.findings.rules.values():
            if outcome.crashed:
                self.notebook.note(self.records + 1, None, Place(), Problem("KJ-SYS-090", facts={"rule": outcome.rule}))
        self._find_places()
        self._summarise()

    def _note_places(self) -> None:
        """The table ``record_place``: every record of the submission, with its place where that matters.

        Numbers are without gaps, so that the driver needs the rows only of what is blocked or has a finding.
        """
        local = self.connection
        local.execute("alter table record_place rename to noted_place")
        self.spark.bring("noted_place", [self.spark.frame("select * from place where blocked or not readable")])
        local.execute(
            "create view record_place as select * from noted_place union all by name "
            f"select range as record_no, false as blocked, true as readable from range(1, {self.records + 1}) "
            "where range not in (select record_no from noted_place)"
        )

    def _find_places(self) -> None:
        """Places and keys of the records that have a finding."""
        local = self.connection
        found = "record_no in (select record_no from rule_finding)"
        known = "record_no not in (select record_no from noted_place)"
        self.spark.bring("noted_place", [self.spark.frame(f"select * from place where {found} and {known}")])
        ((view,),) = local.execute("select sql from duckdb_views() where view_name = 'record_key'").fetchall()
        keys = self.spark.frame(f"select * from ({view.partition(' AS ')[2].rstrip(';')}) as k where {found}")
        local.execute("drop view record_key; create table record_key (record_no bigint, key varchar)")
        self.spark.bring("record_key", [keys])


def _opened(session: SparkSession, path: str) -> DataFrame:
    """The lines at a path.

    Raises:
        UnreadableInput: there is nothing, or no UTF-8.
    """
    from pyspark.errors import PySparkException

    try:
        lines = lines_of(session, located(path))
        first = lines.select("line").head()
    except PySparkException as error:
        raise UnreadableInput(
            f"Spark 打不开：{path}（{error.getCondition()}）",
            f"Spark can't open {path}: {error.getCondition()}",
            finding_id="KJ-SYS-001",
        ) from None
    if first is None:
        raise UnreadableInput(f"文件是空的：{path}", f"the file is empty: {path}", finding_id="KJ-SYS-001")
    if bytes(first["line"]).startswith(_MARKS):
        raise UnreadableInput(
            f"在 Spark 上只读 UTF-8：{path}；请先用 kunjing convert 转换",
            f"on Spark only UTF-8 is read: {path}; convert it first with kunjing convert",
        )
    return lines


def _header(lines: DataFrame) -> Located | None:
    """The submission's header: the first line that holds one."""
    reader = LineReader()
    candidates = lines.where("instr(cast(line as string), '\"header\"') > 0").select("path", "start", "line")
    first = lines.limit(1).select("path", "start", "line").collect()
    for row in (*first, *candidates.sort("path", "start").toLocalIterator()):
        located = reader.take(bytes(row["line"]) + b"\n", Place())
        if located is not None and located.kind == "header":
            return located
    return None


def _last_day(header: Located | None, as_of: datetime.date | None) -> datetime.date | None:
    """The last day of the period as the header's table will have it."""
    if header is None:
        return as_of
    return _day(shape(Header, header.data, [])) if header.data is not None else None


def _header_place(parts: list[Part]) -> Place:
    for part in parts:
        for line, _, offset in part.headers:
            return Place(line=line + part.lines_before, offset=offset + part.bytes_before)
    return Place()


def _of_document(parts: list[Part]) -> Iterator[Problem]:
    """What is wrong with the document as a whole, in the order of its lines, as the reader of one file says it."""
    problems: list[tuple[int, Problem]] = []
    seen = False
    for part in parts:
        for line, records, _ in part.headers:
            if seen or records + part.records_before:
                at = line + part.lines_before
                problems.append((at, Problem("KJ-SYS-011", line=at)))
            seen = True
        for problem_id, line, facts in part.problems:
            at = line + part.lines_before
            problems.append((at, Problem(problem_id, line=at, facts=facts)))
    last = parts[-1]
    if last.torn is not None and sum(part.bytes for part in parts if part.path == last.path) > last.size:
        at = last.torn + last.lines_before
        problems.append((at, Problem("KJ-SYS-001", line=at)))
    if not seen and sum(part.records for part in parts) != 1:
        problems.append((last.lines + last.lines_before + 1, Problem("KJ-SYS-010")))
    problems.sort(key=lambda pair: pair[0])
    yield from (problem for _, problem in problems[:_LISTED])
    if len(problems) > _LISTED:
        yield Problem("KJ-SYS-004", facts={"limit": "problems_per_record", "maximum": str(_LISTED)})


_Bodies = dict[tuple[int, int], tuple[str | None, str | None]]


def _bodies(session: SparkSession, parts: list[Part], bodies: _Bodies) -> Iterator[tuple[str, bytes]]:
    """(kind, JSON) of every record in their order: of its line where that is canonical, else what was noted of it."""
    for path in dict.fromkeys(part.path for part in parts):
        number, start = 0, -1
        for row in lines_of(session, unquote(path)).toLocalIterator(prefetchPartitions=True):
            if row["start"] != start:
                if row["start"] < start:
                    raise RuntimeError(f"Spark gives the lines of {path} in another order")
                number, start = 0, row["start"]
            number += 1
            text = bytes(row["line"]).rstrip(b"\r\n")
            if (row["part"], number) in bodies:
                kind, body = bodies[row["part"], number]
                if kind is not None and body is not None:
                    yield kind, body.encode()
            elif text:
                kind = text[2 : text.index(b'"', 2)].decode()
                yield kind, text[len(kind) + 4 : -1]


def _disk() -> Any:
    from pyspark import StorageLevel

    return StorageLevel.DISK_ONLY
