"""A page's socket and a visitor of the gate, in the test's own loop; channels' need another."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.layers import channel_layers
from django.conf import settings
from django.test import Client

from accounts.models import User
from hotline.asgi import application
from hotline.realtime import push
from hotline.web.gate import Gate


class PageSocket(ApplicationCommunicator):
    """What a browser's page does with its socket."""

    def __init__(self, query: str, cookie: str = "", *, path: str = "/ws/") -> None:
        headers = [(b"origin", b"http://localhost"), (b"cookie", cookie.encode())]
        asked = {"path": path, "query_string": query.encode(), "headers": headers}
        super().__init__(application, {"type": "websocket", "subprotocols": [], **asked})

    async def open(self) -> None:
        """Connect; a page that is refused is let in first, to hear why."""
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(5))["type"] == "websocket.accept"

    async def hear(self) -> Any:
        """The next message."""
        return json.loads((await self.receive_output(5))["text"])

    async def refusal(self) -> int:
        """The code with which the page is closed."""
        return int((await self.receive_output(5))["code"])

    async def say(self, content: object) -> None:
        """Send something."""
        await self.send_input({"type": "websocket.receive", "text": json.dumps(content)})

    async def close(self) -> None:
        """Leave."""
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait(5)


@asynccontextmanager
async def pages_of_people() -> AsyncIterator[Callable[..., Awaitable[PageSocket]]]:
    """Give a way to open pages with the cookie of who signed in; close them at the end."""
    channel_layers.backends.clear()
    opened: list[PageSocket] = []

    async def open_as(user: User | None, query: str, **more: str) -> PageSocket:
        push.use_loop(asyncio.get_running_loop())
        page = PageSocket(query, await sync_to_async(_cookie)(user), **more)
        await page.open()
        opened.append(page)
        return page

    yield open_as
    for page in opened:
        await page.close()
    push.use_loop(None)


def _cookie(user: User | None) -> str:
    if user is None:
        return ""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Visitor(ApplicationCommunicator):
    """Who sends one request to a gate."""

    def __init__(self, gate: Gate) -> None:
        asked = {"method": "POST", "path": "/", "headers": [], "query_string": b""}
        super().__init__(gate, {"type": "http", **asked})

    async def say(self, message: dict[str, Any]) -> None:
        """Send a part of the request."""
        await self.send_input(message)

    async def hear(self) -> dict[str, Any]:
        """The next part of the answer."""
        return dict(await self.receive_output(5))

    async def hears_nothing(self) -> bool:
        """Tell whether the gate ends without an answer."""
        await self.wait(5)
        return bool(self.output_queue.empty())
