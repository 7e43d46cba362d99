"""Linkage by likeness: name, sex, birth date and division, weighed by Splink (Fellegi and Sunter's model).

The weights are fixed, not estimated from the files: a file of twenty people can't teach them, the same two people
weigh the same in every file, and the result is the same on every run. ``docs/reconcile.md`` has the measurement.
"""

from __future__ import annotations

import logging
import math
from typing import Any

import duckdb

from kunjing_exchange.errors import MissingExtra

__all__ = ["require", "weigh", "weight_of"]

_POPULATION = 500_000
"""The prior: one person out of the children of a large city is the one that is looked for."""

_NAME_L, _NAME_R = "replace(name_l, '·', '')", "replace(name_r, '·', '')"
# DuckDB's levenshtein and hamming count bytes, of which a Chinese character has three: characters are compared one by
# one here, as far as names of one character a syllable go. Longer names are compared by their share of characters.
_ONE_CHARACTER = (
    "length(name_l) = length(name_r) and length(name_l) between 2 and 4 and "
    + " + ".join(f"(substr(name_l, {at}, 1) <> substr(name_r, {at}, 1))::int" for at in range(1, 5))
    + " = 1"
)

_Level = tuple[str, str, float, float]
"""(label, SQL condition, share of the same people who fall here, share of different people who do)."""

_COMPARISONS: dict[str, tuple[_Level, ...]] = {
    "name": (
        ("same", f"{_NAME_L} = {_NAME_R}", 0.95, 0.0001),
        ("one character differs", _ONE_CHARACTER, 0.03, 0.003),
        ("alike", "jaro_winkler_similarity(name_l, name_r) >= 0.88", 0.015, 0.001),
        ("different", "else", 0.005, 0.9959),
    ),
    "birth_date": (
        ("same", "birth_date_l = birth_date_r", 0.95, 1 / 6570),
        ("one slip", "damerau_levenshtein(birth_date_l, birth_date_r) <= 1", 0.03, 0.004),
        (
            "day and month exchanged",
            "substr(birth_date_l, 1, 4) = substr(birth_date_r, 1, 4) "
            "and substr(birth_date_l, 6, 2) = substr(birth_date_r, 9, 2) "
            "and substr(birth_date_l, 9, 2) = substr(birth_date_r, 6, 2)",
            0.006,
            0.0006,
        ),
        (
            "a year apart",
            "substr(birth_date_l, 5) = substr(birth_date_r, 5) "
            "and abs(substr(birth_date_l, 1, 4)::int - substr(birth_date_r, 1, 4)::int) = 1",
            0.006,
            0.0003,
        ),
        ("different", "else", 0.008, 0.995),
    ),
    "sex": (("same", "sex_l = sex_r", 0.995, 0.5), ("different", "else", 0.005, 0.5)),
    "division": (
        ("same", "division_l = division_r", 0.9, 0.1),
        ("same city", "substr(division_l, 1, 4) = substr(division_r, 1, 4)", 0.07, 0.5),
        ("different", "else", 0.03, 0.4),
    ),
}

_BLOCKS = (
    "l.birth_date = r.birth_date and l.surname = r.surname",
    "l.birth_date = r.birth_date and l.division = r.division and l.sex = r.sex",
    "l.name = r.name and l.division = r.division",
    "l.name = r.name and l.birth_year = r.birth_year",
    "l.name = r.name and l.birthday = r.birthday",
)
"""Who is compared at all: a pair that meets none of these has no two fields in common that could make it likely."""

_DIFFERENT_NUMBERS = "(l.sound and r.sound)"
"""Two sound resident ids that are not the same: different people, however alike."""


def require() -> Any:
    """Splink.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import splink
    except ImportError:
        raise MissingExtra(
            "link",
            "按姓名等比对没有相同证件号码的人（只按号码比对则不必）",
            "linking people without a number in common (linking by number alone does not)",
        ) from None
    return splink


def weigh(connection: duckdb.DuckDBPyConnection, least_weight: float) -> None:
    """Make ``likeness`` (``left_no``, ``right_no``, ``weight``, ``probability``) of who is not linked yet.

    Pairs of a smaller weight are left out.

    Raises:
        MissingExtra: Splink is not installed.
    """
    splink = require()
    logging.getLogger("splink").setLevel(logging.WARNING)
    for side in ("left", "right"):
        connection.execute(
            f"""
            create or replace temp table rest_{side} as
            select record_no as unique_id, name, sex, birth_date::varchar as birth_date, division, sound,
              substr(name, 1, 1) as surname, year(birth_date) as birth_year,
              substr(birth_date::varchar, 6) as birthday
            from link_{side} where record_no not in (select {side}_no from link)
            """
        )
    connection.execute(
        "create or replace temp table likeness (left_no bigint, right_no bigint, weight double, probability double)"
    )
    counts = "select (select count(*) from rest_left), (select count(*) from rest_right)"
    if 0 in connection.execute(counts).fetchall()[0]:
        return
    settings = splink.SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(name, levels) for name, levels in _COMPARISONS.items()],
        blocking_rules_to_generate_predictions=[
            {"blocking_rule": f"{block} and not {_DIFFERENT_NUMBERS}", "sql_dialect": "duckdb"} for block in _BLOCKS
        ],
        probability_two_random_records_match=1 / _POPULATION,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    api = splink.DuckDBAPI(connection)
    sides = [api.register(f"rest_{side}", dataset_display_name=side) for side in ("left", "right")]
    linker = splink.Linker(sides, settings, log_level=logging.WARNING)
    scored = linker.inference.predict(threshold_match_weight=least_weight, warning_mode="never")
    connection.execute(
        "insert into likeness select unique_id_l, unique_id_r, match_weight, match_probability "
        f"from {scored.physical_name}"
    )
    api.delete_tables_created_by_splink_from_db()
    connection.execute("drop table rest_left; drop table rest_right")


def _comparison(name: str, levels: tuple[_Level, ...]) -> dict[str, Any]:
    missing = {
        "sql_condition": f"{name}_l is null or {name}_r is null",
        "label_for_charts": "missing",
        "is_null_level": True,
    }
    told = [
        {
            "sql_condition": condition.upper() if condition == "else" else condition,
            "label_for_charts": label,
            "m_probability": same,
            "u_probability": different,
            "fix_m_probability": True,
            "fix_u_probability": True,
        }
        for label, condition, same, different in levels
    ]
    return {"output_column_name": name, "comparison_levels": [missing, *told]}


def weight_of(probability: float) -> float:
    """The match weight in bits of a probability."""
    return math.log2(probability / (1 - probability))
