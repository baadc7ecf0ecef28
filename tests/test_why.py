"""/why: what is recognised in an article and why, in the reader's language."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from bot.lookout import Watched
from bot.render import fits
from storage.database import Database
from tests.building import admit, arrival, listed
from tests.talk import Talk, buttons, said

PICKET = "Активистки «Пути домой» вышли на пикет"
FILM = "Вышел фильм «Путь домой» о собаке"


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """A conversation about an archive with a report and a look-alike."""
    talk = Talk(database, watched, now)
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        picket = arrival(herald, url="https://herald.example/picket", title=PICKET, text="Жёны мобилизованных вышли в Москве.")
        film = arrival(herald, url="https://herald.example/film", title=FILM, text="", topics=())
        admit(connection, now, picket, film)
    return talk


def test_by_address(talk: Talk) -> None:
    """However the address is written, the article is found and its names are shown in their sentence."""
    text = said(talk.write("/why http://www.herald.example/picket?utm_source=x"))
    assert "About: The Way Home" in text
    assert "<b>Пути домой</b>" in text
    assert "not in the archive" not in text


def test_by_words(talk: Talk) -> None:
    """One article is explained at once, of several one is chosen."""
    assert "About: " in said(talk.write("/why пикет активистки"))
    calls = talk.write("/why путь домой")
    wishes = buttons(calls)
    assert len(wishes) == 2
    assert "About none of the topics." in said(talk.press(wishes[0]))
    assert "About: The Way Home" in said(talk.press(wishes[1]))


def test_a_look_alike_has_its_reason(talk: Talk) -> None:
    """What was found and doesn't count is shown with what speaks against it."""
    text = said(talk.write("/why https://herald.example/film"))
    assert "✖️ <i>not The Way Home, in spite of" in text


def test_a_text_of_ones_own(talk: Talk) -> None:
    """What isn't in the archive is judged as it stands."""
    assert "About: Mobilisation" in said(talk.write("/why Путин подписал указ о частичной мобилизации в России, сообщил Кремль в сентябре"))
    assert "None of the names" in said(talk.write("/why completely different things"))


def test_after_a_digest(talk: Talk) -> None:
    """Without words, the stories of the last digest are offered."""
    assert buttons(talk.write("/why")) == []
    talk.write("/topics on all")
    talk.write("/digest week")
    assert "About: The Way Home" in said(talk.write("/why"))


@pytest.mark.parametrize("language", ["ru", "uk"])
def test_reasons_are_said_in_the_readers_language(talk: Talk, language: str) -> None:
    """No English is left in an explanation but what is quoted."""
    talk.language = language
    text = said(talk.write("/why https://herald.example/film")) + said(talk.write("/why Жёны солдат ВСУ вышли на митинг в Киеве"))
    words = text.replace("https://herald.example/film", "").replace("href", "").split()
    assert [word for word in words if word.isascii() and word.isalpha() and len(word) > 1] == []


def test_what_isnt_there(talk: Talk) -> None:
    """An unknown address or number is answered with words."""
    assert "no article with this address" in said(talk.write("/why https://herald.example/other"))
    assert "left the archive" in talk.press("why 999")[0]["text"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=strategies.text(max_size=300))
def test_anything_gets_an_answer(talk: Talk, text: str) -> None:
    """Whatever is asked about, the answer fits its messages."""
    calls = talk.write(f"/why {text}")
    assert calls
    assert all(fits(call["text"]) for call in calls if "text" in call)


def test_a_sentence_is_said_once_for_a_topic(talk: Talk) -> None:
    """Whatever many rules find in it: all their words are marked, and the rules are named together."""
    text = said(talk.write("/why Жёны российских солдат, которые воюют, просят вернуть мужей"))
    assert text.count("✅ <i>Soldiers&#x27; families") == 1
    assert "”, by “" in text
