"""What happens in the chats, told at once to every open page."""

import asyncio
from typing import Any

_BACKLOG = 1_000


class Listener:
    """One open page; `None` in its queue ends it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def tell(self, event: dict[str, Any] | None) -> None:
        """Hand over an event, from any thread."""
        self._loop.call_soon_threadsafe(self._queue.put_nowait, event)

    def is_behind(self) -> bool:
        """Say whether the page has stopped reading."""
        return self._queue.qsize() > _BACKLOG

    async def next(self) -> dict[str, Any] | None:
        """Wait for the next event."""
        return await self._queue.get()


class EventHub:
    """Passes events on to the listeners; a page that stopped reading is let go and will load everything anew."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()

    def join(self) -> Listener:
        """Start listening."""
        listener = Listener()
        self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        """Stop listening."""
        self._listeners.discard(listener)

    def publish(self, kind: str, **details: Any) -> None:
        """Tell every listener."""
        for listener in list(self._listeners):
            if listener.is_behind():
                self._listeners.discard(listener)
                listener.tell(None)
            else:
                listener.tell({"kind": kind, **details})

    def close(self) -> None:
        """End all listening, so that the server can stop."""
        for listener in list(self._listeners):
            listener.tell(None)
        self._listeners.clear()
