"""Conversion: any format to any other without loss, or with every loss named; whole or absent."""

from __future__ import annotations

import io
import os
import pathlib
import sys
import zipfile
from typing import Any

import pytest

import made
from kunjing_exchange.convert import convert, format_of
from kunjing_exchange.errors import LossyConversion, OutputExists, UnknownFormat, UnreadableInput
from kunjing_exchange.findings import Verdict
from kunjing_exchange.validate import validate
from kunjing_exchange.wire import open_reader, open_source

SUFFIX = {"xml": ".xml", "json": ".json", "jsonl": ".jsonl", "xlsx": ".xlsx", "csv": ".zip"}
NAMES = ("㐂𠮷", "古丽米热·艾比布力", "葛曾䮌", "Anna  Maria"[:4], "欧阳\u3000娜娜")


def rich(children: int) -> made.Records:
    """Case files with rare names, unknown facts, and texts that formats like to spoil."""
    records = made.submission(children)
    for place, case in enumerate(made.cases(records)):
        child = case["child"]
        child["former_name"] = NAMES[place % len(NAMES)]
        if place % 3 == 0:
            child["left_behind_since"] = {"unknown": "refused"}
            child["hukou_address"] = {"unknown": "pending"}
        elif place % 3 == 1:
            child["hukou_address"] = ("=1+1", "00123", "1E5", "未知", "'甲", 'a"b,c;d\\e', "<&>", "true", "-")[
                place % 9
            ]
        if case.get("benefit"):
            case["benefit"][0]["amount"] = ("0", "600", "600.5", "600.50", "999999999999.99")[place % 5]
    return made.sealed(records)


def files_in(folder: pathlib.Path) -> list[str]:
    """The names of all files, hidden ones too."""
    return sorted(os.listdir(folder))


@pytest.fixture
def folder(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> pathlib.Path:
    """A folder for outputs; nothing temporary may be left beside it."""
    monkeypatch.setenv("KUNJING_TMPDIR", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    place = tmp_path / "out"
    place.mkdir()
    return place


def test_round_trip_through_every_format_is_byte_equal(folder: pathlib.Path) -> None:
    records = rich(200)
    first = folder / "first.xml"
    # as somebody else may write it: fields in another order, mixed kinds
    (folder / "sent.jsonl").write_bytes(made.written(records, "jsonl"))
    convert(folder / "sent.jsonl", first)
    last = first
    for place, to in enumerate(("json", "xlsx", "jsonl", "csv", "xml")):
        target = folder / f"{place}{SUFFIX[to]}"
        done = convert(last, target, lossless=True)
        assert (done.records, done.losses, done.loss_count) == (len(records) - 1, (), 0)
        last = target
    assert last.read_bytes() == first.read_bytes()
    assert first.read_bytes() == made.written(records, "xml")
    assert files_in(folder.parent / "spool") == []


@pytest.mark.parametrize("to", ["xml", "json", "jsonl"])
def test_gb18030_both_ways(folder: pathlib.Path, to: str) -> None:
    records = rich(6)
    source, national, back = folder / f"a{SUFFIX[to]}", folder / f"gb{SUFFIX[to]}", folder / f"b{SUFFIX[to]}"
    source.write_bytes(made.written(records, to))
    convert(source, national, encoding="gb18030", lossless=True)
    text = national.read_bytes().decode("gb18030")
    assert "㐂𠮷" in text
    assert "葛曾䮌" in text
    convert(national, back, lossless=True)
    assert back.read_bytes() == source.read_bytes()
    with pytest.raises(UnicodeDecodeError):
        national.read_bytes().decode()


def spoiled() -> tuple[bytes, made.Records]:
    """JSON Lines with fields and values that no format of ours carries, one of each, in one case file."""
    records = made.submission(3)
    case = made.cases(records)[0]
    case["hobby"] = "画画"
    case["child"]["photo"] = {"data": "…"}
    case["child"]["name"] = "甲\x01乙"
    case["child"]["sex"] = 1
    case["benefit"] = ["x", {"kind": "minimum_living", "amount": {"unknown": "refused", "more": 1}}]
    case["household"] = []
    return made.written([], "jsonl") + "".join(_line(kind, data) for kind, data in records).encode(), records


def _line(kind: str, data: Any) -> str:
    import json

    return json.dumps({kind: data}, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("to", made.FORMATS)
def test_what_is_lost_is_named(folder: pathlib.Path, to: str) -> None:
    raw, records = spoiled()
    target = folder / f"out{SUFFIX[to]}"
    done = convert(raw, target)
    case = made.cases(records)[0]
    lost = {one.location.path for one in done.losses}
    assert {"child/name", "child/sex", "benefit[1]", "benefit[2]/amount", "household"} <= lost
    assert {"aaaaa", "child/aaaaa"} <= lost  # a key that the models don't know may be anybody's name
    assert {one.location.record for one in done.losses} == {case["case_id"]}
    assert done.loss_count == len(done.losses)
    assert done.records == len(records) - 1
    assert not any("画" in repr(one) or "\x01" in repr(one) for one in done.losses)
    with open_source(target) as source:
        kept = [located.data for located in open_reader(source) if located.kind == "case_file"]
    assert kept[0] is not None
    assert kept[0]["benefit"] == [{"kind": "minimum_living"}]
    assert kept[1:] == made.cases(records)[1:]


def test_lossless_refuses_and_writes_nothing(folder: pathlib.Path) -> None:
    raw, _ = spoiled()
    with pytest.raises(LossyConversion) as caught:
        convert(raw, folder / "out.xml", lossless=True)
    assert caught.value.facts["losses"]
    assert "画" not in caught.value.zh + caught.value.en
    assert files_in(folder) == []
    assert files_in(folder.parent / "spool") == []


def test_wrong_values_are_carried_as_they_stand(folder: pathlib.Path) -> None:
    """What a clerk got wrong is no loss: it arrives for the clerk to see."""
    records = made.submission(4)
    case = made.cases(records)[0]
    case["child"].update(birth_date="2017-02-30", sex="男的", name="甲" * 60)
    del case["status"]
    expected = made.written(made.sealed(records), "xml")
    last = folder / "a.xml"
    last.write_bytes(expected)
    for to in ("json", "jsonl", "xml"):
        target = folder / f"b{SUFFIX[to]}"
        assert convert(last, target, lossless=True, force=True).loss_count == 0
        last = target
    assert last.read_bytes() == expected


def test_content_outside_records_is_a_loss(folder: pathlib.Path) -> None:
    raw = made.written(made.submission(2), "json").replace(b',\n"worker":[', b',\n"extra":[1],\n"worker":[')
    done = convert(raw, folder / "a.xml")
    assert [one.id for one in done.losses] == ["KJ-SYS-012"]
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made.written(made.submission(2), "csv"))) as sent,
        zipfile.ZipFile(stream, "w") as archive,
    ):
        for name in sent.namelist():
            text = sent.read(name).decode("utf-8-sig")
            if name == "儿童.csv":
                lines = text.split("\r\n")
                text = "\r\n".join((f"{lines[0]},班主任", f"{lines[1]},王某", *lines[2:]))
            archive.writestr(name, text)
    done = convert(stream.getvalue(), folder / "b.xml")
    assert [(one.id, one.location.cell is not None) for one in done.losses] == [("KJ-SYS-041", True)]
    with pytest.raises(LossyConversion):
        convert(stream.getvalue(), folder / "c.xml", lossless=True)


def test_bytes_that_are_replaced_are_a_loss(folder: pathlib.Path) -> None:
    records = made.submission(2)
    made.cases(records)[0]["child"]["hukou_address"] = "某街某号"
    raw = made.written(records, "jsonl", encoding="gb18030").replace("某街".encode("gb18030"), b"\xff\xff")
    done = convert(raw, folder / "a.xml", source_encoding="gb18030")
    assert "KJ-SYS-008" in {one.id for one in done.losses}
    with pytest.raises(LossyConversion):
        convert(raw, folder / "b.xml", source_encoding="gb18030", lossless=True)


@pytest.mark.parametrize("to", ["xml", "json", "jsonl"])
def test_a_broken_document_is_not_passed_off_as_whole(folder: pathlib.Path, to: str) -> None:
    raw = made.written(made.submission(4), to)
    with pytest.raises(UnreadableInput) as caught:
        convert(raw[: len(raw) * 3 // 4], folder / "out.json")
    assert caught.value.finding_id == "KJ-SYS-001"
    assert isinstance(caught.value.facts["line"], int)
    assert files_in(folder) == []
    assert files_in(folder.parent / "spool") == []


@pytest.mark.parametrize(
    ("raw", "finding"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "KJ-SYS-003"),
        (b"<a/>", "KJ-SYS-009"),
        (b"PK\x03\x04 no archive", "KJ-SYS-001"),
        (b"", "KJ-SYS-001"),
    ],
)
def test_refused_documents(folder: pathlib.Path, raw: bytes, finding: str) -> None:
    with pytest.raises(UnreadableInput) as caught:
        convert(raw, folder / "out.json")
    assert caught.value.finding_id == finding
    assert files_in(folder) == []


def test_the_output_is_not_overwritten_by_mistake(folder: pathlib.Path) -> None:
    raw, target = made.written(made.submission(2), "json"), folder / "out.xml"
    target.write_text("mine")
    with pytest.raises(OutputExists) as caught:
        convert(raw, target)
    assert str(target) in caught.value.zh
    assert target.read_text() == "mine"
    convert(raw, target, force=True)
    assert target.read_bytes() == made.written(made.submission(2), "xml")
    target.write_text("mine")
    with pytest.raises(UnreadableInput):
        convert(raw[:-100], target, force=True)
    assert target.read_text() == "mine"
    assert files_in(folder) == ["out.xml"]


class _Standard:
    def __init__(self, raw: bytes = b"") -> None:
        self.buffer = io.BytesIO(raw)


def test_standard_input_and_output(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = made.written(made.submission(3), "xml")
    monkeypatch.setattr(sys, "stdin", _Standard(raw))
    output = _Standard()
    monkeypatch.setattr(sys, "stdout", output)
    assert convert("-", "-", to="jsonl").losses == ()
    assert output.buffer.getvalue() == made.written(made.submission(3), "jsonl")


@pytest.mark.parametrize("lossless", [True, False])
def test_standard_output_is_whole_or_empty(monkeypatch: pytest.MonkeyPatch, lossless: bool) -> None:
    raw, _ = spoiled()
    output = _Standard()
    monkeypatch.setattr(sys, "stdout", output)
    with pytest.raises((LossyConversion, UnreadableInput)):
        convert(raw if lossless else raw[:-50], "-", to="jsonl", lossless=lossless)
    assert output.buffer.getvalue() == b""


@pytest.mark.parametrize("kind", ["case_file", "worker", "organisation", "service_site"])
def test_a_record_alone(folder: pathlib.Path, kind: str) -> None:
    data = next(data for found, data in made.submission(5) if found == kind)
    (folder / "a.jsonl").write_bytes(made.written([(kind, data)], "jsonl"))
    convert(folder / "a.jsonl", folder / "b.xml", lossless=True)
    assert b"<Submission" not in (folder / "b.xml").read_bytes()
    convert(folder / "b.xml", folder / "c.xlsx", lossless=True)
    convert(folder / "c.xlsx", folder / "d.json", lossless=True)
    convert(folder / "d.json", folder / "e.xml", lossless=True)
    assert (folder / "e.xml").read_bytes() == (folder / "b.xml").read_bytes()


def test_formats_are_told_by_suffix() -> None:
    assert {format_of(f"a{suffix.upper()}") for suffix in SUFFIX.values()} == set(made.FORMATS)
    with pytest.raises(UnknownFormat, match="xml"):
        format_of("a.docx")
    with pytest.raises(UnknownFormat):
        convert(b"<a/>", "-", to="docx")


@pytest.mark.parametrize("name", ["township.gb18030.xml", "township.gb2312-label.xml", "township.excel.csv.zip"])
def test_what_older_systems_write_is_the_same(folder: pathlib.Path, name: str) -> None:
    variants = pathlib.Path(__file__).parent.parent / "fixtures/variants"
    target = folder / "out.xml"
    assert convert(variants / name, target, lossless=True).loss_count == 0
    assert target.read_bytes() == (variants / "township.xml").read_bytes()
    with validate(variants / name) as findings:
        assert findings.verdict is Verdict.ACCEPTED
        assert set(findings.summary.by_id) <= {"KJ-SYS-007"}
