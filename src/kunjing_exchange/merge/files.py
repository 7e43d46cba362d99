"""A whole submission: its case files are streamed, the departments' records lie on disk, found by identifier."""

from __future__ import annotations

import contextlib
import datetime
import os
import pathlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import duckdb
from pydantic_core import from_json, to_json

from kunjing_exchange import findings, wire
from kunjing_exchange.convert import format_of
from kunjing_exchange.departments import LocalCodes, open_reader
from kunjing_exchange.engine import Engine, open_engine
from kunjing_exchange.errors import InvalidArgument, LossyConversion, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Severity
from kunjing_exchange.merge.case import merge_plain, origin
from kunjing_exchange.merge.identity import identifiers, linked, person_numbers, refusal
from kunjing_exchange.merge.result import OUTCOMES, File, Merge, Merging, Origin, Provenance, Unmatched
from kunjing_exchange.model import DepartmentRecord, Header, elements
from kunjing_exchange.wire import (
    KINDS,
    Digester,
    Limits,
    Located,
    Plain,
    Reader,
    Source,
    arrange,
    canonical_json,
    open_output,
    open_source,
    open_writer,
)

__all__ = ["merge_files"]

_SHOWN = 20
"""How many entries of each list are kept."""


def merge_files(
    cases: str | os.PathLike[str] | bytes | BinaryIO,
    files: Sequence[str | os.PathLike[str] | bytes | BinaryIO],
    target: str | os.PathLike[str],
    *,
    on: datetime.date | None = None,
    layouts: Sequence[str | None] = (),
    local: LocalCodes | None = None,
    provenance: str | os.PathLike[str] | None = None,
    conflicts: str | os.PathLike[str] | None = None,
    to: str | None = None,
    force: bool = False,
    limits: Limits | None = None,
    show_values: bool = False,
) -> Merging:
    """Merge departments' files into every case file of a submission.

    Who says what of which field goes to ``TARGET.provenance.jsonl``, without values. All outputs are whole or absent.

    Args:
        cases: the submission, in any wire format.
        files: departments' files.
        target: a path. The header keeps its fields; count and digest are made anew.
        on: day of the merge, and of departments' data that say no day of their own; today where it is not given.
        layouts: the layout of each file, in their order; None or a missing one is told by the content.
        local: the place's own codes (:func:`kunjing_exchange.departments.local_codes`).
        provenance: what an earlier merge wrote; ``CASES.provenance.jsonl`` where that is there.
        conflicts: where every change, conflict, hint and unmatched record is listed, as JSON Lines.
        to: target format; told by the target's suffix where it is not given.
        force: overwrite the outputs.
        limits: our own limits on sizes and depth.
        show_values: list values instead of their shape. They are personal data of children.

    Raises:
        UnreadableInput: a file is broken, or a case file does not fit the schema.
        InvalidArgument: there is no department's file, more layouts than files, a file has records of another kind, the
            submission has no header or no case file, or the target is standard output.
        OutputExists, UnknownFormat, MissingExtra
    """
    if not files or len(layouts) > len(files):
        raise InvalidArgument(
            "需要至少一个部门文件，且 layout 不多于文件",
            "wants at least one department's file, and no more layouts than files",
        )
    if os.fspath(target) == "-":
        raise InvalidArgument("合并结果须写入文件（-o），不能写到标准输出", "a merge is written to a file (-o)")
    day = on or datetime.date.today()
    form = to or format_of(target)
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(open_output(target, force=force))
        origins = stack.enter_context(open_output(f"{os.fspath(target)}{_SIDE}", force=force))
        listing = stack.enter_context(open_output(conflicts, force=force)) if conflicts is not None else None
        engine = stack.enter_context(open_engine())
        opened = stack.enter_context(open_source(cases, limits=limits))
        told = _Told(listing, show_values)
        with _Index(engine, told) as index:
            for place, file in enumerate(files):
                with open_source(file, limits=limits) as source:
                    layout = layouts[place] if place < len(layouts) else None
                    index.file(source.name, open_reader(source, layout, on=day, local=local), day)
            header = index.cases(opened)
        index.match(provenance or _beside(cases))
        spool = engine.folder / "merged"
        header |= _merge_all(opened, index, spool, origins, day, told)
        writer = open_writer(form, output)
        writer.write("header", arrange(Header, header))
        with spool.open("rb") as lines:
            for line in lines:
                kind, _, body = line.partition(b"\t")
                writer.write(kind.decode(), from_json(body))
        writer.close()
        if writer.losses:
            raise LossyConversion(
                f"{form} 不能完整写出合并结果，未写出",
                f"{form} can't hold all of the merged records; nothing was written",
            )
        return Merging(index.case_files, told.changed, index.files(), told.counts, told.outcomes, tuple(told.listed))


_SIDE = ".provenance.jsonl"


def _beside(cases: Any) -> str | None:
    """What the merge that made the case files has left beside them."""
    path = f"{os.fspath(cases)}{_SIDE}" if isinstance(cases, str | os.PathLike) else ""
    return path if os.path.isfile(path) else None


class _Told:
    """What is listed: counted, written as JSON Lines, the first ones kept."""

    def __init__(self, stream: BinaryIO | None, show_values: bool) -> None:
        self.counts = dict.fromkeys(("change", "conflict", "hint", "unmatched"), 0)
        self.outcomes = dict.fromkeys(OUTCOMES, 0)
        self.listed: list[Mapping[str, Any]] = []
        self.changed = 0
        self._stream = stream
        self._show_values = show_values

    def result(self, case_id: str, result: Merge) -> None:
        """List what the merge of a case file did."""
        self.changed += bool(result.changes)
        for change in result.changes:
            facts = {"path": change.path, "old": self._shown(change.old), "new": self._shown(change.new)}
            self._add("change", {"case_id": findings.record_key(case_id), **facts, **_named(change.source)})
        for conflict in result.conflicts:
            self.outcomes[conflict.outcome] += 1
            said = [{"value": self._shown(one.value), **_named(one.source)} for one in conflict.said]
            facts = {"path": conflict.path, "here": self._shown(conflict.here), "said": said}
            more = {"authority": conflict.authority, "outcome": conflict.outcome}
            self._add("conflict", {"case_id": findings.record_key(case_id), **facts, **more})
        for hint in result.hints:
            facts = {"hint": hint.kind, "path": hint.path, "value": self._shown(hint.value)}
            self._add("hint", {"case_id": findings.record_key(case_id), **facts, **_named(hint.source)})

    def unmatched(self, file: str, one: Unmatched) -> None:
        """List a department's record that was not merged."""
        self._add("unmatched", {"file": file, "reason": one.reason, **_named(one.source)})

    def _add(self, name: str, facts: Mapping[str, Any]) -> None:
        entry = {"list": name, **{key: value for key, value in facts.items() if value is not None}}
        self.counts[name] += 1
        if self.counts[name] <= _SHOWN:
            self.listed.append(entry)
        if self._stream is not None:
            self._stream.write(to_json(entry) + b"\n")

    def _shown(self, value: Any) -> Any:
        if value is None or self._show_values:
            return value
        return f"unknown:{value['unknown']}" if isinstance(value, dict) else findings.mask(str(value))


def _named(source: Origin) -> dict[str, str | None]:
    return {
        "department": source.department,
        "layout": source.layout,
        "record_key": findings.record_key(source.record_key),
        "as_of": source.as_of.isoformat(),
    }


def _line(one: Provenance) -> dict[str, Any]:
    """What the provenance file has of a field, in the order of its columns."""
    source = one.source
    return {
        "case_id": one.case_id,
        "path": one.path,
        "department": source.department,
        "layout": source.layout,
        "record_key": source.record_key,
        "as_of": source.as_of,
        "merged_on": one.merged_on,
    }


_ORIGIN = {
    element.name: element.lexical
    for element in elements(DepartmentRecord)
    if element.name in ("department", "layout", "record_key", "as_of") and element.lexical is not None
}
"""What a record has to say of itself to be listed; of others only the number shows."""


class _Index(contextlib.AbstractContextManager["_Index"]):
    """Departments' records on disk, found by the case file they are about."""

    def __init__(self, engine: Engine, told: _Told) -> None:
        self.case_files = 0
        self._connection = engine.connection
        self._told = told
        self._folder = engine.folder
        self._records = (engine.folder / "records.jsonl").open("wb")
        self._cases = (engine.folder / "cases.jsonl").open("wb")
        self._names: list[str] = []
        self._counts: list[int] = []
        self._merged: list[int] = []
        self._last = 0

    def __exit__(self, *_: object) -> None:
        self._records.close()
        self._cases.close()

    def files(self) -> tuple[File, ...]:
        """What became of each file."""
        return tuple(map(File, self._names, self._counts, self._merged))

    def file(self, name: str, reader: Reader, on: datetime.date) -> None:
        """Take in a department's file. Void records, and those that don't fit the schema, are only listed."""
        self._names.append(name)
        self._counts.append(0)
        self._merged.append(0)
        for located in reader:
            if located.kind == "header":
                continue
            if located.kind != "department_record":
                raise InvalidArgument(
                    f"{name} 不是部门数据文件（含有 {located.kind}）",
                    f"{name} is no department's file: it has a {located.kind}",
                )
            self._counts[-1] += 1
            self._take(name, located, on)
        _refuse_broken(reader, name)

    def _take(self, name: str, located: Located, on: datetime.date) -> None:
        data = located.data or {}
        if not located.clean:
            if all(lexical.accepts(data.get(key)) for key, lexical in _ORIGIN.items()):
                self._told.unmatched(name, Unmatched(origin(data), "invalid"))
            return
        if reason := refusal(data, on):
            self._told.unmatched(name, Unmatched(origin(data), reason))
            return
        self._last += 1
        self._records.write(
            canonical_json(
                {
                    "record_no": self._last,
                    "file_no": len(self._names) - 1,
                    "keys": sorted(identifiers(data)),
                    "person": next(iter(person_numbers(data)), None),
                    "data": data,
                }
            )
            + b"\n"
        )

    def cases(self, source: Source) -> Plain:
        """Take in the identifiers of the case files; gives the header."""
        header: Plain | None = None
        reader = wire.open_reader(source)
        for located in _sound(reader, source.name):
            if located.kind == "header":
                header = located.data
            elif located.kind == "case_file":
                case: Plain = located.data or {}
                self.case_files += 1
                keys = sorted(identifiers(case) | person_numbers(case))
                line = {"case_no": self.case_files, "case_id": case["case_id"], "keys": keys}
                self._cases.write(canonical_json(line) + b"\n")
        if header is None or not self.case_files:
            raise InvalidArgument(
                f"{source.name} 不是含有报送头和档案的报送文件",
                f"{source.name} is no submission with a header and case files",
            )
        return header

    def match(self, provenance: str | os.PathLike[str] | None) -> None:
        """Find the case file of every record; list those that have none, or several."""
        run = self._connection.execute
        run(_read("record", self._folder / "records.jsonl", _RECORD))
        run(_read("case_file", self._folder / "cases.jsonl", _CASE))
        run(_HIT)
        run(_JOINED)
        run(_MATCHED)
        self._held(provenance)
        cursor = self._connection.cursor().execute(_UNMATCHED)
        while rows := cursor.fetchmany(1000):
            for file_no, data, reason in rows:
                self._told.unmatched(self._names[file_no], Unmatched(origin(from_json(data)), reason))
        self._found = _by_case(self._connection.cursor().execute(_FOUND))
        self._known = _by_case(self._connection.cursor().execute(_KNOWN))

    def _held(self, provenance: str | os.PathLike[str] | None) -> None:
        run = self._connection.execute
        if provenance is None:
            run(f"create table held ({', '.join(map(' '.join, _HELD.items()))})")
            return
        name = os.fspath(provenance)
        try:
            run(_read("held", name, _HELD))
            with open(name, "rb") as stream:  # a line that breaks off is none to the database
                count = sum(1 for _ in stream)
            whole = run("select count(*) from held where columns(*) is not null").fetchall() == [(count,)]
        except (duckdb.Error, OSError):
            whole = False
        if not whole:
            raise UnreadableInput(
                f"读不出字段来源：{name}（须是以前合并写出的 {_SIDE}）",
                f"can't read where fields are from: {name} is not what an earlier merge wrote ({_SIDE})",
                finding_id="KJ-SYS-001",
            )

    def merge(self, case_no: int, case: Plain, on: datetime.date) -> Merge:
        """The merge of the next case file; they come in their order."""
        held = [
            Provenance(case["case_id"], path, Origin(*source), merged_on)
            for path, *source, merged_on in self._known(case_no)
        ]
        numbers, texts = [], []
        for file_no, text in self._found(case_no):
            numbers.append(file_no)
            texts.append(from_json(text))
        reasons = linked(case, texts)
        result = merge_plain(case, texts, reasons, on, held)
        refused = iter(result.unmatched)
        for file_no, reason in zip(numbers, reasons, strict=True):
            if reason is None:
                self._merged[file_no] += 1
            else:
                self._told.unmatched(self._names[file_no], next(refused))
        return result


def _read(table: str, path: str | os.PathLike[str], columns: Mapping[str, str]) -> str:
    """The statement that makes a table of JSON Lines."""
    quoted = os.fspath(path).replace("'", "''")
    return f"create table {table} as select * from read_json('{quoted}', format='newline_delimited', columns={columns})"


_RECORD = {"record_no": "BIGINT", "file_no": "INTEGER", "keys": "VARCHAR[]", "person": "VARCHAR", "data": "JSON"}
_CASE = {"case_no": "BIGINT", "case_id": "VARCHAR", "keys": "VARCHAR[]"}
_HELD = {
    "case_id": "VARCHAR", "path": "VARCHAR", "department": "VARCHAR", "layout": "VARCHAR", "record_key": "VARCHAR",
    "as_of": "DATE", "merged_on": "DATE",
}  # fmt: skip
_HIT = """
create table hit as
select distinct case_no, record_no
from (select case_no, unnest(keys) as key from case_file)
join (select record_no, unnest(case when len(keys) = 0 then [person] else keys end) as key from record) using (key)
"""
# What has nothing but its department's own number of the child is about whom that department's other records are.
_JOINED = """
insert into hit
select distinct hit.case_no, record.record_no
from record join record as other using (person) join hit on hit.record_no = other.record_no
where len(record.keys) = 0 and record.record_no not in (select record_no from hit)
"""
_MATCHED = "create table matched as select * from hit qualify count(*) over (partition by record_no) = 1"
_UNMATCHED = """
select file_no, data, case when record_no in (select record_no from hit) then 'ambiguous' else 'unknown' end
from record where record_no not in (select record_no from matched) order by record_no
"""
_FOUND = "select case_no, file_no, data from matched join record using (record_no) order by case_no, record_no"
_KNOWN = """
select case_no, path, department, layout, record_key, as_of, merged_on
from case_file join held using (case_id) order by case_no, path
"""


def _by_case(cursor: duckdb.DuckDBPyConnection) -> Callable[[int], list[tuple[Any, ...]]]:
    """What gives the rows of a case file; asked in the order of the rows."""

    def rows() -> Iterator[tuple[Any, ...]]:
        while batch := cursor.fetchmany(500):
            yield from batch

    remaining = rows()
    ahead = next(remaining, None)

    def take(case_no: int) -> list[tuple[Any, ...]]:
        nonlocal ahead
        found = []
        while ahead is not None and ahead[0] == case_no:
            found.append(ahead[1:])
            ahead = next(remaining, None)
        return found

    return take


def _merge_all(
    source: Source, index: _Index, spool: pathlib.Path, origins: BinaryIO, on: datetime.date, told: _Told
) -> Plain:
    """Merge case file by case file into the spool; gives what the header says of them."""
    digester = Digester()
    case_no = 0
    with spool.open("wb") as lines:
        for located in _sound(wire.open_reader(source), source.name):
            data: Plain = located.data or {}
            if located.kind == "header":
                continue
            if located.kind == "case_file":
                case_no += 1
                result = index.merge(case_no, data, on)
                data = result.record
                told.result(data["case_id"], result)
                for one in result.provenance:
                    origins.write(to_json(_line(one)) + b"\n")
            line = canonical_json(arrange(KINDS[located.kind], data))
            digester.add(located.kind, line)
            lines.write(located.kind.encode() + b"\t" + line + b"\n")
    return {"record_count": digester.count, "digest": digester.digest()}


def _sound(reader: Reader, name: str) -> Iterator[Located]:
    """The records of a submission, all of which have to fit the schema."""
    for located in reader:
        if not located.clean:
            place_zh = f"{name} 第 {located.number} 条记录"
            line = located.place.line
            raise UnreadableInput(
                f"{place_zh}{f'（第 {line} 行）' if line else ''}不合格式；请先运行 kunjing validate",
                f"record {located.number} of {name}{f' (line {line})' if line else ''} does not fit the schema;"
                " run kunjing validate first",
                number=located.number,
                line=line,
            )
        yield located
    _refuse_broken(reader, name)


def _refuse_broken(reader: Reader, name: str) -> None:
    for problem in reader.problems:
        entry = BUILT_IN[problem.id]
        if problem.id == "KJ-SYS-010":  # departments' records need no header, and a submission's is asked for
            continue
        if entry.severity is Severity.ERROR and entry.effect == "submission":
            raise UnreadableInput(
                f"{name}：{entry.title_zh}（{problem.id}），未合并",
                f"{name}: {entry.title_en} ({problem.id}); nothing was merged",
                finding_id=problem.id,
                line=problem.line,
            )
