"""Debian's Chromium for tests, and the pictures that are taken with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
SCREENSHOTS = Path(".cache/screenshots")
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
_SHOWS_NOTHING = 15_000  # bytes
# Those that go on for ever can't be done, and say so.
_BE_DONE = "document.getAnimations().forEach(each => { try { each.finish() } catch {} })"
# A busy browser takes on another theme a while after it was told to.
_HAS_THEME = "theme => matchMedia(`(prefers-color-scheme: ${theme})`).matches"
_NEXT_FRAME = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="install Chromium (Debian: apt-get install chromium) to run the browser tests")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser while the block runs."""
    with sync_playwright() as playwright:
        flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


def picture(page: Page, name: str) -> None:
    """Keep pictures of the page as it is now, at both widths and in both themes; one that shows nothing is a fault."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        opened, log = page.locator('.peer[aria-current="true"]'), page.get_by_role("log")
        if not log.is_visible():
            opened.click()
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
            page.wait_for_function(_HAS_THEME, arg=theme)
            page.evaluate(_NEXT_FRAME)
            page.evaluate(_BE_DONE)
            file = SCREENSHOTS / f"{name}-{size}-{theme}.png"
            page.screenshot(path=file)
            assert file.stat().st_size > _SHOWS_NOTHING
