"""XML ↔ plain records, in constant memory, with the exact line of everything that is wrong.

The reader cuts the file into the byte ranges of its records, parses them in chunks and asks libxml2 for the verdict.
Only a record that it doubts is walked (:class:`_Walk`), which finds *all* that is wrong, in words of our own: libxml2
names one error a parent, and its texts carry values. What is not a record is looked at piece by piece as well, so that
nothing in the file goes unseen.

The writer knows the place of every element beforehand and only joins strings.
"""

from __future__ import annotations

import bisect
import contextlib
import functools
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from lxml import etree

from kunjing_exchange.findings import Path, Problem, clip
from kunjing_exchange.model import NAMESPACE, TOP_RECORDS, UNKNOWN_REASON, VERSION, Record, Row, elements
from kunjing_exchange.model.element import Element, Lexical
from kunjing_exchange.wire.json_schema import expected_form
from kunjing_exchange.wire.plain import read_plain
from kunjing_exchange.wire.record import KINDS, Limits, Located, Part, Place, Plain
from kunjing_exchange.wire.source import Source
from kunjing_exchange.wire.xsd import compiled_xsd

__all__ = ["XmlReader", "XmlWriter", "safe_parser", "write_single"]

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{_XSI}}}nil"
_HINTS = frozenset({f"{{{_XSI}}}schemaLocation", f"{{{_XSI}}}noNamespaceSchemaLocation"})
_TAG = f"{{{NAMESPACE}}}"
_WHITE = " \t\r\n"

_BLOCK = 1024 * 1024
_CHUNK = 256 * 1024
_OVERLAP = 4096
"""A tag's name longer than this, across the end of a block, is not seen; its record is then broken, not lost."""
_NESTED = 8
"""So many starts of records within a record mean that its end tag is missing."""
_LARGE = 64 * 1024
"""Above this a record is walked before libxml2 sees it, whose time is quadratic in the errors."""

_KIND_OF = {record.__name__: kind for kind, record in KINDS.items()}
_BARE_RECORD = rb"(?:%s)(?=[\s/>])" % "|".join(_KIND_OF).encode()
_RECORD = rb"(?:[^\s<>/:&;]++:)?" + _BARE_RECORD
_ATTRIBUTES = rb"""(?:[^<>"']|"[^<"]*"|'[^<']*')*+>"""
_SEAM = re.compile(rb"</%s[ \t\r\n]*+>(?=[ \t\r\n]*+<%s)" % (_RECORD.replace(rb"(?=[\s/>])", b""), _RECORD))
"""Between two records. In a comment it may be a lie, which shows where the part before doesn't end here."""
_SECTIONS = {b"!--": b"-->", b"![CDATA[": b"]]>", b"?": b"?>"}
_SECTION = rb"(?P<section>!--|!\[CDATA\[|\?)"
_PROLOG = re.compile(
    rb"(?s)(?:\xef\xbb\xbf)?(?P<declaration><\?xml\s[^>]*\?>)?(?P<rest>(?:[ \t\r\n]|<\?.*?\?>|<!--.*?-->)*+)"
)
_ENCODING = re.compile(
    rb"""^(<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"[^"]*"|'[^']*'))"""
    rb"""[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][A-Za-z0-9._-]*"|'[A-Za-z][A-Za-z0-9._-]*')"""
)
"""Where XML has it in a declaration, and a name as XML has it; any other is left for the parser to refuse."""
_ROOT = re.compile(rb"<([^\s<>/&;!?]+)(?=[\s/>])" + _ATTRIBUTES)


# --- what the models say of XML --------------------------------------------------------------------------------------


def _flag(text: str) -> bool:
    return text.strip(_WHITE) == "true"


_CONVERT: dict[str, Callable[[str], object] | None] = {"text": None, "code": None, "integer": int, "boolean": _flag}
"""From an accepted text to the plain value; what is not here loses the white space that XSD allows around it."""


@dataclass(slots=True)
class _Field:
    """An element of the model where it stands: its rank among its siblings, and its record's own fields."""

    element: Element
    rank: int
    nested: dict[str, _Field] | None


@functools.cache
def _fields(record: type[Record]) -> dict[str, _Field]:
    """The fields of a record by XML name."""
    return {
        element.xml_name: _Field(element, rank, None if element.record is None else _fields(element.record))
        for rank, element in enumerate(elements(record))
    }


@functools.cache
def _bounds() -> tuple[int, int]:
    """(longest text, deepest nesting) that the schema allows: limits above them need no look at accepted records."""

    def walk(record: type[Record]) -> tuple[int, int]:
        longest, deepest = 0, 1
        for element in elements(record):
            text, depth = walk(element.record) if element.record is not None else (0, 1)
            longest = max(longest, text, element.lexical.max_length if element.lexical is not None else 0)
            deepest = max(deepest, depth + 1)
        return longest, deepest

    bounds = [walk(record) for record in KINDS.values()]
    return max(text for text, _ in bounds), max(depth for _, depth in bounds)


# --- cutting ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Piece:
    """A byte range of the file: a record of a kind, or what lies between (``kind`` empty).

    ``raw`` is ``None``, and ``fault`` the finding, where no record could be cut. ``tail`` says that it is behind the
    root's end. ``plain`` is a record written the plain way, and its rows.
    """

    kind: str
    line: int
    offset: int
    length: int
    raw: bytes | None
    newlines: int = 0
    fault: str = ""
    tail: bool = False
    plain: tuple[Plain, list[Row]] | None = None


@dataclass(slots=True)
class _Frame:
    """The root as it wraps a piece that is parsed on its own, so that prefixes resolve as in the file."""

    opening: bytes
    closing: bytes
    single: bool

    @property
    def first_line(self) -> int:
        """The line, within a wrapped piece, on which the piece begins."""
        return 1 + self.opening.count(b"\n")


# Each of these begins with one literal "<": then the search runs at the speed of memchr.


@functools.lru_cache(maxsize=8)
def _between(root: bytes) -> re.Pattern[bytes]:
    # white space as XML has it: nobody else looks at this tag
    return re.compile(rb"<(?:%s|(?P<end>/%s[ \t\r\n]*>)|(?P<record>%s))" % (_SECTION, re.escape(root), _RECORD))


@functools.lru_cache(maxsize=8)
def _next_start(root: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"<(?:%s|/%s\s*>)" % (_RECORD, re.escape(root)))


@functools.lru_cache(maxsize=8)
def _within(root: bytes, prefixed: bool) -> re.Pattern[bytes]:
    """``prefixed``: of the record around. To look for prefixes at every tag takes three times as long."""
    record = _RECORD if prefixed else _BARE_RECORD
    names = (_SECTION, re.escape(root) if root else rb"(?!)", record, record, _ATTRIBUTES)
    return re.compile(rb"<(?:%s|/(?P<end>%s|%s)\s*>|(?P<start>%s)(?P<rest>%s)?)" % names)


class _Cutter:
    """A window sliding over the file. ``position`` is where the next piece begins, on ``line``.

    ``plain``, if it is set, reads a record that is written the plain way: what it reads up to the first end tag of its
    name needs no search for anything that could hide one.
    """

    def __init__(self, stream: BinaryIO, limits: Limits, part: Part = Part()) -> None:  # noqa: B008 - it is frozen
        self._stream = stream
        self._limits = limits
        self._part = part
        self._buffer = b""
        self._base = 0
        self._position = 0
        self._open_until: dict[bytes, int] = {}
        self.plain: Callable[[bytes, str], tuple[Plain, list[Row]] | None] | None = None
        self.line = 1
        self.truncated = False
        self.overfull = False

    def _more(self) -> bool:
        block = self._stream.read(_BLOCK)
        if not block:
            return False
        self._base += self._position
        self._buffer = self._buffer[self._position :] + block
        self._position = 0
        return True

    @property
    def offset(self) -> int:
        """Where in the file the next piece begins."""
        return self._base + self._position

    def _held(self) -> int:
        return len(self._buffer) - self._position

    def _take(self, length: int) -> tuple[int, int, bytes]:
        """(line, offset, bytes) of what is next; the window moves behind it."""
        line, offset = self.line, self.offset
        raw = self._buffer[self._position : self._position + length]
        self._position += len(raw)
        self.line += raw.count(b"\n")
        return line, offset, raw

    def head(self) -> tuple[re.Match[bytes], re.Match[bytes] | None, bytes]:
        """The prolog, the root's start tag where there is one, and the bytes that are there instead."""
        while self._held() <= self._limits.prolog_bytes and self._more():
            pass
        head = self._buffer[: self._limits.prolog_bytes]
        prolog = _PROLOG.match(head)
        assert prolog is not None  # noqa: S101 - the pattern matches the empty prolog
        self._take(prolog.end())
        self.overfull = len(self._buffer) > len(head)
        return prolog, _ROOT.match(head, prolog.end()), head[prolog.end() :]

    def skip(self, length: int) -> None:
        """Move behind the root's start tag."""
        self._take(length)

    def alone(self, root: re.Match[bytes]) -> Iterator[_Piece]:
        """The root itself, which is a record, and what follows it."""
        piece = self._record(b"", root[1], _KIND_OF[root[1].rpartition(b":")[2].decode()])
        if piece is not None:
            yield piece
            yield from self.tail()

    def pieces(self, root: bytes) -> Iterator[_Piece]:
        """Records and what lies between them (white space is passed over), in the file's order.

        Of a part, those that begin in it: the cutter goes to its start, and ends behind a record.
        """
        token = _between(root)
        ahead = 0
        if self._part.start:
            self._stream.seek(self._part.start)
            self._buffer, self._base, self._position, self.line = b"", self._part.start, 0, 1
        while ahead or self._part.end is None or self.offset < self._part.end:
            found = token.search(self._buffer, self._position + ahead)
            if found is None:
                ahead = max(ahead, self._held() - _OVERLAP)
            elif found["end"] or found["record"]:
                yield from self._gap(found.start() - self._position)
                if found["end"]:
                    self._take(len(found[0]))
                    yield from self.tail()
                    return
                name = found["record"]
                piece = self._record(root, name, _KIND_OF[name.rpartition(b":")[2].decode()])
                if piece is None:
                    return
                yield piece
                ahead = 0
                continue
            else:
                after = self._after(found["section"], found.end())
                ahead = after or found.start() - self._position
                if after:
                    continue
            if self._held() > self._limits.outside_bytes + _BLOCK:
                self.overfull = True
                return
            if not self._more():
                self.truncated = True
                yield from self._gap(self._held())
                return

    def _gap(self, length: int, *, tail: bool = False) -> Iterator[_Piece]:
        line, offset, raw = self._take(length)
        blank = not raw.strip(_WHITE.encode())
        if len(raw) > self._limits.outside_bytes and not blank:
            yield _Piece("", line, offset, length, None, fault="KJ-SYS-004", tail=tail)
        elif not blank:
            yield _Piece("", line, offset, length, raw, tail=tail)

    def tail(self) -> Iterator[_Piece]:
        """What follows the root's end."""
        while self._held() <= self._limits.outside_bytes and self._more():
            pass
        yield from self._gap(self._held(), tail=True)

    def _after(self, section: bytes, start: int) -> int:
        """Where the section ends, from the piece's beginning; 0 where its end is not in the window.

        How far the file was searched in vain is kept: else many unclosed comments would cost quadratic time.
        """
        closing = _SECTIONS[section]
        known = self._open_until.get(closing, 0) - self._base
        end = self._buffer.find(closing, max(start, known))
        if end < 0:
            self._open_until[closing] = self._base + len(self._buffer) - len(closing) + 1
            return 0
        return end + len(closing) - self._position

    def _record(self, root: bytes, name: bytes, kind: str) -> _Piece | None:
        """The record that begins here; ``None`` where the file ends within it.

        An end tag can stand in nothing but comments, CDATA and instructions, since no attribute may hold a ``<``.
        """
        if self.plain is not None and (length := self._first_end(name)):
            plain = self.plain(self._buffer[self._position : self._position + length], kind)
            if plain is not None:
                piece = self._whole(kind, length)
                piece.plain = plain
                return piece
        token = _within(root, b":" in name)
        ahead = depth = starts = 0
        while True:
            found = token.search(self._buffer, self._position + ahead)
            if found is None:
                ahead = max(ahead, self._held() - _OVERLAP)
            elif found["section"]:
                after = self._after(found["section"], found.end())
                ahead = after or found.start() - self._position
                if after:
                    continue
            elif found["start"] and not found["rest"] and self._buffer.find(b"<", found.end()) < 0:
                ahead = found.start() - self._position  # the tag may go on behind the window
            else:
                ahead = found.end() - self._position
                if found["end"] == root or starts > _NESTED:
                    return self._abandon(root, kind)
                starts += found["end"] is None
                if found["start"] == name:
                    depth += not found[0].endswith(b"/>")
                elif found["end"] == name:
                    depth -= 1
                if depth <= 0:
                    return self._whole(kind, ahead)
                continue
            if self._held() > self._limits.record_bytes or not self._more():
                return self._abandon(root, kind)

    def _first_end(self, name: bytes) -> int:
        """How long the record is, if it begins the plain way and its first end tag is in the window and before the next
        such start: else looking for the end of many starts would cost quadratic time. 0 where it isn't."""
        opening, closing = b"<%s>" % name, b"</%s>" % name
        if not self._buffer.startswith(opening, self._position):
            return 0
        start = self._buffer.find(opening, self._position + 1)
        end = self._buffer.find(closing, self._position, start if start >= 0 else len(self._buffer))
        length = end + len(closing) - self._position
        return length if end >= 0 and length <= self._limits.record_bytes else 0

    def _whole(self, kind: str, length: int) -> _Piece:
        line, offset, raw = self._take(length)
        if length > self._limits.record_bytes:
            return _Piece(kind, line, offset, length, None, fault="KJ-SYS-004")
        return _Piece(kind, line, offset, length, raw, self.line - line)

    def _abandon(self, root: bytes, kind: str) -> _Piece | None:
        """A record without an end, or too long: it reaches to where the next one seems to begin."""
        line, offset = self.line, self.offset
        token = _next_start(root) if root else None
        self._take(1)
        while True:
            found = token.search(self._buffer, self._position) if token else None
            if found is not None:
                self._take(found.start() - self._position)
                break
            self._take(max(0, self._held() - _OVERLAP))
            if not self._more():
                self._take(self._held())
                break
        length = self.offset - offset
        self.truncated = found is None and (bool(root) or length <= self._limits.record_bytes)
        if length > self._limits.record_bytes:
            return _Piece(kind, line, offset, length, None, fault="KJ-SYS-004")
        return None if self.truncated else _Piece(kind, line, offset, length, None, fault="KJ-SYS-002")


# --- a doubted record ------------------------------------------------------------------------------------------------


def _local(name: str) -> str:
    """An element's or attribute's name without its namespace."""
    return clip(name.rpartition("}")[2])


def _misplaced(ranks: list[int]) -> set[int]:
    """Positions of the fewest elements that have to move for the rest to be in order."""
    ends: list[int] = []
    chain: list[int] = []
    before: list[int] = []
    for position, rank in enumerate(ranks):
        at = bisect.bisect_right(ends, rank)
        before.append(chain[at - 1] if at else -1)
        ends[at:] = [rank]
        chain[at:] = [position]
    kept = set()
    position = chain[-1] if chain else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return set(range(len(ranks))) - kept


class _Walk:
    """One look at every element of a record: all that is wrong with it, and what can be read in spite of that."""

    def __init__(self, limits: Limits, shift: int) -> None:
        self.problems: list[Problem] = []
        self._limits = limits
        self._shift = shift

    def top(self, kind: str, element: Any) -> Plain:
        """The record; ``shift`` is what makes the parser's line the file's."""
        if _deeper(element, self._limits.depth):
            self._add("KJ-SYS-004", (), element, limit="depth", maximum=str(self._limits.depth))
        record = KINDS[kind]
        return self._record(element, _fields(record), (), kind, record.title())

    def _add(self, finding: str, path: Path, element: Any, **facts: str) -> None:
        line = element.sourceline + self._shift
        room = self._limits.problems_per_record - len(self.problems)
        if room > 0:
            if "value" in facts:  # one character over the limit shows that something was cut
                facts["value"] = clip(facts["value"])
            self.problems.append(Problem(finding, path, line, facts=facts))
        elif room == 0:
            maximum = str(self._limits.problems_per_record)
            over = {"limit": "problems_per_record", "maximum": maximum}
            self.problems.append(Problem("KJ-SYS-004", line=line, facts=over))

    def _record(self, element: Any, fields: dict[str, _Field], path: Path, name: str, title: str) -> Plain:
        for attribute, value in element.items():
            if attribute not in _HINTS:
                self._add("KJ-SYS-020", path, element, name=f"@{_local(attribute)}", value=value)
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if text.strip(_WHITE):
            self._add("KJ-SYS-022", path, element, name=name, title=title, expected="elements", value=text)
        elif not len(element):
            self._add("KJ-SYS-028", path, element, name=name, title=title)
            return {}
        known = []
        for child in element:
            field = fields.get(child.tag.removeprefix(_TAG)) if child.tag.startswith(_TAG) else None
            if field is None:
                self._add("KJ-SYS-020", (*path, _local(child.tag)), child, name=_local(child.tag))
            else:
                known.append((field, child))
        ranks = [field.rank for field, _ in known]
        misplaced = _misplaced(ranks) if ranks != sorted(ranks) else frozenset()
        data: Plain = {}
        for position, (field, child) in enumerate(known):
            self._child(data, field, child, path, position in misplaced)
        present = set(ranks)
        for field in fields.values():
            if field.element.required and field.rank not in present:
                missing = field.element
                self._add("KJ-SYS-021", (*path, missing.name), element, name=missing.name, title=missing.title)
        return data

    def _child(self, data: Plain, field: _Field, child: Any, path: Path, misplaced: bool) -> None:
        element = field.element
        here: Path = (*path, element.name)
        again = element.name in data
        if element.repeated:
            here = (*here, len(data.get(element.name, ())))
        if again and not element.repeated:
            self._add("KJ-SYS-025", here, child, name=element.name, title=element.title)
        elif misplaced:
            self._add("KJ-SYS-026", here, child, name=element.name, title=element.title)
        if field.nested is None:
            value = self._scalar(child, field, here)
        else:
            value = self._record(child, field.nested, here, element.name, element.title)
        if element.repeated:
            data.setdefault(element.name, []).append(value)
        elif not again:
            data[element.name] = value

    def _scalar(self, child: Any, field: _Field, path: Path) -> object:
        element, lexical = field.element, field.element.lexical
        assert lexical is not None  # noqa: S101 - a field without nested record has one
        name = {"name": element.name, "title": element.title}
        attributes = dict(child.items())
        nil = attributes.pop(_NIL, None) if element.fact else None
        reason = attributes.pop("unknown", None) if element.fact else None
        for attribute, value in attributes.items():
            if attribute not in _HINTS:
                self._add("KJ-SYS-020", path, child, name=f"@{_local(attribute)}", value=value)
        text = (child.text or "") + "".join(inner.tail or "" for inner in child)
        if len(child):
            self._add("KJ-SYS-022", path, child, **name, expected=expected_form(lexical))
        if nil is not None and nil.strip(_WHITE) not in ("true", "1", "false", "0"):
            self._add("KJ-SYS-023", path, child, **name, expected="true", value=nil)
        is_nil = nil is not None and nil.strip(_WHITE) in ("true", "1")
        said = reason is not None and UNKNOWN_REASON.accepts(reason)
        if (is_nil and (text or not said)) or (reason is not None and not (is_nil and said)):
            self._add("KJ-SYS-027", path, child, **name, **({"value": text} if text else {}))
        if is_nil:
            return {"unknown": reason} if reason is not None else text
        if not text.strip(_WHITE):
            if not len(child):
                self._add("KJ-SYS-028", path, child, **name)
            return text
        return self._value(child, lexical, text, path, name)

    def _value(self, child: Any, lexical: Lexical, text: str, path: Path, name: dict[str, str]) -> object:
        if len(text) > self._limits.text_length:
            self._add("KJ-SYS-004", path, child, limit="text_length", maximum=str(self._limits.text_length))
        convert = _CONVERT.get(lexical.kind, str.strip)
        if convert is not None:
            text = text.strip(_WHITE)
        if re.fullmatch(lexical.pattern, text) and lexical.min_length <= len(text) <= lexical.max_length:
            return convert(text) if convert is not None else text
        if lexical.kind in ("text", "code") and len(text) > lexical.max_length:
            between = f"{lexical.min_length}–{lexical.max_length}"
            self._add("KJ-SYS-024", path, child, **name, expected=between, value=text)
        else:
            self._add("KJ-SYS-023", path, child, **name, expected=expected_form(lexical), value=text)
        return text


def _deeper(element: Any, limit: int) -> bool:
    level, depth = [element], 1
    while level and depth <= limit:
        level = [child for parent in level for child in parent]
        depth += 1
    return bool(level)


# --- reading ---------------------------------------------------------------------------------------------------------


def safe_parser() -> etree.XMLParser:
    """A parser that loads nothing, expands no entity and keeps libxml2's limits of depth and size."""
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


class XmlReader:
    """A :class:`kunjing_exchange.wire.record.Reader` of XML: a ``Submission``, or one record as the root.

    ``source`` is UTF-8 on disk; an XML declaration that still names another encoding is passed over. No DTD, no entity
    but the five of XML, no network, no XInclude; ``xsi:schemaLocation`` is never looked at.
    """

    ordered = True

    def __init__(self, source: Source) -> None:
        self.problems: list[Problem] = []
        self._source = source
        self._limits = source.limits
        self._frame: _Frame | None = None
        self._unknown = False
        self._number = 0
        self._header_seen = False
        self.stopped, self.lines, self.orderly = 0, 0, True
        longest, deepest = _bounds()
        self._look_at_all = self._limits.text_length < longest or self._limits.depth < deepest
        self._parser = safe_parser()

    def __iter__(self) -> Iterator[Located]:
        yield from self.read(Part())
        if not self._header_seen and self._frame is not None and not self._frame.single:
            self._once("KJ-SYS-010", None)

    def cut(self, wanted: int) -> int:
        """See :class:`~kunjing_exchange.wire.record.PartReader`: a record seems to end where another one follows."""
        with self._source.path.open("rb") as stream:
            for size in (_CHUNK, self._limits.record_bytes):
                stream.seek(wanted)
                seam = _SEAM.search(stream.read(size))
                if seam is not None:
                    return wanted + seam.end()
            return stream.seek(0, os.SEEK_END)

    def read(self, part: Part) -> Iterator[Located]:
        """See :class:`~kunjing_exchange.wire.record.PartReader`."""
        self.problems = []
        self._number = 0
        self._header_seen = part.start > 0
        self.lines, self.stopped, self.orderly = 0, part.start, True
        with self._source.path.open("rb") as stream:
            cutter = _Cutter(stream, self._limits, part)
            pieces = self._begin(cutter, self.problems)
            if pieces is None:
                self.orderly = False
                return
            if part.start:
                self.problems.clear()  # of the root: they are the first part's
            yield from self._read(pieces)
        if cutter.overfull:
            self._limit("outside_bytes", cutter.line, self.problems)
        if cutter.overfull or cutter.truncated:
            self.problems.append(Problem("KJ-SYS-001", line=cutter.line))
        self.lines, self.stopped = cutter.line - 1, cutter.offset

    def locate(self, place: Place, path: Path) -> tuple[int | None, str | None]:
        """(line, ``None``) of what ``path`` names in the record at ``place``, or of its nearest parent."""
        if place.offset is None or place.length is None or place.line is None:
            return place.line, None
        if place.length > self._limits.record_bytes:
            return place.line, None
        with self._source.path.open("rb") as stream:
            if self._frame is None:
                self._begin(_Cutter(stream, self._limits), [])
            stream.seek(place.offset)
            raw = stream.read(place.length)
        try:
            element = self._parse(raw)[0]
        except (etree.XMLSyntaxError, IndexError):
            return place.line, None
        steps = list(path)
        while steps:
            step = steps.pop(0)
            position = steps.pop(0) if steps and isinstance(steps[0], int) else 0
            names = (str(step), "".join(part.capitalize() for part in str(step).split("_")))
            same = [child for child in element if child.tag.rpartition("}")[2] in names]
            if not isinstance(position, int) or position >= len(same):
                break
            element = same[position]
        return element.sourceline + self._shift(place.line), None

    # the document's beginning

    def _begin(self, cutter: _Cutter, problems: list[Problem]) -> Iterator[_Piece] | None:
        """Check prolog and root; the pieces that follow, or ``None`` and a problem where the document is refused."""
        prolog, root, instead = cutter.head()
        declaration = _ENCODING.sub(rb"\1", prolog["declaration"] or b"")
        try:
            self._parse_bare(declaration + prolog["rest"] + b"<r/>")
        except etree.XMLSyntaxError as error:
            problems.append(Problem("KJ-SYS-001", line=error.lineno))
            return None
        if root is None:
            if instead[:9].upper() == b"<!DOCTYPE":
                problems.append(Problem("KJ-SYS-003", line=cutter.line))
                return None
            if cutter.overfull and (b">" not in instead or instead.startswith((b"<!--", b"<?"))):
                self._limit("prolog_bytes", cutter.line, problems)
            problems.append(Problem("KJ-SYS-001", line=cutter.line))
            return None
        cutter.overfull = False
        empty = root[0].endswith(b"/>")
        opening = root[0][:-2] + b">" if empty else root[0]
        closing = b"</%s>" % root[1]
        try:
            element = self._parse_bare(opening + closing)
        except etree.XMLSyntaxError as error:
            problems.append(Problem("KJ-SYS-001", line=cutter.line + (error.lineno or 1) - 1))
            return None
        name = element.tag.removeprefix(_TAG)
        if element.tag == f"{_TAG}Submission":
            problems.extend(
                Problem("KJ-SYS-012", line=cutter.line, facts={"name": f"@{_local(attribute)}"})
                for attribute in element.keys()  # noqa: SIM118 - an lxml element's keys are its attributes
                if attribute not in _HINTS
            )
            self._frame = _Frame(opening, closing, single=False)
            self._unknown = element.nsmap.get("xsi") == _XSI
            if element.prefix is None and not self._look_at_all:
                cutter.plain = self._plain  # names without a prefix are ours
            cutter.skip(len(root[0]))
            return cutter.tail() if empty else cutter.pieces(root[1])
        if element.tag.startswith(_TAG) and _KIND_OF.get(name) in TOP_RECORDS:
            self._frame = _Frame(b"<r>", b"</r>", single=True)
            return cutter.alone(root)
        problems.append(Problem("KJ-SYS-009", line=cutter.line))
        return None

    def _limit(self, name: str, line: int, problems: list[Problem]) -> None:
        facts = {"limit": name, "maximum": str(getattr(self._limits, name))}
        problems.append(Problem("KJ-SYS-004", line=line, facts=facts))

    def _once(self, finding: str, line: int | None) -> None:
        if all(problem.id != finding for problem in self.problems):
            self.problems.append(Problem(finding, line=line))

    def _parse_bare(self, raw: bytes) -> Any:
        return etree.fromstring(raw, self._parser)

    def _parse(self, raw: bytes) -> Any:
        """``raw`` within the root."""
        frame = self._frame
        if frame is None:
            raise IndexError("the document has no root")
        return self._parse_bare(frame.opening + raw + frame.closing)

    def _shift(self, line: int) -> int:
        """What to add to the parser's line where a piece of the file's ``line`` was wrapped alone."""
        return line - (self._frame.first_line if self._frame is not None else 1)

    # pieces

    def _read(self, pieces: Iterator[_Piece]) -> Iterator[Located]:
        batch: list[_Piece] = []
        size = 0
        for piece in pieces:
            if not piece.kind:
                self._outside(piece)
                continue
            if piece.plain is not None and not batch:
                yield from self._number_it(piece, None, [])
                continue
            batch.append(piece)
            size += piece.length if piece.raw is not None else 0
            if size >= _CHUNK:
                yield from self._batch(batch)
                batch, size = [], 0
        yield from self._batch(batch)

    def _outside(self, piece: _Piece) -> None:
        """Comments and instructions may stand between records; nothing else."""
        frame = self._frame
        assert frame is not None  # noqa: S101 - pieces come after the root
        if piece.raw is None:
            self._limit("outside_bytes", piece.line, self.problems)
            self._stray([piece.line])
            return
        shift = self._shift(piece.line)
        try:
            if piece.tail:
                self._parse_bare(frame.opening + frame.closing + piece.raw)
                return
            root = self._parse(piece.raw)
        except etree.XMLSyntaxError as error:
            self._stray([max(piece.line, (error.lineno or 1) + shift)])
            return
        lines = [child.sourceline + shift for child in root]
        texts = [(root.text, piece.line)]
        for child, line in zip(root, lines, strict=True):
            texts.append((child.tail, line + etree.tostring(child, with_tail=False).count(b"\n")))
        for text, line in texts:
            if text and text.strip(_WHITE):
                lines.append(line + text.count("\n", 0, len(text) - len(text.lstrip(_WHITE))))
        self._stray(sorted(set(lines)))

    def _stray(self, lines: list[int]) -> None:
        room = max(0, self._limits.problems_per_record - len(self.problems))
        self.problems.extend(Problem("KJ-SYS-012", line=line) for line in lines[:room])

    def _batch(self, batch: list[_Piece]) -> Iterator[Located]:
        doubted = [piece.raw for piece in batch if piece.raw is not None and piece.plain is None]
        trees: Iterator[Any] = iter(())
        whole = False
        if doubted:
            with contextlib.suppress(etree.XMLSyntaxError):
                root = self._parse(b"".join(doubted))
                whole = len(root) == len(doubted)
                trees = iter(root)
        frame = self._frame
        assert frame is not None  # noqa: S101 - pieces come after the root
        line = frame.first_line
        for piece in batch:
            if piece.plain is not None:
                yield from self._number_it(piece, None, [])
            elif piece.raw is None:
                limit = {"limit": "record_bytes", "maximum": str(self._limits.record_bytes)}
                facts = limit if piece.fault == "KJ-SYS-004" else {}
                yield from self._number_it(piece, None, [Problem(piece.fault, line=piece.line, facts=facts)])
            elif whole:
                yield from self._judge(piece, piece.raw, next(trees), piece.line - line)
                line += piece.newlines
            else:
                yield from self._judge_alone(piece, piece.raw)

    def _plain(self, raw: bytes, kind: str) -> tuple[Plain, list[Row]] | None:
        """A record that is surely good, without parser and XSD; ``None`` where there is any doubt."""
        if kind == "header" or (not self._unknown and b"xsi:" in raw):
            return None
        return read_plain(raw, kind)

    def _judge_alone(self, piece: _Piece, raw: bytes) -> Iterator[Located]:
        shift = self._shift(piece.line)
        try:
            element = self._parse(raw)[0]
        except etree.XMLSyntaxError as error:
            line = min(max(piece.line, (error.lineno or 1) + shift), piece.line + piece.newlines)
            depth = error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT
            facts = {"limit": "depth", "maximum": str(self._limits.depth)} if depth else {}
            problem = Problem("KJ-SYS-004" if depth else "KJ-SYS-002", line=line, facts=facts)
            try:
                raw.decode()
            except UnicodeDecodeError as undecodable:
                line = piece.line + raw.count(b"\n", 0, undecodable.start)
                problem = Problem("KJ-SYS-008", line=line, facts={"encoding": "UTF-8"})
            yield from self._number_it(piece, None, [problem])
            return
        yield from self._judge(piece, raw, element, shift)

    def _judge(self, piece: _Piece, raw: bytes, element: Any, shift: int) -> Iterator[Located]:
        kind = piece.kind
        if element.tag != f"{_TAG}{KINDS[kind].__name__}":
            self._stray([piece.line])
            return
        schema = compiled_xsd()
        accepted = piece.length <= _LARGE and schema.validate(element)
        walk = _Walk(self._limits, shift)
        data = walk.top(kind, element)
        problems = walk.problems
        if not accepted and not problems and not schema.validate(element):
            facts = {"name": kind, "title": KINDS[kind].title(), "expected": "XSD"}
            problems.append(Problem("KJ-SYS-023", line=piece.line, facts=facts))
        version = data.get("version", VERSION)
        if kind == "header" and version != VERSION:
            facts = {"name": "version", "value": clip(version), "expected": VERSION}
            problems.append(Problem("KJ-SYS-009", ("version",), piece.line, facts=facts))
        yield from self._number_it(piece, data, problems)

    def _number_it(self, piece: _Piece, data: Plain | None, problems: list[Problem]) -> Iterator[Located]:
        if piece.kind == "header":
            self.orderly = self.orderly and not self._header_seen
            if self._header_seen or self._number:
                self._once("KJ-SYS-011", piece.line)
            if self._header_seen:
                return
            self._header_seen = True
            number = 0
        else:
            self._number += 1
            number = self._number
        place = Place(piece.line, None, piece.offset, piece.length)
        data, rows = piece.plain or (data, None)
        yield Located(number, piece.kind, data, place, problems, rows=rows)


# --- writing ---------------------------------------------------------------------------------------------------------

_OPENING = f'xmlns="{NAMESPACE}" xmlns:xsi="{_XSI}"'
_SPECIAL = re.compile("[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;", "\t": "\t", "\n": "\n"}
"""What is not here and matches is no character of XML 1.0."""


_Slot = tuple[int, str, str, "dict[str, _Slot] | None", str, bool]
"""Where a field stands in the canonical text: (rank, opening, closing, nested slots, indentation, repeated)."""


@functools.cache
def _slots(record: type[Record], depth: int) -> dict[str, _Slot]:
    indent = "  " * depth
    return {
        element.name: (
            rank,
            f"{indent}<{element.xml_name}>",
            f"</{element.xml_name}>\n",
            None if element.record is None else _slots(element.record, depth + 1),
            indent,
            element.repeated,
        )
        for rank, element in enumerate(elements(record))
    }


class _Text:
    """The lines of one record, and what XML can't carry of it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.losses: list[Problem] = []

    def fill(self, slots: dict[str, _Slot], data: Plain, path: Path) -> None:
        """Append the fields of a record in the model's order, which is that of ``data`` as a rule."""
        add = self.lines.append
        begun, last = len(self.lines), -1
        for name, value in data.items():
            slot = slots.get(name)
            if slot is None:
                self.losses.append(Problem("KJ-SYS-020", (*path, name), facts={"name": name}))
                continue
            rank, opening, closing, nested, _, repeated = slot
            if rank < last:
                del self.lines[begun:]
                ranked = {name: data[name] for name in slots if name in data}
                self.fill(slots, ranked | {name: data[name] for name in data if name not in slots}, path)
                return
            last = rank
            if nested is not None:
                if repeated and isinstance(value, list):
                    for position, item in enumerate(value):
                        self._nested(slot, nested, item, (*path, name, position))
                elif value is not None:
                    self._nested(slot, nested, value, (*path, name))
            elif isinstance(value, str):
                if not value.isalnum() and _SPECIAL.search(value):
                    value = self._escaped(value, (*path, name))
                add(f"{opening}{value}{closing}")
            elif value is not None:
                self._unusual(slot, value, (*path, name))

    def _nested(self, slot: _Slot, slots: dict[str, _Slot], value: object, path: Path) -> None:
        if not isinstance(value, dict):
            self.losses.append(Problem("KJ-SYS-022", path, facts={"name": _field_of(path)}))
            return
        _, opening, closing, _, indent, _ = slot
        self.lines.append(f"{opening}\n")
        self.fill(slots, value, path)
        self.lines.append(f"{indent}{closing}")

    def _unusual(self, slot: _Slot, value: object, path: Path) -> None:
        _, opening, closing, *_ = slot
        if isinstance(value, bool):
            text = "true" if value else "false"
        elif isinstance(value, int | float):
            text = str(value)
        elif isinstance(value, dict) and isinstance(value.get("unknown"), str):
            reason = self._escaped(value["unknown"], path).replace('"', "&quot;")
            self.lines.append(f'{opening[:-1]} xsi:nil="true" unknown="{reason}"/>\n')
            return
        else:
            self.losses.append(Problem("KJ-SYS-022", path, facts={"name": _field_of(path)}))
            return
        self.lines.append(f"{opening}{text}{closing}")

    def _escaped(self, text: str, path: Path) -> str:
        def escape(match: re.Match[str]) -> str:
            known = _ESCAPES.get(match[0])
            if known is None:
                self.losses.append(Problem("KJ-SYS-023", path, facts={"name": _field_of(path)}))
                return "\ufffd"
            return known

        return _SPECIAL.sub(escape, text)


def _field_of(path: Path) -> str:
    return str([step for step in path if isinstance(step, str)][-1])


class XmlWriter:
    """A :class:`kunjing_exchange.wire.record.Writer` of canonical XML: one element a line, two spaces a level.

    ``encoding`` is ``utf-8`` or ``gb18030``. ``losses`` names fields that the model does not have, values of the wrong
    shape, and characters that XML can't carry (U+FFFD takes their place). The stream stays open.
    """

    def __init__(self, stream: BinaryIO, *, encoding: str = "utf-8") -> None:
        self.losses: list[Problem] = []
        self._stream = stream
        self._encoding = encoding
        self._put(f"{_declaration(encoding)}<Submission {_OPENING}>\n")

    def write(self, kind: str, data: Plain, *, canonical: bool = False) -> None:
        """Append the header or a record."""
        record = KINDS[kind]
        text = _Text()
        text.lines.append(f"  <{record.__name__}>\n")
        text.fill(_slots(record, 2), data, ())
        text.lines.append(f"  </{record.__name__}>\n")
        self.losses.extend(text.losses)
        self._put("".join(text.lines))

    def close(self) -> None:
        """Write the root's end tag."""
        self._put("</Submission>\n")

    def _put(self, text: str) -> None:
        self._stream.write(text.encode(self._encoding))


def write_single(stream: BinaryIO, kind: str, data: Plain, *, encoding: str = "utf-8") -> list[Problem]:
    """Write one record as a document of its own; what could not be expressed comes back (see :class:`XmlWriter`)."""
    record = KINDS[kind]
    text = _Text()
    text.lines.append(f"{_declaration(encoding)}<{record.__name__} {_OPENING}>\n")
    text.fill(_slots(record, 1), data, ())
    text.lines.append(f"</{record.__name__}>\n")
    stream.write("".join(text.lines).encode(encoding))
    return text.losses


def _declaration(encoding: str) -> str:
    return f'<?xml version="1.0" encoding="{encoding.upper()}"?>\n'
