"""The cast of people and the stack that all tests share."""

pytest_plugins = ["tests.cast"]
