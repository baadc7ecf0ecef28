"""The source list."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.catalog import load
from storage.records import SettingsError, Source

GOOD = '[[source]]\nname = "Sample"\nurl = "https://example.org/feed"\n'
OUTLETS = [
    "www.themoscowtimes.com/rss/news", "ru.themoscowtimes.com/rss/news", "meduza.io/rss/all", "meduza.io/rss/en/all", "zona.media/rss",
    "theins.ru/feed", "currenttime.tv/api/zgbip_l-vomx-tpe-v_py", "ovd.info/rss.xml", "rferl.org/api/zpiirl-vomx-tpe_gmr",
    "rferl.org/api/zviipl-vomx-tpeugmm", "rferl.org/api/zbgvmtl-vomx-tpeq_kmr", "radiosvoboda.org/api/zrqitl-vomx-tpeoumq",
    "radiosvoboda.org/api/zijqpql-vomx-tpem_ppo", "novayagazeta.eu/feed/rss", "novayagazeta.eu/feed/rss/en", "verstka.media/feed/",
    "istories.media/rss/all.xml", "agents.media/feed/", "bbci.co.uk/russian/rss.xml", "bbci.co.uk/news/topics/c1vw6q14rzqt/rss.xml",
    "theguardian.com/world/rss", "theguardian.com/world/russia/rss", "telegraph.co.uk/rss.xml",
    "reuters.com/arc/outboundfeeds/news-sitemap-index/?outputType=xml", "news-sitemap/?outputType=xml",
    "nbcnews.com/sitemap/nbcnews/sitemap-news", "pravda.com.ua/rss/view_news/", "pravda.com.ua/eng/rss/view_news/",
    "ukrinform.ua/rss/block-lastnews", "ukrinform.net/rss/block-lastnews", "suspilne.media/rss/all.rss", "tass.com/rss/v2.xml",
    "tass.ru/rss/v2.xml", "kommersant.ru/RSS/main.xml", "lenta.ru/rss/news", "ria.ru/export/rss2/archive/index.xml", "t.me/s/PYTY_DOMOY",
    "t.me/s/mediazzzona", "t.me/s/meduzalive", "t.me/s/astrapress", "t.me/s/agentstvonews", "t.me/s/holodmedia", "t.me/s/novaya_europe",
    "t.me/s/radiosvoboda",
]  # fmt: skip


def test_the_shipped_list_has_every_outlet() -> None:
    """Every address that is known of, each with its kind."""
    urls = [source.url for source in load()]
    assert [outlet for outlet in OUTLETS if not any(url.endswith(outlet) for url in urls)] == []
    kinds = {source.url.split("/")[2]: source.kind for source in load()}
    assert (kinds["t.me"], kinds["www.reuters.com"], kinds["www.nbcnews.com"]) == ("telegram", "news_sitemap", "news_sitemap")


def test_searches_in_three_languages_for_each_group() -> None:
    """Google News is asked for four groups in English, Russian and Ukrainian."""
    searches = [source for source in load() if source.publisher == "Google News"]
    assert sorted(str(source.language) for source in searches) == ["en"] * 4 + ["ru"] * 4 + ["uk"] * 4


def test_what_is_off_by_default_says_why() -> None:
    """Lenta and RIA are listed but not polled."""
    off = {source.name: source.note for source in load() if not source.enabled}
    assert sorted(off) == ["Lenta", "RIA Novosti"]
    assert all("EU" in note for note in off.values())


def test_feeds_of_one_publisher_count_as_one() -> None:
    """A publisher's feeds, sitemaps and channels share its name and standing."""
    standings: dict[str, set[str]] = {}
    for source in load():
        standings.setdefault(source.publisher, set()).add(source.standing)
    assert standings["Meduza"] == {"exile"}
    assert len([source for source in load() if source.publisher == "Meduza"]) == 3


def test_own_list(tmp_path: Path) -> None:
    """An operator's list has the same form; what is left out has its default."""
    path = tmp_path / "sources.toml"
    path.write_text(GOOD + 'interval = 900\nenabled = false\nlanguage = "uk"\n', encoding="utf-8")
    assert load(path) == (Source("Sample", "https://example.org/feed", publisher="Sample", interval=900, enabled=False, language="uk"),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", ["unknown key 'x'"]),
        ("", ["no source is listed"]),
        ("[[source]\n", ["valid TOML"]),
        ("source = [1]", ["source 1", "[[source]]"]),
        ('[[source]]\nurl = "https://example.org/"', ["source 1", "name is missing"]),
        ('[[source]]\nname = "A"', ["source 1 (A)", "url is missing"]),
        ('[[source]]\nname = "A"\nurl = "ftp://example.org"', ["(A)", "url: ", "https://"]),
        (GOOD + "kind = 3", ["(Sample)", "kind must be a text"]),
        (GOOD + 'kind = "magazine"', ["kind must be one of feed, news_sitemap, telegram"]),
        (GOOD + 'standing = "good"', ["standing must be one of"]),
        (GOOD + 'language = "de"', ["language must be one of en, ru, uk"]),
        (GOOD + "interval = 60", ["interval must be 600 seconds or more"]),
        (GOOD + "interval = true", ["interval must be a whole number"]),
        (GOOD + "enabled = 1", ["enabled must be true or false"]),
        (GOOD + "color = 1", ["unknown key “color”"]),
        (GOOD + GOOD, ["name is used twice"]),
        (GOOD + GOOD.replace("Sample", "Other"), ["(Other)", "listed twice"]),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    """An error names the entry and the key."""
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(path)
    assert [word for word in words if word not in str(caught.value)] == []


def test_a_list_that_cannot_be_opened(tmp_path: Path) -> None:
    """Missing files and bytes that are no text."""
    with pytest.raises(SettingsError, match="can't be read"):
        load(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="valid TOML"):
        load(tmp_path / "binary.toml")
