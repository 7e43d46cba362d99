"""How an element's text becomes a canonical value, and back.

A transform is named in the ``transform`` column of a layout. Each reads text as a plain value, and writes a plain value
as text; what can't be read or written is ``None``, which the caller reports.
"""

from __future__ import annotations

import csv
import functools
import pathlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kunjing_exchange.codes import crosswalk

__all__ = ["TRANSFORMS", "Codes", "Transform", "code_map"]

Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Transform:
    """``read`` and ``write`` of one way of writing; ``form`` says it in words, for messages and pages."""

    form: str
    read: Callable[[str], Value | None]
    write: Callable[[Value], str | None]


_DATE8 = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})")
_DATE = re.compile("([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOOSE_DATE = re.compile("([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?")
_MONTH6 = re.compile("([0-9]{4})([0-9]{2})")
_MONTH = re.compile("([0-9]{4})-([0-9]{2})(-[0-9]{2})?")
_DATETIME = re.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})")
_STAMP = re.compile("([0-9]{4})([0-9]{2})([0-9]{2})[0-9]{9}")
_MONEY = re.compile("(0|[1-9][0-9]*)([.][0-9]+)?")
_CERTIFICATE = re.compile("([0-9]{17}[0-9X])[1-7][1-4](B[0-9]{1,2})?")
_PERIOD = re.compile("[0-9]{8}-([0-9]{4})([0-9]{2})([0-9]{2})")


_HELD = 4096
"""Days and months come again and again; so many forms of them are held."""


def _pattern(pattern: re.Pattern[str], template: str) -> Callable[[Value], str | None]:
    """A text that has the pattern, in another form: the groups in the template, ``{0}`` the whole."""
    form = template.format

    @functools.lru_cache(maxsize=_HELD)
    def apply(value: Value) -> str | None:
        match = pattern.fullmatch(value) if isinstance(value, str) else None
        return form(match[0], *match.groups()) if match else None

    return apply


@functools.lru_cache(maxsize=_HELD)
def _loose_date(text: str) -> str | None:
    match = _LOOSE_DATE.fullmatch(text)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else None


def _holder(text: str) -> str | None:
    match = _CERTIFICATE.fullmatch(text)
    return match[1] if match else None


def _money(text: str) -> str | None:
    """Trailing zeros beyond the cent are no part of an amount; a third decimal that is one is refused."""
    match = _MONEY.fullmatch(text)
    if match is None:
        return None
    cents = (match[2] or "").rstrip("0").rstrip(".")
    return (match[1] + cents if len(cents) < 3 else match[1] + f"{cents:0<3}") if len(cents) <= 3 else None


def _cents(value: Value) -> str | None:
    """Two decimals, as the platform prints money."""
    text = _money(str(value))
    if text is None:
        return None
    whole, _, cents = text.partition(".")
    return f"{whole}.{cents:0<2}"


def _flag(true: str, false: str) -> Transform:
    values = {true: True, false: False}
    return Transform(f"{true}/{false}", values.get, lambda value: true if value is True else false)


def _text(value: Value) -> str:
    return str(value)


def _same(value: str) -> str:
    return value


TRANSFORMS: Mapping[str, Transform] = {
    "text": Transform("text", _same, _text),
    "date": Transform("YYYY-MM-DD", _pattern(_DATE, "{0}"), _pattern(_DATE, "{0}")),
    "date8": Transform("YYYYMMDD", _pattern(_DATE8, "{1}-{2}-{3}"), _pattern(_DATE, "{1}{2}{3}")),
    # as people write it in a form; written the one way
    "date_written": Transform("YYYY-MM-DD", _loose_date, _pattern(_DATE, "{0}")),
    "month6": Transform("YYYYMM", _pattern(_MONTH6, "{1}-{2}"), _pattern(_MONTH, "{1}{2}")),
    "month": Transform("YYYY-MM", _pattern(_MONTH, "{1}-{2}"), _pattern(_MONTH, "{1}-{2}")),
    "month6_start": Transform("YYYYMM", _pattern(_MONTH6, "{1}-{2}-01"), _pattern(_DATE, "{1}{2}")),
    "datetime": Transform("YYYY-MM-DD hh:mm:ss", _pattern(_DATETIME, "{1}T{2}"), _pattern(_DATETIME, "{1} {2}")),
    "datetime_day": Transform("YYYY-MM-DD hh:mm:ss", _pattern(_DATETIME, "{1}"), _pattern(_DATE, "{0} 00:00:00")),
    "stamp_day": Transform("YYYYMMDDhhmmssSSS", _pattern(_STAMP, "{1}-{2}-{3}"), _pattern(_DATE, "{1}{2}{3}000000000")),
    "validity_end": Transform("YYYYMMDD-YYYYMMDD", _pattern(_PERIOD, "{1}-{2}-{3}"), lambda value: None),
    "money": Transform("0.00", _money, _cents),
    "integer": Transform("0", lambda text: int(text) if re.fullmatch("[0-9]{1,9}", text) else None, _text),
    "flag_10": _flag("1", "0"),
    "flag_yn": _flag("Y", "N"),
    "flag_zh": _flag("是", "否"),
    "flag_zh_have": _flag("有", "无"),
    # the county of a longer code of a place
    "county": Transform(
        "n6..12", lambda text: text[:6] if re.fullmatch("[0-9]{6,12}", text) else None, lambda value: str(value)[:6]
    ),
    # the place of a code is told by one value only: whatever is there says yes
    # a certificate's number begins with its holder's resident id
    "certificate_holder": Transform("an20..23", _holder, lambda value: None),
    "present": Transform("text", lambda text: True, lambda value: None),
}


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of one list read as codes of another, and written back; what has no counterpart is not there."""

    name: str
    read: Mapping[str, str]
    write: Mapping[str, str]
    losses: tuple[tuple[str, str, str], ...]
    """(code, Chinese, English) of what is lost of a code."""


@functools.cache
def code_map(department: str, name: str) -> Codes:
    """The map that a layout names: ``crosswalk:id_document_type_edu>id_document_type`` or ``values:health``.

    Raises:
        UnknownCrosswalk, KeyError: there is none; the layout is wrong.
    """
    kind, _, rest = name.partition(":")
    if kind == "crosswalk":
        source, _, target = rest.partition(">")
        there, back = crosswalk(source, target), crosswalk(target, source)
        losses = tuple((pair.source, pair.loss_zh, pair.loss_en) for pair in there.pairs if pair.loss_zh)
        return Codes(
            name, {pair.source: pair.target for pair in there.pairs},
            {pair.source: pair.target for pair in back.pairs}, losses,
        )  # fmt: skip
    rows = [row for row in _values(department) if row["map"] == rest]
    if not rows:
        raise KeyError(f"{department} has no values {rest}")
    return Codes(
        name,
        {row["source"]: row["target"] for row in rows if row["direction"] in ("both", "in")},
        {row["target"]: row["source"] for row in rows if row["direction"] in ("both", "out")},
        tuple((row["source"], row["loss_zh"], row["loss_en"]) for row in rows if row["loss_zh"]),
    )


@functools.cache
def _values(department: str) -> tuple[Mapping[str, str], ...]:
    with (pathlib.Path(__file__).parent / department / "values.csv").open(encoding="utf-8") as stream:
        return tuple(csv.DictReader(stream))
