"""Faults: one deliberate mistake for each rule, put into a case file that has none.

A fault changes a case file in the smallest way that makes its rule, and as far as possible no other, speak. It says
where the finding is to be expected, or that this case file can't carry it. Training data, conformance files and the
proof that every rule can fire are all made from :data:`FAULTS`.

Rules about the header, workers and sites have no fault, since a fault changes a case file; nor have fields that no
model knows (KJ-SYS-020), which no writer writes, wrong types (KJ-SYS-022), which XML does not have, and mistakes in the
bytes of a file. The two about ages that only the passing of time brings about, KJ-CHILD-001 and KJ-CAT-004, would upset
every other date of a file.
"""

from __future__ import annotations

import copy
import datetime
import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from kunjing_exchange.errors import InvalidArgument, UnknownRule
from kunjing_exchange.findings import BUILT_IN, Path, path_text
from kunjing_exchange.identifiers import check_digit
from kunjing_exchange.rules import rules

__all__ = ["FAULTS", "Fault", "seeder"]

Plain = dict[str, Any]
Apply = Callable[[Plain, Plain | None, random.Random], Path | None]

_FAR = "2199-12-31"
"""After the last day of every submission."""
_SUBSISTENCE = (
    "orphan_allowance",
    "hiv_allowance",
    "destitute_support",
    "minimum_living",
    "institution_allowance",
    "unattended_allowance",
)
_HARDSHIP_OF = {
    "E-1": "trafficking_rescued",
    "E-2": "parent_in_prison",
    "E-3": "parent_in_rehabilitation",
    "E-4": "abused",
    "E-5": "abandoned",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake that a rule finds.

    ``apply(case, previous, rng)`` changes ``case`` in place and returns the path of the finding to expect, or ``None``
    where the case can't carry it, and is then as it was. ``previous`` is another case file of the submission, without
    a fault.
    """

    id: str
    apply: Apply


_FAULTS: dict[str, Fault] = {}

FAULTS: Mapping[str, Fault] = _FAULTS
"""Every fault by the id of its rule or built-in finding."""


def _fault(fault_id: str) -> Callable[[Apply], Apply]:
    def register(apply: Apply) -> Apply:
        _FAULTS[fault_id] = Fault(fault_id, apply)
        return apply

    return register


# --- looking at a case -----------------------------------------------------------------------------------------------


def _items(case: Plain, *steps: str) -> Iterator[tuple[Path, Plain]]:
    """(path, item) of every record of a kind, such as ``benefit`` or ``household``, ``member``."""

    def visit(data: Plain, path: Path, remaining: tuple[str, ...]) -> Iterator[tuple[Path, Plain]]:
        if not remaining:
            yield path, data
            return
        value = data.get(remaining[0])
        if isinstance(value, list):
            for position, item in enumerate(value):
                yield from visit(item, (*path, remaining[0], position), remaining[1:])
        elif isinstance(value, dict):
            yield from visit(value, (*path, remaining[0]), remaining[1:])

    return visit(case, (), steps)


def _first(case: Plain, *steps: str, **wanted: object) -> tuple[Path, Plain] | None:
    """The first record of a kind whose fields have these values; ``...`` is any known value."""
    for path, item in _items(case, *steps):
        if all(
            isinstance(item.get(name), str | bool) if value is ... else item.get(name) == value
            for name, value in wanted.items()
        ):
            return path, item
    return None


def _append(case: Plain, name: str, item: Plain) -> Path:
    items = case.setdefault(name, [])
    items.append(item)
    return name, len(items) - 1


def _shift(day: str, days: int) -> str:
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days=days)).isoformat()


def _month_later(month: str, months: int) -> str:
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + months
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def _birth(case: Plain) -> str | None:
    birth = case["child"]["birth_date"]
    return birth if isinstance(birth, str) else None


def _birthday(case: Plain, years: int) -> str | None:
    birth = _birth(case)
    if birth is None or birth.endswith("02-29"):
        return None
    return f"{int(birth[:4]) + years}{birth[4:]}"


def _resident_id(person: Plain, name: str = "id_number") -> str | None:
    number = person.get(name)
    typed = person.get("id_document_type", "111") == "111"
    return number if typed and isinstance(number, str) and len(number) == 18 else None


def _is_open(case: Plain) -> bool:
    return bool(case["status"] == "open")


def _recognised(case: Plain, *categories: str) -> tuple[Path, Plain] | None:
    """The one recognition without an end, where it is of one of these categories."""
    found = [(path, item) for path, item in _items(case, "determination") if "end_date" not in item]
    if len(found) == 1 and found[0][1]["category"] in categories:
        return found[0]
    return None


# --- dates that can't follow each other ------------------------------------------------------------------------------


def _reversed(fault_id: str, first: str, last: str, *steps: str, **wanted: object) -> None:
    """A term whose last day is the day before its first."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        found = _first(case, *steps, **{first: ...}, **wanted)
        if found is None:
            return None
        path, item = found
        item[last] = _shift(item[first], -1)
        return (*path, last)

    _fault(fault_id)(apply)


def _before_birth(fault_id: str, name: str, *steps: str, **wanted: object) -> None:
    """A day before the birth of the child."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        found, birth = _first(case, *steps, **wanted), _birth(case)
        if found is None or birth is None:
            return None
        path, item = found
        item[name] = _shift(birth, -1)
        return (*path, name)

    _fault(fault_id)(apply)


_reversed("KJ-CHILD-002", "birth_date", "death_date", "child")
_reversed("KJ-HOUSE-005", "start_date", "end_date", "household", "household_hardship")
_reversed("KJ-GUARD-002", "start_date", "end_date", "guardian")
_reversed("KJ-GUARD-003", "start_date", "end_date", "care_arrangement")
_reversed("KJ-GUARD-010", "start_date", "end_date", "parent_situation")
_reversed("KJ-CAT-014", "start_date", "end_date", "determination")
_reversed("KJ-PROC-006", "step_date", "notified_on", "procedure")
_reversed("KJ-EDU-005", "start_date", "end_date", "schooling")
_reversed("KJ-DIS-002", "issue_date", "expiry_date", "disability")
_reversed("KJ-CASE-003", "opened_on", "closed_on", status="closed")
_reversed("KJ-CASE-004", "opened_on", "filing_date")

_before_birth("KJ-CHILD-007", "migrant_since", "child")
_before_birth("KJ-CAT-012", "start_date", "determination")
_before_birth("KJ-BEN-004", "start_date", "benefit", unit="month")
_before_birth("KJ-EDU-006", "start_date", "schooling")
_before_birth("KJ-DIS-003", "issue_date", "disability")


# --- built-in findings -----------------------------------------------------------------------------------------------


@_fault("KJ-SYS-014")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    name = case["child"]["name"]
    case["child"]["name"] = name.replace("·", "•") if "·" in name else f"{name[:-1]}•{name[-1]}"
    return "child", "name"


@_fault("KJ-SYS-021")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    del case["child"]["sex"]
    return "child", "sex"


@_fault("KJ-SYS-023")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case["opened_on"] = f"{case['opened_on'][:4]}-02-30"
    return ("opened_on",)


@_fault("KJ-SYS-024")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case["child"]["name"] = (case["child"]["name"] * 26)[:51]
    return "child", "name"


@_fault("KJ-SYS-027")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case["child"]["ethnicity"] = {"unknown": ""}
    return "child", "ethnicity"


@_fault("KJ-CODE-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case["child"]["ethnicity"] = "00"
    return "child", "ethnicity"


@_fault("KJ-CODE-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case["child"]["residence_division"] = "410224"  # 开封县, until 2014
    return "child", "residence_division"


@_fault("KJ-CODE-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case["child"]["residence_division"] = "411371"
    return "child", "residence_division"


def _wrong_number(fault_id: str, wrong: Callable[[str], str]) -> None:
    """A resident id of a parent that is wrong in itself; no other field says it too."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        found = _first(case, "parent_situation", id_number=...)
        if found is None or (number := _resident_id(found[1])) is None:
            return None
        path, parent = found
        parent["id_number"] = wrong(number)
        return (*path, "id_number")

    _fault(fault_id)(apply)


def _checked(first17: str) -> str:
    return first17 + check_digit(first17)


_wrong_number("KJ-ID-003", lambda number: _checked(f"{number[:10]}13{number[12:17]}"))
_wrong_number("KJ-ID-004", lambda number: number[:17] + ("1" if number[17] != "1" else "2"))
_wrong_number("KJ-ID-005", lambda number: _checked(f"419999{number[6:17]}"))
_wrong_number("KJ-ID-006", lambda number: f"{number[:6]}{number[8:17]}")


@_fault("KJ-ID-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    child = case["child"]
    if child.get("id_document_type") != "111" or (number := _resident_id(child)) is None:
        return None
    child["id_number"] = number[:17]
    return "child", "id_number"


@_fault("KJ-ID-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "household", "member", id_number=...)
    if found is None or (number := _resident_id(found[1])) is None:
        return None
    path, member = found
    member |= {"id_document_type": "111", "id_number": f"{number[:3]}O{number[4:]}"}
    return (*path, "id_number")


# --- identity --------------------------------------------------------------------------------------------------------


def _other_sex(person: Plain) -> bool:
    if person.get("sex") not in ("1", "2") or _resident_id(person) is None:
        return False
    person["sex"] = "2" if person["sex"] == "1" else "1"
    return True


def _other_birth(person: Plain) -> bool:
    if not isinstance(person.get("birth_date"), str) or _resident_id(person) is None:
        return False
    person["birth_date"] = _shift(person["birth_date"], -1)
    return True


@_fault("KJ-ID-101")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    return ("child", "sex") if _other_sex(case["child"]) else None


@_fault("KJ-ID-102")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    return ("child", "birth_date") if _other_birth(case["child"]) else None


@_fault("KJ-ID-103")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    # of the child's own entry: the relation of the others tells their sex as well
    found = _first(case, "household", "member", relation_to_child="01")
    return (*found[0], "sex") if found is not None and _other_sex(found[1]) else None


@_fault("KJ-ID-104")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "household", "member", birth_date=..., id_number=...)
    return (*found[0], "birth_date") if found is not None and _other_birth(found[1]) else None


@_fault("KJ-ID-105")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "disability", certificate_no=...)
    if found is None or _resident_id(case["child"]) is None:
        return None
    path, disability = found
    number = disability["certificate_no"]
    other = f"{(int(number[14:17]) + 2) % 1000:03d}"
    disability["certificate_no"] = _checked(number[:14] + other) + number[18:]
    return (*path, "certificate_no")


@_fault("KJ-ID-106")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "disability", certificate_no=..., disability_class=...)
    if found is None:
        return None
    path, disability = found
    disability["disability_class"] = "7" if disability["disability_class"] != "7" else "1"
    return (*path, "disability_class")


@_fault("KJ-ID-107")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "disability", certificate_no=..., disability_grade=...)
    if found is None:
        return None
    path, disability = found
    disability["disability_grade"] = {"1": "2", "2": "1", "3": "4", "4": "3"}[disability["disability_grade"]]
    return (*path, "disability_grade")


@_fault("KJ-ID-108")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "guardian", id_number=...)
    if found is None or not isinstance(number := case["child"].get("id_number"), str):
        return None
    path, guardian = found
    guardian["id_number"] = number
    return (*path, "id_number")


# --- the child -------------------------------------------------------------------------------------------------------


@_fault("KJ-CHILD-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    """The file of one who came of age and left is still open."""
    if case["status"] != "closed" or case.get("exit_reason") != "of_age":
        return None
    case["status"] = "open"
    del case["closed_on"], case["exit_reason"]
    for guardian in case.get("guardian", [])[-1:]:
        guardian.pop("end_date", None)
    return "child", "birth_date"


@_fault("KJ-CHILD-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "id_number" not in case["child"] or "document_absence" in case["child"]:
        return None
    del case["child"]["id_number"]
    return "child", "document_absence"


@_fault("KJ-CHILD-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if (birth := _birth(case)) is None:
        return None
    case["child"] |= {"left_behind": True, "left_behind_since": _shift(birth, -1)}
    return "child", "left_behind_since"


@_fault("KJ-CHILD-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    child = case["child"]
    child["left_behind"] = False
    child.setdefault("left_behind_since", case["opened_on"])
    return "child", "left_behind"


# --- the household ---------------------------------------------------------------------------------------------------


@_fault("KJ-HOUSE-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "household", "member", relation_to_head="02")
    if found is None:
        return None
    found[1]["relation_to_head"] = "97"
    return "household", "head_name"


@_fault("KJ-HOUSE-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    members = list(_items(case, "household", "member"))
    others = [member for _, member in members if member["relation_to_head"] not in ("01", "02")]
    if not others or len(others) == len(members):
        return None
    others[-1]["relation_to_head"] = "02"
    heads = [path for path, member in members if member["relation_to_head"] in ("01", "02")]
    return (*heads[-1], "relation_to_head")


@_fault("KJ-HOUSE-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    members = case.get("household", {}).get("member", [])
    others = [member for member in members if member.get("relation_to_child", "01") != "01"]
    if len(others) != len(members) - 1 or not any(member["relation_to_head"] in ("01", "02") for member in others):
        return None
    case["household"]["member"] = others
    return "child", "name"


@_fault("KJ-HOUSE-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    household = case.get("household", {})
    income, members = household.get("income_per_head"), household.get("member", [])
    if not isinstance(income, str) or Decimal(income) <= 1 or not members:
        return None
    if all(isinstance(member.get("annual_income"), str) for member in members):
        household["income_per_head"] = str(Decimal(income) + 12000)
    elif any("annual_income" in member for member in members):
        return None
    else:
        for member in members:
            member["annual_income"] = "0"
    return "household", "income_per_head"


@_fault("KJ-HOUSE-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    urban, rural = "urban_minimum_living", "rural_minimum_living"
    for kind, other in ((urban, rural), (rural, urban)):
        found = _first(case, "household", "household_hardship", kind=kind)
        if found is not None:
            added = _append(
                case["household"], "household_hardship", {"kind": other, "start_date": found[1]["start_date"]}
            )
            return ("household", *added, "kind")
    return None


@_fault("KJ-HOUSE-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for relation, other in (("51", "52"), ("52", "51"), ("61", "62"), ("62", "61"), ("63", "64"), ("64", "63")):
        found = _first(case, "household", "member", relation_to_child=relation, sex=...)
        if found is not None:
            found[1]["relation_to_child"] = other
            return (*found[0], "sex")
    return None


# --- guardians and care ----------------------------------------------------------------------------------------------


@_fault("KJ-GUARD-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if not _is_open(case) or case.get("guardianship_status") not in ("A", "B"):
        return None
    case.pop("guardian", None)
    case.pop("care_arrangement", None)
    return ("guardianship_status",)


@_fault("KJ-GUARD-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = [item for _, item in _items(case, "care_arrangement") if "end_date" not in item]
    if len(found) != 1:
        return None
    later = _shift(found[0]["start_date"], 1)
    return (*_append(case, "care_arrangement", {"kind": "temporary_shelter", "start_date": later}), "start_date")


@_fault("KJ-GUARD-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "care_inquiry", answer="without_care", arranged=...)
    if found is not None:
        del found[1]["arranged"]
        return (*found[0], "arranged")
    inquiry = {"asked_at": f"{case['opened_on']}T09:00:00", "asked_by": "公安局", "parent": "father"}
    return (*_append(case, "care_inquiry", inquiry | {"answer": "without_care"}), "arranged")


@_fault("KJ-GUARD-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "guardian", document_no=None)
    if found is None:
        return None
    found[1]["legal_basis"] = "court_ruling"
    return (*found[0], "document_no")


@_fault("KJ-GUARD-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for parent, relation in (("father", "51"), ("mother", "52")):
        found = _first(case, "parent_situation", parent=parent, situation="09", name=..., start_date=...)
        if found is not None:
            guardian = {
                "name": found[1]["name"],
                "kind": "parent",
                "relation_to_child": relation,
                "start_date": found[1]["start_date"],
            }
            return (*_append(case, "guardian", guardian), "kind")
    return None


@_fault("KJ-GUARD-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for kind in ("entrusted", "foster_family"):
        found = _first(case, "care_arrangement", kind=kind, agreement_no=...)
        if found is not None:
            del found[1]["agreement_no"]
            return (*found[0], "agreement_no")
    return None


@_fault("KJ-GUARD-009")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "care_arrangement", kind="adoption") or _first(case, "care_arrangement", end_date=None)
    if found is None:
        return None
    found[1].setdefault("registration_no", "收养登记1号")
    found[1].update(kind="adoption", assessment_passed=False)
    return (*found[0], "assessment_passed")


@_fault("KJ-GUARD-011")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "parent_situation", situation="09", start_date=...)
    if found is None:
        return None
    later = {"parent": found[1]["parent"], "situation": "12", "start_date": _shift(found[1]["start_date"], 1)}
    return (*_append(case, "parent_situation", later), "start_date")


# --- categories ------------------------------------------------------------------------------------------------------


@_fault("KJ-CAT-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised, parents = _recognised(case, "A"), list(_items(case, "parent_situation"))
    if recognised is None or not parents or sum(item["parent"] == parents[-1][1]["parent"] for _, item in parents) > 1:
        return None
    parents[-1][1]["situation"] = "12"
    return (*recognised[0], "category")


@_fault("KJ-CAT-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "B")
    if recognised is None or "circumstances" not in case:
        return None
    case["circumstances"]["supporters_able"] = True
    return (*recognised[0], "category")


@_fault("KJ-CAT-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "C", "D")
    sixteen, eighteen = _birthday(case, 16), _birthday(case, 18)
    if recognised is None or sixteen is None or eighteen is None:
        return None
    if not sixteen <= recognised[1]["start_date"] < eighteen:
        return None
    for _, insurance in _items(case, "insurance"):  # whose premium has to be paid in full
        insurance["premium_subsidy"] = "full"
        if "premium_amount" in insurance:
            insurance["subsidised_amount"] = insurance["premium_amount"]
    recognised[1]["category"] = "B"
    return (*recognised[0], "start_date")


@_fault("KJ-CAT-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised, eighteen = _recognised(case, "A", "B", "C", "D", *_HARDSHIP_OF, "E-6"), _birthday(case, 18)
    if recognised is None or eighteen is None:
        return None
    recognised[1]["start_date"] = eighteen
    return (*recognised[0], "start_date")


def _no_nursing(case: Plain) -> None:
    """Without the subsidy that a severe disability is the ground of."""
    case["benefit"] = [item for item in case.get("benefit", ()) if item["kind"] != "disability_nursing_subsidy"]
    if not case["benefit"]:
        del case["benefit"]


@_fault("KJ-CAT-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "C")
    disabilities, illnesses = list(_items(case, "disability")), list(_items(case, "illness"))
    if recognised is None or len(disabilities) + len(illnesses) != 1:
        return None
    for _, illness in illnesses:
        illness["disease_list"] = "not_listed"
    for _, disability in disabilities:
        disability["disability_grade"] = "3"
        if isinstance(number := disability.get("certificate_no"), str):
            disability["certificate_no"] = f"{number[:19]}3{number[20:]}"
    _no_nursing(case)
    return (*recognised[0], "category")


@_fault("KJ-CAT-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "C")
    if recognised is None or any(item.get("mode", "ordinary") != "ordinary" for _, item in _items(case, "schooling")):
        return None
    case.pop("disability", None)
    case.pop("illness", None)
    case.pop("service", None)
    _no_nursing(case)
    return (*recognised[0], "category")


@_fault("KJ-CAT-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "D")
    if recognised is None or "household_hardship" not in case.get("household", {}):
        return None
    del case["household"]["household_hardship"]
    return (*recognised[0], "category")


@_fault("KJ-CAT-009")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "D")
    if recognised is None or "circumstances" not in case:
        return None
    case["circumstances"] |= {"medical_difficulty": False, "schooling_difficulty": False, "living_difficulty": False}
    return (*recognised[0], "category")


@_fault("KJ-CAT-010")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, *_HARDSHIP_OF, "E-6")
    if recognised is None or "circumstances" not in case:
        return None
    case["circumstances"]["hardship_kind"] = "abused" if recognised[1]["category"] != "E-4" else "abandoned"
    return (*recognised[0], "category")


@_fault("KJ-CAT-011")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, *_HARDSHIP_OF, "E-6")
    if recognised is None or "circumstances" not in case:
        return None
    case["circumstances"]["shelter_needed"] = False
    return (*recognised[0], "category")


@_fault("KJ-CAT-013")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "A", "B", "C", "D", *_HARDSHIP_OF, "E-6")
    if recognised is None:
        return None
    return (*_append(case, "determination", dict(recognised[1])), "category")


@_fault("KJ-CAT-015")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised, birth = _recognised(case, "A", "B", "C", "D", *_HARDSHIP_OF, "E-6"), _birth(case)
    if recognised is None or birth is None or birth > "2017-06-30":
        return None
    recognised[1]["start_date"] = "2017-06-30"
    return (*recognised[0], "start_date")


@_fault("KJ-CAT-016")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = [(path, item) for path, item in _items(case, "determination") if "end_date" in item]
    if not found or case["status"] != "closed":
        return None
    path, last = found[-1]
    del last["end_date"]
    return (*path, "end_date")


# --- procedure -------------------------------------------------------------------------------------------------------


@_fault("KJ-PROC-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    kept = [step for step in case.get("procedure", ()) if step["step"] not in ("application", "acceptance")]
    if [step["step"] for step in kept].count("decision") != 1:
        return None
    case["procedure"] = kept
    return "procedure", [step["step"] for step in kept].index("decision"), "step"


@_fault("KJ-PROC-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    application, decision = _first(case, "procedure", step="application"), _first(case, "procedure", step="decision")
    if application is None or decision is None:
        return None
    decision[1]["step_date"] = _shift(application[1]["step_date"], -1)
    return (*decision[0], "step_date")


@_fault("KJ-PROC-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "procedure", reason=None)
    if found is None:
        return None
    found[1]["result"] = "returned"
    return (*found[0], "reason")


@_fault("KJ-PROC-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "determination", end_date=None)
    if found is None or not _is_open(case) or _first(case, "procedure", step="review") is not None:
        return None
    found[1]["review_date"] = _shift(found[1]["start_date"], -1)
    return (*found[0], "review_date")


@_fault("KJ-PROC-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    kept_quiet = _recognised(case, "E-1", "E-4", "E-5") or _first(case, "circumstances", hiv_infected=True)
    found = _first(case, "procedure", step="decision")
    if kept_quiet is None or found is None:
        return None
    found[1]["publicised"] = True
    return (*found[0], "publicised")


@_fault("KJ-PROC-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    visits, birth = case.get("visit"), _birth(case)
    if not visits or not _is_open(case) or birth is None or _shift(case["opened_on"], -400) < birth:
        return None
    del visits[1:]
    visits[0].pop("guardianship_status", None)  # its code list begins in 2017
    visits[0]["visit_date"] = _shift(case["opened_on"], -400)
    return "visit", 0, "visit_date"


# --- benefits --------------------------------------------------------------------------------------------------------


@_fault("KJ-BEN-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = [item for _, item in _items(case, "benefit") if item["kind"] in _SUBSISTENCE[:5] and "end_date" not in item]
    if len(found) != 1:
        return None
    kind, fund = ("minimum_living", "hardship_fund")
    if found[0]["kind"] == kind:
        if case.get("circumstances", {}).get("hiv_infected") is False:
            return None
        kind, fund = "hiv_allowance", "orphan_fund"
    second = {"kind": kind, "amount": "180", "unit": "month", "start_date": found[0]["start_date"], "fund": fund}
    return (*_append(case, "benefit", second), "kind")


@_fault("KJ-BEN-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", unit="once") or _first(case, "benefit", unit="year")
    if found is None:
        return None
    found[1]["end_date"] = _shift(found[1]["start_date"], -1)
    return (*found[0], "end_date")


@_fault("KJ-BEN-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit")
    if found is None:
        return None
    found[1].setdefault("suspended_from", found[1]["start_date"])
    found[1]["suspended_to"] = _shift(found[1]["suspended_from"], -1)
    return (*found[0], "suspended_to")


def _pay(path: Path, benefit: Plain, month: str) -> Path:
    payment = {"period": month, "amount": benefit["amount"], "status": "made"}
    return (*path, *_append(benefit, "payment", payment), "period")


@_fault("KJ-BEN-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", unit="once") or _first(case, "benefit", unit="year")
    if found is None or case["status"] != "closed" or "death_date" in case["child"]:
        return None
    return _pay(*found, _month_later(case["closed_on"][:7], 1))


@_fault("KJ-BEN-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "death_date" not in case["child"]:
        return None
    found = _first(case, "benefit", unit="once") or _first(case, "benefit", unit="year")
    if found is None:
        help_given = {"kind": "other", "amount": "100", "unit": "once", "start_date": case["opened_on"]}
        found = _append(case, "benefit", help_given), help_given
    return _pay(*found, _month_later(case["child"]["death_date"][:7], 1))


@_fault("KJ-BEN-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, benefit in _items(case, "benefit"):
        for payment in benefit.get("payment", ()):
            if payment["status"] == "made" and payment.get("kind", "regular") == "regular":
                return _pay(path, benefit, payment["period"])
    return None


@_fault("KJ-BEN-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", unit="month")
    if found is None:
        return None
    return _pay(*found, _month_later(found[1]["start_date"][:7], -1))


@_fault("KJ-BEN-009")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="minimum_living")
    if found is None or _recognised(case, "C", "D") is None:
        return None
    found[1].pop("fund", None)
    found[1]["kind"] = "orphan_allowance"
    return (*found[0], "kind")


@_fault("KJ-BEN-010")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="minimum_living") or _first(case, "benefit", kind="orphan_allowance")
    if found is None or "circumstances" not in case:
        return None
    case["circumstances"]["hiv_infected"] = False
    found[1].pop("fund", None)
    found[1]["kind"] = "hiv_allowance"
    return (*found[0], "kind")


@_fault("KJ-BEN-011")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "A", "B", "C", "D")
    gaps = any(gap["field"] == "basic_life" for _, gap in _items(case, "protection_gap"))
    if recognised is None or gaps or not _is_open(case):
        return None
    case["benefit"] = [benefit for benefit in case.get("benefit", ()) if benefit["kind"] not in _SUBSISTENCE]
    if not case["benefit"]:
        del case["benefit"]
    return (*recognised[0], "category")


@_fault("KJ-BEN-012")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    poor = _first(case, "household", "household_hardship", kind="registered_poor", end_date=None)
    for kind in ("preschool_living", "compulsory_living", "senior_grant", "vocational_grant", "rain_dew"):
        found = _first(case, "benefit", kind=kind, unit="year", amount=...)
        if found is not None and poor is not None and found[1]["start_date"] >= "2017-09-01":
            found[1]["amount"] = "100"
            return (*found[0], "amount")
    return None


@_fault("KJ-BEN-013")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    birth = _birth(case)
    if case["status"] == "closed" or birth is None or birth > "2017-03-01":
        return None
    waiver = {"kind": "senior_fee_waiver", "amount": "800", "unit": "year", "start_date": "2017-03-01"}
    return (*_append(case, "benefit", waiver), "start_date")


@_fault("KJ-BEN-014")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="minimum_living") or _first(case, "benefit", kind="institution_allowance")
    if found is None:
        return None
    found[1]["fund"] = "donation"
    return (*found[0], "fund")


@_fault("KJ-BEN-015")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", unit="month", end_date=...)
    if found is None or case["status"] != "closed" or len(list(_items(case, "benefit"))) != 1:
        return None
    del found[1]["end_date"]
    return (*found[0], "end_date")


# --- schooling -------------------------------------------------------------------------------------------------------


def _at_school(case: Plain) -> tuple[Path, Plain] | None:
    return _first(case, "schooling", status="01", end_date=None, stage=..., school_name=..., start_date=...)


@_fault("KJ-EDU-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _at_school(case)
    if found is None or found[1]["stage"] not in ("preschool", "primary", "junior", "senior", "vocational"):
        return None
    found[1]["stage"] = "higher" if found[1]["stage"] in ("preschool", "primary") else "preschool"
    return (*found[0], "stage")


@_fault("KJ-EDU-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _at_school(case)
    if found is None:
        return None
    found[1]["status"] = "15"
    return (*found[0], "drop_out_reason")


@_fault("KJ-EDU-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _at_school(case)
    if found is None:
        return None
    return (*_append(case, "schooling", dict(found[1])), "status")


@_fault("KJ-EDU-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "schooling", never_enrolled=True) or _at_school(case)
    if found is None:
        return None
    found[1].setdefault("never_enrolled", True)
    found[1].setdefault("drop_out_reason", "other")
    found[1].setdefault("school_name", "中心小学")
    return (*found[0], "never_enrolled")


@_fault("KJ-EDU-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "schooling", school_division=...)
    if found is None or found[1]["school_division"] != case["child"].get("hukou_division"):
        return None
    found[1]["migrant_pupil"] = True
    return (*found[0], "migrant_pupil")


@_fault("KJ-EDU-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found, eight, thirteen = _at_school(case), _birthday(case, 8), _birthday(case, 13)
    if found is None or eight is None or thirteen is None or "referral" in case or not _is_open(case):
        return None
    if not eight <= case["opened_on"] < thirteen:
        return None
    day = max(found[1]["start_date"], case["opened_on"])
    found[1].update(status="06", drop_out_reason="unwilling", drop_out_date=day)
    return (*found[0], "status")


# --- insurance, disability, safety -----------------------------------------------------------------------------------


@_fault("KJ-MED-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = list(_items(case, "insurance"))
    if _recognised(case, "B") is None or len(found) != 1:
        return None
    found[0][1]["premium_subsidy"] = "part"
    return (*found[0][0], "premium_subsidy")


@_fault("KJ-MED-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = list(_items(case, "insurance"))
    poor = [
        item
        for _, item in _items(case, "household", "household_hardship")
        if item["kind"] in ("urban_minimum_living", "rural_minimum_living")
    ]
    severe = [item for _, item in _items(case, "disability") if item["disability_grade"] in ("1", "2")]
    if not severe and not any("end_date" not in item for item in poor):
        return None
    if len(found) != 1 or found[0][1]["insurance_type"] != "390" or _recognised(case, "B") is not None:
        return None
    found[0][1].pop("subsidised_amount", None)
    found[0][1]["premium_subsidy"] = "none"
    return (*found[0][0], "premium_subsidy")


@_fault("KJ-MED-003")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found, birth = _first(case, "insurance"), _birth(case)
    if found is None or birth is None:
        return None
    found[1]["year"] = str(int(birth[:4]) - 1)
    return (*found[0], "year")


@_fault("KJ-MED-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "insurance", premium_amount=..., subsidised_amount=...)
    if found is None:
        return None
    found[1]["subsidised_amount"] = str(Decimal(found[1]["premium_amount"]) + 10)
    return (*found[0], "subsidised_amount")


@_fault("KJ-MED-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "insurance", premium_amount=..., premium_subsidy="full")
    if found is None:
        return None
    found[1]["subsidised_amount"] = "1"
    return (*found[0], "subsidised_amount")


@_fault("KJ-DIS-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "disability", issue_date=...)
    if found is None or not _is_open(case) or found[1]["issue_date"] >= case["opened_on"]:
        return None
    found[1]["expiry_date"] = _shift(case["opened_on"], -1)
    return (*found[0], "expiry_date")


@_fault("KJ-DIS-004")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "disability", certificate_no=...)
    if found is None:
        return None
    found[1]["diagnosed_only"] = True
    return (*found[0], "diagnosed_only")


@_fault("KJ-DIS-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "disability" in case or _recognised(case, "A") is None:
        return None
    return (*_append(case, "service", {"kind": "tomorrow_plan", "start_date": case["opened_on"]}), "kind")


@_fault("KJ-DIS-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "disability" not in case or _recognised(case, "B", "C", "D", *_HARDSHIP_OF, "E-6") is None:
        return None
    return (*_append(case, "service", {"kind": "tomorrow_plan", "start_date": case["opened_on"]}), "kind")


@_fault("KJ-DIS-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    seven = _birthday(case, 7)
    if seven is None or case["opened_on"] < seven:
        return None
    benefit = {"kind": "rehabilitation_subsidy", "amount": "1000", "unit": "once", "start_date": case["opened_on"]}
    return (*_append(case, "benefit", benefit), "start_date")


def _event(case: Plain) -> tuple[Path, Plain]:
    """The first safety event; where there is none, one is added on the day the file was opened."""
    day = case["opened_on"]
    event = {"source": "unit", "harm": "neglect", "found_at": f"{day}T08:00:00", "reported_at": f"{day}T09:00:00"}
    event |= {"responded_at": f"{day}T10:00:00", "assessed_at": f"{day}T15:00:00", "outcome": "returned_home"}
    return _first(case, "safety_event") or (_append(case, "safety_event", event), event)


def _out_of_order(fault_id: str, step: str, *before: str) -> None:
    """A step of the four that is a day before the one that comes first."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        path, event = _event(case)
        earlier = next((event[name] for name in before if name in event), None)
        if earlier is None:
            return None
        event[step] = _shift(earlier[:10], -1) + earlier[10:]
        return (*path, step)

    _fault(fault_id)(apply)


_out_of_order("KJ-SAFE-001", "reported_at", "found_at")
_out_of_order("KJ-SAFE-002", "responded_at", "found_at", "reported_at")
_out_of_order("KJ-SAFE-003", "assessed_at", "responded_at")
_out_of_order("KJ-SAFE-004", "intervened_at", "assessed_at")


@_fault("KJ-SAFE-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, event = _event(case)
    event["outcome"] = "guardianship_revoked"
    event.pop("ruling_no", None)
    return (*path, "ruling_no")


# --- the file --------------------------------------------------------------------------------------------------------


@_fault("KJ-CASE-001")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case["status"] != "closed":
        return None
    del case["closed_on"]
    return ("closed_on",)


@_fault("KJ-CASE-002")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case["status"] != "closed":
        return None
    del case["exit_reason"]
    return ("exit_reason",)


@_fault("KJ-CASE-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if (number := _resident_id(case["child"])) is None:
        return None
    case["case_id"] = number
    return ("case_id",)


def _handover(case: Plain) -> tuple[Path, Plain]:
    """The first handover; where there is none, one into the county is added on the day the file was opened."""
    month = case["opened_on"][:7]
    handover: Plain = {
        "from_division": "411303" if case["division"] != "411303" else "411302",
        "to_division": case["division"],
        "handover_date": case["opened_on"],
        "last_paid_month": month,
        "first_paid_month": _month_later(month, 1),
    }
    return _first(case, "handover", last_paid_month=...) or (_append(case, "handover", handover), handover)


@_fault("KJ-CASE-006")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, handover = _handover(case)
    handover["first_paid_month"] = handover["last_paid_month"]
    return (*path, "first_paid_month")


@_fault("KJ-CASE-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, handover = _handover(case)
    handover["first_paid_month"] = _month_later(handover["last_paid_month"], 3)
    return (*path, "first_paid_month")


@_fault("KJ-CASE-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case["status"] == "closed":
        return None
    case["filing_date"] = {"unknown": "pending"}
    case["opened_on"] = _FAR
    return ("opened_on",)


@_fault("KJ-CASE-009")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case.get("exit_reason") != "died":
        return None
    del case["child"]["death_date"]
    return "child", "death_date"


@_fault("KJ-CASE-010")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case["status"] == "closed":
        return None
    paid = [payment["period"] for _, payment in _items(case, "benefit", "payment")]
    case["child"]["death_date"] = max([case["opened_on"], *(f"{month}-01" for month in paid)])
    return ("status",)


@_fault("KJ-CASE-011")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case["status"] == "closed":
        return None
    case["exit_reason"] = "improved"
    return ("status",)


@_fault("KJ-CASE-012")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "township" not in case:
        return None
    case["township"] = "411302001" if case["division"] != "411302" else "411321100"
    return ("township",)


@_fault("KJ-CASE-013")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "township" not in case:
        return None
    case["village"] = "411302001001" if case["township"] != "411302001" else "411302002001"
    return ("village",)


# --- the submission --------------------------------------------------------------------------------------------------


@_fault("KJ-BATCH-101")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if previous is None or previous["division"] != case["division"]:
        return None
    case["case_id"] = previous["case_id"]
    return ("case_id",)


@_fault("KJ-BATCH-102")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    """The child of the previous file is registered again, whole, under this file's number."""
    if previous is None or previous["status"] == "closed" or previous["child"].get("id_document_type") != "111":
        return None
    case_id = case["case_id"]
    case.clear()
    case |= copy.deepcopy(previous) | {"case_id": case_id}
    return "child", "id_number"


@_fault("KJ-BATCH-103")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    household, sibling = case.get("household", {}), _sibling(case, previous)
    if sibling is None or not isinstance(income := household.get("income_per_head"), str):
        return None
    if income != sibling["household"].get("income_per_head"):
        return None
    household["income_per_head"] = str(Decimal(income) + 100)
    return "household", "income_per_head"


@_fault("KJ-BATCH-104")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if "handover" in case:
        return None
    case.pop("township", None)
    case.pop("village", None)
    case["division"] = "110101"
    return ("division",)


@_fault("KJ-BATCH-107")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    """A change, which only a delta may name; the submissions that are seeded are full."""
    case["change"] = "changed"
    return ("change",)


# --- one field of one record -----------------------------------------------------------------------------------------

_ANOTHER_CODE = "52411303MB7654321L"
"""A credit code of none of the organisations that are made up."""
When = Callable[[Plain], object]


def _put(
    fault_id: str, name: str, value: object, *steps: str, when: When = lambda case: True, **wanted: object
) -> None:
    """A field of the first record of a kind takes a wrong value; ``value`` may make it from case and record."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        found = _first(case, *steps, **wanted)
        if found is None or not when(case):
            return None
        path, item = found
        wrong = value(case, item) if callable(value) else value
        if wrong is None or item.get(name) == wrong:
            return None
        item[name] = wrong
        return (*path, name)

    _fault(fault_id)(apply)


def _after(fault_id: str, name: str, *steps: str, when: When = lambda case: True, **wanted: object) -> None:
    """A day after the last day of every submission."""
    _put(fault_id, name, _FAR, *steps, when=when, **wanted)


def _dropped(fault_id: str, name: str, *steps: str, when: When = lambda case: True, **wanted: object) -> None:
    """A field of the first record of a kind that has it is left out."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        found = _first(case, *steps, **{name: ...}, **wanted)
        if found is None or not when(case):
            return None
        path, item = found
        del item[name]
        return (*path, name)

    _fault(fault_id)(apply)


def _added(
    fault_id: str, names: str, column: str, make: Callable[[Plain], Plain | None], when: When = lambda case: True
) -> None:
    """One more record of a kind; ``names`` leads to the list, such as ``household.member``."""
    *above, name = names.split(".")

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        parent = _first(case, *above)
        item = make(case) if parent is not None and when(case) else None
        if parent is None or item is None:
            return None
        return (*parent[0], *_append(parent[1], name, item), column)

    _fault(fault_id)(apply)


def _is_closed(case: Plain) -> bool:
    return bool(case["status"] == "closed")


def _standing(case: Plain) -> tuple[Path, Plain] | None:
    return _recognised(case, "A", "B", "C", "D", *_HARDSHIP_OF, "E-6")


def _copied(*steps: str) -> Callable[[Plain], Plain | None]:
    def make(case: Plain) -> Plain | None:
        found = _first(case, *steps)
        return dict(found[1]) if found is not None else None

    return make


def _other_person(case: Plain, item: Plain, name: str) -> str | None:
    """A resident id of the same birth date and sex whose sequence is the next but one."""
    number = _resident_id(item, name)
    return None if number is None else _checked(f"{number[:14]}{(int(number[14:17]) + 2) % 1000:03d}")


def _day_before(name: str) -> Callable[[Plain, Plain], str | None]:
    return lambda case, item: _shift(item[name][:10], -1) if isinstance(item.get(name), str) else None


_after("KJ-CHILD-008", "death_date", "child", when=_is_open)
_after("KJ-CHILD-009", "left_behind_since", "child", when=lambda case: case["child"].get("left_behind") is not False)
_after("KJ-CHILD-010", "migrant_since", "child", when=lambda case: case["child"].get("migrant") is not False)


@_fault("KJ-CHILD-011")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    child = case["child"]
    if child.get("migrant") or child.get("hukou_division", "") != child.get("residence_division"):
        return None
    child["migrant"] = True
    return "child", "migrant"


@_fault("KJ-CHILD-012")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    child = case["child"]
    if _first(case, "schooling", migrant_pupil=True) is not None:
        return None
    child.setdefault("migrant_since", case["opened_on"])
    child["migrant"] = False
    return "child", "migrant"


_put("KJ-CHILD-013", "document_absence", "unregistered", "child", id_document_type="111", id_number=...)
_put("KJ-CHILD-014", "nationality", "VNM", "child", id_document_type="111", id_number=...)
_put(
    "KJ-CHILD-015",
    "health_status",
    "10",
    "child",
    when=lambda case: any(item["disability_grade"] in ("1", "2") for _, item in _items(case, "disability")),
)
_put("KJ-CHILD-016", "former_name", lambda case, child: child["name"], "child")
_put("KJ-CHILD-017", "hukou_type", "0", "child", hukou_division=...)

_added(
    "KJ-HOUSE-008",
    "household.household_hardship",
    "start_date",
    lambda case: {"kind": "minimum_living_edge", "start_date": _FAR},
)
_added(
    "KJ-HOUSE-009",
    "household.household_hardship",
    "start_date",
    lambda case: {"kind": "registered_poor", "start_date": "2021-01-01"},
    when=lambda case: _first(case, "household", "household_hardship", kind="registered_poor") is None,
)
_added(
    "KJ-HOUSE-010",
    "household.household_hardship",
    "start_date",
    lambda case: {"kind": "poverty_monitored", "start_date": "2016-06-01"},
    when=lambda case: _first(case, "household", "household_hardship", kind="poverty_monitored") is None,
)
_added(
    "KJ-HOUSE-011",
    "household.household_hardship",
    "end_date",
    lambda case: {"kind": "registered_poor", "start_date": "2016-06-01"},
    when=lambda case: case["opened_on"] >= "2021-07-01",
)
_added("KJ-HOUSE-012", "household.household_hardship", "kind", _copied("household", "household_hardship"))
_put(
    "KJ-HOUSE-013",
    "id_number",
    lambda case, member: _other_person(case, member, "id_number"),
    "household",
    "member",
    relation_to_child="01",
    id_number=...,
)


@_fault("KJ-HOUSE-014")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "household", "member", relation_to_child="01", birth_date=...)
    if found is None or _birth(case) is None:
        return None
    found[1].pop("id_number", None)
    found[1]["birth_date"] = _shift(found[1]["birth_date"], -1)
    return (*found[0], "birth_date")


@_fault("KJ-HOUSE-015")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for _, member in _items(case, "household", "member"):
        if member["relation_to_head"] not in ("01", "02") and isinstance(member.get("id_number"), str):
            twin = {name: value for name, value in member.items() if name != "annual_income"}
            return ("household", *_append(case["household"], "member", twin), "id_number")
    return None


@_fault("KJ-HOUSE-016")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    birth = _birth(case)
    for relation in ("51", "52", "61", "62", "63", "64"):
        found = _first(case, "household", "member", relation_to_child=relation, birth_date=...)
        if found is not None and birth is not None:
            found[1].pop("id_number", None)
            found[1]["birth_date"] = birth
            return (*found[0], "birth_date")
    return None


_put(
    "KJ-HOUSE-017",
    "head_name",
    "张户主",
    "household",
    head_name=...,
    when=lambda case: _first(case, "household", "member", relation_to_head="02") is not None,
)
_added(
    "KJ-HOUSE-018",
    "household.member",
    "birth_date",
    lambda case: {"name": "小宝", "relation_to_head": "97", "birth_date": _FAR},
)

_before_birth("KJ-GUARD-012", "start_date", "guardian")
_before_birth("KJ-GUARD-013", "start_date", "care_arrangement")
_added(
    "KJ-GUARD-014",
    "guardian",
    "start_date",
    lambda case: {"name": "李亲友", "kind": "other_individual", "start_date": _FAR},
)
_after("KJ-GUARD-015", "start_date", "care_arrangement", end_date=None, when=lambda case: "guardian" in case)


def _gap(fault_id: str, name: str) -> None:
    """The first of two terms, one after the other, ends some days too early."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        items = [item for _, item in _items(case, name)]
        if len(items) != 2 or "end_date" not in items[0] or items[1]["start_date"] <= items[0]["end_date"]:
            return None
        day = _shift(items[0]["end_date"], -3)
        if day < items[0]["start_date"]:
            return None
        items[0]["end_date"] = day
        return name, 0, "end_date"

    _fault(fault_id)(apply)


_gap("KJ-GUARD-016", "guardian")
_gap("KJ-GUARD-017", "care_arrangement")
_added(
    "KJ-GUARD-018",
    "guardian",
    "kind",
    lambda case: {
        "name": "县民政局",
        "kind": "civil_affairs_temporary",
        "legal_basis": "court_ruling",
        "document_no": "民特1号",
        "start_date": case["opened_on"],
    },
    when=lambda case: _is_open(case) and _first(case, "guardian", kind="parent", end_date=None) is not None,
)


@_fault("KJ-GUARD-019")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    present = [item for _, item in _items(case, "guardian") if "end_date" not in item]
    if case.get("guardianship_status") != "A" or len(present) != 1 or present[0].get("capable") is not True:
        return None
    present[0]["capable"] = False
    return ("guardianship_status",)


_put(
    "KJ-GUARD-020",
    "guardianship_status",
    "C",
    status="open",
    when=lambda case: any(
        item["kind"] in ("parent", "kin") and item.get("capable") is True and "end_date" not in item
        for _, item in _items(case, "guardian")
    ),
)
_dropped("KJ-GUARD-021", "credit_code", "guardian", kind="civil_affairs_long_term")
_put(
    "KJ-GUARD-022",
    "legal_basis",
    "agreement",
    "guardian",
    kind="civil_affairs_temporary",
    when=lambda case: case["opened_on"] < "2020-01-01",
)
_put(
    "KJ-GUARD-023",
    "kind",
    "parental",
    "care_arrangement",
    end_date=None,
    when=lambda case: _recognised(case, "A") is not None and _first(case, "service", kind="tomorrow_plan") is None,
)


@_fault("KJ-GUARD-024")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    held = _first(case, "parent_situation", situation="03", care_given=False) or _first(
        case, "parent_situation", situation="04", care_given=False
    )
    if held is None or "care_inquiry" not in case or not _is_open(case):
        return None
    del case["care_inquiry"]
    return (*held[0], "situation")


_put("KJ-GUARD-025", "arranged_on", _day_before("asked_at"), "care_inquiry", arranged_on=...)
_dropped("KJ-GUARD-026", "agreement_no", "care_inquiry", arranged="entrusted")
_put("KJ-GUARD-027", "answer", "cared_for", "care_inquiry", arranged=...)
_added(
    "KJ-GUARD-028",
    "care_inquiry",
    "asked_at",
    lambda case: {"asked_at": f"{_FAR}T09:00:00", "asked_by": "公安局", "parent": "mother", "answer": "refused"},
)


@_fault("KJ-GUARD-029")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "care_arrangement", kind="adoption", assessment_passed=True) or _first(
        case, "care_arrangement", end_date=None, assessment_passed=None
    )
    if found is None:
        return None
    found[1].setdefault("registration_no", "收养登记1号")
    found[1].pop("assessment_passed", None)
    found[1]["kind"] = "adoption"
    return (*found[0], "assessment_passed")


@_fault("KJ-GUARD-030")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "care_arrangement", kind="adoption", registration_no=...) or _first(
        case, "care_arrangement", end_date=None
    )
    if found is None:
        return None
    found[1].pop("registration_no", None)
    found[1].update(kind="adoption", assessment_passed=True)
    return (*found[0], "registration_no")


@_fault("KJ-GUARD-031")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "care_arrangement", kind="institution", institution_name=...)
    if found is None:
        return None
    found[1].pop("institution_code", None)
    del found[1]["institution_name"]
    return (*found[0], "institution_name")


_added(
    "KJ-GUARD-032",
    "parent_situation",
    "start_date",
    lambda case: {"parent": "father", "situation": "99", "start_date": _FAR},
    when=lambda case: (
        _first(case, "parent_situation", parent="father", situation="09") is None
        and _first(case, "parent_situation", parent="father") is not None
    ),
)
_before_birth("KJ-GUARD-033", "start_date", "parent_situation", parent="mother", situation="09")

_put(
    "KJ-ID-109",
    "id_number",
    lambda case, parent: _resident_id(case["child"]),
    "parent_situation",
    id_number=...,
)


@_fault("KJ-ID-110")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "parent_situation", id_number=...)
    if found is None or (number := _resident_id(found[1])) is None:
        return None
    found[1]["id_number"] = _checked(f"{number[:14]}{(int(number[14:17]) + 1) % 1000:03d}")
    return (*found[0], "id_number")


_put(
    "KJ-ID-111",
    "carer_id_number",
    lambda case, care: _resident_id(case["child"]),
    "care_arrangement",
    carer_id_number=...,
)


@_fault("KJ-ID-112")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found, number = _first(case, "schooling", student_no=...), _resident_id(case["child"])
    if found is None or number is None or not found[1]["student_no"].startswith("G"):
        return None
    found[1]["student_no"] = "G" + _checked(f"{number[:14]}{(int(number[14:17]) + 2) % 1000:03d}")
    return (*found[0], "student_no")


@_fault("KJ-ID-113")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found, birth = _first(case, "parent_situation", id_number=...), _birth(case)
    if found is None or birth is None or (number := _resident_id(found[1])) is None:
        return None
    sequence = f"{(int(number[14:17]) + 2) % 1000:03d}"
    found[1]["id_number"] = _checked(f"{number[:6]}{birth.replace('-', '')}{sequence}")
    return (*found[0], "id_number") if found[1]["id_number"] != case["child"].get("id_number") else None


@_fault("KJ-ID-114")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "guardian", kind="kin", id_number=...)
    if found is None or (number := _resident_id(found[1])) is None:
        return None
    young = f"{int(case['opened_on'][:4]) - 10}0601"
    found[1]["id_number"] = _checked(f"{number[:6]}{young}{number[14:17]}")
    return (*found[0], "id_number") if found[1]["id_number"] != case["child"].get("id_number") else None


@_fault("KJ-CAT-017")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "B")
    if recognised is None or "household" not in case:
        return None
    for relation in ("51", "52"):
        member = _first(case, "household", "member", relation_to_child=relation)
        if member is not None:
            member[1]["able_to_support"] = True
            return (*recognised[0], "category")
    parent = {"name": "李归来", "relation_to_head": "97", "relation_to_child": "52", "able_to_support": True}
    _append(case["household"], "member", parent)
    return (*recognised[0], "category")


@_fault("KJ-CAT-018")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "A")
    if recognised is None or "parent_situation" not in case:
        return None
    del case["parent_situation"]
    return (*recognised[0], "category")


@_fault("KJ-CAT-019")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised, parents = _recognised(case, "A"), case.get("parent_situation", [])
    if recognised is None or [item["parent"] for item in parents] != ["father", "mother"]:
        return None
    del parents[1]
    return (*recognised[0], "category")


_dropped(
    "KJ-CAT-020",
    "document_no",
    "parent_situation",
    situation="10",
    when=lambda case: _recognised(case, "A") is not None,
)


@_fault("KJ-CAT-021")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "E-2", "E-3")
    held = _first(case, "parent_situation", situation="03") or _first(case, "parent_situation", situation="04")
    if recognised is None or held is None:
        return None
    held[1]["situation"] = "05"
    return (*recognised[0], "category")


@_fault("KJ-CAT-022")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "E-4", "E-5")
    if recognised is None or "safety_event" not in case:
        return None
    del case["safety_event"]
    return (*recognised[0], "category")


@_fault("KJ-CAT-023")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "C")
    if recognised is None or "circumstances" not in case:
        return None
    case["circumstances"] |= {"medical_difficulty": False, "care_difficulty": False}
    return (*recognised[0], "category")


@_fault("KJ-CAT-024")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "D")
    kinds = ("urban_minimum_living", "rural_minimum_living", "registered_poor")
    held = [item for _, item in _items(case, "household", "household_hardship") if item["kind"] in kinds]
    if recognised is None or not held or any("end_date" in item for item in held):
        return None
    for item in held:
        item["end_date"] = max(item["start_date"], _shift(case["opened_on"], -1))
    return (*recognised[0], "category")


_added(
    "KJ-CAT-025",
    "determination",
    "principal",
    lambda case: dict(case["determination"][-1]) | {"category": "E-6"},
    when=lambda case: (
        (standing := _recognised(case, "C", "D")) is not None
        and "principal" not in standing[1]
        and "hardship_kind" not in case.get("circumstances", {})
    ),
)


@_fault("KJ-CAT-026")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised, sixteen = _recognised(case, "A", "C", "D", *_HARDSHIP_OF, "E-6"), _birthday(case, 16)
    later = _shift(case["opened_on"], 310)  # after every period in which the file may have been opened
    if recognised is None or sixteen is None or later >= sixteen:
        return None
    recognised[1]["start_date"] = later
    return (*recognised[0], "start_date")


_dropped("KJ-CAT-027", "end_reason", "determination", end_date=...)
_put("KJ-CAT-028", "end_reason", "improved", "determination", end_date=None, when=_is_open)
_put(
    "KJ-CAT-029",
    "end_reason",
    "died",
    "determination",
    end_date=...,
    when=lambda case: "death_date" not in case["child"] and case.get("exit_reason") != "died",
)

_dropped("KJ-PROC-008", "filing_date", status="open", when=lambda case: "determination" in case)
_after("KJ-PROC-009", "filing_date", filing_date=...)
_added("KJ-PROC-010", "procedure", "step_date", lambda case: {"step": "review", "step_date": _FAR})
_after("KJ-PROC-011", "notified_on", "procedure", step="decision")


@_fault("KJ-PROC-012")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    acceptance, decisions = (
        _first(case, "procedure", step="acceptance"),
        [item["step_date"] for _, item in _items(case, "procedure") if item["step"] == "decision"],
    )
    if acceptance is None or not decisions or max(decisions)[8:] > "27":
        return None
    acceptance[1]["step_date"] = _shift(max(decisions), 1)
    return (*acceptance[0], "step_date")


_dropped(
    "KJ-PROC-013",
    "notified_on",
    "procedure",
    step="decision",
    result="passed",
    when=lambda case: (
        _first(case, "procedure", step="notice") is None
        and sum(item["step"] == "decision" for _, item in _items(case, "procedure")) == 1
    ),
)


@_fault("KJ-PROC-014")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _standing(case)
    kept = [step for step in case.get("procedure", ()) if step["step"] != "decision"]
    if recognised is None or not kept or len(kept) == len(case["procedure"]):
        return None
    case["procedure"] = kept
    return (*recognised[0], "category")


@_fault("KJ-PROC-015")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    decisions = [(path, item) for path, item in _items(case, "procedure") if item["step"] == "decision"]
    recognised = _standing(case)
    if len(decisions) != 1 or recognised is None or recognised[1]["start_date"] < decisions[0][1]["step_date"]:
        return None
    decisions[0][1].setdefault("reason", "不符合条件")
    decisions[0][1]["result"] = "refused"
    return (*decisions[0][0], "result")


@_fault("KJ-PROC-016")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _standing(case)
    if recognised is None:
        return None
    review = {"step": "review", "step_date": recognised[1]["start_date"], "result": "ended"}
    return (*_append(case, "procedure", review), "result")


@_fault("KJ-PROC-017")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    decisions = [item["step_date"] for _, item in _items(case, "procedure") if item["step"] == "decision"]
    if not decisions:
        return None
    appeal = {"step": "appeal", "step_date": _shift(min(decisions), -1)}
    return (*_append(case, "procedure", appeal), "step_date")


@_fault("KJ-PROC-018")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    birth, long_ago = _birth(case), _shift(case["opened_on"], -400)
    if not _is_open(case) or birth is None or long_ago <= birth or "visit" not in case:
        return None
    case.pop("guardianship_status", None)  # its code list begins in 2017
    case["opened_on"] = long_ago
    del case["visit"]
    return ("opened_on",)


_added("KJ-PROC-019", "visit", "visit_date", lambda case: {"visitor_name": "周海霞", "visit_date": _FAR})
_added(
    "KJ-PROC-020",
    "visit",
    "visit_date",
    lambda case: {"visitor_name": "周海霞", "visit_date": _shift(_birth(case) or "", -1)},
    when=lambda case: _birth(case) is not None and "visit" in case,
)
_added(
    "KJ-PROC-021",
    "visit",
    "visit_date",
    lambda case: {"visitor_name": "周海霞", "visit_date": _shift(case["closed_on"], 1)},
    when=lambda case: _is_closed(case) and case["closed_on"][8:] < "27",
)
_dropped("KJ-PROC-022", "review_date", "determination", end_date=None, when=_is_open)


def _benefit(fault_id: str, column: str, **fields: object) -> None:
    benefit = {"kind": "other", "amount": "100", "unit": "once"} | fields
    _added(fault_id, "benefit", column, lambda case: {"start_date": case["opened_on"]} | benefit)


_benefit("KJ-BEN-016", "start_date", start_date=_FAR)


@_fault("KJ-BEN-017")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", unit="month", end_date=None)
    return None if found is None or _is_closed(case) else _pay(*found, _FAR[:7])


_after("KJ-BEN-018", "paid_on", "benefit", "payment", status="made")


@_fault("KJ-BEN-019")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, benefit in _items(case, "benefit"):
        for position, payment in enumerate(benefit.get("payment", ())):
            if payment["status"] == "made":
                payment["paid_on"] = _shift(benefit["start_date"], -1)
                return (*path, "payment", position, "paid_on")
    return None


_dropped("KJ-BEN-020", "return_reason", "benefit", "payment", status="returned")


@_fault("KJ-BEN-021")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, benefit in _items(case, "benefit"):
        for position, payment in enumerate(benefit.get("payment", ())):
            if payment.get("kind") == "arrears" and payment["status"] == "made":
                first = next(n for n, one in enumerate(benefit["payment"]) if one["period"] == payment["period"])
                del benefit["payment"][position]
                return (*path, "payment", first, "period")
    return None


@_fault("KJ-BEN-022")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, benefit in _items(case, "benefit"):
        paid = [item for item in benefit.get("payment", ()) if item["status"] == "made"]
        if paid:
            amount = str(sum(Decimal(item["amount"]) for item in paid) + 1)
            recovery = {"period": paid[0]["period"], "kind": "recovery", "amount": amount, "status": "made"}
            _append(benefit, "payment", recovery)
            return (*path, "kind")
    return None


def _monthly_payment(case: Plain) -> tuple[Path, Plain, Plain] | None:
    """(path, benefit, payment) of a regular payment that was made for a month."""
    for path, benefit in _items(case, "benefit"):
        for position, payment in enumerate(benefit.get("payment", ())):
            regular = payment["status"] == "made" and payment.get("kind", "regular") == "regular"
            if benefit["unit"] == "month" and regular:
                return (*path, "payment", position), benefit, payment
    return None


@_fault("KJ-BEN-023")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _monthly_payment(case)
    if found is None:
        return None
    found[2]["amount"] = "1"
    return (*found[0], "amount")


@_fault("KJ-BEN-024")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _monthly_payment(case)
    if found is None:
        return None
    path, benefit, payment = found
    arrears = dict(payment) | {"kind": "arrears"}
    return (*path[:-2], *_append(benefit, "payment", arrears), "amount")


@_fault("KJ-BEN-025")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, benefit in _items(case, "benefit"):
        paid = [
            (position, item["period"])
            for position, item in enumerate(benefit.get("payment", ()))
            if item["status"] == "made" and item.get("kind", "regular") == "regular"
        ]
        if benefit["unit"] == "month" and len(paid) > 1 and "suspended_from" not in benefit:
            benefit["suspended_from"] = max(benefit["start_date"], f"{paid[-2][1]}-01")
            return (*path, "payment", paid[-1][0], "period")
    return None


@_fault("KJ-BEN-026")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", unit="once") or _first(case, "benefit", unit="year")
    if found is None:
        return None
    found[1]["suspended_from"] = _shift(found[1]["start_date"], -1)
    return (*found[0], "suspended_from")


_added(
    "KJ-BEN-027",
    "benefit",
    "kind",
    lambda case: {
        "kind": "disability_nursing_subsidy",
        "amount": "60",
        "unit": "month",
        "start_date": case["opened_on"],
    },
    when=lambda case: _is_open(case) and "disability" not in case,
)


@_fault("KJ-BEN-028")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="compulsory_living", end_date=None)
    if found is None or _at_school(case) is None or found[1]["start_date"] < "2017-09-01":
        return None
    found[1]["amount"] = {"unknown": "pending"}  # which would be of the other stage
    found[1]["kind"] = "rain_dew"
    return (*found[0], "kind")


_put("KJ-BEN-029", "fund", "donation", "benefit", kind="orphan_allowance")


@_fault("KJ-BEN-030")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="minimum_living", end_date=None)
    care = _first(case, "care_arrangement", end_date=None)
    if found is None or care is None or not _is_open(case):
        return None
    found[1].pop("fund", None)
    found[1]["kind"] = "institution_allowance"
    return (*found[0], "kind")


_benefit("KJ-BEN-031", "amount", amount="0")


@_fault("KJ-BEN-032")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _monthly_payment(case)
    if found is None or found[2]["period"] >= max(item["period"] for item in found[1]["payment"]):
        return None
    found[2]["status"] = "planned"
    return (*found[0], "status")


@_fault("KJ-BEN-033")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, benefit in _items(case, "benefit"):
        periods = [item["period"] for item in benefit.get("payment", ())]
        between = [month for month in periods if min(periods) < month < max(periods) and periods.count(month) == 1]
        if benefit["unit"] == "month" and between and "suspended_from" not in benefit:
            del benefit["payment"][periods.index(between[0])]
            return (*path, "kind")
    return None


_added(
    "KJ-BEN-034",
    "protection_gap",
    "field",
    lambda case: {"field": "basic_life", "reason": "正在办理"},
    when=lambda case: (
        _is_open(case)
        and any(item["kind"] in _SUBSISTENCE[:5] and "end_date" not in item for _, item in _items(case, "benefit"))
    ),
)


@_fault("KJ-BEN-035")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="temporary_assistance", unit="once")
    if found is None:
        return None
    found[1]["unit"] = "year"
    return (*found[0], "unit")


_added("KJ-EDU-009", "schooling", "start_date", lambda case: {"stage": "primary", "status": "12", "start_date": _FAR})


@_fault("KJ-EDU-010")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    eight, thirteen = _birthday(case, 8), _birthday(case, 13)
    if "schooling" not in case or not _is_open(case) or eight is None or thirteen is None:
        return None
    if not eight <= case["opened_on"] < thirteen:
        return None
    del case["schooling"]
    return "child", "birth_date"


_dropped("KJ-EDU-011", "student_no", "schooling", status="01", stage="primary")
_put("KJ-EDU-012", "drop_out_date", _day_before("start_date"), "schooling", start_date=...)


@_fault("KJ-EDU-013")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "schooling", status="01", end_date=None, start_date=...)
    if found is None:
        return None
    found[1]["drop_out_date"] = found[1]["start_date"]
    return (*found[0], "status")


_after("KJ-EDU-014", "drop_out_date", "schooling", status="01", end_date=None)
_dropped("KJ-EDU-015", "drop_out_date", "schooling", status="06")
_put("KJ-EDU-016", "status", "01", "schooling", never_enrolled=True, school_name=None)
_put(
    "KJ-EDU-017",
    "mode",
    "home",
    "schooling",
    mode="ordinary",
    when=lambda case: "disability" not in case and "illness" not in case,
)
_put("KJ-EDU-018", "school_registered", False, "schooling", status="01", end_date=None, when=_is_open)


@_fault("KJ-EDU-019")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "schooling", migrant_pupil=True)
    if found is None:
        return None
    case["child"].pop("migrant_since", None)
    case["child"]["migrant"] = False
    return (*found[0], "migrant_pupil")


@_fault("KJ-EDU-020")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _at_school(case)
    if found is None:
        return None
    start = found[1]["start_date"]
    earlier = {"stage": found[1]["stage"], "status": "10", "start_date": start, "end_date": _shift(start, 30)}
    return (*_append(case, "schooling", earlier), "start_date")


_added("KJ-MED-006", "insurance", "year", _copied("insurance"), when=lambda case: "insurance" in case)
_put("KJ-MED-007", "year", _FAR[:4], "insurance")


@_fault("KJ-MED-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "insurance")
    if found is None:
        return None
    found[1].setdefault("start_date", f"{found[1]['year']}-01-01")
    found[1]["end_date"] = _shift(found[1]["start_date"], -1)
    return (*found[0], "end_date")


_before_birth("KJ-MED-009", "diagnosis_date", "illness")
_after("KJ-MED-010", "diagnosis_date", "illness")
_reversed("KJ-MED-011", "diagnosis_date", "end_date", "illness")


@_fault("KJ-MED-012")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "insurance", premium_subsidy="none")
    if found is None:
        return None
    found[1].setdefault("premium_amount", "180")
    found[1]["subsidised_amount"] = "90"
    return (*found[0], "subsidised_amount")


_put("KJ-MED-013", "subsidised_amount", "0", "insurance", premium_subsidy="part")


@_fault("KJ-MED-014")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "A", "B", "C", "D")
    if recognised is None or "insurance" not in case or not _is_open(case):
        return None
    del case["insurance"]
    return (*recognised[0], "category")


_put(
    "KJ-MED-015",
    "ratio_raised",
    False,
    "insurance",
    when=lambda case: _is_open(case) and _recognised(case, "C") is not None,
)
_put(
    "KJ-MED-016",
    "supplementary",
    False,
    "insurance",
    when=lambda case: _is_open(case) and _recognised(case, "B", "C", "D") is not None,
)


@_fault("KJ-DIS-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "disability", certificate_no=...)
    if found is None:
        return None
    found[1].pop("expiry_date", None)
    found[1]["issue_date"] = _FAR
    return (*found[0], "issue_date")


_after("KJ-DIS-009", "diagnosis_date", "disability")
_before_birth("KJ-DIS-010", "diagnosis_date", "disability")
_added("KJ-DIS-011", "disability", "disability_class", _copied("disability"), when=lambda case: "disability" in case)
_dropped("KJ-DIS-012", "certificate_no", "disability", diagnosed_only=None)


@_fault("KJ-DIS-013")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    for path, item in _items(case, "disability"):
        if item["disability_class"] in ("1", "2", "3", "4", "5"):
            item["autism"] = True
            return (*path, "autism")
    return None


def _service(fault_id: str, column: str, make: Callable[[Plain], Plain], when: When = lambda case: True) -> None:
    _added(fault_id, "service", column, lambda case: {"kind": "donation"} | make(case), when=when)


_service(
    "KJ-DIS-014",
    "start_date",
    lambda case: {"start_date": _shift(_birth(case) or "", -1)},
    when=lambda case: _birth(case) is not None,
)
_service(
    "KJ-DIS-015",
    "end_date",
    lambda case: {"start_date": case["opened_on"], "end_date": _shift(case["opened_on"], -1)},
)
_service("KJ-DIS-016", "start_date", lambda case: {"start_date": _FAR})
_service(
    "KJ-DIS-017",
    "waiting_since",
    lambda case: {"start_date": case["opened_on"], "waiting_since": _shift(case["opened_on"], 1)},
)
_service(
    "KJ-DIS-018",
    "kind",
    lambda case: {"kind": "rehabilitation_training", "start_date": case["opened_on"]},
    when=lambda case: "disability" not in case and "illness" not in case,
)


@_fault("KJ-DIS-019")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    six = _birthday(case, 6)
    gaps = any(gap["field"] == "disability" for _, gap in _items(case, "protection_gap"))
    if "disability" not in case or "service" not in case or gaps or not _is_open(case):
        return None
    if six is None or case["opened_on"] >= six:
        return None
    del case["service"]
    return "child", "birth_date"


def _event_put(fault_id: str, name: str, value: Callable[[Plain, Plain], object], drop: tuple[str, ...] = ()) -> None:
    """A field of the first safety event, which is added where there is none."""

    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        had = "safety_event" in case
        path, event = _event(case)
        wrong = value(case, event)
        if wrong is None:
            if not had:
                del case["safety_event"]
            return None
        for other in drop:
            event.pop(other, None)
        if wrong is not ...:
            event[name] = wrong
        return (*path, name)

    _fault(fault_id)(apply)


_event_put("KJ-SAFE-006", "reported_at", lambda case, event: f"{_FAR}T09:00:00" if "found_at" in event else None)
_event_put(
    "KJ-SAFE-007",
    "found_at",
    lambda case, event: f"{_shift(birth, -1)}T09:00:00" if (birth := _birth(case)) is not None else None,
)


@_fault("KJ-SAFE-008")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    present = [item["kind"] for _, item in _items(case, "guardian") if "end_date" not in item]
    if not present or any(kind != "parent" for kind in present):
        return None
    path, event = _event(case)
    event.setdefault("ruling_no", "民特1号")
    event["outcome"] = "guardianship_revoked"
    return (*path, "outcome")


@_fault("KJ-SAFE-009")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    custody = ("civil_affairs_temporary", "civil_affairs_long_term")
    guarded = any(isinstance(item["kind"], dict) or item["kind"] in custody for _, item in _items(case, "guardian"))
    cared = {item["kind"] for _, item in _items(case, "care_arrangement")}
    if guarded or cared & {"temporary_shelter", "institution"}:
        return None
    path, event = _event(case)
    event["outcome"] = "temporary_custody"
    return (*path, "outcome")


@_fault("KJ-SAFE-010")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, event = _event(case)
    event.setdefault("intervened_at", event["assessed_at"])
    del event["assessed_at"]
    return (*path, "assessed_at")


_event_put("KJ-SAFE-011", "responded_at", lambda case, event: ..., drop=("responded_at",))


@_fault("KJ-SAFE-012")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, event = _event(case)
    event.pop("police_station", None)
    event.pop("police_case_no", None)
    if event["harm"] not in ("violence", "sexual", "trafficking", "abandonment"):
        event["harm"] = "violence"
    return (*path, "police_station")


_put(
    "KJ-SAFE-013",
    "guardianship_status",
    "C",
    "visit",
    guardianship_status=...,
    when=lambda case: "safety_event" not in case and "referral" not in case,
)


@_fault("KJ-CASE-014")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if (birth := _birth(case)) is None:
        return None
    case.pop("guardianship_status", None)  # its code list begins in 2017
    case["opened_on"] = _shift(birth, -1)
    return ("opened_on",)


_after("KJ-CASE-015", "closed_on", status="closed")
_put("KJ-CASE-016", "exit_reason", "other", exit_reason="died")
_put(
    "KJ-CASE-017",
    "exit_reason",
    "of_age",
    status="closed",
    exit_reason="improved",
    when=lambda case: (eighteen := _birthday(case, 18)) is not None and case["closed_on"] < eighteen,
)
_put("KJ-CASE-018", "exit_reason", "adopted", exit_reason="improved")


@_fault("KJ-CASE-019")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    if case.get("exit_reason") != "moved" or "handover" not in case:
        return None
    del case["handover"]
    return ("exit_reason",)


@_fault("KJ-CASE-020")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, handover = _handover(case)
    name = "from_division" if handover["to_division"] == case["division"] else "to_division"
    handover[name] = case["division"]
    return (*path, "to_division")


@_fault("KJ-CASE-021")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, handover = _handover(case)
    both = (handover["from_division"], handover["to_division"])
    name = "from_division" if handover["from_division"] == case["division"] else "to_division"
    handover[name] = next(code for code in ("411321", "411322", "411323") if code not in (*both, case["division"]))
    return (*path, "to_division")


def _handed_over(fault_id: str, name: str, value: Callable[[Plain], object]) -> None:
    def apply(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
        path, handover = _handover(case)
        handover[name] = value(handover)
        return (*path, name)

    _fault(fault_id)(apply)


_handed_over("KJ-CASE-023", "acknowledged_on", lambda handover: _shift(handover["handover_date"], -1))
_handed_over("KJ-CASE-024", "acknowledged", lambda handover: False)


@_fault("KJ-CASE-022")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    path, handover = _handover(case)
    handover.pop("acknowledged_on", None)
    handover["handover_date"] = _FAR
    return (*path, "handover_date")


def _referred(fault_id: str, column: str, **fields: Callable[[str], object]) -> None:
    """One more referral, whose facts are made from the day of the referral."""

    def make(case: Plain) -> Plain:
        day = case["opened_on"]
        facts = {name: value(day) for name, value in fields.items()}
        return {"from_body": "乡镇人民政府", "to_body": "司法局", "matter": "法律援助", "referred_on": day} | facts

    _added(fault_id, "referral", column, make)


_referred("KJ-CASE-025", "accepted_on", accepted_on=lambda day: _shift(day, -1))
_referred("KJ-CASE-026", "finished_on", finished_on=lambda day: _shift(day, -1))
_referred("KJ-CASE-027", "finished_on", result=lambda day: "settled")
_referred("KJ-CASE-028", "referred_on", referred_on=lambda day: _FAR)
_dropped("KJ-CASE-029", "worker_name", status="open")
_after("KJ-CASE-030", "assessed_on", "circumstances")
_added(
    "KJ-CASE-031",
    "protection_gap",
    "noted_on",
    lambda case: {"field": "disability", "reason": "正在评估", "noted_on": _FAR},
)


# --- one record against another --------------------------------------------------------------------------------------

_put("KJ-BATCH-131", "credit_code", _ANOTHER_CODE, "guardian", credit_code=...)
_put("KJ-BATCH-132", "institution_code", _ANOTHER_CODE, "care_arrangement", institution_code=...)
_put("KJ-BATCH-133", "provider_code", _ANOTHER_CODE, "service", provider_code=...)
_put("KJ-BATCH-134", "worker_name", "欧阳无此人", worker_name=...)


def _sibling(case: Plain, previous: Plain | None) -> Plain | None:
    """The previous file, where it is of a child of the same household."""
    here, there = case.get("household", {}).get("household_no"), (previous or {}).get("household", {})
    same = isinstance(here, str) and here == there.get("household_no")
    return previous if same and previous is not None and previous["division"] == case["division"] else None


@_fault("KJ-BATCH-135")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    sibling, kind = _sibling(case, previous), case["child"].get("hukou_type")
    if sibling is None or kind not in ("1", "2") or kind != sibling["child"].get("hukou_type"):
        return None
    case["child"]["hukou_type"] = "2" if kind == "1" else "1"
    return "child", "hukou_type"


@_fault("KJ-BATCH-136")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    sibling, parent = _sibling(case, previous), _first(case, "parent_situation", name=...)
    if sibling is None or parent is None:
        return None
    if _first(sibling, "parent_situation", parent=parent[1]["parent"], name=parent[1]["name"]) is None:
        return None
    parent[1]["name"] = "李另一人"
    return (*parent[0], "name")


@_fault("KJ-BATCH-137")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    """A brother or sister of the previous file bears another name among the members."""
    if previous is None or previous["child"].get("id_document_type") != "111":
        return None
    found = _first(case, "household", "member", id_number=previous["child"].get("id_number") or ...)
    if found is None or found[1].get("relation_to_child") == "01" or found[1]["name"] != previous["child"]["name"]:
        return None
    found[1]["name"] = "李另名"
    return (*found[0], "name")


@_fault("KJ-BATCH-138")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "schooling", student_no=...)
    other = _first(previous, "schooling", student_no=...) if previous is not None else None
    if found is None or other is None:
        return None
    if _resident_id(case["child"]) is not None and other[1]["student_no"].startswith("G"):
        return None
    found[1]["student_no"] = other[1]["student_no"]
    return (*found[0], "student_no")


@_fault("KJ-BATCH-139")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    """The child of the previous file has a file of another county of the city, which paid it once and closed it."""
    if previous is None or previous["child"].get("id_document_type") != "111" or not _is_open(previous):
        return None
    found = _monthly_payment(previous)
    if found is None or not previous["division"].startswith("4113"):
        return None
    _, benefit, payment = found
    paid = {"period": payment["period"], "amount": benefit["amount"], "status": "made"}
    day = f"{payment['period']}-01"
    start = max(day, benefit["start_date"])
    kept = {name: benefit[name] for name in ("kind", "amount", "unit", "fund") if name in benefit}
    child = copy.deepcopy(previous["child"])
    case_id = case["case_id"]
    case.clear()
    case |= {
        "case_id": case_id,
        "division": "411303" if previous["division"] != "411303" else "411302",
        "status": "closed",
        "opened_on": start,
        "closed_on": start,
        "exit_reason": "other",
        "child": child,
        "benefit": [kept | {"start_date": start, "end_date": start, "payment": [paid]}],
    }
    return "benefit", 0, "payment", 0, "period"


# --- seeding ---------------------------------------------------------------------------------------------------------


def _chosen(ids: Collection[str] | Literal["all"]) -> list[str]:
    if isinstance(ids, str):
        if ids != "all":
            raise InvalidArgument("错误编号应为列表或 all", "faults are a list of ids or “all”")
        return list(FAULTS)
    for fault_id in ids:
        if fault_id not in FAULTS:
            if fault_id not in rules() and fault_id not in BUILT_IN:
                raise UnknownRule(f"没有规则 {fault_id}", f"no rule {fault_id}", rule=fault_id)
            raise InvalidArgument(
                f"规则 {fault_id} 的错误不能植入", f"a fault of {fault_id} can't be seeded", rule=fault_id
            )
    return list(ids)


def seeder(
    ids: Collection[str] | Literal["all"], rate: float, log: Callable[[Plain], None] | None = None
) -> Callable[[int, Plain, random.Random], None]:
    """A hook for :func:`~kunjing_exchange.generate.generate` that puts faults into some case files.

    A share of ``rate`` of the files gets one fault each; the ids take turns, and one that a file can't carry stays
    first in line. ``log`` is told of each: ``rule``, ``index``, ``case_id`` and ``path`` of the finding to expect.

    Raises:
        UnknownRule: an id is neither of a rule nor of a built-in finding.
        InvalidArgument: a fault of that id can't be put into a case file, or ``rate`` is not from 0 to 1.
    """
    if not 0 <= rate <= 1:
        raise InvalidArgument("比例应在 0 与 1 之间", "the rate is from 0 to 1", rate=rate)
    line = _chosen(ids)
    previous: Plain | None = None

    def distort(index: int, case: Plain, rng: random.Random) -> None:
        nonlocal previous
        if rng.random() < rate:
            for fault_id in line:
                path = FAULTS[fault_id].apply(case, previous, rng)
                if path is not None:
                    line.remove(fault_id)
                    line.append(fault_id)
                    if log is not None:
                        log({"rule": fault_id, "index": index, "case_id": case["case_id"], "path": path_text(path)})
                    return
        previous = case

    return distort
