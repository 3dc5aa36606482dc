"""Every row of the table of steps is walked from each of its states to each it leads to."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction

from accounts.models import Role, User
from tests.factories import Units, make_user
from tests.tickets.steps import accepted
from tests.tickets.walks import HOLDS, WALKS, WAYS, Scene, Walk, brought, fresh, unwalked, walked
from tickets import selectors
from tickets.models import Ticket
from tickets.workflow import STEPS, Party, Status, Step

MONDAY = "2026-11-16 09:30 +0800"
PAPER = Path(__file__).resolve().parents[2] / "docs" / "walked.md"
UNITS_ROLES = (Role.SIGNER, Role.HANDLER, Role.AUDITOR)
MOVING = [walk for walk in WALKS if not STEPS[walk.verb].creates]


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as travel:
        yield travel


@pytest.fixture
def scene(units: Units) -> Scene:
    """All the people: of the hotline, and of each unit that is asked something."""
    hotline = [make_user(role, units.center) for role in Role if role not in UNITS_ROLES]
    asked = (
        *(units.linxi, units.linxi_housing, units.linxi_urban, units.wanghe, units.urban),
        *(units.housing, units.nanping, units.nanping_urban, units.water),
    )
    theirs = [make_user(role, unit) for unit in asked for role in UNITS_ROLES]
    return Scene(units, [*hotline, *theirs], accepted())


def what_is_wrong(scene: Scene, walk: Walk, source: Status, clock: time_machine.Traveller) -> str:
    """Walk it and say what is not as the table has it; "" where all is."""
    old = Ticket.objects.get(pk=scene.ticket.pk)
    assert old.status == source, f"{walk.do}: the way led to {old.status}, not {source}"
    clock.shift(timedelta(seconds=30))

    scene.do(walk.do)

    new, step = scene.ticket, STEPS[walk.verb]
    entry = new.entries.latest("id")
    told = (entry.step, entry.from_status, entry.to_status, selectors.step_label(entry))
    by = User if entry.by else Party(entry.party)
    holds = {
        "state": new.status == walk.ends(source),
        "history": told == (walk.verb, source, walk.ends(source), step.label),
        "actor": by in step.parties if isinstance(by, Party) else bool(step.roles),
        "version": new.version > old.version,
        f"clock {walk.effect(source).name}": HOLDS[walk.effect(source)](old, new),
    }
    lacking = [name for name, held in holds.items() if not held]
    return f"{walk.do} from {source}: {lacking}, {told}" if lacking else ""


@pytest.mark.parametrize("source", WAYS)
def test_each_step_is_done_from_here_with_its_end_its_clock_and_its_line_in_the_history(
    source: Status, scene: Scene, clock: time_machine.Traveller
) -> None:
    walks = [walk for walk in MOVING if source in walk.froms(STEPS)]

    found = [_tried(scene, walk, source, clock) for walk in walks]

    assert [lack for lack in found if lack] == []


def _tried(scene: Scene, walk: Walk, source: Status, clock: time_machine.Traveller) -> str:
    with transaction.atomic():
        ready = brought(fresh(scene, walk.kind), walk, source)
        lack = what_is_wrong(ready, walk, source, clock)
        transaction.set_rollback(True)
    return lack


@pytest.mark.parametrize("walk", [w for w in WALKS if STEPS[w.verb].creates], ids=lambda w: w.verb)
def test_a_step_that_makes_a_ticket_begins_its_history(walk: Walk, scene: Scene) -> None:
    scene.do(walk.do)

    entry = scene.ticket.entries.get()
    assert (entry.step, entry.from_status, entry.to_status) == (walk.verb, "", walk.to)
    assert (scene.ticket.status, scene.ticket.due_at) == (walk.to, None)


def test_no_row_no_state_and_no_end_of_the_table_is_left_out() -> None:
    assert unwalked(STEPS) == []
    assert [each for each in walked() if each[0] not in STEPS] == []


def test_a_row_that_is_added_or_widened_without_a_walk_is_found() -> None:
    new = Step("tidy", "整理", frozenset({Status.CLOSED}), (), frozenset({Role.AGENT}))
    old = STEPS["release"]
    wider = Step(old.verb, old.label, old.sources, (*old.targets, Status.CLOSED), old.roles)

    assert unwalked(STEPS | {"tidy": new}) == ["tidy", "tidy from closed"]
    assert unwalked(STEPS | {"release": wider}) == ["release to closed"]


def test_every_transition_of_the_domain_paper_is_a_step_that_is_walked() -> None:
    said = PAPER.read_text(encoding="utf-8").partition("## Transitions")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in said.splitlines()]
    rows = [row for row in rows if len(row) == 5 and row[1].startswith("`")]
    named = {
        (verb, None if source == "(new)" else Status(source), Status(to))
        for _, verbs, sources, to, _ in rows
        for verb in re.findall(r"`(\w+)`", verbs)
        for source in sources.split(", ")
    }

    assert len({row[0] for row in rows}) == 26
    assert named - set(walked()) == set()
