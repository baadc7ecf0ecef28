"""Which addresses Telegram accepts as a link (pure)."""

import re
from urllib.parse import parse_qs, urlsplit

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]+", re.IGNORECASE)
_INTERNAL = ("tg", "ton", "tonsite")


def mentioned_user(address: str) -> int | None:
    """Return the user id of a tg://user?id=N address, or None."""
    parts = urlsplit(address) if address.lower().startswith("tg:") else None
    if parts is None or (parts.netloc or parts.path) != "user":
        return None
    values = parse_qs(parts.query).get("id", [""])
    return int(values[0]) if values[0].isdecimal() and values[0].isascii() else None


def checked_link(address: str) -> str:
    """Return the address as Telegram stores it, or nothing if Telegram drops it.

    A missing scheme becomes http, an empty path becomes a slash. The host needs a dot, so localhost is dropped, as there.
    """
    address = address.strip()
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() in _INTERNAL:
        return address
    if "://" not in address.split("?", 1)[0]:
        address = f"http://{address}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or port == 0:
        return ""
    if re.search(r"\s", address):
        return ""
    return parts._replace(path=parts.path or "/").geturl()
