"""Made-up submissions: well-formed, coherent, without a repeated id, the same bytes for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.generate import generate
from kunjing_exchange.identifiers import IDENTIFIERS, RESIDENT_ID
from kunjing_exchange.model import RECORDS, CaseFile, DepartmentRecord, Record, elements, record_types
from kunjing_exchange.wire.record import KINDS, Digester, Plain, arrange, canonical_json

END = "2017-09-30"
# What a file promises for later: a review, the end of a sentence, the validity of a certificate
MAY_BE_LATER = {"review_date", "expiry_date"}


@cache
def made(children: int = 1500, **options: Any) -> tuple[tuple[str, Plain], ...]:
    return tuple(generate(children, **options))


def cases(children: int = 1500) -> list[Plain]:
    return [data for kind, data in made(children) if kind == "case_file"]


def values(record: type[Record], data: Plain) -> Iterator[tuple[type[Record], Any, Plain]]:
    """Every known scalar of a record and of those in it: (its record type, its element, the record it stands in)."""
    for element in elements(record):
        value = data.get(element.name)
        if value is None or (isinstance(value, dict) and set(value) == {"unknown"}):
            continue
        if element.record is None:
            yield record, element, data
        else:
            for item in value if isinstance(value, list) else [value]:
                yield from values(element.record, item)


def age(birth: str, on: str) -> int:
    return int(on[:4]) - int(birth[:4]) - (on[5:] < birth[5:])


def known(value: object) -> bool:
    return value is not None and not isinstance(value, dict)


# --- form -------------------------------------------------------------------------------------------------------------
def test_every_record_is_accepted_by_the_model_and_canonical() -> None:
    for kind, data in made():
        KINDS[kind].model_validate(data)
        unknown: list[Any] = []
        assert canonical_json(arrange(KINDS[kind], data, unknown)) == canonical_json(data)
        assert unknown == []


def test_header_comes_first_and_counts_what_follows() -> None:
    (first, header), *records = made()
    assert first == "header"
    digester = Digester()
    for kind, data in records:
        digester.add(kind, canonical_json(data))
    assert header["record_count"] == len(records)
    assert header["digest"] == digester.digest()
    kinds = [kind for kind, _ in records]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    assert kinds.count("case_file") == 1500
    assert (header["period"], header["period_end"], header["sender_division"]) == ("2017Q3", END, "411300")


def test_same_seed_same_bytes_other_seed_other_bytes() -> None:
    def written(seed: int) -> list[bytes]:
        return [canonical_json(data) for _, data in generate(200, seed=seed)]

    assert written(7) == written(7)
    assert written(7) != written(8)


def test_a_case_does_not_depend_on_how_many_follow() -> None:
    assert cases()[:99] == [data for kind, data in generate(99) if kind == "case_file"]


def test_no_children_leave_a_header_and_organisations() -> None:
    assert {kind for kind, _ in generate(0)} == {"header", "organisation"}


def test_every_table_is_filled() -> None:
    filled: set[str] = set()
    for kind, data in generate(600):
        filled |= {owner.table() for owner, _, _ in values(KINDS[kind], data)}
    departments = {record.table() for record in record_types(DepartmentRecord)}
    cases = {record.table() for record in record_types(CaseFile)}
    assert filled == set(RECORDS) - (departments - cases)


# --- codes, identifiers, dates ----------------------------------------------------------------------------------------
def test_codes_are_in_their_lists_and_in_force() -> None:
    on = date.fromisoformat(END)
    for kind, data in made():
        for owner, element, where in values(KINDS[kind], data):
            if element.lexical.code_list is not None:
                codes = code_list(element.lexical.code_list)
                assert codes.is_valid(where[element.name], on), f"{owner.table()}.{element.name}"


def test_identifiers_are_valid_without_a_warning() -> None:
    for kind, data in made():
        for _, element, where in values(KINDS[kind], data):
            name = element.lexical.identifier or ("resident_id" if element.name.endswith("id_number") else None)
            if name is not None:
                assert IDENTIFIERS[name].validate(where[element.name]) == (), element.identifier


def test_ids_say_the_persons_sex_and_birth_date() -> None:
    for case in cases():
        for person in [case["child"], *case.get("household", {}).get("member", ())]:
            if "id_number" in person:
                parts = RESIDENT_ID.parts(person["id_number"])
                assert (parts.sex, parts.birth_date.isoformat()) == (person["sex"], person["birth_date"])


@pytest.mark.slow
def test_no_id_belongs_to_two_people() -> None:
    holders: dict[str, str] = {}
    children: set[str] = set()
    for kind, case in generate(20_000, seed=3):
        if kind != "case_file":
            continue
        child = case["child"]
        if "id_number" in child:
            assert child["id_number"] not in children
            children.add(child["id_number"])
        assert ("id_number" in child) != ("document_absence" in child)
        people = [(p["id_number"], p["name"]) for p in case.get("household", {}).get("member", ())]
        people += [(p["id_number"], p["name"]) for p in case["parent_situation"] if "id_number" in p]
        people += [(p["id_number"], p["name"]) for p in case["guardian"] if "id_number" in p]
        people += [(c["carer_id_number"], c["carer_name"]) for c in case["care_arrangement"] if "carer_id_number" in c]
        for number, name in people:
            assert holders.setdefault(number, name) == name
    assert len(children) > 18_000


def test_no_two_children_share_name_sex_and_birth_date() -> None:
    seen = Counter((c["child"]["name"], c["child"]["sex"], c["child"]["birth_date"]) for c in cases())
    assert max(seen.values()) == 1


def test_no_day_lies_after_the_period_or_before_the_birth() -> None:
    for case in cases():
        birth = case["child"]["birth_date"]
        for owner, element, where in values(KINDS["case_file"], case):
            if element.lexical.kind not in ("date", "datetime", "month") or element.name in MAY_BE_LATER:
                continue
            day = where[element.name]
            if owner.table() == "parent_situation" and element.name == "end_date":
                assert day > END
            else:
                assert day[:10] <= END, element.identifier
            of_the_household = owner.table() in ("member", "household_hardship")
            if not of_the_household and element.lexical.kind != "month":
                assert day[:10] >= birth, element.identifier


# --- coherence --------------------------------------------------------------------------------------------------------
def test_life_cycle() -> None:
    for case in cases():
        determinations = case["determination"]
        running = [d for d in determinations if "end_date" not in d]
        assert case["opened_on"] <= determinations[0]["start_date"] <= case["filing_date"]
        assert determinations[0]["start_date"] >= "2017-07-01"
        for former, latter in pairwise(determinations):
            assert former["end_date"] < latter["start_date"]
        steps = [step["step_date"] for step in case["procedure"]]
        assert steps == sorted(steps)
        visits = [visit["visit_date"] for visit in case["visit"]]
        if case["status"] == "closed":
            assert running == []
            assert determinations[-1]["end_date"] <= case["closed_on"] <= END
            assert determinations[-1]["end_reason"] == case["exit_reason"]
            assert all(b["end_date"] <= case["closed_on"] for b in case["benefit"])
            assert all(visit <= case["closed_on"] for visit in visits)
        else:
            assert len(running) == 1
            assert age(case["child"]["birth_date"], END) < 18
            assert visits[-1] >= "2017-07-02"
        if running and running[0]["category"] == "B":
            assert age(case["child"]["birth_date"], END) < 16


def test_exits() -> None:
    by_reason: dict[str, list[Plain]] = {}
    for case in cases():
        by_reason.setdefault(case.get("exit_reason", "none"), []).append(case)
    for case in by_reason["of_age"]:
        eighteenth = f"{int(case['child']['birth_date'][:4]) + 18}{case['child']['birth_date'][4:]}"
        assert case["determination"][-1]["end_date"] < eighteenth <= case["closed_on"]
    for case in by_reason["died"]:
        assert case["child"]["death_date"] <= case["closed_on"]
    for case in by_reason["moved"]:
        (handover,) = case["handover"]
        assert handover["from_division"] == case["division"] != handover["to_division"]
        last, first = (date.fromisoformat(f"{handover[m]}-01") for m in ("last_paid_month", "first_paid_month"))
        assert (first.year - last.year) * 12 + first.month - last.month == 1
        assert max(p["period"] for p in case["benefit"][0]["payment"]) == handover["last_paid_month"]
    for case in by_reason["adopted"]:
        assert case["care_arrangement"][-1]["kind"] == "adoption"
        assert case["care_arrangement"][-1]["assessment_date"] < case["care_arrangement"][-1]["start_date"]
    assert by_reason["improved"]


def test_facts_bear_the_category() -> None:
    for case in cases():
        category = case["determination"][-1]["category"]
        facts = case["circumstances"]
        parents = {p["situation"] for p in case["parent_situation"]}
        hardship = {h["kind"] for h in case.get("household", {}).get("household_hardship", ())}
        poor = hardship & {"urban_minimum_living", "rural_minimum_living"}
        needs = [facts.get(f"{need}_difficulty") for need in ("medical", "schooling", "living", "care")]
        if category == "A":
            assert len(case["parent_situation"]) == 2
            assert parents <= {"09", "10", "11"}
        else:
            assert not parents <= {"09", "10", "11"}
        if category == "B":
            assert [facts["labour_capacity"], facts["income_source"], facts["supporters_able"]] == [False] * 3
            assert "destitute" in hardship
        if category == "C":
            grades = {d["disability_grade"] for d in case.get("disability", ())}
            assert grades & {"1", "2"} or any(i["disease_list"] == "listed" for i in case["illness"])
            assert facts["medical_difficulty"] or facts["care_difficulty"]
            assert poor
        if category == "D":
            assert poor
            assert any(needs[:3])
        if category[0] == "E":
            assert facts["shelter_needed"]
            assert facts["hardship_kind"]
            assert "00" not in parents
        assert ("care_inquiry" in case) == (category in ("E-2", "E-3"))
        assert ("safety_event" in case) == (category in ("E-1", "E-4", "E-5"))


def test_household_has_one_head_and_the_child_itself() -> None:
    for case in cases():
        if "household" not in case:
            assert case["care_arrangement"][0]["kind"] in ("institution", "foster_family", "temporary_shelter")
            continue
        members = case["household"]["member"]
        (head,) = [m for m in members if m["relation_to_head"] == "02"]
        assert head["name"] == case["household"]["head_name"]
        (child,) = [m for m in members if m["relation_to_child"] == "01"]
        for field in ("name", "id_number", "sex", "birth_date"):
            assert child[field] == case["child"][field]
        generation = {"51": "23", "52": "23", "61": "4", "62": "4", "63": "4", "64": "4"}
        assert child["relation_to_head"][0] in generation.get(head["relation_to_child"], "9")
        boys = {"20", "22", "23", "41", "43", "93", "95"}
        assert (child["relation_to_head"] in boys) == (child["sex"] == "1")


def test_siblings_agree() -> None:
    households: dict[str, list[Plain]] = {}
    for case in cases():
        if "household" in case:
            households.setdefault(case["household"]["household_no"], []).append(case)
    pairs = [pair for pair in households.values() if len(pair) > 1]
    assert len(pairs) > 30
    for one, other in pairs:
        ours, theirs = one["household"], other["household"]
        assert {k: v for k, v in ours.items() if k != "member"} == {k: v for k, v in theirs.items() if k != "member"}
        for mine, yours in zip(ours["member"], theirs["member"], strict=True):
            assert mine | {"relation_to_child": ""} == yours | {"relation_to_child": ""}
        assert one["parent_situation"] == other["parent_situation"]
        assert one["child"]["residence_address"] == other["child"]["residence_address"]
        relations = {m["relation_to_child"] for m in ours["member"]} & {"71", "73", "75", "77"}
        assert len(relations) == 1


def test_guardians_and_care() -> None:
    institutions = {data["credit_code"] for kind, data in made() if kind == "organisation"}
    for case in cases():
        for spells in (case["guardian"], case["care_arrangement"]):
            for former, latter in pairwise(spells):
                assert former["end_date"] < latter["start_date"]
            if case["status"] != "closed":
                assert [s for s in spells if "end_date" not in s] == spells[-1:]
        current, care = case["guardian"][-1], case["care_arrangement"][-1]
        if current["kind"].startswith("civil_affairs"):
            assert current["credit_code"] in institutions
        if care["kind"] == "entrusted":
            assert current["kind"] == "parent"
            assert care["agreement_no"]
        if case["guardianship_status"] == "C":
            assert current["kind"] == "civil_affairs_temporary"
        else:
            assert {v["guardianship_status"] for v in case["visit"]} == {case["guardianship_status"]}
        for inquiry in case.get("care_inquiry", ()):
            assert inquiry["asked_at"][:10] <= inquiry["arranged_on"] == care["start_date"]
            assert inquiry["arranged"] == care["kind"]
        for event in case.get("safety_event", ()):
            steps = [event[f"{step}_at"] for step in ("found", "reported", "responded", "assessed", "intervened")]
            assert steps == sorted(steps)
            assert current.get("document_no") == event["ruling_no"]


SUBSISTENCE = {
    "A": {"orphan_allowance"},
    "B": {"destitute_support"},
    "C": {"minimum_living"},
    "D": {"minimum_living", "hiv_allowance"},
    "E": {"temporary_assistance", "institution_allowance"},
}


def test_benefits_follow_the_category_and_are_paid_once() -> None:
    every = set().union(*SUBSISTENCE.values())
    for case in cases():
        category = case["determination"][-1]["category"][0]
        kinds = [benefit["kind"] for benefit in case["benefit"]]
        assert len(kinds) == len(set(kinds))
        (kind,) = [kind for kind in kinds if kind in every]
        assert kind in SUBSISTENCE[category]
        assert (kind == "hiv_allowance") == case["circumstances"].get("hiv_infected", False)
        for benefit in case["benefit"]:
            last = benefit.get("suspended_from") or benefit.get("end_date") or END
            good = [p["period"] for p in benefit.get("payment", ()) if p["status"] == "made"]
            assert len(good) == len(set(good))
            for payment in benefit.get("payment", ()):
                assert payment["amount"] == benefit["amount"]
                assert benefit["start_date"][:7] <= payment["period"] <= last[:7]
                assert benefit["start_date"] <= payment["paid_on"] <= last
                if payment.get("kind") != "arrears":
                    assert payment["paid_on"][:7] == payment["period"]
                if payment["status"] == "returned":
                    assert payment["period"] in good


def test_education_aid_fits_the_stage() -> None:
    amounts = {"preschool": 1000, "primary": 1000, "junior": 1250, "senior": 2000, "vocational": 4000}
    aided = 0
    for case in cases():
        aid = [b for b in case["benefit"] if b["unit"] == "year"]
        if not aid:
            continue
        aided += 1
        (spell,) = case["schooling"]
        assert spell["status"] in ("01", "11")
        assert sum(int(b["amount"]) for b in aid) == amounts[spell["stage"]]
        assert all(b["start_date"] >= "2017-09-01" for b in aid)
        assert "registered_poor" in {h["kind"] for h in case["household"]["household_hardship"]}
    assert aided > 50


def test_disability_certificate_repeats_id_class_and_grade() -> None:
    certified = 0
    for case in cases():
        for disability in case.get("disability", ()):
            if known(disability.get("certificate_no")):
                certified += 1
                expected = (case["child"]["id_number"], disability["disability_class"], disability["disability_grade"])
                assert disability["certificate_no"] == "".join(expected)
                assert disability["issue_date"] <= END < disability["expiry_date"]
            else:
                assert disability["diagnosed_only"]
    assert certified > 150


def test_schooling_fits_the_age() -> None:
    oldest = {"preschool": (3, 6), "primary": (6, 14), "junior": (12, 15), "senior": (15, 18), "vocational": (15, 18)}
    statuses: Counter[str] = Counter()
    for case in cases():
        for spell in case.get("schooling", ()):
            statuses[spell["status"]] += 1
            low, high = oldest[spell["stage"]]
            assert low <= age(case["child"]["birth_date"], "2017-09-01") <= high
            assert low <= age(case["child"]["birth_date"], spell["start_date"])
            if spell.get("student_no", "J")[0] == "G":
                assert spell["student_no"] == f"G{case['child']['id_number']}"
            if spell["status"] == "06":
                assert spell["start_date"] <= spell["drop_out_date"]
    assert {"01", "06", "99"} <= set(statuses)


# --- what it looks like as a whole ------------------------------------------------------------------------------------
def test_proportions() -> None:
    found = Counter(case["determination"][-1]["category"][0] for case in cases())
    shares = {category: count / 1500 for category, count in found.items()}
    for category, share in {"A": 0.18, "B": 0.06, "C": 0.20, "D": 0.45, "E": 0.11}.items():
        assert abs(shares[category] - share) < 0.05
    orphans = [case for case in cases() if case["determination"][-1]["category"] == "A"]
    in_homes = [case for case in orphans if "household" not in case]
    assert abs(len(in_homes) / len(orphans) - 9.2 / 50.2) < 0.06
    boys = sum(case["child"]["sex"] == "1" for case in cases())
    assert 0.49 < boys / 1500 < 0.57


def test_rare_names_and_unknown_facts_occur() -> None:
    names = "".join(case["child"]["name"] + " " for case in cases())
    assert all(part in names for part in ("㐂", "𠮷", "葛曾䮌", "·"))
    assert any(isinstance(case["child"]["ethnicity"], dict) for case in cases())
    assert any(isinstance(case.get("household", {}).get("income_per_head"), dict) for case in cases())
    assert any(isinstance(parent["name"], dict) for case in cases() for parent in case["parent_situation"])


def test_front_line_stands_where_the_children_live() -> None:
    villages = {case["village"] for case in cases()}
    workers = [data for kind, data in made() if kind == "worker"]
    assert {worker["village"] for worker in workers if "village" in worker} == villages
    named = {worker["name"] for worker in workers}
    assert {case["worker_name"] for case in cases()} <= named
    assert {visit["visitor_name"] for case in cases() for visit in case["visit"]} <= named


# --- arguments --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("division", "counties"), [("411303", {"411303"}), ("410000", None), ("310000", None), ("441900", {"441900"})]
)
def test_divisions(division: str, counties: set[str] | None) -> None:
    found = list(generate(60, division=division))
    assert found[0][1]["sender_division"] == division
    for kind, data in found:
        KINDS[kind].model_validate(data)
        if kind == "case_file":
            assert data["division"][:2] == division[:2]
            assert counties is None or data["division"] in counties
            assert ("village" in data) == data["division"].startswith("4113")


@pytest.mark.parametrize("period", ["2017", "2017H2", "2017-07", "2018-02", "2020Q1", "2023"])
def test_periods(period: str) -> None:
    (_, header), *records = generate(150, period=period, division="411303")
    for kind, data in records:
        KINDS[kind].model_validate(data)
        if kind == "case_file" and data["status"] != "closed":
            assert age(data["child"]["birth_date"], header["period_end"]) < 18
            assert data["opened_on"] <= header["period_end"]
            assert data["visit"][-1]["visit_date"] <= header["period_end"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"division": "999999"},
        {"division": "411301"},
        {"division": "411371"},
        {"division": "4113"},
        {"period": "2017Q5"},
        {"period": "17Q3"},
        {"period": "2017Q2"},
        {"period": ""},
    ],
)
def test_impossible_arguments_are_refused_at_once(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidArgument):
        generate(1, **wrong)


def test_number_of_children_is_bounded() -> None:
    for children in (-1, 1_000_001):
        with pytest.raises(InvalidArgument):
            generate(children)


def test_spool_is_gone_when_the_reader_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUNJING_TMPDIR", str(tmp_path))
    records = generate(30)
    assert isinstance(records, Generator)
    next(records)
    (spool,) = tmp_path.rglob("*.jsonl")
    assert spool.read_bytes().count(b"\n") == 30
    records.close()
    assert list(tmp_path.iterdir()) == []


def test_distort_changes_the_case_and_nothing_else() -> None:
    def late(index: int, case: Plain, rng: Random) -> None:
        if index == 5:
            case["opened_on"] = f"2018-01-{rng.randrange(10, 29)}"

    (_, header), *records = generate(20, distort=late)
    digester = Digester()
    for kind, data in records:
        digester.add(kind, canonical_json(data))
    assert header["digest"] == digester.digest()
    plain = [data for kind, data in generate(20) if kind == "case_file"]
    spoilt = [data for kind, data in records if kind == "case_file"]
    assert [i for i in range(20) if plain[i] != spoilt[i]] == [5]
    assert spoilt[5]["opened_on"].startswith("2018-01-")
