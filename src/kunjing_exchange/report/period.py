"""Reporting periods: their days, and those before them."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from kunjing_exchange.errors import InvalidArgument

__all__ = ["Period", "period_of"]

_FORM = re.compile("((?:19|20|21)[0-9]{2})(?:-(0[1-9]|1[0-2])|Q([1-4])|H([12]))?")


@dataclass(frozen=True, slots=True)
class Period:
    """A year (``2017``), half-year (``2017H2``), quarter (``2017Q3``) or month (``2017-09``) with its days."""

    name: str
    first_day: datetime.date
    last_day: datetime.date

    @property
    def months(self) -> tuple[str, ...]:
        """Its months, such as ``2017-09``."""
        year, last = self.first_day.year, self.last_day.month
        return tuple(f"{year}-{month:02d}" for month in range(self.first_day.month, last + 1))

    @property
    def previous(self) -> str:
        """The period of the same length before."""
        length = self.last_day.month - self.first_day.month + 1
        year, month = self.first_day.year, self.first_day.month - length
        if month < 1:
            year, month = year - 1, month + 12
        return _name(year, month, length)

    @property
    def year_before(self) -> str:
        """The same period of the year before."""
        return f"{self.first_day.year - 1}{self.name[4:]}"


def _name(year: int, month: int, length: int) -> str:
    part = {12: "", 6: f"H{(month + 5) // 6}", 3: f"Q{(month + 2) // 3}", 1: f"-{month:02d}"}[length]
    return f"{year}{part}"


def period_of(name: str) -> Period:
    """The period of that name.

    Raises:
        InvalidArgument: it is none.
    """
    match = _FORM.fullmatch(name)
    if match is None:
        raise InvalidArgument(
            f"没有报告期 {name}：应为 2017、2017H2、2017Q3 或 2017-09",
            f"there is no period {name}: write 2017, 2017H2, 2017Q3 or 2017-09",
            period=name,
        )
    year, month, quarter, half = match.groups()
    first, length = (int(month), 1) if month else (int(quarter) * 3 - 2, 3) if quarter else (1, 12)
    if half:
        first, length = int(half) * 6 - 5, 6
    after = datetime.date(int(year) + (first + length > 12), (first + length - 1) % 12 + 1, 1)
    return Period(name, datetime.date(int(year), first, 1), after - datetime.timedelta(days=1))
