"""Articles as a JSON Feed, version 1.1. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from bot.export.atom import identity
from storage.exporting import Exported


def json_feed(articles: Iterable[Exported], *, title: str) -> str:
    """A feed called ``title`` as the text of its document."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": [_item(article) for article in articles]}
    return json.dumps(feed, ensure_ascii=False) + "\n"


def _item(article: Exported) -> dict[str, Any]:
    changed = max([article.first_seen_at, *(each.replaced_at for each in article.revisions)])
    return {
        "id": identity(article),
        **({"url": article.url} if article.url else {}),
        **({"title": article.title} if article.title else {}),
        "content_text": article.text,
        "date_published": (article.published_at or article.first_seen_at).isoformat(),
        "date_modified": changed.isoformat(),
        "authors": [{"name": article.source}],
        "tags": list(article.topics),
        "language": article.language,
    }
