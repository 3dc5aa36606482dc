"""A page's socket and a visitor of the gate, in the test's own loop; channels' need another."""

import json
from typing import Any

from asgiref.testing import ApplicationCommunicator

from hotline.asgi import application
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
