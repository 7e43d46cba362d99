"""Code lists: the data is well formed, and a code is judged on its own day."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from datetime import date
from importlib.resources import files

import pytest

from kunjing_exchange import cli
from kunjing_exchange.codes import (
    CodeList,
    Crosswalk,
    code_list,
    crosswalk,
    crosswalk_names,
    division_exists,
    full_name,
    list_names,
    path_of,
    province_of,
)
from kunjing_exchange.errors import UnknownCodeList, UnknownCrosswalk

DATE = re.compile("[0-9]{4}(-[0-9]{2}-[0-9]{2})?")

# What the standards and sources say, counted apart from the files
SIZES = {
    "sex": 4,
    "marital_status": 8,
    "health_status": 22,
    "health_status_1": 4,
    "employment": 13,
    "ethnicity": 58,
    "education_level": 40,
    "family_relation": 84,
    "family_relation_1": 10,
    "disability_class": 7,
    "disability_grade": 4,
    "hukou_type": 9,
    "id_document_type": 43,
    "id_document_type_health": 8,
    "id_document_type_edu": 12,
    "political_status": 13,
    "insurance_type": 14,
    "insurance_status": 4,
    "id_document_type_nhsa": 19,
    "boarding": 4,
    "student_status": 16,
    "pupil_source": 3,
    "family_type": 9,
    "school_running_type": 76,
    "roll_change_kind": 35,
    "roll_change_reason": 49,
    "mandatory_report_circumstance": 9,
    "dilemma_category": 11,
    "guardianship_status": 3,
    "basic_life_measure": 7,
    "education_measure": 6,
    "medical_measure": 6,
    "disability_welfare_measure": 5,
    "parent_situation": 15,
    "division_statistical": 144,
    "township": 2873,
    "disability_class_edu": 4,
    "overseas_status": 15,
    "overseas_status_roll": 16,
    "admission_mode": 13,
    "pupil_flow": 11,
    "suspension_reason": 6,
    "class_kind": 19,
    "pupil_kind": 32,
    "pupil_kind_2007": 6,
    "taught_stage": 10,
    "urban_rural_kind": 11,
    "serious_misconduct": 9,
    "aid_fund_source": 8,
    "blood_type": 10,
    "id_document_type_roll": 7,
    "admission_mode_roll": 6,
    "health_status_roll": 5,
    "insurance_fund": 15,
    "insured_identity_type": 6,
    "rescue_object_type_local": 10,
    "insured_identity_type_local": 13,
    "rehabilitation_item": 3,
    "village": 4994,
}


@pytest.fixture(params=list_names())
def each(request: pytest.FixtureRequest) -> CodeList:
    return code_list(request.param)


class TestData:
    def test_every_list_has_its_origin(self, each: CodeList) -> None:
        for attribute in ("title_zh", "title_en", "standard", "edition", "source", "certainty", "licence"):
            assert getattr(each, attribute), attribute
        assert each.certainty in {"verified", "single", "memory", "own"}
        assert isinstance(each.updated, date)

    def test_every_origin_has_its_list(self) -> None:
        import tomllib

        folder = files("kunjing_exchange.codes") / "data"
        for entry in folder.iterdir():
            if entry.name.endswith(".toml"):
                assert set(tomllib.loads(entry.read_text(encoding="utf-8"))) <= set(list_names())

    def test_rows_are_well_formed(self, each: CodeList) -> None:
        seen = set()
        for row in each.rows():
            assert row["code"] == row["code"].strip() != "", row
            assert row["name_zh"] == row["name_zh"].strip() != "", row
            for key in ("valid_from", "valid_to"):
                assert row[key] == "" or DATE.fullmatch(row[key]), row
            key_of_row = (row["code"], row["name_zh"], row["valid_from"])
            assert key_of_row not in seen, row
            seen.add(key_of_row)
        assert seen

    def test_days_are_real_and_in_order(self, each: CodeList) -> None:
        for code in each:
            for _, first, last in each.periods(code):
                assert first is None or last is None or first <= last, code

    def test_parents_are_codes(self, each: CodeList) -> None:
        above = {"township": "division", "village": "township", "division_statistical": "division"}
        for row in each.rows():
            parent = row["parent"]
            known = (
                parent in each
                or (each.name in above and parent in code_list(above[each.name]))
                or parent in code_list("division_statistical")
            )
            assert not parent or known, row

    def test_no_list_twice(self) -> None:
        # two names for one table would let the two drift apart; the numbers of a short list may well be the same
        seen: dict[tuple[tuple[str, str], ...], str] = {}
        for name in list_names():
            rows = tuple((row["code"], row["name_zh"]) for row in code_list(name).rows())
            assert rows not in seen, (name, seen[rows])
            seen[rows] = name

    def test_local_lists_say_so(self) -> None:
        local = [name for name in list_names() if name.endswith("_local")]
        assert local
        assert all(code_list(name).source.startswith("local:") for name in local)
        assert not any(name.endswith("_local") for pair in crosswalk_names() for name in pair)

    def test_townships_reach_all_of_henan(self) -> None:
        townships = code_list("township")
        counties = {
            row["code"]
            for row in code_list("division").rows()
            if row["code"].startswith("41") and "level=county" in row["note"] and not row["valid_to"]
            if "not in the" not in row["note"] and row["name_zh"] != "市辖区"
        }
        assert len(counties) > 150
        assert townships.coverage == "41"
        assert counties <= {row["parent"] for row in townships.rows()}

    def test_file_is_plain(self, each: CodeList) -> None:
        raw = (files("kunjing_exchange.codes") / "data" / f"{each.name}.csv").read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in raw
        assert raw.endswith(b"\n")

    @pytest.mark.parametrize(("name", "size"), SIZES.items())
    def test_sizes(self, name: str, size: int) -> None:
        assert len(code_list(name)) == size

    def test_ethnicity_is_56_and_two_conventional(self) -> None:
        codes = code_list("ethnicity")
        assert list(codes) == [f"{n:02d}" for n in range(1, 57)] + ["97", "98"]
        alphas = [row["note"] for row in codes.rows() if row["note"].startswith("alpha2=")]
        assert len(set(alphas)) == 56

    def test_divisions_of_today(self) -> None:
        codes = code_list("division")
        today = [r for r in codes.rows() if not r["valid_to"] and "placeholder" not in r["note"]]
        current = [r for r in today if "not in the" not in r["note"]]
        count = {level: sum(f"level={level}" in r["note"] for r in current) for level in ("province", "city", "county")}
        assert count == {"province": 34, "city": 333, "county": 2847}

    def test_nanyang(self) -> None:
        codes = code_list("division")
        names = [codes.name_of(c) for c in codes.children_of("411300") if c != "411301"]
        assert " ".join(str(name) for name in names) == (
            "宛城区 卧龙区 南召县 方城县 西峡县 镇平县 内乡县 淅川县 社旗县 唐河县 新野县 桐柏县 邓州市"
        )


class TestLookUp:
    def test_names(self) -> None:
        sex = code_list("sex")
        assert sex.name_of("1") == "男性"
        assert sex.name_of("1", lang="en") == "male"
        assert sex.name_of("3") is None
        assert "1" in sex
        assert "3" not in sex
        assert sex.is_valid("9")
        assert not sex.is_valid("3")
        assert not sex.is_valid("１")
        assert list(sex) == ["0", "1", "2", "9"]

    def test_no_english_gives_chinese(self) -> None:
        assert code_list("division").name_of("410000", lang="en") == "河南省"

    def test_a_code_is_judged_on_its_day(self) -> None:
        codes = code_list("division")
        assert codes.is_valid("410322", date(2020, 6, 1))  # 孟津县, merged in 2021
        assert codes.is_valid("410322", date(2021, 12, 31))
        assert not codes.is_valid("410322", date(2022, 1, 1))
        assert not codes.is_valid("410308", date(2020, 12, 31))
        assert codes.is_valid("410308", date(2021, 1, 1))
        assert codes.is_valid("410322")
        assert codes.name_of("410322", date(2022, 1, 1)) is None

    def test_a_code_used_twice(self) -> None:
        codes = code_list("division")
        assert codes.name_of("410311", date(1990, 1, 1)) == "郊区"
        assert codes.name_of("410311", date(2010, 1, 1)) == "洛龙区"
        assert codes.name_of("410311") == "洛龙区"
        assert [p.name_zh for p in codes.periods("410311")] == ["郊区", "洛龙区"]
        assert codes.periods("410311")[0].valid_to == date(1999, 12, 31)
        # years only: both names cover 1983, and the newer one wins
        assert codes.name_of("442401", date(1983, 6, 1)) == "梅县市"
        assert codes.periods("000000") == ()

    def test_policy_starts_in_2017(self) -> None:
        codes = code_list("dilemma_category")
        assert not codes.is_valid("A", date(2016, 12, 31))
        assert codes.is_valid("A", date(2017, 1, 1))

    def test_full_dates(self) -> None:
        row = ("甲", "", "", "2020-03-05", "2020-03-06", "")
        codes = CodeList("x", {"1": (row,)}, {})
        answers = [codes.is_valid("1", date(2020, 3, day)) for day in (4, 5, 6, 7)]
        assert answers == [False, True, True, False]

    def test_parents_and_children(self) -> None:
        codes = code_list("health_status")
        assert codes.parent_of("61") == "60"
        assert codes.parent_of("60") is None
        assert codes.parent_of("zz") is None
        assert codes.children_of("60") == ("61", "62", "63", "64", "65", "66", "67", "69")
        assert codes.children_of("61") == ()

    def test_children_on_a_day(self) -> None:
        codes = code_list("division")
        assert "410322" not in codes.children_of("410300")
        assert "410322" in codes.children_of("410300", date(2015, 1, 1))
        assert "410308" not in codes.children_of("410300", date(2015, 1, 1))

    def test_code_of_a_name(self) -> None:
        assert code_list("sex").code_of("男性") == "1"
        assert code_list("sex").code_of("男") is None
        assert code_list("family_relation_1").code_of("其他") is None  # 8 and 9
        assert code_list("division").code_of("南阳市") == "411300"  # another one until 1994
        assert code_list("division").code_of("鼓楼区") is None

    def test_code_of_is_the_inverse_of_name_of(self, each: CodeList) -> None:
        for code in each:
            name = each.name_of(code)
            assert name is not None
            found = each.code_of(name)
            assert found is None or name in {p.name_zh for p in each.periods(found)}

    def test_unknown_list(self) -> None:
        with pytest.raises(UnknownCodeList, match="did you mean marital_status") as caught:
            code_list("marital_statu")
        assert caught.value.facts["suggestion"] == "marital_status"
        assert "sex" in str(caught.value.facts["known"])
        with pytest.raises(UnknownCodeList):
            code_list("../data/sex")

    def test_kept(self) -> None:
        assert code_list("sex") is code_list("sex")


class TestDivisions:
    def test_exists(self) -> None:
        assert division_exists("411303", 2010)
        assert division_exists("410322", 2015)
        assert division_exists("410322", 2021)
        assert not division_exists("410322", 2022)
        assert division_exists("410308", 1990)  # set up later: an id is given at the first registration
        assert division_exists("410322")
        assert not division_exists("411399", 2010)
        assert division_exists("412901", 1980)  # 南阳市 under 南阳地区

    def test_known_additions(self) -> None:
        assert full_name("330113") == "浙江省杭州市临平区"
        assert full_name("330114") == "浙江省杭州市钱塘区"
        assert code_list("division").name_of("232701", date(2000, 1, 1)) == "加格达奇区"

    def test_path(self) -> None:
        assert path_of("411302001001") == [
            ("411302001001", "河街社区居民委员会"),
            ("411302001", "东关街道"),
            ("411302", "宛城区"),
            ("411300", "南阳市"),
            ("410000", "河南省"),
        ]
        assert path_of("411371060")[1:3] == [("411371", "南阳高新技术产业开发区"), ("411300", "南阳市")]
        assert path_of("410000") == [("410000", "河南省")]
        assert path_of("110101") == [("110101", "东城区"), ("110000", "北京市")]
        assert path_of("999999") == []
        assert path_of("4113") == []

    def test_full_name(self) -> None:
        assert full_name("411302") == "河南省南阳市宛城区"
        assert full_name("411302999") is None
        assert full_name("410322", date(2022, 1, 1)) is None
        assert full_name("410322", date(2015, 1, 1)) == "河南省洛阳市孟津县"

    def test_every_village_has_a_whole_path(self) -> None:
        assert {len(path_of(code)) for code in code_list("village")} == {5}

    def test_province(self) -> None:
        assert province_of("411302001001") == "410000"
        assert province_of("991302") is None


@pytest.fixture(params=crosswalk_names(), ids="--".join)
def walk(request: pytest.FixtureRequest) -> Crosswalk:
    return crosswalk(*request.param)


def stored(walk: Crosswalk) -> list[dict[str, str]]:
    path = files("kunjing_exchange.codes") / "crosswalks" / f"{walk.source}--{walk.target}.csv"
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


class TestCrosswalks:
    def test_every_file_has_its_origin(self) -> None:
        folder = files("kunjing_exchange.codes") / "crosswalks"
        names = {entry.name.removesuffix(".csv") for entry in folder.iterdir() if entry.name.endswith(".csv")}
        assert names == {"--".join(pair) for pair in crosswalk_names()}
        assert not set(crosswalk_names()) & {(target, source) for source, target in crosswalk_names()}

    def test_rows_are_codes_of_the_lists(self, walk: Crosswalk) -> None:
        assert walk.title_zh
        assert walk.title_en
        assert walk.basis
        assert walk.certainty in {"verified", "single", "memory", "own"}
        for row in stored(walk):
            assert row["source_code"] in code_list(walk.source), row
            assert row["target_code"] in code_list(walk.target), row
            assert row["direction"] in {"both", "forward", "backward"}, row
            assert bool(row["loss_zh"]) == bool(row["loss_en"]), row

    def test_a_code_goes_to_one_code_only(self, walk: Crosswalk) -> None:
        for way in (walk, crosswalk(walk.target, walk.source)):
            sources = [pair.source for pair in way.pairs]
            assert len(sources) == len(set(sources))
            assert set(sources) | set(way.unmapped()) == set(code_list(way.source))
            assert not set(sources) & set(way.unmapped())

    def test_both_ways_without_loss_is_the_same_code(self, walk: Crosswalk) -> None:
        back = crosswalk(walk.target, walk.source)
        for row in stored(walk):
            if row["direction"] != "backward":
                assert walk.forward(row["source_code"]) == row["target_code"]
            if row["direction"] != "forward":
                assert back.forward(row["target_code"]) == row["source_code"]

    def test_what_is_not_the_same_on_return_has_a_loss(self, walk: Crosswalk) -> None:
        for way in (walk, crosswalk(walk.target, walk.source)):
            back = crosswalk(way.target, way.source)
            for pair in way.pairs:
                returned = back.forward(pair.target)
                # an event that becomes a status, or a part that becomes the whole, can't be told from its status
                assert returned == pair.source or pair.loss_zh or returned is None, pair

    def test_losses_are_named(self) -> None:
        back = crosswalk("disability_class", "disability_class_edu")
        assert [back.forward(code) for code in "1234567"] == ["1", "2", "9", "9", "3", "9", "9"]
        assert [code for code in "1234567" if back.loss(code)] == ["3", "4", "6", "7"]
        assert back.loss("4") == "写作“其他残疾”，不再知道是哪一类"
        assert back.loss("4", lang="en") == "written as other disability: the class is lost"
        assert crosswalk("disability_class_edu", "disability_class").unmapped() == ("9",)

    def test_identity_card_is_one_thing_everywhere(self) -> None:
        police = crosswalk("id_document_type_edu", "id_document_type").forward("1")
        assert police == "111"
        assert crosswalk("id_document_type", "id_document_type_health").forward(police) == "01"
        assert crosswalk("id_document_type_health", "id_document_type").forward("01") == "111"
        assert crosswalk("id_document_type_nhsa", "id_document_type").forward("01") == "111"
        assert "户口簿" in crosswalk("id_document_type_nhsa", "id_document_type").loss("01")

    def test_nothing_is_guessed(self) -> None:
        # which passport, urban or rural, household or collective: the other list has several
        assert crosswalk("id_document_type_edu", "id_document_type").forward("A") is None
        assert crosswalk("settlement_special_person", "household_hardship").forward("2") is None
        assert crosswalk("hukou_type_roll", "hukou_type").forward("1") is None
        assert crosswalk("insured_identity_type", "household_hardship").forward("02") is None
        assert crosswalk("insured_identity_type", "household_hardship").loss("02") == ""
        assert crosswalk("school_running_type", "school_stage").forward("312") is None
        assert crosswalk("roll_change_kind", "student_status").forward("11") == "02"
        assert crosswalk("student_status", "roll_change_kind").forward("02") is None

    def test_two_digits_divide_one(self) -> None:
        for name in ("health_status", "family_relation"):
            two = code_list(name)
            shorter = crosswalk(name, f"{name}_1")
            assert shorter.unmapped() == ()
            for code in two:
                # 41 and 49 are chronic diseases too, as their parent says; 8 and 9 are both other relations
                whole = code if name == "family_relation" else two.parent_of(code) or code
                assert shorter.forward(code) == whole[0], code
                assert bool(shorter.loss(code)) == (code == "90" or not code.endswith("0")), code

    def test_a_list_goes_to_itself(self) -> None:
        same = crosswalk("ethnicity", "ethnicity")
        assert same.forward("05") == "05"
        assert same.forward("99") is None
        assert same.unmapped() == ()

    def test_unknown(self) -> None:
        with pytest.raises(UnknownCrosswalk, match="pupil_kind goes to disability_class, school_stage") as caught:
            crosswalk("pupil_kind", "sex")
        assert ("pupil_kind", "school_stage") in caught.value.facts["known"]  # type: ignore[operator]
        with pytest.raises(UnknownCodeList, match="did you mean sex"):
            crosswalk("sexx", "pupil_kind")


class TestCrosswalkCommand:
    def run(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
        status = cli.main(["codes", "crosswalk", *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    def test_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        pair = ("disability_class", "disability_class_edu")
        status, out, err = self.run(capsys, *pair, "--format", "json", "--lang", "en")
        rows = json.loads(out)
        assert status == 0
        assert [row["target_code"] for row in rows] == ["1", "2", "9", "9", "3", "9", "9"]
        assert rows[3]["loss"] == "written as other disability: the class is lost"
        assert "Not one to one" in err
        assert "不是一一对应" in self.run(capsys, *pair, "--lang", "zh")[2]

    def test_a_code_without_counterpart_is_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        out = self.run(capsys, "id_document_type_edu", "id_document_type", "--format", "csv", "--lang", "zh")[1]
        assert "1,居民身份证,111,居民身份证,\n" in out
        assert "A,护照,,,\n" in out

    def test_list(self, capsys: pytest.CaptureFixture[str]) -> None:
        listed = json.loads(self.run(capsys, "--format", "json")[1])
        assert [(row["source"], row["target"]) for row in listed] == list(crosswalk_names())
        row = next(row for row in listed if row["source"] == "disability_class_edu")
        assert (row["codes"], row["with_loss"], row["unmapped"]) == (3, 0, 1)
        own = json.loads(self.run(capsys, "school_stage", "--format", "json")[1])
        assert 1 < len(own) < len(listed)
        assert all("school_stage" in (row["source"], row["target"]) for row in own)

    def test_none(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert self.run(capsys, "share_type")[:2] == (1, "")
        assert self.run(capsys, "share_typ")[0] == 2
        assert self.run(capsys, "sex", "share_type")[0] == 2


def test_import_reads_nothing() -> None:
    script = (
        "import sys, kunjing_exchange.codes as c, kunjing_exchange.identifiers as i;"
        "assert not c._loaded and c._about is None and c._names is None;"
        "walks = sys.modules['kunjing_exchange.codes.crosswalk']; assert not walks._loaded and walks._about is None;"
        "assert 'tomllib' not in sys.modules and 'csv' not in sys.modules;"
        "c.code_list('sex'); assert list(c._loaded) == ['sex']"
    )
    # -S: what site-packages load by themselves (.pth files) is not the point
    path = [p for p in sys.path if p]
    subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {path!r}; {script}"], check=True)
