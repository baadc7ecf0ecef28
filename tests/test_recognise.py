"""Every sample document gives the entries that stand beside it."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from feeds.parse import NoPreviewError, parse
from storage.records import Entry, ParseError
from tests.parsing import outcome

FOLDER = Path(__file__).parent / "samples" / "documents"
EXPECTED = sorted(FOLDER.glob("*.expected.json"))
NEWS = "https://news.example.org/feed/rss"


def read(name: str) -> dict[str, Any]:
    """Return what is expected of a sample document."""
    return dict(json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8")))


def entry(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return an expected entry with all its fields."""
    published = wanted.get("published")
    empty = Entry(guid=None, url=None, title="", text="")
    return {**asdict(empty), **wanted, "published": datetime.fromisoformat(published) if published else None}


@pytest.mark.parametrize("name", [path.name.removesuffix(".expected.json") for path in EXPECTED])
def test_sample_document(name: str) -> None:
    """A document gives exactly the expected entries and reasons, or the expected error."""
    wanted = read(name)
    body = (FOLDER / wanted["document"]).read_bytes()
    arguments = {"url": wanted.get("url", NEWS), "kind": wanted.get("kind", "feed"), "charset": wanted.get("charset")}
    if "error" in wanted:
        with pytest.raises(ParseError) as caught:
            parse(body, **arguments)
        assert str(caught.value) == wanted["error"]
        return
    document = parse(body, **arguments)
    assert [asdict(each) for each in document.entries] == [entry(each) for each in wanted["entries"]]
    assert list(map(str, document.skipped)) == wanted.get("skipped", [])
    told = {"title": document.title, "format": document.format, "ttl": document.ttl, "older": document.older, "links": list(document.links)}
    assert {key: told[key] for key in told if key in wanted} == {key: wanted[key] for key in told if key in wanted}


def test_no_preview_is_told_apart() -> None:
    """A channel without a preview raises an error of its own kind, since nothing is to be tried again soon."""
    body = (FOLDER / "telegram-no-preview.html").read_bytes()
    with pytest.raises(NoPreviewError):
        parse(body, url="https://t.me/s/samplechannel", kind="telegram")


def test_every_document_has_its_expectation() -> None:
    """No sample lies around unused, and there are enough of them."""
    documents = {path.name for path in FOLDER.iterdir()} - {path.name for path in EXPECTED}
    assert documents == {read(path.name.removesuffix(".expected.json"))["document"] for path in EXPECTED}
    assert len(documents) >= 60


@given(st.binary(max_size=300), st.sampled_from(["feed", "news_sitemap", "telegram"]))
def test_any_bytes(body: bytes, kind: str) -> None:
    """Whatever comes ends in entries or in a sentence."""
    assert outcome(body, kind)
