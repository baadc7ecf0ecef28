"""The clock of the local chat: an argument, so that a test or a demonstration can move it."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class MovableClock(Protocol):
    """What the local chat needs of a clock; the running program shares its own."""

    def now(self) -> datetime:
        """Say the time, aware and in UTC."""
        ...

    def advance(self, seconds: float, /) -> None:
        """Move on by that many seconds."""
        ...


class OffsetClock:
    """The machine's time plus whatever the clock was moved by; used when the local chat runs alone."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self) -> datetime:
        """Say the moved time, aware and in UTC."""
        return datetime.now(UTC) + self._offset

    def advance(self, seconds: float, /) -> None:
        """Move on by that many seconds."""
        self._offset += timedelta(seconds=seconds)
