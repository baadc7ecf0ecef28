"""A digest's messages: stories grouped by topic, with who reports them. Pure: values in, one message out for each page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from bot.digest import News
from bot.render import Button, Message, bold, fits, italic, link, shorten
from bot.voice import Voice, mark
from storage.stories import Telling

STORIES_A_PAGE = 6
MOST_POSTS = 4
_LONGEST_HEADLINE = 180
_LONGEST_SUMMARY = 200
_MOST_OTHERS = 8

STANDINGS: Mapping[str, str] = {
    "independent": mark("independent"),
    "exile": mark("in exile"),
    "state": mark("state media"),
    "wire": mark("news agency"),
    "ukrainian": mark("Ukrainian"),
    "group": mark("its own channel"),
    "unknown": mark("of unknown standing"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a digest is written: their language, time zone and the names of the topics in it."""

    say: Voice
    zone: str
    topic_names: Mapping[str, str]


def digest_message(reader: Reader, head: str, found: Sequence[News], *, digest_id: int, start: int = 0) -> Message:
    """One page of a digest, from the story with index ``start``; a button leads to the rest."""
    text, shown = _page(reader, head, found, start)
    left = len(found) - start - shown
    say = reader.say
    more = ((Button(say.many("{n} more", "{n} more", left), f"digest {digest_id} {start + shown}"),),) if left > 0 else ()
    place = f"{digest_id} {start} {shown}"
    about = (Button(say("Open a story"), f"story of {place}"), Button(say("Less like this"), f"mute of {place}"))
    return Message(text, (*more, about), fresh=True)


def posts(reader: Reader, head: str, found: Sequence[News]) -> tuple[Message, ...]:
    """A digest in posts without buttons; what would take more than MOST_POSTS is counted in the last."""
    made, start = list[Message](), 0
    while start < len(found) and len(made) < MOST_POSTS:
        text, shown = _page(reader, head if not made else bold(reader.say("More from this digest")), found, start)
        made.append(Message(text, fresh=True))
        start += shown
    if left := len(found) - start:
        made[-1] = replace(made[-1], text=f"{made[-1].text}\n\n{escape(reader.say.many('and {n} more', 'and {n} more', left))}")
    return tuple(made)


def _page(reader: Reader, head: str, found: Sequence[News], start: int) -> tuple[str, int]:
    """The text of a page, and how many stories are on it, at least one."""
    text, shown = head, 0
    topic = None
    for each in found[start : start + STORIES_A_PAGE]:
        title = f"{bold(reader.topic_names[each.topic])}\n" if each.topic != topic else ""
        longer = f"{text}\n\n{title}{story_block(reader, each)}"
        if shown and not fits(longer):
            break
        text, topic, shown = longer, each.topic, shown + 1
    return text, shown


def covered(reader: Reader, title: str, count: int, digest_id: int) -> Message:
    """What somebody discreet gets instead of a digest: a line that tells nobody anything, and a button that opens it."""
    say = reader.say
    return Message(f"{bold(title)}: {count}", ((Button(say("Open"), f"digest {digest_id} 0"),),), fresh=True)


def digest_head(reader: Reader, found: Sequence[News], title: str, note: str = "") -> str:
    """The first lines of a digest: its title, what it holds, and a remark."""
    say, new = reader.say, sum(each.new for each in found)
    grown = len(found) - new
    counts = [
        *([say.many("{n} new story", "{n} new stories", new)] if new else []),
        *([say.many("{n} story grew", "{n} stories grew", grown)] if grown else []),
    ]
    return f"{bold(title)}\n{escape(', '.join(counts))}" + (f"\n{italic(note)}" if note else "")


def story_block(reader: Reader, each: News) -> str:
    """A story: linked headline, who and when, two lines of summary, the other outlets folded away."""
    say, telling = reader.say, each.headline
    title = telling.title or telling.text
    lines = [
        f"{'▸' if each.new else '↗'} {link(shorten(title, _LONGEST_HEADLINE), telling.url)}",
        f"{italic(_credit(reader, each))}",
    ]
    summary = _summary(telling)
    lines += [escape(summary)] if summary else []
    others = [other for other in each.tellings if other is not telling]
    if not each.new:
        lines.append(escape(say.many("{n} more report since your last digest", "{n} more reports since your last digest", each.added)))
    return "\n".join(lines) + (f"\n<blockquote expandable>{_others(reader, others)}</blockquote>" if others else "")


def outlet(say: Voice, telling: Telling) -> str:
    """An outlet with its standing and the agency it took the text from."""
    standing = say(STANDINGS.get(telling.standing, telling.standing))
    return f"{telling.outlet} ({standing})" + (f" · {telling.wire}" if telling.wire else "")


def _credit(reader: Reader, each: News) -> str:
    say = reader.say
    parts = [outlet(say, each.headline), say.recently(each.headline.first_seen_at, reader.zone)]
    if each.publishers > 1:
        parts.append(say.many("{n} publisher", "{n} publishers", each.publishers))
        state = each.state_publishers
        parts += [say.many("{n} of them state media", "{n} of them state media", state)] if state else []
    return " · ".join(parts)


def _summary(telling: Telling) -> str:
    text = telling.text.removeprefix(telling.title).strip() if telling.title else ""
    return shorten(text, _LONGEST_SUMMARY)


def _others(reader: Reader, others: Sequence[Telling]) -> str:
    say = reader.say
    listed = [
        f"{link(other.outlet, other.url)} ({escape(say(STANDINGS.get(other.standing, other.standing)))})" for other in others[:_MOST_OTHERS]
    ]
    rest = len(others) - len(listed)
    tail = "\n" + escape(say.many("and {n} more", "and {n} more", rest)) if rest else ""
    return escape(say("Also in:")) + " " + ", ".join(listed) + tail
