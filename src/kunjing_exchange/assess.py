"""Assess case files on one day: categories, entitlements, what is received, and where the two differ.

The facts of a file are held against the policy's conditions one by one; each condition is met, not met, or can't be
told because a fact is missing. It explains and never decides: recognition and payment are the office's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO

import duckdb

from kunjing_exchange import policy
from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.findings import Verdict, mask, record_key
from kunjing_exchange.model import Element
from kunjing_exchange.policy.assess import Question, categories, differences, entitlements, preparations
from kunjing_exchange.rules import bind
from kunjing_exchange.tables import TABLES
from kunjing_exchange.validate import Findings, validate

__all__ = [
    "Answer",
    "Assessment",
    "BenefitInForce",
    "CaseAssessment",
    "Checked",
    "Difference",
    "Entitled",
    "Fact",
    "answer_sql",
    "assess",
    "edition_on",
    "question_of",
]

YES, NO, UNKNOWN = "yes", "no", "unknown"
_CHUNK = 500
_MEMORY_LIMIT = "384MB"
"""What DuckDB may hold while it answers: a million case files need more than 192 MB and less than 256."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value that a condition rests on, masked unless asked for; without one, why it is missing."""

    field: str
    title: str
    value: str | None = None
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """One condition with its answer (yes, no, unknown), the facts used and the facts missing."""

    id: str
    title_zh: str
    title_en: str
    answer: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One category: whether the facts support it, and since when it is recognised."""

    id: str
    title_zh: str
    title_en: str
    clause: str
    answer: str
    conditions: tuple[Checked, ...]
    recognised_from: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Entitled(Answer):
    """One entitlement; an amount of None is "rate not supplied" where ``rated`` is true.

    ``received`` is None where a service of general effect leaves no record. ``superseded_by`` names the entitlement
    that is drawn in its place (择高). ``end_date_shown`` is false where the day would give away a masked birth date.
    """

    field: str = ""
    weight: str = ""
    rated: bool = False
    amount: Decimal | None = None
    unit: str | None = None
    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    end_date_shown: bool = True
    received: bool | None = None
    superseded_by: str | None = None


@dataclass(frozen=True, slots=True)
class BenefitInForce:
    """A benefit that is drawn on the day."""

    kind: str
    title_zh: str
    title_en: str
    amount: Decimal | None
    unit: str
    start_date: datetime.date


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: ``kind`` is due_not_received, received_not_due, received_twice or not_ended.

    ``about`` is an entitlement, a kind of benefit, a category or ``case_file``. What is not ``certain`` asks the office
    to look before it acts.
    """

    case_id: str
    kind: str
    id: str
    title_zh: str
    title_en: str
    clause: str
    about: str
    about_zh: str
    about_en: str
    found: str | None
    certain: bool


@dataclass(frozen=True, slots=True)
class CaseAssessment:
    """All that is said of one case file."""

    case_id: str
    accepted: bool
    on_register: bool
    categories: tuple[Answer, ...]
    entitlements: tuple[Entitled, ...]
    received: tuple[BenefitInForce, ...]
    differences: tuple[Difference, ...]

    def supported(self) -> tuple[str, ...]:
        """The categories that the facts support."""
        return tuple(one.id for one in self.categories if one.answer == YES)

    def recognised(self) -> tuple[str, ...]:
        """The categories in which the child is recognised on the day."""
        return tuple(one.id for one in self.categories if one.recognised_from is not None)


class Assessment:
    """The assessment of every case file that could be read; iterating gives one after the other, as often as wanted.

    ``totals`` counts. Files whose structure is wrong are left out and counted; those that a rule rejects are assessed
    and say so. The tables lie on disk until :meth:`close` or the end of a ``with`` block.
    """

    def __init__(self, findings: Findings, edition: policy.Edition, on: datetime.date, show_values: bool) -> None:
        self.on = on
        self.edition = edition
        self.verdict: Verdict = findings.verdict
        self._findings = findings
        self._show_values = show_values
        self.connection = findings.connection
        self.totals: Mapping[str, Any] = {}

    def __enter__(self) -> Assessment:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the tables; totals stay."""
        self._findings.close()

    def __len__(self) -> int:
        assessed: int = self.totals["assessed"]
        return assessed

    def __iter__(self) -> Iterator[CaseAssessment]:
        return self._cases("true", [])

    def case(self, case_id: str) -> CaseAssessment | None:
        """The assessment of one case file, None where there is none of that number."""
        return next(self._cases("case_id = ?", [case_id]), None)

    def differences(self) -> Iterator[Difference]:
        """Every difference, in the order of the files."""
        cursor = self.connection.cursor()
        cursor.execute(f"select {_DIFFERENCE} order by d.record_no, d.id, d.about, d.found")
        while rows := cursor.fetchmany(2000):
            for row in rows:
                yield _difference(row[1:])

    def _cases(self, condition: str, values: list[str]) -> Iterator[CaseAssessment]:
        cursor = self.connection.cursor()
        cursor.execute(
            "select record_no, case_id, birth_date, on_register, record_no in (select record_no from rejected_record) "
            f"from subject where {condition} order by record_no",
            values,
        )
        while rows := cursor.fetchmany(_CHUNK):
            gathered = _Gathered(self.connection, rows[0][0], rows[-1][0], self._show_values)
            for row in rows:
                yield self._case(gathered, *row)

    def _case(
        self,
        gathered: _Gathered,
        number: int,
        case_id: str,
        birth: datetime.date | None,
        on_register: bool,
        rejected: bool,
    ) -> CaseAssessment:
        recognised = dict(gathered.of("recognition", number))
        answers = [
            Answer(
                *_said(categories()[code]),
                answer,
                gathered.checked(number, categories()[code], states),
                recognised.get(code),
            )
            for code, answer, states in gathered.of("category", number)
        ]
        entitled = [
            self._entitled(gathered, number, birth, recognised, *row) for row in gathered.of("entitlement", number)
        ]
        return CaseAssessment(
            case_id=record_key(case_id) or "",
            accepted=not rejected,
            on_register=on_register,
            categories=tuple(sorted(answers, key=lambda one: list(categories()).index(one.id))),
            entitlements=tuple(sorted(entitled, key=lambda one: list(entitlements()).index(one.id))),
            received=tuple(
                BenefitInForce(kind, *_kind_named(kind), *rest) for kind, *rest in gathered.of("benefit", number)
            ),
            differences=tuple(_difference(row) for row in gathered.of("difference", number)),
        )

    def _entitled(
        self,
        gathered: _Gathered,
        number: int,
        birth: datetime.date | None,
        recognised: Mapping[str, datetime.date],
        name: str,
        answer: str,
        states: str,
        amount: Decimal | None,
        unit: str | None,
        received: bool | None,
        superseded_by: str | None,
    ) -> Entitled:
        question = entitlements()[name]
        start, end = self._term(question, birth, recognised)
        return Entitled(
            *_said(question),
            answer,
            gathered.checked(number, question, states),
            field=question.headers["field"],
            weight=question.weight,
            rated="rate_kind" in question.gives or "amount" in question.gives,
            amount=amount,
            unit=unit,
            start_date=start,
            end_date=end,
            end_date_shown=self._show_values or question.headers.get("until") == "school_year",
            received=received,
            superseded_by=superseded_by,
        )

    def _term(
        self, question: Question, birth: datetime.date | None, recognised: Mapping[str, datetime.date]
    ) -> tuple[datetime.date | None, datetime.date | None]:
        """From when to when: the recognition it rests on, or the school year but not before the edition's autumn."""
        start = None
        if question.headers.get("from") == "recognition":
            # The HIV rate rests on no category: any recognition will do.
            wanted = {code for one in question.conditions for table, code in one.fields if table == "category"}
            held = (day for code, day in recognised.items() if code in (wanted or categories()))
            start = min(held, default=None)
        until = question.headers.get("until")
        if until == "school_year":
            year = self.on.year - (self.on.month < 9)
            begins = self.edition.parameters["free_education_from"]
            first = datetime.date(year, 9, 1)
            start = max(first, begins) if isinstance(begins, datetime.date) else first
            return start, datetime.date(year + 1, 8, 31)
        limit = self.edition.parameters.get(until) if until else None
        if birth is None or not isinstance(limit, int):
            return start, None
        return start, _birthday(birth, limit, self.edition.leap_birthday) - datetime.timedelta(days=1)


def _birthday(birth: datetime.date, years: int, leap_birthday: str) -> datetime.date:
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        month, day = map(int, leap_birthday.split("-"))
        return datetime.date(birth.year + years, month, day)


def _said(question: Question) -> tuple[str, str, str, str]:
    return question.id, question.title_zh, question.title_en, question.source


_DIFFERENCE = (
    "d.record_no, s.case_id, d.id, d.about, d.found, d.certain from difference as d join subject as s using (record_no)"
)


def _difference(row: tuple[Any, ...]) -> Difference:
    case_id, name, about, found, certain = row
    statement = differences()[name]
    about_zh, about_en = _named(about)
    return Difference(
        record_key(case_id) or "", statement.headers["kind"], name, statement.title_zh, statement.title_en,
        statement.source, about, about_zh, about_en, found, certain,
    )  # fmt: skip


def _named(about: str) -> tuple[str, str]:
    if about == "case_file":
        return "档案", "case file"
    for known in (categories(), entitlements()):
        if about in known:
            return known[about].title_zh, known[about].title_en
    return _kind_named(about)


def _kind_named(kind: str) -> tuple[str, str]:
    kinds = code_list("benefit_kind")
    return kinds.name_of(kind) or kind, kinds.name_of(kind, lang="en") or kind


class _Gathered:
    """What the tables hold of the records from one number to another."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, first: int, last: int, show_values: bool) -> None:
        self._show_values = show_values
        self._rows: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
        self._facts: dict[tuple[int, str, str], list[object]] = {}
        between = f"between {int(first)} and {int(last)}"
        asked = {
            "category": f"record_no, category, answer, states from category_answer where record_no {between}",
            "entitlement": "record_no, entitlement, answer, states, amount, unit, received, superseded_by "
            f"from entitlement_answer where record_no {between}",
            "recognition": "record_no, category, min(start_date) from recognition "
            f"where record_no {between} group by record_no, category",
            "benefit": "record_no, kind, amount, unit, start_date from benefit_now "
            f"where record_no {between} order by item_no",
            "difference": f"{_DIFFERENCE} where d.record_no {between} order by d.id, d.about, d.found",
        }
        for name, sql in asked.items():
            for number, *rest in connection.cursor().execute(f"select {sql}").fetchall():
                self._rows.setdefault((name, number), []).append(tuple(rest))
        for table, columns in _fields_by_table().items():
            listed = ", ".join(columns)
            for number, *values in (
                connection.cursor()
                .execute(f"select record_no, {listed} from {table} where record_no {between}")
                .fetchall()
            ):
                for column, value in zip(columns, values, strict=True):
                    self._facts.setdefault((number, table, column), []).append(value)
        self._reasons = {
            (number, table, column): reason
            for number, table, column, reason in connection.cursor()
            .execute(f"select record_no, table_name, column_name, reason from unknown_fact where record_no {between}")
            .fetchall()
        }

    def of(self, name: str, number: int) -> list[tuple[Any, ...]]:
        return self._rows.get((name, number), [])

    def checked(self, number: int, question: Question, states: str) -> tuple[Checked, ...]:
        """The conditions with their answers; ``states`` has a letter for each: y, n or u."""
        answers = {"y": YES, "n": NO, "u": UNKNOWN}
        return tuple(
            Checked(
                condition.column, condition.title_zh, condition.title_en, answers[state],
                tuple(self._facts_of(number, condition.fields, state == "u")),
            )
            for condition, state in zip(question.conditions, states, strict=True)
        )  # fmt: skip

    def _facts_of(self, number: int, fields: Iterable[tuple[str, str]], undecided: bool) -> Iterator[Fact]:
        for table, column in fields:
            if table == "category":
                yield self._category(number, column, undecided)
                continue
            values = self._facts.get((number, table, column), [])
            known = [value for value in values if value is not None]
            title = _title(table, column)
            if known:
                yield Fact(f"{table}.{column}", title, "、".join(self._shown(table, column, value) for value in known))
            if undecided and len(known) < max(1, len(values)):
                yield Fact(f"{table}.{column}", title, missing=self._reasons.get((number, table, column), "absent"))

    def _category(self, number: int, code: str, undecided: bool) -> Fact:
        """A category as a fact of an entitlement: which of those meant are supported, or that it can't be told."""
        answers = [
            (name, answer) for name, answer, _ in self.of("category", number) if code == "any" or name[0] == code
        ]
        title = categories()[code].title_zh if code in categories() else "困境类别"
        supported = "、".join(name for name, answer in answers if answer == YES)
        if undecided and not supported:
            return Fact(f"category.{code}", title, missing="category")
        return Fact(f"category.{code}", title, supported or "、".join(sorted({answer for _, answer in answers})))

    def _shown(self, table: str, column: str, value: object) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if not self._show_values:
            return mask(text)
        name = _code_name(table, column, text)
        return f"{text} {name}" if name else text


def _fields_by_table() -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for question in (*categories().values(), *entitlements().values()):
        for condition in question.conditions:
            for table, column in condition.fields:
                if table != "category":
                    found.setdefault(table, set()).add(column)
    return {table: sorted(columns) for table, columns in found.items()}


def _element(table: str, column: str) -> Element:
    return next(one.element for one in TABLES[table].columns if one.name == column)


def _title(table: str, column: str) -> str:
    return _element(table, column).title


def _code_name(table: str, column: str, code: str) -> str | None:
    lexical = _element(table, column).lexical
    name = lexical.code_list if lexical is not None else None
    return code_list(name).name_of(code) if name else None


def assess(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    on: datetime.date,
    edition: str = policy.DEFAULT_EDITION,
    overlay: str | os.PathLike[str] | None = None,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    show_values: bool = False,
    jobs: int = 1,
) -> Assessment:
    """Say of every case file which categories and entitlements its facts support on a day, and what differs.

    Args:
        source: a path (a folder, for CSV), ``-`` for standard input, bytes, or a binary stream.
        on: the day; ages, terms, rates and benefits are judged on it.
        edition: policy edition, such as ``henan-2017``.
        overlay: a place's own TOML file, with its rates by county and year.
        format: one of ``xml json jsonl xlsx csv``; told by the content where it is not given.
        encoding: of a text input; told by mark, declaration and content where it is not given.
        show_values: show the facts as they are instead of their shape. They are personal data of children.
        jobs: processes that read a large file, as in :func:`kunjing_exchange.validate`.

    Raises:
        UnreadableInput, UnknownFormat, UnknownEdition, MissingExtra: nothing could be assessed.
    """
    with contextlib.ExitStack() as stack:
        findings = stack.enter_context(
            validate(source, edition=edition, overlay=overlay, format=format, encoding=encoding, as_of=on, jobs=jobs)
        )
        chosen = edition_on(findings.edition, on)
        assessment = Assessment(findings, chosen, on, show_values)
        findings.connection.execute(f"set memory_limit = '{_MEMORY_LIMIT}'")
        _answer(findings.connection, chosen, on)
        assessment.totals = _totals(findings.connection)
        stack.pop_all()
        return assessment


def edition_on(edition: policy.Edition, on: datetime.date) -> policy.Edition:
    """The edition with the age limit of 特困 that holds on the day."""
    parameters = edition.parameters
    begins = parameters.get("destitute_age_limit_from")
    if not isinstance(begins, datetime.date) or begins <= on:
        return edition
    earlier = {"destitute_age_limit": parameters["destitute_age_limit_before"]}
    return dataclasses.replace(edition, parameters={**parameters, **earlier})


def _answer(connection: duckdb.DuckDBPyConnection, edition: policy.Edition, on: datetime.date) -> None:
    """Make every answer and every difference, as tables."""
    connection.execute("update edition set destitute_age_limit = ?", [edition.parameters["destitute_age_limit"]])
    connection.execute(f"create table reckoning as {_reckoning(on)}")
    for statement in preparations():
        connection.execute(f"create table {statement.id} as {bind(statement.sql, edition)}")
    connection.execute(
        "create table category_answer (record_no bigint, category varchar, answer varchar, states varchar)"
    )
    for question in categories().values():
        if question.holds_in(edition):
            connection.execute(
                f"insert into category_answer select record_no, '{question.id}', {_answered(question)} "
                f"from ({bind(question.sql, edition)}) as q"
            )
    connection.execute(f"create table holding as {_HOLDING}")
    _answer_entitlements(connection, edition)
    connection.execute(
        "create table difference (record_no bigint, id varchar, about varchar, found varchar, certain boolean)"
    )
    for difference in differences().values():
        connection.execute(
            f"insert into difference select record_no, '{difference.id}', about, found, certain "
            f"from ({bind(difference.sql, edition)}) as q"
        )


def _reckoning(on: datetime.date) -> str:
    before = on.replace(day=1) - datetime.timedelta(days=1)
    return f"select cast('{on}' as date) as day, cast('{before}' as date) as before_month, '{on.year}' as year"


def question_of(name: str, edition: policy.Edition) -> Question:
    """The category or entitlement of that name.

    Raises:
        InvalidArgument: the edition has none; the text names those it has.
    """
    known = {one.id: one for one in (*categories().values(), *entitlements().values()) if one.holds_in(edition)}
    if name not in known:
        names = ", ".join(known)
        raise InvalidArgument(
            f"{edition.name} 没有类别或待遇 {name}；现有：{names}",
            f"{edition.name} has no category or entitlement {name}; there are: {names}",
        )
    return known[name]


def answer_sql(question: Question, edition: policy.Edition, on: datetime.date) -> str:
    """One statement over the canonical tables that answers a question for every case file, with each condition.

    ``edition`` is that of :func:`edition_on` the day. Of entitlements of which the highest alone is given (择高) each
    says what is due by itself.
    """
    answered = [
        f"select record_no, '{one.id}' as category, {_answer_of(one)} as answer from ({one.sql}) as q"
        for one in categories().values()
        if one.holds_in(edition)
    ]
    parts = {
        "reckoning": _reckoning(on),
        "record_place": "select record_no, true as readable, false as blocked from case_file",
        **{one.id: one.sql for one in preparations()},
        "category_answer": " union all ".join(answered),
        "holding": _HOLDING,
    }
    sql = f"select *, {_answer_of(question)} as answer from ({question.sql}) as q"
    named, needed = set(re.findall("[a-z_]+", sql)), []
    for name, text in reversed(parts.items()):
        if name in named:
            needed.append(f"{name} as ({text})")
            named.update(re.findall("[a-z_]+", text))
    return bind(f"with {', '.join(reversed(needed))} {sql}", edition)


def _answer_of(question: Question) -> str:
    columns = [condition.column for condition in question.conditions]
    all_true, one_false = (" and ".join(columns), " or ".join(f"not {column}" for column in columns))
    return f"case when {one_false} then 'no' when {all_true} then 'yes' else 'unknown' end"


def _answered(question: Question) -> str:
    """The answer, and the state of each condition as a letter."""
    columns = [condition.column for condition in question.conditions]
    states = " || ".join(f"case when {column} then 'y' when not {column} then 'n' else 'u' end" for column in columns)
    return f"{_answer_of(question)} as answer, {states} as states"


def _held(codes: Iterable[str]) -> str:
    score = (
        "case when a.answer = 'yes' then 2 when a.answer = 'unknown' and r.category is not null then 2 "
        "when a.answer = 'unknown' then 1 else 0 end"
    )
    listed = ", ".join(f"'{code}'" for code in codes)
    best = f"max(case when a.category in ({listed}) then {score} else 0 end)"
    return f"case {best} when 2 then true when 0 then false end"


_OTHER = tuple(f"E-{number}" for number in range(1, 7))
_HELD = {**{letter.lower(): (letter,) for letter in "ABCDF"}, "e": _OTHER, "any_category": (*"ABCDF", *_OTHER)}
_HOLDING = (
    f"select a.record_no, {', '.join(f'{_held(codes)} as {name}' for name, codes in _HELD.items())} "
    "from category_answer as a join subject as s on s.record_no = a.record_no and s.on_register and s.alive "
    "left join (select distinct record_no, category from recognition) as r "
    "on r.record_no = a.record_no and r.category = a.category group by a.record_no"
)
"""Whether a child is in a category: by the facts, or by a recognition that no fact contradicts."""


def _answer_entitlements(connection: duckdb.DuckDBPyConnection, edition: policy.Edition) -> None:
    known = [question for question in entitlements().values() if question.holds_in(edition)]
    connection.execute(
        "create table entitlement_benefit (entitlement varchar, weight varchar, choice integer, kind varchar)"
    )
    connection.executemany(
        "insert into entitlement_benefit values (?, ?, ?, ?)",
        [(one.id, one.weight, one.choice, kind) for one in known for kind in one.kinds or (None,)],
    )
    connection.execute(
        "create table entitlement_answer (record_no bigint, entitlement varchar, answer varchar, states varchar, "
        "amount decimal(14,2), unit varchar, received boolean, superseded_by varchar)"
    )
    for question in known:
        kinds = ", ".join(f"'{kind}'" for kind in question.kinds)
        drawn = f"exists (select 1 from benefit_now as b where b.record_no = q.record_no and b.kind in ({kinds}))"
        amount, unit, rates = "null", "null", ""
        if "amount" in question.gives:
            amount, unit = "q.amount", "q.unit"
        elif "rate_kind" in question.gives:
            amount, unit = "l.amount", "l.unit"
            rates = (
                "join subject as s using (record_no) "
                "left join rate_now as l on l.division = s.division and l.kind = q.rate_kind"
            )
        received = "q.received" if "received" in question.gives else drawn if kinds else "null"
        # what is not due is worth a row only where it is received all the same
        kept = f"answer <> 'no' or {drawn}" if kinds and question.weight == "due" else "answer <> 'no'"
        connection.execute(
            f"insert into entitlement_answer select q.record_no, '{question.id}', q.answer, q.states, {amount}, "
            f"{unit}, {received}, null from (select *, {_answered(question)} "
            f"from ({bind(question.sql, edition)}) as facts) as q {rates} where {kept}"
        )
    connection.execute(f"create table superseded as {_SUPERSEDED}")
    connection.execute(
        "update entitlement_answer set answer = 'no', superseded_by = s.by_entitlement from superseded as s "
        "where s.record_no = entitlement_answer.record_no and s.entitlement = entitlement_answer.entitlement"
    )


_SUPERSEDED = """
select record_no, entitlement, by_entitlement
from (
  select
    record_no,
    entitlement,
    place,
    min(case when answer = 'yes' then place end) over (partition by record_no) as chosen,
    first_value(entitlement) over (partition by record_no order by case when answer = 'yes' then 0 else 1 end, place)
      as by_entitlement
  from (
    select
      *,
      row_number() over (
        partition by record_no
        order by case when rated = candidates then amount end desc nulls last, choice, entitlement
      ) as place
    from (
      select
        a.record_no,
        a.entitlement,
        a.answer,
        a.amount,
        c.choice,
        count(*) over (partition by a.record_no) as candidates,
        count(a.amount) over (partition by a.record_no) as rated
      from entitlement_answer as a
      join (select distinct entitlement, choice from entitlement_benefit) as c using (entitlement)
      where a.answer in ('yes', 'unknown') and c.choice is not null
    ) as candidate
  ) as ranked
) as compared
where place > chosen
"""
"""Of those of which the highest alone is given (择高): what another that is due stands above.

The highest rate is first where all rates are known, else the order 孤儿, 特困, 低保.
"""


def _totals(connection: duckdb.DuckDBPyConnection) -> Mapping[str, Any]:
    def one(sql: str) -> int:
        row = connection.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def table(sql: str) -> dict[str, dict[str, int | None]]:
        rows = connection.execute(sql).fetchall()
        return {name: dict(zip(("yes", "unknown", "besides"), counts, strict=True)) for name, *counts in rows}

    order = {name: place for place, name in enumerate((*categories(), *entitlements()))}
    counted = "count(case when answer = 'yes' then 1 end), count(case when answer = 'unknown' then 1 end)"
    supported = table(
        f"select a.category, {counted}, count(r.category) from category_answer as a "
        "left join (select distinct record_no, category from recognition) as r "
        "on r.record_no = a.record_no and r.category = a.category group by a.category"
    )
    due = table(
        # A service of general effect leaves no record of being received: none, and not nought.
        f"select entitlement, {counted}, case when count(received) > 0 then count(case when received then 1 end) end "
        "from entitlement_answer group by entitlement"
    )
    assessed = one("select count(*) from subject")
    return {
        "assessed": assessed,
        "left_out": one("select count(*) from record_place where kind = 'case_file'") - assessed,
        "rejected": one("select count(*) from rejected_record join subject using (record_no)"),
        "categories": {
            name: {"supported": counts["yes"], "unknown": counts["unknown"], "recognised": counts["besides"]}
            for name, counts in sorted(supported.items(), key=lambda item: order[item[0]])
        },
        "entitlements": {
            name: {"due": counts["yes"], "unknown": counts["unknown"], "received": counts["besides"]}
            for name, counts in sorted(due.items(), key=lambda item: order[item[0]])
        },
        "differences": dict(
            connection.execute("select id, count(*) from difference group by id order by id").fetchall()
        ),
    }
