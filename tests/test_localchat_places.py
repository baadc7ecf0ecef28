"""Chats of every kind in the local chat, as the bot comes to know them: blocked, upgraded, left, private; commands, inline mode."""

from collections.abc import AsyncIterator, Iterator

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    InlineKeyboardButton as Button,
    InlineKeyboardMarkup as Keyboard,
    InlineQueryResultArticle as Article,
    InputTextMessageContent as Content,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden

from bot.clock import ShiftedClock
from bot.localchat.server import LocalChat
from bot.localchat.world import FRONT_PAGE, NEWSROOM, YOU
from tests.serving import serving

TOKEN = "1:local-test"


@pytest.fixture
def chat() -> LocalChat:
    """Return a local chat whose private chat is started."""
    chat = LocalChat(ShiftedClock(), token=TOKEN)
    chat.say(YOU, "/start")
    return chat


@pytest.fixture
def address(chat: LocalChat) -> Iterator[str]:
    """Serve the chat on loopback."""
    with serving(chat) as address:
        yield address


@pytest.fixture
async def bot(address: str) -> AsyncIterator[Bot]:
    """Return the library's bot, connected to the chat."""
    async with Bot(TOKEN, base_url=f"{address}/bot", base_file_url=f"{address}/file/bot") as bot:
        yield bot


async def newest(bot: Bot) -> Update:
    """Return the last update the bot has been sent."""
    return (await bot.get_updates(offset=-1, timeout=5))[-1]


async def test_a_blocked_or_never_started_chat_refuses(bot: Bot, chat: LocalChat) -> None:
    """The bot is told of the block by my_chat_member, and gets Telegram's 403."""
    chat.block(YOU)
    change = (await newest(bot)).my_chat_member
    assert change is not None
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(YOU, "x")
    chat.unblock(YOU)
    assert await bot.send_message(YOU, "x")
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(chat.new_person("Olena"), "x")


async def test_an_upgraded_group_names_its_successor(bot: Bot, chat: LocalChat) -> None:
    """Both service messages arrive; the old chat answers with migrate_to_chat_id."""
    new_id = chat.upgrade(NEWSROOM)
    first, second = (update.message for update in await bot.get_updates(offset=-2))
    assert first is not None
    assert second is not None
    assert (first.migrate_to_chat_id, second.migrate_from_chat_id) == (new_id, NEWSROOM)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(NEWSROOM, "x")
    assert moved.value.new_chat_id == new_id
    assert (await bot.send_message(new_id, "x")).chat.type == "supergroup"


async def test_groups_and_channels_the_bot_left_refuse(bot: Bot, chat: LocalChat) -> None:
    """Each has its own words."""
    chat.remove_bot(NEWSROOM)
    with pytest.raises(Forbidden, match="bot was kicked from the group chat"):
        await bot.send_message(NEWSROOM, "x")
    assert await bot.leave_chat(FRONT_PAGE)
    with pytest.raises(Forbidden, match="bot is not a member of the channel chat"):
        await bot.send_message("@front_page", "x")


async def test_privacy_mode_lets_only_what_is_meant_for_the_bot_through(bot: Bot, chat: LocalChat) -> None:
    """Commands, replies and mentions; everything once it is an administrator."""
    sent = await bot.send_message(NEWSROOM, "hello")
    chat.say(NEWSROOM, "between us")
    chat.say(NEWSROOM, "/start@other_bot")
    for text in ("/help", "/help@homefront_bot", "ask @homefront_bot"):
        chat.say(NEWSROOM, text)
    chat.say(NEWSROOM, "yes", reply_to=sent.message_id)
    chat.add_bot(NEWSROOM, administrator=True)
    chat.say(NEWSROOM, "now you hear me")
    texts = [update.message.text for update in await bot.get_updates() if update.message and update.message.chat.id == NEWSROOM]
    assert texts == ["/help", "/help@homefront_bot", "ask @homefront_bot", "yes", "now you hear me"]


async def test_channels_forums_and_their_threads(bot: Bot, chat: LocalChat) -> None:
    """A channel post has no sender; a thread's messages carry its id."""
    chat.say(FRONT_PAGE, "post")
    post = (await newest(bot)).channel_post
    assert post is not None
    assert (post.from_user, post.text) == (None, "post")
    forum = chat.new_chat("forum", "Desk")
    thread = chat.new_thread(forum, "Mobilisation")
    sent = await bot.send_message(forum, "x", message_thread_id=thread)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (thread, True, True)


async def test_questions_about_chats_and_the_bot(bot: Bot) -> None:
    """All required fields are there, or the library would raise TypeError."""
    assert (await bot.get_me()).can_read_all_group_messages is False
    assert (await bot.get_chat(NEWSROOM)).title == "Newsroom"
    assert (await bot.get_chat_member(NEWSROOM, YOU)).status == "creator"
    assert {member.status for member in await bot.get_chat_administrators(FRONT_PAGE)} == {"creator", "administrator"}
    assert await bot.get_chat_member_count(NEWSROOM) == 2
    photos = await bot.get_user_profile_photos(YOU)
    assert photos.total_count == 0
    assert await bot.send_chat_action(YOU, "typing")
    await bot.set_my_description("Watches the news")
    assert (await bot.get_my_description("ru")).description == "Watches the news"


async def test_the_narrowest_commands_are_shown(bot: Bot, chat: LocalChat) -> None:
    """A chat before all groups before the default; the person's language before none."""
    await bot.set_my_commands([BotCommand("start", "Begin")])
    await bot.set_my_commands([BotCommand("start", "Начать")], language_code="ru")
    await bot.set_my_commands([BotCommand("group", "Groups")], scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands([BotCommand("here", "Only here")], scope=BotCommandScopeChat(FRONT_PAGE))
    chat.set_language(YOU, "ru")
    shown = {view["id"]: view["commands"][0]["description"] for view in chat.chats()}
    assert shown == {YOU: "Начать", NEWSROOM: "Groups", FRONT_PAGE: "Only here"}
    assert (await bot.get_my_commands(language_code="ru"))[0].description == "Начать"
    await bot.delete_my_commands(language_code="ru")
    assert await bot.get_my_commands(language_code="ru") == ()
    with pytest.raises(BadRequest, match=r"(?i)command length must not exceed 32"):
        await bot.set_my_commands([BotCommand("a" * 33, "x")])


async def test_inline_results_are_chosen_cached_and_edited(bot: Bot, chat: LocalChat) -> None:
    """A chosen result is a message sent by way of the bot, which the bot may edit if it has a keyboard."""
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    asked = chat.inline(NEWSROOM, "appeal")
    query = (await newest(bot)).inline_query
    assert query is not None
    content = Content("<b>News</b>", parse_mode="HTML")
    markup = Keyboard([[Button("a", callback_data="b")]])
    await query.answer([Article("1", "News", content, reply_markup=markup)], cache_time=60)
    again = chat.inline(NEWSROOM, "appeal")
    assert again["answer"]["results"][0]["text"] == "News"
    chat.move_clock(advance=61)
    assert chat.inline(NEWSROOM, "appeal")["answer"] is None
    chat.choose(asked["query_id"], "1")
    updates = await bot.get_updates(offset=-2)
    chosen, message = updates[0].chosen_inline_result, updates[1].message
    assert chosen is not None
    assert message is not None
    assert message.via_bot == bot.bot
    assert await bot.edit_message_text("changed", inline_message_id=chosen.inline_message_id) is True
    assert chat.transcript(NEWSROOM)[-1]["text"] == "changed"
    with pytest.raises(BadRequest, match=r"(?i)too many inline query results specified"):
        await bot.answer_inline_query("1", [Article(str(n), "x", content) for n in range(51)], current_offset=None)
