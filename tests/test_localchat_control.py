"""The control routes of the local chat: acting, reading, events; and who is let in."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.clock import ShiftedClock
from bot.localchat.server import LocalChat
from bot.localchat.world import NEWSROOM, YOU
from tests.serving import serving

TOKEN = "1:local-test"


@pytest.fixture
def address() -> Iterator[str]:
    """Serve a fresh chat on loopback."""
    with serving(LocalChat(ShiftedClock(), token=TOKEN)) as address:
        yield address


def act(address: str, action: str, **details: Any) -> Any:
    """Carry out an action and return its result."""
    answer = httpx.post(f"{address}/control/{action}", json=details)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def read(address: str, name: str, **query: Any) -> Any:
    """Read something and return it."""
    return httpx.get(f"{address}/control/{name}", params=query).json()["result"]


def refusal(address: str, action: str, details: Any) -> str:
    """Return why an action is refused."""
    answer = httpx.post(f"{address}/control/{action}", json=details)
    assert answer.status_code == 400
    return str(answer.json()["description"])


def test_the_three_chats_there_are_from_the_start(address: str) -> None:
    """Only the private chat isn't started."""
    chats = {chat["title"]: (chat["type"], chat["bot_status"], chat["started"]) for chat in read(address, "chats")}
    assert chats == {
        "You": ("private", "member", False),
        "Newsroom": ("group", "member", True),
        "Front page": ("channel", "administrator", True),
    }


def test_what_is_said_is_in_the_transcript(address: str) -> None:
    """With its entities, edits and replies."""
    first = act(address, "say", chat_id=YOU, text="/start")
    second = act(address, "say", chat_id=YOU, text="hello", reply_to=first)
    act(address, "edit", chat_id=YOU, message_id=second, text="hello there")
    messages = read(address, "transcript", chat_id=YOU)
    assert [(message["text"], message["earlier"], message["by_bot"]) for message in messages] == [
        ("/start", [], False), ("hello there", ["hello"], False),
    ]  # fmt: skip
    assert read(address, "transcripts")[str(YOU)] == messages


@pytest.mark.parametrize(
    ("action", "details", "reason"),
    [
        ("fly", {}, "there is no action 'fly'"),
        ("say", {"chat_id": YOU}, "missing a required argument: 'text'"),
        ("say", {"chat_id": "1001", "text": "x"}, "chat_id must be int"),
        ("say", {"chat_id": 7, "text": "x"}, "there is no chat 7"),
        ("say", {"chat_id": YOU, "text": "  "}, "a message needs some text"),
        ("say", {"chat_id": YOU, "text": "x", "reply_to": 5}, "there is no message 5 to reply to"),
        ("press", {"chat_id": YOU, "message_id": 1, "data": "x"}, "message 1 has no button with the data 'x'"),
        ("choose", {"query_id": "1", "result_id": "1"}, "query 1 has no result '1'"),
        ("block", {"chat_id": NEWSROOM}, "the bot can be blocked in private chats only"),
        ("upgrade", {"chat_id": YOU}, "this needs a group or a channel"),
        ("new_thread", {"chat_id": NEWSROOM, "name": "x"}, "only forums have threads"),
        ("new_chat", {"kind": "secret", "title": "x"}, "there are no chats of the kind 'secret'"),
        ("clock", {"now": "tomorrow"}, "give advance in seconds"),
        ("say", ["x"], "send the arguments as one JSON object"),
    ],
)
def test_what_a_person_cannot_do_is_said_in_a_sentence(address: str, action: str, details: Any, reason: str) -> None:
    """The reason says what to change."""
    assert reason in refusal(address, action, details)


def test_the_clock_moves_by_seconds_or_to_a_time(address: str) -> None:
    """Messages carry the moved time."""
    act(address, "clock", advance=3600)
    assert read(address, "clock")["moved_seconds"] == 3600
    assert act(address, "clock", now="2027-03-28T00:30:00+00:00")["now"].startswith("2027-03-28T00:30")
    act(address, "say", chat_id=YOU, text="/start")
    assert read(address, "transcript", chat_id=YOU)[0]["date"] // 60 == 1_806_193_800 // 60


def test_reset_begins_again(address: str) -> None:
    """Chats and messages go."""
    act(address, "say", chat_id=YOU, text="/start")
    act(address, "new-person", first_name="Olena")
    act(address, "reset")
    assert [len(chat["messages"]) for chat in read(address, "state")["chats"]] == [0, 0, 0]


def test_events_tell_what_happens(address: str) -> None:
    """A page hears of a message at once."""
    with httpx.stream("GET", f"{address}/control/events", timeout=10) as stream:
        lines = stream.iter_lines()
        assert next(lines) == ": listening"
        act(address, "say", chat_id=NEWSROOM, text="hello")
        assert '"text": "hello"' in next(line for line in lines if line.startswith("data:"))


def test_only_this_machines_names_are_answered(address: str) -> None:
    """DNS rebinding shows in the Host header, another site's page in Origin or Sec-Fetch-Site."""
    port = address.rpartition(":")[2]
    control = f"{address}/control/state"
    for host in ("localhost", f"localhost:{port}", f"[::1]:{port}", f"127.0.0.1:{port}"):
        assert httpx.get(control, headers={"Host": host}).status_code == 200
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1.evil.example", "localhost@evil.example"):
        assert httpx.get(control, headers={"Host": host}).status_code == 403
        assert httpx.get(f"{address}/bot{TOKEN}/getMe", headers={"Host": host}).status_code == 403
    assert httpx.get(control, headers={"Origin": address}).status_code == 200
    for origin in ("null", "http://evil.example", f"http://localhost:{port}", "http://127.0.0.1:1"):
        assert httpx.post(f"{address}/control/reset", headers={"Origin": origin}).status_code == 403
    assert httpx.get(control, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_foreign_form_is_not_taken(address: str) -> None:
    """What a page can send without asking first isn't JSON."""
    answer = httpx.post(f"{address}/control/reset", data={"a": "b"})
    assert (answer.status_code, answer.json()["description"]) == (400, "send the arguments as application/json")


def test_bodies_are_bounded(address: str) -> None:
    """A megabyte of JSON, fifty of files."""
    assert httpx.post(f"{address}/control/say", json={"text": "x" * 1_100_000}).status_code == 413
    answer = httpx.post(f"{address}/bot{TOKEN}/sendMessage", json={"text": "x" * 1_100_000})
    assert (answer.status_code, answer.json()["description"]) == (413, "Request Entity Too Large")
    files = {"document": ("big.bin", b"\0" * 50_100_000)}
    assert httpx.post(f"{address}/bot{TOKEN}/sendDocument", data={"chat_id": str(YOU)}, files=files, timeout=60).status_code == 413


def test_the_page_loads_nothing_from_elsewhere(address: str) -> None:
    """The policy allows this server only, and no inline script or style."""
    answer = httpx.get(f"{address}/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "://" not in answer.text
    assert httpx.get(f"{address}/page/js/main.js").headers["content-security-policy"] == policy
    assert httpx.get(f"{address}/page/../server.py").status_code == 404
