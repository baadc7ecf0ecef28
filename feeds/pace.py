"""When a source is due next (pure): values and ``now`` in, a decision out.

The rules are those of the feed readers that sites complain least about: the source's own wishes first, then what experience with it says,
never more often than every 10 minutes, and never never again. Not here: fetching, storing, spacing within one cycle (``poll.py``).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

FLOOR = timedelta(minutes=10)
CEILING = timedelta(hours=24)
DEFAULT_INTERVAL = timedelta(minutes=30)
DEAD_FAILURES = 10
DEAD_AFTER = timedelta(days=60)  # without one success; from then on a try a month
DEAD_INTERVAL = timedelta(days=30)
FULL_FETCH_EVERY = timedelta(days=8)  # some servers answer 304 for ever
HOST_PAUSE = timedelta(minutes=10)  # after 429 or 503 without Retry-After
PUBLISHER_SPACING = timedelta(seconds=5)  # at most one start per publisher
PAGE_SPACING = timedelta(seconds=2)  # between the pages of one channel, and the sitemaps of one index

_MAX_AGE_CAP = timedelta(hours=5)  # of what caches are told: news can't wait for longer
_LEARNT_CEILING = timedelta(hours=3)  # what a quiet source may be slowed to by experience alone
_MOSTLY_KNOWN = 2 / 3
_MOSTLY_NEW = 1 / 3
_SLOWER = 1.5
_FASTER = 0.5
_JITTER = 0.1
_FORBIDDEN_PAUSE = timedelta(hours=1)  # 403 is how some sites limit rates
_GONE = 410
_FORBIDDEN = 403
_BUSY = {429, 503}
_BRIDGE_HOSTS = {"t.me", "telegram.me"}
_BRIDGE_WORDS = ("rsshub", "rss-bridge", "rssbridge")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class History:
    """What is known of one source when it has just been polled.

    ``source``: anything that stays the same for it, the seed of its jitter. ``failures``: in a row, 0 where this poll succeeded (304
    too). ``interval``: the operator's, in seconds. ``wait``: seconds that were decided last time, None at first. ``ttl``, ``max_age``:
    seconds that the document and its headers ask for. ``known``: share of the entries that were known before, 1.0 where nothing changed,
    None where there were none. ``status``, ``retry_after`` (seconds) and ``offline`` are those of the FetchError, if there was one.
    ``full_at``: when the document was last asked for without validators.
    """

    source: int | str
    now: datetime
    last_success: datetime | None = None
    last_error_at: datetime | None = None
    failures: int = 0
    interval: int | None = None
    wait: float | None = None
    ttl: float | None = None
    max_age: float | None = None
    known: float | None = None
    status: int | None = None
    retry_after: float | None = None
    offline: bool = False
    full_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """The decision: when to look again; ``wait``, in seconds, is to be kept for the next one.

    ``skip_validators``: ask for the whole document next time. ``muted``: the source says that it is gone for good; it is tried once a
    month.
    """

    next_check_at: datetime
    wait: float
    skip_validators: bool
    muted: bool


def next_check(history: History) -> Pace:
    """Decide when a source is due next: between 10 minutes and 24 hours from now, a month for one that is gone or dead."""
    wait = _learnt(history)
    muted = history.status == _GONE and history.failures > 0
    if muted or _is_dead(history):
        due = DEAD_INTERVAL
    elif history.offline:
        due = FLOOR
    else:
        wished = max(wait, _wish(history), _setback(history, wait))
        due = min(max(wished, FLOOR), CEILING)
    spread = 1 + _JITTER * _fraction(history.source)
    due = min(due * spread, max(due, CEILING))
    return Pace(history.now + due, wait.total_seconds(), skip_validators=_wants_full(history), muted=muted)


def pause_after(url: str, status: int | None, retry_after: float | None, now: datetime) -> tuple[str, datetime] | None:
    """Return what is to be left alone (``host:port``, or one address of a bridge that serves many sites) until when; None for nothing.

    Only 429 and 503 speak for the whole host.
    """
    if status not in _BUSY:
        return None
    wait = HOST_PAUSE if retry_after is None else _span(retry_after)
    return pause_key(url), now + min(wait, CEILING)


def pause_key(url: str) -> str:
    """Return what shares a pause with ``url``: its ``host:port``, or the address alone where the host is a bridge to many sites."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host in _BRIDGE_HOSTS or any(word in f"{host}{parts.path}".lower() for word in _BRIDGE_WORDS):
        return url
    return f"{host}:{parts.port or _PORTS.get(parts.scheme, 0)}"


def _learnt(history: History) -> timedelta:
    """Return the wait that experience suggests; an interval that the operator set is kept as it is."""
    if history.interval is not None:
        return _span(history.interval)
    wait = DEFAULT_INTERVAL if history.wait is None else _span(history.wait)
    if history.failures == 0 and history.known is not None:
        if history.known >= _MOSTLY_KNOWN:
            wait *= _SLOWER
        elif history.known < _MOSTLY_NEW:
            wait *= _FASTER
    return min(max(wait, FLOOR), _LEARNT_CEILING)


def _wish(history: History) -> timedelta:
    """Return the longest wait that the source itself asks for, within reason."""
    return max(_span(history.ttl), min(_span(history.max_age), _MAX_AGE_CAP), _span(history.retry_after))


def _setback(history: History, wait: timedelta) -> timedelta:
    """Return the wait after a failure: as long as the source has been failing, which doubles from one failure to the next."""
    if history.failures == 0:
        return timedelta(0)
    least = _FORBIDDEN_PAUSE if history.status == _FORBIDDEN else timedelta(0)
    # By the failures too: the time since the last success may be time in which nobody asked, because the program wasn't running.
    doubled: timedelta = wait * 2 ** min(history.failures - 1, 10)
    failing = _failing_for(history)
    return max(least, doubled if failing is None else min(failing, doubled))


def _failing_for(history: History) -> timedelta | None:
    if history.last_success is None or history.last_error_at is None:
        return None
    return history.last_error_at - history.last_success


def _is_dead(history: History) -> bool:
    failing = _failing_for(history)
    return history.failures >= DEAD_FAILURES and not history.offline and failing is not None and failing >= DEAD_AFTER


def _wants_full(history: History) -> bool:
    return history.full_at is None or history.now - history.full_at >= FULL_FETCH_EVERY


def _fraction(seed: int | str) -> float:
    """Return a number from 0 up to 1 that depends on nothing but the seed."""
    digest = hashlib.blake2b(str(seed).encode("utf-8", "replace"), digest_size=4).digest()
    return int.from_bytes(digest, "big") / 2**32


def _span(seconds: float | None) -> timedelta:
    """Return a wait of so many seconds, none below zero and none longer than any that is used."""
    return timedelta(seconds=min(max(seconds or 0, 0), DEAD_INTERVAL.total_seconds()))
