"""The unit's workbench: what is to sign, to handle, to release, by remaining time."""
