"""What Telegram finds in a text by itself: links, mail addresses, mentions, hashtags, cashtags and commands (pure)."""

import re

from bot.localchat.spans import Span

# The common top-level domains only: Telegram's own list is longer, and a wrong guess here would link ordinary words.
_DOMAINS = (
    "com|org|net|info|biz|edu|gov|int|io|me|tv|co|news|media|press|online|site|app|dev|live|world|today|"
    "ru|su|ua|by|kz|ge|am|az|uz|kg|md|lt|lv|ee|pl|de|fr|uk|us|eu|cz|il|tr|fi|se|no|it|es|nl|ch|at|рф|укр"
)
_PATTERNS = (
    ("url", re.compile(r"(?<![\w@/.])(?:https?|ftp|tg|ton)://[^\s<>\"«»“”]+", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![\w@])")),
    (
        "url",
        re.compile(rf"(?<![\w@/.:-])(?:[\w-]{{1,63}}\.)+(?:{_DOMAINS})(?::\d{{1,5}})?(?![\w@-])(?:[/?#][^\s<>\"«»“”]*)?", re.IGNORECASE),
    ),
    ("mention", re.compile(r"(?<!\w)@[a-zA-Z0-9_]{2,32}(?!\w)")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])")),
    ("hashtag", re.compile(r"(?<![\w·\u200c])#(?=[\d_·\u200c]*[^\W\d_])[\w·\u200c]{1,256}(?![\w·\u200c]*#)")),
    ("cashtag", re.compile(r"(?<![\w$])\$(?:1INCH|[A-Z]{1,8})(?![\w$])")),
)
_TRAILING = ".,:;!?'\"…"
_BRACKETS = {")": "(", "]": "[", "}": "{"}


def detect(text: str, *, commands: bool = True) -> list[Span]:
    """Return what is found, in order and apart from each other; channels have no bot commands."""
    found: list[Span] = []
    for kind, pattern in _PATTERNS:
        if kind == "bot_command" and not commands:
            continue
        for match in pattern.finditer(text):
            end = match.start() + len(_without_trailing(match[0])) if kind == "url" else match.end()
            if not any(match.start() < other.end and other.start < end for other in found):
                found.append(Span(kind, match.start(), end))
    return sorted(found, key=lambda span: span.start)


def _without_trailing(address: str) -> str:
    """Leave out the punctuation and the unmatched bracket that end a sentence, not an address."""
    while address:
        last = address[-1]
        unmatched = last in _BRACKETS and address.count(last) > address.count(_BRACKETS[last])
        if last not in _TRAILING and not unmatched:
            break
        address = address[:-1]
    return address
