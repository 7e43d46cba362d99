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
import pathlib
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import duckdb
from pydantic_core import to_json

from kunjing_exchange import policy
from kunjing_exchange.departments import LocalCodes, open_reader
from kunjing_exchange.engine import Engine, open_engine
from kunjing_exchange.explain import Explainer, effect_of, severity_of
from kunjing_exchange.findings import (
    BUILT_IN,
    Finding,
    Problem,
    Severity,
    Verdict,
)
from kunjing_exchange.rules import (
    RuleOutcome,
    check_codes,
    check_identifiers,
    check_names,
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
    Place,
    Reader,
    Source,
    arrange,
    canonical_json,
    key_of,
    open_source,
)
from kunjing_exchange.wire.record import KINDS

__all__ = ["Findings", "Shadow", "ShadowSummary", "Summary", "validate"]

_DOCUMENT = -1
"""Where findings of the document as a whole stand in the order of records."""
_SMALL = 1024 * 1024
"""Up to so many bytes a source's tables need no file."""


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


class _Notebook:
    """Problems of reading and schema, in the order of records, on disk beyond a few."""

    def __init__(self, path: pathlib.Path) -> None:
        self._path = path
        self._stream = path.open("w+", encoding="utf-8", errors="surrogatepass")
        self.counts: Counter[str] = Counter()

    def note(self, number: int, key: str | None, place: Place, problem: Problem) -> None:
        self.counts[problem.id] += 1
        entry = [
            number,
            key,
            [place.line, place.index, place.offset],
            [problem.id, problem.path, problem.line, problem.cell, dict(problem.facts)],
        ]
        self._stream.write(json.dumps(entry) + "\n")

    def __iter__(self) -> Iterator[tuple[int, str | None, Place, Problem]]:
        self._stream.flush()
        with self._path.open(encoding="utf-8", errors="surrogatepass") as stream:
            for line in stream:
                number, key, (start_line, index, offset), (problem_id, path, problem_line, cell, facts) = json.loads(
                    line
                )
                place = Place(line=start_line, index=index, offset=offset)
                yield number, key, place, Problem(problem_id, tuple(path), problem_line, cell, facts)

    def close(self) -> None:
        self._stream.close()


class Findings:
    """What a validation found: a verdict, a summary, the outcome of every rule, and the findings.

    Iterating gives the findings in the order of the records; it may be done again. They lie on disk, in a private
    folder that goes with the object (or at :meth:`close`, or at the end of a ``with`` block), so that a submission with
    a million findings needs no more memory than one with ten.
    """

    def __init__(self, reader: Reader, explainer: Explainer, notebook: _Notebook, engine: Engine) -> None:
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

    def __exit__(self, *_: object) -> None:
        self.close()

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
        cursor.execute(
            "select f.id, f.record_no, f.table_name, f.parent_item_no, f.item_no, f.column_name, f.found, f.expected, "
            f"f.facts, p.line, p.idx, p.start, p.length, p.sheet_rows, k.key from {table} as f "
            "left join record_place as p using (record_no) left join record_key as k using (record_no) "
            "order by f.record_no, f.id, f.parent_item_no, f.item_no, f.column_name"
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

    Raises:
        UnreadableInput, UnknownFormat, UnknownEdition, MissingExtra: nothing could be checked.
        InvalidArgument: the overlay is wrong, or does not fit an edition.
    """
    chosen = _laid(policy.edition(edition), overlay)
    tried = _laid(policy.edition(shadow), overlay) if shadow is not None else None
    with contextlib.ExitStack() as stack:
        opened = stack.enter_context(open_source(source, format=format, encoding=encoding, limits=limits))
        engine = stack.enter_context(open_engine(small=against is None and opened.size < _SMALL))
        notebook = _Notebook(engine.folder / "problems.jsonl")
        stack.callback(notebook.close)
        reader = open_reader(opened, layout, on=as_of, local=local)
        findings = Findings(reader, Explainer(opened.name, chosen, show_values=show_values), notebook, engine)
        run = _Run(findings, chosen, notebook, engine.connection)
        run.load(opened, reader, engine.folder, as_of)
        if against is not None:
            run.load_previous(stack.enter_context(open_source(against, limits=limits)), engine.folder)
        run.judge()
        if tried is not None:
            run.try_out(tried.in_force(run.day))
        findings._stack = stack.pop_all()
        return findings


def _laid(edition: policy.Edition, overlay: str | os.PathLike[str] | None) -> policy.Edition:
    return policy.overlaid(edition, overlay) if overlay is not None else edition


class _Run:
    """One validation under way."""

    def __init__(
        self, findings: Findings, edition: policy.Edition, notebook: _Notebook, connection: duckdb.DuckDBPyConnection
    ) -> None:
        self.findings = findings
        self.edition = edition
        self.day = datetime.date.today()
        self._stated = edition
        self.notebook = notebook
        self.connection = connection
        self.records = 0
        self.header: dict[str, Any] | None = None
        self.unplaced = False
        self.as_written = False
        self.whole: bool | None = None

    def load(self, source: Source, reader: Reader, folder: pathlib.Path, as_of: datetime.date | None) -> None:
        """Read every record: note its problems, load it, count and digest it."""
        digester = Digester()
        loader = Loader(self.connection, TABLES, folder)
        last_number = _DOCUMENT
        self._set_day(as_of)
        try:
            for located in reader:
                if located.kind == "header":
                    self._set_day(_day(located.data))
                self._digest(reader, located, digester)
                self._take(loader, located)
                last_number = max(last_number, located.number)
                if located.kind == "header":
                    self.header = located.data
            if self.header is None and as_of is not None:
                loader.add(0, "header", {"period_end": as_of.isoformat()})
        finally:
            loader.close()
        for problem in (*source.problems, *reader.problems):
            self.notebook.note(last_number + 1, None, Place(), problem)
            # What should block a record, and can't say which one, blocks them all.
            self.unplaced = self.unplaced or _blocks(self.edition, problem.id, ("record", "household"))
        if self.as_written and digester.digest() != (self.header or {}).get("digest"):
            # another order of fields makes another digest: put in order, they may still agree
            digester = Digester()
            for located in reader:
                self._digest(reader, located, digester, as_written=False)
        self._compare_header(digester, last_number + 1)
        if self.records == 0 and not self.notebook.counts:
            self.notebook.note(last_number + 1, None, Place(), Problem("KJ-SYS-013"))

    def load_previous(self, source: Source, folder: pathlib.Path) -> None:
        """Read the submission before into tables of its own; what of it can't be compared is said."""
        reader = open_reader(source)
        loader = Loader(self.connection, PREVIOUS_TABLES, folder, PREVIOUS)
        lost = False
        try:
            for located in reader:
                lost = lost or any(_loses(problem.id) for problem in located.problems)
                loader.add(located.number, located.kind, located.data, clean=located.clean)
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

    def _digest(self, reader: Reader, located: Located, digester: Digester, *, as_written: bool = True) -> None:
        """Add a record to the digest where the header gives one."""
        data = located.data
        if data is None or located.kind == "header" or "digest" not in (self.header or {}):
            return
        if located.raw is not None and as_written:
            self.as_written = True
            body = located.raw
        else:
            body = canonical_json(data if reader.ordered and located.clean else arrange(KINDS[located.kind], data))
        digester.add(located.kind, body)

    def _take(self, loader: Loader, located: Located) -> None:
        key = key_of(located.kind, located.data)
        blocked = False
        for problem in located.problems:
            self.notebook.note(located.number, key, located.place, problem)
            blocked = blocked or _blocks(self.edition, problem.id, ("record", "household", "submission"))
        if located.kind != "header":
            self.records += 1
        place = located.place
        rows = to_json(place.rows).decode() if place.rows is not None else None
        loader.add(
            located.number, located.kind, located.data, clean=located.clean, blocked=blocked,
            place=(place.line, place.index, place.offset, place.length, rows),
        )  # fmt: skip

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
        row = connection.execute("select period_end from header").fetchone()
        create_findings(connection, previous=self.whole is not None)
        check_codes(connection, row[0] if row else None)
        check_identifiers(connection)
        check_names(connection)
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
        if "KJ-SYS-090" in counts:
            return Verdict.UNDETERMINED
        if blocked or any(_blocks(self.edition, finding_id, ("submission",)) for finding_id in counts):
            return Verdict.REJECTED
        if rejected:
            return Verdict.REJECTED if rejected == self.records else Verdict.PARTLY_ACCEPTED
        return Verdict.ACCEPTED if spotless else Verdict.ACCEPTED_WITH_WARNINGS


def _loses(finding_id: str) -> bool:
    """Whether a built-in finding says that something was not read, so that a record may be lost."""
    entry = BUILT_IN[finding_id]
    return entry.layer == "reading" and entry.severity is Severity.ERROR


def _day(header: Mapping[str, Any] | None) -> datetime.date | None:
    """The last day of the period, where the header says it."""
    try:
        return datetime.date.fromisoformat((header or {})["period_end"])
    except (KeyError, TypeError, ValueError):
        return None


def _count(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = connection.execute(sql).fetchone()
    return int(row[0]) if row else 0
