"""What may teach: what people confirmed or changed, what stayed; never what nobody looked at."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.masking import without_names
from accounts.models import User
from city import actions as city
from city.models import Category
from tests.factories import Units
from tests.tickets.steps import TRY, accepted
from tickets import actions
from tickets.models import DutyItem, Ticket
from tickets.routing import feedback
from tickets.workflow import Party, Status

Stack = dict[str, Any]


@pytest.fixture(autouse=True)
def city_data(units: Units) -> None:
    city.load_taxonomy()


@pytest.fixture
def ticket(units: Units) -> Ticket:
    """A demand that the machine screened: 物业, which the duty list gives to 市住建局."""
    DutyItem.objects.create(
        state=DutyItem.State.PUBLISHED,
        category=matter("0201"),
        department=units.housing,
        basis="职责清单第1项",
        valid_from=timezone.localdate(),
    )
    row = accepted("我叫王小明，物业不打扫楼道，电话13812345678")
    return actions.screen(row, by=Party.SYSTEM, category=matter("0201"))


def matter(code: str) -> Category:
    return Category.objects.get(code=code)


def taught() -> dict[int, str]:
    return {lesson.ticket: lesson.matter for lesson in feedback.lessons()}


def guessed(ticket: Ticket, **units: str) -> None:
    """Keep evidence: unit code → the matter that leads to it."""
    said = [{"code": code, "matters": [m]} for code, m in units.items()]
    actions.save_routings([(ticket, "v1", {"categories": [], "units": said, "decision": {}})])


def test_what_a_person_dispatched_teaches(ticket: Ticket, units: Units, dispatcher: User) -> None:
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    assert taught() == {ticket.pk: "0201"}


def test_what_the_machine_sent_teaches_nothing_until_the_unit_has_replied(
    ticket: Ticket, units: Units, signer: User, handler: User, auditor: User
) -> None:
    actions.dispatch(ticket, to=units.housing, by=Party.SYSTEM)
    actions.sign(ticket, by=signer)
    before = taught()

    TRY["reply"](ticket, handler, units)
    TRY["release"](ticket, auditor, units)

    assert before == {}
    assert taught() == {ticket.pk: "0201"}


def test_what_a_unit_gave_back_waits_for_its_final_unit(
    ticket: Ticket, units: Units, dispatcher: User, signer: User
) -> None:
    guessed(ticket, zj="0201", cgzf="0101")
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    TRY["send_back"](ticket, signer, units)
    waiting = taught()
    TRY["decide_return"](ticket, dispatcher, units)
    decided = taught()

    actions.dispatch(ticket, to=units.urban, by=dispatcher)

    assert waiting == decided == {}
    assert taught() == {ticket.pk: "0101"}


def test_a_unit_that_no_guess_explains_teaches_nothing(
    ticket: Ticket, units: Units, dispatcher: User
) -> None:
    guessed(ticket, zj="0201")

    actions.dispatch(ticket, to=units.urban, by=dispatcher)

    assert taught() == {}


def test_the_matter_that_a_person_chose_counts_whatever_the_unit(
    ticket: Ticket, units: Units, dispatcher: User
) -> None:
    guessed(ticket, zj="0201")
    actions.screen(ticket, by=dispatcher, category=matter("0101"))

    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    assert taught() == {ticket.pk: "0101"}
    assert ticket.entries.filter(extra={"category": ["0201", "0101"]}).exists()


def test_the_matter_that_an_agent_chose_at_the_door_counts_whatever_the_unit(
    ticket: Ticket, units: Units, agent: User, dispatcher: User
) -> None:
    guessed(ticket, zj="0201")
    heard = {"outcome": "accept", "matter": "0101"}
    actions.confirm(heard, outcome="accept", by=agent, ticket=ticket)

    actions.dispatch(ticket, to=units.urban, by=dispatcher)

    assert taught() == {ticket.pk: "0201"}


@pytest.mark.parametrize(
    "columns", [{"confidential": True}, {"status": Status.WITHDRAWN}, {"category": None}]
)
def test_secrets_and_what_led_nowhere_never_teach(
    ticket: Ticket, units: Units, dispatcher: User, columns: Stack
) -> None:
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    Ticket.objects.filter(pk=ticket.pk).update(**columns)

    assert taught() == {}


def test_names_and_numbers_are_hidden_before(
    ticket: Ticket, units: Units, dispatcher: User
) -> None:
    actions.dispatch(ticket, to=units.housing, by=dispatcher)

    [lesson] = feedback.lessons()

    assert "王小明" not in lesson.text
    assert "13812345678" not in lesson.text
    assert "物业不打扫楼道" in lesson.text


def test_the_senders_own_name_is_hidden_wherever_it_stands() -> None:
    assert without_names("李四说李四家漏水", "李四") == "李*说李*家漏水"
