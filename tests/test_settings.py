"""What operators set: read once, and every mistake answered with the variable's name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings as hypothesis_settings, strategies
from pydantic import ValidationError

from bot.settings import PREFIX, Settings, read_settings
from storage.database import open_database
from storage.records import SettingsError

Set = Callable[..., Settings]


@pytest.fixture
def with_set(tmp_path: Path) -> Iterator[Set]:
    """Reads the settings in an empty folder, with only the given variables in the environment."""
    before, folder = dict(os.environ), Path.cwd()
    os.chdir(tmp_path)

    def read(**variables: str) -> Settings:
        for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
            del os.environ[name]
        os.environ.update({PREFIX + name: value for name, value in variables.items()})
        return read_settings()

    yield read
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(before)


def _mistake(read: Set, name: str, value: str) -> str:
    with pytest.raises(SettingsError) as caught:
        read(**{name: value})
    return str(caught.value)


def test_nothing_set(with_set: Set, tmp_path: Path) -> None:
    """Without any variable the program runs: local chat, SQLite in ./data, open to all."""
    found = with_set()
    assert found.telegram_token is None
    assert found.database == f"sqlite:///{tmp_path}/data/homefront.sqlite"
    assert (found.access, found.operators, found.allow_private_addresses, found.log_format) == ("open", frozenset(), False, "text")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("OPERATORS", "1001", {1001}),
        ("OPERATORS", "1001,-1002003001, 7 8,,", {1001, -1002003001, 7, 8}),
        ("ACCESS", "open", "open"),
        ("ACCESS", "5, 6", {5, 6}),
        ("CHAT_PORT", "0", 0),
        ("CHAT_PORT", "65535", 65535),
        ("POLL_CONCURRENCY", "200", 200),
        ("KEEP_UNMATCHED_DAYS", "1", 1),
        ("ALLOW_PRIVATE_ADDRESSES", "1", True),
        ("ALLOW_PRIVATE_ADDRESSES", "no", False),
        ("LOG_FORMAT", "json", "json"),
        ("DATA_DIR", "/var/lib/home front", Path("/var/lib/home front")),
        ("SOURCES", "mine.toml", Path("mine.toml")),
        ("DATABASE_URL", "sqlite:////x/y", "sqlite:////x/y"),
    ],
)
def test_what_is_set(with_set: Set, name: str, value: str, expected: object) -> None:
    """Each variable is read as what it means."""
    assert getattr(with_set(**{name: value}), name.lower()) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPERATORS", "me"),
        ("OPERATORS", "1001;1002"),
        ("OPERATORS", "1.5"),
        ("OPERATORS", "9" * 5_000),
        ("ACCESS", "closed"),
        ("ACCESS", "OPEN"),
        ("ACCESS", "1,@name"),
        ("LISTEN", "here"),
        ("LISTEN", "127.0.0.1"),
        ("LISTEN", "127.0.0.1:99999"),
        ("LISTEN", "http://127.0.0.1:80"),
        ("LISTEN", "127.0.0.1:80/feeds"),
        ("CHAT_PORT", "-1"),
        ("CHAT_PORT", "65536"),
        ("CHAT_PORT", "http"),
        ("POLL_CONCURRENCY", "0"),
        ("POLL_CONCURRENCY", "201"),
        ("POLL_CONCURRENCY", "∞"),
        ("KEEP_UNMATCHED_DAYS", "0"),
        ("KEEP_UNMATCHED_DAYS", "3651"),
        ("KEEP_UNMATCHED_DAYS", "9" * 5_000),
        ("KEEP_UNMATCHED_DAYS", "thirty"),
        ("ALLOW_PRIVATE_ADDRESSES", "perhaps"),
        ("LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_one_sentence(with_set: Set, name: str, value: str) -> None:
    """It names the variable, says why, and where to look."""
    said = _mistake(with_set, name, value)
    assert said.startswith(f"{PREFIX}{name} can't be used: ")
    assert said.endswith(". See the table of settings in the README.")
    assert "\n" not in said
    assert "pydantic" not in said


@pytest.mark.parametrize(("name", "value"), [("TELEGRAM_API", "nonsense"), ("TELEGRAM_API", "ftp://x"), ("DATABASE_URL", "nonsense")])
def test_an_address_that_is_none(with_set: Set, name: str, value: str) -> None:
    """A mistyped address is found at the start, not by waiting for an answer from it."""
    assert _mistake(with_set, name, value).startswith(f"{PREFIX}{name} can't be used: ")


@pytest.mark.parametrize("name", ["ACCESS", "TELEGRAM_TOKEN"])
def test_blanks_are_nothing(with_set: Set, name: str) -> None:
    """A variable of blanks is as good as empty: it doesn't shut everybody out, nor send a blank to Telegram."""
    assert with_set(**{name: "  "}) == with_set()


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_empty_is_unset(with_set: Set, name: str) -> None:
    """HOMEFRONT_X= in a file or a container means the default."""
    assert with_set(**{name.upper(): ""}) == with_set()


def test_every_setting_is_described() -> None:
    """Each has a sentence for the README's table."""
    assert all(str(each.description).endswith(".") for each in Settings.model_fields.values())


def test_a_dot_env_file(with_set: Set, tmp_path: Path) -> None:
    """A .env file in the folder is read, the environment goes before it, and other programs' lines are left alone."""
    (tmp_path / ".env").write_text(
        "HOMEFRONT_CHAT_PORT=99\nHOMEFRONT_OPERATORS='1,2'\nHOMEFRONT_ACCESS=\nOTHER=x\n# note\n", encoding="utf-8"
    )
    found = with_set()
    assert (found.chat_port, found.access) == (99, "open")
    assert found.operators == {1, 2}
    assert with_set(CHAT_PORT="7").chat_port == 7


def test_a_mistake_in_the_dot_env_file(with_set: Set, tmp_path: Path) -> None:
    """It is named like one in the environment."""
    (tmp_path / ".env").write_text("HOMEFRONT_LOG_FORMAT=xml\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="HOMEFRONT_LOG_FORMAT can't be used"):
        with_set()


def test_a_dot_env_file_that_is_no_text(with_set: Set, tmp_path: Path) -> None:
    """A file in another encoding is named in a sentence."""
    (tmp_path / ".env").write_bytes("HOMEFRONT_DATA_DIR=данные\n".encode("cp1251"))
    with pytest.raises(SettingsError, match=r"\.env"):
        with_set()


def test_a_dot_env_file_with_a_byte_order_mark(with_set: Set, tmp_path: Path) -> None:
    """Its first line counts too."""
    (tmp_path / ".env").write_text("HOMEFRONT_CHAT_PORT=99\n", encoding="utf-8-sig")
    assert with_set().chat_port == 99


@pytest.mark.parametrize("name", ["what?", "a?mode=ro", "a%41%2Fb", "50% off", "a#b"])
def test_a_data_folder_of_any_name(with_set: Set, tmp_path: Path, name: str) -> None:
    """The database is in the folder that was named."""
    database = open_database(with_set(DATA_DIR=str(tmp_path / name)).database)
    assert database.path == tmp_path / name / "homefront.sqlite"
    database.close()


def test_an_address_of_the_bot_api(with_set: Set) -> None:
    """A slash at its end makes no difference."""
    assert with_set(TELEGRAM_API="http://127.0.0.1:8081/").telegram_api == "http://127.0.0.1:8081"


def test_the_token_is_never_shown(with_set: Set) -> None:
    """Printing the settings doesn't print it."""
    found = with_set(TELEGRAM_TOKEN="123456:secret")
    assert found.telegram_token is not None
    assert found.telegram_token.get_secret_value() == "123456:secret"
    assert "secret" not in repr(found) + str(found)


def test_the_token_in_a_file(with_set: Set, tmp_path: Path) -> None:
    """It is as good as the token itself, a line's end is no part of it, and it is shown as little."""
    (tmp_path / "token").write_text("123456:secret\n", encoding="utf-8")
    found = with_set(TELEGRAM_TOKEN_FILE="token")
    assert found.telegram_token is not None
    assert found.telegram_token.get_secret_value() == "123456:secret"
    assert "secret" not in repr(found) + str(found)
    assert with_set(TELEGRAM_TOKEN_FILE="token", TELEGRAM_TOKEN="123456:secret") == found


@pytest.mark.parametrize("held", [b"", b"  \n", b"two words", b"\xff\xfe", b"x" * 100_000, None])
def test_a_file_without_a_token(with_set: Set, tmp_path: Path, held: bytes | None) -> None:
    """The local chat doesn't start where somebody meant Telegram: the variable is named, and nothing of the file is said."""
    if held is not None:
        (tmp_path / "token").write_bytes(held)
    said = _mistake(with_set, "TELEGRAM_TOKEN_FILE", "token")
    assert said.startswith("HOMEFRONT_TELEGRAM_TOKEN_FILE can't be used: ")
    assert "words" not in said
    assert "xx" not in said


def test_two_tokens(with_set: Set, tmp_path: Path) -> None:
    """Which of them was meant isn't guessed."""
    (tmp_path / "token").write_text("123456:secret", encoding="utf-8")
    with pytest.raises(SettingsError, match="HOMEFRONT_TELEGRAM_TOKEN is set as well") as caught:
        with_set(TELEGRAM_TOKEN_FILE="token", TELEGRAM_TOKEN="123456:other")
    assert "secret" not in str(caught.value)


def test_settings_dont_change(with_set: Set) -> None:
    """They are read once and stay."""
    with pytest.raises(ValidationError, match="frozen"):
        with_set().chat_port = 1


def test_overrides_are_checked_too() -> None:
    """What a caller gives is held to the same rules."""
    with pytest.raises(SettingsError, match="HOMEFRONT_CHAT_PORT can't be used"):
        read_settings(chat_port=70_000)


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=strategies.sampled_from(sorted(set(Settings.model_fields) - {"telegram_token"})),
    value=strategies.text(strategies.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
)
def test_any_value_is_read_or_refused(with_set: Set, name: str, value: str) -> None:
    """Whatever stands in a variable, there are settings or one SettingsError that names it."""
    refused = ""
    try:
        with_set(**{name.upper(): value})
    except SettingsError as error:
        refused = str(error)
    assert not refused or refused.startswith(f"{PREFIX}{name.upper()} can't be used: ")
