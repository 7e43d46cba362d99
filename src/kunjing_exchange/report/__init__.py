"""Statistical tables from accepted submissions.

A table is one declaration (``*.toml``: what each figure means) and one query over the canonical tables (``*.sql``).
"""

from __future__ import annotations

from kunjing_exchange.report.fill import LEVELS, Report, Row, report
from kunjing_exchange.report.table import StatColumn, StatTable, table, table_names

__all__ = ["LEVELS", "Report", "Row", "StatColumn", "StatTable", "report", "table", "table_names"]
