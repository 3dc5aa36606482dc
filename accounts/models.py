"""Who acts: users, roles, the tree of units."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A member of staff (工作人员)."""
