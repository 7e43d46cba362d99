"""No value of a record is shown unless somebody asked for it: canaries are put everywhere and looked for everywhere."""

from __future__ import annotations

import copy
import io
import json
import logging
import pathlib
import re
import sys
import traceback
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kunjing_exchange import cli
from kunjing_exchange.convert import convert
from kunjing_exchange.documents import (
    Review,
    write_csv,
    write_html,
    write_json,
    write_json_lines,
    write_junit,
    write_sarif,
    write_text,
    write_workbook,
)
from kunjing_exchange.errors import ExchangeError
from kunjing_exchange.model import TOP_RECORDS, Header, Record, elements
from kunjing_exchange.read import read
from kunjing_exchange.schema import check_document
from kunjing_exchange.validate import validate
from made import cases, sealed, submission, written

NAME = "金丝雀羽"
ADDRESS = "翡翠巷七十七号"
NUMBER = "987654321987654321"
WORD = "canaryfeather"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
CANARIES = re.compile(f"{NAME}|{ADDRESS}|{NUMBER[:9]}|{WORD}")


def _canary(element: Any) -> object:
    """A value that holds a canary and is wrong for most kinds of field, right for texts."""
    kind, name = element.lexical.kind, element.name
    if kind == "text":
        if "number" in name or name.endswith(("_no", "_id", "_code")):
            return NUMBER
        return ADDRESS if "address" in name else NAME
    return f"{WORD}{NUMBER}" if kind in ("integer", "boolean", "code") else f"{NUMBER}{NAME}"


def _infested(record: type[Record]) -> dict[str, Any]:
    """A record with a canary in every field, nested records and lists included."""
    data: dict[str, Any] = {}
    for element in elements(record):
        if element.record is None:
            data[element.name] = _canary(element)
        elif element.repeated:
            data[element.name] = [_infested(element.record), _infested(element.record)]
        else:
            data[element.name] = _infested(element.record)
    return data


def _infested_records() -> list[tuple[str, dict[str, Any]]]:
    """Records with canaries in every field, behind a good header."""
    return [submission(0)[0], *((kind, _infested(record)) for kind, record in TOP_RECORDS.items())]


def _believable() -> list[tuple[str, dict[str, Any]]]:
    """Files that read well and break rules: what the rules find and expect is shown in shape only."""
    records = submission(4)
    first, second, third, fourth = cases(records)
    first["child"].update(name=NAME, hukou_address=ADDRESS, residence_address=ADDRESS)
    second["child"] = copy.deepcopy(first["child"])
    third["child"].update(name=NAME, id_document_type="111", id_number=NUMBER)
    third["case_id"] = NUMBER
    third["worker_name"] = NAME
    fourth["child"].update(name=f"{NAME}•{NAME}", birth_date={"unknown": WORD}, sex="7")
    fourth["filing_no"] = NUMBER
    return sealed(records)


def _xml(records: list[tuple[str, dict[str, Any]]]) -> bytes:
    """XML of records as they are, however wrong."""

    def element(name: str, value: object) -> str:
        tag = "".join(part.capitalize() for part in name.split("_"))
        if isinstance(value, list):
            return "".join(element(name, item) for item in value)
        if isinstance(value, dict) and set(value) != {"unknown"}:
            return f"<{tag}>\n{''.join(element(key, item) for key, item in value.items())}</{tag}>\n"
        if isinstance(value, dict):
            return f'<{tag} xmlns:xsi="{INSTANCE}" xsi:nil="true" unknown="{value["unknown"]}"/>\n'
        return f"<{tag}>{value}</{tag}>\n"

    body = "".join(element(kind, data) for kind, data in records)
    return f'<Submission xmlns="urn:kunjing-exchange:v1">\n{body}</Submission>\n'.encode()


def _lines(records: list[tuple[str, dict[str, Any]]]) -> bytes:
    return "".join(json.dumps({kind: data}, ensure_ascii=False) + "\n" for kind, data in records).encode()


def _document(records: list[tuple[str, dict[str, Any]]]) -> bytes:
    document: dict[str, Any] = {"header": records[0][1]}
    for kind, data in records[1:]:
        document.setdefault(kind, []).append(data)
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _sheets(wire: str) -> bytes:
    """A workbook or archive of CSV with canaries in cells, headings and sheet names."""
    plain = written(_believable(), wire)
    if wire == "xlsx":
        return plain
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            head, _, rest = source.read(name).decode("utf-8-sig").partition("\n")
            rows = [f"{line},{NAME}" for line in rest.splitlines()]
            target.writestr(name, "\ufeff" + "\n".join([f"{head.rstrip()},{NAME}", *rows]) + "\n")
        target.writestr(f"{NAME}.csv", f"{NAME}\n{NUMBER}\n")
    return packed.getvalue()


def _hidden(text: bytes) -> bytes:
    """The document with fields that nobody knows, named and filled with canaries: a key may be anybody's name."""
    return text.replace(b'"child"', f'"{NAME}":"{NUMBER}","{WORD}":["{WORD}"],"child"'.encode(), 2)


INPUTS: dict[str, Callable[[], bytes]] = {
    "infested.xml": lambda: _xml(_infested_records()),
    "infested.json": lambda: _document(_infested_records()),
    "infested.jsonl": lambda: _lines(_infested_records()),
    "infested-header.jsonl": lambda: _lines([("header", _infested(Header)), *_infested_records()[1:]]),
    "unknown-fields.jsonl": lambda: _hidden(_lines(_believable())),
    "unknown-fields.xml": lambda: _xml(_believable()).replace(b"<Child>", f"<{NAME}>{NUMBER}</{NAME}><Child>".encode()),
    "unknown-attribute.xml": lambda: _xml(_believable()).replace(b"<Child>", f'<Child {WORD}="{NUMBER}">'.encode()),
    "believable.xml": lambda: _xml(_believable()),
    "believable.jsonl": lambda: _lines(_believable()),
    "believable.xlsx": lambda: _sheets("xlsx"),
    "believable.csv.zip": lambda: _sheets("csv"),
    "outside.xml": lambda: _xml(_believable()).replace(b"</Submission>", f"{NAME}<{WORD}/></Submission>".encode()),
    "outside.json": lambda: _document(_believable())[:-1] + f',"{NAME}":["{NUMBER}"],"{WORD}":[]}}'.encode(),
    "repeated-keys.jsonl": lambda: _lines(_believable()).replace(
        b'"name"', f'"{NUMBER}":1,"{NUMBER}":2,"{WORD}":1,"{WORD}":2,"name"'.encode()
    ),
    "cut.xml": lambda: _xml(_believable()).partition(NAME.encode())[0] + NAME.encode(),
    "cut.json": lambda: _document(_believable()).partition(NAME.encode())[0] + NAME.encode(),
    "doctype.xml": lambda: f'<!DOCTYPE a [<!ENTITY {WORD} "{NAME}">]><a>&{WORD};</a>'.encode(),
    "gbk.jsonl": lambda: _lines(_believable()).decode().encode("gb18030"),
    "bad-bytes.jsonl": lambda: _lines(_believable()).replace(b'"sex"', b'"\xff\xfe"', 1),
    "unknown-version.jsonl": lambda: _lines(_believable()).replace(b'"version": "1"', f'"version": "{WORD}"'.encode()),
    "foreign.xml": lambda: f'<{NAME} xmlns="{WORD}">{NUMBER}</{NAME}>'.encode(),
}


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    place = tmp_path_factory.mktemp("canaries")
    for name, make in INPUTS.items():
        (place / name).write_bytes(make())
    return place


COMMANDS: dict[str, Callable[[pathlib.Path, pathlib.Path], tuple[object, ...]]] = {
    "validate": lambda file, _: ("validate", file, "--lang", "zh"),
    "convert": lambda file, out: ("convert", file, "-o", out / "o.jsonl", "--force"),
    "convert to xml": lambda file, out: ("convert", file, "-o", out / "o.xml", "--force", "--lang", "zh"),
    "lossless": lambda file, out: ("convert", file, "-o", out / "o.json", "--lossless", "--force"),
    "referee": lambda file, _: ("schema", "check", file),
}


@pytest.mark.parametrize("name", INPUTS)
def test_no_command_shows_a_value(
    inputs: pathlib.Path,
    tmp_path: pathlib.Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    for label, command in COMMANDS.items():
        status = cli.main([str(argument) for argument in command(inputs / name, tmp_path)])
        captured = capfd.readouterr()
        shown = captured.out + captured.err + caplog.text
        assert status in (0, 1, 2)
        assert "internal error" not in shown, (label, shown)
        assert not CANARIES.search(shown), (label, CANARIES.search(shown))


@pytest.mark.parametrize("name", ["believable.jsonl", "believable.xlsx"])
def test_the_report_shows_no_value(inputs: pathlib.Path, capfd: pytest.CaptureFixture[str], name: str) -> None:
    for output_format in ("text", "json"):
        assert cli.main(["report", str(inputs / name), "--by", "township", "--format", output_format]) in (0, 2)
        captured = capfd.readouterr()
        assert not CANARIES.search(captured.out + captured.err)


@pytest.mark.parametrize("name", INPUTS)
def test_no_document_shows_a_value(inputs: pathlib.Path, name: str) -> None:
    assert CANARIES.search("".join(_texts(inputs / name)))
    findings = validate(inputs / name)
    assert not CANARIES.search("".join(map(repr, findings)))
    stream = io.StringIO()
    review = Review(findings)
    for lang in ("zh", "en"):
        for write in (write_text, write_json, write_sarif, write_junit, write_html):
            write(review, stream, file="-", lang=lang)
        for write_rows in (write_json_lines, write_csv):
            write_rows(review, stream, lang=lang)
    assert not CANARIES.search(stream.getvalue())


@pytest.mark.parametrize("name", ["believable.xlsx", "believable.csv.zip", "believable.xml"])
def test_a_marked_workbook_shows_no_value_beside_the_senders_own(inputs: pathlib.Path, name: str) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    content = io.BytesIO()
    with validate(inputs / name) as findings:
        write_workbook(Review(findings), content, inputs / name, file=name, lang="zh")
    book = openpyxl.load_workbook(content)
    page = "".join(str(cell.value) for row in book.worksheets[0] for cell in row if cell.value is not None)
    comments = "".join(cell.comment.text for sheet in book for row in sheet for cell in row if cell.comment)
    assert "KJ-" in page
    assert "KJ-" in comments
    assert not CANARIES.search(page + comments)


def _texts(path: pathlib.Path) -> Iterator[str]:
    """What a file says; of an archive what its parts say."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                yield archive.read(member).decode("utf-8", "replace")
    else:
        body = path.read_bytes()
        yield body.decode("utf-8", "replace") + body.decode("gb18030", "replace")


def _told(error: ExchangeError) -> str:
    return "".join(traceback.format_exception(error)) + error.zh + error.en + repr(error.facts)


@pytest.mark.parametrize("name", INPUTS)
def test_no_exception_carries_a_value(inputs: pathlib.Path, tmp_path: pathlib.Path, name: str) -> None:
    work: tuple[Callable[[pathlib.Path], object], ...] = (
        lambda path: list(read(path)),
        lambda path: convert(path, tmp_path / "o.xml", lossless=True),
        lambda path: [error.path for error in check_document(path)],
    )
    caught: list[ExchangeError] = []
    for do in work:
        try:
            do(inputs / name)
        except ExchangeError as error:
            caught.append(error)
    assert not CANARIES.search("".join(map(_told, caught)))


def test_a_crash_tells_its_type_only(
    inputs: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ValueError(NAME)

    monkeypatch.delenv("KUNJING_DEBUG", raising=False)
    monkeypatch.setattr(sys.modules["kunjing_exchange.validate"], "run_rules", crash)
    assert cli.main(["validate", str(inputs / "believable.jsonl")]) == 2
    captured = capfd.readouterr()
    assert "ValueError" in captured.err
    assert not CANARIES.search(captured.out + captured.err)


@pytest.mark.parametrize(
    "name", ["infested.xml", "infested.json", "infested.jsonl", "believable.jsonl", "believable.xlsx"]
)
@pytest.mark.parametrize("output_format", ["text", "json", "jsonl"])
def test_values_are_shown_to_who_asks(
    inputs: pathlib.Path, capfd: pytest.CaptureFixture[str], name: str, output_format: str
) -> None:
    cli.main(["validate", str(inputs / name), "--format", output_format, "--show-values"])
    assert CANARIES.search(capfd.readouterr().out)


def test_documents_show_values_to_who_asks(inputs: pathlib.Path) -> None:
    with validate(inputs / "infested.jsonl", show_values=True) as findings:
        review = Review(findings)
        for write in (write_sarif, write_junit, write_html):
            stream = io.StringIO()
            write(review, stream, file="-", lang="zh")
            assert CANARIES.search(stream.getvalue()), write
        rows = io.StringIO()
        write_csv(review, rows, lang="zh")
        assert CANARIES.search(rows.getvalue())
