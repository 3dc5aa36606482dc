"""Grows a city to any number of tickets (造数) for measuring; resumable, the same each time."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import repeat
from multiprocessing import get_context
from random import Random

import django
from django.utils import timezone

from accounts.models import Department, User
from city.memo import steady
from city.models import Category, Region
from tickets import backfill, selectors
from tickets.backfill import Past
from tickets.models import Source, Ticket
from tickets.workflow import Kind, Party, Status

BATCH = 1_000
DAYS = 365
MARK = "grown-"
SOURCES = (Source.PHONE, Source.WEB, Source.APP)
ENDS = (
    ("screen", 0.03),
    ("dispatch", 0.03),
    ("sign", 0.05),
    ("reply", 0.02),
    ("release", 0.02),
    ("review", 0.05),
)
"""After which step, and how often, a ticket stays where it is; the others are called back."""
GOOD = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
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
REPLIES = (
    "经现场核查，情况属实，已安排人员处理完毕，并向诉求人说明。",
    "已联系诉求人，说明了政策规定，诉求人表示理解。",
    "该处已列入本月整治计划，先行设置了警示标志，后续持续跟进。",
)


class NothingToGrow(Exception):
    """There is no city yet: no matters, no units or no people."""


@dataclass(frozen=True)
class Soil:
    """What there is to grow from."""

    matters: list[Category]
    regions: list[Region]
    units: list[Department]
    people: User
    area: str


def grow(
    wanted: int, tell: Callable[[int], None], now: datetime | None = None, *, processes: int = 1
) -> int:
    """Bring the grown tickets up to WANTED, batch by batch; return how many were new.

    A batch is one transaction; what a run that was broken off left out is filled in. More than one
    of PROCESSES helps where the database takes several writers.
    """
    _soil()
    moment = now or timezone.now()
    batches = [range(n, min(n + BATCH, wanted)) for n in range(0, wanted, BATCH)]
    if processes == 1:
        return _told((_batch(numbers, moment) for numbers in batches), tell)
    apart = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=apart, initializer=django.setup) as pool:
        return _told(pool.map(_batch, batches, repeat(moment)), tell)


def _told(written: Iterable[int], tell: Callable[[int], None]) -> int:
    """Add up what is written, telling of each batch."""
    new = 0
    for count in written:
        tell(count)
        new += count
    return new


def _batch(numbers: range, now: datetime) -> int:
    """Write those of a batch that are not there yet; return how many."""
    marks = {f"{MARK}{n:09}": n for n in numbers}
    there = Ticket.objects.filter(source__in=SOURCES, external_number__in=marks)
    for mark in there.values_list("external_number", flat=True):
        del marks[mark]
    with steady():
        soil = _soil()
        backfill.write([_past(n, soil, now) for n in marks.values()], soil.area)
    return len(marks)


def _soil() -> Soil:
    matters = list(Category.objects.filter(level=2, active=True))
    regions = list(Region.objects.exclude(level=Region.Level.CITY))
    root = Region.objects.filter(level=Region.Level.CITY).first()
    units = list(selectors.lead_units())
    people = User.objects.filter(is_active=True).order_by("pk").first()
    if not (matters and regions and root and units and people):
        raise NothingToGrow("还没有城市：请先装入示范城市（load_demo）或基础数据。")
    return Soil(matters, regions, units, people, root.code[:6])


def _past(n: int, soil: Soil, now: datetime) -> Past:
    """Let the nth ticket live; it is the same ticket each time, but for the clock."""
    random = Random(n)  # noqa: S311 - made-up tickets need no secrets
    matter, region = random.choice(soil.matters), random.choice(soil.regions)
    at = now - timedelta(days=1 + random.random() * DAYS)
    past = Past.accepted(
        at,
        Party.CITIZEN,
        text=_text(random, n, matter, region),
        title=f"{region.name}{matter.name}问题"[:100],
        kind=random.choice((Kind.HELP, Kind.COMPLAINT, Kind.CONSULT)),
        source=random.choice(SOURCES),
        external_number=f"{MARK}{n:09}",
        category=matter,
        region=region,
        place=region.name,
        phone=f"139{n % 100_000_000:08}",
    )
    _walk(past, at, random, soil)
    return past


def _text(random: Random, n: int, matter: Category, region: Region) -> str:
    words = random.sample(matter.keywords, min(2, len(matter.keywords))) or [matter.name]
    said = random.sample(SEEN, random.randint(2, 6))
    where = f"{region.name}{random.choice(SPOT)}{n % 977}号"
    parts = [f"{random.choice(WHEN)}，{where}{'、'.join(words)}", *said]
    return f"{'，'.join(parts)}。{random.choice(ASK)}。"


def _walk(past: Past, at: datetime, random: Random, soil: Soil) -> None:
    """Walk the road until the ticket gets stuck or is closed."""
    stuck, unit, by = _end(random), random.choice(soil.units), soil.people
    steps: tuple[tuple[str, Callable[[datetime], None]], ...] = (
        ("screen", lambda t: past.step("screen", t, Party.SYSTEM)),
        ("dispatch", lambda t: past.dispatch(t, Party.SYSTEM, unit)),
        ("sign", lambda t: past.sign(t, by)),
        (
            "reply",
            lambda t: past.reply(t, by, random.choice(REPLIES), "solved", contacted=True),
        ),
        ("release", lambda t: past.release(t, by)),
        ("review", lambda t: past.review(t, by, close=False)),
        ("call_back", lambda t: past.call_back(t, by, "reached", GOOD, to=Status.CLOSED)),
    )
    for name, act in steps:
        at += timedelta(minutes=random.randint(1, 150))
        act(at)
        if name == stuck:
            return


def _end(random: Random) -> str:
    """Choose the step after which nothing happens any more."""
    left = random.random()
    for name, share in ENDS:
        left -= share
        if left < 0:
            return name
    return "call_back"
