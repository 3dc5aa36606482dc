"""The table: the rows of all subjects in the order of a ticket's way."""

from tickets.workflow.asking import ASKING
from tickets.workflow.beside import BESIDE
from tickets.workflow.ending import ENDING
from tickets.workflow.handling import HANDLING
from tickets.workflow.judging import JUDGING
from tickets.workflow.sending import SENDING
from tickets.workflow.step import Step

_ROWS = (*SENDING, *HANDLING, *JUDGING, *BESIDE, *ASKING, *ENDING)
STEPS: dict[str, Step] = {row.verb: row for row in _ROWS}
