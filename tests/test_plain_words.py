"""What people ask for in words of their own, who never used a bot."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.lookout import Watched
from storage.database import Database
from tests.talk import Talk, said


@pytest.fixture
def talk(database: Database, watched: Watched, now: datetime) -> Talk:
    """Somebody who reads Russian."""
    talk = Talk(database, watched, now, language="ru")
    talk.write("/start")
    return talk


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("помощь", "/search"),
        ("Помогите!", "/search"),
        ("меню", "/search"),
        ("/помощь", "/search"),
        ("Здравствуйте.", "На каком языке"),
        ("/старт", "На каком языке"),
        ("СТОП", "Пауза"),
        ("Удалите меня", "Отменить это нельзя"),
        ("новости", "Вы пока не следите"),
        ("Спасибо", "Пожалуйста"),
        ("/поиск Самара", "«Самара»"),
        ("Що нового?", "Вы пока не следите"),
    ],
)
def test_they_are_understood(talk: Talk, typed: str, answered: str) -> None:
    """As the command that they mean."""
    assert answered in said(talk.write(typed))


@pytest.mark.parametrize("typed", ["помощь семьям", "стоп мобилизация", "/search помощь", "/search стоп", "поиск"])
def test_anything_else_is_searched_for(talk: Talk, typed: str) -> None:
    """More words than those, or /search before them: somebody looks for news."""
    assert "нет ничего" in said(talk.write(typed))


def test_a_link_keeps_its_topic(talk: Talk) -> None:
    """What follows a command of ours stays with it."""
    talk.write("/start way-home")
    assert talk.chat().topics == {"way-home"}


def test_in_groups_only_administrators_settle(database: Database, watched: Watched, now: datetime) -> None:
    """Whatever the language of a command; and nobody is answered who speaks to others."""
    talk = Talk(database, watched, now, language="ru", decides=False)
    group = {"id": -5, "type": "group", "title": "Group"}
    assert "решают администраторы" in said(talk.write("/стоп", **group))
    assert talk.write("стоп", **group) == []
