"""Findings as documents: one validation, many readers."""

from __future__ import annotations

import base64
import csv
import datetime
import hashlib
import html.parser
import io
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kunjing_exchange import cli
from kunjing_exchange.documents import (
    AnswerFile,
    Review,
    read_answers,
    write_csv,
    write_html,
    write_json,
    write_json_lines,
    write_junit,
    write_sarif,
    write_text,
    write_workbook,
)
from kunjing_exchange.errors import ExchangeError, InvalidArgument, MissingExtra, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Severity
from kunjing_exchange.rules import rules
from kunjing_exchange.validate import Findings, validate
from made import Records, cases, sealed, submission, written

openpyxl = pytest.importorskip("openpyxl")

Run = Callable[..., tuple[int, str, str]]
LOOK_ALIKE = "古丽米热•艾比布力"


def faulty(children: int = 4) -> Records:
    """Errors in three case files, a warning in one and an information in one."""
    records = submission(children)
    first, second, third, fourth = cases(records)[:4]
    del first["status"]
    second["child"]["sex"] = "7"
    third["child"]["birth_date"] = "2010-02-30"
    fourth["child"].update(name=LOOK_ALIKE, id_document_type="111", id_number="130503670401001")
    return sealed(records)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    folder = tmp_path_factory.mktemp("documents")
    for wire in ("jsonl", "xml", "xlsx"):
        (folder / f"a.{wire}").write_bytes(written(faulty(), wire))
    (folder / "clean.jsonl").write_bytes(written(submission(4), "jsonl"))
    return folder


@pytest.fixture(scope="module")
def found(place: pathlib.Path) -> Iterator[Findings]:
    """The validation of which most documents here are made."""
    with validate(place / "a.jsonl") as findings:
        assert set(findings.summary.by_severity.values()) & {0} == set()
        yield findings


@pytest.fixture
def kunjing(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "KUNJING_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        captured = capsysbinary.readouterr()
        return status, captured.out.decode(), captured.err.decode()

    return run


def made(write: Callable[..., None], review: Review, **more: Any) -> str:
    content = io.BytesIO()
    stream = io.TextIOWrapper(content, encoding="utf-8", newline="\n", write_through=True)
    write(review, stream, **{"lang": "zh", **more})
    return content.getvalue().decode()


@pytest.mark.parametrize("kind", ["csv", "sarif", "junit", "html"])
def test_exit_status_and_encoding_are_the_same_for_every_document(kunjing: Run, place: pathlib.Path, kind: str) -> None:
    status, out, err = kunjing("validate", place / "a.jsonl", "--format", kind, "--lang", "zh")
    assert (status, err) == (1, "")
    assert BUILT_IN["KJ-SYS-021"].title_zh in out or BUILT_IN["KJ-SYS-021"].fix_zh in out
    assert kunjing("validate", place / "clean.jsonl", "--format", kind)[0] == 0


# --- CSV -------------------------------------------------------------------------------------------------------------


def test_csv_is_for_people(found: Findings) -> None:
    text = made(write_csv, Review(found))
    assert text.startswith("\ufeff级别,编号,说明")
    heading, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert len(rows) == sum(found.summary.by_id.values())
    assert all(len(row) == len(heading) for row in rows)
    assert [row[heading.index("指纹")].lstrip("'") for row in rows] == [one.fingerprint for one in found]
    assert {row[0] for row in rows} == {"错误", "提醒", "说明"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "  ="])
def test_no_cell_of_csv_acts_as_a_formula(tmp_path: pathlib.Path, start: str) -> None:
    records = submission(2)
    cases(records)[0]["child"]["sex"] = f"{start}cmd|'/c calc'!A1"
    (tmp_path / "a.jsonl").write_bytes(written(sealed(records), "jsonl"))
    with validate(tmp_path / "a.jsonl", show_values=True) as findings:
        text = made(write_csv, Review(findings)).removeprefix("\ufeff")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert any("cmd" in cell for cell in cells)
    assert not any(re.match(r"\s*[=+@-]|[\t\r\n]", cell) for cell in cells)


# --- SARIF -----------------------------------------------------------------------------------------------------------


def test_sarif_has_what_its_schema_requires(found: Findings) -> None:
    document = json.loads(made(write_sarif, Review(found), file="报送/a 1.jsonl"))
    assert document["version"] == "2.1.0"
    assert document["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "kunjing"
    assert [one["id"] for one in driver["rules"]] == list(found.summary.by_id)
    for one in driver["rules"]:
        assert one["shortDescription"]["text"]
        assert one["defaultConfiguration"]["level"] in {"none", "note", "warning", "error"}
    assert run["invocations"][0]["executionSuccessful"] is True
    assert run["columnKind"] in {"utf16CodeUnits", "unicodeCodePoints"}
    artifacts = run["artifacts"]
    assert len(run["results"]) == sum(found.summary.by_id.values())
    for result, finding in zip(run["results"], found, strict=True):
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == finding.id
        assert result["message"]["text"] == finding.message_zh
        assert result["level"] == {"error": "error", "warning": "warning", "info": "note"}[finding.severity]
        assert result["partialFingerprints"] == {"kunjing/v1": finding.fingerprint}
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        uri = physical["artifactLocation"]["uri"]
        assert uri == artifacts[physical["artifactLocation"]["index"]]["location"]["uri"]
        assert uri.isascii()
        assert " " not in uri
        if finding.location.line is not None:
            assert physical["region"]["startLine"] == finding.location.line >= 1
        assert "baselineState" not in result
    assert any("region" in one["locations"][0]["physicalLocation"] for one in run["results"])


def test_sarif_names_an_absolute_path_as_a_uri(found: Findings) -> None:
    run = json.loads(made(write_sarif, Review(found), file="/数据/a.xml"))["runs"][0]
    assert run["artifacts"][0]["location"]["uri"] == "file:///%E6%95%B0%E6%8D%AE/a.xml"


# --- JUnit -----------------------------------------------------------------------------------------------------------


def test_junit_has_a_suite_a_subject_and_a_case_a_rule(found: Findings) -> None:
    root = ElementTree.fromstring(made(write_junit, Review(found), file='a"<b>.jsonl'))
    assert root.tag == "testsuites"
    assert root.get("name") == 'a"<b>.jsonl'
    suites = {suite.get("name") for suite in root}
    of_submissions = [one.layer for one in BUILT_IN.values() if one.layer != "report"]
    assert len(of_submissions) < len(BUILT_IN)
    assert suites == {*of_submissions} | {one.subject for one in rules().values()}
    every = root.findall("testsuite/testcase")
    assert len(every) == len(of_submissions) + len(rules()) == int(root.get("tests", ""))
    failed = {str(case.get("name")).split()[0]: case.find("failure") for case in every}
    failures = {name: one for name, one in failed.items() if one is not None}
    errors = {one.id for one in found if one.severity is Severity.ERROR}
    assert set(failures) == errors
    assert int(root.get("failures", "")) == len(errors)
    for suite in root:
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped", "")) == len(suite.findall("testcase/skipped"))
    for name, failure in failures.items():
        assert failure.get("message") == f"{found.summary.by_id[name]} 处"
        assert len(str(failure.text).splitlines()) == found.summary.by_id[name]


def test_junit_fails_from_the_severity_that_is_asked(found: Findings) -> None:
    def failures(fail_on: Severity | None) -> int:
        return int(
            ElementTree.fromstring(made(write_junit, Review(found), file="a", fail_on=fail_on)).get("failures", "")
        )

    by_id = {one.id: one.severity for one in found}
    assert failures(Severity.INFO) == len(by_id)
    assert failures(Severity.WARNING) == sum(one is not Severity.INFO for one in by_id.values())
    assert failures(None) == 0


# --- HTML ------------------------------------------------------------------------------------------------------------


class _Page(html.parser.HTMLParser):
    """What a page is made of: elements with their attributes, and the text of style and script."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inside: dict[str, str] = {}
        self._last = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._last = tag
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self._last in ("style", "script"):
            self.inside[self._last] = self.inside.get(self._last, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._last = ""

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [
            facts
            for name, facts in self.elements
            if name == tag and all(facts.get(key) == value for key, value in wanted.items())
        ]


def _rows(page: _Page) -> list[dict[str, str]]:
    return [row for row in page.all("tr") if "data-rule" in row]


def test_html_needs_nothing_else_and_runs_only_its_own_script(found: Findings) -> None:
    text = made(write_html, Review(found), file='<a>&".xml')
    page = _Page(text)
    assert not any({"src", "href", "style"} & set(facts) for _, facts in page.elements)
    assert not any(name.startswith("on") for _, facts in page.elements for name in facts)
    assert "http" not in re.sub("http-equiv", "", text)
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert policy["content"].startswith("default-src 'none'; ")
    assert "unsafe" not in policy["content"]
    for tag, content in page.inside.items():
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy["content"]
    assert len(page.all("script")) == 1


def test_html_filters_by_severity_rule_and_place(found: Findings) -> None:
    text = made(write_html, Review(found), file="a")
    page = _Page(text)
    rows = _rows(page)
    assert [row["data-rule"] for row in rows] == [one.id for one in found]
    assert {name["name"] for name in page.all("select")} == {"severity", "rule", "place"}
    offered = {option["value"] for option in page.all("option")}
    for name in ("data-severity", "data-rule", "data-place"):
        assert {row[name] for row in rows} <= offered
    assert any(re.fullmatch("4113[0-9]{5}", row["data-place"]) for row in rows)


def test_html_of_a_workbook_filters_by_its_sheets(place: pathlib.Path) -> None:
    with validate(place / "a.xlsx") as findings:
        text = made(write_html, Review(findings), file="a")
    assert all(row["data-place"] != "-" for row in _rows(_Page(text)) if row["data-rule"] != "KJ-BATCH-002")


def test_html_shows_markup_as_text(tmp_path: pathlib.Path) -> None:
    records = submission(2)
    cases(records)[0]["child"]["sex"] = "</code><script>alert(1)</script>"
    (tmp_path / "a.jsonl").write_bytes(written(sealed(records), "jsonl"))
    with validate(tmp_path / "a.jsonl", show_values=True) as findings:
        text = made(write_html, Review(findings), file="a")
    assert "&lt;script&gt;alert(1)" in text
    assert len(_Page(text).all("script")) == 1


# --- the sender's workbook -------------------------------------------------------------------------------------------


def _marked(source: pathlib.Path, *, lang: str = "zh", **more: Any) -> tuple[Any, list[Any], bytes]:
    content = io.BytesIO()
    with validate(source) as findings:
        write_workbook(Review(findings), content, source, file=source.name, lang=lang, **more)
        found = list(findings)
    return openpyxl.load_workbook(io.BytesIO(content.getvalue()), rich_text=True), found, content.getvalue()


def test_the_workbook_comes_back_with_its_wrong_cells_marked(place: pathlib.Path) -> None:
    book, found, _ = _marked(place / "a.xlsx")
    at = [one for one in found if one.location.cell is not None]
    assert len(at) >= 4
    for one in at:
        sheet, _, coordinate = str(one.location.cell).rpartition("!")
        cell = book[sheet][coordinate]
        assert one.fix_zh in cell.comment.text
        assert one.id in cell.comment.text
        assert cell.fill.fgColor.rgb in {"FFF4B6B6", "FFFFE699", "FFD6E6F5"}
    marked = {f"{sheet.title}!{cell.coordinate}" for sheet in book for row in sheet for cell in row if cell.comment}
    assert marked == {one.location.cell for one in at}


def test_the_first_page_says_what_to_do_and_leads_to_the_cells(place: pathlib.Path) -> None:
    book, found, _ = _marked(place / "a.xlsx")
    page = book.worksheets[0]
    assert book.active is page
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == [page.title]
    texts = [str(cell.value) for row in page for cell in row if cell.value is not None]
    assert texts[0].startswith("校验结果：部分接受")
    assert any("重新报送" in text for text in texts)
    listed = [row for row in page.iter_rows(values_only=True) if row[7] in {one.id for one in found}]
    assert [row[7] for row in listed] == [one.id for one in found]
    links = {cell.value: cell.hyperlink.location for row in page for cell in row if cell.hyperlink}
    assert set(links) == {one.location.cell for one in found} - {None}
    for shown, location in links.items():
        sheet, _, coordinate = location.rpartition("!")
        assert sheet.strip("'") in book.sheetnames
        assert shown == f"{sheet.strip(chr(39))}!{coordinate}"
    assert all(cell.data_type == "s" for row in page for cell in row if cell.value is not None)


def test_what_the_sender_has_in_the_workbook_survives(place: pathlib.Path, tmp_path: pathlib.Path) -> None:
    from openpyxl.comments import Comment

    book = openpyxl.load_workbook(place / "a.xlsx")
    with validate(place / "a.xlsx") as findings:
        wrong = next(str(one.location.cell) for one in findings if one.location.cell)
    sheet, _, coordinate = wrong.rpartition("!")
    book[sheet][coordinate].comment = Comment("问过村里", "经办人")
    own = book.create_sheet("我的工作表")
    own["A1"], own["A2"] = "=1+1", 3
    own["B1"] = "=evil()"
    own["B1"].data_type = "s"
    book[sheet].column_dimensions["A"].width = 33
    book.save(tmp_path / "own.xlsx")
    before = {name: [list(row) for row in book[name].values] for name in book.sheetnames}
    marked, _, _ = _marked(tmp_path / "own.xlsx")
    assert marked.sheetnames[1:] == book.sheetnames
    assert {name: [list(row) for row in marked[name].values] for name in book.sheetnames} == before
    assert (marked["我的工作表"]["A1"].data_type, marked["我的工作表"]["B1"].data_type) == ("f", "s")
    assert marked[sheet].column_dimensions["A"].width == 33
    assert marked[sheet][coordinate].comment.text.startswith("问过村里\n")


def test_the_corrected_workbook_is_sent_as_it_is(place: pathlib.Path, tmp_path: pathlib.Path) -> None:
    _, first, content = _marked(place / "a.xlsx")
    (tmp_path / "again.xlsx").write_bytes(content)
    again, second, content = _marked(tmp_path / "again.xlsx")
    assert [(one.id, one.location.cell) for one in second] == [(one.id, one.location.cell) for one in first]
    assert [name for name in again.sheetnames if name.startswith("校验结果")] == ["校验结果"]
    wrong = next(one for one in second if one.severity is Severity.WARNING)
    sheet, _, coordinate = str(wrong.location.cell).rpartition("!")
    assert again[sheet][coordinate].comment.text.count(wrong.id) == 1
    again[sheet][coordinate] = cases(submission(4))[3]["child"]["id_number"]
    again.save(tmp_path / "corrected.xlsx")
    corrected, third, _ = _marked(tmp_path / "corrected.xlsx")
    assert wrong.id not in {one.id for one in third}
    assert corrected[sheet][coordinate].comment is None
    assert corrected[sheet][coordinate].fill.fill_type is None


@pytest.mark.parametrize("wire", ["jsonl", "xml"])
def test_what_was_no_workbook_becomes_one(place: pathlib.Path, wire: str) -> None:
    book, found, _ = _marked(place / f"a.{wire}")
    marked = {f"{sheet.title}!{cell.coordinate}" for sheet in book for row in sheet for cell in row if cell.comment}
    with validate(place / "a.xlsx") as findings:
        wanted = {one.location.cell for one in findings if one.id in {one.id for one in found}} - {None}
    assert marked == wanted


def test_one_cell_with_many_findings_and_merged_cells(place: pathlib.Path, tmp_path: pathlib.Path) -> None:
    with validate(place / "a.xlsx") as findings:
        wrong = next(str(one.location.cell) for one in findings if one.location.path == "child/sex")
    sheet, _, coordinate = wrong.rpartition("!")
    book = openpyxl.load_workbook(place / "a.xlsx")
    row = book[sheet][coordinate].row
    book[sheet].merge_cells(start_row=row, end_row=row + 1, start_column=1, end_column=1)
    book.save(tmp_path / "merged.xlsx")
    marked, found, _ = _marked(tmp_path / "merged.xlsx")
    assert any(one.location.cell == wrong for one in found)
    assert marked[sheet][coordinate].comment is not None


def test_a_workbook_with_a_doctype_in_any_part_is_refused(place: pathlib.Path, tmp_path: pathlib.Path) -> None:
    import zipfile

    with zipfile.ZipFile(place / "a.xlsx") as source, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as target:
        for name in source.namelist():
            body = source.read(name)
            if name == "docProps/app.xml":
                body = body.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>', 1)
            target.writestr(name, body)
    with pytest.raises(UnreadableInput, match="DOCTYPE"):
        _marked(tmp_path / "b.xlsx")


def test_without_openpyxl_the_extra_is_named(
    place: pathlib.Path, found: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtra, match=r"kunjing-exchange\[xlsx\]"):
        write_workbook(Review(found), io.BytesIO(), place / "a.jsonl", file="a", lang="en")


def test_a_workbook_wants_a_file_and_takes_standard_input(
    kunjing: Run, place: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kunjing("validate", place / "a.xlsx", "--format", "xlsx")[0] == 2
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((place / "a.xlsx").read_bytes())))
    assert kunjing("validate", "-", "--format", "xlsx", "-o", tmp_path / "b.xlsx") == (1, "", "")
    assert "<stdin>" in openpyxl.load_workbook(tmp_path / "b.xlsx").worksheets[0]["A2"].value
    broken = (place / "a.xml").read_bytes()[:5000]
    (tmp_path / "broken.xml").write_bytes(broken)
    assert kunjing("validate", tmp_path / "broken.xml", "--format", "xlsx", "-o", tmp_path / "c.xlsx")[0] == 2
    assert not (tmp_path / "c.xlsx").exists()


# --- cut -------------------------------------------------------------------------------------------------------------


def test_every_document_says_what_was_left_out(found: Findings, place: pathlib.Path) -> None:
    total = sum(found.summary.by_id.values())
    review = Review(found)
    said = f"另有 {total - 1} 处未列出"
    assert json.loads(made(write_json, review, file="a", limit=1))["left_out"] == total - 1
    assert json.loads(made(write_json_lines, review, limit=1).splitlines()[-1])["left_out"] == total - 1
    assert made(write_csv, review, limit=1).splitlines()[-1].startswith(said)
    sarif = json.loads(made(write_sarif, review, file="a", limit=1))["runs"][0]
    assert len(sarif["results"]) == 1
    assert sarif["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == said
    page = made(write_html, review, file="a", limit=1)
    assert said in page
    assert len(_rows(_Page(page))) == 1
    book, _, _ = _marked(place / "a.jsonl", limit=1)
    assert any(row[0] == said for row in book.worksheets[0].iter_rows(values_only=True))
    most = max(found.summary.by_id.values())
    assert f"另有 {most - 0} 处" in made(write_text, review, file="a", limit=0)
    assert f"另有 {most} 处未列出" in made(write_junit, review, file="a", limit=0)
    whole = (made(write_json, review, file="a"), made(write_json_lines, review), made(write_csv, review))
    assert not any("left_out" in text or "未列出" in text for text in whole)


# --- an earlier run --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def earlier(place: pathlib.Path) -> pathlib.Path:
    """The result for a submission in which the sex of the second child was right and the status of the third absent."""
    records = faulty()
    cases(records)[1]["child"]["sex"] = "1"
    del cases(records)[2]["status"]
    (place / "earlier.jsonl").write_bytes(written(sealed(records), "jsonl"))
    with validate(place / "earlier.jsonl") as findings:
        (place / "earlier.json").write_text(made(write_json, Review(findings), file="a"), encoding="utf-8")
    return place / "earlier.json"


def _states(document: Any) -> dict[tuple[str, str], str]:
    every = [*document["findings"], *document["fixed"]]
    return {(one["id"], one["location"].get("path", "")): one["state"] for one in every}


@pytest.mark.parametrize("indent", [None, 1])
def test_previous_says_new_still_open_and_fixed(
    kunjing: Run, place: pathlib.Path, earlier: pathlib.Path, tmp_path: pathlib.Path, indent: int | None
) -> None:
    document = json.loads(earlier.read_text(encoding="utf-8"))
    (tmp_path / "p.json").write_text(json.dumps(document, indent=indent))
    _, out, _ = kunjing("validate", place / "a.jsonl", "--format", "json", "--previous", tmp_path / "p.json")
    now = json.loads(out)
    states = _states(now)
    assert states["KJ-CODE-001", "child/sex"] == "new"
    assert states["KJ-SYS-023", "child/birth_date"] == "still_open"
    third = cases(faulty())[2]["case_id"]
    fixed = [(one["id"], one["location"]["path"], one["location"]["record"]) for one in now["fixed"]]
    assert ("KJ-SYS-021", "status", third) in fixed
    counted = now["summary"]["states"]
    assert counted["new"] + counted["still_open"] == len(now["findings"])
    assert counted["fixed"] == len(now["fixed"])


def test_states_are_in_text_html_csv_sarif_and_workbook(
    place: pathlib.Path, earlier: pathlib.Path, found: Findings
) -> None:
    with Review(found, previous=earlier) as review:
        text = made(write_text, review, file="a")
        assert "与上次相比：新增 " in text
        assert "[仍未更正] " in text
        assert "\n已更正（" in text
        page = _Page(made(write_html, review, file="a"))
        assert {row["data-state"] for row in _rows(page)} == {"new", "still_open", "fixed"}
        assert "state" in {one["name"] for one in page.all("select")}
        assert {"新增", "仍未更正", "已更正"} <= {
            cell for row in csv.reader(io.StringIO(made(write_csv, review))) for cell in row
        }
        results = json.loads(made(write_sarif, review, file="a"))["runs"][0]["results"]
        assert {one["baselineState"] for one in results} == {"new", "unchanged", "absent"}
        lines = [json.loads(line) for line in made(write_json_lines, review).splitlines()]
        assert {one["state"] for one in lines[:-1]} == {"new", "still_open", "fixed"}
        content = io.BytesIO()
        write_workbook(review, content, place / "a.jsonl", file="a", lang="zh")
    states = {row[8] for row in openpyxl.load_workbook(content).worksheets[0].iter_rows(values_only=True)}
    assert {"新增", "仍未更正", "已更正"} <= states


def test_a_result_that_was_cut_or_is_none_is_refused(
    kunjing: Run, place: pathlib.Path, found: Findings, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "cut.json").write_text(made(write_json, Review(found), file="a", limit=1))
    status, _, err = kunjing("validate", place / "a.jsonl", "--previous", tmp_path / "cut.json")
    assert status == 2
    assert "--max-findings" in err
    whole = made(write_json, Review(found), file="a")
    for body in (
        "",
        "[]",
        '{"findings": {}}',
        whole[: len(whole) // 2],
        '{"findings": [1]}',
        '{"findings": [{"id": 1}]}',
    ):
        (tmp_path / "none.json").write_text(body)
        with pytest.raises(UnreadableInput):
            Review(found, previous=tmp_path / "none.json")


def test_what_an_earlier_result_says_is_not_repeated(found: Findings, tmp_path: pathlib.Path) -> None:
    """It may have been made with values shown, or changed by hand."""
    entry = {
        "id": "KJ-SYS-020",
        "severity": "error",
        "message": "张三",
        "location": {"record": "411303200901011234", "path": "child/张三", "cell": "张三", "file": "张三"},
        "value": "张三",
        "fix": "张三",
        "fingerprint": "0123456789abcdef",
    }
    (tmp_path / "p.json").write_text(json.dumps({"findings": [entry]}))
    with Review(found, previous=tmp_path / "p.json") as review:
        shown = "".join(made(write, review, file="a") for write in (write_text, write_json, write_sarif, write_html))
    assert "KJ-SYS-020" in shown
    assert "张三" not in shown
    assert "411303200901011234" not in shown
    assert "child/字字" in shown


# --- answers ---------------------------------------------------------------------------------------------------------


def _warning(found: Findings) -> Any:
    return next(one for one in found if one.severity is Severity.WARNING)


def _toml(*entries: dict[str, str]) -> str:
    return "".join(
        "[[answer]]\n" + "".join(f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in entry.items())
        for entry in entries
    )


ANSWER = {"reason": "confirmed", "who": "卧龙区民政局", "until": "2018-03-31"}


def test_an_answer_is_counted_apart_until_it_expires(kunjing: Run, tmp_path: pathlib.Path) -> None:
    records = submission(3)
    cases(records)[0]["child"]["name"] = LOOK_ALIKE
    (tmp_path / "a.jsonl").write_bytes(written(sealed(records), "jsonl"))
    with validate(tmp_path / "a.jsonl") as findings:
        (one,) = findings
    (tmp_path / "answers.toml").write_text(_toml({"fingerprint": one.fingerprint, **ANSWER}), encoding="utf-8")
    command = ("validate", tmp_path / "a.jsonl", "--fail-on", "info", "--answers", tmp_path / "answers.toml")
    status, out, _ = kunjing(*command, "--as-of", "2018-03-31", "--format", "json")
    document = json.loads(out)
    assert status == 0
    assert document["summary"]["answered"] == 1
    assert document["findings"][0]["answer"] == {"number": 1, "fingerprint": one.fingerprint, **ANSWER}
    assert document["answers"] == []
    status, out, _ = kunjing(*command, "--as-of", "2018-04-01", "--format", "json")
    document = json.loads(out)
    assert status == 1
    assert document["summary"]["answered"] == 0
    assert "answer" not in document["findings"][0]
    assert [one["outcome"] for one in document["answers"]] == ["expired"]
    assert "expired" in kunjing(*command, "--as-of", "2018-04-01")[1]


def test_answers_show_in_every_document(found: Findings, place: pathlib.Path, tmp_path: pathlib.Path) -> None:
    one = _warning(found)
    by_record = {"rule": one.id, "record": str(one.location.record), "note": "入户看过，张三", **ANSWER}
    (tmp_path / "a.json").write_text(json.dumps({"answer": [by_record]}), encoding="utf-8")
    answers = AnswerFile(read_answers(tmp_path / "a.json"), datetime.date(2018, 1, 1))
    review = Review(found, answers=answers)
    shown = {
        write.__name__: made(write, review, **({} if write in (write_csv, write_json_lines) else {"file": "a"}))
        for write in (write_text, write_json, write_json_lines, write_csv, write_sarif, write_html)
    }
    shown["junit"] = made(write_junit, review, file="a", fail_on=Severity.WARNING)
    assert all("卧龙区民政局" in text for text in shown.values()), shown.keys()
    assert not any("张三" in text for text in shown.values())
    cases_ = ElementTree.fromstring(shown["junit"]).findall("testsuite/testcase")
    case = next(case for case in cases_ if str(case.get("name")).startswith(one.id))
    assert case.find("failure") is None
    results = json.loads(shown["write_sarif"])["runs"][0]["results"]
    assert [len(result.get("suppressions", [])) for result in results if result["ruleId"] == one.id] == [1]
    content = io.BytesIO()
    write_workbook(review, content, place / "a.jsonl", file="a", lang="zh")
    rows = openpyxl.load_workbook(content).worksheets[0].iter_rows(values_only=True)
    assert any("卧龙区民政局" in str(row[8]) for row in rows)


def test_an_answer_that_does_nothing_is_reported(found: Findings, tmp_path: pathlib.Path) -> None:
    error = next(one for one in found if one.severity is Severity.ERROR)
    entries = (
        {"fingerprint": error.fingerprint, **ANSWER},
        {"fingerprint": "0" * 16, **ANSWER},
        {"rule": "KJ-NONE-1", "record": "x", **ANSWER},
        {"fingerprint": _warning(found).fingerprint, **ANSWER, "until": "2017-12-31"},
    )
    (tmp_path / "a.toml").write_text(_toml(*entries), encoding="utf-8")
    review = Review(found, answers=AnswerFile(read_answers(tmp_path / "a.toml"), datetime.date(2018, 1, 1)))
    document = json.loads(made(write_json, review, file="a"))
    assert [one["outcome"] for one in document["answers"]] == ["refused", "unused", "unknown", "expired"]
    assert document["summary"]["answered"] == 0
    assert review.worst() is Severity.ERROR
    text = made(write_text, review, file="a")
    assert text.count("\n  - 第 ") >= 4
    assert "没有起作用的答复：" in text


@pytest.mark.parametrize(
    "body",
    [
        "answer = 1",
        "[[answers]]",
        _toml({**ANSWER}),
        _toml({"rule": "KJ-SYS-014", **ANSWER}),
        _toml({"fingerprint": "x", **ANSWER, "reason": "because"}),
        _toml({"fingerprint": "x", **ANSWER, "reason": "other"}),
        _toml({"fingerprint": "x", **ANSWER, "until": "soon"}),
        _toml({"fingerprint": "x", **ANSWER, "colour": "red"}),
        _toml({"fingerprint": "x", "reason": "confirmed", "until": "2018-01-01"}),
        '{"answer": [1]}',
    ],
)
def test_a_wrong_answer_names_its_place(tmp_path: pathlib.Path, body: str) -> None:
    (tmp_path / "a").write_text(body, encoding="utf-8")
    with pytest.raises(InvalidArgument):
        read_answers(tmp_path / "a")


@pytest.mark.parametrize("body", ["[[answer", "{", "{" * 100_000, None])
def test_answers_that_can_not_be_read(tmp_path: pathlib.Path, body: str | None) -> None:
    if body is not None:
        (tmp_path / "a").write_text(body)
    with pytest.raises(ExchangeError):
        read_answers(tmp_path / "a")


# --- another edition in the shadow -----------------------------------------------------------------------------------


def test_shadow_says_who_would_newly_fail(kunjing: Run, place: pathlib.Path) -> None:
    command = ("validate", place / "a.jsonl", "--shadow", "national-2021")
    status, out, _ = kunjing(*command, "--format", "json")
    document = json.loads(out)
    assert status == 1
    assert document["edition"] == "henan-2017"
    assert document["shadow"]["edition"] == "national-2021"
    assert len(document["newly"]) == sum(document["shadow"]["summary"]["by_id"].values())
    assert all(one["edition"] == "national-2021" for one in document["newly"])
    assert "试行版本 national-2021：" in kunjing(*command, "--lang", "zh")[1]
    assert "shadow" not in json.loads(kunjing("validate", place / "a.jsonl", "--format", "json")[1])


# --- a place's own overlay -------------------------------------------------------------------------------------------


def test_an_overlay_makes_a_finding_graver(kunjing: Run, tmp_path: pathlib.Path) -> None:
    records = submission(2)
    cases(records)[0]["child"].update(id_document_type="111", id_number="130503670401001")
    (tmp_path / "a.jsonl").write_bytes(written(sealed(records), "jsonl"))
    with validate(tmp_path / "a.jsonl") as findings:
        warned = next(one.id for one in findings if one.severity is Severity.WARNING)
    overlay = 'name = "nanyang"\ntitle = "南阳市"\nextends = "henan-2017"\n'
    overlay += f'[[severity]]\nrule = "{warned}"\nseverity = "error"\n'
    (tmp_path / "place.toml").write_text(overlay, encoding="utf-8")
    command = ("validate", tmp_path / "a.jsonl", "--format", "json", "--policy")
    _, out, _ = kunjing(*command, tmp_path / "place.toml")
    assert {one["severity"] for one in json.loads(out)["findings"] if one["id"] == warned} == {"error"}
    assert kunjing(*command, tmp_path / "absent.toml")[0] == 2
