"""Small documents of a test's own making: sitemaps and their index, and a channel's page."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape


def sitemap(url: str, title: str) -> bytes:
    """A news sitemap with one article."""
    news = f"<news:news><news:title>{escape(title)}</news:title></news:news>"
    namespaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return f"<urlset {namespaces}><url><loc>{url}</loc>{news}</url></urlset>".encode()


def sitemap_index(base: str, *paths: str) -> bytes:
    """An index of sitemaps."""
    listed = "".join(f"<sitemap><loc>{base}{path}</loc></sitemap>" for path in paths)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</sitemapindex>'.encode()


def channel(numbers: Iterable[int], name: str = "ch", title: str = "Канал", older: str = "") -> bytes:
    """A page of a channel's preview with posts of these numbers."""
    posts = "".join(
        f'<div class="tgme_widget_message_wrap"><div class="tgme_widget_message" data-post="{name}/{number}">'
        f'<div class="tgme_widget_message_text js-message_text">Пост номер {number} о пикете</div>'
        f'<a class="tgme_widget_message_date" href="https://t.me/{name}/{number}"><time datetime="2026-11-20T10:00:00+00:00"></time></a>'
        "</div></div>"
        for number in numbers
    )
    head = f'<link rel="prev" href="{older}">' if older else ""
    about = f'<div class="tgme_channel_info_header_title"><span>{title}</span></div>'
    return f'<html><head>{head}</head><body>{about}<section class="tgme_channel_history">{posts}</section></body></html>'.encode()
