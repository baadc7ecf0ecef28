"""Exported articles as JSON lines and as CSV: the fields that ``homefront import`` takes, and all else that is known. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from feeds.files import GUARDED
from feeds.sameness.changes import difference
from storage.exporting import Exported

FIELDS = (
    "id", "source", "url", "title", "text", "published", "lang", "article", "copy_of", "copy_of_id", "copy_score", "copy_delay",
    "copy_changes", "story", "topics", "publisher", "standing", "first_seen", "wire", "withdrawn", "revisions",
)  # fmt: skip


def fields(article: Exported) -> dict[str, Any]:
    """An article's fields in their order.

    ``copy_delay``: seconds after its original, ``copy_changes``: what it says otherwise than that; ``revisions``: what the article said
    until they were replaced.
    """
    original = article.original
    values = (
        _own_id(article.article, article.given_id),
        article.source,
        article.url,
        article.title,
        article.text,
        _written(article.published_at),
        article.language,
        article.article,
        original.article if original else None,
        _own_id(original.article, original.given_id) if original else None,
        round(article.copy_score, 4) if article.copy_score is not None else None,
        round((article.first_seen_at - original.first_seen_at).total_seconds()) if original else None,
        _changes(article),
        article.story,
        list(article.topics),
        article.publisher,
        article.standing,
        _written(article.first_seen_at),
        article.wire,
        _written(article.withdrawn_at),
        [{"replaced_at": _written(each.replaced_at), "title": each.title, "text": each.text} for each in article.revisions],
    )
    return dict(zip(FIELDS, values, strict=True))


def json_lines(articles: Iterable[Exported]) -> Iterator[str]:
    """A line of JSON for each article."""
    for article in articles:
        yield json.dumps(fields(article), ensure_ascii=False) + "\n"


def csv_rows(articles: Iterable[Exported]) -> Iterator[str]:
    """The names of the fields, then a row of CSV (RFC 4180) for each article; lists are JSON, topics have spaces between.

    A text that a spreadsheet would take for a formula has an apostrophe before it, which the import takes away again.
    """
    yield _row(FIELDS)
    for article in articles:
        yield _row([_cell(name, value) for name, value in fields(article).items()])


def _own_id(number: int, given: str | None) -> Any:
    return json.loads(given) if given else number


def _changes(article: Exported) -> list[dict[str, str]]:
    original = article.original
    if original is None:
        return []
    before, after = f"{original.title}\n{original.text}", f"{article.title}\n{article.text}"
    return [{each.kind: each.text} for each in difference(before, after) if each.kind != "same"]


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _cell(name: str, value: Any) -> str:
    if value is None or value == []:
        return ""
    if isinstance(value, str):
        return f"'{value}" if GUARDED.match(value) else value
    return " ".join(value) if name == "topics" else json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def _row(values: Iterable[str]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerow(values)
    return written.getvalue()
