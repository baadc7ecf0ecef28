"""Writing a digest: recorded with its window, the cursor moved on, its pages turned."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot import edition
from bot.edition import Occasion
from bot.subjects import Subjects
from storage import archive, digests, subscribers
from storage.database import Database
from storage.subscribers import Chat
from tests.building import admit, arrival, event, listed

DAY = Occasion(date(2026, 11, 22), "08:00", "Your digest")


@pytest.fixture
def chat(database: Database, now: datetime) -> Chat:
    """A subscriber to the Way Home, and ten articles on it."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, *[arrival(herald, url=f"https://herald.example/{n}", title=f"№{n}№", text=event(n)) for n in range(10)])
        made = subscribers.create(connection, 1, 0, language="en", time_zone="Europe/Moscow", cursor=0, month="2026-11")
        subscribers.choose_topics(connection, made.id, {"way-home": True})
        return subscribers.find(connection, 1) or made


def test_a_digest_moves_the_cursor(database: Database, chat: Chat, subjects: Subjects) -> None:
    """After it nothing of it is news; the same slot isn't written twice, and then the cursor stays."""
    with database.write() as connection:
        up_to = archive.latest(connection)
        assert edition.write(connection, chat, subjects, DAY, after=0, up_to=up_to)
        after = subscribers.find(connection, 1)
        assert after is not None
        assert after.cursor == up_to
        assert edition.write(connection, chat, subjects, DAY, after=0, up_to=up_to) == ()
        subscribers.change(connection, chat.id, cursor=3)
        assert edition.write(connection, chat, subjects, DAY, after=3, up_to=up_to) == ()
        again = subscribers.find(connection, 1)
        assert again is not None
        assert again.cursor == 3


def test_pages_of_an_old_digest_stay_as_they_were(database: Database, chat: Chat, subjects: Subjects, now: datetime) -> None:
    """What came later doesn't show on them, and every story is on one page."""
    with database.write() as connection:
        (first,) = edition.write(connection, chat, subjects, DAY, after=0, up_to=archive.latest(connection))
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald, url="https://herald.example/late", title="№late№", text=event("late")))
        _, digest_id, start = first.buttons[0][0].data.split()
        window = digests.window(connection, int(digest_id))
        assert window is not None
        second = edition.turn_page(connection, chat, subjects, window, int(start))
        assert second is not None
        assert edition.turn_page(connection, chat, subjects, window, 99) is None
    whole = first.text + second.text
    assert all(whole.count(f"№{number}№") == 1 for number in range(10))
    assert "late" not in whole


def test_a_channel_gets_all_of_it_in_posts(database: Database, chat: Chat, subjects: Subjects) -> None:
    """Where nobody can press a button, every story is told at once, each in one post, and no post has a button."""
    with database.write() as connection:
        channel = subscribers.choose(connection, chat, is_channel=True)
        posts = edition.write(connection, channel, subjects, DAY, after=0, up_to=archive.latest(connection))
    assert len(posts) > 1
    assert not any(post.buttons for post in posts)
    whole = "".join(post.text for post in posts)
    assert all(whole.count(f"№{number}№") == 1 for number in range(10))


def test_local_date(chat: Chat) -> None:
    """The date is the reader's own."""
    assert edition.local_date(chat, datetime.fromisoformat("2026-11-22T22:30:00+00:00")) == date(2026, 11, 23)
