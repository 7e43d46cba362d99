"""Validate a submission: all layers in one run, every finding with its place and its remedy.

Reading and schema are judged record by record while the records are loaded into tables; codes, identifiers and rules
are judged over the tables; what they find is explained at the end, by reading again only the records concerned.
"""

from __future__ import annotations

import contextlib
import datetime
import heapq
import json
import os
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

import duckdb
from pydantic_core import to_json

from kunjing_exchange import policy
from kunjing_exchange.departments import LocalCodes, open_reader
from kunjing_exchange.engine import JUDGING_MEMORY, Engine, Notebook, one_thread, open_engine
from kunjing_exchange.engine.parts import Disorder, PartTask, read_parts, split
from kunjing_exchange.explain import Explainer, effect_of, severity_of
from kunjing_exchange.findings import BUILT_IN, Finding, Problem, Severity, Verdict
from kunjing_exchange.rules import (
    RuleOutcome,
    check_values,
    create_findings,
    match_previous,
    rules,
    run_rules,
)
from kunjing_exchange.tables import PREVIOUS, PREVIOUS_TABLES, TABLES, Loader
from kunjing_exchange.wire import (
    Digester,
    Limits,
    Located,
    PartReader,
    Place,
    Reader,
    Source,
    canonical_body,
    open_source,
)
from kunjing_exchange.workers import WORTH_WORKERS

__all__ = ["Findings", "Shadow", "ShadowSummary", "Summary", "validate"]

_SMALL = 1024 * 1024
"""Up to so many bytes a source's tables need no file."""
_READ = 1024 * 1024
"""So many bytes of a worker's file are held at once."""
_TELL_EVERY = 500
"""Records between two tellings of progress."""
Progress = Callable[[int, int], None]
"""Is told (bytes read, bytes in all)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a validation: records by what becomes of them, findings by severity and by id."""

    records: int
    rejected: int
    by_severity: Mapping[str, int]
    by_id: Mapping[str, int]

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "records": self.records,
            "accepted": self.records - self.rejected,
            "rejected": self.rejected,
            "findings": dict(self.by_severity),
            "by_id": dict(self.by_id),
        }


@dataclass(frozen=True, slots=True)
class ShadowSummary:
    """What another edition would change: records that it alone rejects, and its new or graver findings by severity and
    by id. ``crashed`` names rules that crashed under it."""

    newly_rejected: int
    by_severity: Mapping[str, int]
    by_id: Mapping[str, int]
    crashed: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "newly_rejected": self.newly_rejected,
            "findings": dict(self.by_severity),
            "by_id": dict(self.by_id),
            "crashed": list(self.crashed),
        }


class Findings:
    """What a validation found: a verdict, a summary, the outcome of every rule, and the findings.

    Iterating gives the findings in the order of the records; it may be done again. They lie on disk, in a private
    folder that goes with the object (or at :meth:`close`, or at the end of a ``with`` block), so that a submission with
    a million findings needs no more memory than one with ten.
    """

    def __init__(self, reader: Reader, explainer: Explainer, notebook: Notebook, engine: Engine) -> None:
        self.edition = explainer.edition
        self.verdict = Verdict.UNDETERMINED
        self.summary = Summary(0, 0, {}, {})
        self.rules: Mapping[str, RuleOutcome] = {}
        self.shadow: Shadow | None = None
        self._explainer = explainer
        self._reader = reader
        self._notebook = notebook
        self._connection: duckdb.DuckDBPyConnection | None = engine.connection
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Findings:
        return self

    def __exit__(self, *raised: Any) -> None:
        # what was raised goes through the engine's own end: it tells a lack of space from other errors
        self._connection = None
        self._stack.__exit__(*raised)

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Remove the folder; the findings can't be iterated afterwards, verdict and summary stay."""
        self._connection = None
        self._stack.close()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The loaded tables; ``rejected_record`` names the records that are not accepted."""
        if self._connection is None:
            raise ValueError("the findings are closed")
        return self._connection

    def worst(self) -> Severity | None:
        """The gravest severity among the findings."""
        found = [Severity(name) for name, count in self.summary.by_severity.items() if count]
        return max(found, key=lambda severity: severity.rank, default=None)

    def __iter__(self) -> Iterator[Finding]:
        return self._explained(self._explainer, "rule_finding", lambda finding_id: True)

    def _newly(self) -> Iterator[Finding]:
        shadow = self.shadow
        if shadow is None:
            return iter(())
        explainer = Explainer(self._explainer.file, shadow.edition, show_values=self._explainer.show_values)
        return self._explained(explainer, "shadow.newly", lambda name: _graver(name, self.edition, shadow.edition))

    def _explained(self, explainer: Explainer, table: str, wanted: Callable[[str], bool]) -> Iterator[Finding]:
        """What was noted of the ids that are wanted, and what a table of findings holds, in the order of records."""
        noted, judged = self._noted(explainer, wanted), self._judged(explainer, table)
        return (finding for _, finding in heapq.merge(noted, judged, key=lambda pair: pair[0]))

    def _noted(self, explainer: Explainer, wanted: Callable[[str], bool]) -> Iterator[tuple[int, Finding]]:
        for number, key, place, problem in self._notebook:
            if wanted(problem.id):
                yield number, explainer.finding(problem, key, place)

    def _judged(self, explainer: Explainer, table: str) -> Iterator[tuple[int, Finding]]:
        cursor = self.connection.cursor()
        if cursor.execute(f"select 1 from {table} limit 1").fetchone() is None:
            return
        cursor.execute(
            "select f.id, f.record_no, f.table_name, f.parent_item_no, f.item_no, f.column_name, f.found, f.expected, "
            f"f.facts, p.line, p.idx, p.start, p.length, p.sheet_rows, k.key from {table} as f "
            "left join record_place as p using (record_no) left join record_key as k using (record_no) "
            "order by f.record_no, f.id, f.parent_item_no, f.item_no, f.column_name, f.found, f.expected"
        )
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield row[1], self._judged_finding(explainer, row)

    def _judged_finding(self, explainer: Explainer, row: tuple[Any, ...]) -> Finding:
        rule_id, _, table, parent, item, column, found, expected, facts, line, index, offset, length, rows, key = row
        numbers = tuple(value for value in (parent, item) if value is not None)
        path = (TABLES.get(table) or PREVIOUS_TABLES[table]).path(numbers, column)
        place = Place(line=line, index=index, offset=offset, length=length, rows=json.loads(rows) if rows else None)
        at_line, at_cell = self._reader.locate(place, path)
        values = {name: value for name, value in (("value", found), ("expected_value", expected)) if value is not None}
        problem = Problem(
            rule_id, path, at_line, at_cell, {**json.loads(facts or "{}"), **values, "column": f"{table}.{column}"}
        )
        return explainer.finding(problem, key, place)


class Shadow:
    """What another edition would say of the same submission; it changes neither verdict nor findings.

    ``newly`` iterates over the findings that only this edition raises, or raises more severely; ``summary`` counts
    them, ``rules`` has the outcome of every rule under it.
    """

    def __init__(
        self, edition: policy.Edition, rules: Mapping[str, RuleOutcome], summary: ShadowSummary, findings: Findings
    ) -> None:
        self.edition = edition
        self.rules = rules
        self.summary = summary
        # the findings hold their shadow: a strong reference back would keep their folder until the next collection
        self._findings = weakref.proxy(findings)

    @property
    def newly(self) -> Iterator[Finding]:
        """The new or graver findings in the order of the records; each use begins anew."""
        explained: Iterator[Finding] = self._findings._newly()
        return explained


def _graver(finding_id: str, edition: policy.Edition, shadow: policy.Edition) -> bool:
    """Whether the shadow edition takes a finding more seriously."""
    return severity_of(finding_id, shadow).rank > severity_of(finding_id, edition).rank


def _blocks(edition: policy.Edition, finding_id: str, effects: tuple[str, ...]) -> bool:
    """Whether a finding of this id is an error with one of these effects."""
    return effect_of(finding_id) in effects and severity_of(finding_id, edition) is Severity.ERROR


def validate(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    edition: str = policy.DEFAULT_EDITION,
    overlay: str | os.PathLike[str] | None = None,
    shadow: str | None = None,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    as_of: datetime.date | None = None,
    layout: str | None = None,
    local: LocalCodes | None = None,
    against: str | os.PathLike[str] | bytes | BinaryIO | None = None,
    limits: Limits | None = None,
    show_values: bool = False,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Findings:
    """Check a submission, or one record alone, against schema, codes, identifiers and the rules of an edition.

    A department's own file is checked against its layout as well, and what is wrong is said in the department's terms.

    Args:
        source: a path (a folder, for CSV), ``-`` for standard input, bytes, or a binary stream.
        edition: policy edition, such as ``henan-2017``.
        overlay: a place's policy file (:mod:`kunjing_exchange.policy.overlay`): its rates and severities.
        shadow: another edition to try: ``Findings.shadow`` says what it would newly find.
        format: one of ``xml json jsonl xlsx csv``; told by the content where it is not given.
        encoding: of a text input; told by mark, declaration and content where it is not given.
        as_of: day on which ages and terms are judged where there is no header to say it.
        layout: a department's layout, such as ``education:student``; told by the content where it is not given.
        local: a place's own codes (:func:`kunjing_exchange.departments.local_codes`).
        against: the submission before this one, in any format: the rules of scope ``previous_submission`` compare with
            it. Its own faults are not findings.
        limits: our own limits on sizes and depth.
        show_values: show values of records instead of their shape. They are personal data of children.
        jobs: processes that read a large file of XML or JSON Lines; the findings are the same. A program that asks for
            more than one keeps its own work under ``if __name__ == "__main__"``, as :mod:`multiprocessing` wants it.
        progress: is told again and again how many bytes of how many have been read.

    Raises:
        UnreadableInput, UnknownFormat, UnknownEdition, MissingExtra: nothing could be checked.
        InvalidArgument: the overlay is wrong, or does not fit an edition.
    """
    chosen = _laid(policy.edition(edition), overlay)
    tried = _laid(policy.edition(shadow), overlay) if shadow is not None else None
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_source(source, format=format, encoding=encoding, limits=limits))
        before = stack.enter_context(open_source(against, limits=limits)) if against is not None else None
        asked = _Asked(opened, chosen, tried, as_of, layout, local, before, show_values, progress)
        try:
            findings = asked.findings(jobs if opened.size >= WORTH_WORKERS else 1)
        except Disorder:
            findings = asked.findings(1)
        findings._stack.push(stack.pop_all())
        return findings


@dataclass(frozen=True, slots=True)
class _Asked:
    """What one validation was asked for."""

    source: Source
    edition: policy.Edition
    shadow: policy.Edition | None
    as_of: datetime.date | None
    layout: str | None
    local: LocalCodes | None
    before: Source | None
    show_values: bool
    progress: Progress | None

    def findings(self, jobs: int) -> Findings:
        """Read, judge, and try the other edition."""
        with contextlib.ExitStack() as stack:
            engine = stack.enter_context(open_engine(small=self.before is None and self.source.size < _SMALL))
            notebook = Notebook(engine.folder / "problems.jsonl")
            stack.callback(notebook.close)
            reader = open_reader(self.source, self.layout, on=self.as_of, local=self.local)
            explainer = Explainer(self.source.name, self.edition, show_values=self.show_values)
            findings = Findings(reader, explainer, notebook, engine)
            run = _Run(findings, self.edition, notebook, engine)
            with one_thread(engine.connection):
                run.load(self.source, reader, self.as_of, jobs, self.progress)
                if self.before is not None:
                    run.load_previous(self.before)
            run.judge()
            if self.shadow is not None:
                run.try_out(self.shadow.in_force(run.day))
            findings._stack = stack.pop_all()
            return findings


def _laid(edition: policy.Edition, overlay: str | os.PathLike[str] | None) -> policy.Edition:
    return policy.overlaid(edition, overlay) if overlay is not None else edition


class _Run:
    """One validation under way."""

    def __init__(self, findings: Findings, edition: policy.Edition, notebook: Notebook, engine: Engine) -> None:
        self.findings = findings
        self.edition = edition
        self.day = datetime.date.today()
        self._stated = edition
        self.notebook = notebook
        self.connection = engine.connection
        self.folder = engine.folder
        self.records = 0
        self.header: dict[str, Any] | None = None
        self.blocking: frozenset[str] = frozenset()
        self.unplaced = False
        self.as_written = False
        self.whole: bool | None = None

    def load(
        self, source: Source, reader: Reader, as_of: datetime.date | None, jobs: int, progress: Progress | None
    ) -> None:
        """Read every record: note its problems, load it, count and digest it."""
        digester = Digester()
        loader = Loader(self.connection, TABLES, self.folder)
        self._set_day(as_of)
        told = (lambda done: progress(done, source.size)) if progress is not None else (lambda done: None)
        problems = source.problems
        try:
            if jobs > 1 and isinstance(reader, PartReader):
                problems = [*problems, *self._load_parts(source, reader, jobs, loader, digester, told)]
            else:
                self._load_whole(reader, loader, digester, told)
                problems = [*problems, *reader.problems]
            if self.header is None and as_of is not None:
                loader.add(0, "header", {"period_end": as_of.isoformat()})
        finally:
            loader.close()
        end = self.records + 1
        for problem in problems:
            self.notebook.note(end, None, Place(), problem)
            # What should block a record, and can't say which one, blocks them all.
            self.unplaced = self.unplaced or _blocks(self.edition, problem.id, ("record", "household"))
        if self.as_written and digester.digest() != (self.header or {}).get("digest"):
            # another order of fields makes another digest: put in order, they may still agree
            digester = Digester()
            for located in reader:
                self._digest(reader, located, digester, as_written=False)
        self._compare_header(digester, end)
        if self.records == 0 and not self.notebook.counts:
            self.notebook.note(end, None, Place(), Problem("KJ-SYS-013"))

    def _load_whole(self, reader: Reader, loader: Loader, digester: Digester, told: Callable[[int], None]) -> None:
        for located in reader:
            if located.kind == "header":
                self._set_day(_day(located.data))
                self.header = located.data
            else:
                self.records += 1
                if self.records % _TELL_EVERY == 0:
                    told(located.place.offset or 0)
            self._digest(reader, located, digester, as_written=True)
            place = located.place
            rows = to_json(place.rows).decode() if place.rows is not None else None
            loader.add(
                located.number, located.kind, located.data, clean=located.clean, rows=located.rows,
                blocked=self.notebook.take(located, self.blocking),
                place=(place.line, place.index, place.offset, place.length, rows),
            )  # fmt: skip

    def _load_parts(
        self, source: Source, reader: PartReader, jobs: int, loader: Loader, digester: Digester,
        told: Callable[[int], None],
    ) -> list[Problem]:  # fmt: skip
        """The same by several processes; the problems of the document."""
        first = next(iter(reader), None)
        if first is None or first.kind != "header":
            raise Disorder
        self._set_day(_day(first.data))
        self.header = first.data
        tasks = (
            PartTask(source, part, self.folder / f"part-{number}", self.blocking, "digest" in (self.header or {}))
            for number, part in enumerate(split(reader, source.size, jobs))
        )
        problems: list[Problem] = []
        stopped = passed = 0
        for found in read_parts(tasks, jobs):
            if found is None:
                facts = {"offset": str(stopped)}
                problems.append(Problem("KJ-SYS-091", line=passed + 1, facts=facts))
                break
            if found.part.start != stopped or not found.orderly:
                raise Disorder
            if found.noted is not None:
                for number, key, place, problem in Notebook.read(found.noted):
                    moved = replace(place, line=_moved(place.line, passed))
                    self.notebook.note(
                        number + self.records, key, moved, replace(problem, line=_moved(problem.line, passed))
                    )
            if found.lines is not None:
                loader.load(found.lines, records=self.records, passed=passed)
            for kind, body in found.bodies.items():
                with body.open("rb", 0) as stream:
                    while lines := stream.read(_READ):
                        digester.add_lines(kind, lines)
            self.as_written = self.as_written or found.as_written
            problems += (replace(problem, line=_moved(problem.line, passed)) for problem in found.problems)
            self.records += found.records
            stopped, passed = found.stopped, passed + found.passed
            told(stopped)
        if len(problems) >= source.limits.problems_per_record:
            raise Disorder
        return problems

    def load_previous(self, source: Source) -> None:
        """Read the submission before into tables of its own; what of it can't be compared is said."""
        reader = open_reader(source)
        loader = Loader(self.connection, PREVIOUS_TABLES, self.folder, PREVIOUS)
        lost = False
        try:
            for located in reader:
                lost = lost or any(_loses(problem.id) for problem in located.problems)
                loader.add(located.number, located.kind, located.data, clean=located.clean, rows=located.rows)
        finally:
            loader.close()
        lost = lost or any(_loses(problem.id) for problem in (*source.problems, *reader.problems))
        left_out = match_previous(self.connection)
        if lost or left_out:
            problem = Problem("KJ-SYS-015", facts={"count": str(left_out)})
            self.notebook.note(self.records + 1, None, Place(), problem)
        unnumbered = _count(self.connection, "select count(*) from case_file where case_id is null or division is null")
        self.whole = not (lost or left_out or unnumbered or any(map(_loses, self.notebook.counts)))

    def _set_day(self, day: datetime.date | None) -> None:
        """Judge by the severities in force on the last day of the period; on today's where nothing says it."""
        self.day = day or self.day
        self.edition = self._stated.in_force(self.day)
        self.findings.edition = self.findings._explainer.edition = self.edition
        effects = ("record", "household", "submission")
        self.blocking = frozenset(name for name in BUILT_IN if _blocks(self.edition, name, effects))

    def _digest(self, reader: Reader, located: Located, digester: Digester, *, as_written: bool) -> None:
        """Add a record to the digest where the header gives one."""
        if located.data is None or located.kind == "header" or "digest" not in (self.header or {}):
            return
        self.as_written = self.as_written or located.raw is not None
        digester.add(located.kind, canonical_body(located, ordered=reader.ordered, as_written=as_written))

    def _compare_header(self, digester: Digester, number: int) -> None:
        header = self.header or {}
        count, digest = header.get("record_count"), header.get("digest")
        if isinstance(count, int) and count != self.records:
            facts = {"expected": str(count), "found": str(self.records)}
            self.notebook.note(number, None, Place(), Problem("KJ-BATCH-001", facts=facts))
        if isinstance(digest, str) and digest != digester.digest():
            self.notebook.note(number, None, Place(), Problem("KJ-BATCH-002"))

    def judge(self) -> None:
        """Codes, identifiers, names and rules over the tables; then the verdict."""
        connection = self.connection
        connection.execute(f"set memory_limit = '{JUDGING_MEMORY}'")
        row = connection.execute("select period_end from header").fetchone()
        create_findings(connection, previous=self.whole is not None)
        check_values(connection, row[0] if row else None)
        self.findings.rules = run_rules(connection, rules().values(), self.edition, whole=self.whole)
        for outcome in self.findings.rules.values():
            if outcome.crashed:
                self.notebook.note(self.records + 1, None, Place(), Problem("KJ-SYS-090", facts={"rule": outcome.rule}))
        self._summarise()

    def try_out(self, shadow: policy.Edition) -> None:
        """Run the rules once more under another edition, over the same tables and into tables of its own."""
        connection = self.connection
        connection.execute("create schema shadow")
        connection.execute("set search_path = 'shadow,main'")
        connection.execute("create table rule_finding as select * from main.rule_finding limit 0")
        outcomes = run_rules(connection, rules().values(), shadow, whole=self.whole)
        connection.execute("set search_path = 'main'")
        found = {row[0] for row in connection.execute("select distinct id from shadow.rule_finding").fetchall()}
        built_in = self.findings.summary.by_id.keys() - outcomes.keys()
        graver = {name for name in found | built_in if _graver(name, self.edition, shadow)}
        same = " and ".join(
            f"was.{name} is not distinct from f.{name}"
            for name in ("id", "record_no", "table_name", "parent_item_no", "item_no", "column_name")
        )
        connection.execute(
            "create table shadow.newly as select * from shadow.rule_finding as f where f.id in (select unnest($1)) "
            f"or not exists (select 1 from main.rule_finding as was where {same}) "
            "union all select * from main.rule_finding where id in (select unnest($2))",
            [sorted(graver), sorted(graver & built_in)],
        )
        self.findings.shadow = Shadow(shadow, outcomes, self._shadow_summary(shadow, outcomes), self.findings)

    def _shadow_summary(self, shadow: policy.Edition, outcomes: Mapping[str, RuleOutcome]) -> ShadowSummary:
        connection = self.connection
        counts = Counter(dict(connection.execute("select id, count(*) from shadow.newly group by id").fetchall()))
        for name, count in self.notebook.counts.items():
            if _graver(name, self.edition, shadow):
                counts[name] += count
        by_severity: Counter[str] = Counter({severity.value: 0 for severity in Severity})
        for finding_id, count in counts.items():
            by_severity[severity_of(finding_id, shadow).value] += count
        blocking = {name for name in counts if _blocks(shadow, name, ("record", "household"))}
        noted: set[int] = set()
        if blocking & self.notebook.counts.keys():
            noted = {number for number, _, _, problem in self.notebook if problem.id in blocking}
        rejected = connection.execute(
            "select count(*) from (select record_no from shadow.newly where id in (select unnest($1)) union "
            "select unnest($2::bigint[])) as newly where record_no > 0 "
            "and record_no not in (select record_no from rejected_record)",
            [sorted(blocking), sorted(noted)],
        ).fetchone()
        crashed = tuple(name for name, outcome in outcomes.items() if outcome.crashed)
        return ShadowSummary(rejected[0] if rejected else 0, dict(by_severity), dict(sorted(counts.items())), crashed)

    def _summarise(self) -> None:
        connection = self.connection
        counts = self.notebook.counts + Counter(
            dict(connection.execute("select id, count(*) from rule_finding group by id").fetchall())
        )
        blocking = [finding_id for finding_id in counts if _blocks(self.edition, finding_id, ("record", "household"))]
        connection.execute(
            "create table rejected_record as select record_no from record_place where record_no > 0 and blocked "
            "union select record_no from rule_finding where record_no > 0 and id in (select unnest($1))",
            [blocking],
        )
        rejected = _count(connection, "select count(*) from rejected_record")
        by_severity: Counter[str] = Counter({severity.value: 0 for severity in Severity})
        for finding_id, count in counts.items():
            by_severity[severity_of(finding_id, self.edition).value] += count
        self.findings.summary = Summary(self.records, rejected, dict(by_severity), dict(sorted(counts.items())))
        header_blocked = _count(connection, "select count(*) from record_place where record_no = 0 and blocked") > 0
        spotless = by_severity["warning"] == by_severity["error"] == 0
        self.findings.verdict = self._verdict(counts, rejected, header_blocked or self.unplaced, spotless)

    def _verdict(self, counts: Iterable[str], rejected: int, blocked: bool, spotless: bool) -> Verdict:
        if not _UNDETERMINED.isdisjoint(counts):
            return Verdict.UNDETERMINED
        if blocked or any(_blocks(self.edition, finding_id, ("submission",)) for finding_id in counts):
            return Verdict.REJECTED
        if rejected:
            return Verdict.REJECTED if rejected == self.records else Verdict.PARTLY_ACCEPTED
        return Verdict.ACCEPTED if spotless else Verdict.ACCEPTED_WITH_WARNINGS


_UNDETERMINED = frozenset({"KJ-SYS-090", "KJ-SYS-091"})
"""Findings after which nobody can say what the submission holds."""


def _loses(finding_id: str) -> bool:
    """Whether a built-in finding says that something was not read, so that a record may be lost."""
    entry = BUILT_IN[finding_id]
    return entry.layer == "reading" and entry.severity is Severity.ERROR


def _moved(line: int | None, passed: int) -> int | None:
    return line + passed if line is not None else None


def _day(header: Mapping[str, Any] | None) -> datetime.date | None:
    """The last day of the period, where the header says it."""
    try:
        return datetime.date.fromisoformat((header or {})["period_end"])
    except (KeyError, TypeError, ValueError):
        return None


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
