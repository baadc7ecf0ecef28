"""Pictures of every screen, in every language, at both widths and in both themes, for looking at: ``make pictures``.

They go to ``.cache/screenshots``. Not a test: what is ugly, cut off or cold is for eyes to find. See also ``test_walks.py``.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page

from bot.voice import LANGUAGES
from tests.browsing import SCREENSHOTS, chromium, picture
from tests.world import YOU, Program, program, source_list

_SETTLED = 1.3  # seconds without anything new in the chat
_PATIENCE = 8.0
_WAY_HOME = {"en": "Way Home", "ru": "Путь домой", "uk": "Шлях додому"}
_WORD = {"en": "wives", "ru": "жёны", "uk": "дружини"}
# What is typed, or pressed where it begins with "!": the picture is of the chat after it. {t} is a topic, {w} a word that is found.
_SCREENS: tuple[tuple[str, str], ...] = (
    ("start", "/start"),
    ("start-topics", "!start language {l}"),
    ("start-chosen", "!start on way-home"),
    ("start-hours", "!start hours"),
    ("first-digest", "!start hour 08:00"),
    ("digest-week", "/digest week"),
    ("digest-open", "!story of"),
    ("digest-less", "!mute of"),
    ("help", "/help"),
    ("search", "/search {w}"),
    ("search-topic", "{t}"),
    ("story", "!story "),
    ("story-timeline", "!timeline "),
    ("search-nothing", "xyzzy"),
    ("search-mistake", "/search ({w}"),
    ("typo", "/serach {w}"),
    ("trend", "/trend {t}"),
    ("trend-language", "!trend language"),
    ("watch", "/watch {w}"),
    ("watch-saved", "!watch save"),
    ("watches", "/watch"),
    ("topics", "/topics"),
    ("schedule", "/schedule 8 20:30"),
    ("schedule-days", "!schedule days"),
    ("timezone", "/timezone"),
    ("alerts", "/alerts {t}"),
    ("quiet", "/quiet 22-8"),
    ("pause", "/pause"),
    ("resume", "/resume"),
    ("mute", "/mute"),
    ("language", "/language"),
    ("status", "/status"),
    ("privacy", "/privacy"),
    ("sources", "/sources"),
    ("coverage", "!sources coverage"),
    ("health", "/health"),
    ("export", "/export {t}"),
    ("exported", "!export csv"),
    ("why", "/why {w}"),
    ("wrong-hour", "/schedule 25:99"),
    ("wrong-place", "/timezone xyzzy"),
    ("wrong-topic", "/subscribe xyzzy"),
    ("wrong-rule", "/watch NEAR/5"),
    ("channel", "/channel"),
    ("channel-panel", "/channel @front_page"),
    ("channel-off", "/channel off"),
    ("addsource", "/addsource"),
    ("addsource-refused", "/addsource http://127.0.0.1:9/rss"),
    ("announce", "/announce Sample"),
    ("discreet", "/discreet"),
    ("discreet-on", "!discreet on"),
    ("discreet-digest", "/digest week"),
    ("forget", "/forget"),
    ("forgotten", "!forget yes"),
)


def main(languages: list[str]) -> None:
    """Take the pictures of these languages, all of them where none is named."""
    with tempfile.TemporaryDirectory() as folder:
        listed = source_list(Path(folder) / "sources.toml")
        with program(Path(folder) / "data", listed, "--demo", HOMEFRONT_OPERATORS=str(YOU)) as running, chromium() as browser:
            running.wait(running.messages, "the demonstration's own conversation")
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(running.page)
            for language in languages or list(LANGUAGES):
                _walk(running, page, language)
    print(f"{len(list(SCREENSHOTS.glob('*.png')))} pictures in {SCREENSHOTS}")


def _walk(running: Program, page: Page, language: str) -> None:
    running.call("set_language", person_id=YOU, language_code=language)
    _do(running, "/forget yes")
    filled = {"l": language, "t": _WAY_HOME[language], "w": _WORD[language]}
    for name, wish in _SCREENS:
        _do(running, wish.format(**filled))
        page.locator("article").last.scroll_into_view_if_needed()
        picture(page, f"{language}-{name}")
    _in_a_forum(running, page, language)


def _do(running: Program, wish: str, chat_id: int = YOU, **where: int) -> None:
    """Say or press something and wait until the chat is quiet again."""
    if wish.startswith("!"):
        buttons = [
            (message, data) for message in reversed(running.messages(chat_id)) for data in _data(message) if data.startswith(wish[1:])
        ]
        if not buttons:
            print(f"no button {wish[1:]!r}", file=sys.stderr)
            return
        message, data = buttons[0]
        running.call("press", chat_id=chat_id, message_id=message["message_id"], data=data)
    else:
        running.call("say", chat_id=chat_id, text=wish, **where)
    seen, since, begun = "", time.monotonic(), time.monotonic()
    while time.monotonic() - since < _SETTLED and time.monotonic() - begun < _PATIENCE:
        now = str(running.view("transcript", chat_id=chat_id))
        if now != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.1)


def _data(message: dict[str, object]) -> list[str]:
    markup = message.get("reply_markup")
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []
    return [str(button["callback_data"]) for row in rows for button in row if button.get("callback_data")]


def _in_a_forum(running: Program, page: Page, language: str) -> None:
    """A forum with a thread of its own topic."""
    forum = running.call("new_chat", kind="forum", title=f"Sample forum {language}")
    thread = running.call("new_thread", chat_id=forum, name=_WAY_HOME[language])
    running.wait(lambda: running.messages(forum), "the greeting")
    _do(running, f"/subscribe {_WAY_HOME[language]}", forum, thread_id=thread)
    _do(running, "/digest week", forum, thread_id=thread)
    page.locator(".peer", has_text=f"Sample forum {language}").first.click()
    picture(page, f"{language}-forum")
    page.locator(f'.peer[data-chat="{YOU}"]').click()


if __name__ == "__main__":
    main(sys.argv[1:])
