"""The models of the front: the phone side, and drafts."""

from hotline.calls.models import Call, CallEvent, Nuisance
from hotline.drafts.models import Draft

__all__ = ["Call", "CallEvent", "Draft", "Nuisance"]
