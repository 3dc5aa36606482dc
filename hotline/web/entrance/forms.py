"""The form of the entrance."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Name and password (登录)."""

    error_messages = {
        "invalid_login": "用户名或密码不对，请检查大小写后再试。连续输错 5 次将锁定 15 分钟。",
        "inactive": "这个账号已停用，请联系本单位管理员。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["password"].label = "密码"
