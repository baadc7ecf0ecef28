"""The chat page in a real browser, with a tiny bot behind it."""

import shutil
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bot.clock import ShiftedClock
from bot.localchat.server import LocalChat
from tests.serving import serving

TOKEN = "1:local-test"
CHROMIUM = shutil.which("chromium")
LONG_QUOTE = "<blockquote expandable>" + "One more outlet told the same story that day.\n" * 8 + "The last line.</blockquote>"
HOSTILE = "<img src=x onerror=alert(1)>"

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="install Chromium (Debian: apt-get install chromium) to run the browser tests")


class EchoBot(threading.Thread):
    """Repeats what it is told, with a quote and a button; a press changes the message."""

    def __init__(self, address: str) -> None:
        super().__init__(daemon=True)
        self._client = httpx.Client(base_url=f"{address}/bot{TOKEN}/", timeout=40)
        self.stopped = threading.Event()

    def call(self, method: str, **arguments: Any) -> Any:
        """Call a method of the Bot API."""
        return self._client.post(method, json=arguments).json().get("result")

    def run(self) -> None:
        """Answer updates until stopped."""
        self.call("setMyCommands", commands=[{"command": "start", "description": "Begin"}, {"command": "digest", "description": "News"}])
        offset = 0
        while not self.stopped.is_set():
            for update in self.call("getUpdates", offset=offset, timeout=1):
                offset = update["update_id"] + 1
                self.answer(update)
        self._client.close()

    def answer(self, update: dict[str, Any]) -> None:
        """Answer one update."""
        if query := update.get("callback_query"):
            message = query["message"]
            self.call("answerCallbackQuery", callback_query_id=query["id"], text="Subscribed")
            self.call("editMessageText", chat_id=message["chat"]["id"], message_id=message["message_id"], text="All set")
            return
        said = update["message"]["text"].replace("<", "&lt;")
        keyboard = {"inline_keyboard": [[{"text": "Subscribe", "callback_data": "on"}]]}
        text = f"You said: {said}\n{LONG_QUOTE}"
        self.call("sendMessage", chat_id=update["message"]["chat"]["id"], text=text, parse_mode="HTML", reply_markup=keyboard)


@pytest.fixture
def address() -> Iterator[str]:
    """Serve a chat with the echo bot in it."""
    with serving(LocalChat(ShiftedClock(), token=TOKEN)) as address:
        bot = EchoBot(address)
        bot.start()
        yield address
        bot.stopped.set()
        bot.join()


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """Open the chat page; nothing may go wrong in its scripts."""
    troubles: list[str] = []
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.goto(address)
        yield page
        browser.close()
    assert troubles == []


def test_a_person_starts_types_presses_and_unfolds(page: Page) -> None:
    """The whole way by mouse: START, a message, a button with its answer, a long quote."""
    page.get_by_role("button", name="START", exact=True).click()
    expect(page.get_by_role("article").last).to_contain_text("You said: /start")
    field = page.get_by_role("combobox", name="Message")
    field.fill(HOSTILE)
    field.press("Enter")
    answer = page.get_by_role("article").last
    expect(answer).to_contain_text(f"You said: {HOSTILE}")
    assert answer.locator("img").count() == 0
    quote = answer.locator("blockquote")
    folded = quote.bounding_box()
    answer.get_by_role("button", name="Show the whole quote").click()
    expect(answer.get_by_role("button", name="Fold the quote")).to_be_visible()
    unfolded = quote.bounding_box()
    assert folded is not None
    assert unfolded is not None
    assert unfolded["height"] > folded["height"] + 50
    answer.get_by_role("button", name="Subscribe").click()
    expect(page.locator(".toast")).to_have_text("Subscribed")
    expect(answer).to_contain_text("All set")
    expect(answer).to_contain_text("edited")


def test_commands_are_chosen_with_the_keyboard(page: Page) -> None:
    """Typing "/" shows the menu; arrows and Enter send a command."""
    page.get_by_role("button", name="START", exact=True).press("Enter")
    field = page.get_by_role("combobox", name="Message")
    field.press_sequentially("/")
    expect(page.get_by_role("option")).to_have_count(2)
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("article").last).to_contain_text("You said: /digest")


def test_a_phone_shows_the_list_then_the_chat(page: Page) -> None:
    """And a way back; the words are those of the person's language."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("radio", name="Українська").check()
    expect(page.get_by_role("heading", name="Чати")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Newsroom").click()
    expect(page.get_by_role("heading", name="Newsroom")).to_be_visible()
    page.get_by_role("button", name="Назад до чатів").click()
    expect(page.get_by_role("heading", name="Чати")).to_be_visible()
