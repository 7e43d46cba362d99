"""Records as strict model objects, and the library's face."""

from __future__ import annotations

import datetime
import json
import pathlib
import subprocess
import sys
from decimal import Decimal

import pytest

import kunjing_exchange
import made
from kunjing_exchange.errors import UnreadableInput
from kunjing_exchange.model import CaseFile, Header, Record, Unknown
from kunjing_exchange.read import read
from kunjing_exchange.wire import KINDS


def plain(record: Record) -> object:
    """The wire's plain record of an object."""
    return json.loads(record.model_dump_json(exclude_none=True))


@pytest.mark.parametrize("to", made.FORMATS)
def test_objects_of_every_format(to: str) -> None:
    records = made.submission(12)
    case = made.first(records, lambda case: case.get("benefit"))
    case["child"]["left_behind_since"] = {"unknown": "refused"}
    case["benefit"][0]["amount"] = "600.50"
    objects = list(read(made.written(records, to)))
    assert [type(one) for one in objects] == [KINDS[kind] for kind, _ in records]
    header, read_case = objects[0], next(one for one in objects if getattr(one, "case_id", "") == case["case_id"])
    assert isinstance(header, Header)
    assert isinstance(read_case, CaseFile)
    assert header.period_end == datetime.date(2017, 9, 30)
    assert read_case.child.left_behind_since == Unknown(unknown="refused")
    assert read_case.benefit[0].amount == Decimal("600.50")
    assert KINDS["case_file"].model_validate(case) == read_case


def test_no_object_is_made_of_a_record_that_does_not_fit() -> None:
    records = made.submission(6)
    made.cases(records)[2]["child"]["birth_date"] = "2017-02-30"
    raw = made.written(records, "xml")
    got: list[Record] = []
    with pytest.raises(UnreadableInput) as caught:
        got.extend(read(raw))
    place = records.index(("case_file", made.cases(records)[2]))
    assert len(got) in (0, place)  # extend keeps what came before, or nothing
    assert (caught.value.finding_id, caught.value.facts["number"]) == ("KJ-SYS-023", place)
    assert caught.value.facts["line"] == raw[: raw.index(b"2017-02-30")].count(b"\n", 0) + 1 - lines_into(raw)
    assert "02-30" not in str(caught.value)


def lines_into(raw: bytes) -> int:
    """How many lines into its record the impossible date stands."""
    at = raw.index(b"2017-02-30")
    return raw[raw.rindex(b"<CaseFile>", 0, at) : at].count(b"\n")


def test_a_broken_document_ends_in_an_exception() -> None:
    raw = made.written(made.submission(4), "json")
    with pytest.raises(UnreadableInput):
        list(read(raw[: len(raw) // 2]))


def test_every_public_name_is_what_it_says() -> None:
    """The verbs are functions, whatever was imported before: their modules have the same names."""
    code = (
        "import importlib, types, {first}\n"
        "import kunjing_exchange as face\n"
        "for name in face.__all__:\n"
        "    for again in range(2):\n"
        "        found = getattr(face, name)\n"
        "        assert not isinstance(found, types.ModuleType), name\n"
        "        exec(f'from kunjing_exchange import {{name}} as same')\n"
        "        assert same is found or name == '__version__', name\n"
    )
    source = pathlib.Path(kunjing_exchange.__file__).parents[1]
    for first in ("sys", "kunjing_exchange.validate", "kunjing_exchange.report", "kunjing_exchange.generate"):
        done = subprocess.run(
            [sys.executable, "-c", code.format(first=first)],
            capture_output=True,
            text=True,
            env={"PYTHONPATH": str(source)},
        )
        assert done.returncode == 0, done.stderr


def test_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        kunjing_exchange.nonsense  # noqa: B018
