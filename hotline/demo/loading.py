"""Loads the demo city (装载演示城市), in stages whose progress a page can show."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from city import actions as city
from city.memo import steady
from hotline.calls import backfill as calls
from hotline.calls.models import Call
from hotline.demo import attached, corners, handling, welcome
from hotline.demo import bends as bending
from hotline.demo import city as building
from hotline.demo.city import Town
from hotline.demo.content import kernels
from hotline.demo.histories import Life, live, new_life
from hotline.demo.texts import Author, Shelf, Words, emoji_text, long_text
from knowledge.models import Article
from outbox import bus
from search import feed
from tickets import backfill
from tickets.backfill import Past
from tickets.models import Inquiry, Ticket
from tickets.routing import intake
from tickets.topics import bursts, stream

DAYS = 120
EACH = 5
MORE = 160
TOPIC_DAYS = 12
PROGRESS = "demo-progress.json"
BURSTS = (
    ("0401", 0, "望江街道", 34, 9, "爆管停水"),
    ("0404", 0, "松陵街道", 28, 0, "供暖不热"),
    ("0702", 1, "新月万汇城", 26, 4, "健身房关门"),
)
Say = Callable[[str], None]


class NotEmpty(Exception):
    """The database already holds a city."""


def load(seed: int, say: Say, *, more: int = MORE, resume: bool = False) -> None:
    """Build the whole city into an empty database; the same seed gives the same city.

    Each stage is one transaction: with `resume` a load that was broken off goes on behind the last
    stage that was finished, and what people entered meanwhile stays. Every matter has its demands;
    `more` rounds of 13 at random come on top.
    """
    if not resume and (User.objects.exists() or Ticket.objects.exists()):
        raise NotEmpty(
            "数据库里已有数据，演示城市只能装入空库。请换一个 DATA_DIR，或先清空数据库。"
        )
    random = Random(seed)  # noqa: S311 - a made-up city needs no secrets
    author = Author(random, Shelf())
    _report(say, 0, "区划、单位、人员、派单目录")
    if not User.objects.exists():
        _build_city(author)
    town = building.found_town()
    _report(say, 25, "知识库")
    if not Article.objects.exists():
        with transaction.atomic(), city.one_change():
            building.build_articles(town)
    _report(say, 40, "工单")
    if not Call.objects.filter(source=calls.SOURCE).exists():
        _write_tickets(town, _histories(town, author, more))
    if not Inquiry.objects.exists():
        corners.build_rules(town)
        bending.bend(town)
        corners.fill(town)
        attached.fill(town)
    _report(say, 80, "检索索引")
    bus.drain_all(timeout=300)
    for source in feed.registered():
        feed.rebuild(source)
    _report(say, 90, "热点话题")
    _find_topics(timezone.now())
    _report(say, 95, "待派工单的建议")
    intake.match_waiting()
    _report(say, 100, "完成")


def _find_topics(now: datetime) -> None:
    """Live through the last days once more, as the platform would have seen their topics."""
    for day in range(TOPIC_DAYS, -1, -1):
        moment = now - timedelta(days=day)
        stream.catch_up(moment - timedelta(days=1), moment)
        bursts.count(moment)


def _report(say: Say, percent: int, stage: str) -> None:
    """Tell how far the loading is, on the terminal and to the open page."""
    path = Path(settings.DATA_DIR) / PROGRESS
    half = path.with_suffix(".new")
    half.write_text(json.dumps({"percent": percent, "stage": stage}), encoding="utf-8")
    half.replace(path)  # a page never reads half a file
    say(f"{percent:3d}%  {stage}")


@transaction.atomic
def _build_city(author: Author) -> None:
    with city.one_change():
        city.load_defaults()
        town = building.build_regions()
        building.build_units(town)
        building.build_people(town, iter(author.name, ""))
        building.build_duties(town)
        handling.build_templates(User.objects.get(username="editor"))


def _histories(town: Town, author: Author, more: int) -> list[Past]:
    articles = list(Article.objects.select_related("category", "current_version"))
    with steady():
        life = new_life(town, author, timezone.now(), articles)
        pasts = list(_pasts(life, more))
    return sorted(pasts, key=lambda past: past.ticket.accepted_at)


@transaction.atomic
def _write_tickets(town: Town, pasts: list[Past]) -> None:
    backfill.write(pasts, town.root.code)
    calls.write([past.ticket for past in pasts if past.ticket.source == "phone"])


def _pasts(life: Life, more: int) -> Iterator[Past]:
    """All demands: every matter several times, bursts, and two odd ones."""
    codes = sorted(kernels())
    plan = [(code, n) for code in codes for n in range(EACH)]
    plan += [(life.random.choice(codes), n) for n in range(EACH, EACH + more) for _ in range(13)]
    for code, n in plan:
        name, region = life.random.choice(life.town.spots)
        words = life.author.write(code, n % len(kernels()[code]), name)
        yield live(life, words, _moment(life), region)
    yield from _bursts(life)
    yield from _odd(life)
    yield from welcome.waiting(life)


def _moment(life: Life, days: float = DAYS) -> datetime:
    """Choose a moment of the last days, mostly by day and on working days."""
    at = life.now - timedelta(days=life.random.random() * days)
    hour = life.random.choices(
        range(24), [1] * 7 + [4, 9, 12, 11, 8, 5, 6, 9, 10, 9, 7, 5, 5, 5, 4, 3, 2]
    )[0]
    moment = timezone.localtime(at).replace(hour=hour, minute=life.random.randint(0, 59))
    return moment if moment < life.now else at


def _bursts(life: Life) -> Iterator[Past]:
    """Plant a few waves of one matter at one place within two days."""
    crowd = Author(life.random, Shelf(nearest=0.97))
    regions = dict(life.town.spots)
    regions |= {street.name: street for street in life.town.streets}
    for code, kernel, place, count, days_ago, _ in BURSTS:
        for _ in range(count):
            words = crowd.write(code, kernel, place)
            at = life.now - timedelta(days=days_ago + life.random.random() * 1.5)
            yield live(life, words, at, regions[place])


def _odd(life: Life) -> Iterator[Past]:
    """One demand of 10,000 characters and one full of emoji."""
    name, region = life.town.spots[0]
    for code, kernel, text, title in (
        ("2101", 0, long_text(life.author, name), "三年来的十几件烦心事"),
        ("0607", 1, emoji_text(name), "楼下卡拉OK"),
    ):
        words = Words(code, kernel, text, title, "complaint", name)
        yield live(life, words, life.now - timedelta(days=2), region)
