"""Names the spots that a text tells of: known ones, and roads, estates and firms by their form."""

import re
from collections.abc import Iterable, Iterator

from city.models import Region
from city.places import PlaceHit

MOST = 8
READ = 2_000
"""Where a demand happens is said early; more would only cost time."""
EXACT = (Region.Level.COMMUNITY,)
_END = (
    "的了我你他她们在到从往住于是有和与及或让把被向将对该这那哪某每各本今已就都也又还很不没无请"
    "而且因其仅走穿要能可但给剩"
)
"""Characters that end what stands before a name and are in none."""
_HAN = rf"(?:(?![{_END}])[\u4e00-\u9fff])"
_FORM = re.compile(
    rf"(?P<road>{_HAN}{{2,4}}?(?:大道|(?:[路街巷]|(?<=[家里东西南北中大小新老])弄)(?![灯面人口边段上道政基程])))"
    rf"|(?P<estate>{_HAN}{{2,6}}?(?:花园|花苑|小区|家园|公寓|新村|新城|名苑|大厦|广场|工业园|产业园"
    r"|菜市场|市场|商场|小学|中学|幼儿园|医院))"
    rf"|(?P<firm>{_HAN}{{2,14}}?(?:有限公司|公司|酒店|饭店|超市|工厂|(?!工){_HAN}厂(?![房家区商])))"
)
_LEAD = re.compile(
    r"^.*(?:反映|来电|投诉|举报|位于|靠近|附近|关于|沿着|经过|家住|称|区县|区|县|镇|街道|社区|市"
    r"|楼下|旁边|对面|门口|后面|前面|一家|一条|两条|整条|几条|建议|影响|最近|开设|开办|例如|所在|前往|经由)"
)
_VAGUE = re.compile(
    r".*(?:配套.*|快速路|之路|断头路|高速路|支路|套路|步行街|普惠性?幼儿园|[公私]立.*|.?分公司|责任公司|中小学"
    r"|道路|马路|公路|线路|电路|管路|水路|铁路|网路|思路|走路|修路|问路|半路|一路|条路|段路|网络"
    r"|(?:[上下]班|放学|回家|两头|近|占|机耕)路|大街|上街|逛街|小巷|物业公司|物业|开发公司|供水公司|自来水公司|燃气公司|供电公司|公交公司|快递公司"
    r"|家公司|水厂|电厂|工厂|家超市|大型超市|大酒店|个小区|老小区|老旧小区|居民小区|农贸市场|批发市场"
    r"|附近小学|附近医院|公立医院|私立医院|一小区|全小区|同小区|整个小区)$"
)
SHORTEST = 3


def named(text: str, hits: Iterable[PlaceHit]) -> list[str]:
    """List the spots that TEXT names (提到的地点), known ones by their proper name first.

    HITS are what the gazetteer found in it; what they cover is not looked at again.
    """
    known, rest = [], list(text[:READ])
    for hit in hits:
        if hit.place or hit.region.level in EXACT:
            known.append(hit.place.name if hit.place else hit.region.name)
        rest[slice(*hit.span)] = "，" * (hit.span[1] - hit.span[0])
    return list(dict.fromkeys([*known, *_by_form("".join(rest))]))[:MOST]


def _by_form(text: str) -> Iterator[str]:
    """Yield what looks like the name of a road, an estate or a firm."""
    for found in _FORM.finditer(text):
        name = _LEAD.sub("", found[0])
        if len(name) >= SHORTEST and not _VAGUE.match(name):
            yield name
