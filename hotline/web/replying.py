"""Replies ready to be shown: the newest with its checks, each with what changed in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from tickets import published, quality, selectors
from tickets.models import Reply, Ticket

CLAUSE = re.compile(r"[^，。；：！？、,;!?\n]*[，。；：！？、,;!?\n]?")
Change = tuple[str, str]
"""What became of a piece ("", "ins", "del") and the piece itself."""


@dataclass(frozen=True)
class ShownReply:
    """One version of a reply; the checks only while somebody has to judge it."""

    reply: Reply
    verdict: quality.Verdict | None
    changes: list[Change]
    public: str
    """How anybody will read it, with the person taken out; "" where it is not to be public."""


def replies_of(ticket: Ticket) -> list[ShownReply]:
    """Show all versions of the reply (答复版本), newest first, each beside the one before."""
    versions = selectors.replies(ticket)
    return [
        ShownReply(
            reply,
            _verdict(ticket, reply) if at == 0 else None,
            _changes(before, reply),
            _public(ticket, reply),
        )
        for at, (reply, before) in enumerate(zip_longest(versions, versions[1:]))
    ]


def _verdict(ticket: Ticket, reply: Reply) -> quality.Verdict | None:
    return None if reply.accepted_at else quality.of_reply(ticket, reply.text)


def _public(ticket: Ticket, reply: Reply) -> str:
    if not (reply.may_publish and ticket.public):
        return ""
    return published.anonymous(published.said_publicly(reply), ticket)


def _changes(before: Reply | None, after: Reply) -> list[Change]:
    return list(changes(before.text, after.text)) if before else []


def changes(old: str, new: str) -> Iterator[Change]:
    """Compare two texts clause by clause (版本差异)."""
    one, two = CLAUSE.findall(old), CLAUSE.findall(new)
    for _, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        gone, come = "".join(one[a:b]), "".join(two[c:d])
        if gone == come:
            yield "", come
            continue
        if gone:
            yield "del", gone
        if come:
            yield "ins", come
