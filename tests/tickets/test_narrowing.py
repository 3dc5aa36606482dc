"""Narrowing a search: every count is exact, and only of what may be seen, on either engine."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Role, User
from city.models import Category
from outbox.bus import drain_all
from search import engine
from tests.factories import Town, Units, make_user
from tickets import actions, finding, indexes, policy
from tickets.finding import Facet, Found, Wanted
from tickets.indexes import TICKETS
from tickets.models import Source, Ticket
from tickets.workflow import Party

pytestmark = pytest.mark.usefixtures("fresh_indexes")
LAMP = "望河花园路灯坏了，晚上看不清路。"


@pytest.fixture
def matters(db: None) -> tuple[Category, Category]:
    whole = Category.objects.create(code="A", name="市政设施", level=1)
    part = Category.objects.create(code="A01", name="路灯", level=2, parent=whole)
    return whole, part


@pytest.fixture
def tickets(
    town: Town, units: Units, dispatcher: User, signer: User, matters: tuple[Category, Category]
) -> list[Ticket]:
    """Three lamps (one old, one signed at 住建局, one urgent at 城管局) and a leak."""
    old, signed, urgent, leak = [
        actions.accept(text=text, source=source, by=Party.CITIZEN, region=region, phone="")
        for text, source, region in (
            (LAMP + "已经很久", Source.WEB, town.qingshi),
            (LAMP, Source.PHONE, town.wanghe),
            (LAMP + "电线裸露，有人触电", Source.PHONE, town.nanqiao),
            ("柳林社区自来水管漏水。", Source.WEB, town.wanghe),
        )
    ]
    drain_all()
    for ticket in (old, signed, urgent, leak):
        ticket.refresh_from_db()
    signed = actions.dispatch(signed, to=units.housing, by=dispatcher)
    actions.sign(signed, by=signer)
    actions.dispatch(urgent, to=units.urban, by=dispatcher)
    Ticket.objects.filter(pk=old.pk).update(accepted_at=timezone.now() - timedelta(days=40))
    Ticket.objects.update(category=None)
    Ticket.objects.filter(pk__in=[old.pk, signed.pk]).update(category=matters[1])
    settle()
    return [old, signed, urgent, leak]


def settle() -> None:
    """Have the index hold what the rows say."""
    from search import feed
    from tickets.indexes import FEED

    drain_all()
    feed.rebuild(FEED)
    engine.current().refresh(TICKETS)


def counts(found: Found, name: str) -> dict[str, int]:
    return {choice.value: choice.count for choice in facet(found, name).choices}


def facet(found: Found, name: str) -> Facet:
    return next(f for f in found.facets if f.name == name)


def test_counts_are_exact_and_add_up(tickets: list[Ticket], agent: User) -> None:
    found = finding.find(agent, Wanted(words="路灯坏了"))

    assert found.total == 3
    assert not found.loose
    assert counts(found, "source") == {"phone": 2, "web": 1}
    assert counts(found, "unit") == {tickets[1].lead.code: 1, tickets[2].lead.code: 1}  # type: ignore[union-attr]  # both were dispatched
    assert counts(found, "days") == {"1": 2, "7": 2, "30": 2}


def test_what_is_narrowed_by_still_offers_its_other_values(
    tickets: list[Ticket], agent: User
) -> None:
    found = finding.find(agent, Wanted(words="路灯坏了", source="web"))

    assert found.tickets == [tickets[0]]
    assert counts(found, "source") == {"phone": 2, "web": 1}
    assert [c.value for c in facet(found, "source").choices if c.chosen] == ["web"]


def test_a_matter_takes_in_what_lies_below(
    tickets: list[Ticket], agent: User, matters: tuple[Category, Category]
) -> None:
    all_of_it = finding.find(agent, Wanted(category="A"))
    narrowed = finding.find(agent, Wanted(category="A01"))

    assert {t.pk for t in all_of_it.tickets} == {t.pk for t in tickets[:2]}
    assert counts(all_of_it, "category") == {"A01": 2}
    assert [c.label for c in facet(narrowed, "category").above] == ["市政设施", "路灯"]


def test_a_district_takes_in_its_streets(tickets: list[Ticket], agent: User, town: Town) -> None:
    whole = finding.find(agent, Wanted(words="路灯坏了"))
    linxi = finding.find(agent, Wanted(words="路灯坏了", region=town.linxi.code))

    assert counts(whole, "region") == {town.linxi.code: 2, town.nanping.code: 1}
    assert counts(linxi, "region") == {town.qingshi.code: 1, town.wanghe.code: 1}
    assert [c.label for c in facet(linxi, "region").above] == ["临溪区"]


def test_a_place_that_several_name_is_offered_and_narrows(
    tickets: list[Ticket], agent: User, stranger: User
) -> None:
    whole = finding.find(agent, Wanted(days=30))
    narrowed = finding.find(agent, Wanted(place="望河花园"))

    assert counts(whole, "place") == {"望河花园": 2}
    assert {t.pk for t in narrowed.tickets} == {t.pk for t in tickets[:3]}
    assert [c.label for c in facet(narrowed, "place").choices if c.chosen] == ["望河花园"]
    assert finding.find(stranger, Wanted(place="望河花园")).total == 1


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (Wanted(days=7), {1, 2, 3}),
        (Wanted(until=timezone.localdate() - timedelta(days=30)), {0}),
        (Wanted(since=timezone.localdate()), {1, 2, 3}),
        (Wanted(status="processing"), {1}),
        (Wanted(place="柳林社区"), {3}),
        (Wanted(words="漏水", source="web"), {3}),
        (Wanted(words="漏水", source="phone"), set()),
    ],
)
def test_conditions_hold_in_the_engine_and_in_the_database(
    tickets: list[Ticket], agent: User, wanted: Wanted, places: set[int]
) -> None:
    expected = {tickets[at].pk for at in places}

    assert {t.pk for t in finding.find(agent, wanted).tickets} == expected
    assert {t.pk for t in finding.find_in_database(agent, wanted)} == expected


def test_region_unit_and_matter_hold_in_the_database_too(
    tickets: list[Ticket], agent: User, town: Town, units: Units
) -> None:
    def found(wanted: Wanted) -> set[int]:
        return {t.pk for t in finding.find_in_database(agent, wanted)}

    assert found(Wanted(region=town.linxi.code)) == {t.pk for t in (*tickets[:2], tickets[3])}
    assert found(Wanted(unit=units.housing.code)) == {tickets[1].pk}
    assert found(Wanted(category="A")) == {t.pk for t in tickets[:2]}


def test_counts_never_tell_of_what_may_not_be_seen(
    tickets: list[Ticket], signer: User, stranger: User
) -> None:
    for user in (signer, stranger):
        found = finding.find(user, Wanted(words="路灯坏了"))

        visible = policy.visible_to(user).count()
        assert found.total == visible == 1
        assert all(c.count <= 1 for f in found.facets for c in f.choices)


def test_pages_follow_by_cursor_without_a_gap(tickets: list[Ticket], agent: User) -> None:
    for wanted in (Wanted(words="路灯坏了"), Wanted(words="路灯坏了", newest=True), Wanted(days=7)):
        first = finding.find(agent, wanted, 2)
        second = finding.find(agent, replace(wanted, after=first.cursor), 2)

        assert len(first.tickets) == 2
        assert len(second.tickets) == 1
        assert not {t.pk for t in first.tickets} & {t.pk for t in second.tickets}


def test_where_no_ticket_has_all_words_some_will_do_and_it_is_said(
    tickets: list[Ticket], agent: User
) -> None:
    found = finding.find(agent, Wanted(words="漏水 电梯停运"))

    assert found.loose
    assert tickets[3] in found.tickets


def test_the_words_are_marked_and_a_masked_phone_is_not(units: Units, agent: User) -> None:
    text = "前面说了很多别的事情。" * 12 + "路灯坏了，请打13812345678联系。"
    actions.accept(text=text, source=Source.WEB, by=Party.CITIZEN)
    settle()

    hit = finding.find(agent, Wanted(words="路灯 13812345678 坏了")).hits[0]

    shown = "".join(part for part, _ in hit.marks)
    assert "路灯" in next(part for part, marked in hit.marks if marked)
    assert "138****5678" in shown
    assert "13812345678" not in shown
    assert shown.startswith("…")


def test_what_is_found_and_counted_is_what_may_be_seen_whoever_asks(
    units: Units, dispatcher: User
) -> None:
    chance = random.Random(12345)
    homes = [units.housing, units.urban, units.linxi_urban, units.wanghe, units.nanping_urban]
    for serial in range(24):
        ticket = actions.accept(text=f"{LAMP}第{serial}盏", source=Source.WEB, by=Party.CITIZEN)
        actions.dispatch(ticket, to=chance.choice(homes), by=dispatcher)
    settle()
    people = [
        make_user(chance.choice([*Role]), chance.choice([*homes, units.linxi, units.center]))
        for _ in range(16)
    ]

    for user in people:
        visible = set(policy.visible_to(user).values_list("pk", flat=True))
        for wanted in (Wanted(words="路灯坏了"), Wanted(days=7)):
            found = finding.find(user, wanted, 50)
            assert {ticket.pk for ticket in found.tickets} == visible
            assert found.total == len(visible)
            for one in (f for f in found.facets if f.name in {"status", "unit", "source"}):
                assert sum(choice.count for choice in one.choices) == len(visible)
        assert finding.findable(user, "路灯坏了") == bool(visible)
        alike = indexes.similar(LAMP, user=user, limit=30).hits
        assert {hit.ticket.pk for hit in alike} == visible


def test_quoted_words_are_found_unbroken_and_counted_exactly(
    tickets: list[Ticket], agent: User
) -> None:
    whole = finding.find(agent, Wanted(words="“花园路灯”", source="web"))
    broken = finding.find(agent, Wanted(words='"晚上路灯"'))

    assert whole.total == 1
    assert counts(whole, "source") == {"phone": 2, "web": 1}
    assert (broken.total, broken.loose) == (0, False)
    assert finding.find(agent, Wanted(words="晚上路灯")).total == 3
    engine.current().drop(TICKETS)
    degraded = finding.find(agent, Wanted(words="“花园路灯坏了”"))
    assert {t.pk for t in degraded.tickets} == {t.pk for t in tickets[1:3]}


def test_of_two_that_fit_as_well_the_newer_comes_first(town: Town, agent: User) -> None:
    old, new = [
        actions.accept(text="柳林社区自来水管漏水。", source=Source.WEB, by=Party.CITIZEN, phone=p)
        for p in ("13812345678", "13912345678")
    ]
    Ticket.objects.filter(pk=old.pk).update(accepted_at=timezone.now() - timedelta(days=200))
    settle()

    assert finding.find(agent, Wanted(words="水管漏水")).tickets == [new, old]
