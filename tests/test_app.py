"""The wired program: starting, refusing to start, and stopping."""

from __future__ import annotations

from pathlib import Path

from tests.world import command, outlets, program, source_list


def _nothing(tmp_path: Path) -> Path:
    return source_list(tmp_path / "sources.toml", {"name": "Nothing", "url": "http://127.0.0.1:9/feed"})


def test_a_second_program_on_the_same_data_says_so(tmp_path: Path) -> None:
    """It ends with a sentence; the first goes on, and its archive can be searched meanwhile."""
    listed = _nothing(tmp_path)
    with program(tmp_path / "data", listed) as running:
        second = command(tmp_path / "data", listed, "run")
        assert second.returncode == 1
        assert "already running" in second.stderr
        assert command(tmp_path / "data", listed, "search", "nothing").returncode == 1
        assert running.ask("/status")["text"]
        assert running.stop() == 0


def test_a_wrong_token_says_so_and_ends(tmp_path: Path) -> None:
    """Telegram's refusal becomes one sentence and exit status 2, without the token in it."""
    listed = _nothing(tmp_path)
    with program(tmp_path / "elsewhere", listed) as telegram:
        token = "123456:wrong-token-that-nobody-has-0123456789"
        environment = {"HOMEFRONT_TELEGRAM_TOKEN": token, "HOMEFRONT_TELEGRAM_API": telegram.page.rstrip("/")}
        refused = command(tmp_path / "data", listed, "run", **environment)
    assert refused.returncode == 2
    assert "HOMEFRONT_TELEGRAM_TOKEN" in refused.stderr
    assert token not in refused.stderr + refused.stdout


def test_sources_in_trouble_are_shown(tmp_path: Path) -> None:
    """A source that doesn't answer is named as such in the chat, and the others are read."""
    with outlets() as held:
        held.rss("/good", "Good", [])
        listed = source_list(
            tmp_path / "sources.toml", {"name": "Good", "url": f"{held.base}/good"}, {"name": "Missing", "url": f"{held.base}/missing"}
        )
        with program(tmp_path / "data", listed) as running:
            running.wait(lambda: "can't be reached" in running.ask("/sources")["text"] or None, "the error")
            assert "✅" in running.ask("/sources")["text"]


def test_the_menu_is_set(tmp_path: Path) -> None:
    """The commands are in the chat's menu."""
    with program(tmp_path / "data", _nothing(tmp_path)) as running:
        chats = running.view("chats")
    assert {"digest", "search"} <= {each["command"] for chat in chats if chat["id"] == 1001 for each in chat["commands"]}


def test_stopping_while_telegram_is_silent(tmp_path: Path) -> None:
    """A letter under way doesn't keep the program for more than ten seconds, and is sent by the next run."""
    with program(tmp_path / "data", _nothing(tmp_path)) as running:
        running.ask("/status")
        running.call("arm", method="sendMessage", times=5, delay=60)
        running.call("say", chat_id=1001, text="/help")
        running.wait(lambda: len(running.messages()) > 1 or None, "the letter to be on its way")
        running.process.terminate()
        assert running.process.wait(timeout=10) == 0
    with program(tmp_path / "data", _nothing(tmp_path)) as running:
        running.call("say", chat_id=1001, text="/help")
        running.wait(lambda: len(running.messages()) > 1 or None, "the answer that was cut off, and another one")
