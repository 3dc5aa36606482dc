"""The demo city as a newcomer finds it: every state, every matter, people to sign in as."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import Department, Role, User
from city.models import Category, Region
from hotline.calls.models import Call
from hotline.demo import content, corners
from hotline.demo.city import found_town
from hotline.demo.loading import PROGRESS, load
from hotline.demo_people import PASSWORD
from knowledge.models import Article
from search import engine
from search.query import Permission, Query
from tickets.actions.attaching import path_of
from tickets.indexes import TICKETS
from tickets.models import (
    Assignment,
    Attachment,
    CallbackAttempt,
    DutyItem,
    HotTopic,
    Rating,
    Rule,
    Ticket,
)
from tickets.policy import visible_to
from tickets.routing.duties import duty_for
from tickets.selectors import counts
from tickets.workflow import OPEN

MOST_QUESTIONS = 15
SOMEWHERE = {
    "pending_dispatch",
    "return_review",
    "pending_sign",
    "processing",
    "closed",
    "archived",
    "disputing",
    "merged",
    "not_accepted",
    "invalid",
    "split",
}

pytestmark = pytest.mark.django_db


def planted_waves() -> set[tuple[str, str, bool]]:
    """The hot topics by place, matter and whether they burst now."""
    rows = HotTopic.objects.select_related("region", "category")
    return {
        (row.place or str(row.region), row.category.code if row.category else "", not row.ended_at)
        for row in rows
    }


def pothole(text: str) -> str:
    """Name the unit that a hole in some road goes to: it depends on the road."""
    duty = duty_for(Category.objects.get(code="0301"), Region.objects.get(name="竹山镇"), text)
    assert duty is not None
    return duty.department.name


def the_rarer_states_are_there() -> None:
    """Expect an incident, urgent demands, rules, and tickets at their third level below."""
    assert Ticket.objects.filter(status="suspended", due_kind="promise").exists()
    assert Ticket.objects.filter(incident__isnull=False).count() > 1
    assert set(Ticket.objects.values_list("urgency", flat=True)) == {"normal", "urgent", "critical"}
    third = Assignment.objects.filter(parent__parent__isnull=False, voided_at=None)
    assert {turn.state for turn in third} >= {"pending", "handling", "replied"}
    assert {turn.department.kind for turn in third} == {Department.Kind.COMMUNITY}
    assert Rule.objects.filter(active=True, error="").count() > 4
    assert Ticket.objects.filter(category__level=3, source="phone").count() > 500
    files_come_with_demands_contacts_and_replies()


def files_come_with_demands_contacts_and_replies() -> None:
    """Expect photos, sounds and papers that open, the proofs each at its contact."""
    files = Attachment.objects.filter(ticket__isnull=False)
    assert set(files.values_list("stage", "media_type")) >= {
        ("demand", "image/jpeg"),
        ("demand", "audio/wav"),
        ("contact", "audio/wav"),
        ("contact", "application/pdf"),
        ("handling", "image/jpeg"),
    }
    assert all(path_of(file.digest).stat().st_size == file.size for file in files)
    assert not files.filter(stage="contact", contact=None).exists()
    told = files.filter(stage="demand").values_list("ticket__status", flat=True)
    assert {"processing", "reply_review"} < set(told)


def everybody_can_sign_in() -> None:
    """Expect somebody of each role with the known password."""
    for role in Role:
        assert User.objects.get(username=role.value).check_password(PASSWORD)
    the_fullest_tickets_ask_little()


def the_fullest_tickets_ask_little() -> None:
    """Open the fullest ticket of each state as each kind of staff: 15 questions at most."""
    for name in ("agent", "dispatcher", "reviewer", "supervisor", "signer", "handler", "auditor"):
        user, browser = User.objects.get(username=name), Client()
        browser.force_login(user)
        fullest = visible_to(user).order_by("status", "-version")
        chosen = {ticket.status: ticket for ticket in reversed(fullest)}
        for at, ticket in enumerate([*chosen.values(), *chosen.values()]):
            with CaptureQueriesContext(connection) as asked:
                browser.get(f"/tickets/{ticket.number}/")
            if at >= len(chosen):  # what is kept of the reference data is there by now
                assert len(asked) <= MOST_QUESTIONS, (name, ticket.status, len(asked))


def a_ticket_that_was_lengthened_is_passed_over(now: datetime) -> None:
    """Expect more days to be asked for where they may be, whichever ticket comes first."""
    town, later = found_town(), now + timedelta(days=5)
    own = Ticket.objects.filter(lead=town.staff["signer"].departments[0], status="processing")
    keys = list(own.filter(awaits="").order_by("pk").values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=keys).update(extension_count=1, urge_count=0, handle_due_at=later)
    Assignment.objects.filter(ticket__in=keys, voided_at=None).update(due_at=later)

    with time_machine.travel(now):
        corners.ask_for_more(town, content.load("corners"))

    assert keys
    assert not Ticket.objects.filter(pk__in=keys, awaits__contains="extension").exists()


def test_the_demo_city_is_whole(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    said: list[str] = []

    load(7, said.append, more=10)

    tickets = Ticket.objects.all()
    assert tickets.count() > 1000
    matters = Counter(code[:4] for code in tickets.values_list("category__code", flat=True) if code)
    assert len(matters) == 196
    assert min(matters.values()) >= 5
    assert set(tickets.values_list("status", flat=True)) >= SOMEWHERE
    assert tickets.filter(status__in=OPEN).exists()
    assert {len(text) for text in tickets.values_list("text", flat=True)} >= {10_000}
    assert Department.objects.count() >= 60
    assert set(Department.objects.values_list("level", flat=True)) >= {1, 2, 3}
    for rows in (DutyItem, Rating, CallbackAttempt, Call, Article):
        assert rows.objects.exists(), rows
    assert Assignment.objects.filter(state=Assignment.State.VOID).exists()
    assert tickets.filter(redo_count__gt=0).exists()
    assert tickets.filter(extension_count=1).exists()
    assert planted_waves() == {
        ("松陵街道", "0404", True),
        ("望江街道", "0401", False),
        ("新月万汇城", "0702", False),
    }
    the_rarer_states_are_there()
    everybody_can_sign_in()
    assert pothole("竹山公路有个大坑").startswith("云澜市公路")
    assert "市政" in pothole("竹山镇街上有个大坑")
    found = engine.current().search(TICKETS, Query(permission=Permission.everything()))
    assert found.total == tickets.count()
    assert json.loads((tmp_path / PROGRESS).read_text())["percent"] == 100
    assert said[-1].startswith("100%")

    load(7, said.append, more=10, resume=True)
    assert Ticket.objects.count() == tickets.count() == found.total
    with pytest.raises(CommandError, match="空库"):
        call_command("load_demo")


def test_every_list_has_work_even_after_a_week_of_holidays(
    settings: Settings, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path

    with time_machine.travel(datetime(2026, 10, 7, 4, tzinfo=UTC)):
        load(7, lambda said: None, more=0)

    assert set(Ticket.objects.values_list("status", flat=True)) >= SOMEWHERE
    a_ticket_that_was_lengthened_is_passed_over(datetime(2026, 10, 7, 4, tzinfo=UTC))
    for who in ("signer", "handler", "auditor"):
        waits = [tally.total for tally in counts(User.objects.get(username=who)).values()]
        assert max(waits) >= 2, who
