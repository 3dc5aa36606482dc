"""Measures the classifier in force on labelled messages of another city's classes (分类实测)."""

import tracemalloc
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from accounts import vocabulary
from tickets.routing import store
from tickets.routing.decision import doubts_of_matter
from tickets.routing.findings import CategoryGuess
from tickets.routing.matters import matters

BUILDING, LABOUR, TEACHING = "城乡建设", "劳动和社会保障", "教育文体"
TRADE, ENVIRONMENT, HEALTH, TRAFFIC = "商贸旅游", "环境保护", "卫生计生", "交通运输"
CLASSES = {
    "01": (BUILDING, "市容、环卫、违建在其“城市建设和市政管理”之下"),
    "02": (BUILDING, "住房、物业、拆迁在其“住房与房地产”之下"),
    "03": (BUILDING, "道路、工程与市政设施在其“城市建设和市政管理”之下"),
    "04": (BUILDING, "水电气热属其“城市建设和市政管理”"),
    "05": (TRAFFIC, "同名"),
    "06": (TRAFFIC, "对方没有公安一类；此类诉求以交通管理为多"),
    "07": (TRADE, "市场秩序、消费纠纷、价格归其商贸"),
    "08": (LABOUR, "就业、工资、社保同类"),
    "09": (LABOUR, "医疗保险在其“社会保障”之下"),
    "10": (HEALTH, "医院、公共卫生、计划生育同类"),
    "11": (TEACHING, "教育同类"),
    "12": (LABOUR, "对方没有民政一类；救助、养老与社会保障最近"),
    "13": (ENVIRONMENT, "同类"),
    "14": (BUILDING, "对方没有农业一类；村庄道路、饮水、建房居多"),
    "15": (BUILDING, "规划、用地与城乡建设最近"),
    "16": (TEACHING, "文化、体育同类"),
    "17": (BUILDING, "“安全生产”在其城乡建设之下"),
    "18": (TRADE, "企业、投资、金融与商贸最近"),
    "19": (BUILDING, "对方没有政法一类；多为社区治理"),
    "20": (LABOUR, "特殊群体的待遇归社会保障"),
    "21": (BUILDING, "对方没有对应的类；取其最大的一类"),
}
"""Our first-level matters → the seven classes of the 泰迪杯 messages, each with its reason."""


@dataclass(frozen=True)
class Figures:
    """How many were right, and how many of those that the threshold lets through."""

    rows: int
    right: int
    kept: int
    kept_right: int
    known: int
    threshold: float | None
    version: str

    @property
    def lines(self) -> list[str]:
        """The figures as a person reads them."""
        wish = "无模型" if self.threshold is None else f"{self.threshold:.2f}"
        return [
            f"模型 {self.version or '（未训练，仅关键词）'}，消息 {self.rows} 条",
            f"一级分类准确率 {_share(self.right, self.rows)}（有建议的 {self.known} 条）",
            f"达到自动门槛 {wish} 的 {self.kept} 条，覆盖 {_share(self.kept, self.rows)}，"
            f"其中正确 {_share(self.kept_right, self.kept)}",
        ]


def measure(rows: Iterable[tuple[str, str]]) -> Figures:
    """Classify messages and compare with their class (实测): pairs of text and class."""
    vocabulary.refresh()
    live = store.current()
    pairs = list(rows)
    found = matters([text for text, _ in pairs], live.classifier if live else None)
    right = [class_of(best) == label for best, (_, label) in zip(found, pairs, strict=True)]
    sure = [bool(best) and not doubts_of_matter(best[0], live) for best in found]
    return Figures(
        rows=len(pairs),
        right=sum(right),
        kept=sum(sure),
        kept_right=sum(r and s for r, s in zip(right, sure, strict=True)),
        known=sum(map(bool, found)),
        threshold=live.threshold("") if live else None,
        version=live.version if live else "",
    )


def footprint() -> Iterator[str]:
    """Say how large the version in force is (模型大小): its file, and its memory once loaded."""
    version = store.live_version()
    if version is None or not store.has(version):
        yield "没有现用模型"
        return
    store.read(version)  # loads the libraries, which are no part of the model
    tracemalloc.start()
    held = store.read(version)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    labels = len(held.model.labels) if held else 0
    yield f"模型 {version}：{labels} 个事项，文件 {_mb(store.size(version))}，载入内存 {_mb(size)}"


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def class_of(guesses: Sequence[CategoryGuess]) -> str:
    """Give the class of the first guess by the mapping, "" without a guess."""
    return CLASSES[guesses[0].category.code[:2]][0] if guesses else ""


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"
