"""The trained classifier on disk: one file a version, read by every process when it changes."""

import logging
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tickets.models import RoutingModel

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Classifier

log = logging.getLogger(__name__)
UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, EOFError, OSError)
"""What a file of an older program, or a broken one, does to whoever reads it."""
_loaded: "tuple[str, Classifier | None] | None" = None


def folder() -> Path:
    """Name the folder of the models (模型目录)."""
    return Path(settings.DATA_DIR) / "models"


def write(version: str, classifier: "Classifier") -> None:
    """Write a version, whole or not at all."""
    folder().mkdir(parents=True, exist_ok=True)
    fresh = folder() / f"{version}.part"
    fresh.write_bytes(pickle.dumps(classifier))
    fresh.rename(folder() / f"{version}.model")


def current() -> "tuple[str, Classifier] | None":
    """Give the version in force and its classifier (现用模型); None where there is none to read."""
    global _loaded
    live = (
        RoutingModel.objects.filter(state=RoutingModel.State.LIVE)
        .values_list("version", flat=True)
        .first()
    )
    if live is None:
        return None
    if _loaded is None or _loaded[0] != live:
        path = folder() / f"{live}.model"
        if not path.exists():
            return None
        _loaded = (live, _read(path))
    version, classifier = _loaded
    return (version, classifier) if classifier else None


def _read(path: Path) -> "Classifier | None":
    try:
        found: Classifier = pickle.loads(path.read_bytes())  # noqa: S301 - our own file, 0700 folder
    except UNREADABLE as error:
        log.warning("the model %s cannot be read, a new one is needed: %s", path.name, error)
        return None
    return found
