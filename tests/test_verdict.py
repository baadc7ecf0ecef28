"""How a verdict is written down."""

from __future__ import annotations

from feeds.verdict import TopicMatch, Verdict, verdict_as_json
from storage.records import Mention


def test_the_line_of_homefront_match() -> None:
    """Each mention quotes the original's characters."""
    topic = TopicMatch("protest", (Mention("protest", "rally", "text", 2, 7),), (None,))
    verdict = Verdict("en", relevant=True, topics=(topic,), turned_down=())
    assert verdict_as_json("7", verdict, "Title", "A Rally") == {
        "id": "7",
        "lang": "en",
        "relevant": True,
        "topics": [{"id": "protest", "mentions": [{"alias": "rally", "field": "text", "start": 2, "end": 7, "quote": "Rally"}]}],
    }


def test_an_item_that_is_not_relevant() -> None:
    """It has no topics."""
    line = verdict_as_json("8", Verdict("ru", relevant=False, topics=(), turned_down=()), "", "")
    assert (line["relevant"], line["topics"]) == (False, [])
