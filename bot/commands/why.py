"""/why: each mention in its sentence with what counted, and what was turned down and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from bot import edition
from bot.commands.request import Answer, Request, answer
from bot.render import Button, Message, bold, highlight, italic, lines, link, pages, shorten
from feeds.canonical import canonical
from feeds.explain import Explanation, explain
from feeds.fingerprint import address_key
from storage import articles, digests, search
from storage.articles import Stored
from storage.query import parse
from storage.records import QueryError
from storage.snippets import one_line

_MOST_OFFERED = 6
_MOST_WORDS = 12  # of a search; what has more is taken for the text to be explained
_LONGEST_TITLE, _LONGEST_OUTLET = 50, 24
_MOST_ALIASES = 3  # that are named for one sentence
_ADDRESS = re.compile(r"https?://\S+")
_NUMBER = re.compile(r"-?\d{1,17}", re.ASCII)


def why(request: Request) -> Answer:
    """Explain an article by its number (pressed), its address, words that find it, or a text of the subscriber's own."""
    typed = request.argument
    if not typed:
        return _offer_latest(request)
    if request.pressed and _NUMBER.fullmatch(typed):
        found = articles.read(request.connection, [int(typed)])
        return _explained(request, found[0]) if found else Answer(toast=request.say("That article has left the archive."))
    if _ADDRESS.fullmatch(typed):
        at = articles.with_key(request.connection, address_key(canonical(typed)))
        return _explained(request, at) if at else answer(lines(request.say("There is no article with this address in the archive.")))
    return _offer(request, _searched(request, typed)) or _explained_text(request, typed)


def _offer_latest(request: Request) -> Answer:
    """The articles of the last digest, to choose from."""
    say, window = request.say, digests.last_window(request.connection, request.chat.id)
    how = say("Give me an article’s address, words that find it, or a text, and I say what I recognise in it and why, as in:")
    text = f"{lines(how)}\n/why {escape(say('“Way Home” Moscow'))}"
    if window is None:
        return answer(text)
    told = edition.found(request.connection, request.chat, request.subjects, after=window.from_seq, up_to=window.to_seq)
    ids = [each.headline.article_id for each in told[:_MOST_OFFERED]]
    offered = _offer(request, articles.read(request.connection, ids))
    return Answer((Message(text), *offered.messages)) if offered else answer(text)


def _searched(request: Request, typed: str) -> list[Stored]:
    if len(typed.split()) > _MOST_WORDS:
        return []
    try:
        page = search.search(request.connection, parse(typed), limit=_MOST_OFFERED, unmatched=True)
    except QueryError:
        return []
    return articles.read(request.connection, [hit.id for hit in page.hits])


def _offer(request: Request, found: list[Stored]) -> Answer | None:
    if len(found) < 2:  # noqa: PLR2004 - one needs no choice
        return _explained(request, found[0]) if found else None
    # An agency's reprints have one title: the outlet tells them apart.
    outlets = {each.id: each.publisher for each in articles.tellers(request.connection, [each.id for each in found])}
    named = [f"{shorten(each.title or each.text, _LONGEST_TITLE)} · {shorten(outlets[each.id], _LONGEST_OUTLET)}" for each in found]
    buttons = [(Button(name, f"why {each.id}"),) for name, each in zip(named, found, strict=True)]
    return Answer((Message(lines(request.say("Which of these shall I explain?")), tuple(buttons), fresh=True),))


def _explained(request: Request, article: Stored) -> Answer:
    head = link(shorten(article.title or article.text, 150), article.url)
    return _explanation(request, head, article.title, article.text, article)


def _explained_text(request: Request, typed: str) -> Answer:
    head = bold(request.say("The text that you wrote"))
    return _explanation(request, head, "", typed, None)


def _explanation(request: Request, head: str, title: str, text: str, article: Stored | None) -> Answer:
    say, names = request.say, request.subjects.in_language(request.say.language)
    verdict = request.recogniser.recognise(title, text, article.published_at if article else None).verdict
    topics = [names.get(topic.id, topic.id) for topic in verdict.topics]
    said = say("About: {topics}", topics=", ".join(topics)) if verdict.relevant else say("About none of the topics.")
    # What several rules found in one sentence, or were turned down for alike, is said once for a topic.
    told = dict[object, list[Explanation]]()
    for each in explain(verdict, title, text):
        told.setdefault((each.topic, each.counted, each.sentence if each.counted else each.reason), []).append(each)
    about = {topic.id for topic in verdict.topics}
    blocks = [
        _block(request, together, names.get(together[0].topic, together[0].topic), found=together[0].topic in about)
        for together in told.values()
    ]
    if not blocks:
        blocks = [lines(say("None of the names and rules that I know is in it."))]
    return Answer(tuple(Message(page, fresh=True) for page in pages(blocks, f"{head}\n{lines(said)}")[:2]))


def _block(request: Request, together: Sequence[Explanation], name: str, *, found: bool) -> str:
    """What was found in one sentence, or the first of what was turned down for one reason; ``found``: the topic was, here or elsewhere."""
    say, each = request.say, together[0]
    reason = say.sentence(each.reason) if each.reason else ""
    if each.counted:
        aliases = list(dict.fromkeys(say.word(one.alias.removeprefix("=")) for one in together))[:_MOST_ALIASES]
        found_by = ", ".join(say("by “{alias}”", alias=alias) for alias in aliases)
        verdict = " · ".join(filter(None, (name, found_by, reason)))
    elif found:
        verdict = say("“{alias}” doesn’t count here: {reason}", alias=say.word(each.alias.removeprefix("=")), reason=reason)
    else:
        verdict = say(
            "not {topic}, in spite of “{alias}”: {reason}", topic=name, alias=say.word(each.alias.removeprefix("=")), reason=reason
        )
    quote = highlight(one_line(each.sentence), _joined((one.start, one.end) for one in (together if each.counted else together[:1])))
    return f"{'✅' if each.counted else '✖️'} {italic(verdict)}\n{quote}"


def _joined(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places in their order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
