"""What holds in every test: nothing reaches the network."""

from __future__ import annotations

import socket
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemas, entities and extensions must never be fetched: any connection off this machine fails the test."""

    def guarded(method: str) -> Any:
        original = getattr(socket.socket, method)

        def call(self: socket.socket, *arguments: Any) -> Any:
            # worker processes are started through a socket in the file system
            if self.family != socket.AF_UNIX:
                raise AssertionError("a test tried to reach the network")
            return original(self, *arguments)

        return call

    for method in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, method, guarded(method))
