"""What a whole submission shares: places, months, organisations, names, and who works where."""

# ruff: noqa: S311 - chance has to be repeatable here, and nothing is secret

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from random import Random
from typing import Any, NamedTuple

from kunjing_exchange.codes import code_list, full_name
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.generate.days import between, iso, next_month, phone, pick, weighted
from kunjing_exchange.identifiers import make_credit_code
from kunjing_exchange.wire.record import Plain

SCHEME = "henan-2017"
_SCHEME_START = date(2017, 7, 1).toordinal()
_NEW_ROLES = date(2019, 7, 1).toordinal()  # 儿童主任 instead of 儿童福利主任, month from memory
_LAST_POOR_YEAR = 2020  # of 建档立卡

_VILLAGES_OF_A_COUNTY = 380  # the weight of a county whose villages are not known: about the mean of Nanyang


@dataclass(slots=True)
class Place:
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


class Month(NamedTuple):
    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Setting:
    division: str
    division_name: str
    period: str
    seed: int
    first: int
    """Files are opened from this day on; what families suffer lies before it."""
    last: int
    year: int
    school_year: int
    months: tuple[Month, ...]
    """The months whose payments are told."""
    places: tuple[Place, ...]
    organisations: dict[str, Plain]
    names: dict[str, Any]

    @property
    def poor_registered(self) -> bool:
        return self.year <= _LAST_POOR_YEAR


def make_setting(division: str, period: str, seed: int) -> Setting:
    end = _period_end(period)
    last = end.toordinal()
    if last < _SCHEME_START + 30:
        raise InvalidArgument(
            f"报告期 {period} 早于政策施行：最早为 2017-07",
            f"the period {period} is before the policy: 2017-07 is the first",
            period=period,
        )
    names = tomllib.loads((files("kunjing_exchange.generate") / "names.toml").read_text(encoding="utf-8"))
    names["surnames"] = names["surnames"].replace("\n", "")
    places = _places(division, end, seed, names)
    months: list[Month] = []
    after = next_month(last)
    for _ in range(3):
        first = date.fromordinal(after - 1).replace(day=1).toordinal()
        months.insert(0, Month(iso(first)[:7], first, after - 1))
        after = first
    name = code_list("division").name_of(division, end) or division
    school_year = date(end.year - (end.month < 9), 9, 1).toordinal()
    return Setting(
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


def _period_end(period: str) -> date:
    if len(period) >= 4 and period[:4].isascii() and period[:4].isdigit() and 1900 <= int(period[:4]) < 2200:
        months = {"": 12, **{f"Q{n}": 3 * n for n in range(1, 5)}, "H1": 6, "H2": 12}
        months |= {f"-{n:02d}": n for n in range(1, 13)}
        month = months.get(period[4:])
        if month is not None:
            return date.fromordinal(next_month(date(int(period[:4]), month, 1).toordinal()) - 1)
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


def _places(division: str, on: date, seed: int, names: dict[str, Any]) -> tuple[Place, ...]:
    villages: dict[str, list[str]] = {}
    for village in code_list("village"):
        villages.setdefault(village[:6], []).append(village)
    townships = code_list("township")
    places: list[Place] = []
    for county in _counties(division, on):
        county_name = code_list("division").name_of(county, on) or county
        path = full_name(county, on) or county_name
        begun = [period.valid_from for period in code_list("division").periods(county) if period.valid_from]
        since = max((day for day in begun if day <= on), default=date.min).toordinal()
        known = [village for village in villages.get(county, ()) if townships.is_valid(village[:9], on)]
        if not known:
            officer = adult_name(Random(f"{seed}/officer/{county}"), names, "1")
            place = Place(county, county_name, None, county_name, None, path, True, officer, officer, since)
            places += [place] * _VILLAGES_OF_A_COUNTY
        for village in known:
            township = village[:9]
            township_name = townships.name_of(township, on) or ""
            village_name = code_list("village").name_of(village, on) or ""
            rural = village_name.endswith(("村民委员会", "村委会"))
            places.append(
                Place(
                    county,
                    county_name,
                    township,
                    township_name,
                    village,
                    path + township_name + village_name.removesuffix("居民委员会").removesuffix("民委员会"),
                    rural,
                    adult_name(Random(f"{seed}/worker/{village}"), names, "2"),
                    adult_name(Random(f"{seed}/officer/{township}"), names, "1"),
                    since,
                )
            )
    return tuple(places)


def _credit_code(division: str, kind: str, number: int) -> str:
    """A credit code with the check character of GB 11714 inside (place 17) and that of GB 32100 at the end."""
    body = f"{number:08d}"
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True)) % 11
    return make_credit_code(f"{kind}{division}{body}{'X' if rest == 10 else rest % 11}")


def _organisations(division: str, name: str, seat: Place, rng: Random) -> dict[str, Plain]:
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
            "address": f"{full_name(seat.county)}人民路{between(rng, 1, 300)}号",
            "telephone": f"0377-6{between(rng, 0, 10**7 - 1):07d}",
            "start_date": iso(
                max(seat.since, between(rng, date(2001, 1, 1).toordinal(), date(2015, 12, 31).toordinal()))
            ),
        }
        if kind in ("welfare_institution", "rescue_protection"):
            organisation["beds"] = between(rng, 30, 300)
        if kind == "rehabilitation":
            organisation["kindergarten_licence"] = True
        made[kind] = organisation
    return made


def adult_name(rng: Random, names: dict[str, Any], sex: str, surname: str | None = None) -> str:
    given: str = pick(rng, names["boys" if sex == "1" else "girls"])
    if rng.random() < 0.6:
        given += pick(rng, names["second_boys" if sex == "1" else "second_girls"])
    family_name: str = surname or pick(rng, names["surnames"])
    return family_name + given


# --- the front line ---------------------------------------------------------------------------------------------------
def front_line(setting: Setting, places: Sequence[Place]) -> Iterator[tuple[str, Plain]]:
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
            start = since if new_roles else max(place.since, between(rng, opening - 900, opening))
            role = "child_supervisor" if new_roles else "township_officer"
            yield "worker", _worker(rng, f"W{above}", place.officer_name, role, start, setting, post)
            sites.append(
                {
                    "site_id": f"S{above}",
                    "name": f"{place.township_name}儿童福利服务站",
                    "kind": "welfare_station",
                    "address": f"{full_name(above)}便民服务中心",
                    "start_date": iso(max(place.since, between(rng, opening - 200, opening + 150))),
                    **post,
                }
            )
        if place.village is None:
            continue
        post = post | {"village": place.village}
        role = "child_director"
        if not new_roles:
            role = weighted(
                rng,
                (
                    ("child_welfare_director_2017", 6),
                    ("child_welfare_supervisor_2017", 3),
                    ("child_rights_monitor_2017", 1),
                ),
            )
        start = since if new_roles else max(place.since, between(rng, opening, opening + 150))
        yield "worker", _worker(rng, f"W{place.village}", place.worker_name, role, start, setting, post)
        if rng.random() < 0.4:
            sites.append(
                {
                    "site_id": f"S{place.village}",
                    "name": f"{place.address.split(place.township_name)[-1]}儿童之家",
                    "kind": "childrens_home",
                    "address": place.address,
                    "facilities": "图书角、活动室、亲情视频",
                    "start_date": iso(max(place.since, between(rng, opening - 200, opening + 150))),
                    **post,
                }
            )
    for site in sites:
        yield "service_site", site


def _worker(rng: Random, worker_id: str, name: str, role: str, start: int, setting: Setting, post: Plain) -> Plain:
    worker: Plain = {
        "worker_id": worker_id,
        "name": name,
        "role": role,
        "full_time": rng.random() < 0.3,
        "telephone": phone(rng),
        "start_date": iso(start),
        **post,
    }
    if rng.random() < 0.6:
        worker["trained_on"] = iso(between(rng, max(start, setting.last - 90), setting.last))
    return worker
