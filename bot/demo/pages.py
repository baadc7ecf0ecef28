"""The HTML of the sample outlets: a channel's preview page as t.me/s/ shows it, and the page of one article (pure)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from html import escape

from bot.demo.newsroom import Item

_NOTICES = {
    "en": "This sample article was made up to show how homefront works. Nothing in it has happened.",
    "ru": "Это образец: текст придуман, чтобы показать, как работает homefront. Ничего из этого не происходило.",
    "uk": "Це зразок: текст вигадано, щоб показати, як працює homefront. Нічого з цього не відбувалося.",
}


def channel_page(channel: str, title: str, posts: Iterable[Item], base: str) -> str:
    """Return the preview of a channel with ``posts``, oldest first."""
    return f"""<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><title>{escape(title)} – Telegram</title>
<link rel="canonical" href="/s/{channel}"></head>
<body class="widget_frame_base tgme_webpreview"><header class="tgme_header"><div class="tgme_channel_info">
<div class="tgme_channel_info_header"><div class="tgme_channel_info_header_title"><span dir="auto">{escape(title)}</span></div>
<div class="tgme_channel_info_header_username"><a href="{escape(base)}/s/{channel}">@{channel}</a></div></div></div></header>
<main class="tgme_main" data-url="/{channel}"><section class="tgme_channel_history js-message_history">
{"".join(_post(channel, post, base) for post in posts)}</section></main></body></html>
"""


def _post(channel: str, post: Item, base: str) -> str:
    name = f"{channel}/{post.slug}"
    return f"""<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="{name}"><div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_text js-message_text" dir="auto"><b>{escape(post.title)}</b><br/><br/>{escape(post.text)}</div>
<div class="tgme_widget_message_footer"><div class="tgme_widget_message_info"><span class="tgme_widget_message_meta">
<a class="tgme_widget_message_date" href="{escape(base)}/{name}"><time datetime="{post.published.astimezone(UTC):%Y-%m-%dT%H:%M:%S+00:00}"
 class="time">{post.published:%H:%M}</time></a></span></div></div></div></div></div>
"""


def article_page(outlet: str, item: Item) -> str:
    """Return the page that an item's address leads to."""
    return f"""<!DOCTYPE html>
<html lang="{item.language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><title>{escape(item.title)} – {escape(outlet)}</title></head>
<body><p>{escape(outlet)} · <time datetime="{item.published.isoformat(timespec="seconds")}">{item.published:%Y-%m-%d %H:%M} UTC</time></p>
<h1>{escape(item.title)}</h1>
<p>{escape(item.text)}</p>
<hr><p><small>{_NOTICES[item.language]}</small></p></body></html>
"""
