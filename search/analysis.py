"""The only place that cuts words."""
