"""Builds the demo city: regions, places, units, people, the duty list, the knowledge."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from math import cos, pi, radians, sin, sqrt
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts import actions as accounts
from accounts.models import Department, Role, User
from city import actions as city
from city.models import Category, Place, Region
from hotline.demo.content import articles, load
from hotline.demo_people import PASSWORD
from knowledge import actions as knowledge
from knowledge.models import Article
from tickets import actions as tickets
from tickets.models import DutyItem

CITYWIDE = frozenset({"city", "enterprise", "vertical", "center"})
GAP = 13  # every so many matters the duty list is silent, as real ones are
NEXT_PLACE = 0.003  # degrees, some 330 m
GOLDEN_ANGLE = pi * (3 - sqrt(5))
DEMO_UNIT = "990102-cgzf"
SIGNED_TWICE = {"990103-cgzf": ("科室负责人", "分管领导")}
"""Units whose replies pass several signatures."""


@dataclass
class Town:
    """What was built, for those who build on it."""

    root: Region
    center: Department
    streets: list[Region] = field(default_factory=list)
    spots: list[tuple[str, Region]] = field(default_factory=list)
    units: dict[str, Department] = field(default_factory=dict)
    people: dict[int, User] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)

    def below(self, unit: Department) -> list[Department]:
        """The units right below a unit."""
        return [each for each in self.units.values() if each.parent_id == unit.pk]

    def member(self, unit: Department) -> User:
        """The person who signs, handles and releases for a unit."""
        return self.people[unit.pk]


def build_regions() -> Town:
    """Build the tree of regions with its places, and the hotline itself (区划、地点)."""
    content = load("city")
    level = Region.Level
    root = city.add_region(content["code"], content["name"], level.CITY)
    center = accounts.create_department(
        "rx",
        f"{root.name}12345热线中心",
        short_name="热线中心",
        kind=Department.Kind.CENTER,
        dept_type="rx",
        region=root,
        citywide=True,
    )
    town = Town(root, center)
    town.units["rx"] = center
    places: list[Place] = []
    for district in content["districts"]:
        area = city.add_region(
            district["code"], district["name"], level.DISTRICT, root, [district["name"][:2]]
        )
        for at, street in enumerate(district["streets"], 1):
            places += _street(town, area, f"{area.code}{at:03}", street)
    city.add_places(places)
    return town


def _street(town: Town, area: Region, code: str, content: dict[str, Any]) -> list[Place]:
    """Build one street with its communities; gives its places."""
    street = city.add_region(code, content["name"], Region.Level.STREET, area)
    town.streets.append(street)
    for at, name in enumerate(content["communities"], 1):
        city.add_region(f"{code}{at:03}", name, Region.Level.COMMUNITY, street)
    named = [(kind, name) for kind, names in content["places"].items() for name in names]
    return [
        Place(name=name, kind=kind, region=street, **_spot(content["at"], at))
        for at, (kind, name) in enumerate(named, 1)
    ]


def _spot(middle: tuple[float, float], at: int) -> dict[str, Decimal]:
    """Lay the n-th place of a street around its middle, each a bit farther out than the last."""
    lat, lng = middle
    out, turn = NEXT_PLACE * sqrt(at), at * GOLDEN_ANGLE
    spot = {"lat": lat + out * cos(turn), "lng": lng + out * sin(turn) / cos(radians(lat))}
    return {name: Decimal(f"{degrees:.6f}") for name, degrees in spot.items()}


def build_units(town: Town) -> None:
    """Build the tree of units: city, districts with their bureaus, streets, communities."""
    kind, content = Department.Kind, load("city")
    for key, (name, short, sort) in content["city_departments"].items():
        town.units[key] = accounts.create_department(
            key,
            name,
            short_name=short,
            kind=kind(sort),
            dept_type=key,
            region=town.root,
            citywide=True,
            duty_phone=f"0890-1234{len(town.units):04d}",
        )
    for district in Region.objects.filter(level=Region.Level.DISTRICT):
        _district(town, district, content["district_departments"])


def _district(town: Town, district: Region, bureaus: dict[str, list[str]]) -> None:
    kind = Department.Kind
    above = accounts.create_department(
        district.code,
        f"{district.name}人民政府",
        short_name=f"{district.name}政府",
        kind=kind.DISTRICT,
        dept_type="zf",
        region=district,
    )
    town.units[district.code] = above
    for key, (name, short) in bureaus.items():
        code = f"{district.code}-{key}"
        town.units[code] = accounts.create_department(
            code,
            district.name + name,
            short_name=district.name + short,
            kind=kind.BUREAU,
            dept_type=key,
            region=district,
            parent=above,
        )
    for street in district.children.all():
        _street_office(town, street, above)


def _street_office(town: Town, street: Region, above: Department) -> None:
    kind = Department.Kind
    suffix = "人民政府" if street.name.endswith("镇") else "办事处"
    office = accounts.create_department(
        street.code,
        f"{street.name}{suffix}",
        short_name=street.name,
        kind=kind.STREET,
        dept_type="jz",
        region=street,
        parent=above,
    )
    town.units[street.code] = office
    for community in street.children.all():
        committee = "村民委员会" if community.name.endswith("村") else "居民委员会"
        town.units[community.code] = accounts.create_department(
            community.code,
            f"{community.name}{committee}",
            short_name=community.name,
            kind=kind.COMMUNITY,
            dept_type="sq",
            region=community,
            parent=office,
        )


UNIT_ROLES = (Role.SIGNER, Role.HANDLER, Role.AUDITOR)


def build_people(town: Town, names: Iterator[str]) -> None:
    """Build the demo's own users, one a role, and somebody who acts for every unit."""
    hashed = make_password(PASSWORD)
    for role in Role:
        unit = town.units[DEMO_UNIT] if role in UNIT_ROLES else town.center
        user = accounts.create_user(
            role.value,
            name=next(names),
            agent_no="8001" if role is Role.AGENT else "",
            posts=[(role, unit)],
        )
        user.password = hashed
        accounts.save_user(user)
    for code, unit in town.units.items():
        posts = [(role, unit) for role in UNIT_ROLES]
        accounts.create_user(f"u-{code}", name=next(names), posts=posts)
    for code, titles in SIGNED_TWICE.items():
        tickets.set_sign_chain(town.units[code], [(title, None) for title in titles])


def found_town() -> Town:
    """Find again what was built (读取已建城市)."""
    root = Region.objects.get(level=Region.Level.CITY)
    units = {unit.code: unit for unit in Department.objects.select_related("parent", "region")}
    people = {user.username: user for user in User.objects.all()}
    spots = [(r.name, r) for r in Region.objects.filter(level=Region.Level.COMMUNITY)]
    spots += [(p.name, p.region) for p in Place.objects.select_related("region")]
    return Town(
        root,
        units["rx"],
        streets=list(Region.objects.filter(level=Region.Level.STREET)),
        spots=spots,
        units=units,
        people={unit.pk: people[f"u-{code}"] for code, unit in units.items()},
        staff={role.value: people[role.value] for role in Role},
    )


def build_duties(town: Town) -> int:
    """Build the first duty list (派单目录): matter × region → unit, with gaps."""
    today = timezone.localdate() - timedelta(days=400)
    rows: list[DutyItem] = []
    for at, category in enumerate(Category.objects.filter(level=2).order_by("code")):
        if at % GAP:
            rows += _duties_of(town, category, today)
    return tickets.add_duties([*rows, *_highways(town, today)])


def _highways(town: Town, since: date) -> list[DutyItem]:
    """Build the rows that give holes in highways to the highway bureau, not to the district."""
    return [
        DutyItem(
            category=Category.objects.get(code="0301"),
            region=district,
            department=town.units["gl"],
            keywords=["国道", "省道", "县道", "公路"],
            basis="《公路法》第八条：国省县道由公路管理机构养护",
            valid_from=since,
        )
        for district in Region.objects.filter(level=Region.Level.DISTRICT)
    ]


def _duties_of(town: Town, category: Category, since: date) -> list[DutyItem]:
    pairs: list[tuple[Region | None, Department | None]]
    basis = f"《云澜市12345热线派单目录（2026版）》第{int(category.code)}项"
    if category.route_level in CITYWIDE:
        pairs = [(None, town.units.get(category.dept_type))]
    elif category.route_level == "street":
        pairs = [(street, town.units[street.code]) for street in town.streets]
    else:
        districts = Region.objects.filter(level=Region.Level.DISTRICT)
        pairs = [(d, town.units.get(f"{d.code}-{category.dept_type}")) for d in districts]
    return [
        DutyItem(category=category, region=region, department=unit, basis=basis, valid_from=since)
        for region, unit in pairs
        if unit is not None
    ]


def build_articles(town: Town) -> list[Article]:
    """Publish the knowledge articles through the editors' own steps (知识库)."""
    editor = town.staff[Role.EDITOR.value]
    matters = {row.code: row for row in Category.objects.filter(level=2)}
    return [_article(town, row, matters, editor) for row in articles()]


def _article(
    town: Town, row: dict[str, Any], matters: dict[str, Category], editor: User
) -> Article:
    fields = {k: v for k, v in row.items() if k not in {"category", "unit"}}
    content = knowledge.Content(
        category=matters.get(str(row.get("category", ""))),
        valid_from=timezone.localdate() - timedelta(days=200),
        **fields,
    )
    unit = town.units.get(str(row.get("unit", "")), town.center)
    article = knowledge.draft(content, department=unit, by=editor)
    if content.valid_until is None or content.valid_until >= timezone.localdate():
        knowledge.publish(article, by=editor)
    return article
