"""Fills an empty database with the small town, its people and a few published answers."""

from django.db.models import F
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Department, Role, User
from city import actions as city
from city.models import Category
from knowledge import actions as knowledge
from outbox import bus
from search import feed
from tests.factories import Units, make_town, make_units
from tests.tickets.routing.lessons import a_month, few_matters
from tickets import actions as tickets
from tickets.models import DutyItem, Source, Ticket
from tickets.routing import training
from tickets.workflow import Party

PASSWORD = "walk-12345"


def settle() -> None:
    """Make the town and somebody of each role; user names are the roles' own."""
    units = make_units(make_town())
    for role, unit in _posts(units).items():
        accounts.create_user(
            role.value,
            name=f"{role.label}甲",
            password=PASSWORD,
            agent_no="8001" if role == Role.AGENT else "",
            posts=[(role, unit)],
        )
    editor = User.objects.get(username="editor")
    article = knowledge.draft(
        knowledge.Content(
            title="路灯坏了找谁修",
            short_answer="市政道路的路灯由城管局养护，小区内的路灯由物业负责。",
            text="市政道路的路灯损坏，请拨打 12345 报修，一般两个工作日内修复。",
        ),
        department=units.urban,
        by=editor,
    )
    knowledge.publish(article, by=editor)


def settle_with_a_past() -> None:
    """Make the town with a month of settled demands, and a model that knows them."""
    settle()
    city.load_taxonomy()
    few_matters()
    a_month()
    training.begin()


def settle_with_a_queue() -> None:
    """Make the town with fourteen demands that wait for the dispatcher, the last seven alike."""
    settle()
    city.load_taxonomy()
    few_matters()
    units = {unit.code: unit for unit in Department.objects.all()}
    a_month()
    for code, unit in _UNITS.items():
        known = Ticket.objects.filter(category__code=code)
        known.update(lead=units[unit], signed_at=F("replied_at"))
    bus.drain_all()
    for one in feed.registered():
        feed.rebuild(one)
    duties = [
        DutyItem(
            category=Category.objects.get(code=code),
            department=units[unit],
            basis="派单目录",
            valid_from=timezone.localdate(),
        )
        for code, unit in _UNITS.items()
    ]
    tickets.add_duties(duties)
    for text in _WAITING:
        tickets.accept(text=text, source=Source.WEB, by=Party.CITIZEN)
    bus.drain_all()


_UNITS = {"0101": "lx-cgzf", "0401": "gsgs", "0201": "zj"}
_WAITING = [
    *(f"望河花园{n}号门口流动摊贩占道摆摊，走不过去" for n in "一二三四"),
    *(f"柳林社区{n}幢的物业费乱涨，保洁也不打扫" for n in "五六七"),
    *(f"北湾社区市场{n}排自来水停水，水压太低上不了五楼" for n in "一二三四五六七"),
]


def _posts(units: Units) -> dict[Role, Department]:
    own = dict.fromkeys((Role.SIGNER, Role.HANDLER, Role.AUDITOR), units.housing)
    return {role: own.get(role, units.center) for role in Role}
