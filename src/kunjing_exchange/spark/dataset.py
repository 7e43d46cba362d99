"""Records as Parquet: a dataset written by Spark from a submission, and tables counted from datasets."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from kunjing_exchange import policy
from kunjing_exchange.engine import open_engine
from kunjing_exchange.errors import InvalidArgument, NotAccepted, OutputExists, UnreadableInput
from kunjing_exchange.export.dataset import _header, _Resource
from kunjing_exchange.findings import Verdict
from kunjing_exchange.report import Report, count_tables
from kunjing_exchange.spark.connection import Connection
from kunjing_exchange.spark.session import located, own_session
from kunjing_exchange.spark.validate import Submission
from kunjing_exchange.tables import TABLES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["export_dataset", "report_dataset"]


def export_dataset(
    submission: Submission,
    folder: str | os.PathLike[str],
    *,
    for_analysis: bool = False,
    whole: bool = False,
    force: bool = False,
) -> None:
    """Write the accepted records of a submission as ``FOLDER/TABLE.parquet``, each a folder as Spark writes them.

    The tables are those of :func:`kunjing_exchange.export.export_dataset`, without its descriptions.

    Args:
        submission: what :func:`kunjing_exchange.spark.validate` gives.
        folder: where to, anything Spark writes to.
        for_analysis: leave out what says who somebody is.
        whole: leave out nothing: personal data of children.
        force: overwrite the tables that are there.

    Raises:
        InvalidArgument: neither, or both, of ``for_analysis`` and ``whole``.
        NotAccepted: the submission is rejected or could not be judged, or does not say period and county.
        OutputExists: a table is there already.
    """
    from pyspark.errors import AnalysisException

    if for_analysis == whole:
        raise InvalidArgument(
            "请指明 for_analysis（不含姓名、号码、地址和限制字段）或 whole（全部，仅供内部使用）之一",
            "say one of for_analysis (without names, numbers, addresses and restricted facts) and whole (everything)",
        )
    if submission.verdict in (Verdict.REJECTED, Verdict.UNDETERMINED):
        raise NotAccepted(
            "报送未被接受，不能导出；请先按 kunjing validate 的结果更正",
            "the submission is not accepted and can't be exported; put right what kunjing validate finds",
            verdict=submission.verdict.value,
        )
    _header(submission.connection)
    resources = [_Resource.of(table, whole) for table in TABLES.values()]
    kept = ", ".join(f"'{one.name}.{element.name}'" for one in resources for element, _ in one.columns)
    queries = {one.name: one.sql() for one in resources} | {
        "record": "select record_no, kind from place anti join rejected_record using (record_no)",
        "unknown_fact": "select * from unknown_fact anti join rejected_record using (record_no) "
        f"where table_name || '.' || column_name in ({kept})",
    }
    parent, _, last = os.fspath(folder).rstrip("/").rpartition("/")
    target = f"{located(parent or '.')}/{last}"
    for name, sql in queries.items():
        path = f"{target}/{name}.parquet"
        try:
            submission.records.frame(sql).write.parquet(path, mode="overwrite" if force else "errorifexists")
        except AnalysisException as error:
            if error.getCondition() != "PATH_ALREADY_EXISTS":
                raise
            raise OutputExists(
                f"输出已存在：{path}（用 force 覆盖）", f"the output exists: {path} (force overwrites)", path=path
            ) from None


def report_dataset(
    session: SparkSession,
    folder: str | os.PathLike[str],
    *,
    period: str,
    table: str | Sequence[str] = "all",
    by: str = "county",
    period_end: datetime.date | None = None,
    sender: str = "",
    edition: str = policy.DEFAULT_EDITION,
) -> dict[str, Report]:
    """Fill tables, by id, from a dataset in Parquet: ``FOLDER/TABLE.parquet`` as :func:`export_dataset` or
    ``kunjing export dataset`` (its folder ``parquet``) wrote it.

    Nothing is validated: a dataset holds accepted records only. See
    :func:`kunjing_exchange.report.count_tables` for the arguments.

    Raises:
        UnreadableInput: a table is missing.
        UnknownTable, InvalidArgument, MissingExtra
    """
    from pyspark.errors import AnalysisException

    own = own_session(session)
    with open_engine() as engine:
        records = Connection(own, engine.connection)
        for name in TABLES:
            path = f"{located(folder)}/{name}.parquet"
            try:
                records.add(name, own.read.parquet(path))
            except AnalysisException:
                raise UnreadableInput(
                    f"数据集缺少表：{path}", f"a table of the dataset is missing: {path}", finding_id="KJ-SYS-001"
                ) from None
        return count_tables(
            records, edition=policy.edition(edition), period=period, period_end=period_end, table=table, by=by,
            sender=sender,
        )  # fmt: skip
