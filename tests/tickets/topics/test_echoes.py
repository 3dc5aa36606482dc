"""What was told before is shown to those who may see it: again by one, or by others."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from city.models import Category
from tests.factories import Units
from tickets import actions
from tickets.indexes import About
from tickets.models import Ticket
from tickets.topics.echoes import Echoes, echoes, echoes_of
from tickets.workflow import Party

MINE, THEIRS = "13812345678", "13912345678"
LAMP = "望河花园的路灯坏了三天"


@pytest.fixture
def lamps(units: Units) -> Category:
    whole = Category.objects.create(code="A", name="市政设施", level=1)
    return Category.objects.create(code="A01", name="路灯", level=2, parent=whole)


@pytest.fixture
def other_matter(units: Units) -> Category:
    return Category.objects.create(code="B", name="供水", level=1)


def told(matter: Category | None, phone: str = MINE, text: str = LAMP, **more: object) -> Ticket:
    """Have something told, DAYS ago if named."""
    days = more.pop("days", 0)
    fields: dict[str, object] = {"kind": "help"} | more
    made = actions.accept(
        text=text,
        source="web",
        by=Party.CITIZEN,
        phone=phone,
        category=matter,
        **fields,  # type: ignore[arg-type]  # whatever a test needs
    )
    if isinstance(days, int) and days:
        Ticket.objects.filter(pk=made.pk).update(accepted_at=timezone.now() - timedelta(days=days))
    return made


def heard(user: User, matter: Category | None, phone: str = MINE) -> Echoes:
    about = About(matter, None, ("望河花园",))
    return echoes(user, about, phone=phone, now=timezone.now())


def again(found: Echoes) -> list[Ticket]:
    return [echo.ticket for echo in found.again]


def others(found: Echoes) -> list[Ticket]:
    return [echo.ticket for echo in found.others]


def test_the_same_number_with_the_same_place_or_matter_is_told_again(
    agent: User, lamps: Category, other_matter: Category
) -> None:
    place = told(other_matter)
    matter = told(lamps, text="桥头的路灯不亮", days=29)
    told(other_matter, text="桥头漏水")
    told(lamps, days=31)

    found = heard(agent, lamps)

    assert again(found) == [place, matter]
    assert [echo.why for echo in found.again] == [["同一地点：望河花园"], ["同一事项"]]
    assert others(found) == []


def test_others_tell_the_same_with_both_place_and_matter_in_seven_days(
    agent: User, lamps: Category, other_matter: Category
) -> None:
    same = told(lamps, THEIRS)
    told(lamps, THEIRS, "桥头的路灯不亮")
    told(other_matter, THEIRS)
    told(lamps, THEIRS, days=8)

    found = heard(agent, lamps)

    assert others(found) == [same]
    assert found.others[0].why == ["同一地点：望河花园", "同一事项"]
    assert again(found) == []
    assert found.together == same.number


def test_the_matter_above_counts_as_the_same(agent: User, lamps: Category) -> None:
    same = told(lamps.parent, THEIRS)

    assert others(heard(agent, lamps)) == [same]
    assert others(heard(agent, lamps.parent)) == [same]


def test_without_a_place_or_a_matter_nobody_else_is_named(agent: User, lamps: Category) -> None:
    told(lamps, THEIRS)

    assert others(heard(agent, None)) == []
    assert not echoes(agent, About(lamps), phone="", now=timezone.now())


@pytest.mark.parametrize("phone", ["", "12", "不详"])
def test_without_a_number_all_are_others(agent: User, lamps: Category, phone: str) -> None:
    same = told(lamps)

    found = heard(agent, lamps, phone)

    assert (again(found), others(found)) == ([], [same])


def test_what_was_put_aside_or_is_confidential_is_no_echo(
    agent: User, lamps: Category, dispatcher: User
) -> None:
    for phone in (MINE, THEIRS):
        told(lamps, phone, kind="report")
        actions.invalidate(told(lamps, phone), note="空号", by=dispatcher)
        actions.withdraw(told(lamps, phone), reason="已解决", by=Party.CITIZEN)

    assert not heard(agent, lamps)


def test_a_unit_hears_only_of_its_own_tickets_and_a_stranger_of_none(
    lamps: Category, dispatcher: User, handler: User, stranger: User, units: Units
) -> None:
    mine, theirs = told(lamps), told(lamps, THEIRS)
    told(lamps, "13712345678")
    for ticket in (mine, theirs):
        actions.dispatch(ticket, to=units.housing, by=dispatcher)

    assert others(heard(handler, lamps)) == [theirs]
    assert again(heard(handler, lamps)) == [mine]
    assert not heard(stranger, lamps)


def test_who_may_not_look_for_numbers_is_not_told_who_called_again(
    signer: User, dispatcher: User, lamps: Category, units: Units
) -> None:
    actions.dispatch(told(lamps), to=units.housing, by=dispatcher)

    assert not heard(signer, lamps)


def test_those_in_an_incident_come_first(agent: User, lamps: Category, dispatcher: User) -> None:
    first, second = told(lamps, THEIRS), told(lamps, "13712345678")
    alone = told(lamps, "13612345678")
    actions.gather(second, beside=first, by=dispatcher)

    assert others(heard(agent, lamps)) == [second, first, alone]


def test_a_ticket_does_not_echo_itself_and_a_confidential_one_nothing(
    dispatcher: User, lamps: Category
) -> None:
    earlier, later = told(lamps), told(lamps)
    secret = told(lamps, kind="report")
    now = timezone.now()

    assert again(echoes_of(later, dispatcher, now)) == [earlier]
    assert not echoes_of(secret, dispatcher, now)
