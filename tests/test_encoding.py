"""Bytes to text, whatever is declared."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse.encoding import decode

RUSSIAN = "Образец: жёны мобилизованных написали письмо, они встретились в воскресенье."
UKRAINIAN = "Зразок: їхні матері зустрілися біля міста, ґанок, Європа."


@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1251", "koi8-r", "iso-8859-1", "nonsense", "hex"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251", "koi8-u", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN])
def test_cyrillic(text: str, encoding: str, declared: str | None) -> None:
    """Russian and Ukrainian are read whatever the server says they are."""
    assert decode(f"<rss>{text}</rss>".encode(encoding), declared) == f"<rss>{text}</rss>"


@pytest.mark.parametrize("encoding", ["cp866", "iso8859-5"])
def test_older_cyrillic(encoding: str) -> None:
    """Two encodings of the last century."""
    text = RUSSIAN.replace("ё", "е")
    assert decode(text.encode(encoding), None) == text


def test_western_and_eastern_text_is_read_as_declared() -> None:
    """Cyrillic is only suspected where whole words are made of such bytes; other alphabets are believed."""
    assert decode("Exemple: été, déjà, à la mairie".encode("latin-1"), None) == "Exemple: été, déjà, à la mairie"
    assert decode("例: 日本語のニュース".encode("shift_jis"), "shift_jis") == "例: 日本語のニュース"


def test_declaration_inside_the_document() -> None:
    """A prolog or a meta element counts where the server says nothing."""
    assert "été" in decode('<?xml version="1.0" encoding="iso-8859-15"?><a>été</a>'.encode("iso-8859-15"), None)
    assert "例え" in decode('<meta charset="euc-jp"><p>例え</p>'.encode("euc-jp"), None)


def test_one_bad_byte() -> None:
    """Damaged UTF-8 stays UTF-8."""
    body = RUSSIAN.encode()
    assert decode(body[:20] + b"\xff" + body[20:], "windows-1251").replace("\ufffd", "") == RUSSIAN


@given(st.binary(max_size=500), st.sampled_from([None, "utf-8", "cp1251", "utf-16", "undefined", "idna"]))
def test_anything_becomes_text(body: bytes, charset: str | None) -> None:
    """No bytes and no declaration raise."""
    assert isinstance(decode(body, charset), str)
