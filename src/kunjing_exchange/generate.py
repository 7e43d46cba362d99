"""Made-up case files without a fault, as many as are wanted, for tests, training and measurements.

Nobody is meant: names are put together by chance, ids carry right check digits, townships and villages are real.
The files follow the policy edition henan-2017 (:data:`~kunjing_exchange.model.POLICY`). Amounts in :data:`_RATES` and
the premium are the generator's own or from memory, no place's standards; the amounts of education are those of 五(三).

Everything hangs on (seed, index): a child's day of birth and the sequence in its id are functions of the index, so
that no id comes twice; days before the window (``_Setting.first``) are facts of the family, which siblings share.
Days are ordinals inside and text in the records.
"""

# ruff: noqa: S311 - chance has to be repeatable here, and nothing is secret

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from math import gcd
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

from pydantic_core import from_json

from kunjing_exchange.codes import code_list, full_name
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.identifiers import check_digit, make_credit_code
from kunjing_exchange.model import VERSION, CaseFile, Header
from kunjing_exchange.wire.record import KINDS, Digester, Plain, arrange, canonical_json
from kunjing_exchange.wire.spool import work_folder

__all__ = ["generate"]

_MOST = 1_000_000
"""More children than this, and the ids of adults would repeat (see :meth:`_People.adult`)."""

_SCHEME = "henan-2017"
_SCHEME_START = date(2017, 7, 1).toordinal()
_SCHOOL_AID_START = date(2017, 9, 1).toordinal()  # 五(三): from the autumn term of 2017
_SUBSIDY_START = date(2016, 1, 1).toordinal()  # 残疾人两项补贴, from memory
_NEW_ROLES = date(2019, 7, 1).toordinal()  # 儿童主任 instead of 儿童福利主任, month from memory
_LAST_POOR_YEAR = 2020  # of 建档立卡

_CATEGORIES = (("A", 18), ("B", 6), ("C", 20), ("D", 45), ("E", 11))
_OTHER_CATEGORIES = (("E-1", 8), ("E-2", 36), ("E-3", 19), ("E-4", 13), ("E-5", 9), ("E-6", 15))

# 2015年社会服务发展统计公报: 集中供养孤儿 9.2 万人, 社会散居孤儿 41.0 万人
_IN_INSTITUTIONS = 9.2 / (9.2 + 41.0)

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

# ICD-10 code, name, health status of the child: from memory
_ILLNESSES = (
    ("C91.0", "急性淋巴细胞白血病", "41"),
    ("D66", "血友病", "49"),
    ("N18", "慢性肾衰竭", "49"),
    ("Q21", "先天性心脏病", "31"),
)

_Item = TypeVar("_Item")


# --- days and chance -------------------------------------------------------------------------------------------------
@lru_cache(maxsize=100_000)
def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _years_later(day: int, years: int) -> int:
    then = date.fromordinal(day)
    if then.month == 2 and then.day == 29 and (then.year + years) % 4:
        return date(then.year + years, 3, 1).toordinal()
    return then.replace(year=then.year + years).toordinal()


def _age(birth: int, on: int) -> int:
    born, then = date.fromordinal(birth), date.fromordinal(on)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _next_month(day: int) -> int:
    """The first day of the month after."""
    then = date.fromordinal(day)
    return date(then.year + then.month // 12, then.month % 12 + 1, 1).toordinal()


def _between(rng: Random, first: int, last: int) -> int:
    return first + int(rng.random() * (last - first + 1))


def _pick(rng: Random, items: Sequence[_Item]) -> _Item:
    return items[int(rng.random() * len(items))]


def _weighted(rng: Random, shares: Sequence[tuple[str, int]]) -> str:
    left = rng.random() * sum(share for _, share in shares)
    for name, share in shares:
        left -= share
        if left < 0:
            return name
    return shares[-1][0]


def _phone(rng: Random) -> str:
    return f"139{int(rng.random() * 10**8):08d}"


# --- places, months, organisations: what a whole submission shares ----------------------------------------------------
@dataclass(slots=True)
class _Place:
    """A village, or a county where no villages are known, with the people who work there."""

    county: str
    county_name: str
    township: str | None
    township_name: str
    village: str | None
    address: str
    rural: bool
    worker_name: str
    officer_name: str
    since: int
    """Since when the county has its code and name."""

    @property
    def code(self) -> str:
        return self.village or self.county

    @property
    def office(self) -> str:
        return f"{self.county_name}民政局"


class _Month(NamedTuple):
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Setting:
    division: str
    division_name: str
    period: str
    seed: int
    first: int
    """Files are opened from this day on; what families suffer lies before it."""
    last: int
    year: int
    school_year: int
    months: tuple[_Month, ...]
    """The months whose payments are told."""
    places: tuple[_Place, ...]
    organisations: dict[str, Plain]
    names: dict[str, Any]

    @property
    def poor_registered(self) -> bool:
        return self.year <= _LAST_POOR_YEAR


def _period_end(period: str) -> date:
    if len(period) >= 4 and period[:4].isascii() and period[:4].isdigit() and 1900 <= int(period[:4]) < 2200:
        months = {"": 12, **{f"Q{n}": 3 * n for n in range(1, 5)}, "H1": 6, "H2": 12}
        months |= {f"-{n:02d}": n for n in range(1, 13)}
        month = months.get(period[4:])
        if month is not None:
            return date.fromordinal(_next_month(date(int(period[:4]), month, 1).toordinal()) - 1)
    raise InvalidArgument(
        f"没有报告期 {period}：应为 2017、2017H2、2017Q3 或 2017-09",
        f"there is no period {period}: write 2017, 2017H2, 2017Q3 or 2017-09",
        period=period,
    )


def _counties(division: str, on: date) -> list[str]:
    """The counties of a division on a day; the division itself where it has none below it."""
    divisions = code_list("division")
    # placeholders (市辖区) stand for no place
    placeholders = {row["code"] for row in divisions.rows() if "placeholder" in row["note"]}
    if not divisions.is_valid(division, on) or division in placeholders:
        raise InvalidArgument(
            f"{on} 没有行政区划 {division}", f"there is no division {division} on {on}", division=division
        )

    def leaves(code: str) -> Iterator[str]:
        below = divisions.children_of(code, on)
        if not below:
            yield code
        for child in below:
            if child not in placeholders:
                yield from leaves(child)

    return list(leaves(division))


_VILLAGES_OF_A_COUNTY = 380  # the weight of a county whose villages are not known: about the mean of Nanyang


def _places(division: str, on: date, seed: int, names: dict[str, Any]) -> tuple[_Place, ...]:
    villages: dict[str, list[str]] = {}
    for village in code_list("village"):
        villages.setdefault(village[:6], []).append(village)
    townships = code_list("township")
    places: list[_Place] = []
    for county in _counties(division, on):
        county_name = code_list("division").name_of(county, on) or county
        path = full_name(county, on) or county_name
        begun = [period.valid_from for period in code_list("division").periods(county) if period.valid_from]
        since = max((day for day in begun if day <= on), default=date.min).toordinal()
        known = [village for village in villages.get(county, ()) if townships.is_valid(village[:9], on)]
        if not known:
            officer = _adult_name(Random(f"{seed}/officer/{county}"), names, "1")
            place = _Place(county, county_name, None, county_name, None, path, True, officer, officer, since)
            places += [place] * _VILLAGES_OF_A_COUNTY
        for village in known:
            township = village[:9]
            township_name = townships.name_of(township, on) or ""
            village_name = code_list("village").name_of(village, on) or ""
            rural = village_name.endswith(("村民委员会", "村委会"))
            places.append(
                _Place(
                    county,
                    county_name,
                    township,
                    township_name,
                    village,
                    path + township_name + village_name.removesuffix("居民委员会").removesuffix("民委员会"),
                    rural,
                    _adult_name(Random(f"{seed}/worker/{village}"), names, "2"),
                    _adult_name(Random(f"{seed}/officer/{township}"), names, "1"),
                    since,
                )
            )
    return tuple(places)


def _credit_code(division: str, kind: str, number: int) -> str:
    """A credit code with the check character of GB 11714 inside (place 17) and that of GB 32100 at the end."""
    body = f"{number:08d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return make_credit_code(f"{kind}{division}{body}{'X' if rest == 10 else rest % 11}")


def _organisations(division: str, name: str, seat: _Place, rng: Random) -> dict[str, Plain]:
    made: dict[str, Plain] = {}
    for kind, code, title in (
        ("welfare_institution", "12", "儿童福利院"),
        ("rescue_protection", "12", "未成年人救助保护中心"),
        ("guidance_centre", "12", "儿童福利指导中心"),
        ("rehabilitation", "52", "阳光残疾儿童康复中心"),
        ("civil_affairs", "11", "民政局"),
    ):
        organisation: Plain = {
            "credit_code": _credit_code(division, code, 30_000_000 + len(made) * 1_000_003 + int(division)),
            "name": name + title,
            "kind": kind,
            "division": seat.county,
            "address": f"{full_name(seat.county)}人民路{_between(rng, 1, 300)}号",
            "telephone": f"0377-6{_between(rng, 0, 10**7 - 1):07d}",
            "start_date": _iso(
                max(seat.since, _between(rng, date(2001, 1, 1).toordinal(), date(2015, 12, 31).toordinal()))
            ),
        }
        if kind in ("welfare_institution", "rescue_protection"):
            organisation["beds"] = _between(rng, 30, 300)
        if kind == "rehabilitation":
            organisation["kindergarten_licence"] = True
        made[kind] = organisation
    return made


def _setting(division: str, period: str, seed: int) -> _Setting:
    end = _period_end(period)
    last = end.toordinal()
    if last < _SCHEME_START + 30:
        raise InvalidArgument(
            f"报告期 {period} 早于政策施行：最早为 2017-07",
            f"the period {period} is before the policy: 2017-07 is the first",
            period=period,
        )
    names = tomllib.loads((files("kunjing_exchange") / "generate_names.toml").read_text(encoding="utf-8"))
    names["surnames"] = names["surnames"].replace("\n", "")
    places = _places(division, end, seed, names)
    months: list[_Month] = []
    after = _next_month(last)
    for _ in range(3):
        first = date.fromordinal(after - 1).replace(day=1).toordinal()
        months.insert(0, _Month(_iso(first)[:7], first, after - 1))
        after = first
    name = code_list("division").name_of(division, end) or division
    school_year = date(end.year - (end.month < 9), 9, 1).toordinal()
    return _Setting(
        division=division,
        division_name=name,
        period=period,
        seed=seed,
        first=max(_SCHEME_START, last - 300),
        last=last,
        year=end.year,
        school_year=school_year,
        months=tuple(months),
        places=places,
        organisations=_organisations(division, name, places[0], Random(f"{seed}/organisations")),
        names=names,
    )


# --- people -----------------------------------------------------------------------------------------------------------
class _Person(NamedTuple):
    name: str
    sex: str
    birth: int
    id_number: str
    ethnicity: str


def _adult_name(rng: Random, names: dict[str, Any], sex: str, surname: str | None = None) -> str:
    given: str = _pick(rng, names["boys" if sex == "1" else "girls"])
    if rng.random() < 0.6:
        given += _pick(rng, names["second_boys" if sex == "1" else "second_girls"])
    family_name: str = surname or _pick(rng, names["surnames"])
    return family_name + given


class _People:
    """Children and adults whose ids never repeat.

    A child's birth date runs through all days from 40 days to 18 years ago (and a little more, for those who come of
    age) in steps of 839 days, so neighbours by index are of different ages; each full round takes the next sequence.
    Adults are older than the first child of their family by a number of days that depends on the county and the round
    only, so that their dates differ as the children's do.
    """

    _STRIDE = 839

    def __init__(self, setting: _Setting) -> None:
        self._names = setting.names
        self._last = setting.last
        self.eighteen = setting.last - _years_later(setting.last, -18)
        self.sixteen = setting.last - _years_later(setting.last, -16)
        of_age = max(0, min(60, setting.last - setting.first - 25))
        self._span = self.eighteen + of_age - 40
        while gcd(self._span, self._STRIDE) != 1:
            self._span -= 1
        self._start = Random(f"{setting.seed}/people").randrange(self._span)

    def days_old(self, index: int) -> int:
        return 40 + (self._start + index * self._STRIDE) % self._span

    def child(self, index: int, county: str, sex: str, surname: str | None, rng: Random) -> _Person:
        days = self.days_old(index)
        turn = index // self._span
        names = self._names
        ethnicity = "01"
        if index % 1009 == 7:
            name = names["rare_full"][index // 1009 % len(names["rare_full"])]
        elif surname is None:
            minority = names["minority"]
            first = minority["boys" if sex == "1" else "girls"]
            name = f"{first[(turn + days) % len(first)]}·{_pick(rng, minority['fathers'])}"
            ethnicity = minority["ethnicity"]
        else:
            first = names["boys" if sex == "1" else "girls"]
            name = surname + first[(turn + days) % len(first)]
            draw = rng.random()
            if draw < 0.85:
                name += _pick(rng, names["rare" if draw < 0.02 else "second_boys" if sex == "1" else "second_girls"])
            ethnicity = "01" if rng.random() < 0.96 else _pick(rng, ("03", "03", "11", "02"))
        birth = self._last - days
        half = (turn * 37 + days * 101) % 500
        return _Person(name, sex, birth, self._id(county, birth, half, sex), ethnicity)

    def adult(self, index: int, county: str, sex: str, slot: int, name: str, ethnicity: str) -> _Person:
        """Slots 0 and 1 are parents, 2 uncles, foster parents and adopters (over 30), 3 and 4 grandparents.

        Slots that share sequences (0 and 3, 1 and 4) are further apart in years than the eldest child from the
        youngest.
        """
        turn = index // self._span
        chance = int(county) * 131 + turn * 373 + slot * 613 + int(sex) * 97
        older = 17_900 + chance % 3280 if slot > 2 else (11_500 if slot == 2 else 8400) + chance % 2190
        birth = self._last - self.days_old(index) - older
        return _Person(name, sex, birth, self._id(county, birth, slot % 3 * 166 + turn, sex), ethnicity)

    @staticmethod
    def _id(county: str, birth: int, half: int, sex: str) -> str:
        first17 = f"{county}{_iso(birth).replace('-', '')}{half * 2 + (sex == '1'):03d}"
        return first17 + check_digit(first17)


# --- families ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class _Family:
    """What siblings share. ``form`` says who the child lives with."""

    index: int
    category: str
    form: str
    place: _Place
    children: list[_Person]
    father: _Person
    mother: _Person
    man: _Person
    woman: _Person
    """They of the house: parents, grandparents, uncle and aunt, foster parents or adopters, as the form says."""
    paternal: bool
    situations: list[Plain]
    since: int
    """Since when the child has lived so."""
    hardship: list[Plain]
    income: str | None
    telephone: str
    address: str
    document: str
    registered_poor: bool = False
    term_start: int = 0
    """Since when the father is imprisoned or in rehabilitation."""
    found: bool = False
    """A foundling, or a child rescued from trafficking: parents unknown."""

    @property
    def youngest(self) -> int:
        return max(child.birth for child in self.children)


def _choose(setting: _Setting, people: _People, index: int, rng: Random) -> tuple[str, str]:
    """Category and form of living that the child's age allows."""
    days = people.days_old(index)
    newborn = setting.last - days > setting.first - 200
    category = _weighted(rng, _CATEGORIES)
    draw = rng.random()
    if category == "A":
        if newborn or draw < _IN_INSTITUTIONS:
            return "A", "foster" if not newborn and draw < 0.03 else "institution"
        return "A", "uncle" if draw > 0.85 else "kin"
    if category == "E" and not newborn and days < people.eighteen:
        kind = _weighted(rng, _OTHER_CATEGORIES)
        if kind in ("E-1", "E-5") or (kind == "E-4" and draw < 0.6) or (kind in ("E-2", "E-3") and draw < 0.2):
            return kind, "shelter"
        return kind, "entrusted" if kind in ("E-2", "E-3") else "kin"
    if category == "B" and not newborn and days < people.sixteen - 40:
        return "B", "kin"
    if category != "C":
        category = "D"
    if newborn or draw < 0.58:
        return category, "parents"
    return category, "mother" if draw < 0.76 else "left_behind"


def _family(setting: _Setting, people: _People, index: int, rng: Random) -> _Family:
    category, form = _choose(setting, people, index, rng)
    place = _pick(rng, setting.places)
    county = place.county
    names = setting.names
    full = names["rare_full"][index // 1009 % len(names["rare_full"])] if index % 1009 == 7 else None
    minority = full is None and rng.random() < 0.004
    compound = rng.random() < 0.004
    surname = full[0] if full else None if minority else _pick(rng, names["compound" if compound else "surnames"])

    sex = "1" if rng.random() < 0.53 else "2"
    children = [people.child(index, county, sex, surname, rng)]
    has_siblings = (
        index % 2 == 0
        and (form in ("kin", "uncle", "parents", "mother", "left_behind", "entrusted"))
        and category in ("A", "D", "E-2", "E-3")
        and full is None
        and (index + 1) % 1009 != 7
        and people.days_old(index) < people.days_old(index + 1) < people.eighteen
        and people.days_old(index) > setting.last - setting.first + 200
        and rng.random() < 0.3
    )
    if has_siblings:
        sibling = people.child(index + 1, county, "1" if rng.random() < 0.5 else "2", surname, rng)
        children.append(sibling._replace(ethnicity=children[0].ethnicity))
    ethnicity = children[0].ethnicity

    paternal = rng.random() < 0.7
    older_form = form in ("kin", "left_behind", "entrusted")
    slot = 3 + int(rng.random() * 2) if older_form else 2
    parent_slot = int(rng.random() * 2)

    taken = {child.name for child in children}

    def name_of(sex: str, family_name: str | None) -> str:
        if minority:
            uygur = names["minority"]
            return f"{_pick(rng, uygur['boys' if sex == '1' else 'girls'])}·{_pick(rng, uygur['fathers'])}"
        return _adult_name(rng, names, sex, family_name)

    def adult(sex: str, slot: int, family_name: str | None) -> _Person:
        name = name_of(sex, family_name)
        while name in taken:  # nobody in a family is called like another
            name = name_of(sex, family_name)
        taken.add(name)
        return people.adult(index, county, sex, slot, name, ethnicity)

    father = adult("1", parent_slot, surname)
    if minority:
        father = father._replace(name=f"{children[0].name.split('·')[1]}·{_pick(rng, names['minority']['fathers'])}")
        if has_siblings:
            own = children[1].name.split("·")[0]
            children[1] = children[1]._replace(name=f"{own}·{children[0].name.split('·')[1]}")
    mother_surname = _pick(rng, names["surnames"])
    mother = adult("2", parent_slot, mother_surname)
    man, woman = father, mother
    if form not in ("parents", "mother"):
        kin_surname = surname if paternal else mother_surname
        man = adult("1", slot, None if form in ("foster", "institution") else kin_surname)
        woman = adult("2", slot, None)

    family = _Family(
        index=index,
        category=category,
        form=form,
        place=place,
        children=children,
        father=father,
        mother=mother,
        man=man,
        woman=woman,
        paternal=paternal,
        situations=[],
        since=children[0].birth,
        hardship=[],
        income=None,
        telephone=_phone(rng),
        address=f"{place.address}{_between(rng, 1, 18)}组{_between(rng, 1, 220)}号",
        document=f"{place.county}{index:07d}",
    )
    _suffer(setting, family, rng)
    _recognise_household(setting, family, rng)
    return family


def _situation(parent: str, person: _Person | None, code: str, since: int | None, **more: Any) -> Plain:
    made: Plain = {"parent": parent, "situation": code}
    if person is None:
        made["name"] = {"unknown": "foundling"}
    else:
        made["name"] = person.name
        if code != "00":  # who is at home is a member of the household
            made["id_number"] = person.id_number
    if since is not None:
        made["start_date"] = _iso(since)
    made.update(more)
    return made


def _suffer(setting: _Setting, family: _Family, rng: Random) -> None:
    """What became of the parents, before the window opens and after the youngest child was born."""
    born = family.youngest
    father, mother = family.father, family.mother
    before = setting.first - 40
    category, form = family.category, family.form

    def dead(parent: str, person: _Person, since: int) -> Plain:
        return _situation(
            parent,
            person,
            "09",
            since,
            document_no=f"死证{family.document}",
            issuing_body=f"{family.place.county_name}公安局",
        )

    def without_contact(parent: str, person: _Person, since: int) -> Plain:
        return _situation(parent, person, "06", since, care_given=False)

    early = _between(rng, born + 30, max(born + 30, before - 60))
    late = _between(rng, early, max(early, before))
    draw = rng.random()
    if category == "A" and (form in ("institution", "foster") and (draw < 0.7 or born > before - 100)):
        # a foundling: nothing is known of the parents but that they were looked for
        family.found = True
        family.since = born + 1 + int(rng.random() * 6)
        family.situations = [
            _situation(parent, None, "11", family.since, document_no=f"捡拾证明{family.document}")
            for parent in ("father", "mother")
        ]
    elif category == "A":
        missing = draw > 0.93
        second = (
            _situation("mother", mother, "10", late, document_no=f"民特宣失{family.document}", issuing_body="人民法院")
            if missing
            else dead("mother", mother, late)
        )
        family.situations = [dead("father", father, early), second]
        family.since = late + 1
    elif category == "B":
        family.situations = [dead("father", father, early), _situation("mother", mother, "13", late, care_given=False)]
        family.since = late + 1
    elif category in ("E-2", "E-3"):
        code, kind = ("03", "刑") if category == "E-2" else ("04", "强戒")
        family.term_start = late
        family.since = late + _between(rng, 1, 5)
        held = _situation(
            "father",
            father,
            code,
            late,
            end_date=_iso(setting.last + _between(rng, 100, 1500)),
            care_given=False,
            document_no=f"{kind}字{family.document}",
            issuing_body=f"{family.place.county_name}人民法院" if code == "03" else f"{family.place.county_name}公安局",
        )
        lost = without_contact("mother", mother, early) if draw < 0.6 else dead("mother", mother, early)
        family.situations = [held, lost]
    elif category == "E-1":
        family.found = True
        family.situations = [
            {"parent": parent, "situation": "99", "name": {"unknown": "pending"}} for parent in ("father", "mother")
        ]
    elif category == "E-4":
        family.situations = [
            _situation("father", father, "99", None, care_given=False),
            without_contact("mother", mother, early),
        ]
    elif category == "E-5":
        family.situations = [without_contact("father", father, late), without_contact("mother", mother, late)]
    elif category == "E-6":
        family.situations = [dead("father", father, early), without_contact("mother", mother, late)]
        family.since = late + 1
    elif form == "mother":
        family.situations = [dead("father", father, early), _situation("mother", mother, "00", None, care_given=True)]
    elif form == "left_behind":
        family.since = late
        family.situations = [
            _situation("father", father, "12", late, care_given=True),
            _situation("mother", mother, "12", late, care_given=True),
        ]
    else:
        family.situations = [
            _situation("father", father, "00", None, care_given=True),
            _situation("mother", mother, "00", None, care_given=True),
        ]


def _recognise_household(setting: _Setting, family: _Family, rng: Random) -> None:
    """Minimum living, destitute support, registration as poor; the income that goes with it."""
    category = family.category
    rural = family.place.rural
    household = family.form not in ("institution", "foster", "shelter")
    line = _next_month(_between(rng, date(2012, 1, 1).toordinal(), setting.first - 60))
    if category == "B":
        start = _next_month(_between(rng, family.since, setting.first - 32))
        family.hardship = [{"kind": "destitute", "certificate_no": f"TK{family.document}", "start_date": _iso(start)}]
        family.income = str(_between(rng, 9, 26) * 100)
    elif category in ("C", "D"):
        kind = "rural_minimum_living" if rural else "urban_minimum_living"
        entry: Plain = {"kind": kind, "certificate_no": f"DB{family.document}", "start_date": _iso(line)}
        if category == "C" and rng.random() < 0.3 and family.youngest < line:
            entry |= {"single_person": True, "covered_members": "仅保障患病残疾儿童本人"}
        family.hardship = [entry]
        family.income = str(_between(rng, 12, 30) * 100)
    else:
        family.income = str(_between(rng, 40, 90) * 100)
    if setting.poor_registered and household and rural and rng.random() < (0.45 if category in ("B", "D") else 0.2):
        family.registered_poor = True
        start = _next_month(_between(rng, date(2013, 12, 1).toordinal(), date(2017, 1, 31).toordinal()))
        family.hardship.append(
            {"kind": "registered_poor", "certificate_no": f"JD{family.document}", "start_date": _iso(start)}
        )


# --- one case file ----------------------------------------------------------------------------------------------------
class _Leaving(NamedTuple):
    """Why and when a file is closed; ``term`` is the last day of what ends with it."""

    reason: str
    closed: int
    term: int


_OBSERVATIONS = (
    "家中整洁，儿童精神状态良好。",
    "儿童正常在校，学习用品齐全。",
    "住房简陋，冬季取暖需要留意。",
    "照料人年事已高，已提醒邻里互助。",
    "按时复诊服药，费用负担较重。",
)
_DISABLED_HEALTH = {"1": "61", "2": "62", "3": "63", "4": "64", "5": "65", "6": "66", "7": "67"}
_REFERRAL_MATTERS = (
    ("教育体育局", "协调落实就学资助"),
    ("残疾人联合会", "协助办理康复项目"),
    ("司法局", "提供法律援助"),
)


class _Story:
    """Tells one child's case file from the facts of its family. ``tell`` is the whole of it."""

    def __init__(self, setting: _Setting, people: _People, family: _Family, index: int, rng: Random) -> None:
        self.setting, self.people, self.family, self.index, self.rng = setting, people, family, index, rng
        self.child = family.children[index - family.index]
        self.place = family.place
        self.case_id = f"{self.place.county}-{index + 1:07d}"
        self.number = f"〔{setting.year}〕{index + 1}号"
        self.sheltered = family.form in ("institution", "foster", "shelter")
        self.has_id = not (family.found and (family.category == "E-1" or rng.random() < 0.7))
        self.case: Plain = {}
        self._decide_days()

    # the course of the case ------------------------------------------------------------------------------------------
    def _decide_days(self) -> None:
        rng, setting, family = self.rng, self.setting, self.family
        birth = self.child.birth
        eighteenth = _years_later(birth, 18)
        of_age = eighteenth <= setting.last
        latest = eighteenth - 14 if of_age else setting.last - 14
        draw = 1.0 if of_age or len(family.children) > 1 or family.category.startswith("E") else rng.random()
        first = max(setting.first, birth + 15, self.place.since)
        if family.form == "shelter" or family.category == "E-4":
            first = max(first, setting.first + 12)  # room for what led to the file
        first = min(first, latest)
        self.opened = _between(rng, first, min(latest, first + 12) if draw < 0.12 else latest)
        self.accepted = self.opened + int(rng.random() * 3)
        self.checked = self.accepted + int(rng.random() * 4)
        self.decided = self.checked + int(rng.random() * 4)
        self.earlier: int | None = None
        if family.category == "C" and not of_age and draw > 0.94 and self.opened < setting.last - 40:
            self.earlier = self.decided
            self.decided += _between(rng, 8, 15)
        self.filed = self.decided + int(rng.random() * 4)
        self.told = self.filed + int(rng.random() * 3)
        self.leaving = self._leave(draw, eighteenth if of_age else None)
        self.stop = self.leaving.term if self.leaving else setting.last
        self.suspended = family.category == "D" and self.leaving is None and 0.5 < draw < 0.508

    def _leave(self, draw: float, eighteenth: int | None) -> _Leaving | None:
        rng, last = self.rng, self.setting.last
        told = max(self.told, self.setting.months[0].first)  # payments are told from there on
        if eighteenth is not None:
            return _Leaving("of_age", min(last, eighteenth + int(rng.random() * 4)), eighteenth - 1)
        if draw < 0.006:
            day = _between(rng, told, last)
            return _Leaving("died", min(last, day + int(rng.random() * 4)), day)
        if self.family.form == "institution":
            if draw < 0.07:
                day = _between(rng, told + 1, last)
                return _Leaving("adopted", day, day - 1)
            return None
        if draw < 0.03 and self.family.form != "foster":
            month_before = self.setting.months[-2].last
            if told <= month_before - 4:
                day = _between(rng, told, month_before - 4)
                return _Leaving("moved", day + int(rng.random() * 4), day)
        elif draw < 0.05 and self.family.category == "D":
            day = _between(rng, told + 1, last)
            return _Leaving("improved", day, day)
        return None

    def _ended(self, record: Plain) -> Plain:
        """The record with its last day, where the case has ended."""
        if self.leaving is not None:
            record["end_date"] = _iso(self.leaving.term)
        return record

    # the whole -------------------------------------------------------------------------------------------------------
    def tell(self) -> Plain:
        self._health()
        self._schooling()
        case = self.case
        self._file()
        case["child"] = self._child()
        case["circumstances"] = self._circumstances()
        if not self.sheltered:
            case["household"] = self._household()
        case["parent_situation"] = [dict(situation) for situation in self.family.situations]
        self._care()
        self._determinations()
        self._insurance()
        self._benefits()
        self._services()
        self._visits()
        self._movements()
        return case

    def _file(self) -> None:
        case, place, rng = self.case, self.place, self.rng
        case["case_id"] = self.case_id
        case["division"] = place.county
        if place.township is not None:
            case["township"] = place.township
        if place.village is not None:
            case["village"] = place.village
        case["worker_name"] = place.worker_name
        case["filing_date"] = _iso(self.filed)
        case["filing_no"] = f"备案{self.number}"
        case["filing_office"] = place.office
        case["status"] = "closed" if self.leaving else "suspended" if self.suspended else "open"
        case["opened_on"] = _iso(self.opened)
        if self.leaving is not None:
            case["closed_on"] = _iso(self.leaving.closed)
            case["exit_reason"] = self.leaving.reason
        family = self.family
        if family.category in ("E-1", "E-4", "E-5") and family.form == "shelter":
            self.status = "C"
        elif family.category in ("B", "E-2", "E-3", "E-6") or family.form == "left_behind":
            self.status = "B"
        else:
            self.status = "A" if family.form in ("parents", "institution", "foster") or rng.random() < 0.7 else "B"
        case["guardianship_status"] = self.status

    def _child(self) -> Plain:
        child, family, rng = self.child, self.family, self.rng
        county = self.place.county
        made: Plain = {"name": child.name, "sex": child.sex, "birth_date": _iso(child.birth), "nationality": "CHN"}
        if self.has_id:
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
        if self.sheltered:
            house = "welfare_institution" if family.form == "institution" else "rescue_protection"
            residence = self.setting.organisations[house]["address"] if family.form != "foster" else family.address
        if not self.has_id:
            made["hukou_type"] = "0" if family.category == "A" else {"unknown": "pending"}
        else:
            made["hukou_type"] = "3" if family.found else "2" if self.place.rural else "1"
            made["hukou_division"] = county
            if not self.sheltered and rng.random() < 0.5:
                made["hukou_address"] = family.address
        made["residence_division"] = county
        made["residence_address"] = residence
        if self.leaving is not None and self.leaving.reason == "died":
            made["death_date"] = _iso(self.leaving.term)
        else:
            made["health_status"] = self.health
        if family.form == "left_behind":
            made["left_behind"] = True
            made["left_behind_since"] = _iso(family.since)
        elif family.form == "parents":
            made["left_behind"] = False
            if self._migrant():
                made["hukou_division"] = self._other_county()
                made.pop("hukou_address", None)
                made["migrant"] = True
                made["migrant_since"] = _iso(max(child.birth, self.setting.first - 400))
        if family.found is False and rng.random() < 0.01:
            made["former_name"] = (
                child.name[:1] + "小" + child.name[-1] if "·" not in child.name else {"unknown": "not_asked"}
            )
        if self.sheltered and rng.random() < 0.3:
            made["photo_reference"] = f"{self.case_id}.jpg"
        return made

    def _migrant(self) -> bool:
        # of the family, so that siblings agree; another county is needed to come from
        return self.family.index % 29 == 3 and self.family.form == "parents" and len(self.setting.places) > 1

    def _other_county(self) -> str:
        places = self.setting.places
        start = self.family.index * 997 % len(places)
        for step in range(0, len(places), 97):
            county = places[(start + step) % len(places)].county
            if county != self.place.county:
                return county
        return "410105" if self.place.county != "410105" else "410102"

    def _circumstances(self) -> Plain:
        family, rng = self.family, self.rng
        category = family.category
        made: Plain = {"assessed_on": _iso(self.checked), "evidence": "入户核实记录、证明材料"}
        if category == "B":
            made |= {
                "labour_capacity": False,
                "income_source": False,
                "supporters_able": False,
                "living_difficulty": True,
            }
        elif category == "C":
            made["medical_difficulty"] = bool(self.ill) or rng.random() < 0.5
            made["care_difficulty"] = not self.ill or rng.random() < 0.5
            if self.earlier is not None:
                made["living_difficulty"] = True
        elif category == "D":
            made["living_difficulty"] = family.index % 3 != 0
            # facts of the child: one difficulty at least
            made["schooling_difficulty"] = not made["living_difficulty"] and bool(self.stage)
            if not made["living_difficulty"] and not made["schooling_difficulty"]:
                made["medical_difficulty"] = True
            if self.hiv:
                made["hiv_infected"] = True
        elif category == "A":
            made["living_difficulty"] = True
        else:
            made["sudden_hardship"] = True
            made["shelter_needed"] = True
            made["hardship_kind"] = self._hardship_kind()
        return made

    def _hardship_kind(self) -> str:
        return {
            "E-1": "trafficking_rescued",
            "E-2": "parent_in_prison",
            "E-3": "parent_in_rehabilitation",
            "E-4": "abused",
            "E-5": "abandoned",
            "E-6": "guardianship_missing" if self.index % 3 else "guardianship_improper",
        }[self.family.category]

    # the household ---------------------------------------------------------------------------------------------------
    def _relations(self) -> tuple[str, str]:
        """What the man and the woman of the house are to the child."""
        family = self.family
        if family.form in ("parents", "mother"):
            return "51", "52"
        if family.form == "uncle":
            if not family.paternal:
                return "85", "86"
            return ("81", "82") if family.man.birth < family.father.birth else ("83", "84")
        return ("61", "62") if family.paternal else ("63", "64")

    def _relation_to_head(self, child: _Person) -> str:
        family = self.family
        boy = child.sex == "1"
        if family.form in ("parents", "mother"):
            if len(family.children) == 1:
                return "20" if boy else "30"
            older = [other for other in family.children if other.sex == child.sex and other.birth < child.birth]
            return ("23" if boy else "33") if older else ("22" if boy else "32")
        if family.form == "uncle":
            return ("93" if boy else "94") if family.paternal else ("95" if boy else "96")
        return ("41" if boy else "42") if family.paternal else ("43" if boy else "44")

    def _relation_to_child(self, other: _Person) -> str:
        if other is self.child:
            return "01"
        older = other.birth < self.child.birth
        if other.sex == "1":
            return "71" if older else "73"
        return "75" if older else "77"

    def _household(self) -> Plain:
        family = self.family
        man_is, woman_is = self._relations()
        able = family.category != "B"
        members: list[Plain] = []

        def adult(person: _Person, to_head: str, to_child: str) -> None:
            members.append(
                {
                    "name": person.name,
                    "id_number": person.id_number,
                    "relation_to_head": to_head,
                    "relation_to_child": to_child,
                    "sex": person.sex,
                    "birth_date": _iso(person.birth),
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
                    "relation_to_head": self._relation_to_head(child),
                    "relation_to_child": self._relation_to_child(child),
                    "sex": child.sex,
                    "birth_date": _iso(child.birth),
                }
            )
        household: Plain = {
            "household_no": f"{self.place.county}{family.index:07d}",
            "head_name": members[0]["name"],
            "telephone": family.telephone,
            "member": members,
        }
        if family.category in ("A", "E-6") and family.index % 11 == 0:
            household["income_per_head"] = {"unknown": "refused"}
        else:
            household["income_per_head"] = family.income
            household["income_source"] = "务农" if self.place.rural else "务工"
        if family.hardship:
            household["household_hardship"] = [dict(hardship) for hardship in family.hardship]
            if self.leaving is not None and self.leaving.reason == "improved":
                household["household_hardship"][0]["end_date"] = _iso(self.leaving.term)
        return household

    # guardians and care ----------------------------------------------------------------------------------------------
    def _parent_guardian(self, parent: _Person, capable: bool, end: int | None = None) -> Plain:
        made: Plain = {
            "name": parent.name,
            "kind": "parent",
            "id_number": parent.id_number,
            "relation_to_child": "51" if parent.sex == "1" else "52",
            "legal_basis": "by_law",
            "capable": capable,
            "start_date": _iso(self.child.birth),
        }
        if end is not None:
            made["end_date"] = _iso(end)
        return made

    def _care(self) -> None:
        family, rng, case = self.family, self.rng, self.case
        organisations = self.setting.organisations
        man_is, _ = self._relations()
        guardian: Plain
        care: Plain
        if family.form == "shelter":
            self._shelter()
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
                "start_date": _iso(family.since),
            }
            care = {
                "kind": "institution",
                "institution_code": home["credit_code"],
                "institution_name": home["name"],
                "start_date": _iso(family.since),
            }
            if family.form == "foster":
                care |= {
                    "kind": "foster_family",
                    "carer_name": family.man.name,
                    "carer_id_number": family.man.id_number,
                    "relation_to_child": "99",
                    "agreement_no": f"寄养协议{family.document}",
                    "assessment_date": _iso(family.since),
                    "assessment_passed": True,
                }
            guardians, cares = [self._ended(guardian)], [self._ended(care)]
            if self.leaving is not None and self.leaving.reason == "adopted":
                self._adopted(self.leaving.closed, guardians, cares)
            case["guardian"], case["care_arrangement"] = guardians, cares
            return
        if family.form in ("parents", "mother"):
            parent = family.father if family.form == "parents" else family.mother
            guardian = self._parent_guardian(parent, True)
            care = {
                "kind": "parental",
                "carer_name": parent.name,
                "carer_id_number": parent.id_number,
                "relation_to_child": guardian["relation_to_child"],
                "start_date": _iso(self.child.birth),
            }
        elif family.form in ("left_behind", "entrusted"):
            guardian = self._parent_guardian(family.father, family.form == "left_behind")
            care = {
                "kind": "entrusted",
                "carer_name": family.man.name,
                "carer_id_number": family.man.id_number,
                "relation_to_child": man_is,
                "agreement_no": f"委托协议{family.document}",
                "start_date": _iso(family.since),
            }
            if family.form == "entrusted":
                self._inquire("entrusted", family.man.name)
        else:
            guardian = {
                "name": family.man.name,
                "kind": "kin",
                "id_number": family.man.id_number,
                "relation_to_child": man_is,
                "legal_basis": "by_law" if family.form == "kin" else "committee_appointment",
                "capable": True,
                "telephone": family.telephone,
                "start_date": _iso(family.since),
            }
            if family.form == "uncle":
                guardian["document_no"] = f"指定监护{family.document}"
            care = {
                "kind": "kinship",
                "carer_name": family.man.name,
                "carer_id_number": family.man.id_number,
                "relation_to_child": man_is,
                "start_date": _iso(family.since),
            }
            if family.category == "E-4":
                # with the grandparents since the court took the child out of the abuser's hands
                event = self._safety_event("kin_care")
                taken = self.taken_in
                before = self._parent_guardian(family.father, False, end=taken - 1)
                guardian |= {
                    "legal_basis": "court_ruling",
                    "document_no": event["ruling_no"],
                    "start_date": _iso(taken),
                }
                care["start_date"] = _iso(taken)
                case["guardian"] = [before, self._ended(guardian)]
                case["care_arrangement"] = [self._ended(care)]
                return
        if rng.random() < 0.4:
            guardian["address"] = family.address
        case["guardian"] = [self._ended(guardian)]
        case["care_arrangement"] = [self._ended(care)]

    def _adopted(self, day: int, guardians: list[Plain], cares: list[Plain]) -> None:
        adopter = self.family.man
        registered = f"收养登记{self.family.document}"
        guardians.append(
            {
                "name": adopter.name,
                "kind": "parent",
                "id_number": adopter.id_number,
                "relation_to_child": "57",
                "legal_basis": "adoption",
                "document_no": registered,
                "capable": True,
                "start_date": _iso(day),
            }
        )
        cares.append(
            {
                "kind": "adoption",
                "carer_name": adopter.name,
                "carer_id_number": adopter.id_number,
                "relation_to_child": "57",
                "assessment_date": _iso(max(self.opened, day - 12)),
                "assessment_passed": True,
                "registration_no": registered,
                "start_date": _iso(day),
            }
        )

    def _inquire(self, arranged: str, contacted: str) -> None:
        family = self.family
        prison = family.category == "E-2"
        asked = family.since - 1 if family.since > family.term_start else family.since
        inquiry: Plain = {
            "asked_at": f"{_iso(asked)}T{9 + self.index % 8:02d}:30:00",
            "asked_by": f"{self.setting.division_name}{'监狱' if prison else '强制隔离戒毒所'}",
            "parent": "father",
            "answer": "without_care",
            "contacted": contacted,
            "arranged": arranged,
            "arranged_on": _iso(family.since),
        }
        if arranged == "entrusted":
            inquiry["agreement_no"] = f"委托协议{family.document}"
        self.case["care_inquiry"] = [inquiry]

    def _shelter(self) -> None:
        """Taken in by the rescue body: the child of a prisoner for a while, others in temporary custody by a ruling."""
        family, case = self.family, self.case
        body = self.setting.organisations["rescue_protection"]
        care: Plain = {
            "kind": "temporary_shelter",
            "institution_code": body["credit_code"],
            "institution_name": body["name"],
        }
        case["care_arrangement"] = [care]
        if family.category in ("E-2", "E-3"):
            care["start_date"] = _iso(family.since)
            self.taken_in = family.since
            case["guardian"] = [self._ended(self._parent_guardian(family.father, False))]
            self._inquire("temporary_shelter", body["name"])
        else:
            event = self._safety_event("temporary_custody")
            care["start_date"] = _iso(self.taken_in)
            custody: Plain = {
                "name": body["name"],
                "kind": "civil_affairs_temporary",
                "credit_code": body["credit_code"],
                "legal_basis": "court_ruling",
                "document_no": event["ruling_no"],
                "capable": True,
                "telephone": body["telephone"],
                "start_date": _iso(self.taken_in),
            }
            case["guardian"] = [self._ended(custody)]
            if not family.found:
                case["guardian"].insert(0, self._parent_guardian(family.father, False, end=self.taken_in - 1))
        self._ended(care)

    def _safety_event(self, outcome: str) -> Plain:
        rng, family = self.rng, self.family
        found = self.opened - _between(rng, 8, 11)
        assessed = found + _between(rng, 1, 3)
        self.taken_in = intervened = assessed + _between(rng, 1, 4)
        hour = _between(rng, 8, 15)
        source, role = _pick(rng, (("unit", "school"), ("unit", "hospital"), ("visit", "village_committee")))
        harm = {"E-1": "trafficking", "E-5": "abandonment"}.get(family.category) or _pick(rng, ("violence", "neglect"))
        event: Plain = {
            "source": source,
            "reporter_role": role,
            "harm": harm,
            "found_at": f"{_iso(found)}T{hour:02d}:10:00",
            "reported_at": f"{_iso(found)}T{hour + 1:02d}:00:00",
            "police_station": f"{self.place.township_name}派出所",
            "police_case_no": f"公接{self.number}",
            "responded_at": f"{_iso(found)}T{hour + 2:02d}:40:00",
            "assessed_at": f"{_iso(assessed)}T10:00:00",
            "intervened_at": f"{_iso(intervened)}T15:00:00",
            "ruling_no": f"民特{self.number}",
            "outcome": outcome,
        }
        if family.category == "E-4":
            event["admonished"] = True
            event["liability"] = "公安机关已立案"
        self.case["safety_event"] = [event]
        return event

    # determination and procedure -------------------------------------------------------------------------------------
    def _determinations(self) -> None:
        place, rng, case = self.place, self.rng, self.case
        determination: Plain = {
            "scheme": _SCHEME,
            "category": self.family.category,
            "start_date": _iso(self.decided),
            "decided_by": place.office,
            "document_no": f"困认{self.number}",
        }
        if self.leaving is None:
            determination["review_date"] = _iso(_years_later(self.decided, 1))
        else:
            self._ended(determination)
            determination["end_reason"] = self.leaving.reason
        township = f"{place.township_name}人民政府"
        steps: list[Plain] = [
            {"step": "application", "step_date": _iso(self.opened), "office": township},
            {
                "step": "decision",
                "step_date": _iso(self.decided),
                "office": place.office,
                "result": "passed",
                "notified_on": _iso(self.told),
            },
            {"step": "filing", "step_date": _iso(self.filed)},
        ]
        if rng.random() < 0.25 or self.earlier is not None:
            steps.insert(1, {"step": "acceptance", "step_date": _iso(self.accepted), "result": "accepted"})
            steps.insert(2, {"step": "check", "step_date": _iso(self.checked), "office": township, "result": "passed"})
            steps.append({"step": "notice", "step_date": _iso(self.told), "office": township})
        case["determination"] = [determination]
        if self.earlier is not None:
            steps.insert(3, {"step": "decision", "step_date": _iso(self.earlier), "result": "passed"})
            case["determination"].insert(
                0,
                {
                    "scheme": _SCHEME,
                    "category": "D",
                    "start_date": _iso(self.earlier),
                    "end_date": _iso(self.decided - 1),
                    "decided_by": place.office,
                    "document_no": f"困认初{self.number}",
                    "end_reason": "other_category",
                },
            )
        case["procedure"] = steps

    # health ----------------------------------------------------------------------------------------------------------
    def _health(self) -> None:
        rng, family, setting, child = self.rng, self.family, self.setting, self.child
        category = family.category
        self.ill: Plain | None = None
        self.disabled: Plain | None = None
        self.grade = ""
        self.issued = 0
        self.health = "10" if rng.random() < 0.8 else "20"
        self.hiv = category == "D" and len(family.children) == 1 and family.form == "parents" and rng.random() < 0.006
        toddler = child.birth > setting.first - 500
        if category == "C":
            if toddler or rng.random() < 0.3:
                self._fall_ill("Q21" if toddler else None)
            if not self.ill or (not toddler and rng.random() < 0.05):
                self._disable(_pick(rng, ("1", "2")))
        elif not toddler and rng.random() < (0.3 if family.form == "institution" else 0.05):
            self._disable(_pick(rng, ("3", "4")))

    def _fall_ill(self, icd10: str | None) -> None:
        rng, child = self.rng, self.child
        code, name, self.health = _pick(rng, _ILLNESSES) if icd10 is None else _ILLNESSES[3]
        diagnosed = _between(rng, child.birth + 3, max(child.birth + 10, self.setting.first - 1))
        hospital = f"{self.setting.division_name}中心医院"
        self.ill = {
            "icd10": code,
            "icd10_edition": "ICD-10",
            "name": name,
            "disease_list": "listed",
            "diagnosis_date": _iso(diagnosed),
            "hospital": hospital,
            "document_no": f"诊断{self.case_id}",
        }
        self.case["illness"] = [self.ill]

    def _disable(self, grade: str) -> None:
        rng, child, setting = self.rng, self.child, self.setting
        kind = _pick(rng, "1234455667")
        self.grade = grade
        self.health = _DISABLED_HEALTH[kind]
        day = _between(rng, max(child.birth + 200, setting.last - 3500), setting.first - 1)
        disabled: Plain = {"disability_class": kind, "disability_grade": grade}
        if self.has_id:
            self.issued = day
            disabled |= {
                "certificate_no": f"{child.id_number}{kind}{grade}",
                "issue_date": _iso(day),
                "expiry_date": _iso(_years_later(day, 10)),
                "issuing_body": f"{self.place.county_name}残疾人联合会",
            }
        else:
            disabled |= {"diagnosed_only": True, "diagnosis_date": _iso(day)}
        if kind == "6":
            disabled["autism"] = rng.random() < 0.7
        elif kind == "7":
            disabled["note"] = "肢体、智力多重残疾"
        self.disabled = disabled
        self.case["disability"] = [disabled]

    # school ----------------------------------------------------------------------------------------------------------
    def _schooling(self) -> None:
        rng, setting, child, place = self.rng, self.setting, self.child, self.place
        self.stage = ""
        self.at_school = False
        year = setting.school_year if self.stop >= setting.school_year else _years_later(setting.school_year, -1)
        age = _age(child.birth, year)
        if age not in _GRADES or (age < 6 and rng.random() < 0.25) or (age >= 15 and rng.random() < 0.2):
            return
        stage, grade = _GRADES[age]
        if age >= 15 and rng.random() < 0.45:
            stage = "vocational"
        self.stage = stage
        entered, school, digit = _STAGES[stage]
        spell: Plain = {
            "stage": stage,
            "start_date": _iso(_years_later(year, entered - age)),
            "status": "01",
        }
        if age >= 7 and age < 15 and self.grade == "1" and rng.random() < 0.15:
            # of school age and never taken in, for a severe disability
            spell |= {"stage": "primary", "status": "99", "never_enrolled": True, "drop_out_reason": "disability"}
            spell["start_date"] = _iso(_years_later(year, 6 - age))
            self.stage = ""
            self.case["schooling"] = [spell]
            self._refer("教育体育局", "协调送教上门", self.filed)
            return
        spell |= {
            "school_code": f"{place.county}{(place.township or '000000001')[6:]}{digit}",
            "school_name": f"{place.township_name}{school}",
            "grade": grade if stage != "vocational" else f"{'一二三'[age - 15]}年级",
            "mode": "ordinary",
        }
        if _years_later(year, entered - age) >= place.since:
            spell["school_division"] = place.county
        if stage != "preschool":
            if self.has_id:
                spell["student_no"] = f"G{child.id_number}"
            else:
                # J: school division, date, a number, and a check character whose rule is not published
                spell["student_no"] = f"J{place.county}{child.id_number[6:17]}{self.index % 10}"
            spell["boarding"] = "2" if age >= 12 and rng.random() < 0.6 else "1"
        if self.grade:
            spell["mode"] = "inclusive"
            if self.grade in "12" and stage != "preschool":
                spell["mode"] = _pick(rng, ("special_school", "special_school", "inclusive", "home"))
            if spell["mode"] == "special_school":
                spell["school_name"] = f"{place.county_name}特殊教育学校"
                spell["school_code"] = f"{place.county}0009"
            elif spell["mode"] == "home":
                spell["boarding"] = "9"
        if self._migrant():
            spell["migrant_pupil"] = True
        if stage != "preschool" and rng.random() < 0.35:
            spell["school_registered"] = True
            spell["counselled"] = rng.random() < 0.5
        self.at_school = True
        self.case["schooling"] = [spell]
        if age >= 12 and rng.random() < 0.02:
            left = _between(rng, year, min(self.stop, year + 25))
            spell |= {
                "status": "06",
                "drop_out_reason": _pick(rng, ("unwilling", "poverty", "care", "work" if age >= 16 else "unwilling")),
                "drop_out_date": _iso(left),
            }
            self.at_school = False
            self._refer("教育体育局", "劝返复学", max(left, self.filed))
        elif self.leaving is not None and self.leaving.reason == "died":
            spell["status"] = "11"
            spell["end_date"] = _iso(self.leaving.term)

    def _refer(self, to: str, matter: str, since: int) -> None:
        rng = self.rng
        referred = _between(rng, since, min(self.stop, since + 20))
        accepted = min(self.stop, referred + int(rng.random() * 4))
        referral: Plain = {
            "from_body": self.place.office,
            "to_body": f"{self.place.county_name}{to}",
            "matter": matter,
            "referred_on": _iso(referred),
            "accepted_on": _iso(accepted),
            "result": "under_way",
            "green_channel": rng.random() < 0.3,
        }
        finished = accepted + _between(rng, 3, 15)
        if finished <= self.stop:
            referral["finished_on"] = _iso(finished)
            referral["result"] = "settled"
        self.case["referral"] = [referral]

    # insurance -------------------------------------------------------------------------------------------------------
    def _insurance(self) -> None:
        setting, child, category = self.setting, self.child, self.family.category
        year_start = date(setting.year, 1, 1).toordinal()
        if child.birth >= year_start:
            person = "1401"
        elif self.at_school and self.stage != "preschool":
            person = "1403"
        else:
            person = "1402" if _age(child.birth, setting.last) < 6 else "1405"
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
        if self.ill:
            insurance |= {"serious_illness": True, "supplementary": True, "ratio_raised": True, "ceiling_raised": True}
        if self.leaving is not None and self.leaving.reason == "died":
            insurance["status"] = "4"
            insurance["end_date"] = _iso(self.leaving.term)
        self.case["insurance"] = [insurance]

    # benefits --------------------------------------------------------------------------------------------------------
    def _benefits(self) -> None:
        family, rng = self.family, self.rng
        self.case["benefit"] = []
        category, form = family.category, family.form
        kind_of_hardship = family.hardship[0]["kind"] if family.hardship else ""
        hardship_start = family.hardship[0]["start_date"] if family.hardship else ""
        if category == "A":
            start = min(self.opened, family.since + _between(rng, 0, 60))
            at_home = form in ("kin", "uncle")
            rate = _RATES["orphan_allowance" if at_home else "orphan_allowance_institution"]
            self._monthly("orphan_allowance", rate, start, "orphan_fund", subsistence=True)
        elif category == "B":
            start = date.fromisoformat(hardship_start).toordinal()
            self._monthly("destitute_support", _RATES["destitute_support"], start, "hardship_fund", subsistence=True)
        elif category in ("C", "D"):
            covered = min(_next_month(self.child.birth), self.opened)
            start = max(date.fromisoformat(hardship_start).toordinal(), covered)
            kind = "hiv_allowance" if self.hiv else "minimum_living"
            rate = _RATES["hiv_allowance" if self.hiv else kind_of_hardship]
            self._monthly(kind, rate, start, "orphan_fund" if self.hiv else "hardship_fund", subsistence=True)
        elif form == "shelter":
            rate = _RATES["institution_allowance"]
            self._monthly("institution_allowance", rate, self.taken_in, "local_budget", subsistence=True)
        else:
            self._once("temporary_assistance", _RATES["temporary_assistance"], "hardship_fund")
        if category == "C" and self.issued and self.grade in ("1", "2"):
            start = max(self.issued, _SUBSIDY_START)
            rate = _RATES["disability_nursing_subsidy"]
            self._monthly("disability_nursing_subsidy", rate, start, "disability_fund")
        if self.ill and rng.random() < 0.6:
            self._once("medical_assistance", _RATES["medical_assistance"], "medical_fund")
        self._school_aid()

    def _benefit(self, kind: str, amount: str, unit: str, start: int, fund: str) -> Plain:
        home = self.setting.organisations
        if self.family.form in ("institution", "foster"):
            holder = home["welfare_institution"]["name"]
        elif self.family.form == "shelter":
            holder = home["rescue_protection"]["name"]
        else:
            holder = (self.family.woman if self.family.form == "mother" else self.family.man).name
        benefit: Plain = {
            "kind": kind,
            "amount": amount,
            "unit": unit,
            "start_date": _iso(start),
            "payer_level": "county",
            "fund": fund,
            "account_holder": holder,
        }
        self.case["benefit"].append(self._ended(benefit))
        return benefit

    def _monthly(self, kind: str, amount: str, start: int, fund: str, subsistence: bool = False) -> None:
        rng = self.rng
        benefit = self._benefit(kind, amount, "month", start, fund)
        stop = self.stop
        if subsistence:
            benefit["approval_no"] = f"批{self.number}"
            if self.suspended and start < self.setting.months[-1].first:
                benefit["suspended_from"] = _iso(self.setting.months[-1].first)
                stop = self.setting.months[-1].first - 1
        payments: list[Plain] = []
        for month in self.setting.months:
            if month.last < start or month.first > stop:
                continue
            first = max(month.first, start)
            last = min(month.last, stop)
            day = min(last, max(first, month.first + 4) + int(rng.random() * 10))
            payments.append({"period": month.name, "amount": amount, "paid_on": _iso(day), "status": "made"})
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

    def _pay_once(self, benefit: Plain, start: int) -> None:
        last = min(_next_month(start) - 1, self.stop)
        benefit["payment"] = [
            {
                "period": _iso(start)[:7],
                "amount": benefit["amount"],
                "paid_on": _iso(_between(self.rng, start, last)),
                "status": "made",
            }
        ]

    def _once(self, kind: str, amount: str, fund: str) -> None:
        self._pay_once(self._benefit(kind, amount, "once", self.decided, fund), self.decided)

    def _school_aid(self) -> None:
        setting = self.setting
        start = max(setting.school_year, self.decided)
        if not (self.at_school and self.family.registered_poor) or setting.school_year < _SCHOOL_AID_START:
            return
        if start > self.stop:
            return
        for kind, amount in _SCHOOL_AID[self.stage]:
            fund = "poverty_fund" if kind == "rain_dew" else "education_fund"
            self._pay_once(self._benefit(kind, amount, "year", start, fund), start)

    # what else is given, seen and handed over ------------------------------------------------------------------------
    def _services(self) -> None:
        rng, family, child = self.rng, self.family, self.child
        services: list[Plain] = []
        age = _age(child.birth, self.setting.last)
        gaps: list[Plain] = []

        def serve(kind: str, organisation: str, **more: Any) -> None:
            start = _between(rng, self.filed, self.stop)
            provider = self.setting.organisations[organisation]
            service: Plain = {
                "kind": kind,
                "provider_name": provider["name"],
                "provider_code": provider["credit_code"],
                "start_date": _iso(start),
            }
            services.append(service | more)

        if self.disabled is not None:
            waiting = _iso(self.opened)
            if family.category == "A" and not self.sheltered:
                serve("tomorrow_plan", "welfare_institution", waiting_since=waiting)
            elif age <= 6:
                kind = {"2": "speech_training", "4": "assistive_device"}.get(
                    self.disabled["disability_class"], "rehabilitation_training"
                )
                serve(kind, "rehabilitation", waiting_since=waiting, cost="1200", paid_by="残疾儿童康复救助资金")
            elif rng.random() < 0.5:
                serve("upbringing_guidance", "welfare_institution")
            else:
                gaps.append({"field": "disability", "reason": "正在评估康复需求", "noted_on": _iso(self.checked)})
        if family.category in ("E-4", "E-5", "E-1") or rng.random() < 0.03:
            serve("counselling", "guidance_centre")
        if family.category in ("E-2", "E-4") and rng.random() < 0.3:
            serve("legal_aid", "guidance_centre")
        if age < 3 and rng.random() < 0.5:
            gaps.append({"field": "education", "reason": "未到入学年龄", "noted_on": _iso(self.checked)})
        if services:
            self.case["service"] = services
        if gaps:
            self.case["protection_gap"] = gaps

    def _visits(self) -> None:
        rng, place = self.rng, self.place
        need = {"B": "care", "C": "rehabilitation" if self.disabled else "medical", "D": "living"}
        visits: list[Plain] = []
        day = min(self.stop, self.told + int(rng.random() * 12))
        while day <= self.stop:
            visit: Plain = {
                "visitor_name": place.worker_name if rng.random() < 0.8 else place.officer_name,
                "visit_date": _iso(day),
                "child_seen": True,
                "guardianship_status": self.status,
                "need": need.get(self.family.category, "none" if self.status == "A" else "psychological"),
            }
            if rng.random() < 0.3:
                visit["observation"] = _pick(rng, _OBSERVATIONS[:4] if self.ill is None else _OBSERVATIONS[4:])
            if not visits and rng.random() < 0.2:
                visit["survey_round"] = f"{_iso(day)[:4]}年困境儿童全面排查"
            visits.append(visit)
            day += _between(rng, 40, 75)
        self.case["visit"] = visits

    def _movements(self) -> None:
        rng, leaving = self.rng, self.leaving
        if leaving is not None and leaving.reason == "moved":
            self.case["handover"] = [
                {
                    "from_division": self.place.county,
                    "to_division": self._other_county(),
                    "handover_date": _iso(leaving.term),
                    "last_paid_month": _iso(leaving.term)[:7],
                    "first_paid_month": _iso(_next_month(leaving.term))[:7],
                    "acknowledged": True,
                    "acknowledged_on": _iso(leaving.closed),
                }
            ]
        elif "referral" not in self.case and rng.random() < 0.03:
            self._refer(*_pick(rng, _REFERRAL_MATTERS), self.filed)


# --- the front line ---------------------------------------------------------------------------------------------------
def _front_line(setting: _Setting, places: Sequence[_Place]) -> Iterator[tuple[str, Plain]]:
    """Workers, then sites, of the villages that have a file."""
    new_roles = setting.first >= _NEW_ROLES
    opening = _NEW_ROLES if new_roles else date(2017, 1, 1).toordinal()
    sites: list[Plain] = []
    seen: set[str] = set()
    for place in places:
        rng = Random(f"{setting.seed}/front/{place.code}")
        post: Plain = {"division": place.county}
        above = place.township or place.county
        since = max(opening, place.since)
        if place.township is not None:
            post["township"] = place.township
        if above not in seen:
            seen.add(above)
            start = since if new_roles else max(place.since, _between(rng, opening - 900, opening))
            role = "child_supervisor" if new_roles else "township_officer"
            yield "worker", _worker(rng, f"W{above}", place.officer_name, role, start, setting, post)
            sites.append(
                {
                    "site_id": f"S{above}",
                    "name": f"{place.township_name}儿童福利服务站",
                    "kind": "welfare_station",
                    "address": f"{full_name(above)}便民服务中心",
                    "start_date": _iso(max(place.since, _between(rng, opening - 200, opening + 150))),
                    **post,
                }
            )
        if place.village is None:
            continue
        post = post | {"village": place.village}
        role = "child_director"
        if not new_roles:
            role = _weighted(
                rng,
                (
                    ("child_welfare_director_2017", 6),
                    ("child_welfare_supervisor_2017", 3),
                    ("child_rights_monitor_2017", 1),
                ),
            )
        start = since if new_roles else max(place.since, _between(rng, opening, opening + 150))
        yield "worker", _worker(rng, f"W{place.village}", place.worker_name, role, start, setting, post)
        if rng.random() < 0.4:
            sites.append(
                {
                    "site_id": f"S{place.village}",
                    "name": f"{place.address.split(place.township_name)[-1]}儿童之家",
                    "kind": "childrens_home",
                    "address": place.address,
                    "facilities": "图书角、活动室、亲情视频",
                    "start_date": _iso(max(place.since, _between(rng, opening - 200, opening + 150))),
                    **post,
                }
            )
    for site in sites:
        yield "service_site", site


def _worker(rng: Random, worker_id: str, name: str, role: str, start: int, setting: _Setting, post: Plain) -> Plain:
    worker: Plain = {
        "worker_id": worker_id,
        "name": name,
        "role": role,
        "full_time": rng.random() < 0.3,
        "telephone": _phone(rng),
        "start_date": _iso(start),
        **post,
    }
    if rng.random() < 0.6:
        worker["trained_on"] = _iso(_between(rng, max(start, setting.last - 90), setting.last))
    return worker


# --- the submission ---------------------------------------------------------------------------------------------------
def _header(setting: _Setting, digester: Digester) -> Plain:
    divisions = code_list("division")
    level = "province" if setting.division[2:] == "0000" else "city" if setting.division[4:] == "00" else "county"
    bureau = setting.organisations["civil_affairs"]
    header: Plain = {
        "version": VERSION,
        "message_type": "case_submission",
        "edition": _SCHEME,
        "sender_code": bureau["credit_code"],
        "sender_name": bureau["name"],
        "sender_division": setting.division,
        "sender_level": level,
        "period": setting.period,
        "period_end": _iso(setting.last),
        "sequence_no": 1,
        "kind": "full",
        "submission_no": f"{setting.division}-{setting.period}-1",
        "created_at": f"{_iso(setting.last)}T18:00:00",
        "record_count": digester.count,
        "digest": digester.digest(),
    }
    above = divisions.parent_of(setting.division, date.fromordinal(setting.last))
    if above is not None:
        header["receiver_name"] = f"{divisions.name_of(above)}民政{'厅' if above[2:] == '0000' else '局'}"
        header["receiver_division"] = above
    return header


def _cases(
    setting: _Setting, children: int, distort: Callable[[int, Plain, Random], None] | None, used: dict[str, _Place]
) -> Iterator[Plain]:
    people = _People(setting)
    family: _Family | None = None
    for index in range(children):
        rng = Random(f"{setting.seed}/{index}")
        if family is None or index - family.index >= len(family.children):
            family = _family(setting, people, index, rng)
            used[family.place.code] = family.place
        case = _Story(setting, people, family, index, rng).tell()
        if distort is not None:
            distort(index, case, Random(f"{setting.seed}/{index}/distort"))
        yield case


def _replay(path: Path, kind: str) -> Iterator[tuple[str, Plain]]:
    with path.open("rb") as lines:
        for line in lines:
            yield kind, from_json(line)


def _submission(
    setting: _Setting, children: int, distort: Callable[[int, Plain, Random], None] | None
) -> Iterator[tuple[str, Plain]]:
    digester = Digester()
    used: dict[str, _Place] = {}
    with work_folder() as folder:
        # the header carries count and digest, so all is made before anything is given
        cases = folder / "case_file.jsonl"
        with cases.open("wb") as spool:
            for case in _cases(setting, children, distort, used):
                line = canonical_json(arrange(CaseFile, case))
                digester.add("case_file", line)
                spool.write(line + b"\n")
        others = [("organisation", organisation) for organisation in setting.organisations.values()]
        others += _front_line(setting, [used[code] for code in sorted(used)])
        others.sort(key=lambda record: list(KINDS).index(record[0]))
        others = [(kind, arrange(KINDS[kind], data)) for kind, data in others]
        for kind, data in others:
            digester.add(kind, canonical_json(data))
        yield "header", arrange(Header, _header(setting, digester))
        yield from others
        yield from _replay(cases, "case_file")


def generate(
    children: int,
    *,
    division: str = "411300",
    period: str = "2017Q3",
    seed: int = 0,
    distort: Callable[[int, Plain, Random], None] | None = None,
) -> Iterator[tuple[str, Plain]]:
    """A submission of made-up case files: header, organisations, workers, service sites, and ``children`` files.

    Everything is a function of the arguments and the version. The files have no fault under the edition henan-2017,
    unless ``distort(index, case, rng)`` puts one in: it is called on each finished file, with a chance of its own, and
    may change the file in place. Memory does not grow with ``children``; the files are spooled to a private folder
    until the iteration ends. Townships and villages are given where they are known (Nanyang).

    Raises:
        InvalidArgument: the division does not exist on the last day of the period, the period is none or ends before
            the policy, or ``children`` is negative or over a million.
    """
    if not 0 <= children <= _MOST:
        raise InvalidArgument(
            f"儿童数应在 0 至 {_MOST} 之间", f"the number of children must be 0 to {_MOST}", children=children
        )
    return _submission(_setting(division, period, seed), children, distort)
