"""Messages of the SOAP services on the government exchange platform (国家数据共享交换平台): envelope and query package.

Both are as one public client has them (``single``), and no specification is public. Of a query of the population base
(人口库) only the head is known: it says who asks, of which system, when, and concerns no child. What follows it is the
caller's own. The Chinese names of its elements are read from their initials.

What is received is parsed without entities, a document type or anything from the network, and within
:class:`~kunjing_exchange.wire.Limits`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from kunjing_exchange.departments.exchange_platform import PlatformRefusal, checked_rid, checked_sid
from kunjing_exchange.errors import InvalidArgument, UnreadableInput
from kunjing_exchange.wire import Limits
from kunjing_exchange.wire.xml import safe_parser

__all__ = ["HEAD", "QueryHead", "open_package", "package", "unwrap", "wrap"]

_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"  # 1.1: the services take text/xml
_HEADER = "tongtechheader"
_FAULT = re.compile("[A-Za-z][A-Za-z0-9_.]{0,39}")

HEAD: Mapping[str, tuple[str, str]] = {
    "FWQQBH": ("request_no", "服务请求编号"),
    "QQBWDM": ("ministry_code", "请求部委代码"),
    "QQBWMC": ("ministry_name", "请求部委名称"),
    "SJLYXTDM": ("system_code", "数据来源系统代码"),
    "SJLYXTMC": ("system_name", "数据来源系统名称"),
    "JLS": ("records", "记录数"),
    "FSSJ": ("sent_at", "发送时间"),
    "QQRGMSFHM": ("requester_id", "请求人公民身份号码"),
}
"""The elements of a query's head: our name and the Chinese one."""


@dataclass(frozen=True, slots=True)
class QueryHead:
    """Who asks the population base, as texts; how a time is written is not public. Its text shows no person's id.

    ``more`` has elements that a sender adds beyond :data:`HEAD`.
    """

    request_no: str = ""
    ministry_code: str = ""
    ministry_name: str = ""
    system_code: str = ""
    system_name: str = ""
    records: str = ""
    sent_at: str = ""
    requester_id: str = field(default="", repr=False)
    more: Mapping[str, str] = field(default_factory=dict, repr=False)


def wrap(content: bytes, *, rid: str, sid: str, local_sign: str = "") -> bytes:
    """A SOAP envelope with the platform's header around one XML element.

    ``local_sign`` is ``jsjhpt_sign``, which one province's platform has; what it is made of is not public.

    Raises:
        InvalidArgument: an identifier has not the platform's shape, or the signature is no text of XML.
        UnreadableInput: the content is no XML element.
    """
    envelope = etree.Element(f"{{{_SOAP}}}Envelope", nsmap={"soapenv": _SOAP})
    header = etree.SubElement(etree.SubElement(envelope, f"{{{_SOAP}}}Header"), _HEADER)
    _put(header, "gjgxjhpt_rid", checked_rid(rid))
    _put(header, "gjgxjhpt_sid", checked_sid(sid))
    _put(header, "jsjhpt_sign", local_sign)
    etree.SubElement(envelope, f"{{{_SOAP}}}Body").append(_parsed(content, Limits()))
    return _written(envelope)


def unwrap(envelope: bytes, *, limits: Limits | None = None) -> bytes:
    """The one XML element in the body of a SOAP envelope.

    Raises:
        UnreadableInput: it is no envelope with one element in its body, is over a limit, or has a document type.
        PlatformRefusal: the body is a fault; ``facts["code"]`` is its code.
    """
    root = _parsed(envelope, limits or Limits())
    bodies = root.findall(f"{{{_SOAP}}}Body") if root.tag == f"{{{_SOAP}}}Envelope" else []
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise _unreadable("KJ-SYS-009", "不是 SOAP 报文，或报文体不是一个元素", "no SOAP envelope with one element")
    (content,) = bodies[0]
    if content.tag == f"{{{_SOAP}}}Fault":
        code = (content.findtext("faultcode") or "").rpartition(":")[2].strip()
        shown = code if _FAULT.fullmatch(code) else "?"
        raise PlatformRefusal(f"平台返回 SOAP 错误（{shown}）", f"the platform answered a fault: {shown}", code=shown)
    return _written(content)


def package(head: QueryHead, *parts: bytes) -> bytes:
    """A query of the population base: its head, then the caller's own elements.

    Raises:
        InvalidArgument: a value is no text of XML.
        UnreadableInput: a part is no XML element.
    """
    root = etree.Element("PACKAGE")
    written = etree.SubElement(root, "PACKAGEHEAD")
    for element, (name, _) in HEAD.items():
        _put(written, element, getattr(head, name))
    for element, text in head.more.items():
        _put(written, element, text)
    for part in parts:
        root.append(_parsed(part, Limits()))
    return _written(root)


def open_package(text: bytes, *, limits: Limits | None = None) -> tuple[QueryHead, tuple[bytes, ...]]:
    """The head of a package, and each element that follows it.

    Raises:
        UnreadableInput: it is no package that begins with a head of texts, each given once; is over a limit, or has a
            document type.
    """
    root = _parsed(text, limits or Limits())
    if root.tag != "PACKAGE" or not len(root) or root[0].tag != "PACKAGEHEAD":
        raise _unreadable("KJ-SYS-009", "不是以 PACKAGEHEAD 开头的查询包", "no package that begins with its head")
    given: dict[str, str] = {}
    for child in root[0]:
        if len(child) or child.tag in given:
            raise _unreadable(
                "KJ-SYS-009", "查询包头的元素重复或有下级", "an element of the head is repeated or nested"
            )
        given[child.tag] = (child.text or "").strip()
    known = {name: given.pop(element) for element, (name, _) in HEAD.items() if element in given}
    return QueryHead(**known, more=given), tuple(_written(part) for part in root[1:])


def _put(above: Any, name: str, text: str) -> None:
    """An element with a text, where there is one."""
    if not text:
        return
    try:
        etree.SubElement(above, name).text = text
    except ValueError:
        raise InvalidArgument("元素名或内容含 XML 不允许的字符", "a name or a text is none that XML allows") from None


def _parsed(text: bytes, limits: Limits) -> Any:
    if len(text) > limits.record_bytes:
        most = limits.record_bytes
        raise _unreadable("KJ-SYS-004", f"报文超过 {most} 字节", f"the message has more than {most} bytes")
    try:
        root = etree.fromstring(text, safe_parser())
    except (etree.XMLSyntaxError, ValueError):
        raise _unreadable("KJ-SYS-001", "报文不是完整的 XML", "the message is no whole XML") from None
    if root.getroottree().docinfo.doctype:
        raise _unreadable("KJ-SYS-003", "报文含文档类型定义，已拒绝", "the message has a document type: refused")
    return root


def _unreadable(finding: str, zh: str, en: str) -> UnreadableInput:
    return UnreadableInput(zh, en, finding_id=finding)


def _written(element: Any) -> bytes:
    text: str = etree.tostring(element, encoding="unicode", with_tail=False)
    return text.encode()
