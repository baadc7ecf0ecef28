"""The frozen values that cross folders, and the one tree of errors.

Not here: tables (``tables.py``), and values that only one folder uses.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words for people that can be said in other languages: English with {placeholders}, and what stands in them."""

    template: str
    values: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return self.template.format(**dict(self.values))

    @classmethod
    def of_words(cls, words: str) -> Sentence:
        """Words as they are, whatever signs are in them."""
        return cls(words.replace("{", "{{").replace("}", "}}"))

    def kept(self) -> str:
        """The sentence as a line to be stored, of which ``read`` makes it again."""
        return json.dumps(_parts(self), ensure_ascii=False)

    @classmethod
    def read(cls, line: str) -> Sentence:
        """A sentence that was stored; a line that never was one is words."""
        try:
            found = _joined(json.loads(line))
        except ValueError:
            found = None
        return found if isinstance(found, Sentence) else cls.of_words(line)


def _parts(value: object) -> Any:
    if isinstance(value, Sentence):
        return [value.template, {name: _parts(each) for name, each in value.values}]
    return value if isinstance(value, int | float) else str(value)


def _joined(parts: Any) -> Any:
    match parts:
        case [str(template), dict(values)]:
            return Sentence(template, tuple((name, _joined(each)) for name, each in values.items()))
        case _:
            return parts


def sentence(template: str, **values: object) -> Sentence:
    """A sentence that the catalogues hold under its English."""
    return Sentence(template, tuple(values.items()))


class HomefrontError(Exception):
    """Root of every error that is raised on purpose.

    Its text is one sentence that says what to do, ``problem`` the same to be said in other languages.
    """

    def __init__(self, problem: Sentence | str) -> None:
        super().__init__(str(problem))
        self.problem = problem if isinstance(problem, Sentence) else Sentence.of_words(problem)


class StorageError(HomefrontError):
    """The database can't be opened, read or written."""


class DamagedError(StorageError):
    """The database's file is damaged, which waiting doesn't mend."""


class QueryError(HomefrontError):
    """A search query can't be read.

    ``position`` is the index of the first character that couldn't be read, in the query as typed; ``problem`` says what is wrong with it,
    ``kind`` the same in a word or two. ``mend`` puts this one mistake right, where that can be done: what stands instead of the characters
    from its first number to its second. ``meant``: the whole query with every mistake put right, empty where that can't be done.
    """

    def __init__(self, problem: Sentence, position: int, kind: str, mend: tuple[int, int, str] | None = None) -> None:
        super().__init__(problem)
        self.position = position
        self.kind = kind
        self.mend = mend
        self.meant = ""


class SourceError(HomefrontError):
    """A source can't be used; ``url`` is its address without credentials."""

    def __init__(self, problem: Sentence, url: str) -> None:
        super().__init__(problem)
        self.url = url


class FetchError(SourceError):
    """A document couldn't be fetched.

    ``status`` is the HTTP status where there was one, ``retry_after`` the seconds that the server asked us to wait,
    ``offline`` is true where nothing suggests that the source is to blame (no route, no name service at all).
    """

    def __init__(
        self,
        problem: Sentence,
        url: str,
        *,
        status: int | None = None,
        retry_after: float | None = None,
        offline: bool = False,
    ) -> None:
        super().__init__(problem, url)
        self.status = status
        self.retry_after = retry_after
        self.offline = offline


class ParseError(SourceError):
    """A document was fetched, and no entry can be read from it."""


class WatchlistError(HomefrontError):
    """The watchlist or a rule can't be used; the text names the topic, the key or the character."""


class SettingsError(HomefrontError):
    """A setting, an option or a list given by the operator can't be used; the text names it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A feed, sitemap or channel that is polled, as its operator described it.

    ``kind``: feed, news_sitemap or telegram. ``standing``: independent, exile, state, wire, ukrainian or group.
    ``language``: en, ru, uk, or None where items come in several. ``interval``: seconds, None for the default.
    """

    name: str
    url: str
    kind: str = "feed"
    publisher: str = ""
    standing: str = "independent"
    language: str | None = None
    interval: int | None = None
    enabled: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a document, as parsed and cleaned: plain text, absolute address, aware UTC time.

    ``guid`` is None where the document gives none, or gives the same one to several entries. ``outlet`` is the outlet that an
    aggregator names as the item's origin. At least one of ``title`` and ``text`` isn't empty.
    """

    guid: str | None
    url: str | None
    title: str
    text: str
    published: datetime | None = None
    language: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a topic was recognised: characters ``start`` to ``end`` of ``field`` (title or text) of the original text.

    ``alias`` is the watchlist's spelling of the name, or the name of the rule that spoke.
    """

    topic: str
    alias: str
    field: str
    start: int
    end: int
