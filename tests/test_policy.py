"""Policy editions: what they fix, and that nothing is fixed for what does not exist."""

from __future__ import annotations

import datetime
from decimal import Decimal

import duckdb
import pytest

from kunjing_exchange.errors import UnknownEdition
from kunjing_exchange.findings import BUILT_IN, Severity
from kunjing_exchange.policy import DEFAULT_EDITION, edition, edition_names
from kunjing_exchange.rules import edition_sql, rules


@pytest.mark.parametrize("name", edition_names())
def test_an_edition_grades_only_what_exists_and_every_rule(name: str) -> None:
    one = edition(name)
    assert one.name == name
    assert one.severities.keys() <= rules().keys() | BUILT_IN.keys()
    assert rules().keys() <= one.severities.keys()
    assert one.title_zh
    assert one.source
    assert one.leap_birthday in ("03-01", "02-28")


def test_henan_2017() -> None:
    one = edition()
    assert one == edition(DEFAULT_EDITION)
    assert one.valid_from == datetime.date(2017, 7, 1)
    assert one.parameters["child_age_limit"] == 18
    assert one.parameters["destitute_age_limit"] == 16
    assert one.parameters["compulsory_living_junior"] == Decimal("1250.00")
    assert one.parameters["free_education_from"] == datetime.date(2017, 9, 1)


def test_parameters_are_one_typed_row() -> None:
    one = edition()
    connection = duckdb.connect()
    for sql in edition_sql(one):
        connection.execute(sql)
    row = connection.execute("select * from edition").fetchall()
    assert row == [tuple(one.parameters.values())]


def test_what_an_edition_blocks_is_an_error_there() -> None:
    """A rule that blocks nothing is no error: nobody could say what became of it."""
    one = edition()
    for rule in rules().values():
        if rule.effect == "none":
            assert one.severity_of(rule.id) is not Severity.ERROR, rule.id
        else:
            assert one.severity_of(rule.id) is Severity.ERROR, rule.id


def test_an_edition_that_is_not_there_names_those_that_are() -> None:
    for name in ("henan-1817", "../policy/henan-2017", ""):
        with pytest.raises(UnknownEdition, match=DEFAULT_EDITION):
            edition(name)
