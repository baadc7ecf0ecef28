"""A channel's digest, settled from a private chat; and in groups, who may settle what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from bot.commands.channel import place_in
from bot.lookout import Watched
from storage import subscribers
from storage.database import Database
from storage.subscribers import Chat
from tests.building import admit, arrival, listed
from tests.talk import YOU, Talk, buttons, said

CHANNEL: dict[str, Any] = {"id": -1001234567890, "type": "channel", "title": "Channel"}
GROUP: dict[str, Any] = {"id": -5, "type": "group", "title": "Group"}
RIGHTS: dict[str, bool] = {
    "is_anonymous": False,
    **dict.fromkeys(
        (
            "can_be_edited",
            "can_manage_chat",
            "can_delete_messages",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_invite_users",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
        ),
        True,
    ),
}


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation of somebody who runs a channel."""
    return Talk(database, watched, now, named=CHANNEL["id"])


def subscriber(talk: Talk, chat: dict[str, Any]) -> Chat | None:
    """What is stored of a chat."""
    with talk.database.read() as connection:
        return subscribers.find(connection, chat["id"])


def promote(talk: Talk, *, may_post: bool = True) -> list[dict[str, Any]]:
    """Make the bot an administrator of the channel."""
    return talk.member("administrator", rights={**RIGHTS, "can_post_messages": may_post}, **CHANNEL)


def test_who_adds_the_bot_to_a_channel_is_offered_a_digest_for_it(talk: Talk) -> None:
    """In their own chat, and only where they have one; the channel itself hears nothing."""
    assert promote(talk) == []
    talk.write("/start")
    (offer,) = promote(talk)
    assert (offer["chat_id"], buttons([offer])) == (YOU, [f"channel {CHANNEL['id']}"])
    assert (kept := subscriber(talk, CHANNEL)) is not None
    assert kept.choices.is_channel


@pytest.mark.parametrize("opening", ["@ourchannel", "https://t.me/ourchannel", str(CHANNEL["id"])])
def test_what_is_written_then_is_about_the_channel(talk: Talk, opening: str) -> None:
    """Topics and hours are the channel's, nothing of them is one's own, and the answers say so."""
    promote(talk)
    panel = talk.write(f"/channel {opening}")
    assert {"@topics", "@schedule", "channel post", "channel off"} <= set(buttons(panel))
    answer = talk.write("/subscribe way-home")
    assert said(answer).startswith("📣 For your channel")
    talk.press("@schedule on 08:00")
    assert all(data.startswith("@") for data in buttons(talk.press("@topics on mobilisation")))
    kept, own = subscriber(talk, CHANNEL), talk.chat()
    assert kept is not None
    assert (kept.topics, kept.digest_times) == (frozenset({"way-home", "mobilisation"}), ("08:00",))
    assert (own.topics, own.digest_times) == (frozenset(), ())


def test_buttons_of_ones_own_stay_ones_own(talk: Talk) -> None:
    """A list that was open before isn't the channel's, and what begins or ends everything is never about a channel."""
    promote(talk)
    talk.write("/channel @ourchannel")
    talk.press("topics on way-home")
    assert talk.chat().topics == {"way-home"}
    talk.write("/forget")
    talk.press("forget yes")
    assert subscriber(talk, CHANNEL) is not None


def test_leading_back(talk: Talk) -> None:
    """Closed, commands are one's own again, and the channel's buttons say that it isn't open."""
    promote(talk)
    talk.write("/channel @ourchannel")
    talk.press("channel off")
    talk.write("/subscribe way-home")
    assert talk.chat().topics == {"way-home"}
    assert "/channel" in talk.press("@topics on mobilisation")[0]["text"]
    assert talk.chat().topics == {"way-home"}


def test_posting_now(talk: Talk) -> None:
    """The channel gets what is new at once, whatever its hours, and nothing twice."""
    promote(talk)
    talk.write("/channel @ourchannel")
    talk.write("/subscribe way-home")
    (toast,) = talk.press("channel post")
    assert "nothing new" in toast["text"]
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        admit(connection, talk.now, arrival(herald, title="Пикет «Пути домой»"))
    _, post = talk.press("channel post")
    assert (post["chat_id"], "Пикет" in post["text"], buttons([post])) == (CHANNEL["id"], True, [])
    (toast,) = talk.press("channel post")
    assert "nothing new" in toast["text"]


def test_a_channel_opens_to_its_administrators_alone(talk: Talk) -> None:
    """Others, and all while Telegram doesn't tell who they are, are told so."""
    promote(talk)
    for decides in (False, None):
        talk.decides = decides
        assert "channel" in said(talk.write("/channel @ourchannel"))
        assert talk.chat().choices.controls == 0


def test_who_no_longer_runs_it_loses_it(talk: Talk) -> None:
    """The next command isn't followed, and then one's own are again."""
    promote(talk)
    talk.write("/channel @ourchannel")
    talk.decides = False
    assert "any more" in said(talk.write("/subscribe way-home"))
    assert (kept := subscriber(talk, CHANNEL)) is not None
    assert not kept.topics
    talk.write("/subscribe way-home")
    assert talk.chat().topics == {"way-home"}


def test_a_group_is_no_channel(talk: Talk) -> None:
    """A supergroup's number is answered with what to do."""
    assert "in the group itself" in said(talk.write("/channel -1009"))
    assert talk.chat().choices.controls == 0


def test_a_channel_that_came_unnoticed(talk: Talk) -> None:
    """It opens as well, and is served from then on."""
    assert "@topics" in buttons(talk.write("/channel @ourchannel"))
    assert (kept := subscriber(talk, CHANNEL)) is not None
    assert kept.choices.is_channel


@pytest.mark.parametrize("typed", ["", "что-то", "@a", "-5", "💬" * 50])
def test_without_a_channel(talk: Talk, typed: str) -> None:
    """Without a name, or with one that can't be a channel's: how it goes."""
    assert "/channel @ourchannel" in said(talk.write(f"/channel {typed}"))


def test_a_right_that_is_taken_away(talk: Talk) -> None:
    """Who may not post in a channel has gone from it."""
    promote(talk)
    promote(talk, may_post=False)
    assert (kept := subscriber(talk, CHANNEL)) is not None
    assert kept.state == "gone"


def test_a_group_is_greeted_once(talk: Talk) -> None:
    """When the bot comes, in the language of who added it; not when it is promoted."""
    talk.language = "ru"
    (greeting,) = talk.member("member", **GROUP)
    assert greeting["chat_id"] == GROUP["id"]
    assert "/start" in greeting["text"]
    assert talk.member("administrator", before="member", rights=RIGHTS, **GROUP) == []


def test_a_stranger_can_not_bring_a_closed_bot_into_a_group(talk: Talk) -> None:
    """It stays silent, and keeps nothing of the chat."""
    talk.allowed = frozenset({7})
    assert talk.member("member", **GROUP) == []
    assert promote(talk) == []
    assert subscriber(talk, CHANNEL) is None


@pytest.mark.parametrize(
    "typed", ["/topics", "/subscribe way-home", "/schedule 8", "/language ru", "/forget", "/mute", "/watch a b", "/start"]
)
def test_members_of_a_group_settle_nothing(talk: Talk, typed: str) -> None:
    """What changes what the group gets is for its administrators; who isn't one is told what they can do."""
    talk.decides = False
    assert "/search" in said(talk.write(typed, **GROUP))
    (toast,) = talk.press(f"{typed[1:]} on way-home", **GROUP)
    assert "/search" in toast["text"]
    assert len(toast["text"]) <= 200
    assert (kept := subscriber(talk, GROUP)) is not None
    assert (kept.topics, kept.digest_times, kept.language) == (frozenset(), (), "en")


@pytest.mark.parametrize("typed", ["/search Way Home", "/help", "/sources", "/status", "/privacy", "/trend", "/digest"])
def test_members_of_a_group_look_things_up(talk: Talk, typed: str) -> None:
    """The archive is for everybody."""
    talk.decides = False
    assert "administrators" not in said(talk.write(typed, **GROUP)) or typed == "/help"


def test_an_anonymous_administrator_needs_no_ruling(talk: Talk) -> None:
    """Who writes in the group's own name runs it, and so does who posts in a channel."""
    talk.decides = False
    group = {**GROUP, "id": -1009, "type": "supergroup"}
    talk.write("/subscribe way-home", sender_chat=group, **group)
    assert (kept := subscriber(talk, group)) is not None
    assert kept.topics == {"way-home"}
    talk.write("/subscribe way-home", sender_chat={"id": -1010, "type": "channel", "title": "Linked"}, **{**group, "id": -1011})
    assert (other := subscriber(talk, {"id": -1011})) is not None
    assert not other.topics


def test_telegram_that_does_not_tell(talk: Talk) -> None:
    """Nobody is taken for an administrator, and nobody told that they are none."""
    talk.decides = None
    assert "try again" in said(talk.write("/subscribe way-home", **GROUP))


@pytest.mark.parametrize(
    ("typed", "place"),
    [("@abcd", "@abcd"), ("t.me/Abcd_1", "@Abcd_1"), ("-1001", -1001), ("off", 0), ("post", 0), ("-5", 0), ("a b", 0), ("", 0)],
)
def test_places(typed: str, place: int | str) -> None:
    """Names, addresses and numbers of channels, and what is none."""
    assert place_in(typed) == place
