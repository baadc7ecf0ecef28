"""Who runs a chat, asked of the local chat server as of Telegram."""

from __future__ import annotations

from datetime import timedelta

from bot.authority import KNOWN_FOR, Authority, Question, Ruling
from bot.localchat.world import YOU
from tests.connection import connected


async def test_administrators_decide() -> None:
    """Who created a channel, or was promoted, decides; a member doesn't; the channel is found by its name too."""
    async with connected() as place:
        chat, authority = place.chat, Authority(place.bot, place.clock)
        channel = chat.new_chat("channel", "Channel", username="ourchannel")
        member, helper = chat.new_person("Member"), chat.new_person("Helper")
        chat.add_person(channel, member)
        chat.add_person(channel, helper, administrator=True)
        asked = [await authority.rule(Question(channel, person)) for person in (YOU, helper, member)]
        assert asked == [
            Ruling(channel, decides=True, is_channel=True),
            Ruling(channel, decides=True, is_channel=True),
            Ruling(channel, decides=False, is_channel=True),
        ]
        assert await authority.rule(Question("@ourchannel", YOU)) == Ruling(channel, decides=True, is_channel=True)


async def test_what_telegram_said_is_known_for_minutes() -> None:
    """Then it is asked again: who lost the right loses it here."""
    async with connected() as place:
        chat, authority = place.chat, Authority(place.bot, place.clock)
        group = chat.new_chat("supergroup", "Group")
        helper = chat.new_person("Helper")
        chat.add_person(group, helper, administrator=True)
        assert (await authority.rule(Question(group, helper))).decides
        chat.add_person(group, helper)
        assert (await authority.rule(Question(group, helper))).decides
        place.clock.advance((KNOWN_FOR + timedelta(seconds=1)).total_seconds())
        assert not (await authority.rule(Question(group, helper))).decides


async def test_no_such_chat() -> None:
    """A name that is nobody's, and a channel where the bot is not: nobody decides there."""
    async with connected() as place:
        authority = Authority(place.bot, place.clock)
        away = place.chat.new_chat("channel", "Elsewhere", with_bot=False)
        for named in ("@nosuchchannel", away, -100987654321):
            assert await authority.rule(Question(named, YOU)) == Ruling(0, decides=False)


async def test_telegram_in_trouble() -> None:
    """An error of the server's is no answer, and isn't remembered."""
    async with connected() as place:
        authority = Authority(place.bot, place.clock)
        group = place.chat.new_chat("group", "Group")
        place.chat.arm("getChatAdministrators", status=502)
        assert await authority.rule(Question(group, YOU)) == Ruling(0, decides=None)
        assert await authority.rule(Question(group, YOU)) == Ruling(group, decides=True)
