"""Insurance, benefits and their payments.

The premium and the amounts in :data:`_RATES` are the generator's own or from memory, no place's standards; the amounts
of education are those of 五(三).
"""

from __future__ import annotations

from datetime import date

from kunjing_exchange.generate.course import Course
from kunjing_exchange.generate.days import age_on, between, iso, next_month
from kunjing_exchange.wire.record import Plain

_SCHOOL_AID_START = date(2017, 9, 1).toordinal()  # 五(三): from the autumn term of 2017
_SUBSIDY_START = date(2016, 1, 1).toordinal()  # 残疾人两项补贴, from memory

_RATES = {
    "orphan_allowance": "600",
    "orphan_allowance_institution": "1000",
    "hiv_allowance": "600",
    "destitute_support": "420",
    "rural_minimum_living": "180",
    "urban_minimum_living": "300",
    "institution_allowance": "1000",
    "temporary_assistance": "1500",
    "disability_nursing_subsidy": "60",
    "medical_assistance": "4000",
}
_PREMIUM = "180"  # residents' insurance, yuan a year: from memory
_PREMIUM_PART = "90"

# 五(三): what a registered poor family gets for a stage, yuan a year
_SCHOOL_AID = {
    "preschool": (("preschool_care_fee", "600"), ("preschool_living", "400")),
    "primary": (("compulsory_living", "1000"),),
    "junior": (("compulsory_living", "1250"),),
    "senior": (("senior_grant", "2000"),),
    "vocational": (("vocational_grant", "2000"), ("rain_dew", "2000")),
}


def tell_insurance(course: Course) -> None:
    """The residents' insurance of the year."""
    setting, child, category = course.setting, course.child, course.family.category
    year_start = date(setting.year, 1, 1).toordinal()
    if child.birth >= year_start:
        person = "1401"
    elif course.at_school and course.stage != "preschool":
        person = "1403"
    else:
        person = "1402" if age_on(child.birth, setting.last) < 6 else "1405"
    subsidy, amount = "none", "0"
    if category == "B":
        subsidy, amount = "full", _PREMIUM
    elif category in ("C", "D"):
        subsidy, amount = "part", _PREMIUM_PART
    insurance: Plain = {
        "insurance_type": "390",
        "person_type": person,
        "year": str(setting.year),
        "status": "1",
        "premium_subsidy": subsidy,
    }
    if subsidy != "none":
        insurance |= {"premium_amount": _PREMIUM, "subsidised_amount": amount}
    if course.ill:
        insurance |= {"serious_illness": True, "supplementary": True, "ratio_raised": True, "ceiling_raised": True}
    if course.leaving is not None and course.leaving.reason == "died":
        insurance["status"] = "4"
        insurance["end_date"] = iso(course.leaving.term)
    course.case["insurance"] = [insurance]


def tell_benefits(course: Course) -> None:
    """What the category gives every month, and what illness, disability and school add."""
    family, rng = course.family, course.rng
    course.case["benefit"] = []
    category, form = family.category, family.form
    kind_of_hardship = family.hardship[0]["kind"] if family.hardship else ""
    hardship_start = family.hardship[0]["start_date"] if family.hardship else ""
    if category == "A":
        start = min(course.opened, family.since + between(rng, 0, 60))
        at_home = form in ("kin", "uncle")
        rate = _RATES["orphan_allowance" if at_home else "orphan_allowance_institution"]
        _monthly(course, "orphan_allowance", rate, start, "orphan_fund", subsistence=True)
    elif category == "B":
        start = date.fromisoformat(hardship_start).toordinal()
        _monthly(course, "destitute_support", _RATES["destitute_support"], start, "hardship_fund", subsistence=True)
    elif category in ("C", "D"):
        covered = min(next_month(course.child.birth), course.opened)
        start = max(date.fromisoformat(hardship_start).toordinal(), covered)
        kind = "hiv_allowance" if course.hiv else "minimum_living"
        rate = _RATES["hiv_allowance" if course.hiv else kind_of_hardship]
        _monthly(course, kind, rate, start, "orphan_fund" if course.hiv else "hardship_fund", subsistence=True)
    elif form == "shelter":
        rate = _RATES["institution_allowance"]
        _monthly(course, "institution_allowance", rate, course.taken_in, "local_budget", subsistence=True)
    else:
        _once(course, "temporary_assistance", _RATES["temporary_assistance"], "hardship_fund")
    if category == "C" and course.issued and course.grade in ("1", "2"):
        start = max(course.issued, _SUBSIDY_START)
        rate = _RATES["disability_nursing_subsidy"]
        _monthly(course, "disability_nursing_subsidy", rate, start, "disability_fund")
    if course.ill and rng.random() < 0.6:
        _once(course, "medical_assistance", _RATES["medical_assistance"], "medical_fund")
    _school_aid(course)


def _benefit(course: Course, kind: str, amount: str, unit: str, start: int, fund: str) -> Plain:
    home = course.setting.organisations
    if course.family.form in ("institution", "foster"):
        holder = home["welfare_institution"]["name"]
    elif course.family.form == "shelter":
        holder = home["rescue_protection"]["name"]
    else:
        holder = (course.family.woman if course.family.form == "mother" else course.family.man).name
    benefit: Plain = {
        "kind": kind,
        "amount": amount,
        "unit": unit,
        "start_date": iso(start),
        "payer_level": "county",
        "fund": fund,
        "account_holder": holder,
    }
    course.case["benefit"].append(course.ended(benefit))
    return benefit


def _monthly(course: Course, kind: str, amount: str, start: int, fund: str, subsistence: bool = False) -> None:
    rng = course.rng
    benefit = _benefit(course, kind, amount, "month", start, fund)
    stop = course.stop
    if subsistence:
        benefit["approval_no"] = f"批{course.number}"
        if course.suspended and start < course.setting.months[-1].first:
            benefit["suspended_from"] = iso(course.setting.months[-1].first)
            stop = course.setting.months[-1].first - 1
    payments: list[Plain] = []
    for month in course.setting.months:
        if month.last < start or month.first > stop:
            continue
        first = max(month.first, start)
        last = min(month.last, stop)
        day = min(last, max(first, month.first + 4) + int(rng.random() * 10))
        payments.append({"period": month.name, "amount": amount, "paid_on": iso(day), "status": "made"})
    if len(payments) > 1 and rng.random() < 0.02:
        back = payments[0]
        back |= {"status": "returned", "return_reason": "账户信息有误", "kind": "regular"}
        payments.insert(
            2,
            {
                "period": back["period"],
                "kind": "arrears",
                "amount": amount,
                "paid_on": payments[1]["paid_on"],
                "status": "made",
            },
        )
    if payments:
        benefit["payment"] = payments


def _pay_once(course: Course, benefit: Plain, start: int) -> None:
    last = min(next_month(start) - 1, course.stop)
    benefit["payment"] = [
        {
            "period": iso(start)[:7],
            "amount": benefit["amount"],
            "paid_on": iso(between(course.rng, start, last)),
            "status": "made",
        }
    ]


def _once(course: Course, kind: str, amount: str, fund: str) -> None:
    _pay_once(course, _benefit(course, kind, amount, "once", course.decided, fund), course.decided)


def _school_aid(course: Course) -> None:
    setting = course.setting
    start = max(setting.school_year, course.decided)
    if not (course.at_school and course.family.registered_poor) or setting.school_year < _SCHOOL_AID_START:
        return
    if start > course.stop:
        return
    for kind, amount in _SCHOOL_AID[course.stage]:
        fund = "poverty_fund" if kind == "rain_dew" else "education_fund"
        _pay_once(course, _benefit(course, kind, amount, "year", start, fund), start)
