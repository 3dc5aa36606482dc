"""The JSON API (`/api/v1/`) for other systems."""
