"""Of many requests at once only a few work, and all are answered."""

import asyncio
import time

from django.http import HttpRequest, HttpResponse

from hotline.web.gate import AT_ONCE, few_at_once, until_calm

MANY = 20


async def test_of_many_requests_only_a_few_work_at_once() -> None:
    working, most = 0, 0

    async def work(request: HttpRequest) -> HttpResponse:
        nonlocal working, most
        working += 1
        most = max(most, working)
        await asyncio.sleep(0.005)
        working -= 1
        return HttpResponse("ok")

    respond = few_at_once(work)
    answers = await asyncio.gather(*(respond(HttpRequest()) for _ in range(MANY)))  # type: ignore[arg-type]  # awaitable, as its argument is

    assert most == AT_ONCE
    assert [answer.status_code for answer in answers] == [200] * MANY


def test_without_a_loop_nothing_stands_between() -> None:
    def work(request: HttpRequest) -> HttpResponse:
        return HttpResponse("ok")

    assert few_at_once(work) is work


async def test_work_off_the_path_waits_while_requests_queue() -> None:
    order: list[str] = []

    async def work(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.05)
        order.append("answer")
        return HttpResponse("ok")

    async def background() -> None:
        await asyncio.to_thread(until_calm)
        order.append("background")

    respond = few_at_once(work)
    burst = [respond(HttpRequest()) for _ in range(AT_ONCE * 3)]
    await asyncio.gather(*burst, background())  # type: ignore[arg-type]  # awaitable, as its argument is

    assert order.index("background") >= AT_ONCE


def test_where_nobody_queues_nothing_waits() -> None:
    began = time.monotonic()

    until_calm()

    assert time.monotonic() - began < 0.01


async def test_who_goes_away_while_queueing_holds_nobody_up() -> None:
    async def work(request: HttpRequest) -> HttpResponse:
        await asyncio.sleep(0.05)
        return HttpResponse("ok")

    respond = few_at_once(work)
    tasks = [asyncio.ensure_future(respond(HttpRequest())) for _ in range(AT_ONCE + 2)]  # type: ignore[arg-type]  # awaitable, as its argument is
    await asyncio.sleep(0.01)
    tasks[-1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    await asyncio.to_thread(until_calm)
    assert tasks[0].done()
