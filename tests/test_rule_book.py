"""The rule book, the glossary and coverage: they name what is there, and a clause is held or says why not."""

from __future__ import annotations

import html.parser
import json
import pathlib

import pytest

from kunjing_exchange import cli
from kunjing_exchange import coverage as coverage_module
from kunjing_exchange.codes import list_names
from kunjing_exchange.coverage import clauses_of, coverage
from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.findings import BUILT_IN
from kunjing_exchange.glossary import glossary
from kunjing_exchange.model import RECORDS, elements
from kunjing_exchange.policy import edition, edition_names
from kunjing_exchange.rule_book import examples, rule_book
from kunjing_exchange.rules import rules

DOCS = pathlib.Path(__file__).parents[1] / "docs"


# --- coverage --------------------------------------------------------------------------------------------------------

ARTICLES = (
    *(f"四({number})" for number in "一二三四五"),
    *(f"五(一){item}" for item in (*"12345", "末款")),
    *(f"五({number})" for number in "二三四五"),
    *(f"六({number})" for number in "一二三四"),
    *"一二",
)


def test_every_clause_of_the_policy_is_listed() -> None:
    assert set(ARTICLES) <= {one.clause for one in coverage()}


@pytest.mark.parametrize("one", coverage(), ids=lambda one: one.clause)
def test_a_clause_is_held_or_says_why_not(one: coverage_module.Clause) -> None:
    assert one.rules or (one.excuse_zh and one.excuse_en)
    assert bool(one.left_zh) == bool(one.left_en)
    assert one.summary_zh
    assert one.summary_en


def test_only_work_of_offices_is_excused() -> None:
    assert {one.clause for one in coverage() if not one.rules} <= {"六(二)", "六(三)", "六(四)"}


@pytest.mark.parametrize(
    ("rule_id", "clauses"),
    [
        ("KJ-BEN-001", {"五(一)末款"}),
        ("KJ-BEN-009", {"五(一)1", "五(一)2"}),
        ("KJ-BEN-014", {"五(一)3", "五(一)5"}),
        ("KJ-BATCH-102", {"六(一)", "五(一)末款"}),
        ("KJ-GUARD-010", {"四(一)", "四(五)"}),
        ("KJ-CASE-012", {"二"}),
        ("KJ-ID-101", set()),
    ],
)
def test_source_is_read(rule_id: str, clauses: set[str]) -> None:
    assert {one.clause for one in clauses_of(rules()[rule_id])} == clauses


def test_a_rule_that_cites_the_policy_is_counted_somewhere() -> None:
    silent = {"豫政办〔2017〕47号"}  # the document as a whole
    for one in rules().values():
        if "2017〕" in one.source and one.source not in silent:
            assert clauses_of(one), f"{one.id}: {one.source}"


def test_open_clause_is_exit_status_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "coverage", "--lang", "en"]) == 0
    assert capsys.readouterr().out.endswith("0 neither held nor excused\n")
    monkeypatch.setattr(coverage_module, "rules", dict)
    coverage.cache_clear()
    try:
        assert cli.main(["rules", "coverage", "--format", "json"]) == 1
        assert all(one["rules"] == [] for one in json.loads(capsys.readouterr().out))
    finally:
        coverage.cache_clear()


# --- the rule book ---------------------------------------------------------------------------------------------------


def test_every_rule_has_an_example() -> None:
    for name in rules():
        assert examples()[name], name
        assert all(change.right != change.wrong for change in examples()[name])


def test_explain_tells_clause_example_and_sql(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "explain", "KJ-BEN-004", "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "五(一)" in told
    assert '"2017-07-01" → "2008-05-11"' in told
    assert "where benefit.start_date < child.birth_date" in told


def test_explain_of_a_built_in_has_no_sql(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["rules", "explain", "KJ-SYS-021", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["id"] == "KJ-SYS-021"
    assert "sql" not in told


def test_dialect_without_the_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sqlglot", None)
    assert cli.main(["rules", "sql", "KJ-BEN-004", "--dialect", "spark"]) == 2
    assert "kunjing-exchange[sql]" in capsys.readouterr().err
    assert cli.main(["rules", "sql", "KJ-BEN-004"]) == 0
    assert issubclass(MissingExtra, Exception)


class _Articles(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str | None] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "article":
            self.ids.append(given.get("id"))
        self.loaded += [value for name in ("src", "href") if (value := given.get(name))]


def test_pages_have_every_finding_and_load_nothing() -> None:
    page = _Articles()
    page.feed((DOCS / "rules.html").read_text("utf-8"))
    assert page.ids == [*BUILT_IN, *rules()]
    assert page.loaded == []
    text = (DOCS / "rules.md").read_text("utf-8")
    assert all(f"### {name}\n" in text for name in page.ids)


def test_page_tells_the_severity_of_each_edition() -> None:
    books = {name: rule_book(edition(name)) for name in edition_names()}
    text = (DOCS / "rules.md").read_text("utf-8")
    for one in books[edition().name].values():
        own = text.partition(f"### {one.id}\n")[2].partition("\n###")[0]
        assert all(book[one.id].severity in own for book in books.values())


# --- the glossary ----------------------------------------------------------------------------------------------------


def test_glossary_has_every_record_field_and_list() -> None:
    terms = glossary()
    assert {term.name for term in terms if term.kind == "record"} == set(RECORDS)
    assert {term.name for term in terms if term.kind == "code list"} == set(list_names())
    fields = {
        (record, element.title, element.name, element.lexical.code_list or "")
        for record, declared in RECORDS.items()
        for element in elements(declared)
        if element.lexical is not None
    }
    told = {
        (record, term.chinese, term.name, term.code_list)
        for term in terms
        if term.kind == "field"
        for record in term.where
    }
    assert told == fields


def test_glossary_knows_the_list_of_each_coded_field() -> None:
    terms = glossary()
    lists = {term.name for term in terms if term.kind == "code list"}
    assert {term.code_list for term in terms if term.kind == "field" and term.code_list} <= lists


def test_glossary_page_lists_every_term() -> None:
    text = (DOCS / "glossary.md").read_text("utf-8")
    for term in glossary():
        assert f"| {term.chinese} |" in text, term.chinese
        assert f"`{term.name}`" in text
