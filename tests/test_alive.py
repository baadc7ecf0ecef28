"""The container's health check: well, ill, or not there."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import pytest

from tests.servers import always, serving


def _ask(listen: str) -> tuple[int, str]:
    environment = os.environ | {"HOMEFRONT_LISTEN": listen}
    done = subprocess.run([sys.executable, "-m", "bot.alive"], env=environment, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stderr


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
async def test_alive(host: str) -> None:
    """An answer is all that is needed, also of a program that listens everywhere."""
    async with serving(always(b"alive")) as server:
        port = server.url.rpartition(":")[2]
        assert await asyncio.to_thread(_ask, f"{host}:{port}") == (0, "")
        assert [request.path for request in server.requests] == ["/healthz"]


async def test_ill() -> None:
    """Another answer isn't enough."""
    async with serving(always(b"", "503 Service Unavailable")) as server:
        assert await asyncio.to_thread(_ask, server.url.removeprefix("http://")) == (1, "The program answers with 503.\n")


@pytest.mark.parametrize(("listen", "said"), [("127.0.0.1:9", "doesn't answer"), ("", "isn't set"), ("nonsense", "isn't set")])
def test_not_there(listen: str, said: str) -> None:
    """Nobody answers, or nobody knows where to ask: one line and status 1."""
    status, error = _ask(listen)
    assert (status, said in error, error.count("\n")) == (1, True, 1)
