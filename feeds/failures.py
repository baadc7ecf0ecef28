"""Turn what goes wrong with a connection into one sentence for the operator (pure).

Not here: answers with an HTTP status (``fetched.py``), the connection itself (``fetch.py``).
"""

from __future__ import annotations

import errno
import socket
import ssl

import aiohttp

from feeds.addresses import PrivateAddressError, read_address, redact
from storage.records import FetchError, Sentence, sentence

# Codes of OpenSSL's X509_V_ERR_* (openssl/x509_vfy.h): what people can act on is told apart, the rest is quoted.
_CERTIFICATE_PROBLEMS = {
    9: sentence("No secure connection: the server's certificate is not valid yet."),
    10: sentence("No secure connection: the server's certificate has expired."),
    18: sentence("No secure connection: the server's certificate is signed by the server itself."),
    19: sentence("No secure connection: the server's certificate comes from an authority that isn't known."),
    20: sentence("No secure connection: the server's certificate comes from an authority that isn't known."),
    62: sentence("No secure connection: the server's certificate belongs to another host name."),
    64: sentence("No secure connection: the server's certificate belongs to another address."),
}
_CONNECTION_PROBLEMS = {
    errno.ECONNREFUSED: sentence("The server refused the connection."),
    errno.ECONNRESET: sentence("The server broke off the connection."),
    errno.EHOSTUNREACH: sentence("There is no route to the server."),
    errno.ENETUNREACH: sentence("There is no network connection."),
    errno.ETIMEDOUT: sentence("The server did not accept a connection in time."),
}
_NO_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN}
_PROBLEMS: tuple[tuple[type[Exception], Sentence], ...] = (
    (PrivateAddressError, sentence("The address leads to a private or local network, which is not allowed.")),
    (aiohttp.ConnectionTimeoutError, sentence("The server did not accept a connection in time.")),
    (aiohttp.SocketTimeoutError, sentence("The server fell silent before the whole document had arrived.")),
    (aiohttp.ServerDisconnectedError, sentence("The server closed the connection without an answer.")),
    (aiohttp.ClientPayloadError, sentence("The connection ended before the whole document had arrived.")),
    (aiohttp.InvalidURL, sentence("The address can't be read: check it for typing mistakes.")),
    (aiohttp.ClientResponseError, sentence("The server's answer isn't HTTP that can be read.")),
)


def connection_failure(error: aiohttp.ClientError | OSError, url: str) -> FetchError:
    """Describe a connection that failed, as the error to raise; ``url`` may have credentials, the error has none."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    offline = _is_offline(cause)
    return FetchError(_problem(error, cause, url), redact(url), offline=offline)


def _problem(error: aiohttp.ClientError | OSError, cause: Exception, url: str) -> Sentence:
    if isinstance(cause, socket.gaierror):
        return _name_failure(cause, url)
    if isinstance(error, ssl.SSLError | aiohttp.ClientSSLError):
        return _tls_failure(error)
    for kind, problem in _PROBLEMS:
        if isinstance(cause, kind):
            return problem
    number = cause.errno if isinstance(cause, OSError) else None
    return _CONNECTION_PROBLEMS.get(number or 0, sentence("The connection to the server failed."))


def _name_failure(cause: socket.gaierror, url: str) -> Sentence:
    if cause.errno == socket.EAI_AGAIN:
        return sentence("The host name can't be looked up at the moment: no name service answers.")
    return sentence("There is no host named {host}.", host=read_address(url).host)


def _tls_failure(error: Exception) -> Sentence:
    cause: Exception = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        untold = sentence("No secure connection: the server's certificate can't be trusted ({reason}).", reason=cause.verify_message)
        return _CERTIFICATE_PROBLEMS.get(cause.verify_code, untold)
    reason: str | None = getattr(cause, "reason", None)
    if reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"}:
        return sentence("No secure connection: the server doesn't speak https at this address.")
    return sentence("No secure connection ({reason}).", reason=(reason or "unknown reason").replace("_", " ").lower())


def _is_offline(cause: Exception) -> bool:
    """Say whether nothing suggests that the source is to blame: no network, or no name service."""
    if isinstance(cause, socket.gaierror):
        return cause.errno == socket.EAI_AGAIN
    return isinstance(cause, OSError) and cause.errno in _NO_NETWORK
