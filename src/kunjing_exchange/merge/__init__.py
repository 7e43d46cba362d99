"""Merge what departments say into case files: field by field, with who said so, and nothing overwritten in silence.

Whose word counts is data (``rules.toml``). What a case file lacks is filled; what is equal stays; a differing value is
a conflict, and replaces what the case file has only where its department is the authority for the field and its data
are not older than what is known of the field already. Children are matched by identifier only; whoever has none is for
:mod:`kunjing_exchange.reconcile`.
"""

from __future__ import annotations

from kunjing_exchange.merge.case import merge
from kunjing_exchange.merge.files import merge_files
from kunjing_exchange.merge.result import (
    HINTS,
    OUTCOMES,
    REASONS,
    Change,
    Conflict,
    File,
    Hint,
    Merge,
    Merging,
    Origin,
    Provenance,
    Statement,
    Unmatched,
)
from kunjing_exchange.merge.rules import Authority, authorities

__all__ = [
    "HINTS",
    "OUTCOMES",
    "REASONS",
    "Authority",
    "Change",
    "Conflict",
    "File",
    "Hint",
    "Merge",
    "Merging",
    "Origin",
    "Provenance",
    "Statement",
    "Unmatched",
    "authorities",
    "merge",
    "merge_files",
]
