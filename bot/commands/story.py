"""/story: one story with every report of it; operators put it right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from bot import edition
from bot.commands.request import Answer, Request, answer
from bot.digest import News
from bot.render import MOST_DATA_BYTES, Button, Message, fitting, lines, shorten
from bot.story_page import story_blocks, story_head
from feeds import repairing
from storage import articles, digests, stories, story_changes, watches
from storage.records import StorageError
from storage.stories import Telling

_MOST_OFFERED = 6
_WEEKS_AROUND = timedelta(days=14)
_LONGEST_NAME = 30
_MOST_ECHOES = 3
_NUMBER = re.compile(r"(?:(detach) )?(-?\d{1,17})(?: (\d{1,4}))?")
_PAGE = re.compile(r"of (\d{1,17}) (\d{1,4}) (\d{1,2})")  # a digest's number, its first story on the page, how many there are
_MERGE = re.compile(r"merge (-?\d{1,17}) (-?\d{1,17})")


def story(request: Request) -> Answer:
    """Show the story with a number, or offer those of the last digest; for operators: detach an article, merge two stories."""
    say, typed = request.say, request.argument.strip()
    if not typed:
        return _offer(request)
    if page := _PAGE.fullmatch(typed):
        return _which(
            request, edition.on_page(request.connection, request.chat, request.subjects, (int(page[1]), int(page[2]), int(page[3])))
        )
    merge, named = _MERGE.fullmatch(typed), _NUMBER.fullmatch(typed)
    if request.operator and merge is not None:
        return _merge(request, int(merge[1]), int(merge[2]))
    if named is None or (named[1] and not request.operator):
        return answer(lines(say("Write the story’s number behind the command, or just /story for those of your last digest.")))
    return _detach(request, int(named[2])) if named[1] else _show(request, int(named[2]), int(named[3] or 0))


def _offer(request: Request) -> Answer:
    window = digests.last_window(request.connection, request.chat.id)
    told = edition.on_page(request.connection, request.chat, request.subjects, (window.id, 0, _MOST_OFFERED)) if window else []
    return _which(request, told)


def _which(request: Request, told: Sequence[News]) -> Answer:
    say = request.say
    if not told:
        return answer(lines(say("Here you see every report of a story. First you need a digest: /digest")))
    buttons = [(Button(shorten(each.headline.title or each.headline.text, 60), f"story {each.story_id}"),) for each in told]
    return Answer((Message(lines(say("Which story?")), tuple(buttons), fresh=True),))


def _show(request: Request, number: int, start: int) -> Answer:
    """The reports of a story from the one with index ``start``, as many as fit."""
    say, connection = request.say, request.connection
    found = story_changes.current(connection, number)
    own = [watch.id for watch in watches.of_subscriber(connection, request.chat.id)]
    told = stories.tellings(connection, [found], own)[found] if found is not None else []
    # A story about no topic is there because it was imported, or because somebody watches for it, which is nobody else's business.
    if not any(telling.topics or telling.watches or telling.article_id < 0 for telling in told):
        return answer(lines(say("There is no story with this number (any more).")))
    revisions = articles.revisions(connection, [telling.article_id for telling in told])
    blocks = story_blocks(say, request.chat.time_zone, told, revisions, numbered=request.operator)
    start = start if start < len(blocks) else 0
    text, shown = fitting(blocks[start:], f"{story_head(say, told)}\n{lines(say('Story {number}', number=told[0].story_id))}")
    left = len(blocks) - start - shown
    more = ((Button(say.many("{n} more", "{n} more", left), f"story {told[0].story_id} {start + shown}"),),) if left else ()
    numbers = [telling.article_id for telling in told if telling.copy_of is None][start : start + shown]
    buttons = (*more, *_echoes(request, told[0].story_id), *_around(request, told), *_detaching(request, numbers, of=len(blocks)))
    return Answer((Message(text, buttons, fresh=True),))


def _echoes(request: Request, number: int) -> tuple[tuple[Button, ...], ...]:
    """The way to the story that this one comes back to, and to those that come back to it."""
    say, connection = request.say, request.connection
    before = stories.echo_of(connection, number)
    earlier = story_changes.current(connection, before) if before is not None else None
    rows = [(Button(say("How it began"), f"story {earlier}"),)] if earlier is not None else []
    rows += [(Button(say("It came up again"), f"story {later}"),) for later in stories.echoes_of(connection, number)[:_MOST_ECHOES]]
    return tuple(rows)


def _around(request: Request, told: Sequence[Telling]) -> tuple[tuple[Button, ...], ...]:
    """The way to what else was told on the story's first topic in those weeks."""
    topic = next(iter(request.subjects.ordered({topic for telling in told for topic in telling.topics})), None)
    if topic is None:
        return ()
    first, last = told[0].first_seen_at - _WEEKS_AROUND, told[-1].first_seen_at + _WEEKS_AROUND
    data = f"timeline {topic} {first:%Y-%m-%d}..{last:%Y-%m-%d}"
    name = request.subjects.in_language(request.say.language)[topic]
    label = f"📅 {request.say('What else happened')}: {shorten(name, _LONGEST_NAME)}"
    return ((Button(label, data if len(data.encode()) <= MOST_DATA_BYTES else f"timeline {topic}"),),)


def _detaching(request: Request, numbers: list[int], *, of: int) -> tuple[tuple[Button, ...], ...]:
    if not request.operator or of < 2:  # noqa: PLR2004 - one alone can't leave
        return ()
    return tuple((Button(request.say("{number} doesn’t belong here", number=number), f"story detach {number}"),) for number in numbers[:8])


def _detach(request: Request, number: int) -> Answer:
    say = request.say
    (teller,) = articles.tellers(request.connection, [number]) or (None,)
    if teller is None or teller.story_id is None:
        return Answer(toast=say("That article has left the archive."))
    try:
        made = story_changes.move(request.connection, [number], None, reason="by an operator", by_hand=True, now=request.now)
    except StorageError as error:
        return Answer(toast=str(error))
    repairing.renew(request.connection, [teller.story_id, made], request.recogniser.matcher.groups)
    return answer(lines(say("It is a story of its own now: {number}", number=made)))


def _merge(request: Request, source: int, target: int) -> Answer:
    say = request.say
    try:
        story_changes.merge(request.connection, source, target, reason="by an operator", by_hand=True, now=request.now)
    except StorageError as error:
        return answer(lines(str(error)))
    repairing.renew(request.connection, [source, target], request.recogniser.matcher.groups)
    return answer(lines(say("They are one story now: {number}", number=target)))
