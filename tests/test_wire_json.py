"""JSON documents, JSON Lines and the JSON Schema, through their public face."""

from __future__ import annotations

import copy
import io
import json
import pathlib
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from kunjing_exchange.errors import ExchangeError
from kunjing_exchange.findings import BUILT_IN, Path, Problem
from kunjing_exchange.model import RECORDS, TOP_RECORDS, Lexical, elements
from kunjing_exchange.wire import json_schema as schemas
from kunjing_exchange.wire.json import JsonLinesReader, JsonLinesWriter, JsonReader, JsonWriter, write_single
from kunjing_exchange.wire.json_schema import SUBMISSION, accepts, explain, json_schema, validator
from kunjing_exchange.wire.record import KINDS, Limits, Located, Plain, arrange, canonical_json
from kunjing_exchange.wire.source import Source, open_source

READERS: dict[str, Callable[[Source], Any]] = {"json": JsonReader, "jsonl": JsonLinesReader}

HEADER: Plain = {
    "version": "1",
    "message_type": "case_files",
    "sender_name": "卧龙区民政局",
    "sender_division": "411303",
    "period": "2017-09",
    "period_end": "2017-09-30",
    "kind": "full",
    "sequence_no": 7,
}
ORGANISATION: Plain = {
    "credit_code": "11411303MB0000001X",
    "name": "卧龙区儿童福利院",
    "kind": "welfare_home",
    "division": "411303",
}
WORKER: Plain = {
    "worker_id": "W-1",
    "name": "𠮷小兰",
    "role": "children_director",
    "division": "411303",
    "start_date": "2017-05-01",
}


def case_file(number: int = 1) -> Plain:
    return {
        "case_id": f"411303-{number:06d}",
        "division": "411303",
        "village": {"unknown": "refused"},
        "status": "open",
        "opened_on": "2017-03-01",
        "child": {
            "name": ("古丽米热·艾比布力", "葛曾䮌", "李㐂", "王𠮷")[number % 4],
            "sex": "2",
            "birth_date": "2008-02-29",
            "residence_address": {"unknown": "not_asked"},
            "left_behind": True,
            "migrant": {"unknown": "not_asked"},
        },
        "circumstances": {"labour_capacity": False},
        "benefit": [
            {
                "kind": "basic_living",
                "amount": "600.00",
                "unit": "month",
                "start_date": "2017-03-01",
                "payment": [
                    {"period": "2017-03", "amount": "600.00", "status": "made"},
                    {"period": "2017-04", "amount": "0.5", "status": "returned"},
                ],
            }
        ],
    }


def read(
    data: bytes | pathlib.Path, form: str | None = None, limits: Limits | None = None
) -> tuple[list[Located], list[Problem]]:
    with open_source(data, format=form, limits=limits) as source:
        reader = READERS[source.format](source)
        return list(reader), reader.problems


def ids(problems: list[Problem]) -> list[str]:
    return [problem.id for problem in problems]


def lines(*records: tuple[str, object]) -> bytes:
    return b"".join(json.dumps({kind: data}, ensure_ascii=False).encode() + b"\n" for kind, data in records)


def document(**parts: object) -> bytes:
    return json.dumps(parts, ensure_ascii=False, indent=1).encode()


# --- the schema ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [SUBMISSION, *RECORDS])
def test_schema_is_valid_and_closed(name: str) -> None:
    schema = json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:kunjing-exchange:v1:{name}"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    wanted = {reference.removeprefix("#/$defs/") for reference in _references(schema)}
    assert wanted == set(schema["$defs"]), "every reference is inside the schema, nothing is defined in vain"


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if "$ref" in schema:
            yield schema["$ref"]
        for part in schema.values():
            yield from _references(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _references(part)


def test_schema_says_what_a_field_is() -> None:
    schema = json_schema("child")
    birth_date = schema["properties"]["birth_date"]
    assert schema["title"] == "儿童"
    assert birth_date["title"] == "出生日期"
    assert birth_date["x-element"] == "KJ.child.birth_date"
    assert schema["properties"]["id_number"]["x-standard"] == "GB 11643-1999"
    assert schema["$defs"]["SexCode"]["x-code-list"] == "sex"
    assert schema["$defs"]["SexCode"]["x-representation"] == "n1"
    assert schema["$defs"]["DateOrUnknown"]["type"] == ["string", "object"]
    assert "anyOf" not in json.dumps(schema)
    assert json_schema("circumstances")["properties"]["hiv_infected"]["x-restricted"] is True


def test_schema_of_nothing_known() -> None:
    for function in (json_schema, validator):
        with pytest.raises(KeyError):
            function("children")


def test_submission_schema_takes_what_the_writer_writes() -> None:
    check = jsonschema.Draft202012Validator(json_schema(SUBMISSION))
    good = {"header": HEADER, "worker": [WORKER], "case_file": [case_file(1), case_file(2)]}
    assert check.is_valid(good)
    for bad in ({"worker": [WORKER]}, {**good, "worker": []}, {**good, "children": []}, {**good, "worker": WORKER}):
        assert not check.is_valid(bad)


BAD_TEXTS = [
    "",
    " ",
    "2017-01-01\n",
    "600.00\n",
    "a\n",
    "411303\n",
    "\n",
    "2017-01-01\r",
    "2017-01-01Z",
    " 2017-01-01",
    "2017-1-5",
    "2017-01-01",
    "1900-02-29",
    "2000-02-29",
    "2100-02-29",
    "2017-02-29",
    "2017-04-31",
    "2017-13-01",
    "２０１７-０１-０１",
    "1899-12-31",
    "infinity",
    "2017-09",
    "2017-00",
    "2017",
    "A",
    "yuzheng-2017",
    "310",
    "2017Q3",
    "2017Q5",
    "education:student",
    "education:student:12",
    "Education:student",
    "education:",
    "2017-01-01T23:59:59",
    "2017-01-01T24:00:00",
    "2017-01-01T23:59:60",
    "1_000.00",
    "600",
    "600.0",
    "600.000",
    "-1.00",
    "+1",
    "00.5",
    "1e3",
    "NaN",
    "999999999999.99",
    "1000000000000.00",
    "１２",
    "1",
    "01",
    "A-1",
    "a",
    "open",
    "Open",
    "sha256:" + "0" * 64,
    "411303",
    "41130３",
    "411303001",
    "411303001001",
    "4141000001",
    "11411303MB0000001X",
    "G41130320080101001X",
    "41130320080101001X",
    "41130320080101001X21",
    "C91.0",
    "CHN",
    "+86 377 63131111",
    "古丽米热·艾比布力",
    "葛曾䮌 㐂𠮷",
    "　全角空格",
    "中　间",
    "trailing ",
    "tab\tinside",
    "nul\x00",
    "bell\x07",
    "c1\x85",
    "private\ue000",
    "private\U000f0000",
    "\ufeffmark",
    "line\u2028separator",
    "\ud800",
    "x\udfff",
    "字" * 20,
    "字" * 21,
    "字" * 50,
    "𠮷" * 50,
    "𠮷" * 51,
    "字" * 500,
    "字" * 501,
    "true",
]
OTHER_VALUES: list[object] = [
    True,
    False,
    0,
    1,
    -1,
    5,
    999_999_999,
    1_000_000_000,
    10**30,
    411303,
    {},
    [],
    {"unknown": "refused"},
    {"unknown": "Refused"},
    {"unknown": "refused\n"},
    {"unknown": ""},
    {"unknown": 1},
    {"unknown": None},
    {"unknown": "refused", "value": "1"},
    {"value": "1"},
    ["411303"],
    [{}],
    [[]],
    None,
]


def verdicts(name: str, data: Plain) -> dict[str, bool]:
    """What each of those says that decide whether a record is accepted."""
    found = {
        "walk": not explain(name, data),
        "accepts": accepts(name, data),
        "jsonschema": _python_validator(name).is_valid(data),
        "jsonschema_rs": _rust_verdict(name, data),
    }
    if not _has_empty(data):  # the models read null, [] and {} as absent; the wire leaves absent fields out
        try:
            RECORDS[name].model_validate_json(json.dumps(data))
            found["pydantic"] = True
        except ValidationError:
            found["pydantic"] = False
    return found


_COMPILED: dict[str, Any] = {}


def _python_validator(name: str) -> Any:
    if name not in _COMPILED:
        _COMPILED[name] = jsonschema.Draft202012Validator(json_schema(name))
    return _COMPILED[name]


def _rust_verdict(name: str, data: Plain) -> bool:
    if f"rust {name}" not in _COMPILED:
        _COMPILED[f"rust {name}"] = jsonschema_rs.Draft202012Validator(json_schema(name))
    try:
        return bool(_COMPILED[f"rust {name}"].is_valid(data))
    except ValueError:
        return False


def _has_empty(data: object) -> bool:
    if isinstance(data, dict):
        return not data or any(map(_has_empty, data.values()))
    return data is None or (isinstance(data, list) and (not data or any(map(_has_empty, data))))


def _example(lexical: Lexical) -> object:
    """A good value of a datatype."""
    if not lexical.is_string:
        return lexical.kind == "boolean" or 5
    good = [text for text in BAD_TEXTS if lexical.accepts(text)]
    assert good, f"no example of {lexical.name} among the texts"
    return good[0]


def _minimal(name: str) -> Plain:
    data: Plain = {}
    for element in elements(RECORDS[name]):
        if element.required:
            data[element.name] = _example(element.lexical) if element.lexical else _minimal(element.record.table())  # type: ignore[union-attr]
    return data


def _datatypes() -> list[Any]:
    """One field for every datatype, as a value and as a fact."""
    seen: dict[tuple[str, bool], Any] = {}
    for name, record in RECORDS.items():
        for element in elements(record):
            if element.lexical is not None:
                example = pytest.param(name, element.name, id=f"{element.lexical.name}-{name}.{element.name}")
                seen.setdefault((element.lexical.name, element.fact), example)
    return list(seen.values())


@pytest.mark.parametrize(("name", "field"), _datatypes())
def test_every_datatype_is_judged_alike(name: str, field: str) -> None:
    base = _minimal(name)
    accepted = 0
    for value in [*BAD_TEXTS, *OTHER_VALUES]:
        found = verdicts(name, {**base, field: value})
        assert len(set(found.values())) == 1, (value, found)
        accepted += found["walk"]
    assert 0 < accepted < len(BAD_TEXTS)


def test_floats_are_found_by_the_walk() -> None:
    """JSON Schema counts 5.0 as an integer; the models don't."""
    (problem,) = explain("header", {**HEADER, "sequence_no": 5.0})
    assert (problem.id, problem.path, problem.facts["expected"]) == ("KJ-SYS-022", ("sequence_no",), "integer")
    (problem,) = explain("header", {**HEADER, "sequence_no": float("nan")})
    assert problem.id == "KJ-SYS-006"


def _places(data: object, path: Path = ()) -> Iterator[Path]:
    yield path
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _places(value, (*path, name))
    elif isinstance(data, list):
        for position, value in enumerate(data):
            yield from _places(value, (*path, position))


def _changed(data: Any, path: Path, value: object, drop: bool) -> Any:
    data = copy.deepcopy(data)
    inner = data
    for step in path[:-1]:
        inner = inner[step]
    if drop:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return data


_VALUES = st.one_of(
    st.sampled_from(BAD_TEXTS),
    st.sampled_from(OTHER_VALUES),
    st.text(max_size=12),
    st.integers(),
    st.dictionaries(st.sampled_from(["unknown", "name", "amount", "x"]), st.sampled_from(BAD_TEXTS), max_size=2),
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_mutated_case_files_are_judged_alike(data: st.DataObject) -> None:
    record = case_file()
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(list(_places(record))))
        if path:
            record = _changed(record, path, data.draw(_VALUES), data.draw(st.booleans()))
        else:
            record[data.draw(st.text(max_size=5))] = data.draw(_VALUES)
    found = verdicts("case_file", record)
    assert len(set(found.values())) == 1, found
    for problem in explain("case_file", record):
        _assert_message_can_be_made(problem)


def _assert_message_can_be_made(problem: Problem) -> None:
    entry = BUILT_IN[problem.id]
    entry.message_zh.format(**problem.facts).encode()
    entry.message_en.format(**problem.facts).encode()


CHANGES: list[tuple[Path, object, str, str | None]] = [
    (("child", "sex"), 2, "KJ-SYS-022", 'string ("…")'),
    (("child", "sex"), "２", "KJ-SYS-023", "[0-9]"),
    (("child", "sex"), "22", "KJ-SYS-024", "1–1"),
    (("child", "sex"), {"unknown": "refused"}, "KJ-SYS-022", "string"),
    (("child", "sex"), "", "KJ-SYS-028", None),
    (("child", "birth_date"), "2017-02-29", "KJ-SYS-023", "YYYY-MM-DD"),
    (("child", "birth_date"), {"unknown": "refused", "value": "1"}, "KJ-SYS-027", None),
    (("child", "birth_date"), {"because": "refused"}, "KJ-SYS-027", None),
    (("child", "birth_date"), None, "KJ-SYS-028", None),
    (("child", "left_behind"), "true", "KJ-SYS-022", "boolean"),
    (("child",), "葛曾䮌", "KJ-SYS-022", "object"),
    (("circumstances",), {}, "KJ-SYS-028", None),
    (("benefit",), {}, "KJ-SYS-028", None),
    (("benefit",), {"kind": "basic_living"}, "KJ-SYS-022", "array"),
    (("benefit", 0), 5, "KJ-SYS-022", "object"),
    (("benefit", 0), None, "KJ-SYS-028", None),
    (("benefit", 0, "amount"), 600.0, "KJ-SYS-022", 'string ("…")'),
    (("benefit", 0, "payment", 1, "amount"), "1_000.00", "KJ-SYS-023", "0.00 (n..14,2)"),
    (("benefit", 0, "payment", 1, "amout"), "600.00", "KJ-SYS-020", None),
]


@pytest.mark.parametrize(("path", "value", "expected_id", "expected"), CHANGES)
def test_explanation_is_exact(path: Path, value: object, expected_id: str, expected: str | None) -> None:
    record = _changed(case_file(), path, value, drop=False)
    assert set(verdicts("case_file", record).values()) == {False}
    (problem,) = explain("case_file", record)
    assert (problem.id, problem.path, problem.facts.get("expected")) == (expected_id, path, expected)
    _assert_message_can_be_made(problem)


def test_all_problems_of_a_record_are_named() -> None:
    record = case_file()
    del record["status"], record["child"]["name"]
    record["division"] = 411303
    assert [(problem.id, problem.path) for problem in explain("case_file", record)] == [
        ("KJ-SYS-022", ("division",)),
        ("KJ-SYS-021", ("status",)),
        ("KJ-SYS-021", ("child", "name")),
    ]


def test_an_unknown_key_is_named_and_cut() -> None:
    (problem,) = explain("case_file", {**case_file(), "x" * 500: "1"})
    assert problem.path == ("x" * 81,)
    assert problem.facts["name"] == "x" * 81


def test_problems_of_a_record_have_an_end() -> None:
    problems = explain("case_file", {**case_file(), "benefit": [1] * 1000}, limit=10)
    assert ids(problems) == ["KJ-SYS-022"] * 10 + ["KJ-SYS-004"]


def test_a_doubt_without_reason_is_still_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refusing:
        def is_valid(self, instance: Any) -> bool:
            return False

    monkeypatch.setattr(schemas, "validator", lambda name: Refusing())
    (problem,) = explain("case_file", case_file())
    assert (problem.id, problem.path) == ("KJ-SYS-023", ())


def test_without_jsonschema_rs_the_model_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jsonschema_rs", None)
    validator.cache_clear()
    try:
        assert accepts("case_file", case_file())
        assert not accepts("case_file", {**case_file(), "status": "Open"})
        assert not accepts("case_file", [])
    finally:
        validator.cache_clear()


# --- JSON Lines ----------------------------------------------------------------------------------------------------
def test_lines_are_read_with_their_places() -> None:
    data = lines(("header", HEADER), ("case_file", case_file(1))) + b"\n" + lines(("case_file", case_file(2)))
    records, problems = read(data)
    assert problems == []
    assert [(record.number, record.kind, record.place.line) for record in records] == [
        (0, "header", 1),
        (1, "case_file", 2),
        (2, "case_file", 4),
    ]
    for record in records:
        place = record.place
        assert place.offset is not None
        assert place.length is not None
        assert json.loads(data[place.offset : place.offset + place.length])[record.kind] == record.data


def test_canonical_lines_are_handed_on_as_they_stand() -> None:
    stream = io.BytesIO()
    writer = JsonLinesWriter(stream)
    writer.write("header", HEADER)
    writer.write("case_file", case_file())
    records, _ = read(stream.getvalue())
    assert records[1].raw == canonical_json(arrange(KINDS["case_file"], case_file()))
    assert stream.getvalue().splitlines()[1] == b'{"case_file":' + records[1].raw + b"}"


def test_a_broken_line_does_not_stop_the_others() -> None:
    good = lines(("case_file", case_file()))
    bad = b'{"worker": {"worker_id": "W-1",, }}\n'
    latin = b'{"case_file": {"case_id": "\xe9"}}\n'
    records, problems = read(lines(("header", HEADER)) + good + bad + latin + b"hello\n" + good, "jsonl")
    assert problems == []
    assert [(r.number, r.kind, r.place.line, ids(r.problems)) for r in records] == [
        (0, "header", 1, []),
        (1, "case_file", 2, []),
        (2, "worker", 3, ["KJ-SYS-002"]),
        (3, "case_file", 4, ["KJ-SYS-008"]),
        (4, "case_file", 5, ["KJ-SYS-002"]),
        (5, "case_file", 6, []),
    ]


def test_a_truncated_last_line() -> None:
    data = lines(("header", HEADER), ("case_file", case_file(1)), ("case_file", case_file(2)))[:-9]
    records, problems = read(data)
    assert [(problem.id, problem.line) for problem in problems] == [("KJ-SYS-001", 3)]
    assert ids(records[-1].problems) == ["KJ-SYS-002"]
    records, problems = read(lines(("header", HEADER), ("case_file", case_file(1)))[:-1])
    assert problems == []
    assert records[-1].clean


def test_a_line_over_the_limit_is_skipped() -> None:
    long = case_file()
    long["worker_name"] = "字" * 5000
    data = lines(("header", HEADER), ("case_file", long), ("case_file", case_file()))
    records, problems = read(data, limits=Limits(record_bytes=4096))
    assert problems == []
    assert ids(records[1].problems) == ["KJ-SYS-004"]
    assert records[1].problems[0].facts == {"limit": "record_bytes", "maximum": "4096"}
    assert records[1].place.length == len(data.splitlines(keepends=True)[1])
    assert records[2].clean
    assert records[2].place.line == 3


def test_header_rules_of_lines() -> None:
    record = ("case_file", case_file())
    assert ids(read(lines(record, record))[1]) == ["KJ-SYS-010"]
    assert ids(read(lines(record))[1]) == []
    records, problems = read(lines(record, ("header", HEADER)))
    assert [(problem.id, problem.line) for problem in problems] == [("KJ-SYS-011", 2)]
    assert records[1].kind == "header"
    records, problems = read(lines(("header", HEADER), ("header", HEADER), record))
    assert [(problem.id, problem.line) for problem in problems] == [("KJ-SYS-011", 2)]
    assert [record.kind for record in records] == ["header", "case_file"]
    records, problems = read(lines(("header", HEADER), ("child", {"name": "葛曾䮌"}), record))
    assert [(problem.id, problem.line) for problem in problems] == [("KJ-SYS-012", 2)]


def test_a_bare_record_on_a_line() -> None:
    records, problems = read(json.dumps(WORKER).encode(), "jsonl")
    assert (records[0].kind, records[0].data, problems) == ("worker", WORKER, [])


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_another_version_is_its_own_finding(form: str) -> None:
    header = {**HEADER, "version": "2"}
    data = lines(("header", header)) if form == "jsonl" else document(header=header)
    (record,), _ = read(data, form)
    assert [(problem.id, problem.path) for problem in record.problems] == [("KJ-SYS-009", ("version",))]
    assert not record.clean


# --- what the standard library lets pass ---------------------------------------------------------------------------
HOSTILE: list[tuple[str, list[tuple[str, Path]]]] = [
    ('"division": "411302"', [("KJ-SYS-005", ("division",))]),
    ('"change": NaN', [("KJ-SYS-006", ("change",))]),
    ('"change": -Infinity', [("KJ-SYS-006", ("change",))]),
    ('"change": 5.0', [("KJ-SYS-022", ("change",))]),
    ('"change": -0', [("KJ-SYS-022", ("change",))]),
    ('"change": "\\ud800"', [("KJ-SYS-023", ("change",))]),
    ('"\\ud800": 1', [("KJ-SYS-020", ("?",))]),
    ('"extra": 1, "extra": 2', [("KJ-SYS-005", ("extra",)), ("KJ-SYS-020", ("extra",))]),
    ('"change": ' + "9" * 5000, [("KJ-SYS-004", ())]),
    ('"change": ' + "[" * 40 + "]" * 40, [("KJ-SYS-004", ())]),
    ('"change": ' + "[" * 5000 + "]" * 5000, [("KJ-SYS-004", ())]),
    ('"change": ' + '{"a":' * 5000 + "1" + "}" * 5000, [("KJ-SYS-004", ())]),
    ('"change": "' + "x" * 100_001 + '"', [("KJ-SYS-004", ())]),
]


@pytest.mark.parametrize("form", ["json", "jsonl"])
@pytest.mark.parametrize(("addition", "expected"), HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_records_are_findings(form: str, addition: str, expected: list[tuple[str, Path]]) -> None:
    record = json.dumps(case_file(), ensure_ascii=False)[:-1] + ", " + addition + "}"
    header, good = (json.dumps(data, ensure_ascii=False) for data in (HEADER, case_file(2)))
    if form == "json":
        text = f'{{"header": {header}, "case_file": [{record}, {good}]}}'
    else:
        text = f'{{"header": {header}}}\n{{"case_file": {record}}}\n{{"case_file": {good}}}\n'
    records, problems = read(text.encode(), form)
    assert problems == []
    assert [(problem.id, problem.path) for problem in records[1].problems] == [*expected]
    assert not records[1].clean
    assert records[1].raw is None
    assert records[2].clean, "the next record is read"
    if records[1].data is not None:
        canonical_json(records[1].data).decode()
    for problem in records[1].problems:
        _assert_message_can_be_made(problem)


def test_minus_zero_is_written_as_zero() -> None:
    text = json.dumps(HEADER).replace('"sequence_no": 7', '"sequence_no": -0')
    for data in (f'{{"header":{text}}}\n', f'{{"header":{text},\n"worker":[]}}'):
        records, _ = read(data.encode())
        assert records[0].clean
        assert canonical_json(records[0].data or {}).count(b'"sequence_no":0') == 1


@pytest.mark.parametrize(
    ("spelling", "clean"),
    [
        ('"size":3', True),
        ('"size": 3', True),
        ('"size":-0', True),
        ('"size":3.0', False),
        ('"size":3e0', False),
        ('"size":NaN', False),
        ('"size":2,"size":3', False),
        ('"size":3,"size":3', False),
        ('"size":null', False),
    ],
)
def test_a_line_is_judged_alike_however_it_is_spelled(spelling: str, clean: bool) -> None:
    """The quick look takes canonical bytes alone; JSON Schema itself would take 3.0 for an integer."""
    case = case_file()
    case["household"] = {"size": 3}
    line = canonical_json({"case_file": case}).replace(b'"size":3', spelling.encode())
    records, _ = read(canonical_json({"header": HEADER}) + b"\n" + line + b"\n")
    assert records[1].clean is clean
    assert (records[1].raw is not None) is (spelling == '"size":3')
    documents, _ = read(b'{"header":%b,"case_file":[%b]}' % (canonical_json(HEADER), line[13:-1]), "json")
    assert documents[1].clean is clean
    assert [one.id for one in documents[1].problems] == [one.id for one in records[1].problems]


# --- JSON documents ------------------------------------------------------------------------------------------------
def test_a_document_is_read_with_its_places() -> None:
    data = document(header=HEADER, worker=[WORKER], case_file=[case_file(1), case_file(2), case_file(3)])
    records, problems = read(data)
    assert problems == []
    assert [(record.number, record.kind, record.place.index) for record in records] == [
        (0, "header", None),
        (1, "worker", 0),
        (2, "case_file", 0),
        (3, "case_file", 1),
        (4, "case_file", 2),
    ]
    for record in records:
        place = record.place
        assert place.offset is not None
        assert place.length is not None
        assert json.loads(data[place.offset : place.offset + place.length]) == record.data
        assert place.line == 1 + data[: place.offset].count(b"\n")


@pytest.mark.parametrize(
    ("path", "needle"),
    [
        ((), b'"case_id": "411303-000002"'),
        (("case_id",), b'"case_id": "411303-000002"'),
        (("child", "sex"), b'"sex": "2"'),
        (("benefit", 0, "payment", 1, "amount"), b'"amount": "0.5"'),
        (("benefit", 0, "payment", 9), b'"payment": ['),
        (("child", "no_such_field"), b'"child": {'),
        (("no_such_field", 3), b'"case_id": "411303-000002"'),
    ],
)
def test_the_line_of_a_value(path: Path, needle: bytes) -> None:
    data = document(header=HEADER, case_file=[case_file(1), case_file(2), case_file(3)])
    with open_source(data) as source:
        reader = JsonReader(source)
        place = list(reader)[2].place
        assert place.offset is not None
        at = data.index(needle, place.offset)
        nearest = data.count(b"\n", 0, at) + 1
        if not path or path[0] == "no_such_field":
            nearest = place.line or 0
        assert reader.locate(place, path) == (nearest, None)


def test_kinds_in_any_order() -> None:
    records, problems = read(document(header=HEADER, case_file=[case_file()], worker=[WORKER]))
    assert problems == []
    assert [record.kind for record in records] == ["header", "case_file", "worker"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (document(case_file=[case_file()], header=HEADER), ["KJ-SYS-011"]),
        (document(case_file=[case_file()]), ["KJ-SYS-010"]),
        (document(case_file=[case_file()], worker=WORKER), ["KJ-SYS-022", "KJ-SYS-010"]),
        (document(header=HEADER, case_file=case_file()), ["KJ-SYS-022"]),
        (document(header=HEADER, case_file=[]), ["KJ-SYS-028"]),
        (document(header=HEADER, children={"a": ["]}"], "b": '\\"'}, case_file=[case_file()]), ["KJ-SYS-012"]),
        (document(header=HEADER, children=None), ["KJ-SYS-012"]),
        (document(header=HEADER) + b" x", ["KJ-SYS-012"]),
        (document(header=HEADER)[:-1] + b', "header": {}}', ["KJ-SYS-011"]),
        (document(header=HEADER, worker=[WORKER])[:-1] + b', "worker": [{}]}', ["KJ-SYS-005"]),
        (document(header=HEADER)[:-1] + b",}", ["KJ-SYS-001"]),
        (document(header=HEADER)[:-1], ["KJ-SYS-001"]),
        (document(name="葛曾䮌"), ["KJ-SYS-012", "KJ-SYS-010"]),
        (json.dumps([case_file()]).encode(), ["KJ-SYS-012", "KJ-SYS-010"]),
        (b"{}", ["KJ-SYS-010"]),
        (b'{"case_id', ["KJ-SYS-001", "KJ-SYS-010"]),
    ],
    ids=range(16),
)
def test_problems_of_the_document(data: bytes, expected: list[str]) -> None:
    records, problems = read(data, "json")
    assert ids(problems) == expected
    assert sum(record.kind == "header" for record in records) == (0 if "KJ-SYS-010" in expected else 1)


@pytest.mark.parametrize("record", [case_file(), WORKER, ORGANISATION], ids=["case_file", "worker", "organisation"])
def test_a_record_alone(record: Plain) -> None:
    kind = next(kind for kind in TOP_RECORDS if accepts(kind, record))
    for data in (document(**{kind: record}), document(**record)):
        (located,), problems = read(data)
        assert problems == []
        assert (located.kind, located.data, located.number) == (kind, record, 1)
    stream = io.BytesIO()
    assert write_single(stream, kind, record) == []
    (located,), problems = read(stream.getvalue())
    assert (located.data, problems) == (record, [])


def test_a_broken_record_alone() -> None:
    (located,), problems = read(document(**case_file())[:-30])
    assert ids(located.problems) == ["KJ-SYS-002"]
    assert ids(problems) == ["KJ-SYS-001"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"},\n  {", b"}\n  {"),
        (b'",\n   "division"', b'"\n   "division"'),
        (b'"411303-000002"', b'"411303-000002'),
        (b'"411303-000002"', b"nul"),
        (b'"411303-000002"', b'"\\q"'),
    ],
    ids=["comma between records", "comma between fields", "quote", "literal", "escape"],
)
def test_a_break_ends_the_reading(old: bytes, new: bytes) -> None:
    whole = document(header=HEADER, case_file=[case_file(1), case_file(2), case_file(3)])
    at = whole.index(old, whole.index(b"},\n  {"))
    data = whole[:at] + new + whole[at + len(old) :]
    records, problems = read(data)
    (problem,) = problems
    assert problem.id == "KJ-SYS-001"
    assert [record.number for record in records if record.clean] == [0, 1]
    offset = int(problem.facts["offset"])
    assert at <= offset <= at + 20
    assert problem.line == 1 + data[:offset].count(b"\n")
    assert problem.facts["index"] == "1"
    assert [record.place.index for record in records if not record.clean] == ([] if old.startswith(b"}") else [1])


def test_a_truncated_document() -> None:
    data = document(header=HEADER, case_file=[case_file(1), case_file(2), case_file(3)])[:-300]
    records, problems = read(data)
    assert [ids(record.problems) for record in records] == [[], [], [], ["KJ-SYS-002"]]
    assert problems == [
        Problem("KJ-SYS-001", line=data.count(b"\n") + 1, facts={"index": "2", "offset": str(len(data))})
    ]


def test_bytes_that_are_no_utf8_in_a_document() -> None:
    whole = document(header=HEADER, case_file=[case_file(1), case_file(2), case_file(3)])
    data = whole.replace("李㐂".encode(), b"\xff\xfe")
    records, problems = read(data)
    assert problems == []
    assert [ids(record.problems) for record in records] == [[], [], ["KJ-SYS-008"], []]
    place = records[3].place
    assert place.offset is not None
    assert place.length is not None
    assert json.loads(data[place.offset : place.offset + place.length]) == case_file(3)


def test_an_element_over_the_limit_is_skipped() -> None:
    long = {**case_file(), "worker_name": '\\"]}' * 2000}
    data = document(header=HEADER, case_file=[case_file(1), long, 5, case_file(3)])
    records, problems = read(data, limits=Limits(record_bytes=4096))
    assert problems == []
    assert [ids(record.problems) for record in records] == [[], [], ["KJ-SYS-004"], ["KJ-SYS-022"], []]
    assert records[4].place.index == 3


def test_a_document_longer_than_any_window(tmp_path: pathlib.Path) -> None:
    """Places are right and the memory is small where the file is many windows long."""
    import tracemalloc

    path = tmp_path / "many.json"
    with path.open("wb") as stream:
        writer = JsonWriter(stream)
        writer.write("header", HEADER)
        for number in range(8000):
            writer.write("case_file", case_file(number))
        writer.close()
    data = path.read_bytes()
    assert len(data) > 4 * 1024 * 1024
    with open_source(path) as source, path.open("rb") as stream:
        tracemalloc.start()
        count = 0
        for record in JsonReader(source):
            place = record.place
            assert place.offset is not None
            assert place.length is not None
            stream.seek(place.offset)
            assert stream.read(place.length) == canonical_json(record.data or {})
            assert record.number == count
            assert record.kind == "header" or place.line == count + 2
            count += 1
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert count == 8001
    assert peak < len(data)


def test_an_element_larger_than_the_limit_and_the_window(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "large.json"
    filler = '"' + "字\\\\" * 1_500_000 + '"'
    header, record = json.dumps(HEADER), json.dumps(case_file())
    path.write_text(
        f'{{"header":{header},"other":[{filler}],"case_file":[{record},{{"x":{filler}}},{record}]}}', "utf-8"
    )
    records, problems = read(path)
    assert ids(problems) == ["KJ-SYS-012"]
    assert [ids(record.problems) for record in records] == [[], [], ["KJ-SYS-004"], []]
    assert records[3].place.offset == path.stat().st_size - len(record) - 2


@pytest.mark.parametrize("shift", range(3))
def test_a_window_may_end_anywhere(shift: int) -> None:
    header, numbers = json.dumps(HEADER), "12345," * 50_000 + "12345"
    literals = " " * shift + "true," * 60_000 + "true"
    data = f'{{"header":{header},"worker":[{{"change":[{literals}]}}],"case_file":[{numbers}]}}'.encode()
    records, problems = read(data)
    assert problems == []
    assert len(records) == 50_003
    assert {tuple(ids(record.problems)) for record in records[2:]} == {("KJ-SYS-022",)}


# --- hostile bytes -------------------------------------------------------------------------------------------------
def _read_anything(data: bytes, form: str) -> None:
    try:
        with open_source(data, format=form, limits=Limits(record_bytes=2000)) as source:
            reader = READERS[form](source)
            records = list(reader)
            for record in records:
                assert record.kind in KINDS
                assert record.clean or record.problems
                assert record.raw is None or record.clean
                if record.data is not None:
                    canonical_json(record.data)
                for problem in record.problems:
                    _assert_message_can_be_made(problem)
                    line, _ = reader.locate(record.place, problem.path)
                    assert line is not None
                    assert 1 <= line <= data.count(b"\n") + 1
            for problem in reader.problems:
                _assert_message_can_be_made(problem)
            assert records or reader.problems
    except ExchangeError:
        pass


_DOCUMENT = document(header=HEADER, other=[1, {"a": "]"}], worker=[WORKER], case_file=[case_file(1), case_file(2)])
_LINES = lines(("header", HEADER), ("worker", WORKER), ("case_file", case_file(1)), ("case_file", case_file(2)))


@pytest.mark.parametrize("form", ["json", "jsonl"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_hostile_bytes_never_end_in_a_traceback(form: str, data: st.DataObject) -> None:
    if data.draw(st.booleans()):
        text = data.draw(st.binary(max_size=200) | st.text('{}[]":,\\ \n1eheader', max_size=60).map(str.encode))
    else:
        text = _DOCUMENT if form == "json" else _LINES
        for _ in range(data.draw(st.integers(1, 3))):
            at = data.draw(st.integers(0, len(text)))
            upto = at + data.draw(st.integers(0, 12))
            piece = data.draw(
                st.binary(max_size=4) | st.sampled_from([b'"', b"{", b"}", b"]", b",", b"\n", b"\\", b"[" * 999])
            )
            text = text[:at] + piece + text[upto:]
    _read_anything(text, form)


def test_truncation_anywhere_is_noticed() -> None:
    for length in range(1, len(_DOCUMENT) - 1, 7):
        _, problems = read(_DOCUMENT[:length], "json")
        assert "KJ-SYS-001" in ids(problems), length


def test_problems_of_a_document_have_an_end() -> None:
    keys = ", ".join(f'"k{number}": 1' for number in range(500))
    _, problems = read(f'{{"header": {json.dumps(HEADER)}, {keys}}}'.encode(), limits=Limits(problems_per_record=20))
    assert ids(problems) == ["KJ-SYS-012"] * 20 + ["KJ-SYS-004"]


# --- encodings and writing -----------------------------------------------------------------------------------------
def _written(writer_type: Any, records: list[tuple[str, Plain]], **options: str) -> bytes:
    stream = io.BytesIO()
    writer = writer_type(stream, **options)
    for kind, data in records:
        writer.write(kind, data)
    writer.close()
    assert writer.losses == []
    return stream.getvalue()


SOME = [("header", HEADER), ("worker", WORKER), ("case_file", case_file(1)), ("case_file", case_file(2))]


@pytest.mark.parametrize("writer_type", [JsonWriter, JsonLinesWriter])
def test_gb18030_and_byte_order_marks_are_read(writer_type: Any) -> None:
    plain = _written(writer_type, SOME)
    gb18030 = _written(writer_type, SOME, encoding="gb18030")
    assert gb18030 == plain.decode().encode("gb18030")
    for data in (plain, gb18030, b"\xef\xbb\xbf" + plain, plain.decode().encode("utf-16")):
        records, problems = read(data)
        assert problems == []
        assert [(record.kind, record.data) for record in records] == SOME


def test_the_canonical_document() -> None:
    text = _written(JsonWriter, SOME).decode()
    assert text.startswith('{"header":{"version":"1",')
    lines_ = text.splitlines()
    assert lines_[1] == '"worker":['
    assert lines_[3:5] == ["],", '"case_file":[']
    assert lines_[5].startswith('{"case_id":"411303-000001"')
    assert lines_[5].endswith("},")
    assert lines_[7] == "]}"
    assert _written(JsonWriter, []) == b"{}\n"
    assert _written(JsonWriter, [("header", HEADER)]).endswith(b"}}\n")


def test_kinds_that_come_mixed_are_written_together() -> None:
    mixed = [SOME[2], ("organisation", ORGANISATION), SOME[3], SOME[0], SOME[1]]
    ordered = [SOME[0], ("organisation", ORGANISATION), SOME[1], SOME[2], SOME[3]]
    assert _written(JsonWriter, mixed) == _written(JsonWriter, ordered)


def test_fields_are_written_in_the_models_order_and_unknown_ones_are_losses() -> None:
    shuffled = dict(reversed(case_file().items()))
    assert _written(JsonLinesWriter, [("case_file", shuffled)]) == _written(
        JsonLinesWriter, [("case_file", case_file())]
    )
    stream = io.BytesIO()
    losses = write_single(stream, "case_file", {**case_file(), "extra": "1"})
    assert [(loss.id, loss.path) for loss in losses] == [("KJ-SYS-020", ("extra",))]
    assert stream.getvalue() == _written(JsonLinesWriter, [("case_file", case_file())])


def test_round_trip_between_the_two() -> None:
    once = _written(JsonLinesWriter, SOME)
    records, _ = read(once)
    as_document = _written(JsonWriter, [(record.kind, record.data) for record in records if record.data])
    records, _ = read(as_document)
    again = _written(JsonLinesWriter, [(record.kind, record.data) for record in records if record.data])
    assert again == once


def test_no_file_is_left_behind(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNJING_TMPDIR", str(tmp_path))
    _written(JsonWriter, SOME)
    assert list(tmp_path.iterdir()) == []
