"""/watch: a subscriber's own rules, each tried on the kept articles before it is saved.

A rule that isn't saved yet stands in its message and nowhere else.
"""

from __future__ import annotations

import re

from bot.commands.request import Answer, Request, answer
from bot.preview import Preview, Sample, preview
from bot.render import Button, Message, block, bold, code, fitting, highlight, italic, lines, link, shorten
from feeds import rules
from feeds.explain import sentence_around
from feeds.placing import place
from feeds.rules import RuleError
from storage import watches
from storage.snippets import one_line
from storage.watches import Kept

MOST_WATCHES = 20
LONGEST_RULE = 500  # characters, so that the rule and its preview fit into one message
LONGEST_NAME = 40
MOST_PLACED = 50  # articles of the past that a new watch brings with the next digest
_SAMPLES = 3
_AROUND = 25  # characters on either side of a mistake
_NUMBERED = re.compile(r"(show|name|remove) (#?)(\d{1,9})(?: (.*))?", re.DOTALL)


def watch(request: Request) -> Answer:
    """List the watches, try a rule, save the one in the pressed message, or show, rename or remove one by its number."""
    if not request.argument:
        return _list(request)
    if request.pressed and request.argument == "save":
        return _save(request)
    numbered = _NUMBERED.fullmatch(request.argument)
    if numbered is None:
        return _try(request, request.argument)
    chosen = _chosen(request, int(numbered[3]), by_id=bool(numbered[2]))
    if chosen is None:
        return answer(lines(request.say("There is no such watch. All of yours: /watch")))
    if numbered[1] == "remove":
        return _remove(request, chosen)
    return _rename(request, chosen, numbered[4]) if numbered[1] == "name" else _show(request, chosen)


def _list(request: Request) -> Answer:
    say, kept = request.say, _kept(request)
    how = say("A watch finds what no topic does: a place, a unit, a name. Write the rule behind the command and see what it finds, as in:")
    example = code(say("/watch mobilised NEAR/5 Samara"))
    if not kept:
        return answer(f"{bold(say('You have no watch yet'))}\n{lines(how)}\n{example}")
    rows = [
        f"{number}. {bold(each.name)} · {say.many('{n} article', '{n} articles', each.hits)}"
        + (f"\n{code(each.rule)}" if each.rule != each.name else "")
        for number, each in enumerate(kept, start=1)
    ]
    text, _ = fitting(rows, head=bold(say("Your watches")))
    buttons = tuple((Button(f"🔎 {each.name}", f"watch show #{each.id}"),) for each in kept)
    return Answer((Message(f"{text}\n\n{lines(how)}\n{example}", buttons),))


def _try(request: Request, rule: str) -> Answer:
    say = request.say
    if len(rule) > LONGEST_RULE:
        return answer(lines(say("A rule has at most {most} characters here.", most=LONGEST_RULE)))
    try:
        found = preview(request.connection, rules.parse(rule), request.now)
    except RuleError as error:
        example = code(say("/watch mobilised NEAR/5 Samara"))
        return answer(
            f"{lines(f'{say.sentence(error.problem)}.')}\n{_pointed(rule, error.position)}\n{bold(say('For example'))}: {example}"
        )
    buttons = (Button(say("Save"), "watch save"), Button(say("Don’t"), "watch"))
    return answer(_tried(request, rule, found, head=say("This rule")), buttons)


def _save(request: Request) -> Answer:
    say, rule = request.say, request.quoted
    try:
        node = rules.parse(rule)
    except RuleError:
        return Answer(toast=say("That message is too old. Please write the rule again."))
    kept = _kept(request)
    if any(each.rule == rule for each in kept):
        return Answer(toast=say("You have this watch already."))
    if len(kept) >= MOST_WATCHES:
        return Answer(toast=say("You can have at most {most} watches. Remove one first: /watch", most=MOST_WATCHES))
    tried = preview(request.connection, node, request.now)
    if tried.broad:
        return Answer(toast=say("That is more than anybody reads. Ask for one more word: … AND Samara"))
    number = watches.add(request.connection, request.chat.id, shorten(rule, LONGEST_NAME), rule)
    found = sorted(sample.article.id for sample in tried.found)
    watches.save_hits(request.connection, number, found)
    # What is older than that isn't brought by a digest, so it needs no story; nobody should wait for very many to be placed.
    latest = [article_id for article_id in found if article_id > request.chat.cursor][-MOST_PLACED:]
    place(request.connection, latest, request.recogniser.matcher.groups, request.now)
    saved = say("Saved. What it finds comes with your digest, or now with /digest.")
    name = say("To give it a short name: /watch name {number} …", number=len(kept) + 1)
    return answer(f"{lines(saved)}\n{code(rule)}\n{lines(name)}", _buttons(request, number))


def _show(request: Request, chosen: Kept) -> Answer:
    found = preview(request.connection, rules.parse(chosen.rule), request.now)
    return answer(_tried(request, chosen.rule, found, head=chosen.name), _buttons(request, chosen.id))


def _rename(request: Request, chosen: Kept, name: str | None) -> Answer:
    say = request.say
    if not name:
        return answer(lines(say("Write the new name behind the number, as in: /watch name 1 Samara")))
    watches.rename(request.connection, request.chat.id, chosen.id, shorten(name, LONGEST_NAME))
    return _list(request)


def _remove(request: Request, chosen: Kept) -> Answer:
    say = request.say
    watches.remove(request.connection, request.chat.id, chosen.id)
    return answer(f"{lines(say('Removed. Nothing of it is kept.'))}\n{code(chosen.rule)}", (Button(say("Put it back"), "watch save"),))


def _tried(request: Request, rule: str, found: Preview, *, head: str) -> str:
    """What a rule found: how many articles a day, a warning where that is too many or “and” is among its words, and the newest."""
    say = request.say
    count = say.many("{n} article", "{n} articles", len(found.found))
    span = say.many("in the last day", "in the last {n} days", round(found.days))
    rate = say("about {rate} a day", rate=say.number(found.a_day))
    text = f"{bold(head)} {code(rule)}\n{lines(f'{count} {span}, {rate}' if found.found else f'{count} {span}')}"
    if found.broad:
        text += f"\n⚠️ {lines(say('That is more than anybody reads. Ask for one more word: … AND Samara'))}"
    if meant := rules.word_for_operator(rule):
        hint = say("“{word}” is looked for like any other word. To join words, write {operator}.", word=meant[0], operator=meant[1])
        text += f"\n💡 {lines(hint)}"
    different = {sample.article.title or sample.article.text: sample for sample in reversed(found.found)}
    return "\n\n".join([text, *(_sample(sample) for sample in list(reversed(different.values()))[:_SAMPLES])])


def _sample(sample: Sample) -> str:
    article = sample.article
    field, start, end = sample.places[0]
    whole = article.title if field == "title" else article.text
    first, last = sentence_around(whole, start, end)
    quote = highlight(one_line(whole[first:last]), [(start - first, end - first)])
    title = link(shorten(article.title or article.text, 120), article.url)
    return f"{title}\n{italic(article.outlet)}" + (f"\n{quote}" if field == "text" else "")


def _buttons(request: Request, number: int) -> tuple[Button, ...]:
    say = request.say
    return Button(say("Remove"), f"watch remove #{number}"), Button(say("All watches"), "watch")


def _kept(request: Request) -> list[Kept]:
    return watches.of_subscriber(request.connection, request.chat.id)


def _chosen(request: Request, number: int, *, by_id: bool) -> Kept | None:
    """The watch with that number: its own in a button, its place in the list where somebody typed it."""
    numbered = {each.id: each for each in _kept(request)} if by_id else dict(enumerate(_kept(request), start=1))
    return numbered.get(number)


def _pointed(rule: str, position: int) -> str:
    """The part of a rule around a mistake, with a mark below it."""
    first = max(0, position - _AROUND)
    part = rule[first : position + _AROUND].replace("\n", " ")
    return block(f"{part}\n{' ' * (position - first)}^")
