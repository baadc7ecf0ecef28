"""Words by which people who never used a bot ask for something: «помощь», “stop”, «/новости». Pure.

Only a whole message that is one of them counts; anything else is searched for, and so is each of these behind /search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.updates import Asked

THANKS = "thanks"
_MEANT: Mapping[str, tuple[str, ...]] = {
    "help": (
        *("help", "menu", "what is this", "who are you", "what can you do"),
        *("помощь", "помогите", "помоги", "меню", "команды", "что это", "что это такое", "кто ты", "что ты умеешь", "как пользоваться"),
        *("допомога", "допоможіть", "допоможи", "команди", "що це", "що це таке", "хто ти", "що ти вмієш", "як користуватися"),
    ),
    "start": (
        *("start", "begin", "hello", "hi", "good day"),
        *("старт", "начать", "привет", "здравствуй", "здравствуйте", "добрый день", "добрый вечер", "доброе утро"),
        *("почати", "привіт", "вітаю", "добрий день", "доброго дня", "добрий вечір", "доброго ранку"),
    ),
    "digest": ("news", "digest", "what's new", "новости", "дайджест", "что нового", "новини", "що нового"),
    "topics": ("topics", "темы", "теми", "подписаться", "підписатися"),
    "schedule": ("schedule", "расписание", "розклад"),
    "pause": (
        *("stop", "pause", "unsubscribe", "стоп", "пауза", "хватит", "отписаться", "отписка", "как отписаться"),
        *("досить", "відписатися", "як відписатися"),
    ),
    "resume": ("resume", "go on", "продолжить", "продолжай", "продовжити", "продовжуй"),
    "status": ("settings", "status", "настройки", "налаштування"),
    "language": ("language", "язык", "мова"),
    "forget": (
        *("forget me", "delete me", "удалить", "удалите меня", "удали меня", "забудь меня", "стереть всё"),
        *("видалити", "видаліть мене", "видали мене", "забудь мене", "стерти все"),
    ),
    THANKS: ("thanks", "thank you", "спасибо", "спасибо большое", "благодарю", "дякую", "щиро дякую"),
}
# Behind a slash only: without one, these words and what follows them are searched for anyway.
_SEARCH = ("поиск", "найти", "пошук", "знайти")
_COMMANDS: Mapping[str, str] = {
    **{word: command for command, spoken in _MEANT.items() for word in spoken},
    **dict.fromkeys(_SEARCH, "search"),
}


def understood(asked: Asked) -> Asked:
    """What somebody asked for, as a command where they said so in words of their own language."""
    if asked.pressed is not None:
        return asked
    if not asked.command:
        meant = _COMMANDS.get(_plain(asked.argument)) if _plain(asked.argument) not in _SEARCH else None
        return replace(asked, command=meant, argument="", written="") if meant else asked
    return asked if asked.command.isascii() else replace(asked, command=_COMMANDS.get(_plain(asked.command), asked.command))


def _plain(words: str) -> str:
    return words.casefold().strip(" .,!?…)").replace("’", "'")
