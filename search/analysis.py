"""The only place that cuts words: one pipeline for what is indexed and what is looked for.

A lexicon is never changed while in use: a new one is built and put in its place.
"""

import logging
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice, pairwise
from pathlib import Path
from typing import Protocol


class Cut(Protocol):
    """Cuts a text into words; `hmm` guesses words that no dictionary has."""

    def __call__(self, text: str, *, hmm: bool = True) -> list[str]: ...


STOP_WORDS = frozenset(
    "的 了 和 是 在 就 都 而 及 与 或 也 着 吗 呢 吧 啊 呀 哦 嘛 哪 把 被 让 给 对 从 到 "
    "向 往 由 于 为 以 之 其 这 那 此 该 个 们 我 你 您 他 她 它 我们 你们 他们 她们 咱们 "
    "自己 这个 那个 这些 那些 这里 那里 一个 一些 一下 什么 怎么 怎样 如何 为什么 哪里 "
    "哪些 多少 是否 可以 能否 能够 应该 需要 已经 还是 还有 但是 因为 所以 如果 而且 并且 "
    "或者 虽然 然后 以及 关于 对于 由于 没有 不是 就是 都是 也是 很 太 更 最 又 再 还 才 "
    "只 请 请问 麻烦 谢谢 您好 你好 尊敬 希望 有 上 下 中 里 等 说 要 会 能 去 来 做 想 不 "
    "没".split()
)
SYNONYM_WEIGHT = 0.5
MOST_TERMS = 500
"""What a text of ten thousand characters is read for; ordinary messages have fewer."""
_ILL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]"
)
_RUN = re.compile(r"[^\W_]+")
_UNIT = re.compile(r"[0-9a-z]+|[^\W_]")
_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_PINYIN = re.compile("[a-z]{2,24}")
_MASK = re.compile(r"[0-9A-Za-z]*[*＊]+[0-9A-Za-z*＊]*")
_LONGEST_TERM = 64
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A tokenizer with the application's words in it, and the groups of synonyms."""

    cut: Cut
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known: re.Pattern[str] | None = None
    words: tuple[str, ...] = ()
    """The application's words, for whoever looks for a misspelt one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term of a query: how often it was said, what it weighs, which word it stands in for."""

    text: str
    count: int
    weight: float = 1.0
    via: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood: words, bigrams, and what may be pinyin."""

    words: tuple[Wanted, ...]
    bigrams: tuple[Wanted, ...]
    characters: tuple[Wanted, ...]
    pinyin: tuple[str, ...]

    @property
    def cuts(self) -> tuple[tuple[Wanted, ...], ...]:
        """The terms of each cut: words, bigrams, characters."""
        return self.words, self.bigrams, self.characters

    def __bool__(self) -> bool:
        return bool(self.words or self.bigrams)


_lexicon: Lexicon | None = None
_cache_dir: Path | None = None
_building = threading.Lock()


def set_cache_dir(path: Path) -> None:
    """Keep jieba's cache in this folder instead of the world-writable temp folder."""
    global _cache_dir
    _cache_dir = path


def set_lexicon(
    words: Iterable[str | tuple[str, int]], synonyms: Iterable[Sequence[str]] = ()
) -> None:
    """Put new words and groups of synonyms in force (词典、同义词), for all threads at once."""
    global _lexicon
    fresh = _build(words, synonyms)
    _lexicon = fresh


def words(text: str) -> list[str]:
    """Cut a text into words (分词): simplified, lower case, without stop words."""
    return _words(_current(), normalise(text))


def bigrams(text: str) -> list[str]:
    """Cut a text into pairs of characters (二元字串); letters and digits count as one unit."""
    return _bigrams(normalise(text))


def characters(text: str) -> list[str]:
    """Cut a text into characters (单字); letters and digits that stand together count as one."""
    return _characters(normalise(text))


def tokens(text: str) -> list[str]:
    """Cut a text into its words and its bigrams (词与字串)."""
    plain = normalise(text)
    return _words(_current(), plain) + _bigrams(plain)


def pieces(plain: str) -> list[str]:
    """Cut a normalised text into words of the dictionary (词典分词), all of it in order."""
    return _current().cut(plain, hmm=False)


def vocabulary() -> tuple[str, ...]:
    """Give the application's words (词库)."""
    return _current().words


def spelt(text: str) -> str:
    """Spell a text in pinyin without tones (拼音)."""
    return "".join(_spell()(text))


def normalise(text: str) -> str:
    """Bring a text into the form that is compared (规范化): NFKC, simplified, lower case."""
    plain = unicodedata.normalize("NFKC", _ILL.sub(" ", text))
    simplified: str = _simplifier()(plain)
    return simplified.lower()


def pinyin_keys(text: str) -> list[str]:
    """Spell a name (拼音、首字母) from each of its characters on, in full and in initials."""
    keys: dict[str, None] = {}
    for run in _HAN.findall(normalise(text)):
        syllables = _spell()(run[:_LONGEST_NAME])
        for start in range(len(syllables)):
            rest = syllables[start : start + _LONGEST_TERM]
            keys["".join(rest)[:_LONGEST_TERM]] = None
            keys["".join(s[:1] for s in rest)] = None
    return list(keys)


def spelt_so(text: str, letters: str) -> list[str]:
    """Find the characters of a text that pinyin or initials spell (拼音所指): gjj means 公积金."""
    found: dict[str, None] = {}
    runs = _HAN.findall(normalise(text)) if _PINYIN.fullmatch(letters) else []
    for run in runs:
        syllables = _spell()(run[:_LONGEST_NAME])
        for start in range(len(syllables)):
            rest = syllables[start:]
            for spelling in (rest, [syllable[:1] for syllable in rest]):
                if reach := _reach(spelling, letters):
                    found[run[start : start + reach]] = None
    return list(found)


def read_query(text: str) -> Reading:
    """Read a query (理解检索词): its terms, and their synonyms at half weight."""
    lexicon, plain = _current(), normalise(text)
    said_words, said_bigrams = _words(lexicon, plain), _bigrams(plain)
    found_words, found_bigrams = _count(said_words), _count(said_bigrams)
    found_characters = _count(_characters(plain))
    for via, synonym in _synonyms(lexicon, plain):
        _add(found_words, _words(lexicon, synonym), via)
        _add(found_bigrams, _bigrams(synonym), via)
        _add(found_characters, _characters(synonym), via)
    return Reading(
        tuple(islice(found_words.values(), MOST_TERMS)),
        tuple(islice(found_bigrams.values(), MOST_TERMS)),
        tuple(islice(found_characters.values(), MOST_TERMS)),
        tuple(dict.fromkeys(w for w in said_words if _PINYIN.fullmatch(w))),
    )


def synonyms(text: str) -> dict[str, list[str]]:
    """Tell which synonyms a query is read with (同义词), by the word that they stand in for."""
    found: dict[str, list[str]] = {}
    for said, synonym in _synonyms(_current(), normalise(text)):
        found.setdefault(said, []).append(synonym)
    return found


def highlight(text: str, words: Iterable[str]) -> list[tuple[str, bool]]:
    """Split a text into fragments, marked or not (高亮); a mask (138****1234) is never marked."""
    marked = bytearray(len(text))
    plain, origin = _traced(text)
    for word in {normalise(w).strip() for w in words} - {""}:
        for start in _places_of(word, plain):
            first, last = origin[start], origin[start + len(word) - 1]
            marked[first : last + 1] = b"\x01" * (last + 1 - first)
    for mask in _MASK.finditer(text):
        marked[mask.start() : mask.end()] = bytes(mask.end() - mask.start())
    return _fragments(text, marked)


def rust_cut(words: Iterable[str | tuple[str, int]] = ()) -> Cut:
    """Build the fast tokenizer (rjieba); raises ImportError where it is not installed."""
    import rjieba

    tokenizer = rjieba.Jieba()
    for word, freq in _normalised(words):
        tokenizer.add_word(word, freq, None)
    cut: Cut = tokenizer.cut
    return cut


def plain_cut(words: Iterable[str | tuple[str, int]] = ()) -> Cut:
    """Build the tokenizer of reference (jieba), which runs everywhere."""
    import jieba

    jieba.setLogLevel(logging.CRITICAL)
    tokenizer = jieba.Tokenizer()
    if _cache_dir is not None:
        _cache_dir.mkdir(parents=True, exist_ok=True)
        tokenizer.tmp_dir = str(_cache_dir)
    tokenizer.initialize()
    for word, freq in _normalised(words):
        tokenizer.add_word(word, freq)

    def cut(text: str, *, hmm: bool = True) -> list[str]:
        found: list[str] = tokenizer.lcut(text, HMM=hmm)
        return found

    return cut


def cut_words(cut: Cut, plain: str) -> list[str]:
    """Cut a normalised text; ASCII parts at all that is no letter or digit."""
    apart = " ".join(_RUN.findall(plain))
    return [w for w in cut(apart) if w != " "]


def _current() -> Lexicon:
    global _lexicon
    if _lexicon is None:
        with _building:
            if _lexicon is None:
                _lexicon = _build((), ())
    return _lexicon


def _build(words: Iterable[str | tuple[str, int]], synonyms: Iterable[Sequence[str]]) -> Lexicon:
    listed = list(words)
    try:
        cut = rust_cut(listed)
    except ImportError:
        cut = plain_cut(listed)
    groups: dict[str, tuple[str, ...]] = {}
    for group in synonyms:
        plain = tuple(dict.fromkeys(n for w in group if (n := normalise(w).strip())))
        for word in plain:
            others = tuple(other for other in plain if other != word)
            groups[word] = tuple(dict.fromkeys(groups.get(word, ()) + others))
    longest_first = sorted(groups, key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if groups else None
    named = tuple(dict.fromkeys(w if isinstance(w, str) else w[0] for w in listed))
    return Lexicon(cut, groups, known, named)


def _normalised(
    words: Iterable[str | tuple[str, int]],
) -> Iterable[tuple[str, int | None]]:
    for entry in words:
        word, freq = (entry, None) if isinstance(entry, str) else entry
        if plain := normalise(word).strip():
            yield plain, freq


def _words(lexicon: Lexicon, plain: str) -> list[str]:
    return [w[:_LONGEST_TERM] for w in cut_words(lexicon.cut, plain) if w not in STOP_WORDS]


def _bigrams(plain: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(plain):
        units = _characters(run)
        pairs = [a + b for a, b in pairwise(units)]
        found += pairs or units
    return found


def _characters(plain: str) -> list[str]:
    return [unit[:_LONGEST_TERM] for unit in _UNIT.findall(plain)]


def _synonyms(lexicon: Lexicon, plain: str) -> Iterable[tuple[str, str]]:
    if lexicon.known is None:
        return
    for said in dict.fromkeys(lexicon.known.findall(plain)):
        for synonym in lexicon.groups[said]:
            yield said, synonym


def _count(said: list[str]) -> dict[str, Wanted]:
    first = islice(Counter(said).items(), MOST_TERMS)
    return {text: Wanted(text, count) for text, count in first}


def _add(found: dict[str, Wanted], terms: list[str], via: str) -> None:
    for term in terms:
        found.setdefault(term, Wanted(term, 1, SYNONYM_WEIGHT, via))


def _reach(spelling: Sequence[str], letters: str) -> int:
    """Count the syllables that the letters take; 0 where they spell something else."""
    spelt = ""
    for taken, syllable in enumerate(spelling, 1):
        spelt += syllable
        if spelt.startswith(letters):
            return taken
        if not letters.startswith(spelt):
            return 0
    return 0


def _traced(text: str) -> tuple[str, list[int]]:
    """Normalise a text and keep, for each character, where it came from."""
    parts: list[str] = []
    origin: list[int] = []
    for at, char in enumerate(text):
        plain = _plain(char)
        parts.append(plain)
        origin += [at] * len(plain)
    return "".join(parts), origin


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    """Normalise one character; a page of hits is made of a few thousand different ones."""
    return normalise(char)


def _places_of(word: str, plain: str) -> Iterable[int]:
    at = plain.find(word)
    while at >= 0:
        if _stands_alone(word, plain, at):
            yield at
        at = plain.find(word, at + 1)


def _stands_alone(word: str, plain: str, at: int) -> bool:
    """Tell whether letters and digits found are whole: 12 is not found in 2012."""
    end = at + len(word)
    glued_before = at > 0 and _ascii(plain[at - 1]) and _ascii(word[0])
    glued_after = end < len(plain) and _ascii(plain[end]) and _ascii(word[-1])
    return not glued_before and not glued_after


def _ascii(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _fragments(text: str, marked: bytearray) -> list[tuple[str, bool]]:
    fragments: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or marked[at] != marked[start]:
            fragments.append((text[start:at], bool(marked[start])))
            start = at
    return fragments


@cache
def _simplifier() -> Callable[[str], str]:
    from opencc import OpenCC

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@cache
def _spell() -> Callable[[str], list[str]]:
    from pypinyin import lazy_pinyin

    return lazy_pinyin
