"""Armed faults: the next calls of a method fail, are late, or lose their answer, as a test or a demonstration wants it."""

from dataclasses import dataclass, field
from typing import Any

from bot.localchat.errors import ApiError

_NAMES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class Fault:
    """What happens to the next `times` calls of `method` ("*" is any).

    With a `status` the call does nothing and answers that error. Without one it is carried out; then the answer is
    `delay` seconds late, or with `drop` the connection ends before it: the caller can't know that the call was accepted.
    """

    method: str
    times: int = 1
    status: int = 0
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    delay: float = 0.0
    drop: bool = False

    def error(self) -> ApiError | None:
        """Return the error to answer with, if the call is to fail."""
        if not self.status:
            return None
        return ApiError(self.status, self.description or _NAMES.get(self.status, "Internal Server Error"), self.parameters)


class Faults:
    """The armed faults, used up in the order they were armed."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        """Add a fault."""
        self._armed.append(fault)

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call and count it down."""
        for fault in self._armed:
            if fault.method.lower() in ("*", method.lower()):
                fault.times -= 1
                self._armed = [other for other in self._armed if other.times > 0]
                return fault
        return None

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()
