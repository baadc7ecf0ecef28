"""Wire credits: which news agency an article comes from. Pure.

A credit stands in the dateline, at the very end, at the end of the title, or is the outlet itself. That somebody told an agency something,
or that an agency reported it, is a mention and no credit: those articles are their outlets' own.
"""

from __future__ import annotations

import re

from storage.folding import fold

# The name that is kept, with the ways of writing it, folded.
_AGENCIES = {
    "Reuters": ("reuters", "thomson reuters", "рейтер", "рейтерс", "reuters.com"),
    "AFP": ("afp", "agence france-presse", "афп", "франс пресс", "франс-пресс", "агентство франс пресс"),
    "AP": ("ap", "associated press", "the associated press", "ассошиэйтед пресс", "ассошиэйтед пресс", "apnews.com"),
    "dpa": ("dpa", "дпа"),
    "EFE": ("efe", "эфе"),
    "ANSA": ("ansa",),
    "PAP": ("pap",),
    "Anadolu": ("anadolu", "anadolu agency", "aa", "анадолу"),
    "Xinhua": ("xinhua", "синьхуа", "сіньхуа"),
    "Bloomberg": ("bloomberg", "bloomberg news", "блумберг"),
    "RIA Novosti": ("риа новости", "риа-новости", "риа новини", "ria novosti", "ria", "ria.ru", "риа"),
    "TASS": ("тасс", "итар-тасс", "tass", "itar-tass", "tass.ru"),
    "Interfax": ("интерфакс", "інтерфакс", "interfax", "interfax.ru"),
    "Interfax-Ukraine": ("интерфакс-украина", "інтерфакс-україна", "interfax-ukraine", "interfax ukraine", "інтерфакс україна"),
    "Ukrinform": ("укринформ", "укрінформ", "ukrinform", "ukrinform.net", "ukrinform.ua"),
    "UNIAN": ("униан", "уніан", "unian"),
    "UNN": ("унн", "unn"),
    "RBC-Ukraine": ("рбк-украина", "рбк-україна", "rbc-ukraine", "rbc ukraine"),
    "RBC": ("рбк", "rbc"),
    "BelTA": ("белта", "belta"),
    "Rosbalt": ("росбалт", "rosbalt"),
    "Regnum": ("регнум", "regnum", "иа regnum", "иа регнум"),
    "Moskva": ('агентство "москва"', 'аги "москва"'),
}
_BY_NAME = {name: agency for agency, names in _AGENCIES.items() for name in names}
# What divides the parts of a dateline; a hyphen inside a word and a full stop inside an address don't.
_DIVIDER = re.compile(r"[(),/\n]|\s--?\s|\s-(?=\S)|(?<=\w)-\s|[.:](?=\s)")
_ENDS_CREDIT = frozenset(")/.-")
_AFTER_CREDIT = re.compile(r"[\s.,)/-]*")
_DIGIT = re.compile(r"\d")
# A place in capitals with a date, without an agency: «КИЇВ, 12 травня —». Read in the original's letters.
_BARE_DATELINE = re.compile(r"[A-ZА-ЯЁІЇЄҐ][A-ZА-ЯЁІЇЄҐ -]{2,30}[,.] (?=[\w. ]{0,14}\d)[\w. ]{3,22},?\s?[—–-]\s?")
_LAST_CREDIT = re.compile(
    r"(?:\(([^()\n]{2,40})\)"
    r"|(?:\b(?:source|via|agency|copyright|источник|агентство|по материалам(?: агентства)?|джерело|за матеріалами(?: агентства)?)[:.]?"
    r"|©|\(c\))\s{0,2}(?:\d{4} )?([^\n().:;]{2,40})"
    r"|(?:\n|[.!?]\"?\s{0,2}--?)\s{0,2}([^\n().;-][^\n().;]{1,40}))[\s.]*$"
)
_PICTURE = re.compile(r"(?:photo|image|picture|video|getty|фото|видео|відео|иллюстраци|ілюстраці|снимок|знімок)[^.\n]{0,40}$")
_REUTERS_STAFF = re.compile(r"\((?:additional )?(?:reporting|writing|editing) by [^()\n]{3,200}\)[\s.]*$")
_TITLE_END = re.compile(r"\S\s[-|]\s([^|]{2,30})$")
_HEAD_CHARS, _TAIL_CHARS, _TITLE_CHARS = 110, 240, 60
_MOST_PARTS, _MOST_WORDS_OF_A_PART = 6, 4


def wire_credit(title: str, text: str, outlet: str = "") -> str | None:
    """The agency that an article comes from, by one name whatever the language ("RIA Novosti"), or None. Takes constant time."""
    if outlet and (named := _named(fold(outlet[:_TITLE_CHARS]).text)):
        return named
    return _dateline(text)[0] or _last(fold(text[-_TAIL_CHARS:]).text) or _of_title(fold(title[-_TITLE_CHARS:]).text)


def dateline_end(text: str) -> int:
    """How many characters of ``text`` its dateline takes: place, date and agency before the first sentence. 0 without one."""
    return _dateline(text)[1]


def _dateline(text: str) -> tuple[str | None, int]:
    """The agency that the first words name, and where they end. Places and dates may go before it, sentences may not."""
    head = text[:_HEAD_CHARS]
    folded = fold(head)
    start = 0
    for number, divider in enumerate(_DIVIDER.finditer(folded.text)):
        part, mark = folded.text[start : divider.start()], divider.group().strip()[:1]
        agency = _named(part)
        if agency and mark in _ENDS_CREDIT and mark:
            after = _AFTER_CREDIT.match(folded.text, divider.start())
            return agency, folded.original(0, after.end() if after else divider.end())[1]
        if number >= _MOST_PARTS or part.count(" ") > _MOST_WORDS_OF_A_PART or _PICTURE.search(part):
            break
        start = divider.end()
    bare = _BARE_DATELINE.match(head) if _DIGIT.search(head) else None
    return None, bare.end() if bare else 0


def _last(tail: str) -> str | None:
    """The agency that the last line, the last parenthesis or "Source:" credits. The source of a picture isn't the article's."""
    credit = _LAST_CREDIT.search(tail)
    if credit and not _PICTURE.search(tail[max(0, credit.start() - 50) : credit.start()]):
        agency = _named(next(group for group in credit.groups() if group is not None))
        if agency:
            return agency
    return "Reuters" if _REUTERS_STAFF.search(tail) else None


def _of_title(end: str) -> str | None:
    suffix = _TITLE_END.search(end)
    return _named(suffix[1]) if suffix else None


def _named(part: str) -> str | None:
    return _BY_NAME.get(part.strip(' .,"'))
