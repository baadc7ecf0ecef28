"""A story as a page: who told it first, who copied whom with what delay, what was changed or taken away. Pure: values in, texts out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape

from bot.digest import headline, houses
from bot.digest_page import outlet
from bot.render import bold, italic, link, shorten
from bot.voice import Voice
from feeds.sameness.changes import difference
from storage.articles import Earlier
from storage.stories import Telling

_LONGEST_TITLE = 150
_AROUND, _MOST_SEGMENTS = 40, 8  # of a difference: characters of what stayed the same, and changed passages
_HOUR = timedelta(hours=1)


def story_blocks(say: Voice, zone: str, told: Sequence[Telling], revisions: Sequence[Earlier], *, numbered: bool = False) -> list[str]:
    """A block for each article that is no copy, earliest first, with its copies and what was changed below it.

    ``numbered``: with the articles' numbers, by which they are put right.
    """
    copies: dict[int, list[Telling]] = {}
    for telling in told:
        if telling.copy_of is not None:
            copies.setdefault(telling.copy_of, []).append(telling)
    there = {telling.article_id for telling in told}
    versions = _versions(told, revisions)
    # A copy whose original is in another story stands for itself.
    return [
        _block(say, zone, telling, copies.get(telling.article_id, []), versions, numbered=numbered)
        for telling in told
        if telling.copy_of is None or telling.copy_of not in there
    ]


def story_head(say: Voice, told: Sequence[Telling]) -> str:
    """A headline in the reader's language where there is one; how many articles, publishers and, of those, state media."""
    publishers = houses(told)
    state = sum(house.standing == "state" for house in publishers)
    parts = [
        say.many("{n} article", "{n} articles", len(told)),
        say.many("{n} publisher", "{n} publishers", len(publishers)),
        *([say.many("{n} of them state media", "{n} of them state media", state)] if state else []),
    ]
    shown = headline(told, say.language)
    return f"{bold(shorten(shown.title or shown.text, _LONGEST_TITLE))}\n{escape(', '.join(parts))}"


def _block(
    say: Voice, zone: str, telling: Telling, copies: Sequence[Telling], versions: Mapping[int, Sequence[str]], *, numbered: bool
) -> str:
    title = link(shorten(telling.title or telling.text, _LONGEST_TITLE), telling.url)
    number = f"[{telling.article_id}] " if numbered else ""
    rows = [
        f"▸ {number}{title}",
        italic(f"{outlet(say, telling)} · {say.recently(telling.first_seen_at, zone)}{_gone(say, zone, telling)}"),
    ]
    rows += versions.get(telling.article_id, ())
    for copy in copies:
        score = f", {copy.copy_score:.0%}" if copy.copy_score is not None else ""
        delay = _delay(say, copy.first_seen_at - telling.first_seen_at)
        rows.append(f"↳ {link(copy.outlet, copy.url)} {escape(f'({delay}{score}){_gone(say, zone, copy)}')}")
        rows += versions.get(copy.article_id, ())
    return "\n".join(rows)


def _gone(say: Voice, zone: str, telling: Telling) -> str:
    return " · " + say("withdrawn {when}", when=say.recently(telling.withdrawn_at, zone)) if telling.withdrawn_at else ""


def _delay(say: Voice, delay: timedelta) -> str:
    minutes = round(delay / timedelta(minutes=1))
    if delay < _HOUR:
        return say("{n} min later", n=minutes)
    return say("{n} h later", n=round(delay / _HOUR))


def _versions(told: Sequence[Telling], revisions: Sequence[Earlier]) -> dict[int, list[str]]:
    """What was changed in each article, revision by revision, as text with what went and what came."""
    now = {telling.article_id: f"{telling.title}\n{telling.text}" for telling in told}
    lines: dict[int, list[str]] = {}
    for earlier in reversed(revisions):
        before, after = f"{earlier.title}\n{earlier.text}", now.get(earlier.article_id, "")
        now[earlier.article_id] = before
        lines.setdefault(earlier.article_id, []).insert(0, f"✎ {_difference(before, after)}")
    return lines


def _difference(before: str, after: str) -> str:
    segments = difference(before, after)
    pieces = list[str]()
    changed = 0
    for segment in segments:
        if segment.kind == "same":
            text = segment.text if len(segment.text) <= 2 * _AROUND else f"{segment.text[:_AROUND]} … {segment.text[-_AROUND:]}"
            pieces.append(escape(" ".join(text.split())))
            continue
        changed += 1
        if changed > _MOST_SEGMENTS:
            pieces.append("…")
            break
        tag = "s" if segment.kind == "removed" else "u"
        pieces.append(f"<{tag}>{escape(shorten(segment.text, 200))}</{tag}>")
    return " ".join(pieces)
