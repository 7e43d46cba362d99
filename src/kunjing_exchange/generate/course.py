"""The course of a case: from the application to the last day, and what ends it."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from kunjing_exchange.generate.days import between, iso, years_later
from kunjing_exchange.generate.people import Family
from kunjing_exchange.generate.setting import Setting
from kunjing_exchange.wire.record import Plain


class Leaving(NamedTuple):
    """Why and when a file is closed; ``term`` is the last day of what ends with it."""

    reason: str
    closed: int
    term: int


class Course:
    """One child's case: its days, the facts that several parts of the file tell, and the file as far as it is told."""

    status: str
    """Of the guardianship, when the file is told."""
    health: str
    """When illness and disability are told."""
    taken_in: int
    """Since when out of the hands of the parents, where a body or a court took the child out of them."""

    def __init__(self, setting: Setting, family: Family, index: int, rng: Random) -> None:
        self.setting, self.family, self.index, self.rng = setting, family, index, rng
        self.child = family.children[index - family.index]
        self.place = family.place
        self.case_id = f"{self.place.county}-{index + 1:07d}"
        self.number = f"〔{setting.year}〕{index + 1}号"
        self.sheltered = family.form in ("institution", "foster", "shelter")
        self.has_id = not (family.found and (family.category == "E-1" or rng.random() < 0.7))
        self.case: Plain = {}
        self.hiv = False
        self.ill: Plain | None = None
        self.disabled: Plain | None = None
        self.grade = ""  # of the disability
        self.issued = 0  # when its certificate was
        self.stage = ""  # of school
        self.at_school = False
        self._decide_days()

    def _decide_days(self) -> None:
        rng, setting, family = self.rng, self.setting, self.family
        birth = self.child.birth
        eighteenth = years_later(birth, 18)
        of_age = eighteenth <= setting.last
        latest = eighteenth - 14 if of_age else setting.last - 14
        draw = 1.0 if of_age or len(family.children) > 1 or family.category.startswith("E") else rng.random()
        first = max(setting.first, birth + 15, self.place.since)
        if family.form == "shelter" or family.category == "E-4":
            first = max(first, setting.first + 12)  # room for what led to the file
        first = min(first, latest)
        self.opened = between(rng, first, min(latest, first + 12) if draw < 0.12 else latest)
        self.accepted = self.opened + int(rng.random() * 3)
        self.checked = self.accepted + int(rng.random() * 4)
        self.decided = self.checked + int(rng.random() * 4)
        self.earlier: int | None = None
        if family.category == "C" and not of_age and draw > 0.94 and self.opened < setting.last - 40:
            self.earlier = self.decided
            self.decided += between(rng, 8, 15)
        self.filed = self.decided + int(rng.random() * 4)
        self.told = self.filed + int(rng.random() * 3)
        self.leaving = self._leave(draw, eighteenth if of_age else None)
        self.stop = self.leaving.term if self.leaving else setting.last
        self.suspended = family.category == "D" and self.leaving is None and 0.5 < draw < 0.508

    def _leave(self, draw: float, eighteenth: int | None) -> Leaving | None:
        rng, last = self.rng, self.setting.last
        told = max(self.told, self.setting.months[0].first)  # payments are told from there on
        if eighteenth is not None:
            return Leaving("of_age", min(last, eighteenth + int(rng.random() * 4)), eighteenth - 1)
        if draw < 0.006:
            day = between(rng, told, last)
            return Leaving("died", min(last, day + int(rng.random() * 4)), day)
        if self.family.form == "institution":
            if draw < 0.07:
                day = between(rng, told + 1, last)
                return Leaving("adopted", day, day - 1)
            return None
        if draw < 0.03 and self.family.form != "foster":
            month_before = self.setting.months[-2].last
            if told <= month_before - 4:
                day = between(rng, told, month_before - 4)
                return Leaving("moved", day + int(rng.random() * 4), day)
        elif draw < 0.05 and self.family.category == "D":
            day = between(rng, told + 1, last)
            return Leaving("improved", day, day)
        return None

    def ended(self, record: Plain) -> Plain:
        """The record with its last day, where the case has ended."""
        if self.leaving is not None:
            record["end_date"] = iso(self.leaving.term)
        return record

    def migrant(self) -> bool:
        """Of the family, so that siblings agree; another county is needed to come from."""
        return self.family.index % 29 == 3 and self.family.form == "parents" and len(self.setting.places) > 1

    def other_county(self) -> str:
        """Where the child comes from or goes to; of the family too."""
        places = self.setting.places
        start = self.family.index * 997 % len(places)
        for step in range(0, len(places), 97):
            county = places[(start + step) % len(places)].county
            if county != self.place.county:
                return county
        return "410105" if self.place.county != "410105" else "410102"

    def refer(self, to: str, matter: str, since: int) -> None:
        """The one referral of the file, to a body of the county on ``since`` or some days later."""
        rng = self.rng
        referred = between(rng, since, min(self.stop, since + 20))
        accepted = min(self.stop, referred + int(rng.random() * 4))
        referral: Plain = {
            "from_body": self.place.office,
            "to_body": f"{self.place.county_name}{to}",
            "matter": matter,
            "referred_on": iso(referred),
            "accepted_on": iso(accepted),
            "result": "under_way",
            "green_channel": rng.random() < 0.3,
        }
        finished = accepted + between(rng, 3, 15)
        if finished <= self.stop:
            referral["finished_on"] = iso(finished)
            referral["result"] = "settled"
        self.case["referral"] = [referral]
