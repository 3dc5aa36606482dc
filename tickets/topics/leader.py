"""Streaming clusters: a message joins the cluster that it is most like on average (单遍聚类)."""

from collections.abc import Sequence

import numpy as np

from search.likeness import Numbers, alike
from tickets.topics.likeness import Message, vectors

JOINS = 0.19
"""Mean likeness to all members from which a message belongs to a cluster."""


def clusters(messages: Sequence[Message]) -> list[list[int]]:
    """Cluster messages in the order given (聚为话题): places of the members, largest first.

    Every message is in exactly one cluster, many alone in theirs.
    """
    likeness = alike(said := vectors(messages), said)
    sums: Numbers = np.zeros_like(likeness)
    members: list[list[int]] = []
    for at in range(len(messages)):
        home = _home(sums[: len(members), at], members)
        if home is None:
            home = len(members)
            members.append([])
        members[home].append(at)
        sums[home] += likeness[at]
    return sorted(members, key=lambda cluster: (-len(cluster), cluster))


def _home(sums: Numbers, members: Sequence[Sequence[int]]) -> int | None:
    """Find the cluster that a message belongs to, if it is like one enough."""
    if not members:
        return None
    means = sums / np.array([len(cluster) for cluster in members], dtype=np.float32)
    best = int(means.argmax())
    return best if means[best] >= JOINS else None
