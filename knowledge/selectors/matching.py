"""Which articles answer a text, with the passage that does."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import NamedTuple, cast

from django.db.models import Q

from accounts import vocabulary
from knowledge import policy
from knowledge.indexes import ARTICLES, readable
from knowledge.models import Article, ArticleVersion
from knowledge.passages import clause_of, passages
from knowledge.workflow import Audience
from search import analysis, engine
from search.marking import words_to_mark
from search.query import Hit, Permission, Phrase, Query, Reason
from search.query import Match as Needs

SPARE = 4
LOOKED_AT = 200
WORDS = 20
TITLE = "title"
NEAR_BEST = 0.55
FEW_CHARACTERS = 20


@dataclass(frozen=True)
class Match:
    """An article that may answer (匹配知识), the version to cite, and its best passage."""

    article: Article
    version: ArticleVersion
    passage: str
    marks: list[tuple[str, bool]]
    title_marks: list[tuple[str, bool]]
    score: float
    reasons: Sequence[Reason]
    clause: str = ""
    """Where in the article the passage stands: 第三条."""


class Matches(list[Match]):
    """Matches, best first; `degraded` when the index was out of reach (检索降级)."""

    def __init__(self, matches: Iterable[Match] = (), *, degraded: bool = False) -> None:
        super().__init__(matches)
        self.degraded = degraded

    def near_best(self) -> "Matches":
        """Keep those not far behind the best (贴近首选), where few lines must be worth it."""
        least = NEAR_BEST * max((match.score for match in self), default=0.0)
        return Matches((m for m in self if m.score >= least), degraded=self.degraded)


def matching(
    text: str,
    *,
    audience: Audience = Audience.PUBLIC,
    limit: int = 5,
    slip: bool = False,
    phrases: Sequence[str] = (),
) -> Matches:
    """Find the articles that answer a text (匹配知识) among what an audience may read.

    One that has a single character in common with it answers nothing, nor does, where few words
    hold a SLIP of the pen, one that lacks any of them. PHRASES must stand in it unbroken. Without
    the index the words are looked for in titles, questions and keywords.
    """
    if not text.strip():
        return Matches()
    vocabulary.refresh()
    try:
        strict = slip and len(text) <= FEW_CHARACTERS
        needs = Needs.ALL if strict else Needs.ANY
        return _by_index(text, audience, limit, needs, [*map(Phrase, phrases)])
    except engine.Unavailable:
        return _by_words(text, audience, limit)


def findable(text: str, audience: Audience = Audience.PUBLIC) -> bool:
    """Tell whether an article that an audience may read has all of the words (可查到)."""
    asked = Query(permission=readable(audience), text=text, match=Needs.ALL)
    try:
        return engine.current().count(ARTICLES, asked) > 0
    except engine.Unavailable:
        return False


def _by_index(
    text: str, audience: Audience, limit: int, needs: Needs, phrases: Sequence[Phrase]
) -> Matches:
    asked = replace(answering(text, readable(audience), limit), match=needs, filters=phrases)
    alone = len(analysis.characters(text)) == 1
    hits = [
        hit
        for hit in engine.current().search(ARTICLES, asked).hits
        if alone or _more_than_a_character(hit)
    ]
    wordings = _readable_wordings(hits, audience)
    found = [(hit, wordings.get(str(hit.fields["wording"]))) for hit in hits]
    valid = [(hit, wording) for hit, wording in found if wording]
    return Matches([_match(hit, wording) for hit, wording in valid[:limit]])


def _more_than_a_character(hit: Hit) -> bool:
    """Tell whether a hit shares more with the question than one character, which says nothing."""
    return sum(len(reason.word) for reason in hit.reasons) > 1


def answering(text: str, allowed: Permission, limit: int) -> Query:
    """Ask for the passages that answer a text (匹配知识检索), the best of each article.

    A few more than wanted: some may be withdrawn and still stand in the index.
    """
    return Query(
        permission=allowed,
        text=text,
        limit=limit + SPARE,
        counted=False,
        distinct="article",
    )


def _readable_wordings(hits: Iterable[Hit], audience: Audience) -> dict[str, ArticleVersion]:
    """Read the versions found; the rows, not the index, say what may be read by now."""
    wordings = ArticleVersion.objects.filter(
        pk__in=[str(hit.fields["wording"]) for hit in hits],
        article__in=Article.objects.filter(_allowed(audience)),
    )
    related = wordings.select_related("article__department", "article__category__parent__parent")
    return {str(wording.pk): wording for wording in related}


def _allowed(audience: Audience) -> Q:
    return policy.in_force() & Q(audience__in=policy.audiences_for(audience))


def _match(hit: Hit, wording: ArticleVersion) -> Match:
    passage = _Passage(str(hit.fields["text"]), _place(hit))
    return _marked(wording, passage, words_to_mark(ARTICLES, hit), hit.score, hit.reasons)


def _place(hit: Hit) -> int:
    place = hit.fields["place"]
    return int(place) if isinstance(place, int | float) else 0


class _Passage(NamedTuple):
    """A passage, and the how-manieth of its article it is."""

    text: str
    place: int


def _marked(
    wording: ArticleVersion,
    passage: _Passage,
    words: Sequence[str],
    score: float,
    reasons: Sequence[Reason],
) -> Match:
    return Match(
        article=wording.article,
        version=wording,
        passage=passage.text,
        marks=analysis.highlight(passage.text, words),
        title_marks=analysis.highlight(wording.title, words),
        score=score,
        reasons=reasons,
        clause=clause_of(passages(wording.text), passage.place),
    )


def _by_words(text: str, audience: Audience, limit: int) -> Matches:
    """Look for the words in the rows: ranked by how many stand there, but an answer."""
    words = [word for word in dict.fromkeys(analysis.words(text)) if len(word) > 1][:WORDS]
    asked = reduce(or_, (Q(lookup__icontains=word) for word in words), Q(pk=None))
    rows = Article.objects.filter(asked, _allowed(audience)).order_by("-published_at", "-pk")
    found = [
        (row, [word for word in words if word in row.lookup.lower()])
        for row in rows.select_related("current_version", "department", "category__parent__parent")[
            :LOOKED_AT
        ]
    ]
    found.sort(key=lambda pair: -len(pair[1]))
    return Matches(
        [_plain_match(row, held, len(words)) for row, held in found[:limit]], degraded=True
    )


def _plain_match(article: Article, words: Sequence[str], asked: int) -> Match:
    wording = cast("ArticleVersion", article.current_version)
    wording.article = article
    numbered = [_Passage(text, at) for at, text in enumerate(passages(wording.text))]
    holding = max(numbered, key=lambda p: sum(word in p.text for word in words))
    reasons = [Reason(word, TITLE, round(1 / asked, 4)) for word in words]
    return _marked(wording, holding, words, len(words) / asked, reasons)
