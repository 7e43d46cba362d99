"""Apache Spark: the same work over records that lie on many machines (extra ``spark``; docs/spark.md).

A large submission in JSON Lines is read and checked record by record in Spark's workers, by the functions that do so on
one machine, and its rules and statistical tables run as Spark's own SQL. A folder of submissions is worked off file by
file.
"""

from __future__ import annotations

from kunjing_exchange.spark.dataset import export_dataset, report_dataset
from kunjing_exchange.spark.folder import Checked, Converted, convert_folder, validate_folder
from kunjing_exchange.spark.reconcile import Reconciled, reconcile_folders
from kunjing_exchange.spark.report import report
from kunjing_exchange.spark.session import open_session
from kunjing_exchange.spark.validate import Submission, validate

__all__ = [
    "Checked",
    "Converted",
    "Reconciled",
    "Submission",
    "convert_folder",
    "export_dataset",
    "open_session",
    "reconcile_folders",
    "report",
    "report_dataset",
    "validate",
    "validate_folder",
]
