"""What is accepted the fast way is what the long way accepts, to the letter: proved over mutated files."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from kunjing_exchange.wire import open_reader, open_source

pytest.importorskip("jsonschema_rs", reason="the fast way is the extra fast")


@functools.cache
def plain(to: str) -> bytes:
    """A few records as a program writes them, one with a fact that is unknown and one with numbers and flags."""
    records = made.submission(6)
    case = made.cases(records)[0]
    case["child"]["left_behind_since"] = {"unknown": "refused"}
    case.setdefault("household", {})["size"] = 3
    return made.written(made.sealed(records), to)


def _read(data: bytes, to: str) -> tuple[Any, ...]:
    with open_source(data, format=to) as source:
        reader = open_reader(source)
        records = [
            (one.number, one.kind, one.data, one.place, one.clean,
             [(problem.id, problem.path, problem.line, dict(problem.facts)) for problem in one.problems])
            for one in reader
        ]  # fmt: skip
        return records, [(problem.id, problem.line, dict(problem.facts)) for problem in reader.problems]


def _compare(data: bytes, to: str) -> None:
    fast = _read(data, to)
    with pytest.MonkeyPatch.context() as patch:
        if to == "xml":
            patch.setattr("kunjing_exchange.wire.xml.XmlReader._plain", lambda *_: None)
        else:
            patch.setattr("kunjing_exchange.wire.json.JsonLinesReader._accepted", lambda *_: None)
        assert _read(data, to) == fast


INSERTS = [
    " ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "&#49;", "&amp;", "<", ">", "/", "]]>", "<!-- x -->", "<![CDATA[1]]>",
    "<?x?>", "\uff11", "1_0", "+", "0", "-", "\u0000", "\ufffe", "\ud7ff", "x:", ' xsi:nil="true" unknown="refused"',
    "<Name>甲</Name>", "<x/>", '"', "\\", "\\u0031", "{", "}", "[", "]", ",", ":", "null", "1.0", "e0",
]  # fmt: skip


@given(
    st.sampled_from(["xml", "jsonl"]),
    st.lists(st.tuples(st.integers(0, 2**30), st.integers(0, 6), st.sampled_from(INSERTS)), min_size=1, max_size=3),
)
@settings(max_examples=400, deadline=None)
def test_mutated_files_are_judged_alike(to: str, changes: list[tuple[int, int, str]]) -> None:
    data = plain(to)
    head = data.index(b"</Header>" if to == "xml" else b"\n")
    for seed, way, text in changes:
        at = head + seed % (len(data) - head)
        lines = data.split(b"\n")
        row = 3 + seed % (len(lines) - 4)
        if way == 0:
            data = data[:at] + data[at + 1 + seed % 5 :]
        elif way == 1:
            data = data[:at] + text.encode() + data[at:]
        elif way == 2:
            data = data[:at] + text.encode() + data[at + len(text) :]
        elif way == 3:
            lines[row], lines[row + 1] = lines[row + 1], lines[row]
            data = b"\n".join(lines)
        elif way == 4:
            lines.insert(row, lines[row])
            data = b"\n".join(lines)
        elif way == 5:
            del lines[row]
            data = b"\n".join(lines)
        else:
            swapped = bytes.maketrans(b"<>", b"><")
            data = data[:at] + data[at : at + 40].translate(swapped) + data[at + 40 :]
        if not data.strip():
            return
    _compare(data, to)


@pytest.mark.parametrize("text", INSERTS)
@pytest.mark.parametrize("where", [">41", "<CaseId>", "</CaseId>", "</Child>", "<Size>", ">3</Size>", "<CaseFile>"])
def test_xml_with_something_in_it_is_judged_alike(text: str, where: str) -> None:
    data = plain("xml").decode()
    at = data.index(where, data.index("<CaseFile>")) + len(where)
    for place in (at, at - 1, at - len(where)):
        _compare((data[:place] + text + data[place:]).encode(), "xml")


def test_an_unbound_prefix_is_not_taken_for_xsi() -> None:
    data = plain("xml")
    assert b'xsi:nil="true"' in data
    _compare(data.replace(b"xmlns:xsi=", b"xmlns:xsj=", 1), "xml")


def test_both_ways_are_taken() -> None:
    """The comparison would say nothing if the fast way took nothing."""
    for to in ("xml", "jsonl"):
        with open_source(plain(to), format=to) as source:
            assert sum(one.rows is not None or one.raw is not None for one in open_reader(source)) > 5
