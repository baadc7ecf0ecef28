"""The public preview of a Telegram channel, t.me/s/<channel> (the only home of selectolax).

What marks a post is its ``data-post``; nearly every other class has been on every post at some time. A page without posts and without
a history is a refusal, which mostly arrives with status 200.
"""

from __future__ import annotations

import re
from datetime import datetime

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.clean import headline, one_line, to_text
from feeds.parse.dates import read_date
from feeds.parse.document import MAX_ENTRIES, Document, NoPreviewError, address, collect
from storage.records import Entry, ParseError, sentence

_SITE = "https://t.me/"
_MAX_PAGE_CHARS = 2_000_000  # a page of 20 long posts has about 300,000
_POST_ID = re.compile(r"[A-Za-z0-9_]{1,64}/\d{1,12}")
_MAX_DEPTH = 500
_TAG = re.compile(r"<(/?)(?!(?:area|br|hr|img|input|link|meta|path|source|wbr)\b)([A-Za-z][A-Za-z0-9-]*)(?![^<>]{0,500}/>)")
_ENDLESS_TAG = re.compile(r"<[A-Za-z][^<>]{65536}")
_SERVICE = "service_message"
# What a post without text is said to be; the first that fits decides.
_MEDIA = (
    (".tgme_widget_message_video_player", "video"),
    (".tgme_widget_message_roundvideo_player", "video message"),
    (".tgme_widget_message_photo_wrap", "photo"),
    (".tgme_widget_message_voice_player", "voice message"),
    (".tgme_widget_message_document_wrap", "document"),
    (".tgme_widget_message_sticker_wrap", "sticker"),
    (".tgme_widget_message_location_wrap", "location"),
    (".message_media_not_supported", "a post that only Telegram can show"),
)


def parse_telegram(text: str, url: str) -> Document:
    """Read the posts of a channel's page, oldest first as there; service messages are left out.

    A post's title is its first line, a forward's ``outlet`` the channel it came from. ``older`` is the address of the page before.
    Raises NoPreviewError where the channel shows none, ParseError where this is no page of Telegram's.
    """
    if not _is_tame(text[:_MAX_PAGE_CHARS]):
        raise ParseError(sentence("The page can't be read: its elements are nested too deeply, or one of them is too long."), url)
    tree = LexborHTMLParser(text[:_MAX_PAGE_CHARS])
    posts = tree.css(".tgme_widget_message[data-post]")
    if not posts and tree.css_first(".tgme_channel_history, .tme_no_messages_found") is None:
        if "tgme_" not in text:
            raise ParseError(sentence("This is not a page of a Telegram channel."), url)
        raise NoPreviewError(sentence("No preview: the channel is private, missing or restricted."), url)
    ordinary = [post for post in posts if _SERVICE not in (post.attributes.get("class") or "")]
    entries, skipped = collect((_entry(post) for post in ordinary[-MAX_ENTRIES:]), (), url)
    shown = frozenset(found for post in posts if _POST_ID.fullmatch(found := post.attributes.get("data-post") or ""))
    return Document(format="telegram", title=_title(tree), entries=entries, skipped=skipped, older=_older(tree), shown=shown)


def _is_tame(page: str) -> bool:
    """Say whether a page can be given to the HTML parser, which takes minutes for deep nesting and for endless tags."""
    if _ENDLESS_TAG.search(page):
        return False
    open_elements: list[str] = []
    for tag in _TAG.finditer(page):
        if not tag[1]:
            open_elements.append(tag[2])
        elif open_elements and open_elements[-1] == tag[2]:
            open_elements.pop()
        if len(open_elements) > _MAX_DEPTH:
            return False
    return True


def _entry(post: LexborNode) -> Entry | None:
    """Read one post; None where its id or everything in it is missing."""
    post_id = post.attributes.get("data-post") or ""
    text = _text(post)
    if not _POST_ID.fullmatch(post_id) or not text:
        return None
    return Entry(
        guid=post_id,
        url=_own_address(post, post_id),
        title=headline(text),
        text=text,
        published=_date(post),
        outlet=one_line(_markup(post.css_first(".tgme_widget_message_forwarded_from_name")), 200) or None,
    )


def _own_address(post: LexborNode, post_id: str) -> str:
    """Return the address that the post's date leads to where it is the post's, so that a mirror's posts are opened at the mirror."""
    node = post.css_first("a.tgme_widget_message_date[href]")
    found = address(node.attributes.get("href"), _SITE) if node else None
    return found if found and found.endswith(f"/{post_id}") else f"{_SITE}{post_id}"


def _text(post: LexborNode) -> str:
    """Return the post's own text, not that of a quoted reply or of a link's preview; else its poll, else what media it has."""
    bodies = [to_text(_markup(node)) for node in post.css(".tgme_widget_message_text.js-message_text")]
    text = max(bodies, key=len, default="")
    return text or _poll(post) or _media(post)


def _poll(post: LexborNode) -> str:
    lines = post.css(".tgme_widget_message_poll_question, .tgme_widget_message_poll_option_text")
    return "\n".join(one_line(_markup(line)) for line in lines)


def _media(post: LexborNode) -> str:
    kind = next((name for selector, name in _MEDIA if post.css_first(selector) is not None), None)
    title = one_line(_markup(post.css_first(".tgme_widget_message_document_title")))
    return f"[{kind}{': ' if title else ''}{title}]" if kind else ""


def _date(post: LexborNode) -> datetime | None:
    """Return the date of the post; the other times on a page are lengths of videos."""
    node = post.css_first(".tgme_widget_message_date time[datetime]")
    return read_date(node.attributes.get("datetime")) if node else None


def _title(tree: LexborHTMLParser) -> str:
    return one_line(_markup(tree.css_first(".tgme_channel_info_header_title, .tgme_header_title")), 200)


def _older(tree: LexborHTMLParser) -> str | None:
    """Return the address of the page before; ``rel=canonical`` is the page itself, following it would loop."""
    link = tree.css_first("link[rel=prev]") or tree.css_first("a.js-messages_more[data-before]")
    return address(link.attributes.get("href"), _SITE) if link else None


def _markup(node: LexborNode | None) -> str:
    return (node.inner_html or "") if node else ""
