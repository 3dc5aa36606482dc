"""The models of the front: the phone side, drafts, and exports."""

from hotline.calls.models import Call, CallEvent, Nuisance
from hotline.drafts.models import Draft
from hotline.exports.models import Export

__all__ = ["Call", "CallEvent", "Draft", "Export", "Nuisance"]
