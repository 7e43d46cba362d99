"""Where a division's figures go: its row at every level, by the code lists and the dated exceptions of
``placement.toml``."""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import tomllib
from dataclasses import dataclass

from kunjing_exchange.codes import code_list

__all__ = ["LEVELS", "Addressee", "Placement", "addressees", "placed", "row_names"]

LEVELS = ("village", "township", "county", "city", "province")
"""What a row of a table may be, from the smallest."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """A place that the policy addresses and that has no code of its own: its children are counted in ``counted_in``."""

    name_zh: str
    name_en: str
    counted_in: str
    source: str
    certainty: str


@dataclass(frozen=True, slots=True)
class Placement:
    """The row of a county-level code in tables by county, by city and by province."""

    county: str
    city: str
    province: str


@functools.cache
def _exceptions() -> dict[str, list[dict[str, str]]]:
    text = importlib.resources.files(__package__).joinpath("placement.toml").read_text(encoding="utf-8")
    data: dict[str, list[dict[str, str]]] = tomllib.loads(text)
    return data


def addressees() -> tuple[Addressee, ...]:
    """The places without a code of their own."""
    fields = Addressee.__slots__
    return tuple(Addressee(**{name: row[name] for name in fields}) for row in _exceptions()["addressee"])


@functools.cache
def placed(division: str, on: datetime.date) -> Placement:
    """The rows of a division on a day.

    A county belongs to the city that the code list names above it on that day; one that reports to the province
    directly has a row of its own among the cities; a statistical area has one among the counties.
    """
    for row in _exceptions()["direct"]:
        first, last = datetime.date.fromisoformat(row["from"]), row.get("to")
        if row["code"] == division and first <= on and (last is None or on <= datetime.date.fromisoformat(last)):
            return Placement(division, division, f"{division[:2]}0000")
    above = None
    for name in ("division", "division_statistical"):
        codes = code_list(name)
        above = above or codes.parent_of(division, on) or codes.parent_of(division)
    if division.endswith("00"):  # a city's or the province's own files
        return Placement(division, division, f"{division[:2]}0000")
    if above is None:
        above = f"{division[:4]}00"
    city = division if above.endswith("0000") else above
    return Placement(division, city, f"{division[:2]}0000")


def _name(code: str, on: datetime.date, lang: str) -> str:
    """The name of a village, township, county, city or province on a day; its code where no list has it."""
    lists = {12: ("village",), 9: ("township",)}.get(len(code), ("division", "division_statistical"))
    for name in lists:
        codes = code_list(name)
        found = codes.name_of(code, on, lang) or codes.name_of(code, None, lang)
        if found:
            return found
    return code


def row_names(code: str, by: str, on: datetime.date) -> tuple[str, str]:
    """The Chinese and English name of a row at a level."""
    zh, en = _name(code, on, "zh"), _name(code, on, "en")
    if by == "township" and len(code) == 6:
        return f"{zh}（未分乡镇）", f"{en} (no township)"
    if by == "village" and len(code) < 12:
        return f"{zh}（未分村居）", f"{en} (no village)"
    return zh, en
