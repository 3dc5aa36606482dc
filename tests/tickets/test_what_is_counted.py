"""Whoever searches counts, narrows and compares exactly what they may see, and nothing else."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Department, Role, User
from outbox.bus import drain_all
from search import engine
from search.query import Query
from tests.factories import Units, make_user
from tickets import actions, finding, policy
from tickets.finding import Wanted
from tickets.indexes import TICKETS, permission, similar
from tickets.models import Ticket
from tickets.workflow import Party

FACETS = ("status", "kind", "urgency", "source")
TEXTS = (
    "望河花园楼道灯坏了半个月，老人上下楼看不清",
    "青石街道夜市油烟呛人，开窗就是烧烤味",
    "柳林社区停水两天，家里没法做饭",
    "南桥街道路灯不亮，晚上走路害怕",
)
WORD = "街道"


def a_life(random: Random, units: list[Department], dispatcher: User) -> None:
    """Let one ticket be taken in, and perhaps dispatched, redirected or withdrawn."""
    text = f"{random.choice(TEXTS)}{random.randint(1, 99)}号，{WORD}的人都知道"
    confidential = random.random() < 0.2
    ticket = actions.accept(
        text=text, source="web", by=Party.CITIZEN, title=text[:12], confidential=confidential
    )
    if random.random() < 0.2:
        return
    actions.dispatch(ticket, to=random.choice(units), by=dispatcher)
    if random.random() < 0.3:
        ticket.refresh_from_db()
        actions.redirect(ticket, to=random.choice(units), by=dispatcher)


@pytest.fixture
def people(units: Units) -> list[User]:
    """Somebody of each role at the hotline, and one or two of each unit."""
    at_the_center = [make_user(role, units.center) for role in Role]
    elsewhere = [
        make_user(role, unit)
        for unit in Department.objects.exclude(pk=units.center.pk)
        for role in (Role.SIGNER, Role.AUDITOR)
    ]
    return at_the_center + elsewhere


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_what_is_counted_is_what_may_be_seen(
    fresh_indexes: None, units: Units, people: list[User], dispatcher: User, seed: int
) -> None:
    random = Random(seed)
    offices = list(Department.objects.exclude(pk=units.center.pk))
    for _ in range(6):
        a_life(random, offices, dispatcher)
    drain_all()
    engine.current().refresh(TICKETS)

    for user in people:
        seen = set(policy.visible_to(user).values_list("number", flat=True))
        query = Query(permission=permission(user), facets=FACETS, limit=100)
        found = engine.current().search(TICKETS, query)
        alike = similar(random.choice(TEXTS), user=user, limit=100)

        assert {hit.fields["number"] for hit in found.hits} == seen
        assert found.total == len(seen)
        assert {name: sum(found.facets[name].values()) for name in FACETS} == dict.fromkeys(
            FACETS, len(seen)
        )
        assert {hit.ticket.number for hit in alike.hits} <= seen
        assert finding.find(user, Wanted(words=WORD)).total == len(seen)
    assert Ticket.objects.exists()
