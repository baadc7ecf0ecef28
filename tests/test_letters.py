"""Letters: what is stored once for many says to each what a letter of their own would."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.letters import copies, copy, letter
from bot.render import Button, Message, numbered
from storage.choices import Choices
from storage.subscribers import Chat

_DIGEST = Message(
    "<b>Новости</b>",
    ((Button("2 more", "digest 0 6"),), (Button("Open a story", "story of 0 0 6"), Button("Page", url="https://herald.example/1"))),
    fresh=True,
)


def _chat(thread_id: int, *, discreet: bool) -> Chat:
    due = datetime(2026, 11, 22, 8, tzinfo=UTC)
    chosen = Choices(discreet=discreet)
    return Chat(7, 1001, thread_id, "ru", "UTC", ("08:00",), 0, "on", due, frozenset({"way-home"}), choices=chosen)


@pytest.mark.parametrize("discreet", [False, True])
@pytest.mark.parametrize("thread_id", [0, 5])
def test_a_copy_says_what_a_letter_does(thread_id: int, *, discreet: bool) -> None:
    """The chat, its thread, whether it may be forwarded, the words and the buttons of the reader's own digest."""
    chat, message = _chat(thread_id, discreet=discreet), numbered(_DIGEST, 42)
    one, alike = copy(chat, message, copies(_DIGEST), "digest", 42), copies(message)
    whole = letter(chat, message, "digest", 42)
    assert one.alike == alike
    assert {**alike.payload, **one.payload} == whole.payload
    assert (one.chat_id, one.method, one.kind, one.digest_id) == (whole.chat_id, whole.method, whole.kind, whole.digest_id)


def test_who_gets_it_is_not_in_what_is_stored_once() -> None:
    """Neither the chat nor the number of anybody's digest."""
    assert set(copies(_DIGEST).payload) == {"text", "parse_mode", "link_preview_options"}


def test_other_words_are_stored_beside_it() -> None:
    """The number of what is stored once follows from the words alone."""
    assert copies(_DIGEST).id == copies(numbered(_DIGEST, 3)).id != copies(Message("<b>Другие</b>")).id
