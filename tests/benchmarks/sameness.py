"""How well and how fast copies and stories are recognised, beside the targets and beside SimHash, datasketch and rensa on the same work.

Texts are those of tests/samples/sameness (see the README there), re-published by code. The stream of copies begins cold: furniture is
learnt from it while it goes. CPU time of one core, the best of several rounds.
"""

from __future__ import annotations

import random
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, product
from typing import Any

from datasketch import MinHash, MinHashLSH
from rensa import RMinHash, RMinHashLSH
from xxhash import xxh3_64_intdigest

from feeds.match import Matcher
from feeds.placing import COUNTED_EVERY
from feeds.sameness.copies import compare
from feeds.sameness.features import Rarities, countable_terms, terms, weigh
from feeds.sameness.furniture import countable_keys, is_furniture, is_learnt
from feeds.sameness.repair import Member, repair
from feeds.sameness.shingles import MOST_ARTICLES_OF_A_HASH, SHARED_TO_BE_CANDIDATE, Likeness, compared_words, likeness
from feeds.sameness.story import Profile, fit, join, merged, profile
from feeds.sameness.wire import wire_credit
from feeds.watchlist import load
from storage.folding import fold
from tests.benchmarks.matching import microseconds
from tests.republishing import WAYS, Item, furnished, next_edition, samples, templated

BEGINNING = datetime(2026, 5, 11, tzinfo=UTC)
PARTS = ("tuning", "held_out")
_PUBLISHERS = ("Herald", "Beacon", "Courier", "Tribune", "Echo", "Mirror", "Standard", "Observer", "Chronicle")
_REPAIR_EVERY = 40
Key = tuple[str, str]
# Names in the tuning part of the headlines, by the one that stands for them where a few actors are to have done it all.
_ACTORS = {
    "Kelvin": "Orbit Nimbus Pelham",
    "Vela": "Ferrograin Lyra Skylark",
    "Tarnava": "Lutra Dorran Lansing",
    "Osterby": "Oster Kasanto Carranza",
    "Canto": "Brae Westbrook Calla",
    "Norhavn": "Sollen Arden Varno Esk",
}
THEMES = {"families", "mobilisation", "demobilisation", "protest", "appeal", "losses", "crackdown"}


# ---------------------------------------------------------------- copies


@dataclass
class Index:
    """The archive as copies need it, in memory: postings, likenesses, and what is counted for furniture."""

    postings: dict[Hashable, list[str]] = field(default_factory=lambda: defaultdict(list))
    known: dict[str, tuple[Item, Likeness]] = field(default_factory=dict)
    root: dict[str, str] = field(default_factory=dict)
    counts: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    groups: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def admit(self, item: Item) -> str:
        """Store an item and return the first of its group of copies."""
        mine = self.likeness(item)
        alike = [(share, self.root[name]) for name in self.candidates(mine) if (share := self.share_copied(item, mine, name)) is not None]
        root = max(alike, key=lambda found: found[0])[1] if alike else item.id
        self.known[item.id], self.root[item.id] = (item, mine), root
        for posting in (*mine.sketch, ("title", mine.title_key)):
            self.postings[posting].append(item.id)
        if root not in self.groups[item.publisher]:
            self.groups[item.publisher].add(root)
            self.counts[item.publisher].update(countable_keys(item.text))
        return root

    def likeness(self, item: Item) -> Likeness:
        """The likeness of an item by what is known of its publisher's furniture now."""
        counts = self.counts[item.publisher]
        furniture = {key for key in countable_keys(item.text) if is_furniture(counts[key], len(self.groups[item.publisher]))}
        return likeness(item.title, item.text, outlet=item.publisher, furniture=furniture)

    def candidates(self, mine: Likeness) -> list[str]:
        """Items that share enough postings, earliest first."""
        shared: Counter[str] = Counter()
        for posting in mine.sketch:
            if len(self.postings[posting]) <= MOST_ARTICLES_OF_A_HASH:
                shared.update(self.postings[posting])
        titled = self.postings[("title", mine.title_key)] if mine.title_key is not None else []
        found = {name for name, count in shared.items() if count >= SHARED_TO_BE_CANDIDATE} | set(titled)
        return [name for name in self.known if name in found]

    def share_copied(self, item: Item, mine: Likeness, name: str) -> float | None:
        """What an item shares with the first of the group of one that is known; None where it is no copy of that."""
        theirs, _ = self.known[self.root[name]]
        learnt = is_learnt(len(self.groups[item.publisher]))
        same = item.publisher == theirs.publisher
        decision = compare(self.likeness(theirs), mine, hours=1, same_publisher=same, learnt=learnt)
        return decision.containment if decision.outcome == "copy" else None


def stream(part: str, kind: str = "appeals", name: str = "articles") -> list[Item]:
    """Each article of a part by one publisher, re-published in every way by others; next editions; templated items; in a fixed order."""
    chance = random.Random(part)  # noqa: S311 - a shuffle needs no secrecy
    items = []
    for row in samples(name):
        if row["part"] != part:
            continue
        publishers = [f"{name} {row['lang']}" for name in chance.sample(_PUBLISHERS, len(_PUBLISHERS))]
        items.append(_printed(Item(row["id"], row["id"], "original", publishers[0], row["title"], row["text"]), row["lang"], kind))
        for number, (way, change) in enumerate(WAYS.items()):
            title, text = change(row["title"], row["text"], row["lang"])
            items.append(_printed(Item(f"{row['id']} {way}", row["id"], way, publishers[1 + number], title, text), row["lang"], kind))
        if _has_numbers(row["text"]):
            name, text = f"{row['id']} edition", next_edition(row["text"])
            items.append(_printed(Item(name, name, "edition", publishers[8], next_edition(row["title"]), text), row["lang"], kind))
    chance.shuffle(items)
    return [*items, *templated()]


def _printed(item: Item, language: str, kind: str) -> Item:
    return replace(item, text=furnished(item.text, item.publisher, language, kind))


def _has_numbers(text: str) -> bool:
    words = compared_words(fold(text).text)[:70]
    return sum(word.isdigit() for word in words) >= 2


@dataclass
class Pairs:
    """Pairs that a method calls copies, against the truth."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of the pairs found that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the right pairs that were found."""
        return self.right / max(1, self.right + self.missed)

    def add(self, *, found: bool, wanted: bool) -> None:
        """Count a pair."""
        self.right += found and wanted
        self.wrong += found and not wanted
        self.missed += wanted and not found


def pairs_of(items: Sequence[Item], together: Callable[[Item, Item], bool]) -> tuple[Pairs, dict[str, Pairs], Pairs, Pairs]:
    """All pairs; those of an original with each way; pairs of different articles of one publisher; pairs of templated items."""
    every, banners, templates = Pairs(), Pairs(), Pairs()
    ways: dict[str, Pairs] = defaultdict(Pairs)
    for one, other in combinations(items, 2):
        found, wanted = together(one, other), one.origin == other.origin
        every.add(found=found, wanted=wanted)
        if wanted and "original" in {one.way, other.way}:
            ways[other.way if one.way == "original" else one.way].add(found=found, wanted=True)
        if not wanted and one.publisher == other.publisher:
            (templates if one.way == "template" else banners).add(found=found, wanted=False)
    return every, ways, banners, templates


def report_copies() -> None:
    """Print precision and recall of copies for each part, for each way, and of the other methods."""
    print("copies: target precision >= 0.995, recall >= 0.98, each way >= 0.95, banner and template pairs merged <= 0.01")
    for part in PARTS:
        for name, kind in (("general", "appeals"), ("articles", "statements"), ("articles", "appeals")):
            items = stream(part, kind, name)
            index = Index()
            for item in items:
                index.admit(item)
            _print_pairs(f"ours, {name}, {part}, {kind}", items, lambda one, other, root=index.root: root[one.id] == root[other.id])  # type: ignore[misc]
        for name, method in _others(items).items():
            _print_pairs(f"{name}, {part}", items, method)


def _print_pairs(name: str, items: Sequence[Item], together: Callable[[Item, Item], bool]) -> None:
    every, ways, banners, templates = pairs_of(items, together)
    negatives = [
        sum(one.origin != other.origin and one.publisher == other.publisher and (one.way == "template") is template
            for one, other in combinations(items, 2))
        for template in (False, True)
    ]  # fmt: skip
    print(
        f"  {name:32} P {every.precision:.3f} R {every.recall:.3f}  merged of one banner {banners.wrong / max(1, negatives[0]):.4f}, "
        f"of one template {templates.wrong / max(1, negatives[1]):.4f}"
    )
    print(f"  {'':32} {', '.join(f'{way} {pairs.recall:.2f}' for way, pairs in sorted(ways.items()))}")


def _others(items: Sequence[Item]) -> Mapping[str, Callable[[Item, Item], bool]]:
    shingled = {item.id: _shingle_words(item) for item in items}
    hashes = {name: simhash(words) for name, words in shingled.items()}
    lsh = _datasketch_pairs(shingled)
    rensa = _rensa_pairs(shingled)
    return {
        "SimHash, 3 bits": lambda one, other: (hashes[one.id] ^ hashes[other.id]).bit_count() <= 3,
        "SimHash, 10 bits": lambda one, other: (hashes[one.id] ^ hashes[other.id]).bit_count() <= 10,
        "datasketch MinHashLSH 0.5": lambda one, other: (one.id, other.id) in lsh,
        "rensa RMinHashLSH 0.5": lambda one, other: (one.id, other.id) in rensa,
    }


def _shingle_words(item: Item) -> list[str]:
    words = compared_words(fold(f"{item.title} {item.text}").text)
    return [" ".join(words[index : index + 3]) for index in range(max(1, len(words) - 2))]


def simhash(shingles: Iterable[str]) -> int:
    """Charikar's 64-bit SimHash."""
    weights = [0] * 64
    for shingle in shingles:
        hashed = xxh3_64_intdigest(shingle.encode())
        for bit in range(64):
            weights[bit] += 1 if hashed >> bit & 1 else -1
    return sum(1 << bit for bit in range(64) if weights[bit] > 0)


def _datasketch_pairs(shingled: Mapping[str, Sequence[str]]) -> set[Key]:
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    found: set[Key] = set()
    for name, words in shingled.items():
        one = MinHash(num_perm=128)
        one.update_batch([word.encode() for word in words])
        found |= {pair for other in lsh.query(one) for pair in ((name, str(other)), (str(other), name))}
        lsh.insert(name, one)
    return found


def _rensa_pairs(shingled: Mapping[str, Sequence[str]]) -> set[Key]:
    names = list(shingled)
    lsh = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    found: set[Key] = set()
    for number, name in enumerate(names):
        one = RMinHash(num_perm=128, seed=42)
        one.update(list(shingled[name]))
        found |= {pair for other in lsh.query(one) for pair in ((name, names[other]), (names[other], name))}
        lsh.insert(number, one)
    return found


# ---------------------------------------------------------------- stories


@dataclass
class Archive:
    """The archive as stories need it, in memory."""

    total: float = 0
    counts: Counter[str] = field(default_factory=Counter)
    members: dict[int, Member] = field(default_factory=dict)
    profiles: dict[int, Profile] = field(default_factory=dict)
    postings: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def admit(self, number: int, row: Mapping[str, Any], topics: Sequence[str]) -> None:
        """Store an article in the story that it joins or opens."""
        at = BEGINNING + timedelta(hours=row["hour"])
        themes = [topic for topic in topics if topic in THEMES]
        found = terms(row["title"], row["text"], row["lang"], themes, [topic for topic in topics if topic not in THEMES])
        features = weigh(found, Rarities(self.total, self.counts))
        if number % COUNTED_EVERY == 0:
            self.total += 1
            self.counts.update(countable_terms(found))
        near = {self.members[other].story for term in features.postings for other in self.postings[term]}
        alone = profile(features, at)
        story = join(alone, [(one, self.profiles[one]) for one in sorted(near)]).story or number
        self.members[number] = Member(number, story, at, features)
        self.profiles[story] = merged(self.profiles[story], alone) if story in self.profiles else alone
        for term in features.postings:
            self.postings[term].add(number)

    def repair(self) -> None:
        """Cluster the last 72 hours anew and do what comes of it."""
        last = max(member.at for member in self.members.values())
        done = repair([member for member in self.members.values() if last - member.at <= timedelta(hours=72)])
        for move in done.moves:
            self._put(self.members[move.article], move.target)
        for merge in done.merges:
            for member in [member for member in self.members.values() if member.story == merge.source]:
                self._put(member, merge.target)
        self.profiles = {}
        for member in self.members.values():
            alone = profile(member.features, member.at)
            known = self.profiles.get(member.story)
            self.profiles[member.story] = merged(known, alone) if known else alone

    def _put(self, member: Member, story: int) -> None:
        self.members[member.article] = Member(member.article, story, member.at, member.features)


def clustered(rows: Sequence[Mapping[str, Any]], topics: Sequence[Sequence[str]], *, repairing: bool) -> list[int]:
    """The story of each row, in the order of the stream."""
    archive = Archive()
    for number, row in enumerate(rows, start=1):
        archive.admit(number, row, topics[number - 1])
        if repairing and (number % _REPAIR_EVERY == 0 or number == len(rows)):
            archive.repair()
    return [archive.members[number].story for number in range(1, len(rows) + 1)]


def b_cubed(truth: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 (Bagga and Baldwin 1998)."""
    both = Counter(zip(truth, found, strict=True))
    true, ours = Counter(truth), Counter(found)
    precision = sum(count * count / ours[key[1]] for key, count in both.items()) / len(truth)
    recall = sum(count * count / true[key[0]] for key, count in both.items()) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)


def of_one_actor(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The same headlines as if a few firms and places had done it all: who acts tells little of the event then."""
    alike = {name: actor for actor, names in _ACTORS.items() for name in names.split()}
    named = re.compile(rf"\b({'|'.join(alike)})\b")
    renamed = ({key: named.sub(lambda found: alike[found[1]], row[key]) for key in ("title", "text")} for row in rows)
    return [{**row, **texts} for row, texts in zip(rows, renamed, strict=True)]


def report_stories() -> None:
    """Print B-cubed F1, pairs and pairs across languages, online and with repair, for each part."""
    print("stories: target B-cubed F1 >= 0.86, pair precision >= 0.93; across languages precision >= 0.98, recall >= 0.6")
    matcher = Matcher(load())
    sets: list[tuple[str, str, Sequence[Mapping[str, Any]]]] = [
        (name, part, samples(name)) for name, part in product(("stories", "across", "headlines", "east"), PARTS)
    ]
    for name, part, every in [*sets, ("of one actor", "tuning", of_one_actor(samples("headlines")))]:
        rows = [row for row in every if row["part"] == part]
        topics = [[topic.id for topic in matcher.match(row["title"], row["text"]).topics] for row in rows]
        for repairing in (False, True):
            _print_clusters(
                f"{name}, {part}, {'with repair' if repairing else 'online'}", rows, clustered(rows, topics, repairing=repairing)
            )


def report_pairs() -> None:
    """Print how many pairs of Russian headlines, of one event or of its near-miss, are told for what they are by themselves."""
    print("pairs of headlines, each with near-misses of the same place or actor: no target")
    for part in PARTS:
        found = Pairs()
        for row in samples("pairs"):
            if row["part"] == part:
                one, other = (profile(weigh(terms(row[name], "", "ru"), Rarities()), BEGINNING) for name in ("one", "other"))
                found.add(found=fit(one, other).margin >= 1, wanted=row["same"])
        print(f"  {_figures(part, found)}")


def _print_clusters(name: str, rows: Sequence[Mapping[str, Any]], found: Sequence[int]) -> None:
    _, _, f1 = b_cubed([row["story"] for row in rows], found)
    every, across, english = Pairs(), Pairs(), Pairs()
    for (one, first), (other, second) in combinations(zip(rows, found, strict=True), 2):
        same = {"found": first == second, "wanted": one["story"] == other["story"]}
        every.add(**same)
        if one["lang"] != other["lang"]:
            across.add(**same)
            if "en" in {one["lang"], other["lang"]}:
                english.add(**same)
    print(f"  {name:33} B-cubed F1 {f1:.3f}  {_figures('pairs', every)}")
    print(f"  {'':33} {_figures('across languages', across)}  {_figures('with English', english)}")


def _figures(name: str, pairs: Pairs) -> str:
    return f"{name} P {pairs.precision:.3f} R {pairs.recall:.3f}"


# ---------------------------------------------------------------- speed


def synthetic_window(count: int) -> list[Member]:
    """Articles of 72 hours, three to a story, with made-up words, each story found as two."""
    chance = random.Random(3)  # noqa: S311 - made-up articles need no secrecy
    rarities = Rarities(count, {f"c{number}": count / 15 for number in range(301)})
    members = []
    for number in range(count):
        event = random.Random(number // 3)  # noqa: S311 - the same
        words = [f"w{event.randint(0, 40_000)}" for _ in range(14)] + [f"c{chance.randint(0, 300)}" for _ in range(20)]
        words = [word for word in words if chance.random() < 0.85]
        title, text = " ".join(words[:8]), " ".join(words[8:])
        features = weigh(terms(title, text, "en"), rarities)
        story = number - number % 3 if number % 3 < 2 else number
        members.append(Member(number, story, BEGINNING + timedelta(hours=72 * (number // 3) / count * 3), features))
    return members


def report_speed() -> None:
    """Print microseconds an article and a candidate, and the seconds of a repair."""
    texts = _of_length([row["text"] for row in samples("articles")], 1500)
    titles = [row["title"] for row in samples("articles")][: len(texts)]
    ready = dict(zip(texts, titles, strict=True))
    furniture = set(countable_keys(furnished(texts[0], "Herald", "ru"))[:1])
    print(f"sketching (furniture removed): {microseconds(lambda text: likeness(ready[text], text, furniture=furniture), texts):.0f} us")
    print(f"keys to count for furniture: {microseconds(countable_keys, texts):.0f} us")
    print(f"features: {microseconds(lambda text: weigh(terms(ready[text], text, 'ru'), Rarities()), texts):.0f} us")
    print(f"wire credit: {microseconds(lambda text: wire_credit(ready[text], text), texts):.0f} us")
    likenesses = {text: likeness(ready[text], text) for text in texts}
    edited = {text: likeness(ready[text], WAYS["light edit"]("", text, "ru")[1]) for text in texts}
    for name, others in (("an edited copy", edited), ("an equal copy", likenesses)):
        took = microseconds(lambda text, others=others: compare(likenesses[text], others[text], hours=1), texts)  # type: ignore[misc]
        print(f"verifying {name}: {took:.0f} us (target 60)")
    window = synthetic_window(20_000)
    started = time.process_time()
    done = repair(window)
    took = time.process_time() - started
    print(f"repair of 20,000 articles: {took:.1f} s (target 5), {len(done.merges)} merges, {len(done.moves)} moves")


def _of_length(texts: Sequence[str], length: int) -> list[str]:
    return [
        text for text in ((" ".join(texts[index : index + 6]))[:length] for index in range(0, len(texts) - 6, 2)) if len(text) == length
    ]


def main() -> None:
    """Print everything."""
    report_copies()
    report_stories()
    report_pairs()
    report_speed()


if __name__ == "__main__":
    main()
