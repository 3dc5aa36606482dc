"""Registers outbox with Django."""

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "outbox"
    verbose_name = "消息投递"
    default_auto_field = "django.db.models.BigAutoField"
