"""Pages of those who keep a unit's words: the reply templates."""
