"""Signatures inside a unit: as many levels as it has, each by who is to sign, the last lets out."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.factories import Units, make_user
from tests.tickets.steps import REPLY, accepted
from tickets import actions, policy, selectors
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import SignChain, Ticket
from tickets.workflow import STEPS, Status


@pytest.fixture
def chief(units: Units) -> User:
    """The head of a section of 市住建局."""
    return make_user(Role.AUDITOR, units.housing, name="陈科长")


@pytest.fixture
def replied(units: Units, dispatcher: User, signer: User, handler: User) -> Ticket:
    """A ticket that 市住建局 is about to answer."""
    found = accepted()
    actions.dispatch(found, to=units.housing, by=dispatcher)
    return actions.sign(found, by=signer)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(ticket: Ticket, handler: User) -> Ticket:
    return actions.reply(ticket, text=REPLY, result="solved", contacted=True, by=handler)


def verbs(user: User, ticket: Ticket) -> set[str]:
    mine = {step.verb for step in policy.allowed_steps(user, ticket)}
    return mine & {"endorse", "release", "send_reply_back"}


def test_without_a_chain_the_auditor_signs_alone(
    replied: Ticket, handler: User, auditor: User
) -> None:
    answer(replied, handler)

    assert verbs(auditor, replied) == {"release", "send_reply_back"}
    with pytest.raises(WrongState, match="只差最后一级"):
        actions.endorse(replied, by=auditor)
    assert actions.release(replied, by=auditor).status == Status.REPLY_REVIEW


def test_each_level_signs_in_its_turn_and_only_who_is_to(
    replied: Ticket, units: Units, handler: User, auditor: User, chief: User, stranger: User
) -> None:
    levels = [("科室负责人", chief), ("分管领导", auditor), ("主要负责人", None)]
    actions.set_sign_chain(units.housing, levels)
    answer(replied, handler)

    with pytest.raises(NotAllowed):
        actions.endorse(replied, by=auditor)
    with pytest.raises(NotAllowed):
        actions.release(replied, by=auditor)
    with pytest.raises(WrongState, match="还要先经 2 级"):
        actions.release(replied, by=chief)
    assert [verbs(user, replied) for user in (chief, auditor, stranger, handler)] == [
        {"endorse", "send_reply_back"},
        set(),
        set(),
        set(),
    ]
    actions.endorse(replied, note="情况属实", by=chief)
    actions.endorse(replied, by=auditor)
    seen = [(s.title, s.by) for s in selectors.signatures(replied)]
    actions.release(replied, by=chief)

    said = replied.entries.filter(step="endorse").order_by("id")
    assert seen == [("科室负责人", chief), ("分管领导", auditor), ("主要负责人", None)]
    assert [entry.extra["level"] for entry in said] == ["科室负责人", "分管领导"]
    assert replied.status == Status.REPLY_REVIEW
    assert replied.replied_at
    assert selectors.signatures(replied) == []


def test_a_level_that_sends_back_begins_the_chain_anew(
    replied: Ticket, units: Units, handler: User, auditor: User, chief: User
) -> None:
    actions.set_sign_chain(units.housing, [("科室负责人", chief), ("分管领导", auditor)])
    answer(replied, handler)
    actions.endorse(replied, by=chief)

    with pytest.raises(NotAllowed):
        actions.send_reply_back(replied, note="依据不足", by=chief)
    actions.send_reply_back(replied, note="依据不足", by=auditor)
    answer(replied, handler)

    assert (replied.sign_offs_left, replied.next_signer) == (1, chief)
    assert [s.by for s in selectors.signatures(replied)] == [None, None]


def test_a_unit_without_levels_answers_straight_to_the_hotline(
    replied: Ticket, units: Units, handler: User, reviewer: User
) -> None:
    actions.set_sign_chain(units.housing, [])

    answer(replied, handler)

    assert replied.status == Status.REPLY_REVIEW
    assert replied.replied_at
    assert policy.may(reviewer, STEPS["review"], replied)


def test_when_somebody_leaves_what_waits_goes_to_who_signs_now(
    replied: Ticket, units: Units, handler: User, auditor: User, chief: User
) -> None:
    actions.set_sign_chain(units.housing, [("科室负责人", chief), ("分管领导", auditor)])
    answer(replied, handler)

    actions.set_sign_chain(units.housing, [("科室负责人", auditor), ("分管领导", None)])
    replied.refresh_from_db()
    first = verbs(auditor, replied)
    actions.drop_sign_chain(units.housing)
    replied.refresh_from_db()

    assert first == {"endorse", "send_reply_back"}
    assert verbs(chief, replied) == {"release", "send_reply_back"}


def test_nobody_signs_for_a_unit_that_is_not_his(
    units: Units, handler: User, stranger: User
) -> None:
    for nobody in (handler, stranger):
        with pytest.raises(Invalid, match="没有市住建局的单位审核岗位"):
            actions.set_sign_chain(units.housing, [("科室负责人", nobody)])
    with pytest.raises(Invalid, match="最多 3 级"):
        actions.set_sign_chain(units.housing, [(str(n), None) for n in range(4)])
    assert not SignChain.objects.exists()


def test_an_administrator_keeps_the_chain_and_the_page_shows_where_a_reply_stands(
    replied: Ticket,
    units: Units,
    handler: User,
    auditor: User,
    chief: User,
    stranger: User,
    admin: User,
) -> None:
    form: dict[str, Any] = {
        "department": units.housing.pk,
        "levels-INITIAL_FORMS": 0,
        "levels-TOTAL_FORMS": 2,
    }
    for at, (title, signer) in enumerate((("科室负责人", chief), ("分管领导", stranger))):
        row = {"position": at + 1, "title": title, "signer": signer.pk}
        form |= {f"levels-{at}-{name}": value for name, value in row.items()}
    office = browser(admin)

    refused = office.post("/admin/tickets/signchain/add/", form).content.decode()
    done = office.post("/admin/tickets/signchain/add/", form | {"levels-1-signer": auditor.pk})
    answer(replied, handler)
    actions.endorse(replied, by=chief)
    page = browser(auditor).get(f"/tickets/{replied.number}/").content.decode()

    assert "没有市住建局的单位审核岗位" in refused
    assert done.status_code == 302
    assert "审签进度" in page
    assert "已签" in page
    assert page.count("待签</span>") == 1
    assert browser(auditor).get("/admin/tickets/signchain/").status_code in {302, 403}
