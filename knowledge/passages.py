"""How the text of an article falls into blocks to show and passages to find; pure functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

PASSAGE = 300
_MARK = re.compile(
    r"(?P<mark>第[一二三四五六七八九十百零〇\d]{1,6}[章节条款]|[一二三四五六七八九十]{1,3}、"
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、)）](?!\d))\s*"
)
_CHIEF = re.compile(r"第.{1,6}[章节条]|[一二三四五六七八九十]{1,3}、")
_SENTENCE = re.compile(r".+?[。！？；!?;…]+[”’」』）)]*|.+$", re.S)


@dataclass(frozen=True)
class Block:
    """A paragraph or numbered clause (段落、条款): its number, if any, and its words."""

    mark: str
    text: str

    @property
    def chief(self) -> bool:
        """Tell whether the number opens a part of its own (第三条, 二、)."""
        return bool(_CHIEF.match(self.mark))

    def __str__(self) -> str:
        gap = " " if self.mark[-1:] in ".．" or self.mark.startswith("第") else ""
        return f"{self.mark}{gap}{self.text}" if self.mark else self.text


def blocks(text: str) -> list[Block]:
    """Read the paragraphs and numbered clauses of a text (分段)."""
    lines = (line.strip() for line in text.splitlines())
    return [_block(line) for line in lines if line]


def _block(line: str) -> Block:
    found = _MARK.match(line)
    return Block(found["mark"], line[found.end() :]) if found else Block("", line)


def passages(text: str, longest: int = PASSAGE) -> list[str]:
    """Split a text into passages (切分) at clauses, paragraphs and sentences, short ones joined."""
    found: list[str] = []
    for block in blocks(text):
        pieces = list(_pieces(str(block), longest))
        if found and not block.chief and len(found[-1]) + len(pieces[0]) < longest:
            found[-1] += "\n" + pieces.pop(0)
        found += pieces
    return found


def clause_of(found: list[str], place: int) -> str:
    """Name the clause that a passage stands in (所在条款): 第三条, 第二部分; "" if none."""
    mark = ""
    for passage in found[: place + 1]:
        opening = _block(passage.split("\n", 1)[0])
        mark = opening.mark if opening.chief else mark
    return mark if mark.startswith("第") or not mark else f"第{mark.rstrip('、')}部分"


def _pieces(text: str, longest: int) -> Iterator[str]:
    """Cut a long block at the ends of sentences; one without any is cut where it must be."""
    piece = ""
    for sentence in _SENTENCE.findall(text):
        if piece and len(piece) + len(sentence) > longest:
            yield piece
            piece = ""
        piece += sentence
        while len(piece) > longest:
            yield piece[:longest]
            piece = piece[longest:]
    if piece:
        yield piece
