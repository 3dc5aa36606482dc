"""The words of the matters: which of them a text has (事项关键词)."""

from dataclasses import dataclass

from city.memo import Memo
from city.models import Category

SHORTEST = 2


@dataclass(frozen=True)
class Vocabulary:
    """Keywords and the codes of the second-level matters that claim them."""

    codes: dict[str, tuple[str, ...]]

    def hits(self, text: str) -> dict[str, list[str]]:
        """Find matter code → its keywords in the text, rare ones first."""
        found: dict[str, list[str]] = {}
        for word in self.words_in(text):
            for code in self.codes[word]:
                found.setdefault(code, []).append(word)
        return found

    def words_in(self, text: str) -> list[str]:
        """List the keywords that stand in the text, those claimed by few matters first."""
        present = [word for word in self.codes if word in text]
        return sorted(present, key=lambda word: (len(self.codes[word]), -len(word)))


def _build() -> Vocabulary:
    codes: dict[str, list[str]] = {}
    for row in Category.objects.filter(level=2, active=True):
        names = part_names(row.name)
        for word in dict.fromkeys([*row.keywords, *names]):
            if len(word) >= SHORTEST:
                codes.setdefault(word, []).append(row.code)
    return Vocabulary({word: tuple(claims) for word, claims in codes.items()})


def part_names(name: str) -> list[str]:
    """Split "业主大会与业委会" into its parts."""
    return [part for part in name.replace("与", "、").replace("和", "、").split("、") if part]


_vocabulary = Memo(_build)


def vocabulary() -> Vocabulary:
    """Give the keywords in force (关键词表)."""
    return _vocabulary.get()


def marks(text: str) -> list[str]:
    """List the codes of the matters whose keywords the text has, one for each keyword."""
    return [code for code, words in vocabulary().hits(text).items() for _ in words]
