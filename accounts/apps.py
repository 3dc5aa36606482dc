"""Registers accounts with Django."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "组织与人员"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Guard what only grows."""
        from accounts import ledgers
        from accounts.models import AccessLog, Anchor

        ledgers.keep_guarded(self, AccessLog, Anchor)
