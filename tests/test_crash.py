"""The program may be killed at any moment: nothing is lost, and no digest comes twice."""

from __future__ import annotations

from pathlib import Path

from tests.soaking import soaking

KILLS = 20


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """No digest, story or answer is lost and no digest comes twice, whatever Telegram does meanwhile; few are offered instead of said."""
    with soaking(tmp_path / "soak", people=40, feeds=10, seed=8) as soak:
        for _ in range(KILLS):
            soak.live(soak.chance.uniform(0.1, 1.2))
        soak.come_to_rest(patience=90)
        found = soak.verdict()
    assert found.kills == KILLS
    assert not found.lost, found
    assert not found.doubled, found
    assert found.doubtful <= KILLS, found
    assert found.digests >= 40, found
