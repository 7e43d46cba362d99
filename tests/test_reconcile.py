"""A small register held against departments' files: every list, precisely. All people are made up."""

from __future__ import annotations

import datetime
import json
import pathlib
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from kunjing_exchange import reconcile
from kunjing_exchange.cli import main
from kunjing_exchange.departments import layout
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.identifiers import make_resident_id
from kunjing_exchange.reconcile import KINDS, Difference, Reconciliation
from made import written

ON = datetime.date(2017, 9, 30)
COUNTY, CITY = "411302", "411381"


class Child:
    """A made-up child, as a case file or as a department's record has it."""

    def __init__(self, name: str, birth: str, sequence: int, sex: str = "2") -> None:
        self.number = make_resident_id(COUNTY, datetime.date.fromisoformat(birth), sequence)
        self.facts: dict[str, Any] = {
            "name": name, "id_document_type": "111", "id_number": self.number, "sex": sex, "birth_date": birth,
            "hukou_division": COUNTY,
        }  # fmt: skip

    def case(self, case_id: str, child: dict[str, Any] | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
        facts = {"case_id": case_id, "division": COUNTY, "status": "open", "opened_on": "2016-01-05"}
        return "case_file", {**facts, **more, "child": self.told(child)}

    def record(self, key: str, child: dict[str, Any] | None = None, **more: Any) -> tuple[str, dict[str, Any]]:
        facts = {
            "record_key": f"education:{key}",
            "department": "education",
            "layout": "education:student",
            "as_of": "2017-09-30",
        }
        return "department_record", {**facts, **more, "child": self.told(child)}

    def told(self, changes: dict[str, Any] | None) -> dict[str, Any]:
        return {name: value for name, value in {**self.facts, **(changes or {})}.items() if value is not None}


YUHAN = Child("陈玥涵", "2008-03-14", 12)
ZIXUAN = Child("赵子轩", "2011-07-30", 31, "1")
GUOQING = Child("孙国庆", "1999-09-20", 51, "1")
CHUNMEI = Child("李春梅", "2009-02-28", 22)
NOBODY = {"id_document_type": None, "id_number": None}
DETERMINED = [{"scheme": "henan-2017", "category": "D", "start_date": "2016-01-05"}]


def held(
    register: Sequence[tuple[str, Any]],
    *files: Sequence[tuple[str, Any]],
    likeness: bool = False,
    show_values: bool = True,
) -> tuple[list[tuple[Any, ...]], Reconciliation, list[Difference]]:
    """(kind, id, case, record) of every difference; the reconciliation; the differences."""
    sources = [written(file, "jsonl") for file in files]
    with reconcile(written(register, "jsonl"), sources, on=ON, likeness=likeness, show_values=show_values) as found:
        differences = list(found)
    short = [(one.kind, one.id, one.register and one.register.record, _record(one)) for one in differences]
    return short, found, differences


def _record(one: Difference) -> str | None:
    record = one.department.record if one.department is not None else None
    return record and record.removeprefix("education:")


def test_those_who_agree_differ_in_nothing() -> None:
    short, found, _ = held([YUHAN.case("a-1")], [YUHAN.record("roll:1")])
    assert short == []
    assert found.totals["differences"] == dict.fromkeys(KINDS, 0)
    assert [(one.records, one.matched, one.unread) for one in found.files] == [(1, 1, 0)]


ORPHANS = [{"kind": "orphan_allowance", "amount": "700.00", "unit": "month", "start_date": "2017-01-01"}]
POOR = [{"kind": "rural_minimum_living", "start_date": "2016-01-01"}]
GROUNDS: list[tuple[dict[str, Any], str, str]] = [
    ({"disability": [{"disability_class": "4", "disability_grade": "1"}]}, "due_disability", "四(三)"),
    ({"illness": [{"name": "急性白血病", "disease_list": "listed"}]}, "due_illness", "四(三)"),
    ({"claim": [{"kind": "orphan", "value": True}]}, "due_orphan", "四(一)"),
    ({"claim": [{"kind": "destitute", "value": True}]}, "due_destitute", "四(二)"),
    ({"claim": [{"kind": "severely_disabled", "value": True}]}, "due_ill_or_disabled_by_mark", "四(三)"),
    ({"claim": [{"kind": "minimum_living", "value": True}]}, "due_poor_household", "四(四)"),
    ({"household": {"household_hardship": POOR}}, "due_poor_household", "四(四)"),
    ({"parent_situation": [{"parent": "father", "situation": "09"}]}, "due_parents_lost", "四(一)"),
    ({"parent_situation": [{"parent": "father", "situation": "03"}]}, "due_parent_held", "四(五)"),
    ({"determination": DETERMINED}, "due_recognised", "四"),
    ({"benefit": ORPHANS}, "due_paid", "五(一)"),
]
NO_GROUNDS: list[dict[str, Any]] = [
    {"disability": [{"disability_class": "4", "disability_grade": "3"}]},
    {"illness": [{"name": "感冒", "disease_list": "not_listed"}]},
    {"claim": [{"kind": "orphan", "value": False}]},
    {"claim": [{"kind": "left_behind", "value": True}]},
    {"parent_situation": [{"parent": "father", "situation": "03", "end_date": "2016-12-31"}]},
]


def strangers(facts: Sequence[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """A child for each, none like another."""
    names = [
        "李冬月",
        "王春林",
        "赵鹏飞",
        "周晓燕",
        "吴志强",
        "郑可馨",
        "冯天佑",
        "蒋诗涵",
        "沈永康",
        "韩雪莹",
        "杨立德",
    ]
    children = (
        Child(name, f"20{4 + place:02}-0{1 + place % 9}-1{place % 9}", 2 * place) for place, name in enumerate(names)
    )
    return [
        child.record(f"roll:{place}", **more)
        for place, (child, more) in enumerate(zip(children, facts, strict=False), 1)
    ]


def test_who_has_a_ground_and_no_case_file() -> None:
    short, _, differences = held([YUHAN.case("a-1")], strangers([facts for facts, _, _ in GROUNDS]))
    assert short == [
        ("due_not_registered", name, None, f"roll:{place}") for place, (_, name, _) in enumerate(GROUNDS, 1)
    ]
    assert [one.clause for one in differences] == [f"豫政办〔2017〕47号 {clause}" for _, _, clause in GROUNDS]
    assert [one.department and one.department.line for one in differences] == list(range(1, 12))


def test_who_has_no_ground_is_merely_unknown_here() -> None:
    short, _, _ = held([YUHAN.case("a-1")], strangers(NO_GROUNDS))
    assert short == [("unknown_here", "unknown_here", None, f"roll:{place}") for place in range(1, 6)]


def test_who_is_grown_up_or_dead_is_not_due() -> None:
    severe = {"disability": [{"disability_class": "4", "disability_grade": "1"}]}
    grown = GUOQING.record("card:1", {"birth_date": "1999-09-30"}, **severe)
    dead = ZIXUAN.record("card:2", {"death_date": "2017-01-02"}, **severe)
    assert held([YUHAN.case("a-1")], [grown, dead])[0] == []


def test_a_closed_file_is_due_again_unless_the_child_left_for_good() -> None:
    severe = {"disability": [{"disability_class": "4", "disability_grade": "1"}]}
    closed = {"status": "closed", "closed_on": "2017-03-01", "disability": severe["disability"]}
    register = [YUHAN.case("a-1", **closed, exit_reason="improved"), ZIXUAN.case("a-2", **closed, exit_reason="moved")]
    short, _, _ = held(register, [YUHAN.record("card:1", **severe), ZIXUAN.record("card:2", **severe)])
    assert short == [("due_not_registered", "due_disability", "a-1", "card:1")]


def test_a_child_of_several_rows_is_listed_once() -> None:
    paid = {"claim": [{"kind": "orphan", "value": True}]}
    short, found, _ = held([YUHAN.case("a-1")], [ZIXUAN.record(f"list:{n}", **paid) for n in range(1, 5)])
    assert short == [("due_not_registered", "due_orphan", None, "list:1")]
    assert found.files[0].records == 4


def test_who_should_have_left() -> None:
    adoption = [{"kind": "adoption", "start_date": "2017-02-01"}]
    ended = [{"scheme": "henan-2017", "category": "D", "start_date": "2016-01-05", "end_date": "2017-06-30"}]
    register = [
        GUOQING.case("a-1", determination=DETERMINED),
        YUHAN.case("a-2", determination=DETERMINED),
        ZIXUAN.case("a-3", determination=DETERMINED),
        CHUNMEI.case("a-4", determination=ended),
    ]
    files = [
        YUHAN.record("death:1", {"death_date": "2017-05-01"}),
        ZIXUAN.record("adopted:1", care_arrangement=adoption),
    ]
    short, _, differences = held(register, files)
    assert sorted(short) == [
        ("registered_not_due", "left_adopted", "a-3", "adopted:1"),
        ("registered_not_due", "left_died", "a-2", "death:1"),
        ("registered_not_due", "left_of_age", "a-1", None),
        ("registered_not_due", "left_recognition_ended", "a-4", None),
    ]
    assert {one.id: (one.here, one.there) for one in differences}["left_died"] == (None, "2017-05-01")


def test_eighteen_on_the_very_day_and_the_day_before() -> None:
    grown = {"birth_date": "1999-09-30"}
    register = [
        GUOQING.case("a-1", grown),
        YUHAN.case("a-2", {"birth_date": "1999-10-01"}),
        CHUNMEI.case("a-3", grown, schooling=[{"stage": "senior", "mode": "day", "start_date": "2015-09-01"}]),
    ]
    _, _, differences = held(register, [ZIXUAN.record("x:1")])
    told = [(one.register and one.register.record, one.certain) for one in differences if one.id == "left_of_age"]
    assert told == [("a-1", True), ("a-3", False)]


def test_contradictions_field_by_field() -> None:
    register = [YUHAN.case("a-1", disability=[{"disability_class": "4", "disability_grade": "2"}])]
    theirs = YUHAN.record(
        "card:1", {"name": "陈月涵", "birth_date": "2008-03-15"},
        disability=[{"disability_class": "4", "disability_grade": "1"}],
        parent_situation=[{"parent": "father", "situation": "03"}],
    )  # fmt: skip
    _, _, differences = held(register, [theirs])
    assert {(one.field, one.here, one.there) for one in differences} == {
        ("child.name", "陈玥涵", "陈月涵"),
        ("child.birth_date", "2008-03-14", "2008-03-15"),
        ("disability.disability_grade", "4/2", "4/1"),
        ("parent_situation.situation", None, "03 服刑在押"),
    }
    assert {(one.kind, one.basis) for one in differences} == {("contradiction", "number")}


def test_a_former_name_is_no_contradiction() -> None:
    assert held([YUHAN.case("a-1", {"former_name": "陈小涵"})], [YUHAN.record("r:1", {"name": "陈小涵"})])[0] == []


def test_dots_and_spaces_and_small_letters_are_no_contradiction() -> None:
    child = Child("古丽米热·玉素甫", "2008-06-01", 22)
    theirs = {"name": "古丽米热•玉素甫", "id_number": child.number.lower()}
    assert held([child.case("a-1")], [child.record("r:1", theirs)])[0] == []


def test_every_file_is_held_against_the_register_by_itself() -> None:
    severe = {"disability": [{"disability_class": "4", "disability_grade": "1"}]}
    nobody: list[tuple[str, Any]] = [("organisation", {"name": "某县民政局"})]
    lists = [[ZIXUAN.record(f"l{n}:1", **severe), YUHAN.record(f"l{n}:2", {"sex": "1"})] for n in (1, 2)]
    short, found, differences = held([YUHAN.case("a-1")], nobody, lists[0], nobody, lists[1])
    assert [one.records for one in found.files] == [0, 2, 0, 2]
    assert short == [
        ("due_not_registered", "due_disability", None, "l1:1"),
        ("due_not_registered", "due_disability", None, "l2:1"),
        ("contradiction", "contradiction_child", "a-1", "l1:2"),
        ("contradiction", "contradiction_child", "a-1", "l2:2"),
    ]
    assert {one.department and one.department.line for one in differences} == {1, 2}


def paid(kind: str, *months: str, **more: Any) -> dict[str, Any]:
    payments = [{"period": month, "amount": "300.00", "status": "made"} for month in months]
    start = f"{min(months)}-01"
    return {
        "benefit": [
            {
                "kind": kind,
                "amount": "300.00",
                "unit": "month",
                "start_date": start,
                "end_date": "2017-08-31",
                "payment": payments,
            }
        ],
        **more,
    }


def test_paid_in_two_counties_for_the_same_months() -> None:
    register = [YUHAN.case("a-1", **paid("orphan_allowance", "2017-03", "2017-04", "2017-05"))]
    short, _, (one,) = held(
        register, [YUHAN.record("bank:1", **paid("orphan_allowance", "2017-04", "2017-05"), division=CITY)]
    )
    assert short == [("paid_twice", "twice_same_benefit", "a-1", "bank:1")]
    assert (one.certain, one.months) == (True, "2017-04—2017-05 (2)")


def test_the_register_and_its_own_countys_list_tell_of_one_payment() -> None:
    register = [YUHAN.case("a-1", **paid("orphan_allowance", "2017-04"))]
    assert held(register, [YUHAN.record("bank:1", **paid("orphan_allowance", "2017-04"), division=COUNTY)])[0] == []


def test_paid_in_two_lists_even_where_the_register_knows_nothing() -> None:
    lists = [[ZIXUAN.record(f"bank{n}:1", **paid("temporary_assistance", "2017-04"), division=COUNTY)] for n in (1, 2)]
    short, _, differences = held([YUHAN.case("a-1")], *lists)
    assert ("paid_twice", "twice_same_benefit", None, "bank2:1") in short
    (one,) = [one for one in differences if one.kind == "paid_twice"]
    assert (one.certain, one.months, one.other_source) == (False, "2017-04", "education:bank1:1")


def test_a_row_a_month_is_one_line_and_the_banks_return_is_no_second_payment() -> None:
    register = [YUHAN.case("a-1")]
    rows = [
        YUHAN.record(f"bank:{n}", **paid("orphan_allowance", month), division=CITY, source_no=f"S-{n}")
        for n, month in enumerate(("2017-03", "2017-04", "2017-05"), 1)
    ]
    assert held(register, rows, rows)[0] == []
    others = [(kind, {**data, "source_no": f"T-{n}", "division": COUNTY}) for n, (kind, data) in enumerate(rows)]
    short, _, (one,) = held(register, rows, others)
    assert short == [("paid_twice", "twice_same_benefit", "a-1", "bank:1")]
    assert (one.certain, one.months) == (True, "2017-03—2017-05 (3)")


def test_benefits_that_are_not_drawn_together() -> None:
    register = [YUHAN.case("a-1", **paid("orphan_allowance", "2017-04"))]
    file = [
        YUHAN.record("bank:1", **paid("minimum_living", "2017-04", "2017-06"), division=COUNTY),
        YUHAN.record("bank:2", **paid("disability_nursing_subsidy", "2017-04"), division=COUNTY),
    ]
    short, _, (one,) = held(register, file)
    assert short == [("paid_twice", "twice_exclusive_benefits", "a-1", "bank:1")]
    assert (one.here, one.there, one.months) == (
        "orphan_allowance 孤儿基本生活费",
        "minimum_living 最低生活保障",
        "2017-04",
    )


def test_returned_payments_and_recoveries_are_no_second_payment() -> None:
    theirs = paid("orphan_allowance", "2017-04", "2017-05")
    theirs["benefit"][0]["payment"][0]["status"] = "returned"
    theirs["benefit"][0]["payment"][1]["kind"] = "recovery"
    register = [YUHAN.case("a-1", **paid("orphan_allowance", "2017-04", "2017-05"))]
    assert held(register, [YUHAN.record("bank:1", **theirs, division=CITY)])[0] == []


def test_another_countys_register_is_a_file_too() -> None:
    register = [YUHAN.case("a-1", **paid("orphan_allowance", "2017-04"))]
    other = [YUHAN.case("b-7", division=CITY, **paid("orphan_allowance", "2017-04"))]
    assert held(register, other)[0] == [("paid_twice", "twice_same_benefit", "a-1", "b-7")]


def test_children_of_another_countys_register_are_no_omission() -> None:
    ended = [{"scheme": "henan-2017", "category": "D", "start_date": "2016-01-05", "end_date": "2017-06-30"}]
    other = [
        YUHAN.case(
            "b-7", division=CITY, status="closed", closed_on="2017-06-30", exit_reason="moved", determination=ended
        ),
        ZIXUAN.case("b-8", division=CITY, determination=DETERMINED, benefit=ORPHANS),
    ]
    assert held([YUHAN.case("a-1", determination=DETERMINED), CHUNMEI.case("a-2", benefit=ORPHANS)], other)[0] == []


def test_who_is_missing_where_the_register_says_they_are() -> None:
    card = {"disability": [{"disability_class": "4", "disability_grade": "2", "certificate_no": f"{YUHAN.number}42"}]}
    register = [YUHAN.case("a-1", **card), ZIXUAN.case("a-2")]
    file = [CHUNMEI.record("card:1", disability=[{"disability_class": "4", "disability_grade": "3"}])]
    short, _, _ = held(register, file)
    assert short == [
        ("unknown_there", "unknown_there", "a-1", None),
        ("unknown_here", "unknown_here", None, "card:1"),
    ]


def test_a_slip_in_a_number_is_proposed_and_changes_nothing() -> None:
    slip = YUHAN.number[:17] + ("1" if YUHAN.number[17] != "1" else "2")
    short, _, differences = held([YUHAN.case("a-1", {"id_number": slip})], [YUHAN.record("roll:1")], likeness=True)
    assert short == [
        ("contradiction", "contradiction_child", "a-1", "roll:1"),
        ("number_proposal", "proposal_slip", "a-1", "roll:1"),
    ]
    assert (differences[1].here, differences[1].there) == (slip, YUHAN.number)
    assert {one.basis for one in differences} == {"likeness"}
    assert held([YUHAN.case("a-1", {"id_number": slip})], [YUHAN.record("roll:1")])[0] == [
        ("number_proposal", "proposal_slip", "a-1", "roll:1"),
        ("unknown_here", "unknown_here", None, "roll:1"),
    ]


def test_an_old_number_is_proposed() -> None:
    old = GUOQING.number[:6] + GUOQING.number[8:17]
    facts = {"id_number": old, "birth_date": {"unknown": "not_provided"}, "hukou_division": None}
    short, _, differences = held([GUOQING.case("a-1", facts)], [GUOQING.record("roll:1")], likeness=True)
    assert ("number_proposal", "proposal_legacy", "a-1", "roll:1") in short
    assert not [one for one in differences if one.basis]


def test_twins_of_whom_neither_is_meant_for_sure_are_nowhere_else() -> None:
    twin = Child("陈玥彤", "2008-03-14", 14)
    severe = {"disability": [{"disability_class": "4", "disability_grade": "1"}]}
    short, _, differences = held(
        [YUHAN.case("a-1", NOBODY), twin.case("a-2", NOBODY)],
        [YUHAN.record("card:1", {**NOBODY, "name": "陈玥桐"}, **severe)],
        likeness=True,
    )
    assert short == [
        ("ambiguous", "doubt_several_candidates", "a-1", "card:1"),
        ("ambiguous", "doubt_several_candidates", "a-2", "card:1"),
    ]
    assert [one.certain for one in differences] == [False, False]
    assert differences[0].probability == differences[1].probability


def test_values_are_masked_unless_shown() -> None:
    register, file = [YUHAN.case("a-1")], [YUHAN.record("roll:1", {"name": "陈月涵"})]
    _, _, (hidden,) = held(register, file, show_values=False)
    assert (hidden.here, hidden.there) == ("字字字", "字字字")
    told = json.dumps(hidden.as_dict(), ensure_ascii=False)
    assert not [value for value in ("陈", "涵", YUHAN.number, "2008") if value in told]


def test_records_that_cannot_be_read_are_counted() -> None:
    register = written([YUHAN.case("a-1")], "jsonl") + b'{"case_file": [1]}\n'
    with reconcile(register, [written([YUHAN.record("roll:1")], "jsonl") + b"{broken\n"], on=ON) as found:
        assert found.totals["unread"] == 1
        assert [(one.records, one.unread) for one in found.files] == [(1, 1)]


def test_the_day_is_that_of_the_register_where_none_is_given() -> None:
    header = {"version": "1.0", "message_type": "case_submission", "edition": "henan-2017", "period_end": "2017-06-30"}
    register = written([("header", header), YUHAN.case("a-1")], "jsonl")
    with reconcile(register, [written([YUHAN.record("roll:1")], "jsonl")]) as found:
        assert found.on == datetime.date(2017, 6, 30)


def test_what_makes_no_sense_is_refused() -> None:
    file = written([YUHAN.record("roll:1")], "jsonl")
    with pytest.raises(InvalidArgument):
        reconcile(written([YUHAN.case("a-1")], "jsonl"), [])
    with pytest.raises(InvalidArgument):
        reconcile(written([YUHAN.case("a-1")], "jsonl"), [file], layouts=[None, None])
    with pytest.raises(InvalidArgument):
        reconcile(file, [file])


# --- a story, in the departments' own layouts -------------------------------------------------------------------------


def departmental(folder: pathlib.Path, layout_name: str, rows: list[dict[str, str]]) -> pathlib.Path:
    """A department's CSV with its own headings."""
    of = layout(layout_name)
    path = folder / f"{layout_name.replace(':', '-')}.csv"
    heads = [of.heading(element) for element in of.elements]
    lines = [heads, *([row.get(head, "") for head in heads] for row in rows)]
    path.write_text("".join(",".join(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_a_county_finds_who_is_missing_paid_twice_and_to_leave(tmp_path: pathlib.Path) -> None:
    """Three children missed, one paid twice, two who should have left; the others are in order."""
    register = tmp_path / "county.jsonl"
    aid = paid("orphan_allowance", "2017-07", "2017-08")
    register.write_bytes(
        written(
            [
                YUHAN.case("a-1", determination=DETERMINED, **aid),
                GUOQING.case("a-2", determination=DETERMINED),
                CHUNMEI.case("a-3", determination=DETERMINED),
                ZIXUAN.case("a-4", determination=DETERMINED),
            ],
            "jsonl",
        )
    )
    blind, prisoner, ill = (
        Child("周晓燕", "2010-05-06", 62),
        Child("吴志强", "2012-08-09", 71, "1"),
        Child("郑可馨", "2013-02-03", 82),
    )
    named = {"儿童姓名": "", "儿童身份证件号码": ""}

    def child(one: Child) -> dict[str, str]:
        return dict(zip(named, (one.facts["name"], one.number), strict=True))

    files = {
        "disability_federation:certificate": [
            {"姓名": blind.facts["name"], "性别": "女", "出生年月": "2010-05-06", "残疾人证号": f"{blind.number}11",
             "残疾类别": "视力", "残疾等级": "壹", "签发机关/批准机关": "某县残疾人联合会", "签发日期": "2016-01-01"},
        ],
        "public_security:parent-situation": [
            {**child(prisoner), "数据来源行政区划": COUNTY, "父或母": "father", "状况": "03", "起始日期": "2017-01-01"},
        ],
        "health:diagnosis": [
            {**child(ill), "疾病名称": "急性白血病", "是否在重大疾病名录": "listed", "确诊日期": "2017-02-02"},
        ],
        "health:death": [{**child(CHUNMEI), "死亡日期": "2017-05-01"}],
        "civil_affairs:payment-list": [
            {**child(YUHAN), "发放地行政区划": CITY, "待遇种类": "孤儿基本生活费", "计发单位": "月",
             "享受起始日期": "2017-07-01", "所属月份": month, "金额": "300.00", "发放状态": "已发放",
             "流水号": f"S-{month}"}
            for month in ("2017-07", "2017-08")
        ],
    }  # fmt: skip
    paths = [departmental(tmp_path, name, rows) for name, rows in files.items()]
    with reconcile(register, paths, on=ON, layouts=list(files), likeness=False, show_values=True) as found:
        assert [one.unread for one in found.files] == [0] * 5
        told = [
            (one.kind, one.id, one.register and one.register.record, one.department and one.department.name)
            for one in found
            if one.kind != "unknown_there"
        ]
    assert told == [
        ("due_not_registered", "due_disability", None, "周晓燕"),
        ("due_not_registered", "due_parent_held", None, "吴志强"),
        ("due_not_registered", "due_illness", None, "郑可馨"),
        ("registered_not_due", "left_of_age", "a-2", None),
        ("registered_not_due", "left_died", "a-3", "李春梅"),
        ("paid_twice", "twice_same_benefit", "a-1", "陈玥涵"),
    ]


# --- documents and command line --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[pathlib.Path, pathlib.Path]:
    """A register, and a list of certificates that names one child more and one child differently."""
    folder = tmp_path_factory.mktemp("reconcile")
    severe = {"disability": [{"disability_class": "4", "disability_grade": "1"}]}
    register, cards = folder / "county.jsonl", folder / "cards.jsonl"
    register.write_bytes(written([YUHAN.case("a-1"), CHUNMEI.case("a-2", determination=DETERMINED)], "jsonl"))
    cards.write_bytes(
        written(
            [YUHAN.record("card:1", {"name": "=陈<b>"}), ZIXUAN.record("card:2", source_no="C-17", **severe)], "jsonl"
        )
    )
    return register, cards


def ran(*arguments: object) -> int:
    return main(["reconcile", *map(str, arguments), "--on", "2017-09-30", "--lang", "zh", "--numbers-only"])


def test_the_terminal_shows_counts_and_no_personal_value(
    files: tuple[pathlib.Path, pathlib.Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(*files) == 1
    said = capsys.readouterr().out
    assert "在册 2 人，档案 2 份" in said
    assert "应保未保（1）" in said
    assert "education:card:2  第 2 行  有二级及以上残疾，未在登记册" in said
    assert "信息矛盾（1）" in said
    assert "姓名 字字字 → =字<a>" in said
    assert not [value for value in ("陈", "赵子轩", YUHAN.number, ZIXUAN.number, "2008") if value in said]


def test_the_workbook_has_every_list_and_room_for_the_decision(
    files: tuple[pathlib.Path, pathlib.Path], tmp_path: pathlib.Path
) -> None:
    out = tmp_path / "differences.xlsx"
    assert ran(*files, "-o", out, "--show-values") == 1
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["汇总", "应保未保", "信息矛盾"]
    head, row = ([cell.value for cell in line] for line in book["应保未保"].iter_rows())
    told = dict(zip(head, row, strict=True))
    assert (told["姓名（部门）"], told["证件号码（部门）"], told["部门记录编号"]) == ("赵子轩", ZIXUAN.number, "C-17")
    assert told["依据条款"] == "豫政办〔2017〕47号 四(三)"
    assert [(name, told[name]) for name in head[-3:]] == [("处理意见", None), ("经办人", None), ("日期", None)]
    cell = book["信息矛盾"].cell(2, head.index("部门所载") + 1)
    assert (cell.value, cell.data_type) == ("=陈<b>", "s")
    counts = {line[0].value: line[1].value for line in book["汇总"].iter_rows()}
    assert (counts["应保未保"], counts["信息矛盾"], counts["重复享受"]) == (1, 1, 0)


def test_the_page_runs_nothing_and_escapes_what_a_file_says(
    files: tuple[pathlib.Path, pathlib.Path], tmp_path: pathlib.Path
) -> None:
    out = tmp_path / "differences.html"
    assert ran(*files, "-o", out, "--show-values", "--fail-on", "never") == 0
    page = out.read_text(encoding="utf-8")
    assert "=陈&lt;b&gt;" in page
    assert "<b>陈" not in page
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert page.count('<th class="own">处理意见</th>') == 2


def test_json_has_a_list_of_each_kind_and_says_what_it_leaves_out(
    files: tuple[pathlib.Path, pathlib.Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ran(*files, "--format", "json", "--show-values") == 1
    told = json.loads(capsys.readouterr().out)
    assert list(told)[-len(KINDS) :] == list(KINDS)
    (due,) = told["due_not_registered"]
    assert due["department"]["name"] == "赵子轩"
    assert due["there"] == "1 一级"
    assert told["totals"]["differences"]["contradiction"] == 1
    assert ran(*files, "--format", "json", "--max-differences", "0") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["left_out"] == {"due_not_registered": 1, "contradiction": 1}
    assert told["due_not_registered"] == []


def test_exit_statuses_and_outputs_of_the_command(
    files: tuple[pathlib.Path, pathlib.Path], tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = tmp_path / "same.jsonl"
    same.write_bytes(written([YUHAN.record("roll:1")], "jsonl"))
    assert ran(files[0], same) == 0
    assert "没有差异" in capsys.readouterr().out
    assert ran(files[0], tmp_path / "missing.csv") == 2
    assert ran(*files, "--look", "0.99") == 2
    there = tmp_path / "there.html"
    there.write_text("kept")
    assert ran(*files, "-o", there) == 2
    assert there.read_text() == "kept"
    assert ran(*files, "--layout", "auto", "--layout", "auto") == 2
    assert ran(*files, "--layout", "auto") == 1
