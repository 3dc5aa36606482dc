"""Lets only so many requests work at once; the others wait their turn, in order, at no cost.

A thread for each of many requests makes SQLite's writers starve each other and drains the pool of
connections; a few threads answer a burst sooner. A request waits here with its body read already,
so a slow sender holds no place.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

AT_ONCE = 4
LONGEST_S = 2.0
GLANCE_S = 0.02
_queue: list[HttpRequest] = []
Respond = Callable[[HttpRequest], HttpResponse]
RespondSoon = Callable[[HttpRequest], Awaitable[HttpResponse]]


@sync_and_async_middleware
def few_at_once(get_response: Respond | RespondSoon) -> Respond | RespondSoon:
    """Let requests through a few at a time (限制并发); without a loop, all of them."""
    if not iscoroutinefunction(get_response):
        return get_response
    onward = cast("RespondSoon", get_response)
    places = asyncio.Semaphore(AT_ONCE)

    async def respond(request: HttpRequest) -> HttpResponse:
        _queue.append(request)
        try:
            await places.acquire()
        finally:
            _queue.remove(request)
        try:
            return await onward(request)
        finally:
            places.release()

    return respond


def until_calm() -> None:
    """Hold work off the request path back while requests queue here (让路), two seconds at most."""
    until = time.monotonic() + LONGEST_S
    while _queue and time.monotonic() < until:
        time.sleep(GLANCE_S)
