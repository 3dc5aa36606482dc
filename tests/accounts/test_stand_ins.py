"""Deputies and duty rosters: a post held for a time allows what it allows, then and only then."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client

from accounts import actions, selectors
from accounts.models import Membership, Role, StandIn, User
from tests.factories import Units
from tests.tickets.steps import accepted
from tickets import actions as tickets
from tickets import errors, policy

NIGHT = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)


def on_duty(user: User, units: Units, **changed: object) -> StandIn:
    """Put somebody on the roster of 市住建局 to sign that night."""
    fields = {"role": Role.SIGNER, "department": units.housing, "reason": "值班"}
    fields |= {"begins_at": NIGHT, "ends_at": NIGHT + timedelta(hours=12)} | changed
    return actions.stand_in(StandIn(user=user, **fields))


def again(user: User) -> User:
    """The same person at the next request."""
    return User.objects.get(pk=user.pk)


def test_who_is_on_duty_signs_during_the_night_and_not_before_or_after(
    units: Units, dispatcher: User, stranger: User
) -> None:
    with time_machine.travel(NIGHT, tick=False) as clock:
        ticket = tickets.dispatch(accepted(), to=units.housing, by=dispatcher)
        on_duty(stranger, units)
        clock.shift(timedelta(seconds=-1))
        assert not policy.may_read(again(stranger), ticket)
        with pytest.raises(errors.NotAllowed):
            tickets.sign(ticket, by=again(stranger))
        clock.shift(timedelta(hours=12, seconds=1))
        assert not policy.may_read(again(stranger), ticket)
        assert list(selectors.members(units.housing, Role.SIGNER)) == []
        clock.shift(timedelta(hours=-1))
        assert list(selectors.members(units.housing, Role.SIGNER)) == [stranger]
        assert stranger in selectors.acting_as(Role.SIGNER)

        tickets.sign(ticket, by=again(stranger))

    assert ticket.entries.latest("id").department == units.housing


def test_a_time_has_an_end_and_nobody_stands_in_for_the_administrator(
    units: Units, stranger: User
) -> None:
    with pytest.raises(ValidationError, match="结束应晚于开始"):
        on_duty(stranger, units, ends_at=NIGHT)
    with pytest.raises(ValidationError, match="管理员不能代理"):
        on_duty(stranger, units, role=Role.ADMIN)

    assert not StandIn.objects.exclude(begins_at=None).exists()


def test_posts_for_good_are_kept_apart_from_those_for_a_time(
    units: Units, stranger: User, admin: User
) -> None:
    for days in (0, 7):
        begins = NIGHT + timedelta(days=days)
        on_duty(stranger, units, begins_at=begins, ends_at=begins + timedelta(hours=12))
    browser = Client()
    browser.force_login(admin)

    actions.set_posts(stranger, {(Role.AUDITOR, units.urban)})
    page = browser.get("/admin/accounts/standin/").content.decode()

    assert Membership.objects.filter(user=stranger, begins_at=None).count() == 1
    assert page.count("值班") >= 2
    added = browser.post(
        "/admin/accounts/standin/add/",
        {
            "user": stranger.pk,
            "role": "handler",
            "department": units.housing.pk,
            "begins_at_0": "2026-11-20",
            "begins_at_1": "18:00",
            "ends_at_0": "2026-11-21",
            "ends_at_1": "08:00",
            "reason": "代理",
        },
    )
    assert added.status_code == 302
    assert StandIn.objects.filter(reason="代理").exists()
