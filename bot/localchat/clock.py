"""What the local chat needs of a clock: an argument, so that a test can move it together with the program's."""

from datetime import datetime
from typing import Protocol


class MovableClock(Protocol):
    """What the local chat needs of a clock; the running program shares its own."""

    def now(self) -> datetime:
        """Say the time, aware and in UTC."""
        ...

    def advance(self, seconds: float, /) -> None:
        """Move on by that many seconds."""
        ...
