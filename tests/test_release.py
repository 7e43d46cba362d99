"""What `kunjing report` writes gives no small figure away: read back, and attacked with linear programs."""

from __future__ import annotations

import csv
import dataclasses
import importlib
import json
import math
import pathlib
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pytest
from lxml import etree
from matplotlib.text import Text
from scipy.optimize import linprog
from scipy.sparse import csr_array

import made
from kunjing_exchange import cli
from kunjing_exchange.errors import InvalidArgument, MissingExtra
from kunjing_exchange.generate import generate
from kunjing_exchange.report import (
    TOTAL,
    Report,
    equations,
    read_return,
    released,
    report,
    rollup,
    table,
    table_names,
    trace,
    write_report,
    xsd_text,
)  # fmt: skip
from kunjing_exchange.report import charts as drawing

COUNTY = str(pathlib.Path(__file__).parents[1] / "fixtures/nanyang/county.xml")
COMMAND = ["report", COUNTY, "--table", "all", "--period", "2017Q3"]


@pytest.fixture(scope="module")
def exact() -> dict[str, list[Report]]:
    """Every table by county and by township, with all figures."""
    return {
        by: [*report(COUNTY, table=[*table_names(), "KJ-AGES"], by=by, period="2017Q3").values()]
        for by in ("county", "township")
    }


@pytest.fixture(scope="module")
def public(exact: dict[str, list[Report]]) -> dict[str, list[Report]]:
    return {by: released(reports) for by, reports in exact.items()}


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A county with few children, for commands."""
    path = tmp_path_factory.mktemp("few") / "county.jsonl"
    path.write_bytes(made.written(generate(60, division="411303", seed=9), "jsonl"))
    return str(path)


# --- the attack ------------------------------------------------------------------------------------------------------


class Place(NamedTuple):
    table: str
    division: str
    column: str


class Term(NamedTuple):
    sign: int
    place: Place


def relations(published: Sequence[dict[str, Any]]) -> Iterator[tuple[bool, list[Term]]]:
    """(exact, terms that come to 0 or, where not exact, to 0 or less), by the declarations of the tables."""
    there = {one["table"]: {TOTAL, *(row["code"] for row in one["rows"])} for one in published}
    for one in published:
        declared, divisions = table(one["table"]), there[one["table"]]
        for division in divisions:
            at = [declared.id, division]
            for total, parts, less in declared.sums:
                signed = [(-1, total), *((1, part) for part in parts), *((-1, part) for part in less)]
                yield True, [Term(sign, Place(*at, column)) for sign, column in signed]
            for whole, parts in declared.bounds:
                yield False, [Term(-1, Place(*at, whole)), *(Term(1, Place(*at, part)) for part in parts)]
            for own, others in declared.same_as.items():
                terms = [Term(-1, Place(*at, own))]
                for other in others:
                    name, _, column = other.removeprefix("-").partition(".")
                    terms.append(Term(-1 if other.startswith("-") else 1, Place(name, division, column)))
                if all(term.place.table in there for term in terms):
                    yield True, [term for term in terms if division in there[term.place.table]]
        for column in declared.columns:
            if column.additive:
                rows = [Term(1, Place(declared.id, row["code"], column.id)) for row in one["rows"]]
                yield True, [Term(-1, Place(declared.id, TOTAL, column.id)), *rows]


class Attack:
    """All that a reader of the published tables knows: what is shown, how it adds up, and that ``*`` is no 0."""

    def __init__(self, published: Sequence[dict[str, Any]]) -> None:
        self.shown: dict[Place, Decimal] = {}
        self.hidden: dict[Place, int] = {}
        for one in published:
            for row in (*one["rows"], {**one["total"], "code": TOTAL}):
                for column in table(one["table"]).columns:
                    if column.additive:
                        self._read(Place(one["table"], row["code"], column.id), row[column.id])
        self.sides: dict[bool, list[tuple[dict[int, int], Decimal]]] = {True: [], False: []}
        for is_exact, terms in relations(published):
            known = sum((term.sign * self.shown[term.place] for term in terms if term.place in self.shown), Decimal())
            unknown: dict[int, int] = {}
            for sign, place in terms:
                if place in self.hidden:
                    unknown[self.hidden[place]] = unknown.get(self.hidden[place], 0) + sign
            if unknown:
                self.sides[is_exact].append((unknown, -known))
        (equal, sums), (below, limits) = self._matrix(True), self._matrix(False)
        floor = [(0.01 if table(one.table).column(one.column).money else 1.0, None) for one in self.hidden]
        self.known = {"A_eq": equal, "b_eq": sums, "A_ub": below, "b_ub": limits, "bounds": floor}

    def _read(self, place: Place, figure: Any) -> None:
        if figure is None:
            self.hidden[place] = len(self.hidden)
        else:
            self.shown[place] = Decimal(figure)

    def _matrix(self, is_exact: bool) -> tuple[Any, list[float]]:
        lines = self.sides[is_exact]
        entries = [(row, at, sign) for row, (unknown, _) in enumerate(lines) for at, sign in unknown.items()]
        rows, columns, signs = zip(*entries, strict=True)
        return csr_array((signs, (rows, columns)), shape=(len(lines), len(self.hidden))), [float(s) for _, s in lines]

    def range_of(self, place: Place) -> tuple[float, float]:
        """The lowest and the highest figure that a reader can think possible."""
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(self.hidden))
            aim[self.hidden[place]] = sign
            answer = linprog(aim, method="highs", **self.known)
            assert answer.status in (0, 3), answer.message
            ends.append(math.inf if answer.status == 3 else sign * answer.fun)
        return ends[0], ends[1]


def small(reports: Sequence[Report]) -> dict[Place, tuple[float, int]]:
    """The figures that fewer than five children are behind, with how many; counted again from the rows."""
    found = {}
    for one in reports:
        for row in (*one.rows, None):
            figures = one.totals if row is None else row.figures
            for column, figure in zip(one.table.columns, figures, strict=True):
                if not figure or not column.additive or one.table.public:
                    continue
                behind = sum(each.behind.get(column.id, 0) for each in ([row] if row else one.rows))
                children = int(figure) if column.unit_en == "children" else behind
                if children < 5:
                    found[Place(one.table.id, row.code if row else TOTAL, column.id)] = float(figure), children
    return found


@pytest.mark.parametrize(("by", "step"), [("county", 3), pytest.param("township", 199, marks=pytest.mark.long)])
def test_no_small_figure_is_recovered_from_what_is_written(
    exact: dict[str, list[Report]], tmp_path: pathlib.Path, by: str, step: int
) -> None:
    target = tmp_path / "tables.json"
    assert cli.main([*COMMAND, "--by", by, "-o", str(target)]) == 0
    published = json.loads(target.read_text(encoding="utf-8"))["tables"]
    assert [one["table"] for one in published] == [*table_names()]
    attack = Attack(published)
    pointing = small([one for one in exact[by] if one.table.id != "KJ-AGES"])
    assert len(pointing) > 90
    assert pointing.keys() <= attack.hidden.keys()
    for place, (figure, children) in list(pointing.items())[::step]:
        low, high = attack.range_of(place)
        assert low <= figure + 1e-6 <= high + 2e-6, "the attack is wrong"
        assert high - low > 4 * figure / children - 1e-3, place  # as much as four children bring, on the mean
        if table(place.table).column(place.column).of_children:
            assert high > 5 - 1e-6, place
    others = [place for place in attack.hidden if place not in pointing]
    for place in others[:: 2 * step]:
        low, high = attack.range_of(place)
        assert high - low > 0.5, place


# --- what is hidden --------------------------------------------------------------------------------------------------


def of(reports: Sequence[Report], name: str) -> Report:
    return next(one for one in reports if one.table.id == name)


def figures(reports: Sequence[Report]) -> dict[Place, Any]:
    return {Place(one.table.id, *cell[:2]): cell[2] for one in reports for cell in one.cells()}


def test_what_is_shown_is_true(exact: dict[str, list[Report]], public: dict[str, list[Report]]) -> None:
    told, true = figures(public["township"]), figures(exact["township"])
    assert told.keys() == true.keys()
    assert {place for place, figure in told.items() if figure not in (None, true[place])} == set()
    release = public["township"][0].release
    assert release is not None
    gone = [place for place, figure in told.items() if figure is None is not true[place]]
    assert sum(table(place.table).column(place.column).additive for place in gone) == release.small + release.others
    assert release.small == len(small(exact["township"]))
    assert 0 < release.share < 1
    assert {one.release for one in public["township"]} == {release}
    # villages, posts and sites are no children
    assert of(public["township"], "KJ-T7").rows[0].figures == of(exact["township"], "KJ-T7").rows[0].figures


def test_tables_of_one_publication_agree(public: dict[str, list[Report]]) -> None:
    """A figure that two tables hold is hidden in both or in neither."""
    told = figures(public["township"])
    compared = 0
    for one in equations(public["township"]):
        places = [Place(cell.table, cell.division, cell.column) for cell in (one.total, *one.parts, *one.less)]
        if len(places) == 2:
            assert (told[places[0]] is None) is (told[places[1]] is None), places
            compared += places[0].table != places[1].table
    assert compared > 100


def test_what_tells_of_the_same_children_is_hidden_together(public: dict[str, list[Report]]) -> None:
    one = of(public["township"], "KJ-T2")
    stems = {column.id.removesuffix("_rates") for column in one.table.columns if column.id.endswith("_rates")}
    hidden = 0
    for row in (*one.rows, None):
        at = dict(zip((column.id for column in one.table.columns), row.figures if row else one.totals, strict=True))
        for stem in stems:
            block = [at[f"{stem}_{name}"] for name in ("children", "rates", "rate_total", "payments", "amount")]
            assert None not in block or not any(block), (row, stem)
            if None in block:
                hidden += 1
                assert at[f"{stem}_standard"] is None
    assert hidden > 20


def test_how_many_children_are_behind_a_figure(exact: dict[str, list[Report]]) -> None:
    checked = 0
    for name, column in (
        ("KJ-T2", "kind_minimum_living_payments"), ("KJ-T9", "level_county_paid"),
    ):  # fmt: skip
        behind = sum(row.behind.get(column, 0) for row in of(exact["township"], name).rows)
        assert behind == len(trace(COUNTY, name, column, by="township", period="2017Q3")) > 0
        checked += behind < int(of(exact["township"], name).figure(TOTAL, column) or 0)
    assert checked == 2


def test_rounding_adds_up_and_hides_amounts_of_few(exact: dict[str, list[Report]]) -> None:
    made = released(exact["county"], "round", base=5)
    told, true, few = figures(made), figures(exact["county"]), small(exact["county"])
    for place, figure in told.items():
        column = table(place.table).column(place.column)
        if not column.additive or table(place.table).public:
            continue
        if column.money:
            assert figure in (None, true[place])
            assert figure is None or place not in few
        else:
            assert figure % 5 == 0
            assert abs(figure - true[place]) < 5
    for one in equations(made):
        total, parts, less = (
            [told[Place(cell.table, cell.division, cell.column)] for cell in side]
            for side in ((one.total,), one.parts, one.less)
        )
        if not table(one.total.table).column(one.total.column).money:
            assert sum(total) == sum(parts) - sum(less)
    assert any(figure is None for place, figure in told.items() if table(place.table).column(place.column).money)


def test_zeros_are_hidden_where_that_is_asked(exact: dict[str, list[Report]]) -> None:
    one = of(exact["county"], "HN-2017-1")
    row = dataclasses.replace(one.rows[0], figures=(0, 40, 30, 50, 25, 120, *[60] * 8, 20, 10))
    odd = dataclasses.replace(one, rows=(row,), totals=row.figures)
    assert released([odd])[0].figure(TOTAL, "orphan") == 0
    assert released([odd], zeros=True)[0].figure(TOTAL, "orphan") is None
    assert released([odd], least=2)[0].totals == odd.totals


def test_small_numbers_of_files_left_out_are_hidden(exact: dict[str, list[Report]]) -> None:
    one = of(exact["county"], "KJ-T8")
    left_out: dict[str, int | None] = {"rejected": 0, "closed": 30, "no_category": 2}
    made = released([dataclasses.replace(one, left_out=left_out)])[0]
    assert made.left_out == {"rejected": 0, "closed": 30, "no_category": None}
    assert "截止日期不在册的档案 30、在册但没有当日有效认定的档案 *" in made.text()


def test_nothing_is_made_of_tables_that_cannot_be_protected(
    exact: dict[str, list[Report]], public: dict[str, list[Report]]
) -> None:
    one = of(exact["county"], "KJ-T8")
    assert released([one], "none") == [one]
    wrong = dataclasses.replace(one, totals=tuple(int(figure or 0) + 1 for figure in one.totals))
    for reports in ([wrong], [one, dataclasses.replace(one, period="2017-09")], [one, one], public["county"]):
        with pytest.raises(InvalidArgument):
            released(reports)
    with pytest.raises(InvalidArgument):
        released([one], "perturb")


def test_too_many_small_figures_are_refused(exact: dict[str, list[Report]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.import_module("kunjing_exchange.report.release"), "MOST", 20)
    assert released([of(exact["county"], "HN-2017-1")])
    with pytest.raises(InvalidArgument, match="--disclosure round"):
        released(exact["county"])


def test_without_scipy_it_is_refused(
    few: str, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "scipy"] + ["scipy"]:
        monkeypatch.setitem(sys.modules, name, None)
    target = tmp_path / "t.csv"
    assert cli.main(["report", few, "-o", str(target), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "kunjing-exchange[report]" in told
    assert "--disclosure none" in told
    assert not target.exists()
    assert cli.main(["report", few, "-o", str(target), "--disclosure", "none"]) == 0
    with pytest.raises(MissingExtra):
        released([report(few)])


# --- how it is written -----------------------------------------------------------------------------------------------


def test_a_hidden_figure_in_every_format(public: dict[str, list[Report]], tmp_path: pathlib.Path) -> None:
    tables = [of(public["township"], name) for name in ("HN-2017-1", "KJ-T2", "KJ-T9")]
    for suffix in ("xml", "csv", "html", "txt", "json"):
        write_report(tables, tmp_path / f"t.{suffix}")
    tree = etree.parse(tmp_path / "t.xml")
    etree.XMLSchema(etree.fromstring(xsd_text(one.table for one in tables))).assertValid(tree)
    assert {one.get("disclosure") for one in tree.getroot()} == {"suppress"}
    states = {(one.table.id, code, column.id): state for one in tables for code, column, state in _states(one)}
    rows = list(csv.DictReader((tmp_path / "t.csv").open(encoding="utf-8-sig")))
    assert {(row["table"], row["division"], row["column"]): row["state"] for row in rows} == states
    assert {"given", "hidden", "undefined", "by_hand"} == set(states.values())
    hidden = sum(state == "hidden" for state in states.values())
    assert len(tree.xpath("//*[@state = 'hidden']")) == hidden
    page = (tmp_path / "t.html").read_text(encoding="utf-8")
    assert page.count(">*</td>") >= hidden  # the total stands in every part of a table
    for text in (page, (tmp_path / "t.txt").read_text(encoding="utf-8")):
        assert "不足 5 名儿童的数字（0 除外）" in text
    one = json.loads((tmp_path / "t.json").read_text(encoding="utf-8"))["tables"][0]
    assert one["disclosure"]["method"] == "suppress"
    assert "behind" not in one


def _states(one: Report) -> Iterator[tuple[str, Any, str]]:
    for code, values in (*((row.code, row.figures) for row in one.rows), (TOTAL, one.totals)):
        at = dict(zip((column.id for column in one.table.columns), values, strict=True))
        for column in one.table.columns:
            if at[column.id] is not None:
                yield code, column, "given"
            elif column.ratio is not None:
                yield code, column, "undefined" if at[column.ratio[1]] == 0 else "hidden"
            else:
                yield code, column, "by_hand" if column.by_hand else "hidden"


def test_charts_are_drawn_from_what_is_shown(public: dict[str, list[Report]]) -> None:
    one = of(public["township"], "KJ-T1")
    figure = drawing.categories(one, "en")
    letters = [column.id for column in one.table.columns if set(column.coordinates) == {"letter"}]
    drawn = {bar.get_label(): [each.get_width() for each in bar] for bar in figure.axes[0].containers}
    shown = {table("KJ-T1").column(name).title_en: [float(one.figure(row.code, name) or 0) for row in one.rows]
             for name in letters}  # fmt: skip
    assert drawn == {name: shown[name] for name in drawn}
    assert any(one.figure(row.code, name) is None for row in one.rows for name in letters)
    assert any("figures not published are not drawn" in text.get_text() for text in figure.findobj(Text))


# --- the command -----------------------------------------------------------------------------------------------------


def test_what_stays_on_the_screen_is_exact(
    few: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["report", few, "--table", "KJ-T1"]
    assert cli.main([*command, "--lang", "zh"]) == 0
    told = capsys.readouterr()
    assert "未作小数保护" in told.out
    assert "*" not in told.out
    assert cli.main([*command, "-o", str(tmp_path / "t.txt")]) == 0
    assert "--disclosure none" in capsys.readouterr().err
    assert "*" in (tmp_path / "t.txt").read_text(encoding="utf-8")
    assert cli.main([*command, "--format", "json", "--disclosure", "round", "--base", "3"]) == 0
    total = json.loads(capsys.readouterr().out)["total"]
    assert all(figure % 3 == 0 for figure in total.values())


def test_a_published_table_is_no_return(few: str, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["HN-2017-1", "KJ-T1", "KJ-T2", "KJ-T9"]
    below, own = (list(report(few, table=names, by=by).values()) for by in ("township", "county"))
    write_report(below, tmp_path / "exact.json")
    write_report(released(below), tmp_path / "public.json")
    rolled = rollup([read_return(tmp_path / "public.json")], by="county")
    assert not rolled.adds_up
    one = next(one for one in rolled.findings if str(one.location.path).startswith("KJ-T1/"))
    assert (one.id, "category_c" in one.message_en) == ("KJ-REP-009", True)
    assert rolled.reports["KJ-T1"].figure("411303", "category_c") is None
    assert cli.main(["report", "rollup", str(tmp_path / "public.json")]) == 1
    assert "KJ-REP-009" in capsys.readouterr().err
    # of exact returns the level above makes the tables that the case files make
    target = tmp_path / "sum.json"
    assert cli.main(["report", "rollup", str(tmp_path / "exact.json"), "--by", "county", "-o", str(target)]) == 0
    made_there = json.loads(target.read_text(encoding="utf-8"))["tables"]
    assert [one["total"] for one in made_there] == [one.as_dict()["total"] for one in released(own)]
    assert None in made_there[1]["total"].values()
