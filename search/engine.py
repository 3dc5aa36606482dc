"""Which engine is in force."""
