"""Updates of the Bot API: without anybody's name before they are written down, and read for what they ask."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings, strategies
from telegram.error import TelegramError

from bot import updates
from bot.updates import Asked, Looked, Membership, Moved

BOT = "homefront_bot"
SECRET = "Secret-Name"
YOU = {"id": 1001, "is_bot": False, "first_name": SECRET, "last_name": SECRET, "username": SECRET, "language_code": "ru-RU"}
PRIVATE = {"id": 1001, "type": "private", "first_name": SECRET, "username": SECRET}
GROUP = {"id": -5, "type": "group", "title": SECRET}
FORUM = {"id": -1009, "type": "supergroup", "title": SECRET, "is_forum": True}
CHANNEL = {"id": -1008, "type": "channel", "title": SECRET, "username": SECRET}
NAME_KEYS = [
    "first_name", "last_name", "username", "usernames", "active_usernames", "bio", "photo", "contact", "phone_number", "email", "vcard",
    "nickname", "author_signature", "custom_title", "tag", "sender_tag", "sender_user_name", "users_shared", "chat_shared", "title",
    "new_chat_title", "new_chat_photo", "invite_link", "forum_topic_created", "forum_topic_edited", "business_intro", "forward_origin",
    "forward_from", "forward_from_chat", "forward_signature", "forward_sender_name", "reply_to_message", "external_reply", "quote",
    "pinned_message", "reply_to_story", "story", "poll", "checklist", "location", "venue", "business_location", "order_info",
    "successful_payment", "passport_data", "performer", "file_name", "invoice", "game",
]  # fmt: skip
JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=5),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(
            strategies.sampled_from([*NAME_KEYS, "from", "chat", "id", "message", "text", "entities", "user"])
            | strategies.text(max_size=5),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


def _message(text: str | None = "/help", chat: dict[str, Any] = PRIVATE, **more: Any) -> dict[str, Any]:
    said = {} if text is None else {"text": text}
    return {"update_id": 7, "message": {"message_id": 5, "date": 1, "chat": chat, "from": YOU, **said, **more}}


def _press(data: str | None, **message: Any) -> dict[str, Any]:
    held = {"message_id": 77, "date": 1, "chat": PRIVATE, "text": "text", **message}
    return {
        "update_id": 8,
        "callback_query": {"id": "q", "chat_instance": "1", "from": YOU, "message": held, **({"data": data} if data else {})},
    }


def _member(status: str, **more: Any) -> dict[str, Any]:
    bot = {"id": 1, "is_bot": True, "first_name": "homefront"}
    old = {"user": bot, "status": "left"}
    new = {"user": bot, "status": status, **more}
    return {"update_id": 9, "my_chat_member": {"chat": GROUP, "from": YOU, "date": 1, "old_chat_member": old, "new_chat_member": new}}


def _read(raw: dict[str, Any]) -> Any:
    return updates.read(updates.strip(raw).body, BOT)


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for each in value.values() for key in _keys(each)}
    return {key for each in value for key in _keys(each)} if isinstance(value, list) else set()


def _values(value: Any, key: str) -> list[Any]:
    if isinstance(value, dict):
        return [each for name, each in value.items() if name == key] + [found for each in value.values() for found in _values(each, key)]
    return [found for each in value for found in _values(each, key)] if isinstance(value, list) else []


@settings(deadline=None, max_examples=200)
@given(rest=strategies.dictionaries(strategies.text(max_size=8), JSON, max_size=5))
def test_no_name_is_left_anywhere(rest: dict[str, Any]) -> None:
    """However deep in whatever update: keys with names are gone, first names empty, and all the rest is as it was."""
    raw = {**rest, "update_id": 7, "edited_channel_post": rest}
    body = updates.strip(raw).body
    assert _keys(body) & {*NAME_KEYS} <= {"first_name"}
    assert set(map(str, _values(body, "first_name"))) <= {""}
    assert _keys(raw) - _keys(body) <= {*NAME_KEYS} | {key for name in NAME_KEYS for each in _values(raw, name) for key in _keys(each)}


def test_the_update_given_stays_as_it_is() -> None:
    """Stripping makes another update."""
    raw = _message()
    before = json.dumps(raw)
    updates.strip(raw)
    assert json.dumps(raw) == before


@pytest.mark.parametrize(
    "raw",
    [
        _message(),
        _message(chat=GROUP, sender_chat=CHANNEL, via_bot=YOU),
        _message(reply_to_message={"message_id": 1, "date": 1, "chat": PRIVATE, "from": YOU, "text": SECRET}),
        _message(forward_origin={"type": "hidden_user", "date": 1, "sender_user_name": SECRET}),
        _message(None, contact={"phone_number": SECRET, "first_name": SECRET}),
        _message(None, chat=GROUP, new_chat_members=[YOU], left_chat_member=YOU),
        _message(entities=[{"type": "text_mention", "offset": 0, "length": 3, "user": YOU}]),
        _press("topics", **{"from": YOU}),
        _member("member"),
        {"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "sender_chat": CHANNEL, "text": "/help"}},
        *(
            pytest.param(raw, id=name)
            for name, raw in {
                "author_signature": {
                    "update_id": 1,
                    "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "author_signature": SECRET},
                },
                "new_chat_title": _message(None, chat=GROUP, new_chat_title=SECRET),
                "custom_title": _member("administrator", custom_title=SECRET),
                "forward_sender_name": _message(forward_sender_name=SECRET),
                "invite_link": {
                    "update_id": 9,
                    "my_chat_member": {**_member("member")["my_chat_member"], "invite_link": {"invite_link": "x", "name": SECRET}},
                },
                "external_reply": _message(external_reply={"origin": {"type": "hidden_user", "sender_user_name": SECRET}}),
                "quote": _message(quote={"text": SECRET, "position": 0}),
                "pinned_message": _message(None, chat=GROUP, pinned_message={"message_id": 1, "date": 1, "chat": GROUP, "text": SECRET}),
            }.items()
        ),
    ],
)
def test_real_updates_keep_no_name(raw: dict[str, Any]) -> None:
    """Of the people, chats and other people's words that an update brings along, none is written down."""
    assert SECRET not in json.dumps(updates.strip(raw).body)


@pytest.mark.parametrize(
    ("raw", "chat_id"),
    [
        (_message(), 1001),
        (_message(chat=GROUP), -5),
        (_press("x"), 1001),
        (_member("left"), -5),
        ({"update_id": 1, "channel_post": {"chat": CHANNEL}}, -1008),
        ({"update_id": 1, "callback_query": {"id": "q", "from": YOU, "inline_message_id": "i"}}, None),
        ({"update_id": 1, "inline_query": {"id": "q", "from": YOU, "query": "x"}}, None),
        ({"update_id": 1}, None),
        ({"update_id": 1, "message": None, "poll": {}}, None),
        ({"update_id": 1, "message": {"chat": "odd"}}, None),
        ({"update_id": 1, "message": {"chat": {}}}, None),
    ],
)
def test_whose_update_it_is(raw: dict[str, Any], chat_id: int | None) -> None:
    """The chat is known before anything is read, so that forgetting it finds the row."""
    found = updates.strip(raw)
    assert (found.update_id, found.chat_id) == (raw["update_id"], chat_id)


@pytest.mark.parametrize("chat", [{"id": None}, {"id": "me"}, {"type": "private"}, {"id": True}, {"id": 1.5}, {"id": 2**63}, [], None])
def test_an_odd_chat_can_be_written_down(chat: dict[str, Any]) -> None:
    """What can't be read is found out when it is handled, and set aside there; writing it down never fails."""
    assert updates.strip({"update_id": 7, "message": {"chat": chat}}).chat_id is None


def test_an_update_without_an_end() -> None:
    """Lists in lists, deeper than any update, are cut off instead of being too much."""
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    assert len(json.dumps(updates.strip({"update_id": 7, "message": deep}).body)) < 200


@pytest.mark.parametrize("field", ["venue", "game", "invoice", "poll", "forum_topic_created"])
def test_what_isnt_a_text_is_no_mistake(field: str) -> None:
    """What lost its name is gone whole, so that the library doesn't miss the name in it."""
    assert _read(_message(None, **{field: {"title": SECRET, "name": SECRET}})) is None


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/help", "help", ""),
        ("/HELP", "help", ""),
        ("/search  Way   Home ", "search", "Way Home"),
        ("/search\nway\nhome", "search", "way home"),
        ("/search way\nhome", "search", "way home"),
        (f"/help@{BOT}", "help", ""),
        (f"/search@{BOT.upper()} way", "search", "way"),
        ("way home", "", "way home"),
        ("  way\u00a0home\n", "", "way home"),
        ("/", "", ""),
        ("/ way", "", "way"),
        ("//help", "/help", ""),
        ("/поиск путь", "поиск", "путь"),
        ("🕯", "", "🕯"),
        ("/search\tway", "search", "way"),
        ("/search\u00a0way", "search", "way"),
    ],
)
def test_what_was_written(text: str, command: str, argument: str) -> None:
    """A command and the words behind it, or free text, with blanks tidied up."""
    asked = _read(_message(text))
    assert isinstance(asked, Asked)
    assert (asked.command, asked.argument) == (command, argument)
    assert (asked.chat_id, asked.thread_id, asked.client_language, asked.private) == (1001, 0, "ru-RU", True)
    assert (asked.pressed, asked.callback_id, asked.quoted) == (None, None, "")


@pytest.mark.parametrize(
    "raw",
    [
        _message("hello there", chat=GROUP),
        _message("/help@other_bot", chat=GROUP),
        _message("/help@other_bot"),
        _message("/help@", chat=GROUP) | {"message": None},
        _message(None),
        _message(""),
        _message(" \n "),
        _message(None, caption="/help", photo=[]),
        {"update_id": 1, "edited_message": _message()["message"]},
        {"update_id": 1, "edited_channel_post": _message()["message"]},
        {"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "News of the day"}},
        {"update_id": 1, "something_of_next_year": {"chat": PRIVATE}},
        {"update_id": 1},
        {"update_id": 1, "callback_query": {"id": "q", "chat_instance": "1", "from": YOU, "inline_message_id": "i", "data": "x"}},
        _press(None),
    ],
)
def test_what_isnt_for_us(raw: dict[str, Any]) -> None:
    """Small talk in groups, other bots' commands, edits, captions and kinds of updates that we didn't ask for are passed over."""
    assert _read(raw) is None


def test_an_inline_query() -> None:
    """What was typed after the bot's name in some chat, on one line, and where its results go on."""
    raw = {"update_id": 1, "inline_query": {"id": "q", "from": YOU, "query": " a \n b", "offset": "~1.2.no" + "x" * 100}}
    found = _read(raw)
    assert isinstance(found, Looked)
    assert (found.query_id, found.person_id, found.text, found.language) == ("q", 1001, "a b", "ru")
    assert len(found.offset) == 64


def test_written_in_other_places() -> None:
    """Commands in groups, channels and threads are read with the place they were written in."""
    group = _read(_message(chat=GROUP))
    topic = _read(_message(chat=FORUM, message_thread_id=4, is_topic_message=True))
    reply = _read(_message(chat=FORUM, message_thread_id=4))
    channel = _read({"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": CHANNEL, "text": "/help"}})
    assert [(each.chat_id, each.thread_id, each.private) for each in (group, topic, reply, channel)] == [
        (-5, 0, False),
        (-1009, 4, False),
        (-1009, 0, False),
        (-1008, 0, False),
    ]
    assert channel.client_language is None


def test_what_was_pressed() -> None:
    """A button is a command, with its message and the text in code there."""
    code = [
        {"type": "code", "offset": 3, "length": 4},
        {"type": "bold", "offset": 0, "length": 1},
        {"type": "code", "offset": 8, "length": 1},
    ]
    asked = _read(_press("search 17", text="🔎 путь x", entities=code))
    assert (asked.command, asked.argument, asked.pressed, asked.callback_id, asked.quoted) == ("search", "17", 77, "q", "путь")
    assert _read(_press("topics on way-home")).argument == "on way-home"
    assert _read(_press("topics")).quoted == ""
    threaded = _read(_press("topics", chat=FORUM, message_thread_id=4, is_topic_message=True))
    assert (threaded.chat_id, threaded.thread_id, threaded.private) == (-1009, 4, False)


def test_a_button_of_a_message_that_is_too_old() -> None:
    """Telegram gives its chat and number alone, which is enough."""
    raw = _press("topics on all")
    raw["callback_query"]["message"] = {"message_id": 77, "date": 0, "chat": PRIVATE}
    asked = _read(raw)
    assert (asked.command, asked.argument, asked.pressed, asked.quoted, asked.thread_id) == ("topics", "on all", 77, "", 0)


@pytest.mark.parametrize(
    ("raw", "present"),
    [
        (_member("member"), True),
        (_member("administrator"), True),
        (_member("left"), False),
        (_member("kicked", until_date=0), False),
        (_member("restricted", is_member=True, until_date=0), True),
        (_member("restricted", is_member=False, until_date=0), False),
    ],
)
def test_let_in_and_put_out(raw: dict[str, Any], present: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Every status of the bot in a chat means that it may write there, or not."""
    flags = dict.fromkeys(
        [
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
            "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
            "can_send_messages", "can_send_polls", "can_send_other_messages", "can_add_web_page_previews", "can_pin_messages",
            "can_manage_topics", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos", "can_send_video_notes",
            "can_send_voice_notes", "can_edit_tag", "can_react_to_messages",
        ],
        False,
    )  # fmt: skip
    member = raw["my_chat_member"]["new_chat_member"]
    raw["my_chat_member"]["new_chat_member"] = {**flags, **member} if member["status"] in {"administrator", "restricted"} else member
    assert isinstance(found := _read(raw), Membership)
    assert (found.chat_id, found.present) == (-5, present)


def test_a_group_that_moved() -> None:
    """Its new id is told by a message in the old one; the message in the new one tells nothing more."""
    assert _read(_message(None, chat=GROUP, migrate_to_chat_id=-1005)) == Moved(-5, -1005)
    assert _read(_message(None, chat=FORUM, migrate_from_chat_id=-5)) is None


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1, "message": {"secret": 1}},
        {"update_id": 1, "message": {"message_id": 1, "date": 1, "chat": PRIVATE | {"type": 5, "id": None}, "from": {}}},
        {"update_id": 1, "callback_query": {"data": "x"}},
        {"update_id": 1, "my_chat_member": {"chat": GROUP}},
        {"update_id": 1, "message": "text"},
        {"update_id": 1, "message": [1, 2]},
    ],
)
def test_what_cant_be_read_is_an_error(raw: dict[str, Any]) -> None:
    """It raises, so that it is set aside and seen instead of being passed over."""
    with pytest.raises((TelegramError, TypeError, KeyError, AttributeError, ValueError)):
        updates.read(raw, BOT)


@settings(deadline=None, max_examples=300)
@given(text=strategies.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    """Whatever is written in private is a command, a search or nothing; nothing of it gets longer, and a press of it means the same."""
    asked = _read(_message(text))
    if asked is None:
        assert not text.strip() or "@" in text
        return
    assert len(asked.command) + len(asked.argument) <= 2 * len(text)
    assert asked.argument == " ".join(asked.argument.split())
    assert _read(_press(text)).callback_id == "q"


def test_an_enormous_text() -> None:
    """More than Telegram allows is cut to what it allows."""
    asked = _read(_message("/search " + "a" * 100_000))
    assert len(asked.argument) == updates.LONGEST_TEXT - len("/search ")
