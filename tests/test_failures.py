"""Connections that fail, in words."""

from __future__ import annotations

import errno
import socket
import ssl

import aiohttp
import pytest

from feeds.failures import connection_failure

URL = "https://reader:secret@example.org/feed"


def certificate(code: int, message: str) -> ssl.SSLCertVerificationError:
    """Return the error that OpenSSL's verification ends with."""
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    error.verify_message = message
    return error


@pytest.mark.parametrize(
    ("error", "sentence", "offline"),
    [
        (socket.gaierror(socket.EAI_NONAME, "x"), "There is no host named example.org.", False),
        (socket.gaierror(socket.EAI_AGAIN, "x"), "The host name can't be looked up at the moment: no name service answers.", True),
        (OSError(errno.ENETUNREACH, "x"), "There is no network connection.", True),
        (OSError(errno.EHOSTUNREACH, "x"), "There is no route to the server.", False),
        (OSError(errno.ECONNRESET, "x"), "The server broke off the connection.", False),
        (OSError(errno.EIO, "x"), "The connection to the server failed.", False),
        (certificate(10, "certificate has expired"), "No secure connection: the server's certificate has expired.", False),
        (certificate(62, "mismatch"), "No secure connection: the server's certificate belongs to another host name.", False),
        (certificate(99, "odd purpose"), "No secure connection: the server's certificate can't be trusted (odd purpose).", False),
        (ssl.SSLError(1, "x"), "No secure connection (unknown reason).", False),
        (aiohttp.ServerDisconnectedError(), "The server closed the connection without an answer.", False),
        (aiohttp.ClientPayloadError(), "The connection ended before the whole document had arrived.", False),
        (aiohttp.ConnectionTimeoutError(), "The server did not accept a connection in time.", False),
    ],
)
def test_failures_in_words(error: OSError | aiohttp.ClientError, sentence: str, offline: bool) -> None:  # noqa: FBT001 - a column of the table
    """Each failure has one sentence without credentials, and says whether the source is to blame."""
    failure = connection_failure(error, URL)
    assert (str(failure), failure.offline, failure.url) == (sentence, offline, "https://example.org/feed")
