"""Declarations of indexes: fields, boosts, version."""
