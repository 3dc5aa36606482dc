"""The trained classifiers on disk: one file a version, read by every process when it changes.

Beside it lies its twin, which was trained without its last weeks (`.past`): back-tests judge twins.
"""

import logging
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from tickets.models import RoutingModel

if TYPE_CHECKING:  # sklearn takes seconds to load
    from tickets.routing.classifier import Classifier

log = logging.getLogger(__name__)
UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, EOFError, OSError)
"""What a file of an older program, or a broken one, does to whoever reads it."""
FORMER_KEPT = 3
"""So many versions that were in force before can be returned to."""
MODEL, PAST = "model", "past"
State = RoutingModel.State
_loaded: "tuple[str, Classifier | None] | None" = None
NEVER = 1.01
ALL = "default"


@dataclass(frozen=True)
class Live:
    """The version in force: its classifier, and from which confidence on it decides by itself."""

    version: str
    classifier: "Classifier"
    thresholds: Mapping[str, float]

    def threshold(self, matter: str) -> float:
        """Give the threshold of a matter (门槛), that of all where it has none of its own."""
        return self.thresholds.get(matter, self.thresholds.get(ALL, NEVER))


def folder() -> Path:
    """Name the folder of the models (模型目录)."""
    return Path(settings.DATA_DIR) / "models"


def write(version: str, classifier: "Classifier", what: str = MODEL) -> None:
    """Write a version or its twin, whole or not at all."""
    folder().mkdir(parents=True, exist_ok=True)
    fresh = folder() / f"{version}.{what}.part"
    fresh.write_bytes(pickle.dumps(classifier))
    fresh.rename(_file(version, what))


def current() -> Live | None:
    """Give the version in force and its classifier (现用模型); None where there is none to read.

    Every process asks the row each time, so that none serves a former version any longer.
    """
    global _loaded
    rows = RoutingModel.objects.filter(state=State.LIVE).values_list("version", "thresholds")
    live = rows.first()
    if live is None:
        return None
    if _loaded is None or _loaded[0] != live[0]:
        if not has(live[0]):
            return None
        _loaded = (live[0], read(live[0]))
    version, classifier = _loaded
    return Live(version, classifier, live[1]) if classifier else None


def live_version() -> str | None:
    """Name the version in force (现用版本)."""
    return RoutingModel.objects.filter(state=State.LIVE).values_list("version", flat=True).first()


def has(version: str) -> bool:
    """Tell whether a version is still kept (文件是否还在)."""
    return _file(version, MODEL).exists()


def size(version: str) -> int:
    """Give the bytes of a version's file (模型文件大小)."""
    return _file(version, MODEL).stat().st_size


def read(version: str, what: str = MODEL) -> "Classifier | None":
    """Read a version or its twin; None where it is gone or cannot be read."""
    path = _file(version, what)
    if not path.exists():
        return None
    try:
        found: Classifier = pickle.loads(path.read_bytes())  # noqa: S301 - our own file, 0700 folder
    except UNREADABLE as error:
        log.warning("the model %s cannot be read, a new one is needed: %s", path.name, error)
        return None
    return found


def tidy() -> None:
    """Throw away files of versions that nobody can come back to (清理旧模型)."""
    former = RoutingModel.objects.filter(state=State.FORMER).order_by("-until")
    kept = {*former.values_list("version", flat=True)[:FORMER_KEPT]}
    waiting = RoutingModel.objects.filter(state__in=[State.LIVE, State.CANDIDATE])
    kept |= set(waiting.values_list("version", flat=True))
    gone = RoutingModel.objects.exclude(version__in=kept).values_list("version", flat=True)
    for version in gone:
        for what in (MODEL, PAST):
            _file(version, what).unlink(missing_ok=True)


def _file(version: str, what: str) -> Path:
    return folder() / f"{version}.{what}"
