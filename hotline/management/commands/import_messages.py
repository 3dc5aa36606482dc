"""Imports messages that others collected (批量导入), each through the same door as the portal's."""

import csv
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from hotline.management.prepared import Prepared
from outbox.bus import cause, wait_for
from tickets import actions, errors, selectors
from tickets.models import Source, Ticket
from tickets.sources.messages import Broken, Message, Unreadable, read
from tickets.workflow import Party

OUTCOMES = {"accepted": "受理", "known": "已存在", "refused": "拒收"}


@dataclass
class Run:
    """One import: how it is to be done, and what became of each line."""

    source: Source
    keep_dates: bool
    dry_run: bool
    counts: Counter[str] = field(default_factory=Counter)
    report: list[tuple[int, str, str, str]] = field(default_factory=list)
    accepted: list[int] = field(default_factory=list)

    def note(self, line: int, outcome: str, number: str = "", why: str = "") -> None:
        """Count an outcome and keep it for the report."""
        self.counts[outcome] += 1
        self.report.append((line, OUTCOMES[outcome], number, why))


class Command(Prepared):
    """Read a file, accept each message once, wait until all are matched and routed."""

    help = "导入诉求：JSONL、CSV、XLSX，可为 .gz"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and how to treat it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", choices=Source.values, default=Source.WEB.value)
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--keep-dates", action="store_true", help="时限从原时间起算")
        parser.add_argument("--report", type=Path, help="逐行结果写入 CSV")
        parser.add_argument("--no-wait", action="store_true", help="不等待匹配派单完成")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import; end with an error where the file cannot be read."""
        run = Run(Source(options["source"]), options["keep_dates"], options["dry_run"])
        with cause() as mark:
            try:
                self._read(run, read(options["file"]))
            except Unreadable as broken:
                raise CommandError(str(broken)) from broken
        if options["report"]:
            write_report(options["report"], run)
        if run.accepted and not options["no_wait"]:
            self.stderr.write("等待匹配和派单完成……")
            wait_for(mark, timeout=3600)
        self.stdout.write(closing_line(run))

    def _read(self, run: Run, messages: Iterable[Message | Broken]) -> None:
        for message in tqdm(messages, unit="条", desc="导入"):
            if isinstance(message, Broken):
                run.note(message.line, "refused", why=message.why)
            else:
                take(run, message)


def take(run: Run, message: Message) -> None:
    """Accept one message unless it is known; a refused one does not stop the others."""
    known = selectors.by_external_number(run.source, message.external_number)
    if known:
        run.note(message.line, "known", known.number)
        return
    try:
        ticket = accept(run, message)
    except errors.Invalid as refusal:
        run.note(message.line, "refused", why=str(refusal))
        return
    run.note(message.line, "accepted", ticket.number if ticket else "")
    if ticket:
        run.accepted.append(ticket.pk)


def accept(run: Run, message: Message) -> Ticket | None:
    """Send the message through the portal's action (受理); a dry run only checks it."""
    if run.dry_run:
        actions.check_demand(text=message.text, phone=message.phone)
        return None
    return actions.accept(
        text=message.text,
        title=message.title,
        name=message.name,
        phone=message.phone,
        place=message.place,
        source=run.source,
        by=Party.SYSTEM,
        external_number=message.external_number,
        reported_at=message.reported_at,
        accepted_at=message.reported_at if run.keep_dates else None,
    )


def write_report(path: Path, run: Run) -> None:
    """Write what became of each line, readable by Excel."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["行号", "结果", "工单编号", "原因"])
        writer.writerows(run.report)


def closing_line(run: Run) -> str:
    """Sum the run up in one line."""
    auto = selectors.auto_dispatched(run.accepted)
    queued = len(run.accepted) - auto
    return (
        f"受理 {run.counts['accepted']}，已存在 {run.counts['known']}，"
        f"拒收 {run.counts['refused']}，自动派单 {auto}，待人工 {queued}"
        + ("（试导入，未写入）" if run.dry_run else "")
    )
