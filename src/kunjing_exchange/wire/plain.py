"""XML records written the plain way, read by patterns made from the models.

The plain way is tags without attributes (but of an unknown fact), each closed by its own, in the model's order, texts
without references, and nothing but white space between: what every program writes that doesn't try to be clever. Fields
that follow one another make one pattern, which holds their datatypes too. What it matches is well-formed and valid, so
parser and XSD need not look; what it doesn't is theirs, since only they can say why.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from kunjing_exchange.model import UNKNOWN_REASON, Element, Lexical, Node, Record, Row, Rows, elements
from kunjing_exchange.model.types import TEXT_PATTERN

__all__ = ["read_plain"]

_GAP = r"[ \t\r\n]*+"
_CHARACTER = "[^\x00-\x1f<>\x7f-\xa0\u2028\u2029\u3000\ud800-\uf8ff\ufffe\uffff\U000f0000-\U0010ffff]"
_TEXT = f"(?![ {{]){_CHARACTER}{{%d,%d}}+(?<! )"
"""Texts as :data:`~kunjing_exchange.model.types.TEXT_PATTERN` has them, but for two of the three white spaces: this is
not tried backwards, and takes a tenth of the time to compile."""
_VALUES: Mapping[str, Callable[[str], object]] = {"integer": int, "boolean": "true".__eq__}
_NONE: Mapping[str, str] = {}
_REASON = f' xsi:nil="true" unknown="{UNKNOWN_REASON.pattern}" ?'


def _pattern(lexical: Lexical) -> str:
    """How a value is written, between two tags."""
    least, most = lexical.min_length, lexical.max_length
    if lexical.pattern == TEXT_PATTERN:
        return _TEXT % (least, most)
    # groups that catch nothing; in a class a bracket is a character
    pattern = re.sub(r"\[[^\]]*\]|\(", lambda found: "(?:" if found[0] == "(" else found[0], lexical.pattern)
    return pattern if least == most or not lexical.is_string else f"(?=[^<]{{{least},{most}}}<)(?:{pattern})"


_Read = Callable[[str, int, list[Row], tuple[int, ...]], int]
"""Reads from behind a start tag to behind the white space after its end tag, and says where that is; 0 where it could
not. The numbers are those of the items around."""


def read_plain(raw: bytes, kind: str, record: type[Record]) -> Rows | None:
    """The rows of a top record from its bytes; ``None`` where it isn't written the plain way, or not accepted."""
    if b"&" in raw:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    name = record.__name__
    if not text.startswith(f"<{name}>"):
        return None
    unknown = " unknown=" in text
    rows: list[Row] = []
    read = _reader(record, name, kind, 0, unknown=unknown)
    if read(text, len(name) + 2, rows, ()) != len(text):
        return None
    return Rows(rows)


def _field(element: Element, *, unknown: bool) -> str:
    """The pattern of a scalar field, with one group: its value; of a fact, value or reason with some mark-up."""
    assert element.lexical is not None  # noqa: S101 - a field without nested record has one
    tag, value = element.xml_name, _pattern(element.lexical)
    if element.fact and unknown:
        whole = f"<{tag}(>(?:{value})(?=</{tag}>)|{_REASON}(?=/>))(?:</{tag}>|/>){_GAP}"
    else:
        whole = f"<{tag}>({value})</{tag}>{_GAP}"
    return whole if element.required else f"(?:{whole}|)"


def _told(node: Node, values: Sequence[str], facts: Iterable[int]) -> tuple[Sequence[str], Mapping[str, str]]:
    """Values and reasons, where a fact is still with its mark-up."""
    told = list(values)
    reasons = {}
    for position in facts:
        if told[position].startswith(">"):
            told[position] = told[position][1:]
        elif told[position]:
            reasons[node.names[position]] = told[position].split('"')[3]
            told[position] = ""
    return told, reasons


@functools.cache
def _reader(record: type[Record], tag: str, name: str, depth: int, *, unknown: bool) -> _Read:
    """How a record of this type is read in an element of that name. ``unknown``: facts may be."""
    scalars: list[Element] = []
    nested = []
    for element in elements(record):
        if element.record is not None:
            inner = _reader(element.record, element.xml_name, element.name, depth + 1, unknown=unknown)
            opening = f"<{element.xml_name}>"
            nested.append((opening, len(opening), element.required, element.repeated, inner))
        elif nested:
            raise TypeError(f"{record.__name__}.{element.name}: a scalar has to stand before records")
        else:
            scalars.append(element)
    node = Node(
        record.table(),
        name,
        depth,
        tuple(element.name for element in scalars),
        tuple(
            (position, element.name, _VALUES[element.lexical.kind])
            for position, element in enumerate(scalars)
            if element.lexical is not None and element.lexical.kind in _VALUES
        ),
        tuple((element.name, element.repeated) for element in elements(record) if element.record is not None),
    )
    facts = [position for position, element in enumerate(scalars) if element.fact and unknown]
    may_be_empty = not any(element.required for element in elements(record))
    run = _GAP + "".join(_field(element, unknown=unknown) for element in scalars)
    end = f"</{tag}>{_GAP}"
    match_run = re.compile(run if nested else run + end).match
    match_end = re.compile(end).match

    def read(text: str, at: int, rows: list[Row], numbers: tuple[int, ...]) -> int:
        found = match_run(text, at)
        if found is None:
            return 0
        values: Sequence[str] = found.groups("")
        reasons = _NONE
        if facts:
            values, reasons = _told(node, values, facts)
        before = len(rows)
        if nested:
            at = found.end()
            for opening, length, required, repeated, inner in nested:
                item = 0
                while text.startswith(opening, at):
                    item += 1
                    at = inner(text, at + length, rows, (*numbers, item) if repeated else numbers)
                    if not at or (item > 1 and not repeated):
                        return 0
                if required and not item:
                    return 0
            found = match_end(text, at)
            if found is None:
                return 0
        if may_be_empty and len(rows) == before and not any(values) and not reasons:
            return 0
        rows.append((node, numbers, values, reasons))
        return found.end()

    return read
