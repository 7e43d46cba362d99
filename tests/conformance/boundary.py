"""Cases at the edge of each rule: its conformance pair, changed in one fact at a time.

    python tests/conformance/boundary.py           write boundary/findings.json
    python tests/conformance/boundary.py --check   say which rules would now judge another way; exit 1 where one does

Of both documents of a pair, and of both with what they lack of what the rule reads, each fact that the rule reads is
made absent, unknown, another code of the rule, the day or month before and after, the same day as another date that
the rule reads or as many years or days after it as the policy counts, the day before and after that; each item that
repeats is left out and doubled. A rule that looks at one record gets some cases with two changes as well.
``findings.json`` keeps, as a digest, of which of these cases each rule speaks, so that a rule that judges any of them
another way is seen. Cases are pruned to what the rule reads. The submission before, of a rule that compares, is changed
in the same way: it stands in the document as ``previous``.
"""

from __future__ import annotations

import calendar
import contextlib
import copy
import datetime
import functools
import hashlib
import importlib.util
import itertools
import json
import pathlib
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import duckdb

from kunjing_exchange import policy
from kunjing_exchange.model import Element, elements
from kunjing_exchange.rules import Rule, bind, rules
from kunjing_exchange.tables import PREVIOUS, PREVIOUS_TABLES, TABLES, Loader, Table

Plain = dict[str, Any]

HERE = pathlib.Path(__file__).parent
FINDINGS = HERE / "boundary" / "findings.json"
CHANGED_TWICE, SECOND_CHANGES = 30, 40
"""So many of the cases of a rule that looks at one record, and as many of those with another of its codes, get about so
many second changes each, drawn by its id."""
TOGETHER = 400
"""So many records are judged by one query: a mutant that joins every record with every other has to end."""
KINDS = ("organisation", "worker", "service_site", "case_file")
EVERY_TABLE: Mapping[str, Table] = {**TABLES, **PREVIOUS_TABLES}


@functools.cache
def conformance() -> Any:
    """The module that makes the pairs."""
    spec = importlib.util.spec_from_file_location("conformance_make", HERE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(spec.name, module)
    spec.loader.exec_module(module)
    return module


@functools.cache
def pair_of(rule: Rule) -> Any:
    """The conformance pair of a rule."""
    return conformance().pair(rule.id, _base())


@functools.cache
def _base() -> Plain:
    base: Plain = conformance().base()
    return base


# --- one fact changed ------------------------------------------------------------------------------------------------


def _months_later(day: datetime.date, months: int) -> datetime.date:
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _date(value: object) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _parents(document: Plain, table: Table) -> Iterator[tuple[str, Any, Any]]:
    """(label, container, key) of every row of a table in a document."""
    if table.name in PREVIOUS_TABLES:
        same = _parents(document["previous"], TABLES[table.name.removeprefix(PREVIOUS)])
        yield from ((f"previous {label}", container, key) for label, container, key in same)
        return
    tops = (
        [("header", document, "header")]
        if table.name == "header"
        else [(f"{top}[{at}]", document[top], at) for top in table.tops for at in range(len(document.get(top, [])))]
    )

    def below(label: str, container: Any, key: Any, steps: tuple[tuple[str, bool], ...]) -> Iterator[Any]:
        if not steps:
            yield label, container, key
            return
        (name, repeated), *rest = steps
        row = container[key]
        if name not in row:
            return
        if repeated:
            for at in range(len(row[name])):
                yield from below(f"{label}.{name}[{at}]", row[name], at, tuple(rest))
        else:
            yield from below(f"{label}.{name}", row, name, tuple(rest))

    for label, container, key in tops:
        yield from below(label, container, key, table.steps)


def _read(rule: Rule) -> list[str]:
    """The tables that a rule reads."""
    named = set(re.findall(r"\b[a-z_]+\b", rule.sql))
    return [name for name in EVERY_TABLE if name in named]


def _outer(rows: Iterator[Any]) -> list[Any]:
    """The first two and the last: those between differ in nothing that rules look at."""
    listed = list(rows)
    return listed if len(listed) <= 3 else [*listed[:2], listed[-1]]


def _column(table: str, name: str) -> Element:
    return next(column.element for column in EVERY_TABLE[table].columns if column.name == name)


def _numbers(rule: Rule) -> set[int]:
    """Years or days that the rule counts: of the edition, and written in it."""
    edition = policy.edition()
    counted = dict(edition.parameters) | {f"{step}_days": limit.days for step, limit in edition.time_limits.items()}
    named = (counted.get(name) for name in re.findall(r"\bedition\.([a-z_]+)", rule.sql))
    written = (int(text) for text in re.findall(r"(?<![\w.'-])([0-9]{1,3})(?![\w.'-])", rule.sql))
    numbers = {0, *(value for value in named if isinstance(value, int)), *written}
    return numbers | {number + 1 for number in numbers}


def _around(value: str, anchors: set[str], numbers: set[int]) -> Iterator[str]:
    """Days near a day: its neighbours, those of other dates, and those so many years or days after."""
    days = {datetime.date.fromisoformat(value)}
    for anchor in filter(None, map(_date, anchors)):
        days.add(anchor)
        for number in numbers:
            days.update({_months_later(anchor, 12 * number), anchor + datetime.timedelta(days=number)})
            days.update({_months_later(anchor, -12 * number), anchor - datetime.timedelta(days=number)})
    for day in sorted(days):
        for shift in (-1, 0, 1):
            yield (day + datetime.timedelta(days=shift)).isoformat()
    day = datetime.date.fromisoformat(value)
    for months in (-12, -1, 1, 12):
        yield _months_later(day, months).isoformat()


def _other_values(element: Element, present: object, rule: Rule, anchors: set[str]) -> Iterator[object]:
    """Other values of a fact that the schema takes."""
    lexical = element.lexical
    assert lexical is not None
    kind = lexical.kind
    candidates: list[object] = []
    if kind == "boolean":
        candidates += [True, False]
    elif kind == "integer":
        start = present if isinstance(present, int) else 1
        candidates += [start - 1, start + 1, start + 100, 0, *sorted(_numbers(rule))]
    elif kind == "money":
        start = Decimal(present) if isinstance(present, str) else Decimal(1)
        candidates += [str(start + step) for step in (Decimal("-0.01"), Decimal("0.01"), Decimal(1000))] + ["0.00"]
        candidates += [text for text in sorted(anchors) if re.fullmatch(r"[0-9]+\.[0-9]{2}", text)]
    elif kind == "date":
        starts = [present] if _date(present) else [anchor for anchor in sorted(anchors) if _date(anchor)][:1]
        for start_day in starts:
            candidates += _around(str(start_day), anchors, _numbers(rule))
    else:
        candidates += re.findall(r"'([^']*)'", rule.sql)
        if isinstance(present, str) and re.fullmatch("[0-9]{4}-[0-9]{2}", present):
            months = {
                present,
                *(text[:7] for text in anchors if _date(text) or re.fullmatch("[0-9]{4}-[0-9]{2}", text)),
            }
            for month in sorted(months):
                first = datetime.date.fromisoformat(f"{month}-01")
                candidates += [_months_later(first, shift).isoformat()[:7] for shift in (-1, 0, 1)]
        candidates += [text for text in sorted(anchors) if not _date(text)]
        if isinstance(present, str) and present.isalnum():
            candidates += _other_digits(present)
    for value in candidates:
        if value != present and lexical.accepts(value):
            yield value
    if element.fact and present is not None:
        yield {"unknown": "pending"}


def _other_digits(text: str) -> Iterator[str]:
    """A number with another digit in one of the last places, with zeros there (a wider area), or one shorter."""
    for at in range(max(0, len(text) - 4), len(text)):
        yield from (
            f"{text[:at]}{digit}{text[at + 1 :]}" for digit in ("0123456789X" if len(text) in (1, 2, 18) else "01")
        )
    yield from (text[:-places] + "0" * places for places in (2, 4) if len(text) == 6)
    yield text[:-1]
    yield f"{text[:6]}{text[8:17]}"


def _changed(document: Plain, rule: Rule) -> Iterator[tuple[str, Plain]]:
    """The document with one fact or item changed."""
    anchors = {
        value
        for table, column in rule.fields
        for _, container, key in _parents(document, EVERY_TABLE[table])
        if isinstance(value := container[key].get(column), str)
    }
    for name, column in rule.fields:
        element = _column(name, column)
        for label, container, key in _outer(_parents(document, EVERY_TABLE[name])):
            row = container[key]
            kept = dict(row)
            present = row.get(column)
            for value in dict.fromkeys(json.dumps(one) for one in _other_values(element, present, rule, anchors)):
                row[column] = json.loads(value)
                yield f"{label}.{column} = {value}", document
            if present is not None:
                row.pop(column, None)
                yield f"{label}.{column} absent", document
            row.clear()
            row.update(kept)
    for name in _read(rule):
        table = EVERY_TABLE[name]
        for label, container, key in _outer(_parents(document, table)):
            if isinstance(container, list) and table.steps:
                item = container.pop(key)
                yield f"{label} left out", document
                container.insert(key, copy.deepcopy(item))
                container.insert(key, item)
                yield f"{label} twice", document
                container.pop(key)
                yield from _second_item(document, label, container, key, name, rule, anchors)
            elif not isinstance(container, list) and "header" not in table.tops:
                item = container.pop(key)
                yield f"{label} left out", document
                container[key] = item


def _second_item(
    document: Plain, label: str, container: Any, key: int, name: str, rule: Rule, anchors: set[str]
) -> Iterator[tuple[str, Plain]]:
    """A second item that differs from the first in one fact."""
    for column in (column for table, column in rule.fields if table == name):
        present = container[key].get(column)
        for value in dict.fromkeys(
            json.dumps(one) for one in _other_values(_column(name, column), present, rule, anchors)
        ):
            container.insert(key + 1, {**container[key], column: json.loads(value)})
            yield f"{label} twice, the second {column} = {value}", document
            container.pop(key + 1)
        if present is not None:
            second = {**container[key]}
            second.pop(column)
            container.insert(key + 1, second)
            yield f"{label} twice, the second {column} absent", document
            container.pop(key + 1)


def _pruned(document: Plain, rule: Rule) -> Plain:
    """What the rule reads of a document."""
    columns: dict[str, set[str]] = {name: set() for name in _read(rule)}
    for table, column in rule.fields:
        columns.setdefault(table, set()).add(column)

    def prune(record: Any, data: Plain, prefix: str) -> Plain:
        kept = {}
        for element in elements(record):
            if element.name not in data:
                continue
            value = data[element.name]
            if element.record is None:
                if element.name in columns.get(prefix + record.table(), ()):
                    kept[element.name] = value
            else:
                items = value if isinstance(value, list) else [value]
                below = [prune(element.record, item, prefix) for item in items]
                wanted = prefix + element.record.table() in columns
                if wanted or any(below):
                    kept[element.name] = below if isinstance(value, list) else below[0]
        return kept

    tops = {table.name: table.record for table in TABLES.values() if not table.steps}

    def whole(document: Plain, prefix: str) -> Plain:
        header = prune(tops["header"], document["header"], prefix)
        return {"header": header, **{
            kind: [prune(tops[kind], one, prefix) for one in document[kind]] for kind in KINDS if kind in document
        }}  # fmt: skip

    previous = {"previous": whole(document["previous"], PREVIOUS)} if "previous" in document else {}
    return whole(document, "") | previous


def _completed(document: Plain, rule: Rule) -> Plain:
    """The document with what the rule reads and it does not have, taken from the base."""
    full = copy.deepcopy(document)
    donor = _pruned(_base(), rule)["case_file"][0]
    for case in full.get("case_file", []):
        for name, value in donor.items():
            if isinstance(value, list | dict):
                case.setdefault(name, copy.deepcopy(value))
    return full


def _lacking(document: Plain, rule: Rule) -> Iterator[tuple[str, Plain]]:
    """The document without all that it has of one table."""
    for name in _read(rule):
        table = EVERY_TABLE[name]
        if name in TABLES and "case_file" in table.tops and len(table.steps) == 1 and name != "child":
            cases = document.get("case_file", [])
            if any(name in case for case in cases):
                less = [{key: value for key, value in case.items() if key != table.steps[0][0]} for case in cases]
                yield f"without {name}", document | {"case_file": less}


def _periods() -> Iterator[tuple[str, str]]:
    """(period, last day) of months of every kind of year, the day itself and its neighbours."""
    for year in (1900, 2000, 2016, 2017, 2100):
        for month in range(1, 13):
            last = datetime.date(year, month, calendar.monthrange(year, month)[1])
            for shift in (-1, 0, 1):
                yield f"{year}-{month:02d}", (last + datetime.timedelta(days=shift)).isoformat()


def documents(rule: Rule, *, twice: bool = True) -> Iterator[tuple[str, Plain]]:
    """(label, document) of every case at the edge of a rule, its pair first; with ``twice`` those with two changes."""
    pair = pair_of(rule)
    previous = {"previous": pair.previous} if pair.previous is not None else {}
    pruned = {side: _pruned(getattr(pair, side) | previous, rule) for side in ("valid", "invalid")}
    pruned |= {f"{side}, completed": _completed(document, rule) for side, document in pruned.items()}
    if twice:
        pruned |= {
            f"{side}, {label}": less
            for side, document in list(pruned.items())[:2]
            for label, less in _lacking(document, rule)
        }
    seen: set[str] = set()
    once = []
    for side, document in pruned.items():
        if (text := json.dumps(document)) not in seen:
            seen.add(text)
            once.append((f"{side}: as it is", text))
            yield once[-1][0], document
    if {("header", "period"), ("header", "period_end")} <= set(rule.fields):
        for period, last in _periods():
            header = pruned["valid"]["header"] | {"period": period, "period_end": last}
            yield f"period {period}, {last}", pruned["valid"] | {"header": header}
    for side, text in [*once]:
        for label, changed in _changed(json.loads(text), rule):
            if (now := json.dumps(changed)) not in seen:
                seen.add(now)
                once.append((f"{side}; {label}", now))
                yield once[-1][0], json.loads(now)
    if not twice or rule.scope not in ("field", "record"):
        return
    chance = random.Random(rule.id)
    share = min(1.0, SECOND_CHANGES / len(once))
    coded = [one for one in once if one[0].endswith('"') and one[0].split('"')[-2] in rule.sql]
    chosen = dict(
        chance.sample(coded, min(len(coded), CHANGED_TWICE)) + chance.sample(once, min(len(once), CHANGED_TWICE))
    )
    for label, text in chosen.items():
        for second, changed in _changed(json.loads(text), rule):
            if chance.random() < share and (now := json.dumps(changed)) not in seen:
                seen.add(now)
                yield f"{label}; {second}", json.loads(now)


# --- judging them ----------------------------------------------------------------------------------------------------


Labelled = tuple[str, str, Plain]
"""(label, kind, record)"""


@dataclass(frozen=True, slots=True)
class World:
    """Records under one header, judged by one query; ``labels`` by record number."""

    connection: duckdb.DuckDBPyConnection
    schema: str
    labels: Mapping[int, str]

    def enter(self) -> None:
        """Let statements see these records."""
        self.connection.execute(f"set search_path = '{self.schema},main'")

    def findings(self, sql: str, keys: tuple[str, ...]) -> Counter[tuple[str, ...]]:
        """(label, keys) of every row that a statement returns; the world has to be entered."""
        rows = self.connection.execute(f"select {', '.join(keys)} from ({sql}) as judged").fetchall()
        return Counter((self.labels[row[0]], *map(str, row[1:])) for row in rows)


def _grouped(rule: Rule, *, twice: bool, most: int | None) -> list[tuple[Plain, list[Labelled], Plain | None]]:
    """(header, records, submission before) of every case; those that only look at one record are judged together."""
    apart: list[tuple[Plain, list[Labelled], Plain | None]] = []
    together: dict[str, list[Labelled]] = {}
    for label, document in itertools.islice(documents(rule, twice=twice), most):
        records = [(label, kind, record) for kind in KINDS for record in document.get(kind, [])]
        if rule.scope in ("field", "record") and len(records) == 1:
            together.setdefault(json.dumps(document["header"]), []).extend(records)
        else:
            numbered = [(f"{label} #{at}", *rest) for at, (_, *rest) in enumerate(records)]
            apart.append((document["header"], numbered, document.get("previous")))
    chunks = (
        (json.loads(header), records[start : start + TOGETHER], None)
        for header, records in together.items()
        for start in range(0, len(records), TOGETHER)
    )
    return [*chunks, *apart]


def _tables_of(rule: Rule) -> Mapping[str, Table]:
    read = _read(rule)
    tops = ("header", "case_file") if rule.scope == "previous_submission" else ()
    wanted = {*read, *(name for name, table in TABLES.items() if not table.steps), *(PREVIOUS + top for top in tops)}
    return {name: table for name, table in EVERY_TABLE.items() if name in wanted}


@contextlib.contextmanager
def worlds(
    rule: Rule, *, twice: bool = True, most: int | None = None
) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[World]]]:
    """A database of every case of a rule, and the parts of it that are judged apart, the pair's own first.

    ``most`` keeps so many cases.
    """
    tables = _tables_of(rule)
    with duckdb.connect(config={"threads": 1}) as connection, tempfile.TemporaryDirectory() as folder:
        now = {name: table for name, table in tables.items() if name in TABLES}
        then = {name: table for name, table in tables.items() if name in PREVIOUS_TABLES}
        loader = Loader(connection, now, pathlib.Path(folder))
        (pathlib.Path(folder) / "previous").mkdir()
        before = Loader(connection.cursor(), then, pathlib.Path(folder) / "previous", PREVIOUS) if then else None
        spans: list[tuple[int, dict[int, str]]] = []
        number = 0
        for header, records, previous in _grouped(rule, twice=twice, most=most):
            loader.add(number, "header", header)
            labels = {number + at: label for at, (label, _, _) in enumerate(records, 1)}
            for at, (_, kind, record) in enumerate(records, 1):
                loader.add(number + at, kind, record)
            if before is not None and previous is not None:
                before.add(number, "header", previous["header"])
                for at, case in enumerate(previous["case_file"], 1):
                    before.add(number + at, "case_file", case)
                    labels.setdefault(number + at, f"previous #{at}")
            spans.append((number, labels))
            number += len(labels) + 1
        loader.close()
        if before is not None:
            before.close()
        for sql in policy.tables(policy.edition()):
            connection.execute(sql)
        found = []
        for first, labels in spans:
            schema = f"world_{first}"
            connection.execute(f"create schema {schema}")
            for name in (*tables, "unknown_fact"):
                shown = f"* replace ({first} as record_no)" if name in ("header", f"{PREVIOUS}header") else "*"
                within = f"between {first} and {first + len(labels)}"
                connection.execute(
                    f"create view {schema}.{name} as select {shown} from main.{name} where record_no {within}"
                )
            found.append(World(connection, schema, {first: "header", **labels}))
        yield connection, found


# --- what is held ----------------------------------------------------------------------------------------------------


def held(rule: Rule) -> dict[str, Any]:
    """How many cases a rule has, of how many it speaks, and a digest of which and where."""
    sql, keys = bind(rule.sql, policy.edition()), rule.table.keys
    with worlds(rule) as (_, parts):
        found: Counter[tuple[str, ...]] = Counter()
        for part in parts:
            part.enter()
            found += part.findings(sql, keys)
        cases = sum(len(part.labels) - 1 for part in parts)
    digest = hashlib.sha256(json.dumps(sorted(found.items()), ensure_ascii=False).encode()).hexdigest()
    return {"records": cases, "findings": found.total(), "digest": digest[:16]}


def main(arguments: list[str]) -> int:
    made = {name: held(one) for name, one in rules().items()}
    if arguments == ["--check"]:
        there = json.loads(FINDINGS.read_text("utf-8")) if FINDINGS.is_file() else {}
        differ = sorted(name for name in {*made, *there} if made.get(name) != there.get(name))
        print(*differ, sep="\n", end="\n" if differ else "")
        return 1 if differ else 0
    FINDINGS.parent.mkdir(exist_ok=True)
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(facts)}" for name, facts in made.items())
    FINDINGS.write_text(f"{{\n{lines}\n}}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
