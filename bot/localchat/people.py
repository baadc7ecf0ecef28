"""What a person does in a chat: says, edits, presses, asks inline, chooses, blocks. Each tells the bot what Telegram would."""

from typing import Any

from bot.localchat.chats import PRESENT, Chat, Person, chat_member
from bot.localchat.entities import TEXT_LIMIT, Formatted, plain
from bot.localchat.errors import ControlError
from bot.localchat.keyboards import has_button
from bot.localchat.posting import post, report, show, show_change
from bot.localchat.queries import Query
from bot.localchat.world import YOU, World

_QUERY_LIMIT = 256


def actor(world: World, chat: Chat, person_id: int) -> Person:
    """Return who acts: the person given, else the one whose private chat it is, else You; they must be in the chat."""
    person = world.person(person_id or (chat.id if chat.kind == "private" else YOU))
    if chat.people.get(person.id) not in PRESENT:
        raise ControlError(f"{person.first_name} isn't in this chat")
    return person


def say(
    world: World, chat_id: int, text: str, *, person_id: int = 0, reply_to: int = 0, thread_id: int = 0, language_code: str = ""
) -> int:
    """Send a text as a person and return the message's id; the first one in a private chat starts it."""
    chat = _open_chat(world, chat_id)
    person = actor(world, chat, person_id)
    if language_code:
        set_language(world, person.id, language_code)
    found = _checked(chat, text)
    replied = chat.message(reply_to) if reply_to else None
    if reply_to and replied is None:
        raise ControlError(f"there is no message {reply_to} to reply to")
    if thread_id and thread_id not in chat.threads:
        raise ControlError(f"there is no thread {thread_id}")
    if not chat.started:
        chat.started = True
        world.show_chat(chat)
    message = post(world, chat, _fields(found), sender=person, thread_id=thread_id, reply_to=replied)
    show(world, chat, message)
    report(world, chat, message)
    return message.id


def edit(world: World, chat_id: int, message_id: int, text: str) -> None:
    """Change the text of a person's own message."""
    chat = _open_chat(world, chat_id)
    message = chat.message(message_id)
    if message is None or message.by_bot or "text" not in message.body or "via_bot" in message.body:
        raise ControlError("only a person's own text message can be edited")
    found = _checked(chat, text)
    message.earlier.append(message.body["text"])
    kept = {name: value for name, value in message.body.items() if name != "entities"}
    message.body = {**kept, **_fields(found), "edit_date": world.unix_now()}
    show_change(world, chat, message)
    report(world, chat, message, edited=True)


def press(world: World, chat_id: int, message_id: int, data: str, *, person_id: int = 0) -> str:
    """Press a button with callback data and return the query's id; the answer shows in the transcript."""
    chat = world.chat(chat_id)
    person = actor(world, chat, person_id)
    message = chat.message(message_id)
    if message is None or not has_button(message.reply_markup, data):
        raise ControlError(f"message {message_id} has no button with the data {data!r}")
    query = world.queries.ask("callback", person.id, chat.id, message_id=message_id)
    body: dict[str, Any] = {"id": query.id, "from": person.user(), "chat_instance": str(-chat.id), "data": data}
    body |= {"inline_message_id": message.inline_message_id} if message.inline_message_id else {"message": message.body}
    world.updates.add("callback_query", body)
    return query.id


def inline(world: World, chat_id: int, text: str, *, offset: str = "", person_id: int = 0) -> Query:
    """Type "@bot text" in a chat; the query's answer is there at once if Telegram would have kept it."""
    chat = world.chat(chat_id)
    person = actor(world, chat, person_id)
    text = text.strip()[:_QUERY_LIMIT]
    query = world.queries.ask("inline", person.id, chat.id, text=text, offset=offset)
    query.answer = world.queries.kept(text, offset, person.id)
    if query.answer is None:
        kind = "sender" if chat.kind == "private" else chat.kind
        body = {"id": query.id, "from": person.user(), "query": text, "offset": offset, "chat_type": kind}
        world.updates.add("inline_query", body)
    return query


def choose(world: World, query_id: str, result_id: str, *, thread_id: int = 0) -> int:
    """Send a result of an inline query to the chat it was typed in and return the message's id."""
    query = world.queries.get(query_id)
    results = (query.answer or {}).get("results", []) if query else []
    result = next((result for result in results if result["id"] == result_id), None)
    if query is None or result is None:
        raise ControlError(f"query {query_id} has no result {result_id!r}")
    chat = _open_chat(world, query.chat_id)
    person = world.person(query.person_id)
    fields = _fields(Formatted(result["text"], result["entities"])) | {"via_bot": world.bot}
    message = post(world, chat, fields, sender=person, thread_id=thread_id)
    if result["reply_markup"]:
        # As there: only a message with a keyboard can be edited later, so only it has such an id.
        message.inline_message_id = f"local-inline-{chat.id}-{message.id}"
        message.reply_markup = message.body["reply_markup"] = result["reply_markup"]
    show(world, chat, message)
    chosen = {"result_id": result_id, "from": person.user(), "query": query.text}
    if message.inline_message_id:
        chosen["inline_message_id"] = message.inline_message_id
    world.updates.add("chosen_inline_result", chosen)
    report(world, chat, message)
    return message.id


def set_blocked(world: World, chat_id: int, *, blocked: bool) -> None:
    """Block or unblock the bot in a private chat."""
    chat = world.chat(chat_id)
    if chat.kind != "private":
        raise ControlError("the bot can be blocked in private chats only")
    change_bot_status(world, chat, world.person(chat.id), "kicked" if blocked else "member")


def change_bot_status(world: World, chat: Chat, by: Person, status: str) -> None:
    """Set the bot's status in a chat and tell it by my_chat_member."""
    before, chat.bot_status = chat.bot_status, status
    if before != status:
        change = {
            "chat": chat.body(),
            "from": by.user(),
            "date": world.unix_now(),
            "old_chat_member": chat_member(world.bot, before, chat.kind),
            "new_chat_member": chat_member(world.bot, status, chat.kind),
        }
        world.updates.add("my_chat_member", change)
    world.show_chat(chat)


def set_language(world: World, person_id: int, language_code: str) -> None:
    """Set the language of a person's client, which decides the commands they see."""
    world.person(person_id).language_code = language_code
    for chat in world.chats.values():
        world.show_chat(chat)


def _open_chat(world: World, chat_id: int) -> Chat:
    chat = world.chat(chat_id)
    if chat.migrated_to is not None:
        raise ControlError(f"this group is now the supergroup {chat.migrated_to}")
    if chat.kind == "private" and chat.bot_status == "kicked":
        raise ControlError("the bot is blocked here; unblock it first")
    return chat


def _checked(chat: Chat, text: str) -> Formatted:
    found = plain(text, commands=chat.kind != "channel")
    if not found.text:
        raise ControlError("a message needs some text")
    if len(found.text) > TEXT_LIMIT:
        raise ControlError(f"a message has at most {TEXT_LIMIT} characters")
    return found


def _fields(found: Formatted) -> dict[str, Any]:
    return {"text": found.text} | ({"entities": found.entities} if found.entities else {})
