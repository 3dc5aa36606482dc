"""What a deployment must have of its own before it may start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import DatabaseError

from accounts.models import User
from hotline.demo_people import PASSWORD, USER_NAMES
from search import embedding


@register(Tags.security, deploy=True)
def own_keys(**kwargs: Any) -> list[CheckMessage]:
    """Refuse keys that were made up at first run (自备密钥): they lie beside the data."""
    if settings.OWN_KEYS:
        return []
    return [Error("部署环境必须自备 SECRET_KEY 和 FIELD_KEYS。", id="hotline.E001")]


@register(Tags.security, deploy=True)
def no_demo_passwords(**kwargs: Any) -> list[CheckMessage]:
    """Refuse accounts that still have the demo's password (演示口令)."""
    try:
        users = list(User.objects.filter(username__in=USER_NAMES, is_active=True))
    except DatabaseError:  # not migrated yet: nobody can sign in
        return []
    known = [user.username for user in users if user.check_password(PASSWORD)]
    if not known:
        return []
    return [Error(f"这些账号仍在使用演示口令：{'、'.join(known)}。", id="hotline.E002")]


@register(Tags.security)
def embedding_is_there(**kwargs: Any) -> list[CheckMessage]:
    """Refuse to promise meaning without the part that knows it (语义检索)."""
    if not settings.SEARCH_EMBEDDING or embedding.installed():
        return []
    said = "SEARCH_EMBEDDING=1，但没有安装 requirements-embedding.txt。"
    return [Error(said, id="hotline.E003")]


def refusals() -> list[str]:
    """Say what keeps this deployment from starting; nothing in development."""
    if not settings.DEPLOYED:
        return []
    found = run_checks(tags=[Tags.security], include_deployment_checks=True)
    return [error.msg for error in found if error.id and error.id.startswith("hotline.")]
