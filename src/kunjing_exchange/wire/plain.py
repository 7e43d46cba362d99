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
from itertools import compress

from kunjing_exchange.model import UNKNOWN_REASON, Element, Lexical, Record, Row, elements
from kunjing_exchange.model.types import TEXT_PATTERN
from kunjing_exchange.wire.record import KINDS, Plain

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


_Read = Callable[[str, int, Plain, list[Row], tuple[int, ...]], int]
"""Reads from behind a start tag to behind the white space after its end tag, fills the record, adds the rows, and says
where it stopped; 0 where it could not read. The numbers are those of the items around."""


def read_plain(raw: bytes, kind: str) -> tuple[Plain, list[Row]] | None:
    """A top record from its bytes, in canonical form, and its rows, what is within it first.

    ``None`` where it isn't written the plain way, or not accepted by the schema.
    """
    if b"&" in raw:
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    name = KINDS[kind].__name__
    if not text.startswith(f"<{name}>"):
        return None
    data: Plain = {}
    rows: list[Row] = []
    read = _reader(KINDS[kind], name, unknown=" unknown=" in text)
    return (data, rows) if read(text, len(name) + 2, data, rows, ()) == len(text) else None


def _field(element: Element, *, unknown: bool) -> str:
    """The pattern of a scalar field, with one group: its value; of a fact, value or reason with some mark-up."""
    assert element.lexical is not None  # noqa: S101 - a field without nested record has one
    tag, value = element.xml_name, _pattern(element.lexical)
    if element.fact and unknown:
        whole = f"<{tag}(>(?:{value})(?=</{tag}>)|{_REASON}(?=/>))(?:</{tag}>|/>){_GAP}"
    else:
        whole = f"<{tag}>({value})</{tag}>{_GAP}"
    return whole if element.required else f"(?:{whole}|)"


def _told(names: Sequence[str], values: Sequence[str], facts: Iterable[int]) -> tuple[Sequence[str], Mapping[str, str]]:
    """Values and reasons, where a fact is still with its mark-up."""
    told = list(values)
    reasons = {}
    for position in facts:
        if told[position].startswith(">"):
            told[position] = told[position][1:]
        elif told[position]:
            reasons[names[position]] = told[position].split('"')[3]
            told[position] = ""
    return told, reasons


@functools.cache
def _reader(record: type[Record], tag: str, *, unknown: bool) -> _Read:
    """How a record of this type is read in an element of that name. ``unknown``: facts may be."""
    scalars: list[Element] = []
    nested = []
    for element in elements(record):
        if element.record is not None:
            opening = f"<{element.xml_name}>"
            inner = _reader(element.record, element.xml_name, unknown=unknown)
            nested.append((element.name, opening, len(opening), element.required, element.repeated, inner))
        elif nested:
            raise TypeError(f"{record.__name__}.{element.name}: a scalar has to stand before records")
        else:
            scalars.append(element)
    table = record.table()
    names = tuple(element.name for element in scalars)
    kinds = [element.lexical.kind for element in scalars if element.lexical is not None]
    other = [(at, names[at], _VALUES[kind]) for at, kind in enumerate(kinds) if kind in _VALUES]
    facts = [at for at, element in enumerate(scalars) if element.fact and unknown]
    run = _GAP + "".join(_field(element, unknown=unknown) for element in scalars)
    end = f"</{tag}>{_GAP}"
    match_run = re.compile(run if nested else run + end).match
    match_end = re.compile(end).match

    def read(text: str, at: int, data: Plain, rows: list[Row], numbers: tuple[int, ...]) -> int:
        found = match_run(text, at)
        if found is None:
            return 0
        values: Sequence[str] = found.groups("")
        reasons = _NONE
        if facts:
            values, reasons = _told(names, values, facts)
        if reasons:
            given = zip(names, values, strict=True)
            data.update({name: {"unknown": reasons[name]} if name in reasons else text for name, text in given})
            for name in [name for name in names if not data[name]]:
                del data[name]
        else:
            data.update(compress(zip(names, values, strict=False), values))
        for position, name, value in other:
            if values[position]:
                data[name] = value(values[position])
        if nested:
            at = found.end()
            for name, opening, length, required, repeated, inner in nested:
                item = 0
                while text.startswith(opening, at):
                    item += 1
                    below: Plain = {}
                    at = inner(text, at + length, below, rows, (*numbers, item) if repeated else numbers)
                    if not at:
                        return 0
                    if not repeated:
                        if item > 1:
                            return 0
                        data[name] = below
                    elif item > 1:
                        data[name].append(below)
                    else:
                        data[name] = [below]
                if required and not item:
                    return 0
            found = match_end(text, at)
        if found is None or not data:
            return 0
        rows.append((table, numbers, values, reasons))
        return found.end()

    return read
