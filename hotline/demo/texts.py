"""Writes citizens' texts from situations and phrases, no two of them nearly alike."""

import re
from collections import defaultdict
from dataclasses import dataclass
from random import Random
from typing import Any

from hotline.demo.content import kernels, load

NEAREST = 0.58
ASKS = re.compile(r"吗|怎么|哪[里些儿]|想问|几天|多少|能不能|什么时候|要什么|如何")
HAN_NUMBERS = "二三四五六七八九"
TRIES = 40


@dataclass(frozen=True)
class Spot:
    """A place of the city as a citizen names it."""

    name: str
    region_code: str


@dataclass(frozen=True)
class Words:
    """One demand as it was said: the words, a title, what kind, and where."""

    code: str
    kernel: int
    text: str
    title: str
    kind: str
    place: str


class Shelf:
    """Remembers the texts written so far, to refuse one that is too near to another."""

    def __init__(self, nearest: float = NEAREST) -> None:
        self.nearest = nearest
        self.sizes: list[int] = []
        self.holders: dict[str, list[int]] = defaultdict(list)

    def take(self, text: str) -> bool:
        """Keep the text if no earlier one shares too many pairs of characters with it."""
        pairs = {text[i : i + 2] for i in range(len(text) - 1)}
        if self._near(pairs):
            return False
        at = len(self.sizes)
        self.sizes.append(len(pairs))
        for pair in pairs:
            self.holders[pair].append(at)
        return True

    def _near(self, pairs: set[str]) -> bool:
        """Count only rare pairs first: who shares few of them cannot be near."""
        ordered = sorted(pairs, key=lambda pair: len(self.holders[pair]))
        probe = ordered[: len(ordered) // 2]
        shared: dict[int, int] = defaultdict(int)
        for pair in probe:
            for at in self.holders[pair]:
                shared[at] += 1
        return any(
            self._jaccard(at, pairs) >= self.nearest
            for at, common in shared.items()
            if common >= len(probe) * 0.3
        )

    def _jaccard(self, at: int, pairs: set[str]) -> float:
        common = sum(at in self._members(pair) for pair in pairs)
        return common / (len(pairs) + self.sizes[at] - common)

    def _members(self, pair: str) -> list[int]:
        return self.holders[pair]


class Author:
    """Writes demands in many voices, always the same ones for the same seed."""

    def __init__(self, random: Random, shelf: Shelf) -> None:
        self.random, self.shelf = random, shelf
        self.phrases: dict[str, Any] = load("phrases")

    def write(self, code: str, kernel: int, place: str) -> Words:
        """Write one demand of a matter at a place; raises RuntimeError when all come out alike."""
        situation = kernels()[code][kernel]
        for _ in range(TRIES):
            words = self._compose(code, kernel, situation, place)
            if self.shelf.take(words.text):
                return words
        raise RuntimeError(f"no fresh words for {code} number {kernel}")

    def _compose(self, code: str, kernel: int, situation: str, place: str) -> Words:
        pick = self.random.choice
        core = self.fill(situation, place)
        asking = bool(ASKS.search(situation))
        voice = pick(["plain", "plain", "plain", "letter", "note", "note", "angry", "elder"])
        parts = [core]
        middle = [pick(self.phrases["circumstances"]) for _ in range(self.random.randint(1, 3))]
        parts += dict.fromkeys(self.fill(part, place) for part in middle)
        if not asking or self.random.random() < 0.4:
            parts.append(self.fill(pick(self.phrases["consequences"]), place))
        parts.append(self.fill(pick(self.phrases["asks" if asking else "demands"]), place))
        ending = pick("。！。。…") if not asking else pick("？。？")
        body = self._joined(parts) + ending
        text = pick(self.phrases["openings"][voice]) + body + pick(self.phrases["closings"])
        kind = self._kind(code, asking)
        return Words(code, kernel, text, self._title(core), kind, place if place in text else "")

    def _joined(self, parts: list[str]) -> str:
        joined = parts[0]
        for part in parts[1:]:
            joined += self.random.choice(["，", "。", "，", "；", "。"]) + part
        return joined

    def _title(self, core: str) -> str:
        """Give most demands a title: the first clause of the matter."""
        clause = re.split(r"[，。；（）？]", core.lstrip("（"))[0][:28]
        return clause if self.random.random() < 0.8 else ""

    def _kind(self, code: str, asking: bool) -> str:
        special = {"2107": "praise", "2108": "advice", "2103": "report", "2109": "other"}
        if code in special:
            return special[code]
        if asking:
            return "consult"
        return self.random.choice(["complaint", "complaint", "help", "help", "complaint", "advice"])

    def fill(self, words: str, place: str) -> str:
        """Put place, numbers, dates and names into a phrase."""
        pick = self.random.choice
        values = {
            "p": place,
            "place": place,
            "b": f"{self.random.randint(1, 28)}{pick(['栋', '号楼', '幢'])}",
            "t": pick(self.phrases["nights"]),
            "d": pick(self.phrases["dates"]),
            "h": str(self.random.randint(5, 11)),
            "n": pick(HAN_NUMBERS),
            "n2": pick(HAN_NUMBERS),
            "m": str(self.random.randint(3, 90) * 100),
            "s": pick(self.phrases["surnames"]),
            "date": f"{self.random.randint(1, 28)}日",
        }
        return words.format_map(values)

    def name(self) -> str:
        """Make up a citizen's name."""
        return str(self.random.choice(self.phrases["surnames"])) + str(
            self.random.choice(self.phrases["given"])
        )

    def phone(self) -> str:
        """Make up a mobile number."""
        prefix = self.random.choice(["138", "139", "150", "157", "186", "199"])
        return f"{prefix}{self.random.randint(0, 99_999_999):08d}"

    def reply(self, place: str) -> str:
        """Write a unit's reply."""
        parts = self.phrases["replies"]
        chosen = (self.random.choice(parts[name]) for name in ("facts", "measures", "endings"))
        return "".join(self.fill(part, place or "现场") for part in chosen)

    def say(self, name: str, place: str = "") -> str:
        """Choose a phrase of a list."""
        return self.fill(self.random.choice(self.phrases[name]), place or "附近")


def long_text(author: Author, place: str, length: int = 10_000) -> str:
    """Write one rambling complaint of exactly LENGTH characters."""
    text = "尊敬的领导：我写得长一些，是想把三年来的经过都讲清楚。"
    at = 0
    codes = sorted(kernels())
    while len(text) < length:
        code = codes[at % len(codes)]
        situation = author.fill(kernels()[code][at % len(kernels()[code])], place)
        said = author.fill(author.random.choice(author.phrases["circumstances"]), place)
        text += f"第{at + 1}件，{situation}，{said}。"
        at += 1
    return text[: length - 1] + "。"


def emoji_text(place: str) -> str:
    """Write one complaint full of emoji."""
    return (
        f"😡😡😡{place}楼下🎤🎤卡拉OK又开始了❗❗昨晚🌙闹到2️⃣点，宝宝👶吓哭😭三次，"
        "📞报过🚓也没用🤷‍♀️🤷‍♀️，求求🙏🙏🙏管一管吧💔💔，再这样👨‍👩‍👧全家都要🤯了‼️👎👎👎"
    )
