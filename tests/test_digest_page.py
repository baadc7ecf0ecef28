"""A digest as a message: within Telegram's limits whatever the headlines are, nothing lost between its pages."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings, strategies

from bot.digest import News
from bot.digest_page import MOST_POSTS, STORIES_A_PAGE, Reader, digest_head, digest_message, posts, story_block
from bot.localchat import entities
from bot.render import fits, plain
from bot.voice import LANGUAGES, voice
from storage.stories import Telling

WHEN = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
NAMES = {"way-home": "The <Way> Home", "protest": "Protest"}


def telling(number: int, **values: object) -> Telling:
    """An article of a story."""
    given_values: dict[str, object] = {
        "article_id": number,
        "story_id": 1,
        "copy_of": None,
        "title": f"Headline {number}",
        "text": "Text of the article.",
        "url": f"https://herald.example/{number}",
        "language": "en",
        "first_seen_at": WHEN,
        "outlet": f"Outlet {number}",
        "publisher": f"Publisher {number}",
        "standing": "exile",
        "wire": None,
        "topics": ("way-home",),
    }
    return Telling(**{**given_values, **values})  # type: ignore[arg-type] # the values of the fields


def story(number: int, others: int = 0, added: int | None = None, **values: object) -> News:
    """A story with its headline article and others."""
    tellings = (telling(number, **values), *(telling(number * 100 + other) for other in range(others)))
    return News(number, "way-home", tellings[0], tellings, added if added is not None else len(tellings))


def reader(language: str = "en") -> Reader:
    """Somebody in Moscow."""
    return Reader(voice(language), "Europe/Moscow", NAMES)


def all_pages(found: list[News], language: str = "en") -> list[str]:
    """Every page that a reader gets by pressing "more"."""
    texts, start = list[str](), 0
    while True:
        message = digest_message(reader(language), digest_head(reader(language), found, "Your digest"), found, digest_id=2**40, start=start)
        texts.append(message.text)
        onward = [button.data for row in message.buttons for button in row if button.data.startswith("digest ")]
        if not onward:
            return texts
        assert len(onward[0].encode()) <= 64
        start = int(onward[0].split()[2])


def test_a_story_says_who_and_when() -> None:
    """Linked headline, outlet and standing, time at the reader's place, publishers, others folded away."""
    block = story_block(reader(), story(1, others=2))
    assert '<a href="https://herald.example/1">Headline 1</a>' in block
    assert "Outlet 1 (in exile) · 22 Nov, 11:00 · 3 publishers" in block
    assert "<blockquote expandable>Also in: <a" in block


def test_a_grown_story_says_what_is_more() -> None:
    """The reader sees how many reports came since."""
    assert "2 more reports since your last digest" in story_block(reader(), story(1, others=3, added=2))


def test_an_agency_counts_once() -> None:
    """Reprints of one agency's text are one voice."""
    found = News(1, "way-home", telling(1), (telling(1, wire="Sample Wire"), telling(2, wire="Sample Wire"), telling(3)), 3)
    assert found.publishers == 2


def test_the_rest_is_a_button_away() -> None:
    """One message by default, with an honest number on the button."""
    message = digest_message(reader(), "head", [story(number) for number in range(1, 20)], digest_id=5)
    assert message.buttons[0][0].text == f"{19 - STORIES_A_PAGE} more"
    assert message.buttons[0][0].data == f"digest 5 {STORIES_A_PAGE}"


HEADLINES = strategies.text(max_size=400)


@settings(max_examples=150, deadline=None)
@given(
    titles=strategies.lists(
        strategies.tuples(HEADLINES, HEADLINES, HEADLINES.map("https://herald.example/{}".format)), min_size=1, max_size=14
    ),
    others=strategies.integers(0, 12),
    language=strategies.sampled_from(sorted(LANGUAGES)),
)
def test_any_headline_fits_and_none_is_lost(titles: list[tuple[str, str, str]], others: int, language: str) -> None:
    """Any title, length and script passes Telegram's own reading, and every story is on exactly one page."""
    found = [
        story(number, others=others, title=f"№{number}№ {title}", text=text, url=url)
        for number, (title, text, url) in enumerate(titles, start=1)
    ]
    texts = all_pages(found, language)
    for text in texts:
        assert fits(text)
        entities.message_text(text, "HTML")
    whole = "".join(plain(text) for text in texts)
    assert all(whole.count(f"№{number}№") == 1 for number in range(1, len(found) + 1))


def test_what_is_too_much_for_posts_is_counted() -> None:
    """A channel isn't flooded: the last post says how many stories are left."""
    made = posts(reader(), "head", [story(number) for number in range(1, 40)])
    assert len(made) == MOST_POSTS
    assert plain(made[-1].text).endswith(f"and {39 - MOST_POSTS * STORIES_A_PAGE} more")
    assert all(fits(post.text) for post in made)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_counts(language: str) -> None:
    """New and grown stories are counted apart, and a remark is shown."""
    head = digest_head(reader(language), [story(1), story(2, others=1, added=1)], "T & T", "late")
    assert "T &amp; T" in head
    assert head.count("1") == 2
    assert "late" in head
