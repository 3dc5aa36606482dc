"""Who can sign in to the demo city: a user for each role, all with one password that is no secret.

A deployment refuses to start while anybody has it (hotline.checks).
"""

from accounts.models import Role

PASSWORD = "12345hotline"  # noqa: S105  # it is printed at every start
USER_NAMES = tuple(role.value for role in Role)
