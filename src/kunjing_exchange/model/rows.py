"""A record as the rows of its tables, beside the record itself: for who would only take it apart again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["Row"]

Row = tuple[str, tuple[int, ...], Sequence[str], Mapping[str, str]]
"""(table, item numbers from 1 of what repeats, outer first, every scalar field in the model's order as text or empty,
reasons of the facts that are unknown)."""
