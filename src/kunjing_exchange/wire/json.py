"""JSON documents and JSON Lines: located plain records from bytes, and back.

Neither reader holds more than one record and a window of text, whatever the size of the file. What the standard library
lets pass (repeated keys, NaN, floats where none belong) is a finding; nothing a file says ends in a traceback.

Source: RFC 8259 (JSON), the JSON Lines convention of one value a line.
"""

from __future__ import annotations

import codecs
import collections
import contextlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from kunjing_exchange.findings import Path, Problem, clip
from kunjing_exchange.model import RECORDS, TOP_RECORDS, VERSION
from kunjing_exchange.wire.json_schema import accepts, explain
from kunjing_exchange.wire.record import (
    KINDS,
    OWN_KEYS,
    Limits,
    Located,
    Part,
    Place,
    Plain,
    arrange,
    canonical_json,
    read_json,
)
from kunjing_exchange.wire.source import Source
from kunjing_exchange.wire.spool import work_folder

__all__ = ["JsonLinesReader", "JsonLinesWriter", "JsonReader", "JsonWriter", "write_single"]

_BLOCK = 256 * 1024
_SPACE = re.compile(r"[ \t\n\r]*")
_SPACES = b" \t\n\r"
_FIRST_KEY = re.compile(r'\{[ \t\n\r]*"([^"\\]{1,80})"')
_LINE_KIND = re.compile(rb'[ \t]*\{[ \t]*"(%s)"[ \t]*:' % "|".join(KINDS).encode())
_FRACTION = re.compile(rb"[.][0-9]+[,}\]]")
"""JSON Schema takes 1.0 for an integer; we don't. A number ends so, and hardly a text."""
_STRUCTURE = re.compile(r'["{}\[\]]')
_SCALAR_END = re.compile(r"[,}\]]")
_STRING_END = re.compile(r'["\\]')
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST_LITERAL = len("-Infinity") + len("\\ud800\\udc00")


# --- one value -----------------------------------------------------------------------------------------------------
class _OverLimit(Exception):
    """A value that can't be held."""

    def __init__(self, limit: str, maximum: int) -> None:
        super().__init__(limit)
        self.problem = _over_limit(limit, maximum)


class _Repeated(dict[str, Any]):
    """An object in which keys were repeated."""

    names: tuple[str, ...] = ()


class _Parser:
    """One JSON value by the standard library's scanner; ``doubtful`` where that is laxer than JSON or our schema."""

    def __init__(self, limits: Limits) -> None:
        self.doubtful = False
        self._limits = limits
        self._decode = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=self._float, parse_int=self._integer, parse_constant=self._float
        ).raw_decode

    def parse(self, text: str, at: int) -> tuple[Any, int]:
        """The value that starts at ``at``, and where it ends.

        Raises:
            json.JSONDecodeError: its syntax is broken, or the text ends before it does.
            _OverLimit: it is nested too deeply or has too long a number.
        """
        self.doubtful = False
        try:
            return self._decode(text, at)
        except json.JSONDecodeError:
            raise
        except RecursionError:
            raise _OverLimit("depth", self._limits.depth) from None
        except ValueError:
            raise _OverLimit("integer_digits", sys.get_int_max_str_digits()) from None

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(pairs)
        if len(data) == len(pairs):
            return data
        self.doubtful = True
        repeated = _Repeated(data)
        counts = collections.Counter(name for name, _ in pairs)
        repeated.names = tuple(name for name, count in counts.items() if count > 1)
        return repeated

    def _float(self, text: str) -> float:
        self.doubtful = True
        return float(text)

    def _integer(self, text: str) -> int:
        self.doubtful = self.doubtful or text.startswith("-")  # -0 counts as 0 but is not written so
        return int(text)


def _over_limit(limit: str, maximum: int) -> Problem:
    return Problem("KJ-SYS-004", facts={"limit": limit, "maximum": str(maximum)})


def _beyond(data: object, limits: Limits) -> Problem | None:
    """What of a value is too deep or too long."""
    level = [data]
    for _ in range(limits.depth):
        inner: list[object] = []
        for value in level:
            if isinstance(value, dict):
                inner += value.keys()
                inner += value.values()
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str) and len(value) > limits.text_length:
                return _over_limit("text_length", limits.text_length)
        level = inner
        if not level:
            return None
    return _over_limit("depth", limits.depth)


def _settle(value: Any, path: Path, problems: list[Problem]) -> Any:
    """The value as it can be handed on: repeated keys reported, lone surrogates (no text has them) as U+FFFD."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_settle(item, (*path, position), problems) for position, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if isinstance(value, _Repeated):
        for name in map(clip, value.names):
            problems.append(Problem("KJ-SYS-005", (*path, name), facts={"name": name}))
    return {_SURROGATE.sub("\ufffd", name): _settle(item, (*path, name), problems) for name, item in value.items()}


def _judged(located: Located, value: Any, *, doubtful: bool, limits: Limits) -> Located:
    """The record with its data, or with what is wrong with it."""
    kind = located.kind
    if not doubtful and accepts(kind, value):
        located.data = value
    else:
        beyond = _beyond(value, limits)
        if beyond is not None:
            located.problems.append(beyond)
            return located
        settled = _settle(value, (), located.problems)
        del located.problems[limits.problems_per_record :]
        located.problems += explain(kind, value, limits.problems_per_record)
        if isinstance(settled, dict):
            located.data = settled
    if kind == "header" and located.data is not None:
        version = located.data.get("version")
        if isinstance(version, str) and version != VERSION:
            facts = {"name": "version", "value": version, "expected": VERSION}
            located.problems.append(Problem("KJ-SYS-009", ("version",), facts=facts))
    return located


def _bare_kind(value: dict[str, Any]) -> str | None:
    """The kind of a record that stands without its kind's name, by its key."""
    return next((kind for kind, key in OWN_KEYS.items() if key in value), None)


class _Document:
    """What both readers keep of the document as a whole."""

    ordered = False

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._limits = source.limits
        self._parser = _Parser(source.limits)
        self.stopped, self.lines, self.orderly = 0, 0, True
        self._restart()

    def _restart(self) -> None:
        self.problems.clear()
        self._header_seen = False
        self._count = 0

    def _report(self, id_: str, line: int | None, **facts: str) -> None:
        """Note a problem of the document; a hostile file doesn't make a list without end."""
        room = self._limits.problems_per_record - len(self.problems)
        if room > 0:
            self.problems.append(Problem(id_, line=line, facts=facts))
        elif room == 0:
            self.problems.append(_over_limit("problems_per_record", self._limits.problems_per_record))

    def _next(self, kind: str, place: Place) -> Located:
        if kind != "header":
            self._count += 1
            return Located(self._count, kind, None, place)
        if self._count:
            self._report("KJ-SYS-011", place.line)
        self._header_seen = True
        return Located(0, kind, None, place)


# --- JSON Lines ----------------------------------------------------------------------------------------------------
class JsonLinesReader(_Document):
    """Records of a JSON Lines file: ``{"header": {…}}``, then ``{"case_file": {…}}`` and the like, one a line.

    A line that can't be read is one record lost (``KJ-SYS-002``, ``004``, ``008``) and is taken for a case file where
    it doesn't say what it is. A single line without header is a record alone.
    """

    def __iter__(self) -> Iterator[Located]:
        yield from self.read(Part())
        if not self._header_seen and self._count != 1:
            self._report("KJ-SYS-010", None)

    def cut(self, wanted: int) -> int:
        """See :class:`~kunjing_exchange.wire.record.PartReader`: lines end where they seem to."""
        with self._source.path.open("rb") as stream:
            stream.seek(wanted)
            stream.readline(self._limits.record_bytes)
            return stream.tell()

    def read(self, part: Part) -> Iterator[Located]:
        """See :class:`~kunjing_exchange.wire.record.PartReader`."""
        self._restart()
        self._header_seen = part.start > 0
        self.lines, self.stopped, self.orderly = 0, part.start, True
        # every read lets another thread have the interpreter: a few large ones, not one for every record
        with self._source.path.open("rb", _BLOCK) as stream:
            stream.seek(part.start)
            while part.end is None or self.stopped < part.end:
                line, length = self._line(stream)
                if not line:
                    return
                offset, self.stopped = self.stopped, self.stopped + length
                self.lines += 1
                if line.strip(_SPACES):
                    located = self._record(line, Place(line=self.lines, offset=offset, length=length))
                    if located is not None:
                        yield located

    def _line(self, stream: BinaryIO) -> tuple[bytes, int]:
        """A line and its length; of one over the limit only its beginning."""
        line = stream.readline(self._limits.record_bytes + 1)
        length = len(line)
        if length > self._limits.record_bytes:
            rest = line
            while rest and not rest.endswith(b"\n"):
                rest = stream.readline(_BLOCK)
                length += len(rest)
        return line, length

    def _record(self, line: bytes, place: Place) -> Located | None:
        return self._accepted(line, place) or self._examined(line, place)

    def _accepted(self, line: bytes, place: Place) -> Located | None:
        """The record of a line that a program wrote and the schema accepts; ``None`` where there is any doubt.

        Written again, the value has to give the same bytes: so no key is repeated, and nothing is read into a number.
        """
        if len(line) > self._limits.record_bytes:
            return None
        text = line.rstrip(b"\r\n")
        try:
            value = read_json(text)
        except ValueError:
            return None
        if type(value) is not dict or len(value) != 1 or canonical_json(value) != text or _FRACTION.search(text):
            return None
        ((kind, record),) = value.items()
        if kind not in TOP_RECORDS or not accepts(kind, record):
            return None
        located = self._next(kind, place)
        located.data, located.raw = record, text[len(kind) + 4 : -1]
        return located

    def _examined(self, line: bytes, place: Place) -> Located | None:
        try:
            if len(line) > self._limits.record_bytes:
                raise _OverLimit("record_bytes", self._limits.record_bytes)
            text = line.decode()
            value, end = self._parser.parse(text, _space_end(text, 0))
            if _space_end(text, end) != len(text):
                raise json.JSONDecodeError("Extra data", "", 0)
        except _OverLimit as error:
            return self._lost(line, place, error.problem)
        except UnicodeDecodeError:
            return self._lost(line, place, Problem("KJ-SYS-008", facts={"encoding": "UTF-8"}))
        except json.JSONDecodeError:
            if not line.endswith(b"\n"):
                self._report("KJ-SYS-001", place.line)
            return self._lost(line, place, Problem("KJ-SYS-002"))
        kind, record = self._unwrap(value, place)
        self.orderly = self.orderly and (kind != "header" or not self._header_seen)
        if kind is None or (kind == "header" and self._header_seen):
            self._report("KJ-SYS-012" if kind is None else "KJ-SYS-011", place.line)
            return None
        located = self._next(kind, place)
        if isinstance(value, _Repeated):
            located.problems.append(Problem("KJ-SYS-005", facts={"name": clip(value.names[0])}))
        return _judged(located, record, doubtful=self._parser.doubtful, limits=self._limits)

    def _unwrap(self, value: object, place: Place) -> tuple[str | None, object]:
        if not isinstance(value, dict):
            return None, None
        kinds = [name for name in value if name in KINDS]
        if not kinds:
            return _bare_kind(value), value
        for name in value:
            if name != kinds[0]:
                self._report("KJ-SYS-012", place.line, name=clip(name))
        return kinds[0], value[kinds[0]]

    def _lost(self, line: bytes, place: Place, problem: Problem) -> Located:
        named = _LINE_KIND.match(line)
        located = self._next(named[1].decode() if named else "case_file", place)
        located.problems.append(problem)
        return located

    def locate(self, place: Place, path: Path) -> tuple[int | None, str | None]:
        """The record's line: it has only one."""
        return place.line, None


def _space_end(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


# --- a JSON document -----------------------------------------------------------------------------------------------
class _Broken(Exception):
    """The document's syntax is broken at a position of the window."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.at = at


class _Window:
    """A document as text, of which only what is being read is in memory.

    ``offset`` and ``line`` are those of the character at ``at``. Bytes that aren't UTF-8 are kept as lone surrogates.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.text = ""
        self.at = 0
        self.offset = 0
        self.line = 1
        self.ended = False
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    @property
    def ahead(self) -> int:
        """Characters that are in memory and not yet passed."""
        return len(self.text) - self.at

    def more(self) -> None:
        """Read on, at least doubling what is ahead, and forget what was passed."""
        ahead = self.text[self.at :]
        block = self._stream.read(max(_BLOCK, len(ahead)))
        self.ended = not block
        self.text = ahead + self._decoder.decode(block, final=self.ended)
        self.at = 0

    def advance(self, to: int) -> bytes:
        """Pass everything before ``to``; its bytes."""
        passed = self.text[self.at : to].encode("utf-8", "surrogateescape")
        self.line += passed.count(b"\n")
        self.offset += len(passed)
        self.at = to
        return passed

    def peek(self) -> str:
        """The next character that is no white space, or nothing at the end."""
        while True:
            self.advance(_space_end(self.text, self.at))
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                return ""
            self.more()

    def take(self, wanted: str) -> None:
        """Pass one character.

        Raises:
            _Broken: another one is there.
        """
        if self.peek() != wanted:
            raise _Broken(self.at)
        self.advance(self.at + 1)

    def skip_value(self) -> None:
        """Pass a value of any size without holding or parsing it."""
        first = self.peek()
        if first not in ('"', "{", "["):
            self._pass_to(_SCALAR_END)
            return
        depth = 0
        while True:
            self._pass_to(_STRUCTURE)
            char = self.text[self.at]
            self.advance(self.at + 1)
            if char == '"':
                self._skip_string()
            else:
                depth += 1 if char in "{[" else -1
            if depth <= 0:
                return

    def _skip_string(self) -> None:
        while True:
            self._pass_to(_STRING_END)
            if self.text[self.at] == '"':
                self.advance(self.at + 1)
                return
            while self.ahead < 2 and not self.ended:
                self.more()
            self.advance(min(self.at + 2, len(self.text)))

    def _pass_to(self, pattern: re.Pattern[str]) -> None:
        while (match := pattern.search(self.text, self.at)) is None:
            self.advance(len(self.text))
            if self.ended:
                raise _Broken(self.at)
            self.more()
        self.advance(match.start())


class JsonReader(_Document):
    """Records of a JSON document: ``{"header": {…}, "case_file": [{…}, …], …}``, or one record alone.

    A break (``KJ-SYS-001``, with line, ``index`` and ``offset`` as facts) ends the reading; the records before it are
    delivered.
    """

    def __iter__(self) -> Iterator[Located]:
        self._restart()
        self._index: int | None = None
        self._listed = False
        self._unlisted: list[Problem] = []
        with self._source.path.open("rb") as stream:
            window = _Window(stream)
            try:
                if window.peek() == "{":
                    yield from self._document(window)
                if window.peek():
                    self._report("KJ-SYS-012", window.line)
            except _Broken as broken:
                line = window.line + window.text.count("\n", window.at, broken.at)
                offset = window.offset + len(window.text[window.at : broken.at].encode("utf-8", "surrogateescape"))
                facts: dict[str, str] = {} if self._index is None else {"index": str(self._index)}
                self._report("KJ-SYS-001", line, offset=str(offset), **facts)
        if self._header_seen or self._listed or self._count != 1:  # else it is one record alone
            self.problems += self._unlisted
            if not self._header_seen:
                self._report("KJ-SYS-010", None)

    def _document(self, window: _Window) -> Iterator[Located]:
        bare = self._bare_record(window)
        if bare is not None:
            yield from self._record(window, bare)
            return
        window.take("{")
        if window.peek() == "}":
            window.take("}")
            return
        seen: set[str] = set()
        while True:
            yield from self._member(window, seen)
            if window.peek() != ",":
                break
            window.take(",")
        window.take("}")

    def _bare_record(self, window: _Window) -> str | None:
        """The kind of the record that the whole document is."""
        first = _FIRST_KEY.match(window.text, window.at)
        if first is None or first[1] in KINDS:
            return None
        try:
            value, _ = self._value(window)
        except _Broken:
            owners = (kind for kind in OWN_KEYS if first[1] in RECORDS[kind].model_fields)
            return next(owners, None)
        except _OverLimit:
            return None
        return None if value.keys() & KINDS.keys() else _bare_kind(value)

    def _member(self, window: _Window, seen: set[str]) -> Iterator[Located]:
        if window.peek() != '"':
            raise _Broken(window.at)
        line = window.line
        try:
            name, end = self._value(window)
        except _OverLimit:
            raise _Broken(window.at) from None
        window.advance(end)
        window.take(":")
        if name not in KINDS:
            self._report("KJ-SYS-012", line, name=clip(name))
            window.skip_value()
        elif name != "header":
            if name in seen:
                self._report("KJ-SYS-005", line, name=name)
            seen.add(name)
            yield from self._records(window, name)
        elif self._header_seen:
            self._report("KJ-SYS-011", line)
            window.skip_value()
        else:
            yield from self._record(window, name)

    def _records(self, window: _Window, kind: str) -> Iterator[Located]:
        facts = {"name": kind, "title": KINDS[kind].title()}
        if window.peek() != "[":
            self._unlisted.append(Problem("KJ-SYS-022", line=window.line, facts={**facts, "expected": "array"}))
            yield from self._record(window, kind)
            return
        self._index = 0
        self._listed = True
        window.take("[")
        if window.peek() == "]":
            self._report("KJ-SYS-028", window.line, **facts)
        else:
            while True:
                yield from self._record(window, kind)
                self._index += 1
                if window.peek() != ",":
                    break
                window.take(",")
        window.take("]")
        self._index = None

    def _record(self, window: _Window, kind: str) -> Iterator[Located]:
        window.peek()
        line, offset = window.line, window.offset
        limits = self._limits
        try:
            value, end = self._value(window)
            raw = window.advance(end)
            if len(raw) > limits.record_bytes:
                raise _OverLimit("record_bytes", limits.record_bytes)
        except _Broken as broken:
            place = Place(line=line, index=self._index, offset=offset)
            if kind == "header" or window.peek() not in ("", "]", "}"):
                located = self._next(kind, place)
                located.problems.append(Problem("KJ-SYS-002"))
                yield located
            raise broken from None
        except _OverLimit as over:
            if window.offset == offset:
                window.skip_value()
            located = self._next(kind, Place(line, self._index, offset, window.offset - offset))
            located.problems.append(over.problem)
            yield located
            return
        located = self._next(kind, Place(line, self._index, offset, len(raw)))
        if raw.isascii() or _is_utf8(raw):
            yield _judged(located, value, doubtful=self._parser.doubtful, limits=limits)
        else:
            located.problems.append(Problem("KJ-SYS-008", facts={"encoding": "UTF-8"}))
            yield located

    def _value(self, window: _Window) -> tuple[Any, int]:
        """The value ahead, and where in the window it ends.

        Raises:
            _Broken: its syntax is broken or the document ends in it.
            _OverLimit: it is too long, too deep or has too long a number.
        """
        while True:
            try:
                value, end = self._parser.parse(window.text, window.at)
            except json.JSONDecodeError as error:
                cut_off = error.msg.startswith("Unterminated") or len(window.text) - error.pos <= _LONGEST_LITERAL
                if window.ended or not cut_off:
                    raise _Broken(len(window.text) if cut_off and window.ended else error.pos) from None
            else:
                if end < len(window.text) or window.ended:
                    return value, end
            if window.ahead > self._limits.record_bytes:
                raise _OverLimit("record_bytes", self._limits.record_bytes)
            window.more()

    def locate(self, place: Place, path: Path) -> tuple[int | None, str | None]:
        """The line of the value at ``path``, or of the nearest parent that is there."""
        if place.line is None or place.offset is None or place.length is None:
            return place.line, None
        if place.length > self._limits.record_bytes:
            return place.line, None
        with self._source.path.open("rb") as stream:
            stream.seek(place.offset)
            text = stream.read(place.length).decode("utf-8", "surrogateescape")
        return place.line + text.count("\n", 0, self._position(text, path)), None

    def _position(self, text: str, path: Path) -> int:
        at = 0
        with contextlib.suppress(json.JSONDecodeError, _OverLimit, IndexError):
            for step in path:
                found = self._child(text, at, step)
                if found is None:
                    break
                at = found
        return at

    def _child(self, text: str, at: int, step: str | int) -> int | None:
        """Where in an object or array the value of a key or position starts."""
        if text[at] != ("[" if isinstance(step, int) else "{"):
            return None
        position = 0
        at = _space_end(text, at + 1)
        while text[at] not in "]}":
            key: object = position
            if not isinstance(step, int):
                key, at = self._parser.parse(text, at)
                at = _space_end(text, _space_end(text, at) + 1)
            if key == step:
                return at
            _, at = self._parser.parse(text, at)
            at = _space_end(text, at)
            if text[at] == ",":
                at = _space_end(text, at + 1)
            position += 1
        return None


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


# --- writing -------------------------------------------------------------------------------------------------------
class JsonLinesWriter:
    """Canonical JSON Lines: compact, fields in the model's order.

    ``encoding`` may be ``gb18030`` for receivers that ask for it; RFC 8259 asks for UTF-8.
    """

    def __init__(self, stream: BinaryIO, *, encoding: str = "utf-8") -> None:
        self.losses: list[Problem] = []
        self._stream = stream
        self._encoding = encoding

    def write(self, kind: str, data: Plain, *, canonical: bool = False) -> None:
        """Write one record; fields that the model does not have are left out and named in ``losses``."""
        line = b'{"%s":%s}\n' % (kind.encode(), _canonical(kind, data, self.losses, canonical=canonical))
        self._stream.write(_recoded(line, self._encoding))

    def close(self) -> None:
        """Nothing is left to do; the stream stays open."""


class JsonWriter:
    """A canonical JSON document: the header, then an array a kind in canonical order, one record a line.

    Records may come in any order: each kind waits in a private file until :meth:`close`, which writes the document.
    ``encoding`` may be ``gb18030`` for receivers that ask for it; RFC 8259 asks for UTF-8.
    """

    def __init__(self, stream: BinaryIO, *, encoding: str = "utf-8") -> None:
        self.losses: list[Problem] = []
        self._stream = stream
        self._encoding = encoding
        self._header: bytes | None = None
        self._waiting: dict[str, BinaryIO] = {}
        self._resources = contextlib.ExitStack()
        self._folder = self._resources.enter_context(work_folder())

    def write(self, kind: str, data: Plain, *, canonical: bool = False) -> None:
        """Take in one record; fields that the model does not have are left out and named in ``losses``."""
        record = _recoded(_canonical(kind, data, self.losses, canonical=canonical), self._encoding)
        if kind == "header":
            self._header = record
            return
        waiting = self._waiting.get(kind)
        if waiting is None:
            path = self._folder / kind
            waiting = self._waiting[kind] = self._resources.enter_context(path.open("w+b"))
        else:
            waiting.write(b",\n")
        waiting.write(record)

    def close(self) -> None:
        """Write the document; the stream stays open."""
        separator = b"{"
        with self._resources:
            if self._header is not None:
                self._stream.write(b'{"header":' + self._header)
                separator = b",\n"
            for kind in TOP_RECORDS:
                if kind in self._waiting:
                    self._stream.write(b'%s"%s":[\n' % (separator, kind.encode()))
                    self._waiting[kind].seek(0)
                    shutil.copyfileobj(self._waiting[kind], self._stream, _BLOCK)
                    self._stream.write(b"\n]")
                    separator = b",\n"
            self._stream.write(b"{}\n" if separator == b"{" else b"}\n")


def write_single(stream: BinaryIO, kind: str, data: Plain, *, encoding: str = "utf-8") -> list[Problem]:
    """Write one record alone, ``{"case_file":{…}}``; what could not be expressed."""
    writer = JsonLinesWriter(stream, encoding=encoding)
    writer.write(kind, data)
    return writer.losses


def _canonical(kind: str, data: Plain, losses: list[Problem], *, canonical: bool) -> bytes:
    if canonical:
        return canonical_json(data)
    unknown: list[Path] = []
    ordered = arrange(KINDS[kind], data, unknown)
    losses += (Problem("KJ-SYS-020", path, facts={"name": clip(str(path[-1]))}) for path in unknown)
    return canonical_json(ordered)


def _recoded(text: bytes, encoding: str) -> bytes:
    return text if encoding == "utf-8" else text.decode().encode(encoding)
