"""The core install does the main job without any extra, and names the extra where one is needed."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kunjing_exchange import convert, generate, report, validate
from kunjing_exchange.errors import MissingExtra
from kunjing_exchange.wire import open_writer

FORMATS = ("xml", "json", "jsonl", "csv")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("made")
    files = {}
    for format_name in FORMATS:
        files[format_name] = folder / f"county.{'csv.zip' if format_name == 'csv' else format_name}"
        with files[format_name].open("wb") as stream:
            writer = open_writer(format_name, stream)
            for kind, data in generate(20, division="411303", period="2017Q3", seed=3):
                writer.write(kind, data)
            writer.close()
    return files


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_main_job_runs(made: dict[str, Path], format_name: str, tmp_path: Path) -> None:
    with validate(made[format_name]) as findings:
        assert findings.verdict in ("accepted", "accepted_with_warnings"), dict(findings.summary.by_id)
    assert report(made[format_name]).totals == report(made["xml"]).totals
    target = tmp_path / "out.xml"
    assert convert(made[format_name], target).loss_count == 0
    assert target.read_bytes() == made["xml"].read_bytes()


def test_a_wrong_record_is_found_by_the_json_schema_layer(made: dict[str, Path]) -> None:
    lines = made["jsonl"].read_text(encoding="utf-8").splitlines()
    wrong = json.loads(lines[-1])
    wrong["case_file"]["opened_on"] = "2017-02-30"
    with validate("\n".join([*lines[:-1], json.dumps(wrong, ensure_ascii=False), ""]).encode()) as findings:
        assert findings.summary.by_id["KJ-SYS-023"] == 1


@pytest.mark.skipif(
    importlib.util.find_spec("xlsxwriter") is not None, reason="says something only where the extra xlsx is absent"
)
def test_a_workbook_names_the_extra(made: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(MissingExtra, match=r"kunjing-exchange\[xlsx\]"):
        convert(made["xml"], tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


def test_nothing_heavy_is_imported_for_the_help() -> None:
    code = (
        "import sys; from kunjing_exchange.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'duckdb', 'lxml', 'pydantic', 'jsonschema', 'xmlschema'} & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.stderr.strip().splitlines()[-1] == "[]"
