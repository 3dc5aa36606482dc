"""The dispatcher's page: the queue as a stack, suggestions to confirm, returns to decide."""
