"""Make the conformance files: for every rule a document that is right and one that is wrong in one place.

    python tests/conformance/make.py           write v1/valid/<id>.json and v1/invalid/<id>.json, and
                                               v1/previous/<id>.json where both are compared with the submission before
    python tests/conformance/make.py --check   say which differ from what would be written; exit 1 where one does

The base is fixtures/case_file.xml as the only file of a submission of 2017Q3. Where a rule needs another kind of file,
``FITTED`` changes the base; the mistake itself is the rule's fault (kunjing_exchange.faults), or one of ``MISTAKES``
where a fault can't say it. The submission before, of a rule that compares, is the right document as of August, changed
by one of ``BEFORE`` where the rule needs another.
"""

from __future__ import annotations

import copy
import datetime
import json
import pathlib
import random
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from kunjing_exchange.faults import FAULTS
from kunjing_exchange.findings import Path
from kunjing_exchange.identifiers import make_credit_code, make_resident_id
from kunjing_exchange.rules import rules
from kunjing_exchange.wire import open_reader, open_source

Plain = dict[str, Any]

HERE = pathlib.Path(__file__).parent
FIXTURE = HERE.parent.parent / "fixtures" / "case_file.xml"

HEADER: Plain = {
    "version": "1",
    "message_type": "case_submission",
    "edition": "henan-2017",
    "sender_name": "卧龙区民政局",
    "sender_division": "411303",
    "sender_level": "county",
    "period": "2017Q3",
    "period_end": "2017-09-30",
    "kind": "full",
    "submission_no": "411303-2017Q3-1",
}


WELFARE_CODE = make_credit_code("12411303MB1234567")


@dataclass(frozen=True, slots=True)
class Pair:
    """A right and a wrong document, and the path of the finding in the wrong one.

    ``previous`` is the submission that both are compared with, where the rule compares.
    """

    id: str
    valid: Plain
    invalid: Plain
    path: Path
    previous: Plain | None = None


def base() -> Plain:
    """The submission that the files are made from."""
    with open_source(str(FIXTURE)) as source:
        (located,) = open_reader(source)
    if not located.clean or located.data is None:
        raise SystemExit(f"{FIXTURE} is not in order")
    return {"header": dict(HEADER), "case_file": [located.data]}


# --- other kinds of case files ---------------------------------------------------------------------------------------


def recognised(case: Plain, category: str) -> None:
    """Make it the file of a child of another category, with the facts and the benefit that go with it."""
    case["determination"] = [case["determination"][-1] | {"category": category}]
    circumstances = case["circumstances"]
    if category in "ABCD":
        del circumstances["hardship_kind"], circumstances["sudden_hardship"], circumstances["shelter_needed"]
    if category == "A":
        case["parent_situation"][0] |= {"situation": "09", "start_date": "2017-06-20"}
        del case["parent_situation"][0]["end_date"], case["care_inquiry"]
        case["benefit"][0] |= {"kind": "orphan_allowance", "fund": "orphan_fund"}
    if category == "B":
        circumstances["supporters_able"] = False
        case["household"]["household_hardship"] = [{"kind": "destitute", "start_date": "2016-01-01"}]
        case["insurance"][0] |= {"premium_subsidy": "full", "subsidised_amount": "150.00"}
        case["benefit"][0] |= {"kind": "destitute_support"}
    if category == "E-4":
        circumstances["hardship_kind"] = "abused"


def closed(case: Plain, reason: str) -> None:
    """Close the file in September."""
    case |= {"status": "closed", "closed_on": "2017-09-20", "exit_reason": reason}
    case["determination"][-1] |= {"end_date": "2017-09-20", "end_reason": reason}
    for benefit in case["benefit"]:
        if benefit["unit"] == "month":
            benefit["end_date"] = "2017-09-30"
    if reason == "died":
        case["child"]["death_date"] = "2017-09-18"


def born(case: Plain, day: str, sequence: int = 123) -> Plain:
    """The file of a child of another age (or another child), who is not at school."""
    child = case["child"]
    number = make_resident_id("411303", datetime.date.fromisoformat(day), sequence)
    text = json.dumps(case, ensure_ascii=False).replace(child["id_number"], number).replace(child["birth_date"], day)
    other: Plain = json.loads(text)
    del other["schooling"]
    other["illness"][0]["diagnosis_date"] = max(day, other["illness"][0]["diagnosis_date"])
    other["benefit"] = [benefit for benefit in other["benefit"] if benefit["kind"] != "compulsory_living"]
    return other


def sibling(document: Plain) -> Plain:
    """A second child, of another household of the county."""
    second = born(document["case_file"][0], "2012-02-03", 225)
    second["case_id"] = "411303-2017-000124"
    second["household"]["household_no"] = "41130310100124"
    document["case_file"].append(second)
    return second


def of_one_household(document: Plain) -> None:
    """A second child, of the same household as the first."""
    first, second = document["case_file"][0], sibling(document)
    for case in (first, second):
        case["household"]["household_no"] = "41130310100123"
        for member in case["household"]["member"]:
            member.pop("annual_income")


def ordinary(case: Plain) -> None:
    """Nothing that a disability is the ground of."""
    case["schooling"][0]["mode"] = "ordinary"
    del case["service"]
    case["benefit"] = [benefit for benefit in case["benefit"] if benefit["kind"] != "disability_nursing_subsidy"]


def adopted(case: Plain) -> None:
    """Adopted in June."""
    case["care_arrangement"][1] |= {"kind": "adoption", "assessment_passed": True, "registration_no": "收养登记1号"}


def in_care(case: Plain) -> None:
    """An orphan in an institution, whose guardian is the civil affairs office."""
    recognised(case, "A")
    case["care_arrangement"] = [{"kind": "institution", "institution_name": "福利院", "start_date": "2017-06-21"}]
    case["guardian"] = [
        {"name": "民政局", "kind": "civil_affairs_long_term", "credit_code": WELFARE_CODE, "start_date": "2017-06-21"}
    ]


def bare(period: str, end: str) -> Plain:
    """A submission of another period, with the file of a child of whom little is known."""
    child = {"name": "李弃", "document_absence": "foundling", "sex": "2", "birth_date": "2020-03-01"}
    case = {"case_id": "411303-1", "division": "411303", "status": "open", "opened_on": end, "worker_name": "周海霞"}
    return {"header": HEADER | {"period": period, "period_end": end}, "case_file": [case | {"child": child}]}


FITTED: dict[str, Callable[[Plain], None]] = {}
"""What has to be changed in the base before the mistake of a rule is one field."""

Mistake = Callable[[Plain], Path]
MISTAKES: dict[str, Mistake] = {}
"""Mistakes that are no fault of a case file alone."""
BEFORE: dict[str, Callable[[Plain], None]] = {}
"""What else the submission before is, beside as of August."""


def _fitted(*ids: str) -> Callable[[Callable[[Plain], None]], Callable[[Plain], None]]:
    def register(fit: Callable[[Plain], None]) -> Callable[[Plain], None]:
        FITTED.update(dict.fromkeys(ids, fit))
        return fit

    return register


def _mistake(rule_id: str) -> Callable[[Mistake], Mistake]:
    def register(mistake: Mistake) -> Mistake:
        MISTAKES[rule_id] = mistake
        return mistake

    return register


def _of(category: str) -> Callable[[Plain], None]:
    return lambda document: recognised(document["case_file"][0], category)


_fitted("KJ-CAT-001", "KJ-CAT-018", "KJ-CAT-019", "KJ-GUARD-023", "KJ-BEN-029")(_of("A"))
_fitted("KJ-CAT-002", "KJ-MED-001", "KJ-MED-005")(_of("B"))
_fitted("KJ-CAT-008", "KJ-BEN-011", "KJ-MED-014", "KJ-MED-016")(_of("D"))
_fitted("KJ-PROC-005", "KJ-CAT-022")(_of("E-4"))


@_fitted("KJ-CHILD-003")
def _(document: Plain) -> None:
    case = born(document["case_file"][0], "1999-09-18")
    closed(case, "of_age")
    document["case_file"] = [case]


@_fitted("KJ-CHILD-001")
def _(document: Plain) -> None:
    document["case_file"] = [
        {
            "case_id": "411303-2017-000125",
            "division": "411303",
            "status": "open",
            "opened_on": "2017-09-30",
            "worker_name": "周海霞",
            "child": {"name": "李弃", "document_absence": "foundling", "sex": "2", "birth_date": "2017-09-30"},
        }
    ]


@_fitted("KJ-CHILD-005", "KJ-CHILD-006", "KJ-CHILD-009")
def _(document: Plain) -> None:
    document["case_file"][0]["child"] |= {"left_behind": True, "left_behind_since": "2016-02-20"}


@_fitted("KJ-HOUSE-003")
def _(document: Plain) -> None:
    for member in document["case_file"][0]["household"]["member"]:
        member.pop("annual_income")


@_fitted("KJ-GUARD-001")
def _(document: Plain) -> None:
    del document["case_file"][0]["guardian"]


@_fitted("KJ-GUARD-008")
def _(document: Plain) -> None:
    document["case_file"][0]["care_arrangement"][1] |= {"kind": "entrusted", "agreement_no": "委托〔2017〕3号"}


@_fitted("KJ-GUARD-009", "KJ-GUARD-029", "KJ-GUARD-030")
def _(document: Plain) -> None:
    adopted(document["case_file"][0])


@_fitted("KJ-CAT-003")
def _(document: Plain) -> None:
    case = born(document["case_file"][0], "2001-03-08")
    recognised(case, "D")
    case["insurance"][0] |= {"premium_subsidy": "full", "subsidised_amount": "150.00"}
    document["case_file"] = [case]


@_fitted("KJ-CAT-004")
def _(document: Plain) -> None:
    case = born(document["case_file"][0], "2001-09-10")
    recognised(case, "B")
    case["determination"][0] |= {"end_date": "2017-09-09", "end_reason": "of_age"}
    document["case_file"] = [case]


@_fitted("KJ-CAT-006", "KJ-CAT-007")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "C")
    del case["disability"]
    ordinary(case)
    case["illness"][0]["disease_list"] = "listed"


@_fitted("KJ-CAT-009")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "D")
    case["circumstances"] |= {"medical_difficulty": False, "schooling_difficulty": False}


@_fitted(
    "KJ-CAT-016",
    "KJ-CASE-001",
    "KJ-CASE-002",
    "KJ-CASE-003",
    "KJ-BEN-005",
    "KJ-CASE-015",
    "KJ-CASE-017",
    "KJ-CASE-018",
    "KJ-PROC-021",
)
def _(document: Plain) -> None:
    closed(document["case_file"][0], "improved")


@_fitted("KJ-BEN-015")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    closed(case, "improved")
    del case["benefit"][1:]


@_fitted("KJ-BEN-006", "KJ-CASE-009", "KJ-CASE-016")
def _(document: Plain) -> None:
    closed(document["case_file"][0], "died")


@_fitted("KJ-PROC-001")
def _(document: Plain) -> None:
    del document["case_file"][0]["procedure"][1]


@_fitted("KJ-PROC-007")
def _(document: Plain) -> None:
    visits = document["case_file"][0]["visit"]
    del visits[1:], visits[0]["guardianship_status"]


@_fitted("KJ-BEN-003")
def _(document: Plain) -> None:
    document["case_file"][0]["benefit"][0] |= {"suspended_from": "2017-09-12", "suspended_to": "2017-09-30"}


@_fitted("KJ-EDU-004")
def _(document: Plain) -> None:
    document["case_file"][0]["schooling"] = [
        {
            "stage": "primary",
            "status": "99",
            "never_enrolled": True,
            "drop_out_reason": "disability",
            "start_date": "2014-09-01",
        }
    ]


@_fitted("KJ-EDU-008")
def _(document: Plain) -> None:
    del document["case_file"][0]["referral"]


@_fitted("KJ-DIS-005")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "A")
    del case["disability"]
    ordinary(case)


@_fitted("KJ-CASE-008")
def _(document: Plain) -> None:
    document["case_file"][0]["filing_date"] = {"unknown": "pending"}


@_fitted("KJ-BATCH-101", "KJ-BATCH-102")
def _(document: Plain) -> None:
    sibling(document)


@_fitted("KJ-BATCH-103", "KJ-BATCH-135", "KJ-BATCH-136")
def _(document: Plain) -> None:
    of_one_household(document)


@_fitted("KJ-BATCH-104")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    del case["township"], case["village"], case["handover"]


@_fitted("KJ-BATCH-106")
def _(document: Plain) -> None:
    document["header"]["kind"] = "delta"
    document["case_file"][0]["change"] = "changed"


@_fitted("KJ-BATCH-108")
def _(document: Plain) -> None:
    document["header"] |= {"kind": "correction", "replaces": "411303-2017Q3-0"}


@_fitted(
    "KJ-BATCH-109",
    "KJ-BATCH-111",
    "KJ-BATCH-114",
    "KJ-BATCH-117",
    "KJ-BATCH-118",
    "KJ-BATCH-119",
    "KJ-BATCH-124",
    "KJ-BATCH-125",
)
def _(document: Plain) -> None:
    document["worker"] = [
        {
            "worker_id": "W411303101200",
            "name": "周海霞",
            "role": "child_welfare_director_2017",
            "division": "411303",
            "village": "411303101200",
            "start_date": "2017-03-01",
        }
    ]


@_fitted("KJ-BATCH-110", "KJ-BATCH-112", "KJ-BATCH-115", "KJ-BATCH-121")
def _(document: Plain) -> None:
    document["service_site"] = [
        {
            "site_id": "S411303101",
            "name": "石桥镇儿童福利服务站",
            "kind": "welfare_station",
            "division": "411303",
            "start_date": "2017-01-01",
        }
    ]


def _changed(*ids: str) -> Callable[[Callable[[Plain], object]], None]:
    """What has to be changed in the one case file of the base."""

    def register(change: Callable[[Plain], object]) -> None:
        def fit(document: Plain) -> None:
            change(document["case_file"][0])

        FITTED.update(dict.fromkeys(ids, fit))

    return register


_changed("KJ-CHILD-007", "KJ-CHILD-010")(lambda case: case["child"].pop("migrant"))
_changed("KJ-BEN-001")(lambda case: case["circumstances"].pop("hiv_infected"))
_changed("KJ-BEN-010", "KJ-BEN-030")(lambda case: case["benefit"][0].pop("fund"))
_changed("KJ-BEN-028")(lambda case: case["benefit"][3].update(amount={"unknown": "pending"}))
_changed("KJ-CASE-014")(lambda case: case.pop("guardianship_status"))
_changed("KJ-CASE-022")(lambda case: case["handover"][0].pop("acknowledged_on"))
_changed("KJ-DIS-008")(lambda case: case["disability"][0].pop("expiry_date"))
_changed("KJ-EDU-007")(lambda case: case["child"].pop("migrant"))
_changed("KJ-HOUSE-014")(lambda case: case["household"]["member"][1].pop("id_number"))
_changed("KJ-HOUSE-016")(lambda case: case["household"]["member"][0].pop("id_number"))
_changed("KJ-HOUSE-009")(lambda case: case["household"]["household_hardship"].pop())
_changed("KJ-MED-002")(lambda case: case["insurance"][0].pop("subsidised_amount"))
_changed("KJ-MED-012")(
    lambda case: case["insurance"][0].update(year="2016", premium_subsidy="none", subsidised_amount="0")
)
_changed("KJ-PROC-015")(lambda case: case["procedure"][3].update(reason="复查后通过"))
_changed("KJ-SAFE-012")(lambda case: case["safety_event"][0].update(harm="violence"))
_changed("KJ-GUARD-026")(lambda case: case["care_inquiry"][0].update(arranged="entrusted", agreement_no="委托1号"))
_changed("KJ-GUARD-021", "KJ-GUARD-031")(in_care)


@_fitted("KJ-BEN-009")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "D")
    del case["benefit"][0]["fund"]


@_fitted("KJ-BEN-027", "KJ-DIS-018", "KJ-EDU-017")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    ordinary(case)
    case["service"] = [{"kind": "donation", "start_date": "2017-08-01"}]
    del case["disability"], case["illness"]


@_fitted("KJ-CAT-017")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "B")
    father = {"name": "葛𠮷", "relation_to_head": "20", "relation_to_child": "51", "able_to_support": False}
    case["household"]["member"].append(father)


@_fitted("KJ-CAT-020")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "A")
    case["parent_situation"][0]["situation"] = "10"


@_fitted("KJ-CAT-023")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "C")
    case["circumstances"]["medical_difficulty"] = False


@_fitted("KJ-CAT-024")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "D")
    del case["household"]["household_hardship"][1]


@_fitted("KJ-CAT-025")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "D")
    del case["determination"][0]["principal"]


@_fitted("KJ-CASE-019")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    closed(case, "moved")


@_fitted("KJ-DIS-019")
def _(document: Plain) -> None:
    case = born(document["case_file"][0], "2012-02-03")
    del case["protection_gap"]
    document["case_file"] = [case]


@_fitted("KJ-EDU-015")
def _(document: Plain) -> None:
    document["case_file"][0]["schooling"][0] |= {
        "status": "06",
        "drop_out_reason": "unwilling",
        "drop_out_date": "2017-07-20",
    }


@_fitted("KJ-EDU-016")
def _(document: Plain) -> None:
    FITTED["KJ-EDU-004"](document)


@_fitted("KJ-EDU-019")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    case["child"] |= {"migrant": True, "hukou_division": "411302"}
    case["schooling"][0]["migrant_pupil"] = True


@_fitted("KJ-GUARD-018", "KJ-SAFE-008")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    case["guardian"] = [case["guardian"][0]]
    del case["guardian"][0]["end_date"]
    case["safety_event"][0]["ruling_no"] = "民特1号"


@_fitted("KJ-GUARD-019")
def _(document: Plain) -> None:
    document["case_file"][0]["guardianship_status"] = "A"


@_fitted("KJ-GUARD-022")
def _(document: Plain) -> None:
    document["case_file"][0]["guardian"][1] |= {"kind": "civil_affairs_temporary", "legal_basis": "court_ruling"}


@_fitted("KJ-HOUSE-011")
def _(document: Plain) -> None:
    document.update(bare("2021H2", "2021-12-31"))
    poor = {"kind": "registered_poor", "start_date": "2016-06-01", "end_date": "2020-12-31"}
    document["case_file"][0]["household"] = {"household_hardship": [poor]}


@_fitted("KJ-MED-015")
def _(document: Plain) -> None:
    recognised(document["case_file"][0], "C")


@_fitted("KJ-PROC-018")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    case["opened_on"] = "2016-05-29"
    del case["guardianship_status"], case["visit"][0]["guardianship_status"], case["visit"][1:]


@_fitted("KJ-SAFE-013")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    del case["safety_event"], case["referral"]


@_fitted("KJ-BATCH-113", "KJ-BATCH-116")
def _(document: Plain) -> None:
    codes = (WELFARE_CODE, "52411303MB7654321L")
    document["organisation"] = [
        {
            "credit_code": code,
            "name": f"机构{number}",
            "kind": "other",
            "division": "411303",
            "start_date": "2010-01-01",
        }
        for number, code in enumerate(codes)
    ]


@_fitted("KJ-BATCH-123")
def _(document: Plain) -> None:
    document.update(bare("2021H2", "2021-12-31"))
    worker = {"worker_id": "W1", "name": "周海霞", "role": "child_director", "division": "411303"}
    document["worker"] = [worker | {"village": "411303101200", "start_date": "2019-07-01"}]


@_fitted("KJ-BATCH-120")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-109"](document)
    document["worker"][0]["township"] = "411303101"


@_fitted("KJ-BATCH-122")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-110"](document)
    document["service_site"][0]["township"] = "411303101"


@_fitted("KJ-BATCH-131", "KJ-BATCH-132")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-113"](document)
    del document["organisation"][1]
    case = document["case_file"][0]
    in_care(case)
    del case["service"]
    case["care_arrangement"][0]["institution_code"] = WELFARE_CODE


@_fitted("KJ-BATCH-133")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-113"](document)
    del document["organisation"][1]
    document["case_file"][0]["service"][0]["provider_code"] = WELFARE_CODE


@_fitted("KJ-BATCH-134")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-109"](document)


@_fitted("KJ-BATCH-126")
def _(document: Plain) -> None:
    document["header"]["created_at"] = "2017-09-30T18:00:00"


@_fitted("KJ-BATCH-127", "KJ-BATCH-128")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-108"](document)


@_fitted("KJ-BATCH-129")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-106"](document)


@_fitted("KJ-BATCH-130")
def _(document: Plain) -> None:
    FITTED["KJ-BATCH-106"](document)
    closed(document["case_file"][0], "improved")


@_fitted("KJ-BATCH-137")
def _(document: Plain) -> None:
    first, second = document["case_file"][0], sibling(document)
    child = first["child"]
    brother = {"name": child["name"], "id_number": child["id_number"], "relation_to_head": "41"}
    second["household"]["member"].append(brother | {"relation_to_child": "71"})


@_fitted("KJ-BATCH-138")
def _(document: Plain) -> None:
    second = sibling(document)
    del second["child"]["id_number"], second["disability"][0]["certificate_no"]
    second["child"] |= {"name": "葛小妹", "document_absence": "under_application"}
    second["disability"][0]["diagnosed_only"] = True
    del second["household"]["member"][1]["id_number"]
    spell = {"student_no": "J411303200805121230", "stage": "preschool", "status": "01", "start_date": "2016-09-01"}
    second["schooling"] = [spell]


@_fitted("KJ-BATCH-139")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    document["header"] |= {"sender_division": "411300", "sender_level": "city"}
    payment = {"period": "2017-06", "amount": "155.00", "status": "made"}
    term = {"start_date": "2017-06-01", "end_date": "2017-09-01"}
    document["case_file"].append(
        {
            "case_id": "411302-2017-000007",
            "division": "411302",
            "status": "closed",
            "opened_on": "2017-06-01",
            "closed_on": "2017-09-01",
            "exit_reason": "other",
            "child": copy.deepcopy(case["child"]),
            "benefit": [{"kind": "minimum_living", "amount": "155.00", "unit": "month", **term, "payment": [payment]}],
        }
    )


# --- mistakes that are no fault of a case file -----------------------------------------------------------------------


@_mistake("KJ-SYS-020")
def _(document: Plain) -> Path:
    document["case_file"][0]["child"]["nickname"] = "小葛"
    return "child", "nickname"


@_mistake("KJ-SYS-022")
def _(document: Plain) -> Path:
    document["case_file"][0]["child"]["left_behind"] = "false"
    return "child", "left_behind"


@_mistake("KJ-CHILD-001")
def _(document: Plain) -> Path:
    document["case_file"][0]["child"]["birth_date"] = "2017-10-01"
    return "child", "birth_date"


@_mistake("KJ-CAT-004")
def _(document: Plain) -> Path:
    determination = document["case_file"][0]["determination"][0]
    del determination["end_date"], determination["end_reason"]
    return "determination", 0, "end_date"


@_mistake("KJ-BATCH-105")
def _(document: Plain) -> Path:
    document["header"]["period_end"] = "2017-09-29"
    return ("period_end",)


@_mistake("KJ-BATCH-106")
def _(document: Plain) -> Path:
    del document["case_file"][0]["change"]
    return ("change",)


@_mistake("KJ-BATCH-108")
def _(document: Plain) -> Path:
    del document["header"]["replaces"]
    return ("replaces",)


@_mistake("KJ-BATCH-109")
def _(document: Plain) -> Path:
    document["worker"][0]["division"] = "411302"
    return ("division",)


@_mistake("KJ-BATCH-110")
def _(document: Plain) -> Path:
    document["service_site"][0]["division"] = "411302"
    return ("division",)


def _set(rule_id: str, of: str, **field: object) -> None:
    """One field of the one record of a kind is wrong."""
    (name,) = field

    def mistake(document: Plain) -> Path:
        record = document[of] if of == "header" else document[of][-1]
        record.update(field)
        return (name,)

    MISTAKES[rule_id] = mistake


def _twice(rule_id: str, kind: str, key: str) -> None:
    """The last record of a kind is there twice."""

    def mistake(document: Plain) -> Path:
        document[kind].append(copy.deepcopy(document[kind][-1]))
        return (key,)

    MISTAKES[rule_id] = mistake


_twice("KJ-BATCH-111", "worker", "worker_id")
_twice("KJ-BATCH-112", "service_site", "site_id")
_twice("KJ-BATCH-113", "organisation", "credit_code")
_set("KJ-BATCH-114", "worker", end_date="2017-02-28")
_set("KJ-BATCH-115", "service_site", end_date="2016-12-31")
_set("KJ-BATCH-116", "organisation", end_date="2009-12-31")
_set("KJ-BATCH-117", "worker", start_date="2017-10-01")
_set("KJ-BATCH-118", "worker", trained_on="2017-10-01")
_set("KJ-BATCH-119", "worker", township="411302001")
_set("KJ-BATCH-120", "worker", village="411302001001")
_set("KJ-BATCH-121", "service_site", township="411302001")
_set("KJ-BATCH-122", "service_site", village="411302001001")
_set("KJ-BATCH-123", "worker", role="child_welfare_director_2017")
_set("KJ-BATCH-124", "worker", role="child_director")
_set("KJ-BATCH-126", "header", created_at="2017-09-29T18:00:00")
_set("KJ-BATCH-127", "header", replaces=HEADER["submission_no"])
_set("KJ-BATCH-128", "header", kind="withdrawal")
_set("KJ-BATCH-129", "case_file", change="closed")


@_mistake("KJ-BATCH-125")
def _(document: Plain) -> Path:
    del document["worker"][0]["village"]
    return ("village",)


@_mistake("KJ-BATCH-130")
def _(document: Plain) -> Path:
    document["case_file"][0]["change"] = "new"
    return ("change",)


@_mistake("KJ-BATCH-139")
def _(document: Plain) -> Path:
    document["case_file"][1]["benefit"][0]["payment"][0]["period"] = "2017-08"
    return "benefit", 0, "payment", 0, "period"


@_mistake("KJ-HOUSE-011")
def _(document: Plain) -> Path:
    del document["case_file"][0]["household"]["household_hardship"][0]["end_date"]
    return "household", "household_hardship", 0, "end_date"


# --- compared with the submission before -----------------------------------------------------------------------------


def _before(rule_id: str) -> Callable[[Callable[[Plain], None]], Callable[[Plain], None]]:
    def register(change: Callable[[Plain], None]) -> Callable[[Plain], None]:
        BEFORE[rule_id] = change
        return change

    return register


def _wrong(rule_id: str, *path: str | int, to: object = None, at: Path | None = None) -> None:
    """One field of the last file is another, or gone; the finding is ``at`` another place where it is not there."""

    def mistake(document: Plain) -> Path:
        data = document["case_file"][-1]
        for step in path[:-1]:
            data = data[step]
        if to is None:
            del data[path[-1]]
        else:
            data[path[-1]] = to
        return at or path

    MISTAKES[rule_id] = mistake


def _little(rule_id: str, **more: Any) -> None:
    """The only file is one of which little is known but what is given; ``child`` adds to what is known of the child."""

    def fit(document: Plain) -> None:
        (case,) = bare("2017Q3", "2017-09-30")["case_file"]
        child = case["child"] | {"birth_date": "2015-03-01"} | more.get("child", {})
        if "id_number" in child:
            del child["document_absence"]
        document["case_file"] = [case | {"opened_on": "2017-08-01"} | copy.deepcopy(more) | {"child": child}]

    FITTED[rule_id] = fit


def _corrects(number: str) -> Callable[[Plain], None]:
    return lambda document: document["header"].update(kind="correction", replaces=number)


def _changes(document: Plain) -> None:
    """A delta that changes the file."""
    document["header"]["kind"] = "delta"
    document["case_file"][-1]["change"] = "changed"


_fitted("KJ-BATCH-201")(lambda document: document["header"].update(sequence_no=8))
_before("KJ-BATCH-201")(lambda document: document["header"].update(sequence_no=7))
_set("KJ-BATCH-201", "header", sequence_no=7)

_fitted("KJ-BATCH-202")(_corrects("411303-2017Q3-0"))


@_before("KJ-BATCH-202")
def _(document: Plain) -> None:
    document["header"] |= {"period": "2017Q3", "period_end": "2017-09-30", "submission_no": "411303-2017Q3-0"}


@_mistake("KJ-BATCH-202")
def _(document: Plain) -> Path:
    document["header"]["kind"] = "full"
    return ("period_end",)


_set("KJ-BATCH-203", "header", sender_name="宛城区民政局")
_fitted("KJ-BATCH-204")(_corrects("411303-2017-08-1"))
_set("KJ-BATCH-204", "header", replaces="411303-2017-07-1")
_set("KJ-BATCH-205", "header", submission_no="411303-2017-08-1")


@_fitted("KJ-BATCH-206")
def _(document: Plain) -> None:
    sibling(document)


@_mistake("KJ-BATCH-206")
def _(document: Plain) -> Path:
    del document["case_file"][1]
    return ("case_id",)


_wrong("KJ-BATCH-207", "case_id", to="411303-2017-000125")
_fitted("KJ-BATCH-208", "KJ-BATCH-210", "KJ-BATCH-211")(_changes)
_wrong("KJ-BATCH-208", "change", to="new")


@_fitted("KJ-BATCH-209")
def _(document: Plain) -> None:
    """The child has a new file, and the old one is closed."""
    FITTED["KJ-BATCH-214"](document)
    (old,) = document["case_file"]
    document["header"]["kind"] = "delta"
    document["case_file"].append(old | {"case_id": "411303-2", "opened_on": "2017-09-01", "change": "new"})
    old |= {"status": "closed", "closed_on": "2017-09-01", "exit_reason": "other", "change": "closed"}


@_before("KJ-BATCH-209")
def _(document: Plain) -> None:
    document["case_file"].pop()
    old = document["case_file"][0]
    old["status"] = "open"
    del old["closed_on"], old["exit_reason"]


@_mistake("KJ-BATCH-209")
def _(document: Plain) -> Path:
    document["case_file"].pop(0)
    return ("case_id",)


@_fitted("KJ-BATCH-210")
def _(document: Plain) -> None:
    _changes(document)
    document["case_file"][0]["change"] = "new"


@_before("KJ-BATCH-210")
def _(document: Plain) -> None:
    sibling(document)
    document["case_file"].pop(0)


_wrong("KJ-BATCH-210", "change", to="changed")


@_fitted("KJ-BATCH-211")
def _(document: Plain) -> None:
    _changes(document)
    closed(document["case_file"][0], "improved")


_wrong("KJ-BATCH-211", "change", to="closed")
_little("KJ-BATCH-212")
_wrong("KJ-BATCH-212", "child", "birth_date", to="2015-03-11")
_little("KJ-BATCH-213")
_wrong("KJ-BATCH-213", "child", "sex", to="1")
_birthday = datetime.date(2015, 3, 1)
_little("KJ-BATCH-214", child={"id_document_type": "111", "id_number": make_resident_id("411303", _birthday, 122)})
_wrong("KJ-BATCH-214", "child", "id_number", to=make_resident_id("411303", _birthday, 124))
_little("KJ-BATCH-215")
_wrong("KJ-BATCH-215", "opened_on", to="2017-08-02")
_little("KJ-BATCH-216", opened_on="2017-09-01")
_before("KJ-BATCH-216")(
    lambda document: document["case_file"][0].update(
        status="closed", opened_on="2017-07-01", closed_on="2017-08-20", exit_reason="improved"
    )
)
_wrong("KJ-BATCH-216", "opened_on", to="2017-07-01")
_little("KJ-BATCH-217", status="closed", closed_on="2017-09-10", exit_reason="improved")


@_before("KJ-BATCH-217")
def _(document: Plain) -> None:
    document["case_file"][0]["status"] = "open"
    del document["case_file"][0]["closed_on"], document["case_file"][0]["exit_reason"]


_wrong("KJ-BATCH-217", "closed_on", to="2017-08-20")
_little("KJ-BATCH-218", status="closed", closed_on="2017-08-12", exit_reason="died", child={"death_date": "2017-08-10"})
_wrong("KJ-BATCH-218", "child", "death_date", to="2017-08-11")
_aid = {"kind": "temporary_assistance", "unit": "once", "amount": {"unknown": "pending"}, "start_date": "2017-07-01"}
_payments = [{"period": f"2017-0{month}", "amount": "500.00", "status": "made"} for month in (7, 8)]
_little("KJ-BATCH-219", benefit=[_aid | {"payment": _payments}])
_wrong("KJ-BATCH-219", "benefit", 0, "payment", 1, at=("case_id",))
_little("KJ-BATCH-220", benefit=[_aid | {"payment": _payments}])
_wrong("KJ-BATCH-220", "benefit", 0, "payment", 1, "amount", to="450.00")
_certificate = {"disability_class": "4", "issue_date": "2016-04-20", "diagnosed_only": True}
_little("KJ-BATCH-221", disability=[_certificate | {"disability_grade": "3"}], child={"birth_date": "2001-03-01"})
_wrong("KJ-BATCH-221", "disability", 0, "disability_grade", to="4")
_wrong("KJ-BATCH-222", "determination", 1, "category", to="D", at=("case_id",))
_fitted("KJ-BATCH-223")(lambda document: document["case_file"][0]["determination"][0].update(end_date="2017-07-30"))
_wrong("KJ-BATCH-223", "determination", 0, "end_date", to="2017-07-31")
_little("KJ-BATCH-224", benefit=[_aid | {"end_date": "2017-08-20"}])
_wrong("KJ-BATCH-224", "benefit", 0, "end_date", to="2017-09-20")
_little("KJ-BATCH-225", guardian=[{"name": "李桂英", "kind": "kin", "start_date": "2017-08-01"}])
_wrong("KJ-BATCH-225", "guardian", 0, "name", to="王秀兰", at=("case_id",))
_little("KJ-BATCH-226", care_arrangement=[{"kind": "kinship", "carer_name": "李桂英", "start_date": "2017-08-01"}])
_wrong("KJ-BATCH-226", "care_arrangement", 0, "carer_name", to="王秀兰")


# --- files -----------------------------------------------------------------------------------------------------------


def pair(rule_id: str, document: Plain) -> Pair:
    """The pair of one rule; ``document`` is the base and is left as it is."""
    valid = copy.deepcopy(document)
    if rule_id in FITTED:
        FITTED[rule_id](valid)
    invalid = copy.deepcopy(valid)
    if rule_id in MISTAKES:
        path: Path | None = MISTAKES[rule_id](invalid)
    else:
        *others, case = invalid["case_file"]
        path = FAULTS[rule_id].apply(case, others[-1] if others else None, random.Random(0))
    if path is None:
        raise SystemExit(f"the base can't carry the fault of {rule_id}")
    return Pair(rule_id, valid, invalid, path, previous(rule_id, valid) if compares(rule_id) else None)


def compares(rule_id: str) -> bool:
    """Whether a rule compares with the submission before."""
    return rule_id in rules() and rules()[rule_id].scope == "previous_submission"


def previous(rule_id: str, valid: Plain) -> Plain:
    """The submission that the pair of a rule is compared with."""
    before = copy.deepcopy(valid)
    header = {name: value for name, value in HEADER.items() if name in before["header"]}
    before["header"] = header | {"period": "2017-08", "period_end": "2017-08-31", "submission_no": "411303-2017-08-1"}
    for case in before["case_file"]:
        case.pop("change", None)
    if rule_id in BEFORE:
        BEFORE[rule_id](before)
    return before


def pairs() -> Iterator[Pair]:
    """The pairs of every rule and every built-in finding that a plain record can have."""
    document = base()
    for rule_id in sorted({*rules(), *FAULTS, *MISTAKES}):
        yield pair(rule_id, document)


def files() -> Iterator[tuple[pathlib.Path, str]]:
    """(path, text) of every file."""
    for one in pairs():
        for folder, document in (("valid", one.valid), ("invalid", one.invalid), ("previous", one.previous)):
            if document is None:
                continue
            text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
            yield HERE / "v1" / folder / f"{one.id}.json", text


def main(arguments: list[str]) -> int:
    made = dict(files())
    there = set((HERE / "v1").rglob("*.json"))
    if arguments == ["--check"]:
        differ = sorted(
            path for path in there | set(made) if path not in there or path.read_text("utf-8") != made.get(path)
        )
        for path in differ:
            print(path.relative_to(HERE))
        return 1 if differ else 0
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    for path in there - set(made):
        path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
