"""Tables: the three judges of a value agree; the typed load loses nothing and says what it could not type."""

from __future__ import annotations

import copy
import pathlib
import re
from decimal import Decimal
from typing import Annotated, Any

import duckdb
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from sqlglot import exp

import made
from kunjing_exchange.model import RECORDS, CaseFile, Lexical, elements
from kunjing_exchange.tables import TABLES, Flattener, Loader, create_sql, shape, tables_sql
from kunjing_exchange.wire import open_reader, open_source
from kunjing_exchange.wire.plain import _pattern

LEXICALS = {
    element.lexical.name: element.lexical
    for table in RECORDS.values()
    for element in elements(table)
    if element.lexical
}
SQL_TYPES = {
    column.element.lexical.name: column.sql_type
    for table in TABLES.values()
    for column in table.columns
    if column.element.lexical
}

TEXTS = (
    "2017-01-05", "2017-1-5", "2016-02-29", "2017-02-29", "1900-02-29", "2000-02-29", "2100-02-29", "2017-04-31",
    "1899-12-31", "2199-12-31", "2200-01-01", " 2017-01-01", "2017-01-01\n", "2017-01-01Z", "infinity", "epoch",
    "2017-01", "2017-13", "2017-00", "2017-01-05T08:00:00", "2017-01-05T24:00:00", "2017-01-05T08:00:60",
    "2017-01-05 08:00:00", "2017-01-05T08:00:00Z", "2017-01-05T08:00:00.5", "２０１７-01-05", "0", "-0", "-1",
    "+1", "00", "01", "1", "1.", ".5", "0.5", "1.00", "1.005", "1_000.00", "1e3", "1,000", "999999999999.99",
    "1000000000000", "999999999", "1000000000", "true", "false", "True", "yes", "1 ", "", " ", "\u3000", "甲",
    "甲 乙", "甲\u3000", "㐂𠮷", "\ue000", "\t", "a\nb", "\x00", "\u200b", "\u2028", "A" * 20, "A" * 21,
    "甲" * 100, "甲" * 101, "甲" * 501, "NaN", "null", "411303", "41130", "411303100", "411303100001",
    "G411303201003151239", "411303201003151239", "41130320100315123x", "91411303MA3X1T2A0B", "sha256:" + "a" * 64,
    "C91.0", "c91", "henan-2017", "some_code", "Some", "CHN", "01", "1A", "A", "111", "390", "E-1", "2017",
    "2017Q3", "education:student", "education:student:12", "2017Q5", "2017H2", "20170905", '{"unknown":"refused"}',
)  # fmt: skip
OTHERS: tuple[Any, ...] = (
    0,
    1,
    -1,
    5,
    999_999_999,
    10**9,
    10**400,
    True,
    False,
    1.0,
    1.5,
    None,
    [],
    {},
    ["2017-01-05"],
)


def model_accepts(adapter: TypeAdapter[Any], value: object) -> bool:
    try:
        adapter.validate_python(value)
    except ValidationError:
        return False
    return True


def plain_accepts(lexical: Lexical, text: str) -> bool:
    """Whether XML that needs no parser may have the text between two tags."""
    return re.match(f"(?:{_pattern(lexical)})</X>", f"{text}</X>") is not None


def plain_should(lexical: Lexical, text: str) -> bool:
    """All that the lexical accepts, but for what XML marks up and two of the three white spaces."""
    return lexical.accepts(text) and not any(character in text for character in "<>\u00a0\u3000")


@pytest.mark.parametrize("name", sorted(LEXICALS))
def test_model_and_load_agree_with_the_lexical(name: str) -> None:
    """What the lexical accepts, the strict model accepts and DuckDB can cast; what it does not, the model refuses."""
    lexical = LEXICALS[name]
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[object, lexical])
    values = [*TEXTS, *OTHERS]
    good = [value for value in values if lexical.accepts(value)]
    for value in values:
        assert model_accepts(adapter, value) == lexical.accepts(value), value
    assert good
    if lexical.is_string:
        for value in TEXTS:
            assert plain_accepts(lexical, value) == plain_should(lexical, value), value
    texts = [str(value).lower() if isinstance(value, bool) else str(value) for value in good]
    connection = duckdb.connect()
    cast = connection.execute(
        f"select cast(cast(value as {SQL_TYPES[name]}) as varchar) from (select unnest($1) as value)", [texts]
    ).fetchall()
    for text, (back,) in zip(texts, cast, strict=True):
        if lexical.kind == "money":
            assert Decimal(back) == Decimal(text)
        else:
            assert back == text.replace("T", " ") if lexical.kind == "datetime" else back == text


@settings(
    max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)  # fmt: skip
@given(st.data())
def test_any_text_is_judged_alike(data: st.DataObject) -> None:
    lexical = LEXICALS[data.draw(st.sampled_from(sorted(LEXICALS)))]
    pattern = st.from_regex(lexical.pattern, fullmatch=True) if lexical.is_string else st.text(max_size=12)
    text = data.draw(st.one_of(pattern, st.text(max_size=12)))
    adapter: TypeAdapter[Any] = TypeAdapter(Annotated[object, lexical])
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert model_accepts(adapter, text) == lexical.accepts(text)
    if lexical.is_string:
        assert plain_accepts(lexical, text) == plain_should(lexical, text)


def test_every_character_of_a_text_is_judged_alike() -> None:
    lexical = LEXICALS["Text50"]
    inside = re.compile(f"(?:{_pattern(lexical)})</X>").match
    for code in range(0x110000):
        text = f"a{chr(code)}b"
        assert (inside(f"{text}</X>") is not None) == plain_should(lexical, text), hex(code)
    for character in " \u00a0\u3000{}甲":
        for text in (character, f"a{character}", f"{character}a"):
            assert plain_accepts(lexical, text) == plain_should(lexical, text), text


# --- shape -----------------------------------------------------------------------------------------------------------


def test_shape_keeps_what_is_readable_and_names_the_rest() -> None:
    case = copy.deepcopy(made.first(made.submission(12), lambda case: case.get("benefit")))
    case["child"]["birth_date"] = "2017-02-30"
    case["child"]["sex"] = 1
    case["child"]["ethnicity"] = {"unknown": "refused"}
    case["child"]["name"] = {"unknown": "refused"}  # not a fact: it has to be there
    case["status"] = None
    case["benefit"] = [
        {
            "kind": "minimum_living",
            "amount": "1_000",
            "payment": {"period": "2017-13", "amount": "1", "status": "made"},
        },
        "x",
    ]
    case["household"] = [1]
    case["hobby"] = "x"
    unreadable: list[Any] = []
    shaped = shape(CaseFile, case, unreadable)
    assert "birth_date" not in shaped["child"]
    assert shaped["child"]["ethnicity"] == {"unknown": "refused"}
    assert shaped["benefit"] == [{"kind": "minimum_living", "payment": [{"amount": "1", "status": "made"}]}, {}]
    assert "hobby" not in shaped
    named = set(unreadable)
    assert {
        ("child", (), "birth_date"), ("child", (), "sex"), ("child", (), "name"), ("case_file", (), "status"),
        ("benefit", (1,), "amount"), ("payment", (1, 1), "period"), ("benefit", (2,), "start_date"),
        ("household", (), "income_per_head"),
    } <= named  # fmt: skip
    assert ("child", (), "ethnicity") not in named
    assert len(unreadable) == len(named)
    assert not {column for table, _, column in named if table == "benefit" and _ == (1,)} - {"amount"}


def loaded(folder: pathlib.Path, records: made.Records, *, clean: bool) -> dict[str, list[Any]]:
    """Every table's rows."""
    folder.mkdir()
    connection = duckdb.connect()
    loader = Loader(connection, TABLES, folder)
    for number, (kind, data) in enumerate(records):
        loader.add(number, kind, data, clean=clean)
    loader.close()
    names = [*TABLES, "record_place", "unreadable", "unknown_fact"]
    return {name: connection.execute(f"select * from {name} order by all").fetchall() for name in names}


def test_the_fast_load_and_the_careful_one_are_equal(tmp_path: pathlib.Path) -> None:
    records = made.submission(60)
    made.cases(records)[0]["child"]["left_behind_since"] = {"unknown": "refused"}
    fast = loaded(tmp_path / "a", records, clean=True)
    assert fast == loaded(tmp_path / "b", records, clean=False)
    assert fast["unreadable"] == []
    assert len(fast["record_place"]) == len(records)
    for table in ("benefit", "payment", "member", "visit"):
        assert len(fast[table]) == sum(_count(case, TABLES[table].steps) for case in made.cases(records))
        assert fast[table]


def _count(data: dict[str, Any], steps: tuple[tuple[str, bool], ...]) -> int:
    if not steps:
        return 1
    inner = data.get(steps[0][0])
    items = inner if isinstance(inner, list) else [inner] if inner else []
    return sum(_count(item, steps[1:]) for item in items)


def test_a_batch_may_end_anywhere(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = made.submission(8)
    whole = loaded(tmp_path / "a", records, clean=True)
    monkeypatch.setattr("kunjing_exchange.tables.load.BATCH_CHARACTERS", 3000)
    assert loaded(tmp_path / "b", records, clean=True) == whole


def test_a_table_may_be_loaded_in_any_pieces(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = made.submission(8)
    whole = loaded(tmp_path / "a", records, clean=True)
    monkeypatch.setattr("kunjing_exchange.tables.load.BATCH_CHARACTERS", 3000)
    monkeypatch.setattr("kunjing_exchange.tables.load.FEW", 0)
    monkeypatch.setattr("kunjing_exchange.tables.load._LOAD_AT", 2000)
    assert loaded(tmp_path / "b", records, clean=True) == whole
    assert not [file for file in (tmp_path / "b").iterdir() if file.is_file()]


def _reversed(value: Any) -> Any:
    """A record with its fields in the other order, within too."""
    if isinstance(value, list):
        return [_reversed(item) for item in value]
    if isinstance(value, dict):
        return {name: _reversed(value[name]) for name in reversed(value)}
    return value


@pytest.mark.parametrize("shapes", [500, 2, 0])
def test_neither_order_nor_number_of_shapes_makes_a_difference(
    tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, shapes: int
) -> None:
    records = made.submission(20)
    cases = made.cases(records)
    cases[0]["child"]["left_behind_since"] = {"unknown": "refused"}
    cases[1]["child"]["name"] = "None"
    cases[2]["child"]["name"] = "甲{乙}"
    cases[3]["household"] |= {"size": 3, "single_person": False}
    whole = loaded(tmp_path / "a", records, clean=False)
    monkeypatch.setattr("kunjing_exchange.tables.load._SHAPES", shapes)
    other = [(kind, _reversed(data)) for kind, data in records]
    assert loaded(tmp_path / "b", other, clean=True) == whole
    names = {row[0]: row for row in whole["child"]}
    assert "None" in names[records.index(("case_file", cases[1]))]
    assert "甲{乙}" in names[records.index(("case_file", cases[2]))]
    assert ("child", "left_behind_since", "refused") in {(row[1], row[4], row[5]) for row in whole["unknown_fact"]}


def test_rows_and_records_fill_the_same_tables(tmp_path: pathlib.Path) -> None:
    records = made.submission(60)
    made.cases(records)[0]["child"]["left_behind_since"] = {"unknown": "refused"}
    flat = Flattener(TABLES)
    with open_source(made.written(records, "xml"), format="xml") as source:
        located = list(open_reader(source))
    for one in located:
        if one.kind != "header":
            assert one.rows is not None
            flat.add(one.number, one.kind, one.data, rows=one.rows)
    by_rows = flat.take()
    for one in located:
        if one.kind != "header":
            flat.add(one.number, one.kind, one.data)
    by_record = flat.take()
    assert {name: sorted(lines) for name, lines in by_rows.items()} == {
        name: sorted(line.replace("True", "true").replace("False", "false") for line in lines)
        if name != "record_place" else sorted(lines)
        for name, lines in by_record.items()
    }  # fmt: skip


# --- definitions -----------------------------------------------------------------------------------------------------


def test_the_tables_are_the_models() -> None:
    assert TABLES.keys() == RECORDS.keys()
    for name, table in TABLES.items():
        scalars = [element.name for element in elements(RECORDS[name]) if element.lexical]
        assert [column.name for column in table.columns] == scalars
        assert table.keys[0] == "record_no"
    assert TABLES["payment"].keys == ("record_no", "benefit_item_no", "item_no")
    assert TABLES["payment"].path((2, 3), "amount") == ("benefit", 1, "payment", 2, "amount")
    assert TABLES["child"].path((), "sex") == ("child", "sex")


def test_the_script_is_postgresql() -> None:
    statements = sqlglot.parse(tables_sql(), read="postgres")
    creates = [one for one in statements if isinstance(one, exp.Create)]
    comments = [one for one in statements if isinstance(one, exp.Comment)]
    assert [create.this.this.name for create in creates][: len(TABLES)] == list(TABLES)
    assert len(comments) >= len(TABLES) + sum(len(table.columns) for table in TABLES.values())
    assert not any(isinstance(one, exp.Command) for one in statements)
    for table in TABLES.values():
        assert duckdb.connect().execute(create_sql(table))


def test_lexicals_have_one_kind_of_column() -> None:
    for table in TABLES.values():
        for column in table.columns:
            lexical = column.element.lexical
            assert isinstance(lexical, Lexical)
            assert column.sql_type == SQL_TYPES[lexical.name]
