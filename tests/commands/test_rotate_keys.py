"""Keys are rotated while the hotline goes on: nothing is lost, and numbers are still found."""

from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from pytest_django import Settings

from accounts.models import User
from hotline.calls import selectors
from hotline.calls.gateways import simulator
from hotline.calls.models import Call, CallEvent
from tickets import actions
from tickets.models import Source, Ticket
from tickets.selectors import open_of_phone
from tickets.workflow import Party

pytestmark = pytest.mark.django_db
PHONE = "13812345678"


@pytest.fixture
def desk(agent: User) -> User:
    agent.agent_no = "8001"
    agent.save()
    return agent


@pytest.fixture
def call(desk: User) -> Call:
    call = simulator.ring(PHONE, desk)
    simulator.hang_up(call, by=desk)
    return call


def test_after_a_rotation_the_old_key_can_go(
    call: Call, dispatcher: User, settings: Settings
) -> None:
    ticket = actions.accept(
        text="路灯不亮，晚上看不清路。",
        source=Source.WEB,
        by=Party.CITIZEN,
        name="王芳",
        phone=PHONE,
    )
    new = Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new, *settings.FIELD_KEYS]

    said = StringIO()
    call_command("rotate_keys", stdout=said)
    settings.FIELD_KEYS = [new]

    kept = Ticket.objects.get()
    assert (kept.name, kept.phone) == ("王芳", PHONE)
    assert open_of_phone(PHONE, dispatcher) == [ticket]
    assert Call.objects.get().number == PHONE
    assert all(PHONE in event.data for event in CallEvent.objects.all() if "from" in event.data)
    assert "工单：1 行" in said.getvalue()


def test_during_a_rotation_a_caller_is_known_under_either_key(
    call: Call, desk: User, settings: Settings
) -> None:
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]

    again = simulator.ring(PHONE, desk)

    assert selectors.earlier_calls(again) == [call]
