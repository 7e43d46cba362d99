"""The attack files: a finding or a one-line refusal each, in bounded memory, with nothing read or fetched."""

from __future__ import annotations

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
from typing import Any

import pytest

ROOT = pathlib.Path(__file__).parents[1]
ATTACKS = ROOT / "fixtures" / "attack"

EXPECTED = {
    "billion_laughs.xml": {"KJ-SYS-003"},
    "external_general_entity.xml": {"KJ-SYS-003"},
    "external_parameter_entity.xml": {"KJ-SYS-003"},
    "external_dtd.xml": {"KJ-SYS-003"},
    "entity_without_doctype.xml": {"KJ-SYS-002", "KJ-SYS-010"},
    "xinclude.xml": {"KJ-SYS-020", "KJ-SYS-010"},
    "schema_location.xml": {"KJ-SYS-010"},
    "deep.xml": {"KJ-SYS-004", "KJ-SYS-010"},
    "deep.json": {"KJ-SYS-004"},
    "duplicate_keys.json": {"KJ-SYS-005"},
    "nan.json": {"KJ-SYS-006"},
    "numeric_id.json": {"KJ-SYS-022"},
    "long_number.json": {"KJ-SYS-004"},
    "lone_surrogate.json": {"KJ-SYS-023"},
    "control_characters.json": {"KJ-SYS-023"},
    "zip_bomb.xlsx": {"refused KJ-SYS-004"},
    "formulas.xlsx": {"KJ-SYS-046"},
}

SCRIPT = """
import json, pathlib, re, sys
from kunjing_exchange.errors import ExchangeError
from kunjing_exchange.validate import validate
said = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    try:
        with validate(path) as findings:
            found = list(findings)
            texts = [one.as_dict("zh") for one in found]
            said[path.name] = [sorted({one.id for one in found}), findings.verdict, texts]
    except ExchangeError as error:
        said[path.name] = [["refused " + str(error.finding_id)], "refused", [error.zh, error.en]]
status = pathlib.Path("/proc/self/status")  # getrusage counts from what the parent process held
peak = int(re.search("VmHWM:\\s+([0-9]+) kB", status.read_text())[1]) if status.exists() else None
print(json.dumps({"said": said, "peak": peak}))
"""


def script() -> Any:
    """The module that makes the files."""
    spec = importlib.util.spec_from_file_location("attack_files", ATTACKS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a process that validates them all, one after another, says of them; it has a minute."""
    folder = tmp_path_factory.mktemp("attack")
    script().main(folder / "files")
    (folder / "spool").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder / "files")],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "KUNJING_TMPDIR": str(folder / "spool")},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert os.listdir(folder / "spool") == []
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_committed_files_are_those_of_the_script() -> None:
    for name, text in script().TEXTS.items():
        assert (ATTACKS / name).read_text(encoding="utf-8") == text


def test_every_file_is_expected() -> None:
    module = script()
    assert EXPECTED.keys() == module.TEXTS.keys() | module.ARCHIVES.keys()


@pytest.mark.parametrize("name", EXPECTED)
def test_attack(outcome: dict[str, Any], name: str) -> None:
    ids, verdict, texts = outcome["said"][name]
    assert EXPECTED[name] <= set(ids), texts
    assert verdict in ("rejected", "refused")
    shown = json.dumps(texts, ensure_ascii=False)
    assert "root:" not in shown
    assert "\x1b" not in shown
    assert "哈哈" not in shown
    assert "张小明" not in shown


def test_memory_is_bounded(outcome: dict[str, Any]) -> None:
    if outcome["peak"] is None:
        pytest.skip("no /proc here that says how much memory was used")
    assert outcome["peak"] / 1024 < 400
