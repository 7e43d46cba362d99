"""A small register held against departments' files: every list, precisely. All people are made up."""

from __future__ import annotations

import codecs
import contextlib
import csv
import datetime
import io
import json
import pathlib
import shlex
import shutil
from collections.abc import Sequence
from typing import Any

import duckdb
import openpyxl
import pytest

from kunjing_exchange import reconcile
from kunjing_exchange.cli import main
from kunjing_exchange.documents.reconciliation import write_feedback
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.identifiers import make_resident_id
from kunjing_exchange.reconcile import KINDS, Difference, Reconciliation
from made import written

ROOT = pathlib.Path(__file__).parents[1]
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


# --- the insurance platform: numbers of its own, states without a year -----------------------------------------------

INSURED = [{"insurance_type": "390", "year": "2017", "status": "1"}]
PAUSED = {"insurance": [{"insurance_type": "390", "year": {"unknown": "not_supplied"}, "status": "2"}]}


def unnamed(key: str, person_no: str, **more: Any) -> tuple[str, dict[str, Any]]:
    """A record that names nobody but by the department's own number."""
    kind, data = YUHAN.record(key, person_no=person_no, **more)
    del data["child"]
    return kind, data


def test_who_is_meant_by_a_departments_own_number_is_told_by_its_other_files() -> None:
    register = [YUHAN.case("a-1", insurance=INSURED), ZIXUAN.case("a-2", insurance=INSURED)]
    persons = [YUHAN.record("p:1", person_no="N1"), ZIXUAN.record("p:2", person_no="N2")]
    rows = [unnamed("i:1", "N1", **PAUSED), unnamed("i:2", "N2", insurance=INSURED), unnamed("i:3", "N3", **PAUSED)]
    short, found, differences = held(register, rows, persons)
    assert short == [("contradiction", "contradiction_insurance", "a-1", "i:1")]
    assert (differences[0].here, differences[0].there) == ("1 正常参保", "2 暂停参保")
    assert [(one.records, one.matched, one.unnamed) for one in found.files] == [(3, 2, 1), (2, 2, 0)]


def test_a_number_that_two_people_have_means_nobody() -> None:
    persons = [YUHAN.record("p:1", person_no="N1"), ZIXUAN.record("p:2", person_no="N1")]
    short, found, _ = held(
        [YUHAN.case("a-1", insurance=INSURED), ZIXUAN.case("a-2")], persons, [unnamed("i:1", "N1", **PAUSED)]
    )
    assert (short, found.files[1].unnamed) == ([], 1)


def test_what_another_department_calls_by_the_same_number_is_somebody_else() -> None:
    other = unnamed("i:1", "N1", department="health_insurance", **PAUSED)
    short, found, _ = held([YUHAN.case("a-1")], [YUHAN.record("p:1", person_no="N1")], [other])
    assert (short, found.files[1].unnamed) == ([], 1)


def test_a_state_without_a_year_is_of_the_year_of_its_data() -> None:
    """Who is insured now is expected in the file of this year, and not in one of data of the year before."""
    state = {"insurance": [{"insurance_type": "390", "year": {"unknown": "not_supplied"}, "status": "1"}]}
    register = [YUHAN.case("a-1", insurance=INSURED), ZIXUAN.case("a-2")]
    assert held(register, [ZIXUAN.record("i:1", **state)])[0] == [("unknown_there", "unknown_there", "a-1", None)]
    assert held(register, [ZIXUAN.record("i:1", **state, as_of="2016-12-31")])[0] == []
    assert held([YUHAN.case("a-1", **state), ZIXUAN.case("a-2")], [ZIXUAN.record("i:1", insurance=INSURED)])[0] == [
        ("unknown_there", "unknown_there", "a-1", None)
    ]


@pytest.mark.parametrize("passed_over", [{"valid": False}, {"answered": False}])
def test_void_records_and_failed_inquiries_say_nothing(passed_over: dict[str, bool]) -> None:
    void = ZIXUAN.record("card:1", claim=[{"kind": "orphan", "value": True}], **passed_over)
    short, found, _ = held([YUHAN.case("a-1")], [void, YUHAN.record("card:2", {"name": "陈月涵"}, **passed_over)])
    assert (short, found.files[0].records, found.files[0].void) == ([], 2, 2)


# --- the worked story of the documentation ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, str, str]]:
    """(command, what the page shows, what is said) of each command of docs/reconcile.md, in a folder of its own."""
    folder = tmp_path_factory.mktemp("story")
    shutil.copytree(ROOT / "fixtures" / "story", folder / "story")
    page = (ROOT / "docs" / "reconcile.md").read_text(encoding="utf-8")
    shown = page.partition("```console\n")[2].partition("```")[0]
    told = []
    with contextlib.chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        for block in shown.split("$ ")[1:]:
            command, _, expected = block.partition("\n")
            verb, *arguments = shlex.split(command)
            out, notes = io.StringIO(), io.StringIO()
            if verb == "cat":
                out.write(pathlib.Path(arguments[0]).read_text(encoding="utf-8-sig"))
            else:
                with contextlib.redirect_stdout(out), contextlib.redirect_stderr(notes):
                    assert main(arguments) == 1
            told.append((command, expected, out.getvalue() + notes.getvalue()))
    return told


def test_the_page_shows_what_happens(story: list[tuple[str, str, str]]) -> None:
    assert [command.partition(" ")[0] for command, _, _ in story] == ["kunjing", "cat"]
    for _, expected, said in story:
        assert said == expected


def test_the_story_finds_who_is_missing_paid_twice_and_to_leave() -> None:
    """Three children missed, one paid twice, two who should have left, and what contradicts."""
    files = [ROOT / "fixtures" / "story" / f"{name}.csv" for name in STORY]
    with reconcile(ROOT / "fixtures" / "story" / "county.xml", files, likeness=False, show_values=True) as found:
        assert [(one.unread, one.void, one.unnamed) for one in found.files] == [
            (0, int(name == "insured"), 0) for name in STORY
        ]
        told = [
            (one.id, one.register and one.register.name, one.department and one.department.name, one.element)
            for one in found
            if one.kind != "unknown_here"
        ]
    assert told == [
        ("due_orphan", None, "郑可馨", "SFGE 是否孤儿"),
        ("due_disability", None, "周晓燕", "disability_grade 残疾等级"),
        ("due_disability", None, "吴志强", "disability_grade 残疾等级"),
        ("left_of_age", "孙国庆", None, None),
        ("left_recognition_ended", "李春梅", None, None),
        ("twice_same_benefit", "陈玥涵", "陈玥涵", "benefit 待遇种类"),
        ("contradiction_child", "陈玥涵", "陈月涵", "XM 姓名"),
        ("contradiction_insurance", "赵子轩", "赵子轩", "psn_insu_stas 人员参保状态"),
        ("contradiction_disability", "赵子轩", "赵子轩", "disability_grade 残疾等级"),
        ("unknown_there", "周子涵", None, None),
        ("unknown_there", "周子涵", None, None),
    ]


STORY = ("roll", "persons", "insured", "certificates", "payments")


# --- feedback lists --------------------------------------------------------------------------------------------------


def feedback(
    folder: pathlib.Path, register: Sequence[Any], *files: Sequence[Any], show_values: bool = True
) -> dict[str, list[dict[str, str]]]:
    """Each office's list: its rows by the headings of their columns."""
    sources = [written(file, "jsonl") for file in files]
    with reconcile(
        written(register, "jsonl"), sources, on=ON, likeness=False, show_values=show_values
    ) as found:  # the folder is left when the tables are still there
        offices = write_feedback(found, folder / "out", lang="zh")
    read = {}
    for path in sorted((folder / "out").iterdir()):
        assert path.read_bytes().startswith(codecs.BOM_UTF8)
        read[path.stem] = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert sorted(offices) == list(read)
    return read


def test_each_office_gets_what_concerns_it_in_its_own_terms(tmp_path: pathlib.Path) -> None:
    school = {"layout": "education:student", "source_no": "XH-7"}
    ill = {
        "department": "health",
        "layout": "health:diagnosis",
        "illness": [{"name": "白血病", "disease_list": "listed"}],
    }
    lists = feedback(
        tmp_path,
        [YUHAN.case("a-1", schooling=[{"stage": "primary", "mode": "ordinary", "start_date": "2015-09-01"}])],
        [YUHAN.record("roll:1", {"birth_date": "2008-03-15"}, **school), CHUNMEI.record("roll:2", **school)],
        [ZIXUAN.record("ill:1", **ill)],
    )
    assert list(lists) == ["civil_affairs", "education", "health"]
    (row,) = lists["education"]
    assert [row[name] for name in ("问题", "本单位编号", "位置", "字段", "本单位所载", "对方记录", "对方所载")] == [
        "儿童信息不一致", "XH-7", "第 1 行", "CSRQ 出生日期", "2008-03-15", "a-1", "2008-03-14",
    ]  # fmt: skip
    assert (row["处理意见"], row["经办人"], row["日期"]) == ("", "", "")
    (ill_row,) = lists["health"]
    assert (ill_row["姓名"], ill_row["本单位所载"]) == ("赵子轩", "白血病")
    assert [(one["类别"], one["姓名"]) for one in lists["civil_affairs"]] == [
        ("应保未保", "赵子轩"),
        ("信息矛盾", "陈玥涵"),
    ]


def test_an_office_learns_of_the_other_side_only_the_field_in_question(tmp_path: pathlib.Path) -> None:
    card = {"disability": [{"disability_class": "4", "disability_grade": "1"}]}
    lists = feedback(
        tmp_path,
        [YUHAN.case("a-1", {"ethnicity": "05"}, parent_situation=[{"parent": "father", "situation": "03"}])],
        [YUHAN.record("roll:1", {"name": "陈月涵", "id_number": YUHAN.number.lower(), "sex": None})],
        [
            YUHAN.record(
                "card:1", department="disability_federation", layout="disability_federation:certificate", **card
            )
        ],
    )
    assert [one["字段"] for one in lists["education"]] == ["XM 姓名"]
    assert [one["字段"] for one in lists["disability_federation"]] == ["disability_grade 残疾等级"]
    said = json.dumps(lists["education"], ensure_ascii=False)
    assert not [word for word in ("disability", "残疾", "05", "服刑", "card:1") if word in said]


def test_the_kind_of_a_confidential_benefit_is_not_told_to_the_other_office(tmp_path: pathlib.Path) -> None:
    register = [YUHAN.case("a-1", **paid("hiv_allowance", "2017-04"))]
    other = [YUHAN.record("bank:1", **paid("hiv_allowance", "2017-04"), division=CITY)]
    lists = feedback(tmp_path, register, other)
    (theirs,) = lists[f"education-{CITY}"]
    assert (theirs["本单位所载"].partition(" ")[0], theirs["对方所载"]) == ("hiv_allowance", "（不提供）")
    (ours,) = lists["civil_affairs"]
    assert (ours["本单位所载"].partition(" ")[0], ours["对方所载"]) == ("hiv_allowance", "（不提供）")


def test_both_lists_that_pay_a_child_hear_of_it(tmp_path: pathlib.Path) -> None:
    benefit = paid("temporary_assistance", "2017-04")
    lists = feedback(
        tmp_path,
        [YUHAN.case("a-1")],
        [ZIXUAN.record("bank:1", **benefit, division=CITY)],
        [ZIXUAN.record("aid:1", **benefit, division=COUNTY, department="health")],
    )
    (first,), (second,) = lists[f"education-{CITY}"], [one for one in lists["health"] if one["类别"] == "重复享受"]
    assert (first["本单位记录"], first["对方记录"]) == ("education:bank:1", "education:aid:1")
    assert (second["本单位记录"], second["对方记录"]) == ("education:aid:1", "education:bank:1")


def test_feedback_is_there_whole_or_not_at_all(tmp_path: pathlib.Path) -> None:
    with reconcile(written([YUHAN.case("a-1")], "jsonl"), [written([YUHAN.record("r:1")], "jsonl")], on=ON) as found:
        pass
    with pytest.raises(duckdb.Error):  # the tables are gone
        write_feedback(found, tmp_path / "out", lang="zh")
    assert list(tmp_path.iterdir()) == []


def test_feedback_is_masked_and_no_cell_is_a_formula(tmp_path: pathlib.Path) -> None:
    register = [YUHAN.case("a-1", {"name": "陈玥"})]
    file = [YUHAN.record("roll:1", {"name": "=陈玥涵"})]
    (row,) = feedback(tmp_path, register, file, show_values=False)["education"]
    assert (row["姓名"], row["本单位所载"], row["对方所载"]) == ("'=字字字", "'=字字字", "字字")
    assert YUHAN.number not in row["证件号码"]
    shutil.rmtree(tmp_path / "out")
    (row,) = feedback(tmp_path, register, file)["education"]
    assert (row["姓名"], row["对方所载"], row["证件号码"]) == ("'=陈玥涵", "陈玥", YUHAN.number)


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
    feedback_folder = tmp_path / "feedback"
    assert ran(*files, "-o", tmp_path / "new.html", "--feedback", feedback_folder) == 1
    assert sorted(path.name for path in feedback_folder.iterdir()) == ["civil_affairs.csv", "education.csv"]
    (feedback_folder / "kept").touch()
    assert ran(*files, "-o", tmp_path / "newer.html", "--feedback", feedback_folder) == 2
    assert (feedback_folder / "kept").exists()
    assert not (tmp_path / "newer.html").exists()
    assert ran(*files, "--feedback", feedback_folder, "--force") == 1
    assert not (feedback_folder / "kept").exists()
    assert ran(*files, "--layout", "auto", "--layout", "auto") == 2
    assert ran(*files, "--layout", "auto") == 1
