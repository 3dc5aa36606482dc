"""Questions about tickets; every one for staff takes the person and asks policy first."""

from tickets.selectors.callers import (
    by_external_number,
    earlier_of_phone,
    find_by_query_code,
    of_hashes,
    open_of_phone,
)
from tickets.selectors.citizens import (
    RELEASED,
    Progress,
    Station,
    progress,
)
from tickets.selectors.incidents import (
    in_incident,
    incident_of,
)
from tickets.selectors.stories import (
    actor_label,
    entries_since,
    for_page,
    history,
    merged_of,
    newest_reply,
    replies,
    returns,
    step_label,
)
from tickets.selectors.worklists import (
    WORK_LISTS,
    UnitCounts,
    auto_dispatched,
    counts,
    fresh_dispatches,
    in_order,
    lead_units,
    near_due,
    near_due_before,
    overdue,
    unit_counts,
    worklist,
)

__all__ = [
    "RELEASED",
    "WORK_LISTS",
    "Progress",
    "Station",
    "UnitCounts",
    "actor_label",
    "auto_dispatched",
    "by_external_number",
    "counts",
    "earlier_of_phone",
    "entries_since",
    "find_by_query_code",
    "for_page",
    "fresh_dispatches",
    "history",
    "in_incident",
    "in_order",
    "incident_of",
    "lead_units",
    "merged_of",
    "near_due",
    "near_due_before",
    "newest_reply",
    "of_hashes",
    "open_of_phone",
    "overdue",
    "progress",
    "replies",
    "returns",
    "step_label",
    "unit_counts",
    "worklist",
]
