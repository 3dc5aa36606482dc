"""What the classifier sees of a text: words, characters, the title by itself, keywords, topics.

A text is "title\\ntext" where it has a title. The matters' keywords found in it are features of
their own, so that what holds for a keyword is learned once and carries over to phrasings that the
training texts lack. Topics (LSA) bring texts together that share no word; they need no labels.
What a text means (an embedding) helps where questions are short and few; it costs some 50 ms a
text, so it is only seen where it is asked for and installed (docs/adr/0012).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from search import analysis, embedding

LONGEST = 3_000
LONGEST_TITLE = 60
TITLE_WEIGHT, MEANING_WEIGHT = 0.4, 0.5
TOPICS = 150
WORDS, LETTERS = 60_000, 60_000
SEED = 7
NOTHING = "\0"
"""A token of no text, for a part that has none."""
Floats = NDArray[np.floating]
Hints = Callable[[str], Sequence[str]]
Tokens = list[list[str]]


@dataclass(frozen=True)
class Rows:
    """Texts as numbers: sparse terms, and dense topics (of no width where none are wanted)."""

    terms: csr_matrix
    topics: Floats

    def take(self, at: Sequence[int] | NDArray[np.intp]) -> "Rows":
        """Give some of the rows."""
        return Rows(self.terms[at], self.topics[at])


def _vectoriser(most: int, fewest: int = 2) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=list, min_df=fewest, sublinear_tf=True, max_features=most, dtype=np.float32
    )


@dataclass
class Features:
    """Vectorisers that are fitted once and then read every text alike."""

    hints: Hints
    with_topics: bool
    with_meaning: bool = False
    parts: list[TfidfVectorizer] = field(init=False)
    topics: TruncatedSVD | None = field(init=False, default=None)
    centre: Floats | None = field(init=False, default=None)
    """Of the meanings of all texts, which have much in common; None where none is seen."""

    def fit(self, texts: Sequence[str]) -> Rows:
        """Learn vocabulary and topics from texts, labelled or not (建特征)."""
        self.parts = []
        blocks = [
            self._fitted(tokens, most)
            for tokens, most in zip(
                self._tokens(texts), (WORDS, LETTERS, WORDS // 4, LETTERS // 4, WORDS), strict=True
            )
        ]
        terms = _joined(blocks)
        if self.with_topics and min(terms.shape) > TOPICS:
            self.topics = TruncatedSVD(TOPICS, random_state=SEED, n_iter=2).fit(terms)
        topics, meanings = self._topics_of(terms), None
        if self.with_meaning and embedding.installed():
            meanings = _meanings(texts)
            self.centre = meanings.mean(axis=0)
        return Rows(self._with_meaning(terms, meanings), topics)

    def transform(self, texts: Sequence[str]) -> Rows:
        """Read texts with what was learned (取特征)."""
        found = self._tokens(texts)
        terms = _joined([p.transform(t) for p, t in zip(self.parts, found, strict=True)])
        meanings = None if self.centre is None else _meanings(texts)
        return Rows(self._with_meaning(terms, meanings), self._topics_of(terms))

    @cached_property
    def words(self) -> NDArray[np.object_]:
        """The words and pairs that the first columns stand for; sorting them takes milliseconds."""
        return np.asarray(self.parts[0].get_feature_names_out(), dtype=object)

    def words_of(self, texts: Sequence[str]) -> Tokens:
        """Cut texts into what the first columns stand for (取词)."""
        return [word_terms(text[:LONGEST]) for text in texts]

    def _fitted(self, tokens: Tokens, most: int) -> csr_matrix:
        part = _vectoriser(most)
        try:
            block = part.fit_transform(tokens)
        except ValueError:  # nothing stands in two texts
            part = _vectoriser(1, 1).fit([[NOTHING]])
            block = part.transform(tokens)
        self.parts.append(part)
        return csr_matrix(block)

    def _tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """Cut the texts once for all parts: words, letters, both of the title, hints."""
        short = [text[:LONGEST] for text in texts]
        titles = [title_of(text) for text in short]
        return [
            self.words_of(short),
            [letter_terms(text) for text in short],
            [word_terms(title) for title in titles],
            [letter_terms(title) for title in titles],
            [list(self.hints(text)) for text in short],
        ]

    def _topics_of(self, terms: csr_matrix) -> Floats:
        if self.topics is None:
            return np.zeros((terms.shape[0], 0), dtype=np.float32)
        found: Floats = normalize(self.topics.transform(terms))
        return found

    def _with_meaning(self, terms: csr_matrix, meanings: Floats | None) -> csr_matrix:
        """Put what the texts mean beside what they say."""
        if self.centre is None or meanings is None:
            return terms
        seen = normalize(meanings - self.centre) * np.float32(MEANING_WEIGHT)
        return hstack([terms, csr_matrix(seen)]).tocsr()


def _meanings(texts: Sequence[str]) -> Floats:
    return embedding.unpacked(embedding.of_texts(texts))


def _joined(blocks: Sequence[csr_matrix]) -> csr_matrix:
    words, letters, title_words, title_letters, marks = blocks
    weighed = [title_words * np.float32(TITLE_WEIGHT), title_letters * np.float32(TITLE_WEIGHT)]
    return hstack([words, letters, *weighed, marks]).tocsr()


def title_of(text: str) -> str:
    """The first line, where it is short and more follows (标题)."""
    first, _, rest = text.partition("\n")
    return first if rest and len(first) <= LONGEST_TITLE else ""


def word_terms(text: str) -> list[str]:
    """Words and pairs of words."""
    words = analysis.words(text)
    return words + [f"{a} {b}" for a, b in pairwise(words)]


def letter_terms(text: str) -> list[str]:
    """One, two and three characters in a row."""
    plain = "".join(analysis.normalise(text).split())
    return [plain[i : i + n] for n in (1, 2, 3) for i in range(len(plain) - n + 1)]
