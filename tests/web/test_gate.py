"""Of many requests at once only a few work, and all are answered."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hotline.web.gate import AT_ONCE, Gate, until_calm
from tests.sockets import Visitor

MANY = 20


class Place(Gate):
    """A gate with other work behind it."""

    def __init__(self, work: Callable[[], HttpResponseBase]) -> None:
        super().__init__()
        self.work = work

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Answer every request by the work."""
        return self.work()


async def ask(gate: Gate) -> dict[str, Any]:
    """Send one request; give status and body."""
    page = Visitor(gate)
    await page.say({"type": "http.request", "body": b""})
    head = await page.hear()
    body, more = b"", True
    while more:
        part = await page.hear()
        body, more = body + part.get("body", b""), part.get("more_body", False)
    return {"status": head["status"], "body": body}


async def test_of_many_requests_only_a_few_work_at_once() -> None:
    working, most = 0, 0

    def work() -> HttpResponse:
        nonlocal working, most
        working += 1
        most = max(most, working)
        time.sleep(0.01)
        working -= 1
        return HttpResponse("ok")

    gate = Place(work)
    answers = await asyncio.gather(*(ask(gate) for _ in range(MANY)))

    assert most <= AT_ONCE
    assert answers == [{"status": 200, "body": b"ok"}] * MANY


async def test_work_off_the_path_waits_while_requests_queue() -> None:
    order: list[str] = []

    def work() -> HttpResponse:
        time.sleep(0.05)
        order.append("answer")
        return HttpResponse("ok")

    async def background() -> None:
        await asyncio.sleep(0.01)
        await asyncio.to_thread(until_calm, 2)
        order.append("background")

    gate = Place(work)
    await asyncio.gather(*(ask(gate) for _ in range(AT_ONCE * 3)), background())

    assert order.index("background") >= AT_ONCE


def test_where_nobody_queues_nothing_waits() -> None:
    began = time.monotonic()

    until_calm(2)

    assert time.monotonic() - began < 0.01


async def test_who_goes_away_while_queueing_holds_nobody_up() -> None:
    def work() -> HttpResponse:
        time.sleep(0.05)
        return HttpResponse("ok")

    gate = Place(work)
    tasks = [asyncio.ensure_future(ask(gate)) for _ in range(AT_ONCE + 2)]
    await asyncio.sleep(0.01)
    tasks[-1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    await asyncio.to_thread(until_calm, 2)
    assert tasks[0].done()


async def test_who_goes_away_before_the_body_is_there_is_forgotten() -> None:
    page = Visitor(Place(lambda: HttpResponse("ok")))

    await page.say({"type": "http.disconnect"})

    assert await page.hears_nothing()


async def test_what_comes_in_parts_arrives_whole() -> None:
    gate = Place(lambda: StreamingHttpResponse(iter(["一", "二", "三"])))

    answer = await ask(gate)

    assert answer["body"].decode() == "一二三"
