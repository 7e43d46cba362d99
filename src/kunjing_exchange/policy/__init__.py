"""Policy editions: what a policy fixes, as dated data, and what a place lays over it.

An edition is a TOML file beside this module. It names the category scheme, ages, amounts, dates and time limits, which
benefits may be drawn together, the severity of every rule, the rules that are locked, and the editions of code lists.
A later edition is written as its differences to the one it extends. :func:`tables` gives an edition as SQL tables.
A place's overlay (:func:`overlaid`) adds rates and tightens.
"""

from __future__ import annotations

from kunjing_exchange.policy.definition import Edition, Pairing, Parameter, Rate, SeverityChange, TimeLimit
from kunjing_exchange.policy.load import DEFAULT_EDITION, compose, edition, edition_names
from kunjing_exchange.policy.overlay import OverlayProblem, check_overlay, overlaid
from kunjing_exchange.policy.statements import tables

__all__ = [
    "DEFAULT_EDITION",
    "Edition",
    "OverlayProblem",
    "Pairing",
    "Parameter",
    "Rate",
    "SeverityChange",
    "TimeLimit",
    "check_overlay",
    "compose",
    "edition",
    "edition_names",
    "overlaid",
    "tables",
]
