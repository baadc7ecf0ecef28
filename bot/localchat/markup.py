"""Telegram's HTML parse mode (pure): marked-up text in, plain text and spans out, or the error Telegram gives.

Follows parse_html of tdlib/td, MessageEntity.cpp, on bytes because its errors count byte offsets.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from bot.localchat.errors import ApiError, bad_request
from bot.localchat.links import checked_link, mentioned_user
from bot.localchat.spans import Span

_KINDS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "pre": "pre", "code": "code", "blockquote": "blockquote", "a": "text_link", "tg-emoji": "custom_emoji", "tg-time": "date_time",
}  # fmt: skip
_NAMED = {b"lt": "<", b"gt": ">", b"amp": "&", b"quot": '"'}
_REFERENCE = re.compile(rb"&(?:#[xX](?P<hex>[0-9a-fA-F]*)|#(?P<decimal>[0-9]*)|(?P<name>[a-zA-Z]*));?")
_PLAIN = re.compile(rb"[^<&]+")
_SPACE = b" \t\r\n\v\0"
_TAG_NAME = re.compile(rb"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME = re.compile(rb"[^ \t\r\n\v\0>=]*")
_NAME_TOKEN = re.compile(rb"[A-Za-z0-9.-]*")
_LONGEST_REFERENCE = 10
_LAST_CHARACTER = 0x10FFFF


@dataclass
class _Open:
    tag: str
    start: int
    attributes: dict[str, str] = field(default_factory=dict)


def parse_html(source: str) -> tuple[str, list[Span]]:
    """Return the plain text and its spans, unsorted; raise ApiError with Telegram's wording if the markup is wrong."""
    reader = _Reader(source.encode())
    reader.read()
    text = "".join(reader.parts)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _wrong("Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units")
    return text, reader.spans


def _wrong(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")


def _decoded(match: re.Match[bytes]) -> str:
    """Return the character a reference stands for, or nothing if it stays as text."""
    if match["name"] is not None:
        return _NAMED.get(match["name"], "")
    digits, base = (match["hex"], 16) if match["hex"] is not None else (match["decimal"], 10)
    length = len(match[0].rstrip(b";"))
    number = int(digits, base) if digits and length < _LONGEST_REFERENCE else 0
    return chr(number) if 0 < number < _LAST_CHARACTER else ""


class _Reader:
    """One pass over the bytes of a marked-up text; a NUL ends them, as in the original."""

    def __init__(self, source: bytes) -> None:
        self.source = source.replace(b"\0", b" ") + b"\0"
        self.at = 0
        self.parts: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.spans: list[Span] = []

    def read(self) -> None:
        end = len(self.source) - 1
        while self.at < end:
            letter = self.source[self.at : self.at + 1]
            if letter == b"<":
                self._tag()
            elif letter == b"&":
                self._say(self._reference())
            else:
                self._say(self._match(_PLAIN).decode().removesuffix("\0"))
        if self.open:
            raise _wrong(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _say(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def _match(self, pattern: re.Pattern[bytes]) -> bytes:
        found = pattern.match(self.source, self.at)
        if found is None:
            return b""
        self.at = found.end()
        return found[0]

    def _peek(self) -> bytes:
        return self.source[self.at : self.at + 1]

    def _skip_space(self) -> None:
        # The closing NUL counts as a space in the original's name rules, but is never skipped.
        while self._peek() != b"\0" and self._peek() in _SPACE:
            self.at += 1

    def _reference(self) -> str:
        found = _REFERENCE.match(self.source, self.at)
        character = _decoded(found) if found else ""
        self.at = found.end() if found and character else self.at + 1
        return character or "&"

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self._peek() == b"/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _start_tag(self, begin: int) -> None:
        tag = self._match(_TAG_NAME).decode(errors="replace").lower()
        if self._peek() == b"\0":
            raise _wrong(f"Unclosed start tag at byte offset {begin}")
        if tag not in _KINDS:
            raise _wrong(f'Unsupported start tag "{tag}" at byte offset {begin}')
        opened = _Open(tag, self.length)
        self._skip_space()
        while self._peek() != b">":
            self._attribute(opened, begin)
            self._skip_space()
        self.at += 1
        if tag == "span" and opened.attributes.get("class") != "tg-spoiler":
            raise _wrong(f'Tag "span" must have class "tg-spoiler" at byte offset {begin}')
        self.open.append(opened)

    def _attribute(self, opened: _Open, begin: int) -> None:
        if self._peek() == b"\0":
            raise _wrong(f'Unclosed start tag "{opened.tag}" at byte offset {begin}')
        name = self._match(_ATTRIBUTE_NAME).decode(errors="replace")
        if not name:
            raise _wrong(f'Empty attribute name in the tag "{opened.tag}" at byte offset {begin}')
        self._skip_space()
        value = ""
        if self._peek() == b"=":
            self.at += 1
            self._skip_space()
            if self._peek() == b"\0":
                raise _wrong(f'Unclosed start tag "{opened.tag}" at byte offset {begin}')
            value = self._quoted(begin) if self._peek() in (b'"', b"'") else self._name_token()
        opened.attributes[name] = value

    def _name_token(self) -> str:
        begin = self.at
        value = self._match(_NAME_TOKEN).decode().lower()
        if self._peek() not in (b">", b" ", b"\t", b"\r", b"\n", b"\v", b"\0"):
            raise _wrong(f"Unexpected end of name token at byte offset {begin}")
        return value

    def _quoted(self, begin: int) -> str:
        mark = self._peek()
        plain = re.compile(rb"[^&\0%s]+" % mark)
        self.at += 1
        value = ""
        while self._peek() != mark:
            if self._peek() == b"\0":
                raise _wrong(f"Unclosed start tag at byte offset {begin}")
            value += self._reference() if self._peek() == b"&" else self._match(plain).decode()
        self.at += 1
        return value

    def _end_tag(self, begin: int) -> None:
        if not self.open:
            raise _wrong(f"Unexpected end tag at byte offset {begin}")
        self.at += 1
        name = self._match(_TAG_NAME).decode(errors="replace")
        self._skip_space()
        if self._peek() != b">":
            raise _wrong(f"Unclosed end tag at byte offset {begin}")
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            raise _wrong(f'Unmatched end tag at byte offset {begin}, expected "</{opened.tag}>", found "</{name}>"')
        if self.length > opened.start:
            self._mark(opened)

    def _mark(self, opened: _Open) -> None:
        kind, start = _KINDS[opened.tag], opened.start
        extra: dict[str, Any] = {}
        if kind in ("pre", "code"):
            self._mark_code(kind, opened)
            return
        if kind == "text_link":
            kind, extra = _link(opened.attributes.get("href") or "".join(self.parts)[start:])
        elif kind == "custom_emoji":
            extra = {"custom_emoji_id": _emoji_id(opened.attributes.get("emoji-id", ""))}
        elif kind == "date_time":
            kind, extra = _moment(opened.attributes)
        elif "expandable" in opened.attributes and kind == "blockquote":
            kind = "expandable_blockquote"
        if kind:
            self.spans.append(Span(kind, start, self.length, extra))

    def _mark_code(self, kind: str, opened: _Open) -> None:
        """Add pre or code; a pre and a code with a language over the same text become one pre."""
        language = opened.attributes.get("class", "") if kind == "code" else ""
        language = language.removeprefix("language-") if language.startswith("language-") else ""
        before = self.spans[-1] if self.spans else None
        if before and (before.start, before.end) == (opened.start, self.length) and {before.kind, kind} == {"pre", "code"}:
            language = language or str(before.extra.get("_language", ""))
            if language:
                self.spans[-1] = Span("pre", opened.start, self.length, {"language": language})
                return
        self.spans.append(Span(kind, opened.start, self.length, {"_language": language} if language else {}))


def _link(address: str) -> tuple[str, dict[str, Any]]:
    """Return the kind and extra of a link; a bad address gives no kind, so that only its text stays."""
    user = mentioned_user(address)
    if user is not None:
        return "text_mention", {"user_id": user}
    link = checked_link(address)
    return ("text_link", {"url": link}) if link else ("", {})


def _emoji_id(value: str) -> str:
    if not value.isdecimal() or value.startswith("0"):
        raise _wrong("Invalid custom emoji identifier specified")
    return value


def _moment(attributes: dict[str, str]) -> tuple[str, dict[str, Any]]:
    unix = attributes.get("unix", "")
    if not unix.isdecimal():
        return "", {}
    return "date_time", {"unix_time": int(unix), "date_time_format": attributes.get("format", "")}
