"""Finding tickets: by a number, by a phone for those who may, by words without the engine."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import AccessLog, Role, User
from tests.factories import Units, make_user
from tickets import actions, errors, finding, selectors
from tickets.finding import Wanted
from tickets.models import Source, Ticket
from tickets.workflow import Party

PHONE = "13812345678"
MAY_SEARCH_PHONES = [Role.AGENT, Role.DISPATCHER, Role.REVIEWER, Role.CALLBACK, Role.SUPERVISOR]


@pytest.fixture
def ticket(units: Units) -> Ticket:
    return actions.accept(
        text="柳林社区门口井盖松动，夜里车压过去很响。",
        source=Source.WEB,
        by=Party.CITIZEN,
        phone=PHONE,
        title="井盖松动",
    )


@pytest.fixture
def dispatched(ticket: Ticket, units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(ticket, to=units.housing, by=dispatcher)


@pytest.mark.parametrize("role", MAY_SEARCH_PHONES)
def test_who_speaks_with_citizens_finds_by_phone_and_it_is_logged(
    role: Role, ticket: Ticket, units: Units
) -> None:
    user = make_user(role, units.center)

    found = finding.find(user, Wanted(words="138 1234 5678"), ip="10.0.0.7")

    logged = AccessLog.objects.get()
    assert found.tickets == [ticket]
    assert (logged.user, logged.action, logged.ip) == (user, "search_phone", "10.0.0.7")
    assert "按电话 138****5678 查单，找到 1 件" in logged.reason
    assert PHONE not in f"{logged.reason}{logged.subject_id}"


def test_a_phone_that_leads_nowhere_is_logged_all_the_same(units: Units, agent: User) -> None:
    assert finding.find(agent, Wanted(words="13900000000")).tickets == []

    assert "找到 0 件" in AccessLog.objects.get().reason


def test_of_many_tickets_of_a_number_the_latest_are_listed_and_all_are_counted(
    ticket: Ticket, agent: User
) -> None:
    rows = list(Ticket.objects.filter(pk=ticket.pk))
    Ticket.objects.bulk_create(
        [Ticket(**_values(row) | {"number": f"{n:021}"}) for n in range(24) for row in rows]
    )

    found = finding.find(agent, Wanted(words=PHONE))

    assert (len(found.tickets), found.total) == (20, 25)
    assert "找到 25 件" in AccessLog.objects.get().reason


def _values(row: Ticket) -> dict[str, object]:
    fields = (field.attname for field in Ticket._meta.concrete_fields if not field.primary_key)
    return {name: getattr(row, name) for name in fields}


@pytest.mark.parametrize("role", [Role.SIGNER, Role.EDITOR, Role.ADMIN])
def test_who_needs_no_contacts_does_not_find_by_phone(
    role: Role, dispatched: Ticket, units: Units
) -> None:
    user = make_user(role, units.housing)

    found = finding.find(user, Wanted(words=PHONE))

    assert (found.tickets, found.total) == ([], 0)
    assert "按电话查单只限" in found.refused
    assert not AccessLog.objects.exists()
    assert selectors.open_of_phone(PHONE, user) == []


def test_a_unit_finds_its_own_ticket_by_phone_and_a_stranger_does_not(
    dispatched: Ticket, handler: User, stranger: User
) -> None:
    assert finding.find(handler, Wanted(words=PHONE)).tickets == [dispatched]
    assert finding.find(stranger, Wanted(words=PHONE)).tickets == []


def test_a_phone_never_leads_a_unit_to_a_confidential_ticket(
    dispatched: Ticket, handler: User, agent: User
) -> None:
    Ticket.objects.update(confidential=True)

    assert finding.find(handler, Wanted(words=PHONE)).tickets == []
    assert finding.find(agent, Wanted(words=PHONE)).tickets == [dispatched]


@pytest.mark.parametrize("words", ["12345678", "1381234", "1234 5678"])
def test_the_database_does_not_give_away_a_number_piece_by_piece(
    units: Units, signer: User, agent: User, words: str
) -> None:
    actions.accept(text=f"我的电话是{PHONE}，井盖松动。", source=Source.WEB, by=Party.CITIZEN)

    assert finding.find_in_database(agent, Wanted(words=words)) == []


@pytest.mark.parametrize("words", ["井盖松", "夜里车压过去"])
def test_without_the_engine_tickets_are_found_in_the_database(
    ticket: Ticket, agent: User, words: str
) -> None:
    assert finding.find_in_database(agent, Wanted(words=words)) == [ticket]


def test_without_the_engine_a_stranger_finds_nothing(dispatched: Ticket, stranger: User) -> None:
    assert finding.find_in_database(stranger, Wanted(words=dispatched.number)) == []
    assert finding.find_in_database(stranger, Wanted(words="井盖")) == []


def test_the_database_finds_by_the_beginning_of_a_number(ticket: Ticket, agent: User) -> None:
    assert finding.find_in_database(agent, Wanted(words=ticket.number[:17])) == [ticket]
    assert finding.find_in_database(agent, Wanted(words="  ")) == []


def test_words_of_long_ago_are_left_to_the_search_engine(ticket: Ticket, agent: User) -> None:
    Ticket.objects.update(accepted_at=timezone.now() - timedelta(days=31))

    assert finding.find_in_database(agent, Wanted(words="夜里车压过去")) == []
    assert finding.find_in_database(agent, Wanted(words="井盖松动")) == [ticket]


def test_the_database_searches_in_few_queries(
    ticket: Ticket, agent: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    assert agent.roles

    with django_assert_max_num_queries(2):
        found = finding.find_in_database(agent, Wanted(words="井盖"))
        assert [(row.lead, row.category) for row in found] == [(None, None)]


def test_a_search_is_kept_under_a_name_and_can_be_forgotten(agent: User, signer: User) -> None:
    actions.save_search(agent, name=" 临溪 积水 ", query="q=积水")
    saved = actions.save_search(agent, name="临溪 积水", query="q=积水&status=processing")

    assert [row.query for row in agent.saved_searches.all()] == ["q=积水&status=processing"]
    assert not signer.saved_searches.exists()

    actions.forget_search(saved)
    assert not agent.saved_searches.exists()


def test_a_kept_search_needs_a_name_and_there_are_not_too_many(agent: User) -> None:
    with pytest.raises(errors.Invalid, match="起个名字"):
        actions.save_search(agent, name="  ", query="q=积水")
    for serial in range(30):
        actions.save_search(agent, name=f"第 {serial} 个", query="q=积水")

    with pytest.raises(errors.Invalid, match="最多保存 30 个"):
        actions.save_search(agent, name="又一个", query="q=积水")
