"""Findings as documents, all made from one :class:`Review`: for people, for programs, for build servers.

Each format is a module. All are written finding by finding; where one is cut it says how many were left out.
"""

from __future__ import annotations

from kunjing_exchange.documents.answers import REASONS, Answer, AnswerFile, read_answers
from kunjing_exchange.documents.csv import write_csv
from kunjing_exchange.documents.html import write_html
from kunjing_exchange.documents.json import write_json, write_json_lines
from kunjing_exchange.documents.junit import write_junit
from kunjing_exchange.documents.review import Fixed, Noted, Review
from kunjing_exchange.documents.sarif import write_sarif
from kunjing_exchange.documents.text import write_text
from kunjing_exchange.documents.words import finding_line, severity_text, verdict_text
from kunjing_exchange.documents.xlsx import write_workbook

__all__ = [
    "REASONS",
    "Answer",
    "AnswerFile",
    "Fixed",
    "Noted",
    "Review",
    "finding_line",
    "read_answers",
    "severity_text",
    "verdict_text",
    "write_csv",
    "write_html",
    "write_json",
    "write_json_lines",
    "write_junit",
    "write_sarif",
    "write_text",
    "write_workbook",
]
