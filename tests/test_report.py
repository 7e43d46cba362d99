"""HN-2017-1 against a count in plain Python over the models; what is left out; the three renderings."""

from __future__ import annotations

import datetime
import io
import json
import random
import re
from collections import Counter
from typing import Any

import pytest
from python_calamine import load_workbook

import made
from kunjing_exchange.codes import code_list
from kunjing_exchange.errors import InvalidArgument, NotAccepted, UnknownTable
from kunjing_exchange.findings import Severity
from kunjing_exchange.generate import generate
from kunjing_exchange.model import CaseFile, Header, Unknown
from kunjing_exchange.read import read
from kunjing_exchange.report import Report, report, table
from kunjing_exchange.validate import validate

COLUMNS = [column.id for column in table("HN-2017-1").columns]
PAIRS = ("basic_life", "education", "medical", "guardianship")


def kinds_with(list_name: str, pattern: str) -> dict[str, str]:
    """Codes of a list whose note matches, with what it says."""
    rows = code_list(list_name).rows()
    return {row["code"]: match[1] for row in rows if (match := re.search(pattern, row["note"]))}


FIELD = kinds_with("benefit_kind", "field=([a-z_]+)")
DISABILITY_SERVICES = kinds_with("service_kind", "form=([A-Z])")


def in_force(start: datetime.date, end: datetime.date | None, day: datetime.date) -> bool:
    return start <= day and (end is None or end >= day)


def protected(case: CaseFile, field: str, day: datetime.date) -> bool:
    """Whether one benefit of the field counts on the last day."""
    for benefit in case.benefit:
        if FIELD.get(benefit.kind) != field or benefit.start_date > day:
            continue
        suspended = benefit.suspended_from is not None and benefit.suspended_from <= day
        if suspended and (benefit.suspended_to is None or benefit.suspended_to >= day):
            continue
        if benefit.unit == "once":
            counts = benefit.start_date.year == day.year
        elif field in ("medical", "disability"):
            counts = benefit.end_date is None or benefit.end_date.year >= day.year
        else:
            counts = benefit.end_date is None or benefit.end_date >= day
        if counts:
            return True
    return False


def category(case: CaseFile, day: datetime.date) -> str | None:
    """The letter a child is counted under."""
    held = [
        one for one in case.determination if one.scheme == "henan-2017" and in_force(one.start_date, one.end_date, day)
    ]
    held.sort(key=lambda one: (not one.principal, one.category))
    return held[0].category[0] if held else None


def counted(case: CaseFile, letter: str, day: datetime.date) -> Counter[str]:
    """The figures one child adds to."""
    found = Counter({"total": 1})
    found[{"A": "orphan", "B": "destitute", "C": "ill_or_disabled"}.get(letter, "other")] += 1
    found["poor_family"] += letter == "D"
    insured = any(
        one.year == str(day.year) and (one.status in (None, "1") or isinstance(one.status, Unknown))
        for one in case.insurance
    )
    placed = any(
        one.kind != "parental" and in_force(one.start_date, one.end_date, day) for one in case.care_arrangement
    )
    yes = {
        "basic_life": protected(case, "basic_life", day),
        "education": protected(case, "education", day),
        "medical": insured or protected(case, "medical", day),
        "guardianship": case.guardianship_status in ("A", "B") or placed,
    }
    if case.disability:
        served = any(
            one.kind in DISABILITY_SERVICES
            and one.start_date is not None
            and one.start_date <= day
            and (one.end_date is None or one.end_date.year >= day.year)
            for one in case.service
        )
        yes["disability"] = served or protected(case, "disability", day)
    found.update(f"{field}_{'yes' if is_so else 'no'}" for field, is_so in yes.items())
    return found


def naive(raw: bytes, by: str) -> dict[str | None, list[int]]:
    """The table, counted one strict model at a time; what the rules reject is not counted."""
    with validate(raw) as findings:
        rejected = {finding.location.record for finding in findings if finding.severity is Severity.ERROR}
    rows: dict[str | None, Counter[str]] = {}
    records = read(raw)
    header = next(records)
    assert isinstance(header, Header)
    day = header.period_end
    for case in records:
        if not isinstance(case, CaseFile) or case.opened_on > day or (case.closed_on and case.closed_on <= day):
            continue
        if case.case_id in rejected:
            continue
        letter = category(case, day)
        if letter is not None:
            township = case.township if isinstance(case.township, str) else None
            area = (township or case.division) if by == "township" else case.division
            rows.setdefault(area, Counter()).update(counted(case, letter, day))
    return {area: [figures[name] for name in COLUMNS] for area, figures in rows.items()}


def vary(index: int, case: dict[str, Any], rng: random.Random) -> None:
    """Make every clause of the definitions matter in some files; none of this is an error."""
    way = index % 12
    if way == 1:
        case.pop("determination", None)
    elif way == 2:
        for one in case.get("benefit", ()):
            one["suspended_from"] = "2017-09-01"
            if rng.random() < 0.5:
                one["suspended_to"] = "2017-09-15"
    elif way == 3:
        case.pop("insurance", None)
    elif way == 4:
        case.pop("guardianship_status", None)
    elif way == 5:
        case.pop("township", None)
        case.pop("village", None)
    elif way == 6:
        for one in case.get("insurance", ()):
            one["status"] = {"unknown": "refused"} if rng.random() < 0.5 else "2"
    elif way == 7:
        for one in case.get("determination", ()):
            one["start_date"] = "2017-12-01"


@pytest.fixture(scope="module")
def raw() -> bytes:
    """2 000 children."""
    return made.written(generate(2000, seed=11, distort=vary), "jsonl")


@pytest.fixture(scope="module", params=["county", "township"])
def filled(request: pytest.FixtureRequest, raw: bytes) -> Report:
    """The table by county and by township."""
    return report(raw, by=request.param)


def test_the_figures_are_those_of_a_plain_count(filled: Report, raw: bytes) -> None:
    assert {row.code: list(row.figures) for row in filled.rows} == naive(raw, filled.level)
    assert len(filled.rows) > (10 if filled.level == "county" else 100)


def test_the_figures_add_up(filled: Report) -> None:
    for figures in [*(row.figures for row in filled.rows), filled.totals]:
        figure = dict(zip(COLUMNS, figures, strict=True))
        assert figure["total"] == sum(figure[name] for name in ("orphan", "destitute", "ill_or_disabled", "other"))
        assert figure["poor_family"] <= figure["other"]
        for field in PAIRS:
            assert figure[f"{field}_yes"] + figure[f"{field}_no"] == figure["total"]
        assert figure["disability_yes"] + figure["disability_no"] <= figure["total"]
    assert list(filled.totals) == [sum(column) for column in zip(*(row.figures for row in filled.rows), strict=True)]
    # nothing is suppressed, and every figure of the form is used
    assert all(total > 0 for total in filled.totals)


def test_county_and_township_agree(raw: bytes) -> None:
    assert report(raw, by="county").totals == report(raw, by="township").totals


def test_every_case_is_counted_or_left_out(filled: Report) -> None:
    total = dict(zip(COLUMNS, filled.totals, strict=True))["total"]
    assert filled.left_out["closed"] > 0
    assert filled.left_out["no_category"] > 0
    assert total + sum(filled.left_out.values()) == 2000


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
    lost = before.totals[COLUMNS.index("total")] - after.totals[COLUMNS.index("total")]
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


def test_rows_have_names(filled: Report) -> None:
    assert all(re.fullmatch("[\u3400-\u9fff\U00020000-\U0003ffff]+(.未分乡镇.)?", row.name_zh) for row in filled.rows)
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


def test_wrong_arguments() -> None:
    raw = made.written(made.submission(1), "jsonl")
    with pytest.raises(UnknownTable, match="HN-2017-1"):
        report(raw, table="HN-1917-1")
    with pytest.raises(InvalidArgument):
        report(raw, by="street")
