"""Several machines on one PostgreSQL, killed at random: every entry once, copies under their article, each digest once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.fleet import fleet
from tests.postgres import Postgres

SECONDS, KILL_EVERY = 10.0, 3.0


def test_killed_at_random(postgres: Postgres, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """Two that may lead and two workers, any of which dies at any moment: nothing is lost or doubled, and another leads within 15 s."""
    with (
        postgres.made() as address,
        fleet(tmp_path / "soak", people=8, feeds=9, seed=4, address=address) as world,
        world.sailing(runs=2, workers=2),
    ):
        world.until(lambda: any(member.kind == "run" and member.ready for member in world.members), 60)
        world.publish()
        world.harass(SECONDS, KILL_EVERY)
        world.lose_connections()
        world.until(lambda: all(member.ready for member in world.members if member.kind == "worker"), 60)
        runs = [index for index, member in enumerate(world.members) if member.kind == "run"]
        world.until(lambda: any(world.members[index].ready for index in runs), 60)
        leader = next(index for index in runs if world.members[index].ready)
        # Another than the leader itself, who may have stood by before it led.
        world.until(lambda: any(world.members[index].stands_by for index in runs if index != leader), 60)
        world.kill(leader)
        world.come_to_rest(patience=90)
        found = world.verdict()
    assert not found.lost, found
    assert not found.doubled, found
    assert found.digests >= 8, found
    assert world.takeovers
    took = ", ".join(f"{each:.1f}" for each in world.takeovers)
    record_property("said", f"{found}; {world.losses} times all connections were lost; took over after {took} s")
