"""Versions of the classifier: one in force, the others kept, every process on the same."""

import pytest

from accounts.models import User
from tests.factories import Units
from tests.tickets.steps import accepted
from tickets import actions
from tickets.errors import NotAllowed, WrongState
from tickets.models import RoutingModel
from tickets.workflow import Party

State = RoutingModel.State


def kept(version: str) -> RoutingModel:
    return actions.keep_candidate(version, samples=100, metrics={}, thresholds={"default": 0.9})


def states() -> dict[str, str]:
    return dict(RoutingModel.objects.values_list("version", "state"))


def test_a_candidate_waits_and_a_newer_one_takes_its_place(db: None) -> None:
    kept("v1")

    kept("v2")

    assert states() == {"v1": State.REFUSED, "v2": State.CANDIDATE}


def test_one_version_is_in_force_and_the_way_back_is_open(supervisor: User) -> None:
    first, second = kept("v1"), None
    actions.promote(first, by=Party.SYSTEM)
    second = kept("v2")

    promoted = actions.promote(second, by=supervisor)
    after = states()
    back = actions.return_to(first, by=supervisor, note="误派增多")

    assert after == {"v1": State.FORMER, "v2": State.LIVE}
    assert states() == {"v1": State.LIVE, "v2": State.FORMER}
    assert promoted.decided_by == back.decided_by == supervisor
    assert back.until is None
    assert RoutingModel.objects.get(version="v2").until is not None


def test_a_refused_candidate_never_comes_into_force(supervisor: User) -> None:
    model = kept("v1")
    actions.refuse(model, by=supervisor, note="变化太大")

    with pytest.raises(WrongState):
        actions.promote(model, by=supervisor)

    assert states() == {"v1": State.REFUSED}


def test_of_two_who_decide_the_second_is_told(supervisor: User, admin: User) -> None:
    model = kept("v1")
    actions.promote(model, by=supervisor)

    with pytest.raises(WrongState):
        actions.refuse(model, by=admin)


@pytest.mark.parametrize("somebody", ["dispatcher", "handler", "stranger"])
def test_only_supervisors_decide(db: None, somebody: str, request: pytest.FixtureRequest) -> None:
    model = kept("v1")

    with pytest.raises(NotAllowed):
        actions.promote(model, by=request.getfixturevalue(somebody))

    assert states() == {"v1": State.CANDIDATE}


def test_the_evidence_of_a_past_matching_stays(units: Units) -> None:
    ticket = accepted()
    said = {"categories": [{"code": "0101"}], "units": [], "decision": {"auto": False}}
    actions.save_routings([(ticket, "v1", said)])
    actions.save_routings([(ticket, "v1", said)])

    actions.save_routings([(ticket, "v2", said | {"units": [{"code": "zj"}]})])

    assert [row.model_version for row in ticket.routings.all()] == ["v1", "v2"]
    assert ticket.routing is not None
    assert ticket.routing.model_version == "v2"
