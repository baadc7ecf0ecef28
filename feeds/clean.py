"""HTML to plain text, in one pass and in linear time whatever the input.

Not here: canonical addresses (``canonical.py``), folding of homoglyphs for matching (``fold.py``).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

MAX_TEXT_CHARS = 100_000
MAX_MARKUP_CHARS = 1_000_000  # markup of an article is rarely more than three times its text

_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:-]*)((?:[^>\"']+|\"[^\"]*\"|'[^']*')*+)>")
_CARELESS_TAG = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:-]*)([^>]*)>")  # its quotes don't match
_MARKUP_BEGINS = re.compile(r"/?[A-Za-z]|[!?]")
_EMOJI_IMAGE = re.compile(r"\balt\s*=\s*[\"']?([^\"'>\w\s]{1,12})(?=[\"'\s/>]|$)", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"</?(?:p|br|div|a|span|b|i|em|strong|img|ul|ol|li|h[1-6]|blockquote|figure|table|script)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
# Control characters, soft hyphens, zero-width spaces, direction overrides, lone surrogates. The joiners of emoji stay.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_MANY_BREAKS = re.compile(r"\n{3,}")
_HIDDEN = {"script", "style", "head", "title", "noscript", "template", "iframe", "object", "svg", "math", "select", "textarea", "button"}
_PARAGRAPHS = {
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}  # fmt: skip
_LINES = {"br", "li", "tr"}
_CELLS = {"td", "th"}


def to_text(markup: str) -> str:
    r"""Return the readable text of HTML or of plain text: paragraphs divided by ``\n\n``, lines by ``\n``, at most 100,000 characters.

    Scripts, styles and comments go, entities become characters, and markup that was escaped once too often is read as markup. Emoji stay,
    also those that WordPress feeds carry as images.
    """
    text = markup[:MAX_MARKUP_CHARS]
    for _ in range(3):  # a feed escapes its HTML once; careless programs do it twice or three times
        text = _read(text)
        if not (("<" in text and _LOOKS_LIKE_HTML.search(text)) or ("&" in text and _ENTITY.search(text))):
            break
    return _bounded(tidied(text))


def one_line(markup: str, limit: int = 500) -> str:
    """Return the text of a title, a name or another short field on one line of at most ``limit`` characters."""
    text = to_text(markup)
    return _bounded(" ".join(text.split()) if "\n" in text else text, limit)


def headline(text: str, limit: int = 160) -> str:
    """Return the beginning of ``text`` that can stand for its title: its first line, cut at a word with an ellipsis where it is long."""
    return _bounded(text.strip().partition("\n")[0].strip(), limit)


def _read(text: str) -> str:
    if "<" in text:
        text = "".join(_pieces(text))
    return html.unescape(text) if "&" in text else text


def _pieces(markup: str) -> Iterator[str]:
    """Yield the visible text of ``markup``, and a break for each element that makes one."""
    first, *rest = markup.split("<")
    yield _flowing(first)
    until = ""  # the mark that ends a part which isn't shown
    preformatted = False
    for piece in rest:
        if until:
            text, until = _resume(piece, until)
            yield _flowing(text)
            continue
        tag = _TAG.match(piece) or _CARELESS_TAG.match(piece)
        if tag is None:
            text, until = _not_a_tag(piece)
            yield _flowing(text)
            continue
        closing, name, attributes = tag[1] == "/", tag[2].lower(), tag[3]
        if name in _HIDDEN and not closing and not attributes.endswith("/"):
            until = f"/{name}"
            continue
        if name == "pre":
            preformatted = not closing
        text = piece[tag.end() :]
        yield _shown(name, attributes, closing=closing)
        yield text if preformatted else _flowing(text)


def _resume(piece: str, until: str) -> tuple[str, str]:
    """Return the text after the mark that ends a hidden part, and the mark that is still waited for."""
    if not until.startswith("/"):
        _, mark, text = piece.partition(until)
        return text, "" if mark else until
    if piece[: len(until)].lower() != until:
        return "", until
    return piece.partition(">")[2], ""


def _not_a_tag(piece: str) -> tuple[str, str]:
    """Read what follows a ``<`` that begins no complete tag: a comment, CDATA, a tag cut short, or a less-than sign."""
    if piece.startswith("!--"):
        return _resume(piece[3:], "-->")
    if piece.startswith("![CDATA["):
        return piece[8:], ""
    if _MARKUP_BEGINS.match(piece):
        return _resume(piece, ">")
    return f"<{piece}", ""


def _shown(name: str, attributes: str, *, closing: bool) -> str:
    """Return what an element puts into the text by itself."""
    if name in _PARAGRAPHS:
        return "\n\n"
    if name in _LINES and (name == "br" or not closing):
        return "\n"
    if name == "img":
        emoji = _EMOJI_IMAGE.search(attributes)
        return emoji[1] if emoji else ""
    return " " if name in _CELLS else ""


def _flowing(text: str) -> str:
    """Turn the line ends of HTML source, which mean nothing, into spaces."""
    return text.replace("\n", " ").replace("\r", " ")


def tidied(text: str) -> str:
    """Return plain text without what can't be seen, with spaces and breaks in one form; tidy text stays as it is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("]]>", "")
    tidy = "\n".join(map(_tidy_line, text.split("\n"))).strip()
    return _MANY_BREAKS.sub("\n\n", tidy) if "\n\n\n" in tidy else tidy


def _tidy_line(line: str) -> str:
    """Do this for one line. Most lines are tidy, or need nothing but their spaces joined, and to see this is much faster."""
    if line.isprintable() and "  " not in line:
        return line.strip()
    spaced = " ".join(line.split())
    return spaced if spaced.isprintable() else " ".join(_UNSEEN.sub("", line).split())


def _bounded(text: str, limit: int = MAX_TEXT_CHARS) -> str:
    """Cut ``text`` to ``limit`` characters, at a word where one ends near."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    space = cut.rfind(" ", limit - limit // 4)
    return f"{cut[:space] if space > 0 else cut}…".rstrip()
