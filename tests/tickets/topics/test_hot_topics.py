"""What more people tell of than usual becomes a hot topic, and only that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from accounts.models import User
from city import actions as city
from city.models import Category, Parameter, Region
from outbox.bus import drain_all
from search import engine, feed
from tests.factories import Town, Units
from tickets import actions, backfill
from tickets.backfill import Past
from tickets.events import TicketAccepted
from tickets.indexes import FEED, TICKETS
from tickets.models import HotTopic, Mention, Source, Ticket, Topic
from tickets.subscribers import gather_topics
from tickets.topics import bursts, hot, stream
from tickets.topics.usual import Usual
from tickets.workflow import Party

Tell = Callable[..., list[Ticket]]
WATER = (
    "{p}从昨晚开始停水，水龙头一滴水都没有",
    "{p}整栋楼停水一天了，物业说主管爆了",
    "{p}家里停水，水龙头不出水，做不了饭",
    "打开水龙头没有水，{p}停水到现在没人通知",
)
ELSE = (
    "{p}路边摊占道经营，油烟很大",
    "{p}路灯坏了好几天，晚上看不清路",
    "{p}楼上深夜唱歌扰民，睡不着觉",
    "{p}垃圾桶满了没人清运，味道很大",
    "{p}停车位被私自加装地锁",
    "想问{p}附近哪里可以办理社保卡",
    "{p}井盖松动，车压过去哐哐响",
    "{p}网约车司机绕路多收费用",
)
FILLERS = (
    "家里有老人孩子",
    "希望尽快处理",
    "已经打过两次电话",
    "影响大家生活",
    "请给个说法",
    "邻居们都很着急",
)


@pytest.fixture
def matters(units: Units) -> dict[str, Category]:
    make = Category.objects.create
    utility = make(code="U", name="公用事业", level=1)
    return {
        "water": make(code="U01", name="供水", level=2, parent=utility),
        "else": make(code="E", name="城市管理", level=1),
    }


@pytest.fixture
def tell(town: Town, matters: dict[str, Category], fresh_indexes: None) -> Tell:
    """Write many people's demands as if they had come in over the hours before a moment."""
    random = Random(12345)

    def told(
        said: tuple[str, ...],
        count: int,
        *,
        region: Region | None = None,
        until: datetime,
        hours: float = 1,
        matter: str = "water",
        phone: str = "",
    ) -> list[Ticket]:
        area = region or town.wanghe
        pasts = [
            Past.accepted(
                until - timedelta(hours=hours * (n + 0.5) / count),
                Party.CITIZEN,
                text=f"{said[n % len(said)].format(p=area.name)}，"
                f"{'，'.join(random.sample(FILLERS, 2))}。",
                kind="help",
                source=Source.PHONE,
                category=matters[matter],
                region=area,
                phone=phone or f"138{random.randrange(10**8):08}",
            )
            for n in range(count)
        ]
        backfill.write(pasts, "990100")
        return [past.ticket for past in pasts]

    def quiet_weeks() -> None:
        now = timezone.now()
        for region in (town.wanghe, town.qingshi, town.nanqiao):
            told(ELSE, 56, region=region, until=now, hours=28 * 24, matter="else")
            told(WATER, 3, region=region, until=now - timedelta(days=2), hours=26 * 24)

    quiet_weeks()
    feed.rebuild(FEED)
    return told


def index_all() -> None:
    feed.rebuild(FEED)


def placed(tickets: list[Ticket]) -> None:
    stream.place([ticket.pk for ticket in tickets])


def test_a_quiet_week_has_no_hot_topic(tell: Tell) -> None:
    now = timezone.now()

    for day in range(7, -1, -1):
        moment = now - timedelta(days=day)
        stream.catch_up(moment - timedelta(days=1), moment)
        assert bursts.count(moment) == []


def test_bulk_event_of_300_similar_tickets_in_one_hour_is_one_topic(
    tell: Tell, matters: dict[str, Category], town: Town, supervisor: User
) -> None:
    now = timezone.now()
    wave = tell(WATER, 300, until=now)

    for first in range(0, 300, 100):
        placed(wave[first : first + 100])
    (found,) = bursts.count(now)

    assert Mention.objects.filter(topic=found.topic, ticket__in=wave).count() >= 0.97 * 300
    assert (found.count, found.people) == (found.topic.mentions.count(),) * 2
    assert (found.category, found.region) == (matters["water"], town.wanghe)
    assert "停水" in found.words
    assert found.name.startswith("望河街道 供水：")
    assert found.usual < 1
    assert found.score > 100
    assert sum(n for _, n in found.trend) == found.count
    assert list(hot.hot(supervisor)) == [found]


def test_two_streets_with_the_same_trouble_are_two_topics(tell: Tell, town: Town) -> None:
    now = timezone.now()
    placed([*tell(WATER, 12, until=now), *tell(WATER, 12, region=town.nanqiao, until=now)])

    regions = {topic.region for topic in bursts.count(now)}

    assert regions == {town.wanghe, town.nanqiao}


def test_what_is_always_so_is_no_burst(tell: Tell, town: Town) -> None:
    now = timezone.now()
    tell(ELSE, 6 * 28, until=now - timedelta(days=1), hours=28 * 24, matter="else")
    index_all()
    wave = tell(ELSE[:1], 7, until=now, hours=20, matter="else")

    placed(wave)

    assert bursts.count(now) == []
    assert Usual.of([6] * 28).score(7) < 1


def test_one_caller_is_one_person_however_often_he_calls(tell: Tell) -> None:
    now = timezone.now()
    placed(tell(WATER, 9, until=now, phone="13912345678"))

    assert bursts.count(now) == []


def test_the_season_of_last_year_counts_as_usual(tell: Tell, town: Town) -> None:
    now = timezone.now()
    tell(WATER, 9 * 28, until=now - timedelta(days=351), hours=28 * 24)
    index_all()
    placed(tell(WATER, 9, until=now))

    assert bursts.count(now) == []


def test_the_numbers_are_rows_of_the_trade(tell: Tell) -> None:
    now = timezone.now()
    placed(tell(WATER, 7, until=now))
    assert len(bursts.count(now)) == 1

    on = timezone.localdate() - timedelta(days=1)
    city.save_row(Parameter(name=Parameter.Name.TOPIC_PEOPLE, amount=8, valid_from=on))

    assert bursts.count(now) == []


def test_told_twice_or_after_a_restart_nothing_changes(tell: Tell) -> None:
    now = timezone.now()
    wave = tell(WATER, 20, until=now)
    events = [TicketAccepted(ticket_id=ticket.pk) for ticket in wave]

    gather_topics(events[:10])
    gather_topics(events)
    gather_topics(events)
    first = [(row.pk, row.topic_id, row.count) for row in bursts.count(now)]
    again = [(row.pk, row.topic_id, row.count) for row in bursts.count(now)]

    assert first == again
    assert [count for _, _, count in first] == [20]
    assert Topic.objects.filter(hot__isnull=False).count() == 1


def test_what_grew_apart_becomes_one_topic_again(tell: Tell) -> None:
    now = timezone.now()
    wave = tell(WATER[:1], 16, until=now)
    for half in (wave[:8], wave[8:]):
        pairs = [(ticket.pk, ticket.accepted_at) for ticket in half]
        actions.join_topics([actions.Joining(None, pairs)])

    (found,) = bursts.count(now)

    assert found.count == 16
    assert Topic.objects.filter(mentions__ticket__in=wave).distinct().count() == 1


def test_confidential_and_withdrawn_tickets_are_part_of_no_topic(tell: Tell) -> None:
    now = timezone.now()
    wave = tell(WATER, 8, until=now)
    Ticket.objects.filter(pk__in=[t.pk for t in wave[:2]]).update(confidential=True)
    Ticket.objects.filter(pk=wave[2].pk).update(status="withdrawn")

    placed(wave)
    (found,) = bursts.count(now)

    assert found.count == 5
    Ticket.objects.filter(pk=wave[3].pk).update(confidential=True)
    assert bursts.count(now) == []


def test_what_cooled_is_kept_and_what_never_burst_is_forgotten(
    tell: Tell, supervisor: User
) -> None:
    now = timezone.now()
    placed([*tell(WATER, 12, until=now), *tell(ELSE[1:2], 3, until=now, matter="else")])
    (found,) = bursts.count(now)

    later = now + timedelta(days=5)
    assert bursts.count(later) == []

    assert [row.pk for row in hot.cooled(supervisor, later)] == [found.pk]
    assert list(Topic.objects.values_list("hot__pk", flat=True)) == [found.pk]


def test_accepted_and_answered_demands_reach_their_topic_by_the_outbox(
    tell: Tell, agent: User
) -> None:
    said = WATER[0].format(p="望河街道")
    for _ in range(4):
        actions.accept(text=said, source="web", by=Party.CITIZEN, kind="help")
    told = actions.answer(text=said, source="phone", by=agent, answer_text="正在抢修。")
    drain_all()

    assert Mention.objects.filter(topic=told.mention.topic).count() == 5


def test_while_the_engine_is_away_nothing_is_lost(tell: Tell) -> None:
    now = timezone.now()
    placed(tell(WATER, 12, until=now))
    hot_before = [row.pk for row in bursts.count(now)]
    late = tell(WATER, 2, until=now)
    engine.current().drop(TICKETS)

    with pytest.raises(engine.Unavailable):
        gather_topics([TicketAccepted(ticket_id=ticket.pk) for ticket in late])
    still = [row.pk for row in bursts.count(now)]
    index_all()
    placed(late)

    assert hot_before == still
    assert HotTopic.objects.get().topic.mentions.count() == 14


def test_units_see_no_hot_topics(tell: Tell, handler: User, stranger: User, agent: User) -> None:
    now = timezone.now()
    placed(tell(WATER, 12, until=now))
    (found,) = bursts.count(now)

    for user in (handler, stranger, agent):
        assert not hot.hot(user).exists()
        assert not hot.cooled(user, now).exists()
    assert not hot.tickets_of(found.topic, stranger).exists()
    assert len(hot.tickets_in(found.topic_id)) == 12
