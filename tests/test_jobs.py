"""A file read in parts says what it says when it is read whole, whatever the parts and whoever reads them."""

from __future__ import annotations

import dataclasses
import errno
import functools
import multiprocessing
import os
import pathlib
import signal
import sys
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from kunjing_exchange import cli, validate
from kunjing_exchange.engine import open_engine
from kunjing_exchange.engine.parts import PartTask
from kunjing_exchange.errors import OutOfSpace
from kunjing_exchange.export import export_dataset
from kunjing_exchange.faults import seeder
from kunjing_exchange.findings import Verdict
from kunjing_exchange.generate import generate
from kunjing_exchange.wire import Located, Part, PartReader, open_output, open_reader, open_source

MODULE = sys.modules["kunjing_exchange.validate"]


@functools.cache
def faulty(to: str, children: int = 120) -> bytes:
    """A submission with every fault that can be seeded at a high rate, as a file."""
    records = generate(children, seed=3, distort=seeder("all", 0.5, lambda fault: None))
    return made.written(records, to)


def _moved(line: int | None, passed: int) -> int | None:
    return None if line is None else line + passed


def _told(located: Located, number: int = 0, passed: int = 0) -> tuple[Any, ...]:
    """All that a reader says of a record, its number and lines counted from the file's start."""
    place = located.place
    return (
        located.number + (number if located.kind != "header" else 0),
        located.kind, located.data, _moved(place.line, passed), place.offset, place.length, located.clean,
        [(one.id, one.path, _moved(one.line, passed), dict(one.facts)) for one in located.problems],
    )  # fmt: skip


def _whole(reader: PartReader) -> tuple[list[Any], list[Any]]:
    records = [_told(located) for located in reader]
    return records, [(one.id, one.line, dict(one.facts)) for one in reader.problems]


def _in_parts(reader: PartReader, cuts: list[int]) -> tuple[list[Any], list[Any]] | None:
    """The same read part by part; ``None`` where the parts don't fit together, which the parent would notice."""
    records: list[Any] = []
    problems: list[Any] = []
    number = passed = stopped = 0
    for start, end in zip([0, *cuts], [*cuts, None], strict=True):
        if start != stopped:
            return None
        found = list(reader.read(Part(start, end)))
        if not reader.orderly or (start == 0 and (not found or found[0].kind != "header")):
            return None
        records += [_told(located, number, passed) for located in found]
        problems += [(one.id, _moved(one.line, passed), dict(one.facts)) for one in reader.problems]
        number += sum(located.kind != "header" for located in found)
        passed, stopped = passed + reader.lines, reader.stopped
    return records, problems


def _compare(data: bytes, to: str, size: int) -> bool:
    """Read both ways; whether the parts fitted together."""
    with open_source(data, format=to) as source:
        reader = open_reader(source)
        assert isinstance(reader, PartReader)
        cuts = sorted({cut for wanted in range(size, len(data), size) if (cut := reader.cut(wanted)) < len(data)})
        parted = _in_parts(reader, cuts)
        if parted is not None:
            assert parted == _whole(reader)
        return parted is not None


@pytest.mark.parametrize("to", ["xml", "jsonl"])
@pytest.mark.parametrize("size", [1000, 7919, 50_000, 10**9])
def test_parts_of_a_faulty_file_fit_together(to: str, size: int) -> None:
    assert _compare(faulty(to, 40), to, size)


HOSTILE = {
    "comments that look like records": ("</CaseFile>\n", "</CaseFile><!-- </CaseFile> <CaseFile> -->\n"),
    "a record in a comment": ("<Child>", "<!-- </CaseFile>\n  <CaseFile> --><Child>"),
    "a record in CDATA": ("<Child>", "<Child><![CDATA[</CaseFile>\n  <CaseFile>]]>"),
    "an instruction": ("<Child>", "<?x </CaseFile> <CaseFile> ?><Child>"),
    "a record in a record": ("<Child>", "<CaseFile>x</CaseFile>\n  <CaseFile>y</CaseFile><Child>"),
    "no end tag": ("</CaseFile>", ""),
    "text between": ("</CaseFile>\n", "</CaseFile>\nstray\n"),
    "a second header": ("</CaseFile>\n", "</CaseFile>\n<Header><Version>1.0</Version></Header>"),
    "the root's end": ("</CaseFile>\n", "</CaseFile>\n</Submission>\n"),
    "a prefix": ("<Child>", '<x:CaseFile xmlns:x="urn:x"></x:CaseFile>\n<Child>'),
    "an open comment": ("<Child>", "<!-- <Child>"),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("size", [700, 5000])
@pytest.mark.parametrize("often", [False, True])
def test_hostile_xml_says_the_same_or_is_read_whole(what: str, size: int, often: bool) -> None:
    old, new = HOSTILE[what]
    text = faulty("xml", 12).decode()
    at = text.index(old, len(text) // 3)
    data = text[:at] + text[at:].replace(old, new, -1 if often else 1)
    assert data != text
    _compare(data.encode(), "xml", size)


@given(st.integers(0, 2**32), st.sampled_from(["xml", "jsonl"]), st.integers(300, 9000))
@settings(max_examples=60, deadline=None)
def test_a_file_broken_anywhere_says_the_same_or_is_read_whole(seed: int, to: str, size: int) -> None:
    data = bytearray(faulty(to, 8))
    at = seed % len(data)
    way = seed // len(data) % 4
    if way == 0:
        del data[at:]
    elif way == 1:
        del data[at : at + 1 + seed % 97]
    elif way == 2:
        data[at] = b'<>/"{}\n\xff&'[seed % 9]
    else:
        data[at:at] = data[at // 2 : at // 2 + seed % 3000]
    if data.strip():
        _compare(bytes(data), to, size)


# --- processes -------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small file is worth workers, and has many parts."""
    monkeypatch.setattr(MODULE, "WORTH_WORKERS", 0)
    monkeypatch.setattr("kunjing_exchange.engine.parts._LEAST", 40_000)
    monkeypatch.setattr("kunjing_exchange.engine.parts._MOST", 40_000)


def _found(path: pathlib.Path, jobs: int) -> tuple[Any, ...]:
    with validate(path, jobs=jobs) as findings:
        found = [finding.as_dict("en") for finding in findings]
        return findings.verdict, findings.summary, dict(findings.rules), found


@pytest.mark.parametrize("to", ["xml", "jsonl"])
def test_workers_find_what_one_process_finds(to: str, tmp_path: pathlib.Path, small_parts: None) -> None:
    path = tmp_path / f"faulty.{to}"
    path.write_bytes(faulty(to))
    told: list[tuple[int, int]] = []
    alone = _found(path, 1)
    with validate(path, jobs=2, progress=lambda *done: told.append(done)) as findings:
        assert [finding.as_dict("en") for finding in findings] == alone[3]
        assert (findings.verdict, findings.summary, dict(findings.rules)) == alone[:3]
    assert len(alone[3]) > 50
    assert told[-1] == (path.stat().st_size, path.stat().st_size)
    assert len(told) > 4
    assert told == sorted(told)


@pytest.mark.parametrize(
    ("name", "jobs", "worth", "early"),
    [
        ("county.xml", "2", 0, True),
        ("county.jsonl", "2", 0, True),
        ("county.xml", "1", 0, False),
        ("county.xml", "2", 1 << 30, False),
        ("county.data", "2", 0, False),
        ("missing.xml", "2", 0, False),
    ],
)
def test_the_command_line_starts_workers_early_where_it_will_use_them(
    name: str, jobs: str, worth: int, early: bool, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[bool] = []
    monkeypatch.setattr("multiprocessing.forkserver.ensure_running", lambda: started.append(True))
    monkeypatch.setattr("kunjing_exchange.workers.WORTH_WORKERS", worth)
    if not name.startswith("missing"):
        (tmp_path / name).write_bytes(made.written(made.submission(1), name.partition(".")[2].replace("data", "json")))
    cli.main(["validate", str(tmp_path / name), "--jobs", jobs, "-o", str(tmp_path / "said")])
    assert started == [True] * early


def test_a_dataset_is_the_same_by_workers(tmp_path: pathlib.Path, small_parts: None) -> None:
    path = tmp_path / "county.jsonl"
    path.write_bytes(made.written(made.submission(60), "jsonl"))
    alone = export_dataset(path, tmp_path / "alone", whole=True)
    together = export_dataset(path, tmp_path / "together", whole=True, jobs=2)
    assert together.rows == alone.rows
    for table in (tmp_path / "alone" / "parquet").glob("*.parquet"):
        rows = [
            duckdb.sql(f"select * from '{tmp_path}/{name}/parquet/{table.name}' order by all").fetchall()
            for name in ("alone", "together")
        ]
        assert rows[0] == rows[1], table.stem


@pytest.mark.parametrize("to", ["xml", "jsonl"])
def test_a_truncated_file_gives_all_findings_up_to_the_break(
    to: str, tmp_path: pathlib.Path, small_parts: None
) -> None:
    path = tmp_path / f"broken.{to}"
    data = faulty(to)
    path.write_bytes(data[: len(data) * 2 // 3])
    verdict, summary, _, found = _found(path, 2)
    assert (verdict, summary, found) == (lambda alone: (alone[0], alone[1], alone[3]))(_found(path, 1))
    (broken,) = (one for one in found if one["id"] == "KJ-SYS-001")
    assert broken["location"]["line"] >= data[: len(data) * 2 // 3].count(b"\n")
    assert summary.records > 50


def test_what_only_the_whole_file_can_judge_is_read_whole(tmp_path: pathlib.Path, small_parts: None) -> None:
    path = tmp_path / "headers.jsonl"
    lines = faulty("jsonl").splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:150], lines[0], *lines[150:]]))
    two = _found(path, 2)
    assert "KJ-SYS-011" in two[1].by_id
    assert two == _found(path, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class DeadlyTask(PartTask):
    """A part whose reading kills its worker as long as the file ``lives`` has anything in it."""

    lives: str = ""

    def __getattribute__(self, name: str) -> Any:
        if name == "source" and multiprocessing.parent_process() is not None:
            lives = pathlib.Path(object.__getattribute__(self, "lives"))
            left = lives.read_text()
            if left:
                lives.write_text(left[1:])
                os.kill(os.getpid(), signal.SIGKILL)
        return object.__getattribute__(self, name)


@pytest.mark.parametrize(("times", "verdict"), [(1, None), (2, Verdict.UNDETERMINED)])
def test_a_killed_worker_is_noticed(
    times: int, verdict: Verdict | None, tmp_path: pathlib.Path, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its part is read once more; where that dies too nobody can say what the file holds."""
    path, lives = tmp_path / "faulty.jsonl", tmp_path / "lives"
    path.write_bytes(faulty("jsonl"))
    lives.write_text("x" * times)

    def task(source: Any, part: Part, folder: pathlib.Path, *rest: Any) -> PartTask:
        if folder.name == "part-2":
            return DeadlyTask(source, part, folder, *rest, str(lives))
        return PartTask(source, part, folder, *rest)

    alone = _found(path, 1)
    monkeypatch.setattr(MODULE, "PartTask", task)
    two = _found(path, 2)
    assert lives.read_text() == ""
    if verdict is None:
        assert two == alone
        return
    assert two[0] is verdict
    (lost,) = (one for one in two[3] if one["id"] == "KJ-SYS-091")
    assert 0 < two[1].records < alone[1].records
    # the next line after the records that were read
    assert lost["location"]["line"] == two[1].records + 2


# --- a full disk, an interrupt ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk_is_said_and_nothing_stays(
    jobs: int, tmp_path: pathlib.Path, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "faulty.jsonl", tmp_path / "work"
    path.write_bytes(faulty("jsonl"))
    folder.mkdir()
    monkeypatch.setenv("KUNJING_TMPDIR", str(folder))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("kunjing_exchange.tables.load.Loader._copy", full)
    with pytest.raises(OutOfSpace, match="KUNJING_TMPDIR") as caught:
        validate(path, jobs=jobs)
    assert caught.value.facts["path"] == str(folder)
    assert list(folder.iterdir()) == []


def _fill_the_database() -> None:
    with open_engine(memory_limit="8MB") as engine:
        engine.connection.execute("set max_temp_directory_size = '1MB'")
        engine.connection.execute(
            "select list(repeat(cast(range as varchar), 99) order by hash(range)) from range(900000)"
        )


def test_a_database_beyond_its_limits_is_out_of_space() -> None:
    with pytest.raises(OutOfSpace):
        _fill_the_database()


def _write_half(target: pathlib.Path) -> None:
    with open_output(target) as stream:
        stream.write(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_output_on_a_full_disk_is_not_there(tmp_path: pathlib.Path) -> None:
    with pytest.raises(OutOfSpace, match=r"out\.xml"):
        _write_half(tmp_path / "out.xml")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_ends_the_workers_and_leaves_nothing(
    tmp_path: pathlib.Path, small_parts: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "faulty.jsonl", tmp_path / "work"
    path.write_bytes(faulty("jsonl"))
    folder.mkdir()
    monkeypatch.setenv("KUNJING_TMPDIR", str(folder))

    def interrupt(done: int, whole: int) -> None:
        if done > whole // 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        validate(path, jobs=2, progress=interrupt)
    assert list(folder.iterdir()) == []
    assert multiprocessing.active_children() == []
