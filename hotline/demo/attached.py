"""Demands of the demo city that come with photos, recordings and papers, at three stations."""

from collections.abc import Mapping
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from hotline.demo.city import Town
from hotline.demo.content import load
from hotline.demo.pictures import DRAWN
from tickets import actions
from tickets.actions.moves import Actor
from tickets.models import Source, Ticket
from tickets.workflow import Party

FIRST = 60  # of the demo's made-up numbers


def fill(town: Town) -> None:
    """Bring demands with files to a dispatcher, a handler and a reviewer (附件示例)."""
    told, random = load("attached"), Random(FIRST)  # noqa: S311 - a picture needs no secrets
    for n, row in enumerate(told["demands"], FIRST):
        with transaction.atomic():
            ticket = actions.accept(
                text=row["text"],
                source=Source.WEB,
                by=Party.CITIZEN,
                kind="help",
                phone=told["phone"].format(n),
                attachments=_kept(row["files"], random, Party.CITIZEN),
            )
            if row["to"] != "waiting":
                _handle(town, ticket, told[row["to"]], random, answered=row["to"] == "replied")


def _kept(files: Mapping[str, str], random: Random, by: Actor) -> list[str]:
    """Draw files and keep them until their step; gives their keys."""
    return [actions.keep_file(name, DRAWN[what](random), by=by).key for what, name in files.items()]


def _handle(
    town: Town, ticket: Ticket, told: dict[str, Any], random: Random, *, answered: bool
) -> None:
    signer, handler = town.staff["signer"], town.staff["handler"]
    actions.dispatch(ticket, to=signer.departments[0], by=town.staff["dispatcher"])
    actions.sign(ticket, by=signer)
    outcome = "reached" if answered else "no_answer"
    spoken = actions.Spoken(timezone.now(), outcome=outcome, said=told["said"])
    proofs = told["proofs"] if answered else told["files"]
    actions.contact(ticket, spoken=spoken, proofs=_kept(proofs, random, handler), by=handler)
    if answered:
        _answer(town, ticket, told, _kept(told["files"], random, handler), handler)


def _answer(
    town: Town, ticket: Ticket, told: dict[str, Any], files: list[str], handler: User
) -> None:
    actions.reply(ticket, text=told["text"], result="solved", attachments=files, by=handler)
    actions.release(ticket, by=town.staff["auditor"])
