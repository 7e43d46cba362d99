"""The statistical tables once more: plain Python over the models, one record at a time, without SQL or declarations.

It says in its own words what every figure counts, so that a slip in a query or a declaration shows as a difference.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from kunjing_exchange.codes import code_list
from kunjing_exchange.model import CaseFile, Header, Record, ServiceSite, Unknown, Worker

__all__ = ["Naive", "naive_tables"]

Day = datetime.date
Figures = dict[str, int | Decimal]

SCHOOL_AGE, COMPULSORY_AGE_LIMIT, REHABILITATION_AGE_LIMIT, VISIT_YEARS = 7, 15, 7, 1
REPORT_DAYS = ACCEPT_DAYS = 0
VILLAGE_ROLES = {
    "child_welfare_director_2017", "child_welfare_supervisor_2017", "child_rights_monitor_2017", "child_director",
}  # fmt: skip
FIELD = {
    row["code"]: match[1]
    for row in code_list("benefit_kind").rows()
    if (match := re.search("field=([a-z_]+)", row["note"]))
}
DISABILITY_SERVICES = {row["code"] for row in code_list("service_kind").rows() if "form=" in row["note"]}
TABLES = ("HN-2017-1", *(f"KJ-T{number}" for number in range(1, 10)))


def known(value: Any) -> Any:
    """A fact, or None where it is unknown or absent."""
    return None if isinstance(value, Unknown) else value


def age(birth: Day, day: Day) -> int:
    """Completed years; who was born on 29 February is a year older on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def on(start: Day | None, end: Day | None, day: Day) -> bool:
    return (start is None or start <= day) and (end is None or end >= day)


@dataclass
class Naive:
    """The figures of every table by row and column, and what stands behind each."""

    day: Day
    first: Day
    by: str
    figures: dict[str, dict[str, Figures]] = field(default_factory=lambda: {name: {} for name in TABLES})
    behind: dict[tuple[str, str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def months(self) -> list[tuple[str, Day, Day]]:
        """The whole months of the period."""
        found = []
        for month in range(self.first.month, self.day.month + 1):
            first = self.first.replace(month=month)
            last = first.replace(day=calendar.monthrange(first.year, month)[1])
            if last <= self.day:
                found.append((f"{first.year}-{month:02d}", first, last))
        return found

    def put(self, table: str, row: str, key: str, column: str, value: int | Decimal = 1) -> None:
        """Add to a figure, and note on whose account."""
        figures = self.figures[table].setdefault(row, {})
        figures[column] = figures.get(column, 0) + value
        if value:
            self.behind[table, row, column].add(key)

    def row(self, division: str, township: str | None, village: str | None) -> str:
        """The row of a record at the level of the rows."""
        town = township if township is not None and township[:6] == division else None
        if township is None and village is not None and village[:6] == division:
            town = village[:9]
        if self.by == "village" and village is not None and village[:6] == division and village[:9] == town:
            return village
        if self.by in ("village", "township"):
            return town or division
        if self.by == "county":
            return division
        if self.by == "province":
            return division[:2] + "0000"
        alone = division == "419001" or (division == "411381" and self.day.year == 2017)
        return division if alone else division[:4] + "00"

    # --- case files -----------------------------------------------------------------------------------------------
    def case(self, case: CaseFile) -> None:
        row = self.row(case.division, known(case.township), known(case.village))

        def put(table: str, column: str, value: int | Decimal = 1) -> None:
            self.put(table, row, case.case_id, column, value)

        # a division has a row in every table that reads something of it
        self.movement(case, put)
        self.money(case, put)
        self.events(case, put)
        for step in case.procedure:
            if step.step == "decision" and self.first <= step.step_date <= self.day:
                told = step.notified_on is not None and step.notified_on <= self.day
                put("KJ-T9", f"informed_{'yes' if told else 'no'}")
        if case.opened_on > self.day or (case.closed_on is not None and case.closed_on <= self.day):
            return
        category = self.category(case)
        if category is not None:
            self.form(case, category, put)
            self.children(case, category, put)
            self.care(case, put)
            self.schooling(case, put)
            self.medical(case, put)
            self.inspection(case, put)

    def category(self, case: CaseFile) -> str | None:
        held = [
            (not one.principal, one.category)
            for one in case.determination
            if one.scheme == "henan-2017" and on(one.start_date, one.end_date, self.day)
        ]
        return min(held)[1] if held else None

    def age(self, case: CaseFile) -> int | None:
        birth = known(case.child.birth_date)
        return None if birth is None else age(birth, self.day)

    def protected(self, case: CaseFile, wanted: str) -> bool:
        for one in case.benefit:
            if FIELD.get(one.kind) != wanted or one.start_date > self.day or self.suspended(one, self.day, self.day):
                continue
            if one.unit == "once":
                counts = one.start_date.year == self.day.year
            elif wanted in ("medical", "disability"):
                counts = (
                    one.start_date.year == self.day.year or one.end_date is None or one.end_date.year >= self.day.year
                )
            else:
                counts = one.end_date is None or one.end_date >= self.day
            if counts:
                return True
        return False

    def suspended(self, benefit: Any, first: Day, last: Day) -> bool:
        begun = benefit.suspended_from is not None and benefit.suspended_from <= last
        return begun and (benefit.suspended_to is None or benefit.suspended_to >= first)

    def insurances(self, case: CaseFile) -> list[Any]:
        return [
            one for one in case.insurance if known(one.year) == str(self.day.year) and known(one.status) in (None, "1")
        ]

    def form(self, case: CaseFile, category: str, put: Any) -> None:
        names = {"A": "orphan", "B": "destitute", "C": "ill_or_disabled"}
        put("HN-2017-1", names.get(category[0], "other"))
        put("HN-2017-1", "total")
        if category[0] == "D":
            put("HN-2017-1", "poor_family")
        placed = any(
            one.kind != "parental" and on(one.start_date, one.end_date, self.day) for one in case.care_arrangement
        )
        yes = {
            "basic_life": self.protected(case, "basic_life"),
            "education": self.protected(case, "education"),
            "medical": bool(self.insurances(case)) or self.protected(case, "medical"),
            "guardianship": known(case.guardianship_status) in ("A", "B") or placed,
        }
        if case.disability:
            served = any(
                one.kind in DISABILITY_SERVICES
                and one.start_date is not None
                and one.start_date <= self.day
                and (one.end_date is None or one.end_date.year >= self.day.year)
                for one in case.service
            )
            yes["disability"] = served or self.protected(case, "disability")
        for name, is_so in yes.items():
            put("HN-2017-1", f"{name}_{'yes' if is_so else 'no'}")

    def children(self, case: CaseFile, category: str, put: Any) -> None:
        letter = category[0].lower() if category[0] in "ABCDF" else "e"
        sex = {"1": "male", "2": "female"}.get(case.child.sex, "unknown")
        years = self.age(case)
        band = "unknown"
        if years is not None:
            bands = ((3, "0_2"), (7, "3_6"), (13, "7_12"), (16, "13_15"), (18, "16_17"), (999, "18"))
            band = next(name for limit, name in bands if years < limit)
        kind = "0" if case.child.hukou_registered is False else known(case.child.hukou_type)
        groups = {"2": "agricultural", "4": "agricultural", "1": "non_agricultural", "3": "non_agricultural"}
        hukou = groups.get(kind, {None: "unknown", "0": "unregistered"}.get(kind, "other"))
        put("KJ-T1", "total")
        put("KJ-T1", f"category_{letter}")
        if letter == "e":
            put("KJ-T1", f"other_e{category[2]}")
        put("KJ-T1", f"sex_{sex}")
        put("KJ-T1", f"age_{band}")
        put("KJ-T1", f"hukou_{hukou}")
        put("KJ-T1", f"category_sex_{letter}_{sex}")
        put("KJ-T1", f"category_age_{letter}_{band}")

    def care(self, case: CaseFile, put: Any) -> None:
        now = [
            (one.start_date, number, one.kind)
            for number, one in enumerate(case.care_arrangement)
            if on(one.start_date, one.end_date, self.day)
        ]
        kind = max(now)[2] if now else "unknown"
        status = {"A": "a", "B": "b", "C": "c"}.get(known(case.guardianship_status), "unknown")
        put("KJ-T3", "total")
        put("KJ-T3", f"care_{kind}")
        put("KJ-T3", f"status_{status}")
        put("KJ-T3", f"care_status_{kind}_{status}")

    def schooling(self, case: CaseFile, put: Any) -> None:
        now = [
            (known(one.start_date) or Day.min, number, one)
            for number, one in enumerate(case.schooling)
            if on(known(one.start_date), one.end_date, self.day)
        ]
        spell = max(now, key=lambda entry: entry[:2])[2] if now else None
        stage, status, mode, code = "none", "other", "unknown", None
        if spell is not None:
            stage, mode = known(spell.stage) or "none", known(spell.mode) or "unknown"
            code = "never" if spell.never_enrolled else known(spell.status)
            groups = {
                "at_school": ("01", "05"), "suspended": ("02",), "dropped_out": ("03", "04", "06", "15"),
                "finished": ("07", "08", "09"), "transferred": ("10",), "never": ("never",),
            }  # fmt: skip
            status = next((name for name, codes in groups.items() if code in codes), "other")
        aided = self.protected(case, "education") or (spell is not None and spell.aid_received is True)
        put("KJ-T4", "total")
        put("KJ-T4", f"stage_{stage}")
        put("KJ-T4", f"status_{status}")
        put("KJ-T4", f"stage_status_{stage}_{status}")
        put("KJ-T4", f"aid_{'yes' if aided else 'no'}")
        put("KJ-T4", f"stage_aid_{stage}_{'yes' if aided else 'no'}")
        put("KJ-T4", f"mode_{mode}")
        years = self.age(case)
        if years is not None and SCHOOL_AGE <= years < COMPULSORY_AGE_LIMIT and status in ("never", "dropped_out"):
            put("KJ-T4", "out_of_school")

    def medical(self, case: CaseFile, put: Any) -> None:
        cover = self.insurances(case)
        assisted = any(
            one.kind == "medical_assistance"
            and one.start_date <= self.day
            and (
                one.start_date.year == self.day.year
                or (one.unit != "once" and (one.end_date is None or one.end_date.year >= self.day.year))
            )
            for one in case.benefit
        )
        helped = "yes" if assisted else "no"
        insured = "yes" if cover else "no"
        put("KJ-T5", "total")
        put("KJ-T5", f"insured_{insured}")
        put("KJ-T5", f"assisted_{helped}")
        put("KJ-T5", f"insured_assisted_{insured}_{helped}")
        if cover:
            subsidies = {known(one.premium_subsidy) for one in cover}
            subsidy = next((name for name in ("full", "part", "none") if name in subsidies), "unknown")
            put("KJ-T5", f"subsidy_{subsidy}")
            put("KJ-T5", f"subsidy_assisted_{subsidy}_{helped}")
            for name in ("serious_illness", "supplementary"):
                if any(getattr(one, name) for one in cover):
                    put("KJ-T5", f"cover_{name}")
        years = self.age(case)
        for kind in {one.kind for one in case.service}:
            same = [one for one in case.service if one.kind == kind]
            if any(
                one.start_date is not None
                and one.start_date <= self.day
                and (one.end_date is None or one.end_date >= self.first)
                for one in same
            ):
                put("KJ-T5", f"service_{kind}_served")
                if years is not None and years < REHABILITATION_AGE_LIMIT:
                    put("KJ-T5", f"service_{kind}_served_young")
            if any(
                one.waiting_since is not None
                and one.waiting_since <= self.day
                and (one.start_date is None or one.start_date > self.day)
                and (one.end_date is None or one.end_date > self.day)
                for one in same
            ):
                put("KJ-T5", f"service_{kind}_waiting")

    # --- money ----------------------------------------------------------------------------------------------------
    def money(self, case: CaseFile, put: Any) -> None:
        on_register = case.opened_on <= self.day and (case.closed_on is None or case.closed_on > self.day)
        held: set[str] = set()
        unpaid: set[str] = set()
        for one in case.benefit:
            rate = known(one.amount)
            kind = f"kind_{one.kind}"
            if one.unit == "once":
                in_force = self.first <= one.start_date <= self.day
            else:
                in_force = on(one.start_date, one.end_date, self.day)
            if on_register and in_force and not self.suspended(one, self.day, self.day):
                held.add(one.kind)
                if one.unit == "month" and rate is not None:
                    put("KJ-T2", f"{kind}_rates")
                    put("KJ-T2", f"{kind}_rate_total", rate)
            level = one.payer_level or "unknown"
            names = {name for name, _, _ in self.months}
            for payment in one.payment:
                inside = (
                    self.first <= payment.paid_on <= self.day
                    if payment.paid_on is not None
                    else f"{self.first:%Y-%m}" <= payment.period <= f"{self.day:%Y-%m}"
                )
                if payment.status != "made" or not inside:
                    continue
                sort = {"arrears": "arrears", "recovery": "recovered"}.get(payment.kind or "", "amount")
                sign = -1 if sort == "recovered" else 1
                for total in ("total", kind):
                    put("KJ-T2", f"{total}_{sort}", payment.amount)
                    if sign == 1:
                        put("KJ-T2", f"{total}_payments")
                for total in ("funds", f"level_{level}"):
                    put("KJ-T9", f"{total}_paid", sign * payment.amount)
                if one.kind == "medical_assistance":
                    put("KJ-T5", "assistance_amount", sign * payment.amount)
            told = {one_.period for one_ in one.payment if one_.status == "made" and one_.kind != "recovery"} & names
            for name, first, last in self.months:
                whole = one.start_date <= first and (one.end_date is None or one.end_date >= last)
                if one.unit == "month" and whole and not self.suspended(one, first, last):
                    for total in ("funds", f"level_{level}"):
                        put("KJ-T9", f"{total}_due", rate or Decimal(0))
                    if name not in told:
                        unpaid.add(one.kind)
                        for total in ("total", kind):
                            put("KJ-T2", f"{total}_unpaid_amount", rate or Decimal(0))
        for kind_ in held:
            put("KJ-T2", f"kind_{kind_}_children")
        for kind_ in unpaid:
            put("KJ-T2", f"kind_{kind_}_unpaid_children")
        put("KJ-T2", "total_children", int(bool(held)))
        put("KJ-T2", "total_unpaid_children", int(bool(unpaid)))

    # --- harm -----------------------------------------------------------------------------------------------------
    def events(self, case: CaseFile, put: Any) -> None:
        any_event = False
        for one in case.safety_event:
            if not self.first <= one.reported_at.date() <= self.day:
                continue
            any_event = True
            step = "reported"
            for name, moment in (
                ("responded", one.responded_at), ("assessed", one.assessed_at), ("intervened", one.intervened_at),
            ):  # fmt: skip
                step = name if moment is not None else step
            timely = "unknown"
            if one.found_at is not None:
                late = (one.reported_at.date() - one.found_at.date()).days > REPORT_DAYS
                timely = "late" if late else "in_time"
            answered = "none"
            if one.responded_at is not None:
                late = (one.responded_at.date() - one.reported_at.date()).days > ACCEPT_DAYS
                answered = "late" if late else "in_time"
            put("KJ-T6", "total_events")
            put("KJ-T6", f"harm_{one.harm}")
            put("KJ-T6", f"step_{step}")
            put("KJ-T6", f"timely_{timely}")
            put("KJ-T6", f"harm_timely_{one.harm}_{timely}")
            put("KJ-T6", f"step_timely_{step}_{timely}")
            put("KJ-T9", f"answered_{answered}")
        if any_event:
            put("KJ-T6", "total_children")

    # --- movement -------------------------------------------------------------------------------------------------
    def there(self, case: CaseFile, day: Day) -> bool:
        """On the register with a recognition in force."""
        if case.opened_on > day or (case.closed_on is not None and case.closed_on <= day):
            return False
        return any(one.scheme == "henan-2017" and on(one.start_date, one.end_date, day) for one in case.determination)

    def movement(self, case: CaseFile, put: Any) -> None:
        opening = self.there(case, self.first - datetime.timedelta(days=1))
        days = (self.first + datetime.timedelta(days=step) for step in range((self.day - self.first).days + 1))
        closing = self.there(case, self.day)
        if not opening and not closing and not any(self.there(case, day) for day in days):
            return
        if opening:
            put("KJ-T8", "opening")
        else:
            arrived = any(
                one.to_division == case.division
                and one.from_division != case.division
                and self.first <= one.handover_date <= self.day
                for one in case.handover
            )
            put("KJ-T8", "moved_in" if arrived else "new")
        if closing:
            put("KJ-T8", "closing")
            return
        reason = case.exit_reason
        if case.closed_on is None or case.closed_on > self.day:
            over = [
                (one.end_date, one.end_reason or "other")
                for one in case.determination
                if one.scheme == "henan-2017" and one.end_date is not None and one.end_date < self.day
            ]
            reason = max(over)[1] if over else None
        named = ("of_age", "died", "adopted", "improved", "error", "moved")
        put("KJ-T8", "left")
        put("KJ-T8", f"left_{reason if reason in named else 'other'}")

    # --- inspection -----------------------------------------------------------------------------------------------
    def inspection(self, case: CaseFile, put: Any) -> None:
        filed = known(case.filing_date)
        complete = filed is not None and filed <= self.day and case.filing_no is not None and case.filing_office
        put("KJ-T9", "total")
        put("KJ-T9", f"filing_{'complete' if complete else 'incomplete'}")
        steps = [one.step_date for one in case.procedure if one.step == "review" and one.step_date <= self.day]
        review = "undated"
        for one in case.determination:
            due = known(one.review_date)
            if one.scheme != "henan-2017" or not on(one.start_date, one.end_date, self.day) or due is None:
                continue
            if due < self.day and not any(step >= due for step in steps):
                review = "late"
            elif review != "late":
                review = "in_time"
        put("KJ-T9", f"review_{review}")
        visits = [one.visit_date for one in case.visit if one.visit_date <= self.day]
        if visits and age(max(visits), self.day) < VISIT_YEARS:
            visited = "in_time"
        else:
            visited = "not_due" if age(case.opened_on, self.day) < VISIT_YEARS else "late"
        put("KJ-T9", f"visited_{visited}")

    # --- front line -----------------------------------------------------------------------------------------------
    def front_line(self, records: Iterable[Record]) -> None:
        villages, staffed, equipped = set(), set(), set()
        counties = set()
        for one in records:
            if not isinstance(one, CaseFile | Worker | ServiceSite):
                continue
            counties.add(one.division)
            village = known(one.village)
            if village is not None and village[:6] == one.division:
                villages.add(village)
            if isinstance(one, CaseFile) or not on(one.start_date, one.end_date, self.day):
                continue
            row = self.row(one.division, one.township, one.village)
            if isinstance(one, Worker):
                if one.role in VILLAGE_ROLES:
                    staffed.add(one.village)
                time = {True: "yes", False: "no", None: "unknown"}[one.full_time]
                for column in ("workers", f"role_{one.role}", f"full_time_{time}", f"role_full_time_{one.role}_{time}"):
                    self.put("KJ-T7", row, one.worker_id, column)
                if one.trained_on is not None and self.first <= one.trained_on <= self.day:
                    self.put("KJ-T7", row, one.worker_id, "trained")
            else:
                equipped.add(one.village)
                self.put("KJ-T7", row, one.site_id, "sites")
                self.put("KJ-T7", row, one.site_id, f"site_{one.kind}")
        codes = code_list("village")
        villages |= {code for code in codes if code[:6] in counties and codes.is_valid(code, self.day)}
        for village in villages:
            row = self.row(village[:6], village[:9], village)
            self.put("KJ-T7", row, village, "villages")
            if village in staffed:
                self.put("KJ-T7", row, village, "covered")
            if village in equipped:
                self.put("KJ-T7", row, village, "equipped")

    def ratios(self) -> None:
        """What is computed from other figures."""
        for figures in self.figures["KJ-T7"].values():
            if figures.get("villages"):
                share = Decimal(figures.get("covered", 0)) * 100 / Decimal(figures["villages"])
                figures["coverage"] = share.quantize(Decimal("0.1"), ROUND_HALF_UP)
        for figures in self.figures["KJ-T2"].values():
            for name in [name for name in figures if name.endswith("_rates")]:
                stem = name.removesuffix("_rates")
                mean = Decimal(figures[f"{stem}_rate_total"]) / Decimal(figures[name])
                figures[f"{stem}_standard"] = mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _periods(period: str, end: Day) -> tuple[Day, Day]:
    """First day and last day; the period's own last day where it ends before ``end``."""
    year = int(period[:4])
    months = {"": (1, 12), "Q1": (1, 3), "Q2": (4, 6), "Q3": (7, 9), "Q4": (10, 12), "H1": (1, 6), "H2": (7, 12)}
    first, last = months.get(period[4:]) or (int(period[5:]), int(period[5:]))
    return Day(year, first, 1), min(end, Day(year, last, calendar.monthrange(year, last)[1]))


def _accepted(records: Iterable[Record], rejected: set[str | None]) -> Iterator[Record]:
    for one in records:
        key = {CaseFile: "case_id", Worker: "worker_id", ServiceSite: "site_id"}.get(type(one))
        if key is None or getattr(one, key) not in rejected:
            yield one


def naive_tables(
    records: list[Record], by: str, *, rejected: Iterable[str | None] = (), period: str | None = None
) -> Naive:
    """Every table, counted from model objects; ``rejected`` are keys of records that don't count."""
    header = records[0]
    assert isinstance(header, Header)
    first, day = _periods(period or header.period, header.period_end)
    naive = Naive(day, first, by)
    accepted = list(_accepted(records, set(rejected)))
    for one in accepted:
        if isinstance(one, CaseFile):
            naive.case(one)
    naive.front_line(accepted)
    naive.ratios()
    return naive
