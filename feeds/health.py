"""How a source fares, and what operators should be told when that changes (pure).

A failure is told when it lasts, silence when it is longer than the source's own rhythm explains, each once, and once more when it is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from storage.coverage import Rhythm
from storage.polled import Polled
from storage.records import Sentence, sentence

RHYTHM_DAYS = 28
# A source whose items come at random with its rhythm is quiet for so long once in twenty thousand times (e^-10).
_ITEMS_MISSED = 10.0
_SHORTEST_SILENCE = timedelta(days=1)
_FEWEST_DAYS, _FEWEST_ITEMS = 5, 10  # of a rhythm that says anything
_LASTING_FAILURES, _LASTING = 3, timedelta(hours=6)
_MANY_FAILURES = 8
_DAY = timedelta(days=1)
_NUMBERS = re.compile(r"[\d:.,/–-]+")


def condition(polled: Polled, rhythm: Rhythm | None, now: datetime) -> str:
    """How a source fares: "" (well, or not known to fare badly), failing, unreadable, no preview, gone, restless or silent."""
    if polled.state != "on":
        return ""
    if polled.trouble in {"gone", "no preview"}:
        return polled.trouble
    if polled.trouble == "document" and polled.failures > 1:
        return "unreadable"
    if polled.trouble and _lasts(polled, now):
        return "failing"
    if rhythm is not None and rhythm.restless:
        return "restless"
    return "silent" if not polled.trouble and _is_silent(polled, rhythm, now) else ""


def notes(polled: Polled, condition_now: str, rhythm: Rhythm | None, now: datetime) -> Iterator[Sentence]:
    """What is new to operators about a source since they were last told."""
    name = polled.source.name
    if polled.state != "on":
        return  # whoever switched it off knows
    if polled.former_title and _bare(polled.former_title) != _bare(polled.title or ""):
        yield sentence("“{name}” calls itself “{new}” now; it was “{old}”.", name=name, new=polled.title or "", old=polled.former_title)
    if condition_now == polled.told:
        return
    if not condition_now:
        yield sentence("“{name}” is fine again.", name=name)
        return
    yield _about(polled, condition_now, rhythm, now)


def _bare(title: str) -> str:
    """A title without what a clock or a counter in it changes."""
    return " ".join(_NUMBERS.sub(" ", title).split())


def _about(polled: Polled, condition_now: str, rhythm: Rhythm | None, now: datetime) -> Sentence:
    name, error = polled.source.name, polled.last_error or Sentence("")
    if condition_now == "silent" and rhythm is not None and polled.last_new_at is not None:
        days = (now - polled.last_new_at) / _DAY
        return sentence(
            "“{name}” is unusually quiet: nothing new for {days} days, where it brings {rate} items a day.",
            name=name,
            days=f"{days:.1f}",
            rate=f"{rhythm.items_a_day:.1f}",
        )
    if condition_now == "restless":
        return sentence(
            "“{name}” changes its texts again and again, as a counter would. If only figures change, I keep no earlier versions any more.",
            name=name,
        )
    if condition_now == "no preview":
        return sentence("“{name}” shows no public preview (any more). I look again once a day.", name=name)
    if condition_now == "gone":
        return sentence("“{name}” says that it is gone for good. I look again once a month.", name=name)
    if condition_now == "unreadable":
        return sentence("“{name}” answers with something else: {error}", name=name, error=error)
    return sentence("“{name}” can't be reached: {error}", name=name, error=error)


def _lasts(polled: Polled, now: datetime) -> bool:
    since = polled.last_success_at
    return polled.failures >= _MANY_FAILURES or (polled.failures >= _LASTING_FAILURES and (since is None or now - since >= _LASTING))


def _is_silent(polled: Polled, rhythm: Rhythm | None, now: datetime) -> bool:
    if rhythm is None or polled.last_new_at is None or rhythm.days < _FEWEST_DAYS or rhythm.items < _FEWEST_ITEMS:
        return False
    return now - polled.last_new_at > max(_SHORTEST_SILENCE, _ITEMS_MISSED / rhythm.items_a_day * _DAY)
