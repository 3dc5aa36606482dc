"""Notices: each person is told once of what concerns him, and of nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Role, User
from hotline import tasks
from hotline.realtime import groups
from outbox import bus
from outbox import selectors as told
from outbox.models import Notice
from tests.factories import Units, make_user
from tests.tickets.steps import NOTE, REPLY, accepted
from tests.web.conftest import SignIn
from tickets import actions, policy
from tickets.events import CardsShown
from tickets.models import Card, Ticket
from tickets.notices import TOLD
from tickets.subscribers import warn
from tickets.workflow import STEPS


@pytest.fixture
def sent(units: Units, dispatcher: User, signer: User) -> Ticket:
    """A ticket on its way to 市住建局, with 望河街道 assisting."""
    ticket = accepted()
    actions.dispatch(ticket, to=units.housing, assisting=[units.wanghe], by=dispatcher)
    return ticket


def labels(user: User) -> list[str]:
    bus.drain()
    return [notice.label for notice in told.notices_of(user.pk).order_by("id")]


def test_every_step_that_is_told_of_is_one_of_the_table() -> None:
    assert set(TOLD) <= set(STEPS)


def test_new_work_is_told_to_those_who_sign_for_it_and_to_nobody_else(
    sent: Ticket, units: Units, signer: User, handler: User, dispatcher: User, stranger: User
) -> None:
    street = make_user(Role.SIGNER, units.wanghe)
    late = make_user(Role.SIGNER, units.water)

    assert labels(signer) == ["新工单待签收"]
    assert labels(street) == ["协办工单待接收"]
    assert labels(late) == labels(stranger) == labels(dispatcher) == labels(handler) == []
    actions.call_in(sent, assisting=[units.water], note=NOTE, by=dispatcher)
    assert labels(late) == ["协办工单待接收"]
    assert labels(street) == ["协办工单待接收"]


def test_what_becomes_of_a_reply_is_told_to_its_author_and_never_to_who_did_it(
    sent: Ticket, units: Units, signer: User, handler: User, auditor: User, reviewer: User
) -> None:
    actions.sign(sent, by=signer)
    actions.recall(sent, note=NOTE, by=make_user(Role.DISPATCHER, units.center))
    actions.reply(sent, text=REPLY, result="solved", contacted=True, by=handler)
    actions.send_reply_back(sent, note="请写明依据", by=auditor)
    actions.reply(sent, text=REPLY, result="solved", contacted=True, by=handler)
    actions.release(sent, by=auditor)
    actions.review(sent, by=reviewer)

    assert labels(handler) == ["答复被退回重写", "答复已通过审核"]
    assert labels(auditor) == ["答复待单位审核"] * 2
    assert labels(reviewer) == []


def test_urging_and_cards_reach_who_handles_it_and_come_once(
    sent: Ticket, signer: User, handler: User, agent: User, stranger: User
) -> None:
    actions.sign(sent, by=signer)
    actions.hand_over(sent, to=handler, by=signer)
    actions.urge(sent, by=agent)
    Card.objects.create(
        ticket=sent,
        department=sent.lead,
        level="red",
        clock="handle",
        due_at=timezone.now(),
        at=timezone.now(),
    )
    event = CardsShown("red", (sent.pk,), ())

    warn([event])
    warn([event])

    assert sorted(labels(handler)) == sorted(["红牌", "工单转交给您", "催办"])
    assert labels(signer) == ["新工单待签收"]
    assert labels(stranger) == []


def test_the_bell_counts_what_is_unread_and_a_notice_leads_to_its_ticket(
    sent: Ticket, signer: User, stranger: User, sign_in: SignIn
) -> None:
    bus.drain()
    mine = told.notices_of(signer.pk).get()
    browser = sign_in(signer)

    page = browser.get("/notices/").content.decode()
    foreign = sign_in(stranger).get(f"/notices/{mine.pk}/")
    onward = browser.get(f"/notices/{mine.pk}/")

    assert 'aria-label="1 条未读"' in page
    assert sent.heading in page
    assert foreign.status_code == 404
    assert onward.headers["Location"] == f"/tickets/{sent.number}/"
    assert "未读" not in browser.get("/notices/unread/").content.decode()
    assert told.unread(signer.pk) == 0


def test_the_list_asks_as_many_questions_for_many_notices_as_for_few(
    units: Units, dispatcher: User, signer: User, sign_in: SignIn
) -> None:
    browser, asked = sign_in(signer), []
    for _ in range(3):
        actions.dispatch(accepted(), to=units.housing, by=dispatcher)
        bus.drain()
        with CaptureQueriesContext(connection) as caught:
            page = browser.get("/notices/").content.decode()
        asked.append(len(caught))

    assert page.count('class="unread"') == 3
    assert asked[0] == asked[2] <= 14


def test_a_page_that_hears_of_a_notice_fetches_the_rows_alone(
    sent: Ticket, signer: User, agent: User, sign_in: SignIn
) -> None:
    bus.drain()

    part = sign_in(signer).get("/notices/", headers={"HX-Request": "true"}).content.decode()
    empty = sign_in(agent).get("/notices/").content.decode()

    assert sent.heading in part
    assert "<nav" not in part
    assert "没有通知" in empty
    assert groups.of_page(agent, "own") == [groups.person(agent.pk)]


def test_of_a_ticket_that_was_taken_away_only_its_number_is_left(
    sent: Ticket, units: Units, dispatcher: User, signer: User, sign_in: SignIn
) -> None:
    bus.drain()
    actions.redirect(sent, to=units.urban, by=dispatcher)

    page = sign_in(signer).get("/notices/").content.decode()

    assert "工单已不在本单位" in page
    assert sent.number in page
    assert sent.heading not in page
    assert not policy.may_read(signer, sent)


def test_all_are_read_at_once_and_what_is_old_is_swept(
    sent: Ticket, signer: User, sign_in: SignIn
) -> None:
    bus.drain()

    sign_in(signer).post("/notices/")
    assert told.unread(signer.pk) == 0
    assert tasks.sweep_notices() == 0
    Notice.objects.update(at=timezone.now() - timedelta(days=31))

    assert tasks.sweep_notices() == Notice.objects.count() + 1 == 1


def test_who_left_the_unit_is_told_nothing_and_a_page_hears_its_own_person_only(
    units: Units, dispatcher: User, signer: User, stranger: User
) -> None:
    accounts.revoke(signer, Role.SIGNER, units.housing)
    actions.dispatch(accepted(), to=units.housing, by=dispatcher)

    assert labels(signer) == []
    assert groups.person(stranger.pk) in groups.of_page(stranger, "work")
    assert groups.person(signer.pk) not in groups.of_page(stranger, "work")
