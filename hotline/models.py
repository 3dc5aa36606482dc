"""The models of the front: the phone side."""

from hotline.calls.models import Call, CallEvent

__all__ = ["Call", "CallEvent"]
