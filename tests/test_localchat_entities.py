"""The local chat reads a bot's texts as Telegram does; the markup examples are those of tdlib/td, test/message_entities.cpp."""

from typing import Any

import pytest
from hypothesis import given, strategies as st

from bot.localchat.entities import CAPTION_LIMIT, TEXT_LIMIT, caption, formatted, message_text, plain, utf16_length
from bot.localchat.errors import ApiError
from bot.localchat.spans import Span, arrange


def entity(kind: str, offset: int, length: int, **extra: Any) -> dict[str, Any]:
    """Return a MessageEntity object."""
    return {"type": kind, "offset": offset, "length": length, **extra}


def refusal(text: str, parse_mode: str = "HTML") -> str:
    """Return why a message text is refused."""
    with pytest.raises(ApiError) as raised:
        message_text(text, parse_mode)
    return raised.value.description


PREFIX = "🏟 🏟&lt;"


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (f"{PREFIX}<abacaba", "Unclosed start tag at byte offset 13"),
        (f"{PREFIX}<abac aba>", 'Unsupported start tag "abac" at byte offset 13'),
        (f"{PREFIX}<i   =aba>", 'Empty attribute name in the tag "i" at byte offset 13'),
        (f"{PREFIX}<i    aba>", 'Can\'t find end tag corresponding to start tag "i"'),
        (f"{PREFIX}<i    aba  =  ", 'Unclosed start tag "i" at byte offset 13'),
        (f"{PREFIX}<i    aba  =  190azAz-.,", "Unexpected end of name token at byte offset 27"),
        (f'{PREFIX}<i    aba  =  "&lt;&gt;&quot;>', "Unclosed start tag at byte offset 13"),
        (f"{PREFIX}</", "Unexpected end tag at byte offset 13"),
        (f"{PREFIX}<b></b></", "Unexpected end tag at byte offset 20"),
        (f"{PREFIX}<i>a</i   ", "Unclosed end tag at byte offset 17"),
        (f"{PREFIX}<i>a</em   >", 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        (
            "a&#57311;",
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
        ),
    ],
)
def test_wrong_markup_is_refused_in_telegrams_words(markup: str, reason: str) -> None:
    """The reason and its byte offset are those of the original's own tests."""
    assert refusal(markup) == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("markup", "text", "entities"),
    [
        ("&ge;&lt;&gt;&amp;&quot;&laquo;&#12345678;", '&ge;<>&"&laquo;&#12345678;', []),
        ("a&nbsp;b &#x41;&#66;", "a&nbsp;b AB", []),
        ("➡️ ➡️<i>➡️ ➡️</i><b>➡️ ➡️</b>", "➡️ ➡️➡️ ➡️➡️ ➡️", [entity("italic", 5, 5), entity("bold", 10, 5)]),
        ("🏟 🏟<i>🏟 &lt🏟</i>", "🏟 🏟🏟 <🏟", [entity("italic", 5, 6)]),
        (f"{PREFIX}<i    aba  =  '&lt;&gt;&quot;'>a</>", "🏟 🏟<a", [entity("italic", 6, 1)]),
        ("<a href=telegram.org>x</a>", "x", [entity("text_link", 0, 1, url="http://telegram.org/")]),
        ("<a   href=  'telegram.org?&lt;'   >x</a>", "x", [entity("text_link", 0, 1, url="http://telegram.org/?<")]),
        ("<a>telegram.org</a>", "telegram.org", [entity("text_link", 0, 12, url="http://telegram.org/")]),
        ("<a href='javascript:alert(1)'>x</a> <a href='http://localhost/'>y</a>", "x y", []),
        ('<pre><code class="language-fift">🏟</></>', "🏟", [entity("pre", 0, 2, language="fift")]),
        ('<pre>a <code class="language-fift">b</></>', "a b", [entity("pre", 0, 3)]),
        (
            "<blockquote   expandable   asd>a&lt;<pre  >b;</></>",
            "a<b;",
            [entity("expandable_blockquote", 0, 4), entity("pre", 2, 2)],
        ),
        ("<span class='tg-spoiler'>a</span><tg-spoiler>b</tg-spoiler>", "ab", [entity("spoiler", 0, 2)]),
        ("<DEL>a</del>", "a", [entity("strikethrough", 0, 1)]),
        ("  <b> a </b>  ", "a", [entity("bold", 0, 1)]),
    ],
)
def test_markup_gives_telegrams_text_and_entities(markup: str, text: str, entities: list[dict[str, Any]]) -> None:
    """Offsets count UTF-16 units; addresses that Telegram drops leave their text."""
    assert formatted(markup, "HTML") == (text, entities)


def test_bold_is_cut_at_the_borders_of_a_link_inside_it() -> None:
    """Telegram never lets a bold entity hold a link whole."""
    found = formatted('<b>aa <a href="https://e.com">bb</a> cc</b>', "HTML").entities
    link = entity("text_link", 3, 2, url="https://e.com/")
    assert found == [entity("bold", 0, 3), link, entity("bold", 3, 2), entity("bold", 5, 3)]


def test_links_mentions_tags_and_commands_are_found_by_themselves() -> None:
    """What ends a sentence doesn't belong to the address."""
    found = plain("/start@x_bot см. https://a.b/c(d), t.me/x. #тег $TON @you a@b.org и слово.дом").entities
    assert [(item["type"], item["length"]) for item in found] == [
        ("bot_command", 12), ("url", 16), ("url", 6), ("hashtag", 4), ("cashtag", 4), ("mention", 4), ("email", 7),
    ]  # fmt: skip


def test_nothing_is_found_inside_a_link_or_code() -> None:
    """An entity that came with the message wins over one found in its text."""
    found = formatted('<a href="https://e.com">https://other.org</a> <code>/start</code>', "HTML").entities
    assert [item["type"] for item in found] == ["text_link", "code"]


def test_length_counts_characters_after_parsing() -> None:
    """4,096 emoji are 8,192 UTF-16 units, and fit; markup isn't counted."""
    assert len(message_text("🏟" * TEXT_LIMIT).text) == TEXT_LIMIT
    assert message_text(f"<b>{'a' * TEXT_LIMIT}</b>", "HTML").entities == [entity("bold", 0, TEXT_LIMIT)]
    assert refusal("🏟" * (TEXT_LIMIT + 1)) == "Bad Request: message is too long"
    with pytest.raises(ApiError, match="Bad Request: message caption is too long"):
        caption("a" * (CAPTION_LIMIT + 1))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("<b> </b>", "text must be non-empty"),
        ("a" * 32_769, "text is too long"),
        ("".join(f'<a href="https://e.com/{"x" * 280}{n}">a</a> ' for n in range(34)), "ENTITIES_TOO_LONG"),
    ],
)
def test_a_text_that_is_empty_or_too_big_is_refused(text: str, reason: str) -> None:
    """Each limit has its own words."""
    assert refusal(text) == f"Bad Request: {reason}"


def test_an_unknown_parse_mode_is_refused() -> None:
    """Only HTML is spoken here."""
    assert refusal("a", "BBCode") == "Bad Request: unsupported parse_mode"


def test_a_callers_entities_are_kept_and_cut_to_a_hundred() -> None:
    """More than a hundred are silently left out."""
    given_entities = [entity("bold", 2 * n, 1) for n in range(120)]
    assert formatted("a " * 120, "", given_entities).entities == given_entities[:100]


@given(st.text(st.sampled_from("ab<>/&;=\"'# \n🏟é") | st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    """No markup, however broken, gets anything but entities within the text or an ApiError."""
    try:
        found = formatted(text, "HTML")
    except ApiError:
        return
    units = found.text.encode("utf-16-le")
    for item in found.entities:
        assert 0 <= item["offset"] < item["offset"] + item["length"] <= utf16_length(found.text)
        units[2 * item["offset"] : 2 * (item["offset"] + item["length"])].decode("utf-16-le")


KINDS = ["bold", "italic", "spoiler", "text_link", "code", "pre", "blockquote", "expandable_blockquote"]


@given(
    st.lists(
        st.builds(
            lambda kind, start, length: Span(kind, start, start + length), st.sampled_from(KINDS), st.integers(0, 20), st.integers(1, 9)
        )
    )
)
def test_arranged_spans_nest(spans: list[Span]) -> None:
    """Whatever overlaps is cut, so that a client can draw one inside the other; code holds nothing."""
    arranged = arrange(spans)
    for index, outer in enumerate(arranged):
        for inner in arranged[index + 1 :]:
            overlap = inner.start < outer.end and outer.start < inner.end
            assert not overlap or inner.end <= outer.end
            assert not (overlap and outer.kind in ("code", "pre"))
