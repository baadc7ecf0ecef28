"""A source with the state of its polling, as it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage.records import Sentence, Source


@dataclass(frozen=True, slots=True)
class Polled:
    """A source with the state of its polling."""

    id: int
    source: Source
    origin: str
    state: str
    next_check_at: datetime
    title: str | None = None
    etag: str | None = None
    modified: str | None = None
    full_fetch_at: datetime | None = None
    body_hash: bytes | None = None
    wait: float | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    last_error: Sentence | None = None
    last_error_at: datetime | None = None
    failures: int = 0
    skipped: int = 0
    trouble: str = ""
    told: str = ""
    former_title: str | None = None
    walk_from: str | None = None


def unpolled(source: Source, now: datetime) -> Polled:
    """A source that isn't stored and was never polled."""
    return Polled(id=0, source=source, origin="operator", state="on", next_check_at=now)


def of_row(row: Any) -> Polled:
    """The source in a row of the table of sources."""
    source = Source(
        name=row.name,
        url=row.url,
        kind=row.kind,
        publisher=row.publisher,
        standing=row.standing,
        language=row.language,
        interval=row.interval,
        enabled=row.state == "on",
        note=row.note,
    )
    return Polled(
        id=row.id,
        source=source,
        origin=row.origin,
        state=row.state,
        title=row.title,
        etag=row.etag,
        modified=row.modified,
        full_fetch_at=row.full_fetch_at,
        body_hash=row.body_hash,
        wait=row.wait,
        next_check_at=row.next_check_at,
        last_success_at=row.last_success_at,
        last_new_at=row.last_new_at,
        last_error=Sentence.read(row.last_error) if row.last_error else None,
        last_error_at=row.last_error_at,
        failures=row.failures,
        skipped=row.skipped,
        trouble=row.trouble,
        told=row.told,
        former_title=row.former_title,
        walk_from=row.walk_from,
    )
