"""What holds for the entries of every format."""

from __future__ import annotations

import pytest

from feeds.parse.document import MAX_SKIPPED, address, collect, guid_of, language, outlet_of, without_repetition
from storage.records import Entry, ParseError

URL = "https://example.org/feed"


def entry(guid: str | None, title: str = "Sample", url: str | None = None) -> Entry:
    """Make an entry."""
    return Entry(guid=guid, url=url, title=title, text="")


def test_shared_guids_are_no_guids() -> None:
    """A guid that several entries share is taken from all of them; others keep theirs; copies count once."""
    entries, _ = collect([entry("x", "a"), entry("x", "b"), entry("y", "c"), entry("y", "c")], (), URL)
    assert [(each.guid, each.title) for each in entries] == [(None, "a"), (None, "b"), ("y", "c")]


def test_only_bad_entries_are_an_error() -> None:
    """No entry at all is fine; some, and none that can be read, isn't."""
    assert collect([], (), URL) == ((), ())
    with pytest.raises(ParseError, match="Entry 1 has neither"):
        collect([None], (), URL)


def test_reasons_are_bounded() -> None:
    """A document of a thousand bad entries doesn't fill the screen."""
    assert len(collect([entry("x"), *[None] * 1000], (), URL)[1]) == MAX_SKIPPED


@pytest.mark.parametrize(
    ("link", "wanted"),
    [
        ("/a b\n", "https://example.org/ab"), ("//other.example.org/x", "https://other.example.org/x"), ("javascript:x", None), ("", None),
        (None, None), ("https://[zz/", None), ("ftp://x/", None), ("x" * 3000, None), ("https://example.org/я", "https://example.org/я"),
        ("https://a.example.org/b?c=1&d", "https://a.example.org/b?c=1&d"), ("https://a.example.org/b?", "https://a.example.org/b"),
    ],
)  # fmt: skip
def test_address(link: str | None, wanted: str | None) -> None:
    """Absolute http addresses of bounded length, or nothing."""
    assert address(link, URL) == wanted


def test_language() -> None:
    """Tags of all kinds become two letters."""
    tags = ["en-GB", "ru_RU", "eng", "UA", "ukr", "zh-Hans", "", None, "russian", "x-klingon", "я1"]
    assert [language(tag) for tag in tags] == ["en", "ru", "en", "uk", "uk", "zh", None, None, None, None, None]


def test_guid_of() -> None:
    """Texts and numbers are identifiers; a long one becomes its hash; nothing else is one."""
    assert [guid_of(value) for value in (" a ", 7, "", None, True, ["x"])] == ["a", "7", None, None, None, None]
    long = guid_of("x" * 5000)
    assert long is not None
    assert len(long) == 32


def test_outlets_and_repetitions() -> None:
    """A feed isn't its own aggregator; a text that only repeats the title is none."""
    assert outlet_of("Sample News", "sample news") is None
    assert outlet_of(" <b>Other</b> ", "sample news") == "Other"
    assert without_repetition("A title", "A\ntitle Other", "Other") == ""
    assert without_repetition("A title", "A title and more", None) == "A title and more"
