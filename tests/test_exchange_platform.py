"""The government exchange platform: a fake of it verifies every call as the real one would."""

from __future__ import annotations

import base64
import builtins
import hashlib
import hmac
import json
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from kunjing_exchange.departments.exchange_platform import (
    REFRESH_PATH,
    VALID_FOR,
    ExchangePlatform,
    PlatformRefusal,
    Request,
    Response,
    decipher,
    sign,
)
from kunjing_exchange.errors import InvalidArgument, MissingExtra

RID = "00000000-1111-2222-3333-444444444444"
SID, REFRESH_SID = "s_1200000000000_1234", "s_1200000000000_1"
ISSUED = "issued-key-for-tests-0001"
ADDRESS = "https://platform.invalid/gateway/"
SERVICE = "https://platform.invalid/gateway/child"
NOW = 1_506_787_200.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def enciphered(secret: str) -> str:
    """As the platform does it; here with the library, in the vector below by OpenSSL's command."""
    key = hashlib.sha1(hashlib.sha1(ISSUED.encode()).digest()).digest()[:16]
    padder = PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()
    padded = padder.update(secret.encode()) + padder.finalize()
    return base64.encodebytes(encryptor.update(padded) + encryptor.finalize()).decode()


class Platform:
    """The other side: knows the issued key, gives secrets that expire, and believes nothing unsigned."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.secrets = 0
        self.until = 0.0
        self.calls: list[Request] = []
        self.answer: bytes | None = None

    @property
    def secret(self) -> str:
        return f"working-secret-{self.secrets}"

    def __call__(self, request: Request) -> Response:
        self.calls.append(request)
        headers = request.headers
        refreshing = request.url == f"{ADDRESS.rstrip('/')}{REFRESH_PATH}"
        key = ISSUED if refreshing else self.secret
        message = headers["gjgxjhpt_sid"] + headers["gjgxjhpt_rid"] + headers["gjgxjhpt_rtime"]
        expected = base64.b64encode(hmac.digest(key.encode(), message.encode(), "sha256")).decode()
        age = self.clock() * 1000 - int(headers["gjgxjhpt_rtime"])
        if headers["gjgxjhpt_sign"] != expected or not 0 <= age < 300_000 or headers["gjgxjhpt_rid"] != RID:
            return Response(401, b"")
        if refreshing:
            if json.loads(request.body) != {name: headers[name] for name in headers if name.startswith("gjgx")}:
                return Response(400, b"")
            self.secrets += 1
            self.until = self.clock() + VALID_FOR
            data = {"secret": enciphered(self.secret), "secretEndTime": "1506789000000"}
            answer = json.dumps({"code": "0", "message": "ok", "data": data}).encode()
            return Response(200, answer if self.answer is None else self.answer)
        return Response(200, b'{"status":"success"}') if self.clock() < self.until else Response(403, b"")


def platform(send: Callable[[Request], Response], clock: Clock, **more: Any) -> ExchangePlatform:
    facts = {"rid": RID, "app_key": ISSUED, "refresh_sid": REFRESH_SID, "address": ADDRESS, **more}
    return ExchangePlatform(send=send, clock=clock, **facts)


def test_a_signature_is_the_one_that_openssl_makes() -> None:
    # printf %s s_1200000000000_123400000000-1111-2222-3333-4444444444441506787200000 |
    #   openssl dgst -sha256 -hmac working-secret-1 -binary | base64
    assert sign("working-secret-1", SID, RID, "1506787200000") == "IXmiscwhQdbfwGVZiF+PMrzuQhWu/z0gx94mLmXxrMM="


def test_a_secret_is_deciphered_as_openssl_enciphered_it() -> None:
    # printf working-secret-1 | openssl enc -aes-128-ecb -base64 -K <SHA-1 of SHA-1 of the issued key, 16 bytes>
    assert decipher(ISSUED, "iU8E9G4v6B7ncrLhHOEmtVPdVUodexAGUypQbOcW3Nw=") == "working-secret-1"


def test_a_call_asks_for_a_secret_first_and_signs_with_it() -> None:
    clock = Clock()
    other = Platform(clock)
    assert platform(other, clock).call(SID, SERVICE, b"{}") == b'{"status":"success"}'
    refresh, call = other.calls
    assert refresh.headers["gjgxjhpt_sid"] == REFRESH_SID
    assert call.headers == {
        "gjgxjhpt_rid": RID,
        "gjgxjhpt_sid": SID,
        "gjgxjhpt_rtime": "1506787200000",
        "gjgxjhpt_sign": "IXmiscwhQdbfwGVZiF+PMrzuQhWu/z0gx94mLmXxrMM=",
        "Content-Type": "application/json;charset=UTF-8",
    }


def test_a_secret_is_used_until_it_runs_out_and_no_longer() -> None:
    clock = Clock()
    other = Platform(clock)
    caller = platform(other, clock)
    for _ in range(3):
        caller.call(SID, SERVICE, b"{}")
    assert other.secrets == 1
    clock.now += VALID_FOR - 1
    caller.call(SID, SERVICE, b"{}")
    assert other.secrets == 1
    clock.now += 1
    caller.call(SID, SERVICE, b"<a/>", content_type="text/xml;charset=UTF-8")
    assert other.secrets == 2
    assert other.calls[-1].headers["Content-Type"] == "text/xml;charset=UTF-8"


@pytest.mark.parametrize(
    "answer",
    [
        b"", b"[]", b"{}", b'{"code":"0"}', b'{"code":"0","data":{"secret":""}}', b'{"code":"0","data":{"secret":7}}',
        b'{"code":"1","message":"issued-key-for-tests-0001","data":{"secret":"c2VjcmV0"}}',
        b'{"code":"0","data":{"secret":"c2VjcmV0"}}', b'{"code":"0","data":{"secret":"\\u5bc6"}}',
        b'{"code":"0","data":{"secret":"AAAAAAAAAAAAAAAAAAAAAA=="}}',
    ],
)  # fmt: skip
def test_an_answer_without_a_secret_is_refused(answer: bytes) -> None:
    clock = Clock()
    other = Platform(clock)
    other.answer = answer
    caller = platform(other, clock)
    with pytest.raises(PlatformRefusal) as refusal:
        caller.call(SID, SERVICE, b"{}")
    assert "platform" in str(refusal.value)
    assert "平台" in refusal.value.zh
    assert len(other.calls) == 1  # nothing is called with no secret


def test_the_platforms_refusal_is_said_with_its_status() -> None:
    clock = Clock()
    other = Platform(clock)
    wrong = platform(other, clock, app_key="another")
    with pytest.raises(PlatformRefusal) as refusal:
        wrong.refresh()
    assert refusal.value.facts["status"] == 401
    late = platform(other, clock, valid_for=10 * VALID_FOR)
    late.refresh()
    clock.now += VALID_FOR
    with pytest.raises(PlatformRefusal) as refusal:
        late.call(SID, SERVICE, b"{}")
    assert refusal.value.facts["status"] == 403


def test_after_a_failed_refresh_the_old_secret_is_not_used() -> None:
    clock = Clock()
    other = Platform(clock)
    caller = platform(other, clock)
    caller.call(SID, SERVICE, b"{}")
    other.answer = b"{}"
    for _ in range(2):
        with pytest.raises(PlatformRefusal):
            caller.refresh() if other.secrets == 1 else caller.call(SID, SERVICE, b"{}")
    assert {call.headers["gjgxjhpt_sid"] for call in other.calls[2:]} == {REFRESH_SID}


def test_no_secret_is_shown_anywhere(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    other = Platform(clock)
    caller = platform(other, clock)
    caller.call(SID, SERVICE, b'{"child_name":"canary"}')
    shown = [repr(caller), str(caller), *map(repr, other.calls), repr(Response(200, b"working-secret-1")), caplog.text]
    for answer in (b'{"code":"0","data":{"secret":"c2VjcmV0"}}', b'{"code":"issued-key-for-tests-0001 canary"}'):
        other.answer = answer
        try:
            caller.refresh()
        except PlatformRefusal as refusal:
            shown += [*traceback.format_exception(refusal), refusal.zh, repr(refusal.facts)]
    text = "\n".join(shown)
    signatures = [call.headers["gjgxjhpt_sign"] for call in other.calls]
    assert [secret for secret in (ISSUED, "working-secret", "canary", *signatures) if secret in text] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"rid": "1"}, {"rid": f"{RID}@df-"}, {"rid": f"{RID}@df-٣"}, {"app_key": ""}, {"refresh_sid": "1200_1"},
        {"refresh_sid": "s_12_1"},
    ],
)  # fmt: skip
def test_identifiers_have_the_platforms_shape(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidArgument) as refusal:
        platform(Platform(Clock()), Clock(), **wrong)
    assert not any(value and value in str(refusal.value) for value in wrong.values() if len(value) > 1)


def test_a_call_of_no_service_is_refused_before_anything_is_sent() -> None:
    clock = Clock()
    other = Platform(clock)
    with pytest.raises(InvalidArgument):
        platform(other, clock, rid=f"{RID}@df-224").call("child", SERVICE, b"{}")
    assert other.calls == []


def test_another_way_of_deciphering_can_be_given() -> None:
    clock = Clock()
    other = Platform(clock)
    other.answer = b'{"code":0,"data":{"secret":"1-terces-gnikrow"}}'
    caller = platform(other, clock, decipher=lambda key, text: text[::-1])
    assert caller.call(SID, SERVICE, b"{}") == b'{"status":"success"}'


def test_without_the_extra_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(MissingExtra, match="crypto"):
        decipher(ISSUED, "iU8E9G4v6B7ncrLhHOEmtVPdVUodexAGUypQbOcW3Nw=")
