"""Lets a simulated caller ring at an agent's desk (模拟来电)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.fields import mask_phone
from accounts.models import User
from hotline.calls.actions import CallRefused
from hotline.calls.gateways import simulator
from hotline.management.prepared import Prepared
from outbox.bus import cause, wait_for


class Command(Prepared):
    """Play the neutral events of one incoming call."""

    help = "模拟一通来电：--from 号码，--to 话务员用户名"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the number, the agent, and whether to wait for delivery."""
        parser.add_argument("--from", dest="number", default="13800001234")
        parser.add_argument("--to", dest="agent", default="agent")
        parser.add_argument("--no-wait", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ring; end with an error where no such agent can be rung."""
        agent = User.objects.filter(username=options["agent"]).first()
        if agent is None:
            raise CommandError(f"没有名为 {options['agent']} 的用户。")
        try:
            with cause() as mark:
                call = simulator.ring(options["number"], agent)
        except CallRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        if not options["no_wait"]:
            wait_for(mark)
        self.stdout.write(f"{mask_phone(options['number'])} → {agent.name}：通话 {call.pk} 振铃中")
