"""Channel pages that are long, broken or hostile; ordinary ones are among the sample documents."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from feeds.parse import Document
from tests.parsing import endures, outcome

CHANNEL = "https://t.me/s/samplechannel"
POST = '<div class="tgme_widget_message" data-post="a/{0}"><div class="tgme_widget_message_text js-message_text">Sample {0}'
MEGABYTES = 5_000_000


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * (MEGABYTES // 5),
        POST * (MEGABYTES // len(POST)),
        (POST + "</div></div>") * (MEGABYTES // len(POST)),
        "<div tgme_ " + " ".join(f"a{n}=x" for n in range(500_000)) + ">",
        "".join(f"<font a={n}>" for n in range(300_000)),
    ],
    ids=["nesting", "open posts", "posts", "attributes", "formatting"],
)
def test_hostile_pages(text: str) -> None:
    """Megabytes of malice end in posts or in words, within seconds."""
    assert endures(text, "telegram", CHANNEL)


@pytest.mark.parametrize("cut", range(1, len(POST), 9))
def test_wherever_a_page_is_cut(cut: int) -> None:
    """The posts before the cut survive."""
    found = outcome(POST.format(1) + "</div></div>" + POST.format(2)[:cut], "telegram", CHANNEL)
    assert isinstance(found, Document)
    assert found.entries[0].text == "Sample 1"


@given(st.text(alphabet='<>/div class="tgme_widget_message" data-post=a1', max_size=100))
def test_any_page(page: str) -> None:
    """Whatever a page holds, it gives posts or a sentence."""
    assert outcome(POST.format(1) + page, "telegram", CHANNEL)


def test_a_channels_address_decides() -> None:
    """A page at t.me is read as a channel's, whatever kind its source is said to have."""
    found = outcome(POST.format(1), "feed", CHANNEL)
    assert isinstance(found, Document)
    assert found.format == "telegram"


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://t.me/a/1", "https://t.me/a/1"),
        ("https://mirror.example/a/1", "https://mirror.example/a/1"),
        ("https://elsewhere.example/other", "https://t.me/a/1"),
        ("javascript:alert(1)", "https://t.me/a/1"),
    ],
)
def test_where_a_post_is_opened(href: str, url: str) -> None:
    """At the address that its date leads to, if that is the post's own; else on t.me."""
    date = f'<a class="tgme_widget_message_date" href="{href}"><time datetime="2026-11-22T08:00:00+00:00">08:00</time></a>'
    found = outcome(f"{POST.format(1)}</div>{date}</div>", "telegram", CHANNEL)
    assert isinstance(found, Document)
    assert found.entries[0].url == url
