"""Convert a submission from any wire format to any other, and say what could not be carried over."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import json
import os
import pathlib
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from kunjing_exchange import departments, policy
from kunjing_exchange.departments import DepartmentWriter, Layout, LocalCodes, Purpose, PurposeWriter, open_reader
from kunjing_exchange.errors import InvalidArgument, LossyConversion, UnknownFormat, UnreadableInput
from kunjing_exchange.explain import Explainer
from kunjing_exchange.findings import BUILT_IN, Finding, Path, Problem, Severity
from kunjing_exchange.model import Element, Record, elements
from kunjing_exchange.wire import (
    FORMATS,
    KINDS,
    Limits,
    Located,
    Place,
    Reader,
    key_of,
    open_output,
    open_source,
    open_writer,
    work_folder,
)

__all__ = ["Conversion", "convert", "format_of"]

_SUFFIXES = {".xml": "xml", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "xlsx", ".zip": "csv"}
# What XML 1.0 has no way to write, and no format of ours carries.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# What a reader drops on the way; what it keeps as it stands (a wrong format, a wrong length) is no loss.
_DROPPED = frozenset({"KJ-SYS-002", "KJ-SYS-004", "KJ-SYS-005", "KJ-SYS-006", "KJ-SYS-008", "KJ-SYS-012", "KJ-SYS-020",
                      "KJ-SYS-025", "KJ-SYS-027", "KJ-SYS-028", "KJ-SYS-040", "KJ-SYS-041", "KJ-SYS-042", "KJ-SYS-044",
                      "KJ-SYS-045", "KJ-SYS-046", "KJ-SYS-048",
                      "KJ-DEPT-001", "KJ-DEPT-003", "KJ-DEPT-005"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a conversion did: records written, and what was lost (at most ``LOSS_LIMIT`` of ``loss_count``)."""

    records: int
    losses: tuple[Finding, ...]
    loss_count: int


LOSS_LIMIT = 1000


def format_of(path: str | os.PathLike[str]) -> str:
    """The wire format that an output's name stands for.

    Raises:
        UnknownFormat: the suffix says none; say ``to=``.
    """
    suffix = pathlib.Path(path).suffix.lower()
    try:
        return _SUFFIXES[suffix]
    except KeyError:
        raise UnknownFormat(
            f"无法从输出文件名判断格式：{os.fspath(path)}；请用 --format 指定 {'、'.join(FORMATS)} 之一",
            f"the output's name {os.fspath(path)} says no format: give one of {', '.join(FORMATS)}",
        ) from None


class _Losses:
    def __init__(self, explainer: Explainer) -> None:
        self.explainer = explainer
        self.shown: list[Finding] = []
        self.count = 0

    def note(self, problem: Problem, key: str | None = None, place: Place | None = None) -> None:
        self.count += 1
        if len(self.shown) < LOSS_LIMIT:
            self.shown.append(self.explainer.finding(problem, key, place or Place()))


def _scalar(element: Element, value: object) -> bool:
    """Whether every format can write the value, right or wrong."""
    lexical = element.lexical
    if isinstance(value, dict):
        return element.fact and list(value) == ["unknown"] and isinstance(value["unknown"], str)
    if lexical is None or isinstance(value, bool) or not isinstance(value, str | int):
        return lexical is not None and lexical.kind == "boolean" and isinstance(value, bool)
    if isinstance(value, int):
        return lexical.kind == "integer"
    return bool(value) and not _UNWRITABLE.search(value)


def _carry(record: type[Record], data: dict[str, Any], lost: list[Path], path: Path = ()) -> dict[str, Any]:
    """The part of a doubted record that can be written; the paths of the rest in ``lost``."""
    carried: dict[str, Any] = {}
    for element in elements(record):
        value, here = data.get(element.name), (*path, element.name)
        if value is None:
            continue
        if element.record is None:
            if _scalar(element, value):
                carried[element.name] = value
            else:
                lost.append(here)
        elif element.repeated and isinstance(value, list):
            records = [(position, item) for position, item in enumerate(value) if isinstance(item, dict)]
            lost.extend((*here, position) for position, item in enumerate(value) if not isinstance(item, dict))
            carried[element.name] = [
                _carry(element.record, item, lost, (*here, position)) for position, item in records
            ]
        elif not element.repeated and isinstance(value, dict):
            carried[element.name] = _carry(element.record, value, lost, here)
        else:
            lost.append(here)
    return carried


def _carried(located: Located, losses: _Losses) -> dict[str, Any] | None:
    """What is written of a record; every loss noted."""
    if not located.problems:
        return located.data
    key = key_of(located.kind, located.data)
    named: set[Path] = set()
    for problem in located.problems:
        if problem.id in _DROPPED:
            losses.note(problem, key, located.place)
        named.add(problem.path)
    if located.data is None:
        return None
    if located.clean or located.fits:
        return located.data
    lost: list[Path] = []
    carried = _carry(KINDS[located.kind], located.data, lost)
    by_path = {problem.path: problem for problem in located.problems if problem.id not in _DROPPED}
    for path in lost:
        if path in by_path:
            losses.note(by_path[path], key, located.place)
        elif path not in named:
            losses.note(
                Problem("KJ-SYS-022", path, facts={"title": str(path[-1]), "name": str(path[-1])}), key, located.place
            )
    return carried


def convert(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    target: str | os.PathLike[str],
    *,
    to: str | None = None,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    layout: str | None = None,
    local: LocalCodes | None = None,
    on: datetime.date | None = None,
    division: str | None = None,
    supplied: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    source_encoding: str | None = None,
    lossless: bool = False,
    force: bool = False,
    key: bytes | None = None,
    disclosure: str | os.PathLike[str] | None = None,
    limits: Limits | None = None,
    show_values: bool = False,
) -> Conversion:
    """Write ``source`` to ``target`` in another format; the target is whole or absent.

    What is written for a purpose has its record of the disclosure beside it; there is neither without the other.

    Args:
        source: what :func:`kunjing_exchange.validate` takes.
        target: a path, or ``-`` for standard output.
        to: target format, a purpose such as ``education:aid-list``, or a department's layout such as
            ``education:student`` for its own records; told by the target's suffix where it is not given.
        format: source format; told by the content where it is not given.
        layout: the department's layout that the source has; told by the content where it is not given.
        local: the place's own codes (:func:`kunjing_exchange.departments.local_codes`).
        on: day a department's data are as of, today where it is not given; for a purpose the day on which things have
            to be in force, the submission's last where it is not given.
        division: county of the department, where its file does not say.
        supplied: texts of a department's elements that no record holds, such as the operator of a message.
        encoding: of a text target: ``utf-8`` or ``gb18030``.
        source_encoding: of a text source; told by the content where it is not given.
        lossless: write nothing where anything would be lost.
        force: overwrite the target, and the record of the disclosure.
        key: of the pseudonyms, where the purpose has any.
        disclosure: where the record of the disclosure is written; the target's name and ``.disclosure.json`` where it
            is not given.

    Returns:
        How many records were written, and what could not be carried over, as findings.

    Raises:
        LossyConversion: ``lossless``, and something would be lost.
        UnreadableInput: the document is broken; a part of it is not written as if it were the whole.
        InvalidArgument: what a purpose needs is missing, or given without a purpose.
        OutputExists, UnknownFormat, MissingExtra
    """
    with open_source(source, format=format, encoding=source_encoding, limits=limits) as opened:
        losses = _Losses(Explainer(opened.name, policy.edition(), show_values=show_values))
        reader = open_reader(opened, layout, on=on, division=division, local=local)
        of = _purpose(reader, to, target, key, disclosure)
        with _outputs(target, disclosure, of, force=force) as (stream, record):
            if of is not None and record is not None:
                count = _write_purpose(reader, of, target, stream, record, encoding, losses, key, on)
            elif to is not None and ":" in to:
                count = _write_layout(reader, to, target, stream, encoding, losses, supplied)
            else:
                count = _write(reader, to or format_of(target), stream, encoding, losses)
            _refuse_broken(reader, opened.name)
            for problem in (*opened.problems, *reader.problems):
                if problem.id in _DROPPED:
                    losses.note(problem)
            if lossless and losses.count:
                first = losses.shown[0]
                count = losses.count
                raise LossyConversion(
                    f"有 {count} 处内容无法无损转换，未写出；第一处：{first.id} {first.message_zh}",
                    f"not lossless, nothing was written: {count} in all, the first {first.id} {first.message_en}",
                    losses=tuple(losses.shown),
                )
    return Conversion(count, tuple(losses.shown), losses.count)


def _purpose(
    reader: Reader,
    to: str | None,
    target: str | os.PathLike[str],
    key: bytes | None,
    disclosure: str | os.PathLike[str] | None,
) -> Purpose | None:
    """The purpose that is asked for, where one is, and whether what belongs to it was given.

    A department's own records go back to it in its own layout: that is no disclosure.
    """
    of = departments.purposes().get(to or "")
    own = departments.layouts().get(to or "")
    if of is not None and own is not None and _is_of(reader, own.department):
        of = None
    if of is None:
        if to is not None and ":" in to and to not in departments.layouts():
            known = departments.purposes()
            raise UnknownFormat(
                f"没有名为 {to} 的用途或部门格式；用途：{'、'.join(known)}；部门格式见 kunjing departments list",
                f"no purpose or layout {to}; purposes: {', '.join(known)}; layouts: kunjing departments list",
            )
        if key is not None or disclosure is not None:
            raise InvalidArgument(
                "密钥和提供记录只用于按用途提供数据", "a key and a record of disclosure belong to a purpose only"
            )
    elif disclosure is None and os.fspath(target) == "-":
        raise InvalidArgument(
            f"{of.name} 写到标准输出时须用 --disclosure 指定提供记录的文件",
            f"give the file of the record with --disclosure when {of.name} is written to standard output",
        )
    return of


def _is_of(reader: Reader, department: str) -> bool:
    """Whether the first record is a department's own."""
    first = next((located.data for located in reader if located.kind != "header"), None)
    return first is not None and first.get("department") == department


@contextlib.contextmanager
def _outputs(
    target: str | os.PathLike[str], disclosure: str | os.PathLike[str] | None, of: Purpose | None, *, force: bool
) -> Iterator[tuple[BinaryIO, BinaryIO | None]]:
    """The output, and for a purpose the record of its disclosure."""
    if of is None:
        with _whole_output(target, force=force) as stream:
            yield stream, None
        return
    beside = pathlib.Path(f"{os.fspath(target)}.disclosure.json" if disclosure is None else disclosure)
    recorded = False
    try:
        # The record takes its name first: nothing is ever there without it.
        with _whole_output(target, force=force) as stream:
            with open_output(beside, force=force) as record:
                yield stream, record
            recorded = True
    except BaseException:
        if recorded and os.fspath(target) != "-":  # what went to standard output has gone
            beside.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _whole_output(target: str | os.PathLike[str], *, force: bool) -> Iterator[BinaryIO]:
    """The output, given away only when everything went well; standard output too."""
    with open_output(target, force=force) as stream:
        if os.fspath(target) != "-":
            yield stream
            return
        with work_folder() as folder, (folder / "output").open("w+b") as spool:
            yield spool
            spool.seek(0)
            shutil.copyfileobj(spool, stream)


def _pieces(reader: Reader, losses: _Losses) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """What is written: (kind, record, whether it is in canonical form)."""
    for located in reader:
        data = _carried(located, losses)
        if data is not None:
            yield located.kind, data, reader.ordered and not located.problems


def _write(reader: Reader, to: str, stream: BinaryIO, encoding: str, losses: _Losses) -> int:
    pieces = _pieces(reader, losses)
    first = next(pieces, None)
    if first is None:
        open_writer(to, stream, encoding=encoding).close()
        return 0
    second = next(pieces, None)
    if first[0] == "header" and "sender_division" not in first[1] and second is not None:
        first, second = second, next(pieces, None)  # a department's one record stands alone, without our header
    if first[0] != "header" and second is None and to in ("xml", "json"):
        for problem in _write_single(to, stream, *first[:2], encoding):
            losses.note(problem)
        return 1
    if first[0] == "department_record":
        raise InvalidArgument(
            "文件没有说明来自哪个县区：请用 --division 指定行政区划代码",
            "the file does not say which county it comes from: give --division",
        )
    writer = open_writer(to, stream, encoding=encoding)
    count = 0
    for kind, data, canonical in itertools.chain((first, second) if second else (first,), pieces):
        writer.write(kind, data, canonical=canonical)
        count += kind != "header"
    writer.close()
    for problem in writer.losses:
        losses.note(problem)
    return count


def _write_single(to: str, stream: BinaryIO, kind: str, data: dict[str, Any], encoding: str) -> list[Problem]:
    if to == "xml":
        from kunjing_exchange.wire.xml import write_single
    else:
        from kunjing_exchange.wire.json import write_single
    return write_single(stream, kind, data, encoding=encoding)


def _layout_format(of: Layout, target: str | os.PathLike[str]) -> str:
    return {**_SUFFIXES, ".csv": "csv"}.get(pathlib.Path(target).suffix.lower(), of.formats[0])


def _write_purpose(
    reader: Reader,
    of: Purpose,
    target: str | os.PathLike[str],
    stream: BinaryIO,
    record: BinaryIO,
    encoding: str,
    losses: _Losses,
    key: bytes | None,
    on: datetime.date | None,
) -> int:
    """Write what the purpose lets through, and the record of the disclosure."""
    writer = PurposeWriter(stream, of, _layout_format(of.layout, target), encoding=encoding, key=key, on=on)
    for kind, data, _ in _pieces(reader, losses):
        writer.write(kind, data)
    writer.close()
    for problem in writer.losses:
        losses.note(problem)
    record.write(json.dumps(writer.disclosure(), ensure_ascii=False, indent=2).encode() + b"\n")
    return writer.count


def _write_layout(
    reader: Reader,
    name: str,
    target: str | os.PathLike[str],
    stream: BinaryIO,
    encoding: str,
    losses: _Losses,
    supplied: Mapping[str, str] | None,
) -> int:
    """Write a department's own records in its own layout. What leaves for another office needs a purpose."""
    of = departments.layout(name)
    writer = DepartmentWriter(stream, of, _layout_format(of, target), encoding=encoding, supplied=supplied)
    for kind, data, _ in _pieces(reader, losses):
        if kind != "header" and data.get("department") != of.department:
            raise InvalidArgument(
                f"{name} 只能写出该部门自己的数据；向其他单位提供数据须按用途（kunjing departments purposes）",
                f"{name} takes the department's own records; what goes to another office needs a purpose"
                " (kunjing departments purposes)",
            )
        writer.write(kind, data)
    writer.close()
    for problem in writer.losses:
        losses.note(problem)
    return writer.count


_BEARABLE = frozenset({"KJ-SYS-010", "KJ-SYS-012"})
"""A document without a header, or with something between its records, is whole all the same."""


def _refuse_broken(reader: Reader, name: str) -> None:
    for problem in reader.problems:
        entry = BUILT_IN[problem.id]
        if entry.severity is Severity.ERROR and entry.effect == "submission" and problem.id not in _BEARABLE:
            at = f"第 {problem.line} 行" if problem.line else ""
            at_en = f" line {problem.line}" if problem.line else ""
            raise UnreadableInput(
                f"{name}{at}:{entry.title_zh}({problem.id})，未转换",
                f"{name}{at_en}: {entry.title_en} ({problem.id}); nothing was converted",
                finding_id=problem.id,
                line=problem.line,
            )
