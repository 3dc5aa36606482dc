"""The odd ones on the way (domain paper §22): by text only, a matter retired, entered late."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from city.models import Category
from tests.cast import People
from tests.factories import Units
from tests.tickets.steps import HAPPY, REPLY, TRY, accepted
from tickets import actions, errors, policy
from tickets.actions import Spoken
from tickets.models import Source, Ticket
from tickets.workflow import STEPS, Party, Status


def test_hearing_impaired_via_text(
    units: Units, dispatcher: User, signer: User, handler: User, auditor: User, reviewer: User
) -> None:
    ticket = actions.accept(
        text="我听不见，请发短信。小区门口盲道被电动车占满。",
        source=Source.WEB,
        by=Party.CITIZEN,
        phone="13812345678",
        wants_callback=False,
        kind="help",
    )
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)

    by_text = Spoken(timezone.now(), means="sms", said="短信告知已清理")
    actions.contact(ticket, spoken=by_text, by=handler)
    actions.reply(ticket, text=REPLY, result="solved", by=handler)
    actions.release(ticket, by=auditor)
    actions.review(ticket, by=reviewer)
    actions.rate(ticket, **HAPPY)

    assert ticket.status == Status.CLOSED
    assert not ticket.entries.filter(step="call_back").exists()
    assert ticket.ratings.get().satisfied == "yes"


def test_category_retired(units: Units, dispatcher: User, person: People) -> None:
    old = Category.objects.create(code="9901", name="旧事项", level=2)
    ticket = actions.accept(
        text="旧事项的事。", source=Source.WEB, by=Party.CITIZEN, category=old, phone="13812345678"
    )
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    Category.objects.filter(pk=old.pk).update(active=False)

    for verb, role in (("sign", Role.SIGNER), ("reply", Role.HANDLER), ("release", Role.AUDITOR)):
        TRY[verb](ticket, person(role, units.housing), units)
    late = actions.accept(text="又一件。", source=Source.WEB, by=Party.CITIZEN, category=old)

    assert ticket.category == late.category == old
    assert ticket.status == Status.REPLY_REVIEW
    assert policy.may(dispatcher, STEPS["screen"], late)


def test_a_retired_matter_is_kept_on_the_form_of_its_ticket_and_offered_to_no_other(
    units: Units, reviewer: User, client: Client
) -> None:
    old = Category.objects.create(code="9901", name="旧事项", level=2)
    own = actions.accept(text="旧事项。", source=Source.WEB, by=Party.CITIZEN, category=old)
    Category.objects.filter(pk=old.pk).update(active=False)
    client.force_login(reviewer)

    kept = client.post(f"/tickets/{own.number}/screen/", {"urgency": "urgent", "version": 1})
    other = client.get(f"/tickets/{accepted().number}/screen/").content.decode()

    own.refresh_from_db()
    assert (kept.status_code, own.category, own.urgency) == (302, old, "urgent")
    assert "旧事项" not in other


def test_return_after_sign(units: Units, dispatcher: User, signer: User) -> None:
    ticket = actions.dispatch(accepted(), to=units.housing, by=dispatcher)
    actions.sign(ticket, by=signer)

    with pytest.raises(errors.WrongState, match="办理中"):
        actions.send_back(ticket, reason="签收后才发现不是我局职责", by=signer)

    assert not policy.may(signer, STEPS["send_back"], ticket)
    assert (ticket.lead, ticket.return_count) == (units.housing, 0)


def test_system_outage_backfill_with_past_times(
    units: Units, agent: User, dispatcher: User, client: Client
) -> None:
    client.force_login(agent)
    then = timezone.localtime() - timedelta(hours=30)
    typed = {"text": "停机那天记在纸上的：路灯不亮。", "token": "t-1"}

    ahead = timezone.localtime() + timedelta(hours=1)
    refused = client.post("/desk/submit/", typed | {"accepted_at": f"{ahead:%Y-%m-%dT%H:%M}"})
    client.post("/desk/submit/", typed | {"accepted_at": f"{then:%Y-%m-%dT%H:%M}"})

    ticket = Ticket.objects.get()
    actions.dispatch(ticket, to=units.housing, by=dispatcher)
    turn = ticket.assignments.get()
    assert "不能晚于现在" in refused.content.decode()
    assert f"{then:%Y%m%d}" in ticket.number
    assert abs(ticket.accepted_at - then) < timedelta(minutes=1)
    assert ticket.entries.order_by("id")[0].at == ticket.accepted_at
    assert turn.dispatched_at - ticket.accepted_at > timedelta(hours=29)
    assert turn.counted_from == turn.dispatched_at
