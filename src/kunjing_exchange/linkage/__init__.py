"""Which people of two tables are the same: by number, then by likeness, one to one, and never by a guess.

Both tables have the columns of :data:`PERSON`. All matching is SQL on the tables' own connection. What is found is in
three tables of that connection:

``link``
    (``left_no``, ``right_no``, ``basis``, ``weight``, ``probability``): who is who. ``basis`` is ``number`` or
    ``likeness``; weight (bits) and probability are those of the likeness. Nobody is in it twice.
``link_doubt``
    (``left_no``, ``right_no``, ``reason``, ``weight``, ``probability``): pairs for the office to look at, none of whom
    is linked: see :data:`DOUBTS`.
``link_proposal``
    (``left_no``, ``right_no``, ``kind``, ``left_number``, ``right_number``, ``same_name``, ``same_birth_date``): two
    numbers that would be one number if a slip of typing or the old form of 15 digits were put right: see
    :data:`PROPOSALS`. A proposal links nobody and is no evidence of likeness.
"""

from __future__ import annotations

from kunjing_exchange.linkage.likeness import require as require_likeness
from kunjing_exchange.linkage.match import DOUBTS, PERSON, PROPOSALS, Thresholds, link
from kunjing_exchange.linkage.number import plain_name, plain_number

__all__ = ["DOUBTS", "PERSON", "PROPOSALS", "Thresholds", "link", "plain_name", "plain_number", "require_likeness"]
