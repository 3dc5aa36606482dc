"""The only writer of API tokens."""

from rest_framework.authtoken.models import Token

from accounts.models import User


def token_for(user: User) -> str:
    """Give the user's token (接口令牌), made at first use."""
    token, _ = Token.objects.get_or_create(user=user)
    return str(token.key)
