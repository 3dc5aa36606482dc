"""Lets the demo's demands live: each walks the road at human pace until now, or gets stuck."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Any

from django.utils import timezone

from accounts.models import Department, User
from city import selectors as city_now
from city.models import Category, Parameter
from city.working_time import Calendar, add_working_hours
from hotline.demo import beside, handling
from hotline.demo.city import Town
from hotline.demo.content import case_of
from hotline.demo.texts import Author, Words
from knowledge.models import Article
from tickets.actions.cards import DAY_CAME
from tickets.backfill import Past, longer
from tickets.models import CallbackAttempt, SignLevel
from tickets.routing.duties import duty_for
from tickets.workflow import Kind, Party, Status

YES = {"contacted": "yes", "solved": "yes", "satisfied": "yes"}
MOSTLY = {"contacted": "yes", "solved": "partly", "satisfied": "mostly"}
UNHAPPY = {"contacted": "yes", "solved": "no", "satisfied": "no"}
UNHEARD = {"contacted": "no", "solved": "no", "satisfied": "no"}
FRESH_DAYS = 3
"""Of the tickets of so many working days some still wait for somebody: every list has work."""
WAITING = ("dispatch", "return", "sign", "", "")
"""What the fresh ones wait for, in turn; the last two go on."""


LENGTHENED, PROMISED = 0.04, 0.01
REASONS = ("project", "legacy", "works")
EACH = timedelta(days=25)


class NotYet(Exception):
    """The next step lies in the future: the ticket stays where it is."""


@dataclass
class Life:
    """What a ticket's life draws on."""

    town: Town
    author: Author
    random: Random
    now: datetime
    calendar: Calendar
    matters: dict[str, Category]
    articles: dict[str, list[Article]]
    fresh_since: datetime
    waiting: Iterator[str] = field(default_factory=lambda: cycle(WAITING))
    signing: dict[int, list[str]] = field(default_factory=dict)
    """The levels that sign before the last, of units that have such."""

    def later(self, at: datetime, low: float, high: float) -> datetime:
        """Go on by some working hours; raises NotYet past now."""
        moment = add_working_hours(at, self.random.uniform(low, high), self.calendar).at
        if moment > self.now:
            raise NotYet
        return moment

    def chance(self, share: float) -> bool:
        """Throw the dice."""
        return self.random.random() < share


def live(life: Life, words: Words, accepted_at: datetime, region: object) -> Past:
    """Let one demand live until now (生成一件工单的全过程)."""
    past = accept(life, words, accepted_at, region)
    if past.ticket.status == Status.DIRECT_CLOSED:
        _archive(life, past)
        return past
    with suppress(NotYet):
        _walk(life, past, words)
    return past


def accept(life: Life, words: Words, at: datetime, region: object) -> Past:
    """Take one demand in, or answer it at once (受理一件诉求)."""
    source = life.random.choices(["phone", "web", "wechat", "app", "window"], [68, 18, 8, 4, 2])[0]
    by_phone = source == "phone"
    agent = life.town.staff["agent"]
    case = case_of(words.code, words.kernel)  # agents name the third level, citizens none
    fields: dict[str, Any] = {
        "text": words.text,
        "title": words.title,
        "kind": words.kind,
        "source": source,
        "category": life.matters[case if by_phone else words.code],
        "region": region,
        "place": words.place,
        "name": life.author.name() if life.chance(0.85) else "",
        "phone": life.author.phone() if life.chance(0.95) else "",
        "confidential": words.kind == Kind.REPORT or life.chance(0.03),
        "public": life.chance(0.2) and words.kind != Kind.REPORT,
    }
    fields["wants_callback"] = bool(fields["phone"])
    article = _answering(life, words)
    if by_phone and words.kind == Kind.CONSULT and article and life.chance(0.7):
        version = article.current_version
        past = Past.accepted(at, agent, verb="answer", article_version=version, **fields)
        past.answered(at, agent, version.short_answer if version else "")
        return past
    return Past.accepted(at, agent if by_phone else Party.CITIZEN, **fields)


def _answering(life: Life, words: Words) -> Article | None:
    found = life.articles.get(words.code) or []
    return life.random.choice(found) if found else None


def _walk(life: Life, past: Past, words: Words) -> None:
    """The road from screening to the archive, with its bends."""
    at = past.ticket.accepted_at + timedelta(seconds=life.random.randint(2, 9))
    if at > life.now or life.now - at < timedelta(minutes=life.random.randint(1, 30)):
        raise NotYet
    past.step("screen", at, Party.SYSTEM)
    waits = next(life.waiting) if at > life.fresh_since else ""
    if waits == "dispatch":
        raise NotYet
    if waits == "return":
        _return(life, past, at, life.town.staff["dispatcher"], haste=0.25)
        raise NotYet
    unit = _responsible(life, past)
    at = _dispatch(life, past, at, unit)
    if waits == "sign":
        raise NotYet
    if life.chance(0.02):
        past.withdraw(life.later(at, 0.5, 6), Party.CITIZEN, "问题已自行解决，不需要办理了")
        return
    at = _sign(life, past, at, unit)
    at = _trouble(life, past, at, words)
    at = _take_long(life, past, at)
    at = beside.work_together(life, past, at)
    for _ in range(3):
        at = _handle(life, past, at)
        if not _ask(life, past, at):
            break
        at = past.ticket.moved_at
    _archive(life, past)


def _responsible(life: Life, past: Past) -> Department:
    """Ask the duty list."""
    category, region = past.ticket.category, past.ticket.region
    assert category is not None  # noqa: S101 - every demand of the demo has its matter
    duty = duty_for(category, region, past.ticket.text)
    return duty.department if duty else life.town.center


def _dispatch(life: Life, past: Past, at: datetime, unit: Department) -> datetime:
    """Dispatch at once or by a person; some go wrong first and are returned."""
    if life.chance(0.3):
        past.dispatch(at, Party.SYSTEM, unit)
        return at
    dispatcher = life.town.staff["dispatcher"]
    if life.chance(0.08):
        at = _wrong_way(life, past, at, dispatcher)
    at = life.later(at, 0.1, 3)
    past.dispatch(at, dispatcher, unit, "", *beside.helpers(life, past, unit))
    return at


def _wrong_way(life: Life, past: Past, at: datetime, dispatcher: User) -> datetime:
    at = _return(life, past, at, dispatcher)
    at = life.later(at, 0.2, 4)
    decisions = life.author.phrases["decisions"]["accepted"]
    past.decide_return(at, dispatcher, life.random.choice(decisions), accepted=True)
    return at


def _return(life: Life, past: Past, at: datetime, dispatcher: User, haste: float = 1.0) -> datetime:
    """Let a unit that has nothing to do with it send the ticket back."""
    others = [unit for unit in life.town.units.values() if unit != life.town.center]
    other = life.random.choice(others)
    at = life.later(at, 0.1 * haste, 2 * haste)
    past.dispatch(at, dispatcher, other)
    at = life.later(at, 0.5 * haste, 6 * haste)
    past.send_back(at, life.town.member(other), life.author.say("returns"))
    return at


def _sign(life: Life, past: Past, at: datetime, unit: Department) -> datetime:
    at = life.later(at, 0.2, 7 if life.chance(0.93) else 20)
    member = life.town.member(unit)
    if life.chance(0.03):
        past.send_back(at, member, life.author.say("returns"))
        at = life.later(at, 0.2, 4)
        refusal = life.random.choice(life.author.phrases["decisions"]["refused"])
        past.decide_return(at, life.town.staff["dispatcher"], refusal, accepted=False)
        return at
    past.sign(at, member)
    return at


def _trouble(life: Life, past: Past, at: datetime, words: Words) -> datetime:
    """Some citizens urge or add something; some tickets are supervised."""
    if life.chance(0.08):
        at = life.later(at, 2, 20)
        past.urge(at, Party.CITIZEN, life.author.say("urges"))
    if life.chance(0.06):
        at = life.later(at, 1, 10)
        past.step("supplement", at, Party.CITIZEN, note=life.author.say("supplements", words.place))
    if life.chance(0.03):
        at = life.later(at, 8, 30)
        past.supervise(at, life.town.staff["supervisor"], life.author.say("supervision"))
    return at


def _take_long(life: Life, past: Past, at: datetime) -> datetime:
    """Some matters take long: a few are given more days, a few are promised for a later day."""
    dice = Random(past.ticket.text)  # noqa: S311 - apart from the dice of all other lives
    unit, way = past.ticket.lead, dice.random()
    due = past.ticket.handle_due_at
    if unit is None or due is None or at >= due or past.ticket.status != Status.PROCESSING:
        return at
    member, supervisor = life.town.member(unit), life.town.staff["supervisor"]
    if way < LENGTHENED:
        longer.extend(past, at, member, 5, "需采购配件，到货后安装", "已电话告知诉求人")
        at = min(at + timedelta(minutes=dice.randint(10, 90)), life.now)
        longer.decide_extension(past, at, supervisor, "情况属实，同意延期")
    elif way < LENGTHENED + PROMISED:
        on = timezone.localdate(at) + timedelta(days=dice.randint(60, 200))
        said = "列入改造计划，设计、招标后施工"
        longer.promise(past, at, member, dice.choice(REASONS), on, said, "已上门当面告知诉求人")
        at = min(at + timedelta(minutes=dice.randint(10, 90)), life.now)
        longer.suspend(past, at, supervisor, "计划可行，同意")
        at = _wait(life, past, at, on)
    return at


def _wait(life: Life, past: Past, at: datetime, on: date) -> datetime:
    """Report each month until the promised day; most are still waiting."""
    unit = past.ticket.lead
    while unit and timezone.localdate(at + EACH) < on:
        if at + EACH > life.now:
            raise NotYet
        at += EACH
        longer.note_progress(past, at, life.town.member(unit), "按计划推进，本月完成前期工作")
    at = datetime.combine(on, time(17, 35), life.calendar.zone)
    if at > life.now:
        raise NotYet
    longer.resume(past, at, Party.SYSTEM, DAY_CAME)
    return at


def _handle(life: Life, past: Past, at: datetime) -> datetime:
    """Reply, release, review; a few replies are written twice, a few units sleep."""
    unit = past.ticket.lead
    if unit is None or life.chance(0.02):
        raise NotYet
    member = life.town.member(unit)
    slow = 1.4 if life.chance(0.07) else 0.8
    limit = {Kind.CONSULT: 20, Kind.COMPLAINT: 100, Kind.REPORT: 100}.get(
        Kind(past.ticket.kind), 50
    )
    contacted = life.chance(0.93)
    at = _speak(life, past, at, member, contacted=contacted)
    result = life.random.choices(["solved", "partly", "explained", "unsolved"], [58, 15, 24, 3])[0]
    at = life.later(at, 1, limit * slow / 2)
    found = handling.look_into(past, at, member, life.author, result)
    found["may_publish"] = past.ticket.public
    at = life.later(at, 1, limit * slow / 2)
    words = life.author.reply(past.ticket.place)
    found["sign_offs"] = len(life.signing.get(unit.pk, []))
    past.reply(at, member, words, result, contacted=contacted, **found)
    at = _sign_off(life, past, at, member)
    if life.chance(0.05):
        past.step("send_reply_back", at, member, note="请补充核查经过和依据后再报")
        past.turn.replied_at = None
        at = life.later(at, 1, 8)
        words = life.author.reply(past.ticket.place)
        past.reply(at, member, words, result, contacted=contacted, **found)
        at = _sign_off(life, past, at, member)
    past.release(at, member)
    at = life.later(at, 0.3, 5)
    quiet = past.ticket.kind in {Kind.CONSULT, Kind.PRAISE} or not past.ticket.wants_callback
    past.review(at, life.town.staff["reviewer"], close=quiet, publish=True)
    return at


def _speak(life: Life, past: Past, at: datetime, member: User, *, contacted: bool) -> datetime:
    """Ring the citizen; some answer the second time only, some never."""
    tries = [True] if life.chance(0.75) else [False, True]
    for reached in tries if contacted else [False, False]:
        at = life.later(at, 0.3, 3)
        handling.speak(past, at, member, life.author, reached=reached)
    return at


def _sign_off(life: Life, past: Past, at: datetime, member: User) -> datetime:
    """Let the unit's levels before the last sign the reply."""
    at = life.later(at, 0.3, 4)
    for title in life.signing.get(past.turn.department.pk, []):
        past.endorse(at, member, title)
        at = life.later(at, 0.2, 2)
    return at


def _ask(life: Life, past: Past, at: datetime) -> bool:
    """Call back, or take the citizen's own rating; tells whether the ticket is handled anew."""
    if past.ticket.status != Status.PENDING_CALLBACK:
        return False
    answers = life.random.choices([YES, MOSTLY, UNHAPPY, UNHEARD], [76, 13, 8, 3])[0]
    unhappy = answers["solved"] == "no"
    again = past.ticket.redo_count < city_now.number(Parameter.Name.REDO)
    redo = unhappy and again and life.chance(0.7)
    to = Status.REDO if redo else Status.CLOSED
    if life.chance(0.12) and not (unhappy and not redo):
        past.rate(life.later(at, 0.5, 12), answers, to=to)
        return redo
    callback = life.town.staff["callback"]
    tries = city_now.number(Parameter.Name.CALLBACK_ATTEMPTS)
    while life.chance(0.15) and len(past.callbacks) + 1 < tries:
        at = life.later(at, 0.5, 6)
        no_answer = CallbackAttempt.Outcome.NO_ANSWER
        past.call_back(at, callback, no_answer, {}, to=Status.PENDING_CALLBACK)
    at = life.later(at, 0.5, 10)
    past.call_back(at, callback, CallbackAttempt.Outcome.REACHED, answers, to=to)
    if unhappy:
        past.callbacks[-1].reasons = [life.random.choice(life.author.phrases["unhappy"])]
    return redo


def _archive(life: Life, past: Past) -> None:
    closed_at = past.ticket.closed_at
    kept = timedelta(days=city_now.number(Parameter.Name.ARCHIVE_DAYS))
    if closed_at and closed_at + kept <= life.now:
        past.step("archive", closed_at + kept, Party.SYSTEM)


def new_life(town: Town, author: Author, now: datetime, articles: list[Article]) -> Life:
    """Gather what lives draw on."""
    known: dict[str, list[Article]] = {}
    for article in articles:
        if article.category and article.current_version:
            known.setdefault(article.category.code, []).append(article)
    matters = {row.code: row for row in Category.objects.filter(level__gte=2)}
    calendar = city_now.calendar()
    since = _working_days_before(now, calendar)
    life = Life(town, author, author.random, now, calendar, matters, known, since)
    for level in SignLevel.objects.order_by("chain", "position").select_related("chain"):
        life.signing.setdefault(level.chain.department_id, []).append(level.title)
    life.signing = {unit: titles[:-1] for unit, titles in life.signing.items()}
    return life


def _working_days_before(now: datetime, calendar: Calendar) -> datetime:
    """Go back until FRESH_DAYS working days have begun; a holiday does not count."""
    at, days = now, 0
    while days < FRESH_DAYS:
        at -= timedelta(days=1)
        days += calendar.is_working_day(at.date())
    return at
