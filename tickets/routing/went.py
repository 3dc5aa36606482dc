"""Where confirmed tickets of a matter went, district by district (往例); part of a trained version.

Returned and redirected tickets count with their final unit, for lessons know no other.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from accounts.models import Department
from city import selectors as city
from city.models import Region
from tickets.routing.feedback import Lesson

Went = Mapping[tuple[str, int], Mapping[str, int]]
"""Matter and district → code of the unit → tickets."""
DISTRICT = 1


def went(lessons: Iterable[Lesson]) -> Went:
    """Count where tickets went (往例统计)."""
    found: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for lesson in lessons:
        if lesson.lead is not None:
            found[lesson.matter, district_of(lesson.region)][lesson.lead.code] += 1
    return {where: dict(counts) for where, counts in found.items()}


def district_of(region: Region | None) -> int:
    """Name the district of a region by its key (所在区县), 0 where it is not known."""
    line = city.region_line(region) if region else []
    return line[DISTRICT].pk if len(line) > DISTRICT else 0


def where_it_went(
    known: Went, matter: str, region: Region | None, units: Mapping[str, Department]
) -> Counter[Department]:
    """Give the units of today that a matter's tickets of this district went to (往例)."""
    counts: Counter[Department] = Counter()
    for code, count in known.get((matter, district_of(region)), {}).items():
        if code in units:
            counts[units[code]] += count
    return counts
