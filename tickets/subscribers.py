"""What follows from a ticket's moves: matching, and the index."""

from collections.abc import Sequence

from accounts import vocabulary
from accounts.events import UnitMoved
from accounts.models import Department
from city.events import CalendarChanged, PlaceMoved, WordChanged
from outbox.actions import notify
from outbox.bus import subscribe
from search import feed
from search.query import Permission, Query, Sort, Terms
from tickets import actions, notices, published, selectors
from tickets.events import CardsShown, TicketAccepted, TicketAnswered, TicketMoved
from tickets.indexes import FEED
from tickets.routing.intake import route
from tickets.topics.stream import place
from tickets.workflow import UNANSWERED

AT_ONCE = 500


@subscribe(TicketMoved, name="tickets.index", queue="index")
def index(events: Sequence[TicketMoved]) -> None:
    """Bring the indexes up to date with the tickets that moved."""
    vocabulary.refresh()
    ids = list(dict.fromkeys(event.ticket_id for event in events))
    feed.follow(FEED, [str(pk) for pk in ids])
    if public := published.agreed(ids):
        feed.follow(published.FEED, public)


@subscribe(WordChanged, name="tickets.recut", queue="index")
def recut(events: Sequence[WordChanged]) -> None:
    """Cut the tickets and public replies that hold a changed word anew (词库变更)."""
    vocabulary.refresh()
    for text in {event.text for event in events}:
        feed.recut(FEED, text, "accepted_at")
        feed.recut(published.FEED, text, "replied_at")


@subscribe(PlaceMoved, name="tickets.relocate", queue="index")
def relocate(events: Sequence[PlaceMoved]) -> None:
    """Let the index know where the tickets of a place lie by now (地点坐标变更)."""
    named = Terms("places", sorted({event.place for event in events}))
    everything = Permission.everything()
    by_time = Sort("accepted_at")
    feed.rewrite(FEED, Query(permission=everything, filters=[named], sort=by_time, limit=AT_ONCE))


@subscribe(UnitMoved, name="tickets.regroup", queue="index")
def regroup(events: Sequence[UnitMoved]) -> None:
    """Let the index know above whom units hang that moved in the tree (单位上级变动)."""
    for unit in Department.objects.filter(pk__in={event.unit_id for event in events}):
        ids = [str(pk) for pk in selectors.ids_with(unit)]
        for at in range(0, len(ids), AT_ONCE):
            feed.follow(FEED, ids[at : at + AT_ONCE])


@subscribe(TicketMoved, name="tickets.merged")
def follow_master(events: Sequence[TicketMoved]) -> None:
    """Let merged tickets go where their master went: answered with it, or alone again."""
    left = (event.ticket_id for event in events if event.to_status not in UNANSWERED)
    actions.follow_masters(list(dict.fromkeys(left)))


@subscribe(CalendarChanged, name="tickets.calendar")
def make_firm(events: Sequence[CalendarChanged]) -> None:
    """Reckon guessed deadlines (暂定期限) anew as soon as days are declared."""
    actions.recompute_provisional()


@subscribe(TicketAccepted, name="tickets.route")
def match(events: Sequence[TicketAccepted]) -> None:
    """Match and route what was accepted."""
    route([event.ticket_id for event in events])


@subscribe(TicketAccepted, TicketAnswered, name="tickets.topics")
def gather_topics(events: Sequence[TicketAccepted | TicketAnswered]) -> None:
    """Put what was told into topics (归入话题), after its matching: matter and place count."""
    place([event.ticket_id for event in events])


@subscribe(TicketMoved, name="tickets.notices")
def tell(events: Sequence[TicketMoved]) -> None:
    """Tell those whom a step concerns (流转通知)."""
    notify(notices.of_moves(events))


@subscribe(CardsShown, name="tickets.warnings")
def warn(events: Sequence[CardsShown]) -> None:
    """Tell those whose clock runs out (亮牌通知)."""
    notify(notices.of_cards(events))
