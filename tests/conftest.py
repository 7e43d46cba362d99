"""What holds in every test: nothing reaches the network."""

from __future__ import annotations

import socket

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemas, entities and extensions must never be fetched: any connection fails the test."""

    def refuse(*_: object) -> None:
        raise AssertionError("a test tried to reach the network")

    for method in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, method, refuse)
