"""Policy editions: what they fix, what a place may lay over them, and what another edition would say."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
import pathlib
import sys
from decimal import Decimal
from typing import Any

import duckdb
import pytest

import made
from kunjing_exchange.cli import main
from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument, UnknownEdition, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Severity, Verdict
from kunjing_exchange.policy import (
    DEFAULT_EDITION,
    Edition,
    check_overlay,
    compose,
    edition,
    edition_names,
    overlaid,
    tables,
)
from kunjing_exchange.rules import rules
from kunjing_exchange.validate import Findings, validate

EXAMPLE = pathlib.Path(__file__).parents[1] / "fixtures" / "policy" / "nanyang.toml"
SUBSISTENCE = ("orphan_allowance", "hiv_allowance", "destitute_support", "minimum_living")
TODAY = datetime.date(2018, 6, 30)


def relations(name: str) -> dict[tuple[str, str], str]:
    """How two kinds of benefit stand to each other in an edition, as SQL sees it."""
    connection = duckdb.connect()
    for sql in tables(edition(name)):
        connection.execute(sql)
    return {(row[0], row[1]): row[2] for row in connection.execute("select * from compatibility").fetchall()}


# --- editions --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", edition_names())
def test_an_edition_grades_only_what_exists_and_every_rule(name: str) -> None:
    one = edition(name)
    assert one.name == name
    assert one.scheme in code_list("scheme")
    assert one.severities.keys() <= rules().keys() | BUILT_IN.keys()
    assert rules().keys() <= one.severities.keys()
    assert one.locked <= rules().keys() | BUILT_IN.keys()
    assert one.title_zh
    assert one.source
    assert one.leap_birthday in ("03-01", "02-28")


def test_henan_2017() -> None:
    one = edition()
    assert one == edition(DEFAULT_EDITION)
    assert one.extends is None
    assert one.valid_from == datetime.date(2017, 7, 1)
    assert one.parameters["scheme"] == one.scheme == "henan-2017"
    assert one.parameters["scheme_valid_from"] == one.valid_from
    assert one.parameters["child_age_limit"] == 18
    assert one.parameters["destitute_age_limit"] == 16
    assert one.parameters["compulsory_living_junior"] == Decimal("1250.00")
    assert one.parameters["free_education_from"] == datetime.date(2017, 9, 1)
    assert one.time_limits["orphan_check"].days == 10
    assert one.time_limits["orphan_check"].working
    assert not one.unattended_situations
    assert not one.not_at_hand


def test_later_editions_are_differences() -> None:
    first, second, third = edition(), edition("national-2019"), edition("national-2021")
    assert (second.extends, third.extends) == ("henan-2017", "national-2019")
    assert [one.parameters["destitute_age_limit"] for one in (first, second, third)] == [16, 16, 18]
    assert third.parameters["destitute_age_limit_from"] == datetime.date(2021, 7, 1)
    assert third.parameters["unattended_from"] == datetime.date(2020, 1, 1)
    assert "unattended_from" not in first.parameters
    assert third.parameters["preschool_living"] == first.parameters["preschool_living"]
    assert [one.parameters["scheme"] for one in (second, third)] == ["national-2019", "national-2021"]
    assert first.severities == second.severities == third.severities
    assert first.locked == third.locked
    six_months = {code for code, months in second.unattended_situations.items() if months == 6}
    assert six_months == {"03", "04", "05", "06"}
    assert third.unattended_situations.keys() - second.unattended_situations.keys() == {"07", "08"}
    assert code_list("dilemma_category").is_valid("F", second.valid_from)
    assert not code_list("dilemma_category").is_valid("F", datetime.date(2019, 12, 31))


def test_what_is_from_memory_is_marked() -> None:
    third = edition("national-2021")
    assert {"valid_from", "parameters.scheme_valid_from"} <= third.memory
    assert {"parameters.destitute_age_limit", "parameters.unattended_from"} <= third.memory
    assert "time_limits.unattended_check" in third.memory
    assert not {"parameters.child_age_limit", "parameters.preschool_living", "valid_from"} & edition().memory
    assert all("2025" in text for texts in third.not_at_hand for text in texts)


@pytest.mark.parametrize("name", edition_names())
def test_the_standing_benefits_exclude_one_another(name: str) -> None:
    relation = relations(name)
    assert {relation[pair] for pair in itertools.permutations(SUBSISTENCE, 2)} == {"higher"}
    assert relation["orphan_allowance", "disability_nursing_subsidy"] == "together"
    assert relation["destitute_support", "disability_living_subsidy"] == "exclusive"
    assert relation["temporary_assistance", "minimum_living"] == "together"
    topped_up = relation.get(("unattended_allowance", "minimum_living"))
    assert topped_up == (None if name == "henan-2017" else "top_up")


@pytest.mark.parametrize("name", edition_names())
def test_an_edition_is_typed_tables_with_the_same_columns(name: str) -> None:
    one = edition(name)
    connection, original = duckdb.connect(), duckdb.connect()
    for sql in tables(one):
        connection.execute(sql)
    for sql in tables(edition()):
        original.execute(sql)
    shape = "select name, type from pragma_table_info('edition') order by name"
    assert connection.execute(shape).fetchall() == original.execute(shape).fetchall()
    cursor = connection.execute("select * from edition")
    row = dict(zip([column[0] for column in cursor.description or ()], cursor.fetchall()[0], strict=True))
    limits = {f"{step}_days": limit.days for step, limit in one.time_limits.items()}
    stated = {**one.parameters, **limits}
    assert row == {**dict.fromkeys(row), **stated}
    # an order turned round is the same pair, and no pair says two things
    pairs = dict(connection.execute("select (kind_a, kind_b), (relation, from_memory) from compatibility").fetchall())
    assert len(pairs) == 2 * len(one.compatibility)
    assert all(pairs[kind_b, kind_a] == value for (kind_a, kind_b), value in pairs.items())
    assert ("minimum_living", "disability_nursing_subsidy") in pairs
    assert pairs["minimum_living", "disability_nursing_subsidy"] == ("together", True)
    situations = dict(connection.execute("select situation, months from unattended_situation").fetchall())
    assert situations == one.unattended_situations


def test_what_an_edition_blocks_is_an_error_there() -> None:
    """A rule that blocks nothing is no error: nobody could say what became of it."""
    one = edition()
    for rule in rules().values():
        if rule.effect == "none":
            assert one.severity_of(rule.id) is not Severity.ERROR, rule.id
        else:
            assert one.severity_of(rule.id) is Severity.ERROR, rule.id


def test_an_edition_that_is_not_there_names_those_that_are() -> None:
    for name in ("henan-1817", "../policy/henan-2017", ""):
        with pytest.raises(UnknownEdition, match=DEFAULT_EDITION):
            edition(name)


HEAD: dict[str, Any] = {
    "name": "made-up",
    "title_zh": "试",
    "title_en": "trial",
    "source": "made up",
    "valid_from": datetime.date(2030, 1, 1),
    "scheme": "henan-2017",
    "extends": "henan-2017",
}
PAIR = {"relation": "together", "among": ["minimum_living", "rain_dew"], "clause": "made up"}


def test_a_difference_replaces_and_loses_its_mark() -> None:
    data = {**HEAD, "parameters": {"payment_stop_months": 2}, "compatibility": [{**PAIR, "among": SUBSISTENCE[:2]}]}
    one = compose(data, edition())
    assert one.parameters == {
        **edition().parameters,
        "payment_stop_months": 2,
        "scheme_valid_from": HEAD["valid_from"],
    }
    assert "parameters.payment_stop_months" in edition().memory - one.memory
    assert len(one.compatibility) == len(edition().compatibility)
    assert [pair.relation for pair in one.compatibility if {pair.kind_a, pair.kind_b} == {*SUBSISTENCE[:2]}] == [
        "together"
    ]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"name": 3}, "name: wants a str"),
        ({"colour": "red"}, "colour: unknown"),
        ({"parameters": []}, "parameters: wants a dict"),
        ({"parameters": {"age": 1.5}}, "parameters.age: a parameter is"),
        ({"parameters": {"age": True}}, "parameters.age: a parameter is"),
        ({"scheme": "henan-1817"}, "scheme: henan-1817 is not in the code list scheme"),
        ({"severity": {"KJ-CAT-001": "grave"}}, "severity.KJ-CAT-001: 'grave'"),
        ({"leap_day": {"birthday": "02-29"}}, "leap_day.birthday: wants"),
        ({"unattended_situations": {"77": 0}}, "unattended_situations: 77 is not in the code list"),
        ({"tighten": {"visit_interval": "lower"}}, "tighten.visit_interval: wants"),
        ({"locked": ["KJ-CAR-*"]}, r"locked: KJ-CAR-\* names no rule"),
        ({"memory": ["parameters.visit"]}, "memory: parameters.visit is no key"),
        ({"code_editions": {"benefit_kind": "v0"}}, "code_editions.benefit_kind: the list at hand is edition v1"),
        ({"time_limits": {"check": {"days": 3}}}, "time_limits.check: wants days, working, clause and certainty"),
        ({"compatibility": [{**PAIR, "relation": "both"}]}, r"compatibility\[1\].relation: wants"),
        ({"compatibility": [{**PAIR, "clause": ""}]}, r"compatibility\[1\].clause: is missing"),
        ({"compatibility": [{**PAIR, "among": ["pocket_money", "rain_dew"]}]}, r"compatibility\[1\]: pocket_money"),
        ({"compatibility": [PAIR, {**PAIR}]}, r"compatibility\[2\]: .* stated twice"),
        ({"compatibility": [{**PAIR, "kinds": []}]}, r"compatibility\[1\].kinds: unknown"),
    ],
)
def test_an_edition_that_is_wrong_is_refused_with_its_key(change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        compose({**HEAD, **change}, edition())


# --- overlays --------------------------------------------------------------------------------------------------------


def overlay(tmp_path: pathlib.Path, text: str, head: str = 'name = "here"\nextends = "henan-2017"\n') -> pathlib.Path:
    """A place's overlay as a file."""
    path = tmp_path / "here.toml"
    path.write_text(head + text, encoding="utf-8")
    return path


def rate(**changes: str) -> str:
    """A rate of an overlay, with other values or (where empty) without."""
    values = {
        "kind": '"minimum_living"',
        "division": '"411302"',
        "start_date": "2017-01-01",
        "amount": '"402.00"',
        "unit": '"month"',
    } | changes
    return "[[rate]]\n" + "".join(f"{name} = {value}\n" for name, value in values.items() if value)


def severity(rule: str, level: str, more: str = "") -> str:
    """A severity of an overlay."""
    return f'[[severity]]\nrule = "{rule}"\nseverity = "{level}"\n{more}\n'


def test_the_example_is_right_and_says_it_is_made_up() -> None:
    assert check_overlay(EXAMPLE, TODAY) == []
    assert "made up" in EXAMPLE.read_text(encoding="utf-8")
    one = overlaid(edition(), EXAMPLE)
    assert one.parameters["compulsory_living_primary"] == Decimal("1100.00")
    assert one.parameters["local_visits_a_year"] == 4
    connection = duckdb.connect()
    for sql in tables(one):
        connection.execute(sql)
    on = datetime.date(2017, 9, 30)
    found = connection.execute(
        "select amount, unit from local_rate where kind = 'minimum_living' and division = '411302' "
        "and start_date <= $1 and coalesce(end_date >= $1, true)",
        [on],
    ).fetchall()
    assert found == [(Decimal("402.00"), "month")]
    assert connection.execute("select local_visits_a_year from edition").fetchall() == [(4,)]


def test_an_overlay_fits_the_editions_that_extend_its_own(tmp_path: pathlib.Path) -> None:
    path = overlay(tmp_path, rate())
    assert overlaid(edition("national-2021"), path).rates == overlaid(edition(), path).rates != ()
    late = overlay(tmp_path, rate(), 'name = "here"\nextends = "national-2021"\n')
    assert check_overlay(late) == []
    with pytest.raises(InvalidArgument, match=r"extends: this overlay is for national-2021"):
        overlaid(edition(), late)


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (rate(kind='"minimum_life"'), "rate[1].kind", "did you mean minimum_living?"),
        (rate(kind=""), "rate[1].kind", "is missing"),
        (rate(division='"411399"'), "rate[1].division", "not in the list division"),
        (rate(division="411302"), "rate[1].division", "has to be text"),
        (rate(division='["411302"]'), "rate[1].division", "has to be text"),
        (rate(division='"411381"', start_date="1980-01-01"), "rate[1].division", "on 1980-01-01"),
        (rate(amount="402.0"), "rate[1].amount", "as text"),
        (rate(amount='"0.00"'), "rate[1].amount", "above zero"),
        (rate(unit='"week"'), "rate[1].unit", "not in the list amount_unit"),
        (rate(start_date=""), "rate[1].start_date", "is missing"),
        (rate(start_date='"2017-01-01"'), "rate[1].start_date", "has to be a date"),
        (rate(start_date="2017-01-01T00:00:00"), "rate[1].start_date", "has to be a date"),
        (rate(end_date="2016-12-31"), "rate[1].end_date", "before start_date"),
        (rate(amout='"3.00"'), "rate[1].amout", "did you mean amount?"),
        (
            rate(end_date="2018-12-31") + rate(start_date="2018-12-31"),
            "rate[2].start_date",
            "overlaps with rate[1]",
        ),
        (rate() + rate(start_date="2019-01-01"), "rate[2].start_date", "overlaps with rate[1]"),
        (
            rate(end_date="2020-12-31") + rate(start_date="2018-01-01", end_date="2018-12-31")
            + rate(start_date="2020-06-01"),
            "rate[2].start_date rate[3].start_date",
            "overlaps with rate[1]",
        ),
        ("[rate]\n", "rate", "list of tables"),
        ("[[parameters]]\n", "parameters", "has to be a table"),
        ("[parameters]\nvisit_interval_years = 2\n", "parameters.visit_interval_years", "at most 1"),
        ('[parameters]\nsenior_grant = "1999.99"\n', "parameters.senior_grant", "at least 2000.00"),
        ("[parameters]\nsenior_grant = 3000\n", "parameters.senior_grant", "another type"),
        ("[parameters]\nchild_age_limit = 17\n", "parameters.child_age_limit", "fixed by the policy"),
        ("[parameters]\nvisit_intervall_years = 1\n", "parameters.visit_intervall_years", "did you mean visit_"),
        ("[parameters]\nlocal_share = 0.5\n", "parameters.local_share", "whole number"),
        (severity("KJ-CAT-999", "error"), "severity[1].rule", "no such rule"),
        (severity("KJ-CAT-007", "grave"), "severity[1].severity", "is no severity"),
        (severity("KJ-CAT-001", "info", "until = 2030-01-01"), "severity[1].reason", "needs a reason"),
        (severity("KJ-CAT-001", "info", 'reason = "x"'), "severity[1].until", "needs a last day"),
        (severity("KJ-CAT-001", "info", 'reason = " "\nuntil = 2030-01-01'), "severity[1].reason", "has to be text"),
        (
            severity("KJ-BEN-001", "warning", 'reason = "x"\nuntil = 2030-01-01'),
            "severity[1].severity",
            "KJ-BEN-001 is locked",
        ),
        (
            severity("KJ-SYS-021", "warning", 'reason = "x"\nuntil = 2030-01-01'),
            "severity[1].severity",
            "KJ-SYS-021 is locked",
        ),
        (severity("KJ-CAT-007", "error") * 2, "severity[2].rule", "given twice"),
        (severity("KJ-CAT-001", "info", 'reason = "x"\nuntil = 2018-06-29'), "severity[1].until", "ran out on 2018"),
        ("colour = 1\n", "colour", "known are name"),
        ("name\n", "TOML", "line 3"),
        ('title = "未完\n', "TOML", "line 3"),
    ],
)  # fmt: skip
def test_every_problem_has_its_key_and_a_remedy(tmp_path: pathlib.Path, text: str, key: str, said: str) -> None:
    path = overlay(tmp_path, text)
    problems = check_overlay(path, TODAY)
    assert [problem.key for problem in problems] == key.split()
    assert all(said in str(problem) for problem in problems)
    for problem in problems:
        assert problem.fix_zh in problem.text("zh")
        assert problem.fix_en in problem.text("en")
    if problems[0].expired:
        assert overlaid(edition(), path)
    else:
        with pytest.raises(InvalidArgument, match=r"here\.toml") as caught:
            overlaid(edition(), path)
        assert [problem.key for problem in caught.value.facts["problems"]] == key.split()  # type: ignore[attr-defined]


def test_all_problems_are_said_at_once(tmp_path: pathlib.Path) -> None:
    path = overlay(tmp_path, rate(kind='"x"', unit='"x"') + severity("KJ-X", "error"), 'extends = "henan-1817"\n')
    keys = [problem.key for problem in check_overlay(path)]
    assert keys == ["name", "extends", "rate[1].kind", "rate[1].unit", "severity[1].rule"]


def test_files_that_cannot_be_read(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UnreadableInput, match=r"can't open none\.toml"):
        check_overlay(tmp_path / "none.toml")
    (tmp_path / "gbk.toml").write_bytes('name = "南阳"\n'.encode("gb18030"))
    assert [problem.en for problem in check_overlay(tmp_path / "gbk.toml")] == ["is not UTF-8"]


# --- validation with an overlay --------------------------------------------------------------------------------------


def faulty(scheme: str = "henan-2017") -> made.Records:
    """A submission with one case recognised on the day the child turned twenty, and so past every age limit."""
    records = made.submission(12)
    case = made.first(records, lambda one: one.get("determination") and isinstance(one["child"].get("birth_date"), str))
    born = case["child"]["birth_date"]
    case["determination"] = [
        {"scheme": scheme, "category": "E-6", "start_date": f"{int(born[:4]) + 20}{born[4:8]}01"},
    ]
    case.pop("circumstances", None)
    return made.sealed(records)


def graded(findings: Findings) -> dict[str, str]:
    return {one.id: one.severity.value for one in findings}


def test_a_severity_lasts_to_the_period_it_names(tmp_path: pathlib.Path) -> None:
    records = faulty()
    end = datetime.date.fromisoformat(made.header_of(records)["period_end"])
    source = made.written(records, "jsonl")
    with validate(source) as findings:
        assert graded(findings)["KJ-CAT-005"] == "error"
        assert findings.verdict is Verdict.PARTLY_ACCEPTED
    for until, expected in ((end, "info"), (end - datetime.timedelta(days=1), "error")):
        path = overlay(tmp_path, severity("KJ-CAT-005", "info", f'reason = "x"\nuntil = {until}'))
        with validate(source, overlay=path) as findings:
            assert graded(findings)["KJ-CAT-005"] == expected
            assert findings.edition.severity_of("KJ-CAT-005") == expected
            assert (findings.summary.rejected == 0) == (expected == "info")


def test_without_a_header_the_day_asked_for_decides(tmp_path: pathlib.Path) -> None:
    records = [record for record in faulty() if record[0] == "case_file"]
    source = b"\n".join(json.dumps({kind: data}).encode() for kind, data in records)
    path = overlay(tmp_path, severity("KJ-CAT-005", "info", 'reason = "x"\nuntil = 2018-01-31'))
    for on, expected in ((datetime.date(2018, 1, 31), "info"), (datetime.date(2018, 2, 1), "error")):
        with validate(source, format="jsonl", overlay=path, as_of=on) as findings:
            assert graded(findings)["KJ-CAT-005"] == expected


def test_rates_reach_the_tables_and_a_wrong_overlay_stops_the_work(tmp_path: pathlib.Path) -> None:
    source = made.written(made.submission(2), "jsonl")
    with validate(source, overlay=EXAMPLE) as findings:
        assert findings.connection.execute("select count(*) from local_rate").fetchall() == [(6,)]
        assert findings.verdict is Verdict.ACCEPTED
    with pytest.raises(InvalidArgument):
        validate(source, overlay=overlay(tmp_path, "x = 1\n"))


# --- the shadow ------------------------------------------------------------------------------------------------------


def test_the_shadow_says_what_would_newly_be_found_and_changes_nothing() -> None:
    source = made.written(faulty("national-2019"), "jsonl")
    with validate(source) as findings:
        assert findings.shadow is None
        plain = [one.as_dict("en") for one in findings]
        assert "KJ-CAT-005" not in findings.summary.by_id
    with validate(source, shadow="national-2019") as findings:
        assert [one.as_dict("en") for one in findings] == plain
        shadow = findings.shadow
        assert shadow is not None
        assert shadow.edition == edition("national-2019")
        newly = list(shadow.newly)
        assert list(shadow.newly) == newly
        assert [one.id for one in newly] == ["KJ-CAT-005"]
        assert {one.edition for one in newly} == {"national-2019"}
        assert all(one.location.line for one in newly)
        assert shadow.summary.by_id == {"KJ-CAT-005": 1}
        assert shadow.summary.by_severity == {"error": 1, "warning": 0, "info": 0}
        assert shadow.summary.newly_rejected == 1
        assert shadow.rules["KJ-CAT-005"].findings == 1
        assert findings.rules["KJ-CAT-005"].findings == 0
    with validate(source, edition="national-2019", shadow="national-2019") as findings:
        assert findings.shadow is not None
        assert list(findings.shadow.newly) == []
        assert findings.shadow.summary.as_dict() == {
            "newly_rejected": 0,
            "findings": {"error": 0, "warning": 0, "info": 0},
            "by_id": {},
            "crashed": [],
        }


def regraded(monkeypatch: pytest.MonkeyPatch, severities: dict[str, Severity]) -> None:
    """Let the edition national-2019 be henan-2017 with other severities."""

    def asked(name: str) -> Edition:
        one = edition()
        if name != "national-2019":
            return one
        return dataclasses.replace(one, name=name, severities={**one.severities, **severities})

    monkeypatch.setattr(sys.modules["kunjing_exchange.policy"], "edition", asked)


def test_the_shadow_has_what_it_takes_more_seriously(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of rules, of codes and of reading alike; what it takes more lightly is not new."""
    records = faulty()
    case = made.cases(records)[-1]
    case["child"]["ethnicity"] = "77"
    made.header_of(records)["record_count"] += 1
    source = made.written(records, "jsonl")
    with validate(source) as findings:
        before = findings.summary.by_id
    assert before.keys() >= {"KJ-CAT-005", "KJ-CODE-001", "KJ-BATCH-001"}
    milder = {"KJ-CAT-005": Severity.INFO, "KJ-CODE-001": Severity.INFO, "KJ-BATCH-001": Severity.INFO}
    graver = dict.fromkeys(milder, Severity.ERROR)
    regraded(monkeypatch, milder)
    with validate(source, shadow="national-2019") as findings:
        assert findings.shadow is not None
        assert list(findings.shadow.newly) == []
    with validate(source, edition="national-2019", shadow=DEFAULT_EDITION) as findings:
        assert findings.summary.rejected == 0
        assert findings.shadow is not None
        newly = findings.shadow.newly
        assert {one.id: one.severity for one in newly} == graver
        assert findings.shadow.summary.by_id == {name: before[name] for name in sorted(graver)}
        assert findings.shadow.summary.newly_rejected == 2


def test_a_rule_that_crashes_in_the_shadow_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one = edition()
    lesser = dataclasses.replace(one, parameters={**one.parameters, "visit_interval_years": "often"})
    monkeypatch.setattr(
        sys.modules["kunjing_exchange.policy"], "edition", lambda name: lesser if name == "national-2019" else one
    )
    with validate(made.written(made.submission(3), "jsonl"), shadow="national-2019") as findings:
        assert findings.verdict is Verdict.ACCEPTED
        assert findings.shadow is not None
        crashed = findings.shadow.summary.crashed
        assert crashed
        assert {findings.shadow.rules[name].outcome for name in crashed} == {"not_evaluated"}
        assert not any(outcome.crashed for outcome in findings.rules.values())


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_list_says_what_is_from_memory_and_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "list", "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert "凭记忆" in out
    assert "2025 年 5 月" in out
    assert main(["policy", "list", "--lang", "en", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in listed] == list(edition_names())
    assert "May 2025" in listed[-1]["not_at_hand"][0]


@pytest.mark.parametrize("name", edition_names())
def test_an_edition_is_shown_whole(capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert main(["policy", "show", name, "--lang", "zh"]) == 0
    text = capsys.readouterr().out
    one = edition(name)
    assert all(f"  {parameter} " in text for parameter in one.parameters)
    assert ("补差" in text) == (name != "henan-2017")
    assert text.count("（凭记忆）") == len(one.memory) + sum(pair.memory for pair in one.compatibility)
    assert main(["policy", "show", name, "--lang", "en", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["parameters"]["preschool_living"] == "400.00"
    assert len(shown["compatibility"]) == len(one.compatibility)
    assert shown["severities"] == one.severities


def test_check_is_0_for_a_right_overlay_and_1_with_every_problem(
    capsys: pytest.CaptureFixture[str], tmp_path: pathlib.Path
) -> None:
    assert main(["policy", "check", str(EXAMPLE), "--on", "2018-06-30", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "nothing wrong\n"
    wrong = str(overlay(tmp_path, rate(unit='"week"')))
    assert main(["policy", "check", wrong, "--lang", "zh"]) == 1
    assert capsys.readouterr().out.startswith("rate[1].unit：代码 week 不在代码表 amount_unit 中")
    assert main(["policy", "check", wrong, "--lang", "en", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["key"] == "rate[1].unit"
    assert main(["policy", "check", str(tmp_path / "none.toml"), "--lang", "en"]) == 2
