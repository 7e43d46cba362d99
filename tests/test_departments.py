"""Departments' layouts as a whole: every table is sound, what is two-way comes back as it was, the rest is declared."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import functools
import importlib
import io
import json
import pathlib
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from kunjing_exchange import convert, departments, validate
from kunjing_exchange.codes import code_list, list_names
from kunjing_exchange.departments import DepartmentWriter, Mapping, checking, layouts, mapping
from kunjing_exchange.departments.layout import Element, Home, Layout
from kunjing_exchange.departments.schemas import json_schema_text, xsd_text
from kunjing_exchange.departments.transform import TRANSFORMS, code_map
from kunjing_exchange.errors import InvalidArgument, UnknownFormat, UnreadableInput
from kunjing_exchange.model import RECORDS, DepartmentRecord, elements
from kunjing_exchange.wire import KINDS, Located, Plain, arrange, open_source
from kunjing_exchange.wire.json_schema import accepts

LAYOUTS = layouts()
names = pytest.mark.parametrize("name", sorted(LAYOUTS))
DIVISION = "411303"

POOL = (
    "葛曾䮌", "古丽米热·艾比布力", "欧阳㐂𠮷", "411303201003151239", "G411303201003151239", "4113032010031512394",
    "13800000000", "20100315", "2010-03-15", "2017-09-01 08:30:00", "201003", "2010-03", "2017",
    "20170901083000000", "600.00", "0.50", "12", "1", "0", "是", "否", "有", "无", "Y", "N", "411303",
    "411303001", "411303001002", "2141000001", "411303201003151239B1", "41130320100315123962",
    "91410000MA3X1T2A0B", "CHN", "C91.0", "01", "A", "三年级", "南阳市宛城区", "SM2", "20100315-20200315",
    "1101", "6217000000000000000", "education:student", "true",
)  # fmt: skip
"""Texts of every kind; each element takes those that fit it."""


def field_of(home: Home) -> Any:
    record: Any = DepartmentRecord
    for step in home.steps[:-1]:
        record = next(element.record for element in elements(record) if element.name == step.name)
    return next(element for element in elements(record) if element.name == home.steps[-1].name)


@functools.cache
def texts(name: str, element: str) -> tuple[str, ...]:
    """The texts of a two-way element that are right by its own layout and by the canonical field."""
    of = LAYOUTS[name]
    one = of.by_name[element]
    home = next(home for home in one.homes if home.direction == "both")
    if home.map and not home.map.startswith("local:"):
        codes = code_map(of.department, home.map)
        found = [code for code, canonical in codes.read.items() if codes.write.get(canonical) == code]
    elif one.codes:
        found = list(code_list(one.codes))[:40]
    elif code := field_of(home).lexical.code_list:
        found = list(code_list(code))[:40]
    else:
        found = [text for text in POOL if not one.length or len(text) <= one.length]
    found = [text for text in found if text]
    return tuple(text for text in found if all(fits(of, one, text) for one in one.homes))


def fits(of: Layout, home: Home, text: str) -> bool:
    """Whether a home takes a text, and gives it back where it is to."""
    if home.direction in ("none", "out") or home.map.startswith("local:"):
        return True
    if home.map:
        return text in code_map(of.department, home.map).read
    value = TRANSFORMS[home.transform].read(text)
    back = home.direction == "in" or (value is not None and TRANSFORMS[home.transform].write(value) == text)
    return value is not None and field_of(home).lexical.accepts(value) and back


def two_way(of: Layout) -> list[Element]:
    return [element for element in of.elements if element.two_way]


def put(raw: Plain, element: Element, text: str) -> None:
    here = raw
    *above, (last, _) = element.steps
    for step, repeated in above:
        here = here.setdefault(step, [{}])[0] if repeated else here.setdefault(step, {})
    here[last] = text


def got(raw: Plain, element: Element) -> Any:
    here: Any = raw
    for step, repeated in element.steps:
        here = here.get(step) if here is not None else None
        if repeated and here is not None:
            here = here[0] if here else None
    return here


def refuse(finding: str, element: Element, text: str, home: Home) -> None:
    """What is two-way is never refused; what is only written may not fit what was read."""
    assert home.direction != "both", (finding, element.name, home.path)


def positions(element: Element) -> list[int]:
    return [step.selector for home in element.homes for step in home.steps if isinstance(step.selector, int)]


@functools.cache
def whole(name: str, seed: int = 0) -> str:
    """A record with every two-way element, as JSON."""
    raw: Plain = {}
    for at, element in enumerate(two_way(LAYOUTS[name])):
        found = texts(name, element.name)
        put(raw, element, found[(seed + at) % len(found)])
    return json.dumps(raw)


def written(of: Layout, rows: list[Plain], form: str) -> bytes:
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, of, form)
    for row in rows:
        writer.put(row)
    writer.close()
    return stream.getvalue()


def located(content: bytes, name: str | None = None, form: str | None = None) -> tuple[list[Located], list[Any]]:
    with open_source(content, format=form) as source:
        reader = departments.open_reader(source, name, division=DIVISION)
        return [one for one in reader if one.kind != "header"], reader.problems


# --- the tables -------------------------------------------------------------------------------------------------------
@names
def test_a_table_is_sound(name: str) -> None:
    of = LAYOUTS[name]
    assert of.elements
    assert of.formats
    assert of.title_zh
    assert of.title_en
    mapping(name)  # every path, transform and map is there
    for element in of.elements:
        assert element.title, element.name
        assert element.type in ("string", "number", "integer", "date", "datetime", "object"), element.name
        assert element.required in ("Y", "C", ""), element.name
        assert element.certainty in ("verified", "single", "memory", "own"), element.name
        assert element.source, element.name
        assert not element.codes or element.codes in list_names(), (element.name, element.codes)
        for home in element.homes:
            assert home.direction in ("both", "in", "out", "none"), element.name
            assert bool(home.loss_zh) == bool(home.loss_en), element.name
            if home.direction == "none":
                assert home.loss_zh, f"{element.name} is left out without a reason"
                assert not home.path, element.name
            else:
                assert home.path, element.name
    if not of.public:
        assert (of.note_zh and of.note_en) or of.standard, "what is not public says so"


@names
def test_no_two_two_way_elements_share_a_home(name: str) -> None:
    homes = [home.path for element in two_way(LAYOUTS[name]) for home in element.homes if home.direction == "both"]
    assert len(homes) == len(set(homes))


# --- there and back ---------------------------------------------------------------------------------------------------
@names
def test_every_two_way_element_comes_back(name: str) -> None:
    of = LAYOUTS[name]
    for seed in range(6):
        raw = json.loads(whole(name, seed))
        back = list(mapping(name).rows(mapping(name).read(raw, refuse), refuse))
        assert len(back) == 1
        for element in two_way(of):
            assert got(back[0], element) == got(raw, element), element.name


@names
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_what_is_there_comes_back_and_nothing_else(name: str, data: st.DataObject) -> None:
    of = LAYOUTS[name]
    chosen = data.draw(st.sets(st.sampled_from([one.name for one in two_way(of)]))) if two_way(of) else set()
    last = max((at for one in two_way(of) if one.name in chosen for at in positions(one)), default=0)
    raw: Plain = {}
    for one in two_way(of):
        # an item has its place only where those before it are there
        if one.name in chosen or any(at < last for at in positions(one)):
            put(raw, one, data.draw(st.sampled_from(texts(name, one.name))))
    canonical = mapping(name).read(raw, refuse)
    back = list(mapping(name).rows(canonical, refuse))
    if not back:  # a record without the item that makes one
        assert of.each
        return
    for one in two_way(of):
        assert got(back[0], one) == got(raw, one), one.name


def restricted(name: str, data: Plain) -> Plain:
    """The part of a canonical record that its layout carries both ways."""
    kept = {tuple(step.name for step in home.steps) for element in two_way(LAYOUTS[name]) for home in element.homes
            if home.direction == "both"}  # fmt: skip

    def cut(value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, dict) and "unknown" not in value:
            found = {key: cut(item, (*path, key)) for key, item in value.items()}
            return {key: item for key, item in found.items() if item not in (None, {}, [])}
        if isinstance(value, list):
            return [found for found in (cut(item, path) for item in value) if found]
        return value if path in kept else None

    cut_down: Plain = cut(data, ())
    return cut_down


@names
def test_the_way_back_loses_exactly_what_is_declared(name: str) -> None:
    """Canonical → department → canonical: of a record full of other facts only the two-way ones are left."""
    raw = json.loads(whole(name))
    first = mapping(name).read(raw, refuse)
    full = dict(first)
    for element in elements(DepartmentRecord):
        if element.name not in full and element.record is None and element.lexical and element.lexical.kind == "text":
            full[element.name] = "education:student" if "key" in element.name or "layout" in element.name else "2017"
    full["child"] = {"photo_reference": "照片-1", "birth_certificate_no": "P410000001"} | full.get("child", {})
    row = next(iter(mapping(name).rows(full, lambda *_: None)))
    second = mapping(name).read(row, refuse)
    kept = restricted(name, full)
    assert restricted(name, second) == kept
    assert restricted(name, first) == restricted(name, second) or kept != restricted(name, first)


@names
def test_files_of_every_format_come_back(name: str) -> None:
    of = LAYOUTS[name]
    rows = [json.loads(whole(name, seed)) for seed in range(3)]
    read: list[Any] = []
    for form in of.formats:
        content = written(of, rows, form)
        found, _ = located(content, name)
        assert len(found) == 3, form
        assert all(accepts("department_record", one.data) for one in found), form
        read.append([one.data for one in found])
        again = io.BytesIO()
        writer = DepartmentWriter(again, of, form)
        for one in found:
            writer.write(one.kind, one.data or {})
        writer.close()
        if form != "xlsx" and all(home.direction != "out" for element in of.elements for home in element.homes):
            assert again.getvalue() == content, form
        assert [one.data for one in located(again.getvalue(), name)[0]] == read[-1]
    assert all(one == read[0] for one in read)


def test_json_lines_hold_one_message_a_line() -> None:
    name = next(name for name, of in LAYOUTS.items() if of.nested and "json" in of.formats)
    rows = [json.loads(whole(name, seed)) for seed in range(3)]
    lines = located(written(LAYOUTS[name], rows, "jsonl"), name, "json")[0]
    assert [one.data for one in lines] == [one.data for one in located(written(LAYOUTS[name], rows, "json"), name)[0]]
    assert [one.place.line for one in lines] == [1, 2, 3]


ODD: tuple[Any, ...] = ("", True, 7, [], {}, "Z" * 400, "🙂", [None], {"XM": ""}, [{"XM": "葛"}], "\ud800")


@names
def test_what_is_accepted_fast_is_what_the_walk_finds_right(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of = LAYOUTS[name]
    rng = random.Random(name)
    records: list[Plain] = []
    for seed in range(12):
        raw = json.loads(whole(name, seed))
        for element in of.elements:
            if element.required == "Y" and got(raw, element) is None:
                codes = list(code_list(element.codes)) if element.codes else ["1"]
                put(raw, element, next(code for code in codes if element.length is None or len(code) <= element.length))
        records.append(raw)
        odd = copy.deepcopy(raw)
        put(odd, rng.choice(of.elements), rng.choice(ODD))
        records += [odd, {**odd, "odd": "1"}, {key: odd[key] for key in odd if rng.random() < 0.9}]

    def told() -> list[list[Any]]:
        found: list[list[Any]] = []
        for raw in records:
            found.append([])
            checking.check(of, raw, found[-1])
        return found

    fast = told()
    assert any(not problems for problems in fast), "the fast way accepts something"
    monkeypatch.setattr(checking, "sound", lambda of: lambda raw: False)
    assert fast == told()


@pytest.fixture
def core_install(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Without the extra ``fast``."""
    monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
    checking._accepting.cache_clear()
    yield
    checking._accepting.cache_clear()


@pytest.mark.usefixtures("core_install")
def test_the_core_install_tells_a_right_record_from_a_wrong_one() -> None:
    rows = pathlib.Path("fixtures/departments/nhsa-1101.jsonl").read_text(encoding="utf-8").splitlines()
    raw = json.loads(rows[0], parse_int=str, parse_float=str)
    assert checking.sound(LAYOUTS[ANSWER])(raw)
    raw["output"]["baseinfo"]["gend"] = "7"
    assert not checking.sound(LAYOUTS[ANSWER])(raw)


def test_null_and_empty_texts_are_not_there() -> None:
    """In a message that is right and in one that is doubted."""
    message = json.loads(pathlib.Path("fixtures/departments/nhsa-1101.json").read_text(encoding="utf-8"))
    read = []
    for more in ({}, {"warn_msg": None, "err_msg": ""}, {"warn_msg": None, "err_msg": "", "odd": None, "cainfo": True}):
        (one,), _ = located(json.dumps(message | more).encode(), ANSWER)
        assert one.problems == []
        read.append(one.data)
    assert read[0] == read[1] == read[2]


@names
def test_what_is_read_is_in_canonical_order(name: str) -> None:
    for seed in range(3):
        data = mapping(name).read(json.loads(whole(name, seed)), refuse)
        for key, value in data.items():
            record = next(element.record for element in elements(DepartmentRecord) if element.name == key)
            for item in value if isinstance(value, list) else [value]:
                assert record is None or arrange(record, item) is item, key


# --- schemas ----------------------------------------------------------------------------------------------------------
@names
def test_schemas_take_what_is_written(name: str, tmp_path: pathlib.Path) -> None:
    of = LAYOUTS[name]
    rows = [json.loads(whole(name, seed)) for seed in range(2)]
    for row in rows:
        for element in of.elements:
            if element.required == "Y" and got(row, element) is None:
                put(row, element, "1")
    if "xml" in of.formats:
        schema = tmp_path / "layout.xsd"
        schema.write_text(xsd_text(of), encoding="utf-8")
        document = tmp_path / "records.xml"
        document.write_bytes(written(of, rows, "xml"))
        etree.XMLSchema(etree.parse(schema)).assertValid(etree.parse(document))
        if shutil.which("xmllint"):
            run = ["xmllint", "--noout", "--schema", str(schema), str(document)]
            assert subprocess.run(run, capture_output=True, check=False).returncode == 0
    schema_of = json.loads(json_schema_text(of))
    jsonschema.Draft202012Validator.check_schema(schema_of)
    if "json" in of.formats:
        found = json.loads(written(of, rows, "json"))
        for one in found:
            jsonschema.Draft202012Validator(schema_of).validate(one)
        required = [element for element in of.elements if element.required == "Y" and len(element.steps) == 1]
        if required:
            del found[0][required[0].name]
            assert not jsonschema.Draft202012Validator(schema_of).is_valid(found[0])


# --- fixtures ---------------------------------------------------------------------------------------------------------
FIXTURES = pathlib.Path("fixtures/departments")
FILES = sorted(path.name for path in FIXTURES.iterdir() if path.suffix in (".csv", ".xlsx", ".xml", ".json", ".jsonl"))
ON = datetime.date(2017, 9, 30)


@pytest.mark.parametrize("file", FILES)
def test_a_fixture_is_told_read_and_written_back(file: str, tmp_path: pathlib.Path) -> None:
    """No layout is named: the file's own names tell it. What was read is read again from what is written."""
    read, back, again = tmp_path / "read.jsonl", tmp_path / f"back{pathlib.Path(file).suffix}", tmp_path / "again.jsonl"
    conversion = convert(FIXTURES / file, read, division=DIVISION, on=ON)
    assert conversion.records
    (name,) = {json.loads(line)["department_record"]["layout"] for line in read.read_text().splitlines()[1:]}
    convert(read, back, to=name)
    convert(back, again, layout=name, division=DIVISION, on=ON)
    kept = [[restricted(name, json.loads(line)["department_record"]) for line in path.read_text().splitlines()[1:]]
            for path in (read, again)]  # fmt: skip
    assert kept[0] == kept[1]
    with validate(FIXTURES / file, as_of=ON) as findings:
        assert findings.summary.by_severity["error"] == 0, findings.summary.by_id


@pytest.mark.parametrize("file", FILES)
def test_clean_records_come_in_canonical_form(file: str) -> None:
    """Writers don't look again."""
    with open_source(FIXTURES / file) as source:
        for located in departments.open_reader(source):
            if located.data is not None and located.clean:
                assert arrange(KINDS[located.kind], located.data) is located.data


def test_every_layout_has_a_fixture() -> None:
    told = set()
    for file in FILES:
        with open_source(FIXTURES / file) as source:
            found = departments.recognise(source)
            told.add(found.name if found else "")
    # a purpose's extracts are made, never received
    assert set(LAYOUTS) - told <= {"civil_affairs:research-extract"}


def test_every_published_table_has_a_home_or_a_reason() -> None:
    """As the page lists them: its layouts exist, and no public layout is missing from it."""
    page = pathlib.Path("docs/departments.md").read_text(encoding="utf-8")
    section = page.partition("## Published tables and their homes")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")][2:]
    assert all(len(row) == 2 and all(row) for row in rows)
    listed = set(re.findall(r"`([a-z_]+:[a-z0-9-]+)`", section))
    assert listed <= set(LAYOUTS)
    assert {name for name, of in LAYOUTS.items() if of.public} <= listed
    for table, home in rows:
        for module in re.findall(r"`(departments\.[a-z_]+)`", home):
            importlib.import_module(f"kunjing_exchange.{module}")
        assert "`" in home, table


def test_a_mark_for_nothing_is_an_empty_cell() -> None:
    of = LAYOUTS["civil_affairs:left-behind-2016"]
    assert of.blanks
    content = written(of, [{"name": "李𠮷", "father_name": "—", "father_birth_date": "—"}], "csv")
    (one,), _ = located(content, of.name)
    assert one.problems == []
    assert "relative" not in (one.data or {})


# --- through the verbs ------------------------------------------------------------------------------------------------
STUDENT = "education:student"


def student(**more: str) -> Plain:
    raw: Plain = json.loads(whole(STUDENT))
    return {key: value for key, value in (raw | more).items() if value}


def test_a_file_tells_its_own_layout(tmp_path: pathlib.Path) -> None:
    for form in LAYOUTS[STUDENT].formats:
        source = tmp_path / f"in.{form}"
        source.write_bytes(written(LAYOUTS[STUDENT], [student(), student()], form))
        target = tmp_path / f"{form}.jsonl"
        assert convert(source, target, division=DIVISION).records == 2
        records = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
        assert [next(iter(record)) for record in records] == ["header", "department_record", "department_record"]
        assert records[1]["department_record"]["layout"] == STUDENT


def test_findings_speak_the_departments_language() -> None:
    content = written(LAYOUTS[STUDENT], [student(), student(CSRQ="2010-3-5", XBM="7", XM="")], "csv")
    with validate(content, layout=STUDENT) as findings:
        found = {(one.id, one.location.cell): one for one in findings if one.id.startswith("KJ-DEPT")}
    wrong = next(one for (id_, _), one in found.items() if id_ == "KJ-DEPT-003")
    assert wrong.location.line == 3
    assert wrong.location.cell is not None
    assert wrong.location.cell.endswith("CSRQ")
    assert "CSRQ 出生日期" in wrong.message_zh
    assert "2010-3-5" not in wrong.message_zh + str(wrong.value)
    assert {id_ for id_, _ in found} == {"KJ-DEPT-002", "KJ-DEPT-003", "KJ-DEPT-004"}


def test_line_and_element_in_xml() -> None:
    content = written(LAYOUTS[STUDENT], [student(), student(XBM="7")], "xml")
    line = next(at for at, text in enumerate(content.decode().splitlines(), 1) if "<XBM>7<" in text)
    start = max(at for at, text in enumerate(content.decode().splitlines()[:line], 1) if "<Student>" in text)
    with validate(content, layout=STUDENT) as findings:
        (one,) = [one for one in findings if one.id == "KJ-DEPT-004"]
    assert (one.location.line, one.location.cell) == (start, "XBM")


def test_an_unknown_element_is_said_and_masked() -> None:
    with validate(written(LAYOUTS[STUDENT], [student()], "xml").replace(b"<XM>", b"<ZHANGSAN>9</ZHANGSAN><XM>"),
                  layout=STUDENT) as findings:  # fmt: skip
        (one,) = [one for one in findings if one.id == "KJ-DEPT-001"]
    assert "ZHANGSAN" not in one.message_zh + one.message_en


def test_case_files_leave_by_purpose_only(tmp_path: pathlib.Path) -> None:
    with pytest.raises(InvalidArgument, match="purpose"):
        convert("fixtures/nanyang/county.xml", tmp_path / "out.csv", to=STUDENT)
    assert list(tmp_path.iterdir()) == []


def test_several_records_want_a_county(tmp_path: pathlib.Path) -> None:
    rows = [{key: row[key] for key in ("XH", "XM") if key in row} for row in (student(), student())]
    content = written(LAYOUTS[STUDENT], rows, "csv")
    with pytest.raises(InvalidArgument, match="--division"):
        convert(content, tmp_path / "out.xml", layout=STUDENT)
    assert convert(content, tmp_path / "out.xml", layout=STUDENT, division=DIVISION).records == 2


def test_department_records_have_no_workbook(tmp_path: pathlib.Path) -> None:
    content = written(LAYOUTS[STUDENT], [student(), student()], "csv")
    with pytest.raises(UnknownFormat, match="workbook"):
        convert(content, tmp_path / "out.xlsx", layout=STUDENT, division=DIVISION)


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        (b"<!DOCTYPE Students [<!ENTITY x 'y'>]><Students><Student><XM>&x;</XM></Student></Students>", "KJ-SYS-003"),
        (b"<Students><Student><XM>a</XM></Student><Student>", "KJ-SYS-001"),
        (b"<Students></Students>", "KJ-SYS-013"),
    ],
)
def test_hostile_and_broken_documents(content: bytes, finding: str) -> None:
    with validate(content, layout=STUDENT) as findings:
        assert finding in {one.id for one in findings}


def test_broken_json_is_said() -> None:
    name = next(name for name, of in LAYOUTS.items() if "json" in of.formats)
    for content, finding in (
        (b'{"a": 1, "a": 2}', "KJ-SYS-005"),
        (b'{"a": NaN}', "KJ-SYS-006"),
        (b"[1]", "KJ-SYS-002"),
    ):
        with validate(content, layout=name) as findings:
            assert finding in {one.id for one in findings}


ANSWER = "health_insurance:nhsa-1101"


@pytest.mark.parametrize(
    ("output", "finding", "element"),
    [
        ("c2VjcmV0", "KJ-DEPT-003", "output"),
        ({"baseinfo": [{}]}, "KJ-DEPT-003", "baseinfo"),
        ({"insuinfo": {"insutype": "390"}}, "KJ-DEPT-003", "insuinfo"),
        ({"insuinfo": ["390"]}, "KJ-DEPT-003", "insuinfo"),
        (None, "KJ-DEPT-002", "output.baseinfo"),
    ],
)
def test_what_has_the_wrong_shape_is_not_lost_in_silence(output: object, finding: str, element: str) -> None:
    message = json.loads(pathlib.Path("fixtures/departments/nhsa-1101.json").read_text(encoding="utf-8"))
    message["output"] = output if not isinstance(output, dict) else message["output"] | output
    with validate(json.dumps(message).encode(), layout=ANSWER) as findings:
        said = [one for one in findings if one.id == finding]
    assert any(f"“{element}”" in one.message_zh for one in said)


def test_what_no_record_holds_is_supplied() -> None:
    of = LAYOUTS["health_insurance:nhsa-1101-request"]
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, of, "json", supplied={"infver": "V1.0", "input.data.card_sn": "1"})
    writer.put({"input": {"data": {"certno": "411303201003151239"}}})
    writer.close()
    made = json.loads(stream.getvalue())
    assert (made["infno"], made["infver"], made["input"]["data"]["card_sn"]) == ("1101", "V1.0", "1")
    assert {one.facts["element"].partition(" ")[0] for one in writer.losses} >= {"msgid", "inf_time"}
    with pytest.raises(InvalidArgument, match="nonsense"):
        DepartmentWriter(stream, of, "json", supplied={"nonsense": "1"})


def test_a_department_is_not_blamed_for_what_another_holds() -> None:
    """In a case file a special school without a disability is a finding; on a school roll it is not."""
    schooling = {"stage": "primary", "mode": "special_school", "status": "01", "start_date": "2016-09-01",
                 "end_date": "2015-09-01"}  # fmt: skip
    record = {"record_key": "education:student:1", "department": "education", "layout": STUDENT, "as_of": "2017-09-30",
              "schooling": [schooling]}  # fmt: skip
    with validate(json.dumps({"department_record": record}).encode(), as_of=datetime.date(2017, 9, 30)) as findings:
        found = {one.id for one in findings}
    assert "KJ-EDU-005" in found  # it ends before it starts: that the roll alone can tell
    assert "KJ-EDU-017" not in found


def test_a_list_within_a_list_is_refused_not_skipped() -> None:
    of = LAYOUTS[STUDENT]
    deep = dataclasses.replace(of.elements[0], name="output[].part[].XH")
    with pytest.raises(ValueError, match="list within a list"):
        Mapping(dataclasses.replace(of, elements=(deep,)))


def test_no_layout_of_that_name() -> None:
    with pytest.raises(UnknownFormat, match="education:student"):
        validate(b"<a/>", layout="education:nonsense")
    with pytest.raises(UnknownFormat, match="json"):
        validate(b'{"a": "b"}', layout=STUDENT)


def test_a_places_own_codes(tmp_path: pathlib.Path) -> None:
    file = tmp_path / "codes.csv"
    file.write_text("map,source,target\nidentity,7101,orphan\n", encoding="utf-8")
    assert departments.local_codes(file) == {"identity": {"7101": "orphan"}}
    for content in ("a,b\n1,2\n", "map,source,target\nx,1,2\nx,1,3\n"):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(InvalidArgument):
            departments.local_codes(file)
    with pytest.raises(UnreadableInput):
        departments.local_codes(tmp_path / "none.csv")


def test_every_record_type_can_be_filled_by_some_department() -> None:
    filled = {
        home.steps[0].name for of in LAYOUTS.values() for element in of.elements for home in element.homes if home.path
    }
    lists = {element.name for element in elements(DepartmentRecord) if element.record is not None}
    assert lists - filled == set()
    assert {"department_record", "child_facts"} <= RECORDS.keys()
