"""Articles as entries of a bibliography: BibLaTeX (@online) and RIS. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.render import shorten
from storage.exporting import Exported

_TEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
})  # fmt: skip
# An address stands as it is, but for what would end its field.
_TEX_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})
_LANGUAGES = {"en": "english", "ru": "russian", "uk": "ukrainian"}
_SPACES = re.compile(r"\s+")
_LONGEST_TITLE = 300


def bibtex(articles: Iterable[Exported]) -> Iterator[str]:
    """An @online entry for each article; its key is "homefront" and the article's number, with "m" for minus."""
    for article in articles:
        number = str(article.article).replace("-", "m")
        rows = {
            "title": f"{{{_tex(_title(article))}}}",
            "organization": f"{{{_tex(article.source)}}}",  # braced again, so that “and” in a name divides nothing
            "date": f"{_dated(article):%Y-%m-%d}",
            "url": article.url.translate(_TEX_ADDRESS),
            "urldate": f"{article.first_seen_at:%Y-%m-%d}",
            "langid": _LANGUAGES.get(article.language, ""),
            "keywords": _tex(", ".join(article.topics)),
            "note": _tex(f"withdrawn by {article.withdrawn_at:%Y-%m-%d}" if article.withdrawn_at else ""),
        }
        fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in rows.items() if value)
        yield f"@online{{homefront{number},\n{fields}\n}}\n\n"


def ris(articles: Iterable[Exported]) -> Iterator[str]:
    """A record of type ELEC for each article, its lines ended by CR and LF."""
    for article in articles:
        dated = _dated(article)
        rows = [
            ("TY", "ELEC"),
            ("ID", f"homefront{article.article}"),
            ("TI", _title(article)),
            ("PB", article.source),
            ("DA", f"{dated:%Y/%m/%d}/"),
            ("PY", f"{dated:%Y}"),
            ("UR", article.url),
            ("Y2", f"{article.first_seen_at:%Y/%m/%d}/"),
            ("LA", article.language),
            *(("KW", topic) for topic in article.topics),
            ("N1", f"withdrawn by {article.withdrawn_at:%Y-%m-%d}" if article.withdrawn_at else ""),
        ]
        yield "".join(f"{tag}  - {_SPACES.sub(' ', value).strip()}\r\n" for tag, value in rows if value) + "ER  - \r\n\r\n"


def _title(article: Exported) -> str:
    return _SPACES.sub(" ", article.title).strip() or shorten(article.text, _LONGEST_TITLE)


def _dated(article: Exported) -> datetime:
    return article.published_at or article.first_seen_at


def _tex(text: str) -> str:
    return _SPACES.sub(" ", text).strip().translate(_TEX)
