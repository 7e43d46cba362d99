"""A folder, or a zip, of CSV files (RFC 4180), or one alone: bytes ↔ named sheets of rows, one file a sheet.

What Excel saves is read: with or without byte order mark, in UTF-8 or the GBK of a Chinese Windows, separated by comma,
semicolon or tab. What is written is UTF-8 with a byte order mark. Formulas are not escaped: the files are for exchange
and are read back as they were written.
"""

from __future__ import annotations

import bisect
import codecs
import contextlib
import csv
import io
import os
import pathlib
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO

from kunjing_exchange.errors import OutputExists, UnreadableInput
from kunjing_exchange.findings import Problem
from kunjing_exchange.wire.cells import Cell, Fault, Row, SheetForm
from kunjing_exchange.wire.record import Limits
from kunjing_exchange.wire.spool import work_folder
from kunjing_exchange.wire.xlsx import check_archive

__all__ = ["CsvFiles", "CsvFolderSink", "CsvZipSink"]

_BLOCK = 1024 * 1024
_SUFFIX = ".csv"
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_EPOCH = (1980, 1, 1, 0, 0, 0)

Opener = Callable[[], BinaryIO]


class CsvFiles:
    """A folder or zip of CSV files, or one file, that is open for reading. Nothing is ever unpacked to disk.

    Raises:
        UnreadableInput: the zip is broken, encrypted or over a limit.
    """

    def __init__(self, path: pathlib.Path, name: str, limits: Limits) -> None:
        self.problems: list[Problem] = []
        self._name = name
        self._archive: zipfile.ZipFile | None = None
        self._breaks: dict[str, list[int]] = {}
        if path.is_dir():
            try:
                files = sorted(file for file in path.iterdir() if file.is_file())
            except OSError:
                raise _unreadable(name) from None
            found: list[tuple[str, Opener]] = [(file.name, _file_opener(file)) for file in files]
        elif not zipfile.is_zipfile(path):
            found = [(pathlib.PurePath(name).stem + _SUFFIX, _file_opener(path))]
        else:
            check_archive(path, name, limits)
            self._archive = zipfile.ZipFile(path)
            found = [(_entry_name(entry), self._entry_opener(entry)) for entry in self._archive.infolist()]
        self._openers: dict[str, Opener] = {}
        for file, opener in found:
            stem, suffix = os.path.splitext(file)
            if suffix.lower() == _SUFFIX and not stem.startswith("."):
                same = (stem, *(f"{stem} ({number})" for number in range(2, len(found) + 1)))
                self._openers[next(name for name in same if name not in self._openers)] = opener

    def __enter__(self) -> CsvFiles:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._archive is not None:
            self._archive.close()

    def _entry_opener(self, entry: zipfile.ZipInfo) -> Opener:
        archive = self._archive
        assert archive is not None  # noqa: S101 - set by the one caller
        # an archive member is a binary stream to read, which is all that is asked of it
        return lambda: archive.open(entry)  # type: ignore[return-value]

    def names(self) -> tuple[str, ...]:
        """The files' names without suffix."""
        return tuple(self._openers)

    def label(self, name: str) -> str:
        """The file's name."""
        return name + _SUFFIX

    def line(self, name: str, row: int) -> int | None:
        """The line on which a row begins: rows with line breaks inside push the later ones down."""
        return row + bisect.bisect_left(self._breaks.get(name, []), row)

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a file that are not blank."""
        opener = self._openers[name]
        try:
            encoding, errors = _encoding(opener)
            if encoding not in ("utf-8", "utf-8-sig"):
                self._tell("KJ-SYS-007", name, 1, {"encoding": encoding.upper()})
            with opener() as stream, io.TextIOWrapper(stream, encoding, errors, newline="") as text:
                yield from self._parse(name, text, Fault("KJ-SYS-008", {"encoding": encoding.upper()}))
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
            raise _unreadable(self._name) from None

    def _tell(self, finding: str, name: str, row: int, facts: dict[str, str]) -> None:
        self.problems.append(
            Problem(finding, line=self.line(name, row), cell=f"{self.label(name)}!A{row}", facts=facts)
        )

    def _parse(self, name: str, text: io.TextIOWrapper, undecodable: Fault) -> Iterator[Row]:
        breaks = self._breaks[name] = []
        replaced = text.errors == "replace"
        first = text.readline()
        reader = csv.reader(_chain(first, text), delimiter=_separator(first), strict=True)
        row = 0
        while True:
            before, row = reader.line_num, row + 1
            try:
                texts = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                # an open quote swallows what follows; anything else spoils its own row only
                lost = "unexpected end" in str(error) or "field larger" in str(error)
                self._tell("KJ-SYS-001" if lost else "KJ-SYS-002", name, row, {})
                if lost:
                    return
                continue
            finally:
                breaks.extend([row] * (reader.line_num - before - 1))
            cells: dict[int, Cell] = {column: value for column, value in enumerate(texts) if value}
            if replaced:
                cells |= {column: undecodable for column, value in enumerate(texts) if "\ufffd" in value}
            if cells:
                yield row, cells


def _unreadable(name: str) -> UnreadableInput:
    return UnreadableInput(f"读不出文件:{name}", f"can't read {name}", finding_id="KJ-SYS-001")


def _chain(first: str, rest: io.TextIOWrapper) -> Iterator[str]:
    yield first
    yield from rest


def _file_opener(file: pathlib.Path) -> Opener:
    return lambda: file.open("rb")


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """The last part of an entry's name. Without the UTF-8 flag it is as Windows wrote it: GBK, not cp437."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        for encoding in ("gb18030", "utf-8"):  # the last one that fits
            with contextlib.suppress(UnicodeError):
                name = entry.filename.encode("cp437").decode(encoding)
    return re.split(r"[/\\]", name)[-1]


def _encoding(opener: Opener) -> tuple[str, str]:
    """(encoding, errors): byte order mark, strict UTF-8, GB18030; ``replace`` where the file is none of them whole."""
    with opener() as stream:
        head = stream.read(4)
    for mark, marked in _MARKS:
        if head.startswith(mark):
            return marked, "strict" if _fits(opener, marked)[0] else "replace"
    whole, multibyte = _fits(opener, "utf-8")
    if whole:
        return "utf-8", "strict"
    if _fits(opener, "gb18030")[0]:
        return "gb18030", "strict"
    return "utf-8" if multibyte else "gb18030", "replace"


def _fits(opener: Opener, encoding: str) -> tuple[bool, bool]:
    """(the whole file decodes, something beyond ASCII was seen before the first bad byte)."""
    decoder = codecs.getincrementaldecoder(encoding)()
    multibyte = False
    with opener() as stream:
        while True:
            block = stream.read(_BLOCK)
            try:
                multibyte = not decoder.decode(block, final=not block).isascii() or multibyte
            except UnicodeDecodeError as error:
                return False, multibyte or not error.object[: error.start].isascii()
            if not block:
                return True, multibyte


def _separator(heading: str) -> str:
    bare = re.sub('"[^"]*"', "", heading)
    return max(",\t;", key=bare.count)


class CsvFolderSink:
    """A folder of CSV files being written, beside its place until it is whole.

    Raises:
        OutputExists: the folder is there already and ``force`` is not set.
    """

    max_rows: int | None = None

    def __init__(self, path: str | os.PathLike[str], forms: Sequence[SheetForm], *, force: bool = False) -> None:
        self._target = pathlib.Path(path)
        if self._target.exists() and not force:
            raise OutputExists(
                f"输出文件夹已存在:{self._target}(用 --force 覆盖)",
                f"the output exists: {self._target} (--force overwrites)",
                path=str(self._target),
            )
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix=f".{self._target.name}.", dir=self._target.parent))
        self._files = _Files(self._folder, forms)

    def append(self, title: str, texts: list[str]) -> None:
        """Write the next row of a file."""
        self._files.append(title, texts)

    def close(self) -> None:
        """Give the folder its name."""
        self._files.close()
        mask = os.umask(0)
        os.umask(mask)
        self._folder.chmod(0o777 & ~mask)
        if self._target.is_dir():
            shutil.rmtree(self._target)
        else:
            self._target.unlink(missing_ok=True)
        self._folder.rename(self._target)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._files.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class CsvZipSink:
    """A zip of CSV files being written; its bytes depend on the records alone."""

    max_rows: int | None = None

    def __init__(self, stream: BinaryIO, forms: Sequence[SheetForm]) -> None:
        self._stream = stream
        self._stack = contextlib.ExitStack()
        self._folder = self._stack.enter_context(work_folder())
        self._forms = forms
        self._files = _Files(self._folder, forms)

    def append(self, title: str, texts: list[str]) -> None:
        """Write the next row of a file."""
        self._files.append(title, texts)

    def close(self) -> None:
        """Write the archive to the stream."""
        with self._stack:
            self._files.close()
            with zipfile.ZipFile(self._stream, "w", zipfile.ZIP_DEFLATED) as archive:
                for form in self._forms:
                    entry = zipfile.ZipInfo(form.title + _SUFFIX, _EPOCH)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    entry.create_system, entry.external_attr = 3, 0o644 << 16
                    source = self._folder / entry.filename
                    entry.file_size = source.stat().st_size
                    with source.open("rb") as opened, archive.open(entry, "w") as output:
                        shutil.copyfileobj(opened, output, _BLOCK)

    def discard(self) -> None:
        """Leave nothing behind."""
        self._files.close()
        self._stack.close()


class _Files:
    """One open CSV file for each sheet."""

    def __init__(self, folder: pathlib.Path, forms: Sequence[SheetForm]) -> None:
        self._stack = contextlib.ExitStack()
        self._writers: dict[str, Any] = {}
        for form in forms:
            path = folder / f"{form.title}{_SUFFIX}"
            stream = self._stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            self._writers[form.title] = csv.writer(stream)
            self.append(form.title, [column.heading for column in form.columns])

    def append(self, title: str, texts: list[str]) -> None:
        self._writers[title].writerow(texts)

    def close(self) -> None:
        self._stack.close()
