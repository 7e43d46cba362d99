"""Mutation testing of the rules' SQL: does any conformance case notice when a rule says something else?

    python tools/mutate_rules.py                    every rule; exit status 1 where more than a tenth survives
    python tools/mutate_rules.py KJ-BEN-001 …       these rules
    python tools/mutate_rules.py --survivors        and print what each surviving mutant changed

A mutant differs from its rule in one place of the syntax tree: a comparison turned, a condition dropped, ``exists``
negated, a join swapped, a constant or an age limit changed, the two sides of a comparison exchanged, ``distinct`` or a
code of a list dropped. It is killed where it judges a case another way than the rule does: one of its conformance pair,
or of the cases at its edge (tests/conformance/boundary.py). A mutant that the engine refuses, or plans just as it plans
the rule, is not counted.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from kunjing_exchange import policy
from kunjing_exchange.rules import Rule, bind, rule, rules

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "tests" / "conformance"))
import boundary

MOST_SURVIVING = 0.10

TURNED = {exp.LT: exp.LTE, exp.LTE: exp.LT, exp.GT: exp.GTE, exp.GTE: exp.GT, exp.EQ: exp.NEQ, exp.NEQ: exp.EQ}
REVERSED = {exp.LT: exp.GTE, exp.LTE: exp.GT, exp.GT: exp.LTE, exp.GTE: exp.LT}
ORDERED = (exp.LT, exp.LTE, exp.GT, exp.GTE)
ALWAYS_THERE = ("case_file", "child")
"""Every row below a case file has these, so that an inner and a left join of them are one."""
NO_END = "9999-12-31"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed statement and what was changed."""

    sql: str
    change: str


Change = tuple[str, Callable[[Any], Any]]


def _changes(node: Any) -> Iterator[Change]:
    """(what, how) of every change of one node; how gives the node to put in its place."""
    kind = type(node)
    if kind in TURNED:
        yield "turned", lambda one: TURNED[kind](this=one.this, expression=one.expression)
    if kind in REVERSED:
        yield "reversed", lambda one: REVERSED[kind](this=one.this, expression=one.expression)
    if kind in ORDERED:
        yield "sides exchanged", lambda one: kind(this=one.expression, expression=one.this)
    if kind in (exp.And, exp.Or):
        yield "right condition dropped", lambda one: one.this
        yield "left condition dropped", lambda one: one.expression
    if kind is exp.Not:
        yield "not dropped", lambda one: one.this
    if kind is exp.Exists and not isinstance(node.parent, exp.Not):
        yield "negated", lambda one: exp.Not(this=one)
    if kind is exp.Is and not isinstance(node.parent, exp.Not):
        yield "negated", lambda one: exp.Not(this=one)
    if kind is exp.In and len(node.expressions) > 1:
        for position in range(len(node.expressions)):
            yield f"code {node.expressions[position].sql()} dropped", lambda one, at=position: _without(one, at)
    if kind is exp.Boolean:
        yield "constant turned", lambda one: exp.Boolean(this=not one.this)
    if kind is exp.Literal and not node.is_string and node.name.isdecimal() and not _is_length(node):
        for step in (-1, 1):
            yield f"{step:+}", lambda one, by=step: exp.Literal.number(int(one.name) + by)
    if kind is exp.Column and node.table == "edition" and _is_count(node.name):
        for step in ("-", "+"):
            yield f"{step} 1", lambda one, by=step: exp.maybe_parse(f"({one.sql()} {by} 1)")
    if kind is exp.Join:
        if node.side == "LEFT":
            yield "inner join", lambda one: _with(one, side=None)
        elif not node.side and node.kind != "CROSS" and node.this.name not in ALWAYS_THERE:
            yield "left join", lambda one: _with(one, side="LEFT", kind=None)
    if kind is exp.Distinct:
        yield "dropped", lambda one: None
    if kind is exp.Where and not isinstance(node.this, exp.And):
        yield "condition dropped", lambda one: None


def _without(node: Any, position: int) -> Any:
    node.set("expressions", [one for at, one in enumerate(node.expressions) if at != position])
    return node


def _with(node: Any, **changed: object) -> Any:
    for name, value in changed.items():
        node.set(name, value)
    return node


def _is_count(name: str) -> bool:
    return isinstance(policy.edition().parameters.get(name), int) or name.endswith("_days")


def _is_length(node: Any) -> bool:
    """Whether a number says where text begins or ends, or is the 1 of ``select 1``."""
    return isinstance(node.parent, (exp.Substring, exp.Select, exp.DataTypeParam))


def _in_condition(node: Any) -> bool:
    """Whether a node decides which rows there are: what is selected does not."""
    while node is not None:
        if isinstance(node, (exp.Where, exp.Having, exp.Join, exp.Distinct)):
            return True
        node = node.parent
    return False


def mutants(one: Rule) -> Iterator[Mutant]:
    """Every mutant of a rule. The age macro is not written out: it has tests of its own."""
    tree = sqlglot.parse_one(one.sql, read="duckdb")
    size = sum(1 for _ in tree.walk())
    for position in range(size):
        original = _nth(tree, position)
        if not _in_condition(original) or (NO_END in original.sql() and isinstance(original, exp.Literal)):
            continue
        for what, how in _changes(original):
            copied = tree.copy()
            node = _nth(copied, position)
            text = node.sql(dialect="duckdb")
            place = exp.Placeholder()
            node.replace(place)
            changed = how(node)
            if changed is None:
                place.pop()
            else:
                place.replace(exp.Paren(this=changed) if isinstance(changed, (exp.Or, exp.Not)) else changed)
            yield Mutant(copied.sql(dialect="duckdb", normalize_functions=False), f"{text[:100]}: {what}")


def _nth(tree: Any, position: int) -> Any:
    return next(node for at, node in enumerate(tree.walk()) if at == position)


def surviving(one: Rule) -> tuple[int, list[Mutant]]:
    """(how many mutants were judged, those that no case notices)."""
    edition = policy.edition()
    keys = one.table.keys
    original = bind(one.sql, edition)
    with boundary.worlds(one) as (connection, parts):
        plan = _plan(connection, original)
        bound = ((mutant, bind(mutant.sql, edition)) for mutant in mutants(one))
        alive = [(mutant, sql) for mutant, sql in bound if _plan(connection, sql) not in (None, plan)]
        judged = len(alive)
        for part in parts:
            if alive:
                part.enter()
                expected = part.findings(original, keys)
                alive = [(mutant, sql) for mutant, sql in alive if part.findings(sql, keys) == expected]
    return judged, [mutant for mutant, _ in alive]


def _plan(connection: duckdb.DuckDBPyConnection, sql: str) -> str | None:
    """How the engine would run a statement; nothing where it refuses it."""
    try:
        rows = connection.execute(f"explain {sql}").fetchall()
    except duckdb.Error:
        return None
    return re.sub(r"~[0-9,]+ rows?", "", "\n".join(text for _, text in rows))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("rules", nargs="*", metavar="RULE", help="only these rules")
    parser.add_argument("--survivors", action="store_true", help="print what each surviving mutant changed")
    options = parser.parse_args(argv)
    judged: Counter[str] = Counter()
    survived: Counter[str] = Counter()
    for one in [rule(name) for name in options.rules] or rules().values():
        judged[one.id], left = surviving(one)
        survived[one.id] = len(left)
        sys.stdout.write(f"{one.id}: {judged[one.id] - len(left)} killed, {len(left)} survived\n")
        if options.survivors:
            sys.stdout.writelines(f"    {mutant.change}\n" for mutant in left)
        sys.stdout.flush()
    share = survived.total() / max(1, judged.total())
    sys.stdout.write(f"{judged.total()} mutants of {len(judged)} rules: {survived.total()} survived, {share:.1%}\n")
    return int(share > MOST_SURVIVING)


if __name__ == "__main__":
    raise SystemExit(main())
