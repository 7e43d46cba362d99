"""The layouts of the health insurance department: what they read, what they write, what they refuse."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import io
import json
import pathlib
from collections.abc import Iterator
from typing import Any

import pytest

from kunjing_exchange.departments import DepartmentWriter, Layout, department, layout, open_reader, recognise
from kunjing_exchange.wire import Located, Plain, open_source

ROOT = pathlib.Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "departments"
INVALID = ROOT / "tests" / "departments" / "invalid"
ON = datetime.date(2017, 9, 30)

FILES = {
    "nhsa-1101-request.json": ("nhsa-1101-request", 1),
    "nhsa-1101.json": ("nhsa-1101", 1),
    "nhsa-1101.jsonl": ("nhsa-1101", 9),
    "insurance-person.csv": ("person", 8),
    "insurance-insured.csv": ("insured", 8),
    "premium-subsidy.csv": ("premium-subsidy", 8),
    "premium-subsidy.json": ("premium-subsidy", 2),
    "medical-assistance.csv": ("medical-assistance", 3),
    "medical-assistance.json": ("medical-assistance", 2),
}


def of(name: str) -> Layout:
    return layout(f"health_insurance:{name}")


def read(source: pathlib.Path | bytes, name: str) -> tuple[list[Located], list[Any]]:
    """The records of a file without the header made up for them, and all that is wrong, those of the file first."""
    with open_source(str(source) if isinstance(source, pathlib.Path) else source) as opened:
        reader = open_reader(opened, of(name).name, on=ON)
        records = [record for record in reader if record.kind == "department_record"]
        return records, [*reader.problems, *(problem for record in records for problem in record.problems)]


def write(records: list[Located] | list[Plain], name: str, form: str) -> tuple[bytes, list[Any]]:
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, of(name), form)
    for record in records:
        if isinstance(record, Located):
            assert record.data is not None
            writer.write(record.kind, record.data)
        else:
            writer.write("case_file", record)
    writer.close()
    return stream.getvalue(), writer.losses


def own_terms(content: bytes, name: str) -> list[dict[str, list[str]]]:
    """A file by the department's own names, read without the library: the texts of every element."""
    rows: list[dict[str, list[str]]] = []
    if content.lstrip()[:1] not in (b"{", b"["):
        titles = {of(name).heading(element): element.name for element in of(name).elements}
        for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
            rows.append({titles[key]: [text] for key, text in row.items() if text})
        return rows
    text = content.decode()
    lines = [text] if text[0] == "[" or text.count("\n") == 1 else text.splitlines()
    values = [json.loads(line, parse_int=str, parse_float=str) for line in lines]
    for value in values[0] if isinstance(values[0], list) else values:
        rows.append({})
        for path, leaf in _leaves(value, ""):
            rows[-1].setdefault(path, []).append(leaf)
    return rows


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, f"{path}[]")
    else:
        yield path, value


# --- in ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("file", FILES)
def test_a_file_in_order_is_told_and_read_without_findings(file: str) -> None:
    name, count = FILES[file]
    with open_source(str(FIXTURES / file)) as source:
        assert recognise(source) is of(name)
    records, problems = read(FIXTURES / file, name)
    assert len(records) == count
    assert problems == []


def test_the_files_are_what_their_script_makes() -> None:
    spec = importlib.util.spec_from_file_location("make_health_insurance", FIXTURES / "make_health_insurance.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    made = [*script.fixtures(), *script.invalid()]
    assert [path.name for path, content in made if path.read_bytes() != content] == []
    assert {path.name for path, _ in made} >= {*FILES, *(f"health_insurance-{kind}" for kind in FAULTS)}


def test_answer() -> None:
    records, _ = read(FIXTURES / "nhsa-1101.jsonl", "nhsa-1101")
    assert records[3].data == {
        "record_key": "health_insurance:nhsa-1101:4",
        "department": "health_insurance",
        "layout": "health_insurance:nhsa-1101",
        "as_of": "2017-09-30",
        "person_no": "411300000000000000000000000004",
        "answered": True,
        "child": {
            "name": "邹世峰",
            "id_document_type": "111",
            "id_number": "411330200805016797",
            "sex": "1",
            "birth_date": "2008-05-01",
            "ethnicity": "01",
        },
        "claim": [
            {
                "kind": "local_identity",
                "value": True,
                "local_code": "7069",
                "level": "1",
                "start_date": "2015-01-01",
                "end_date": "2018-12-31",
                "note": "残联比对",
            }
        ],
        "insurance": [
            {
                "insurance_type": "390",
                "person_type": "1403",
                "year": {"unknown": "not_supplied"},
                "division": "411330",
                "enrolling_unit": "桐柏县淮源镇鸿仪河村",
                "first_date": "2009-01-01",
                "status": "1",
                "account_balance": "0",
            }
        ],
    }


def test_an_answer_with_an_error_says_so() -> None:
    records, _ = read(FIXTURES / "nhsa-1101.jsonl", "nhsa-1101")
    data = records[-1].data
    assert data is not None
    assert (data["answered"], data["failure"]) == (False, "未查询到人员信息")
    assert "child" not in data


def test_request() -> None:
    (record,), _ = read(FIXTURES / "nhsa-1101-request.json", "nhsa-1101-request")
    assert record.data == {
        "record_key": "health_insurance:nhsa-1101-request:1",
        "department": "health_insurance",
        "layout": "health_insurance:nhsa-1101-request",
        "as_of": "2017-09-30",
        "division": "411302",
        "reporting_unit": "南阳市测试医院",
        "reported_on": "2017-09-30",
        "source_no": "H41130200001201709300930000001",
        "child": {"name": "宋凝艳", "id_document_type": "111", "id_number": "411321201012135663"},
    }


def test_a_request_for_an_earlier_day_is_of_that_day() -> None:
    message = json.loads((FIXTURES / "nhsa-1101-request.json").read_text(encoding="utf-8"))
    message["input"]["data"]["begntime"] = "2016-12-31 08:00:00"
    (record,), problems = read(json.dumps(message).encode(), "nhsa-1101-request")
    assert record.data is not None
    assert (record.data["as_of"], problems) == ("2016-12-31", [])


def test_person() -> None:
    records, _ = read(FIXTURES / "insurance-person.csv", "person")
    data = records[7].data
    assert data is not None
    assert data["child"] == {
        "name": "古丽米热·艾比布力",
        "alias": "小丽",
        "id_document_type": "111",
        "id_number": "411303200806016220",
        "sex": "2",
        "birth_date": "2008-06-01",
        "ethnicity": "05",
        "nationality": "CHN",
        "hukou_division": "411303",
        "hukou_address": "河南省南阳市卧龙区蒲山镇汪寨村2组11号",
        "residence_division": "411303",
        "residence_address": "河南省南阳市卧龙区蒲山镇汪寨村2组11号",
        "telephone": "0377-60000008",
        "mobile": "13900000008",
    }
    assert data["household"] == {"household_no": "4113030008"}
    assert (data["person_no"], data["valid"]) == ("411300000000000000000000000008", True)
    assert (data["source_no"], data["note"]) == ("4113032015010100000008", "随母居住")


def test_insured() -> None:
    records, _ = read(FIXTURES / "insurance-insured.csv", "insured")
    data = records[1].data
    assert data is not None
    assert data["insurance"] == [
        {
            "insurance_type": "390",
            "person_type": "1403",
            "person_no": "411300000000000000000000000002",
            "year": {"unknown": "not_supplied"},
            "division": "411324",
            "pooling_division": "411300",
            "enrolling_unit_no": "411324V002",
            "enrolling_unit": "镇平县安字营镇朱张营村",
            "first_month": "2011-01",
            "first_date": "2011-01-01",
            "from_month": "2016-01",
            "until_month": "2016-12",
            "levied_until": "2016-12",
            "status": "2",
            "start_date": "2016-01-01",
            "end_date": "2016-12-31",
        }
    ]
    assert data["person_no"] == data["insurance"][0]["person_no"]
    assert data["division"] == "411324"


def test_premium_subsidy() -> None:
    records, _ = read(FIXTURES / "premium-subsidy.csv", "premium-subsidy")
    data = records[6].data
    assert data is not None
    assert data["child"]["name"] == "李𠮷"
    assert data["claim"] == [{"kind": "unattended", "value": True}]
    assert data["insurance"] == [
        {
            "insurance_type": "390",
            "person_no": "411300000000000000000000000007",
            "year": "2017",
            "division": "411303",
            "premium_subsidy": "full",
            "premium_amount": "180",
            "subsidised_amount": "180",
        }
    ]


@pytest.mark.parametrize(
    ("word", "kind", "back"),
    [
        ("孤儿", "orphan", "孤儿"),
        ("脱贫不稳定户", "poverty_monitored", "防返贫监测对象"),
        ("重度残疾", "severely_disabled", "重度残疾"),
    ],
)
def test_who_is_subsidised_is_said_in_words(word: str, kind: str, back: str) -> None:
    content = (FIXTURES / "premium-subsidy.csv").read_text(encoding="utf-8").replace("低保对象", word)
    records, problems = read(content.encode(), "premium-subsidy")
    assert problems == []
    assert records[0].data is not None
    assert records[0].data["claim"] == [{"kind": kind, "value": True}]
    written, _ = write(records[:1], "premium-subsidy", "csv")
    assert own_terms(written, "premium-subsidy")[0]["category"] == [back]


def test_medical_assistance() -> None:
    records, _ = read(FIXTURES / "medical-assistance.csv", "medical-assistance")
    data = records[1].data
    assert data is not None
    assert data["medical_assistance"] == [
        {
            "settlement_no": "4113022017000003",
            "hospital": "南阳市测试医院",
            "illness": "急性白血病",
            "settled_on": "2017-03-15",
            "total_amount": "50000",
            "basic_amount": "25000",
            "serious_illness_amount": "8000.5",
            "supplementary_amount": "2000",
            "assistance_amount": "9999.5",
            "fund_amount": "45000",
            "own_amount": "5000",
            "account_amount": "0",
        }
    ]
    assert (data["division"], data["claim"]) == ("411302", [{"kind": "orphan", "value": True}])


# --- and back ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("file", "form"),
    [
        (file, form)
        for file, (name, _) in FILES.items()
        for form in [*of(name).formats, *(["jsonl"] if "json" in of(name).formats else [])]
    ],
)
def test_written_and_read_again_the_records_are_the_same(file: str, form: str) -> None:
    name, _ = FILES[file]
    records, _ = read(FIXTURES / file, name)
    again, _ = read(write(records, name, form)[0], name)
    assert [record.data for record in again] == [record.data for record in records]


@pytest.mark.parametrize("name", department("health_insurance").layouts)
def test_what_is_two_way_comes_back_as_it_was(name: str) -> None:
    name = name.partition(":")[2]
    two_way = {element.name for element in of(name).elements if element.two_way}
    seen = set()
    for file, form in ((file, file.rpartition(".")[2]) for file, (one, _) in FILES.items() if one == name):
        records, _ = read(FIXTURES / file, name)
        before = own_terms((FIXTURES / file).read_bytes(), name)
        after = own_terms(write(records, name, form)[0], name)
        assert len(before) == len(after) == len(records)
        for was, is_now in zip(before, after, strict=True):
            assert {key: was.get(key) for key in two_way} == {key: is_now.get(key) for key in two_way}
            seen |= was.keys()
    assert two_way <= seen  # the files hold a value of every one of them


def test_what_is_left_out_has_its_reason_in_both_languages() -> None:
    for one in department("health_insurance").layouts.values():
        for element in one.elements:
            for home in element.homes:
                if home.direction != "both" and not (home.direction == "out" and element.two_way):
                    assert home.loss_zh, f"{one.name} {element.name}"
                    assert home.loss_en, f"{one.name} {element.name}"


def test_the_time_of_day_is_lost_as_declared() -> None:
    records, _ = read(FIXTURES / "nhsa-1101.json", "nhsa-1101")
    message = json.loads(write(records, "nhsa-1101", "json")[0])
    assert message["respond_time"] == "20170930000000000"
    assert message["output"]["idetinfo"][0]["begntime"] == "2015-01-01 00:00:00"


def test_numbers_are_numbers_as_on_the_platform() -> None:
    records, _ = read(FIXTURES / "nhsa-1101.json", "nhsa-1101")
    text = write(records, "nhsa-1101", "json")[0].decode()
    assert '"infcode":0,' in text
    assert '"balc":0.00,' in text
    assert '"psn_insu_stas":"1",' in text
    assert text.count("\n") == 1


CASE = {
    "case_id": "411321-0000001",
    "division": "411321",
    "child": {
        "name": "宋凝艳",
        "sex": "2",
        "birth_date": "2010-12-13",
        "id_document_type": "111",
        "id_number": "411321201012135663",
    },
    "insurance": [
        {"insurance_type": "390", "person_no": "41130001", "year": "2017", "division": "411321", "status": "1"}
    ],
}


def test_a_case_file_becomes_a_request() -> None:
    content, losses = write([CASE], "nhsa-1101-request", "json")
    assert json.loads(content) == {
        "infno": "1101",
        "mdtrtarea_admvs": "411321",
        "insuplc_admdvs": "411321",
        "input": {
            "data": {
                "mdtrt_cert_type": "02",
                "mdtrt_cert_no": "411321201012135663",
                "psn_cert_type": "01",
                "certno": "411321201012135663",
                "psn_name": "宋凝艳",
            }
        },
    }
    sender = ["msgid", "recer_sys_code", "infver", "opter_type", "opter", "opter_name", "inf_time"]
    sender.append("fixmedins_code")
    assert [(loss.id, loss.facts["element"].partition(" ")[0]) for loss in losses] == [
        ("KJ-DEPT-002", name) for name in sender
    ]


def test_a_case_file_becomes_an_answer() -> None:
    content, _ = write([CASE], "nhsa-1101", "json")
    assert json.loads(content)["output"] == {
        "baseinfo": {
            "psn_no": "41130001",
            "psn_cert_type": "01",
            "certno": "411321201012135663",
            "psn_name": "宋凝艳",
            "gend": "2",
            "brdy": "2010-12-13",
        },
        "insuinfo": [{"insutype": "390", "psn_insu_stas": "1", "insuplc_admdvs": "411321"}],
    }


# --- what is wrong ----------------------------------------------------------------------------------------------------
FAULTS = {
    # file: (layout, [(finding, line, place in the department's terms, what the finding names)])
    "missing.json": ("nhsa-1101", [("KJ-DEPT-002", 1, "output.baseinfo.psn_name", "人员姓名")]),
    "date.json": ("nhsa-1101", [("KJ-DEPT-003", 1, "output.baseinfo.brdy", "出生日期")]),
    "code.json": ("nhsa-1101", [("KJ-DEPT-004", 1, "output.insuinfo[].insutype", "险种类型")]),
    "answer.json": ("nhsa-1101", [("KJ-DEPT-004", 1, "infcode", "交易状态码")]),
    "counterpart.json": ("nhsa-1101", [("KJ-DEPT-005", 1, "output.baseinfo.psn_cert_type", "人员证件类型")]),
    "long.json": ("nhsa-1101", [("KJ-DEPT-003", 1, "output.idetinfo[].psn_idet_type", "人员身份类别")]),
    "amount.json": ("nhsa-1101", [("KJ-DEPT-003", 1, "output.insuinfo[].balc", "余额")]),
    "stamp.json": ("nhsa-1101", [("KJ-DEPT-003", 1, "respond_time", "响应报文时间")]),
    "element.json": ("nhsa-1101", [("KJ-DEPT-001", 1, None, "birthday")]),
    "request.json": ("nhsa-1101-request", [("KJ-DEPT-003", 1, "mdtrtarea_admvs", "就医地医保区划")]),
    "flag.csv": ("person", [("KJ-DEPT-003", 3, "AK3 vali_flag", "有效标志")]),
    "sex.csv": ("person", [("KJ-DEPT-004", 3, "E3 gend", "性别")]),
    "month.csv": ("insured", [("KJ-DEPT-003", 3, "M3 max_acctprd", "最大做账期号")]),
    "status.csv": ("insured", [("KJ-DEPT-004", 3, "G3 psn_insu_stas", "人员参保状态")]),
    "category.csv": ("premium-subsidy", [("KJ-DEPT-005", 3, "K3 category", "资助对象类别")]),
    "year.csv": ("premium-subsidy", [("KJ-SYS-023", 3, "J3 year", "参保年度")]),
    "total.csv": ("medical-assistance", [("KJ-DEPT-002", 3, "M3 medfee_sumamt", "医疗费总额")]),
    "negative.csv": ("medical-assistance", [("KJ-DEPT-003", 3, "W3 psn_pay", "个人支付金额")]),
    "column.csv": (
        "person",
        [
            ("KJ-SYS-041", None, "I", "cert_no"),
            ("KJ-DEPT-007", None, None, "证件号码"),
            ("KJ-DEPT-002", 2, "A2 certno", "证件号码"),
        ],
    ),
    "heading.csv": ("person", [("KJ-DEPT-006", None, None, "person"), ("KJ-SYS-013", None, None, "")]),
}


@pytest.mark.parametrize("file", FAULTS)
def test_a_fault_is_found_at_its_place_in_the_departments_terms(file: str) -> None:
    name, expected = FAULTS[file]
    _, problems = read(INVALID / f"health_insurance-{file}", name)
    assert [(problem.id, problem.line) for problem in problems] == [(finding, line) for finding, line, _, _ in expected]
    for problem, (_, _, place, named) in zip(problems, expected, strict=True):
        assert place is None or (problem.cell or "").partition("!")[2] == place or problem.cell == place
        assert named in " ".join(problem.facts.values())


def test_every_wrong_file_is_in_the_table() -> None:
    assert {path.name for path in INVALID.glob("health_insurance-*")} == {f"health_insurance-{file}" for file in FAULTS}
