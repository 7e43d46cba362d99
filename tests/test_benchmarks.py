"""The benchmarks' entrance, what a peer is counted by, and the check of ratios; no timing."""

from __future__ import annotations

import importlib
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[1]


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    yield importlib.import_module
    for name in ("run", "tables", "validate"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", ["", "stages", "faults"])
def test_one_entrance(name: str) -> None:
    command = [sys.executable, "-m", "benchmarks", *filter(None, [name]), "--help"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert f"usage: python -m benchmarks {name or 'validate'} " in run.stdout


def test_a_process_that_fails_has_no_figures(benchmark) -> None:
    run = benchmark("run")
    assert run.Run(run.python("print(1); print('done')")).said == "done"
    with pytest.raises(run.Failed, match="KeyError"):
        run.Run(run.python("raise KeyError(1)"))


def test_worse_ratios_are_named_and_better_ones_are_not(benchmark) -> None:
    worse = benchmark("validate").worse
    then = {"1000": {"XML: read": 0.5, "XML: convert": 0.5, "XML: gone": 0.5}, "10000": {"XML: read": 9.0}}
    now = {"1000": {"XML: read": 0.34, "XML: convert": 0.36, "XML: new": 0.1}}
    assert worse(then, now, 0.3) == {
        "XML: read, 1000 children": "0.5 before, 0.34 now",
        "XML: gone, 1000 children": "0.5 before, no figure now",
    }


def test_a_ratio_is_by_the_fastest_other_tool_of_the_format(benchmark) -> None:
    validate = benchmark("validate")
    rows = {(row.group, row.name): row for row in validate.ROWS}
    ours = validate.Measured(rows["XML", "read"], 100, seconds=2.0)
    others = [
        ours,
        validate.Measured(rows["XML", "xmllint --stream --schema"], 100, seconds=1.0),
        validate.Measured(rows["XML", "xsdata"], 100, trouble="not installed"),
        validate.Measured(rows["JSON Lines", "Pydantic"], 100, seconds=0.1),
    ]
    assert validate.ratio(ours, others) == 0.5
    assert "not installed" in validate.table({100: others})
    assert validate.ratio(others[2], others) is None
