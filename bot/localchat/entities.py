"""A message's text as Telegram keeps it (pure): checked, parsed, trimmed, with entities in UTF-16 units."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.localchat.detect import detect
from bot.localchat.errors import bad_request
from bot.localchat.links import checked_link
from bot.localchat.markup import parse_html
from bot.localchat.spans import Span, arrange, clip

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_RAW_LIMIT_BYTES = 32_768
_ENTITY_LIMIT = 100
_ENTITY_BYTES_LIMIT = 9_500
_ENTITY_BYTES = 12  # constructor, offset and length of an entity on Telegram's wire
_GIVEN_KINDS = (
    "bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote",
    "code", "pre", "text_link", "text_mention", "custom_emoji", "date_time",
)  # fmt: skip
_EXTRAS = ("url", "language", "custom_emoji_id", "unix_time", "date_time_format", "user")
_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {ord("\r"): None}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


class Formatted(NamedTuple):
    """A text and its entities, as they stand in a Message of the Bot API."""

    text: str
    entities: list[dict[str, Any]]


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, the unit of all entity offsets."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def plain(text: str, *, commands: bool = True) -> Formatted:
    """Return a text as a person's client sends it: no markup, only what Telegram detects."""
    text = text.translate(_CONTROLS).strip()
    return Formatted(text, to_entities(text, detect(text, commands=commands)))


def formatted(text: str, parse_mode: str = "", entities: Sequence[Any] = (), *, commands: bool = True) -> Formatted:
    """Return a bot's text with its entities, parsed, trimmed, arranged and limited; raise ApiError as Telegram would.

    Doesn't check the length in characters, which depends on what the text is for: see `message_text` and `caption`.
    """
    if len(text.encode()) > _RAW_LIMIT_BYTES:
        raise bad_request("text is too long")
    text = text.translate(_CONTROLS)
    match parse_mode.lower():
        case "html":
            text, spans = parse_html(text)
            text = text.translate(_CONTROLS | {ord("\r"): " "})
        case "" | "none":
            spans = _given(text, entities)
        case _:
            raise bad_request("unsupported parse_mode")
    start = len(text) - len(text.lstrip())
    end = max(start, len(text.rstrip()))
    spans = clip(spans, text, start, end)
    text = text[start:end]
    _check_size(spans)
    return Formatted(text, to_entities(text, arrange(spans, detect(text, commands=commands)))[:_ENTITY_LIMIT])


def message_text(text: str, parse_mode: str = "", entities: Sequence[Any] = (), *, commands: bool = True) -> Formatted:
    """Return a bot's message text, at most 4,096 characters after parsing."""
    if not text:
        raise bad_request("message text is empty")
    found = formatted(text, parse_mode, entities, commands=commands)
    if not found.text.strip(_INVISIBLE + " \n\t"):
        raise bad_request("text must be non-empty")
    if len(found.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return found


def caption(text: str, parse_mode: str = "", entities: Sequence[Any] = (), *, commands: bool = True) -> Formatted:
    """Return a bot's caption, at most 1,024 characters after parsing; it may be empty."""
    found = formatted(text, parse_mode, entities, commands=commands)
    if len(found.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return found


def to_entities(text: str, spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Return spans as MessageEntity objects, counted in UTF-16 units."""
    found = []
    for span in spans:
        extra = {name: value for name, value in span.extra.items() if not name.startswith("_")}
        offset, length = utf16_length(text[: span.start]), utf16_length(text[span.start : span.end])
        found.append({"type": span.kind, "offset": offset, "length": length, **extra})
    return found


def _given(text: str, entities: Sequence[Any]) -> list[Span]:
    """Return the spans of a caller's own entities; those that aren't whole stretches of the text are an error."""
    position = {}
    units = 0
    for index, letter in enumerate(text):
        position[units] = index
        units += 1 + (letter > "\uffff")
    position[units] = len(text)
    spans = []
    for entity in entities:
        if not isinstance(entity, dict) or not isinstance(entity.get("offset"), int) or not isinstance(entity.get("length"), int):
            raise bad_request("can't parse MessageEntity: expected an Object with offset and length")
        start, end = position.get(entity["offset"]), position.get(entity["offset"] + entity["length"])
        if start is None or end is None or end <= start:
            raise bad_request("entity beginning or end is outside of the text or inside of a character")
        spans += _span(entity, start, end)
    return spans


def _span(entity: dict[str, Any], start: int, end: int) -> list[Span]:
    kind = entity.get("type")
    extra = {name: entity[name] for name in _EXTRAS if name in entity}
    if kind == "text_link":
        extra = {"url": checked_link(str(entity.get("url", "")))}
    if kind not in _GIVEN_KINDS or extra.get("url") == "":
        return []
    return [Span(str(kind), start, end, extra)]


def _check_size(spans: Sequence[Span]) -> None:
    """Telegram's core refuses more than about 9.5 kB of entities, nearly all of it addresses (telegram-bot-api#165)."""
    size = sum(_ENTITY_BYTES + sum(len(str(value).encode()) + 4 for value in span.extra.values()) for span in spans)
    if size > _ENTITY_BYTES_LIMIT:
        raise bad_request("ENTITIES_TOO_LONG")
