"""Sends a message to groups of pages from any thread.

A layer belongs to the loop that its sockets run on: the server's, when it is in this process;
elsewhere (a worker, a command) one loop in a thread of its own is kept for sending.
"""

import asyncio
import threading
from collections.abc import Iterable
from typing import Any

from channels.layers import get_channel_layer

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
TIMEOUT_S = 5


def use_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Send on the server's loop from now on; None when the server has gone."""
    global _loop
    _loop = loop


def push(groups: Iterable[str], topic: str, ids: Iterable[int] = (), step: str = "") -> None:
    """Tell the pages of these groups that something happened (推送)."""
    push_all([(group, {"topic": topic, "ids": sorted(ids), "step": step}) for group in groups])


def push_all(messages: list[tuple[str, dict[str, Any]]]) -> None:
    """Send each message to its group; raise ConnectionError where the layer does not take them."""
    if not messages:
        return
    sending = asyncio.run_coroutine_threadsafe(_send(messages), _sending_loop())
    try:
        sending.result(TIMEOUT_S)
    except TimeoutError as late:
        sending.cancel()
        raise ConnectionError("the channel layer does not answer") from late


async def _send(messages: list[tuple[str, dict[str, Any]]]) -> None:
    layer = get_channel_layer()
    for group, body in messages:
        await layer.group_send(group, {"type": "changed", "body": body})


def _sending_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="push", daemon=True).start()
    return _loop
