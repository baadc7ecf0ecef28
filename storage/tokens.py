"""The signs of the query language: what was typed, cut into words, phrases, fields and operators. Pure.

Not here: what they make together (``query.py``), the fields themselves (``fields.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from storage import fields
from storage.records import QueryError, sentence

# Telegram's keyboards turn straight quotation marks into these.
_QUOTES = str.maketrans("«»“”„‟", '""""""')
_NAME = "|".join(sorted(fields.NAMES, key=len, reverse=True))
_TOKEN = re.compile(
    rf"""(?P<space>\s+) | (?P<open>\() | (?P<close>\)) | (?P<bar>\|+) | (?P<minus>(?<![^\s(|])[-−–—]+(?=[^\s|)\-−–—]))
    | (?P<field>(?:{_NAME})):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s()|"]+)) | "(?P<phrase>[^"]*)" | (?P<quote>") | (?P<word>[^\s()|"]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_OPERATORS = {"AND": "and", "OR": "or", "NOT": "not", "ИЛИ": "or", "АБО": "or"}
JOINING = frozenset({"and", "or", "not"})
_ODD_FIELD = re.compile(r"([^\W\d_]+):(?!//)[^\s:]")


@dataclass(frozen=True, slots=True)
class Token:
    """A sign with its place; of a field also its value and the value's place."""

    kind: str
    text: str
    start: int
    end: int
    value: str = ""
    value_start: int = 0


def tokens(typed: str) -> Iterator[Token]:
    """Every sign of a query. QueryError: a quotation mark is never closed, or a word was probably meant to be a field."""
    # One character each, so places stay where they are.
    for match in _TOKEN.finditer(typed.translate(_QUOTES)):
        kind, text, start, end = str(match.lastgroup), match.group(), match.start(), match.end()
        if kind in {"quoted", "value"}:
            yield Token("field", match["field"].lower(), start, end, match[kind], match.start(kind))
        elif kind == "quote":
            mend = (len(typed), len(typed), '"') if typed[end:].strip() else (start, end, "")
            raise QueryError(sentence("This quotation mark is never closed."), start, "open quotation", mend)
        elif kind == "phrase":
            yield Token("phrase", match["phrase"], start, end)
        elif kind == "word" and text in _OPERATORS:
            yield Token(_OPERATORS[text], text, start, end)
        else:
            if kind == "word":
                _check_field(text, start)
            yield Token("or" if kind == "bar" else "not" if kind == "minus" else kind, text, start, end)


def _check_field(text: str, start: int) -> None:
    """Refuse a word that was probably meant to be a field."""
    odd = _ODD_FIELD.match(text)
    near = fields.nearest_field(odd[1]) if odd else None
    if odd and near:
        problem = sentence("There is no field “{name}:”; in quotation marks it is looked for as words.", name=odd[1])
        raise QueryError(problem, start, "unknown field", (start, start + len(odd[1]), near))
