"""What the people to sign in as find waiting: fresh demands of their unit, in each of its lists."""

from collections.abc import Iterator
from datetime import timedelta

from accounts.models import Department
from city.models import Region
from hotline.demo import handling
from hotline.demo.content import kernels
from hotline.demo.histories import Life, accept
from hotline.demo.texts import Words
from tickets.backfill import Past
from tickets.routing.duties import duty_for
from tickets.workflow import Kind, Party

DESKS = ("sign", "sign", "sign", "sign", "handle", "handle", "handle", "release", "release")


def waiting(life: Life) -> Iterator[Past]:
    """Let a few demands come in today and wait for those who sign, handle and release."""
    unit = life.town.staff["signer"].departments[0]
    for hours, (desk, (words, region)) in enumerate(zip(DESKS, _demands(life, unit), strict=False)):
        at = life.now - timedelta(hours=3, minutes=17 * hours)
        past = accept(life, words, at, region)
        past.step("screen", at, Party.SYSTEM)
        past.dispatch(at, Party.SYSTEM, unit)
        if desk != "sign":
            _handle(life, past, released=desk == "release")
        yield past


def _demands(life: Life, unit: Department) -> Iterator[tuple[Words, Region]]:
    """Write demands of matters and places that the duty list gives to UNIT."""
    spots = [spot for spot in life.town.spots if unit.region and _lies_in(spot[1], unit.region)]
    for n, code in enumerate(sorted(kernels())):
        name, region = spots[n % len(spots)]
        duty = duty_for(life.matters[code], region)
        if duty and duty.department == unit:
            words = life.author.write(code, n % len(kernels()[code]), name)
            if words.kind != Kind.CONSULT:
                yield words, region


def _lies_in(region: Region, area: Region) -> bool:
    return region.path.startswith(area.path)


def _handle(life: Life, past: Past, *, released: bool) -> None:
    """Sign for it; where it is to be released, look into it and answer too."""
    staff, at = life.town.staff, past.ticket.accepted_at
    past.sign(at + timedelta(minutes=20), staff["signer"])
    if not released:
        return
    by, at = staff["handler"], at + timedelta(minutes=60)
    handling.speak(past, at, by, life.author, reached=True)
    at += timedelta(minutes=40)
    found = handling.look_into(past, at, by, life.author, "solved")
    words = life.author.reply(past.ticket.place)
    past.reply(at + timedelta(minutes=5), by, words, "solved", contacted=True, **found)
