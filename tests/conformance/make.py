"""Make the conformance files: for every rule a document that is right and one that is wrong in one place.

    python tests/conformance/make.py           write v1/valid/<id>.json and v1/invalid/<id>.json
    python tests/conformance/make.py --check   say which differ from what would be written; exit 1 where one does

The base is fixtures/case_file.xml as the only file of a submission of 2017Q3. Where a rule needs another kind of file,
``FITTED`` changes the base; the mistake itself is the rule's fault (kunjing_exchange.faults), or one of ``MISTAKES``
where a fault can't say it.
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
from kunjing_exchange.identifiers import make_resident_id
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


@dataclass(frozen=True, slots=True)
class Pair:
    """A right and a wrong document, and the path of the finding in the wrong one."""

    id: str
    valid: Plain
    invalid: Plain
    path: Path


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
    case["determination"][-1] |= {"end_date": "2017-09-20"}
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
    other["benefit"] = [benefit for benefit in other["benefit"] if benefit["kind"] != "compulsory_living"]
    return other


def sibling(document: Plain) -> Plain:
    """A second child, of another household of the county."""
    second = born(document["case_file"][0], "2010-02-03", 225)
    second["case_id"] = "411303-2017-000124"
    second["household"]["household_no"] = "41130310100124"
    document["case_file"].append(second)
    return second


FITTED: dict[str, Callable[[Plain], None]] = {}
"""What has to be changed in the base before the mistake of a rule is one field."""

Mistake = Callable[[Plain], Path]
MISTAKES: dict[str, Mistake] = {}
"""Mistakes that are no fault of a case file alone."""


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


_fitted("KJ-CAT-001")(_of("A"))
_fitted("KJ-CAT-002", "KJ-MED-001", "KJ-MED-005")(_of("B"))
_fitted("KJ-CAT-008", "KJ-BEN-009", "KJ-BEN-011")(_of("D"))
_fitted("KJ-PROC-005")(_of("E-4"))


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
            "child": {"name": "李弃", "document_absence": "foundling", "sex": "2", "birth_date": "2017-09-30"},
        }
    ]


@_fitted("KJ-CHILD-005", "KJ-CHILD-006")
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


@_fitted("KJ-GUARD-009")
def _(document: Plain) -> None:
    document["case_file"][0]["care_arrangement"][1] |= {"kind": "adoption", "assessment_passed": True}


@_fitted("KJ-CAT-003")
def _(document: Plain) -> None:
    case = born(document["case_file"][0], "2001-03-08")
    recognised(case, "D")
    del case["insurance"]
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
    case["illness"][0]["disease_list"] = "listed"


@_fitted("KJ-CAT-009")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    recognised(case, "D")
    case["circumstances"] |= {"medical_difficulty": False, "schooling_difficulty": False}


@_fitted("KJ-CAT-016", "KJ-CASE-001", "KJ-CASE-002", "KJ-CASE-003", "KJ-BEN-005")
def _(document: Plain) -> None:
    closed(document["case_file"][0], "improved")


@_fitted("KJ-BEN-015")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    closed(case, "improved")
    del case["benefit"][1:]


@_fitted("KJ-BEN-006", "KJ-CASE-009")
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


@_fitted("KJ-CASE-008")
def _(document: Plain) -> None:
    del document["case_file"][0]["filing_date"]


@_fitted("KJ-BATCH-101", "KJ-BATCH-102")
def _(document: Plain) -> None:
    sibling(document)


@_fitted("KJ-BATCH-103")
def _(document: Plain) -> None:
    household = sibling(document)["household"]
    household["income_per_head"] = "2000.00"
    household["member"][0]["annual_income"] = "4000.00"


@_fitted("KJ-BATCH-104")
def _(document: Plain) -> None:
    case = document["case_file"][0]
    del case["township"], case["village"]


@_fitted("KJ-BATCH-106")
def _(document: Plain) -> None:
    document["header"]["kind"] = "delta"
    document["case_file"][0]["change"] = "changed"


@_fitted("KJ-BATCH-108")
def _(document: Plain) -> None:
    document["header"] |= {"kind": "correction", "replaces": "411303-2017Q3-0"}


@_fitted("KJ-BATCH-109")
def _(document: Plain) -> None:
    document["worker"] = [
        {
            "worker_id": "W411303101200",
            "name": "周海霞",
            "role": "child_welfare_director_2017",
            "division": "411303",
            "start_date": "2017-03-01",
        }
    ]


@_fitted("KJ-BATCH-110")
def _(document: Plain) -> None:
    document["service_site"] = [
        {"site_id": "S411303101", "name": "石桥镇儿童福利服务站", "kind": "welfare_station", "division": "411303"}
    ]


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
    del document["case_file"][0]["determination"][0]["end_date"]
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
    return Pair(rule_id, valid, invalid, path)


def pairs() -> Iterator[Pair]:
    """The pairs of every rule and every built-in finding that a plain record can have."""
    document = base()
    for rule_id in sorted({*rules(), *FAULTS, *MISTAKES}):
        yield pair(rule_id, document)


def files() -> Iterator[tuple[pathlib.Path, str]]:
    """(path, text) of every file."""
    for one in pairs():
        for folder, document in (("valid", one.valid), ("invalid", one.invalid)):
            text = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
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
