"""The assist panel as data: for staff with a token, and only what they may see."""

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from hotline.web.api.actions import token_for
from outbox.bus import drain_all
from search import engine
from tests.factories import Units
from tickets import actions
from tickets.indexes import TICKETS
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")
URL = "/api/v1/assist/"
WORDS = "柳林社区路灯不亮，晚上很黑，请修一下。"


def ask(body: Any, user: User | None = None) -> Any:
    headers = {"Authorization": f"Token {token_for(user)}"} if user else {}
    return Client().post(URL, json.dumps(body), content_type="application/json", headers=headers)


def test_an_agent_gets_the_whole_panel(units: Units, agent: User) -> None:
    actions.accept(text=WORDS, source="web", by=Party.CITIZEN)
    drain_all()
    engine.current().refresh(TICKETS)

    answer = ask({"text": "路灯不亮，很黑"}, agent)

    found = answer.json()
    assert answer.status_code == 200
    assert set(found) == {
        *("articles", "tickets", "categories", "units", "decision", "took_ms"),
    }
    assert found["tickets"][0]["title"] == WORDS
    assert all(word in WORDS for word in found["tickets"][0]["reasons"])
    assert found["decision"]["auto"] is False


def test_a_stranger_finds_no_tickets_of_others(units: Units, stranger: User) -> None:
    actions.accept(text=WORDS, source="web", by=Party.CITIZEN)
    drain_all()

    assert ask({"text": "路灯不亮，很黑"}, stranger).json()["tickets"] == []


def test_nobody_asks_without_a_token(units: Units) -> None:
    assert ask({"text": "路灯不亮"}).status_code == 401


def test_nothing_typed_is_refused_with_the_field_named(units: Units, agent: User) -> None:
    answer = ask({"text": ""}, agent)

    assert answer.status_code == 400
    assert "text" in answer.json()["errors"]
