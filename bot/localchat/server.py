"""The local chat: one Starlette application with the Bot API, the control routes and the page, and what people do in it.

Run `LocalChat(clock, token=…).app` with any ASGI server bound to 127.0.0.1. The methods may also be called from the same
process, from any thread; they raise ControlError for what a person can't do there.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.localchat import people, places
from bot.localchat.api import BotApi
from bot.localchat.clock import MovableClock
from bot.localchat.control import Control
from bot.localchat.errors import ApiError, ControlError
from bot.localchat.faults import Fault
from bot.localchat.safety import Guard
from bot.localchat.world import World

_PAGE = Path(__file__).parent / "page"


class LocalChat:
    """A Telegram of one bot. Chats from the start: 1001 with You, the group -2001 Newsroom, the channel Front page."""

    def __init__(self, clock: MovableClock, *, token: str, bot_name: str = "homefront") -> None:
        self._world = World(clock, token=token, bot_name=bot_name)
        self._api = BotApi(self._world)
        self._moved_seconds = 0.0
        actions = {name: getattr(self, name) for name in _ACTIONS} | {"clock": self.move_clock}
        control = Control(self._world, actions, {name: getattr(self, name) for name in _VIEWS})
        self.app = Starlette(
            routes=[
                *self._api.routes,
                *control.routes,
                Route("/", _index),
                Mount("/page", StaticFiles(directory=_PAGE)),
            ],
            middleware=[Middleware(Guard)],
            exception_handlers={404: _not_found},
            lifespan=self._lifespan,
        )

    def say(self, chat_id: int, text: str, *, person_id: int = 0, reply_to: int = 0, thread_id: int = 0, language_code: str = "") -> int:
        """Send a text as a person (You, or whose private chat it is) and return its message id."""
        return people.say(
            self._world, chat_id, text, person_id=person_id, reply_to=reply_to, thread_id=thread_id, language_code=language_code
        )

    def edit(self, chat_id: int, message_id: int, text: str) -> None:
        """Change a person's own message."""
        people.edit(self._world, chat_id, message_id, text)

    def press(self, chat_id: int, message_id: int, data: str, *, person_id: int = 0) -> str:
        """Press the button with this callback data; return the id of the query, for `query`."""
        return people.press(self._world, chat_id, message_id, data, person_id=person_id)

    def inline(self, chat_id: int, text: str, *, offset: str = "", person_id: int = 0) -> dict[str, Any]:
        """Type "@bot text"; return {query_id, answer}, where the answer is null until the bot gives one."""
        query = people.inline(self._world, chat_id, text, offset=offset, person_id=person_id)
        return {"query_id": query.id, "answer": query.answer}

    def query(self, query_id: str) -> dict[str, Any]:
        """Return {answer} of a press or an inline query; null if there is none yet."""
        found = self._world.queries.get(query_id)
        if found is None:
            raise ControlError(f"there is no query {query_id}")
        return {"answer": found.answer}

    def choose(self, query_id: str, result_id: str, *, thread_id: int = 0) -> int:
        """Send a result of an inline query; return the message id."""
        return people.choose(self._world, query_id, result_id, thread_id=thread_id)

    def block(self, chat_id: int) -> None:
        """Block the bot in a private chat."""
        people.set_blocked(self._world, chat_id, blocked=True)

    def unblock(self, chat_id: int) -> None:
        """Unblock the bot in a private chat."""
        people.set_blocked(self._world, chat_id, blocked=False)

    def set_language(self, person_id: int, language_code: str) -> None:
        """Set the language of a person's client."""
        people.set_language(self._world, person_id, language_code)

    def new_person(self, first_name: str, *, username: str = "", language_code: str = "en") -> int:
        """Add somebody; return their id, which is that of their private chat with the bot too."""
        return places.new_person(self._world, first_name, username=username, language_code=language_code)

    def new_chat(self, kind: places.NewKind, title: str, *, with_bot: bool = True, username: str = "") -> int:
        """Create a group, supergroup, forum or channel of You's; return its id."""
        return places.new_chat(self._world, kind, title, with_bot=with_bot, username=username)

    def new_thread(self, chat_id: int, name: str) -> int:
        """Open a thread in a forum; return its id."""
        return places.new_thread(self._world, chat_id, name)

    def add_bot(self, chat_id: int, *, administrator: bool = False) -> None:
        """Add the bot to a chat, promote or demote it."""
        places.add_bot(self._world, chat_id, administrator=administrator)

    def remove_bot(self, chat_id: int) -> None:
        """Remove the bot from a group or channel."""
        places.remove_bot(self._world, chat_id)

    def add_person(self, chat_id: int, person_id: int, *, administrator: bool = False) -> None:
        """Add a person to a chat, promote or demote them."""
        places.add_person(self._world, chat_id, person_id, administrator=administrator)

    def upgrade(self, chat_id: int) -> int:
        """Make a group a supergroup; return its new id."""
        return places.upgrade(self._world, chat_id)

    def arm(
        self,
        method: str,
        *,
        times: int = 1,
        status: int = 0,
        description: str = "",
        parameters: dict[str, Any] | None = None,
        delay: float = 0.0,
        drop: bool = False,
    ) -> None:
        """Make the next calls of a method ("*" is any) fail, come late or lose their answer: see `faults.Fault`."""
        self._world.faults.arm(Fault(method, times, status, description, parameters or {}, delay, drop))

    def disarm(self) -> None:
        """Take back every armed fault that hasn't happened yet."""
        self._world.faults.clear()

    def flood(self, on: bool) -> None:  # noqa: FBT001 -- a JSON argument of the control route; callers name it
        """Turn Telegram's flood limits on or off."""
        self._world.flood.switch(on=on)

    def move_clock(self, *, advance: float = 0.0, now: str = "") -> dict[str, Any]:
        """Move the shared clock by seconds or to an ISO time with its offset; return what `clock` does."""
        try:
            seconds = (datetime.fromisoformat(now) - self._world.clock.now()).total_seconds() if now else float(advance)
        except (TypeError, ValueError):
            raise ControlError("give advance in seconds, or now as an ISO time with its offset from UTC") from None
        self._world.clock.advance(seconds)
        self._moved_seconds += seconds
        self._world.events.publish("clock", **self.clock())
        return self.clock()

    def clock(self) -> dict[str, Any]:
        """Return {now, moved_seconds}: the time in UTC and how far it was moved by this chat."""
        return {"now": self._world.clock.now().isoformat(), "moved_seconds": self._moved_seconds}

    def transcript(self, chat_id: int) -> list[dict[str, Any]]:
        """Return the chat's messages: text, entities, keyboard, earlier texts, whether deleted, answers to presses."""
        return [message.transcript() for message in self._world.chat(chat_id).messages.values()]

    def transcripts(self) -> dict[int, list[dict[str, Any]]]:
        """Return the transcript of every chat by its id."""
        return {chat_id: self.transcript(chat_id) for chat_id in self._world.chats}

    def chats(self) -> list[dict[str, Any]]:
        """Return all chats with their people, threads, commands and the bot's status."""
        return [self._world.chat_view(chat) for chat in self._world.chats.values()]

    def state(self) -> dict[str, Any]:
        """Return everything a page shows."""
        chats = [{**chat, "messages": self.transcript(chat["id"])} for chat in self.chats()]
        name, description = (self._world.profile.text(field, "") for field in ("name", "description"))
        bot = {**self._world.bot, "first_name": name, "description": description}
        return {"bot": bot, "chats": chats, "clock": self.clock(), "flood": self._world.flood.is_on}

    def wait_for_poll(self, seconds: float) -> bool:
        """Block until the bot waits in getUpdates, at most that long; call it from another thread than the server's."""
        return self._world.updates.polled.wait(seconds)

    def reset(self) -> None:
        """Begin again with the three chats; the bot's commands and webhook stay."""
        self._world.reset()

    def close(self) -> None:
        """End waiting polls, open pages and the webhook, so that the server can stop at once."""
        self._world.updates.stop_waiting()
        self._world.events.close()
        self._api.close()

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncGenerator[None, None]:
        yield
        self.close()


_ACTIONS = (
    "say", "edit", "press", "inline", "choose", "block", "unblock", "set_language", "new_person", "new_chat", "new_thread",
    "add_bot", "remove_bot", "add_person", "upgrade", "arm", "disarm", "flood", "reset",
)  # fmt: skip
_VIEWS = ("transcript", "transcripts", "chats", "state", "clock", "query")


async def _index(_request: Request) -> Response:
    return FileResponse(_PAGE / "index.html")


async def _not_found(_request: Request, _error: Exception) -> Response:
    return JSONResponse(ApiError(404, "Not Found").body(), 404)
