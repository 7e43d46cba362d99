"""The layouts of the disability federation, of police and courts, and of health."""

from __future__ import annotations

import importlib.util
import io
import json
import pathlib
from typing import Any

import pytest

from kunjing_exchange import validate
from kunjing_exchange.departments import DepartmentWriter, Layout, layout, mapping, open_reader
from kunjing_exchange.findings import Problem
from kunjing_exchange.identifiers import IDENTIFIERS, RESIDENT_ID
from kunjing_exchange.wire import Located, open_source

Plain = dict[str, Any]

ROOT = pathlib.Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures" / "departments"
INVALID = ROOT / "tests" / "departments" / "invalid"


def load_maker() -> Any:
    """The script that makes the files."""
    spec = importlib.util.spec_from_file_location("make_offices", FIXTURES / "make_offices.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()
LAYOUTS = {f"{owner}:{name}": layout(f"{owner}:{name}") for name, (owner, _, _) in MAKER.FILES.items()}
FILES = sorted((name, path) for name in LAYOUTS for path in FIXTURES.glob(f"{name.partition(':')[2]}.*"))


def read(data: bytes | pathlib.Path, name: str) -> tuple[list[Located], list[str]]:
    """The records of a file, without its header, and what is wrong with the file itself."""
    with open_source(data) as source:
        reader = open_reader(source, name, division="411303")
        records = [record for record in reader if record.kind != "header"]
        return records, [problem.id for problem in reader.problems]


def plain(data: bytes | pathlib.Path, name: str) -> list[Plain]:
    """The canonical records of a file that has nothing wrong."""
    records, problems = read(data, name)
    assert problems == []
    assert [problem for record in records for problem in record.problems] == []
    return [{key: value for key, value in (record.data or {}).items() if key != "as_of"} for record in records]


def written(records: list[Plain], of: Layout, form: str) -> tuple[bytes, list[str]]:
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, of, form)
    for record in records:
        writer.write("department_record", record)
    writer.close()
    return stream.getvalue(), [f"{loss.id} {loss.facts['element']}" for loss in writer.losses]


# --- files -----------------------------------------------------------------------------------------------------------
def test_every_file_is_what_the_script_makes() -> None:
    assert MAKER.main(check=True) == 0


def test_every_layout_has_a_file() -> None:
    assert {name for name, _ in FILES} == set(LAYOUTS)


@pytest.mark.parametrize(("name", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_file_in_order_has_no_finding(name: str, path: pathlib.Path) -> None:
    records = plain(path, name)
    assert 3 <= len(records) <= 8
    assert {record["layout"] for record in records} == {name}


@pytest.mark.parametrize(("name", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_file_tells_its_layout(name: str, path: pathlib.Path) -> None:
    with open_source(path) as source:
        reader = open_reader(source)
        assert reader.layout.name == name  # type: ignore[attr-defined]


def test_the_made_up_numbers_have_right_check_digits() -> None:
    numbers = [*MAKER.IDS.values(), *MAKER.PARENTS.values()]
    assert [number for number in numbers if not RESIDENT_ID.is_valid(number)] == []
    codes = [MAKER.CENTRE, MAKER.HOME, MAKER.AID]
    assert [code for code in codes if not IDENTIFIERS["credit_code"].is_valid(code)] == []


# --- in --------------------------------------------------------------------------------------------------------------
UNKNOWN = {"unknown": "not_supplied"}

EXPECTED: dict[str, tuple[int, Plain]] = {
    "disability_federation:certificate": (2, {
        "child": {
            "name": "李𠮷", "id_number": MAKER.LI, "sex": "1", "birth_date": "2009-03-15", "ethnicity": "01",
            "telephone": "13837700107",
        },
        "household": {"address": "河南省南阳市卧龙区蒲山镇汪寨村2组9号"},
        "guardian": [{"name": "李㐂", "kind": UNKNOWN, "start_date": UNKNOWN}],
        "disability": [{
            "disability_class": "5", "disability_grade": "1", "certificate_no": f"{MAKER.LI}51B1",
            "issue_date": "2016-09-01", "validity_years": 10, "issuing_body": "南阳市卧龙区残疾人联合会",
            "note": "遗失补发",
        }],
    }),
    "disability_federation:query-2009": (2, {
        "child": {"name": "古丽米热·艾比布力", "id_number": MAKER.GULI},
    }),
    "disability_federation:assistive-device-application": (0, {
        "child": {
            "name": "古丽米热·艾比布力", "id_number": MAKER.GULI, "sex": "2", "ethnicity": "05",
            "hukou_agricultural": True,
            "telephone": "13837700108",
        },
        "household": {"address": "河南省南阳市卧龙区蒲山镇汪寨村2组11号", "economic_state": "家庭经济困难"},
        "guardian": [{
            "name": "艾比布力·买买提", "kind": UNKNOWN, "employer": "汪寨村清真餐馆", "start_date": UNKNOWN,
        }],
        "disability": [{"disability_class": UNKNOWN, "disability_grade": UNKNOWN, "condition": "脑瘫"}],
        "service": [{"kind": "assistive_device", "note": "儿童轮椅1辆；矫形器2件"}],
    }),
    "disability_federation:dynamic-update": (2, {
        "child": {"name": "李𠮷", "id_number": MAKER.LI, "hukou_agricultural": False},
        "disability": [{
            "disability_class": UNKNOWN, "disability_grade": UNKNOWN, "certificate_no": f"{MAKER.LI}51B1",
        }],
    }),
    "disability_federation:rehabilitation-application": (0, {
        "child": {
            "name": "葛曾䮌", "id_number": MAKER.GE, "sex": "2", "birth_date": "2012-12-04", "hukou_division": "411302",
            "residence_division": "411302", "residence_address": "河南省南阳市宛城区红泥湾镇胡阡营村17组56号",
        },
        "claim": [{"kind": "orphan", "value": True}],
        "guardian": [{
            "name": "李伟涛", "kind": UNKNOWN, "id_number": "411302195612073331", "telephone": "13837700111",
            "start_date": UNKNOWN,
        }],
        "disability": [{
            "disability_class": "6", "disability_grade": "2", "diagnosed_only": True,
            "diagnosis_date": "2016-05-30", "autism": True,
        }],
        "service": [{
            "kind": "rehabilitation_training", "provider_name": "南阳市阳光残疾儿童康复中心",
            "waiting_since": "2017-02-20", "note": "孤独症训练",
        }],
    }),
    "disability_federation:service-result": (1, {
        "child": {"name": "杨㐂", "id_number": MAKER.YANG, "sex": "1", "birth_date": "2014-05-20"},
        "disability": [{
            "disability_class": UNKNOWN, "disability_grade": UNKNOWN, "certificate_no": f"{MAKER.YANG}42",
        }],
        "service": [{
            "kind": "assistive_device", "provider_name": "南阳市阳光残疾儿童康复中心",
            "provider_code": "52411300334113099M",
            "start_date": "2017-04-10", "cost": "4860.5", "paid_by": "残联康复救助资金",
        }],
    }),
    "disability_federation:registered-disabled": (2, {
        "child": {
            "name": "葛曾䮌", "id_number": MAKER.GE, "sex": "2", "birth_date": "2012-12-04",
            "residence_division": "411302",
        },
        "guardian": [{"name": "李伟涛", "kind": UNKNOWN, "telephone": "13837700111", "start_date": UNKNOWN}],
        "disability": [{"disability_class": "6", "disability_grade": "2", "diagnosed_only": True, "autism": True}],
    }),
    "public_security:parent-situation": (0, {
        "source_no": "411303-2016-0071", "division": "411303",
        "child": {"name": "杨㐂", "id_number": MAKER.YANG},
        "parent_situation": [{
            "parent": "father", "name": "杨树林", "id_number": MAKER.PARENTS["杨树林"], "situation": "03",
            "start_date": "2016-04-12", "end_date": "2021-04-11", "care_given": False,
            "document_no": "（2016）豫1303刑初71号", "issuing_body": "河南省南阳监狱",
        }],
    }),
    "public_security:care-inquiry": (1, {
        "source_no": "411303-X-007", "division": "411303",
        "child": {"name": "杨㐂", "id_number": MAKER.YANG},
        "care_inquiry": [{
            "asked_at": "2016-04-12T09:05:30", "asked_by": "河南省南阳监狱", "parent": "father",
            "parent_name": "杨树林",
            "parent_id_number": MAKER.PARENTS["杨树林"], "measure": "03", "measure_date": "2016-04-12",
            "answer": "without_care", "contacted": "王桂枝", "arranged": "entrusted", "arranged_on": "2016-04-15",
            "agreement_no": "卧委养〔2016〕4号", "note": "母亲改嫁",
        }],
    }),
    "public_security:mandatory-report": (0, {
        "reporting_unit": "蒲山镇中心小学",
        "child": {
            "name": "李𠮷", "id_number": MAKER.LI, "sex": "1", "birth_date": "2009-03-15",
            "residence_address": "河南省南阳市卧龙区蒲山镇汪寨村2组9号",
        },
        "guardian": [{"name": "李㐂", "kind": UNKNOWN, "telephone": "13837700107", "start_date": UNKNOWN}],
        "safety_event": [{
            "source": "unit", "circumstance": "4", "harm": "violence", "found_at": "2017-09-11T08:10:00",
            "place": "教室",
            "reported_at": "2017-09-11T08:45:00", "police_station": "南阳市公安局卧龙分局蒲山派出所",
            "description": "双臂多处瘀伤，称被父亲殴打。", "evidence": "校医室检查记录1份",
            "authority_notice": "已报卧龙区教育体育局", "feedback": "2017-09-13 立案",
        }],
    }),
    "public_security:custody-ruling": (0, {
        "source_no": "1", "reporting_unit": "南阳市卧龙区人民法院",
        "child": {"name": "李𠮷", "id_number": MAKER.LI},
        "parent_situation": [{
            "parent": "father", "name": "李㐂", "id_number": MAKER.PARENTS["李㐂"], "situation": "07",
            "start_date": "2017-09-25", "document_no": "（2017）豫1303民特12号",
        }],
        "guardian": [{
            "name": "南阳市儿童福利院", "kind": "civil_affairs_long_term", "credit_code": "12411300304113004T",
            "legal_basis": "court_ruling", "document_no": "（2017）豫1303民特12号", "start_date": "2017-09-25",
        }],
    }),
    "public_security:legal-aid": (0, {
        "source_no": "卧法援〔2017〕61号",
        "child": {"name": "李𠮷", "id_number": MAKER.LI},
        "service": [{
            "kind": "legal_aid", "provider_name": "卧龙区法律援助中心", "provider_code": MAKER.AID,
            "waiting_since": "2017-09-14", "start_date": "2017-09-15", "end_date": "2017-09-25",
            "note": "申请撤销监护人资格，法院支持",
        }],
    }),
    "public_security:identity": (2, {
        "reporting_unit": "南召县公安局", "reported_on": "2017-09-21", "identity_check": "cancelled",
        "child": {
            "name": "宋凝艳", "id_document_type": "111", "id_number": MAKER.SONG, "sex": "2",
            "birth_date": "2010-12-13",
            "death_date": "2017-09-02", "ethnicity": "01", "hukou_type": "2", "hukou_division": "411321",
        },
        "relative": [
            {"name": "宋康瑞", "relation_to_child": "51", "id_number": MAKER.PARENTS["宋康瑞"]},
            {"name": "谭贞红", "relation_to_child": "52", "id_number": MAKER.PARENTS["谭贞红"]},
        ],
        "household": {"head_name": "谭贞红"},
    }),
    "health:birth": (1, {
        "reporting_unit": "南阳市卧龙区妇幼保健院", "reported_on": "2014-05-24",
        "child": {
            "name": "杨㐂", "sex": "1", "birth_date": "2014-05-20", "birthplace_division": "411303",
            "birth_certificate_no": "O411303222",
        },
        "relative": [{
            "name": "王桂枝", "relation_to_child": "52", "id_document_type": "111",
            "id_number": MAKER.PARENTS["王桂枝"],
        }],
    }),
    "health:death": (1, {
        "reporting_unit": "南阳市中心医院",
        "child": {
            "name": "程𠮷祥", "id_number": MAKER.number("411303", "2011-11-08", 647), "sex": "1",
            "birth_date": "2011-11-08", "death_date": "2016-12-30", "death_certificate_no": "4113032016000417",
        },
    }),
    "health:parent-death": (1, {
        "child": {"name": "杨㐂", "id_number": MAKER.YANG},
        "parent_situation": [{
            "parent": "mother", "name": "王桂枝", "id_number": MAKER.PARENTS["王桂枝"], "situation": "09",
            "start_date": "2017-05-20", "document_no": "4113032017000155", "issuing_body": "南阳市中心医院",
        }],
    }),
    "health:diagnosis": (0, {
        "child": {"name": "苏豪瑞", "id_number": MAKER.SU, "sex": "1", "birth_date": "2015-03-23"},
        "illness": [{
            "icd10": "C91.0", "icd10_edition": "GB/T 14396-2016", "name": "急性淋巴细胞白血病",
            "disease_list": "listed",
            "diagnosis_date": "2017-06-14", "hospital": "郑州大学第一附属医院", "document_no": "ZD20170614-27",
            "note": "已化疗两个疗程",
        }],
    }),
}  # fmt: skip
"""Which record of the layout's file, and what it says; written by reading the file, not made."""


def test_every_layout_has_an_expectation() -> None:
    assert set(EXPECTED) == set(LAYOUTS)


@pytest.mark.parametrize(("name", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_record_reads_as_it_says(name: str, path: pathlib.Path) -> None:
    at, expected = EXPECTED[name]
    found = plain(path, name)[at]
    owner = {
        "record_key": f"{name}:{at + 1}",
        "department": name.partition(":")[0],
        "layout": name,
    }
    assert found == owner | expected


@pytest.mark.parametrize(
    ("circumstance", "harm"),
    [
        ("1", "other"), ("2", "sexual"), ("3", "sexual"), ("4", "violence"), ("5", "other"), ("6", "abandonment"),
        ("7", "trafficking"), ("8", "exploitation"), ("9", "other"),
    ],
)  # fmt: skip
def test_the_kind_of_harm_is_read_from_the_circumstance(circumstance: str, harm: str) -> None:
    records = MAKER.mandatory_reports()
    records[0]["circumstance"] = circumstance
    name = "public_security:mandatory-report"
    (event,) = plain(MAKER.made(name, "xml", records[:1]), name)[0]["safety_event"]
    assert (event["circumstance"], event["harm"]) == (circumstance, harm)


@pytest.mark.parametrize(
    ("element", "text", "path", "value"),
    [
        ("birth_date", "2009年3月15日", ("child", "birth_date"), "2009-03-15"),
        ("birth_date", "2009/3/15", ("child", "birth_date"), "2009-03-15"),
        ("ethnicity", "汉", ("child", "ethnicity"), "01"),
        ("disability_class", "精神残疾", ("disability", 0, "disability_class"), "6"),
        ("disability_grade", "贰级", ("disability", 0, "disability_grade"), "2"),
        ("disability_grade", "四级", ("disability", 0, "disability_grade"), "4"),
    ],
)
def test_other_ways_of_writing_on_a_card(element: str, text: str, path: tuple[str | int, ...], value: str) -> None:
    name = "disability_federation:certificate"
    card = MAKER.certificates()[2] | {element: text}
    here: Any = plain(MAKER.made(name, "csv", [card]), name)[0]
    for step in path:
        here = here[step]
    assert here == value


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_who_reported_is_never_kept(form: str) -> None:
    name = "public_security:mandatory-report"
    path = FIXTURES / f"mandatory-report.{form}"
    content = path.read_text(encoding="utf-8")
    reporter = ("吴敏", "13837700190")
    assert [word in content for word in reporter] == [True, True]
    records = plain(path, name)
    kept = json.dumps(records, ensure_ascii=False) + "".join(
        written(records, layout(name), one)[0].decode() for one in ("csv", "xml")
    )
    assert [word in kept for word in reporter] == [False, False]


def test_credentials_of_the_query_are_never_kept() -> None:
    name = "disability_federation:query-2009"
    secret = {"ip": "192.0.2.7", "userName": "nanyang", "passWord": "s3cret-word"}
    request = MAKER.queries()[0]
    records = plain(MAKER.made(name, "xml", [request | {"AuthenticationData": secret}]), name)
    out, _ = written(records, layout(name), "xml")
    assert records[0]["child"]["id_number"] == MAKER.ZOU
    assert not any(value in json.dumps(records) + out.decode() for value in secret.values())


# --- out -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_read_and_written_reads_the_same_in_every_format(name: str) -> None:
    of = LAYOUTS[name]
    _, records, forms = MAKER.FILES[name.partition(":")[2]]
    first = plain(MAKER.made(name, forms[0], records()), name)
    for form in of.formats:
        content, losses = written(first, of, form)
        assert losses == []
        assert plain(content, name) == first


def _flat(row: Plain, above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in row.items():
        found |= _flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return found


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_two_way_element_comes_back_as_it_was(name: str) -> None:
    of = LAYOUTS[name]
    _, records, forms = MAKER.FILES[name.partition(":")[2]]
    given = [_flat(row) for row in records()]
    refused: list[str] = []
    back = [
        _flat(row)
        for record in plain(MAKER.made(name, forms[0], records()), name)
        for row in mapping(name).rows(record, lambda finding, element, *_: refused.append(f"{finding} {element.name}"))
    ]
    two_way = {element.name for element in of.elements if element.two_way}
    assert refused == []
    assert back == [{key: value for key, value in row.items() if key in two_way} for row in given]
    assert two_way == {key for row in back for key in row}, "an element that no file uses proves nothing"


def test_a_case_file_is_an_application_for_what_its_family_is_recognised_for() -> None:
    case = {
        "child": {"name": "苏豪瑞", "sex": "1", "birth_date": "2015-03-23", "hukou_division": "411322"},
        "household": {"household_hardship": [{"kind": "rural_minimum_living", "start_date": "2016-01-01"}]},
        "service": [{"kind": "surgery", "waiting_since": "2017-09-01"}, {"kind": "counselling"}],
    }
    refused: list[str] = []
    rows = list(
        mapping("disability_federation:rehabilitation-application").rows(
            case, lambda finding, element, *_: refused.append(f"{finding} {element.name}")
        )
    )
    assert [(row["family_situation"], row.get("item")) for row in rows] == [("低保", "手术"), ("低保", None)]
    assert refused == ["KJ-DEPT-005 item"]


def test_legal_aid_takes_the_service_of_its_kind() -> None:
    services = [
        {"kind": "surgery", "provider_name": "医院"},
        {"kind": "legal_aid", "provider_name": "法律援助中心"},
    ]
    case = {"child": {"name": "苏豪瑞"}, "service": services}
    (row,) = mapping("public_security:legal-aid").rows(case, lambda *_: None)
    assert row == {"child_name": "苏豪瑞", "provider_name": "法律援助中心"}


@pytest.mark.parametrize(("situation", "name"), [("07", "custody-ruling"), ("09", "parent-death")])
def test_a_layout_takes_the_parent_of_its_situation(situation: str, name: str) -> None:
    of = "health" if situation == "09" else "public_security"
    case = {
        "child": {"name": "苏豪瑞"},
        "parent_situation": [
            {"parent": "father", "situation": "03", "start_date": "2015-01-01"},
            {"parent": "mother", "situation": situation, "start_date": "2016-01-01"},
        ],
    }
    (row,) = mapping(f"{of}:{name}").rows(case, lambda *_: None)
    assert {"2016-01-01", "mother"} <= set(row.values())
    assert {"2015-01-01", "father"}.isdisjoint(row.values())


# --- what is wrong ---------------------------------------------------------------------------------------------------
CERTIFICATE = "disability_federation:certificate"
NO_NUMBER = [(at, "KJ-DEPT-002", f"A{at + 1} certificate_no") for at in range(1, 5)]

FAULTY: dict[str, tuple[str, list[tuple[int, str, str]], list[str]]] = {
    "disability_federation-missing.csv": (CERTIFICATE, [(2, "KJ-DEPT-002", "E3 certificate_no")], []),
    "disability_federation-long.csv": (CERTIFICATE, [(2, "KJ-DEPT-003", "E3 certificate_no")], []),
    "disability_federation-grade.csv": (CERTIFICATE, [(3, "KJ-DEPT-005", "G4 disability_grade")], []),
    "disability_federation-month.csv": (CERTIFICATE, [(1, "KJ-DEPT-003", "D2 birth_date")], []),
    "disability_federation-years.csv": (CERTIFICATE, [(4, "KJ-DEPT-003", "N5 validity_years")], []),
    "disability_federation-column.csv": (CERTIFICATE, NO_NUMBER, ["KJ-SYS-041", "KJ-DEPT-007"]),
    "disability_federation-heading.csv": (CERTIFICATE, [], ["KJ-DEPT-006", "KJ-SYS-013"]),
    "disability_federation-element.xml": (
        "disability_federation:query-2009",
        [
            found
            for at, line in ((1, 3), (2, 9), (3, 15))
            for found in (
                (at, "KJ-DEPT-001", f"{line}"),
                (at, "KJ-DEPT-002", f"{line} DisableSearchInfo.citizenId"),
            )
        ],
        [],
    ),
    "disability_federation-family.xml": (
        "disability_federation:rehabilitation-application", [(2, "KJ-DEPT-005", "25 family_situation")], [],
    ),
    "disability_federation-division.csv": (
        "disability_federation:rehabilitation-application", [(2, "KJ-DEPT-004", "E3 hukou_division")], [],
    ),
    "disability_federation-hukou.csv": (
        "disability_federation:dynamic-update", [(2, "KJ-DEPT-005", "A3 hukou_kind")], [],
    ),
    "disability_federation-cost.xml": ("disability_federation:service-result", [(1, "KJ-DEPT-003", "3 cost")], []),
    "public_security-situation.csv": ("public_security:parent-situation", [(2, "KJ-DEPT-004", "H3 situation")], []),
    "public_security-term.xml": ("public_security:parent-situation", [(1, "KJ-DEPT-003", "3 end_date")], []),
    "public_security-parent.csv": ("public_security:parent-situation", [(3, "KJ-DEPT-002", "E4 parent")], []),
    "public_security-asked.csv": ("public_security:care-inquiry", [(1, "KJ-DEPT-003", "C2 asked_at")], []),
    "public_security-answer.xml": ("public_security:care-inquiry", [(2, "KJ-DEPT-004", "18 answer")], []),
    "public_security-circumstance.csv": (
        "public_security:mandatory-report", [(1, "KJ-DEPT-004", "M2 circumstance")], [],
    ),
    "public_security-age.csv": ("public_security:mandatory-report", [(2, "KJ-DEPT-003", "H3 birth_date")], []),
    "public_security-guardian.xml": ("public_security:custody-ruling", [(1, "KJ-DEPT-004", "3 guardian_kind")], []),
    "public_security-provider.csv": ("public_security:legal-aid", [(3, "KJ-DEPT-002", "D4 provider_name")], []),
    "public_security-twice.xml": ("public_security:legal-aid", [(2, "KJ-SYS-025", "22")], []),
    "public_security-result.csv": ("public_security:identity", [(1, "KJ-DEPT-004", "C2 result")], []),
    "health-certificate.csv": ("health:birth", [(1, "KJ-DEPT-002", "A2 birth_certificate_no")], []),
    "health-sex.xml": ("health:birth", [(2, "KJ-DEPT-004", "26 sex")], []),
    "health-date.csv": ("health:death", [(2, "KJ-SYS-023", "F3 death_date")], []),
    "health-cause.xml": ("health:death", [(1, "KJ-DEPT-001", "3")], []),
    "health-parent.xml": ("health:parent-death", [(1, "KJ-DEPT-004", "3 parent")], []),
    "health-illness.csv": ("health:diagnosis", [(3, "KJ-DEPT-002", "G4 illness_name")], []),
    "health-list.csv": ("health:diagnosis", [(1, "KJ-DEPT-004", "H2 disease_list")], []),
}  # fmt: skip
"""File: its layout; what is wrong in which record, and where (cell or line, element); what is wrong with the file."""


def test_every_wrong_file_has_its_findings_named() -> None:
    owners = {name.partition(":")[0] for name in LAYOUTS}
    assert {path.name for path in INVALID.iterdir() if path.name.partition("-")[0] in owners} == set(FAULTY)


@pytest.mark.parametrize("file", FAULTY)
def test_a_wrong_file_gives_exactly_its_findings(file: str) -> None:
    name, expected, of_the_file = FAULTY[file]
    records, problems = read(INVALID / file, name)

    def place(problem: Problem) -> str:
        if file.endswith(".csv"):
            return (problem.cell or "").removeprefix(f"{file}!")
        return f"{problem.line} {problem.cell or ''}".strip()

    found = [(record.number, problem.id, place(problem)) for record in records for problem in record.problems]
    assert found == expected
    assert problems == of_the_file


@pytest.mark.parametrize("file", ["certificate.xlsx", "custody-ruling.csv", "birth.xml"])
def test_the_rules_find_nothing_in_a_file_in_order(file: str) -> None:
    with validate(FIXTURES / file) as findings:
        assert [finding.id for finding in findings] == []
