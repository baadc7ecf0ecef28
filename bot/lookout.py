"""What is watched for: the watchlist and subscribers' own rules, read again where they change while the program runs.

A changed watchlist is read off the hot path; one with an error isn't taken, and the old one stays. Not here: recognising
(``feeds/recogniser.py``), applying a changed watchlist to what is stored (``homefront rematch``).
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import structlog

from bot.preview import found_after
from bot.settings import Settings
from bot.subjects import Subjects
from feeds import rules, watchlist
from feeds.match import Matcher
from feeds.placing import place
from feeds.recogniser import Recogniser
from feeds.rules import Node, RuleError
from feeds.topic_names import topic_names
from feeds.watches import Watches
from feeds.watchlist import Watchlist
from storage import archive, watches
from storage.database import Database
from storage.records import Sentence, StorageError, WatchlistError, sentence

# Watches that are changed one by one lie in parts of their own; so many parts are put together again.
_MOST_CHANGES = 200
# For so many looks a new watch is held against so many of the newest numbers: more than are given out while a source is being stored.
_LOOKS, _RECENT = 12, 5_000
_log = structlog.get_logger(__name__)

Stamp: TypeAlias = tuple[int, int, int]  # time of the last change in nanoseconds, size, number of the file


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched for at one moment."""

    subjects: Subjects
    recogniser: Recogniser


@dataclass(frozen=True, slots=True)
class Loaded:
    """A watchlist as read from its file, which looked like ``stamp`` then, and its matcher."""

    stamp: Stamp | None
    watchlist: Watchlist
    matcher: Matcher


class Lookout:
    """Keeps ``watched`` up to date. ``refresh`` is for one thread at a time; what it replaces is replaced at once for all readers."""

    def __init__(self, settings: Settings, database: Database, loaded: Loaded) -> None:
        """Begin with a watchlist, and with the watches that are stored."""
        self._settings = settings
        self._database = database
        self._read = self._seen = loaded.stamp
        self._rules: dict[int, str] = {}
        self._version = -1
        self._changes = 0
        self._fresh: dict[int, int] = {}
        self.watched = Watched(subjects_of(loaded.watchlist), Recogniser(loaded.matcher, Watches({})))
        self._refresh_watches()

    def refresh(self) -> Sentence | None:
        """Take up what changed; what operators should know of it, if anything."""
        self._refresh_watches()
        self._catch_up()
        return self._refresh_watchlist()

    def _catch_up(self) -> None:
        """Let new watches see what was read before they were known and stored after they were saved; for a minute or so."""
        trees = _trees({number: self._rules[number] for number in self._fresh if number in self._rules})
        self._fresh = {number: left - 1 for number, left in self._fresh.items() if left > 1 and number in trees}
        for number, tree in trees.items():
            with self._database.read() as connection:
                found = found_after(connection, tree, max(0, archive.latest(connection) - _RECENT))
                missed = watches.not_yet(connection, number, found)
            if missed:
                with self._database.write() as connection:
                    # Another process may have looked as well.
                    missed = watches.not_yet(connection, number, missed)
                    watches.keep_hits(connection, {article_id: [number] for article_id in missed})
                    place(connection, missed, self.watched.recogniser.matcher.groups, datetime.now(UTC))

    def _refresh_watchlist(self) -> Sentence | None:
        seen, self._seen = self._seen, _stamp(self._settings)
        # A file that is still being written is read when it has stayed the same for a while.
        if self._seen in {None, self._read} or self._seen != seen:
            return None
        self._read = self._seen
        try:
            prepare_forms(self._settings)
            loaded = load(self._settings)
        except WatchlistError as error:
            return sentence("The watchlist has changed and can't be used, so I go on with the old one. {error}", error=str(error))
        self._read = loaded.stamp
        self.watched = Watched(subjects_of(loaded.watchlist), Recogniser(loaded.matcher, self.watched.recogniser.watches))
        return sentence(
            "I have read the changed watchlist. Its {count} topics hold for what comes in from now on; for the archive: homefront rematch",
            count=len(loaded.watchlist.topics),
        )

    def _refresh_watches(self) -> None:
        with self._database.read() as connection:
            version = watches.version(connection)
            if version == self._version:
                return
            stored = watches.every(connection)
        added = {number: rule for number, rule in stored.items() if self._rules.get(number) != rule}
        removed = self._rules.keys() - stored.keys()
        old = self.watched.recogniser
        self._changes += len(added) + len(removed)
        if self._version < 0 or self._changes > _MOST_CHANGES:
            renewed, self._changes = Watches(_trees(stored)), 0
        else:
            renewed = old.watches.changed(_trees(added), removed)
        if self._version >= 0:
            self._fresh |= dict.fromkeys(added, _LOOKS)
        self._rules, self._version = stored, version
        self.watched = Watched(self.watched.subjects, Recogniser(old.matcher, renewed))


def late_recogniser(settings: Settings, database: Database) -> Callable[[], Recogniser]:
    """Everything that is watched for, for a command that runs once, made when it is first asked for. WatchlistError comes at once."""
    # The shipped one has no errors, and is read when it is needed.
    own = watchlist.load(settings.watchlist) if settings.watchlist else None
    cache, lock = forms_file(settings), Lock()
    made: list[Recogniser] = []

    def recogniser() -> Recogniser:
        with lock:
            if not made:
                with database.read() as connection:
                    stored = watches.every(connection)
                made.append(Recogniser(Matcher(own or watchlist.load(), cache), Watches(_trees(stored))))
        return made[0]

    return recogniser


def load(settings: Settings) -> Loaded:
    """Read the watchlist and make it ready; WatchlistError says what is wrong with it."""
    stamp = _stamp(settings)
    found = watchlist.load(settings.watchlist)
    return Loaded(stamp, found, matcher_of(settings, found))


def first_load(settings: Settings) -> Loaded:
    """The same, for a program that runs for long and starts for the first time: dictionaries are opened in another process."""
    if not forms_file(settings).exists():
        prepare_forms(settings)
    return load(settings)


def matcher_of(settings: Settings, found: Watchlist | None = None) -> Matcher:
    """The matcher for the watchlist that the settings name, with the forms of its names kept in the data folder."""
    return Matcher(found or watchlist.load(settings.watchlist), forms_file(settings))


def prepare_forms(settings: Settings) -> None:
    """Work out the forms of names that aren't kept yet, in a process of its own. Where it fails nothing is lost but time and memory."""
    command = [sys.executable, "-m", "feeds.prepare", str(forms_file(settings)), *([str(settings.watchlist)] if settings.watchlist else [])]
    subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)  # noqa: S603 - our own module


def forms_file(settings: Settings) -> Path:
    """Where the forms of names are kept."""
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StorageError(f"HOMEFRONT_DATA_DIR can't be used: {settings.data_dir} can't be made ({error.strerror}).") from error
    return settings.data_dir / "forms.json"


def subjects_of(found: Watchlist) -> Subjects:
    """The watchlist's topics for subscribers."""
    return Subjects({topic.id: topic.names for topic in found.topics}, topic_names(found))


def _trees(stored: Mapping[int, str]) -> dict[int, Node]:
    """The rules that can be read. One that can't, because it was kept by another version, must not stop the others."""
    trees: dict[int, Node] = {}
    for number, rule in stored.items():
        try:
            trees[number] = rules.parse(rule)
        except RuleError:
            _log.warning("a watch can't be read", watch=number)
    return trees


def _stamp(settings: Settings) -> Stamp | None:
    """What tells the watchlist's file from its earlier self; None while it isn't there, as between two steps of an editor."""
    try:
        found = (settings.watchlist or watchlist.SHIPPED).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
