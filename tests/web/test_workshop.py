"""The routing workshop: figures, versions, who may decide, and why a past ticket went there."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from city import actions as city
from city.models import Category
from tests.factories import Units
from tests.web.conftest import MakeTicket, SignIn
from tickets import actions
from tickets.models import Pause, RoutingModel, Ticket
from tickets.routing import store, training
from tickets.workflow import Party

HERE = "/supervision/routing/"
State = RoutingModel.State
TESTED = {
    "rows": 40,
    "since": "2026-11-01T00:00:00",
    "until": "2026-11-20T00:00:00",
    "candidate": {"accuracy": 91.5, "unit_accuracy": 88.0, "coverage": 40.0},
    "live": {"accuracy": 90.0, "unit_accuracy": 88.0, "coverage": 38.0},
    "units": [["市住建局", 30, 20, 22]],
    "matters": [["物业", 30, 20, 22]],
    "worst_unit": 0.0,
    "changed": 1,
    "better": 1,
    "worse": 0,
    "changes": [["990100202611230000012", "物业", "占道", "占道"]],
}


@pytest.fixture(autouse=True)
def folder(units: Units, settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    city.load_taxonomy()
    cache.delete(training.LEARNING)
    training.not_asked()


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Catch what would go to the workers: there are none in a test of pages."""
    names: list[str] = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async", lambda task, *_, **__: names.append(task.name)
    )
    return names


def kept(version: str, **columns: Any) -> RoutingModel:
    """Keep a candidate with its file."""
    store.folder().mkdir(exist_ok=True)
    (store.folder() / f"{version}.model").write_bytes(b"")
    return actions.keep_candidate(
        version, samples=120, metrics={}, thresholds={"default": 0.9}, **columns
    )


def machine_sent(make_ticket: MakeTicket, units: Units) -> Ticket:
    """Have the machine dispatch one, with its evidence."""
    ticket = make_ticket("望河花园流动摊贩占道")
    guess = {"code": "0101", "path": "城市管理 / 占道", "confidence": 0.93, "words": ["占道"]}
    said: dict[str, Any] = {
        "categories": [guess | {"reasons": ["命中事项关键词：占道"]}],
        "units": [{"code": "zj", "name": "市住建局", "confidence": 0.9, "reasons": ["派单目录"]}],
        "decision": {"auto": True, "why": ["把握大"]},
    }
    actions.save_routings([(ticket, "v1", said)])
    actions.screen(ticket, by=Party.SYSTEM, category=Category.objects.get(code="0101"))
    return actions.dispatch(ticket, to=units.housing, by=Party.SYSTEM)


def test_an_empty_city_is_told_what_to_expect(sign_in: SignIn, supervisor: User) -> None:
    page = sign_in(supervisor).get(HERE).content.decode()

    assert "还没有训练过模型" in page
    assert "重新训练" in page
    assert "近 30 天没有派出的工单" in page


def test_the_figures_tell_what_people_undid(
    sign_in: SignIn, supervisor: User, dispatcher: User, make_ticket: MakeTicket, units: Units
) -> None:
    machine_sent(make_ticket, units)
    wrong = machine_sent(make_ticket, units)
    actions.take_back(wrong, by=dispatcher)
    actions.screen(wrong, by=dispatcher, category=Category.objects.get(code="0201"))
    actions.dispatch(wrong, to=units.urban, by=dispatcher)

    page = sign_in(supervisor).get(HERE).content.decode()

    assert "50.0%" in page
    assert "派错 1 件" in page
    assert "占道 1" in page
    assert Category.objects.get(code="0201").name in page


def test_a_supervisor_promotes_a_candidate_and_goes_back(
    sign_in: SignIn, supervisor: User, queued: list[str]
) -> None:
    first = actions.promote(kept("v1"), by=Party.SYSTEM)
    second = kept("v2", backtest=TESTED)
    client = sign_in(supervisor)

    page = client.get(HERE).content.decode()
    client.post(reverse("supervision:decide", args=["v2", "promote"]), {"note": "更准"})
    promoted = RoutingModel.objects.get(pk=second.pk).state
    client.post(reverse("supervision:decide", args=["v1", "return_to"]))

    assert "91.5%" in page
    assert "确认启用" in page
    assert promoted == State.LIVE
    assert RoutingModel.objects.get(pk=first.pk).state == State.LIVE
    assert queued == ["tickets.tasks.match_waiting"] * 2


def test_a_candidate_is_refused_and_what_is_gone_stays_gone(
    sign_in: SignIn, supervisor: User, queued: list[str]
) -> None:
    kept("v1")
    client = sign_in(supervisor)

    client.post(reverse("supervision:decide", args=["v1", "refuse"]), {"note": "变化太大"})
    late = client.post(reverse("supervision:decide", args=["v1", "promote"]), follow=True)
    unknown = client.post(reverse("supervision:decide", args=["v1", "explode"]))

    assert RoutingModel.objects.get().state == State.REFUSED
    assert "状态已经变了" in late.content.decode()
    assert unknown.status_code == 404


def test_a_version_without_its_file_cannot_be_used(
    sign_in: SignIn, supervisor: User, queued: list[str]
) -> None:
    kept("v1")
    (store.folder() / "v1.model").unlink()

    url = reverse("supervision:decide", args=["v1", "promote"])
    page = sign_in(supervisor).post(url, follow=True).content.decode()

    assert "已清理" in page
    assert queued == []


def test_a_training_is_asked_for_once_and_its_progress_shown(
    sign_in: SignIn, supervisor: User, queued: list[str]
) -> None:
    client = sign_in(supervisor)
    url = reverse("supervision:training")
    client.post(reverse("supervision:retrain"))
    waiting = client.get(url).content.decode()
    client.post(reverse("supervision:retrain"))

    with training.alone():
        client.post(reverse("supervision:retrain"))
        shown = client.get(url).content.decode()
    ended = client.get(f"{url}?was=1")

    assert queued == ["tickets.tasks.train_routing"]
    assert "排队中" in waiting
    assert "收集已确认的工单" in shown
    assert ended["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(url)


def test_the_workshop_tells_how_agents_took_the_suggestions(
    sign_in: SignIn, supervisor: User, agent: User
) -> None:
    client, heard = sign_in(supervisor), {"outcome": "emergency"}
    before = client.get(HERE).content.decode()
    actions.confirm(heard, outcome="emergency", by=agent)
    actions.confirm(heard, outcome="accept", by=agent)

    page = client.get(HERE).content.decode()

    assert "还没有话务员确认过" in before
    assert "转紧急热线" in page
    assert "50%" in page


def test_a_back_test_names_the_tickets_that_change(sign_in: SignIn, supervisor: User) -> None:
    kept("v1", backtest=TESTED)
    kept("v2")
    client = sign_in(supervisor)

    tested = client.get(reverse("supervision:version", args=["v1"])).content.decode()
    untested = client.get(reverse("supervision:version", args=["v2"])).content.decode()

    assert "990100202611230000012" in tested
    assert "变好" in tested
    assert "没有可比的版本" in untested


def test_a_pause_is_shown_and_lifted_with_a_reason(sign_in: SignIn, supervisor: User) -> None:
    pause = actions.pause(None, sent=30, wrong=6, wished=0.97)
    client, url = sign_in(supervisor), reverse("supervision:lift", args=[pause.pk])

    shown = client.get(HERE).content.decode()
    objected = client.post(url, follow=True).content.decode()
    client.post(url, {"note": "派单目录已修改"})

    assert "全部事项的自动派单" in shown
    assert "请写明恢复的理由" in objected
    assert Pause.objects.get().note == "派单目录已修改"


def test_the_calibration_is_drawn(sign_in: SignIn, supervisor: User) -> None:
    answer = sign_in(supervisor).get(reverse("supervision:calibration"))

    assert answer["Content-Type"] == "image/svg+xml"
    assert "把握" in answer.content.decode()


@pytest.mark.parametrize("somebody", ["dispatcher", "handler", "stranger"])
def test_the_workshop_is_not_for_everybody(
    somebody: str, request: pytest.FixtureRequest, sign_in: SignIn
) -> None:
    client = sign_in(request.getfixturevalue(somebody))

    assert client.get(HERE).status_code == 403
    assert client.post(reverse("supervision:retrain")).status_code == 403


def test_why_a_ticket_went_there_is_told_as_it_was_decided(
    sign_in: SignIn, supervisor: User, dispatcher: User, make_ticket: MakeTicket, units: Units
) -> None:
    ticket = machine_sent(make_ticket, units)
    actions.redirect(ticket, to=units.urban, by=dispatcher, note="属城管职责")
    client = sign_in(supervisor)

    found = client.get(HERE, {"number": ticket.number})
    page = client.get(found["Location"]).content.decode()

    assert "命中事项关键词：占道" in page
    assert "模型 v1" in page
    assert "属城管职责" in page
    assert (
        f"/tickets/{ticket.number}/why/"
        in client.get(f"/tickets/{ticket.number}/").content.decode()
    )


def test_a_stranger_is_not_told_why(
    sign_in: SignIn, stranger: User, make_ticket: MakeTicket, units: Units
) -> None:
    ticket = machine_sent(make_ticket, units)

    assert sign_in(stranger).get(f"/tickets/{ticket.number}/why/").status_code == 404


def test_a_ticket_that_was_never_matched_says_so(
    sign_in: SignIn, supervisor: User, make_ticket: MakeTicket
) -> None:
    page = sign_in(supervisor).get(f"/tickets/{make_ticket().number}/why/").content.decode()

    assert "没有匹配记录" in page
