"""Who has a ticket open (在场): told among those who have it open now, and kept nowhere.

Each open page says every few seconds that it is there; who is not heard of any more is forgotten
by the others. Whoever may no longer see the ticket is sent away as soon as it moves.
"""

import time
from typing import Any
from urllib.parse import parse_qs

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from hotline.realtime import groups
from hotline.realtime.consumers import NOT_FOR_YOU

DOINGS = frozenset({"looking", "writing"})
AT_MOST_S = 1.0  # between two words of one page


class PresenceConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # channels has no types
    """`/ws/presence/?number=…`: tells the others on this ticket that somebody is there."""

    group = ""
    heard = 0.0
    doing = "looking"

    async def connect(self) -> None:
        """Join those on the ticket and greet them, who then say what they do; or refuse."""
        await self.accept()  # a refused handshake would hide the reason from the page
        if await self._let_in():
            await self.channel_layer.group_add(self.group, self.channel_name)
            await self._tell("hello")

    async def _let_in(self) -> bool:
        asked = parse_qs(str(self.scope["query_string"], "utf-8", "replace"))
        decide = database_sync_to_async(groups.of_presence)
        try:
            self.group = await decide(self.scope["user"], asked.get("number", [""])[0])
        except groups.Refused:
            await self.close(code=NOT_FOR_YOU)
            return False
        return True

    async def _tell(self, doing: str) -> None:
        user = self.scope["user"]
        body = {"id": user.pk, "name": str(user), "doing": doing}
        await self.channel_layer.group_send(self.group, {"type": "present", "body": body})

    async def disconnect(self, code: int) -> None:
        """Leave, and say so."""
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)
            await self._tell("gone")

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Pass on what somebody is doing; anything else, and what comes too fast, is left alone."""
        doing = content.get("doing") if isinstance(content, dict) else None
        now = time.monotonic()
        if not self.group or doing not in DOINGS:
            return
        self.doing = doing
        if now - self.heard >= AT_MOST_S:
            self.heard = now
            await self._tell(doing)

    async def present(self, message: dict[str, Any]) -> None:
        """Forward who is there, and tell whoever comes what is done here."""
        said = message["body"]
        await self.send_json(said)
        if said["doing"] == "hello" and said["id"] != self.scope["user"].pk:
            await self._tell(self.doing)

    async def changed(self, message: dict[str, Any]) -> None:
        """Ask again whether the ticket may be seen, now that it moved."""
        await self._let_in()
