"""Linkage by number: the same number as it should be written, and numbers that are one slip apart."""

from __future__ import annotations

import duckdb

from kunjing_exchange.rules import resident_number, resident_test

__all__ = ["link_numbers", "plain_name", "plain_number", "prepare", "propose"]

_WIDE = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)).replace("'", "''")
_DOTS = "•‧・･．∙⋅●.。"
_BARE_NUMBER = 6
"""A shorter number, or one without a digit (无, 暂无), says nothing."""


def plain_number(column: str) -> str:
    """SQL of a number as it is compared: no white space, half-width, capitals.

    Nearly every value is so already, and costs only the look.
    """
    compact = f"upper(translate(regexp_replace({column}, '[\\s\u3000\u00a0]', '', 'g'), '{_WIDE}', '{_HALF}'))"
    return f"case when regexp_matches({column}, '[\\sa-z\u3000\u00a0\uff01-\uff5e]') then {compact} else {column} end"


def plain_name(column: str) -> str:
    """SQL of a name as it is compared: as a number, and U+00B7 for every dot."""
    compact = plain_number(column)
    dots = f"translate({compact}, '{_DOTS}', '{'·' * len(_DOTS)}')"
    return f"case when regexp_matches({column}, '[{_DOTS}]') then {dots} else {compact} end"


def prepare(connection: duckdb.DuckDBPyConnection, source: str, table: str) -> None:
    """The persons of a table as they are compared.

    ``number`` is NULL where it says nothing; ``sound`` is a resident id with its right check digit. A birth date that
    is missing is taken from a sound resident id.
    """
    connection.execute(
        f"""
        create or replace temp table {table} as
        with compact as (
          select record_no, nullif({plain_name("name")}, '') as name, sex, birth_date, division, id_document_type,
            {plain_number("id_number")} as number
          from {source}
        ), told as (
          select * replace (
            case when length(number) >= {_BARE_NUMBER} and regexp_matches(number, '[0-9]') then number end as number
          ) from compact
        ), judged as (
          select * exclude (digits), coalesce({resident_test("number", "digits")}, false) as sound
          from (select *, {resident_number("number")} as digits from told)
        )
        select * replace (
          coalesce(birth_date, case when sound then strptime(substr(number, 7, 8), '%Y%m%d')::date end) as birth_date
        ) from judged
        """
    )


# One character of three may differ, none of two. Jaro's measure counts characters, where levenshtein counts bytes.
_NEAR_NAME = "(l.name is null or r.name is null or jaro_similarity(l.name, r.name) >= 0.75)"
_NEAR_BIRTH = (
    "(l.birth_date is null or r.birth_date is null "
    "or damerau_levenshtein(l.birth_date::varchar, r.birth_date::varchar) <= 1)"
)


def link_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    """Link who has the same number, where nobody else on either side has it too.

    Two people whose name and birth date both differ are not the same, whatever the number says: it is another's. Of
    several with one number those are meant whose name and birth date do not both differ.
    """
    connection.execute(
        f"""
        create or replace temp table by_number as
        select l.record_no as left_no, r.record_no as right_no, {_NEAR_NAME} or {_NEAR_BIRTH} as same_person
        from link_left as l join link_right as r using (number)
        where l.id_document_type is null or r.id_document_type is null or l.id_document_type = r.id_document_type
        """
    )
    connection.execute(
        """
        insert into link
        select left_no, right_no, 'number', null, null from by_number where same_person
        qualify count(*) over (partition by left_no) = 1 and count(*) over (partition by right_no) = 1
        """
    )
    connection.execute(
        """
        insert into link_doubt
        select left_no, right_no, case when same_person then 'number_shared' else 'number_of_another' end, null, null
        from by_number
        where left_no not in (select left_no from link) and right_no not in (select right_no from link)
        """
    )


_PLACES = "cross join (select unnest(range(1, {})) as place)"
_LETTERS = "cross join (select unnest(string_split('0123456789X', '')) as letter)"
_BEFORE, _BEHIND = "substr(number, 1, place - 1)", "substr(number, place + 1)"
_SLIPS = (
    (18, f"{_PLACES.format(19)} {_LETTERS}", f"{_BEFORE} || letter || {_BEHIND}"),
    (18, _PLACES.format(18), f"{_BEFORE} || number[place + 1] || number[place] || substr(number, place + 2)"),
    (19, _PLACES.format(20), f"{_BEFORE} || {_BEHIND}"),
    (17, f"{_PLACES.format(19)} {_LETTERS}", f"{_BEFORE} || letter || substr(number, place)"),
)
"""What a number of some length may have been meant for: a wrong character, two neighbours exchanged, a character too
many, a character left out. (length, places and characters to try, the number then)."""


def propose(connection: duckdb.DuckDBPyConnection) -> None:
    """Note pairs of numbers that the old form or one slip of typing keeps apart, where the names allow it.

    A resident id of 18 has the century and a check digit more than the old one. A slip is looked for in numbers whose
    check digit, or length, is wrong; the other number is right as it stands.
    """
    doubted = (
        "not sound and (id_document_type is null or id_document_type = '111') "
        "and regexp_full_match(number, '[0-9]{16,18}[0-9X]')"
    )
    for mine, other, left, right in (("left", "right", "m", "o"), ("right", "left", "o", "m")):
        meant = [
            f"select record_no, name, birth_date, number, {number} as meant from link_{mine} {tries} "
            f"where {doubted} and length(number) = {length}"
            for length, tries, number in _SLIPS
        ]
        meant_by = {
            "slip": (f"({' union all '.join(meant)})", "o.number"),
            "legacy": (
                f"(select *, number as meant from link_{mine} where regexp_full_match(number, '[0-9]{{15}}'))",
                "case when substr(o.number, 7, 2) = '19' then substr(o.number, 1, 6) || substr(o.number, 9, 9) end",
            ),
        }
        for kind, (source, number) in meant_by.items():
            connection.execute(
                f"""
                insert into link_proposal
                select distinct {left}.record_no, {right}.record_no, '{kind}', {left}.number, {right}.number,
                  {left}.name = {right}.name, {left}.birth_date = {right}.birth_date
                from {source} as m join link_{other} as o on {number} = m.meant
                where o.sound and {_NEAR_NAME.replace("l.", "m.").replace("r.", "o.")}
                """
            )
