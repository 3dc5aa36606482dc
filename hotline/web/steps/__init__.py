"""The forms of all steps: one form a verb, handed to the action of the same name.

Every page that offers a step shows the form from here and posts it to `/tickets/<number>/<verb>/`.
"""

from hotline.web.steps.contact import (
    RevealForm,
)
from hotline.web.steps.fields import (
    units,
    units_beside,
)
from hotline.web.steps.offers import (
    FORMS,
    offered,
)

__all__ = [
    "FORMS",
    "RevealForm",
    "offered",
    "units",
    "units_beside",
]
