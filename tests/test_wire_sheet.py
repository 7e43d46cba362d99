"""Spreadsheets: workbooks and CSV come back as they were written, and what a clerk did to them is found at its cell."""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import json
import pathlib
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import python_calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kunjing_exchange.errors import ExchangeError, OutputExists, UnknownFormat, UnreadableInput
from kunjing_exchange.findings import BUILT_IN, Problem
from kunjing_exchange.model import Lexical, Record, elements, record_types
from kunjing_exchange.wire.json_schema import accepts
from kunjing_exchange.wire.record import KINDS, Limits, Located, Plain
from kunjing_exchange.wire.sheet import CsvFolderWriter, CsvWriter, SheetReader, WorkbookWriter, write_template
from kunjing_exchange.wire.source import open_source

ID = "41130320120512123X"
NAMES = (
    "㐂𠮷",
    "古丽米热·艾比布力",
    "葛曾䮌",
    "=1+1",
    "@x",
    "+86-377",
    "-1",
    "\\#N/A",
    "#N/A",
    "未知",
    "_x0041_",
    '"a",b;',
)
EXAMPLES = {
    "CaseId": "001.0-a", "IdNumber": ID, "CreditCode": "114113000000000000", "Telephone": "+86 377", "Month": "2017-09",
    "DisabilityCertificateNo": f"{ID}42B1", "StudentNo": f"G{ID}", "SchoolCode": "0041000001", "Date": "2017-09-01",
    "DateTime": "2017-09-01T08:30:00", "Money": "600.50", "VersionNo": "1", "Digest": "sha256:" + "0" * 64,
    "Period": "2017-09", "Year": "2017", "Icd10": "C91.0", "SchemeCode": "wan-2017", "DilemmaCategoryCode": "A-1",
    "GuardianshipStatusCode": "A", "NationalityCode": "CHN", "LayoutName": "education:student",
    "SourceKey": "education:student:12",
}  # fmt: skip


def value_of(lexical: Lexical, seed: int) -> Any:
    """A valid value of a datatype."""
    if lexical.kind == "boolean":
        return seed % 2 == 0
    if lexical.kind == "integer":
        return seed % 1000
    if lexical.name in EXAMPLES:
        return EXAMPLES[lexical.name]
    if lexical.kind == "code":
        digits = lexical.pattern.startswith("[0-9]")
        return "0" * (2 if lexical.name == "InsuredPersonTypeCode" else lexical.max_length) if digits else "other"
    return NAMES[seed % len(NAMES)]


def full(record: type[Record], seed: int) -> Plain:
    """A plain record with every field set; where a fact can be unknown, every third is."""
    data: Plain = {}
    for number, element in enumerate(elements(record), start=seed):
        if element.record is None:
            assert element.lexical is not None
            unknown = element.fact and number % 3 == 0
            data[element.name] = {"unknown": "refused"} if unknown else value_of(element.lexical, number)
        elif element.repeated:
            data[element.name] = [full(element.record, number + item) for item in range(1 + number % 3)]
        else:
            data[element.name] = full(element.record, number)
    return data


def case(case_id: str, **more: Any) -> Plain:
    """The least case file there can be, and more."""
    child = {"name": "张小三", "sex": "1", "birth_date": "2012-05-12"}
    least = {"case_id": case_id, "division": "411302", "status": "open", "opened_on": "2017-09-01", "child": child}
    order = [element.name for element in elements(KINDS["case_file"])]
    return dict(sorted({**least, **more}.items(), key=lambda pair: order.index(pair[0])))


HEADER = {
    "version": "1", "message_type": "register", "sender_name": "宛城区民政局", "sender_division": "411302",
    "period": "2017-09", "period_end": "2017-09-30", "kind": "full",
}  # fmt: skip
PAYMENT = {"period": "2017-09", "amount": "600", "status": "paid"}


def benefit(kind: str, *payments: Plain) -> Plain:
    more = {"payment": list(payments)} if payments else {}
    return {"kind": kind, "amount": "600.00", "unit": "month", "start_date": "2017-09-01", **more}


SHEETS = {kind: record for kind, record in KINDS.items() if kind not in ("header", "department_record")}
HELD = {below.table(): below for record in (KINDS["header"], *SHEETS.values()) for below in record_types(record)}


def submission(seed: int) -> list[tuple[str, Plain]]:
    """Every field of every record, twice with different values, and the least case file."""
    records = [("header", full(KINDS["header"], seed))]
    for kind, record in SHEETS.items():
        for number in range(2):
            data = full(record, seed + number)
            records.append((kind, data | {"case_id": f"00{number}"} if kind == "case_file" else data))
    return [*records, ("case_file", case("least"))]


RECORDS_ = submission(0)


def written(writer: Callable[[io.BytesIO], Any], records: list[tuple[str, Plain]]) -> bytes:
    stream = io.BytesIO()
    with writer(stream) as sheets:
        for kind, data in records:
            sheets.write(kind, data)
    assert sheets.losses == []
    return stream.getvalue()


@contextlib.contextmanager
def opened(data: bytes | pathlib.Path, limits: Limits | None = None) -> Iterator[SheetReader]:
    with open_source(data, limits=limits) as source:
        yield SheetReader(source)


def read(data: bytes | pathlib.Path, limits: Limits | None = None) -> tuple[list[Located], list[Problem]]:
    with opened(data, limits) as reader:
        return list(reader), reader.problems


def told(problems: list[Problem]) -> list[tuple[str, str | None]]:
    for problem in problems:
        BUILT_IN[problem.id].message_zh.format(**problem.facts)
        BUILT_IN[problem.id].message_en.format(**problem.facts)
    return [(problem.id, problem.cell) for problem in problems]


def workbook(sheets: Mapping[str, Any]) -> bytes:
    """A workbook as a clerk makes it: numbers are numbers, dates dates, ``("=…", value)`` formulas."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        formats = {
            datetime.date: book.add_format({"num_format": "yyyy/m/d"}),
            datetime.datetime: book.add_format({"num_format": 'yyyy"年"m"月"d"日" h:mm:ss'}),
            datetime.time: book.add_format({"num_format": "h:mm"}),
        }
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.write_formula(row, column, cell[0], None, cell[1])
                    elif type(cell) in formats:
                        sheet.write_datetime(row, column, cell, formats[type(cell)])
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return stream.getvalue()


def csv_zip(sheets: Mapping[str, Any], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, rows in sheets.items():
            if not isinstance(rows, bytes):
                text = io.StringIO(newline="")
                csv.writer(text, delimiter=delimiter).writerows(rows)
                rows = text.getvalue().encode(encoding)
            archive.writestr(name, rows)
    return stream.getvalue()


CASE = ["档案编号*", "责任县区*", "档案状态*", "建档日期*"]
CHILD = ["档案编号*", "姓名*", "性别*", "出生日期*"]
BENEFIT = ["档案编号*", "序号", "待遇种类*", "标准金额*", "计发单位*", "享受起始日期*"]
PAYMENTS = ["档案编号*", "上级序号", "序号", "所属月份*", "金额*", "发放状态*"]


def sheets(**more: list[list[Any]]) -> dict[str, list[list[Any]]]:
    """The sheets of one good case, ``1``, and more."""
    return {
        "档案": [CASE, ["1", "411302", "open", "2017-09-01"]],
        "儿童": [CHILD, ["1", "张小三", "1", "2012-05-12"]],
        **more,
    }


BENEFITS = [BENEFIT, ["1", "1", "basic", "600", "month", "2017-09-01"], ["1", "2", "care", "80", "month", "2017-09-01"]]


# --- round trip ----------------------------------------------------------------------------------------------------
def test_sample_covers_every_field_and_is_valid() -> None:
    seen: set[tuple[str, str]] = set()

    def visit(record: type[Record], data: Plain) -> None:
        for element in elements(record):
            value = data.get(element.name)
            if value is None:
                continue
            if element.record is None:
                seen.add((record.table(), element.name))
            else:
                for item in value if element.repeated else [value]:
                    visit(element.record, item)

    for kind, data in RECORDS_:
        assert accepts(kind, data)
        visit(KINDS[kind], data)
    fields = {(t, e.name) for t, r in HELD.items() for e in elements(r) if e.record is None}
    assert len(fields) > 300
    assert seen == fields


@pytest.mark.parametrize("writer", [WorkbookWriter, CsvWriter])
def test_round_trip(writer: Callable[[io.BytesIO], Any]) -> None:
    located, problems = read(written(writer, RECORDS_))
    assert [(record.kind, json.dumps(record.data)) for record in located] == [(k, json.dumps(d)) for k, d in RECORDS_]
    assert all(record.clean and record.problems == [] for record in located)
    assert [record.number for record in located] == list(range(len(RECORDS_)))
    assert problems == []


def test_round_trip_through_a_folder(tmp_path: pathlib.Path) -> None:
    with CsvFolderWriter(tmp_path / "报送") as writer:
        for kind, data in RECORDS_:
            writer.write(kind, data)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["报送"]
    assert (tmp_path / "报送" / "儿童.csv").read_bytes().startswith("\ufeff档案编号*,姓名*".encode())
    located, problems = read(tmp_path / "报送")
    assert [(record.kind, record.data) for record in located] == RECORDS_
    assert problems == []


def test_folder_is_whole_or_absent(tmp_path: pathlib.Path) -> None:
    target = tmp_path / "out"
    with pytest.raises(KeyError), CsvFolderWriter(target) as writer:
        writer.write("no such kind", case("1"))
    assert list(tmp_path.iterdir()) == []
    with CsvFolderWriter(target) as writer:
        writer.write("case_file", case("1"))
    with pytest.raises(OutputExists):
        CsvFolderWriter(target)
    with CsvFolderWriter(target, force=True) as writer:
        writer.write("case_file", case("2"))
    assert [record.data for record in read(target)[0]] == [case("2")]
    assert list(tmp_path.iterdir()) == [target]


TEXT = st.sampled_from(
    ["#N/A", "\\", "未知", ":", "：", "refused", "=", "'", "_x4E00_", '"', ",", "\t", " ", "𠮷", "1E+5"]
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(TEXT, min_size=1, max_size=5).map("".join), min_size=2, max_size=2))
def test_any_text_comes_back(texts: list[str]) -> None:
    fact, text = texts
    record = case(
        "1", worker_name=text, child={"name": text, "former_name": fact, "sex": "1", "birth_date": "2012-05-12"}
    )
    if not accepts("case_file", record):
        return
    located, _ = read(written(CsvWriter, [("case_file", record)]))
    assert located[0].data == record
    assert located[0].clean


def test_workbook_holds_text_only() -> None:
    """Formulas can't act and digits can't be lost: every cell is a string, as another library sees it too."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(written(WorkbookWriter, RECORDS_)))
    titles = [record.title() for record in HELD.values()]
    assert book.sheet_names == ["说明", *titles, "代码表"]
    seen = set()
    for title in titles:
        for row in book.get_sheet_by_name(title).to_python():
            assert all(isinstance(cell, str) for cell in row)
            seen.update(row)
    assert {"=1+1", "@x", "+86-377", ID, "㐂𠮷", "未知:refused", "是", "否"} <= seen
    with zipfile.ZipFile(io.BytesIO(written(WorkbookWriter, RECORDS_))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts.values())


def test_template_has_headings_lists_and_guide() -> None:
    stream = io.BytesIO()
    write_template(stream)
    stream.seek(0)
    book = python_calamine.CalamineWorkbook.from_filelike(stream)
    assert book.get_sheet_by_name("发放").to_python()[0][:4] == ["档案编号*", "上级序号", "序号", "所属月份*"]
    assert book.get_sheet_by_name("家庭成员").to_python()[0][:3] == ["档案编号*", "序号", "成员姓名*"]
    assert book.get_sheet_by_name("儿童").to_python()[0][:2] == ["档案编号*", "姓名*"]
    codes = [cell for row in book.get_sheet_by_name("代码表").to_python() for cell in row]
    assert "1 男性" in codes
    assert not any(str(cell).startswith("411302 ") for cell in codes)
    assert "未知:refused" in str(book.get_sheet_by_name("说明").to_python())
    with zipfile.ZipFile(stream) as archive:
        child = archive.read("xl/worksheets/sheet7.xml").decode()
        assert 'state="hidden"' in archive.read("xl/workbook.xml").decode()
    assert "代码表!$" in child
    assert 'topLeftCell="B2"' in child
    assert read(stream.getvalue()) == ([], [Problem("KJ-SYS-010")])


@pytest.mark.parametrize("writer", [WorkbookWriter, CsvWriter])
def test_bytes_depend_on_the_records_alone(
    writer: Callable[[io.BytesIO], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written(writer, RECORDS_)
    with monkeypatch.context() as patch:
        patch.setattr("time.time", lambda: 1e9)
        assert written(writer, RECORDS_) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time[:2] for entry in archive.infolist()} == {(1980, 1)}


@pytest.mark.parametrize("writer", [WorkbookWriter, CsvWriter])
def test_error_leaves_no_output(
    writer: Callable[[io.BytesIO], Any], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUNJING_TMPDIR", str(tmp_path))
    stream = io.BytesIO()
    with pytest.raises(KeyError), writer(stream) as sheets:
        sheets.write("no such kind", case("1"))
    assert stream.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("writer", [WorkbookWriter, CsvWriter])
def test_department_records_have_no_sheets(writer: Callable[[io.BytesIO], Any]) -> None:
    with pytest.raises(UnknownFormat):
        written(writer, [("case_file", case("1")), ("department_record", full(KINDS["department_record"], 0))])


def test_second_case_of_one_number_is_a_loss() -> None:
    writer = CsvWriter(io.BytesIO())
    writer.write("case_file", case("1"))
    writer.write("case_file", case("1"))
    writer.close()
    assert [(loss.id, loss.path, loss.facts) for loss in writer.losses] == [
        ("KJ-SYS-048", ("case_id",), {"value": "1"})
    ]


def test_full_sheet_is_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kunjing_exchange.wire.xlsx.WorkbookSink.max_rows", 3)
    stream = io.BytesIO()
    with WorkbookWriter(stream) as writer:
        for number in "123":
            writer.write("case_file", case(number))
    assert [loss.id for loss in writer.losses] == ["KJ-SYS-004"]
    assert [record.data for record in read(stream.getvalue())[0]] == [case("1"), case("2")]


def test_missing_extra_says_what_to_install() -> None:
    script = (
        "import sys, io; sys.modules['xlsxwriter'] = None\n"
        "from kunjing_exchange.wire.sheet import WorkbookWriter\n"
        "from kunjing_exchange.errors import MissingExtra\n"
        "try: WorkbookWriter(io.BytesIO())\n"
        "except MissingExtra as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "kunjing-exchange[xlsx]" in done.stdout


# --- a clerk's hand ------------------------------------------------------------------------------------------------
def test_any_order_of_sheets_and_columns_and_other_headings() -> None:
    data: dict[str, list[list[Any]]] = {
        "payment": [["period", "amount", "status", "parent_no", "case_id"], ["2017-09", "600", "paid", "2", "1"]],
        "待遇": [list(reversed(row)) for row in BENEFITS],
        "儿童 ": [["姓 名", "性别(", "出生日期", " 档案编号 "], ["张小三", None, "2012-05-12", "1"], [None], ["  "]],
        "档 案": [["建档日期＊", "档案状态", "责任县区", "档案编号"], [], ["2017-09-01", "open", "411302", " 1 "]],
    }
    data["儿童 "][0][1], data["儿童 "][1][1] = "性\u3000别*", "1"
    located, problems = read(workbook(data))
    expected = case("1", benefit=[benefit("basic"), benefit("care", PAYMENT)])
    expected["benefit"][0]["amount"], expected["benefit"][1]["amount"] = "600", "80"
    assert [record.data for record in located] == [expected]
    assert json.dumps(located[0].data) == json.dumps(expected)
    assert problems == []


def test_codes_by_name_and_booleans_in_words() -> None:
    rows = sheets(
        儿童=[
            [*CHILD, "民族", "是否留守儿童", "是否随迁子女", "出生日期是否估计"],
            ["1", "张小三", "1 男性", "2012-05-12", "汉族", "TRUE", False, "否"],
        ]
    )
    (record,), _ = read(workbook(rows))
    assert record.clean
    assert record.data is not None
    child = record.data["child"]
    assert (child["sex"], child["ethnicity"], child["left_behind"], child["migrant"]) == ("1", "01", True, False)
    assert child["birth_date_estimated"] is False
    rows["儿童"][1][2] = "1 女性"
    (record,), _ = read(workbook(rows))
    assert told(record.problems) == [("KJ-SYS-024", "儿童!C2")]


@pytest.mark.parametrize("text", ["未知:refused", "未知：refused", " 未知: refused "])
def test_unknown_facts(text: str) -> None:
    rows = sheets(儿童=[CHILD, ["1", "张小三", "1", text]])
    (record,), _ = read(workbook(rows))
    assert record.clean
    assert record.data is not None
    assert record.data["child"]["birth_date"] == {"unknown": "refused"}


def test_unknown_without_reason() -> None:
    (record,), _ = read(workbook(sheets(儿童=[CHILD, ["1", "张小三", "1", "未知"]])))
    assert told(record.problems) == [("KJ-SYS-027", "儿童!D2")]


def test_rows_are_attached_by_number_then_order() -> None:
    rows = sheets(
        待遇=[
            BENEFIT,
            ["1", 2, "care", "80", "month", "2017-09-01"],
            ["1", 1, "basic", 600, "month", "2017-09-01"],
        ],
        发放=[
            PAYMENTS,
            ["1", 1, None, "2017-10", "1", "paid"],
            ["1", "2", None, "2017-11", "2", "paid"],
            ["1", 1, None, "2017-09", "3", "paid"],
        ],
        家庭成员=[["档案编号", "成员姓名", "与户主关系"], ["1", "张三", "02"], ["1", "张四", "20"]],
    )
    located, problems = read(workbook(rows))
    assert problems == []
    record = located[0].data
    assert record is not None
    assert [(item["kind"], [p["period"] for p in item["payment"]]) for item in record["benefit"]] == [
        ("basic", ["2017-10", "2017-09"]),
        ("care", ["2017-11"]),
    ]
    assert [member["name"] for member in record["household"]["member"]] == ["张三", "张四"]
    assert located[0].place.rows == {
        "case_file": (2,), "child": (2,), "household/member": (2, 3),
        "benefit": (3, 2), "benefit[1]/payment": (2, 4), "benefit[2]/payment": (3,),
    }  # fmt: skip


def test_locate() -> None:
    rows = sheets(
        待遇=[
            BENEFIT,
            ["1", "2", "care", "80", "month", "2017-09-01"],
            ["1", "1", "basic", "600", "month", "2017-09-01"],
        ],
        发放=[PAYMENTS, ["1", "1", None, "2017-10", "1", "paid"], ["1", "2", None, "2017-11", "2", "paid"]],
        家庭成员=[["成员姓名", "与户主关系", "档案编号"], ["张三", "02", "1"]],
    )
    wanted = {
        ("benefit", 0, "amount"): "待遇!D3",
        ("benefit", 1): "待遇!A2",
        ("benefit", 0, "payment", 0, "amount"): "发放!E2",
        ("benefit", 1, "payment", 0, "amount"): "发放!E3",
        ("benefit", 1, "payment", 7, "amount"): "待遇!A2",
        ("benefit", 1, "fund"): "待遇!A2",
        ("household", "member", 0, "name"): "家庭成员!A2",
        ("household", "member", 0, "sex"): "家庭成员!C2",
        ("household", "head_name"): "档案!A2",
        ("child", "sex"): "儿童!C2",
        ("division",): "档案!B2",
        (): "档案!A2",
    }
    with opened(workbook(rows)) as reader:
        (record,) = reader
        assert {path: reader.locate(record.place, path) for path in wanted} == {p: (None, c) for p, c in wanted.items()}
    with opened(workbook(rows)) as reader:
        assert reader.locate(record.place, ("child", "sex")) == (None, "儿童!C2")


def test_locate_in_csv_gives_the_line() -> None:
    rows = {f"{name}.csv": cells for name, cells in sheets().items()}
    rows["儿童.csv"] = [CHILD, ["9", "甲\n乙", "1", "2012-05-12"], [], ["1", "张小三", "1", "2012-5-12"]]
    (record,), problems = read(csv_zip(rows))
    assert [(p.id, p.line, p.cell) for p in record.problems] == [("KJ-SYS-023", 5, "儿童.csv!D4")]
    assert [(p.id, p.line, p.cell) for p in problems] == [("KJ-SYS-044", 2, "儿童.csv!A2")]


# --- findings ------------------------------------------------------------------------------------------------------
def test_numbers_where_text_belongs() -> None:
    number = 411303201205121234
    rows = sheets(
        儿童=[[*CHILD, "身份证件号码"], ["1", 12, 1, 41000.5, number]],
        发放=[PAYMENTS, ["1", None, None, 201709, 600.5, "paid"]],
        待遇=BENEFITS[:2],
    )
    rows["待遇"][1] = ["1", 1.0, "basic", 80.125, "month", datetime.date(2017, 9, 1)]
    (record,), problems = read(workbook(rows))
    assert problems == []
    assert told(record.problems) == [
        *(("KJ-SYS-040", f"儿童!{column}2") for column in "BECD"),
        ("KJ-SYS-040", "待遇!D2"),
        ("KJ-SYS-047", "待遇!F2"),
        ("KJ-SYS-040", "发放!D2"),
    ]
    assert not record.clean
    assert record.data is not None
    assert isinstance(record.data["child"]["id_number"], float)
    assert record.data["child"]["sex"] == 1
    assert record.data["benefit"][0]["start_date"] == "2017-09-01"
    assert record.data["benefit"][0]["payment"][0]["amount"] == "600.5"


def test_case_numbers_that_are_numbers_keep_their_rows_together() -> None:
    rows = {
        "档案": [CASE, [1, "411302", "open", "2017-09-01"]],
        "儿童": [CHILD, [1, "张小三", "1", "2012-05-12"], ["1", "李小四", "1", "2012-05-12"]],
    }
    (record,), problems = read(workbook(rows))
    assert told(record.problems) == [("KJ-SYS-040", "档案!A2"), ("KJ-SYS-040", "儿童!A2")]
    assert told(problems) == [("KJ-SYS-044", "儿童!A3")]


def test_dates_as_cells() -> None:
    moment = datetime.datetime(2017, 9, 1, 8, 30, 15)
    rows: dict[str, list[list[Any]]] = {
        "报送": [[*HEADER, "created_at", "receiver_name"], [*HEADER.values(), moment, moment]],
        **sheets(),
    }
    rows["档案"][1] = ["1", "411302", "open", moment]
    rows["儿童"][1] = ["1", datetime.time(8, 30), "1", datetime.date(2012, 5, 12)]
    (header, record), problems = read(workbook(rows))
    assert problems == []
    assert header.data is not None
    assert header.data["created_at"] == "2017-09-01T08:30:15"
    assert told(header.problems) == [("KJ-SYS-040", "报送!I2"), ("KJ-SYS-047", "报送!H2")]
    assert told(record.problems) == [("KJ-SYS-040", "档案!D2"), ("KJ-SYS-040", "儿童!B2"), ("KJ-SYS-047", "儿童!D2")]
    assert record.data is not None
    assert record.data["child"]["birth_date"] == "2012-05-12"


def test_record_with_date_cells_alone_is_clean() -> None:
    rows = sheets(儿童=[CHILD, ["1", "张小三", "1", datetime.date(2012, 5, 12)]])
    (record,), _ = read(workbook(rows))
    assert told(record.problems) == [("KJ-SYS-047", "儿童!D2")]
    assert record.clean


def test_dates_before_the_day_that_never_was() -> None:
    rows = sheets(儿童=[CHILD, ["1", "张小三", "1", datetime.date(1900, 2, 1)]])
    (record,), _ = read(workbook(rows))
    assert record.data is not None
    assert record.data["child"]["birth_date"] == "1900-02-01"


def test_dates_of_the_1904_calendar() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"date_1904": True}) as book:
        date = book.add_format({"num_format": 14})
        for name, rows in sheets().items():
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(rows):
                sheet.write_row(number, 0, cells)
        sheet.write_datetime(1, 3, datetime.datetime(2012, 5, 12), date)
    (record,), _ = read(stream.getvalue())
    assert record.data is not None
    assert record.data["child"]["birth_date"] == "2012-05-12"


def test_errors_and_formulas() -> None:
    rows = sheets(
        儿童=[
            [*CHILD, "曾用名", "户籍地址", "照片索引", "是否留守儿童"],
            ["1", ("=B9", "张三"), ("=A9", "#N/A"), ("=B1", ""), "#REF!", "a #N/A", "\\#N/A", ("=A1", "#NUM!")],
        ]
    )  # fmt: skip
    (record,), _ = read(workbook(rows))
    assert told(record.problems) == [("KJ-SYS-046", f"儿童!{column}2") for column in "ECDH"]
    assert record.data is not None
    assert record.data["child"]["name"] == "张三"
    assert record.data["child"]["hukou_address"] == "a #N/A"
    assert record.data["child"]["photo_reference"] == "#N/A"
    assert not any(isinstance(record.data["child"][name], str) for name in ("sex", "birth_date", "former_name"))


def test_headings_and_sheets_that_are_not_known() -> None:
    rows = sheets(
        说明=[["任何内容"]],
        Sheet1=[],
        张三=[["a"]],
        儿童=[[*CHILD, "姓名", "Comment", None], ["1", "张小三", "1", "2012-05-12", "王五", "x", "y"]],
        走访=[["走访人", "走访日期"], ["王", "2017-09-01"]],
        服务=[["档案编号", "备注"]],
        医保=[["档案编号", "参保年度"], ["1", "2017"]],
    )
    (record,), problems = read(workbook(rows))
    assert sorted(told(problems)) == [
        ("KJ-SYS-041", "儿童!F1"),
        ("KJ-SYS-041", "儿童!G1"),
        ("KJ-SYS-042", None),
        ("KJ-SYS-043", "医保!A1"),
        ("KJ-SYS-043", "走访!A1"),
        ("KJ-SYS-045", "儿童!E1"),
    ]
    names = {p.id: p.facts.get("name") or p.facts["title"] for p in problems}
    assert names["KJ-SYS-042"] == "张三"
    assert {p.facts["position"] for p in problems if p.id == "KJ-SYS-042"} == {"5"}
    assert {p.facts["title"] for p in problems if p.id == "KJ-SYS-043"} == {"险种", "档案编号"}
    assert told(record.problems) == [("KJ-SYS-021", "医保!A2")]
    assert record.data is not None
    assert record.data["child"]["name"] == "张小三"


def test_rows_without_their_case() -> None:
    rows = sheets(
        儿童=[CHILD, ["1", "张小三", "1", "2012-05-12"], ["01", "李四", "1", "2012-05-12"], [None, "王五", "1", "x"]],
        待遇=BENEFITS,
        发放=[PAYMENTS, *(["1", parent, None, *PAYMENT.values()] for parent in ("3", None, "x"))],
        困难情形=[["档案编号", "有无劳动能力"], ["1", "是"], ["1", "否"]],
    )  # fmt: skip
    (record,), problems = read(workbook(rows))
    assert told(problems) == [("KJ-SYS-044", cell) for cell in ("发放!A2", "发放!A3", "发放!A4", "儿童!A3", "儿童!A4")]
    assert told(record.problems) == [("KJ-SYS-025", "困难情形!A3")]
    assert record.data is not None
    assert record.data["circumstances"] == {"labour_capacity": True}


def test_repeated_case_number() -> None:
    rows = sheets(待遇=BENEFITS)
    rows["档案"] += [["1", "411303", "x!", "2017-09-01"]]
    (first, second), problems = read(workbook(rows))
    assert first.clean
    assert first.data is not None
    assert len(first.data["benefit"]) == 2
    assert told(second.problems) == [("KJ-SYS-048", "档案!A3"), ("KJ-SYS-023", "档案!C3")]
    assert told(problems) == [("KJ-SYS-010", None)]


def test_header_sheet() -> None:
    rows = {"报送": [list(HEADER), list(HEADER.values()), list(HEADER.values())], **sheets()}
    (header, record), problems = read(workbook(rows))
    assert (header.number, header.kind, header.data) == (0, "header", HEADER)
    assert (record.number, record.clean) == (1, True)
    assert told(problems) == [("KJ-SYS-011", "报送!A3")]
    rows["报送"] = [list(HEADER), ["2", *list(HEADER.values())[1:]]]
    (header, _), _ = read(workbook(rows))
    assert told(header.problems) == [("KJ-SYS-009", "报送!A2")]


def test_schema_findings_have_cells() -> None:
    rows = sheets(待遇=BENEFITS)
    rows["儿童"][1] = ["1", "张小三", None, "2012-02-30"]
    rows["待遇"] = [*BENEFITS[:2], ["1", "2", "care", "80.123", "month", "2017-09-01"]]
    (record,), _ = read(workbook(rows))
    assert told(record.problems) == [
        ("KJ-SYS-021", "儿童!C2"),
        ("KJ-SYS-023", "儿童!D2"),
        ("KJ-SYS-023", "待遇!D3"),
    ]
    del rows["儿童"]
    (record,), _ = read(workbook(rows))
    assert told(record.problems) == [("KJ-SYS-021", "档案!A2"), ("KJ-SYS-023", "待遇!D3")]


def test_problems_of_the_document_are_limited() -> None:
    rows = sheets(儿童=[CHILD, *([str(number), "李四", "1", "2012-05-12"] for number in range(1, 9))])
    _, problems = read(workbook(rows), Limits(problems_per_record=3))
    assert [problem.id for problem in problems] == ["KJ-SYS-044"] * 3 + ["KJ-SYS-004"]


# --- CSV as it is found --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("encoding", "delimiter", "notices"),
    [("gb18030", ",", 2), ("utf-8", "\t", 0), ("utf-8-sig", ";", 0), ("utf-16", "\t", 2)],
)
def test_csv_encodings_and_separators(encoding: str, delimiter: str, notices: int) -> None:
    rows = {f"报送/{name}.CSV": cells for name, cells in sheets().items()}
    rows["报送/儿童.CSV"][1][1] = "古丽米热·艾比布力㐂𠮷"
    (record,), problems = read(csv_zip(rows, encoding, delimiter))
    assert record.clean
    assert record.data is not None
    assert record.data["child"]["name"] == "古丽米热·艾比布力㐂𠮷"
    assert [problem.id for problem in problems] == ["KJ-SYS-007"] * notices
    if encoding == "gb18030":
        assert [(p.cell, p.facts["encoding"]) for p in problems] == [
            ("儿童.csv!A1", "GB18030"),
            ("档案.csv!A1", "GB18030"),
        ]


def test_csv_with_bytes_of_no_encoding() -> None:
    good = "档案编号,姓名,性别,出生日期\n1,张小三,1,2012-05-12\n".encode()
    files = {f"{name}.csv": cells for name, cells in sheets().items()}
    (record,), _ = read(csv_zip({**files, "儿童.csv": good.replace("小".encode(), b"\xe5\xff")}))
    assert told(record.problems) == [("KJ-SYS-008", "儿童.csv!B2")]


def test_csv_with_broken_quotes() -> None:
    head = "档案编号,姓名,性别,出生日期\n"
    files = {f"{name}.csv": cells for name, cells in sheets().items()}
    spoilt = f'{head}7,"a"b,1,2012-05-12\n1,张小三,1,2012-05-12\n'.encode()
    (record,), problems = read(csv_zip({**files, "儿童.csv": spoilt}))
    assert record.clean
    assert [(p.id, p.line, p.cell) for p in problems] == [("KJ-SYS-002", 2, "儿童.csv!A2")]
    unclosed = f'{head}1,张小三,1,2012-05-12\n7,"abc,1,2012-05-12\n8,x,1,2012-05-12\n'.encode()
    (record,), problems = read(csv_zip({**files, "儿童.csv": unclosed}))
    assert record.clean
    assert [(p.id, p.line, p.cell) for p in problems] == [("KJ-SYS-001", 3, "儿童.csv!A3")]


def test_csv_number_that_a_spreadsheet_shortened() -> None:
    rows = {f"{name}.csv": cells for name, cells in sheets().items()}
    rows["儿童.csv"] = [
        [*CHILD, "身份证件号码", "曾用名"],
        ["1", "张小三", "1", "2012-05-12", "4.11303E+17", "4.1E+17"],
    ]
    (record,), _ = read(csv_zip(rows))
    assert told(record.problems) == [("KJ-SYS-040", "儿童.csv!E2")]


def test_zip_paths_that_climb_are_names_only() -> None:
    rows = {f"../../{name}.csv": cells for name, cells in sheets().items()}
    rows["..\\档案.csv"] = [["档案编号"], ["x"]]
    rows["__MACOSX/._档案.csv"] = [["x"]]
    located, problems = read(csv_zip(rows))
    assert [record.data for record in located] == [case("1")]
    assert [(p.id, p.facts["name"]) for p in problems] == [("KJ-SYS-042", "档案 (2)")]


def test_zip_with_names_as_windows_writes_them() -> None:
    rows = sheets()
    data = csv_zip({"AAAA.csv": rows["档案"], "BBBB.csv": rows["儿童"]})
    located, problems = read(data.replace(b"AAAA", "档案".encode("gbk")).replace(b"BBBB", "儿童".encode("gbk")))
    assert [record.data for record in located] == [case("1")]
    assert problems == []


# --- what is refused -----------------------------------------------------------------------------------------------
def refused(data: bytes, limits: Limits | None = None, fmt: str | None = None) -> str | None:
    with pytest.raises(UnreadableInput) as caught, open_source(data, format=fmt, limits=limits) as source:
        list(SheetReader(source))
    assert isinstance(caught.value, ExchangeError)
    return caught.value.finding_id


def repacked(data: bytes, change: Callable[[str, bytes], bytes], *, compress: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(stream, "w", compress) as output:
        for name in archive.namelist():
            output.writestr(name, change(name, archive.read(name)))
    return stream.getvalue()


def in_sheets(old: bytes, new: bytes) -> Callable[[str, bytes], bytes]:
    return lambda name, part: part.replace(old, new, 1) if "sheet1" in name else part


GOOD = workbook(sheets())


def test_doctype_is_refused() -> None:
    bomb = b'<!DOCTYPE worksheet [<!ENTITY a "aaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>\n<worksheet'
    assert refused(repacked(GOOD, in_sheets(b"<worksheet", bomb))) == "KJ-SYS-003"
    late = b"<!--" + b"x" * 200_000 + b"-->" + bomb
    assert refused(repacked(GOOD, in_sheets(b"<worksheet", late))) == "KJ-SYS-003"


def test_archive_bombs_are_refused() -> None:
    bomb = repacked(GOOD, in_sheets(b"</worksheet>", b" " * 3_000_000 + b"</worksheet>"))
    assert len(bomb) < 50_000
    assert refused(bomb) == "KJ-SYS-004"
    assert refused(GOOD, Limits(archive_bytes=1000)) == "KJ-SYS-004"
    assert refused(deflated({"档案.csv": b"," * 3_000_000})) == "KJ-SYS-004"
    assert read(GOOD)[0][0].clean


def deflated(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_cells_far_away_cost_nothing_and_beyond_the_sheet_are_refused() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    located, problems = read(repacked(GOOD, in_sheets(b"</sheetData>", far)))
    assert told(located[1].problems) == [("KJ-SYS-028", "档案!A1048576")]
    assert ("KJ-SYS-041", "档案!XFD1") in told(problems)
    for row in (b'<row r="1048577"/>', b'<row><c r="XFE1"/></row>', b"<row>" + b"<c/>" * 16385 + b"</row>"):
        assert refused(repacked(GOOD, in_sheets(b"</sheetData>", row + b"</sheetData>"))) == "KJ-SYS-004"


@pytest.mark.parametrize(
    "part",
    [
        b"<row>" + b"".join(b'<c t="str"><v>%d</v></c>' % number * 20 for number in range(700)) + b"</row>",
        b'<row><c t="str"><v>' + b"".join(b"%06d" % number for number in range(90_000)) + b"</v></c></row>",
        b'<row x="' + b"".join(b"%06d" % number for number in range(90_000)) + b'"/>',
    ],
    ids=["cells", "text", "attribute"],
)
def test_rows_without_end_are_refused(part: bytes) -> None:
    data = repacked(GOOD, in_sheets(b"</sheetData>", part + b"</sheetData>"))
    assert refused(data, Limits(record_bytes=250_000)) == "KJ-SYS-004"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</sheetData>", b"<row>"),
        (b"</sheetData>", b"\xff</sheetData>"),
        (b'<c r="A1" t="s"><v>0</v>', b'<c r="A1" t="s"><v>99</v>'),
        (b"<sheetData>", b"&undefined;<sheetData>"),
        (b'encoding="UTF-8"', b'encoding="ETF-8"'),
        (b'encoding="UTF-8"', b'encoding="GBK"'),
        (b'<row r="1"', b'<row r="' + b"9" * 5000 + b'"'),
    ],
)
def test_broken_parts(old: bytes, new: bytes) -> None:
    assert refused(repacked(GOOD, in_sheets(old, new))) == "KJ-SYS-001"


def test_broken_archives() -> None:
    assert refused(GOOD[: len(GOOD) // 2]) == "KJ-SYS-001"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 999, fmt="xlsx") == "KJ-SYS-001"
    assert refused(csv_zip({"a.csv": b"x"}), fmt="xlsx") == "KJ-SYS-001"
    encrypted = bytearray(csv_zip({"a.csv": b"x"}))
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    assert refused(bytes(encrypted)) == "KJ-SYS-001"
    names_differ = csv_zip({"AAAA.csv": b"x"}).replace(b"AAAA", b"\xff\xff\xff\xff", 1)
    assert refused(names_differ) == "KJ-SYS-001"
    lying = bytearray(repacked(GOOD, lambda name, part: part, compress=zipfile.ZIP_STORED))
    at = lying.index(b"<sheetData>")
    lying[at + 1] = ord("S")
    assert refused(bytes(lying)) == "KJ-SYS-001"


# --- workbooks of other programs -----------------------------------------------------------------------------------
def test_parts_as_other_programs_write_them() -> None:
    """Prefixes, strict namespace, absolute targets, rich and phonetic text, no references, ISO dates."""
    strict = "http://purl.oclc.org/ooxml/spreadsheetml/main"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"

    def row(*texts: str) -> str:
        return "<x:row>" + "".join(f'<x:c t="inlineStr"><x:is><x:t>{t}</x:t></x:is></x:c>' for t in texts) + "</x:row>"

    rich = '<c t="s" r="B2"><v>0</v></c>'
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:q="{office}"><sheets>'
        '<sheet name="档案" sheetId="1" q:id="r1"/><sheet name="儿童" sheetId="2" q:id="r2"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="/xl/worksheets/a.xml"/>'
        f'<Relationship Id="r2" Type="{office}/worksheet" Target="worksheets/b.xml"/>'
        f'<Relationship Id="r3" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}"><si><r><t>张</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh>'
        "<r><t>_x5C0F_三_xD842__xDFB7_</t></r></si></sst>",
        "xl/worksheets/a.xml": f'<x:worksheet xmlns:x="{strict}"><x:sheetData>{row(*CASE)}'
        f'{row("1", "411302", "open", "2017-09-01")}</x:sheetData></x:worksheet>',
        "xl/worksheets/b.xml": f'<worksheet xmlns="{main}"><sheetData>'
        + row(*CHILD).replace("x:", "")
        + f'<row r="2"><c r="A2" t="str"><f>A1</f><v>1</v></c>{rich}'
        '<c r="C2" t="inlineStr"><is><t>1</t><rPh><t>yi</t></rPh></is></c>'
        '<c r="D2" t="d"><v>2012-05-12</v></c></row></sheetData></worksheet>',
    }  # fmt: skip
    (record,), problems = read(deflated({name: text.encode() for name, text in parts.items()}))
    assert told(problems) == []
    assert told(record.problems) == [("KJ-SYS-047", "儿童!D2")]
    assert record.data is not None
    assert record.data["child"]["name"] == "张小三𠮷"


def test_openpyxl_workbook() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for name, rows in sheets(儿童=[CHILD, ["1", "张小三", "1", datetime.date(2012, 5, 12)]]).items():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    stream = io.BytesIO()
    book.save(stream)
    (record,), problems = read(stream.getvalue())
    assert problems == []
    assert record.data == case("1")
    assert told(record.problems) == [("KJ-SYS-047", "儿童!D2")]


def test_reader_can_be_read_twice() -> None:
    with opened(workbook(sheets(x=[["a"]]))) as reader:
        first = [record.data for record in reader], list(reader.problems)
        assert ([record.data for record in reader], reader.problems) == first
