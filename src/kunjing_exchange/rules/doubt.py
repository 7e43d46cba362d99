"""Which rules can find anything at all.

Most of what a rule asks of a row lies in the row itself, in what there is once for its record, and in the header: that
much of all rules on one table is asked in one scan. Only the rules that some row leaves in doubt are run. For one case
file, planning the statements is most of the time; for a million it is reading the tables again.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import duckdb

from kunjing_exchange.policy import Edition
from kunjing_exchange.rules.rule import Rule, bind
from kunjing_exchange.tables import TABLES

__all__ = ["Doubt", "asking", "doubt", "source"]

_ONCE = frozenset(name for name, table in TABLES.items() if len(table.keys) == 1) | {"edition", "benefit"}
"""Tables with at most one row for a row that they are joined to."""
_TOKEN = re.compile(r"'[^']*'|\b(?:select|from|where|group by|having|case|end|between|and|or)\b|[()]")
_OPENING, _CLOSING = ("(", "case"), (")", "end")
_TERM = "benefit.record_no = payment.record_no and benefit.item_no = payment.benefit_item_no"
"""A payment is of one benefit."""
_ON = {"header": "true", "edition": "true", "benefit": _TERM}
_JOINED = re.compile(
    rf"^(?:cross join (header|edition)|join ([a-z_]+) using \(record_no\)|join (benefit) on {re.escape(_TERM)})$",
    re.MULTILINE,
)
_NAMED = re.compile(r"\b([a-z_]+)\.[a-z_]+\b")
_TEXT = re.compile(r"'[^']*'")


@dataclass(frozen=True, slots=True)
class Doubt:
    """What must hold of some row of ``table``, with the tables joined to it, for the rule to find anything."""

    rule: str
    table: str
    joined: tuple[str, ...]
    condition: str


def _words(sql: str) -> Iterator[tuple[str, int, int]]:
    """The keywords outside all brackets, with where they start and end."""
    depth = 0
    for match in _TOKEN.finditer(sql):
        word = match[0]
        if word in _CLOSING:
            depth -= 1
        elif word in _OPENING:
            depth += 1
        elif depth == 0 and word[0] != "'":
            yield word, match.start(), match.end()


def _clauses(sql: str) -> dict[str, str]:
    """The clauses of a statement by the word that each begins with."""
    starts = [word for word in _words(sql) if word[0] in ("select", "from", "where", "group by", "having")]
    ends = [start for _, start, _ in starts[1:]] + [len(sql)]
    return {word: sql[after:end].strip() for (word, _, after), end in zip(starts, ends, strict=True)}


def _conjuncts(condition: str) -> list[str]:
    """What all has to hold."""
    ands: list[tuple[int, int]] = []
    between = False
    for word, start, end in _words(condition):
        if word == "or":
            return [condition]
        if word == "and" and not between:
            ands.append((start, end))
        between = word == "between"
    starts = [0, *(end for _, end in ands)]
    return [condition[start:end] for start, end in zip(starts, [*(start for start, _ in ands), None], strict=True)]


@functools.cache
def doubt(rule: Rule) -> Doubt | None:
    """The part of a rule that one row answers; ``None`` where there is none, and the rule has to be run."""
    clauses = _clauses(rule.sql)
    origin = clauses.get("from", "")
    table = origin.partition("\n")[0]
    if table not in TABLES or "where" not in clauses:
        return None
    joined = tuple(name for pair in _JOINED.findall(origin) for name in pair if name in _ONCE)
    known = {table, *joined}
    local = [
        f"({part.strip()})"
        for part in _conjuncts(clauses["where"])
        if "select" not in part and known.issuperset(_NAMED.findall(_TEXT.sub("", part)))
    ]
    there = [f"{name}.record_no is not null" for name in joined if name != "edition"]
    return Doubt(rule.id, table, joined, " and ".join((*there, *local))) if local else None


def source(doubts: Sequence[Doubt]) -> str:
    """The table of some doubts, with all that is joined to it; every row of the table is there once."""
    table = doubts[0].table
    joined = {name: None for part in doubts for name in part.joined}
    joins = (f"left join {name} on {_ON.get(name, f'{name}.record_no = {table}.record_no')}" for name in joined)
    return " ".join((table, *joins))


def asking(
    doubts: Iterable[Doubt], edition: Edition, held: set[str]
) -> list[Callable[[duckdb.DuckDBPyConnection], None]]:
    """Pieces of work that put into ``held`` the rules of which something holds, the longest last."""
    asked: dict[str, list[Doubt]] = {}
    for part in doubts:
        asked.setdefault(part.table, []).append(part)
    parts = sorted(asked.values(), key=len)
    return [functools.partial(_ask, doubts=members, edition=edition, held=held) for members in parts]


def _ask(connection: duckdb.DuckDBPyConnection, doubts: Sequence[Doubt], edition: Edition, held: set[str]) -> None:
    holds = ", ".join(f"bool_or({bind(part.condition, edition)})" for part in doubts)
    try:
        row = connection.execute(f"select {holds} from {source(doubts)}").fetchone() or ()
    except duckdb.Error:  # one of them crashes: each says so itself
        row = (True,) * len(doubts)
    held.update(part.rule for part, answer in zip(doubts, row, strict=True) if answer)
