"""Departments' records merged into case files: whose word counts, what is listed, and that nothing is lost in silence.

All people are made up.
"""

from __future__ import annotations

import copy
import datetime
import json
import pathlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kunjing_exchange import merge, merge_files, validate
from kunjing_exchange.cli import main
from kunjing_exchange.errors import ExchangeError, InvalidArgument, OutputExists, UnreadableInput
from kunjing_exchange.identifiers import make_resident_id
from kunjing_exchange.merge import HINTS, OUTCOMES, REASONS, Merge, Merging, authorities
from kunjing_exchange.merge.rules import items_of
from kunjing_exchange.model import CaseFile, DepartmentRecord, Record, elements
from kunjing_exchange.wire import arrange, open_reader, open_source
from kunjing_exchange.wire.json_schema import accepts
from made import cases, sealed, submission, written

FIXTURES = pathlib.Path(__file__).parents[1] / "fixtures" / "departments"
COUNTY = "411302"
ON = datetime.date(2017, 9, 30)
NUMBER = make_resident_id(COUNTY, datetime.date(2008, 3, 14), 12)
OTHER = make_resident_id(COUNTY, datetime.date(2011, 7, 30), 31)
CERTIFICATE = f"{NUMBER}43"
STUDENT = f"G{NUMBER}"
CHILD = {"name": "陈玥涵", "id_document_type": "111", "id_number": NUMBER, "sex": "2", "birth_date": "2008-03-14"}
SPELL = {
    "student_no": STUDENT, "school_code": "2141000001", "stage": "primary", "status": "01", "start_date": "2014-09-01",
}  # fmt: skip
CARD = {"disability_class": "4", "disability_grade": "3", "certificate_no": CERTIFICATE}


def case(child: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    facts = {"case_id": "411302-0001", "division": COUNTY, "status": "open", "opened_on": "2016-01-05"}
    return arrange(CaseFile, {**facts, "child": {**CHILD, **(child or {})}, **more})


def record(
    department: str, number: int = 1, as_of: str = "2017-09-30", child: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """A department's record of the child; ``child`` is what it says besides the number."""
    facts = {"record_key": f"{department}:list:{number}", "department": department, "layout": f"{department}:list"}
    who = {"id_document_type": "111", "id_number": NUMBER, **(child or {})}
    return arrange(DepartmentRecord, {**facts, "as_of": as_of, "child": who, **more})


def merged(base: Mapping[str, Any], *records: Mapping[str, Any], **more: Any) -> Merge:
    result = merge(base, records, on=ON, **more)
    assert accepts("case_file", result.record)
    assert arrange(CaseFile, result.record) is result.record
    return result


def changes(result: Merge) -> dict[str, tuple[Any, Any]]:
    return {change.path: (change.old, change.new) for change in result.changes}


def conflicts(result: Merge) -> dict[str, str]:
    assert len({conflict.path for conflict in result.conflicts}) == len(result.conflicts)
    return {conflict.path: conflict.outcome for conflict in result.conflicts}


# --- whose word counts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("department", "said", "path"),
    [
        ("public_security", {"child": {"name": "陈玥函"}}, "child/name"),
        ("public_security", {"child": {"birth_date": "2008-03-15"}}, "child/birth_date"),
        ("education", {"schooling": [{**SPELL, "status": "02"}]}, "schooling[1]/status"),
        (
            "disability_federation",
            {"disability": [{**CARD, "disability_grade": "2"}]},
            "disability[1]/disability_grade",
        ),
        (
            "health_insurance",
            {"insurance": [{"insurance_type": "390", "year": "2017", "status": "2"}]},
            "insurance[1]/status",
        ),
        (
            "civil_affairs",
            {"benefit": [{"kind": "orphan_allowance", "amount": "900", "unit": "month", "start_date": "2016-01-01"}]},
            "benefit[1]/amount",
        ),
    ],
)
def test_the_authority_replaces_and_the_conflict_is_listed(department: str, said: dict[str, Any], path: str) -> None:
    base = case(
        schooling=[SPELL],
        disability=[CARD],
        insurance=[{"insurance_type": "390", "year": "2017", "status": "1"}],
        benefit=[{"kind": "orphan_allowance", "amount": "800", "unit": "month", "start_date": "2016-01-01"}],
    )
    result = merged(base, record(department, **said))
    assert conflicts(result) == {path: "replaced"}
    (change,), (conflict,) = result.changes, result.conflicts
    assert (change.path, change.old, change.new) == (path, conflict.here, conflict.said[0].value)
    assert conflict.authority == change.source.department == department
    (origin,) = (one for one in result.provenance if one.path == path)
    assert (origin.source.record_key, origin.source.as_of, origin.merged_on) == (f"{department}:list:1", ON, ON)
    # the same from anybody else changes nothing
    other = "justice"
    kept = merged(base, record(other, **said))
    assert kept.record == base
    assert conflicts(kept) == {path: "kept"}


def test_without_an_authority_the_case_file_stays() -> None:
    base = case({"telephone": "0377-60000001"})
    result = merged(base, record("education", child={"telephone": "0377-60000002"}))
    assert result.record == base
    assert result.changes == ()
    (conflict,) = result.conflicts
    assert (conflict.path, conflict.outcome, conflict.authority) == ("child/telephone", "kept", None)
    assert (conflict.here, conflict.said[0].value) == ("0377-60000001", "0377-60000002")


def test_what_is_absent_or_unknown_is_filled_and_what_is_equal_stays() -> None:
    base = case({"ethnicity": {"unknown": "not_asked"}, "hukou_division": COUNTY}, household={"income_per_head": "600"})
    result = merged(
        base,
        record(
            "education",
            child={"ethnicity": "01", "telephone": "0377-60000002", "hukou_division": COUNTY, "migrant": False},
            household={"income_per_head": "600.00"},
        ),
    )
    assert changes(result) == {
        "child/ethnicity": ({"unknown": "not_asked"}, "01"),
        "child/telephone": (None, "0377-60000002"),
        "child/migrant": (None, False),
    }
    assert result.conflicts == ()
    assert {one.path for one in result.provenance} == set(changes(result))
    assert result.record["household"] == {"income_per_head": "600"}


def test_an_unknown_of_a_department_says_nothing() -> None:
    base = case({"birth_date": "2008-03-14", "ethnicity": "01"})
    result = merged(base, record("education", child={"ethnicity": {"unknown": "not_supplied"}}))
    assert (result.record, result.changes, result.conflicts) == (base, (), ())


def test_of_two_departments_nobody_is_preferred_and_the_authority_is() -> None:
    education = record("education", child={"telephone": "0377-60000002", "name": "陈玥函"})
    insurance = record("health_insurance", child={"telephone": "0377-60000003", "name": "陈悦涵"})
    result = merged(case(), education, insurance)
    assert result.record == case()
    assert conflicts(result) == {"child/telephone": "undecided", "child/name": "kept"}
    assert {len(conflict.said) for conflict in result.conflicts} == {2}
    # absent here: the authority fills it, and who says otherwise is listed
    card = record("disability_federation", disability=[{**CARD, "issue_date": "2015-06-11"}])
    other = record("education", disability=[{**CARD, "issue_date": "2014-01-01"}])
    result = merged(case(disability=[CARD]), other, card)
    assert changes(result) == {"disability[1]/issue_date": (None, "2015-06-11")}
    assert conflicts(result) == {"disability[1]/issue_date": "filled"}


def test_an_authority_that_says_two_things_of_one_day_decides_nothing() -> None:
    one, two = (record("public_security", n, child={"name": name}) for n, name in ((1, "陈玥函"), (2, "陈悦涵")))
    result = merged(case(), one, two)
    assert result.record == case()
    assert conflicts(result) == {"child/name": "undecided"}
    later = merged(merged(case(), one).record, two, provenance=merged(case(), one).provenance)
    assert later.record["child"]["name"] == "陈玥函"
    assert conflicts(later) == {"child/name": "undecided"}


def test_older_data_never_replace_newer() -> None:
    new = record("public_security", 1, "2017-09-01", child={"name": "陈玥函"})
    old = record("public_security", 2, "2017-03-01", child={"name": "陈悦涵"})
    newest = record("public_security", 3, "2017-09-30", child={"name": "陈玥寒"})
    together = merged(case(), old, new)
    assert together.record["child"]["name"] == "陈玥函"
    first = merged(case(), new)
    second = merged(first.record, old, provenance=first.provenance)
    assert second.record == first.record
    assert conflicts(second) == {"child/name": "older"}
    assert second.provenance == first.provenance
    stranger = record("education", as_of="2017-03-01", child={"name": "陈悦涵"})
    assert conflicts(merged(first.record, stranger, provenance=first.provenance)) == {"child/name": "older"}
    # without knowing who said so before, the authority's word counts
    assert merged(first.record, old).record["child"]["name"] == "陈悦涵"
    assert merged(first.record, newest, provenance=first.provenance).record["child"]["name"] == "陈玥寒"
    # what the authority has confirmed is known to be as new as that
    confirmed = merged(case(), record("public_security", 4, "2017-09-01", child={"name": "陈玥涵"}))
    assert confirmed.changes == ()
    assert merged(case(), old, provenance=confirmed.provenance).record == case()


# --- items of lists ---------------------------------------------------------------------------------------------------


def test_a_new_certificate_of_the_same_class_replaces_the_old_number() -> None:
    number = f"{NUMBER}42"
    card = record("disability_federation", disability=[{**CARD, "certificate_no": number, "disability_grade": "2"}])
    result = merged(case(disability=[CARD]), card)
    assert result.record["disability"] == [{**CARD, "certificate_no": number, "disability_grade": "2"}]
    assert conflicts(result) == {
        "disability[1]/certificate_no": "replaced",
        "disability[1]/disability_grade": "replaced",
    }


def test_another_school_is_another_spell_and_only_the_authority_ends_one() -> None:
    junior = {**SPELL, "school_code": "3141000001", "stage": "junior", "start_date": "2017-09-01"}
    ended = {**SPELL, "end_date": "2017-06-30"}
    result = merged(case(schooling=[SPELL]), record("education", schooling=[junior, ended]))
    assert result.record["schooling"] == [ended, junior]
    assert changes(result)["schooling[1]/end_date"] == (None, "2017-06-30")
    assert conflicts(result) == {}
    result = merged(case(schooling=[SPELL]), record("civil_affairs", schooling=[ended]))
    assert result.record["schooling"] == [SPELL]
    assert conflicts(result) == {"schooling[1]/end_date": "kept"}


def test_a_year_of_insurance_that_nobody_names_is_that_of_its_cover_or_of_the_data() -> None:
    base = case(insurance=[{"insurance_type": "390", "year": "2017", "status": "1"}])
    unknown = {"insurance_type": "390", "year": {"unknown": "not_supplied"}, "status": "2"}
    now = merged(base, record("health_insurance", insurance=[unknown]))
    assert now.record["insurance"] == [{"insurance_type": "390", "year": "2017", "status": "2"}]
    past = {**unknown, "until_month": "2016-12"}
    before = merged(base, record("health_insurance", insurance=[past]))
    assert before.record["insurance"] == [*base["insurance"], arrange_insurance(past)]
    assert before.conflicts == ()


def arrange_insurance(item: dict[str, Any]) -> dict[str, Any]:
    whole: dict[str, Any] = arrange(CaseFile, {"insurance": [item]})["insurance"][0]
    return whole


def test_relatives_are_members_of_the_household() -> None:
    mother = {"name": "李红梅", "relation_to_head": "11", "relation_to_child": "52"}
    base = case(household={"member": [mother]})
    said = record(
        "education",
        relative=[
            {"name": "李红梅", "relation_to_child": "52", "employer": "务农", "mobile": "13800000000"},
            {"name": "陈大山", "relation_to_child": "51", "employer": "务农"},
        ],
    )
    result = merged(base, said)
    assert changes(result) == {"household/member[1]/employer": (None, "务农")}
    # nobody says what the father is to the head of the household
    assert [(hint.kind, hint.path) for hint in result.hints] == [("incomplete", "household/member")]


def test_the_death_of_a_parent_is_for_health_to_say() -> None:
    dead = {"parent": "mother", "situation": "09", "start_date": "2012-03-04"}
    away = {"parent": "father", "situation": "12", "start_date": "2012-03-04"}
    said = [{**dead, "start_date": "2012-03-05"}, {**away, "start_date": "2012-03-05"}]
    result = merged(case(parent_situation=[dead, away]), record("health", parent_situation=said))
    assert conflicts(result) == {"parent_situation[1]/start_date": "replaced", "parent_situation[2]/start_date": "kept"}


def test_a_situation_that_begins_after_another_ended_is_a_new_one() -> None:
    before = {"parent": "father", "situation": "03", "start_date": "2012-01-01", "end_date": "2014-01-01"}
    again = {"parent": "father", "situation": "03", "start_date": "2017-01-01"}
    result = merged(case(parent_situation=[before]), record("public_security", parent_situation=[again]))
    assert result.record["parent_situation"] == [before, again]


def test_what_cannot_be_told_again_is_not_added() -> None:
    said = {"disability_class": {"unknown": "not_supplied"}, "disability_grade": "2", "condition": "脑瘫"}
    result = merged(case(), record("disability_federation", disability=[said]))
    assert "disability" not in result.record
    assert [hint.kind for hint in result.hints] == ["incomplete"]


def test_claims_are_hints_and_change_no_fact() -> None:
    said = record("education", claim=[{"kind": "orphan", "value": True}], identity_check="name_differs")
    result = merged(case(), said)
    assert result.record == case()
    assert [(hint.kind, hint.path, hint.value) for hint in result.hints] == [
        ("identity_check", "identity_check", "name_differs"),
        ("claim", "claim[1]", "orphan"),
    ]


# --- who is meant -----------------------------------------------------------------------------------------------------


def bare(**facts: Any) -> dict[str, Any]:
    """A record without an identity number, which says a telephone."""
    data = record("education", child={"telephone": "0377-60000002"}, **facts)
    del data["child"]["id_number"], data["child"]["id_document_type"]
    return data


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (bare(case_id="411302-0001"), None),
        (bare(schooling=[SPELL]), None),
        (bare(disability=[CARD]), None),
        (bare(), "unknown"),
        (record("education", child={"id_number": OTHER}), "unknown"),
        (record("education", child={"id_document_type": "414"}), "unknown"),
        (record("education", child={"id_number": OTHER}, schooling=[SPELL]), "contradictory"),
        (record("education", child={"id_number": OTHER}, case_id="411302-0001"), None),
        (record("education", as_of="2017-10-01"), "not_yet"),
        (record("education", valid=False), "void"),
        (record("education", answered=False), "unanswered"),
        (
            record("education", correction=[{"kind": "withdrawal", "reason": "重复", "decided_on": "2017-09-01"}]),
            "withdrawn",
        ),
    ],
)
def test_the_child_is_told_by_identifier(said: dict[str, Any], reason: str | None) -> None:
    base = case(schooling=[SPELL], disability=[CARD])
    result = merged(base, said)
    assert [one.reason for one in result.unmatched] == ([reason] if reason else [])
    assert reason is None or reason in REASONS
    if reason:
        assert result.record == base


def test_a_certificate_is_its_holders_though_the_case_file_has_none() -> None:
    said = bare(disability=[CARD])
    assert merged(case(), said).record["disability"] == [CARD]
    wrong = bare(disability=[{**CARD, "certificate_no": f"{NUMBER[:16]}0043"}])
    assert [one.reason for one in merged(case(), wrong).unmatched] == ["unknown"]


def test_a_table_of_the_department_is_joined_by_its_own_number() -> None:
    insurance = [{"insurance_type": "390", "year": "2017", "status": "1"}]
    person = record("health_insurance", 1, person_no="4113000001")
    insured = {**record("health_insurance", 2, person_no="4113000001", insurance=insurance)}
    del insured["child"]
    assert merged(case(), insured).record == case()
    assert merged(case(), insured, person).record["insurance"] == insurance
    known = case(insurance=[{"insurance_type": "390", "person_no": "4113000001", "year": "2017"}])
    assert merged(known, insured).record["insurance"][0]["status"] == "1"


def test_models_are_taken_and_given() -> None:
    base, said = (
        CaseFile.model_validate(case()),
        DepartmentRecord.model_validate(record("education", schooling=[SPELL])),
    )
    result = merge(base, [said], on=ON)
    assert result.record == case(schooling=[SPELL])
    assert result.case_file == CaseFile.model_validate(result.record)
    with pytest.raises(InvalidArgument, match="validate it first"):
        merge({"case_id": "x"}, [])


# --- rules ------------------------------------------------------------------------------------------------------------


def field(names: Iterable[str]) -> Any:
    """The field that names lead to; fails where there is none."""
    here: Any = CaseFile
    for name in names:
        here = next(
            element for element in elements(here.record if here is not CaseFile else here) if element.name == name
        )
    return here


def lists(record: type[Record]) -> Iterable[type[Record]]:
    for element in elements(record):
        if element.record is not None:
            if element.repeated:
                yield element.record
            yield from lists(element.record)


def test_the_rules_name_fields_that_there_are() -> None:
    departments = {one.department for one in authorities()}
    assert departments == {
        "public_security", "education", "health_insurance", "disability_federation", "health", "civil_affairs",
    }  # fmt: skip
    for one in authorities():
        assert {element.name for element in elements(field(one.field).record)} >= set(one.where) if one.where else True
        field(one.field)
    homes = {element.name for element in elements(CaseFile)} | {"relative"}
    homeless = {element.name for element in elements(DepartmentRecord) if element.record} - homes
    assert HINTS.keys() == homeless | {"identity_check", "incomplete"}
    shared = {element.name for element in elements(CaseFile)} & {element.name for element in elements(DepartmentRecord)}
    for top in (element for element in elements(CaseFile) if element.record is not None and element.name in shared):
        for found in (top.record, *lists(top.record)) if top.repeated else lists(top.record):
            names = {element.name for element in elements(found)}
            rule = items_of(found.table())
            used = {part for key in (*rule.keys, *rule.distinct) for spec in key for part in spec.split("|")}
            assert used - {"absent", "as_of"} <= names


def test_the_page_names_every_authority() -> None:
    page = (FIXTURES.parents[1] / "docs" / "merge.md").read_text(encoding="utf-8")
    rows = {row.split(" | ")[0].strip("| "): row for row in page.splitlines() if row.startswith("| ")}
    for one in authorities():
        assert f"`{'.'.join(one.field)}`" in rows[one.department]
    assert all(f"`{reason}`" in page for reason in REASONS)


# --- merging again ----------------------------------------------------------------------------------------------------

DAYS = ["2016-12-01", "2017-03-01", "2017-09-01"]
OFFICES = ["education", "health_insurance", "disability_federation", "public_security", "health", "civil_affairs"]
UNKNOWN = {"unknown": "not_supplied"}


def some(**choices: list[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A record with some of these fields; a field whose choices begin with one is always there."""
    always = {name: st.sampled_from(values) for name, values in choices.items() if name.isupper()}
    return st.fixed_dictionaries(
        {name.lower(): strategy for name, strategy in always.items()},
        optional={name: st.sampled_from(values) for name, values in choices.items() if not name.isupper()},
    )


DATES = ["2014-09-01", "2016-09-01", "2017-03-01"]
ITEMS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "schooling": some(
        STAGE=["primary", "junior", UNKNOWN], STATUS=["01", "06", UNKNOWN], START_DATE=[*DATES, UNKNOWN],
        student_no=[STUDENT], school_code=["2141000001", "3141000001"], end_date=DATES, grade=["一年级", "七年级"],
    ),
    "disability": some(
        DISABILITY_CLASS=["4", "5", UNKNOWN], DISABILITY_GRADE=["1", "3", UNKNOWN],
        certificate_no=[f"{NUMBER}43", f"{NUMBER}41", f"{NUMBER}51"], issue_date=DATES,
    ),
    "insurance": some(
        INSURANCE_TYPE=["390"], YEAR=["2016", "2017", UNKNOWN], status=["1", "2", UNKNOWN],
        until_month=["2016-12", "2017-12"],
    ),
    "illness": some(NAME=["白血病", "肾病", UNKNOWN], icd10=["C95.0", "N04.9", UNKNOWN], hospital=["市中心医院"]),
    "parent_situation": some(
        PARENT=["father", "mother"], SITUATION=["03", "09"], start_date=[*DATES, UNKNOWN], end_date=DATES,
        name=["陈大山", "李红梅"],
    ),
    "guardian": some(
        NAME=["陈大山", "李红梅"], KIND=["parent", "kin", UNKNOWN], START_DATE=[*DATES, UNKNOWN],
        id_number=[NUMBER, OTHER], end_date=DATES,
    ),
    "benefit": st.builds(
        lambda benefit, payment: {**benefit, **({"payment": payment} if payment else {})},
        some(
            KIND=["orphan_allowance"], AMOUNT=["800", "900", "900.00"], UNIT=["month"], START_DATE=DATES, end_date=DATES
        ),
        st.lists(
            some(PERIOD=["2017-08", "2017-09"], AMOUNT=["800", "900"], STATUS=["made"], kind=["arrears"]), max_size=2
        ),
    ),
}  # fmt: skip
FACTS = some(
    name=["陈玥涵", "陈玥函"], sex=["1", "2"], birth_date=["2008-03-14", "2008-03-15", UNKNOWN],
    telephone=["0377-60000002", "0377-60000003"], ethnicity=["01", "05", UNKNOWN], left_behind=[True, False],
)  # fmt: skip
MEMBERS = some(
    NAME=["陈大山", "李红梅"], RELATION_TO_CHILD=["51", "52"], id_number=[OTHER], employer=["务农", "务工"]
)  # fmt: skip


@st.composite
def lists_of_items(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.sets(st.sampled_from(sorted(ITEMS)), max_size=3))
    return {name: draw(st.lists(ITEMS[name], min_size=1, max_size=3)) for name in sorted(names)}


@st.composite
def case_files(draw: st.DrawFn) -> dict[str, Any]:
    members = [{**member, "relation_to_head": "11"} for member in draw(st.lists(MEMBERS, max_size=2))]
    household = {"household": {"member": members}} if members else {}
    return case(draw(FACTS), **household, **draw(lists_of_items()))


@st.composite
def department_records(draw: st.DrawFn) -> list[dict[str, Any]]:
    return [
        record(
            draw(st.sampled_from(OFFICES)), number, draw(st.sampled_from(DAYS)), draw(FACTS),
            relative=draw(st.lists(MEMBERS, max_size=2)), **draw(lists_of_items()),
        )
        for number in range(draw(st.integers(1, 4)))
    ]  # fmt: skip


@settings(max_examples=70, deadline=None, derandomize=True)
@given(case_files(), department_records(), st.randoms(use_true_random=False))
def test_merging_twice_changes_nothing_and_the_order_of_files_does_not_matter(
    base: dict[str, Any], records: list[dict[str, Any]], random: Any
) -> None:
    before = copy.deepcopy(base)
    first = merged(base, *records)
    assert base == before
    again = merged(first.record, *records, provenance=first.provenance)
    assert (again.record, again.changes, again.provenance) == (first.record, (), first.provenance)
    shuffled = list(records)
    random.shuffle(shuffled)
    assert merged(base, *shuffled).record == first.record


@settings(max_examples=40, deadline=None, derandomize=True)
@given(case_files(), department_records())
def test_every_difference_is_listed(base: dict[str, Any], records: list[dict[str, Any]]) -> None:
    result = merged(base, *records)
    before, after = leaves(base), leaves(result.record)
    assert before.keys() <= after.keys()
    different = {path for path, value in after.items() if before.get(path) != value and value != UNKNOWN}
    assert different == changes(result).keys()
    replaced = {path for path in different if path in before and not isinstance(before[path], dict)}
    assert replaced == {path for path, outcome in conflicts(result).items() if outcome == "replaced"}
    assert set(conflicts(result).values()) <= OUTCOMES.keys()
    assert {hint.kind for hint in result.hints} <= HINTS.keys()
    assert {one.path for one in result.provenance} >= different


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    if isinstance(value, list):
        return {k: v for at, item in enumerate(value, 1) for k, v in leaves(item, f"{path}[{at}]").items()}
    if isinstance(value, dict) and "unknown" not in value:
        return {k: v for name, item in value.items() for k, v in leaves(item, f"{path}/{name}".lstrip("/")).items()}
    return {path: value}


# --- files ------------------------------------------------------------------------------------------------------------

MADE = 14
"""So many made-up children that the departments' fixtures know some of them."""
KNOWN = ("certificate.csv", "student.csv", "identity.csv", "insurance-person.csv", "insurance-insured.csv")


@pytest.fixture
def county(tmp_path: pathlib.Path) -> pathlib.Path:
    (tmp_path / "county.xml").write_bytes(written(submission(MADE), "xml"))
    return tmp_path


def read_back(path: pathlib.Path) -> list[tuple[str, Any]]:
    with open_source(path) as source:
        return [(located.kind, located.data) for located in open_reader(source)]


def lines(path: pathlib.Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def merge_known(folder: pathlib.Path, source: str, target: str, **more: Any) -> Merging:
    files = [FIXTURES / name for name in KNOWN]
    return merge_files(folder / source, files, folder / target, on=ON, **more)


def test_a_submission_is_merged_whole_and_its_header_made_anew(county: pathlib.Path) -> None:
    merging = merge_known(county, "county.xml", "merged.jsonl", conflicts=county / "all.jsonl", show_values=True)
    assert merging.case_files == MADE
    assert 0 < merging.changed < MADE
    assert [file.records for file in merging.files] == [4, 8, 4, 8, 8]
    assert [file.merged for file in merging.files] == [2, 6, 1, 5, 5]
    before, after = submission(MADE), read_back(county / "merged.jsonl")
    assert [kind for kind, _ in after] == [kind for kind, _ in before]
    changing = {"record_count", "digest"}
    assert {k: v for k, v in after[0][1].items() if k not in changing} == {
        k: v for k, v in before[0][1].items() if k not in changing
    }
    assert after[0][1]["digest"] != before[0][1]["digest"]
    with validate(county / "merged.jsonl") as findings:
        assert not {one.id for one in findings} & {"KJ-BATCH-001", "KJ-BATCH-002", "KJ-SYS-026"}
    listed = lines(county / "all.jsonl")
    assert {name: sum(one["list"] == name for one in listed) for name in merging.counts} == dict(merging.counts)
    places = {one["case_id"]: {} for one in listed if one["list"] == "change"}
    for one in listed:
        if one["list"] == "change":
            places[one["case_id"]][one["path"]] = one["new"]
    for old, new in zip(cases(before), cases(after), strict=True):
        told = {path: value for path, value in leaves(new).items() if leaves(old).get(path) != value}
        assert {path: value for path, value in told.items() if value != UNKNOWN} == places.get(new["case_id"], {})


def test_what_was_merged_is_merged_again_without_a_change(county: pathlib.Path) -> None:
    merge_known(county, "county.xml", "once.xml")
    merging = merge_known(county, "once.xml", "twice.xml")
    assert (merging.changed, merging.counts["change"]) == (0, 0)
    assert (county / "twice.xml").read_bytes() == (county / "once.xml").read_bytes()
    once, twice = (sorted(lines(county / f"{name}.xml.provenance.jsonl"), key=str) for name in ("once", "twice"))
    assert once == twice


def test_provenance_is_beside_the_output_names_every_field_and_has_no_value(county: pathlib.Path) -> None:
    merge_known(county, "county.xml", "once.xml", conflicts=county / "all.jsonl", show_values=True)
    told = lines(county / "once.xml.provenance.jsonl")
    assert {tuple(one) for one in told} == {
        ("case_id", "path", "department", "layout", "record_key", "as_of", "merged_on")
    }
    changed = {(one["case_id"], one["path"]) for one in lines(county / "all.jsonl") if one["list"] == "change"}
    assert changed <= {(one["case_id"], one["path"]) for one in told}
    # older data are known to be older the next time
    number = next(case for case in cases(read_back(county / "once.xml")) if case["case_id"] == told[0]["case_id"])
    who = {"id_document_type": "111", "id_number": number["child"]["id_number"], "name": "陈悦涵"}
    old = record("public_security", as_of="2016-01-01", child=who)
    (county / "old.jsonl").write_bytes(written([("department_record", old)], "jsonl"))
    assert any(one["path"] == "child/name" for one in told if one["case_id"] == number["case_id"])
    merging = merge_files(county / "once.xml", [county / "old.jsonl"], county / "next.xml", on=ON)
    assert (merging.changed, merging.outcomes["older"]) == (0, 1)
    (county / "once.xml.provenance.jsonl").unlink()
    assert merge_files(county / "once.xml", [county / "old.jsonl"], county / "other.xml", on=ON).changed == 1


@pytest.mark.parametrize("to", ["json", "xlsx", "zip"])
def test_every_format(county: pathlib.Path, to: str) -> None:
    merge_known(county, "county.xml", "merged.xml")
    merge_known(county, "county.xml", f"merged.{to}")
    assert cases(read_back(county / f"merged.{to}")) == cases(read_back(county / "merged.xml"))


def test_a_number_of_two_case_files_is_ambiguous(tmp_path: pathlib.Path) -> None:
    records = submission(3)
    first, second, third = cases(records)
    third["schooling"] = [SPELL]
    second["child"]["id_number"] = first["child"]["id_number"]
    (tmp_path / "county.jsonl").write_bytes(written(sealed(records), "jsonl"))
    said = record("education", child={"id_number": first["child"]["id_number"], "telephone": "0377-60000009"})
    other = record("education", 2, child={"id_number": OTHER}, schooling=[SPELL])
    both = [("department_record", one) for one in (said, other)]
    (tmp_path / "said.jsonl").write_bytes(written(both, "jsonl"))
    merging = merge_files(tmp_path / "county.jsonl", [tmp_path / "said.jsonl"], tmp_path / "merged.jsonl", on=ON)
    assert (merging.changed, merging.files[0].merged) == (0, 0)
    assert [(one["record_key"], one["reason"]) for one in merging.listed] == [
        ("education:list:1", "ambiguous"), ("education:list:2", "contradictory"),
    ]  # fmt: skip


def test_a_record_that_does_not_fit_is_listed_and_the_others_are_merged(county: pathlib.Path) -> None:
    text = (FIXTURES / "student.csv").read_text(encoding="utf-8-sig")
    (county / "student.csv").write_text(text.replace(",20101213,", ",20101313,", 1), encoding="utf-8")
    merging = merge_files(county / "county.xml", [county / "student.csv"], county / "merged.xml", on=ON)
    reasons = [(one["reason"], one["record_key"]) for one in merging.listed if one["list"] == "unmatched"]
    assert ("invalid", "education:student:1") in reasons
    assert merging.files[0].merged == 5


def test_what_is_not_merged_needs_no_header_and_leaves_no_word_of_itself(county: pathlib.Path) -> None:
    odd = record("education", 1) | {"layout": "陈玥涵"}
    void, orphan = record("education", 2, valid=False), record("education", 3)
    said = [("department_record", one) for one in (odd, void, orphan)]
    (county / "said.jsonl").write_bytes(written(said, "jsonl"))
    merging = merge_files(county / "county.xml", [county / "said.jsonl"], county / "merged.xml", on=ON)
    assert [(one["record_key"], one["reason"]) for one in merging.listed] == [
        ("education:list:2", "void"), ("education:list:3", "unknown"),
    ]  # fmt: skip
    assert (merging.files[0].records, merging.files[0].merged, merging.changed) == (3, 0, 0)
    assert (county / "merged.xml.provenance.jsonl").read_bytes() == b""
    again = merge_files(county / "merged.xml", [county / "said.jsonl"], county / "again.xml", on=ON)
    assert again.counts == merging.counts


def test_nothing_is_left_of_what_cannot_be_merged(county: pathlib.Path) -> None:
    good = [FIXTURES / "student.csv"]
    broken = county / "broken.xml"
    broken.write_bytes((county / "county.xml").read_bytes()[:9000])
    faulty = submission(2)
    del cases(faulty)[0]["status"]
    (county / "faulty.jsonl").write_bytes(written(sealed(faulty), "jsonl"))
    (county / "text.jsonl").write_text("{", encoding="utf-8")
    (county / "bad.jsonl").write_text('{"case_id": 1, "path": []}\n', encoding="utf-8")
    refused: list[tuple[type[ExchangeError], Any, Any, dict[str, Any]]] = [
        (UnreadableInput, broken, good, {}),
        (UnreadableInput, county / "faulty.jsonl", good, {}),
        (UnreadableInput, county / "county.xml", good, {"provenance": county / "bad.jsonl"}),
        (UnreadableInput, county / "county.xml", good, {"provenance": county / "text.jsonl"}),
        (InvalidArgument, county / "county.xml", [], {}),
        (InvalidArgument, county / "county.xml", [county / "county.xml"], {}),
        (InvalidArgument, county / "county.xml", good, {"layouts": ["education:student", None]}),
        (InvalidArgument, FIXTURES.parent / "case_file.xml", good, {}),
    ]
    before = set(county.iterdir())
    for error, source, files, more in refused:
        with pytest.raises(error):
            merge_files(source, files, county / "merged.xml", on=ON, conflicts=county / "all.jsonl", **more)
        assert set(county.iterdir()) == before
    with pytest.raises(InvalidArgument):
        merge_files(county / "county.xml", good, "-", on=ON)
    (county / "merged.xml.provenance.jsonl").write_text("x", encoding="utf-8")
    with pytest.raises(OutputExists):
        merge_files(county / "county.xml", good, county / "merged.xml", on=ON)
    assert not (county / "merged.xml").exists()


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_command_lists_what_it_did_and_shows_nothing_personal(
    county: pathlib.Path, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    files = [str(FIXTURES / name) for name in KNOWN]
    arguments = ["merge", str(county / "county.xml"), *files, "--on", "2017-09-30", "--lang", lang]
    arguments += ["--conflicts", str(county / "all.jsonl")]
    assert main([*arguments, "-o", str(county / "merged.xml")]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert f"{MADE} " in out
    assert {"zh": "保持档案原值", "en": "the case file's value stays"}[lang] in out
    everything = leaves([data for _, data in read_back(county / "merged.xml")])
    personal = {
        str(value) for path, value in everything.items()
        if re.search("name|number|_no|address|telephone|_date|student|mobile", path) and len(str(value)) > 1
        and isinstance(value, str) and not re.search("case_id|division|sender|filing|school_name|office", path)
    }  # fmt: skip
    assert len(personal) > 100
    for shown in (out, (county / "all.jsonl").read_text(encoding="utf-8")):
        words = set(re.split(r'[\s,"]+', shown.replace("2017-09-30", "")))
        assert not words & personal
        assert not re.search("[0-9]{15}", shown.replace(str(county), "").replace("9" * 15, ""))
    assert main([*arguments, "-o", str(county / "merged.xml"), "--force", "--fail-on", "never", "--show-values"]) == 0
    assert set(re.split(r'[\s,"]+', capsys.readouterr().out)) & personal


def test_the_command_is_clean_where_no_conflict_is_left(
    county: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [str(FIXTURES / "enrolment-list.csv")]
    status = main(["merge", str(county / "county.xml"), *files, "-o", str(county / "m.jsonl"), "--on", "2017-09-30"])
    assert status == 0
    assert main(["merge", str(county / "county.xml"), *files, "-o", str(county / "m.jsonl"), "--lang", "en"]) == 2
    assert "the output exists" in capsys.readouterr().err
