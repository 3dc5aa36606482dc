"""What still happens behind the page after the start: the demo city loads, the model learns."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hotline.demo.loading import PROGRESS
from hotline.serving.opening import UNFINISHED
from tickets.routing import training

FORGOTTEN_S = 900
"""A loading that has said nothing for so long was broken off; pages stop showing it."""


@dataclass(frozen=True)
class Preparing:
    """What goes on, and how far it is; without a percentage nobody can say."""

    label: str
    stage: str = ""
    percent: int | None = None


def under_way() -> Preparing | None:
    """Tell what is being prepared (准备进度), or None where all is ready."""
    folder = Path(settings.DATA_DIR)
    found = _loading(folder / PROGRESS, folder / UNFINISHED)
    told = training.progress() if found is None else None
    if told and told.get("first"):  # later ones are told on the workshop's page alone
        return Preparing("模型训练中", told["stage"], told["percent"])
    return found


def _loading(progress: Path, unfinished: Path) -> Preparing | None:
    """Read how far the demo city is; a file that is missing or half written is a beginning."""
    if not (_fresh(progress) or _fresh(unfinished)):
        return None
    percent, stage = _read(progress)
    if percent >= 100 or not (unfinished.exists() or percent):
        return None
    return Preparing("演示城市装载中", stage, percent)


def _fresh(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime < FORGOTTEN_S
    except OSError:
        return False


def _read(progress: Path) -> tuple[int, str]:
    try:
        told = json.loads(progress.read_text(encoding="utf-8"))
        return int(told["percent"]), str(told["stage"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, ""


def preparing(_request: HttpRequest) -> dict[str, Any]:
    """Give every page what is under way; nothing is looked up where no template reads it."""
    return {"preparing": under_way}


def show(request: HttpRequest) -> HttpResponse:
    """Show the bar anew (准备进度); an empty answer takes it off the page."""
    return render(request, "components/preparing.html")
