"""Makes a small town with its units and people, through the same actions as the product."""

from dataclasses import dataclass
from itertools import count

from accounts import actions as accounts
from accounts.models import Department, Role, User
from city import actions as city
from city.models import Place, Region

_serial = count(1)


@dataclass(frozen=True)
class Town:
    """云江市: two districts, three streets, four communities, one estate."""

    city: Region
    linxi: Region
    nanping: Region
    wanghe: Region
    qingshi: Region
    nanqiao: Region
    liulin: Region
    beiwan: Region
    shigu: Region
    qiaotou: Region
    estate: Place


@dataclass(frozen=True)
class Units:
    """The town's units: the hotline, two district governments, bureaus, a street, a company."""

    center: Department
    housing: Department
    urban: Department
    water: Department
    linxi: Department
    linxi_housing: Department
    linxi_urban: Department
    wanghe: Department
    nanping: Department
    nanping_urban: Department


def make_town() -> Town:
    """Make the regions and a place."""
    level = Region.Level
    root = city.add_region("990100", "云江市", level.CITY)
    linxi = city.add_region("990102", "临溪区", level.DISTRICT, root, ["临溪"])
    nanping = city.add_region("990103", "南屏区", level.DISTRICT, root, ["南屏"])
    wanghe = city.add_region("990102001", "望河街道", level.STREET, linxi)
    qingshi = city.add_region("990102002", "青石街道", level.STREET, linxi)
    nanqiao = city.add_region("990103001", "南桥街道", level.STREET, nanping)
    estate = Place(name="望河花园", kind=Place.Kind.ESTATE, region=wanghe, aliases=["望河花园小区"])
    city.add_places([estate])
    return Town(
        city=root,
        linxi=linxi,
        nanping=nanping,
        wanghe=wanghe,
        qingshi=qingshi,
        nanqiao=nanqiao,
        liulin=city.add_region("990102001001", "柳林社区", level.COMMUNITY, wanghe),
        beiwan=city.add_region("990102001002", "北湾社区", level.COMMUNITY, wanghe),
        shigu=city.add_region("990102002001", "石鼓社区", level.COMMUNITY, qingshi),
        qiaotou=city.add_region("990103001001", "桥头社区", level.COMMUNITY, nanqiao),
        estate=estate,
    )


def make_units(town: Town) -> Units:
    """Make the units of the town."""
    kind, make = Department.Kind, accounts.create_department
    linxi = make("lx", "临溪区人民政府", kind=kind.DISTRICT, dept_type="zf", region=town.linxi)
    nanping = make("np", "南屏区人民政府", kind=kind.DISTRICT, dept_type="zf", region=town.nanping)
    return Units(
        center=make(
            "rx",
            "云江市12345热线中心",
            kind=kind.CENTER,
            dept_type="rx",
            region=town.city,
            citywide=True,
        ),
        housing=make(
            "zj",
            "云江市住房和城乡建设局",
            short_name="市住建局",
            kind=kind.CITY_OFFICE,
            dept_type="zj",
            region=town.city,
        ),
        urban=make(
            "cgzf",
            "云江市城市管理和综合执法局",
            short_name="市城管局",
            kind=kind.CITY_OFFICE,
            dept_type="cgzf",
            region=town.city,
        ),
        water=make(
            "gsgs",
            "云江供水集团",
            kind=kind.COMPANY,
            dept_type="gsgs",
            region=town.city,
            citywide=True,
        ),
        linxi=linxi,
        linxi_housing=_bureau("lx-zj", "临溪区住房和城乡建设局", "临溪区住建局", linxi),
        linxi_urban=_bureau("lx-cgzf", "临溪区城市管理局", "临溪区城管局", linxi),
        wanghe=make(
            "lx-wh",
            "望河街道办事处",
            kind=kind.STREET,
            dept_type="jz",
            region=town.wanghe,
            parent=linxi,
        ),
        nanping=nanping,
        nanping_urban=_bureau("np-cgzf", "南屏区城市管理局", "南屏区城管局", nanping),
    )


def _bureau(code: str, name: str, short_name: str, district: Department) -> Department:
    return accounts.create_department(
        code,
        name,
        short_name=short_name,
        kind=Department.Kind.BUREAU,
        dept_type=code.partition("-")[2],
        region=district.region,
        parent=district,
    )


def make_user(role: Role, department: Department | None = None, *, name: str = "") -> User:
    """Make a member of staff with one post and no password: tests sign in by force_login."""
    number = next(_serial)
    return accounts.create_user(
        f"{role}{number}",
        name=name or f"{role.label}{number}",
        agent_no=f"{number:04}" if role == Role.AGENT else "",
        posts=[(role, department)],
    )
