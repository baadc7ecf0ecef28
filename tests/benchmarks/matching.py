"""How well and how fast the subject is recognised, beside the targets and beside Python's ``re`` on the same work.

Quality is measured on tests/samples/labelled (see the README there); speed on made-up texts of 500 characters with made-up aliases in three
languages, a third of two words. CPU time of one core, the best of several rounds.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence

from flashtext import KeywordProcessor

from feeds.match import Matcher
from feeds.reading import read
from feeds.rules import Term
from feeds.watches import Watches
from feeds.watchlist import Aliases, Topic, Watchlist, load
from tests.labelled import SAMPLES, Quality, labelled, quality

_GROUP_TARGET, _THEME_TARGET = 0.96, 0.88
_STEMS = {
    "ru": (
        "город",
        "завод",
        "корабль",
        "учитель",
        "дорога",
        "победа",
        "граница",
        "школа",
        "поезд",
        "совет",
        "указ",
        "берег",
        "рубль",
        "страна",
    ),
    "uk": (
        "місто",
        "завод",
        "корабель",
        "учитель",
        "дорога",
        "перемога",
        "межа",
        "школа",
        "потяг",
        "рада",
        "указ",
        "берег",
        "гривня",
        "країна",
    ),
    "en": (
        "city",
        "factory",
        "vessel",
        "teacher",
        "road",
        "victory",
        "border",
        "school",
        "train",
        "council",
        "decree",
        "shore",
        "dollar",
        "state",
    ),
}
_HEADS = {"ru": "бвгджзклмнпрст", "uk": "бвгджзклмнпрст", "en": "bcdfghjklmnprst"}
_VOWELS = {"ru": "аоуеи", "uk": "аоуеі", "en": "aeiou"}


def report_quality(matcher: Matcher) -> None:
    """Print quality for each labelled file, in all and for each language, beside the targets."""
    print("recognition: target relevant precision >= 0.97, recall >= 0.95 (titles alone 0.85), groups F1 >= 0.96, themes F1 >= 0.88")
    for path in sorted(SAMPLES.glob("*.jsonl")):
        items = labelled(path)
        _print_quality(path.stem, quality(matcher, items))
        for language in ("en", "ru", "uk"):
            _print_quality(f"{path.stem} {language}", quality(matcher, [item for item in items if item["lang"] == language]))
        _print_quality(f"{path.stem} titles", quality(matcher, items, titles_only=True))


def _print_quality(name: str, measured: Quality) -> None:
    print(
        f"  {name:20} relevant P {measured.relevant.precision:.3f} R {measured.relevant.recall:.3f}"
        f"  groups F1 {measured.groups.f1:.3f} (target {_GROUP_TARGET})  themes F1 {measured.themes.f1:.3f} (target {_THEME_TARGET})"
    )


def made_up_words(language: str, count: int, seed: int) -> list[str]:
    """Nouns that don't exist, with endings of real ones so that they inflect."""
    chance = random.Random(f"{language}{seed}")  # noqa: S311 - made-up words need no secrecy
    words: dict[str, None] = {}
    while len(words) < count:
        syllables = "".join(chance.choice(_HEADS[language]) + chance.choice(_VOWELS[language]) for _ in range(chance.randint(2, 3)))
        words[syllables + chance.choice(_STEMS[language])] = None
    return list(words)


def made_up_watchlist(aliases: int, seed: int = 1) -> Watchlist:
    """A watchlist of that many aliases, a third in each language, a third of them of two words, a hundred to a topic."""
    chance = random.Random(seed)  # noqa: S311 - made-up words need no secrecy
    labels = dict.fromkeys(_STEMS, "made up")
    batches: list[dict[str, tuple[str, ...]]] = []
    for language in _STEMS:
        words = made_up_words(language, aliases // len(_STEMS) + 1, seed)
        names = [f"{word} {words[0]}" if chance.random() < 1 / 3 else word for word in words]
        batches += [{language: tuple(names[start : start + 100])} for start in range(0, len(names), 100)]
    topics = [Topic(f"topic-{number}", "group", labels, decides=True, aliases=(Aliases(batch),)) for number, batch in enumerate(batches)]
    return Watchlist(tuple(topics))


def made_up_texts(count: int, aliases: Sequence[str]) -> list[str]:
    """Texts of 500 characters, of which about one word in fifteen is an alias."""
    chance = random.Random(7)  # noqa: S311 - made-up words need no secrecy
    plain = [word for language in _STEMS for word in made_up_words(language, 4000, 99)]
    texts = []
    for _ in range(count):
        words = [chance.choice(aliases) if chance.random() < 1 / 15 else chance.choice(plain) for _ in range(80)]
        texts.append(" ".join(words)[:500])
    return texts


def microseconds(work: Callable[[str], object], texts: Sequence[str], rounds: int = 5) -> float:
    """CPU microseconds that ``work`` takes for one text, the best of ``rounds``."""
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()
        for text in texts:
            work(text)
        best = min(best, time.process_time() - started)
    return best / len(texts) * 1e6


def _names(watchlist: Watchlist) -> Iterator[str]:
    for topic in watchlist.topics:
        yield from (name for names in topic.aliases[0].words.values() for name in names)


def report_speed() -> None:
    """Print the time for a text with 5,000 and 50,000 aliases and 10,000 watches, of ``re`` and of building, beside the targets."""
    small = made_up_watchlist(5000)
    names = list(_names(small))
    texts, plain = made_up_texts(400, names), made_up_texts(400, made_up_watchlist_names(100))
    started = time.process_time()
    matcher = Matcher(small)
    print(f"building 5,000 aliases with all forms, no cache: {time.process_time() - started:.2f} s (target 2)")
    few = microseconds(lambda text: matcher.match("", text), texts)
    none = microseconds(lambda text: matcher.match("", text), plain)
    print(
        f"matching, 5,000 aliases (target 60 us a text): {none:.1f} us where a text has no name, {few:.1f} where it has six of six topics"
    )
    pattern = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    print(f"  the same names, uninflected, by re: {microseconds(pattern.findall, texts[:20], 1):.0f} us a text")
    keywords = KeywordProcessor()
    keywords.add_keywords_from_list(names)
    print(f"  the same names, uninflected, by flashtext: {microseconds(keywords.extract_keywords, texts, 2):.0f} us a text")
    watches = Watches({number: Term(name) for number, name in enumerate(made_up_watchlist_names(10_000))})
    with_watches = microseconds(lambda text: _match_both(matcher, watches, text), texts)
    print(f"matching with 10,000 watches: {with_watches:.1f} us a text, {with_watches / few:.2f} times 5,000 aliases alone (target 1.5)")
    started = time.process_time()
    large = Matcher(made_up_watchlist(50_000))
    built = time.process_time() - started
    many = microseconds(lambda text: large.match("", text), texts)
    print(f"matching, 50,000 aliases: {many:.1f} us a text, {many / few:.2f} times 5,000 (target 2.5); built in {built:.1f} s")
    shipped = Matcher(load())
    print(f"matching, the shipped watchlist: {microseconds(lambda text: shipped.match('', text), texts):.1f} us a made-up text")
    headlines = [f"{item['title']} {item['text']}" for path in SAMPLES.glob("*.jsonl") for item in labelled(path)]
    print(f"matching, the shipped watchlist: {microseconds(lambda text: shipped.match('', text), headlines):.1f} us a labelled sample")


def _match_both(matcher: Matcher, watches: Watches[int], text: str) -> None:
    reading = read("", text)
    matcher.match_reading(reading)
    watches.match(reading)


def made_up_watchlist_names(count: int) -> list[str]:
    """Words for watches, other than the aliases'."""
    return list(_names(made_up_watchlist(count, seed=2)))


def main() -> None:
    """Print everything."""
    report_quality(Matcher(load()))
    report_speed()


if __name__ == "__main__":
    main()
