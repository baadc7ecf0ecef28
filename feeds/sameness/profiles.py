"""A story's profile as bytes, for a column of the database. Pure.

MessagePack, read straight into the types of the profile: an article is compared with a dozen stories, and reading theirs as JSON took as
long as comparing.
"""

from __future__ import annotations

from functools import lru_cache

from msgspec import DecodeError, ValidationError
from msgspec.msgpack import Decoder, Encoder

from feeds.sameness.story import Profile

# Raise it whenever a profile may hold something else than before; what was stored with an older one is then left aside. One byte.
PROFILE_VERSION = 4
_ENCODER, _DECODER = Encoder(), Decoder(Profile)


def dump(profile: Profile) -> bytes:
    """The version in one byte, and the profile."""
    return bytes([PROFILE_VERSION]) + _ENCODER.encode(profile)


# The stories that are told at the moment are looked up again with every batch; most haven't changed since.
@lru_cache(maxsize=500)
def load(stored: bytes) -> Profile | None:
    """The profile that was dumped; None where another version did that."""
    if stored[:1] != bytes([PROFILE_VERSION]):
        return None
    try:
        return _DECODER.decode(memoryview(stored)[1:])
    except (DecodeError, ValidationError):
        return None
