"""The protocol of an engine."""
