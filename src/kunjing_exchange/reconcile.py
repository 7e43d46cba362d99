"""Reconcile a county's register with departments' files: who is missing, who should have left, what contradicts.

Everybody is loaded into one set of tables, matched (:mod:`kunjing_exchange.linkage`), and held against one another by
the statements of ``reconcile.sql``. It lists with evidence and clause, and decides nothing.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import importlib.resources
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, BinaryIO

import duckdb
from pydantic import create_model
from pydantic_core import to_json

from kunjing_exchange import policy
from kunjing_exchange.codes import code_list
from kunjing_exchange.departments import LocalCodes, layouts, mapping, open_reader
from kunjing_exchange.departments.checking import named
from kunjing_exchange.engine import Engine, open_engine
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.findings import mask, record_key
from kunjing_exchange.linkage import DOUBTS, PROPOSALS, Thresholds, link, plain_name, plain_number, require_likeness
from kunjing_exchange.model import CaseFile, DepartmentRecord, Record, elements
from kunjing_exchange.rules import bind
from kunjing_exchange.tables import TABLES, Loader, Table, tables_of
from kunjing_exchange.wire import Limits, Located, Reader, open_source

__all__ = ["KINDS", "OFFICE", "Difference", "File", "Party", "Reconciliation", "reconcile"]

KINDS: Mapping[str, tuple[str, str]] = {
    "due_not_registered": ("应保未保", "Due and not registered"),
    "registered_not_due": ("应退未退", "Registered and no longer due"),
    "paid_twice": ("重复享受", "Paid twice"),
    "contradiction": ("信息矛盾", "Contradictions"),
    "ambiguous": ("不能确定是否同一人", "Not sure whether the same child"),
    "number_proposal": ("证件号码更正建议", "Proposals for numbers"),
    "unknown_there": ("部门数据中没有", "Unknown to the department"),
    "unknown_here": ("登记册中没有", "Unknown to the register"),
}
"""The lists of a reconciliation, in order: (zh, en)."""

_CLAUSE_OF_RECORDS = "豫政办〔2017〕47号 六(一)"

_HELD: Mapping[str, tuple[str, ...]] = {
    "case_file": ("case_id", "division", "status", "opened_on", "closed_on", "exit_reason"),
    "department_record": (
        "record_key", "department", "layout", "as_of", "division", "source_no", "person_no", "valid", "answered",
    ),
    "child": (
        "name", "former_name", "sex", "birth_date", "id_document_type", "id_number", "ethnicity", "hukou_division",
        "residence_division", "death_date",
    ),
    "child_facts": (
        "name", "sex", "birth_date", "id_document_type", "id_number", "ethnicity", "hukou_division",
        "residence_division", "death_date",
    ),
    "claim": ("kind", "value", "end_date"),
    "household": (),
    "household_hardship": ("kind", "start_date", "end_date"),
    "parent_situation": ("parent", "situation", "start_date", "end_date", "care_given"),
    "care_arrangement": ("kind", "start_date", "end_date"),
    "determination": ("category", "start_date", "end_date"),
    "disability": ("disability_class", "disability_grade", "certificate_no", "expiry_date"),
    "illness": ("name", "disease_list", "end_date"),
    "schooling": ("school_name", "school_division", "start_date", "end_date"),
    "insurance": ("insurance_type", "year", "status", "division"),
    "benefit": ("kind", "start_date", "end_date"),
    "payment": ("period", "kind", "status"),
}  # fmt: skip
"""What is held of each record; the rest is neither needed nor kept."""


OFFICE = "civil_affairs"
"""The office whose the register is."""


@dataclass(frozen=True, slots=True)
class File:
    """One department's file: its layout as the records say it, how many records it has, how many could not be read,
    how many children of the register are in it.

    ``void`` records are kept by the department as invalid or are an inquiry that failed; ``unnamed`` ones name nobody,
    and no other file of the department names whom they mean: nothing is said of either. ``office`` is the department,
    with its county where that is another one than the register's: ``civil_affairs-411381``.
    """

    name: str
    layout: str
    office: str
    records: int
    unread: int
    void: int
    unnamed: int
    matched: int


@dataclass(frozen=True, slots=True)
class Party:
    """Who a difference is about, as one side has it; masked unless values are shown.

    ``record`` is the case id, or the department's record; ``source_no`` the department's own number; ``line`` the line
    of the file, ``row`` that of the sheet, ``index`` the place in a JSON array (from 0).
    """

    record: str | None
    source_no: str | None
    line: int | None
    row: int | None
    index: int | None
    name: str | None
    sex: str | None
    birth_date: str | None
    id_number: str | None
    division: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference, with its evidence and the clause that it concerns.

    ``kind`` is one of :data:`KINDS`, ``id`` the permanent name of what was asked. ``here`` is what the register says of
    ``field``, ``there`` what the department says. ``basis`` tells how the two were matched: ``number``, or
    ``likeness`` with its ``probability``. ``months``, ``other_source`` and ``other_file`` (none: the register) belong
    to what was paid twice. ``element`` is the field as the department's layout names it. What is not ``certain``
    asks the office to look before it acts; nothing here is a decision.
    """

    number: int
    kind: str
    id: str
    title_zh: str
    title_en: str
    clause: str
    certain: bool
    file: File | None
    register: Party | None
    department: Party | None
    field: str | None
    field_title: str | None
    element: str | None
    here: str | None
    there: str | None
    basis: str | None
    probability: float | None
    months: str | None
    other_source: str | None
    other_file: File | None

    def as_dict(self) -> dict[str, object]:
        """For JSON; what is absent is left out."""

        def told(one: Any) -> dict[str, object]:
            return {key: value for key, value in dataclasses.asdict(one).items() if value is not None}

        return {
            key: told(value) if isinstance(value, Party) else value.name if isinstance(value, File) else value
            for key, value in ((field.name, getattr(self, field.name)) for field in dataclasses.fields(self))
            if value is not None
        }


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of the tables, and what linkage itself finds."""

    kind: str
    title_zh: str
    title_en: str
    clause: str


@functools.cache
def _statements() -> Mapping[str, Mapping[str, tuple[Mapping[str, str], str]]]:
    """``reconcile.sql``: (headers, statement) by name, the ``table`` ones and the ``difference`` ones."""
    text = importlib.resources.files("kunjing_exchange").joinpath("reconcile.sql").read_text(encoding="utf-8")
    found: dict[str, dict[str, tuple[Mapping[str, str], str]]] = {"table": {}, "difference": {}}
    for block in re.split(r"(?m)^(?=-- (?:table|difference): )", text)[1:]:
        lines = block.splitlines()
        matches = takewhile(bool, (re.match("-- ([a-z]+): (.*)", line) for line in lines))
        headers = {match[1]: match[2] for match in matches if match}
        sql = "\n".join(lines[len(headers) :]).partition(";\n")[0].removesuffix(";")
        role = next(iter(headers))
        found[role][headers[role]] = headers, sql
    return found


@functools.cache
def _questions() -> Mapping[str, _Question]:
    found = {}
    for name, (headers, _) in _statements()["difference"].items():
        zh, _, en = headers["title"].partition(" | ")
        found[name] = _Question(headers["kind"], zh, en, headers["clause"])
    for prefix, kind, titles in (("doubt", "ambiguous", DOUBTS), ("proposal", "number_proposal", PROPOSALS)):
        for name, (zh, en) in titles.items():
            found[f"{prefix}_{name}"] = _Question(kind, zh, en, _CLAUSE_OF_RECORDS)
    return found


class Reconciliation:
    """What a reconciliation found: counts, and the differences in the order of :data:`KINDS`, as often as wanted.

    ``totals`` has ``cases`` and ``on_register``, ``unread`` case files, and the number of differences by kind and by
    id. Iterating gives :class:`Difference`. The tables lie on disk until :meth:`close` or the end of a ``with`` block.
    """

    def __init__(self, engine: Engine, on: datetime.date, register: str, show_values: bool) -> None:
        self.on = on
        self.register = register
        self.files: tuple[File, ...] = ()
        self.totals: Mapping[str, Any] = {}
        self.connection = engine.connection
        self.show_values = show_values
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Reconciliation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the tables; totals stay."""
        self._stack.close()

    def __iter__(self) -> Iterator[Difference]:
        return self.differences()

    def differences(self, kind: str | None = None, limit: int | None = None) -> Iterator[Difference]:
        """The differences, or the first ones of one kind."""
        cursor = self.connection.cursor()
        where = "where d.kind = $kind" if kind is not None else ""
        most = f"limit {limit:d}" if limit is not None else ""
        values = {"kind": kind} if kind is not None else None
        cursor.execute(f"{_SHOWN} {where} order by d.number {most}", values)
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield self._difference(row)

    def _difference(self, row: tuple[Any, ...]) -> Difference:
        number, name, file_no, field, here, there, certain, basis, probability, *rest = row
        first, last, months, source, other_file, case, record = *rest[:5], rest[5:15], rest[15:]
        question = _questions()[name]
        file = self.files[file_no - 1] if file_no else None
        return Difference(
            number,
            question.kind,
            name,
            question.title_zh,
            question.title_en,
            question.clause,
            certain,
            file,
            self._party(case) if case[0] is not None else None,
            self._party(record) if record[0] is not None else None,
            field,
            _element_title(field),
            _element_name(file.layout, field, there) if file is not None else None,
            self._value(field, here),
            self._value(field, there),
            basis,
            round(probability, 4) if probability is not None else None,
            None if first is None else first if first == last else f"{first}—{last} ({months})",
            record_key(source),
            self.files[other_file - 1] if other_file else None,
        )

    def _party(self, row: Sequence[Any]) -> Party:
        record, source_no, line, index, rows, *person = row
        numbers = re.findall("[0-9]+", rows) if rows else []
        return Party(
            record_key(record),
            record_key(source_no),
            line,
            int(numbers[0]) if numbers else None,
            index,
            *(self._shown(value) for value in person),
        )

    def _shown(self, value: Any) -> str | None:
        if value is None:
            return None
        return str(value) if self.show_values else mask(str(value))

    def _value(self, field: str | None, value: Any) -> str | None:
        """A value, with the names of its codes; masked unless values are shown."""
        if value is None or not self.show_values:
            return self._shown(value)
        codes = _codes(field)
        named = (
            f"{code} {codes.name_of(code)}" if codes is not None and code in codes else code
            for code in str(value).split(" ")
        )
        return " ".join(named)


def _column(field: str | None) -> Any:
    table, _, name = (field or "").partition(".")
    return next((one.element for one in TABLES[table].columns if one.name == name), None) if table in TABLES else None


def _element_title(field: str | None) -> str | None:
    element = _column(field)
    return element.title if element is not None else None


def _element_name(layout: str, field: str | None, value: str | None) -> str | None:
    """What a department's layout calls a field; a mark has an element of its own, told by the kind that was found."""
    table, _, column = (field or "").partition(".")
    if table not in TABLES or layout not in layouts():
        return None
    of = mapping(layout)
    found = of.element_at(TABLES[table].path((1, 1), column)) or next(
        (
            element
            for element in of.layout.elements
            for home in element.homes
            if len(home.steps) > 1 and home.steps[-2].name == table and home.steps[-2].selector == (column, value)
        ),
        None,
    )
    return named(found) if found is not None else None


def _codes(field: str | None) -> Any:
    element = _column(field)
    return code_list(element.lexical.code_list) if element is not None and element.lexical.code_list else None


_PARTY = (
    "{0}.key, {0}.source_no, p{0}.line, p{0}.idx, p{0}.sheet_rows, "
    "{0}.name, {0}.sex, {0}.birth_date, {0}.id_number, {0}.division"
)
_SHOWN = f"""
select d.number, d.id, d.file_no, d.field, d.here, d.there, d.certain, d.basis, d.probability, d.first_month,
  d.last_month, d.months, d.source, d.other_file, {_PARTY.format("c")}, {_PARTY.format("r")}
from difference as d
left join register_case as c on c.case_no = d.case_no left join record_place as pc on pc.record_no = d.case_no
left join department_person as r on r.record_no = d.record_no left join record_place as pr on pr.record_no = d.record_no
"""


def reconcile(
    register: str | os.PathLike[str] | bytes | BinaryIO,
    files: Sequence[str | os.PathLike[str] | bytes | BinaryIO],
    *,
    on: datetime.date | None = None,
    layouts: Sequence[str | None] = (),
    local: LocalCodes | None = None,
    edition: str = policy.DEFAULT_EDITION,
    thresholds: Thresholds | None = None,
    likeness: bool = True,
    limits: Limits | None = None,
    show_values: bool = False,
) -> Reconciliation:
    """Hold a county's register against departments' files.

    Args:
        register: the county's submission, in any wire format.
        files: departments' files, or canonical records of any format; another county's register is one too.
        on: the day; where it is not given the last day of the register's period, or today.
        layouts: the layout of each file, in their order; None or a missing one is told by the content.
        local: a place's own codes (:func:`kunjing_exchange.departments.local_codes`).
        edition: policy edition: ages, grades, and which benefits are not drawn together.
        thresholds: when a likeness counts.
        likeness: whether to match by name, sex, birth date and division who has no number in common. Needs the extra
            ``link``; without it matching by number works all the same.
        limits: our own limits on sizes and depth.
        show_values: show names, numbers and values instead of their shape. They are personal data of children.

    Raises:
        UnreadableInput, UnknownFormat, UnknownEdition, MissingExtra: nothing could be compared.
        InvalidArgument: there is no department's file, more layouts than files, or no case file in the register.
    """
    chosen = policy.edition(edition)
    if not files or len(layouts) > len(files):
        raise InvalidArgument(
            "需要至少一个部门文件，且 layout 不多于文件",
            "wants at least one department's file, and no more layouts than files",
        )
    if likeness:
        require_likeness()  # said before the work, not after
    with contextlib.ExitStack() as stack:
        engine = stack.enter_context(open_engine())
        load = _Load(engine)
        with load:
            name = load.register(register, limits)
            day = on or load.period_end or datetime.date.today()
            for place, file in enumerate(files):
                load.file(file, layouts[place] if place < len(layouts) else None, local, day, limits)
        result = Reconciliation(engine, day, name, show_values)
        _prepare(engine.connection, load, day, chosen)
        for number in range(1, len(files) + 1):
            _match(engine.connection, number, thresholds, likeness)
        _compare(engine.connection, chosen)
        result.files, result.totals = _files(engine.connection, load), _totals(engine.connection, load)
        result._stack = stack.pop_all()
        return result


# --- loading ---------------------------------------------------------------------------------------------------------


@functools.cache
def _part(record: type[Record]) -> type[Record]:
    """A record with the fields of it that are held."""
    fields: Any = {}
    for element in elements(record):
        info = record.model_fields[element.name]
        if element.record is None and element.name in _HELD[record.table()]:
            fields[element.name] = (info.annotation, info)
        elif element.record is not None and element.record.table() in _HELD:
            below: Any = _part(element.record)
            fields[element.name] = (tuple[below, ...] if element.repeated else below | None, info)
    return create_model(record.__name__, __base__=Record, __doc__=record.__doc__, **fields)


def _tables() -> dict[str, Table]:
    """The canonical tables of what is compared."""
    found: dict[str, Table] = {}
    for top in (CaseFile, DepartmentRecord):
        for table in tables_of(top.table(), _part(top)):
            known = found.get(table.name)
            if table.columns:
                found[table.name] = dataclasses.replace(known, tops=(*known.tops, *table.tops)) if known else table
    return found


_Plan = Mapping[str, Any]
"""The fields that are held: None for a value, the plan of the record below."""


@functools.cache
def _plan(record: type[Record]) -> _Plan:
    return {one.name: _plan(one.record) if one.record else None for one in elements(_part(record))}


def _held(plan: _Plan, data: Any) -> Any:
    """What is held of a plain record that the schema accepted."""
    if isinstance(data, list):
        return [_held(plan, item) for item in data]
    return {
        name: value if (below := plan[name]) is None else _held(below, value)
        for name, value in data.items()
        if name in plan
    }


class _Load(contextlib.AbstractContextManager["_Load"]):
    """Everybody into one set of tables: the register first, then file by file; ``record_no`` goes on from one to the
    next."""

    def __init__(self, engine: Engine) -> None:
        self._loader = Loader(engine.connection, _tables(), engine.folder)
        self.last = 0
        self.unread: list[int] = []
        self.names: list[str] = []
        self.starts: list[int] = []
        self.period_end: datetime.date | None = None
        self.division: str | None = None

    def __exit__(self, *_: object) -> None:
        self._loader.close()

    def register(self, source: Any, limits: Limits | None) -> str:
        """Load the case files; gives the name of the source."""
        with open_source(source, limits=limits) as opened:
            reader = open_reader(opened)
            self._begin(opened.name)
            for located in reader:
                if located.kind == "header" and located.data is not None:
                    with contextlib.suppress(KeyError, TypeError, ValueError):
                        self.period_end = datetime.date.fromisoformat(located.data["period_end"])
                elif located.kind == "case_file":
                    self._add(located, CaseFile, located.data)
                    if self.division is None and located.data is not None:
                        self.division = located.data.get("division")
            self._end(reader)
            if self.last == 0:
                raise InvalidArgument(
                    f"登记册中没有档案：{opened.name}", f"no case file in the register: {opened.name}"
                )
            return opened.name

    def file(
        self, source: Any, layout: str | None, local: LocalCodes | None, on: datetime.date, limits: Limits | None
    ) -> None:
        """Load a department's records; a case file of another county's register is one as well."""
        with open_source(source, limits=limits) as opened:
            reader = open_reader(opened, layout, on=on, division=self.division, local=local)
            self._begin(opened.name)
            for located in reader:
                if located.kind == "department_record":
                    self._add(located, DepartmentRecord, located.data)
                elif located.kind == "case_file":
                    self._add(located, DepartmentRecord, _as_departmental(located.data))
            self._end(reader)

    def _begin(self, name: str) -> None:
        self.names.append(name)
        self.starts.append(self.last + 1)
        self.unread.append(0)

    def _end(self, reader: Reader) -> None:
        """A document that breaks off has lost records, and nobody can say how many."""
        self.unread[-1] += sum(problem.id in ("KJ-SYS-001", "KJ-SYS-002") for problem in reader.problems)

    def _add(self, located: Located, record: type[Record], data: Any) -> None:
        if not isinstance(data, dict):
            self.unread[-1] += 1
            return
        self.last += 1
        place = located.place
        rows = to_json(place.rows).decode() if place.rows is not None else None
        self._loader.add(
            self.last,
            record.table(),
            _held(_plan(record), data) if located.clean else data,
            clean=located.clean,
            place=(place.line, place.index, place.offset, place.length, rows),
        )


def _as_departmental(data: Any) -> Any:
    """A case file as what another county's office holds of a child."""
    if not isinstance(data, dict):
        return None
    return {
        **data,
        "record_key": data.get("case_id"),
        "department": "civil_affairs",
        "layout": "case_file",
    }


# --- matching --------------------------------------------------------------------------------------------------------


_SPEAKS = "coalesce(r.valid, true) and coalesce(r.answered, true)"
"""Void records and failed inquiries say nothing."""


def _prepare(connection: duckdb.DuckDBPyConnection, load: _Load, day: datetime.date, edition: policy.Edition) -> None:
    """The tables that the statements read beside the canonical ones."""
    limits = edition.parameters
    connection.execute(
        f"create temp table reckoning as select date '{day}' as day, {limits['child_age_limit']} as child_age_limit, "
        f"{limits['disability_grade_limit']} as disability_grade_limit"
    )
    connection.execute(
        f"""
        create table register_case as
        select f.record_no as case_no, f.case_id as key, null::varchar as source_no, f.division as county, f.status,
          f.exit_reason, f.status <> 'closed' and coalesce(f.closed_on > reckoning.day, true)
            and f.opened_on <= reckoning.day as on_register,
          c.name, c.sex, c.birth_date, c.id_document_type, c.id_number,
          coalesce(c.hukou_division, c.residence_division, f.division) as division,
          {plain_name("c.name")} as plain_name, {plain_number("c.id_number")} as plain_number
        from case_file as f left join child as c using (record_no) cross join reckoning
        """
    )
    ends = [*load.starts[2:], load.last + 1]
    held = [
        (number, start) for number, (start, end) in enumerate(zip(load.starts[1:], ends, strict=True), 1) if end > start
    ]
    starts = ", ".join(f"({number}, {start})" for number, start in ((0, 0), *held))
    # Whom a department means by a number of its own; a number that two people have means nobody.
    connection.execute(
        f"""
        create temp table whom as
        with holder as (
          select r.department, r.person_no as number, min(c.record_no) as named_in
          from department_record as r join child_facts as c using (record_no)
          where r.person_no is not null and coalesce(c.name, c.id_number) is not null and {_SPEAKS}
          group by all
          having min({plain_name("c.name")}) is not distinct from max({plain_name("c.name")})
            and min({plain_number("c.id_number")}) is not distinct from max({plain_number("c.id_number")})
        )
        select r.record_no, holder.named_in
        from department_record as r
        join holder on holder.department = r.department and holder.number = r.person_no
        left join child_facts as c on c.record_no = r.record_no
        where coalesce(c.name, c.id_number) is null
        """
    )
    # Step by step: joins, places and window together would not fit into the memory of the engine.
    connection.execute(
        f"""
        create temp table person as
        select r.record_no, r.record_key as key, r.source_no, r.department, r.layout, r.division as county, c.name,
          c.sex, c.birth_date, c.death_date, c.id_document_type, c.id_number,
          coalesce(c.hukou_division, c.residence_division) as division
        from department_record as r
        left join whom using (record_no)
        left join child_facts as c on c.record_no = coalesce(whom.named_in, r.record_no)
        where {_SPEAKS}
        """
    )
    for table, column in (("schooling", "school_division"), ("insurance", "division")):
        connection.execute(
            "update person set division = told.division "
            f"from (select record_no, min({column}) as division from {table} group by record_no) as told "
            "where told.record_no = person.record_no and person.division is null"
        )
    connection.execute(
        f"""
        create table department_person as
        with file as (select * from (values {starts}) as t(file_no, start))
        select p.* replace (coalesce(p.division, p.county) as division), {plain_name("p.name")} as plain_name,
          {plain_number("p.id_number")} as plain_number, f.file_no,
          -- One child has several rows in a list of payments: who has a number and is written alike is one person.
          case when id_number is null then record_no else min(record_no) over (
            partition by f.file_no, id_number, id_document_type, name, sex, birth_date, coalesce(p.division, p.county)
          ) end as person_no
        from person as p asof join file as f on p.record_no >= f.start
        """
    )
    connection.execute("drop table person")
    connection.execute(
        "create temp table matched "
        "(case_no bigint, record_no bigint, file_no integer, basis varchar, probability double)"
    )
    connection.execute(
        "create temp table found (kind varchar, id varchar, case_no bigint, record_no bigint, file_no integer, "
        "field varchar, here varchar, there varchar, certain boolean, probability double, first_month varchar, "
        "last_month varchar, months bigint, source varchar, other_file integer)"
    )
    connection.execute("create temp table pairing (kind_a varchar, kind_b varchar, memory boolean)")
    both = [
        (pair.kind_a, pair.kind_b, pair.memory)
        for pair in edition.compatibility
        if pair.relation in ("exclusive", "higher")
    ]
    for kind_a, kind_b, memory in both:
        connection.execute("insert into pairing values ($1, $2, $3), ($2, $1, $3)", [kind_a, kind_b, memory])


def _match(connection: duckdb.DuckDBPyConnection, file_no: int, thresholds: Thresholds | None, likeness: bool) -> None:
    """Match one file with the register; a closed case file counts where there is no open one of its number."""
    connection.execute(
        """
        create or replace temp table here as
        select case_no as record_no, name, sex, birth_date, division, id_document_type, id_number
        from register_case
        where on_register or plain_number is null
          or plain_number not in (select plain_number from register_case where on_register and plain_number is not null)
        """
    )
    connection.execute(
        f"""
        create or replace temp table there as
        select record_no, name, sex, birth_date, division, id_document_type, id_number
        from department_person where file_no = {file_no} and record_no = person_no
        """
    )
    link(connection, "here", "there", thresholds=thresholds, likeness=likeness)
    connection.execute(
        f"""
        insert into matched
        select left_no, p.record_no, {file_no}, basis, probability
        from link join department_person as p on p.person_no = link.right_no
        """
    )
    for table, prefix, kind, values in (
        ("link_doubt", "doubt_", "ambiguous", "reason, left_no, right_no, null, null, null, probability"),
        (
            "link_proposal", "proposal_", "number_proposal",
            "kind, left_no, right_no, 'child.id_number', left_number, right_number, null",
        ),
    ):  # fmt: skip
        columns = "id, case_no, record_no, field, here, there, probability"
        connection.execute(
            f"insert into found by name select '{kind}' as kind, '{prefix}' || id as id, * exclude (id), "
            f"{file_no} as file_no, false as certain from (select {values} from {table}) as t({columns})"
        )
    connection.execute(
        "drop table link; drop table link_doubt; drop table link_proposal; drop table here; drop table there"
    )


# --- comparing -------------------------------------------------------------------------------------------------------


def _compare(connection: duckdb.DuckDBPyConnection, edition: policy.Edition) -> None:
    statements = _statements()
    for name, (_, sql) in statements["table"].items():
        connection.execute(f"create temp table {name} as {bind(sql, edition)}")
    for name, (_, sql) in statements["difference"].items():
        kind = _questions()[name].kind
        connection.execute(
            f"insert into found by name select '{kind}' as kind, '{name}' as id, * from ({bind(sql, edition)})"
        )
    kinds = ", ".join(f"('{kind}', {place})" for place, kind in enumerate(KINDS))
    connection.execute(
        f"""
        create table difference as
        with one as (
          select f.* replace (coalesce(f.file_no, p.file_no) as file_no), p.person_no, m.basis,
            coalesce(f.probability, m.probability) as likely
          from found as f left join department_person as p using (record_no)
          left join matched as m on m.record_no = f.record_no and m.case_no = f.case_no
          qualify row_number() over (
            partition by f.id, f.case_no, coalesce(f.file_no, p.file_no), p.person_no, f.field, f.here, f.there,
              f.source
            order by f.record_no
          ) = 1
        ), grounded as (
          -- Who is due by a ground is not listed once more as merely unknown.
          select * from one
          where kind <> 'unknown_here'
            or (file_no, person_no) not in (select file_no, person_no from one where kind = 'due_not_registered')
        )
        select row_number() over (
            order by place, file_no nulls first, case_no nulls last, record_no nulls first, id, field, here, there,
              source
          ) as number,
          * exclude (probability, likely, person_no, place), likely as probability
        from grounded join (values {kinds}) as k(kind, place) using (kind)
        """
    )


def _files(connection: duckdb.DuckDBPyConnection, load: _Load) -> tuple[File, ...]:
    def told(number: int) -> File:
        first, last = load.starts[number], [*load.starts, load.last + 1][number + 1]
        records = f"department_record where record_no >= {first} and record_no < {last}"
        count, layout, department, division, counties = connection.execute(
            f"select count(*), min(layout), min(department), min(division), count(distinct division) from {records}"
        ).fetchall()[0]
        valid, unnamed, matched = connection.execute(
            "select count(*), count(*) filter (plain_name is null and plain_number is null), (select count(distinct "
            f"case_no) from matched where file_no = {number}) from department_person where file_no = {number}"
        ).fetchall()[0]
        elsewhere = counties == 1 and division != load.division
        office = f"{department}-{division}" if elsewhere else department or ""
        return File(
            load.names[number], layout or "", office, count, load.unread[number], count - valid, unnamed, matched
        )

    return tuple(map(told, range(1, len(load.names))))


def _totals(connection: duckdb.DuckDBPyConnection, load: _Load) -> Mapping[str, Any]:
    cases, on_register = connection.execute(
        "select count(*), count(*) filter (on_register) from register_case"
    ).fetchall()[0]
    by_id = dict(connection.execute("select id, count(*) from difference group by id order by id").fetchall())
    by_kind = dict.fromkeys(KINDS, 0)
    for name, count in by_id.items():
        by_kind[_questions()[name].kind] += count
    return {
        "cases": cases,
        "on_register": on_register,
        "unread": load.unread[0],
        "differences": by_kind,
        "by_id": by_id,
    }
