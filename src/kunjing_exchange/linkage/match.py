"""Who is who: numbers first, then likeness, each person once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.linkage.likeness import weigh, weight_of
from kunjing_exchange.linkage.number import link_numbers, prepare, propose

__all__ = ["DOUBTS", "PERSON", "PROPOSALS", "Thresholds", "link"]

PERSON: Mapping[str, str] = {
    "record_no": "BIGINT",
    "name": "VARCHAR",
    "sex": "VARCHAR",
    "birth_date": "DATE",
    "division": "VARCHAR",
    "id_document_type": "VARCHAR",
    "id_number": "VARCHAR",
}
"""The columns of a table of persons; all but ``record_no``, which is unique, may be NULL."""

DOUBTS: Mapping[str, tuple[str, str]] = {
    "number_shared": ("几个人同一个证件号码", "several people have this number"),
    "number_of_another": ("号码相同，姓名和出生日期都不同", "same number, but name and birth date both differ"),
    "several_candidates": ("有几个人同样相像", "several people are as alike"),
    "below_threshold": ("相像，但不足以认定", "alike, but not enough to be sure"),
    "numbers_differ": (
        "姓名、性别、出生日期、区划都相同，而证件号码不同",
        "same name, sex, birth date and division, but different numbers",
    ),
}
"""Why a pair is for the office to look at: (zh, en)."""

PROPOSALS: Mapping[str, tuple[str, str]] = {
    "legacy": ("15位旧号码换成18位后相同", "the same once the old number of 15 digits is written with 18"),
    "slip": ("更正一处录入错误后相同（校验码不符）", "the same once one slip of typing is put right (check digit)"),
}
"""What kind of proposal for a number: (zh, en)."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a likeness counts.

    ``match``: the probability from which a pair is linked. ``look``: from which it is listed for the office.
    ``margin``: how many bits of weight the next likely pair of either person has to lie below (3 bits: eight times less
    likely).
    """

    match: float = 0.95
    look: float = 0.5
    margin: float = 3.0

    def __post_init__(self) -> None:
        if not (0 < self.look <= self.match < 1 and self.margin >= 0):
            raise InvalidArgument(
                "阈值应满足 0 < look ≤ match < 1，margin ≥ 0",
                "thresholds want 0 < look <= match < 1 and margin >= 0",
            )


def link(
    connection: duckdb.DuckDBPyConnection,
    left: str,
    right: str,
    *,
    thresholds: Thresholds | None = None,
    likeness: bool = True,
) -> None:
    """Make ``link``, ``link_doubt`` and ``link_proposal`` of two tables of persons (:data:`PERSON`), anew each time.

    Args:
        connection: of both tables.
        left: name of one.
        right: name of the other.
        thresholds: when a likeness counts.
        likeness: whether to go on to names where numbers don't tell; needs the extra ``link``.

    Raises:
        MissingExtra: ``likeness`` was asked for and Splink is not installed.
    """
    limits = thresholds or Thresholds()
    prepare(connection, left, "link_left")
    prepare(connection, right, "link_right")
    scored = "weight double, probability double"
    for table, columns in (
        ("link", f"left_no bigint, right_no bigint, basis varchar, {scored}"),
        ("link_doubt", f"left_no bigint, right_no bigint, reason varchar, {scored}"),
        (
            "link_proposal",
            "left_no bigint, right_no bigint, kind varchar, left_number varchar, right_number varchar, "
            "same_name boolean, same_birth_date boolean",
        ),
    ):
        connection.execute(f"create or replace temp table {table} ({columns})")
    link_numbers(connection)
    propose(connection)
    if likeness:
        look = weight_of(limits.look)
        weigh(connection, min(look, weight_of(limits.match) - limits.margin))
        _assign(connection, weight_of(limits.match), look, limits.margin)
    _doubt_different_numbers(connection)
    connection.execute("drop table link_left; drop table link_right; drop table by_number")


def _assign(connection: duckdb.DuckDBPyConnection, match: float, look: float, margin: float) -> None:
    """Link who is best for each other by a margin; the other likely pairs of who is left go to ``link_doubt``."""
    connection.execute(
        """
        create or replace temp table rival as
        select *,
          coalesce(weight - max(weight) over (partition by left_no rows between unbounded preceding
            and unbounded following exclude current row), 'infinity') as before_left,
          coalesce(weight - max(weight) over (partition by right_no rows between unbounded preceding
            and unbounded following exclude current row), 'infinity') as before_right
        from likeness
        """
    )
    connection.execute(
        """
        insert into link
        select left_no, right_no, 'likeness', weight, probability
        from rival
        where weight >= $1 and least(before_left, before_right) >= $2 and least(before_left, before_right) > 0
        """,
        [match, margin],
    )
    connection.execute(
        """
        insert into link_doubt
        select left_no, right_no,
          case when least(abs(before_left), abs(before_right)) < $2 then 'several_candidates'
            else 'below_threshold' end,
          weight, probability
        from rival
        where weight >= $1 and left_no not in (select left_no from link) and right_no not in (select right_no from link)
        """,
        [look, margin],
    )
    connection.execute("drop table rival; drop table likeness")


def _doubt_different_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Note who agrees in all but the number."""
    connection.execute(
        """
        insert into link_doubt
        select l.record_no, r.record_no, 'numbers_differ', null, null
        from link_left as l join link_right as r using (name, sex, birth_date, division)
        where l.sound and r.sound and l.number <> r.number
          and l.record_no not in (select left_no from link) and r.record_no not in (select right_no from link)
        """
    )
