"""Files that the bot has sent, in memory and limited."""

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

DOWNLOAD_LIMIT = 20_000_000
_KEPT_BYTES = 200_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_JPEG_PLAIN = frozenset({0x01, *range(0xD0, 0xDA)})


@dataclass(frozen=True)
class StoredFile:
    """A file and how Telegram would name it."""

    id: str
    name: str
    mime_type: str
    content: bytes

    @property
    def path(self) -> str:
        """The file_path of getFile."""
        folder = "photos" if self.mime_type.startswith("image/") else "documents"
        return f"{folder}/{self.id}"

    def body(self) -> dict[str, Any]:
        """Return the fields that every file object has."""
        unique = sha256(self.content).hexdigest()[:16]
        return {"file_id": self.id, "file_unique_id": unique, "file_size": len(self.content)}


class FileShelf:
    """Keeps the newest files, up to 200 MB in all."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._count = 0

    def add(self, name: str, mime_type: str, content: bytes) -> StoredFile:
        """Store a file; the oldest ones go if it gets too much."""
        self._count += 1
        stored = StoredFile(f"local-{self._count}", name, mime_type, content)
        self._files[stored.id] = stored
        while sum(len(file.content) for file in self._files.values()) > _KEPT_BYTES and len(self._files) > 1:
            del self._files[next(iter(self._files))]
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        """Return a file that is still there."""
        return self._files.get(file_id)

    def clear(self) -> None:
        """Forget all files; their ids aren't used again."""
        self._files.clear()


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF or JPEG, or None if it is none of them."""
    if content.startswith(_PNG) and len(content) >= len(_PNG) + 16:
        width, height = struct.unpack(">II", content[16:24])
        return int(width), int(height)
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= len("GIF89a") + 4:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width), int(height)
    return _jpeg_size(content) if content.startswith(b"\xff\xd8") else None


def picture_type(content: bytes) -> str:
    """Return the media type of a picture that `picture_size` understands."""
    if content.startswith(_PNG):
        return "image/png"
    return "image/gif" if content.startswith(b"GIF8") else "image/jpeg"


def _jpeg_size(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 -- the byte that starts every JPEG marker
        marker = content[at + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 if marker in _JPEG_PLAIN else 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None
