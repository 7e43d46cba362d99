"""Rules: SQL that returns what is wrong, one file a subject, and how they are read and bound.

A rule is a statement with a header::

    -- rule: KJ-BEN-004
    -- title: 待遇起始日期早于出生日期 | A benefit starts before the child was born
    -- source: 豫政办〔2017〕47号 五(一)
    -- scope: record · effect: record · fields: benefit.start_date, child.birth_date
    -- fix: 核对出生日期和起始日期 | Check the birth date and the start date
    select record_no, item_no, benefit.start_date as found, child.birth_date as expected
    from benefit join child using (record_no)
    where benefit.start_date < child.birth_date;

The first field names the place of the finding: its table's keys are selected first, then ``found`` and ``expected``.
Three header lines may follow the title: ``-- message: 中文{found}…{expected} | English …`` with the named parameters
of :class:`Rule` (the title where there is none), and ``-- from:`` and ``-- to:``, the first and last ``period_end`` for
which the rule holds.

``fields`` names every column that is read; a record with an unreadable value in one of them is not evaluated.
``header`` is the submission's header (one row) and ``edition`` the policy's parameters (one row). A rule of scope
``previous_submission`` also reads ``previous_header``, ``previous_case_file`` and so on: the submission before, where a
case file (``case_id``, ``division``) is there once. SQL keeps to the portable subset; ``age(birth, day)`` is the one
macro: completed years by the edition's leap-day rule.
"""

from __future__ import annotations

from kunjing_exchange.rules.built_in import check_values, resident_number, resident_test
from kunjing_exchange.rules.rule import Rule, bind, rule, rules
from kunjing_exchange.rules.run import RuleOutcome, create_findings, match_previous, run_rules

__all__ = [
    "Rule",
    "RuleOutcome",
    "bind",
    "check_values",
    "create_findings",
    "match_previous",
    "resident_number",
    "resident_test",
    "rule",
    "rules",
    "run_rules",
]
