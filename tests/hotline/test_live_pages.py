"""Open pages: each hears what concerns it, and only those who may see a page may listen to it."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from asgiref.sync import sync_to_async

from accounts.models import Role, User
from hotline.realtime import groups
from outbox import bus
from tests.factories import Units, make_user
from tests.sockets import PageSocket, pages_of_people
from tickets import actions
from tickets.models import Source, Ticket
from tickets.numbers import query_code
from tickets.workflow import Party

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[[User | None, str], Awaitable[PageSocket]]


@pytest.fixture
async def open_page() -> AsyncIterator[Open]:
    """Open pages as a browser does, with the cookie of who signed in; close them at the end."""
    async with pages_of_people() as open_as:
        yield open_as


@pytest.fixture
def ticket(units: Units) -> Ticket:
    """A ticket of which all has been told."""
    found = actions.accept(text="路灯不亮", source=Source.WEB, by=Party.CITIZEN)
    bus.drain_all()
    return found


@pytest.fixture
def linxi_signer(units: Units) -> User:
    """The one who signs for the district above 临溪区住建局."""
    return make_user(Role.SIGNER, units.linxi)


async def dispatched(ticket: Ticket, units: Units, dispatcher: User) -> None:
    await sync_to_async(actions.dispatch)(ticket, to=units.linxi_housing, by=dispatcher)
    await sync_to_async(bus.drain_all)()


async def test_a_dispatched_ticket_shows_at_its_unit_and_above(
    open_page: Open, ticket: Ticket, units: Units, dispatcher: User, linxi_signer: User
) -> None:
    page = await open_page(linxi_signer, "page=work")

    await dispatched(ticket, units, dispatcher)

    message = await page.hear()
    assert message == {"topic": "ticket", "ids": [ticket.pk], "step": "dispatch"}


async def test_another_unit_hears_nothing(
    open_page: Open, ticket: Ticket, units: Units, dispatcher: User, stranger: User
) -> None:
    page = await open_page(stranger, "page=work")

    await dispatched(ticket, units, dispatcher)

    assert await page.receive_nothing(0.5)


async def test_the_citizen_hears_that_something_moved_but_not_what(
    open_page: Open, ticket: Ticket, units: Units, dispatcher: User
) -> None:
    await sync_to_async(bus.drain_all)()
    code = query_code(ticket.number)
    page = await open_page(None, f"page=progress&number={ticket.number}&code={code}")

    await dispatched(ticket, units, dispatcher)

    message = await page.hear()
    assert message == {"topic": "ticket", "ids": [], "step": ""}


async def test_a_wrong_code_opens_no_progress(open_page: Open, ticket: Ticket) -> None:
    page = await open_page(None, f"page=progress&number={ticket.number}&code=00000000")

    assert await page.refusal() == 4403


async def test_who_is_not_signed_in_is_refused(open_page: Open, ticket: Ticket) -> None:
    page = await open_page(None, "page=dispatch")

    assert await page.refusal() == 4403


async def test_a_page_of_another_role_is_refused(open_page: Open, stranger: User) -> None:
    page = await open_page(stranger, "page=dispatch")

    assert await page.refusal() == 4403


async def test_a_ticket_of_another_unit_is_refused(
    open_page: Open, ticket: Ticket, stranger: User
) -> None:
    page = await open_page(stranger, f"page=ticket&number={ticket.number}")

    assert await page.refusal() == 4403


async def test_the_ticket_page_hears_of_its_ticket(
    open_page: Open, ticket: Ticket, units: Units, dispatcher: User
) -> None:
    page = await open_page(dispatcher, f"page=ticket&number={ticket.number}")

    await dispatched(ticket, units, dispatcher)

    message = await page.hear()
    assert message["step"] == "dispatch"


async def test_an_unknown_page_is_refused(open_page: Open, dispatcher: User) -> None:
    page = await open_page(dispatcher, "page=nowhere")

    assert await page.refusal() == 4403


async def test_what_a_page_says_is_left_alone(open_page: Open, dispatcher: User) -> None:
    page = await open_page(dispatcher, "page=dispatch")

    await page.say({"hello": 1})

    assert await page.receive_nothing(0.2)


def test_an_agent_also_listens_to_the_own_desk(agent: User) -> None:
    found = groups.of_page(agent, "desk")

    assert found == [groups.DESK, groups.agent(agent.pk), groups.person(agent.pk)]


def test_the_list_of_work_listens_for_units_and_for_the_hotline_s_lists(
    dispatcher: User, signer: User, units: Units
) -> None:
    assert groups.of_page(dispatcher, "work") == [
        groups.DISPATCH,
        groups.person(dispatcher.pk),
    ]
    assert groups.of_page(signer, "work") == [
        groups.unit(units.housing.pk),
        groups.person(signer.pk),
    ]


def test_who_has_no_list_of_work_listens_to_none(editor: User) -> None:
    with pytest.raises(groups.Refused):
        groups.of_page(editor, "work")
