"""`python -m bot.localchat --port N` serves the local chat alone, for a bot in any language."""

import argparse
import secrets
import sys

import uvicorn

from bot.clock import ShiftedClock
from bot.localchat.server import LocalChat

_HOST = "127.0.0.1"


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m bot.localchat", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=f"1:local-{secrets.token_urlsafe(24)}", help="the bot's token (default: a new one)")
    parser.add_argument("--name", default="homefront", help="the bot's name")
    options = parser.parse_args()
    chat = LocalChat(ShiftedClock(), token=options.token, bot_name=options.name)
    address = f"http://{_HOST}:{options.port}"
    sys.stdout.write(f"Chat page: {address}/\nBot API:   {address}/bot\nToken:     {options.token}\n")
    sys.stdout.flush()
    # Open pages and polls would keep the server from stopping.
    uvicorn.run(chat.app, host=_HOST, port=options.port, log_level="warning", timeout_graceful_shutdown=1)


if __name__ == "__main__":
    main()
