"""Supervision in levels: raised, explained under a leader's name, told, listed, ended."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from accounts.models import Role, User
from city import actions as city
from city.models import Parameter
from outbox import bus
from outbox import selectors as told
from tests.factories import Units, make_user
from tests.tickets.steps import HAPPY, NOTE, REPLY, UNHAPPY, accepted
from tickets import actions, policy, selectors
from tickets.errors import Invalid, NotAllowed, WrongState
from tickets.models import Ticket
from tickets.workflow import STEPS

WHY = "人员不足，已从邻近班组调配两人，周五前修好。"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-16 09:30 +0800", tick=False) as travel:
        yield travel


@pytest.fixture
def watched(units: Units, dispatcher: User, supervisor: User) -> Ticket:
    """A ticket of 望河街道, which lies below 临溪区, under supervision."""
    ticket = accepted()
    actions.dispatch(ticket, to=units.wanghe, by=dispatcher)
    actions.sign(ticket, by=make_user(Role.SIGNER, units.wanghe))
    return actions.supervise(ticket, note="超期两天，请说明", by=supervisor)


@pytest.fixture
def head(units: Units) -> User:
    """The auditor of 望河街道."""
    return make_user(Role.AUDITOR, units.wanghe)


def verbs(user: User, ticket: Ticket) -> set[str]:
    wanted = {"escalate", "explain", "end_supervision", "supervise"}
    return {step.verb for step in policy.allowed_steps(user, ticket)} & wanted


def labels(user: User) -> list[str]:
    bus.drain()
    return [notice.label for notice in told.notices_of(user.pk).order_by("id")]


def test_supervision_demands_a_word_within_the_days_of_a_row_and_the_unit_gives_it(
    watched: Ticket, head: User, auditor: User, supervisor: User
) -> None:
    (row,) = watched.supervisions.all()
    assert (row.level, row.by, f"{row.due_at:%m%d}") == (2, supervisor, "1119")
    assert verbs(head, watched) == {"explain"}
    assert verbs(auditor, watched) == set()
    with pytest.raises(NotAllowed):
        actions.explain(watched, leader="李主任", note=WHY, by=auditor)
    with pytest.raises(Invalid, match="单位领导"):
        actions.explain(watched, leader=" ", note=WHY, by=head)

    actions.explain(watched, leader="李主任", note=WHY, by=head)

    row.refresh_from_db()
    assert (row.leader, row.explanation, row.explained_by, row.is_late) == (
        *("李主任", WHY, head),
        False,
    )
    assert verbs(head, watched) == set()
    assert labels(supervisor) == ["督办说明已提交"]
    with pytest.raises(WrongState, match="没有待作说明"):
        actions.explain(watched, leader="李主任", note=WHY, by=head)


def test_each_level_up_is_a_record_and_tells_the_unit_above_and_there_are_three(
    watched: Ticket,
    units: Units,
    head: User,
    supervisor: User,
    dispatcher: User,
    clock: time_machine.Traveller,
) -> None:
    district, other = make_user(Role.AUDITOR, units.linxi), make_user(Role.AUDITOR, units.nanping)
    clock.shift(timedelta(days=4))
    with pytest.raises(NotAllowed):
        actions.escalate(watched, note=NOTE, by=dispatcher)

    actions.escalate(watched, note="逾期不说明", by=supervisor)
    actions.explain(watched, leader="李主任", note=WHY, by=head)
    actions.escalate(watched, note="仍不办理", by=supervisor)

    rows = list(watched.supervisions.all())
    assert [(r.level, bool(r.ended_at), bool(r.explained_at)) for r in rows] == [
        (2, True, False),
        (3, True, True),
        (4, False, False),
    ]
    assert watched.supervision_label == "问责线索"
    assert watched.explain_due_at == rows[2].due_at
    assert labels(district) == ["下级单位被提级督办"] * 2
    assert labels(other) == []
    assert labels(head).count("提级督办，待作书面说明") == 2
    assert "escalate" not in verbs(supervisor, watched)
    with pytest.raises(WrongState, match="最高一级"):
        actions.escalate(watched, note=NOTE, by=supervisor)
    assert [e.extra.get("level") for e in watched.entries.filter(step="escalate")] == [
        "专项督办",
        "问责线索",
    ]


def test_supervision_ends_by_the_supervisor_s_word_or_with_the_ticket(
    watched: Ticket, units: Units, head: User, supervisor: User, reviewer: User, callback: User
) -> None:
    with pytest.raises(NotAllowed):
        actions.end_supervision(watched, note=NOTE, by=head)
    actions.end_supervision(watched, note="已办实", by=supervisor)
    assert (watched.supervise_level, watched.explain_due_at) == (0, None)
    assert watched.supervision_label == "曾督办"
    with pytest.raises(WrongState):
        actions.end_supervision(watched, note=NOTE, by=supervisor)

    actions.supervise(watched, note="又拖了", by=supervisor)
    worker = make_user(Role.HANDLER, units.wanghe)
    actions.reply(watched, text=REPLY, result="solved", contacted=True, by=worker)
    actions.release(watched, by=head)
    actions.review(watched, by=reviewer)
    actions.call_back(watched, outcome="reached", by=callback, **HAPPY)

    results = [(row.result, row.ended_by) for row in watched.supervisions.all()]
    assert results == [("已办实", supervisor), ("工单已结束", None)]
    assert watched.supervise_level == 0


def test_a_second_redo_is_supervised_and_a_leader_s_instruction_raises_it_to_special(
    watched: Ticket, units: Units, head: User, supervisor: User, reviewer: User, callback: User
) -> None:
    actions.end_supervision(watched, note="已办实", by=supervisor)
    worker = make_user(Role.HANDLER, units.wanghe)
    for _ in range(2):
        actions.reply(watched, text=REPLY, result="solved", contacted=True, by=worker)
        actions.release(watched, by=head)
        actions.review(watched, by=reviewer)
        actions.call_back(watched, outcome="reached", by=callback, **UNHAPPY)
    assert watched.supervise_level == 2
    assert watched.supervisions.latest("id").by is None

    actions.instruct(watched, leader="市长", note="三日内办结", by=supervisor)

    last = watched.supervisions.latest("id")
    assert (last.level, last.opinion) == (3, "市长批示：三日内办结")
    assert [row.ended_at is None for row in watched.supervisions.all()] == [False, False, True]


def test_the_lists_of_the_supervisor_and_of_the_unit_hold_exactly_what_waits(
    watched: Ticket, head: User, auditor: User, supervisor: User, units: Units
) -> None:
    accepted(phone="13912345678")
    assert list(selectors.worklist(supervisor, "supervised")) == [watched]
    assert list(selectors.worklist(head, "to_explain")) == [watched]
    assert list(selectors.worklist(auditor, "to_explain")) == []
    assert selectors.counts(supervisor)["supervised"].total == 1
    assert selectors.counts(head)["to_explain"].total == 1

    actions.explain(watched, leader="李主任", note=WHY, by=head)

    assert list(selectors.worklist(head, "to_explain")) == []
    assert selectors.counts(supervisor)["supervised"].total == 1


def test_it_is_raised_explained_and_read_on_the_ticket_s_page(
    watched: Ticket, head: User, supervisor: User, client: Client
) -> None:
    url = f"/tickets/{watched.number}/"
    client.force_login(supervisor)
    client.post(f"{url}escalate/", {"note": "请区里督促"})
    client.force_login(head)
    empty = client.post(f"{url}explain/", {"note": WHY})
    client.post(f"{url}explain/", {"note": WHY, "leader": "李主任"})

    client.force_login(supervisor)
    page = client.get(url).content.decode()
    listed = client.get("/worklist/?list=supervised").content.decode()

    assert (empty.status_code, "请写明负责督促办理的单位领导" in empty.content.decode()) == (
        *(400,),
        True,
    )
    assert all(words in page for words in ("专项督办", "请区里督促", WHY, "李主任", "解除督办"))
    assert watched.number in listed
    assert "专项督办" in listed


def test_how_long_a_unit_has_to_explain_itself_is_a_row(watched: Ticket, supervisor: User) -> None:
    row = Parameter(name=Parameter.Name.SUPERVISE_DAYS, amount=1, valid_from="2020-01-01")
    city.save_row(row)

    actions.supervise(watched, note="再次督办", by=supervisor)

    assert watched.explain_due_at is not None
    assert f"{watched.explain_due_at:%m%d}" == "1117"
    assert STEPS["explain"].own_unit
