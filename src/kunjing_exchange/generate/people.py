"""Who is made up: people with ids that never repeat, and the families they are."""

# ruff: noqa: S311 - chance has to be repeatable here, and nothing is secret

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import gcd
from random import Random
from typing import Any, NamedTuple

from kunjing_exchange.generate.days import between, iso, next_month, phone, pick, weighted, years_later
from kunjing_exchange.generate.setting import Place, Setting, adult_name
from kunjing_exchange.identifiers import check_digit
from kunjing_exchange.wire.record import Plain

_CATEGORIES = (("A", 18), ("B", 6), ("C", 20), ("D", 45), ("E", 11))
_OTHER_CATEGORIES = (("E-1", 8), ("E-2", 36), ("E-3", 19), ("E-4", 13), ("E-5", 9), ("E-6", 15))

# 2015年社会服务发展统计公报: 集中供养孤儿 9.2 万人, 社会散居孤儿 41.0 万人
_IN_INSTITUTIONS = 9.2 / (9.2 + 41.0)


class Person(NamedTuple):
    name: str
    sex: str
    birth: int
    id_number: str
    ethnicity: str


class People:
    """Children and adults whose ids never repeat.

    A child's birth date runs through all days from 40 days to 18 years ago (and a little more, for those who come of
    age) in steps of 839 days, so neighbours by index are of different ages; each full round takes the next sequence.
    Adults are older than the first child of their family by a number of days that depends on the county and the round
    only, so that their dates differ as the children's do.
    """

    _STRIDE = 839

    def __init__(self, setting: Setting) -> None:
        self._names = setting.names
        self._last = setting.last
        self.eighteen = setting.last - years_later(setting.last, -18)
        self.sixteen = setting.last - years_later(setting.last, -16)
        of_age = max(0, min(60, setting.last - setting.first - 25))
        self._span = self.eighteen + of_age - 40
        while gcd(self._span, self._STRIDE) != 1:
            self._span -= 1
        self._start = Random(f"{setting.seed}/people").randrange(self._span)

    def days_old(self, index: int) -> int:
        return 40 + (self._start + index * self._STRIDE) % self._span

    def child(self, index: int, county: str, sex: str, surname: str | None, rng: Random) -> Person:
        days = self.days_old(index)
        turn = index // self._span
        names = self._names
        ethnicity = "01"
        if index % 1009 == 7:
            name = names["rare_full"][index // 1009 % len(names["rare_full"])]
        elif surname is None:
            minority = names["minority"]
            first = minority["boys" if sex == "1" else "girls"]
            name = f"{first[(turn + days) % len(first)]}·{pick(rng, minority['fathers'])}"
            ethnicity = minority["ethnicity"]
        else:
            first = names["boys" if sex == "1" else "girls"]
            name = surname + first[(turn + days) % len(first)]
            draw = rng.random()
            if draw < 0.85:
                name += pick(rng, names["rare" if draw < 0.02 else "second_boys" if sex == "1" else "second_girls"])
            ethnicity = "01" if rng.random() < 0.96 else pick(rng, ("03", "03", "11", "02"))
        birth = self._last - days
        half = (turn * 37 + days * 101) % 500
        return Person(name, sex, birth, self._id(county, birth, half, sex), ethnicity)

    def adult(self, index: int, county: str, sex: str, slot: int, name: str, ethnicity: str) -> Person:
        """Slots 0 and 1 are parents, 2 uncles, foster parents and adopters (over 30), 3 and 4 grandparents.

        Slots that share sequences (0 and 3, 1 and 4) are further apart in years than the eldest child from the
        youngest.
        """
        turn = index // self._span
        chance = int(county) * 131 + turn * 373 + slot * 613 + int(sex) * 97
        older = 17_900 + chance % 3280 if slot > 2 else (11_500 if slot == 2 else 8400) + chance % 2190
        birth = self._last - self.days_old(index) - older
        return Person(name, sex, birth, self._id(county, birth, slot % 3 * 166 + turn, sex), ethnicity)

    @staticmethod
    def _id(county: str, birth: int, half: int, sex: str) -> str:
        first17 = f"{county}{iso(birth).replace('-', '')}{half * 2 + (sex == '1'):03d}"
        return first17 + check_digit(first17)


# --- families ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Family:
    """What siblings share. ``form`` says who the child lives with."""

    index: int
    category: str
    form: str
    place: Place
    children: list[Person]
    father: Person
    mother: Person
    man: Person
    woman: Person
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

    def relations(self) -> tuple[str, str]:
        """What the man and the woman of the house are to the child."""
        if self.form in ("parents", "mother"):
            return "51", "52"
        if self.form == "uncle":
            if not self.paternal:
                return "85", "86"
            return ("81", "82") if self.man.birth < self.father.birth else ("83", "84")
        return ("61", "62") if self.paternal else ("63", "64")


def _choose(setting: Setting, people: People, index: int, rng: Random) -> tuple[str, str]:
    """Category and form of living that the child's age allows."""
    days = people.days_old(index)
    newborn = setting.last - days > setting.first - 200
    category = weighted(rng, _CATEGORIES)
    draw = rng.random()
    if category == "A":
        if newborn or draw < _IN_INSTITUTIONS:
            return "A", "foster" if not newborn and draw < 0.03 else "institution"
        return "A", "uncle" if draw > 0.85 else "kin"
    if category == "E" and not newborn and days < people.eighteen:
        kind = weighted(rng, _OTHER_CATEGORIES)
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


def make_family(setting: Setting, people: People, index: int, rng: Random) -> Family:
    category, form = _choose(setting, people, index, rng)
    place = pick(rng, setting.places)
    county = place.county
    names = setting.names
    full = names["rare_full"][index // 1009 % len(names["rare_full"])] if index % 1009 == 7 else None
    minority = full is None and rng.random() < 0.004
    compound = rng.random() < 0.004
    surname = full[0] if full else None if minority else pick(rng, names["compound" if compound else "surnames"])

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
            return f"{pick(rng, uygur['boys' if sex == '1' else 'girls'])}·{pick(rng, uygur['fathers'])}"
        return adult_name(rng, names, sex, family_name)

    def adult(sex: str, slot: int, family_name: str | None) -> Person:
        name = name_of(sex, family_name)
        while name in taken:  # nobody in a family is called like another
            name = name_of(sex, family_name)
        taken.add(name)
        return people.adult(index, county, sex, slot, name, ethnicity)

    father = adult("1", parent_slot, surname)
    if minority:
        father = father._replace(name=f"{children[0].name.split('·')[1]}·{pick(rng, names['minority']['fathers'])}")
        if has_siblings:
            own = children[1].name.split("·")[0]
            children[1] = children[1]._replace(name=f"{own}·{children[0].name.split('·')[1]}")
    mother_surname = pick(rng, names["surnames"])
    mother = adult("2", parent_slot, mother_surname)
    man, woman = father, mother
    if form not in ("parents", "mother"):
        kin_surname = surname if paternal else mother_surname
        man = adult("1", slot, None if form in ("foster", "institution") else kin_surname)
        woman = adult("2", slot, None)

    family = Family(
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
        telephone=phone(rng),
        address=f"{place.address}{between(rng, 1, 18)}组{between(rng, 1, 220)}号",
        document=f"{place.county}{index:07d}",
    )
    _suffer(setting, family, rng)
    _recognise_household(setting, family, rng)
    return family


def _situation(parent: str, person: Person | None, code: str, since: int | None, **more: Any) -> Plain:
    made: Plain = {"parent": parent, "situation": code}
    if person is None:
        made["name"] = {"unknown": "foundling"}
    else:
        made["name"] = person.name
        if code != "00":  # who is at home is a member of the household
            made["id_number"] = person.id_number
    if since is not None:
        made["start_date"] = iso(since)
    made.update(more)
    return made


def _suffer(setting: Setting, family: Family, rng: Random) -> None:
    """What became of the parents, before the window opens and after the youngest child was born."""
    born = family.youngest
    father, mother = family.father, family.mother
    before = setting.first - 40
    category, form = family.category, family.form

    def dead(parent: str, person: Person, since: int) -> Plain:
        return _situation(
            parent,
            person,
            "09",
            since,
            document_no=f"死证{family.document}",
            issuing_body=f"{family.place.county_name}公安局",
        )

    def without_contact(parent: str, person: Person, since: int) -> Plain:
        return _situation(parent, person, "06", since, care_given=False)

    early = between(rng, born + 30, max(born + 30, before - 60))
    late = between(rng, early, max(early, before))
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
        family.since = late + between(rng, 1, 5)
        held = _situation(
            "father",
            father,
            code,
            late,
            end_date=iso(setting.last + between(rng, 100, 1500)),
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


def _recognise_household(setting: Setting, family: Family, rng: Random) -> None:
    """Minimum living, destitute support, registration as poor; the income that goes with it."""
    category = family.category
    rural = family.place.rural
    household = family.form not in ("institution", "foster", "shelter")
    line = next_month(between(rng, date(2012, 1, 1).toordinal(), setting.first - 60))
    if category == "B":
        start = next_month(between(rng, family.since, setting.first - 32))
        family.hardship = [{"kind": "destitute", "certificate_no": f"TK{family.document}", "start_date": iso(start)}]
        family.income = str(between(rng, 9, 26) * 100)
    elif category in ("C", "D"):
        kind = "rural_minimum_living" if rural else "urban_minimum_living"
        entry: Plain = {"kind": kind, "certificate_no": f"DB{family.document}", "start_date": iso(line)}
        if category == "C" and rng.random() < 0.3 and family.youngest < line:
            entry |= {"single_person": True, "covered_members": "仅保障患病残疾儿童本人"}
        family.hardship = [entry]
        family.income = str(between(rng, 12, 30) * 100)
    else:
        family.income = str(between(rng, 40, 90) * 100)
    if setting.poor_registered and household and rural and rng.random() < (0.45 if category in ("B", "D") else 0.2):
        family.registered_poor = True
        start = next_month(between(rng, date(2013, 12, 1).toordinal(), date(2017, 1, 31).toordinal()))
        family.hardship.append(
            {"kind": "registered_poor", "certificate_no": f"JD{family.document}", "start_date": iso(start)}
        )
