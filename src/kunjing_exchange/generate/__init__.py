"""Made-up case files without a fault, as many as are wanted, for tests, training and measurements.

Nobody is meant: names are put together by chance, ids carry right check digits, townships and villages are real.
The files follow the policy edition henan-2017 (:data:`~kunjing_exchange.model.POLICY`);
where amounts are from stands in ``benefits``.

Everything hangs on (seed, index): a child's day of birth and the sequence in its id are functions of the index, so
that no id comes twice; days before the window (``Setting.first``) are facts of the family, which siblings share.
"""

# ruff: noqa: S311 - chance has to be repeatable here, and nothing is secret

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

from pydantic_core import from_json

from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.generate.course import Course
from kunjing_exchange.generate.days import iso
from kunjing_exchange.generate.people import Family, People, make_family
from kunjing_exchange.generate.setting import SCHEME, Place, Setting, front_line, make_setting
from kunjing_exchange.generate.story import tell
from kunjing_exchange.model import VERSION, CaseFile, Header
from kunjing_exchange.wire.record import KINDS, Digester, Plain, arrange, canonical_json
from kunjing_exchange.wire.spool import work_folder

__all__ = ["generate"]

_MOST = 1_000_000
"""More children than this, and the ids of adults would repeat (see ``People.adult``)."""


def generate(
    children: int,
    *,
    division: str = "411300",
    period: str = "2017Q3",
    seed: int = 0,
    distort: Callable[[int, Plain, Random], None] | None = None,
) -> Iterator[tuple[str, Plain]]:
    """A submission of made-up case files: header, organisations, workers, service sites, and ``children`` files.

    Everything is a function of the arguments and the version. The files have no fault under the edition henan-2017,
    unless ``distort(index, case, rng)`` puts one in: it is called on each finished file, with a chance of its own, and
    may change the file in place. Memory does not grow with ``children``; the files are spooled to a private folder
    until the iteration ends. Townships and villages are given where they are known (Nanyang).

    Raises:
        InvalidArgument: the division does not exist on the last day of the period, the period is none or ends before
            the policy, or ``children`` is negative or over a million.
    """
    if not 0 <= children <= _MOST:
        raise InvalidArgument(
            f"儿童数应在 0 至 {_MOST} 之间", f"the number of children must be 0 to {_MOST}", children=children
        )
    return _submission(make_setting(division, period, seed), children, distort)


def _submission(
    setting: Setting, children: int, distort: Callable[[int, Plain, Random], None] | None
) -> Iterator[tuple[str, Plain]]:
    digester = Digester()
    used: dict[str, Place] = {}
    with work_folder() as folder:
        # the header carries count and digest, so all is made before anything is given
        cases = folder / "case_file.jsonl"
        with cases.open("wb") as spool:
            for case in _cases(setting, children, distort, used):
                line = canonical_json(arrange(CaseFile, case))
                digester.add("case_file", line)
                spool.write(line + b"\n")
        others = [("organisation", organisation) for organisation in setting.organisations.values()]
        others += front_line(setting, [used[code] for code in sorted(used)])
        others.sort(key=lambda record: list(KINDS).index(record[0]))
        others = [(kind, arrange(KINDS[kind], data)) for kind, data in others]
        for kind, data in others:
            digester.add(kind, canonical_json(data))
        yield "header", arrange(Header, _header(setting, digester))
        yield from others
        yield from _replay(cases, "case_file")


def _replay(path: Path, kind: str) -> Iterator[tuple[str, Plain]]:
    with path.open("rb") as lines:
        for line in lines:
            yield kind, from_json(line)


def _cases(
    setting: Setting, children: int, distort: Callable[[int, Plain, Random], None] | None, used: dict[str, Place]
) -> Iterator[Plain]:
    people = People(setting)
    family: Family | None = None
    for index in range(children):
        rng = Random(f"{setting.seed}/{index}")
        if family is None or index - family.index >= len(family.children):
            family = make_family(setting, people, index, rng)
            used[family.place.code] = family.place
        case = tell(Course(setting, family, index, rng))
        if distort is not None:
            distort(index, case, Random(f"{setting.seed}/{index}/distort"))
        yield case


def _header(setting: Setting, digester: Digester) -> Plain:
    divisions = code_list("division")
    level = "province" if setting.division[2:] == "0000" else "city" if setting.division[4:] == "00" else "county"
    bureau = setting.organisations["civil_affairs"]
    header: Plain = {
        "version": VERSION,
        "message_type": "case_submission",
        "edition": SCHEME,
        "sender_code": bureau["credit_code"],
        "sender_name": bureau["name"],
        "sender_division": setting.division,
        "sender_level": level,
        "period": setting.period,
        "period_end": iso(setting.last),
        "sequence_no": 1,
        "kind": "full",
        "submission_no": f"{setting.division}-{setting.period}-1",
        "created_at": f"{iso(setting.last)}T18:00:00",
        "record_count": digester.count,
        "digest": digester.digest(),
    }
    above = divisions.parent_of(setting.division, date.fromordinal(setting.last))
    if above is not None:
        header["receiver_name"] = f"{divisions.name_of(above)}民政{'厅' if above[2:] == '0000' else '局'}"
        header["receiver_division"] = above
    return header
