"""What is recorded about a source after a poll."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feeds.fetched import Fetched, NotModified
from feeds.gather import Gathered
from feeds.parse import Document, NoPreviewError
from feeds.settlement import Outcome, settlement, trouble_of
from storage.polled import unpolled
from storage.records import FetchError, ParseError, Source, SourceError, sentence

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://a.example/rss"
POLLED = replace(unpolled(Source("A", URL), NOW), id=1, title="Herald", last_success_at=NOW - timedelta(hours=1))


def _came(title: str = "Herald", *, moved: str | None = None, whole: bool = True) -> Gathered:
    answer = Fetched(URL, URL, moved, 200, '"tag"', "yesterday", None, b"", None, None)
    return Gathered(answer, Document("rss", title), b"hash", whole=whole)


@pytest.mark.parametrize(("origin", "stored"), [("operator", True), ("catalog", False)])
def test_a_feed_that_moved_for_good(origin: str, stored: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """The address of an operator's own source follows it; that of the list's is the list's to say."""
    values = settlement(replace(POLLED, origin=origin), Outcome(_came(moved="https://b.example/")), NOW)
    assert ("url" in values) is stored


def test_what_comes_is_remembered() -> None:
    """Validators, hash and title, and when something new came."""
    values = settlement(POLLED, Outcome(_came(), entries=2, new=1), NOW)
    assert (values["etag"], values["modified"], values["body_hash"]) == ('"tag"', "yesterday", b"hash")
    assert values["last_new_at"] == values["last_success_at"] == values["full_fetch_at"] == NOW
    assert "former_title" not in values


def test_validators_of_an_index_stand_for_nothing() -> None:
    """The sitemaps that it names may change while it doesn't."""
    values = settlement(POLLED, Outcome(_came(whole=False)), NOW)
    assert (values["etag"], values["modified"], values["body_hash"]) == (None, None, b"hash")


def test_a_changed_name_is_kept_until_it_is_told() -> None:
    """The first name since operators were told, however often it changes."""
    assert settlement(POLLED, Outcome(_came("Tribune")), NOW)["former_title"] == "Herald"
    changed = replace(POLLED, title="Tribune", former_title="Herald")
    assert settlement(changed, Outcome(_came("Mirror")), NOW)["former_title"] == "Herald"


def test_nothing_changed() -> None:
    """A 304 clears trouble and leaves what is known of the document."""
    answer = NotModified(URL, URL, None, 304, None, None, None)
    values = settlement(replace(POLLED, failures=3, trouble="fetch"), Outcome(Gathered(answer)), NOW)
    assert (values["failures"], values["trouble"], values["last_error"]) == (0, "", None)
    assert "body_hash" not in values


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FetchError(sentence("x"), URL, status=500), "fetch"),
        (FetchError(sentence("x"), URL, status=410), "gone"),
        (FetchError(sentence("x"), URL, offline=True), "offline"),
        (ParseError(sentence("x"), URL), "document"),
        (NoPreviewError(sentence("x"), URL), "no preview"),
        (SourceError(sentence("x"), URL), "document"),
    ],
)
def test_trouble_has_a_kind(error: SourceError, kind: str) -> None:
    """Each failure by what it means for operators; being offline is nobody's."""
    assert trouble_of(error) == kind
    values = settlement(POLLED, Outcome(error=error), NOW)
    assert ("trouble" in values) is (kind != "offline")
