"""A lock that is handed on in the order in which it was asked for."""

import threading
from collections import deque


class Turns:
    """Whose turn it is; unlike a plain lock, nobody who comes back at once overtakes the others."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def take(self, seconds: float) -> bool:
        """Wait for the turn, so long at most; tell whether it came."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        return mine.wait(seconds) or self._came_after_all(mine)

    def _came_after_all(self, mine: threading.Event) -> bool:
        with self._guard:
            if mine.is_set():
                return True
            self._waiting.remove(mine)
        return False

    def pass_on(self) -> None:
        """Hand the turn to who has waited longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False
