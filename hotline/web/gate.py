"""Lets only so many requests work at once; the others wait their turn, in order, at no cost.

A thread for each of many requests makes SQLite's writers starve each other and drains the pool of
connections; a few threads answer a burst sooner. A request waits here with its body read already,
so a slow sender holds no place.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

AT_ONCE = 4
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
        async with places:
            return await onward(request)

    return respond
