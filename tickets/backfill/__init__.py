"""The other writer of tickets: whole histories at once, with the clock passed in and no events.

For the demo city, large volumes and migrations of data. What it writes equals what the actions
would have written at those moments; a test compares them row by row.
"""

from tickets.backfill import beside, longer
from tickets.backfill.past import Past
from tickets.backfill.writing import renew, write

__all__ = ["Past", "beside", "longer", "renew", "write"]
