"""Ways in which outlets re-publish an article, and items that are alike without being copies: made by code from samples."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent / "samples" / "sameness"
OUTLETS = json.loads((SAMPLES / "outlets.json").read_text(encoding="utf-8"))
EDITIONS = 10
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_AMERICAN = {
    "isation": "ization", "ise": "ize", "ising": "izing", "labour": "labor", "behaviour": "behavior", "centre": "center",
    "defence": "defense", "programme": "program", "labelled": "labeled", "favour": "favor", "honour": "honor", "neighbour": "neighbor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """An article of a stream. ``origin``: what it is a copy of, by id; its own id where it is none. ``way``: how it was re-published."""

    id: str
    origin: str
    way: str
    publisher: str
    title: str
    text: str


def samples(name: str) -> list[dict[str, Any]]:
    """The rows of a file of samples."""
    return [json.loads(line) for line in (SAMPLES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def furnished(text: str, publisher: str, language: str, kind: str = "appeals") -> str:
    """``text`` as ``publisher`` prints it: inside of its own furniture, which differs between publishers in wording and order.

    ``kind``: appeals, which say what they are, or statements, which nobody can know for furniture at first.
    """
    sentences = [sentence.format(name=publisher) for sentence in OUTLETS[language][kind]]
    random.Random(publisher).shuffle(sentences)  # noqa: S311 - a shuffle needs no secrecy
    return f"{sentences[0]}\n\n{text}\n\n{sentences[1]}\n{sentences[2]}"


def lightly_edited(title: str, text: str, _language: str) -> tuple[str, str]:
    """One word in twenty dropped, two sentences turned round."""
    words = [word for number, word in enumerate(text.split(" ")) if number % 20 != 13 or word[-1:] in ".!?" or word[:1].isupper()]
    sentences = _SENTENCE.split(" ".join(words))
    if len(sentences) > 3:
        sentences[-1], sentences[-2] = sentences[-2], sentences[-1]
    return title, " ".join(sentences)


def new_headline(_title: str, text: str, _language: str) -> tuple[str, str]:
    """The text under a headline made of its last words."""
    return " ".join(_SENTENCE.split(text)[-1].rstrip(".").split()[-8:]).capitalize(), text


def lead(title: str, text: str, _language: str) -> tuple[str, str]:
    """What a feed gives of the text: its first two sentences."""
    return title, " ".join(_SENTENCE.split(text)[:2])


def abridged(title: str, text: str, language: str) -> tuple[str, str]:
    """The first sixty per cent, and a tail of the outlet's own."""
    sentences = _SENTENCE.split(text)
    return title, " ".join([*sentences[: max(2, round(len(sentences) * 0.6))], OUTLETS[language]["tail"]])


def respelt(title: str, text: str, language: str) -> tuple[str, str]:
    """American spelling; without ё; with another apostrophe; other quotes and dashes."""
    if language == "en":
        for british, american in _AMERICAN.items():
            text = text.replace(british, american)
    table = str.maketrans({"ё": "е", "'": "’", "—": "–", "«": "“", "»": "”", " ": " "})
    return title.translate(table), text.translate(table)


def datelined(title: str, text: str, language: str) -> tuple[str, str]:
    """As an agency sends it."""
    return f"UPDATE 2-{title}", OUTLETS[language]["dateline"] + text


def verbatim(title: str, text: str, _language: str) -> tuple[str, str]:
    """As it stands; what differs is the publisher's furniture."""
    return title, text


WAYS: dict[str, Callable[[str, str, str], tuple[str, str]]] = {
    "verbatim": verbatim, "light edit": lightly_edited, "new headline": new_headline, "lead": lead, "abridged": abridged,
    "spelling": respelt, "dateline": datelined,
}  # fmt: skip


def next_edition(text: str) -> str:
    """A template's text of the next day: every number has changed."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 7), text)


def templated() -> list[Item]:
    """Items made from templates: of one kind on ten days, or in ten places. None is a copy of another."""
    chance = random.Random(7)  # noqa: S311 - made-up figures need no secrecy
    made = []
    for number in range(EDITIONS):
        figures = [chance.randint(5, 1500) for _ in range(6)]
        for row in samples("templates"):
            here = row["here"][number] if "here" in row else ""
            title, text = (row[field].format(*figures, day=number + 1, here=here) for field in ("title", "text"))
            name = f"{row['id']}-{number}"
            made.append(Item(name, name, "template", "Templates", title, text))
    return made
