"""A newcomer's first visit in a real browser: the program, its chat page, buttons, a digest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import chromium, needs_chromium, picture
from tests.world import Outlets, outlets, program, source_list

pytestmark = needs_chromium

STORIES = [
    (
        "The Way Home",
        "Put' Domoi asks for a date of return",
        "Relatives of mobilised Russians, who call themselves Put' Domoi, wrote to their deputies.",
    ),
    (
        "Пути домой",
        "«Путь домой» снова у Вечного огня",
        "Участницы «Пути домой» в белых платках возложили цветы в Москве и попросили вернуть мобилизованных.",
    ),
    ("Вдовы", "Солдатские вдовы России просят о встрече", "Солдатские вдовы России отправили обращение президенту о мобилизации."),
    (
        "Матері",
        "Комітет солдатських матерів про мобілізацію в Росії",
        "У Комітеті солдатських матерів Росії розповіли, про що питають рідні мобілізованих.",
    ),
    (
        "Council",
        "Council of Wives and Mothers gets an answer",
        "The Council of Wives and Mothers said that the defence ministry of Russia had answered its petition.",
    ),
]


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as opened:
        yield opened


def _publish(held: Outlets) -> None:
    """Two outlets with the same stories on two addresses each, so that there are copies."""
    for outlet in ("herald", "mirror"):
        items = [
            {
                "guid": name,
                "link": f"https://{outlet}.example/{number}",
                "title": title,
                "text": f"{text} This is a sample, not news. Это образец.",
            }
            for number, (name, title, text) in enumerate(STORIES)
        ]
        held.rss(f"/{outlet}", outlet, items)


def test_a_first_visit(browser: Browser, tmp_path: Path) -> None:
    """Start, language, topics, hour: a first digest appears, its quote unfolds, and a search with an inflected word finds."""
    with outlets() as held:
        _publish(held)
        listed = source_list(
            tmp_path / "sources.toml",
            {"name": "Sample Herald", "url": f"{held.base}/herald", "standing": "exile"},
            {"name": "Sample Mirror", "url": f"{held.base}/mirror", "standing": "state"},
        )
        with program(tmp_path / "data", listed) as running:
            running.wait(lambda: "10 articles" in running.ask("/status")["text"] or None, "the articles")
            running.call("reset")
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(running.page)
            _set_up(page)
            _read_and_search(page)
            picture(page, "first-visit")


def _set_up(page: Page) -> None:
    last = page.get_by_role("article").last
    start = page.get_by_role("button", name="START", exact=True)
    start.click()
    last.get_by_role("button", name="English").click()
    last.get_by_role("button", name="Select all").click()
    last.get_by_role("button", name="Next: the hour").click()
    last.get_by_role("button", name="08:00").click()
    expect(last).to_contain_text("The Way Home")


def _read_and_search(page: Page) -> None:
    digest = page.get_by_role("article").last
    expect(digest.get_by_role("link", name="Put' Domoi asks for a date of return")).to_be_visible()
    expect(digest).to_contain_text("Also in:")
    field = page.get_by_role("combobox", name="Message")
    field.fill("солдатским вдовам")
    field.press("Enter")
    expect(page.get_by_role("article").last.get_by_role("link", name="Солдатские вдовы России просят о встрече").first).to_be_visible()
