"""The figures: counted once, named in one place, shown and watched by the files in deploy/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot import troubles
from bot.metrics import Metrics
from feeds.poll import Polling, Report
from storage import claiming
from storage.database import Database
from storage.polled import unpolled
from storage.records import Source, SourceError, sentence
from tests.building import admit, arrival, event, listed

DEPLOY = Path(__file__).parent.parent / "deploy"
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "gauge": ("",)}


@pytest.fixture
def metrics(database: Database, now: datetime) -> Metrics:
    """Metrics of an empty database."""
    return Metrics(database, lambda: now)


def _families(metrics: Metrics) -> list[Metric]:
    return list(text_string_to_metric_families(metrics.text().decode()))


def _values(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels."""
    return {(sample.name, *sample.labels.values()): sample.value for family in _families(metrics) for sample in family.samples}


def _named(metrics: Metrics) -> Iterator[tuple[str, ...]]:
    """Of each metric the names that a query may use."""
    for family in _families(metrics):
        yield tuple(f"{family.name}{suffix}" for suffix in SUFFIXES[family.type])


def _expressions() -> dict[str, str]:
    """Every query of the dashboard and of the alerts, by the title of its panel or the alert's name."""
    panels = json.loads((DEPLOY / "grafana.json").read_text(encoding="utf-8"))["panels"]
    shown = {panel["title"]: " ; ".join(target["expr"] for target in panel["targets"]) for panel in panels if "targets" in panel}
    alerts = (DEPLOY / "alerts.yaml").read_text(encoding="utf-8")
    return shown | dict(re.findall(r"- alert: (\w+)\n\s+expr: (.+)\n", alerts))


def test_polls(metrics: Metrics, now: datetime) -> None:
    """Each source counts once a poll by what came of it, and its time is taken; what was stored is added up."""
    polled = unpolled(Source("Herald", "https://herald.example/rss"), now)
    metrics.polled(Polling(polled, seconds=3.0))
    metrics.polled(Polling(polled, error=SourceError(sentence("no"), "https://herald.example/rss"), seconds=-1.0))
    metrics.stored(Report(sources=2, new=5, matched=2, revised=1))
    metrics.stored(Report(sources=1, new=1))
    found = _values(metrics)
    assert found["homefront_polls_total", "unchanged"] == found["homefront_polls_total", "failed"] == 1
    assert (found["homefront_poll_seconds_count",], found["homefront_poll_seconds_sum",]) == (2, 3.0)
    assert [found["homefront_entries_total", what] for what in ("new", "matched", "revised", "copies")] == [6, 2, 1, 0]


def test_matches_are_counted_once(metrics: Metrics, database: Database, now: datetime) -> None:
    """However often somebody looks, an article counts once under each of its topics."""
    for number in range(3):
        with database.write() as connection:
            (herald,) = listed(connection, now, "Herald")
            told = arrival(herald, url=f"https://herald.example/{number}", title=str(number), text=event(number))
            admit(connection, now + timedelta(seconds=number), told)
        assert _values(metrics)["homefront_matches_total", "way-home"] == number + 1
        assert _values(metrics)["homefront_matches_total", "way-home"] == number + 1


def test_what_was_there_isnt_counted(database: Database, now: datetime) -> None:
    """A program that starts on an archive begins at nothing."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        admit(connection, now, arrival(herald))
    assert ("homefront_matches_total", "way-home") not in _values(Metrics(database, lambda: now))


def test_two_programs_share_nothing(database: Database, now: datetime) -> None:
    """Counts belong to the object that was made, not to the module."""
    first, second = Metrics(database, lambda: now), Metrics(database, lambda: now)
    first.sent("reply", "sent")
    assert ("homefront_letters_total", "reply", "sent") in _values(first)
    assert ("homefront_letters_total", "reply", "sent") not in _values(second)


def test_troubles(metrics: Metrics) -> None:
    """Each has its count by its name, also one that was never met, so that the first is seen to come."""
    before = _values(metrics)
    assert {labels[1] for labels in before if labels[0] == "homefront_troubles_total"} == set(troubles.NAMES)
    troubles.count("message stale")
    assert _values(metrics)["homefront_troubles_total", "message stale"] == before["homefront_troubles_total", "message stale"] + 1


@pytest.mark.sqlite_only("the room on the disk is a file's")
def test_the_rest(metrics: Metrics, database: Database) -> None:
    """Answers, the port, receiving, and the size of the database."""
    metrics.handled(0.2)
    metrics.answered(200)
    assert _values(metrics)["homefront_receiving",] == 0
    metrics.heard("")
    found = _values(metrics)
    assert (found["homefront_answer_seconds_count",], found["homefront_requests_total", "200"], found["homefront_receiving",]) == (1, 1, 1)
    assert found["homefront_database_bytes",] >= database.path.stat().st_size
    assert found["homefront_disk_free_bytes",] > 0


@pytest.mark.sqlite_only("the room on the disk is a file's")
def test_every_metric_that_is_shown_exists(metrics: Metrics) -> None:
    """Neither the dashboard nor an alert asks for a metric that there isn't."""
    known = {name for names in _named(metrics) for name in names}
    asked = {name: set(re.findall(r"\b(?:homefront|process)_\w+", expression)) for name, expression in _expressions().items()}
    assert all(asked.values())
    assert {name: unknown for name, names in asked.items() if (unknown := names - known)} == {}


def test_every_metric_is_shown(metrics: Metrics) -> None:
    """Each that there is stands in the dashboard or in an alert."""
    shown = " ".join(_expressions().values())
    assert [names for names in _named(metrics) if not any(re.search(rf"\b{name}\b", shown) for name in names)] == []


@pytest.mark.sqlite_only("the room on the disk is a file's")
def test_labels_that_are_asked_for_exist(metrics: Metrics, database: Database, now: datetime) -> None:
    """Every label by which a query chooses or groups is one of its metric's."""
    with database.write() as connection:
        (herald,) = listed(connection, now, "Herald")
        claiming.settle(connection, {herald.id: {"trouble": "fetch", "next_check_at": now}})
        admit(connection, now, arrival(herald))
    metrics.polled(Polling(herald))
    metrics.stored(Report())
    metrics.sent("reply", "sent")
    metrics.answered(200)
    labels = {sample.name: set(sample.labels) for family in _families(metrics) for sample in family.samples}
    for expression in _expressions().values():
        for part in expression.split(" ; "):
            asked = set(re.findall(r"(\w+)\s*(?:=~|!=|=)\s*\"", part)) | set(re.findall(r"by \((\w+)\)", part))
            had = set().union(*(labels[name] for name in re.findall(r"\b(?:homefront|process)_\w+", part)))
            # Prometheus adds the job.
            assert asked <= had | {"le", "job"}, part


def test_alerts_say_what_to_do() -> None:
    """Each alert has how long, how bad, what is wrong and what to do."""
    text = (DEPLOY / "alerts.yaml").read_text(encoding="utf-8")
    alerts = text.split("- alert: ")[1:]
    assert alerts
    assert all(all(f" {key}: " in alert for key in ("expr", "for", "severity", "summary", "description")) for alert in alerts)
