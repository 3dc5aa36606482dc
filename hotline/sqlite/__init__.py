"""SQLite for many threads of one process: whoever came first writes first."""
