"""Education: JY/T 1004 records, the national roll's import sheet, the project's own lists; in and out."""

from __future__ import annotations

import csv
import datetime
import io
import pathlib
import zipfile
from typing import Any

import pytest
from lxml import etree

import made
from kunjing_exchange.codes import code_list
from kunjing_exchange.departments import DepartmentWriter, Layout, department, layout, mapping, open_reader, recognise
from kunjing_exchange.departments.layout import Element, Home
from kunjing_exchange.departments.transform import code_map
from kunjing_exchange.wire import Located, Plain, open_source

ROOT = pathlib.Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures" / "departments"
INVALID = ROOT / "tests" / "departments" / "invalid"
ON = datetime.date(2017, 9, 30)

# file: (layout, records)
FILES = {
    "student.xml": ("student", 8),
    "student.csv": ("student", 8),
    "family-member.xml": ("family-member", 8),
    "family-info.csv": ("family-info", 5),
    "school.xml": ("school", 7),
    "class.csv": ("class", 7),
    "roll-change.csv": ("roll-change", 3),
    "roll-change.xml": ("roll-change", 3),
    "roll-import.xlsx": ("roll-import", 7),
    "preschool-pudong.csv": ("preschool-pudong", 3),
    "enrolment-list.csv": ("enrolment-list", 5),
    "drop-out-list.csv": ("drop-out-list", 3),
    "aid-list.csv": ("aid-list", 4),
}
LAYOUTS = tuple(department("education").layouts)
UNKNOWN = {"unknown": "not_supplied"}

Found = tuple[str, int | None, str | None]
"""Finding, line, place in the department's terms."""


def read(content: bytes | pathlib.Path, name: str) -> tuple[list[Located], list[Found]]:
    """The records of a department's file, and all that is found wrong with it."""
    with open_source(content) as source:
        reader = open_reader(source, name, on=ON, division="411303")
        assert reader is not None
        records = [located for located in reader if located.kind == "department_record"]
        problems = [*reader.problems, *(problem for located in records for problem in located.problems)]
        return records, [(problem.id, problem.line, problem.cell) for problem in problems]


def fixture(file: str) -> tuple[str, list[Located]]:
    """The layout of a sample file and its records, which nothing is wrong with."""
    name = f"education:{FILES[file][0]}"
    records, found = read(FIXTURES / file, name)
    assert found == []
    return name, records


def write(records: list[Located], name: str, form: str) -> bytes:
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, layout(name), form)
    for located in records:
        assert located.data is not None
        writer.write(located.kind, located.data)
    writer.close()
    return stream.getvalue()


def unexpected(finding: str, element: Element, text: str, home: Home) -> None:
    """Nothing is to be refused."""
    raise AssertionError((finding, element.name))


def texts(content: bytes, of: Layout, form: str) -> list[dict[str, str]]:
    """The rows of a file by element name, read without the project."""
    if form == "xml":
        root = etree.fromstring(content)
        return [{str(child.tag): child.text or "" for child in record} for record in root]
    if form == "csv":
        rows: list[list[str]] = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    else:
        rows = sheet(content)
    names = {of.heading(element): element.name for element in of.elements}
    heading = [names[text.removesuffix("*")] for text in rows[0]]
    return [{name: text for name, text in zip(heading, row, strict=False) if text} for row in rows[1:]]


def sheet(content: bytes) -> list[list[str]]:
    """The texts of a workbook's first sheet."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[str(value or "") for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]


# --- reading ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("file", FILES)
def test_sample_is_accepted_and_recognised(file: str) -> None:
    name, records = fixture(file)
    assert len(records) == FILES[file][1]
    with open_source(FIXTURES / file) as source:
        of = recognise(source)
        assert of is not None
        assert of.name == name


def test_every_layout_has_a_sample() -> None:
    assert {f"education:{of}" for of, _ in FILES.values()} == set(LAYOUTS)


PUPIL_ADDRESS = "河南省南阳市南召县皇路店镇黄寨村8组68号"
FIRST: dict[str, Plain] = {
    "student.xml": {
        "child": {
            "name": "宋凝艳", "former_name": "宋小艳", "id_document_type": "111", "id_number": "411321201012135663",
            "id_valid_until": "2021-03-01", "sex": "2", "birth_date": "2010-12-13", "ethnicity": "01",
            "birthplace_division": "411321", "nationality": "CHN", "hukou_type": "2", "hukou_address": PUPIL_ADDRESS,
            "residence_address": PUPIL_ADDRESS, "mailing_address": PUPIL_ADDRESS, "postcode": "473000",
            "telephone": "0377-63450001", "only_child": False, "health_status": "10",
            "photo_reference": "photo/20170001.jpg",
        },
        "claim": [{"kind": "floating_population", "value": False}],
        "schooling": [
            {
                "student_no": "G411321201012135663", "school_student_no": "20170001", "stage": "primary",
                "grade": "一年级", "class_no": "1701", "pupil_kind": "21100", "enrolment_month": "2017-09",
                "status": "01", "start_date": UNKNOWN,
            }
        ],
    },
    "family-member.xml": {
        "relative": [
            {
                "name": "谭贞红", "relation_to_child": "52", "sex": "2", "birth_month": "1986-08", "ethnicity": "01",
                "nationality": "CHN", "education_level": "71", "health_status": "20", "employment": "27",
                "employer": "务农", "guardian": True, "telephone": "0377-63450001", "mobile": "13837700101",
                "address": PUPIL_ADDRESS,
            }
        ],
        "schooling": [
            {"school_student_no": "20170001", "stage": UNKNOWN, "status": UNKNOWN, "start_date": UNKNOWN}
        ],
    },
    "family-info.csv": {
        "household": {
            "address": PUPIL_ADDRESS, "postcode": "473000", "contact": "谭贞红", "telephone": "0377-63450001",
            "size": 4, "monthly_income": "650", "annual_income": "7800", "income_source": "种植、务工",
        },
        "schooling": [
            {"school_student_no": "20170001", "stage": UNKNOWN, "status": UNKNOWN, "start_date": UNKNOWN}
        ],
    },
    "school.xml": {
        "division": "411321",
        "schooling": [
            {
                "school_code": "4113211032", "school_name": "皇路店镇中心小学", "school_division": "411321",
                "stage": UNKNOWN, "status": UNKNOWN, "start_date": UNKNOWN,
            }
        ],
    },
    "class.csv": {
        "schooling": [
            {
                "school_code": "4113211032", "stage": "primary", "grade": "一年级", "class_no": "1701",
                "class_name": "一年级一班", "status": UNKNOWN, "start_date": UNKNOWN,
            }
        ],
    },
    "roll-change.csv": {
        "schooling": [
            {"school_student_no": "20140007", "stage": UNKNOWN, "status": UNKNOWN, "start_date": UNKNOWN}
        ],
        "roll_change": [
            {
                "kind": "11", "change_date": "2017-09-08", "reason": "19", "approval_date": "2017-09-11",
                "approval_no": "桐教基〔2017〕12号", "old_class": "1401", "old_grade": "四年级", "new_class": "1401",
                "new_grade": "四年级", "note": "住院治疗",
            }
        ],
    },
    "roll-import.xlsx": {
        "source_no": "F20170001",
        "child": {
            "name": "宋凝艳", "former_name": "宋小艳", "id_document_type": "111", "id_number": "411321201012135663",
            "id_valid_until": "2021-03-01", "sex": "2", "birth_date": "2010-12-13", "ethnicity": "01",
            "birthplace_division": "411321", "nationality": "CHN", "hukou_agricultural": True,
            "hukou_division": "411321", "residence_address": PUPIL_ADDRESS, "mailing_address": PUPIL_ADDRESS,
            "postcode": "473000", "telephone": "0377-63450001", "only_child": False, "health_status": "10",
            "left_behind": True, "migrant": False,
        },
        "relative": [
            {
                "name": "谭贞红", "relation_to_child": "52", "relation_note": "生母", "id_document_type": "111",
                "id_number": "411321198608160005", "ethnicity": "01", "employer": "务农", "duty": "村民小组长",
                "guardian": True, "telephone": "13837700101", "address": PUPIL_ADDRESS, "hukou_division": "411321",
            }
        ],
        "claim": [
            {"kind": "left_behind", "value": True, "local_code": "2"},
            {"kind": "orphan", "value": False},
            {"kind": "martyr_family", "value": False},
        ],
        "household": {"address": PUPIL_ADDRESS},
        "schooling": [
            {
                "school_code": "4113211032", "stage": UNKNOWN, "class_no": "1701", "boarding": "1", "pupil_source": "1",
                "admission_mode": "11", "enrolment_month": "2017-09", "preschool_attended": True, "aid_needed": True,
                "aid_received": False, "status": UNKNOWN, "start_date": UNKNOWN, "migrant_pupil": False,
            }
        ],
    },
    "preschool-pudong.csv": {
        "child": {
            "name": "葛曾䮌", "id_document_type": "111", "id_number": "411302201212047220", "sex": "2",
            "birth_date": "2012-12-04", "ethnicity": "01", "nationality": "CHN", "only_child": False,
            "health_status": "10", "left_behind": False, "migrant": False,
        },
        "claim": [
            {"kind": "migrant", "value": False},
            {"kind": "disabled", "value": False},
            {"kind": "soldier_martyr_family", "value": False},
            {"kind": "preferential_family", "value": False},
            {"kind": "minimum_living", "value": False},
            {"kind": "orphan", "value": True},
            {"kind": "left_behind", "value": False, "local_code": "0"},
            {"kind": "local_identity", "value": False, "note": "阳光宝宝卡"},
        ],
        "schooling": [
            {
                "stage": "preschool", "boarding": "1", "aid_needed": True, "status": UNKNOWN, "start_date": UNKNOWN,
                "migrant_pupil": False,
            }
        ],
    },
    "enrolment-list.csv": {
        "child": {
            "name": "宋凝艳", "id_document_type": "111", "id_number": "411321201012135663", "sex": "2",
            "birth_date": "2010-12-13",
        },
        "schooling": [
            {
                "student_no": "G411321201012135663", "school_code": "4113211032", "school_name": "皇路店镇中心小学",
                "school_division": "411321", "stage": "primary", "grade": "一年级", "class_name": "1701班",
                "boarding": "1", "status": "01", "start_date": "2017-09-01",
            }
        ],
    },
    "drop-out-list.csv": {
        "child": {
            "name": "雷世昊", "id_document_type": "111", "id_number": "411303200110054798", "sex": "1",
            "birth_date": "2001-10-05", "residence_address": "河南省南阳市卧龙区蒲山镇汪寨村18组62号",
            "telephone": "13986915712",
        },
        "schooling": [
            {
                "student_no": "G411303200110054798", "school_code": "4113031043", "school_name": "蒲山镇初级中学",
                "school_division": "411303", "stage": "junior", "grade": "九年级", "status": "06",
                "never_enrolled": False, "drop_out_reason": "poverty", "drop_out_date": "2017-09-15",
                "start_date": "2014-09-01",
            }
        ],
    },
    "aid-list.csv": {
        "child": {"name": "宋凝艳", "id_document_type": "111", "id_number": "411321201012135663"},
        "schooling": [
            {
                "student_no": "G411321201012135663", "school_code": "4113211032", "school_name": "皇路店镇中心小学",
                "stage": "primary", "grade": "一年级", "boarding": "1", "status": "01", "start_date": UNKNOWN,
            }
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("file", FIRST)
def test_first_record_is_read_as_a_person_reads_it(file: str) -> None:
    name, records = fixture(file)
    frame = {"record_key": f"{name}:1", "department": "education", "layout": name, "as_of": "2017-09-30"}
    assert records[0].data == frame | FIRST[file]


def test_kindergarten_keeps_both_disability_cards_apart() -> None:
    """The certificate is a disability without class; the district's own card is a mark with its own code."""
    _, records = fixture("preschool-pudong.csv")
    data = records[1].data
    assert data is not None
    (disability,) = data["disability"]
    assert disability == {
        "disability_class": UNKNOWN, "disability_grade": UNKNOWN, "certificate_no": data["child"]["id_number"] + "42",
        "issue_date": "2016-05-01", "issuing_body": "桐柏县残疾人联合会", "note": "肢体",
    }  # fmt: skip
    assert data["child"]["health_note"] == "脑性瘫痪"
    assert "illness" not in data
    assert data["claim"][-1] == {
        "kind": "local_identity", "value": True, "local_code": "4", "start_date": "2016-06-01", "note": "阳光宝宝卡",
    }  # fmt: skip


def test_second_member_of_the_import_sheet_is_the_second_relative() -> None:
    _, records = fixture("roll-import.xlsx")
    data = records[1].data
    assert data is not None
    assert [(one["name"], one["relation_to_child"]) for one in data["relative"]] == [("邓波涛", "51"), ("阎贞", "52")]
    assert data["relative"][1]["duty"] == "职工"


# --- there and back --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("file", FILES)
def test_two_way_elements_come_back_as_the_same_text(file: str) -> None:
    name, records = fixture(file)
    of, form = layout(name), file.rpartition(".")[2]
    before = texts((FIXTURES / file).read_bytes(), of, form)
    after = texts(write(records, name, form), of, form)
    two_way = [element.name for element in of.elements if element.two_way]
    assert len(before) == len(after) == len(records)
    for said, written in zip(before, after, strict=True):
        assert {key: written.get(key, "") for key in two_way} == {key: said.get(key, "") for key in two_way}


@pytest.mark.parametrize("name", LAYOUTS)
def test_samples_use_every_two_way_element(name: str) -> None:
    """Otherwise the test above would say nothing of some."""
    of = layout(name)
    used: set[str] = set()
    for file, (known, _) in FILES.items():
        if name == f"education:{known}":
            rows = texts((FIXTURES / file).read_bytes(), of, file.rpartition(".")[2])
            used.update(key for row in rows for key, text in row.items() if text)
    assert [element.name for element in of.elements if element.two_way and element.name not in used] == []


# what the map says is read and not written: the canonical fields that don't come back
LOST = {
    "education:student": {"child.id_valid_until"},
    "education:class": {"schooling.stage"},
    "education:roll-import": {"child.id_valid_until"},
}


@pytest.mark.parametrize(
    ("file", "form"),
    [
        (file, form)
        for file in FILES
        for form in layout(f"education:{FILES[file][0]}").formats
        if not (file.endswith(".csv") and file.replace(".csv", ".xml") in FILES)
    ],
)
def test_records_come_back_but_for_what_the_map_declares(file: str, form: str) -> None:
    name, records = fixture(file)
    again, found = read(write(records, name, form), name)
    required_and_left_out = {
        element.name for element in layout(name).elements if element.required == "Y" and not element.two_way
    }
    assert {(place or "").rpartition(" ")[2] for _, _, place in found} <= required_and_left_out
    lost: set[str] = set()
    for one, other in zip(records, again, strict=True):
        lost |= different(one.data, other.data)
    assert lost == LOST.get(name, set())


def different(one: Any, other: Any, path: str = "") -> set[str]:
    """The paths at which two plain records differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = {key for key in one | other if one.get(key) != other.get(key)}
        return set().union(*(different(one.get(key), other.get(key), f"{path}.{key}".strip(".")) for key in keys))
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return set().union(*(different(a, b, path) for a, b in zip(one, other, strict=True)))
    return set() if one == other else {path.removesuffix(".unknown")}


# codes of the department's lists that have no canonical counterpart, by (layout, element): refused, never guessed
PASSPORTS = {"6", "7", "8", "9", "A"}
REFUSED = {
    ("student", "SFZJLXM"): PASSPORTS | {"3", "4", "5"},
    ("student", "XSLBM"): {
        "2", "3", "32", "34", "5", "51", "51100", "51200", "51300", "51400", "21200", "31300", "32200",
    },
    ("roll-import", "SFZJLXM"): PASSPORTS,
    ("roll-import", "member1_SFZJLXM"): PASSPORTS,
    ("roll-import", "member2_SFZJLXM"): PASSPORTS,
    ("roll-import", "JKZKM"): {"40"},
}  # fmt: skip


def anchor(of: Layout) -> dict[str, str]:
    """The least that gives the canonical item which makes a record on the way out."""
    for element in of.elements:
        home = element.homes[0]
        if home.direction == "both" and home.path.startswith(of.each or "child") and not (home.map or element.codes):
            return {element.name: "20170901"}
    raise AssertionError(of.name)


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_code_comes_back_or_is_refused(name: str) -> None:
    of, refused = layout(name), {}
    for element in of.elements:
        # a list of more than a hundred is the register's own, carried over as it is
        if not element.two_way or not element.codes or len(code_list(element.codes)) > 100:
            continue
        for code in code_list(element.codes):
            said: list[str] = []
            row = anchor(of) | {"member1_CYXM": "甲"} | {element.name: code}
            data = mapping(name).read(row, lambda finding, *_, said=said: said.append(finding))
            if said:
                assert set(said) == {"KJ-DEPT-005"}
                refused.setdefault((name.partition(":")[2], element.name), set()).add(code)
                continue
            (back,) = mapping(name).rows(data, unexpected)
            assert back[element.name] == code, (element.name, code)
    assert refused == {key: codes for key, codes in REFUSED.items() if key[0] == name.partition(":")[2]}


def test_special_pupils_keep_their_kind_though_the_stage_is_not_guessed() -> None:
    records, found = read(INVALID / "education-student-special.csv", "education:student")
    assert [finding for finding, _, _ in found] == ["KJ-DEPT-005"]
    data = records[0].data
    assert data is not None
    assert (data["schooling"][0]["pupil_kind"], data["schooling"][0]["stage"]) == ("51400", UNKNOWN)
    (row,) = texts(write(records, "education:student", "csv"), layout("education:student"), "csv")
    assert row["XSLBM"] == "51400"


WORDS = {  # word of the project's own lists: (map, canonical code, the word that is written for the code)
    "幼儿园": ("stage", "preschool", "学前教育"),
    "高中": ("stage", "senior", "普通高中"),
    "中职": ("stage", "vocational", "中等职业教育"),
    "辍学": ("status", "06", "流失"),
}


def test_words_are_of_the_canonical_lists_and_come_back() -> None:
    lists = {
        "stage": "school_stage", "status": "student_status", "boarding": "boarding", "sex": "sex",
        "drop_out_reason": "drop_out_reason", "id_document_type": "id_document_type", "category": "dilemma_category",
        "unit": "amount_unit",
    }  # fmt: skip
    for name, codes in lists.items():
        words = code_map("education", f"values:{name}")
        assert {*words.read.values(), *words.write} <= set(code_list(codes)), name
        for word, code in words.read.items():
            assert words.write[code] == WORDS.get(word, (name, code, word))[2]
    for name in ("stage", "status", "boarding", "drop_out_reason", "category", "unit"):
        # every code can be said in words: nothing of the list is refused on the way out
        assert set(code_map("education", f"values:{name}").write) == set(code_list(lists[name])), name


def test_left_behind_keeps_which_parents_are_away() -> None:
    name = "education:roll-import"
    for code, left in (("0", False), ("1", True), ("2", True)):
        data = mapping(name).read({"XXDM": "4113211032", "SFLSET": code}, unexpected)
        assert data["child"]["left_behind"] is left
        assert data["claim"] == [{"kind": "left_behind", "value": left, "local_code": code}]


def test_four_kinds_of_disability_make_no_disability_record() -> None:
    _, records = fixture("roll-import.xlsx")
    data = records[2].data
    assert data is not None
    assert (data["schooling"][0]["disability_kind"], data["schooling"][0]["inclusive_local"]) == ("9", "是")
    assert "disability" not in data
    home = layout("education:roll-import").by_name["CJRLXM"].homes[0]
    assert "GB/T 26341" in home.loss_en


# --- the way out from a case file ------------------------------------------------------------------------------------
def case_file() -> Plain:
    data = next(case for case in made.cases(made.submission(12)) if case["child"]["id_number"] == "411321201012135663")
    data["benefit"] = [
        {"kind": "orphan_allowance", "amount": "987.65", "unit": "month", "start_date": "2016-01-01"},
        {"kind": "nutrition_plan", "amount": "800", "unit": "year", "start_date": "2017-09-01"},
        {"kind": "compulsory_living", "amount": "500.5", "unit": "year", "start_date": "2017-09-01"},
    ]
    data["schooling"].insert(0, {"stage": "preschool", "status": "07", "start_date": "2014-09-01"})
    return data


def test_aid_list_holds_education_aid_only() -> None:
    stream = io.BytesIO()
    writer = DepartmentWriter(stream, layout("education:aid-list"), "csv")
    writer.write("case_file", case_file())
    writer.close()
    assert writer.losses == []
    assert b"987.65" not in stream.getvalue()
    (row,) = texts(stream.getvalue(), layout("education:aid-list"), "csv")
    assert row == {
        "name": "宋凝艳", "id_document_type": "居民身份证", "id_number": "411321201012135663",
        "student_no": "G411321201012135663", "school_code": "4113211032", "school_name": "皇路店镇中心小学",
        "stage": "小学", "grade": "一年级", "boarding": "走读", "category": "贫困家庭儿童",
        "compulsory_living": "500.50", "compulsory_living_unit": "每年", "nutrition_plan": "800.00",
        "nutrition_plan_unit": "每年",
    }  # fmt: skip


def test_pupil_kind_and_hukou_are_written_from_broader_facts() -> None:
    """A case file knows the stage and the exact kind of household registration, which say less or more."""
    (_, student) = mapping("education:student").rows(case_file(), lambda *_: None)
    assert (student["XSLBM"], student["XSDQZTM"], student["HKXZM"]) == ("21", "01", "2")
    (_, sheet_row) = mapping("education:roll-import").rows(case_file(), lambda *_: None)
    assert (sheet_row["HKXZM"], sheet_row["CSRQ"]) == ("1", "20101213")


def test_import_sheet_has_the_71_columns_in_their_order() -> None:
    heading = [text.removesuffix("*") for text in sheet((FIXTURES / "roll-import.xlsx").read_bytes())[0]]
    assert len(heading) == len(set(heading)) == 71
    assert heading[:6] == ["学校标识码", "姓名", "性别", "出生日期", "出生地行政区划代码", "籍贯"]
    assert heading[25:30] == ["是否受过学前教育", "是否留守儿童", "是否需要申请资助", "是否享受一补", "是否孤儿"]
    assert heading[46:49] == ["是否进城务工人员随迁子女", "成员1姓名", "成员1关系"]
    assert heading[-1] == "成员2职务"


def test_workbook_holds_texts_and_no_numbers() -> None:
    """A number would lose the zeros of a code and the digits of an identity."""
    with zipfile.ZipFile(FIXTURES / "roll-import.xlsx") as book:
        cells = etree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter("{*}c")
        assert {cell.get("t") for cell in cells if len(cell)} <= {"s", "inlineStr"}


# --- what is wrong ---------------------------------------------------------------------------------------------------
def at(file: str, cell: str) -> str:
    return f"education-{file}.csv!{cell}"


FAULTS: dict[str, tuple[str, list[Found]]] = {
    "aid-list-required.csv": ("aid-list", [("KJ-DEPT-002", 2, at("aid-list-required", "G2 stage"))]),
    "class-kind.csv": ("class", [("KJ-DEPT-004", 2, at("class-kind", "H2 BJLXM"))]),
    "drop-out-list-date.csv": ("drop-out-list", [("KJ-DEPT-003", 2, at("drop-out-list-date", "P2 drop_out_date"))]),
    "drop-out-list-flag.csv": ("drop-out-list", [("KJ-DEPT-003", 2, at("drop-out-list-flag", "N2 never_enrolled"))]),
    "enrolment-list-word.csv": ("enrolment-list", [("KJ-DEPT-005", 2, at("enrolment-list-word", "J2 stage"))]),
    "family-info-money.csv": ("family-info", [("KJ-DEPT-003", 2, at("family-info-money", "J2 JTNSRJE"))]),
    "family-member-name.csv": ("family-member", [("KJ-DEPT-002", 2, at("family-member-name", "C2 CYXM"))]),
    "family-member-relation.xml": ("family-member", [("KJ-DEPT-004", 20, "GXM")]),
    "preschool-pudong-flag.csv": ("preschool-pudong", [("KJ-DEPT-003", 2, at("preschool-pudong-flag", "W2 sfge"))]),
    "preschool-pudong-mark.csv": (
        "preschool-pudong",
        [
            ("KJ-DEPT-005", 2, at("preschool-pudong-mark", "X2 sflset")),
            ("KJ-SYS-021", 2, at("preschool-pudong-mark", "X2 sflset")),
        ],
    ),
    "roll-change-column.csv": (
        "roll-change",
        [
            ("KJ-DEPT-007", None, "education-roll-change-column.csv"),
            ("KJ-DEPT-002", 2, at("roll-change-column", "A2 YDRQ")),
        ],
    ),
    "roll-import-flag.csv": ("roll-import", [("KJ-DEPT-004", 2, at("roll-import-flag", "AD2 SFGE"))]),
    "roll-import-number.csv": ("roll-import", [("KJ-SYS-023", 2, at("roll-import-number", "M2 SFZJH"))]),
    "school-code.xml": ("school", [("KJ-SYS-023", 3, "XXDM")]),
    "student-broken.xml": ("student", [("KJ-SYS-001", 63, None)]),
    "student-code.csv": ("student", [("KJ-DEPT-004", 3, at("student-code", "AL3 XSDQZTM"))]),
    "student-column.csv": ("student", [("KJ-SYS-041", None, "education-student-column.csv!AJ")]),
    "student-date.xml": ("student", [("KJ-SYS-023", 35, "CSRQ")]),
    "student-element.xml": ("student", [("KJ-DEPT-001", 3, None)]),
    "student-empty.csv": ("student", [("KJ-SYS-013", None, None)]),
    "student-heading.csv": ("student", [("KJ-DEPT-006", None, None), ("KJ-SYS-013", None, None)]),
    "student-length.csv": ("student", [("KJ-DEPT-003", 2, at("student-length", "A2 XH"))]),
    "student-passport.csv": ("student", [("KJ-DEPT-005", 2, at("student-passport", "L2 SFZJLXM"))]),
    "student-required.csv": ("student", [("KJ-DEPT-002", 3, at("student-required", "AL3 XSDQZTM"))]),
    "student-special.csv": ("student", [("KJ-DEPT-005", 2, at("student-special", "Z2 XSLBM"))]),
    "student-twice.xml": ("student", [("KJ-SYS-025", 7, None)]),
}


@pytest.mark.parametrize("file", FAULTS)
def test_fault_is_found_at_its_place_and_nothing_else(file: str) -> None:
    of, expected = FAULTS[file]
    assert read(INVALID / f"education-{file}", f"education:{of}")[1] == expected


def test_every_faulty_file_is_expected() -> None:
    assert {path.name.removeprefix("education-") for path in INVALID.glob("education-*")} == set(FAULTS)


# --- the tables ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_lost_or_left_out_is_said_in_both_languages(name: str) -> None:
    for element in layout(name).elements:
        assert element.title
        assert element.certainty in ("verified", "single", "memory", "own")
        for home in element.homes:
            assert bool(home.loss_zh) == bool(home.loss_en)
            if home.direction != "both":
                first = element.homes[0].direction
                assert home.loss_zh or first == "both" or home.path == "division", (name, element.name)
