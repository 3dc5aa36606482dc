"""Figures about tickets: what they are is said here, pages and reports only show them."""
