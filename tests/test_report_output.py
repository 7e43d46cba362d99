"""Filled tables in every format: the figures read back are the report's; what is written stands alone."""

from __future__ import annotations

import base64
import csv
import dataclasses
import hashlib
import importlib
import io
import pathlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import duckdb
import pytest
from lxml import etree
from lxml import html as lxml_html
from openpyxl import load_workbook

from kunjing_exchange import cli
from kunjing_exchange.errors import ExchangeError, InvalidArgument, MissingExtra, MissingProgram, OutputExists
from kunjing_exchange.report import (
    FORMATS,
    METHODS,
    TOTAL,
    Report,
    read_return,
    report,
    table_names,
    write_folder,
    write_report,
    xsd_text,
)  # fmt: skip
from kunjing_exchange.report import charts as drawing
from kunjing_exchange.report.layout import WIDE

COUNTY = pathlib.Path(__file__).parents[1] / "fixtures/nanyang/county.xml"
HIDDEN = "sex_male"


@pytest.fixture(scope="module")
def filled() -> dict[str, Report]:
    """Every table by township, and that of the ages."""
    return report(COUNTY, table=[*table_names(), "KJ-AGES"], by="township")


@pytest.fixture(scope="module")
def few(filled: dict[str, Report]) -> list[Report]:
    """A broad table, and a tall one with a figure that is not published, and one with a figure written in by hand."""
    one = filled["KJ-T1"]
    place = [column.id for column in one.table.columns].index(HIDDEN)
    row = one.rows[0]
    hidden = dataclasses.replace(row, figures=(*row.figures[:place], None, *row.figures[place + 1 :]))
    return [filled["HN-2017-1"], dataclasses.replace(one, rows=(hidden, *one.rows[1:])), filled["KJ-T9"]]


def written(reports: Any, format_: str, lang: str = "zh") -> bytes:
    stream = io.BytesIO()
    write_report(reports, stream, format_, lang)
    return stream.getvalue()


def told(text: str) -> Decimal | None:
    """A figure as people read it."""
    return None if text in ("", "*", "—") else Decimal(text.replace(",", ""))


def figures(one: Report) -> list[list[Any]]:
    """The rows, the total last."""
    return [*(list(row.figures) for row in one.rows), list(one.totals)]


# --- the page --------------------------------------------------------------------------------------------------------


class Balanced(HTMLParser):
    """Whether every element is closed where it should be."""

    VOID = frozenset({"meta", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module", params=["zh", "en"])
def page(request: pytest.FixtureRequest, filled: dict[str, Report]) -> tuple[str, str]:
    return request.param, written(filled, "html", request.param).decode()


def test_the_page_is_whole_and_needs_nothing_else(page: tuple[str, str]) -> None:
    lang, text = page
    parser = Balanced()
    parser.feed(text)
    parser.close()
    assert parser.open == []
    tree = lxml_html.document_fromstring(text)
    assert tree.get("lang") == {"zh": "zh-CN", "en": "en"}[lang]
    assert not tree.xpath("//script | //link | //iframe | //object | //*[@style] | //@*[starts-with(name(), 'on')]")
    assert all(one.startswith("data:image/svg+xml;base64,") for one in tree.xpath("//@src"))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {one.removeprefix("#") for one in tree.xpath("//@href")} <= set(ids)
    assert set(" ".join(tree.xpath("//@aria-labelledby")).split()) <= set(ids)
    style = tree.xpath("string(//style)")
    assert "url(" not in style
    assert "@import" not in style
    policy = tree.xpath("string(//meta[@http-equiv='Content-Security-Policy']/@content)")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'"
    assert len(tree.xpath("//img")) == 5
    assert all(one.strip() for one in tree.xpath("//img/@alt"))


def page_figures(section: Any) -> list[list[Decimal | None]]:
    """The figures of one table on the page, a list a division, the total last."""
    broad = section.xpath(".//table[@class='broad']")
    if broad:
        return [[told(cell.text_content()) for cell in row.xpath("td")] for row in broad[0].xpath("tbody/tr")]
    columns: list[list[Decimal | None]] = []
    total: list[Decimal | None] = []
    for table in section.xpath(".//table"):
        lines = [row.xpath("td[not(@class='unit')]") for row in table.xpath("tbody/tr[not(@class='group')]")]
        total, *rest = ([told(line[place].text_content()) for line in lines] for place in range(len(lines[0])))
        columns += rest
    return [*columns, total]


def test_the_page_tells_the_figures(page: tuple[str, str], filled: dict[str, Report]) -> None:
    lang, text = page
    tree = lxml_html.document_fromstring(text)
    for name, one in filled.items():
        section = tree.get_element_by_id(f"{name}-township-2017Q3")
        title = one.table.title_zh if lang == "zh" else one.table.title_en
        assert section.xpath("string(h2)") == f"{name} {title}"
        assert page_figures(section) == figures(one)
        facts = section.xpath("string(ul[@class='facts'])")
        assert all(fact in facts for fact in ("2017Q3", "2017-09-30", one.sender))
        assert len(section.xpath("ul[@class='signatures']/li")) == 3
        assert len(section.xpath("details/dl/dt")) == len(one.table.columns)
        assert all(cell.get("scope") for cell in section.xpath(".//th"))


def test_headings_reach_over_their_columns(page: tuple[str, str], filled: dict[str, Report]) -> None:
    """Every line of a table is as long as its head, with what spans reach over."""
    tree = lxml_html.document_fromstring(page[1])
    for table in tree.xpath("//table"):
        waiting: dict[int, int] = {}
        lengths = set()
        for row in table.xpath(".//tr"):
            taken = sum(1 for left in waiting.values() if left > 0)
            length = taken + sum(int(cell.get("colspan", 1)) for cell in row)
            lengths.add(length)
            waiting = {column: left - 1 for column, left in waiting.items() if left > 1}
            for cell in row:
                for _ in range(int(cell.get("colspan", 1)) if int(cell.get("rowspan", 1)) > 1 else 0):
                    waiting[max(waiting, default=-1) + 1] = int(cell.get("rowspan")) - 1
        assert len(lengths) == 1


def test_what_is_not_there_is_marked(few: list[Report]) -> None:
    text = written(few, "html").decode()
    tree = lxml_html.document_fromstring(text)
    section = tree.get_element_by_id("KJ-T1-township-2017Q3")
    assert section.xpath("count(.//td[. = '*'])") == 1
    assert any("不公布" in note for note in section.xpath("ul[@class='notes']/li/text()"))
    assert page_figures(section) == figures(few[1])


def test_names_are_escaped(few: list[Report]) -> None:
    odd = dataclasses.replace(few[0], sender="<b>&\"'")
    text = written(odd, "html").decode()
    assert "<b>" not in text
    assert "<b>&\"'" in lxml_html.document_fromstring(text).text_content()


# --- workbook --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_workbook_of_all_tables(filled: dict[str, Report], few: list[Report], lang: str) -> None:
    book = load_workbook(io.BytesIO(written([*filled.values()], "xlsx", lang)))
    assert book.sheetnames == list(filled)
    for name, one in filled.items():
        sheet = book[name]
        assert sheet["A1"].value == (one.table.title_zh if lang == "zh" else one.table.title_en)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_area
        assert sheet.print_title_rows.startswith("$3:")
        tall = len(one.table.columns) > WIDE
        count = len(one.rows) + 1
        lines = [list(row) for row in sheet.iter_rows(min_row=4 if tall else 3, values_only=True)]
        if tall:
            units = {column.unit_zh if lang == "zh" else column.unit_en for column in one.table.columns}
            unit_at = next(place for place, value in enumerate(next(sheet.iter_rows(min_row=3, values_only=True)))
                           if value in ("单位", "Unit"))  # fmt: skip
            body = [row[unit_at + 1 : unit_at + 1 + count] for row in lines if row[unit_at] in units]
            total, *rest = (list(column) for column in zip(*body, strict=True))
            read = [*rest, total]
        else:
            read = [row[1 : 1 + len(one.table.columns)] for row in lines if isinstance(row[1], int)][:count]
        marks = {"—": None, "*": None}
        read = [[marks.get(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in read]
        assert read == [[None if cell is None else pytest.approx(float(cell)) for cell in row] for row in figures(one)]
    assert load_workbook(io.BytesIO(written(few[1], "xlsx")))["KJ-T1"].title == "KJ-T1"


# --- for machines ----------------------------------------------------------------------------------------------------


def cells(reports: list[Report]) -> list[tuple[str, str, str, Any]]:
    return [(one.table.id, *cell) for one in reports for cell in one.cells()]


def test_csv(few: list[Report]) -> None:
    raw = written(few, "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    read = [(row["table"], row["division"], row["column"], told(row["figure"])) for row in rows]
    assert read == cells(few)
    states = {(row["division"], row["column"]): row["state"] for row in rows if row["state"] != "given"}
    assert states.pop((few[1].rows[0].code, HIDDEN)) == "hidden"
    assert set(states.values()) == {"by_hand"}


def test_csv_holds_no_formula(few: list[Report]) -> None:
    for sender in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1"):
        raw = written(dataclasses.replace(few[0], sender=sender), "csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(raw, newline="")))
        assert {row["sender"] for row in rows} == {f"'{sender}"}


def test_parquet(filled: dict[str, Report], few: list[Report], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "it's.parquet"
    reports = [*few, filled["KJ-T2"]]
    write_report(reports, path)
    relation = duckdb.read_parquet(str(path))
    assert relation.columns[-2:] == ["figure", "state"]
    assert dict(zip(relation.columns, map(str, relation.types), strict=True))["figure"] == "DECIMAL(18,2)"
    read = relation.project('"table", division, "column", figure').fetchall()
    assert read == cells(reports)
    assert relation.filter("state = 'undefined'").aggregate("count(*)").fetchall()[0][0] > 0


def test_json_is_a_return(few: list[Report], filled: dict[str, Report], tmp_path: pathlib.Path) -> None:
    whole = [few[0], filled["KJ-T2"]]
    for reports in (whole, whole[:1]):
        path = tmp_path / f"{len(reports)}.json"
        write_report(reports, path)
        assert [one.totals for one in read_return(path).reports] == [one.totals for one in reports]


def test_text(few: list[Report]) -> None:
    assert written(few, "text").decode() == "\n".join(one.text() for one in few)


@pytest.fixture(scope="module")
def schema_text(filled: dict[str, Report]) -> str:
    return xsd_text(one.table for one in filled.values())


def test_xml_is_valid_and_tells_the_figures(
    filled: dict[str, Report], few: list[Report], schema_text: str, tmp_path: pathlib.Path
) -> None:
    schema = etree.XMLSchema(etree.fromstring(schema_text))
    for reports in (list(filled.values()), few):
        tree = etree.fromstring(written(reports, "xml"))
        schema.assertValid(tree)
        read = []
        for one in tree:
            name = etree.QName(one).localname
            for row in one.iterchildren("{*}Row", "{*}Total"):
                division = row.get("code", TOTAL)
                read += [(name, division, etree.QName(cell).localname, told(cell.text or "")) for cell in row]
        assert read == cells(reports)
    states = tree.xpath("//@state")
    assert states.count("hidden") == 1
    assert set(states) == {"hidden", "by_hand"}
    (tmp_path / "tables.xsd").write_text(schema_text, encoding="utf-8")
    write_report(few, tmp_path / "tables.xml")
    if shutil.which("xmllint"):
        command = ["xmllint", "--nonet", "--noout", "--schema", tmp_path / "tables.xsd", tmp_path / "tables.xml"]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("//t:Total/t:total", "-1"), ("//t:Total/t:total", "1.5"), ("//t:Total/t:total", ""),
        ("//t:Row/@code", "4113"), ("//t:HN-2017-1/@period", "2017Q5"), ("//t:HN-2017-1/@by", "street"),
    ],
)  # fmt: skip
def test_the_schema_refuses(few: list[Report], schema_text: str, path: str, change: str) -> None:
    schema = etree.XMLSchema(etree.fromstring(schema_text))
    tree = etree.fromstring(written(few[0], "xml"))
    names = {"t": "urn:kunjing-exchange:v1:tables"}
    element, at, attribute = path.partition("/@")
    for node in tree.xpath(element, namespaces=names):
        if at:
            node.set(attribute, change)
        else:
            node.text = change
    assert not schema.validate(tree)


def test_xml_refuses_a_control_character(few: list[Report]) -> None:
    with pytest.raises(InvalidArgument, match="control character"):
        written(dataclasses.replace(few[0], sender="\x01"), "xml")


# --- charts ----------------------------------------------------------------------------------------------------------


def texts(figure: Any) -> list[str]:
    from matplotlib.text import Text

    return [one.get_text() for one in figure.findobj(Text) if one.get_text()]


def test_charts_are_outlines(filled: dict[str, Report]) -> None:
    drawn = drawing.charts(filled.values())
    assert [one.name for one in drawn] == ["KJ-AGES", "KJ-T1", "HN-2017-1", "KJ-T7", "KJ-T8"]
    for one in drawn:
        tree = etree.fromstring(one.svg.encode())
        names = {etree.QName(node).localname for node in tree.iter(etree.Element)}
        assert "path" in names
        assert not names & {"text", "image", "script", "foreignObject"}
        assert not re.search(r"@import|@font-face|url\((?!#)", one.svg)
        links = [link for node in tree.iter() for name, link in node.attrib.items() if name.endswith("href")]
        assert all(link.startswith("#") for link in links)
        assert one.name in one.description
    assert [one.svg for one in drawing.charts([filled["HN-2017-1"]])] == [drawn[2].svg]


def bars(figure: Any) -> list[list[float]]:
    return [
        [bar.get_width() if container.orientation == "horizontal" else bar.get_height() for bar in container]
        for container in figure.axes[0].containers
    ]


def test_charts_show_the_figures(filled: dict[str, Report]) -> None:
    ages = filled["KJ-AGES"]
    men, women = bars(drawing.age_pyramid(ages))
    assert (-sum(men), sum(women)) == (ages.figure(TOTAL, "sex_male"), ages.figure(TOTAL, "sex_female"))
    assert ages.figure(TOTAL, "total") == filled["KJ-T1"].figure(TOTAL, "total") > 0
    assert women[5] == ages.figure(TOTAL, "sex_age_female_5")
    stacked = bars(drawing.categories(filled["KJ-T1"]))
    assert [sum(one) for one in zip(*stacked, strict=True)] == [
        filled["KJ-T1"].figure(row.code, "total") for row in filled["KJ-T1"].rows
    ]
    yes, no = bars(drawing.coverage(filled["HN-2017-1"]))
    assert (yes[1], no[1]) == tuple(filled["HN-2017-1"].figure(TOTAL, f"education_{name}") for name in ("yes", "no"))
    front = drawing.front_line(filled["KJ-T7"])
    assert [Decimal(str(one)) for one in bars(front)[0]] == [
        filled["KJ-T7"].figure(code, "coverage") for code in (TOTAL, *(row.code for row in filled["KJ-T7"].rows))
    ]
    assert any("2020" in text for text in texts(front))
    now = filled["KJ-T8"]
    before = dataclasses.replace(now, period="2017Q2", period_end=now.period_start)
    moved = drawing.movement([now, before], "en")
    assert {"2017Q2", "2017Q3"} <= set(texts(moved))
    assert any("2017Q2—2017Q3" in text for text in texts(moved))
    assert bars(moved)[1] == [now.figure(TOTAL, "new")] * 2


def test_many_divisions_are_cut_and_said(filled: dict[str, Report]) -> None:
    one = filled["KJ-T1"]
    rows = tuple(dataclasses.replace(one.rows[0], code=f"4113{number:02}001") for number in range(40))
    figure = drawing.categories(dataclasses.replace(one, rows=rows))
    assert any("30" in text and "40" in text for text in texts(figure))


def test_a_hidden_figure_is_not_drawn_and_said(few: list[Report], filled: dict[str, Report]) -> None:
    one = filled["HN-2017-1"]
    hidden = dataclasses.replace(one, totals=(None,) * len(one.totals))
    assert any("figures not published are not drawn" in text for text in texts(drawing.coverage(hidden, "en")))


def test_without_a_chinese_font(filled: dict[str, Report], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "FONTS", ())
    for draw, name in ((drawing.categories, "KJ-T1"), (drawing.age_pyramid, "KJ-AGES"), (drawing.coverage, "HN-2017-1"),
                       (drawing.front_line, "KJ-T7"), (drawing.movement, "KJ-T8")):  # fmt: skip
        found = texts(draw(filled[name], "zh"))
        assert all(text.isascii() for text in found)
        assert any("no Chinese font" in text for text in found)
    assert filled["KJ-T1"].rows[0].code in texts(drawing.categories(filled["KJ-T1"], "zh"))


def test_a_chart_is_of_its_table(filled: dict[str, Report]) -> None:
    for draw in (drawing.age_pyramid, drawing.categories, drawing.front_line, drawing.movement):
        with pytest.raises(InvalidArgument):
            draw(filled["HN-2017-1"])
    with pytest.raises(InvalidArgument):
        drawing.movement([])


# --- writing ---------------------------------------------------------------------------------------------------------


def test_without_the_extras(few: list[Report], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtra, match=r"kunjing-exchange\[plots\]"):
        drawing.coverage(few[0])
    text = written(few[0], "html").decode()
    assert "kunjing-exchange[plots]" in lxml_html.document_fromstring(text).text_content()
    assert "<img" not in text
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(MissingExtra, match=r"kunjing-exchange\[xlsx\]"):
        write_folder(few, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_file_is_whole_or_absent(few: list[Report], tmp_path: pathlib.Path) -> None:
    path = tmp_path / "tables.csv"
    path.write_text("mine", encoding="utf-8")

    def never() -> Iterator[Report]:
        raise AssertionError("the tables are not filled where they can't be written")
        yield

    with pytest.raises(OutputExists):
        write_report(never(), path)
    assert path.read_text(encoding="utf-8") == "mine"
    write_report(few, path, force=True)
    assert path.read_bytes() == written(few, "csv")
    for target, form in ((tmp_path / "tables", None), (tmp_path / "tables.docx", None), (tmp_path / "t.csv", "docx")):
        with pytest.raises(InvalidArgument, match="parquet"):
            write_report(few, target, form)
    with pytest.raises(InvalidArgument):
        write_report([], tmp_path / "none.csv")
    assert [one.name for one in tmp_path.iterdir()] == ["tables.csv"]


def test_pdf_through_what_is_installed(
    few: list[Report], monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="install chromium"):
        written(few[0], "pdf")
    browser = tmp_path / "chromium"
    browser.write_text(
        '#!/bin/sh\nfor one in "$@"; do case $one in --print-to-pdf=*) to=${one#*=};; file:*) page=${one#file://};; '
        'esac; done\nprintf "%%PDF-" > "$to"\n'
        'while IFS= read -r line; do printf "%s\\n" "$line"; done < "$page" >> "$to"\n',
        encoding="utf-8",
    )
    browser.chmod(0o755)
    made = written(few[0], "pdf")
    assert made.startswith(b"%PDF-<!DOCTYPE html>")
    assert few[0].table.title_zh in made.decode()
    browser.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"made no PDF \(3\)"):
        write_report(few[0], tmp_path / "t.pdf")
    assert not (tmp_path / "t.pdf").exists()


def test_the_command_line(tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = f"{tmp_path}/out/"
    command = ["report", str(COUNTY), "--period", "2017Q3", "--by", "county"]
    assert cli.main([*command, "--table", "HN-2017-1,KJ-T1", "-o", out]) == 0
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["tables.html", "tables.xlsx"]
    assert cli.main([*command, "-o", out, "--lang", "zh"]) == 2
    assert "已存在" in capsys.readouterr().err
    assert cli.main([*command, "-o", out, "--format", "csv"]) == 2
    assert cli.main([*command, "-o", f"{tmp_path}/plain", "--table", "HN-2017-1"]) == 0
    assert sorted(one.name for one in (tmp_path / "plain").iterdir()) == ["tables.html", "tables.xlsx"]
    assert cli.main([*command, "-o", f"{tmp_path}/t.docx"]) == 2
    assert not (tmp_path / "t.docx").exists()
    assert cli.main([*command, "-o", f"{tmp_path}/t.csv"]) == 0
    assert (tmp_path / "t.csv").read_bytes().startswith(b"\xef\xbb\xbftable,")
    assert cli.main([*command, "--format", "xml", "-o", f"{tmp_path}/t.xml"]) == 0
    assert etree.parse(tmp_path / "t.xml").getroot()[0].get("by") == "county"


def test_the_formats_are_those_of_the_command_line() -> None:
    verb = importlib.import_module("kunjing_exchange.cli.report")
    assert tuple(FORMATS) == verb.OUTPUTS
    assert importlib.import_module("kunjing_exchange.cli.disclosure").METHODS == METHODS
