"""Civil affairs: the register of 2017, left-behind children, queries, payments and their return, lists, handovers."""

from __future__ import annotations

import csv
import datetime
import importlib.util
import io
import pathlib
import types
from typing import Any

import pytest

from kunjing_exchange.departments import DepartmentWriter, Layout, layout, mapping, open_reader
from kunjing_exchange.identifiers import RESIDENT_ID
from kunjing_exchange.model import Benefit, elements
from kunjing_exchange.wire import Plain, open_source

ROOT = pathlib.Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "departments"
INVALID = ROOT / "tests" / "departments" / "invalid"
ON = datetime.date(2017, 9, 30)
UNKNOWN = {"unknown": "not_supplied"}


def load_maker() -> types.ModuleType:
    """The script that makes the files."""
    spec = importlib.util.spec_from_file_location("make_civil_affairs", FIXTURES / "make_civil_affairs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = load_maker()
NAMES = tuple(MAKER.FILES)
FILES = [(name, FIXTURES / f"{name}.{form}") for name, (_, forms) in MAKER.FILES.items() for form in forms]
names = pytest.mark.parametrize("name", NAMES)

Found = tuple[str, int | None, str | None]
"""Finding, line, place in the department's terms."""


def of(name: str) -> Layout:
    return layout(f"civil_affairs:{name}")


def read(data: bytes | pathlib.Path, name: str) -> tuple[list[Plain], list[Found]]:
    """The records of a file without its header, and all that is wrong, with the cell instead of the whole place."""
    with open_source(data) as source:
        reader = open_reader(source, f"civil_affairs:{name}", on=ON, division="411303")
        records = [record for record in reader if record.kind != "header"]
        problems = [*reader.problems, *(problem for record in records for problem in record.problems)]
        found = [(one.id, one.line, one.cell and one.cell.rpartition("!")[2]) for one in problems]
        return [record.data or {} for record in records], found


def plain(data: bytes | pathlib.Path, name: str) -> list[Plain]:
    """The records of a file that has nothing wrong."""
    records, found = read(data, name)
    assert found == []
    return records


def sample(name: str) -> list[Plain]:
    return plain(FIXTURES / f"{name}.{MAKER.FILES[name][1][0]}", name)


def rows(name: str, data: Plain) -> tuple[list[dict[str, Any]], list[str]]:
    """What a layout writes of a record, and what it can't."""
    refused: list[str] = []
    made = list(mapping(of(name).name).rows(data, lambda finding, one, *_: refused.append(f"{finding} {one.name}")))
    return made, refused


def written(records: list[Plain], name: str, form: str) -> bytes:
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, of(name), form)
    for record in records:
        writer.write("department_record", record)
    writer.close()
    return stream.getvalue()


def flat(row: dict[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in row.items():
        found |= flat(value, f"{above}{key}.") if isinstance(value, dict) else {f"{above}{key}": value}
    return found


# --- files -----------------------------------------------------------------------------------------------------------
def test_every_file_is_what_the_script_makes() -> None:
    assert MAKER.main(check=True) == 0


@pytest.mark.parametrize(("name", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_file_in_order_has_no_finding_and_tells_its_layout(name: str, path: pathlib.Path) -> None:
    assert 3 <= len(plain(path, name)) <= 8
    with open_source(path) as source:
        assert open_reader(source).layout.name == of(name).name  # type: ignore[attr-defined]


def test_the_made_up_numbers_have_right_check_digits() -> None:
    assert [one for one in (*MAKER.IDS.values(), *MAKER.ADULTS.values()) if not RESIDENT_ID.is_valid(one)] == []


def test_the_survey_form_has_its_48_labels() -> None:
    assert len(of("left-behind-2016").elements) == 48
    assert [one.title for one in of("register-roster").elements[:12]] == [
        "序号", "姓名", "性别", "出生年月", "联系方式", "住所", "困境类型", "生活保障", "教育保障", "医疗保障",
        "监护情况", "残疾儿童服务情况",
    ]  # fmt: skip


# --- in --------------------------------------------------------------------------------------------------------------
HOME = "河南省南阳市卧龙区蒲山镇汪寨村"
GULI = MAKER.IDS["古丽米热·艾比布力"]
ACCOUNT = {
    "kind": "orphan_allowance", "amount": "600", "unit": "month", "start_date": "2016-02-04", "fund": "orphan_fund",
    "account_holder": "付少", "account_holder_id": "411328194901290016", "account_bank": "南阳农村商业银行",
    "account_no": "6217000000000000034",
}  # fmt: skip
SENT = {
    "division": "411328", "source_no": "201710-000004", "case_id": "411328-0000012",
    "child": {"name": "付永涛", "id_number": "411328200309276352"},
}  # fmt: skip

EXPECTED: dict[str, tuple[int, Plain]] = {
    "register-roster": (1, {
        "as_of": "2017-09-20", "township": "411303104", "village": "411303104214", "source_no": "2",
        "reporting_unit": "卧龙区蒲山镇人民政府", "reported_on": "2017-09-20", "case_id": "411303-1000002",
        "guardianship_status": "C",
        "child": {
            "name": "李𠮷", "id_number": MAKER.IDS["李𠮷"], "sex": "1", "birth_month": "2009-03",
            "residence_address": f"{HOME}2组9号", "telephone": "13837700107",
        },
        "registration": {
            "category": "C", "basic_life": "C、E", "education": "B", "medical": "A、B、C", "disability_welfare": "B、C",
        },
    }),
    "register-form": (1, {
        "as_of": "2017-09-20", "township": "411303104", "village": "411303104214", "reported_on": "2017-09-20",
        "case_id": "411303-1000003", "guardianship_status": "A",
        "child": {
            "name": "古丽米热·艾比布力", "id_number": GULI, "sex": "2", "birth_month": "2008-06",
            "ethnicity": "05", "hukou_address": f"{HOME}2组11号",
        },
        "registration": {
            "category": "C", "cause_child": "脑瘫", "cause_family": "家庭经济困难",
            "cause_guardianship": "父亲被遣送出境", "basic_life": "C", "education": "B", "medical": "A",
            "disability_welfare": "0",
        },
        "relative": [{
            "name": "热依汗·买买提", "relation_to_child": "52", "sex": "2", "birth_month": "1983-04", "guardian": True,
        }],
        "household": {"size": 4},
        "guardian": [{
            "name": "热依汗·买买提", "kind": UNKNOWN, "id_number": MAKER.ADULTS["热依汗·买买提"],
            "relation_to_child": "52", "telephone": "13837700108", "start_date": UNKNOWN,
        }],
        "protection_gap": [{"field": "disability", "reason": "康复机构名额已满"}],
    }),
    "left-behind-2016": (1, {
        "as_of": "2016-06-15", "reporting_unit": "卧龙区蒲山镇汪寨村民委员会", "reported_on": "2016-06-15",
        "guardianship_status": "B",
        "child": {
            "name": "古丽米热·艾比布力", "id_number": GULI, "sex": "2", "birth_date": "2008-06-01",
            "ethnicity": "05", "hukou_registered": True, "hukou_address": HOME, "residence_address": HOME,
            "health_note": "患病", "left_behind": True,
        },
        "registration": {
            "schooling_state": "小学", "guardianship_state": "父或母无监护能力", "assistance": "享受低保、医疗救助",
        },
        "relative": [
            {"name": "买买提·吐尔逊", "relation_to_child": "63", "birth_date": "1950-05-01"},
            {"name": "阿依古丽·玉素甫", "relation_to_child": "64", "birth_date": "1953-08-17"},
            {"name": "艾比布力·买买提", "relation_to_child": "51", "birth_date": "1980-01-20"},
            {
                "name": "热依汗·买买提", "relation_to_child": "52", "birth_date": "1983-04-09",
                "work_place": "新疆维吾尔自治区喀什地区",
            },
        ],
        "claim": [
            {"kind": "disabled", "value": False}, {"kind": "seriously_ill", "value": True},
            {"kind": "both_parents_away", "value": False}, {"kind": "one_parent_away", "value": True},
            {"kind": "guardian_entrusted", "value": False},
        ],
        "household": {"income_source": "打工收入、亲朋接济"},
        "parent_situation": [{"parent": "father", "situation": "13"}],
        "illness": [{"name": "脑瘫"}],
        "schooling": [{"stage": "primary", "boarding": "1", "status": "01", "start_date": UNKNOWN}],
    }),
    "child-query": (1, {
        "child": {"name": "杨㐂", "id_document_type": "111", "id_number": MAKER.IDS["杨㐂"]},
    }),
    "minimum-living-query": (2, {
        "child": {"name": "谭贞红", "id_document_type": "111", "id_number": "411321198608160005"},
    }),
    "sharing-answer": (1, {"failure": "查无数据"}),
    "payment-list": (3, SENT | {
        "benefit": [ACCOUNT | {
            "payment": [{"period": "2017-10", "kind": "regular", "amount": "600", "status": "planned"}],
        }],
    }),
    "bank-return": (3, SENT | {
        "benefit": [ACCOUNT | {
            "payment": [{
                "period": "2017-10", "kind": "regular", "amount": "600", "status": "returned",
                "return_reason": "账号与户名不符",
            }],
        }],
    }),
    "registered-poor-list": (2, {
        "as_of": "2017-08-31", "division": "411303",
        "child": {
            "name": "古丽米热·艾比布力", "id_number": GULI, "sex": "2", "birth_date": "2008-06-01",
            "ethnicity": "05", "health_note": "患有大病",
        },
        "registration": {"schooling_state": "小学"},
        "claim": [{
            "kind": "registered_poor", "value": True, "level": "一般贫困户", "start_date": "2014-12-31",
            "end_date": "2017-06-30", "note": "因病",
        }],
        "household": {
            "household_no": "4113030000003", "head_name": "艾比布力·买买提", "address": f"{HOME}2组11号", "size": 4,
            "income_per_head": "3300",
            "member": [{"name": "古丽米热·艾比布力", "relation_to_head": "32", "relation_to_child": "01"}],
            "household_hardship": [
                {"kind": "registered_poor", "start_date": "2014-12-31", "end_date": "2017-06-30"},
            ],
        },
    }),
    "poverty-risk-list": (1, {
        "as_of": "2021-06-30", "division": "411303",
        "child": {
            "name": "赵𠮷", "id_number": MAKER.IDS["赵𠮷"], "sex": "1", "birth_date": "2013-08-14", "ethnicity": "01",
            "health_note": "健康",
        },
        "registration": {"schooling_state": "小学"},
        "claim": [{
            "kind": "poverty_monitored", "value": True, "level": "边缘易致贫户", "start_date": "2021-03-01",
            "end_date": "2021-06-15", "note": "缺劳力",
        }],
        "household": {
            "household_no": "4113030000009", "head_name": "赵宏", "address": f"{HOME}7组16号", "size": 2,
            "income_per_head": "5900",
            "member": [{"name": "赵𠮷", "relation_to_head": "22", "relation_to_child": "01"}],
            "household_hardship": [
                {"kind": "poverty_monitored", "start_date": "2021-03-01", "end_date": "2021-06-15"},
            ],
        },
    }),
    "handover": (0, {
        "case_id": "411323-0000002",
        "child": {
            "name": "姚静舒", "id_number": "411323200808260441", "sex": "2", "birth_date": "2008-08-26",
            "residence_address": "河南省南阳市宛城区人民路10号", "telephone": "0377-63455891",
        },
        "registration": {"category": "A"},
        "handover": [{
            "from_division": "411323", "to_division": "411302", "handover_date": "2017-09-15",
            "last_paid_month": "2017-09", "first_paid_month": "2017-10", "acknowledged": True,
            "acknowledged_on": "2017-09-22",
        }],
    }),
    "correction": (1, {
        "source_no": "5", "case_id": "411303-1000005",
        "child": {"name": "杨㐂", "id_number": MAKER.IDS["杨㐂"]},
        "correction": [{
            "kind": "withdrawal", "reason": "与另一条记录重复", "decided_on": "2017-09-26",
            "decided_by": "卧龙区民政局",
        }],
    }),
    "procedure": (1, {
        "case_id": "411303-1000002", "child": {"name": "李𠮷", "id_number": MAKER.IDS["李𠮷"]},
        "procedure": [{
            "step": "decision", "step_date": "2017-09-18", "office": "卧龙区民政局", "result": "passed",
            "document_no": "卧民救〔2017〕31号", "notified_on": "2017-09-20", "publicised": False,
        }],
    }),
    "referral": (2, {
        "case_id": "411303-1000005", "child": {"name": "杨㐂", "id_number": MAKER.IDS["杨㐂"]},
        "referral": [{
            "from_body": "卧龙区民政局", "to_body": "卧龙区法律援助中心", "matter": "变更监护人",
            "referred_on": "2017-09-22", "green_channel": True,
        }],
    }),
}  # fmt: skip


@names
def test_a_record_is_read_as_a_person_reads_it(name: str) -> None:
    at, expected = EXPECTED[name]
    frame = {
        "record_key": f"civil_affairs:{name}:{at + 1}", "department": "civil_affairs",
        "layout": f"civil_affairs:{name}", "as_of": "2017-09-30",
    }  # fmt: skip
    assert sample(name)[at] == frame | expected


def test_a_workbook_as_a_township_prints_it() -> None:
    """A line above the heading, only the 12 columns of the sheet, and numbers where people type numbers."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["填报单位：蒲山镇人民政府　填报日期：2017年9月20日"])
    sheet.append([one.title for one in of("register-roster").elements[:12]])
    sheet.append([7, "李𠮷", "男", "2009-03", "13837700107", HOME, "C", "CE", "B", "A,B", "B", "0"])
    stream = io.BytesIO()
    book.save(stream)
    (record,) = plain(stream.getvalue(), "register-roster")
    assert record["source_no"] == "7"
    assert record["registration"] == {
        "category": "C", "basic_life": "CE", "education": "B", "medical": "A,B", "disability_welfare": "0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "category", "guardianship", "education"),
    [("孤儿", "A", "A", "D"), ("受虐儿童", "E-4", "C", "0"), ("E-4", "E-4", "C", "E")],
)
def test_names_stand_for_codes(said: str, category: str, guardianship: str, education: str) -> None:
    words = {"A": "监护良好", "C": "未监护", "D": "辍学", "0": "未保障", "E": "未入学"}
    row = {
        "name": "李𠮷", "category": said, "guardianship_status": words[guardianship], "education": words[education],
    }  # fmt: skip
    (record,) = plain(MAKER.made("register-roster", "csv", [row]), "register-roster")
    assert record["registration"] == {"category": category, "education": education}
    assert record["guardianship_status"] == guardianship


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("无人监护", "C"), ("父或母无监护能力", "B"), ("受委托监护人监护能力不足", "B"), ("监护情况一般", "B"),
        ("监护情况较好", "A"),
    ],
)  # fmt: skip
def test_five_kinds_of_guardianship_become_three_and_are_kept_in_words(kind: str, status: str) -> None:
    content = MAKER.made("left-behind-2016", "csv", [{"name": "李𠮷", "guardianship_kind": kind}])
    (record,) = plain(content, "left-behind-2016")
    assert record["guardianship_status"] == status
    assert rows("left-behind-2016", record)[0][0]["guardianship_kind"] == kind


def test_who_is_out_of_school_has_a_status_and_no_stage() -> None:
    for said, status, stage in (
        ("幼儿园", "01", "preschool"), ("辍学", "06", UNKNOWN), ("不在学", "99", UNKNOWN), ("未入园", "99", UNKNOWN),
    ):  # fmt: skip
        content = MAKER.made("left-behind-2016", "csv", [{"name": "李𠮷", "schooling": said}])
        (record,) = plain(content, "left-behind-2016")
        assert record["schooling"] == [{"stage": stage, "status": status, "start_date": UNKNOWN}]
        assert record["registration"] == {"schooling_state": said}


def test_registered_poor_and_watched_are_two_marks_and_two_recognitions() -> None:
    (then,) = [one for one in sample("registered-poor-list") if one["child"]["name"] == "古丽米热·艾比布力"]
    (now,) = [one for one in sample("poverty-risk-list") if one["child"]["name"] == "古丽米热·艾比布力"]
    assert [one["kind"] for one in then["claim"] + now["claim"]] == ["registered_poor", "poverty_monitored"]
    kinds = [one["kind"] for record in (then, now) for one in record["household"]["household_hardship"]]
    assert kinds == ["registered_poor", "poverty_monitored"]


def test_the_banks_answer_matches_what_it_was_sent_row_by_row() -> None:
    sent, back = sample("payment-list"), sample("bank-return")

    def key(record: Plain) -> tuple[str, ...]:
        (benefit,) = record["benefit"]
        (payment,) = benefit["payment"]
        return record["source_no"], record["case_id"], benefit["account_no"], payment["period"], payment["amount"]

    assert [key(one) for one in sent] == [key(one) for one in back]
    states = [one["benefit"][0]["payment"][0]["status"] for one in back]
    assert states == ["made", "made", "made", "returned", "made", "made", "planned"]


def test_the_account_is_restricted() -> None:
    (number,) = [one for one in elements(Benefit) if one.name == "account_no"]
    assert number.restricted
    homes = [home.path for name in ("payment-list", "bank-return") for home in of(name).by_name["account_no"].homes]
    assert homes == ["benefit[].account_no", "benefit[].account_no"]


def test_clerks_are_not_kept() -> None:
    row = {"name": "李𠮷", "filled_in_by": "钱某", "reviewed_by": "孙某", "unit_head": "周某"}
    (record,) = plain(MAKER.made("left-behind-2016", "csv", [row]), "left-behind-2016")
    assert not any(clerk in str(record) for clerk in ("钱某", "孙某", "周某"))


# --- there and back --------------------------------------------------------------------------------------------------
@names
def test_what_is_read_and_written_reads_the_same_in_every_format(name: str) -> None:
    first = sample(name)
    for form in of(name).formats:
        assert plain(written(first, name, form), name) == first


@names
def test_every_two_way_element_comes_back_as_it_was(name: str) -> None:
    two_way = {one.name for one in of(name).elements if one.two_way}
    given = [flat(row) for row in MAKER.FILES[name][0]()]
    back = []
    for record in plain(MAKER.made(name, MAKER.FILES[name][1][0], MAKER.FILES[name][0]()), name):
        (row,), refused = rows(name, record)
        assert refused == []
        back.append(flat(row))
    assert back == [{key: value for key, value in row.items() if key in two_way} for row in given]
    assert two_way == {key for row in back for key in row}, "an element that no file uses proves nothing"


# --- out of case files -----------------------------------------------------------------------------------------------
CASE: Plain = {
    "case_id": "411303-1", "division": "411303", "township": "411303104", "village": "411303104214",
    "guardianship_status": "B",
    "child": {"name": "李𠮷", "sex": "1", "birth_date": "2009-03-15", "id_number": MAKER.IDS["李𠮷"]},
    "household": {
        "size": 3, "household_no": "4113031", "head_name": "李㐂",
        "member": [
            {"name": "李㐂", "relation_to_head": "02", "relation_to_child": "51"},
            {"name": "李𠮷", "relation_to_head": "22", "relation_to_child": "01"},
        ],
        "household_hardship": [
            {"kind": "rural_minimum_living", "start_date": "2013-01-01"},
            {"kind": "registered_poor", "start_date": "2014-12-31"},
        ],
    },
    "guardian": [{"name": "李㐂", "kind": "parent", "relation_to_child": "51", "start_date": "2009-03-15"}],
    "determination": [
        {"scheme": "henan-2017", "category": "D", "start_date": "2017-01-01", "end_date": "2017-08-31"},
        {"scheme": "henan-2017", "category": "C", "start_date": "2017-09-01", "principal": True},
    ],
    "benefit": [
        {
            "kind": "minimum_living", "amount": "180", "unit": "month", "start_date": "2017-01-01",
            "account_holder": "李㐂", "account_no": "6217000000000000026",
            "payment": [
                {"period": "2017-08", "amount": "180", "paid_on": "2017-08-10", "status": "made"},
                {"period": "2017-09", "amount": "180", "status": "planned"},
            ],
        },
    ],
    "protection_gap": [{"field": "medical", "reason": "未缴费"}],
    "handover": [{"from_division": "411303", "to_division": "411330", "handover_date": "2017-09-28"}],
}  # fmt: skip


def test_a_case_file_fills_the_register_with_its_present_category() -> None:
    (row,), refused = rows("register-roster", CASE)
    assert row == {
        "name": "李𠮷", "sex": "男", "birth_month": "2009-03", "id_number": MAKER.IDS["李𠮷"], "category": "C",
        "guardianship_status": "B", "case_id": "411303-1", "township": "411303104", "village": "411303104214",
    }  # fmt: skip
    (row,), more = rows("register-form", CASE)
    assert {key: row[key] for key in ("category", "guardian_name", "guardian_relation", "medical_reason")} == {
        "category": "C", "guardian_name": "李㐂", "guardian_relation": "父亲", "medical_reason": "未缴费",
    }  # fmt: skip
    assert refused == more == []


def test_a_category_that_the_form_of_2017_has_not_is_said() -> None:
    case = CASE | {"determination": [{"scheme": "national-2019", "category": "F", "principal": True}]}
    (row,), refused = rows("register-roster", case)
    assert "category" not in row
    assert refused == ["KJ-DEPT-005 category"]


def test_every_payment_of_a_case_file_makes_a_row() -> None:
    made, refused = rows("payment-list", CASE)
    assert [(row["period"], row["amount"], row["status"], row.get("paid_on")) for row in made] == [
        ("2017-08", "180.00", "已发放", "2017-08-10"), ("2017-09", "180.00", "待发放", None),
    ]  # fmt: skip
    assert {(row["account_no"], row["benefit"], row["unit"]) for row in made} == {
        ("6217000000000000026", "最低生活保障", "每月")
    }
    assert refused == []


def test_a_list_takes_its_own_recognition_and_the_childs_place_in_the_household() -> None:
    (poor,), _ = rows("registered-poor-list", CASE)
    (watched,), _ = rows("poverty-risk-list", CASE)
    assert (poor["since"], poor["relation_to_head"]) == ("2014-12-31", "长子")
    assert "since" not in watched


def test_a_handover_of_a_case_file() -> None:
    (row,), refused = rows("handover", CASE)
    assert (row["case_id"], row["from_division"], row["to_division"], row["category"]) == (
        "411303-1", "411303", "411330", "C",
    )  # fmt: skip
    assert refused == []


# --- what is wrong ---------------------------------------------------------------------------------------------------
NO_CATEGORY = [("KJ-DEPT-002", line, f"A{line} category") for line in range(2, 7)]

FAULTY: dict[str, tuple[str, list[Found]]] = {
    "roster-name.csv": ("register-roster", [("KJ-DEPT-002", 3, "B3 name")]),
    "roster-category.csv": ("register-roster", [("KJ-DEPT-005", 4, "G4 category")]),
    "roster-measures.csv": ("register-roster", [("KJ-SYS-023", 3, "H3 basic_life")]),
    "roster-none-and-some.csv": ("register-roster", [("KJ-SYS-023", 6, "J6 medical")]),
    "roster-month.csv": ("register-roster", [("KJ-DEPT-003", 2, "D2 birth_month")]),
    "roster-township.csv": ("register-roster", [("KJ-DEPT-004", 5, "Q5 township")]),
    "roster-village.csv": ("register-roster", [("KJ-DEPT-003", 5, "R5 village")]),
    "roster-column.csv": (
        "register-roster",
        [("KJ-SYS-041", None, "G"), ("KJ-DEPT-007", None, "civil_affairs-roster-column.csv"), *NO_CATEGORY],
    ),
    "roster-heading.csv": ("register-roster", [("KJ-DEPT-006", None, None), ("KJ-SYS-013", None, None)]),
    "form-guardianship.csv": ("register-form", [("KJ-DEPT-005", 2, "S2 guardianship_status")]),
    "form-ethnicity.csv": ("register-form", [("KJ-DEPT-005", 3, "F3 ethnicity")]),
    "form-size.csv": ("register-form", [("KJ-DEPT-003", 4, "I4 household_size")]),
    "form-relation.csv": ("register-form", [("KJ-DEPT-005", 2, "R2 guardian_relation")]),
    "left-behind-dead.csv": ("left-behind-2016", [("KJ-DEPT-003", 2, "O2 paternal_grandfather_birth_date")]),
    "left-behind-flag.csv": ("left-behind-2016", [("KJ-DEPT-003", 3, "AF3 both_parents_away")]),
    "left-behind-health.csv": ("left-behind-2016", [("KJ-DEPT-005", 4, "I4 health")]),
    "left-behind-kind.csv": ("left-behind-2016", [("KJ-DEPT-005", 5, "AO5 guardianship_kind")]),
    "query-missing.json": ("child-query", [("KJ-DEPT-002", None, "child_idcard")]),
    "query-element.json": ("child-query", [("KJ-DEPT-001", 1, None)]),
    "answer-element.json": ("sharing-answer", [("KJ-DEPT-001", 1, None)]),
    "answer-state.json": ("sharing-answer", [("KJ-DEPT-005", 1, "status")]),
    "payment-account.csv": ("payment-list", [("KJ-DEPT-002", 4, "I4 account_no")]),
    "payment-account-form.csv": ("payment-list", [("KJ-SYS-023", 4, "I4 account_no")]),
    "payment-amount.csv": ("payment-list", [("KJ-DEPT-003", 2, "Q2 amount")]),
    "payment-cents.csv": ("payment-list", [("KJ-DEPT-003", 2, "Q2 amount")]),
    "payment-benefit.csv": ("payment-list", [("KJ-DEPT-005", 5, "J5 benefit"), ("KJ-SYS-021", 5, "J5 benefit")]),
    "payment-period.csv": ("payment-list", [("KJ-SYS-023", 3, "O3 period")]),
    "bank-result.csv": ("bank-return", [("KJ-DEPT-005", 5, "R5 result"), ("KJ-SYS-021", 5, "R5 result")]),
    "bank-day.csv": ("bank-return", [("KJ-SYS-023", 2, "S2 paid_on")]),
    "poor-division.csv": ("registered-poor-list", [("KJ-DEPT-004", 3, "A3 division")]),
    "poor-since.csv": ("registered-poor-list", [("KJ-DEPT-002", 2, "S2 since")]),
    "risk-income.csv": ("poverty-risk-list", [("KJ-DEPT-003", 4, "G4 income_per_head")]),
    "handover-to.csv": ("handover", [("KJ-DEPT-002", 2, "J2 to_division")]),
    "handover-flag.csv": ("handover", [("KJ-DEPT-003", 3, "N3 acknowledged")]),
    "correction-kind.csv": ("correction", [("KJ-DEPT-005", 3, "E3 kind"), ("KJ-SYS-021", 3, "E3 kind")]),
    "correction-reason.csv": ("correction", [("KJ-DEPT-002", 4, "G4 reason")]),
    "procedure-step.csv": ("procedure", [("KJ-DEPT-005", 3, "D3 step"), ("KJ-SYS-021", 3, "D3 step")]),
    "procedure-day.csv": ("procedure", [("KJ-DEPT-003", 4, "J4 notified_on")]),
    "referral-body.csv": ("referral", [("KJ-DEPT-002", 2, "E2 to_body")]),
    "referral-result.csv": ("referral", [("KJ-DEPT-005", 3, "J3 result")]),
}  # fmt: skip


@pytest.mark.parametrize("file", FAULTY)
def test_what_is_wrong_is_said_at_its_place(file: str) -> None:
    name, expected = FAULTY[file]
    _, found = read(INVALID / f"civil_affairs-{file}", name)
    assert found == expected


def test_every_wrong_file_is_held() -> None:
    assert {path.name.removeprefix("civil_affairs-") for path in INVALID.glob("civil_affairs-*")} == set(FAULTY)


def test_an_account_typed_as_a_number_has_lost_its_digits() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    text = MAKER.made("payment-list", "csv", MAKER.payments()[:1]).decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(text))
    book = openpyxl.Workbook()
    book.active.append(heading)
    book.active.append(
        [float(cell) if title == "银行账号（一卡通）" else cell for title, cell in zip(heading, row, strict=True)]
    )
    stream = io.BytesIO()
    book.save(stream)
    _, found = read(stream.getvalue(), "payment-list")
    assert [(id_, cell) for id_, _, cell in found] == [
        ("KJ-SYS-040", "I2 account_no"),
        ("KJ-DEPT-002", "I2 account_no"),
    ]
