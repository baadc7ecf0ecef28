"""What a reader doesn't want of a story."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.taste import readable, wanted
from storage import choices
from storage.choices import MOST_MUTED, NO_CHOICES, Choices
from storage.stories import Telling

_AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


def _telling(outlet: str, language: str, *topics: str) -> Telling:
    return Telling(1, 5, None, "Title", "Text", "https://h.example/", language, _AT, outlet, outlet, "exile", None, topics)


TOLD = (_telling("Herald", "ru", "way-home"), _telling("Mirror", "en", "way-home", "losses"))


@pytest.mark.parametrize(
    ("chosen", "outlets"),
    [
        (Choices(), ["Herald", "Mirror"]),
        (Choices(muted_outlets=("Herald",)), ["Mirror"]),
        (Choices(unread=("en",)), ["Herald"]),
        (Choices(unread=("en",), muted_outlets=("Herald",)), []),
        (Choices(muted_topics=("losses",)), []),
        (Choices(muted_stories=(5,)), []),
        (Choices(muted_stories=(6,), muted_topics=("protest",)), ["Herald", "Mirror"]),
    ],
)
def test_what_is_left_of_a_story(chosen: Choices, outlets: list[str]) -> None:
    """A muted outlet's and an unread language's reports go; with a muted topic or story everything does."""
    assert [telling.outlet for telling in wanted(TOLD, chosen)] == outlets


def test_an_earlier_digest_keeps_its_stories() -> None:
    """There only outlets and languages count."""
    assert len(readable(TOLD, Choices(muted_topics=("losses",), muted_stories=(5,)))) == 2


def test_choices_come_back_as_they_were_kept() -> None:
    """Only what was chosen is kept; what nobody could have chosen is left out."""
    chosen = Choices(weekdays=(0, 4), discreet=True, publishers=2, muted_stories=(5,))
    assert choices.read(choices.written(chosen)) == chosen
    assert choices.written(NO_CHOICES) == {}
    assert choices.read({"weekdays": "mon", "publishers": None, "of another version": 1}) == NO_CHOICES


def test_too_much_muted() -> None:
    """The oldest leaves first, and nothing stands there twice."""
    many = tuple(range(MOST_MUTED))
    assert choices.muted(many, 999) == (*many[1:], 999)
    assert choices.muted((1, 2, 3), 2) == (1, 3, 2)
