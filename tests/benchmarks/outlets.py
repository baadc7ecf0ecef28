"""A server of made-up feeds for the benchmark of polling: ``python -m tests.benchmarks.outlets FEEDS`` prints its port.

``/feed/7`` is feed 7, with an ETag. ``/state?changed=20&latency=0.05`` gives every 20th feed a new version (0: none), and lets every
answer wait for so many seconds.
"""

from __future__ import annotations

import asyncio
import sys

from aiohttp import web

from tests.benchmarks.made_up_feeds import document


class Outlets:
    """The feeds and how they are served at the moment."""

    def __init__(self, feeds: int) -> None:
        self.latency = 0.0
        self.changed = 0
        self.documents = [document(number) for number in range(feeds)]
        self.newer: dict[int, bytes] = {}

    async def feed(self, request: web.Request) -> web.Response:
        """Answer with a feed, or 304 where the ETag is its."""
        number = int(request.match_info["number"])
        body = self.newer.get(number, self.documents[number])
        tag = f'"{number}-{number in self.newer}"'
        if self.latency:
            await asyncio.sleep(self.latency)
        headers = {"ETag": tag}
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers=headers)
        return web.Response(body=body, content_type="application/xml", headers=headers)

    async def state(self, request: web.Request) -> web.Response:
        """Change how feeds are served."""
        every = int(request.query["changed"])
        self.latency = float(request.query["latency"])
        self.newer = {number: document(number, 1) for number in range(0, len(self.documents), every)} if every else {}
        return web.Response()


async def serve(feeds: int) -> None:
    """Serve until the process is ended, on every address of loopback, so that each feed can have a host of its own."""
    outlets = Outlets(feeds)
    app = web.Application()
    app.add_routes([web.get("/feed/{number}", outlets.feed), web.get("/state", outlets.state)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0, backlog=1024)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
