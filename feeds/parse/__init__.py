"""A fetched document becomes entries: one module a format, and the repair of what arrives broken."""

from feeds.parse.discover import discover
from feeds.parse.document import Document, NoPreviewError
from feeds.parse.recognise import parse

__all__ = ["Document", "NoPreviewError", "discover", "parse"]
