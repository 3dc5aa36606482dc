"""Django's SQLite, its transactions one after the other in the order in which they were asked for.

SQLite lets a writer sleep and look again: one that writes without pause, like the routing of a
burst, starves the others for seconds. Within the one process of the embedded stack they queue.
"""

from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper as SQLite

from hotline.sqlite.turns import Turns

PATIENCE_S = 20

_turns = Turns()


class DatabaseWrapper(SQLite):
    """A connection that waits for its turn to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._has_turn = False

    @property
    def queries_logged(self) -> bool:
        """Keep statements only where somebody counts them; DEBUG alone would double their cost."""
        return bool(self.force_debug_cursor)

    def _start_transaction_under_autocommit(self) -> None:
        if not _turns.take(PATIENCE_S):
            raise OperationalError("database is locked")
        self._has_turn = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._pass_on()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in the stubs
        self._pass_on()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # not in the stubs
        finally:
            self._pass_on()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # not in the stubs
        finally:
            self._pass_on()

    def _pass_on(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turns.pass_on()
