"""Calls of services on the government exchange platform (国家数据共享交换平台): who signs, and with which secret.

Headers, signing order and the refresh of the secret are those that several independent public clients have
(``verified``). No specification is public: what the answer is wrapped in and how the secret in it is enciphered is as
public clients read it (``single``), so the deciphering can be replaced. Nothing here opens a connection: the caller
supplies what sends a request.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kunjing_exchange.errors import ExchangeError, InvalidArgument, MissingExtra

__all__ = ["ExchangePlatform", "PlatformRefusal", "Request", "Response", "Send", "decipher", "sign"]

REFRESH_PATH = "/sysapi/auth/refreshappsecret"
"""Where the working secret comes from; sites put a prefix before it."""
VALID_FOR = 30 * 60
"""Seconds that a working secret is used. Clients say the whole day or 30 minutes (``single``); the shorter is safe."""

_RID = re.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(@df-[0-9]{1,9})?", re.IGNORECASE)
_SID = re.compile("s_[0-9A-Za-z]{13,18}_[0-9]{1,9}")
_JSON = "application/json;charset=UTF-8"


class PlatformRefusal(ExchangeError):
    """The platform did not answer as asked. ``facts['status']`` is the HTTP status, ``facts['code']`` its own code."""


@dataclass(frozen=True, slots=True)
class Request:
    """One POST. Its text shows neither signature nor body."""

    url: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Response:
    """What came back."""

    status: int
    body: bytes = field(repr=False)


Send = Callable[[Request], Response]


def sign(secret: str, sid: str, rid: str, rtime: str) -> str:
    """Base64 of HMAC-SHA256 with the secret over ``sid + rid + rtime``."""
    digest = hmac.new(secret.encode(), f"{sid}{rid}{rtime}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def decipher(app_key: str, text: str) -> str:
    """The working secret out of an answer, as public clients do it (``single``).

    AES in ECB mode with PKCS#7 padding, Base64. The 128-bit key is what Java's ``SHA1PRNG`` makes of the issued key as
    its seed: the first 16 bytes of SHA-1 of SHA-1 of it.

    Raises:
        ValueError: the text is not Base64 of whole blocks, or was enciphered with another key.
        MissingExtra: the extra ``crypto`` is not installed.
    """
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
        from cryptography.hazmat.primitives.padding import PKCS7
    except ImportError:
        raise MissingExtra("crypto", "解密平台密钥", "deciphering the platform's secret") from None
    # ECB and SHA-1 are the platform's choice, not ours
    key = hashlib.sha1(hashlib.sha1(app_key.encode()).digest()).digest()[:16]  # noqa: S324
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305
    try:
        padded = decryptor.update(base64.b64decode(text)) + decryptor.finalize()
        unpadder = PKCS7(128).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except (ValueError, binascii.Error):
        raise ValueError("can't be deciphered with the issued key") from None


class ExchangePlatform:
    """A caller of the platform's services. Holds the issued key and the working secret, and shows neither.

    Args:
        rid: the calling application: a UUID, with ``@df-NUMBER`` where the platform issued it so.
        app_key: the key issued to it.
        refresh_sid: the service whose call refreshes the secret.
        address: of the platform, to which :data:`REFRESH_PATH` is added.
        send: what sends a request and returns the answer.
        clock: seconds since 1970.
        valid_for: seconds after which the working secret is asked for again.
        decipher: the working secret out of (issued key, text of the answer).

    Raises:
        InvalidArgument: an identifier has not the platform's shape, or the key is empty.
    """

    def __init__(
        self,
        *,
        rid: str,
        app_key: str,
        refresh_sid: str,
        address: str,
        send: Send,
        clock: Callable[[], float] = time.time,
        valid_for: float = VALID_FOR,
        decipher: Callable[[str, str], str] = decipher,
    ) -> None:
        if not app_key:
            raise InvalidArgument("缺少平台发放的密钥", "the issued key is missing")
        self._rid = checked_rid(rid)
        self._app_key = app_key
        self._refresh_sid = checked_sid(refresh_sid)
        self._address = address.rstrip("/")
        self._send = send
        self._clock = clock
        self._valid_for = valid_for
        self._decipher = decipher
        self._secret = ""
        self._until = 0.0

    def __repr__(self) -> str:
        return f"ExchangePlatform({self._address!r})"

    def call(self, sid: str, url: str, body: bytes, *, content_type: str = _JSON) -> bytes:
        """The answer of one service; the secret is refreshed first where it has run out.

        Raises:
            InvalidArgument: ``sid`` is no service's.
            PlatformRefusal: the answer is no success, or the secret can't be refreshed.
        """
        checked_sid(sid)
        if self._clock() >= self._until:
            self.refresh()
        headers = {**self._signed(sid, self._secret), "Content-Type": content_type}
        return _success(self._send(Request(url, headers, body))).body

    def refresh(self) -> None:
        """Ask for a new working secret, signed with the issued key.

        Raises:
            PlatformRefusal: there is none in the answer, or it can't be deciphered.
        """
        self._secret, self._until = "", 0.0
        asked_at = self._clock()
        signed = self._signed(self._refresh_sid, self._app_key)
        request = Request(self._address + REFRESH_PATH, {**signed, "Content-Type": _JSON}, json.dumps(signed).encode())
        text = _secret_of(_success(self._send(request)))
        try:
            self._secret = self._decipher(self._app_key, text)
        except ValueError:
            raise PlatformRefusal(
                "平台返回的密钥无法用发放的密钥解密", "the platform's secret can't be deciphered with the issued key"
            ) from None
        self._until = asked_at + self._valid_for

    def _signed(self, sid: str, secret: str) -> dict[str, str]:
        """The four headers of a request made now."""
        rtime = str(int(self._clock() * 1000))
        return {
            "gjgxjhpt_rid": self._rid,
            "gjgxjhpt_sid": sid,
            "gjgxjhpt_rtime": rtime,
            "gjgxjhpt_sign": sign(secret, sid, self._rid, rtime),
        }


def checked_rid(rid: str) -> str:
    """The identifier of a calling application.

    Raises:
        InvalidArgument: it has not the platform's shape.
    """
    if not _RID.fullmatch(rid):
        raise InvalidArgument("请求者标识应为 UUID，或带 @df-数字", "the rid is a UUID, or one with @df-NUMBER")
    return rid


def checked_sid(sid: str) -> str:
    """The code of a service.

    Raises:
        InvalidArgument: it has not the platform's shape.
    """
    if not _SID.fullmatch(sid):
        raise InvalidArgument("服务编码应为 s_机构代码_序号", "a service is s_ORGANISATION_NUMBER")
    return sid


def _success(response: Response) -> Response:
    if response.status != 200:
        raise PlatformRefusal(
            f"平台没有受理（HTTP {response.status}）",
            f"the platform refused: HTTP {response.status}",
            status=response.status,
        )
    return response


def _secret_of(response: Response) -> str:
    """The enciphered secret of ``{"code": "0", "data": {"secret": …}}``."""
    try:
        answer = json.loads(response.body)
    except ValueError:
        answer = None
    code = str(answer.get("code", "")) if isinstance(answer, dict) else ""
    data = answer.get("data") if isinstance(answer, dict) else None
    text = data.get("secret") if isinstance(data, dict) else None
    if code != "0" or not isinstance(text, str) or not text:
        shown = code if re.fullmatch("-?[0-9A-Za-z_]{1,20}", code) else "?"
        raise PlatformRefusal(
            f"平台没有给出密钥（代码 {shown}）", f"the platform gave no secret: code {shown}", code=shown
        )
    return text
