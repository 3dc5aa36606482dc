"""Find whatever was changed, removed or added behind the platform's back."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import connection

from accounts import ledgers
from accounts.models import Anchor
from hotline.management.prepared import Prepared
from tickets.assessment.chain import flaws
from tickets.models import Entry, Ticket


class Command(Prepared):
    help = "核验流转记录的哈希链和各台账的日锚；发现篡改时逐条指出并以状态 1 结束"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one ticket's number."""
        parser.add_argument("--ticket", default="", metavar="编号", help="只核验这一件工单")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every finding and end with status 1, or say what was found sound."""
        number = str(options["ticket"])
        if number and not Ticket.objects.filter(number=number).exists():
            raise CommandError(f"没有编号为 {number} 的工单。", returncode=2)
        found = self._tickets(number)
        if not number:
            found += self._anchors() + self._guards()
        if found:
            raise CommandError(f"核验未通过：{found} 处不符。")
        self.stdout.write(self._sound(number))

    def _tickets(self, number: str) -> int:
        found = 0
        for flaw in flaws(number):
            found += 1
            step = f"第 {flaw.version} 步" if flaw.version else ""
            self.stdout.write(f"工单 {flaw.number} {step}{flaw.what}")
        return found

    def _anchors(self) -> int:
        broken = [
            (each.label, bad.on) for each in ledgers.registered() for bad in ledgers.broken(each)
        ]
        for label, on in broken:
            self.stdout.write(f"{label} {on} 的日锚与记录不符：至当日的记录有增删或改动")
        return len(broken)

    def _guards(self) -> int:
        tables = ledgers.guarded()
        bare = [model for model in tables if not ledgers.protected(connection, model)]
        for model in bare:
            self.stdout.write(
                f"数据库没有禁止改动“{model._meta.verbose_name}”：请执行 manage.py migrate"
            )
        return len(bare)

    def _sound(self, number: str) -> str:
        rows = Entry.objects.filter(ticket__number=number) if number else Entry.objects.all()
        days = f"，日锚 {Anchor.objects.count()} 个" if not number else ""
        return f"核验通过：流转记录 {rows.count()} 条{days}，与写入时一致。"
