"""From what the caller names to UTF-8 bytes on disk whose format is known.

Type by content, not by suffix. Decode order: byte order mark, XML declaration, strict UTF-8, GB18030; ``gb2312`` and
``gbk`` are decoded as GB18030, their superset, and said so. What isn't UTF-8 already, or comes from a pipe, is spooled.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import pathlib
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from kunjing_exchange.errors import UnknownFormat, UnreadableInput
from kunjing_exchange.findings import Problem
from kunjing_exchange.wire.record import KINDS, Limits
from kunjing_exchange.wire.spool import work_folder

__all__ = ["FORMATS", "Source", "open_source"]

FORMATS = ("xml", "json", "jsonl", "xlsx", "csv")
"""The wire formats. ``csv`` is a folder or a zip of sheets, or one of them alone."""

_BLOCK = 1024 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML_ENCODING = re.compile(rb"""^<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'][^>]*?\?>""")
_GB = {"gb2312", "gbk", "gb18030", "cp936", "gb-2312", "gb_2312-80", "x-gbk", "hz-gb-2312"}


@dataclass(slots=True)
class Source:
    """An input that is ready to be read: UTF-8 text without mark, or an archive.

    ``path`` is a file (a folder, for CSV), ``name`` what the user calls it, ``problems`` what there is to say about
    its encoding.
    """

    path: pathlib.Path
    name: str
    format: str
    encoding: str
    limits: Limits
    problems: list[Problem] = field(default_factory=list)

    @property
    def size(self) -> int:
        """In bytes; of a folder, what its files have together. An archive may hold some hundred times as much."""
        files = self.path.iterdir() if self.path.is_dir() else (self.path,)
        return sum(file.stat().st_size for file in files)


def _sniff_text(head: bytes, name: str) -> str:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        return "xml"
    if text.startswith((b"{", b"[")):
        first, _, _ = text.partition(b"\n")
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(first)
            if isinstance(value, dict) and len(value) == 1 and next(iter(value)) in KINDS:
                return "jsonl"
        # A first line that is broken but starts as a line of JSON Lines does: its records can still be told apart.
        if re.match(rb'\{"(?:%s)":' % "|".join(KINDS).encode(), text) and len(text) > len(first) + 1:
            following = text[len(first) :].lstrip()
            if following.startswith(b'{"'):
                return "jsonl"
        return "json"
    if any(mark in text.partition(b"\n")[0] for mark in (b",", b";", b"\t")):
        return "csv"
    raise UnknownFormat(
        f"无法识别文件格式：{name}（支持 XML、JSON、JSON Lines、XLSX、CSV）",
        f"can't tell the format of {name} (XML, JSON, JSON Lines, XLSX, CSV)",
    )


def _sniff_archive(path: pathlib.Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableInput(
            f"压缩文件已损坏：{name}", f"the archive is broken: {name}", finding_id="KJ-SYS-001"
        ) from None
    if any(entry == "xl/workbook.xml" for entry in names):
        return "xlsx"
    if any(entry.lower().endswith(".csv") for entry in names):
        return "csv"
    raise UnknownFormat(f"压缩文件里没有工作簿或 CSV:{name}", f"no workbook and no CSV in the archive {name}")


def _python_codec(label: str) -> str | None:
    if label.lower() in _GB:
        return "gb18030"
    try:
        return codecs.lookup(label).name
    except LookupError:
        return None


def _is_utf8(path: pathlib.Path) -> bool:
    """Whether a multi-byte character of UTF-8 comes before anything that is none, or nothing does that is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return not error.object[: error.start].isascii()
            if not block or not text.isascii():
                return True


def _decodes(path: pathlib.Path, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    with path.open("rb") as stream:
        try:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            return False
    return True


def _transcode(path: pathlib.Path, codec: str, target: pathlib.Path) -> bool:
    """Write ``path`` as UTF-8 without mark; false where bytes had to be replaced by U+FFFD."""
    clean = True
    decoder = codecs.getincrementaldecoder(codec)(errors="strict")
    with path.open("rb") as stream, target.open("wb") as output:
        block = stream.read(_BLOCK)
        while True:
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                clean = False
                break
            output.write(text.encode("utf-8"))
            if not block:
                break
            block = stream.read(_BLOCK)
    if not clean:
        with path.open("rb") as stream, target.open("wb") as output:
            replacing = codecs.getincrementaldecoder(codec)(errors="replace")
            while block := stream.read(_BLOCK):
                output.write(replacing.decode(block).encode("utf-8"))
            output.write(replacing.decode(b"", final=True).encode("utf-8"))
    return clean


def _encoding_of(path: pathlib.Path, head: bytes, wanted: str | None, name: str) -> str:
    if wanted:
        codec = _python_codec(wanted)
        if codec is None:
            raise UnreadableInput(f"未知的字符编码：{wanted}", f"unknown encoding: {wanted}")
        return codec
    for mark, codec in _BOMS:
        if head.startswith(mark):
            return codec
    declared = _XML_ENCODING.match(head)
    if declared and (codec_name := _python_codec(declared[1].decode())) is None:
        raise UnreadableInput(
            f"XML 声明的字符编码无法识别：{name}", f"the XML declaration names an unknown encoding: {name}"
        )
    if declared and codec_name not in ("utf-8", None):
        return codec_name
    return "gb18030" if not _is_utf8(path) and _decodes(path, "gb18030") else "utf-8"


@contextlib.contextmanager
def open_source(
    source: str | os.PathLike[str] | bytes | BinaryIO,
    *,
    format: str | None = None,  # noqa: A002 - the command line's name for it
    encoding: str | None = None,
    limits: Limits | None = None,
    name: str | None = None,
) -> Iterator[Source]:
    """Make an input ready: a path, ``-`` for standard input, bytes, or a binary stream.

    Raises:
        UnreadableInput: it can't be opened or is a broken archive.
        UnknownFormat: its content is none of :data:`FORMATS`.
    """
    limits = limits or Limits()
    if format is not None and format not in FORMATS:
        raise UnknownFormat(f"不支持的格式：{format}", f"format not supported: {format}; one of {', '.join(FORMATS)}")
    with contextlib.ExitStack() as stack:
        folder: pathlib.Path | None = None

        def spool_file(suffix: str) -> pathlib.Path:
            nonlocal folder
            if folder is None:
                folder = stack.enter_context(work_folder())
            return folder / f"input{suffix}"

        if isinstance(source, bytes) or hasattr(source, "read") or source == "-":
            stream = sys.stdin.buffer if source == "-" else source
            path = spool_file(".raw")
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
                if isinstance(stream, bytes):
                    output.write(stream)
                else:
                    while block := stream.read(_BLOCK):
                        output.write(block)
            name = name or ("<stdin>" if source == "-" else "<memory>")
        else:
            path = pathlib.Path(os.fspath(source))
            name = name or str(path)
        if path.is_dir():
            yield Source(path, name, "csv", "utf-8", limits)
            return
        try:
            with path.open("rb") as opened:
                head = opened.read(_BLOCK)
        except OSError as error:
            raise UnreadableInput(
                f"打不开文件：{name}({error.strerror})", f"can't open {name}: {error.strerror}", finding_id="KJ-SYS-001"
            ) from None
        if head.startswith(b"PK\x03\x04") or format == "xlsx":
            yield Source(path, name, format or _sniff_archive(path, name), "utf-8", limits)
            return
        if not head.strip():
            raise UnreadableInput(f"文件是空的：{name}", f"the file is empty: {name}", finding_id="KJ-SYS-001")
        codec = _encoding_of(path, head, encoding, name)
        problems = []
        if codec not in ("utf-8", "ascii"):
            target = spool_file(".txt")
            clean = _transcode(path, codec, target)
            with target.open("rb") as opened:
                head = opened.read(_BLOCK)
            path = target
            if codec != "utf-8-sig":
                problems.append(Problem("KJ-SYS-007", facts={"encoding": codec.upper()}))
            if not clean:
                problems.append(Problem("KJ-SYS-008", facts={"encoding": codec.upper()}))
        yield Source(path, name, format or _sniff_text(head, name), codec.removesuffix("-sig"), limits, problems)
