"""Credits are recognised where agencies put them, and mentions aren't credits."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies

from feeds.sameness.wire import dateline_end, wire_credit

TEXT = "Жёны мобилизованных вышли на пикет у прокуратуры в Казани."


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("MOSCOW, May 12 (Reuters) - Wives of soldiers", "Reuters"),
        ("Reuters — Wives of soldiers", "Reuters"),
        ("KYIV (AP) — Wives of soldiers", "AP"),
        ("BERLIN, Nov 3 (dpa) - Wives of soldiers", "dpa"),
        ("МОСКВА, 12 мая — РИА Новости. Жёны вышли", "RIA Novosti"),
        ("МОСКВА, 12 мая. /ТАСС/. Жёны вышли", "TASS"),
        ("Москва. 12 мая. INTERFAX.RU - Жёны вышли", "Interfax"),
        ("КИЇВ. 12 травня. Інтерфакс-Україна — Дружини вийшли", "Interfax-Ukraine"),
        ("КИЕВ, 12 мая (РБК-Украина) - Жёны вышли", "RBC-Ukraine"),
        (f"{TEXT} (Reuters)", "Reuters"),
        (f"{TEXT}\nУкрінформ", "Ukrinform"),
        (f"{TEXT} Источник: ТАСС", "TASS"),
        (f"{TEXT} Source: AFP", "AFP"),
        (f"{TEXT} © 2026 AFP", "AFP"),
        (f"{TEXT} (Reporting by A. Writer; Editing by B. Editor)", "Reuters"),
        ("He told Reuters - which asked him - that wives came", None),
        ("Wives came to the square, Reuters reported.", None),
        ("Об этом заявил ТАСС. Жёны вышли", None),
        ("Он рассказал ТАСС", None),
        ("Something that he told AFP.", None),
        (f"{TEXT} Фото: ТАСС", None),
        (f"{TEXT} Photo: (AFP)", None),
        (TEXT, None),
        ("", None),
    ],
)  # fmt: skip
def test_credits_in_the_text(text: str, agency: str | None) -> None:
    """The dateline and the end of a text credit; what stands inside of a sentence doesn't."""
    assert wire_credit("", text) == agency


def test_credits_of_title_and_outlet() -> None:
    """An agency's own feed, and an aggregator's title."""
    assert wire_credit("Wives came - Reuters", TEXT) == "Reuters"
    assert wire_credit("Жёны вышли — РИА Новости", TEXT) == "RIA Novosti"
    assert wire_credit("Wives came", TEXT, "Interfax-Ukraine") == "Interfax-Ukraine"
    assert wire_credit("Wives came", TEXT, "Tasstown Gazette") is None


def test_datelines_end_where_the_sentence_begins() -> None:
    """Without an agency a place in capitals and a day are a dateline too."""
    for dateline in ("MOSCOW, May 12 (Reuters) - ", "МОСКВА, 12 мая — РИА Новости. ", "КИЇВ, 12 травня — "):
        assert (dateline + TEXT)[dateline_end(dateline + TEXT) :] == TEXT
    assert dateline_end(TEXT) == 0


@settings(deadline=None)
@given(title=strategies.text(max_size=80), text=strategies.text(max_size=300))
def test_any_text(title: str, text: str) -> None:
    """No text breaks it, and a dateline ends inside of the text."""
    wire_credit(title, text, title)
    assert 0 <= dateline_end(text) <= len(text)


@pytest.mark.parametrize("unit", ["(", "reuters ", "- ", ". ", "\n", "\ud800", "a b, "])
def test_hostile_texts_take_bounded_time(unit: str) -> None:
    """Only the ends of a text are read."""
    started = time.process_time()
    wire_credit(unit * 100_000, unit * 100_000, unit * 100_000)
    assert time.process_time() - started < 0.1
