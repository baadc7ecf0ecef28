"""The canonical form of an article's address: one key for all the ways in which feeds, phones and newsletters link to it.

Pure; it follows no redirect. Where the target of a wrapper isn't in the address (newer Google News), the wrapper's address stays.
"""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

MAX_CANONICAL_CHARS = 2048

_DEVICE_HOSTS = ("www.", "www2.", "m.", "mobile.", "amp.", "wap.", "touch.", "pda.")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_TRACKING_PREFIXES = ("utm_", "at_", "ns_", "mc_", "pk_", "mtm_", "hsa_", "fb_", "ga_", "_hs", "vero_", "oly_", "wt.", "__twitter_")
_TRACKING = {
    "_ga", "_gl", "_openstat", "amp", "amphtml", "cmp", "cmpid", "dclid", "efid", "fbclid", "feature", "gclid", "gclsrc", "ictd", "igsh",
    "igshid", "ito", "mibextid", "mkt_tok", "msclkid", "ncid", "ocid", "outputtype", "partner", "rss", "s_cid", "sfnsn", "single", "smid",
    "smtyp", "spm", "srnd", "taid", "traffic_source", "twclid", "wickedid", "xtor", "yclid", "ysclid", "zanpid",
}  # fmt: skip
_ORIGIN_KEYS = {"from", "ref", "referer", "referrer", "source", "src", "via", "medium", "share"}
_ORIGIN_VALUES = re.compile(
    r"(?:rss|feed|tg|telegram|twitter|facebook|fb|vk|google|yandex|dzen|newsletter|email|push|social|amp|share|main)\w*", re.IGNORECASE
)
_WRAPPERS = {
    "away.vk.com": "to", "l.facebook.com": "u", "lm.facebook.com": "u", "l.instagram.com": "u", "out.reddit.com": "url", "t.umblr.com": "z",
    "google.com": "url", "news.google.com": "url", "vk.com": "to", "t.me": "url", "steamcommunity.com": "url", "clck.yandex.ru": "url",
}  # fmt: skip
_TELEGRAM_HOSTS = {"t.me", "telegram.me", "telegram.dog"}
_AMP = re.compile(r"[/.]amp")
_AMP_PROJECT = ".cdn.ampproject.org"
_AMP_CACHE = re.compile(r"/[cvi]/(?:s/)?(?=[^/]+\.[^/]+)")
_HOST_LABELS = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
# What most addresses look like; letters, digits and signs that no encoding changes, and no parameters.
_USUAL = re.compile(r"https?://([a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+)((?:/[\w.~-]+)*+)/?", re.ASCII)
_PERCENT = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY_PERCENT = re.compile(r"%(?![0-9A-F]{2})")
_UNRESERVED = re.compile(r"[A-Za-z0-9._~-]")
_TARGET_IN_BYTES = re.compile(rb"https?://[\x21-\x7e]{4,1500}")


def canonical(url: str) -> str:
    """Return the canonical form of ``url``, or "" where it is no http address; never raises, and canonical addresses stay as they are.

    https; no credentials, default port, fragment or trailing slash; no hosts, paths and parameters of phones, AMP and tracking; host in
    punycode; percent-encoding in one form; parameters sorted; wrappers of Google, Telegram and social networks taken off.
    """
    found = _USUAL.fullmatch(url) if len(url) < MAX_CANONICAL_CHARS else None
    if found and not _AMP.search(found[2]):
        name = _without_device(found[1])
        if name not in _WRAPPERS and name not in _TELEGRAM_HOSTS and not name.endswith(_AMP_PROJECT):
            return f"https://{name}{found[2]}"
    return _by_parts("".join(url.split())[: 2 * MAX_CANONICAL_CHARS])


def _by_parts(text: str) -> str:
    """Do this for any address, without spaces."""
    for _ in range(4):  # a wrapper may hold a wrapper
        found = _split(text)
        if found is None:
            return ""
        target = _unwrapped(found)
        if target is None:
            break
        text = target
    found = _split(text)
    return _joined(found) if found else ""


def _split(text: str) -> tuple[str, str, str] | None:
    """Return host (with a port that isn't the default), path and query, each normalised."""
    try:
        parts = urlsplit(f"https:{text}" if text.startswith("//") else text)
        host = _host(parts)
    except ValueError:
        return None
    if parts.scheme.lower() not in _DEFAULT_PORTS or not host:
        return None
    return host, _normalised(parts.path), _normalised(parts.query)


def _host(parts: SplitResult) -> str:
    """Return the host in punycode, without device names; "" where there is none. Raises ValueError where it can't be one."""
    name = (parts.hostname or "").rstrip(".")
    if ":" in name:
        name = f"[{name}]"
    elif not name.isascii():
        name = name.encode("idna").decode("ascii").lower()
    if name[:1] != "[" and not _HOST_LABELS.fullmatch(name):
        return ""
    name = _without_device(name)
    port = parts.port
    return name if port in {None, _DEFAULT_PORTS.get(parts.scheme.lower())} else f"{name}:{port}"


def _without_device(name: str) -> str:
    """Take off www., m., amp. and the like while a name of two labels remains."""
    for prefix in _DEVICE_HOSTS:
        if name.startswith(prefix) and "." in name[len(prefix) :]:
            return _without_device(name[len(prefix) :])
    return name


def _normalised(text: str) -> str:
    """Bring percent-encoding to one form: unreserved characters plain, the others encoded with capital digits (RFC 3986, 6.2.2)."""

    def one(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if _UNRESERVED.match(character) else found[0].upper()

    decoded = _STRAY_PERCENT.sub("%25", _PERCENT.sub(one, text))
    return quote(decoded, safe="%/:@!$&'()*+,;=~?-._", errors="ignore")


def _unwrapped(address: tuple[str, str, str]) -> str | None:
    """Return the address inside a wrapper, or None where this isn't one or doesn't tell."""
    host, path, query = address
    if host.endswith(_AMP_PROJECT):
        inner = _AMP_CACHE.match(path)
        return f"https://{path[inner.end() :]}?{query}" if inner else None
    if host == "google.com" and path.startswith("/amp/"):
        return f"https://{path.removeprefix('/amp/').removeprefix('s/')}?{query}"
    if host == "news.google.com" and "/articles/" in path:
        return _google_news_target(path.rpartition("/")[2])
    key = _WRAPPERS.get(host)
    if key is None:
        return None
    parameters = dict(parse_qsl(query[:MAX_CANONICAL_CHARS], errors="ignore"))
    target = parameters.get(key) or (parameters.get("q", "") if host == "google.com" and path == "/url" else "")
    return target if target.startswith(("https://", "http://")) else None


def _google_news_target(token: str) -> str | None:
    """Decode the older form of Google News addresses, whose token is base64 of a record that holds the target."""
    try:
        record = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    target = _TARGET_IN_BYTES.search(record)
    return target[0].decode("ascii") if target else None


def _joined(address: tuple[str, str, str]) -> str:
    host, path, query = address
    path = _without_amp(re.sub(r"/{2,}", "/", path))
    if host in _TELEGRAM_HOSTS:
        host, path, query = "t.me", _telegram_path(path), ""
    kept = sorted(part for part in query.split("&") if part and not _tracks(part))
    result = f"https://{host}{path.rstrip('/')}{'?' if kept else ''}{'&'.join(kept)}"
    return result if len(result) <= MAX_CANONICAL_CHARS else ""


def _without_amp(path: str) -> str:
    path = re.sub(r"^/amp(?=/.)", "", path)
    path = re.sub(r"(?:/amp)+/*$", "", path)
    return re.sub(r"\.amp(?=\.html$|$)", "", path)


def _telegram_path(path: str) -> str:
    """Return ``/channel/123`` for a post or a channel, whichever page of Telegram shows it; channel names have no case."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["s"] and len(parts) > 1:
        del parts[0]
    if parts and not parts[0].startswith("+") and parts[0] not in {"c", "joinchat"}:
        parts[0] = parts[0].lower()
    return "/" + "/".join(parts)


def _tracks(part: str) -> bool:
    """Say whether a parameter tells how the reader came, not what they read."""
    name, _, value = part.partition("=")
    name = unquote(name).lower()
    if name in _TRACKING or name.startswith(_TRACKING_PREFIXES):
        return True
    return name in _ORIGIN_KEYS and _ORIGIN_VALUES.fullmatch(value) is not None
