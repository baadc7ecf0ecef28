"""What is said to people, as a gettext template; ``python -m tests.catalogues`` brings ru.po and uk.po up to date with them.

An update adds what is new, untranslated, and drops what the code no longer says; ``test_voice.py`` fails until the gaps are filled.
Babel's own extraction isn't used: before Python 3.12 it doesn't look into f-strings, where many of the messages are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot import voice
from feeds import watchlist

CODE = Path(voice.__file__).parent
FEEDS, STORAGE = CODE.parent / "feeds", CODE.parent / "storage"
LOCALES = CODE / "locales"
TRANSLATED = tuple(language for language in voice.LANGUAGES if language != "en")
# What says a message, and how many of its arguments are the message (two: singular and plural).
KEYWORDS: Mapping[str, int] = {"say": 1, "mark": 1, "sentence": 1, "many": 2}
# Lines of a catalogue's header that change with every update and say nothing.
_NOISE = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team", "Report-Msgid-Bugs-To", "Generated-By")


def messages() -> Catalog:
    """Every message in the code, in the order of its files and of the sentences in them, and in the watchlist."""
    template = Catalog(project="homefront", version="1", fuzzy=False)
    for path in [*sorted(CODE.rglob("*.py")), *sorted(FEEDS.rglob("*.py")), *sorted(STORAGE.glob("*.py"))]:
        for call in _calls(ast.parse(path.read_bytes(), str(path))):
            found = _message(call)
            if found:
                template.add(found, locations=[(str(path.relative_to(CODE.parent)), call.lineno)])
    for name in _watchlist_words():
        template.add(name)
    return template


def _watchlist_words() -> Iterator[str]:
    """What the shipped watchlist says in explanations: the names of its rules and countries, and why it masks phrases."""
    shipped = watchlist.load()
    yield from (rule.name for topic in shipped.topics for rule in topic.rules)
    yield from (country.name for country in shipped.countries)
    yield from (mask.reason for mask in shipped.masks)


def catalogue(language: str) -> Catalog:
    """The catalogue of a language as it is on disk, empty where there is none yet."""
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language, project="homefront", version="1", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="homefront")


def written(translated: Catalog) -> str:
    """A catalogue as its file's text: no wrapped lines, no places in the code, no dates, so that only a changed message changes it."""
    translated.header_comment = f"# What the bot says in {translated.locale.english_name if translated.locale else 'English'}."
    file = BytesIO()
    write_po(file, translated, width=0, no_location=True, ignore_obsolete=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.removeprefix('"').startswith(_NOISE)).rstrip("\n") + "\n"


def updated(language: str) -> Catalog:
    """The catalogue of a language with exactly the messages of the code, in their order; new ones are untranslated."""
    current = catalogue(language)
    current.update(messages(), no_fuzzy_matching=True)
    return current


def main() -> None:
    """Bring the catalogues on disk up to date with the code."""
    for language in TRANSLATED:
        (LOCALES / f"{language}.po").write_text(written(updated(language)), encoding="utf-8")


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    """The calls in a piece of code, in the order they are written in."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield child
        yield from _calls(child)


def _message(call: ast.Call) -> str | tuple[str, ...] | None:
    """The message that a call says: a sentence, or its singular and plural; None where it says none, or one only known later."""
    wanted = KEYWORDS.get(_called(call), 0)
    texts = [argument.value for argument in call.args[:wanted] if isinstance(argument, ast.Constant)]
    known = tuple(text for text in texts if isinstance(text, str))
    if not known or len(known) < wanted:
        return None
    return known if wanted > 1 else known[0]


def _called(call: ast.Call) -> str:
    """What a call calls by name: "many" in ``say.many(…)``, and "say" in ``voice(code)(…)``, which says a sentence at once."""
    if isinstance(call.func, ast.Call):
        return "say" if _called(call.func) == "voice" else ""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


if __name__ == "__main__":
    main()
