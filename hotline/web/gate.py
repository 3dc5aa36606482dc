"""Lets only so many requests work at once; the others wait their turn, in order, at no cost.

Each request passes as a whole, from the middleware to its end, through one of a few threads that
keep their connection to the database. Django's own door makes a thread for each request and hops
between it and the loop for each middleware: in a burst that cost more than the work itself. A
request waits here with its body read already, so a slow sender holds no place.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.urls import set_script_prefix

AT_ONCE = 4
GLANCE_S = 0.02
_queue: set[ASGIRequest] = set()
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


class Gate(ASGIHandler):
    """Django's door for HTTP with a few threads behind it (限制并发)."""

    def __init__(self) -> None:
        self.load_middleware()  # all of it without a loop
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="request")

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Read the body, wait for a thread, send what it answers."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with body:
            made = self.create_request(scope, body)
            response = made[1] if made[0] is None else await self._in_turn(made[0])
            await self.send_response(response, send)

    async def _in_turn(self, request: ASGIRequest) -> HttpResponseBase:
        _queue.add(request)
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, self._answer, request)
        finally:
            _queue.discard(request)

    def _answer(self, request: ASGIRequest) -> HttpResponseBase:
        """Do the whole request in this thread; a stream is read here, not on the loop."""
        _queue.discard(request)
        set_script_prefix(get_script_prefix(request.scope))
        request_started.send(sender=type(self), scope=request.scope)
        response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = _parts(list(cast("Iterable[bytes]", response)))
        response.close()
        return response


async def _parts(parts: list[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def until_calm(most: float) -> bool:
    """Hold work off the request path back while requests queue (让路), so many seconds at most.

    Tells whether it became calm.
    """
    until = time.monotonic() + most
    while _queue and time.monotonic() < until:
        time.sleep(GLANCE_S)
    return not _queue
