"""The child's condition: illness, disability, and school."""

from __future__ import annotations

from kunjing_exchange.generate.course import Course
from kunjing_exchange.generate.days import age_on, between, iso, pick, years_later
from kunjing_exchange.wire.record import Plain

# ICD-10 code, name, health status of the child: from memory
_ILLNESSES = (
    ("C91.0", "急性淋巴细胞白血病", "41"),
    ("D66", "血友病", "49"),
    ("N18", "慢性肾衰竭", "49"),
    ("Q21", "先天性心脏病", "31"),
)

_DISABLED_HEALTH = {"1": "61", "2": "62", "3": "63", "4": "64", "5": "65", "6": "66", "7": "67"}

_GRADES = {
    3: ("preschool", "小班"), 4: ("preschool", "中班"), 5: ("preschool", "大班"),
    6: ("primary", "一年级"), 7: ("primary", "二年级"), 8: ("primary", "三年级"),
    9: ("primary", "四年级"), 10: ("primary", "五年级"), 11: ("primary", "六年级"),
    12: ("junior", "七年级"), 13: ("junior", "八年级"), 14: ("junior", "九年级"),
    15: ("senior", "高一"), 16: ("senior", "高二"), 17: ("senior", "高三"),
}  # fmt: skip

_STAGES = {
    "preschool": (3, "中心幼儿园", "1"),
    "primary": (6, "中心小学", "2"),
    "junior": (12, "初级中学", "3"),
    "senior": (15, "高级中学", "4"),
    "vocational": (15, "职业中等专业学校", "5"),
}


def tell_health(course: Course) -> None:
    """Illness and disability, which later parts ask for: the first to be told."""
    rng, family, setting, child = course.rng, course.family, course.setting, course.child
    category = family.category
    course.health = "10" if rng.random() < 0.8 else "20"
    course.hiv = category == "D" and len(family.children) == 1 and family.form == "parents" and rng.random() < 0.006
    toddler = child.birth > setting.first - 500
    if category == "C":
        if toddler or rng.random() < 0.3:
            _fall_ill(course, "Q21" if toddler else None)
        if not course.ill or (not toddler and rng.random() < 0.05):
            _disable(course, pick(rng, ("1", "2")))
    elif not toddler and rng.random() < (0.3 if family.form == "institution" else 0.05):
        _disable(course, pick(rng, ("3", "4")))


def _fall_ill(course: Course, icd10: str | None) -> None:
    rng, child = course.rng, course.child
    code, name, course.health = pick(rng, _ILLNESSES) if icd10 is None else _ILLNESSES[3]
    diagnosed = between(rng, child.birth + 3, max(child.birth + 10, course.setting.first - 1))
    hospital = f"{course.setting.division_name}中心医院"
    course.ill = {
        "icd10": code,
        "icd10_edition": "ICD-10",
        "name": name,
        "disease_list": "listed",
        "diagnosis_date": iso(diagnosed),
        "hospital": hospital,
        "document_no": f"诊断{course.case_id}",
    }
    course.case["illness"] = [course.ill]


def _disable(course: Course, grade: str) -> None:
    rng, child, setting = course.rng, course.child, course.setting
    kind = pick(rng, "1234455667")
    course.grade = grade
    course.health = _DISABLED_HEALTH[kind]
    day = between(rng, max(child.birth + 200, setting.last - 3500), setting.first - 1)
    disabled: Plain = {"disability_class": kind, "disability_grade": grade}
    if course.has_id:
        course.issued = day
        disabled |= {
            "certificate_no": f"{child.id_number}{kind}{grade}",
            "issue_date": iso(day),
            "expiry_date": iso(years_later(day, 10)),
            "issuing_body": f"{course.place.county_name}残疾人联合会",
        }
    else:
        disabled |= {"diagnosed_only": True, "diagnosis_date": iso(day)}
    if kind == "6":
        disabled["autism"] = rng.random() < 0.7
    elif kind == "7":
        disabled["note"] = "肢体、智力多重残疾"
    course.disabled = disabled
    course.case["disability"] = [disabled]


def tell_schooling(course: Course) -> None:
    """School by the age, after the health is told."""
    rng, setting, child, place = course.rng, course.setting, course.child, course.place
    year = setting.school_year if course.stop >= setting.school_year else years_later(setting.school_year, -1)
    age = age_on(child.birth, year)
    if age not in _GRADES or (age < 6 and rng.random() < 0.25) or (age >= 15 and rng.random() < 0.2):
        return
    stage, grade = _GRADES[age]
    if age >= 15 and rng.random() < 0.45:
        stage = "vocational"
    course.stage = stage
    entered, school, digit = _STAGES[stage]
    spell: Plain = {
        "stage": stage,
        "start_date": iso(years_later(year, entered - age)),
        "status": "01",
    }
    if age >= 7 and age < 15 and course.grade == "1" and rng.random() < 0.15:
        # of school age and never taken in, for a severe disability
        spell |= {"stage": "primary", "status": "99", "never_enrolled": True, "drop_out_reason": "disability"}
        spell["start_date"] = iso(years_later(year, 6 - age))
        course.stage = ""
        course.case["schooling"] = [spell]
        course.refer("教育体育局", "协调送教上门", course.filed)
        return
    spell |= {
        "school_code": f"{place.county}{(place.township or '000000001')[6:]}{digit}",
        "school_name": f"{place.township_name}{school}",
        "grade": grade if stage != "vocational" else f"{'一二三'[age - 15]}年级",
        "mode": "ordinary",
    }
    if years_later(year, entered - age) >= place.since:
        spell["school_division"] = place.county
    if stage != "preschool":
        if course.has_id:
            spell["student_no"] = f"G{child.id_number}"
        else:
            # J: school division, date, a number, and a check character whose rule is not published
            spell["student_no"] = f"J{place.county}{child.id_number[6:17]}{course.index % 10}"
        spell["boarding"] = "2" if age >= 12 and rng.random() < 0.6 else "1"
    if course.grade:
        spell["mode"] = "inclusive"
        if course.grade in "12" and stage != "preschool":
            spell["mode"] = pick(rng, ("special_school", "special_school", "inclusive", "home"))
        if spell["mode"] == "special_school":
            spell["school_name"] = f"{place.county_name}特殊教育学校"
            spell["school_code"] = f"{place.county}0009"
        elif spell["mode"] == "home":
            spell["boarding"] = "9"
    if course.migrant():
        spell["migrant_pupil"] = True
    if stage != "preschool" and rng.random() < 0.35:
        spell["school_registered"] = True
        spell["counselled"] = rng.random() < 0.5
    course.at_school = True
    course.case["schooling"] = [spell]
    if age >= 12 and rng.random() < 0.02:
        left = between(rng, year, min(course.stop, year + 25))
        spell |= {
            "status": "06",
            "drop_out_reason": pick(rng, ("unwilling", "poverty", "care", "work" if age >= 16 else "unwilling")),
            "drop_out_date": iso(left),
        }
        course.at_school = False
        course.refer("教育体育局", "劝返复学", max(left, course.filed))
    elif course.leaving is not None and course.leaving.reason == "died":
        spell["status"] = "11"
        spell["end_date"] = iso(course.leaving.term)
