"""Rules: a header says what its SQL does, the SQL travels, and each rule speaks where its conformance file says."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import importlib.util
import json
import pathlib
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from kunjing_exchange.errors import UnknownRule
from kunjing_exchange.faults import seeder
from kunjing_exchange.findings import Finding, Path, path_text
from kunjing_exchange.generate import generate
from kunjing_exchange.identifiers import IDENTIFIERS
from kunjing_exchange.policy import edition, tables
from kunjing_exchange.rules import Rule, bind, rule, rules
from kunjing_exchange.rules.built_in import _tested
from kunjing_exchange.rules.doubt import doubt, source
from kunjing_exchange.tables import PREVIOUS_TABLES, TABLES, create_sql
from kunjing_exchange.validate import validate
from made import submission, written

CONFORMANCE = pathlib.Path(__file__).parent / "conformance"
Plain = dict[str, Any]


def _load_make() -> Any:
    spec = importlib.util.spec_from_file_location("conformance_make", CONFORMANCE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


make = _load_make()
EVERY_RULE = pytest.mark.parametrize("one", rules().values(), ids=lambda one: one.id)

# --- the text of the rules -------------------------------------------------------------------------------------------

FUNCTIONS = {
    exp.Abs, exp.And, exp.Case, exp.Cast, exp.Coalesce, exp.Count, exp.Exists, exp.Extract, exp.If, exp.Length,
    exp.Max, exp.Min, exp.Or, exp.Replace, exp.StrPosition, exp.Substring, exp.Sum,
}  # fmt: skip
"""What means the same on DuckDB, PostgreSQL and Spark."""

SIDE_TABLES = {"compatibility", "edition", "local_rate", "unattended_situation", "unknown_fact"}
"""Tables that no record is loaded into."""

FAMILIES = {
    "ID": "identifier",
    "CHILD": "child",
    "HOUSE": "household",
    "GUARD": "guardian",
    "CAT": "category",
    "PROC": "procedure",
    "BEN": "benefit",
    "EDU": "schooling",
    "MED": "medical",
    "DIS": "disability",
    "SAFE": "safety",
    "CASE": "case_file",
    "BATCH": "submission",
}
"""The file of each family; what compares with the previous submission (KJ-BATCH-201 on) has its own, ``delta``."""


def parsed(one: Rule) -> Any:
    return sqlglot.parse_one(bind(one.sql, edition()), read="duckdb")


def columns_read(one: Rule) -> Iterator[tuple[str, str]]:
    """(table, column) of every canonical column in the statement; each has to be qualified."""
    tree = parsed(one)
    names = {table.alias or table.name: table.name for table in tree.find_all(exp.Table)}
    derived = {subquery.alias for subquery in tree.find_all(exp.Subquery) if subquery.alias}
    for column in tree.find_all(exp.Column):
        assert column.table, f"{column.sql()} is not qualified"
        if column.table in derived:
            continue
        table = names[column.table]
        if table not in SIDE_TABLES and column.name not in (TABLES | PREVIOUS_TABLES)[table].keys:
            yield table, column.name


def test_every_family_of_findings_has_rules() -> None:
    assert {one.id.split("-")[1] for one in rules().values()} == set(FAMILIES)


@EVERY_RULE
def test_header_says_what_is_read(one: Rule) -> None:
    assert set(one.fields) == set(columns_read(one))
    assert len(set(one.fields)) == len(one.fields)


@EVERY_RULE
def test_place_comes_first(one: Rule) -> None:
    assert parsed(one).named_selects == [*one.table.keys, "found", "expected"]


@EVERY_RULE
def test_id_belongs_to_its_file(one: Rule) -> None:
    match = re.fullmatch("KJ-([A-Z]+)-([0-9]{3})", one.id)
    assert match is not None
    compares = one.scope == "previous_submission"
    assert (match[1] == "BATCH" and match[2] > "200") == compares
    assert one.subject == ("delta" if compares else FAMILIES[match[1]])
    if match[1] in ("ID", "BATCH"):
        assert int(match[2]) > 100  # those below are built in


@EVERY_RULE
def test_words_are_there(one: Rule) -> None:
    for chinese in (one.title_zh, one.fix_zh):
        assert re.search("[\u4e00-\u9fff]", chinese)
    for english in (one.title_en, one.fix_en):
        assert re.search("[a-z]", english)
        assert not re.search("[\u4e00-\u9fff]", english)
    assert one.source


@EVERY_RULE
def test_sql_travels(one: Rule) -> None:
    sql = bind(one.sql, edition())
    tree = sqlglot.parse_one(sql, read="duckdb")
    assert {type(function) for function in tree.find_all(exp.Func)} <= FUNCTIONS
    assert not list(tree.find_all(exp.Interval, exp.Qualify, exp.Window))
    for dialect in ("postgres", "spark"):
        (text,) = sqlglot.transpile(sql, read="duckdb", write=dialect)
        sqlglot.parse_one(text, read=dialect)


def test_edition_gives_every_rule_a_severity() -> None:
    assert set(edition().severities) == set(rules())


def test_an_error_blocks_and_a_warning_does_not() -> None:
    blocking = {one.id for one in rules().values() if one.effect != "none"}
    errors = {name for name, severity in edition().severities.items() if severity == "error"}
    assert errors == blocking


def test_unknown_rule() -> None:
    with pytest.raises(UnknownRule):
        rule("KJ-BEN-999")


# --- ages and periods ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("birth", "day", "leap_birthday", "years"),
    [
        ("1999-10-01", "2017-09-30", "03-01", 17),
        ("1999-09-30", "2017-09-30", "03-01", 18),
        ("2000-02-29", "2018-02-28", "03-01", 17),
        ("2000-02-29", "2018-03-01", "03-01", 18),
        ("2000-02-29", "2018-02-28", "02-28", 18),
        ("2000-02-29", "2020-02-28", "02-28", 19),
        ("2000-02-29", "2020-02-29", "02-28", 20),
        ("2000-02-29", "2020-02-29", "03-01", 20),
    ],
)
def test_age_is_complete_years(birth: str, day: str, leap_birthday: str, years: int) -> None:
    of = dataclasses.replace(edition(), leap_birthday=leap_birthday)
    dates = f"select date '{birth}' as birth, date '{day}' as day_of_age"
    sql = bind(f"select age(t.birth, t.day_of_age) from ({dates}) as t", of)
    assert duckdb.connect().execute(sql).fetchone() == (years,)


@pytest.mark.parametrize(
    ("period", "end", "right"),
    [
        ("2017", "2017-12-31", True),
        ("2017", "2017-12-30", False),
        ("2017H1", "2017-06-30", True),
        ("2017H2", "2017-06-30", False),
        ("2017Q1", "2017-03-31", True),
        ("2017Q3", "2017-09-30", True),
        ("2017Q3", "2018-09-30", False),
        ("2017-09", "2017-09-30", True),
        ("2017-08", "2017-08-30", False),
        ("2017-02", "2017-02-28", True),
        ("2020-02", "2020-02-28", False),
        ("2020-02", "2020-02-29", True),
        ("2100-02", "2100-02-28", True),
    ],
)
def test_last_day_of_a_period(period: str, end: str, right: bool) -> None:
    connection = duckdb.connect()
    connection.execute(create_sql(TABLES["header"]))
    connection.execute(
        "insert into header (record_no, message_type, period, period_end) values (0, 'case_submission', ?, ?)",
        [period, end],
    )
    assert connection.execute(rule("KJ-BATCH-105").sql).fetchall() == (
        [] if right else [(0, datetime.date.fromisoformat(end), period)]
    )
    connection.execute("update header set message_type = 'department_records'")
    assert connection.execute(rule("KJ-BATCH-105").sql).fetchall() == []


# --- conformance -----------------------------------------------------------------------------------------------------

PAIRS: dict[str, Any] = {pair.id: pair for pair in make.pairs()}
EVERY_PAIR = pytest.mark.parametrize("pair", PAIRS.values(), ids=lambda pair: pair.id)

SEVERAL_FIELDS = {
    "KJ-CHILD-003": "a file that is closed differs from an open one in status, day and reason",
    "KJ-CAT-004": "a recognition that goes on has no reason of ending",
    "KJ-PROC-018": "a file opened long ago, and its only visit",
    "KJ-EDU-008": "a drop-out has a reason and a day, else they would be missing as well",
    "KJ-BATCH-102": "a second file of a child repeats all that the first says of it",
}
"""Rules whose mistake is more than one field, and why."""

BESIDES = {
    "KJ-CAT-012": {"KJ-CODE-002"},  # the code list of categories begins in 2017
}
"""What a mistake brings with it beside its own finding."""


def differences(one: object, other: object) -> int:
    """In how many fields two plain values differ; a list with an item more or less counts as one."""
    if isinstance(one, dict) and isinstance(other, dict):
        return sum(
            differences(one[name], other[name]) if name in one and name in other else 1 for name in {*one, *other}
        )
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return sum(differences(left, right) for left, right in zip(one, other, strict=True))
    return int(one != other)


def found_in(document: Plain, previous: Plain | None = None) -> list[Finding]:
    against = None if previous is None else json.dumps(previous).encode()
    with validate(json.dumps(document).encode(), format="json", show_values=True, against=against) as findings:
        return list(findings)


def stands_alone(pair: Any) -> bool:
    """Whether the rule looks at one case file, so that many can be judged at once."""
    documents = (pair.valid, pair.invalid)
    plain = all(len(document["case_file"]) == 1 and len(document) == 2 for document in documents)
    return plain and pair.previous is None and all(document["header"] == make.HEADER for document in documents)


ONE_CHILD = {f"KJ-BATCH-{number}" for number in (101, 102, 103, *range(135, 140))}
"""What is said of one child in many files."""


def judged_together(cases: Iterable[Plain]) -> list[set[tuple[str, str | None]]]:
    """(id, path) of the findings of each case file; that they are one child in many files is left aside."""
    listed = list(cases)
    found: dict[int | None, set[tuple[str, str | None]]] = defaultdict(set)
    for finding in found_in({"header": make.HEADER, "case_file": listed}):
        if finding.id not in ONE_CHILD:
            found[finding.location.index].add((finding.id, finding.location.path))
    return [found[index] for index in range(len(listed))]


def test_files_are_as_made() -> None:
    made = dict(make.files())
    there = {path: path.read_text("utf-8") for path in (CONFORMANCE / "v1").rglob("*.json")}
    assert {path.name for path in made} == {path.name for path in there}
    assert [path for path, text in made.items() if there[path] != text] == []


def test_every_rule_has_a_pair() -> None:
    assert set(rules()) <= set(PAIRS)
    for pair in PAIRS.values():
        compares = pair.id in rules() and rule(pair.id).scope == "previous_submission"
        assert (pair.previous is not None) == compares


@EVERY_PAIR
def test_pair_differs_in_one_field(pair: Any) -> None:
    count = differences(pair.valid, pair.invalid)
    assert count > 0
    assert (count > 1) == (pair.id in SEVERAL_FIELDS)


def test_each_mistake_is_found_at_its_place_and_nothing_else_is() -> None:
    alone = [pair for pair in PAIRS.values() if stands_alone(pair)]
    assert len(alone) > 100
    right = judged_together(pair.valid["case_file"][0] for pair in alone)
    assert [(pair.id, found) for pair, found in zip(alone, right, strict=True) if found] == []
    wrong = judged_together(pair.invalid["case_file"][0] for pair in alone)
    for pair, found in zip(alone, wrong, strict=True):
        besides = {(name, path) for name, path in found if name in BESIDES.get(pair.id, ())}
        assert found - besides == {(pair.id, path_text(pair.path))}


@pytest.mark.parametrize("pair", [pair for pair in PAIRS.values() if not stands_alone(pair)], ids=lambda pair: pair.id)
def test_mistake_across_records(pair: Any) -> None:
    assert found_in(pair.valid, pair.previous) == []
    assert [(finding.id, finding.location.path) for finding in found_in(pair.invalid, pair.previous)] == [
        (pair.id, path_text(pair.path))
    ]


def test_no_rule_finds_what_left_it_without_doubt() -> None:
    wrong = [pair.invalid["case_file"][0] for pair in PAIRS.values() if stands_alone(pair)]
    document = json.dumps({"header": make.HEADER, "case_file": wrong}).encode()
    chosen = edition("henan-2017")
    found = 0
    with validate(document, format="json") as findings:
        for one in rules().values():
            part = doubt(one)
            if part is None or one.scope == "previous_submission":
                continue
            keys = "record_no" if one.table.name != part.table else ", ".join(one.table.keys)
            rows = f"select {keys} from ({bind(one.sql, chosen)}) as found"
            inside = ", ".join(f"{part.table}.{key}" for key in keys.split(", "))
            doubted = f"select {inside} from {source([part])} where {bind(part.condition, chosen)}"
            found += len(findings.connection.execute(rows).fetchall())
            assert findings.connection.execute(f"{rows} except {doubted}").fetchall() == [], one.id
    assert found > 100


@pytest.mark.parametrize(
    ("rule_id", "asked"),
    [
        ("KJ-CHILD-002", "(child.death_date < child.birth_date)"),
        ("KJ-BEN-012", "(benefit.unit = 'year') and (benefit.start_date >= edition.free_education_from)"),
        ("KJ-BEN-019", "benefit.record_no is not null and (payment.paid_on < benefit.start_date)"),
        ("KJ-HOUSE-004", None),  # nothing but sums
    ],
)
def test_a_rule_is_asked_what_one_row_answers(rule_id: str, asked: str | None) -> None:
    """More would miss something, less would only cost time."""
    part = doubt(rule(rule_id))
    assert (part and part.condition) == asked


def test_an_unknown_fact_is_no_mistake() -> None:
    """Where the fact that was wrong is unknown, the rule has nothing to say: never "no", only "can't tell"."""
    asked = []
    for pair in PAIRS.values():
        if pair.id not in rules() or not stands_alone(pair):
            continue
        case, right = copy.deepcopy(pair.invalid["case_file"][0]), pair.valid["case_file"][0]
        (column,) = [column for column in rule(pair.id).table.columns if column.name == rule(pair.id).column]
        wrong = _at(case, pair.path)
        if column.element.fact and wrong is not None and wrong != _at(right, pair.path):
            _at(case, pair.path[:-1])[pair.path[-1]] = {"unknown": "pending"}
            asked.append((pair.id, case))
    assert len(asked) > 15
    for (rule_id, _), found in zip(asked, judged_together(case for _, case in asked), strict=True):
        assert rule_id not in {name for name, _ in found}


UNKNOWN = {"unknown": "not_supplied"}


def test_an_unknown_stage_status_or_kind_is_no_fault() -> None:
    document = make.base()
    (case,) = document["case_file"]
    case["schooling"] = [{"stage": UNKNOWN, "status": UNKNOWN, "start_date": UNKNOWN} for _ in range(2)]
    case["guardian"] = [guardian | {"kind": UNKNOWN} for guardian in case["guardian"]]
    assert [(finding.id, finding.location.path) for finding in found_in(document)] == []


@pytest.mark.parametrize("rule_id", ["KJ-SAFE-008", "KJ-SAFE-009"])
def test_a_guardian_of_unknown_kind_may_be_the_one_looked_for(rule_id: str) -> None:
    document = copy.deepcopy(PAIRS[rule_id].invalid)
    (case,) = document["case_file"]
    case.setdefault("guardian", []).append({"name": "李亲友", "kind": UNKNOWN, "start_date": UNKNOWN})
    assert rule_id not in {finding.id for finding in found_in(document)}


def _at(data: Any, path: Path) -> Any:
    """What is at a path; nothing where it leads nowhere."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError):
            return None
    return data


# --- records without fault -------------------------------------------------------------------------------------------


def test_messages_say_what_was_found_and_expected() -> None:
    """Filled with named parameters; nothing is left open, and values are masked unless asked for."""
    pair = PAIRS["KJ-GUARD-012"]
    with validate(json.dumps(pair.invalid).encode(), format="json") as findings:
        (masked,) = findings
    (plain,) = found_in(pair.invalid)
    assert "2008-05-11" in plain.message_zh
    assert "not before 2008-05-12" in plain.message_en
    assert "2008" not in masked.message_zh + masked.message_en
    for one in rules().values():
        parameters = set(re.findall(r"\{([a-z]+)\}", one.message_zh + one.message_en))
        assert parameters <= {"found", "expected", "title", "name", "on"}


@pytest.mark.parametrize(
    ("rule_id", "day", "holds"),
    [
        ("KJ-HOUSE-011", "2021-06-30", False),
        ("KJ-HOUSE-011", "2021-07-01", True),
        ("KJ-GUARD-022", "2021-05-31", True),
        ("KJ-GUARD-022", "2021-06-01", False),
        ("KJ-BEN-001", "2017-09-30", True),
    ],
)
def test_a_dated_rule_holds_in_its_time(rule_id: str, day: str, holds: bool) -> None:
    assert rule(rule_id).holds_on(datetime.date.fromisoformat(day)) is holds
    assert rule(rule_id).holds_on(None) is (rule_id == "KJ-BEN-001")


def test_a_rule_outside_its_time_is_not_evaluated() -> None:
    with validate(
        json.dumps(PAIRS["KJ-HOUSE-011"].valid | {"header": make.HEADER}).encode(), format="json"
    ) as findings:
        outcome = findings.rules["KJ-HOUSE-011"]
    assert (outcome.outcome, outcome.findings, outcome.crashed) == ("not_evaluated", 0, False)
    assert outcome.reason_en


def test_fixture_is_faultless() -> None:
    fixture = CONFORMANCE.parent.parent / "fixtures" / "case_file.xml"
    with validate(fixture, as_of=datetime.date(2017, 9, 30)) as findings:
        assert [(finding.id, finding.location.path) for finding in findings] == []


def test_fixture_shows_every_record_and_the_unknown_state() -> None:
    (case,) = make.base()["case_file"]
    shown = {name for name, table in TABLES.items() if "case_file" in table.tops and _there(case, table.steps)}
    assert shown == {name for name, table in TABLES.items() if "case_file" in table.tops}
    assert '"unknown"' in json.dumps(case)


def _there(data: Any, steps: tuple[tuple[str, bool], ...]) -> bool:
    if not steps:
        return True
    value = data.get(steps[0][0])
    items = value if isinstance(value, list) else [value]
    return any(item is not None and _there(item, steps[1:]) for item in items)


def test_generated_files_are_faultless() -> None:
    with validate(written(submission(250, seed=11), "jsonl"), format="jsonl") as findings:
        assert dict(findings.summary.by_id) == {}


def test_edition_table_has_every_parameter() -> None:
    connection = duckdb.connect()
    for sql in tables(edition()):
        connection.execute(sql)
    read = {
        column.name
        for one in rules().values()
        for column in parsed(one).find_all(exp.Column)
        if column.table == "edition"
    }
    assert read <= {row[0] for row in connection.execute("describe edition").fetchall()}


def test_the_quick_test_of_an_identifier_accepts_nothing_wrong() -> None:
    """Values in SQL and by the identifier itself, which alone knows what is right; most good ones are accepted."""
    residents = {
        data["child"]["id_number"]
        for kind, data in submission(200)
        if kind == "case_file" and data["child"].get("id_document_type") == "111"
    }
    base = sorted(residents)[:60]
    good = {
        "resident_id": base,
        "disability_certificate": [f"{number}{one}{two}" for number in base for one in "17" for two in "14"],
        "student_number": [f"G{number}" for number in base],
        "household_number": ["1234567", "A-1"],
        "certificate_number": ["河南1", "N-12"],
        "credit_code": ["91411303MA3X1T2A0B"],
    }
    for name, numbers in good.items():
        values = {value for number in numbers for value in _spoilt(number)} | set(numbers)
        connection = duckdb.connect()
        connection.execute("create table given as select unnest($1) as value", [sorted(values)])
        tested = dict(connection.execute(_tested(name, "select value from given")).fetchall())
        assert tested.keys() == values
        for value in (value for value in values if tested[value]):
            assert all(verdict.kind == "division" for verdict in IDENTIFIERS[name].validate(value)), (name, value)
        if name in ("resident_id", "disability_certificate", "student_number"):
            assert sum(tested[number] for number in numbers) > 0.9 * len(numbers)


def _spoilt(number: str) -> Iterator[str]:
    """A number with one thing wrong with it, or hardly."""
    yield from (number[:-1], number + "0", number + "B1", number.lower(), f" {number}", f"{number}\\n", number * 2)
    for at in range(len(number)):
        for text in ("0", "9", "X", "x", "", "１"):
            yield number[:at] + text + number[at + 1 :]


def test_statements_over_large_tables_find_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(generate(60, seed=3, distort=seeder("all", 0.5, lambda fault: None)), "jsonl")
    side_by_side = list(validate(data))
    monkeypatch.setattr("kunjing_exchange.rules.run._LARGE", 0)
    assert list(validate(data)) == side_by_side
    assert side_by_side
