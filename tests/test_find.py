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
        wishes = [data for data in buttons(calls) if data.endswith("o")]
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
    assert [data[-1] for data in buttons(second) if data.startswith("search")] == ["n"]


def test_there_and_back(talk: Talk) -> None:
    """The message turns into the page that was asked for, and back into the one before, with the same hits and count."""
    _publish(talk, *[(f"№{n}", "Жёны.") for n in range(1, 14)])
    first = talk.write("/search жёны")
    assert "13 articles" in said(first)
    second = talk.press(buttons(first)[0], quoted=_quoted(first))
    assert [call["method"] for call in second] == ["answerCallbackQuery", "editMessageText"]
    third = talk.press(buttons(second)[1], quoted=_quoted(second))
    _publish(talk, ("№99", "Жёны."))
    again = talk.press(buttons(third)[0], quoted=_quoted(third))
    assert said(again) == said(second)
    assert said(talk.press(buttons(again)[0], quoted=_quoted(again))).strip() == said(first)


def test_a_name_of_a_topic(talk: Talk) -> None:
    """A topic's name finds its articles in every language, says so, and marks where the topic was recognised."""
    _publish(talk, ("Пикет «Пути домой»", "Москва."), ("Другое", "О доме."))
    text = said(talk.write("/search Way Home"))
    assert "“Way Home” is a topic" in text
    assert "2 articles" in text
    assert "<b>Way" not in text


def test_what_was_meant(talk: Talk) -> None:
    """A mistake is answered with its place, and a button searches for what was probably meant."""
    _publish(talk, ("Пикет", "Жёны."))
    asked = talk.write("/search пикет topic:wayhom")
    assert "There is no topic “wayhom”." in said(asked)
    assert "<pre>пикет topic:wayhom\n            ↑</pre>" in said(asked)
    assert _quoted(asked) == "пикет topic:way-home"
    assert ">Пикет</a>" in said(talk.press(buttons(asked)[0], quoted=_quoted(asked)))


def test_a_long_query_that_was_meant(talk: Talk) -> None:
    """What was meant stands in the message, since a button couldn't carry it."""
    _publish(talk, ("Пикет", "Жёны."))
    asked = talk.write(f"/search {'пикет ' * 20}(жёны")
    assert _quoted(asked) == f"{'пикет ' * 20}(жёны)"
    assert ">Пикет</a>" in said(talk.press(buttons(asked)[0], quoted=_quoted(asked)))


def test_without_what_nothing_has(talk: Talk) -> None:
    """Where not all words are found together, the others are, and what was left out is said."""
    _publish(talk, ("Пикет жён", "Москва."), ("Пикет у жён", "Казань."))
    found = talk.write("/search пикет жёны Магадан")
    assert "Without “Магадан” there is:" in said(found)
    assert _quoted(found) == "пикет жёны"
    assert said(found).count("</a>") == 2


def test_a_slip_of_the_finger(talk: Talk) -> None:
    """A word that the archive doesn't have is offered as the one that it has."""
    _publish(talk, ("Мобилизация продолжается", "Москва."))
    asked = talk.write("/search мобилизцаия")
    assert "Did you mean: <code>мобилизация</code> · 1 article" in said(asked)
    assert "Мобилизация" in said(talk.press(buttons(asked)[0], quoted=_quoted(asked)))


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
    calls = talk.press("search ~5.5.no")
    assert [call["method"] for call in calls] == ["answerCallbackQuery"]
    assert "search again" in said(calls)


def test_a_number_behind_a_mistyped_command(talk: Talk) -> None:
    """The button offered for “/serach 2026” searches for 2026, and so does one that looks like a place between pages."""
    assert buttons(talk.write("/serach ~1.2.no")) == ['search "~1.2.no"']
    _publish(talk, ("Итоги 2026", "Год."))
    assert "Итоги" in said(talk.press(buttons(talk.write("/serach 2026"))[0]))


@pytest.mark.parametrize("word", ["путь" * 10, "🕯" * 30, "漢字" * 30])
def test_any_words_behind_a_mistyped_command(talk: Talk, word: str) -> None:
    """What was typed goes onto the button only as far as Telegram's 64 bytes reach."""
    assert all(len(data.encode()) <= 64 for data in buttons(talk.write(f"/serach {word}")))


@pytest.mark.parametrize("number", ["0", "1", "-1", "9" * 18, "9" * 60])
def test_any_page_number(talk: Talk, number: str) -> None:
    """Made-up numbers give a page or a word, never an error."""
    _publish(talk, *[(f"№{n}", "Жёны.") for n in range(1, 8)])
    calls = [call for place in ("no", "nn", "to", "bn") for call in talk.press(f"search ~7.{number}.{place}", quoted="жёны")]
    assert said(calls)
    assert said(calls).count("</a>") <= 4 * HITS_A_PAGE


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
    for calls in (talk.write(f"/search {query}"), talk.press("search ~99999.99999.no", quoted=query), talk.write("/search жёны")):
        for call in calls:
            if call["method"] != "answerCallbackQuery":
                assert fits(str(call["text"]))
                entities.message_text(str(call["text"]), "HTML")
