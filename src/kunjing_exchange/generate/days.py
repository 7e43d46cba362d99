"""Days, which are ordinals inside and text in the records, and what is drawn by chance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from random import Random
from typing import TypeVar

_Item = TypeVar("_Item")


@lru_cache(maxsize=100_000)
def iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def years_later(day: int, years: int) -> int:
    then = date.fromordinal(day)
    if then.month == 2 and then.day == 29 and (then.year + years) % 4:
        return date(then.year + years, 3, 1).toordinal()
    return then.replace(year=then.year + years).toordinal()


def age_on(birth: int, on: int) -> int:
    born, then = date.fromordinal(birth), date.fromordinal(on)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def next_month(day: int) -> int:
    """The first day of the month after."""
    then = date.fromordinal(day)
    return date(then.year + then.month // 12, then.month % 12 + 1, 1).toordinal()


def between(rng: Random, first: int, last: int) -> int:
    return first + int(rng.random() * (last - first + 1))


def pick(rng: Random, items: Sequence[_Item]) -> _Item:
    return items[int(rng.random() * len(items))]


def weighted(rng: Random, shares: Sequence[tuple[str, int]]) -> str:
    left = rng.random() * sum(share for _, share in shares)
    for name, share in shares:
        left -= share
        if left < 0:
            return name
    return shares[-1][0]


def phone(rng: Random) -> str:
    return f"139{int(rng.random() * 10**8):08d}"
