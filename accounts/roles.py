"""The roles that staff act in (角色)."""

from django.db import models


class Role(models.TextChoices):
    """What a person may do; a role counts for one unit, or for the whole hotline."""

    AGENT = "agent", "话务员"
    DISPATCHER = "dispatcher", "派单员"
    REVIEWER = "reviewer", "审核员"
    SIGNER = "signer", "单位签收员"
    HANDLER = "handler", "承办人"
    AUDITOR = "auditor", "单位审核"
    CALLBACK = "callback", "回访员"
    SUPERVISOR = "supervisor", "督办员"
    EDITOR = "editor", "知识采编员"
    ADMIN = "admin", "管理员"
