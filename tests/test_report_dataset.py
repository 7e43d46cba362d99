"""Tables counted from a dataset: the same figures as from the submission; what is not whole is refused by name."""

from __future__ import annotations

import hashlib
import importlib
import json
import pathlib
import shutil
from collections.abc import Callable
from typing import Any

import duckdb
import pytest

import made
from kunjing_exchange import cli
from kunjing_exchange.errors import InvalidArgument, NotAccepted, UnreadableInput
from kunjing_exchange.export import export_dataset
from kunjing_exchange.report import read_return, report, trace, write_report


@pytest.fixture(scope="module")
def raw() -> bytes:
    """A submission in which two case files are not accepted, one of them closed."""
    records = made.submission(60)
    files = made.cases(records)
    del files[0]["status"]
    next(one for one in files[1:] if "closed_on" in one)["child"]["sex"] = "7"
    return made.written(made.sealed(records), "jsonl")


@pytest.fixture(scope="module")
def written(raw: bytes, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The same as a dataset, below a folder whose name DuckDB could take for a pattern."""
    place = tmp_path_factory.mktemp("data") / "county=411303" / "Q[3]* it's"
    return export_dataset(raw, place, whole=True).folder


@pytest.fixture
def dataset(written: pathlib.Path, tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy to be spoilt."""
    return shutil.copytree(written, tmp_path / "dataset")


def described(folder: pathlib.Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the descriptor says."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)
    path.write_text(json.dumps(package), encoding="utf-8")


def rewritten(folder: pathlib.Path, table: str, columns: str) -> None:
    """Write a table with other columns, with its digest, as another version might have."""
    path = folder / "parquet" / f"{table}.parquet"
    duckdb.sql(f"copy (select {columns} from read_parquet('{path}')) to '{path}.new' (format parquet)")
    path.with_name(f"{path.name}.new").replace(path)

    def digest(package: dict[str, Any]) -> None:
        resource = next(one for one in package["resources"] if one["name"] == table)
        resource["parquetHash"] = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"

    described(folder, digest)


def refused(folder: pathlib.Path, kind: type[Exception] = UnreadableInput) -> str:
    with pytest.raises(kind) as error:
        report(folder)
    return str(error.value)


@pytest.mark.parametrize("by", ["village", "city"])
def test_a_dataset_counts_as_its_submission(raw: bytes, written: pathlib.Path, by: str) -> None:
    here, there = (report(source, table="all", by=by, period="2017-08") for source in (raw, written))
    for name, one in here.items():
        again = there[name]
        assert (again.rows, again.totals, again.left_out) == (one.rows, one.totals, one.left_out)
        assert (again.verdict, again.sender, again.period_end) == (one.verdict, one.sender, one.period_end)
        assert (again.from_dataset, one.from_dataset) == (True, False)
    assert here["KJ-T1"].left_out["rejected"] == 2
    assert sum(bool(total) for total in here["KJ-T2"].totals) > 20


def test_what_is_large_is_counted_in_parts_to_the_same_figures(
    raw: bytes, written: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = report(raw, table="all", by="township")
    for size in ("PART", "DATASET_PART"):
        monkeypatch.setattr(importlib.import_module("kunjing_exchange.report.fill"), size, 17)
    for source in (raw, written):
        there = report(source, table="all", by="township")
        for name, one in here.items():
            assert (there[name].rows, there[name].totals) == (one.rows, one.totals), name
            assert there[name].left_out == one.left_out
        assert report(source, table="KJ-T7").left_out == here["KJ-T7"].left_out
        assert list(report(source, table=["KJ-T7", "KJ-T1", "KJ-T7"])) == ["KJ-T7", "KJ-T1"]


def test_the_case_ids_behind_a_figure_are_in_the_dataset_too(raw: bytes, written: pathlib.Path) -> None:
    for table, figure in (("KJ-T2", "total_payments"), ("HN-2017-1", "total"), ("KJ-T7", "workers")):
        found = trace(raw, table, figure, by="township")
        assert found
        assert trace(str(written), table, figure, by="township") == found


def test_tables_say_that_nothing_was_validated_again(raw: bytes, written: pathlib.Path, tmp_path: pathlib.Path) -> None:
    there, here = report([written], table=["KJ-T1"])["KJ-T1"], report(raw, table="KJ-T1")
    for lang, said in (("zh", "未再校验"), ("en", "not validated again")):
        assert said in there.text(lang)
        assert said not in here.text(lang)
    path = tmp_path / "return.json"
    path.write_text(json.dumps(there.as_dict()), encoding="utf-8")
    assert read_return(path).reports[0].from_dataset
    assert "from_dataset" not in here.as_dict()


def test_the_command_counts_a_folder(
    written: pathlib.Path, tmp_path: pathlib.Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["report", str(written), "--table", "KJ-T3", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["from_dataset"] is True
    assert cli.main(["report", "trace", "KJ-T1", "411303/total", str(written)]) == 0
    assert capsys.readouterr().out.startswith("411303-")
    output = tmp_path / "tables.xml"
    write_report(report(written, table="all"), output)
    assert output.read_text(encoding="utf-8").count('fromDataset="true"') == 10


def test_a_correction_among_datasets_takes_the_place_of_what_it_corrects(
    raw: bytes, written: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    records = made.submission(60)
    header = made.header_of(records)
    header.update(submission_no="later", replaces=header["submission_no"])
    header["created_at"] = header["created_at"].replace("2017", "2018", 1)
    later = export_dataset(made.written(made.sealed(records), "jsonl"), tmp_path / "later", whole=True).folder
    one = report([written, later], table="KJ-T1")
    assert one.rows == report(later, table="KJ-T1").rows
    assert len(one.replaced) == 1
    mixed = report([raw, later], table="KJ-T1")
    assert mixed.rows == one.rows
    assert mixed.from_dataset


# --- what is refused -------------------------------------------------------------------------------------------------


def test_a_missing_a_foreign_and_a_mistyped_column_are_named(dataset: pathlib.Path) -> None:
    for columns, said in (
        ("* exclude (birth_date)", "child.birth_date"),
        ("* replace (cast(birth_date as varchar) as birth_date)", "child.birth_date is VARCHAR and not DATE"),
        ("*, 1 as shoe_size", "child has a column that this version does not know: shoe_size"),
        ("* replace (cast(record_no as integer) as record_no)", "child.record_no is INTEGER and not BIGINT"),
    ):
        again = shutil.copytree(dataset, dataset.with_name("again"))
        rewritten(again, "child", columns)
        assert said in refused(again)
        shutil.rmtree(again)


def test_a_damaged_or_missing_file_is_named(dataset: pathlib.Path) -> None:
    path = dataset / "parquet" / "payment.parquet"
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:400] + bytes([whole[400] ^ 1]) + whole[401:]):
        path.write_bytes(damaged)
        assert "parquet/payment.parquet" in refused(dataset)
    path.unlink()
    assert "parquet/payment.parquet, the file of the table payment, is not there" in refused(dataset)


def test_a_file_that_is_no_parquet_is_refused_though_its_digest_fits(dataset: pathlib.Path) -> None:
    path = dataset / "parquet" / "visit.parquet"
    path.write_bytes(b"no Parquet")

    def digest(package: dict[str, Any]) -> None:
        resource = next(one for one in package["resources"] if one["name"] == "visit")
        resource["parquetHash"] = f"sha256:{hashlib.sha256(b'no Parquet').hexdigest()}"

    described(dataset, digest)
    assert "visit is not Parquet" in refused(dataset)


def test_a_descriptor_of_another_kind_is_refused(dataset: pathlib.Path) -> None:
    path = dataset / "datapackage.json"
    text = path.read_text(encoding="utf-8")
    for change, said in (
        (lambda package: package.update(version="0"), "another version"),
        (lambda package: package.pop("verdict"), "which edition accepted"),
        (lambda package: package.update(verdict="fine"), "which edition accepted"),
        (lambda package: package["resources"].pop(), "no digest of the table"),
        (lambda package: package.pop("resources"), "not of kunjing export"),
        (lambda package: package.update(rejected=7), "not of kunjing export"),
    ):
        described(dataset, change)
        assert said in refused(dataset)
        path.write_text(text, encoding="utf-8")
    for other in ("{", "[]", "\udcff"):
        path.write_bytes(other.encode("utf-8", "surrogateescape"))
        assert "not of kunjing export" in refused(dataset)
    path.unlink()
    assert "no descriptor" in refused(dataset)
    assert "no descriptor" in refused(dataset / "parquet")


def test_one_for_analysis_and_one_of_another_edition_say_what_to_do(
    raw: bytes, written: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    told = refused(export_dataset(raw, tmp_path / "analysis", for_analysis=True).folder)
    assert "for analysis" in told
    assert "--whole" in told
    with pytest.raises(InvalidArgument, match="--edition henan-2017"):
        report(written, edition="national-2019")


def test_a_delta_is_not_counted_from_a_dataset_either(dataset: pathlib.Path) -> None:
    rewritten(dataset, "header", "* replace ('delta' as kind)")
    assert "delta" in refused(dataset, NotAccepted)
    rewritten(dataset, "header", "* replace (cast(null as date) as period_end)")
    assert "no header" in refused(dataset, NotAccepted)
