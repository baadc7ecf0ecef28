"""``homefront run --demo``: the real program on sample outlets, in a folder that is gone afterwards, with a first visit acted out."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from bot.app import Place, run, say_ready
from bot.demo.outlets import SampleOutlets
from bot.localchat.server import LocalChat
from bot.serve import served
from bot.settings import Settings

GUEST = 1001
# Seconds after which the first poll has surely brought something to read.
FIRST_LOOK = 4.0


async def run_demo(settings: Settings) -> None:
    """Serve the sample outlets on loopback and run the program on them until it is stopped."""
    outlets = SampleOutlets(datetime.now(UTC), lambda: datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="homefront-demo-") as folder:
        own = {"telegram_token": None, "database_url": None, "data_dir": Path(folder), "allow_private_addresses": True, "access": "open"}
        async with served(outlets.app, 0) as base:
            await run(settings.model_copy(update=own), samples=outlets.sources(base), ready=_welcome)


def _welcome(place: Place) -> None:
    """Say where the chat is, and act out a first visit: all topics, two digests in the next minutes, and a look at the last days."""
    say_ready(place)
    if place.chat is None:
        return
    soon = datetime.now(UTC) + timedelta(minutes=1)
    _say(place.chat, "/start", "/topics on all", "/timezone UTC", f"/schedule {soon:%H:%M} {soon + timedelta(minutes=2):%H:%M}")
    asyncio.get_running_loop().call_later(FIRST_LOOK, partial(_say, place.chat, "/digest week"))


def _say(chat: LocalChat, *texts: str) -> None:
    for text in texts:
        chat.say(GUEST, text)
