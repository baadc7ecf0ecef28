"""Serving inside the program: how its connections are set."""

from __future__ import annotations

import asyncio
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path

import pytest
from starlette.applications import Starlette

from bot.serve import LOOPBACK, served


def _without_delay(port: int) -> list[int]:
    """TCP_NODELAY of this process's end of each connection that was made to a port."""
    found = list[int]()
    for number in map(int, (each.name for each in Path("/proc/self/fd").iterdir())):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                with socket.socket(fileno=os.dup(number)) as end:
                    if end.getsockname()[1:2] == (port,) and end.getpeername():
                        found.append(end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
    return found


@pytest.mark.parametrize("host", [None, LOOPBACK])
async def test_an_answer_is_sent_at_once(host: str | None) -> None:
    """No connection holds the body of an answer back until its head is confirmed, which takes 40 ms."""
    async with served(Starlette(), 0, host) as address:
        port = int(address.rpartition(":")[2])
        with socket.create_connection((host or LOOPBACK, port)) as asking:
            asking.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            asking.settimeout(0)
            assert await asyncio.get_running_loop().sock_recv(asking, 10)
            assert _without_delay(port) == [1]
