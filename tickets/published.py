"""Replies that anybody may read: of those who agreed, once released, and never a person in them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts import vocabulary
from accounts.masking import mask_name, mask_text
from search import analysis, engine
from search.feed import Feed
from search.index import Date, Doc, Index, Keyword, Kind, Text
from search.marking import words_to_mark
from search.query import Match, Permission, Query, Sort
from tickets.finding.database import RECENT_DAYS
from tickets.finding.snippets import Marks, snippet
from tickets.indexes import matters_of
from tickets.models import Reply, Ticket
from tickets.selectors import RELEASED

PUBLISHED = Index(
    "published",
    2,
    {
        "title": Text(boost=2.0, title=True, pinyin=True),
        "text": Text(),
        "reply": Text(),
        "matters": Keyword(),
        "unit": Keyword(),
        "replied_at": Date(),
    },
    kind=Kind.REPLY,
)
WORDS = 8
FEW_CHARACTERS = 20
"""Up to here all words must stand in what is found."""
LONGEST = 4_000
_SPOKEN = "[一二三四五六七八九十零〇]"
_PROVINCE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PERSONAL: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(我叫|姓名[是为:：]?\s*)[\u4e00-\u9fff]{2,3}"), r"\1**"),
    (re.compile(r"\d{1,4}(?=号?(?:楼|栋|幢|座)|单元|室|户)"), "*"),
    (re.compile(rf"{_SPOKEN}{{1,4}}(?=号楼|单元|室)"), "*"),
    (
        re.compile(
            rf"(?:(?<=单元)|(?<=[室楼栋幢座]))(?:\d{{2,4}}|{_SPOKEN}{{3,4}})(?![\d年月日元天])"
        ),
        "*",
    ),
    (re.compile(rf"[{_PROVINCE}][A-Z][·•]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"), "**"),
)
"""What tells who somebody is beyond numbers: a name given, a door, a plate (姓名、门牌、车牌)."""


@dataclass(frozen=True)
class PublicReply:
    """A demand and its reply as anybody may read them (公开答复)."""

    reply: Reply
    title: str
    text: str
    answer: str
    title_marks: Marks = field(default_factory=list)
    marks: Marks = field(default_factory=list)

    @property
    def ticket(self) -> Ticket:
        """The demand that was replied to."""
        return self.reply.ticket


@dataclass(frozen=True)
class Published:
    """One page of public replies, the exact total, and whether the engine was out of reach."""

    replies: list[PublicReply] = field(default_factory=list)
    total: int = 0
    cursor: str = ""
    degraded: bool = False


def public_replies() -> QuerySet[Reply]:
    """The replies that anybody may read (公开答复): all three agreed, the latest of each."""
    released = Reply.objects.exclude(accepted_at=None)
    newer = released.filter(ticket=OuterRef("ticket"), version__gt=OuterRef("version"))
    return (
        released.filter(
            ~Exists(newer),
            published_at__isnull=False,
            ticket__public=True,
            ticket__confidential=False,
            ticket__status__in=RELEASED,
        )
        .select_related("department", "ticket__category", "ticket__lead")
        .order_by("-accepted_at", "-pk")
    )


def anonymous(text: str, ticket: Ticket) -> str:
    """Take the person out of a text (隐去个人信息): numbers, the name given, door, plate."""
    plain = mask_text(text)
    if len(ticket.name) > 1:
        plain = plain.replace(ticket.name, mask_name(ticket.name))
    for pattern, instead in PERSONAL:
        plain = pattern.sub(instead, plain)
    return plain


def said_publicly(reply: Reply) -> str:
    """Give the words that are meant for anybody (公开答复), the person still in them."""
    return reply.public_text or reply.text


def shown(reply: Reply, words: Sequence[str] = ()) -> PublicReply:
    """Make a reply readable for anybody, with WORDS marked (脱敏展示)."""
    ticket = reply.ticket
    title, text, answer = (
        anonymous(t, ticket) for t in (ticket.heading, ticket.text, said_publicly(reply))
    )
    marks = snippet(f"{answer} {text}" if _holds(answer, words) else f"{text} {answer}", words)
    return PublicReply(reply, title, text, answer, analysis.highlight(title, words), marks)


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)


def find_published(words: str, *, limit: int = 10, after: str = "") -> Published:
    """Find public replies (检索公开答复), the nearest first; without words the latest.

    Without the engine: titles, and texts of the last 30 days, with `degraded` set.
    """
    vocabulary.refresh()
    query = Query(
        permission=Permission.everything(),
        text=words,
        match=Match.ALL if len(words) <= FEW_CHARACTERS else Match.ANY,
        sort=None if words else Sort("replied_at"),
        limit=limit,
        after=after,
    )
    try:
        results = engine.current().search(PUBLISHED, query)
    except engine.Unavailable:
        return _in_database(words, limit)
    by_ticket = {reply.ticket_id: reply for reply in _of_tickets(int(h.id) for h in results.hits)}
    found = [(by_ticket.get(int(hit.id)), hit) for hit in results.hits]
    replies = [shown(reply, words_to_mark(PUBLISHED, hit, words)) for reply, hit in found if reply]
    return Published(replies, results.total, results.cursor)


def findable(words: str) -> bool:
    """Tell whether a public reply has all of the words (可查到)."""
    asked = Query(permission=Permission.everything(), text=words, match=Match.ALL)
    try:
        return engine.current().count(PUBLISHED, asked) > 0
    except engine.Unavailable:
        return False


def _of_tickets(ids: Iterable[int]) -> QuerySet[Reply]:
    return public_replies().filter(ticket__in=list(ids))


def _in_database(words: str, limit: int) -> Published:
    said = [word for word in dict.fromkeys(analysis.words(words)) if len(word) > 1][:WORDS]
    rows = public_replies()
    if words:
        rows = rows.filter(reduce(or_, (_about(word) for word in said), Q(pk=None)))
    found = [shown(reply, said) for reply in rows[:limit]]
    return Published(found, len(found), degraded=True)


def _about(word: str) -> Q:
    recent = Q(accepted_at__gte=timezone.now() - timedelta(days=RECENT_DAYS))
    return recent & (Q(text__contains=word) | Q(ticket__title__contains=word))


def _ids() -> Iterable[str]:
    rows = public_replies().order_by("ticket_id").values_list("ticket_id", flat=True)
    return (str(pk) for pk in rows.iterator())


def documents(ids: Sequence[str]) -> list[Doc]:
    """Build the documents of these tickets' public replies (公开答复文档)."""
    rows = _of_tickets(int(pk) for pk in ids)
    return [
        _document(shown(reply)) for reply in rows.select_related("ticket__category__parent__parent")
    ]


def _document(public: PublicReply) -> Doc:
    ticket, unit = public.ticket, public.reply.department
    return Doc(
        str(ticket.pk),
        ticket.version,
        {
            "title": public.title,
            "text": public.text[:LONGEST],
            "reply": public.answer[:LONGEST],
            "matters": matters_of(ticket.category),
            "unit": unit.code if unit else "",
            "replied_at": public.reply.accepted_at,
        },
    )


FEED = Feed(PUBLISHED, "公开答复", _ids, documents)


def agreed(ids: Iterable[int]) -> list[str]:
    """Keep the tickets whose people agreed to have them public (同意公开), which never changes."""
    rows = Ticket.objects.filter(pk__in=list(ids), public=True)
    return [str(pk) for pk in rows.values_list("pk", flat=True)]
