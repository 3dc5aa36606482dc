"""How alike the messages of a collection are, by the scorer of the search (search.likeness)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from search import likeness
from search.index import Index, Text
from search.likeness import Numbers, Rarity, alike, best, with_nearest

MESSAGES = Index("messages", 1, {"title": Text(title=True), "text": Text()})


@dataclass(frozen=True, slots=True)
class Message:
    """What a citizen wrote: title and text."""

    title: str
    text: str


def vectors(messages: Sequence[Message]) -> csr_matrix:
    """Give each message a vector of length 1 (向量化); their products say how alike they are."""
    signatures = [likeness.signed(MESSAGES, message.title, message.text) for message in messages]
    read = likeness.read(MESSAGES, signatures)
    return likeness.vectors(read, Rarity.among(read))


def ranked(messages: Sequence[Message], most: int) -> list[list[int]]:
    """Find for each message the places of those most like it (最相似), best first, not itself."""
    nearness = alike(said := vectors(messages), said)
    np.fill_diagonal(nearness, 0)
    return [best(_others(nearness, at), most) for at in range(len(messages))]


def _others(nearness: Numbers, at: int) -> Numbers:
    row = with_nearest(nearness[at], nearness)
    row[at] = 0
    return row
