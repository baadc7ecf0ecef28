"""A story's profile as bytes, for a column of the database. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from feeds.sameness.story import Profile, Side

# Raise it whenever a profile may hold something else than before; what was stored with an older one is then left aside.
PROFILE_VERSION = 1
_SETS = ("ordinals", "title_numbers", "numbers", "title_dates", "places", "title_places")
_DIGITS = 4


def dump(profile: Profile) -> bytes:
    """The profile as JSON."""
    sides = {
        alphabet: [side.count, _rounded(side.words), _rounded(side.common), sorted(side.languages)]
        for alphabet, side in profile.sides.items()
    }
    sets = {name: list(getattr(profile, name)) for name in _SETS}
    written = {"v": PROFILE_VERSION, "sides": sides, "first": profile.first_at.isoformat(), "last": profile.last_at.isoformat(), **sets}
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def load(stored: bytes) -> Profile | None:
    """The profile that was dumped; None where another version did that."""
    found: dict[str, Any] = json.loads(stored.decode("utf-8", "surrogatepass"))
    if found.get("v") != PROFILE_VERSION:
        return None
    sides = {
        alphabet: Side(count, words, common, frozenset(languages)) for alphabet, (count, words, common, languages) in found["sides"].items()
    }
    sets = {name: frozenset(found[name]) for name in _SETS}
    return Profile(sides=sides, first_at=datetime.fromisoformat(found["first"]), last_at=datetime.fromisoformat(found["last"]), **sets)


def _rounded(vector: Any) -> dict[str, float]:
    return {term: round(weight, _DIGITS) for term, weight in vector.items()}
