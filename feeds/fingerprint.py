"""The keys that an entry is recognised by when it is seen again: pure functions of its guid, address and words.

Levels as in the archive: identity (the same entry), words within a source (unchanged), words alone (a copy elsewhere).
Keys are 128-bit BLAKE2b hashes: among 10^9 of them two different entries share one with a probability of 10^-21.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from storage.folding import fold, plain_words
from storage.records import Entry

KEY_BYTES = 16
# Under this many words a text recurs by itself ("Air raid alert: Kharkiv region") and says nothing about sameness.
FEWEST_TELLING_WORDS = 12


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The keys of an entry; ``telling``: it has enough words for ``content`` to mean sameness elsewhere."""

    identity: tuple[bytes, ...]
    text: bytes
    content: bytes
    telling: bool


def fingerprint(source: str, entry: Entry, address: str) -> Fingerprint:
    """The keys of an entry of ``source``, a name for it that stays; ``address`` is the entry's own, canonical, or empty."""
    folded = fold(f"{entry.title}\n{entry.text}").text
    words = plain_words(folded)
    content = " ".join(words)
    identity = [address_key(address)] if address else []
    if entry.guid:
        identity.append(_key("guid", source, entry.guid))
    if not identity:
        # Of an entry without words, all that tells it from others is its signs.
        identity.append(_key("words", source, content or folded))
    return Fingerprint(
        identity=tuple(identity),
        # An aggregator brings one text of several outlets: those are copies, not one entry.
        text=_key("text", source, *([entry.outlet] if entry.outlet else []), content),
        content=_key("content", content),
        telling=len(words) >= FEWEST_TELLING_WORDS,
    )


def address_key(address: str) -> bytes:
    """The key of an article's canonical address."""
    return _key("address", address)


def body_hash(body: bytes) -> bytes:
    """The key of a whole document, to recognise an unchanged one before it is parsed."""
    return blake2b(body, digest_size=KEY_BYTES).digest()


def _key(kind: str, *parts: str) -> bytes:
    return blake2b("\0".join((kind, *parts)).encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
