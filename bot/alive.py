"""Asks the running program whether it lives, for a container's health check: ``python -m bot.alive``, exit status 0 or 1.

It asks where ``HOMEFRONT_LISTEN`` says, and needs nothing but the standard library, because it is started every half minute.
"""

from __future__ import annotations

import http.client
import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

PATIENCE = 5.0
# Who listens at every address is asked at the nearest.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not to listen at, but to be recognised


def main(environment: Mapping[str, str]) -> int:
    """Ask, and say on stderr what is wrong."""
    address = urlsplit(f"//{environment.get('HOMEFRONT_LISTEN', '')}")
    host = _EVERYWHERE.get(address.hostname or "", address.hostname)
    if not host or not address.port:
        sys.stderr.write("HOMEFRONT_LISTEN isn't set, so there is nothing to ask.\n")
        return 1
    connection = http.client.HTTPConnection(host, address.port, timeout=PATIENCE)
    try:
        connection.request("GET", "/healthz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        sys.stderr.write(f"The program doesn't answer: {error}.\n")
        return 1
    finally:
        connection.close()
    if status != http.HTTPStatus.OK:
        sys.stderr.write(f"The program answers with {status}.\n")
    return int(status != http.HTTPStatus.OK)


if __name__ == "__main__":
    sys.exit(main(os.environ))
