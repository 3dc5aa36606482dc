"""The only writer of drafts: save as typed, drop when handed in, sweep what is old."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from city.models import Parameter
from city.selectors import number
from hotline.drafts.models import Draft

LONGEST = 60_000
MOST = 200


class TooLong(ValueError):
    """More than a form holds."""


def save_draft(key: str, said: Mapping[str, str], *, by: User) -> None:
    """Keep what was typed into a form (存草稿); the newest words replace what was there."""
    words = json.dumps(dict(said), ensure_ascii=False)
    fresh = not Draft.objects.filter(user=by, key=key).exists()
    if len(words) > LONGEST or (fresh and Draft.objects.filter(user=by).count() >= MOST):
        raise TooLong
    Draft.objects.update_or_create(
        user=by, key=key, defaults={"said": words, "saved_at": timezone.now()}
    )


def drop_drafts(keys: Collection[str], *, by: User) -> None:
    """Forget drafts whose forms were handed in (弃草稿)."""
    Draft.objects.filter(user=by, key__in=keys).delete()


def sweep_drafts(now: datetime) -> int:
    """Remove drafts that nobody went on with (清理过期草稿); returns how many."""
    old = now - timedelta(days=number(Parameter.Name.DRAFT_DAYS))
    gone, _ = Draft.objects.filter(saved_at__lt=old).delete()
    return gone
