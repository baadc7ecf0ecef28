"""The fast way through clean feeds: it is taken, it says what feedparser says, and at anything doubtful it declines."""

from __future__ import annotations

from html import escape
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from feeds.parse import Document, swift
from feeds.parse.encoding import decode
from feeds.parse.markup import MAX_DEPTH, from_root
from feeds.parse.mojibake import repaired
from feeds.parse.syndication import parse_syndication
from storage.records import ParseError

FOLDER = Path(__file__).parent / "samples" / "documents"
URL = "https://news.example.org/feed/rss"
RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:wfw="http://wellformedweb.org/commentAPI/" '
    'xmlns:yandex="http://news.yandex.ru" xmlns:acme="https://acme.example.org/"><channel>'
)
ATOM = RSS.replace('<rss version="2.0"', '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru"').removesuffix("<channel>")
SAMPLES = sorted(FOLDER.glob("*.xml"))
# Samples without anything broken or strange in them.
CLEAN = [
    "atom-1", "atom-clean", "atom-links", "cp1251-declared", "rss-091", "rss-092", "rss-2", "rss-clean", "rss-content-encoded", "rss-dates",
    "rss-google-news", "rss-guid-is-link", "rss-language-ua", "rss-no-guid", "rss-origlink", "rss-vendor-full-text",
]  # fmt: skip


def sample(name: str) -> str:
    """Return a sample document as the parsers get it."""
    return repaired(decode((FOLDER / f"{name}.xml").read_bytes(), None))


def outcome(text: str, *, swiftly: bool) -> Document | str:
    """Parse a feed; an error gives its sentence."""
    try:
        return parse_syndication(text, URL, swiftly=swiftly)
    except ParseError as error:
        return str(error)


def rss(item: str, about: str = "<title>Sample</title>") -> str:
    """Return an RSS feed of one item after a plain one."""
    return f"{RSS}{about}<item><title>First</title></item><item>{item}</item></channel></rss>"


def atom(entry: str, about: str = "<title>Sample</title>") -> str:
    """Return an Atom feed of one entry after a plain one."""
    return f"{ATOM}{about}<entry><title>First</title></entry><entry>{entry}</entry></feed>"


@pytest.mark.parametrize("name", CLEAN)
def test_clean_documents_go_the_fast_way(name: str) -> None:
    """A clean document isn't left to feedparser."""
    assert swift.read(from_root(sample(name))) is not None


@pytest.mark.parametrize("name", [path.stem for path in SAMPLES])
def test_same_as_feedparser_on_samples(name: str) -> None:
    """Whichever way a sample goes, it gives the same document or the same error."""
    assert outcome(sample(name), swiftly=True) == outcome(sample(name), swiftly=False)


UNSURE = {
    "HTML in a field": rss("<title>A <b>word</b></title>"),
    "HTML in an Atom field": atom('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A</div></title>'),
    "a title twice": rss("<title>A</title><title>B</title>"),
    "a date twice": rss("<title>A</title><dc:date>2026-08-24</dc:date><atom:updated>2026-08-23</atom:updated>"),
    "a text twice": rss("<title>A</title><description>B</description><description>C</description>"),
    "a title of a picture": rss("<media:title>A</media:title>"),
    "a text of a picture": rss("<title>A</title><media:content><media:description>B</media:description></media:content>"),
    "an unknown element": rss("<title>A</title><acme:text>B</acme:text>"),
    "an unknown element in the head": rss("<title>A</title>", "<acme:title>B</acme:title>"),
    "a language of an entry": atom('<title xml:lang="en">A</title>'),
    "a base": atom('<title>A</title><link href="/a" xml:base="https://example.org/"/>'),
    "a content of another type": atom('<title>A</title><content type="image/png">AAAA</content>'),
    "an undeclared prefix": rss("<title>A</title><odd:b/>"),
    "a prefix declared later": rss('<title>A</title><b:c xmlns:b="d"/>'),
    "a prefix used for something else": rss("<title>A</title>").replace("http://purl.org/dc/elements/1.1/", "https://example.org/"),
    "an entity": rss("<title>A &mdash; B</title>"),
    "a bare ampersand": rss("<title>A & B</title>"),
    "a control character": rss("<title>A\x0bB</title>"),
    "a character of Windows": rss("<title>A \x96 B</title>"),
    "a reference to a character of Windows": rss("<title>A &#150; B</title>"),
    "a long reference": rss("<title>A</title><guid>&#0000000065;</guid>"),
    "text encoded twice": rss("<title>cafÃ©</title>"),
    "an address with an entity": rss("<title>A</title><link>https://example.org/?a=1&amp;amp;b=2</link>"),
    "no item": f"{RSS}<title>A</title></channel></rss>",
    "no end": rss("<title>A</title>").removesuffix("</rss>"),
    "too many items": rss("<title>A</title></item><item>" * 500),
    "a long document": rss(f"<title>A</title><description>{'word ' * 60_000}</description>"),
    "deep nesting": rss("<category>" * (MAX_DEPTH + 1) + "</category>" * (MAX_DEPTH + 1)),
    "many attributes": rss("<title>A</title><enclosure " + "".join(f"a{n}='' " for n in range(300)) + "/>"),
    "an endless tag": rss(f"<title>A</title><enclosure url='{'x' * 70_000}'/>"),
    "declared as RDF": rss("<title>A</title>").replace("https://acme.example.org/", "http://purl.org/rss/1.0/"),
}


@pytest.mark.parametrize("text", UNSURE.values(), ids=UNSURE.keys())
def test_what_is_left_to_feedparser(text: str) -> None:
    """At whatever feedparser may see otherwise, the fast way declines."""
    assert swift.read(from_root(text)) is None


SCRAPS = [
    "soldiers", "матери", "Путь", " ", "  ", "\n", "\xa0", "«", "é", "Ã©", "\x96", "&", "&amp;", "&lt;b&gt;", "&nbsp;", "&#171;", "<p>",
    "</p>", "<br/>", "<", "]]>", "\u200b", "🔥", "https://example.org/a", "?a=1&b=2", "/a", "Sample", " - Outlet", "true", "2026",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(SCRAPS), max_size=8).map("".join)
ADDRESSES = st.sampled_from(
    ["https://example.org/a", "http://example.org/?a=1&b=2", "/a", "a b", "", "https:///x/y", "mailto:a@example.org", "urn:a", "ф"]
)
DATES = st.sampled_from(
    ["Mon, 24 Aug 2026 14:49:23 +0300", "2026-08-24T14:49:23Z", "24 августа 2026 14:49", "24.08.2026", "1970-01-01", "yesterday", ""]
)
RHYTHMS = st.sampled_from(["60", "x", "", "hourly", "ru"])
WAYS = st.sampled_from(
    ["{e}", "<![CDATA[{c}]]>", " {e}\n", "{e}<!-- & -->{e}", "{e}<![CDATA[{c}]]>", "{e}&#171;{e}", "&#xC3;{e}&#169;", "{e}&#150;"]
)
TYPES = ["", ' type="html"', ' type="text"', ' type="xml"']
RELATIONS = st.sampled_from(["", ' rel="alternate"', ' rel="Self"', ' type="text/HTML"', ' type="image/png"', ' rel="" title="a"'])


def element(name: str, text: st.SearchStrategy[str], attributes: str = "") -> st.SearchStrategy[str]:
    """Make elements that hold a text, escaped, in CDATA or in two parts."""

    def made(text: str, way: str) -> str:
        return f"<{name}{attributes}>{way.format(e=escape(text), c=text.replace(']]>', ''))}</{name}>"

    return st.builds(made, text, WAYS)


RSS_FIELDS = st.one_of(
    *(element(name, WORDS) for name in ("title", "description", "content:encoded", "dc:source", "yandex:full-text", "author", "category")),
    *(element(name, DATES) for name in ("pubDate", "dc:date", "atom:updated", "pubdate")),
    *(element(name, ADDRESSES) for name in ("link", "guid", "feedburner:origLink", "comments", "atom:id")),
    element("guid", WORDS, ' isPermaLink="false"'),
    element("guid", ADDRESSES, ' isPermaLink="True"'),
    element("source", WORDS, ' url="https://example.org/"'),
    element("dc:language", st.sampled_from(["en", "ru-RU", "ua", ""])),
    st.sampled_from(
        [
            '<media:content url="/a.jpg"><media:credit>A</media:credit></media:content>',
            '<enclosure url="/a.mp3" lang="fr"/>',
            '<atom:link href="/b"/>',
            "<acme:a/>",
            "<link/>",
            "<slash:comments>3</slash:comments>",
            "<media:thumbnail/>",
            "<title>A<b/></title>",
            "<guid/>",
        ]
    ),
)
ATOM_FIELDS = st.one_of(
    *(element(name, WORDS, kind) for name in ("title", "summary", "content") for kind in TYPES),
    *(element(name, DATES) for name in ("published", "updated", "dc:date")),
    element("id", ADDRESSES),
    element("dc:source", WORDS),
    st.builds("<link href='{}'{}/>".format, ADDRESSES.map(escape), RELATIONS),
    st.sampled_from(
        [
            "<author><name>A</name></author>",
            '<category term="a"/>',
            "<rights>A</rights>",
            "<source><title>A</title></source>",
            "<link/>",
            '<acme:a b="c"/>',
            "text",
        ]
    ),
)
ABOUT = st.lists(
    st.one_of(
        *(element(name, WORDS) for name in ("title", "description", "copyright")),
        *(element(name, RHYTHMS) for name in ("ttl", "sy:updatePeriod", "sy:updateFrequency", "language")),
        st.sampled_from(
            [
                "<image><title>A</title><link>/a</link></image>",
                '<atom:link href="/a" rel="self"/>',
                "<skipHours><hour>1</hour></skipHours>",
            ]
        ),
    ),
    max_size=4,
).map("".join)


def several(fields: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Make what an entry holds, mostly with each element once."""
    return st.lists(fields, max_size=7, unique_by=lambda field: field.partition(">")[0].partition(" ")[0]).map("".join) | st.lists(
        fields, max_size=4
    ).map("".join)


@given(several(RSS_FIELDS), ABOUT)
def test_same_as_feedparser_on_any_rss(item: str, about: str) -> None:
    """Whatever an item and a channel are made of, both ways read the same."""
    assert outcome(rss(item, about), swiftly=True) == outcome(rss(item, about), swiftly=False)


@given(several(ATOM_FIELDS), ABOUT)
def test_same_as_feedparser_on_any_atom(entry: str, about: str) -> None:
    """Whatever an entry and a feed are made of, both ways read the same."""
    assert outcome(atom(entry, about), swiftly=True) == outcome(atom(entry, about), swiftly=False)
