"""The pages, one folder an audience."""
