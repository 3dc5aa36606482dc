"""Gives an empty city its first administrator (首个管理员)."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from accounts.actions import create_user
from accounts.models import Role, User
from hotline.management.prepared import Prepared


class Command(Prepared):
    """Add an administrator and print the password made for it, once."""

    help = "新建管理员，输出一次性显示的口令；其余人员由其在管理后台添加"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the user's name."""
        parser.add_argument("user")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add; end with an error where the name is taken."""
        name = options["user"]
        if User.objects.filter(username=name).exists():
            raise CommandError(f"已有名为 {name} 的用户。")
        password = secrets.token_urlsafe(12)
        create_user(name, name=Role.ADMIN.label, password=password, posts=[(Role.ADMIN, None)])
        self.stdout.write(password)
