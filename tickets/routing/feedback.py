"""What people said about the matching by what they did (反馈), read from the history itself.

Nothing is stored twice: the entries say who, when and why, the kept evidence says what had been
suggested. Only what a person confirmed or changed may teach, and what stayed with its unit through
signing and reply; a machine that nobody contradicted is no witness for itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.masking import mask_text, without_names
from accounts.models import Department
from accounts.selectors import living
from city.memo import steady
from city.models import Category, Region
from city.selectors import living_matter
from tickets.models import Confirmation, Entry, Routing, Ticket
from tickets.routing.duties import duty_for
from tickets.workflow import UNSENT, Status

MOST = 60_000
LONGEST = 2_000
CONFIRMS = ("answer", "dispatch", "redirect", "designate", "decide_return")
"""Steps by which a person says which unit it is; the last one decides."""
OPEN_QUESTION = (
    *UNSENT,
    Status.RETURN_REVIEW,
    Status.DISPUTING,
    Status.MERGED,
    Status.SPLIT,
    Status.WITHDRAWN,
    Status.NOT_ACCEPTED,
    Status.INVALID,
)


@dataclass(frozen=True)
class Lesson:
    """One ticket whose matter and unit proved right: what it said, and what it was."""

    ticket: int
    text: str
    matter: str
    region: Region | None
    lead: Department | None
    at: datetime
    case: str = ""
    """The third-level matter, where a person chose one."""


def confirmed() -> QuerySet[Ticket]:
    """Keep the tickets whose routing proved right (路由已确认): by a person, or by staying."""
    by_person = Entry.objects.filter(ticket=OuterRef("pk"), step__in=CONFIRMS, by__isnull=False)
    stayed = Q(return_count=0, replied_at__isnull=False)
    rows = Ticket.objects.exclude(status__in=OPEN_QUESTION).exclude(category=None)
    return rows.filter(stayed | Exists(by_person))


def lessons() -> list[Lesson]:
    """Collect what the confirmed tickets teach (训练样本): never confidential ones, masked."""
    return collect()[0]


def collect() -> tuple[list[Lesson], list[Lesson]]:
    """Collect lessons, and beside them those that teach a unit only (单位样本).

    Where a person sent a ticket elsewhere than its matter leads, and nobody chose the matter, the
    unit is sure and the matter is not; such a lesson names none.
    """
    screened = Entry.objects.filter(ticket=OuterRef("pk"), step="screen", by__isnull=False)
    at_the_door = Confirmation.objects.filter(ticket=OuterRef("pk")).exclude(matter="")
    rows = confirmed().filter(confidential=False)
    rows = rows.annotate(chosen=Exists(screened) | Exists(at_the_door))
    rows = rows.select_related("category__parent__parent", "region", "lead").order_by("-id")
    with steady():
        found = [(row, matter_of(row)) for row in rows[:MOST]]
        doubted = [row for row, matter in found if matter and not _fits(row, matter)]
        mended = _by_final_unit([row for row in doubted if not row.chosen])
        codes = {row.pk: matter.code if matter else "" for row, matter in found} | mended
        known = [_lesson(row, codes[row.pk]) for row, _ in found]
    return [row for row in known if row.matter], [row for row in known if not row.matter]


def matter_of(ticket: Ticket) -> Category | None:
    """Give the ticket's second-level matter (二级事项), None where it has only a first."""
    category = ticket.category.second if ticket.category else None
    return living_matter(category) if category is not None and category.level == 2 else None


def _fits(ticket: Ticket, matter: Category) -> bool:
    """Tell whether the unit that had it in the end is one that the matter leads to."""
    duty = duty_for(matter, ticket.region, ticket.text)
    if duty is None or ticket.lead is None:
        return True
    paths = sorted((duty.department.path, living(ticket.lead).path), key=len)
    return paths[1].startswith(paths[0])


def _by_final_unit(tickets: Iterable[Ticket]) -> dict[int, str]:
    """Name the guess that leads to the final unit (以最终单位为准) where nobody chose the matter.

    No guess that does: no lesson. Where nothing was guessed the matter was no machine's.
    """
    rows = {ticket.pk: ticket for ticket in tickets}
    found: dict[int, str] = {}
    for routing in Routing.objects.filter(ticket__in=rows).order_by("id"):
        lead = rows[routing.ticket_id].lead
        found[routing.ticket_id] = _leading_to(routing, lead.code if lead else "")
    return found


def _leading_to(routing: Routing, unit: str) -> str:
    reached = (guess for guess in routing.units if guess["code"] == unit)
    return next((str(guess["matters"][0]) for guess in reached if guess.get("matters")), "")


def _case_of(ticket: Ticket, matter: str) -> str:
    """Name the third-level matter of a ticket (三级事项), "" where none of MATTER was chosen."""
    chosen = ticket.category
    if chosen is None or chosen.level <= 2:
        return ""
    case = living_matter(chosen)
    above = matter_of(ticket)
    return case.code if case.level > 2 and above is not None and above.code == matter else ""


def _lesson(ticket: Ticket, matter: str) -> Lesson:
    words = mask_text(f"{ticket.title}\n{ticket.text[:LONGEST]}")
    text = without_names(words, ticket.name)
    lead = living(ticket.lead) if ticket.lead else None
    case = _case_of(ticket, matter)
    return Lesson(ticket.pk, text, matter, ticket.region, lead, ticket.accepted_at, case)
