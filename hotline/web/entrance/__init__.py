"""The entrance of staff: signing in and out."""
