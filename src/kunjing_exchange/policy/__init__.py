"""Policy editions: what a policy fixes, as dated data.

An edition is a TOML file beside this module. It names the category scheme, ages, amounts and dates that rules and
tables read (the one-row table ``edition``), and the severity of every rule.
"""

from __future__ import annotations

import datetime
import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from kunjing_exchange.errors import UnknownEdition
from kunjing_exchange.findings import Severity

__all__ = ["DEFAULT_EDITION", "Edition", "Parameter", "edition", "edition_names"]

DEFAULT_EDITION = "henan-2017"

Parameter = int | str | Decimal | datetime.date


@dataclass(frozen=True, slots=True)
class Edition:
    """One policy edition. ``parameters`` are typed: ages and days int, amounts Decimal, dates date."""

    name: str
    title_zh: str
    title_en: str
    source: str
    valid_from: datetime.date
    scheme: str
    parameters: Mapping[str, Parameter]
    leap_birthday: str
    severities: Mapping[str, Severity]

    def severity_of(self, rule_id: str, default: Severity = Severity.ERROR) -> Severity:
        """The severity this edition gives a rule or built-in finding."""
        return self.severities.get(rule_id, default)


def edition_names() -> tuple[str, ...]:
    """The names of the editions at hand."""
    folder = importlib.resources.files(__package__)
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def _parameter(value: object) -> Parameter:
    if isinstance(value, str) and value.replace(".", "", 1).isdecimal():
        return Decimal(value)
    if isinstance(value, int | str | datetime.date):
        return value
    raise TypeError(f"a parameter is a number of days or years, an amount as text, a date or a name, not {value!r}")


@functools.cache
def edition(name: str = DEFAULT_EDITION) -> Edition:
    """The edition of that name.

    Raises:
        UnknownEdition: there is none; the text names those there are.
    """
    if name not in edition_names():
        known = ", ".join(edition_names())
        raise UnknownEdition(f"没有政策版本 {name}；现有：{known}", f"no policy edition {name}; there are: {known}")
    text = importlib.resources.files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Edition(
        name=data["name"],
        title_zh=data["title_zh"],
        title_en=data["title_en"],
        source=data["source"],
        valid_from=data["valid_from"],
        scheme=data["scheme"],
        parameters={key: _parameter(value) for key, value in data["parameters"].items()},
        leap_birthday=data["leap_day"]["birthday"],
        severities={rule: Severity(severity) for rule, severity in data["severity"].items()},
    )
