"""/search: pages of hits, and what is said when there are none."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.commands.find import HITS_A_PAGE
from bot.localchat import entities
from bot.lookout import Watched
from bot.render import fits
from storage.database import Database
from tests.building import admit, arrival, listed
from tests.talk import Talk, buttons, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation with an empty archive."""
    return Talk(database, watched, now)


def _publish(talk: Talk, *texts: tuple[str, str], url: str = "https://herald.example/", topics: tuple[str, ...] = ("way-home",)) -> None:
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        batch = [arrival(herald, url=f"{url}{title}", title=title, text=text, topics=topics) for title, text in texts]
        assert len(admit(connection, talk.now, *batch).new) == len(texts)


def _quoted(calls: list[dict[str, object]]) -> str:
    """The text in code of an answer, as Telegram gives it back with a press."""
    shown = entities.message_text(str(calls[-1]["text"]), "HTML")
    codes = [entity for entity in shown.entities if entity["type"] == "code"]
    units = shown.text.encode("utf-16-le")
    return units[2 * codes[0]["offset"] : 2 * (codes[0]["offset"] + codes[0]["length"])].decode("utf-16-le") if codes else ""


def _walk(talk: Talk, query: str) -> list[int]:
    """Every number of a headline, page by page to the last."""
    calls = talk.write(f"/search {query}")
    found: list[int] = []
    for _ in range(60):
        found += [int(number) for number in re.findall(r">№(\d+)", said(calls))]
        wishes = buttons(calls)
        if not wishes:
            return found
        calls = talk.press(wishes[0], quoted=_quoted(calls))
    raise AssertionError("the pages never end")


def test_a_hit(talk: Talk) -> None:
    """A linked headline, the outlet with its standing and time, and the words in bold where they stand."""
    _publish(talk, ("Пикет у министерства", "Жёны мобилизованных вышли с плакатами."))
    text = said(talk.write("/search жена мобилизованный"))
    assert '<a href="https://herald.example/Пикет у министерства">Пикет у министерства</a>' in text
    assert "Herald (in exile) · " in text
    assert "<b>Жёны</b> <b>мобилизованных</b> вышли" in text


def test_free_text_is_a_search(talk: Talk) -> None:
    """Without a slash the words are looked up all the same."""
    _publish(talk, ("Пикет", "Жёны."))
    assert "Пикет" in said(talk.write("пикеты"))


def test_pages_end_to_end(talk: Talk) -> None:
    """Every hit once, newest first, over all pages."""
    _publish(talk, *[(f"№{n}", "Жёны мобилизованных.") for n in range(1, 13)])
    assert _walk(talk, "жёны") == list(range(12, 0, -1))


def test_new_hits_between_two_pages(talk: Talk) -> None:
    """What arrives while somebody turns pages makes none of them come twice."""
    _publish(talk, *[(f"№{n}", "Жёны.") for n in range(1, 8)])
    first = talk.write("/search жёны")
    _publish(talk, ("№8", "Жёны."), ("№9", "Жёны."))
    second = talk.press(buttons(first)[0], quoted=_quoted(first))
    assert re.findall(r">№(\d)", said(second)) == ["2", "1"]
    assert buttons(second) == []


def test_a_page_goes_in_a_message_of_its_own(talk: Talk) -> None:
    """The older page comes below, so that the newer can still be read."""
    _publish(talk, *[(f"№{n}", "Жёны.") for n in range(1, 8)])
    first = talk.write("/search жёны")
    calls = talk.press(buttons(first)[0], quoted=_quoted(first))
    assert [call["method"] for call in calls] == ["answerCallbackQuery", "sendMessage"]


def test_no_hit_is_lost_to_a_full_message(talk: Talk) -> None:
    """Where the marks of five hits are more than a message takes, the hits that don't fit come with the next page."""
    _publish(talk, *[(f"№{n}", "да " * 80) for n in range(1, 11)])
    assert _walk(talk, "да") == list(range(10, 0, -1))


def test_a_long_query_goes_on_as_it_began(talk: Talk) -> None:
    """The second page of a long query has no hit that the whole query doesn't fit."""
    words = " ".join(["мобилизованных"] * 14)
    _publish(talk, *[(f"№{n}", "Жёны мобилизованных." + " Нет." * (n % 2)) for n in range(1, 21)])
    assert _walk(talk, f"{words} -нет") == list(range(20, 0, -2))


def test_a_long_phrase_goes_on(talk: Talk) -> None:
    """Turning the page of a query that ends in a phrase doesn't answer with a mistake."""
    phrase = " ".join(["мобилизованных"] * 14)
    _publish(talk, *[(f"№{n}", f"{phrase} снова {phrase}") for n in range(1, 8)])
    assert _walk(talk, f'"{phrase}"') == list(range(7, 0, -1))


def test_nothing_found(talk: Talk) -> None:
    """The query is repeated, harmlessly, with a hint."""
    text = said(talk.write("/search <b>nobody</b> & {query}"))
    assert "&lt;b&gt;nobody&lt;/b&gt; &amp; {query}" in text
    assert "mobilis*" in text


def test_nothing_asked(talk: Talk) -> None:
    """An example to copy."""
    assert "/search Way Home Moscow" in said(talk.write("/search"))


@pytest.mark.parametrize(
    ("typed", "said_about_it"),
    [
        ('путь "домой', "never closed"),
        ("-путь", "at least one word"),
        ("!!!", "at least one word"),
        ("слово " * 300, "at most 1000 characters"),
        ("а " * 31, "at most 30 words"),
    ],
)
def test_a_query_that_cant_be_read(talk: Talk, typed: str, said_about_it: str) -> None:
    """One friendly sentence, with the place where there is one."""
    text = said(talk.write(f"/search {typed}"))
    assert said_about_it in text
    assert typed.startswith(("-", "!", "с", "а")) or "<code>" in text


def test_what_is_about_nothing_isnt_shown(talk: Talk) -> None:
    """Chat finds only what is about a topic."""
    _publish(talk, ("Футбол", "Спорт."), topics=())
    assert "Футбол</a>" not in said(talk.write("/search футбол"))


def test_hostile_articles(talk: Talk) -> None:
    """Markup, enormous titles, odd addresses and invisible signs in articles break no message."""
    _publish(talk, ('<script>"&', "<b>жёны</b> </i></a>"), url="javascript:")
    _publish(
        talk, ("Ж" * 5_000, "жёны " * 5_000), ("", "жёны"), ("\u202e\u0000жёны", "жёны 🕯" * 100), url="https://herald.example/?a=\"'<>&"
    )
    calls = talk.write("/search жёны")
    assert len(calls) == 1
    assert fits(str(calls[0]["text"]))
    entities.message_text(str(calls[0]["text"]), "HTML")
    assert "javascript:" not in said(calls)
    assert "<script>" not in said(calls)


def test_a_press_without_its_query(talk: Talk) -> None:
    """A list that Telegram no longer gives with the press is answered by a word."""
    calls = talk.press("search 5")
    assert [call["method"] for call in calls] == ["answerCallbackQuery"]
    assert "search again" in said(calls)


def test_a_number_behind_a_mistyped_command(talk: Talk) -> None:
    """The button offered for “/serach 2026” searches for 2026."""
    _publish(talk, ("Итоги 2026", "Год."))
    assert "Итоги" in said(talk.press(buttons(talk.write("/serach 2026"))[0]))


@pytest.mark.parametrize("word", ["путь" * 10, "🕯" * 30, "漢字" * 30])
def test_any_words_behind_a_mistyped_command(talk: Talk, word: str) -> None:
    """What was typed goes onto the button only as far as Telegram's 64 bytes reach."""
    assert all(len(data.encode()) <= 64 for data in buttons(talk.write(f"/serach {word}")))


@pytest.mark.parametrize("number", ["0", "1", "9" * 18, "9" * 60])
def test_any_page_number(talk: Talk, number: str) -> None:
    """Made-up numbers give a page or a word, never an error."""
    _publish(talk, *[(f"№{n}", "Жёны.") for n in range(1, 8)])
    calls = talk.press(f"search {number}", quoted="жёны")
    assert said(calls)
    assert said(calls).count("</a>") <= HITS_A_PAGE


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=strategies.text(max_size=300),
    text=strategies.text(max_size=600),
    query=strategies.text(strategies.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), min_size=1, max_size=60),
)
def test_any_article_and_any_query(talk: Talk, title: str, text: str, query: str) -> None:
    """Whatever was published and whatever is asked, each answer is one message that Telegram takes."""
    plain = [each.encode("utf-8", "replace").decode() for each in (title, text)]
    with talk.database.write() as connection:
        (herald,) = listed(connection, talk.now, "Herald")
        admit(
            connection,
            talk.now + timedelta(days=1),
            arrival(herald, url="https://herald.example/x", title=plain[0], text=plain[1] + " жёны"),
        )
    for calls in (talk.write(f"/search {query}"), talk.press("search 99999", quoted=query), talk.write("/search жёны")):
        for call in calls:
            if call["method"] != "answerCallbackQuery":
                assert fits(str(call["text"]))
                entities.message_text(str(call["text"]), "HTML")
