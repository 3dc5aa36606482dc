"""Gives the token with which a program speaks for a user (接口令牌)."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.models import User
from hotline.management.prepared import Prepared
from hotline.web.api.actions import token_for


class Command(Prepared):
    """Print the token of a user, alone on its line, making it at first."""

    help = "输出用户的接口令牌"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the user's name."""
        parser.add_argument("user")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print; end with an error where there is no such user."""
        user = User.objects.filter(username=options["user"], is_active=True).first()
        if user is None:
            raise CommandError(f"没有名为 {options['user']} 的用户。")
        self.stdout.write(token_for(user))
