"""What the operator decides, read once from the environment or a .env file into one frozen object."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from storage.records import SettingsError

PREFIX = "HOMEFRONT_"
# Telegram's are 46 characters long.
_LONGEST_TOKEN = 200


class Settings(BaseSettings):
    """Every setting, named in the environment with the prefix HOMEFRONT_. Each description is its row in the README's table."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8-sig", frozen=True, extra="ignore", env_ignore_empty=True
    )

    telegram_token: SecretStr | None = Field(None, description="The bot's token from @BotFather. Without one, the local chat runs instead.")
    telegram_token_file: Path | None = Field(None, description="A file that holds the token, instead of the token itself.")
    telegram_api: str = Field("https://api.telegram.org", description="The Bot API server, for those who run their own.")
    webhook_url: str | None = Field(
        None, description="Where Telegram calls with updates instead of being asked for them; it has to lead to HOMEFRONT_LISTEN."
    )
    data_dir: Path = Field(Path("data"), description="The folder for the database and caches; made if it isn't there.")
    database_url: str | None = Field(
        None,
        description="sqlite:////path/to/file, or postgresql+psycopg://user:password@host/name. By default a file in the data folder.",
    )
    watchlist: Path | None = Field(None, description="A watchlist of your own instead of the one that comes with homefront.")
    sources: Path | None = Field(None, description="A source list of your own instead of the one that comes with homefront.")
    operators: Annotated[frozenset[int], NoDecode] = Field(
        frozenset(), description="Chat ids of the people who run this bot, with commas between."
    )
    access: Annotated[frozenset[int] | Literal["open"], NoDecode] = Field(
        "open", description="“open”, or the chat ids that may use the bot, with commas between."
    )
    chat_port: int = Field(8765, ge=0, le=65535, description="The port of the local chat on 127.0.0.1; 0 takes any free one.")
    listen: str | None = Field(
        None,
        description="Where the topics’ feeds, health and metrics are served, as in 127.0.0.1:8080 or 0.0.0.0:8080. Without it they aren’t.",
    )
    poll_concurrency: int = Field(16, ge=1, le=200, description="How many sources are fetched at once.")
    keep_unmatched_days: int = Field(30, ge=1, le=3650, description="How many days items about none of the topics are kept.")
    allow_private_addresses: bool = Field(default=False, description="1: sources may be on private or loopback addresses.")
    log_format: Literal["text", "json"] = Field("text", description="How log lines are written: text or json.")

    @model_validator(mode="before")
    @classmethod
    def _blanks_are_unset(cls, values: dict[str, Any]) -> dict[str, Any]:
        return _with_token({name: value for name, value in values.items() if not (isinstance(value, str) and not value.strip())})

    @field_validator("telegram_token_file")
    @classmethod
    def _file_with_a_token(cls, value: Path | None, others: ValidationInfo) -> Path | None:
        if value is not None:
            held, token = _token_in(value), others.data.get("telegram_token")
            if token is not None and token.get_secret_value() != held:
                raise ValueError("HOMEFRONT_TELEGRAM_TOKEN is set as well; keep one of the two")
        return value

    @model_validator(mode="after")
    def _called_somewhere(self) -> Settings:
        if self.webhook_url is not None and self.listen is None:
            raise SettingsError(
                "HOMEFRONT_WEBHOOK_URL needs HOMEFRONT_LISTEN: the address at which its calls arrive, as in 127.0.0.1:8080."
            )
        return self

    @field_validator("telegram_api", "webhook_url")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        address = urlsplit(value.strip())
        if address.scheme not in {"http", "https"} or not address.hostname:
            raise ValueError("expected an address that begins with https:// or http://")
        return value.strip().rstrip("/")

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str | None) -> str | None:
        if value is not None and _listening(value) is None:
            raise ValueError("expected a host and a port, as in 127.0.0.1:8080")
        return value

    @field_validator("database_url")
    @classmethod
    def _address_of_a_database(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("expected sqlite:////var/lib/homefront/homefront.sqlite, or postgresql+psycopg://user:password@host/homefront")
        return value

    @field_validator("operators", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return _chat_ids(value) if isinstance(value, str) else value

    @field_validator("access", mode="before")
    @classmethod
    def _open_or_ids(cls, value: object) -> object:
        return _chat_ids(value) if isinstance(value, str) and value != "open" else value

    @property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{(self.data_dir / 'homefront.sqlite').resolve()}"

    @property
    def listens_at(self) -> tuple[str, int] | None:
        """The host and port that feeds are served at."""
        return _listening(self.listen) if self.listen else None

    @property
    def archive_exists(self) -> bool:
        """Whether there is a database yet; asking doesn't make one."""
        return not self.database.startswith("sqlite:///") or Path(self.database.removeprefix("sqlite:///")).exists()


def read_settings(**overrides: object) -> Settings:
    """Read the settings, or raise SettingsError that names the first variable that can't be used."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type] # each override is validated like a variable
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + str(first["loc"][0]).upper()
        reason = str(first["msg"]).removeprefix("Value error, ")
        raise SettingsError(f"{name} can't be used: {reason}. See the table of settings in the README.") from error
    except UnicodeDecodeError as error:
        raise SettingsError("The file .env can't be read: it isn't text in UTF-8. Save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"The file .env can't be read: {error.strerror}.") from error


def _with_token(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the token that stands in the file they name; what is wrong with that file is said where it is checked."""
    file = values.get("telegram_token_file")
    if file is None or values.get("telegram_token") is not None:
        return values
    try:
        return {**values, "telegram_token": _token_in(Path(file))}
    except ValueError:
        return values


def _token_in(file: Path) -> str:
    """The token in a file, or ValueError with a sentence that has nothing of what the file holds."""
    try:
        with file.open(encoding="utf-8") as opened:
            token = opened.read(_LONGEST_TOKEN + 1).strip()
    except OSError as error:
        raise ValueError(f"the file can't be read ({error.strerror})") from error
    except UnicodeDecodeError:
        token = ""
    if not token or len(token) > _LONGEST_TOKEN or len(token.split()) > 1:
        raise ValueError("expected a file with the token and nothing else in it")
    return token


def _listening(value: str) -> tuple[str, int] | None:
    try:
        address = urlsplit(f"//{value.strip()}")
        host, port = address.hostname, address.port
    except ValueError:
        return None
    plain = not (address.path or address.query or address.fragment or address.username)
    return (host, port) if plain and host and port is not None else None


def _chat_ids(value: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in value.replace(",", " ").split())
    except ValueError as error:
        raise ValueError("expected chat ids (whole numbers) with commas between, as in 1001,-1002003001") from error
