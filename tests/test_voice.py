"""The bot speaks each of its languages completely and correctly; the catalogues say exactly what the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from hypothesis import given, strategies as st

from bot.voice import LANGUAGES, language_of, mark, voice
from tests.catalogues import TRANSLATED, catalogue, messages, updated, written

MOMENT = datetime(2026, 11, 22, 11, 5, tzinfo=UTC)
SAID = [message for message in messages() if message.id]
SENTENCES = [message.id for message in SAID if isinstance(message.id, str)]
PLURALS = [tuple(message.id) for message in SAID if not isinstance(message.id, str)]
# Letters that only the other language has: the surest sign of a sentence in the wrong catalogue, or half translated.
FOREIGN = {"ru": "іїєґІЇЄҐ", "uk": "ыэёъЫЭЁЪ"}
each_language = pytest.mark.parametrize("language", TRANSLATED)


def forms(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """A sentence, or each form of a plural; of nothing, an empty one."""
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def translations(language: str) -> Iterator[tuple[str, str]]:
    """Every form of every message in a language, beside its English: the plural, where there is one."""
    for message in catalogue(language):
        if message.id:
            yield from ((forms(message.id)[-1], form) for form in forms(message.string))


def fields(sentence: str) -> set[tuple[str, str | None, str | None]]:
    """The placeholders of a sentence: name, format and conversion."""
    return {(name, spec, conversion) for _, name, spec, conversion in Formatter().parse(sentence) if name is not None}


def ids(found: list[Message]) -> set[tuple[str, ...]]:
    """The English of messages."""
    return {forms(message.id) for message in found if message.id}


def test_what_the_code_says_is_found() -> None:
    """Messages are found wherever they are written: kept for later, in the plural, inside an f-string, and said by a voice just chosen."""
    found = ids(list(messages()))
    assert ("news agency",) in found
    assert ("{n} new story", "{n} new stories") in found
    assert ("{n} source", "{n} sources") in found
    assert ("What I keep about you",) in found
    assert ("I speak English now.",) in found
    assert ("timezone",) not in found


@each_language
def test_no_message_is_missing_or_unused(language: str) -> None:
    """A catalogue holds the messages of the code and no others: ``python -m tests.catalogues`` adds and drops, then translate."""
    held, said = ids(list(catalogue(language))), ids(list(messages()))
    assert sorted(said - held) == []
    assert sorted(held - said) == []
    assert not catalogue(language).obsolete


@each_language
def test_every_message_is_translated(language: str) -> None:
    """No translation is empty, uncertain, or short of a plural form."""
    for message in catalogue(language):
        if message.id:
            assert all(forms(message.string)), message.id
            assert not message.fuzzy, message.id
            assert len(forms(message.string)) == (3 if message.pluralizable else 1), message.id


@each_language
def test_an_update_changes_nothing_that_is_up_to_date(language: str) -> None:
    """Updating drops no translation, and what is written is read back the same."""
    before, after = catalogue(language), updated(language)
    again = read_po(BytesIO(written(after).encode()), locale=language)
    strings = [{message.id: message.string for message in each if message.id} for each in (before, after, again)]
    assert strings[0] == strings[1] == strings[2]
    assert again.plural_expr == before.plural_expr
    assert "#:" not in written(after)


@each_language
def test_placeholders_are_the_same(language: str) -> None:
    """Every form has the placeholders of the English; the number stays too, as no form here is for exactly one."""
    for english, translation in translations(language):
        assert fields(translation) == fields(english), translation


@each_language
def test_commands_are_the_same(language: str) -> None:
    """A translation sends readers to the same commands."""
    for english, translation in translations(language):
        assert re.findall(r"/[a-z]+", translation) == re.findall(r"/[a-z]+", english), translation


@each_language
def test_translations_are_plain_text(language: str) -> None:
    """No HTML, which only the code writes, no line breaks, no quotation marks of another language, nothing to strip."""
    for _, translation in translations(language):
        assert not set(translation) & set("<>&\n\t\"“”„'"), translation
        assert translation.count("«") == translation.count("»"), translation
        assert translation == " ".join(translation.split()), translation


@each_language
def test_translations_are_in_their_language(language: str) -> None:
    """No letter of the other language, no word with letters of two alphabets, and something to read in each."""
    for _, translation in translations(language):
        assert not set(translation) & set(FOREIGN[language]), translation
        assert not re.search(r"[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]", translation), translation
        assert re.search(r"[Ѐ-ӿ]", translation), translation


@each_language
def test_translations_end_and_begin_as_the_english_does(language: str) -> None:
    """A sentence stays a sentence, and a label that is fitted into a line begins small, unless with an abbreviation."""
    for english, translation in translations(language):
        stop = english[-1] if english[-1] in ".?:" else ""
        assert (translation[-1] if translation[-1] in ".?:" else "") == stop, translation
        if english[0].islower():
            assert not translation[:2].istitle(), translation


@each_language
def test_translations_are_short(language: str) -> None:
    """What goes on a button or into the command menu stays readable on a phone."""
    for english, translation in translations(language):
        assert len(translation) <= max(19, 2.2 * len(english)), translation


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 new stories", "1 new story", "2 new stories", "5 new stories", "11 new stories", "21 new stories"]),
        ("ru", ["0 новых сюжетов", "1 новый сюжет", "2 новых сюжета", "5 новых сюжетов", "11 новых сюжетов", "21 новый сюжет"]),
        ("uk", ["0 нових сюжетів", "1 новий сюжет", "2 нові сюжети", "5 нових сюжетів", "11 нових сюжетів", "21 новий сюжет"]),
    ],
)
def test_plurals(language: str, said: list[str]) -> None:
    """A number takes the form of its language."""
    say = voice(language)
    assert [say.many("{n} new story", "{n} new stories", n) for n in (0, 1, 2, 5, 11, 21)] == said


@each_language
def test_plural_forms_follow_cldr(language: str) -> None:
    """The rule in a catalogue's header gives each number the form that the language's grammar does."""
    held = catalogue(language)
    assert held.locale is not None
    order = ["one", "few", "many"]
    say = voice(language)
    for english, plural in PLURALS:
        string = forms(next(message for message in held if message.id and forms(message.id) == (english, plural)).string)
        for n in range(130):
            assert say.many(english, plural, n) == string[order.index(held.locale.plural_form(n))].format(n=n)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "I speak English now."), ("ru", "Теперь я говорю по-русски."), ("uk", "Тепер я говорю українською.")]
)
def test_each_language_names_itself(language: str, said: str) -> None:
    """Whoever changes the language is answered in it, about it."""
    assert voice(language)("I speak English now.") == said


def test_another_language_falls_back_to_english() -> None:
    """A language that we don't have is answered in English."""
    say = voice("de")
    assert say.language == "en"
    assert say("Your topics") == "Your topics"
    assert say.many("{n} source", "{n} sources", 1) == "1 source"
    assert say.date(date(2026, 11, 22)) == "22 November"


def test_an_unknown_sentence_is_said_as_it_is() -> None:
    """A sentence that no catalogue has is said in English, in every language."""
    assert [voice(language)(mark("Never written")) for language in LANGUAGES] == ["Never written"] * 3


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("ru", "ru"),
        ("RU-ru", "ru"),
        ("uk", "uk"),
        ("uk-UA", "uk"),
        ("be", "ru"),
        ("kk-KZ", "ru"),
        ("de", "en"),
        ("", "en"),
        ("-", "en"),
        (None, "en"),
    ],
)
def test_language_of(code: str | None, language: str) -> None:
    """A client's language is taken where we have it or one near it; all others begin in English."""
    assert language_of(code) == language


@pytest.mark.parametrize(
    ("language", "day", "recently", "moment"),
    [
        ("en", "22 November", "22 Nov, 14:05", "22 Nov 2026, 14:05"),
        ("ru", "22 ноября", "22 нояб., 14:05", "22 нояб. 2026, 14:05"),
        ("uk", "22 листопада", "22 лист., 14:05", "22 лист. 2026, 14:05"),
    ],
)
def test_dates_and_times(language: str, day: str, recently: str, moment: str) -> None:
    """Dates are written as the language does, in the zone that is asked for, with the hours of a whole day."""
    say = voice(language)
    assert say.date(date(2026, 11, 22)) == day
    assert say.recently(MOMENT, "Europe/Moscow") == recently
    assert say.moment(MOMENT, "Europe/Moscow") == moment


@pytest.mark.parametrize(
    ("zone", "moment"),
    [("Europe/Kyiv", "22 Nov 2026, 13:05"), ("Asia/Kamchatka", "22 Nov 2026, 23:05"), ("Pacific/Auckland", "23 Nov 2026, 00:05")],
)
def test_the_date_is_the_zones_own(zone: str, moment: str) -> None:
    """Where it is already tomorrow, a moment has tomorrow's date."""
    assert voice("en").moment(MOMENT, zone) == moment


@given(language=st.sampled_from(list(LANGUAGES)), sentence=st.sampled_from(SENTENCES), value=st.text())
def test_any_text_can_be_put_into_a_sentence(language: str, sentence: str, value: str) -> None:
    """Whatever a reader typed is data: braces and all, it is said back as it came."""
    names = {name for name, _, _ in fields(sentence)}
    said = voice(language)(sentence, **dict.fromkeys(names, value))
    assert said.count(value) >= len(names)


@given(language=st.sampled_from(list(LANGUAGES)), plural=st.sampled_from(PLURALS), n=st.integers(min_value=0))
def test_any_number_has_a_plural(language: str, plural: tuple[str, str], n: int) -> None:
    """Every number is said, however large."""
    assert str(n) in voice(language).many(*plural, n)


@pytest.mark.parametrize(
    ("language", "first", "last", "said"),
    [
        ("en", date(2026, 10, 24), date(2026, 11, 22), "24 Oct – 22 Nov 2026"),
        ("en", date(2025, 12, 31), date(2026, 1, 1), "31 Dec 2025 – 1 Jan 2026"),
        ("ru", date(2026, 5, 9), date(2026, 5, 9), "9 мая 2026"),
        ("uk", date(2026, 5, 9), date(2026, 6, 1), "9 трав. – 1 черв. 2026"),
    ],
)
def test_spans_of_days(language: str, first: date, last: date, said: str) -> None:
    """A year that both share is said once, and a day alone too."""
    assert voice(language).days(first, last) == said


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Moscow", "Москва"),
        ("UTC", "UTC"),
        ("Etc/GMT-3", "UTC+3"),
        ("Etc/GMT+5", "UTC−5"),
        ("Europe/Kyiv", "Киев"),
        ("Asia/Kolkata", "Калькутта"),
    ],
)
def test_zones_by_their_city(zone: str, said: str) -> None:
    """A reader sees the city in their language, not the name in the tables."""
    assert voice("ru").place(zone) == said
