"""Which addresses may be opened and how they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.addresses import is_public, read_address, redact


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255",
        "198.18.0.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
        "localhost", "",
    ],
)  # fmt: skip
def test_not_public(address: str) -> None:
    """Private, loopback, link-local, shared, multicast and reserved addresses, also hidden in IPv6 ones; what is no address."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public(address: str) -> None:
    """Ordinary addresses, also behind NAT64."""
    assert is_public(address)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://reader:pw@example.org/feed", "https://example.org/feed"),
        ("https://a@b@example.org/", "https://example.org/"),
        ("https://example.org/@name?x=a@b", "https://example.org/@name?x=a@b"),
        ("https://example.org", "https://example.org"),
    ],
)
def test_redact(url: str, shown: str) -> None:
    """Credentials go, an @ elsewhere stays."""
    assert redact(url) == shown


@given(st.text(alphabet="abc:/@?#.%", max_size=40))
def test_redacted_addresses_stay_as_they_are(url: str) -> None:
    """Redacting once is enough."""
    assert redact(redact(url)) == redact(url)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://example.org", "The address must begin with https:// or http://."),
        ("example.org/feed", "The address must begin with https:// or http://."),
        ("https:///feed", "The address names no host."),
        ("https://a..b/", "The address can't be read: a part of its host name is empty or too long."),
        ("https://" + "a" * 64 + ".org/", "The address can't be read: a part of its host name is empty or too long."),
        ("https://example.org:99999/", "The address can't be read: check it for typing mistakes."),
        ("https://[::1/", "The address can't be read: check it for typing mistakes."),
        ("https://example.org/" + "a" * 5000, "The address is longer than 4,096 characters."),
    ],
)
def test_addresses_that_cannot_be_used(url: str, sentence: str) -> None:
    """Each reason has its sentence."""
    with pytest.raises(ValueError, match=r"^The address ") as caught:
        read_address(url)
    assert str(caught.value) == sentence


def test_signed_queries_stay_as_they_are() -> None:
    """Requoting an encoded address would break its signature."""
    url = "https://example.org/feed?sig=a%2Fb%3d%7E&x=1,2"
    assert str(read_address(url)) == url


@given(st.text(max_size=60))
def test_anything_is_read_or_refused(url: str) -> None:
    """Whatever is typed ends in an address or in a ValueError."""
    try:
        parsed = read_address(url)
    except ValueError:
        return
    assert parsed.host
