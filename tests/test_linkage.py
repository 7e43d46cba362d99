"""Who is who: numbers, likeness, doubts and proposals. All people are made up."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from kunjing_exchange.engine import open_engine
from kunjing_exchange.errors import InvalidArgument, MissingExtra
from kunjing_exchange.identifiers import make_resident_id
from kunjing_exchange.linkage import PERSON, Thresholds, link

BORN = datetime.date(2008, 3, 14)
NUMBER = make_resident_id("411302", BORN, 12)
OTHER = make_resident_id("411302", BORN, 34)


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_engine() as engine:
        yield engine.connection


def person(record_no: int, name: str | None = "陈玥涵", number: str | None = None, **more: Any) -> dict[str, Any]:
    """A girl of the county; what is not said is as everybody's."""
    facts = {"sex": "2", "birth_date": BORN, "division": "411302", "id_document_type": "111" if number else None}
    return {"record_no": record_no, "name": name, "id_number": number, **facts, **more}


def linked(
    connection: duckdb.DuckDBPyConnection, left: list[dict[str, Any]], right: list[dict[str, Any]], **more: Any
) -> tuple[set[tuple[int, int, str]], set[tuple[int, int, str]], set[tuple[int, int, str]]]:
    """(links, doubts, proposals), each (left, right, basis, reason or kind)."""
    columns = ", ".join(f"{name} {sql_type}" for name, sql_type in PERSON.items())
    for table, people in (("a", left), ("b", right)):
        connection.execute(f"create or replace table {table} ({columns})")
        for one in people:
            connection.execute(
                f"insert into {table} values ({', '.join('?' * len(PERSON))})", [one[name] for name in PERSON]
            )
    link(connection, "a", "b", **more)
    found = []
    for table, column in (("link", "basis"), ("link_doubt", "reason"), ("link_proposal", "kind")):
        found.append(set(connection.execute(f"select left_no, right_no, {column} from {table}").fetchall()))
    links, doubts, proposals = found
    return links, doubts, proposals


@pytest.mark.parametrize(
    "written",
    [
        NUMBER,
        f" {NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}",
        "".join(chr(ord(c) + 0xFEE0) for c in NUMBER),
        NUMBER.lower(),
    ],
)
def test_a_number_counts_however_it_is_written(connection: duckdb.DuckDBPyConnection, written: str) -> None:
    links, _, _ = linked(connection, [person(1, "陈玥涵", NUMBER)], [person(7, "陈月涵", written)], likeness=False)
    assert links == {(1, 7, "number")}


def test_letters_of_a_number_count_in_either_case(connection: duckdb.DuckDBPyConnection) -> None:
    number = next(n for n in (make_resident_id("411302", BORN, k) for k in range(200)) if n.endswith("X"))
    links, _, _ = linked(connection, [person(1, number=number)], [person(7, number=number.lower())], likeness=False)
    assert links == {(1, 7, "number")}


def test_a_number_of_two_people_is_not_guessed(connection: duckdb.DuckDBPyConnection) -> None:
    links, doubts, _ = linked(
        connection, [person(1, number=NUMBER), person(2, number=NUMBER)], [person(7, number=NUMBER)], likeness=False
    )
    assert links == set()
    assert doubts == {(1, 7, "number_shared"), (2, 7, "number_shared")}


def test_a_number_written_for_a_sibling_goes_to_whom_it_belongs(connection: duckdb.DuckDBPyConnection) -> None:
    brother = person(8, "陈浩宇", NUMBER, sex="1", birth_date=datetime.date(2012, 11, 2))
    links, doubts, _ = linked(
        connection, [person(1, number=NUMBER)], [person(7, number=NUMBER), brother], likeness=False
    )
    assert links == {(1, 7, "number")}
    links, doubts, _ = linked(connection, [person(1, number=NUMBER)], [brother], likeness=False)
    assert links == set()
    assert doubts == {(1, 8, "number_of_another")}


@pytest.mark.parametrize("nothing", ["无", "暂无", "0", "", "-----"])
def test_what_stands_for_no_number_matches_nobody(connection: duckdb.DuckDBPyConnection, nothing: str) -> None:
    links, doubts, _ = linked(connection, [person(1, number=nothing)], [person(7, "王一", nothing)], likeness=False)
    assert links == doubts == set()


def test_old_numbers_are_proposed_and_not_applied(connection: duckdb.DuckDBPyConnection) -> None:
    born = datetime.date(1999, 8, 9)
    number = make_resident_id("411302", born, 21)
    old = number[:6] + number[8:17]
    links, doubts, proposals = linked(
        connection,
        [person(1, number=old, birth_date=None)],
        [person(7, number=number, birth_date=born, division="411381")],
    )
    assert links == doubts == set()
    assert proposals == {(1, 7, "legacy")}


def test_an_old_number_of_this_century_is_no_proposal(connection: duckdb.DuckDBPyConnection) -> None:
    _, _, proposals = linked(connection, [person(1, number=NUMBER[:6] + NUMBER[8:17])], [person(7, number=NUMBER)])
    assert proposals == set()


@pytest.mark.parametrize(
    "slip",
    [
        NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2"),
        NUMBER[:9] + "7" + NUMBER[10:],
        NUMBER[:12] + NUMBER[13] + NUMBER[12] + NUMBER[14:],
        NUMBER[:8] + NUMBER[9:],
        NUMBER[:8] + "5" + NUMBER[8:],
    ],
)
def test_slips_are_proposed_and_not_applied(connection: duckdb.DuckDBPyConnection, slip: str) -> None:
    wrong, right = person(1, number=slip, birth_date=None, division=None), person(7, number=NUMBER)
    links, doubts, proposals = linked(connection, [wrong], [right])
    assert links == doubts == set()
    assert proposals == {(1, 7, "slip")}
    _, _, proposals = linked(connection, [right], [wrong], likeness=False)
    assert proposals == {(7, 1, "slip")}


def test_a_proposal_says_whose_names_agree_and_leaves_strangers_out(connection: duckdb.DuckDBPyConnection) -> None:
    slip = NUMBER[:17] + ("1" if NUMBER[17] != "1" else "2")
    linked(connection, [person(1, number=slip, birth_date=None)], [person(7, number=NUMBER)], likeness=False)
    told = connection.execute(
        "select left_number, right_number, same_name, same_birth_date from link_proposal"
    ).fetchall()
    assert told == [(slip, NUMBER, True, None)]
    _, _, proposals = linked(connection, [person(1, "王建国", slip)], [person(7, number=NUMBER)], likeness=False)
    assert proposals == set()


def test_who_has_no_number_is_matched_by_likeness(connection: duckdb.DuckDBPyConnection) -> None:
    links, doubts, _ = linked(
        connection, [person(1), person(2, "李春梅")], [person(7, number=NUMBER), person(8, "李春梅", division="411381")]
    )
    assert links == {(1, 7, "likeness"), (2, 8, "likeness")}
    assert doubts == set()


@pytest.mark.parametrize(
    "other",
    [
        {"name": "陈月涵"},
        {"birth_date": datetime.date(2008, 3, 24)},
        {"birth_date": datetime.date(2009, 3, 14)},
    ],
)
def test_one_slip_beside_no_number_is_listed_and_not_linked(
    connection: duckdb.DuckDBPyConnection, other: dict[str, Any]
) -> None:
    links, doubts, _ = linked(connection, [person(1)], [person(7, **other)])
    assert links == set()
    assert doubts == {(1, 7, "below_threshold")}
    links, doubts, _ = linked(connection, [person(1)], [person(7, **other)], thresholds=Thresholds(match=0.5))
    assert links == {(1, 7, "likeness")}


def test_a_name_of_the_minorities_counts_with_any_dot_or_none(connection: duckdb.DuckDBPyConnection) -> None:
    left = [person(1, "古丽米热·玉素甫"), person(2, "阿依古丽・艾山", sex="2", birth_date=datetime.date(2010, 1, 5))]
    right = [person(7, "古丽米热•玉素甫"), person(8, "阿依古丽艾山", birth_date=datetime.date(2010, 1, 5))]
    links, _, _ = linked(connection, left, right)
    assert links == {(1, 7, "likeness"), (2, 8, "likeness")}


def test_twins_of_whom_neither_is_meant_for_sure_are_listed(connection: duckdb.DuckDBPyConnection) -> None:
    links, doubts, _ = linked(connection, [person(1, "陈玥涵"), person(2, "陈玥彤")], [person(7, "陈玥桐")])
    assert links == set()
    assert doubts == {(1, 7, "several_candidates"), (2, 7, "several_candidates")}


def test_twins_who_are_both_there_are_told_apart(connection: duckdb.DuckDBPyConnection) -> None:
    links, doubts, _ = linked(
        connection, [person(1, "陈玥涵"), person(2, "陈玥彤")], [person(7, "陈玥彤"), person(8, "陈玥涵")]
    )
    assert links == {(1, 8, "likeness"), (2, 7, "likeness")}
    assert doubts == set()


def test_two_of_the_same_name_and_birth_date_are_not_guessed(connection: duckdb.DuckDBPyConnection) -> None:
    links, doubts, _ = linked(connection, [person(1)], [person(7), person(8)])
    assert links == set()
    assert doubts == {(1, 7, "several_candidates"), (1, 8, "several_candidates")}


def test_two_sound_numbers_keep_people_apart_however_alike(connection: duckdb.DuckDBPyConnection) -> None:
    links, doubts, _ = linked(connection, [person(1, number=NUMBER)], [person(7, number=OTHER)])
    assert links == set()
    assert doubts == {(1, 7, "numbers_differ")}


def test_strangers_are_in_no_list(connection: duckdb.DuckDBPyConnection) -> None:
    stranger = person(7, "赵子轩", OTHER, sex="1", birth_date=datetime.date(2011, 7, 30))
    assert linked(connection, [person(1, number=NUMBER)], [stranger]) == (set(), set(), set())
    assert linked(connection, [], [stranger]) == (set(), set(), set())


def test_the_same_people_give_the_same_weights(connection: duckdb.DuckDBPyConnection) -> None:
    left, right = (
        [person(n, f"陈玥{c}") for n, c in enumerate("涵彤桐彩")],
        [person(n, f"陈玥{c}") for n, c in enumerate("彤彩溪晴", 10)],
    )
    runs = []
    for _ in range(2):
        linked(connection, left, right)
        runs.append(connection.execute("select * from link order by all").fetchall())
        runs.append(connection.execute("select * from link_doubt order by all").fetchall())
    assert runs[:2] == runs[2:]
    assert len(runs[0]) == 2


def test_numbers_are_linked_without_the_extra(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "splink", None)
    people = [person(1, number=NUMBER)], [person(7, number=NUMBER)]
    with pytest.raises(MissingExtra) as caught:
        linked(connection, *people)
    assert caught.value.facts["extra"] == "link"
    links, _, _ = linked(connection, *people, likeness=False)
    assert links == {(1, 7, "number")}


@pytest.mark.parametrize("wrong", [{"match": 1.0}, {"look": 0.99}, {"look": 0.0}, {"margin": -1.0}])
def test_thresholds_have_to_make_sense(wrong: dict[str, float]) -> None:
    with pytest.raises(InvalidArgument):
        Thresholds(**wrong)
