"""Writes personal data anew under the newest of FIELD_KEYS (密钥轮换)."""

from typing import Any

from django.apps import apps

from accounts.actions import rotate_fields
from accounts.fields import encrypted_columns
from hotline.management.prepared import Prepared


class Command(Prepared):
    """Rewrite every encrypted column, in small transactions beside the running server."""

    help = "用 FIELD_KEYS 中最新的密钥重写全部加密字段；完成后可从 FIELD_KEYS 去掉旧密钥"

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate model by model and say how many rows were written."""
        for model in apps.get_models():
            if encrypted_columns(model):
                written = rotate_fields(model)
                self.stdout.write(f"{model._meta.verbose_name}：{written} 行")
        self.stdout.write("全部重写完毕。现在可以从 FIELD_KEYS 中去掉旧密钥并重启各进程。")
