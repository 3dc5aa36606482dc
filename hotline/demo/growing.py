"""Grows a city to any number of tickets (造数) for measuring; resumable, the same each time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, repeat
from multiprocessing import get_context
from random import Random
from typing import Any, TypeVar

import django
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Role, User
from city.memo import Memo, steady
from city.models import Category, Region
from hotline.demo.walks import Crew, Walk, live
from tickets import backfill, selectors
from tickets.backfill import Past
from tickets.models import Source, Ticket
from tickets.workflow import Kind, Party

Name = TypeVar("Name", bound=str)
BATCH = 1_000
TWINS = 4
"""So many tickets go the same way, each told in other words: to live takes longer than to write."""
PHONE = "139{:08}"
DAYS = 365
MARK = "grown-"
SOURCES = {Source.PHONE: 68, Source.WEB: 18, Source.WECHAT: 8, Source.APP: 4, Source.WINDOW: 2}
KINDS = {
    **{Kind.COMPLAINT: 43, Kind.HELP: 29, Kind.ADVICE: 16, Kind.CONSULT: 10},
    **{Kind.REPORT: 1, Kind.PRAISE: 1},
}
AT_ONCE = 0.4
ANSWER = "您咨询的事项可就近到政务服务中心办理，所需材料见办事指南。"
STUCK = 0.02
"""So many of the tickets wait in vain, as in the demo city; the others are as far as can be."""
WAITS = {
    "dispatch": 3,
    "sign": 5,
    "contact": 45,
    "reply": 30,
    "release": 4,
    "review": 6,
    "call_back": 7,
}
"""For which step the stuck ones wait, how often of a hundred."""
WHEN = ("今天一早 昨晚十点多 上周末 这半个月 从去年入冬起 雨后 放学时间 每逢赶集 节前 凌晨").split()
SPOT = (
    "东门外 三号楼下 幼儿园旁 菜场入口 公交站边 地下车库 桥洞里 河堤上 广场西侧 工地围挡前"
).split()
SEEN = (
    "一直没有人管 比上个月更严重了 老人孩子都不敢走 影响几十户人家 夜里根本睡不着 "
    "打过两次电话没有下文 现场有照片为证 邻居们意见很大 商户也跟着受累 味道隔着窗都闻得到 "
    "车辆绕行很不方便 到现在没有说法"
).split()
ASK = (
    "请派人来看看 希望给个明确答复 请尽快解决 想知道归哪家管 盼回电 请依规处理 能不能先临时处置"
).split()


class NothingToGrow(Exception):
    """There is no city yet: no matters, no units or no people."""


@dataclass(frozen=True)
class Soil:
    """What there is to grow from."""

    matters: list[Category]
    regions: list[Region]
    crew: Crew
    area: str


def grow(
    wanted: int,
    tell: Callable[[int], None],
    now: datetime | None = None,
    *,
    processes: int = 1,
    stuck: float = STUCK,
) -> int:
    """Bring the grown tickets up to WANTED, batch by batch; return how many were new.

    A batch is one transaction; what a run that was broken off left out is filled in. More than one
    of PROCESSES helps where the database takes several writers. STUCK is the share that waits in
    vain for its next step.
    """
    _soil.get()
    moment = now or timezone.now()
    batches = [range(n, min(n + BATCH, wanted)) for n in range(0, wanted, BATCH)]
    if processes == 1:
        return _told((_batch(numbers, moment, stuck) for numbers in batches), tell)
    apart = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=apart, initializer=django.setup) as pool:
        return _told(pool.map(_batch, batches, repeat(moment), repeat(stuck)), tell)


def _told(written: Iterable[int], tell: Callable[[int], None]) -> int:
    """Add up what is written, telling of each batch."""
    new = 0
    for count in written:
        tell(count)
        new += count
    return new


def _batch(numbers: range, now: datetime, stuck: float) -> int:
    """Write those of a batch that are not there yet; return how many."""
    marks = {f"{MARK}{n:09}": n for n in numbers}
    there = Ticket.objects.filter(source__in=SOURCES, external_number__in=marks)
    for mark in there.values_list("external_number", flat=True):
        del marks[mark]
    with steady(), transaction.atomic():
        _write(sorted(marks.values()), now, stuck)
    return len(marks)


def _write(numbers: Sequence[int], now: datetime, stuck: float) -> None:
    """Write tickets, those that go the same way one after the other."""
    soil = _soil.get()
    ways = [list(twins) for _, twins in groupby(numbers, lambda n: n // TWINS)]
    pasts = [_past(twins[0] // TWINS, soil, now, stuck) for twins in ways]
    for nth in range(TWINS):
        some = [
            (past, twins[nth]) for past, twins in zip(pasts, ways, strict=True) if nth < len(twins)
        ]
        for past, n in some:
            _say(past, n)
        backfill.write([past for past, _ in some], soil.area)


def _dig() -> Soil:
    matters = list(Category.objects.filter(level=2, active=True))
    regions = list(Region.objects.exclude(level=Region.Level.CITY))
    root = Region.objects.filter(level=Region.Level.CITY).first()
    units = list(selectors.lead_units())
    people = User.objects.filter(is_active=True).order_by("pk").first()
    if not (matters and regions and root and units and people):
        raise NothingToGrow("还没有城市：请先装入示范城市（load_demo）或基础数据。")
    posts = Membership.objects.filter(role=Role.HANDLER, department__in=units, user__is_active=True)
    members = {post.department_id: post.user for post in posts.select_related("user")}
    return Soil(matters, regions, Crew(people, units, members), root.code[:6])


_soil = Memo(_dig)


def _past(way: int, soil: Soil, now: datetime, stuck: float) -> Past:
    """Let a ticket go its way, nothing said yet; it is the same each time, but for the clock."""
    random = Random(way)  # noqa: S311 - made-up tickets need no secrets
    matter, region = random.choice(soil.matters), random.choice(soil.regions)
    at = now - timedelta(days=random.random() * DAYS)
    fields = {
        "title": f"{region.name}{matter.name}问题"[:100],
        "kind": _one_of(KINDS, random),
        "source": _one_of(SOURCES, random),
        "category": matter,
        "region": region,
        "place": region.name,
        "phone": PHONE.format(way),
    }
    past = _begun(at, soil.crew.hotline, random.random() < AT_ONCE, fields)
    waits_for = _one_of(WAITS, random) if random.random() < stuck else ""
    live(Walk(past, random, at, now, waits_for), soil.crew)
    return past


def _say(past: Past, n: int) -> None:
    """Put the nth citizen's words to a way that a ticket went."""
    random, matter = Random(n), past.ticket.category  # noqa: S311 - made-up tickets need no secrets
    assert matter is not None  # noqa: S101 - every grown ticket has its matter
    backfill.renew(
        past,
        text=_text(random, n, matter, past.ticket.place),
        external_number=f"{MARK}{n:09}",
        phone=PHONE.format(n % 100_000_000),
    )


def _begun(at: datetime, agent: User, known: bool, fields: dict[str, Any]) -> Past:
    """Take the demand in, or answer at once what somebody asks on the phone and is KNOWN."""
    phoned = fields["source"] == Source.PHONE
    if not (known and phoned and fields["kind"] == Kind.CONSULT):
        return Past.accepted(at, agent if phoned else Party.CITIZEN, **fields)
    past = Past.accepted(at, agent, verb="answer", **fields)
    past.answered(at, agent, ANSWER)
    return past


def _one_of(shares: Mapping[Name, int], random: Random) -> Name:
    return random.choices(list(shares), list(shares.values()))[0]


def _text(random: Random, n: int, matter: Category, place: str) -> str:
    words = random.sample(matter.keywords, min(2, len(matter.keywords))) or [matter.name]
    said = random.sample(SEEN, random.randint(2, 6))
    where = f"{place}{random.choice(SPOT)}{n % 977}号"
    parts = [f"{random.choice(WHEN)}，{where}{'、'.join(words)}", *said]
    return f"{'，'.join(parts)}。{random.choice(ASK)}。"
