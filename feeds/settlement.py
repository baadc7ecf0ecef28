"""What to record about a source after polling it (pure): values and the time in, columns of the table out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from feeds import pace
from feeds.gather import Gathered
from feeds.pace import History
from feeds.parse import NoPreviewError
from storage.polled import Polled
from storage.records import FetchError, SourceError

# A channel without a preview is asked again once a day: it is a state of the channel, which time alone doesn't mend.
_NO_PREVIEW_WAIT = 24 * 3600.0
_GONE = 410


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a poll ended: with an answer, or with an error. ``entries``: how many the document had, ``new``: how many of them are stored."""

    gathered: Gathered | None = None
    error: SourceError | None = None
    entries: int = 0
    new: int = 0


def settlement(polled: Polled, outcome: Outcome, now: datetime) -> dict[str, Any]:
    """The columns to set."""
    history = History(
        source=polled.source.url,
        now=now,
        last_success=polled.last_success_at,
        last_error_at=polled.last_error_at,
        interval=polled.source.interval,
        wait=polled.wait,
        full_at=polled.full_fetch_at,
    )
    if outcome.error is not None:
        return _failure(polled, outcome.error, history)
    return _success(polled, outcome, history)


def trouble_of(error: SourceError) -> str:
    """The kind of a failure: offline, no preview, gone, fetch (no document came) or document (one came that can't be read)."""
    if isinstance(error, NoPreviewError):
        return "no preview"
    if isinstance(error, FetchError):
        return "offline" if error.offline else "gone" if error.status == _GONE else "fetch"
    return "document"


def _failure(polled: Polled, error: SourceError, history: History) -> dict[str, Any]:
    failed = replace(history, failures=polled.failures + 1, last_error_at=history.now)
    if isinstance(error, FetchError):
        failed = replace(failed, status=error.status, retry_after=error.retry_after, offline=error.offline)
    if isinstance(error, NoPreviewError):
        failed = replace(failed, retry_after=_NO_PREVIEW_WAIT)
    decided = pace.next_check(failed)
    values: dict[str, Any] = {
        "next_check_at": decided.next_check_at,
        "wait": decided.wait,
        "last_error": error.problem.kept(),
        "last_error_at": history.now,
    }
    # A machine that is offline says nothing about the source.
    return values if failed.offline else {**values, "failures": polled.failures + 1, "trouble": trouble_of(error)}


def _success(polled: Polled, outcome: Outcome, history: History) -> dict[str, Any]:
    gathered, now = outcome.gathered, history.now
    document = gathered.document if gathered else None
    known = (outcome.entries - outcome.new) / outcome.entries if outcome.entries else (None if document else 1.0)
    max_age = gathered.answer.max_age if gathered else None
    decided = pace.next_check(replace(history, last_success=now, known=known, ttl=document.ttl if document else None, max_age=max_age))
    values: dict[str, Any] = {
        "next_check_at": decided.next_check_at,
        "wait": decided.wait,
        "failures": 0,
        "trouble": "",
        "last_error": None,
        "last_success_at": now,
    }
    if gathered is not None and gathered.hash is not None:
        values |= _document_values(polled, gathered, now)
    if document is not None:
        values |= {"title": document.title or polled.title, "skipped": len(document.skipped)}
        if polled.title and document.title and document.title != polled.title:
            values["former_title"] = polled.former_title or polled.title
    return values | ({"last_new_at": now} if outcome.new else {})


def _document_values(polled: Polled, gathered: Gathered, now: datetime) -> dict[str, Any]:
    answer = gathered.answer
    validators = (answer.etag, answer.modified) if gathered.whole else (None, None)
    whole = polled.full_fetch_at is None or now - polled.full_fetch_at >= pace.FULL_FETCH_EVERY or not (polled.etag or polled.modified)
    values: dict[str, Any] = {"etag": validators[0], "modified": validators[1], "body_hash": gathered.hash, "walk_from": gathered.walk_from}
    values |= {"full_fetch_at": now} if whole else {}
    # The list says where its own sources are, at every start; a feed of its that moved is found by the redirect.
    return values | ({"url": answer.moved_to} if answer.moved_to and polled.origin == "operator" else {})
