"""The command line as scripts and people meet it."""

from __future__ import annotations

import importlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from kunjing_exchange import cli
from kunjing_exchange.bundled import bundled
from kunjing_exchange.cli.options import FORMATS, lexicon
from kunjing_exchange.convert import convert
from kunjing_exchange.errors import ExchangeError, MissingExtra
from kunjing_exchange.findings import BUILT_IN
from kunjing_exchange.rules import rules
from kunjing_exchange.wire import FORMATS as WIRE_FORMATS
from made import cases, sealed, submission, written

Run = Callable[..., tuple[int, str, str]]

VERBS = [verb.__name__.rpartition(".")[2] for verb in cli.VERBS]
VALIDATE = importlib.import_module("kunjing_exchange.validate")
"""The module: the package's attribute of that name is the function."""

SOURCE = pathlib.Path(cli.__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A clean submission, one with errors and warnings in it, and one that is broken."""
    place = tmp_path_factory.mktemp("submissions")
    (place / "county.xml").write_bytes(written(submission(4), "xml"))
    records = submission(4)
    del cases(records)[0]["status"]
    del cases(records)[1]["opened_on"]
    cases(records)[2]["child"].update(sex="7", birth_date="2010-02-30")
    (place / "faulty.jsonl").write_bytes(written(sealed(records), "jsonl"))
    (place / "broken.xml").write_bytes((place / "county.xml").read_bytes()[:5000])
    return place


@pytest.fixture
def kunjing(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Runs a command in this process: (exit status, standard output, standard error)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "KUNJING_DEBUG"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> tuple[int, str, str]:
        status = cli.main([str(argument) for argument in arguments])
        captured = capsysbinary.readouterr()
        return status, captured.out.decode(), captured.err.decode()

    return run


def process(*arguments: object, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "kunjing_exchange", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE), **environment},
        check=False,
    )


# --- help and language -----------------------------------------------------------------------------------------------


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from kunjing_exchange.cli import main; main(['--help']); "
        "heavy = {'pydantic', 'lxml', 'duckdb', 'xmlschema', 'jsonschema'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env={**os.environ, "PYTHONPATH": str(SOURCE)}, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_names_every_verb(kunjing: Run, lang: str) -> None:
    status, out, _ = kunjing("--help", "--lang", lang)
    assert status == 0
    assert all(f"    {verb} " in out for verb in VERBS)
    assert ("退出码" in out) == (lang == "zh")


@pytest.mark.parametrize(
    ("arguments", "environment", "chinese"),
    [
        ((), {}, False),
        ((), {"LANG": "zh_CN.UTF-8"}, True),
        ((), {"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, False),
        (("--lang", "en"), {"LANG": "zh_CN.UTF-8"}, False),
        (("--lang=zh",), {"LANG": "en_US.UTF-8"}, True),
    ],
)
def test_language_from_the_option_else_the_environment(
    kunjing: Run,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    chinese: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for command in (("validate", "no-such-file", *arguments), (*arguments, "validate", "no-such-file")):
        status, out, err = kunjing(*command)
        assert (status, out) == (2, "")
        assert ("打不开文件" in err) == chinese
        assert ("can't open" in err) != chinese


def test_usage_errors_are_2_and_in_the_chosen_language(kunjing: Run) -> None:
    assert kunjing("validate", "--lang", "zh")[0] == 2
    assert "缺少参数" in kunjing("validate", "--lang", "zh")[2]
    assert kunjing("validate", "x", "--fail-on", "sometimes")[0] == 2
    assert "无法识别的参数" in kunjing("validate", "x", "--fail", "error", "--lang", "zh")[2]
    assert kunjing()[0] == 2


def test_formats_are_those_of_the_wire() -> None:
    assert FORMATS == WIRE_FORMATS


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "spark"])  # that one: tests/test_spark.py
def test_the_examples_of_every_help_run(
    kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    shutil.copy(folder / "county.xml", tmp_path)
    (tmp_path / "fixtures").symlink_to(pathlib.Path(__file__).parents[1] / "fixtures")
    monkeypatch.chdir(tmp_path)
    _, out, _ = kunjing(verb, "--help")
    examples = [line.strip() for line in out.rpartition("examples:")[2].splitlines() if line.strip()]
    assert len(examples) == 2
    for example in examples:
        name, *arguments = shlex.split(example)
        assert name == "kunjing"
        status, printed, err = kunjing(*arguments)
        assert status == 0, err
        assert printed or err or pathlib.Path(arguments[arguments.index("-o") + 1]).stat().st_size


@pytest.mark.parametrize(("page", "lang"), [("README.md", "en"), ("README.zh.md", "zh")])
def test_the_readmes_show_what_happens(
    kunjing: Run, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, page: str, lang: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", {"zh": "zh_CN.UTF-8", "en": "C.UTF-8"}[lang])
    text = (pathlib.Path(__file__).parents[1] / page).read_text(encoding="utf-8")
    block = text.partition("```console\n")[2].partition("```")[0]
    commands = block.split("$ kunjing ")[1:]
    assert len(commands) == 3
    for command in commands:
        line, _, shown = command.partition("\n")
        _, out, err = kunjing(*shlex.split(line))
        assert out + err == shown


# --- exit status -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output_format", ["text", "json", "jsonl"])
def test_exit_status_is_the_same_for_every_output_format(
    kunjing: Run, folder: pathlib.Path, output_format: str
) -> None:
    def status(file: str, *more: str) -> int:
        return kunjing("validate", folder / file, "--format", output_format, *more)[0]

    assert status("county.xml") == 0
    assert status("county.xml", "--fail-on", "info") == 0
    assert status("faulty.jsonl") == 1
    assert status("faulty.jsonl", "--fail-on", "never") == 0
    assert status("broken.xml") == 1
    assert status("no-such-file") == 2


def test_fail_on_counts_from_its_severity_up(kunjing: Run, tmp_path: pathlib.Path) -> None:
    records = submission(3)
    cases(records)[0]["child"]["name"] = "古丽米热•艾比布力"
    (tmp_path / "a.jsonl").write_bytes(written(sealed(records), "jsonl"))
    _, out, _ = kunjing("validate", tmp_path / "a.jsonl", "--format", "json")
    assert json.loads(out)["summary"]["findings"]["info"] == 1
    assert json.loads(out)["summary"]["findings"]["error"] == 0
    assert kunjing("validate", tmp_path / "a.jsonl", "--fail-on", "error")[0] == 0
    assert kunjing("validate", tmp_path / "a.jsonl", "--fail-on", "info")[0] == 1


def test_an_undetermined_verdict_is_2(kunjing: Run, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = next(iter(rules().values()))
    crashing = type(broken)(**{**{name: getattr(broken, name) for name in broken.__slots__}, "sql": "select no_such"})
    monkeypatch.setattr(VALIDATE, "rules", lambda: {broken.id: crashing})
    for output_format in ("text", "json", "jsonl"):
        status, out, _ = kunjing("validate", folder / "county.xml", "--format", output_format, "--fail-on", "never")
        assert status == 2
        assert "undetermined" in out


def test_an_unexpected_exception_names_its_type_only(
    kunjing: Run, folder: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise ZeroDivisionError("张三 411303201001010000")

    monkeypatch.setattr(VALIDATE, "validate", crash)
    status, out, err = kunjing("validate", folder / "county.xml")
    assert (status, out) == (2, "")
    assert "ZeroDivisionError" in err
    assert err.count("\n") == 1
    assert "张三" not in err
    monkeypatch.setenv("KUNJING_DEBUG", "1")
    assert "Traceback" in kunjing("validate", folder / "county.xml")[2]


def test_a_missing_folder_is_one_line(kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    status, out, err = kunjing("validate", folder / "county.xml", "-o", tmp_path / "absent" / "out.txt")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "internal error" not in err


# --- output ----------------------------------------------------------------------------------------------------------


def test_json_is_the_promised_document(kunjing: Run, folder: pathlib.Path) -> None:
    _, out, err = kunjing("validate", folder / "faulty.jsonl", "--format", "json")
    document = json.loads(out)
    assert err == ""
    assert list(document) == ["verdict", "edition", "file", "summary", "rules", "findings"]
    assert document["verdict"] == "partly_accepted"
    assert document["edition"] == "henan-2017"
    assert document["file"] == str(folder / "faulty.jsonl")
    assert document["summary"]["rejected"] == 3
    assert {"id", "outcome", "findings", "not_evaluated", "reason"} == set(document["rules"][0])
    assert {one["id"] for one in document["rules"]} == set(rules())
    found = {(one["id"], one["location"]["path"]) for one in document["findings"]}
    assert {("KJ-SYS-021", "status"), ("KJ-SYS-021", "opened_on"), ("KJ-CODE-001", "child/sex")} <= found
    assert all({"id", "severity", "message", "location"} <= set(one) for one in document["findings"])
    assert len(document["findings"]) == sum(document["summary"]["by_id"].values())


def test_json_without_findings_is_a_document_too(kunjing: Run, folder: pathlib.Path) -> None:
    document = json.loads(kunjing("validate", folder / "county.xml", "--format", "json")[1])
    assert document["verdict"] == "accepted"
    assert document["findings"] == []


def test_json_lines_end_in_the_verdict(kunjing: Run, folder: pathlib.Path) -> None:
    lines = [
        json.loads(line) for line in kunjing("validate", folder / "faulty.jsonl", "--format", "jsonl")[1].splitlines()
    ]
    assert set(lines[-1]) == {"verdict", "summary"}
    assert len(lines) - 1 == sum(lines[-1]["summary"]["by_id"].values())
    assert all("location" in line for line in lines[:-1])


def test_max_findings_cuts_the_list_and_not_the_counts(kunjing: Run, folder: pathlib.Path) -> None:
    document = json.loads(kunjing("validate", folder / "faulty.jsonl", "--format", "json", "--max-findings", 1)[1])
    assert len(document["findings"]) == 1
    assert sum(document["summary"]["by_id"].values()) > 1
    _, out, _ = kunjing("validate", folder / "faulty.jsonl", "--max-findings", 1)
    assert "and 1 more" in out


def test_text_groups_equal_findings_with_place_source_and_remedy(kunjing: Run, folder: pathlib.Path) -> None:
    _, out, _ = kunjing("validate", folder / "faulty.jsonl", "--lang", "zh")
    assert out.startswith("结论：部分接受\n")
    assert out.count("KJ-SYS-021 缺少必填字段（2 处）") == 1
    lines = (folder / "faulty.jsonl").read_text().splitlines()
    number = next(number for number, line in enumerate(lines, 1) if '"case_file"' in line)
    assert f"第 {number} 行" in out
    assert BUILT_IN["KJ-SYS-021"].fix_zh in out
    assert "未能评估的规则：" in out
    assert "child.birth_date" in out.rpartition("未能评估的规则：")[2]


def test_output_is_not_overwritten_unless_forced(kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("mine")
    for command in (
        ("validate", folder / "county.xml", "--format", "json"),
        ("convert", folder / "county.xml", "--format", "json"),
        ("report", folder / "county.xml", "--format", "json"),
    ):
        assert kunjing(*command, "-o", target)[0] == 2
        assert target.read_text() == "mine"
    assert kunjing("validate", folder / "county.xml", "--format", "json", "-o", target, "--force")[0] == 0
    assert json.loads(target.read_text())["verdict"] == "accepted"


def test_nothing_is_half_written(kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    assert kunjing("convert", folder / "broken.xml", "-o", tmp_path / "out.json")[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_standard_input_and_output(folder: pathlib.Path) -> None:
    xml = (folder / "county.xml").read_bytes()
    lines = process("convert", "-", "--format", "jsonl", "-o", "-", stdin=xml)
    assert lines.returncode == 0
    back = process("convert", "-", "--format", "xml", stdin=lines.stdout)
    assert back.stdout == xml
    judged = process("validate", "-", "--format", "json", stdin=xml)
    assert json.loads(judged.stdout)["file"] == "<stdin>"


def test_quiet_on_a_broken_pipe() -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "kunjing_exchange", "codes", "show", "village"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert started.stdout is not None
    assert started.stderr is not None
    started.stdout.readline()
    started.stdout.close()
    assert started.stderr.read() == b""
    assert started.wait() in (0, 141)
    started.stderr.close()


def test_a_gbk_console_never_crashes(folder: pathlib.Path) -> None:
    for command in (
        ("doctor", "--lang", "zh"),
        ("codes", "find", "䮌"),
        ("codes", "show", "ethnicity", "--format", "json"),
    ):
        assert b"Traceback" not in process(*command, PYTHONIOENCODING="cp936").stderr
    shown = process(
        "validate",
        folder / "faulty.jsonl",
        "--format",
        "json",
        "--show-values",
        "--lang",
        "zh",
        PYTHONIOENCODING="ascii",
    )
    assert shown.returncode == 1
    assert any("缺少" in one["message"] for one in json.loads(shown.stdout)["findings"])


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal_only(folder: pathlib.Path, environment: dict[str, str], coloured: bool) -> None:
    import pty

    base = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "TERM")}
    reader, writer = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "kunjing_exchange", "validate", str(folder / "county.xml")],
        stdout=writer,
        stderr=subprocess.PIPE,
        env={**base, "PYTHONPATH": str(SOURCE), "TERM": "xterm", **environment},
        check=False,
    )
    os.close(writer)
    shown = os.read(reader, 4096)
    os.close(reader)
    assert done.returncode == 0
    assert (b"\x1b[" in shown) == coloured
    assert b"\x1b[" not in process("validate", folder / "county.xml").stdout


# --- verbs -----------------------------------------------------------------------------------------------------------


def test_convert_takes_the_format_from_the_name_or_the_option(
    kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    assert kunjing("convert", folder / "county.xml", "-o", tmp_path / "a.jsonl")[0] == 0
    assert (
        kunjing("convert", tmp_path / "a.jsonl", "-o", tmp_path / "b", "--to", "xml", "--encoding", "gb18030")[0] == 0
    )
    assert b'encoding="GB18030"' in (tmp_path / "b").read_bytes()[:100]
    assert kunjing("convert", tmp_path / "b", "-o", tmp_path / "c.xml")[0] == 0
    assert (tmp_path / "c.xml").read_bytes() == (folder / "county.xml").read_bytes()
    assert kunjing("convert", folder / "county.xml", "-o", tmp_path / "nameless")[0] == 2


def test_convert_lists_losses_and_refuses_them(kunjing: Run, tmp_path: pathlib.Path) -> None:
    records = submission(3)
    text = written(records, "jsonl").replace(b'"status":', b'"favourite_colour":"red","status":')
    (tmp_path / "a.jsonl").write_bytes(text)
    status, _, err = kunjing("convert", tmp_path / "a.jsonl", "-o", tmp_path / "a.xml")
    assert status == 1
    assert err.count("lost: KJ-SYS-020") >= 3
    assert (tmp_path / "a.xml").exists()
    status, _, err = kunjing("convert", tmp_path / "a.jsonl", "-o", tmp_path / "b.xml", "--lossless")
    assert status == 2
    assert "lost: KJ-SYS-020" in err
    assert not (tmp_path / "b.xml").exists()


def test_report_gives_text_json_and_workbook(kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path) -> None:
    status, out, _ = kunjing("report", folder / "county.xml", "--by", "county", "--lang", "zh")
    assert status == 0
    assert "合计" in out
    assert json.loads(kunjing("report", folder / "county.xml", "--format", "json")[1])
    assert kunjing("report", folder / "county.xml", "--format", "xlsx", "-o", tmp_path / "t.xlsx")[0] == 0
    assert (tmp_path / "t.xlsx").read_bytes().startswith(b"PK")
    assert kunjing("report", folder / "county.xml", "--table", "HN-1")[0] == 2
    assert kunjing("report", folder / "broken.xml")[0] == 2


def test_schema_files_are_shown_and_written(kunjing: Run, tmp_path: pathlib.Path) -> None:
    names = kunjing("schema", "list")[1].split()
    assert {"submission.xsd", "submission.schema.json", "case_file.schema.json", "tables.sql"} <= set(names)
    assert kunjing("schema", "write", tmp_path / "v1")[0] == 0
    assert kunjing("schema", "write", tmp_path / "v1")[0] == 2
    for name in names:
        assert kunjing("schema", "show", name)[1] == (tmp_path / "v1" / name).read_text(encoding="utf-8")
    assert kunjing("schema", "show", "no.xsd")[0] == 2


def test_the_template_is_an_empty_workbook(kunjing: Run, tmp_path: pathlib.Path) -> None:
    assert kunjing("schema", "template", "-o", tmp_path / "template.xlsx")[0] == 0
    with zipfile.ZipFile(tmp_path / "template.xlsx") as archive:
        assert "待遇" in archive.read("xl/workbook.xml").decode()


@pytest.mark.parametrize("wire", ["xml", "json", "jsonl"])
def test_the_referee_judges_by_the_schema_alone(kunjing: Run, tmp_path: pathlib.Path, wire: str) -> None:
    good, bad = tmp_path / "good", tmp_path / "bad"
    good.write_bytes(written(submission(2), wire))
    bad.write_bytes(good.read_bytes().replace(b"2017-09-30", b"2017-09-31"))
    assert kunjing("schema", "check", good) == (0, "valid\n", "")
    status, out, _ = kunjing("schema", "check", bad)
    assert status == 1
    assert out.splitlines()[-1].startswith("invalid: ")
    assert "2017-09-31" not in out
    assert len(kunjing("schema", "check", bad, "--show-values")[1]) > len(out)


def test_the_referee_refuses_a_doctype_and_a_workbook(
    kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path
) -> None:
    (tmp_path / "a.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    assert kunjing("schema", "check", tmp_path / "a.xml")[0] == 2
    (tmp_path / "a.xlsx").write_bytes(written(submission(1), "xlsx"))
    assert kunjing("schema", "check", tmp_path / "a.xlsx")[0] == 2
    assert kunjing("schema", "check", folder / "broken.xml")[0] == 2


def test_codes_by_day_by_name_and_as_data(kunjing: Run) -> None:
    assert "sex" in kunjing("codes", "list")[1]
    shown = json.loads(kunjing("codes", "show", "division", "--on", "2010-06-01", "--format", "json")[1])
    names = {row["code"]: row["name"] for row in shown}
    assert names["411023"] == "许昌县"
    assert "411003" not in names
    status, out, _ = kunjing("codes", "find", "宛城区", "--format", "csv")
    assert status == 0
    assert "division,411302,宛城区" in out
    assert kunjing("codes", "find", "没有这个名称")[0] == 1
    assert kunjing("codes", "show", "sexes")[0] == 2


def test_rules_name_every_finding_there_is(kunjing: Run) -> None:
    book = json.loads(kunjing("rules", "list", "--format", "json")[1])
    assert {one["id"] for one in book} == set(BUILT_IN) | set(rules())
    keys = {"id", "layer", "title", "scope", "effect", "severity", "fields", "source", "fix", "seedable"}
    assert all(set(one) == keys for one in book)
    some = next(iter(rules()))
    assert some in kunjing("rules", "show", some)[1]
    assert "select" in kunjing("rules", "sql", some)[1]
    assert kunjing("rules", "sql", "KJ-SYS-001")[0] == 2
    assert kunjing("rules", "show", "KJ-NONE-1")[0] == 2


def test_generate_repeats_itself(kunjing: Run, tmp_path: pathlib.Path) -> None:
    command = ("generate", "--children", 3, "--division", "411303", "--format", "jsonl", "-o", "-", "--seed")
    first = kunjing(*command, 1)
    assert first[0] == 0
    assert kunjing(*command, 1)[1] == first[1]
    assert kunjing(*command, 2)[1] != first[1]
    assert kunjing("generate", "--children", 3, "--division", "999999", "-o", tmp_path / "a.xml")[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_generated_faults_are_logged_and_found(kunjing: Run, tmp_path: pathlib.Path) -> None:
    command = ("generate", "--children", 20, "--with-faults", "all", "--fault-rate", 1, "--format", "jsonl")
    assert kunjing(*command, "-o", tmp_path / "a.jsonl", "--fault-log", tmp_path / "faults")[0] == 0
    assert len((tmp_path / "faults").read_text().splitlines()) >= 20
    assert kunjing("validate", tmp_path / "a.jsonl")[0] == 1
    assert kunjing("generate", "--children", 3, "--with-faults", "KJ-NONE-1", "-o", tmp_path / "b.xml")[0] == 2


def test_doctor_finds_a_stale_schema(kunjing: Run, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, out, _ = kunjing("doctor", "--format", "json")
    assert status == 0
    assert json.loads(out)["ok"] is True
    kunjing("schema", "write", tmp_path)
    (tmp_path / "submission.xsd").write_text("<schema/>")
    monkeypatch.setattr(
        "kunjing_exchange.doctor.bundled", lambda name: tmp_path if name == "schemas/v1" else bundled(name)
    )
    status, out, _ = kunjing("doctor", "--format", "json")
    assert status == 1
    broken = [one["name"] for one in json.loads(out)["checks"] if one["state"] == "broken"]
    assert broken == ["schemas"]


def test_demo_leaves_everything_and_overwrites_nothing(
    kunjing: Run, folder: pathlib.Path, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = {"county": folder / "county.xml", "county_faulty": folder / "faulty.xml"}
    kunjing("convert", folder / "faulty.jsonl", "-o", sources["county_faulty"], "--force")
    monkeypatch.setattr("kunjing_exchange.demo.bundled", lambda name: sources[pathlib.PurePath(name).stem])
    status, out, _ = kunjing("demo", tmp_path / "out", "--lang", "zh")
    assert status == 0
    assert "困境儿童保障情况汇总表" in out
    left = {path.name for path in (tmp_path / "out").iterdir()}
    findings = {f"{name}_findings.{suffix}" for name in sources for suffix in ("txt", "json")}
    tables = {f"table.{suffix}" for suffix in ("txt", "json", "xlsx")}
    assert left == {"county.xml", "county_faulty.xml", "county.json", "county.xlsx"} | findings | tables
    judged: dict[str, Any] = json.loads((tmp_path / "out" / "county_faulty_findings.json").read_text())
    assert judged["verdict"] == "partly_accepted"
    assert kunjing("demo", tmp_path / "out")[0] == 2
    assert kunjing("demo", tmp_path / "out", "--force")[0] == 0


def test_demo_says_which_extra_is_missing(
    kunjing: Run, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, folder: pathlib.Path
) -> None:
    def without_workbooks(source: Any, target: pathlib.Path, **more: Any) -> Any:
        if target.suffix == ".xlsx":
            raise MissingExtra("xlsx", "工作簿", "a workbook")
        return convert(source, target, **more)

    monkeypatch.setattr("kunjing_exchange.demo.convert", without_workbooks)
    monkeypatch.setattr("kunjing_exchange.demo.bundled", lambda name: folder / "county.xml")
    status, out, _ = kunjing("demo", tmp_path)
    assert status == 0
    assert "kunjing-exchange[xlsx]" in out
    assert not (tmp_path / "county.xlsx").exists()


def test_every_error_speaks_both_languages() -> None:
    error = ExchangeError("中文", "English")
    assert (error.text("zh"), error.text("en")) == ("中文", "English")
    assert lexicon("zh")("中文", "English") == "中文"
