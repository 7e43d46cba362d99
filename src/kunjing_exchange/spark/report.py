"""Statistical tables counted by Spark, from a submission that it validated."""

from __future__ import annotations

from collections.abc import Sequence

from kunjing_exchange.errors import InvalidArgument, NotAccepted
from kunjing_exchange.findings import Verdict
from kunjing_exchange.report import LEVELS, Report, table_names
from kunjing_exchange.report import table as stat_table
from kunjing_exchange.report.fill import _counted, _header, _Opened
from kunjing_exchange.spark.validate import Submission

__all__ = ["report"]


def report(
    submission: Submission, *, table: str | Sequence[str] = "all", by: str = "county", period: str | None = None
) -> dict[str, Report]:
    """Fill tables, by id, from the case files of a submission that are accepted.

    Args:
        submission: what :func:`kunjing_exchange.spark.validate` gives.
        table: one table, several, or ``all``.
        by: what a row is: ``village``, ``township``, ``county``, ``city`` or ``province``.
        period: that of the submission where it is not given.

    Raises:
        NotAccepted: the submission is rejected or could not be judged.
        UnknownTable, InvalidArgument
    """
    names = table_names() if table == "all" else (table,) if isinstance(table, str) else tuple(table)
    chosen = [stat_table(name) for name in names]
    if by not in LEVELS:
        raise InvalidArgument(f"汇总层级只能是 {'、'.join(LEVELS)}", f"a row is one of {', '.join(LEVELS)}, not {by}")
    if submission.verdict in (Verdict.REJECTED, Verdict.UNDETERMINED):
        raise NotAccepted(
            "报送未被接受，不能汇总；请先按 kunjing validate 的结果更正",
            "the submission is not accepted and can't be counted; put right what kunjing validate finds",
            verdict=submission.verdict.value,
        )
    header = _header(submission.connection, submission.verdict)
    opened = _Opened(submission.records, header, submission.edition, submission.verdict)
    return {one.table.id: one for one in _counted(opened, chosen, by, period)}
