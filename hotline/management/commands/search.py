"""Looks after the indexes (检索索引): status, check, repair, rebuild."""

from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import CommandError

from accounts import vocabulary
from hotline.management.prepared import Prepared
from search import engine, feed
from search.feed import Difference, Feed

SHOWN = 10


class Command(Prepared):
    """Tell how the indexes are, compare them with the rows, mend or rebuild them."""

    help = (
        "检索索引：status 状态，check 核对，repair 修复，rebuild 重建、验数并切换，back 退回旧索引"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do, and which index where not all are meant."""
        parser.add_argument("deed", choices=["status", "check", "repair", "rebuild", "back"])
        parser.add_argument("--index", help="只处理这一个索引")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it for each index; a difference that was found ends `check` with an error."""
        vocabulary.refresh()
        try:
            getattr(self, f"_{options['deed']}")(_chosen(options["index"]))
        except engine.Incomplete as lacking:
            raise CommandError(str(lacking)) from lacking
        except engine.Unavailable as down:
            raise CommandError(f"检索引擎不可用：{down}") from down

    def _status(self, feeds: list[Feed]) -> None:
        health = engine.current().health()
        state = "可用" if health.reachable else f"不可用：{health.note}"
        self.stdout.write(f"引擎 {health.engine}：{state}，共 {health.docs} 个文档")
        for each in feeds:
            self.stdout.write(f"{each.label}（{each.index.alias}）：{feed.size(each)} 个文档")

    def _check(self, feeds: list[Feed]) -> None:
        found = {each: feed.check(each) for each in feeds}
        for each, difference in found.items():
            self._tell(each, difference)
        if any(found.values()):
            raise CommandError("索引与数据库不一致，请运行 search repair。")

    def _repair(self, feeds: list[Feed]) -> None:
        for each in feeds:
            self._tell(each, feed.repair(each))
        self.stdout.write("已修复。")

    def _rebuild(self, feeds: list[Feed]) -> None:
        for each in feeds:
            size = feed.rebuild(each, partial(self._progress, each.label))
            self.stdout.write(f"{each.label}：重建完成，{size} 个文档")

    def _progress(self, label: str, done: int) -> None:
        self.stdout.write(f"{label}：已写入 {done} 个文档…")
        self.stdout.flush()

    def _back(self, feeds: list[Feed]) -> None:
        for each in feeds:
            self._tell(each, feed.back(each))
        self.stdout.write("已退回重建前的索引，并补齐此后的变化。")

    def _tell(self, each: Feed, difference: Difference) -> None:
        self.stdout.write(
            f"{each.label}：核对 {difference.compared} 个文档，缺少 {len(difference.missing)}，"
            f"过时 {len(difference.outdated)}，多余 {len(difference.surplus)}"
        )
        odd = [*difference.missing, *difference.outdated, *difference.surplus]
        if odd:
            self.stdout.write(f"  例如 {'、'.join(odd[:SHOWN])}")


def _chosen(name: str | None) -> list[Feed]:
    chosen = [each for each in feed.registered() if name in {None, each.index.name}]
    if not chosen:
        raise CommandError(f"没有名为 {name} 的索引。")
    return chosen
