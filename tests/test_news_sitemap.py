"""News sitemaps that are long, broken or hostile; ordinary ones are among the sample documents."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse import Document
from tests.parsing import endures, outcome

RECORD = (
    "<url><loc>https://example.org/a-b-c-{0}</loc><news:news><news:title>Sample {0}</news:title>"
    "<news:publication_date>{1}</news:publication_date></news:news></url>"
)
MEGABYTES = 5_000_000


def titles(text: str) -> list[str]:
    """Return the titles of a sitemap that can be read."""
    found = outcome(text, "news_sitemap")
    assert isinstance(found, Document)
    return [entry.title for entry in found.entries]


def test_the_newest_500_of_a_long_sitemap() -> None:
    """Sitemaps have no order: the latest are taken."""
    dates = [f"2026-08-24T{n // 60:02}:{n % 60:02}:00Z" for n in range(700)]
    text = "<urlset>" + "".join(RECORD.format(n, date) for n, date in enumerate(dates)) + "</urlset>"
    assert titles(text) == [f"Sample {n}" for n in range(699, 199, -1)]


@pytest.mark.parametrize("cut", range(5, 170, 11))
def test_wherever_a_sitemap_is_cut(cut: int) -> None:
    """The complete urls survive."""
    text = "<urlset>" + RECORD.format(1, "2026-08-24") * 2 + RECORD.format(3, "2026-08-24")[:cut]
    assert titles(text) == ["Sample 1"]  # given twice, counted once


@pytest.mark.parametrize(
    "text",
    ["<urlset>" + "<url>" * (MEGABYTES // 5), "<urlset>" + "<url></url>" * (MEGABYTES // 11), "<urlset><url><loc>" + "x" * MEGABYTES],
    ids=["nesting", "urls", "text"],
)
def test_hostile_documents(text: str) -> None:
    """Megabytes of malice end in entries or in words, within seconds."""
    assert endures(text, "news_sitemap")


@given(st.text(alphabet="<>/url locsitemap&;-[]!", max_size=100))
def test_any_rubbish_after_a_url(rubbish: str) -> None:
    """A complete url survives whatever follows it."""
    assert "Sample 1" in titles(f"<urlset>{RECORD.format(1, '2026-08-24')}{rubbish}")
