"""Statistical tables from accepted submissions.

A table is one declaration (``*.toml``: what each figure means) and one query over the canonical tables (``*.sql``).
"""

from __future__ import annotations

from kunjing_exchange.report.check import Change, added, check, compare, equations, higher
from kunjing_exchange.report.fill import count_tables, report, trace
from kunjing_exchange.report.filled import TOTAL, Cell, Equation, Figure, Release, Report, Row
from kunjing_exchange.report.output import FORMATS, write_folder, write_report
from kunjing_exchange.report.period import Period, period_of
from kunjing_exchange.report.place import LEVELS, Addressee, Placement, addressees, placed
from kunjing_exchange.report.release import METHODS, released
from kunjing_exchange.report.rollup import Return, Rollup, read_return, rollup
from kunjing_exchange.report.table import Dimension, StatColumn, StatTable, Value, table, table_names
from kunjing_exchange.report.xml import xsd_text

__all__ = [
    "FORMATS",
    "LEVELS",
    "METHODS",
    "TOTAL",
    "Addressee",
    "Cell",
    "Change",
    "Dimension",
    "Equation",
    "Figure",
    "Period",
    "Placement",
    "Release",
    "Report",
    "Return",
    "Rollup",
    "Row",
    "StatColumn",
    "StatTable",
    "Value",
    "added",
    "addressees",
    "check",
    "compare",
    "count_tables",
    "equations",
    "higher",
    "period_of",
    "placed",
    "read_return",
    "released",
    "report",
    "rollup",
    "table",
    "table_names",
    "trace",
    "write_folder",
    "write_report",
    "xsd_text",
]
