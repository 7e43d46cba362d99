"""Statistical tables counted by Spark: from a submission in JSON Lines, or from datasets in Parquet."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from kunjing_exchange import policy
from kunjing_exchange.errors import InvalidArgument
from kunjing_exchange.report import LEVELS, Report, count_tables, table_names
from kunjing_exchange.report import table as stat_table
from kunjing_exchange.report.fill import accepted_header, fill, open_counting
from kunjing_exchange.spark.connection import Connection
from kunjing_exchange.spark.validate import opened

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["report"]


def report(
    session: SparkSession,
    source: str | os.PathLike[str],
    *,
    table: str | Sequence[str] = "all",
    by: str = "county",
    period: str | None = None,
    edition: str = policy.DEFAULT_EDITION,
) -> dict[str, Report]:
    """Validate a submission and fill tables from the case files that are accepted, by id.

    Args:
        session: of Spark (:func:`kunjing_exchange.spark.open_session`).
        source: what :func:`kunjing_exchange.spark.validate` takes.
        table: one table, several, or ``all``.
        by: what a row is: ``village``, ``township``, ``county``, ``city`` or ``province``.
        period: that of the submission where it is not given.

    Raises:
        NotAccepted: the submission is rejected or could not be judged.
        UnknownTable, InvalidArgument, UnreadableInput, MissingExtra
    """
    names = table_names() if table == "all" else (table,) if isinstance(table, str) else tuple(table)
    chosen = [stat_table(name) for name in names]
    if by not in LEVELS:
        raise InvalidArgument(f"汇总层级只能是 {'、'.join(LEVELS)}", f"a row is one of {', '.join(LEVELS)}, not {by}")
    with opened(session, source, edition=edition) as (findings, records):
        header = accepted_header(findings)
        with open_counting(records, header, findings.edition, period) as counting:
            filled = fill(counting, chosen, by, header.sender, findings.verdict, findings.edition.name)
    return {one.table.id: one for one in filled}
