"""Who has a ticket open: told among those who may see it, to nobody else and no longer."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from asgiref.sync import sync_to_async

from accounts.models import User
from outbox import bus
from tests.factories import Units
from tests.sockets import PageSocket, pages_of_people
from tickets import actions
from tickets.models import Source, Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[[User | None, Ticket], Awaitable[PageSocket]]


@pytest.fixture
async def open_ticket() -> AsyncIterator[Open]:
    """Open a ticket as a browser does; close all at the end."""
    async with pages_of_people() as open_as:
        yield lambda user, ticket: open_as(user, f"number={ticket.number}", path="/ws/presence/")


@pytest.fixture
def ticket(units: Units, dispatcher: User) -> Ticket:
    """A ticket of 市住建局 of which all has been told."""
    found = actions.accept(text="路灯不亮", source=Source.WEB, by=Party.CITIZEN)
    actions.dispatch(found, to=units.housing, by=dispatcher)
    bus.drain_all()
    return found


async def test_two_on_one_ticket_hear_of_each_other_until_one_leaves(
    open_ticket: Open, ticket: Ticket, handler: User, signer: User
) -> None:
    first = await open_ticket(handler, ticket)
    greeted = await first.hear()
    second = await open_ticket(signer, ticket)
    arrived = await first.hear()
    await second.hear()
    for page in (first, second):
        assert (await page.hear())["doing"] == "looking"
    await first.say({"doing": "writing"})
    told = await second.hear()
    await first.hear()
    await second.close()

    gone = await first.hear()
    assert (greeted["id"], greeted["doing"]) == (handler.pk, "hello")
    assert arrived == {"id": signer.pk, "name": str(signer), "doing": "hello"}
    assert told == {"id": handler.pk, "name": str(handler), "doing": "writing"}
    assert gone["doing"] == "gone"


async def test_who_comes_hears_at_once_what_the_others_do(
    open_ticket: Open, ticket: Ticket, handler: User, signer: User
) -> None:
    first = await open_ticket(handler, ticket)
    await first.say({"doing": "looking"})
    await first.say({"doing": "writing"})
    assert [(await first.hear())["doing"] for _ in range(2)] == ["hello", "looking"]
    assert await first.receive_nothing(0.3)  # the second came too soon to be told

    second = await open_ticket(signer, ticket)

    assert (await second.hear())["id"] == signer.pk
    assert await second.hear() == {"id": handler.pk, "name": str(handler), "doing": "writing"}


async def test_anything_else_and_what_comes_too_fast_is_left_alone(
    open_ticket: Open, ticket: Ticket, handler: User
) -> None:
    page = await open_ticket(handler, ticket)
    await page.hear()

    for word in ("writing", "writing", "<b>", None):
        await page.say({"doing": word})
    await page.say(["doing"])

    assert (await page.hear())["doing"] == "writing"
    assert await page.receive_nothing(0.3)


@pytest.mark.parametrize("who", ["stranger", None])
async def test_who_may_not_see_the_ticket_is_sent_away(
    who: str | None, request: pytest.FixtureRequest, open_ticket: Open, ticket: Ticket, units: Units
) -> None:
    user = await sync_to_async(request.getfixturevalue)(who) if who else None
    page = await open_ticket(user, ticket)

    assert await page.refusal() == 4403


async def test_a_unit_that_loses_the_ticket_is_sent_away(
    open_ticket: Open, ticket: Ticket, handler: User, dispatcher: User, units: Units
) -> None:
    theirs = await open_ticket(handler, ticket)
    await theirs.hear()
    ours = await open_ticket(dispatcher, ticket)
    assert [(await theirs.hear())["doing"] for _ in range(2)] == ["hello", "looking"]

    await sync_to_async(actions.redirect)(ticket, to=units.urban, by=dispatcher)
    await sync_to_async(bus.drain_all)()

    assert await theirs.refusal() == 4403
    assert (await ours.hear())["doing"] == "hello"
