"""What a subscriber chose beyond language, place and hours, as kept in the column of options. Pure: values in, values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

MOST_MUTED = 200  # outlets, topics and stories each; the oldest leaves first


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything as it is where nobody chose anything.

    ``weekdays``: of the digest, Monday is 0; none means every day. ``tells_nothing``: a digest without news says so in a line. ``alerts``:
    topics that are told at once, when so many ``publishers`` tell a story. ``unread``: languages that aren't wanted. ``muted_outlets``,
    ``muted_topics``, ``muted_stories``: what isn't shown. ``asked``: the month in which an idle subscriber was
    asked whether to go on. ``is_channel``: what is said there is read by all, and pressed by nobody. ``controls``: the number of the
    channel that is controlled from this private chat at the moment, 0 for none.
    """

    weekdays: tuple[int, ...] = ()
    tells_nothing: bool = False
    alerts: tuple[str, ...] = ()
    publishers: int = 3
    discreet: bool = False
    unread: tuple[str, ...] = ()
    muted_outlets: tuple[str, ...] = ()
    muted_topics: tuple[str, ...] = ()
    muted_stories: tuple[int, ...] = ()
    asked: str = ""
    is_channel: bool = False
    controls: int = 0


NO_CHOICES = Choices()


def read(kept: Mapping[str, Any]) -> Choices:
    """Choices as they were kept; what another version kept and this one doesn't know is left out."""
    if not kept:
        return NO_CHOICES
    found: dict[str, Any] = {}
    for field in fields(Choices):
        value = kept.get(field.name, getattr(NO_CHOICES, field.name))
        value = tuple(value) if isinstance(value, list) else value
        if type(value) is type(getattr(NO_CHOICES, field.name)):
            found[field.name] = value
    return Choices(**found)


def written(choices: Choices) -> dict[str, Any]:
    """Choices as they are kept: only what differs from nobody's choice."""
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(choices).items()}
    return {name: value for name, value in plain.items() if getattr(choices, name) != getattr(NO_CHOICES, name)}


def muted(known: tuple[Any, ...], one: Any) -> tuple[Any, ...]:
    """What is muted with one more, the oldest left out where they are too many."""
    return (*(each for each in known if each != one), one)[-MOST_MUTED:]
