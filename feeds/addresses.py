"""Which addresses may be opened and shown: private networks are refused, credentials are hidden.

Not here: opening anything (``fetch.py``), the canonical form of an address (``clean.py``).
"""

from __future__ import annotations

import ipaddress
import re

from yarl import URL

from storage.records import Sentence, sentence

MAX_ADDRESS_CHARS = 4096  # longer than any address of a feed that works; Google News wrappers have up to 1,000
_MAX_LABEL = 63  # RFC 1035, 2.3.4

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_CREDENTIALS = re.compile(r"(?<=//)[^/?#@\s]*(?:@[^/?#@\s]*)*@")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


class AddressError(ValueError):
    """An address can't be used; ``problem`` says why."""

    def __init__(self, problem: Sentence) -> None:
        super().__init__(str(problem))
        self.problem = problem


class PrivateAddressError(OSError):
    """A connection to a private, loopback, link-local or otherwise not public address was refused."""


def redact(url: str) -> str:
    """Return ``url`` without user name and password, fit to be shown or logged."""
    return _CREDENTIALS.sub("", url, count=1)


def read_address(url: str) -> URL:
    """Return ``url`` as an http or https URL with a host.

    Raises AddressError with a sentence for the operator.
    """
    text = url.strip()
    if len(text) > MAX_ADDRESS_CHARS:
        raise AddressError(sentence("The address is longer than {most} characters.", most=f"{MAX_ADDRESS_CHARS:,}"))
    try:
        # Encoded addresses are taken as they are: requoting would break the signatures that some feeds carry in their query.
        parsed = URL(text, encoded=text.isascii() and not re.search(r"[\s<>\"\\]", text))
        host = parsed.host
        _ = parsed.port
    except ValueError as error:
        raise AddressError(sentence("The address can't be read: check it for typing mistakes.")) from error
    if parsed.scheme not in {"http", "https"}:
        raise AddressError(sentence("The address must begin with https:// or http://."))
    if not host:
        raise AddressError(sentence("The address names no host."))
    if any(not 0 < len(label) <= _MAX_LABEL for label in (parsed.raw_host or "").rstrip(".").split(".")):
        raise AddressError(sentence("The address can't be read: a part of its host name is empty or too long."))
    return parsed


def is_public(address: str) -> bool:
    """Say whether an IP address, as the system gives it, belongs to the public internet.

    Addresses that hide an IPv4 address (mapped, NAT64, 6to4, Teredo) are judged by that one too.
    """
    try:
        ip: IPAddress = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return all(_globally_routed(each) for each in (ip, *_hidden(ip)))


def _globally_routed(ip: IPAddress) -> bool:
    return (ip.is_global or ip in _NAT64) and not (ip.is_multicast or (ip.is_reserved and ip not in _NAT64))


def _hidden(ip: IPAddress) -> list[IPAddress]:
    """List the IPv4 addresses that packets to ``ip`` may end up at."""
    if isinstance(ip, ipaddress.IPv4Address):
        return []
    found: list[IPAddress] = [ip.sixtofour] if ip.sixtofour is not None else []
    if ip.teredo is not None:
        found.extend(ip.teredo)
    if ip in _NAT64:
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return found
