"""The one socket of a page: joins the page's groups and forwards what happens there."""

from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from hotline.realtime import groups

NOT_FOR_YOU = 4403


class PageConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """`/ws/?page=…&number=…&code=…`: who may not see the page is told so and closed."""

    joined: list[str]

    async def connect(self) -> None:
        """Join the groups of the page before the page hears that it is connected, or refuse."""
        self.joined = []
        try:
            found = await self._groups()
        except groups.Refused:
            await self.accept()  # a refused handshake would hide the reason from the page
            await self.close(code=NOT_FOR_YOU)
            return
        for group in found:
            await self.channel_layer.group_add(group, self.channel_name)
        self.joined = found
        await self.accept()

    async def _groups(self) -> list[str]:
        asked = parse_qs(str(self.scope["query_string"], "utf-8", "replace"))
        page, number, code = (asked.get(key, [""])[0] for key in ("page", "number", "code"))
        decide = database_sync_to_async(groups.of_page)
        found: list[str] = await decide(self.scope["user"], page, number=number, code=code)
        return found

    async def disconnect(self, code: int) -> None:
        """Leave the groups."""
        for group in self.joined:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def changed(self, message: dict[str, Any]) -> None:
        """Forward what happened."""
        await self.send_json(message["body"])

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Pages do not talk; what comes is left alone."""
