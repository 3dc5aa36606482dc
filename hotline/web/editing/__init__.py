"""Pages of the knowledge editors."""
