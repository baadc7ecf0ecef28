"""Posts that a channel has taken away: known ones that are missing between others that its page still shows. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

_POST = re.compile(r"([A-Za-z0-9_]{1,64}/\d{1,12})/?(?:\?single)?")


def post_of(address: str) -> str | None:
    """The channel and number that a post's address ends with, as "channel/6510" in lower case; None where it is no post's."""
    found = _POST.search(address.lower(), address.find("//") + 2)
    return found[1] if found and address.lower().endswith(found[0]) else None


def missing(shown: Collection[str], known: Iterable[str]) -> set[str]:
    """Which of the ``known`` posts a page that shows others before and after them doesn't show. Posts are "channel/6510"."""
    channels: dict[str, list[int]] = {}
    for post in shown:
        channel, _, number = post.lower().rpartition("/")
        channels.setdefault(channel, []).append(int(number))
    there = {post.lower() for post in shown}
    gone = set()
    for post in known:
        channel, _, number = post.rpartition("/")
        numbers = channels.get(channel)
        if post not in there and numbers and min(numbers) < int(number) < max(numbers):
            gone.add(post)
    return gone
