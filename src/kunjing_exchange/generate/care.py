"""Guardians and care, and what took a child out of the hands of its parents."""

from __future__ import annotations

from kunjing_exchange.generate.course import Course
from kunjing_exchange.generate.days import between, iso, pick
from kunjing_exchange.generate.people import Person
from kunjing_exchange.wire.record import Plain


def tell_care(course: Course) -> None:
    """Guardians and care arrangements; inquiry and safety event where the form of living comes from one."""
    family, rng, case = course.family, course.rng, course.case
    organisations = course.setting.organisations
    man_is, _ = family.relations()
    guardian: Plain
    care: Plain
    if family.form == "shelter":
        _shelter(course)
        return
    if family.form in ("institution", "foster"):
        home = organisations["welfare_institution"]
        guardian = {
            "name": home["name"],
            "kind": "civil_affairs_long_term",
            "credit_code": home["credit_code"],
            "legal_basis": "by_law",
            "capable": True,
            "telephone": home["telephone"],
            "address": home["address"],
            "start_date": iso(family.since),
        }
        care = {
            "kind": "institution",
            "institution_code": home["credit_code"],
            "institution_name": home["name"],
            "start_date": iso(family.since),
        }
        if family.form == "foster":
            care |= {
                "kind": "foster_family",
                "carer_name": family.man.name,
                "carer_id_number": family.man.id_number,
                "relation_to_child": "99",
                "agreement_no": f"寄养协议{family.document}",
                "assessment_date": iso(family.since),
                "assessment_passed": True,
            }
        guardians, cares = [course.ended(guardian)], [course.ended(care)]
        if course.leaving is not None and course.leaving.reason == "adopted":
            _adopted(course, course.leaving.closed, guardians, cares)
        case["guardian"], case["care_arrangement"] = guardians, cares
        return
    if family.form in ("parents", "mother"):
        parent = family.father if family.form == "parents" else family.mother
        guardian = _parent_guardian(course, parent, True)
        care = {
            "kind": "parental",
            "carer_name": parent.name,
            "carer_id_number": parent.id_number,
            "relation_to_child": guardian["relation_to_child"],
            "start_date": iso(course.child.birth),
        }
    elif family.form in ("left_behind", "entrusted"):
        guardian = _parent_guardian(course, family.father, family.form == "left_behind")
        care = {
            "kind": "entrusted",
            "carer_name": family.man.name,
            "carer_id_number": family.man.id_number,
            "relation_to_child": man_is,
            "agreement_no": f"委托协议{family.document}",
            "start_date": iso(family.since),
        }
        if family.form == "entrusted":
            _inquire(course, "entrusted", family.man.name)
    else:
        guardian = {
            "name": family.man.name,
            "kind": "kin",
            "id_number": family.man.id_number,
            "relation_to_child": man_is,
            "legal_basis": "by_law" if family.form == "kin" else "committee_appointment",
            "capable": True,
            "telephone": family.telephone,
            "start_date": iso(family.since),
        }
        if family.form == "uncle":
            guardian["document_no"] = f"指定监护{family.document}"
        care = {
            "kind": "kinship",
            "carer_name": family.man.name,
            "carer_id_number": family.man.id_number,
            "relation_to_child": man_is,
            "start_date": iso(family.since),
        }
        if family.category == "E-4":
            # with the grandparents since the court took the child out of the abuser's hands
            event = _safety_event(course, "kin_care")
            taken = course.taken_in
            before = _parent_guardian(course, family.father, False, end=taken - 1)
            guardian |= {
                "legal_basis": "court_ruling",
                "document_no": event["ruling_no"],
                "start_date": iso(taken),
            }
            care["start_date"] = iso(taken)
            case["guardian"] = [before, course.ended(guardian)]
            case["care_arrangement"] = [course.ended(care)]
            return
    if rng.random() < 0.4:
        guardian["address"] = family.address
    case["guardian"] = [course.ended(guardian)]
    case["care_arrangement"] = [course.ended(care)]


def _parent_guardian(course: Course, parent: Person, capable: bool, end: int | None = None) -> Plain:
    made: Plain = {
        "name": parent.name,
        "kind": "parent",
        "id_number": parent.id_number,
        "relation_to_child": "51" if parent.sex == "1" else "52",
        "legal_basis": "by_law",
        "capable": capable,
        "start_date": iso(course.child.birth),
    }
    if end is not None:
        made["end_date"] = iso(end)
    return made


def _adopted(course: Course, day: int, guardians: list[Plain], cares: list[Plain]) -> None:
    adopter = course.family.man
    registered = f"收养登记{course.family.document}"
    guardians.append(
        {
            "name": adopter.name,
            "kind": "parent",
            "id_number": adopter.id_number,
            "relation_to_child": "57",
            "legal_basis": "adoption",
            "document_no": registered,
            "capable": True,
            "start_date": iso(day),
        }
    )
    cares.append(
        {
            "kind": "adoption",
            "carer_name": adopter.name,
            "carer_id_number": adopter.id_number,
            "relation_to_child": "57",
            "assessment_date": iso(max(course.opened, day - 12)),
            "assessment_passed": True,
            "registration_no": registered,
            "start_date": iso(day),
        }
    )


def _inquire(course: Course, arranged: str, contacted: str) -> None:
    family = course.family
    prison = family.category == "E-2"
    asked = family.since - 1 if family.since > family.term_start else family.since
    inquiry: Plain = {
        "asked_at": f"{iso(asked)}T{9 + course.index % 8:02d}:30:00",
        "asked_by": f"{course.setting.division_name}{'监狱' if prison else '强制隔离戒毒所'}",
        "parent": "father",
        "answer": "without_care",
        "contacted": contacted,
        "arranged": arranged,
        "arranged_on": iso(family.since),
    }
    if arranged == "entrusted":
        inquiry["agreement_no"] = f"委托协议{family.document}"
    course.case["care_inquiry"] = [inquiry]


def _shelter(course: Course) -> None:
    """Taken in by the rescue body: the child of a prisoner for a while, others in temporary custody by a ruling."""
    family, case = course.family, course.case
    body = course.setting.organisations["rescue_protection"]
    care: Plain = {
        "kind": "temporary_shelter",
        "institution_code": body["credit_code"],
        "institution_name": body["name"],
    }
    case["care_arrangement"] = [care]
    if family.category in ("E-2", "E-3"):
        care["start_date"] = iso(family.since)
        course.taken_in = family.since
        case["guardian"] = [course.ended(_parent_guardian(course, family.father, False))]
        _inquire(course, "temporary_shelter", body["name"])
    else:
        event = _safety_event(course, "temporary_custody")
        care["start_date"] = iso(course.taken_in)
        custody: Plain = {
            "name": body["name"],
            "kind": "civil_affairs_temporary",
            "credit_code": body["credit_code"],
            "legal_basis": "court_ruling",
            "document_no": event["ruling_no"],
            "capable": True,
            "telephone": body["telephone"],
            "start_date": iso(course.taken_in),
        }
        case["guardian"] = [course.ended(custody)]
        if not family.found:
            case["guardian"].insert(0, _parent_guardian(course, family.father, False, end=course.taken_in - 1))
    course.ended(care)


def _safety_event(course: Course, outcome: str) -> Plain:
    rng, family = course.rng, course.family
    found = course.opened - between(rng, 8, 11)
    assessed = found + between(rng, 1, 3)
    course.taken_in = intervened = assessed + between(rng, 1, 4)
    hour = between(rng, 8, 15)
    source, role = pick(rng, (("unit", "school"), ("unit", "hospital"), ("visit", "village_committee")))
    harm = {"E-1": "trafficking", "E-5": "abandonment"}.get(family.category) or pick(rng, ("violence", "neglect"))
    event: Plain = {
        "source": source,
        "reporter_role": role,
        "harm": harm,
        "found_at": f"{iso(found)}T{hour:02d}:10:00",
        "reported_at": f"{iso(found)}T{hour + 1:02d}:00:00",
        "police_station": f"{course.place.township_name}派出所",
        "police_case_no": f"公接{course.number}",
        "responded_at": f"{iso(found)}T{hour + 2:02d}:40:00",
        "assessed_at": f"{iso(assessed)}T10:00:00",
        "intervened_at": f"{iso(intervened)}T15:00:00",
        "ruling_no": f"民特{course.number}",
        "outcome": outcome,
    }
    if family.category == "E-4":
        event["admonished"] = True
        event["liability"] = "公安机关已立案"
    course.case["safety_event"] = [event]
    return event
