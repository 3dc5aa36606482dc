"""Tickets at the stations of the road, made by the same actions as the product."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import Units
from tickets import actions
from tickets.models import Ticket
from tickets.workflow import Kind, Party

ANSWER = "您好，路灯已于今日修复，感谢您的监督。"
MakeTicket = Callable[..., Ticket]
SignIn = Callable[[User], Client]


def spoken() -> dict[str, str]:
    """Say as the reply form does that the citizen was spoken to just now."""
    return {"contacted": "on", "contact_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"} | {
        "contact_person": "李女士"
    }


@pytest.fixture
def make_ticket(units: Units) -> MakeTicket:
    """Accept a demand as the portal does."""

    def make(text: str = "望河花园的路灯坏了三天", **about: object) -> Ticket:
        fields: dict[str, object] = {"phone": "13812345678", "kind": Kind.HELP} | about
        return actions.accept(text=text, source="web", by=Party.CITIZEN, **fields)  # type: ignore[arg-type]  # whatever a test needs

    return make


@pytest.fixture
def accepted(make_ticket: MakeTicket) -> Ticket:
    return make_ticket(name="王小明")


@pytest.fixture
def dispatched(accepted: Ticket, units: Units, dispatcher: User) -> Ticket:
    return actions.dispatch(accepted, to=units.housing, by=dispatcher)


@pytest.fixture
def signed(dispatched: Ticket, signer: User) -> Ticket:
    return actions.sign(dispatched, by=signer)


@pytest.fixture
def released(signed: Ticket, handler: User, auditor: User) -> Ticket:
    actions.reply(signed, text=ANSWER, result="solved", contacted=True, by=handler)
    return actions.release(signed, by=auditor)


@pytest.fixture
def reviewed(released: Ticket, reviewer: User) -> Ticket:
    return actions.review(released, by=reviewer)


@pytest.fixture
def sign_in() -> SignIn:
    """Give a browser in which somebody has signed in."""

    def sign_in_as(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in_as
