"""``homefront run --demo``: the real program on sample outlets, in a folder that is gone afterwards, with a first visit acted out."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.app import Place, run, say_ready
from bot.demo.outlets import SampleOutlets
from bot.serve import served
from bot.settings import Settings

GUEST = 1001


async def run_demo(settings: Settings) -> None:
    """Serve the sample outlets on loopback and run the program on them until it is stopped."""
    outlets = SampleOutlets(datetime.now(UTC), lambda: datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="homefront-demo-") as folder:
        own = {"telegram_token": None, "database_url": None, "data_dir": Path(folder), "allow_private_addresses": True, "access": "open"}
        async with served(outlets.app, 0) as base:
            await run(settings.model_copy(update=own), samples=outlets.sources(base), ready=_welcome)


def _welcome(place: Place) -> None:
    """Say where the chat is, and take the guest's first steps: both topics and hours are set, and a digest comes with the next minute."""
    say_ready(place)
    if place.chat is None:
        return
    soon = datetime.now(UTC) + timedelta(seconds=75)
    for text in ("/start", "/topics on all", "/timezone UTC", f"/schedule {soon:%H:%M} {soon + timedelta(minutes=2):%H:%M}"):
        place.chat.say(GUEST, text)
