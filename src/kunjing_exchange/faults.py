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
    case.pop("insurance", None)  # whose premium would have to be paid in full
    recognised[1]["category"] = "B"
    return (*recognised[0], "start_date")


@_fault("KJ-CAT-005")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised, eighteen = _recognised(case, "A", "B", "C", "D", *_HARDSHIP_OF, "E-6"), _birthday(case, 18)
    if recognised is None or eighteen is None:
        return None
    recognised[1]["start_date"] = eighteen
    return (*recognised[0], "start_date")


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
    return (*recognised[0], "category")


@_fault("KJ-CAT-007")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    recognised = _recognised(case, "C")
    if recognised is None:
        return None
    case.pop("disability", None)
    case.pop("illness", None)
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
    visits = case.get("visit")
    if not visits or not _is_open(case):
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
        kind, fund = "institution_allowance", "local_budget"
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
    found = _first(case, "benefit", unit="once") or _first(case, "benefit", unit="year")
    if found is None or "death_date" not in case["child"]:
        return None
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
    found[1]["kind"] = "orphan_allowance"
    return (*found[0], "kind")


@_fault("KJ-BEN-010")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    found = _first(case, "benefit", kind="minimum_living") or _first(case, "benefit", kind="orphan_allowance")
    if found is None or "circumstances" not in case:
        return None
    case["circumstances"]["hiv_infected"] = False
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
    return _first(case, "schooling", status="01", end_date=None, school_name=..., start_date=...)


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
    found[1].update(status="06", drop_out_reason="unwilling")
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
    case.pop("filing_date", None)
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
    household, other = case.get("household", {}), (previous or {}).get("household", {})
    if previous is None or previous["division"] != case["division"] or "household_no" not in other:
        return None
    if not isinstance(income := household.get("income_per_head"), str) or not isinstance(
        other.get("income_per_head"), str
    ):
        return None
    household["household_no"] = other["household_no"]
    if income == other["income_per_head"]:
        household["income_per_head"] = str(Decimal(income) + 100)
    return "household", "income_per_head"


@_fault("KJ-BATCH-104")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    case.pop("township", None)
    case.pop("village", None)
    case["division"] = "110101"
    return ("division",)


@_fault("KJ-BATCH-107")
def _(case: Plain, previous: Plain | None, rng: random.Random) -> Path | None:
    """A change, which only a delta may name; the submissions that are seeded are full."""
    case["change"] = "changed"
    return ("change",)


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
