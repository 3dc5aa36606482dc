"""How far two engines agree on foreign collections: the same ten, the same first (引擎一致性)."""

from collections.abc import Iterator
from dataclasses import replace
from statistics import fmean

from tickets.assessment.foreign import Foreign
from tickets.assessment.foreign_scores import BEST, MEASURED
from tickets.assessment.foreign_search import TASKS

Found = dict[str, list[str]]


def agreements(one: Foreign, other: Foreign) -> Iterator[str]:
    """Ask both engines the questions of each collection; give one line a collection.

    Raises FileNotFoundError where the material is not there.
    """
    for task in TASKS:
        asked = one.folder / f"{MEASURED[task].labels}.jsonl.gz"
        first, second = (_found(task, replace(given, queries=asked)) for given in (one, other))
        shared = fmean(_shared(first[query], second[query]) for query in first)
        same = fmean(first[query][:1] == second[query][:1] for query in first)
        yield f"{task:12}前十重合 {shared:.3f}  首条相同 {same:.3f}  {len(first)} 问"


def _found(task: str, given: Foreign) -> Found:
    return {str(row["id"]): row["docs"] for row in TASKS[task](given)}


def _shared(first: list[str], second: list[str]) -> float:
    """Give the share of the ten that both found; nothing found by both is agreement."""
    most = max(len(first), len(second))
    return len(set(first[:BEST]) & set(second[:BEST])) / most if most else 1.0
