"""Fills an empty database with the small town, its people and a few published answers."""

from accounts import actions as accounts
from accounts.models import Department, Role, User
from city import actions as city
from knowledge import actions as knowledge
from tests.factories import Units, make_town, make_units
from tests.tickets.routing.lessons import a_month, few_matters
from tickets.routing import training

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


def _posts(units: Units) -> dict[Role, Department]:
    own = dict.fromkeys((Role.SIGNER, Role.HANDLER, Role.AUDITOR), units.housing)
    return {role: own.get(role, units.center) for role in Role}
