"""What units established and did while they had the ticket."""

from tickets.models import Attachment, ContactAttempt, Handling, Ticket


def handling_of(ticket: Ticket) -> Handling | None:
    """The record of the unit that now leads (办理记录)."""
    own = (row for row in ticket.handlings.all() if row.department_id == ticket.lead_id)
    return next(own, None)


def handlings(ticket: Ticket) -> list[Handling]:
    """The records of all units that had the ticket (办理记录), oldest first."""
    return list(ticket.handlings.all())


def contacts(ticket: Ticket) -> list[tuple[ContactAttempt, list[Attachment]]]:
    """All tries to speak to the citizen (联系记录), oldest first, each with what proves it."""
    files = list(ticket.attachments.all())
    return [
        (tried, [file for file in files if file.contact_id == tried.pk])
        for tried in ticket.contacts.all()
    ]
