"""SOAP envelope and query package of the exchange platform: there and back, and what a hostile sender can try."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from kunjing_exchange.departments.exchange_platform import PlatformRefusal
from kunjing_exchange.departments.platform_messages import HEAD, QueryHead, open_package, package, unwrap, wrap
from kunjing_exchange.errors import InvalidArgument, UnreadableInput
from kunjing_exchange.wire import Limits

RID, SID = "00000000-1111-2222-3333-444444444444", "s_1200000000000_1234"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CANARY = "411303201003151239"
NO_HEAD = b"<PACKAGE><PACKAGEHEAD/></PACKAGE>"

texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn")), max_size=20).map(str.strip)


def canonical(text: bytes) -> bytes:
    return bytes(etree.tostring(etree.fromstring(text), method="c14n", exclusive=True))


def envelope(body: str) -> bytes:
    return f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{body}</e:Body></e:Envelope>'.encode()


def test_an_envelope_has_the_platforms_header() -> None:
    root = etree.fromstring(wrap(b"<q xmlns='urn:x'><n>1</n></q>", rid=RID, sid=SID, local_sign="c2lnbg=="))
    (header,) = root.findall(f"{{{SOAP}}}Header/tongtechheader")
    assert {one.tag: one.text for one in header} == {
        "gjgxjhpt_rid": RID, "gjgxjhpt_sid": SID, "jsjhpt_sign": "c2lnbg==",
    }  # fmt: skip
    (bare,) = etree.fromstring(wrap(b"<q/>", rid=RID, sid=SID)).findall(f"{{{SOAP}}}Header/tongtechheader")
    assert [one.tag for one in bare] == ["gjgxjhpt_rid", "gjgxjhpt_sid"]


@given(texts)
def test_content_comes_back_out_of_its_envelope(text: str) -> None:
    content = etree.Element("{urn:x}查询", nsmap={None: "urn:x"})
    content.text = text
    content.tail = "after"
    written = etree.tostring(content, encoding="utf-8", with_tail=False)
    assert canonical(unwrap(wrap(written, rid=RID, sid=SID))) == canonical(written)


@given(st.lists(texts, min_size=len(HEAD), max_size=len(HEAD)), texts)
def test_a_package_comes_back(values: list[str], more: str) -> None:
    head = QueryHead(*values, more={"QT": more} if more else {})
    read, parts = open_package(package(head, b"<a>1</a>", b"<b/>"))
    assert read == head
    assert parts == (b"<a>1</a>", b"<b/>")


def test_a_package_has_the_elements_in_their_order() -> None:
    assert package(QueryHead(request_no="1", requester_id="2")) == (
        b"<PACKAGE><PACKAGEHEAD><FWQQBH>1</FWQQBH><QQRGMSFHM>2</QQRGMSFHM></PACKAGEHEAD></PACKAGE>"
    )
    assert CANARY not in repr(QueryHead(requester_id=CANARY, more={"X": CANARY}))


LAUGHS = b"<!DOCTYPE q [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><q>&b;</q>"
OUTSIDE = b"<!DOCTYPE q [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><q>&a;</q>"


@pytest.mark.parametrize(
    ("hostile", "finding"),
    [
        (LAUGHS, "KJ-SYS-003"),
        (OUTSIDE, "KJ-SYS-003"),
        (b"<!DOCTYPE q SYSTEM 'http://x.invalid/q.dtd'><q/>", "KJ-SYS-003"),
        (b"", "KJ-SYS-001"),
        (b"{}", "KJ-SYS-001"),
        (b"<q>&a;</q>", "KJ-SYS-001"),
        (b"<q><n></q>", "KJ-SYS-001"),
        (b"<q>\x00</q>", "KJ-SYS-001"),
        (b"<q>\xff\xfe</q>", "KJ-SYS-001"),
        (b"<q/><q/>", "KJ-SYS-001"),
        (b"<d>" * 5000 + b"</d>" * 5000, "KJ-SYS-001"),
        (b"<q>" + b"1" * Limits().record_bytes + b"</q>", "KJ-SYS-004"),
    ],
)
def test_hostile_messages_are_refused_everywhere(hostile: bytes, finding: str) -> None:
    for read in (unwrap, open_package, lambda text: wrap(text, rid=RID, sid=SID), lambda t: package(QueryHead(), t)):
        with pytest.raises(UnreadableInput) as refusal:
            read(hostile)
        assert refusal.value.finding_id == finding


@pytest.mark.parametrize(
    "message",
    [
        b"<q/>", envelope(""), envelope("text"), envelope("<a/><b/>"), envelope(f"<a>{CANARY}</a><b/>"),
        f'<e:Envelope xmlns:e="{SOAP}"/>'.encode(), b'<e:Envelope xmlns:e="urn:x"><e:Body><a/></e:Body></e:Envelope>',
    ],
)  # fmt: skip
def test_what_is_no_envelope_is_refused(message: bytes) -> None:
    with pytest.raises(UnreadableInput) as refusal:
        unwrap(message)
    assert refusal.value.finding_id == "KJ-SYS-009"
    assert CANARY not in "".join(traceback.format_exception(refusal.value)) + refusal.value.zh


@pytest.mark.parametrize(
    "message",
    [
        b"<q/>", b"<PACKAGE/>", b"<PACKAGE><a/><PACKAGEHEAD/></PACKAGE>",
        b"<PACKAGE><PACKAGEHEAD><JLS>1</JLS><JLS>2</JLS></PACKAGEHEAD></PACKAGE>",
        b"<PACKAGE><PACKAGEHEAD><JLS><n/></JLS></PACKAGEHEAD></PACKAGE>",
    ],
)  # fmt: skip
def test_what_is_no_package_is_refused(message: bytes) -> None:
    assert open_package(NO_HEAD) == (QueryHead(), ())
    with pytest.raises(UnreadableInput) as refusal:
        open_package(message)
    assert refusal.value.finding_id == "KJ-SYS-009"


def test_limits_can_be_narrower() -> None:
    for read in (unwrap, open_package):
        with pytest.raises(UnreadableInput, match="10 bytes"):
            read(NO_HEAD, limits=Limits(record_bytes=10))


@pytest.mark.parametrize(
    ("code", "shown"), [("soap:Server.busy", "Server.busy"), (CANARY, "?"), ("张三", "?"), ("", "?")]
)
def test_a_fault_is_the_platforms_refusal(code: str, shown: str) -> None:
    fault = f"<e:Fault><faultcode>{code}</faultcode><faultstring>{CANARY}</faultstring></e:Fault>"
    with pytest.raises(PlatformRefusal) as refusal:
        unwrap(envelope(fault))
    assert refusal.value.facts["code"] == shown
    assert CANARY not in "".join(traceback.format_exception(refusal.value)) + refusal.value.zh


def test_what_is_written_is_checked() -> None:
    for wrong in ({"rid": "1"}, {"sid": "1"}, {"local_sign": "\x00"}):
        with pytest.raises(InvalidArgument):
            wrap(b"<q/>", **{"rid": RID, "sid": SID, **wrong})
    for head in (QueryHead(request_no="\x01"), QueryHead(more={"1 <": "x"})):
        with pytest.raises(InvalidArgument):
            package(head)
