"""What the demo's units do before they answer: speak to the citizen, go and look, write it down."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from city.models import Category
from hotline.demo.content import load
from hotline.demo.texts import Author
from tickets import actions as tickets
from tickets.backfill import Past
from tickets.models import ContactAttempt

RESPONSIBLE = ("物业服务企业", "管养单位", "经营者", "施工单位", "属地网格", "双方均有责任")


def speak(past: Past, at: datetime, by: User, author: Author, *, reached: bool) -> None:
    """Ring the citizen (联系诉求人), who does not always answer."""
    outcome = ContactAttempt.Outcome.REACHED if reached else ContactAttempt.Outcome.NO_ANSWER
    said = author.say("contacts", past.ticket.place) if reached else ""
    rang = at - timedelta(minutes=author.random.randint(3, 20))
    past.contact(at, by, spoken_at=rang, outcome=outcome, said=said)


def look_into(past: Past, at: datetime, by: User, author: Author, result: str) -> dict[str, Any]:
    """Record what the unit found (办理记录); gives what the reply takes from it."""
    findings, account = (author.say(name, past.ticket.place) for name in ("findings", "accounts"))
    said = _facts(author.random, at) | {"findings": findings, "account": account, "result": result}
    if result == "unsolved":
        said["unsolved_reason"] = author.say("obstacles")
    past.record(at, by, said)
    return {"facts": findings, "internal": account}


def build_templates(by: User) -> None:
    """Write the templates of the commonest matters (答复模板)."""
    matters = {row.code: row for row in Category.objects.filter(level=2)}
    for row in load("templates"):
        matter = matters.get(row["code"])
        tickets.save_template(None, name=row["name"], text=row["text"], category=matter, by=by)


def _facts(random: Random, at: datetime) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "grounded": random.choices(["yes", "partly", "no"], [78, 15, 7])[0],
        "reply_by": random.choices(["phone", "sms", "meeting"], [85, 5, 10])[0],
    }
    if random.random() < 0.6:
        facts["visited_at"] = at - timedelta(hours=random.choice((1, 2, 3)))
        facts["responsibility"] = random.choice(RESPONSIBLE)
    return facts
