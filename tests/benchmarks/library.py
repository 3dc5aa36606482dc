"""Fills the knowledge base of a benchmark's town up to a number of articles, and its index."""

import os
import sys
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hotline.settings")
django.setup()

from django.db import transaction  # noqa: E402  # needs the applications loaded

from accounts.models import Department, User  # noqa: E402
from city.models import Category  # noqa: E402
from hotline.demo.growing import ASK, SEEN, SPOT, WHEN  # noqa: E402
from knowledge.indexes import FEED  # noqa: E402
from knowledge.models import Article, ArticleVersion  # noqa: E402
from knowledge.workflow import Status  # noqa: E402
from search import feed  # noqa: E402


@transaction.atomic
def fill(wanted: int) -> None:
    """Add published articles, each with one version."""
    by, unit = User.objects.order_by("pk").first(), Department.objects.order_by("pk").first()
    matters = list(Category.objects.filter(level=2))
    assert by is not None
    assert unit is not None
    for n in range(Article.objects.count(), wanted):
        random = Random(n)
        matter = random.choice(matters)
        title = f"{matter.name}{random.choice(SPOT)}第{n}问怎么办"
        said = "。".join(
            f"{random.choice(WHEN)}{'、'.join(random.sample(SEEN, 4))}，{random.choice(ASK)}"
            for _ in range(12)
        )
        article = Article.objects.create(
            number=f"B{n:06}",
            title=title,
            category=matter,
            department=unit,
            created_by=by,
            status=Status.PUBLISHED,
            lookup=title,
        )
        version = ArticleVersion.objects.create(
            article=article,
            no=1,
            title=title,
            category=matter,
            short_answer=f"{matter.name}由{unit.name}负责，请先拨打其值班电话。",
            text=f"{matter.name}：{said}",
            by=by,
        )
        article.current_version = article.latest_version = version
        article.save()


if __name__ == "__main__":
    fill(int(sys.argv[1]))
    feed.rebuild(FEED)
