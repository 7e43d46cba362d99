"""Purposes: what is not named can't leave, what is named leaves no more precisely than it says, nothing unrecorded."""

from __future__ import annotations

import builtins
import csv
import datetime
import hashlib
import hmac
import io
import json
import pathlib
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from kunjing_exchange import cli, model
from kunjing_exchange.convert import convert
from kunjing_exchange.coverage import coverage
from kunjing_exchange.departments import Purpose, PurposeWriter, purpose, purposes
from kunjing_exchange.departments.layout import Element
from kunjing_exchange.departments.purpose import pseudonym
from kunjing_exchange.departments.transform import code_map
from kunjing_exchange.errors import ExchangeError, InvalidArgument, MissingExtra, OutputExists, UnknownFormat
from made import cases, first, sealed, submission, written

KEY, OTHER_KEY = b"0123456789abcdef", b"fedcba9876543210"
DAY = "2017-09-30"
WHEN = datetime.datetime(2017, 10, 2, 9, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=8)))
CANARY = re.compile(r"CANARY|77[0-9]{5}(?![0-9])|(?<![0-9])190[0-9]-|(?<![0-9])190[0-9]{5}(?![0-9])|2199-|219[0-9]{5}")
"""Texts, numbers, first days and last days that a field holds which no purpose names."""

Names = tuple[str, ...]
KINDS = {"case_file": model.CaseFile, "department_record": model.DepartmentRecord}
CASES = [
    pytest.param(name, form, kind, id=f"{name}-{form}-{kind}")
    for name, of in purposes().items()
    for form in (*of.layout.formats, *(("jsonl",) if "json" in of.layout.formats else ()))
    for kind in KINDS
]


# --- records full of canaries ----------------------------------------------------------------------------------------
def named_paths(of: Purpose) -> dict[Names, tuple[Element, str, str]]:
    """The canonical fields that a purpose names: the element, its map and what it is chosen by."""
    return {
        tuple(step.name for step in home.steps): (element, home.map, home.path)
        for element in of.view.elements
        for home in element.homes
        if home.direction in ("both", "out")
    }


def chosen_values(of: Purpose) -> dict[Names, list[str]]:
    """The values that choose items of lists: those of the layout's paths and those of ``only``."""
    found: dict[Names, list[str]] = {}
    paths = [home.path for element in of.view.elements for home in element.homes if home.path]
    for path in (*paths, of.only):
        names: Names = ()
        for step in path.split(".") if path else ():
            name, key, values = re.fullmatch(r"([a-z_0-9]+)(?:\[(?:([a-z_0-9]+)=([^\]]+)|[0-9]*)\])?", step).groups()  # type: ignore[union-attr]
            names = (*names, name)
            for value in (values or "").split("|") if key else ():
                wanted = found.setdefault((*names, key), [])
                if value not in wanted:
                    wanted.append(value)
    return found


class Filler:
    """Records with a value in every field: a canary in what the purpose does not name, a fair value in what it does."""

    def __init__(self, of: Purpose, mark: str) -> None:
        self.of, self.mark, self.count = of, mark, 0
        self.named, self.chosen = named_paths(of), chosen_values(of)

    def canary(self, element: model.Element) -> Any:
        """What can be told apart in any output, and differs from one mark to another where it can."""
        self.count += 1
        kind, second = element.lexical.kind, self.mark == "b"  # type: ignore[union-attr]
        if element.name == "year":
            return {"unknown": f"CANARY{self.mark}{self.count}"}
        if element.name == "end_date":
            return str(datetime.date(2199, 1, 1 + 9 * second) + datetime.timedelta(self.count))
        if kind in ("date", "datetime", "month"):
            day = datetime.date(1901 + 4 * second, 1, 1) + datetime.timedelta(self.count)
            return {"date": f"{day}", "datetime": f"{day}T08:00:00", "month": f"{day:%Y-%m}"}[kind]
        if kind == "boolean":
            return second
        return 7700000 + 2 * self.count + second if kind == "integer" else f"CANARY{self.mark}{self.count}"

    def fair(self, names: Names, element: model.Element) -> Any:
        """A value of its own for every field that goes; the same for both marks."""
        number = sorted(self.named).index(names)
        _, codes, _ = self.named[names]
        kind = element.lexical.kind  # type: ignore[union-attr]
        if element.name == "year":
            return DAY[:4]
        if codes:
            own = next(iter(code_map(self.of.layout.department, codes).write))
            return {"true": True, "false": False}.get(own, own)  # type: ignore[arg-type]
        return {
            "date": f"2011-05-{number + 1:02}", "datetime": f"2011-05-{number + 1:02}T08:00:00", "month": "2017-08",
            "money": f"{number}88.5", "integer": number, "boolean": True, "code": f"41130310{number}"[:6],
        }.get(kind, f"值{number:03}x")  # fmt: skip

    def record(self, record: type[model.Record], names: Names = (), extra: bool = False) -> list[dict[str, Any]]:
        """One record, or one for each value that it is chosen by; of lists an item more that nothing chooses."""
        keys = [key for key in self.chosen if key[:-1] == names and key[-1] in record.model_fields]
        made = []
        for value in self.chosen[keys[0]] if keys and not extra else [None]:
            data: dict[str, Any] = {}
            for element in model.elements(record):
                here = (*names, element.name)
                if element.record is not None:
                    items = self.record(element.record, here, extra)
                    if element.repeated and not extra and here != ("disability",):
                        items += self.record(element.record, here, True)
                    data[element.name] = items if element.repeated else items[0]
                elif value is not None and here == keys[0]:
                    data[element.name] = value
                elif here in self.named and not extra:
                    data[element.name] = self.fair(here, element)
                else:
                    data[element.name] = self.canary(element)
            made.append(data)
        return made


def header(mark: str) -> dict[str, Any]:
    return {"sender_name": f"CANARY{mark}", "period": "2017Q3", "period_end": DAY}


def view(of: Purpose, form: str, kind: str, *records: dict[str, Any], key: bytes = KEY) -> tuple[bytes, PurposeWriter]:
    stream = io.BytesIO()
    writer = PurposeWriter(stream, of, form, key=key, clock=lambda: WHEN)
    writer.write("header", header("h"))
    for record in records:
        writer.write(kind, record)
    writer.close()
    return stream.getvalue(), writer


def text_of(content: bytes) -> str:
    """All that an output says, however it is packed; without the time at which a workbook was made."""
    if not content.startswith(b"PK"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        parts = {name: book.read(name).decode() for name in sorted(book.namelist())}
    assert not CANARY.search(re.sub("<dcterms.*", "", parts.pop("docProps/core.xml")))
    return "".join(parts.values())


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


# --- nothing else leaves ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "form", "kind"), CASES)
def test_what_a_purpose_does_not_name_never_leaves(name: str, form: str, kind: str) -> None:
    of = purpose(name)
    said = []
    for mark in "ab":
        filler = Filler(of, mark)
        (record, *_) = filler.record(KINDS[kind])
        assert filler.count > 100
        assert CANARY.search(json.dumps(record))
        content, writer = view(of, form, kind, record)
        assert writer.count > 0, "nothing is written, so nothing is shown"
        text = text_of(content)
        assert CANARY.findall(text) == []
        assert CANARY.findall(json.dumps(writer.disclosure() | {"sha256": ""})) == []
        said.append(text)
    assert said[0] == said[1]  # nor does anything else, be it yes or no, tell on it


@pytest.mark.parametrize(("name", "form", "kind"), CASES)
def test_what_a_purpose_names_does_leave(name: str, form: str, kind: str) -> None:
    of = purpose(name)
    filler = Filler(of, "a")
    (record, *_) = filler.record(KINDS[kind])
    text = text_of(view(of, form, kind, record)[0])
    written_of: dict[str, list[bool]] = {}
    for names, (element, codes, _) in filler.named.items():
        found = next((one for one in _leaves(record, names) if isinstance(one, str)), "")
        if of.fields[element.name] == "full" and not codes and found.startswith("值"):
            written_of.setdefault(element.name, []).append(found in text)
    assert written_of or of.keyed  # what has pseudonyms has no texts
    assert [element for element, there in written_of.items() if not any(there)] == []


def _leaves(data: Any, names: Names) -> list[Any]:
    if isinstance(data, list):
        return [leaf for item in data for leaf in _leaves(item, names)]
    if not names:
        return [data]
    return _leaves(data[names[0]], names[1:]) if isinstance(data, dict) and names[0] in data else []


@pytest.mark.parametrize("name", purposes())
def test_a_record_of_the_layouts_own_is_cut_too(name: str) -> None:
    of = purpose(name)
    row: dict[str, Any] = {}
    for element in of.layout.elements:
        *above, (last, _) = element.steps
        here = row
        for step, repeated in above:
            here = here.setdefault(step, [{}])[0] if repeated else here.setdefault(step, {})
        coarse = {"month": "2011-05-17", "year": "2011-05-17", "county": "411303102200", "township": "411303102200"}
        here[last] = coarse.get(of.fields.get(element.name, ""), f"CANARY{element.name}")
    stream = io.BytesIO()
    writer = PurposeWriter(stream, of, of.layout.formats[0], key=KEY)
    writer.put(row)
    writer.close()
    found = set(re.findall("CANARY([a-z_0-9]+)", text_of(stream.getvalue())))
    assert found <= {element for element, precision in of.fields.items() if precision == "full"}
    assert not re.search("2011-05-17|411303102200", text_of(stream.getvalue()))


def test_a_value_that_is_none_is_left_out_and_never_written_as_it_is() -> None:
    of = made_purpose(fields={"birth_date": "month", "sex": "full", "illness": "present"})
    stream = io.BytesIO()
    writer = PurposeWriter(stream, of, "csv")
    writer.put({"birth_date": "CANARY", "sex": {"CANARY": "1"}, "illness": ["CANARY"]})
    writer.close()
    assert list(rows_of(stream.getvalue())[0].values()) == ["", "", "否"]


def test_restricted_facts_leave_only_for_a_reason() -> None:
    reasons = {name: set(of.restricted) for name, of in purposes().items() if of.restricted}
    assert reasons == {"civil_affairs:payment-list": {"account_no"}}
    assert all(all(reason) for of in purposes().values() for reason in of.restricted.values())


def test_an_infection_is_not_told_by_the_kind_of_a_benefit() -> None:
    case = cases(submission(8))[0]
    case["circumstances"] = {"hiv_infected": True}
    case["benefit"] = [{
        "kind": "hiv_allowance", "amount": "950", "unit": "month", "start_date": "2017-01-01", "account_holder": "甲",
        "account_no": "6222000011112222", "payment": [{"period": "2017-09", "amount": "950", "status": "planned"}],
    }]  # fmt: skip
    for of in purposes().values():
        text = text_of(view(of, of.layout.formats[0], "case_file", case)[0])
        assert not re.search("hiv|艾滋", text), of.name
        assert ("6222000011112222" in text) == (of.name == "civil_affairs:payment-list")


# --- as precisely as it says -----------------------------------------------------------------------------------------
def test_the_research_extract_tells_month_county_and_pseudonym() -> None:
    case = first(submission(60), lambda one: one["child"]["birth_date"][8:] != "01" and one["status"] == "open")
    case |= {"illness": [{"name": "血友病"}], "disability": []}
    case["child"]["residence_division"] = "411303"
    content, writer = view(purpose("research:register-extract"), "csv", "case_file", case)
    (row,) = rows_of(content)
    assert row["出生日期"] == case["child"]["birth_date"][:7]
    assert row["认定日期"] == case["determination"][-1]["start_date"][:4]
    assert row["居住地行政区划代码"] == "411303"
    assert row["疾病名称"] == "是"
    assert row["档案编号"] == pseudonym(KEY, "research:register-extract", case["case_id"])
    assert set(row) == {element.title for element in writer.purpose.view.elements}
    text = text_of(content)
    for secret in (case["case_id"], case["child"]["name"], case["child"]["birth_date"], "血友病"):
        assert secret not in text
    case["illness"] = []
    assert rows_of(view(writer.purpose, "csv", "case_file", case)[0])[0]["疾病名称"] == "否"


PRECISIONS = {
    "month": ("child.birth_date", "1990-04-07", "1990-04"),
    "year": ("child.birth_date", "1990-04-07", "1990"),
    "township": ("township", "411303102", "411303102"),
    "county": ("township", "411303102", "411303"),
    "present": ("child.birth_date", "1990-04-07", "是"),
}


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_cuts(precision: str) -> None:
    path, value, expected = PRECISIONS[precision]
    element = {"child.birth_date": "birth_date", "township": "township"}[path]
    of = made_purpose(fields={element: precision})
    record = {"child": {"birth_date": value}, "township": value}
    (row,) = rows_of(view(of, "csv", "case_file", record)[0])
    assert list(row.values()) == [expected]
    absent = {"case_id": "1", "child": {"birth_date": {"unknown": "refused"}}}
    content = view(of, "csv", "case_file", absent)[0]
    assert content.decode().splitlines()[1:] == (["否"] if precision == "present" else [""] and ['""'])


# --- pseudonyms ------------------------------------------------------------------------------------------------------
def test_a_pseudonym_is_the_one_that_openssl_makes() -> None:
    # printf 'p\0ABC' | openssl dgst -sm3 -hmac 0123456789abcdef
    expected = "9633b8d8d257ee3571a1f3e90123a3e0caa6a982a1084b58e36f7db361b7ca52"
    assert pseudonym(KEY, "p", "abc") == expected


def test_without_sm3_in_openssl_the_extra_makes_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = pseudonym(KEY, "p", "411303201003151239")

    def refuse(*_: object, **__: object) -> Any:
        raise ValueError("unsupported hash type sm3")

    monkeypatch.setattr(hmac, "new", refuse)
    assert pseudonym(KEY, "p", "411303201003151239") == expected
    real = builtins.__import__

    def absent(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingExtra, match="crypto"):
        pseudonym(KEY, "p", "1")


def test_pseudonyms_are_the_same_with_one_key_and_others_with_another() -> None:
    of = purpose("research:register-extract")
    records = cases(submission(30))
    numbers = [
        [row["档案编号"] for row in rows_of(view(of, "csv", "case_file", *given, key=key)[0])]
        for given, key in ((records, KEY), (records[::-1], KEY), (records, OTHER_KEY))
    ]
    assert numbers[0] == numbers[1][::-1]
    assert not set(numbers[0]) & set(numbers[2])
    assert len(set(numbers[0])) == len(numbers[0]) > 20
    assert pseudonym(KEY, "one", "1") != pseudonym(KEY, "another", "1")  # two recipients can't join what they hold


@pytest.mark.parametrize("key", [None, b"", b"short"])
def test_a_purpose_with_pseudonyms_needs_a_key(key: bytes | None) -> None:
    with pytest.raises(InvalidArgument, match="key"):
        PurposeWriter(io.BytesIO(), purpose("research:register-extract"), "csv", key=key)


# --- whom a purpose is about -----------------------------------------------------------------------------------------
def aided(**changes: Any) -> dict[str, Any]:
    case = cases(submission(8))[0]
    case |= {
        "status": "open", "schooling": [{"stage": "primary", "status": "01", "start_date": "2016-09-01"}],
        "benefit": [
            {"kind": "compulsory_living", "amount": "1000", "unit": "year", "start_date": "2016-09-01"},
            {"kind": "compulsory_living", "amount": "700", "unit": "year", "start_date": "2014-09-01",
             "end_date": "2015-08-31"},
        ],
    }  # fmt: skip
    return case | changes


@pytest.mark.parametrize(
    ("changes", "amounts"),
    [
        ({}, ["1000.00"]),
        ({"status": "closed"}, []),
        ({"benefit": []}, []),
        ({"benefit": [{"kind": "minimum_living", "amount": "1", "unit": "month", "start_date": "2016-01-01"}]}, []),
        ({"benefit": [{"kind": "compulsory_living", "amount": "1", "unit": "year", "start_date": "2017-10-01"}]}, []),
        ({"benefit": [{"kind": "compulsory_living", "amount": "1", "unit": "year", "start_date": "2011-09-01",
                       "end_date": "2017-09-29"}]}, []),
        ({"benefit": [{"kind": "compulsory_living", "amount": "2", "unit": "year", "start_date": "2017-09-30",
                       "end_date": "2017-09-30"}]}, ["2.00"]),
    ],
)  # fmt: skip
def test_only_those_it_is_about_are_written(changes: dict[str, Any], amounts: list[str]) -> None:
    content, writer = view(purpose("education:aid-list"), "csv", "case_file", aided(**changes))
    assert [row["义务教育生活补助标准（元）"] for row in rows_of(content)] == amounts
    assert writer.disclosure()["records"] == writer.disclosure()["children"] == len(amounts)


def test_arrears_are_paid_to_a_closed_file_and_what_was_paid_is_not_listed() -> None:
    payments = [
        {"period": "2017-08", "amount": "10", "status": "made"},
        {"period": "2017-09", "amount": "11", "status": "planned"},
        {"period": "2017-10", "amount": "12", "status": "planned"},
    ]
    benefit = {"kind": "minimum_living", "amount": "9", "unit": "month", "start_date": "2014-01-01",
               "end_date": "2017-01-31", "account_holder": "甲", "account_no": "622", "payment": payments}  # fmt: skip
    content, writer = view(purpose("civil_affairs:payment-list"), "csv", "case_file",
                           aided(status="closed", benefit=[benefit]))  # fmt: skip
    assert [row["金额"] for row in rows_of(content)] == ["11.00", "12.00"]
    assert (writer.disclosure()["records"], writer.disclosure()["children"]) == (2, 1)
    assert writer.losses == []


def test_what_a_named_element_lacks_is_said_and_what_is_not_named_is_not() -> None:
    case = aided()
    del case["schooling"][0]["stage"]
    _, writer = view(purpose("education:aid-list"), "csv", "case_file", case)
    assert [(loss.id, loss.facts["element"]) for loss in writer.losses] == [
        ("KJ-DEPT-002", "school_name 学校名称"), ("KJ-DEPT-002", "stage 学段"),
    ]  # fmt: skip


# --- the record ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", purposes())
def test_the_record_says_what_to_whom_why_how_many_and_when(name: str) -> None:
    of = purpose(name)
    (record, *_) = Filler(of, "a").record(model.CaseFile)
    content, writer = view(of, of.layout.formats[0], "case_file", record, {"case_id": "2", "child": {}})
    said = writer.disclosure()
    assert said["purpose"] == name
    assert all(said[key]["zh"] and said[key]["en"] for key in ("title", "recipient", "why"))
    assert {one["certainty"] for one in said["basis"]} <= {"verified", "memory"}
    assert {one["element"]: one["precision"] for one in said["fields"]} == dict(of.fields)
    assert said["records"] == writer.count
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["disclosed_at"] == "2017-10-02T09:30:00+08:00"
    assert (said["period"], said["as_of"]) == ("2017Q3", DAY)
    assert said["purposes_version"]
    assert said["library"].startswith("kunjing-exchange ")
    assert "值" not in json.dumps(said, ensure_ascii=False)


def test_the_record_is_there_only_when_the_file_is_whole() -> None:
    writer = PurposeWriter(io.BytesIO(), purpose("civil_affairs:child-query"), "json")
    with pytest.raises(ValueError, match="close"):
        writer.disclosure()


def register(folder: pathlib.Path) -> pathlib.Path:
    path = folder / "county.jsonl"
    path.write_bytes(written(sealed(submission(60)), "jsonl"))
    return path


def left(folder: pathlib.Path) -> set[str]:
    return {path.name for path in folder.iterdir()} - {"county.jsonl"}


@pytest.mark.parametrize("name", purposes())
def test_convert_writes_the_view_and_its_record(name: str, tmp_path: pathlib.Path) -> None:
    form = purpose(name).layout.formats[0]
    out = tmp_path / f"out.{form}"
    done = convert(register(tmp_path), out, to=name, key=KEY if purpose(name).keyed else None)
    assert left(tmp_path) == {out.name, f"{out.name}.disclosure.json"}
    said = json.loads((tmp_path / f"{out.name}.disclosure.json").read_bytes())
    assert said["records"] == done.records
    assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    if form == "csv":
        assert len(rows_of(out.read_bytes())) == done.records
    if name != "civil_affairs:payment-list":  # all of the sample is paid
        assert done.records > 0


def test_a_departments_own_records_go_back_to_it_whole(tmp_path: pathlib.Path) -> None:
    """A purpose has the name of the layout: what comes from the office itself is no disclosure to it."""
    source = pathlib.Path(__file__).parents[1] / "fixtures" / "departments" / "premium-subsidy.csv"
    out = tmp_path / "out.csv"
    done = convert(source, out, to="health_insurance:premium-subsidy", on=datetime.date(2017, 9, 30), division="411303")
    rows = rows_of(out.read_bytes())
    assert 0 < done.records == len(rows)
    assert rows[0]["备注"]
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_another_departments_records_go_by_the_purpose(tmp_path: pathlib.Path) -> None:
    source = pathlib.Path(__file__).parents[1] / "fixtures" / "departments" / "certificate.csv"
    out = tmp_path / "out.csv"
    convert(source, out, to="health_insurance:premium-subsidy", on=datetime.date(2017, 9, 30), division="411303")
    assert all("备注" not in row for row in rows_of(out.read_bytes()))
    assert (tmp_path / "out.csv.disclosure.json").exists()


BROKEN: dict[str, tuple[type[BaseException], Callable[[pathlib.Path], dict[str, Any]]]] = {
    "record there": (OutputExists, lambda folder: {"disclosure": touch(folder / "there")}),
    "output there": (OutputExists, lambda folder: {"target": touch(folder / "there")}),
    "no key": (InvalidArgument, lambda folder: {"to": "research:register-extract"}),
    "short key": (InvalidArgument, lambda folder: {"to": "research:register-extract", "key": b"1"}),
    "no folder for the record": (OSError, lambda folder: {"disclosure": folder / "none" / "x"}),
    "output can't take its name": (OSError, lambda folder: {"target": mkdir(folder / "there"), "force": True}),
    "lossless": (ExchangeError, lambda folder: {"to": "health_insurance:premium-subsidy", "lossless": True}),
    "no format": (UnknownFormat, lambda folder: {"target": folder / "out.xml"}),
}


def touch(path: pathlib.Path) -> pathlib.Path:
    path.touch()
    return path


def mkdir(path: pathlib.Path) -> pathlib.Path:
    path.mkdir()
    return path


@pytest.mark.parametrize("case", BROKEN)
def test_there_is_neither_without_the_other(case: str, tmp_path: pathlib.Path) -> None:
    error, facts = BROKEN[case]
    arguments = {"to": "education:aid-list", "target": tmp_path / "out.csv", **facts(tmp_path)}
    source = register(tmp_path)
    before = left(tmp_path)
    with pytest.raises(error):
        convert(source, arguments.pop("target"), **arguments)
    assert left(tmp_path) == before


def test_a_broken_source_leaves_nothing(tmp_path: pathlib.Path) -> None:
    source = tmp_path / "county.jsonl"
    source.write_bytes(written(sealed(submission(8)), "json")[:-200])
    with pytest.raises(ExchangeError):
        convert(source, tmp_path / "out.csv", to="education:aid-list")
    assert left(tmp_path) == set()


def test_standard_output_needs_a_file_for_the_record(
    tmp_path: pathlib.Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    source = register(tmp_path)
    with pytest.raises(InvalidArgument, match="--disclosure"):
        convert(source, "-", to="civil_affairs:child-query")
    assert capsysbinary.readouterr().out == b""
    convert(source, "-", to="civil_affairs:child-query", disclosure=tmp_path / "record.json")
    out = capsysbinary.readouterr().out
    assert json.loads((tmp_path / "record.json").read_bytes())["sha256"] == hashlib.sha256(out).hexdigest()


@pytest.mark.parametrize("more", [{"key": KEY}, {"disclosure": "record.json"}])
def test_what_belongs_to_a_purpose_is_refused_without_one(more: dict[str, Any], tmp_path: pathlib.Path) -> None:
    with pytest.raises(InvalidArgument):
        convert(register(tmp_path), tmp_path / "out.xml", **more)
    assert left(tmp_path) == set()


def test_an_unknown_purpose_is_said_with_those_there_are(tmp_path: pathlib.Path) -> None:
    with pytest.raises(UnknownFormat, match="education:aid-list") as refusal:
        convert(register(tmp_path), tmp_path / "out.csv", to="education:aid-lists")
    assert "用途" in refusal.value.zh
    with pytest.raises(UnknownFormat, match="research:register-extract"):
        purpose("education:student")
    assert left(tmp_path) == set()


# --- the table -------------------------------------------------------------------------------------------------------
def made_purpose(**changes: Any) -> Purpose:
    texts = ("title_zh", "title_en", "recipient_zh", "recipient_en", "why_zh", "why_en")
    facts = {
        "layout": "disability_federation:registered-disabled" if "layout" not in changes else "",
        "basis": [{"clause": "五(五)"}], "fields": {"birth_date": "month"}, "in_force": False,
    }  # fmt: skip
    facts |= dict.fromkeys(texts, "x") | changes
    if "layout" not in changes:
        facts["layout"] = "civil_affairs:research-extract"
    return Purpose.of("test:purpose", facts)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"fields": {"birthday": "month"}}, "no such element"),
        ({"fields": {"birth_date": "day"}}, "does not fit"),
        ({"fields": {"birth_date": "county"}}, "does not fit"),
        ({"fields": {"birth_date": "pseudonym"}}, "does not fit"),
        ({"fields": {"illness": "pseudonym"}}, "does not fit"),
        ({"fields": {"sex": "month"}}, "does not fit"),
        ({"fields": {"residence_division": "township"}}, "does not fit"),
        ({"fields": {"left_behind": "present"}}, "does not fit"),
        ({"layout": "education:aid-list", "fields": {"stage": "year"}}, "does not fit"),
        ({"layout": "civil_affairs:child-query", "fields": {"start": "full"}}, "never writes"),
        ({"layout": "civil_affairs:payment-list", "fields": {"account_no": "full"}}, "restricted"),
        ({"layout": "public_security:mandatory-report", "fields": {"circumstance": "full"}}, "restricted"),
        ({"restricted": {"birth_date": {"zh": "x", "en": "x"}}}, "restricted"),
        ({"restricted": {"sex": {"zh": "x", "en": "x"}}}, "reasons only"),
        ({"basis": []}, "basis"),
        ({"fields": {}}, "fields"),
        ({"only": "benefit[kind=]"}, "not a canonical path"),
    ],
)
def test_a_wrong_table_is_refused(wrong: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        made_purpose(**wrong)


def test_every_purpose_rests_on_a_clause_of_the_policy() -> None:
    known = {f"{one.document} {one.clause}" for one in coverage()} | {"豫政办〔2017〕47号 七(一)"}
    for of in purposes().values():
        printed = [one.clause for one in of.basis if one.certainty == "verified"]
        assert printed, of.name
        assert set(printed) <= known


def test_the_page_names_every_purpose_with_its_layout_and_its_restricted_facts() -> None:
    page = (pathlib.Path(__file__).parents[1] / "docs" / "purposes.md").read_text(encoding="utf-8")
    for of in purposes().values():
        (line,) = [line for line in page.splitlines() if line.startswith(f"| `{of.name}`")]
        assert f"`{of.layout.name}`" in line
        assert all(one.clause.split(" ")[1] in line for one in of.basis if one.certainty == "verified")
        assert all(f"`{element}`" in line for element in of.restricted)
        coarse = {precision for precision in of.fields.values() if precision != "full"}
        assert all(precision in line for precision in coarse)


# --- the command line ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("教育资助名单", "只到月")), ("en", ("education aid", "to the month"))]
)
def test_the_command_line_lists_and_shows(
    lang: str, words: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["departments", "purposes", "--lang", lang]) == 0
    listed = capsys.readouterr().out
    assert words[0] in listed
    assert all(name in listed for name in purposes())
    for name in purposes():
        assert cli.main(["departments", "purposes", name, "--lang", lang]) == 0
    assert words[1] in capsys.readouterr().out
    assert cli.main(["departments", "purposes", "research:register-extract", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["fields"][0]["precision"] == "pseudonym"
    assert cli.main(["departments", "purposes", "none", "--lang", lang]) == 2
    assert "education:aid-list" in capsys.readouterr().err


def test_the_command_line_reads_the_key_from_a_file(tmp_path: pathlib.Path) -> None:
    source = register(tmp_path)
    (tmp_path / "key").write_bytes(KEY + b"\r\n")
    arguments = ["convert", str(source), "--to", "research:register-extract", "--key-file", str(tmp_path / "key")]
    assert cli.main([*arguments, "-o", str(tmp_path / "a.csv"), "--disclosure", str(tmp_path / "a.json")]) == 0
    convert(source, tmp_path / "b.csv", to="research:register-extract", key=KEY)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert left(tmp_path) == {"key", "a.csv", "a.json", "b.csv", "b.csv.disclosure.json"}
