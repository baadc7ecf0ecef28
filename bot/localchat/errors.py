"""The refusals of the Bot API, worded as Telegram words them, and those of the control routes.

Texts and codes: tdlib/telegram-bot-api, Client.cpp, and tdlib/td; see facts/telegram.md.
"""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """A refused Bot API call.

    `status` is both the HTTP status and `error_code`; `parameters` may hold retry_after or migrate_to_chat_id.
    """

    def __init__(self, status: int, description: str, parameters: Mapping[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = dict(parameters or {})

    def body(self) -> dict[str, Any]:
        """Return the JSON object that Telegram answers with."""
        found: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            found["parameters"] = self.parameters
        return found


class ControlError(Exception):
    """Something a person can't do in this chat; the sentence is for whoever drives the control routes."""


def bad_request(reason: str, parameters: Mapping[str, Any] | None = None) -> ApiError:
    """Return the 400 with this reason."""
    return ApiError(400, f"Bad Request: {reason}", parameters)


def forbidden(reason: str) -> ApiError:
    """Return the 403 with this reason."""
    return ApiError(403, f"Forbidden: {reason}")


def conflict(reason: str) -> ApiError:
    """Return the 409 with this reason."""
    return ApiError(409, f"Conflict: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    """Return the 429 that asks to wait that long."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
