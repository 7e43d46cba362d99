"""The whole of one case file, told in the order in which its parts ask for one another."""

from __future__ import annotations

from typing import Any

from kunjing_exchange.generate.benefits import tell_benefits, tell_insurance
from kunjing_exchange.generate.care import tell_care
from kunjing_exchange.generate.condition import tell_health, tell_schooling
from kunjing_exchange.generate.course import Course
from kunjing_exchange.generate.days import age_on, between, iso, next_month, pick, years_later
from kunjing_exchange.generate.people import Family, Person
from kunjing_exchange.generate.setting import SCHEME
from kunjing_exchange.wire.record import Plain

_OBSERVATIONS = (
    "家中整洁，儿童精神状态良好。",
    "儿童正常在校，学习用品齐全。",
    "住房简陋，冬季取暖需要留意。",
    "照料人年事已高，已提醒邻里互助。",
    "按时复诊服药，费用负担较重。",
)

_REFERRAL_MATTERS = (
    ("教育体育局", "协调落实就学资助"),
    ("残疾人联合会", "协助办理康复项目"),
    ("司法局", "提供法律援助"),
)


def tell(course: Course) -> Plain:
    """The case file of a course that nothing is told of yet."""
    tell_health(course)
    tell_schooling(course)
    case = course.case
    _tell_file(course)
    case["child"] = _child(course)
    case["circumstances"] = _circumstances(course)
    if not course.sheltered:
        case["household"] = _household(course)
    case["parent_situation"] = [dict(situation) for situation in course.family.situations]
    tell_care(course)
    _tell_determinations(course)
    tell_insurance(course)
    tell_benefits(course)
    _tell_services(course)
    _tell_visits(course)
    _tell_movements(course)
    return case


def _tell_file(course: Course) -> None:
    case, place, rng = course.case, course.place, course.rng
    case["case_id"] = course.case_id
    case["division"] = place.county
    if place.township is not None:
        case["township"] = place.township
    if place.village is not None:
        case["village"] = place.village
    case["worker_name"] = place.worker_name
    case["filing_date"] = iso(course.filed)
    case["filing_no"] = f"备案{course.number}"
    case["filing_office"] = place.office
    case["status"] = "closed" if course.leaving else "suspended" if course.suspended else "open"
    case["opened_on"] = iso(course.opened)
    if course.leaving is not None:
        case["closed_on"] = iso(course.leaving.closed)
        case["exit_reason"] = course.leaving.reason
    family = course.family
    if family.category in ("E-1", "E-4", "E-5") and family.form == "shelter":
        course.status = "C"
    elif family.category in ("B", "E-2", "E-3", "E-6") or family.form == "left_behind":
        course.status = "B"
    else:
        course.status = "A" if family.form in ("parents", "institution", "foster") or rng.random() < 0.7 else "B"
    case["guardianship_status"] = course.status


def _child(course: Course) -> Plain:
    child, family, rng = course.child, course.family, course.rng
    county = course.place.county
    made: Plain = {"name": child.name, "sex": child.sex, "birth_date": iso(child.birth), "nationality": "CHN"}
    if course.has_id:
        made["id_document_type"] = "111"
        made["id_number"] = child.id_number
    else:
        made["document_absence"] = "foundling" if family.category == "A" else "unregistered"
    if family.found:
        made["birth_date_estimated"] = True
    if family.found and rng.random() < 0.4:
        made["ethnicity"] = {"unknown": "foundling"}
    else:
        made["ethnicity"] = child.ethnicity
    residence = family.address
    if course.sheltered:
        house = "welfare_institution" if family.form == "institution" else "rescue_protection"
        residence = course.setting.organisations[house]["address"] if family.form != "foster" else family.address
    if not course.has_id:
        made["hukou_type"] = "0" if family.category == "A" else {"unknown": "pending"}
    else:
        made["hukou_type"] = "3" if family.found else "2" if course.place.rural else "1"
        made["hukou_division"] = county
        if not course.sheltered and rng.random() < 0.5:
            made["hukou_address"] = family.address
    made["residence_division"] = county
    made["residence_address"] = residence
    if course.leaving is not None and course.leaving.reason == "died":
        made["death_date"] = iso(course.leaving.term)
    else:
        made["health_status"] = course.health
    if family.form == "left_behind":
        made["left_behind"] = True
        made["left_behind_since"] = iso(family.since)
    elif family.form == "parents":
        made["left_behind"] = False
        if course.migrant():
            made["hukou_division"] = course.other_county()
            made.pop("hukou_address", None)
            made["migrant"] = True
            made["migrant_since"] = iso(max(child.birth, course.setting.first - 400))
    if family.found is False and rng.random() < 0.01:
        small = child.name[:1] + "小" + child.name[-1]
        made["former_name"] = small if "·" not in child.name and small != child.name else {"unknown": "not_asked"}
    if course.sheltered and rng.random() < 0.3:
        made["photo_reference"] = f"{course.case_id}.jpg"
    return made


def _circumstances(course: Course) -> Plain:
    family, rng = course.family, course.rng
    category = family.category
    made: Plain = {"assessed_on": iso(course.checked), "evidence": "入户核实记录、证明材料"}
    if category == "B":
        made |= {
            "labour_capacity": False,
            "income_source": False,
            "supporters_able": False,
            "living_difficulty": True,
        }
    elif category == "C":
        made["medical_difficulty"] = bool(course.ill) or rng.random() < 0.5
        made["care_difficulty"] = not course.ill or rng.random() < 0.5
        if course.earlier is not None:
            made["living_difficulty"] = True
    elif category == "D":
        made["living_difficulty"] = family.index % 3 != 0
        # facts of the child: one difficulty at least
        made["schooling_difficulty"] = not made["living_difficulty"] and bool(course.stage)
        if not made["living_difficulty"] and not made["schooling_difficulty"]:
            made["medical_difficulty"] = True
        if course.hiv:
            made["hiv_infected"] = True
    elif category == "A":
        made["living_difficulty"] = True
    else:
        made["sudden_hardship"] = True
        made["shelter_needed"] = True
        made["hardship_kind"] = _hardship_kind(course)
    return made


def _hardship_kind(course: Course) -> str:
    return {
        "E-1": "trafficking_rescued",
        "E-2": "parent_in_prison",
        "E-3": "parent_in_rehabilitation",
        "E-4": "abused",
        "E-5": "abandoned",
        "E-6": "guardianship_missing" if course.index % 3 else "guardianship_improper",
    }[course.family.category]


def _household(course: Course) -> Plain:
    family = course.family
    man_is, woman_is = family.relations()
    able = family.category != "B"
    members: list[Plain] = []

    def adult(person: Person, to_head: str, to_child: str) -> None:
        members.append(
            {
                "name": person.name,
                "id_number": person.id_number,
                "relation_to_head": to_head,
                "relation_to_child": to_child,
                "sex": person.sex,
                "birth_date": iso(person.birth),
                "able_to_support": able,
            }
        )

    if family.form == "mother":
        adult(family.woman, "02", woman_is)
        members[0]["marital_status"] = "30"
    else:
        adult(family.man, "02", man_is)
        adult(family.woman, "12", woman_is)
    for child in family.children:
        members.append(
            {
                "name": child.name,
                "id_number": child.id_number,
                "relation_to_head": _relation_to_head(family, child),
                "relation_to_child": _relation_to_child(course.child, child),
                "sex": child.sex,
                "birth_date": iso(child.birth),
            }
        )
    household: Plain = {
        "household_no": f"{course.place.county}{family.index:07d}",
        "head_name": members[0]["name"],
        "telephone": family.telephone,
        "member": members,
    }
    if family.category in ("A", "E-6") and family.index % 11 == 0:
        household["income_per_head"] = {"unknown": "refused"}
    else:
        household["income_per_head"] = family.income
        household["income_source"] = "务农" if course.place.rural else "务工"
    if family.hardship:
        household["household_hardship"] = [dict(hardship) for hardship in family.hardship]
        if course.leaving is not None and course.leaving.reason == "improved":
            household["household_hardship"][0]["end_date"] = iso(course.leaving.term)
    return household


def _relation_to_head(family: Family, child: Person) -> str:
    boy = child.sex == "1"
    if family.form in ("parents", "mother"):
        if len(family.children) == 1:
            return "20" if boy else "30"
        older = [other for other in family.children if other.sex == child.sex and other.birth < child.birth]
        return ("23" if boy else "33") if older else ("22" if boy else "32")
    if family.form == "uncle":
        return ("93" if boy else "94") if family.paternal else ("95" if boy else "96")
    return ("41" if boy else "42") if family.paternal else ("43" if boy else "44")


def _relation_to_child(child: Person, other: Person) -> str:
    if other is child:
        return "01"
    older = other.birth < child.birth
    if other.sex == "1":
        return "71" if older else "73"
    return "75" if older else "77"


def _tell_determinations(course: Course) -> None:
    place, rng, case = course.place, course.rng, course.case
    determination: Plain = {
        "scheme": SCHEME,
        "category": course.family.category,
        "start_date": iso(course.decided),
        "decided_by": place.office,
        "document_no": f"困认{course.number}",
    }
    if course.leaving is None:
        determination["review_date"] = iso(years_later(course.decided, 1))
    else:
        course.ended(determination)
        determination["end_reason"] = course.leaving.reason
    township = f"{place.township_name}人民政府"
    steps: list[Plain] = [
        {"step": "application", "step_date": iso(course.opened), "office": township},
        {
            "step": "decision",
            "step_date": iso(course.decided),
            "office": place.office,
            "result": "passed",
            "notified_on": iso(course.told),
        },
        {"step": "filing", "step_date": iso(course.filed)},
    ]
    if rng.random() < 0.25 or course.earlier is not None:
        steps.insert(1, {"step": "acceptance", "step_date": iso(course.accepted), "result": "accepted"})
        steps.insert(2, {"step": "check", "step_date": iso(course.checked), "office": township, "result": "passed"})
        steps.append({"step": "notice", "step_date": iso(course.told), "office": township})
    case["determination"] = [determination]
    if course.earlier is not None:
        steps.insert(3, {"step": "decision", "step_date": iso(course.earlier), "result": "passed"})
        case["determination"].insert(
            0,
            {
                "scheme": SCHEME,
                "category": "D",
                "start_date": iso(course.earlier),
                "end_date": iso(course.decided - 1),
                "decided_by": place.office,
                "document_no": f"困认初{course.number}",
                "end_reason": "other_category",
            },
        )
    case["procedure"] = steps


def _tell_services(course: Course) -> None:
    rng, family, child = course.rng, course.family, course.child
    services: list[Plain] = []
    age = age_on(child.birth, course.setting.last)
    gaps: list[Plain] = []

    def serve(kind: str, organisation: str, **more: Any) -> None:
        start = between(rng, course.filed, course.stop)
        provider = course.setting.organisations[organisation]
        service: Plain = {
            "kind": kind,
            "provider_name": provider["name"],
            "provider_code": provider["credit_code"],
            "start_date": iso(start),
        }
        services.append(service | more)

    if course.disabled is not None:
        waiting = iso(course.opened)
        if family.category == "A" and not course.sheltered:
            serve("tomorrow_plan", "welfare_institution", waiting_since=waiting)
        elif age <= 6:
            kind = {"2": "speech_training", "4": "assistive_device"}.get(
                course.disabled["disability_class"], "rehabilitation_training"
            )
            serve(kind, "rehabilitation", waiting_since=waiting, cost="1200", paid_by="残疾儿童康复救助资金")
        elif rng.random() < 0.5:
            serve("upbringing_guidance", "welfare_institution")
        else:
            gaps.append({"field": "disability", "reason": "正在评估康复需求", "noted_on": iso(course.checked)})
    if family.category in ("E-4", "E-5", "E-1") or rng.random() < 0.03:
        serve("counselling", "guidance_centre")
    if family.category in ("E-2", "E-4") and rng.random() < 0.3:
        serve("legal_aid", "guidance_centre")
    if age < 3 and rng.random() < 0.5:
        gaps.append({"field": "education", "reason": "未到入学年龄", "noted_on": iso(course.checked)})
    if services:
        course.case["service"] = services
    if gaps:
        course.case["protection_gap"] = gaps


def _tell_visits(course: Course) -> None:
    rng, place = course.rng, course.place
    need = {"B": "care", "C": "rehabilitation" if course.disabled else "medical", "D": "living"}
    visits: list[Plain] = []
    day = min(course.stop, course.told + int(rng.random() * 12))
    while day <= course.stop:
        visit: Plain = {
            "visitor_name": place.worker_name if rng.random() < 0.8 else place.officer_name,
            "visit_date": iso(day),
            "child_seen": True,
            "guardianship_status": course.status,
            "need": need.get(course.family.category, "none" if course.status == "A" else "psychological"),
        }
        if rng.random() < 0.3:
            visit["observation"] = pick(rng, _OBSERVATIONS[:4] if course.ill is None else _OBSERVATIONS[4:])
        if not visits and rng.random() < 0.2:
            visit["survey_round"] = f"{iso(day)[:4]}年困境儿童全面排查"
        visits.append(visit)
        day += between(rng, 40, 75)
    course.case["visit"] = visits


def _tell_movements(course: Course) -> None:
    rng, leaving = course.rng, course.leaving
    if leaving is not None and leaving.reason == "moved":
        course.case["handover"] = [
            {
                "from_division": course.place.county,
                "to_division": course.other_county(),
                "handover_date": iso(leaving.term),
                "last_paid_month": iso(leaving.term)[:7],
                "first_paid_month": iso(next_month(leaving.term))[:7],
                "acknowledged": True,
                "acknowledged_on": iso(leaving.closed),
            }
        ]
    elif "referral" not in course.case and rng.random() < 0.03:
        course.refer(*pick(rng, _REFERRAL_MATTERS), course.filed)
