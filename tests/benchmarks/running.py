"""The running program as a person meets it: from start to ready, memory at rest, and the first answer in the local chat.

Peers in the same run: an interpreter that imports the libraries alone is the floor for start and memory, and a bare HTTP call to the
local chat the floor for an answer.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.benchmarks.polling import served
from tests.world import YOU, Program, program, source_list

LIBRARIES = "import aiohttp, apscheduler.schedulers.asyncio, feedparser, sqlmodel, starlette.applications, telegram, uvicorn"
ROUNDS = 5
BUSY_SECONDS = 40.0
# A chat gets one message a second, so asking more often would measure that.
BETWEEN_ANSWERS = 1.1


def memory(process: int) -> float:
    """The resident memory of a process in MB."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def floor() -> tuple[float, float]:
    """Seconds and MB that an interpreter with the libraries alone takes."""
    started = time.perf_counter()
    code = f"{LIBRARIES}; print('ready', flush=True); import sys; sys.stdin.readline()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        took, held = time.perf_counter() - started, memory(process.pid)
        process.communicate("\n")
    return took, held


def answer_time(running: Program, typed: str = "/status") -> float:
    """Seconds from a text to the bot's answer in the chat."""
    before = len(running.messages())
    started = time.perf_counter()
    running.call("say", chat_id=YOU, text=typed)
    running.wait(lambda: len(running.messages()) > before, "an answer")
    return time.perf_counter() - started


def call_time(running: Program) -> float:
    """Seconds of a bare call to the local chat."""
    started = time.perf_counter()
    running.view("clock")
    return time.perf_counter() - started


def main() -> None:
    """Print everything."""
    with tempfile.TemporaryDirectory() as folder:
        data, listed = Path(folder) / "data", source_list(Path(folder) / "sources.toml", {"name": "None", "url": "http://127.0.0.1:9/"})
        starts, held, first, later, calls = [], 0.0, 0.0, [], []
        for _ in range(ROUNDS + 1):
            started = time.perf_counter()
            with program(data, listed) as running:
                starts.append(time.perf_counter() - started)
                first = answer_time(running)
                later += [answer_time(running) for _ in range(2)]
                calls += [call_time(running) for _ in range(5)]
                held = memory(running.process.pid)
        seconds, megabytes = floor()
    print(f"start to ready: {median(starts[1:]):.2f} s, the very first {starts[0]:.2f} s (target 2 s; the libraries alone {seconds:.2f} s)")
    print(f"memory at rest: {held:.0f} MB (target 120 MB; the libraries alone {megabytes:.0f} MB)")
    print(
        f"first answer in chat: {first * 1000:.0f} ms, later ones {median(later) * 1000:.0f} ms "
        f"(target 1000 ms; a bare call {median(calls) * 1000:.0f} ms)"
    )


def report_busy(feeds: int = 1_000) -> None:
    """Print how long answers take while the program polls very many feeds for the first time, and how much memory it holds then."""
    with tempfile.TemporaryDirectory() as folder, served(feeds) as port:
        listed = source_list(
            Path(folder) / "sources.toml",
            *({"name": f"Feed {n}", "url": f"http://127.1.{n // 200}.{n % 200 + 1}:{port}/feed/{n}"} for n in range(feeds)),
        )
        answers = list[float]()
        with program(Path(folder) / "data", listed) as running:
            deadline = time.monotonic() + BUSY_SECONDS
            while time.monotonic() < deadline:
                answers.append(answer_time(running))
                time.sleep(BETWEEN_ANSWERS)
            held = memory(running.process.pid)
    answers.sort()
    late = answers[int(len(answers) * 0.95)]
    print(
        f"while {feeds:,} feeds are polled for the first time, {len(answers)} answers: median {median(answers) * 1000:.0f} ms, "
        f"p95 {late * 1000:.0f} ms (target 200), memory {held:.0f} MB (target 130)"
    )


if __name__ == "__main__":
    main()
    report_busy()
