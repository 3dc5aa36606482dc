"""Of many requests at once only a few work, and all are answered."""

import asyncio

from django.http import HttpRequest, HttpResponse

from hotline.web.gate import AT_ONCE, few_at_once

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
