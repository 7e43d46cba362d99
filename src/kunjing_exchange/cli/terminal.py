"""What is written where: results to standard output or a file, notes to standard error; colour only on a terminal."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TextIO

from kunjing_exchange.errors import InvalidArgument

__all__ = ["columns", "note", "open_text", "painter", "prepare", "print_json", "progress", "refuse_binary", "silence"]

_BAR = 30
"""Characters of the whole bar."""
_COLOURS = {"error": "31", "warning": "33", "info": "36", "good": "32"}


def prepare() -> None:
    """Make sure that no character crashes a console that can't show it (cp936 on Chinese Windows)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def silence() -> None:
    """After a broken pipe: let the interpreter's own last flush go nowhere."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(text: str) -> None:
    """A line for people, on standard error."""
    with contextlib.suppress(BrokenPipeError):
        print(text, file=sys.stderr)


@contextlib.contextmanager
def progress(text: str) -> Iterator[Callable[[int, int], None] | None]:
    """A line on standard error that says how far the work is and goes when it ends; ``None`` where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    shown = -1

    def show(done: int, whole: int) -> None:
        nonlocal shown
        share = min(100, 100 * done // max(1, whole))
        if share > shown:
            shown = share
            bar = "#" * (share * _BAR // 100)
            print(f"\r{text} [{bar:<{_BAR}}] {share:3}%", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown >= 0:
            print("\r" + " " * (_width(text) + _BAR + 9) + "\r", end="", file=sys.stderr, flush=True)


def painter(stream: TextIO) -> Callable[[str, str], str]:
    """What colours a text, where the stream is a terminal that has colours and nobody said ``NO_COLOR``."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or os.name == "nt" or not stream.isatty():
        return lambda text, colour: text
    return lambda text, colour: f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"


def print_json(value: object, stream: TextIO) -> None:
    """Indented JSON and a newline; all ASCII where the stream is not UTF-8."""
    utf8 = codecs.lookup(stream.encoding or "ascii").name == "utf-8"
    stream.write(json.dumps(value, ensure_ascii=not utf8, indent=2) + "\n")


@contextlib.contextmanager
def open_text(path: str, *, force: bool = False, utf8: bool = False) -> Iterator[TextIO]:
    """Standard output for ``-``, else a UTF-8 file that is whole or absent.

    ``utf8``: standard output is UTF-8 too, whatever the console's encoding, because the document says so itself.
    """
    if path == "-" and not utf8:
        yield sys.stdout
        return
    from kunjing_exchange.wire import open_output

    with open_output(path, force=force) as binary:
        stream = io.TextIOWrapper(binary, encoding="utf-8", errors="backslashreplace", newline="\n")
        yield stream
        stream.flush()
        stream.detach()


def refuse_binary(path: str) -> None:
    """A workbook or an archive does not belong on a terminal.

    Raises:
        InvalidArgument: it would go there.
    """
    if path == "-" and sys.stdout.isatty():
        raise InvalidArgument(
            "这种格式不能显示在终端上，请用 -o 指定文件",
            "this format can't be shown on a terminal: give a file with -o",
        )


def _width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def columns(rows: Iterable[tuple[Any, ...]]) -> Iterator[str]:
    """Rows as lines of aligned columns; a Chinese character is two wide."""
    table = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(_width, cells)) for cells in zip(*table, strict=True)]
    for row in table:
        padded = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()
