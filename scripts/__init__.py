"""Doors for developers and operators: services for tests, the distributed stack, the gates."""
