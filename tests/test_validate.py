"""Validation through its public face: every layer, every verdict, the same in every format."""

from __future__ import annotations

import dataclasses
import datetime
import gc
import json
import os
import pathlib
import re
import sys
from collections.abc import Callable
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import made
from kunjing_exchange.engine import run_at_once
from kunjing_exchange.errors import ExchangeError, OutOfSpace, UnknownEdition, UnknownFormat, UnreadableInput
from kunjing_exchange.faults import FAULTS, seeder
from kunjing_exchange.findings import BUILT_IN, Severity, Verdict, record_key
from kunjing_exchange.generate import generate
from kunjing_exchange.identifiers import IDENTIFIERS
from kunjing_exchange.policy import edition
from kunjing_exchange.rules import Rule, rule, rules
from kunjing_exchange.tables import TABLES
from kunjing_exchange.validate import Findings, validate
from kunjing_exchange.wire.xml import write_single

LAST_DAY = datetime.date(2017, 9, 30)
XML = "xml"
CHECK = "10X98765432"
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def dated(case: dict[str, Any]) -> bool:
    """Whether a case has a benefit, a school and a known birth date."""
    return bool(case.get("benefit") and case.get("schooling") and isinstance(case["child"].get("birth_date"), str))


def is_asked(rule_id: str) -> bool:
    """Whether a rule holds on the last day and needs no previous submission."""
    return rule(rule_id).holds_on(LAST_DAY) and rule(rule_id).scope != "previous_submission"


def with_id(case: dict[str, Any]) -> bool:
    """Whether the child has a resident id of 18 digits."""
    number = case["child"].get("id_number")
    return isinstance(number, str) and len(number) == 18 and case["child"].get("id_document_type") == "111"


def changed(change: Callable[[dict[str, Any]], None], wanted: Callable[[dict[str, Any]], object] = dated) -> Any:
    """(a submission in which one case is changed, that case); its digest fits."""
    records = made.submission(12)
    case = made.first(records, wanted)
    change(case)
    return made.sealed(records), case


def found_in(records: made.Records, case: dict[str, Any], to: str = "jsonl") -> list[tuple[str, str | None]]:
    """(id, path) of what is found in a case; nothing may be found elsewhere."""
    with validate(made.written(records, to)) as findings:
        assert {one.location.record for one in findings} <= {case["case_id"]}
        return sorted((one.id, one.location.path or "") for one in findings)


def single(case: dict[str, Any]) -> bytes:
    """One case file as an XML document of its own."""
    import io

    stream = io.BytesIO()
    write_single(stream, "case_file", case)
    return stream.getvalue()


# --- accepted --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", made.FORMATS)
def test_generated_is_accepted_in_every_format(to: str) -> None:
    records = made.submission(25)
    with validate(made.written(records, to)) as findings:
        assert findings.verdict is Verdict.ACCEPTED
        assert list(findings) == []
        assert findings.worst() is None
        assert findings.summary.as_dict() == {
            "records": len(records) - 1,
            "accepted": len(records) - 1,
            "rejected": 0,
            "findings": {"error": 0, "warning": 0, "info": 0},
            "by_id": {},
        }
        assert findings.rules.keys() == rules().keys()
        holding = [outcome for outcome in findings.rules.values() if is_asked(outcome.rule)]
        assert {outcome.outcome for outcome in holding} == {"pass"}
        assert not any(outcome.not_evaluated or outcome.findings for outcome in holding)


def test_a_folder_of_csv(tmp_path: pathlib.Path) -> None:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(made.written(made.submission(5), "csv"))) as archive:
        archive.extractall(tmp_path)
    with validate(tmp_path) as findings:
        assert findings.verdict is Verdict.ACCEPTED


def test_a_path_a_stream_and_standard_input(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = made.written(made.submission(3), "jsonl")
    path = tmp_path / "no_suffix"
    path.write_bytes(raw)

    class Stdin:
        buffer = path.open("rb")

    monkeypatch.setattr(sys, "stdin", Stdin)
    with path.open("rb") as stream, Stdin.buffer:
        for source in (path, str(path), stream, "-"):
            with validate(source) as findings:
                assert findings.verdict is Verdict.ACCEPTED


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_other_encodings_are_said(encoding: str) -> None:
    text = made.written(made.submission(3), "jsonl").decode()
    with validate(text.encode(encoding)) as findings:
        assert findings.verdict is Verdict.ACCEPTED
        (notice,) = findings
        assert (notice.id, notice.severity) == ("KJ-SYS-007", Severity.INFO)
        assert encoding.upper() in notice.message_zh


# --- one impossible date ---------------------------------------------------------------------------------------------


def line_of(raw: bytes, needle: str, nth: int = 1) -> int:
    """The line of the nth occurrence of a text."""
    at = -1
    for _ in range(nth):
        at = raw.index(needle.encode(), at + 1)
    return raw.count(b"\n", 0, at) + 1


def test_an_impossible_date_has_its_line_and_stops_no_other_check() -> None:
    def change(case: dict[str, Any]) -> None:
        case["benefit"][-1]["start_date"] = "2017-02-30"
        case["child"]["sex"] = "7"
        case["visit"] = [{**(case.get("visit") or [{"visit_date": "2017-08-01"}])[0], "visit_date": "2017-13-01"}]

    records, case = changed(change)
    place = len(case["benefit"])
    raw = made.written(records, XML)
    with validate(raw) as findings:
        found = {one.id + (one.location.path or ""): one for one in findings}
        impossible = found[f"KJ-SYS-023benefit[{place}]/start_date"]
        assert impossible.location.line == line_of(raw, "2017-02-30")
        assert impossible.location.record == case["case_id"]
        assert impossible.severity is Severity.ERROR
        assert found["KJ-SYS-023visit[1]/visit_date"].location.line == line_of(raw, "2017-13-01")
        assert found["KJ-CODE-001child/sex"].location.line == line_of(raw, "<Sex>7</Sex>")
        assert findings.verdict is Verdict.PARTLY_ACCEPTED
        assert findings.summary.rejected == 1


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("benefit", "start_date"), ("child", "birth_date"), ("case_file", "closed_on"), ("payment", "period"),
        ("determination", "start_date"), ("guardian", "start_date"), ("child", "id_number"), ("case_file", "status"),
        ("header", "period_end"), ("header", "sender_division"),
    ],
)  # fmt: skip
def test_exactly_the_rules_that_need_a_value_are_not_evaluated(table: str, column: str) -> None:
    bad = "2017-02-30" if column not in ("status", "sender_division") else "?"
    records = made.submission(12)
    if table == "header":
        case = made.header_of(records)
        case[column] = bad
    else:
        case = made.first(records, lambda case: dated(case) and case["benefit"][0].get("payment"))
        path = TABLES[table].path((1, 1), column)
        inner: Any = case
        for step in path[:-1]:
            inner = inner[step]
        inner[column] = "身份证?" if column == "id_number" else bad
    raw = made.written(made.sealed(records), "jsonl")
    with validate(raw) as findings:
        (finding,) = findings
        assert finding.id == "KJ-SYS-023"
        assert (finding.location.path or "").endswith(column)
        needed = {one.id for one in rules().values() if (table, column) in one.fields and is_asked(one.id)}
        assert needed
        unjudged = {outcome.rule: outcome for outcome in findings.rules.values() if outcome.not_evaluated}
        assert unjudged.keys() == needed
        for outcome in unjudged.values():
            of_header = table == "header"
            assert outcome.not_evaluated == (len(records) - 1 if of_header else 1)
            assert outcome.outcome == ("not_evaluated" if of_header else "pass")
            assert f"{table}.{column}" in outcome.reason_zh
            assert f"{table}.{column}" in outcome.reason_en


def test_a_rule_without_a_record_it_could_judge_is_not_evaluated() -> None:
    case = made.first(made.submission(12), dated)
    case["child"]["birth_date"] = "2010-02-30"
    with validate(single(case), as_of=datetime.date(2017, 9, 30)) as findings:
        assert findings.verdict is Verdict.REJECTED
        outcomes = {outcome.outcome for outcome in findings.rules.values() if "child.birth_date" in outcome.reason_en}
        assert outcomes == {"not_evaluated"}


def test_null_makes_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that asks ``is null`` is not answered by a value that could not be read, only by one that is absent."""
    rule = invented(
        "select record_no, item_no, end_date as found, null as expected from benefit where end_date is null",
        "benefit",
        "end_date",
    )
    install(monkeypatch, rule)
    records, case = changed(lambda case: case["benefit"][0].update(end_date="never"))
    open_ended = [
        (other["case_id"], f"benefit[{place}]/end_date")
        for other in made.cases(records)
        if other is not case
        for place, benefit in enumerate(other.get("benefit", ()), 1)
        if "end_date" not in benefit
    ]
    with validate(made.written(records, "jsonl")) as findings:
        places = [(one.location.record, one.location.path) for one in findings if one.id == rule.id]
        assert places == open_ended
        assert findings.rules[rule.id].not_evaluated == 1


def test_a_record_that_cannot_be_read_is_judged_by_no_rule() -> None:
    records = made.submission(8)
    del made.header_of(records)["digest"]
    lines = made.written(records, "jsonl").splitlines(keepends=True)
    lines[-1] = lines[-1].replace(b'"child":{', b'"child":', 1)
    with validate(b"".join(lines)) as findings:
        (finding,) = findings
        assert (finding.id, finding.location.line) == ("KJ-SYS-002", len(lines))
        assert findings.verdict is Verdict.PARTLY_ACCEPTED
        # what it could not read concerns every rule that holds
        holding = [outcome for outcome in findings.rules.values() if is_asked(outcome.rule)]
        assert {outcome.not_evaluated for outcome in holding} == {1}


# --- the same in every format ----------------------------------------------------------------------------------------


def test_the_same_findings_in_every_format() -> None:
    records = made.submission(14)
    several = [case for case in made.cases(records) if dated(case)]
    several[0]["benefit"][0]["start_date"] = "2017-02-30"
    several[0]["child"]["sex"] = "7"
    several[1]["child"]["name"] = "古丽米热•艾比布力"
    several[1]["child"]["ethnicity"] = "99"
    several[2]["schooling"][0]["start_date"] = {"unknown": "no_such_reason"}
    several[3]["benefit"][0]["end_date"] = "1999-01-01"
    del several[4]["status"]
    several[5]["child"]["birth_date"] = "1990-01-01"
    made.sealed(records)
    expected: list[Any] = []
    for to in made.FORMATS:
        with validate(made.written(records, to)) as findings:
            faults = made.faults_of(findings)
            assert findings.verdict is Verdict.PARTLY_ACCEPTED
            assert findings.summary.rejected == 6
            expected = expected or faults
            assert faults == expected, to
    ids = {fault[0] for fault in expected}
    assert {"KJ-SYS-023", "KJ-SYS-014", "KJ-SYS-021", "KJ-CODE-001", "KJ-BEN-002"} <= ids
    assert ("KJ-CODE-001", several[2]["case_id"], "schooling[1]/start_date") in expected


@pytest.mark.parametrize("to", made.FORMATS)
def test_places_of_every_format(to: str) -> None:
    records, case = changed(lambda case: case["benefit"][0].update(start_date="2017-02-30"))
    raw = made.written(records, to)
    with validate(raw) as findings:
        (finding,) = findings
        location = finding.location
    assert (location.record, location.path) == (case["case_id"], "benefit[1]/start_date")
    if to in ("xlsx", "csv"):
        assert location.cell is not None
        assert location.cell.startswith("待遇.csv!" if to == "csv" else "待遇!")
    else:
        assert location.line == line_of(raw, "2017-02-30")
        assert location.offset is not None
        assert raw[location.offset :].lstrip().startswith(b"<CaseFile" if to == "xml" else b"{")
    if to == "json":
        assert location.index == made.cases(records).index(case)


def test_header_and_records_disagree() -> None:
    """That they agree in every format is seen by every file that is accepted."""
    for to in ("xml", "xlsx"):
        records = made.submission(4)
        made.header_of(records)["record_count"] += 1
        with validate(made.written(records, to)) as findings:
            assert made.faults_of(findings) == [("KJ-BATCH-001", None, None)], to
            assert findings.verdict is Verdict.REJECTED
        records = made.submission(4)
        made.cases(records)[0]["child"]["name"] = "葛曾䮌"
        with validate(made.written(records, to)) as findings:
            assert ("KJ-BATCH-002", None, None) in made.faults_of(findings), to
            assert findings.verdict is Verdict.REJECTED


def test_duplicates_across_records() -> None:
    records = made.submission(12)
    number = made.first(records, with_id)["case_id"]
    copy = json.loads(json.dumps(made.first(records, with_id)))
    records.append(("case_file", copy))
    with validate(made.written(made.sealed(records), "jsonl")) as findings:
        places = {(one.id, one.location.record) for one in findings if one.id.startswith("KJ-BATCH")}
        assert {record for _, record in places} == {number}
        assert "KJ-BATCH-101" in {finding_id for finding_id, _ in places}
        lines = {one.location.line for one in findings if one.id == "KJ-BATCH-101"}
        assert len(records) in lines
        assert findings.verdict in (Verdict.PARTLY_ACCEPTED, Verdict.REJECTED)


# --- verdicts --------------------------------------------------------------------------------------------------------


def invented(sql: str, table: str = "case_file", column: str = "status", **more: Any) -> Rule:
    """A rule for tests."""
    facts = {"scope": "record", "effect": "record", "valid_from": None, "valid_to": None, **more}
    return Rule(
        id="KJ-TEST-001", subject="invented", title_zh="测试", title_en="test", source="test", sql=sql,
        message_zh="测试", message_en="test",
        fields=((table, column),), fix_zh="改", fix_en="fix", **facts,
    )  # fmt: skip


def install(monkeypatch: pytest.MonkeyPatch, *invention: Rule) -> None:
    """Let validation know the rules, and with them one or more invented ones."""
    known = {**rules(), **{one.id: one for one in invention}}
    for module in ("kunjing_exchange.rules.rule", "kunjing_exchange.validate"):
        monkeypatch.setattr(sys.modules[module], "rules", lambda: known)


EVERY_CASE = "select record_no, status as found, null as expected from case_file"
ONE_CASE = f"{EVERY_CASE} where record_no = (select min(record_no) from case_file)"


@pytest.mark.parametrize(
    ("sql", "effect", "severity", "verdict"),
    [
        (f"{EVERY_CASE} where false", "record", "error", Verdict.ACCEPTED),
        (ONE_CASE, "record", "info", Verdict.ACCEPTED),
        (ONE_CASE, "record", "warning", Verdict.ACCEPTED_WITH_WARNINGS),
        (ONE_CASE, "none", "error", Verdict.ACCEPTED_WITH_WARNINGS),
        (ONE_CASE, "record", "error", Verdict.PARTLY_ACCEPTED),
        (ONE_CASE, "submission", "error", Verdict.REJECTED),
        (ONE_CASE, "submission", "warning", Verdict.ACCEPTED_WITH_WARNINGS),
        ("select no_such_column from case_file", "record", "error", Verdict.UNDETERMINED),
        ("select record_no, cast(case_id as integer) as found, null as expected from case_file", "none", "info",
         Verdict.UNDETERMINED),
    ],
)  # fmt: skip
def test_verdicts(monkeypatch: pytest.MonkeyPatch, sql: str, effect: str, severity: str, verdict: Verdict) -> None:
    install(monkeypatch, invented(sql, effect=effect))
    chosen = edition()
    graded = dataclasses.replace(chosen, severities={**chosen.severities, "KJ-TEST-001": Severity(severity)})
    monkeypatch.setattr(sys.modules["kunjing_exchange.policy"], "edition", lambda name: graded)
    records = made.submission(6)
    with validate(made.written(records, "jsonl")) as findings:
        assert findings.verdict is verdict
        assert findings.summary.rejected == (1 if verdict is Verdict.PARTLY_ACCEPTED else 0)


def test_a_submission_of_rejected_records_is_rejected() -> None:
    case = made.first(made.submission(6), dated)
    case["child"]["sex"] = "x"
    with validate(single(case), as_of=datetime.date(2017, 9, 30)) as findings:
        assert (findings.verdict, findings.summary.records, findings.summary.rejected) == (Verdict.REJECTED, 1, 1)


def test_a_rule_that_found_no_memory_beside_others_runs_again_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    refused: list[str] = []

    class Short:
        """A cursor that has no memory for one rule."""

        def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
            self.cursor = cursor

        def execute(self, sql: str, *more: object) -> object:
            if "'KJ-BEN-002'" in sql:
                refused.append(sql)
                raise duckdb.OutOfMemoryException("Out of Memory Error")
            return self.cursor.execute(sql, *more)

    def short_of_memory(connection: duckdb.DuckDBPyConnection, works: Any, *, large: bool) -> None:
        run_at_once(connection, [lambda cursor, work=work: work(Short(cursor)) for work in works], large=large)

    monkeypatch.setattr(sys.modules["kunjing_exchange.rules.run"], "run_at_once", short_of_memory)
    records, case = changed(lambda case: case["benefit"][0].update(end_date="1999-01-01"))
    with validate(made.written(records, "jsonl")) as findings:
        assert refused
        assert findings.rules["KJ-BEN-002"].outcome == "fail"
        assert ("KJ-BEN-002", case["case_id"], "benefit[1]/end_date") in made.faults_of(findings)
        assert findings.verdict is not Verdict.UNDETERMINED


def test_a_lack_of_space_is_told_to_who_uses_the_tables() -> None:
    with pytest.raises(OutOfSpace), validate(made.written(made.submission(3), "jsonl")):
        raise duckdb.OutOfMemoryException("Out of Memory Error")


def test_a_crash_is_known_by_name_and_stops_no_other_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = dataclasses.replace(
        rules()["KJ-BEN-003"], sql="select record_no, item_no, nonsense(1) as found from benefit"
    )
    install(monkeypatch, broken)
    records, case = changed(lambda case: case["benefit"][0].update(end_date="1999-01-01"))
    with validate(made.written(records, "jsonl")) as findings:
        crash = next(one for one in findings if one.id == "KJ-SYS-090")
        assert "KJ-BEN-003" in crash.message_zh
        assert findings.rules["KJ-BEN-003"].crashed
        assert findings.rules["KJ-BEN-003"].outcome == "not_evaluated"
        assert not any(outcome.crashed for name, outcome in findings.rules.items() if name != "KJ-BEN-003")
        assert ("KJ-BEN-002", case["case_id"], "benefit[1]/end_date") in made.faults_of(findings)
        assert findings.verdict is Verdict.UNDETERMINED


def test_only_the_bad_records_are_rejected() -> None:
    records = made.submission(20)
    bad = made.cases(records)[::4]
    for place, case in enumerate(bad):
        if place % 2:
            case["opened_on"] = "2017-06-31"
        else:
            case["child"]["sex"] = "8"
    with validate(made.written(made.sealed(records), XML)) as findings:
        assert findings.verdict is Verdict.PARTLY_ACCEPTED
        rejected = findings.connection.execute(
            "select key from rejected_record join record_key using (record_no) order by record_no"
        ).fetchall()
        assert [key for (key,) in rejected] == [case["case_id"] for case in bad]
        assert {one.location.record for one in findings} == {case["case_id"] for case in bad}


def test_what_blocks_a_record_and_names_none_blocks_the_submission() -> None:
    raw = made.written(made.submission(3), "json").replace(b',\n"worker":[', b',\n"worker":[],\n"worker":[')
    with validate(raw) as findings:
        assert [one.id for one in findings] == ["KJ-SYS-028", "KJ-SYS-005"]
        assert findings.verdict is Verdict.REJECTED


# --- codes, identifiers, names ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value", "finding"),
    [
        (("child", "sex"), "7", "KJ-CODE-001"),
        (("child", "hukou_division"), "411023", "KJ-CODE-002"),
        (("child", "hukou_division"), "999999", "KJ-CODE-003"),
        (("child", "hukou_division"), "411371", "KJ-CODE-004"),
        (("child", "hukou_division"), "411303", None),
        (("schooling", 0, "school_division"), "411023", "KJ-CODE-002"),
    ],
)
def test_codes(path: tuple[Any, ...], value: str, finding: str | None) -> None:
    def change(case: dict[str, Any]) -> None:
        inner: Any = case
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        case["schooling"][0]["start_date"] = "2017-09-01"

    records, case = changed(change)
    place = "/".join(f"{step}" for step in path).replace("/0", "[1]")
    with validate(made.written(records, "jsonl")) as findings:
        found = [one for one in findings if one.id.startswith("KJ-CODE")]
        places = [(one.id, one.location.record, one.location.path) for one in found]
        assert places == ([(finding, case["case_id"], place)] if finding else [])
        for one in found:
            assert one.severity is BUILT_IN[one.id].severity
            if finding in ("KJ-CODE-001", "KJ-CODE-003"):
                assert one.code_list == ("sex" if path[-1] == "sex" else "division")
            if finding == "KJ-CODE-002":
                assert ("2017-09-30" if path[0] == "child" else "2017-09-01") in one.message_zh


@pytest.mark.parametrize(
    ("start", "found"), [("2015-09-01", False), ("2016-12-31", False), ("2017-01-01", True), (None, True), ("?", False)]
)
def test_a_code_is_judged_on_the_records_own_date(start: str | None, found: bool) -> None:
    def change(case: dict[str, Any]) -> None:
        insurance = {"insurance_type": "390", "year": "2016", "division": "411023"}
        case["insurance"] = [{**insurance, "start_date": start} if start else insurance]

    records, case = changed(change)
    assert (("KJ-CODE-002", "insurance[1]/division") in found_in(records, case)) is found


def checked(seventeen: str) -> str:
    """A resident id of 17 digits with its check digit."""
    return seventeen + CHECK[sum(int(digit) * weight for digit, weight in zip(seventeen, WEIGHTS, strict=True)) % 11]


def identified(number: str) -> Callable[[dict[str, Any]], None]:
    """A change that gives the child's mother-in-law an id that no other field has to agree with."""

    def change(case: dict[str, Any]) -> None:
        case["guardian"] = [
            {"name": "努尔·𠮷", "kind": "relative", "id_number": number, "start_date": case["child"]["birth_date"]}
        ]

    return change


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (checked("41130319700101002"), []),
        (checked("41102319700101002"), []),  # a county abolished since
        (checked("81000019700101002"), []),
        (checked("82000019700101002"), []),
        (checked("83000019700101002"), []),
        (checked("41999919700101002"), ["KJ-ID-005"]),
        (checked("41130319700230002"), ["KJ-ID-003"]),
        ("411303700101002", ["KJ-ID-006"]),
        ("411303700231002", ["KJ-ID-003", "KJ-ID-006"]),
        ("41130319700101002A", []),  # of another document: neither shape nor type say resident id
    ],
)
def test_resident_ids(number: str, expected: list[str]) -> None:
    records, case = changed(identified(number))
    found = found_in(records, case)
    assert [one for one, path in found if path == "guardian[1]/id_number" and one.startswith("KJ-ID-00")] == expected


def test_one_mistyped_digit_is_always_found() -> None:
    """Each of the 17 digits, one at a time, in 17 case files of one submission."""
    records = made.submission(40)
    chosen = [case for case in made.cases(records) if isinstance(case["child"].get("birth_date"), str)][:17]
    for place, case in enumerate(chosen):
        number = list(checked("41130319700101002"))
        number[place] = str((int(number[place]) + 1) % 10)
        identified("".join(number))(case)
    with validate(made.written(made.sealed(records), "jsonl")) as findings:
        found = {
            one.location.record
            for one in findings
            if one.location.path == "guardian[1]/id_number" and one.id in ("KJ-ID-003", "KJ-ID-004")
        }
    assert found == {case["case_id"] for case in chosen}


@pytest.mark.parametrize(
    ("number", "expected"),
    [("123", "KJ-ID-001"), ("4113031970010100AX", "KJ-ID-002"), ("411303197001010021", "KJ-ID-004")],
)
def test_what_says_resident_id_has_to_be_one(number: str, expected: str) -> None:
    assert IDENTIFIERS["resident_id"].validate(number)
    records, case = changed(lambda case: case["child"].update(id_document_type="111", id_number=number))
    assert (expected, "child/id_number") in found_in(records, case)


@pytest.mark.parametrize("dot", "•‧・･∙⋅●．")
def test_look_alike_dots_are_noted(dot: str) -> None:
    records, _ = changed(lambda case: case["child"].update(former_name=f"古丽米热{dot}艾比布力"))
    with validate(made.written(records, "jsonl")) as findings:
        (notice,) = findings
        assert (notice.id, notice.location.path, notice.severity) == ("KJ-SYS-014", "child/former_name", Severity.INFO)
        assert findings.verdict is Verdict.ACCEPTED


def test_names_are_never_rejected_for_their_characters() -> None:
    names = ("古丽米热·艾比布力", "葛曾䮌", "㐂𠮷", "Anna Maria", "阿·卜")
    records = made.submission(12)
    for name, case in zip(names, made.cases(records), strict=False):
        case["child"]["former_name"] = name
    with validate(made.written(made.sealed(records), XML)) as findings:
        assert findings.verdict is Verdict.ACCEPTED


def test_unknown_facts_are_null_with_a_reason() -> None:
    def change(case: dict[str, Any]) -> None:
        case["child"]["left_behind_since"] = {"unknown": "refused"}
        case["benefit"][0]["amount"] = {"unknown": "pending"}
        case["household"] = {"member": [{"name": "甲", "relation_to_head": "02", "id_number": {"unknown": "lost"}}]}

    records, case = changed(change)
    wanted = {("child", None, None, "left_behind_since", "refused"), ("benefit", None, 1, "amount", "pending"),
              ("member", None, 1, "id_number", "lost")}  # fmt: skip
    spaced = "".join(f'{{"{kind}":{json.dumps(data, separators=(" , ", " : "))}}}\n' for kind, data in records).encode()
    for raw in (*(made.written(records, to) for to in ("xml", "xlsx")), spaced):
        with validate(raw) as findings:
            connection = findings.connection
            (number,) = connection.execute(
                "select record_no from case_file where case_id = ?", [case["case_id"]]
            ).fetchone() or (0,)
            assert (
                set(
                    connection.execute(
                        "select table_name, parent_item_no, item_no, column_name, reason from unknown_fact "
                        "where record_no = ?",
                        [number],
                    ).fetchall()
                )
                == wanted
            )
            assert connection.execute(
                "select amount from benefit where record_no = ? and item_no = 1", [number]
            ).fetchone() == (None,)


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_values_are_masked_unless_asked_for() -> None:
    canary = "411303197001010021"
    records, case = changed(
        lambda case: case["child"].update(id_document_type="111", id_number=canary, former_name="䮌•㐂")
    )
    case["child"]["hukou_address"] = "街" * 150 + "\u3000\u3000"
    raw = made.written(made.sealed(records), "jsonl")
    with validate(raw) as findings:
        for one in findings:
            shown = json.dumps([one.as_dict("zh"), one.as_dict("en"), repr(one)], ensure_ascii=False)
            assert canary not in shown
            assert "䮌" not in shown
            assert "街" not in shown
        masked = {one.id: one.value for one in findings}
    assert masked["KJ-ID-004"] == "9" * 18
    assert masked["KJ-SYS-014"] == "字•字"
    with validate(raw, show_values=True) as findings:
        shown_values = {one.id: one.value for one in findings}
    assert shown_values["KJ-ID-004"] == canary
    assert shown_values["KJ-SYS-014"] == "䮌•㐂"
    assert shown_values["KJ-SYS-023"] == "街" * 80 + "…"


def test_as_of_judges_a_record_alone() -> None:
    case = made.first(made.submission(12), dated)
    young, old = datetime.date(2017, 9, 30), datetime.date(2060, 1, 1)
    with validate(single(case), as_of=young) as findings:
        assert not [one for one in findings if one.id == "KJ-CHILD-003"]
    with validate(single(case), as_of=old) as findings:
        assert [one.location.path for one in findings if one.id == "KJ-CHILD-003"] == ["child/birth_date"]
    with validate(single(case)) as findings:
        outcome = findings.rules["KJ-CHILD-003"]
        assert (outcome.outcome, outcome.reason_en) == (
            "not_evaluated",
            "not readable in the header: header.period_end",
        )


def test_a_submission_of_nothing() -> None:
    records = made.submission(1)[:1]
    for to in ("xml", "json", "xlsx"):
        with validate(made.written(made.sealed(records), to)) as findings:
            assert [one.id for one in findings] == ["KJ-SYS-013"]
            assert findings.verdict is Verdict.ACCEPTED_WITH_WARNINGS
            assert findings.summary.records == 0


def test_findings_stand_in_the_order_of_records_and_can_be_iterated_again() -> None:
    records = made.submission(20)
    for place, case in enumerate(made.cases(records)):
        case["child"]["sex"] = "7" if place % 3 else "male"
        if place % 2:
            case["opened_on"] = "2017-06-31"
    made.header_of(records)["record_count"] = 1
    with validate(made.written(records, "jsonl")) as findings:
        once, again = list(findings), list(findings)
        iterator, other = iter(findings), iter(findings)
        assert [next(iterator), next(other)] == [once[0], once[0]]
        iterator.close()  # type: ignore[attr-defined]
        other.close()  # type: ignore[attr-defined]
    assert once == again
    lines = [one.location.line for one in once if one.location.line is not None]
    assert lines == sorted(lines)
    assert len({one.location.record for one in once}) == len(made.cases(records)) + 1
    assert once[-1].location.record is None
    assert len({one.fingerprint for one in once}) == len(once)
    assert sum(findings.summary.by_id.values()) == len(once)
    assert sum(findings.summary.by_severity.values()) == len(once)


def test_the_folder_goes_with_the_findings(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNJING_TMPDIR", str(tmp_path))
    raw = made.written(made.submission(3), "json")
    findings: Findings | None = validate(raw)
    (folder,) = {path for path in tmp_path.iterdir() if (path / "problems.jsonl").exists()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert findings is not None
    findings.close()
    assert list(tmp_path.iterdir()) == []
    assert findings.verdict is Verdict.ACCEPTED
    with pytest.raises(ValueError, match="closed"):
        list(findings)
    findings.close()
    findings = validate(raw)
    assert list(tmp_path.iterdir())
    findings = None
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UnknownFormat):
        validate(b"neither this nor that")
    with pytest.raises(UnreadableInput):
        validate(b"PK\x03\x04 broken")
    assert list(tmp_path.iterdir()) == []


def test_what_can_not_be_done_is_an_exception(tmp_path: pathlib.Path) -> None:
    for source, error in (
        (b"", UnreadableInput), (b"  \n", UnreadableInput), (b"a,b\n1,2\n", UnknownFormat),
        (tmp_path / "absent.xml", UnreadableInput),
    ):  # fmt: skip
        with pytest.raises(error) as caught:
            validate(source)
        assert caught.value.zh
        assert "\n" not in str(caught.value)
    with pytest.raises(UnknownEdition, match="henan-2017"):
        validate(b"<a/>", edition="henan-1817")
    with pytest.raises(UnknownFormat):
        validate(b"<a/>", format="docx")


# --- seeded faults ---------------------------------------------------------------------------------------------------


def test_every_seeded_fault_is_found_where_it_was_put() -> None:
    planted: list[dict[str, Any]] = []
    every = seeder("all", 0.4, planted.append)
    rare: Any = None

    def distort(index: int, case: dict[str, Any], rng: Any) -> None:
        """Every fault in turn, then those that few files can carry."""
        nonlocal rare
        if index == 800:
            rare = seeder(FAULTS.keys() - {fault["rule"] for fault in planted}, 1, planted.append)
        (every if rare is None else rare)(index, case, rng)

    with validate(made.written(generate(2000, seed=5, distort=distort), "jsonl")) as findings:
        found = {(one.id, one.location.record, one.location.path or "") for one in findings}
        assert findings.verdict in (Verdict.PARTLY_ACCEPTED, Verdict.REJECTED)
    # KJ-HOUSE-011 speaks from 2021 on: the conformance files have it
    assert FAULTS.keys() - {fault["rule"] for fault in planted} <= {"KJ-HOUSE-011"}
    expected = [(fault["rule"], record_key(fault["case_id"]), fault["path"]) for fault in planted]
    assert [fault for fault in expected if fault not in found] == []


# --- nothing but ExchangeError ---------------------------------------------------------------------------------------

BOUNDED = settings(
    deadline=None, derandomize=True, database=None, max_examples=5, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)  # fmt: skip


def survives(raw: bytes, **options: Any) -> None:
    """Validation gives findings with places and texts, or says why it can't; nothing else."""
    try:
        findings = validate(raw, **options)
    except ExchangeError:
        return
    with findings:
        listed = list(findings)
        for one in listed:
            json.dumps(one.as_dict("zh"))
            assert not re.search(r"\{[a-z_]+\}", one.message_zh + one.message_en)
        assert len(listed) == sum(findings.summary.by_id.values())
        if findings.verdict in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS):
            assert findings.summary.rejected == 0


@BOUNDED
@given(st.data())
def test_bytes(data: st.DataObject) -> None:
    to = data.draw(st.sampled_from(made.FORMATS))
    raw = bytearray(made.written(made.submission(2), to))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 40))
        raw[at : at + length] = data.draw(st.one_of(st.binary(max_size=8), st.sampled_from(TOKENS)))
        if not raw:
            raw += b" "
    survives(bytes(raw), format=data.draw(st.sampled_from([None, to])))


TOKENS = [b"<!--", b"]]>", b"&a;", b'"', b"{", b"}", b"\xff\xfe", b"\x00", b"NaN", b"null", b"<CaseFile>", b"\xe3\x90"]

NESTED: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8),
        st.sampled_from(["2017-02-30", "411303", "\ud800", "\x00", "a" * 300, 10**400, "unknown", "Infinity", "1e9"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["unknown", "name", "benefit", "case_id", "x", "㐂"]), inner, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip


def mutated(draw: Callable[[st.SearchStrategy[Any]], Any], tree: Any) -> None:
    """Change one place of a tree: replace, drop, rename, repeat or wrap what stands there."""
    while True:
        steps = list(tree) if isinstance(tree, dict) else list(range(len(tree)))
        if not steps:
            return
        step = draw(st.sampled_from(steps))
        inner = tree[step]
        if isinstance(inner, (dict, list)) and inner and draw(st.integers(0, 3)):
            tree = inner
            continue
        how = draw(st.sampled_from(["replace", "drop", "rename", "wrap", "null"]))
        if how == "drop":
            del tree[step]
        elif how == "rename" and isinstance(tree, dict):
            tree[draw(st.sampled_from(["unknown", "start_date", "姓名", "", "\ud800", "x" * 500]))] = tree.pop(step)
        elif how == "wrap":
            tree[step] = draw(st.sampled_from([[inner], {"unknown": inner}, [[inner]], {"a": inner}]))
        else:
            tree[step] = None if how == "null" else draw(NESTED)
        return


@BOUNDED
@given(st.data())
def test_structure(data: st.DataObject) -> None:
    """Thirty mutated records a file: what one does can't hide behind another, since the count has to fit."""
    records = [json.loads(json.dumps(record)) for record in made.submission(30)]
    for _ in range(30):
        kind, record = data.draw(st.sampled_from(records[1:]))
        mutated(data.draw, record)
    if data.draw(st.booleans()):
        mutated(data.draw, records[0][1])
    if data.draw(st.booleans()):
        raw = "".join(json.dumps({kind: record}) + "\n" for kind, record in records)
    else:
        document: dict[str, Any] = {"header": records[0][1]}
        for kind, record in records[1:]:
            document.setdefault(kind, []).append(record)
        raw = json.dumps(document, indent=data.draw(st.sampled_from([None, 1])))
    survives(raw.encode())


@BOUNDED
@given(st.data())
def test_values(data: st.DataObject) -> None:
    """Odd texts where texts belong, in the formats that carry any text."""
    records = made.submission(10)
    texts = st.one_of(
        st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1),
        st.sampled_from(["2017-02-29", "2100-02-29", "9999-12-31", "0", "=1+1", "未知:refused", "411303", "1" * 400]),
        st.sampled_from(["'", '{"unknown":"x"}', "true", "1e9", "NaN", "\u3000", "㐂𠮷"]),
    )  # fmt: skip
    for _ in range(20):
        tree: Any = data.draw(st.sampled_from(records))[1]
        while True:
            step = data.draw(st.sampled_from(list(tree) if isinstance(tree, dict) else list(range(len(tree)))))
            if not isinstance(tree[step], (dict, list)):
                break
            tree = tree[step]
        tree[step] = data.draw(texts)
    to = data.draw(st.sampled_from(made.FORMATS))
    survives(made.written(records, to), edition="henan-2017", as_of=datetime.date(2017, 9, 30))


def test_no_file_is_left_by_any_of_this(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNJING_TMPDIR", str(tmp_path))
    for to in made.FORMATS:
        survives(made.written(made.submission(2), to)[:-40])
    gc.collect()
    assert os.listdir(tmp_path) == []
