"""An agent with a telephone, and one answer that the town knows."""

import pytest
from django.test import Client

from accounts.models import User
from hotline.calls.gateways import simulator
from hotline.calls.models import Call
from knowledge import actions as knowledge
from knowledge.models import ArticleVersion
from tests.factories import Units

NUMBER = "13800001234"
SHORT = "市政道路的路灯由城管局养护，两个工作日内修复。"


@pytest.fixture
def browser(agent: User) -> Client:
    """The browser of the agent, signed in."""
    client = Client()
    client.force_login(agent)
    return client


@pytest.fixture
def call(agent: User) -> Call:
    """A call that the agent has answered."""
    ringing = simulator.ring(NUMBER, agent)
    simulator.answer(ringing, by=agent)
    ringing.refresh_from_db()
    return ringing


@pytest.fixture
def known(units: Units, editor: User) -> ArticleVersion:
    """A published answer about street lights."""
    text = "路灯损坏的，请说明路名和灯杆编号，城管局两个工作日内修复。"
    content = knowledge.Content(title="路灯坏了找谁修", short_answer=SHORT, text=text)
    article = knowledge.draft(content, department=units.urban, by=editor)
    knowledge.publish(article, by=editor)
    article.refresh_from_db()
    assert article.current_version
    return article.current_version
