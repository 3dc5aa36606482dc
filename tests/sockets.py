"""A page's socket, spoken to in the test's own loop; channels' own asks for another server."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from hotline.asgi import application


class PageSocket(ApplicationCommunicator):
    """What a browser's page does with its socket."""

    def __init__(self, query: str, cookie: str = "") -> None:
        headers = [(b"origin", b"http://localhost"), (b"cookie", cookie.encode())]
        asked = {"path": "/ws/", "query_string": query.encode(), "headers": headers}
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
