"""Dated code lists: what a code means, since when, until when, and where the list comes from.

::

    >>> sex = code_list("sex")
    >>> "1" in sex, sex.name_of("1"), sex.name_of("1", lang="en")
    (True, '男性', 'male')

A list is one CSV file in ``data/`` and one table in a ``sources*.toml`` beside it; a new list or a new code needs no
change here. Nothing is read at import. A list is read when it is first asked for, into plain dicts, and kept.

Days: ``valid_from`` and ``valid_to`` are inclusive. Many sources give years only, and a year then means all of it: in
the year of a change both the old and the new code are in force. A call without a day (``on=None``) asks about the code
as it last was, whether or not it is still in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from kunjing_exchange.codes.crosswalk import CodePair, Crosswalk, crosswalk, crosswalk_names
from kunjing_exchange.errors import UnknownCodeList

__all__ = [
    "CodeList",
    "CodePair",
    "Crosswalk",
    "Period",
    "code_list",
    "crosswalk",
    "crosswalk_names",
    "division_exists",
    "full_name",
    "list_names",
    "path_of",
    "province_of",
]

_COLUMNS = ("code", "name_zh", "name_en", "parent", "valid_from", "valid_to", "note")

# name_zh, name_en, parent, valid_from, valid_to, note: the row of the file without its code
_Row = tuple[str, str, str, str, str, str]


class Period(NamedTuple):
    """One name of a code and the days it was in force, both inclusive; None is open."""

    name_zh: str
    valid_from: date | None
    valid_to: date | None


def _first_day(text: str) -> str:
    return f"{text}-01-01" if len(text) == 4 else text


def _last_day(text: str) -> str:
    return f"{text}-12-31" if len(text) == 4 else text


def _covers(row: _Row, day: str) -> bool:
    # ISO days compare as text, so no date objects are made for lists of thousands of rows
    return (not row[3] or _first_day(row[3]) <= day) and (not row[4] or day <= _last_day(row[4]))


class CodeList:
    """One code list: its codes in file order, their names and parents by day, and its origin.

    Get one from :func:`code_list`. ``certainty`` is ``verified`` (independent sources agree), ``single`` (one source),
    ``memory`` (to be checked) or ``own`` (the project's own). ``updated`` is the day the list was taken.
    ``coverage`` is the prefix of the codes that the list holds all of; other codes can't be judged by it.
    """

    __slots__ = (
        "_by_name",
        "_children",
        "_rows",
        "certainty",
        "coverage",
        "edition",
        "licence",
        "name",
        "source",
        "standard",
        "title_en",
        "title_zh",
        "updated",
    )

    def __init__(self, name: str, rows: dict[str, tuple[_Row, ...]], about: dict[str, Any]) -> None:
        self.name = name
        self.title_zh: str = about.get("title_zh", name)
        self.title_en: str = about.get("title_en", name)
        self.standard: str = about.get("standard", "")
        self.edition: str = str(about.get("edition", ""))
        self.source: str = about.get("source", "")
        self.certainty: str = about.get("certainty", "")
        self.licence: str = about.get("licence", "")
        updated = about.get("updated")
        self.updated: date | None = date.fromisoformat(updated) if isinstance(updated, str) else updated
        self.coverage: str = about.get("coverage", "")
        self._rows = rows
        self._by_name: dict[str, str | None] | None = None
        self._children: dict[str, list[str]] | None = None

    def __contains__(self, code: object) -> bool:
        return code in self._rows

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    @property
    def dated(self) -> bool:
        """Whether any code of the list has a first or last day."""
        return any(row[3] or row[4] for rows in self._rows.values() for row in rows)

    def __repr__(self) -> str:
        return f"<CodeList {self.name} {self.standard}-{self.edition}: {len(self)} codes>"

    def _row(self, code: str, on: date | None) -> _Row | None:
        rows = self._rows.get(code)
        if rows is None:
            return None
        if on is None:
            return rows[-1]
        day = on.isoformat()
        # the last one that covers the day: in the year of a renaming the new name wins
        for row in reversed(rows):
            if _covers(row, day):
                return row
        return None

    def name_of(self, code: str, on: date | None = None, lang: str = "zh") -> str | None:
        """The name of a code on a day, or its latest name; None where it is unknown or not in force on that day.

        ``lang="en"`` gives the English name, or the Chinese one where the list has no English.
        """
        row = self._row(code, on)
        if row is None:
            return None
        return (row[1] or row[0]) if lang == "en" else row[0]

    def is_valid(self, code: str, on: date | None = None) -> bool:
        """Is the code in force on that day? Without a day: is it known at all, in force or not?"""
        return self._row(code, on) is not None

    def periods(self, code: str) -> tuple[Period, ...]:
        """Every name the code has had with its days, oldest first; empty for an unknown code."""
        return tuple(
            Period(
                row[0],
                date.fromisoformat(_first_day(row[3])) if row[3] else None,
                date.fromisoformat(_last_day(row[4])) if row[4] else None,
            )
            for row in self._rows.get(code, ())
        )

    def parent_of(self, code: str, on: date | None = None) -> str | None:
        """The code above this one on a day, or its latest; None where there is none."""
        row = self._row(code, on)
        return (row[2] or None) if row is not None else None

    def children_of(self, code: str, on: date | None = None) -> tuple[str, ...]:
        """The codes directly below this one on a day; without a day, those that have not been abolished."""
        if self._children is None:
            children: dict[str, list[str]] = {}
            for child, rows in self._rows.items():
                for parent in dict.fromkeys(row[2] for row in rows if row[2]):
                    children.setdefault(parent, []).append(child)
            self._children = children
        found = self._children.get(code, ())
        if on is None:
            return tuple(c for c in found if self._rows[c][-1][2] == code and not self._rows[c][-1][4])
        return tuple(c for c in found if self.parent_of(c, on) == code)

    def rows(self) -> Iterator[dict[str, str]]:
        """Every row of the file as text: ``code, name_zh, name_en, parent, valid_from, valid_to, note``.

        A code that has had several names has several rows, oldest first.
        """
        for code, rows in self._rows.items():
            for row in rows:
                yield dict(zip(_COLUMNS, (code, *row), strict=True))

    def code_of(self, name_zh: str) -> str | None:
        """The code of a Chinese name, where only one code can be meant; else None. Nothing is guessed from a likeness.

        A name that one code still has, and others had in the past, means the one that still has it.
        """
        if self._by_name is None:
            now: dict[str, str | None] = {}
            past: dict[str, str | None] = {}
            for code, rows in self._rows.items():
                for row in rows:
                    names = past if row[4] else now
                    names[row[0]] = code if names.get(row[0], code) == code else None
            self._by_name = past | now
        return self._by_name.get(name_zh)


_loaded: dict[str, CodeList] = {}
_about: dict[str, dict[str, Any]] | None = None
_names: tuple[str, ...] | None = None


def list_names() -> tuple[str, ...]:
    """The names of all code lists there are, in alphabetical order."""
    global _names
    if _names is None:
        from importlib.resources import files

        entries = (entry.name for entry in (files(__name__) / "data").iterdir())
        _names = tuple(sorted(entry[:-4] for entry in entries if entry.endswith(".csv")))
    return _names


def _sources() -> dict[str, dict[str, Any]]:
    global _about
    if _about is None:
        import tomllib
        from importlib.resources import files

        about: dict[str, dict[str, Any]] = {}
        folder = files(__name__) / "data"
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.name.startswith("sources") and entry.name.endswith(".toml"):
                about.update(tomllib.loads(entry.read_text(encoding="utf-8")))
        _about = about
    return _about


def _read(name: str) -> dict[str, tuple[_Row, ...]]:
    import csv
    from importlib.resources import files

    result: dict[str, tuple[_Row, ...]] = {}
    text = (files(__name__) / "data" / f"{name}.csv").read_text(encoding="utf-8")
    lines = csv.reader(text.splitlines())
    header = next(lines)
    if tuple(header) != _COLUMNS:
        raise ValueError(f"the header of the code list {name} is not {','.join(_COLUMNS)}")
    for code, name_zh, name_en, parent, valid_from, valid_to, note in lines:
        row = (name_zh, name_en, parent, valid_from, valid_to, note)
        earlier = result.get(code)
        result[code] = (row,) if earlier is None else (*earlier, row)
    return result


def code_list(name: str) -> CodeList:
    """The code list of that name, read on first use and kept.

    Raises :class:`~kunjing_exchange.errors.UnknownCodeList`, with the nearest name in its text and in
    ``facts['suggestion']`` and all names in ``facts['known']``.
    """
    found = _loaded.get(name)
    if found is not None:
        return found
    known = list_names()
    if name not in known:
        from difflib import get_close_matches

        near = get_close_matches(name, known, n=1)
        zh, en = f"没有名为 {name} 的代码表", f"there is no code list {name}"
        if near:
            zh, en = f"{zh}，是否为 {near[0]}？", f"{en}; did you mean {near[0]}?"
        raise UnknownCodeList(zh, en, name=name, suggestion=near[0] if near else None, known=known)
    # two threads may both read it; the result is the same and one of them stays
    return _loaded.setdefault(name, CodeList(name, _read(name), _sources().get(name, {})))


def division_exists(code6: str, year: int | None = None) -> bool:
    """Was this six-digit division in force in that year, or at any time after it? Without a year: ever?

    Made for the first six digits of a resident id, so it is lenient (a valid number called invalid does more harm than
    the other way round): a county that was set up after the birth is fine, because the number is given at the first
    registration; only one abolished before the birth is not. Statistical codes (411371) are not divisions of GB/T 2260.
    Source: GB/T 2260 with the years of its changes.
    """
    rows = code_list("division")._rows.get(code6)
    if rows is None:
        return False
    if year is None:
        return True
    return any(not row[4] or int(row[4][:4]) >= year for row in rows)


def province_of(code: str) -> str | None:
    """The six-digit code of the province of a 6-, 9- or 12-digit division; None where there is none."""
    province = f"{code[:2]}0000"
    return province if province in code_list("division") else None


def path_of(code: str, on: date | None = None) -> list[tuple[str, str]]:
    """A division and all above it, from the lowest to the province, as (code, name).

    Takes 6 digits (GB/T 2260, or a statistical division), 9 (township) and 12 (village); the county of a township is
    its first six digits, the township of a village its first nine. What is unknown, or not in force on that day, is
    left out; townships are known for Henan and villages for Nanyang only.
    """
    path: list[tuple[str, str]] = []
    for length, name in ((12, "village"), (9, "township")):
        if len(code) >= length:
            found = code_list(name).name_of(code[:length], on)
            if found is not None:
                path.append((code[:length], found))
    step: str | None = code[:6] if len(code) in (6, 9, 12) else None
    seen: set[str] = set()
    while step is not None and step not in seen:
        # `seen` keeps a slip in the data from becoming an endless loop
        seen.add(step)
        for name in ("division", "division_statistical"):
            codes = code_list(name)
            found = codes.name_of(step, on)
            if found is not None:
                path.append((step, found))
                step = codes.parent_of(step, on)
                break
        else:
            step = None
    return path


def full_name(code: str, on: date | None = None) -> str | None:
    """The Chinese name from the province down (河南省南阳市宛城区); None where the code is unknown on that day."""
    path = path_of(code, on)
    if not path or path[0][0] != code:
        return None
    return "".join(name for _, name in reversed(path))
