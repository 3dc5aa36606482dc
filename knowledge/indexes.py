"""The index of articles, by passage, so that an answer shows the very clause."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from django.utils import timezone

from knowledge.models import Article
from knowledge.passages import passages
from knowledge.policy import audiences_for
from knowledge.workflow import Audience
from search.feed import Feed
from search.index import Date, Doc, Index, Keyword, Kind, Number, Text, Value
from search.query import AllOf, Permission, Range, Terms

FOREVER = date(9999, 12, 31)

ARTICLES = Index(
    name="articles",
    version=3,
    kind=Kind.PASSAGE,
    meant=("title", "text"),
    fields={
        "title": Text(boost=3, title=True, pinyin=True),
        "question": Text(boost=2.5),
        "keywords": Text(boost=2),
        "answer": Text(boost=1.5),
        "text": Text(),
        "article": Keyword(),
        "wording": Keyword(),
        "audience": Keyword(),
        "category": Keyword(),
        "department": Keyword(),
        "valid_from": Date(),
        "valid_until": Date(),
        "place": Number(),
    },
)


def readable(audience: Audience, on: date | None = None) -> Permission:
    """Admit what this audience may read and what is valid that day (可检索范围)."""
    day = on or timezone.localdate()
    return Permission(
        AllOf(
            (
                Terms("audience", audiences_for(audience)),
                Range("valid_from", lte=day),
                Range("valid_until", gte=day),
            )
        )
    )


def _ids() -> Iterator[str]:
    live = Article.objects.exclude(current_version=None).order_by("pk")
    return (str(pk) for pk in live.values_list("pk", flat=True).iterator())


def _docs(ids: Sequence[str]) -> Iterable[Doc]:
    rows = Article.objects.filter(pk__in=ids).exclude(current_version=None)
    for article in rows.select_related("current_version__category", "department"):
        yield from documents(article)


def documents(article: Article) -> Iterator[Doc]:
    """Make one document a passage of the version in force (知识段落文档)."""
    wording = article.current_version
    if wording is None:
        return
    shared: dict[str, Value] = {
        "title": wording.title,
        "question": wording.question,
        "keywords": " ".join(wording.keywords),
        "answer": wording.short_answer,
        "article": str(article.pk),
        "wording": str(wording.pk),
        "audience": wording.audience,
        "category": wording.category.code if wording.category else None,
        "department": article.department.path,
        "valid_from": wording.valid_from,
        "valid_until": wording.valid_until or FOREVER,
    }
    for place, passage in enumerate(passages(wording.text)):
        fields = shared | {"text": passage, "place": place}
        yield Doc(f"{article.pk}-{place}", article.version, fields)


FEED = Feed(index=ARTICLES, label="知识", ids=_ids, docs=_docs, row="article")
