"""/announce, /invite and /revoke, for operators: a word to everybody, previewed and stoppable, and who may use the bot."""

from __future__ import annotations

import re

from bot import announcing
from bot.commands.request import Answer, Request, answer
from bot.render import Button, Message, code, grid, lines
from storage import errands, forgetting, guests, subscribers

LONGEST = 2_000  # characters
_MOST_SHOWN = 30
_NUMBER = re.compile(r"[0-9]{1,12}")


def announce(request: Request) -> Answer:
    """Preview a text, send the one that was previewed, or stop one that is being sent."""
    say = request.say
    if request.pressed:
        match request.words:
            case ["send" | "drop" | "stop" as wish, draft] if _NUMBER.fullmatch(draft):
                return _by_button(request, wish, int(draft))
    text = request.written.strip()
    if not text:
        return answer(lines(say("Write what everybody should hear behind the command, as in:")) + "\n" + code("/announce …"))
    if len(text) > LONGEST:
        return answer(lines(say("An announcement has at most {most} characters.", most=LONGEST)))
    connection, chat = request.connection, request.chat
    number = errands.begin(connection, chat.chat_id, chat.thread_id, request.now, kind=announcing.DRAFT, argument=text)
    readers = subscribers.count(connection)
    question = say.many("{n} chat will see it like this. Send it?", "{n} chats will see it like this. Send it?", readers)
    buttons = (Button(say("Send to all"), f"announce send {number}"), Button(say("Don’t"), f"announce drop {number}"))
    return Answer((announcing.announcement(say, text), Message(lines(question), (buttons,))))


def invite(request: Request) -> Answer:
    """Make a link that lets one chat in."""
    say = request.say
    if not request.by_list:
        return answer(lines(say("Anybody may use this bot already: HOMEFRONT_ACCESS is “open”.")))
    days = guests.VALID.days
    link = f"https://t.me/{request.bot_username}?start={guests.PREFIX}{guests.invite(request.connection, request.now)}"
    text = say.many(
        "This link lets one person in. It works once, for {n} day:", "This link lets one person in. It works once, for {n} days:", days
    )
    return answer(f"{lines(text)}\n{code(link)}", (Button(say("Who was invited"), "revoke"),))


def revoke(request: Request) -> Answer:
    """List who came by an invitation, or put one of them out again, with everything that is kept about them."""
    say, connection, typed = request.say, request.connection, request.argument.strip()
    let_in = guests.every(connection)
    if typed == "links":
        return answer(lines(say("Links that nobody has used yet don't work any more: {n}", n=guests.withdraw_all(connection))))
    chosen = next((chat_id for chat_id in let_in if str(chat_id) == typed), None)
    if chosen is not None:
        forgetting.forget(connection, chosen)
        return answer(lines(say("{id} can't use this bot any more, and everything about that chat is erased.", id=chosen)))
    links = (Button(say("Withdraw unused links"), "revoke links"),)
    if typed:
        return answer(lines(say("No invited chat has the number “{name}”. All of them: /revoke", name=typed[:40])))
    if not let_in:
        return answer(lines(say("Nobody has come by an invitation. To make one: /invite")), links)
    buttons = grid([Button(f"🗑 {chat_id}", f"revoke {chat_id}") for chat_id in let_in[:_MOST_SHOWN]], 2)
    text = say("These chats came by an invitation. Tap one to put it out; those in HOMEFRONT_ACCESS are taken out there.")
    return answer(lines(text), *buttons, links)


def _by_button(request: Request, wish: str, number: int) -> Answer:
    say, connection = request.say, request.connection
    running = wish == "stop"
    found = errands.find(connection, number, request.chat.chat_id, announcing.RUNNING if running else announcing.DRAFT)
    if found is None:
        return Answer(toast=say("That announcement is over, or was dropped."))
    if running:
        written, back = announcing.stop(connection, found)
        return answer(lines(say("Stopped. Letters sent or under way: {sent}", sent=written - back)))
    if wish == "drop":
        errands.end(connection, number)
        return answer(lines(say("Dropped. Nobody has seen it.")))
    announcing.begin(connection, found)
    return answer(lines(say("It is on its way. I tell you when it is done.")), (Button(say("Stop"), f"announce stop {number}"),))
