"""Serves a local chat on a free loopback port, in a thread beside a test."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from bot.localchat.server import LocalChat

_START_SECONDS = 10.0


@contextmanager
def serving(chat: LocalChat) -> Iterator[str]:
    """Serve in a thread of its own while the context is open; give the address, like http://127.0.0.1:40123."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        server = uvicorn.Server(uvicorn.Config(chat.app, log_level="critical", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + _START_SECONDS
        while not server.started and thread.is_alive() and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            chat.close()
            server.should_exit = True
            thread.join()
